/*
 * response.c - the reader of an answer: RFC 9112, strict, in pieces of any size
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"
#include "grammar.h"
#include "octets.h"
#include "twilio.h"

#include <limits.h>
#include <string.h>

enum flag {
    CHUNKED    = 1,   /* Transfer-Encoding: chunked */
    HAS_LENGTH = 2,   /* Content-Length */
    CLOSE      = 4,   /* Connection: close */
    KEEP_ALIVE = 8,   /* Connection: keep-alive */
    MINOR_0    = 16,  /* HTTP/1.0 */
    HAS_HEADER = 32,  /* a line that begins with white space goes on with a header */
    TRAILER    = 64   /* these lines come after the body, and mean nothing */
};

/* ---- The grammar ----------------------------------------------------------- */

enum action {
    PASS, MINOR, CODE, REASON, LINE, FOLD, NAME_OCTET, NAME_ENDS, VALUE_OCTET,
    HEAD_ENDS, SIZE_DIGIT, SIZE_ENDS, NEXT_CHUNK
};

/* States, and how many rules each has. */
enum state {
    STATUS_LINE     = 0,
    LINE_START      = STATUS_LINE + 13,
    NAME            = LINE_START + 4,
    VALUE           = NAME + 11,
    VALUE_LF        = VALUE + 4,
    HEAD_LF         = VALUE_LF + 1,
    CHUNK_SIZE      = HEAD_LF + 1,
    CHUNK_SIZE_MORE = CHUNK_SIZE + 3,
    CHUNK_SPACE     = CHUNK_SIZE_MORE + 4,
    CHUNK_EXTENSION = CHUNK_SPACE + 3,
    CHUNK_LF        = CHUNK_EXTENSION + 4,
    CHUNK_DATA_CR   = CHUNK_LF + 1,
    CHUNK_DATA_LF   = CHUNK_DATA_CR + 1,
    RULES           = CHUNK_DATA_LF + 1,
    /* The body's own octets, which no rule looks at: */
    CHUNK_DATA, SIZED, UNTIL_CLOSE
};

static const struct rule rules[] = {
    /* HTTP/1.1 200 OK */
    [STATUS_LINE] = LAST('H', 'H', 1, PASS), LAST('T', 'T', 2, PASS), LAST('T', 'T', 3, PASS),
        LAST('P', 'P', 4, PASS), LAST('/', '/', 5, PASS), LAST('1', '1', 6, PASS), LAST('.', '.', 7, PASS),
        LAST('0', '9', 8, MINOR), LAST(' ', ' ', 9, PASS), LAST('1', '9', 10, CODE),
        LAST('0', '9', 11, CODE), LAST('0', '9', 12, CODE), LAST(' ', ' ', VALUE, REASON),
    /* A header begins (its first octet is looked at again), the one before goes on, or the head ends. */
    [LINE_START] = RULE(' ', ' ', VALUE, FOLD), RULE('\t', '\t', VALUE, FOLD),
        RULE('\r', '\r', HEAD_LF, LINE), LAST(0, 255, NAME, LINE),
    [NAME] = RULE('^', 'z', NAME, NAME_OCTET), RULE('A', 'Z', NAME, NAME_OCTET),
        RULE('-', '.', NAME, NAME_OCTET), RULE('0', '9', NAME, NAME_OCTET), RULE('#', '%', NAME, NAME_OCTET),
        RULE('&', '\'', NAME, NAME_OCTET), RULE('*', '+', NAME, NAME_OCTET), RULE('!', '!', NAME, NAME_OCTET),
        RULE('|', '|', NAME, NAME_OCTET), RULE('~', '~', NAME, NAME_OCTET), LAST(':', ':', VALUE, NAME_ENDS),
    [VALUE] = RULE(' ', '~', VALUE, VALUE_OCTET), RULE('\r', '\r', VALUE_LF, PASS),
        RULE('\t', '\t', VALUE, VALUE_OCTET), LAST(0x80, 0xFF, VALUE, VALUE_OCTET),
    [VALUE_LF] = LAST('\n', '\n', LINE_START, PASS),
    [HEAD_LF] = LAST('\n', '\n', HEAD_LF, HEAD_ENDS),
    [CHUNK_SIZE] = RULE('0', '9', CHUNK_SIZE_MORE, SIZE_DIGIT), RULE('A', 'F', CHUNK_SIZE_MORE, SIZE_DIGIT),
        LAST('a', 'f', CHUNK_SIZE_MORE, SIZE_DIGIT),
    [CHUNK_SIZE_MORE] = RULE('0', '9', CHUNK_SIZE_MORE, SIZE_DIGIT),
        RULE('A', 'F', CHUNK_SIZE_MORE, SIZE_DIGIT), RULE('a', 'f', CHUNK_SIZE_MORE, SIZE_DIGIT),
        RULE('\r', '\r', CHUNK_LF, PASS),
    [CHUNK_SPACE] = RULE(' ', ' ', CHUNK_SPACE, PASS), RULE('\t', '\t', CHUNK_SPACE, PASS),
        LAST(';', ';', CHUNK_EXTENSION, PASS),
    [CHUNK_EXTENSION] = RULE(' ', '~', CHUNK_EXTENSION, PASS), RULE('\r', '\r', CHUNK_LF, PASS),
        RULE('\t', '\t', CHUNK_EXTENSION, PASS), LAST(0x80, 0xFF, CHUNK_EXTENSION, PASS),
    [CHUNK_LF] = LAST('\n', '\n', CHUNK_DATA, SIZE_ENDS),
    [CHUNK_DATA_CR] = LAST('\r', '\r', CHUNK_DATA_LF, PASS),
    [CHUNK_DATA_LF] = LAST('\n', '\n', CHUNK_SIZE, NEXT_CHUNK),
};

_Static_assert(sizeof rules / sizeof rules[0] == RULES, "a state has other rules than its enumerator says");

/* ---- Values ---------------------------------------------------------------- */

/* Names, and elements of values, gather in the word. One longer than TWILIO_NAME_MAX gets an
 * octet that neither can have, so that it equals nothing. */
static void word_octet(struct twilio_response *r, uint8_t octet)
{
    if (r->word_size == TWILIO_NAME_MAX) {
        r->word[0] = '\n';
    } else {
        r->word[r->word_size++] = (char)octet;
    }
}

static const char *word(struct twilio_response *r)
{
    r->word[r->word_size] = '\0';
    r->word_size = 0;
    return r->word;
}

/* An element ends of a list: of lengths, which must agree (RFC 9112 6.3), of transfer codings,
 * of which chunked alone is understood, or of connection options. */
static bool element_ends(struct twilio_response *r)
{
    const char *element = word(r);
    unsigned before = r->flags & r->header;
    uint32_t length = r->left;

    if (r->header == CLOSE) {
        r->flags |= twilio_equal(element, "close") ? CLOSE
                  : twilio_equal(element, "keep-alive") ? KEEP_ALIVE : 0;
        return true;
    }
    r->flags |= r->header;
    return r->header == CHUNKED ? before == 0 && twilio_equal(element, "chunked")
         : r->header == HAS_LENGTH ? twilio_decimal(element, &r->left) && (before == 0 || r->left == length)
         : true;
}

/* White space counts only between other octets. The comma that ended an element is none of the next. */
static void text_octet(struct twilio_response *r, uint8_t octet)
{
    if (r->field != NULL && (octet != ' ' || r->field->length != 0)) {
        twilio_field_append(r->field, octet);
    }
    if ((octet != ' ' || r->word_size != 0) && octet != ',') {
        word_octet(r, octet);
    }
}

static bool value_octet(struct twilio_response *r, uint8_t octet)
{
    bool good = true;

    if (octet == ' ' || octet == '\t') {
        r->spaces++;
        return true;
    }
    if (octet == ',') {
        good = element_ends(r);
    }
    for (; r->spaces != 0; r->spaces--) {
        text_octet(r, ' ');
    }
    text_octet(r, octet);
    return good;
}

static void value_begins(struct twilio_response *r, const char *name)
{
    struct twilio_field *field = r->headers;

    while (field != NULL && field->name != NULL && !twilio_equal(field->name, name)) {
        field++;
    }
    r->field = field != NULL && field->name != NULL ? field : NULL;
    r->spaces = 0;
    if (r->field != NULL) {
        twilio_field_start(field, 's');
    }
}

static bool value_ends(struct twilio_response *r)
{
    if (r->field != NULL) {
        twilio_field_finish(r->field);
    }
    return element_ends(r);
}

static bool name_ends(struct twilio_response *r)
{
    const char *name = word(r);

    r->flags |= HAS_HEADER;
    if ((r->flags & TRAILER) == 0) {
        r->header = twilio_equal(name, "content-length") ? HAS_LENGTH
                  : twilio_equal(name, "transfer-encoding") ? CHUNKED
                  : twilio_equal(name, "connection") ? CLOSE : 0;
        value_begins(r, name);
    }
    return *name != '\0';
}

/* ---- Framing --------------------------------------------------------------- */

static void head_begins(struct twilio_response *r)
{
    r->state = STATUS_LINE;
    r->header = 0;
    r->word_size = 0;
    r->left = 0;
    r->code = 0;
}

static void complete(struct twilio_response *r)
{
    r->reusable = (r->flags & CLOSE) == 0 && (r->flags & (MINOR_0 | KEEP_ALIVE)) != MINOR_0;
    r->status = TWILIO_OK;
}

static void chunk_begins(struct twilio_response *r)
{
    r->state = CHUNK_SIZE;
    r->left = 0;
    r->head_left = TWILIO_RESPONSE_HEAD_MAX;
}

/* What follows the head: RFC 9112 6.3. */
static bool head_ends(struct twilio_response *r)
{
    unsigned framing = r->flags & (CHUNKED | HAS_LENGTH | MINOR_0);

    if ((r->flags & TRAILER) != 0) {
        complete(r);
    } else if (r->code < 200) {  /* an interim answer is forgotten; 101 was never asked for */
        bool good = r->code != 101;
        head_begins(r);
        twilio_fields_begin(r->headers);
        return good;
    } else if ((framing & CHUNKED) != 0 && framing != CHUNKED) {
        return false;  /* smuggled, or spoken by one who cannot */
    } else if (r->method == TWILIO_HEAD || r->code == 204 || r->code == 304
               || ((framing & HAS_LENGTH) != 0 && r->left == 0)) {
        complete(r);
    } else if (framing == CHUNKED) {
        chunk_begins(r);
    } else if ((framing & HAS_LENGTH) != 0) {
        r->state = SIZED;
    } else {
        r->state = UNTIL_CLOSE;
        r->left = UINT32_MAX;
    }
    return true;
}

static bool size_digit(struct twilio_response *r, uint8_t octet)
{
    bool good = r->left >> 28 == 0;

    r->left = r->left << 4 | hex_value(octet);
    return good;
}

/* After the last chunk come trailers, which end as a head does. */
static void size_ends(struct twilio_response *r)
{
    if (r->left == 0) {
        r->flags = TRAILER | (r->flags & (uint8_t)~HAS_HEADER);
        r->header = 0;
        r->field = NULL;
        r->state = LINE_START;
    }
}

/* ---- Octets ---------------------------------------------------------------- */

static bool act(struct twilio_response *r, enum action action, uint8_t octet)
{
    switch (action) {
    case MINOR:
        r->flags = octet == '0' ? MINOR_0 : 0;
        return true;
    case CODE:
        r->left = r->left * 10 + octet - '0';
        return true;
    case REASON:
        r->code = (uint16_t)r->left;
        value_begins(r, ":reason");
        return true;
    case LINE:
        return value_ends(r);
    case FOLD:  /* means a space: RFC 9112 5.2 */
        return (r->flags & HAS_HEADER) != 0 && value_octet(r, octet);
    case NAME_OCTET:
        word_octet(r, octet);
        return true;
    case NAME_ENDS:
        return name_ends(r);
    case VALUE_OCTET:
        return value_octet(r, octet);
    case HEAD_ENDS:
        return head_ends(r);
    case SIZE_DIGIT:
        return size_digit(r, octet);
    case SIZE_ENDS:
        size_ends(r);
        return true;
    case NEXT_CHUNK:
        chunk_begins(r);
        return true;
    case PASS:
    default:
        return true;
    }
}

/* Returns the octets consumed: the first of a line is looked at twice. */
static size_t take_head(struct twilio_response *r, uint8_t octet)
{
    int action = twilio_advance(rules, &r->state, octet);
    bool consumed = action != LINE || octet == '\r';

    if (action < 0 || r->head_left < consumed || !act(r, (enum action)action, octet)) {
        r->status = TWILIO_ERR_HTTP;
    }
    r->head_left = (uint16_t)(r->head_left - consumed);
    return consumed;
}

static size_t take_body(struct twilio_response *r, const uint8_t *data, size_t size)
{
    size_t room = r->body_size - r->body_length;
    size_t n = size < r->left ? size : r->left;

    if (r->body != NULL) {
        if (room == 0) {
            r->status = TWILIO_FULL;
        }
        n = n < room ? n : room;
        memcpy(r->body + r->body_length, data, n);
        r->body_length += n;
    }
    r->body_total += (uint32_t)n;
    if (r->state == UNTIL_CLOSE || (r->left -= (uint32_t)n) != 0) {
        return n;
    }
    if (r->state == CHUNK_DATA) {
        r->state = CHUNK_DATA_CR;
    } else {
        complete(r);
    }
    return n;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_response_begin(struct twilio_response *response)
{
    struct twilio_response *r = response;
    int e = TWILIO_ERR_ARGUMENT;

    if (r == NULL) {
        return e;
    }
    if ((unsigned)r->method <= TWILIO_DELETE && (r->body == NULL || r->body_size != 0)) {
        e = twilio_fields_begin(r->headers);
    }
    r->status = e == 0 ? TWILIO_AGAIN : e;
    r->body_length = 0;
    r->body_total = 0;
    r->reusable = false;
    r->head_left = TWILIO_RESPONSE_HEAD_MAX;
    r->field = NULL;
    head_begins(r);
    return e;
}

int twilio_response_feed(struct twilio_response *response, const void *data, size_t size)
{
    struct twilio_response *r = response;
    const uint8_t *octets = data;
    size_t used = 0;

    if (r->status < TWILIO_AGAIN || r->status == TWILIO_OK) {
        return r->status;
    }
    if (size > INT_MAX || (data == NULL && size != 0)) {
        return TWILIO_ERR_ARGUMENT;
    }
    r->status = TWILIO_AGAIN;
    if (size == 0) {
        r->status = r->state == UNTIL_CLOSE ? TWILIO_OK : TWILIO_ERR_CLOSED;
    }
    while (used < size && r->status == TWILIO_AGAIN) {
        used += r->state < RULES ? take_head(r, octets[used]) : take_body(r, octets + used, size - used);
    }
    return r->status < TWILIO_AGAIN ? r->status : (int)used;
}
