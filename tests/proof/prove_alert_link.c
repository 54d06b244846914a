/*
 * prove_alert_link.c - the delivery engine: time, budget and paths, whatever clocks and answers do
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any clocks, any outcome of a request
//@ texts 1023
//@ unwind has_end.0 65
//@ loop alerts_link.c: for (; is_digit((uint8_t)*text) && units < UINT32_MAX / 16; text++) {
//@     invariant WITHIN(text)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes units
//@ meant alerts_link.c: uint32_t step = moment->now - a->now, full = a->per_hour * MESSAGE;
//@ meant alerts_link.c: twilio_alerts_fault(a, TWILIO_FAULT_CERTIFICATE, outcome->expires < a->utc + CERTIFICATE);
//@ fault alerts_link.c: if (step >> 31 != 0) { => if (false) {
//@ fault alerts_link.c: if (a->level > full) { => if (a->level > full + 1) {
//@ fault alerts_link.c: a->path = (uint8_t)(a->path + 1 < a->paths ? a->path + 1 : 0); => a->path = (uint8_t)(a->path < a->paths ? a->path + 1 : 0);
//@ fault alerts_link.c: limit = times > 7 ? BACKOFF_MAX : 2U << times; => limit = 2U << times;
//@ fault alerts_link.c: a->hold = a->time + (outcome->retry_after < ASKED_MAX ? outcome->retry_after : ASKED_MAX); => a->hold = a->time + outcome->retry_after;
//@ fault alerts_link.c: for (; is_digit((uint8_t)*text) && units < UINT32_MAX / 16; text++) { => for (; is_digit((uint8_t)*text); text++) {
#include "any_alerts.h"

#include "alerts_link.c"

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
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };
    uint32_t limit = nondet_uint16_t(), time = a->time, wait = a->wait, level = a->level;
    uint64_t step = (moment.now + (UINT64_C(1) << 32) - a->now) % (UINT64_C(1) << 32);

    switch (any_up_to(5)) {
    case 0:
        assume(a->time <= LIFE - DAY);
        twilio_alerts_clock(a, &moment);
        claim(a->time == time + (step >= 0x80000000U ? 0 : step > wait + 60 ? wait : step),
              "time goes on, not back, and does not leap");
        claim(a->level >= level && twilio_alerts_level(a) <= a->per_hour * 3600U / 4096 + 1,
              "the budget's level");
        break;
    case 1:
        claim(twilio_alerts_random(a, limit) <= limit, "from 0 to the limit");
        break;
    case 2:
        claim(twilio_alerts_affordable(a, nondet_uint8_t()) || a->level < a->per_hour * 3600U
              || a->per_hour == 0,
              "a full budget allows any alert");
        break;
    case 3:
        twilio_alerts_balance(a, any_text());
        break;
    case 4:
        twilio_alerts_blame(a, (enum twilio_advice)any_up_to(TWILIO_FIX_PROGRAM), nondet_bool());
        break;
    default:
        prove_heard(a);
        break;
    }
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
}
