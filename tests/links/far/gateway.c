/*
 * gateway.c - the far end's interface, its time and chance, DHCP and DNS
 *
 * SPDX-License-Identifier: MIT
 */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"

#define FRAME_SIZE 1514

struct far *far_end;
uint32_t far_now;

static struct netif interface;
static const ip4_addr_t here = { PP_HTONL(0x0A000202) }, mask = { PP_HTONL(0xFFFFFF00) };

/* ---- Time and chance ------------------------------------------------------- */

u32_t sys_now(void)
{
    return far_now;
}

uint32_t far_random(void)
{
    static uint64_t state;

    if (state == 0)
        state = far_end->seed * 2654435761u + 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 32);
}

void must(int good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "the far end fails: %s\n", what);
        exit(1);
    }
}

/* ---- Frames ---------------------------------------------------------------- */

static err_t send_frame(struct netif *netif, struct pbuf *frame)
{
    uint8_t bytes[FRAME_SIZE];

    (void)netif;
    far_end->send(bytes, pbuf_copy_partial(frame, bytes, sizeof bytes, 0));
    return ERR_OK;
}

void far_receive(const uint8_t *bytes, size_t size)
{
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_RAM);

    (void)pbuf_take(frame, bytes, (u16_t)size);
    if (interface.input(frame, &interface) != ERR_OK)
        (void)pbuf_free(frame);
}

static err_t prepare(struct netif *netif)
{
    static const uint8_t address[ETH_HWADDR_LEN] = { 0x52, 0x55, 10, 0, 2, 2 };

    netif->output = etharp_output;
    netif->linkoutput = send_frame;
    netif->mtu = 1500;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    memcpy(netif->hwaddr, address, sizeof address);
    return ERR_OK;
}

static void reply(struct udp_pcb *pcb, const void *data, size_t size, const ip_addr_t *to, u16_t port)
{
    struct pbuf *packet = pbuf_alloc(PBUF_TRANSPORT, (u16_t)size, PBUF_RAM);

    (void)pbuf_take(packet, data, (u16_t)size);
    (void)udp_sendto_if(pcb, packet, to, port, &interface);
    (void)pbuf_free(packet);
}

/* ---- DHCP ------------------------------------------------------------------ */

enum { DISCOVER = 1, OFFER, REQUEST, ACK = 5, NAK };
enum { CLIENT_ADDRESS = 12, YOUR_ADDRESS = 16, OPTIONS = 240 };  /* places in a message */

/* The option's value, so many bytes of it; NULL: it is not there. */
static const uint8_t *option(const uint8_t *query, size_t size, uint8_t wanted, uint8_t length)
{
    size_t at = OPTIONS;

    while (at + 2 + length <= size && query[at] != 255) {
        if (query[at] == wanted && query[at + 1] >= length)
            return query + at + 2;
        at += query[at] == 0 ? 1 : 2u + query[at + 1];
    }
    return NULL;
}

static void dhcp_reply(struct udp_pcb *pcb, const uint8_t *query, uint8_t type)
{
    const uint32_t lease = far_end->lease;
    const uint8_t yours[] = { 10, 0, 2, far_end->address }, options[] = {
        53, 1, type, 54, 4, 10, 0, 2, 2,
        51, 4, (uint8_t)(lease >> 24), (uint8_t)(lease >> 16), (uint8_t)(lease >> 8), (uint8_t)lease,
        1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 2, 2, 6, 4, 10, 0, 2, 2, 255
    };
    uint8_t message[OPTIONS + sizeof options];

    memcpy(message, query, OPTIONS);  /* its number and hardware address */
    message[0] = 2;
    memcpy(message + YOUR_ADDRESS, yours, sizeof yours);
    memcpy(message + OPTIONS, options, sizeof options);
    reply(pcb, message, sizeof message, IP_ADDR_BROADCAST, 68);
}

static void dhcp(void *unused, struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *from, u16_t port)
{
    uint8_t query[576];
    size_t size = pbuf_copy_partial(packet, query, sizeof query, 0);
    const uint8_t *type = option(query, size, 53, 1), *wanted = option(query, size, 50, 4);

    (void)unused, (void)from, (void)port;
    (void)pbuf_free(packet);
    if (wanted == NULL)
        wanted = query + CLIENT_ADDRESS;  /* it has the address, and wants to keep it */
    if (type != NULL && *type == DISCOVER) {
        dhcp_reply(pcb, query, OFFER);
    } else if (type != NULL && *type == REQUEST) {
        uint8_t verdict = wanted[3] == far_end->address ? ACK : NAK;
        *(verdict == ACK ? &far_end->leases : &far_end->refusals) += 1;
        dhcp_reply(pcb, query, verdict);
    }
}

/* ---- DNS ------------------------------------------------------------------- */

enum { HEADER = 12, TYPE_AND_CLASS = 4, TYPE_A = 1 };

static void dns(void *unused, struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *from, u16_t port)
{
    static const uint8_t record[] = { 0xC0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 0, 1, 0, 4, 10, 0, 2, 2 };
    uint8_t message[512];
    size_t size = pbuf_copy_partial(packet, message, sizeof message - sizeof record, 0), end = HEADER;

    (void)unused;
    (void)pbuf_free(packet);
    while (end < size && message[end] != 0)
        end += 1u + message[end];
    end += 1 + TYPE_AND_CLASS;
    if (end > size)
        return;
    message[2] |= 0x80;
    message[3] = 0x80;
    memset(message + 6, 0, 6);
    if (message[end - 3] == TYPE_A) {
        message[7] = 1;
        memcpy(message + end, record, sizeof record);
        end += sizeof record;
    }
    reply(pcb, message, end, from, port);
}

/* ---- Start, and all the time ------------------------------------------------ */

static void serve(u16_t port, udp_recv_fn service)
{
    struct udp_pcb *pcb = udp_new();

    must(pcb != NULL && udp_bind(pcb, IP_ADDR_ANY, port) == ERR_OK, "UDP");
    udp_recv(pcb, service, NULL);
}

void far_start(struct far *far)
{
    far_end = far;
    lwip_init();
    must(netif_add(&interface, &here, &mask, &here, NULL, prepare, ethernet_input) != NULL, "interface");
    netif_set_default(&interface);
    netif_set_up(&interface);
    serve(67, dhcp);
    serve(53, dns);
    api_begin(certificates_begin());
}

void far_work(uint32_t now)
{
    far_now = now;
    sys_check_timeouts();
    api_work();
}
