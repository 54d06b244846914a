/*
 * test_conformance.c - zero invalid accepted, zero valid refused: what test_json.c and test_response.c do not
 * hold of RFC 8259 and RFC 9112, and what the RFCs leave open, as it is decided here
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

struct row {
    const char *bytes;
    size_t size;
};

#define ROWS(table) for (const struct row *row = (table); row < (table) + COUNT(table); row++)

/* ---- JSON --------------------------------------------------------------------------------------- */

static int json_verdict(const struct row *row, size_t piece)
{
    struct twilio_json json = { 0 };

    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    for (size_t at = 0; at < row->size; at += piece) {
        if (twilio_json_feed(&json, row->bytes + at, smaller(piece, row->size - at)) < 0) {
            return json.status;
        }
    }
    (void)twilio_json_feed(&json, NULL, 0);
    return json.status;
}

static void json_is(const struct row *row, int verdict)
{
    for (size_t piece = 1; piece <= row->size + 1; piece++) {
        int is = json_verdict(row, piece);

        check(is == verdict, "%d in pieces of %zu: %s", is, piece, row->bytes);
    }
}

static const struct row json_valid[] = {
    { BYTES("[[]   ]") }, { BYTES("[\"\"]") }, { BYTES("[\"a\"]") }, { BYTES("[false]") },
    { BYTES("[null, 1, \"1\", {}]") },
    { BYTES("[null]") }, { BYTES("[1\n]") }, { BYTES(" [1]") }, { BYTES("[123e65]") }, { BYTES("[0e+1]") },
    { BYTES("[0e1]") }, { BYTES("[ 4]") },
    { BYTES("[-0.000000000000000000000000000000000000000000000001]\n") },
    { BYTES("[20e1]") }, { BYTES("[-1]") }, { BYTES("[1E22]") }, { BYTES("[1E-2]") },
    { BYTES("[123.456789]") },
    { BYTES("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}") }, { BYTES("{\"foo\\u0000bar\": 42}") },
    { BYTES("{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"xxxx\"}") },
    { BYTES("[\"\\uDBFF\\uDFFE\"]") }, { BYTES("[\"\\u0012\"]") }, { BYTES("[\"\\uFFFF\"]") },
    { BYTES("[\"\xF4\x8F\xBF\xBF\"]") }, { BYTES("[\"\xEF\xBF\xBF\"]") }, { BYTES("[\"\\u0022\"]") },
    { BYTES("[\"\\u005C\"]") }, { BYTES("[\"\\uA66D\"]") },
    { BYTES("[\"\xE2\x8D\x82\xE3\x88\xB4\xE2\x8D\x82\"]") },
    { BYTES("[\"\\u200B\\u2064\\uFDD0\\uFFFE\"]") }, { BYTES("[\"\x7F\"]") },
    { BYTES("[\"new\\u000Aline\"]") },
    { BYTES("\t{\r\"\"\n: [ ] , \"\" :\t{ } }\r\n") },
};

static const struct row json_invalid[] = {
    { BYTES("[\"x\"]]") }, { BYTES("[x") }, { BYTES("[3[4]]") }, { BYTES("[1,]\n") },
    { BYTES("[\"a\",\n4\n,1,") },
    { BYTES("[1,\n1\n,1") }, { BYTES("[++1234]") }, { BYTES("[+Inf]") }, { BYTES("[-2.]") },
    { BYTES("[-NaN]") },
    { BYTES("[.2e-3]") }, { BYTES("[0.1.2]") }, { BYTES("[0.3e+]") }, { BYTES("[0E+]") },
    { BYTES("[1 000.0]") },
    { BYTES("[1eE2]") }, { BYTES("[9.e+]") }, { BYTES("[0x42]") }, { BYTES("[-foo]") }, { BYTES("[- 1]") },
    { BYTES("[-012]") }, { BYTES("[-1x]") }, { BYTES("[1.2a-3]") },
    { BYTES("[1.8011670033376514H-308]") }, { BYTES("[012]") },
    { BYTES("[\"x\", truth]") }, { BYTES("{[: \"x\"}\n") }, { BYTES("{\"x\", null}") },
    { BYTES("{\"x\"::\"b\"}") },
    { BYTES("{\xF0\x9F\x87\xA8\xF0\x9F\x87\xAD}") }, { BYTES("{\"a\":\"a\" 123}") },
    { BYTES("{key: 'value'}") },
    { BYTES("{\"id\":0,,,,,}") }, { BYTES("{'a':0}") }, { BYTES("{\"id\":0,}") },
    { BYTES("{\"a\":\"b\"}/**/") },
    { BYTES("{\"a\":\"b\"}//") }, { BYTES("{\"a\":\"b\"}#") }, { BYTES("{\"a\":\"b\",,\"c\":\"d\"}") },
    { BYTES("{\"a\":\"a") }, { BYTES("{ \"foo\" : \"bar\", \"a\" }") }, { BYTES("[\"\\uD800\\u\"]") },
    { BYTES("[\"\\uD800\\u1x\"]") }, { BYTES("[\xC3\xA9]") }, { BYTES("[\"\\\t\"]") },
    { BYTES("[\"\\uqqqq\"]") },
    { BYTES("[\"a\0a\"]") }, { BYTES("[\"new\nline\"]") }, { BYTES("[\"\\UA66D\"]") },
    { BYTES("<.>") }, { BYTES("[<null>]") },
    { BYTES("[1]x") }, { BYTES("[True]") }, { BYTES("{}}") }, { BYTES("{\"\":") }, { BYTES("*") },
    { BYTES("[\xE2\x81\xA0]") },
    { BYTES("\xE2\x81\xA0") }, { BYTES("[\f]") }, { BYTES("2@") },
    { BYTES("{\"a\": true} \"x\"") }, { BYTES("[\\u000A\"\"]") },
    { BYTES("[\"asd]") }, { BYTES("aud") }, { BYTES("{\"asd\":\"asd\"") }, { BYTES("\xC3\xA5") },
    { BYTES("\x1B") },
};

/* RFC 8259 leaves to the reader: numbers of any size are text here; what is not UTF-8, and half a surrogate
 * pair, is refused; so is a byte order mark. */
static const struct row json_taken[] = {
    { BYTES("[123.456e-789]") }, { BYTES("[0.4e00669999999999999999999999999999999999999999]") },
    { BYTES("[-1e+9999]") },
    { BYTES("[1.5e+9999]") }, { BYTES("[-123123e100000]") }, { BYTES("[123123123123123123123123123123]") },
    { BYTES("[-237462374673276894279832749832423479823246327846]") },
    { BYTES("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]") }, { BYTES("{\"a\":1,\"a\":2}") },
};

static const struct row json_left[] = {
    { BYTES("[\"\\uDADA\"]") }, { BYTES("[\"\\uD888\\u1234\"]") }, { BYTES("[\"\\uD800\\n\"]") },
    { BYTES("[\"\\uDd1ea\"]") },
    { BYTES("[\"\\uD800\\uD800\\n\"]") }, { BYTES("[\"\\ud800abc\"]") },
    { BYTES("[\"\xE6\x97\xA5\xD1\x88\xFA\"]") },
    { BYTES("[\"\xFF\"]") }, { BYTES("[\"\x81\"]") }, { BYTES("[\"\xF4\xBF\xBF\xBF\"]") },
    { BYTES("[\"\xC0\xAF\"]") },
    { BYTES("[\"\xFC\x83\xBF\xBF\xBF\xBF\"]") }, { BYTES("[\"\xE0\xFF\"]") }, { BYTES("[\"\xED\xA0\x80\"]") },
    { BYTES("\xEF\xBB\xBF{}") }, { BYTES("\xFF\xFE[\0\"\0\xE9\0\"\0]\0") }, { BYTES("\0[\0\"\0\xE9\0\"\0]") },
};

static void json(void **state)
{
    (void)state;
    ROWS(json_valid) { json_is(row, TWILIO_OK); }
    ROWS(json_invalid) { json_is(row, TWILIO_ERR_JSON); }
    ROWS(json_taken) { json_is(row, TWILIO_OK); }
    ROWS(json_left) { json_is(row, TWILIO_ERR_JSON); }
    printf("RFC 8259: %zu valid, %zu invalid; of %zu left open %zu are taken\n", COUNT(json_valid),
                  COUNT(json_invalid), COUNT(json_taken) + COUNT(json_left), COUNT(json_taken));
}

/* ---- HTTP --------------------------------------------------------------------------------------- */

#define OK   "HTTP/1.1 200 OK\r\n"
#define TE   OK "Transfer-Encoding: chunked\r\n\r\n"
#define FIVE "Content-Length: 5\r\n\r\nhello"

static int http_verdict(const struct row *row, size_t piece, uint32_t *total)
{
    struct twilio_response r = { 0 };

    assert_int_equal(twilio_response_begin(&r), TWILIO_OK);
    for (size_t at = 0; at < row->size && r.status == TWILIO_AGAIN; at += piece) {
        (void)twilio_response_feed(&r, row->bytes + at, smaller(piece, row->size - at));
    }
    *total = r.body_total;
    return r.status;
}

static void http_is(const struct row *row, int verdict)
{
    for (size_t piece = 1; piece <= row->size; piece++) {
        uint32_t total;
        int is = http_verdict(row, piece, &total);

        check(is == verdict, "%d in pieces of %zu: %s", is, piece, row->bytes);
        check(is != TWILIO_OK || total == 5, "a body of %u: %s", (unsigned)total, row->bytes);
    }
}

/* Each has a body of five octets. */
static const struct row http_valid[] = {
    /* 4: the status line; the reason may be missing, have any text, be of no meaning */
    { BYTES("HTTP/1.1 200 \r\n" FIVE) }, { BYTES("HTTP/1.1 200 200 OK HTTP/1.1\r\n" FIVE) },
    { BYTES("HTTP/1.1 200  \t \r\n" FIVE) }, { BYTES("HTTP/1.0 200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.9 200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 400 Bad Request\r\n" FIVE) }, { BYTES("HTTP/1.1 511 x\r\n" FIVE) },
    { BYTES("HTTP/1.1 299 \xFF\r\n" FIVE) },
    /* 5: field lines */
    { BYTES(OK "A:b\r\n" FIVE) }, { BYTES(OK "A:\t \tb\t \t\r\n" FIVE) },
    { BYTES(OK "A: :::\r\n" FIVE) }, { BYTES(OK "A:\r\n" FIVE) },
    { BYTES(OK "1: 2\r\n" FIVE) }, { BYTES(OK "~: ~\r\n" FIVE) },
    { BYTES(OK "A: \"b\\\"c\"\r\n" FIVE) }, { BYTES(OK "A: b\r\na: c\r\n" FIVE) },
    { BYTES(OK "A: \xE2\x98\xBA\r\n" FIVE) }, { BYTES(OK "CONTENT-length:5\r\n\r\nhello") },
    /* 5.2: folds of a value are spaces */
    { BYTES(OK "A: b\r\n\tc\r\n" FIVE) }, { BYTES(OK "A:\r\n b\r\n  c\r\n" FIVE) },
    { BYTES(OK "A: b\r\n \r\n" FIVE) },
    /* 6.2, 6.3: lengths */
    { BYTES(OK "Content-Length: 05\r\n\r\nhello") }, { BYTES(OK "Content-Length: 5 \t\r\n\r\nhello") },
    /* 7.1: chunks */
    { BYTES(TE "5\r\nhello\r\n0\r\n\r\n") }, { BYTES(TE "05\r\nhello\r\n00\r\n\r\n") },
    { BYTES(TE "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n") },
    { BYTES(TE "5;a\r\nhello\r\n0;b\r\n\r\n") }, { BYTES(TE "5;a=b;c=\"d e\"\r\nhello\r\n0\r\n\r\n") },
    { BYTES(TE "5\r\n\r\n0\r\n\r\n0\r\n\r\n") },
    { BYTES(OK "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    /* 7.1.2: trailers */
    { BYTES(TE "5\r\nhello\r\n0\r\nA: b\r\nC:\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n") },
    /* interim answers (RFC 9110 15.2) */
    { BYTES("HTTP/1.1 100 \r\n\r\n" OK FIVE) }, { BYTES("HTTP/1.1 103 x\r\nLink: y\r\n\r\n" OK FIVE) },
    { BYTES("HTTP/1.1 100 a\r\n\r\nHTTP/1.1 102 b\r\n\r\nHTTP/1.1 199 c\r\n\r\n"
            TE "5\r\nhello\r\n0\r\n\r\n") },
    { BYTES("HTTP/1.1 100 a\r\nTransfer-Encoding: chunked\r\n\r\n" OK FIVE) },
};

static const struct row http_invalid[] = {
    { BYTES("HTTP/1.1  200 OK\r\n" FIVE) }, { BYTES("HTTP/1.1\t200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 20 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 2000 OK\r\n" FIVE) }, { BYTES("HTTP/1.1 -20 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 +20 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 2x0 OK\r\n" FIVE) }, { BYTES("HTTP/1.1 099 OK\r\n" FIVE) },
    { BYTES("HTTP /1.1 200 OK\r\n" FIVE) },
    { BYTES("HTTPS/1.1 200 OK\r\n" FIVE) }, { BYTES("HTTP/1,1 200 OK\r\n" FIVE) },
    { BYTES("HTTP/01.1 200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 200 O\0K\r\n" FIVE) }, { BYTES("HTTP/1.1 200 O\rK\r\n" FIVE) },
    { BYTES("ICY 200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 200 OK\n" FIVE) }, { BYTES("HTTP/1.1 200 \x7F\r\n" FIVE) }, { BYTES("{\"code\":200}") },
    { BYTES(OK " A: b\r\n" FIVE) }, { BYTES(OK "\tA: b\r\n" FIVE) },
    { BYTES(OK "A : b\r\n" FIVE) }, { BYTES(OK "A\t: b\r\n" FIVE) },
    { BYTES(OK "A b: c\r\n" FIVE) }, { BYTES(OK "A\r\n" FIVE) }, { BYTES(OK ": b\r\n" FIVE) },
    { BYTES(OK "A(: b\r\n" FIVE) },
    { BYTES(OK "\"A\": b\r\n" FIVE) }, { BYTES(OK "A/B: c\r\n" FIVE) },
    { BYTES(OK "A@: c\r\n" FIVE) }, { BYTES(OK "A\xE9: c\r\n" FIVE) },
    { BYTES(OK "A: b\0c\r\n" FIVE) }, { BYTES(OK "A: b\rc\r\n" FIVE) },
    { BYTES(OK "A: b\nC: d\r\n" FIVE) }, { BYTES(OK "A: \x08\r\n" FIVE) },
    { BYTES(OK "A: b\r\nA\r\n : c\r\n" FIVE) }, { BYTES(OK "[A]: b\r\n" FIVE) },
    { BYTES(OK "A\0: b\r\n" FIVE) },
    { BYTES(OK "Content-Length: -5\r\n\r\nhello") }, { BYTES(OK "Content-Length: +5\r\n\r\nhello") },
    { BYTES(OK "Content-Length: 0x5\r\n\r\nhello") }, { BYTES(OK "Content-Length: 5.0\r\n\r\nhello") },
    { BYTES(OK "Content-Length: 5 5\r\n\r\nhello") }, { BYTES(OK "Content-Length:\r\n\r\nhello") },
    { BYTES(OK "Content-Length: ,\r\n\r\nhello") }, { BYTES(OK "Content-Length: 5, 6\r\n\r\nhello!") },
    { BYTES(OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!") },
    { BYTES(OK "Content-Length: \"5\"\r\n\r\nhello") },
    { BYTES(OK "Content-Length: 5;\r\n\r\nhello") }, { BYTES(OK "Content-Length: five\r\n\r\nhello") },
    { BYTES(OK "Content-Length: 18446744073709551621\r\n\r\nhello") },
    { BYTES(OK "Content-Length: 4294967301\r\n\r\nhello") },
    { BYTES(OK "Content-Length : 5\r\n\r\nhello") }, { BYTES(OK "Content-Length: 5\r\n 6\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(OK "Transfer-Encoding: gzip\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(OK "Transfer-Encoding: chunked, gzip\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: xchunked\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: chunked;q=1\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(OK "Transfer-Encoding: \"chunked\"\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: chunked chunked\r\n\r\nhello") },
    { BYTES(OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n5\r\n") },
    { BYTES("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") },
    { BYTES(TE "\r\nhello") }, { BYTES(TE ";a\r\nhello") },
    { BYTES(TE "0x5\r\nhello\r\n0\r\n\r\n") }, { BYTES(TE "-1\r\nhello") },
    { BYTES(TE "5\nhello\r\n0\r\n\r\n") }, { BYTES(TE "5\r\nhelloX\r\n0\r\n\r\n") },
    { BYTES(TE "4\r\nhello\r\n0\r\n\r\n") },
    { BYTES(TE "5\r\nhello0\r\n\r\n") }, { BYTES(TE "5\r\nhello\n0\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r0\r\n\r\n") },
    { BYTES(TE "5 hello\r\n") }, { BYTES(TE "5,\r\nhello\r\n0\r\n\r\n") },
    { BYTES(TE "5;\x01\r\nhello\r\n0\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r\n\r\n") }, { BYTES(TE "5\r\nhello\r\n0\r\nA\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r\n0\r\n A: b\r\n\r\n") },
    { BYTES(TE "5\r\nhello\r\n0\r\nA : b\r\n\r\n") }, { BYTES(TE "100000000\r\nhello") },
    { BYTES(TE "FFFFFFFFFFFFFFFFF\r\nhello") },
    { BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" OK FIVE) },
    { BYTES("HTTP/1.1 100 a\r\n\r\n\r\n" OK FIVE) },
    { BYTES("HTTP/1.1 100 a\r\n\r\nHTTP/2.0 200 OK\r\n" FIVE) },
    { BYTES("HTTP/1.1 100 a\r\nA : b\r\n\r\n" OK FIVE) },
    { BYTES("\r\n" OK FIVE) }, { BYTES("GET / HTTP/1.1\r\n\r\n") }, { BYTES("\x16\x03\x01\x02\x00") },
};

static void http(void **state)
{
    (void)state;
    ROWS(http_valid) { http_is(row, TWILIO_OK); }
    ROWS(http_invalid) { http_is(row, TWILIO_ERR_HTTP); }
    printf("RFC 9112: %zu valid, %zu invalid\n", COUNT(http_valid), COUNT(http_invalid));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json),
        cmocka_unit_test(http),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
