/*
 * twilio_calls.h - requests about phone calls
 *
 * As in twilio_messages.h: each function makes a request, all of it but account and headers; mistakes
 * are found when it is checked or encoded, and then nothing is sent; NULL and 0 mean "not given"; what has
 * no member here (StatusCallback, Record, TimeLimit ...) goes into request.params, once it is made.
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

/* What to do about answering machines; not given: nothing */
#define TWILIO_MACHINE_DETECT    "Enable"            /* "answered_by" tells who it was */
#define TWILIO_MACHINE_WAIT_BEEP "DetectMessageEnd"  /* speak after its greeting */

/* https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource */
struct twilio_call {
    const char *to;          /* needed: "+15558675310" (E.164), "client:alice", "sip:alice@example.com": the
                                same kinds of addresses as a message's to */
    const char *from;        /* needed: the same kinds */
    const char *url;         /* where Twilio fetches what is to be heard */
    const char *send_digits; /* pressed when it is answered: 1 to 32 of 0-9 A-D # * w W; not together with
                                machine_detection, which it would turn off */
    const char *machine_detection;    /* TWILIO_MACHINE_DETECT, TWILIO_MACHINE_WAIT_BEEP */
    const struct twilio_twiml *twiml; /* what is to be heard, see twilio_twiml.h: at most 4,000 characters of
                                         XML */
    struct twilio_generator source;   /* what is to be heard, another way: { twilio_url, &url } for a URL with
                                         a query of its own (twilio.h). Of url, twiml and source just one */
    uint32_t timeout;        /* seconds of ringing, at most 600; 0: Twilio's default, 60 */
};

/* Place it. 201 with "sid" and "status".
 * TWILIO_ERR_NUMBER: to. TWILIO_ERR_SENDER: from. TWILIO_ERR_CONTENT: none of url, twiml and source.
 * TWILIO_ERR_CONFLICT: more than one of them; send_digits together with machine_detection.
 * TWILIO_ERR_LENGTH: twiml; send_digits that are none, too, or too many. TWILIO_ERR_TWIML: see
 * twilio_twiml.h. TWILIO_ERR_RANGE: timeout. TWILIO_ERR_ARGUMENT: call NULL. And those of source. */
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
