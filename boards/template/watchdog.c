/*
 * watchdog.c - template: the watchdog
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

/* Here: start the hardware's watchdog if it does not run yet, and set its counter back to that time. Choose
 * one that runs from a clock of its own, and that goes on in sleep and stands still under a debugger. Where
 * it cannot count that far, let it count as far as it can. */
void board_watchdog(uint32_t milliseconds)
{
    (void)milliseconds;
}
