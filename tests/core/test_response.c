/*
 * test_response.c - the answer reader, black-box: RFC 9112 in tables, each row read in every way
 *
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE
#include "check.h"

#include <sys/mman.h>

#define V11   "HTTP/1.1 200 OK\r\n"
#define V10   "HTTP/1.0 200 OK\r\n"
#define CHUNK "Transfer-Encoding: chunked\r\n"
#define LONGEST_BODY 80000

/* ---- Reading in every way ----------------------------------------------------------------- */

struct way {
    size_t first;   /* bytes of the first piece; 0: all in pieces of the other size */
    size_t piece;   /* bytes of every other piece */
    size_t window;  /* 0: no window, the body is dropped */
};

static const size_t WHOLE = SIZE_MAX;

struct reading {
    int    status;
    size_t consumed, body_size;
    char   body[LONGEST_BODY];
    struct twilio_response response;
};

static struct reading got;

/* Take the full window, having seen that nothing goes on before it is taken. */
static void take_window(struct twilio_response *r, size_t window)
{
    if (r->status == TWILIO_FULL) {
        check(r->body_length == window, "full with %zu of %zu", r->body_length, window);
        assert_int_equal(twilio_response_feed(r, "HTTP", 4), 0);
        assert_int_equal(r->status, TWILIO_FULL);
        assert_int_equal(r->body_length, window);
    }
    assert_true(r->body_length <= window);
    assert_true(got.body_size + r->body_length <= sizeof got.body);
    if (r->body_length > 0) {
        memcpy(got.body + got.body_size, r->body, r->body_length);
    }
    got.body_size += r->body_length;
    r->body_length = 0;
}

/* Feed one piece, from heap memory of just its size. Returns false when there is no more to do. */
static bool feed_piece(struct twilio_response *r, const char *bytes, size_t size, size_t window)
{
    char *piece = malloc(size);
    size_t used = 0;

    assert_non_null(piece);
    memcpy(piece, bytes, size);
    do {
        int n = twilio_response_feed(r, piece + used, size - used);

        if (n < 0) {
            check(r->status == n, "status %d, returned %d", r->status, n);
            break;
        }
        used += (size_t)n;
        assert_true(used <= size);
        check(r->status >= TWILIO_AGAIN, "status %d, returned %d", r->status, n);
        check(r->status != TWILIO_AGAIN || used == size, "again, with %zu left", size - used);
        if (window > 0) {
            take_window(r, window);
        } else {
            assert_true(r->status != TWILIO_FULL && r->body_length == 0);
        }
    } while (r->status == TWILIO_FULL && used < size);
    free(piece);
    got.consumed += used;
    return r->status == TWILIO_AGAIN || r->status == TWILIO_FULL;
}

/* Read an answer; then, perhaps, the peer closes. Results are in got. */
static int read_answer(enum twilio_method method, struct twilio_field *headers, struct way way,
                       const char *bytes, size_t size, bool closes)
{
    char *window = malloc(way.window + 1);
    struct twilio_response *r = &got.response;
    size_t offset = 0, next = way.first > 0 ? way.first : way.piece;
    bool more = true;

    assert_non_null(window);
    window[way.window] = (char)CANARY;
    memset(&got, 0, offsetof(struct reading, body));
    memset(r, CANARY, sizeof *r);
    r->method = method;
    r->headers = headers;
    r->body = way.window > 0 ? window : NULL;
    r->body_size = way.window;
    assert_int_equal(twilio_response_begin(r), TWILIO_OK);
    assert_int_equal(r->status, TWILIO_AGAIN);
    assert_int_equal(r->code, 0);

    for (; more && offset < size; offset += next, next = way.piece) {
        next = smaller(next, size - offset);
        more = feed_piece(r, bytes + offset, next, way.window);
    }
    if (closes) {
        int n = twilio_response_feed(r, NULL, 0);

        check(n == (r->status < 0 ? r->status : 0), "closed: %d, status %d", n, r->status);
    }
    check(untouched(window + way.window, 1), "wrote past the window");
    free(window);
    got.status = r->status;
    return got.status;
}

/* ---- Answers as they should be -------------------------------------------------------------- */

enum {
    KEPT   = 1,  /* another request may follow */
    CLOSES = 2   /* the body ends where the connection ends */
};

struct answer {
    enum twilio_method method;
    int flags;
    unsigned code;
    const char *bytes;
    size_t size;
    const char *body;
    size_t body_size;
};

#define GET  TWILIO_GET
#define HEAD TWILIO_HEAD
#define POST TWILIO_POST

static const struct answer answers[] = {
    /* status lines */
    { GET, KEPT, 200, BYTES(V11 "Content-Length: 0\r\n\r\n"), BYTES("") },
    { GET, KEPT, 200, BYTES("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"), BYTES("") },
    { GET, KEPT, 201, BYTES("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi"), BYTES("hi") },
    { GET, KEPT, 299, BYTES("HTTP/1.1 299 \t caf\xC3\xA9 \xFF!\r\nContent-Length: 1\r\n\r\nx"), BYTES("x") },
    { GET, KEPT, 404, BYTES("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx"), BYTES("x") },
    { GET, KEPT, 599, BYTES("HTTP/1.1 599 x\r\nContent-Length: 1\r\n\r\nx"), BYTES("x") },
    { GET, KEPT, 999, BYTES("HTTP/1.1 999 x\r\nContent-Length: 1\r\n\r\nx"), BYTES("x") },
    { GET, 0, 200, BYTES(V10 "Content-Length: 1\r\n\r\nx"), BYTES("x") },

    /* header syntax */
    { GET, KEPT, 200, BYTES(V11 "Content-Length:3\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "cOnTeNt-LeNgTh: \t 3 \t\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "X:\r\nY: \r\nContent-Length: 3\r\nZ:\t\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "!#$%&'*+-.^_`|~09azAZ: x\r\nContent-Length: 3\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "X: \x80\xFF\t~!\"\\(),:;<=>?@[]{}\r\nContent-Length: 3\r\n\r\nabc"),
      BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "X: a\r\n b\r\n\t c\r\nContent-Length: 3\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "X: a\r\n Content-Length: 9\r\nContent-Length: 3\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "X-Content-Length: 9\r\nContent-Lengt: 9\r\nContent-Length2: 9\r\n"
                            "Content-Length: 3\r\n\r\nabc"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 "Transfer-Encodin: chunked\r\nX-Transfer-Encoding: chunked\r\n"
                            "TE: chunked\r\nContent-Length: 3\r\n\r\nabc"), BYTES("abc") },

    /* Content-Length */
    { GET, KEPT, 200, BYTES(V11 "Content-Length: 0000000000000000000003\r\n\r\nabc"), BYTES("abc") },
    { POST, KEPT, 201, BYTES("HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n\0\r\n\r\nHTTP/1."),
      BYTES("\0\r\n\r\nHTTP/1.") },
    /* chunked */
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n0\r\n\r\n"), BYTES("") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n5\r\nhello\r\n0\r\n\r\n"), BYTES("hello") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n1\r\nh\r\n2\r\nel\r\n2\r\nlo\r\n0\r\n\r\n"), BYTES("hello") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\nA\r\n0123456789\r\n9\r\n\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"),
      BYTES("0123456789\r\n\r\n0\r\n\r\n") },
    { GET, KEPT, 200, BYTES(V11 "transfer-ENCODING:\tCHUNKED \r\n\r\n0000000000000000000000003\r\nabc\r\n"
                            "0000\r\n\r\n"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3;a\r\nabc\r\n0;b=c\r\n\r\n"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3;a=b;c=\"d;\\\"e\\\\ \t\xC3\"\r\nabc\r\n0\r\n\r\n"),
      BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3 \t; a = b\r\nabc\r\n0\r\n\r\n"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3\r\nabc\r\n0\r\nX: y\r\n z\r\nE:\r\n\r\n"), BYTES("abc") },
    /* trailers say nothing about framing or the connection */
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3\r\nabc\r\n0\r\nContent-Length: 7\r\n\r\n"), BYTES("abc") },
    { GET, KEPT, 200, BYTES(V11 CHUNK "\r\n3\r\nabc\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n"), BYTES("abc") },

    /* 1xx are passed over, whatever they hold */
    { POST, KEPT, 200, BYTES("HTTP/1.1 100 Continue\r\n\r\n" V11 "Content-Length: 3\r\n\r\nabc"),
      BYTES("abc") },
    { POST, KEPT, 200, BYTES("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 \r\n\r\n"
                             V11 CHUNK "\r\n3\r\nabc\r\n0\r\n\r\n"), BYTES("abc") },
    { POST, KEPT, 200, BYTES("HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n"
                             V11 "Content-Length: 3\r\n\r\nabc"), BYTES("abc") },
    { HEAD, KEPT, 200, BYTES("HTTP/1.1 199 x\r\n\r\n" V11 "Content-Length: 3\r\n\r\n"), BYTES("") },

    /* answers that have no body, whatever they say */
    { HEAD, KEPT, 200, BYTES(V11 "\r\n"), BYTES("") },
    { HEAD, KEPT, 200, BYTES(V11 "Content-Length: 100\r\n\r\n"), BYTES("") },
    { HEAD, KEPT, 404, BYTES("HTTP/1.1 404 x\r\nContent-Length: 100\r\n\r\n"), BYTES("") },
    { HEAD, KEPT, 200, BYTES(V11 CHUNK "\r\n"), BYTES("") },
    { HEAD, 0, 200, BYTES(V11 "Connection: close\r\n\r\n"), BYTES("") },
    { HEAD, 0, 200, BYTES(V10 "Content-Length: 100\r\n\r\n"), BYTES("") },
    { TWILIO_DELETE, KEPT, 204, BYTES("HTTP/1.1 204 No Content\r\n\r\n"), BYTES("") },
    { TWILIO_DELETE, KEPT, 204, BYTES("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"), BYTES("") },
    { TWILIO_DELETE, 0, 204, BYTES("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), BYTES("") },
    { GET, KEPT, 304, BYTES("HTTP/1.1 304 Not Modified\r\n\r\n"), BYTES("") },
    { GET, KEPT, 304, BYTES("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), BYTES("") },
    { GET, KEPT, 205, BYTES("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"), BYTES("") },
    /* but these have one */
    { TWILIO_PUT, KEPT, 200, BYTES(V11 "Content-Length: 1\r\n\r\nx"), BYTES("x") },
    { TWILIO_DELETE, KEPT, 200, BYTES(V11 "Content-Length: 1\r\n\r\nx"), BYTES("x") },
    { GET, KEPT, 302, BYTES("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\n"
                            "Content-Length: 1\r\n\r\nx"), BYTES("x") },

    /* until the connection ends, only where no length is given */
    { GET, CLOSES, 200, BYTES(V11 "\r\nabc"), BYTES("abc") },
    { GET, CLOSES, 200, BYTES(V11 "\r\n"), BYTES("") },
    { GET, CLOSES, 200, BYTES(V10 "\r\nabc\r\n"), BYTES("abc\r\n") },
    { GET, CLOSES, 200, BYTES(V11 "Connection: keep-alive\r\n\r\nabc"), BYTES("abc") },
    { GET, CLOSES, 200, BYTES(V10 "Connection: keep-alive\r\n\r\nabc"), BYTES("abc") },
    { GET, CLOSES, 500, BYTES("HTTP/1.1 500 x\r\nContent-Type: text/plain\r\n\r\n0\r\n\r\n"),
      BYTES("0\r\n\r\n") },
};

static void check_reading(const struct answer *a, struct way way, const char *name)
{
    const char *shown = a->bytes;

    check(got.status == TWILIO_OK, "%s: status %d:\n%s", name, got.status, shown);
    check(got.response.code == a->code, "%s: code %u:\n%s", name, got.response.code, shown);
    check(got.consumed == a->size, "%s: consumed %zu of %zu:\n%s", name, got.consumed, a->size, shown);
    check(got.response.body_total == a->body_size, "%s: total %u:\n%s", name,
          (unsigned)got.response.body_total, shown);
    check(got.response.reusable == ((a->flags & KEPT) != 0), "%s: reusable:\n%s", name, shown);
    if (way.window > 0) {
        check(got.body_size == a->body_size && memcmp(got.body, a->body, a->body_size) == 0,
              "%s: body of %zu:\n%s", name, got.body_size, shown);
    }
}

static void read_and_check(const struct answer *a, struct way way, const char *name)
{
    read_answer(a->method, NULL, way, a->bytes, a->size, (a->flags & CLOSES) != 0);
    check_reading(a, way, name);
}

static void good_answers_at_every_window_size(void **state)
{
    (void)state;
    for (const struct answer *a = answers; a < answers + COUNT(answers); a++) {
        for (size_t window = 0; window <= a->body_size + 2; window++) {
            read_and_check(a, (struct way){ 0, WHOLE, window }, "at once");
            read_and_check(a, (struct way){ 0, 1, window }, "by bytes");
            read_and_check(a, (struct way){ 0, 2, window }, "by twos");
            read_and_check(a, (struct way){ 1, 3, window }, "by threes");
        }
    }
}

static void good_answers_at_every_split(void **state)
{
    (void)state;
    for (const struct answer *a = answers; a < answers + COUNT(answers); a++) {
        for (size_t split = 1; split < a->size; split++) {
            for (size_t window = 0; window <= a->body_size + 1; window++) {
                read_and_check(a, (struct way){ split, WHOLE, window }, "split");
            }
        }
    }
}

static void what_follows_an_answer_is_left_alone(void **state)
{
    char bytes[512];

    (void)state;
    for (const struct answer *a = answers; a < answers + COUNT(answers); a++) {
        if ((a->flags & CLOSES) == 0) {
            memcpy(bytes, a->bytes, a->size);
            memcpy(bytes + a->size, V11, sizeof V11);
            for (size_t piece = 1; piece <= 2 * a->size; piece += piece < 9 ? 1 : a->size) {
                read_answer(a->method, NULL, (struct way){ 0, piece, 64 }, bytes, a->size + 17, false);
                check_reading(a, (struct way){ 0, piece, 64 }, "followed");
                assert_int_equal(twilio_response_feed(&got.response, "HTTP", 4), 0);
                assert_int_equal(twilio_response_feed(&got.response, NULL, 0), 0);
                assert_int_equal(got.response.status, TWILIO_OK);
            }
        }
    }
}

/* A connection that ends anywhere inside an answer is never taken for the end of it. */
static void truncation_at_every_byte(void **state)
{
    (void)state;
    for (const struct answer *a = answers; a < answers + COUNT(answers); a++) {
        size_t until = (a->flags & CLOSES) != 0 ? a->size - a->body_size : a->size;

        for (size_t size = 0; size < until; size++) {
            for (size_t window = 0; window < 3; window++) {
                struct way way = { 0, size % 2 == 0 ? WHOLE : 1, window };
                int status = read_answer(a->method, NULL, way, a->bytes, size, true);

                check(status == TWILIO_ERR_CLOSED, "%d after %zu bytes of:\n%s", status, size, a->bytes);
                check(!got.response.reusable, "reusable after %zu bytes of:\n%s", size, a->bytes);
                assert_int_equal(twilio_response_feed(&got.response, a->bytes, 1), TWILIO_ERR_CLOSED);
                assert_int_equal(twilio_response_feed(&got.response, NULL, 0), TWILIO_ERR_CLOSED);
                assert_int_equal(got.response.status, TWILIO_ERR_CLOSED);
            }
        }
    }
}

/* ---- Answers as they should not be ---------------------------------------------------------- */

struct flaw {
    const char *bytes;
    size_t size;
};

#define H(lines) { BYTES(V11 lines "\r\n") }
#define LENGTH(value) { BYTES(V11 "Content-Length:" value "\r\n\r\nabcde") }
#define CODING(lines) { BYTES(V11 lines "\r\n5\r\nhello\r\n0\r\n\r\n") }
#define CHUNKS(chunks) { BYTES(V11 CHUNK "\r\n" chunks) }

static const struct flaw flaws[] = {
    /* status lines; HTTP/0.9 and other protocols among them */
    { BYTES("\r\n" V11) }, { BYTES("\n") }, { BYTES(" " V11) }, { BYTES("<html>") }, { BYTES("\0") },
    { BYTES("http/1.1 200 OK\r\n") }, { BYTES("HTTP/2.0 200 OK\r\n") }, { BYTES("HTTP/0.9 200 OK\r\n") },
    { BYTES("HTTP/3 200 OK\r\n") }, { BYTES("HTTP/1 200 OK\r\n") }, { BYTES("HTTP/1. 200 OK\r\n") },
    { BYTES("HTTP/11.1 200 OK\r\n") }, { BYTES("HTTP/1.10 200 OK\r\n") }, { BYTES("HTTP/1.x 200 OK\r\n") },
    { BYTES("HTTP/01.1 200 OK\r\n") }, { BYTES("HTTP 200 OK\r\n") }, { BYTES("HTTPS/1.1 200 OK\r\n") },
    { BYTES("ICY 200 OK\r\n") }, { BYTES("SSH-2.0-x\r\n") }, { BYTES("\x15\x03\x03\0\2\2\x28") },
    { BYTES("HTTP/1.1  200 OK\r\n") }, { BYTES("HTTP/1.1\t200 OK\r\n") }, { BYTES("HTTP/1.1200 OK\r\n") },
    { BYTES("HTTP/1.1 \r\n") }, { BYTES("HTTP/1.1\r\n") }, { BYTES("HTTP/1.1 20 OK\r\n") },
    { BYTES("HTTP/1.1 2000 OK\r\n") }, { BYTES("HTTP/1.1 2x0 OK\r\n") }, { BYTES("HTTP/1.1 -20 OK\r\n") },
    { BYTES("HTTP/1.1 +20 OK\r\n") }, { BYTES("HTTP/1.1 000 OK\r\n") }, { BYTES("HTTP/1.1 099 OK\r\n") },
    { BYTES("HTTP/1.1 200\r\n") }, { BYTES("HTTP/1.1 200\tOK\r\n") }, { BYTES("HTTP/1.1 200OK\r\n") },
    { BYTES("HTTP/1.1 200 OK\n") }, { BYTES("HTTP/1.1 200 OK\rX") }, { BYTES("HTTP/1.1 200 OK\r\r\n") },
    { BYTES("HTTP/1.1 200 O\0K") }, { BYTES("HTTP/1.1 200 O\033K") }, { BYTES("HTTP/1.1 200 O\177K") },
    { BYTES("HTTP/1.1 200\0OK") }, { BYTES("POST / HTTP/1.1\r\n") },
    /* 101 was not asked for */
    { BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n") },
    { BYTES("HTTP/1.1 100 Continue\r\n\r\nabc") }, { BYTES("HTTP/1.1 100 Continue\r\n\r\n\r\n") },

    /* header syntax */
    H("X\r\n"), H("X \r\n"), H(": x\r\n"), H("X : x\r\n"), H("X\t: x\r\n"), H("X Y: z\r\n"), H(" X: y\r\n"),
    H("\tX: y\r\n"), H("X(: y\r\n"), H("X@Y: z\r\n"), H("\"X\": y\r\n"), H("X/Y: z\r\n"),
    H("X\xC3\xA9: y\r\n"), H("X\0: y\r\n"), H("X: \0\r\n"), H("X: a\1b\r\n"), H("X: a\037b\r\n"),
    H("X: a\177b\r\n"), H("X: a\013b\r\n"), H("X: a\bb\r\n"), H("X: a\033[0m\r\n"), H("X: a\nY: b\r\n"),
    H("X: a\rb\r\n"), H("X: a\r\r\n"), H("X: a\r\0"), H("X: a\n b\r\n"), H("X: a\r\n b\n"),
    H("X: a\r\n \0\r\n"), H("X\r\n : y\r\n"), H("X\rY: z\r\n"), { BYTES(V11 "\n") }, { BYTES(V11 "\rX") },
    { BYTES(V11 "\r\r\n") }, { BYTES(V11 "Content-Length: 0\r\n\rX") },
    { BYTES(V11 "Content-Length: 0\r\n\n") }, { BYTES(V11 "Content-Length: 0\n\n") },
    H("Content-Length : 0\r\n"), H("Content-Length\t: 0\r\n"), H("Transfer-Encoding : chunked\r\n"),

    /* Content-Length */
    LENGTH(""), LENGTH(" "), LENGTH(" +5"), LENGTH(" -5"), LENGTH(" -0"), LENGTH(" 5 5"), LENGTH(" 0x5"),
    LENGTH(" 5x"), LENGTH(" x5"), LENGTH(" 5.0"), LENGTH(" 5;"), LENGTH(" \"5\""), LENGTH(" 5,"),
    LENGTH(" ,5"), LENGTH(" 5, 6"), LENGTH(" 5,6"), LENGTH(" 5,5x"), LENGTH(" 5,,6"), LENGTH(" ,"),
    LENGTH(" 1e1"), LENGTH(" 5\v"), LENGTH(" 4294967296"), LENGTH(" 4294967301"), LENGTH(" 42949672960"),
    LENGTH(" 18446744073709551616"), LENGTH(" 18446744073709551621"),
    LENGTH(" 99999999999999999999999999999999999"), LENGTH(" 6553600000000000"),
    LENGTH(" 5\r\nContent-Length: 6"), LENGTH(" 6\r\nX: y\r\ncontent-length:5"),
    LENGTH(" 5\r\nContent-Length:"), LENGTH(" 5\r\nContent-Length: x"), LENGTH(" 5\r\n 5"),
    LENGTH("\xC2\xA0" "5"), LENGTH(" 5\0"), LENGTH(" 0\r\nContent-Length: 5"),
    LENGTH(" 00\r\nContent-Length: 1"),

    /* Transfer-Encoding: chunked alone, without a length, from a 1.1 server */
    CODING("Transfer-Encoding: gzip\r\n"), CODING("Transfer-Encoding: identity\r\n"),
    CODING("Transfer-Encoding: gzip, chunked\r\n"), CODING("Transfer-Encoding: chunked, gzip\r\n"),
    CODING("Transfer-Encoding: chunked, chunked\r\n"), CODING(CHUNK CHUNK), CODING("Transfer-Encoding:\r\n"),
    CODING("Transfer-Encoding: gzip\r\n" CHUNK), CODING(CHUNK "Transfer-Encoding: identity\r\n"),
    CODING("Transfer-Encoding: chunke\r\n"), CODING("Transfer-Encoding: chunkedx\r\n"),
    CODING("Transfer-Encoding: xchunked\r\n"), CODING("Transfer-Encoding: chun ked\r\n"),
    CODING("Transfer-Encoding: \"chunked\"\r\n"), CODING("Transfer-Encoding: chunked;q=1\r\n"),
    CODING("Transfer-Encoding: chunked\vx\r\n"), CODING("Transfer-Encoding: chunked\r\n chunked\r\n"),
    CODING(CHUNK "Content-Length: 15\r\n"), CODING("Content-Length: 15\r\n" CHUNK),
    CODING("Content-Length: 15\r\nTransfer-Encoding: identity\r\n"), CODING(CHUNK "Content-Length: 0\r\n"),
    /* known at the head's end */
    H(CHUNK "Content-Length: 15\r\n"), H("Content-Length: 15\r\n" CHUNK), H(CHUNK "Content-Length: 0\r\n"),
    { BYTES(V10 CHUNK "\r\n") }, { BYTES(V10 CHUNK "\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(V10 "Connection: keep-alive\r\n" CHUNK "\r\n5\r\nhello\r\n0\r\n\r\n") },

    /* chunks */
    CHUNKS("\r\n"), CHUNKS("g\r\n"), CHUNKS("-5\r\nhello"), CHUNKS("+5\r\nhello"), CHUNKS("0x5\r\nhello"),
    CHUNKS(" 5\r\nhello"), CHUNKS("5h\r\nhello"), CHUNKS("5 5\r\nhello"), CHUNKS("5\nhello"),
    CHUNKS("5\rhello"), CHUNKS("5\r\nhello\n"), CHUNKS("5\r\nhello\rx"), CHUNKS("5\r\nhellox"),
    CHUNKS("5\r\nhello0\r\n\r\n"), CHUNKS("5\r\nhello\r\n\r\n"), CHUNKS("5\r\nhello\r\n 0\r\n"),
    { BYTES(V11 CHUNK "X: y\r\n\r\n5\0HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") },
    CHUNKS(";a\r\n"), CHUNKS("5\0\r\n"), CHUNKS("100000000\r\n"), CHUNKS("100000005\r\nhello"),
    CHUNKS("10000000000000005\r\nhello"), CHUNKS("FFFFFFFFFFFFFFFF\r\n"), CHUNKS("80000000000000000\r\n"),
    CHUNKS("F00000000\r\n"), CHUNKS("5;a\nhello"), CHUNKS("5;a\rhello"), CHUNKS("5;a\0b\r\n"),
    CHUNKS("5;a=\"\n\"\r\n"), CHUNKS("5;a=\1\r\n"), CHUNKS("5;a=\"\177\"\r\n"),
    CHUNKS("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n;a=\""), CHUNKS("5 \rx"), CHUNKS("0\n\n"), CHUNKS("0\r\n\n"),
    CHUNKS("0\r\n\rx"), CHUNKS("0\r\n\r\r"),
    /* trailers */
    CHUNKS("0\r\nX\r\n"), CHUNKS("0\r\n X: y\r\n"), CHUNKS("0\r\nX : y\r\n"), CHUNKS("0\r\n: y\r\n"),
    CHUNKS("0\r\nX: y\n\r\n"), CHUNKS("0\r\nX: \0\r\n"), CHUNKS("0\r\nX: a\rb\r\n"),
    CHUNKS("0\r\nX: y\r\n\n"), CHUNKS("0\r\nX\xC3: y\r\n"), CHUNKS("0\r\nHTTP/1.1 200 OK\r\n"),
};

static void check_flaw(const struct flaw *f, struct way way)
{
    enum twilio_method method = f->size % 2 == 0 ? GET : POST;
    int status = read_answer(method, NULL, way, f->bytes, f->size, false);

    check(status == TWILIO_ERR_HTTP, "%d, pieces of %zu and %zu, window %zu:\n%s", status, way.first,
          way.piece, way.window, f->bytes);
    /* errors stick */
    assert_int_equal(twilio_response_feed(&got.response, V11, 17), TWILIO_ERR_HTTP);
    assert_int_equal(twilio_response_feed(&got.response, NULL, 0), TWILIO_ERR_HTTP);
    assert_int_equal(got.response.status, TWILIO_ERR_HTTP);
}

static void flawed_answers(void **state)
{
    (void)state;
    for (const struct flaw *f = flaws; f < flaws + COUNT(flaws); f++) {
        for (size_t window = 0; window <= 6; window++) {
            check_flaw(f, (struct way){ 0, WHOLE, window });
            check_flaw(f, (struct way){ 0, 1, window });
        }
        for (size_t split = 1; split < f->size; split++) {
            check_flaw(f, (struct way){ split, WHOLE, 64 });
        }
    }
}

#define TOKEN  "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BLANK  " \t"
#define DIGITS "0123456789"

static void check_octet(const char *before, int octet, const char *after, bool good)
{
    char bytes[256];
    size_t size = strlen(before);

    memcpy(bytes, before, size);
    bytes[size] = (char)octet;
    memcpy(bytes + size + 1, after, strlen(after));
    for (size_t piece = 1; piece < 4; piece++) {
        int status = read_answer(GET, NULL, (struct way){ 0, piece, 8 }, bytes, size + 1 + strlen(after),
            false);

        check((status != TWILIO_ERR_HTTP) == good, "%d, with octet %d between\n%s\nand\n%s", status, octet,
              before, after);
    }
}

/* All octets in each place of the grammar: those that may stand there, and no other */
static void every_octet_in_every_place(void **state)
{
    static const struct {
        const char *before, *after, *good;
    } table[] = {
        { "H", "TP/1.1 200 OK\r\n", "T" },
        { "HT", "P/1.1 200 OK\r\n", "T" },
        { "HTT", "/1.1 200 OK\r\n", "P" },
        { "HTTP", "1.1 200 OK\r\n", "/" },
        { "HTTP/", ".1 200 OK\r\n", "1" },
        { "HTTP/1", "1 200 OK\r\n", "." },
        { "HTTP/1.", " 200 OK\r\n", DIGITS },
        { "HTTP/1.1", "200 OK\r\n", " " },
        { "HTTP/1.1 ", "00 OK\r\n", "123456789" },
        { "HTTP/1.1 2", "0 OK\r\n", DIGITS },
        { "HTTP/1.1 20", " OK\r\n", DIGITS },
        { "HTTP/1.1 200", "OK\r\n", " " },
        { "HTTP/1.1 200 OK\r", "X: y\r\n", "\n" },
        { V11, "X: y\r\n", TOKEN },
        { V11 "X", ": y\r\n", TOKEN ":" },
        { V11 "X", "y\r\n", ":" },
        { V11 "X: y\r\n", "Z: y\r\n", TOKEN BLANK },
        { V11 "X: y\r", "Z: y\r\n", "\n" },
        { V11 "X: y\r\n\r", "abc", "\n" },
        { V11 "Content-Length: ", "5\r\n\r\n", DIGITS BLANK },
        { V11 "Content-Length: 5", "\r\n\r\n", DIGITS BLANK },
        { V11 "Content-Length: 5 ", "\r\n\r\n", BLANK },
        { V11 CHUNK "\r\n", "\r\n", DIGITS "abcdefABCDEF" },
        { V11 CHUNK "\r\n5", "\r\n", DIGITS "abcdefABCDEF;" },
        { V11 CHUNK "\r\n5\r", "h", "\n" },
        { V11 CHUNK "\r\n1\r\nx", "\n", "\r" },
        { V11 CHUNK "\r\n1\r\nx\r", "1", "\n" },
        { V11 CHUNK "\r\n0\r\n", "X: y\r\n", TOKEN },
        { V11 CHUNK "\r\n0\r\nX: y\r", "\r\n", "\n" },
        { V11 CHUNK "\r\n0\r\n\r", "", "\n" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        for (int octet = 0; octet < 256; octet++) {
            bool good = octet != 0 && strchr(table[i].good, octet) != NULL;

            if (strcmp(table[i].after, "\r\n") == 0 && (octet == ' ' || octet == '\t')) {
                continue;  /* white space after the size of a chunk: refused or not, as one likes */
            }
            check_octet(table[i].before, octet, table[i].after, good);
        }
    }
    for (int octet = 0; octet < 256; octet++) {  /* text: a reason, a value, a chunk's extension, a trailer */
        bool text = octet == '\t' || (octet >= ' ' && octet != 127);

        check_octet("HTTP/1.1 200 a", octet, "b\r\n", text);
        check_octet(V11 "X: a", octet, "b\r\n", text);
        check_octet(V11 CHUNK "\r\n0\r\nX: a", octet, "b\r\n", text);
        check_octet(V11 CHUNK "\r\n5;a=\"x", octet, "\"\r\n", text);
    }
}

/* Lengths that are repeated but agree: RFC 9112 6.3 lets a reader take them or refuse them. What it
 * may not do is to change its mind with the pieces they come in. */
static void agreeing_lengths(void **state)
{
    static const struct answer table[] = {
        { GET, KEPT, 200, BYTES(V11 "Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc"), BYTES("abc") },
        { GET, KEPT, 200, BYTES(V11 "Content-Length: 3\r\nContent-Length: 03\r\n\r\nabc"), BYTES("abc") },
        { GET, KEPT, 200, BYTES(V11 "Content-Length: 3, 3\r\n\r\nabc"), BYTES("abc") },
        { GET, KEPT, 200, BYTES(V11 "Content-Length: 3 ,\t3,3\r\n\r\nabc"), BYTES("abc") },
    };

    (void)state;
    for (const struct answer *a = table; a < table + COUNT(table); a++) {
        int verdict = read_answer(GET, NULL, (struct way){ 0, WHOLE, 64 }, a->bytes, a->size, false);

        check(verdict == TWILIO_OK || verdict == TWILIO_ERR_HTTP, "%d for:\n%s", verdict, a->bytes);
        for (size_t split = 1; split < a->size; split++) {
            if (verdict == TWILIO_OK) {
                read_and_check(a, (struct way){ split, WHOLE, 1 }, "split");
            } else {
                check_flaw(&(struct flaw){ a->bytes, a->size }, (struct way){ split, WHOLE, 1 });
            }
        }
    }
}

/* ---- Connections ------------------------------------------------------------------------------ */

static void whether_another_request_may_follow(void **state)
{
    static const struct {
        const char *head;
        bool kept;
    } table[] = {
        { V11, true },
        { V11 "Connection: keep-alive\r\n", true },
        { V11 "Connection: close\r\n", false },
        { V11 "Connection: Close\r\n", false },
        { V11 "connection:CLOSE\t\r\n", false },
        { V11 "Connection: keep-alive, close\r\n", false },
        { V11 "Connection: close, keep-alive\r\n", false },
        { V11 "Connection: x,close,y\r\n", false },
        { V11 "Connection: x\t,\tclose\t,\ty\r\n", false },
        { V11 "Connection: ,close\r\n", false },
        { V11 "Connection: ,, close ,\r\n", false },
        { V11 "Connection: keep-alive\r\nConnection: close\r\n", false },
        { V11 "Connection: close\r\nConnection: keep-alive\r\n", false },
        { V11 "Connection: close\r\nX: y\r\n", false },
        { V11 "Connection: x,\r\n close\r\n", false },
        { V11 "Connection: closed\r\n", true },
        { V11 "Connection: clos\r\n", true },
        { V11 "Connection: xclose\r\n", true },
        { V11 "Connection: x-close\r\n", true },
        { V11 "Connection: close-x\r\n", true },
        { V11 "Connection: close2, clo, se\r\n", true },
        { V11 "Connection: clo, se\r\n", true },
        { V11 "Connection:\r\n", true },
        { V11 "X-Connection: close\r\nConnections: close\r\nConnectio: close\r\n", true },
        { V11 "Proxy-Connection: close\r\nKeep-Alive: close\r\n", true },
        { V10, false },
        { V10 "Connection: keep-alive\r\n", true },
        { V10 "Connection: Keep-Alive\r\n", true },
        { V10 "Connection: x, keep-alive, y\r\n", true },
        { V10 "Connection: x\r\nConnection: keep-alive\r\n", true },
        { V10 "Connection: keep-alive\r\nConnection: close\r\n", false },
        { V10 "Connection: close, keep-alive\r\n", false },
        { V10 "Connection: close\r\n", false },
        { V10 "Connection: keep alive\r\n", false },
        { V11 "Connection: x close\r\n", true },
        { V10 "Connection: keep-aliv\r\n", false },
        { V10 "Connection: keep-alive2\r\n", false },
        { V10 "Connection: xkeep-alive\r\n", false },
        { V10 "Connection: x\r\n", false },
        { V10 "Keep-Alive: timeout=5\r\n", false },
        { "HTTP/1.1 100 Continue\r\n\r\n" V11, true },
        { "HTTP/1.1 100 Continue\r\n\r\n" V11 "Connection: close\r\n", false },
        { "HTTP/1.1 100 Continue\r\n\r\n" V10, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char bytes[256];
        size_t size = (size_t)snprintf(bytes, sizeof bytes, "%sContent-Length: 2\r\n\r\nhi", table[i].head);

        for (size_t split = 1; split <= size; split++) {
            read_answer(GET, NULL, (struct way){ split, 1 + split % 3, split % 4 }, bytes, size, false);
            check(got.status == TWILIO_OK, "%d:\n%s", got.status, table[i].head);
            check(got.response.reusable == table[i].kept, "split at %zu:\n%s", split, table[i].head);
        }
    }
}

/* One that may was before: of an answer that is not complete yet it is not known. */
static void whether_it_may_is_told_anew(void **state)
{
    struct twilio_response r = { .method = GET };

    (void)state;
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    assert_int_equal(twilio_response_feed(&r, BYTES(V11 "Content-Length: 0\r\n\r\n")), 17 + 21);
    assert_int_equal(r.status, TWILIO_OK);
    assert_true(r.reusable);
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    assert_false(r.reusable);
    assert_int_equal(twilio_response_feed(&r, BYTES(V11 "Content-Length: 2\r\n\r\nh")), 17 + 22);
    assert_int_equal(r.status, TWILIO_AGAIN);
    assert_false(r.reusable);
}

/* ---- Wanted headers -------------------------------------------------------------------------- */

#define ABSENT NULL

static const struct {
    const char *name, *head, *value;
} wanted[] = {
    { "Date", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Sun, 06 Nov 1994 08:49:37 GMT" },
    { "date", "DATE:x\r\n", "x" },
    { "DATE", "date: x\r\n", "x" },
    { "Retry-After", "A: b\r\nReTrY-aFtEr: 120\r\nC: d\r\n", "120" },
    { "X", "X: a\r\nX: b\r\n", "b" },
    { "X", "X: a long one\r\nY: y\r\nx: b\r\n", "b" },
    { "X", "X: a\r\nX: a long one\r\n", "a long one" },
    { "X", "X: a\r\nX:\r\n", "" },
    { "X", "X:\r\n", "" },
    { "X", "X: \t \r\n", "" },
    { "X", "X: \t a \t b \t \r\n", "a   b" },
    { "X", "X: a  b   \r\n", "a  b" },
    { "X", "X: caf\xC3\xA9 \xE2\x98\xBA\xF0\x9F\x91\x8D!\r\n", "caf\xC3\xA9 \xE2\x98\xBA\xF0\x9F\x91\x8D!" },
    { "X", "X: a\xC3\xA9\r\n", "a\xC3\xA9" },
    { "X", "X: \xE2\x98\xBA\xE2\x98\xBA \r\n", "\xE2\x98\xBA\xE2\x98\xBA" },
    { "X", "X: a\r\n b\r\n", "a b" },
    { "X", "X: a\r\n\tb\r\n c\r\nY: d\r\n", "a b c" },
    { "X", "X:\r\n b\r\n", "b" },
    { "X", "X: a\r\n \r\n", "a" },
    { "X", "X: \"a: b\", c\r\n", "\"a: b\", c" },
    { "X", "", ABSENT },
    { "X", "XX: a\r\nY: X\r\n", ABSENT },
    { "Dat", "Date: a\r\nDates: a\r\n", ABSENT },
    { "Dates", "Date: a\r\nDat: a\r\n", ABSENT },
    { "Date", "Dat: a\r\nDates: b\r\nxDate: c\r\nDate: d\r\nDates: e\r\n", "d" },
    { "X-Y", "X_Y: a\r\nX.Y: b\r\nXY: c\r\n", ABSENT },
    { "X", "Y: a\r\n X: b\r\n", ABSENT },
    { "Content-Length", "", "2" },
    { "Connection", "Connection: close\r\n", "close" },
    { "Connection", "Connection: close , x,\ty\r\n", "close , x, y" },
    { "Twilio-Request-Id", "Twilio-Request-Id: RQ0123456789abcdef0123456789abcdef\r\n",
      "RQ0123456789abcdef0123456789abcdef" },
    { ":reason", "", "Not quite OK" },
    { ":reason", "reason: x\r\n", "Not quite OK" },
    { "reason", "", ABSENT },
};

static void check_field(const struct twilio_field *f, const char *value, const char *what)
{
    check(f->type == (value != NULL ? 's' : 0), "%s: type %d", what, f->type);
    check(f->length == (value != NULL ? strlen(value) : 0), "%s: length %u", what, f->length);
    if (f->text != NULL) {
        check(fits(f->text, value != NULL ? value : "", f->size - 1U), "%s in %u bytes: '%s'", what, f->size,
              f->text);
    }
}

/* Whatever happened, what a field holds can be printed. */
static void text_always_ends(void **state)
{
    static const char bytes[] = "HTTP/1.1 200 Okay\r\nX: abc\r\n def\r\nX:  g  h\r\nX\r\n";

    (void)state;
    for (size_t size = 1; size <= 8; size++) {
        for (size_t end = 1; end < sizeof bytes; end++) {
            for (size_t how = 0; how < 3; how++) {  /* still open, closed, flawed */
                char text[8], reason[8];
                struct twilio_field fields[] = { FIELD("X", text, size), FIELD(":reason", reason, size),
                                                 TWILIO_FIELD_END };

                memset(text, CANARY, sizeof text);
                memset(reason, CANARY, sizeof reason);
                read_answer(GET, fields, (struct way){ 0, WHOLE, 0 }, bytes, end, how == 1);
                if (how == 2) {
                    (void)twilio_response_feed(&got.response, "\1", 1);
                }
                check(memchr(text, '\0', size) != NULL, "X after %zu bytes in %zu", end, size);
                check(memchr(reason, '\0', size) != NULL, "reason after %zu bytes in %zu", end, size);
            }
        }
    }
}

/* A value that is not UTF-8 is cut anywhere, and no octet outside its memory is looked at. */
static void values_of_any_octets(void **state)
{
    static const char *const values[] = { "\x80\x80\x80\x80\x80\x80", "\xC3\xC3\xC3\xC3\xC3",
        "\xF0\xF0\xF0\xF0\xF0",
                                          "a\x80\x80\x80\x80\x80", "\xFF\xFE\xFD\xC0\x80", "\xE9t\xE9" };

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t size = 1; size <= 8; size++) {
            char *text = malloc(size), bytes[64];
            struct twilio_field fields[] = { FIELD("X", text, size), TWILIO_FIELD_END };
            size_t total = (size_t)snprintf(bytes, sizeof bytes, V11 "X: %s\r\n\r\n", values[i]);

            assert_non_null(text);
            read_answer(GET, fields, (struct way){ 0, 4, 0 }, bytes, total, false);
            assert_int_equal(fields[0].length, strlen(values[i]));
            assert_non_null(memchr(text, '\0', size));
            check(strncmp(text, values[i], strlen(text)) == 0, "value %zu in %zu", i, size);
            check(strlen(values[i]) >= size || strcmp(text, values[i]) == 0, "value %zu in %zu", i, size);
            free(text);
        }
    }
}

static void check_wanted(size_t row, size_t size, struct way way)
{
    char text[128], other[128], bytes[512];
    struct twilio_field fields[] = {
        FIELD(wanted[row].name, size > 0 ? text : NULL, size),
        FIELD("Absent", other, 8),
        TWILIO_FIELD_END
    };
    size_t total = (size_t)snprintf(bytes, sizeof bytes,
                                    "HTTP/1.1 103 Hints\r\nX: no\r\nAbsent: no\r\nDat: no\r\n\r\n"
                                    "HTTP/1.1 210 Not quite OK\r\n%sContent-Length: 2\r\n\r\nhi",
                                    wanted[row].head);

    memset(text, CANARY, sizeof text);
    memset(other, CANARY, sizeof other);
    assert_int_equal(read_answer(GET, fields, way, bytes, total, false), TWILIO_OK);
    assert_memory_equal(got.body, "hi", way.window > 0 ? 2 : 0);
    check_field(&fields[0], wanted[row].value, wanted[row].name);
    check(untouched(text + size, 8), "%s: wrote past its %zu bytes", wanted[row].name, size);
    check_field(&fields[1], ABSENT, "Absent");
}

static void wanted_headers_at_every_size(void **state)
{
    (void)state;
    for (size_t row = 0; row < COUNT(wanted); row++) {
        size_t room = wanted[row].value != NULL ? strlen(wanted[row].value) + 2 : 3;

        for (size_t size = 0; size <= room; size++) {
            check_wanted(row, size, (struct way){ 0, WHOLE, 64 });
            check_wanted(row, size, (struct way){ 0, 1, 1 });
        }
        for (size_t split = 1; split < 150; split++) {
            check_wanted(row, room, (struct way){ split, WHOLE, 64 });
            check_wanted(row, 3, (struct way){ split, WHOLE, 0 });
        }
    }
}

/* Names that can be wanted end at TWILIO_NAME_MAX; longer ones, wanted or not, match nothing. */
static void long_names(void **state)
{
    (void)state;
    for (size_t length = 1; length < 300; length++) {
        char name[301] = "", bytes[700], text[4] = "";
        struct twilio_field fields[] = { FIELD(name, text, sizeof text), TWILIO_FIELD_END };
        size_t size;

        memset(name, 'n', length);
        size = (size_t)snprintf(bytes, sizeof bytes, V11 "%s: a\r\nContent-Length: 0\r\n\r\n", name);
        read_answer(GET, fields, (struct way){ 0, length, 0 }, bytes, size, false);
        assert_int_equal(got.status, TWILIO_OK);
        check_field(&fields[0], length <= TWILIO_NAME_MAX ? "a" : ABSENT, name);
        /* one letter less is wanted, or one more */
        name[length - 1] = length % 2 == 0 ? '\0' : 'n';
        name[length] = length % 2 == 0 ? '\0' : 'n';
        read_answer(GET, fields, (struct way){ 0, length, 0 }, bytes, size, false);
        assert_int_equal(got.status, TWILIO_OK);
        check_field(&fields[0], ABSENT, name);
    }
}

static void reason_phrases(void **state)
{
    static const struct {
        const char *line, *reason;
    } table[] = {
        { "HTTP/1.1 200 OK\r\n", "OK" },
        { "HTTP/1.1 404 Not  Found\r\n", "Not  Found" },
        { "HTTP/1.1 299 caf\xC3\xA9\r\n", "caf\xC3\xA9" },
        { "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 200 OK\r\n", "OK" },
        { "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 200 \r\n", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[32], bytes[128];
        struct twilio_field fields[] = { TWILIO_FIELD(":reason", text), TWILIO_FIELD_END };
        size_t size = (size_t)snprintf(bytes, sizeof bytes, "%sContent-Length: 0\r\n\r\n", table[i].line);

        for (size_t piece = 1; piece < 8; piece++) {
            assert_int_equal(read_answer(GET, fields, (struct way){ 0, piece, 0 }, bytes, size, false),
                             TWILIO_OK);
            check(strcmp(text, table[i].reason) == 0, "%s'%s'", table[i].line, text);
            assert_int_equal(fields[0].length, strlen(table[i].reason));
        }
    }
}

/* Lines after the body say nothing, be they named as what is wanted, or behind it. */
static void trailers(void **state)
{
    static const char *const lines[] = {
        "", "X: and tomorrow\r\n", "Date: tomorrow\r\n", "X: a\r\n and b\r\nDate:\r\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[32], bytes[256];
        struct twilio_field fields[] = { TWILIO_FIELD("Date", text), TWILIO_FIELD_END };
        size_t size = (size_t)snprintf(bytes, sizeof bytes,
                                       V11 "Transfer-Encoding: chunked\r\nDate: today\r\n\r\n0\r\n%s\r\n",
                                       lines[i]);

        for (size_t piece = 1; piece <= size; piece++) {
            assert_int_equal(read_answer(GET, fields, (struct way){ 0, piece, 0 }, bytes, size, false),
                             TWILIO_OK);
            check_field(&fields[0], "today", lines[i]);
        }
    }
}

static void sixteen_headers(void **state)
{
    static const char letters[] = "ABCDEFGHIJKLMNOP";
    char bytes[512] = V11, names[16][4], texts[16][4];
    struct twilio_field fields[17];

    (void)state;
    memset(fields, 0, sizeof fields);
    for (size_t i = 0; i < 16; i++) {
        snprintf(names[i], sizeof names[i], "X%c", letters[i]);
        snprintf(bytes + strlen(bytes), 16, "x%c: %c\r\n", letters[i] | 32, letters[15 - i]);
        fields[i] = (struct twilio_field)TWILIO_FIELD(names[i], texts[i]);
    }
    strcat(bytes, "Content-Length: 0\r\n\r\n");
    assert_int_equal(read_answer(GET, fields, (struct way){ 0, 5, 0 }, bytes, strlen(bytes), false),
        TWILIO_OK);
    for (size_t i = 0; i < 16; i++) {
        check(texts[i][0] == letters[15 - i] && texts[i][1] == '\0', "%s: %s", names[i], texts[i]);
    }
}

static void a_table_used_again(void **state)
{
    char date[16], reason[16];
    struct twilio_field fields[] = { TWILIO_FIELD("Date", date), TWILIO_FIELD(":reason", reason),
                                     TWILIO_FIELD_END };
    const struct way way = { 0, WHOLE, 8 };

    (void)state;
    read_answer(GET, fields, way, BYTES(V11 "Date: today\r\nContent-Length: 0\r\n\r\n"), false);
    check_field(&fields[1], "OK", "reason");
    assert_string_equal(date, "today");
    read_answer(GET, fields, way, BYTES("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), false);
    assert_string_equal(date, "");
    assert_int_equal(fields[0].type, 0);
    assert_int_equal(fields[0].length, 0);
    assert_string_equal(reason, "No");
    /* an error and a begun answer leave it clear */
    read_answer(GET, fields, way, BYTES("HTTP/1.1 200 OK\r\nDate: x\r\n\n"), false);
    assert_int_equal(got.status, TWILIO_ERR_HTTP);
    assert_int_equal(twilio_response_begin(&got.response), TWILIO_OK);
    assert_int_equal(got.response.status, TWILIO_AGAIN);
    assert_int_equal(got.response.code, 0);
    assert_int_equal(got.response.body_total, 0);
    assert_string_equal(date, "");
    assert_string_equal(reason, "");
}

/* ---- Limits and mistakes ----------------------------------------------------------------------- */

/* An answer whose head, from the first byte to the blank line's end, and trailers, if it has
 * any, are just so long */
static size_t long_answer(char *bytes, size_t head, const char *start, size_t line, const char *end)
{
    size_t size = strlen(start), last = strlen(end);

    memcpy(bytes, start, size);
    while (size + last < head) {
        size_t filler = smaller(line, head - size - last);

        if (head - size - last - filler < 8) {  /* the next line would be too short to be one */
            filler = head - size - last;
        }
        memset(bytes + size, 'x', filler);
        memcpy(bytes + size, "X: ", 3);
        memcpy(bytes + size + filler - 2, "\r\n", 2);
        size += filler;
    }
    memcpy(bytes + size, end, last);
    return size + last;
}

static void the_longest_head(void **state)
{
    static char bytes[TWILIO_RESPONSE_HEAD_MAX + 100];
    static const struct {
        const char *start, *end;
        size_t chunks;  /* bytes that are not of the head */
    } table[] = {
        { V11, "Content-Length: 0\r\n\r\n", 0 },
        { "HTTP/1.1 100 Continue\r\n\r\n" V11, "Content-Length: 0\r\n\r\n", 0 },
        { "HTTP/1.1 100 Continue\r\n", "\r\n" V11 "Content-Length: 0\r\n\r\n", 0 },
    };
    static const size_t lines[] = { 30, 1000, 40000 };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        for (size_t j = 0; j < COUNT(lines); j++) {
            for (size_t piece = 1; piece <= sizeof bytes; piece += sizeof bytes / 4) {
                size_t size = long_answer(bytes, TWILIO_RESPONSE_HEAD_MAX, table[i].start, lines[j],
                                          table[i].end);

                assert_int_equal(size, TWILIO_RESPONSE_HEAD_MAX);
                read_answer(GET, NULL, (struct way){ 0, piece, 0 }, bytes, size, false);
                check(got.status == TWILIO_OK, "just fits: %d", got.status);
                size = long_answer(bytes, TWILIO_RESPONSE_HEAD_MAX + 1, table[i].start, lines[j],
                                   table[i].end);
                read_answer(GET, NULL, (struct way){ 0, piece, 0 }, bytes, size, false);
                check(got.status == TWILIO_ERR_HTTP, "too long: %d", got.status);
            }
        }
    }
}

/* Endless heads of every kind end in an error. */
static void endless_heads(void **state)
{
    static const struct {
        const char *start, *again;
    } table[] = {
        { "HTTP/1.1 200 ", "O" },
        { V11, "X" },
        { V11, "X: y\r\n" },
        { V11 "X: ", "y" },
        { V11 "X: ", " " },
        { V11 "X: y", "\r\n z" },
        { "", "HTTP/1.1 100 Continue\r\n\r\n" },
        { V11 CHUNK "\r\n0\r\n", "X: y\r\n" },
        { V11 CHUNK "\r\n0\r\nX:", "y" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct twilio_response r = { .method = GET };
        size_t fed = strlen(table[i].start);

        assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
        assert_int_equal(twilio_response_feed(&r, table[i].start, fed > 0 ? fed : 1),
            fed > 0 ? (int)fed : TWILIO_ERR_HTTP);
        if (fed == 0) {
            assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
        }
        while (r.status == TWILIO_AGAIN && fed <= 2 * TWILIO_RESPONSE_HEAD_MAX) {
            (void)twilio_response_feed(&r, table[i].again, strlen(table[i].again));
            fed += strlen(table[i].again);
        }
        check(r.status == TWILIO_ERR_HTTP, "%d for endless %s", r.status, table[i].again);
        check(fed > TWILIO_RESPONSE_HEAD_MAX / 2, "%zu of %s are not endless", fed, table[i].again);
    }
}

static void long_header_values(void **state)
{
    static char bytes[TWILIO_RESPONSE_HEAD_MAX], text[20000];
    struct twilio_field fields[] = { FIELD("X", text, 100), TWILIO_FIELD_END };
    size_t size = strlen(V11);

    (void)state;
    memcpy(bytes, V11 "X: ", size + 3);
    memset(bytes + size + 3, 'v', 30000);
    memcpy(bytes + size + 30003, "\r\nContent-Length: 0\r\n\r\n", 23);
    size += 30003 + 23;
    memset(text, CANARY, sizeof text);
    assert_int_equal(read_answer(GET, fields, (struct way){ 0, 1000, 0 }, bytes, size, false), TWILIO_OK);
    assert_int_equal(fields[0].length, 30000);
    assert_int_equal(strlen(text), 99);
    assert_true(untouched(text + 100, 100));
    fields[0].size = sizeof text;
    assert_int_equal(read_answer(GET, fields, (struct way){ 0, 1000, 0 }, bytes, size, false), TWILIO_OK);
    assert_int_equal(strlen(text), sizeof text - 1);
}

/* Bodies that no 8- or 16-bit counter holds */
static void long_bodies(void **state)
{
    static const struct {
        const char *head, *tail;
        bool closes;
    } table[] = {
        { V11 "Content-Length: 70000\r\n\r\n", "", false },
        { V11 CHUNK "\r\n11170\r\n", "\r\n0\r\n\r\n", false },
        { V11 "\r\n", "", true },
    };
    static const size_t windows[] = { 0, 1, 255, 256, 257, 65535, 65536, 70000, 70001 };
    static char bytes[70100];

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t head = strlen(table[i].head), size = head + 70000 + strlen(table[i].tail);

        memcpy(bytes, table[i].head, head);
        for (size_t j = 0; j < 70000; j++) {
            bytes[head + j] = (char)(j * 7 + j / 256);
        }
        memcpy(bytes + head + 70000, table[i].tail, strlen(table[i].tail));
        for (size_t j = 0; j < COUNT(windows); j++) {
            for (size_t piece = 100; piece <= 1000000; piece *= 100) {
                read_answer(GET, NULL, (struct way){ 0, piece, windows[j] }, bytes, size, table[i].closes);
                assert_int_equal(got.status, TWILIO_OK);
                assert_int_equal(got.response.body_total, 70000);
                assert_int_equal(got.body_size, windows[j] > 0 ? 70000 : 0);
                assert_memory_equal(got.body, bytes + head, got.body_size);
            }
        }
    }
}

/* Chunks without number: what frames them is not counted together. */
static void many_chunks(void **state)
{
    static char bytes[128 + LONGEST_BODY * 6];
    size_t size = (size_t)snprintf(bytes, sizeof bytes, V11 CHUNK "\r\n");

    (void)state;
    for (size_t i = 0; i < LONGEST_BODY; i++) {
        memcpy(bytes + size, "1\r\nx\r\n", 6);
        size += 6;
    }
    memcpy(bytes + size, "0\r\n\r\n", 5);
    read_answer(GET, NULL, (struct way){ 0, 1000, 100 }, bytes, size + 5, false);
    assert_int_equal(got.status, TWILIO_OK);
    assert_int_equal(got.body_size, LONGEST_BODY);
}

/* More than 32 bits count: no end may be taken for one that is not. Refusing so much is as good. */
static void bodies_beyond_32_bits(void **state)
{
    static const struct {
        const char *head, *more;  /* head, 4 GB less one byte, more, and 5 GB in all */
        bool closes;
    } table[] = {
        { V11 "\r\n", "", true },
        { V11 CHUNK "\r\nFFFFFFFF\r\n", "\r\nFFFFFFFF\r\n", false },
    };
    const size_t gigabyte = (size_t)1 << 30;
    char *nothing = mmap(NULL, gigabyte, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    (void)state;
    assert_ptr_not_equal(nothing, MAP_FAILED);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct twilio_response r = { .method = GET };

        assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
        assert_true(twilio_response_feed(&r, table[i].head, strlen(table[i].head)) > 0);
        for (size_t piece = 1; piece <= 5 && r.status == TWILIO_AGAIN; piece++) {
            size_t size = piece == 4 ? gigabyte - 1 : gigabyte;

            if (piece == 5 && table[i].more[0] != '\0') {
                (void)twilio_response_feed(&r, table[i].more, strlen(table[i].more));
            }
            if (r.status == TWILIO_AGAIN) {
                (void)twilio_response_feed(&r, nothing, size);
            }
            check(r.status == TWILIO_AGAIN || r.status == TWILIO_ERR_HTTP, "%d after %zu GB", r.status,
                  piece);
        }
        (void)twilio_response_feed(&r, NULL, 0);
        check(r.status == (table[i].closes ? TWILIO_OK : TWILIO_ERR_CLOSED) || r.status == TWILIO_ERR_HTTP,
              "%d at the end", r.status);
    }
    munmap(nothing, gigabyte);
}

static void the_largest_lengths(void **state)
{
    static const struct flaw table[] = {
        { BYTES(V11 "Content-Length: 4294967285\r\n\r\nabc") },
        { BYTES(V11 "Content-Length: 0004294967285\r\n\r\nabc") },
        { BYTES(V11 "Content-Length: 2147483648\r\n\r\nabc") }, { BYTES(V11 CHUNK "\r\nFFFFFFF0\r\nabc") },
        { BYTES(V11 CHUNK "\r\n0000000000fffffff0\r\nabc") }, { BYTES(V11 CHUNK "\r\n80000000\r\nabc") },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        read_answer(GET, NULL, (struct way){ 0, 1, 64 }, table[i].bytes, table[i].size, false);
        check(got.status == TWILIO_AGAIN, "%d for\n%s", got.status, table[i].bytes);
        assert_int_equal(got.response.body_total, 3);
        assert_memory_equal(got.body, "abc", 3);
        assert_int_equal(twilio_response_feed(&got.response, NULL, 0), TWILIO_ERR_CLOSED);
    }
}

static void an_interim_answer_says_nothing(void **state)
{
    static const char interim[] = "HTTP/1.1 103 Hints\r\nX: y\r\nContent-Length: 1\r\n\r\n";
    char text[8], reason[8];
    struct twilio_field fields[] = { TWILIO_FIELD("X", text), TWILIO_FIELD(":reason", reason),
                                     TWILIO_FIELD_END };
    struct twilio_response r = { .method = POST, .headers = fields };

    (void)state;
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    for (size_t i = 0; interim[i] != '\0'; i++) {
        assert_int_equal(twilio_response_feed(&r, &interim[i], 1), 1);
        assert_int_equal(r.status, TWILIO_AGAIN);
    }
    assert_int_equal(fields[0].type, 0);
    assert_int_equal(fields[1].type, 0);
    assert_int_equal(twilio_response_feed(&r, BYTES("HTTP/1.1 200 ")), 13);
    assert_int_equal(twilio_response_feed(&r, BYTES("\r\n")), 2);
    assert_int_equal(r.code, 200);
    assert_int_equal(r.status, TWILIO_AGAIN);
    assert_string_equal(text, "");
    assert_string_equal(reason, "");
}

static void mistakes(void **state)
{
    char window[4], text[4];
    struct twilio_field no_size[] = { FIELD("X", text, 0), TWILIO_FIELD_END };
    struct twilio_response r = { .method = GET, .body = window, .body_size = sizeof window };

    (void)state;
    assert_int_equal(twilio_response_begin(NULL), TWILIO_ERR_ARGUMENT);
    r.body_size = 0;
    assert_int_equal(twilio_response_begin(&r), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_response_feed(&r, V11, 1), TWILIO_ERR_ARGUMENT);
    r.body_size = sizeof window;
    r.headers = no_size;
    assert_int_equal(twilio_response_begin(&r), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_response_feed(&r, V11, 1), TWILIO_ERR_ARGUMENT);

    r.headers = NULL;
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    assert_int_equal(twilio_response_feed(&r, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    assert_int_equal(twilio_response_feed(&r, V11, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    r.method = (enum twilio_method)6;
    assert_int_equal(twilio_response_begin(&r), TWILIO_ERR_ARGUMENT);
    r.method = (enum twilio_method)-1;
    assert_int_equal(twilio_response_begin(&r), TWILIO_ERR_ARGUMENT);
    r.method = GET;
    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    assert_int_equal(twilio_response_feed(&r, V11, 17), 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_answers_at_every_window_size),
        cmocka_unit_test(good_answers_at_every_split),
        cmocka_unit_test(what_follows_an_answer_is_left_alone),
        cmocka_unit_test(truncation_at_every_byte),
        cmocka_unit_test(flawed_answers),
        cmocka_unit_test(every_octet_in_every_place),
        cmocka_unit_test(agreeing_lengths),
        cmocka_unit_test(whether_another_request_may_follow),
        cmocka_unit_test(whether_it_may_is_told_anew),
        cmocka_unit_test(wanted_headers_at_every_size),
        cmocka_unit_test(text_always_ends),
        cmocka_unit_test(values_of_any_octets),
        cmocka_unit_test(long_names),
        cmocka_unit_test(reason_phrases),
        cmocka_unit_test(trailers),
        cmocka_unit_test(sixteen_headers),
        cmocka_unit_test(a_table_used_again),
        cmocka_unit_test(the_longest_head),
        cmocka_unit_test(endless_heads),
        cmocka_unit_test(long_header_values),
        cmocka_unit_test(long_bodies),
        cmocka_unit_test(many_chunks),
        cmocka_unit_test(bodies_beyond_32_bits),
        cmocka_unit_test(the_largest_lengths),
        cmocka_unit_test(an_interim_answer_says_nothing),
        cmocka_unit_test(mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
