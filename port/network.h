/*
 * network.h - lwIP over the board's Ethernet, or over a modem
 *
 * The same source runs with and without an RTOS. Without one (the default), sys_polled.c is
 * lwIP's sys_arch: no thread ever starts, and every wait inside lwIP, and twilio_network_wait,
 * polls the driver, runs the timers and drains the mailbox.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_NETWORK_H
#define TWILIO_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

/* Start lwIP, and the board's Ethernet and DHCP; or, in a build for PPP, dial (ppp.c says by
 * which settings). Once. TWILIO_OK; TWILIO_ERR_ENTROPY: the board gave none for ports, sequence
 * numbers and DNS queries; TWILIO_ERR_NETWORK: no Ethernet, no serial line; TWILIO_ERR_ARGUMENT:
 * a setting that PPP cannot use. */
int twilio_network_start(void);

/* Whether there is a link and an address: of IPv4 or, in a build with it, of IPv6 by a router's word. */
bool twilio_network_up(void);

/* What keeps the network from being up: "no link", "the modem does not answer", constant texts for
 * people; NULL: it is up. */
const char *twilio_network_trouble(void);

/* Our IPv4 address, in network byte order; 0: none yet. */
uint32_t twilio_network_address(void);

/* Use this DNS server ("10.0.2.3"; "fd00::3" in a build with IPv6) instead of the network's. TWILIO_OK or
 * TWILIO_ERR_ARGUMENT. */
int twilio_network_dns(const char *server);

/* Let the network work for about that long (milliseconds), idling in between; 0: let it do what
 * it can at once. Every loop that waits for anything calls this. */
void twilio_network_wait(uint32_t milliseconds);

#endif
