/*
 * ethernet.c - the LAN9118 family's Ethernet controller, polled
 *
 * Frames go in and out by two FIFOs of words, each beside a FIFO of one status word a frame.
 * The MAC's own registers lie behind a command register, the PHY's behind the MAC's.
 * Registers are named as in the LAN9118 data sheet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"
#include "fifo.h"
#include "lwip/opt.h"

#define IRQ_ETHERNET 13

#define LAN9118(offset)  REGISTER(0x40200000 + (offset))
#define RX_DATA_FIFO     LAN9118(0x00)
#define TX_DATA_FIFO     LAN9118(0x20)
#define RX_STATUS_FIFO   LAN9118(0x40)
#define TX_STATUS_FIFO   LAN9118(0x48)
#define IRQ_CFG          LAN9118(0x54)
#define INT_STS          LAN9118(0x58)
#define INT_EN           LAN9118(0x5C)
#define BYTE_TEST        LAN9118(0x64)
#define FIFO_INT         LAN9118(0x68)
#define TX_CFG           LAN9118(0x70)
#define HW_CFG           LAN9118(0x74)
#define RX_FIFO_INF      LAN9118(0x7C)
#define TX_FIFO_INF      LAN9118(0x80)
#define PMT_CTRL         LAN9118(0x84)
#define MAC_CSR_CMD      LAN9118(0xA4)
#define MAC_CSR_DATA     LAN9118(0xA8)

#define RX_STATUS_SIZE(s)   ((s) >> 16 & 0x3FFF)  /* of the frame with its checksum */
#define RX_STATUS_ES        (1u << 15)            /* the frame has an error */
#define RX_FIFO_FRAMES(inf) ((inf) >> 16 & 0xFF)
#define TX_FIFO_SENT(inf)   ((inf) >> 16 & 0xFF)
#define TX_FIFO_FREE(inf)   ((inf) & 0xFFFF)
#define TX_CMD_A_WHOLE      (3u << 12)            /* first and last segment of a frame */
#define IRQ_CFG_ACTIVE_HIGH 0x111u                /* enabled, pushing, active high: as wired here */
#define INT_RSFL            (1u << 3)             /* more frames than FIFO_INT says */
#define BYTE_TEST_VALUE     0x87654321u           /* read when the bus works */
#define TX_CFG_TX_ON        (1u << 1)
#define HW_CFG_SF           (1u << 20)            /* "must be one": send whole frames only */
#define HW_CFG_TX_FIF_SZ_5K (5u << 16)
#define HW_CFG_SRST         (1u << 0)
#define PMT_CTRL_READY      (1u << 0)
#define MAC_CSR_CMD_BUSY    (1u << 31)
#define MAC_CSR_CMD_READ    (1u << 30)

/* The MAC's registers, by number */
#define MAC_CR           1u
#define ADDRH            2u
#define ADDRL            3u
#define MII_ACC          6u
#define MII_DATA         7u
#define MAC_CR_FDPX      (1u << 20)
#define MAC_CR_MCPAS     (1u << 19)               /* accept multicast, which IPv6 is found by */
#define MAC_CR_TXEN      (1u << 3)
#define MAC_CR_RXEN      (1u << 2)
#define MAC_CR_ON        (MAC_CR_TXEN | MAC_CR_RXEN | (LWIP_IPV6 ? MAC_CR_MCPAS : 0))
#define MII_ACC_PHY      (1u << 11)               /* the internal PHY's address */
#define MII_ACC_BUSY     (1u << 0)

/* The PHY's registers, by number */
#define PHY_STATUS       1u
#define PHY_ADVERTISED   4u
#define PHY_PARTNER      5u
#define PHY_STATUS_LINK  (1u << 2)
#define ABILITY_100FD    (1u << 8)
#define ABILITY_100HD    (1u << 7)
#define ABILITY_10FD     (1u << 6)

#define FRAME_HEADER     14u
#define FRAME_MAX        1514u
#define CHECKSUM_SIZE    4u
#define TX_COMMANDS      8u
#define START_TIME       100u  /* ms for the controller to wake up */
#define PHY_INTERVAL     100u  /* ms between looks at the PHY */

static uint32_t mac_read(uint32_t number)
{
    MAC_CSR_CMD = MAC_CSR_CMD_BUSY | MAC_CSR_CMD_READ | number;
    while (MAC_CSR_CMD & MAC_CSR_CMD_BUSY)
        ;
    return MAC_CSR_DATA;
}

static void mac_write(uint32_t number, uint32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_CSR_CMD_BUSY | number;
    while (MAC_CSR_CMD & MAC_CSR_CMD_BUSY)
        ;
}

static uint32_t phy_read(uint32_t number)
{
    mac_write(MII_ACC, MII_ACC_PHY | number << 6 | MII_ACC_BUSY);
    while (mac_read(MII_ACC) & MII_ACC_BUSY)
        ;
    return mac_read(MII_DATA) & 0xFFFF;
}

static bool controller_wakes(void)
{
    uint32_t start = board_millis();
    while (BYTE_TEST != BYTE_TEST_VALUE || !(PMT_CTRL & PMT_CTRL_READY) || HW_CFG & HW_CFG_SRST)
        if (board_millis() - start > START_TIME)
            return false;
    return true;
}

int board_ethernet_start(uint8_t mac[6])
{
    if (!controller_wakes())
        return -1;
    HW_CFG = HW_CFG_SRST;
    if (!controller_wakes())
        return -1;

    /* The address comes from the controller's EEPROM. */
    uint32_t low = mac_read(ADDRL), high = mac_read(ADDRH);
    for (unsigned i = 0; i < 4; i++)
        mac[i] = (uint8_t)(low >> 8 * i);
    mac[4] = (uint8_t)high;
    mac[5] = (uint8_t)(high >> 8);

    HW_CFG = HW_CFG_SF | HW_CFG_TX_FIF_SZ_5K;
    FIFO_INT = 0;
    IRQ_CFG = IRQ_CFG_ACTIVE_HIGH;
    INT_EN = INT_RSFL;
    mac_write(MAC_CR, MAC_CR_ON);
    TX_CFG = TX_CFG_TX_ON;
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

    uint32_t common = phy_read(PHY_ADVERTISED) & phy_read(PHY_PARTNER);
    bool full = common & ABILITY_100FD || (common & (ABILITY_100HD | ABILITY_10FD)) == ABILITY_10FD;
    mac_write(MAC_CR, MAC_CR_ON | (full ? MAC_CR_FDPX : 0));
    link = phy_read(PHY_STATUS) & PHY_STATUS_LINK;
    return link;
}

struct pbuf *board_ethernet_receive(void)
{
    if (RX_FIFO_FRAMES(RX_FIFO_INF) == 0)
        return NULL;

    uint32_t status = RX_STATUS_FIFO;
    size_t size = RX_STATUS_SIZE(status);
    struct fifo fifo = { &RX_DATA_FIFO, 0, 0 };
    if (status & RX_STATUS_ES || size < FRAME_HEADER + CHECKSUM_SIZE
        || size > FRAME_MAX + CHECKSUM_SIZE) {
        fifo_skip(&fifo, size);
        return NULL;
    }
    return fifo_receive(&fifo, size - CHECKSUM_SIZE, CHECKSUM_SIZE);
}

static bool transmitter_full(uint32_t size)
{
    uint32_t start = board_millis();
    while (TX_FIFO_FREE(TX_FIFO_INF) < size)
        if (board_millis() - start > 1)
            return true;
    return false;
}

int board_ethernet_send(const struct pbuf *frame)
{
    uint32_t size = frame->tot_len;
    if (size > FRAME_MAX || transmitter_full(TX_COMMANDS + (size + 3) / 4 * 4))
        return -1;
    /* How frames before this one fared; a full FIFO of that would stop the transmitter. */
    while (TX_FIFO_SENT(TX_FIFO_INF) > 0)
        (void)TX_STATUS_FIFO;
    TX_DATA_FIFO = TX_CMD_A_WHOLE | size;
    TX_DATA_FIFO = size;
    struct fifo fifo = { &TX_DATA_FIFO, 0, 0 };
    fifo_send(&fifo, frame);
    return 0;
}

/* The interrupt tells that a frame came, and may be old: drop it, look, then sleep. */
void board_idle(void)
{
    cortex_m_mask();
    INT_STS = INT_RSFL;
    if (RX_FIFO_FRAMES(RX_FIFO_INF) == 0)
        cortex_m_sleep(IRQ_ETHERNET);
    cortex_m_unmask();
}
