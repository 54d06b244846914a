/*
 * twilio_trace.h - see what goes over the wire, and never the login
 *
 * A transport around another, TLS as a rule, that tells what passes and changes nothing. What goes out is
 * not what is shown: the request is made once more for the trace, without login, so that what nobody may
 * see never comes near it.
 *
 *   CONNECT   new
 *   REQUEST   POST /2010-04-01/Accounts/AC.../Messages.json HTTP/1.1
 *             Host: api.twilio.com
 *             ...
 *   SENT      412
 *   RECEIVED  HTTP/1.1 201 Created
 *             ...
 *
 * In the hook of a client:
 *
 *   trace.below = exchange->transport;         traced = twilio_trace_transport(&trace);
 *   trace.request = request;                   exchange->transport = &traced;
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_TRACE_H
#define TWILIO_TRACE_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is shown, and when. A request that is sent again on another connection is shown again. */
enum twilio_trace_kind {
    TWILIO_TRACE_CONNECT,   /* "new" or "kept": there is a connection, and the request follows at once;
                               "failed": there will be none; "closed": it, or what failed, has been let go
                               of. One that stays open for the next request is not told as closed */
    TWILIO_TRACE_REQUEST,   /* the next piece of the request, without Authorization: 64 octets, the last
                               one fewer; it may end within a line, or a character */
    TWILIO_TRACE_SENT,      /* octets of the true request that the connection has taken now, in decimal */
    TWILIO_TRACE_RECEIVED   /* the next piece of the answer, as it came */
};

struct twilio_trace {
    const struct twilio_transport *below;  /* what is traced */
    const struct twilio_request *request;  /* set before each exchange, which must be of this one; NULL:
                                              it is not shown */
    void (*show)(void *context, enum twilio_trace_kind kind, const char *text, size_t size);
                                           /* text has no NUL at its end, and is valid during the call
                                              only. NULL: nothing is shown */
    void *context;                         /* of show */
    bool bodies;                           /* show the bodies of answers, too. They may be the login: an
                                              account is told with its auth_token, a new key with its
                                              secret. Never shown are those in answer to a request that has
                                              its login in its form, or is not known here (NULL) */

    /* private */
    uint8_t state;
};

/* The transport over this, which must be zeroed but for the first group and outlive it. It behaves as below
 * does; TWILIO_ERR_ARGUMENT: below is NULL.
 *
 * A request that has its login in its form (anonymous: oauth) is shown without its parameters, and with the
 * Content-Length of what is shown. All others are shown with theirs, and with their further headers. */
struct twilio_transport twilio_trace_transport(struct twilio_trace *trace);

#ifdef __cplusplus
}
#endif
#endif
