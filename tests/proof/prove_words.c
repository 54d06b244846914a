/*
 * prove_words.c - the reader's word, and a value's octets, which go into a field of any size
 *
 * SPDX-License-Identifier: MIT
 */
//@ source field.c
//@ bounds any word, field and octet
//@ unwind 4
//@ loop field.c: do {
//@     invariant end > 1 && end <= field->size
//@     decreases end
//@     changes end
//@ fault response.c: if (r->word_size == TWILIO_NAME_MAX) { => if (r->word_size > TWILIO_NAME_MAX) {
//@ fault response.c: r->word[r->word_size] = '\0'; => r->word[0] = 'x';
#include "response.c"

#include "any_field.h"

void prove(void)
{
    struct twilio_response any, *r = &any;
    uint8_t before;

    any_fields();
    r->field = any_field();
    r->word_size = before = (uint8_t)any_up_to(TWILIO_NAME_MAX);
    if (nondet_bool()) {
        text_octet(r, nondet_uint8_t());
        claim(r->word_size <= TWILIO_NAME_MAX && r->word_size >= before, "a word grows, as far as there is room");
        claim(fields_are_good(), "the fields stay where they are");
        return;
    }
    claim(word(r) == r->word && r->word_size == 0 && r->word[before] == '\0', "a word ends");
}
