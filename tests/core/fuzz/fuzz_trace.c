/*
 * fuzz_trace.c - an exchange, traced: it goes as without; shown is what was sent but for the login, and what
 * came but for the body; whatever the login is and the server sends, in pieces of any size
 *
 * Input: options, the call that fails, two octets of randomness; then user, secret, a text and what the
 * server sends, each but the last ended by \x1E.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_trace.h"

#include <string.h>

//@ fault trace.c: shown.anonymous = true; => ;
//@ fault trace.c: shown.params = NULL; => ;
//@ fault trace.c: shown.more.write = NULL; => ;
//@ fault trace.c: trace->state = trace->bodies && request != NULL && !request->anonymous ? SHOWN : AT_LINE; => trace->state = trace->bodies && request != NULL ? SHOWN : AT_LINE;
//@ fault trace.c: trace->state = trace->bodies && request != NULL && !request->anonymous ? SHOWN : AT_LINE; => trace->state = trace->bodies && (request == NULL || !request->anonymous) ? SHOWN : AT_LINE;
//@ fault trace.c: trace->state = trace->bodies && request != NULL && !request->anonymous ? SHOWN : AT_LINE; => trace->state = SHOWN;
//@ fault trace.c: for (; n < size && trace->state != HIDDEN; n++) { => for (; n < size && (n > 0 || trace->state != HIDDEN); n++) {
//@ fault trace.c: } else if (data[n] != '\r') { => } else {
//@ fault trace.c: offset += (size_t)n; => offset += (size_t)n; if (offset > 256) break;
//@ fault trace.c: show(trace, TWILIO_TRACE_RECEIVED, data, visible(trace, data, (size_t)n)); => show(trace, TWILIO_TRACE_RECEIVED, data, (size_t)n);
//@ fault trace.c: twilio_write_number(&sink, (uint32_t)n); => twilio_write_number(&sink, (uint32_t)size);
//@ fault trace.c: if (result >= 0 && request != NULL) { => if (result == 0 && request != NULL) {
//@ fault trace.c: show_event(trace, "closed"); => ;

#define TEXT_MAX 1600
#define WIRE     16384
#define SID      "AC0123456789abcdef0123456789abcdef"
#define MARK     "LogInMark"  /* each login has it, and nothing else */

enum option {
    HALTING = 1, KEPT = 2, LOGIN_IN_FORM = 4, BEARER = 8, BODIES = 16, UNKNOWN = 32, GET = 64, FAILS = 128
};

struct text {
    char   octets[WIRE];
    size_t size;
};

/* One exchange, and what was seen of it below the trace and above. */
struct world {
    const uint8_t *options, *answer;
    size_t   answer_size, given, taken, calls;
    uint32_t random;
    bool     open;
    struct text events, sent, received;        /* below */
    struct text told, request, visible;        /* above: the trace's */
    unsigned connects;
    size_t   told_sent, last_piece;
    int      result;
    uint16_t code;
};

static struct text image;

static void add(struct text *text, const void *octets, size_t size)
{
    must(text->size + size < WIRE, "it goes on for ever");
    memcpy(text->octets + text->size, octets, size);
    text->size += size;
    text->octets[text->size] = '\0';
}

static void must_equal(const struct text *is, const struct text *should)
{
    must(is->size == should->size && memcmp(is->octets, should->octets, is->size) == 0, "%s\nbut\n%s",
         is->octets, should->octets);
}

/* ---- Below --------------------------------------------------------------------------------------- */

static int fault(struct world *w)
{
    if ((w->options[0] & FAILS) != 0 && ++w->calls == w->options[1] + 1U) {
        return TWILIO_ERR_RESET;
    }
    return (w->options[0] & HALTING) != 0 && fuzz_random(&w->random) % 2 == 0 ? TWILIO_AGAIN : 0;
}

static size_t piece(struct world *w, size_t size)
{
    return (w->options[0] & HALTING) != 0 ? 1 + fuzz_random(&w->random) % size : size;
}

static int below_connect(void *context, const char *host)
{
    struct world *w = context;
    int e = fault(w);
    bool kept = w->connects == 0 && (w->options[0] & KEPT) != 0;

    must(strcmp(host, "api.twilio.com") == 0, "connected to %s", host);
    if (e == TWILIO_AGAIN) {
        return e;
    }
    add(&w->events, e < 0 ? "f" : kept ? "k" : "n", 1);
    if (e < 0) {
        return e;
    }
    w->connects++;
    w->taken = w->given = 0;
    w->received.size = w->visible.size = 0;
    w->open = true;
    return kept ? TWILIO_KEPT : TWILIO_OK;
}

static int below_send(void *context, const void *data, size_t size)
{
    struct world *w = context;
    int e = fault(w);

    if (e != 0) {
        return e;
    }
    size = piece(w, size);
    must(w->taken + size <= image.size, "more than the request");
    must(memcmp(data, image.octets + w->taken, size) == 0, "another request");
    w->taken += size;
    add(&w->sent, data, size);
    return (int)size;
}

static int below_recv(void *context, void *data, size_t size)
{
    struct world *w = context;
    int e = fault(w);
    size_t left = w->answer_size - w->given;

    if (e != 0 || left == 0) {
        return e;
    }
    size = piece(w, size < left ? size : left);
    memcpy(data, w->answer + w->given, size);
    w->given += size;
    add(&w->received, data, size);
    return (int)size;
}

static void below_close(void *context)
{
    struct world *w = context;

    w->open = false;
    add(&w->events, "c", 1);
}

/* ---- Above --------------------------------------------------------------------------------------- */

static void show(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    struct world *w = context;
    char *copy = malloc(size + 1);

    must(copy != NULL && size > 0, "nothing is shown");
    memcpy(copy, text, size);
    copy[size] = '\0';
    switch (kind) {
    case TWILIO_TRACE_CONNECT:
        must(strcmp(copy, "new") == 0 || strcmp(copy, "kept") == 0 || strcmp(copy, "failed") == 0
             || strcmp(copy, "closed") == 0, "event %s", copy);
        add(&w->told, copy, 1);
        w->last_piece = 64;
        break;
    case TWILIO_TRACE_REQUEST:
        must(size <= 64 && w->last_piece == 64, "%zu octets after %zu", size, w->last_piece);
        w->last_piece = size;
        add(&w->request, copy, size);
        break;
    case TWILIO_TRACE_SENT:
        must(strspn(copy, "0123456789") == size, "sent: %s", copy);
        w->told_sent += strtoul(copy, NULL, 10);
        break;
    case TWILIO_TRACE_RECEIVED:
    default:
        add(&w->visible, copy, size);
        break;
    }
    free(copy);
}

/* ---- What is to be seen -------------------------------------------------------------------------- */

static const char *find(const char *text, const char *word)
{
    const char *at = strstr(text, word);

    must(at != NULL, "no %s in %s", word, text);
    return at;
}

/* Of the request as it is sent, what may be shown. */
static void add_shown(struct text *shown, unsigned options)
{
    const char *head = image.octets, *from, *to;

    if ((options & LOGIN_IN_FORM) == 0) {  /* without a line */
        from = find(head, "\r\nAuthorization: ");
        to = find(from + 2, "\r\n");
        add(shown, head, (size_t)(from - head));
        add(shown, to, image.size - (size_t)(to - head));
    } else if ((options & GET) != 0) {     /* without a query */
        from = find(head, "?");
        to = find(from, " HTTP/1.1\r\n");
        add(shown, head, (size_t)(from - head));
        add(shown, to, image.size - (size_t)(to - head));
    } else {                               /* without a form */
        from = find(head, "\r\nContent-Type: ");
        add(shown, head, (size_t)(from - head));
        add(shown, "\r\nContent-Length: 0\r\n\r\n", 23);
    }
}

/* How much of the answer is head: up to an empty line, however its end is written. */
static size_t head_size(const char *octets, size_t size)
{
    size_t line = 0, at = 0;

    while (at < size) {
        const char *end = memchr(octets + at, '\n', size - at);
        if (end == NULL) {
            return size;
        }
        line = at;
        at = (size_t)(end - octets) + 1;
        if (strspn(octets + line, "\r") == at - 1 - line) {
            return at;
        }
    }
    return size;
}

static void check_shown(struct world *w, unsigned options)
{
    static struct text shown;

    shown.size = 0;
    add(&shown, "", 0);
    for (unsigned i = 0; i < w->connects && (options & UNKNOWN) == 0; i++) {
        add_shown(&shown, options);
    }
    must_equal(&w->request, &shown);
    must(strstr(w->request.octets, MARK) == NULL, "the login is shown: %s", w->request.octets);
    must_equal(&w->told, &w->events);
    must(w->told_sent == w->sent.size, "%zu octets were sent, not %zu", w->sent.size, w->told_sent);
    if ((options & BODIES) == 0 || (options & (UNKNOWN | LOGIN_IN_FORM)) != 0) {
        w->received.octets[w->received.size] = '\0';
        w->received.size = head_size(w->received.octets, w->received.size);
    }
    must(w->visible.size == w->received.size, "%zu octets of answer, but %zu", w->visible.size,
         w->received.size);
    must(memcmp(w->visible.octets, w->received.octets, w->visible.size) == 0, "another answer");
}

/* ---- Exchanges ----------------------------------------------------------------------------------- */

static void carry_out(struct world *w, const struct twilio_request *request, bool traced)
{
    static char scratch[256];
    struct twilio_transport below = { below_connect, below_send, below_recv, below_close, w };
    struct twilio_trace trace = { .below = &below, .show = show, .context = w,
                                  .request = (w->options[0] & UNKNOWN) != 0 ? NULL : request,
                                  .bodies = (w->options[0] & BODIES) != 0 };
    struct twilio_transport above = twilio_trace_transport(&trace);
    struct twilio_exchange exchange = { .request = request, .transport = traced ? &above : &below,
                                        .scratch = scratch, .scratch_size = sizeof scratch };
    unsigned patience = 100000;

    must(twilio_exchange_begin(&exchange) == TWILIO_OK, "begin");
    do {
        w->result = twilio_exchange_step(&exchange);
        must(--patience > 0, "it goes on for ever");
    } while (w->result == TWILIO_AGAIN);
    w->code = exchange.response.code;
}

/* The next text of the input behind what is there, ended; what follows it. */
static const uint8_t *next_text(char *text, const char *mark, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *stop = at < end ? memchr(at, 0x1E, (size_t)(end - at)) : NULL;
    size_t size = stop != NULL ? (size_t)(stop - at) : 0, begun = strlen(mark);

    memcpy(text, mark, begun);
    memcpy(text + begun, at, size);
    text[begun + size] = '\0';
    return stop != NULL ? stop + 1 : at;
}

static void clear(struct world *w, const uint8_t *data)
{
    memset(w, 0, offsetof(struct world, events));
    for (struct text *text = &w->events; text <= &w->visible; text++) {
        text->size = 0;
        text->octets[0] = '\0';
    }
    w->connects = 0;
    w->told_sent = w->last_piece = 0;
    w->options = data;
    w->random = 1 + data[2] + data[3] * 256U;
}

/* A further parameter by a generator, of which the trace knows no more than that it is there */
static int write_more(struct twilio_sink *sink, const void *source)
{
    twilio_write_param(sink, "more", source);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char user[TEXT_MAX], secret[TEXT_MAX], text[TEXT_MAX];
    static struct world plain, traced;
    const uint8_t *at = data + 4, *end = data + size;
    struct twilio_account account = { .sid = SID, .key = user, .secret = secret };
    struct twilio_param params[] = { { "client_secret", secret }, { "Body", text }, { NULL, NULL } };
    struct twilio_request request = { .account = &account, .resource = "Messages.json", .params = params };
    int n;

    if (size < 4 || size > TEXT_MAX - 20) {
        return 0;
    }
    at = next_text(user, MARK, at, end);
    at = next_text(secret, MARK, at, end);
    at = next_text(text, "", at, end);
    account.bearer = (data[0] & BEARER) != 0 ? secret : NULL;
    request.method = (data[0] & GET) != 0 ? TWILIO_GET : TWILIO_POST;
    request.anonymous = (data[0] & LOGIN_IN_FORM) != 0;
    if (request.anonymous) {
        request.more = (struct twilio_generator){ write_more, user };
    } else {
        params[0].value = "0";
    }
    n = twilio_encode(&request, 0, image.octets, WIRE - 1);
    if (n < 0 || n >= WIRE / 3 || strstr(text, MARK) != NULL) {
        return 0;
    }
    image.size = (size_t)n;
    image.octets[n] = '\0';
    for (unsigned i = 0; i < 2; i++) {
        struct world *w = i == 0 ? &plain : &traced;
        clear(w, data);
        w->answer = at;
        w->answer_size = (size_t)(end - at);
        carry_out(w, &request, i == 1);
    }
    must(plain.result == traced.result, "%d and %d", plain.result, traced.result);
    must(plain.code == traced.code, "%u and %u", plain.code, traced.code);
    must_equal(&traced.events, &plain.events);
    must_equal(&traced.sent, &plain.sent);
    check_shown(&traced, data[0]);
    return 0;
}

#define LOGIN "key\x1E" "secret\x1E" "Hello\x1E"

const struct seed seeds[] = {
    SEED(LOGIN "HTTP/1.1 201 CREATED\r\nContent-Length: 5\r\n\r\nhello"),
    SEED(LOGIN "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"auth_token\":\"x\"}"),
    SEED(LOGIN "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\r\n0\r\n\r\n"),
    SEED(LOGIN "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n"), SEED(LOGIN "HTTP/1.1 200 OK\n\nbody"),
    SEED(LOGIN "\r\nbody"), SEED(LOGIN "HTTP/1.1 200 O"),
    SEED("k\xC3\xA9\x1E" "s:s\x1E\x1EHTTP/1.1 200 OK\r\n X: y\r\n\r\n"),
    SEED("k\x1Es\x1E" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "\x1EHTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\x1E"), SEED("\r\n"), SEED("\r\n\r\n"), SEED("\n\n"), SEED("\r"), SEED("\n\r\r\n"),
    SEED("HTTP/1.1 200 OK\r\n"),
    SEED("Content-Length: 5\r\n"), SEED("Transfer-Encoding: chunked\r\n"), SEED("Connection: close\r\n"),
    SEED("0\r\n\r\n"),
    SEED("Authorization: "), SEED("\r\nAuthorization: Basic x"), SEED("?"), SEED("&"), SEED("%"), SEED("="),
    SEED("\xFF"),
    SEED("HTTP/1.1 103 x\r\n\r\n"), SEED(" HTTP/1.1\r\n"), SEED("\0"),
    SEED("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    { NULL, 0 }
};
