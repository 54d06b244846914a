/*
 * alerts.c - the delivery engine: which alert is next, and what is to be done about it
 *
 * Nothing here remembers where an alert stands: each look begins with the journal. What is in memory besides
 * - when to try again, what certainly was not sent, how far a list was read - may be lost at any moment, and
 * costs a request then.
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "form.h"
#include "octets.h"

#include <string.h>

#define NEVER        UINT32_MAX
#define WAIT         1     /* neither a request nor an error */
#define ATTEMPT_MASK 0xFFFU
#define FLASH_AGAIN  10U   /* seconds until a journal that failed is tried again */
#define BUDGET_AGAIN 30U   /* seconds until alerts that are held back are looked at again */
#define ROUND_MAX    60    /* seconds from one round of following to the next */

/* ---- When ------------------------------------------------------------------ */

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t sooner(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool is_followed(const struct twilio_entry *entry)
{
    return entry->state == TWILIO_ALERT_ACCEPTED || entry->state == TWILIO_ALERT_DELIVERED;
}

/* When something can be done about that entry. What was perhaps sent before the last start, and then perhaps
 * just before, is looked for when the settle time has passed since. */
static uint32_t when(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    uint32_t request = later(a->hold, a->time);

    if (is_followed(entry)) {
        return sooner(entry->due, entry->id > a->cursor ? later(request, a->round_at) : NEVER);
    }
    switch (entry->state) {
    case TWILIO_ALERT_QUEUED:
        if (!twilio_alerts_affordable(a, entry->priority)) {
            a->held++;
            return sooner(entry->due, a->time + BUDGET_AGAIN);
        }
        return sooner(entry->due, request);
    case TWILIO_ALERT_SENDING: case TWILIO_ALERT_UNKNOWN:
        if (entry->id != a->unsent && entry->due != 0) {
            request = later(later(entry->due, a->began + a->settle + 1), request);
        }
        if (request > a->time && twilio_alerts_load(a, entry)) {
            request = sooner(request, a->time + twilio_alerts_left(a));  /* the head does not tell that */
        }
        return request;
    default:
        return entry->due;
    }
}

/* ---- Which ----------------------------------------------------------------- */

/* What is to be sent comes before what is only followed. Those that are followed come by age, for the cursor
 * to pass none. */
static unsigned rank(const struct twilio_alerts *a, const struct twilio_entry *entry)
{
    return is_followed(entry) && entry->due > a->time ? 1 : 2U + entry->priority;
}

/* What a look at all entries has found. */
struct choice {
    struct twilio_entry entry;  /* to do something about now; id 0: none is */
    unsigned rank;
    uint32_t wake;              /* when there is something next */
    bool     round_over;        /* none is left to be followed in this round */
};

static void consider(struct twilio_alerts *a, const struct twilio_entry *entry, struct choice *choice)
{
    uint32_t at = when(a, entry);
    unsigned of_it = rank(a, entry);

    if (is_followed(entry) && entry->id > a->cursor) {
        choice->round_over = false;
    }
    if (at > a->time) {
        choice->wake = sooner(choice->wake, at);
    } else if (of_it > choice->rank || (of_it == choice->rank && entry->id < choice->entry.id)) {
        choice->entry = *entry;
        choice->rank = of_it;
    }
}

static int choose(struct twilio_alerts *a, struct choice *choice)
{
    struct twilio_entry entry = { 0 };
    int e;

    choice->entry.id = 0;
    choice->rank = 0;
    choice->wake = NEVER;
    choice->round_over = a->cursor != 0;
    a->held = 0;
    while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
        if (!entry.settled) {
            consider(a, &entry, choice);
        }
    }
    twilio_alerts_fault(a, TWILIO_FAULT_HELD, a->held != 0);
    return e;
}

static void next_round(struct twilio_alerts *a)
{
    a->cursor = 0;
    a->round_at = a->time + a->round;
    a->round = (uint8_t)(a->round <= ROUND_MAX / 2 ? a->round * 2 : ROUND_MAX);
}

/* ---- What ------------------------------------------------------------------ */

static int changed(int e)
{
    return e == TWILIO_OK ? TWILIO_AGAIN : e;
}

/* Whether a call to that number is in doubt. If so, that is the alert that is worked on. */
static bool is_doubtful(struct twilio_alerts *a, const struct twilio_entry *entry, const char *to)
{
    const struct twilio_rung *rung;

    if ((entry->state != TWILIO_ALERT_SENDING && entry->state != TWILIO_ALERT_UNKNOWN)
        || !twilio_alerts_load(a, entry)) {
        return false;
    }
    rung = twilio_alerts_rung(a);
    return rung->call && twilio_equal(rung->to, to);
}

/* Find an alert whose call, to the number that this one's rung calls, is in doubt. TWILIO_ITEM; TWILIO_OK:
 * there is none; or an error, after which this one may not be the one that is worked on. */
static int find_doubt(struct twilio_alerts *a)
{
    const struct twilio_rung *rung = twilio_alerts_rung(a);
    struct twilio_entry own = a->entry, entry = { 0 };
    int e = TWILIO_OK;

    while (rung->call && (e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
        if (is_doubtful(a, &entry, rung->to)) {
            break;
        }
    }
    return twilio_alerts_load(a, &own) ? e : TWILIO_ERR_FLASH;
}

/* Whether this attempt certainly was not sent, not even once. */
static bool is_unsent(const struct twilio_alerts *a)
{
    return a->entry.state == TWILIO_ALERT_QUEUED || a->entry.state == WAITING
        || (a->entry.id == a->unsent && (a->record.flags & RESENT) == 0);
}

/* The deadline has passed. If this attempt was not sent, the one before tells; if none was accepted ever, it
 * has expired. Else its state is the truth. */
static int give_up(struct twilio_alerts *a)
{
    unsigned state = a->entry.state;

    if (is_unsent(a)) {
        state = a->record.sid[0] != 0 ? a->record.ended : TWILIO_ALERT_EXPIRED;
    } else if (state == TWILIO_ALERT_SENDING) {
        state = TWILIO_ALERT_UNKNOWN;
    }
    return changed(twilio_alerts_end(a, state));
}

static int send(struct twilio_alerts *a)
{
    int e = twilio_alerts_intend(a);

    return e == TWILIO_OK ? twilio_alerts_ask(a, CREATE) : e;
}

/* Calls to one number cannot be told from each other: while one is in doubt, the next one waits until just
 * after the look for that one. But only for half of its time: perhaps calls cannot be looked for at all. */
static int send_in_turn(struct twilio_alerts *a)
{
    int e = twilio_alerts_left(a) > a->record.deadline / 2 ? find_doubt(a) : TWILIO_OK;

    if (e == TWILIO_ITEM) {
        return changed(twilio_alerts_queue(a, a->settle + 2U));
    }
    return e == TWILIO_OK ? send(a) : e;
}

/* A call whose intent has no date cannot be told from others. */
static bool is_unrecognisable(const struct twilio_alerts *a)
{
    return twilio_alerts_rung(a)->call && a->record.intent_utc == 0;
}

/* It is durable as perhaps sent. */
static int find_out(struct twilio_alerts *a)
{
    if (a->entry.id == a->unsent) {
        return twilio_alerts_ask(a, CREATE);
    }
    if (a->entry.due == 0) {
        a->record.flags |= RESENT;
        return send(a);
    }
    return twilio_alerts_ask(a, is_unrecognisable(a) ? CREATE : LOOK);
}

/* First what became of it, unless that is known, then whether somebody replied: each rung that was tried has
 * its turn. */
static int follow(struct twilio_alerts *a)
{
    bool wanted = (a->record.flags & TWILIO_ALERT_ACKNOWLEDGE) != 0 && a->record.accepted != 0;
    unsigned turns = wanted ? 1U + a->record.rung : 0;
    int e;

    if (a->entry.due <= a->time) {
        return changed(twilio_alerts_climb(a, TWILIO_DONE, a->entry.state));
    }
    if (a->turn > turns) {
        a->turn = 0;
    }
    if (wanted && a->turn == 0 && a->entry.state == TWILIO_ALERT_DELIVERED) {
        a->turn = 1;
    }
    e = twilio_alerts_ask(a, a->turn != 0 ? LISTEN : FOLLOW);
    a->turn = (uint8_t)(a->turn < turns ? a->turn + 1U : 0);
    if (a->turn == 0) {
        a->cursor = a->entry.id;
    }
    return e;
}

/* It is over, and was kept for quiet, or for its call to be known: as long as another one might be taken for
 * it. Or it cannot be read any more. */
static int forget(struct twilio_alerts *a, unsigned state)
{
    bool wanted = a->record.sid[0] == 'C' && find_doubt(a) == TWILIO_ITEM;

    a->entry.settled = !wanted;
    return changed(twilio_alerts_save(a, state, wanted ? a->time + KEEP_CALL : a->time));
}

/* TWILIO_OK: a request is made. TWILIO_AGAIN: the alert is in another state. */
static int act(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    if (!twilio_alerts_load(a, entry)) {
        a->faults |= TWILIO_FAULT_UNSENT;
        return forget(a, TWILIO_ALERT_FAILED | OVER);
    }
    if ((entry->state & OVER) != 0) {
        return forget(a, entry->state);
    }
    if (twilio_alerts_left(a) == 0) {
        return give_up(a);
    }
    switch (entry->state) {
    case WAITING:
        return changed(twilio_alerts_queue(a, 0));
    case TWILIO_ALERT_QUEUED:
        return send_in_turn(a);
    case TWILIO_ALERT_SENDING: case TWILIO_ALERT_UNKNOWN:
        return find_out(a);
    default:
        return follow(a);
    }
}

/* ---- Public: the loop ------------------------------------------------------ */

/* Nothing is to be done about an alert before wake. */
static int rest(struct twilio_alerts *a, uint32_t wake)
{
    uint32_t balance = later(a->balance_at, a->hold), link = a->heard + a->supervise;

    if (balance <= a->time) {
        return twilio_alerts_ask(a, BALANCE);
    }
    wake = sooner(wake, balance);
    if (link > a->time) {
        wake = sooner(wake, link);
    }
    a->wait = wake - a->time;
    return twilio_journal_tidy(&a->journal) == TWILIO_OK ? WAIT : TWILIO_ERR_FLASH;
}

static int work(struct twilio_alerts *a)
{
    struct choice choice;
    int e;

    do {
        e = choose(a, &choice);
        if (e == TWILIO_OK && choice.entry.id != 0) {
            e = act(a, &choice.entry);
        } else if (e == TWILIO_OK && choice.round_over) {
            next_round(a);
            e = TWILIO_AGAIN;
        } else if (e == TWILIO_OK) {
            e = rest(a, choice.wake);
        }
    } while (e == TWILIO_AGAIN);
    return e;
}

int twilio_alerts_next(struct twilio_alerts *alerts, const struct twilio_moment *moment)
{
    struct twilio_alerts *a = alerts;
    int e;

    if (a == NULL || moment == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    twilio_alerts_clock(a, moment);
    if (a->time - a->heard >= a->supervise) {
        a->faults |= TWILIO_FAULT_LINK;
    }
    if (a->asked != NOTHING) {
        return TWILIO_ERR_BUSY;
    }
    if (a->walk != NOTHING) {
        a->asked = a->walk;
        return TWILIO_OK;
    }
    if (a->time >= a->prefer) {
        a->path = 0;
    }
    e = work(a);
    if (e < TWILIO_AGAIN) {
        a->faults |= TWILIO_FAULT_FLASH;
        a->wait = FLASH_AGAIN;
    }
    return e == TWILIO_OK ? TWILIO_OK : TWILIO_AGAIN;
}

/* ---- Public: begin --------------------------------------------------------- */

static bool is_name(const char *name)
{
    static const octet_set letters_digits = { 0x03FF0000U, 0x07FFFFFEU, 0x07FFFFFEU };

    return name != NULL && twilio_made_of(name, letters_digits) - 1 < 8;
}

static bool is_complete(const struct twilio_alerts *a)
{
    return a->accounts != NULL && a->ladders != NULL && a->ladder_count != 0 && a->scratch != NULL
        && is_name(a->name);
}

static int check_settings(struct twilio_alerts *a)
{
    if (!is_complete(a)) {
        return TWILIO_ERR_ARGUMENT;
    }
    a->settle = a->settle != 0 ? a->settle : 30;
    a->paths = a->paths != 0 ? a->paths : 1;
    a->supervise = a->supervise != 0 ? a->supervise : 180;
    return a->supervise - 10 > 86400 - 10 || (a->per_hour != 0 && a->reserve >= a->per_hour)
         ? TWILIO_ERR_RANGE : TWILIO_OK;
}

/* A number that cannot be is told today, and not in the night of the alarm. */
static int check_ladder(struct twilio_alerts *a, const struct twilio_ladder *ladder)
{
    int e = ladder->rungs != NULL && ladder->count != 0 ? TWILIO_OK : TWILIO_ERR_ARGUMENT;

    a->request.account = a->accounts;
    for (unsigned i = 0; e == TWILIO_OK && i < ladder->count; i++) {
        twilio_alerts_compose(a, &ladder->rungs[i], "-", "-", 1);
        e = twilio_request_check(&a->request);
    }
    return e;
}

/* The newest record tells the time, and what the budget was then. */
static int recover(struct twilio_alerts *a)
{
    struct twilio_entry entry = { 0 };
    int e;

    a->time = 1;
    a->level = a->per_hour * 3600U;
    while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
        if (entry.settled) {
            a->record.written = entry.due;
            a->record.level = entry.priority;
        } else if (!twilio_alerts_load(a, &entry)) {
            continue;
        }
        if (a->record.written >= a->time) {
            a->time = a->record.written;
            a->level = sooner((uint32_t)a->record.level << 12, a->per_hour * 3600U);
        }
    }
    a->time++;  /* all that was before is older */
    return e;
}

int twilio_alerts_begin(struct twilio_alerts *alerts, const struct twilio_moment *moment)
{
    struct twilio_alerts *a = alerts;
    int e = a != NULL && moment != NULL ? check_settings(a) : TWILIO_ERR_ARGUMENT;

    for (unsigned i = 0; e == TWILIO_OK && i < a->ladder_count; i++) {
        e = check_ladder(a, &a->ladders[i]);
    }
    if (e == TWILIO_OK) {
        e = twilio_journal_begin(&a->journal);
    }
    if (e == TWILIO_OK) {
        e = recover(a);
    }
    if (e == TWILIO_OK) {
        a->now = moment->now;
        a->round = ROUND_MIN;
        twilio_alerts_clock(a, moment);
        a->began = a->heard = ++a->time;  /* later than all that was raised before */
        a->balance_at = a->time + (a->supervise >> 1) - twilio_alerts_random(a, a->supervise >> 2);
    }
    return e;
}

/* ---- Public: one alert ----------------------------------------------------- */

/* Of that kind, and not accepted yet, or raised within quiet. */
static bool is_same(struct twilio_alerts *a, const struct twilio_entry *entry, unsigned kind)
{
    return !entry->settled && entry->kind == kind
        && (entry->state <= TWILIO_ALERT_UNKNOWN || entry->state == WAITING
            || (twilio_alerts_load(a, entry) && a->time - a->record.created < a->quiet));
}

static bool find_same(struct twilio_alerts *a, unsigned kind, struct twilio_entry *entry)
{
    while (twilio_journal_next(&a->journal, entry) == TWILIO_ITEM) {
        if (is_same(a, entry, kind)) {
            return true;
        }
    }
    return false;
}

static void count_again(struct twilio_alerts *a, uint32_t id)
{
    a->again = a->again_id == id ? a->again + 1 : 1;
    a->again_id = id;
    a->repeats++;
}

static unsigned length_of(const char *text)
{
    unsigned length = 0;

    while (length <= TWILIO_ALERT_TEXT_MAX && text[length] != '\0') {
        length++;
    }
    return length;
}

/* The first attempt has a random number: a device whose flash was erased counts its alerts anew, and what it
 * sent before is not to be taken for what it sends now. */
static int enter(struct twilio_alerts *a, const struct twilio_alert *alert, unsigned length,
                 struct twilio_entry *entry)
{
    struct twilio_alert_stored data;
    struct twilio_alert_record *record = &data.record;

    memset(record, 0, sizeof *record);
    record->written = record->created = a->time;
    record->created_utc = a->utc;
    record->deadline = alert->deadline != 0 ? alert->deadline : 3600;
    record->attempt = a->random & ATTEMPT_MASK;
    record->ladder = alert->ladder;
    record->flags = alert->flags & (TWILIO_ALERT_RESEND | TWILIO_ALERT_ACKNOWLEDGE);
    record->level = twilio_alerts_level(a);
    memcpy(data.text, alert->text, length);
    memset(entry, 0, sizeof *entry);
    entry->due = a->time + record->deadline;
    entry->size = (uint16_t)(sizeof *record + length);
    entry->state = TWILIO_ALERT_QUEUED;
    entry->priority = alert->priority;
    entry->kind = alert->kind;
    return twilio_journal_write(&a->journal, entry, &data);
}

/* Make it durable; or count it to one that means the same. Either way entry is the one that tells of it. */
static int enter_or_count(struct twilio_alerts *a, const struct twilio_alert *alert, unsigned length,
                          struct twilio_entry *entry)
{
    if (a->quiet != 0 && find_same(a, alert->kind, entry)) {
        count_again(a, entry->id);
        return TWILIO_OK;
    }
    return enter(a, alert, length, entry);
}

int twilio_alerts_raise(struct twilio_alerts *alerts, const struct twilio_moment *moment,
                        const struct twilio_alert *alert, uint32_t *id)
{
    struct twilio_alerts *a = alerts;
    struct twilio_entry entry = { 0 };
    unsigned length;
    int e;

    if (a == NULL || moment == NULL || alert == NULL || alert->text == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    length = length_of(alert->text);
    e = twilio_alerts_check(a, alert, length);
    if (e != TWILIO_OK) {
        return e;
    }
    twilio_alerts_clock(a, moment);
    e = enter_or_count(a, alert, length, &entry);
    if (id != NULL) {
        *id = entry.id;
    }
    return e;
}

/* Whether that number means this entry. */
static bool is_meant(const struct twilio_entry *entry, uint32_t id)
{
    return (entry->state & OVER) == 0 && (id == 0 || entry->id == id);
}

int twilio_alerts_acknowledge(struct twilio_alerts *alerts, const struct twilio_moment *moment, uint32_t id)
{
    struct twilio_alerts *a = alerts;
    struct twilio_entry entry = { 0 };
    int e, failed = TWILIO_OK;

    if (a == NULL || moment == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    twilio_alerts_clock(a, moment);
    while ((e = twilio_journal_next(&a->journal, &entry)) == TWILIO_ITEM) {
        if (is_meant(&entry, id)) {
            twilio_alerts_load(a, &entry);
            e = twilio_alerts_end(a, TWILIO_ALERT_ACKNOWLEDGED);
            failed = e != TWILIO_OK ? e : failed;
        }
    }
    return e != TWILIO_OK ? e : failed;
}

int twilio_alerts_status(struct twilio_alerts *alerts, uint32_t id, struct twilio_alert_status *status)
{
    struct twilio_alerts *a = alerts;
    struct twilio_entry entry;
    int e;

    if (a == NULL || status == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    e = twilio_journal_find(&a->journal, id, &entry);
    if (e == TWILIO_ITEM) {
        if (entry.settled) {
            a->entry = entry;
            memset(&a->record, 0, sizeof a->record);
        } else if (!twilio_alerts_load(a, &entry)) {
            e = TWILIO_ERR_FLASH;
        }
        twilio_alerts_describe(a, status);
    }
    return e;
}
