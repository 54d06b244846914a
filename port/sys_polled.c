/*
 * sys_polled.c - lwIP's sys_arch with no operating system: every wait polls
 *
 * lwIP refuses its socket API without an operating system, so it is given one in which no
 * thread ever starts. The tcpip thread does not run either: its work (frames, timers, its
 * mailbox) is done by serve(), which is called by everything that waits.
 *
 * Only the application's side of lwIP waits. Callbacks out of lwIP must not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "link.h"
#include "network.h"
#include "receive.h"

#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#define FRAMES_AT_ONCE 8  /* so that a flood of frames cannot stop the timers */

sys_sem_t sys_polled_semaphore = { 0, 1 };

#ifdef LWIP_PROVIDE_ERRNO
int errno;
#endif

static struct netif *input;

int tcpip_thread_poll_one(void);

void twilio_receive_start(struct netif *netif)
{
    input = netif;
}

/* Frames for lwIP; false when there was none. */
static bool receive(void)
{
    int count = 0;

    while (input != NULL && count < FRAMES_AT_ONCE && twilio_link_receive(input))
        count++;
    return count > 0;
}

/* Do what a tcpip thread would do now. False: there was nothing. */
static bool serve(void)
{
    bool busy = receive();

    sys_check_timeouts();
    while (tcpip_thread_poll_one() != 0)
        busy = true;
    return busy;
}

static void serve_or_sleep(void)
{
    if (!serve())
        board_idle();
}

void twilio_network_wait(uint32_t milliseconds)
{
    uint32_t start = board_millis();

    (void)serve();
    while (board_millis() - start < milliseconds)
        serve_or_sleep();
}

/* ---- sys_arch -------------------------------------------------------------- */

void sys_init(void)
{
}

u32_t sys_now(void)
{
    return board_millis();
}

sys_thread_t sys_thread_new(const char *name, lwip_thread_fn thread, void *arg, int stacksize, int prio)
{
    (void)name, (void)thread, (void)arg, (void)stacksize, (void)prio;
    return 0;
}

/* Nobody to exclude. */
err_t sys_mutex_new(sys_mutex_t *mutex)
{
    *mutex = 0;
    return ERR_OK;
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
    (void)mutex;
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
    (void)mutex;
}

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
    sem->count = count;
    sem->valid = 1;
    return ERR_OK;
}

void sys_sem_free(sys_sem_t *sem)
{
    (void)sem;
}

void sys_sem_signal(sys_sem_t *sem)
{
    sem->count = 1;  /* lwIP's are binary */
}

/* Serve until *count is not 0. Milliseconds waited, or SYS_ARCH_TIMEOUT; timeout 0: no end. */
static u32_t wait_until(const volatile uint8_t *count, u32_t timeout)
{
    uint32_t start = board_millis();

    while (*count == 0) {
        if (timeout != 0 && board_millis() - start >= timeout)
            return SYS_ARCH_TIMEOUT;
        serve_or_sleep();
    }
    return board_millis() - start;
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
    u32_t waited = wait_until(&sem->count, timeout);

    if (waited != SYS_ARCH_TIMEOUT)
        sem->count = 0;
    return waited;
}

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
    LWIP_ASSERT("a mailbox must hold what is asked for", size <= SYS_MBOX_SLOTS);
    (void)size;
    mbox->first = mbox->count = 0;
    mbox->valid = 1;
    return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
    (void)mbox;
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message)
{
    if (mbox->count == SYS_MBOX_SLOTS)
        return ERR_MEM;
    mbox->slot[(mbox->first + mbox->count) % SYS_MBOX_SLOTS] = message;
    mbox->count++;
    return ERR_OK;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *message)
{
    return sys_mbox_trypost(mbox, message);
}

/* Nobody could empty a full mailbox while we wait here. */
void sys_mbox_post(sys_mbox_t *mbox, void *message)
{
    err_t posted = sys_mbox_trypost(mbox, message);

    LWIP_ASSERT("mailbox full", posted == ERR_OK);
    (void)posted;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **message)
{
    void *fetched;

    if (mbox->count == 0)
        return SYS_MBOX_EMPTY;
    fetched = mbox->slot[mbox->first];
    mbox->first = (uint8_t)((mbox->first + 1) % SYS_MBOX_SLOTS);
    mbox->count--;
    if (message != NULL)
        *message = fetched;
    return 0;
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t timeout)
{
    u32_t waited = wait_until(&mbox->count, timeout);

    if (waited != SYS_ARCH_TIMEOUT)
        (void)sys_arch_mbox_tryfetch(mbox, message);
    return waited;
}
