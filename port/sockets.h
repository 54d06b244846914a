/*
 * sockets.h - a twilio_transport of plain TCP over lwIP sockets: what TLS runs on
 *
 * A host is looked for at all of its addresses, one after the other, and at the one where it was found last.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_SOCKETS_H
#define TWILIO_SOCKETS_H

#include "resolver.h"
#include "twilio.h"

#ifndef TWILIO_CONNECT_PATIENCE
#define TWILIO_CONNECT_PATIENCE 5000  /* ms for an address, if there is another */
#endif
#ifndef TWILIO_KNOWN_AFTER
#define TWILIO_KNOWN_AFTER      5000  /* ms of silence of DNS until the known address is tried */
#endif

/* Where a host was when last it proved to be itself. Plain data: keep it through deep sleep or a restart,
 * if you like. However old or wrong it is, it can cost time, not trust. */
struct twilio_known {
    ip_addr_t address;
    uint32_t  host;    /* hash of its name; 0: nothing is known */
    uint32_t  proven;  /* seconds since 1970, by our clock: when it last proved itself there */
    uint32_t  ttl;     /* seconds from then on for which DNS need not be asked: what DNS said;
                          0 from when it is tried until it has proven itself again */
};

struct twilio_socket {
    const char *connect_to;  /* "10.0.2.2:8443", "10.0.2.2", "[fd00::2]:8443": an address, perhaps a port, to
                                connect to instead of asking DNS for the host; NULL: ask. The certificate must
                                name the host all the same. IPv6 if built with it */
    uint16_t port;           /* 0: 443 */

    struct twilio_known known;  /* in and out */

    /* out */
    bool    resolving;       /* connect returned TWILIO_AGAIN because it waits for DNS */
    uint8_t dns;             /* enum twilio_dns: what came of the last question; TWILIO_DNS_ASKING: none was
                                asked, or it is open; closed while it was: TWILIO_DNS_SILENT */

    /* private */
    struct twilio_question question;
    ip_addr_t address;       /* that is tried, or connected to */
    uint32_t  host;          /* hash of its name; 0: connect_to */
    uint32_t  known_left;    /* the known address's ttl when it was tried */
    uint32_t  asked_at, tried_at;  /* board_millis: DNS, address */
    int       failure;       /* what the attempt comes to if there is no further address */
    int       descriptor;
    uint16_t  to_port;
    uint8_t   state;
    uint8_t   told;          /* so many of the question's addresses have had their turn */
    bool      asked, known_tried;  /* in this attempt */
    bool      known_due;     /* the known address may be tried, yet or again */
    bool      again;         /* the next connect goes on with it */
    bool      unproven;      /* the address, yet */
};

/* The transport over this socket, which must be zeroed but for the first group and known, and outlive it.
 *
 * connect: goes to connect_to; else to the known address while its ttl lasts; else asks DNS and tries all
 * addresses it tells, in its order, then the known one. Where DNS says nothing for TWILIO_KNOWN_AFTER, or
 * anything but addresses, the known one is tried, however old. None is tried twice, but for one that was
 * known and is the only one that DNS has, too: its packets may have been lost. One where nobody answers is
 * left for the next after TWILIO_CONNECT_PATIENCE, the last one after 40 to 60 s.
 * TWILIO_ERR_DNS (dns says why), TWILIO_ERR_CONNECT, TWILIO_ERR_NETWORK: the last one's failure; a connect_to
 * that is no address: TWILIO_ERR_ARGUMENT. Always a new connection: never TWILIO_KEPT.
 * send, recv: TWILIO_ERR_RESET. Nothing waits. */
struct twilio_transport twilio_socket_transport(struct twilio_socket *socket);

/* The server connected to last, perhaps closed since, has proven to be the host: its address is known from
 * now on. Nothing after connect_to, or if this was told of the connection before. */
void twilio_socket_proven(struct twilio_socket *socket);

/* The server connected to last, perhaps closed since, was not the host, or no good: TLS failed. Whether there
 * may be another: then the next connect to the same host goes on there, instead of beginning anew. */
bool twilio_socket_another(struct twilio_socket *socket);

#endif
