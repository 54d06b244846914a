/*
 * lookups.c - the request for what is known of a phone number
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_lookups.h"

#include "form.h"
#include "sink.h"

static bool is_country(const char *text)
{
    static const octet_set letters = { 0, 0x07FFFFFEU, 0x07FFFFFEU };

    return twilio_made_of(text, letters) == 2;
}

static int write_lookup(struct twilio_sink *sink, const void *source)
{
    const struct twilio_lookup *lookup = source;

    if (lookup == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (!twilio_is_e164(lookup->number)
        && (lookup->number == NULL || lookup->country == NULL
            || twilio_made_of(lookup->number, twilio_digits) - 1 >= 15)) {
        return TWILIO_ERR_NUMBER;
    }
    if (lookup->country != NULL && !is_country(lookup->country)) {
        return TWILIO_ERR_RANGE;
    }
    twilio_write_param(sink, "CountryCode", lookup->country);
    twilio_write_param(sink, "Fields", lookup->fields);
    return 0;
}

void twilio_lookup_fetch(struct twilio_request *request, const struct twilio_lookup *lookup)
{
    twilio_form_item(request, TWILIO_GET, "/v2/PhoneNumbers/{}", write_lookup,
                     lookup != NULL ? lookup->number : NULL);
    request->product = "lookups";
    request->more.source = lookup;
}
