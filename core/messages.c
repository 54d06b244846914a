/*
 * messages.c - requests about messages: their parameters, and what Twilio would refuse or twist
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_messages.h"

#include "form.h"
#include "grammar.h"
#include "sink.h"

/* ---- Create ---------------------------------------------------------------- */

/* Letters, digits, spaces, + - _ &, with a letter among them */
enum name_state { NAME = 0, NAMED = NAME + 8 };

static const struct rule name[] = {
    [NAME] = RULE('0', '9', NAME, 0), RULE(' ', ' ', NAME, 0), RULE('&', '&', NAME, 0),
        RULE('+', '+', NAME, 0), RULE('-', '-', NAME, 0), RULE('_', '_', NAME, 0),
        RULE('A', 'Z', NAMED, 0), LAST('a', 'z', NAMED, 0),
    [NAMED] = RULE('0', '9', NAMED, 0), RULE(' ', ' ', NAMED, 0), RULE('&', '&', NAMED, 0),
        RULE('+', '+', NAMED, 0), RULE('-', '-', NAMED, 0), RULE('_', '_', NAMED, 0),
        RULE('A', 'Z', NAMED, 0), RULE('a', 'z', NAMED, 0), LAST('\0', '\0', NAMED, 0)
};

_Static_assert(sizeof name == (NAMED + 9) * sizeof(struct rule), "a state has other rules than it should");

static const struct rule digits[] = { RULE('\0', '\0', 0, 0), LAST('0', '9', 0, 0) };

/* A phone number, an address of another channel, a short code, or a name. */
static bool is_sender(const char *text)
{
    return twilio_is_address(text) || twilio_matches(text, digits) - 3 < 6
        || twilio_matches(text, name) - 1 < 11;
}

static int check_message(const struct twilio_message *message)
{
    bool media = message->media != NULL && message->media[0] != NULL;

    if (!twilio_is_address(message->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (message->from != NULL ? !is_sender(message->from) : message->service == NULL) {
        return TWILIO_ERR_SENDER;
    }
    if (message->content != NULL ? message->body != NULL || media : message->variables != NULL) {
        return TWILIO_ERR_CONFLICT;
    }
    if (message->content == NULL && !media && (message->body == NULL || message->body[0] == '\0')) {
        return TWILIO_ERR_CONTENT;
    }
    if (message->send_at != NULL && (message->service == NULL || !twilio_is_time(message->send_at))) {
        return TWILIO_ERR_SCHEDULE;
    }
    return 0;
}

#define MEMBER(member, kind, name, limit) \
    FORM_RULE(struct twilio_message, member, kind, FORM_NAME(name), limit)

static const struct form_rule message_rules[] = {
    MEMBER(to, FORM_TEXT, "To", 0),
    MEMBER(from, FORM_TEXT, "From", 0),
    MEMBER(service, FORM_SID, "MessagingServiceSid", FORM_SID_OF('M', 'G')),
    MEMBER(body, FORM_TEXT, "Body", TWILIO_MESSAGE_BODY_MAX),
    MEMBER(media, FORM_URLS, "MediaUrl", TWILIO_MESSAGE_MEDIA_MAX),
    MEMBER(content, FORM_SID, "ContentSid", FORM_SID_OF('H', 'X')),
    MEMBER(variables, FORM_TEXT, "ContentVariables", 0),
    MEMBER(send_at, FORM_TEXT, "SendAt", 0),
    MEMBER(status_callback, FORM_URL, "StatusCallback", 0),
    MEMBER(validity, FORM_NUMBER, "ValidityPeriod", TWILIO_MESSAGE_VALID_MAX),
    MEMBER(smart, FORM_FLAG, "SmartEncoded", 0),
    FORM_END
};

static int write_message(struct twilio_sink *sink, const void *source)
{
    const struct twilio_message *message = source;
    int e = message == NULL ? TWILIO_ERR_ARGUMENT : check_message(message);

    if (e == 0) {
        e = twilio_form(sink, message_rules, message);
    }
    if (e == 0) {
        twilio_write_param(sink, "ScheduleType", message->send_at != NULL ? "fixed" : NULL);
        twilio_sink_params(sink, message->more);
    }
    return e;
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
    return twilio_is_sid(sid, FORM_SID_OF('S', 'M')) || twilio_is_sid(sid, FORM_SID_OF('M', 'M'))
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

#define FILTER(member, kind, name, limit) \
    FORM_RULE(struct twilio_message_filter, member, kind, FORM_NAME(name), limit)

static const struct form_rule filter_rules[] = {
    FILTER(to, FORM_TEXT, "To", 0),
    FILTER(from, FORM_TEXT, "From", 0),
    FILTER(date_sent, FORM_DATE, "DateSent", 0),
    FILTER(sent_after, FORM_DATE, "DateSent>", 0),
    FILTER(sent_before, FORM_DATE, "DateSent<", 0),
    FILTER(page_size, FORM_NUMBER, "PageSize", TWILIO_PAGE_SIZE_MAX),
    FORM_END
};

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
    return twilio_form(sink, filter_rules, filter);
}

void twilio_message_list(struct twilio_request *request, const struct twilio_message_filter *filter)
{
    twilio_form_request(request, TWILIO_GET, "Messages.json", write_filter, filter);
}
