/*
 * fifo.h - frames in and out of a MAC whose FIFO is one 32-bit register
 *
 * A FIFO takes and gives words, a pbuf chain has pieces of any length: what is left of a
 * word between two pieces waits here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FIFO_H
#define FIFO_H

#include <stddef.h>
#include <stdint.h>

#include "lwip/pbuf.h"

struct fifo {
    volatile uint32_t *port;
    uint32_t word;  /* reading: the bytes not taken yet, lowest first; writing: those gathered */
    unsigned held;  /* how many of them, 0 ... 3 */
};

/* Take a frame of size bytes, and extra bytes (a checksum) that nobody wants, out of the
 * FIFO, whatever happens. NULL: no pbuf was to be had. */
struct pbuf *fifo_receive(struct fifo *fifo, size_t size, size_t extra);

/* Take size bytes out of the FIFO for nothing. */
void fifo_skip(struct fifo *fifo, size_t size);

/* Put the chain into the FIFO, and then what is missing of the last word. */
void fifo_send(struct fifo *fifo, const struct pbuf *frame);

#endif
