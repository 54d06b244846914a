/*
 * twilio_error.h - what Twilio says is wrong, and what a device should do about it
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ERROR_H
#define TWILIO_ERROR_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Reading it out of an answer ------------------------------------------- */

#define TWILIO_ERROR_TEXT_SIZE 160
#define TWILIO_ERROR_LINK_SIZE 64

/* Reads the body of an answer, whatever it is, in pieces of any size, and never fails. Three shapes are read alike:
 * JSON {"code", "message", "more_info", "status"}, JSON of RFC 9457 {"code", "title", "detail", "type", "status"}, and
 * XML <RestException> (within <TwilioResponse> or not). What is none of them leaves code 0 and the texts "". */
struct twilio_error {
    uint32_t code;                             /* out: Twilio's, 21211; 0: none */
    uint16_t status;                           /* out: HTTP status as the body tells it; 0: it does not */
    char message[TWILIO_ERROR_TEXT_SIZE];      /* out: message; detail, else title. Cut to fit */
    char more_info[TWILIO_ERROR_LINK_SIZE];    /* out: "https://www.twilio.com/docs/errors/21211". Cut to fit */

    /* private */
    uint8_t shape;
    /* ... */
};

void twilio_error_begin(struct twilio_error *error);

/* Read on. */
void twilio_error_feed(struct twilio_error *error, const void *data, size_t size);

/* The body is complete: code, status and texts are as told above. */
void twilio_error_end(struct twilio_error *error);

/* ---- What to do ------------------------------------------------------------ */

enum twilio_advice {
    TWILIO_DONE,              /* it was carried out; nothing is to be done */
    TWILIO_RETRY_NOW,         /* it was not carried out: send it again */
    TWILIO_RETRY_LATER,       /* it was not carried out: send it again after Retry-After, else backing off */
    TWILIO_LOOK_FIRST,        /* it may have been carried out: look (list To and From) before sending it again */
    TWILIO_NEXT_CONTACT,      /* this number cannot be reached: try another person */
    TWILIO_USE_VOICE,         /* this number gets no messages: call it */
    TWILIO_FIX_CONFIGURATION, /* no repeat helps: credentials, sender, permissions, money, trust. Raise a local fault */
    TWILIO_FIX_PROGRAM        /* no repeat helps: the request is wrong */
};

/* What to do after a request: result and committed as exchange or client have them, status the HTTP status (0: no
 * answer), code Twilio's (0: none). For a message or call that was accepted and then failed: result TWILIO_OK,
 * committed true, status 200 and its "error_code" as code. Redirects (3xx), which are never followed, are
 * TWILIO_FIX_CONFIGURATION: the host or the product's path is wrong. */
enum twilio_advice twilio_advise(int result, bool committed, unsigned status, uint32_t code);

/* "retry later" ... */
const char *twilio_advice_name(enum twilio_advice advice);

/* What a code of Twilio's means, in a few words: 21610 "the recipient has opted out"; NULL: not known here. */
const char *twilio_code_name(uint32_t code);

#ifdef __cplusplus
}
#endif
#endif
