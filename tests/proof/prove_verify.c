/*
 * prove_verify.c - requests about one-time codes: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source form.c
//@ texts 1023
//@ bounds texts of up to 1,023 octets, or none
//@ unwind 24
//@ replace twilio_is_e164 any_yes_of_a_text twilio_is_sid any_sid twilio_made_of any_made_of
//@ replace twilio_form any_form twilio_write_param any_param twilio_is_one_of any_one_of twilio_equal any_equal
//@ meant verify.c: return text != NULL && twilio_made_of(text, letters_and_digits) - 4 < 7;
//@ loop verify.c: while (*text != '\0' && *text != '@') {
//@     invariant WITHIN(text)
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@ fault verify.c: while (*text != '\0' && *text != '@') { => while (*text != '@') {
//@ fault verify.c: return text != NULL && twilio_made_of(text, letters_and_digits) - 4 < 7; => return twilio_made_of(text, letters_and_digits) - 4 < 7;
//@ fault verify.c: int e = check != NULL ? check_check(check) : TWILIO_ERR_ARGUMENT; => int e = check_check(check);
//@ fault verify.c: verification != NULL ? verification->service : NULL); => verification->service);
#include "any_known.h"
#include "any_form.h"

#include "verify.c"

static void start(struct twilio_request *request)
{
    struct twilio_verification verification = { any_text_or_null(), any_text_or_null(), any_text_or_null(),
                                                any_text_or_null(), any_text_or_null() };

    twilio_verification_start(request, nondet_bool() ? &verification : NULL);
    claim_request(request, TWILIO_POST);
}

static void check(struct twilio_request *request)
{
    struct twilio_verification_check check = { any_text_or_null(), any_text_or_null(), any_text_or_null(),
                                               any_text_or_null() };

    twilio_verification_check(request, nondet_bool() ? &check : NULL);
    claim_request(request, TWILIO_POST);
}

void prove(void)
{
    struct twilio_request request;

    if (nondet_bool()) {
        start(&request);
    } else {
        check(&request);
    }
}
