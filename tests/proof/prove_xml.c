/*
 * prove_xml.c - the reader of errors, one octet of XML: in any state that it can be in
 *
 * SPDX-License-Identifier: MIT
 */
//@ source grammar.c
//@ bounds any state; one octet, hence XML of any length
//@ texts 1023
//@ unwind 9
//@ unwind xml_octet.0 3
//@ unwind put_character.0 4
//@ unwind act.0 3
//@ meant error.c: if (c - 1 >= 0x10FFFF || c >> 11 == 0xD800 >> 11) {
//@ meant error.c: while (tails-- != 0) {
//@ meant error.c: if (++x->depth != 2) {
//@ fault error.c: if (x->size < sizeof x->name - 1) { => if (x->size < sizeof x->name) {
//@ fault error.c: x->name[x->size] = '\0'; => x->name[x->size - 1] = '\0';
//@ fault error.c: if (x->number <= 0x10FFFF) { => if (x->number != UINT32_MAX) {
//@ fault error.c: if (x->depth != 0 && --x->depth == 1 && x->live != NULL) { => if (--x->depth == 1) {
//@ fault error.c: x->live = field; => x->live = field + 1;
//@ fault error.c: tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; => tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 4;
//@ fault error.c: put(x, (uint8_t)"&<>\"'"[action - AMPERSAND]); => put(x, (uint8_t)"&<>\"'"[action - TEXT]);
#include "any_error.h"

#define XML the_error.reader.of.xml

#define XML_IS_GOOD \
    (XML.fields == the_error.reader.fields && IS_ERROR_FIELD(XML.live) && XML.state < RULES \
     && XML.size < sizeof XML.name && XML.name[XML.size] == '\0')

#include "error.c"

/* Proved in prove_octets.c: of any two texts. */
#define IS_TEXT(text) (!SAME(text, &the_error) || AT(text) <= AT(XML.name + XML.size))

bool twilio_equal(const char *a, const char *b)
{
    claim(IS_TEXT(a) && IS_TEXT(b), "the name ends");
    return nondet_bool();
}

void prove(void)
{
    struct twilio_error_xml any;

    any_error_fields();
    any.fields = the_error.reader.fields;
    any.live = any_error_field();
    any.space = nondet_bool();
    XML = any;
    assume(FIELDS_ARE_GOOD && XML_IS_GOOD);
    xml_octet(&XML, nondet_uint8_t());
    claim(FIELDS_ARE_GOOD, "fields and their memory stay");
    claim(XML_IS_GOOD, "the state stays good");
}
