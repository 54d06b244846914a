/*
 * any_octets.h - what the proof of octets.c shows: an answer to any texts
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_OCTETS_H
#define TWILIO_ANY_OCTETS_H

#include "proof.h"

/* Proved in prove_octets.c: of any two texts. */
bool twilio_equal(const char *a, const char *b)
{
    return nondet_bool();
}

bool twilio_decimal(const char *text, uint32_t *number)
{
    if (nondet_bool()) {
        *number = nondet_uint32_t();
        return true;
    }
    return false;
}

#endif
