/*
 * sys_arch.h - lwIP's operating system when there is none: see sys_polled.c
 *
 * A threaded build has its own arch/sys_arch.h earlier in the include path.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ARCH_SYS_ARCH_H
#define TWILIO_ARCH_SYS_ARCH_H

#include "lwip/opt.h"

/* A mailbox holds what can wait in it at most: each pbuf of the pool, the end of the
 * connection, and an error. A full one is never met. */
#define SYS_MBOX_SLOTS (PBUF_POOL_SIZE + 2)

typedef struct {
    void *slot[SYS_MBOX_SLOTS];
    uint8_t first, count, valid;
} sys_mbox_t;

typedef struct {
    uint8_t count, valid;
} sys_sem_t;

typedef uint8_t sys_mutex_t;
typedef uint8_t sys_thread_t;
typedef uint8_t sys_prot_t;

#define sys_sem_valid(sem)             ((sem)->valid != 0)
#define sys_sem_set_invalid(sem)       ((sem)->valid = 0)
#define sys_mbox_valid(mbox)           ((mbox)->valid != 0)
#define sys_mbox_set_invalid(mbox)     ((mbox)->valid = 0)
#define sys_mutex_valid(mutex)         ((void)(mutex), 1)
#define sys_mutex_set_invalid(mutex)   ((void)(mutex))

/* One thread: nothing to lock out. */
#define LOCK_TCPIP_CORE()   ((void)0)
#define UNLOCK_TCPIP_CORE() ((void)0)

/* One thread, so one semaphore to wait for. */
extern sys_sem_t sys_polled_semaphore;
#define LWIP_NETCONN_THREAD_SEM_GET()   (&sys_polled_semaphore)
#define LWIP_NETCONN_THREAD_SEM_ALLOC() ((void)0)
#define LWIP_NETCONN_THREAD_SEM_FREE()  ((void)0)

#endif
