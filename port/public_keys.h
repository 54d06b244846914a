/*
 * public_keys.h - mbedTLS's public-key code without its private half
 *
 * Whoever logs in by name and secret has no private key. mbedTLS's tables of functions would
 * keep signing, decrypting and the recovery of keys in every image all the same: 5 KB. The
 * build includes this before pk_wrap.c and rsa.c (CMakeLists.txt), where these calls, which
 * only a private key leads to, become errors. Key agreement makes its own keys elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PUBLIC_KEYS_H
#define TWILIO_PUBLIC_KEYS_H

/* First, so that the names are declared before they mean something else. */
#include "common.h"
#include "mbedtls/ecdsa.h"
#include "mbedtls/error.h"
#include "mbedtls/rsa.h"
#include "rsa_alt_helpers.h"

#define NO_PRIVATE_KEY(...) MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED

#ifdef TWILIO_PK_WRAP  /* pk_wrap.c, which calls what rsa.c and others define */
#define mbedtls_rsa_pkcs1_sign        NO_PRIVATE_KEY
#define mbedtls_rsa_pkcs1_decrypt     NO_PRIVATE_KEY
#define mbedtls_rsa_pkcs1_encrypt     NO_PRIVATE_KEY
#define mbedtls_rsa_check_pub_priv    NO_PRIVATE_KEY
#define mbedtls_ecdsa_write_signature NO_PRIVATE_KEY
#define mbedtls_ecp_check_pub_priv    NO_PRIVATE_KEY
#else
#define mbedtls_rsa_deduce_primes           NO_PRIVATE_KEY
#define mbedtls_rsa_deduce_private_exponent NO_PRIVATE_KEY
#define mbedtls_rsa_deduce_crt              NO_PRIVATE_KEY
#define mbedtls_rsa_validate_params         NO_PRIVATE_KEY
#define mbedtls_rsa_validate_crt            NO_PRIVATE_KEY
#endif

#endif
