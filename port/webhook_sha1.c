/*
 * webhook_sha1.c - SHA-1 for the signatures of webhooks, and for nothing else
 *
 * mbedTLS's sha1.c, switched on in this file alone: md.c, and with it TLS and X.509, know of no SHA-1,
 * and cannot come to accept it. Its rounds are written out one by one, 4 KB of them on a Cortex-M; here
 * they are a loop, for a few blocks at a time are hashed with it.
 *
 * SPDX-License-Identifier: MIT
 */
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA1_PROCESS_ALT

#include "sha1.c"

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

/* FIPS 180-4, 4.1.1 and 4.2.1: the function and the constant of the round. */
static uint32_t mixed(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    return round < 20 ? (d ^ (b & (c ^ d))) + 0x5A827999
         : round < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
         : round < 60 ? ((b & c) | (d & (b | c))) + 0x8F1BBCDC
         : (b ^ c ^ d) + 0xCA62C1D6;
}

/* FIPS 180-4, 6.1.3: words[round % 16] holds the schedule's word of that round. */
int mbedtls_internal_sha1_process(mbedtls_sha1_context *sha1, const unsigned char data[64])
{
    uint32_t words[16], a = sha1->state[0], b = sha1->state[1], c = sha1->state[2], d = sha1->state[3],
             e = sha1->state[4];

    for (unsigned round = 0; round < 80; round++) {
        uint32_t *word = &words[round % 16];
        *word = round < 16 ? MBEDTLS_GET_UINT32_BE(data, 4 * round)
              : rotate(*word ^ words[(round + 2) % 16] ^ words[(round + 8) % 16] ^ words[(round + 13) % 16],
                       1);
        uint32_t next = rotate(a, 5) + mixed(round, b, c, d) + e + *word;
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    sha1->state[0] += a;
    sha1->state[1] += b;
    sha1->state[2] += c;
    sha1->state[3] += d;
    sha1->state[4] += e;
    mbedtls_platform_zeroize(words, sizeof words);
    return 0;
}
