/*
 * oauth.c - the request for an access token, and when to replace one
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_oauth.h"

#include "form.h"
#include "sink.h"

static bool is_missing(const char *text)
{
    return text == NULL || *text == '\0';
}

static int write_credentials(struct twilio_sink *sink, const void *source)
{
    const struct twilio_client_credentials *credentials = source;

    if (credentials == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (is_missing(credentials->id) || is_missing(credentials->secret)) {
        return TWILIO_ERR_CREDENTIALS;
    }
    if (credentials->account != NULL && !twilio_is_sid(credentials->account, SID_OF('A', 'C'))) {
        return TWILIO_ERR_SID;
    }
    twilio_write_param(sink, "grant_type", "client_credentials");
    twilio_write_param(sink, "client_id", credentials->id);
    twilio_write_param(sink, "client_secret", credentials->secret);
    return 0;
}

void twilio_token_create(struct twilio_request *request, const struct twilio_client_credentials *credentials)
{
    const char *account = credentials != NULL ? credentials->account : NULL;

    twilio_form_item(request, TWILIO_POST, account != NULL ? "/v2/token?account_sid={}" : "/v2/token",
                     write_credentials, account);
    request->product = "oauth";
    request->anonymous = true;
    request->more.source = credentials;
}

uint32_t twilio_token_expires(const struct twilio_field *fields, uint32_t now)
{
    const struct twilio_field *token = fields, *life = fields + 1;
    uint32_t seconds;

    if (token->type != 's' || token->length == 0 || token->length >= token->size || life->length >= life->size
        || !twilio_decimal(life->text, &seconds) || seconds <= TWILIO_TOKEN_EARLY) {
        return 0;
    }
    seconds -= TWILIO_TOKEN_EARLY;
    return seconds <= UINT32_MAX - now ? now + seconds : UINT32_MAX;
}
