/*
 * twilio_verify.h - one-time codes: send one, check one (https://www.twilio.com/docs/verify/api)
 *
 * As in twilio_messages.h: each function makes a request, all of it but account and headers; mistakes
 * are found when it is checked or encoded, and then nothing is sent; NULL and 0 mean "not given".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_VERIFY_H
#define TWILIO_VERIFY_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

struct twilio_verification {
    const char *service;     /* needed: "VA...", else TWILIO_ERR_SID */
    const char *to;          /* needed: "+15558675310", else TWILIO_ERR_NUMBER; for the channel email an
                                address, which holds an '@' */
    const char *channel;     /* "sms", "call", "whatsapp", "email", "sna" or "auto", else TWILIO_ERR_RANGE;
                                NULL: "sms" */
    const char *locale;      /* "de" */
    const char *custom_code; /* 4 to 10 letters and digits, else TWILIO_ERR_RANGE */
};

/* Send a code: 201, with "sid" and "status", "pending". TWILIO_ERR_ARGUMENT: verification NULL. */
void twilio_verification_start(struct twilio_request *request,
                               const struct twilio_verification *verification);

struct twilio_verification_check {
    const char *service;  /* needed: "VA...", else TWILIO_ERR_SID */
    const char *to;       /* the same as above, else TWILIO_ERR_NUMBER; or */
    const char *sid;      /* of the verification: "VE...", else TWILIO_ERR_SID. Neither, or both:
                             TWILIO_ERR_CONFLICT */
    const char *code;     /* needed: what the user typed, 4 to 10 letters and digits, else TWILIO_ERR_RANGE */
};

/* Was it that code? 200 (Twilio's documents allow a 201, too), with "status": "approved", or "pending" if it
 * was not; 404: there is none to check, it has expired, or was approved already. TWILIO_ERR_ARGUMENT: check
 * NULL. */
void twilio_verification_check(struct twilio_request *request, const struct twilio_verification_check *check);

#ifdef __cplusplus
}
#endif
#endif
