/*
 * resolver.h - all addresses of a host name, or why there are none; in place of lwIP's dns.c
 *
 * A stub resolver (RFC 1034, 1035, 3596) over lwIP's UDP. It serves lwIP's own callers, too (SNTP, DHCP,
 * applications), by the functions of lwip/dns.h; but where those give the first address of a name, it gives
 * all, in the server's order, and says what is wrong where there is none.
 *
 * Each question has a port and an identifier of its own, by chance, and is asked of the servers in turn,
 * after 0, 1, 3, 6 and 10 s and every 10 s from then on, until TWILIO_DNS_PATIENCE has passed; lwIP's timer
 * has ticks of a second, and all but the first asking wait for the next of them. An answer to any of these
 * askings is good, if it comes from a server asked, from its port, with the identifier, and repeats the
 * question. A server that refuses is not asked again; another one is, at once. Nothing is kept: whoever
 * wants a cache keeps one (sockets.h does).
 *
 * In a build with IPv6 both kinds of address are asked for. Once there is one, of either kind, the other kind
 * has 2 s more.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_RESOLVER_H
#define TWILIO_RESOLVER_H

#include <stdint.h>

#include "dns_answer.h"
#include "lwip/ip_addr.h"
#include "twilio.h"

#ifndef TWILIO_DNS_PATIENCE
#define TWILIO_DNS_PATIENCE  40000  /* ms, 254 s at most: longer than the default deadline of a call */
#endif

#define TWILIO_DNS_KINDS (LWIP_IPV4 + LWIP_IPV6)

/* A question. The caller's memory, in a list of the resolver's while state is ASKING: not to be moved or
 * reused before it is answered or twilio_resolve_end was called. All of this is under the core lock. */
struct twilio_question {
    /* Called when state has changed from ASKING, but not before twilio_resolve has returned; it may ask anew.
     * NULL: nobody; the caller looks at state */
    void (*answered)(struct twilio_question *question);

    /* out */
    ip_addr_t address[TWILIO_ADDRESSES_MAX];  /* IPv4 first; with IPv6, too, half of them each, at most */
    uint32_t  ttl;    /* s, a day at most, for which all of them are good */
    uint8_t   count;
    uint8_t   state;  /* enum twilio_dns */

    /* private */
    uint8_t  patience, wait;             /* ticks until the end; until the next asking */
    struct twilio_question *next;
    struct udp_pcb *pcb;                 /* NULL: there was none to be had yet */
    uint16_t id;                         /* of IPv4's packets; IPv6's is the next */
    uint8_t  askings, pending, verdict;  /* kinds not answered yet, bits; what the others' answers say */
    uint8_t  asked[TWILIO_DNS_KINDS];    /* servers, bits */
    uint8_t  refused[TWILIO_DNS_KINDS];
    uint8_t  name[TWILIO_HOST_MAX + 2];  /* as packets have it */
};

/* Ask for host, which is copied. The answer may come before this returns: host is an address in digits, or
 * there is no server. TWILIO_OK; TWILIO_ERR_DNS: host is none (a label that is empty, or over 63 octets, or
 * all of it over TWILIO_HOST_MAX); state says NO_NAME then. */
int twilio_resolve(struct twilio_question *question, const char *host);

/* Forget the question. An answer that comes later is for nobody. Good for one that is answered, or zeroed. */
void twilio_resolve_end(struct twilio_question *question);

/* "NO_SERVER: no DNS server is known", as twilio_explain has it; for logs. */
const char *twilio_dns_explain(enum twilio_dns state);

#endif
