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
    FORM_URL,     /* const char *: http://, https://, else ERR_URL */
    FORM_URLS,    /* const char *const *, up to a NULL: each a FORM_URL under this name; more than limit
                     (0: any number): ERR_LENGTH */
    FORM_SID,     /* const char *: FORM_SID_OF's two letters and 32 hexadecimal digits, else ERR_SID */
    FORM_DATE,    /* const char *: "2026-11-23", else ERR_RANGE */
    FORM_CHOICE,  /* const char *: one of those that follow the name: "Method\0GET\0POST\0", else ERR_RANGE */
    FORM_CHOICES, /* const char *const *, up to a NULL: each a FORM_CHOICE */
    FORM_NUMBER,  /* uint32_t: 1 to limit, else ERR_RANGE; limit 0: any */
    FORM_FLAG     /* bool: "true"; false: not given */
};

/* Members that are NULL, 0 or false are not given, and not written. */
struct form_rule {
    const char *name;     /* of the parameter; NULL ends the table */
    uint32_t offset : 8;  /* of the member in its struct */
    uint32_t kind : 4;    /* enum form_kind */
    uint32_t limit : 20;  /* see there */
};

#define FORM_SID_OF(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))
#define FORM_RULE(type, member, kind, name, limit) { (name), offsetof(type, member), (kind), (limit) }
#define FORM_END { NULL, 0, 0, 0 }

/* Write the members of source that are given, in the table's order. 0, or the mistake; of several, one. */
int twilio_form(struct twilio_sink *sink, const struct form_rule *rules, const void *source);

/* Make request one for that, leaving account and headers. write NULL: no parameters. */
void twilio_form_request(struct twilio_request *request, enum twilio_method method, const char *resource,
                         int (*write)(struct twilio_sink *sink, const void *source), const void *source);

/* The same, of one thing: item stands for the {} in resource, and is what write looks at. One that is NULL or ""
 * becomes "-", for write to refuse. */
void twilio_form_item(struct twilio_request *request, enum twilio_method method, const char *resource,
                      int (*write)(struct twilio_sink *sink, const void *source), const char *item);

/* Of a text; NULL: no. */
bool twilio_is_e164(const char *text);                   /* "+", then 2 to 15 digits, the first not 0 */
bool twilio_is_address(const char *text);                /* such a number, "whatsapp:" and such a number, or another
                                                            channel's "name:rest" with a name of a-z */
bool twilio_is_sid(const char *text, uint32_t letters);  /* FORM_SID_OF('C', 'A'), then 32 hexadecimal digits */
bool twilio_is_date(const char *text);                   /* "2026-11-23": a month up to 12, a day up to 31 */
bool twilio_is_time(const char *text);                   /* "2026-11-23T20:36:27Z": an hour up to 23, ... */

/* How long text is, if it is made of these characters alone; else, or if it is empty, 0. */
unsigned twilio_made_of(const char *text, const octet_set set);
extern const octet_set twilio_digits;

/* How text begins: the rest of it, after prefix; or NULL. */
const char *twilio_after(const char *text, const char *prefix);

#endif
