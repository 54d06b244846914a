/*
 * token.h - an OAuth access token, fetched into your memory, and when to fetch the next
 *
 *   static char text[2048];
 *   static struct twilio_token token = { .text = text, .size = sizeof text };
 *   if (twilio_clock_now() >= token.expires &&
 *       twilio_token_fetch(&client, &credentials, &token, &answer) == TWILIO_OK)
 *       account.bearer = token.text;
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_TOKEN_H
#define TWILIO_TOKEN_H

#include "client.h"
#include "twilio_oauth.h"

struct twilio_token {
    char    *text;     /* for the token, NUL-terminated: about 1,200 bytes today */
    uint16_t size;
    uint32_t expires;  /* out: the clock.h time to replace it, 30 s early; 0: there is none */
};

/* TWILIO_OK: token is good, from now on. TWILIO_ERR_CONTENT: the answer, answer.code, holds none, or one that
 * does not fit in size. TWILIO_ERR_ARGUMENT: a NULL, or size 0. Otherwise an error of twilio_send.
 * Unless TWILIO_OK, text is "" and expires 0. The account of the client tells host, edge and region alone.
 * answer is as for twilio_send, but for its fields, which are set here, and NULL after it. */
int twilio_token_fetch(struct twilio_client *client, const struct twilio_client_credentials *credentials,
                       struct twilio_token *token, struct twilio_answer *answer);

#endif
