/*
 * fuzz.h - what a fuzz target offers: libFuzzer's entry, and seeds for the small driver
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct seed {
    const char *bytes;
    size_t size;
};

#define SEED(literal) { (literal), sizeof(literal) - 1 }

/* Well-formed inputs to begin from, and pieces to put into them; ended by NULL */
extern const struct seed seeds[], pieces[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An oracle's complaint ends the run, as a sanitizer's does. */
#define must(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__); \
            fprintf(stderr, "\n"); \
            abort(); \
        } \
    } while (0)

/* A small random generator: the same numbers everywhere */
static inline uint32_t fuzz_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
