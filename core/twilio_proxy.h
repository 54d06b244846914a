/*
 * twilio_proxy.h - through an HTTP proxy: CONNECT (RFC 9110 9.3.6), perhaps with Basic authentication
 *
 * A transport around another, below TLS, which runs through the tunnel to Twilio: the proxy sees the host's
 * name and no more. Not an octet beyond the proxy's answer is read: what follows is the tunnel's.
 *
 *   socket.port = 3128;               tcp = twilio_socket_transport(&socket);
 *   proxy.below = &tcp;               tunnel = twilio_proxy_transport(&proxy);
 *   proxy.host = "wall.example.com";  client.below = &tunnel;
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PROXY_H
#define TWILIO_PROXY_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

struct twilio_proxy {
    const struct twilio_transport *below;  /* bytes to the proxy, always over a new connection */
    const char *host;                      /* the proxy's name or address, given to below's connect */
    const char *user, *secret;             /* Proxy-Authorization: Basic; user NULL: none */
    uint16_t port;                         /* that the proxy is to connect to; 0: 443 */

    /* out */
    uint16_t code;                         /* HTTP status of the proxy's answer to the last connect; 0: it
                                              gave none. 407: it wants a login, or another one */

    /* private */
    uint8_t state;
    union {
        struct {
            size_t sent;
            char   piece[64];
        } out;                             /* the request, while it goes */
        struct twilio_response response;   /* the reader of what comes back */
    } now;
};

/* The transport over this, which must be zeroed but for the first group and outlive it. What its connect
 * returns besides below's errors:
 *   TWILIO_ERR_PROXY        the proxy's answer is not 2xx: see code
 *   TWILIO_ERR_HTTP         it does not answer as RFC 9112 has it
 *   TWILIO_ERR_CLOSED       it ended before its answer did
 *   TWILIO_ERR_CREDENTIALS  user or secret is empty or cannot be sent, as in struct twilio_account
 *   TWILIO_ERR_HOST         the proxy's host is NULL
 *   TWILIO_ERR_ARGUMENT     below is NULL, or its connection is a kept one, on which nothing is sent
 * Until it is over it must be called with the same host. Whatever ends an attempt closes below, and leaves
 * nothing of the login in here. */
struct twilio_transport twilio_proxy_transport(struct twilio_proxy *proxy);

#ifdef __cplusplus
}
#endif
#endif
