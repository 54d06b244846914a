/*
 * resolver.h - all addresses of a host name, or why there are none; in place of lwIP's dns.c
 *
 * A stub resolver (RFC 1034, 1035, 3596) over lwIP's UDP. It serves lwIP's own callers, too (SNTP,
 * DHCP, applications), by the functions of lwip/dns.h; but where those give the first address of
 * a name, it gives all, in the server's order, and says what is wrong where there is none.
 *
 * Each question has a port and an identifier of its own, by chance, and is asked of the servers in
 * turn, after 0, 1, 3, 6 and 10 s and every 10 s from then on, until TWILIO_DNS_PATIENCE has passed:
 * an answer to any of these askings is good. An answer counts only if it comes from the
 * server asked, from its port, with the identifier, and repeats the question. Nothing of it is
 * kept: whoever wants a cache keeps one (sockets.h does).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_RESOLVER_H
#define TWILIO_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/ip_addr.h"
#include "twilio.h"

#define TWILIO_ADDRESSES_MAX 4  /* addresses of a name that are used; further ones are ignored */
#ifndef TWILIO_DNS_PATIENCE
#define TWILIO_DNS_PATIENCE  40000  /* ms: longer than the default deadline of a call */
#endif

/* What came of a question. */
enum twilio_dns {
    TWILIO_DNS_ASKING,      /* nothing yet */
    TWILIO_DNS_OK,
    TWILIO_DNS_NO_SERVER,   /* no DNS server is known: neither DHCP nor anybody else has told one */
    TWILIO_DNS_SILENT,      /* none of the servers has answered */
    TWILIO_DNS_REFUSED,     /* a server answered that it will not, or cannot, answer */
    TWILIO_DNS_NO_NAME,     /* there is no such name */
    TWILIO_DNS_NO_ADDRESS,  /* the name has no address of a kind that this build uses */
    TWILIO_DNS_POISONED,    /* only addresses that no server on the Internet can have: "this host", loopback,
                               link-local, multicast, reserved (RFC 6890). Private ones are taken:
                               a device may well talk to a server beside it */
};

/* A question. The caller's memory, in a list of the resolver's while state is ASKING: not to be moved or reused before
 * it is answered or twilio_resolve_end was called. All of this is under the core lock. */
struct twilio_question {
    /* out; state last */
    ip_addr_t address[TWILIO_ADDRESSES_MAX];
    uint32_t  ttl;    /* seconds for which the first answer's least lived address record is good */
    uint8_t   count;
    uint8_t   state;  /* enum twilio_dns */

    /* private */
    struct twilio_question *next;
    uint32_t asked;        /* when first, board_millis */
    uint16_t id, local;    /* of the question's packets, A; AAAA's id is the next */
    uint8_t  askings, pending;
    char     host[TWILIO_HOST_MAX + 1];
};

/* Ask for host, which is copied. The answer may come before this returns: host is an address in
 * digits. TWILIO_OK; TWILIO_ERR_DNS: host is none (empty, or a label over 63 octets, over TWILIO_HOST_MAX);
 * state says NO_NAME then. */
int twilio_resolve(struct twilio_question *question, const char *host);

/* Forget the question. An answer that comes later is not for anybody. Good for one that is answered, or zeroed. */
void twilio_resolve_end(struct twilio_question *question);

/* "NO_SERVER: no DNS server is known", as twilio_explain has it; for logs. */
const char *twilio_dns_explain(enum twilio_dns state);

#endif
