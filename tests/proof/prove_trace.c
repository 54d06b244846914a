/*
 * prove_trace.c - the trace: what is shown of any exchange, and that no login is
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state, request and transport; answers in pieces of up to 1,023 octets
//@ texts 1023
//@ unwind 11
//@ loop trace.c: while (text[size] != '\0') {
//@     invariant size <= LEFT(text)
//@     decreases LEFT(text) - size
//@     changes size
//@ loop trace.c: while ((n = twilio_encode(&shown, offset, piece, sizeof piece)) > 0) {
//@     invariant offset == encoded && offset <= the_size && !is_mistake && IS_WITHOUT_LOGIN(&shown)
//@     invariant IS_TOLD(events == 1 && left == 0) && received == 0 && calls == 1 && the_trace.state == state_to_be
//@     decreases the_size - offset
//@     changes offset
//@     changes n
//@     changes shown
//@     changes __CPROVER_havoc_object(piece)
//@     changes any_showing()
//@ loop trace.c: for (; n < size && trace->state != HIDDEN; n++) {
//@     invariant n <= size && trace->state <= HIDDEN && (n == 0 ? trace->state == state_before : state_before != HIDDEN)
//@     invariant n == 0 || trace->state != AT_LINE || IS_END(data[n - 1])
//@     invariant n == 0 || trace->state != HIDDEN || data[n - 1] == '\n'
//@     invariant n == 0 || trace->state != HIDDEN || (n == 1 ? state_before == AT_LINE : IS_END(data[n - 2]))
//@     invariant !has_empty || n <= line || trace->state != IN_LINE
//@     invariant !has_empty || n <= empty || (n == empty + 1 && trace->state == HIDDEN)
//@     decreases size - n
//@     changes n
//@     changes trace->state
//@ fault trace.c: if (trace->show != NULL && size != 0) { => if (trace->show != NULL) {
//@ fault trace.c: shown.params = NULL; => shown.item = NULL;
//@ fault trace.c: shown.more.write = NULL; => shown.more.source = NULL;
//@ fault trace.c: shown.anonymous = true; => shown.anonymous = shown.params == NULL;
//@ fault trace.c: offset += (size_t)n; => offset += sizeof piece;
//@ fault trace.c: if (result == TWILIO_AGAIN) { => if (result < 0) {
//@ fault trace.c: trace->state = trace->bodies && request != NULL && !request->anonymous ? SHOWN : AT_LINE; => trace->state = trace->bodies && request != NULL ? SHOWN : AT_LINE;
//@ fault trace.c: if (result >= 0 && request != NULL) { => if (request != NULL) {
//@ fault trace.c: for (; n < size && trace->state != HIDDEN; n++) { => for (; n < size; n++) {
//@ fault trace.c: } else if (data[n] != '\r') { => } else {
//@ fault trace.c: show(trace, TWILIO_TRACE_RECEIVED, data, visible(trace, data, (size_t)n)); => show(trace, TWILIO_TRACE_RECEIVED, data, visible(trace, data, size));
//@ fault trace.c: twilio_write_number(&sink, (uint32_t)n); => twilio_write_number(&sink, (uint32_t)size);
//@ fault trace.c: return TWILIO_ERR_ARGUMENT; => return TWILIO_ERR_CLOSED;
//@ fault trace.c: show_event(trace, "closed"); => show_event(trace, "close");
#include "proof.h"
#include "sink.h"
#include "twilio_trace.h"

#include <limits.h>

#define ANSWER 1023

struct twilio_trace the_trace;
struct twilio_request the_request;
struct twilio_account the_account;
extern char the_answer[ANSWER];
char the_context, its_context, the_host;  /* of show; of what is traced; to connect to */

int result;            /* of what is traced */
unsigned calls;        /* of it */
uint8_t state_before, state_to_be;

/* What is shown, and what may be. */
const char *event;     /* the one that there is */
unsigned events;       /* shown */
size_t the_size;       /* of the request, without login */
size_t encoded, left;  /* up to there; how many of its octets are still to be shown */
const void *encoded_at;
bool is_mistake;       /* in it: so it cannot be encoded */
struct twilio_sink number_of;  /* a number, still to be shown */
size_t received;       /* shown */

/* Some place in the answer where an empty line ends, if it has one: behind the line that ends there. */
bool has_empty;
size_t line, empty;

#define IS_END(octet)  ((octet) == '\n' || (octet) == '\r')
#define IS_TOLD(what)  (the_trace.show == NULL ? events == 0 && received == 0 : (what))

/* The request, but for its login; if that is in the parameters, but for those. */
#define IS_WITHOUT_LOGIN(r) \
    ((r)->anonymous && (r)->account == the_request.account && (r)->method == the_request.method \
     && (r)->product == the_request.product && (r)->resource == the_request.resource \
     && (r)->item == the_request.item && (r)->headers.write == the_request.headers.write \
     && (r)->headers.source == the_request.headers.source \
     && (the_request.anonymous ? (r)->params == NULL && (r)->more.write == NULL \
         : (r)->params == the_request.params && (r)->more.write == the_request.more.write \
           && (r)->more.source == the_request.more.source))

static void any_showing(void)
{
    const void *any;
    struct twilio_sink sink;

    the_trace.state = nondet_uint8_t();
    number_of = sink;
    encoded_at = any;
    is_mistake = nondet_bool();
    encoded = nondet_size_t();
    left = nondet_size_t();
    received = nondet_size_t();
    events = nondet_unsigned();
    calls = nondet_unsigned();
}

#include "trace.c"

/* ---- What is traced: whatever a transport may do ----------------------------- */

static int any_connect(void *context, const char *host)
{
    claim(context == &its_context && host == &the_host, "asked as the trace was");
    calls++;
    return result;
}

static int any_send(void *context, const void *data, size_t size)
{
    claim(context == &its_context && data == NULL && size == the_size, "asked as the trace was");
    calls++;
    return result;
}

static int any_recv(void *context, void *data, size_t size)
{
    claim(context == &its_context && data == the_answer + ANSWER - size && size == the_size,
          "asked as the trace was");
    calls++;
    return result;
}

static void any_close(void *context)
{
    claim(context == &its_context, "asked as the trace was");
    calls++;
}

const struct twilio_transport below = { any_connect, any_send, any_recv, any_close, &its_context };

/* ---- Who looks ---------------------------------------------------------------- */

static void any_event(const char *text, size_t size)
{
    events++;
    for (size_t i = 0; i < size; i++) {
        claim(text[i] == event[i], "it is told what happened");
    }
    claim(event[size] == '\0', "to its end");
}

static void any_show(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    claim(context == &the_context && size != 0 && __CPROVER_r_ok(text, size), "there is something to see");
    if (kind == TWILIO_TRACE_CONNECT) {
        any_event(text, size);
    } else if (kind == TWILIO_TRACE_REQUEST) {
        claim(text == encoded_at && size == left, "of the request, what has just been encoded");
        left = 0;
    } else if (kind == TWILIO_TRACE_SENT) {
        claim(text == (char *)number_of.window && size == number_of.position,
              "of what is sent, how many octets");
        number_of.position = 0;
    } else {
        claim(kind == TWILIO_TRACE_RECEIVED && text == the_answer + ANSWER - the_size && received == 0,
              "of the answer, its beginning, once");
        received = size;
    }
}

/* ---- What has a proof of its own ---------------------------------------------- */

/* The same request each time, of the same size; or a mistake. */
int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size)
{
    claim(IS_WITHOUT_LOGIN(request), "no login is encoded");
    claim(__CPROVER_w_ok(buf, size) && size == 64 && offset == encoded,
          "it is what follows, in pieces of 64");
    claim(IS_TOLD(left == 0), "the one before has been shown");
    is_mistake = nondet_bool();
    if (is_mistake) {
        return TWILIO_ERR_RESOURCE;
    }
    left = the_size - offset < size ? the_size - offset : size;
    encoded_at = buf;
    encoded += left;
    return (int)left;
}

/* Of 32 bits: so many digits at most. */
void twilio_write_number(struct twilio_sink *sink, uint32_t number)
{
    claim(result > 0 && number == (uint32_t)result, "the octets that were taken");
    claim(sink->size == 10 && __CPROVER_w_ok(sink->window, 10), "there is room for any number");
    claim(sink->position == 0 && sink->offset == 0 && !sink->encoding, "which begins there");
    sink->position = 1 + any_up_to(9);
    number_of = *sink;
}

/* ---- The proof ------------------------------------------------------------------ */

static void prove_connect(const struct twilio_transport *traced)
{
    bool has_request = the_trace.request != NULL;
    int n;

    result = nondet_int();
    the_size = any_up_to(SIZE_MAX - 64);
    event = result < 0 ? "failed" : result == TWILIO_KEPT ? "kept" : "new";
    state_to_be = the_trace.bodies && has_request && !the_request.anonymous ? SHOWN : AT_LINE;
    n = traced->connect(traced->context, &the_host);
    claim(n == result && calls == 1, "its result is passed on");
    if (n == TWILIO_AGAIN) {
        claim(the_trace.state == state_before && events == 0 && encoded == 0, "nothing has happened");
        return;
    }
    claim(IS_TOLD(events == 1) && received == 0, "what happened is told");
    claim(the_trace.state == state_to_be, "bodies are shown if they may be");
    claim(n >= 0 && has_request ? encoded == the_size || is_mistake : encoded == 0,
          "the request is shown if there is a connection");
}

static void prove_send(const struct twilio_transport *traced)
{
    the_size = any_up_to(INT_MAX);
    result = nondet_int();
    assume(result <= 0 || (size_t)result <= the_size);
    claim(traced->send(traced->context, NULL, the_size) == result && calls == 1, "its result is passed on");
    claim(events == 0 && received == 0 && encoded == 0 && IS_TOLD(number_of.position == 0),
          "a number is shown");
    claim(the_trace.state == state_before, "nothing else happens");
}

static void prove_recv(const struct twilio_transport *traced)
{
    char *data;
    size_t n;

    the_size = any_up_to(ANSWER);
    data = the_answer + ANSWER - the_size;
    result = nondet_int();
    assume(result <= 0 || (size_t)result <= the_size);
    n = result > 0 ? (size_t)result : 0;
    line = any_up_to(ANSWER);
    empty = line + 1 + any_up_to(1);
    has_empty = empty < n && data[line] == '\n' && data[empty] == '\n'
             && (empty == line + 1 || data[line + 1] == '\r');
    claim(traced->recv(traced->context, data, the_size) == result && calls == 1, "its result is passed on");
    claim(events == 0 && encoded == 0 && received <= n, "shown is some of what came");
    claim((the_trace.state == SHOWN) == (state_before == SHOWN), "whether bodies are shown stays");
    claim(state_before != HIDDEN || (received == 0 && the_trace.state == HIDDEN), "a body is never shown");
    claim(state_before == SHOWN || !has_empty || received <= empty + 1, "not even its beginning");
    claim(IS_TOLD(the_trace.state == HIDDEN || received == n), "a head is, and all if it may be");
}

static void prove_close(const struct twilio_transport *traced)
{
    event = "closed";
    traced->close(traced->context);
    claim(calls == 1 && IS_TOLD(events == 1), "what is traced is closed, once, and that is told");
}

static void prove_none(const struct twilio_transport *traced)
{
    the_trace.below = NULL;
    claim(traced->connect(traced->context, &the_host) == TWILIO_ERR_ARGUMENT, "there has to be a transport");
    traced->close(traced->context);
    claim(calls == 0 && events == 0 && encoded == 0, "without it nothing happens");
}

void prove(void)
{
    struct twilio_transport traced = twilio_trace_transport(&the_trace);
    struct twilio_request any;

    claim(traced.context == &the_trace, "the transport is over the trace");
    the_request = any;
    the_request.account = nondet_bool() ? &the_account : NULL;
    *(unsigned *)&the_request.method = (unsigned)any_up_to(TWILIO_DELETE);
    the_request.anonymous = nondet_bool();
    the_trace.below = &below;
    the_trace.request = nondet_bool() ? &the_request : NULL;
    the_trace.show = nondet_bool() ? any_show : NULL;
    the_trace.context = &the_context;
    the_trace.bodies = nondet_bool();
    the_trace.state = state_before = (uint8_t)any_up_to(SHOWN);
    if (nondet_bool()) {
        prove_connect(&traced);
    } else if (nondet_bool()) {
        prove_send(&traced);
    } else if (nondet_bool()) {
        prove_recv(&traced);
    } else if (nondet_bool()) {
        prove_close(&traced);
    } else {
        prove_none(&traced);
    }
}
