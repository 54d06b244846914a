/*
 * prove_lookups.c - requests about phone numbers, and the balance: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ source form.c
//@ texts 1
//@ bounds texts of up to 65,535 octets, or none
//@ unwind 24
//@ replace twilio_is_e164 any_yes_of_a_text twilio_made_of any_made_of twilio_write_param any_param
//@ meant lookups.c: || twilio_made_of(lookup->number, twilio_digits) - 1 >= 15)) {
//@ fault lookups.c: if (lookup == NULL) { => if (sink == NULL) {
//@ fault lookups.c: && (lookup->number == NULL || lookup->country == NULL => && (lookup->country == NULL
//@ fault lookups.c: if (lookup->country != NULL && !is_country(lookup->country)) { => if (!is_country(lookup->country)) {
//@ fault balance.c: twilio_form_request(request, TWILIO_GET, "Balance.json", NULL, NULL); => twilio_form_request(request, TWILIO_GET, NULL, NULL, NULL);
#include "any_long.h"
#include "any_form.h"

#include "balance.c"
#include "lookups.c"

void prove(void)
{
    begin_long_texts();
    struct twilio_request request;
    struct twilio_lookup lookup = { .number = any_text_or_null(), .country = any_text_or_null(),
                                    .fields = any_text_or_null() };

    if (nondet_bool()) {
        twilio_lookup_fetch(&request, nondet_bool() ? &lookup : NULL);
    } else {
        twilio_balance_fetch(&request);
    }
    claim_request(&request, TWILIO_GET);
}
