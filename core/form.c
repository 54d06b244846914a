/*
 * form.c - the members of a struct as parameters, each checked and written as its rule says
 *
 * SPDX-License-Identifier: MIT
 */
#include "form.h"

#include "octets.h"
#include "sink.h"
#include "url.h"

const octet_set twilio_digits = { 0x03FF0000U, 0, 0 };

/* ---- Questions about texts ------------------------------------------------- */

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
    const char *at;

    for (at = text; in_set(set, (uint8_t)*at); at++) {
    }
    return *at == '\0' ? (unsigned)(at - text) : 0;
}

bool twilio_is_e164(const char *text)
{
    return text != NULL && text[0] == '+' && text[1] != '0' && twilio_made_of(text + 1, twilio_digits) - 2 < 14;
}

bool twilio_is_address(const char *text)
{
    static const octet_set lower_case = { 0, 0, 0x07FFFFFEU };
    const char *at = text;

    if (text == NULL) {
        return false;
    }
    while (in_set(lower_case, (uint8_t)*at)) {
        at++;
    }
    if (at == text || *at != ':') {
        return twilio_is_e164(text);
    }
    return twilio_after(text, "whatsapp:") != NULL ? twilio_is_e164(at + 1) : at[1] != '\0';
}

bool twilio_is_sid(const char *text, uint32_t letters)
{
    static const octet_set hexadecimal = { 0x03FF0000U, 0x0000007EU, 0x0000007EU };

    return text != NULL && (uint8_t)text[0] == letters >> 8 && (uint8_t)text[1] == (letters & 0xFF)
        && twilio_made_of(text + 2, hexadecimal) == 32;
}

/* The parts of a date and time, of two digits each: what stands before each, the least and the most it can be. */
static const struct part {
    char before;
    uint8_t least, most;
} parts[] = {
    { 0, 0, 99 }, { 0, 0, 99 }, { '-', 1, 12 }, { '-', 1, 31 }, { 'T', 0, 23 }, { ':', 0, 59 }, { ':', 0, 59 }
};

/* What follows that many of them; NULL: they are not there. */
static const char *after_parts(const char *text, unsigned count)
{
    const struct part *part;

    for (part = parts; text != NULL && part < parts + count; part++) {
        unsigned value;
        if (part->before != 0 && *text++ != part->before) {
            return NULL;
        }
        if (!is_digit((uint8_t)text[0]) || !is_digit((uint8_t)text[1])) {
            return NULL;
        }
        value = (uint8_t)text[0] * 10U + (uint8_t)text[1] - '0' * 11U;
        if (value < part->least || value > part->most) {
            return NULL;
        }
        text += 2;
    }
    return text;
}

bool twilio_is_date(const char *text)
{
    const char *rest = after_parts(text, 4);

    return rest != NULL && *rest == '\0';
}

bool twilio_is_time(const char *text)
{
    const char *rest = after_parts(text, 7);

    return rest != NULL && rest[0] == 'Z' && rest[1] == '\0';
}

/* ---- Members --------------------------------------------------------------- */

static bool is_over(const struct form_rule *rule, uint32_t count)
{
    return rule->limit != 0 && count > rule->limit;
}

/* Whether text is one of those that follow the name. */
static bool is_choice(const char *names, const char *text)
{
    do {
        const char *rest;
        while (*names++ != '\0') {
        }
        rest = twilio_after(text, names);
        if (*names != '\0' && rest != NULL && *rest == '\0') {
            return true;
        }
    } while (*names != '\0');
    return false;
}

static int check_text(const struct form_rule *rule, const char *text)
{
    switch (rule->kind) {
    case FORM_URL:
    case FORM_URLS:
        return twilio_is_url(text) ? 0 : TWILIO_ERR_URL;
    case FORM_SID:
        return twilio_is_sid(text, rule->limit) ? 0 : TWILIO_ERR_SID;
    case FORM_DATE:
        return twilio_is_date(text) ? 0 : TWILIO_ERR_RANGE;
    case FORM_CHOICE:
    case FORM_CHOICES:
        return is_choice(rule->name, text) ? 0 : TWILIO_ERR_RANGE;
    default:
        return 0;
    }
}

static int put_text(struct twilio_sink *sink, const struct form_rule *rule, const char *text)
{
    int e = check_text(rule, text);

    twilio_write_name(sink, rule->name);
    twilio_write(sink, text);
    return e == 0 && rule->kind == FORM_TEXT && is_over(rule, sink->characters) ? TWILIO_ERR_LENGTH : e;
}

static int put_texts(struct twilio_sink *sink, const struct form_rule *rule, const char *const *texts)
{
    uint32_t count;
    int e = 0;

    for (count = 0; texts != NULL && texts[count] != NULL && e == 0; count++) {
        e = put_text(sink, rule, texts[count]);
    }
    return e == 0 && is_over(rule, count) ? TWILIO_ERR_LENGTH : e;
}

static int put_number(struct twilio_sink *sink, const struct form_rule *rule, uint32_t number)
{
    if (number != 0) {
        twilio_write_name(sink, rule->name);
        twilio_write_number(sink, number);
    }
    return is_over(rule, number) ? TWILIO_ERR_RANGE : 0;
}

static int put_member(struct twilio_sink *sink, const struct form_rule *rule, const void *member)
{
    const char *text;

    switch (rule->kind) {
    case FORM_NUMBER:
        return put_number(sink, rule, *(const uint32_t *)member);
    case FORM_URLS:
    case FORM_CHOICES:
        return put_texts(sink, rule, *(const char *const *const *)member);
    case FORM_FLAG:
        text = *(const bool *)member ? "true" : NULL;
        break;
    default:
        text = *(const char *const *)member;
    }
    return text != NULL ? put_text(sink, rule, text) : 0;
}

int twilio_form(struct twilio_sink *sink, const struct form_rule *rules, const void *source)
{
    int e = 0;

    for (; rules->name != NULL && e == 0; rules++) {
        e = put_member(sink, rules, (const char *)source + rules->offset);
    }
    return e;
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
