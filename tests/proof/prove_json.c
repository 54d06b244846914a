/*
 * prove_json.c - the picker: any octets, in any state that it can be in
 *
 * SPDX-License-Identifier: MIT
 */
//@ source grammar.c
//@ fault json.c: j->count = 0; => j->count = 1;
//@ fault json.c: while (used < size && (j->status == TWILIO_AGAIN || j->status == TWILIO_OK)) { => while (used < size && j->status != TWILIO_ITEM) {
//@ fault json.c: used += n != 0 ? n : take(j, (uint8_t)data[used]); => used += n != 0 ? n : take(j, (uint8_t)data[used + 1]);
//@ fault json.c: if (!in_array(j)) { => if (in_array(j)) {
//@ bounds any state; pieces of up to 1,023 octets, hence texts of any length; 3 wanted fields, of any names
//@ unwind 4
//@ unwind twilio_advance.0 14
//@ texts 1023
//@ unwind put_character.0 5
//@ replace look any_look key_octet any_key_octet key_forget any_key_forget
//@ replace container_begins any_container_begins container_ends any_container_ends
//@ meant json.c: while (tails-- != 0) {
//@ meant json.c: low = (j->unicode & 0xFFFF) - 0xDC00;
//@ meant json.c: switch (action) {
//@ meant json.c: pass_on(j, action == OCTET ? octet : action);
//@ meant json.c: return act(j, (enum action)action, octet);
//@ loop json.c: while (n < size && data[n] >= ' ' && data[n] != '"' && data[n] != '\\' && (uint8_t)data[n] < 0x80) {
//@     invariant n <= size
//@     decreases size - n
//@     changes n
//@ loop json.c: while (used < size && (j->status == TWILIO_AGAIN || j->status == TWILIO_OK)) {
//@     invariant used <= size && JSON_IS_GOOD
//@     invariant size != 0 || j->status == TWILIO_OK || j->status < TWILIO_AGAIN
//@     invariant used != 0 || size == 0 || j->status < TWILIO_AGAIN || (j->state == state_before && j->status <= TWILIO_OK) || (state_before >= T_RUE && j->state < T_RUE)
//@     decreases size - used
//@     decreases j->status >= TWILIO_AGAIN
//@     decreases j->state >= T_RUE
//@     changes used
//@     changes any_json()
#include "any_field.h"

struct twilio_json the_json;
uint8_t state_before;

/* The innermost of what is open; what the path holds besides is prove_path.c's. */
#define IN_OBJECT   (the_json.path_size != 0 && the_json.path[the_json.path_size - 1] != ']')
#define IN_ARRAY    (the_json.path_size != 0 && the_json.path[the_json.path_size - 1] == ']')

/* What stands where, by the state of the grammar. */
#define PLACE_IS_GOOD \
    ((the_json.state != FIRST_ELEMENT || IN_ARRAY) \
     && (!(the_json.state >= FIRST_KEY && the_json.state <= COLON) || IN_OBJECT) \
     && ((the_json.state == END_OF_TEXT) ? the_json.path_size == 0 \
         : the_json.state < AFTER_VALUE || the_json.state > END_OF_TEXT || the_json.path_size != 0) \
     && (the_json.state < STRING || !the_json.key || (the_json.state < T_RUE && IN_OBJECT)))

/* How far an escape has come: four digits make a high surrogate, if four more are to come. */
#define IS_HIGH(unicode)  ((unicode) >> 10 == 0xD800 >> 10)
#define UNICODE_IS_GOOD \
    (the_json.state == UNICODE ? the_json.count < 8 \
         && (the_json.count < 4 ? the_json.unicode >> 4 * the_json.count == 0 \
                                : IS_HIGH(the_json.unicode >> 4 * (the_json.count - 4))) \
     : the_json.state == LOW_BACKSLASH || the_json.state == LOW_U ? \
           the_json.count == 4 && IS_HIGH(the_json.unicode) \
     : the_json.count == 0 && the_json.unicode == 0)

#define JSON_IS_GOOD \
    (the_json.status < TWILIO_AGAIN \
     || (the_json.status <= TWILIO_ITEM && the_json.status != TWILIO_FULL && the_json.state < RULES \
         && the_json.path_size < sizeof the_json.path \
         && (the_json.path_size != 0 || the_json.state == END_OF_TEXT || the_json.path[1] == '\0') \
         && !(the_json.state > UNICODE && the_json.state < LOW_BACKSLASH) \
         && IS_FIELD(the_json.live) && PLACE_IS_GOOD && UNICODE_IS_GOOD))

static void any_json(void)
{
    struct twilio_json any;

    any.fields = the_json.fields;
    any.live = any_field();
    any.key = nondet_bool();
    the_json = any;
    any_lengths();
}

#include "json.c"

#include "any_filled.h"

/* Proved in prove_look.c. */
bool any_look(struct twilio_json *j, bool empty)
{
    claim(j->path_size < sizeof j->path, "the path has room for its end");
    claim(j->path_size != 0 || j->path[1] == '\0', "the root has no key");
    j->live = any_field();
    any_lengths();
    (void)empty;
    return nondet_bool();
}

/* Proved in prove_path.c, as the next four. */
static void any_path(struct twilio_json *j, bool array)
{
    j->path_size = (uint8_t)(1 + any_up_to(sizeof j->path - 2));
    j->path[j->path_size - 1] = array ? ']' : '.';
}

void any_key_octet(struct twilio_json *j, unsigned octet)
{
    (void)octet;
    claim(IN_OBJECT, "a key is in an object");
    any_path(j, false);
}

void any_key_forget(struct twilio_json *j)
{
    claim(IN_OBJECT, "a key is in an object");
    any_path(j, false);
}

void any_container_begins(struct twilio_json *j, uint8_t octet)
{
    j->key = false;
    any_look(j, true);
    if (nondet_bool()) {
        j->status = TWILIO_ERR_DEPTH;
    } else {
        any_path(j, octet != '{');
    }
}

void any_container_ends(struct twilio_json *j, uint8_t octet)
{
    (void)octet;
    claim(j->path_size != 0, "what ends has begun");
    if (nondet_bool()) {
        j->status = TWILIO_ERR_JSON;
        return;
    }
    any_path(j, nondet_bool());
    j->path_size = nondet_bool() ? 0 : j->path_size;
    value_ends(j);
}

void prove(void)
{
    size_t size = any_up_to(TEXT_MAX);
    int n, before;

    the_json.fields = any_fields();
    any_json();
    if (nondet_bool()) {
        claim(twilio_json_begin(&the_json) != TWILIO_OK || JSON_IS_GOOD, "begin makes a good state");
        return;
    }
    assume(JSON_IS_GOOD);
    before = the_json.status;
    state_before = the_json.state;
    n = twilio_json_feed(&the_json, proof_texts + TEXT_MAX + 1 - size, size);
    claim(JSON_IS_GOOD && fields_are_good(), "feed keeps the state good");
    claim(n < 0 ? n == the_json.status : (size_t)n <= size, "consumed: of what was given");
    claim(n < 0 || the_json.status == TWILIO_ITEM || (size_t)n == size, "all is taken but after an element");
    claim(size != 0 || (n == the_json.status && n != TWILIO_AGAIN && n <= TWILIO_OK), "at the end: whole, or an error");
    claim(n != 0 || size == 0 || (state_before >= T_RUE && the_json.state < T_RUE),
          "only a number ends before an octet");
    claim(before >= TWILIO_AGAIN || (n == before && the_json.status == n), "what has failed stays so");
}
