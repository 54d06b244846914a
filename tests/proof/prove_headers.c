/*
 * prove_headers.c - further headers: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ texts 1023
//@ bounds texts of up to 1,023 octets; up to 3 headers; any state
//@ unwind 18
//@ replace twilio_write any_write twilio_sink_octet any_octet twilio_equal any_equal
//@ meant octets.c: unsigned at = octet - 32U;
//@ loop headers.c: for (; *text != '\0'; text++) {
//@     invariant WITHIN(text) && WRITTEN
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes any_sink()
//@ loop headers.c: for (at = name; twilio_in_set(twilio_unreserved, (uint8_t)*at); at++) {
//@     invariant SAME(at, name) && WITHIN(at) && at >= name
//@     decreases LEFT(at)
//@     changes at = ANY_PLACE(name)
//@ loop headers.c: for (line = headers->lines; line != NULL && line->name != NULL; line++) {
//@     invariant IS_PARAM(line) && WRITTEN
//@     decreases line == NULL ? 0 : LEFT(line)
//@     changes line = line == NULL ? NULL : any_table + any_up_to(PARAMS)
//@     changes any_sink()
//@ fault headers.c: if (!is_name(line->name) || line->value == NULL) { => if (!is_name(line->name)) {
//@ fault headers.c: for (at = name; twilio_in_set(twilio_unreserved, (uint8_t)*at); at++) { => for (at = name; *at != ' '; at++) {
//@ fault headers.c: for (line = headers->lines; line != NULL && line->name != NULL; line++) { => for (line = headers->lines; line != NULL; line++) {
//@ fault headers.c: while (*at++ != '\0') { => while (*at++ != 'E') {
#include "any_sink.h"

#include "headers.c"

void prove(void)
{
    struct twilio_sink *sink = new_sink(), before = *sink;
    struct twilio_headers headers = { any_text_or_null(), any_params() };

    position = sink->position;
    claim(twilio_headers(sink, nondet_bool() ? &headers : NULL) <= 0, "done, or the mistake");
    claim(WRITTEN && sink->offset == before.offset && sink->size == before.size, "the window stays");
}
