/*
 * test_tls.c - port/tls.c against real servers (peer.py), over a wire that can misbehave
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
#include "mbedtls/platform_util.h"
#include "mbedtls/x509_crt.h"
#include "pulse.h"
#include "tls.h"

#define HOST   "api.twilio.com"
#define PLENTY 65536
#define WHOLE  0x7fffffff

/* ---- What the port needs of a board ---------------------------------------- */

static uint32_t the_time;     /* 0: the real one */
static int entropy_left = -1; /* calls before board_entropy fails; -1: it does not */

uint32_t board_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

uint32_t twilio_clock_now(void)
{
    return the_time != 0 ? the_time : (uint32_t)time(NULL);
}

int board_entropy(void *buf, size_t size)
{
    assert_true(size > 0 && size <= 128);
    if (entropy_left == 0) {
        return -1;
    }
    entropy_left -= entropy_left > 0;
    return getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

/* ---- Allocation k fails ---------------------------------------------------- */

static long allocations, fail_from = -1, fail_to;
static struct twilio_arena arena;

void *__real_twilio_tls_calloc(size_t count, size_t size);
void *__wrap_twilio_tls_calloc(size_t count, size_t size);
void *__wrap_twilio_tls_calloc(size_t count, size_t size)
{
    long this = allocations++;
    if (fail_from >= 0 && this >= fail_from && this <= fail_to) {
        arena.failed = true;
        return NULL;
    }
    return __real_twilio_tls_calloc(count, size);
}

/* ---- The wire: TCP on loopback --------------------------------------------- */

static struct wire {
    const char *server;   /* a name of peer.py's */
    int chunk;            /* most bytes at a time */
    bool stutter;         /* every other call would block */
    long cut;             /* bytes received after which... */
    int cut_result;       /* ...this comes instead: 0 is the end */
    long send_cut;        /* bytes sent after which sending fails */
    long flip;            /* a received byte whose lowest bits are turned over; -1: none */

    int descriptor, opened, closed;
    long received, sent;
    bool turn;
    short wanted;         /* what would unblock the last call; 0: nothing, just call again */
    const void *promised; /* was not taken: must be offered again */
} wire;

static long smaller(long a, long b)
{
    return a < b ? a : b;
}

static bool balks(short events)
{
    wire.turn = !wire.turn;
    wire.wanted = wire.stutter && wire.turn ? 0 : events;
    return wire.stutter && wire.turn;
}

static int wire_connect(void *context, const char *host)
{
    assert_ptr_equal(context, &wire);
    assert_non_null(host);
    if (wire.opened == wire.closed) {
        char name[32];
        snprintf(name, sizeof name, "PEER_%s", wire.server);
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        address.sin_port = htons((uint16_t)atoi(getenv(name)));
        wire.descriptor = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(connect(wire.descriptor, (struct sockaddr *)&address, sizeof address), 0);
        setsockopt(wire.descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
        wire.opened++;
        wire.received = wire.sent = 0;
        wire.promised = NULL;
        wire.wanted = 0;
        return TWILIO_AGAIN;
    }
    return TWILIO_OK;
}

static int wire_send(void *context, const void *data, size_t size)
{
    assert_int_equal(wire.opened, wire.closed + 1);
    assert_true(size > 0 && context == &wire);
    assert_true(wire.promised == NULL || wire.promised == data);
    wire.promised = data;
    if (balks(POLLOUT)) {
        return TWILIO_AGAIN;
    }
    if (wire.sent >= wire.send_cut) {
        return TWILIO_ERR_RESET;
    }
    long most = smaller(wire.send_cut - wire.sent, wire.chunk);
    ssize_t sent = send(wire.descriptor, data, (size_t)smaller((long)size, most),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        return errno == EAGAIN ? TWILIO_AGAIN : TWILIO_ERR_RESET;
    }
    wire.promised = NULL;
    wire.wanted = 0;
    wire.sent += sent;
    return (int)sent;
}

static int wire_recv(void *context, void *data, size_t size)
{
    assert_int_equal(wire.opened, wire.closed + 1);
    assert_true(size > 0 && context == &wire);
    if (balks(POLLIN)) {
        return TWILIO_AGAIN;
    }
    if (wire.received >= wire.cut) {
        return wire.cut_result;
    }
    long most = smaller(wire.cut - wire.received, wire.chunk);
    ssize_t got = recv(wire.descriptor, data, (size_t)smaller((long)size, most), MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN ? TWILIO_AGAIN : TWILIO_ERR_RESET;
    }
    if (wire.flip >= wire.received && wire.flip < wire.received + got) {
        ((unsigned char *)data)[wire.flip - wire.received] ^= 0x05;
    }
    wire.wanted = 0;
    wire.received += got;
    return (int)got;
}

static void wire_close(void *context)
{
    assert_int_equal(wire.opened, wire.closed + 1);
    assert_true(context == &wire);
    close(wire.descriptor);
    wire.closed++;
}

static const struct twilio_transport below = { wire_connect, wire_send, wire_recv, wire_close, &wire };

/* ---- A connection under test ----------------------------------------------- */

static unsigned char memory[PLENTY], der[8][2048];
static struct twilio_anchor roots[6];
static struct twilio_anchors anchors = { roots, 0, NULL };
static struct twilio_tls tls;
static struct twilio_transport https;

static void load(const char *directory, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.der", getenv(directory), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    roots[anchors.count].der = der[anchors.count];
    roots[anchors.count].size = fread(der[anchors.count], 1, sizeof der[0], file);
    fclose(file);
    anchors.count++;
}

static int load_roots(void **unused)
{
    (void)unused;
    load("ZOO", "root");
    load("ZOO", "ecdsa-root");
    load("WORK", "p384-root");
    load("WORK", "rsa4096-root");
    load("WORK", "weak-root");
    load("WORK", "sha1-root");
    return 0;
}

static void start(size_t size)
{
    arena = (struct twilio_arena){ .memory = memory, .size = size };
    assert_int_equal(twilio_arena_begin(&arena), TWILIO_OK);
    tls = (struct twilio_tls){ .below = &below, .arena = &arena, .anchors = &anchors };
    https = twilio_tls_transport(&tls);
}

static int setup(void **unused)
{
    (void)unused;
    wire = (struct wire){ .server = "good", .chunk = WHOLE, .cut = WHOLE, .send_cut = WHOLE, .flip = -1 };
    the_time = 0;
    entropy_left = fail_from = -1;
    start(PLENTY);
    return 0;
}

/* Everything goes back to where it was: all memory, all sockets. */
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
    if (wire.wanted != 0 && poll(&look, 1, 10000) == 0) {
        fail_msg("%s keeps us waiting", wire.server);
    }
}

static int connect_to(const char *server, const char *host)
{
    int result;
    wire.server = server;
    while ((result = https.connect(https.context, host)) == TWILIO_AGAIN) {
        wait_for_wire();
    }
    return result;
}

static void must_connect(const char *server)
{
    assert_int_equal(connect_to(server, HOST), TWILIO_OK);
}

static int send_all(const void *data, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        int taken = https.send(https.context, (const char *)data + sent, size - sent);
        if (taken == TWILIO_AGAIN) {
            wait_for_wire();
        } else if (taken < 0) {
            return taken;
        } else {
            assert_in_range(taken, 1, size - sent);
            sent += (size_t)taken;
        }
    }
    return TWILIO_OK;
}

static void say(const char *text)
{
    assert_int_equal(send_all(text, strlen(text)), TWILIO_OK);
}

/* As much as is to come: the bytes, or the result that ended it. */
static int receive(void *data, size_t size)
{
    size_t have = 0;
    while (have < size) {
        int got = https.recv(https.context, (char *)data + have, size - have);
        if (got == TWILIO_AGAIN) {
            wait_for_wire();
        } else if (got <= 0) {
            return got;
        } else {
            assert_in_range(got, 1, size - have);
            have += (size_t)got;
        }
    }
    return (int)have;
}

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 7 % 251);
}

static void must_receive(int size)
{
    static unsigned char data[65536];
    char order[32];
    snprintf(order, sizeof order, "send %d\n", size);
    say(order);
    assert_int_equal(receive(data, (size_t)size), size);
    for (int i = 0; i < size; i++) {
        assert_int_equal(data[i], pattern((size_t)i));
    }
}

static void must_deliver(size_t size)
{
    static unsigned char data[65536];
    char order[32], answer[2];
    snprintf(order, sizeof order, "take %zu\n", size);
    say(order);
    for (size_t i = 0; i < size; i++) {
        data[i] = pattern(i);
    }
    assert_int_equal(send_all(data, size), TWILIO_OK);
    assert_int_equal(receive(answer, 2), 2);
    assert_memory_equal(answer, "ok", 2);
}

/* ---- Who is let in --------------------------------------------------------- */

static const struct {
    const char *server, *host;
    int result;
    uint32_t flags; /* some of these must be told */
} doors[] = {
    { "good", HOST, TWILIO_OK, 0 },
    { "ecdsa", HOST, TWILIO_OK, 0 },
    { "p384", HOST, TWILIO_OK, 0 },
    { "rsa4096", HOST, TWILIO_OK, 0 },
    { "aes256", HOST, TWILIO_OK, 0 },
    { "p256", HOST, TWILIO_OK, 0 },
    { "secp384r1", HOST, TWILIO_OK, 0 },
    { "byid", HOST, TWILIO_OK, 0 },
    { "named", HOST, TWILIO_OK, 0 },
    { "wildcard", HOST, TWILIO_OK, 0 },
    { "good", "API.Twilio.com", TWILIO_OK, 0 },
    { "wildcard", "twilio.com", TWILIO_ERR_WRONG_NAME, MBEDTLS_X509_BADCERT_CN_MISMATCH },
    { "wildcard", "api.sydney.twilio.com", TWILIO_ERR_WRONG_NAME, MBEDTLS_X509_BADCERT_CN_MISMATCH },
    { "wrongname", HOST, TWILIO_ERR_WRONG_NAME, MBEDTLS_X509_BADCERT_CN_MISMATCH },
    { "good", "10.0.2.2", TWILIO_ERR_WRONG_NAME, MBEDTLS_X509_BADCERT_CN_MISMATCH },
    { "expired", HOST, TWILIO_ERR_EXPIRED, MBEDTLS_X509_BADCERT_EXPIRED },
    { "expired-intermediate", HOST, TWILIO_ERR_EXPIRED, MBEDTLS_X509_BADCERT_EXPIRED },
    { "notyet", HOST, TWILIO_ERR_NOT_YET_VALID, MBEDTLS_X509_BADCERT_FUTURE },
    { "unknown", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_NOT_TRUSTED },
    { "missing", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_NOT_TRUSTED },
    { "selfsigned", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_NOT_TRUSTED },
    { "notca", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_NOT_TRUSTED },
#if TWILIO_TLS_RECORD_MAX < 16384
    { "long", HOST, TWILIO_ERR_RECORD, 0 },
    { "huge", HOST, TWILIO_ERR_RECORD, 0 },
#else
    { "long", HOST, TWILIO_OK, 0 },
    { "huge", HOST, TWILIO_ERR_TLS, 0 },
#endif
    { "weak", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_BAD_KEY },
    { "sha1", HOST, TWILIO_ERR_UNTRUSTED, MBEDTLS_X509_BADCERT_NOT_TRUSTED },
    { "tls11", HOST, TWILIO_ERR_TLS_MISMATCH, 0 },
    { "tls13", HOST, TWILIO_ERR_TLS_MISMATCH, 0 },
    { "cbc", HOST, TWILIO_ERR_TLS_MISMATCH, 0 },
    { "static", HOST, TWILIO_ERR_TLS_MISMATCH, 0 },
    { "denied", HOST, TWILIO_ERR_TLS_ALERT, 0 },
    { "garbage", HOST, TWILIO_ERR_TLS, 0 },
    { "good", "", TWILIO_ERR_HOST, 0 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void knock(int chunk, bool stutter)
{
    for (size_t i = 0; i < COUNT(doors); i++) {
        setup(NULL);
        wire.chunk = chunk;
        wire.stutter = stutter;
        int result = connect_to(doors[i].server, doors[i].host);
        if (result != doors[i].result) {
            fail_msg("%s as %s: %d, flags %x", doors[i].server, doors[i].host, result, tls.verify);
        }
        assert_int_equal(tls.verify & doors[i].flags, doors[i].flags);
        assert_int_equal(tls.verify != 0, doors[i].flags != 0);
        if (result == TWILIO_OK) {
            assert_false(tls.resumed);
            must_receive(100);
        } else {
            assert_int_equal(arena.used, 0);
        }
        teardown(NULL);
    }
}

#define PAST       1609459200U  /* 2021-01-01, when the expired ones ended: see ca.py */
#define NINE_YEARS (9 * 31556952U)

/* The end of the first to end, be it the server's own certificate or another of its chain. */
static void end_of_the_chain_is_told(void **unused)
{
    (void)unused;
    assert_int_equal(tls.expires, 0);
    assert_int_equal(connect_to("expired", HOST), TWILIO_ERR_EXPIRED);
    assert_int_equal(tls.expires, PAST);
    assert_int_equal(connect_to("notyet", HOST), TWILIO_ERR_NOT_YET_VALID);
    uint32_t good = tls.expires; /* the intermediate's, before that of 2049 */
    assert_in_range(good, twilio_clock_now() + NINE_YEARS, twilio_clock_now() + NINE_YEARS + 31556952U);
    assert_int_equal(connect_to("expired-intermediate", HOST), TWILIO_ERR_EXPIRED);
    assert_int_equal(tls.expires, PAST);
    must_connect("good");
    assert_int_equal(tls.expires, good);
}

static void doors_open_and_shut(void **unused)
{
    (void)unused;
    knock(WHOLE, false);
}

static void doors_open_and_shut_byte_by_byte(void **unused)
{
    (void)unused;
    knock(1, true);
}

static void the_clock_decides(void **unused)
{
    (void)unused;
    the_time = 1;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_NOT_YET_VALID);
    the_time = UINT32_MAX;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_EXPIRED);
    the_time = 1577880000; /* 2020-01-01 12:00, within the first year of... */
    assert_int_equal(connect_to("expired", HOST), TWILIO_ERR_NOT_YET_VALID);
    the_time = 0;
    assert_int_equal(connect_to("good", HOST), TWILIO_OK);
}

static void the_calendar_is_right(void **unused)
{
    (void)unused;
    for (uint32_t day = 0; day < UINT32_MAX / 86400; day++) {
        uint32_t now = day * 86400 + day * 1237 % 86400;
        time_t same = (time_t)now;
        struct tm ours, theirs;
        assert_ptr_equal(mbedtls_platform_gmtime_r(&now, &ours), &ours);
        gmtime_r(&same, &theirs);
        assert_int_equal(ours.tm_year, theirs.tm_year);
        assert_int_equal(ours.tm_mon, theirs.tm_mon);
        assert_int_equal(ours.tm_mday, theirs.tm_mday);
        assert_int_equal(ours.tm_hour, theirs.tm_hour);
        assert_int_equal(ours.tm_min, theirs.tm_min);
        assert_int_equal(ours.tm_sec, theirs.tm_sec);
    }
}

/* ---- Anchors --------------------------------------------------------------- */

static void anchors_must_be_there_and_sound(void **unused)
{
    (void)unused;
    const struct twilio_anchors none = { roots, 0, NULL }, good_then_none = { roots, 1, &none };
    const struct twilio_anchor bad[] = { { roots[0].der, roots[0].size - 1 }, roots[0] };
    const struct twilio_anchors unsound = { bad, 2, NULL };

    tls.anchors = &none;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_ANCHORS);
    assert_int_equal(wire.opened, 0);
    tls.anchors = &good_then_none;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_ANCHORS);
    tls.anchors = &unsound;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_ANCHORS);
    assert_int_equal(arena.used, 0);
}

static void built_in_anchors_are_the_default(void **unused)
{
    (void)unused;
    const struct twilio_anchors chained = { &twilio_builtin_anchors.anchor[0], 4, &anchors };

    tls.anchors = NULL;
    assert_int_equal(connect_to("good", HOST), TWILIO_ERR_UNTRUSTED);
    assert_ptr_equal(tls.anchors, &twilio_builtin_anchors);
    assert_int_equal(twilio_builtin_anchors.count, 4);
    tls.anchors = &chained;
    must_connect("good");
}

static void memory_does_not_grow_with_anchors(void **unused)
{
    (void)unused;
    struct twilio_anchor many[200];
    const struct twilio_anchors one = { roots, 1, NULL }, lots = { many, COUNT(many), &one };

    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = twilio_builtin_anchors.anchor[i % 4];
    }
    tls.anchors = &one;
    must_connect("good");
    size_t peak = arena.peak;
    start(PLENTY - 16); /* the wire still thinks that it is open */
    wire_close(&wire);
    tls.anchors = &lots;
    must_connect("good");
    assert_int_equal(arena.peak, peak);
}

/* ---- Entropy --------------------------------------------------------------- */

static void no_entropy_no_connection(void **unused)
{
    (void)unused;
    for (entropy_left = 0;; entropy_left++) {
        int calls = entropy_left, result = connect_to("good", HOST);
        if (result == TWILIO_OK) {
            assert_true(calls > 0);
            break;
        }
        assert_int_equal(result, TWILIO_ERR_ENTROPY);
        assert_int_equal(wire.sent, 0);
        entropy_left = calls;
    }
}

/* ---- Data ------------------------------------------------------------------ */

static void bytes_both_ways(void **unused)
{
    (void)unused;
    const int sizes[] = { 1, 2, 100, 1023, 1024, 1025, 4096, 16384, 16385, 50000 };
    must_connect("good");
    for (size_t i = 0; i < COUNT(sizes); i++) {
        must_receive(sizes[i]);
        must_deliver((size_t)sizes[i]);
    }
}

static void bytes_both_ways_through_a_straw(void **unused)
{
    (void)unused;
    wire.chunk = 1;
    wire.stutter = true;
    must_connect("good");
    must_receive(3000);
    must_deliver(3000);
}

/* Whatever else it is now told, the rest of a record goes out as it was. */
static void would_block_keeps_the_record(void **unused)
{
    (void)unused;
    static const unsigned char one[] = "take 4\n\0\7\16\25";
    char answer[2];
    must_connect("good");
    wire.chunk = 1;
    wire.stutter = true;
    int taken = https.send(https.context, one, 7);
    while (taken == TWILIO_AGAIN) {
        taken = https.send(https.context, one, sizeof one - 1); /* more than at first */
    }
    assert_int_equal(taken, 7);
    assert_int_equal(send_all(one + 7, 4), TWILIO_OK);
    assert_int_equal(receive(answer, 2), 2);
    assert_memory_equal(answer, "ok", 2);
}

/* ---- How it ends ----------------------------------------------------------- */

static int ends(const char *order)
{
    char byte;
    must_connect("good");
    say(order);
    int result = receive(&byte, 1);
    assert_int_equal(https.recv(https.context, &byte, 1), result); /* sticks */
    assert_true(https.send(https.context, "x", 1) < TWILIO_AGAIN);
    https.close(https.context);
    assert_int_equal(wire.opened, wire.closed);
    assert_int_equal(https.recv(https.context, &byte, 1), TWILIO_ERR_CLOSED);
    assert_int_equal(https.send(https.context, "x", 1), TWILIO_ERR_CLOSED);
    return result;
}

static void ends_are_told_apart(void **unused)
{
    (void)unused;
    assert_int_equal(ends("close\n"), 0);
    assert_int_equal(ends("drop\n"), TWILIO_ERR_CLOSED);
    assert_int_equal(ends("reset\n"), TWILIO_ERR_RESET);
}

static void cut_within_a_record_is_no_end(void **unused)
{
    (void)unused;
    char data[2000];
    must_connect("good");
    wire.cut = wire.received + 1000;
    say("send 2000\n");
    assert_int_equal(receive(data, sizeof data), TWILIO_ERR_CLOSED);
}

static void errors_of_below_pass_through(void **unused)
{
    (void)unused;
    static const int errors[] = { TWILIO_ERR_RESET, TWILIO_ERR_TIMEOUT, TWILIO_ERR_NETWORK };
    for (size_t i = 0; i < COUNT(errors); i++) {
        char byte;
        setup(NULL);
        must_connect("good");
        wire.cut = wire.received;
        wire.cut_result = errors[i];
        assert_int_equal(receive(&byte, 1), errors[i]);
        assert_int_equal(https.send(https.context, "x", 1), errors[i]);
        teardown(NULL);
    }
    setup(NULL);
    must_connect("good");
    wire.send_cut = wire.sent;
    assert_int_equal(send_all("x", 1), TWILIO_ERR_RESET);
    assert_int_equal(send_all("x", 1), TWILIO_ERR_RESET);
}

static void hanging_up_says_goodbye_once(void **unused)
{
    (void)unused;
    must_connect("good");
    long sent = wire.sent;
    https.close(https.context);
    assert_int_equal(wire.sent, sent + 5 + 8 + 2 + 16); /* one record: an alert under AES-GCM */
    https.close(https.context);
    assert_int_equal(wire.sent, sent + 31);
}

/* A handshake cut anywhere gives the error of the cut, and nothing stays behind. */
static void cut_handshake(int cut_result, int expected)
{
    must_connect("good");
    long whole = wire.received;
    https.close(https.context);
    twilio_tls_forget(&tls);
    wire.cut_result = cut_result;
    for (wire.cut = 0; wire.cut < whole; wire.cut += 29) {
        assert_int_equal(connect_to("good", HOST), expected);
        assert_int_equal(arena.used, 0);
        assert_int_equal(wire.opened, wire.closed);
    }
    wire.cut = WHOLE;
    must_connect("good");
}

static void handshake_cut_off(void **unused)
{
    (void)unused;
    cut_handshake(0, TWILIO_ERR_CLOSED);
}

static void handshake_reset(void **unused)
{
    (void)unused;
    cut_handshake(TWILIO_ERR_RESET, TWILIO_ERR_RESET);
}

static void handshake_unsent(void **unused)
{
    (void)unused;
    must_connect("good");
    long whole = wire.sent;
    https.close(https.context);
    twilio_tls_forget(&tls);
    for (wire.send_cut = 0; wire.send_cut < whole; wire.send_cut += 11) {
        assert_int_equal(connect_to("good", HOST), TWILIO_ERR_RESET);
        assert_int_equal(arena.used, 0);
    }
}

static void gives_up_when_told(void **unused)
{
    (void)unused;
    wire.server = "silence";
    for (int i = 0; i < 5; i++) {
        assert_int_equal(https.connect(https.context, HOST), TWILIO_AGAIN);
    }
    https.close(https.context);
    assert_int_equal(arena.used, 0);
    assert_int_equal(wire.opened, wire.closed);
    must_connect("good");
}

/* A byte of the server's turned over, anywhere: an error, never a connection that is not. */
static void tampering_is_noticed(void **unused)
{
    (void)unused;
    must_connect("good");
    long whole = wire.received;
    https.close(https.context);
    twilio_tls_forget(&tls);
    for (wire.flip = 0; wire.flip < whole; wire.flip += 13) {
        wire.cut = WHOLE;
        wire.cut_result = 0;
        long at = wire.flip;
        int result;
        wire.server = "good";
        while ((result = https.connect(https.context, HOST)) == TWILIO_AGAIN) {
            struct pollfd look = { .fd = wire.descriptor, .events = wire.wanted };
            if (wire.wanted != 0 && poll(&look, 1, 30) == 0) {
                wire.cut = wire.received; /* a length has grown: we wait for what never comes */
            }
        }
        if (result >= 0) {
            fail_msg("byte %ld turned over: %d", at, result);
        }
        assert_int_equal(arena.used, 0);
    }
}

/* ---- Kept and resumed ------------------------------------------------------ */

static void open_connections_are_kept(void **unused)
{
    (void)unused;
    must_connect("wildcard");
    must_receive(10);
    assert_int_equal(connect_to("wildcard", HOST), TWILIO_KEPT);
    must_receive(10);
    assert_int_equal(wire.opened, 1);
    assert_int_equal(connect_to("wildcard", "verify.twilio.com"), TWILIO_OK);
    assert_int_equal(wire.opened, 2);
    assert_int_equal(wire.closed, 1);
    assert_false(tls.resumed); /* that session is another host's */
    must_receive(10);
}

static void an_ended_connection_is_replaced(void **unused)
{
    (void)unused;
    char byte;
    must_connect("good");
    say("close\n");
    assert_int_equal(receive(&byte, 1), 0);
    must_connect("good");
    assert_int_equal(wire.opened, 2);
    assert_true(tls.resumed);
    must_receive(10);
}

static void resume(const char *server, bool resumed)
{
    setup(NULL);
    must_connect(server);
    assert_false(tls.resumed);
    https.close(https.context);
    assert_true(arena.used > 0 && arena.used < 800);
    for (int i = 0; i < 3; i++) {
        size_t before = arena.used;
        must_connect(server);
        if (tls.resumed != resumed) {
            fail_msg("%s: %sresumed", server, resumed ? "not " : "");
        }
        must_receive(10);
        must_deliver(10);
        https.close(https.context);
        assert_in_range(arena.used, before - 64, before + 64);
    }
    twilio_tls_forget(&tls);
    assert_int_equal(arena.used, 0);
    must_connect(server);
    assert_false(tls.resumed);
    teardown(NULL);
}

static void sessions_are_resumed(void **unused)
{
    (void)unused;
    resume("good", true);
    resume("ecdsa", true);
    resume("aes256", true);
    resume("byid", true);
    resume("stale", false);
}

static unsigned beats;

static void beat(void *context)
{
    assert_ptr_equal(context, &beats);
    beats++;
}

static unsigned beats_of(const char *server)
{
    setup(NULL);
    beats = 0;
    must_connect(server);
    teardown(NULL);
    return beats;
}

/* X25519, for the key exchange, is over 100; each RSA signature 17 multiplications and a few, each of them
 * a beat; elliptic curves beat for each dozens of their thousands. */
static void long_computations_have_a_pulse(void **unused)
{
    (void)unused;
    twilio_pulse(beat, &beats);
    assert_in_range(beats_of("good"), 3 * 17 + 100, 400);
    assert_in_range(beats_of("secp384r1") - beats_of("good"), 400, 2000);
    assert_in_range(beats_of("ecdsa"), 400, 2000);
    assert_in_range(beats_of("p384"), 1000, 6000);
    twilio_pulse(NULL, NULL);
    assert_int_equal(beats_of("ecdsa"), 0);
    assert_int_equal(beats_of("good"), 0);
}

/* Whoever answers at that address: without the keys of the session it must show a certificate. */
static void resumption_does_not_trust_anybody(void **unused)
{
    (void)unused;
    must_connect("good");
    https.close(https.context);
    assert_int_equal(connect_to("unknown", HOST), TWILIO_ERR_UNTRUSTED);
    must_connect("good");
    https.close(https.context);
    assert_int_equal(connect_to("wrongname", HOST), TWILIO_ERR_WRONG_NAME);
    assert_int_equal(arena.used, 0);
}

/* The fallback happens within the arena that a first connection needs, and a little. */
static void resumption_leaves_the_arena_whole(void **unused)
{
    (void)unused;
    must_connect("stale");
    size_t first = arena.peak;
    for (int i = 0; i < 5; i++) {
        https.close(https.context);
        must_connect("stale");
    }
    print_message("           arena: %zu at first, %zu with a ticket that is refused\n", first, arena.peak);
    assert_true(arena.peak < first + 1024 && arena.peak <= TWILIO_ARENA_MIN);
}

/* ---- Memory ---------------------------------------------------------------- */

/* The smallest arena in which this works: connect, exchange, close, resume. */
static int fits(const char *server, size_t size)
{
    setup(NULL);
    start(size);
    int result = connect_to(server, HOST);
    if (result == TWILIO_OK) {
        must_receive(1000);
        https.close(https.context);
        result = connect_to(server, HOST);
        if (result == TWILIO_OK) {
            assert_true(tls.resumed);
            must_receive(1000);
        }
    }
    teardown(NULL);
    return result;
}

static void arena_is_bisected(void **unused)
{
    (void)unused;
    const char *const servers[] = { "good", "ecdsa", "p384", "rsa4096", "aes256", "p256" };
    for (size_t i = 0; i < COUNT(servers); i++) {
        size_t low = 1024, high = PLENTY;
        while (high - low > 16) {
            size_t middle = (low + high) / 2;
            *(fits(servers[i], middle) == TWILIO_OK ? &high : &low) = middle;
        }
        print_message("           arena: %zu bytes for %s\n", high, servers[i]);
        assert_true(high <= TWILIO_ARENA_MIN);
    }
}

/* Too small an arena is a lack of memory and nothing else, at any size. */
static void too_small_is_told_as_such(void **unused)
{
    (void)unused;
    size_t size = 64, too_small = 0;
    for (int result = TWILIO_ERR_MEMORY; result != TWILIO_OK; size += 48) {
        result = fits("good", size);
        if (result != TWILIO_OK) {
            assert_int_equal(result, TWILIO_ERR_MEMORY);
            too_small++;
        }
    }
    assert_true(too_small > 50);
    for (size_t more = size; more < size + 4096; more += 256) {
        assert_int_equal(fits("good", more), TWILIO_OK);
    }
}

static void fail_each(const char *server, bool resumption, bool all_after, long stride)
{
    long count = 1, failed = 0;
    for (long k = 0; k < count; k += stride) {
        setup(NULL);
        if (resumption) {
            must_connect(server);
            https.close(https.context);
        }
        allocations = 0;
        fail_from = k;
        fail_to = all_after ? WHOLE : k;
        int result = connect_to(server, HOST);
        fail_from = -1;
        if (result == TWILIO_OK) {
            assert_true(allocations <= k); /* none failed */
        } else {
            assert_int_equal(result, TWILIO_ERR_MEMORY);
            twilio_tls_forget(&tls);
            assert_int_equal(arena.used, 0);
            count = k + stride + 1;
            failed++;
            must_connect(server);
        }
        must_receive(10);
        teardown(NULL);
    }
    print_message("           %ld allocations of %s%s failed in turn\n", failed, server,
                  resumption ? ", resumed" : "");
    assert_true(failed > 10);
}

static void each_allocation_fails(void **unused)
{
    (void)unused;
    fail_each("good", false, false, 1);
    fail_each("good", false, true, 1);
    fail_each("good", true, false, 1);
    fail_each("ecdsa", false, false, 61); /* of some 8,000, most of them in one curve's arithmetic */
}

/* Keeping the session is the one thing that may fail in silence. */
static void no_memory_for_the_session(void **unused)
{
    (void)unused;
    for (long k = 0; k < 4; k++) {
        must_connect("good");
        allocations = 0;
        fail_from = fail_to = k;
        https.close(https.context);
        fail_from = -1;
        assert_int_equal(tls.session == NULL, arena.used == 0);
        assert_int_equal(tls.session == NULL, allocations > k);
        twilio_tls_forget(&tls);
        assert_int_equal(arena.used, 0);
    }
}

/* Nothing that was secret is left in the arena's free memory. */
static void memory_is_wiped(void **unused)
{
    (void)unused;
    must_connect("good");
    must_receive(1000);
    teardown(NULL);
    for (size_t i = 2 * sizeof(void *); i < PLENTY; i++) {
        assert_int_equal(memory[i], 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(end_of_the_chain_is_told),
        TEST(doors_open_and_shut), TEST(doors_open_and_shut_byte_by_byte), TEST(the_clock_decides),
        TEST(the_calendar_is_right), TEST(anchors_must_be_there_and_sound),
        TEST(built_in_anchors_are_the_default), TEST(memory_does_not_grow_with_anchors),
        TEST(no_entropy_no_connection), TEST(bytes_both_ways), TEST(bytes_both_ways_through_a_straw),
        TEST(would_block_keeps_the_record), TEST(ends_are_told_apart),
        TEST(cut_within_a_record_is_no_end), TEST(errors_of_below_pass_through),
        TEST(hanging_up_says_goodbye_once), TEST(handshake_cut_off), TEST(handshake_reset),
        TEST(handshake_unsent), TEST(gives_up_when_told), TEST(tampering_is_noticed),
        TEST(open_connections_are_kept), TEST(an_ended_connection_is_replaced), TEST(sessions_are_resumed),
        TEST(resumption_does_not_trust_anybody), TEST(resumption_leaves_the_arena_whole),
        TEST(arena_is_bisected), TEST(too_small_is_told_as_such), TEST(each_allocation_fails),
        TEST(no_memory_for_the_session), TEST(memory_is_wiped), TEST(long_computations_have_a_pulse),
    };
    print_message("records of %d bytes\n", TWILIO_TLS_RECORD_MAX);
    return cmocka_run_group_tests(tests, load_roots, NULL);
}
