/*
 * form.h - the members of a struct as parameters: a table says which they are, and what they may be
 *
 * What the typed helpers have in common. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_FORM_H
#define TWILIO_FORM_H

#include "octets.h"
#include "twilio.h"

enum form_kind {
    FORM_TEXT,    /* const char *: any text, of at most limit characters (0: any number), else ERR_LENGTH */
    FORM_URL,     /* const char *: as twilio_is_url has it, else ERR_URL */
    FORM_URLS,    /* const char *const *, up to a NULL: each a FORM_URL under this name; more than limit
                     (0: any number): ERR_LENGTH */
    FORM_SID,     /* const char *: FORM_SID_OF's two letters and 32 hexadecimal digits, else ERR_SID */
    FORM_DATE,    /* const char *: "2026-11-23" or "2026-11-23T20:36:27Z", else ERR_RANGE */
    FORM_CHOICE,  /* const char *: one of those that follow the name: "Method\0GET\0POST\0", else ERR_RANGE */
    FORM_CHOICES, /* const char *const *, up to a NULL: each a FORM_CHOICE */
    FORM_NUMBER,  /* uint32_t: 1 to limit, else ERR_RANGE; limit 0: any */
    FORM_FLAG     /* bool: "true"; false: not given */
};

/* Members that are NULL, 0 or false are not given, and not written. */
struct form_rule {
    const char *name;  /* of the parameter; NULL ends the table */
    uint8_t  offset;   /* of the member in its struct */
    uint8_t  kind;     /* enum form_kind */
    uint16_t limit;    /* see there */
};

#define FORM_SID_OF(a, b) ((uint8_t)(a) << 8 | (uint8_t)(b))
#define FORM_RULE(type, member, kind, name, limit) { (name), offsetof(type, member), (kind), (limit) }
#define FORM_NAME(name) ((const char[]){ name })  /* in a table at file scope: linked only if that is */
#define FORM_END { NULL, 0, 0, 0 }

/* Write the members of source that are given, in the table's order. 0, or the mistake; of several, one. */
int twilio_form(struct twilio_sink *sink, const struct form_rule *rules, const void *source);

/* Make request one for that, leaving account and headers. write NULL: no parameters. */
void twilio_form_request(struct twilio_request *request, enum twilio_method method, const char *resource,
                         int (*write)(struct twilio_sink *sink, const void *source), const void *source);

/* The same, of one thing: item stands for the {} in resource, and is what write looks at. One that is
 * NULL or "" becomes "-", for write to refuse. */
void twilio_form_item(struct twilio_request *request, enum twilio_method method, const char *resource,
                      int (*write)(struct twilio_sink *sink, const void *source), const char *item);

#define TWILIO_PAGE_SIZE_MAX 1000

/* What a text is. NULL: no; dates and times are not to be NULL. */
bool twilio_is_e164(const char *text);                   /* "+", then 2 to 15 digits, the first not 0 */
bool twilio_is_address(const char *text);                /* that; "whatsapp:" and that; or another channel's
                                                            "name:rest": a-z, visible ASCII characters */
bool twilio_is_sid(const char *text, uint32_t letters);  /* FORM_SID_OF('C', 'A'), 32 hexadecimal digits */
bool twilio_is_date(const char *text);                   /* "2026-11-23", month to 12, day to 31; or a time */
bool twilio_is_time(const char *text);                   /* "2026-11-23T20:36:27Z", to 23:59:59 */

/* How long text is, if this grammar (grammar.h), from state 0 on, has all of it, its NUL too; else 0. */
struct rule;
unsigned twilio_matches(const char *text, const struct rule *grammar);

/* How long text is, if it is made of these characters alone; else, or if it is empty, 0. */
unsigned twilio_made_of(const char *text, const octet_set set);
extern const octet_set twilio_digits;

/* How text begins: the rest of it, after prefix; or NULL. */
const char *twilio_after(const char *text, const char *prefix);

#endif
