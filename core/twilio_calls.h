/*
 * twilio_calls.h - requests about phone calls
 *
 * As in twilio_messages.h: each function makes a request, all of it but account and headers; mistakes
 * are found when it is checked or encoded, and then nothing is sent; NULL and 0 mean "not given".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CALLS_H
#define TWILIO_CALLS_H

#include "twilio.h"
#include "twilio_twiml.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_CALL_TWIML_MAX      4000  /* characters, escapes included */
#define TWILIO_CALL_DIGITS_MAX     32
#define TWILIO_CALL_TIMEOUT_MAX    600   /* seconds */
#define TWILIO_CALL_LIMIT_MAX      86400 /* seconds */

enum twilio_machine_detection {
    TWILIO_MACHINE_IGNORE,     /* not given */
    TWILIO_MACHINE_DETECT,     /* Enable: "answered_by" tells who it was */
    TWILIO_MACHINE_WAIT_BEEP   /* DetectMessageEnd: speak after the greeting of an answering machine */
};

/* https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource */
struct twilio_call {
    const char *to;      /* needed: "+15558675310" (E.164), "client:alice", "sip:alice@example.com": the same
                            kinds of addresses as a message's to */
    const char *from;    /* needed: the same kinds */
    /* Just one of these says what is to be heard: */
    const struct twilio_twiml *twiml;  /* verbs, see twilio_twiml.h: at least one, at most 4,000 characters of
                                          XML */
    const char *url;                   /* where Twilio fetches TwiML, http:// or https:// */
    const char *application;           /* "AP..." */

    const struct twilio_param *query;  /* of url: parameters put into it; needs url */
    const char *method;                /* for url: "GET" or "POST"; needs url */
    const char *fallback_url;
    const char *status_callback;       /* URL */
    const char *const *status_events;  /* "initiated", "ringing", "answered", "completed", up to a NULL; needs
                                          status_callback */
    const char *send_digits;           /* pressed when it is answered: 1 to 32 of 0-9 A-D # * w W; not
                                          together with machine_detection, which it would turn off */
    uint32_t timeout;                  /* seconds of ringing, at most 600; 0: Twilio's default, 60 */
    uint32_t time_limit;               /* seconds of talking, at most 86,400 */
    enum twilio_machine_detection machine_detection;
    uint32_t detection_timeout;        /* seconds, 3 to 59; needs machine_detection */
    bool record;                       /* Record=true */
    const struct twilio_param *more;   /* further parameters, as they are; after all others */
};

/* Place it. 201 with "sid" and "status".
 * TWILIO_ERR_NUMBER: to. TWILIO_ERR_SENDER: from. TWILIO_ERR_CONTENT: none of twiml, url, application; a
 * twiml without a verb. TWILIO_ERR_CONFLICT: more than one of them; query or method without url; send_digits
 * together with machine_detection; detection_timeout without; status_events without status_callback.
 * TWILIO_ERR_LENGTH: twiml, send_digits. TWILIO_ERR_TWIML: see twilio_twiml.h. TWILIO_ERR_URL: url,
 * fallback_url, status_callback. TWILIO_ERR_SID: application. TWILIO_ERR_RANGE: timeout, time_limit,
 * detection_timeout, method, status_events, send_digits, machine_detection.
 * TWILIO_ERR_PARAMETER: query, more. TWILIO_ERR_ARGUMENT: call NULL. */
void twilio_call_create(struct twilio_request *request, const struct twilio_call *call);

/* One call, by its SID: "CA...", else TWILIO_ERR_SID. One that is NULL or "" when the request is made stays
 * refused. */
void twilio_call_fetch(struct twilio_request *request, const char *sid);   /* 200 */
void twilio_call_cancel(struct twilio_request *request, const char *sid);  /* if not answered yet: 200 */
void twilio_call_hang_up(struct twilio_request *request, const char *sid); /* in any state: 200 */
void twilio_call_delete(struct twilio_request *request, const char *sid);  /* its record: 204 */

/* Which calls to list. All may be left out. */
struct twilio_call_filter {
    const char *to, *from;       /* as above, else TWILIO_ERR_NUMBER, TWILIO_ERR_SENDER */
    const char *status;          /* "queued", "ringing", "in-progress", "canceled", "completed", "failed",
                                    "busy", "no-answer", else TWILIO_ERR_RANGE */
    const char *start_time;      /* "2026-11-23", a day in GMT, or "2026-11-23T20:36:27Z"; */
    const char *started_after;   /* StartTime>: then or later; */
    const char *started_before;  /* StartTime<: then or before. Else TWILIO_ERR_RANGE */
    uint32_t page_size;          /* at most 1,000, else TWILIO_ERR_RANGE; 0: Twilio's default, 50 */
};

/* A page of calls, "calls[]"; twilio_list.h walks them all. filter NULL: all. */
void twilio_call_list(struct twilio_request *request, const struct twilio_call_filter *filter);

#ifdef __cplusplus
}
#endif
#endif
