/*
 * token.c - an access token fetched
 *
 * SPDX-License-Identifier: MIT
 */
#include "token.h"

#include "clock.h"

/* Send request, and pick the token. Its life is counted by our clock, with which it will be compared, not by
 * the server's; and from before it was asked for: it ends early, if anything. */
static int fetch(struct twilio_client *client, const struct twilio_request *request,
                 struct twilio_token *token, struct twilio_answer *answer)
{
    char life[11];
    struct twilio_field fields[] = {
        { "access_token", token->text, token->size, 0, 0 }, TWILIO_FIELD("expires_in", life),
        TWILIO_FIELD_END,
    };
    uint32_t now = twilio_clock_now();
    int result;

    answer->fields = fields;
    result = twilio_send(client, request, answer);
    answer->fields = NULL;
    if (result == TWILIO_OK && answer->code == 200) {
        token->expires = twilio_token_expires(fields, now);
    }
    return result == TWILIO_OK && token->expires == 0 ? TWILIO_ERR_CONTENT : result;
}

int twilio_token_fetch(struct twilio_client *client, const struct twilio_client_credentials *credentials,
                       struct twilio_token *token, struct twilio_answer *answer)
{
    struct twilio_request request = { 0 };
    int result;

    if (client == NULL || credentials == NULL || token == NULL || answer == NULL || token->text == NULL ||
        token->size == 0) {
        return TWILIO_ERR_ARGUMENT;
    }
    token->expires = 0;
    twilio_token_create(&request, credentials);
    result = fetch(client, &request, token, answer);
    if (result != TWILIO_OK) {
        token->expires = 0;
        token->text[0] = '\0';
    }
    return result;
}
