/*
 * fuzz_exchange.c - any behaviour of a transport: what it is offered are the request's octets in order, each
 * connection is closed once, committed says whether the last octet went, and the answer is what a reader
 * makes of the octets alone
 *
 * Input: options, the scratch, the window, one octet not used; then what happens, call after call: an octet
 * that says what the transport does, and for what arrives its octets, after their number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio.h"

#include <stdbool.h>
#include <string.h>

//@ fault exchange.c: x->committed = true; => ;
//@ fault exchange.c: if (x->kept && receive(x) != TWILIO_AGAIN) { => if (x->kept && receive(x) == 0) {
//@ fault exchange.c: if (r->reusable && x->used == x->have) { => if (r->reusable) {
//@ fault exchange.c: if (r->reusable && x->used == x->have) { => if (x->used == x->have) {
//@ fault exchange.c: if (n < 0 && x->kept) {  /* it died before anything was committed on it: a new one */ => if (0) {
//@ fault exchange.c: x->sent += (size_t)n; => x->sent += (size_t)n + (n > 200);
//@ fault exchange.c: x->sent = 0; => ;
//@ fault exchange.c: x->used += (size_t)n; => x->used = x->have;
//@ fault exchange.c: memset(x->scratch, 0, x->scratch_size); => memset(x->scratch, 0, x->scratch_size / 2);
//@ fault exchange.c: return r->status == TWILIO_FULL ? TWILIO_FULL : TWILIO_OK; => return TWILIO_OK;

#define WINDOW 40
#define MOST   4096

struct line {
    const uint8_t *at, *end;
    struct twilio_exchange x;
    char   wire[1024], scratch[TWILIO_SCRATCH_MIN + 256], window[WINDOW];
    size_t wire_size;

    bool   open, asking;       /* a connection, or an attempt at one; connect is to be called */
    bool   is_new, is_kept;
    bool   lost;               /* that one is no good any more: nothing may be asked of it but close */
    size_t taken, offered;     /* of the request, by this connection; offered again after AGAIN */
    bool   all_taken;          /* by some connection */
    unsigned calls, connections, closed, reopened;
    int    failed;             /* what the transport said last, if it was an error */

    char   answer[MOST], body[MOST];
    size_t answer_size, body_size;
    bool   ended;              /* the peer closed, after all was sent */
};

static unsigned next_octet(struct line *l)
{
    return l->at < l->end ? *l->at++ : 0xFF;
}

/* Errors of transports, one for each octet */
static int an_error(unsigned octet)
{
    return TWILIO_ERR_RESET - (int)(octet % 17);
}

static int fails(struct line *l, int e)
{
    l->lost = true;
    return l->failed = e;
}

/* Half of what is done goes well, so that something comes of it. */
static int connect_(void *context, const char *host)
{
    struct line *l = context;
    unsigned what = next_octet(l);

    l->calls++;
    must(strcmp(host, "api.twilio.com") == 0, "%s", host);
    must(!l->lost && l->taken == 0, "after an error");
    must(!l->open || l->asking, "connected already");
    l->connections += !l->open;
    l->open = l->asking = true;
    if (what % 8 == 0 && l->at < l->end) {
        return TWILIO_AGAIN;
    }
    if (what % 8 == 1) {
        return fails(l, an_error(what));
    }
    l->asking = false;
    l->is_kept = what % 8 < 5 && l->reopened == 0;
    l->is_new = !l->is_kept;
    return l->is_kept ? TWILIO_KEPT : TWILIO_OK;
}

static int send_(void *context, const void *data, size_t size)
{
    struct line *l = context;
    unsigned what = next_octet(l);
    size_t n = 1 + what / 8 * 8 % size;

    l->calls++;
    must(l->open && !l->asking && !l->lost, "not connected");
    must(size > 0 && size <= l->x.scratch_size, "%zu octets", size);
    must(l->taken + size <= l->wire_size, "more than the request");
    must(memcmp(l->wire + l->taken, data, size) == 0, "other octets at %zu", l->taken);
    must(!l->x.committed, "committed, with more to send");
    if (what % 8 == 0 && l->at < l->end) {
        return TWILIO_AGAIN;
    }
    if (what % 8 == 1) {
        return fails(l, an_error(what));
    }
    n = what % 8 < 6 ? size : n;
    l->taken += n;
    l->all_taken = l->all_taken || l->taken == l->wire_size;
    return (int)n;
}

static int recv_(void *context, void *data, size_t size)
{
    struct line *l = context;
    unsigned what = next_octet(l);
    size_t n = 0;
    bool early = l->taken < l->wire_size;

    l->calls++;
    must(l->open && !l->asking && !l->lost && !l->ended, "not connected");
    must(size > 0, "into nothing");
    must(!early || (l->is_kept && l->taken == 0), "before all was sent");
    if (early ? what % 4 != 0 : what < 8 && l->at < l->end) {
        return TWILIO_AGAIN;
    }
    if (what % 8 == 1) {
        return fails(l, an_error(what));
    }
    for (what /= 8; n < size && n <= what && l->at < l->end && l->answer_size < MOST; n++) {
        ((uint8_t *)data)[n] = *l->at++;
        if (!early) {
            l->answer[l->answer_size++] = ((char *)data)[n];
        }
    }
    l->ended = n == 0 && !early;
    l->lost = early;
    return (int)n;
}

static void close_(void *context)
{
    struct line *l = context;

    must(l->open, "closed twice");
    l->reopened += l->is_kept && !l->all_taken;
    l->open = l->asking = l->is_new = l->is_kept = l->lost = false;
    l->taken = 0;
    l->closed++;
}

static void take_window(struct line *l)
{
    struct twilio_response *r = &l->x.response;

    if (r->body != NULL) {
        must(r->body_length <= WINDOW && l->body_size + r->body_length <= MOST, "%zu", r->body_length);
        memcpy(l->body + l->body_size, r->body, r->body_length);
        l->body_size += r->body_length;
        r->body_length = 0;
    }
}

/* ---- What the answer is, read alone ------------------------------------------------------------- */

static void check_answer(const struct line *l)
{
    static char body[MOST];
    struct twilio_response r = { .method = l->x.request->method, .body = body, .body_size = sizeof body };
    int n;

    must(twilio_response_begin(&r) == TWILIO_OK, "begin");
    n = twilio_response_feed(&r, l->answer, l->answer_size);
    if (l->answer_size == 0) {
        r.status = TWILIO_AGAIN;
    }
    if (r.status == TWILIO_AGAIN && l->ended) {
        twilio_response_feed(&r, NULL, 0);
    }
    if (r.status == TWILIO_AGAIN) {
        must(l->x.response.status == l->failed, "%d, but %d", l->x.response.status, l->failed);
    } else {
        must(l->x.response.status == r.status, "%d, but %d", l->x.response.status, r.status);
    }
    if (r.status == TWILIO_OK) {
        bool more = n >= 0 && (size_t)n < l->answer_size;
        must(l->x.response.code == r.code, "code %u", l->x.response.code);
        must(l->x.response.body_total == r.body_total, "%u octets", (unsigned)l->x.response.body_total);
        must(l->x.response.body == NULL
             || (l->body_size == r.body_length && memcmp(l->body, body, r.body_length) == 0), "body");
        must(l->open == (r.reusable && !more), "%d, but %d", l->open, r.reusable);
    } else {
        must(!l->open, "left open");
    }
}

static void check_end(struct line *l, int result)
{
    must(result == l->x.response.status && result != TWILIO_AGAIN && result != TWILIO_FULL, "%d", result);
    must(l->x.committed == l->all_taken, "committed: %d", l->x.committed);
    must(l->connections == l->closed + l->open, "%u connections, %u closed", l->connections, l->closed);
    must(l->reopened <= 1 && l->connections <= 2, "%u connections", l->connections);
    must(l->reopened == 0 || l->connections == 2 || result == TWILIO_ERR_TIMEOUT, "it was not replaced");
    for (size_t i = 0; i < l->x.scratch_size; i++) {
        must(l->scratch[i] == 0, "not wiped at %zu", i);
    }
    must(l->scratch[l->x.scratch_size] == 'C', "beyond the scratch");
    if (l->x.committed) {
        check_answer(l);
    } else {
        must(result == l->failed || result == TWILIO_ERR_CLOSED, "%d, but %d", result, l->failed);
        must(!l->open, "left open");
    }
    must(twilio_exchange_step(&l->x) == result, "it goes on");
}

/* ---- The target --------------------------------------------------------------------------------- */

static int run(struct line *l, unsigned patience)
{
    unsigned before;
    int result;

    do {
        before = l->calls;
        result = twilio_exchange_step(&l->x);
        must(result != TWILIO_AGAIN || l->calls > before, "it waits for nothing");
        must(l->calls - before <= 3 * MOST, "%u calls", l->calls - before);
        must(l->x.committed == l->all_taken, "committed: %d", l->x.committed);
        take_window(l);
        if (result == TWILIO_AGAIN && patience-- == 0) {
            twilio_exchange_abort(&l->x, l->failed = TWILIO_ERR_TIMEOUT);
        }
    } while (result == TWILIO_AGAIN || result == TWILIO_FULL);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct twilio_account account = { .sid = "AC1", .secret = "secret" };
    static const struct twilio_param params[] = { { "To", "+15558675310" }, { "Body", "Fire & smoke" },
                                                  { NULL, NULL } };
    static struct line l;
    const struct twilio_transport transport = { connect_, send_, recv_, close_, &l };
    struct twilio_request request = { .account = &account, .resource = "Messages.json", .params = params };

    if (size < 4 || size > 2048) {
        return 0;
    }
    memset(&l, 0, sizeof l);
    memset(l.scratch, 'C', sizeof l.scratch);
    l.at = data + 4;
    l.end = data + size;
    request.method = (enum twilio_method)(data[0] % 6);
    l.x = (struct twilio_exchange){ .request = &request, .transport = &transport, .scratch = l.scratch,
                                    .scratch_size = TWILIO_SCRATCH_MIN + data[1] };
    l.x.response.body_size = data[2] % (WINDOW + 1);
    l.x.response.body = l.x.response.body_size > 0 ? l.window : NULL;
    l.wire_size = (size_t)twilio_encode(&request, 0, l.wire, sizeof l.wire);
    must(twilio_exchange_begin(&l.x) == TWILIO_OK && l.calls == 0, "begin");
    check_end(&l, run(&l, (data[0] & 128) != 0 ? data[3] : UINT32_MAX));
    return 0;
}

#define NEW  "\7"  /* the connection is new */
#define KEPT "\2\1"
#define SENT "\2\2\2\2\2"
#define OK   "HTTP/1.1 200 OK\r\n"
#define PART "\xFA"  /* 32 octets arrive, or what there is */
#define SIZE PART OK "Content-Length:" PART

const struct seed seeds[] = {
    SEED(NEW SENT SIZE "5\r\n\r\nhello"), SEED(NEW SENT SIZE "2\r\n\r\nhi" OK),
    SEED(KEPT SENT PART "HTTP/1.1 201 Created\r\nContent-Le" PART "ngth: 2\r\n\r\n{}"),
    SEED("\2\2" NEW SENT PART OK "Transfer-Encodi" PART "ng: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    SEED(KEPT "\2\1" NEW SENT PART OK "\r\nuntil it ends"),
    SEED("\0\0\7\0\6\16\26\2\2\2\2\2\2\0" PART "HTTP/1.0 404 Not Found\r\nContent-Le"
         PART "ngth: 3\r\n\r\nabcHTTP"),
    SEED(NEW SENT SIZE "62\r\n\r\nhello, hello, hello, hello" PART ", hello, hello, hello, hello, he"
         PART "llo!"),
    SEED(NEW SENT PART OK "Connection: clo" PART "se\r\nContent-Length: 0\r\n\r\n"),
    SEED(KEPT "\1" NEW SENT SIZE "0\r\n\r\n"), SEED("\2\4x" NEW SENT SIZE "0\r\n\r\n"),
    SEED("\2\374x" NEW SENT SIZE "0\r\n\r\n"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\0"), SEED("\1"), SEED("\2"), SEED("\7"), SEED(SENT), SEED("\xFA"), SEED("\x0A"),
    SEED("\x09"), SEED("\x08"),
    SEED("\r\n"), SEED("\r\n\r\n"), SEED(OK), SEED("Content-Length: 5\r\n\r\n"),
    SEED("Connection: close\r\n"),
    SEED("Transfer-Encoding: chunked\r\n\r\n"), SEED("0\r\n\r\n"), SEED("5\r\nhello\r\n"), SEED("hello"),
    SEED("HTTP/1.1 100 Continue\r\n\r\n"), SEED("HTTP/1.1 204 x\r\n\r\n"), SEED("\x7A"), SEED("\4\4"),
    SEED("\2\4"),
    { NULL, 0 }
};
