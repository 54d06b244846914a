/*
 * cloud.c - Twilio, seen over the wire alone: see there
 *
 * SPDX-License-Identifier: MIT
 */
#include "cloud.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "percent.h"

uint32_t cloud_random(struct cloud *cloud, uint32_t below)
{
    uint64_t x;

    cloud->random += 0x9E3779B97F4A7C15U;
    x = cloud->random;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return (uint32_t)((x >> 33) % below);
}

/* ---- Requests ------------------------------------------------------------------------------- */

/* Each parameter comes once, and has its place; what has none is refused. */
static const char *take(struct cloud_asked *asked, const char *name, const char *value)
{
    const struct { const char *name; char *to; size_t room; } texts[] = {
        { "To", asked->to, sizeof asked->to }, { "From", asked->from, sizeof asked->from },
        { "Body", asked->body, sizeof asked->body }, { "Twiml", asked->body, sizeof asked->body },
        { "MachineDetection", asked->detection, sizeof asked->detection },
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            if (*texts[i].to != '\0' || strlen(value) >= texts[i].room) {
                return "a parameter twice, or too long";
            }
            strcpy(texts[i].to, value);
            return NULL;
        }
    }
    if (strcmp(name, "ValidityPeriod") == 0) {
        asked->validity = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(name, "PageSize") == 0) {
        asked->page_size = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(name, "PageToken") == 0) {
        asked->after = (uint32_t)strtoul(value, NULL, 10);
    } else if (strcmp(name, "Page") != 0) {
        return "a parameter that nobody knows";
    }
    return NULL;
}

static const char *read_pairs(struct cloud_asked *asked, const char *text, size_t size)
{
    char name[32], value[1024];
    const char *mistake = NULL;

    while (size > 0 && mistake == NULL) {
        const char *end = memchr(text, '&', size);
        size_t length = end != NULL ? (size_t)(end - text) : size, named, n;
        const char *equals = memchr(text, '=', length);
        if (equals == NULL || equals - text >= (long)sizeof name || length >= sizeof value) {
            return "no pair";
        }
        named = percent_decode(name, text, (size_t)(equals - text));
        n = percent_decode(value, equals + 1, length - (size_t)(equals + 1 - text));
        if (named == SIZE_MAX || n == SIZE_MAX) {
            return "not percent-encoded as it is to be";
        }
        name[named] = value[n] = '\0';
        mistake = strlen(value) != n ? "a NUL" : take(asked, name, value);
        text += length + (end != NULL);
        size -= length + (end != NULL);
    }
    return mistake;
}

/* "/Messages.json", "/Calls/CA....json", with what follows it up to the end of the target. */
static const char *read_target(struct cloud_asked *asked, const char *target, size_t size)
{
    static const char root[] = "/2010-04-01/Accounts/" CLOUD_ACCOUNT "/";
    const char *query = memchr(target, '?', size), *rest = target + sizeof root - 1;
    size_t path = query != NULL ? (size_t)(query - target) : size;

    if (path < sizeof root + 5 || memcmp(target, root, sizeof root - 1) != 0
        || memcmp(target + path - 5, ".json", 5) != 0) {
        return "another path";
    }
    path -= sizeof root - 1 + 5;
    asked->call = path >= 5 && memcmp(rest, "Calls", 5) == 0;
    if (path == 7 && memcmp(rest, "Balance", 7) == 0) {
        asked->what = CLOUD_BALANCE;
    } else if ((path == 8 && memcmp(rest, "Messages", 8) == 0) || (path == 5 && asked->call)) {
        asked->what = asked->post ? CLOUD_CREATE : CLOUD_LIST;
    } else if ((path == 43 && memcmp(rest, "Messages/", 9) == 0) || (path == 40 && asked->call)) {
        asked->what = CLOUD_FETCH;
        memcpy(asked->sid, rest + path - 34, 34);
    } else {
        return "another resource";
    }
    return query == NULL ? NULL : read_pairs(asked, query + 1, size - (size_t)(query + 1 - target));
}

static const char *header(const char *head, const char *name)
{
    const char *at = strstr(head, name);

    return at != NULL ? at + strlen(name) : NULL;
}

const char *cloud_read(const char *wire, size_t size, struct cloud_asked *asked)
{
    const char *target = strchr(wire, ' '), *end = strstr(wire, " HTTP/1.1\r\n");
    const char *body = strstr(wire, "\r\n\r\n"), *host = header(wire, "\r\nHost: ");
    const char *length = header(wire, "\r\nContent-Length: "), *mistake;

    memset(asked, 0, sizeof *asked);
    asked->post = strncmp(wire, "POST ", 5) == 0;
    if (end == NULL || body == NULL || host == NULL || header(wire, "\r\nAuthorization: Basic ") == NULL
        || (!asked->post && strncmp(wire, "GET ", 4) != 0)) {
        return "no request";
    }
    body += 4;
    if (asked->post ? length == NULL || strtoul(length, NULL, 10) != size - (size_t)(body - wire)
                    : length != NULL || body != wire + size) {
        return "of another length";
    }
    snprintf(asked->host, sizeof asked->host, "%.*s", (int)strcspn(host, "\r"), host);
    mistake = read_target(asked, target + 1, (size_t)(end - target - 1));
    return mistake != NULL || !asked->post ? mistake : read_pairs(asked, body, size - (size_t)(body - wire));
}

/* ---- What becomes of it ----------------------------------------------------------------------- */

static const struct cloud_contact *contact_of(const struct cloud *cloud, const char *to)
{
    const char *number = strchr(to, '+');

    for (unsigned i = 0; i < CLOUD_CONTACTS && number != NULL; i++) {
        if (strcmp(cloud->contacts[i].number, number) == 0) {
            return &cloud->contacts[i];
        }
    }
    return NULL;
}

static void end_with(struct cloud_item *item, uint32_t seconds, const char *last, unsigned error)
{
    item->ended = seconds == CLOUD_NEVER ? seconds : item->created + seconds;
    item->last = last;
    item->error = error;
}

static void foresee_message(struct cloud *cloud, struct cloud_item *item, enum cloud_phone phone)
{
    uint32_t soon = 1 + cloud_random(cloud, 12);

    switch (phone) {
    case PHONE_SLOW:
        end_with(item, 60 + cloud_random(cloud, 400), "delivered", 0);
        break;
    case PHONE_SILENT:
        end_with(item, CLOUD_NEVER, "sent", 0);
        break;
    case PHONE_UNREACHABLE:
        end_with(item, soon + 5, "undelivered", 30003);
        break;
    case PHONE_UNKNOWN:
        end_with(item, soon, "undelivered", 30005);
        break;
    case PHONE_DEAD:
        end_with(item, soon, "failed", 30008);
        break;
    case PHONE_LANDLINE_LATER:
        end_with(item, soon, "undelivered", 30006);
        break;
    default:
        end_with(item, soon, cloud_random(cloud, 8) == 0 ? "read" : "delivered", 0);
        break;
    }
    if (item->ended > item->created + item->validity && item->ended != CLOUD_NEVER) {
        end_with(item, item->validity, "failed", 30036);  /* its validity is over */
    }
}

static void foresee_call(struct cloud *cloud, struct cloud_item *item, enum cloud_person person)
{
    uint32_t rings = 3 + cloud_random(cloud, 20);

    switch (person) {
    case PERSON_BUSY:
        end_with(item, 2, "busy", 0);
        break;
    case PERSON_AWAY:
        end_with(item, 60, "no-answer", 0);
        break;
    case PERSON_FAILED:
        end_with(item, 1, "failed", 0);
        break;
    default:
        end_with(item, rings + 10, "completed", 0);
        item->answered = !item->asks ? NULL : person == PERSON_HUMAN ? "human"
                       : cloud_random(cloud, 3) == 0 ? "unknown" : "machine_start";
        break;
    }
}

bool cloud_is_ended(const struct cloud *cloud, const struct cloud_item *item)
{
    return item->ended != CLOUD_NEVER && item->ended <= cloud->now;
}

static const char *status_of(const struct cloud *cloud, const struct cloud_item *item)
{
    return cloud_is_ended(cloud, item) ? item->last
         : cloud->now - item->created < 2 ? "queued" : item->call ? "ringing" : "sent";
}

struct cloud_item *cloud_add(struct cloud *cloud, const char *to, const char *from, const char *body)
{
    struct cloud_item *item = &cloud->items[cloud->count];

    if (cloud->count == CLOUD_ITEMS) {
        return NULL;
    }
    memset(item, 0, sizeof *item);
    snprintf(item->to, sizeof item->to, "%s", to);
    snprintf(item->from, sizeof item->from, "%s", from);
    snprintf(item->body, sizeof item->body, "%s", body);
    snprintf(item->sid, sizeof item->sid, "SM%08x%08x%08x%08x", cloud_random(cloud, 1U << 31),
             cloud_random(cloud, 1U << 31), 0xBEEFU, cloud->count);
    item->created = item->listed = item->ended = cloud->now;
    item->last = "received";
    item->owner = -1;
    cloud->count++;
    return item;
}

/* ---- Answers ---------------------------------------------------------------------------------- */

static void put(struct cloud_answer *answer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    answer->size += (size_t)vsnprintf(answer->body + answer->size, sizeof answer->body - answer->size, format,
                                      arguments);
    va_end(arguments);
    if (answer->size >= sizeof answer->body) {
        abort();
    }
}

static void put_text(struct cloud_answer *answer, const char *text)
{
    put(answer, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            put(answer, "\\%c", *text);
        } else if ((unsigned char)*text < ' ') {
            put(answer, "\\u%04x", (unsigned char)*text);
        } else {
            put(answer, "%c", *text);
        }
    }
    put(answer, "\"");
}

static void put_encoded(struct cloud_answer *answer, const char *text)
{
    for (; *text != '\0'; text++) {
        put(answer, is_unreserved(*text) ? "%c" : "%%%02X", *text);
    }
}

static void put_date(struct cloud_answer *answer, uint32_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm parts;
    char text[40];

    gmtime_r(&at, &parts);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    put(answer, "\"%s\"", text);
}

static void put_item(const struct cloud *cloud, struct cloud_answer *answer, const struct cloud_item *item)
{
    bool ended = cloud_is_ended(cloud, item);

    put(answer, "{");
    if (!item->call) {
        put(answer, "\"body\": ");
        put_text(answer, item->body);
        put(answer, ", \"num_segments\": \"1\", \"error_message\": null, ");
    }
    put(answer, "\"to\": \"%s\", \"date_updated\": null, \"price\": null, \"date_created\": ", item->to);
    put_date(answer, item->created);
    put(answer, ", \"status\": \"%s\", \"sid\": \"%s\", ", status_of(cloud, item), item->sid);
    if (item->call) {
        put(answer, "\"answered_by\": %s%s%s, ", ended && item->answered != NULL ? "\"" : "",
            ended && item->answered != NULL ? item->answered : "null",
            ended && item->answered != NULL ? "\"" : "");
    } else if (ended && item->error != 0) {
        put(answer, "\"error_code\": %u, ", item->error);
    } else {
        put(answer, "\"error_code\": null, ");
    }
    put(answer, "\"account_sid\": \"%s\", \"subresource_uris\": {\"sid\": \"no\", \"status\": \"x\"}}",
        CLOUD_ACCOUNT);
}

static void refuse(struct cloud_answer *answer, int status, unsigned code)
{
    answer->code = status;
    put(answer, "{\"code\": %u, \"message\": \"No: %u\", \"more_info\": "
        "\"https://www.twilio.com/docs/errors/%u\", \"status\": %d}", code, code, code, status);
}

/* Why it is refused at once; 0: it is not. */
static unsigned refusal(const struct cloud_contact *contact, bool call)
{
    if (contact == NULL || contact->phone == PHONE_INVALID) {
        return call ? 21217 : 21211;
    }
    if (contact->phone == PHONE_FORBIDDEN) {
        return call ? 21215 : 21408;
    }
    return call ? 0 : contact->phone == PHONE_OPTED_OUT ? 21610
         : contact->phone == PHONE_LANDLINE ? 21614 : 0;
}

static void create(struct cloud *cloud, const struct cloud_asked *asked, struct cloud_answer *answer)
{
    const struct cloud_contact *contact = contact_of(cloud, asked->to);
    unsigned code = refusal(contact, asked->call);
    char body[600];
    struct cloud_item *item;

    if (code != 0) {
        refuse(answer, code == 21610 || code == 21614 || code < 21300 ? 400 : 403, code);
        return;
    }
    snprintf(body, sizeof body, "%s%s",
             cloud->trial && !asked->call ? "Sent from your Twilio trial account - " : "", asked->body);
    item = cloud_add(cloud, asked->to, asked->from, body);
    if (item == NULL) {
        abort();
    }
    item->call = asked->call;
    item->asks = asked->detection[0] != '\0';
    item->validity = asked->validity != 0 ? asked->validity : 36000;
    memcpy(item->sid, asked->call ? "CA" : "SM", 2);
    item->created += cloud->late != 0 ? cloud_random(cloud, cloud->late + 1) : 0;
    item->listed = item->created + (cloud->lag != 0 ? cloud_random(cloud, cloud->lag + 1) : 0);
    if (item->call) {
        foresee_call(cloud, item, contact->person);
    } else {
        foresee_message(cloud, item, contact->phone);
    }
    answer->code = 201;
    answer->item = item;
    put_item(cloud, answer, item);
}

static void fetch(struct cloud *cloud, const struct cloud_asked *asked, struct cloud_answer *answer)
{
    for (unsigned i = 0; i < cloud->count; i++) {
        if (strcmp(cloud->items[i].sid, asked->sid) == 0 && cloud->items[i].created <= cloud->now) {
            answer->code = 200;
            put_item(cloud, answer, &cloud->items[i]);
            return;
        }
    }
    refuse(answer, 404, 20404);
}

/* By when they were created, newest first; of one moment, the later one. */
static bool is_newer(const struct cloud *cloud, unsigned one, unsigned other)
{
    uint32_t a = cloud->items[one].created, b = cloud->items[other].created;

    return a > b || (a == b && one > other);
}

static bool is_listed(const struct cloud *cloud, const struct cloud_asked *asked, unsigned at)
{
    const struct cloud_item *item = &cloud->items[at];

    return item->call == asked->call && item->listed <= cloud->now && strcmp(item->to, asked->to) == 0
        && strcmp(item->from, asked->from) == 0;
}

/* The newest that is older than that one; count: there is none. */
static unsigned following(const struct cloud *cloud, const struct cloud_asked *asked, unsigned last)
{
    unsigned best = cloud->count;

    for (unsigned i = 0; i < cloud->count; i++) {
        if (is_listed(cloud, asked, i) && (last == cloud->count || is_newer(cloud, last, i))
            && (best == cloud->count || is_newer(cloud, i, best))) {
            best = i;
        }
    }
    return best;
}

static void list(struct cloud *cloud, const struct cloud_asked *asked, struct cloud_answer *answer)
{
    unsigned most = asked->page_size < cloud->page_most ? asked->page_size : cloud->page_most, n, next;
    unsigned last = asked->after != 0 ? asked->after - 1 : cloud->count;
    const char *name = asked->call ? "Calls" : "Messages";

    answer->code = 200;
    put(answer, "{\"first_page_uri\": \"/x\", \"end\": 0, \"%s\": [", asked->call ? "calls" : "messages");
    for (n = 0; n < most && (next = following(cloud, asked, last)) != cloud->count; n++, last = next) {
        put(answer, n != 0 ? ", " : "");
        put_item(cloud, answer, &cloud->items[next]);
    }
    put(answer, "], \"page\": 0, \"next_page_uri\": ");
    if (n == most && following(cloud, asked, last) != cloud->count) {
        put(answer, "\"/2010-04-01/Accounts/" CLOUD_ACCOUNT "/%s.json?To=", name);
        put_encoded(answer, asked->to);
        put(answer, "&From=");
        put_encoded(answer, asked->from);
        put(answer, "&PageSize=%u&Page=1&PageToken=%u\"", asked->page_size, last + 1);
    } else {
        put(answer, "null");
    }
    put(answer, ", \"page_size\": %u}", asked->page_size);
}

void cloud_serve(struct cloud *cloud, const struct cloud_asked *asked, struct cloud_answer *answer)
{
    answer->size = 0;
    answer->item = NULL;
    answer->body[0] = '\0';
    switch (asked->what) {
    case CLOUD_CREATE:
        create(cloud, asked, answer);
        break;
    case CLOUD_FETCH:
        fetch(cloud, asked, answer);
        break;
    case CLOUD_LIST:
        list(cloud, asked, answer);
        break;
    default:
        answer->code = 200;
        put(answer, "{\"currency\": \"USD\", \"balance\": \"12.34\", "
            "\"account_sid\": \"" CLOUD_ACCOUNT "\"}");
        break;
    }
}
