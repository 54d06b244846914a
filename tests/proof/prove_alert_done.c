/*
 * prove_alert_done.c - the delivery engine: what came of a request; exactly once
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any outcome and answer, any entry and record in the journal, which may fail
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ meant alerts_answer.c: bool success = outcome->code - 200U < 100;
//@ fault alerts_answer.c: return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER => return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER || advice == TWILIO_LOOK_FIRST
//@ fault alerts_answer.c: || (outcome->code == 0 && advice != TWILIO_LOOK_FIRST => || (outcome->code == 0
//@ fault alerts_answer.c: a->unsent = 0; => ;
//@ fault alerts_answer.c: } else if (e == TWILIO_OK && !a->found) { => } else if (!a->found) {
//@ fault alerts_answer.c: } else if (success || advice == TWILIO_LOOK_FIRST) { => } else if (advice == TWILIO_LOOK_FIRST) {
//@ fault alerts_answer.c: if (success && take_sid(a)) { => if (take_sid(a)) {
//@ fault alerts_answer.c: if (outcome->code != 200) { => if (outcome->code == 0) {
//@ fault alerts_answer.c: a->asked = NOTHING; => ;
#include "any_alerts.h"
#include "any_clock.h"

#include "alerts_answer.c"

static unsigned advised;
static bool list_is_complete;

/* ---- What other proofs show -------------------------------------------------- */

bool twilio_equal(const char *a, const char *b)
{
    (void)a, (void)b;
    return nondet_bool();
}

bool twilio_decimal(const char *text, uint32_t *number)
{
    (void)text;
    *number = nondet_uint32_t();
    return nondet_bool();
}

bool twilio_is_one_of(const char *text, const char *choices)
{
    claim(text == the_scratch.text && *choices != '\0', "a status");
    return nondet_bool();
}

bool twilio_is_sid(const char *text, unsigned letters)
{
    (void)letters;
    claim(text == the_scratch.sid, "a SID");
    return nondet_bool() && text[34] == '\0';
}

uint32_t twilio_time(const char *text)
{
    claim(text == the_scratch.date, "a date");
    return nondet_uint32_t();
}

/* A success is not to be repeated, nor what was committed and has no answer (twilio_error.h). */
enum twilio_advice twilio_advise(int result, bool committed, unsigned status, uint32_t code)
{
    (void)code;
    advised = (unsigned)any_up_to(TWILIO_FIX_PROGRAM);
    assume(advised != TWILIO_DONE || (status >= 200 && status < 300));
    assume(result >= 0 || !committed || (status >= 300 && status < 500) || advised == TWILIO_LOOK_FIRST
           || (advised > TWILIO_LOOK_FIRST && (result > TWILIO_ERR_RESET || result < TWILIO_ERR_PROXY)));
    assume(result < 0 || status != 0 || advised == TWILIO_LOOK_FIRST);
    return (enum twilio_advice)advised;
}

enum twilio_advice twilio_alerts_heard(struct twilio_alerts *a, const struct twilio_outcome *outcome,
                                       uint32_t code)
{
    a->hold = nondet_uint32_t();
    a->heard = nondet_uint32_t();
    a->balance_at = nondet_uint32_t();
    a->prefer = nondet_uint32_t();
    a->path = nondet_uint8_t();
    a->failures = nondet_uint8_t();
    a->faults = nondet_uint16_t();
    assume(TIMES_ARE_GOOD && a->path < a->paths);
    return twilio_advise(outcome->result, outcome->committed, outcome->code, code);
}

void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on)
{
    (void)fault, (void)on;
    a->faults = nondet_uint16_t();
}

void twilio_alerts_blame(struct twilio_alerts *a, enum twilio_advice advice, bool access)
{
    (void)advice, (void)access;
    a->faults = nondet_uint16_t();
}

void twilio_alerts_balance(struct twilio_alerts *a, const char *text)
{
    claim(text == the_scratch.text, "the balance");
    a->faults = nondet_uint16_t();
}

int twilio_list_next(struct twilio_list *list, int code)
{
    claim(list == &the_scratch.reader.list && code == 200, "a list, of which a page has come");
    list_is_complete = nondet_bool();
    return list_is_complete ? TWILIO_OK : nondet_bool() ? TWILIO_AGAIN : any_error();
}

/* ---- Moves: proved in prove_alert_record.c ----------------------------------- */

bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    a->entry = *entry;
    a->record = any_record();
    a->faults = nondet_uint16_t();
    assume(RECORD_IS_GOOD);
    return nondet_bool();
}

const struct twilio_rung *twilio_alerts_rung(const struct twilio_alerts *a)
{
    return &the_rungs[a->record.rung];
}

bool twilio_alerts_is_last(const struct twilio_alerts *a)
{
    return a->record.rung + 1 == LADDER.count;
}

uint32_t twilio_alerts_left(const struct twilio_alerts *a)
{
    return (uint32_t)any_up_to(a->record.deadline);
}

uint32_t twilio_alerts_deadline(const struct twilio_alerts *a)
{
    return a->time + twilio_alerts_left(a);
}

int twilio_alerts_save(struct twilio_alerts *a, unsigned state, uint32_t due)
{
    claim(RECORD_IS_GOOD, "the record can be written");
    a->entry.state = (uint8_t)state;
    a->entry.due = due;
    a->faults = nondet_uint16_t();
    if (nondet_bool()) {
        return any_error();
    }
    written = a->entry;
    written_record = a->record;
    writes++;
    return TWILIO_OK;
}

int twilio_alerts_doubt(struct twilio_alerts *a, unsigned state)
{
    return twilio_alerts_save(a, state, nondet_uint32_t());
}

int twilio_alerts_end(struct twilio_alerts *a, unsigned state)
{
    a->entry.settled = nondet_bool();
    return twilio_alerts_save(a, (nondet_bool() ? TWILIO_ALERT_DELIVERED : state) | OVER, nondet_uint32_t());
}

int twilio_alerts_climb(struct twilio_alerts *a, enum twilio_advice advice, unsigned state)
{
    (void)advice;
    if (nondet_bool()) {
        return twilio_alerts_end(a, state);
    }
    a->record.rung = nondet_uint8_t();
    a->record.flags = nondet_uint8_t();
    a->record.attempt = nondet_uint16_t();
    assume(RECORD_IS_GOOD);
    return twilio_alerts_save(a, nondet_bool() ? TWILIO_ALERT_QUEUED : WAITING, nondet_uint32_t());
}

/* ---- Exactly once ------------------------------------------------------------ */

/* A creation whose outcome nobody knows leaves the alert in doubt. Only an answer that says that it was not
 * carried out, or that the request was not sent, lets it be sent again; only a refusal makes it another
 * attempt. */
static void prove_created(const struct twilio_alerts *a, const struct twilio_outcome *outcome,
                          uint32_t unsent)
{
    bool success = outcome->code >= 200 && outcome->code < 300;
    bool unanswered = outcome->committed && outcome->code == 0 && outcome->result <= TWILIO_ERR_RESET
                   && outcome->result >= TWILIO_ERR_PROXY;

    claim(a->unsent == 0 || a->unsent == unsent, "nobody else is known to be unsent");
    claim(a->unsent == 0 || (!success && (advised == TWILIO_RETRY_NOW || advised == TWILIO_RETRY_LATER
                                          || (outcome->code == 0 && advised != TWILIO_LOOK_FIRST))),
          "what was perhaps carried out is not taken for unsent");
    claim(!unanswered || (a->unsent == 0 && (writes == 0 || IN_DOUBT(written.state))),
          "a lost answer leaves it in doubt");
    claim(writes == 0 || written.state != TWILIO_ALERT_ACCEPTED
          || (success && written_record.sid[34] == '\0'),
          "accepted is what was created");
    claim(writes == 0 || written.state == TWILIO_ALERT_ACCEPTED || IN_DOUBT(written.state)
          || (!success && advised > TWILIO_LOOK_FIRST), "only a refusal makes it another attempt");
}

/* What is looked for is found; or it is known to be unsent, but only if all of the list was seen; or it stays
 * in doubt. */
static void prove_looked(const struct twilio_alerts *a, const struct twilio_outcome *outcome, uint32_t unsent,
                         bool found, bool enough)
{
    claim(a->unsent == unsent || (outcome->code == 200 && !found && (enough || list_is_complete)
                                  && writes == 0 && a->unsent == a->worked),
          "unsent is what is not in a list that was seen");
    claim(writes == 0 || (found && written.state == TWILIO_ALERT_ACCEPTED)
          || written.state == TWILIO_ALERT_UNKNOWN,
          "found, or in doubt");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };
    struct twilio_outcome outcome = { nondet_int(), nondet_bool(), nondet_uint16_t(), nondet_uint32_t(),
                                      nondet_uint32_t() };
    uint32_t unsent = a->unsent;
    bool found = a->found, enough = a->enough;

    asked_about = a->asked;
    if (asked_about >= LOOK) {
        the_scratch.reader.list.fields = the_scratch.fields;
    }
    twilio_alerts_done(a, &moment, &outcome);
    claim(ALERTS_ARE_GOOD && a->asked == NOTHING, "the engine is in a good state, and nothing is asked");
    claim(asked_about == NOTHING || a->walk == NOTHING || (a->walk == asked_about && writes == 0),
          "a list goes on as it began");
    if (asked_about == CREATE) {
        prove_created(a, &outcome, unsent);
    } else if (asked_about == LOOK) {
        prove_looked(a, &outcome, unsent, found, enough);
    } else {
        claim(a->unsent == unsent, "nobody learns here what was not sent");
        claim(writes == 0 || asked_about == FOLLOW
              || (asked_about == LISTEN && found && (written.state & OVER) != 0),
              "a reply ends it");
    }
}
