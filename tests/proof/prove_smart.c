/*
 * prove_smart.c - typographic characters replaced, in place
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds texts of up to 65,535 octets
//@ unwind 5
//@ replace read_character any_character replacement any_replacement can_be_gsm any_can_be
//@ loop segments.c: in twilio_segments_smart: while (*from != '\0') {
//@     invariant SAME(from, the_text) && AT(from) <= TEXT_MAX && begins[AT(from)] && the_text[TEXT_MAX] == '\0'
//@     invariant SAME(to, the_text) && AT(to) >= start && AT(to) <= AT(from) && (replace || to == from)
//@     invariant the_text[mark] == marked_octet || (replace && IS_WRITTEN(to))
//@     invariant !IS_WRITTEN(to) || the_text[mark] != '\0'
//@     decreases LEFT(from)
//@     changes from = the_text + any_up_to(TEXT_MAX)
//@     changes to = the_text + any_up_to(TEXT_MAX)
//@     changes any_reading()
//@     changes __CPROVER_havoc_object(the_text)
//@ fault segments.c: unsigned as = replace ? replacement(c) : 0; => unsigned as = replacement(c);
//@ fault segments.c: while (as == 0 && from < next) { => while (from < next) {
//@ fault segments.c: from = next; => from++;
//@ fault segments.c: for (unsigned times = as >> 8 & 3; times != 0; times--) { => for (unsigned times = as >> 7 & 7; times != 0; times--) {
//@ fault segments.c: *to = '\0'; => to[1] = '\0';
#include "any_characters.h"

extern char the_text[TEXT_MAX + 1];  /* at its end, one that may be changed */
char marked_octet;                   /* what was at the mark */
size_t start;                        /* of the text */
bool can;                            /* be made GSM-7 */

#define IS_WRITTEN(to)  (mark >= start && mark < AT(to))

#include "segments.c"

/* Proved in prove_walk.c. */
bool any_can_be(const char *text)
{
    claim(IS_TEXT(text) && begins[AT(text)], "a text is gone along from its start");
    can = nondet_bool();
    return can;
}

void prove(void)
{
    size_t size;

    any_characters();
    start = any_up_to(TEXT_MAX);
    marked_octet = the_text[mark];
    assume(begins[start] && the_text[TEXT_MAX] == '\0');
    size = twilio_segments_smart(the_text + start);
    claim(size <= TEXT_MAX - start, "it never grows");
    claim(the_text[start + size] == '\0' && (mark < start || mark >= start + size || the_text[mark] != '\0'),
          "told is its length");
    claim((can && mark >= start && mark <= start + size) || the_text[mark] == marked_octet,
          "all else stays; all of it, if it cannot be made GSM-7");
}
