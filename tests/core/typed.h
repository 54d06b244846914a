/*
 * typed.h - what the tests of messages and calls have in common: a request goes out, or is refused
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TYPED_H
#define TYPED_H

#include "check.h"

#define HEX32 "0123456789abcdef0123456789ABCDEF"
#define SID   "AC0123456789abcdef0123456789abcdef"  /* that of the recorded requests */

static const struct twilio_account account = { .sid = SID, .secret = "secret" };
static const struct twilio_account latin1 = { .sid = SID, .secret = "secret", .latin1 = true };

/* All that a helper sets holds something before: nothing of it may survive. */
static struct twilio_request used(const struct twilio_account *of)
{
    return (struct twilio_request){
        .account = of, .method = TWILIO_PUT, .anonymous = true, .product = "other", .resource = "{}",
        .item = "item", .params = TWILIO_PARAMS({ "Old", "1" }), .more = { twilio_url, "nothing" },
    };
}

static char wire[100000];

/* What goes out begins with this line, which is followed by the account's login, and ends with this form;
 * NULL: without one, and without its headers. */
static void sends(const char *row, const struct twilio_request *request, const char *line, const char *form)
{
    char header[64], start[256];
    int e = twilio_request_check(request), size = twilio_encode(request, 0, wire, sizeof wire - 1);
    const char *body;

    check(e == TWILIO_OK && size > 0, "%s: %d, %d", row, e, size);
    wire[size] = '\0';
    body = strstr(wire, "\r\n\r\n");
    assert_non_null(body);
    snprintf(start, sizeof start, "%s HTTP/1.1\r\nHost: api.twilio.com\r\nAuthorization: Basic QUMw", line);
    check(strncmp(wire, start, strlen(start)) == 0, "%s: %.200s\nnot\n%s", row, wire, start);
    check(strcmp(body + 4, form != NULL ? form : "") == 0, "%s:\n%s\nnot\n%s", row, body + 4, form);
    snprintf(header, sizeof header, "\r\nContent-Length: %zu\r\n\r\n", form != NULL ? strlen(form) : 0);
    check((strstr(wire, header) != NULL) == (form != NULL), "%s: %s", row, wire);
    check((strstr(wire, "Content-Length") != NULL) == (form != NULL), "%s: %s", row, wire);
    for (int i = 0; i <= size; i += size < 1000 ? 1 : 499) {
        char piece[7];
        int expected = (int)smaller(sizeof piece, (size_t)(size - i));

        check(twilio_encode(request, (size_t)i, piece, sizeof piece) == expected
                  && memcmp(piece, wire + i, (size_t)expected) == 0, "%s: at %d", row, i);
    }
}

/* The mistake is told by everything that looks at the request, and nothing of it is written in any window. */
static void refuses(const char *row, const struct twilio_request *request, int mistake)
{
    static const size_t offsets[] = { 0, 1, 100, 300, 5000, SIZE_MAX - 5000 };
    static const struct twilio_transport transport;
    char scratch[TWILIO_SCRATCH_MIN];
    struct twilio_exchange exchange = {
        .request = request, .transport = &transport, .scratch = scratch, .scratch_size = sizeof scratch,
    };
    int e = twilio_request_check(request);

    check(e == mistake, "%s: %d, not %d", row, e, mistake);
    memset(wire, CANARY, 1000);
    for (size_t i = 0; i < COUNT(offsets); i++) {
        for (size_t size = 0; size <= 1000; size += size == 1 ? 999 : 1) {
            check(twilio_encode(request, offsets[i], wire, size) == mistake, "%s: %zu octets", row, size);
        }
    }
    check(twilio_encode(request, 0, NULL, 0) == mistake, "%s: without a window", row);
    check(untouched(wire, 1000), "%s: something is written", row);
    check(twilio_host(request, wire, 1000) == mistake, "%s: as a host", row);
    check(twilio_exchange_begin(&exchange) == mistake, "%s: in an exchange", row);
    check(twilio_exchange_step(&exchange) == mistake && !exchange.committed, "%s: in a step", row);
}

/* count characters, each the same, in a text that lasts until the next but one. */
static const char *repeated(const char *character, size_t count)
{
    static char texts[2][100000];
    static unsigned turn;
    char *text = texts[turn++ % 2], *at = text;

    while (count-- > 0) {
        at = strcpy(at, character) + strlen(character);
    }
    *at = '\0';
    return text;
}

/* ---- Requests recorded from Twilio's own libraries ------------------------------------------------ */

enum verdict { MUST_MATCH, POLICY, DIFFERS, SAME_PAIRS };

struct vector {
    const char *id, *client;
    enum verdict verdict;
    enum twilio_method method;
    const char *resource, *sid, *key, *secret, *version, *edge, *region;
    struct twilio_param params[8];
    const char *target, *host, *authorization, *content_type, *content_length, *body;
    struct twilio_param pairs[8];
};

#include "vectors.h"

/* What its caller gave under that name; NULL: nothing. */
static const char *given(const struct vector *vector, const char *name)
{
    for (const struct twilio_param *param = vector->params; param->name != NULL; param++) {
        if (strcmp(param->name, name) == 0) {
            return param->value;
        }
    }
    return NULL;
}

/* The recorded text with each of these replaced. */
static const char *replaced(const char *text, char octet, const char *by)
{
    static char out[4096];
    char *at = out;

    for (; *text != '\0'; text++) {
        if (*text == octet) {
            at = strcpy(at, by) + strlen(by);
        } else {
            *at++ = *text;
        }
    }
    *at = '\0';
    return out;
}

#endif
