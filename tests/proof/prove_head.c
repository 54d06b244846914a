/*
 * prove_head.c - an answer that is its head alone, as to HEAD or to CONNECT: each octet brings its end nearer
 *
 * SPDX-License-Identifier: MIT
 */
//@ source grammar.c
//@ bounds any state within a head; no wanted headers; one octet, hence answers of any length
//@ texts 1023
//@ unwind 33
//@ unwind twilio_advance.0 14
//@ unwind twilio_response_feed.0 3
//@ loop response.c: for (; r->spaces != 0; r->spaces--) {
//@     changes r->spaces
//@     changes r->word_size
//@     changes any_word()
//@     invariant r->word_size <= TWILIO_NAME_MAX
//@     decreases r->spaces
//@ meant response.c: r->head_left = (uint16_t)(r->head_left - consumed);
//@ meant response.c: r->body_total += (uint32_t)n;
//@ fault response.c: } else if (r->method == TWILIO_HEAD || r->code == 204 || r->code == 304 => } else if (r->code == 204 || r->code == 304
//@ fault response.c: bool consumed = action != LINE || octet == '\r'; => bool consumed = action != PASS && action != LINE;
//@ fault response.c: } else if (r->code < 200) {  /* an interim answer is forgotten; 101 was never asked for */ => } else if (r->code < 100) {
#include "proof.h"
#include "twilio.h"

struct twilio_response the_response;

static void any_word(void)
{
    struct twilio_response any;

    for (unsigned i = 0; i < sizeof any.word; i++) {
        the_response.word[i] = any.word[i];
    }
}

#include "response.c"

#include "any_octets.h"

/* No header is wanted. */
int twilio_fields_begin(struct twilio_field *field)
{
    claim(field == NULL, "there are no fields");
    return TWILIO_OK;
}

void twilio_field_start(struct twilio_field *field, char type)
{
    claim(false, "there are no fields");
}

void twilio_field_append(struct twilio_field *field, uint8_t octet)
{
    claim(false, "there are no fields");
}

void twilio_field_finish(struct twilio_field *field)
{
    claim(false, "there are no fields");
}

/* How far the three digits of a code have come. */
#define CODE_IS_GOOD (the_response.state > 12 \
                      || the_response.left < (the_response.state <= 9 ? 1U : the_response.state == 10 ? 10U \
                                          : the_response.state == 11 ? 100U : 1000U))

/* What prove_proxy.c takes for granted of the reader. */
#define HEAD_IS_GOOD \
    (the_response.status == TWILIO_AGAIN && the_response.state <= HEAD_LF \
     && (the_response.state < 8 || (the_response.flags & TRAILER) == 0) \
     && the_response.word_size <= TWILIO_NAME_MAX && the_response.head_left <= TWILIO_RESPONSE_HEAD_MAX \
     && the_response.header <= CLOSE && the_response.code < 1000 && CODE_IS_GOOD \
     && (the_response.state < LINE_START \
         || the_response.spaces + the_response.head_left < TWILIO_RESPONSE_HEAD_MAX))

void prove(void)
{
    struct twilio_response any;
    uint8_t octet = nondet_uint8_t();
    uint16_t before;
    int n;

    any.reusable = nondet_bool();
    the_response = any;
    the_response.method = TWILIO_HEAD;
    the_response.headers = the_response.field = NULL;
    the_response.body = NULL;
    if (nondet_bool()) {
        claim(twilio_response_begin(&the_response) == TWILIO_OK && HEAD_IS_GOOD, "begin makes a good state");
        return;
    }
    if (nondet_bool()) {
        assume(the_response.status == TWILIO_AGAIN || the_response.status == TWILIO_FULL);
        n = twilio_response_feed(&the_response, &octet, 0);
        claim(n == TWILIO_ERR_CLOSED || (n == 0 && the_response.state == UNTIL_CLOSE), "an end ends it");
        claim(n == the_response.status, "and the last that is read");
        return;
    }
    assume(HEAD_IS_GOOD);
    before = the_response.head_left;
    n = twilio_response_feed(&the_response, &octet, 1);
    claim(n == 1 || (n == TWILIO_ERR_HTTP && the_response.status == n), "it is taken, or refused");
    claim(n < 0 || (the_response.status == TWILIO_OK ? the_response.code >= 200 && the_response.code < 1000
                                                     : HEAD_IS_GOOD && the_response.head_left < before),
          "the answer is complete, or less may follow");
}
