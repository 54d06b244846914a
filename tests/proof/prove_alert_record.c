/*
 * prove_alert_record.c - the delivery engine: what the journal holds, whatever that is, and an alert's way
 * from state to state
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any entries and records in the journal, which may fail; two ladders of any length
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ loop alerts_record.c: do {
//@     invariant next < ladder(a)->count
//@     decreases ladder(a)->count - next
//@     changes next
//@ meant alerts_record.c: record->attempt++;
//@ meant alerts_record.c: uint32_t passed = a->time - record->created;
//@ meant alerts_record.c: return length - 1 < TWILIO_ALERT_TEXT_MAX ? twilio_write_twiml(&sink, say) : TWILIO_ERR_LENGTH;
//@ fault alerts_record.c: if (a->record.rung >= count) { => if (a->record.rung > count) {
//@ fault alerts_record.c: && record->sid[sizeof record->sid - 1] == '\0'; => ;
//@ fault alerts_record.c: return entry->size > sizeof *record && entry->size <= sizeof *record + TWILIO_ALERT_TEXT_MAX => return entry->size <= sizeof *record + TWILIO_ALERT_TEXT_MAX
//@ fault alerts_record.c: } while (next < ladder(a)->count && is_useless(&ladder(a)->rungs[next], failed, advice)); => } while (is_useless(&ladder(a)->rungs[next], failed, advice));
//@ fault alerts_record.c: e = twilio_alerts_doubt(a, TWILIO_ALERT_SENDING); => a->unsent = a->entry.id; e = twilio_alerts_doubt(a, TWILIO_ALERT_SENDING);
//@ fault alerts_record.c: if (!a->entry.settled && a->asked == NOTHING && a->walk == NOTHING) { => if (!a->entry.settled && a->asked == NOTHING) {
//@ fault alerts_record.c: return passed < record->deadline ? record->deadline - passed : 0; => return record->deadline - passed;
//@ fault alerts_record.c: record->flags &= (uint8_t)~RESENT; => ;
//@ fault alerts_record.c: bool resend = (a->record.flags & (TWILIO_ALERT_RESEND | RESENT)) == TWILIO_ALERT_RESEND; => bool resend = (a->record.flags & TWILIO_ALERT_RESEND) != 0;
#include "any_alerts.h"

#include "alerts_record.c"

/* Of any two texts: proved in prove_octets.c. */
bool twilio_equal(const char *a, const char *b)
{
    (void)a, (void)b;
    return nondet_bool();
}

int twilio_write_twiml(struct twilio_sink *sink, const struct twilio_twiml *document)
{
    claim(sink != NULL && document[0].name != NULL && document[1].name == NULL, "a document, to be measured");
    return nondet_int();
}

/* Proved in prove_alert_link.c. */
void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on)
{
    (void)fault, (void)on;
    a->faults = nondet_uint16_t();
}

/* ---- Claims ------------------------------------------------------------------ */

static void prove_load(struct twilio_alerts *a)
{
    struct twilio_entry entry = any_entry();

    if (twilio_alerts_load(a, &entry)) {
        claim(entry.size > sizeof a->record && entry.size <= sizeof(struct twilio_alert_stored), "it fits");
    }
    claim(a->entry.id == entry.id, "it is the one that is worked on");
    claim(twilio_alerts_left(a) <= a->record.deadline && twilio_alerts_deadline(a) >= a->time,
          "what is left of it");
    claim(twilio_alerts_rung(a) - the_rungs < LADDER.count, "its rung is one of the ladder's");
    claim(!twilio_alerts_is_last(a) || twilio_alerts_rung(a) - the_rungs == LADDER.count - 1, "the last");
}

static void prove_intend(struct twilio_alerts *a, uint32_t unsent)
{
    bool first = (a->record.flags & (TWILIO_ALERT_RESEND | RESENT)) == TWILIO_ALERT_RESEND;

    if (twilio_alerts_intend(a) == TWILIO_OK) {
        claim(writes == 1 && written.state == TWILIO_ALERT_SENDING && written.id == a->entry.id,
              "durable before it is sent");
        claim(a->unsent == a->entry.id, "it was not sent yet");
        claim((written.due == 0) == first, "only RESEND is sent again without a look, and once");
    } else {
        claim(a->unsent == unsent, "what is not durable is not known to be unsent");
    }
}

/* What moves an alert on. unsent says who is known not to have been sent: nobody here may say so. */
static void prove_move(struct twilio_alerts *a, uint32_t unsent)
{
    unsigned state = nondet_uint8_t(), attempt = a->record.attempt;
    bool resend = (a->record.flags & (TWILIO_ALERT_RESEND | RESENT)) == TWILIO_ALERT_RESEND;
    int e;

    assume(state >= TWILIO_ALERT_QUEUED && state <= TWILIO_ALERT_ACKNOWLEDGED);
    switch (any_up_to(4)) {
    case 0:
        e = twilio_alerts_doubt(a, state);
        claim(e != TWILIO_OK || (written.due == 0) == resend,
              "only RESEND is sent again without a look, and once");
        break;
    case 1:
        e = twilio_alerts_queue(a, nondet_uint16_t());
        claim(e != TWILIO_OK || written.state == TWILIO_ALERT_QUEUED || written.state == WAITING,
              "it is queued");
        break;
    case 2:
        e = twilio_alerts_climb(a, (enum twilio_advice)any_up_to(TWILIO_FIX_PROGRAM), state);
        claim(e != TWILIO_OK || (written.state & OVER) != 0
              || ((written.state == TWILIO_ALERT_QUEUED || written.state == WAITING)
                  && written_record.attempt == (attempt + 1) % 65536 && (written_record.flags & RESENT) == 0),
              "over, or queued as another attempt");
        claim(e != TWILIO_OK || OFF(written.state) < OFF(TWILIO_ALERT_ACCEPTED), "nearer to its end");
        break;
    case 3:
        e = twilio_alerts_end(a, state);
        claim(e != TWILIO_OK || (written.state & OVER) != 0, "over");
        break;
    default:
        e = twilio_alerts_save(a, state, nondet_uint32_t());
        claim(e != TWILIO_OK || written.state == state, "in that state");
        break;
    }
    claim(e != TWILIO_OK || (writes == 1 && written.id == a->entry.id), "durable");
    claim(a->unsent == unsent, "nobody learns here what was not sent");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    struct twilio_alert alert = { .ladder = nondet_uint8_t(), .deadline = nondet_uint16_t(),
                                  .text = any_text() };
    struct twilio_alert_status status;
    uint32_t unsent = a->unsent;
    unsigned length = nondet_unsigned();

    switch (any_up_to(4)) {
    case 0:
        prove_load(a);
        break;
    case 1:
        prove_intend(a, unsent);
        break;
    case 2:
        prove_move(a, unsent);
        break;
    case 3:
        twilio_alerts_describe(a, &status);
        claim(status.sid[sizeof status.sid - 1] == '\0', "what is told has an end");
        break;
    default:
        claim(twilio_alerts_check(a, &alert, length) != TWILIO_OK
              || (length >= 1 && length <= TWILIO_ALERT_TEXT_MAX),
              "a text has its place");
        break;
    }
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
}
