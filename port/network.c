/*
 * network.c - one Ethernet interface, configured by DHCP, that follows its cable
 *
 * SPDX-License-Identifier: MIT
 */
#include "network.h"

#include "board.h"
#include "receive.h"
#include "twilio.h"

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define LINK_PERIOD        250  /* milliseconds between looks at the cable */
#define EXIT_STACK_BROKEN  70

static struct netif interface;
static ip_addr_t own_dns;  /* to be used instead of DHCP's; 0: none */

_Noreturn void twilio_network_failed(void)
{
    board_exit(EXIT_STACK_BROKEN);
}

/* ---- Randomness ------------------------------------------------------------ */

/* XTEA in counter mode under a key of the board's entropy: whoever sees ports, sequence
 * numbers and DNS identifiers go by cannot tell the next. */
static struct {
    uint32_t key[4];
    uint32_t counter[2];
} random_state;

uint32_t twilio_network_random(void)
{
    const uint32_t *key = random_state.key;
    uint32_t sum = 0, left, right;

    if (++random_state.counter[0] == 0)
        random_state.counter[1]++;
    left = random_state.counter[0];
    right = random_state.counter[1];
    for (int i = 0; i < 32; i++) {
        left += (((right << 4) ^ (right >> 5)) + right) ^ (sum + key[sum & 3]);
        sum += 0x9e3779b9u;
        right += (((left << 4) ^ (left >> 5)) + left) ^ (sum + key[(sum >> 11) & 3]);
    }
    return left;
}

/* ---- The interface --------------------------------------------------------- */

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

/* Each DHCP answer sets its DNS server again. */
static void keep_dns(struct netif *netif)
{
    (void)netif;
    if (!ip_addr_isany(&own_dns))
        dns_setserver(0, &own_dns);
}

static void follow_link(void *unused)
{
    bool link = board_ethernet_link();

    if (link && !netif_is_link_up(&interface))
        netif_set_link_up(&interface);  /* asks DHCP anew */
    else if (!link && netif_is_link_up(&interface))
        netif_set_link_down(&interface);
    keep_dns(&interface);
    sys_timeout(LINK_PERIOD, follow_link, unused);
}

static int start(void)
{
    if (netif_add(&interface, NULL, NULL, NULL, NULL, prepare, tcpip_input) == NULL)
        return TWILIO_ERR_NETWORK;
    netif_set_default(&interface);
    netif_set_status_callback(&interface, keep_dns);
    netif_set_up(&interface);
    if (dhcp_start(&interface) != ERR_OK)
        return TWILIO_ERR_NETWORK;
    follow_link(NULL);
    return TWILIO_OK;
}

int twilio_network_start(void)
{
    int result;

    if (board_entropy(random_state.key, sizeof random_state.key) != 0)
        return TWILIO_ERR_ENTROPY;
    tcpip_init(NULL, NULL);  /* its callback would never come without threads */
    LOCK_TCPIP_CORE();
    result = start();
    UNLOCK_TCPIP_CORE();
    if (result == TWILIO_OK)
        twilio_receive_start(&interface);
    return result;
}

bool twilio_network_up(void)
{
    return netif_is_link_up(&interface) && twilio_network_address() != 0;
}

uint32_t twilio_network_address(void)
{
    return ip4_addr_get_u32(netif_ip4_addr(&interface));
}

int twilio_network_dns(const char *server)
{
    ip_addr_t address;

    if (server == NULL || !ipaddr_aton(server, &address) || ip_addr_isany(&address))
        return TWILIO_ERR_ARGUMENT;
    LOCK_TCPIP_CORE();
    own_dns = address;
    keep_dns(&interface);
    UNLOCK_TCPIP_CORE();
    return TWILIO_OK;
}
