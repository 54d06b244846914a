/*
 * fuzz_alerts.c - any answers at any time: the engine goes on; in pieces they are the same; what was
 * perhaps sent is not sent again before a list was read; nothing is believed that no answer said; what is
 * over stays so
 *
 * Input: options, a budget, two octets of randomness for the pieces; then what happens, a letter and its
 * octets: r flags deadline: raised; a code body: the request is answered, the body ended by \x1E; l result:
 * it is not answered; k id: acknowledged; t time: passes; b: power fails.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_alerts.h"

#include <stdbool.h>
#include <string.h>

#define SECTOR 1024
#define FLASH  (6 * SECTOR)
#define ALERTS 64
#define WIRE   2048

static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef", .secret = "x" };
static const struct twilio_rung anna[] = { { "+15550000001", "+15550000009", false, 0 } };
static const struct twilio_rung both[] = { { "+15550000002", "+15550000009", false, 60 },
                                           { "+15550000001", "+15550000009", true, 0 } };
static const struct twilio_ladder ladders[] = { { anna, 1 }, { both, 2 } };

struct known {
    uint8_t flags, over;   /* over: the state that it ended in */
    bool    perhaps_sent;  /* and no list was read since */
};

struct world {
    const uint8_t *at, *end;
    const uint8_t *options;
    struct twilio_alerts alerts;
    struct twilio_alerts_scratch scratch;
    struct twilio_flash driver;
    _Alignas(4) uint8_t bytes[FLASH];
    uint32_t reads, now, random, pieces, hash;

    struct known known[ALERTS];
    uint32_t last;
    char     wire[WIRE + 1];
    bool     asked;              /* a request is under way */
    bool     acknowledged;       /* by somebody, ever */
    bool     told_sid, told_arrival;  /* by an answer, ever */
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
    must(status->sid[0] == '\0' || w->told_sid, "SID %s from nowhere", status->sid);
    must(state != TWILIO_ALERT_ACCEPTED || w->told_sid, "accepted by nobody");
    must(state != TWILIO_ALERT_DELIVERED || w->told_arrival, "delivered by nobody");
    must(state != TWILIO_ALERT_ACKNOWLEDGED || w->acknowledged
         || (known->flags & TWILIO_ALERT_ACKNOWLEDGE) != 0,
         "acknowledged by nobody");
    must(known->over == 0 || (status->over && state == known->over), "alert %u was over with %u, is %u",
         (unsigned)status->id, known->over, state);
    known->over = status->over ? (uint8_t)state : 0;
    add(w, status, offsetof(struct twilio_alert_status, sid));
}

static void told(void *context, const struct twilio_alert_status *status)
{
    check_status(context, status);
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

static struct twilio_moment moment(struct world *w)
{
    w->random = w->random * 1664525 + 1013904223;
    return (struct twilio_moment){ w->now, (w->options[0] & 1) != 0 ? 0 : 1800000000 + w->now, w->random };
}

/* Which alert a message is of; 0: none */
static uint32_t id_of(const struct world *w)
{
    const char *token = strstr(w->wire, "Body=%23A7-");

    return token == NULL ? 0 : (uint32_t)strtoul(token + 11, NULL, 16);
}

static void check_request(struct world *w)
{
    int n = twilio_encode(&w->alerts.request, 0, w->wire, WIRE);
    uint32_t id;

    must(n > 0 && n < WIRE, "request: %d", n);
    w->wire[n] = '\0';
    add(w, w->wire, (size_t)n);
    must(strstr(w->wire, "\r\nHost: api.twilio.com\r\n") != NULL, "%s", w->wire);
    id = id_of(w);
    if (strncmp(w->wire, "POST", 4) == 0 && id != 0) {
        must(id <= w->last && w->known[id % ALERTS].over == 0, "alert %u is over", (unsigned)id);
        must(!w->known[id % ALERTS].perhaps_sent || (w->known[id % ALERTS].flags & TWILIO_ALERT_RESEND) != 0,
             "alert %u is sent again", (unsigned)id);
    }
}

/* Until there is a request, or it only waits */
static void next(struct world *w)
{
    for (unsigned patience = 4; !w->asked && patience > 0; patience--) {
        struct twilio_moment now = moment(w);
        int e;

        w->reads = 0;
        e = twilio_alerts_next(&w->alerts, &now);
        must(e == TWILIO_OK || e == TWILIO_AGAIN, "next: %d", e);
        w->asked = e == TWILIO_OK;
        if (w->asked) {
            check_request(w);
            must(twilio_alerts_next(&w->alerts, &now) == TWILIO_ERR_BUSY, "not busy");
        } else {
            must(w->alerts.wait >= 1, "it waits for nothing");
            w->now += w->alerts.wait;
        }
    }
}

static void perhaps(struct world *w)
{
    if (w->asked && strncmp(w->wire, "POST", 4) == 0) {
        w->known[id_of(w) % ALERTS].perhaps_sent = id_of(w) != 0;
    }
}

static void done(struct world *w, struct twilio_outcome outcome)
{
    struct twilio_moment now = moment(w);

    w->reads = 0;
    twilio_alerts_done(&w->alerts, &now, &outcome);
    w->asked = false;
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
        w->known[++w->last] = (struct known){ .flags = alert.flags };
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

static void answer(struct world *w)
{
    static const uint16_t codes[] = { 200, 201, 204, 400, 401, 404, 429, 500, 503, 301 };
    uint16_t code = codes[next_octet(w) % 10];
    const uint8_t *body = w->at, *stop = memchr(body, 0x1E, (size_t)(w->end - body));
    size_t size = (size_t)((stop != NULL ? stop : w->end) - body);

    w->at += size + (stop != NULL);
    next(w);
    if (!w->asked) {
        return;
    }
    w->told_sid = w->told_sid || (code < 300 && has_digits(body, size));
    w->told_arrival = w->told_arrival
        || (code < 300 && (has(body, size, "delivered") || has(body, size, "read")
                           || has(body, size, "completed")));
    feed(w, body, size);
    for (uint32_t id = 1; id <= w->last && code == 200 && strncmp(w->wire, "GET", 3) == 0; id++) {
        w->known[id % ALERTS].perhaps_sent = false;
    }
    if (code == 500 || (code < 300 && !has_digits(body, size))) {
        perhaps(w);
    }
    done(w, (struct twilio_outcome){ .result = TWILIO_OK, .committed = true, .code = code });
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

static void happens(struct world *w, unsigned letter)
{
    struct twilio_moment now;

    switch (letter) {
    case 'r': raise_alert(w); break;
    case 'a': answer(w); break;
    case 'l': lose(w); break;
    case 'b': begin(w); break;
    case 't': w->now += next_octet(w) * 8; break;
    case 'k':
        now = moment(w);
        w->acknowledged = true;
        w->reads = 0;
        must(twilio_alerts_acknowledge(&w->alerts, &now, next_octet(w) % ALERTS) == TWILIO_OK, "acknowledge");
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

#define DATE "\"date_created\":\"Fri, 15 Jan 2027 08:00:00 +0000\"}"
#define SID  "0123456789abcdef0123456789abcdef"
#define MADE "{\"sid\":\"SM" SID "\",\"status\":\"queued\"," DATE "\x1E"
#define LIST(more) "{\"messages\":[" more "],\"next_page_uri\":null}\x1E"
#define ITEM "{\"sid\":\"SM" SID "\",\"body\":\"#A7-1.1 Fire\"," DATE

const struct seed seeds[] = {
    SEED("r\0\0a\1" MADE "a\0{\"status\":\"delivered\"}\x1E"),
    SEED("r\0\0l\0a\0" LIST("") "a\1" MADE "ba\0{\"status\":\"failed\",\"error_code\":30003}\x1E"),
    SEED("r\6\200a\3{\"code\":21211,\"status\":400}\x1E" "a\1{\"sid\":\"CA" SID "\"}\x1E"
         "a\0{\"status\":\"completed\",\"answered_by\":\"human\"}\x1E"),
    SEED("r\0\0a\7x\x1E" "a\0" LIST(ITEM) "t\4a\0{\"status\":\"undelivered\"}\x1Ek\0"),
    SEED("r\1\0l\0l\1l\3a\10\x1E" "bl\0a\0" LIST(ITEM "," ITEM) "k\1r\40\10t\20b"),
    SEED("r\2\0a\1" MADE "a\0{\"status\":\"sent\"}\x1E" "a\0" LIST("{\"sid\":\"SM" SID
         "\",\"body\":\"ok\",\"date_created\":\"Fri, 15 Jan 2027 08:09:00 +0000\"}")),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("r\0\0"), SEED("r\4\0"), SEED("r\3\40"), SEED("a\0"), SEED("a\1" MADE), SEED("a\7\x1E"),
    SEED("a\10\x1E"), SEED("l\0"),
    SEED("l\1"), SEED("l\4"), SEED("k\0"), SEED("k\1"), SEED("t\1"), SEED("t\377"), SEED("b"), SEED("\x1E"),
    SEED("a\0" LIST("")), SEED("a\0" LIST(ITEM)), SEED(ITEM ","), SEED("a\0{\"status\":\"delivered\"}\x1E"),
    SEED("a\0{\"balance\":\"0.50\"}\x1E"), SEED("{"), SEED("}"), SEED("["), SEED("]"), SEED("\""),
    SEED(","), SEED("null"),
    SEED("\"next_page_uri\":\"/2\""), SEED(SID), SEED("\"calls\":["), SEED("\\u0041"),
    SEED("\"date_created\":"),
    { NULL, 0 }
};
