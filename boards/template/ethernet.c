/*
 * ethernet.c - template: frames in, frames out, sleep
 *
 * The two drivers beside this folder each have a FIFO behind a register, and share fifo.h. A
 * controller with DMA: give it buffers at start, and copy from and to pbufs
 * (pbuf_take, pbuf_copy_partial).
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

/* Here: reset the MAC, tell it its address, start PHY, receiver and transmitter. */
int board_ethernet_start(uint8_t mac[6])
{
    (void)mac;
    return -1;
}

/* Here: the link bit of the PHY's status register; and set the MAC to the speed and duplex
 * that the PHY has negotiated. */
bool board_ethernet_link(void)
{
    return false;
}

/* Here: if a frame is waiting, pbuf_alloc(PBUF_RAW, size, PBUF_POOL), fill the chain, return
 * it. The frame leaves the controller even if there is no pbuf for it. */
struct pbuf *board_ethernet_receive(void)
{
    return NULL;
}

/* Here: wait up to 2 ms for the transmitter, then give it frame->payload, frame->len bytes,
 * and so on for each frame->next. */
int board_ethernet_send(const struct pbuf *frame)
{
    (void)frame;
    return -1;
}

/* Here: mask interrupts, look whether a frame is waiting, and if not sleep (on a Cortex-M,
 * cortex_m_sleep) until the MAC's interrupt or the next tick. To return at once is right,
 * too, where power does not matter. */
void board_idle(void)
{
}
