/*
 * prove_dates.c - dates and times: any texts, against their grammar
 *
 * SPDX-License-Identifier: MIT
 */
//@ source grammar.c
//@ texts 65535
//@ bounds texts of up to 65,535 octets; three of them
//@ unwind 4
//@ meant grammar.c: for (; (uint8_t)(octet - rule->first) > spans[rule->extent >> 4]; rule++) {
//@ loop form.c: in is_date: do {
//@     invariant WITHIN(text) && state <= TIME
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes state
//@ fault form.c: [ZONE] = LAST('Z', 'Z', TIME, 0), => [ZONE] = LAST('Z', 'Z', RULES, 0),
//@ fault form.c: } while (*text++ != '\0'); => } while (*text++ != 'Z');
//@ fault form.c: for (; count != 0; count--, texts++) { => for (; count + 1 != 0; count--, texts++) {
//@ fault form.c: if (*texts != NULL && !is_date(*texts)) { => if (!is_date(*texts)) {
#include "form.c"

void prove(void)
{
    const char *texts[3] = { any_text_or_null(), any_text_or_null(), any_text_or_null() };

    twilio_are_dates(texts, 3);
}
