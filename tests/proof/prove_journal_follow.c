/*
 * prove_journal_follow.c - from a record to the next; and what is told of one by itself
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents; any record, or place that was one; data of up to 65,535 octets
//@ unwind 9
//@ replace seek any_seek size_of any_size_of
//@ loop journal.c: for (; size > 0; size--) {
//@     invariant SAME(octets, proof_texts) && size <= TEXT_MAX + 1 && AT(octets) == TEXT_MAX + 1 - size
//@     decreases size
//@     changes octets = (const uint8_t *)proof_texts + any_up_to(TEXT_MAX + 1)
//@     changes size
//@     changes so_far
//@     changes bit
//@ meant journal.c: so_far = so_far >> 1 ^ (0xEDB88320U & (0U - (so_far & 1)));
//@ meant journal.c: return journal->generation - entry->generation < journal->used;
//@ meant journal.c: journal->live += now != 0;
//@ meant journal.c: before += journal->room;
//@ fault journal.c: return SLOT + ((SLOT - 1U + entry->size) & ~(SLOT - 1U)); => return (SLOT - 1U + entry->size) & ~(SLOT - 1U);
//@ fault journal.c: so_far ^= *octets++; => so_far ^= *++octets;
//@ fault journal.c: journal->live -= before != 0 && journal->live != 0; => journal->live -= before != 0;
//@ fault journal.c: return offset < size_of(journal) && offset % SLOT == 0; => return offset <= size_of(journal) && offset % SLOT == 0;
//@ fault journal.c: return journal->head + journal->flash->sector_size - journal->position; => return journal->head - journal->position;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

void prove(void)
{
    size_t size = any_up_to(UINT16_MAX);
    uint32_t ahead;
    union slot slot;

    any_sizes();
    assume(PLACES_ARE_GOOD && CAN_BE_FOLLOWED(slot.head.entry));
    if (nondet_bool()) {
        ahead = IS_RECORD(slot.head.entry) ? AHEAD(slot.head.entry.at) - 1 : the_size;
        claim(follow(&the_journal, &slot) != TWILIO_ITEM || AHEAD(slot.head.entry.at) <= ahead, "it goes on");
        return;
    }
    claim(length_of(&slot.head.entry) == LENGTH(slot.head.entry), "a record is its head and its data");
    claim(slots_of(&slot.head.entry) * SLOT <= LENGTH(slot.head.entry), "it takes so many slots");
    claim(left(&the_journal) == SECTOR - (the_journal.position - the_journal.head), "what is left of a sector");
    claim(!is_place(&the_journal, size) || IS_SLOT(size), "a place is one of the flash");
    is_in_use(&the_journal, &slot.head.entry);
    account(&the_journal, slots_of(&slot.head.entry), nondet_uint32_t());
    crc(nondet_uint32_t(), (const uint8_t *)proof_texts + TEXT_MAX + 1 - size, size);
}
