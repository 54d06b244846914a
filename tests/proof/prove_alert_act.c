/*
 * prove_alert_act.c - the delivery engine: what is done about an alert whose time has come; exactly once
 *
 * SPDX-License-Identifier: MIT
 */
//@ source alerts_record.c
//@ bounds any state of the engine, any entry and record in the journal, which may fail; two ladders of any length
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ loop alerts_record.c: do {
//@     invariant next < ladder(a)->count
//@     decreases ladder(a)->count - next
//@     changes next
//@ loop alerts.c: while (rung->call && (e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
//@     invariant RECORD_IS_GOOD && to_come <= UINT16_MAX && (rung->call || e == TWILIO_OK)
//@     decreases to_come
//@     changes e
//@     changes entry
//@     changes to_come
//@     changes any_load()
//@ meant alerts_record.c: record->attempt++;
//@ meant alerts_record.c: uint32_t passed = a->time - record->created;
//@ fault alerts.c: return twilio_alerts_ask(a, is_unrecognisable(a) ? CREATE : LOOK); => return twilio_alerts_ask(a, CREATE);
//@ fault alerts.c: a->record.flags |= RESENT; => ;
//@ fault alerts.c: int e = twilio_alerts_intend(a); => int e = TWILIO_OK;
//@ fault alerts.c: return e == TWILIO_OK ? twilio_alerts_ask(a, CREATE) : e; => return twilio_alerts_ask(a, CREATE);
//@ fault alerts.c: if (a->turn > turns) { => if (a->turn > turns + 1) {
//@ fault alerts.c: return changed(twilio_alerts_queue(a, 0)); => return changed(twilio_alerts_queue(a, 1));
//@ fault alerts.c: if (is_unsent(a)) { => if (false) {
//@ fault alerts.c: int e = twilio_alerts_left(a) > a->record.deadline / 2 ? find_doubt(a) : TWILIO_OK; => int e = TWILIO_OK;
//@ fault alerts.c: return twilio_alerts_load(a, &own) ? e : TWILIO_ERR_FLASH; => return e;
//@ fault alerts.c: return changed(twilio_alerts_save(a, state, wanted ? a->time + KEEP_CALL : a->time)); => return changed(twilio_alerts_save(a, state, a->time));
//@ fault alerts.c: || (a->entry.id == a->unsent && (a->record.flags & RESENT) == 0); => || a->entry.id == a->unsent;
#include "any_alerts.h"

#include "alerts.c"

/* Of any two texts: proved in prove_octets.c. */
bool twilio_equal(const char *a, const char *b)
{
    (void)a, (void)b;
    return nondet_bool();
}

/* Proved in prove_alert_link.c. */
void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on)
{
    (void)fault, (void)on;
    a->faults = nondet_uint16_t();
}

/* Proved in prove_alert_request.c. */
int twilio_alerts_ask(struct twilio_alerts *a, unsigned what)
{
    claim(a->asked == NOTHING && a->walk == NOTHING, "no request is under way");
    if (what == CREATE) {
        claim(a->entry.size > sizeof a->record && a->entry.size <= sizeof a->record + TWILIO_ALERT_TEXT_MAX,
              "a text");
    }
    claim(what != LISTEN || (a->turn >= 1 && a->turn <= a->record.rung + 1), "a rung's turn");
    if (what == CREATE && nondet_bool()) {
        return any_error();
    }
    the_scratch.sid[0] = the_scratch.text[0] = the_scratch.date[0] = '\0';
    the_scratch.code[0] = the_scratch.error[0] = the_scratch.answered[0] = '\0';
    a->worked = a->entry.id;
    a->asked = (uint8_t)what;
    a->wait = 600;
    return TWILIO_OK;
}

/* ---- Exactly once ------------------------------------------------------------ */

/* What may be sent was durable as perhaps sent before, and either certainly was not sent, or was not seen in
 * a list, or may come twice as its flag or its kind says. */
static void prove_request(const struct twilio_alerts *a, const struct twilio_entry *entry, uint32_t unsent)
{
    bool intended = writes == 1 && written.id == entry->id && written.state == TWILIO_ALERT_SENDING;

    claim(a->worked == entry->id, "the request is about that alert");
    if (a->asked == CREATE) {
        claim(intended || (writes == 0 && IN_DOUBT(entry->state)), "that it will be sent is durable");
        claim(!IN_DOUBT(entry->state) || unsent == entry->id
              || (entry->due == 0 && intended && (written_record.flags & RESENT) != 0 && written.due != 0)
              || (the_rungs[a->record.rung].call && a->record.intent_utc == 0),
              "what is in doubt is sent again only if it is known not to be there, or may come twice");
        claim(IN_DOUBT(entry->state) || entry->state == TWILIO_ALERT_QUEUED, "nothing else is sent");
        claim(!intended || a->unsent == entry->id, "it was not sent yet");
        claim(IN_DOUBT(entry->state) || !the_rungs[a->record.rung].call
              || twilio_alerts_left(a) <= a->record.deadline / 2 || to_come == 0,
              "no call to that number is in doubt, or half of the alert's time is over");
    } else {
        claim(writes == 0, "a question changes nothing");
        claim(a->asked == (IN_DOUBT(entry->state) ? LOOK : a->asked), "what is in doubt is looked for");
        claim(a->asked != LOOK || IN_DOUBT(entry->state), "nothing else is looked for");
    }
}

/* Without a request an alert is nearer to its end, or has to wait; and in doubt it is until a look, or until it
 * is over, as unknown, unless something of it arrived, or it was not sent. */
static void prove_change(const struct twilio_alerts *a, const struct twilio_entry *entry, uint32_t unsent,
                         bool readable)
{
    claim(writes == 1 && written.id == entry->id, "it is in another state, and that is durable");
    claim(written.settled ? !entry->settled
          : OFF(written.state) < OFF(entry->state)
            || (written.due > a->time && (entry->state == TWILIO_ALERT_QUEUED || (entry->state & OVER) != 0)),
          "nearer to its end, or nothing is to be done about it now");
    claim(!IN_DOUBT(entry->state) || (written.state & OVER) != 0, "what is in doubt is never queued");
    claim(!IN_DOUBT(entry->state) || !readable || written.state == (TWILIO_ALERT_UNKNOWN | OVER)
          || written.state == (TWILIO_ALERT_DELIVERED | OVER)
          || (unsent == entry->id && (written_record.flags & RESENT) == 0), "what is in doubt ends unknown");
    claim((written.state & OVER) == 0 || entry->state == 0 || (entry->state & OVER) != 0
          || written_record.ended % OVER <= TWILIO_ALERT_SENDING
          || written.state > (TWILIO_ALERT_SENDING | OVER), "what is over is not told to be queued");
    claim(a->asked == NOTHING, "no request");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_entry entry = any_entry();
    uint32_t unsent = a->unsent;
    int e;

    assume(a->asked == NOTHING && a->walk == NOTHING && !entry.settled);
    to_come = any_up_to(UINT16_MAX);
    remembered = entry.id;
    its_record = any_record();
    e = act(a, &entry);
    claim(e == TWILIO_OK || e == TWILIO_AGAIN || (e < TWILIO_AGAIN && a->asked == NOTHING), "a result");
    if (e == TWILIO_OK) {
        prove_request(a, &entry, unsent);
    } else if (e == TWILIO_AGAIN) {
        prove_change(a, &entry, unsent, written_record.deadline != 0);
    }
    claim(a->unsent == unsent || (a->unsent == entry.id && written.state == TWILIO_ALERT_SENDING),
          "known from an intent alone");
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
}
