/*
 * exchange.c - one request and its answer over a transport, a step at a time, never waiting
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio.h"

#include <string.h>

enum state { CONNECT, SEND, RECEIVE, OVER };

/* The scratch held the credentials on their way out. */
static void wipe(struct twilio_exchange *x)
{
    memset(x->scratch, 0, x->scratch_size);
}

static void let_go(struct twilio_exchange *x)
{
    if (x->open) {
        x->open = false;
        x->transport->close(x->transport->context);
    }
}

void twilio_exchange_abort(struct twilio_exchange *exchange, int error)
{
    struct twilio_exchange *x = exchange;

    if (x->state != OVER) {
        let_go(x);
        wipe(x);
        x->state = OVER;
        x->response.status = error;
    }
}

static int receive(struct twilio_exchange *x)
{
    return x->transport->recv(x->transport->context, x->scratch, x->scratch_size);
}

/* The host's name stays in the scratch while the connection is being made. On one kept from before
 * nothing was asked yet: whatever comes, an end or an octet, says that it is stale. */
static int step_connect(struct twilio_exchange *x)
{
    int n;

    if (!x->open) {
        n = twilio_host(x->request, x->scratch, x->scratch_size);
        if (n < 0) {
            return n;
        }
        x->open = true;
    }
    n = x->transport->connect(x->transport->context, x->scratch);
    if (n < 0) {
        return n;
    }
    x->kept = n == TWILIO_KEPT;
    if (x->kept && receive(x) != TWILIO_AGAIN) {
        return TWILIO_ERR_CLOSED;
    }
    x->sent = 0;
    x->state = SEND;
    return TWILIO_OK;
}

static int step_send(struct twilio_exchange *x)
{
    int n = twilio_encode(x->request, x->sent, x->scratch, x->scratch_size);

    if (n == 0) {
        wipe(x);
        x->committed = true;
        x->kept = false;
        x->state = RECEIVE;
        return n;
    }
    if (n > 0) {
        n = x->transport->send(x->transport->context, x->scratch, (size_t)n);
    }
    if (n <= 0) {
        return n;
    }
    x->sent += (size_t)n;
    return TWILIO_OK;
}

static int step_receive(struct twilio_exchange *x)
{
    struct twilio_response *r = &x->response;
    int n;

    if (x->used == x->have) {
        n = receive(x);
        if (n < 0) {
            return n;
        }
        x->have = (size_t)n;
        x->used = 0;
    }
    n = twilio_response_feed(r, (const char *)x->scratch + x->used, x->have - x->used);
    if (n < 0) {
        return n;
    }
    x->used += (size_t)n;
    if (r->status == TWILIO_OK) {
        if (r->reusable && x->used == x->have) {
            x->open = false;  /* no longer ours to close */
        }
        twilio_exchange_abort(x, TWILIO_OK);
    }
    return r->status == TWILIO_FULL ? TWILIO_FULL : TWILIO_OK;
}

static int begin(struct twilio_exchange *x)
{
    int e;

    if (x->transport == NULL || x->scratch == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (x->scratch_size < TWILIO_SCRATCH_MIN) {
        return TWILIO_ERR_SIZE;
    }
    if ((e = twilio_request_check(x->request)) != 0) {
        return e;
    }
    x->response.method = x->request->method;
    return twilio_response_begin(&x->response);
}

int twilio_exchange_begin(struct twilio_exchange *exchange)
{
    struct twilio_exchange *x = exchange;
    int e;

    if (x == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    e = begin(x);
    x->committed = x->open = x->kept = false;
    x->have = x->used = 0;
    x->state = e == 0 ? CONNECT : OVER;
    x->response.status = e == 0 ? TWILIO_AGAIN : e;
    return e;
}

int twilio_exchange_step(struct twilio_exchange *exchange)
{
    struct twilio_exchange *x = exchange;

    while (x->state != OVER) {
        int n = x->state == CONNECT ? step_connect(x) : x->state == SEND ? step_send(x) : step_receive(x);

        if (n == TWILIO_AGAIN || n == TWILIO_FULL) {
            return n;
        }
        if (n < 0 && x->kept) {  /* it died before anything was committed on it: a new one */
            let_go(x);
            x->kept = false;
            x->state = CONNECT;
        } else if (n < 0) {
            twilio_exchange_abort(x, n);
        }
    }
    return x->response.status;
}
