/*
 * fuzz_alerts.c - any answers at any time: the engine goes on; in pieces they are the same; what was perhaps
 * sent is not sent again before, after the settle time, a list was read, and what Twilio has never; nothing
 * is believed of an alert that no answer about it said; deadlines, priorities, the budget and whom an alert
 * goes to are kept; what is over stays so
 *
 * Input: options, a budget, two octets of randomness for the pieces; then what happens, a letter and its
 * octets: r flags deadline: raised; a code body: the request is answered, the body ended by \x1E, and in it
 * \x1D is the token of the alert that is asked about; l result: it is not answered; k id: acknowledged; t
 * time: passes; b: power fails; p: so it does while a request is under way.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_alerts.h"

#define FIELDS 5
#include "rfc8259.h"

//@ fault alerts_record.c: return twilio_alerts_save(a, state, resend ? 0 : a->time + a->settle + 1); => return twilio_alerts_save(a, state, resend ? 0 : a->time + 1);
//@ fault alerts_record.c: return passed < record->deadline ? record->deadline - passed : 0; => return record->deadline;
//@ fault alerts_record.c: record->attempt++; => ;
//@ fault alerts_record.c: a->level -= a->level < 3600 ? a->level : 3600; => ;
//@ fault alerts_record.c: state != TWILIO_ALERT_DELIVERED && state != TWILIO_ALERT_ACKNOWLEDGED); => state == TWILIO_ALERT_EXPIRED);
//@ fault alerts.c: request = later(later(entry->due, a->began + a->settle + 1), request); => request = later(entry->due, request);
//@ fault alerts.c: return twilio_alerts_ask(a, is_unrecognisable(a) ? CREATE : LOOK); => return twilio_alerts_ask(a, CREATE);
//@ fault alerts.c: return is_followed(entry) && entry->due > a->time ? 1 : 2U + entry->priority; => return is_followed(entry) && entry->due > a->time ? 1 : 2U;
//@ fault alerts.c: return (entry->state & OVER) == 0 && (id == 0 || entry->id == id); => return (entry->state & OVER) == 0 && entry->id == id;
//@ fault alerts.c: a->record.flags |= RESENT; => ;
//@ fault alerts_link.c: return a->per_hour == 0 || a->level >= MESSAGE + reserve; => return true;
//@ fault alerts_answer.c: if (success && take_sid(a)) { => if (take_sid(a)) {
//@ fault alerts_answer.c: } else if (success || advice == TWILIO_LOOK_FIRST) { => } else if (success) {
//@ fault alerts_answer.c: return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER => return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER || advice == TWILIO_LOOK_FIRST
//@ fault alerts_answer.c: } else if (e == TWILIO_OK && !a->found) { => } else if (!a->found) {
//@ fault alerts_answer.c: } else if (e == TWILIO_OK && a->found && take_sid(a)) { => } else if (0) {
//@ fault alerts_answer.c: bool person = twilio_equal(a->scratch->answered, "human"); => bool person = true;
//@ fault alerts_answer.c: if (twilio_is_one_of(status, "delivered\0read\0completed\0")) { => if (twilio_is_one_of(status, "delivered\0read\0completed\0sent\0")) {
//@ fault alerts_request.c: list_messages(a, rung->from, rung->to); => list_messages(a, rung->to, rung->from);

#define SECTOR 1024
#define FLASH  (6 * SECTOR)
#define ALERTS 64
#define WIRE   2048
#define SETTLE 30    /* s, as it is if nothing is set */
#define START  3     /* s by which the engine's time may be ahead after a start */

static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef", .secret = "x" };
static const struct twilio_rung anna[] = { { "+15550000001", "+15550000009", false, 0 } };
static const struct twilio_rung both[] = { { "+15550000002", "+15550000009", false, 60 },
                                           { "+15550000001", "+15550000009", true, 0 } };
static const struct twilio_ladder ladders[] = { { anna, 1 }, { both, 2 } };

struct known {
    uint8_t  flags, ladder, priority, over;  /* over: the state that it ended in */
    uint16_t deadline;
    uint32_t raised, raised_engine;  /* when: see struct world */
    unsigned life;
    char     token[24];              /* of the attempt that was sent, or tried to be, last; "": none */
    bool     perhaps_sent, resent;   /* that attempt was; and was so once more, without looking */
    bool     blind;                  /* it is placed again without: a call, and no date to know it by */
    bool     taken;                  /* Twilio has said that it has that attempt */
    uint32_t perhaps_at;
    bool     told_sid, told_arrival, told_human, acknowledged;  /* by an answer about it; by somebody */
};

enum kind { OTHER, CREATE, FOLLOW, LOOK, LISTEN };

struct world {
    const uint8_t *at, *end;
    const uint8_t *options;
    struct twilio_alerts alerts;
    struct twilio_alerts_scratch scratch;
    struct twilio_flash driver;
    _Alignas(4) uint8_t bytes[FLASH];
    uint32_t reads, now, random, pieces, hash;
    uint32_t clock, engine;      /* now at the last call; the engine's time, as its header has it */
    unsigned life;               /* how often it was begun */
    uint32_t life_engine, sent;  /* since then: attempts */
    bool     unsent;             /* its fault has to be on */

    struct known known[ALERTS];
    uint32_t last;
    char     wire[WIRE + 1], body[WIRE * 4];
    bool     asked;              /* a request is under way, */
    enum kind kind;              /* of this kind */
};

/* ---- Flash -------------------------------------------------------------------------------------- */

static int read_slot(void *context, uint32_t offset, void *data)
{
    struct world *w = context;

    must(++w->reads < 2000000, "it reads for ever");
    memcpy(data, w->bytes + offset, TWILIO_JOURNAL_SLOT);
    return 0;
}

static int program_slot(void *context, uint32_t offset, const void *data)
{
    memcpy(((struct world *)context)->bytes + offset, data, TWILIO_JOURNAL_SLOT);
    return 0;
}

static int erase_sector(void *context, uint32_t offset)
{
    memset(((struct world *)context)->bytes + offset, 0xFF, SECTOR);
    return 0;
}

/* ---- What may be believed ----------------------------------------------------------------------- */

static void add(struct world *w, const void *octets, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        w->hash = (w->hash ^ ((const uint8_t *)octets)[i]) * 16777619U;
    }
}

static void check_status(struct world *w, const struct twilio_alert_status *status)
{
    struct known *known = &w->known[status->id % ALERTS];
    unsigned state = status->state;

    must(status->id >= 1 && status->id <= w->last, "alert %u", (unsigned)status->id);
    must(state >= TWILIO_ALERT_QUEUED && state <= TWILIO_ALERT_ACKNOWLEDGED, "state %u", state);
    must(memchr(status->sid, '\0', sizeof status->sid) != NULL, "a SID without end");
    must(status->sid[0] == '\0' || known->told_sid, "SID %s from nowhere", status->sid);
    must(state != TWILIO_ALERT_ACCEPTED || known->told_sid, "accepted by nobody");
    must(state != TWILIO_ALERT_DELIVERED || known->told_arrival, "delivered by nobody");
    must(state != TWILIO_ALERT_ACKNOWLEDGED || known->acknowledged || known->told_human,
         "acknowledged by nobody");
    must(state != TWILIO_ALERT_EXPIRED || w->now - known->raised + START * w->life >= known->deadline,
         "alert %u has expired too early", (unsigned)status->id);
    must(known->over == 0 || (status->over && state == known->over), "alert %u was over with %u, is %u",
         (unsigned)status->id, known->over, state);
    known->over = status->over ? (uint8_t)state : 0;
    add(w, status, offsetof(struct twilio_alert_status, sid));
}

/* The fault is on if the last alert that was over may have reached nobody. */
static void told(void *context, const struct twilio_alert_status *status)
{
    struct world *w = context;

    check_status(w, status);
    if (status->over && status->state != TWILIO_ALERT_ACCEPTED) {
        w->unsent = status->state != TWILIO_ALERT_DELIVERED && status->state != TWILIO_ALERT_ACKNOWLEDGED;
    }
}

static void check_fault(const struct world *w)
{
    bool on = (w->alerts.faults & TWILIO_FAULT_UNSENT) != 0;

    must(on == w->unsent, "the fault is %s", on ? "on" : "off");
}

static void check_all(struct world *w)
{
    for (uint32_t id = 1; id <= w->last; id++) {
        struct twilio_alert_status status = { 0 };
        int e;

        w->reads = 0;
        e = twilio_alerts_status(&w->alerts, id, &status);
        must(e == TWILIO_ITEM || e == TWILIO_OK, "status: %d", e);
        must(e == TWILIO_ITEM || w->known[id % ALERTS].over != 0, "alert %u is lost", (unsigned)id);
        if (e == TWILIO_ITEM) {
            check_status(w, &status);
        }
    }
}

/* Whether those octets are in it: written otherwise, with escapes, they may be. */
static bool has(const uint8_t *body, size_t size, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(body + i, text, length) == 0) {
            return true;
        }
    }
    return memchr(body, '\\', size) != NULL;
}

/* A SID's digits */
static bool has_digits(const uint8_t *body, size_t size)
{
    unsigned run = 0;

    for (size_t i = 0; i < size && run < 32; i++) {
        run = body[i] != 0 && strchr("0123456789abcdefABCDEF", body[i]) != NULL ? run + 1 : 0;
    }
    return run == 32 || memchr(body, '\\', size) != NULL;
}

/* ---- The engine's side -------------------------------------------------------------------------- */

/* Its time goes on by no more than it had told to wait, if it is asked more than a minute later. */
static struct twilio_moment moment(struct world *w)
{
    uint32_t step = w->now - w->clock;

    w->engine += step > w->alerts.wait + 60 ? w->alerts.wait : step;
    w->clock = w->now;
    w->random = w->random * 1664525 + 1013904223;
    return (struct twilio_moment){ w->now, (w->options[0] & 1) != 0 ? 0 : 1800000000 + w->now, w->random };
}

static bool asks(const struct world *w, const char *text)
{
    return strstr(w->wire, text) != NULL;
}

static enum kind kind_of(const struct world *w)
{
    return strncmp(w->wire, "POST", 4) == 0 ? CREATE
         : asks(w, "/Messages/") || asks(w, "/Calls/") ? FOLLOW
         : asks(w, "From=%2B15550000009") ? LOOK : asks(w, "To=%2B15550000009") ? LISTEN : OTHER;
}

static struct known *worked(struct world *w)
{
    return &w->known[w->alerts.worked % ALERTS];
}

static const struct twilio_rung *rung_of(struct world *w, const struct known *known, uint32_t id)
{
    struct twilio_alert_status status = { 0 };
    const struct twilio_ladder *ladder = &ladders[known->ladder];

    w->reads = 0;
    must(twilio_alerts_status(&w->alerts, id, &status) == TWILIO_ITEM, "what is sent is not kept");
    must(status.rung < ladder->count, "rung %u", status.rung);
    return &ladder->rungs[status.rung];
}

/* Neither too late, nor before what is more urgent, nor beyond the budget */
static void check_attempt(struct world *w, const struct known *known)
{
    uint32_t age = known->life == w->life ? w->engine - known->raised_engine
                 : (w->options[0] & 1) == 0 ? w->now - known->raised : 0;
    uint32_t may = w->alerts.per_hour * (1U + (w->engine - w->life_engine) / 3600)
                 + w->alerts.per_hour * ((w->engine - w->life_engine) % 3600) / 3600;

    must(age < known->deadline, "%u s old, and worth %u", (unsigned)age, known->deadline);
    for (uint32_t id = 1; id <= w->last; id++) {
        const struct known *other = &w->known[id];
        must(other->token[0] != '\0' || other->over != 0 || other == known || known->token[0] != '\0'
             || other->priority <= known->priority, "alert %u is more urgent", (unsigned)id);
    }
    must(w->alerts.per_hour == 0 || w->sent < may, "%u sent, though %u may be", (unsigned)w->sent + 1,
         (unsigned)may);
    w->sent++;
}

/* The same attempt once more */
static void check_again(const struct known *known)
{
    must(!known->taken, "Twilio has %s, and it is sent again", known->token);
    must(!known->perhaps_sent || known->blind
         || ((known->flags & TWILIO_ALERT_RESEND) != 0 && !known->resent),
         "%s is sent again", known->token);
}

static void check_create(struct world *w)
{
    struct known *known = worked(w);
    const struct twilio_rung *rung = rung_of(w, known, w->alerts.worked);
    const char *at = strstr(w->wire, "Body=%23");
    char token[sizeof known->token], to[24];

    (void)snprintf(to, sizeof to, "To=%%2B%s&", rung->to + 1);
    must(asks(w, to) && asks(w, rung->call ? "/Calls.json" : "/Messages.json"), "to another: %s", w->wire);
    must(asks(w, "Fire%20%26%20smoke") || rung->call, "%s", w->wire);
    must(known->over == 0, "alert %u is over", (unsigned)w->alerts.worked);
    (void)snprintf(token, sizeof token, "#%.*s", at != NULL ? (int)strcspn(at + 8, "%&") : 0,
                   at != NULL ? at + 8 : "");
    if (at == NULL) {  /* a call has no token: its attempt is the engine's own */
        (void)snprintf(token, sizeof token, "#A7-%X.%X", (unsigned)w->alerts.worked,
                       w->alerts.record.attempt);
    }
    must(at == NULL || strtoul(at + 11, NULL, 16) == w->alerts.worked, "token %s", token);
    if (strcmp(token, known->token) == 0) {
        check_again(known);
        return;
    }
    must(!known->perhaps_sent || known->blind || (known->flags & TWILIO_ALERT_RESEND) != 0,
         "%s, and nobody knows of %s", token, known->token);
    check_attempt(w, known);
    memcpy(known->token, token, sizeof token);
    known->perhaps_sent = known->resent = known->taken = false;
    known->blind = rung->call && (w->options[0] & 1) != 0;
}

static void check_request(struct world *w, bool next_page)
{
    int n = twilio_encode(&w->alerts.request, 0, w->wire, WIRE);
    const struct known *known = worked(w);

    must(n > 0 && n < WIRE, "request: %d", n);
    w->wire[n] = '\0';
    add(w, w->wire, (size_t)n);
    must(strstr(w->wire, "\r\nHost: api.twilio.com\r\n") != NULL, "%s", w->wire);
    w->kind = next_page ? w->kind : kind_of(w);
    if (w->kind == CREATE) {
        check_create(w);
    }
    must(w->kind != LOOK || !known->perhaps_sent || w->now - known->perhaps_at + START * w->life >= SETTLE,
         "%s is looked for after %u s", known->token, (unsigned)(w->now - known->perhaps_at));
}

/* Until there is a request, or it only waits */
static void next(struct world *w)
{
    for (unsigned patience = 4; !w->asked && patience > 0; patience--) {
        struct twilio_moment now = moment(w);
        bool next_page = w->alerts.walk != 0;
        int e;

        w->reads = 0;
        e = twilio_alerts_next(&w->alerts, &now);
        must(e == TWILIO_OK || e == TWILIO_AGAIN, "next: %d", e);
        check_fault(w);
        w->asked = e == TWILIO_OK;
        if (w->asked) {
            check_request(w, next_page);
            must(twilio_alerts_next(&w->alerts, &now) == TWILIO_ERR_BUSY, "not busy");
        } else {
            must(w->alerts.wait >= 1, "it waits for nothing");
            w->now += w->alerts.wait;
        }
    }
}

static void perhaps(struct world *w)
{
    if (w->asked && w->kind == CREATE) {
        worked(w)->resent = worked(w)->perhaps_sent;
        worked(w)->perhaps_sent = true;
        worked(w)->perhaps_at = w->now;
    }
}

static void done(struct world *w, struct twilio_outcome outcome)
{
    struct twilio_moment now = moment(w);

    w->reads = 0;
    twilio_alerts_done(&w->alerts, &now, &outcome);
    w->asked = false;
    check_fault(w);
    check_all(w);
}

/* ---- What happens ------------------------------------------------------------------------------- */

static unsigned next_octet(struct world *w)
{
    return w->at < w->end ? *w->at++ : 0;
}

static void begin(struct world *w)
{
    struct twilio_moment now = moment(w);

    perhaps(w);
    w->asked = false;
    memset(&w->scratch, 'C', sizeof w->scratch);
    w->alerts = (struct twilio_alerts){ .ladder_count = 2, .name = "A7", .accounts = &account,
        .ladders = ladders, .scratch = &w->scratch, .told = told, .context = w,
        .per_hour = w->options[1] % 8, .quiet = (w->options[0] & 2) != 0 ? 60 : 0,
        .least_balance = (w->options[0] & 4) != 0, .reply = (w->options[0] & 8) != 0 ? "" : NULL };
    w->alerts.journal.flash = &w->driver;
    w->life++;
    w->life_engine = w->engine;
    w->clock = w->now;
    w->sent = 0;
    w->unsent = false;
    w->reads = 0;
    must(twilio_alerts_begin(&w->alerts, &now) == TWILIO_OK, "begin");
    check_all(w);
}

static void raise_alert(struct world *w)
{
    unsigned flags = next_octet(w);
    struct twilio_moment now = moment(w);
    struct twilio_alert alert = { .text = "Fire & smoke", .flags = flags & 3, .ladder = flags >> 2 & 1,
                                  .kind = (uint8_t)(flags >> 3 & 3), .priority = (uint8_t)(flags & 0xE0),
                                  .deadline = (uint16_t)(next_octet(w) * 8) };
    uint32_t id = 0;
    int e;

    if (w->last + 1 >= ALERTS) {
        return;
    }
    w->reads = 0;
    e = twilio_alerts_raise(&w->alerts, &now, &alert, &id);
    must(e == TWILIO_OK || e == TWILIO_ERR_FULL, "raise: %d", e);
    must(e != TWILIO_OK || (id >= 1 && id <= w->last + 1), "alert %u after %u", (unsigned)id,
         (unsigned)w->last);
    if (e == TWILIO_OK && id > w->last) {
        w->known[++w->last] = (struct known){
            .flags = alert.flags, .ladder = alert.ladder, .priority = alert.priority, .raised = w->now,
            .raised_engine = w->engine, .life = w->life,
            .deadline = alert.deadline != 0 ? alert.deadline : 3600,
        };
    }
}

static void feed(struct world *w, const uint8_t *body, size_t size)
{
    while (size > 0) {
        size_t piece = w->pieces == 0 ? size : 1 + fuzz_random(&w->pieces) % (size < 8 ? size : 8);
        char *copy = malloc(piece);

        must(copy != NULL, "memory");
        memcpy(copy, body, piece);
        w->reads = 0;
        must(twilio_alerts_feed(&w->alerts, copy, piece), "it stops");
        free(copy);
        body += piece;
        size -= piece;
    }
}

/* The answer's body, in which \x1D is the token. Returns its size. */
static size_t make_body(struct world *w, const char *token)
{
    size_t used = 0;

    for (; w->at < w->end && *w->at != 0x1E && used + sizeof w->known[0].token < sizeof w->body; w->at++) {
        if (*w->at == 0x1D) {
            used += (size_t)snprintf(w->body + used, sizeof w->known[0].token, "%s", token);
        } else {
            w->body[used++] = (char)*w->at;
        }
    }
    w->at += w->at < w->end;
    w->body[used] = '\0';
    return used;
}

#define DATE "\"date_created\":\"Fri, 15 Jan 2027 08:00:00 +0000\"}"
#define SID  "0123456789abcdef0123456789abcdef"

enum { SID_FIELD, MESSAGES, CALLS, NEXT_URI, NEXT_URL };

static bool is_sid(const char *sid, size_t size)
{
    return size == 34 && (memcmp(sid, "SM", 2) == 0 || memcmp(sid, "CA", 2) == 0)
        && strspn(sid + 2, "0123456789abcdef") == 32;
}

static bool is_given(const struct found *found)
{
    return found->begun != 0 && found->type != '0' && (found->type != 's' || found->size != 0);
}

static void created(struct world *w, bool is_json, uint16_t code, size_t size)
{
    struct found *sid = &reader.found[SID_FIELD];

    sid->text[sid->size] = '\0';
    if (code < 300 && is_json && sid->begun == 1 && sid->type == 's' && is_sid(sid->text, sid->size)) {
        worked(w)->taken = true;
        worked(w)->perhaps_sent = false;
    } else if (code < 300 ? !has_digits((uint8_t *)w->body, size)
                          : code >= 500 && !has((uint8_t *)w->body, size, "code")) {
        perhaps(w);
    }
}

/* A list that is one, to its last page, says what was sent; what follows an old item need not be read. */
static void looked(struct world *w, bool is_json, size_t size)
{
    const struct found *found = reader.found;
    struct known *known = worked(w);
    bool one = (found[MESSAGES].type == '[') != (found[CALLS].type == '[');
    bool last = is_json && one && !is_given(&found[NEXT_URI]) && !is_given(&found[NEXT_URL]);
    char list[240];

    (void)snprintf(list, sizeof list, "{\"messages\":[{\"sid\":\"SM" SID "\",\"body\":\"%s Fire\"," DATE
                   "],\"next_page_uri\":null}", known->token);
    if (strcmp(w->body, list) == 0 && asks(w, "/Messages.json")) {
        known->taken = true;
    }
    if (last || has((uint8_t *)w->body, size, "date_created")) {
        known->perhaps_sent = false;
    }
}

/* What is told of the alert that is asked about */
static void hear(struct world *w, uint16_t code, size_t size)
{
    static const char *const names[] = { "sid", "messages", "calls", "next_page_uri", "meta.next_page_url" };
    struct known *known = worked(w);
    const uint8_t *body = (const uint8_t *)w->body;
    bool is_json = read_rfc8259(body, size, names) && reader.deepest <= TWILIO_DEPTH_MAX;

    if (w->kind == CREATE) {
        created(w, is_json, code, size);
    } else if (w->kind == LOOK && code == 200) {
        looked(w, is_json, size);
    }
    known->told_sid = known->told_sid || (code < 300 && has_digits(body, size));
    known->told_arrival = known->told_arrival
        || (w->kind == FOLLOW && code < 300 && (has(body, size, "delivered") || has(body, size, "read")
                                                || has(body, size, "completed")));
    known->told_human = known->told_human
        || (w->kind == FOLLOW && code < 300 && has(body, size, "answered_by"))
        || (w->kind == LISTEN && code == 200 && has(body, size, "messages"));
}

static void answer(struct world *w)
{
    static const uint16_t codes[] = { 200, 201, 204, 400, 401, 404, 429, 500, 503, 301 };
    uint16_t code = codes[next_octet(w) % 10];
    const uint8_t *from = w->at;
    uint32_t id;
    size_t size;

    next(w);
    w->at = from;
    id = w->alerts.worked;
    size = make_body(w, w->asked ? worked(w)->token : "");
    if (!w->asked) {
        return;
    }
    hear(w, code, size);
    feed(w, (const uint8_t *)w->body, size);
    done(w, (struct twilio_outcome){ .result = TWILIO_OK, .committed = true, .code = code });
    if (w->known[id % ALERTS].taken && w->known[id % ALERTS].over == 0) {
        struct twilio_alert_status status = { 0 };
        must(twilio_alerts_status(&w->alerts, id, &status) == TWILIO_ITEM && status.sid[0] != '\0',
             "Twilio has alert %u, and nobody knows", (unsigned)id);
    }
}

static void lose(struct world *w)
{
    unsigned what = next_octet(w);
    bool committed = what % 2 == 0;

    next(w);
    if (w->asked) {
        if (committed) {
            perhaps(w);
        }
        done(w, (struct twilio_outcome){ .result = TWILIO_ERR_RESET - (int)(what / 2 % 17),
                                         .committed = committed });
    }
}

/* One of them, or, 0, all: then they are over. */
static void acknowledge(struct world *w, const struct twilio_moment *now, uint32_t id)
{
    for (uint32_t i = 1; i <= w->last; i++) {
        w->known[i].acknowledged = w->known[i].acknowledged || id == 0 || id == i;
    }
    w->reads = 0;
    must(twilio_alerts_acknowledge(&w->alerts, now, id) == TWILIO_OK, "acknowledge");
    check_fault(w);
    for (uint32_t i = 1; i <= w->last; i++) {
        must(w->known[i].over != 0 || (id != 0 && id != i), "alert %u is not over", (unsigned)i);
    }
}

static void happens(struct world *w, unsigned letter)
{
    struct twilio_moment now;

    switch (letter) {
    case 'r': raise_alert(w); break;
    case 'a': answer(w); break;
    case 'l': lose(w); break;
    case 'b': begin(w); break;
    case 'p': next(w); begin(w); break;
    case 't': w->now += next_octet(w) * 8; break;
    case 'k':
        now = moment(w);
        acknowledge(w, &now, next_octet(w) % ALERTS);
        break;
    default: break;
    }
}

static uint32_t live(const uint8_t *data, size_t size, uint32_t seed)
{
    static struct world w;

    memset(&w, 0, sizeof w);
    memset(w.bytes, 0xFF, sizeof w.bytes);
    w.driver = (struct twilio_flash){ read_slot, program_slot, erase_sector, &w, SECTOR, FLASH / SECTOR };
    w.options = data;
    w.hash = 2166136261U;
    w.pieces = seed;
    w.at = data + 4;
    w.end = data + size;
    begin(&w);
    while (w.at < w.end) {
        happens(&w, *w.at++);
    }
    begin(&w);
    return w.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 4 && size <= 1500) {
        uint32_t whole = live(data, size, 0), split = live(data, size, 1 + data[2] + data[3] * 256U);

        must(whole == split, "in pieces it is another story");
    }
    return 0;
}

#define MADE "{\"sid\":\"SM" SID "\",\"status\":\"queued\"," DATE "\x1E"
#define BECAME(status) "a\0{\"status\":\"" status "\"}\x1E"
#define LIST(more) "{\"messages\":[" more "],\"next_page_uri\":null}\x1E"
#define ITEM "{\"sid\":\"SM" SID "\",\"body\":\"\x1D Fire\"," DATE

const struct seed seeds[] = {
    SEED("r\0\0a\1" MADE "a\0{\"status\":\"delivered\"}\x1E"),
    SEED("r\0\0l\0a\0" LIST("") "a\1" MADE "ba\0{\"status\":\"failed\",\"error_code\":30003}\x1E"),
    SEED("r\6\200a\3{\"code\":21211,\"status\":400}\x1E" "a\1{\"sid\":\"CA" SID "\"}\x1E"
         "a\0{\"status\":\"completed\",\"answered_by\":\"human\"}\x1E"),
    SEED("r\0\0a\7x\x1E" "a\0" LIST(ITEM) "t\4a\0{\"status\":\"undelivered\"}\x1Ek\0"),
    SEED("r\1\0l\0l\1l\3a\10\x1E" "bl\0a\0" LIST(ITEM "," ITEM) "k\1r\40\10t\20b"),
    SEED("r\2\0a\1" MADE "a\0{\"status\":\"sent\"}\x1E" "a\0" LIST("{\"sid\":\"SM" SID
         "\",\"body\":\"ok\",\"date_created\":\"Fri, 15 Jan 2027 08:09:00 +0000\"}")),
    SEED("r\0\0" "l\0" "t\4" "a\0" LIST(ITEM) "t\377" BECAME("sent") BECAME("read")),
    SEED("r\1\0" "l\0" "l\0" "t\4" "a\0" LIST("") "a\1" MADE),
    SEED("r\0\0" "l\0" "t\4" "a\0xa\0" LIST("") "a\1" MADE),
    SEED("r\0\0" "l\1" "t\6" "r\0\0" "p" "a\0" LIST("") "a\1" MADE),
    SEED("r\0\0" "a\1" MADE "a\0{\"status\":\"undelivered\",\"error_code\":30003}\x1E" "a\1" MADE "a\1" MADE),
    SEED("r\0\0" "a\7\x1E" "a\1" MADE),
    SEED("r\0\0" "a\7" MADE "a\0{\"status\":\"delivered\"}\x1E"),
    SEED("r\0\0" "r\140\0" "r\40\0" "a\1" MADE "a\1" MADE "k\0"),
    SEED("r\4\4" "t\4" "l\1" "t\10" "l\1" "t\377" "l\1"),
    SEED("r\0\0r\0\0r\0\0r\0\0r\0\0r\0\0r\0\0r\0\0" "a\1" MADE "a\1" MADE "a\1" MADE "a\1" MADE
         "a\1" MADE "a\1" MADE "a\1" MADE),
    SEED("r\4\0" "a\3\x1E" "a\1" MADE BECAME("undelivered") "a\1" MADE BECAME("failed")),
    SEED("r\6\0" "a\3\x1E" "a\1{\"sid\":\"CA" SID "\"}\x1E" "a\0{\"status\":\"completed\"}\x1E"),
    SEED("r\2\0" "a\1" MADE "a\0{\"status\":\"delivered\"}\x1E" "a\0" LIST(ITEM) "k\1" "b"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("r\0\0"), SEED("r\4\0"), SEED("r\3\40"), SEED("a\0"), SEED("a\1" MADE), SEED("a\7\x1E"),
    SEED("a\10\x1E"), SEED("l\0"),
    SEED("l\1"), SEED("l\4"), SEED("p"), SEED("k\0"), SEED("k\1"), SEED("t\1"), SEED("t\377"), SEED("b"),
    SEED("\x1E"),
    SEED("a\0" LIST("")), SEED("a\0" LIST(ITEM)), SEED(ITEM ","), SEED("a\0{\"status\":\"delivered\"}\x1E"),
    SEED("a\0{\"balance\":\"0.50\"}\x1E"), SEED("{"), SEED("}"), SEED("["), SEED("]"), SEED("\""),
    SEED(","), SEED("null"),
    SEED("\"next_page_uri\":\"/2\""), SEED(SID), SEED("\"calls\":["), SEED("\\u0041"),
    SEED("\"date_created\":"),
    { NULL, 0 }
};
