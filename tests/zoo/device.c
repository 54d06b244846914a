/*
 * device.c - exchanges over TLS and plain sockets, told by its standard input whom to visit and in what state
 *
 * Each line is a visit (struct visit says of what), each answered by a line about how it went. The
 * transport is one and the same all along. test_zoo.py does the asking.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
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

#include "board.h"
#include "client.h"
#include "clock.h"
#include "twilio.h"

#define SECRET "8b2f1c6d9e7a4035"
#define BASIC  "QUMxOjhiMmYxYzZkOWU3YTQwMzU=" /* AC1:SECRET in base64 */

static struct visit {
    unsigned port;
    unsigned timeout;   /* milliseconds */
    unsigned fresh;     /* 0: on the connection that is open; 1: on a new one, with no session; 2: with one */
    unsigned body;      /* bytes of a parameter; 0: a GET */
    unsigned ballast;   /* bytes of the arena that are taken */
    unsigned now;       /* the clock; 0: true */
    unsigned entropy;   /* 1: there is some */
    unsigned anchors;   /* 0: none, 1: the roots, 2: one of them broken */
} visit;

/* ---- What the port needs of a board, and TLS of a wire ------------------------ */

static struct {
    int descriptor;
    unsigned opened, closed;
    short wanted;
} wire;

uint32_t board_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

uint32_t twilio_clock_now(void)
{
    return visit.now != 0 ? visit.now : (uint32_t)time(NULL);
}

void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    (void)seconds;
    (void)certified;
}

void twilio_clock_doubted(void)
{
}

int board_entropy(void *buf, size_t size)
{
    return visit.entropy && getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

static int wire_connect(void *context, const char *host)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    (void)context, (void)host;
    address.sin_port = htons((uint16_t)visit.port);
    wire.descriptor = socket(AF_INET, SOCK_STREAM, 0);
    wire.opened++;
    setsockopt(wire.descriptor, SOL_SOCKET, SO_SNDBUF, &(int){ 4096 }, sizeof(int));
    setsockopt(wire.descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    if (connect(wire.descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        return TWILIO_ERR_CONNECT;
    }
    return TWILIO_OK;
}

static int outcome(ssize_t n, short wanted)
{
    wire.wanted = wanted;
    return n >= 0 ? (int)n : errno == EAGAIN ? TWILIO_AGAIN : TWILIO_ERR_RESET;
}

static int wire_send(void *context, const void *data, size_t size)
{
    (void)context;
    return outcome(send(wire.descriptor, data, size, MSG_DONTWAIT | MSG_NOSIGNAL), POLLOUT);
}

static int wire_recv(void *context, void *data, size_t size)
{
    (void)context;
    return outcome(recv(wire.descriptor, data, size, MSG_DONTWAIT), POLLIN);
}

static void wire_close(void *context)
{
    (void)context;
    close(wire.descriptor);
    wire.closed++;
}

static const struct twilio_transport below = { wire_connect, wire_send, wire_recv, wire_close, NULL };

/* ---- The device ---------------------------------------------------------------- */

#define ROOTS_MAX 8

static unsigned char der[ROOTS_MAX][2048];
static struct twilio_anchor roots[ROOTS_MAX];
static struct twilio_anchor broken[] = { { der[0], 100 } };
static struct twilio_anchors anchors[] = { { roots, 0, NULL }, { roots, 0, NULL }, { broken, 1, NULL } };
static const struct twilio_account account = { .sid = "AC1", .secret = SECRET };
static char memory[131072], scratch[512], window[64], text[65536];
static struct twilio_arena arena = { .memory = memory, .size = sizeof memory };
static struct twilio_tls tls = { .below = &below, .arena = &arena };
static struct twilio_transport https;

static void load(const char *path)
{
    size_t i = anchors[1].count++;
    FILE *file = i < ROOTS_MAX ? fopen(path, "rb") : NULL;

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    roots[i] = (struct twilio_anchor){ der[i], fread(der[i], 1, sizeof der[i], file) };
    fclose(file);
}

static void forget(void)
{
    https.close(https.context);
    twilio_tls_forget(&tls);
}

static int drive(struct twilio_exchange *x)
{
    uint32_t begun = board_millis();
    int result;

    while ((result = twilio_exchange_step(x)) == TWILIO_AGAIN || result == TWILIO_FULL) {
        struct pollfd look = { .fd = wire.descriptor, .events = wire.wanted };
        if (board_millis() - begun >= visit.timeout) {
            twilio_exchange_abort(x, TWILIO_ERR_TIMEOUT);
            return TWILIO_ERR_TIMEOUT;
        }
        x->response.body_length = 0;
        (void)poll(&look, 1, result == TWILIO_AGAIN ? 1 : 0);
    }
    return result;
}

static int call(struct twilio_exchange *x)
{
    const struct twilio_request get = { .account = &account, .resource = "/page" };
    const struct twilio_request post = {
        .account = &account, .method = TWILIO_POST, .resource = "Messages.json",
        .params = TWILIO_PARAMS({ "Body", text }),
    };

    memset(text, 'x', visit.body);
    text[visit.body] = '\0';
    *x = (struct twilio_exchange){
        .request = visit.body == 0 ? &get : &post, .transport = &https, .scratch = scratch,
        .scratch_size = sizeof scratch, .response = { .body = window, .body_size = sizeof window },
    };
    int result = twilio_exchange_begin(x);
    return result == TWILIO_OK ? drive(x) : result;
}

static bool holds(const void *room, size_t size, const char *what)
{
    return memmem(room, size, what, strlen(what)) != NULL;
}

static bool secret_is_left(void)
{
    return holds(scratch, sizeof scratch, BASIC) || holds(memory, sizeof memory, BASIC) ||
           holds(memory, sizeof memory, SECRET);
}

/* The line that test_zoo.Visit reads. After a failure nothing may stay behind but a session. */
static void tell(int result, const struct twilio_exchange *x, unsigned opened, unsigned took)
{
    const char *name = twilio_explain(result);
    size_t left = 0;
    bool secret = secret_is_left();

    if (result != TWILIO_OK) {
        twilio_tls_forget(&tls);
        left = arena.used + (wire.opened - wire.closed);
    }
    printf("%.*s %d %d %u %zu %u %d %d\n", (int)strcspn(name, ":"), name, x->committed, x->response.code,
           opened, left, took, secret, tls.resumed);
    fflush(stdout);
}

static void pay_visit(void)
{
    struct twilio_exchange exchange;
    unsigned opened = wire.opened;

    if (visit.fresh == 1) {
        forget();
    } else if (visit.fresh == 2) {
        https.close(https.context);
    }
    tls.anchors = &anchors[visit.anchors];
    void *ballast = visit.ballast != 0 ? twilio_arena_calloc(&arena, 1, visit.ballast) : NULL;
    uint32_t begun = board_millis();
    int result = call(&exchange);
    uint32_t took = board_millis() - begun;
    twilio_arena_free(&arena, ballast);
    tell(result, &exchange, wire.opened - opened, took);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        load(argv[i]);
    }
    if (twilio_arena_begin(&arena) != TWILIO_OK) {
        return 2;
    }
    https = twilio_tls_transport(&tls);
    while (scanf("%u %u %u %u %u %u %u %u", &visit.port, &visit.timeout, &visit.fresh, &visit.body,
                 &visit.ballast, &visit.now, &visit.entropy, &visit.anchors) == 8) {
        pay_visit();
    }
    forget();
    return arena.used == 0 && wire.opened == wire.closed ? 0 : 1;
}
