/*
 * prove_journal_put.c - the journal puts a record behind the last one, as often as flash fails there
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes, that fails at any time; any record, with the caller's data or those in flash
//@ unwind 10
//@ replace read_slot any_read_slot program any_program check_of any_check_of
//@ loop journal.c: while (e == TWILIO_AGAIN) {
//@     invariant PLACES_ARE_GOOD && the_journal.position >= position_at_first
//@     invariant e == TWILIO_AGAIN || e == TWILIO_ERR_FLASH || (e == TWILIO_OK && IS_RECORD(*entry))
//@     decreases SECTOR - (the_journal.position - the_journal.head)
//@     changes e
//@     changes the_journal.position
//@     changes is_clean = nondet_bool()
//@     changes entry->generation
//@     changes entry->at
//@     changes slot->head.check
//@ fault journal.c: if (left(journal) < length) { => if (left(journal) + SLOT < length) {
//@ fault journal.c: journal->position += length; => journal->position += entry->size;
//@ fault journal.c: memcpy(&slot, data + i, entry->size - i < SLOT ? entry->size - i : SLOT); => memcpy(&slot, data + i, SLOT);
//@ fault journal.c: e = program(journal, entry->at + SLOT + i, &slot); => e = program(journal, entry->at + i, &slot);
//@ fault journal.c: e = read_slot(journal, from + SLOT + i, &slot); => e = read_slot(journal, from + LARGEST + i, &slot);
//@ fault journal.c: for (i = 0; i < entry->size && e == TWILIO_OK; i += SLOT) { => for (i = 0; i <= entry->size && e == TWILIO_OK; i += SLOT) {
#include "any_journal.h"

uint32_t position_at_first;

#include "journal.c"

#include "any_flash.h"

/* Proved in prove_journal_flash.c. */
uint32_t any_check_of(const union slot *slot)
{
    (void)slot;
    return nondet_uint32_t();
}

/* Only whether it stays within bounds counts. */
void *memcpy(void *to, const void *from, size_t size)
{
    claim(__CPROVER_w_ok(to, size) && __CPROVER_r_ok(from, size), "what is copied is there, and has room");
    return to;
}

void prove(void)
{
    union slot slot;
    const uint8_t *data = NULL;
    uint32_t from = nondet_uint32_t();
    uint16_t size = slot.head.entry.size;
    int e;

    any_sizes();
    if (nondet_bool()) {
        assume(size <= TEXT_MAX);
        data = (const uint8_t *)proof_texts + TEXT_MAX + 1 - size;
    }
    assume(CAN_BE_PUT(&slot, data, from));
    position_at_first = the_journal.position;
    e = put(&the_journal, &slot, data, from);
    claim(e == TWILIO_OK || e == TWILIO_FULL || e == TWILIO_ERR_FLASH, "it says what it may");
    claim(e != TWILIO_OK || IS_RECORD(slot.head.entry), "what is put is a record");
    claim(PLACES_ARE_GOOD && the_journal.position >= position_at_first && slot.head.entry.size == size,
          "it goes on, in its sector");
}
