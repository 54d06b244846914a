/*
 * url.c - a parameter that is a URL with a query of its own
 *
 * SPDX-License-Identifier: MIT
 */
#include "url.h"

#include "octets.h"
#include "sink.h"

static void put_percent(struct twilio_sink *sink, uint8_t octet)
{
    if (in_set(twilio_unreserved, octet)) {
        twilio_write_octet(sink, octet);
        return;
    }
    twilio_write_octet(sink, '%');
    twilio_write_octet(sink, (uint8_t)to_hex(octet >> 4));
    twilio_write_octet(sink, (uint8_t)to_hex(octet & 15));
}

static void put_encoded(struct twilio_sink *sink, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        uint8_t octet = (uint8_t)*text;
        if (sink->latin1 && octet >= 0x80) {
            put_percent(sink, (uint8_t)(0xC0 | octet >> 6));
            octet &= 0xBF;
        }
        put_percent(sink, octet);
    }
}

int twilio_write_query(struct twilio_sink *sink, const char *base, const struct twilio_param *query,
                     const char *between)
{
    const char *separator = "?";

    if (query == NULL) {
        return TWILIO_OK;
    }
    for (; *base != '\0' && *base != '#'; base++) {
        if (*base == '?') {
            separator = between;
        }
    }
    for (; query->name != NULL; query++, separator = between) {
        if (query->name[0] == '\0') {
            return TWILIO_ERR_PARAMETER;
        }
        twilio_write(sink, separator);
        put_encoded(sink, query->name);
        twilio_write_octet(sink, '=');
        put_encoded(sink, query->value);
    }
    return *base == '#' ? TWILIO_ERR_URL : TWILIO_OK;
}

bool twilio_is_url(const char *text)
{
    const char *at = "http";

    for (; *at != '\0'; at++, text++) {
        if (to_lower((uint8_t)*text) != (uint8_t)*at) {
            return false;
        }
    }
    text += to_lower((uint8_t)*text) == 's';
    return text[0] == ':' && text[1] == '/' && text[2] == '/' && text[3] != '\0';
}

int twilio_url(struct twilio_sink *sink, const void *source)
{
    const struct twilio_url *url = source;

    if (url == NULL || url->name == NULL || url->base == NULL || !twilio_is_url(url->base)) {
        return TWILIO_ERR_URL;
    }
    twilio_write_name(sink, url->name);
    twilio_write(sink, url->base);
    return twilio_write_query(sink, url->base, url->query, "&");
}
