/*
 * any_flash.h - what stands for the journal's own functions: they do what their proofs show, and no more
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_FLASH_H
#define TWILIO_ANY_FLASH_H

#include "any_journal.h"

static void any_slot(union slot *slot)
{
    union slot any;

    *slot = any;
}

/* Proved in prove_journal_flash.c, as the next: any octets, at each reading. */
int any_read_slot(const struct twilio_journal *journal, uint32_t at, union slot *slot)
{
    claim(journal == &the_journal && IS_SLOT(at), "what is read is a slot of the flash");
    any_slot(slot);
    return nondet_bool() ? TWILIO_OK : TWILIO_ERR_FLASH;
}

int any_program(const struct twilio_journal *journal, uint32_t at, const union slot *slot)
{
    (void)slot;
    claim(journal == &the_journal && IS_SLOT(at), "what is programmed is a slot of the flash");
    claim(at != watched || is_clean, "what is programmed has been erased since");
    is_clean = is_clean && at != watched;
    return nondet_bool() ? TWILIO_OK : nondet_bool() ? TWILIO_AGAIN : TWILIO_ERR_FLASH;
}

/* Proved in prove_journal_seek.c, as the next: a record, or none. */
static int any_seek_to(union slot *slot, uint32_t ahead)
{
    any_slot(slot);
    the_journal.passed = nondet_bool();
    if (nondet_bool()) {
        assume(IS_RECORD(slot->head.entry) && AHEAD(slot->head.entry.at) <= ahead);
        return TWILIO_ITEM;
    }
    return nondet_bool() ? TWILIO_OK : TWILIO_ERR_FLASH;
}

int any_seek(struct twilio_journal *journal, uint32_t at, union slot *slot)
{
    claim(journal == &the_journal && RING_IS_GOOD && at % SLOT == 0, "a search begins at a slot");
    return any_seek_to(slot, AHEAD(at));
}

int any_follow(struct twilio_journal *journal, union slot *slot)
{
    uint32_t ahead = AHEAD(slot->head.entry.at);

    claim(journal == &the_journal && RING_IS_GOOD && CAN_BE_FOLLOWED(slot->head.entry), "a search begins at a record");
    return any_seek_to(slot, IS_RECORD(slot->head.entry) ? ahead - 1 : the_size);
}

/* Proved in prove_journal_put.c: a record is behind the last one, or none; what is behind that is as it was. */
#define CAN_BE_PUT(slot, data, from) \
    ((slot)->head.entry.size <= TWILIO_JOURNAL_DATA_MAX && PLACES_ARE_GOOD \
     && ((data) != NULL ? __CPROVER_r_ok(data, (slot)->head.entry.size) \
         : (slot)->head.entry.size == 0 \
           || (IS_SLOT(from) && (from) <= the_size - LENGTH((slot)->head.entry))))

int any_put(struct twilio_journal *journal, union slot *slot, const uint8_t *data, uint32_t from)
{
    uint32_t before = journal->position;

    claim(journal == &the_journal && CAN_BE_PUT(slot, data, from), "there is a record to be put");
    slot->head.entry.generation = nondet_uint32_t();
    slot->head.entry.at = nondet_uint32_t();
    slot->head.check = nondet_uint32_t();
    the_journal.position = nondet_uint32_t();
    is_clean = nondet_bool();
    assume(the_journal.position >= before && PLACES_ARE_GOOD);
    if (nondet_bool()) {
        assume(IS_RECORD(slot->head.entry));
        return TWILIO_OK;
    }
    return nondet_bool() ? TWILIO_FULL : TWILIO_ERR_FLASH;
}

/* Proved in prove_journal_flash.c. */
int any_erase_spare(struct twilio_journal *journal)
{
    claim(journal == &the_journal && PLACES_ARE_GOOD, "the newest sector is one");
    the_journal.erased = nondet_bool();
    is_clean = nondet_bool();
    assume(PLACES_ARE_GOOD);
    return the_journal.erased ? TWILIO_OK : TWILIO_ERR_FLASH;
}

/* Proved in prove_journal_walk.c, as the next. */
int any_is_kept(struct twilio_journal *journal, const union slot *slot)
{
    int e = nondet_int();

    claim(journal == &the_journal && RING_IS_GOOD && journal->used <= the_flash.sectors
          && IS_RECORD(slot->head.entry), "what may be kept is a record");
    assume(IS_RESULT(e));
    the_journal.passed = nondet_bool();
    return e;
}

int any_find(struct twilio_journal *journal, uint32_t id, union slot *found)
{
    int e = nondet_int();

    (void)id;
    claim(journal == &the_journal && JOURNAL_IS_GOOD, "the journal is good");
    assume(IS_RESULT(e));
    the_journal.passed = nondet_bool();
    if (e != TWILIO_OK) {
        any_slot(found);
        assume(e != TWILIO_ITEM || IS_RECORD(found->head.entry));
    }
    return e;
}

/* Proved in prove_journal_begin.c. */
int any_begin(struct twilio_journal *journal)
{
    int e = nondet_int();

    assume(e == TWILIO_OK || e == TWILIO_ERR_FLASH || e == TWILIO_ERR_ARGUMENT);
    if (journal == NULL || journal->flash == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    claim(journal == &the_journal, "the journal is one");
    any_journal();
    the_journal.begun = e == TWILIO_OK;
    assume(e != TWILIO_OK || JOURNAL_IS_GOOD);
    return e;
}

#endif
