/*
 * test_https.c - the blocking client, lists and tokens, over TLS with a real server (peer.py), without lwIP
 *
 * SPDX-License-Identifier: MIT
 */
#include <poll.h>
#include <time.h>

#include <sys/random.h>

#include "attempt.h"
#include "board.h"
#include "clock.h"
#include "each.h"
#include "network.h"
#include "no_lwip.h"
#include "peer.h"
#include "token.h"
#include "webhook.h"

/* ---- What the port needs of a board, and TLS of a wire ------------------------ */

static struct {
    uint32_t ahead;      /* seconds that our clock is before the true one */
    uint32_t date;       /* what it was told */
    bool certified;
    unsigned doubts;
} the_clock;

/* A peer that drips, by a clock of its own, which stands still except from one drop to the next. */
static struct {
    bool clocked, on;
    bool answer;        /* on from when a request passes the tap */
    uint32_t now, due;
    unsigned drops;
} drip;

uint32_t board_millis(void)
{
    struct timespec now;
    if (drip.clocked) {
        return drip.now;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

uint32_t twilio_clock_now(void)
{
    return (uint32_t)time(NULL) + the_clock.ahead;
}

void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    the_clock.date = seconds;
    the_clock.certified = certified;
}

void twilio_clock_doubted(void)
{
    the_clock.doubts++;
}

int board_entropy(void *buf, size_t size)
{
    return getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

void twilio_network_wait(uint32_t milliseconds)
{
    struct pollfd look = { .fd = wire.descriptor, .events = POLLIN };
    if (drip.on && drip.now < drip.due) {
        drip.now++;
    } else {
        (void)poll(&look, 1, (int)milliseconds);
    }
}

static int dripping_recv(void *context, void *data, size_t size)
{
    if (drip.on && drip.now < drip.due) {
        return TWILIO_AGAIN;
    }
    int n = wire_recv(context, data, drip.on ? 1 : size);
    if (drip.on && n == 1) {
        drip.due = drip.now + 1000;
        drip.drops++;
    }
    return n;
}

static const struct twilio_transport dripping = { wire_connect, wire_send, dripping_recv, wire_close, &wire };

/* ---- A client ----------------------------------------------------------------- */

static struct twilio_anchor roots[2];
static const struct twilio_anchors anchors = { roots, COUNT(roots), NULL };
static struct twilio_account account;
static struct twilio_client client;
static struct twilio_answer answer;
static char memory[65536], scratch[512], content[4096];

static int load_roots(void **unused)
{
    (void)unused;
    roots[0] = certificate("ZOO", "root");
    roots[1] = certificate("WORK", "sha1-root");
    return 0;
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    memset(&the_clock, 0, sizeof the_clock);
    memset(&drip, 0, sizeof drip);
    wire.server = "api";
    account = (struct twilio_account){ .sid = "AC1", .secret = "secret" };
    client = (struct twilio_client){
        .account = &account, .anchors = &anchors, .memory = memory, .memory_size = sizeof memory,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &dripping, .timeout = 20000,
    };
    answer = (struct twilio_answer){ .content = content, .content_size = sizeof content };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    twilio_client_close(&client);
    assert_int_equal(wire.opened, wire.closed);
    return 0;
}

/* ---- Hooks, and what goes over the wire --------------------------------------- */

static const struct twilio_param tagged[] = { { "X-Tag", "from the hook" }, { NULL, NULL } };
static const struct twilio_headers tag = { .agent = "panel/1", .lines = tagged };

static struct {
    unsigned calls;
    char sent[8192];
    size_t sent_size;
    struct twilio_transport around;
} tap;

static int tap_connect(void *context, const char *host)
{
    assert_ptr_equal(context, &tap);
    return client.https.connect(client.https.context, host);
}

static int tap_send(void *context, const void *data, size_t size)
{
    int n = client.https.send(client.https.context, data, size);
    assert_ptr_equal(context, &tap);
    drip.on |= drip.answer;
    if (n > 0) {
        memcpy(tap.sent + tap.sent_size, data, (size_t)n);
        tap.sent_size += (size_t)n;
    }
    return n;
}

static int tap_recv(void *context, void *data, size_t size)
{
    assert_ptr_equal(context, &tap);
    return client.https.recv(client.https.context, data, size);
}

static void tap_close(void *context)
{
    assert_ptr_equal(context, &tap);
    client.https.close(client.https.context);
}

static void hook(void *context, struct twilio_request *request, struct twilio_exchange *exchange)
{
    assert_ptr_equal(context, &tap);
    assert_ptr_equal(exchange->request, request);
    assert_ptr_equal(request->account, &account);
    tap.calls++;
    tap.around = (struct twilio_transport){ tap_connect, tap_send, tap_recv, tap_close, &tap };
    request->headers = (struct twilio_generator){ twilio_headers, &tag };
    exchange->transport = &tap.around;
}

static void set_hook(void)
{
    memset(&tap, 0, sizeof tap);
    client.hook = hook;
    client.context = &tap;
}

/* The server tells what it was asked: that is what passed through the hook's transport. */
static void a_hook_sees_what_the_server_sees(void **unused)
{
    (void)unused;
    const struct twilio_request request = {
        .method = TWILIO_POST, .resource = "/echo", .params = TWILIO_PARAMS({ "To", "+1" }),
    };
    set_hook();
    for (unsigned i = 1; i <= 3; i++) {
        tap.sent_size = 0;
        assert_int_equal(twilio_send(&client, &request, &answer), TWILIO_OK);
        assert_int_equal(answer.code, 200);
        assert_int_equal(tap.calls, i);
        assert_int_equal(answer.length, tap.sent_size);
        assert_memory_equal(content, tap.sent, tap.sent_size);
        assert_non_null(strstr(content, "\r\nX-Tag: from the hook\r\n"));
        assert_non_null(strstr(content, "\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION " panel/1\r\n"));
        assert_non_null(strstr(content, "\r\n\r\nTo=%2B1"));
    }
    assert_int_equal(wire.opened, 1);
}

static void headers_of_the_client_reach_the_server(void **unused)
{
    (void)unused;
    client.headers = (struct twilio_generator){ twilio_headers, &tag };
    assert_int_equal(twilio_get(&client, "/echo", TWILIO_PARAMS({ "a", "b c" }), &answer), TWILIO_OK);
    assert_memory_equal(content, "GET /echo?a=b%20c HTTP/1.1\r\nHost: api.twilio.com\r\n", 50);
    assert_non_null(strstr(content, "\r\nX-Tag: from the hook\r\n"));
}

static bool first_piece(void *context, const char *data, size_t size)
{
    assert_true(size > 0 && data[0] == 'G');
    ++*(unsigned *)context;
    return false;
}

static void a_body_can_be_ended(void **unused)
{
    (void)unused;
    unsigned pieces = 0;
    answer.body = first_piece;
    answer.context = &pieces;
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_ITEM);
    assert_int_equal(pieces, 1);
    assert_int_equal(wire.closed, 1);
    answer.body = NULL;
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_OK);
    assert_int_equal(wire.opened, 2);
}

/* ---- What the clock is told --------------------------------------------------- */

static void tell_time(bool certified)
{
    the_clock.date = 0;
    the_clock.certified = !certified;
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_OK);
    assert_int_equal(the_clock.date, 784111777);
    assert_int_equal(the_clock.certified, certified);
    assert_int_equal(the_clock.doubts, 0);
}

/* A chain proves the time of the answer for which it was verified, not of those that follow. */
static void the_clock_learns_from_answers(void **unused)
{
    (void)unused;
    tell_time(true);
    tell_time(false);
    assert_int_equal(wire.opened, 1);
    twilio_client_close(&client);
    tell_time(false);
    assert_true(client.tls.resumed);
    twilio_client_close(&client);
    twilio_tls_forget(&client.tls);
    tell_time(true);
}

static void the_clock_learns_of_dates_refused(void **unused)
{
    (void)unused;
    the_clock.ahead = UINT32_MAX - (uint32_t)time(NULL);
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_ERR_EXPIRED);
    assert_int_equal(the_clock.doubts, 1);
    assert_int_equal(the_clock.date, 0);
    the_clock.ahead = 1 - (uint32_t)time(NULL);
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_ERR_NOT_YET_VALID);
    assert_int_equal(the_clock.doubts, 2);
}

/* ---- Deadlines, with a peer that drips a byte a second ------------------------ */

static bool drip_from_here(void *context, const char *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    drip.on = true;
    return true;
}

/* The answer takes three records or more. */
static int get_much(void)
{
    static char much[2500];
    memset(much, 'x', sizeof much - 1);
    return twilio_get(&client, "/echo", TWILIO_PARAMS({ "much", much }), &answer);
}

/* Cut off on time in that phase; and the next call finds nothing in its way. */
static void cut_off(enum twilio_phase phase)
{
    drip.clocked = true;
    assert_int_equal(get_much(), TWILIO_ERR_TIMEOUT);
    assert_int_equal(drip.now, 5000);
    assert_int_equal(drip.drops, 6);
    assert_int_equal(answer.phase, phase);
    assert_int_equal(answer.committed, phase > TWILIO_PHASE_HANDSHAKE);
    assert_int_equal(answer.code, phase == TWILIO_PHASE_BODY ? 200 : 0);
    assert_int_equal(wire.closed, 1);

    drip.on = drip.answer = false;
    answer.body = NULL;
    assert_int_equal(get_much(), TWILIO_OK);
    assert_int_equal(drip.now, 5000);
}

static void a_handshake_that_drips_is_cut_off(void **unused)
{
    (void)unused;
    client.limit[TWILIO_PHASE_HANDSHAKE] = 5000;
    drip.on = true;
    cut_off(TWILIO_PHASE_HANDSHAKE);
}

static void a_first_byte_that_drips_is_cut_off(void **unused)
{
    (void)unused;
    set_hook();
    client.limit[TWILIO_PHASE_FIRST_BYTE] = 5000;
    drip.answer = true;
    cut_off(TWILIO_PHASE_FIRST_BYTE);
}

static void a_body_that_drips_is_cut_off(void **unused)
{
    (void)unused;
    answer.body = drip_from_here;
    client.limit[TWILIO_PHASE_BODY] = 5000;
    cut_off(TWILIO_PHASE_BODY);
}

static void a_call_that_drips_is_cut_off(void **unused)
{
    (void)unused;
    client.timeout = 5000;
    drip.on = true;
    cut_off(TWILIO_PHASE_HANDSHAKE);
    twilio_client_close(&client);
    wire.closed = 0;
    wire.opened = 0;
    drip.now = drip.due = drip.drops = 0;
    answer.body = drip_from_here;
    cut_off(TWILIO_PHASE_BODY);
}

/* ---- Lists -------------------------------------------------------------------- */

#define ITEMS 15 /* on three pages of five */

static char next[300], sid[35], status[16], message[32];
static struct twilio_field fields[] = {
    TWILIO_LIST_NEXT(next), TWILIO_FIELD("services[].sid", sid), TWILIO_FIELD("services[].status", status),
    TWILIO_FIELD_END,
};
static unsigned seen, wanted; /* wanted 0: all */

static bool see(void *context)
{
    char expected[35];
    assert_ptr_equal(context, &seen);
    assert_int_equal(answer.code, 200);
    snprintf(expected, sizeof expected, "SM%032x", seen);
    assert_string_equal(sid, expected);
    assert_string_equal(status, seen % 2 != 0 ? "queued" : "sent");
    return ++seen != wanted;
}

static struct twilio_list list;
static struct twilio_request page;

/* Walk the list of that name. */
static int walk(const char *name, uint32_t limit)
{
    bool legacy = strcmp(name, "Messages.json") == 0;
    fields[2].name = legacy ? "messages[].sid" : "services[].sid";
    fields[3].name = legacy ? "messages[].status" : "services[].status";
    list = (struct twilio_list){ .fields = fields, .limit = limit };
    page = (struct twilio_request){ .resource = name, .params = TWILIO_PARAMS({ "PageSize", "5" }) };
    seen = 0;
    return twilio_each(&client, &page, &list, see, &seen, &answer);
}

static void lists_are_walked_over_one_connection(void **unused)
{
    (void)unused;
    static const char *const names[] = { "Messages.json", "/v1/Services", "Messages.json" };
    set_hook();
    for (unsigned i = 0; i < COUNT(names); i++) {
        assert_int_equal(walk(names[i], 0), TWILIO_OK);
        assert_int_equal(seen, ITEMS);
        assert_int_equal(list.count, ITEMS);
        assert_int_equal(answer.code, 200);
        assert_string_equal(answer.message, "Said");
        assert_int_equal(answer.date, 784111777);
        assert_int_equal(tap.calls, 3 * (i + 1)); /* each page is a request */
        tap.sent_size = 0;
    }
    assert_int_equal(wire.opened, 1);
    assert_null(answer.body);
    assert_null(answer.context);
}

static void each_page_is_asked_for_as_it_was_named(void **unused)
{
    (void)unused;
    const char *at;
    set_hook();
    assert_int_equal(walk("Messages.json", 0), TWILIO_OK);
    tap.sent[tap.sent_size] = '\0';
    at = strstr(tap.sent, "GET /2010-04-01/Accounts/AC1/Messages.json?PageSize=5 HTTP/1.1\r\n");
    assert_ptr_equal(at, tap.sent);
    at = strstr(at, "GET /2010-04-01/Accounts/AC1/Messages.json?Page=1&PageToken=PA0 HTTP/1.1\r\n");
    assert_non_null(at);
    at = strstr(at, "GET /2010-04-01/Accounts/AC1/Messages.json?Page=2&PageToken=PA1 HTTP/1.1\r\n");
    assert_non_null(at);
    assert_null(strstr(at + 1, "GET "));
    assert_non_null(strstr(at, "\r\nAuthorization: Basic QUMxOnNlY3JldA==\r\n"));
    assert_non_null(strstr(at, "\r\nX-Tag: from the hook\r\n"));
}

static void a_limit_holds(void **unused)
{
    (void)unused;
    set_hook();
    for (uint32_t limit = 1; limit <= 17; limit++) {
        unsigned expected = limit < ITEMS ? limit : ITEMS;
        tap.calls = 0;
        tap.sent_size = 0;
        assert_int_equal(walk("/v1/Services", limit), TWILIO_OK);
        assert_int_equal(seen, expected);
        assert_int_equal(list.count, expected);
        assert_int_equal(tap.calls, (expected + 4) / 5);
    }
    assert_int_equal(wire.opened, 1);
}

static void a_walk_can_be_ended(void **unused)
{
    (void)unused;
    for (wanted = 1; wanted <= ITEMS; wanted++) {
        assert_int_equal(walk("/v1/Services", 0), TWILIO_ITEM);
        assert_int_equal(seen, wanted);
        assert_int_equal(list.count, wanted);
        assert_null(answer.body);
    }
    wanted = 0;
}

static void the_server_may_close(void **unused)
{
    (void)unused;
    assert_int_equal(walk("/v1/Closing", 0), TWILIO_OK);
    assert_int_equal(seen, ITEMS);
    assert_int_equal(wire.opened, 3);
}

static void an_empty_list_has_no_items(void **unused)
{
    (void)unused;
    assert_int_equal(walk("/v1/Empty", 0), TWILIO_OK);
    assert_int_equal(seen, 0);
}

/* The error has an item where the list has its own; it must not be taken for one. */
static void an_error_is_no_page(void **unused)
{
    (void)unused;
    struct twilio_field error[] = { { .name = "code" }, TWILIO_FIELD("message", message), TWILIO_FIELD_END };
    answer.fields = error;
    assert_int_equal(walk("/v1/Nowhere", 0), TWILIO_ERR_CONTENT);
    assert_int_equal(answer.code, 404);
    assert_int_equal(seen, 0);
    assert_string_equal(message, "not found");
    assert_non_null(strstr(content, "20404"));

    message[0] = '\0';
    assert_int_equal(walk("/v1/Missing", 0), TWILIO_ERR_CONTENT);
    assert_int_equal(answer.code, 404);
    assert_int_equal(seen, 5);
    assert_string_equal(message, "not found");
    assert_int_equal(wire.opened, 1);
    answer.fields = NULL;
}

static void what_is_wrong_with_a_page_is_told(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        int result;
        unsigned items;
        bool closed;  /* the connection, because a page was not read to its end */
    } rows[] = {
        { "/v1/Foreign", TWILIO_ERR_PAGE, 5, false }, { "/v1/Long", TWILIO_ERR_SIZE, 5, false },
        { "/v1/Broken", TWILIO_ERR_JSON, 5, true }, { "/v1/Cut", TWILIO_ERR_CLOSED, 6, true },
        { "a b", TWILIO_ERR_RESOURCE, 0, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned closed = wire.closed;
        int result = walk(rows[i].name, 0);
        if (result != rows[i].result || seen != rows[i].items || (wire.closed != closed) != rows[i].closed) {
            fail_msg("%s: %d after %u items", rows[i].name, result, seen);
        }
        assert_null(answer.body);
    }
    assert_string_equal(wire.host, "api.twilio.com");
}

static void walks_are_checked(void **unused)
{
    (void)unused;
    assert_int_equal(walk("Messages.json", 1), TWILIO_OK);
    assert_ptr_equal(page.account, &account);
    assert_int_equal(twilio_each(NULL, &page, &list, see, &seen, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_each(&client, NULL, &list, see, &seen, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_each(&client, &page, NULL, see, &seen, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_each(&client, &page, &list, NULL, &seen, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_each(&client, &page, &list, see, &seen, NULL), TWILIO_ERR_ARGUMENT);
    page.method = TWILIO_POST;
    assert_int_equal(twilio_each(&client, &page, &list, see, &seen, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(wire.opened, 1);
}

/* ---- Tokens ------------------------------------------------------------------- */

static char text[2048];
static struct twilio_token token;

static int fetch(const char *secret, uint16_t size)
{
    const struct twilio_client_credentials credentials = { .id = "OQ1", .secret = secret };
    strcpy(text, "old");
    token = (struct twilio_token){ .text = text, .size = size, .expires = 1 };
    return twilio_token_fetch(&client, &credentials, &token, &answer);
}

/* On a clock that is wrong by half an hour: then, too, it has to be replaced in time. */
static void a_token_is_fetched_and_used(void **unused)
{
    (void)unused;
    for (the_clock.ahead = 0; the_clock.ahead <= 1800; the_clock.ahead += 1800) {
        uint32_t before = twilio_clock_now();
        assert_int_equal(fetch("right", sizeof text), TWILIO_OK);
        assert_string_equal(wire.host, "oauth.twilio.com");
        assert_int_equal(answer.code, 200);
        assert_int_equal(strlen(text), 1203);
        assert_memory_equal(text, "eyJ01234567890", 14);
        assert_in_range(token.expires, before + 3570, twilio_clock_now() + 3570);
        assert_null(answer.fields);
    }
    account = (struct twilio_account){ .sid = "AC1", .bearer = token.text };
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_OK);
    assert_string_equal(wire.host, "api.twilio.com");
    assert_non_null(strstr(content, "\r\nAuthorization: Bearer eyJ01234567890"));
    assert_null(strstr(content, "Basic"));
}

/* The account has nothing to log in with yet. */
static void a_token_needs_no_login(void **unused)
{
    (void)unused;
    account = (struct twilio_account){ .host = "login.twilio.com" };
    assert_int_equal(fetch("right", 1204), TWILIO_OK);
    assert_string_equal(wire.host, "login.twilio.com");
}

static void no_token_no_credentials(void **unused)
{
    (void)unused;
    static const struct {
        const char *secret;
        uint16_t size;
        int result, code;
    } rows[] = {
        { "wrong", sizeof text, TWILIO_ERR_CONTENT, 401 }, { "cut", sizeof text, TWILIO_ERR_CLOSED, 200 },
        { "lifeless", sizeof text, TWILIO_ERR_CONTENT, 200 }, { "textless", 2048, TWILIO_ERR_CONTENT, 200 },
        { "created", sizeof text, TWILIO_ERR_CONTENT, 201 }, { "right", 1203, TWILIO_ERR_CONTENT, 200 },
        { "right", 1, TWILIO_ERR_CONTENT, 200 }, { "", sizeof text, TWILIO_ERR_CREDENTIALS, 0 },
        { NULL, sizeof text, TWILIO_ERR_CREDENTIALS, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int result = fetch(rows[i].secret, rows[i].size);
        if (result != rows[i].result || answer.code != rows[i].code || token.expires != 0 ||
            text[0] != '\0') {
            fail_msg("row %zu: %d, HTTP %d, expires %u, \"%s\"", i, result, answer.code, token.expires, text);
        }
        assert_null(answer.fields);
    }
}

static void fetches_are_checked(void **unused)
{
    (void)unused;
    const struct twilio_client_credentials credentials = { .id = "OQ1", .secret = "right" };
    struct twilio_token none = { .text = NULL, .size = 10 };
    assert_int_equal(fetch("right", 0), TWILIO_ERR_ARGUMENT);
    assert_string_equal(text, "old");
    assert_int_equal(twilio_token_fetch(&client, &credentials, &none, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_token_fetch(&client, &credentials, NULL, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_token_fetch(&client, &credentials, &token, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_token_fetch(&client, NULL, &token, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_token_fetch(NULL, &credentials, &token, &answer), TWILIO_ERR_ARGUMENT);
    assert_int_equal(wire.opened, 0);
}

/* ---- SHA-1 -------------------------------------------------------------------- */

/* It is in this program, and certificates signed by it are refused all the same. */
static void sha1_is_for_webhooks_alone(void **unused)
{
    (void)unused;
    assert_true(twilio_webhook_valid("Jefe", "7/zfauXrL6LSdBbV8YTfnCWafHk=",
                                     "what do ya want for nothing?", NULL));
    wire.server = "sha1";
    assert_int_equal(twilio_get(&client, "/echo", NULL, &answer), TWILIO_ERR_UNTRUSTED);
    assert_false(answer.committed);
    assert_int_equal(answer.code, 0);
}

/* ---- Attempts ------------------------------------------------------------------ */

static void an_attempt_says_what_to_do(void **unused)
{
    (void)unused;
    static const struct {
        const char *resource;
        int result, code;
        uint32_t error;
        const char *message;
        enum twilio_advice advice;
    } table[] = {
        { "/outcome/done", TWILIO_OK, 201, 0, "", TWILIO_DONE },
        { "/outcome/landline", TWILIO_OK, 400, 21614, "'To' is no mobile number", TWILIO_USE_VOICE },
        { "/outcome/busy", TWILIO_OK, 429, 20429, "Come back later", TWILIO_RETRY_LATER },
        { "/outcome/login", TWILIO_OK, 401, 20003, "Who & what?", TWILIO_FIX_CONFIGURATION },
        { "/outcome/proxy", TWILIO_OK, 502, 0, "", TWILIO_LOOK_FIRST },
        { "/outcome/Cut?Page=1", TWILIO_ERR_CLOSED, 201, 0, "", TWILIO_LOOK_FIRST },
        { "bad resource", TWILIO_ERR_RESOURCE, 0, 0, "", TWILIO_FIX_PROGRAM },
    };

    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = { .method = TWILIO_POST, .resource = table[i].resource };
        struct twilio_attempt attempt;
        memset(&attempt, 0xA5, sizeof attempt);
        print_message("%s\n", table[i].resource);
        assert_int_equal(twilio_attempt(&client, &request, &answer, &attempt), table[i].advice);
        assert_int_equal(attempt.advice, table[i].advice);
        assert_int_equal(attempt.result, table[i].result);
        assert_int_equal(answer.code, table[i].code);
        assert_int_equal(attempt.error.code, table[i].error);
        assert_string_equal(attempt.error.message, table[i].message);
        assert_null(answer.body);
        assert_null(answer.context);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hook_sees_what_the_server_sees), TEST(headers_of_the_client_reach_the_server),
        TEST(a_body_can_be_ended), TEST(a_handshake_that_drips_is_cut_off),
        TEST(a_first_byte_that_drips_is_cut_off), TEST(a_body_that_drips_is_cut_off),
        TEST(a_call_that_drips_is_cut_off), TEST(lists_are_walked_over_one_connection),
        TEST(each_page_is_asked_for_as_it_was_named), TEST(a_limit_holds), TEST(a_walk_can_be_ended),
        TEST(the_server_may_close), TEST(an_empty_list_has_no_items), TEST(an_error_is_no_page),
        TEST(what_is_wrong_with_a_page_is_told), TEST(walks_are_checked), TEST(a_token_is_fetched_and_used),
        TEST(a_token_needs_no_login), TEST(no_token_no_credentials), TEST(fetches_are_checked),
        TEST(sha1_is_for_webhooks_alone), TEST(an_attempt_says_what_to_do),
        TEST(the_clock_learns_from_answers),
        TEST(the_clock_learns_of_dates_refused),
    };
    return cmocka_run_group_tests(tests, load_roots, NULL);
}
