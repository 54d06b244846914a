/*
 * prove_callers.c - the caller's texts in a request, and those that they stand in: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ texts 1023
//@ bounds texts of up to 1,023 octets; any of the caller's texts, missing or not; any state
//@ unwind 10
//@ replace twilio_write any_write twilio_sink_octet any_octet
//@ meant octets.c: unsigned at = octet - 32U;
//@ loop request.c: in put_callers: for (; *text != '\0'; text++) {
//@     invariant WITHIN(text) && GOOD
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes any_encoder()
//@ loop request.c: in put_text: for (; *text != '\0'; text++) {
//@     invariant WITHIN(text) && GOOD
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes any_encoder()
//@ fault request.c: if ((uint8_t)*text < TEXTS) { => if ((uint8_t)*text <= TEXTS) {
//@ fault request.c: return at[0] == '{' && at[1] == '}' && encoder->request->item != NULL; => return at[0] == '{' && encoder->request->item != NULL;
//@ fault request.c: in put_callers: if (text == NULL) { => if (number == 0) {
//@ fault request.c: encoder->sink.encoding = false; => encoder->sink.window++;
#include "any_request.h"

struct twilio_sink *of_encoder;
#define GOOD (IS_SINK(of_encoder) && of_encoder->position >= position)

/* All that writing changes of an encoder. */
static void any_encoder(void)
{
    sink_after(of_encoder, 0, SIZE_MAX);
    end_of_image = nondet_size_t();
}

#include "request.c"

void prove(void)
{
    struct twilio_account account = any_account();
    struct twilio_request request = any_request(&account);
    struct encoder any, *encoder = &any;
    unsigned number = 1 + (unsigned)any_up_to(TEXTS - 2);

    encoder->sink = *new_sink();
    of_encoder = &encoder->sink;
    position = encoder->sink.position;
    encoder->request = &request;
    assume(request.resource != NULL);
    take_texts(encoder, &request);
    if (nondet_bool()) {
        put_callers(encoder, number);
    } else {
        put_text(encoder, any_text());
    }
    claim(GOOD, "the window stays, and what is written comes behind");
}
