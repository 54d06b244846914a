/*
 * link.c - the line, and the rest of the board
 *
 * SPDX-License-Identifier: MIT
 */
#include "link.h"

#include "board.h"
#include "far/far.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/pbuf.h"

#define FRAME_SIZE  1514
#define FRAMES      256  /* on the line at a time; more are lost */
#define OUT_OF_TURN 80   /* milliseconds that a frame comes too late at most */

/* Places in a frame */
#define ETHERNET    14   /* where IP's header starts; it has 20 bytes */
#define PROTOCOL    (ETHERNET + 9)
#define TCP         (ETHERNET + 20)
#define TCP_OFFSET  (TCP + 12)
#define IS_TCP      6

struct link wire = { .cable = true, .mtu = 1500 };

/* ---- Chance ---------------------------------------------------------------- */

static uint32_t chance = 1;

void link_seed(uint32_t seed)
{
    chance = (seed * 2654435761u) | 1;
}

uint32_t link_random(uint32_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    return (uint32_t)(((uint64_t)chance * below) >> 32);
}

static bool happens(unsigned percent, unsigned *count)
{
    if (percent == 0 || link_random(100) >= percent)
        return false;
    ++*count;
    return true;
}

int board_entropy(void *buf, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)buf)[i] = (uint8_t)link_random(256);
    return 0;
}

/* ---- Time ------------------------------------------------------------------ */

static uint64_t now = 1000;
static uint32_t idle_for = 1;

uint32_t board_millis(void)
{
    return (uint32_t)now;
}

uint32_t board_utc(void)
{
    return FAR_BEGAN + (uint32_t)(now / 1000);
}

/* ---- The line -------------------------------------------------------------- */

static struct frame {
    struct frame *next;
    uint64_t due;
    size_t size;
    bool up;  /* from the device */
    uint8_t bytes[FRAME_SIZE];
} frames[FRAMES];

static struct frame *line;  /* by due; those due at the same time keep their order */
static struct frame *unused;

static struct frame *new_frame(void)
{
    static size_t used;
    struct frame *f = unused;

    if (f != NULL)
        unused = f->next;
    else if (used < FRAMES)
        f = &frames[used++];
    return f;
}

static void free_frame(struct frame *f)
{
    f->next = unused;
    unused = f;
}

static void insert(struct frame *f)
{
    struct frame **at = &line;

    while (*at != NULL && (*at)->due <= f->due)
        at = &(*at)->next;
    f->next = *at;
    *at = f;
}

static uint32_t delay_of_one(void)
{
    uint32_t delay = wire.faults.delay;

    if (wire.faults.jitter != 0)
        delay += link_random(wire.faults.jitter);
    if (happens(wire.faults.reorder, &wire.count.reordered))
        delay += 1 + link_random(OUT_OF_TURN);
    return delay;
}

/* So that the check sum stays as it is. */
static void exchange_words(uint8_t *bytes, size_t size)
{
    size_t payload = TCP + (size_t)(bytes[TCP_OFFSET] >> 4) * 4;
    size_t words = size > payload ? (size - payload) / 2 : 0;
    uint8_t *a, *b, word[2];

    if (words < 2 || !happens(wire.faults.cunning, &wire.count.tricked))
        return;
    a = bytes + payload + 2 * link_random((uint32_t)words);
    b = bytes + payload + 2 * link_random((uint32_t)words);
    memcpy(word, a, 2);
    memmove(a, b, 2);
    memcpy(b, word, 2);
}

static void corrupt(uint8_t *bytes, size_t size)
{
    if (happens(wire.faults.corrupt, &wire.count.corrupted))
        bytes[ETHERNET + link_random((uint32_t)size - ETHERNET)] ^= (uint8_t)(1u << link_random(8));
    if (wire.faults.cunning != 0 && bytes[PROTOCOL] == IS_TCP)
        exchange_words(bytes, size);
}

static void set_out(const uint8_t *bytes, size_t size, bool up, bool ip)
{
    struct frame *f = new_frame();

    if (f == NULL)
        return;
    memcpy(f->bytes, bytes, size);
    f->size = size;
    f->up = up;
    f->due = now + (ip ? delay_of_one() : 0);
    if (ip)
        corrupt(f->bytes, size);
    insert(f);
}

static void enter(const uint8_t *bytes, size_t size, bool up)
{
    bool ip = bytes[12] == 8 && bytes[13] == 0;

    wire.digest = (wire.digest ^ (uint32_t)now ^ (uint32_t)size << 16 ^ up) * 16777619u;
    if (!wire.cable || wire.gone)
        return;
    wire.count.frames++;
    if (size > ETHERNET + wire.mtu) {
        wire.count.too_long++;
        return;
    }
    if (ip && happens(wire.faults.loss, &wire.count.lost))
        return;
    if (ip && happens(wire.faults.duplicate, &wire.count.duplicated))
        set_out(bytes, size, up, true);
    set_out(bytes, size, up, ip);
}

void link_send_down(const uint8_t *frame, size_t size)
{
    enter(frame, size, false);
}

/* ---- The board's Ethernet -------------------------------------------------- */

int board_ethernet_start(uint8_t mac[6])
{
    static const uint8_t address[6] = { 2, 0, 0, 0, 0, 0x15 };

    memcpy(mac, address, sizeof address);
    return 0;
}

bool board_ethernet_link(void)
{
    return wire.cable;
}

int board_ethernet_send(const struct pbuf *frame)
{
    uint8_t bytes[FRAME_SIZE];

    if (frame->tot_len > sizeof bytes)
        return -1;
    enter(bytes, pbuf_copy_partial(frame, bytes, sizeof bytes, 0), true);
    return 0;
}

static struct pbuf *arrive(const struct frame *f)
{
    struct pbuf *frame = NULL;

    if (f->up)
        far_receive(f->bytes, f->size);
    else if ((frame = pbuf_alloc(PBUF_RAW, (uint16_t)f->size, PBUF_POOL)) != NULL)
        (void)pbuf_take(frame, f->bytes, (uint16_t)f->size);
    return frame;
}

struct pbuf *board_ethernet_receive(void)
{
    struct pbuf *arrived = NULL;
    struct frame *f;

    far_work(board_millis());
    while (arrived == NULL && (f = line) != NULL && f->due <= now) {
        idle_for = 1;
        line = f->next;
        arrived = arrive(f);
        free_frame(f);
    }
    return arrived;
}

/* ---- The rest of the board -------------------------------------------------- */

/* Time flies when nothing happens, but not past what will. */
void board_idle(void)
{
    uint64_t then = now + idle_for;

    now = line != NULL && line->due > now && line->due < then ? line->due : then;
    if (idle_for < LINK_IDLE)
        idle_for *= 2;
    if (wire.meddle != NULL)
        wire.meddle();
}

_Noreturn void board_exit(int status)
{
    (void)fprintf(stderr, "the board has stopped: %d\n", status);
    abort();
}
