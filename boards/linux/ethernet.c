/*
 * ethernet.c - an Ethernet whose other end is libslirp: a network in user mode, without root
 *
 * The network is QEMU's: DHCP gives 10.0.2.15, 10.0.2.2 is this PC's 127.0.0.1, 10.0.2.3
 * answers DNS by this PC's resolver, and everything else is the world, through this PC. With IPv6
 * it advertises fd00::/64, and fd00::2 is this PC's ::1.
 *
 * libslirp hands frames over whenever it is called, so they wait here until they are fetched.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <libslirp.h>

/* lwIP's macros of byte order and address would clash with the system's. */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#include "lwip/pbuf.h"

#define FRAME_SIZE    1514
#define FRAMES        32
#define DESCRIPTORS   64
#define IDLE_TIME     1  /* milliseconds */

static Slirp *slirp;

static struct {
    uint8_t bytes[FRAME_SIZE];
    uint16_t size;
} queue[FRAMES];
static unsigned first, queued;

static struct pollfd watched[DESCRIPTORS];
static nfds_t watched_count;

/* ---- What libslirp asks for ------------------------------------------------ */

static ssize_t take_frame(const void *bytes, size_t size, void *unused)
{
    unsigned last = (first + queued) % FRAMES;

    (void)unused;
    if (queued == FRAMES || size > FRAME_SIZE)
        return (ssize_t)size;  /* lost, as happens to frames */
    memcpy(queue[last].bytes, bytes, size);
    queue[last].size = (uint16_t)size;
    queued++;
    return (ssize_t)size;
}

static void ignore_error(const char *message, void *unused)
{
    (void)message, (void)unused;
}

static int64_t nanoseconds(void *unused)
{
    struct timespec now;

    (void)unused;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The one there is: for IPv6's advertisements. */
static struct {
    SlirpTimerCb call;
    void *context;
    int64_t due;  /* milliseconds; 0: it does not run */
} timer;

static void *timer_new(SlirpTimerCb callback, void *context, void *unused)
{
    (void)unused;
    timer.call = callback;
    timer.context = context;
    return &timer;
}

static void timer_free(void *unused_timer, void *unused)
{
    (void)unused_timer, (void)unused;
    timer.due = 0;
}

static void timer_change(void *unused_timer, int64_t due, void *unused)
{
    (void)unused_timer, (void)unused;
    timer.due = due;
}

static void timer_run(void)
{
    if (timer.due == 0 || nanoseconds(NULL) / 1000000 < timer.due)
        return;
    timer.due = 0;
    timer.call(timer.context);
}

/* All descriptors are asked for again before each poll. */
static void no_descriptor(int descriptor, void *unused)
{
    (void)descriptor, (void)unused;
}

static void no_notice(void *unused)
{
    (void)unused;
}

static const SlirpCb callbacks = {
    .send_packet = take_frame,
    .guest_error = ignore_error,
    .clock_get_ns = nanoseconds,
    .timer_new = timer_new,
    .timer_free = timer_free,
    .timer_mod = timer_change,
    .register_poll_fd = no_descriptor,
    .unregister_poll_fd = no_descriptor,
    .notify = no_notice,
};

/* ---- Its descriptors ------------------------------------------------------- */

/* libslirp's events are poll's, but it numbers them itself. */
static const struct {
    int theirs;
    short ours;
} events[] = {
    { SLIRP_POLL_IN, POLLIN }, { SLIRP_POLL_OUT, POLLOUT }, { SLIRP_POLL_PRI, POLLPRI },
    { SLIRP_POLL_ERR, POLLERR }, { SLIRP_POLL_HUP, POLLHUP },
};
#define EVENTS (sizeof events / sizeof events[0])

static int watch(int descriptor, int theirs, void *unused)
{
    short ours = 0;

    (void)unused;
    if (watched_count == DESCRIPTORS)
        return -1;
    for (size_t i = 0; i < EVENTS; i++)
        if ((theirs & events[i].theirs) != 0)
            ours = (short)(ours | events[i].ours);
    watched[watched_count].fd = descriptor;
    watched[watched_count].events = ours;
    watched[watched_count].revents = 0;
    return (int)watched_count++;
}

static int happened(int index, void *unused)
{
    int theirs = 0;

    (void)unused;
    if (index < 0)
        return 0;
    for (size_t i = 0; i < EVENTS; i++)
        if ((watched[index].revents & events[i].ours) != 0)
            theirs |= events[i].theirs;
    return theirs;
}

/* Let libslirp do what it can do now. */
static void serve(void)
{
    uint32_t timeout = 0;
    int ready;

    timer_run();
    watched_count = 0;
    slirp_pollfds_fill(slirp, &timeout, watch, NULL);
    ready = poll(watched, watched_count, 0);
    slirp_pollfds_poll(slirp, ready < 0, happened, NULL);
}

/* ---- The board's ----------------------------------------------------------- */

int board_ethernet_start(uint8_t mac[6])
{
    static const uint8_t address[6] = { 0x02, 0, 0, 0, 0, 0x15 };  /* locally administered */
    SlirpConfig config;

    (void)signal(SIGPIPE, SIG_IGN);  /* libslirp may write to a peer that is gone */
    memset(&config, 0, sizeof config);
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork.s_addr = inet_addr("10.0.2.0");
    config.vnetmask.s_addr = inet_addr("255.255.255.0");
    config.vhost.s_addr = inet_addr("10.0.2.2");
    config.vnameserver.s_addr = inet_addr("10.0.2.3");
    config.vdhcp_start.s_addr = inet_addr("10.0.2.15");
    config.in6_enabled = LWIP_IPV6;
    (void)inet_pton(AF_INET6, "fd00::", &config.vprefix_addr6);
    config.vprefix_len = 64;
    (void)inet_pton(AF_INET6, "fd00::2", &config.vhost6);
    (void)inet_pton(AF_INET6, "fd00::3", &config.vnameserver6);
    slirp = slirp_new(&config, &callbacks, NULL);
    memcpy(mac, address, sizeof address);
    return slirp != NULL ? 0 : -1;
}

bool board_ethernet_link(void)
{
    return true;
}

struct pbuf *board_ethernet_receive(void)
{
    struct pbuf *frame;

    if (queued == 0)
        serve();
    if (queued == 0)
        return NULL;
    frame = pbuf_alloc(PBUF_RAW, queue[first].size, PBUF_POOL);
    if (frame != NULL)
        (void)pbuf_take(frame, queue[first].bytes, queue[first].size);
    first = (first + 1) % FRAMES;
    queued--;
    return frame;
}

int board_ethernet_send(const struct pbuf *frame)
{
    uint8_t bytes[FRAME_SIZE];

    if (frame->tot_len > sizeof bytes)
        return -1;
    (void)pbuf_copy_partial(frame, bytes, frame->tot_len, 0);
    slirp_input(slirp, bytes, frame->tot_len);
    return 0;
}

/* Asleep until something happens on the descriptors that were polled last. */
void board_idle(void)
{
    (void)poll(watched, watched_count, IDLE_TIME);
}
