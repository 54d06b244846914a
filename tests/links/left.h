/*
 * left.h - what lwIP has left of everything, to see that nothing leaks
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LEFT_H
#define LEFT_H

#define LEFT_KINDS 24

struct left {
    unsigned count[LEFT_KINDS];  /* free: of each of lwIP's pools, of its heap's blocks, of its sockets */
};

/* Counts by taking everything, and giving it back. */
struct left left_now(void);

/* The name of the first kind of which there is less than in whole; NULL: there is none. */
const char *left_missing(const struct left *whole);

/* Connections of TCP, those that are closing too. */
unsigned left_pcbs(void);

/* Sockets, or the netconns behind them, that are taken; and ports of UDP. */
int left_sockets_in_use(const struct left *whole);
int left_udp_in_use(const struct left *whole);

#endif
