/*
 * prove_elements.c - the walk over TwiML's elements: any table, deep or in circles
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 255
//@ bounds tables of up to 3 elements, any of which may hold any table, itself too; any depth
//@ unwind 6
//@ replace put_name any_element_name put_attributes any_attributes put_text any_element_text
//@ replace twilio_write_octet any_write_octet
//@ loop twiml.c: do {
//@     invariant depth <= 5 && WRITTEN && IS_NEXT(element) && (depth == 0) == (element == &response)
//@     invariant (depth < 1 || open[0] == &response) && IS_OPEN(1) && IS_OPEN(2) && IS_OPEN(3) && IS_OPEN(4)
//@     decreases REST(0) + REST(1) + REST(2) + REST(3) + REST(4) + (STEPS(element) << 4 * (5 - depth))
//@     changes element = nondet_bool() ? NULL : nondet_bool() ? &response : the_elements + any_up_to(ELEMENTS)
//@     changes depth
//@     changes any_open(open, &response)
//@     changes any_sink()
//@ fault twiml.c: if (depth > TWILIO_TWIML_DEPTH) { => if (depth > TWILIO_TWIML_DEPTH + 1) {
//@ fault twiml.c: element++; => element += 2;
//@ fault twiml.c: element = open[--depth]; => element = open[depth--];
//@ fault twiml.c: if (element == NULL || element->name == NULL) { => if (element == NULL) {
#include "any_form.h"
#include "twilio_twiml.h"

#define ELEMENTS 3

struct twilio_twiml the_elements[ELEMENTS + 1];

#define INDEX(of)     (AT(of) / sizeof the_elements[0])
#define IS_IN(of)     (SAME(of, the_elements) && AT(of) % sizeof the_elements[0] == 0)
#define IS_NEXT(of)   ((of) == NULL || (of) == &response || (IS_IN(of) && INDEX(of) <= ELEMENTS))
#define IS_OPEN(i)    (depth <= (i) || (IS_IN(open[i]) && INDEX(open[i]) < ELEMENTS))

/* How near the end is: of what is open at each depth, how many steps are left there. */
#define STEPS(of)     ((of) == NULL ? 0 : (of) == &response ? 2 : 2 * (ELEMENTS + 1 - INDEX(of)))
#define REST(i)       (depth > (i) ? (STEPS(open[i]) - 1) << 4 * (5 - (i)) : 0)

/* Any elements are open. */
static void any_open(const struct twilio_twiml **open, const struct twilio_twiml *response)
{
    for (unsigned i = 0; i < 1 + TWILIO_TWIML_DEPTH; i++) {
        open[i] = i == 0 ? response : the_elements + any_up_to(ELEMENTS - 1);
    }
}

#include "twiml.c"

/* Proved in prove_twiml.c, as the next two. */
void any_element_name(struct twilio_sink *sink, uint8_t before, const char *name)
{
    (void)before;
    claim(IS_TEXT(name), "a name is a text");
    any_octets(sink);
}

void any_attributes(struct twilio_sink *sink, const struct twilio_param *first)
{
    claim(IS_PARAM(first), "a table of attributes, or none");
    any_octets(sink);
}

void any_element_text(struct twilio_sink *sink, uint8_t before, const char *text)
{
    (void)before;
    claim(text == NULL || IS_TEXT(text), "a text, or none");
    any_octets(sink);
}

void prove(void)
{
    struct twilio_sink *sink = begin_writing();
    int e;

    for (unsigned i = 0; i < ELEMENTS; i++) {
        the_elements[i].name = any_text();
        the_elements[i].text = any_text_or_null();
        the_elements[i].attributes = nondet_bool() ? NULL : any_table;
        the_elements[i].inside = nondet_bool() ? NULL : the_elements + any_up_to(ELEMENTS);
    }
    the_elements[ELEMENTS].name = NULL;
    e = twilio_write_twiml(sink, nondet_bool() ? NULL : the_elements + any_up_to(ELEMENTS));
    claim(e <= 0, "done, or the mistake");
    claim(WRITTEN, "the window stays, and what is written comes behind");
}
