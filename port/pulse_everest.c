/*
 * pulse_everest.c - Project Everest's X25519, of mbedTLS, with a beat at the multiplications of its field
 *
 * Each of them begins by copying a factor: there they are counted. Not a line of what is computed is changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pulse.h"

#include <string.h>

#include "common.h" /* before memcpy means something else */

static void *copy(void *to, const void *from, size_t size)
{
    twilio_pulse_work(size);
    return memcpy(to, from, size);
}

#define memcpy copy

#include "../3rdparty/everest/library/Hacl_Curve25519_joined.c"
