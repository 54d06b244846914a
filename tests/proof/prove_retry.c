/*
 * prove_retry.c - how long to wait, as Retry-After tells: any text, at any time
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds texts of up to 65,535 octets, or none; any time, and any date in the text
//@ replace twilio_time any_time
//@ loop date.c: for (; text != NULL && *text != '\0'; text++) {
//@     invariant text == NULL ? seconds == 0 : IS_THERE(text) && seconds == the_told[AT(text)]
//@     decreases text == NULL ? 0 : LEFT(text)
//@     changes text = any_turn(text)
//@     changes seconds
//@ fault date.c: return now != 0 && date > now ? date - now : 0; => return date > now ? date - now : 0;
//@ fault date.c: return now != 0 && date > now ? date - now : 0; => return now != 0 ? date - now : 0;
//@ fault date.c: for (; text != NULL && *text != '\0'; text++) { => for (; *text != '\0'; text++) {
//@ fault date.c: if (!is_digit((uint8_t)*text)) { => if (*text == ' ') {
//@ fault date.c: seconds = seconds > UINT32_MAX / 10 - 1 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0'); => seconds = seconds > UINT32_MAX / 10 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0');
//@ fault date.c: seconds = seconds > UINT32_MAX / 10 - 1 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0'); => seconds = seconds > UINT32_MAX / 10 - 1 ? 0 : seconds * 10 + (uint32_t)(*text - '0');
#include "proof.h"

const char *the_text;
size_t the_end;                   /* of the digits that it begins with */
uint32_t the_told[TEXT_MAX + 1];  /* the number that its digits before each place tell */
uint32_t the_date;                /* that it is; 0: none */

#define MOST           (UINT32_MAX - 5)  /* what is as much is told as UINT32_MAX: it is 136 years */
#define IS_THERE(text) (SAME(text, the_text) && AT(text) >= AT(the_text) && AT(text) <= the_end)

/* Any place among its digits, where the_end and the_told are as they are meant. */
const char *any_turn(const char *text)
{
    size_t at;
    uint64_t more;

    if (text == NULL) {
        return NULL;
    }
    at = AT(the_text) + any_up_to(the_end - AT(the_text));
    if (at < the_end) {
        assume(proof_texts[at] >= '0' && proof_texts[at] <= '9');
        more = (uint64_t)the_told[at] * 10 + (uint64_t)(proof_texts[at] - '0');
        assume(the_told[at + 1] == (more < MOST ? more : UINT32_MAX));
    }
    return proof_texts + at;
}

#include "date.c"

/* Proved in prove_date.c: of any text. */
uint32_t any_time(const char *text)
{
    claim(text == the_text, "it is the text that is asked for");
    return text != NULL ? the_date : 0;
}

void prove(void)
{
    uint32_t now = nondet_uint32_t(), seconds;
    bool is_number = false;

    the_text = any_text_or_null();
    the_date = nondet_uint32_t();
    __CPROVER_havoc_object(the_told);
    if (the_text != NULL) {
        the_end = AT(the_text) + any_up_to(LEFT(the_text));
        is_number = proof_texts[the_end] == '\0';
        assume(proof_texts[the_end] < '0' || proof_texts[the_end] > '9');
        assume(the_told[AT(the_text)] == 0);
    }
    seconds = twilio_retry_after(the_text, now);
    if (the_text == NULL) {
        claim(seconds == 0, "no text tells nothing");
    } else if (the_date != 0) {
        claim(seconds == (now != 0 && the_date > now ? the_date - now : 0), "a date after now");
    } else {
        claim(seconds == (is_number ? the_told[the_end] : 0), "a number in decimal, or nothing");
    }
}
