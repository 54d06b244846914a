/*
 * form.h - what the typed helpers have in common: members as parameters, and questions about texts
 *
 * Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_FORM_H
#define TWILIO_FORM_H

#include "octets.h"
#include "twilio.h"

/* Write those of a struct's members that are not NULL, all const char *, as parameters of these names, in
 * order: "To\0From\0". The empty name that the literal's own NUL makes ends them. members: the first. */
void twilio_form(struct twilio_sink *sink, const char *names, const void *members);

/* Write a number, 1 to limit; 0: nothing. Returns 0, or ERR_RANGE. */
int twilio_form_number(struct twilio_sink *sink, const char *name, uint32_t number, uint32_t limit);

/* Make request one for that, leaving account and headers. write NULL: no parameters. */
void twilio_form_request(struct twilio_request *request, enum twilio_method method, const char *resource,
                         int (*write)(struct twilio_sink *sink, const void *source), const void *source);

/* The same, of one thing: item stands for the {} in resource, and is what write looks at. One that is
 * NULL or "" becomes "-", for write to refuse. */
void twilio_form_item(struct twilio_request *request, enum twilio_method method, const char *resource,
                      int (*write)(struct twilio_sink *sink, const void *source), const char *item);

#define TWILIO_PAGE_SIZE_MAX 1000

/* What a text is. NULL: no. */
bool twilio_is_e164(const char *text);                   /* "+", then 2 to 15 digits, the first not 0 */
bool twilio_is_address(const char *text);                /* that; "whatsapp:" and that; or another channel's
                                                            "name:rest", of a-z and no space */
bool twilio_is_sid(const char *text, unsigned letters);  /* SID_OF('C', 'A'), 32 hexadecimal digits */
#define SID_OF(a, b) ((unsigned)(uint8_t)(a) << 8 | (uint8_t)(b))

/* Whether so many texts, where they are not NULL, are dates, "2026-11-23", or times,
 * "2026-11-23T20:36:27Z". */
bool twilio_are_dates(const char *const *texts, unsigned count);

/* Whether text is one of these: "GET\0POST\0". */
bool twilio_is_one_of(const char *text, const char *choices);

/* How long text is, if it is made of these characters alone; else, or if it is empty, 0. */
unsigned twilio_made_of(const char *text, const octet_set set);
extern const octet_set twilio_digits;

/* How text begins: the rest of it, after prefix; or NULL. */
const char *twilio_after(const char *text, const char *prefix);

#endif
