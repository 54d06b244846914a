/*
 * pulse_bignum.c - mbedTLS's bignum_core.c with a beat at the multiplications that all of its time goes into
 *
 * Elliptic curves and RSA spend theirs in mbedtls_mpi_core_mul and mbedtls_mpi_core_montmul, which begin by
 * clearing the result: there they are counted. Not a line of what is computed is changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pulse.h"

#include <string.h>

#include "common.h" /* before memset means something else */

#define BEAT 0x20000u  /* of work, below */

static void (*pulse)(void *context);
static void *pulse_context;
static uint32_t work;  /* since the last beat */

void twilio_pulse(void (*beat)(void *context), void *context)
{
    pulse = beat;
    pulse_context = context;
}

/* The time of a multiplication goes with the square of the length: a Cortex-M3 takes about as many
 * instructions for a curve's, whose results are short, and a quarter of it for RSA's, whose are long. */
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

static void *clear(void *result, int zero, size_t size)
{
    twilio_pulse_work(size);
    return memset(result, zero, size);
}

#define memset clear

#include "bignum_core.c"
