/*
 * wire.h - what the port needs of a board, and peer.h
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WIRE_H
#define WIRE_H

#include <poll.h>
#include <time.h>

#include <sys/random.h>

#include "board.h"
#include "clock.h"
#include "network.h"
#include "peer.h"

static struct {
    uint32_t millis;     /* board_millis */
    uint32_t tick;       /* what it goes on by for each millisecond waited */
    bool no_entropy;
} board;

uint32_t board_millis(void)
{
    return board.millis;
}

uint32_t twilio_clock_now(void)
{
    return (uint32_t)time(NULL);
}

/* What answers tell the clock is not heard here. */
void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    (void)seconds;
    (void)certified;
}

void twilio_clock_doubted(void)
{
}

int board_entropy(void *buf, size_t size)
{
    return !board.no_entropy && getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

void twilio_network_wait(uint32_t milliseconds)
{
    struct pollfd look = { .fd = wire.descriptor, .events = POLLIN };
    (void)poll(&look, 1, (int)milliseconds);
    board.millis += milliseconds * board.tick;
}

#endif
