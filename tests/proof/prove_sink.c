/*
 * prove_sink.c - the way of every octet: any octet, text, number and window
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ bounds texts of up to 65,535 octets; any octet and state; windows of up to 2^31 - 1 octets, at any place
//@ unwind 4
//@ meant sink.c: size_t at = sink->position++ - sink->offset;  /* before the window it wraps to a huge value */
//@ meant sink.c: sink->characters += (octet & 0xC0) != 0x80;  /* the others go on with one, in UTF-8 */
//@ meant octets.c: unsigned at = octet - 32U;
//@ loop sink.c: in twilio_write: for (; *text != '\0'; text++) {
//@     invariant WITHIN(text) && AT(text) >= text_at && WRITTEN
//@     invariant the_sink.position - position <= 6 * (AT(text) - text_at)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes any_sink()
//@     changes __CPROVER_havoc_object(the_window)
//@ fault sink.c: if (at < sink->size) { => if (at <= sink->size) {
//@ fault sink.c: octet &= 0xBF; => text += octet;
//@ fault sink.c: sink->window[at] = (uint8_t)octet; => sink->window = sink->window + at;
#include "any_sink.h"

size_t text_at;  /* before */

#include "sink.c"

void prove(void)
{
    struct twilio_sink *sink = new_sink(), before = *sink;
    const char *text = any_text();
    unsigned which = (unsigned)any_up_to(2);
    size_t least = 1, most;

    position = sink->position;
    text_at = AT(text);
    if (which == 0) {
        twilio_sink_octet(sink, nondet_unsigned());
        most = 1;
    } else if (which == 1) {
        twilio_write_octet(sink, nondet_uint8_t());
        most = 3;
    } else {
        twilio_write(sink, text);
        least = 0;
        most = 6 * LEFT(text);
    }
    claim(WRITTEN && sink->position - position >= least && sink->position - position <= most,
          "so many octets are written");
    claim(sink->window == before.window && sink->offset == before.offset && sink->size == before.size,
          "the window stays");
    claim(sink->latin1 == before.latin1 && sink->encoding == before.encoding, "how it is written stays");
}
