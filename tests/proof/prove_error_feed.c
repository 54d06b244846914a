/*
 * prove_error_feed.c - the reader of errors: pieces of any size, and the texts that it tells
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state; pieces of up to 65,535 octets; texts of any length that they have room for
//@ unwind 3
//@ replace take any_take
//@ loop error.c: for (; size-- != 0; data++) {
//@     invariant SAME(data, proof_texts) && size <= TEXT_MAX && AT(data) == TEXT_MAX + 1 - size
//@     decreases size
//@     changes size
//@     changes data = proof_texts + any_up_to(TEXT_MAX + 1)
//@     changes any_octets()
//@ loop error.c: for (; *at != '\0'; at++) {
//@     invariant WITHIN(at) && the_text[sizeof the_text - 1] == '\0'
//@     decreases LEFT(at)
//@     changes at = ANY_PLACE(at)
//@     changes any_octets()
//@ meant error.c: for (; size-- != 0; data++) {
//@ fault error.c: for (; size-- != 0; data++) { => for (; size-- + 1 != 0; data++) {
//@ fault error.c: for (; *at != '\0'; at++) { => for (; ; at++) {
//@ fault error.c: *at = ' '; => at[1] = ' ';
//@ fault error.c: take(error, data); => take(error, data + 1);
#include "proof.h"
#include "twilio_error.h"

struct twilio_error the_error;
char the_text[TWILIO_ERROR_TEXT_SIZE];

static void any_octets(void)
{
    __CPROVER_havoc_object(the_text);
}

#include "error.c"

/* Proved in prove_error.c and prove_xml.c. */
void any_take(struct twilio_error *error, const char *octet)
{
    claim(error == &the_error && __CPROVER_r_ok(octet, 1), "an octet is there");
}

void prove(void)
{
    size_t size = any_up_to(TEXT_MAX);

    claim(twilio_error_feed(&the_error, proof_texts + TEXT_MAX + 1 - size, size), "it never fails");
    any_octets();
    assume(the_text[sizeof the_text - 1] == '\0');
    make_line(the_text + any_up_to(sizeof the_text - 1));
    claim(the_text[sizeof the_text - 1] == '\0', "a line ends");
}
