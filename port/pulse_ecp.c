/*
 * pulse_ecp.c - mbedTLS's ecp.c with a beat at the multiplications that all of its time goes into
 *
 * SPDX-License-Identifier: MIT
 */
#include "pulse.h"

#include <stddef.h>

/* First, so that the name is declared before it means something else. */
#include "common.h"
#include "mbedtls/bignum.h"

static void (*pulse)(void);
static unsigned multiplications;

void twilio_pulse(void (*beat)(void))
{
    pulse = beat;
}

void twilio_pulse_beat(void)
{
    if (pulse != NULL) {
        pulse();
    }
}

/* Each takes a Cortex-M3 some thousand instructions. */
static void count(void)
{
    if ((++multiplications & 127) == 0) {
        twilio_pulse_beat();
    }
}

#define mbedtls_mpi_mul_mpi(product, a, b) (count(), mbedtls_mpi_mul_mpi(product, a, b))

#include "ecp.c"
