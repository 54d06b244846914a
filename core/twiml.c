/*
 * twiml.c - TwiML, from a table: walked, escaped and checked while it is written
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_twiml.h"

#include "form.h"
#include "grammar.h"
#include "octets.h"
#include "sink.h"

#include <limits.h>

/* Write an octet, then the name after it. */
static void put_name(struct twilio_sink *sink, uint8_t before, const char *name)
{
    static const octet_set in_name = { 0x07FF2000U, 0x07FFFFFEU, 0x07FFFFFEU };

    if (twilio_made_of(name, in_name) == 0 || *name < 'A') {
        sink->mistake = TWILIO_ERR_TWIML;
    }
    twilio_write_octet(sink, before);
    twilio_write(sink, name);
}

/* XML 1.0: what is markup, or would be changed by a reader, goes out as a reference. */
static void put_octet(struct twilio_sink *sink, uint8_t octet)
{
    const char text[] = { (char)octet, '\0' };

    switch (octet) {
    case '\t': case '\n': case '\r': case '"': case '&': case '<': case '>':
        twilio_write(sink, "&#");
        twilio_write_number(sink, octet);
        twilio_write_octet(sink, ';');
        break;
    default:
        if (octet < ' ') {
            sink->mistake = TWILIO_ERR_TWIML;
        }
        twilio_write(sink, text);
        break;
    }
}

/* Write an octet, then the text after it. NULL: as "". XML has neither U+FFFE nor U+FFFF, which are EF BF BE
 * and EF BF BF. */
static void put_text(struct twilio_sink *sink, uint8_t before, const char *text)
{
    uint8_t state = TWILIO_JSON_STRING;
    uint32_t last = 0;  /* octets; the latest lowest */

    twilio_write_octet(sink, before);
    for (; text != NULL; text++) {
        uint8_t octet = (uint8_t)*text, of_utf8 = octet < 0x80 || sink->latin1 ? ' ' : octet;
        last = last << 8 | of_utf8;
        if (twilio_advance(twilio_json_rules, &state, of_utf8) < 0 || last >> 1 << 9 == 0xEFBFBE00U) {
            sink->mistake = TWILIO_ERR_TWIML;
        }
        if (octet == '\0') {
            break;
        }
        put_octet(sink, octet);
    }
}

/* XML has an attribute once in an element. */
static void put_attributes(struct twilio_sink *sink, const struct twilio_param *first)
{
    const struct twilio_param *param, *earlier;

    for (param = first; param != NULL && param->name != NULL; param++) {
        for (earlier = first; !twilio_equal(earlier->name, param->name); earlier++) {
        }
        if (earlier != param) {
            sink->mistake = TWILIO_ERR_TWIML;
        }
        put_name(sink, ' ', param->name);
        twilio_write_octet(sink, '=');
        put_text(sink, '"', param->value);
        twilio_write_octet(sink, '"');
    }
}

int twilio_write_twiml(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    const struct twilio_twiml response = { "Response", NULL, NULL, table };
    const struct twilio_twiml *open[1 + TWILIO_TWIML_DEPTH], *element = &response;
    unsigned depth = 0;

    do {
        if (element == NULL || element->name == NULL) {
            element = open[--depth];
            twilio_write_octet(sink, '<');
            put_name(sink, '/', element->name);
            twilio_write_octet(sink, '>');
            element++;
            continue;
        }
        if (depth > TWILIO_TWIML_DEPTH) {
            return TWILIO_ERR_TWIML;
        }
        put_name(sink, '<', element->name);
        put_attributes(sink, element->attributes);
        put_text(sink, '>', element->text);
        open[depth++] = element;
        element = element->inside;
    } while (depth != 0);
    return sink->mistake;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_twiml_param(struct twilio_sink *sink, const void *source)
{
    const struct twilio_twiml_param *param = source;

    if (param == NULL || param->name == NULL || param->table == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    twilio_write_name(sink, param->name);
    return twilio_write_twiml(sink, param->table);
}

static bool is_window(const void *buf, size_t size)
{
    return (buf != NULL || size == 0) && size <= INT_MAX;
}

int twilio_twiml_encode(const struct twilio_twiml *table, size_t offset, void *buf, size_t size)
{
    struct twilio_sink sink = { 0 };
    int e;

    if (table == NULL || !is_window(buf, size)) {
        return TWILIO_ERR_ARGUMENT;
    }
    for (;;) {
        twilio_write(&sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        e = twilio_write_twiml(&sink, table);
        if (e != 0 || sink.position <= offset) {
            return e;
        }
        if (sink.size == size) {
            size_t rest = sink.position - offset;
            return (int)(rest < size ? rest : size);
        }
        sink.window = buf;
        sink.offset = offset;
        sink.size = size;
        sink.position = 0;
    }
}
