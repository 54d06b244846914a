/*
 * twilio_trace.h - see what goes over the wire, and never a credential
 *
 * A transport around another, that tells what passes. What goes out is not what is shown: the request is made once more
 * for the trace, without login, so that credentials never come near it. Of a request that has its login in its form
 * (anonymous: oauth), neither the form nor the answer's body is shown.
 *
 *   > POST /2010-04-01/Accounts/AC.../Messages.json HTTP/1.1
 *   > Host: api.twilio.com
 *   ...
 *   < HTTP/1.1 201 Created
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_TRACE_H
#define TWILIO_TRACE_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

enum twilio_trace_kind {
    TWILIO_TRACE_CONNECT,   /* text: "new", "kept", "closed", or "failed" */
    TWILIO_TRACE_REQUEST,   /* text: a piece of the request, without Authorization */
    TWILIO_TRACE_SENT,      /* text: a decimal number, octets that the connection has taken */
    TWILIO_TRACE_RECEIVED   /* text: a piece of the answer */
};

struct twilio_trace {
    const struct twilio_transport *below;     /* what is traced */
    const struct twilio_request *request;     /* set before each exchange: shown once connected */
    void (*show)(void *context, enum twilio_trace_kind kind, const char *text, size_t size);
    void *context;

    /* private */
    uint8_t state;
};

/* The transport over this, which must be zeroed but for the first group and outlive it. It behaves as below does. */
struct twilio_transport twilio_trace_transport(struct twilio_trace *trace);

#ifdef __cplusplus
}
#endif
#endif
