/*
 * webhook.h - did Twilio send this? For devices that serve HTTP themselves
 *
 * X-Twilio-Signature: https://www.twilio.com/docs/usage/security#validating-requests. On mbedTLS's HMAC; compared in constant
 * time. Needs TWILIO_WEBHOOK of CMakeLists.txt, which brings mbedTLS's SHA-1 with it, for HMAC alone: certificates
 * signed by SHA-1 are refused as before.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_WEBHOOK_H
#define TWILIO_WEBHOOK_H

#include "twilio.h"

/* Whether signature, the value of the header X-Twilio-Signature, is that of a request to url with these form parameters,
 * decoded, in any order; for a GET, or a JSON body, none (NULL). url is as Twilio was given it, its query included; it is
 * tried with and without the port that its scheme implies. Up to TWILIO_WEBHOOK_PARAMS parameters; with more: false.
 * Equal names with equal values count once. */
#define TWILIO_WEBHOOK_PARAMS 64
bool twilio_webhook_valid(const char *auth_token, const char *signature, const char *url,
                          const struct twilio_param *params);

/* The same for a body that is no form (JSON): url's query has bodySHA256, which must be the body's. */
bool twilio_webhook_body_valid(const char *auth_token, const char *signature, const char *url,
                               const void *body, size_t size);

#endif
