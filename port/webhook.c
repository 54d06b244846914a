/*
 * webhook.c - the signature that Twilio would have made, compared with the one that came
 *
 * Nothing is put together in memory: the pieces are hashed in their order, and the next parameter is looked
 * for each time. The URL is hashed as it stands; of those that Twilio's own libraries try, the ones with a
 * query encoded anew undo what a parser of URLs did to it before, and there is none here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "webhook.h"

#include <string.h>

#include "mbedtls/constant_time.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/sha1.h"
#include "mbedtls/sha256.h"

#define BLOCK       64
#define DIGEST      20
#define BASE64      28  /* characters of a digest */
#define BODY_DIGEST 32
#define INNER       0x36
#define OUTER       0x5C

/* ---- Texts ------------------------------------------------------------------ */

/* What follows prefix in text; NULL: text does not begin with it. */
static const char *after(const char *text, const char *prefix)
{
    for (; *prefix != '\0'; text++, prefix++) {
        if (*text != *prefix) {
            return NULL;
        }
    }
    return text;
}

/* The first of these characters in text, or its end. */
static const char *find(const char *text, const char *wanted)
{
    while (*text != '\0' && strchr(wanted, *text) == NULL) {
        text++;
    }
    return text;
}

/* ---- HMAC (RFC 2104) -------------------------------------------------------- */

/* Not mbedTLS's own: that one allocates, and there is nothing to allocate from but the arena of a client. */
struct hmac {
    mbedtls_sha1_context sha1;
    uint8_t key[BLOCK];          /* as it was last put */
    uint8_t digest[DIGEST + 1];  /* with a zero: Base64 takes three octets at a time */
};

static void put(struct hmac *hmac, const void *data, size_t size)
{
    (void)mbedtls_sha1_update(&hmac->sha1, data, size);
}

static void put_text(struct hmac *hmac, const char *text)
{
    put(hmac, text, strlen(text));
}

/* Begin one of the two hashes, with the key changed. */
static void put_key(struct hmac *hmac, uint8_t change)
{
    for (size_t i = 0; i < BLOCK; i++) {
        hmac->key[i] ^= change;
    }
    (void)mbedtls_sha1_starts(&hmac->sha1);
    put(hmac, hmac->key, BLOCK);
}

static void begin(struct hmac *hmac, const char *key)
{
    size_t size = strlen(key);

    memset(hmac, 0, sizeof *hmac);
    if (size > BLOCK) {
        (void)mbedtls_sha1((const unsigned char *)key, size, hmac->key);
    } else {
        memcpy(hmac->key, key, size);
    }
    put_key(hmac, INNER);
}

static void end(struct hmac *hmac)
{
    (void)mbedtls_sha1_finish(&hmac->sha1, hmac->digest);
    put_key(hmac, INNER ^ OUTER);
    put(hmac, hmac->digest, DIGEST);
    (void)mbedtls_sha1_finish(&hmac->sha1, hmac->digest);
}

/* Whether signature is the digest in Base64. How long it takes tells nothing about the digest. */
static bool is_digest(const struct hmac *hmac, const char *signature)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *from = hmac->digest;
    char text[BASE64], *to;

    for (to = text; to < text + BASE64; to += 4, from += 3) {
        to[0] = digits[from[0] >> 2];
        to[1] = digits[(from[0] << 4 | from[1] >> 4) & 63];
        to[2] = digits[(from[1] << 2 | from[2] >> 6) & 63];
        to[3] = digits[from[2] & 63];
    }
    text[BASE64 - 1] = '=';
    return strlen(signature) == BASE64 && mbedtls_ct_memcmp(text, signature, BASE64) == 0;
}

/* ---- URL -------------------------------------------------------------------- */

struct url {
    const char *host_end, *rest;
    const char *port;  /* with its colon: what stands between those two, or the scheme's */
    size_t port_size;
};

/* The colon before the port that an authority ends with, or its end. */
static const char *find_port(const char *at, const char *end)
{
    const char *colon = end;

    for (; at < end; at++) {
        if (*at == '@' || *at == ']') {  /* those colons were of a password, or of an address of IPv6 */
            colon = end;
        } else if (*at == ':') {
            colon = at;
        }
    }
    return colon;
}

/* What is no URL is taken for the name of a host. */
static struct url parse(const char *text)
{
    struct url url = { .port = ":80", .port_size = 3 };
    const char *at = after(text, "http://");

    if (at == NULL && (at = after(text, "https://")) != NULL) {
        url.port = ":443";
        url.port_size = 4;
    }
    at = at != NULL ? at : text;
    url.rest = find(at, "/?#");
    url.host_end = find_port(at, url.rest);
    if (url.host_end != url.rest) {
        url.port = url.host_end;
        url.port_size = (size_t)(url.rest - url.host_end);
    }
    return url;
}

static void put_url(struct hmac *hmac, const char *text, bool with_port)
{
    struct url url = parse(text);

    put(hmac, text, (size_t)(url.host_end - text));
    if (with_port) {
        put(hmac, url.port, url.port_size);
    }
    put_text(hmac, url.rest);
}

/* ---- Parameters -------------------------------------------------------------- */

static const char *value_of(const struct twilio_param *param)
{
    return param->value != NULL ? param->value : "";
}

static int compare(const struct twilio_param *a, const struct twilio_param *b)
{
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(value_of(a), value_of(b));
}

/* The least of those greater than last (NULL: of all), which thus comes once, however often it is there.
 * NULL: there is none. */
static const struct twilio_param *next(const struct twilio_param *param, const struct twilio_param *last)
{
    const struct twilio_param *least = NULL;

    for (; param->name != NULL; param++) {
        if ((last == NULL || compare(param, last) > 0) && (least == NULL || compare(param, least) < 0)) {
            least = param;
        }
    }
    return least;
}

static void put_params(struct hmac *hmac, const struct twilio_param *params)
{
    const struct twilio_param *param = NULL;

    while ((param = next(params, param)) != NULL) {
        put_text(hmac, param->name);
        put_text(hmac, value_of(param));
    }
}

static bool too_many(const struct twilio_param *params)
{
    size_t count = 0;

    while (count <= TWILIO_WEBHOOK_PARAMS && params[count].name != NULL) {
        count++;
    }
    return count > TWILIO_WEBHOOK_PARAMS;
}

/* ---- Public ------------------------------------------------------------------ */

/* With an empty token anyone could sign. */
static bool is_token(const char *text)
{
    return text != NULL && *text != '\0';
}

bool twilio_webhook_valid(const char *auth_token, const char *signature, const char *url,
                          const struct twilio_param *params)
{
    static const struct twilio_param none = { NULL, NULL };
    struct hmac hmac;
    bool valid = false;

    params = params != NULL ? params : &none;
    if (!is_token(auth_token) || signature == NULL || url == NULL || too_many(params)) {
        return false;
    }
    for (int with_port = 0; with_port <= 1 && !valid; with_port++) {
        begin(&hmac, auth_token);
        put_url(&hmac, url, with_port != 0);
        put_params(&hmac, params);
        end(&hmac);
        valid = is_digest(&hmac, signature);
    }
    mbedtls_platform_zeroize(&hmac, sizeof hmac);
    return valid;
}

/* The value of the first bodySHA256 in the query, or "". */
static const char *find_body_digest(const char *url)
{
    for (url = find(url, "?#"); *url != '\0' && *url != '#'; url = find(url + 1, "&#")) {
        const char *value = after(url + 1, "bodySHA256=");
        if (value != NULL) {
            return value;
        }
    }
    return "";
}

bool twilio_webhook_body_valid(const char *auth_token, const char *signature, const char *url,
                               const void *body, size_t size)
{
    uint8_t digest[BODY_DIGEST];
    char text[2 * BODY_DIGEST + 1] = "";

    if (!twilio_webhook_valid(auth_token, signature, url, NULL) ||
        mbedtls_sha256(body, size, digest, 0) != 0) {
        return false;
    }
    for (size_t i = 0; i < 2 * BODY_DIGEST; i++) {
        text[i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    }
    url = after(find_body_digest(url), text);
    return url != NULL && find(url, "&#") == url;
}
