/*
 * prove_alert_clock.c - the delivery engine: time, chance and budget, whatever clocks do
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any clocks for 136 years
//@ texts 1023
//@ unwind has_end.0 65
//@ meant alerts_link.c: uint32_t step = moment->now - a->now, full = a->per_hour * MESSAGE;
//@ fault alerts_link.c: if (step >> 31 != 0) { => if (false) {
//@ fault alerts_link.c: if (a->level > full) { => if (a->level > full + 1) {
//@ fault alerts_link.c: return (a->random >> 16) * (limit + 1) >> 16; => return (a->random >> 15) * (limit + 1) >> 16;
#include "any_alerts.h"

#include "alerts_link.c"

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };
    uint32_t limit = nondet_uint16_t(), time = a->time, wait = a->wait, level = a->level;
    uint64_t step = (moment.now + (UINT64_C(1) << 32) - a->now) % (UINT64_C(1) << 32);

    switch (any_up_to(2)) {
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
    default:
        claim(twilio_alerts_affordable(a, nondet_uint8_t()) || a->level < a->per_hour * 3600U
              || a->per_hour == 0,
              "a full budget allows any alert");
        break;
    }
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
}
