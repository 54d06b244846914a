/*
 * receive.h - who takes what comes over the line to lwIP; private to port/
 *
 * Implemented once for each way to run lwIP: sys_polled.c and sys_threaded.c, which also
 * implement twilio_network_wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_RECEIVE_H
#define TWILIO_RECEIVE_H

struct netif;

/* From now on call twilio_link_receive for this interface. */
void twilio_receive_start(struct netif *netif);

#endif
