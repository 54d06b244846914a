/*
 * fuzz_response.c - any bytes as an answer: read whole and read in pieces, it is the same answer, and the one
 * that another reader finds there (rfc9112.h)
 *
 * Input: options, window size, two bytes of randomness for the pieces; then what the peer sends. To get to
 * the limits, if the options say so, in it \2 X n is as many X as make 32768 octets, a few more or fewer,
 * since the last \3, which itself is nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "rfc9112.h"

//@ fault response.c: } else if ((framing & CHUNKED) != 0 && framing != CHUNKED) { => } else if (0) {
//@ fault response.c: unsigned framing = r->flags & (CHUNKED | HAS_LENGTH | MINOR_0); => unsigned framing = r->flags & (CHUNKED | HAS_LENGTH);
//@ fault response.c: : r->header == HAS_LENGTH ? twilio_decimal(element, &r->left) && (before == 0 || r->left == length) => : r->header == HAS_LENGTH ? twilio_decimal(element, &r->left)
//@ fault response.c: return r->header == CHUNKED ? before == 0 && twilio_equal(element, "chunked") => return r->header == CHUNKED ? twilio_equal(element, "chunked")
//@ fault response.c: bool good = r->left >> 28 == 0; => bool good = r->left >> 29 == 0;
//@ fault response.c: r->left = r->left << 4 | hex_value(octet); => r->left = r->left * 10 + hex_value(octet);
//@ fault response.c: r->flags = TRAILER | (r->flags & (uint8_t)~HAS_HEADER); => r->flags |= TRAILER;
//@ fault response.c: if ((r->flags & TRAILER) == 0) { => if (1) {
//@ fault response.c: } else if (r->code < 200) {  /* an interim answer is forgotten; 101 was never asked for */ => } else if (r->code == 100) {
//@ fault response.c: bool good = r->code != 101; => bool good = true;
//@ fault response.c: twilio_fields_begin(r->headers); => ;
//@ fault response.c: RULE('|', '|', NAME, NAME_OCTET), RULE('~', '~', NAME, NAME_OCTET), LAST(':', ':', VALUE, NAME_ENDS), => RULE(' ', ' ', NAME, PASS), RULE('~', '~', NAME, NAME_OCTET), LAST(':', ':', VALUE, NAME_ENDS),
//@ fault response.c: LAST(';', ';', CHUNK_EXTENSION, PASS), => LAST('\r', '\r', CHUNK_LF, PASS),
//@ fault response.c: [CHUNK_DATA_CR] = LAST('\r', '\r', CHUNK_DATA_LF, PASS), => [CHUNK_DATA_CR] = LAST(0, 255, CHUNK_DATA_LF, PASS),
//@ fault response.c: if (r->state == UNTIL_CLOSE || (r->left -= (uint32_t)n) != 0) { => if (r->state == UNTIL_CLOSE || (r->left -= (uint32_t)n) > 1) {
//@ fault response.c: if (action < 0 || r->head_left < consumed || !act(r, (enum action)action, octet)) { => if (action < 0 || r->head_left + 1 < consumed || !act(r, (enum action)action, octet)) {
//@ fault response.c: if ((octet != ' ' || r->word_size != 0) && octet != ',') { => if (octet != ' ' && octet != ',') {
//@ fault response.c: && (r->flags & (MINOR_0 | KEEP_ALIVE)) != MINOR_0; => && (r->flags & MINOR_0) == 0;
//@ fault response.c: r->reusable = (r->flags & CLOSE) == 0 && (r->flags & (MINOR_0 | KEEP_ALIVE)) != MINOR_0; => r->reusable = (r->flags & (MINOR_0 | KEEP_ALIVE)) != MINOR_0;
//@ fault response.c: } else if (r->method == TWILIO_HEAD || r->code == 204 || r->code == 304 => } else if (r->method == TWILIO_HEAD || r->code == 204
//@ fault response.c: || ((framing & HAS_LENGTH) != 0 && r->left == 0)) { => ) {
//@ fault response.c: r->word[0] = '\n'; => ;
//@ fault response.c: return (r->flags & HAS_HEADER) != 0 && value_octet(r, octet); => return value_octet(r, octet);
//@ fault response.c: return *name != '\0'; => return true;
//@ fault response.c: if (octet == ',') { => if (octet == ',' && r->header == CLOSE) {
//@ fault response.c: text_octet(r, octet); => if (octet != ',') text_octet(r, octet);
//@ fault response.c: r->state = LINE_START; => r->state = CHUNK_DATA_CR;

#define WINDOW_MAX 64

enum option { EXPANDED = 32, WITHOUT_HEADERS = 64, CLOSED = 128 };

struct outcome {
    struct twilio_response response;
    struct twilio_field fields[5];
    char   reason[9], x[5], date[32], connection[24];
    char   window[WINDOW_MAX + 1];
    char   body[ANSWER_MAX];
    size_t body_size, consumed;
};

/* What the peer sends */
static struct octets sent;

/* ---- The core's reader -------------------------------------------------------------------------- */

static void take_window(struct outcome *o)
{
    struct twilio_response *r = &o->response;

    must(r->body_length <= r->body_size || r->body == NULL, "window of %zu", r->body_length);
    must(r->status != TWILIO_FULL || r->body_length == r->body_size, "full with %zu", r->body_length);
    must(o->body_size + r->body_length <= sent.size, "more body than there was input");
    if (r->body != NULL) {
        memcpy(o->body + o->body_size, r->body, r->body_length);
        o->body_size += r->body_length;
    }
    r->body_length = 0;
    must(o->window[WINDOW_MAX] == 'C', "canary");
}

static size_t piece_size(size_t left, uint32_t *random)
{
    size_t most = sent.size > 2048 ? 1024 : 8;

    return *random == 0 ? left : 1 + fuzz_random(random) % (left < most ? left : most);
}

static void begin(struct outcome *o, const uint8_t *options)
{
    struct twilio_response *r = &o->response;
    size_t window = options[1] % (WINDOW_MAX + 1);

    memset(o, 0, offsetof(struct outcome, body));
    memset(o->reason, 'C', offsetof(struct outcome, body) - offsetof(struct outcome, reason));
    o->body_size = 0;
    o->fields[0] = (struct twilio_field)TWILIO_FIELD(":reason", o->reason);
    o->fields[1] = (struct twilio_field)TWILIO_FIELD("x", o->x);
    o->fields[2] = (struct twilio_field)TWILIO_FIELD("Date", o->date);
    o->fields[3] = (struct twilio_field)TWILIO_FIELD("connection", o->connection);
    r->method = (enum twilio_method)(options[0] % 5);
    r->headers = (options[0] & WITHOUT_HEADERS) != 0 ? NULL : o->fields;
    r->body = window > 0 ? o->window : NULL;
    r->body_size = window;
    must(twilio_response_begin(r) == TWILIO_OK, "begin");
}

/* random 0: whole */
static void read_answer(struct outcome *o, const uint8_t *options, uint32_t random)
{
    struct twilio_response *r = &o->response;
    const uint8_t *data = sent.at;
    size_t left = sent.size;

    begin(o, options);
    while (left > 0 && r->status >= TWILIO_AGAIN && r->status != TWILIO_OK) {
        size_t piece = piece_size(left, &random);
        uint8_t *copy = malloc(piece);
        int n;

        must(copy != NULL, "memory");
        memcpy(copy, data, piece);
        n = twilio_response_feed(r, copy, piece);
        free(copy);
        must(n < 0 ? n == r->status : (size_t)n <= piece, "%d of %zu", n, piece);
        must(n < 0 || r->status != TWILIO_AGAIN || (size_t)n == piece, "%d of %zu", n, piece);
        take_window(o);
        data += n < 0 ? 0 : n;
        left -= n < 0 ? 0 : (size_t)n;
    }
    o->consumed = sent.size - left;
}

static void check_fields(const struct outcome *o)
{
    for (const struct twilio_field *f = o->fields; f->name != NULL; f++) {
        must(memchr(f->text, '\0', f->size) != NULL, "%s is not ended", f->name);
    }
}

/* ---- The other reader --------------------------------------------------------------------------- */

static struct wanted wanted[] = {
    { .name = "" }, { .name = "x" }, { .name = "date" }, { .name = "connection" }, { .name = NULL }
};
static struct answer answer = { .wanted = wanted };

static void compare_field(const struct twilio_field *field, const struct wanted *want)
{
    size_t size = strlen(field->text);

    must(field->type == (want->there ? 's' : 0), "%s: '%c'", field->name, field->type);
    must(field->length == want->size, "%s: %u octets, but %zu", field->name, field->length, want->size);
    must(size <= want->size && memcmp(field->text, want->text, size) == 0, "%s: '%s'", field->name,
         field->text);
    if (size < want->size) {  /* it was cut, where it had to be or in front of the character there */
        must(want->size >= field->size, "%s: it need not be cut", field->name);
        while (size < field->size - 1U && (uint8_t)want->text[size] >= 0x80) {
            size++;
        }
        must(size == field->size - 1U, "%s: cut to '%s'", field->name, field->text);
    }
}

/* What of the outcome is known before the peer closes, or without that */
static void compare_with_rfc(const struct outcome *o)
{
    static const int statuses[] = { TWILIO_ERR_HTTP, TWILIO_AGAIN, TWILIO_AGAIN, TWILIO_OK };
    const struct twilio_response *r = &o->response;

    must(r->status == statuses[answer.verdict] || r->status == TWILIO_FULL, "%d, but %d", r->status,
         statuses[answer.verdict]);
    must(o->body_size <= answer.body_size, "%zu octets of body", o->body_size);
    must(memcmp(o->body, answer.body, o->body_size) == 0, "another body");
    if (r->status < TWILIO_AGAIN) {  /* what came before the flaw may not have got through */
        return;
    }
    must(r->body_total == answer.body_size, "%u octets of body, but %zu", (unsigned)r->body_total,
         answer.body_size);
    must(r->code == answer.code, "%u, but %u", r->code, answer.code);
    must(o->consumed == answer.end, "%zu octets, but %zu", o->consumed, answer.end);
    must(r->status != TWILIO_OK || r->reusable == answer.reusable, "reusable: %d", r->reusable);
    for (size_t i = 0; i < 4 && r->headers != NULL && r->status == TWILIO_OK; i++) {
        compare_field(&o->fields[i], &wanted[i]);
    }
}

/* The peer closes. */
static void compare_closed(struct outcome *o)
{
    static const int statuses[] = { TWILIO_ERR_HTTP, TWILIO_ERR_CLOSED, TWILIO_OK, TWILIO_OK };
    struct twilio_response *r = &o->response;

    (void)twilio_response_feed(r, NULL, 0);
    must(r->status == statuses[answer.verdict], "closed: %d, but %d", r->status, statuses[answer.verdict]);
    must(r->status != TWILIO_OK || r->reusable == answer.reusable, "closed, reusable: %d", r->reusable);
}

static void check_outcome(struct outcome *o, const uint8_t *options)
{
    if (o->response.headers != NULL) {
        check_fields(o);
    }
    compare_with_rfc(o);
    if ((options[0] & CLOSED) != 0) {
        compare_closed(o);
    }
}

/* ---- What the peer sends ------------------------------------------------------------------------ */

static void expand(const uint8_t *data, size_t size)
{
    static uint8_t expanded[ANSWER_MAX];
    size_t used = 0, mark = 0;

    for (size_t i = 0; i < size && used < ANSWER_MAX; i++) {
        if (data[i] == 3) {
            mark = used;
        } else if (data[i] == 2 && i + 2 < size) {
            size_t to = mark + TWILIO_RESPONSE_HEAD_MAX + data[i + 2] - 128;
            for (; used < to && used < ANSWER_MAX; used++) {
                expanded[used] = data[i + 1];
            }
            i += 2;
        } else {
            expanded[used++] = data[i];
        }
    }
    sent = (struct octets){ expanded, used };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome outcome;

    if (size < 4 || size > ANSWER_MAX) {
        return 0;
    }
    sent = (struct octets){ data + 4, size - 4 };
    if ((data[0] & EXPANDED) != 0) {
        expand(sent.at, sent.size);
    }
    answer.to_head = data[0] % 5 == TWILIO_HEAD;
    read_rfc9112(&answer, sent.at, sent.size);
    read_answer(&outcome, data, 0);
    check_outcome(&outcome, data);
    read_answer(&outcome, data, 1 + data[2] + data[3] * 256U);
    check_outcome(&outcome, data);
    return 0;
}

#define OK "HTTP/1.1 200 OK\r\n"

const struct seed seeds[] = {
    SEED(OK "Content-Length: 5\r\n\r\nhello"),
    SEED("HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: abc\r\nContent-Length: 12\r\n"
         "Connection: keep-alive\r\n\r\n{\"sid\":\"SM\"}"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;a=\"b\"\r\n0123456789\r\n"
         "0\r\nX: trailer\r\n\r\n"),
    SEED("HTTP/1.1 100 Continue\r\n\r\n" OK "X: caf\xC3\xA9\r\n folded\r\nContent-Length: 2\r\n\r\nhi"),
    SEED("HTTP/1.0 404 Not Found\r\nConnection: x, keep-alive\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1"),
    SEED("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
    SEED(OK "Content-Type: text/plain\r\n\r\nuntil it ends"),
    SEED("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nno"),
    SEED("HTTP/1.0 200 OK\r\n\r\nuntil it ends"),
    SEED(OK "X: \2a\200\r\nContent-Length: 1\r\n\r\na"),
    SEED(OK "X: \2a\147\r\nContent-Length: 1\r\n\r\na"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n\3" "1;\2a\173\r\na\r\n\3" "0;\2a\173\r\n\r\n"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n\3" "0\r\nX: \2a\173\r\n\r\n"),
    SEED("HTTP/1.1 103 Early\r\nX: 1\r\nContent-Length: 9\r\n\r\n" OK "Date: \2a\201\r\n\r\nrest"),
    SEED("HTTP/1.1 200 OK\r\nContent-Length: 4294967289\r\nConnection: close , keep-alive\r\n\r\nhello"),
    SEED(OK "transfer-encoding: CHUNKED\r\n\r\n00000000000000000003\r\nabc\r\n000;x\r\nA: b\r\n c\r\n\r\n"),
    SEED("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"),
    SEED("HTTP/1.1 101 Switching\r\n\r\n" OK "Content-Length: 0\r\n\r\n"),
    SEED("HTTP/1.1 103 Early\r\nX: 1\r\nDate: now\r\n\r\n" OK "Content-Length: 0\r\n\r\n"),
    SEED(OK "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    SEED(OK "Content-Length: 0000000000000000000000000000000005\r\n\r\nhello"),
    SEED(OK "Content-Length: 5 5\r\n\r\nhello"), SEED(OK "Content-Length : 5\r\n\r\nhello"),
    SEED(OK "Connection: close, x ,\t,y\r\nX: a, b\r\nContent-Length: +5\r\n\r\nhello"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n100000001\r\na\r\n0\r\n\r\n"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n X: y\r\n\r\n"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n1\r\nab\n0\r\n\r\n"),
    SEED(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n X: y\r\n\r\n"), SEED(OK ": x\r\n\r\n"),
    SEED(OK " X: y\r\nContent-Length: 0\r\n\r\n"), SEED(OK "Content-Length: 1, 1\r\n 1\r\n\r\n11"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\r\n"), SEED("\r"), SEED("\n"), SEED("\r\n\r\n"), SEED(": "), SEED(" "), SEED("\t"), SEED(","),
    SEED(";"), SEED("0"), SEED("FFFFFFFF"), SEED("100000000"), SEED("4294967295"),
    SEED("99999999999999999999"), SEED("\""), SEED("Content-Length: 5\r\n"),
    SEED("Transfer-Encoding: chunked\r\n"), SEED("Connection: close\r\n"), SEED("chunked"), SEED("close"),
    SEED("keep-alive"), SEED("0\r\n\r\n"), SEED("5\r\nhello\r\n"), SEED("X: y\r\n"),
    SEED("HTTP/1.1 200 OK\r\n"), SEED("HTTP/1.1 101 x\r\n\r\n"), SEED("\r\n "), SEED("\xC3\xA9"), SEED("\0"),
    SEED("\xF0\x9F\x91\x8D"), SEED("HTTP/1.1 100 x\r\n\r\n"), SEED("\2a\200"), SEED("\3"), SEED("\2;\176"),
    SEED("HTTP/1.0 "), SEED(" 204 "), SEED(" 304 "), SEED("429496728"), SEED("-"), SEED("+"), SEED("0x"),
    SEED("Content-Length"), SEED("Transfer-Encoding"), SEED("Connection"), SEED("00000000"),
    SEED("\r\n0\r\n"), SEED("chunked, chunked"), SEED("5, 5"), SEED("5 "), SEED(" :"),
    { NULL, 0 }
};
