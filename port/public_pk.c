/*
 * public_pk.c - mbedTLS's pk_wrap.c without its private half
 *
 * Whoever logs in by name and secret has no private key. The tables of functions in there
 * would keep signing, decrypting and all below them in every image: these calls, which only a
 * private key leads to, become errors. Key agreement makes its own keys elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */

/* First, so that the names are declared before they mean something else. */
#include "common.h"
#include "mbedtls/ecdsa.h"
#include "mbedtls/error.h"
#include "mbedtls/rsa.h"

#define NO_PRIVATE_KEY(...) MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED

#define mbedtls_rsa_pkcs1_sign        NO_PRIVATE_KEY
#define mbedtls_rsa_pkcs1_decrypt     NO_PRIVATE_KEY
#define mbedtls_rsa_pkcs1_encrypt     NO_PRIVATE_KEY
#define mbedtls_rsa_check_pub_priv    NO_PRIVATE_KEY
#define mbedtls_ecdsa_write_signature NO_PRIVATE_KEY
#define mbedtls_ecp_check_pub_priv    NO_PRIVATE_KEY

#include "pk_wrap.c"
