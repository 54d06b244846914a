/*
 * pools.c - what lwIP has left; apart from the test, as its names clash with the system's
 *
 * SPDX-License-Identifier: MIT
 */
#include "pools.h"

#include "lwip/api.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcpip.h"
#include "lwip/udp.h"

#define MOST  256
#define BLOCK 64

static unsigned count_pool(memp_t pool)
{
    void *taken[MOST];
    unsigned count = 0, free;

    while (count < MOST && (taken[count] = memp_malloc(pool)) != NULL)
        count++;
    for (free = 0; free < count; free++)
        memp_free(pool, taken[free]);
    return count;
}

static unsigned count_heap(void)
{
    void *taken[MOST];
    unsigned count = 0, free;

    while (count < MOST && (taken[count] = mem_malloc(BLOCK)) != NULL)
        count++;
    for (free = 0; free < count; free++)
        mem_free(taken[free]);
    return count;
}

struct pools pools_count(void)
{
    struct pools pools = { 0 };

    LOCK_TCPIP_CORE();
    pools.heap = count_heap();
    pools.segments = count_pool(MEMP_TCP_SEG);
    pools.frames = count_pool(MEMP_PBUF_POOL);
    pools.netconns = count_pool(MEMP_NETCONN);
    for (int i = 0; i < MEMP_NUM_NETCONN; i++)
        if (lwip_socket_dbg_get_socket(i)->conn == NULL)
            pools.free_sockets++;
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next)
        pools.pcbs_active++;
    for (struct udp_pcb *pcb = udp_pcbs; pcb != NULL; pcb = pcb->next)
        pools.udp++;
    UNLOCK_TCPIP_CORE();
    return pools;
}
