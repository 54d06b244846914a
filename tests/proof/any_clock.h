/*
 * any_clock.h - what prove_alert_clock.c shows of the engine's clock, for what takes in the time
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_CLOCK_H
#define TWILIO_ANY_CLOCK_H

#include "any_alerts.h"

void twilio_alerts_clock(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    uint32_t time = nondet_uint32_t();

    assume(time >= a->time && time <= LIFE);
    a->time = time;
    a->now = moment->now;
    a->utc = moment->utc;
    a->random = moment->random;
    a->level = nondet_uint32_t();
    assume(TIMES_ARE_GOOD);
}

#endif
