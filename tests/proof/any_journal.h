/*
 * any_journal.h - a journal in any flash, in any state: what is read is anything, and nothing need succeed
 *
 * journal.c comes behind it, and any_flash.h behind that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_JOURNAL_H
#define TWILIO_ANY_JOURNAL_H

#include "proof.h"
#include "twilio_journal.h"

#define SLOT_SIZE TWILIO_JOURNAL_SLOT

union slot;
static void any_slot(union slot *slot);

struct twilio_flash the_flash;
struct twilio_journal the_journal;
uint32_t the_size;  /* of the flash */

/* One slot, any of all: whether its sector has been erased since it was last programmed. */
uint32_t watched;
bool is_clean;

#define SECTOR      (the_flash.sector_size)
#define IN_SECTOR(offset, sector) ((offset) >= (sector) && (offset) - (sector) < SECTOR)
#define IS_SECTOR(offset) ((offset) % SLOT_SIZE == 0 && ((offset) & (SECTOR - 1)) == 0 && (offset) <= the_size - SECTOR)
#define IS_SLOT(offset)   ((offset) % SLOT_SIZE == 0 && (offset) < the_size)

/* Sizes that begin accepts: see prove_journal_sizes.c. */
#define SIZES_ARE_GOOD \
    (SECTOR >= 512 && (SECTOR & (SECTOR - 1)) == 0 && SECTOR <= 0x40000000 && the_flash.sectors >= 3 \
     && the_size <= 0xFFFF0000 && (the_size & (SECTOR - 1)) == 0 && the_size / 3 >= SECTOR)

#define SPARE (the_journal.head + SECTOR < the_size ? the_journal.head + SECTOR : 0)

/* The next record's place is in the flash, or its end. */
#define RING_IS_GOOD \
    (the_journal.flash == &the_flash && the_journal.position % SLOT_SIZE == 0 && the_journal.position <= the_size)

/* The place of the next record, and what is clean: all behind that place, and the spare sector once it has been
 * erased. */
#define PLACES_ARE_GOOD \
    (the_journal.flash == &the_flash && IS_SECTOR(the_journal.head) && the_journal.position >= the_journal.head \
     && the_journal.position - the_journal.head <= SECTOR && the_journal.position % SLOT_SIZE == 0 \
     && (is_clean || !IN_SECTOR(watched, the_journal.head) || watched < the_journal.position) \
     && (is_clean || !the_journal.erased || !IN_SECTOR(watched, SPARE)))

/* The journal's invariant: so each function finds it, and leaves it. */
#define JOURNAL_IS_GOOD (PLACES_ARE_GOOD && the_journal.used < the_flash.sectors)

/* A record is in its sector, and before the next one's place. */
#define LENGTH(entry) (SLOT_SIZE + (((entry).size + SLOT_SIZE - 1U) & ~(SLOT_SIZE - 1U)))
#define IS_RECORD(entry) \
    (IS_SLOT((entry).at) && (entry).size <= TWILIO_JOURNAL_DATA_MAX \
     && ((entry).at & (SECTOR - 1)) + LENGTH(entry) <= SECTOR \
     && ((entry).at > the_journal.position || the_journal.position - (entry).at >= LENGTH(entry)))

/* What a caller shows may be no record any more; but it is a slot. */
#define CAN_BE_FOLLOWED(entry) (IS_SLOT((entry).at) && (entry).at <= UINT32_MAX - LENGTH(entry))

/* How much there is from there on, round the ring to the next one's place. */
#define AHEAD(at) \
    ((at) <= the_journal.position ? the_journal.position - (at) \
     : the_journal.position + ((at) < the_size ? the_size - (at) : 0))

#define IS_RESULT(e) ((e) == TWILIO_ITEM || (e) == TWILIO_OK || (e) == TWILIO_ERR_FLASH)

/* Any good state; but flash and its sizes stay. */
static inline void any_journal(void)
{
    struct twilio_journal any;

    any.flash = &the_flash;
    any.begun = nondet_bool();
    any.erased = nondet_bool();
    any.passed = nondet_bool();
    the_journal = any;
    is_clean = nondet_bool();
}

static inline void any_sizes(void)
{
    the_flash.sector_size = nondet_uint32_t();
    the_flash.sectors = nondet_uint16_t();
    the_size = nondet_uint32_t();
    watched = nondet_uint32_t();
    assume(SIZES_ARE_GOOD && IS_SLOT(watched));
    any_journal();
}

/* Proved in prove_journal_sizes.c, as the next: what multiplies is dear. */
uint32_t any_size_of(const struct twilio_journal *journal)
{
    claim(journal == &the_journal && journal->flash == &the_flash, "the flash is the journal's");
    return the_size;
}

uint32_t any_oldest(const struct twilio_journal *journal)
{
    uint32_t any = nondet_uint32_t();

    claim(PLACES_ARE_GOOD && journal->used <= the_flash.sectors, "the newest sector is one");
    assume(IS_SECTOR(any) || (journal->used == 0 && any == the_size));
    assume(journal->used < 2 || any != journal->head);
    return any;
}

#endif
