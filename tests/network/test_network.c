/*
 * test_network.c - network, sockets and clock on the linux board, polled and threaded
 *
 * The tests are one story, told in order: lwIP starts once in a process. The board's clock,
 * entropy and cable are the test's own (--wrap), which also lets its time wrap at 2^32 and,
 * where lwIP runs on it, go faster.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board.h"
#include "clock.h"
#include "host.h"
#include "network.h"
#include "pools.h"
#include "sockets.h"

#define PATIENCE 20000  /* milliseconds, real ones, after which a test fails */
#define SOCKETS  2      /* as many as lwipopts.h allows */

/* ---- The board's time, entropy and cable ----------------------------------- */

static uint32_t speed = 1, offset;
static bool entropy = true, cable = true, torn;
static unsigned frames_sent;
static uint32_t started;  /* board_millis */

uint32_t __real_board_millis(void);
uint32_t __wrap_board_millis(void);
uint32_t __wrap_board_utc(void);
int __real_board_entropy(void *buf, size_t size);
int __wrap_board_entropy(void *buf, size_t size);
bool __wrap_board_ethernet_link(void);
int __real_board_ethernet_send(const struct pbuf *frame);
int __wrap_board_ethernet_send(const struct pbuf *frame);

uint32_t __wrap_board_millis(void)
{
    return __real_board_millis() * speed + offset;
}

/* Change the speed and let time go on from where it is. */
static void set_speed(uint32_t times)
{
    uint32_t now = board_millis();

    speed = times;
    offset += now - board_millis();
}

static void set_millis(uint32_t millis)
{
    offset += millis - board_millis();
}

uint32_t __wrap_board_utc(void)
{
    return 0;
}

int __wrap_board_entropy(void *buf, size_t size)
{
    return entropy ? __real_board_entropy(buf, size) : -1;
}

bool __wrap_board_ethernet_link(void)
{
    return cable;
}

/* A cable that is torn, too, loses frames, although nobody sees that it is. */
int __wrap_board_ethernet_send(const struct pbuf *frame)
{
    frames_sent++;
    return torn ? 0 : __real_board_ethernet_send(frame);
}

/* ---- Waiting --------------------------------------------------------------- */

static void work(void)
{
    host_work();
    twilio_network_wait(1);
}

#define wait_until(condition) \
    do { \
        uint32_t start_ = __real_board_millis(); \
        while (!(condition)) { \
            assert_true(__real_board_millis() - start_ < PATIENCE); \
            work(); \
        } \
    } while (0)

/* ---- Sockets --------------------------------------------------------------- */

static struct twilio_socket sock;
static struct twilio_transport tcp;
static char where[32];

static void use_socket(const char *connect_to, uint16_t port)
{
    memset(&sock, 0, sizeof sock);
    sock.connect_to = connect_to;
    sock.port = port;
    tcp = twilio_socket_transport(&sock);
}

/* To a port of the PC. */
static void use_port(uint16_t port)
{
    (void)snprintf(where, sizeof where, "10.0.2.2:%u", port);
    use_socket(where, 0);
}

static int connect_to(const char *host)
{
    int result = TWILIO_AGAIN;

    wait_until((result = tcp.connect(tcp.context, host)) != TWILIO_AGAIN);
    return result;
}

static int receive(void *data, size_t size)
{
    int result = TWILIO_AGAIN;

    wait_until((result = tcp.recv(tcp.context, data, size)) != TWILIO_AGAIN);
    return result;
}

static void drop_host_connection(void)
{
    if (host_accepted())
        host_close();
}

static struct pools whole;

static bool all_given_back(void)
{
    struct pools now = pools_count();

    return memcmp(&now, &whole, sizeof now) == 0;
}

/* ---- Tests ----------------------------------------------------------------- */

static void start_needs_entropy(void **state)
{
    (void)state;
    entropy = false;
    assert_int_equal(twilio_network_start(), TWILIO_ERR_ENTROPY);
    entropy = true;
}

static void no_address_yet(void **state)
{
    (void)state;
    cable = false;
    assert_int_equal(twilio_network_start(), TWILIO_OK);
    assert_false(twilio_network_up());
    use_socket("10.0.2.2:80", 0);
    assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_ERR_NETWORK);
    use_socket(NULL, 0);
    assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_ERR_NETWORK);
    tcp.close(tcp.context);
}

static void address_by_dhcp(void **state)
{
    uint32_t address;

    (void)state;
    cable = true;
    wait_until(twilio_network_up());
    address = twilio_network_address();
    assert_memory_equal(&address, ((const uint8_t[]){ 10, 0, 2, 15 }), 4);
    whole = pools_count();
    assert_int_equal(whole.free_sockets, SOCKETS);
}

static void dns_override(void **state)
{
    (void)state;
    assert_int_equal(twilio_network_dns(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_network_dns("resolver.test"), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_network_dns("10.0.2.2"), TWILIO_OK);
}

static void connect_by_name(void **state)
{
    uint16_t port = host_listen(0);

    (void)state;
    use_socket(NULL, port);
    assert_int_equal(connect_to("good.test"), TWILIO_OK);
    wait_until(host_accepted());
    tcp.close(tcp.context);
    drop_host_connection();
    host_unlisten();
    wait_until(all_given_back());
}

static void connect_to_that_is_no_address(void **state)
{
    static const char *const bad[] = {
        "", "10.0.2.2:", "10.0.2.2:0", "10.0.2.2:65536", "10.0.2.2:99999999999", "10.0.2.2:80x",
        "api.twilio.com", "0.0.0.0", ":443", "100.100.100.1000", "[10.0.2.2]", "[::]:80", "fd00::2",
        "10.0.2.2]:80", "[fd00::2", "[fd00::2]x", "[fd00::2]:0",
        "[12345:12345:12345:12345:12345:12345:12345:12345]:80"
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        use_socket(bad[i], 0);
        assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_ERR_ARGUMENT);
    }
}

static void refused(void **state)
{
    uint16_t port = host_listen(0);

    (void)state;
    host_unlisten();
    use_port(port);
    assert_int_equal(connect_to("good.test"), TWILIO_ERR_CONNECT);
    tcp.close(tcp.context);
    wait_until(all_given_back());
}

static void open_connection(void)
{
    use_port(host_listen(0));
    assert_int_equal(connect_to("good.test"), TWILIO_OK);
    wait_until(host_accepted());
}

static void finish_connection(void)
{
    tcp.close(tcp.context);
    drop_host_connection();
    host_echo(false);
    host_unlisten();
    wait_until(all_given_back());
}

static void reset_while_reading(void **state)
{
    char byte;

    (void)state;
    open_connection();
    host_reset();
    assert_int_equal(receive(&byte, 1), TWILIO_ERR_RESET);
    assert_int_equal(tcp.recv(tcp.context, &byte, 1), TWILIO_ERR_RESET);
    assert_int_equal(tcp.send(tcp.context, "x", 1), TWILIO_ERR_RESET);
    finish_connection();
}

static void reset_while_writing(void **state)
{
    int result = 0;

    (void)state;
    open_connection();
    host_reset();
    wait_until((result = tcp.send(tcp.context, "x", 1)) < 0 && result != TWILIO_AGAIN);
    assert_int_equal(result, TWILIO_ERR_RESET);
    finish_connection();
}

static void end_of_stream(void **state)
{
    char text[16];

    (void)state;
    open_connection();
    assert_int_equal(tcp.recv(tcp.context, text, sizeof text), TWILIO_AGAIN);
    assert_int_equal(host_send("bye", 3), 3);
    host_close();
    assert_int_equal(receive(text, sizeof text), 3);
    assert_memory_equal(text, "bye", 3);
    assert_int_equal(receive(text, sizeof text), 0);
    assert_int_equal(receive(text, sizeof text), 0);
    finish_connection();
}

static void name_that_does_not_exist(void **state)
{
    (void)state;
    use_socket(NULL, 0);
    assert_int_equal(connect_to("missing.test"), TWILIO_ERR_DNS);
    tcp.close(tcp.context);
    wait_until(all_given_back());
}

/* What goes through is a sequence without a short period, so that a byte lost, doubled or out
 * of place is seen. */
static uint8_t pattern(size_t position)
{
    return (uint8_t)(position * 31 + (position >> 8) * 17);
}

static void echo_100_kilobytes(void **state)
{
    enum { TOTAL = 102400 };
    size_t sent = 0, received = 0;
    unsigned blocked = 0;
    uint32_t start = board_millis();

    (void)state;
    open_connection();
    host_echo(true);
    while (received < TOTAL) {
        uint8_t piece[1500];
        size_t size = TOTAL - sent < sizeof piece ? TOTAL - sent : sizeof piece;
        int moved = TWILIO_AGAIN;

        for (size_t i = 0; i < size; i++)
            piece[i] = pattern(sent + i);
        if (size > 0)
            moved = tcp.send(tcp.context, piece, size);
        assert_true(moved > 0 || moved == TWILIO_AGAIN);
        blocked += moved < (int)size;
        sent += moved > 0 ? (size_t)moved : 0;

        moved = tcp.recv(tcp.context, piece, 1 + received % sizeof piece);
        assert_true(moved > 0 || moved == TWILIO_AGAIN);
        for (int i = 0; i < moved; i++)
            assert_int_equal(piece[i], pattern(received++));
        work();
    }
    assert_int_equal(sent, TOTAL);
    assert_true(blocked > 10);
    assert_true(board_millis() - start < 10000);  /* it takes 30 s if segments are lost for want of room */
    finish_connection();
}

static void two_hundred_connections(void **state)
{
    char byte;

    (void)state;
    use_port(host_listen(0));
    host_echo(true);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(connect_to("good.test"), TWILIO_OK);
        assert_int_equal(tcp.send(tcp.context, "x", 1), 1);
        assert_int_equal(receive(&byte, 1), 1);
        tcp.close(tcp.context);
    }
    wait_until(!host_accepted());
    finish_connection();
}

/* The end of a request does not wait for the acknowledgement of its beginning. */
static void small_pieces_go_out_at_once(void **state)
{
    unsigned before;

    (void)state;
    open_connection();
    before = frames_sent;
    assert_int_equal(tcp.send(tcp.context, "a", 1), 1);
    assert_int_equal(tcp.send(tcp.context, "b", 1), 1);
    assert_true(frames_sent - before >= 2);
    finish_connection();
}

/* The peer does not end its side: all of ours would stay in FIN-WAIT-2 for 20 s. */
static void connections_that_the_peer_does_not_end(void **state)
{
    (void)state;
    use_port(host_listen(0));
    for (int i = 0; i < 12; i++) {
        assert_int_equal(connect_to("good.test"), TWILIO_OK);
        tcp.close(tcp.context);
    }
    finish_connection();
}

static void no_sockets_left(void **state)
{
    struct twilio_socket others[SOCKETS];
    struct twilio_transport transports[SOCKETS];

    (void)state;
    use_port(host_listen(0));
    for (int i = 0; i < SOCKETS; i++) {
        others[i] = sock;
        transports[i] = twilio_socket_transport(&others[i]);
        (void)transports[i].connect(transports[i].context, "good.test");
    }
    assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_ERR_NETWORK);
    for (int i = 0; i < SOCKETS; i++)
        transports[i].close(transports[i].context);
    assert_int_equal(connect_to("good.test"), TWILIO_OK);
    finish_connection();
}

/* ---- Attempts given up ----------------------------------------------------- */

static void given_up_while_connecting(void **state)
{
    (void)state;
    set_speed(20);
    for (int i = 0; i < 50; i++) {
        use_socket("10.0.2.99:80", 0);  /* nobody has that address */
        assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_AGAIN);
        tcp.close(tcp.context);
        tcp.close(tcp.context);
    }
    wait_until(all_given_back());
    set_speed(1);
}

/* DNS answers when the socket's memory has long been something else. */
static void given_up_while_resolving(void **state)
{
    uint8_t before[sizeof sock];
    unsigned queries = host_dns_queries();

    (void)state;
    use_socket(NULL, 0);
    assert_int_equal(tcp.connect(tcp.context, "late.test"), TWILIO_AGAIN);
    assert_true(sock.resolving);
    wait_until(host_dns_queries() > queries);
    tcp.close(tcp.context);
    assert_false(sock.resolving);
    memset(&sock, 0xA5, sizeof sock);
    memcpy(before, &sock, sizeof sock);
    host_answer_late(false);
    for (int i = 0; i < 100; i++)
        work();
    assert_memory_equal(&sock, before, sizeof sock);
    use_socket(NULL, 0);
    assert_int_equal(tcp.connect(tcp.context, "late.test"), TWILIO_AGAIN);
    assert_true(sock.resolving);  /* what came for nobody was not kept */
    tcp.close(tcp.context);
    assert_int_equal(sock.dns, TWILIO_DNS_SILENT);
    wait_until(all_given_back());
}

/* Another attempt, at the same address in memory, must not get the answer to the first. */
static void given_up_and_begun_again(void **state)
{
    uint16_t port = host_listen(0);
    unsigned queries = host_dns_queries();

    (void)state;
    use_socket(NULL, port);
    assert_int_equal(tcp.connect(tcp.context, "late-first.test"), TWILIO_AGAIN);
    wait_until(host_dns_queries() > queries);
    tcp.close(tcp.context);
    queries = host_dns_queries();
    assert_int_equal(tcp.connect(tcp.context, "late-second.test"), TWILIO_AGAIN);
    wait_until(host_dns_queries() > queries);
    host_answer_late(true);
    for (int i = 0; i < 100; i++)
        work();
    assert_int_equal(tcp.connect(tcp.context, "late-second.test"), TWILIO_AGAIN);
    assert_true(sock.resolving);
    host_answer_late(false);
    assert_int_equal(connect_to("late-second.test"), TWILIO_OK);
    finish_connection();
}

/* ---- Several addresses ------------------------------------------------------ */

#define NOBODY "10.0.2.99"  /* nobody has that address: silence */
#define NUMBER(text) ipaddr_addr(text)

static bool at(const char *address)
{
    return ip4_addr_get_u32(ip_2_ip4(&sock.address)) == NUMBER(address);
}

/* A host that DNS says is at these, for a minute; and of which this is known: NULL: nothing. */
static void use_many(const char *const *addresses, uint16_t port, const char *known, uint32_t proven,
                     uint32_t ttl)
{
    host_dns_many(60, addresses);
    use_socket(NULL, port);
    if (known != NULL) {
        sock.known.host = 0x4E399780;  /* of "many.test" */
        sock.known.proven = proven;
        sock.known.ttl = ttl;
        assert_true(ipaddr_aton(known, &sock.known.address));
    }
}

/* Connect, or not, and say how many questions it took. */
static unsigned ask_and_connect(int result)
{
    unsigned before = host_dns_queries();

    assert_int_equal(connect_to("many.test"), result);
    return host_dns_queries() - before;
}

static bool all_dropped(void)
{
    drop_host_connection();
    return all_given_back();
}

static void end_many(void)
{
    tcp.close(tcp.context);
    wait_until(all_dropped());
}

static void the_next_address_if_one_refuses(void **state)
{
    uint16_t port = host_listen(0);

    (void)state;
    use_many((const char *const[]){ HOST_OTHER, HOST_OTHER, "10.0.2.2", NULL }, port, NULL, 0, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_true(at("10.0.2.2"));
    assert_false(twilio_socket_another(&sock));  /* each of them has had its turn, and only once */
    end_many();
    host_listen_other(port);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);  /* in DNS's order */
    assert_true(at(HOST_OTHER));
    end_many();
    assert_int_equal(sock.dns, TWILIO_DNS_OK);
    host_unlisten_other();
    host_unlisten();
    assert_int_equal(ask_and_connect(TWILIO_ERR_CONNECT), 1);
    assert_int_equal(sock.dns, TWILIO_DNS_OK);
    end_many();
}

static void where_it_was_last_is_known(void **state)
{
    uint16_t port = host_listen(0);
    uint32_t now = twilio_clock_now();

    (void)state;
    use_many((const char *const[]){ HOST_OTHER, "10.0.2.2", NULL }, port, NULL, 0, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_int_equal(sock.known.host, 0);  /* nobody has proven anything */
    twilio_socket_proven(&sock);
    assert_int_equal(sock.known.host, 0x4E399780);
    assert_int_equal(sock.known.ttl, 60);
    assert_in_range(sock.known.proven, now, now + 10);
    assert_true(ip_addr_eq(&sock.known.address, &sock.address));
    assert_int_equal(sock.dns, TWILIO_DNS_OK);
    end_many();
    assert_int_equal(ask_and_connect(TWILIO_OK), 0);
    assert_true(at("10.0.2.2"));
    assert_int_equal(sock.dns, TWILIO_DNS_ASKING);
    assert_int_equal(sock.known.ttl, 0);  /* as long as it has not proven itself again */
    end_many();
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    twilio_socket_proven(&sock);          /* after the connection, too */
    assert_int_equal(sock.known.ttl, 60);
    sock.known.ttl = 5;
    twilio_socket_proven(&sock);          /* once only for each */
    assert_int_equal(sock.known.ttl, 5);
    host_unlisten();
}

/* Use does not prolong what DNS said. */
static void what_is_known_grows_old(void **state)
{
    uint16_t port = host_listen(0);
    uint32_t now = twilio_clock_now();

    (void)state;
    use_many((const char *const[]){ "10.0.2.2", NULL }, port, "10.0.2.2", now - 40, 60);
    assert_int_equal(ask_and_connect(TWILIO_OK), 0);
    twilio_socket_proven(&sock);
    assert_in_range(sock.known.ttl, 10, 20);
    assert_in_range(sock.known.proven, now, now + 10);
    end_many();
    sock.known.proven = now - 60;
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    sock.known.ttl = 60;
    sock.known.proven = now + 1000;  /* the clock went back */
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    sock.known.ttl = 60;
    sock.known.proven = now;
    sock.known.host++;               /* another host's */
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    host_unlisten();
}

static void what_is_known_refuses(void **state)
{
    uint16_t port = host_listen(0);

    (void)state;
    use_many((const char *const[]){ HOST_OTHER, "10.0.2.2", NULL }, port, HOST_OTHER, twilio_clock_now(), 60);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_true(at("10.0.2.2"));
    twilio_socket_proven(&sock);
    assert_true(at("10.0.2.2") && ip_addr_eq(&sock.known.address, &sock.address));
    end_many();
    host_unlisten();
}

/* As a last resort, however old. */
static void what_is_known_helps_where_dns_fails(void **state)
{
    static const char *const poison[] = { "127.0.0.1", "0.0.0.0", NULL };
    uint16_t port = host_listen(0);

    (void)state;
    use_many(NULL, port, "10.0.2.2", 1, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    twilio_socket_proven(&sock);
    assert_int_equal(sock.dns, TWILIO_DNS_NO_NAME);
    assert_int_equal(sock.known.ttl, 0);
    end_many();
    use_many(poison, port, "10.0.2.2", 1, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    assert_int_equal(sock.dns, TWILIO_DNS_POISONED);
    use_many((const char *const[]){ HOST_OTHER, NULL }, port, "10.0.2.2", 1, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    end_many();
    use_many(poison, port, NULL, 0, 0);
    assert_int_equal(ask_and_connect(TWILIO_ERR_DNS), 1);
    assert_int_equal(sock.dns, TWILIO_DNS_POISONED);
    use_many(NULL, port, NULL, 0, 0);
    assert_int_equal(ask_and_connect(TWILIO_ERR_DNS), 1);
    assert_int_equal(sock.dns, TWILIO_DNS_NO_NAME);
    end_many();
    host_unlisten();
}

/* A server there is, but not the host's. */
static void the_next_address_if_tls_fails(void **state)
{
    static const char *const both[] = { "10.0.2.2", HOST_OTHER, NULL };
    uint16_t port = host_listen(0);

    (void)state;
    host_listen_other(port);
    use_many(both, port, NULL, 0, 0);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ask_and_connect(TWILIO_OK), 1);
        assert_true(at("10.0.2.2"));
        tcp.close(tcp.context);
        assert_true(twilio_socket_another(&sock));
        assert_int_equal(ask_and_connect(TWILIO_OK), 0);
        assert_true(at(HOST_OTHER));
        tcp.close(tcp.context);
        assert_false(twilio_socket_another(&sock));
    }
    use_many(both, port, HOST_OTHER, twilio_clock_now(), 60);
    assert_int_equal(ask_and_connect(TWILIO_OK), 0);
    assert_true(twilio_socket_another(&sock));  /* DNS may have one; not closed here: connect does that */
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_true(at("10.0.2.2"));
    assert_false(twilio_socket_another(&sock));
    tcp.close(tcp.context);
    use_many((const char *const[]){ "10.0.2.2", NULL }, port, HOST_OTHER, 1, 0);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_true(twilio_socket_another(&sock));
    assert_int_equal(ask_and_connect(TWILIO_OK), 0);
    assert_true(at(HOST_OTHER));  /* the known one */
    tcp.close(tcp.context);
    assert_int_equal(ask_and_connect(TWILIO_OK), 1);
    assert_true(at("10.0.2.2"));
    assert_true(twilio_socket_another(&sock));
    assert_int_equal(connect_to("good.test"), TWILIO_OK);  /* another host: from the beginning */
    assert_true(at("10.0.2.2"));
    end_many();
    host_unlisten_other();
    host_unlisten();
}

static void a_given_address_is_the_only_one(void **state)
{
    (void)state;
    use_port(host_listen(0));
    assert_false(twilio_socket_another(&sock));  /* before there was any */
    sock.known.host = 1;
    assert_int_equal(ask_and_connect(TWILIO_OK), 0);
    twilio_socket_proven(&sock);
    assert_int_equal(sock.known.host, 1);  /* what is known of another stays */
    assert_false(twilio_socket_another(&sock));
    assert_int_equal(sock.dns, TWILIO_DNS_ASKING);
    end_many();
    assert_int_equal(sock.dns, TWILIO_DNS_ASKING);
    host_unlisten();
}

/* After each number of steps in turn. */
static void given_up_anywhere(void **state)
{
    static const char *const all[] = { HOST_OTHER, NOBODY, "10.0.2.2", NULL };
    uint16_t port = host_listen(0);

    (void)state;
    set_speed(100);
    for (int most = 0; most < 40; most++) {
        use_many(all, port, most % 2 != 0 ? HOST_OTHER : NULL, twilio_clock_now(), 60);
        for (int i = 0; i < most && tcp.connect(tcp.context, "many.test") == TWILIO_AGAIN; i++)
            for (int j = 0; j < 10; j++)
                work();
        tcp.close(tcp.context);
        assert_false(sock.resolving);
        drop_host_connection();
    }
    set_speed(1);
    wait_until(all_dropped());
    host_unlisten();
}

#ifndef TWILIO_THREADS  /* as above: time is made fast */
/* ms until it is connected, or not */
static uint32_t time_to_connect(int result)
{
    uint32_t start = board_millis();

    assert_int_equal(connect_to("many.test"), result);
    return board_millis() - start;
}

static void the_next_address_if_one_is_silent(void **state)
{
    uint16_t port = host_listen(0);

    (void)state;
    set_speed(10);  /* so that a busy PC does not make it late */
    use_many((const char *const[]){ NOBODY, NOBODY, "10.0.2.2", NULL }, port, NULL, 0, 0);
    assert_in_range(time_to_connect(TWILIO_OK), 5000, 9900);
    end_many();
    use_many((const char *const[]){ "10.0.2.2", NULL }, port, NOBODY, twilio_clock_now(), 600);
    assert_in_range(time_to_connect(TWILIO_OK), 5000, 9900);
    end_many();
    set_speed(50);
    use_many((const char *const[]){ HOST_OTHER, NOBODY, NULL }, port, NULL, 0, 0);
    assert_in_range(time_to_connect(TWILIO_ERR_CONNECT), 36000, 120000);
    end_many();
    set_speed(1);
    host_unlisten();
}

static void what_is_known_helps_where_dns_is_silent(void **state)
{
    uint16_t port = host_listen(0);
    uint32_t start;

    (void)state;
    set_speed(10);
    use_socket(NULL, port);
    sock.known.host = 0xB34E8B86;  /* of "silent.test" */
    assert_true(ipaddr_aton("10.0.2.2", &sock.known.address));
    start = board_millis();
    assert_int_equal(connect_to("silent.test"), TWILIO_OK);
    assert_in_range(board_millis() - start, 5000, 15000);
    set_speed(50);
    twilio_socket_proven(&sock);
    assert_int_equal(sock.dns, TWILIO_DNS_SILENT);
    assert_int_equal(sock.known.host, 0xB34E8B86);
    assert_false(twilio_socket_another(&sock));
    end_many();
    host_unlisten();
    start = board_millis();  /* it refuses; then DNS is waited for to the end */
    assert_int_equal(connect_to("silent.test"), TWILIO_ERR_CONNECT);
    assert_in_range(board_millis() - start, 38000, 80000);
    assert_int_equal(sock.dns, TWILIO_DNS_SILENT);
    end_many();
    set_speed(1);
}

/* DNS answers while the known address, tried for want of an answer, is silent: on with what it says. */
static void dns_answers_at_last(void **state)
{
    uint16_t port = host_listen(0);
    uint32_t start = board_millis();

    (void)state;
    set_speed(10);
    use_socket(NULL, port);
    sock.known.host = 0x586B447D;  /* of "late.test" */
    assert_true(ipaddr_aton(NOBODY, &sock.known.address));
    wait_until(tcp.connect(tcp.context, "late.test") == TWILIO_AGAIN && !sock.resolving);
    assert_true(at(NOBODY));
    wait_until(board_millis() - start >= 12000);
    assert_int_equal(tcp.connect(tcp.context, "late.test"), TWILIO_AGAIN);
    assert_true(at(NOBODY));  /* there is no other yet: it has more than the patience */
    while (!at("10.0.2.2")) {
        host_answer_late(false);
        assert_int_equal(tcp.connect(tcp.context, "late.test"), TWILIO_AGAIN);
        work();
        assert_true(board_millis() - start < 35000);
    }
    assert_int_equal(connect_to("late.test"), TWILIO_OK);
    end_many();
    set_speed(1);
    host_unlisten();
}
#endif

/* ---- Long waits ------------------------------------------------------------ */

#ifndef TWILIO_THREADS  /* lwIP's own threads do not run by the board's time, which is made fast here */
static void address_where_nobody_answers(void **state)
{
    uint32_t start;

    (void)state;
    set_speed(50);
    start = board_millis();
    use_socket("10.0.2.99:80", 0);
    assert_int_equal(connect_to("good.test"), TWILIO_ERR_CONNECT);
    assert_in_range(board_millis() - start, 36000, 120000);
    wait_until(all_given_back());
    set_speed(1);
    use_port(host_listen(0));
    assert_int_equal(connect_to("good.test"), TWILIO_OK);  /* the way there is known */
    finish_connection();
    set_speed(50);
    torn = true;
    start = board_millis();
    assert_int_equal(connect_to("good.test"), TWILIO_ERR_CONNECT);
    assert_in_range(board_millis() - start, 36000, 80000);
    torn = false;
    wait_until(all_given_back());
    set_speed(1);
}

/* What such a peer has not acknowledged would take up memory for minutes. */
static void peer_that_stops_to_acknowledge(void **state)
{
    uint32_t start;

    (void)state;
    open_connection();
    set_speed(50);
    torn = true;
    assert_int_equal(tcp.send(tcp.context, "lost", 4), 4);
    start = board_millis();
    wait_until(board_millis() - start >= 10000);
    tcp.close(tcp.context);
    assert_true(all_given_back());
    torn = false;
    set_speed(1);
    finish_connection();
}

static void resolver_that_does_not_answer(void **state)
{
    uint32_t start;

    (void)state;
    set_speed(50);
    start = board_millis();
    use_socket(NULL, 0);
    assert_int_equal(connect_to("silent.test"), TWILIO_ERR_DNS);
    assert_in_range(board_millis() - start, 38000, 80000);
    assert_int_equal(sock.dns, TWILIO_DNS_SILENT);
    wait_until(all_given_back());
    set_speed(1);
}

static void more_questions_than_lwip_has_ports(void **state)
{
    struct twilio_socket many[6] = { 0 };
    struct twilio_transport transports[6];

    (void)state;
    set_speed(50);
    for (int i = 0; i < 6; i++) {
        transports[i] = twilio_socket_transport(&many[i]);
        assert_int_equal(transports[i].connect(transports[i].context, "silent.test"), TWILIO_AGAIN);
    }
    use_socket(NULL, 0);
    assert_int_equal(tcp.connect(tcp.context, "missing.test"), TWILIO_AGAIN);
    assert_true(sock.resolving);  /* though there was no port to ask from */
    for (int i = 0; i < 6; i++)
        transports[i].close(transports[i].context);
    assert_int_equal(connect_to("missing.test"), TWILIO_ERR_DNS);
    assert_false(sock.resolving);
    assert_int_equal(sock.dns, TWILIO_DNS_NO_NAME);
    wait_until(all_given_back());
    set_speed(1);
}
#endif

/* ---- The cable ------------------------------------------------------------- */

static void cable_pulled_and_plugged(void **state)
{
    (void)state;
    cable = false;
    wait_until(!twilio_network_up());
    use_socket("10.0.2.2:80", 0);
    assert_int_equal(tcp.connect(tcp.context, "good.test"), TWILIO_ERR_NETWORK);
    cable = true;
    wait_until(twilio_network_up());
    connect_by_name(state);
}

/* ---- The clock ------------------------------------------------------------- */

static uint32_t age(void)
{
    return (board_millis() - started) / 1000;
}

static void clock_starts_at_the_floor(void **state)
{
    (void)state;
    assert_false(twilio_clock_is_set());
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME, TWILIO_BUILD_TIME + 60 + age());
    assert_false(twilio_clock_set(TWILIO_BUILD_TIME - 1));
    assert_false(twilio_clock_set(0));
    assert_false(twilio_clock_is_set());
}

/* Ask, and let the answer arrive. */
static void ask_time(const char *server)
{
    static const char *asked;
    unsigned requests = host_ntp_requests();

    asked = server;
    twilio_clock_sntp(&asked, 1);
    wait_until(host_ntp_requests() > requests);
    for (int i = 0; i < 100; i++)
        work();
}

static void sntp_below_the_floor(void **state)
{
    (void)state;
    host_ntp_time(TWILIO_BUILD_TIME - 1000, false);
    ask_time("10.0.2.2");
    assert_false(twilio_clock_is_set());
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME, TWILIO_BUILD_TIME + 60 + age());
}

static void sntp_not_to_our_request(void **state)
{
    (void)state;
    host_ntp_time(TWILIO_BUILD_TIME + 1000, true);
    ask_time("10.0.2.2");
    assert_false(twilio_clock_is_set());
}

static void sntp_above_the_ceiling(void **state)
{
    (void)state;
    host_ntp_time(TWILIO_BUILD_TIME + 21 * 31557600u, false);
    ask_time("10.0.2.2");
    assert_false(twilio_clock_is_set());
}

/* The time that a server does not know is 0, which lwIP takes for the year 2036. */
static void sntp_without_a_time(void **state)
{
    (void)state;
    host_ntp_time(2085978496u, false);
    ask_time("10.0.2.2");
    assert_false(twilio_clock_is_set());
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME, TWILIO_BUILD_TIME + 60 + age());
}

static void sntp_sets_the_clock(void **state)
{
    (void)state;
    host_ntp_time(TWILIO_BUILD_TIME + 1000, false);
    ask_time("time.test");
    assert_true(twilio_clock_is_set());
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME + 1000, TWILIO_BUILD_TIME + 1010);
}

static void sntp_knows_the_time_after_2036(void **state)
{
    (void)state;
    host_ntp_time(2145916800u, false);  /* 2038-01-01 */
    ask_time("10.0.2.2");
    assert_in_range(twilio_clock_now(), 2145916800u, 2145916800u + 10);
}

#ifndef TWILIO_THREADS  /* as above: time is made fast */
/* Nobody has the first address, the second is no name, the third answers, first with nonsense. */
static void sntp_asks_one_server_after_the_other(void **state)
{
    static const char *const servers[] = { "10.0.2.99", "missing.test", "10.0.2.2" };
    unsigned requests = host_ntp_requests();
    uint32_t start = board_millis();

    (void)state;
    assert_true(twilio_clock_set(TWILIO_BUILD_TIME));
    set_speed(50);
    host_ntp_time(0, false);
    twilio_clock_sntp(servers, 3);
    wait_until(host_ntp_requests() > requests);
    assert_in_range(board_millis() - start, 45000, 60000);
    assert_int_equal(host_ntp_requests(), requests + 1);
    host_ntp_time(TWILIO_BUILD_TIME + 50000, false);
    set_speed(200);
    wait_until(twilio_clock_now() >= TWILIO_BUILD_TIME + 50000);
    assert_int_equal(host_ntp_requests(), requests + 2);
    set_speed(1);
}

/* Questions of lwIP's own would come between. */
static void sntp_asks_less_and_less_often(void **state)
{
    static const char *const servers[] = { "10.0.2.2" };
    unsigned requests = host_ntp_requests();
    uint32_t start;

    (void)state;
    set_speed(100);
    start = board_millis();
    host_ntp_time(TWILIO_BUILD_TIME + 50000, true);
    twilio_clock_sntp(servers, 1);
    wait_until(board_millis() - start >= 100000);
    assert_int_equal(host_ntp_requests(), requests + 3);  /* at 0, 15 and 45 seconds */
    set_speed(1);
}

static void sntp_is_held_until_it_is_needed(void **state)
{
    static const char *const servers[] = { "10.0.2.2" };
    unsigned requests = host_ntp_requests();

    (void)state;
    set_speed(50);
    twilio_clock_authenticated(TWILIO_BUILD_TIME + 1000000, true);
    host_ntp_time(TWILIO_BUILD_TIME + 2000000, false);
    twilio_clock_sntp(servers, 1);
    wait_until(host_ntp_requests() >= requests + 3);
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME + 1000000, TWILIO_BUILD_TIME + 1001000);
    twilio_clock_doubted();
    wait_until(twilio_clock_now() >= TWILIO_BUILD_TIME + 2000000);
    set_speed(1);
}
#endif

static void clock_goes_on_when_milliseconds_wrap(void **state)
{
    uint32_t start;

    (void)state;
    set_speed(10);
    set_millis(UINT32_MAX - 1500);
    assert_true(twilio_clock_set(TWILIO_BUILD_TIME + 5000));
    start = board_millis();
    wait_until(board_millis() - start >= 3000);
    set_speed(1);
    assert_true(board_millis() < start);
    assert_in_range(twilio_clock_now(), TWILIO_BUILD_TIME + 5003, TWILIO_BUILD_TIME + 5004);
}

static void network_goes_on_when_milliseconds_wrap(void **state)
{
    whole.udp = pools_count().udp;  /* SNTP's client runs */
    set_millis(UINT32_MAX - 20);
    echo_100_kilobytes(state);
    assert_true(board_millis() < UINT32_MAX / 2);
    connect_by_name(state);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_needs_entropy),
        cmocka_unit_test(no_address_yet),
        cmocka_unit_test(address_by_dhcp),
        cmocka_unit_test(dns_override),
        cmocka_unit_test(connect_by_name),
        cmocka_unit_test(connect_to_that_is_no_address),
        cmocka_unit_test(refused),
        cmocka_unit_test(reset_while_reading),
        cmocka_unit_test(reset_while_writing),
        cmocka_unit_test(end_of_stream),
        cmocka_unit_test(name_that_does_not_exist),
        cmocka_unit_test(echo_100_kilobytes),
        cmocka_unit_test(two_hundred_connections),
        cmocka_unit_test(small_pieces_go_out_at_once),
        cmocka_unit_test(connections_that_the_peer_does_not_end),
        cmocka_unit_test(no_sockets_left),
        cmocka_unit_test(given_up_while_connecting),
        cmocka_unit_test(given_up_while_resolving),
        cmocka_unit_test(given_up_and_begun_again),
        cmocka_unit_test(the_next_address_if_one_refuses),
        cmocka_unit_test(where_it_was_last_is_known),
        cmocka_unit_test(what_is_known_grows_old),
        cmocka_unit_test(what_is_known_refuses),
        cmocka_unit_test(what_is_known_helps_where_dns_fails),
        cmocka_unit_test(the_next_address_if_tls_fails),
        cmocka_unit_test(a_given_address_is_the_only_one),
        cmocka_unit_test(given_up_anywhere),
#ifndef TWILIO_THREADS
        cmocka_unit_test(address_where_nobody_answers),
        cmocka_unit_test(peer_that_stops_to_acknowledge),
        cmocka_unit_test(resolver_that_does_not_answer),
        cmocka_unit_test(more_questions_than_lwip_has_ports),
        cmocka_unit_test(the_next_address_if_one_is_silent),
        cmocka_unit_test(what_is_known_helps_where_dns_is_silent),
        cmocka_unit_test(dns_answers_at_last),
#endif
        cmocka_unit_test(cable_pulled_and_plugged),
        cmocka_unit_test(clock_starts_at_the_floor),
        cmocka_unit_test(sntp_below_the_floor),
        cmocka_unit_test(sntp_not_to_our_request),
        cmocka_unit_test(sntp_above_the_ceiling),
        cmocka_unit_test(sntp_without_a_time),
        cmocka_unit_test(sntp_sets_the_clock),
        cmocka_unit_test(sntp_knows_the_time_after_2036),
#ifndef TWILIO_THREADS
        cmocka_unit_test(sntp_asks_one_server_after_the_other),
        cmocka_unit_test(sntp_asks_less_and_less_often),
        cmocka_unit_test(sntp_is_held_until_it_is_needed),
#endif
        cmocka_unit_test(clock_goes_on_when_milliseconds_wrap),
        cmocka_unit_test(network_goes_on_when_milliseconds_wrap),
    };

    started = board_millis();
    host_isolate();
    host_dns_start();
    host_ntp_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
