/*
 * pem.c - base64 between two lines (RFC 7468), decoded in place
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include "pem.h"

#include <stdbool.h>
#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END   "-----END CERTIFICATE-----"

#define DER_SEQUENCE 0x30  /* how every certificate starts */

/* 0 ... 63, or -1 */
static int sextet(uint8_t c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == '\0' ? NULL : strchr(alphabet, c);

    return found != NULL ? (int)(found - alphabet) : -1;
}

static bool is_blank(uint8_t c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* Four characters for three octets, the last ones filled up. */
static bool is_whole(int count, int padding)
{
    return (count + padding) % 4 == 0 && padding <= 2;
}

/* Returns the bytes decoded, or -1. Output never overtakes input. */
static int decode(const uint8_t *from, const uint8_t *end, uint8_t *to)
{
    uint8_t *start = to;
    uint32_t bits = 0;
    int count = 0, padding = 0;

    for (; from < end; from++) {
        if (is_blank(*from))
            continue;
        if (*from == '=') {
            padding++;
            continue;
        }
        if (padding > 0 || sextet(*from) < 0)
            return -1;
        bits = bits << 6 | (uint32_t)sextet(*from);
        if (++count % 4 != 1)
            *to++ = (uint8_t)(bits >> (6 - 2 * ((count - 1) % 4)));
    }
    return is_whole(count, padding) ? (int)(to - start) : -1;
}

static uint8_t *find(const uint8_t *from, const uint8_t *end, const char *line)
{
    return memmem(from, (size_t)(end - from), line, strlen(line));
}

static int der_anchor(const uint8_t *data, size_t size, struct twilio_anchor *anchors, size_t max)
{
    if (size == 0 || data[0] != DER_SEQUENCE || max == 0)
        return -1;
    anchors[0].der = data;
    anchors[0].size = size;
    return 1;
}

int pem_anchors(uint8_t *text, size_t size, struct twilio_anchor *anchors, size_t max)
{
    const uint8_t *end = text + size;
    uint8_t *block = find(text, end, BEGIN), *stop;
    size_t count = 0;

    if (block == NULL)
        return der_anchor(text, size, anchors, max);
    for (; block != NULL; block = find(stop, end, BEGIN)) {
        int length;

        block += strlen(BEGIN);
        stop = find(block, end, END);
        if (stop == NULL || count == max || (length = decode(block, stop, block)) <= 0)
            return -1;
        anchors[count].der = block;
        anchors[count++].size = (size_t)length;
    }
    return (int)count;
}
