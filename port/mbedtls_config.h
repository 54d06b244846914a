/*
 * mbedtls_config.h - mbedTLS 3.6, cut down to what one client of Twilio's needs
 *
 * TLS 1.2, ECDHE with RSA or ECDSA certificates, AES-GCM: no static RSA, no CBC, no
 * renegotiation, no SHA-1. Certificates are read, never written; there is no PEM, no file
 * system, no error text, no printf. All memory comes from the arena.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_MBEDTLS_CONFIG_H
#define TWILIO_MBEDTLS_CONFIG_H

#include <stddef.h>
#include <stdint.h>

/* ---- Sizes ----------------------------------------------------------------- */

/* The largest record that can be received, in bytes; the arena holds one. 16384 takes
 * whatever a server may send. With less, the server is asked for records of at most
 * TWILIO_TLS_SEND_MAX (RFC 6066); what is too big all the same, because the server does not listen
 * or because its certificate chain as a whole is, gives TWILIO_ERR_RECORD. */
#ifndef TWILIO_TLS_RECORD_MAX
#define TWILIO_TLS_RECORD_MAX 4096
#endif

/* The largest record sent. A ClientHello must fit. */
#define TWILIO_TLS_SEND_MAX 1024

#define MBEDTLS_SSL_IN_CONTENT_LEN  TWILIO_TLS_RECORD_MAX
#define MBEDTLS_SSL_OUT_CONTENT_LEN TWILIO_TLS_SEND_MAX

/* ---- Platform -------------------------------------------------------------- */

void *twilio_tls_calloc(size_t count, size_t size);
void  twilio_tls_free(void *block);
uint32_t twilio_tls_time(uint32_t *seconds);

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO twilio_tls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO   twilio_tls_free

/* Certificates have a validity, so there is a clock. mbedtls_platform_gmtime_r is ours. */
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_TIME_TYPE_MACRO uint32_t
#define MBEDTLS_PLATFORM_TIME_MACRO twilio_tls_time
#define MBEDTLS_PLATFORM_GMTIME_R_ALT
#define MBEDTLS_PLATFORM_MS_TIME_ALT /* needed by TLS 1.3 only: not defined anywhere */

/* Random bytes come from HMAC_DRBG, seeded by the board: mbedTLS collects no entropy. */
#define MBEDTLS_HMAC_DRBG_C
#define MBEDTLS_NO_PLATFORM_ENTROPY

/* ---- TLS ------------------------------------------------------------------- */

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_SESSION_TICKETS
#define MBEDTLS_SSL_CIPHERSUITES                    \
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, \
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,   \
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, \
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384

/* ---- Certificates ---------------------------------------------------------- */

#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_REMOVE_INFO
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
#define MBEDTLS_X509_MAX_INTERMEDIATE_CA 4 /* between leaf and anchor; Twilio's chain has 1 */
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C /* ECDSA_C demands it */
#define MBEDTLS_OID_C

/* ---- Algorithms ------------------------------------------------------------ */

#define MBEDTLS_CIPHER_C
#define MBEDTLS_GCM_C
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM only ever encrypts */

#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_SMALLER

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_NO_UDBL_DIVISION /* the compiler's 64-bit division is longer than what this leaves */
#define MBEDTLS_MPI_MAX_SIZE    512 /* RSA-4096 */
#define MBEDTLS_MPI_WINDOW_SIZE 1   /* public exponents gain nothing from more */
#define MBEDTLS_RSA_C
#define MBEDTLS_RSA_NO_CRT /* of use to private keys only */
#define MBEDTLS_PKCS1_V15

#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_WINDOW_SIZE        2
#define MBEDTLS_ECP_FIXED_POINT_OPTIM  0
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDH_VARIANT_EVEREST_ENABLED /* X25519 in half the time of the generic code */

#endif
