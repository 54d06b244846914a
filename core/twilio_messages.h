/*
 * twilio_messages.h - requests about messages: SMS, MMS, WhatsApp
 *
 * Each function makes a request, all of it but account and headers, which stay yours:
 *
 *   struct twilio_request request = { .account = &account };
 *   struct twilio_message message = { .to = "+15558675310", .from = "+15017122661", .body = "Fire" };
 *   twilio_message_create(&request, &message);
 *
 * What the arguments point to must outlive the request. They are looked at when the request is checked
 * or encoded: a mistake is the result of twilio_request_check, twilio_encode and twilio_exchange_begin,
 * and then nothing is sent; of several mistakes, one. NULL and 0 mean "not given" throughout. A parameter
 * that has no member here goes into request.params, once the request is made:
 *
 *   request.params = TWILIO_PARAMS({"StatusCallback", "https://example.com/status"});
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_MESSAGES_H
#define TWILIO_MESSAGES_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_MESSAGE_BODY_MAX   1600  /* characters */
#define TWILIO_MESSAGE_MEDIA_MAX  10    /* URLs */
#define TWILIO_MESSAGE_VALID_MAX  36000 /* seconds */

/* https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
struct twilio_message {
    const char *to;        /* needed: "+15558675310" (E.164: 2 to 15 digits, the first not 0), or
                              "whatsapp:+15558675310", or another channel's address: "messenger:..." */
    const char *from;      /* from or service is needed, both are allowed. What to can be, or a short code, or
                              a sender ID; with a '+' it is a number */
    const char *service;   /* "MG...": MessagingServiceSid */
    const char *content;   /* body, media or content is needed. "HX...": ContentSid, a template */
    const char *variables; /* ContentVariables, JSON: {"1":"Anna"}; needs content */
    const char *send_at;   /* "2026-11-30T20:36:27Z": schedules it (ScheduleType=fixed); needs service,
                              without which Twilio would send it at once */
    const char *body;      /* at most 1,600 characters; may be empty if there is media */
    const char *const *media; /* URLs, 1 to 10, up to a NULL: MMS, WhatsApp */
    uint32_t validity;     /* ValidityPeriod: seconds, at most 36,000, after which an undelivered message is
                              dropped. 0: Twilio's default, 10 hours. An alert wants 900 or less */
};

/* Send it. 201 with "sid" and "status".
 * TWILIO_ERR_NUMBER: to. TWILIO_ERR_SENDER: neither from nor service, or a from that is "" or no number after
 * a '+'. TWILIO_ERR_CONTENT: no body, media or content; an empty body alone. TWILIO_ERR_CONFLICT: variables
 * without content; body or media together with content. TWILIO_ERR_LENGTH: body; media, or none in it.
 * TWILIO_ERR_SCHEDULE: send_at without service, or with one that is "". TWILIO_ERR_RANGE: validity.
 * TWILIO_ERR_ARGUMENT: message NULL. */
void twilio_message_create(struct twilio_request *request, const struct twilio_message *message);

/* One message, by its SID: "SM..." or "MM...", else TWILIO_ERR_SID. One that is NULL or "" when the request
 * is made stays refused. */
void twilio_message_fetch(struct twilio_request *request, const char *sid);   /* 200 */
void twilio_message_cancel(struct twilio_request *request, const char *sid);  /* a scheduled one: 200 */
void twilio_message_redact(struct twilio_request *request, const char *sid);  /* empties its Body: 200 */
void twilio_message_delete(struct twilio_request *request, const char *sid);  /* 204 */

/* Which messages to list. All may be left out. */
struct twilio_message_filter {
    const char *to, *from;   /* as above, else TWILIO_ERR_NUMBER, TWILIO_ERR_SENDER */
    const char *date_sent;   /* "2026-11-23", a day in GMT, or "2026-11-23T20:36:27Z"; */
    const char *sent_after;  /* DateSent>: then or later; */
    const char *sent_before; /* DateSent<: then or before. Else TWILIO_ERR_RANGE */
    uint32_t page_size;      /* at most 1,000, else TWILIO_ERR_RANGE; 0: Twilio's default, 50 */
};

/* A page of messages, "messages[]"; twilio_list.h walks them all. filter NULL: all. */
void twilio_message_list(struct twilio_request *request, const struct twilio_message_filter *filter);

#ifdef __cplusplus
}
#endif
#endif
