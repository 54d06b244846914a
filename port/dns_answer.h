/*
 * dns_answer.h - what a packet says about a question to a DNS server: a function of its octets
 *
 * RFC 1035 and 3596, as a stub resolver needs them: of what a server that recurses has put together, the
 * addresses. Knows no lwIP, keeps nothing, and reads any octets safely.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_DNS_ANSWER_H
#define TWILIO_DNS_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#define TWILIO_ADDRESSES_MAX 4  /* addresses of a name that are used; further ones are ignored */

#define TWILIO_DNS_A    1   /* types of record: an IPv4 address, */
#define TWILIO_DNS_AAAA 28  /* an IPv6 address */

/* What came of a question. From SILENT on, of two the greater tells more. */
enum twilio_dns {
    TWILIO_DNS_ASKING,      /* nothing yet */
    TWILIO_DNS_OK,
    TWILIO_DNS_NO_SERVER,   /* no DNS server is known: neither DHCP nor anybody else has told one */
    TWILIO_DNS_SILENT,      /* none of the servers has answered */
    TWILIO_DNS_NO_ADDRESS,  /* the name has no address of a kind that this build uses */
    TWILIO_DNS_REFUSED,     /* a server answered that it will not, or cannot, answer */
    TWILIO_DNS_POISONED,    /* only addresses that no server on the Internet can have: "this host", loopback,
                               link-local, multicast, reserved (RFC 6890). Private ones are taken:
                               a device may well talk to a server beside it */
    TWILIO_DNS_NO_NAME      /* there is no such name */
};

struct twilio_dns_answer {
    const uint8_t *address[TWILIO_ADDRESSES_MAX];  /* in the packet, network byte order, in its order */
    uint8_t  count;
    uint32_t ttl;  /* s, a day at most, of the least lived record, be it an address or an alias */
};

/* What packet says to the question of this id for addresses of that type, TWILIO_DNS_A or _AAAA, of name: as
 * packets have it, labels with their sizes, ended by one of none. The question must be repeated,
 * but for the case of letters; the names of records are not looked at: a server that recurses puts into the
 * answer what belongs to it. A packet that says of itself that it is cut off is read as far as it goes, and
 * without an address is a refusal.
 *
 * OK: answer is filled. NO_ADDRESS, REFUSED, POISONED, NO_NAME. ASKING: it is no answer to that
 * question, or is malformed, and should be as if it had not come. */
enum twilio_dns twilio_dns_answer(struct twilio_dns_answer *answer, const uint8_t *packet, size_t size,
                                  uint16_t id, const uint8_t *name, uint8_t type);

#endif
