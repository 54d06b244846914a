/*
 * twilio_proxy.h - through an HTTP proxy: CONNECT (RFC 9110 9.3.6), perhaps with Basic authentication
 *
 * A transport around another. TLS runs through the tunnel, with Twilio: the proxy sees the host's name and no more.
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
    const struct twilio_transport *below;  /* bytes to the proxy, no TLS */
    const char *host;                      /* the proxy's name or address, given to below's connect */
    const char *user, *secret;             /* Proxy-Authorization: Basic; user NULL: none */
    uint16_t port;                         /* that the proxy is to connect to; 0: 443 */

    /* out */
    uint16_t code;                         /* HTTP status of the proxy's last answer; 0: none. 407: it wants a login */

    /* private */
    uint8_t  state;
    uint16_t sent;
    struct twilio_response response;
    char     piece[64];
};

/* The transport over this, which must be zeroed but for the first group and outlive it. connect: below's errors;
 * TWILIO_ERR_PROXY when the proxy answers other than 2xx; TWILIO_ERR_HTTP, TWILIO_ERR_CLOSED when it does not answer as
 * RFC 9112 has it; TWILIO_ERR_CREDENTIALS; TWILIO_ERR_HOST: host NULL. Not an octet beyond its answer is read. */
struct twilio_transport twilio_proxy_transport(struct twilio_proxy *proxy);

#ifdef __cplusplus
}
#endif
#endif
