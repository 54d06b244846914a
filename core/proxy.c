/*
 * proxy.c - a tunnel: the proxy is asked for it, and its answer read to the last octet, but not beyond
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_proxy.h"

#include "sink.h"

#include <string.h>

#define PORT_DEFAULT 443

enum state { CLOSED, CONNECTING, ASKING, READING, OPEN };

/* ---- What the proxy is asked --------------------------------------------- */

/* Percent-encoded, so that whatever stands in a name it cannot end the line. */
static void put_authority(struct twilio_sink *sink, const struct twilio_proxy *proxy, const char *host)
{
    sink->encoding = true;
    twilio_write(sink, host);
    sink->encoding = false;
    twilio_sink_octet(sink, ':');
    twilio_write_number(sink, proxy->port != 0 ? proxy->port : PORT_DEFAULT);
}

static void put_request(struct twilio_sink *sink, const struct twilio_proxy *proxy, const char *host)
{
    twilio_write(sink, "CONNECT ");
    put_authority(sink, proxy, host);
    twilio_write(sink, " HTTP/1.1\r\nHost: ");
    put_authority(sink, proxy, host);
    if (proxy->user != NULL) {
        twilio_write(sink, "\r\nProxy-Authorization: Basic ");
        twilio_sink_basic(sink, proxy->user, proxy->secret);
    }
    twilio_write(sink, "\r\n\r\n");
}

/* Write what comes after all that was sent. Returns its size, 0 at the end, or the caller's mistake. */
static int write_piece(struct twilio_proxy *proxy, const char *host)
{
    struct twilio_sink sink;
    size_t left;

    memset(&sink, 0, sizeof sink);
    sink.window = (uint8_t *)proxy->now.out.piece;
    sink.size = sizeof proxy->now.out.piece;
    sink.offset = proxy->now.out.sent;
    put_request(&sink, proxy, host);
    left = sink.position - sink.offset;
    return sink.mistake != 0 ? sink.mistake : (int)(left < sink.size ? left : sink.size);
}

/* ---- Steps towards a tunnel, each of which may be repeated --------------- */

static int begin(struct twilio_proxy *proxy, const char *host)
{
    int n;

    proxy->code = 0;
    if (proxy->below == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (proxy->host == NULL) {
        return TWILIO_ERR_HOST;
    }
    n = write_piece(proxy, host);
    if (n >= 0) {
        proxy->state = CONNECTING;
    }
    return n;
}

/* A connection that was kept is not ours: who knows what it is in the middle of. */
static int reach(struct twilio_proxy *proxy)
{
    int n = proxy->below->connect(proxy->below->context, proxy->host);

    if (n == TWILIO_OK) {
        proxy->state = ASKING;
    }
    return n > 0 ? TWILIO_ERR_ARGUMENT : n;
}

static void wipe(struct twilio_proxy *proxy)
{
    memset(&proxy->now, 0, sizeof proxy->now);
}

static int ask(struct twilio_proxy *proxy, const char *host)
{
    int n = write_piece(proxy, host);

    if (n > 0) {
        n = proxy->below->send(proxy->below->context, proxy->now.out.piece, (size_t)n);
        if (n > 0) {
            proxy->now.out.sent += (size_t)n;
        }
        return n;
    }
    wipe(proxy);
    proxy->now.response.method = TWILIO_HEAD;  /* whose answers, too, end with their head: RFC 9112 6.3 */
    proxy->state = READING;
    return twilio_response_begin(&proxy->now.response);
}

static int read_octet(struct twilio_proxy *proxy)
{
    struct twilio_response *response = &proxy->now.response;
    char octet;
    int n = proxy->below->recv(proxy->below->context, &octet, 1);

    if (n >= 0) {
        n = twilio_response_feed(response, &octet, (size_t)n);
    }
    if (n >= 0 && response->status == TWILIO_OK) {
        proxy->code = response->code;
        proxy->state = OPEN;
        n = response->code < 300 ? TWILIO_OK : TWILIO_ERR_PROXY;
    }
    return n;
}

/* ---- The transport ------------------------------------------------------- */

static void proxy_close(void *context)
{
    struct twilio_proxy *proxy = context;

    wipe(proxy);
    if (proxy->state != CLOSED) {
        proxy->state = CLOSED;
        proxy->below->close(proxy->below->context);
    }
}

static int proxy_connect(void *context, const char *host)
{
    struct twilio_proxy *proxy = context;
    int n = TWILIO_OK;

    if (proxy->state == OPEN) {
        proxy_close(proxy);
    }
    while (n >= 0 && proxy->state != OPEN) {
        n = proxy->state == CLOSED ? begin(proxy, host)
          : proxy->state == CONNECTING ? reach(proxy)
          : proxy->state == ASKING ? ask(proxy, host) : read_octet(proxy);
    }
    if (n < TWILIO_AGAIN) {
        proxy_close(proxy);
    }
    return n;
}

static int proxy_send(void *context, const void *data, size_t size)
{
    struct twilio_proxy *proxy = context;

    return proxy->below->send(proxy->below->context, data, size);
}

static int proxy_recv(void *context, void *data, size_t size)
{
    struct twilio_proxy *proxy = context;

    return proxy->below->recv(proxy->below->context, data, size);
}

struct twilio_transport twilio_proxy_transport(struct twilio_proxy *proxy)
{
    struct twilio_transport transport = { proxy_connect, proxy_send, proxy_recv, proxy_close, proxy };

    return transport;
}
