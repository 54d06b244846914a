/*
 * check.h - what every test of the core begins with: cmocka, and a check that names its vector
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHECK_H
#define CHECK_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twilio.h"

/* Like assert_true, with a message made as printf does: tables need to say which row failed. */
#define check(condition, ...) \
    do { \
        if (!(condition)) { \
            fail_msg(__VA_ARGS__); \
        } \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A string literal and its size, NULs inside it included */
#define BYTES(literal) (literal), (sizeof(literal) - 1)

/* A field of any memory; what begin must clear is not clear */
#define FIELD(path, memory, bytes) \
    { .name = (path), .text = (memory), .size = (uint16_t)(bytes), .length = 99, .type = 'x' }

#define CANARY 0xA5

static inline bool untouched(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != CANARY) {
            return false;
        }
    }
    return true;
}

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether text is the value, or, if that has more than room bytes, as much of it as fits and ends
 * where a character ends; the last character that fits may be missing when it is of several bytes. */
static inline bool fits(const char *text, const char *value, size_t room)
{
    size_t size = smaller(strlen(value), room), fewer;

    while (size > 0 && ((unsigned char)value[size] & 0xC0) == 0x80) {
        size--;
    }
    for (fewer = size; fewer > 0 && ((unsigned char)value[fewer - 1] & 0x80) != 0; ) {
        fewer--;
        if (((unsigned char)value[fewer] & 0xC0) == 0xC0) {
            break;
        }
    }
    return strncmp(text, value, strlen(text)) == 0
        && (strlen(text) == size || (strlen(value) > room && strlen(text) == fewer));
}

#endif
