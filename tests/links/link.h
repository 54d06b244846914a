/*
 * link.h - a bad line in the place of the board, and a clock that it turns itself
 *
 * Between the device and the far end every frame passes here, in both directions, and meets what
 * wire says. Time is simulated for both of them: it goes on when there is nothing to do, so that
 * an hour of waiting takes a second; and the same seed gives the same faults, at the same time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_IDLE 8  /* milliseconds that pass at once at most */

/* Of frames of IP, percent, each way. ARP's pass: they are the neighbour's, and have no check sum of
 * their own but Ethernet's. */
struct link_faults {
    unsigned loss, reorder, duplicate;
    unsigned corrupt;        /* one bit: check sums tell it */
    unsigned cunning;        /* two words of what TCP carries, exchanged: only TLS can tell it */
    uint32_t delay, jitter;  /* milliseconds */
};

struct link {
    struct link_faults faults;
    bool cable;    /* plugged; the board sees it */
    bool gone;     /* the gateway and all behind it are dead; the board does not see it */
    size_t mtu;    /* the largest IP packet that gets through */

    /* Called as time goes on, if any. */
    void (*meddle)(void);

    /* out */
    struct {
        unsigned frames, lost, reordered, duplicated, corrupted, tricked;
        unsigned too_long;  /* packets over mtu, lost for that */
    } count;
    uint32_t digest;  /* of what passed when: the same for the same seed */
};
extern struct link wire;

void link_seed(uint32_t seed);

/* A number from 0 to below - 1, from the seed. */
uint32_t link_random(uint32_t below);

/* A frame from the far end. */
void link_send_down(const uint8_t *frame, size_t size);

#endif
