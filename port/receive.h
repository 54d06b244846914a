/*
 * receive.h - how frames get from the board to lwIP; private to port/
 *
 * Implemented once for each way to run lwIP: sys_polled.c and sys_threaded.c, which also
 * implement twilio_network_wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_RECEIVE_H
#define TWILIO_RECEIVE_H

struct netif;

/* From now on feed what board_ethernet_receive gives to this interface. */
void twilio_receive_start(struct netif *netif);

#endif
