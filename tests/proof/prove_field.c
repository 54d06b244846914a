/*
 * prove_field.c - a field of any size, in the middle of any value
 *
 * SPDX-License-Identifier: MIT
 */
//@ source field.c
//@ bounds a field of any size, 65,535 octets at most; tables of up to 3 fields
//@ unwind 4
//@ loop field.c: do {
//@     invariant end > 1 && end <= field->size
//@     decreases end
//@     changes end
//@ fault field.c: if (field->length + 1 < field->size) { => if (field->length + 1 <= field->size) {
//@ fault field.c: if (end <= 1 || field->length < end) { => if (field->length < end) {
//@ fault field.c: if (field->length < UINT16_MAX) { => {
//@ fault field.c: } while (end > 1 && ((uint8_t)field->text[end - 1] & 0xC0) == 0x80); => } while (((uint8_t)field->text[end - 1] & 0xC0) == 0x80);
#include "field.h"

#include "proof.h"
#include "any_field.h"

void prove(void)
{
    struct twilio_field *table = any_fields();
    uint16_t length;

    if (nondet_bool()) {
        the_fields[0].size = nondet_uint16_t();
        twilio_fields_begin(table);
    } else {
        length = the_fields[0].length;
        twilio_field_append(the_fields, nondet_uint8_t());
        claim(the_fields[0].length == (length == UINT16_MAX ? length : length + 1), "all octets are counted");
        twilio_field_finish(the_fields);
        claim(fields_are_good(), "place and size stay");
        twilio_field_start(the_fields, 's');
        claim(fields_are_good() && the_fields[0].length == 0, "a value begins without octets");
    }
}
