/*
 * url.h - what a URL is. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_URL_H
#define TWILIO_URL_H

#include <stdbool.h>

/* Whether text is http:// or https://, in any case, and then something, all of it octets that a URI holds. */
bool twilio_is_url(const char *text);

#endif
