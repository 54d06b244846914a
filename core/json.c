/*
 * json.c - the picker: RFC 8259, strict, in pieces of any size; wanted values come out unescaped
 *
 * The path of the value that passes is kept as text, in the form of fields' names; so a field is
 * that value's when its name equals the path, and is of an array's elements when the path of the
 * element is the beginning of its name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"
#include "grammar.h"
#include "octets.h"
#include "twilio.h"

#include <limits.h>

/* ---- The grammar ----------------------------------------------------------- */

enum action {
    PASS, BEGIN, OPEN, CLOSE, KEY, COMMA, OCTET, STRING_ENDS,
    CONTROL = 8,  /* to 13: the escape of that control character, '\b' to '\r' */
    VALUE_ENDED = 14, HEX
};

/* States, and how many rules each has. White space may come in those up to END_OF_TEXT. */
enum state {
    FIRST_ELEMENT   = 0,
    VALUE           = FIRST_ELEMENT + 1,
    FIRST_KEY       = VALUE + 9,
    NEXT_KEY        = FIRST_KEY + 1,
    COLON           = NEXT_KEY + 1,
    AFTER_VALUE     = COLON + 1,
    END_OF_TEXT     = AFTER_VALUE + 3,
    STRING          = END_OF_TEXT + 1,
    ESCAPE          = STRING + 12,
    UNICODE         = ESCAPE + 9,
    LOW_BACKSLASH   = UNICODE + 3,
    LOW_U           = LOW_BACKSLASH + 1,
    TAIL_1          = LOW_U + 1,  /* so many octets of a character are to come: RFC 3629 4 */
    TAIL_2          = TAIL_1 + 1,
    TAIL_3          = TAIL_2 + 1,
    TAIL_E0         = TAIL_3 + 1,
    TAIL_ED         = TAIL_E0 + 1,
    TAIL_F0         = TAIL_ED + 1,
    TAIL_F4         = TAIL_F0 + 1,
    T_RUE           = TAIL_F4 + 1,
    TR_UE           = T_RUE + 1,
    F_ALSE          = TR_UE + 1,
    FA_LSE          = F_ALSE + 1,
    FAL_SE          = FA_LSE + 1,
    FALS_E          = FAL_SE + 1,  /* and TRU_E */
    N_ULL           = FALS_E + 1,
    NU_LL           = N_ULL + 1,
    NUL_L           = NU_LL + 1,
    MINUS           = NUL_L + 1,
    INTEGER         = MINUS + 2,
    ZERO            = INTEGER + 1,
    POINT           = ZERO + 4,
    FRACTION        = POINT + 1,
    EXPONENT        = FRACTION + 4,
    EXPONENT_SIGN   = EXPONENT + 2,
    EXPONENT_DIGITS = EXPONENT_SIGN + 1,
    LITERAL_END     = EXPONENT_DIGITS + 1,
    RULES           = LITERAL_END + 1
};

/* Numbers and literals end by the octet after them, which is looked at again. */
const struct rule twilio_json_rules[] = {
    [FIRST_ELEMENT] = RULE(']', ']', AFTER_VALUE, CLOSE),
    [VALUE] = RULE('"', '"', STRING, BEGIN), RULE('1', '9', INTEGER, BEGIN), RULE('0', '0', ZERO, BEGIN),
        RULE('-', '-', MINUS, BEGIN), RULE('t', 't', T_RUE, BEGIN), RULE('f', 'f', F_ALSE, BEGIN),
        RULE('n', 'n', N_ULL, BEGIN), RULE('{', '{', FIRST_KEY, OPEN), LAST('[', '[', FIRST_ELEMENT, OPEN),
    [FIRST_KEY] = RULE('}', '}', AFTER_VALUE, CLOSE),
    [NEXT_KEY] = LAST('"', '"', STRING, KEY),
    [COLON] = LAST(':', ':', VALUE, PASS),
    [AFTER_VALUE] = RULE(',', ',', VALUE, COMMA), RULE('}', '}', AFTER_VALUE, CLOSE),
        LAST(']', ']', AFTER_VALUE, CLOSE),
    [END_OF_TEXT] = LAST(' ', ' ', END_OF_TEXT, PASS),
    [STRING] = RULE(' ', '!', STRING, OCTET), RULE('"', '"', AFTER_VALUE, STRING_ENDS),
        RULE('\\', '\\', ESCAPE, PASS), RULE(' ', '~', STRING, OCTET), RULE(0x7F, 0x7F, STRING, OCTET),
        RULE(0xC2, 0xDF, TAIL_1, OCTET),
        RULE(0xE0, 0xE0, TAIL_E0, OCTET), RULE(0xED, 0xED, TAIL_ED, OCTET), RULE(0xF0, 0xF0, TAIL_F0, OCTET),
        RULE(0xE1, 0xF0, TAIL_2, OCTET), RULE(0xF4, 0xF4, TAIL_F4, OCTET), LAST(0xF1, 0xF3, TAIL_3, OCTET),
    [ESCAPE] = RULE('"', '"', STRING, OCTET), RULE('\\', '\\', STRING, OCTET), RULE('/', '/', STRING, OCTET),
        RULE('b', 'b', STRING, '\b'), RULE('f', 'f', STRING, '\f'), RULE('n', 'n', STRING, '\n'),
        RULE('r', 'r', STRING, '\r'), RULE('t', 't', STRING, '\t'), LAST('u', 'u', UNICODE, PASS),
    [UNICODE] = RULE('0', '9', UNICODE, HEX), RULE('A', 'F', UNICODE, HEX), LAST('a', 'f', UNICODE, HEX),
    [LOW_BACKSLASH] = LAST('\\', '\\', LOW_U, PASS),
    [LOW_U] = LAST('u', 'u', UNICODE, PASS),
    [TAIL_1] = LAST(0x80, 0xBF, STRING, OCTET),
    [TAIL_2] = LAST(0x80, 0xBF, TAIL_1, OCTET),
    [TAIL_3] = LAST(0x80, 0xBF, TAIL_2, OCTET),
    [TAIL_E0] = LAST(0xA0, 0xBF, TAIL_1, OCTET),
    [TAIL_ED] = LAST(0x80, 0x9F, TAIL_1, OCTET),
    [TAIL_F0] = LAST(0x90, 0xBF, TAIL_2, OCTET),
    [TAIL_F4] = LAST(0x80, 0x8F, TAIL_2, OCTET),
    [T_RUE] = LAST('r', 'r', TR_UE, OCTET),
    [TR_UE] = LAST('u', 'u', FALS_E, OCTET),
    [F_ALSE] = LAST('a', 'a', FA_LSE, OCTET),
    [FA_LSE] = LAST('l', 'l', FAL_SE, OCTET),
    [FAL_SE] = LAST('s', 's', FALS_E, OCTET),
    [FALS_E] = LAST('e', 'e', LITERAL_END, OCTET),
    [N_ULL] = LAST('u', 'u', NU_LL, OCTET),
    [NU_LL] = LAST('l', 'l', NUL_L, OCTET),
    [NUL_L] = LAST('l', 'l', LITERAL_END, OCTET),
    [MINUS] = RULE('0', '0', ZERO, OCTET), LAST('1', '9', INTEGER, OCTET),
    [INTEGER] = RULE('0', '9', INTEGER, OCTET),
    [ZERO] = RULE('.', '.', POINT, OCTET), RULE('e', 'e', EXPONENT, OCTET), RULE('E', 'E', EXPONENT, OCTET),
        LAST(0, 255, AFTER_VALUE, VALUE_ENDED),
    [POINT] = LAST('0', '9', FRACTION, OCTET),
    [FRACTION] = RULE('0', '9', FRACTION, OCTET), RULE('e', 'e', EXPONENT, OCTET),
        RULE('E', 'E', EXPONENT, OCTET), LAST(0, 255, AFTER_VALUE, VALUE_ENDED),
    [EXPONENT] = RULE('+', '+', EXPONENT_SIGN, OCTET), RULE('-', '-', EXPONENT_SIGN, OCTET),
    [EXPONENT_SIGN] = LAST('0', '9', EXPONENT_DIGITS, OCTET),
    [EXPONENT_DIGITS] = RULE('0', '9', EXPONENT_DIGITS, OCTET),
    [LITERAL_END] = LAST(0, 255, AFTER_VALUE, VALUE_ENDED),
};

_Static_assert(sizeof twilio_json_rules == RULES * sizeof twilio_json_rules[0],
               "a state has other rules than its enumerator says");
_Static_assert(STRING == TWILIO_JSON_STRING, "grammar.h tells another state");

/* ---- Where we are ---------------------------------------------------------- */

/* The path has '.' for each object that is open, then the key; and "[]" for each array. There is
 * always room for those of TWILIO_DEPTH_MAX. */
static void path_put(struct twilio_json *j, unsigned octet)
{
    j->path[j->path_size++] = (char)octet;
}

/* What has a meaning in paths is kept out of keys, and the end of what does not fit, by an octet
 * that no name has: so such keys match nothing. */
static void key_octet(struct twilio_json *j, unsigned octet)
{
    if (octet == '.' || octet == ']' || octet == '\0' || j->path_size > TWILIO_PATH_MAX) {
        octet = '\n';
    }
    if (j->path_size <= TWILIO_PATH_MAX || j->path[j->path_size - 1] != '\n') {
        path_put(j, octet);
    }
}

/* Forget the key that the path ends with. */
static void key_forget(struct twilio_json *j)
{
    while (j->path[j->path_size - 1] != '.') {
        j->path_size--;
    }
}

static bool in_array(const struct twilio_json *j)
{
    return j->path_size != 0 && j->path[j->path_size - 1] == ']';
}

/* ---- Fields ---------------------------------------------------------------- */

/* Find the field whose value begins or ends here. Returns whether some are of the elements of the
 * array that is open, perhaps deeper in them; empties those if told to. */
static bool look(struct twilio_json *j, bool empty)
{
    bool found = false;

    j->live = NULL;
    j->path[j->path_size] = '\0';
    for (struct twilio_field *field = j->fields; field != NULL && field->name != NULL; field++) {
        const char *name = field->name;
        const char *path = j->path + (*name != '[');  /* the '.' of the root is not in names */
        while (*path != '\0' && *path == *name) {
            path++;
            name++;
        }
        if (*path == *name) {
            j->live = field;
        }
        if (*path == '\0' && in_array(j)) {
            found = true;
            if (empty) {
                twilio_field_start(field, 0);
            }
        }
    }
    return found;
}

/* ---- Actions --------------------------------------------------------------- */

/* An octet of a key or of a value, unescaped. */
static void pass_on(struct twilio_json *j, unsigned octet)
{
    if (j->key) {
        key_octet(j, octet);
    } else if (j->live != NULL) {
        twilio_field_append(j->live, (uint8_t)octet);
    }
}

static void value_begins(struct twilio_json *j, uint8_t octet)
{
    j->key = false;
    look(j, true);
    if (j->live != NULL) {
        char type = (char)(octet == '"' ? 's' : octet == 'n' ? '0' : octet < 'A' ? 'n' : octet);
        twilio_field_start(j->live, type);
    }
}

static void value_ends(struct twilio_json *j)
{
    if (j->path_size == 0) {
        j->state = END_OF_TEXT;
        j->status = TWILIO_OK;
    } else if (look(j, false)) {
        j->status = TWILIO_ITEM;
    }
    if (j->live != NULL) {
        twilio_field_finish(j->live);
        j->live = NULL;
    }
}

static void container_begins(struct twilio_json *j, uint8_t octet)
{
    value_begins(j, octet);
    if (j->path_size >= sizeof j->path - 3) {
        j->status = TWILIO_ERR_DEPTH;
    } else if (octet == '{') {
        path_put(j, '.');
    } else {
        path_put(j, '[');
        path_put(j, ']');
    }
}

static void container_ends(struct twilio_json *j, uint8_t octet)
{
    if (octet != (in_array(j) ? ']' : '}')) {
        j->status = TWILIO_ERR_JSON;
        return;
    }
    if (octet == '}') {
        key_forget(j);
        j->path_size++;
    }
    j->path_size = (uint8_t)(j->path_size - 2);
    value_ends(j);
}

static void string_ends(struct twilio_json *j)
{
    if (j->key) {
        j->state = COLON;
    } else {
        value_ends(j);
    }
}

/* An escaped character, as UTF-8. */
static void put_character(struct twilio_json *j, uint32_t c)
{
    unsigned tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

    pass_on(j, (tails == 0 ? 0 : 0xF0U << (3 - tails) & 0xF0) | c >> 6 * tails);
    while (tails-- != 0) {
        pass_on(j, 0x80 | (c >> 6 * tails & 0x3F));
    }
    j->unicode = 0;
    j->count = 0;
    j->state = STRING;
}

/* \uXXXX: four digits, or eight, with the high surrogate's in the upper half of unicode. */
static void unicode_digit(struct twilio_json *j, uint8_t octet)
{
    uint32_t low;

    j->unicode = j->unicode << 4 | hex_value(octet);
    if (++j->count % 4 != 0) {
        return;
    }
    low = (j->unicode & 0xFFFF) - 0xDC00;
    if ((j->count == 8) != (low < 0x400)) {
        j->status = TWILIO_ERR_JSON;
    } else if (j->count == 8) {
        put_character(j, 0x10000 + ((j->unicode >> 16) - 0xD800) * 0x400 + low);
    } else if (j->unicode >> 10 == 0xD800 >> 10) {
        j->state = LOW_BACKSLASH;
    } else {
        put_character(j, j->unicode);
    }
}

/* Returns the octets consumed. */
static size_t act(struct twilio_json *j, enum action action, uint8_t octet)
{
    switch (action) {
    case PASS:
        break;
    case BEGIN:
        value_begins(j, octet);
        if (octet != '"') {
            pass_on(j, octet);
        }
        break;
    case OPEN:
        container_begins(j, octet);
        break;
    case CLOSE:
        container_ends(j, octet);
        break;
    case KEY:
        key_forget(j);
        j->key = true;
        break;
    case COMMA:
        if (!in_array(j)) {
            j->state = NEXT_KEY;
        }
        break;
    case STRING_ENDS:
        string_ends(j);
        break;
    case VALUE_ENDED:
        value_ends(j);
        return 0;
    case HEX:
        unicode_digit(j, octet);
        break;
    case OCTET:
    case CONTROL:
    default:  /* what is above CONTROL */
        pass_on(j, action == OCTET ? octet : action);
        break;
    }
    return 1;
}

static bool is_white(uint8_t octet)
{
    return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
}

static size_t take(struct twilio_json *j, uint8_t octet)
{
    int action;

    if (j->state <= END_OF_TEXT && is_white(octet)) {
        return 1;
    }
    action = twilio_advance(twilio_json_rules, &j->state, octet);
    if (action < 0) {
        j->status = TWILIO_ERR_JSON;
        return 1;
    }
    return act(j, (enum action)action, octet);
}

/* Most of a text is strings that nobody wants: pass them quickly. */
static size_t dull(const struct twilio_json *j, const char *data, size_t size)
{
    size_t n = 0;

    if (j->state == STRING && j->live == NULL && !j->key) {
        while (n < size && data[n] >= ' ' && data[n] != '"' && data[n] != '\\' && (uint8_t)data[n] < 0x80) {
            n++;
        }
    }
    return n;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_json_begin(struct twilio_json *json)
{
    int e;

    if (json == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    *json = (struct twilio_json){ .fields = json->fields, .state = VALUE };
    e = twilio_fields_begin(json->fields);
    json->status = e == 0 ? TWILIO_AGAIN : e;
    return e;
}

int twilio_json_feed(struct twilio_json *json, const char *data, size_t size)
{
    struct twilio_json *j = json;
    size_t used = 0;

    if (j->status < TWILIO_AGAIN) {
        return j->status;
    }
    if (size > INT_MAX || (data == NULL && size != 0)) {
        return TWILIO_ERR_ARGUMENT;
    }
    j->status = j->state == END_OF_TEXT ? TWILIO_OK : TWILIO_AGAIN;
    if (size == 0) {
        take(j, ' ');  /* ends a number */
        if (j->status != TWILIO_OK) {
            j->status = TWILIO_ERR_JSON;
        }
    }
    while (used < size && (j->status == TWILIO_AGAIN || j->status == TWILIO_OK)) {
        size_t n = dull(j, data + used, size - used);
        used += n != 0 ? n : take(j, (uint8_t)data[used]);
    }
    return j->status < TWILIO_AGAIN ? j->status : (int)used;
}
