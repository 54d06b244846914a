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
    netif->linkoutput = send_frame;
    netif->mtu = 1500;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    return board_ethernet_start(netif->hwaddr) == 0 ? ERR_OK : ERR_IF;
}

int twilio_link_start(struct netif *netif)
{
    if (netif_add(netif, NULL, NULL, NULL, NULL, prepare, ethernet_input) == NULL)
        return TWILIO_ERR_NETWORK;
    netif_set_up(netif);
    return dhcp_start(netif) == ERR_OK ? TWILIO_OK : TWILIO_ERR_NETWORK;
}

void twilio_link_watch(struct netif *netif)
{
    bool link = board_ethernet_link();

    if (link && !netif_is_link_up(netif))
        netif_set_link_up(netif);  /* asks DHCP anew */
    else if (!link && netif_is_link_up(netif))
        netif_set_link_down(netif);
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
