/*
 * ethernet.c - the board's Ethernet as lwIP's interface, configured by DHCP, that follows its cable
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "link.h"
#include "twilio.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "netif/ethernet.h"

static err_t send_frame(struct netif *netif, struct pbuf *frame)
{
    (void)netif;
    return board_ethernet_send(frame) == 0 ? ERR_OK : ERR_IF;
}

static err_t prepare(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->output = etharp_output;
#if LWIP_IPV6
    netif->output_ip6 = ethip6_output;
#endif
    netif->linkoutput = send_frame;
    netif->mtu = 1500;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    return board_ethernet_start(netif->hwaddr) == 0 ? ERR_OK : ERR_IF;
}

#if LWIP_IPV6
/* Addresses by the advertisements of routers, besides one that is of use on this line only. */
static void begin_ip6(struct netif *netif)
{
    netif_create_ip6_linklocal_address(netif, 1);
    netif_set_ip6_autoconfig_enabled(netif, 1);
}

/* The next cable may lead to another network. */
static void forget_ip6(struct netif *netif)
{
    for (s8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++)
        netif_ip6_addr_set_state(netif, i, IP6_ADDR_INVALID);
    nd6_cleanup_netif(netif);
}
#else
static void begin_ip6(struct netif *netif)
{
    (void)netif;
}

static void forget_ip6(struct netif *netif)
{
    (void)netif;
}
#endif

int twilio_link_start(struct netif *netif)
{
    if (netif_add(netif, NULL, NULL, NULL, NULL, prepare, ethernet_input) == NULL)
        return TWILIO_ERR_NETWORK;
    begin_ip6(netif);
    netif_set_up(netif);
    return dhcp_start(netif) == ERR_OK ? TWILIO_OK : TWILIO_ERR_NETWORK;
}

void twilio_link_watch(struct netif *netif)
{
    bool link = board_ethernet_link();

    if (link && !netif_is_link_up(netif)) {
        netif_set_link_up(netif);  /* asks DHCP, and routers, anew */
    } else if (!link && netif_is_link_up(netif)) {
        netif_set_link_down(netif);
        forget_ip6(netif);
    }
}

bool twilio_link_receive(struct netif *netif)
{
    struct pbuf *frame = board_ethernet_receive();

    if (frame != NULL && ethernet_input(frame, netif) != ERR_OK)
        pbuf_free(frame);
    return frame != NULL;
}

const char *twilio_link_trouble(struct netif *netif)
{
    return netif_is_link_up(netif) ? "no address from DHCP" : "no link";
}
