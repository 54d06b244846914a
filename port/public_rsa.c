/*
 * public_rsa.c - mbedTLS's rsa.c without its private half, and with a quicker public one
 *
 * The completion of private keys, which mbedtls_rsa_complete would do if it were given one,
 * becomes an error (see public_pk.c); the power of a public exponent is ours.
 *
 * SPDX-License-Identifier: MIT
 */

/* First, so that the names are declared before they mean something else. */
#include "common.h"
#include "mbedtls/error.h"
#include "mbedtls/rsa.h"
#include "rsa_alt_helpers.h"

#include "public_power.h"

#define NO_PRIVATE_KEY(...) MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED

#define mbedtls_rsa_deduce_primes           NO_PRIVATE_KEY
#define mbedtls_rsa_deduce_private_exponent NO_PRIVATE_KEY
#define mbedtls_rsa_deduce_crt              NO_PRIVATE_KEY
#define mbedtls_rsa_validate_params         NO_PRIVATE_KEY
#define mbedtls_rsa_validate_crt            NO_PRIVATE_KEY

/* "unsafe" is mbedTLS's word for: the exponent is public. */
#define mbedtls_mpi_exp_mod_unsafe twilio_public_power

#include "rsa.c"
