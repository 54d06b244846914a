/*
 * any_form.h - what the proofs of form.c and url.c show, for the helpers that call it
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_FORM_H
#define TWILIO_ANY_FORM_H

#include "any_request.h"
#include "form.h"

/* A question about a text, or none. */
bool any_question(const char *text)
{
    claim(text == NULL || IS_TEXT(text), "what is asked about is a text, or none");
    return nondet_bool();
}

/* The same; but it holds of no text that is NULL. */
bool any_yes_of_a_text(const char *text)
{
    return any_question(text) && text != NULL;
}

bool any_sid(const char *text, unsigned letters)
{
    claim(letters > 0xFF && letters <= 0xFFFF && (letters & 0xFF) != 0, "a kind of SID is two letters");
    return any_yes_of_a_text(text);
}

bool any_one_of(const char *text, const char *choices)
{
    claim(IS_TEXT(text) && IS_TEXT(choices) && choices[LEFT(choices) - 1] == '\0', "a text, and a list with its end");
    return nondet_bool();
}

unsigned any_made_of(const char *text, const octet_set set)
{
    unsigned length = nondet_unsigned();

    claim(IS_TEXT(text) && __CPROVER_r_ok(set, sizeof(octet_set)), "a text, and a set");
    assume(length <= LEFT(text));
    return length;
}

bool any_dates(const char *const *texts, unsigned count)
{
    claim(count == 3 && __CPROVER_r_ok(texts, 3 * sizeof *texts), "three texts");
    return any_question(texts[0]) && any_question(texts[1]) && any_question(texts[2]);
}

/* As many members as names; so many at most. */
#define NAMES_MAX 8

void any_form(struct twilio_sink *sink, const char *names, const void *members)
{
    const char *const *member = members;

    claim(IS_TEXT(names) && names[LEFT(names) - 1] == '\0', "a list of names, with its end");
    for (unsigned i = 0; *names != '\0'; i++, names++) {
        claim(i < NAMES_MAX && __CPROVER_r_ok(member + i, sizeof *member), "a member for each name");
        claim(member[i] == NULL || IS_TEXT(member[i]), "a member is a text, or none");
        while (*names != '\0') {
            names++;
        }
    }
    any_octets(sink);
    sink->encoding = true;
}

int any_form_number(struct twilio_sink *sink, const char *name, uint32_t number, uint32_t limit)
{
    any_name(sink, name);
    return number <= limit ? 0 : TWILIO_ERR_RANGE;
}

/* What each harness of a helper begins and ends with. */
static inline struct twilio_sink *begin_writing(void)
{
    struct twilio_sink *sink = new_sink();

    position = sink->position;
    return sink;
}

/* A request that a helper has made is one that the encoder takes, and its generator writes and finds mistakes. */
static inline void claim_request(const struct twilio_request *request, enum twilio_method method)
{
    int e;

    claim(request->method == method && IS_TEXT(request->resource), "a method and a resource");
    claim(request->item == NULL || (IS_TEXT(request->item) && *request->item != '\0'), "an item is a text");
    claim(request->product == NULL || IS_TEXT(request->product), "a product is a text");
    claim(request->params == NULL, "parameters are the caller's");
    if (request->more.write != NULL) {
        e = request->more.write(begin_writing(), request->more.source);
        claim(e <= 0, "done, or the mistake");
        claim(WRITTEN, "the window stays, and what is written comes behind");
    }
}

#endif
