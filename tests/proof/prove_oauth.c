/*
 * prove_oauth.c - requests for access tokens, and when to replace one: any texts, fields and times
 *
 * SPDX-License-Identifier: MIT
 */
//@ source form.c
//@ texts 1
//@ bounds texts of up to 65,535 octets, or none; any fields and times
//@ unwind 24
//@ replace twilio_is_sid any_sid twilio_write_param any_param twilio_decimal any_decimal
//@ fault oauth.c: if (credentials == NULL) { => if (sink == NULL) {
//@ fault oauth.c: const char *account = credentials != NULL ? credentials->account : NULL; => const char *account = credentials->account;
//@ fault oauth.c: return seconds <= UINT32_MAX - now ? now + seconds : UINT32_MAX; => return now + seconds;
//@ fault oauth.c: if (token->type != 's' || token->length == 0 || token->length >= token->size || life->length >= life->size => if (token->type != 's' || token->length == 0 || token->length >= token->size
#include "any_long.h"
#include "any_form.h"
#include "twilio_oauth.h"

/* Proved in prove_octets.c. */
bool any_decimal(const char *text, uint32_t *number)
{
    claim(IS_TEXT(text), "what may be a number is a text");
    *number = nondet_uint32_t();
    return nondet_bool();
}

#include "oauth.c"

/* As twilio_fields_begin and the picker leave it: a text that is not cut ends within its memory. */
static struct twilio_field any_picked(void)
{
    struct twilio_field field = { any_text(), NULL, nondet_uint16_t(), nondet_uint16_t(),
                                  (char)(nondet_uint8_t() & 127) };

    if (field.length < field.size) {
        field.text = (char *)any_text();
    }
    return field;
}

void prove(void)
{
    begin_long_texts();
    struct twilio_request request;
    struct twilio_client_credentials credentials = {
        .id = any_text_or_null(), .secret = any_text_or_null(), .account = any_text_or_null()
    };
    struct twilio_field fields[] = { any_picked(), any_picked(), TWILIO_FIELD_END };
    uint32_t now = nondet_uint32_t(), expires;

    if (nondet_bool()) {
        expires = twilio_token_expires(fields, now);
        claim(expires == 0 || expires > now || expires == UINT32_MAX, "never before now");
    } else {
        twilio_token_create(&request, nondet_bool() ? &credentials : NULL);
        claim_request(&request, TWILIO_POST);
    }
}
