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

/* Reads the body of an answer, whatever it is, in pieces of any size, and never fails. Three shapes are read
 * alike: JSON {"code", "message", "more_info", "status"}, JSON of RFC 9457 {"code", "title", "detail",
 * "type", "status"}, and XML <RestException> (within <TwilioResponse> or not). What is none of them leaves
 * code 0 and the texts "". Of a body that is broken, or breaks off, the values that were complete before are
 * told. Texts have no ASCII control characters: they fit in a line of a log. Not to be moved between begin
 * and end. */
struct twilio_error {
    uint32_t code;                          /* out: Twilio's, 21211; 0: none */
    uint16_t status;                        /* out: HTTP status as the body tells it, up to 999; 0: none */
    char message[TWILIO_ERROR_TEXT_SIZE];   /* out: message; else detail, else title. Cut to fit */
    char more_info[TWILIO_ERROR_LINK_SIZE]; /* out: more_info, else type; "" if that is no URL. Cut to fit:
                                               "https://www.twilio.com/docs/errors/21211" */

    /* private */
    struct twilio_error_reader {
        union {
            struct twilio_json json;
            struct twilio_error_xml {
                struct twilio_field *fields, *live;
                uint32_t depth, number;
                uint8_t  state, size;
                char     name[15];
                bool     space;
            } xml;
        } of;
        struct twilio_field fields[8];
        char code[11], status[4], shape;
    } reader;
};

void twilio_error_begin(struct twilio_error *error);

/* Read on. error is a struct twilio_error. Returns true, so that it can be the callback for the body of an
 * answer (port/client.h): .body = twilio_error_feed, .context = &error */
bool twilio_error_feed(void *error, const char *data, size_t size);

/* The body is complete: code, status and texts are as told above. Before, they mean nothing. */
void twilio_error_end(struct twilio_error *error);

/* ---- What to do ------------------------------------------------------------ */

enum twilio_advice {
    TWILIO_DONE,              /* it was carried out; nothing is to be done */
    TWILIO_RETRY_NOW,         /* it was not carried out: send it again */
    TWILIO_RETRY_LATER,       /* it was not carried out: send it again after Retry-After, else backing off */
    TWILIO_LOOK_FIRST,        /* it may have been carried out: look (list To and From) before sending it
                                 again. What only reads can be sent again as it is */
    TWILIO_NEXT_CONTACT,      /* this number cannot be reached: try another person */
    TWILIO_USE_VOICE,         /* this number gets no messages: call it */
    TWILIO_FIX_CONFIGURATION, /* no repeat helps: credentials, sender, permissions, money, trust. Raise a
                                 local fault */
    TWILIO_FIX_PROGRAM        /* no repeat helps: the request is wrong */
};

/* Codes of Twilio's that a device meets: https://www.twilio.com/docs/api/errors */
enum twilio_code {
    TWILIO_CODE_LOGIN                 = 20003,  /* credentials wrong, or without that right */
    TWILIO_CODE_ACCOUNT_INACTIVE      = 20005,
    TWILIO_CODE_PAGE_SIZE             = 20007,
    TWILIO_CODE_NOT_FOUND             = 20404,  /* of Verify: expired, or used up */
    TWILIO_CODE_TOO_MANY_REQUESTS     = 20429,
    TWILIO_CODE_CALL_WITHOUT_TO       = 21201,
    TWILIO_CODE_CALL_FROM_UNVERIFIED  = 21210,
    TWILIO_CODE_TO_INVALID            = 21211,
    TWILIO_CODE_FROM_INVALID          = 21212,
    TWILIO_CODE_CALL_NOT_PERMITTED    = 21215,  /* to that country */
    TWILIO_CODE_CALL_TO_INVALID       = 21217,
    TWILIO_CODE_CALL_TO_UNVERIFIED    = 21219,  /* of a trial account */
    TWILIO_CODE_MESSAGE_NOT_PERMITTED = 21408,  /* to that country */
    TWILIO_CODE_WITHOUT_BODY          = 21602,
    TWILIO_CODE_WITHOUT_FROM          = 21603,
    TWILIO_CODE_WITHOUT_TO            = 21604,
    TWILIO_CODE_FROM_INCAPABLE        = 21606,
    TWILIO_CODE_TO_UNVERIFIED         = 21608,  /* of a trial account */
    TWILIO_CODE_OPTED_OUT             = 21610,
    TWILIO_CODE_FROM_QUEUE_FULL       = 21611,
    TWILIO_CODE_TO_NOT_MOBILE         = 21614,
    TWILIO_CODE_BODY_TOO_LONG         = 21617,

    /* Why a message that was accepted, 201, failed later: its "error_code". */
    TWILIO_CODE_QUEUE_OVERFLOW        = 30001,
    TWILIO_CODE_ACCOUNT_SUSPENDED     = 30002,
    TWILIO_CODE_HANDSET_UNREACHABLE   = 30003,
    TWILIO_CODE_BLOCKED               = 30004,
    TWILIO_CODE_HANDSET_UNKNOWN       = 30005,
    TWILIO_CODE_LANDLINE              = 30006,
    TWILIO_CODE_FILTERED              = 30007,
    TWILIO_CODE_UNKNOWN               = 30008,
    TWILIO_CODE_TOLL_FREE_UNVERIFIED  = 30032,
    TWILIO_CODE_FROM_UNREGISTERED     = 30034,
    TWILIO_CODE_DAILY_CAP             = 30454,
    TWILIO_CODE_DAILY_LIMIT           = 63038
};

/* What to do after a request: result and committed as exchange or client have them, status the HTTP status
 * (0: no answer), code Twilio's (0: none). For a message or call that was accepted and then failed: result
 * TWILIO_OK, committed true, status 200 and its "error_code" as code.
 *
 * An answer: the code decides if it is known here. 30003, 30005 and 30008 are TWILIO_RETRY_LATER: once, then
 * call. What a country's permissions forbid, 21408 and 21215, is TWILIO_FIX_CONFIGURATION, but the other
 * channel may work meanwhile. Any other code with 2xx says that a message failed: TWILIO_USE_VOICE.
 * Then the status:
 *   2xx                      TWILIO_DONE
 *   3xx, which is never followed: the host or the product's path is wrong; 401, 402, 403, 407
 *                            TWILIO_FIX_CONFIGURATION
 *   408, 425, 429            TWILIO_RETRY_LATER
 *   other 4xx                TWILIO_FIX_PROGRAM. 404: what was to be fetched is not there, and will not be
 *   5xx and others           TWILIO_LOOK_FIRST, 503 too: the answer alone may have been lost on its way back
 *
 * No answer, or one that broke off and is not 3xx or 4xx:
 *   TWILIO_ERR_NUMBER                                       TWILIO_NEXT_CONTACT
 *   TWILIO_ERR_ACCOUNT, _CREDENTIALS, _HOST, _SENDER        TWILIO_FIX_CONFIGURATION
 *   the caller's other mistakes; TWILIO_ERR_PAGE            TWILIO_FIX_PROGRAM
 *   anything else, if committed                             TWILIO_LOOK_FIRST
 *   if not committed: a connection that died, TWILIO_ERR_RESET, _CLOSED
 *                                                           TWILIO_RETRY_NOW
 *   trust, clock, anchors, proxy, entropy                   TWILIO_FIX_CONFIGURATION
 *   too little memory, TWILIO_ERR_MEMORY, _RECORD           TWILIO_FIX_PROGRAM
 *   the rest: network, DNS, deadlines, TLS                  TWILIO_RETRY_LATER */
enum twilio_advice twilio_advise(int result, bool committed, unsigned status, uint32_t code);

/* "retry later". What is no advice is called "fix program". */
const char *twilio_advice_name(enum twilio_advice advice);

/* What a code of Twilio's means, in a few words: 21610 "the recipient has opted out"; NULL: not known here */
const char *twilio_code_name(uint32_t code);

#ifdef __cplusplus
}
#endif
#endif
