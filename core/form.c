/*
 * form.c - the members of a struct as parameters, each checked and written as its rule says
 *
 * SPDX-License-Identifier: MIT
 */
#include "form.h"
#include "grammar.h"

#include "sink.h"
#include "url.h"

/* ---- Grammars of texts ----------------------------------------------------- */

/* The states of each, and how many rules they have. All have the text's NUL as its last octet. */
enum number_state { PLUS = 0, COUNTRY = PLUS + 1, NUMBER = COUNTRY + 1 };

static const struct rule e164[] = {
    [PLUS] = LAST('+', '+', COUNTRY, 0),
    [COUNTRY] = LAST('1', '9', NUMBER, 0),
    [NUMBER] = RULE('\0', '\0', NUMBER, 0), LAST('0', '9', NUMBER, 0)
};

enum channel_state { CHANNEL = 0, COLON = CHANNEL + 1, END = COLON + 2, ADDRESS = END + 1 };

static const struct rule channel[] = {
    [CHANNEL] = LAST('a', 'z', COLON, 0),
    [COLON] = RULE('a', 'z', COLON, 0), LAST(':', ':', ADDRESS, 0),
    [END] = RULE('\0', '\0', END, 0),
    [ADDRESS] = RULE('!', '@', END, 0), RULE('@', '_', END, 0), LAST('_', '~', END, 0)
};

static const struct rule hexadecimal[] = {
    RULE('\0', '\0', 0, 0), RULE('0', '9', 0, 0), RULE('A', 'F', 0, 0), LAST('a', 'f', 0, 0)
};

enum time_state {
    YEAR     = 0,
    YEAR_2   = YEAR + 1,
    YEAR_3   = YEAR_2 + 1,
    YEAR_4   = YEAR_3 + 1,
    DASH     = YEAR_4 + 1,
    MONTH    = DASH + 1,
    MONTH_0  = MONTH + 2,
    MONTH_1  = MONTH_0 + 1,
    DASH_2   = MONTH_1 + 1,
    DAY      = DASH_2 + 1,
    DAY_0    = DAY + 3,
    DAY_1    = DAY_0 + 1,
    DAY_3    = DAY_1 + 1,
    DATE     = DAY_3 + 1,
    HOUR     = DATE + 2,
    HOUR_0   = HOUR + 2,
    HOUR_2   = HOUR_0 + 1,
    COLON_1  = HOUR_2 + 2,
    MINUTE   = COLON_1 + 1,
    MINUTE_0 = MINUTE + 1,
    COLON_2  = MINUTE_0 + 1,
    SECOND   = COLON_2 + 1,
    SECOND_0 = SECOND + 1,
    ZONE     = SECOND_0 + 1,
    TIME     = ZONE + 1,
    TIMES    = TIME + 1
};

static const struct rule times[] = {
    [YEAR] = LAST('0', '9', YEAR_2, 0),
    [YEAR_2] = LAST('0', '9', YEAR_3, 0),
    [YEAR_3] = LAST('0', '9', YEAR_4, 0),
    [YEAR_4] = LAST('0', '9', DASH, 0),
    [DASH] = LAST('-', '-', MONTH, 0),
    [MONTH] = RULE('0', '0', MONTH_0, 0), LAST('1', '1', MONTH_1, 0),
    [MONTH_0] = LAST('1', '9', DASH_2, 0),
    [MONTH_1] = LAST('0', '2', DASH_2, 0),
    [DASH_2] = LAST('-', '-', DAY, 0),
    [DAY] = RULE('0', '0', DAY_0, 0), RULE('1', '2', DAY_1, 0), LAST('3', '3', DAY_3, 0),
    [DAY_0] = LAST('1', '9', DATE, 0),
    [DAY_1] = LAST('0', '9', DATE, 0),
    [DAY_3] = LAST('0', '1', DATE, 0),
    [DATE] = RULE('\0', '\0', TIME, 0), LAST('T', 'T', HOUR, 0),
    [HOUR] = RULE('0', '1', HOUR_0, 0), LAST('2', '2', HOUR_2, 0),
    [HOUR_0] = LAST('0', '9', COLON_1, 0),
    [HOUR_2] = RULE('0', '1', COLON_1, 0), LAST('2', '3', COLON_1, 0),
    [COLON_1] = LAST(':', ':', MINUTE, 0),
    [MINUTE] = LAST('0', '5', MINUTE_0, 0),
    [MINUTE_0] = LAST('0', '9', COLON_2, 0),
    [COLON_2] = LAST(':', ':', SECOND, 0),
    [SECOND] = LAST('0', '5', SECOND_0, 0),
    [SECOND_0] = LAST('0', '9', ZONE, 0),
    [ZONE] = LAST('Z', 'Z', TIME, 0),
    [TIME] = LAST('\0', '\0', TIME, 0)
};

_Static_assert(sizeof e164 == 4 * sizeof(struct rule) && sizeof channel == 7 * sizeof(struct rule)
               && sizeof times == TIMES * sizeof(struct rule), "a state has other rules than it should");

unsigned twilio_matches(const char *text, const struct rule *grammar)
{
    const char *at = text;
    uint8_t state = 0;

    do {
        if (twilio_advance(grammar, &state, (uint8_t)*at) < 0) {
            return 0;
        }
    } while (*at++ != '\0');
    return (unsigned)(at - text) - 1;
}

/* ---- Questions about texts ------------------------------------------------- */

const octet_set twilio_digits = { 0x03FF0000U, 0, 0 };

const char *twilio_after(const char *text, const char *prefix)
{
    while (*prefix != '\0') {
        if (*text++ != *prefix++) {
            return NULL;
        }
    }
    return text;
}

unsigned twilio_made_of(const char *text, const octet_set set)
{
    unsigned length = 0;

    while (in_set(set, (uint8_t)text[length])) {
        length++;
    }
    return text[length] == '\0' ? length : 0;
}

bool twilio_is_e164(const char *text)
{
    return text != NULL && twilio_matches(text, e164) - 3 < 14;
}

bool twilio_is_address(const char *text)
{
    const char *whatsapp;

    if (text == NULL) {
        return false;
    }
    whatsapp = twilio_after(text, "whatsapp:");
    return whatsapp != NULL ? twilio_is_e164(whatsapp)
         : twilio_is_e164(text) || twilio_matches(text, channel) != 0;
}

bool twilio_is_sid(const char *text, uint32_t letters)
{
    return text != NULL && (uint8_t)text[0] == letters >> 8 && (uint8_t)text[1] == (letters & 0xFF)
        && twilio_matches(text + 2, hexadecimal) == 32;
}

bool twilio_is_date(const char *text)
{
    return twilio_matches(text, times) != 0;
}

bool twilio_is_time(const char *text)
{
    return twilio_matches(text, times) == sizeof "2026-11-23T20:36:27Z" - 1;
}

/* ---- Members --------------------------------------------------------------- */

/* Whether text is one of those that follow the name. */
static bool is_choice(const char *names, const char *text)
{
    const char *rest;

    do {
        while (*names++ != '\0') {
        }
        if (*names == '\0') {
            return false;
        }
        rest = twilio_after(text, names);
    } while (rest == NULL || *rest != '\0');
    return true;
}

static bool fits(const struct form_rule *rule, const char *text)
{
    return rule->kind == FORM_TEXT ? true
         : rule->kind <= FORM_URLS ? twilio_is_url(text)
         : rule->kind == FORM_SID ? twilio_is_sid(text, rule->limit)
         : rule->kind == FORM_DATE ? twilio_is_date(text)
         : is_choice(rule->name, text);
}

/* Write a text, or each of a list. Returns what is to be within the limit: the text's characters, or how many
 * texts there are. */
static uint32_t put_texts(struct twilio_sink *sink, const struct form_rule *rule, const char *const *texts)
{
    static const int8_t mistakes[] = {
        [FORM_URL] = TWILIO_ERR_URL, [FORM_URLS] = TWILIO_ERR_URL, [FORM_SID] = TWILIO_ERR_SID,
        [FORM_DATE] = TWILIO_ERR_RANGE, [FORM_CHOICE] = TWILIO_ERR_RANGE, [FORM_CHOICES] = TWILIO_ERR_RANGE
    };
    uint32_t count = 0;

    while (texts != NULL && texts[count] != NULL) {
        if (!fits(rule, texts[count])) {
            sink->mistake = mistakes[rule->kind];
        }
        twilio_write_param(sink, rule->name, texts[count++]);
        if (rule->kind != FORM_URLS && rule->kind != FORM_CHOICES) {
            return rule->kind == FORM_TEXT ? sink->characters : 0;
        }
    }
    return count;
}

static uint32_t put_number(struct twilio_sink *sink, const struct form_rule *rule, uint32_t number)
{
    if (number != 0) {
        twilio_write_name(sink, rule->name);
        twilio_write_number(sink, number);
    }
    return number;
}

static uint32_t put_member(struct twilio_sink *sink, const struct form_rule *rule, const void *member)
{
    if (rule->kind == FORM_FLAG) {
        twilio_write_param(sink, rule->name, *(const bool *)member ? "true" : NULL);
        return 0;
    }
    if (rule->kind == FORM_NUMBER) {
        return put_number(sink, rule, *(const uint32_t *)member);
    }
    if (rule->kind == FORM_URLS || rule->kind == FORM_CHOICES) {
        member = *(const void *const *)member;
    }
    return put_texts(sink, rule, member);
}

int twilio_form(struct twilio_sink *sink, const struct form_rule *rules, const void *source)
{
    const struct form_rule *rule;

    for (rule = rules; rule->name != NULL; rule++) {
        uint32_t length = put_member(sink, rule, (const char *)source + rule->offset);
        if (rule->limit != 0 && length > rule->limit) {
            sink->mistake = rule->kind == FORM_NUMBER ? TWILIO_ERR_RANGE : TWILIO_ERR_LENGTH;
        }
    }
    return sink->mistake;
}

void twilio_form_request(struct twilio_request *request, enum twilio_method method, const char *resource,
                         int (*write)(struct twilio_sink *sink, const void *source), const void *source)
{
    request->method = method;
    request->anonymous = false;
    request->product = NULL;
    request->resource = resource;
    request->item = NULL;
    request->params = NULL;
    request->more.write = write;
    request->more.source = source;
}

void twilio_form_item(struct twilio_request *request, enum twilio_method method, const char *resource,
                      int (*write)(struct twilio_sink *sink, const void *source), const char *item)
{
    item = item != NULL && *item != '\0' ? item : "-";
    twilio_form_request(request, method, resource, write, item);
    request->item = item;
}
