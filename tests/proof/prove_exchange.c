/*
 * prove_exchange.c - the exchange: a transport that answers anything, at any moment
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state and request; scratch of up to 65,535 octets; whatever a transport may answer
//@ texts 1023
//@ unwind 3
//@ loop exchange.c: while (x->state != OVER) {
//@     invariant EXCHANGE_IS_GOOD && (!was_committed || x->committed)
//@     decreases kept_ones
//@     decreases x->kept
//@     decreases OVER - x->state
//@     decreases x->state == SEND ? the_size - x->sent : 0
//@     decreases x->have - x->used + to_come
//@     changes any_exchange()
//@ fault exchange.c: x->committed = true; => x->committed = x->kept;
//@ fault exchange.c: if (n < 0 && x->kept) {  /* it died before anything was committed on it: a new one */ => if (n < 0) {
//@ fault exchange.c: x->kept = n == TWILIO_KEPT; => x->kept = true;
//@ fault exchange.c: x->sent += (size_t)n; => x->sent += x->scratch_size;
//@ fault exchange.c: x->sent = 0; => x->sent = 1;
//@ fault exchange.c: x->used += (size_t)n; => x->used += (size_t)n + 1;
//@ fault exchange.c: x->used = 0; => x->used = x->have;
//@ fault exchange.c: n = twilio_response_feed(r, (const char *)x->scratch + x->used, x->have - x->used); => n = twilio_response_feed(r, (const char *)x->scratch + x->used, x->have);
//@ fault exchange.c: if (r->reusable && x->used == x->have) { => if (x->used == x->have) {
//@ fault exchange.c: if (x->open) { => {
//@ fault exchange.c: x->open = true; => x->open = n > 0;
//@ fault exchange.c: memset(x->scratch, 0, x->scratch_size); => memset(x->scratch, 0, x->used);
//@ fault exchange.c: if (x->scratch_size < TWILIO_SCRATCH_MIN) { => if (x->scratch_size < TWILIO_HOST_MAX) {
#include "proof.h"
#include "twilio.h"

#define SCRATCH 65535

struct twilio_exchange the_exchange;
struct twilio_request the_request;
char the_scratch[SCRATCH];
size_t the_size;     /* of the request */
size_t kept_ones;    /* how many connections the transport has left that are open from before */
size_t to_come;      /* how many octets come before there are none for now */
bool open;           /* the connection, or an attempt at one, that is to be closed */
bool host_is_there;  /* in the scratch */
bool login_is_there;
bool handed_over;    /* the last octet of the request, to some connection */
bool ended;          /* the peer has closed, in good order */
bool was_committed;

#define IS(s) (the_exchange.state == (s))

#define STATE_IS_GOOD \
    (the_exchange.state <= OVER && the_exchange.used <= the_exchange.have \
     && the_exchange.have <= the_exchange.scratch_size \
     && (IS(RECEIVE) || IS(OVER) || the_exchange.used == the_exchange.have) \
     && (!IS(SEND) || the_exchange.sent <= the_size) && (IS(SEND) || IS(OVER) || !the_exchange.kept) \
     && (IS(OVER) ? the_exchange.response.status <= TWILIO_OK && the_exchange.response.status != TWILIO_AGAIN \
                  : the_exchange.response.status == TWILIO_AGAIN \
                    || (IS(RECEIVE) && the_exchange.response.status == TWILIO_FULL)))

/* The last octet of the request is handed over on the way to being committed, and not before. */
#define COMMITMENT_IS_GOOD \
    ((IS(OVER) || the_exchange.committed == IS(RECEIVE)) \
     && (handed_over ? the_exchange.committed || (IS(SEND) && the_exchange.sent == the_size) \
                     : !the_exchange.committed && (!IS(SEND) || the_exchange.sent < the_size)))

/* Only an answer that is complete leaves a connection open, and no octets after it in the scratch. */
#define IS_LEFT_OPEN \
    (open && IS(OVER) && the_exchange.response.status == TWILIO_OK && the_exchange.response.reusable \
     && the_exchange.used == the_exchange.have)

#define CONNECTION_IS_GOOD \
    ((open == the_exchange.open || IS_LEFT_OPEN) && (IS(CONNECT) || the_exchange.open == !IS(OVER)) \
     && (!IS(CONNECT) || !open || host_is_there) && (the_exchange.state < RECEIVE || !login_is_there))

/* The exchange's invariant, between its steps and within. */
#define EXCHANGE_IS_GOOD (STATE_IS_GOOD && COMMITMENT_IS_GOOD && CONNECTION_IS_GOOD)

static void any_exchange(void)
{
    struct twilio_exchange any;
    struct twilio_response *response = &the_exchange.response;

    any.request = the_exchange.request;
    any.transport = the_exchange.transport;
    any.scratch = the_exchange.scratch;
    any.scratch_size = the_exchange.scratch_size;
    any.committed = nondet_bool();
    any.open = nondet_bool();
    any.kept = nondet_bool();
    any.response.reusable = nondet_bool();
    any.response.method = the_exchange.response.method;
    the_exchange = any;
    *response = any.response;
    kept_ones = nondet_size_t();
    to_come = any_up_to(SIZE_MAX - SCRATCH);
    open = nondet_bool();
    host_is_there = nondet_bool();
    login_is_there = nondet_bool();
    handed_over = nondet_bool();
    ended = nondet_bool();
}

#include "exchange.c"

/* ---- The transport: whatever one may do -------------------------------------- */

static int any_connect(void *context, const char *host)
{
    int n = nondet_int();

    claim(host == the_exchange.scratch && host_is_there, "the host's name is there");
    assume(n <= TWILIO_KEPT && (n != TWILIO_KEPT || kept_ones != 0));
    kept_ones -= n == TWILIO_KEPT;
    open = true;
    return n;
}

static int any_send(void *context, const void *data, size_t size)
{
    int n = nondet_int();

    claim(open, "there is a connection to send on");
    claim(data == the_exchange.scratch && size <= the_exchange.scratch_size, "what is offered is there");
    claim(size != 0 && !handed_over, "what may have arrived is never sent again");
    assume(n < 0 || (n > 0 && (size_t)n <= size));
    handed_over = n > 0 && the_exchange.sent + (size_t)n == the_size;
    return n;
}

static int any_recv(void *context, void *data, size_t size)
{
    int n = nondet_int();

    claim(open, "there is a connection to receive on");
    claim(data == the_exchange.scratch && size <= the_exchange.scratch_size && size != 0, "there is room");
    assume(n < 0 || ((size_t)n <= size && (size_t)n <= to_come));
    to_come -= n > 0 ? (size_t)n : 0;
    host_is_there = false;
    ended = n == 0;
    return n;
}

static void any_close(void *context)
{
    claim(open, "what is closed was open");
    open = false;
}

const struct twilio_transport the_transport = { any_connect, any_send, any_recv, any_close, NULL };

/* ---- What has a proof of its own -------------------------------------------- */

void *memset(void *to, int octet, size_t size)
{
    claim(to == the_exchange.scratch && octet == 0, "the scratch is wiped");
    claim(size == the_exchange.scratch_size && __CPROVER_w_ok(to, size), "all of it");
    host_is_there = login_is_there = false;
    return to;
}

int twilio_request_check(const struct twilio_request *request)
{
    return nondet_bool() || request == NULL ? TWILIO_ERR_ARGUMENT : TWILIO_OK;
}

int twilio_host(const struct twilio_request *request, char *buf, size_t size)
{
    claim(buf == the_exchange.scratch && __CPROVER_w_ok(buf, size), "the buffer is there");
    claim(size > TWILIO_HOST_MAX, "and has room for any host");
    host_is_there = true;
    return nondet_bool() ? (int)any_up_to(TWILIO_HOST_MAX) : TWILIO_ERR_HOST;
}

/* The same request each time, of the same size. */
int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size)
{
    claim(buf == the_exchange.scratch && __CPROVER_w_ok(buf, size), "the window is there");
    host_is_there = false;
    login_is_there = true;
    return offset >= the_size ? 0 : (int)(the_size - offset < size ? the_size - offset : size);
}

int twilio_response_begin(struct twilio_response *response)
{
    claim(response == &the_exchange.response, "the reader is the exchange's");
    return nondet_bool() ? TWILIO_OK : TWILIO_ERR_ARGUMENT;
}

/* Of no octets, in prove_head.c. */
int twilio_response_feed(struct twilio_response *response, const void *data, size_t size)
{
    size_t used = any_up_to(size);

    claim(response == &the_exchange.response && __CPROVER_r_ok(data, size), "what it is given is there");
    claim(response->status == TWILIO_AGAIN || response->status == TWILIO_FULL, "it wants more");
    claim(size != 0 || ended, "it is told an end if there is one");
    response->reusable = nondet_bool();
    response->status = (int)any_up_to(14) - 13;
    assume(response->status != TWILIO_AGAIN || (size != 0 && used == size));
    assume(size != 0 || response->status == TWILIO_OK || response->status == TWILIO_ERR_CLOSED);
    return response->status < TWILIO_AGAIN ? response->status : (int)used;
}

/* ---- The proof --------------------------------------------------------------- */

static void prove_begin(void)
{
    int n;

    the_exchange.transport = nondet_bool() ? &the_transport : NULL;
    the_exchange.scratch = nondet_bool() ? the_exchange.scratch : NULL;
    open = host_is_there = login_is_there = handed_over = false;
    n = twilio_exchange_begin(nondet_bool() ? &the_exchange : NULL);
    claim(n != TWILIO_OK || (IS(CONNECT) && EXCHANGE_IS_GOOD), "begin makes a good state");
    claim(n != TWILIO_OK || the_exchange.scratch_size > TWILIO_HOST_MAX, "with room for a host");
}

void prove(void)
{
    int n;

    the_exchange.scratch_size = any_up_to(SCRATCH);
    the_exchange.scratch = the_scratch + SCRATCH - the_exchange.scratch_size;
    the_exchange.request = &the_request;
    the_exchange.transport = &the_transport;
    the_size = 1 + any_up_to(SIZE_MAX - 1);
    any_exchange();
    if (nondet_bool()) {
        prove_begin();
        return;
    }
    assume(EXCHANGE_IS_GOOD && (!handed_over || the_exchange.committed));
    assume(the_exchange.scratch_size >= TWILIO_SCRATCH_MIN);
    was_committed = the_exchange.committed;
    if (nondet_bool()) {
        twilio_exchange_abort(&the_exchange, TWILIO_ERR_TIMEOUT);
        claim(IS(OVER) && the_exchange.committed == was_committed, "it is over");
    } else {
        n = twilio_exchange_step(&the_exchange);
        claim((n == TWILIO_AGAIN || n == TWILIO_FULL) == !IS(OVER), "it is over, or goes on");
        claim(!IS(OVER) || n == the_exchange.response.status, "its end is told");
    }
    claim(EXCHANGE_IS_GOOD, "a step keeps the state good");
    claim(!handed_over || the_exchange.committed, "what may have arrived is committed");
    claim(!was_committed || the_exchange.committed, "committed stays so");
    claim(!IS(OVER) || !open || IS_LEFT_OPEN, "what is over is closed");
}
