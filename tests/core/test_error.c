/*
 * test_error.c - bodies of errors, of all shapes and broken ones, fed in every way
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_error.h"

static const size_t WHOLE = SIZE_MAX;

static void feed_piece(struct twilio_error *error, const char *bytes, size_t size)
{
    char *piece = malloc(size);  /* of just its size, for the sanitizers */

    assert_non_null(piece);
    memcpy(piece, bytes, size);
    assert_true(twilio_error_feed(error, piece, size));
    free(piece);
}

/* A first piece, then others, each of that size at most. */
static void read_body(struct twilio_error *error, const char *body, size_t size, size_t first, size_t piece)
{
    memset(error, CANARY, sizeof *error);
    twilio_error_begin(error);
    for (size_t at = 0, n = first; at < size; at += n, n = piece) {
        n = smaller(n, size - at);
        feed_piece(error, body + at, n);
    }
    twilio_error_end(error);
    check(memchr(error->message, '\0', sizeof error->message) != NULL, "no NUL after the message");
    check(memchr(error->more_info, '\0', sizeof error->more_info) != NULL, "no NUL after the link");
}

static bool is(const struct twilio_error *error, unsigned code, unsigned status, const char *message,
               const char *link)
{
    return error->code == code && error->status == status && strcmp(error->message, message) == 0
        && strcmp(error->more_info, link) == 0;
}

/* ---- Bodies -------------------------------------------------------------------------------------- */

#define LINK "https://www.twilio.com/docs/errors/"
#define RFC  "\"type\": \"https://www.twilio.com/docs/api/errors/70002\", " \
             "\"title\": \"Invalid parameter\", \"status\": 400, \"code\": 70002"
#define XML  "<?xml version='1.0' encoding='UTF-8'?>\n"

static const struct body {
    const char *why, *text;
    unsigned code, status;
    const char *message, *link;
} bodies[] = {
    /* JSON, as it comes */
    { "JSON", "{\"code\": 21211, \"message\": \"The 'To' number 123 is not a valid phone number.\", "
      "\"more_info\": \"" LINK "21211\", \"status\": 400}",
      21211, 400, "The 'To' number 123 is not a valid phone number.", LINK "21211" },
    { "compact", "{\"code\":20404,\"message\":\"Not found\",\"more_info\":\"" LINK "20404\",\"status\":404}",
      20404, 404, "Not found", LINK "20404" },
    { "with details", "{\"code\": 20001, \"details\": {\"code\": 7, \"message\": \"inner\", \"status\": 1}, "
      "\"message\": \"outer\", \"status\": 400, \"list\": [{\"code\": 9}]}", 20001, 400, "outer", "" },
    { "a status alone", "{\"status\": 503}", 0, 503, "", "" },
    { "a code in a string", "{\"code\": \"30008\", \"message\": \"No delivery\", "
      "\"more_info\": \"https://www.twilio.com/docs/api/errors/30008\"}",
      30008, 0, "No delivery", "https://www.twilio.com/docs/api/errors/30008" },
    { "null", "{\"code\": null, \"message\": null, \"more_info\": null, \"status\": null}", 0, 0, "", "" },
    { "other types", "{\"code\": true, \"message\": 5, \"more_info\": [\"x\"], \"status\": {}}",
      0, 0, "", "" },
    { "escapes", "{\"code\":1,\"message\":\"caf\\u00e9 \\ud83d\\udc4d \\\"x\\\" R&amp;D\"}",
      1, 0, "caf\xC3\xA9 \xF0\x9F\x91\x8D \"x\" R&amp;D", "" },
    { "control characters", "{\"message\":\"a\\nb\\tc\\u001b[0m\\u007f\",\"more_info\":\"http://a\\r\\nb\"}",
      0, 0, "a b c [0m ", "" },
    { "NUL in a message", "{\"message\":\"a\\u0000b\",\"code\":7}", 7, 0, "a", "" },
    { "white space and a byte order mark before", "\xEF\xBB\xBF \r\n\t{\"code\":5}", 5, 0, "", "" },
    { "white space after", "{\"code\":5}\r\n ", 5, 0, "", "" },
    { "no error: a message", "{\"sid\":\"SM1\",\"status\":\"queued\",\"error_code\":null,\"body\":\"x\"}",
      0, 0, "", "" },

    /* numbers */
    { "the largest", "{\"code\":4294967285,\"status\":999}", 4294967285U, 999, "", "" },
    { "out of range", "{\"code\":4294967296,\"status\":1000}", 0, 0, "", "" },
    { "far out of range", "{\"code\":99999999999999999999999999,\"status\":65936}", 0, 0, "", "" },
    { "negative", "{\"code\":-21211,\"status\":-400}", 0, 0, "", "" },
    { "no integers", "{\"code\":2.5,\"status\":4e2}", 0, 0, "", "" },
    { "no numbers", "{\"code\":\"21211x\",\"status\":\"\"}", 0, 0, "", "" },

    /* RFC 9457 */
    { "title", "{" RFC "}", 70002, 400, "Invalid parameter", "https://www.twilio.com/docs/api/errors/70002" },
    { "detail after title", "{" RFC ", \"detail\": \"Channel is required\", \"instance\": \"/x\", "
      "\"errors\": [{\"detail\": \"inner\", \"pointer\": \"#/a\"}]}",
      70002, 400, "Channel is required", "https://www.twilio.com/docs/api/errors/70002" },
    { "detail before title", "{\"detail\": \"Channel is required\", " RFC "}",
      70002, 400, "Channel is required", "https://www.twilio.com/docs/api/errors/70002" },
    { "detail null", "{" RFC ", \"detail\": null}", 70002, 400, "Invalid parameter",
      "https://www.twilio.com/docs/api/errors/70002" },
    { "about:blank", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}",
      0, 404, "Not Found", "" },

    /* which of them */
    { "message last", "{\"title\":\"t\",\"detail\":\"longer than it\",\"message\":\"m\"}", 0, 0, "m", "" },
    { "message first", "{\"message\":\"m\",\"detail\":\"longer than it\",\"title\":\"t\"}", 0, 0, "m", "" },
    { "an empty message is one", "{\"detail\":\"d\",\"message\":\"\"}", 0, 0, "", "" },
    { "null after detail", "{\"detail\":\"d\",\"message\":null,\"title\":7}", 0, 0, "d", "" },
    { "null before detail", "{\"message\":null,\"detail\":\"d\"}", 0, 0, "d", "" },
    { "the last of the same", "{\"message\":\"first\",\"message\":\"x\",\"code\":1,\"code\":2}",
      2, 0, "x", "" },
    { "null after the only one", "{\"message\":\"first\",\"message\":null}", 0, 0, "", "" },
    { "more_info before type", "{\"more_info\":\"http://m\",\"type\":\"http://longer\"}",
      0, 0, "", "http://m" },
    { "more_info after type", "{\"type\":\"http://longer\",\"more_info\":\"http://m\"}",
      0, 0, "", "http://m" },
    { "a link that is no URL", "{\"more_info\":\"javascript:alert(1)\"}", 0, 0, "", "" },

    /* XML */
    { "XML", XML "<TwilioResponse><RestException><Code>20404</Code><Message>The requested resource "
      "/2010-04-01/Accounts/AC1/Nothing was not found</Message><MoreInfo>" LINK "20404</MoreInfo>"
      "<Status>404</Status></RestException></TwilioResponse>", 20404, 404,
      "The requested resource /2010-04-01/Accounts/AC1/Nothing was not found", LINK "20404" },
    { "RestException alone", "<RestException><Status>400</Status><Message>No</Message><Code>1</Code>"
      "</RestException>", 1, 400, "No", "" },
    { "indented", "\xEF\xBB\xBF" XML "<TwilioResponse>\n  <RestException>\n    <Code>\n\t20003 </Code>\n"
      "    <Message>\n      Authenticate,\n      please\n    </Message>\n    <Status> 401\n</Status>\n"
      "  </RestException>\n</TwilioResponse>\n", 20003, 401, "Authenticate, please", "" },
    { "entities", "<RestException><Message>&lt;R&amp;D&gt; &quot;x&quot; &apos;y&apos;</Message>"
      "</RestException>", 0, 0, "<R&D> \"x\" 'y'", "" },
    { "numeric entities", "<RestException><Message>&#65;&#x42;&#xe9;&#xE9;&#8364;&#x1F44D;&#x10FFFF;&#0049;"
      "</Message></RestException>", 0, 0,
      "AB\xC3\xA9\xC3\xA9\xE2\x82\xAC\xF0\x9F\x91\x8D\xF4\x8F\xBF\xBF" "1", "" },
    { "their edges", "<RestException><Message>&#127;&#128;&#x7FF;&#x800;&#xFFFF;&#x10000;</Message>"
      "</RestException>", 0, 0,
      " \xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80", "" },
    { "white space by entities", "<RestException><Message>a&#10;b&#x20;&#9;c</Message></RestException>",
      0, 0, "a b c", "" },
    { "no characters", "<RestException><Message>&#xD800;&#xDFFF;&#x110000;&#99999999999999;&#4294967361;"
      "&#0;&#;&#x;&#x10FFFF0;</Message></RestException>", 0, 0, "?????????", "" },
    { "a tag without a name", "<RestException><A></A><><Code>7</Code></RestException>", 7, 0, "", "" },
    { "no entities",
      "<RestException><Message>R&D &; &nbsp; AT&T &#a; &#xg; &&amp;&lt</Message></RestException>",
      0, 0, "R&D &; &nbsp; AT&T &a; &g; &&&", "" },
    { "attributes", "<RestException a=\"1\" b='<Code>2</Code>' c=\"/>\"><Code x='>' y=\"it's\" >7</Code >"
      "</RestException>", 7, 0, "", "" },
    { "comments", "<!-- <RestException><Code>1</Code> --><RestException><!----><Code>7<!-- 8 --->9</Code>"
      "<!-- > -> --x <Code>3</Code> --></RestException>", 79, 0, "", "" },
    { "instructions", "<?a <RestException><Code>1</Code> ?><RestException><?b?><Code>7<?c?" "?></Code>"
      "<?d > <Code>2</Code>?></RestException>", 7, 0, "", "" },
    { "CDATA", "<RestException><Code><![CDATA[12]]>3</Code><Message>a <![CDATA[<b> & ]] ]> ]]]]> c]]>"
      "</Message></RestException>", 123, 0, "a <b> & ]] ]> ]] c]]>", "" },
    { "a document type", "<!DOCTYPE a PUBLIC \"x>\" 'y>'><RestException><Code>5</Code></RestException>",
      5, 0, "", "" },
    { "unknown elements", "<R><Code>1</Code><x/><RestException><Details><Code>2</Code><Message>in</Message>"
      "<RestException><Code>3</Code></RestException></Details><Code>4</Code><Codes>5</Codes><Cod>6</Cod>"
      "</RestException><Code>8</Code></R>", 4, 0, "", "" },
    { "elements inside a value", "<RestException><Message>a<b>c<i/>d</b>e</Message></RestException>",
      0, 0, "acde", "" },
    { "elements of long names inside a value", "<RestException><Message>a <emphasis-of-words>b"
      "</emphasis-of-words>c</Message></RestException>", 0, 0, "a bc", "" },
    { "empty elements", "<RestException><Code/><Message /><Status></Status><Code>5</Code></RestException>",
      5, 0, "", "" },
    { "an empty exception", "<RestException/><Code>5</Code>", 0, 0, "", "" },
    { "the last of the same", "<RestException><Code>5</Code><Code>6</Code></RestException>", 6, 0, "", "" },
    { "names of 14 and more", "<RestExceptions><Code>5</Code></RestExceptions>"
      "<RestExceptionRestException><Code>6</Code></RestExceptionRestException>", 0, 0, "", "" },
    { "no link", "<RestException><MoreInfo>see there</MoreInfo></RestException>", 0, 0, "", "" },
    { "out of range", "<RestException><Code>4294967296</Code><Status>1234</Status></RestException>",
      0, 0, "", "" },

    /* neither */
    { "nothing", "", 0, 0, "", "" },
    { "white space", " \r\n", 0, 0, "", "" },
    { "text", "upstream connect error {\"code\":1}<RestException><Code>1</Code></RestException>",
      0, 0, "", "" },
    { "HTML", "<!DOCTYPE html>\n<html><head><title>502</title></head><body><h1>Bad &copy;</h1><br></body>\n",
      0, 0, "", "" },
    { "an array", "[{\"code\":1}]", 0, 0, "", "" },
    { "a string", "\"code\"", 0, 0, "", "" },
};

static void every_body(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct body *body = &bodies[i];
        size_t size = strlen(body->text);
        struct twilio_error error;

        for (size_t first = 1; first <= size + 1; first++) {
            for (size_t way = 0; way < 2; way++) {  /* split in two; in pieces of one size */
                read_body(&error, body->text, size, first, way == 0 ? WHOLE : first);
                check(is(&error, body->code, body->status, body->message, body->link),
                      "%s, split at %zu: %u, %u, '%s', '%s'", body->why, first, (unsigned)error.code,
                      error.status, error.message, error.more_info);
            }
        }
    }
}

/* Where a body breaks off, only complete values are told. */
static void cut_short(void **state)
{
    static const struct body table[] = {
        { "JSON",
          "{\"code\":21211,\"message\":\"No such number\",\"more_info\":\"" LINK "21211\",\"status\":400}",
          21211, 400, "No such number", LINK "21211" },
        { "XML", "<RestException><Code>21211</Code><Message>No &lt; number</Message><MoreInfo>" LINK "21211"
          "</MoreInfo><Status>400</Status></RestException>", 21211, 400, "No < number", LINK "21211" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct body *body = &table[i];
        size_t size = strlen(body->text), known = 0;

        for (size_t cut = 0; cut <= size; cut++) {
            struct twilio_error error;
            bool all[4];
            size_t now;

            read_body(&error, body->text, cut, 1 + cut % 7, 3);
            all[0] = error.code == body->code;
            all[1] = strcmp(error.message, body->message) == 0;
            all[2] = strcmp(error.more_info, body->link) == 0;
            all[3] = error.status == body->status;
            check(all[0] || error.code == 0, "%s, cut at %zu: code %u", body->why, cut, (unsigned)error.code);
            check(all[1] || error.message[0] == '\0', "%s, cut at %zu: %s", body->why, cut, error.message);
            check(all[2] || error.more_info[0] == '\0', "%s, cut at %zu: %s", body->why, cut,
                  error.more_info);
            check(all[3] || error.status == 0, "%s, cut at %zu: status %u", body->why, cut, error.status);
            now = (size_t)all[0] + all[1] + all[2] + all[3];
            check(now >= known, "%s, cut at %zu: less is known than before", body->why, cut);
            known = now;
        }
        assert_int_equal(known, 4);
    }
}

static void broken(void **state)
{
    static const struct body table[] = {
        { "an error after the code", "{\"code\":5,\"message\":\"a\\q\"}", 5, 0, "", "" },
        { "the end after the code", "{\"code\":5,\"message", 5, 0, "", "" },
        { "the end behind a comma", "{\"code\":5,", 5, 0, "", "" },
        { "the end behind a text", "{\"code\":5,\"message\":\"m\"", 5, 0, "m", "" },
        { "an error behind a text", "{\"code\":5,\"message\":\"m\"x", 5, 0, "m", "" },
        { "the end in a number", "{\"status\":400,\"code\":5", 0, 400, "", "" },
        { "one inside a value", "{\"status\":400,\"code\":5x", 0, 400, "", "" },
        { "octets after the object", "{\"code\":5,\"message\":\"m\"}}", 5, 0, "m", "" },
        { "not UTF-8 in JSON", "{\"code\":5,\"message\":\"m\xFF\"}", 5, 0, "", "" },
        { "too deep",
          "{\"code\":5,\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          5, 0, "", "" },
        { "a missing end tag", "<RestException><Code>5</Code><Status>4<Message>m</Message></RestException>",
          5, 0, "", "" },
        { "wrong end tags", "<RestException><Code>5</Cod><Message>m</><Status>400</Status></RestException>",
          0, 400, "", "" },
        { "too many end tags", "</a></b></RestException><RestException><Code>5</Code>", 5, 0, "", "" },
        { "a comment without end", "<RestException><Code>5</Code><!-- <Status>400</Status>", 5, 0, "", "" },
        { "a quote without end", "<RestException><Code>5</Code><a b=\"><Status>400</Status>", 5, 0, "", "" },
        { "CDATA without end", "<RestException><Code>5</Code><Message><![CDATA[m</Message>]]", 5, 0, "", "" },
        { "a tag without end", "<RestException><Code>5</Code><Status", 5, 0, "", "" },
        { "an entity without end", "<RestException><Code>5</Code><Message>&am", 5, 0, "", "" },
        { "tags of nothing", "<><RestException><>< ><Code>5</Code><!><//>", 5, 0, "", "" },
        { "no name before an attribute", "<RestException><Code>5</Code>< Status>400</Status>", 5, 0, "", "" },
        { "a '<' in a tag", "<RestException><Code<Status>5</Code>", 0, 0, "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct body *body = &table[i];
        struct twilio_error error;

        for (size_t piece = 1; piece < 100; piece += 7) {
            read_body(&error, body->text, strlen(body->text), piece, piece);
            check(is(&error, body->code, body->status, body->message, body->link), "%s: %u, %u, '%s', '%s'",
                  body->why, (unsigned)error.code, error.status, error.message, error.more_info);
        }
    }
}

/* ---- Memory --------------------------------------------------------------------------------------- */

/* Texts of any length, cut to fit at a character's end */
static void long_texts(void **state)
{
    static const char *const characters[] = { "a", "\xC3\xA9", "\xE2\x98\xBA", "\xF0\x9F\x91\x8D" };
    static const struct {
        const char *before, *between, *after;
    } shapes[] = {
        { "{\"message\":\"", "\",\"more_info\":\"http://", "\",\"code\":5}" },
        { "{\"title\":\"t\",\"type\":\"http://", "\",\"code\":5,\"detail\":\"", "\"}" },
        { "<RestException><Message>", "</Message><MoreInfo>http://", "</MoreInfo><Code>5</Code>" },
    };

    (void)state;
    for (size_t shape = 0; shape < COUNT(shapes); shape++) {
        for (size_t n = 0; n < 400; n = n < 170 ? n + 1 : n + 97) {
            for (size_t c = 0; c < COUNT(characters); c++) {
                char value[1700] = "", link[420] = "http://x", body[4000] = "";
                struct twilio_error error;

                for (size_t i = 0; i < n; i++) {
                    strcat(value, characters[(c + i / 3) % COUNT(characters)]);
                    strcat(link, "/");
                }
                strcat(strcat(body, shapes[shape].before), shape == 1 ? link + 7 : value);
                strcat(strcat(body, shapes[shape].between), shape == 1 ? value : link + 7);
                strcat(body, shapes[shape].after);
                read_body(&error, body, strlen(body), 1 + n % 50, WHOLE);
                check(fits(error.message, value, TWILIO_ERROR_TEXT_SIZE - 1), "%zu: '%s'", n, error.message);
                check(fits(error.more_info, link, TWILIO_ERROR_LINK_SIZE - 1), "%zu: '%s'", n,
                      error.more_info);
                assert_int_equal(error.code, 5);
            }
        }
    }
}

static void used_again(void **state)
{
    struct twilio_error error;

    (void)state;
    read_body(&error, BYTES("{\"code\":5,\"message\":\"m\",\"more_info\":\"http://x\",\"status\":400}"), 9,
              9);
    assert_true(is(&error, 5, 400, "m", "http://x"));
    twilio_error_end(&error);  /* again: the same */
    assert_true(is(&error, 5, 400, "m", "http://x"));
    twilio_error_begin(&error);
    twilio_error_feed(&error, NULL, 0);
    twilio_error_end(&error);
    assert_true(is(&error, 0, 0, "", ""));
}

/* NUL is white space to XML, and nothing to JSON; nested ever so deep, an element is counted. */
static void odd_octets_and_depth(void **state)
{
    static char deep[4 * 70000 + 200];
    struct twilio_error error;
    size_t size;

    (void)state;
    read_body(&error, BYTES("\0<RestException>\0<Message>\0a\0b</Message>"), 5, 5);
    assert_true(is(&error, 0, 0, "a b", ""));
    read_body(&error, BYTES("{\"code\":5,\0\"status\":400}"), 5, 5);
    assert_true(is(&error, 5, 0, "", ""));
    strcpy(deep, "<RestException><Code>5</Code>");
    for (size = strlen(deep); size < 3 * 70000; size += 3) {
        memcpy(deep + size, "<a>", 3);
    }
    memcpy(deep + size, "<Code>6</Code>", 14);
    read_body(&error, deep, size + 14, 1000, 1000);
    assert_true(is(&error, 5, 0, "", ""));
}

/* ---- Documents made at random ------------------------------------------------------------------------ */

static uint32_t seed = 9457;

static uint32_t random_below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % n;
}

static void put_any(char *text, const char *const *choices, uint32_t n)
{
    strcat(text, choices[random_below(n)]);
}

static void put_between(char *xml)
{
    static const char *const between[] = {
        "", "", "", " ", "\n\t", "<!-- c -->", "<?p i?>", "<x/>", "<x y='1'/>", "<Other>text</Other>", "text",
        "<D><Code>1</Code><E/></D>", "<![CDATA[<Code>1</Code>]]>", "<!--<Code>1</Code>-->",
    };

    put_any(xml, between, COUNT(between));
}

/* A character of a value, in one of the ways to write it */
static void put_value(char *xml, char *value)
{
    static const struct {
        const char *character, *written[4];
    } characters[] = {
        { "a", { "a", "&#97;", "<![CDATA[a]]>", "a<!-- -->" } },
        { "<", { "&lt;", "&#60;", "&#x3c;", "<![CDATA[<]]>" } },
        { "&", { "&amp;", "&#38;", "&#x26;", "<![CDATA[&]]>" } },
        { "\"", { "\"", "&quot;", "&#34;", "<![CDATA[\"]]>" } },
        { "'", { "'", "&apos;", "&#39;", "<?x '?>'" } },
        { ">", { "&gt;", ">", "&#x3E;", "<![CDATA[]]>>" } },
        { "]", { "]", "&#93;", "<![CDATA[]]]>", "]" } },
        { "\xE2\x82\xAC", { "\xE2\x82\xAC", "&#8364;", "&#x20AC;", "<![CDATA[\xE2\x82\xAC]]>" } },
        { " b", { " b", "\n \tb", "&#32;b", " &#10;<![CDATA[ b]]>" } },
    };
    size_t n = random_below(30);

    strcat(value, "v");
    strcat(xml, "v");
    while (n-- > 0) {
        size_t which = random_below(COUNT(characters));

        strcat(value, characters[which].character);
        put_any(xml, characters[which].written, 4);
    }
}

static void put_element(char *xml, const char *name, const char *content)
{
    static const char *const attributes[] = { "", "", " ", " a='>'", " b=\"/\"", "\nc = '\"' d=\"'\"" };
    static const char *const white[] = { "", "", " ", "\r\n" };

    strcat(strcat(xml, "<"), name);
    put_any(xml, attributes, COUNT(attributes));
    strcat(xml, ">");
    put_any(xml, white, COUNT(white));
    strcat(xml, content);
    put_any(xml, white, COUNT(white));
    strcat(strcat(xml, "</"), name);
    put_any(xml, white, COUNT(white));
    strcat(xml, ">");
}

static void random_documents(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        char inner[4000] = "", xml[9000] = "", value[200] = "", content[2000] = "", number[16];
        uint32_t code = random_below(99999), status = random_below(999);
        struct twilio_error error;

        put_value(content, value);
        for (unsigned i = 0, first = random_below(3); i < 3; i++) {
            put_between(inner);
            switch ((first + i) % 3) {
            case 0:
                put_element(inner, "Message", content);
                break;
            case 1:
                snprintf(number, sizeof number, "%u", (unsigned)code);
                put_element(inner, "Code", number);
                break;
            default:
                snprintf(number, sizeof number, "%u", (unsigned)status);
                put_element(inner, "Status", number);
                break;
            }
        }
        put_between(inner);
        if (random_below(2) == 0) {
            strcat(xml, "<?xml version=\"1.0\"?>");
        }
        strcat(xml, "<T>");
        put_between(xml);
        put_element(xml, "RestException", inner);
        put_between(xml);
        strcat(xml, "</T>");
        read_body(&error, xml, strlen(xml), 1 + random_below(20), 1 + random_below(20));
        check(is(&error, code, status, value, ""), "%u, %u, '%s' not '%s'\n%s", (unsigned)error.code,
              error.status, error.message, value, xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_body),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(broken),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(used_again),
        cmocka_unit_test(odd_octets_and_depth),
        cmocka_unit_test(random_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
