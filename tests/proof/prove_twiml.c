/*
 * prove_twiml.c - names, texts and attributes in TwiML, and any window of a document
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 63
//@ bounds texts of up to 63 octets; up to 3 attributes; any state; any window, its size up to 2^64 - 1
//@ unwind 5
//@ replace twilio_write any_write twilio_write_octet any_write_octet twilio_write_number any_number
//@ replace twilio_made_of any_made_of twilio_equal any_alike twilio_advance any_advance
//@ replace twilio_write_name any_name twilio_write_twiml any_elements
//@ loop twiml.c: for (; text != NULL; text++) {
//@     invariant (text == NULL || WITHIN(text)) && WRITTEN && IS_STATE(state)
//@     decreases text == NULL ? 0 : LEFT(text)
//@     changes text = text == NULL ? NULL : ANY_PLACE(text)
//@     changes state = the_state = nondet_uint8_t()
//@     changes last
//@     changes any_sink()
//@ fault twiml.c: if (octet == '\0') { => if (octet == ' ') {
//@ fault twiml.c: for (; text != NULL; text++) { => for (;; text++) {
//@ fault twiml.c: uint8_t state = TWILIO_JSON_STRING; => uint8_t state = 0;
//@ fault twiml.c: for (earlier = first; !twilio_equal(earlier->name, param->name); earlier++) { => for (earlier = first + 1; !twilio_equal(earlier->name, param->name); earlier++) {
//@ fault twiml.c: return (buf != NULL || size == 0) && size <= INT_MAX; => return buf != NULL || size == 0;
//@ fault twiml.c: return (int)(rest < size ? rest : size); => return (int)rest;
//@ fault twiml.c: if (table == NULL || !is_window(buf, size)) { => if (!is_window(buf, size)) {
//@ fault twiml.c: sink.size = size; => sink.size = size + 1;
//@ fault twiml.c: if (sink.size == size) { => if (sink.size != 0) {
#include "any_known.h"
#include "any_form.h"
#include "grammar.h"
#include "twilio_twiml.h"

uint8_t the_state;  /* that the grammar led to, with some text */
#define IS_STATE(state) ((state) == TWILIO_JSON_STRING || (state) == the_state)

#include "twiml.c"

/* Proved in prove_json.c: from any state that it led to. */
int any_advance(const struct rule *rules, uint8_t *state, uint8_t octet)
{
    (void)octet;
    claim(rules == twilio_json_rules && IS_STATE(*state), "a state of that grammar");
    *state = the_state = nondet_uint8_t();
    return nondet_int();
}

/* Proved in prove_octets.c; and a text is like itself. */
bool any_alike(const char *a, const char *b)
{
    return any_equal(a, b) || a == b;
}

/* Proved in prove_elements.c. */
int any_elements(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    claim(table != NULL, "a table");
    any_octets(sink);
    return nondet_bool() ? TWILIO_ERR_TWIML : sink->mistake;
}

static void encode(const struct twilio_twiml *table)
{
    size_t offset = nondet_size_t(), size = nondet_size_t();
    uint8_t *buf = any_window(size);
    int n = twilio_twiml_encode(table, offset, buf, size);

    claim_told(n, offset, buf, size);
}

void prove(void)
{
    struct twilio_sink *sink = begin_writing();
    struct twilio_twiml table;
    struct twilio_twiml_param param = { any_text_or_null(), nondet_bool() ? &table : NULL };
    unsigned which = (unsigned)any_up_to(5);

    the_state = TWILIO_JSON_STRING;
    if (which == 0) {
        put_name(sink, nondet_uint8_t(), any_text());
    } else if (which == 1) {
        put_text(sink, nondet_uint8_t(), any_text_or_null());
    } else if (which == 2) {
        put_attributes(sink, any_params());
    } else if (which == 3) {
        claim(twilio_twiml_param(sink, &param) <= 0, "done, or the mistake");
    } else if (which == 4) {
        claim(twilio_twiml_param(sink, NULL) <= 0, "done, or the mistake");
    } else {
        encode(nondet_bool() ? &table : NULL);
    }
    claim(WRITTEN, "the window stays, and what is written comes behind");
}
