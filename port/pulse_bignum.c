/*
 * pulse_bignum.c - mbedTLS's bignum.c and bignum_core.c with a beat in all that takes their time
 *
 * Multiplications begin by clearing the result, inversions and divisions clear and copy in each round: there
 * the work is counted. Not a line of what is computed is changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pulse.h"

#include <string.h>

#include "common.h" /* before memset means something else */

#define BEAT 0x40000u  /* of work, below: some 3 ms at 31 million instructions a second */

static void (*pulse)(void *context);
static void *pulse_context;
static uint32_t work;  /* since the last beat */

void twilio_pulse(void (*beat)(void *context), void *context)
{
    pulse = beat;
    pulse_context = context;
}

/* What is done with numbers takes about as long as the square of their bytes: of the work that is counted so,
 * a Cortex-M3 does some three units in an instruction. */
void twilio_pulse_work(size_t size)
{
    work += (uint32_t)(size * size);
    if (work >= BEAT) {
        work = 0;
        if (pulse != NULL) {
            pulse(pulse_context);
        }
    }
}

static void *clear(void *number, int zero, size_t size)
{
    twilio_pulse_work(size);
    return memset(number, zero, size);
}

static void *copy(void *to, const void *from, size_t size)
{
    twilio_pulse_work(size);
    return memcpy(to, from, size);
}

#define memset clear
#define memcpy copy

#include "bignum.c"
#include "bignum_core.c"
