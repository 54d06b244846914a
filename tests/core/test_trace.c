/*
 * test_trace.c - the trace: what is shown, what never is, and that nothing changes by it
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include <sys/mman.h>
#include <unistd.h>

#include "twilio_trace.h"

#define SID    "AC0123456789abcdef0123456789abcdef"
#define KEY    "SK-the-key"
#define SECRET "the-secret-of-the-key"
#define BEARER "the.bearer.token"
#define ID     "the-client-id"
#define CLIENT "the-client-secret"
#define TOKEN  "the-new-access-token"
#define HEAD   "HTTP/1.1 201 Created\r\nContent-Length: 56\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n\r\n"
#define BODY   "{\"auth_token\":\"" TOKEN "\",\"status\":\"queued\"}\n"

static const struct twilio_account with_secret = { .sid = SID, .secret = SECRET };
static const struct twilio_account with_key = { .sid = SID, .key = KEY, .secret = SECRET };
static const struct twilio_account with_bearer = { .sid = SID, .bearer = BEARER };

/* ---- What is traced: a transport that fails on demand, and notes all that it sees --- */

#define NO_FAULT 1
#define END      0

static struct {
    const char *answer;
    size_t send_max, recv_max;
    bool halting, kept;
    size_t fault_call;
    int fault;

    bool open;
    size_t calls, taken, given, request_size;
    char log[32768];  /* each call and its outcome, and each octet sent */
} net;

static void note(const char *format, int a, int b)
{
    size_t used = strlen(net.log);

    assert_true(used + 64 < sizeof net.log);
    snprintf(net.log + used, 64, format, a, b);
}

static int fault(void)
{
    size_t call = net.calls++;

    if (net.fault != NO_FAULT && net.fault_call == call) {
        return net.fault;
    }
    return net.halting && call % 2 == 0 ? TWILIO_AGAIN : NO_FAULT;
}

static int fake_connect(void *context, const char *host)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_non_null(strstr(host, ".twilio.com"));
    if (!net.open) {
        net.open = true;
        net.taken = net.given = 0;
    }
    result = result < 0 ? result : net.kept ? TWILIO_KEPT : TWILIO_OK;
    net.kept = net.kept && result < 0;
    note("c%d.%d ", result, 0);
    return result;
}

static int fake_send(void *context, const void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open);
    result = result < 0 ? result : (int)smaller(size, net.send_max);
    note("s%d.%d ", (int)size, result);
    for (int i = 0; i < result; i++) {
        note("%02x.%02x", ((const uint8_t *)data)[i], 0);
    }
    net.taken += result > 0 ? (size_t)result : 0;
    return result;
}

static int fake_recv(void *context, void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open);
    if (result == NO_FAULT && net.taken < net.request_size) {
        result = TWILIO_AGAIN;
    }
    if (result > 0) {
        result = (int)smaller(smaller(size, net.recv_max), strlen(net.answer + net.given));
        memcpy(data, net.answer + net.given, (size_t)result);
        net.given += (size_t)result;
    }
    note("r%d.%d ", (int)size, result);
    return result;
}

static void fake_close(void *context)
{
    assert_ptr_equal(context, &net);
    net.open = false;
    note("x%d.%d ", 0, 0);
}

static const struct twilio_transport below = { fake_connect, fake_send, fake_recv, fake_close, &net };

/* ---- What is shown: a story of events, and of texts with their pieces joined --- */

static struct twilio_trace trace;
static struct twilio_transport traced;
static char story[16384];   /* "[new]", ">" and the request, "<" and the answer */
static size_t sent_shown;
static char last_kind;

static void show(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    char letter = "[>#<"[kind];

    assert_ptr_equal(context, story);
    assert_true(size > 0 && size < sizeof story - strlen(story) - 4);
    if (kind == TWILIO_TRACE_SENT) {
        char digits[12] = "";

        assert_true(size < sizeof digits);
        memcpy(digits, text, size);
        sent_shown += (size_t)atoi(digits);
        check(strspn(digits, "0123456789") == size && digits[0] != '0', "'%s' sent", digits);
        return;
    }
    if (letter != last_kind || letter == '[') {
        strncat(story, &letter, 1);
    }
    strncat(story, text, size);
    check(letter != '>' || size <= 64, "a piece of %zu", size);
    strcat(story, letter == '[' ? "]" : "");
    last_kind = letter;
}

static void start(const struct twilio_request *request, const char *answer)
{
    memset(&net, 0, sizeof net);
    net.answer = answer;
    net.send_max = net.recv_max = SIZE_MAX;
    net.fault = NO_FAULT;
    memset(&trace, 0, sizeof trace);
    trace.below = &below;
    trace.request = request;
    trace.show = show;
    trace.context = story;
    traced = twilio_trace_transport(&trace);
    story[0] = last_kind = '\0';
    sent_shown = 0;
}

static int exchange(const struct twilio_request *request, const struct twilio_transport *transport)
{
    static char scratch[512];
    struct twilio_exchange x = { .request = request, .transport = transport, .scratch = scratch,
                                 .scratch_size = sizeof scratch };
    char image[4096];
    int result = twilio_encode(request, 0, image, sizeof image);

    assert_true(result > 0);
    net.request_size = (size_t)result;
    assert_int_equal(twilio_exchange_begin(&x), TWILIO_OK);
    while ((result = twilio_exchange_step(&x)) == TWILIO_AGAIN) {
    }
    return result;
}

/* ---- Requests, and what of them is to be seen ---------------------------- */

static int write_secret(struct twilio_sink *sink, const void *source)
{
    twilio_write_param(sink, "more_secret", source);
    return 0;
}

static const struct twilio_param sms[] = {
    { "To", "+15558675310" }, { "Body", "Boiler at 95" }, { NULL, NULL }
};
static const struct twilio_param grant[] = {
    { "grant_type", "client_credentials" }, { "client_id", ID }, { "client_secret", CLIENT }, { NULL, NULL }
};
static const struct twilio_param lines[] = { { "X-Panel", "7" }, { NULL, NULL } };
static const struct twilio_headers headers = { "panel/1", lines };

#define OAUTH .anonymous = true, .product = "oauth", .resource = "/v2/token", .params = grant, \
              .more = { write_secret, CLIENT }

static const struct twilio_request requests[] = {
    { .account = &with_secret, .resource = "Balance.json" },
    { .account = &with_secret, .method = TWILIO_POST, .resource = "Messages.json", .params = sms },
    { .account = &with_key, .method = TWILIO_POST, .resource = "Messages.json", .params = sms,
      .more = { write_secret, "of others" }, .headers = { twilio_headers, &headers } },
    { .account = &with_bearer, .method = TWILIO_DELETE, .resource = "Messages/{}.json", .item = "SM1" },
    { .account = &with_key, .resource = "Calls.json", .params = sms },
    { .account = &with_secret, .method = TWILIO_POST, OAUTH },
    { .account = &with_bearer, .method = TWILIO_GET, OAUTH },
};

/* What is to be shown of a request: its image less one line; of an anonymous one that without parameters. */
static void expected_image(const struct twilio_request *request, char image[4096])
{
    struct twilio_request bare = *request;
    char *line, *end;
    int n;

    if (request->anonymous) {
        bare.params = NULL;
        bare.more = (struct twilio_generator){ NULL, NULL };
    }
    n = twilio_encode(&bare, 0, image, 4095);
    assert_true(n > 0);
    image[n] = '\0';
    line = strstr(image, "Authorization: ");
    assert_int_equal(line == NULL, request->anonymous);
    if (line != NULL) {
        end = strstr(line, "\r\n") + 2;
        memmove(line, end, strlen(end) + 1);
    }
}

/* Nothing that nobody may see, nor Base64 that has its octets: five of the coded login are enough. */
static void check_story(const char *where)
{
    static const char *const never[] = {
        SECRET, BEARER, ID, CLIENT, KEY, "Authorization", "Basic", "Bearer", "client_secret",
        "more_secret=the"
    };
    char image[4096], *login, part[6] = "";

    for (size_t i = 0; i < COUNT(never); i++) {
        check(strstr(story, never[i]) == NULL, "%s: %s in\n%s", where, never[i], story);
    }
    for (size_t i = 0; i < 3; i++) {
        image[twilio_encode(&requests[i], 0, image, sizeof image - 1)] = '\0';
        login = strstr(image, "Basic ") + 6;
        for (size_t at = 0; login[at + 5] != '\r'; at++) {
            memcpy(part, login + at, 5);
            check(strstr(story, part) == NULL, "%s: '%s' of the login in\n%s", where, part, story);
        }
    }
}

/* ---- What is shown ------------------------------------------------------- */

static void stories(void **state)
{
    static const size_t most[] = { SIZE_MAX, 1, 2, 63, 64, 65 };

    (void)state;
    for (size_t i = 0; i < COUNT(requests) * COUNT(most) * 4; i++) {
        const struct twilio_request *request = &requests[i % COUNT(requests)];
        char image[4096], expected[8192];

        start(request, HEAD BODY);
        net.send_max = net.recv_max = most[i / COUNT(requests) % COUNT(most)];
        net.halting = i / COUNT(requests) / COUNT(most) % 2 == 1;
        trace.bodies = i / COUNT(requests) / COUNT(most) / 2 == 1;
        assert_int_equal(exchange(request, &traced), TWILIO_OK);
        expected_image(request, image);
        snprintf(expected, sizeof expected, "[new]>%s<%s%s", image, HEAD,
                 trace.bodies && !request->anonymous ? BODY : "");
        check(strcmp(story, expected) == 0, "%s\n, not\n%s", story, expected);
        assert_int_equal(sent_shown, net.request_size);
        check_story(request->resource);
    }
}

static void kept_and_replaced(void **state)
{
    char image[4096], expected[16384];

    (void)state;
    start(&requests[1], HEAD BODY);
    expected_image(&requests[1], image);
    net.kept = true;
    assert_int_equal(exchange(&requests[1], &traced), TWILIO_OK);
    snprintf(expected, sizeof expected, "[kept]>%s<%s", image, HEAD);
    assert_string_equal(story, expected);

    start(&requests[1], HEAD BODY);  /* it turns out dead as the request is sent */
    net.kept = true;
    net.fault_call = 2;
    net.fault = TWILIO_ERR_RESET;
    assert_int_equal(exchange(&requests[1], &traced), TWILIO_OK);
    snprintf(expected, sizeof expected, "[kept]>%s[closed][new]>%s<%s", image, image, HEAD);
    assert_string_equal(story, expected);

    start(&requests[1], HEAD BODY);
    net.halting = true;
    net.fault_call = 1;
    net.fault = TWILIO_ERR_DNS;
    assert_int_equal(exchange(&requests[1], &traced), TWILIO_ERR_DNS);
    assert_string_equal(story, "[failed][closed]");
}

/* The next exchange on the same trace: its own request, and its own rule for the answer. */
static void one_after_the_other(void **state)
{
    static const char *const after[] = { BODY, "" };
    char image[4096], expected[8192];

    (void)state;
    start(NULL, HEAD BODY);
    trace.bodies = true;
    for (size_t i = 0; i < 4; i++) {
        trace.request = &requests[i % 2 == 0 ? 1 : 5];
        net.given = net.taken = net.kept = 0;
        story[0] = last_kind = '\0';
        assert_int_equal(exchange(trace.request, &traced), TWILIO_OK);
        expected_image(trace.request, image);
        snprintf(expected, sizeof expected, "[new]>%s<%s%s", image, HEAD, after[i % 2]);
        assert_string_equal(story, expected);
    }
}

static void without_a_request(void **state)
{
    (void)state;
    start(NULL, HEAD BODY);
    trace.bodies = true;
    assert_int_equal(exchange(&requests[5], &traced), TWILIO_OK);
    assert_string_equal(story, "[new]<" HEAD);

    static const struct twilio_request unfit = { .account = &with_secret, .resource = "a b" };
    start(&unfit, HEAD BODY);
    assert_int_equal(exchange(&requests[0], &traced), TWILIO_OK);
    assert_string_equal(story, "[new]<" HEAD);
}

/* Where an answer's head ends, for answers that the reader refuses, too, in pieces of any size */
static void heads(void **state)
{
    static const struct {
        const char *head, *rest;
    } table[] = {
        { "HTTP/1.1 200 OK\r\n\r\n", TOKEN }, { "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "\r\n\r\nA: " TOKEN },
        { "HTTP/1.1 200 OK\n\n", TOKEN }, { "HTTP/1.1 200 OK\nA: b\n\r\n", TOKEN },
        { "HTTP/1.1 200 OK\r\n\n", TOKEN }, { "HTTP/1.1 200 OK\r\r\n\r\r\n", TOKEN },
        { "\r\n", TOKEN }, { "\n", TOKEN }, { "A\r\n \r\n\r\n", TOKEN },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char answer[128], taken[128];

        snprintf(answer, sizeof answer, "%s%s", table[i].head, table[i].rest);
        for (size_t piece = 1; piece <= strlen(answer); piece++) {
            start(NULL, answer);
            net.recv_max = piece;
            assert_int_equal(traced.connect(traced.context, "api.twilio.com"), TWILIO_OK);
            for (size_t got = 0; got < strlen(answer); ) {
                int n = traced.recv(traced.context, taken + got, sizeof taken - got);

                assert_true(n > 0);
                got += (size_t)n;
            }
            assert_memory_equal(taken, answer, strlen(answer));
            assert_memory_equal(story, "[new]<", 6);
            check(strcmp(story + 6, table[i].head) == 0, "row %zu, by %zu: %s", i, piece, story);
        }
    }
}

static int takes_all(void *context, const void *data, size_t size)
{
    (void)context;
    (void)data;
    return (int)size;
}

/* How much is sent at once, in as many digits as it has */
static void sizes_sent(void **state)
{
    static const struct twilio_transport vast = { fake_connect, takes_all, fake_recv, fake_close, &net };

    (void)state;
    start(NULL, "");
    trace.below = &vast;
    for (size_t size = INT_MAX; size != 0; size /= 10) {
        sent_shown = 0;
        assert_int_equal(traced.send(traced.context, "", size), size);
        assert_int_equal(sent_shown, size);
    }
}

/* ---- What never is ------------------------------------------------------- */

/* A login where whoever reads it dies */
static void out_of_reach(void **state)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *wall = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), image[4096];
    const struct twilio_account accounts[] = {
        { .sid = SID, .secret = wall }, { .sid = SID, .key = wall, .secret = wall },
        { .sid = SID, .bearer = wall, .secret = wall },
    };
    const struct twilio_param params[] = { { wall, wall }, { NULL, NULL } };

    (void)state;
    assert_true(wall != MAP_FAILED);
    for (size_t i = 0; i < COUNT(accounts) * COUNT(requests); i++) {
        struct twilio_request request = requests[i % COUNT(requests)];

        expected_image(&request, image);
        request.account = &accounts[i / COUNT(requests)];
        if (request.anonymous) {
            request.params = params;
            request.more.source = wall;
        }
        start(&request, HEAD BODY);
        assert_int_equal(traced.connect(traced.context, "api.twilio.com"), TWILIO_OK);
        assert_string_equal(story + strlen("[new]>"), image);
        net.taken = net.request_size;
        assert_true(traced.recv(traced.context, image, sizeof image) > 0);
        traced.close(traced.context);
    }
    munmap(wall, size);
}

static size_t compare(const struct twilio_request *request, size_t call, int what, bool kept)
{
    static char log[sizeof net.log];
    int result;

    for (int with = 0; with < 2; with++) {
        start(request, HEAD BODY);
        trace.bodies = true;
        net.kept = kept;
        net.send_max = 100;
        net.recv_max = 50;
        net.fault_call = call;
        net.fault = what;
        if (with == 0) {
            result = exchange(request, &below);
            strcpy(log, net.log);
        } else {
            assert_int_equal(exchange(request, &traced), result);
            assert_string_equal(net.log, log);
        }
    }
    check_story(request->resource);
    check(!request->anonymous || strstr(story, TOKEN) == NULL, "%s", story);
    return net.calls;
}

/* Each call fails in each way: with a trace the same calls are made, with the same octets and results. */
static void nothing_changes_and_nothing_leaks(void **state)
{
    static const int faults[] = { TWILIO_AGAIN, TWILIO_ERR_RESET, TWILIO_ERR_TLS, END };

    (void)state;
    for (size_t i = 0; i < COUNT(requests) * 2; i++) {
        const struct twilio_request *request = &requests[i / 2];
        size_t calls = compare(request, 0, NO_FAULT, i % 2 == 1);

        assert_true(calls > 4);
        for (size_t call = 0; call < calls; call++) {
            for (size_t j = 0; j < COUNT(faults); j++) {
                compare(request, call, faults[j], i % 2 == 1);
            }
        }
    }
}

/* ---- Mistakes, and less than a whole trace ------------------------------- */

static void without_show(void **state)
{
    (void)state;
    start(&requests[1], HEAD BODY);
    trace.show = NULL;
    assert_int_equal(exchange(&requests[1], &traced), TWILIO_OK);
    traced.close(traced.context);
    assert_string_equal(story, "");
}

static void without_below(void **state)
{
    (void)state;
    start(&requests[1], HEAD BODY);
    trace.below = NULL;
    assert_int_equal(exchange(&requests[1], &traced), TWILIO_ERR_ARGUMENT);
    assert_int_equal(net.calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stories),
        cmocka_unit_test(kept_and_replaced),
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(without_a_request),
        cmocka_unit_test(heads),
        cmocka_unit_test(sizes_sent),
        cmocka_unit_test(out_of_reach),
        cmocka_unit_test(nothing_changes_and_nothing_leaks),
        cmocka_unit_test(without_show),
        cmocka_unit_test(without_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
