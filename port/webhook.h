/*
 * webhook.h - did Twilio send this? For devices that serve HTTP themselves
 *
 * X-Twilio-Signature, which is HMAC-SHA1 in Base64, compared in constant time:
 * https://www.twilio.com/docs/usage/security#validating-requests
 * Takes no memory but the stack, and no connection. The SHA-1 is for this alone: TLS knows of none, and
 * refuses certificates signed by it. An application that does not call this does not pay for it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_WEBHOOK_H
#define TWILIO_WEBHOOK_H

#include "twilio.h"

#define TWILIO_WEBHOOK_PARAMS 64  /* parameters that a request may have */

/* Whether signature, the value of the header, is that of a request to url with these form parameters, decoded
 * and in any order; params NULL: none, as with a GET. Equal names with equal values count once. url is whole,
 * as Twilio was given it, with its query as it is; it is tried without a port and with one (its own, or the
 * scheme's), as Twilio's own libraries do. An empty auth_token, or too many parameters: false. */
bool twilio_webhook_valid(const char *auth_token, const char *signature, const char *url,
                          const struct twilio_param *params);

/* The same for a body that is no form (JSON). url has bodySHA256 in its query, and the first one must be the
 * body's: 64 lower-case hexadecimal digits. */
bool twilio_webhook_body_valid(const char *auth_token, const char *signature, const char *url,
                               const void *body, size_t size);

#endif
