/*
 * prove_messages.c - requests about messages: any texts, numbers and lists
 *
 * SPDX-License-Identifier: MIT
 */
//@ source form.c
//@ texts 15
//@ bounds texts of up to 15 octets, or none; lists of up to 12 media; any numbers
//@ unwind 24
//@ replace twilio_is_address any_yes_of_a_text twilio_is_e164 any_yes_of_a_text twilio_is_sid any_sid
//@ replace twilio_are_dates any_dates twilio_form any_form twilio_form_number any_form_number
//@ replace twilio_write_param any_param
//@ meant messages.c: return count - 1 < TWILIO_MESSAGE_MEDIA_MAX ? 0 : TWILIO_ERR_LENGTH;
//@ fault messages.c: if (message->from != NULL ? !is_sender(message->from) : message->service == NULL) { => if (!is_sender(message->from)) {
//@ fault messages.c: int e = message == NULL ? TWILIO_ERR_ARGUMENT : check_message(message); => int e = check_message(message);
//@ fault messages.c: while (media[count] != NULL) { => while (count < 20) {
//@ fault messages.c: twilio_form(sink, "To\0From\0DateSent\0DateSent>\0DateSent<\0", filter); => twilio_form(sink, "To\0From\0DateSent\0DateSent>\0DateSent<\0A\0B\0", filter);
//@ fault messages.c: if (filter == NULL) { => if (sink == NULL) {
#include "any_form.h"

#include "messages.c"

#define MEDIA 12

static const char *the_media[MEDIA + 1];

static const char *const *any_media(void)
{
    for (unsigned i = 0; i < MEDIA; i++) {
        the_media[i] = any_text();
    }
    return nondet_bool() ? NULL : the_media + any_up_to(MEDIA);
}

static void create(struct twilio_request *request, const struct twilio_message *message)
{
    twilio_message_create(request, message);
    claim_request(request, TWILIO_POST);
}

static void list(struct twilio_request *request, const struct twilio_message_filter *filter)
{
    twilio_message_list(request, filter);
    claim_request(request, TWILIO_GET);
}

static void create_any(struct twilio_request *request)
{
    struct twilio_message message = {
        .to = any_text_or_null(), .from = any_text_or_null(), .service = any_text_or_null(),
        .content = any_text_or_null(), .variables = any_text_or_null(), .send_at = any_text_or_null(),
        .body = any_text_or_null(), .media = any_media(), .validity = nondet_uint32_t()
    };

    create(request, &message);
}

static void list_any(struct twilio_request *request)
{
    struct twilio_message_filter filter = {
        .to = any_text_or_null(), .from = any_text_or_null(), .date_sent = any_text_or_null(),
        .sent_after = any_text_or_null(), .sent_before = any_text_or_null(), .page_size = nondet_uint32_t()
    };

    list(request, &filter);
}

void prove(void)
{
    struct twilio_request request;
    const char *sid = any_text_or_null();
    unsigned which = (unsigned)any_up_to(7);

    if (which == 0) {
        create_any(&request);
    } else if (which == 1) {
        list_any(&request);
    } else if (which == 2) {
        twilio_message_fetch(&request, sid);
        claim_request(&request, TWILIO_GET);
    } else if (which == 3) {
        twilio_message_cancel(&request, sid);
        claim_request(&request, TWILIO_POST);
    } else if (which == 4) {
        twilio_message_redact(&request, sid);
        claim_request(&request, TWILIO_POST);
    } else if (which == 5) {
        twilio_message_delete(&request, sid);
        claim_request(&request, TWILIO_DELETE);
    } else if (which == 6) {
        create(&request, NULL);
    } else {
        list(&request, NULL);
    }
}
