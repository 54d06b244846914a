/*
 * ethernet.c - the LM3S6965's Ethernet MAC and PHY, polled
 *
 * The MAC has 2 KB of FIFO for each direction, behind one data register. A frame in it is
 * preceded by 16 bits of length. Registers are named as in the data sheet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"
#include "fifo.h"
#include "lwip/opt.h"

#define IRQ_ETHERNET 42

#define MACRIS    REGISTER(0x40048000)  /* read: what happened */
#define MACIACK   REGISTER(0x40048000)  /* write: seen */
#define MACIM     REGISTER(0x40048004)
#define MACRCTL   REGISTER(0x40048008)
#define MACTCTL   REGISTER(0x4004800C)
#define MACDATA   REGISTER(0x40048010)
#define MACIA0    REGISTER(0x40048014)
#define MACIA1    REGISTER(0x40048018)
#define MACTHR    REGISTER(0x4004801C)
#define MACMCTL   REGISTER(0x40048020)
#define MACMDV    REGISTER(0x40048024)
#define MACMRXD   REGISTER(0x40048030)
#define MACNP     REGISTER(0x40048034)
#define MACTR     REGISTER(0x40048038)
#define USER_REG0 REGISTER(0x400FE1E0)  /* in flash: the address given to this board */
#define USER_REG1 REGISTER(0x400FE1E4)

#define INT_FOV         (1u << 3)  /* the receive FIFO has overflown */
#define INT_RX          (1u << 0)
#define MACRCTL_RSTFIFO (1u << 4)
#define MACRCTL_BADCRC  (1u << 3)  /* reject frames with a wrong checksum */
#define MACRCTL_AMUL    (1u << 1)  /* accept multicast, which IPv6 is found by */
#define MACRCTL_RXEN    (1u << 0)
#define MACTCTL_DUPLEX  (1u << 4)
#define MACTCTL_CRC     (1u << 2)  /* append the checksum */
#define MACTCTL_PADEN   (1u << 1)  /* pad short frames */
#define MACTCTL_TXEN    (1u << 0)
#define MACTHR_WHOLE    0x3Fu      /* send when told to, not when so much is in the FIFO */
#define MACMDV_2_5MHZ   9u         /* of 50 MHz, for the PHY's registers */
#define MACMCTL_START   (1u << 0)
#define MACTR_NEWTX     (1u << 0)

/* The PHY's registers, by number */
#define MR1             1u
#define MR4             4u
#define MR5             5u
#define MR1_LINK        (1u << 2)
#define ABILITY_100FD   (1u << 8)
#define ABILITY_100HD   (1u << 7)
#define ABILITY_10FD    (1u << 6)

#define FRAME_HEADER    14u        /* two addresses and a type */
#define FRAME_MAX       1514u
#define LENGTH_SIZE     2u
#define CHECKSUM_SIZE   4u
#define PHY_INTERVAL    100u       /* ms between looks at the PHY, which take 26 us each */

static uint32_t phy_read(uint32_t number)
{
    MACMCTL = number << 3 | MACMCTL_START;
    while (MACMCTL & MACMCTL_START)
        ;
    return MACMRXD & 0xFFFF;
}

static void receiver_start(void)
{
    MACRCTL = 0;
    MACRCTL = MACRCTL_RSTFIFO;
    MACIACK = INT_FOV | INT_RX;
    MACRCTL = MACRCTL_BADCRC | (LWIP_IPV6 ? MACRCTL_AMUL : 0) | MACRCTL_RXEN;
}

int board_ethernet_start(uint8_t mac[6])
{
    uint32_t low = USER_REG0, high = USER_REG1;
    for (unsigned i = 0; i < 3; i++) {
        mac[i] = (uint8_t)(low >> 8 * i);
        mac[3 + i] = (uint8_t)(high >> 8 * i);
    }
    MACIA0 = mac[0] | (uint32_t)mac[1] << 8 | (uint32_t)mac[2] << 16 | (uint32_t)mac[3] << 24;
    MACIA1 = mac[4] | (uint32_t)mac[5] << 8;
    MACMDV = MACMDV_2_5MHZ;
    MACTHR = MACTHR_WHOLE;
    MACTCTL = MACTCTL_CRC | MACTCTL_PADEN | MACTCTL_TXEN;
    receiver_start();
    MACIM = INT_RX;
    return 0;
}

/* The MAC must be as full or half duplex as what the PHY has negotiated. */
bool board_ethernet_link(void)
{
    static uint32_t looked;
    static bool link;

    if (link && board_millis() - looked < PHY_INTERVAL)
        return link;
    looked = board_millis();

    uint32_t status = phy_read(MR1);
    uint32_t common = phy_read(MR4) & phy_read(MR5);
    bool full = common & ABILITY_100FD || (common & (ABILITY_100HD | ABILITY_10FD)) == ABILITY_10FD;
    MACTCTL = MACTCTL_CRC | MACTCTL_PADEN | MACTCTL_TXEN | (full ? MACTCTL_DUPLEX : 0);
    /* QEMU has no PHY here: its registers read 0, which a real MR1 never does. */
    link = status == 0 || status & MR1_LINK;
    return link;
}

/* The length counts itself, the frame and its checksum. */
struct pbuf *board_ethernet_receive(void)
{
    if (MACRIS & INT_FOV)
        receiver_start();  /* the data sheet's remedy: what is in the FIFO is lost */
    if (MACNP == 0)
        return NULL;

    struct fifo fifo = { &MACDATA, MACDATA, 4 };
    size_t length = fifo.word & 0xFFFF;
    fifo_skip(&fifo, LENGTH_SIZE);
    if (length < LENGTH_SIZE + FRAME_HEADER + CHECKSUM_SIZE
        || length > LENGTH_SIZE + FRAME_MAX + CHECKSUM_SIZE) {
        receiver_start();  /* where the next frame begins is anybody's guess */
        return NULL;
    }
    return fifo_receive(&fifo, length - LENGTH_SIZE - CHECKSUM_SIZE, CHECKSUM_SIZE);
}

static bool transmitter_busy(void)
{
    uint32_t start = board_millis();
    while (MACTR & MACTR_NEWTX)
        if (board_millis() - start > 1)
            return true;
    return false;
}

/* The length does not count itself nor the frame's header. */
int board_ethernet_send(const struct pbuf *frame)
{
    if (frame->tot_len < FRAME_HEADER || frame->tot_len > FRAME_MAX || transmitter_busy())
        return -1;
    struct fifo fifo = { &MACDATA, frame->tot_len - FRAME_HEADER, LENGTH_SIZE };
    fifo_send(&fifo, frame);
    MACTR = MACTR_NEWTX;
    return 0;
}

#if !TWILIO_PPP  /* serial.c has another */
/* The receive interrupt tells of an arrival, not that a frame is waiting: so first drop it,
 * then look, then sleep. */
void board_idle(void)
{
    cortex_m_mask();
    MACIACK = INT_RX;
    if (MACNP == 0)
        cortex_m_sleep(IRQ_ETHERNET);
    cortex_m_unmask();
}
#endif
