/*
 * sys_threaded.c - the same network over an operating system: lwIP's tcpip thread runs, and
 * one thread more, which takes frames from the board
 *
 * The board's functions for the line are called under lwIP's core lock only, so a driver needs
 * none of its own. board_idle is called by the receiving thread, without the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "link.h"
#include "network.h"
#include "receive.h"

#include "lwip/sys.h"
#include "lwip/tcpip.h"

static bool receive(struct netif *netif)
{
    LOCK_TCPIP_CORE();
    bool received = twilio_link_receive(netif);
    UNLOCK_TCPIP_CORE();
    return received;
}

static void receive_all(void *netif)
{
    for (;;)
        if (!receive(netif))
            board_idle();
}

void twilio_receive_start(struct netif *netif)
{
    (void)sys_thread_new("line", receive_all, netif, DEFAULT_THREAD_STACKSIZE, DEFAULT_THREAD_PRIO);
}

void twilio_network_wait(uint32_t milliseconds)
{
    sys_msleep(milliseconds);
}
