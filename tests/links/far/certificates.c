/*
 * certificates.c - a root and a leaf, P-256, the same for the same seed
 *
 * SPDX-License-Identifier: MIT
 */
#define OPENSSL_API_COMPAT 0x10101000L /* RAND_set_rand_method */
#include "inside.h"

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define DAY 86400

static unsigned char *root_der;
static int root_size;

/* ---- OpenSSL's chance ------------------------------------------------------ */

static int random_bytes(unsigned char *bytes, int size)
{
    for (int i = 0; i < size; i++)
        bytes[i] = (unsigned char)(far_random() >> 8);
    return 1;
}

static int random_status(void)
{
    return 1;
}

/* ---- Certificates ---------------------------------------------------------- */

static void extend(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);

    must(extension != NULL && X509_add_ext(certificate, extension, -1), value);
    X509_EXTENSION_free(extension);
}

static X509 *make(const char *name, long serial, EVP_PKEY *key)
{
    X509 *certificate = X509_new();

    must(X509_set_version(certificate, X509_VERSION_3) &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), FAR_BEGAN - 30 * DAY) != NULL &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), FAR_BEGAN + 3650L * DAY) != NULL &&
         X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                    (const unsigned char *)name, -1, -1, 0) &&
         X509_set_pubkey(certificate, key), name);
    return certificate;
}

static void sign(X509 *certificate, const X509 *issuer, EVP_PKEY *key)
{
    must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) &&
         X509_sign(certificate, key, EVP_sha256()) > 0, "signature");
}

SSL_CTX *certificates_begin(void)
{
    static const RAND_METHOD seeded = { .bytes = random_bytes, .pseudorand = random_bytes,
                                        .status = random_status };
    SSL_CTX *tls;

    must(RAND_set_rand_method(&seeded), "seed");
    EVP_PKEY *root_key = EVP_EC_gen("P-256"), *leaf_key = EVP_EC_gen("P-256");
    must(root_key != NULL && leaf_key != NULL, "keys");
    X509 *root = make("Root", 1, root_key), *leaf = make("api.twilio.com", 2, leaf_key);
    extend(root, NID_basic_constraints, "critical,CA:TRUE");
    extend(leaf, NID_subject_alt_name, "DNS:api.twilio.com");
    sign(root, root, root_key);
    sign(leaf, root, root_key);
    root_size = i2d_X509(root, &root_der);
    tls = SSL_CTX_new(TLS_server_method());
    must(root_size > 0 && tls != NULL && SSL_CTX_use_certificate(tls, leaf) &&
         SSL_CTX_use_PrivateKey(tls, leaf_key), "server");
    X509_free(root);
    X509_free(leaf);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(leaf_key);
    return tls;
}

const uint8_t *far_root(size_t *size)
{
    *size = (size_t)root_size;
    return root_der;
}
