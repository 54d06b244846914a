/*
 * test_client.c - calls over a scripted transport, waiting and step by step: what comes back, when they end
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "board.h"
#include "client.h"
#include "clock.h"
#include "network.h"

/* ---- The world, made of a script ------------------------------------------- */

static struct {
    uint32_t now;             /* milliseconds */
    uint32_t step;            /* what a wait takes */
    unsigned waits;

    const char *answer;       /* all that the server says, then... */
    int end;                  /* ...this */
    int connect;              /* result of connecting */
    const char *host;         /* that is connected to */
    size_t piece;             /* bytes of it at a time */
    bool stutter, turn;
    size_t said, closed, opened;
    unsigned bad;             /* so many connects have that result; 0: all */
    unsigned others, another, proven;  /* addresses besides; calls */
    uint8_t dns;              /* what came of asking for the host */
    char asked[2048];         /* what the server was sent */
    size_t asked_size, takes; /* it takes this much, then would block forever */

    uint32_t date;            /* that the clock was given */
    bool certified;
    unsigned dates, doubts;
} world;

static struct twilio_client client;

uint32_t board_millis(void)
{
    return world.now;
}

uint32_t twilio_clock_now(void)
{
    return 1000000000;
}

void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    world.date = seconds;
    world.certified = certified;
    world.dates++;
}

void twilio_clock_doubted(void)
{
    world.doubts++;
}

static bool stepped;    /* the calls of this round of tests are made step by step */
static bool in_a_step;  /* where nothing may wait */

void twilio_network_wait(uint32_t milliseconds)
{
    assert_false(in_a_step);
    assert_int_equal(milliseconds, 1);
    world.now += world.step;
    world.waits++;
}

static int peer_connect(void *context, const char *host)
{
    (void)context;
    assert_string_equal(host, world.host);
    int result = world.connect;
    if (world.dns != TWILIO_DNS_ASKING) {
        client.socket.dns = world.dns;
    }
    if (world.bad > 0 && result != TWILIO_AGAIN && --world.bad == 0) {
        world.connect = TWILIO_OK;
    }
    world.opened += result == TWILIO_OK;
    return result;
}

static int peer_send(void *context, const void *data, size_t size)
{
    (void)context;
    size_t room = world.takes - world.asked_size;
    size = size < room ? size : room;
    if (size == 0) {
        return TWILIO_AGAIN;
    }
    memcpy(world.asked + world.asked_size, data, size);
    world.asked_size += size;
    return (int)size;
}

static int peer_recv(void *context, void *data, size_t size)
{
    (void)context;
    size_t left = strlen(world.answer) - world.said;
    world.turn = !world.turn;
    if (world.stutter && world.turn) {
        return TWILIO_AGAIN;
    }
    if (left == 0) {
        return world.end;
    }
    size = size < world.piece ? size : world.piece;
    size = size < left ? size : left;
    memcpy(data, world.answer + world.said, size);
    world.said += size;
    return (int)size;
}

static void peer_close(void *context)
{
    (void)context;
    world.closed++;
}

struct twilio_transport twilio_socket_transport(struct twilio_socket *socket)
{
    return (struct twilio_transport){ peer_connect, peer_send, peer_recv, peer_close, socket };
}

void twilio_socket_proven(struct twilio_socket *socket)
{
    assert_ptr_not_equal(socket, NULL);
    world.proven++;
}

bool twilio_socket_another(struct twilio_socket *socket)
{
    assert_ptr_not_equal(socket, NULL);
    world.another++;
    return world.others > 0 && world.others-- > 0;
}

struct twilio_transport twilio_tls_transport(struct twilio_tls *tls)
{
    assert_non_null(tls->below);
    assert_non_null(tls->arena);
    return *tls->below;
}

int twilio_arena_begin(struct twilio_arena *arena)
{
    return arena->memory != NULL ? TWILIO_OK : TWILIO_ERR_ARGUMENT;
}

#define TEN "0123456789"

/* ---- A client and its answer ----------------------------------------------- */

static const struct twilio_account account = { .sid = "AC1", .secret = "secret" };
static char scratch[512], content[100], memory[64];
static struct twilio_client client;
static struct twilio_answer answer;

static int setup(void **unused)
{
    (void)unused;
    memset(&world, 0, sizeof world);
    world.step = 1;
    world.host = "api.twilio.com";
    world.piece = world.takes = sizeof world.asked;
    world.end = TWILIO_AGAIN;
    client = (struct twilio_client){ .account = &account, .memory = memory, .memory_size = sizeof memory,
                                     .scratch = scratch, .scratch_size = sizeof scratch };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    memset(&answer, 0xA5, sizeof answer); /* whatever was there must go */
    answer.content = content;
    answer.content_size = sizeof content;
    answer.fields = answer.headers = NULL;
    answer.item = NULL;
    answer.body = NULL;
    return 0;
}

#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define HEAD "HTTP/1.1 201 Created\r\nDate: " DATE "\r\nContent-Type: application/json\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"
#define JSON "{\"sid\": \"SM1\", \"status\": \"queued\", \"n\": 7}"
#define GOOD HEAD "X-Other: yes\r\nContent-Length: 42\r\n\r\n" JSON

static struct twilio_sending sending;

static const struct twilio_request message = {
    .method = TWILIO_POST, .resource = "Messages.json", .params = TWILIO_PARAMS({ "To", "+1" }),
};

static int step(void)
{
    in_a_step = true;
    int result = twilio_send_step(&sending);
    in_a_step = false;
    return result;
}

static int begin(const char *said)
{
    world.answer = said;
    in_a_step = true;
    int result = twilio_send_begin(&client, &message, &answer, &sending);
    in_a_step = false;
    return result;
}

static int post_by_steps(const char *said)
{
    int result = begin(said);
    if (result == TWILIO_OK) {
        while ((result = step()) == TWILIO_AGAIN) {
            twilio_network_wait(1);
        }
    }
    return result;
}

static int post(const char *said)
{
    world.answer = said;
    return stepped ? post_by_steps(said) : twilio_post(&client, message.resource, message.params, &answer);
}

static void answers_are_told(void **unused)
{
    (void)unused;
    char sid[10], other[10];
    struct twilio_field fields[] = { TWILIO_FIELD("sid", sid), { .name = "n" }, TWILIO_FIELD_END };
    struct twilio_field headers[] = {
        TWILIO_FIELD("x-other", other), { .name = "x-none" }, TWILIO_FIELD_END,
    };

    for (size_t piece = 1; piece < 300; piece++) {
        for (int stutter = 0; stutter < 2; stutter++) {
            setup(NULL);
            world.piece = piece;
            world.stutter = stutter != 0;
            answer.fields = fields;
            answer.headers = headers;
            assert_int_equal(post(GOOD), TWILIO_OK);
            assert_int_equal(answer.code, 201);
            assert_string_equal(answer.message, "Created");
            assert_string_equal(answer.content_type, "application/json");
            assert_int_equal(answer.date, 784111777);
            assert_int_equal(answer.retry_after, 0);
            assert_true(answer.committed);
            assert_int_equal(answer.length, strlen(JSON));
            assert_string_equal(content, JSON);
            assert_string_equal(sid, "SM1");
            assert_int_equal(fields[1].type, 'n');
            assert_string_equal(other, "yes");
            assert_int_equal(headers[1].type, 0);
            assert_int_equal(world.closed, 0);
        }
    }
    assert_true(strstr(world.asked, "To=%2B1") != NULL);
}

static void verbs_are_what_they_say(void **unused)
{
    (void)unused;
    world.answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_int_equal(twilio_get(&client, "a", NULL, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "GET /2010-04-01/Accounts/AC1/a HTTP/1.1\r\n", 41);
    setup(NULL);
    world.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    assert_int_equal(twilio_head(&client, "a", NULL, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "HEAD /", 6);
    assert_string_equal(content, "");
    setup(NULL);
    world.answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_int_equal(twilio_put(&client, "a", NULL, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "PUT /", 5);
    setup(NULL);
    world.answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_int_equal(twilio_patch(&client, "a", NULL, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "PATCH /", 7);
    setup(NULL);
    world.answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_int_equal(twilio_delete(&client, "a", NULL, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "DELETE /", 8);
    assert_int_equal(answer.code, 204);
    assert_int_equal(answer.length, 0);
    assert_int_equal(answer.date, 0);
}

static void content_is_cut_to_fit(void **unused)
{
    (void)unused;
    for (size_t size = 0; size < 50; size++) {
        setup(NULL);
        memset(content, 'x', sizeof content);
        answer.content_size = size;
        assert_int_equal(post(GOOD), TWILIO_OK);
        assert_int_equal(answer.length, 42);
        size_t copied = size == 0 ? 0 : size - 1 < 42 ? size - 1 : 42;
        assert_memory_equal(content, JSON, copied);
        assert_int_equal(content[copied], size == 0 ? 'x' : '\0');
        assert_int_equal(content[copied + 1], 'x');
    }
    answer.content = NULL;
    world.said = 0;
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_int_equal(answer.length, 42);
}

static void what_is_no_json_is_an_answer(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {
        "{\"sid\": \"SM1\", oh", "<html>Bad gateway", "{\"sid\": \"SM1\"", "",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char said[200], sid[10];
        struct twilio_field fields[] = { TWILIO_FIELD("sid", sid), TWILIO_FIELD_END };
        setup(NULL);
        answer.fields = fields;
        snprintf(said, sizeof said, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(bodies[i]), bodies[i]);
        assert_int_equal(post(said), TWILIO_OK);
        assert_int_equal(answer.code, 502);
        assert_string_equal(content, bodies[i]);
        assert_int_equal(fields[0].type, 0);
        assert_string_equal(sid, "");
    }
}

static void broken_off_is_told_with_what_came(void **unused)
{
    (void)unused;
    char sid[10];
    struct twilio_field fields[] = { TWILIO_FIELD("sid", sid), TWILIO_FIELD_END };
    static const int ends[][2] = {
        { 0, TWILIO_ERR_CLOSED }, { TWILIO_ERR_RESET, TWILIO_ERR_RESET },
        { TWILIO_AGAIN, TWILIO_ERR_TIMEOUT },
    };
    for (size_t i = 0; i < 3; i++) {
        setup(NULL);
        answer.fields = fields;
        world.end = ends[i][0];
        assert_int_equal(post(HEAD "Content-Length: 42\r\n\r\n{\"sid\": \"SM1\", \"sta"), ends[i][1]);
        assert_int_equal(answer.code, 201);
        assert_string_equal(answer.message, "Created");
        assert_int_equal(answer.length, 19);
        assert_string_equal(content, "{\"sid\": \"SM1\", \"sta");
        assert_string_equal(sid, "SM1");
        assert_true(answer.committed);
        assert_int_equal(world.closed, 1);
    }
}

static char passed[400];
static size_t enough_body; /* bytes after which a body is wanted no more; 0: all of it is */

static bool append(void *context, const char *data, size_t size)
{
    assert_ptr_equal(context, passed);
    assert_true(size > 0);
    assert_int_equal(answer.code, 200);
    strncat(passed, data, size);
    return enough_body == 0 || strlen(passed) < enough_body;
}

static void bodies_pass_whole(void **unused)
{
    (void)unused;
    char body[301], said[400];
    for (size_t i = 0; i < 300; i++) {
        body[i] = (char)('a' + i * 7 % 26);
    }
    body[300] = '\0';
    snprintf(said, sizeof said, "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n%s", body);
    for (size_t piece = 1; piece < 400; piece += 3) {
        setup(NULL);
        passed[0] = '\0';
        world.piece = piece;
        answer.body = append;
        answer.context = passed;
        assert_int_equal(post(said), TWILIO_OK);
        assert_string_equal(passed, body);
        assert_int_equal(strlen(content), sizeof content - 1);
        assert_memory_equal(content, body, sizeof content - 1);
        assert_int_equal(answer.length, 300);
    }
}

/* However the body is cut into pieces: no piece comes after the one that was the last wanted. */
static void a_body_can_be_ended(void **unused)
{
    (void)unused;
    for (size_t piece = 1; piece < 120; piece++) {
        for (enough_body = 1; enough_body <= 100; enough_body += 9) {
            setup(NULL);
            passed[0] = '\0';
            world.piece = piece;
            world.end = TWILIO_ERR_RESET;
            answer.body = append;
            answer.context = passed;
            assert_int_equal(post("HTTP/1.1 200 OK\r\nContent-Length: 150\r\n\r\n" TEN TEN TEN TEN TEN
                                  TEN TEN TEN TEN TEN), TWILIO_ITEM);
            assert_in_range(strlen(passed), enough_body, enough_body + 63);
            assert_int_equal(strlen(content), strlen(passed) < 99 ? strlen(passed) : 99);
            assert_memory_equal(content, passed, strlen(content));
            assert_int_equal(answer.length, strlen(passed));
            assert_int_equal(answer.code, 200);
            assert_string_equal(answer.message, "OK");
            assert_true(answer.committed);
            assert_int_equal(world.closed, 1);
        }
    }
    enough_body = 0;
}

static void an_interim_answer_is_not_the_code(void **unused)
{
    (void)unused;
    passed[0] = '\0';
    answer.body = append;
    answer.context = passed;
    assert_int_equal(post("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
                     TWILIO_OK);
    assert_string_equal(passed, "x");
    assert_int_equal(answer.code, 200);
}

/* ---- Lists ----------------------------------------------------------------- */

static int items, enough;

static bool count_item(void *context)
{
    assert_string_equal(context, items == 0 ? "a" : items == 1 ? "b" : "c");
    assert_int_equal(answer.code, 200);
    return ++items != enough;
}

static void items_are_called_one_by_one(void **unused)
{
    (void)unused;
    char sid[4];
    struct twilio_field fields[] = { TWILIO_FIELD("m[].sid", sid), TWILIO_FIELD_END };
    for (enough = 0; enough < 4; enough++) {
        for (size_t piece = 1; piece < 100; piece++) {
            setup(NULL);
            items = 0;
            world.piece = piece;
            answer.fields = fields;
            answer.item = count_item;
            answer.context = sid;
            int result = post("HTTP/1.1 200 OK\r\nContent-Length: 150\r\n\r\n"
                              "{\"m\":[{\"sid\":\"a\"},{\"sid\":\"b\"},{\"sid\":\"c\"}],\"p\":\""
                              TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "\"}");
            assert_int_equal(result, enough != 0 ? TWILIO_ITEM : TWILIO_OK);
            assert_int_equal(items, enough != 0 ? enough : 3);
            assert_int_equal(world.closed, enough != 0);
            assert_int_equal(answer.code, 200);
        }
    }
}

/* ---- What is left to the client, and to its hook ---------------------------- */

static const struct twilio_headers one = { .lines = TWILIO_PARAMS({ "X-Made-By", "client" }) },
                                   two = { .lines = TWILIO_PARAMS({ "X-Made-By", "request" }) };

static unsigned lines_with(const char *text)
{
    unsigned count = 0;
    for (const char *at = world.asked; (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    return count;
}

static void requests_are_completed(void **unused)
{
    (void)unused;
    static const struct twilio_account other = { .sid = "AC2", .secret = "secret" };
    struct twilio_request request = { .resource = "a" };
    client.headers = (struct twilio_generator){ twilio_headers, &one };
    world.answer = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_int_equal(twilio_send(&client, &request, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "GET /2010-04-01/Accounts/AC1/a HTTP/1.1\r\n", 41);
    assert_int_equal(lines_with("X-Made-By"), 1);
    assert_int_equal(lines_with("\r\nX-Made-By: client\r\n"), 1);
    assert_null(request.account);
    assert_null(request.headers.write);

    world.said = world.asked_size = 0;
    memset(world.asked, 0, sizeof world.asked);
    request.account = &other;
    request.headers = (struct twilio_generator){ twilio_headers, &two };
    assert_int_equal(twilio_send(&client, &request, &answer), TWILIO_OK);
    assert_memory_equal(world.asked, "GET /2010-04-01/Accounts/AC2/a HTTP/1.1\r\n", 41);
    assert_int_equal(lines_with("X-Made-By"), 1);
    assert_int_equal(lines_with("\r\nX-Made-By: request\r\n"), 1);
}

static int one_below_connect(void *context, const char *host)
{
    (*(int *)context)++;
    return peer_connect(NULL, host);
}

static void tls_runs_over_what_is_below(void **unused)
{
    (void)unused;
    int connects = 0;
    const struct twilio_transport below = { one_below_connect, peer_send, peer_recv, peer_close, &connects };
    client.below = &below;
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    assert_ptr_equal(client.tls.below, &below);
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_int_equal(connects, 1);
    client.below = NULL;
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    assert_ptr_equal(client.tls.below, &client.tcp);
    assert_ptr_equal(client.tcp.context, &client.socket);
    world.said = 0;
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_int_equal(connects, 1);
}

static struct hooked {
    unsigned calls;
    const struct twilio_request *original; /* the caller's; NULL: made by the client */
    const char *resource;                  /* what it makes of the request; NULL: nothing */
    const struct twilio_headers *headers;
    const struct twilio_transport *transport;
    enum twilio_method method;             /* 0: leave it */
    uint32_t timeout;
} hooked;

static void hook(void *context, struct twilio_request *request, struct twilio_exchange *exchange)
{
    assert_ptr_equal(context, &hooked);
    assert_ptr_equal(exchange->request, request);
    assert_ptr_not_equal(request, hooked.original);
    assert_ptr_equal(exchange->transport, &client.https);
    assert_ptr_equal(request->account, &account);
    assert_int_equal(request->method, TWILIO_POST);
    assert_string_equal(request->resource, "Messages.json");
    assert_string_equal(request->params[0].value, "+1");
    assert_false(exchange->committed);
    assert_int_equal(world.asked_size, 0);
    hooked.calls++;
    request->resource = hooked.resource != NULL ? hooked.resource : request->resource;
    if (hooked.headers != NULL) {
        request->headers = (struct twilio_generator){ twilio_headers, hooked.headers };
    }
    if (hooked.method != 0) {
        request->method = hooked.method;
    }
    if (hooked.transport != NULL) {
        exchange->transport = hooked.transport;
    }
    client.timeout = hooked.timeout;
}

static void with_hook(void)
{
    setup(NULL);
    memset(&hooked, 0, sizeof hooked);
    client.hook = hook;
    client.context = &hooked;
}

static void hooks_are_called_once(void **unused)
{
    (void)unused;
    const struct twilio_request request = {
        .method = TWILIO_POST, .resource = "Messages.json", .params = TWILIO_PARAMS({ "To", "+1" }),
    };
    for (size_t piece = 1; piece < 300; piece += 7) {
        with_hook();
        world.piece = piece;
        world.stutter = true;
        assert_int_equal(post(GOOD), TWILIO_OK);
        assert_int_equal(hooked.calls, 1);
        assert_int_equal(answer.code, 201);
    }
    with_hook();
    world.answer = GOOD;
    hooked.original = &request;
    assert_int_equal(twilio_send(&client, &request, &answer), TWILIO_OK);
    assert_int_equal(hooked.calls, 1);
    assert_non_null(strstr(world.asked, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"));
}

static void hooks_change_what_is_sent(void **unused)
{
    (void)unused;
    int connects = 0;
    const struct twilio_transport around = { one_below_connect, peer_send, peer_recv, peer_close, &connects };

    with_hook();
    hooked.resource = "Calls.json";
    hooked.headers = &two;
    hooked.transport = &around;
    client.headers = (struct twilio_generator){ twilio_headers, &one };
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_non_null(strstr(world.asked, "POST /2010-04-01/Accounts/AC1/Calls.json HTTP/1.1\r\n"));
    assert_int_equal(lines_with("\r\nX-Made-By: request\r\n"), 1);
    assert_int_equal(lines_with("X-Made-By"), 1);
    assert_int_equal(connects, 1);
    assert_int_equal(world.opened, 1);

    with_hook();
    hooked.method = TWILIO_HEAD;
    assert_int_equal(post("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), TWILIO_OK);
    assert_memory_equal(world.asked, "HEAD /", 6);

    with_hook();
    hooked.timeout = 77;
    assert_int_equal(post(""), TWILIO_ERR_TIMEOUT);
    assert_int_equal(world.now, 77);
}

static void what_hooks_make_is_checked(void **unused)
{
    (void)unused;
    const struct twilio_headers bad = { .lines = TWILIO_PARAMS({ "Host", "example.com" }) };
    with_hook();
    hooked.headers = &bad;
    assert_int_equal(post(GOOD), TWILIO_ERR_HEADER);
    with_hook();
    hooked.resource = "a b";
    assert_int_equal(post(GOOD), TWILIO_ERR_RESOURCE);
    assert_int_equal(hooked.calls, 1);
    assert_int_equal(world.opened, 0);
    assert_int_equal(answer.code, 0);
    assert_false(answer.committed);
}

static void hooks_see_no_mistakes(void **unused)
{
    (void)unused;
    struct twilio_field wrong[] = { { .name = "a", .size = 5 }, TWILIO_FIELD_END };
    with_hook();
    world.answer = GOOD;
    assert_int_equal(twilio_post(&client, "a b", NULL, &answer), TWILIO_ERR_RESOURCE);
    assert_int_equal(twilio_post(&client, "a", TWILIO_PARAMS({ "", "b" }), &answer), TWILIO_ERR_PARAMETER);
    answer.fields = wrong;
    assert_int_equal(post(GOOD), TWILIO_ERR_ARGUMENT);
    answer.fields = NULL;
    answer.headers = wrong;
    assert_int_equal(post(GOOD), TWILIO_ERR_ARGUMENT);
    assert_int_equal(hooked.calls, 0);
    assert_int_equal(world.opened, 0);
}

/* ---- Giving up ------------------------------------------------------------- */

static void deadlines_hold(void **unused)
{
    (void)unused;
    static const uint32_t starts[] = { 0, 12345, UINT32_MAX - 100, UINT32_MAX };
    for (size_t i = 0; i < 4; i++) {
        for (int stage = 0; stage < 3; stage++) {
            setup(NULL);
            uint32_t timeout = client.timeout = i == 1 ? 0 : 5000;
            timeout = timeout != 0 ? timeout : 30000;
            world.now = starts[i];
            world.connect = stage == 0 ? TWILIO_AGAIN : TWILIO_OK;
            world.takes = stage == 1 ? 20 : sizeof world.asked;
            assert_int_equal(post(""), TWILIO_ERR_TIMEOUT);
            assert_int_equal(world.now - starts[i], timeout);
            assert_int_equal(answer.committed, stage == 2);
            assert_int_equal(answer.code, 0);
            assert_string_equal(content, "");
            assert_int_equal(world.closed, 1);
        }
    }
}

/* A byte now and then prolongs nothing. */
static void a_trickle_does_not_prolong(void **unused)
{
    (void)unused;
    client.timeout = 1000;
    world.step = 100;
    world.piece = 1;
    world.stutter = true;
    assert_int_equal(post(GOOD), TWILIO_ERR_TIMEOUT);
    assert_int_equal(world.now, 1000);
    assert_int_equal(world.waits, 10);
}

static void errors_of_the_way_are_told(void **unused)
{
    (void)unused;
    world.connect = TWILIO_ERR_DNS;
    assert_int_equal(post(GOOD), TWILIO_ERR_DNS);
    assert_false(answer.committed);
    assert_int_equal(answer.code, 0);
    assert_string_equal(answer.message, "");
    assert_string_equal(answer.content_type, "");
    assert_int_equal(world.waits, 0);
    assert_int_equal(answer.phase, TWILIO_PHASE_DNS);
}

static void mistakes_send_nothing(void **unused)
{
    (void)unused;
    char text[4];
    struct twilio_field many[TWILIO_HEADERS_MAX + 2];
    for (size_t i = 0; i < TWILIO_HEADERS_MAX + 1; i++) {
        many[i] = (struct twilio_field)TWILIO_FIELD("a", text);
    }
    many[TWILIO_HEADERS_MAX + 1] = (struct twilio_field)TWILIO_FIELD_END;

    assert_int_equal(twilio_send(NULL, NULL, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_get(NULL, "", NULL, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_send(&client, NULL, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_get(&client, "", NULL, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_get(&client, NULL, NULL, &answer), TWILIO_ERR_RESOURCE);
    assert_int_equal(answer.code, 0);
    many[0].text = NULL;
    answer.fields = many;
    assert_int_equal(post(GOOD), TWILIO_ERR_ARGUMENT);
    answer.fields = NULL;
    many[0].text = text;
    answer.headers = many;
    assert_int_equal(post(GOOD), TWILIO_ERR_SIZE);
    assert_int_equal(world.opened, 0);
    assert_int_equal(world.asked_size, 0);
}

static void clients_are_checked(void **unused)
{
    (void)unused;
    struct twilio_client bad = client;
    assert_int_equal(twilio_client_begin(NULL), TWILIO_ERR_ARGUMENT);
    bad.memory = NULL;
    assert_int_equal(twilio_client_begin(&bad), TWILIO_ERR_ARGUMENT);
    bad = client;
    bad.account = NULL;
    assert_int_equal(twilio_client_begin(&bad), TWILIO_ERR_ARGUMENT);
    bad = client;
    bad.scratch = NULL;
    assert_int_equal(twilio_client_begin(&bad), TWILIO_ERR_ARGUMENT);
    bad = client;
    bad.scratch_size = TWILIO_SCRATCH_MIN - 1;
    assert_int_equal(twilio_client_begin(&bad), TWILIO_ERR_SIZE);
    assert_int_equal(client.socket.port, 0);
}

static void retry_after_counts_from_the_servers_clock(void **unused)
{
    (void)unused;
    assert_int_equal(post("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n" EMPTY), TWILIO_OK);
    assert_int_equal(answer.code, 429);
    assert_int_equal(answer.retry_after, 7);
    setup(NULL);
    assert_int_equal(post(HEAD "Retry-After: Sun, 06 Nov 1994 08:50:00 GMT\r\n" EMPTY), TWILIO_OK);
    assert_int_equal(answer.retry_after, 23);
    setup(NULL);
    assert_int_equal(post("HTTP/1.1 503 No\r\nRetry-After: Sun, 09 Sep 2001 01:47:40 GMT\r\n"
                          EMPTY), TWILIO_OK);
    assert_int_equal(answer.retry_after, 1000000060 - 1000000000);
}

/* ---- What the clock is told ------------------------------------------------- */

static void dates_of_answers_are_for_the_clock(void **unused)
{
    static const struct { bool open, resumed, certified; } row[] = {
        { false, false, true }, { false, true, false }, { true, false, false }, { true, true, false },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        setup(NULL);
        client.tls.reached = row[i].open;
        client.tls.resumed = row[i].resumed;
        assert_int_equal(post(GOOD), TWILIO_OK);
        assert_int_equal(world.dates, 1);
        assert_int_equal(world.date, 784111777);
        assert_int_equal(world.certified, row[i].certified);
        assert_int_equal(world.doubts, 0);
    }
}

static void other_dates_are_not(void **unused)
{
    (void)unused;
    assert_int_equal(post("HTTP/1.1 200 OK\r\n" EMPTY), TWILIO_OK);
    world.said = 0;
    assert_int_equal(post("HTTP/1.1 200 OK\r\nDate: yesterday\r\n" EMPTY), TWILIO_OK);
    world.said = 0;
    world.end = TWILIO_ERR_RESET;
    assert_true(post(HEAD "Content-Length: 42\r\n\r\n{") < 0);
    assert_int_equal(answer.date, 784111777);
    assert_int_equal(world.dates, 0);
}

static void certificates_refused_for_their_dates_make_the_clock_doubted(void **unused)
{
    static const int doubtful[] = { TWILIO_ERR_EXPIRED, TWILIO_ERR_NOT_YET_VALID };

    (void)unused;
    for (int result = -1; result > -100; result--) {
        bool expected = result == doubtful[0] || result == doubtful[1];
        if (result == TWILIO_AGAIN) {
            continue;
        }
        setup(NULL);
        world.connect = result;
        assert_int_equal(post(GOOD), result);
        assert_int_equal(world.doubts, expected);
        assert_int_equal(world.dates, 0);
    }
}

/* ---- Phases ---------------------------------------------------------------- */

#define FOREVER UINT32_MAX
#define BEAT    50            /* milliseconds between the bytes of a peer that drips */
#define STATUS  "HTTP/1.1 201 Created\r\n"
#define DRIPPED 10            /* bytes of it that come one by one, if time there is */
#define SAID    STATUS "Content-Length: 40\r\n\r\n" TEN TEN TEN TEN
#define INTERIM "HTTP/1.1 103 Early Hints\r\n\r\n"

/* A way to the server whose phases take their time; within FIRST_BYTE and BODY it drips. */
static struct {
    uint32_t takes[TWILIO_PHASES];  /* milliseconds for each */
    bool kept;                      /* the connection was */
    bool sending;                   /* is what HANDSHAKE takes its time for: TLS is up at once */
    bool interim;                   /* answers drip, without end */
    uint32_t dies;                  /* that long after it was used again */
    uint32_t computes, computes_at; /* milliseconds in one go, that long after the handshake began */

    enum twilio_phase at;
    uint32_t since, dripped;
    size_t said;
} way;

static bool over(enum twilio_phase phase)
{
    if (way.at == phase && way.takes[phase] != FOREVER && world.now - way.since >= way.takes[phase]) {
        way.at++;
        way.since = world.now;
    }
    return way.at > phase;
}

static int slow_connect(void *context, const char *host)
{
    (void)context;
    (void)host;
    bool connected = over(TWILIO_PHASE_DNS) && over(TWILIO_PHASE_CONNECT);
    client.socket.resolving = way.at == TWILIO_PHASE_DNS;
    client.tls.reached = connected;
    if (connected && world.now - way.since == way.computes_at) {
        world.now += way.computes;
    }
    if (!connected || (!way.sending && !over(TWILIO_PHASE_HANDSHAKE))) {
        return TWILIO_AGAIN;
    }
    return way.kept ? TWILIO_KEPT : TWILIO_OK;
}

static int slow_send(void *context, const void *data, size_t size)
{
    (void)context;
    (void)data;
    if (way.dies != 0 && world.now - way.since >= way.dies) {
        way.kept = way.sending = false;
        way.dies = 0;
        way.at = TWILIO_PHASE_DNS;
        way.since = world.now;
        return TWILIO_ERR_RESET;
    }
    return over(TWILIO_PHASE_HANDSHAKE) ? (int)size : TWILIO_AGAIN;
}

static int slow_recv(void *context, void *data, size_t size)
{
    (void)context;
    enum twilio_phase phase = way.at;
    if (phase < TWILIO_PHASE_FIRST_BYTE) {
        return TWILIO_AGAIN;
    }
    bool whole = over(phase);
    size_t left = phase == TWILIO_PHASE_BODY ? sizeof SAID - 2 + whole : whole ? sizeof STATUS - 1 : DRIPPED;
    left = way.interim ? 1 : left - way.said;
    if (left == 0 || (!whole && world.now - way.dripped < BEAT)) {
        return TWILIO_AGAIN;
    }
    left = whole ? left : 1;
    assert_true(left <= size);
    memcpy(data, way.interim ? INTERIM + way.said % (sizeof INTERIM - 1) : SAID + way.said, left);
    way.dripped = world.now;
    way.said += left;
    return (int)left;
}

static void with_way(uint32_t now)
{
    static const uint32_t takes[TWILIO_PHASES] = { 10, 20, 30, 200, 400 };
    setup(NULL);
    memset(&way, 0, sizeof way);
    memcpy(way.takes, takes, sizeof takes);
    world.now = way.since = now;
    client.https = (struct twilio_transport){ slow_connect, slow_send, slow_recv, peer_close, NULL };
}

static void with_kept(uint32_t now)
{
    with_way(now);
    way.kept = way.sending = true;
    way.at = TWILIO_PHASE_HANDSHAKE;
    client.tls.reached = true;
}

static uint32_t until(enum twilio_phase phase)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < phase; i++) {
        sum += way.takes[i];
    }
    return sum;
}

/* The call runs out of time after that many milliseconds, in that phase. */
static void runs_out(uint32_t after, enum twilio_phase phase)
{
    uint32_t begun = world.now;
    int result = post("");
    if (result != TWILIO_ERR_TIMEOUT || world.now - begun != after || answer.phase != phase) {
        fail_msg("%d after %u ms in phase %d, not after %u in %d", result, (unsigned)(world.now - begun),
                 (int)answer.phase, (unsigned)after, (int)phase);
    }
    assert_int_equal(answer.committed, phase > TWILIO_PHASE_HANDSHAKE);
    assert_int_equal(answer.code, phase == TWILIO_PHASE_BODY ? 201 : 0);
    assert_int_equal(world.closed, 1);
}

static const uint32_t starts[] = { 0, 12345, UINT32_MAX - 1000, UINT32_MAX - 100, UINT32_MAX };

#define EACH_START(i) (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
#define EACH_PHASE(p) (enum twilio_phase p = TWILIO_PHASE_DNS; p < TWILIO_PHASES; p++)

static void each_phase_has_its_limit(void **unused)
{
    (void)unused;
    for EACH_START (i) {
        for EACH_PHASE (p) {
            for (uint32_t limit = 1; limit <= 1500; limit = limit * 3 + 1) {
                with_way(starts[i]);
                way.takes[p] = FOREVER;
                client.limit[p] = limit;
                runs_out(until(p) + limit, p);
            }
        }
    }
}

/* As long as its limit, while all others take longer: that is in time; a millisecond more is not. */
static void a_limit_is_of_its_phase_alone(void **unused)
{
    (void)unused;
    for EACH_START (i) {
        for EACH_PHASE (p) {
            with_way(starts[i]);
            client.limit[p] = 900;
            for EACH_PHASE (other) {
                way.takes[other] = other == p ? 900 : 1000;
            }
            assert_int_equal(post(""), TWILIO_OK);
            assert_int_equal(world.now - starts[i], 4900);
            assert_int_equal(answer.length, 40);

            way.at = TWILIO_PHASE_DNS;
            way.since = world.now;
            way.said = 0;
            way.takes[p] = 901;
            runs_out(until(p) + 900, p);
        }
    }
}

static void the_whole_call_has_its_own(void **unused)
{
    (void)unused;
    for EACH_PHASE (p) {
        for (int limited = 0; limited < 2; limited++) {
            with_way(0);
            way.takes[p] = FOREVER;
            for EACH_PHASE (other) {
                client.limit[other] = limited ? 1500 : 0;
            }
            client.timeout = 1500;
            runs_out(1500, p);
        }
        with_way(0);
        way.takes[p] = FOREVER;
        runs_out(TWILIO_TIMEOUT_DEFAULT, p);
    }
}

static void nothing_is_committed_until_all_is_sent(void **unused)
{
    (void)unused;
    with_way(7);
    way.sending = true;
    way.takes[TWILIO_PHASE_HANDSHAKE] = FOREVER;
    client.limit[TWILIO_PHASE_HANDSHAKE] = 800;
    client.limit[TWILIO_PHASE_FIRST_BYTE] = 100;
    runs_out(until(TWILIO_PHASE_HANDSHAKE) + 800, TWILIO_PHASE_HANDSHAKE);
}

static void interim_answers_prolong_nothing(void **unused)
{
    (void)unused;
    with_way(7);
    way.interim = true;
    way.takes[TWILIO_PHASE_FIRST_BYTE] = FOREVER;
    client.limit[TWILIO_PHASE_FIRST_BYTE] = 10000;
    client.limit[TWILIO_PHASE_BODY] = 300;
    runs_out(until(TWILIO_PHASE_FIRST_BYTE) + 10000, TWILIO_PHASE_FIRST_BYTE);
    assert_true(way.said > 5 * sizeof INTERIM);
}

static void a_kept_connection_skips_phases(void **unused)
{
    (void)unused;
    for (enum twilio_phase p = TWILIO_PHASE_HANDSHAKE; p < TWILIO_PHASES; p++) {
        with_kept(7);
        way.takes[TWILIO_PHASE_DNS] = way.takes[TWILIO_PHASE_CONNECT] = 0;
        client.limit[TWILIO_PHASE_DNS] = client.limit[TWILIO_PHASE_CONNECT] = 1;
        way.takes[p] = FOREVER;
        client.limit[p] = 700;
        runs_out(until(p) + 700, p);
    }
}

/* The one that was kept takes 600 of the handshake's 700 and dies; the new one has all of them. */
static void a_replaced_connection_has_its_phases_anew(void **unused)
{
    static const uint32_t takes[TWILIO_PHASES] = { 650, 650, 650, 650, 650 };
    (void)unused;
    for (int whole = 0; whole < 2; whole++) {
        with_kept(7);
        memcpy(way.takes, takes, sizeof takes);
        way.dies = 600;
        for EACH_PHASE (p) {
            client.limit[p] = 700;
        }
        client.timeout = whole ? 1900 : 0;
        if (whole) {
            assert_int_equal(post(""), TWILIO_ERR_TIMEOUT);
            assert_int_equal(world.now, 7 + 1900);
            assert_int_equal(answer.phase, TWILIO_PHASE_HANDSHAKE);
            assert_false(answer.committed);
        } else {
            assert_int_equal(post(""), TWILIO_OK);
            assert_int_equal(world.now, 7 + 600 + 5 * 650);
            assert_true(answer.committed);
        }
        assert_int_equal(world.closed, 1 + whole);
    }
}

/* It cannot be interrupted, but nothing follows it: the third look at the handshake computes. */
static void long_computing_is_noticed_at_once(void **unused)
{
    (void)unused;
    with_way(7);
    way.takes[TWILIO_PHASE_HANDSHAKE] = FOREVER;
    way.computes_at = 2;
    way.computes = 3000;
    client.limit[TWILIO_PHASE_HANDSHAKE] = 1000;
    runs_out(until(TWILIO_PHASE_HANDSHAKE) + 2 + 3000, TWILIO_PHASE_HANDSHAKE);
    assert_int_equal(world.waits, until(TWILIO_PHASE_HANDSHAKE) + 2);
}

static void be_patient_with_dns(void *context, struct twilio_request *request,
                                struct twilio_exchange *exchange)
{
    (void)context;
    (void)request;
    (void)exchange;
    client.limit[TWILIO_PHASE_DNS] = 2000;
}

static void hooks_change_limits(void **unused)
{
    (void)unused;
    with_way(7);
    way.takes[TWILIO_PHASE_DNS] = FOREVER;
    client.limit[TWILIO_PHASE_DNS] = 100;
    client.hook = be_patient_with_dns;
    runs_out(2000, TWILIO_PHASE_DNS);
}

static bool take_time(void *context, const char *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    world.now += 100;
    return true;
}

/* Not that of the peer alone counts: a body that is there at once is taken slowly. */
static void ones_own_time_counts(void **unused)
{
    (void)unused;
    client.timeout = 250;
    answer.body = take_time;
    assert_int_equal(post("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" TEN TEN TEN TEN TEN TEN TEN TEN TEN
                          TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
                          TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN), TWILIO_ERR_TIMEOUT);
    assert_int_equal(world.now, 300);
    assert_int_equal(world.waits, 0);
    assert_int_equal(answer.length, 192);
}

/* ---- Step by step ----------------------------------------------------------- */

/* Step until that moment, before which nothing ends the call. */
static void step_until(uint32_t now)
{
    while (world.now != now) {
        assert_int_equal(step(), TWILIO_AGAIN);
        world.now++;
    }
}

static void what_is_over_stays_over(void **unused)
{
    static const int ends[] = { TWILIO_OK, TWILIO_ERR_TIMEOUT, TWILIO_ERR_CONNECT };
    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        setup(NULL);
        world.connect = ends[i] == TWILIO_ERR_CONNECT ? ends[i] : TWILIO_OK;
        assert_int_equal(post_by_steps(ends[i] == TWILIO_ERR_TIMEOUT ? "" : GOOD), ends[i]);
        const struct twilio_answer told = answer;
        size_t closed = world.closed, asked = world.asked_size;
        unsigned dates = world.dates;
        for (int again = 0; again < 3; again++) {
            world.now += 100000;
            assert_int_equal(step(), ends[i]);
            twilio_send_cancel(&sending);
        }
        assert_memory_equal(&told, &answer, sizeof told);
        assert_int_equal(world.closed, closed);
        assert_int_equal(world.asked_size, asked);
        assert_int_equal(world.dates, dates);
        world.said = 0;
        world.connect = TWILIO_OK;
        assert_int_equal(post(GOOD), TWILIO_OK);
    }
}

/* Time passes although nobody steps. */
static void deadlines_run_without_steps(void **unused)
{
    (void)unused;
    for EACH_START (i) {
        with_way(starts[i]);
        way.takes[TWILIO_PHASE_DNS] = FOREVER;
        client.timeout = 5000;
        assert_int_equal(begin(""), TWILIO_OK);
        world.now += 4999;
        assert_int_equal(step(), TWILIO_AGAIN);
        world.now++;
        assert_int_equal(step(), TWILIO_ERR_TIMEOUT);
        assert_int_equal(world.closed, 1);
    }
}

static void the_phase_is_told_meanwhile(void **unused)
{
    (void)unused;
    with_way(7);
    assert_int_equal(begin(""), TWILIO_OK);
    for EACH_PHASE (p) {
        step_until(7 + until(p));
        assert_int_equal(step(), TWILIO_AGAIN);
        assert_int_equal(answer.phase, p);
    }
    step_until(7 + until(TWILIO_PHASES));
    assert_int_equal(step(), TWILIO_OK);
}

/* In the midst of each phase. The client is as good as new. */
static void calls_are_cancelled(void **unused)
{
    (void)unused;
    for EACH_PHASE (p) {
        with_way(7);
        assert_int_equal(begin(""), TWILIO_OK);
        step_until(7 + until(p) + way.takes[p] / 2);
        assert_int_equal(step(), TWILIO_AGAIN);
        twilio_send_cancel(&sending);
        assert_int_equal(world.closed, 1);
        assert_int_equal(answer.committed, p > TWILIO_PHASE_HANDSHAKE);
        assert_int_equal(answer.code, p == TWILIO_PHASE_BODY ? 201 : 0);
        assert_string_equal(answer.message, p == TWILIO_PHASE_BODY ? "Created" : "");
        assert_int_equal(answer.phase, p);
        assert_int_equal(step(), TWILIO_ERR_CLOSED);
        twilio_send_cancel(&sending);
        assert_int_equal(world.closed, 1);
        way.at = TWILIO_PHASE_DNS;
        way.since = world.now;
        way.said = 0;
        assert_int_equal(post(""), TWILIO_OK);
    }
}

static void what_came_is_told_when_cancelled(void **unused)
{
    char sid[10];
    struct twilio_field fields[] = { TWILIO_FIELD("sid", sid), TWILIO_FIELD_END };
    (void)unused;
    answer.fields = fields;
    assert_int_equal(begin(HEAD "Content-Length: 42\r\n\r\n{\"sid\": \"SM1\", \"sta"), TWILIO_OK);
    assert_int_equal(step(), TWILIO_AGAIN);
    twilio_send_cancel(&sending);
    assert_int_equal(answer.length, 19);
    assert_int_equal(answer.date, 784111777);
    assert_string_equal(content, "{\"sid\": \"SM1\", \"sta");
    assert_string_equal(sid, "SM1");
    assert_true(answer.committed);
    assert_int_equal(world.dates, 0);
}

/* Nothing was touched yet: a connection that was kept still is. */
static void a_call_cancelled_at_once_costs_nothing(void **unused)
{
    (void)unused;
    assert_int_equal(begin(GOOD), TWILIO_OK);
    twilio_send_cancel(&sending);
    assert_int_equal(world.opened + world.closed + world.asked_size, 0);
    assert_int_equal(step(), TWILIO_ERR_CLOSED);
    assert_false(answer.committed);
    assert_int_equal(post(GOOD), TWILIO_OK);
}

static void requests_are_copied(void **unused)
{
    struct twilio_request request = message;
    (void)unused;
    world.answer = GOOD;
    assert_int_equal(twilio_send_begin(&client, &request, &answer, &sending), TWILIO_OK);
    memset(&request, 0xA5, sizeof request);
    assert_int_equal(step(), TWILIO_OK);
    assert_non_null(strstr(world.asked, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"));
}

/* Whatever tries to call meanwhile is told so, and does no harm. */
static void try_another(void)
{
    struct twilio_sending other;
    struct twilio_answer theirs;
    memset(&theirs, 0xA5, sizeof theirs);
    theirs.content = NULL;
    theirs.fields = theirs.headers = NULL;
    assert_int_equal(twilio_send_begin(&client, &message, &theirs, &other), TWILIO_ERR_BUSY);
    assert_false(theirs.committed);
    assert_int_equal(theirs.code, 0);
    assert_int_equal(twilio_send_begin(&client, &message, &theirs, &sending), TWILIO_ERR_BUSY);
    assert_int_equal(twilio_send(&client, &message, &theirs), TWILIO_ERR_BUSY);
    assert_int_equal(twilio_get(&client, "a", NULL, &theirs), TWILIO_ERR_BUSY);
}

static unsigned tries;

static bool try_in_body(void *context, const char *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    tries++;
    try_another();
    return true;
}

static bool try_in_item(void *context)
{
    return try_in_body(context, "", 0);
}

static void try_in_hook(void *context, struct twilio_request *request, struct twilio_exchange *exchange)
{
    (void)request;
    (void)exchange;
    (void)try_in_item(context);
}

static void one_call_at_a_time(void **unused)
{
    char n[4];
    struct twilio_field fields[] = { TWILIO_FIELD("[].n", n), TWILIO_FIELD_END };
    (void)unused;
    tries = 0;
    world.piece = 1;
    world.stutter = true;
    client.hook = try_in_hook;
    answer.body = try_in_body;
    answer.item = try_in_item;
    answer.fields = fields;
    assert_int_equal(begin(HEAD "Content-Length: 17\r\n\r\n[{\"n\":1},{\"n\":2}]"), TWILIO_OK);
    try_another();
    int result;
    while ((result = step()) == TWILIO_AGAIN) {
        try_another();
    }
    assert_int_equal(result, TWILIO_OK);
    assert_int_equal(tries, 1 + 2 + 17);  /* the hook, the items, the pieces of the body */
    assert_string_equal(content, "[{\"n\":1},{\"n\":2}]");
    assert_int_equal(answer.code, 201);
    assert_int_equal(world.opened, 1);
}

static int never_connect(void *context, const char *host)
{
    (void)context;
    (void)host;
    return TWILIO_AGAIN;
}

static void each_client_has_its_own(void **unused)
{
    static const struct twilio_transport below = { never_connect, peer_send, peer_recv, peer_close, NULL };
    static char other_scratch[sizeof scratch];
    struct twilio_client slow = client;
    struct twilio_sending slow_sending;
    struct twilio_answer none = { .code = 0 };
    (void)unused;
    slow.below = &below;
    slow.scratch = other_scratch;
    assert_int_equal(twilio_client_begin(&slow), TWILIO_OK);
    assert_int_equal(twilio_send_begin(&slow, &message, &none, &slow_sending), TWILIO_OK);
    assert_int_equal(twilio_send_step(&slow_sending), TWILIO_AGAIN);
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_int_equal(twilio_send_step(&slow_sending), TWILIO_AGAIN);
    assert_int_equal(world.closed, 0);
    twilio_send_cancel(&slow_sending);
    assert_int_equal(world.closed, 1);
}

static void mistakes_begin_nothing(void **unused)
{
    const struct twilio_request bad = { .resource = "a b" };
    (void)unused;
    memset(&sending, 0, sizeof sending);
    assert_int_equal(twilio_send_step(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(step(), TWILIO_ERR_ARGUMENT);
    twilio_send_cancel(NULL);
    twilio_send_cancel(&sending);
    assert_int_equal(twilio_send_begin(NULL, &message, &answer, &sending), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_send_begin(&client, NULL, &answer, &sending), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_send_begin(&client, &message, NULL, &sending), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_send_begin(&client, &message, &answer, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(step(), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_send_begin(&client, &bad, &answer, &sending), TWILIO_ERR_RESOURCE);
    assert_int_equal(step(), TWILIO_ERR_RESOURCE);
    twilio_send_cancel(&sending);
    assert_int_equal(step(), TWILIO_ERR_RESOURCE);
    assert_int_equal(world.opened + world.closed, 0);
    assert_int_equal(post(GOOD), TWILIO_OK);
}

static int wait_between(void **unused)
{
    (void)unused;
    stepped = false;
    return 0;
}

static int go_by_steps(void **unused)
{
    (void)unused;
    stepped = true;
    return 0;
}

/* ---- Other addresses of the host ------------------------------------------- */

static void a_server_that_is_no_good_is_left_for_the_next(void **unused)
{
    (void)unused;
    static const int mendable[] = {
        TWILIO_ERR_CLOSED, TWILIO_ERR_RESET, TWILIO_ERR_TLS, TWILIO_ERR_TLS_ALERT, TWILIO_ERR_TLS_MISMATCH,
        TWILIO_ERR_UNTRUSTED, TWILIO_ERR_WRONG_NAME, TWILIO_ERR_EXPIRED, TWILIO_ERR_NOT_YET_VALID,
        TWILIO_ERR_RECORD,
    };

    for (size_t i = 0; i < sizeof mendable / sizeof mendable[0]; i++) {
        for (unsigned bad = 1; bad < 4; bad++) {
            setup(NULL);
            world.connect = mendable[i];
            world.bad = bad;
            world.others = 3;
            assert_int_equal(post(GOOD), TWILIO_OK);
            assert_int_equal(answer.code, 201);
            assert_string_equal(content, JSON);
            assert_true(answer.committed);
            assert_int_equal(world.another, bad);
            assert_int_equal(world.opened, 1);
            assert_int_equal(world.proven, 1);
        }
        setup(NULL);
        world.connect = mendable[i];
        world.others = 3;
        assert_int_equal(post(GOOD), mendable[i]);
        assert_int_equal(world.another, 4);
        assert_false(answer.committed);
        assert_int_equal(world.proven, 0);
        assert_int_equal(world.asked_size, 0);
    }
}

static void what_another_address_cannot_mend_is_told_at_once(void **unused)
{
    (void)unused;
    static const int others[] = {
        TWILIO_ERR_NETWORK, TWILIO_ERR_DNS, TWILIO_ERR_CONNECT, TWILIO_ERR_MEMORY, TWILIO_ERR_ENTROPY,
        TWILIO_ERR_ANCHORS, TWILIO_ERR_PROXY, TWILIO_ERR_ARGUMENT,
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        setup(NULL);
        world.connect = others[i];
        world.others = 3;
        assert_int_equal(post(GOOD), others[i]);
        assert_int_equal(world.another, 0);
    }
}

/* What was sent once is not sent again, wherever. */
static void nothing_committed_goes_to_another_address(void **unused)
{
    (void)unused;
    world.others = 3;
    world.end = TWILIO_ERR_RESET;
    assert_int_equal(post(""), TWILIO_ERR_RESET);
    assert_true(answer.committed);
    assert_int_equal(world.another, 0);
    assert_int_equal(world.opened, 1);
    assert_int_equal(world.proven, 1);
}

static void further_addresses_get_no_further_time(void **unused)
{
    (void)unused;
    world.connect = TWILIO_ERR_WRONG_NAME;
    world.others = UINT32_MAX;
    world.step = 1000;
    assert_int_equal(post(GOOD), TWILIO_ERR_TIMEOUT);
    assert_int_equal(world.now, TWILIO_TIMEOUT_DEFAULT);
    assert_false(answer.committed);
}

static void what_dns_said_is_told(void **unused)
{
    (void)unused;
    client.socket.dns = TWILIO_DNS_NO_NAME;  /* of the call before */
    assert_int_equal(post(GOOD), TWILIO_OK);
    assert_int_equal(answer.dns, TWILIO_DNS_ASKING);
    setup(NULL);
    world.connect = TWILIO_ERR_DNS;
    world.dns = TWILIO_DNS_POISONED;
    assert_int_equal(post(GOOD), TWILIO_ERR_DNS);
    assert_int_equal(answer.dns, TWILIO_DNS_POISONED);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_are_told), TEST(verbs_are_what_they_say), TEST(content_is_cut_to_fit),
        TEST(what_is_no_json_is_an_answer), TEST(broken_off_is_told_with_what_came), TEST(bodies_pass_whole),
        TEST(a_body_can_be_ended), TEST(an_interim_answer_is_not_the_code), TEST(requests_are_completed),
        TEST(tls_runs_over_what_is_below), TEST(hooks_are_called_once), TEST(hooks_change_what_is_sent),
        TEST(what_hooks_make_is_checked), TEST(hooks_see_no_mistakes),
        TEST(items_are_called_one_by_one), TEST(deadlines_hold), TEST(a_trickle_does_not_prolong),
        TEST(errors_of_the_way_are_told), TEST(mistakes_send_nothing), TEST(clients_are_checked),
        TEST(retry_after_counts_from_the_servers_clock),
        TEST(each_phase_has_its_limit), TEST(a_limit_is_of_its_phase_alone), TEST(the_whole_call_has_its_own),
        TEST(nothing_is_committed_until_all_is_sent), TEST(interim_answers_prolong_nothing),
        TEST(a_kept_connection_skips_phases), TEST(a_replaced_connection_has_its_phases_anew),
        TEST(long_computing_is_noticed_at_once), TEST(hooks_change_limits), TEST(ones_own_time_counts),
        TEST(dates_of_answers_are_for_the_clock),
        TEST(a_server_that_is_no_good_is_left_for_the_next),
        TEST(what_another_address_cannot_mend_is_told_at_once),
        TEST(nothing_committed_goes_to_another_address),
        TEST(further_addresses_get_no_further_time), TEST(what_dns_said_is_told),
        TEST(other_dates_are_not), TEST(certificates_refused_for_their_dates_make_the_clock_doubted),
    };
    const struct CMUnitTest steps[] = {
        TEST(what_is_over_stays_over), TEST(deadlines_run_without_steps), TEST(the_phase_is_told_meanwhile),
        TEST(calls_are_cancelled), TEST(what_came_is_told_when_cancelled),
        TEST(a_call_cancelled_at_once_costs_nothing), TEST(requests_are_copied), TEST(one_call_at_a_time),
        TEST(each_client_has_its_own), TEST(mistakes_begin_nothing),
    };
    return cmocka_run_group_tests_name("waiting", tests, wait_between, NULL) +
           cmocka_run_group_tests_name("by steps", tests, go_by_steps, NULL) +
           cmocka_run_group_tests(steps, NULL, NULL);
}
