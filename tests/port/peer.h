/*
 * peer.h - TCP to the servers of peer.py, and their anchors
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PEER_H
#define PEER_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "anchors.h"
#include "twilio.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
    const char *server;  /* a name of peer.py's, which all hosts are; NULL: nobody answers */

    char host[TWILIO_HOST_MAX + 1];  /* the last that was connected to */
    int descriptor;
    unsigned opened, closed;
    unsigned records[256];           /* sent, of each type */
    size_t left;                     /* bytes of the record being sent */
    uint8_t head[5], have;           /* its head so far */
} wire;

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
