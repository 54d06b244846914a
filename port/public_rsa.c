/*
 * public_rsa.c - mbedTLS's rsa.c without the recovery of private keys
 *
 * mbedtls_rsa_complete finds what is missing of a private key, if it is given one, and would
 * bring all that this takes into every image; see public_pk.c. Not a line of what a public key
 * needs is changed.
 *
 * SPDX-License-Identifier: MIT
 */

/* First, so that the names are declared before they mean something else. */
#include "common.h"
#include "mbedtls/error.h"
#include "mbedtls/rsa.h"
#include "rsa_alt_helpers.h"

#define NO_PRIVATE_KEY(...) MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED

#define mbedtls_rsa_deduce_primes           NO_PRIVATE_KEY
#define mbedtls_rsa_deduce_private_exponent NO_PRIVATE_KEY
#define mbedtls_rsa_validate_params         NO_PRIVATE_KEY

#include "rsa.c"
