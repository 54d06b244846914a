/*
 * sockets.h - a twilio_transport of plain TCP over lwIP sockets: what TLS runs on
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_SOCKETS_H
#define TWILIO_SOCKETS_H

#include "twilio.h"

struct twilio_socket {
    const char *connect_to;  /* "10.0.2.2:8443", "10.0.2.2": an IPv4 address, perhaps a port, to
                                connect to instead of asking DNS for the host; NULL: ask. The
                                certificate must name the host all the same */
    uint16_t port;           /* 0: 443 */

    /* out */
    bool resolving;          /* connect returned TWILIO_AGAIN because it waits for DNS */

    /* private */
    struct twilio_socket *next;  /* that waits for DNS */
    uint32_t ticket;             /* of the query */
    uint32_t address;            /* network byte order */
    uint16_t to_port;
    int      descriptor;
    uint8_t  state;
};

/* The transport over this socket, which must be zeroed but for the first group and outlive it.
 * connect: resolves (TWILIO_ERR_DNS) and connects (TWILIO_ERR_CONNECT, TWILIO_ERR_NETWORK; a
 * connect_to that is no address: TWILIO_ERR_ARGUMENT); always a new connection: never
 * TWILIO_KEPT. An address where nobody answers is given up after 16 seconds.
 * send, recv: TWILIO_ERR_RESET. Nothing waits. */
struct twilio_transport twilio_socket_transport(struct twilio_socket *socket);

#endif
