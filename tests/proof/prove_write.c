/*
 * prove_write.c - parameters, and Base64: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds texts of up to 65,535 octets; tables of up to 3 parameters
//@ replace twilio_sink_octet any_octet twilio_write any_write
//@ unwind 5
//@ loop sink.c: for (; param != NULL && param->name != NULL; param++) {
//@     invariant IS_PARAM(param) && WRITTEN
//@     decreases param == NULL ? 0 : LEFT(param)
//@     changes param = nondet_bool() ? NULL : any_table + any_up_to(PARAMS)
//@     changes any_sink()
//@ loop sink.c: in twilio_sink_basic: for (; *text != '\0'; text++) {
//@     invariant WITHIN(text) && WRITTEN && count < 6
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes bits
//@     changes count
//@     changes any_sink()
//@ fault sink.c: for (count += 8; count >= 6; ) { => for (count += 8; count >= 8; ) {
//@ fault sink.c: for (; param != NULL && param->name != NULL; param++) { => for (; param != NULL; param++) {
//@ fault sink.c: if (value != NULL) { => {
//@ fault sink.c: in twilio_sink_basic: for (; *text != '\0'; text++) { => for (; *text != ':'; text++) {
#include "any_long.h"
#include "any_sink.h"

#include "sink.c"

void prove(void)
{
    begin_long_texts();
    struct twilio_sink *sink = new_sink(), before = *sink;
    unsigned which = (unsigned)any_up_to(3);

    position = before.position;
    if (which == 0) {
        twilio_write_name(sink, any_text());
    } else if (which == 1) {
        twilio_write_param(sink, any_text(), any_text_or_null());
    } else if (which == 2) {
        twilio_sink_params(sink, any_params());
    } else {
        twilio_sink_basic(sink, any_text_or_null(), any_text_or_null());
    }
    claim(SINK_IS_GOOD && sink->offset == before.offset && sink->size == before.size, "the window stays");
    claim(sink->position >= position && sink->latin1 == before.latin1, "what is written comes behind");
}
