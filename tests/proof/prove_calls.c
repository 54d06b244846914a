/*
 * prove_calls.c - requests about calls: any texts and numbers
 *
 * SPDX-License-Identifier: MIT
 */
//@ source form.c
//@ texts 255
//@ bounds texts of up to 255 octets, or none; any numbers and generators
//@ unwind 24
//@ replace twilio_is_address any_yes_of_a_text twilio_is_sid any_sid twilio_made_of any_made_of
//@ replace twilio_are_dates any_dates twilio_form any_form twilio_form_number any_form_number
//@ replace twilio_write_param any_param twilio_write_name any_name twilio_is_one_of any_one_of
//@ replace twilio_write_twiml any_twiml
//@ meant calls.c: return digits == NULL || twilio_made_of(digits, keys) - 1 < TWILIO_CALL_DIGITS_MAX
//@ meant calls.c: ? 0 : TWILIO_ERR_LENGTH;
//@ fault calls.c: return digits == NULL || twilio_made_of(digits, keys) - 1 < TWILIO_CALL_DIGITS_MAX => return twilio_made_of(digits, keys) - 1 < TWILIO_CALL_DIGITS_MAX
//@ fault calls.c: if (filter->status != NULL && !is_status(filter->status)) { => if (!is_status(filter->status)) {
//@ fault calls.c: if (filter == NULL || e != 0) { => if (e != 0) {
//@ fault calls.c: if (call->twiml == NULL) { => if (call->url == NULL) {
#include "any_known.h"
#include "any_form.h"
#include "twilio_twiml.h"

/* Proved in prove_twiml.c. */
int any_twiml(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    claim(table != NULL, "a table");
    any_octets(sink);
    return nondet_bool() ? TWILIO_ERR_TWIML : sink->mistake;
}

/* Another source of what is heard: done, or the mistake. */
static int any_source(struct twilio_sink *sink, const void *source)
{
    return any_generator(sink, source) < 0 ? TWILIO_ERR_URL : 0;
}

#include "calls.c"

static void create(struct twilio_request *request, const struct twilio_call *call)
{
    twilio_call_create(request, call);
    claim_request(request, TWILIO_POST);
}

static void list(struct twilio_request *request, const struct twilio_call_filter *filter)
{
    twilio_call_list(request, filter);
    claim_request(request, TWILIO_GET);
}

static void create_any(struct twilio_request *request, bool generated)
{
    struct twilio_twiml table;
    struct twilio_call call = {
        .to = any_text_or_null(), .from = any_text_or_null(), .url = any_text_or_null(),
        .send_digits = any_text_or_null(), .machine_detection = any_text_or_null(),
        .twiml = nondet_bool() ? &table : NULL, .timeout = nondet_uint32_t()
    };

    if (generated) {
        call.source.write = any_source;
        create(request, &call);
    } else {
        create(request, &call);
    }
}

static void list_any(struct twilio_request *request)
{
    struct twilio_call_filter filter = {
        .to = any_text_or_null(), .from = any_text_or_null(), .status = any_text_or_null(),
        .start_time = any_text_or_null(), .started_after = any_text_or_null(),
        .started_before = any_text_or_null(), .page_size = nondet_uint32_t()
    };

    list(request, &filter);
}

static void one(struct twilio_request *request, const char *sid, unsigned which)
{
    if (which == 0) {
        twilio_call_fetch(request, sid);
        claim_request(request, TWILIO_GET);
    } else if (which == 1) {
        twilio_call_cancel(request, sid);
        claim_request(request, TWILIO_POST);
    } else if (which == 2) {
        twilio_call_hang_up(request, sid);
        claim_request(request, TWILIO_POST);
    } else {
        twilio_call_delete(request, sid);
        claim_request(request, TWILIO_DELETE);
    }
}

void prove(void)
{
    struct twilio_request request;
    unsigned which = (unsigned)any_up_to(5);

    if (which == 0) {
        create_any(&request, true);
    } else if (which == 1) {
        create_any(&request, false);
    } else if (which == 2) {
        list_any(&request);
    } else if (which == 3) {
        create(&request, NULL);
    } else if (which == 4) {
        list(&request, NULL);
    } else {
        one(&request, any_text_or_null(), (unsigned)any_up_to(3));
    }
}
