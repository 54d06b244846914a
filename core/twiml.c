/*
 * twiml.c - TwiML, from a table: walked, escaped and checked while it is written
 *
 * What XML holds is told by a grammar, octet by octet: so what comes out is well-formed, or an error. What
 * means something in XML, or would be changed by its readers, goes out as a reference: "&#38;".
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_twiml.h"

#include "grammar.h"
#include "octets.h"
#include "sink.h"
#include "url.h"

#include <limits.h>

/* ---- The grammar ----------------------------------------------------------- */

enum action { AS_IT_IS, REFERENCE };

/* States, and how many rules each has. A text or a name has its NUL as its last octet. */
enum state {
    NAME      = 0,
    NAME_GOES = NAME + 2,
    TEXT      = NAME_GOES + 5,
    TAIL_EF   = TEXT + 17,
    TAIL_2    = TAIL_EF + 1,  /* so many octets of a character are to come: RFC 3629 4 */
    TAIL_1    = TAIL_2 + 1,
    TAIL_3    = TAIL_1 + 1,
    TAIL_E0   = TAIL_3 + 1,
    TAIL_ED   = TAIL_E0 + 1,
    TAIL_EFBF = TAIL_ED + 1,  /* U+FFFE and U+FFFF are not for XML */
    TAIL_F0   = TAIL_EFBF + 2,
    TAIL_F4   = TAIL_F0 + 1,
    RULES     = TAIL_F4 + 1
};

static const struct rule rules[] = {
    [NAME] = RULE('A', 'Z', NAME_GOES, AS_IT_IS), LAST('a', 'z', NAME_GOES, AS_IT_IS),
    [NAME_GOES] = RULE('\0', '\0', NAME, AS_IT_IS), RULE('-', '-', NAME_GOES, AS_IT_IS),
        RULE('0', '9', NAME_GOES, AS_IT_IS), RULE('A', 'Z', NAME_GOES, AS_IT_IS),
        LAST('a', 'z', NAME_GOES, AS_IT_IS),
    [TEXT] = RULE('\0', '\0', TEXT, AS_IT_IS), RULE('\t', '\n', TEXT, REFERENCE),
        RULE('\r', '\r', TEXT, REFERENCE), RULE('"', '"', TEXT, REFERENCE), RULE('&', '&', TEXT, REFERENCE),
        RULE('<', '<', TEXT, REFERENCE), RULE('>', '>', TEXT, REFERENCE), RULE(' ', '~', TEXT, AS_IT_IS),
        RULE(0x7F, 0x7F, TEXT, AS_IT_IS), RULE(0xC2, 0xDF, TAIL_1, AS_IT_IS),
        RULE(0xE0, 0xE0, TAIL_E0, AS_IT_IS), RULE(0xED, 0xED, TAIL_ED, AS_IT_IS),
        RULE(0xEF, 0xEF, TAIL_EF, AS_IT_IS), RULE(0xF0, 0xF0, TAIL_F0, AS_IT_IS),
        RULE(0xE1, 0xF0, TAIL_2, AS_IT_IS), RULE(0xF4, 0xF4, TAIL_F4, AS_IT_IS),
        LAST(0xF1, 0xF3, TAIL_3, AS_IT_IS),
    [TAIL_EF] = RULE(0xBF, 0xBF, TAIL_EFBF, AS_IT_IS),
    [TAIL_2] = LAST(0x80, 0xBF, TAIL_1, AS_IT_IS),
    [TAIL_1] = LAST(0x80, 0xBF, TEXT, AS_IT_IS),
    [TAIL_3] = LAST(0x80, 0xBF, TAIL_2, AS_IT_IS),
    [TAIL_E0] = LAST(0xA0, 0xBF, TAIL_1, AS_IT_IS),
    [TAIL_ED] = LAST(0x80, 0x9F, TAIL_1, AS_IT_IS),
    [TAIL_EFBF] = RULE(0x80, 0xAF, TEXT, AS_IT_IS), LAST(0x9E, 0xBD, TEXT, AS_IT_IS),
    [TAIL_F0] = LAST(0x90, 0xBF, TAIL_2, AS_IT_IS),
    [TAIL_F4] = LAST(0x80, 0x8F, TAIL_2, AS_IT_IS),
};

_Static_assert(sizeof rules / sizeof rules[0] == RULES, "a state has other rules than its enumerator says");

/* ---- Elements -------------------------------------------------------------- */

/* Write a name or a text, checked. All of Latin-1 above ASCII is for texts alone, and twilio_write's to turn
 * into UTF-8. */
static void put(struct twilio_sink *sink, enum state of, const char *text)
{
    uint8_t state = (uint8_t)of;
    int action;

    do {
        const char one[] = { *text, '\0' };
        action = sink->latin1 && state == TEXT && (uint8_t)*text >= 0x80
               ? AS_IT_IS : twilio_advance(rules, &state, (uint8_t)*text);
        if (action == REFERENCE) {
            twilio_write(sink, "&#");
            twilio_write_number(sink, (uint8_t)*text);
            twilio_write_octet(sink, ';');
        } else {
            twilio_write(sink, one);
        }
        if (action < 0) {
            sink->mistake = TWILIO_ERR_TWIML;
        }
    } while (*text++ != '\0');
}

/* XML has an attribute once in an element. */
static void put_attributes(struct twilio_sink *sink, const struct twilio_param *first)
{
    const struct twilio_param *param, *earlier;

    for (param = first; param != NULL && param->name != NULL; param++) {
        for (earlier = first; earlier != param; earlier++) {
            if (twilio_equal(earlier->name, param->name)) {
                sink->mistake = TWILIO_ERR_TWIML;
            }
        }
        twilio_write_octet(sink, ' ');
        put(sink, NAME, param->name);
        twilio_write(sink, "=\"");
        put(sink, TEXT, param->value != NULL ? param->value : "");
        twilio_write_octet(sink, '"');
    }
}

/* Write its tag and text. Returns whether it is still open. */
static bool put_element(struct twilio_sink *sink, const struct twilio_twiml *element)
{
    const char *text = element->text != NULL ? element->text : "";
    int e;

    twilio_write_octet(sink, '<');
    put(sink, NAME, element->name);
    put_attributes(sink, element->attributes);
    if (element->text == NULL && element->inside == NULL && element->query == NULL) {
        twilio_write(sink, "/>");
        return false;
    }
    twilio_write_octet(sink, '>');
    put(sink, TEXT, text);
    e = twilio_write_query(sink, text, element->query, "&amp;");
    if (e != 0) {
        sink->mistake = e;
    }
    return true;
}

int twilio_write_twiml(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    const struct twilio_twiml response[] = { { "Response", NULL, NULL, table, NULL }, TWILIO_TWIML_END };
    const struct twilio_twiml *open[1 + TWILIO_TWIML_DEPTH], *element = response;
    unsigned depth = 0;

    if (table == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    do {
        if (element->name != NULL && depth > TWILIO_TWIML_DEPTH) {
            sink->mistake = TWILIO_ERR_TWIML;
            element = response + 1;
        }
        if (element->name == NULL) {
            element = open[--depth];
            twilio_write(sink, "</");
            twilio_write(sink, element->name);
            twilio_write_octet(sink, '>');
            element++;
        } else if (put_element(sink, element)) {
            open[depth++] = element;
            element = element->inside != NULL ? element->inside : response + 1;
        } else {
            element++;
        }
    } while (depth != 0);
    return sink->mistake;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_twiml_param(struct twilio_sink *sink, const void *source)
{
    const struct twilio_twiml_param *param = source;

    if (param == NULL || param->name == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    twilio_write_name(sink, param->name);
    return twilio_write_twiml(sink, param->table);
}

static int put_document(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    twilio_write(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    return twilio_write_twiml(sink, table);
}

int twilio_twiml_encode(const struct twilio_twiml *table, size_t offset, void *buf, size_t size)
{
    struct twilio_sink sink = { 0 };
    int e = put_document(&sink, table);
    size_t end = sink.position;

    if (e == 0 && ((buf == NULL && size != 0) || size > INT_MAX)) {
        e = TWILIO_ERR_ARGUMENT;
    }
    if (e != 0 || end <= offset) {
        return e;
    }
    sink.window = buf;
    sink.offset = offset;
    sink.size = size;
    sink.position = 0;
    (void)put_document(&sink, table);
    return (int)(end - offset < size ? end - offset : size);
}
