/*
 * test_tunnel.c - TLS through real proxies (tests/server/proxy.py), good and bad, to a real server
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "board.h"
#include "clock.h"
#include "tls.h"
#include "twilio_proxy.h"

#define HOST     "api.twilio.com"
#define USER     "panel"
#define SECRET   "swordfish:7"
#define PATIENCE 10000  /* milliseconds of silence after which a test fails */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- What the port needs of a board ---------------------------------------- */

uint32_t board_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

uint32_t twilio_clock_now(void)
{
    return (uint32_t)time(NULL);
}

int board_entropy(void *buf, size_t size)
{
    return getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

/* ---- The wire: TCP on loopback, to the proxy ------------------------------- */

static struct {
    const char *proxy;  /* a name of proxies.py's */
    size_t chunk;       /* most bytes at a time */
    int descriptor, opened, closed;
    short wanted;       /* what would unblock the last call */
} wire;

static int port_of(const char *peer)
{
    char name[32];
    snprintf(name, sizeof name, "PEER_%s", peer);
    assert_non_null(getenv(name));
    return atoi(getenv(name));
}

static int wire_connect(void *context, const char *host)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    assert_ptr_equal(context, &wire);
    assert_string_equal(host, "wall.example.com");
    assert_int_equal(wire.opened, wire.closed);
    to.sin_port = htons((uint16_t)port_of(wire.proxy));
    wire.descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(wire.descriptor, (struct sockaddr *)&to, sizeof to), 0);
    setsockopt(wire.descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    wire.opened++;
    return TWILIO_OK;
}

static int outcome(ssize_t n, short events)
{
    wire.wanted = events;
    return n >= 0 ? (int)n : errno == EAGAIN ? TWILIO_AGAIN : TWILIO_ERR_RESET;
}

static int wire_send(void *context, const void *data, size_t size)
{
    assert_ptr_equal(context, &wire);
    assert_int_equal(wire.opened, wire.closed + 1);
    size = size < wire.chunk ? size : wire.chunk;
    return outcome(send(wire.descriptor, data, size, MSG_DONTWAIT | MSG_NOSIGNAL), POLLOUT);
}

static int wire_recv(void *context, void *data, size_t size)
{
    assert_ptr_equal(context, &wire);
    assert_int_equal(wire.opened, wire.closed + 1);
    size = size < wire.chunk ? size : wire.chunk;
    return outcome(recv(wire.descriptor, data, size, MSG_DONTWAIT), POLLIN);
}

static void wire_close(void *context)
{
    assert_ptr_equal(context, &wire);
    assert_int_equal(wire.opened, wire.closed + 1);
    close(wire.descriptor);
    wire.closed++;
}

static const struct twilio_transport tcp = { wire_connect, wire_send, wire_recv, wire_close, &wire };

/* ---- TLS, over the tunnel, over the wire ----------------------------------- */

static unsigned char memory[65536], der[2048];
static struct twilio_anchor root = { der, 0 };
static const struct twilio_anchors anchors = { &root, 1, NULL };
static struct twilio_arena arena;
static struct twilio_proxy proxy;
static struct twilio_transport tunnel, https;
static struct twilio_tls tls;

static int load_root(void **unused)
{
    (void)unused;
    char path[512];
    snprintf(path, sizeof path, "%s/root.der", getenv("ZOO"));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    root.size = fread(der, 1, sizeof der, file);
    fclose(file);
    return 0;
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    wire.chunk = SIZE_MAX;
    arena = (struct twilio_arena){ .memory = memory, .size = sizeof memory };
    assert_int_equal(twilio_arena_begin(&arena), TWILIO_OK);
    proxy = (struct twilio_proxy){ .below = &tcp, .host = "wall.example.com" };
    proxy.port = (uint16_t)port_of("good");
    tunnel = twilio_proxy_transport(&proxy);
    tls = (struct twilio_tls){ .below = &tunnel, .arena = &arena, .anchors = &anchors };
    https = twilio_tls_transport(&tls);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    https.close(https.context);
    twilio_tls_forget(&tls);
    assert_int_equal(arena.used, 0);
    assert_int_equal(wire.opened, wire.closed);
    return 0;
}

static void wait_for_wire(void)
{
    struct pollfd look = { .fd = wire.descriptor, .events = wire.wanted };
    if (poll(&look, 1, PATIENCE) == 0) {
        fail_msg("%s keeps us waiting", wire.proxy);
    }
}

static int connect_by(const struct twilio_transport *transport, const char *by)
{
    int result;
    wire.proxy = by;
    while ((result = transport->connect(transport->context, HOST)) == TWILIO_AGAIN) {
        wait_for_wire();
    }
    return result;
}

static int receive(const struct twilio_transport *transport, void *data, size_t size)
{
    size_t have = 0;
    while (have < size) {
        int got = transport->recv(transport->context, (char *)data + have, size - have);
        if (got == TWILIO_AGAIN) {
            wait_for_wire();
        } else if (got <= 0) {
            return got;
        } else {
            have += (size_t)got;
        }
    }
    return (int)have;
}

/* The server's pattern, as much as is asked for. */
static void must_receive(size_t size)
{
    static unsigned char data[65536];
    char order[32];
    int length = snprintf(order, sizeof order, "send %zu\n", size), sent;

    for (int at = 0; at < length; at += sent) {
        while ((sent = https.send(https.context, order + at, (size_t)(length - at))) == TWILIO_AGAIN) {
            wait_for_wire();
        }
        assert_true(sent > 0);
    }
    assert_int_equal(receive(&https, data, size), size);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(data[i], i * 7 % 251);
    }
}

/* ---- Through ---------------------------------------------------------------- */

static void good_proxies(void **unused)
{
    (void)unused;
    const char *const names[] = { "proxy", "proxy_wordy", "proxy_drip" };
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t chunk = 1; chunk < 4096; chunk = chunk * 16 - 3) {
            setup(NULL);
            wire.chunk = chunk;
            assert_int_equal(connect_by(&https, names[i]), TWILIO_OK);
            assert_int_equal(proxy.code, 200);
            must_receive(20000);
            assert_int_equal(connect_by(&https, names[i]), TWILIO_KEPT);
            must_receive(10);
            https.close(https.context);
            assert_int_equal(connect_by(&https, names[i]), TWILIO_OK);
            assert_true(tls.resumed);
            must_receive(10);
            assert_int_equal(wire.opened, 2);
            teardown(NULL);
        }
    }
}

static void logins(void **unused)
{
    (void)unused;
    const struct {
        const char *proxy, *user, *secret;
        int result;
        uint16_t code;
    } table[] = {
        { "proxy_login", USER, SECRET, TWILIO_OK, 200 },
        { "proxy", USER, SECRET, TWILIO_OK, 200 },
        { "proxy_login", NULL, NULL, TWILIO_ERR_PROXY, 407 },
        { "proxy_login", USER, "swordfish:8", TWILIO_ERR_PROXY, 407 },
        { "proxy_login", "pane", "l" SECRET, TWILIO_ERR_PROXY, 407 },
        { "proxy_login", USER, "", TWILIO_ERR_CREDENTIALS, 0 },
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        setup(NULL);
        proxy.user = table[i].user;
        proxy.secret = table[i].secret;
        int result = connect_by(&https, table[i].proxy);
        if (result != table[i].result || proxy.code != table[i].code) {
            fail_msg("login %zu: %d, %u", i, result, proxy.code);
        }
        if (result == TWILIO_OK) {
            must_receive(1000);
        }
        assert_int_equal(wire.opened, table[i].code != 0);
        teardown(NULL);
    }
}

/* What the server says first comes with the proxy's answer, and all of it through. */
static void together(void **unused)
{
    (void)unused;
    const char *const first = "HTTP/1.1 400 Bad Request\r\n\r\n";
    char data[28];
    proxy.port = (uint16_t)port_of("garbage");
    assert_int_equal(connect_by(&tunnel, "proxy_together"), TWILIO_OK);
    assert_int_equal(receive(&tunnel, data, sizeof data), sizeof data);
    assert_memory_equal(data, first, sizeof data);
    assert_int_equal(tunnel.recv(tunnel.context, data, 1), TWILIO_AGAIN);
    tunnel.close(tunnel.context);
    assert_int_equal(connect_by(&https, "proxy_together"), TWILIO_ERR_TLS);
    assert_int_equal(wire.closed, 2);
}

/* ---- Not through ------------------------------------------------------------ */

static void bad_proxies(void **unused)
{
    (void)unused;
    const struct {
        const char *proxy;
        int result;
        uint16_t code;
    } table[] = {
        { "proxy_refuse", TWILIO_ERR_PROXY, 502 }, { "proxy_close", TWILIO_ERR_CLOSED, 0 },
        { "proxy_reset", TWILIO_ERR_RESET, 0 },    { "proxy_cut", TWILIO_ERR_CLOSED, 0 },
        { "proxy_garbage", TWILIO_ERR_HTTP, 0 },   { "proxy_body", TWILIO_ERR_TLS, 200 },
        { "proxy_elsewhere", TWILIO_ERR_UNTRUSTED, 200 },
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        setup(NULL);
        int result = connect_by(&https, table[i].proxy);
        if (result != table[i].result || proxy.code != table[i].code) {
            fail_msg("%s: %d, %u", table[i].proxy, result, proxy.code);
        }
        assert_int_equal(wire.closed, 1);
        assert_int_equal(connect_by(&https, "proxy"), TWILIO_OK);
        must_receive(100);
        teardown(NULL);
    }
}

static void nobody_behind_the_proxy(void **unused)
{
    (void)unused;
    proxy.port = 1;
    assert_int_equal(connect_by(&https, "proxy"), TWILIO_ERR_PROXY);
    assert_int_equal(proxy.code, 502);
}

static void gives_up_when_told(void **unused)
{
    (void)unused;
    wire.proxy = "proxy_silence";
    for (int i = 0; i < 5; i++) {
        assert_int_equal(https.connect(https.context, HOST), TWILIO_AGAIN);
    }
    https.close(https.context);
    assert_int_equal(wire.opened, 1);
    assert_int_equal(wire.closed, 1);
    assert_int_equal(connect_by(&https, "proxy"), TWILIO_OK);
    must_receive(100);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_proxies), cmocka_unit_test(logins), TEST(together),
        cmocka_unit_test(bad_proxies), TEST(nobody_behind_the_proxy), TEST(gives_up_when_told),
    };
    return cmocka_run_group_tests(tests, load_root, NULL);
}
