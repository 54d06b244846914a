/*
 * prove_alert_text.c - the delivery engine: replies and messages, of any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds texts of up to 65,535 octets
//@ loop alerts_answer.c: while (*prefix != '\0' && to_lower((uint8_t)*text) == to_lower((uint8_t)*prefix)) {
//@     invariant WITHIN(text) && WITHIN(prefix)
//@     decreases LEFT(prefix)
//@     changes text = ANY_PLACE(text)
//@     changes prefix = ANY_PLACE(prefix)
//@ fault alerts_answer.c: while (*prefix != '\0' && to_lower((uint8_t)*text) == to_lower((uint8_t)*prefix)) { => while (to_lower((uint8_t)*text) == to_lower((uint8_t)*prefix)) {
//@ fault alerts_answer.c: token[TWILIO_ALERTS_TOKEN_MAX] = '\0'; => ;
//@ fault alerts_answer.c: twilio_alerts_token(a, token + TWILIO_ALERTS_TOKEN_MAX)) != NULL; => twilio_alerts_token(a, token + TWILIO_ALERTS_TOKEN_MAX - 1)) != NULL;
#include "octets.h"

#include "proof.h"

#include "alerts_answer.c"

/* Proved in prove_alert_token.c: it writes so many octets before end. */
static const char *the_end;

char *twilio_alerts_token(const struct twilio_alerts *a, char *end)
{
    size_t length = 1 + any_up_to(TWILIO_ALERTS_TOKEN_MAX - 1);

    (void)a;
    claim(__CPROVER_w_ok(end - TWILIO_ALERTS_TOKEN_MAX, TWILIO_ALERTS_TOKEN_MAX),
          "there is room for the longest");
    the_end = end;
    return end - length;
}

/* Proved in prove_form.c: of any two texts. */
const char *twilio_after(const char *text, const char *prefix)
{
    claim(SAME(text, proof_texts), "what follows in a text");
    claim(*prefix == 'S' || (the_end != NULL && *the_end == '\0' && SAME(prefix, the_end)),
          "a beginning, which ends");
    return nondet_bool() ? NULL : ANY_PLACE(text);
}

void prove(void)
{
    struct twilio_alerts a;

    if (nondet_bool()) {
        begins(any_text(), any_text());
    } else {
        has_token(&a, any_text());
    }
}
