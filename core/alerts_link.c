/*
 * alerts_link.c - the delivery engine: time, budget, paths and their faults
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "octets.h"

#define MESSAGE     3600U     /* of the budget's level */
#define SLOPPY      60U       /* seconds by which a caller may be late */
#define BACKOFF_MAX 300U      /* seconds */
#define ASKED_MAX   3600U     /* seconds: Retry-After */
#define PREFER      900U      /* seconds until the preferred path is tried again */
#define CERTIFICATE 1209600U  /* 14 days, in seconds */

/* ---- Time and budget ------------------------------------------------------- */

void twilio_alerts_clock(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    uint32_t step = moment->now - a->now, full = a->per_hour * MESSAGE;

    if (step >> 31 != 0) {
        step = 0;
    } else if (step > a->wait + SLOPPY) {
        step = a->wait;
    }
    a->now = moment->now;
    a->utc = moment->utc;
    a->random = moment->random;
    a->time += step;
    a->level += step * a->per_hour;
    if (a->level > full) {
        a->level = full;
    }
}

uint32_t twilio_alerts_random(const struct twilio_alerts *a, uint32_t limit)
{
    return (a->random >> 16) * (limit + 1) >> 16;
}

bool twilio_alerts_affordable(const struct twilio_alerts *a, unsigned priority)
{
    uint32_t reserve = priority < TWILIO_ALERT_URGENT ? a->reserve * MESSAGE : 0;

    return a->per_hour == 0 || a->level >= MESSAGE + reserve;
}

/* ---- Paths ----------------------------------------------------------------- */

/* No request before that. Twice on each path it is tried at once; then later and later, by chance, so that
 * those who lost their link together, or were told to wait for the same time, do not come back together. */
static void back_off(struct twilio_alerts *a, const struct twilio_outcome *outcome)
{
    unsigned at_once = 2U * a->paths, times;
    uint32_t limit;

    a->failures = (uint8_t)(a->failures < UINT8_MAX ? a->failures + 1 : UINT8_MAX - 1);
    if (a->failures % 2 == 0) {
        a->path = (uint8_t)(a->path + 1 < a->paths ? a->path + 1 : 0);
        a->prefer = a->time + PREFER;
    }
    times = a->failures < at_once ? 0 : a->failures - at_once;
    limit = times > 7 ? BACKOFF_MAX : 2U << times;
    a->hold = a->time + (outcome->retry_after < ASKED_MAX ? outcome->retry_after : ASKED_MAX);
    if (outcome->code != 0 || a->failures >= at_once) {
        a->hold += twilio_alerts_random(a, limit) + (outcome->code != 0);
    }
}

/* ---- Faults ---------------------------------------------------------------- */

void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on)
{
    a->faults = (uint16_t)(on ? a->faults | fault : a->faults & ~fault);
}

void twilio_alerts_blame(struct twilio_alerts *a, enum twilio_advice advice, bool access)
{
    if (advice >= TWILIO_FIX_CONFIGURATION) {
        twilio_alerts_fault(a, advice == TWILIO_FIX_PROGRAM ? TWILIO_FAULT_PROGRAM
                               : access ? TWILIO_FAULT_ACCESS : TWILIO_FAULT_CONFIGURATION, true);
    }
}

/* There is an answer: so the link is there, and what the next proof of that is needed for is put off. */
static void answered(struct twilio_alerts *a, const struct twilio_outcome *outcome)
{
    a->heard = a->time;
    a->balance_at = a->time + (a->supervise >> 1) - twilio_alerts_random(a, a->supervise >> 2);
    twilio_alerts_fault(a, TWILIO_FAULT_LINK | (outcome->code < 300 ? TWILIO_FAULT_ACCESS : 0U), false);
    if (outcome->expires != 0 && a->utc != 0) {
        twilio_alerts_fault(a, TWILIO_FAULT_CERTIFICATE, outcome->expires < a->utc + CERTIFICATE);
    }
}

enum twilio_advice twilio_alerts_heard(struct twilio_alerts *a, const struct twilio_outcome *outcome,
                                       uint32_t code)
{
    enum twilio_advice advice = twilio_advise(outcome->result, outcome->committed, outcome->code, code);

    if (outcome->code != 0) {
        answered(a, outcome);
    }
    if (advice != TWILIO_DONE) {
        a->last_result = outcome->result;
        a->last_code = code != 0 ? code : outcome->code;
        twilio_alerts_blame(a, advice, outcome->code == 0 || outcome->code == 401);
    }
    if (is_failing(outcome, advice)) {
        back_off(a, outcome);
    } else {
        a->failures = 0;
    }
    return advice;
}

/* Whole units; what is owed has none. */
void twilio_alerts_balance(struct twilio_alerts *a, const char *text)
{
    uint32_t units = 0;

    if (a->least_balance == 0 || *text == '\0') {
        return;
    }
    for (; is_digit((uint8_t)*text) && units < UINT32_MAX / 16; text++) {
        units = units * 10 + (uint8_t)*text - '0';
    }
    twilio_alerts_fault(a, TWILIO_FAULT_MONEY, units < a->least_balance);
}
