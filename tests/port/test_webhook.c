/*
 * test_webhook.c - signatures of webhooks: those that Twilio's own libraries are tested with, and forged ones
 *
 * Others are made here, from the whole text at once and by mbedTLS's own SHA-1.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* mbedTLS's SHA-1 as it is, under other names than that of webhook_sha1.c. */
#define MBEDTLS_SHA1_C
#define mbedtls_internal_sha1_process reference_process
#define mbedtls_sha1                  reference
#define mbedtls_sha1_clone            reference_clone
#define mbedtls_sha1_finish           reference_finish
#define mbedtls_sha1_free             reference_free
#define mbedtls_sha1_init             reference_init
#define mbedtls_sha1_starts           reference_starts
#define mbedtls_sha1_update           reference_update
#include "sha1.c"

#include "mbedtls/md.h"
#include "webhook.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* mbedTLS asks for these. There is no connection here, and no memory. */
uint32_t twilio_tls_time(uint32_t *seconds)
{
    fail_msg("nothing here has to do with time");
    return *seconds;
}

void *twilio_tls_calloc(size_t count, size_t size)
{
    fail_msg("%zu bytes were to be allocated", count * size);
    return NULL;
}

void twilio_tls_free(void *block)
{
    assert_null(block);
}

/* ---- How Twilio signs -------------------------------------------------------- */

static void hash(uint8_t out[20], const uint8_t key[64], uint8_t pad, const void *data, size_t size)
{
    static uint8_t all[64 + 8192];
    assert_true(size <= 8192);
    for (size_t i = 0; i < 64; i++) {
        all[i] = key[i] ^ pad;
    }
    memcpy(all + 64, data, size);
    assert_int_equal(reference(all, 64 + size, out), 0);
}

/* The signature of a text, in memory that the next call uses anew. */
static const char *sign(const char *token, const char *text)
{
    static char base64[29];
    uint8_t key[64] = { 0 }, digest[21] = { 0 };
    if (strlen(token) > 64) {
        assert_int_equal(reference((const uint8_t *)token, strlen(token), key), 0);
    } else {
        memcpy(key, token, strlen(token));
    }
    hash(digest, key, 0x36, text, strlen(text));
    hash(digest, key, 0x5C, digest, 20);
    for (size_t i = 0; i < 27; i++) {
        unsigned pair = (unsigned)digest[i * 6 / 8] << 8 | (i * 6 / 8 < 20 ? digest[i * 6 / 8 + 1] : 0U);
        base64[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                    [pair >> (10 - i * 6 % 8) & 63];
    }
    base64[27] = '=';
    return base64;
}

#define TOKEN "12345"
#define HTTPS "https://mycompany.com/myapp.php?foo=1&bar=2"
#define HTTP  "http://mycompany.com/myapp.php?foo=1&bar=2"
#define TRUE_SIGNATURE "RSOYDt4T1cUTdK1PDd93/VVr8B8="

static const struct twilio_param call[] = {
    { "CallSid", "CA1234567890ABCDE" }, { "Caller", "+14158675309" }, { "Digits", "1234" },
    { "From", "+14158675309" }, { "To", "+18005551212" }, { NULL, NULL },
};

/* ---- What others have published ---------------------------------------------- */

/* RFC 2202, 3: the vectors whose key and data are texts. */
static void hmac_is_that_of_the_rfc(void **unused)
{
    (void)unused;
    char b[21] = "", aa[81] = "";
    memset(b, 0x0B, 20);
    memset(aa, 0xAA, 80);
    const struct {
        const char *key, *data, *base64;
    } vectors[] = {
        { b, "Hi There", "thcxhlUFcmTii8C2+zeMjvFGvgA=" },
        { "Jefe", "what do ya want for nothing?", "7/zfauXrL6LSdBbV8YTfnCWafHk=" },
        { aa, "Test Using Larger Than Block-Size Key - Hash Key First", "qkrl4VJy0A6VcFY3zoo7Ve1AIRI=" },
        { aa, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
          "6OmdD0UjfXhta7qnllx4CLv/GpE=" },
    };
    for (size_t i = 0; i < COUNT(vectors); i++) {
        assert_string_equal(sign(vectors[i].key, vectors[i].data), vectors[i].base64);
        assert_true(twilio_webhook_valid(vectors[i].key, vectors[i].base64, vectors[i].data, NULL));
    }
}

/* From the tests of twilio-python and twilio-node. */
static void the_libraries_signatures_are_valid(void **unused)
{
    (void)unused;
    static const struct twilio_param twice[] = {
        { "Sid", "CA123" }, { "SidAccount", "AC123" }, { "Digits", "5678" }, { "Digits", "1234" },
        { NULL, NULL },
    };
    static const struct {
        const char *url, *signature;
        const struct twilio_param *params;
    } vectors[] = {
        { HTTPS, TRUE_SIGNATURE, call },
        { HTTPS, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", twice },
        { "https://mycompany.com:1234/myapp.php?foo=1&bar=2", TRUE_SIGNATURE, call },
        { "http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", call },
        { HTTPS, "kvajT1Ptam85bY51eRf/AJRuM3w=", call },
        { HTTP, "0ZXoZLH/DfblKGATFgpif+LLRf4=", call },
        { "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "CukzLTc1tT5dXEDIHm/tKBanW10=", call },
        { "https://user@mycompany.com/myapp.php?foo=1&bar=2", "2YRLlVAflCqxaNicjMpJcSTgzSs=", call },
        { "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", call },
        { HTTPS "&Body=It's+amazing", "dsq4Ehbj6cs+KdTkpF5sSSplOWw=", call },
    };
    for (size_t i = 0; i < COUNT(vectors); i++) {
        if (!twilio_webhook_valid(TOKEN, vectors[i].signature, vectors[i].url, vectors[i].params)) {
            fail_msg("%s, signed by %s", vectors[i].url, vectors[i].signature);
        }
    }
}

/* ---- What is signed ---------------------------------------------------------- */

/* Lengths around those of SHA-1's blocks, of what is signed and of the key. */
static void any_length_is_hashed(void **unused)
{
    (void)unused;
    char text[301] = "", token[150] = "";
    for (size_t size = 0; size < 300; size++) {
        const struct twilio_param param[] = { { text, NULL }, { NULL, NULL } };
        assert_true(twilio_webhook_valid(TOKEN, sign(TOKEN, text), text, NULL));
        assert_true(twilio_webhook_valid(TOKEN, sign(TOKEN, text), "", param));
        text[size] = (char)('A' + size * 11 % 26);
    }
    for (size_t size = 0; size < 149; size++) {
        token[size] = (char)(size % 2 == 0 ? 0x80 + size % 64 : 'a' + size % 26);
        assert_true(twilio_webhook_valid(token, sign(token, HTTPS), HTTPS, NULL));
    }
}

static void swap(struct twilio_param *a, struct twilio_param *b)
{
    struct twilio_param c = *a;
    *a = *b;
    *b = c;
}

static unsigned permutations;

static void permute(struct twilio_param *params, size_t from)
{
    if (params[from].name == NULL) {
        permutations++;
        assert_true(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, HTTPS, params));
    }
    for (size_t i = from; params[i].name != NULL; i++) {
        swap(&params[from], &params[i]);
        permute(params, from + 1);
        swap(&params[from], &params[i]);
    }
}

static void any_order_will_do(void **unused)
{
    (void)unused;
    struct twilio_param params[COUNT(call)];
    memcpy(params, call, sizeof call);
    permutations = 0;
    permute(params, 0);
    assert_int_equal(permutations, 120);
}

/* Sorted by octets: by name, a shorter one before what begins with it; then by value; each pair once. */
static void parameters_are_sorted(void **unused)
{
    (void)unused;
    static const struct {
        const char *url_and_params;
        struct twilio_param params[8];
    } rows[] = {
        { "u:", { { NULL, NULL } } },
        { "u:a", { { "a", NULL } } },
        { "u:a", { { "a", "" }, { "a", NULL }, { "a", "" } } },
        { "u:ab", { { "a", "b" }, { "a", "b" } } },
        { "u:aaabacb1", { { "b", "1" }, { "a", "c" }, { "a", "b" }, { "a", "a" }, { "a", "b" } } },
        { "u:SidzSidAccountaZSidb", { { "SidAccount", "a" }, { "Sid", "z" }, { "ZSid", "b" } } },
        { "u:B1a2\xC3\xA9" "3", { { "\xC3\xA9", "3" }, { "a", "2" }, { "B", "1" } } },
        { "u:a+ &=%20b\xFF", { { "b", "\xFF" }, { "a", "+ &=%20" } } },
        { "u:1x", { { "", "1x" } } },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!twilio_webhook_valid(TOKEN, sign(TOKEN, rows[i].url_and_params), "u:", rows[i].params)) {
            fail_msg("row %zu, \"%s\"", i, rows[i].url_and_params);
        }
    }
}

static void there_may_be_64(void **unused)
{
    (void)unused;
    struct twilio_param params[TWILIO_WEBHOOK_PARAMS + 2];
    char names[TWILIO_WEBHOOK_PARAMS + 1][8], text[1000] = HTTPS;
    memset(params, 0, sizeof params);
    for (size_t i = 0; i <= TWILIO_WEBHOOK_PARAMS; i++) {
        snprintf(names[i], sizeof names[i], "n%02zu", i);
        params[TWILIO_WEBHOOK_PARAMS - i] = (struct twilio_param){ names[i], "v" };
        strcat(strcat(text, names[i]), "v");
    }
    assert_false(twilio_webhook_valid(TOKEN, sign(TOKEN, text), HTTPS, params));
    text[strlen(text) - 4] = '\0';
    assert_true(twilio_webhook_valid(TOKEN, sign(TOKEN, text), HTTPS, params + 1));
}

static void ports_come_and_go(void **unused)
{
    (void)unused;
    static const struct {
        const char *url, *signed_url;
        bool valid;
    } rows[] = {
        { "https://a.de", "https://a.de", true },
        { "https://a.de", "https://a.de:443", true },
        { "https://a.de", "https://a.de:80", false },
        { "https://a.de", "https://a.de/", false },
        { "https://a.de/", "https://a.de:443/", true },
        { "https://a.de?b", "https://a.de:443?b", true },
        { "http://a.de/", "http://a.de:80/", true },
        { "http://a.de/", "http://a.de:443/", false },
        { "http://a.de/", "https://a.de/", false },
        { "https://a.de:443/", "https://a.de/", true },
        { "https://a.de:443/", "https://a.de:443/", true },
        { "http://a.de:80/", "http://a.de/", true },
        { "https://a.de:8443/b", "https://a.de:8443/b", true },
        { "https://a.de:8443/b", "https://a.de/b", true },
        { "https://a.de:8443/b", "https://a.de:443/b", false },
        { "https://a.de/b:80", "https://a.de/b", false },
        { "https://a.de/b:80", "https://a.de:443/b:80", true },
        { "https://a.de/?c:80@d", "https://a.de:443/?c:80@d", true },
        { "https://a.de?c:80@d", "https://a.de:443?c:80@d", true },
        { "https://a.de:1?c:80@d", "https://a.de?c:80@d", true },
        { "https://u:1@a.de/", "https://u:1@a.de:443/", true },
        { "https://u:1@a.de:2/", "https://u:1@a.de/", true },
        { "https://u:1@a.de/", "https://u/", false },
        { "https://[::1]/", "https://[::1]/", true },
        { "https://[::1]/", "https://[::1]:443/", true },
        { "https://[::1]:8/", "https://[::1]/", true },
        { "https://u:p@[::1]:8/", "https://u:p@[::1]/", true },
        { "", "", true },
        { "https://", "https://", true },
        { "h", "h", true },
        { "https:", "https:", true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *signature = sign(TOKEN, rows[i].signed_url);
        if (twilio_webhook_valid(TOKEN, signature, rows[i].url, NULL) != rows[i].valid) {
            fail_msg("%s signed as %s", rows[i].url, rows[i].signed_url);
        }
    }
}

/* ---- What is forged ---------------------------------------------------------- */

static bool valid(const char *signature)
{
    return twilio_webhook_valid(TOKEN, signature, HTTPS, call);
}

static void other_signatures_are_not_valid(void **unused)
{
    (void)unused;
    char wrong[40];
    assert_true(valid(TRUE_SIGNATURE));
    for (size_t i = 0; i < strlen(TRUE_SIGNATURE); i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            strcpy(wrong, TRUE_SIGNATURE);
            wrong[i] = (char)(wrong[i] ^ 1 << bit);
            assert_false(valid(wrong));
        }
        strcpy(wrong, TRUE_SIGNATURE);
        wrong[i] = '\0';
        assert_false(valid(wrong));
    }
    assert_false(valid(NULL));
    assert_false(valid(""));
    assert_false(valid(TRUE_SIGNATURE "="));
    assert_false(valid(TRUE_SIGNATURE TRUE_SIGNATURE));
    assert_false(valid(" " TRUE_SIGNATURE));
    assert_false(valid("RSOYDt4T1cUTdK1PDd93_VVr8B8="));
    assert_false(valid("RSOYDt4T1cUTdK1PDd93/VVr8B9="));
    assert_false(valid("\xFF\xFE not Base64 at all \x01\x02\x03"));
    assert_false(valid("============================"));
}

static void nothing_else_is_signed_by_it(void **unused)
{
    (void)unused;
    char url[] = HTTPS, digits[] = "1234";
    struct twilio_param params[COUNT(call)];
    memcpy(params, call, sizeof call);
    params[2].value = digits;
    for (size_t i = 0; i < strlen(HTTPS); i++) {
        url[i] ^= 0x01;
        assert_false(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, url, call));
        url[i] ^= 0x01;
    }
    for (size_t i = 0; i < 4; i++) {
        digits[i] ^= 0x01;
        assert_false(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, HTTPS, params));
        digits[i] ^= 0x01;
    }
    assert_true(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, url, params));
    params[4].name = NULL;
    assert_false(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, HTTPS, params));
    assert_false(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, HTTPS, NULL));
    assert_false(twilio_webhook_valid(TOKEN, TRUE_SIGNATURE, NULL, call));
    assert_false(twilio_webhook_valid("12346", TRUE_SIGNATURE, HTTPS, call));
    assert_false(twilio_webhook_valid("123450", TRUE_SIGNATURE, HTTPS, call));
}

/* Who forgets to set the token must not believe those who know that. */
static void without_a_token_nothing_is_valid(void **unused)
{
    (void)unused;
    assert_false(twilio_webhook_valid("", sign("", HTTPS), HTTPS, NULL));
    assert_false(twilio_webhook_valid(NULL, sign("", HTTPS), HTTPS, NULL));
    assert_false(twilio_webhook_body_valid("", sign("", HTTPS), HTTPS, "", 0));
}

/* ---- Bodies ------------------------------------------------------------------ */

#define BODY      "{\"property\": \"value\", \"boolean\": true}"
#define BODY_HASH "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
#define NO_BODY   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define UPPER     "0A1FF7634D9AB3B95DB5C9A2DFE9416E41502B283A80C7CF19632632F96E6620"
#define SHORT     "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e662"
#define OTHER     "0b1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

static bool body_valid(const char *url, const void *body, size_t size)
{
    return twilio_webhook_body_valid(TOKEN, sign(TOKEN, url), url, body, size);
}

static void bodies_have_a_hash(void **unused)
{
    (void)unused;
    static const struct {
        const char *url;
        bool valid;
    } rows[] = {
        { HTTPS "&bodySHA256=" BODY_HASH, true },
        { "https://a.de/?bodySHA256=" BODY_HASH, true },
        { "https://a.de/?bodySHA256=" BODY_HASH "&c=d", true },
        { "https://a.de/?bodySHA256=" BODY_HASH "#c", true },
        { "https://a.de/?b&bodySHA256=" BODY_HASH "&bodySHA256=" OTHER, true },
        { "https://a.de/?b&bodySHA256=" OTHER "&bodySHA256=" BODY_HASH, false },
        { "https://a.de/?bodySHA256=" OTHER, false },
        { "https://a.de/?bodySHA256=" UPPER, false },
        { "https://a.de/?bodysha256=" BODY_HASH, false },
        { "https://a.de/?bodySHA256=" BODY_HASH "0", false },
        { "https://a.de/?bodySHA256=" SHORT, false },
        { "https://a.de/?bodySHA256=", false },
        { "https://a.de/?bodySHA256", false },
        { "https://a.de/?xbodySHA256=" BODY_HASH, false },
        { "https://a.de/?x=?bodySHA256=" BODY_HASH, false },
        { "https://a.de/bodySHA256=" BODY_HASH, false },
        { "https://a.de/#?bodySHA256=" BODY_HASH, false },
        { "https://a.de/?b#&bodySHA256=" BODY_HASH, false },
        { "https://a.de/?", false },
        { HTTPS, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (body_valid(rows[i].url, BODY, strlen(BODY)) != rows[i].valid) {
            fail_msg("%s", rows[i].url);
        }
    }
    /* from the tests of twilio-node */
    assert_true(twilio_webhook_body_valid(TOKEN, "a9nBmqA0ju/hNViExpshrM61xv4=",
                                          HTTPS "&bodySHA256=" BODY_HASH, BODY, strlen(BODY)));
    assert_true(twilio_webhook_body_valid(TOKEN, "y77kIzt2vzLz71DgmJGsen2scGs=",
                                          "https://mycompany.com/myapp.php?bodySHA256=" BODY_HASH,
                                          BODY, strlen(BODY)));
}

static void bodies_must_be_those(void **unused)
{
    (void)unused;
    static const char url[] = HTTPS "&bodySHA256=" BODY_HASH;
    char body[] = BODY;
    for (size_t i = 0; i < strlen(BODY); i++) {
        body[i] ^= 0x10;
        assert_false(body_valid(url, body, strlen(BODY)));
        body[i] ^= 0x10;
        assert_false(body_valid(url, body, i));
    }
    assert_true(body_valid(url, body, strlen(BODY)));
    assert_false(body_valid(url, body, sizeof body));
    assert_true(body_valid("https://a.de/?bodySHA256=" NO_BODY, "", 0));
    assert_true(body_valid("https://a.de/?bodySHA256=" NO_BODY, NULL, 0));
}

static void bodies_are_believed_only_with_a_signature(void **unused)
{
    (void)unused;
    static const char url[] = HTTPS "&bodySHA256=" BODY_HASH;
    assert_false(twilio_webhook_body_valid(TOKEN, sign("12346", url), url, BODY, strlen(BODY)));
    assert_false(twilio_webhook_body_valid(TOKEN, sign(TOKEN, HTTPS), url, BODY, strlen(BODY)));
    assert_false(twilio_webhook_body_valid(TOKEN, "", url, BODY, strlen(BODY)));
    assert_false(twilio_webhook_body_valid(TOKEN, NULL, url, BODY, strlen(BODY)));
    assert_false(twilio_webhook_body_valid(TOKEN, sign(TOKEN, url), NULL, BODY, strlen(BODY)));
}

/* See test_https.c for what TLS makes of a chain signed by SHA-1. */
static void mbedtls_knows_of_no_sha1(void **unused)
{
    (void)unused;
    assert_non_null(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256));
    assert_null(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_is_that_of_the_rfc), cmocka_unit_test(the_libraries_signatures_are_valid),
        cmocka_unit_test(any_length_is_hashed), cmocka_unit_test(any_order_will_do),
        cmocka_unit_test(parameters_are_sorted), cmocka_unit_test(there_may_be_64),
        cmocka_unit_test(ports_come_and_go), cmocka_unit_test(other_signatures_are_not_valid),
        cmocka_unit_test(nothing_else_is_signed_by_it), cmocka_unit_test(without_a_token_nothing_is_valid),
        cmocka_unit_test(bodies_have_a_hash), cmocka_unit_test(bodies_must_be_those),
        cmocka_unit_test(bodies_are_believed_only_with_a_signature),
        cmocka_unit_test(mbedtls_knows_of_no_sha1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
