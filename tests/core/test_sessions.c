/*
 * test_sessions.c - alerts over a bad line, to Twilio at its worst, from a device whose power and clocks fail
 *
 *   test_sessions [sessions [seed]]
 *
 * A session is a device's life from its first alert until all are over. Whatever befalls it comes from its
 * seed, which is the run's plus its number: "test_sessions 1 4711" is session 4711 alone, told as it goes. Of
 * each request it is known whether it was carried out; so all that the engine tells is held against what
 * Twilio has.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "cloud.h"
#include "flash.h"
#include "twilio_alerts.h"

#define BIRTH    1763900000U
#define MOST     6      /* alerts */
#define EVENTS   64
#define MARGIN   40U    /* seconds: one request at its slowest, and what is counted in whole seconds */
#define CAP      300U   /* seconds: backing off */
#define SLACK    240U   /* seconds after its deadline: by then it is over. Others may come first */
#define MINE     "+15550000009"
#define ANNA     "+15550000001"
#define BERT     "+15550000002"
#define CARL     "+15550000003"

static unsigned sessions = 20000, first_seed = 1;

/* ---- A session ------------------------------------------------------------------------------- */

enum clock { STEADY, WRAPS, GOES_BACK, LEAPS };
enum date { RIGHT, UNKNOWN, KNOWN_LATER, YEARS_OFF, JUMPS };
enum event { RAISE, ACKNOWLEDGE, CUT, CUT_IN_FLASH, DEAD_PATH, PATH_BACK, CLOCK, CHATTER };

/* What the caller was promised of an alert. */
struct promise {
    struct twilio_alert alert;
    char     text[TWILIO_ALERT_TEXT_MAX + 1];
    bool     raised, merged, over, known;  /* known: by a person at the device */
    uint32_t id, at, on;                   /* when raised: true time, time switched on; */
    uint32_t lost, forgotten;              /* of that, see below, so much before */
    unsigned ambiguous, refused, posts;
    struct twilio_alert_status status;
};

static struct {
    uint64_t seed;
    struct cloud cloud;
    struct flash flash;
    struct twilio_alerts alerts, settings;
    struct twilio_alerts_scratch scratch;
    struct promise promises[MOST];
    unsigned count;
    int      raising;                   /* the alert whose raise is under way; -1: none */

    uint32_t second, on;                /* true time; of it, time switched on */
    uint32_t offset, utc_error;
    uint32_t looked, durable;           /* on: at the last call; at the last one whose time is in flash */
    uint32_t lost, forgotten;           /* seconds on that clocks have hidden; that were not durable */
    bool     jumped;                    /* since the last look */
    enum clock clock;
    enum date  date;
    bool     dead[2];
    unsigned percent;                   /* of requests that fail, until */
    uint32_t calm, release;             /* when Retry-After is over */
    uint32_t heard, began;              /* on: the last answer; at begin */
    bool     inside;                    /* settle is what it has to be */

    struct { uint32_t at; enum event event; unsigned which; } events[EVENTS];
    unsigned event_count;
} s;

static struct {
    unsigned long states[10], requests, posts, items, faults, alerts, twice, merged, restarts, outside;
    unsigned long pages;
} total;

static uint32_t chance(uint32_t below)
{
    return cloud_random(&s.cloud, below);
}

static bool percent(unsigned of_hundred)
{
    return chance(100) < of_hundred;
}

#define expect(condition, ...) \
    do { \
        if (!(condition)) { \
            print_error("session %llu, second %u: ", (unsigned long long)s.seed, s.second); \
            fail_msg(__VA_ARGS__); \
        } \
    } while (0)

/* Of a session alone, all is told. */
#define trace(...) \
    do { \
        if (sessions == 1) { \
            printf("%6u ", s.second); \
            printf(__VA_ARGS__); \
        } \
    } while (0)

/* ---- The device: settings, clocks ------------------------------------------------------------ */

static const struct twilio_account accounts[] = {
    { .sid = CLOUD_ACCOUNT, .secret = "secret" },
    { .sid = CLOUD_ACCOUNT, .secret = "secret", .edge = "dublin" },
};
static const char *const hosts[] = { "api.twilio.com", "api.dublin.us1.twilio.com" };

static const struct twilio_rung message[] = { { ANNA, MINE, false, 0 } };
static const struct twilio_rung call[] = { { BERT, MINE, true, 0 } };
static const struct twilio_rung mixed[] = {
    { ANNA, MINE, false, 60 }, { ANNA, MINE, true, 45 }, { BERT, MINE, false, 0 },
};
static const struct twilio_rung messages[] = {
    { CARL, MINE, false, 0 }, { BERT, MINE, false, 30 }, { "whatsapp:" ANNA, "whatsapp:" MINE, false, 0 },
};
static const struct twilio_rung calls[] = {
    { ANNA, MINE, true, 40 }, { BERT, MINE, true, 0 }, { ANNA, MINE, true, 0 },
};
static const struct twilio_ladder ladders[] = {
    { message, COUNT(message) }, { call, COUNT(call) }, { mixed, COUNT(mixed) },
    { messages, COUNT(messages) }, { calls, COUNT(calls) },
};

static struct twilio_moment moment(void)
{
    uint32_t utc = BIRTH + s.second;

    utc = s.date == UNKNOWN || (s.date == KNOWN_LATER && s.on - s.began < 90) ? 0 : utc + s.utc_error;
    s.lost += s.jumped ? s.on - s.looked : 0;
    s.jumped = false;
    s.looked = s.on;
    return (struct twilio_moment){ .now = s.second + s.offset, .utc = utc, .random = chance(UINT32_MAX) };
}

static void pass(uint32_t seconds)
{
    s.second += seconds;
    s.on += seconds;
    s.cloud.now = BIRTH + s.second;
}

static uint32_t less(uint32_t whole, uint32_t part)
{
    return whole > part ? whole - part : 0;
}

/* How long a device that was on has had an alert, as far as it can know. */
static uint32_t worked_on(const struct promise *p)
{
    return less(s.on - p->on, s.lost - p->lost + s.forgotten - p->forgotten);
}

/* How old an alert is, as far as the device can know. */
static uint32_t age(const struct promise *p)
{
    return s.date == RIGHT ? less(s.second - p->at, s.lost - p->lost) : worked_on(p);
}

/* ---- What Twilio has ------------------------------------------------------------------------- */

static const struct cloud_item *find_sid(const char *sid)
{
    for (unsigned i = 0; i < s.cloud.count; i++) {
        if (strcmp(s.cloud.items[i].sid, sid) == 0) {
            return &s.cloud.items[i];
        }
    }
    return NULL;
}

static bool is_any(const char *word, const char *one, const char *two, const char *three, const char *four)
{
    return strcmp(word, one) == 0 || strcmp(word, two) == 0 || strcmp(word, three) == 0
        || strcmp(word, four) == 0;
}

static bool went_well(const struct cloud_item *item)
{
    return is_any(item->last, "delivered", "read", "completed", "");
}

static bool went_badly(const struct cloud_item *item)
{
    return is_any(item->last, "failed", "busy", "no-answer", "canceled")
        || (item->call && item->asks && (item->answered == NULL || strcmp(item->answered, "human") != 0));
}

static bool was_undelivered(const struct cloud_item *item)
{
    return strcmp(item->last, "undelivered") == 0;
}

static bool was_answered(const struct cloud_item *item)
{
    return item->call && item->asks && item->answered != NULL && strcmp(item->answered, "human") == 0;
}

/* Whether something was created of that alert and, unless is is NULL, ended so. */
static bool has(const struct promise *p, bool (*is)(const struct cloud_item *item))
{
    for (unsigned i = 0; i < s.cloud.count; i++) {
        const struct cloud_item *item = &s.cloud.items[i];
        if (item->owner == p - s.promises && (is == NULL || (cloud_is_ended(&s.cloud, item) && is(item)))) {
            return true;
        }
    }
    return false;
}

/* Somebody of its ladder has written OK since it was raised. */
static bool was_replied_to(const struct promise *p)
{
    const struct twilio_ladder *ladder = &ladders[p->alert.ladder];

    for (unsigned i = 0; i < s.cloud.count; i++) {
        const struct cloud_item *reply = &s.cloud.items[i];
        for (unsigned j = 0; j < ladder->count; j++) {
            const struct twilio_rung *rung = &ladder->rungs[j];
            if (strcmp(reply->from, rung->to) == 0 && strcmp(reply->to, rung->from) == 0
                && reply->listed <= s.cloud.now && reply->created >= BIRTH + p->at
                && (reply->body[0] | 0x20) == 'o' && (reply->body[1] | 0x20) == 'k') {
                return true;
            }
        }
    }
    return false;
}

static bool is_astray(void)
{
    return s.date == YEARS_OFF || s.date == JUMPS;
}

/* Whether all is as it has to be for alerts to come once: the settle time, how it is counted, the date. */
static bool is_inside(void)
{
    return s.inside && s.clock != LEAPS && !is_astray();
}

static bool may_call(const struct promise *p, const char *to)
{
    const struct twilio_ladder *ladder = &ladders[p->alert.ladder];

    for (unsigned i = 0; i < ladder->count; i++) {
        if (ladder->rungs[i].call && (to == NULL || strcmp(ladder->rungs[i].to, to) == 0)) {
            return true;
        }
    }
    return false;
}

/* Whether the journal knows the call of an alert until nobody asks about it any more: it has but one, is not
 * sent blindly, and was not given up before its call could be looked for. */
static bool stays_known(const struct promise *p)
{
    return ladders[p->alert.ladder].count == 1 && (p->alert.flags & TWILIO_ALERT_RESEND) == 0 && is_inside()
        && !p->known && p->alert.deadline >= 1800;
}

/* Whether another alert may call a number that this one calls, and be taken for it. */
static bool has_rival(const struct promise *p)
{
    const struct twilio_ladder *ladder = &ladders[p->alert.ladder];

    for (unsigned i = 0; i < s.count; i++) {
        const struct promise *other = &s.promises[i];
        for (unsigned j = 0; j < ladder->count; j++) {
            if (other != p && other->raised && ladder->rungs[j].call
                && may_call(other, ladder->rungs[j].to) && !stays_known(other)) {
                return true;
            }
        }
    }
    return false;
}

/* Calls are recognised by numbers and time: so the clock has to be right. */
static bool is_recognisable(const struct promise *p)
{
    return !may_call(p, NULL) || (s.date == RIGHT && !has_rival(p));
}

/* ---- What is told, against what is ----------------------------------------------------------- */

static void check_sid(const struct promise *p, const struct twilio_alert_status *status)
{
    const struct cloud_item *item = find_sid(status->sid);

    if (status->over && status->sid[0] == '\0') {
        return;  /* forgotten */
    }
    expect(item != NULL, "accepted, and nobody has %s", status->sid);
    expect(item->owner == p - s.promises || !is_recognisable(p), "alert %u has the SID of alert %d: %s",
           p->id, item->owner < 0 ? -1 : (int)s.promises[item->owner].id, status->sid);
}

static void check_state(const struct promise *p, const struct twilio_alert_status *status)
{
    switch (status->state) {
    case TWILIO_ALERT_ACCEPTED:
        check_sid(p, status);
        break;
    case TWILIO_ALERT_DELIVERED:
        expect(has(p, went_well) || !is_recognisable(p), "alert %u is delivered, and was not", p->id);
        break;
    case TWILIO_ALERT_UNDELIVERED:
        expect(has(p, was_undelivered), "alert %u is undelivered, and was not", p->id);
        break;
    case TWILIO_ALERT_FAILED:
        expect(p->refused != 0 || has(p, went_badly) || !is_recognisable(p) || !is_inside(),
               "alert %u failed, and did not", p->id);
        break;
    case TWILIO_ALERT_EXPIRED:
        expect(!has(p, NULL) || !is_recognisable(p) || !is_inside()
               || (p->alert.flags & TWILIO_ALERT_RESEND) != 0, "alert %u has expired, and was sent", p->id);
        break;
    case TWILIO_ALERT_UNKNOWN:
        expect(p->ambiguous != 0 || s.count > 1, "alert %u is unknown, and is not", p->id);
        break;
    case TWILIO_ALERT_ACKNOWLEDGED:
        expect(p->known || was_replied_to(p)
               || ((p->alert.flags & TWILIO_ALERT_ACKNOWLEDGE) != 0 && has(p, was_answered))
               || !is_recognisable(p), "alert %u is acknowledged by nobody", p->id);
        break;
    default:
        expect(status->state == TWILIO_ALERT_QUEUED || status->state == TWILIO_ALERT_SENDING, "state %u",
               status->state);
        expect(!status->over, "over in state %u", status->state);
        break;
    }
}

static void learn(struct promise *p, const struct twilio_alert_status *status)
{
    trace("alert %u, %u s, flags %u: state %u, rung %u%s %s\n", p->id, p->alert.deadline, p->alert.flags,
          status->state, status->rung, status->over ? ", over" : "", status->sid);
    check_state(p, status);
    expect(!p->over || status->over, "alert %u is over no more", p->id);
    p->status = *status;
    p->over = status->over;
}

static void told(void *context, const struct twilio_alert_status *status)
{
    struct promise *p = NULL;

    assert_ptr_equal(context, &s);
    for (unsigned i = 0; i < s.count; i++) {
        if (s.promises[i].raised && s.promises[i].id == status->id) {
            p = &s.promises[i];
        }
    }
    s.durable = s.looked;
    expect(p != NULL, "told of alert %u, which nobody has raised", status->id);
    learn(p, status);
}

/* ---- Raising --------------------------------------------------------------------------------- */

/* The journal as another reader has it: the entry of that number, and its record. */
static bool read_record(uint32_t id, struct twilio_entry *entry, struct twilio_alert_stored *stored)
{
    struct twilio_journal journal = { .flash = &s.flash.driver };

    memset(stored, 0, sizeof *stored);
    return twilio_journal_begin(&journal) == TWILIO_OK
        && twilio_journal_find(&journal, id, entry) == TWILIO_ITEM && !entry->settled
        && twilio_journal_read(&journal, entry, stored, sizeof *stored - 1) == TWILIO_OK;
}

static void is_raised(struct promise *p, uint32_t id)
{
    s.durable = s.looked;
    p->raised = true;
    p->id = id;
}

static void note_time(struct promise *p)
{
    p->at = s.second;
    p->on = s.on;
    p->lost = s.lost;
    p->forgotten = s.forgotten;
}

static void raise_alert(unsigned which)
{
    struct promise *p = &s.promises[which];
    struct twilio_moment now = moment();
    uint32_t before = s.alerts.journal.last_id, id = 0;
    int e;

    s.raising = (int)which;
    note_time(p);
    e = twilio_alerts_raise(&s.alerts, &now, &p->alert, &id);
    s.raising = -1;
    expect(e == TWILIO_OK && id != 0, "not raised: %d", e);
    if (id <= before) {
        expect(s.settings.quiet != 0, "alert %u once more", id);
        p->raised = p->merged = p->over = true;
        total.merged++;
        return;
    }
    is_raised(p, id);
}

/* Power failed while it was raised: it is there as a whole, or not at all; then it is raised again. */
static void adopt(void)
{
    struct twilio_alert_stored stored;
    struct twilio_entry entry;
    struct promise *p = &s.promises[s.raising];
    uint32_t last = s.alerts.journal.last_id;

    s.raising = -1;
    if (last != 0 && read_record(last, &entry, &stored) && strcmp(stored.text, p->text) == 0) {
        is_raised(p, last);
    } else {
        raise_alert((unsigned)(p - s.promises));
    }
}

static void acknowledge(unsigned which)
{
    struct promise *p = &s.promises[which];
    struct twilio_moment now = moment();

    if (p->raised && !p->merged) {
        p->known = true;
        expect(twilio_alerts_acknowledge(&s.alerts, &now, p->id) == TWILIO_OK, "not acknowledged");
        expect(p->over, "acknowledged, and not over");
    }
}

/* ---- Power ----------------------------------------------------------------------------------- */

static void power_on(void)
{
    struct twilio_moment now;

    s.alerts = s.settings;
    memset(&s.scratch, CANARY, sizeof s.scratch);
    s.offset = s.clock == WRAPS ? UINT32_MAX - s.second - chance(300)
             : chance(2) == 0 ? s.offset : 0U - s.second;
    s.began = s.heard = s.durable = s.on;
    s.release = s.second + MARGIN > s.release ? s.second + MARGIN : s.release;
    now = moment();
    expect(twilio_alerts_begin(&s.alerts, &now) == TWILIO_OK, "it does not begin");
    for (unsigned i = 0; i < s.count; i++) {
        struct twilio_alert_status status;
        struct promise *p = &s.promises[i];
        if (p->raised && !p->over) {
            int e = twilio_alerts_status(&s.alerts, p->id, &status);
            expect(e == TWILIO_ITEM, "alert %u is forgotten: %d", p->id, e);
            p->ambiguous += status.state == TWILIO_ALERT_SENDING || status.state == TWILIO_ALERT_UNKNOWN;
            learn(p, &status);
        }
    }
    if (s.raising >= 0) {
        adopt();
    }
}

static void power_lost(void)
{
    static const uint32_t offs[] = { 1, 3, 20, 200, 5000 };
    uint32_t off = 1 + chance(offs[chance(COUNT(offs))]);

    s.forgotten += s.on - s.durable;
    flash_power(&s.flash, 0, CUT_BEFORE);
    s.second += off;
    s.cloud.now = BIRTH + s.second;
}

static void power_off(void)
{
    longjmp(s.flash.off, 1);
}

/* ---- What happens meanwhile ------------------------------------------------------------------ */

/* Others send from this number, too, with tokens like ours; and from others comes what is no reply to us. */
static void chatter(unsigned which)
{
    static const char *const like[] = { "#A7-%X0 Door", "#A71-%X Door", "#A7-%X.FF2 Door", "#a7-%X Door",
                                        " #A7-%X Door", "x#A7-%X Door", "#A7-%X", "#A7%X Door" };
    static const char *const to[] = { ANNA, BERT, CARL };
    unsigned count = 1 + chance(which % 4 == 0 ? 45 : 5);
    char body[64];

    for (unsigned i = 0; i < count && s.cloud.count < CLOUD_ITEMS / 2; i++) {
        snprintf(body, sizeof body, like[chance(COUNT(like))], 1 + chance(MOST));
        cloud_add(&s.cloud, to[chance(COUNT(to))], MINE, body);
    }
    cloud_add(&s.cloud, MINE, "+15550000077", "OK");
    cloud_add(&s.cloud, "+15550000088", ANNA, "OK");
}

/* The time between two looks may be lost; nothing else is. */
static void clock_fails(void)
{
    uint32_t jump;

    if (s.clock == GOES_BACK || s.clock == LEAPS) {
        s.jumped = true;
        jump = 60 + chance(1U << (5 + chance(26)));
        s.offset += s.clock == GOES_BACK ? 0U - jump : jump;
    }
    if (s.date == JUMPS) {
        s.utc_error = chance(3) == 0 ? 0 : 0U - chance(1000000000) + chance(500000000);
    }
}

static void happen(enum event event, unsigned which)
{
    trace("event %d, %u\n", event, which);
    switch (event) {
    case RAISE:
        raise_alert(which);
        break;
    case ACKNOWLEDGE:
        acknowledge(which);
        break;
    case CUT:
        power_off();
        break;
    case CUT_IN_FLASH:
        flash_power(&s.flash, 1 + chance(30), (enum cut)chance(CUTS));
        break;
    case DEAD_PATH: case PATH_BACK:
        s.dead[which % 2] = event == DEAD_PATH;
        break;
    case CLOCK:
        clock_fails();
        break;
    case CHATTER:
        chatter(which);
        break;
    }
}

/* Time passes, with all that happens in it. */
static void pass_with_events(uint32_t seconds)
{
    uint32_t end = s.second + seconds;

    while (s.event_count > 0 && s.events[s.event_count - 1].at <= end) {
        unsigned at = --s.event_count;
        if (s.events[at].at > s.second) {
            pass(s.events[at].at - s.second);
        }
        happen(s.events[at].event, s.events[at].which);
    }
    if (end > s.second) {
        pass(end - s.second);
    }
}

/* The next event; events are kept with the soonest last. */
static uint32_t until_event(void)
{
    uint32_t at = s.event_count > 0 ? s.events[s.event_count - 1].at : UINT32_MAX;

    return at > s.second ? at - s.second : 0;
}

static void plan(uint32_t at, enum event event, unsigned which)
{
    unsigned i = s.event_count++;

    assert_true(s.event_count <= EVENTS);
    for (; i > 0 && s.events[i - 1].at < at; i--) {
        s.events[i] = s.events[i - 1];
    }
    s.events[i].at = at;
    s.events[i].event = event;
    s.events[i].which = which;
}

/* ---- Requests -------------------------------------------------------------------------------- */

enum fate {
    FINE, SLOW, NO_LINK, RESET, NEVER_CAME, ANSWER_LOST, ERROR_BEFORE, ERROR_AFTER, PAGE_BEFORE, PAGE_AFTER,
    TOO_MANY, TOO_SLOW, CUT_SHORT, GARBAGE_AFTER, WRONG_AFTER, GARBAGE_BEFORE, REDIRECTED, UNAUTHORIZED, FATES
};

static bool arrives(enum fate fate)
{
    return fate == FINE || fate == SLOW || fate == ANSWER_LOST || fate == ERROR_AFTER || fate == PAGE_AFTER
        || fate == CUT_SHORT || fate == GARBAGE_AFTER || fate == WRONG_AFTER;
}

static bool is_ambiguous(enum fate fate)
{
    return fate == NEVER_CAME || fate == ANSWER_LOST || fate == ERROR_BEFORE || fate == ERROR_AFTER
        || fate == PAGE_BEFORE || fate == PAGE_AFTER || fate == CUT_SHORT || fate == GARBAGE_AFTER
        || fate == WRONG_AFTER || fate == GARBAGE_BEFORE;
}

static int one_of(int a, int b, int c)
{
    uint32_t which = chance(3);

    return which == 0 ? a : which == 1 ? b : c;
}

static uint32_t odd_retry_after(void)
{
    static const uint32_t odd[] = { 0, 0, 1, 5, 30, 3600, 86400, UINT32_MAX };
    uint32_t seconds = odd[chance(COUNT(odd))], held = seconds < 3600 ? seconds : 3600;

    s.release = s.second + held + MARGIN > s.release ? s.second + held + MARGIN : s.release;
    return seconds;
}

/* What came back instead of Twilio's own answer. */
static void spoil(enum fate fate, struct cloud_answer *answer, struct twilio_outcome *outcome)
{
    static const char html[] = "<html><body><h1>503 Service Unavailable</h1>{\"sid\": \"no\"}</body></html>";
    static const char *const wrong[] = { "[]", "{}", "null", "{\"messages\": null, \"calls\": {}}",
                                         "{\"sid\": 5}", "{\"messages\": [{\"sid\": ",
                                         "{\"sid\": \"SMxyz\"}", "\"", "" };
    const char *body = "{\"code\": 20500, \"message\": \"Internal\", \"status\": 500}";

    switch (fate) {
    case ERROR_BEFORE: case ERROR_AFTER:
        outcome->code = (uint16_t)one_of(500, 502, 504);
        break;
    case PAGE_BEFORE: case PAGE_AFTER:
        outcome->code = 503;
        outcome->retry_after = chance(4) == 0 ? odd_retry_after() : 0;
        body = html;
        break;
    case TOO_MANY:
        outcome->code = 429;
        outcome->retry_after = odd_retry_after();
        body = chance(2) == 0 ? "" : "{\"code\": 20429, \"status\": 429}";
        break;
    case TOO_SLOW:
        outcome->code = 408;
        body = "";
        break;
    case GARBAGE_AFTER: case GARBAGE_BEFORE:
        body = chance(2) == 0 ? html : "\x01\xff{{{\"sid\"";
        outcome->code = fate == GARBAGE_BEFORE ? 200 : outcome->code;
        break;
    case WRONG_AFTER:
        body = wrong[chance(COUNT(wrong))];
        break;
    case REDIRECTED:
        outcome->code = 307;
        body = "";
        break;
    default:
        outcome->code = 401;
        body = "{\"code\": 20003, \"status\": 401}";
        break;
    }
    answer->size = strlen(strcpy(answer->body, body));
}

static void feed(const char *body, size_t size)
{
    for (size_t at = 0, piece; at < size; at += piece) {
        piece = smaller(1 + chance(chance(2) == 0 ? 8 : 600), size - at);
        expect(twilio_alerts_feed(&s.alerts, body + at, piece), "it stops reading");
    }
}

static enum fate choose_fate(unsigned path)
{
    if (s.dead[path]) {
        return NO_LINK;
    }
    return s.second < s.calm && percent(s.percent) ? (enum fate)(1 + chance(FATES - 1)) : FINE;
}

static void lose(enum fate fate, struct twilio_outcome *outcome)
{
    outcome->committed = fate != NO_LINK && fate != RESET;
    outcome->result = fate == NO_LINK ? one_of(TWILIO_ERR_NETWORK, TWILIO_ERR_DNS, TWILIO_ERR_TIMEOUT)
                    : fate == RESET ? one_of(TWILIO_ERR_RESET, TWILIO_ERR_CLOSED, TWILIO_ERR_TLS)
                    : one_of(TWILIO_ERR_RESET, TWILIO_ERR_CLOSED, TWILIO_ERR_TIMEOUT);
}

/* Whose alert it sends; its intent is in flash before. */
static struct promise *sent_by(const struct cloud_asked *asked, unsigned *attempt)
{
    const char *mark = strstr(asked->body, "K~");
    struct promise *p = mark != NULL ? &s.promises[atoi(mark + 2) % MOST] : NULL;
    struct twilio_alert_stored stored;
    struct twilio_entry entry;
    char body[300], number[16] = "";

    expect(p != NULL && p->raised && !p->merged && !p->over, "sent, and not to be: %s", asked->body);
    expect(read_record(p->id, &entry, &stored) && strcmp(stored.text, p->text) == 0
           && (entry.state == TWILIO_ALERT_SENDING || entry.state == TWILIO_ALERT_UNKNOWN),
           "alert %u is sent, and that is not durable", p->id);
    *attempt = stored.record.attempt;
    if (!asked->call) {
        if (*attempt != 0) {
            snprintf(number, sizeof number, ".%X", *attempt);
        }
        snprintf(body, sizeof body, "#A7-%X%s %s", p->id, number, p->text);
        expect(strcmp(body, asked->body) == 0, "\"%s\" is sent, not \"%s\"", asked->body, body);
        expect(asked->validity != 0 && age(p) + asked->validity <= p->alert.deadline + 3U,
               "alert %u of %u s is valid for %u after %u", p->id, p->alert.deadline, asked->validity,
               age(p));
    }
    expect(age(p) <= p->alert.deadline + 1U, "alert %u of %u s is sent after %u", p->id, p->alert.deadline,
           age(p));
    return p;
}

/* Whether nothing else came of that attempt. */
static bool is_first(unsigned at)
{
    const struct cloud_item *item = &s.cloud.items[at];

    for (unsigned i = 0; i < at; i++) {
        if (s.cloud.items[i].owner == item->owner && s.cloud.items[i].attempt == item->attempt) {
            return false;
        }
    }
    return item->owner >= 0;
}

/* So many attempts at once, and so many an hour. */
static void check_budget(void)
{
    uint32_t newer = 0;

    for (unsigned i = s.cloud.count; i-- > 0 && s.settings.per_hour != 0 && is_inside(); ) {
        const struct cloud_item *item = &s.cloud.items[i];
        uint32_t seconds = s.cloud.now - item->created + MARGIN + s.cloud.late;
        newer += is_first(i);
        expect(!is_first(i) || newer <= s.settings.per_hour + seconds * s.settings.per_hour / 3600 + 1,
               "%u sent in %u s, with %u an hour", newer, seconds, s.settings.per_hour);
    }
}

/* A person who got it may write something. */
static void reply_to(const struct cloud_item *sent)
{
    static const char *const words[] = { "OK", "ok", "oK thanks", "Stop", "no", "", "O K", "Is that so? OK" };
    struct cloud_item *reply;

    if (!sent->call && went_well(sent) && sent->ended != CLOUD_NEVER && percent(40)) {
        reply = cloud_add(&s.cloud, sent->from, sent->to, words[chance(COUNT(words))]);
        if (reply != NULL) {
            reply->created = reply->listed = reply->ended = sent->ended + 1 + chance(90);
        }
    }
}

static void note_post(struct promise *p, unsigned attempt, enum fate fate, const struct cloud_answer *answer)
{
    p->posts++;
    p->ambiguous += is_ambiguous(fate);
    total.posts++;
    if (answer->item != NULL) {
        answer->item->owner = (int)(p - s.promises);
        answer->item->attempt = attempt;
        total.items++;
        check_budget();
        reply_to(answer->item);
    }
}

static void read_request(struct cloud_asked *asked)
{
    static char wire[8192];
    size_t at = 0;
    int n;
    const char *mistake;

    do {
        n = twilio_encode(&s.alerts.request, at, wire + at, 1 + chance(900));
        expect(n >= 0 && at < sizeof wire - 1000, "not fit to send: %d", n);
        at += (size_t)n;
    } while (n > 0);
    wire[at] = '\0';
    mistake = cloud_read(wire, at, asked);
    expect(mistake == NULL, "%s: %s", mistake, wire);
    expect(strcmp(asked->host, hosts[s.alerts.path]) == 0, "%s on path %u", asked->host, s.alerts.path);
}

static void request(void)
{
    static struct cloud_answer answer;
    static struct cloud_asked asked;
    static struct promise *p;
    static enum fate fate;
    static struct twilio_outcome outcome;
    struct twilio_moment now;
    unsigned attempt = 0;

    read_request(&asked);
    total.requests++;
    total.pages += asked.after != 0;
    p = asked.what == CLOUD_CREATE ? sent_by(&asked, &attempt) : NULL;
    fate = choose_fate(s.alerts.path);
    total.faults += fate != FINE;
    trace("path %u: %s %s %s %s: fate %d\n", s.alerts.path, asked.post ? "POST" : "GET",
          asked.what == CLOUD_BALANCE ? "balance" : asked.call ? "call" : "message",
          asked.what == CLOUD_FETCH ? asked.sid : asked.to, asked.body, fate);
    outcome = (struct twilio_outcome){ .committed = true };
    memset(&answer, 0, offsetof(struct cloud_answer, body) + 1);
    answer.size = 0;
    answer.item = NULL;
    pass_with_events(chance(2) + (fate == NO_LINK ? chance(4) : 0));
    if (arrives(fate)) {
        cloud_serve(&s.cloud, &asked, &answer);
        outcome.code = (uint16_t)answer.code;
    }
    if (p != NULL) {
        note_post(p, attempt, fate, &answer);
        p->ambiguous += s.event_count > 0 && (s.events[s.event_count - 1].event == CUT
                                              || s.events[s.event_count - 1].event == CUT_IN_FLASH);
    }
    if (fate == NO_LINK || fate == RESET || fate == NEVER_CAME || fate == ANSWER_LOST) {
        lose(fate, &outcome);
        outcome.code = 0;
    } else if (fate == CUT_SHORT) {
        lose(fate, &outcome);
        answer.size = chance((uint32_t)answer.size + 1);
    } else if (fate != FINE && fate != SLOW) {
        spoil(fate, &answer, &outcome);
    }
    pass_with_events(chance(3) + (fate == SLOW || outcome.code == 0 ? chance(25) : 0));
    if (outcome.code != 0) {
        feed(answer.body, answer.size);
        s.heard = s.on;
    }
    if (p != NULL && outcome.code / 100 != 2 && outcome.code != 0) {
        p->refused++;
    }
    trace("%d, code %u, %zu octets, again after %u\n", outcome.result, outcome.code, answer.size,
          outcome.retry_after);
    now = moment();
    twilio_alerts_done(&s.alerts, &now, &outcome);
}

/* ---- A life ---------------------------------------------------------------------------------- */

static bool all_over(void)
{
    for (unsigned i = 0; i < s.count; i++) {
        if (!s.promises[i].over) {
            return false;
        }
    }
    return true;
}

/* Each alert is over when its deadline has passed; after a start, when those before it had their turn. */
static void check_bounds(void)
{
    for (unsigned i = 0; i < s.count && s.on - s.began > SLACK; i++) {
        const struct promise *p = &s.promises[i];
        expect(!p->raised || p->over || worked_on(p) <= p->alert.deadline + SLACK,
               "alert %u of %u s is not over after %u: state %u", p->id, p->alert.deadline, worked_on(p),
               p->status.state);
    }
}

static void check_faults(void)
{
    uint32_t silent = s.on - s.heard;

    if (s.clock == STEADY || s.clock == WRAPS) {
        expect(silent <= s.settings.supervise + 1 || (s.alerts.faults & TWILIO_FAULT_LINK) != 0,
               "nothing was heard for %u s, and nobody is told", silent);
        expect(silent >= s.settings.supervise || (s.alerts.faults & TWILIO_FAULT_LINK) == 0,
               "a fault after %u s", silent);
    }
}

static void live(void)
{
    while (!all_over()) {
        struct twilio_moment now = moment();
        int e = twilio_alerts_next(&s.alerts, &now);
            check_bounds();
        check_faults();
        if (e == TWILIO_OK) {
            request();
        } else {
            expect(e == TWILIO_AGAIN && s.alerts.wait != 0, "next: %d, %u", e, s.alerts.wait);
                pass_with_events(s.alerts.wait <= until_event() ? s.alerts.wait : until_event());
        }
    }
}

/* ---- Making a session ------------------------------------------------------------------------ */

static void make_alert(unsigned i)
{
    static const uint16_t deadlines[] = { 60, 120, 300, 600, 900, 1800, 3600 };
    static const char *const texts[] = { "Fire", "Door \"5\" <open> & a\\b",
                                         "\xC3\x84\xE2\x82\xAC\xF0\x9F\x94\xA5", "#A7-1 not a token",
                                         "a\nb\tc=d&e+f%41" };
    struct promise *p = &s.promises[i];
    uint32_t at = chance(s.calm);

    snprintf(p->text, sizeof p->text, "%s K~%u", texts[chance(COUNT(texts))], i);
    p->alert = (struct twilio_alert){
        .text = p->text, .deadline = deadlines[chance(COUNT(deadlines))],
        .ladder = (uint8_t)chance(COUNT(ladders)), .kind = (uint8_t)chance(3),
        .priority = (uint8_t)chance(256), .flags = (uint8_t)(chance(4) == 0 ? chance(4) : 0),
    };
    if (percent(8)) {
        plan(at, CUT, 0);  /* just after: what is planned last comes first */
    }
    plan(at, RAISE, i);
}

static void make_settings(void)
{
    static const uint8_t budgets[] = { 0, 0, 0, 3, 10 };

    s.inside = !percent(12);
    s.cloud.late = chance(25);
    s.cloud.lag = chance(25);
    s.settings = (struct twilio_alerts){
        .ladder_count = COUNT(ladders), .paths = (uint8_t)(1 + chance(2)),
        .per_hour = budgets[chance(COUNT(budgets))],
        .settle = (uint16_t)(s.inside ? s.cloud.late + s.cloud.lag + (chance(2) == 0 ? 0 : chance(60)) : 1),
        .quiet = (uint16_t)(chance(5) == 0 ? 120 : 0), .supervise = chance(2) == 0 ? 180 : 20 + chance(600),
        .name = "A7", .accounts = accounts, .ladders = ladders, .scratch = &s.scratch, .told = told,
        .context = &s,
        .journal = { .flash = &s.flash.driver }
    };
    s.settings.reserve = s.settings.per_hour != 0 ? (uint8_t)chance(s.settings.per_hour) : 0;
    s.settings.settle = s.settings.settle == 0 ? 1 : s.settings.settle;
}

static void make_events(void)
{
    unsigned cuts = chance(3) == 0 ? 0 : chance(5);

    for (unsigned i = 0; i < s.count; i++) {
        make_alert(i);
        if (percent(10)) {
            plan(chance(2 * s.calm), ACKNOWLEDGE, i);
        }
    }
    for (unsigned i = 0; i < cuts; i++) {
        plan(chance(s.calm), chance(2) == 0 ? CUT : CUT_IN_FLASH, 0);
    }
    for (unsigned i = chance(4); i > 0; i--) {
        plan(chance(s.calm), CLOCK, 0);
        plan(chance(s.calm), CHATTER, chance(8));
    }
    if (percent(30)) {
        plan(chance(s.calm), DEAD_PATH, 0);
        if (s.settings.paths == 1 || percent(50)) {
            plan(s.calm, PATH_BACK, 0);
        }
    }
    if (percent(10)) {
        plan(chance(s.calm), DEAD_PATH, 1);
        plan(s.calm, PATH_BACK, 1);
    }
}

/* Calls of yesterday's. */
static void make_past(void)
{
    static const char *const to[] = { ANNA, BERT };

    for (unsigned i = 0; i < COUNT(to); i++) {
        struct cloud_item *item = cloud_add(&s.cloud, to[i], MINE, "");
        item->call = true;
        memcpy(item->sid, "CA", 2);
        item->created = item->listed = item->ended = BIRTH - 1000 - chance(100000);
        item->last = "completed";
    }
}

static void make_session(uint64_t seed)
{
    static const unsigned percents[] = { 0, 10, 30, 60 };
    static const char *const numbers[CLOUD_CONTACTS] = { ANNA, BERT, CARL, "+15550000004" };

    memset(&s, 0, sizeof s);
    s.seed = seed;
    s.cloud.random = seed * 0x2545F4914F6CDD1DU;
    s.cloud.now = BIRTH;
    s.raising = -1;
    flash_make(&s.flash, chance(2) == 0 ? 1024 : 2048, (uint16_t)(4 + chance(3)), 8U << chance(3), seed);
    s.clock = percent(60) ? STEADY : (enum clock)chance(4);
    s.date = percent(60) ? RIGHT : (enum date)chance(5);
    s.utc_error = s.date == RIGHT ? chance(41) - 20U
                : s.date == YEARS_OFF ? chance(1000000000) - 700000000U : 0;
    s.percent = percents[chance(COUNT(percents))];
    s.calm = 30 + chance(900);
    s.cloud.trial = chance(4) == 0;
    s.cloud.page_most = chance(3) == 0 ? 3 : 20;
    for (unsigned i = 0; i < CLOUD_CONTACTS; i++) {
        strcpy(s.cloud.contacts[i].number, numbers[i]);
        s.cloud.contacts[i].phone = percent(50) ? PHONE_GOOD : (enum cloud_phone)chance(PHONES);
        s.cloud.contacts[i].person = percent(50) ? PERSON_HUMAN : (enum cloud_person)chance(PERSONS);
    }
    s.count = 1 + chance(MOST);
    make_past();
    make_settings();
    make_events();
    trace("clock %d, date %d, settle %u of %u + %u, %u paths, %u an hour, quiet %u, %u %% fail until %u\n",
          s.clock, s.date, s.settings.settle, s.cloud.late, s.cloud.lag, s.settings.paths,
          s.settings.per_hour, s.settings.quiet, s.percent, s.calm);
}

/* ---- What came of it ------------------------------------------------------------------------- */

/* How often an attempt was carried out that must be only once. */
static unsigned most_copies(const struct promise *p)
{
    unsigned most = 0;

    for (unsigned i = 0; i < s.cloud.count; i++) {
        const struct cloud_item *item = &s.cloud.items[i];
        unsigned copies = 0;
        for (unsigned j = 0; item->owner == p - s.promises && j < s.cloud.count; j++) {
            const struct cloud_item *other = &s.cloud.items[j];
            copies += other->owner == item->owner && other->attempt == item->attempt;
        }
        most = copies > most ? copies : most;
    }
    return most;
}

/* With so much time left when all was well again, there is no excuse. */
static bool has_excuse(const struct promise *p)
{
    uint32_t well = s.calm > s.release ? s.calm : s.release;

    return s.second < well || p->at + p->alert.deadline < well + 2U * s.settings.settle + CAP + 4 * MARGIN
        || s.settings.per_hour != 0 || p->refused != 0 || is_astray() || s.clock == LEAPS;
}

static void judge(const struct promise *p)
{
    unsigned copies = most_copies(p), allowed = (p->alert.flags & TWILIO_ALERT_RESEND) != 0 ? 2 : 1;
    bool reached = p->status.state != TWILIO_ALERT_EXPIRED && p->status.state != TWILIO_ALERT_UNKNOWN;

    total.alerts++;
    total.states[p->status.state]++;
    total.twice += copies > 1;
    total.outside += copies > 1 && (!is_inside() || !is_recognisable(p));
    expect(copies <= allowed || !is_inside() || !is_recognisable(p), "alert %u was sent %u times", p->id,
           copies);
    expect(reached || has_excuse(p), "alert %u of %u s is lost: state %u", p->id, p->alert.deadline,
           p->status.state);
}

static void session(uint64_t seed)
{
    make_session(seed);
    if (setjmp(s.flash.off) != 0) {
        power_lost();
        total.restarts++;
    }
    power_on();
    live();
    for (unsigned i = 0; i < s.count; i++) {
        if (!s.promises[i].merged) {
            judge(&s.promises[i]);
        }
    }
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void print_table(void)
{
    static const char *const names[] = { "", "queued", "sending", "unknown", "accepted", "delivered",
                                         "undelivered", "failed", "expired", "acknowledged" };

    printf("seed %u: %u sessions, %lu alerts, %lu restarts, %lu requests, %lu faulty, %lu later pages\n",
           first_seed, sessions, total.alerts, total.restarts, total.requests, total.faults, total.pages);
    printf("%lu posts, %lu messages and calls; %lu repeats counted; %lu twice, %lu outside the assumption\n",
           total.posts, total.items, total.merged, total.twice, total.outside);
    for (unsigned i = 1; i < COUNT(names); i++) {
        if (total.states[i] != 0) {
            printf("%14s %lu\n", names[i], total.states[i]);
        }
    }
}

static void test_sessions(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sessions; i++) {
        session(first_seed + i);
    }
    print_table();
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sessions) };

    sessions = count > 1 ? (unsigned)atoi(words[1]) : sessions;
    first_seed = count > 2 ? (unsigned)atoi(words[2]) : first_seed;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
