/*
 * any_alerts.h - the delivery engine in any state that it may be in, and a journal of any entries
 *
 * The journal is stood for by its contract (twilio_journal.h): whatever is asked of it may fail; entries are
 * any that its checks let through, with any record, or of another program; what is written is remembered.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_ALERTS_H
#define TWILIO_ANY_ALERTS_H

#include "proof.h"

#include "alerts.h"

/* The engine counts seconds of 32 bits, for 136 years; less a day and a half, so that what it adds to them
 * fits. */
#define LIFE      (UINT32_MAX - 131072U)
#define DAY       86400U
#define HOLD_MAX  3901U  /* seconds: Retry-After, the longest pause, one more */

struct twilio_alerts the_alerts;
extern struct twilio_alerts_scratch the_scratch;
extern const struct twilio_rung the_rungs[UINT8_MAX];
extern const struct twilio_account the_accounts[UINT8_MAX];
struct twilio_ladder the_ladders[2];

#define HAS_END(text) has_end(text, sizeof (text))
#define LADDER \
    (the_ladders[the_alerts.record.ladder < the_alerts.ladder_count ? the_alerts.record.ladder : 0])

/* What twilio_alerts_begin lets through. */
#define SETTINGS_ARE_GOOD \
    (the_alerts.ladders == the_ladders && the_alerts.ladder_count >= 1 && the_alerts.ladder_count <= 2 \
     && the_ladders[0].rungs == the_rungs && the_ladders[1].rungs == the_rungs \
     && the_ladders[0].count >= 1 && the_ladders[1].count >= 1 \
     && the_alerts.accounts == the_accounts && the_alerts.scratch == &the_scratch && the_alerts.paths >= 1 \
     && the_alerts.supervise >= 10 && the_alerts.supervise <= DAY \
     && (the_alerts.per_hour == 0 || the_alerts.reserve < the_alerts.per_hour))

/* Nothing that is to come is further away than it can be, so that no wait is longer than half of DAY. */
#define TIMES_ARE_GOOD \
    (the_alerts.time <= LIFE && the_alerts.began <= the_alerts.time && the_alerts.heard <= the_alerts.time \
     && the_alerts.hold <= the_alerts.time + HOLD_MAX && the_alerts.balance_at <= the_alerts.time + DAY / 2 \
     && the_alerts.wait <= DAY / 2 && the_alerts.level <= the_alerts.per_hour * 3600U)

/* The alert that is worked on: its rung is there, its SID has an end. */
#define RECORD_IS_GOOD \
    (the_alerts.record.rung < LADDER.count \
     && the_alerts.record.sid[sizeof the_alerts.record.sid - 1] == '\0' \
     && the_alerts.record.created <= LIFE && the_alerts.entry.size <= TWILIO_JOURNAL_DATA_MAX)

/* While a request is under way, what is wanted of its answer has an end. */
#define TEXTS_ARE_GOOD \
    (the_alerts.asked <= LISTEN \
     && (the_alerts.walk == NOTHING || (the_alerts.walk >= LOOK && the_alerts.walk <= LISTEN \
         && (the_alerts.asked == NOTHING || the_alerts.asked == the_alerts.walk))) \
     && ((the_alerts.asked == NOTHING && the_alerts.walk == NOTHING) || texts_have_ends()))

static bool has_end(const char *text, size_t size)
{
    bool found_end = false;

    for (size_t i = 0; i < size; i++) {
        found_end = found_end || text[i] == '\0';
    }
    return found_end;
}

static bool texts_have_ends(void)
{
    return HAS_END(the_scratch.sid) && HAS_END(the_scratch.text) && HAS_END(the_scratch.date)
        && (the_alerts.asked >= LOOK || the_alerts.walk >= LOOK
            || (HAS_END(the_scratch.code) && HAS_END(the_scratch.error) && HAS_END(the_scratch.answered)));
}

/* The engine's invariant: so it is after begin, and after each call. */
#define ALERTS_ARE_GOOD \
    (SETTINGS_ARE_GOOD && TIMES_ARE_GOOD && RECORD_IS_GOOD && TEXTS_ARE_GOOD \
     && the_alerts.path < the_alerts.paths)

/* ---- Exactly once ------------------------------------------------------------ */

/* An entry that says that its alert was perhaps sent. */
#define IN_DOUBT(state) ((state) == TWILIO_ALERT_SENDING || (state) == TWILIO_ALERT_UNKNOWN)

/* How far an alert is from its end: what the engine does at once takes it nearer, whatever its state. */
#define OFF(state) \
    (((state) & OVER) != 0 ? 1U : (state) == TWILIO_ALERT_QUEUED ? 2U : (state) == WAITING ? 3U : 4U)

/* What has been made durable last, and how often that was done. */
static struct twilio_entry written;
static struct twilio_alert_record written_record;
static unsigned writes;

/* What the request under way is for. Until its answer is told, the alert that it is about is in doubt if it
 * may be created or is looked for, and else is not (prove_alert_act.c); or it is over (prove_alert_raise.c).
 */
static unsigned asked_about;

/* The entries that a walk through the journal has left. */
static size_t to_come;

/* ---- The engine's memory ----------------------------------------------------- */

static void any_told(void *context, const struct twilio_alert_status *status)
{
    (void)context;
    claim(status->sid[sizeof status->sid - 1] == '\0', "what is told has an end");
    claim(writes != 0, "what is told is durable");
}

/* It is what it may be, with any settings. */
static struct twilio_alerts *any_alerts(void)
{
    struct twilio_alerts any;

    the_alerts = any;
    the_ladders[0] = (struct twilio_ladder){ the_rungs, nondet_uint8_t() };
    the_ladders[1] = (struct twilio_ladder){ the_rungs, nondet_uint8_t() };
    the_alerts.ladders = the_ladders;
    the_alerts.accounts = the_accounts;
    the_alerts.scratch = &the_scratch;
    the_alerts.told = nondet_bool() ? any_told : NULL;
    assume(ALERTS_ARE_GOOD);
    return &the_alerts;
}

/* ---- The journal ------------------------------------------------------------- */

static int any_error(void)
{
    return nondet_bool() ? TWILIO_ERR_FLASH : nondet_bool() ? TWILIO_ERR_FULL : TWILIO_ERR_ARGUMENT;
}

static struct twilio_entry any_entry(void)
{
    struct twilio_entry any;

    assume(any.id != 0 && any.size <= TWILIO_JOURNAL_DATA_MAX && (!any.settled || any.due <= LIFE));
    return any;
}

static struct twilio_alert_record any_record(void)
{
    struct twilio_alert_record any;

    assume(any.created <= LIFE && any.written <= LIFE);
    return any;
}

/* An entry whose record is the same whenever it is read; 0: none's is. */
static uint32_t remembered;
static struct twilio_alert_record its_record;

/* So many octets at the most; where it fails, some of them. */
int twilio_journal_read(struct twilio_journal *journal, const struct twilio_entry *entry, void *data,
                        size_t size)
{
    claim(journal == &the_alerts.journal && __CPROVER_r_ok(entry, sizeof *entry), "a journal, and an entry");
    if (size == sizeof(struct twilio_alert_record)) {
        *(struct twilio_alert_record *)data = entry->id == remembered ? its_record : any_record();
    } else {
        claim(data == &the_scratch.of.stored && size <= sizeof the_scratch.of, "it fits in its place");
        claim(the_alerts.asked == NOTHING && the_alerts.walk == NOTHING, "no request has need of that place");
        __CPROVER_havoc_slice(&the_scratch.of.stored, sizeof the_scratch.of.stored);
    }
    return nondet_bool() ? TWILIO_OK : any_error();
}

int twilio_journal_write(struct twilio_journal *journal, struct twilio_entry *entry, const void *data)
{
    claim(journal == &the_alerts.journal && __CPROVER_w_ok(entry, sizeof *entry), "a journal, and an entry");
    claim(data == NULL || __CPROVER_r_ok(data, entry->size), "its data are there");
    if (nondet_bool()) {
        return any_error();
    }
    if (entry->settled) {
        entry->size = 0;
    } else if (data == NULL) {
        entry->size = (uint16_t)any_up_to(TWILIO_JOURNAL_DATA_MAX);
    }
    if (entry->id == 0) {
        entry->id = any_entry().id;
    }
    entry->used = nondet_uint16_t();
    entry->generation = nondet_uint32_t();
    entry->at = nondet_uint32_t();
    written = *entry;
    written_record = the_alerts.record;
    writes++;
    return TWILIO_OK;
}

/* A walk comes to its end. */
int twilio_journal_next(struct twilio_journal *journal, struct twilio_entry *entry)
{
    claim(journal == &the_alerts.journal && __CPROVER_w_ok(entry, sizeof *entry), "a journal, and an entry");
    if (to_come == 0 || nondet_bool()) {
        return to_come == 0 && nondet_bool() ? TWILIO_OK : any_error();
    }
    to_come--;
    *entry = any_entry();
    return TWILIO_ITEM;
}

int twilio_journal_find(struct twilio_journal *journal, uint32_t id, struct twilio_entry *entry)
{
    claim(journal == &the_alerts.journal && __CPROVER_w_ok(entry, sizeof *entry), "a journal, and an entry");
    if (nondet_bool()) {
        return nondet_bool() ? TWILIO_OK : any_error();
    }
    *entry = any_entry();
    entry->id = id;
    assume(asked_about == NOTHING || id != the_alerts.worked || (entry->state & OVER) != 0
           || IN_DOUBT(entry->state) == (asked_about == CREATE || asked_about == LOOK));
    return TWILIO_ITEM;
}

/* What loading another alert changes. */
static inline void any_load(void)
{
    struct twilio_entry *entry = &the_alerts.entry;
    struct twilio_alert_record *record = &the_alerts.record;

    the_alerts.entry = *entry = any_entry();
    the_alerts.record = *record = any_record();
    the_alerts.faults = nondet_uint16_t();
    assume(RECORD_IS_GOOD);
}

#endif
