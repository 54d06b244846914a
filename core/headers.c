/*
 * headers.c - further headers of a request
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "sink.h"

/* Text inside a line: nothing that could end it. */
static void put_in_line(struct twilio_sink *sink, const char *text)
{
    for (; *text != '\0'; text++) {
        if (is_control((uint8_t)*text)) {
            sink->mistake = TWILIO_ERR_HEADER;
        }
        twilio_sink_octet(sink, (uint8_t)*text);
    }
}

/* Those that request.c writes, and those that say where a message ends. */
static bool is_ours(const char *name)
{
    static const char ours[] = "Host\0Authorization\0User-Agent\0Accept-Encoding\0Content-Type\0"
                               "Content-Length\0Transfer-Encoding\0Connection\0Expect\0Upgrade\0TE\0";
    const char *at = ours;

    while (*at != '\0') {
        if (twilio_equal(at, name)) {
            return true;
        }
        while (*at++ != '\0') {
        }
    }
    return false;
}

static bool is_name(const char *name)
{
    const char *at;

    for (at = name; twilio_in_set(twilio_unreserved, (uint8_t)*at); at++) {
    }
    return at != name && *at == '\0' && !is_ours(name);
}

int twilio_headers(struct twilio_sink *sink, const void *source)
{
    const struct twilio_headers *headers = source;
    const struct twilio_param *line;

    if (headers == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (headers->agent != NULL) {
        put_in_line(sink, " ");
        put_in_line(sink, headers->agent);
    }
    for (line = headers->lines; line != NULL && line->name != NULL; line++) {
        if (!is_name(line->name) || line->value == NULL) {
            return TWILIO_ERR_HEADER;
        }
        twilio_write(sink, "\r\n");
        twilio_write(sink, line->name);
        twilio_write(sink, ": ");
        put_in_line(sink, line->value);
    }
    return TWILIO_OK;
}
