/*
 * alerts_record.c - the delivery engine: what is durable of an alert, and its way from state to state
 *
 * An entry's data is a record and the text. The record in memory is a copy of the one in the journal, changed
 * and written back at once: if that fails, what the journal says holds, and the engine goes on from there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "octets.h"
#include "sink.h"

#include <string.h>

#define RETRY_AFTER 60U   /* seconds: a rung whose message was accepted, then failed for a time */
#define MEND_AFTER  300U  /* seconds: a ladder whose fault may be mended */

static const struct twilio_ladder *ladder(const struct twilio_alerts *a)
{
    return &a->ladders[a->record.ladder < a->ladder_count ? a->record.ladder : 0];
}

/* ---- Flash ----------------------------------------------------------------- */

bool twilio_alerts_read(struct twilio_alerts *a, const struct twilio_entry *entry,
                        struct twilio_alert_record *record)
{
    return entry->size > sizeof *record && entry->size <= sizeof *record + TWILIO_ALERT_TEXT_MAX
        && twilio_journal_read(&a->journal, entry, record, sizeof *record) == TWILIO_OK
        && record->sid[sizeof record->sid - 1] == '\0';
}

/* After a change of the ladders, its rung is one that is there. */
static void limit_rung(struct twilio_alerts *a)
{
    unsigned count = ladder(a)->count;

    if (a->record.rung >= count) {
        a->record.rung = (uint8_t)(count - 1);
    }
}

/* What cannot be read twice is gone. */
bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    a->entry = *entry;
    for (unsigned times = 2; times != 0; times--) {
        if (twilio_alerts_read(a, entry, &a->record)) {
            limit_rung(a);
            return true;
        }
    }
    a->faults |= TWILIO_FAULT_FLASH;
    memset(&a->record, 0, sizeof a->record);
    return false;
}

/* While a request is under way the scratch is its own, and then the data stay as they are: that happens only
 * when somebody acknowledges the alert, and the head tells that. */
static int write(struct twilio_alerts *a)
{
    struct twilio_alert_stored *data = NULL;
    int e = TWILIO_OK;

    if (!a->entry.settled && a->asked == NOTHING && a->walk == NOTHING) {
        data = &a->scratch->of.stored;
        e = twilio_journal_read(&a->journal, &a->entry, data, a->entry.size);
        data->record = a->record;
    }
    if (e == TWILIO_OK) {
        e = twilio_journal_write(&a->journal, &a->entry, data);
    }
    twilio_alerts_fault(a, TWILIO_FAULT_FLASH, e != TWILIO_OK);
    return e;
}

/* ---- What is told ---------------------------------------------------------- */

static unsigned told_state(unsigned state)
{
    state &= ~(unsigned)OVER;
    return state == WAITING ? TWILIO_ALERT_QUEUED : state;
}

void twilio_alerts_describe(const struct twilio_alerts *a, struct twilio_alert_status *status)
{
    status->id = a->entry.id;
    status->code = a->record.code;
    status->repeats = a->again_id == a->entry.id ? a->again : 0;
    status->state = (uint8_t)told_state(a->entry.state);
    status->kind = a->entry.kind;
    status->rung = a->record.rung;
    status->over = (a->entry.state & OVER) != 0;
    memcpy(status->sid, a->record.sid, sizeof status->sid);
}

/* ---- States ---------------------------------------------------------------- */

int twilio_alerts_save(struct twilio_alerts *a, unsigned state, uint32_t due)
{
    struct twilio_alert_status status;
    unsigned before = a->entry.state;
    int e;

    a->entry.state = (uint8_t)state;
    a->entry.due = due;
    a->record.written = a->time;
    a->record.level = twilio_alerts_level(a);
    if (a->entry.settled) {
        a->entry.priority = a->record.level;
    }
    e = write(a);
    if (e == TWILIO_OK && a->told != NULL
        && (told_state(state) != told_state(before) || (state ^ before) >= OVER)) {
        twilio_alerts_describe(a, &status);
        a->told(a->context, &status);
    }
    return e;
}

/* What has arrived once is delivered. Before quiet is over, the journal has to keep when an alert was raised;
 * and the SID of a call for a while, lest another alert takes it for its own. */
int twilio_alerts_end(struct twilio_alerts *a, unsigned state)
{
    uint32_t until = a->record.created + a->quiet, called = a->time + KEEP_CALL;
    int e;

    if ((a->record.flags & ARRIVED) != 0 && state != TWILIO_ALERT_ACKNOWLEDGED) {
        state = TWILIO_ALERT_DELIVERED;
    }
    if (a->record.sid[0] == 'C' && until < called) {
        until = called;
    }
    a->entry.settled = until <= a->time;
    e = twilio_alerts_save(a, state | OVER, a->entry.settled ? a->time : until);
    if (e == TWILIO_OK && state != TWILIO_ALERT_ACCEPTED) {
        twilio_alerts_fault(a, TWILIO_FAULT_UNSENT,
                            state != TWILIO_ALERT_DELIVERED && state != TWILIO_ALERT_ACKNOWLEDGED);
    }
    return e;
}

int twilio_alerts_doubt(struct twilio_alerts *a, unsigned state)
{
    bool resend = (a->record.flags & (TWILIO_ALERT_RESEND | RESENT)) == TWILIO_ALERT_RESEND;

    return twilio_alerts_save(a, state, resend ? 0 : a->time + a->settle + 1);
}

int twilio_alerts_intend(struct twilio_alerts *a)
{
    int e;

    a->level -= a->level < 3600 ? a->level : 3600;
    a->record.intent_utc = a->utc;
    e = twilio_alerts_doubt(a, TWILIO_ALERT_SENDING);
    if (e == TWILIO_OK) {
        a->unsent = a->entry.id;
    }
    return e;
}

int twilio_alerts_queue(struct twilio_alerts *a, uint32_t delay)
{
    uint32_t deadline = twilio_alerts_deadline(a), due = a->time + delay;

    return delay == 0 ? twilio_alerts_save(a, TWILIO_ALERT_QUEUED, deadline)
                      : twilio_alerts_save(a, WAITING, due < deadline ? due : deadline);
}

/* ---- The deadline ---------------------------------------------------------- */

uint32_t twilio_alerts_deadline(const struct twilio_alerts *a)
{
    return a->time + twilio_alerts_left(a);
}

/* Of the time when the device was off, only utc knows. It is asked about nothing else, for it may leap. */
uint32_t twilio_alerts_left(const struct twilio_alerts *a)
{
    const struct twilio_alert_record *record = &a->record;
    uint32_t passed = a->time - record->created;

    if (record->created < a->began && record->created_utc != 0 && a->utc > record->created_utc
        && a->utc - record->created_utc > passed) {
        passed = a->utc - record->created_utc;
    }
    return passed < record->deadline ? record->deadline - passed : 0;
}

/* ---- The ladder ------------------------------------------------------------ */

const struct twilio_rung *twilio_alerts_rung(const struct twilio_alerts *a)
{
    return &ladder(a)->rungs[a->record.rung];
}

bool twilio_alerts_is_last(const struct twilio_alerts *a)
{
    return a->record.rung + 1 == ladder(a)->count;
}

/* A number that does not exist is not tried another way; one that gets no messages can be called. */
static bool is_useless(const struct twilio_rung *rung, const struct twilio_rung *failed,
                       enum twilio_advice advice)
{
    return (advice == TWILIO_NEXT_CONTACT || (advice == TWILIO_USE_VOICE && !rung->call))
        && twilio_equal(rung->to, failed->to);
}

static unsigned next_rung(struct twilio_alerts *a, enum twilio_advice advice)
{
    const struct twilio_rung *failed = twilio_alerts_rung(a);
    unsigned next = a->record.rung;

    do {
        next++;
    } while (next < ladder(a)->count && is_useless(&ladder(a)->rungs[next], failed, advice));
    return next;
}

int twilio_alerts_climb(struct twilio_alerts *a, enum twilio_advice advice, unsigned state)
{
    struct twilio_alert_record *record = &a->record;
    unsigned next = next_rung(a, advice);
    uint32_t delay = 0;

    record->ended = (uint8_t)state;
    if (advice == TWILIO_RETRY_LATER && (record->flags & RETRIED) == 0) {
        record->flags |= RETRIED;
        next = record->rung;
        delay = RETRY_AFTER;
    } else {
        record->flags &= (uint8_t)~RETRIED;
    }
    if (next >= ladder(a)->count) {
        if ((record->flags & MENDABLE) == 0) {
            return twilio_alerts_end(a, state);
        }
        record->flags &= (uint8_t)~MENDABLE;
        next = 0;
        delay = MEND_AFTER;
    }
    record->flags &= (uint8_t)~RESENT;
    record->rung = (uint8_t)next;
    record->attempt++;
    return twilio_alerts_queue(a, delay);
}

/* ---- What can be raised ---------------------------------------------------- */

int twilio_alerts_check(const struct twilio_alerts *a, const struct twilio_alert *alert, unsigned length)
{
    const struct twilio_twiml say[] = { TWILIO_SAY(alert->text), TWILIO_TWIML_END };
    struct twilio_sink sink = { 0 };

    if (alert->ladder >= a->ladder_count) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (alert->deadline > TWILIO_ALERT_DEADLINE_MAX) {
        return TWILIO_ERR_RANGE;
    }
    return length - 1 < TWILIO_ALERT_TEXT_MAX ? twilio_write_twiml(&sink, say) : TWILIO_ERR_LENGTH;
}
