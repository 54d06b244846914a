/*
 * prove_alert_begin.c - the delivery engine: any settings, and any journal to go on with
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any settings, two ladders of any length, a journal of up to 65,535 entries, each of them any, which may fail
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ meant alerts.c: return name != NULL && twilio_made_of(name, letters_digits) - 1 < 8;
//@ meant alerts.c: return a->supervise - 10 > 86400 - 10 || (a->per_hour != 0 && a->reserve >= a->per_hour)
//@ meant alerts.c: ? TWILIO_ERR_RANGE : TWILIO_OK;
//@ loop alerts.c: for (unsigned i = 0; e == TWILIO_OK && i < ladder->count; i++) {
//@     invariant i <= ladder->count && (e != TWILIO_OK || (ladder->rungs != NULL && ladder->count != 0))
//@     decreases (size_t)ladder->count - i
//@     changes i
//@     changes e
//@ loop alerts.c: in recover: while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
//@     invariant to_come <= UINT16_MAX && RECORD_IS_GOOD && a->time <= LIFE && a->level <= a->per_hour * 3600U
//@     decreases to_come
//@     changes e
//@     changes entry
//@     changes to_come
//@     changes any_recovery()
//@ fault alerts.c: return name != NULL && twilio_made_of(name, letters_digits) - 1 < 8; => return twilio_made_of(name, letters_digits) - 1 < 8;
//@ fault alerts.c: a->paths = a->paths != 0 ? a->paths : 1; => ;
//@ fault alerts.c: int e = ladder->rungs != NULL && ladder->count != 0 ? TWILIO_OK : TWILIO_ERR_ARGUMENT; => int e = ladder->rungs != NULL ? TWILIO_OK : TWILIO_ERR_ARGUMENT;
//@ fault alerts.c: return a->supervise - 10 > 86400 - 10 || (a->per_hour != 0 && a->reserve >= a->per_hour) => return (a->per_hour != 0 && a->reserve >= a->per_hour)
//@ fault alerts.c: a->level = sooner((uint32_t)a->record.level << 12, a->per_hour * 3600U); => a->level = (uint32_t)a->record.level << 12;
//@ fault alerts.c: for (unsigned i = 0; e == TWILIO_OK && i < ladder->count; i++) { => for (unsigned i = 0; e == TWILIO_OK && i <= ladder->count; i++) {
#include "any_alerts.h"

/* What a look at an entry changes. */
static void any_recovery(void)
{
    any_load();
    the_alerts.time = nondet_uint32_t();
    the_alerts.level = nondet_uint32_t();
}

#include "alerts.c"

/* ---- What other proofs show -------------------------------------------------- */

unsigned twilio_made_of(const char *text, const octet_set set)
{
    claim(text != NULL && set[0] == set[0], "a text, and a set");
    return nondet_unsigned();
}

void twilio_alerts_compose(struct twilio_alerts *a, const struct twilio_rung *rung, const char *body,
                           const char *text, uint32_t validity)
{
    (void)body, (void)text, (void)validity;
    claim(a->request.account == the_accounts && rung->to == rung->to, "a rung");
}

int twilio_request_check(const struct twilio_request *request)
{
    claim(request == &the_alerts.request, "the request");
    return nondet_bool() ? TWILIO_OK : any_error();
}

int twilio_journal_begin(struct twilio_journal *journal)
{
    claim(journal == &the_alerts.journal, "the journal");
    return nondet_bool() ? TWILIO_OK : any_error();
}

bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    struct twilio_alert_record any = any_record();

    a->entry = *entry;
    a->record = any;
    a->faults = nondet_uint16_t();
    assume(RECORD_IS_GOOD);
    return nondet_bool();
}

/* The first time counts nothing: it is as it was before. */
void twilio_alerts_clock(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    claim(a->now == moment->now, "time goes on from here");
    assume(a->time < LIFE);
    a->utc = moment->utc;
    a->random = moment->random;
}

uint32_t twilio_alerts_random(const struct twilio_alerts *a, uint32_t limit)
{
    (void)a;
    claim(limit < 65536, "a limit");
    return (uint32_t)any_up_to(limit);
}

/* ---- Claims ------------------------------------------------------------------ */

static struct twilio_ladder any_ladder(void)
{
    return (struct twilio_ladder){ nondet_bool() ? the_rungs : NULL, nondet_uint8_t() };
}

void prove(void)
{
    struct twilio_alerts set;
    struct twilio_alerts *a = &the_alerts;
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };

    the_ladders[0] = any_ladder();
    the_ladders[1] = any_ladder();
    *a = (struct twilio_alerts){ .ladder_count = (uint8_t)any_up_to(2), .paths = set.paths,
                                 .per_hour = set.per_hour, .reserve = set.reserve, .settle = set.settle,
                                 .quiet = set.quiet, .supervise = set.supervise };
    a->name = any_text_or_null();
    a->accounts = nondet_bool() ? the_accounts : NULL;
    a->ladders = nondet_bool() ? the_ladders : NULL;
    a->scratch = nondet_bool() ? &the_scratch : NULL;
    to_come = any_up_to(UINT16_MAX);
    if (twilio_alerts_begin(nondet_bool() ? a : NULL, &moment) == TWILIO_OK) {
        assume(a->ladder_count == 2 || (the_ladders[1].rungs == the_rungs && the_ladders[1].count != 0));
        claim(ALERTS_ARE_GOOD, "begin makes a good state");
        claim(a->asked == NOTHING && a->unsent == 0 && writes == 0, "of what was before it knows but the journal");
    }
}
