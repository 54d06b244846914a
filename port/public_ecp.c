/*
 * public_ecp.c - mbedTLS's ecp.c, in which the power that unpacks a compressed point is ours
 *
 * It is the only power in there, and points are public: so mbedTLS's own, for secret
 * exponents, stays out of the image.
 *
 * SPDX-License-Identifier: MIT
 */

/* First, so that the name is declared before it means something else. */
#include "common.h"
#include "mbedtls/bignum.h"

#include "public_power.h"

#define mbedtls_mpi_exp_mod twilio_public_power

#include "ecp.c"
