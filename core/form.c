/*
 * form.c - what the typed helpers have in common: members as parameters, and questions about texts
 *
 * SPDX-License-Identifier: MIT
 */
#include "form.h"

#include "grammar.h"
#include "sink.h"

/* ---- Members --------------------------------------------------------------- */

void twilio_form(struct twilio_sink *sink, const char *names, const void *members)
{
    const char *const *member = members;

    for (; *names != '\0'; member++) {
        twilio_write_param(sink, names, *member);
        while (*names++ != '\0') {
        }
    }
}

int twilio_form_number(struct twilio_sink *sink, const char *name, uint32_t number, uint32_t limit)
{
    if (number != 0) {
        twilio_write_name(sink, name);
        twilio_write_number(sink, number);
    }
    return number <= limit ? 0 : TWILIO_ERR_RANGE;
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

    while (twilio_in_set(set, (uint8_t)text[length])) {
        length++;
    }
    return text[length] == '\0' ? length : 0;
}

bool twilio_is_e164(const char *text)
{
    return text != NULL && text[0] == '+' && text[1] != '0'
        && twilio_made_of(text + 1, twilio_digits) - 2 < 14;
}

/* Of all channels only WhatsApp begins with w and has eight letters; its addresses are numbers. */
bool twilio_is_address(const char *text)
{
    const char *at = text;

    if (text == NULL) {
        return false;
    }
    while (*at >= 'a' && *at <= 'z') {
        at++;
    }
    if (at == text || *at != ':') {
        return twilio_is_e164(text);
    }
    return *text == 'w' && at - text == sizeof "whatsapp" - 1 ? twilio_is_e164(at + 1)
                                                              : (uint8_t)at[1] > ' ';
}

bool twilio_is_sid(const char *text, unsigned letters)
{
    static const octet_set hexadecimal = { 0x03FF0000U, 0x0000007EU, 0x0000007EU };

    return text != NULL && (uint8_t)text[0] == letters >> 8 && (uint8_t)text[1] == (letters & 0xFF)
        && twilio_made_of(text + 2, hexadecimal) == 32;
}

bool twilio_is_one_of(const char *text, const char *choices)
{
    while (*choices != '\0') {
        const char *rest = twilio_after(text, choices);
        if (rest != NULL && *rest == '\0') {
            return true;
        }
        while (*choices++ != '\0') {
        }
    }
    return false;
}

/* ---- Dates ----------------------------------------------------------------- */

/* States, and how many rules each has. */
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
    RULES    = TIME + 1
};

static const struct rule rules[] = {
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

_Static_assert(sizeof rules == RULES * sizeof rules[0], "a state has other rules than its enumerator says");

static bool is_date(const char *text)
{
    uint8_t state = YEAR;

    do {
        if (twilio_advance(rules, &state, (uint8_t)*text) < 0) {
            return false;
        }
    } while (*text++ != '\0');
    return true;
}

bool twilio_are_dates(const char *const *texts, unsigned count)
{
    for (; count != 0; count--, texts++) {
        if (*texts != NULL && !is_date(*texts)) {
            return false;
        }
    }
    return true;
}
