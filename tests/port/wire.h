/*
 * wire.h - what the port needs of a board, TCP to the servers of peer.py, and their anchors
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WIRE_H
#define WIRE_H

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
#include <sys/random.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "anchors.h"
#include "board.h"
#include "clock.h"
#include "network.h"
#include "twilio.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
    const char *server;  /* a name of peer.py's, which all hosts are; NULL: nobody answers */
    uint32_t millis;     /* board_millis */
    uint32_t tick;       /* what it goes on by for each millisecond waited */
    bool no_entropy;

    char host[TWILIO_HOST_MAX + 1];  /* the last that was connected to */
    int descriptor;
    unsigned opened, closed;
    unsigned records[256];           /* sent, of each type */
    size_t left;                     /* bytes of the record being sent */
    uint8_t head[5], have;           /* its head so far */
} wire;

uint32_t board_millis(void)
{
    return wire.millis;
}

uint32_t twilio_clock_now(void)
{
    return (uint32_t)time(NULL);
}

/* What answers tell the clock is not heard here. */
void twilio_clock_authenticated(uint32_t seconds, bool certified);
void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    (void)seconds;
    (void)certified;
}

void twilio_clock_doubted(void);
void twilio_clock_doubted(void)
{
}

int board_entropy(void *buf, size_t size)
{
    return !wire.no_entropy && getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

void twilio_network_wait(uint32_t milliseconds)
{
    struct pollfd look = { .fd = wire.descriptor, .events = POLLIN };
    (void)poll(&look, 1, (int)milliseconds);
    wire.millis += milliseconds * wire.tick;
}

static int wire_connect(void *context, const char *host)
{
    char name[32];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    assert_ptr_equal(context, &wire);
    snprintf(wire.host, sizeof wire.host, "%s", host);
    wire.opened++;
    wire.descriptor = -1;
    wire.have = 0;
    if (wire.server == NULL) {
        return TWILIO_ERR_CONNECT;
    }
    snprintf(name, sizeof name, "PEER_%s", wire.server);
    assert_non_null(getenv(name));
    address.sin_port = htons((uint16_t)atoi(getenv(name)));
    wire.descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(wire.descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return TWILIO_OK;
}

static int wire_outcome(ssize_t n)
{
    return n >= 0 ? (int)n : errno == EAGAIN ? TWILIO_AGAIN : TWILIO_ERR_RESET;
}

/* Count TLS records by their type. */
static void look_at(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (wire.have == sizeof wire.head) {
            wire.have = --wire.left > 0 ? wire.have : 0;
            continue;
        }
        wire.head[wire.have++] = data[i];
        if (wire.have == sizeof wire.head) {
            wire.records[wire.head[0]]++;
            wire.left = (size_t)wire.head[3] << 8 | wire.head[4];
        }
    }
}

static int wire_send(void *context, const void *data, size_t size)
{
    assert_ptr_equal(context, &wire);
    int sent = wire_outcome(send(wire.descriptor, data, size, MSG_DONTWAIT | MSG_NOSIGNAL));
    if (sent > 0) {
        look_at(data, (size_t)sent);
    }
    return sent;
}

static int wire_recv(void *context, void *data, size_t size)
{
    assert_ptr_equal(context, &wire);
    return wire_outcome(recv(wire.descriptor, data, size, MSG_DONTWAIT));
}

static void wire_close(void *context)
{
    assert_ptr_equal(context, &wire);
    if (wire.descriptor >= 0) {
        close(wire.descriptor);
    }
    wire.closed++;
}

static const struct twilio_transport below = { wire_connect, wire_send, wire_recv, wire_close, &wire };

/* The certificate DIRECTORY/NAME.der; directory is a variable of the environment: ZOO, WORK */
static struct twilio_anchor certificate(const char *directory, const char *name)
{
    static uint8_t room[32768];
    static size_t used;
    char path[512];

    snprintf(path, sizeof path, "%s/%s.der", getenv(directory), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct twilio_anchor made = { room + used, fread(room + used, 1, sizeof room - used, file) };
    fclose(file);
    assert_true(made.size > 0 && used + made.size < sizeof room);
    used += made.size;
    return made;
}

#endif
