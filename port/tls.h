/*
 * tls.h - a twilio_transport of TLS, by mbedTLS, over any other twilio_transport
 *
 * The chain is verified up to a trust anchor and the host name checked, always: there is no
 * switch. All memory comes from the arena; what a full handshake needs is printed by every test
 * run. A session is kept in the arena and resumed when the same host
 * is connected to again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_TLS_H
#define TWILIO_TLS_H

#include "anchors.h"
#include "arena.h"
#include "mbedtls_config.h"
#include "twilio.h"

/* Bytes of arena that do for a chain of an intermediate and a leaf, RSA up to 4096 bits or ECDSA,
 * whatever session is kept: 24 KB on a microcontroller with records of 4 KB. Twilio's chain of
 * today, RSA-2048, takes 16 KB. */
#define TWILIO_ARENA_MIN (TWILIO_TLS_RECORD_MAX + 5120 * sizeof(void *))

/* The most bytes of a session that is kept: the ticket of a larger one would not fit in our ClientHello. */
#define TWILIO_TLS_SESSION_MAX (TWILIO_TLS_SEND_MAX * 3 / 4)

struct twilio_tls {
    const struct twilio_transport *below;  /* bytes to the server, no TLS */
    struct twilio_arena *arena;            /* begun; this transport's alone */
    const struct twilio_anchors *anchors;  /* NULL: twilio_builtin_anchors */

    /* out */
    bool reached;     /* below is connected: the handshake goes on, or is over */
    bool resumed;     /* the connection that is open resumed a session */
    uint32_t expires; /* when the first certificate of the chain that was verified last ends, seconds since
                         1970; the anchor's own is not counted. 0: none was yet */
    uint32_t verify;  /* mbedTLS's X.509 flags of the last verification that failed */

    /* private */
    char host[TWILIO_HOST_MAX + 1];
    struct twilio_tls_connection *connection;  /* in the arena */
    void    *session;                          /* in the arena: host's, to be resumed; NULL: none */
    uint16_t session_size;
    uint8_t  state;
};

/* The transport over this, which must be zeroed but for the first group and outlive it.
 * connect: all of below's errors, and TWILIO_ERR_TLS ... TWILIO_ERR_RECORD; TWILIO_KEPT when
 * a connection to this host is open; one to another host is closed first.
 * recv: 0 only after the peer's close_notify; TWILIO_ERR_CLOSED when it ended without.
 * close: a session that there is no memory for is not kept, and nothing else comes of that. */
struct twilio_transport twilio_tls_transport(struct twilio_tls *tls);

/* Forget the session kept for resumption. */
void twilio_tls_forget(struct twilio_tls *tls);

#endif
