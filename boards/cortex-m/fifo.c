/*
 * fifo.c - frames in and out of a MAC whose FIFO is one 32-bit register
 *
 * Whole words wherever possible: a Cortex-M3 stores them at any address.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fifo.h"

#include <string.h>

static uint8_t take(struct fifo *fifo)
{
    if (fifo->held == 0) {
        fifo->word = *fifo->port;
        fifo->held = 4;
    }
    uint8_t byte = (uint8_t)fifo->word;
    fifo->word >>= 8;
    fifo->held--;
    return byte;
}

static void give(struct fifo *fifo, uint8_t byte)
{
    fifo->word |= (uint32_t)byte << 8 * fifo->held;
    if (++fifo->held == 4) {
        *fifo->port = fifo->word;
        fifo->word = 0;
        fifo->held = 0;
    }
}

static void read(struct fifo *fifo, uint8_t *to, size_t size)
{
    while (size > 0) {
        if (fifo->held == 0 && size >= 4) {
            uint32_t word = *fifo->port;
            memcpy(to, &word, 4);
            to += 4;
            size -= 4;
        } else {
            *to++ = take(fifo);
            size--;
        }
    }
}

static void write(struct fifo *fifo, const uint8_t *from, size_t size)
{
    while (size > 0) {
        if (fifo->held == 0 && size >= 4) {
            uint32_t word;
            memcpy(&word, from, 4);
            *fifo->port = word;
            from += 4;
            size -= 4;
        } else {
            give(fifo, *from++);
            size--;
        }
    }
}

void fifo_skip(struct fifo *fifo, size_t size)
{
    while (size-- > 0)
        take(fifo);
}

struct pbuf *fifo_receive(struct fifo *fifo, size_t size, size_t extra)
{
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_POOL);
    if (frame == NULL) {
        fifo_skip(fifo, size);
    } else {
        for (struct pbuf *part = frame; part != NULL; part = part->next)
            read(fifo, part->payload, part->len);
    }
    fifo_skip(fifo, extra);
    return frame;
}

void fifo_send(struct fifo *fifo, const struct pbuf *frame)
{
    for (const struct pbuf *part = frame; part != NULL; part = part->next)
        write(fifo, part->payload, part->len);
    while (fifo->held != 0)
        give(fifo, 0);
}
