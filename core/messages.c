/*
 * messages.c - requests about messages: their parameters, and what Twilio would refuse or twist
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_messages.h"

#include "form.h"
#include "sink.h"

#include <stddef.h>

/* ---- Create ---------------------------------------------------------------- */

/* Sender IDs are what they are; but what begins as a number has to be one. */
static bool is_sender(const char *text)
{
    return *text == '+' ? twilio_is_e164(text) : *text != '\0';
}

static inline bool is_missing(const char *text)
{
    return text == NULL || *text == '\0';
}

/* A content is sent in place of body and media. */
static int check_content(const struct twilio_message *message)
{
    if (message->content != NULL) {
        return message->body != NULL || message->media != NULL ? TWILIO_ERR_CONFLICT : 0;
    }
    if (message->variables != NULL) {
        return TWILIO_ERR_CONFLICT;
    }
    return message->media == NULL && is_missing(message->body) ? TWILIO_ERR_CONTENT : 0;
}

static int check_message(const struct twilio_message *message)
{
    if (!twilio_is_address(message->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (message->from != NULL ? !is_sender(message->from) : message->service == NULL) {
        return TWILIO_ERR_SENDER;
    }
    return check_content(message);
}

static int write_media(struct twilio_sink *sink, const char *const *media)
{
    unsigned count = 0;

    if (media == NULL) {
        return 0;
    }
    while (media[count] != NULL) {
        twilio_write_param(sink, "MediaUrl", media[count++]);
    }
    return count - 1 < TWILIO_MESSAGE_MEDIA_MAX ? 0 : TWILIO_ERR_LENGTH;
}

_Static_assert(offsetof(struct twilio_message, body) == 6 * sizeof(char *), "the texts come first, in order");

static int write_message(struct twilio_sink *sink, const void *source)
{
    const struct twilio_message *message = source;
    int e = message == NULL ? TWILIO_ERR_ARGUMENT : check_message(message);

    if (e != 0) {
        return e;
    }
    twilio_form(sink, "To\0From\0MessagingServiceSid\0ContentSid\0ContentVariables\0SendAt\0Body\0", message);
    if (message->body != NULL && sink->characters > TWILIO_MESSAGE_BODY_MAX) {
        return TWILIO_ERR_LENGTH;
    }
    if (message->send_at != NULL) {
        if (is_missing(message->service)) {
            return TWILIO_ERR_SCHEDULE;
        }
        twilio_write_param(sink, "ScheduleType", "fixed");
    }
    e = write_media(sink, message->media);
    return e != 0 ? e
         : twilio_form_number(sink, "ValidityPeriod", message->validity, TWILIO_MESSAGE_VALID_MAX);
}

void twilio_message_create(struct twilio_request *request, const struct twilio_message *message)
{
    twilio_form_request(request, TWILIO_POST, "Messages.json", write_message, message);
}

/* ---- One ------------------------------------------------------------------- */

#define RESOURCE "Messages/{}.json"

static int check_sid(struct twilio_sink *sink, const void *sid)
{
    (void)sink;
    return twilio_is_sid(sid, SID_OF('S', 'M')) || twilio_is_sid(sid, SID_OF('M', 'M'))
         ? 0 : TWILIO_ERR_SID;
}

void twilio_message_fetch(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_GET, RESOURCE, check_sid, sid);
}

static int write_canceled(struct twilio_sink *sink, const void *sid)
{
    twilio_write_param(sink, "Status", "canceled");
    return check_sid(sink, sid);
}

void twilio_message_cancel(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_POST, RESOURCE, write_canceled, sid);
}

static int write_redacted(struct twilio_sink *sink, const void *sid)
{
    twilio_write_param(sink, "Body", "");
    return check_sid(sink, sid);
}

void twilio_message_redact(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_POST, RESOURCE, write_redacted, sid);
}

void twilio_message_delete(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_DELETE, RESOURCE, check_sid, sid);
}

/* ---- List ------------------------------------------------------------------ */

_Static_assert(offsetof(struct twilio_message_filter, sent_before) == 4 * sizeof(char *),
               "the texts come first, in order");

static int write_filter(struct twilio_sink *sink, const void *source)
{
    const struct twilio_message_filter *filter = source;

    if (filter == NULL) {
        return 0;
    }
    if (filter->to != NULL && !twilio_is_address(filter->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (filter->from != NULL && !is_sender(filter->from)) {
        return TWILIO_ERR_SENDER;
    }
    if (!twilio_are_dates(&filter->date_sent, 3)) {
        return TWILIO_ERR_RANGE;
    }
    twilio_form(sink, "To\0From\0DateSent\0DateSent>\0DateSent<\0", filter);
    return twilio_form_number(sink, "PageSize", filter->page_size, TWILIO_PAGE_SIZE_MAX);
}

void twilio_message_list(struct twilio_request *request, const struct twilio_message_filter *filter)
{
    twilio_form_request(request, TWILIO_GET, "Messages.json", write_filter, filter);
}
