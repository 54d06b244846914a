/*
 * one_address.h - what client.c calls of sockets.c besides the transport, where a host has one address only
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ONE_ADDRESS_H
#define ONE_ADDRESS_H

#include "sockets.h"

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
