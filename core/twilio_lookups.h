/*
 * twilio_lookups.h - what is known of a phone number (https://www.twilio.com/docs/lookup/v2-api)
 *
 * As in twilio_messages.h: makes a request, all of it but account and headers; mistakes are found when it
 * is checked or encoded, and then nothing is sent; NULL means "not given".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_LOOKUPS_H
#define TWILIO_LOOKUPS_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

struct twilio_lookup {
    const char *number;   /* needed: "+15558675310"; or as it is dialled in country, 1 to 15 digits alone.
                             Else TWILIO_ERR_NUMBER */
    const char *country;  /* CountryCode, two letters: "US", else TWILIO_ERR_RANGE; needed if number has no
                             '+', else TWILIO_ERR_NUMBER */
    const char *fields;   /* Fields, what to pay for: "line_type_intelligence,sim_swap"; NULL: only whether
                             the number is valid */
};

/* 200, with "valid", "phone_number", "national_format", "line_type_intelligence.type" ...
 * TWILIO_ERR_ARGUMENT: lookup NULL. */
void twilio_lookup_fetch(struct twilio_request *request, const struct twilio_lookup *lookup);

#ifdef __cplusplus
}
#endif
#endif
