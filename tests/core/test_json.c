/*
 * test_json.c - the JSON picker, black-box: RFC 8259 in tables, each text fed in every way
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

struct text {
    const char *bytes;
    size_t size;
};

/* ---- Feeding in every way ------------------------------------------------------------------ */

struct way {
    size_t first, piece;  /* bytes of the first piece, and of every other */
};

static const size_t WHOLE = SIZE_MAX;

/* What happened, as text: the fields at each item in brackets, at the end after a bar.
 * A field is its type and text, '-' when it is absent. */
static char story[4096];

static void tell(const char *text)
{
    assert_true(strlen(story) + strlen(text) < sizeof story);
    strcat(story, text);
}

static void tell_fields(const struct twilio_field *fields, int status)
{
    for (const struct twilio_field *f = fields; f != NULL && f->name != NULL; f++) {
        const char type[2] = { f->type != 0 ? f->type : '-', '\0' };

        tell(f > fields ? "," : "");
        tell(type);
        if (f->text != NULL) {
            check(memchr(f->text, '\0', f->size) != NULL, "%s: no NUL", f->name);
            tell(f->text);
            check(status < TWILIO_AGAIN || f->text[0] == '\0'
                  || (f->type != 0 && strchr("sntf0", f->type) != NULL),
                  "%s: type %d, text '%s'", f->name, f->type, f->text);
        }
    }
}

/* Feed one piece, from heap memory of just its size. Returns the status. */
static int feed_piece(struct twilio_json *json, const char *bytes, size_t size)
{
    char *piece = malloc(size);
    size_t used = 0, calls = 0;

    assert_non_null(piece);
    memcpy(piece, bytes, size);
    do {
        int n = twilio_json_feed(json, piece + used, size - used);

        assert_true(++calls < 2 * size + 2);
        if (n < 0) {
            check(json->status == n, "status %d, returned %d", json->status, n);
            break;
        }
        used += (size_t)n;
        check(used <= size, "%d of %zu bytes consumed", n, size);
        if (json->status == TWILIO_ITEM) {
            tell("[");
            tell_fields(json->fields, json->status);
            tell("]");
        } else {
            check(used == size, "%zu of %zu bytes left, status %d", size - used, size, json->status);
            check(json->status == TWILIO_AGAIN || json->status == TWILIO_OK, "status %d", json->status);
        }
    } while (used < size);
    free(piece);
    return json->status;
}

/* Feed a text to its end, or to its error, and return the status; the story tells the rest. */
static int parse(struct twilio_field *fields, struct way way, const char *bytes, size_t size)
{
    struct twilio_json json;
    size_t offset = 0, next = way.first;
    int status = TWILIO_AGAIN, n;

    memset(&json, CANARY, sizeof json);
    json.fields = fields;
    story[0] = '\0';
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(json.status, TWILIO_AGAIN);
    for (; offset < size && status > TWILIO_ERR_ARGUMENT; offset += next, next = way.piece) {
        next = smaller(next, size - offset);
        status = feed_piece(&json, bytes + offset, next);
    }
    n = twilio_json_feed(&json, NULL, 0);
    check(n == (json.status < 0 ? json.status : 0), "end: %d, status %d", n, json.status);
    check(status == TWILIO_AGAIN || status == TWILIO_ITEM || status == json.status, "%d, then %d", status,
          json.status);
    tell("|");
    tell_fields(fields, json.status);

    /* what is over stays over: only white space may follow a text, and nothing an error */
    n = twilio_json_feed(&json, " \r\n\t", 4);
    assert_int_equal(n, json.status < 0 ? json.status : 4);
    status = json.status;
    assert_int_equal(twilio_json_feed(&json, "1", 1), status < 0 ? status : TWILIO_ERR_JSON);
    return status;
}

/* ---- RFC 8259: what is JSON, and what is not --------------------------------------------------- */

static const struct text good[] = {
    /* values */
    { BYTES("{}") }, { BYTES("[]") }, { BYTES("\"\"") }, { BYTES("0") }, { BYTES("true") },
    { BYTES("false") }, { BYTES("null") }, { BYTES(" \t\r\n{} \t\r\n") }, { BYTES(" [ ] ") },
    { BYTES(" \"x\" ") }, { BYTES(" 1 ") }, { BYTES("\ntrue\n") }, { BYTES("\tnull\t") },
    { BYTES("\rfalse\r") },
    /* arrays */
    { BYTES("[1]") }, { BYTES("[1,2,3]") }, { BYTES("[ 1 , 2 ]") }, { BYTES("[[],[]]") },
    { BYTES("[[[[]]]]") }, { BYTES("[null,true,false]") }, { BYTES("[\"\"]") }, { BYTES("[\"a\",\"b\"]") },
    { BYTES("[{}]") }, { BYTES("[{},{}]") }, { BYTES("[null,1,\"1\",{}]") }, { BYTES("[1\n,1]") },
    { BYTES("[\r\n]") }, { BYTES("[1,null,null,null,2]") }, { BYTES("[2] ") },
    /* objects */
    { BYTES("{\"a\":1}") }, { BYTES("{ \"a\" : 1 }") }, { BYTES("{\"a\":1,\"b\":2}") }, { BYTES("{\"\":0}") },
    { BYTES("{\"a\":{}}") }, { BYTES("{\"a\":[]}") }, { BYTES("{\"a\":{\"b\":{\"c\":null}}}") },
    { BYTES("{\"a\":\"b\",\"a\":\"c\"}") }, { BYTES("{\"a\":\"b\",\"a\":\"b\"}") },
    { BYTES("{\"a\\u0000\":1}") }, { BYTES("{\n\"a\"\n:\n1\n,\n\"b\"\n:\n2\n}") },
    { BYTES("{\"a\":[{\"b\":[{}]}]}") }, { BYTES("{\"min\":-1.0e+28,\"max\":1.0e+28}") },
    { BYTES("{\"\\\"\":1,\"\\\\\":2,\"\\/\":3}") },
    /* numbers */
    { BYTES("-0") }, { BYTES("-1") }, { BYTES("10") }, { BYTES("1234567890") }, { BYTES("0.0") },
    { BYTES("-0.0") }, { BYTES("0.5") }, { BYTES("1.25") }, { BYTES("0e1") }, { BYTES("0E1") },
    { BYTES("0e+1") }, { BYTES("0e-1") }, { BYTES("1e5") }, { BYTES("1E5") }, { BYTES("1e+5") },
    { BYTES("1E-05") }, { BYTES("1.5e10") }, { BYTES("-1.5E-10") },
    { BYTES("0.000000000000000000000000000000000000001") }, { BYTES("123456789012345678901234567890") },
    { BYTES("1e999999") }, { BYTES("[0,-0,1.0,1e0]") }, { BYTES("[1e0]") }, { BYTES("[-0.1e-9 ]") },
    { BYTES("[-123]") }, { BYTES("1.0000") }, { BYTES("[20e1]") }, { BYTES("[123.456e78]") },
    { BYTES("[1E+2]") }, { BYTES("9") },
    /* strings and escapes */
    { BYTES("\"abc\"") }, { BYTES("\" \"") }, { BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
    { BYTES("\"\\u0000\"") }, { BYTES("\"\\u0041\\u00e9\\u20AC\\uFFFF\"") },
    { BYTES("\"\\uabcd\\uABCD\\uefEF\"") }, { BYTES("\"\\\\u0041\"") }, { BYTES("\"\\uD83D\\uDC4D\"") },
    { BYTES("\"\\ud800\\udc00\"") }, { BYTES("\"\\uDBFF\\uDFFF\"") },
    { BYTES("\"\\uD83D\\uDC4D\\uD83D\\uDC4D\"") }, { BYTES("\"\\uD7FF\\uE000\"") },
    { BYTES("\"\\u007F\\u0080\"") }, { BYTES("\"\\u07FF\\u0800\\uFFFE\"") }, { BYTES("\"a/*b*/c//d\"") },
    { BYTES("\"[{}],:\"") }, { BYTES("\"\x7F\"") }, { BYTES("\"\\\\\"") }, { BYTES("\"\\\\\\\"\"") },
    { BYTES("\"'\"") }, { BYTES("[\"\\u2028\\u2029\"]") },
    /* UTF-8: the first and last of each length, and the neighbours of the surrogates */
    { BYTES("\"\xC2\x80\"") }, { BYTES("\"\xDF\xBF\"") }, { BYTES("\"\xE0\xA0\x80\"") },
    { BYTES("\"\xE0\xBF\xBF\"") }, { BYTES("\"\xE1\x80\x80\"") }, { BYTES("\"\xEC\xBF\xBF\"") },
    { BYTES("\"\xED\x80\x80\"") }, { BYTES("\"\xED\x9F\xBF\"") }, { BYTES("\"\xEE\x80\x80\"") },
    { BYTES("\"\xEF\xBF\xBF\"") }, { BYTES("\"\xF0\x90\x80\x80\"") }, { BYTES("\"\xF0\xBF\xBF\xBF\"") },
    { BYTES("\"\xF1\x80\x80\x80\"") }, { BYTES("\"\xF3\xBF\xBF\xBF\"") }, { BYTES("\"\xF4\x80\x80\x80\"") },
    { BYTES("\"\xF4\x8F\xBF\xBF\"") }, { BYTES("{\"\xC3\xA9\":\"\xE2\x98\xBA\"}") },
    { BYTES("\"\xE2\x80\xA8\"") }, { BYTES("\"\xEF\xBB\xBF\"") }, { BYTES("\"a\xC3\xA9\xF0\x9F\x91\x8Dz\"") },
};

static const struct text bad[] = {
    /* nothing, and more than one */
    { BYTES("") }, { BYTES(" ") }, { BYTES("\n") }, { BYTES("{}{}") }, { BYTES("[][]") }, { BYTES("{} x") },
    { BYTES("1 1") }, { BYTES("true false") }, { BYTES("\"\"\"\"") }, { BYTES("[] ,") }, { BYTES("{}}") },
    { BYTES("[]]") }, { BYTES("nullnull") }, { BYTES("1,") }, { BYTES(",") }, { BYTES(":") }, { BYTES("]") },
    { BYTES("}") }, { BYTES("{}\0") }, { BYTES("\0") }, { BYTES("1\0") }, { BYTES("\xEF\xBB\xBF{}") },
    { BYTES("\xFE\xFF") }, { BYTES("{}#x") }, { BYTES("{}/**/") }, { BYTES("//x\n1") }, { BYTES("/**/1") },
    { BYTES("#\n1") }, { BYTES("\v1") }, { BYTES("\f1") }, { BYTES("\xC2\xA0" "1") },
    { BYTES("\xE2\x80\xA8" "1") }, { BYTES("1\f") },
    /* arrays */
    { BYTES("[") }, { BYTES("[1") }, { BYTES("[1,") }, { BYTES("[,") }, { BYTES("[,]") }, { BYTES("[,1]") },
    { BYTES("[1,]") }, { BYTES("[1,,2]") }, { BYTES("[1 2]") }, { BYTES("[1:2]") },
    { BYTES("[\"a\" \"b\"]") }, { BYTES("[\"a\":1]") }, { BYTES("[1}") }, { BYTES("[}") }, { BYTES("[[]") },
    { BYTES("[]1") }, { BYTES("[1;2]") }, { BYTES("[a]") }, { BYTES("[*]") }, { BYTES("[1,\n1\n,1") },
    { BYTES("[\"\\u0022,]") }, { BYTES("[{}") }, { BYTES("[:]") }, { BYTES("[1],") }, { BYTES("[[1]]]") },
    { BYTES("[1,2,]") }, { BYTES("[null,]") }, { BYTES("[{},]") }, { BYTES("[[],]") },
    /* objects */
    { BYTES("{") }, { BYTES("{\"") }, { BYTES("{\"a\"") }, { BYTES("{\"a\":") }, { BYTES("{\"a\":1") },
    { BYTES("{\"a\":1,") }, { BYTES("{,}") }, { BYTES("{:1}") }, { BYTES("{\"a\"}") }, { BYTES("{\"a\":}") },
    { BYTES("{\"a\":1,}") }, { BYTES("{\"a\":1,,\"b\":2}") }, { BYTES("{\"a\" 1}") }, { BYTES("{\"a\"::1}") },
    { BYTES("{\"a\",1}") }, { BYTES("{\"a\":1 \"b\":2}") }, { BYTES("{a:1}") }, { BYTES("{'a':1}") },
    { BYTES("{1:1}") }, { BYTES("{null:1}") }, { BYTES("{[]:1}") }, { BYTES("{{}:1}") },
    { BYTES("{\"a\":1]") }, { BYTES("{]") }, { BYTES("{\"a\":1:2}") }, { BYTES("{\"a\":1,\"b\"}") },
    { BYTES("{\"a\":\"b\"") }, { BYTES("{\"a\":1}}") }, { BYTES("{\"a\":/**/1}") }, { BYTES("{\"a\"=1}") },
    { BYTES("{true:1}") }, { BYTES("{\"a\":[}") }, { BYTES("{\"a\":{]}") }, { BYTES("{\"a\":1;}") },
    { BYTES("{\"a\nb\":1}") }, { BYTES("{\"\\a\":1}") }, { BYTES("{\"\xFF\":1}") },
    { BYTES("{\"\\uD800\":1}") },
    /* numbers */
    { BYTES("-") }, { BYTES("+1") }, { BYTES("01") }, { BYTES("-01") }, { BYTES("00") }, { BYTES("-00") },
    { BYTES("1.") }, { BYTES(".5") }, { BYTES("-.5") }, { BYTES("0.") }, { BYTES("1.e1") }, { BYTES("1e") },
    { BYTES("1e+") }, { BYTES("1e-") }, { BYTES("1E") }, { BYTES("1e1.5") }, { BYTES("1e1e1") },
    { BYTES("1.2.3") }, { BYTES("--1") }, { BYTES("-+1") }, { BYTES("1-") }, { BYTES("1+1") },
    { BYTES("0x1") }, { BYTES("0b1") }, { BYTES("1_000") }, { BYTES("1a") }, { BYTES("- 1") },
    { BYTES("NaN") }, { BYTES("Infinity") }, { BYTES("-Infinity") }, { BYTES("[1.]") }, { BYTES("[-]") },
    { BYTES("[1e]") }, { BYTES("[01]") }, { BYTES("[-a]") }, { BYTES("[1e+]") }, { BYTES("[0e]") },
    { BYTES("[.1]") }, { BYTES("{\"a\":01}") }, { BYTES("0e++1") }, { BYTES("1 .5") }, { BYTES("0 1") },
    { BYTES("\xEF\xBC\x91") }, { BYTES("[1\x80]") }, { BYTES("1.-1") }, { BYTES("-e1") }, { BYTES("1ee1") },
    { BYTES("[0.e1]") }, { BYTES("[2.e+3]") }, { BYTES("[0.3e]") },
    /* literals */
    { BYTES("t") }, { BYTES("tru") }, { BYTES("truE") }, { BYTES("True") }, { BYTES("TRUE") },
    { BYTES("trues") }, { BYTES("true1") }, { BYTES("fals") }, { BYTES("falsey") }, { BYTES("nul") },
    { BYTES("nulll") }, { BYTES("Null") }, { BYTES("nil") }, { BYTES("undefined") }, { BYTES("[tru]") },
    { BYTES("[nul") }, { BYTES("[fals,1]") }, { BYTES("[true false]") }, { BYTES("{\"a\":tru}") },
    { BYTES("t rue") }, { BYTES("ture") }, { BYTES("nall") }, { BYTES("fulse") },
    /* strings and escapes */
    { BYTES("\"") }, { BYTES("\"a") }, { BYTES("\"\\") }, { BYTES("\"\\\"") }, { BYTES("'a'") },
    { BYTES("\"\n\"") }, { BYTES("\"\t\"") }, { BYTES("\"\0\"") }, { BYTES("\"\x1F\"") }, { BYTES("\"\r\"") },
    { BYTES("\"\x01\"") }, { BYTES("\"\\a\"") }, { BYTES("\"\\v\"") }, { BYTES("\"\\'\"") },
    { BYTES("\"\\0\"") }, { BYTES("\"\\x41\"") }, { BYTES("\"\\U0041\"") }, { BYTES("\"\\ \"") },
    { BYTES("\"\\\n\"") }, { BYTES("\"\\\0\"") }, { BYTES("\"\\u\"") }, { BYTES("\"\\u004\"") },
    { BYTES("\"\\u00g1\"") }, { BYTES("\"\\u 041\"") }, { BYTES("\"\\u+041\"") }, { BYTES("\"\\u{41}\"") },
    { BYTES("\"\\uG000\"") }, { BYTES("\"\\u000G\"") }, { BYTES("\"\\u000:\"") }, { BYTES("\"\\u000@\"") },
    { BYTES("\"\\u000`\"") }, { BYTES("\"\\u000/\"") }, { BYTES("\"\\\xC3\xA9\"") }, { BYTES("\"\\N\"") },
    { BYTES("\"\\1\"") }, { BYTES("\"\\-\"") },
    /* lone surrogates */
    { BYTES("\"\\uD800\"") }, { BYTES("\"\\uDBFF\"") }, { BYTES("\"\\uDC00\"") }, { BYTES("\"\\uDFFF\"") },
    { BYTES("\"\\uD83Dx\"") }, { BYTES("\"\\uD83D\\n\"") }, { BYTES("\"\\uD83D\\u0041\"") },
    { BYTES("\"\\uD83D\\uD83D\"") }, { BYTES("\"\\uDC4D\\uD83D\"") }, { BYTES("\"\\uD83D\\uE000\"") },
    { BYTES("\"\\uD83D\\uDBFF\"") }, { BYTES("\"\\uD83D\xF0\x9F\x91\x8D\"") }, { BYTES("\"\\uD83D\\uDC4\"") },
    { BYTES("\"\\uD83D\\\"") }, { BYTES("\"\\uD83D\\uD83D\\uDC4D\"") }, { BYTES("\"\\uD83D\\") },
    { BYTES("\"\\uD83D\\uDC4D\\uDC4D\"") }, { BYTES("\"\\uD83D\\\\\"") }, { BYTES("\"\\uDC0000410041\"") },
    /* UTF-8: stray, overlong, surrogate, too large, cut short */
    { BYTES("\"\x80\"") }, { BYTES("\"\xBF\"") }, { BYTES("\"\xC0\x80\"") }, { BYTES("\"\xC0\xAF\"") },
    { BYTES("\"\xC1\xBF\"") }, { BYTES("\"\xE0\x80\x80\"") }, { BYTES("\"\xE0\x9F\xBF\"") },
    { BYTES("\"\xF0\x80\x80\x80\"") }, { BYTES("\"\xF0\x8F\xBF\xBF\"") }, { BYTES("\"\xED\xA0\x80\"") },
    { BYTES("\"\xED\xBF\xBF\"") }, { BYTES("\"\xED\xA0\xBD\xED\xB1\x8D\"") },
    { BYTES("\"\xF4\x90\x80\x80\"") }, { BYTES("\"\xF5\x80\x80\x80\"") },
    { BYTES("\"\xF8\x88\x80\x80\x80\"") }, { BYTES("\"\xFC\x84\x80\x80\x80\x80\"") }, { BYTES("\"\xFE\"") },
    { BYTES("\"\xFF\"") }, { BYTES("\"\xC3\"") }, { BYTES("\"\xC3z\"") }, { BYTES("\"\xE2\x98\"") },
    { BYTES("\"\xE2\x98z\"") }, { BYTES("\"\xE2z\"") }, { BYTES("\"\xF0\x9F\x91\"") },
    { BYTES("\"\xF0\x9F\x91z\"") }, { BYTES("\"\xF0\x9Fz\"") }, { BYTES("\"\xF0z\"") },
    { BYTES("\"\xC3\xC3\xA9\"") }, { BYTES("\"\xC3\\n\"") }, { BYTES("\"\xE9\"") },
    { BYTES("\"\xC3\xA9\xA9\"") }, { BYTES("\"\xE2\x98\xBA\x80\"") }, { BYTES("\"\xC2\x00\"") },
    { BYTES("\"\xE2\xC0\x80\"") }, { BYTES("\"\xF0\x90\xC0\x80\"") }, { BYTES("[\"a\",\"\xFF\"]") },
    { BYTES("[\xC3\xA9]") }, { BYTES("\xC3\xA9") }, { BYTES("{\"a\":\"\xED\xA0\x80\"}") },
};

/* Tables of fields that touch nothing, something, and everything: the verdict is the same. */
static void each_verdict(struct way way, const struct text *text, int expected)
{
    static const char *const paths[][3] = {
        { "a", NULL, NULL }, { "[]", "a[].b", NULL }, { "[][]", "a[].b[]", "[].b" },
        { "a.b.c", "\xC3\xA9", "min" },
    };
    int status = parse(NULL, way, text->bytes, text->size);

    check(status == expected, "%d, first %zu, of %s", status, way.first, text->bytes);
    for (size_t i = 0; i < COUNT(paths); i++) {
        char texts[3][8];
        struct twilio_field fields[4];

        memset(fields, 0, sizeof fields);
        memset(texts, CANARY, sizeof texts);
        for (size_t j = 0; j < 3 && paths[i][j] != NULL; j++) {
            fields[j] = (struct twilio_field)TWILIO_FIELD(paths[i][j], texts[j]);
        }
        status = parse(fields, way, text->bytes, text->size);
        check(status == expected, "%d, first %zu, with fields %zu, of %s", status, way.first, i, text->bytes);
    }
}

static void every_way(const struct text *text, int expected)
{
    each_verdict((struct way){ WHOLE, WHOLE }, text, expected);
    each_verdict((struct way){ 1, 1 }, text, expected);
    for (size_t split = 1; split < text->size; split++) {
        each_verdict((struct way){ split, WHOLE }, text, expected);
    }
}

static void good_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        every_way(&good[i], TWILIO_OK);
    }
}

static void bad_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        every_way(&bad[i], TWILIO_ERR_JSON);
    }
}

/* Every good text in an array and in an object is good, every bad one is bad. */
static void nested_texts(void **state)
{
    static const char *const wraps[][2] = { { "[", "]" }, { "{\"a\":", "}" },
        { "{\"x\":[0,{\"a\":", "},1]}" } };
    char bytes[256];

    (void)state;
    for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
        const struct text *inner = i < COUNT(good) ? &good[i] : &bad[i - COUNT(good)];

        for (size_t j = 0; j < COUNT(wraps); j++) {
            size_t before = strlen(wraps[j][0]), after = strlen(wraps[j][1]);
            const struct text text = { bytes, before + inner->size + after };

            if (j == 0 && (inner->size == 0 || strspn(inner->bytes, " \n") == inner->size
                           || strchr(inner->bytes, ',') != NULL || strchr(inner->bytes, ']') != NULL)) {
                continue;  /* white space, and some that hold a comma, are good in an array */
            }
            memcpy(bytes, wraps[j][0], before);
            memcpy(bytes + before, inner->bytes, inner->size);
            memcpy(bytes + before + inner->size, wraps[j][1], after);
            bytes[text.size] = '\0';
            if (j > 0 && strchr(inner->bytes, ',') != NULL && i >= COUNT(good)) {
                continue;
            }
            each_verdict((struct way){ WHOLE, WHOLE }, &text, i < COUNT(good) ? TWILIO_OK : TWILIO_ERR_JSON);
            each_verdict((struct way){ 1, 1 }, &text, i < COUNT(good) ? TWILIO_OK : TWILIO_ERR_JSON);
        }
    }
}

/* A text that ends anywhere before its end is no JSON, unless it is a number. */
static void truncation_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        char opened[256] = "{\"a\":";

        memcpy(opened + 5, good[i].bytes, good[i].size);
        opened[5 + good[i].size] = '}';
        for (size_t size = 0; size < good[i].size + 6; size++) {
            const struct text text = { opened, size };

            each_verdict((struct way){ WHOLE, WHOLE }, &text, TWILIO_ERR_JSON);
            each_verdict((struct way){ 1, 1 }, &text, TWILIO_ERR_JSON);
        }
    }
}

/* All octets, where a value begins, inside a string, after a backslash, inside \u, after a value */
static void every_octet_in_every_place(void **state)
{
    static const struct {
        const char *before, *after, *good;
    } table[] = {
        { "[", "]", "0123456789 \t\r\n]" },
        { "[1", "]", "0123456789 \t\r\n]" },
        { "[0", "]", " \t\r\n]" },
        { "[-", "]", "0123456789" },
        { "[1.", "]", "0123456789" },
        { "[1.5", "]", "0123456789 \t\r\n]" },
        { "[1e", "]", "0123456789" },
        { "[1e1", "]", "0123456789 \t\r\n]" },
        { "[1e+", "]", "0123456789" },
        { "[\"\\", "\"]", "\"\\/bfnrt" },
        { "[\"\\u", "123\"]", "0123456789abcdefABCDEF" },
        { "[\"\\u0", "23\"]", "0123456789abcdefABCDEF" },
        { "[\"\\u00", "3\"]", "0123456789abcdefABCDEF" },
        { "[\"\\u002", "\"]", "0123456789abcdefABCDEF" },
        { "[\"\"", "]", " \t\r\n]" },
        { "[{}", "]", " \t\r\n]" },
        { "[true", "]", " \t\r\n]" },
        { "[", "rue]", "t" },
        { "[t", "ue]", "r" },
        { "[tr", "e]", "u" },
        { "[tru", "]", "e" },
        { "[", "alse]", "f" },
        { "[f", "lse]", "a" },
        { "[fa", "se]", "l" },
        { "[fal", "e]", "s" },
        { "[fals", "]", "e" },
        { "[", "ull]", "n" },
        { "[n", "ll]", "u" },
        { "[nu", "l]", "l" },
        { "[nul", "]", "l" },
        { "{", "\"a\":1}", " \t\r\n" },
        { "{\"a\"", ":1}", " \t\r\n" },
        { "{\"a\":", "}", "0123456789" },
        { "{\"a\":1", "}", "0123456789 \t\r\n" },
        { "{\"a\":1,", "\"b\":2}", " \t\r\n" },
        { "", "[1]", " \t\r\n" },
        { "[1]", "", " \t\r\n" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        for (int octet = 0; octet < 256; octet++) {
            char bytes[32];
            size_t before = strlen(table[i].before), after = strlen(table[i].after);
            const struct text text = { bytes, before + 1 + after };
            bool closes = octet == ']' && table[i].after[0] == ']';
            bool expected = octet != 0 && strchr(table[i].good, octet) != NULL && !closes;

            memcpy(bytes, table[i].before, before);
            bytes[before] = (char)octet;
            memcpy(bytes + before + 1, table[i].after, after + 1);
            each_verdict((struct way){ WHOLE, WHOLE }, &text, expected ? TWILIO_OK : TWILIO_ERR_JSON);
            each_verdict((struct way){ before + 1, WHOLE }, &text, expected ? TWILIO_OK : TWILIO_ERR_JSON);
        }
    }
}

static size_t nest(char *bytes, size_t kind, size_t levels)  /* kind: arrays, objects, both in turn */
{
    size_t size = 0;

    for (size_t i = 0; i < levels; i++) {
        bool array = kind == 0 || (kind == 2 && i % 2 == 0);

        strcpy(bytes + size, array ? "[" : i + 1 < levels ? "{\"a\":" : "{");
        size += strlen(bytes + size);
    }
    for (size_t i = levels; i-- > 0;) {
        bytes[size++] = kind == 0 || (kind == 2 && i % 2 == 0) ? ']' : '}';
    }
    return size;
}

static void depth(void **state)
{
    char bytes[1000 * 6];

    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        for (size_t levels = 1; levels <= TWILIO_DEPTH_MAX; levels++) {
            const struct text text = { bytes, nest(bytes, kind, levels) };

            every_way(&text, TWILIO_OK);
            /* closed by the wrong bracket, at every level: each one's kind is remembered */
            for (size_t i = 0; i < levels; i++) {
                bytes[text.size - 1 - i] ^= ']' ^ '}';
                each_verdict((struct way){ WHOLE, WHOLE }, &text, TWILIO_ERR_JSON);
                bytes[text.size - 1 - i] ^= ']' ^ '}';
            }
        }
    }
}

/* Deeper texts may be refused, as too deep and as nothing else; if one is read, then rightly. */
static void beyond_the_depth(void **state)
{
    char bytes[1000 * 6], texts[2][8];
    struct twilio_field fields[] = { FIELD("a.a.a", texts[0], 8), FIELD("[][][]", texts[1], 8),
        TWILIO_FIELD_END };

    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        for (size_t levels = TWILIO_DEPTH_MAX + 1; levels <= 1000; levels += 1 + levels / 30) {
            for (size_t how = 0; how < 4; how++) {
                size_t size = nest(bytes, kind, levels);
                int result;

                bytes[size - 1] ^= how >= 2 ? ']' ^ '}' : 0;  /* the outermost bracket is wrong */
                result = parse(how % 2 == 0 ? NULL : fields, (struct way){ 3, 5 + how }, bytes, size);
                check(result == TWILIO_ERR_DEPTH || result == (how < 2 ? TWILIO_OK : TWILIO_ERR_JSON),
                      "%d, %zu levels of kind %zu", result, levels, kind);
            }
        }
    }
}

/* Many siblings are no depth. */
static void breadth(void **state)
{
    static char bytes[20000];
    size_t size = 1;

    (void)state;
    bytes[0] = '[';
    while (size < sizeof bytes - 20) {
        memcpy(bytes + size, "[{\"a\":{}}],{},[],", 17);
        size += 17;
    }
    bytes[size - 1] = ']';
    assert_int_equal(parse(NULL, (struct way){ WHOLE, WHOLE }, bytes, size), TWILIO_OK);
    assert_int_equal(parse(NULL, (struct way){ 1, 1 }, bytes, size), TWILIO_OK);
}

/* ---- Picking ------------------------------------------------------------------------------------ */

#define PATHS_MAX 4

static const struct {
    const char *text;
    const char *paths[PATHS_MAX];
    const char *story;
} picks[] = {
    /* types */
    { "{\"a\":\"x\"}", { "a" }, "|sx" },
    { "{\"a\":\"\"}", { "a" }, "|s" },
    { "{\"a\":12}", { "a" }, "|n12" },
    { "{\"a\":-1.50e+3}", { "a" }, "|n-1.50e+3" },
    { "{\"a\": 0 }", { "a" }, "|n0" },
    { "{\"a\":true,\"b\":false,\"c\":null}", { "a", "b", "c" }, "|ttrue,ffalse,0null" },
    { "{\"a\":{},\"b\":[]}", { "a", "b" }, "|{,[" },
    { "{\"a\":{\"b\":1},\"c\":[1,2]}", { "a", "c", "b" }, "|{,[,-" },
    { "{}", { "a" }, "|-" },
    { "[]", { "a" }, "|-" },
    { "\"a\"", { "a" }, "|-" },
    { "7", { "a", "[]" }, "|-,-" },
    /* names match whole */
    { "{\"si\":1,\"sid2\":2,\"\":3,\"SID\":4,\"s\":5,\"sId\":6}", { "sid" }, "|-" },
    { "{\"sid2\":2,\"sid\":1,\"sid3\":3}", { "sid" }, "|n1" },
    { "{\"sid\":1,\"si\":2}", { "sid", "si", "sid2" }, "|n1,n2,-" },
    { "{\"b\":1,\"a\":2}", { "a", "b" }, "|n2,n1" },
    { "{\"a\":\"sid\",\"sid\":\"a\"}", { "sid" }, "|sa" },
    { "{\"sid\\u0000\":1,\"sid\\u0000x\":2}", { "sid" }, "|-" },
    { "{\"\\u0073i\\u0064\":1}", { "sid" }, "|n1" },
    { "{\"\\u0000sid\":1,\"s\\u0000id\":2}", { "sid" }, "|-" },
    { "{\"a\\/b\":1,\"a\\\\b\":2,\"a\\\"b\":3}", { "a/b", "a\\b", "a\"b" }, "|n1,n2,n3" },
    { "{\"\xC3\xA9\":1,\"\\u00e8\":2,\"\\uD83D\\uDC4D\":3}", { "\xC3\xA9", "\xC3\xA8", "\xF0\x9F\x91\x8D" },
      "|n1,n2,n3" },
    { "{\"caf\xC3\xA9\":1}", { "caf\xC3", "caf" }, "|-,-" },
    { "{\"a b\":1,\"a:b\":2,\"a]\":3}", { "a b", "a:b" }, "|n1,n2" },
    /* paths */
    { "{\"a\":{\"b\":1}}", { "a.b" }, "|n1" },
    { "{\"a\":{\"b\":{\"c\":1},\"c\":2},\"c\":3}", { "a.b.c", "a.c", "c" }, "|n1,n2,n3" },
    { "{\"b\":0,\"a\":{\"b\":1},\"b2\":2}", { "a.b", "b" }, "|n1,n0" },
    { "{\"a\":{\"x\":{\"b\":1}},\"x\":{\"b\":2}}", { "a.b" }, "|-" },
    { "{\"a\":{\"b\":1},\"a2\":{\"b\":2},\"x\":{\"a\":{\"b\":3}}}", { "a.b" }, "|n1" },
    { "{\"a\":{\"b\":1,\"c\":2},\"b\":3,\"c\":4}", { "a.c", "b" }, "|n2,n3" },
    { "{\"x\":{},\"a\":{\"y\":{},\"b\":1}}", { "a.b" }, "|n1" },
    { "{\"x\":[{\"a\":{\"b\":9}}],\"a\":{\"y\":[[]],\"b\":1}}", { "a.b" }, "|n1" },
    { "{\"a\":1,\"b\":{\"a\":2}}", { "a.a", "b.a" }, "|-,n2" },
    { "{\"a\":\"b\"}", { "a.b" }, "|-" },
    { "{\"ab\":1,\"a\":{\"\":2}}", { "a.b" }, "|-" },
    { "{\"a\":{\"b\":1}}", { "a", "a.b", "a.b.c" }, "|{,n1,-" },
    /* a key's own dots and brackets are no path */
    { "{\"a.b\":1}", { "a.b" }, "|-" },
    { "{\"a\\u002eb\":1,\"a\\u002Eb\":2}", { "a.b" }, "|-" },
    { "{\"a.b\":{\"c\":1}}", { "a.b.c" }, "|-" },
    { "{\"a[]\":1}", { "a[]" }, "|-" },
    { "{\"a[]\":{\"b\":1},\"a[\":{\"]\":2}}", { "a[].b" }, "|-" },
    { "{\"[]\":1,\"[\":{\"]\":1}}", { "[]" }, "|-" },
    { "{\"a\":{\".b\":1,\"b.\":2}}", { "a.b" }, "|-" },
    { "{\"a.\":{\"b\":1},\".\":2}", { "a.b" }, "|-" },
    /* a key repeated gives its last value */
    { "{\"a\":1,\"a\":2}", { "a" }, "|n2" },
    { "{\"a\":\"a long one\",\"a\":\"b\"}", { "a" }, "|sb" },
    { "{\"a\":\"a long one\",\"a\":\"\"}", { "a" }, "|s" },
    { "{\"a\":\"x\",\"a\":null}", { "a" }, "|0null" },
    { "{\"a\":\"x\",\"a\":{\"b\":1}}", { "a" }, "|{" },
    { "{\"a\":[1],\"a\":\"x\"}", { "a" }, "|sx" },
    { "{\"a\":1,\"b\":2,\"\\u0061\":3}", { "a" }, "|n3" },
    { "{\"a\":{\"b\":1},\"a\":{\"b\":2}}", { "a.b" }, "|n2" },
    /* arrays of objects: an item after each element */
    { "{\"m\":[{\"sid\":\"a\"},{\"sid\":\"b\"}]}", { "m[].sid" }, "[sa][sb]|sb" },
    { "{\"m\":[]}", { "m[].sid" }, "|-" },
    { "{\"m\":[{}]}", { "m[].sid" }, "[-]|-" },
    { "{\"m\":[{\"sid\":1},{},{\"sid\":3}]}", { "m[].sid" }, "[n1][-][n3]|n3" },
    { "{\"m\":[{\"x\":1,\"sid\":2},{\"sid\":3,\"x\":4}]}", { "m[].sid", "m[].x" }, "[n2,n1][n3,n4]|n3,n4" },
    { "{\"m\":[1,\"x\",null,[],[{\"sid\":9}],{\"sid\":2}]}", { "m[].sid" }, "[-][-][-][-][-][n2]|n2" },
    { "{\"m\":[{\"a\":{\"b\":1}},{\"a\":{\"c\":2}}]}", { "m[].a.b" }, "[n1][-]|-" },
    { "{\"m\":[{\"x\":[{\"sid\":9}],\"sid\":1}]}", { "m[].sid" }, "[n1]|n1" },
    { "{\"n\":[{\"sid\":9}],\"m\":[{\"sid\":1}],\"mm\":[{\"sid\":8}]}", { "m[].sid" }, "[n1]|n1" },
    { "{\"m\":{\"sid\":1}}", { "m[].sid" }, "|-" },
    { "{\"m\":[{\"sid\":1}]}", { "m.sid" }, "|-" },
    { "{\"m\":\"[]\"}", { "m[]" }, "|-" },
    { "{\"m\":[{\"sid\":1}]}", { "m[].si", "m[].sid2" }, "[-,-]|-,-" },
    { "{\"d\":{\"m\":[{\"sid\":1}]}}", { "d.m[].sid", "m[].sid" }, "[n1,-]|n1,-" },
    /* what is outside the array stays */
    { "{\"page\":0,\"m\":[{\"sid\":1},{\"sid\":2}],\"next\":\"x\"}", { "page", "m[].sid", "next" },
      "[n0,n1,-][n0,n2,-]|n0,n2,sx" },
    { "{\"m\":[{\"sid\":1}],\"n\":[{\"sid\":2}]}", { "m[].sid", "n[].sid" }, "[n1,-][n1,n2]|n1,n2" },
    /* arrays of scalars */
    { "{\"tags\":[\"a\",\"b\"]}", { "tags[]" }, "[sa][sb]|sb" },
    { "{\"tags\":[1,22,-3.5e1]}", { "tags[]" }, "[n1][n22][n-3.5e1]|n-3.5e1" },
    { "{\"tags\":[ 1 , true , null ]}", { "tags[]" }, "[n1][ttrue][0null]|0null" },
    { "{\"tags\":[{\"a\":1},[],\"\"]}", { "tags[]" }, "[{][[][s]|s" },
    { "{\"tags\":[{\"a\":1},2]}", { "tags[]", "tags[].a" }, "[{,n1][n2,-]|n2,-" },
    /* arrays at the top */
    { "[{\"sid\":1},{\"sid\":2}]", { "[].sid" }, "[n1][n2]|n2" },
    { "[1,\"a\",{},[false]]", { "[]" }, "[n1][sa][{][[]|[" },
    { "[]", { "[].sid", "[]" }, "|-,-" },
    { "{\"sid\":1}", { "[].sid" }, "|-" },
    { "{\"\":[{\"sid\":1}]}", { "[].sid" }, "|-" },
    { "[{\"a\":{\"sid\":1}}]", { "[].sid", "[].a.sid" }, "[-,n1]|-,n1" },
    { "[[{\"sid\":1}]]", { "[].sid" }, "[-]|-" },
    /* arrays in arrays: the inner element is cleared, the outer one is still growing */
    { "[[1,2],[3]]", { "[][]" }, "[n1][n2][n2][n3][n3]|n3" },
    { "{\"a\":[[1],[]]}", { "a[][]" }, "[n1][n1][-]|-" },
    { "{\"a\":[{\"n\":1,\"b\":[{\"c\":2},{\"c\":3}]},{\"n\":4,\"b\":[]}]}", { "a[].b[].c", "a[].n" },
      "[n2,n1][n3,n1][n3,n1][-,n4]|-,n4" },
    { "{\"a\":[{\"b\":[{\"c\":2}],\"n\":1}]}", { "a[].n", "a[].b[].c" }, "[-,n2][n1,n2]|n1,n2" },
    { "[[{\"a\":1}],[{\"a\":2},{\"a\":3}]]", { "[][].a" }, "[n1][n1][n2][n3][n3]|n3" },
    { "[[[1]]]", { "[]" }, "[[]|[" },
    /* escapes in values */
    { "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", { "a" }, "|s\"\\/\b\f\n\r\t" },
    { "{\"a\":\"\\u0041\\u00e9\\u20AC\\ud83d\\udc4d\"}", { "a" }, "|sA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x91\x8D" },
    { "{\"a\":\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"}", { "a" },
      "|s\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF" },
    { "{\"a\":\"\\ud800\\udc00\\udbff\\udfff\"}", { "a" }, "|s\xF0\x90\x80\x80\xF4\x8F\xBF\xBF" },
    { "{\"a\":\"caf\xC3\xA9 \xF0\x9F\x91\x8D\"}", { "a" }, "|scaf\xC3\xA9 \xF0\x9F\x91\x8D" },
    { "{\"a\":\"{\\\"b\\\":1}\",\"b\":\"[\"}", { "a", "b" }, "|s{\"b\":1},s[" },
    /* Twilio's answers */
    { "{\"code\": 21211, \"message\": \"The 'To' number +1 is not a valid phone number.\", \"more_info\": "
      "\"https://www.twilio.com/docs/errors/21211\", \"status\": 400}", { "code", "message", "status" },
      "|n21211,sThe 'To' number +1 is not a valid phone number.,n400" },
    { "{\"type\":\"https://www.twilio.com/docs/api/errors/20404\",\"title\":\"Not Found\",\"status\":404,"
      "\"code\":"
      "20404,\"detail\":\"No such service\",\"errors\":[{\"detail\":\"x\",\"pointer\":\"/a\"}]}",
      { "code", "detail", "message", "status" }, "|n20404,sNo such service,-,n404" },
    { "{\"account_sid\": \"AC1\", \"api_version\": \"2010-04-01\", \"body\": \"sid: \\\"x\\\" \\u263a\", "
      "\"date_sent\": null,"
      " \"direction\": \"outbound-api\", \"error_code\": null, \"num_segments\": \"1\", "
      "\"price\": null, \"sid\": \"SM1\", "
      "\"status\": \"queued\", \"subresource_uris\": {\"media\": \"/x\", \"sid\": \"no\"}, \"to\": \"+1\"}",
      { "sid", "status", "error_code", "date_sent" }, "|sSM1,squeued,0null,0null" },
    { "{\"first_page_uri\": \"/f\", \"end\": 1, \"messages\": [{\"sid\": \"SM1\", "
      "\"subresource_uris\": {\"sid\": \"/m\"}, "
      "\"status\": \"sent\"}, {\"status\": \"failed\", \"sid\": \"SM2\", \"error_code\": 30003}], "
      "\"next_page_uri\": \"/n\"}",
      { "messages[].sid", "messages[].status", "messages[].error_code", "next_page_uri" },
      "[sSM1,ssent,-,-][sSM2,sfailed,n30003,-]|sSM2,sfailed,n30003,s/n" },
    { "{\"meta\": {\"page\": 0, \"next_page_url\": null, \"key\": \"services\"}, "
      "\"services\": [{\"sid\": \"VA1\"}]}",
      { "meta.next_page_url", "meta.key", "services[].sid" }, "[0null,sservices,sVA1]|0null,sservices,sVA1" },
    { "{\"balance\": \"12.34\", \"currency\": \"USD\", \"account_sid\": \"AC1\"}", { "balance", "currency" },
      "|s12.34,sUSD" },
};

static void picking(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(picks); i++) {
        char texts[PATHS_MAX][64];
        struct twilio_field fields[PATHS_MAX + 1];
        size_t size = strlen(picks[i].text);

        memset(fields, 0, sizeof fields);
        memset(texts, CANARY, sizeof texts);
        for (size_t j = 0; j < PATHS_MAX && picks[i].paths[j] != NULL; j++) {
            fields[j] = (struct twilio_field)TWILIO_FIELD(picks[i].paths[j], texts[j]);
        }
        for (size_t split = 1; split <= size; split++) {
            int result = parse(fields, (struct way){ split, WHOLE }, picks[i].text, size);

            for (size_t j = 0; j < PATHS_MAX && picks[i].paths[j] != NULL; j++) {
                check(fields[j].length >= sizeof texts[0] || fields[j].length == strlen(texts[j]),
                      "%s: length %u",
                      picks[i].text, fields[j].length);
            }
            check(result == TWILIO_OK && strcmp(story, picks[i].story) == 0,
                  "%d, split at %zu:\n%s\n%s, not\n%s",
                  result, split, picks[i].text, story, picks[i].story);
        }
        for (size_t piece = 1; piece < 4; piece++) {
            parse(fields, (struct way){ piece, piece }, picks[i].text, size);
            check(strcmp(story, picks[i].story) == 0, "pieces of %zu:\n%s\n%s, not\n%s", piece, picks[i].text,
                  story, picks[i].story);
        }
    }
}

/* Values that are only measured, and a table of the most fields */
static void without_text_and_sixteen(void **state)
{
    char names[16][4], texts[16][4], text[512] = "{";
    struct twilio_field fields[17];

    (void)state;
    memset(fields, 0, sizeof fields);
    for (size_t i = 0; i < 16; i++) {
        snprintf(names[i], sizeof names[i], "k%c", 'a' + (char)i);
        snprintf(text + strlen(text), 32, "%s\"k%c\":\"%c%c\"", i > 0 ? "," : "", 'p' - (char)i,
            'p' - (char)i, '!');
        fields[i] = (struct twilio_field)TWILIO_FIELD(names[i], texts[i]);
        if (i % 5 == 0) {
            fields[i].text = NULL;
            fields[i].size = 0;
        }
    }
    strcat(text, "}");
    for (size_t piece = 1; piece < 9; piece++) {
        assert_int_equal(parse(fields, (struct way){ piece, piece }, text, strlen(text)), TWILIO_OK);
        for (size_t i = 0; i < 16; i++) {
            check(fields[i].type == 's' && fields[i].length == 2, "%s: %d %u", names[i], fields[i].type,
                  fields[i].length);
            check(i % 5 == 0 || (texts[i][0] == 'a' + (char)i && strcmp(texts[i] + 1, "!") == 0), "%s: %s",
                  names[i],
                  texts[i]);
        }
    }
}

static void a_table_used_again(void **state)
{
    char a[8], b[8];
    struct twilio_field fields[] = { TWILIO_FIELD("a", a), TWILIO_FIELD("m[].b", b), TWILIO_FIELD_END };
    struct twilio_json json = { .fields = fields };
    const struct way way = { WHOLE, WHOLE };

    (void)state;
    assert_int_equal(parse(fields, way, BYTES("{\"a\":\"x\",\"m\":[{\"b\":1}]}")), TWILIO_OK);
    assert_string_equal(story, "[sx,n1]|sx,n1");
    assert_int_equal(parse(fields, way, BYTES("{}")), TWILIO_OK);
    assert_string_equal(story, "|-,-");
    assert_int_equal(parse(fields, way, BYTES("{\"a\":\"x\",}")), TWILIO_ERR_JSON);
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(fields[0].type, 0);
    assert_int_equal(fields[0].length, 0);
    assert_string_equal(a, "");
    assert_int_equal(json.status, TWILIO_AGAIN);
}

/* The item is told where its element ends, and lasts until the next one begins. */
static void where_an_item_is_told(void **state)
{
    static const char text[] = "[{\"a\":1}, {\"a\":2}]";
    char a[8];
    struct twilio_field fields[] = { TWILIO_FIELD("[].a", a), TWILIO_FIELD_END };
    struct twilio_json json = { .fields = fields };

    (void)state;
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, text, 18), 8);
    assert_int_equal(json.status, TWILIO_ITEM);
    assert_string_equal(a, "1");
    assert_int_equal(twilio_json_feed(&json, text + 8, 2), 2);
    assert_int_equal(json.status, TWILIO_AGAIN);
    assert_string_equal(a, "1");
    assert_int_equal(twilio_json_feed(&json, text + 10, 1), 1);
    assert_int_equal(json.status, TWILIO_AGAIN);
    assert_int_equal(fields[0].type, 0);
    assert_int_equal(fields[0].length, 0);
    assert_string_equal(a, "");
    assert_int_equal(twilio_json_feed(&json, text + 11, 7), 6);
    assert_int_equal(json.status, TWILIO_ITEM);
    assert_string_equal(a, "2");
    assert_int_equal(twilio_json_feed(&json, text + 17, 1), 1);
    assert_int_equal(json.status, TWILIO_OK);
    assert_string_equal(a, "2");
    /* a text that ends with an item told is cut short */
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, text, 8), 8);
    assert_int_equal(json.status, TWILIO_ITEM);
    assert_int_equal(twilio_json_feed(&json, NULL, 0), TWILIO_ERR_JSON);
}

/* ---- Memory --------------------------------------------------------------------------------------- */

static void cut_to_fit(void **state)
{
    static const struct {
        const char *text, *value;
        char type;
    } table[] = {
        { "[\"abc\"]", "abc", 's' },
        { "[\"a\xC3\xA9\xE2\x98\xBA\xF0\x9F\x91\x8Dz\"]", "a\xC3\xA9\xE2\x98\xBA\xF0\x9F\x91\x8Dz", 's' },
        { "[\"a\\u00e9\\u263A\\ud83d\\udc4dz\"]", "a\xC3\xA9\xE2\x98\xBA\xF0\x9F\x91\x8Dz", 's' },
        { "[\"\xF0\x9F\x91\x8D" "a\xE2\x98\xBA" "b\xC3\xA9" "c\"]",
          "\xF0\x9F\x91\x8D" "a\xE2\x98\xBA" "b\xC3\xA9" "c", 's' },
        { "[\"a\xC3\xA9\"]", "a\xC3\xA9", 's' },
        { "[\"a\\u00e9\"]", "a\xC3\xA9", 's' },
        { "[\"\xE2\x98\xBA\xE2\x98\xBA\"]", "\xE2\x98\xBA\xE2\x98\xBA", 's' },
        { "[\"\xF0\x9F\x91\x8D\"]", "\xF0\x9F\x91\x8D", 's' },
        { "[\"\\n\\n\xC3\xA9\\n\"]", "\n\n\xC3\xA9\n", 's' },
        { "[\"\"]", "", 's' },
        { "[-123.456e+7]", "-123.456e+7", 'n' },
        { "[0]", "0", 'n' },
        { "[true]", "true", 't' },
        { "[false]", "false", 'f' },
        { "[null]", "null", '0' },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t length = strlen(table[i].value), size = strlen(table[i].text);

        for (size_t room = 0; room <= length + 2; room++) {
            for (size_t split = 1; split <= size; split++) {
                char *text = malloc(room + 1);
                struct twilio_field fields[] = { FIELD("[]", room > 0 ? text : NULL, room),
                                                 TWILIO_FIELD_END };
                struct twilio_json json = { .fields = fields };
                int n;

                assert_non_null(text);
                memset(text, CANARY, room + 1);
                assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
                n = twilio_json_feed(&json, table[i].text, split);
                assert_true(n >= 0);
                if (json.status != TWILIO_ITEM) {
                    assert_true(twilio_json_feed(&json, table[i].text + n, size - (size_t)n) >= 0);
                }
                assert_int_equal(json.status, TWILIO_ITEM);
                check(fields[0].type == table[i].type && fields[0].length == length, "%s: %d, %u",
                      table[i].text,
                      fields[0].type, fields[0].length);
                check(room == 0 || fits(text, table[i].value, room - 1),
                      "%s in %zu bytes: '%s'", table[i].text, room, text);
                assert_true(untouched(text + room, 1));
                free(text);
            }
        }
    }
}

static void nul_in_a_value(void **state)
{
    char text[8];
    struct twilio_field fields[] = { TWILIO_FIELD("a", text), TWILIO_FIELD_END };

    (void)state;
    memset(text, CANARY, sizeof text);
    story[0] = '\0';
    struct twilio_json json = { .fields = fields };
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, BYTES("{\"a\":\"x\\u0000y\"}")), 16);
    assert_int_equal(json.status, TWILIO_OK);
    assert_int_equal(fields[0].length, 3);
    assert_memory_equal(text, "x\0y", 4);
}

/* Lengths of 16 bits and beyond: "at most 65535" */
static void long_values(void **state)
{
    static const size_t lengths[] = { 254, 255, 256, 257, 65533, 65534, 65535, 65536, 65537, 131072, 200000 };
    static char bytes[200100], text[65535];

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        for (size_t kind = 0; kind < 2; kind++) {  /* a string, a number */
            struct twilio_field fields[] = { FIELD("a", text, sizeof text), FIELD("b", NULL, 0),
                                             TWILIO_FIELD_END };
            size_t size = strlen(strcpy(bytes, kind == 0 ? "{\"a\":\"" : "{\"a\":"));
            struct twilio_json json = { .fields = fields };

            memset(bytes + size, '7', lengths[i]);
            size += lengths[i];
            size += strlen(strcpy(bytes + size, kind == 0 ? "\",\"b\":true}" : ",\"b\":true}"));
            assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
            for (size_t offset = 0; offset < size; offset += 1000) {
                assert_true(twilio_json_feed(&json, bytes + offset, smaller(1000, size - offset)) >= 0);
            }
            assert_int_equal(json.status, TWILIO_OK);
            assert_int_equal(fields[0].type, kind == 0 ? 's' : 'n');
            assert_int_equal(fields[0].length, smaller(lengths[i], 65535));
            assert_int_equal(strlen(text), smaller(lengths[i], sizeof text - 1));
            assert_int_equal(fields[1].type, 't');
        }
    }
}

/* Keys longer than any counter, and paths that are their start or their end */
static void long_keys(void **state)
{
    static char bytes[70000];
    static const size_t lengths[] = { 200, 253, 254, 255, 256, 257, 258, 259, 300, 512, 65535, 65536, 65540 };

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char a[8], b[8];
        struct twilio_field fields[] = { TWILIO_FIELD("kkk", a), TWILIO_FIELD("b", b), TWILIO_FIELD_END };
        size_t size = lengths[i] + 2;

        memset(bytes, 'k', size);
        memcpy(bytes, "{\"", 2);
        size += strlen(strcpy(bytes + size, "\":1,\"b\":2}"));
        assert_int_equal(parse(fields, (struct way){ 100, 1000 }, bytes, size), TWILIO_OK);
        assert_string_equal(story, "|-,n2");
    }
}

/* A key that begins with the name that is wanted, and is longer, is another one: of the longest name, too. */
static void longer_than_a_name(void **state)
{
    (void)state;
    for (size_t size = 1; size <= TWILIO_PATH_MAX; size++) {
        char name[TWILIO_PATH_MAX + 1] = "", text[8], bytes[128];

        memset(name, 'k', size);
        for (size_t more = 0; more < 4; more++) {
            struct twilio_field fields[] = { TWILIO_FIELD(name, text), TWILIO_FIELD_END };
            int length = snprintf(bytes, sizeof bytes, "{\"%s%.*s\":1}", name, (int)more, "kkk");

            assert_int_equal(parse(fields, (struct way){ 100, 1000 }, bytes, (size_t)length), TWILIO_OK);
            check(strcmp(story, more == 0 ? "|n1" : "|-") == 0, "%zu and %zu: %s", size, more, story);
        }
    }
}

/* As deep as is told with the longest keys, too, and not deeper; so with every other level an array. */
static void long_keys_and_depth(void **state)
{
    static char bytes[(TWILIO_DEPTH_MAX + 1) * 128];

    (void)state;
    for (size_t levels = TWILIO_DEPTH_MAX; levels <= TWILIO_DEPTH_MAX + 1; levels++) {
        for (size_t step = 1; step <= 2; step++) {
            size_t size = 0;

            for (size_t level = 0; level < levels; level++) {
                size += (size_t)snprintf(bytes + size, sizeof bytes - size,
                                         level % step == 0 ? "{\"%0100d\":" : "[", 7);
            }
            bytes[size++] = '1';
            for (size_t level = levels; level-- > 0; ) {
                bytes[size++] = level % step == 0 ? '}' : ']';
            }
            assert_int_equal(parse(NULL, (struct way){ 1000, 100000 }, bytes, size),
                             levels == TWILIO_DEPTH_MAX ? TWILIO_OK : TWILIO_ERR_DEPTH);
        }
    }
}

/* Keys of every length, inside one another: what comes after them is found all the same. */
static void long_keys_nested(void **state)
{
    static char bytes[TWILIO_DEPTH_MAX * 120 + 64];
    static const size_t lengths[] = { 1, 2, 3, 4, 7, 8, 9, 12, 18, 19, 20, 21, 36, 37, 38, 39, 40, 41, 63, 64,
        65, 100 };

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        for (size_t levels = 1; levels < TWILIO_DEPTH_MAX; levels++) {
            char key[128] = "", two[256], leaf[256], texts[4][8], expected[32];
            struct twilio_field fields[] = { TWILIO_FIELD("b", texts[0]), TWILIO_FIELD_END, TWILIO_FIELD_END,
                                             TWILIO_FIELD_END, TWILIO_FIELD_END };
            size_t size = 0;

            memset(key, 'k', lengths[i]);
            snprintf(two, sizeof two, "%s.%s", key, key);
            snprintf(leaf, sizeof leaf, "%s.b", key);
            snprintf(expected, sizeof expected, "|n2");
            if (strlen(key) <= 39) {
                fields[1] = (struct twilio_field)TWILIO_FIELD(key, texts[1]);
                strcat(expected, ",{");
            }
            if (strlen(leaf) <= 39) {
                fields[2] = (struct twilio_field)TWILIO_FIELD(leaf, texts[2]);
                strcat(expected, levels == 1 ? ",n1" : ",-");
            }
            if (strlen(two) <= 39) {
                fields[3] = (struct twilio_field)TWILIO_FIELD(two, texts[3]);
                strcat(expected, levels > 1 ? ",{" : ",-");
            }
            for (size_t level = 0; level < levels; level++) {
                size += (size_t)snprintf(bytes + size, sizeof bytes - size, "{\"%s\":", key);
            }
            size += (size_t)snprintf(bytes + size, sizeof bytes - size, "{\"b\":1}");
            for (size_t level = 1; level < levels; level++) {
                bytes[size++] = '}';
            }
            size += (size_t)snprintf(bytes + size, sizeof bytes - size, ",\"b\":2}");
            for (size_t piece = 1; piece < 100; piece = piece * 3 + 1) {
                assert_int_equal(parse(fields, (struct way){ piece, piece }, bytes, size), TWILIO_OK);
                check(strcmp(story, expected) == 0, "keys of %zu in %zu levels: %s, not %s", lengths[i],
                      levels, story,
                      expected);
            }
        }
    }
}

static void a_thousand_items(void **state)
{
    static const char element[] = "{\"sid\":\"SM\",\"x\":[1,{}]}";
    char text[8];
    struct twilio_field fields[] = { TWILIO_FIELD("[].sid", text), TWILIO_FIELD_END };
    struct twilio_json json = { .fields = fields };

    (void)state;
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, "[", 1), 1);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(twilio_json_feed(&json, BYTES(element)), sizeof element - 1);
        assert_int_equal(json.status, TWILIO_ITEM);
        assert_string_equal(text, "SM");
        assert_int_equal(twilio_json_feed(&json, i < 999 ? "," : "]", 1), 1);
        assert_int_equal(json.status, i < 999 ? TWILIO_AGAIN : TWILIO_OK);
    }
}

/* ---- Mistakes ------------------------------------------------------------------------------- */

static void mistakes(void **state)
{
    char text[4];
    struct twilio_field no_size[] = { FIELD("a", text, 0), TWILIO_FIELD_END };
    struct twilio_json json = { .fields = no_size };

    (void)state;
    assert_int_equal(twilio_json_begin(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_json_begin(&json), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_json_feed(&json, "{}", 2), TWILIO_ERR_ARGUMENT);
    assert_int_equal(json.status, TWILIO_ERR_ARGUMENT);
    json.fields = NULL;
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, "{}", (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, "{}", 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_texts),
        cmocka_unit_test(bad_texts),
        cmocka_unit_test(nested_texts),
        cmocka_unit_test(truncation_at_every_byte),
        cmocka_unit_test(every_octet_in_every_place),
        cmocka_unit_test(depth),
        cmocka_unit_test(beyond_the_depth),
        cmocka_unit_test(breadth),
        cmocka_unit_test(picking),
        cmocka_unit_test(without_text_and_sixteen),
        cmocka_unit_test(a_table_used_again),
        cmocka_unit_test(where_an_item_is_told),
        cmocka_unit_test(cut_to_fit),
        cmocka_unit_test(nul_in_a_value),
        cmocka_unit_test(long_values),
        cmocka_unit_test(long_keys),
        cmocka_unit_test(longer_than_a_name),
        cmocka_unit_test(long_keys_and_depth),
        cmocka_unit_test(long_keys_nested),
        cmocka_unit_test(a_thousand_items),
        cmocka_unit_test(mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
