/*
 * trace.c - what goes over the wire, shown without the login
 *
 * Of what is sent only the size is looked at. The request shown is encoded from a copy of its
 * description that has no login.
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_trace.h"

#include "sink.h"

#include <string.h>

#define PIECE 64

/* Where in the answer we are; each end of a line leads one further, anything else back into a line. So
 * an empty line ends the head even if its ends are bare, which the reader is still to refuse. */
enum state { IN_LINE, AT_LINE, HIDDEN, SHOWN };

static void show(const struct twilio_trace *trace, enum twilio_trace_kind kind, const char *text, size_t size)
{
    if (trace->show != NULL && size != 0) {
        trace->show(trace->context, kind, text, size);
    }
}

static void show_event(const struct twilio_trace *trace, const char *text)
{
    size_t size = 0;

    while (text[size] != '\0') {
        size++;
    }
    show(trace, TWILIO_TRACE_CONNECT, text, size);
}

/* An anonymous request has its login in its parameters. */
static void show_request(const struct twilio_trace *trace)
{
    struct twilio_request shown = *trace->request;
    char piece[PIECE];
    size_t offset = 0;
    int n;

    if (shown.anonymous) {
        shown.params = NULL;
        shown.more.write = NULL;
    }
    shown.anonymous = true;
    while ((n = twilio_encode(&shown, offset, piece, sizeof piece)) > 0) {
        show(trace, TWILIO_TRACE_REQUEST, piece, (size_t)n);
        offset += (size_t)n;
    }
}

static const char *name_of(int result)
{
    return result < 0 ? "failed" : result == TWILIO_KEPT ? "kept" : "new";
}

static int trace_connect(void *context, const char *host)
{
    struct twilio_trace *trace = context;
    const struct twilio_request *request = trace->request;
    int result;

    if (trace->below == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    result = trace->below->connect(trace->below->context, host);
    if (result == TWILIO_AGAIN) {
        return result;
    }
    show_event(trace, name_of(result));
    trace->state = trace->bodies && request != NULL && !request->anonymous ? SHOWN : AT_LINE;
    if (result >= 0 && request != NULL) {
        show_request(trace);
    }
    return result;
}

static int trace_send(void *context, const void *data, size_t size)
{
    struct twilio_trace *trace = context;
    int n = trace->below->send(trace->below->context, data, size);

    if (n > 0) {
        char digits[10];
        struct twilio_sink sink = { .window = (uint8_t *)digits, .size = sizeof digits };

        twilio_write_number(&sink, (uint32_t)n);
        show(trace, TWILIO_TRACE_SENT, digits, sink.position);
    }
    return n;
}

/* How much of a piece of the answer may be seen. */
static size_t visible(struct twilio_trace *trace, const char *data, size_t size)
{
    size_t n = 0;

    if (trace->state == SHOWN) {
        return size;
    }
    for (; n < size && trace->state != HIDDEN; n++) {
        if (data[n] == '\n') {
            trace->state++;
        } else if (data[n] != '\r') {
            trace->state = IN_LINE;
        }
    }
    return n;
}

static int trace_recv(void *context, void *data, size_t size)
{
    struct twilio_trace *trace = context;
    int n = trace->below->recv(trace->below->context, data, size);

    if (n > 0) {
        show(trace, TWILIO_TRACE_RECEIVED, data, visible(trace, data, (size_t)n));
    }
    return n;
}

static void trace_close(void *context)
{
    struct twilio_trace *trace = context;

    if (trace->below != NULL) {
        trace->below->close(trace->below->context);
        show_event(trace, "closed");
    }
}

struct twilio_transport twilio_trace_transport(struct twilio_trace *trace)
{
    struct twilio_transport transport = { trace_connect, trace_send, trace_recv, trace_close, trace };

    return transport;
}
