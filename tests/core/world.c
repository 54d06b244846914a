/*
 * world.c - a device, a line, and Twilio, simulated: see there
 *
 * SPDX-License-Identifier: MIT
 */
#include "world.h"

#include <time.h>

#include "percent.h"

#define BIRTH 1700000000U

const struct twilio_account world_account = { .sid = "AC" HEX32, .secret = "secret" };

static const struct twilio_rung one_message[] = { { ANNA, MINE, false, 0 } };
static const struct twilio_rung one_call[] = { { ANNA, MINE, true, 0 } };
static const struct twilio_rung climb[] = {
    { ANNA, MINE, false, 120 }, { "whatsapp:" ANNA, "whatsapp:" MINE, false, 120 }, { ANNA, MINE, true, 60 },
    { BERT, MINE, false, 0 },
};
const struct twilio_ladder world_ladders[] = { { one_message, 1 }, { one_call, 1 }, { climb, COUNT(climb) } };

void world_make(struct world *world, struct flash *flash)
{
    memset(world, 0, sizeof *world);
    world->flash = flash;
    world->balance = "12.34";
    world->takes = 1;
    world->random = 88172645;
    world->alerts.journal.flash = &flash->driver;
    world->alerts.accounts = &world_account;
    world->alerts.ladders = world_ladders;
    world->alerts.ladder_count = 3;
    world->alerts.name = "A7";
    world->alerts.settle = SETTLE;
}

/* ---- The device ------------------------------------------------------------------------------ */

uint32_t world_utc(const struct world *world)
{
    return BIRTH + world->second;
}

struct twilio_moment world_moment(struct world *world)
{
    world->random = world->random * 1664525 + 1013904223;
    return (struct twilio_moment){ .now = world->second + world->offset,
                                   .random = (world->random & ~0xFFFU) | world->chance,
                                   .utc = world->no_utc ? 0 : world_utc(world) + world->utc_error };
}

static void told(void *context, const struct twilio_alert_status *status)
{
    struct world *world = context;

    world->told[world->tellings++ % COUNT(world->told)] = *status;
}

int world_begin(struct world *world)
{
    struct twilio_alerts *a = &world->alerts;
    struct twilio_alerts set = {
        .ladder_count = a->ladder_count, .paths = a->paths, .per_hour = a->per_hour, .reserve = a->reserve,
        .settle = a->settle, .quiet = a->quiet, .supervise = a->supervise, .least_balance = a->least_balance,
        .name = a->name, .accounts = a->accounts, .ladders = a->ladders, .scratch = &world->scratch,
        .voice = a->voice, .reply = a->reply, .told = told, .context = world,
        .journal = { .flash = a->journal.flash }
    };
    struct twilio_moment moment = world_moment(world);

    *a = set;
    memset(&world->scratch, CANARY, sizeof world->scratch);
    return twilio_alerts_begin(a, &moment);
}

int world_raise(struct world *world, const struct twilio_alert *alert, uint32_t *id)
{
    struct twilio_moment moment = world_moment(world);

    return twilio_alerts_raise(&world->alerts, &moment, alert, id);
}

/* ---- What a request asks for ------------------------------------------------------------------ */

/* The value of a parameter, decoded; "" if it is not there. */
static const char *value_of(const char *params, const char *name, char *value, size_t room)
{
    size_t length = strlen(name), size;

    value[0] = '\0';
    while (params != NULL) {
        params += *params == '&' || *params == '?';
        if (strncmp(params, name, length) == 0 && params[length] == '=') {
            params += length + 1;
            size = percent_decode(value, params, strcspn(params, "& \r\n"));
            assert_true(size < room);
            value[size] = '\0';
            return value;
        }
        params = strchr(params, '&');
    }
    return value;
}

/* ---- Twilio ---------------------------------------------------------------------------------- */

static const char *date_text(uint32_t seconds)
{
    static char text[40];
    time_t at = (time_t)seconds;

    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", gmtime(&at));
    return text;
}

static void create(struct world *world, bool call, const char *form, char *answer, size_t room)
{
    struct sent *sent = &world->sent[world->count];
    char validity[16];

    assert_true(world->count < COUNT(world->sent));
    memset(sent, 0, sizeof *sent);
    sent->call = call;
    value_of(form, "To", sent->to, sizeof sent->to);
    value_of(form, "From", sent->from, sizeof sent->from);
    value_of(form, call ? "Twiml" : "Body", sent->body, sizeof sent->body);
    value_of(form, "MachineDetection", sent->detection, sizeof sent->detection);
    sent->validity = (uint32_t)atoi(value_of(form, "ValidityPeriod", validity, sizeof validity));
    snprintf(sent->status, sizeof sent->status, "queued");
    snprintf(sent->sid, sizeof sent->sid, "%s%032x", call ? "CA" : "SM", 0xabcd00 + world->count);
    sent->created = world_utc(world) + world->fate.late;
    sent->listed = sent->created + world->fate.lag;
    world->count++;
    snprintf(answer, room, "{\"sid\": \"%s\", \"date_created\": \"%s\", \"status\": \"queued\", "
             "\"error_code\": null, \"body\": \"\"}", sent->sid, date_text(sent->created));
}

static void fetch(struct world *world, const char *sid, char *answer, size_t room)
{
    for (unsigned i = 0; i < world->count; i++) {
        struct sent *sent = &world->sent[i];
        if (strncmp(sid, sent->sid, 34) == 0) {
            const char *arrived = sent->call ? "completed" : "delivered";
            const char *status = world->status != NULL ? world->status : arrived;
            char error[16] = "null";
            if (world->error != 0) {
                snprintf(error, sizeof error, "%u", world->error);
            }
            snprintf(answer, room, "{\"sid\": \"%s\", \"status\": \"%s\", \"error_code\": %s, "
                     "\"answered_by\": %s%s%s, \"date_created\": \"%s\"}", sent->sid, status, error,
                     world->answered != NULL ? "\"" : "", world->answered != NULL ? world->answered : "null",
                     world->answered != NULL ? "\"" : "", date_text(sent->created));
            world->code = 200;
            return;
        }
    }
    world->code = 404;
    snprintf(answer, room, "{\"code\": 20404, \"message\": \"not found\", \"status\": 404}");
}

static void put_item(char *answer, size_t room, const char *sid, const char *body, uint32_t date)
{
    size_t used = strlen(answer);

    snprintf(answer + used, room - used, "%s{\"body\": \"%s\", \"date_created\": \"%s\", \"sid\": \"%s\"}",
             answer[used - 1] == '[' ? "" : ", ", body, date_text(date), sid);
}

/* Newest first, a page at a time. */
static void list(struct world *world, bool calls, const char *query, char *answer, size_t room)
{
    char to[40], from[40], page[16], size[16];
    unsigned first, most, seen = 0;
    size_t used;

    value_of(query, "To", to, sizeof to);
    value_of(query, "From", from, sizeof from);
    most = (unsigned)atoi(value_of(query, "PageSize", size, sizeof size));
    first = (unsigned)atoi(value_of(query, "Page", page, sizeof page)) * most;
    most = world->page_size != 0 ? world->page_size : most;
    first = (unsigned)atoi(page) * most;
    snprintf(answer, room, "{\"%s\": [", calls ? "calls" : "messages");
    for (unsigned i = world->reply_count; i-- > 0 && !calls; ) {
        const struct reply *reply = &world->replies[i];
        if (strcmp(reply->to, to) == 0 && strcmp(reply->from, from) == 0 && reply->date <= world_utc(world)
            && seen++ - first < most) {
            put_item(answer, room, "SM" HEX32, reply->body, reply->date);
        }
    }
    for (unsigned i = world->count; i-- > 0; ) {
        const struct sent *sent = &world->sent[i];
        if (sent->call == calls && strcmp(sent->to, to) == 0 && strcmp(sent->from, from) == 0
            && sent->listed <= world_utc(world) && seen++ - first < most) {
            put_item(answer, room, sent->sid, calls ? "" : sent->body, sent->created);
        }
    }
    used = strlen(answer);
    if (seen > first + most) {
        snprintf(answer + used, room - used,
                 "], \"next_page_uri\": \"/2010-04-01/Accounts/AC" HEX32 "/%s.json?To=%%2B%s&From=%%2B%s&"
                 "PageSize=%s&Page=%u\"}", calls ? "Calls" : "Messages", to + 1, from + 1, size,
                 first / most + 1);
    } else {
        snprintf(answer + used, room - used, "], \"next_page_uri\": null}");
    }
}

/* Do what is asked for, and make the answer. */
static void serve(struct world *world, const char *wire, char *answer, size_t room)
{
    const char *path = strstr(wire, HEX32), *form = strstr(wire, "\r\n\r\n");

    assert_non_null(path);
    path += sizeof HEX32;
    world->code = 200;
    if (strncmp(wire, "POST ", 5) == 0) {
        world->code = 201;
        create(world, *path == 'C', form + 4, answer, room);
    } else if (strncmp(path, "Balance", 7) == 0) {
        snprintf(answer, room, "{\"currency\": \"USD\", \"balance\": \"%s\"}", world->balance);
    } else if (strncmp(path, "Messages/", 9) == 0 || strncmp(path, "Calls/", 6) == 0) {
        fetch(world, strchr(path, '/') + 1, answer, room);
    } else {
        list(world, *path == 'C', strchr(path, '?'), answer, room);
    }
}

/* "POST Messages +15550000001 #A7-1 Fire", "GET Calls/CA...", "GET Messages +15550000001" */
static void note(struct world *world, const char *wire)
{
    const char *path = strstr(wire, HEX32), *form = strstr(wire, "\r\n\r\n");
    char to[40], text[1024];
    bool post = strncmp(wire, "POST ", 5) == 0;

    path += sizeof HEX32;
    form = post ? form + 4 : strchr(path, '?');
    value_of(form, "To", to, sizeof to);
    value_of(form, *path == 'C' ? "Twiml" : "Body", text, sizeof text);
    snprintf(world->asked, sizeof world->asked, "%s %.*s%s%s%s%s", post ? "POST" : "GET",
             (int)strcspn(path, ".? "), path, *to != '\0' ? " " : "", to, post ? " " : "", post ? text : "");
    world->requests++;
}

/* ---- The line -------------------------------------------------------------------------------- */

static void feed(struct world *world, const char *answer, size_t size)
{
    for (size_t at = 0, piece = 1; at < size; at += piece, piece = piece % 61 + 7) {
        assert_true(twilio_alerts_feed(&world->alerts, answer + at, smaller(piece, size - at)));
    }
}

int world_next(struct world *world)
{
    struct twilio_moment moment = world_moment(world);

    return twilio_alerts_next(&world->alerts, &moment);
}

void world_answer(struct world *world)
{
    static char wire[4096], answer[262144];
    struct fate fate = world->fate;
    struct twilio_outcome outcome = { .result = TWILIO_ERR_TIMEOUT, .expires = world->expires };
    struct twilio_moment moment;
    int size = twilio_encode(&world->alerts.request, 0, wire, sizeof wire - 1);

    check(size > 0, "not fit to send: %d", size);
    wire[size] = '\0';
    note(world, wire);
    world->code = 0;
    answer[0] = '\0';
    if (!fate.lost) {
        if (fate.code == 0 || fate.done) {
            serve(world, wire, answer, sizeof answer);
        }
        if (fate.code != 0) {
            world->code = fate.code;
            snprintf(answer, sizeof answer, "%s", fate.body != NULL ? fate.body : "{\"status\": 500}");
        }
        outcome.committed = true;
    }
    if (!fate.lost && !fate.unanswered) {
        size_t length = fate.cut != 0 ? fate.cut : strlen(answer);
        outcome.code = (uint16_t)world->code;
        outcome.result = fate.cut != 0 ? TWILIO_ERR_CLOSED : TWILIO_OK;
        outcome.retry_after = fate.retry_after;
        feed(world, answer, length);
    } else {
        world->code = 0;
        outcome.result = fate.result != 0 ? fate.result : outcome.result;
    }
    memset(&world->fate, 0, sizeof world->fate);
    world->second += world->takes;
    moment = world_moment(world);
    twilio_alerts_done(&world->alerts, &moment, &outcome);
}

bool world_step(struct world *world)
{
    int e = world_next(world);

    check(e == TWILIO_OK || e == TWILIO_AGAIN, "next: %d", e);
    if (e == TWILIO_AGAIN) {
        check(world->alerts.wait != 0, "no wait");
        return false;
    }
    world_answer(world);
    return true;
}

void world_run(struct world *world, uint32_t seconds)
{
    uint32_t end = world->second + seconds, wait;

    while (world->second < end) {
        if (!world_step(world)) {
            wait = world->alerts.wait;
            world->second += wait < end - world->second ? wait : end - world->second;
        }
    }
}

unsigned world_copies(const struct world *world, const char *text)
{
    unsigned copies = 0;

    for (unsigned i = 0; i < world->count; i++) {
        copies += strstr(world->sent[i].body, text) != NULL;
    }
    return copies;
}

int world_state(struct world *world, uint32_t id)
{
    struct twilio_alert_status status = { 0 };
    int e = twilio_alerts_status(&world->alerts, id, &status);

    return e == TWILIO_ITEM ? status.state : e;
}
