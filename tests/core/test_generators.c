/*
 * test_generators.c - what is made while it is sent, black-box: parameters, headers, an item; and requests
 * without login, and in Latin-1
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"
#include "percent.h"
#include "sink.h"

#define HOST    " HTTP/1.1\r\nHost: api.twilio.com"
#define LOGIN   "\r\nAuthorization: Basic QUMxOng="  /* AC1:x */
#define AGENT   "\r\nAccept-Encoding: identity\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION
#define COMMON  HOST LOGIN AGENT
#define LENGTH  "\r\nContent-Length: "
#define FORM    "\r\nContent-Type: application/x-www-form-urlencoded" LENGTH
#define ROOT    "/2010-04-01/Accounts/AC1/"
#define END     "\r\n\r\n"

static const struct twilio_account account = { .sid = "AC1", .secret = "x" };
static const struct twilio_account high = { .sid = "AC1", .secret = "x", .latin1 = true };

static char wire[TWILIO_HEAD_MAX + TWILIO_BODY_MAX + 1];
static size_t wire_size;

/* ---- The whole, and every window of it --------------------------------------------------------------- */

static void encode(const struct twilio_request *request)
{
    int n = twilio_encode(request, 0, wire, sizeof wire - 1);

    check(n > 0, "%s: %d", request->resource, n);
    wire_size = (size_t)n;
    wire[wire_size] = '\0';
    assert_int_equal(twilio_request_check(request), TWILIO_OK);
}

static void check_window(const struct twilio_request *request, size_t offset, size_t size)
{
    size_t expected = offset < wire_size ? smaller(size, wire_size - offset) : 0;
    char *memory = malloc(size + 2);
    int n;

    assert_non_null(memory);
    memset(memory, CANARY, size + 2);
    n = twilio_encode(request, offset, memory + 1, size);
    check(n == (int)expected, "[%zu, +%zu): %d, not %zu", offset, size, n, expected);
    check(memcmp(memory + 1, wire + offset, expected) == 0, "[%zu, +%zu) differs", offset, size);
    check(untouched(memory, 1) && untouched(memory + 1 + n, size - expected + 1), "wrote outside");
    free(memory);
}

/* These bytes it is, whichever window is asked for. */
static void check_wire(const struct twilio_request *request, const char *expected)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 7, 16, 64, 1000 };

    encode(request);
    check(wire_size == strlen(expected) && strcmp(wire, expected) == 0, "got\n%s\nnot\n%s", wire, expected);
    for (size_t offset = 0; offset <= wire_size + 1; offset++) {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            check_window(request, offset, sizes[i]);
        }
    }
}

/* The same of a request with this form; head: all before its Content-Type. */
static void check_form(const struct twilio_request *request, const char *head, const char *form)
{
    char expected[1000];

    snprintf(expected, sizeof expected, "%s" FORM "%zu" END "%s", head, strlen(form), form);
    check_wire(request, expected);
}

static void check_refused(const struct twilio_request *request, int error, const char *name)
{
    char memory[400];

    memset(memory, CANARY, sizeof memory);
    check(twilio_request_check(request) == error, "%s: %d, not %d", name, twilio_request_check(request),
          error);
    check(twilio_encode(request, 0, memory, sizeof memory) == error, "%s: encoded", name);
    check(twilio_encode(request, 300, memory, 1) == error, "%s: encoded in part", name);
    check(twilio_host(request, memory, sizeof memory) == error, "%s: has a host", name);
    check(untouched(memory, sizeof memory), "%s: something was written", name);
}

/* What the form of a request holds for its first parameter; decoded, and ended by NUL. */
static void decode_value(char *value, size_t size)
{
    const char *at = strstr(wire, END), *end;
    size_t octets;

    assert_non_null(at);
    at = strchr(at, '=');
    assert_non_null(at);
    end = at + 1 + strcspn(at + 1, "&");
    assert_true((size_t)(end - at) < size);
    octets = percent_decode(value, at + 1, (size_t)(end - at - 1));
    check(octets != SIZE_MAX, "%s", at);
    value[octets] = '\0';
}

/* ---- Generators of parameters ------------------------------------------------------------------------ */

struct pieces {
    const struct twilio_param *params;  /* written one by one; a NULL value is not written */
    const char *name, *texts[3];        /* a parameter whose value comes in pieces; NULL name: none */
    uint32_t number;                    /* in its value, before the last text */
    uint8_t octet;                      /* at its end; 0: none */
    int mistake;                        /* what it returns */
};

static int write_pieces(struct twilio_sink *sink, const void *source)
{
    const struct pieces *pieces = source;

    for (const struct twilio_param *p = pieces->params; p != NULL && p->name != NULL; p++) {
        twilio_write_param(sink, p->name, p->value);
    }
    if (pieces->name != NULL) {
        twilio_write_name(sink, pieces->name);
        twilio_write(sink, pieces->texts[0]);
        twilio_write(sink, pieces->texts[1]);
        twilio_write_number(sink, pieces->number);
        twilio_write(sink, pieces->texts[2]);
        if (pieces->octet != 0) {
            twilio_write_octet(sink, pieces->octet);
        }
    }
    return pieces->mistake;
}

static void more_in_a_form(void **state)
{
    const struct pieces pieces = {
        TWILIO_PARAMS({"a b", "c&d"}, {"none", NULL}, {"empty", ""}), "p=", { "1 ", "", "\xC3" }, 4294967295U,
        0xA9, 0
    };
    static const struct pieces none = { .params = NULL };
    struct twilio_request request = { .account = &account, .method = TWILIO_POST, .resource = "Messages.json",
                                      .more = { write_pieces, &pieces } };

    (void)state;
    check_form(&request, "POST " ROOT "Messages.json" COMMON,
               "a%20b=c%26d&empty=&p%3D=1%204294967295%C3%A9");
    request.params = TWILIO_PARAMS({"To", "+1"}, {"x", NULL});
    check_form(&request, "POST " ROOT "Messages.json" COMMON,
               "To=%2B1&x=&a%20b=c%26d&empty=&p%3D=1%204294967295%C3%A9");
    request.method = TWILIO_DELETE;
    check_form(&request, "DELETE " ROOT "Messages.json" COMMON,
               "To=%2B1&x=&a%20b=c%26d&empty=&p%3D=1%204294967295%C3%A9");
    request.more.source = &none;
    check_form(&request, "DELETE " ROOT "Messages.json" COMMON,
               "To=%2B1&x=");
    request.params = NULL;
    check_wire(&request, "DELETE " ROOT "Messages.json" COMMON END);
    request.method = TWILIO_POST;
    check_wire(&request, "POST " ROOT "Messages.json" COMMON LENGTH "0" END);
}

static void more_in_a_query(void **state)
{
    const struct pieces one = { .params = TWILIO_PARAMS({"b", "2 3"}) }, none = { .params = NULL };
    static const struct twilio_param params[] = { { "a", "1" }, { NULL, NULL } };
    const struct {
        const char *resource;
        const struct twilio_param *params;
        const struct pieces *more;  /* NULL: no generator */
        const char *target;
    } table[] = {
        { "Calls.json", NULL, NULL, "Calls.json" },
        { "Calls.json", NULL, &none, "Calls.json" },
        { "Calls.json", NULL, &one, "Calls.json?b=2%203" },
        { "Calls.json", params, NULL, "Calls.json?a=1" },
        { "Calls.json", params, &none, "Calls.json?a=1" },
        { "Calls.json", params, &one, "Calls.json?a=1&b=2%203" },
        { "Calls.json?Page=2", NULL, NULL, "Calls.json?Page=2" },
        { "Calls.json?Page=2", NULL, &none, "Calls.json?Page=2" },
        { "Calls.json?Page=2", NULL, &one, "Calls.json?Page=2&b=2%203" },
        { "Calls.json?Page=2", params, NULL, "Calls.json?Page=2&a=1" },
        { "Calls.json?Page=2", params, &one, "Calls.json?Page=2&a=1&b=2%203" },
        { "", NULL, &one, "?b=2%203" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = {
            .account = &account, .resource = table[i].resource, .params = table[i].params,
            .more = { table[i].more != NULL ? write_pieces : NULL, table[i].more },
        };
        char expected[400];

        snprintf(expected, sizeof expected, "GET " ROOT "%s" COMMON END, table[i].target);
        check_wire(&request, expected);
    }
}

/* A generator runs for the form or for the query, never for both: GET has no form, the others no query. */
static int runs;

static int count_runs(struct twilio_sink *sink, const void *source)
{
    (void)sink;
    (void)source;
    runs++;
    return 0;
}

static void run_once_a_pass(void **state)
{
    (void)state;
    for (enum twilio_method method = TWILIO_GET; method <= TWILIO_DELETE; method++) {
        const struct twilio_request request = { .account = &account, .method = method, .resource = "x",
                                                .more = { count_runs, NULL } };

        runs = 0;
        assert_int_equal(twilio_request_check(&request), TWILIO_OK);
        assert_int_equal(runs, 1);
    }
}

static void mistakes_of_generators(void **state)
{
    static const int codes[] = { TWILIO_ERR_ARGUMENT, TWILIO_ERR_NUMBER, TWILIO_ERR_TWIML, -1000 };
    struct pieces pieces = { .params = TWILIO_PARAMS({"a", "b"}) };
    struct twilio_request request = { .account = &account, .resource = "x" };

    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        for (enum twilio_method method = TWILIO_GET; method <= TWILIO_DELETE; method++) {
            request.method = method;
            pieces.mistake = codes[i];
            request.more = (struct twilio_generator){ write_pieces, &pieces };
            request.headers = (struct twilio_generator){ NULL, NULL };
            check_refused(&request, codes[i], "a parameter");
            request.headers = request.more;
            request.more.write = NULL;
            check_refused(&request, codes[i], "a header");
        }
    }
    /* what is not below 0 is no mistake, and no size either */
    pieces.mistake = 1;
    request = (struct twilio_request){ .account = &account, .method = TWILIO_POST, .resource = "x",
                                       .more = { write_pieces, &pieces } };
    check_form(&request, "POST " ROOT "x" COMMON, "a=b");
    pieces = (struct pieces){ .params = TWILIO_PARAMS({"", "b"}) };
    request.headers.write = NULL;
    request.more.write = write_pieces;
    check_refused(&request, TWILIO_ERR_PARAMETER, "an empty name");
}

static void numbers(void **state)
{
    uint32_t number = 1, random = 1, limits[64];
    size_t count = 0;

    (void)state;
    limits[count++] = UINT32_MAX;
    for (int i = 0; i < 10; i++, number *= 10) {
        limits[count++] = number;
        limits[count++] = number - 1;
        limits[count++] = number + 1;
        limits[count++] = number <= UINT32_MAX / 9 ? number * 9 : UINT32_MAX / 10 * 9;
    }
    for (size_t i = 0; i < 300000; i++) {
        char memory[16], expected[16];
        struct twilio_sink sink = { .window = (uint8_t *)memory, .size = sizeof memory };

        random = random * 1664525U + 1013904223U;
        number = i < count ? limits[i] : i % 2 == 0 ? random : UINT32_MAX >> (random >> 27);
        memset(memory, CANARY, sizeof memory);
        twilio_write_number(&sink, number);
        snprintf(expected, sizeof expected, "%lu", (unsigned long)number);
        check(sink.position == strlen(expected) && memcmp(memory, expected, sink.position) == 0
              && untouched(memory + sink.position, sizeof memory - sink.position),
              "%s: %.*s", expected, (int)sink.position, memory);
    }
}

/* ---- A URL with a query of its own ------------------------------------------------------------------- */

static struct twilio_request call(struct twilio_generator more)
{
    const struct twilio_request request = {
        .account = &account, .method = TWILIO_POST, .resource = "Calls.json", .more = more
    };

    return request;
}

static void nested_urls(void **state)
{
    const struct {
        struct twilio_url url;
        const char *body;
    } table[] = {
        { { "Url", "https://example.com/say", TWILIO_PARAMS({"message", "Rain & wind"}) },
          "Url=https%3A%2F%2Fexample.com%2Fsay%3Fmessage%3DRain%2520%2526%2520wind" },
        { { "Url", "https://example.com/say?a=b", TWILIO_PARAMS({"message", "Rain & wind"}) },
          "Url=https%3A%2F%2Fexample.com%2Fsay%3Fa%3Db%26message%3DRain%2520%2526%2520wind" },
        { { "Url", "http://x", TWILIO_PARAMS({"a b", "%25"}, {"n", NULL}, {"-._~", "\xC3\xA9\x01"}) },
          "Url=http%3A%2F%2Fx%3Fa%2520b%3D%252525%26n%3D%26-._~%3D%25C3%25A9%2501" },
        { { "Url", "HTTPS://x", NULL }, "Url=HTTPS%3A%2F%2Fx" },
        { { "Url", "http://x/?", TWILIO_PARAMS({"a", "b"}) }, "Url=http%3A%2F%2Fx%2F%3F%26a%3Db" },
        { { "Url", "http://x?a?b", TWILIO_PARAMS({"c?", "?d"}, {"e", ""}) },
          "Url=http%3A%2F%2Fx%3Fa%3Fb%26c%253F%3D%253Fd%26e%3D" },
        { { "Url", "http://x#rc=2", NULL }, "Url=http%3A%2F%2Fx%23rc%3D2" },
        { { "A Url", "http://x", TWILIO_PARAMS({NULL, NULL}) }, "A%20Url=http%3A%2F%2Fx" },
        /* as WWW::Twilio::API, whose callers had to escape the query themselves */
        { { "Url", "http://domain.tld/send_twiml?message=this+should+work&x=1", NULL },
          "Url=http%3A%2F%2Fdomain.tld%2Fsend_twiml%3Fmessage%3Dthis%2Bshould%2Bwork%26x%3D1" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = call((struct twilio_generator){ twilio_url, &table[i].url });

        check_form(&request, "POST " ROOT "Calls.json" COMMON, table[i].body);
    }
}

/* Decoded once it is a URL; its query, decoded again, is the caller's: for every octet. */
static void decoded_twice(void **state)
{
    (void)state;
    for (unsigned latin1 = 0; latin1 < 2; latin1++) {
        for (unsigned octet = 1; octet < 256; octet++) {
            const char text[] = { 'a', (char)octet, 'b', '\0' };
            const struct twilio_url url = { "Url", "http://x/y", TWILIO_PARAMS({text, text}, {"k", "v"}) };
            struct twilio_request request = call((struct twilio_generator){ twilio_url, &url });
            char once[100], name[20], value[20], expected[5];
            size_t name_size, value_size, size;

            if (latin1 != 0 && octet >= 0x80) {
                snprintf(expected, sizeof expected, "a%c%cb", 0xC0 | octet >> 6, 0x80 | (octet & 0x3F));
            } else {
                memcpy(expected, text, sizeof text);
            }
            size = strlen(expected);
            request.account = latin1 != 0 ? &high : &account;
            encode(&request);
            decode_value(once, sizeof once);
            check(strncmp(once, "http://x/y?", 11) == 0, "%02X: %s", octet, once);
            name_size = percent_decode(name, once + 11, strcspn(once + 11, "="));
            check(name_size == size && memcmp(name, expected, size) == 0, "%02X: %s", octet, once);
            value_size = percent_decode(value, strchr(once, '=') + 1, strcspn(strchr(once, '=') + 1, "&"));
            check(value_size == size && memcmp(value, expected, size) == 0, "%02X: %s", octet, once);
            check(strcmp(strchr(once, '&'), "&k=v") == 0, "%02X: %s", octet, once);
        }
    }
}

static void refused_urls(void **state)
{
    static const struct twilio_param query[] = { { "a", "b" }, { NULL, NULL } }, none[] = { { NULL, NULL } };
    static const struct twilio_param unnamed[] = { { "a", "b" }, { "", "c" }, { NULL, NULL } };
    static const struct {
        struct twilio_url url;
        int error;
    } table[] = {
        { { "Url", NULL, NULL }, TWILIO_ERR_URL }, { { "Url", "", NULL }, TWILIO_ERR_URL },
        { { "Url", "http://", NULL }, TWILIO_ERR_URL }, { { "Url", "https://", NULL }, TWILIO_ERR_URL },
        { { "Url", "http:/x", NULL }, TWILIO_ERR_URL }, { { "Url", "httpx://x", NULL }, TWILIO_ERR_URL },
        { { "Url", "http//x", NULL }, TWILIO_ERR_URL }, { { "Url", "httpss://x", NULL }, TWILIO_ERR_URL },
        { { "Url", "ftp://x", NULL }, TWILIO_ERR_URL },
        { { "Url", " http://x", NULL }, TWILIO_ERR_URL }, { { "Url", "/x", NULL }, TWILIO_ERR_URL },
        { { "Url", "h", NULL }, TWILIO_ERR_URL }, { { "Url", "https", NULL }, TWILIO_ERR_URL },
        { { "Url", "http://x y", NULL }, TWILIO_ERR_URL }, { { "Url", "http://x\n", NULL }, TWILIO_ERR_URL },
        { { "Url", "http://caf\xC3\xA9", NULL }, TWILIO_ERR_URL },
        { { "Url", "http://{x}", NULL }, TWILIO_ERR_URL },
        { { "Url", "http://x#y", query }, TWILIO_ERR_URL }, { { "Url", "http://x#y", none }, TWILIO_ERR_URL },
        { { "Url", "http://x?a#", query }, TWILIO_ERR_URL },
        { { "Url", "http://x#?a", query }, TWILIO_ERR_URL },
        { { "Url", "http://x", unnamed }, TWILIO_ERR_PARAMETER },
        { { "Url", "http://x?y", unnamed + 1 }, TWILIO_ERR_PARAMETER },
        { { "", "http://x", query }, TWILIO_ERR_PARAMETER },
        { { NULL, "http://x", query }, TWILIO_ERR_ARGUMENT },
    };
    const struct twilio_request nothing = call((struct twilio_generator){ twilio_url, NULL });

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = call((struct twilio_generator){ twilio_url, &table[i].url });

        check_refused(&request, table[i].error, table[i].url.base != NULL ? table[i].url.base : "no URL");
    }
    check_refused(&nothing, TWILIO_ERR_ARGUMENT, "no source");
}

/* RFC 3986 appendix A: what may stand in a URI; '#' too, when nothing has to come before it. */
static void octets_of_urls(void **state)
{
    (void)state;
    for (unsigned octet = 1; octet < 256; octet++) {
        const char base[] = { 'h', 't', 't', 'p', ':', '/', '/', 'x', '/', (char)octet, '\0' };
        const struct twilio_url url = { "Url", base, NULL };
        const struct twilio_request request = call((struct twilio_generator){ twilio_url, &url });
        bool good = is_unreserved((char)octet) || strchr(":/?#[]@!$&'()*+,;=%", (int)octet) != NULL;

        check(twilio_request_check(&request) == (good ? TWILIO_OK : TWILIO_ERR_URL), "%02X: %d", octet,
              twilio_request_check(&request));
    }
}

/* ---- Headers ----------------------------------------------------------------------------------------- */

static void further_headers(void **state)
{
    const struct twilio_headers
        agent = { "my-panel/1.2 (x; y)", NULL },
        lines = { NULL, TWILIO_PARAMS({"Accept", "application/json"}, {"X-Empty", ""},
                                      {"x.y_z~9", "caf\xE9 \xC3\xA9"}) },
        both = { "p/1", TWILIO_PARAMS({"I-Twilio-Idempotency-Token", "1"}, {"Hosts", "a"}) },
        none = { NULL, NULL };
    struct twilio_request request = { .account = &account, .resource = "x",
                                      .headers = { twilio_headers, &agent } };

    (void)state;
    check_wire(&request, "GET " ROOT "x" COMMON " my-panel/1.2 (x; y)" END);
    request.headers.source = &none;
    check_wire(&request, "GET " ROOT "x" COMMON END);
    request.headers.source = &lines;
    check_wire(&request, "GET " ROOT "x" COMMON
               "\r\nAccept: application/json\r\nX-Empty: \r\nx.y_z~9: caf\xE9 \xC3\xA9" END);
    request.account = &high;  /* headers are as they are */
    check_wire(&request, "GET " ROOT "x" COMMON
               "\r\nAccept: application/json\r\nX-Empty: \r\nx.y_z~9: caf\xE9 \xC3\xA9" END);
    request.headers.source = &both;
    request.method = TWILIO_POST;
    request.params = TWILIO_PARAMS({"a", "b"});
    check_form(&request, "POST " ROOT "x" COMMON
               " p/1\r\nI-Twilio-Idempotency-Token: 1\r\nHosts: a",
               "a=b");
}

static void check_header(const char *name, const char *value, bool good)
{
    const struct twilio_headers headers = {
        NULL, TWILIO_PARAMS({"X-Good", "1"}, {name, value}, {"X-Last", "2"})
    };
    const struct twilio_request request = { .account = &account, .resource = "x",
                                            .headers = { twilio_headers, &headers } };

    if (good) {
        check(twilio_request_check(&request) == TWILIO_OK, "%s: %s", name, value);
    } else {
        check_refused(&request, TWILIO_ERR_HEADER, name);
    }
}

static void refused_headers(void **state)
{
    static const char *const ours[] = {
        "Host", "Authorization", "User-Agent", "Accept-Encoding", "Content-Type", "Content-Length",
        "Transfer-Encoding", "Connection", "Expect", "Upgrade", "TE"
    };

    (void)state;
    check_header("", "x", false);
    check_header("X", NULL, false);
    check_header("X Y", "x", false);
    check_header("X:", "x", false);
    check_header("X\r\nY", "x", false);
    check_header("X", "x\r\nHost: evil", false);
    for (size_t i = 0; i < COUNT(ours); i++) {
        char name[32];

        check_header(ours[i], "x", false);
        for (unsigned kind = 0; kind < 3; kind++) {
            for (size_t j = 0; j <= strlen(ours[i]); j++) {
                char c = ours[i][j];
                bool upper = kind == 0 || (kind == 2 && j % 2 == 0);

                name[j] = is_letter(c) ? (char)(upper ? c & ~0x20 : c | 0x20) : c;
            }
            check_header(name, "x", false);
        }
        snprintf(name, sizeof name, "%sX", ours[i]);
        check_header(name, "x", true);
        snprintf(name, sizeof name, "X%s", ours[i]);
        check_header(name, "x", true);
        snprintf(name, sizeof name, "%.*s", (int)strlen(ours[i]) - 1, ours[i]);
        check_header(name, "x", true);
    }
}

static void octets_of_headers(void **state)
{
    (void)state;
    for (unsigned octet = 1; octet < 256; octet++) {
        const char alone[] = { (char)octet, '\0' }, inside[] = { 'X', (char)octet, 'Y', '\0' };
        bool in_line = octet >= 0x20 && octet != 0x7F;
        const struct twilio_headers agent = { inside, NULL };
        const struct twilio_request request = { .account = &account, .resource = "x",
                                                .headers = { twilio_headers, &agent } };

        check_header(alone, "x", is_unreserved((char)octet));
        check_header(inside, "x", is_unreserved((char)octet));
        check_header("X", alone, in_line);
        check_header("X", inside, in_line);
        check(twilio_request_check(&request) == (in_line ? TWILIO_OK : TWILIO_ERR_HEADER), "agent %02X",
              octet);
    }
}

static void no_headers(void **state)
{
    const struct twilio_request request = { .account = &account, .resource = "x",
                                            .headers = { twilio_headers, NULL } };

    (void)state;
    check_refused(&request, TWILIO_ERR_ARGUMENT, "no source");
}

/* Headers count as a head does. */
static void headers_and_sizes(void **state)
{
    static char value[TWILIO_HEAD_MAX + 1];
    const struct twilio_headers headers = { NULL, TWILIO_PARAMS({"X", value}) };
    const struct twilio_request request = { .account = &account, .resource = "x",
                                            .headers = { twilio_headers, &headers } };
    size_t room;

    (void)state;
    encode(&request);
    room = TWILIO_HEAD_MAX - wire_size;
    memset(value, 'v', room);
    encode(&request);
    assert_int_equal(wire_size, TWILIO_HEAD_MAX);
    value[room] = 'v';
    check_refused(&request, TWILIO_ERR_SIZE, "a long header");
}

/* ---- An item in the resource ------------------------------------------------------------------------- */

static void items(void **state)
{
    static const struct {
        const char *resource, *item, *target;
        const char *product;
    } table[] = {
        { "Calls/{}.json", "CA1", ROOT "Calls/CA1.json", NULL },
        { "{}", "a", ROOT "a", NULL },
        { "{}/{}", "a", ROOT "a/a", NULL },
        { "{}{}", "{}", ROOT "%7B%7D%7B%7D", NULL },
        { "/v2/{}?a={}", "+1 5/..?&#\xC3\xA9",
          "/v2/%2B1%205%2F..%3F%26%23%C3%A9?a=%2B1%205%2F..%3F%26%23%C3%A9",
          NULL },
        { "v2/PhoneNumbers/{}", "+15558675310", "/v2/PhoneNumbers/%2B15558675310", "lookups" },
        { "Calls.json", "unused", ROOT "Calls.json", NULL },
        { "Accounts", "unused", "/2010-04-01/Accounts/AC1", NULL },
    };
    const struct twilio_param params[] = { { "b", "c d" }, { NULL, NULL } };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = { .account = &account, .resource = table[i].resource,
            .item = table[i].item, .product = table[i].product, .params = params };
        const char *product = table[i].product != NULL ? table[i].product : "api";
        const char *query = strchr(table[i].resource, '?');
        char expected[400];

        snprintf(expected, sizeof expected,
                 "GET %s%sb=c%%20d HTTP/1.1\r\nHost: %s.twilio.com" LOGIN AGENT END, table[i].target,
                 query != NULL ? "&" : "?", product);
        check_wire(&request, expected);
    }
}

static void refused_items(void **state)
{
    static const struct {
        const char *resource, *item;
    } table[] = {
        { "Calls/{}.json", NULL }, { "Calls/{}.json", "" }, { "{", "x" }, { "}", "x" }, { "{x}", "x" },
        { "}{", "x" }, { "{}{", "x" }, { "{}}", "x" }, { "{{}", "x" }, { "{}\n", "x" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = { .account = &account, .resource = table[i].resource,
                                                .item = table[i].item };

        check_refused(&request, TWILIO_ERR_RESOURCE, table[i].resource);
    }
}

/* ---- Without login ----------------------------------------------------------------------------------- */

static void anonymous(void **state)
{
    static const struct twilio_account empty = { .sid = NULL }, bearer = { .bearer = "token" };
    static const struct twilio_account bad = { .sid = "AC1", .secret = "\n" };
    struct twilio_request request = {
        .account = &empty, .method = TWILIO_POST, .anonymous = true, .product = "oauth",
        .resource = "v2/token", .params = TWILIO_PARAMS({"grant_type", "client_credentials"}),
    };
    const char *const accounts[] = { "none", "bearer", "both", "bad" };
    const struct twilio_account *const each[] = { &empty, &bearer, &account, &bad };

    (void)state;
    for (size_t i = 0; i < COUNT(each); i++) {
        request.account = each[i];
        check_form(&request, "POST /v2/token HTTP/1.1\r\nHost: oauth.twilio.com" AGENT,
               "grant_type=client_credentials");
        check(strstr(wire, "Authorization") == NULL, "%s: a login", accounts[i]);
    }
    request.account = &empty;
    request.anonymous = false;
    check_refused(&request, TWILIO_ERR_CREDENTIALS, "no login");
    request.anonymous = true;
    request.product = NULL;
    check_refused(&request, TWILIO_ERR_ACCOUNT, "a resource of no account");
    request.account = NULL;
    check_refused(&request, TWILIO_ERR_ARGUMENT, "no account");
}

/* ---- Logins from elsewhere --------------------------------------------------------------------------- */

struct sealed {
    const char *value;
    int mistake;
};

static int unseal(struct twilio_sink *sink, const void *source)
{
    const struct sealed *sealed = source;

    twilio_write(sink, sealed->value);
    return sealed->mistake;
}

/* The account's own secrets are not even looked at. */
static void a_sealed_login(void **state)
{
    static const struct sealed good = { "Basic c2VhbGVkOmxvZ2lu", 0 };
    static const struct sealed locked = { "Basic ", TWILIO_ERR_CREDENTIALS };
    struct twilio_account store = { .sid = "AC1", .authorization = { unseal, &good } };
    struct twilio_request request = { .account = &store, .method = TWILIO_POST, .resource = "Messages.json",
                                      .params = TWILIO_PARAMS({"a", "%"}) };

    (void)state;
    check_form(&request, "POST " ROOT "Messages.json" HOST "\r\nAuthorization: Basic c2VhbGVkOmxvZ2lu" AGENT,
               "a=%25");
    store.secret = store.bearer = "\n";
    check_form(&request, "POST " ROOT "Messages.json" HOST "\r\nAuthorization: Basic c2VhbGVkOmxvZ2lu" AGENT,
               "a=%25");
    store.authorization.source = &locked;
    check_refused(&request, TWILIO_ERR_CREDENTIALS, "a store that stays locked");
    request.anonymous = true;
    check_form(&request, "POST " ROOT "Messages.json" HOST AGENT, "a=%25");
}

/* ---- Latin-1 ----------------------------------------------------------------------------------------- */

static void latin1(void **state)
{
    /* as WWW::Twilio::API with utf8 => 1, and without: post-utf8-on-chars, post-utf8-off-latin1 */
    static const char *const body[] = { "Body=caf%E9", "Body=caf%C3%A9" };
    static const struct twilio_account *const accounts[] = { &account, &high };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct twilio_request request = {
            .account = accounts[i], .method = TWILIO_POST, .resource = "Messages.json",
            .params = TWILIO_PARAMS({"Body", "caf\xE9"}),
        };

        check_form(&request, "POST " ROOT "Messages.json" COMMON, body[i]);
    }
}

/* In each place where a text of the caller's is a parameter or an item; credentials are as they are. */
static void latin1_everywhere(void **state)
{
    static const struct twilio_account login = {
        .sid = "AC1", .key = "\xE9", .secret = "\xE9", .latin1 = true
    };
    const struct pieces pieces = { TWILIO_PARAMS({"\xE9", "\xE9"}), "\xE9", { "\xE9", "\xFF", "\x80" }, 1,
                                          'x', 0 };
    const struct twilio_url url = { "\xE9", "http://x", TWILIO_PARAMS({"\xE9", "\xBF\xC0"}) };
    struct twilio_request request = {
        .account = &login, .method = TWILIO_PUT, .resource = "{}", .item = "\xE9",
        .params = TWILIO_PARAMS({"\xE9", "\xE9"}), .more = { write_pieces, &pieces },
    };

    (void)state;
    check_form(&request, "PUT " ROOT "%C3%A9" HOST "\r\nAuthorization: Basic 6Trp" AGENT,
               "%C3%A9=%C3%A9&%C3%A9=%C3%A9&%C3%A9=%C3%A9%C3%BF1%C2%80x");
    request.more = (struct twilio_generator){ twilio_url, &url };
    request.params = NULL;
    check_form(&request, "PUT " ROOT "%C3%A9" HOST "\r\nAuthorization: Basic 6Trp" AGENT,
               "%C3%A9=http%3A%2F%2Fx%3F%25C3%25A9%3D%25C2%25BF%25C3%2580");
}

static void every_octet_of_latin1(void **state)
{
    (void)state;
    for (unsigned octet = 1; octet < 256; octet++) {
        const char text[] = { (char)octet, '\0' };
        const struct twilio_request request = { .account = &high, .method = TWILIO_POST, .resource = "x",
                                                .params = TWILIO_PARAMS({"a", text}) };
        char value[8], expected[3];

        snprintf(expected, sizeof expected, octet < 0x80 ? "%c" : "%c%c",
                 octet < 0x80 ? octet : 0xC0 | octet >> 6, 0x80 | (octet & 0x3F));
        encode(&request);
        decode_value(value, sizeof value);
        check(strcmp(value, expected) == 0, "%02X: %s", octet, value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_in_a_form),
        cmocka_unit_test(more_in_a_query),
        cmocka_unit_test(run_once_a_pass),
        cmocka_unit_test(mistakes_of_generators),
        cmocka_unit_test(numbers),
        cmocka_unit_test(nested_urls),
        cmocka_unit_test(decoded_twice),
        cmocka_unit_test(refused_urls),
        cmocka_unit_test(octets_of_urls),
        cmocka_unit_test(further_headers),
        cmocka_unit_test(refused_headers),
        cmocka_unit_test(octets_of_headers),
        cmocka_unit_test(no_headers),
        cmocka_unit_test(headers_and_sizes),
        cmocka_unit_test(items),
        cmocka_unit_test(refused_items),
        cmocka_unit_test(anonymous), cmocka_unit_test(a_sealed_login),
        cmocka_unit_test(latin1),
        cmocka_unit_test(latin1_everywhere),
        cmocka_unit_test(every_octet_of_latin1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
