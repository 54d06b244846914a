/*
 * octets.c - a set of octets, and whole texts: equal, a number
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"

const octet_set twilio_unreserved = { 0x03FF6000U, 0x87FFFFFEU, 0x47FFFFFEU };

bool twilio_in_set(const octet_set set, uint8_t octet)
{
    unsigned at = octet - 32U;

    return at < 96U && (set[at >> 5] >> (at & 31U) & 1U) != 0;
}

bool twilio_equal(const char *a, const char *b)
{
    while (*a != '\0' && to_lower((uint8_t)*a) == to_lower((uint8_t)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

bool twilio_decimal(const char *text, uint32_t *number)
{
    uint32_t value = 0;

    do {
        if (!is_digit((uint8_t)*text) || value > (UINT32_MAX - 9) / 10) {
            return false;
        }
        value = value * 10 + (uint8_t)*text - '0';
    } while (*++text != '\0');
    *number = value;
    return true;
}
