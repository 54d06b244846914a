/*
 * link.h - the line under lwIP's interface; private to port/
 *
 * Implemented by ethernet.c and by ppp.c, of which one is built in (TWILIO_LINK). All of it is
 * called under lwIP's core lock, and nothing waits, but for a line that takes what is sent slowly.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_LINK_H
#define TWILIO_LINK_H

#include <stdbool.h>

struct netif;

/* Add the interface to lwIP and bring it up, or begin to. TWILIO_OK; TWILIO_ERR_NETWORK: no
 * hardware; TWILIO_ERR_ARGUMENT: a setting is not fit to be used. */
int twilio_link_start(struct netif *netif);

/* Follow what the line does. Called about four times a second. */
void twilio_link_watch(struct netif *netif);

/* Give the interface what has come, a frame or some bytes. false: nothing has. */
bool twilio_link_receive(struct netif *netif);

/* Why the interface, which is not up, is not: a text for people, constant. */
const char *twilio_link_trouble(struct netif *netif);

#endif
