/*
 * prove_response.c - the reader of answers: any octets, in any state that it can be in
 *
 * SPDX-License-Identifier: MIT
 */
//@ source grammar.c
//@ bounds any state, method, window; pieces of up to 65,535 octets, hence answers of any length; 3 wanted headers
//@ unwind 4
//@ unwind twilio_advance.0 14
//@ texts 65535
//@ replace word_octet any_octet_of_word text_octet any_octet_of_text word any_word
//@ loop response.c: for (; r->spaces != 0; r->spaces--) {
//@     changes r->spaces
//@     changes r->word_size
//@     changes any_lengths()
//@     invariant r->word_size <= TWILIO_NAME_MAX
//@     decreases r->spaces
//@ loop response.c: while (used < size && r->status == TWILIO_AGAIN) {
//@     changes used
//@     changes any_response()
//@     invariant used <= size && RESPONSE_IS_GOOD
//@     decreases size - used
//@     decreases r->status == TWILIO_AGAIN
//@     decreases r->state >= LINE_START && r->state < NAME
//@ meant response.c: r->head_left = (uint16_t)(r->head_left - consumed);
//@ meant response.c: r->body_total += (uint32_t)n;
//@ fault response.c: n = n < room ? n : room; => n = n <= room ? n : room + 1;
//@ fault response.c: size_t n = size < r->left ? size : r->left; => size_t n = size;
//@ fault response.c: CHUNK_SPACE     = CHUNK_SIZE_MORE + 4, => CHUNK_SPACE     = CHUNK_SIZE_MORE + 7,
//@ fault response.c: used += r->state < RULES ? take_head(r, octets[used]) : take_body(r, octets + used, size - used); => used += r->state < RULES ? take_head(r, octets[used + 1]) : take_body(r, octets + used, size - used);
//@ fault response.c: r->left = UINT32_MAX; => r->left = 0;
//@ fault response.c: if (action < 0 || r->head_left < consumed || !act(r, (enum action)action, octet)) { => if (action < 0 || !act(r, (enum action)action, octet)) {
//@ fault response.c: while (used < size && r->status == TWILIO_AGAIN) { => while (used <= size && r->status == TWILIO_AGAIN) {
#define WINDOW UINT16_MAX
#include "any_field.h"

struct twilio_response the_response;
char the_window[WINDOW];

#define IS_HEAD(state) ((state) >= LINE_START && (state) <= HEAD_LF)

/* How far the three digits of a code have come. */
#define CODE_IS_GOOD (the_response.state > 12 \
                      || the_response.left < (the_response.state <= 9 ? 1U : the_response.state == 10 ? 10U \
                                          : the_response.state == 11 ? 100U : 1000U))

/* White space is counted in 16 bits: no more of it can come than a head has octets. */
#define SPACES_ARE_GOOD (the_response.state < LINE_START \
                         || the_response.spaces + (IS_HEAD(the_response.state) ? the_response.head_left : 0U) \
                            <= ((the_response.flags & TRAILER) != 0 ? UINT16_MAX : TWILIO_RESPONSE_HEAD_MAX - 1U))

/* The reader's invariant: so it is after begin, and after each feed, until an error. */
#define RESPONSE_IS_GOOD \
    (the_response.status < TWILIO_AGAIN \
     || (the_response.status <= TWILIO_FULL && the_response.state <= UNTIL_CLOSE && the_response.state != RULES \
         && the_response.word_size <= TWILIO_NAME_MAX && the_response.head_left <= TWILIO_RESPONSE_HEAD_MAX \
         && (the_response.headers != NULL || the_response.field == NULL) && IS_FIELD(the_response.field) \
         && the_response.body_length <= the_response.body_size \
         && ((the_response.state != CHUNK_DATA && the_response.state != SIZED) || the_response.left != 0 \
             || the_response.status == TWILIO_OK) \
         && (the_response.state != UNTIL_CLOSE || the_response.left == UINT32_MAX) \
         && (the_response.state <= HEAD_LF || (the_response.flags & TRAILER) == 0) \
         && CODE_IS_GOOD && SPACES_ARE_GOOD))

/* Any state that feed can lead to; what the caller has set stays. */
static void any_response(void)
{
    struct twilio_response any;

    any.method = the_response.method;
    any.headers = the_response.headers;
    any.body = the_response.body;
    any.body_size = the_response.body_size;
    any.field = any_field();
    any.reusable = nondet_bool();
    the_response = any;
    any_lengths();
}

#include "response.c"

#include "any_filled.h"
#include "any_octets.h"

/* Proved in prove_words.c. */
void any_octet_of_word(struct twilio_response *r, uint8_t octet)
{
    claim(r->word_size <= TWILIO_NAME_MAX, "the word has room");
    r->word_size = (uint8_t)(nondet_uint8_t() % (TWILIO_NAME_MAX + 1));
}

void any_octet_of_text(struct twilio_response *r, uint8_t octet)
{
    claim(r->word_size <= TWILIO_NAME_MAX, "the word has room");
    claim(IS_FIELD(r->field), "the field is one of the table, or none");
    r->word_size = (uint8_t)(nondet_uint8_t() % (TWILIO_NAME_MAX + 1));
    if (r->field != NULL) {
        r->field->length = nondet_uint16_t();
    }
}

const char *any_word(struct twilio_response *r)
{
    claim(r->word_size <= TWILIO_NAME_MAX, "the word has room for its end");
    r->word_size = 0;
    return r->word;
}

/* Only whether it stays within bounds counts. */
void *memcpy(void *to, const void *from, size_t size)
{
    claim(__CPROVER_w_ok(to, size) && __CPROVER_r_ok(from, size), "what is copied is there, and has room");
    return to;
}

static void set_up(void)
{
    the_response.method = (enum twilio_method)(nondet_unsigned() % (TWILIO_DELETE + 1));
    the_response.headers = any_fields();
    the_response.body_size = any_up_to(WINDOW);
    the_response.body = nondet_bool() ? NULL : the_window + WINDOW - the_response.body_size;
    any_response();
}

void prove(void)
{
    size_t size = nondet_size_t();
    int n;

    set_up();
    if (nondet_bool()) {
        claim(twilio_response_begin(&the_response) != TWILIO_OK || RESPONSE_IS_GOOD, "begin makes a good state");
        return;
    }
    assume(RESPONSE_IS_GOOD && fields_are_good() && (the_response.body == NULL || the_response.body_size != 0));
    assume(size <= TEXT_MAX);
    n = twilio_response_feed(&the_response, proof_texts + TEXT_MAX + 1 - size, size);
    claim(RESPONSE_IS_GOOD && fields_are_good(), "feed keeps the state good");
    claim(n < 0 ? n == the_response.status || n == TWILIO_ERR_ARGUMENT : (size_t)n <= size,
          "consumed: of what was given");
    claim(n < 0 || the_response.status != TWILIO_AGAIN || (size_t)n == size, "who wants more has taken all");
}
