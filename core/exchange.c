/*
 * exchange.c - one request and its answer over a transport, a step at a time, never waiting
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio.h"

#include <string.h>

enum state { CONNECT, PROBE, SEND, RECEIVE, OVER };

/* The scratch held the credentials on their way out. */
static void wipe(struct twilio_exchange *x)
{
    memset(x->scratch, 0, x->scratch_size);
}

static int over(struct twilio_exchange *x, int status, bool keep)
{
    if (x->open && !keep) {
        x->open = false;
        x->transport->close(x->transport->context);
    }
    wipe(x);
    x->state = OVER;
    x->status = status;
    return status;
}

/* A connection kept from before has died: a new one, once, for nothing was committed on it. */
static void replace(struct twilio_exchange *x)
{
    x->transport->close(x->transport->context);
    x->open = false;
    x->kept = false;
    x->sent = 0;
    x->state = CONNECT;
}

static int failed(struct twilio_exchange *x, int error)
{
    if (!x->kept) {
        return over(x, error, false);
    }
    replace(x);
    return TWILIO_OK;
}

static int step_connect(struct twilio_exchange *x)
{
    int e = twilio_host(x->request, x->scratch, x->scratch_size);

    if (e < 0) {
        return over(x, e, false);
    }
    x->open = true;
    e = x->transport->connect(x->transport->context, x->scratch);
    if (e == TWILIO_AGAIN) {
        return e;
    }
    if (e < 0) {
        return over(x, e, false);
    }
    x->kept = e == TWILIO_KEPT && !x->replaced;
    x->replaced = true;
    x->state = x->kept ? PROBE : SEND;
    return TWILIO_OK;
}

/* Nothing was asked yet: whatever comes, an end or an octet, says that the connection is stale. */
static int step_probe(struct twilio_exchange *x)
{
    int n = x->transport->recv(x->transport->context, x->scratch, x->scratch_size);

    if (n != TWILIO_AGAIN) {
        return failed(x, n);
    }
    x->state = SEND;
    return TWILIO_OK;
}

static int step_send(struct twilio_exchange *x)
{
    int n = twilio_encode(x->request, x->sent, x->scratch, x->scratch_size);

    if (n < 0) {
        return over(x, n, false);
    }
    if (n == 0) {
        x->committed = true;
        wipe(x);
        x->state = RECEIVE;
        return TWILIO_OK;
    }
    int taken = x->transport->send(x->transport->context, x->scratch, (size_t)n);
    if (taken == TWILIO_AGAIN) {
        return taken;
    }
    if (taken <= 0 || taken > n) {
        return failed(x, taken < 0 ? taken : TWILIO_ERR_ARGUMENT);
    }
    x->sent += (size_t)taken;
    return TWILIO_OK;
}

static int fill(struct twilio_exchange *x)
{
    int n = x->transport->recv(x->transport->context, x->scratch, x->scratch_size);

    if (n == TWILIO_AGAIN) {
        return n;
    }
    if (n < 0) {
        return over(x, n, false);
    }
    x->have = (size_t)n;
    x->used = 0;
    return TWILIO_OK;
}

static int step_receive(struct twilio_exchange *x)
{
    struct twilio_response *r = &x->response;
    int e = x->used == x->have ? fill(x) : TWILIO_OK;

    if (e != 0) {
        return e;
    }
    e = twilio_response_feed(r, (const uint8_t *)x->scratch + x->used, x->have - x->used);
    if (e < 0) {
        return over(x, e, false);
    }
    x->used += (size_t)e;
    if (r->status == TWILIO_OK) {
        return over(x, TWILIO_OK, r->reusable && x->used == x->have);
    }
    return r->status == TWILIO_FULL ? TWILIO_FULL : TWILIO_OK;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_exchange_begin(struct twilio_exchange *exchange)
{
    struct twilio_exchange *x = exchange;
    int e;

    if (x == NULL || x->request == NULL || x->transport == NULL || x->scratch == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (x->scratch_size < TWILIO_SCRATCH_MIN) {
        return TWILIO_ERR_SIZE;
    }
    if ((e = twilio_request_check(x->request)) != 0) {
        return e;
    }
    x->committed = x->open = x->kept = x->replaced = false;
    x->sent = x->have = x->used = 0;
    x->state = CONNECT;
    x->response.method = x->request->method;
    return twilio_response_begin(&x->response);
}

int twilio_exchange_step(struct twilio_exchange *exchange)
{
    struct twilio_exchange *x = exchange;
    int e = TWILIO_OK;

    while (e == TWILIO_OK && x->state != OVER) {
        switch (x->state) {
        case CONNECT: e = step_connect(x); break;
        case PROBE:   e = step_probe(x);   break;
        case SEND:    e = step_send(x);    break;
        default:      e = step_receive(x); break;
        }
    }
    return x->state == OVER ? x->status : e;
}

void twilio_exchange_abort(struct twilio_exchange *exchange, int error)
{
    if (exchange->state != OVER) {
        over(exchange, error, false);
    }
}
