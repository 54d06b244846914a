/*
 * fuzz_response.c - any bytes as an answer: read whole and read in pieces, it is the same answer
 *
 * Input: options, window size, two bytes of randomness for the pieces; then what the peer sends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio.h"

#include <string.h>

#define WINDOW_MAX 64
#define BODY_MAX   4096

struct outcome {
    struct twilio_response response;
    struct twilio_field fields[4];
    char   reason[9], x[5], date[32];
    char   window[WINDOW_MAX + 1];
    char   body[BODY_MAX];
    size_t body_size, consumed;
};

static void take_window(struct outcome *o)
{
    struct twilio_response *r = &o->response;

    must(r->body_length <= r->body_size || r->body == NULL, "window of %zu", r->body_length);
    must(r->status != TWILIO_FULL || r->body_length == r->body_size, "full with %zu", r->body_length);
    must(o->body_size + r->body_length <= BODY_MAX, "more body than there was input");
    if (r->body != NULL) {
        memcpy(o->body + o->body_size, r->body, r->body_length);
        o->body_size += r->body_length;
    }
    r->body_length = 0;
    must(o->window[WINDOW_MAX] == 'C', "canary");
}

/* pieces_seed 0: whole */
static void read_answer(struct outcome *o, const uint8_t *data, size_t size, uint32_t pieces_seed)
{
    struct twilio_response *r = &o->response;
    size_t window = data[1] % (WINDOW_MAX + 1), left = size - 4;

    memset(o, 0, sizeof *o);
    memset(o->reason, 'C', offsetof(struct outcome, body) - offsetof(struct outcome, reason));
    o->fields[0] = (struct twilio_field)TWILIO_FIELD(":reason", o->reason);
    o->fields[1] = (struct twilio_field)TWILIO_FIELD("x", o->x);
    o->fields[2] = (struct twilio_field)TWILIO_FIELD("Date", o->date);
    r->method = (enum twilio_method)(data[0] % 5);
    r->headers = (data[0] & 64) != 0 ? NULL : o->fields;
    r->body = window > 0 ? o->window : NULL;
    r->body_size = window;
    must(twilio_response_begin(r) == TWILIO_OK, "begin");

    for (data += 4; left > 0 && r->status >= TWILIO_AGAIN && r->status != TWILIO_OK;) {
        size_t piece = pieces_seed == 0 ? left : 1 + fuzz_random(&pieces_seed) % (left < 8 ? left : 8);
        uint8_t *copy = malloc(piece);
        int n;

        must(copy != NULL, "memory");
        memcpy(copy, data, piece);
        n = twilio_response_feed(r, copy, piece);
        free(copy);
        must(n < 0 ? n == r->status : (size_t)n <= piece, "%d of %zu", n, piece);
        must(n < 0 || r->status != TWILIO_AGAIN || (size_t)n == piece, "%d of %zu", n, piece);
        take_window(o);
        data += n < 0 ? 0 : n;
        left -= n < 0 ? 0 : (size_t)n;
    }
    o->consumed = size - 4 - left;
}

static void check_fields(const struct outcome *o)
{
    for (const struct twilio_field *f = o->fields; f->name != NULL; f++) {
        must(memchr(f->text, '\0', f->size) != NULL, "%s is not ended", f->name);
    }
}

static void compare(const struct outcome *a, const struct outcome *b)
{
    size_t common = a->body_size < b->body_size ? a->body_size : b->body_size;

    must(a->response.status == b->response.status, "%d and %d", a->response.status, b->response.status);
    must(memcmp(a->body, b->body, common) == 0, "bodies");
    if (a->response.status >= TWILIO_AGAIN) {  /* before an error, some may not have got through */
        must(a->response.code == b->response.code, "%u and %u", a->response.code, b->response.code);
        must(a->response.body_total == b->response.body_total, "totals");
        must(a->response.body == NULL || a->body_size == a->response.body_total, "all of the body");
        must(a->body_size == b->body_size && a->consumed == b->consumed, "sizes");
        must(a->response.reusable == b->response.reusable, "reusable");
        for (size_t i = 0; i < 3 && a->response.headers != NULL; i++) {
            must(a->fields[i].type == b->fields[i].type && a->fields[i].length == b->fields[i].length,
                "fields");
            must(strcmp(a->fields[i].text, b->fields[i].text) == 0, "%s: %s", a->fields[i].text,
                b->fields[i].text);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole, split;

    if (size < 4 || size - 4 > BODY_MAX) {
        return 0;
    }
    read_answer(&whole, data, size, 0);
    read_answer(&split, data, size, 1 + data[2] + data[3] * 256U);
    if ((data[0] & 128) != 0) {
        twilio_response_feed(&whole.response, NULL, 0);
        twilio_response_feed(&split.response, NULL, 0);
        must(whole.response.status != TWILIO_AGAIN, "closed, and yet it wants more");
    }
    if ((data[0] & 64) == 0) {
        check_fields(&whole);
        check_fields(&split);
    }
    compare(&whole, &split);
    return 0;
}

#define OK "HTTP/1.1 200 OK\r\n"

const struct seed seeds[] = {
    SEED(OK "Content-Length: 5\r\n\r\nhello"),
    SEED("HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: abc\r\nContent-Length: 12\r\n"
         "Connection: keep-alive\r\n\r\n{\"sid\":\"SM\"}"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;a=\"b\"\r\n0123456789\r\n"
         "0\r\nX: trailer\r\n\r\n"),
    SEED("HTTP/1.1 100 Continue\r\n\r\n" OK "X: caf\xC3\xA9\r\n folded\r\nContent-Length: 2\r\n\r\nhi"),
    SEED("HTTP/1.0 404 Not Found\r\nConnection: x, keep-alive\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1"),
    SEED("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
    SEED(OK "Content-Type: text/plain\r\n\r\nuntil it ends"),
    SEED("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nno"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\r\n"), SEED("\r"), SEED("\n"), SEED("\r\n\r\n"), SEED(": "), SEED(" "), SEED("\t"), SEED(","),
    SEED(";"), SEED("0"), SEED("FFFFFFFF"), SEED("100000000"), SEED("4294967295"),
    SEED("99999999999999999999"), SEED("\""), SEED("Content-Length: 5\r\n"),
    SEED("Transfer-Encoding: chunked\r\n"), SEED("Connection: close\r\n"), SEED("chunked"), SEED("close"),
    SEED("keep-alive"), SEED("0\r\n\r\n"), SEED("5\r\nhello\r\n"), SEED("X: y\r\n"),
    SEED("HTTP/1.1 200 OK\r\n"), SEED("HTTP/1.1 101 x\r\n\r\n"), SEED("\r\n "), SEED("\xC3\xA9"), SEED("\0"),
    SEED("\xF0\x9F\x91\x8D"), SEED("HTTP/1.1 100 x\r\n\r\n"),
    { NULL, 0 }
};
