/*
 * session.c - a blob is the HMAC, then the session as mbedTLS writes it
 *
 * What the blob is bound to goes into the HMAC alone: it costs no room, and there is one way to be refused.
 * The time of the last full handshake is mbedTLS's, in the session: a resumed one has that of the first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "session.h"

#include <string.h>

#include "clock.h"
#include "mbedtls/constant_time.h"
#include "mbedtls/md.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/ssl.h"

#define MAC 32

_Static_assert(MAC + TWILIO_TLS_SESSION_MAX == TWILIO_SESSION_MAX, "the largest session has room");

/* ---- HMAC over everything --------------------------------------------------- */

/* With its size, so that what follows cannot be taken for a part of it. */
static void put(mbedtls_md_context_t *md, const void *data, size_t size)
{
    (void)mbedtls_md_hmac_update(md, (const unsigned char *)&size, sizeof size);
    (void)mbedtls_md_hmac_update(md, data, size);
}

static void put_text(mbedtls_md_context_t *md, const char *text)
{
    put(md, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

static void put_client(mbedtls_md_context_t *md, const struct twilio_client *client, const char *host)
{
    const struct twilio_account *account = client->account;

    put_text(md, "twilio-mcu session " TWILIO_VERSION);
    put_text(md, host);
    put_text(md, account->sid);
    put_text(md, account->key != NULL ? account->key : account->sid);
}

/* The tables one after another, for it does not matter how they are chained. */
static void put_anchors(mbedtls_md_context_t *md, const struct twilio_anchors *table)
{
    for (table = table != NULL ? table : &twilio_builtin_anchors; table != NULL; table = table->more) {
        for (size_t i = 0; i < table->count; i++) {
            put(md, table->anchor[i].der, table->anchor[i].size);
        }
    }
}

static int authenticate(const struct twilio_client *client, const uint8_t *key, const char *host,
                        const void *session, size_t size, uint8_t *mac)
{
    mbedtls_md_context_t md;

    mbedtls_md_init(&md);
    if (mbedtls_md_setup(&md, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1) != 0) {
        return TWILIO_ERR_MEMORY;
    }
    (void)mbedtls_md_hmac_starts(&md, key, TWILIO_SESSION_KEY);
    put_client(&md, client, host);
    put(&md, session, size);
    put_anchors(&md, client->tls.anchors);
    (void)mbedtls_md_hmac_finish(&md, mac);
    mbedtls_md_free(&md);
    return TWILIO_OK;
}

/* ---- The caller's mistakes --------------------------------------------------- */

static bool is_key(const uint8_t *key)
{
    return key != NULL && memcmp(key, key + 1, TWILIO_SESSION_KEY - 1) != 0;
}

/* The host that the client's calls go to, whatever they are. */
static int host_of(const struct twilio_client *client, char *host)
{
    const struct twilio_request request = {
        .account = client->account, .product = client->product, .resource = "/", .anonymous = true,
    };
    return twilio_host(&request, host, TWILIO_HOST_MAX + 1);
}

static int check(const struct twilio_client *client, const uint8_t *key, const void *blob, char *host)
{
    return client != NULL && is_key(key) && blob != NULL ? host_of(client, host) : TWILIO_ERR_ARGUMENT;
}

/* ---- Export ------------------------------------------------------------------ */

int twilio_session_export(struct twilio_client *client, const uint8_t key[TWILIO_SESSION_KEY], void *blob,
                          size_t size)
{
    char host[TWILIO_HOST_MAX + 1];
    uint8_t *mac = blob;
    int result = check(client, key, blob, host);

    if (blob != NULL) {
        mbedtls_platform_zeroize(blob, size);
    }
    if (result < 0) {
        return result;
    }
    client->arena.failed = false;
    twilio_client_close(client);
    const struct twilio_tls *tls = &client->tls;
    if (tls->session == NULL || strcmp(tls->host, host) != 0) {
        return client->arena.failed ? TWILIO_ERR_MEMORY : 0;
    }
    if (size < (size_t)MAC + tls->session_size) {
        return TWILIO_ERR_SIZE;
    }
    result = authenticate(client, key, host, tls->session, tls->session_size, mac);
    if (result != TWILIO_OK) {
        return result;
    }
    memcpy(mac + MAC, tls->session, tls->session_size);
    return MAC + tls->session_size;
}

/* ---- Import ------------------------------------------------------------------ */

/* TWILIO_OK: nobody but this device can have made it, for this client. */
static int verify(const struct twilio_client *client, const uint8_t *key, const char *host,
                  const uint8_t *blob, size_t size)
{
    uint8_t mac[MAC];
    int result = authenticate(client, key, host, blob + MAC, size - MAC, mac);

    if (result == TWILIO_OK && mbedtls_ct_memcmp(mac, blob, MAC) != 0) {
        result = TWILIO_SESSION_REFUSED;
    }
    mbedtls_platform_zeroize(mac, sizeof mac);
    return result;
}

/* A handshake later than now leaves an age beyond any limit: the difference wraps. One made before the clock
 * was set is, by the floor it was counted from, older than it was. */
static bool is_fresh(uint32_t handshake)
{
    return twilio_clock_is_set() && twilio_clock_now() - handshake <= TWILIO_SESSION_AGE;
}

static int judge(const uint8_t *data, size_t size)
{
    mbedtls_ssl_session session;
    int result = TWILIO_SESSION_REFUSED;

    mbedtls_ssl_session_init(&session);
    int code = mbedtls_ssl_session_load(&session, data, size);
    if (code == MBEDTLS_ERR_SSL_ALLOC_FAILED) {
        result = TWILIO_ERR_MEMORY;
    } else if (code == 0 && is_fresh(session.MBEDTLS_PRIVATE(start))) {
        result = TWILIO_OK;
    }
    mbedtls_ssl_session_free(&session);
    return result;
}

/* Last, when the arena is empty, so that it lies at its beginning. */
static int keep(struct twilio_tls *tls, const char *host, const uint8_t *data, size_t size)
{
    tls->session = twilio_tls_calloc(1, size);
    if (tls->session == NULL) {
        return TWILIO_ERR_MEMORY;
    }
    memcpy(tls->session, data, size);
    tls->session_size = (uint16_t)size;
    memcpy(tls->host, host, strlen(host) + 1);
    return TWILIO_OK;
}

static int take(struct twilio_client *client, const uint8_t *key, const char *host, const uint8_t *blob,
                size_t size)
{
    int result = size > MAC ? verify(client, key, host, blob, size) : TWILIO_SESSION_REFUSED;

    if (result == TWILIO_OK) {
        result = judge(blob + MAC, size - MAC);
    }
    return result == TWILIO_OK ? keep(&client->tls, host, blob + MAC, size - MAC) : result;
}

int twilio_session_import(struct twilio_client *client, const uint8_t key[TWILIO_SESSION_KEY], void *blob,
                          size_t size)
{
    char host[TWILIO_HOST_MAX + 1];
    int result = check(client, key, blob, host);

    if (result < 0) {
        return result;
    }
    twilio_client_close(client);
    twilio_tls_forget(&client->tls);
    if (size > TWILIO_SESSION_MAX) {
        return TWILIO_SESSION_REFUSED;
    }
    result = take(client, key, host, blob, size);
    mbedtls_platform_zeroize(blob, size);
    return result;
}
