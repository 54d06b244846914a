/*
 * arena.h - all the memory that TLS ever takes, in one piece that the caller gives
 *
 * A first-fit allocator with merging of free neighbours. mbedTLS allocates from the arena
 * in use (one at a time in a process: twilio_arena_use). Not for interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ARENA_H
#define TWILIO_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct twilio_arena {
    void  *memory;  /* the caller's, any alignment; outlives the arena */
    size_t size;    /* bytes of it */

    size_t used;    /* out: bytes allocated now, with their headers */
    size_t peak;    /* out: the smallest size with which everything so far would have fitted:
                       the highest end of any block ever allocated */
    bool   failed;  /* out: an allocation was refused since this was last set false */

    /* private */
    void *first, *end;
};

/* Make all of it one free block. TWILIO_OK, or TWILIO_ERR_ARGUMENT when it holds no block. */
int twilio_arena_begin(struct twilio_arena *arena);

/* Zeroed memory for count * size bytes, aligned for any type; NULL: no room (failed is set),
 * or the product overflows. */
void *twilio_arena_calloc(struct twilio_arena *arena, size_t count, size_t size);

/* Free what calloc returned, after wiping it: TLS memory holds secrets. NULL: nothing. */
void twilio_arena_free(struct twilio_arena *arena, void *content);

/* mbedTLS allocates from this arena from now on; NULL: every allocation fails. */
void twilio_arena_use(struct twilio_arena *arena);

/* What mbedTLS is configured to call (MBEDTLS_PLATFORM_CALLOC_MACRO, _FREE_MACRO). */
void *twilio_tls_calloc(size_t count, size_t size);
void  twilio_tls_free(void *block);

#endif
