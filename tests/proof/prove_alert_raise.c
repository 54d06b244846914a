/*
 * prove_alert_raise.c - the delivery engine: alerts raised, acknowledged and asked about, at any moment
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any alert, a journal of up to 65,535 entries, each of them any, which may fail, but not for ever
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ meant alerts.c: || (twilio_alerts_load(a, entry) && a->time - a->record.created < a->quiet));
//@ meant alerts.c: a->again = a->again_id == id ? a->again + 1 : 1;
//@ meant alerts.c: a->repeats++;
//@ loop alerts.c: while (length <= TWILIO_ALERT_TEXT_MAX && text[length] != '\0') {
//@     invariant length <= TWILIO_ALERT_TEXT_MAX + 1 && length <= LEFT(text)
//@     decreases TWILIO_ALERT_TEXT_MAX + 1 - length
//@     changes length
//@ loop alerts.c: while (twilio_journal_next(&a->journal, entry) == TWILIO_ITEM) {
//@     invariant to_come <= UINT16_MAX && RECORD_IS_GOOD
//@     decreases to_come
//@     changes *entry
//@     changes to_come
//@     changes any_load()
//@ loop alerts.c: in twilio_alerts_acknowledge: while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
//@     invariant to_come <= UINT16_MAX && RECORD_IS_GOOD && only_ended
//@     decreases moves_left
//@     decreases to_come
//@     changes e
//@     changes failed
//@     changes entry
//@     changes to_come
//@     changes any_end()
//@ fault alerts.c: while (length <= TWILIO_ALERT_TEXT_MAX && text[length] != '\0') { => while (text[length] != '\0') {
//@ fault alerts.c: if (e != TWILIO_OK) { => if (false) {
//@ fault alerts.c: return (entry->state & OVER) == 0 && (id == 0 || entry->id == id); => return id == 0 || entry->id == id;
//@ fault alerts.c: e = twilio_alerts_end(a, TWILIO_ALERT_ACKNOWLEDGED); => e = twilio_alerts_end(a, TWILIO_ALERT_QUEUED);
//@ fault alerts.c: entry->size = (uint16_t)(sizeof *record + length); => entry->size = (uint16_t)(sizeof *record + length + 8);
//@ fault alerts.c: entry->state = TWILIO_ALERT_QUEUED; => entry->state = TWILIO_ALERT_SENDING;
//@ fault alerts.c: if (a->quiet != 0 && find_same(a, alert->kind, entry)) { => if (a->quiet == 0) {
#include "any_alerts.h"
#include "any_clock.h"

/* moves_left: alerts that are not over, and how often the journal still fails. */
static uint32_t moves_left;
static bool only_ended;

static void any_end(void)
{
    only_ended = nondet_bool();
    moves_left = nondet_uint32_t();
    any_load();
}

#include "alerts.c"

/* ---- What other proofs show -------------------------------------------------- */

bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    any_load();
    a->entry = *entry;
    assume(RECORD_IS_GOOD);
    return nondet_bool();
}

/* It becomes over, or the journal fails. A walk meets it once more, perhaps. */
int twilio_alerts_end(struct twilio_alerts *a, unsigned state)
{
    claim((a->entry.state & OVER) == 0, "what is over is over");
    only_ended = only_ended && state == TWILIO_ALERT_ACKNOWLEDGED;
    assume(moves_left != 0);
    moves_left--;
    to_come = any_up_to(UINT16_MAX);
    return nondet_bool() ? TWILIO_OK : any_error();
}

int twilio_alerts_check(const struct twilio_alerts *a, const struct twilio_alert *alert, unsigned length)
{
    (void)a, (void)alert;
    return length >= 1 && length <= TWILIO_ALERT_TEXT_MAX && nondet_bool() ? TWILIO_OK : TWILIO_ERR_LENGTH;
}

void twilio_alerts_describe(const struct twilio_alerts *a, struct twilio_alert_status *status)
{
    claim(a->record.sid[sizeof a->record.sid - 1] == '\0', "what is told has an end");
    status->id = a->entry.id;
}

/* ---- Claims ------------------------------------------------------------------ */

static void prove_raise(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    struct twilio_alert alert = { any_text_or_null(), nondet_uint16_t(), nondet_uint8_t(), nondet_uint8_t(),
                                  nondet_uint8_t(), nondet_uint8_t() };
    uint32_t id = 0, repeats = a->repeats;
    int e = twilio_alerts_raise(nondet_bool() ? a : NULL, moment, nondet_bool() ? &alert : NULL,
                                nondet_bool() ? &id : NULL);

    claim(e != TWILIO_OK || (writes == 1 && written.state == TWILIO_ALERT_QUEUED && !written.settled
                             && written.size > sizeof a->record
                             && written.size <= sizeof(struct twilio_alert_stored))
          || (writes == 0 && a->quiet != 0 && a->repeats == (repeats + UINT64_C(1)) % (UINT64_C(1) << 32)),
          "it is durable, or counted");
    claim(e == TWILIO_OK || writes == 0, "what fails is not there");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_moment moment = { nondet_uint32_t(), nondet_uint32_t(), nondet_uint32_t() };
    struct twilio_alert_status status;
    uint32_t unsent = a->unsent, worked = a->worked;
    unsigned asked = a->asked, walk = a->walk;

    to_come = any_up_to(UINT16_MAX);
    moves_left = nondet_uint32_t();
    only_ended = true;
    switch (any_up_to(2)) {
    case 0:
        prove_raise(a, &moment);
        break;
    case 1:
        twilio_alerts_acknowledge(nondet_bool() ? a : NULL, &moment, nondet_uint32_t());
        claim(only_ended, "acknowledged is over");
        break;
    default:
        twilio_alerts_status(nondet_bool() ? a : NULL, nondet_uint32_t(), nondet_bool() ? &status : NULL);
        claim(writes == 0, "to ask changes nothing");
        break;
    }
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
    claim(a->unsent == unsent && a->asked == asked && a->walk == walk && a->worked == worked,
          "the request under way is not touched, and nobody learns here what was not sent");
}
