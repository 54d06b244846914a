/*
 * percent.h - a strict reader of what is percent-encoded
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PERCENT_H
#define PERCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 3986 2.3 */
static inline bool is_unreserved(char c)
{
    return is_letter(c) || (c != '\0' && strchr("0123456789-._~", c) != NULL);
}

/* Decode unreserved characters and upper-case escapes of all others: there is one way to write a text.
 * Returns its octets, at most size; SIZE_MAX: it is written otherwise. */
static inline size_t percent_decode(char *to, const char *from, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t octets = 0;

    for (size_t i = 0; i < size; i++) {
        char c = from[i];

        if (c == '%') {
            const char *high = size - i > 2 ? memchr(digits, from[i + 1], 16) : NULL;
            const char *low = size - i > 2 ? memchr(digits, from[i + 2], 16) : NULL;

            if (high == NULL || low == NULL) {
                return SIZE_MAX;
            }
            c = (char)((high - digits) << 4 | (low - digits));
            i += 2;
            if (is_unreserved(c)) {
                return SIZE_MAX;
            }
        } else if (!is_unreserved(c)) {
            return SIZE_MAX;
        }
        to[octets++] = c;
    }
    return octets;
}

#endif
