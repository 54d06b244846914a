/*
 * verify.c - requests that send and check one-time codes
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_verify.h"

#include "form.h"
#include "sink.h"

#include <stddef.h>

static bool is_service(const char *sid)
{
    return twilio_is_sid(sid, SID_OF('V', 'A'));
}

static bool is_email(const char *text)
{
    while (*text != '\0' && *text != '@') {
        text++;
    }
    return *text == '@';
}

static bool is_code(const char *text)
{
    static const octet_set letters_and_digits = { 0x03FF0000U, 0x07FFFFFEU, 0x07FFFFFEU };

    return text != NULL && twilio_made_of(text, letters_and_digits) - 4 < 7;
}

/* A request of the product, for what lies under the service that source names. */
static void request_verify(struct twilio_request *request, const char *resource,
                           int (*write)(struct twilio_sink *sink, const void *source), const void *source,
                           const char *service)
{
    twilio_form_item(request, TWILIO_POST, resource, write, service);
    request->product = "verify";
    request->more.source = source;
}

/* ---- Start ----------------------------------------------------------------- */

/* Whom that channel reaches. */
static bool is_recipient(const char *to, const char *channel)
{
    return channel != NULL && twilio_equal(channel, "email") ? to != NULL && is_email(to)
                                                             : twilio_is_e164(to);
}

static int check_verification(const struct twilio_verification *verification)
{
    const char *channel = verification->channel;

    if (!is_service(verification->service)) {
        return TWILIO_ERR_SID;
    }
    if (!is_recipient(verification->to, channel)) {
        return TWILIO_ERR_NUMBER;
    }
    if (channel != NULL && !twilio_is_one_of(channel, "sms\0call\0whatsapp\0email\0sna\0auto\0")) {
        return TWILIO_ERR_RANGE;
    }
    return verification->custom_code == NULL || is_code(verification->custom_code) ? 0 : TWILIO_ERR_RANGE;
}

_Static_assert(offsetof(struct twilio_verification, custom_code) == 4 * sizeof(char *),
               "the texts come first, in order");

static int write_verification(struct twilio_sink *sink, const void *source)
{
    const struct twilio_verification *verification = source;
    int e = verification != NULL ? check_verification(verification) : TWILIO_ERR_ARGUMENT;

    if (e != 0) {
        return e;
    }
    twilio_form(sink, "To\0Channel\0Locale\0CustomCode\0", &verification->to);
    if (verification->channel == NULL) {
        twilio_write_param(sink, "Channel", "sms");
    }
    return 0;
}

void twilio_verification_start(struct twilio_request *request,
                               const struct twilio_verification *verification)
{
    request_verify(request, "/v2/Services/{}/Verifications", write_verification, verification,
                   verification != NULL ? verification->service : NULL);
}

/* ---- Check ----------------------------------------------------------------- */

static bool is_number_or_email(const char *text)
{
    return twilio_is_e164(text) || is_email(text);
}

static int check_check(const struct twilio_verification_check *check)
{
    if (!is_service(check->service)) {
        return TWILIO_ERR_SID;
    }
    if ((check->to == NULL) == (check->sid == NULL)) {
        return TWILIO_ERR_CONFLICT;
    }
    if (check->to != NULL && !is_number_or_email(check->to)) {
        return TWILIO_ERR_NUMBER;
    }
    if (check->sid != NULL && !twilio_is_sid(check->sid, SID_OF('V', 'E'))) {
        return TWILIO_ERR_SID;
    }
    return is_code(check->code) ? 0 : TWILIO_ERR_RANGE;
}

_Static_assert(offsetof(struct twilio_verification_check, code) == 3 * sizeof(char *),
               "the texts come first, in order");

static int write_check(struct twilio_sink *sink, const void *source)
{
    const struct twilio_verification_check *check = source;
    int e = check != NULL ? check_check(check) : TWILIO_ERR_ARGUMENT;

    if (e == 0) {
        twilio_form(sink, "To\0VerificationSid\0Code\0", &check->to);
    }
    return e;
}

void twilio_verification_check(struct twilio_request *request, const struct twilio_verification_check *check)
{
    request_verify(request, "/v2/Services/{}/VerificationCheck", write_check, check,
                   check != NULL ? check->service : NULL);
}
