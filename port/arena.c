/*
 * arena.c - blocks in a row, each knowing the one before it; free memory is always zero
 *
 * Because free wipes and begin clears, calloc need not, and no compiler can leave the wiping
 * out as useless.
 *
 * SPDX-License-Identifier: MIT
 */
#include "arena.h"

#include <stdint.h>
#include <string.h>

#include "twilio.h"

struct block {
    size_t size;           /* of the whole block; the lowest bit is set while it is in use */
    struct block *before;  /* NULL: the first */
};

#define UNIT sizeof(struct block) /* blocks are multiples of it */
#define USED ((size_t)1)

_Static_assert(UNIT % _Alignof(max_align_t) == 0, "a block's content must suit any type");

static struct twilio_arena *in_use;

static size_t size_of(const struct block *block)
{
    return block->size & ~USED;
}

static struct block *after(const struct twilio_arena *arena, struct block *block)
{
    char *next = (char *)block + size_of(block);
    return next < (char *)arena->end ? (struct block *)(void *)next : NULL;
}

/* Make a free block and the one after it, next, which is free, too, one. */
static void merge(const struct twilio_arena *arena, struct block *block, struct block *next)
{
    block->size += next->size;
    memset(next, 0, UNIT);
    next = after(arena, block);
    if (next != NULL) {
        next->before = block;
    }
}

/* Cut what is over size off a free block, if that can hold anything. */
static void split(const struct twilio_arena *arena, struct block *block, size_t size)
{
    if (block->size - size < 2 * UNIT) {
        return;
    }
    struct block *rest = (struct block *)(void *)((char *)block + size);
    rest->size = block->size - size;
    rest->before = block;
    block->size = size;
    struct block *next = after(arena, rest);
    if (next != NULL) {
        next->before = rest;
    }
}

int twilio_arena_begin(struct twilio_arena *arena)
{
    if (arena == NULL || arena->memory == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    size_t skip = (size_t)(-(uintptr_t)arena->memory % _Alignof(max_align_t));
    if (arena->size < skip + 2 * UNIT) {
        return TWILIO_ERR_ARGUMENT;
    }
    size_t size = (arena->size - skip) / UNIT * UNIT;
    struct block *first = (struct block *)(void *)((char *)arena->memory + skip);
    memset(first, 0, size);
    first->size = size;
    arena->first = first;
    arena->end = (char *)first + size;
    arena->used = 0;
    arena->peak = 0;
    arena->failed = false;
    return TWILIO_OK;
}

void *twilio_arena_calloc(struct twilio_arena *arena, size_t count, size_t size)
{
    if (count == 0 || size <= arena->size / count) {
        size_t need = (count * size + UNIT - 1) / UNIT * UNIT + UNIT;
        for (struct block *block = arena->first; block != NULL; block = after(arena, block)) {
            if ((block->size & USED) || block->size < need) {
                continue;
            }
            split(arena, block, need);
            arena->used += block->size;
            block->size |= USED;
            size_t end = (size_t)((char *)block - (char *)arena->memory) + need;
            if (end > arena->peak) {
                arena->peak = end;
            }
            return block + 1;
        }
    }
    arena->failed = true;
    return NULL;
}

void twilio_arena_free(struct twilio_arena *arena, void *content)
{
    if (content == NULL) {
        return;
    }
    struct block *block = (struct block *)content - 1;
    block->size &= ~USED;
    arena->used -= block->size;
    memset(content, 0, block->size - UNIT);

    struct block *next = after(arena, block);
    if (next != NULL && !(next->size & USED)) {
        merge(arena, block, next);
    }
    if (block->before != NULL && !(block->before->size & USED)) {
        merge(arena, block->before, block);
    }
}

void twilio_arena_use(struct twilio_arena *arena)
{
    in_use = arena;
}

void *twilio_tls_calloc(size_t count, size_t size)
{
    return in_use != NULL ? twilio_arena_calloc(in_use, count, size) : NULL;
}

void twilio_tls_free(void *block)
{
    if (in_use != NULL) {
        twilio_arena_free(in_use, block);
    }
}
