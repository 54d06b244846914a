/*
 * json.c - the picker: RFC 8259, strict, in pieces of any size; wanted values come out unescaped
 *
 * A path is a list of components, one for each container around its value: "messages[].sid"
 * is "messages", "[]", "sid". A field has matched n of them when the n outermost containers
 * open now, and the current key in the innermost, are the first n of its path.
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"
#include "octets.h"
#include "twilio.h"

#include <limits.h>

enum state {
    VALUE, FIRST_ELEMENT, FIRST_KEY, NEXT_KEY, COLON, AFTER_VALUE, END,
    STRING, TAIL, ESCAPE, UNICODE, LOW_BACKSLASH, LOW_U, LITERAL,
    /* in a number: */
    MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS
};

static const char literals[] = "true\0false\0null";

static bool go(struct twilio_json *j, enum state next)
{
    j->state = (uint8_t)next;
    return true;
}

static bool in_array(const struct twilio_json *j)
{
    return j->depth != 0 && (j->arrays & 1U) != 0;
}

/* ---- Paths ----------------------------------------------------------------- */

/* The field number i, NULL past the last. */
static struct twilio_field *field_at(const struct twilio_json *j, unsigned i)
{
    return j->fields != NULL && j->fields[i].name != NULL ? &j->fields[i] : NULL;
}

static bool ends_component(char c)
{
    return c == '\0' || c == '.' || c == '[';
}

/* The path's component number n, or the NUL after the last. */
static const char *component(const struct twilio_field *field, unsigned n)
{
    const char *at = field->name;

    for (; n != 0 && *at != '\0'; n--) {
        at += *at == '[' ? 2 : 0;
        while (!ends_component(*at)) {
            at++;
        }
        at += *at == '.';
    }
    return at;
}

/* A field has matched at most so many components: containers were left, or a key ended. */
static void match_at_most(struct twilio_json *j, unsigned components)
{
    struct twilio_field *field;

    for (unsigned i = 0; (field = field_at(j, i)) != NULL; i++) {
        if (field->matched > components) {
            field->matched = (uint8_t)components;
        }
    }
}

/* The fields whose paths lead to here; all of the path if whole. */
static uint16_t fields_here(const struct twilio_json *j, unsigned components, bool whole)
{
    struct twilio_field *field;
    uint16_t here = 0;

    for (unsigned i = 0; (field = field_at(j, i)) != NULL; i++) {
        if (field->matched == components && (!whole || *component(field, components) == '\0')) {
            here |= (uint16_t)(1U << i);
        }
    }
    return here;
}

/* ---- Keys ------------------------------------------------------------------ */

static bool key_begin(struct twilio_json *j)
{
    unsigned around = j->depth - 1U;

    match_at_most(j, around);
    j->live = fields_here(j, around, false);
    j->position = 0;
    j->key = true;
    return go(j, STRING);
}

static void key_octet(struct twilio_json *j, uint8_t octet)
{
    for (unsigned i = 0; j->live >> i != 0; i++) {
        if ((j->live >> i & 1U) != 0) {
            char expected = component(&j->fields[i], j->depth - 1U)[j->position];
            if (ends_component(expected) || (uint8_t)expected != octet) {
                j->live &= (uint16_t)~(1U << i);
            }
        }
    }
    j->position = (uint8_t)(j->position + (j->live != 0));
}

static void key_end(struct twilio_json *j)
{
    for (unsigned i = 0; j->live >> i != 0; i++) {
        if ((j->live >> i & 1U) != 0 && j->position != 0
            && ends_component(component(&j->fields[i], j->depth - 1U)[j->position])) {
            j->fields[i].matched = j->depth;
        }
    }
    j->live = 0;
    j->key = false;
    go(j, COLON);
}

/* ---- Values ---------------------------------------------------------------- */

static void value_begin(struct twilio_json *j, char type)
{
    j->live = fields_here(j, j->depth, true);
    for (unsigned i = 0; j->live >> i != 0; i++) {
        if ((j->live >> i & 1U) != 0) {
            twilio_field_start(&j->fields[i], type);
        }
    }
}

static void value_octet(struct twilio_json *j, uint8_t octet)
{
    for (unsigned i = 0; j->live >> i != 0; i++) {
        struct twilio_field *field = &j->fields[i];
        if ((j->live >> i & 1U) != 0) {
            twilio_field_put(field, field->length, octet);
            field->length = (uint16_t)(field->length + (field->length < UINT16_MAX));
        }
    }
}

/* The path of a field in an array that is open has matched as deep as the array lies. */
static void value_end(struct twilio_json *j)
{
    for (unsigned i = 0; j->live >> i != 0; i++) {
        if ((j->live >> i & 1U) != 0) {
            twilio_field_finish(&j->fields[i]);
        }
    }
    j->live = 0;
    go(j, j->depth == 0 ? END : AFTER_VALUE);
    if (j->depth == 0) {
        j->status = TWILIO_OK;
    } else if (in_array(j) && fields_here(j, j->depth, false) != 0) {
        j->status = TWILIO_ITEM;
    }
}

static bool container_begin(struct twilio_json *j, bool array)
{
    struct twilio_field *field;

    if (j->depth == TWILIO_DEPTH_MAX) {
        j->status = TWILIO_ERR_DEPTH;
        return false;
    }
    value_begin(j, array ? '[' : '{');
    j->live = 0;
    for (unsigned i = 0; array && (field = field_at(j, i)) != NULL; i++) {
        if (field->matched == j->depth && *component(field, j->depth) == '[') {
            field->matched++;
        }
    }
    j->depth++;
    j->arrays = j->arrays << 1 | array;
    return go(j, array ? FIRST_ELEMENT : FIRST_KEY);
}

static bool container_end(struct twilio_json *j, bool array)
{
    if (j->depth == 0 || in_array(j) != array) {
        return false;
    }
    j->depth--;
    j->arrays >>= 1;
    match_at_most(j, j->depth);
    value_end(j);
    return true;
}

/* ---- Strings --------------------------------------------------------------- */

static void string_octet(struct twilio_json *j, uint8_t octet)
{
    if (j->key) {
        key_octet(j, octet);
    } else {
        value_octet(j, octet);
    }
}

/* A character from an escape, as UTF-8. */
static void put_character(struct twilio_json *j, uint32_t c)
{
    if (c < 0x80) {
        string_octet(j, (uint8_t)c);
        return;
    }
    if (c < 0x800) {
        string_octet(j, (uint8_t)(0xC0 | c >> 6));
    } else {
        if (c < 0x10000) {
            string_octet(j, (uint8_t)(0xE0 | c >> 12));
        } else {
            string_octet(j, (uint8_t)(0xF0 | c >> 18));
            string_octet(j, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
        }
        string_octet(j, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
    }
    string_octet(j, (uint8_t)(0x80 | (c & 0x3F)));
}

static bool escape(struct twilio_json *j, uint8_t octet)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

    if (octet == 'u') {
        j->unicode = 0;
        j->count = 4;
        return go(j, UNICODE);
    }
    for (unsigned i = 0; from[i] != '\0'; i++) {
        if ((uint8_t)from[i] == octet) {
            string_octet(j, (uint8_t)to[i]);
            return go(j, STRING);
        }
    }
    return false;
}

/* \uXXXX. A high surrogate waits in the upper half of unicode for its low one. */
static bool unicode_digit(struct twilio_json *j, uint8_t octet)
{
    uint8_t letter = (uint8_t)(to_lower(octet) - 'a');

    if (!is_digit(octet) && letter >= 6) {
        return false;
    }
    j->unicode = j->unicode << 4 | (is_digit(octet) ? octet - (uint32_t)'0' : letter + 10U);
    if (--j->count != 0) {
        return true;
    }
    uint32_t high = j->unicode >> 16, code = j->unicode & 0xFFFF;
    bool is_low = code >> 10 == 0xDC00 >> 10;
    if (is_low != (high != 0)) {
        return false;
    }
    if (code >> 10 == 0xD800 >> 10) {
        return go(j, LOW_BACKSLASH);
    }
    put_character(j, is_low ? (high << 10) + code - ((0xD800U << 10) + 0xDC00U - 0x10000U) : code);
    return go(j, STRING);
}

/* An octet of a character beyond ASCII (RFC 3629 4): what its next may be is kept in unicode. */
static bool lead(struct twilio_json *j, uint8_t octet)
{
    uint32_t low  = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
    uint32_t high = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;

    j->unicode = high << 8 | low;
    j->count = octet >= 0xF0 ? 3 : octet >= 0xE0 ? 2 : 1;
    string_octet(j, octet);
    return octet >= 0xC2 && octet <= 0xF4 && go(j, TAIL);
}

static bool tail(struct twilio_json *j, uint8_t octet)
{
    bool good = octet >= (j->unicode & 0xFF) && octet <= j->unicode >> 8;

    j->unicode = 0xBF80;
    string_octet(j, octet);
    return good && (--j->count != 0 || go(j, STRING));
}

static bool in_string(struct twilio_json *j, uint8_t octet)
{
    if (octet == '\\') {
        return go(j, ESCAPE);
    }
    if (octet == '"') {
        if (j->key) {
            key_end(j);
        } else {
            value_end(j);
        }
        return true;
    }
    if (octet >= 0x80) {
        return lead(j, octet);
    }
    string_octet(j, octet);
    return octet >= ' ';
}

/* ---- Numbers and literals -------------------------------------------------- */

/* The state after one more octet of a number; VALUE: the octet is not of the number. */
static enum state number_next(enum state state, uint8_t octet)
{
    bool whole = state == ZERO || state == INTEGER;

    if (is_digit(octet)) {
        return state == MINUS ? (octet == '0' ? ZERO : INTEGER)
             : state == ZERO ? VALUE
             : state == INTEGER ? INTEGER
             : state <= FRACTION ? FRACTION : EXPONENT_DIGITS;
    }
    if (octet == '.' && whole) {
        return POINT;
    }
    if (to_lower(octet) == 'e' && (whole || state == FRACTION)) {
        return EXPONENT;
    }
    return (octet == '+' || octet == '-') && state == EXPONENT ? EXPONENT_SIGN : VALUE;
}

static bool number_may_end(enum state state)
{
    return state == ZERO || state == INTEGER || state == FRACTION || state == EXPONENT_DIGITS;
}

static bool literal_octet(struct twilio_json *j, uint8_t octet)
{
    bool good = octet == (uint8_t)literals[j->position++];

    value_octet(j, octet);
    if (literals[j->position] == '\0') {
        value_end(j);
    }
    return good;
}

static bool scalar_begin(struct twilio_json *j, uint8_t octet)
{
    if (octet == '"') {
        value_begin(j, 's');
        return go(j, STRING);
    }
    if (octet == '-' || is_digit(octet)) {
        value_begin(j, 'n');
        value_octet(j, octet);
        return go(j, octet == '-' ? MINUS : octet == '0' ? ZERO : INTEGER);
    }
    j->position = octet == 't' ? 0 : octet == 'f' ? 5 : 11;
    value_begin(j, octet == 'n' ? '0' : (char)octet);
    go(j, LITERAL);
    return literal_octet(j, octet);
}

/* ---- Structure ------------------------------------------------------------- */

static bool value(struct twilio_json *j, uint8_t octet)
{
    return octet == '{' || octet == '[' ? container_begin(j, octet == '[') : scalar_begin(j, octet);
}

static bool after_value(struct twilio_json *j, uint8_t octet)
{
    if (octet == ',') {
        return go(j, in_array(j) ? VALUE : NEXT_KEY);
    }
    return (octet == ']' || octet == '}') && container_end(j, octet == ']');
}

static bool structure(struct twilio_json *j, uint8_t octet)
{
    if (octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t') {
        return true;
    }
    switch (j->state) {
    case VALUE:
        return value(j, octet);
    case FIRST_ELEMENT:
        return octet == ']' ? container_end(j, true) : value(j, octet);
    case FIRST_KEY:
        return octet == '}' ? container_end(j, false) : octet == '"' && key_begin(j);
    case NEXT_KEY:
        return octet == '"' && key_begin(j);
    case COLON:
        return octet == ':' && go(j, VALUE);
    case AFTER_VALUE:
        return after_value(j, octet);
    default:
        return false;
    }
}

static bool json_octet(struct twilio_json *j, uint8_t octet)
{
    switch (j->state) {
    case STRING:
        return in_string(j, octet);
    case TAIL:
        return tail(j, octet);
    case ESCAPE:
        return escape(j, octet);
    case UNICODE:
        return unicode_digit(j, octet);
    case LOW_BACKSLASH:
        return octet == '\\' && go(j, LOW_U);
    case LOW_U:
        j->count = 4;
        return octet == 'u' && go(j, UNICODE);
    case LITERAL:
        return literal_octet(j, octet);
    default:
        return structure(j, octet);
    }
}

/* A number ends by what follows it, which is not consumed. */
static size_t number_octet(struct twilio_json *j, uint8_t octet)
{
    enum state next = number_next(j->state, octet);

    if (next != VALUE) {
        value_octet(j, octet);
        go(j, next);
        return 1;
    }
    if (number_may_end(j->state)) {
        value_end(j);
    } else {
        j->status = TWILIO_ERR_JSON;
    }
    return 0;
}

/* Most of a text is strings that nobody wants: pass them quickly. */
static size_t dull(const struct twilio_json *j, const char *data, size_t size)
{
    size_t n = 0;

    if (j->state == STRING && j->live == 0) {
        while (n < size && data[n] >= ' ' && data[n] != '"' && data[n] != '\\' && (uint8_t)data[n] < 0x80) {
            n++;
        }
    }
    return n;
}

static size_t take(struct twilio_json *j, const char *data, size_t size)
{
    size_t n = dull(j, data, size);

    if (n != 0) {
        return n;
    }
    if (j->state >= MINUS) {
        return number_octet(j, (uint8_t)*data);
    }
    if (!json_octet(j, (uint8_t)*data) && j->status >= TWILIO_AGAIN) {
        j->status = TWILIO_ERR_JSON;
    }
    return 1;
}

/* ---- Public ---------------------------------------------------------------- */

static int text_end(struct twilio_json *j)
{
    if (j->depth == 0 && number_may_end(j->state)) {
        value_end(j);
    }
    if (j->status != TWILIO_OK) {
        j->status = TWILIO_ERR_JSON;
    }
    return j->status;
}

static void item_clear(struct twilio_json *j)
{
    struct twilio_field *field;

    for (unsigned i = 0; (field = field_at(j, i)) != NULL; i++) {
        if (field->matched == j->depth) {
            twilio_field_start(field, 0);
        }
    }
    j->status = TWILIO_AGAIN;
}

int twilio_json_begin(struct twilio_json *json)
{
    if (json == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    *json = (struct twilio_json){ .fields = json->fields, .status = TWILIO_AGAIN };
    return twilio_fields_begin(json->fields);
}

int twilio_json_feed(struct twilio_json *json, const char *data, size_t size)
{
    size_t used = 0;

    if (json->status < TWILIO_AGAIN) {
        return json->status;
    }
    if (size > INT_MAX || (data == NULL && size != 0)) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (json->status == TWILIO_ITEM) {
        item_clear(json);
    }
    if (size == 0) {
        return text_end(json);
    }
    while (used < size && (json->status == TWILIO_AGAIN || json->status == TWILIO_OK)) {
        used += take(json, data + used, size - used);
    }
    return json->status < TWILIO_AGAIN ? json->status : (int)used;
}
