/*
 * prove_proxy.c - the tunnel: a proxy that answers anything, over a connection that does anything
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state, answers of the proxy and of the connection to it
//@ texts 1023
//@ replace write_piece any_piece
//@ unwind 3
//@ loop proxy.c: while (n >= 0 && proxy->state != OPEN) {
//@     invariant PROXY_HOLDS(n < TWILIO_AGAIN) && (the_proxy.state != CONNECTING || n >= 0 || open)
//@     invariant the_proxy.state == OPEN ? n == TWILIO_OK ? IS_SUCCESS : n == TWILIO_ERR_PROXY : n != TWILIO_AGAIN || open
//@     decreases n >= 0
//@     decreases OPEN - proxy->state
//@     decreases proxy->state == READING ? proxy->now.response.head_left : proxy->state == ASKING ? the_size - proxy->now.out.sent : 0
//@     changes n
//@     changes any_proxy()
//@ fault proxy.c: if (proxy->state == OPEN) { => if (proxy->state == READING) {
//@ fault proxy.c: proxy->now.out.sent += (size_t)n; => proxy->now.out.sent += (size_t)n + 1;
//@ fault proxy.c: int n = proxy->below->recv(proxy->below->context, &octet, 1); => int n = proxy->below->recv(proxy->below->context, &octet, 2);
//@ fault proxy.c: if (n < TWILIO_AGAIN) { => if (n < TWILIO_ERR_ARGUMENT) {
//@ fault proxy.c: memset(&proxy->now, 0, sizeof proxy->now); => (void)proxy;
//@ fault proxy.c: if (proxy->state != CLOSED) { => {
//@ fault proxy.c: return n > 0 ? TWILIO_ERR_ARGUMENT : n; => return n;
//@ fault proxy.c: n = response->code < 300 ? TWILIO_OK : TWILIO_ERR_PROXY; => n = response->code <= 300 ? TWILIO_OK : TWILIO_ERR_PROXY;
#include "proof.h"
#include "twilio_proxy.h"

struct twilio_proxy the_proxy;
bool open;        /* the connection below: its connect was called, and not its close yet */
size_t the_size;  /* of the request to this host */
int the_mistake;  /* in the login; 0: none */

#define READER_IS_GOOD \
    (the_proxy.now.response.status == TWILIO_AGAIN \
     && *(const unsigned *)&the_proxy.now.response.method == TWILIO_HEAD \
     && the_proxy.now.response.headers == NULL && the_proxy.now.response.body == NULL \
     && the_proxy.now.response.head_left <= TWILIO_RESPONSE_HEAD_MAX)

#define IS_SUCCESS (the_proxy.code >= 200 && the_proxy.code < 300)

/* The transport's invariant; within connect it may be about to connect below, or have failed. */
#define PROXY_HOLDS(failed) \
    (the_proxy.state <= OPEN && (the_proxy.state == CONNECTING || open == (the_proxy.state != CLOSED)) \
     && (the_proxy.state == CLOSED || (the_proxy.host != NULL && the_mistake == 0)) \
     && (the_proxy.state > CONNECTING || the_proxy.now.out.sent == 0) \
     && (the_proxy.state != ASKING || the_proxy.now.out.sent <= the_size) \
     && ((failed) || the_proxy.state != READING || READER_IS_GOOD))
#define PROXY_IS_GOOD (PROXY_HOLDS(false) && open == (the_proxy.state != CLOSED))

static void any_proxy(void)
{
    struct twilio_proxy any;
    struct twilio_response *response = &the_proxy.now.response;
    __typeof__(the_proxy.now.out) *out = &the_proxy.now.out;

    any.below = the_proxy.below;
    any.host = the_proxy.host;
    any.user = the_proxy.user;
    any.secret = the_proxy.secret;
    any.port = the_proxy.port;
    the_proxy = any;
    *out = any.now.out;
    *response = any.now.response;
    open = nondet_bool();
}

#include "proxy.c"

/* ---- The connection below: whatever a transport may do ---------------------- */

static int below_connect(void *context, const char *host)
{
    claim(the_proxy.state == CONNECTING && host == the_proxy.host && host != NULL, "it is the proxy's turn");
    open = true;
    return nondet_int();
}

static int below_send(void *context, const void *data, size_t size)
{
    int n = nondet_int();

    claim(open && (the_proxy.state == ASKING || the_proxy.state == OPEN), "there is a connection to send on");
    claim(size != 0 && __CPROVER_r_ok(data, size), "what is offered is there");
    assume(n < 0 || (n > 0 && (size_t)n <= size));
    return n;
}

static int below_recv(void *context, void *data, size_t size)
{
    int n = nondet_int();

    claim(open && the_proxy.state >= READING, "there is a connection to receive on");
    claim(size != 0 && __CPROVER_w_ok(data, size), "there is room");
    claim(size == 1 || the_proxy.state == OPEN, "no octet of the tunnel's is read");
    assume(n < 0 || (size_t)n <= size);
    return n;
}

static void below_close(void *context)
{
    claim(open, "what is closed was open");
    open = false;
}

const struct twilio_transport the_below = { below_connect, below_send, below_recv, below_close, NULL };

/* ---- What has a proof of its own -------------------------------------------- */

/* All that is set here is set to zeroes. */
void *memset(void *to, int octet, size_t size)
{
    static const __typeof__(the_proxy.now) nothing;

    claim(to == &the_proxy.now && octet == 0 && size == sizeof nothing, "all that the proxy holds");
    the_proxy.now = nothing;
    return to;
}

/* Proved in prove_asking.c: the same request each time, in pieces. */
int any_piece(struct twilio_proxy *proxy, const char *host)
{
    size_t left = the_size - proxy->now.out.sent;
    char octet;

    claim(proxy == &the_proxy && host != NULL && proxy->state <= ASKING, "the proxy has room for a piece");
    claim(proxy->now.out.sent <= the_size, "what was sent is of this request");
    the_proxy.now.out.piece[0] = octet;
    return the_mistake != 0 ? the_mistake
         : (int)(left < sizeof the_proxy.now.out.piece ? left : sizeof the_proxy.now.out.piece);
}

/* Proved in prove_head.c, as feed. */
int twilio_response_begin(struct twilio_response *response)
{
    claim(response == &the_proxy.now.response, "the reader is the proxy's");
    response->status = TWILIO_AGAIN;
    response->head_left = TWILIO_RESPONSE_HEAD_MAX;
    claim(READER_IS_GOOD, "it reads a head, and that alone");
    return TWILIO_OK;
}

int twilio_response_feed(struct twilio_response *response, const void *data, size_t size)
{
    claim(response == &the_proxy.now.response && READER_IS_GOOD, "the reader is in a good state");
    claim(size <= 1 && __CPROVER_r_ok(data, size), "it is given an octet, or the end");
    response->status = size == 0 ? TWILIO_ERR_CLOSED
                     : response->head_left == 0 || nondet_bool() ? TWILIO_ERR_HTTP
                     : nondet_bool() ? TWILIO_OK : TWILIO_AGAIN;
    response->code = (uint16_t)(200 + any_up_to(799));
    if (response->status == TWILIO_AGAIN) {
        response->head_left--;
    }
    return response->status < TWILIO_AGAIN ? response->status : 1;
}

/* ---- The proof --------------------------------------------------------------- */

static void connect(struct twilio_transport *transport)
{
    int n = transport->connect(transport->context, any_text());

    claim(PROXY_IS_GOOD, "connect keeps the state good");
    claim(n <= TWILIO_OK && (n == TWILIO_OK) == (the_proxy.state == OPEN), "a tunnel is open, or none");
    claim(n != TWILIO_OK || IS_SUCCESS, "the proxy has said yes");
    claim((n < TWILIO_AGAIN) == (the_proxy.state == CLOSED), "what fails is closed");
    claim(n >= TWILIO_AGAIN || ((const char *)&the_proxy.now)[any_up_to(sizeof the_proxy.now - 1)] == '\0',
          "and nothing of the login is left");
}

void prove(void)
{
    struct twilio_transport transport = twilio_proxy_transport(&the_proxy);
    char octets[16], *at = octets + any_up_to(sizeof octets - 1);
    int size = (int)(octets + sizeof octets - at);

    the_proxy.host = any_text_or_null();
    the_proxy.user = any_text_or_null();
    the_proxy.secret = any_text_or_null();
    the_proxy.port = nondet_uint16_t();
    the_size = any_up_to(SIZE_MAX - sizeof the_proxy.now.out.piece);
    the_mistake = the_proxy.user != NULL && nondet_bool() ? TWILIO_ERR_CREDENTIALS : 0;
    if (nondet_bool()) {
        the_proxy.below = NULL;
        the_proxy.state = CLOSED;
        claim(begin(&the_proxy, any_text()) == TWILIO_ERR_ARGUMENT && the_proxy.state == CLOSED, "no below");
        transport.close(transport.context);
        return;
    }
    the_proxy.below = &the_below;
    any_proxy();
    assume(PROXY_IS_GOOD);
    if (nondet_bool()) {
        connect(&transport);
    } else if (nondet_bool()) {
        transport.close(transport.context);
        claim(PROXY_IS_GOOD && the_proxy.state == CLOSED, "what is closed stays so");
    } else if (the_proxy.state == OPEN) {
        claim(transport.send(transport.context, at, (size_t)size) <= size, "what was offered, at most");
        claim(transport.recv(transport.context, at, (size_t)size) <= size, "what fits, at most");
    }
}
