/*
 * prove_number.c - a number in decimal: any number, of which every_number.c has tried each tenth
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ bounds any number and state; `tenth_of`: each of all numbers tried by every_number.c
//@ unwind 12
//@ replace tenth_of any_tenth twilio_write any_digits
//@ loop sink.c: do {
//@     invariant AT(at) >= 1 && AT(at) <= 10 && number <= most_of[AT(at)] && are_digits(at)
//@     decreases AT(at)
//@     changes __CPROVER_havoc_object(digits)
//@     changes at = digits + any_up_to(10)
//@     changes number
//@     changes left_over
//@ fault sink.c: char digits[11], *at = digits + sizeof digits - 1; => char digits[10], *at = digits + sizeof digits - 1;
//@ fault sink.c: } while (number != 0); => } while (number > 9);
//@ fault sink.c: *--at = (char)('0' + (number - tenth * 10)); => *--at = (char)('0' + tenth);
//@ fault sink.c: *at = '\0'; => *at = '0';
#include "any_sink.h"

/* The most that so many digits can tell, of 32 bits. */
static const uint32_t most_of[] = { 0, 9, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, UINT32_MAX };

/* From there to the end. */
static bool are_digits(const char *at)
{
    for (; AT(at) < 10; at++) {
        if (*at < '0' || *at > '9') {
            return false;
        }
    }
    return *at == '\0';
}

uint32_t left_over;  /* still to be written */

uint32_t any_tenth(uint32_t number)
{
    uint32_t tenth = nondet_uint32_t();

    assume(tenth <= UINT32_MAX / 10 && tenth * 10 <= number && number - tenth * 10 < 10);
    left_over = tenth;
    return tenth;
}

void any_digits(struct twilio_sink *sink, const char *text)
{
    claim(AT(text) < 10 && are_digits(text), "1 to 10 digits are written");
    claim(left_over == 0, "the whole number is");
    any_more(sink, 10 - AT(text), 10 - AT(text));
}

#include "sink.c"

void prove(void)
{
    twilio_write_number(new_sink(), nondet_uint32_t());
}
