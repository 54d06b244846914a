/*
 * watchdog.c - SIGALRM ends the program: a PC does not restart it
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

#include <sys/time.h>

void board_watchdog(uint32_t milliseconds)
{
    const struct itimerval time = {
        .it_value = { .tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000 },
    };

    (void)setitimer(ITIMER_REAL, &time, NULL);
}
