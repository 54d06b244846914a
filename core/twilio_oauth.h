/*
 * twilio_oauth.h - access tokens, to log in with instead of a secret (RFC 6749 4.4, client credentials)
 *
 *   char text[2048], life[11];
 *   struct twilio_field fields[] = { TWILIO_TOKEN_FIELDS(text, life), TWILIO_FIELD_END };
 *   twilio_token_create(&request, &(struct twilio_client_credentials){ .id = "OQ...", .secret = "..." });
 *   ... send it, pick fields from the answer ...
 *   expires = twilio_token_expires(fields, now);   then   account.bearer = text;
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_OAUTH_H
#define TWILIO_OAUTH_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_TOKEN_EARLY 30  /* seconds before it expires, that a token no longer counts */

struct twilio_client_credentials {
    const char *id;       /* needed: of the OAuth app, "OQ..." */
    const char *secret;   /* needed. Either missing: TWILIO_ERR_CREDENTIALS */
    const char *account;  /* "AC...": account_sid, in the query, else TWILIO_ERR_SID; NULL: not given */
};

/* Makes a request for a token, all of it but account (of which only host, edge and region count, and which
 * may have no credentials) and headers. It goes to oauth.twilio.com, without an Authorization header.
 * 200, with the fields below. TWILIO_ERR_ARGUMENT: credentials NULL. */
void twilio_token_create(struct twilio_request *request, const struct twilio_client_credentials *credentials);

/* What to pick from the answer: text, a char array for the token itself (Twilio's are about 1,200 bytes), and
 * life, a char array of 11 for the seconds that it lives. */
#define TWILIO_TOKEN_FIELDS(text, life) TWILIO_FIELD("access_token", text), TWILIO_FIELD("expires_in", life)

/* When the token, that came at the time now (seconds since 1970), has to be replaced: TWILIO_TOKEN_EARLY
 * seconds before it expires, but not after 2106, where the seconds end. fields are the two above. 0: they
 * hold no whole token, or no life longer than that. */
uint32_t twilio_token_expires(const struct twilio_field *fields, uint32_t now);

#ifdef __cplusplus
}
#endif
#endif
