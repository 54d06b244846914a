/*
 * pools.h - what lwIP has left, to see that nothing leaks
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOLS_H
#define POOLS_H

struct pools {
    unsigned heap;         /* blocks of 64 bytes that the heap has */
    unsigned segments, frames, netconns, free_sockets;
    unsigned pcbs_active;  /* connections open or closing, those in TIME-WAIT not */
    unsigned udp;          /* DHCP's, SNTP's, and one for each open question of DNS */
};

/* Counts by taking everything, and giving it back. */
struct pools pools_count(void);

#endif
