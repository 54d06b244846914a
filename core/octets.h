/*
 * octets.h - kinds of octets, and small questions about texts. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_OCTETS_H
#define TWILIO_OCTETS_H

#include <stdbool.h>
#include <stdint.h>

/* A set of ASCII characters, none of them a control character: word n of it holds characters
 * 32 + 32n ... 63 + 32n, the lowest in its lowest bit. */
typedef uint32_t octet_set[3];

/* RFC 3986: what never needs an escape: A-Z a-z 0-9 - . _ ~ */
extern const octet_set twilio_unreserved;

bool twilio_in_set(const octet_set set, uint8_t octet);

static inline bool is_control(uint8_t octet)
{
    return octet < 0x20 || octet == 0x7F;
}

static inline bool is_digit(uint8_t octet)
{
    return (uint8_t)(octet - '0') < 10;
}

static inline uint8_t to_lower(uint8_t octet)
{
    return (uint8_t)(octet - 'A') < 26 ? (uint8_t)(octet | 0x20) : octet;
}

/* The value of a hexadecimal digit. */
static inline unsigned hex_value(uint8_t octet)
{
    return (octet + (octet >> 6) * 9U) & 15U;
}

/* The digit of that value, below 16. */
static inline unsigned to_hex(unsigned value)
{
    return value < 10 ? value + '0' : value - 10 + 'A';
}

/* Whether two texts are the same but for the case of ASCII letters. */
bool twilio_equal(const char *a, const char *b);

/* The number that text is: digits alone, at least one, below 2^32 - 10. */
bool twilio_decimal(const char *text, uint32_t *number);

#endif
