/*
 * deliver.c - the alert engine between the clock, the clients and the caller's loop
 *
 * SPDX-License-Identifier: MIT
 */
#include "deliver.h"

#include <string.h>

#include "board.h"
#include "clock.h"
#include "lwip/arch.h"

#define LONGEST_WAIT 1000  /* milliseconds */

/* The clock of the board wraps every seven weeks; this one does not in a lifetime. */
static void look_at_clock(struct twilio_delivery *d)
{
    uint32_t millis = board_millis();

    d->fraction += millis - d->last;
    d->last = millis;
    d->seconds += d->fraction / 1000;
    d->fraction %= 1000;
}

static struct twilio_moment moment(struct twilio_delivery *d)
{
    struct twilio_moment moment;

    look_at_clock(d);
    moment.now = d->seconds;
    moment.utc = twilio_clock_is_set() ? twilio_clock_now() : 0;
    moment.random = LWIP_RAND();
    return moment;
}

/* result: of twilio_send. */
static void tell(struct twilio_delivery *d, int result)
{
    const struct twilio_outcome outcome = {
        .result = result, .committed = d->answer.committed, .code = (uint16_t)d->answer.code,
        .retry_after = d->answer.retry_after, .expires = d->clients[d->alerts->path]->tls.expires,
    };
    struct twilio_moment now = moment(d);

    d->busy = false;
    twilio_alerts_done(d->alerts, &now, &outcome);
}

static void send(struct twilio_delivery *d)
{
    int result;

    memset(&d->answer, 0, sizeof d->answer);
    d->answer.body = twilio_alerts_feed;
    d->answer.context = d->alerts;
    d->busy = true;
    result = twilio_send_begin(d->clients[d->alerts->path], &d->alerts->request, &d->answer, &d->sending);
    if (result != TWILIO_OK)
        tell(d, result);
}

static void ask(struct twilio_delivery *d)
{
    struct twilio_moment now = moment(d);

    if (twilio_alerts_next(d->alerts, &now) == TWILIO_OK)
        send(d);
    else
        d->due = d->seconds + d->alerts->wait;
}

static void go_on(struct twilio_delivery *d)
{
    int result = twilio_send_step(&d->sending);

    if (result != TWILIO_AGAIN)
        tell(d, result);
}

static bool is_due(const struct twilio_delivery *d)
{
    return (int32_t)(d->seconds - d->due) >= 0;
}

/* ---- Public ----------------------------------------------------------------- */

int twilio_delivery_begin(struct twilio_delivery *d)
{
    struct twilio_moment now;

    if (d == NULL || d->alerts == NULL || d->clients == NULL)
        return TWILIO_ERR_ARGUMENT;
    d->last = board_millis();
    now = moment(d);
    return twilio_alerts_begin(d->alerts, &now);
}

uint32_t twilio_deliver(struct twilio_delivery *d)
{
    look_at_clock(d);
    if (d->busy)
        go_on(d);
    else if (is_due(d))
        ask(d);
    return d->busy || is_due(d) ? 1 : LONGEST_WAIT - d->fraction;
}

int twilio_delivery_raise(struct twilio_delivery *d, const struct twilio_alert *alert, uint32_t *id)
{
    struct twilio_moment now = moment(d);

    d->due = d->seconds;
    return twilio_alerts_raise(d->alerts, &now, alert, id);
}

int twilio_delivery_acknowledge(struct twilio_delivery *d, uint32_t id)
{
    struct twilio_moment now = moment(d);

    d->due = d->seconds;
    return twilio_alerts_acknowledge(d->alerts, &now, id);
}
