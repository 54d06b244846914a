/*
 * calls.c - requests about phone calls: their parameters, and what Twilio would refuse or twist
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_calls.h"

#include "form.h"
#include "sink.h"

#include <stddef.h>

/* ---- Create ---------------------------------------------------------------- */

static int check_digits(const char *digits)
{
    static const octet_set keys = { 0x03FF0408U, 0x0080001EU, 0x00800000U };

    return digits == NULL || twilio_made_of(digits, keys) - 1 < TWILIO_CALL_DIGITS_MAX
         ? 0 : TWILIO_ERR_LENGTH;
}

static int check_call(const struct twilio_call *call)
{
    int sources = (call->twiml != NULL) + (call->url != NULL) + (call->source.write != NULL);

    if (!twilio_is_address(call->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (!twilio_is_address(call->from)) {
        return TWILIO_ERR_SENDER;
    }
    if (sources == 0) {
        return TWILIO_ERR_CONTENT;
    }
    if (sources > 1 || (call->send_digits != NULL && call->machine_detection != NULL)) {
        return TWILIO_ERR_CONFLICT;
    }
    return check_digits(call->send_digits);
}

static int write_source(struct twilio_sink *sink, const struct twilio_call *call)
{
    int e;

    if (call->source.write != NULL) {
        return call->source.write(sink, call->source.source);
    }
    if (call->twiml == NULL) {
        return 0;
    }
    twilio_write_name(sink, "Twiml");
    e = twilio_write_twiml(sink, call->twiml);
    return sink->characters > TWILIO_CALL_TWIML_MAX ? TWILIO_ERR_LENGTH : e;
}

_Static_assert(offsetof(struct twilio_call, machine_detection) == 4 * sizeof(char *),
               "the texts come first, in order");

static int write_call(struct twilio_sink *sink, const void *source)
{
    const struct twilio_call *call = source;
    int e = call == NULL ? TWILIO_ERR_ARGUMENT : check_call(call);

    if (e != 0) {
        return e;
    }
    twilio_form(sink, "To\0From\0Url\0SendDigits\0MachineDetection\0", call);
    e = twilio_form_number(sink, "Timeout", call->timeout, TWILIO_CALL_TIMEOUT_MAX);
    return e != 0 ? e : write_source(sink, call);
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
    return twilio_is_sid(sid, SID_OF('C', 'A')) ? 0 : TWILIO_ERR_SID;
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

_Static_assert(offsetof(struct twilio_call_filter, started_before) == 5 * sizeof(char *),
               "the texts come first, in order");

static bool is_status(const char *text)
{
    static const char statuses[] =
        "queued\0ringing\0in-progress\0canceled\0completed\0failed\0busy\0no-answer\0";

    return twilio_is_one_of(text, statuses);
}

static int check_filter(const struct twilio_call_filter *filter)
{
    if (filter->to != NULL && !twilio_is_address(filter->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (filter->from != NULL && !twilio_is_address(filter->from)) {
        return TWILIO_ERR_SENDER;
    }
    if (filter->status != NULL && !is_status(filter->status)) {
        return TWILIO_ERR_RANGE;
    }
    return twilio_are_dates(&filter->start_time, 3) ? 0 : TWILIO_ERR_RANGE;
}

static int write_filter(struct twilio_sink *sink, const void *source)
{
    const struct twilio_call_filter *filter = source;
    int e = filter != NULL ? check_filter(filter) : 0;

    if (filter == NULL || e != 0) {
        return e;
    }
    twilio_form(sink, "To\0From\0Status\0StartTime\0StartTime>\0StartTime<\0", filter);
    return twilio_form_number(sink, "PageSize", filter->page_size, TWILIO_PAGE_SIZE_MAX);
}

void twilio_call_list(struct twilio_request *request, const struct twilio_call_filter *filter)
{
    twilio_form_request(request, TWILIO_GET, "Calls.json", write_filter, filter);
}
