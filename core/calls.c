/*
 * calls.c - requests about phone calls: their parameters, and what Twilio would refuse or twist
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_calls.h"

#include "form.h"
#include "grammar.h"
#include "sink.h"
#include "url.h"

/* ---- Create ---------------------------------------------------------------- */

/* What excludes, or needs, each other. */
static int check_whole(const struct twilio_call *call)
{
    int sources = (call->twiml != NULL) + (call->url != NULL) + (call->application != NULL);

    if (sources == 0 || (call->twiml != NULL && call->twiml->name == NULL)) {
        return TWILIO_ERR_CONTENT;
    }
    if (sources > 1 || (call->url == NULL && (call->query != NULL || call->method != NULL))
        || (call->status_callback == NULL && call->status_events != NULL)
        || (call->machine_detection != 0 ? call->send_digits != NULL : call->detection_timeout != 0)) {
        return TWILIO_ERR_CONFLICT;
    }
    return 0;
}

static int check_digits(const char *digits)
{
    static const struct rule keys[] = {
        RULE('\0', '\0', 0, 0), RULE('0', '9', 0, 0), RULE('#', '#', 0, 0), RULE('*', '*', 0, 0),
        RULE('A', 'B', 0, 0), RULE('C', 'D', 0, 0), RULE('W', 'W', 0, 0), LAST('w', 'w', 0, 0)
    };
    unsigned length = twilio_matches(digits, keys);

    return length == 0 ? TWILIO_ERR_RANGE : length > TWILIO_CALL_DIGITS_MAX ? TWILIO_ERR_LENGTH : 0;
}

static int check_call(const struct twilio_call *call)
{
    if (!twilio_is_address(call->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (!twilio_is_address(call->from)) {
        return TWILIO_ERR_SENDER;
    }
    if ((unsigned)call->machine_detection > TWILIO_MACHINE_WAIT_BEEP || call->detection_timeout - 1 < 2
        || call->time_limit > TWILIO_CALL_LIMIT_MAX) {
        return TWILIO_ERR_RANGE;
    }
    return call->send_digits != NULL ? check_digits(call->send_digits) : 0;
}

#define MEMBER(member, kind, name, limit) \
    FORM_RULE(struct twilio_call, member, kind, FORM_NAME(name), limit)

static const struct form_rule call_rules[] = {
    MEMBER(to, FORM_TEXT, "To", 0),
    MEMBER(from, FORM_TEXT, "From", 0),
    MEMBER(application, FORM_SID, "ApplicationSid", FORM_SID_OF('A', 'P')),
    MEMBER(method, FORM_CHOICE, "Method\0GET\0POST\0", 0),
    MEMBER(fallback_url, FORM_URL, "FallbackUrl", 0),
    MEMBER(status_callback, FORM_URL, "StatusCallback", 0),
    MEMBER(status_events, FORM_CHOICES,
         "StatusCallbackEvent\0initiated\0ringing\0answered\0completed\0", 0),
    MEMBER(send_digits, FORM_TEXT, "SendDigits", 0),
    MEMBER(timeout, FORM_NUMBER, "Timeout", TWILIO_CALL_TIMEOUT_MAX),
    MEMBER(time_limit, FORM_NUMBER, "TimeLimit", 0),
    MEMBER(detection_timeout, FORM_NUMBER, "MachineDetectionTimeout", 59),
    MEMBER(record, FORM_FLAG, "Record", 0),
    FORM_END
};

/* Where what is to be heard comes from, which the table does not know how to write. */
static int write_source(struct twilio_sink *sink, const struct twilio_call *call)
{
    int e;

    if (call->twiml != NULL) {
        twilio_write_name(sink, "Twiml");
        e = twilio_write_twiml(sink, call->twiml);
        return sink->characters > TWILIO_CALL_TWIML_MAX ? TWILIO_ERR_LENGTH : e;
    }
    if (call->url != NULL) {
        twilio_write_param(sink, "Url", call->url);
        return twilio_is_url(call->url) ? twilio_write_query(sink, call->url, call->query, "&")
             : TWILIO_ERR_URL;
    }
    return 0;
}

static int write_call(struct twilio_sink *sink, const void *source)
{
    static const char *const detections[] = { NULL, "Enable", "DetectMessageEnd" };
    const struct twilio_call *call = source;
    int e = call == NULL ? TWILIO_ERR_ARGUMENT : check_call(call);

    if (e == 0) {
        e = check_whole(call);
    }
    if (e == 0) {
        e = twilio_form(sink, call_rules, call);
    }
    if (e == 0) {
        twilio_write_param(sink, "MachineDetection", detections[call->machine_detection]);
        e = write_source(sink, call);
        twilio_sink_params(sink, call->more);
    }
    return e;
}

void twilio_call_create(struct twilio_request *request, const struct twilio_call *call)
{
    twilio_form_request(request, TWILIO_POST, "Calls.json", write_call, call);
}

/* ---- One ------------------------------------------------------------------- */

#define RESOURCE "Calls/{}.json"

static int check_sid(struct twilio_sink *sink, const void *sid)
{
    (void)sink;
    return twilio_is_sid(sid, FORM_SID_OF('C', 'A')) ? 0 : TWILIO_ERR_SID;
}

void twilio_call_fetch(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_GET, RESOURCE, check_sid, sid);
}

static int write_canceled(struct twilio_sink *sink, const void *sid)
{
    twilio_write_param(sink, "Status", "canceled");
    return check_sid(sink, sid);
}

void twilio_call_cancel(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_POST, RESOURCE, write_canceled, sid);
}

static int write_completed(struct twilio_sink *sink, const void *sid)
{
    twilio_write_param(sink, "Status", "completed");
    return check_sid(sink, sid);
}

void twilio_call_hang_up(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_POST, RESOURCE, write_completed, sid);
}

void twilio_call_delete(struct twilio_request *request, const char *sid)
{
    twilio_form_item(request, TWILIO_DELETE, RESOURCE, check_sid, sid);
}

/* ---- List ------------------------------------------------------------------ */

#define FILTER(member, kind, name, limit) \
    FORM_RULE(struct twilio_call_filter, member, kind, FORM_NAME(name), limit)

static const struct form_rule filter_rules[] = {
    FILTER(to, FORM_TEXT, "To", 0),
    FILTER(from, FORM_TEXT, "From", 0),
    FILTER(status, FORM_CHOICE,
           "Status\0queued\0ringing\0in-progress\0canceled\0completed\0failed\0busy\0no-answer\0", 0),
    FILTER(start_time, FORM_DATE, "StartTime", 0),
    FILTER(started_after, FORM_DATE, "StartTime>", 0),
    FILTER(started_before, FORM_DATE, "StartTime<", 0),
    FILTER(page_size, FORM_NUMBER, "PageSize", TWILIO_PAGE_SIZE_MAX),
    FORM_END
};

static int write_filter(struct twilio_sink *sink, const void *source)
{
    const struct twilio_call_filter *filter = source;

    if (filter == NULL) {
        return 0;
    }
    if (filter->to != NULL && !twilio_is_address(filter->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (filter->from != NULL && !twilio_is_address(filter->from)) {
        return TWILIO_ERR_SENDER;
    }
    return twilio_form(sink, filter_rules, filter);
}

void twilio_call_list(struct twilio_request *request, const struct twilio_call_filter *filter)
{
    twilio_form_request(request, TWILIO_GET, "Calls.json", write_filter, filter);
}
