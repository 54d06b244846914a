/*
 * test_proxy.c - the tunnel through a proxy, over a scripted transport that fails at every call
 *
 * The transport holds the tunnel to both contracts: what is sent and where from, that what follows the
 * proxy's answer is not read, and that each attempt ends with one close.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_proxy.h"

#define HOST    "api.twilio.com"
#define USER    "Aladdin"
#define SECRET  "open sesame"
#define CODED   "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  /* RFC 7617 2 */
#define PLAIN   "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: api.twilio.com:443\r\n\r\n"
#define LOGIN   "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: api.twilio.com:443\r\n" \
                "Proxy-Authorization: Basic " CODED "\r\n\r\n"
#define ANSWER  "HTTP/1.1 200 Connection established\r\nVia: 1.1 wall\r\n\r\n"
#define BEYOND  "\x16\x03\x03 and what else the tunnel brings"

/* ---- The scripted transport ---------------------------------------------- */

#define NO_FAULT 1
#define END      0

static struct {
    /* the script */
    const char *expected;  /* to be sent */
    const char *answer;
    size_t send_max;
    bool halting;          /* every other call answers TWILIO_AGAIN */
    bool kept;
    size_t fault_call;     /* from 0; what it returns: */
    int fault;

    bool open, tunnel;     /* tunnel: the proxy's transport has said that it is there */
    int opens, closes;
    size_t calls, taken, given;
    const void *offered;
    size_t offered_size;
} net;

static struct twilio_proxy proxy;
static struct twilio_transport through;

static int fault(void)
{
    size_t call = net.calls++;

    if (net.fault != NO_FAULT && net.fault_call == call) {
        return net.fault;
    }
    return net.halting && call % 2 == 0 ? TWILIO_AGAIN : NO_FAULT;
}

static int fake_connect(void *context, const char *to)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_string_equal(to, "wall.example.com");
    if (!net.open) {
        net.open = true;
        net.opens++;
        net.taken = net.given = 0;
        net.offered = NULL;
    }
    assert_int_equal(net.opens, net.closes + 1);
    return result < 0 ? result : net.kept ? TWILIO_KEPT : TWILIO_OK;
}

static int fake_send(void *context, const void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open && size > 0);
    if (net.tunnel) {
        return result < 0 ? result : (int)smaller(size, 5);
    }
    check(strncmp(net.expected + net.taken, data, size) == 0, "octets %zu, +%zu: '%.*s'", net.taken, size,
          (int)size, (const char *)data);
    if (net.offered != NULL) {
        assert_ptr_equal(data, net.offered);
        assert_int_equal(size, net.offered_size);
    }
    net.offered = result == TWILIO_AGAIN ? data : NULL;
    net.offered_size = size;
    if (result < 0) {
        return result;
    }
    size = smaller(size, net.send_max);
    net.taken += size;
    return (int)size;
}

/* All that was asked was sent before the answer is looked at, and that octet by octet. */
static int fake_recv(void *context, void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open);
    assert_int_equal(net.taken, strlen(net.expected));
    if (!net.tunnel) {
        assert_int_equal(size, 1);
    }
    if (result <= 0) {
        return result;
    }
    size = smaller(size, strlen(net.answer + net.given));
    memcpy(data, net.answer + net.given, size);
    net.given += size;
    return (int)size;
}

static void fake_close(void *context)
{
    assert_ptr_equal(context, &net);
    assert_true(net.open);
    net.open = net.tunnel = false;
    net.closes++;
}

static const struct twilio_transport below = { fake_connect, fake_send, fake_recv, fake_close, &net };

/* ---- A proxy under test -------------------------------------------------- */

static void start(const char *expected, const char *answer)
{
    memset(&net, 0, sizeof net);
    net.expected = expected;
    net.answer = answer;
    net.send_max = SIZE_MAX;
    net.fault = NO_FAULT;
    memset(&proxy, 0, sizeof proxy);
    proxy.below = &below;
    proxy.host = "wall.example.com";
    through = twilio_proxy_transport(&proxy);
}

static void start_with_login(const char *answer)
{
    start(LOGIN, answer);
    proxy.user = USER;
    proxy.secret = SECRET;
}

/* No four octets of the coded login are left in the struct: it is the caller's, who may print it. */
static void check_clean(void)
{
    const char *memory = (const char *)&proxy;

    for (size_t at = 0; at + 4 <= sizeof CODED - 1; at++) {
        for (size_t i = 0; i + 4 <= sizeof proxy; i++) {
            check(memcmp(memory + i, CODED + at, 4) != 0, "'%.4s' of the login at %zu", CODED + at, i);
        }
    }
}

/* Connect until it is over, and hold the outcome to the contract. */
static int connect_to(const char *host)
{
    int result, before = net.opens - net.closes;
    size_t calls;

    do {
        calls = net.calls;
        result = through.connect(through.context, host);
        assert_true(result != TWILIO_AGAIN || net.calls > calls);
        if (net.open && net.taken == strlen(net.expected)) {
            check_clean();
        }
    } while (result == TWILIO_AGAIN);
    net.tunnel = result == TWILIO_OK;
    assert_true(result <= TWILIO_OK);
    assert_int_equal(net.opens - net.closes, result == TWILIO_OK ? 1 : 0);
    assert_true(before == 0 || net.closes > 0);
    check_clean();
    return result;
}

/* Whoever tried must be able to let go: nothing is closed twice. */
static void close_through(void)
{
    for (int i = 0; i < 2; i++) {
        through.close(through.context);
        assert_int_equal(net.opens, net.closes);
    }
    check_clean();
}

/* ---- What is asked ------------------------------------------------------- */

static void requests(void **state)
{
    static const struct {
        const char *host, *user, *secret, *expected;
        uint16_t port;
    } table[] = {
        { HOST, NULL, NULL, PLAIN, 0 },
        { HOST, NULL, SECRET, PLAIN, 443 },
        { HOST, USER, SECRET, LOGIN, 0 },
        { "a", NULL, NULL, "CONNECT a:8443 HTTP/1.1\r\nHost: a:8443\r\n\r\n", 8443 },
        { "a", NULL, NULL, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 1 },
        { "a", NULL, NULL, "CONNECT a:65535 HTTP/1.1\r\nHost: a:65535\r\n\r\n", 65535 },
        { "a", "u", "p:q",
          "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nProxy-Authorization: Basic dTpwOnE=\r\n\r\n", 0 },
        { "127.0.0.1", NULL, NULL, "CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n", 0 },
        /* whatever a name is, it does not end the line */
        { "a b\r\nX: 1", NULL, NULL,
          "CONNECT a%20b%0D%0AX%3A%201:443 HTTP/1.1\r\nHost: a%20b%0D%0AX%3A%201:443\r\n\r\n", 0 },
    };
    static const size_t most[] = { 1, 2, 63, 64, 65, SIZE_MAX };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        for (size_t j = 0; j < COUNT(most) * 2; j++) {
            start(table[i].expected, ANSWER BEYOND);
            proxy.user = table[i].user;
            proxy.secret = table[i].secret;
            proxy.port = table[i].port;
            net.send_max = most[j / 2];
            net.halting = j % 2 == 1;
            check(connect_to(table[i].host) == TWILIO_OK, "%s", table[i].expected);
            assert_int_equal(net.taken, strlen(table[i].expected));
            assert_int_equal(net.opens, 1);
            close_through();
        }
    }
}

/* A login of any length: every place of the windows' edges in it */
static void long_logins(void **state)
{
    static char secret[3000], expected[5000];
    const char *head = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nProxy-Authorization: Basic ";

    (void)state;
    for (size_t length = 3; length < 2900; length += length < 300 ? 3 : 300) {
        /* "u:" and one octet, then threes of one kind: "dTpB", "QUFB", ... */
        memset(secret, 'A', length);
        secret[1 + length / 3 * 3 - 3] = '\0';
        snprintf(expected, sizeof expected, "%sdTpB", head);
        for (size_t i = 0; i < length / 3 - 1; i++) {
            strcat(expected, "QUFB");
        }
        strcat(expected, "\r\n\r\n");
        start(expected, ANSWER);
        proxy.user = "u";
        proxy.secret = secret;
        net.send_max = length % 7 + 1;
        check(connect_to("a") == TWILIO_OK, "a login of %zu", length);
        assert_int_equal(net.taken, strlen(expected));
    }
}

/* ---- What is answered ---------------------------------------------------- */

static void answers(void **state)
{
    static const struct {
        const char *answer;
        int result;
        uint16_t code;
    } table[] = {
        { "HTTP/1.1 200 Connection established\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.0 200 OK\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 200 \r\nProxy-Agent: a/1\r\nX-Cache: MISS\r\n\tfrom b\r\nDate:\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 204 No Content\r\n\r\n", TWILIO_OK, 204 },
        { "HTTP/1.1 299 Odd\r\n\r\n", TWILIO_OK, 299 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 102 Still\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
          TWILIO_OK, 200 },
        /* an answer to CONNECT has no body, whatever it says: RFC 9110 9.3.6 */
        { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", TWILIO_OK, 200 },
        { "HTTP/1.1 300 Choices\r\n\r\n", TWILIO_ERR_PROXY, 300 },
        { "HTTP/1.1 302 Found\r\nLocation: http://login.example.com/\r\n\r\n", TWILIO_ERR_PROXY, 302 },
        { "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\n", TWILIO_ERR_PROXY, 403 },
        { "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"wall\"\r\n\r\n",
          TWILIO_ERR_PROXY, 407 },
        { "HTTP/1.1 502 Bad Gateway\r\n\r\n", TWILIO_ERR_PROXY, 502 },
        { "HTTP/1.1 999 What\r\n\r\n", TWILIO_ERR_PROXY, 999 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 407 No\r\n\r\n", TWILIO_ERR_PROXY, 407 },
        { "HTTP/1.1 101 Switching Protocols\r\n\r\n", TWILIO_ERR_HTTP, 0 },
        { "220 mail.example.com ESMTP\r\n", TWILIO_ERR_HTTP, 0 },
        { "\x15\x03\x03", TWILIO_ERR_HTTP, 0 },
        { "\r\nHTTP/1.1 200 OK\r\n\r\n", TWILIO_ERR_HTTP, 0 },
        { "HTTP/2 200\r\n\r\n", TWILIO_ERR_HTTP, 0 },
        { "HTTP/1.1 200 OK\n\n", TWILIO_ERR_HTTP, 0 },
        { "HTTP/1.1 099 Low\r\n\r\n", TWILIO_ERR_HTTP, 0 },
        { "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", TWILIO_ERR_HTTP, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table) * 2; i++) {
        char answer[256], rest[64] = "";
        size_t head = strlen(table[i / 2].answer);
        int result;

        snprintf(answer, sizeof answer, "%s%s", table[i / 2].answer, BEYOND);
        start_with_login(answer);
        net.halting = i % 2 == 1;
        result = connect_to(HOST);
        check(result == table[i / 2].result && proxy.code == table[i / 2].code, "%d, %u: %s", result,
              proxy.code, answer);
        check(result == TWILIO_ERR_HTTP ? net.given <= head : net.given == head, "%zu read of %s", net.given,
              answer);
        if (result == TWILIO_OK) {
            while (through.recv(through.context, rest, sizeof rest) == TWILIO_AGAIN) {
            }
            assert_string_equal(rest, BEYOND);
        }
        close_through();
        assert_int_equal(proxy.code, table[i / 2].code);
    }
}

/* An answer that never ends does, and so do interim ones. */
static void endless_answers(void **state)
{
    static char answer[2 * TWILIO_RESPONSE_HEAD_MAX];

    (void)state;
    strcpy(answer, "HTTP/1.1 200 OK\r\nX: ");
    memset(answer + strlen(answer), 'x', sizeof answer - 1 - strlen(answer));
    start(PLAIN, answer);
    assert_int_equal(connect_to(HOST), TWILIO_ERR_HTTP);
    assert_in_range(net.given, TWILIO_RESPONSE_HEAD_MAX, TWILIO_RESPONSE_HEAD_MAX + 1);
    answer[0] = '\0';
    for (size_t at = 0; at + 30 < sizeof answer; at += 23) {
        memcpy(answer + at, "HTTP/1.1 100 Wait...\r\n\r\n", 25);
    }
    start(PLAIN, answer);
    assert_int_equal(connect_to(HOST), TWILIO_ERR_HTTP);
}

/* ---- What fails ---------------------------------------------------------- */

static size_t calls_without_fault(bool halting)
{
    start_with_login(ANSWER BEYOND);
    net.halting = halting;
    net.send_max = 50;
    assert_int_equal(connect_to(HOST), TWILIO_OK);
    return net.calls;
}

/* Every call fails in turn: the error is below's, nothing stays behind, and the next attempt is sound. */
static void every_call_fails(void **state)
{
    static const int faults[] = { TWILIO_ERR_RESET, TWILIO_ERR_DNS, TWILIO_ERR_CONNECT, TWILIO_ERR_NETWORK,
                                  TWILIO_ERR_TIMEOUT };

    (void)state;
    for (int halting = 0; halting < 2; halting++) {
        size_t calls = calls_without_fault(halting);

        for (size_t i = 0; i < calls * COUNT(faults); i++) {
            start_with_login(ANSWER BEYOND);
            net.halting = halting;
            net.send_max = 50;
            net.fault_call = i / COUNT(faults);
            net.fault = faults[i % COUNT(faults)];
            check(connect_to(HOST) == net.fault, "call %zu", net.fault_call);
            assert_int_equal(proxy.code, 0);
            close_through();
            assert_int_equal(net.opens, 1);
            net.fault = NO_FAULT;
            assert_int_equal(connect_to(HOST), TWILIO_OK);
            assert_int_equal(proxy.code, 200);
            close_through();
        }
    }
}

static void answers_cut_short(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof ANSWER - 1; at++) {
        start_with_login(ANSWER);
        net.fault_call = 1 + 2 + at;  /* after connect, and the request in two pieces */
        net.fault = END;
        check(connect_to(HOST) == TWILIO_ERR_CLOSED, "at %zu", at);
        assert_int_equal(net.given, at);
        assert_int_equal(proxy.code, 0);
        close_through();
    }
}

/* Given up after any call, at a deadline perhaps */
static void given_up(void **state)
{
    size_t calls = calls_without_fault(true);

    (void)state;
    for (size_t i = 0; i < calls; i++) {
        start_with_login(ANSWER BEYOND);
        net.halting = true;
        net.send_max = 50;
        while (net.calls <= i && through.connect(through.context, HOST) == TWILIO_AGAIN) {
        }
        assert_int_equal(net.opens, 1);
        close_through();
        net.halting = false;
        assert_int_equal(connect_to(HOST), TWILIO_OK);
    }
}

static void never_connected(void **state)
{
    (void)state;
    start(PLAIN, ANSWER);
    close_through();
    assert_int_equal(net.calls, 0);
    assert_int_equal(net.closes, 0);
}

/* ---- Mistakes ------------------------------------------------------------ */

static void mistakes(void **state)
{
    static const struct {
        const char *host, *user, *secret;
        int result;
    } table[] = {
        { NULL, NULL, NULL, TWILIO_ERR_HOST },
        { "wall.example.com", "", SECRET, TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", USER, NULL, TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", USER, "", TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", "a:b", SECRET, TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", "a\n", SECRET, TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", USER, "open\rsesame", TWILIO_ERR_CREDENTIALS },
        { "wall.example.com", USER, SECRET "\x7f", TWILIO_ERR_CREDENTIALS },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        start(LOGIN, ANSWER);
        proxy.host = table[i].host;
        proxy.user = table[i].user;
        proxy.secret = table[i].secret;
        for (int again = 0; again < 2; again++) {
            int result = connect_to(HOST);

            check(result == table[i].result, "%zu: %d", i, result);
            close_through();
        }
        assert_int_equal(net.calls, 0);
        assert_int_equal(net.closes, 0);
    }
    start(PLAIN, ANSWER);
    proxy.below = NULL;
    assert_int_equal(connect_to(HOST), TWILIO_ERR_ARGUMENT);
    close_through();
}

/* A login is not said into a connection that was there before: it may be somebody's tunnel. */
static void kept_connections(void **state)
{
    (void)state;
    start_with_login(ANSWER);
    net.kept = true;
    assert_int_equal(connect_to(HOST), TWILIO_ERR_ARGUMENT);
    assert_int_equal(net.taken, 0);
    assert_int_equal(net.closes, 1);
    close_through();
    assert_int_equal(net.closes, 1);
}

/* ---- The tunnel ---------------------------------------------------------- */

static void what_passes(void **state)
{
    static const int results[] = { TWILIO_AGAIN, TWILIO_ERR_RESET, TWILIO_ERR_CLOSED };
    char rest[8];

    (void)state;
    start_with_login(ANSWER BEYOND);
    assert_int_equal(connect_to(HOST), TWILIO_OK);
    assert_int_equal(through.send(through.context, "hello, world", 12), 5);
    assert_int_equal(through.recv(through.context, rest, sizeof rest), sizeof rest);
    assert_memory_equal(rest, BEYOND, sizeof rest);
    for (size_t i = 0; i < COUNT(results); i++) {
        net.fault = results[i];
        net.fault_call = net.calls;
        assert_int_equal(through.send(through.context, "hello", 5), results[i]);
        net.fault_call = net.calls;
        assert_int_equal(through.recv(through.context, rest, sizeof rest), results[i]);
    }
    net.fault = END;
    net.fault_call = net.calls;
    assert_int_equal(through.recv(through.context, rest, sizeof rest), 0);
    assert_int_equal(net.closes, 0);
    close_through();
    assert_int_equal(net.closes, 1);
}

/* A second connect, without a close: a new tunnel, asked for in full; and the outcome is told anew. */
static void another_tunnel(void **state)
{
    (void)state;
    start_with_login(ANSWER);
    assert_int_equal(connect_to(HOST), TWILIO_OK);
    net.answer = "HTTP/1.1 407 No\r\n\r\n";
    assert_int_equal(connect_to(HOST), TWILIO_ERR_PROXY);
    assert_int_equal(net.opens, 2);
    assert_int_equal(proxy.code, 407);
    net.answer = "HTTP/1.1 2";
    net.fault_call = net.calls + 1;
    net.fault = TWILIO_ERR_RESET;
    assert_int_equal(connect_to(HOST), TWILIO_ERR_RESET);
    assert_int_equal(proxy.code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(long_logins),
        cmocka_unit_test(answers),
        cmocka_unit_test(endless_answers),
        cmocka_unit_test(every_call_fails),
        cmocka_unit_test(answers_cut_short),
        cmocka_unit_test(given_up),
        cmocka_unit_test(never_connected),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(kept_connections),
        cmocka_unit_test(what_passes),
        cmocka_unit_test(another_tunnel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
