/*
 * url.c - what a URL is, and a parameter that is one with a query of its own
 *
 * SPDX-License-Identifier: MIT
 */
#include "url.h"

#include "octets.h"
#include "sink.h"

/* RFC 3986: what may stand in a URI, '#' included. */
static const octet_set in_uri = { 0xAFFFFFFAU, 0xAFFFFFFFU, 0x47FFFFFEU };

/* Percent-encoded; the sink does so once more when it writes a form. NULL: as "". */
static void put_encoded(struct twilio_sink *sink, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        uint8_t octet = (uint8_t)*text;
        if (sink->latin1 && octet >= 0x80) {
            twilio_write(sink, octet < 0xC0 ? "%C2" : "%C3");
            octet &= 0xBF;
        }
        if (!twilio_in_set(twilio_unreserved, octet)) {
            twilio_write_octet(sink, '%');
            twilio_write_octet(sink, (uint8_t)to_hex(octet >> 4));
            octet = (uint8_t)to_hex(octet & 15);
        }
        twilio_write_octet(sink, octet);
    }
}

/* Write what follows base: the first parameter after '?', or after '&' if base has a query already. */
static int put_query(struct twilio_sink *sink, const char *base, const struct twilio_param *query)
{
    uint8_t separator = '?';

    for (; *base != '\0'; base++) {
        if (*base == '#') {
            return TWILIO_ERR_URL;
        }
        if (*base == '?') {
            separator = '&';
        }
    }
    for (; query->name != NULL; query++, separator = '&') {
        if (*query->name == '\0') {
            return TWILIO_ERR_PARAMETER;
        }
        twilio_write_octet(sink, separator);
        put_encoded(sink, query->name);
        twilio_write_octet(sink, '=');
        put_encoded(sink, query->value);
    }
    return TWILIO_OK;
}

bool twilio_is_url(const char *text)
{
    const char *at;

    for (at = "https://"; *at != '\0'; at++) {
        if (to_lower((uint8_t)*text) == (uint8_t)*at) {
            text++;
        } else if (*at != 's') {
            return false;
        }
    }
    do {
        if (!twilio_in_set(in_uri, (uint8_t)*text)) {
            return false;
        }
    } while (*++text != '\0');
    return true;
}

int twilio_url(struct twilio_sink *sink, const void *source)
{
    const struct twilio_url *url = source;

    if (url == NULL || url->name == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (url->base == NULL || !twilio_is_url(url->base)) {
        return TWILIO_ERR_URL;
    }
    twilio_write_name(sink, url->name);
    twilio_write(sink, url->base);
    return url->query != NULL ? put_query(sink, url->base, url->query) : TWILIO_OK;
}
