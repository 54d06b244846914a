/*
 * response.c - the reader of an answer: RFC 9112, strict, in pieces of any size
 *
 * Header names, and the few words that decide the framing, are matched as they pass against
 * all candidates at once, a bit each, so that nothing is buffered.
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"
#include "octets.h"
#include "twilio.h"

#include <limits.h>
#include <string.h>

enum state {
    STATUS_LINE, LINE_START, NAME, VALUE, VALUE_LF, HEAD_LF,
    CHUNK_SIZE, CHUNK_SPACE, CHUNK_EXTENSION, CHUNK_LF, CHUNK_DATA_CR, CHUNK_DATA_LF,
    CHUNK_DATA, SIZED, UNTIL_CLOSE,  /* the body's octets: all states from CHUNK_DATA on */
};

enum flag {
    HAS_HEADER = 1,    /* a line that begins with white space continues a header */
    HAS_LENGTH = 2,    /* Content-Length */
    CHUNKED    = 4,    /* Transfer-Encoding: chunked */
    CLOSE      = 8,    /* Connection: close */
    KEEP_ALIVE = 16,   /* Connection: keep-alive */
    MINOR_0    = 32,   /* HTTP/1.0 */
    TRAILER    = 64,   /* these lines come after the body, and mean nothing */
    SPACED     = 128,  /* white space came after a list element: only ',' may follow */
};

/* The headers that frame the message, then the words that may stand in them. */
static const char words[] = "content-length\0transfer-encoding\0connection\0chunked\0close\0keep-alive";
static const uint8_t word_at[] = { 0, 15, 33, 44, 52, 58 };
enum word { CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, WORD_CHUNKED, WORD_CLOSE, WORD_KEEP_ALIVE, NO_WORD };

/* Candidates are bits of response->names: the caller's fields, and above them the words. */
#define WORD_BIT(word) ((uint32_t)1 << (TWILIO_FIELDS_MAX + (word)))
#define HEADER_WORDS   (WORD_BIT(CONTENT_LENGTH) | WORD_BIT(TRANSFER_ENCODING) | WORD_BIT(CONNECTION))
#define VALUE_WORDS    (WORD_BIT(WORD_CHUNKED) | WORD_BIT(WORD_CLOSE) | WORD_BIT(WORD_KEEP_ALIVE))
#define NO_FIELD       TWILIO_FIELDS_MAX

static const octet_set in_token = { 0x03FF6CFAU, 0xC7FFFFFEU, 0x57FFFFFFU };

static bool is_space(uint8_t octet)
{
    return octet == ' ' || octet == '\t';
}

/* ---- Matching words as they pass ------------------------------------------- */

static const char *candidate(const struct twilio_response *r, unsigned bit)
{
    return bit < TWILIO_FIELDS_MAX ? r->headers[bit].name : words + word_at[bit - TWILIO_FIELDS_MAX];
}

static void match_begin(struct twilio_response *r, uint32_t candidates)
{
    r->names = candidates;
    r->position = 0;
}

/* Every candidate left has matched all octets so far, so none is read past its NUL. */
static void match(struct twilio_response *r, uint8_t octet)
{
    octet = to_lower(octet);
    for (unsigned bit = 0; r->names >> bit != 0; bit++) {
        if ((r->names >> bit & 1U) != 0 && to_lower((uint8_t)candidate(r, bit)[r->position]) != octet) {
            r->names &= ~((uint32_t)1 << bit);
        }
    }
    if (++r->position == UINT8_MAX) {
        match_begin(r, 0);
        r->position = 1;  /* longer than any name that could match */
    }
}

/* Whether the candidate has matched, whole. */
static bool matched(const struct twilio_response *r, unsigned bit)
{
    return (r->names >> bit & 1U) != 0 && candidate(r, bit)[r->position] == '\0';
}

static bool matched_word(const struct twilio_response *r, enum word word)
{
    return matched(r, TWILIO_FIELDS_MAX + word);
}

/* ---- Values that frame the message ----------------------------------------- */

static bool length_digit(struct twilio_response *r, uint8_t octet)
{
    uint32_t digit = octet - (uint32_t)'0';

    if (!is_digit(octet) || r->number > (UINT32_MAX - digit) / 10) {
        return false;
    }
    r->number = r->number * 10 + digit;
    r->position = 1;
    return true;
}

/* Repeated lengths must agree (RFC 9112 6.3); chunked must be the only coding, once. */
static bool element_end(struct twilio_response *r)
{
    bool empty = r->position == 0;

    if (r->word == CONTENT_LENGTH) {
        if (empty || ((r->flags & HAS_LENGTH) != 0 && r->left != r->number)) {
            return false;
        }
        r->left = r->number;
        r->number = 0;
        r->flags |= HAS_LENGTH;
    } else if (r->word == TRANSFER_ENCODING) {
        if (empty || (r->flags & CHUNKED) != 0 || !matched_word(r, WORD_CHUNKED)) {
            return false;
        }
        r->flags |= CHUNKED;
    } else if (!empty) {
        r->flags |= matched_word(r, WORD_CLOSE) ? CLOSE : matched_word(r, WORD_KEEP_ALIVE) ? KEEP_ALIVE : 0;
    }
    r->flags &= (uint8_t)~SPACED;
    match_begin(r, VALUE_WORDS);
    return true;
}

/* One octet of a list of numbers or tokens. */
static bool framing_octet(struct twilio_response *r, uint8_t octet)
{
    if (is_space(octet)) {
        r->flags |= r->position != 0 ? SPACED : 0;
        return true;
    }
    if (octet == ',') {
        return element_end(r);
    }
    if ((r->flags & SPACED) != 0) {
        return false;
    }
    if (r->word == CONTENT_LENGTH) {
        return length_digit(r, octet);
    }
    match(r, octet);
    return in_set(in_token, octet);
}

/* ---- Values that the caller wants ------------------------------------------ */

static void capture_begin(struct twilio_response *r, unsigned field)
{
    r->field = (uint8_t)field;
    r->captured = 0;
    if (field != NO_FIELD) {
        twilio_field_start(&r->headers[field], 's');
    }
}

/* White space counts only when something follows it: length is that of the trimmed value. */
static void capture(struct twilio_response *r, uint8_t octet)
{
    struct twilio_field *field = &r->headers[r->field];

    if (is_space(octet) && r->captured == 0) {
        return;
    }
    twilio_field_put(field, r->captured, octet);
    r->captured = (uint16_t)(r->captured + (r->captured < UINT16_MAX));
    if (!is_space(octet)) {
        field->length = r->captured;
    }
}

/* ---- Lines ----------------------------------------------------------------- */

static bool value_octet(struct twilio_response *r, uint8_t octet)
{
    if (r->field != NO_FIELD) {
        capture(r, octet);
    }
    return r->word == NO_WORD || framing_octet(r, octet);
}

static bool value_end(struct twilio_response *r)
{
    bool good = r->word == NO_WORD || r->word == CONNECTION || r->position != 0;

    if (r->field != NO_FIELD) {
        twilio_field_finish(&r->headers[r->field]);
    }
    if (r->word != NO_WORD && r->position != 0) {
        good = element_end(r);
    }
    r->word = NO_WORD;
    r->field = NO_FIELD;
    return good;
}

static void name_end(struct twilio_response *r)
{
    unsigned field = NO_FIELD;

    r->word = NO_WORD;
    if ((r->flags & TRAILER) == 0) {
        for (unsigned bit = 0; r->names >> bit != 0; bit++) {
            if (matched(r, bit)) {
                field = bit < TWILIO_FIELDS_MAX ? bit : field;
                r->word = (uint8_t)(bit < TWILIO_FIELDS_MAX ? NO_WORD : bit - TWILIO_FIELDS_MAX);
            }
        }
    }
    capture_begin(r, field);
    match_begin(r, VALUE_WORDS);
    r->number = 0;
    r->flags |= HAS_HEADER;
    r->state = VALUE;
}

/* "HTTP/1.1 201 Created": '#' is a digit. */
static bool status_octet(struct twilio_response *r, uint8_t octet)
{
    static const char line[] = "HTTP/1.# ### ";
    char expected = line[r->position++];

    if (expected != '#') {
        if (octet != (uint8_t)expected) {
            return false;
        }
    } else if (!is_digit(octet)) {
        return false;
    } else if (r->position <= 8) {
        r->flags = octet == '0' ? MINOR_0 : 0;
    } else {
        r->number = r->number * 10 + octet - '0';
    }
    if (line[r->position] != '\0') {
        return true;
    }
    r->code = (uint16_t)r->number;
    capture_begin(r, r->reason);
    r->state = VALUE;
    return r->code >= 100;
}

/* ---- Framing --------------------------------------------------------------- */

static void status_line_begin(struct twilio_response *r)
{
    r->state = STATUS_LINE;
    r->word = NO_WORD;
    r->code = 0;
    r->flags = 0;
    r->position = 0;
    r->number = 0;
}

static void complete(struct twilio_response *r)
{
    r->reusable = (r->flags & CLOSE) == 0 && r->state != UNTIL_CLOSE
               && ((r->flags & MINOR_0) == 0 || (r->flags & KEEP_ALIVE) != 0);
    r->status = TWILIO_OK;
}

static void chunk_begin(struct twilio_response *r)
{
    r->state = CHUNK_SIZE;
    r->position = 0;
    r->left = 0;
    r->head_left = TWILIO_RESPONSE_HEAD_MAX;
}

/* An interim answer (1xx) is forgotten; a switch of protocols was never asked for. */
static bool interim(struct twilio_response *r)
{
    status_line_begin(r);
    return twilio_fields_begin(r->headers) == TWILIO_OK;
}

/* What follows the head: RFC 9112 6.3. */
static bool head_end(struct twilio_response *r)
{
    bool sized = (r->flags & HAS_LENGTH) != 0, chunked = (r->flags & CHUNKED) != 0;

    if ((r->flags & TRAILER) != 0) {
        complete(r);
        return true;
    }
    if (r->code < 200) {
        return r->code != 101 && interim(r);
    }
    if (chunked && (sized || (r->flags & MINOR_0) != 0)) {
        return false;  /* smuggled, or spoken by one who cannot */
    }
    if (r->method == TWILIO_HEAD || r->code == 204 || r->code == 304 || (sized && r->left == 0)) {
        complete(r);
    } else if (chunked) {
        chunk_begin(r);
    } else {
        r->state = sized ? SIZED : UNTIL_CLOSE;
    }
    return true;
}

static bool chunk_digit(struct twilio_response *r, uint8_t octet)
{
    uint8_t letter = (uint8_t)(to_lower(octet) - 'a');
    uint32_t digit = is_digit(octet) ? octet - (uint32_t)'0' : letter + 10U;

    if ((!is_digit(octet) && letter >= 6) || r->left >> 28 != 0) {
        return false;
    }
    r->left = r->left << 4 | digit;
    r->position = 1;
    return true;
}

static bool chunk_size_end(struct twilio_response *r, uint8_t octet)
{
    r->state = octet == '\r' ? CHUNK_LF : octet == ';' ? CHUNK_EXTENSION : CHUNK_SPACE;
    return r->position != 0 && (octet == '\r' || octet == ';' || is_space(octet));
}

/* After the last chunk come trailers, which end as a head does. */
static void chunk_line_end(struct twilio_response *r)
{
    if (r->left != 0) {
        r->state = CHUNK_DATA;
    } else {
        r->flags = (uint8_t)((r->flags | TRAILER) & ~HAS_HEADER);
        r->field = NO_FIELD;
        r->state = LINE_START;
    }
}

/* ---- Octets ---------------------------------------------------------------- */

static bool expect(struct twilio_response *r, uint8_t octet, char expected, enum state next)
{
    r->state = (uint8_t)next;
    return octet == (uint8_t)expected;
}

static bool name_octet(struct twilio_response *r, uint8_t octet)
{
    if (octet == ':' && r->position != 0) {
        name_end(r);
        return true;
    }
    if (r->names != 0 || r->position == 0) {
        match(r, octet);
    }
    return in_set(in_token, octet);
}

static bool line_start(struct twilio_response *r, uint8_t octet)
{
    if (is_space(octet)) {  /* a folded value: the fold means a space (RFC 9112 5.2) */
        r->state = VALUE;
        return (r->flags & HAS_HEADER) != 0 && value_octet(r, ' ');
    }
    if (!value_end(r)) {
        return false;
    }
    if (octet == '\r') {
        r->state = HEAD_LF;
        return true;
    }
    match_begin(r, r->wanted | HEADER_WORDS);
    r->state = NAME;
    return name_octet(r, octet);
}

static bool text_octet(struct twilio_response *r, uint8_t octet, enum state at_end)
{
    if (octet == '\r') {
        r->state = (uint8_t)at_end;
        return true;
    }
    return !is_control(octet) || octet == '\t';
}

static bool head_octet(struct twilio_response *r, uint8_t octet)
{
    switch (r->state) {
    case STATUS_LINE:
        return status_octet(r, octet);
    case LINE_START:
        return line_start(r, octet);
    case NAME:
        return name_octet(r, octet);
    case VALUE:
        return text_octet(r, octet, VALUE_LF) && (octet == '\r' || value_octet(r, octet));
    case VALUE_LF:
        return expect(r, octet, '\n', LINE_START);
    case HEAD_LF:
        return octet == '\n' && head_end(r);
    case CHUNK_SIZE:
        return chunk_digit(r, octet) || chunk_size_end(r, octet);
    case CHUNK_SPACE:
        return chunk_size_end(r, octet) && octet != '\r';
    case CHUNK_EXTENSION:
        return text_octet(r, octet, CHUNK_LF);
    case CHUNK_LF:
        chunk_line_end(r);
        return octet == '\n';
    case CHUNK_DATA_CR:
        return expect(r, octet, '\r', CHUNK_DATA_LF);
    default:
        chunk_begin(r);
        return octet == '\n';
    }
}

/* How many octets from here on nobody looks at: the rest of a name or value of no interest. */
static size_t dull(const struct twilio_response *r, const uint8_t *data, size_t size)
{
    size_t n = 0;

    if (r->state == VALUE && r->field == NO_FIELD && r->word == NO_WORD) {
        while (n < size && !is_control(data[n])) {
            n++;
        }
    } else if (r->state == NAME && r->names == 0) {
        while (n < size && in_set(in_token, data[n])) {
            n++;
        }
    }
    return n;
}

static size_t take_head(struct twilio_response *r, const uint8_t *data, size_t size)
{
    size_t n = dull(r, data, size);

    if (n == 0) {
        n = 1;
        if (!head_octet(r, data[0])) {
            r->status = TWILIO_ERR_HTTP;
        }
    }
    if (n > r->head_left) {
        r->status = TWILIO_ERR_HTTP;
        return n;
    }
    r->head_left = (uint16_t)(r->head_left - n);
    return n;
}

static void body_end(struct twilio_response *r)
{
    if (r->state == CHUNK_DATA) {
        r->state = CHUNK_DATA_CR;
    } else {
        complete(r);
    }
}

static size_t take_body(struct twilio_response *r, const uint8_t *data, size_t size)
{
    size_t room = r->body_size - r->body_length;
    size_t n = r->state != UNTIL_CLOSE && size > r->left ? r->left : size;

    if (r->body != NULL) {
        if (room == 0) {
            r->status = TWILIO_FULL;
            return 0;
        }
        n = n < room ? n : room;
        memcpy(r->body + r->body_length, data, n);
        r->body_length += n;
    }
    if (n > UINT32_MAX - r->body_total) {
        r->status = TWILIO_ERR_HTTP;
        return 0;
    }
    r->body_total += (uint32_t)n;
    if (r->state != UNTIL_CLOSE && (r->left -= (uint32_t)n) == 0) {
        body_end(r);
    }
    return n;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_response_begin(struct twilio_response *response)
{
    struct twilio_response *r = response;
    int e;

    if (r == NULL || (r->body != NULL && r->body_size == 0)) {
        return TWILIO_ERR_ARGUMENT;
    }
    if ((e = twilio_fields_begin(r->headers)) != 0) {
        return e;
    }
    r->status = TWILIO_AGAIN;
    r->body_length = 0;
    r->body_total = 0;
    r->reusable = false;
    r->head_left = TWILIO_RESPONSE_HEAD_MAX;
    r->wanted = 0;
    r->reason = NO_FIELD;
    for (unsigned i = 0; r->headers != NULL && r->headers[i].name != NULL; i++) {
        r->wanted |= (uint16_t)(1U << i);
        if (r->headers[i].name[0] == ':') {  /* no header's name */
            r->reason = (uint8_t)i;
        }
    }
    status_line_begin(r);
    return TWILIO_OK;
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
        if (r->state == UNTIL_CLOSE) {
            complete(r);
        } else {
            r->status = TWILIO_ERR_CLOSED;
        }
    }
    while (used < size && r->status == TWILIO_AGAIN) {
        used += r->state < CHUNK_DATA ? take_head(r, octets + used, size - used)
                                      : take_body(r, octets + used, size - used);
    }
    return r->status < TWILIO_AGAIN ? r->status : (int)used;
}
