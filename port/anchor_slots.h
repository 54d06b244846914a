/*
 * anchor_slots.h - trust anchors that are replaced in the field: two slots of flash, one always good
 *
 * A slot holds certificates, a sequence number and a SHA-256 of both. The newer slot is trusted if it is
 * good; else the older; else the anchors that are built in: never none. A slot is good that is whole, and
 * each of whose certificates can sign a chain as tls.c accepts it: of a CA, with a key that this build knows
 * and that is long enough. An update goes to the other slot, so a power cut while it is written, at any bit,
 * leaves what is trusted now. No clock is asked: a wrong one must not change whom we trust.
 *
 *   static struct twilio_anchor_slots slots = { .slot = { SECTOR_0, SECTOR_1 }, .size = 4096,
 *                                               .more = &twilio_builtin_anchors };
 *   client.anchors = &slots.anchors;
 *   twilio_client_begin(&client);
 *   twilio_anchor_slots_choose(&slots, &client.arena);  // what fails leaves the built-in ones
 *
 * Whoever can write a slot decides whom this device believes. The SHA-256 tells a slot that was cut short
 * or has rotted from a good one; it does not tell a friend's from an attacker's. So the certificates must
 * come as firmware does: signed by the product's maker, or from a host of the maker's by TLS with these very
 * anchors, and not older than those they replace. Nothing here can see to that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANCHOR_SLOTS_H
#define TWILIO_ANCHOR_SLOTS_H

#include "anchors.h"
#include "arena.h"

#define TWILIO_SLOT_ANCHORS  8   /* most certificates in a slot */
#define TWILIO_SLOT_OVERHEAD 48  /* bytes of a slot besides them */

/* Set the first group, zero the rest. Not to be moved while it is used. */
struct twilio_anchor_slots {
    const uint8_t *slot[2];             /* where they can be read; each is erased without the other */
    size_t size;                        /* bytes of each, TWILIO_SLOT_OVERHEAD or more; four roots: 4 KB */
    const struct twilio_anchors *more;  /* trusted besides a slot's: with &twilio_builtin_anchors an update
                                           only adds; NULL: the slot's alone, so that it takes away, too */

    /* out */
    struct twilio_anchors anchors;      /* for twilio_client; TLS refuses it before the first choice */
    int chosen;                         /* 0, 1: that slot; -1: the built-in ones */

    /* private */
    struct twilio_anchor anchor[TWILIO_SLOT_ANCHORS];
};

/* Look at both slots, and set anchors. Call it at start and after each update. It reads one certificate at a
 * time, in some 2 KB of arena, which may be a connection's. TWILIO_OK: a slot's. The built-in ones otherwise:
 * TWILIO_ERR_ANCHORS: neither slot is good; TWILIO_ERR_MEMORY: too little is left in the arena to tell.
 * TWILIO_ERR_ARGUMENT: a NULL, or too small a size; then nothing is set. */
int twilio_anchor_slots_choose(struct twilio_anchor_slots *slots, struct twilio_arena *arena);

/* An update, not to be moved. Set the first group, call twilio_anchor_update_begin, erase the slot, write
 * size bytes from its beginning as twilio_anchor_update_read gives them, in any order, and choose again: if
 * slots.chosen is slot now, all of it arrived. A session kept from before would be resumed without another
 * look: if anchors were taken away, end it by twilio_client_close and twilio_tls_forget(&client.tls). Before
 * anything is erased, twilio_canary (canary.h) can tell whether Twilio's chain ends in the new ones. */
struct twilio_anchor_update {
    const void *certificates;       /* DER, one right after the other; to stay until all is written */
    size_t certificates_size;

    /* out */
    struct twilio_anchors anchors;  /* those alone, to be tried */
    int    slot;                    /* to be written: 0 or 1 */
    size_t size;                    /* bytes to be written; 0: none */

    /* private */
    struct twilio_anchor anchor[TWILIO_SLOT_ANCHORS];
    uint8_t head[16], digest[32];
};

/* Check what is to be trusted, and choose again, to find the slot that nobody needs. TWILIO_OK: write it.
 * TWILIO_ERR_ANCHORS: there is no certificate, something that is none, or one that could sign no chain.
 * TWILIO_ERR_SIZE: more than TWILIO_SLOT_ANCHORS, or than a slot holds. TWILIO_ERR_MEMORY and
 * TWILIO_ERR_ARGUMENT as above. */
int twilio_anchor_update_begin(struct twilio_anchor_update *update, struct twilio_anchor_slots *slots,
                               struct twilio_arena *arena);

/* Copy bytes [offset, offset + size) of what is to be written to buf. Returns how many: size, less at the
 * end, 0 past it. */
size_t twilio_anchor_update_read(const struct twilio_anchor_update *update, size_t offset, void *buf,
                                 size_t size);

#endif
