/*
 * prove_url.c - what a URL is, and a parameter that is one: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ texts 1023
//@ bounds texts of up to 1,023 octets; queries of up to 3 parameters; any state
//@ unwind 10
//@ replace twilio_write any_write twilio_write_octet any_write_octet twilio_write_name any_name
//@ meant octets.c: unsigned at = octet - 32U;
//@ loop url.c: for (; text != NULL && *text != '\0'; text++) {
//@     invariant (text == NULL || WITHIN(text)) && WRITTEN
//@     decreases text == NULL ? 0 : LEFT(text)
//@     changes text = text == NULL ? NULL : ANY_PLACE(text)
//@     changes any_sink()
//@ loop url.c: for (; *base != '\0'; base++) {
//@     invariant WITHIN(base)
//@     decreases LEFT(base)
//@     changes base = ANY_PLACE(base)
//@     changes separator
//@ loop url.c: for (; query->name != NULL; query++, separator = '&') {
//@     invariant query != NULL && IS_PARAM(query) && WRITTEN
//@     decreases LEFT(query)
//@     changes query = any_table + any_up_to(PARAMS)
//@     changes separator
//@     changes any_sink()
//@ loop url.c: do {
//@     invariant WITHIN(text)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@ fault url.c: if (!twilio_in_set(in_uri, (uint8_t)*text)) { => if (*text == ' ') {
//@ fault url.c: for (; query->name != NULL; query++, separator = '&') { => for (;; query++, separator = '&') {
//@ fault url.c: for (; text != NULL && *text != '\0'; text++) { => for (; *text != '\0'; text++) {
//@ fault url.c: if (to_lower((uint8_t)*text) == (uint8_t)*at) { => if (*at != 's') {
#include "any_sink.h"

#include "url.c"

void prove(void)
{
    struct twilio_sink *sink = new_sink(), before = *sink;
    struct twilio_url url = { any_text_or_null(), any_text_or_null(), any_params() };

    position = sink->position;
    if (nondet_bool()) {
        twilio_is_url(any_text());
    } else {
        claim(twilio_url(sink, nondet_bool() ? &url : NULL) <= 0, "done, or the mistake");
    }
    claim(WRITTEN && sink->offset == before.offset && sink->size == before.size, "the window stays");
}
