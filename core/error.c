/*
 * error.c - what Twilio says is wrong: JSON of two shapes, or XML, read into the same few fields
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"
#include "grammar.h"
#include "octets.h"
#include "twilio_error.h"
#include "url.h"

#include <string.h>

/* The fields, and their names in JSON. Those of XML are the same but for the case, and MoreInfo. */
enum { MESSAGE, DETAIL, TITLE, MORE_INFO, TYPE, CODE, STATUS, FIELDS };

static const char names[] = "message\0detail\0title\0more_info\0type\0code\0status";

/* ---- The grammar of XML, as much as is needed ------------------------------- */

enum action {
    PASS, BEGIN, NAME_OCTET, TAG_ENDS, DIGIT, HEX_DIGIT, CHARACTER,
    TEXT, BRACKET_TEXT, BRACKETS_TEXT,   /* after none, one, two of ']' that did not end the section */
    AMPERSAND, LESS, GREATER, QUOTE, APOSTROPHE
};

/* States, and how many rules each has. An octet that no rule allows breaks an entity. */
enum state {
    CONTENT       = 0,
    TAG           = CONTENT + 3,
    NAME          = TAG + 3,
    DECLARATION   = NAME + 4,
    SLASH         = DECLARATION + 2,
    ATTRIBUTES    = SLASH + 1,
    QUOTED        = ATTRIBUTES + 5,
    APOSTROPHED   = QUOTED + 2,
    DASH          = APOSTROPHED + 2,
    COMMENT       = DASH + 2,
    COMMENT_1     = COMMENT + 2,
    COMMENT_2     = COMMENT_1 + 2,
    INSTRUCTION   = COMMENT_2 + 3,
    INSTRUCTION_1 = INSTRUCTION + 2,
    BRACKET       = INSTRUCTION_1 + 3,
    CDATA         = BRACKET + 3,
    CDATA_1       = CDATA + 2,
    CDATA_2       = CDATA_1 + 2,
    ENTITY        = CDATA_2 + 3,
    A_MP          = ENTITY + 5,
    AM_P          = A_MP + 2,
    AMP           = AM_P + 1,
    AP_OS         = AMP + 1,
    APO_S         = AP_OS + 1,
    APOS          = APO_S + 1,
    L_T           = APOS + 1,
    LT            = L_T + 1,
    G_T           = LT + 1,
    GT            = G_T + 1,
    Q_UOT         = GT + 1,
    QU_OT         = Q_UOT + 1,
    QUO_T         = QU_OT + 1,
    QUOT          = QUO_T + 1,
    NUMBER        = QUOT + 1,
    DECIMAL       = NUMBER + 1,
    HEXADECIMAL   = DECIMAL + 2,
    RULES         = HEXADECIMAL + 4
};

#define ANY(next, action) LAST(0, 255, next, action)

static const struct rule rules[] = {
    [CONTENT] = RULE('<', '<', TAG, BEGIN), RULE('&', '&', ENTITY, BEGIN), ANY(CONTENT, TEXT),
    [TAG] = RULE('?', '?', INSTRUCTION, PASS), RULE('!', '!', DECLARATION, PASS),
        RULE('/', '/', NAME, NAME_OCTET),
    [NAME] = RULE(1, ' ', ATTRIBUTES, PASS), RULE('/', '/', SLASH, PASS), RULE('>', '>', CONTENT, TAG_ENDS),
        ANY(NAME, NAME_OCTET),
    [DECLARATION] = RULE('-', '-', DASH, PASS), RULE('[', '[', BRACKET, PASS),
    [SLASH] = RULE('>', '>', CONTENT, PASS),
    [ATTRIBUTES] = RULE('"', '"', QUOTED, PASS), RULE('\'', '\'', APOSTROPHED, PASS),
        RULE('/', '/', SLASH, PASS), RULE('>', '>', CONTENT, TAG_ENDS), ANY(ATTRIBUTES, PASS),
    [QUOTED] = RULE('"', '"', ATTRIBUTES, PASS), ANY(QUOTED, PASS),
    [APOSTROPHED] = RULE('\'', '\'', ATTRIBUTES, PASS), ANY(APOSTROPHED, PASS),
    [DASH] = RULE('-', '-', COMMENT, PASS), ANY(ATTRIBUTES, PASS),
    [COMMENT] = RULE('-', '-', COMMENT_1, PASS), ANY(COMMENT, PASS),
    [COMMENT_1] = RULE('-', '-', COMMENT_2, PASS), ANY(COMMENT, PASS),
    [COMMENT_2] = RULE('>', '>', CONTENT, PASS), RULE('-', '-', COMMENT_2, PASS), ANY(COMMENT, PASS),
    [INSTRUCTION] = RULE('?', '?', INSTRUCTION_1, PASS), ANY(INSTRUCTION, PASS),
    [INSTRUCTION_1] = RULE('>', '>', CONTENT, PASS), RULE('?', '?', INSTRUCTION_1, PASS),
        ANY(INSTRUCTION, PASS),
    [BRACKET] = RULE('[', '[', CDATA, PASS), RULE('>', '>', CONTENT, PASS), ANY(BRACKET, PASS),
    [CDATA] = RULE(']', ']', CDATA_1, PASS), ANY(CDATA, TEXT),
    [CDATA_1] = RULE(']', ']', CDATA_2, PASS), ANY(CDATA, BRACKET_TEXT),
    [CDATA_2] = RULE('>', '>', CONTENT, PASS), RULE(']', ']', CDATA_2, TEXT), ANY(CDATA, BRACKETS_TEXT),
    [ENTITY] = RULE('a', 'a', A_MP, PASS), RULE('l', 'l', L_T, PASS), RULE('g', 'g', G_T, PASS),
        RULE('q', 'q', Q_UOT, PASS), LAST('#', '#', NUMBER, PASS),
    [A_MP] = RULE('m', 'm', AM_P, PASS), LAST('p', 'p', AP_OS, PASS),
    [AM_P] = LAST('p', 'p', AMP, PASS),
    [AMP] = LAST(';', ';', CONTENT, AMPERSAND),
    [AP_OS] = LAST('o', 'o', APO_S, PASS),
    [APO_S] = LAST('s', 's', APOS, PASS),
    [APOS] = LAST(';', ';', CONTENT, APOSTROPHE),
    [L_T] = LAST('t', 't', LT, PASS),
    [LT] = LAST(';', ';', CONTENT, LESS),
    [G_T] = LAST('t', 't', GT, PASS),
    [GT] = LAST(';', ';', CONTENT, GREATER),
    [Q_UOT] = LAST('u', 'u', QU_OT, PASS),
    [QU_OT] = LAST('o', 'o', QUO_T, PASS),
    [QUO_T] = LAST('t', 't', QUOT, PASS),
    [QUOT] = LAST(';', ';', CONTENT, QUOTE),
    [NUMBER] = RULE('x', 'x', HEXADECIMAL, PASS),
    [DECIMAL] = RULE('0', '9', DECIMAL, DIGIT), LAST(';', ';', CONTENT, CHARACTER),
    [HEXADECIMAL] = RULE('0', '9', HEXADECIMAL, HEX_DIGIT), RULE('A', 'F', HEXADECIMAL, HEX_DIGIT),
        RULE('a', 'f', HEXADECIMAL, HEX_DIGIT), LAST(';', ';', CONTENT, CHARACTER),
};

_Static_assert(sizeof rules / sizeof rules[0] == RULES, "a state has other rules than its enumerator says");

/* ---- XML -------------------------------------------------------------------- */

static bool is_white(uint8_t octet)
{
    return octet <= ' ';
}

/* An octet of text. White space comes as one space between words. */
static void put(struct twilio_error_xml *x, unsigned octet)
{
    if (x->live == NULL) {
        return;
    }
    if (is_white((uint8_t)octet)) {
        x->space = x->live->length != 0;
        return;
    }
    if (x->space) {
        twilio_field_append(x->live, ' ');
        x->space = false;
    }
    twilio_field_append(x->live, (uint8_t)octet);
}

/* The character of that number, as UTF-8; what is none comes as a question mark. */
static void put_character(struct twilio_error_xml *x, uint32_t c)
{
    unsigned tails;

    if (c - 1 >= 0x10FFFF || c >> 11 == 0xD800 >> 11) {
        c = '?';
    }
    tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    put(x, (tails == 0 ? 0 : 0xF0U << (3 - tails) & 0xF0) | c >> 6 * tails);
    while (tails-- != 0) {
        put(x, 0x80 | (c >> 6 * tails & 0x3F));
    }
}

/* A number beyond Unicode stays there. */
static void digit(struct twilio_error_xml *x, unsigned base, uint8_t octet)
{
    if (x->number <= 0x10FFFF) {
        x->number = x->number * base + hex_value(octet);
    }
}

/* A longer name loses its end, and is none that we look for. */
static void put_name(struct twilio_error_xml *x, uint8_t octet)
{
    if (x->size < sizeof x->name - 1) {
        x->name[x->size++] = (char)octet;
        x->name[x->size] = '\0';
    }
}

/* Elements are counted from RestException on, which is the first; its children are the second. */
static void element_begins(struct twilio_error_xml *x)
{
    if (x->depth == 0 && !twilio_equal(x->name, "RestException")) {
        return;
    }
    if (++x->depth != 2) {
        return;
    }
    for (struct twilio_field *field = x->fields; field->name != NULL; field++) {
        if (twilio_equal(field->name, x->name)) {
            x->live = field;
            x->space = false;
            twilio_field_start(field, 's');
        }
    }
}

/* A value that another tag ends is not complete, and takes in what is not its own. */
static void element_ends(struct twilio_error_xml *x)
{
    if (x->depth != 0 && --x->depth == 1 && x->live != NULL) {
        twilio_field_finish(x->live);
        if (!twilio_equal(x->name + 1, x->live->name)) {
            twilio_field_start(x->live, 0);
        }
        x->live = NULL;
    }
}

static void tag_ends(struct twilio_error_xml *x)
{
    if (x->name[0] == '/') {
        element_ends(x);
    } else if (x->size != 0) {
        element_begins(x);
    }
}

static void act(struct twilio_error_xml *x, int action, uint8_t octet)
{
    switch (action) {
    case PASS:
        break;
    case BEGIN:
        x->number = 0;
        x->size = 0;
        x->name[0] = '\0';
        break;
    case NAME_OCTET:
        put_name(x, octet);
        break;
    case TAG_ENDS:
        tag_ends(x);
        break;
    case DIGIT:
    case HEX_DIGIT:
        digit(x, action == DIGIT ? 10 : 16, octet);
        break;
    case CHARACTER:
        put_character(x, x->number);
        break;
    case TEXT:
    case BRACKET_TEXT:
    case BRACKETS_TEXT:
        while (action-- != TEXT) {
            put(x, ']');
        }
        put(x, octet);
        break;
    default:
        put(x, (uint8_t)"&<>\"'"[action - AMPERSAND]);
        break;
    }
}

static void xml_octet(struct twilio_error_xml *x, uint8_t octet)
{
    int action;

    while ((action = twilio_advance(rules, &x->state, octet)) < 0) {  /* no entity: '&' stands for itself */
        put(x, '&');
        x->state = CONTENT;
    }
    act(x, action, octet);
}

/* ---- Any of the shapes ------------------------------------------------------ */

/* Fields that stand for one another share memory: the first of them that is a string has it. */
static void share(struct twilio_field *field, const struct twilio_field *end, char *memory, uint16_t size)
{
    bool given = false;

    for (; field != end; field++) {
        bool owner = !given && field->type == 's';
        if (owner) {
            given = true;
            if (field->text == NULL) {
                memory[0] = '\0';
            }
        }
        field->text = owner ? memory : NULL;
        field->size = owner ? size : 0;
    }
    if (!given) {
        memory[0] = '\0';
    }
}

static void share_all(struct twilio_error *error)
{
    struct twilio_field *fields = error->reader.fields;

    share(fields + MESSAGE, fields + MORE_INFO, error->message, sizeof error->message);
    share(fields + MORE_INFO, fields + CODE, error->more_info, sizeof error->more_info);
}

/* The first octet that counts says which shape it is. */
static void recognise(struct twilio_error_reader *r, char c)
{
    if (is_white((uint8_t)c) || c == '\xEF' || c == '\xBB' || c == '\xBF') {  /* or the byte order mark's */
        return;
    }
    r->shape = c;
    if (c == '<') {
        r->fields[MORE_INFO].name = "MoreInfo";
        r->of.xml.fields = r->fields;
    } else {
        r->of.json.fields = r->fields;
        twilio_json_begin(&r->of.json);
    }
}

/* A number that an error ends was none. */
static void json_octet(struct twilio_json *json, const char *octet)
{
    struct twilio_field *live = json->live;

    if (twilio_json_feed(json, octet, 1) < 0) {
        json->live = live;
    }
}

static void take(struct twilio_error *error, const char *octet)
{
    struct twilio_error_reader *r = &error->reader;

    if (r->shape == '\0') {
        recognise(r, *octet);
    }
    if (r->shape == '{' && r->of.json.status == TWILIO_AGAIN) {
        json_octet(&r->of.json, octet);
    } else if (r->shape == '<') {
        xml_octet(&r->of.xml, (uint8_t)*octet);
    }
    share_all(error);
}

/* The value that was not complete when the body ended, if one was. */
static struct twilio_field *incomplete(const struct twilio_error_reader *r)
{
    return r->shape == '<' ? r->of.xml.live : r->of.json.live;
}

/* The number that a field holds; 0: none, or too long. */
static uint32_t number(const struct twilio_field *field)
{
    uint32_t value = 0;

    if (field->length < field->size) {
        twilio_decimal(field->text, &value);
    }
    return value;
}

static void make_line(char *at)
{
    for (; *at != '\0'; at++) {
        if (is_control((uint8_t)*at)) {
            *at = ' ';
        }
    }
}

/* ---- Public ---------------------------------------------------------------- */

void twilio_error_begin(struct twilio_error *error)
{
    struct twilio_error_reader *r = &error->reader;
    const char *at = names;

    memset(error, 0, sizeof *error);
    for (unsigned i = 0; i < FIELDS; i++) {
        r->fields[i].name = at;
        while (*at++ != '\0') {
        }
    }
    r->fields[CODE].text = r->code;
    r->fields[CODE].size = sizeof r->code;
    r->fields[STATUS].text = r->status;
    r->fields[STATUS].size = sizeof r->status;
}

bool twilio_error_feed(void *error, const char *data, size_t size)
{
    for (; size-- != 0; data++) {
        take(error, data);
    }
    return true;
}

void twilio_error_end(struct twilio_error *error)
{
    struct twilio_error_reader *r = &error->reader;
    struct twilio_field *lost = incomplete(r);

    if (lost != NULL) {
        twilio_field_start(lost, 0);
    }
    error->code = number(&r->fields[CODE]);
    error->status = (uint16_t)number(&r->fields[STATUS]);
    make_line(error->message);
    make_line(error->more_info);
    if (!twilio_is_url(error->more_info)) {
        error->more_info[0] = '\0';
    }
}
