/*
 * prove_alert_next.c - the delivery engine: which alert is next, and how long to wait
 *
 * SPDX-License-Identifier: MIT
 */
//@ source alerts_record.c
//@ bounds any state of the engine, a journal of up to 65,535 entries, each of them any, which may fail
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ replace act any_act
//@ meant alerts_record.c: uint32_t passed = a->time - record->created;
//@ loop alerts.c: in choose: while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
//@     invariant choice->wake > a->time && (choice->entry.id == 0 || !choice->entry.settled)
//@     invariant to_come <= UINT16_MAX && a->held + to_come <= UINT16_MAX
//@     invariant (!choice->round_over || a->cursor != 0) && RECORD_IS_GOOD
//@     decreases to_come
//@     changes e
//@     changes entry
//@     changes *choice
//@     changes to_come
//@     changes any_load()
//@     changes the_alerts.held = nondet_uint16_t()
//@ loop alerts.c: do {
//@     invariant ALERTS_ARE_GOOD && a->asked == NOTHING && a->walk == NOTHING && a->time == time_now
//@     decreases steps_left
//@     decreases a->cursor != 0
//@     changes e
//@     changes choice
//@     changes steps_left
//@     changes to_come = any_up_to(UINT16_MAX)
//@     changes any_work()
//@ fault alerts.c: if (at > a->time) { => if (at >= a->time) {
//@ fault alerts.c: a->cursor = 0; => ;
//@ fault alerts.c: if (!entry.settled) { => {
//@ fault alerts.c: if (link > a->time) { => {
//@ fault alerts.c: if (balance <= a->time) { => if (balance < a->time) {
//@ fault alerts.c: a->held = 0; => ;
//@ fault alerts.c: if (a->asked != NOTHING) { => if (false) {
//@ fault alerts.c: wake = sooner(wake, balance); => ;
#include "any_alerts.h"

static uint32_t steps_left, time_now;

/* What work changes. */
static void any_work(void)
{
    any_load();
    the_alerts.held = nondet_uint16_t();
    the_alerts.asked = nondet_uint8_t();
    the_alerts.worked = nondet_uint32_t();
    the_alerts.unsent = nondet_uint32_t();
    the_alerts.turn = nondet_uint8_t();
    the_alerts.round = nondet_uint8_t();
    the_alerts.round_at = nondet_uint32_t();
    the_alerts.cursor = nondet_uint32_t();
    the_alerts.level = nondet_uint32_t();
    the_alerts.wait = nondet_uint32_t();
    the_scratch.sid[0] = the_scratch.text[0] = the_scratch.date[0] = '\0';
    the_scratch.code[0] = the_scratch.error[0] = the_scratch.answered[0] = '\0';
    assume(ALERTS_ARE_GOOD);
}

#include "alerts.c"

/* Proved in prove_alert_act.c: it makes a request, or an alert is nearer to its end, or nothing is to be done
 * about it now, and no other is where something is. steps_left stands for
 * how far all are from their ends. */
int any_act(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    claim(entry->id != 0 && !entry->settled && a->asked == NOTHING && a->walk == NOTHING,
          "an alert that is not over");
    any_work();
    if (nondet_bool()) {
        assume(a->asked >= CREATE && a->asked <= LISTEN);
        return TWILIO_OK;
    }
    assume(a->asked == NOTHING);
    if (nondet_bool()) {
        return any_error();
    }
    assume(steps_left != 0);
    steps_left--;
    return TWILIO_AGAIN;
}

int twilio_alerts_ask(struct twilio_alerts *a, unsigned what)
{
    claim(what == BALANCE && a->asked == NOTHING && a->walk == NOTHING,
          "the balance, if nothing else is asked");
    any_work();
    assume(a->asked == BALANCE);
    return TWILIO_OK;
}

/* Proved in prove_alert_link.c, as the next two. */
void twilio_alerts_clock(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    uint32_t time = nondet_uint32_t();

    assume(time >= a->time && time <= LIFE);
    a->time = time_now = time;
    a->now = moment->now;
    a->utc = moment->utc;
    a->random = moment->random;
    a->level = nondet_uint32_t();
    assume(ALERTS_ARE_GOOD);
}

bool twilio_alerts_affordable(const struct twilio_alerts *a, unsigned priority)
{
    (void)a, (void)priority;
    return nondet_bool();
}

void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on)
{
    (void)fault, (void)on;
    a->faults = nondet_uint16_t();
}

int twilio_journal_tidy(struct twilio_journal *journal)
{
    claim(journal == &the_alerts.journal, "the journal");
    return nondet_bool() ? TWILIO_OK : any_error();
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };
    unsigned asked = a->asked;
    int e;

    to_come = any_up_to(UINT16_MAX);
    steps_left = nondet_uint32_t();
    e = twilio_alerts_next(nondet_bool() ? a : NULL, &moment);
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
    claim(e == TWILIO_OK || e == TWILIO_AGAIN || e == TWILIO_ERR_BUSY || e == TWILIO_ERR_ARGUMENT,
          "a result");
    claim(e != TWILIO_OK || a->asked != NOTHING, "a request");
    claim(e != TWILIO_AGAIN || (a->asked == NOTHING && a->wait >= 1), "no request, and a while to wait");
    claim(asked == NOTHING || (e != TWILIO_OK && e != TWILIO_AGAIN && a->asked == asked), "one at a time");
}
