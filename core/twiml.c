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

enum action { PASS, REFER };

/* States, and how many rules each has. A name or a text has its NUL as its last octet. */
enum state {
    NAME_GOES = 0,
    NAME      = NAME_GOES + 4,
    TEXT      = NAME + 2,
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
    [NAME_GOES] = RULE('\0', '\0', NAME, PASS), RULE('-', '-', NAME_GOES, PASS),
        RULE('0', '9', NAME_GOES, PASS), RULE(':', ':', NAME_GOES, PASS),
    [NAME] = RULE('A', 'Z', NAME_GOES, PASS), LAST('a', 'z', NAME_GOES, PASS),
    [TEXT] = RULE('\0', '\0', TEXT, PASS), RULE('\t', '\n', TEXT, REFER), RULE('\r', '\r', TEXT, REFER),
        RULE('"', '"', TEXT, REFER), RULE('&', '&', TEXT, REFER), RULE('<', '<', TEXT, REFER),
        RULE('>', '>', TEXT, REFER), RULE(' ', '~', TEXT, PASS), RULE(0x7F, 0x7F, TEXT, PASS),
        RULE(0xC2, 0xDF, TAIL_1, PASS), RULE(0xE0, 0xE0, TAIL_E0, PASS), RULE(0xED, 0xED, TAIL_ED, PASS),
        RULE(0xEF, 0xEF, TAIL_EF, PASS), RULE(0xF0, 0xF0, TAIL_F0, PASS), RULE(0xE1, 0xF0, TAIL_2, PASS),
        RULE(0xF4, 0xF4, TAIL_F4, PASS), LAST(0xF1, 0xF3, TAIL_3, PASS),
    [TAIL_EF] = RULE(0xBF, 0xBF, TAIL_EFBF, PASS),
    [TAIL_2] = LAST(0x80, 0xBF, TAIL_1, PASS),
    [TAIL_1] = LAST(0x80, 0xBF, TEXT, PASS),
    [TAIL_3] = LAST(0x80, 0xBF, TAIL_2, PASS),
    [TAIL_E0] = LAST(0xA0, 0xBF, TAIL_1, PASS),
    [TAIL_ED] = LAST(0x80, 0x9F, TAIL_1, PASS),
    [TAIL_EFBF] = RULE(0x80, 0xAF, TEXT, PASS), LAST(0x9E, 0xBD, TEXT, PASS),
    [TAIL_F0] = LAST(0x90, 0xBF, TAIL_2, PASS),
    [TAIL_F4] = LAST(0x80, 0x8F, TAIL_2, PASS),
};

_Static_assert(sizeof rules / sizeof rules[0] == RULES, "a state has other rules than its enumerator says");

/* ---- Elements -------------------------------------------------------------- */

/* What stands for a name or a text in a piece of XML: the state in which it is read. */
#define A_NAME "\4"
#define A_TEXT "\6"

_Static_assert(NAME == 4 && TEXT == 6, "A_NAME or A_TEXT is another state");

/* Write an octet of a name or text, as XML has it. Of Latin-1, twilio_write makes UTF-8. */
static void put_octet(struct twilio_sink *sink, uint8_t *state, uint8_t octet)
{
    const char text[] = { (char)octet, '\0' };
    int action = PASS;

    if (!sink->latin1 || *state != TEXT || octet < 0x80) {
        action = twilio_advance(rules, state, octet);
    }
    if (action < 0) {
        sink->mistake = TWILIO_ERR_TWIML;
    }
    if (action != REFER) {
        twilio_write(sink, text);
        return;
    }
    twilio_write(sink, "&#");
    twilio_write_number(sink, octet);
    twilio_write_octet(sink, ';');
}

/* Write a piece of XML and, in its place there, a name or a text. NULL: as "". */
static void put(struct twilio_sink *sink, const char *xml, const char *text)
{
    uint8_t state;

    while ((state = (uint8_t)*xml++) > TEXT) {
        twilio_write_octet(sink, state);
    }
    if (text != NULL) {
        do {
            put_octet(sink, &state, (uint8_t)*text);
        } while (*text++ != '\0');
    }
    twilio_write(sink, xml);
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
        put(sink, " " A_NAME "=\"", param->name);
        put(sink, A_TEXT "\"", param->value);
    }
}

/* Write its tag and text. Returns whether it is still open. */
static bool put_element(struct twilio_sink *sink, const struct twilio_twiml *element)
{
    int e;

    put(sink, "<" A_NAME, element->name);
    put_attributes(sink, element->attributes);
    if (element->text == NULL && element->inside == NULL && element->query == NULL) {
        twilio_write(sink, "/>");
        return false;
    }
    put(sink, ">" A_TEXT, element->text);
    e = twilio_write_query(sink, element->text, element->query, "&amp;");
    if (e != 0) {
        sink->mistake = e;
    }
    return true;
}

int twilio_write_twiml(struct twilio_sink *sink, const struct twilio_twiml *table)
{
    const struct twilio_twiml response = { "Response", NULL, NULL, table, NULL };
    const struct twilio_twiml *open[1 + TWILIO_TWIML_DEPTH], *element = &response;
    unsigned depth = 0;

    if (table == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    do {
        if (element == NULL || element->name == NULL) {
            element = open[--depth];
            put(sink, "</" A_NAME ">", element->name);
        } else if (depth > TWILIO_TWIML_DEPTH) {
            return TWILIO_ERR_TWIML;
        } else if (put_element(sink, element)) {
            open[depth++] = element;
            element = element->inside;
            continue;
        }
        element++;
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

int twilio_twiml_encode(const struct twilio_twiml *table, size_t offset, void *buf, size_t size)
{
    struct twilio_sink sink = { 0 };
    int e;

    if ((buf == NULL && size != 0) || size > INT_MAX) {
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
