/*
 * prove_alert_link.c - the delivery engine: paths and faults, whatever comes of requests
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any outcome of a request
//@ texts 1023
//@ unwind has_end.0 65
//@ replace twilio_alerts_random any_random
//@ loop alerts_link.c: for (; is_digit((uint8_t)*text) && units < UINT32_MAX / 16; text++) {
//@     invariant WITHIN(text)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes units
//@ meant alerts_link.c: twilio_alerts_fault(a, TWILIO_FAULT_CERTIFICATE, outcome->expires < a->utc + CERTIFICATE);
//@ fault alerts_link.c: a->path = (uint8_t)(a->path + 1 < a->paths ? a->path + 1 : 0); => a->path = (uint8_t)(a->path < a->paths ? a->path + 1 : 0);
//@ fault alerts_link.c: limit = times > 7 ? BACKOFF_MAX : 2U << times; => limit = 2U << times;
//@ fault alerts_link.c: a->hold = a->time + (outcome->retry_after < ASKED_MAX ? outcome->retry_after : ASKED_MAX); => a->hold = a->time + outcome->retry_after;
//@ fault alerts_link.c: for (; is_digit((uint8_t)*text) && units < UINT32_MAX / 16; text++) { => for (; is_digit((uint8_t)*text); text++) {
#include "any_alerts.h"

#include "alerts_link.c"

/* Proved in prove_alert_clock.c. */
uint32_t any_random(const struct twilio_alerts *a, uint32_t limit)
{
    (void)a;
    claim(limit < 65536, "a limit");
    return (uint32_t)any_up_to(limit);
}

/* As twilio_error.h tells: what was committed and has no answer is not to be repeated without a look. */
enum twilio_advice twilio_advise(int result, bool committed, unsigned status, uint32_t code)
{
    enum twilio_advice any = (enum twilio_advice)any_up_to(TWILIO_FIX_PROGRAM);

    (void)code;
    assume(result >= 0 || !committed || (status >= 300 && status < 500)
           || (any != TWILIO_DONE && any != TWILIO_RETRY_NOW && any != TWILIO_RETRY_LATER));
    return any;
}

/* What a request that may have been committed leads to: it is repeated only after an answer that says that it
 * was not carried out. */
static void prove_heard(struct twilio_alerts *a)
{
    struct twilio_outcome outcome;
    uint32_t hold = a->hold;
    enum twilio_advice advice;

    advice = twilio_alerts_heard(a, &outcome, nondet_uint32_t());
    claim((unsigned)advice <= TWILIO_FIX_PROGRAM, "an advice");
    claim(outcome.code != 0 || outcome.result >= 0 || !outcome.committed
          || (advice != TWILIO_RETRY_NOW && advice != TWILIO_RETRY_LATER),
          "what was committed is not just repeated");
    claim(is_failing(&outcome, advice) ? a->failures != 0 : a->failures == 0 && a->hold == hold,
          "it is counted");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();

    switch (any_up_to(2)) {
    case 0:
        twilio_alerts_balance(a, any_text());
        break;
    case 1:
        twilio_alerts_blame(a, (enum twilio_advice)any_up_to(TWILIO_FIX_PROGRAM), nondet_bool());
        break;
    default:
        prove_heard(a);
        break;
    }
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
}
