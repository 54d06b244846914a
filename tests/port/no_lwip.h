/*
 * no_lwip.h - what client.c calls of sockets.c, in programs without lwIP, whose client.below is their own
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef NO_LWIP_H
#define NO_LWIP_H

#include "sockets.h"

struct twilio_transport twilio_socket_transport(struct twilio_socket *socket)
{
    (void)socket;
    return (struct twilio_transport){ NULL, NULL, NULL, NULL, NULL };
}

void twilio_socket_proven(struct twilio_socket *socket)
{
    (void)socket;
}

bool twilio_socket_another(struct twilio_socket *socket)
{
    (void)socket;
    return false;
}

#endif
