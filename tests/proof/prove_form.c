/*
 * prove_form.c - questions about texts, and members as parameters: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ texts 65535
//@ bounds texts of up to 65,535 octets; any set of octets; lists of choices, too; up to 8 members; any state
//@ unwind 10
//@ replace twilio_write_param any_member twilio_write_name any_name twilio_write_number any_number
//@ meant octets.c: unsigned at = octet - 32U;
//@ meant form.c: && twilio_made_of(text + 1, twilio_digits) - 2 < 14;
//@ loop form.c: in twilio_form: while (*names++ != '\0') {
//@     invariant AT(names) < END(names)
//@     decreases LEFT(names)
//@     changes names = ANY_PLACE(names)
//@ loop form.c: while (*prefix != '\0') {
//@     invariant WITHIN(text) && WITHIN(prefix)
//@     decreases LEFT(prefix)
//@     changes text = ANY_PLACE(text)
//@     changes prefix = ANY_PLACE(prefix)
//@ loop form.c: while (twilio_in_set(set, (uint8_t)text[length])) {
//@     invariant length <= LEFT(text)
//@     decreases LEFT(text) - length
//@     changes length
//@ loop form.c: while (*at >= 'a' && *at <= 'z') {
//@     invariant SAME(at, text) && WITHIN(at) && at >= text
//@     decreases LEFT(at)
//@     changes at = ANY_PLACE(text)
//@ loop form.c: while (*choices != '\0') {
//@     invariant WITHIN(choices)
//@     decreases LEFT(choices)
//@     changes choices = begun = ANY_PLACE(choices)
//@ loop form.c: in twilio_is_one_of: while (*choices++ != '\0') {
//@     invariant AT(choices) >= AT(begun) && AT(choices) < END(choices)
//@     decreases LEFT(choices)
//@     changes choices = ANY_PLACE(choices)
//@ fault form.c: if (*text++ != *prefix++) { => if (*prefix++ != *text++ && text[-1] != '\0') {
//@ fault form.c: return text != NULL && text[0] == '+' && text[1] != '0' => return text != NULL && text[1] != '0'
//@ fault form.c: while (*at >= 'a' && *at <= 'z') { => while (*at <= 'z') {
//@ fault form.c: while (twilio_in_set(set, (uint8_t)text[length])) { => while (length <= 65536 && text[length] != ' ') {
//@ fault form.c: for (; *names != '\0'; member++) { => for (; *names != '\0'; member += 2) {
#include "any_sink.h"

#define MEMBERS 8

const char *the_members[MEMBERS + 1];
unsigned members;   /* that have been written */
const char *begun;  /* where the choice that is looked at begins */

#include "form.c"

/* Proved in prove_write.c. */
void any_member(struct twilio_sink *sink, const char *name, const char *value)
{
    assume(members++ < MEMBERS);
    any_param(sink, name, value);
}

/* Any list, as "GET\0POST\0" is, with the literal's own NUL. */
static const char *any_list(void)
{
    const char *list = any_text();

    assume(AT(list) < TEXT_MAX && proof_texts[TEXT_MAX - 1] == '\0');
    return list;
}

static void ask(unsigned which)
{
    octet_set set;
    const char *text = any_text(), *rest;

    if (which == 0) {
        claim(twilio_made_of(text, set) <= LEFT(text), "a text's length is within it");
    } else if (which == 1) {
        rest = twilio_after(text, any_text());
        claim(rest == NULL || (SAME(rest, text) && WITHIN(rest)), "the rest is one of the text");
    } else if (which == 2) {
        twilio_is_e164(any_text_or_null());
    } else if (which == 3) {
        twilio_is_address(any_text_or_null());
    } else if (which == 4) {
        twilio_is_sid(any_text_or_null(), SID_OF('A' + any_up_to(25), 'A' + any_up_to(25)));
    } else {
        twilio_is_one_of(text, any_list());
    }
}

void prove(void)
{
    struct twilio_sink *sink = new_sink(), before = *sink;
    uint32_t number = nondet_uint32_t(), limit = nondet_uint32_t();

    position = sink->position;
    if (nondet_bool()) {
        ask((unsigned)any_up_to(5));
    } else if (nondet_bool()) {
        for (unsigned i = 0; i < MEMBERS; i++) {
            the_members[i] = any_text_or_null();
        }
        twilio_form(sink, any_list(), the_members);
    } else {
        claim(twilio_form_number(sink, any_text(), number, limit) == (number <= limit ? 0 : TWILIO_ERR_RANGE),
              "a number is within its limit");
    }
    claim(WRITTEN && sink->offset == before.offset && sink->size == before.size, "the window stays");
}
