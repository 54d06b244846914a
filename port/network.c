/*
 * network.c - lwIP with one interface, over whatever line is built in (link.h)
 *
 * SPDX-License-Identifier: MIT
 */
#include "network.h"

#include "board.h"
#include "link.h"
#include "receive.h"
#include "twilio.h"

#include "lwip/dns.h"
#include "lwip/netif.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#define LINK_PERIOD        250  /* milliseconds between looks at the line */
#define EXIT_STACK_BROKEN  70

static struct netif interface;
static ip_addr_t own_dns;  /* to be used instead of the network's; 0: none */

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
        sum += 0x9e3779b9U;
        right += (((left << 4) ^ (left >> 5)) + left) ^ (sum + key[(sum >> 11) & 3]);
    }
    return left;
}

/* ---- The interface --------------------------------------------------------- */

/* Each time that the network gives an address, it sets its DNS server again. */
static void keep_dns(struct netif *netif)
{
    (void)netif;
    if (!ip_addr_isany(&own_dns))
        dns_setserver(0, &own_dns);
}

static void watch(void *unused)
{
    twilio_link_watch(&interface);
    keep_dns(&interface);
    sys_timeout(LINK_PERIOD, watch, unused);
}

static int start(void)
{
    int result = twilio_link_start(&interface);

    if (result != TWILIO_OK)
        return result;
    netif_set_default(&interface);
    netif_set_status_callback(&interface, keep_dns);
    watch(NULL);
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

/* One that is of use on more than this line, which the first is not. */
static bool has_ip6(void)
{
#if LWIP_IPV6
    for (s8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++)
        if (ip6_addr_isvalid(netif_ip6_addr_state(&interface, i)))
            return true;
#endif
    return false;
}

bool twilio_network_up(void)
{
    return netif_is_link_up(&interface) && (twilio_network_address() != 0 || has_ip6());
}

const char *twilio_network_trouble(void)
{
    return twilio_network_up() ? NULL : twilio_link_trouble(&interface);
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
