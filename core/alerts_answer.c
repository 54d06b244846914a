/*
 * alerts_answer.c - the delivery engine: what came of a request
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "form.h"
#include "octets.h"
#include "twilio_date.h"

#include <string.h>

#define AN_HOUR 3600U  /* seconds by which a list may be out of order */
#define CLOCKS  60U    /* seconds by which our clock and Twilio's may differ */

/* ---- Items of lists -------------------------------------------------------- */

static bool begins(const char *text, const char *prefix)
{
    while (*prefix != '\0' && to_lower((uint8_t)*text) == to_lower((uint8_t)*prefix)) {
        text++;
        prefix++;
    }
    return *prefix == '\0';
}

/* The token ends with a space: so "#A7-1 " is not the beginning of "#A7-1F ". */
static bool has_token(const struct twilio_alerts *a, const char *body)
{
    char token[TWILIO_ALERTS_TOKEN_MAX + 1];
    const char *rest = twilio_after(body, "Sent from your Twilio trial account - ");

    token[TWILIO_ALERTS_TOKEN_MAX] = '\0';
    return twilio_after(rest != NULL ? rest : body,
                        twilio_alerts_token(a, token + TWILIO_ALERTS_TOKEN_MAX)) != NULL;
}

/* Whether that SID is an alert's already: this one's, of an earlier attempt, or another's. */
static bool is_known(struct twilio_alerts *a, const char *sid)
{
    struct twilio_entry entry = { 0 };
    struct twilio_alert_record record;

    while (twilio_journal_next(&a->journal, &entry) == TWILIO_ITEM) {
        if (!entry.settled && twilio_alerts_read(a, &entry, &record) && twilio_equal(record.sid, sid)) {
            return true;
        }
    }
    return false;
}

/* A call from before the intent is another one. */
static bool is_call(struct twilio_alerts *a, uint32_t date)
{
    return date + CLOCKS >= a->record.intent_utc && !is_known(a, a->scratch->sid);
}

static bool is_reply(const struct twilio_alerts *a, uint32_t date)
{
    return date > a->record.accepted && begins(a->scratch->text, a->reply != NULL ? a->reply : "OK");
}

/* Make the alert that the request is about the one that is worked on, if another one was asked about or
 * acknowledged meanwhile. false: it cannot be read, or is over. */
static bool matters(struct twilio_alerts *a)
{
    struct twilio_entry entry;

    return twilio_journal_find(&a->journal, a->worked, &entry) == TWILIO_ITEM && (entry.state & OVER) == 0
        && twilio_alerts_load(a, &entry);
}

static bool is_ours(struct twilio_alerts *a, uint32_t date)
{
    return twilio_alerts_rung(a)->call ? is_call(a, date) : has_token(a, a->scratch->text);
}

/* Lists begin with what is newest. */
static void judge(struct twilio_alerts *a)
{
    uint32_t date = twilio_time(a->scratch->date);
    uint32_t since = a->asked == LOOK ? a->record.intent_utc : a->record.accepted;

    a->found = a->asked == LOOK ? is_ours(a, date) : is_reply(a, date);
    a->enough = date != 0 && date + AN_HOUR < since;
}

/* What was found stays in the scratch, and what follows it does not matter. */
static void feed_list(struct twilio_alerts *a, const char *data, size_t size)
{
    int used;

    while (size != 0 && !a->found && !a->enough) {
        used = twilio_list_feed(&a->scratch->reader.list, data, size);
        if (used < 0) {
            break;
        }
        if (twilio_list_has_item(&a->scratch->reader.list) && (a->entry.id == a->worked || matters(a))) {
            judge(a);
        }
        data += used;
        size -= (size_t)used;
    }
}

bool twilio_alerts_feed(void *alerts, const char *data, size_t size)
{
    struct twilio_alerts *a = alerts;

    if (a->asked >= LOOK) {
        feed_list(a, data, size);
    } else if (a->asked != NOTHING) {
        twilio_json_feed(&a->scratch->reader.json, data, size);
    }
    return true;
}

/* ---- What was to be sent --------------------------------------------------- */

/* The SID in the answer becomes the record's. false: there is none. */
static bool take_sid(struct twilio_alerts *a)
{
    const char *sid = a->scratch->sid;
    unsigned letters = *sid == 'C' ? SID_OF('C', 'A') : *sid == 'M' ? SID_OF('M', 'M') : SID_OF('S', 'M');

    if (!twilio_is_sid(sid, letters)) {
        return false;
    }
    memcpy(a->record.sid, sid, sizeof a->record.sid);
    return true;
}

static void accepted(struct twilio_alerts *a)
{
    const struct twilio_rung *rung = twilio_alerts_rung(a);
    uint32_t due = twilio_alerts_deadline(a), left = twilio_alerts_left(a);

    if (rung->wait != 0 && rung->wait < left && !twilio_alerts_is_last(a)) {
        due = a->time + rung->wait;
    }
    if (a->record.accepted == 0) {
        a->record.accepted = twilio_time(a->scratch->date);
    }
    if (a->record.code == 0) {
        twilio_alerts_fault(a, TWILIO_FAULT_CONFIGURATION | TWILIO_FAULT_PROGRAM, false);
    }
    a->round = ROUND_MIN;
    a->round_at = a->time + ROUND_MIN;
    twilio_alerts_save(a, TWILIO_ALERT_ACCEPTED, due);
}

static void refused(struct twilio_alerts *a, enum twilio_advice advice, uint32_t why, unsigned state)
{
    a->record.code = why;
    if (advice == TWILIO_FIX_CONFIGURATION) {
        a->record.flags |= MENDABLE;
    }
    twilio_alerts_climb(a, advice, state);
}

/* Whether the request was certainly not carried out, for no fault of its own. */
static bool is_lost(const struct twilio_outcome *outcome, enum twilio_advice advice)
{
    return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER
        || (outcome->code == 0 && advice != TWILIO_LOOK_FIRST
            && outcome->result <= TWILIO_ERR_RESET && outcome->result >= TWILIO_ERR_PROXY);
}

static void created(struct twilio_alerts *a, const struct twilio_outcome *outcome, enum twilio_advice advice,
                    uint32_t code)
{
    bool success = outcome->code - 200U < 100;

    if (!success && is_lost(outcome, advice)) {
        return;  /* to be sent again: it is durable as perhaps sent, but we know better */
    }
    a->unsent = 0;
    if (!matters(a)) {
        return;
    }
    if (success && take_sid(a)) {
        accepted(a);
    } else if (success || advice == TWILIO_LOOK_FIRST) {
        twilio_alerts_doubt(a, TWILIO_ALERT_UNKNOWN);
    } else {
        refused(a, advice, code != 0 ? code : outcome->code, TWILIO_ALERT_FAILED);
    }
}

/* ---- What became of it ----------------------------------------------------- */

/* The person has it, if one was to be reached; a call that no person answered has reached nobody. */
static void arrived(struct twilio_alerts *a, bool call)
{
    bool person = twilio_equal(a->scratch->answered, "human");

    a->record.flags |= ARRIVED;
    if ((a->record.flags & TWILIO_ALERT_ACKNOWLEDGE) == 0) {
        twilio_alerts_end(a, TWILIO_ALERT_DELIVERED);
    } else if (call && person) {
        twilio_alerts_end(a, TWILIO_ALERT_ACKNOWLEDGED);
    } else if (call) {
        twilio_alerts_climb(a, TWILIO_DONE, TWILIO_ALERT_FAILED);
    } else if (a->entry.state != TWILIO_ALERT_DELIVERED) {
        twilio_alerts_save(a, TWILIO_ALERT_DELIVERED, a->entry.due);
    }
}

static void followed(struct twilio_alerts *a)
{
    const char *status = a->scratch->text;
    unsigned state = *status == 'u' ? TWILIO_ALERT_UNDELIVERED : TWILIO_ALERT_FAILED;
    uint32_t why = 0;
    enum twilio_advice advice;

    if (twilio_is_one_of(status, "delivered\0read\0completed\0")) {
        arrived(a, a->record.sid[0] == 'C');
    } else if (twilio_is_one_of(status, "undelivered\0failed\0canceled\0busy\0no-answer\0")) {
        twilio_decimal(a->scratch->error, &why);
        advice = twilio_advise(TWILIO_OK, true, 200, why);
        twilio_alerts_blame(a, advice, false);
        refused(a, advice, why, state);
    }
}

/* ---- Lists ----------------------------------------------------------------- */

/* Whether all of the list was seen that matters. What is no page of it, or not all of one, proves nothing. */
static int turn_page(struct twilio_alerts *a, const struct twilio_outcome *outcome)
{
    struct twilio_list *list = &a->scratch->reader.list;

    if (outcome->code != 200) {
        return TWILIO_ERR_CONTENT;
    }
    if (a->found || a->enough) {
        return TWILIO_OK;
    }
    return list->fields[2].type + list->fields[6].type == '[' ? twilio_list_next(list, 200)
                                                              : TWILIO_ERR_CONTENT;
}

static void looked(struct twilio_alerts *a, const struct twilio_outcome *outcome, enum twilio_advice advice)
{
    int e = turn_page(a, outcome);

    if (e == TWILIO_AGAIN) {
        a->walk = LOOK;
    } else if (e == TWILIO_OK && a->found && take_sid(a)) {
        accepted(a);
    } else if (e == TWILIO_OK && !a->found) {
        a->unsent = a->entry.id;
    } else if (!is_failing(outcome, advice)) {
        twilio_alerts_doubt(a, TWILIO_ALERT_UNKNOWN);  /* look again, but not at once */
    }
}

static void listened(struct twilio_alerts *a, const struct twilio_outcome *outcome)
{
    int e = turn_page(a, outcome);

    if (e == TWILIO_AGAIN) {
        a->walk = LISTEN;
    } else if (e == TWILIO_OK && a->found) {
        twilio_alerts_end(a, TWILIO_ALERT_ACKNOWLEDGED);
    }
}

/* ---- Public ---------------------------------------------------------------- */

void twilio_alerts_done(struct twilio_alerts *alerts, const struct twilio_moment *moment,
                        const struct twilio_outcome *outcome)
{
    struct twilio_alerts *a = alerts;
    unsigned asked = a->asked;
    uint32_t code = 0;
    enum twilio_advice advice;

    if (asked == NOTHING) {
        return;
    }
    twilio_alerts_clock(a, moment);
    a->asked = NOTHING;
    a->walk = NOTHING;
    if (asked < LOOK) {
        twilio_decimal(a->scratch->code, &code);
    }
    advice = twilio_alerts_heard(a, outcome, code);
    if (asked == CREATE) {
        created(a, outcome, advice, code);
    } else if (asked == BALANCE) {
        if (advice == TWILIO_DONE) {
            twilio_alerts_balance(a, a->scratch->text);
        }
    } else if (matters(a)) {
        if (asked == LOOK) {
            looked(a, outcome, advice);
        } else if (asked == LISTEN) {
            listened(a, outcome);
        } else if (advice == TWILIO_DONE) {
            followed(a);
        }
    }
}
