/*
 * left.c - what lwIP has left; apart from the test, as its names clash with the system's
 *
 * SPDX-License-Identifier: MIT
 */
#include "left.h"

#include <stddef.h>

#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_priv.h"

#define MOST  256  /* of a kind */
#define BLOCK 64   /* bytes */

enum { HEAP = MEMP_MAX, SOCKETS, KINDS };
_Static_assert(KINDS <= LEFT_KINDS, "LEFT_KINDS is too small");

static const char *const names[KINDS] = {
#define LWIP_MEMPOOL(name, number, size, description) #name,
#include "lwip/priv/memp_std.h"
    "heap", "sockets"
};

static unsigned count_pool(memp_t pool)
{
    void *taken[MOST];
    unsigned count = 0;

    while (count < MOST && (taken[count] = memp_malloc(pool)) != NULL)
        count++;
    for (unsigned i = 0; i < count; i++)
        memp_free(pool, taken[i]);
    return count;
}

static unsigned count_heap(void)
{
    void *taken[MOST];
    unsigned count = 0;

    while (count < MOST && (taken[count] = mem_malloc(BLOCK)) != NULL)
        count++;
    for (unsigned i = 0; i < count; i++)
        mem_free(taken[i]);
    return count;
}

static unsigned count_sockets(void)
{
    unsigned count = 0;

    for (int i = 0; i < MEMP_NUM_NETCONN; i++)
        if (lwip_socket_dbg_get_socket(i)->conn == NULL)
            count++;
    return count;
}

struct left left_now(void)
{
    struct left left = { { 0 } };

    for (int i = 0; i < MEMP_MAX; i++)
        left.count[i] = count_pool((memp_t)i);
    left.count[HEAP] = count_heap();
    left.count[SOCKETS] = count_sockets();
    return left;
}

const char *left_missing(const struct left *whole)
{
    struct left now = left_now();

    for (int i = 0; i < KINDS; i++)
        if (now.count[i] < whole->count[i])
            return names[i];
    return NULL;
}

unsigned left_pcbs(void)
{
    unsigned count = 0;

    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next)
        count++;
    for (const struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next)
        count++;
    for (const struct tcp_pcb *pcb = tcp_bound_pcbs; pcb != NULL; pcb = pcb->next)
        count++;
    return count;
}

int left_sockets_in_use(const struct left *whole)
{
    int netconns = (int)(whole->count[MEMP_NETCONN] - count_pool(MEMP_NETCONN));
    int sockets = (int)(whole->count[SOCKETS] - count_sockets());

    return netconns > sockets ? netconns : sockets;
}

int left_udp_in_use(const struct left *whole)
{
    return (int)(whole->count[MEMP_UDP_PCB] - count_pool(MEMP_UDP_PCB));
}
