/*
 * prove_octets.c - small questions, about any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ bounds texts of up to 65,535 octets; any octet, set and number
//@ loop octets.c: while (*a != '\0' && to_lower((uint8_t)*a) == to_lower((uint8_t)*b)) {
//@     invariant WITHIN(a) && WITHIN(b)
//@     decreases LEFT(a)
//@     changes a = ANY_PLACE(a)
//@     changes b = ANY_PLACE(b)
//@ loop octets.c: do {
//@     invariant WITHIN(text)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes value
//@ meant octets.c: unsigned at = octet - 32U;
//@ meant octets.c: value = value * 10 + (uint8_t)*text - '0';
//@ fault octets.c: return at < 96U && (set[at >> 5] >> (at & 31U) & 1U) != 0; => return at <= 96U && (set[at >> 5] >> (at & 31U) & 1U) != 0;
//@ fault octets.c: while (*a != '\0' && to_lower((uint8_t)*a) == to_lower((uint8_t)*b)) { => while (to_lower((uint8_t)*a) == to_lower((uint8_t)*b)) {
//@ fault octets.c: if (!is_digit((uint8_t)*text) || value > (UINT32_MAX - 9) / 10) { => if (value > (UINT32_MAX - 9) / 10) {
#include "octets.h"

#include "proof.h"

void prove(void)
{
    octet_set set;
    uint8_t octet = nondet_uint8_t();
    uint32_t number;

    twilio_in_set(set, octet);
    twilio_equal(any_text(), any_text());
    twilio_decimal(any_text(), &number);
    claim(hex_value(octet) < 16, "a digit's value is one");
}
