/*
 * url.h - URLs with a query of their own. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_URL_H
#define TWILIO_URL_H

#include "twilio.h"

/* Write, as a piece of a value, the query that follows base: parameters percent-encoded, the first after
 * '?', or after between if base has a query already; and between between them. query NULL: none. ERR_URL:
 * there is a query, and base is NULL or has a '#'. ERR_PARAMETER: an empty name. */
int twilio_write_query(struct twilio_sink *sink, const char *base, const struct twilio_param *query,
                       const char *between);

/* Whether text is http:// or https://, in any case, and then something, all of it octets that a URI holds. */
bool twilio_is_url(const char *text);

#endif
