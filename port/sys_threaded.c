/*
 * sys_threaded.c - the same network over an operating system: lwIP's tcpip thread runs, and
 * one thread more, which takes frames from the board
 *
 * The board's Ethernet functions are called under lwIP's core lock only, so a driver needs
 * none of its own. board_idle is called by the receiving thread, without the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "network.h"
#include "receive.h"

#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "netif/ethernet.h"

static bool receive(struct netif *netif)
{
    struct pbuf *frame;

    LOCK_TCPIP_CORE();
    frame = board_ethernet_receive();
    if (frame != NULL && ethernet_input(frame, netif) != ERR_OK)
        pbuf_free(frame);
    UNLOCK_TCPIP_CORE();
    return frame != NULL;
}

static void receive_all(void *netif)
{
    for (;;)
        if (!receive(netif))
            board_idle();
}

void twilio_receive_start(struct netif *netif)
{
    (void)sys_thread_new("ethernet", receive_all, netif, DEFAULT_THREAD_STACKSIZE, DEFAULT_THREAD_PRIO);
}

void twilio_network_wait(uint32_t milliseconds)
{
    sys_msleep(milliseconds);
}
