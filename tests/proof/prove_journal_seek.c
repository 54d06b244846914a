/*
 * prove_journal_seek.c - the journal looks for the next record, in flash that holds anything
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any state of the journal; any place to start
//@ unwind 10
//@ replace size_of any_size_of read_slot any_read_slot
//@ meant journal.c: uint32_t ahead = journal->position - entry->at;  /* wraps, if that place is behind */
//@ loop journal.c: while (at != journal->position) {
//@     invariant at % SLOT == 0 && AHEAD(at) <= ahead_at_first
//@     decreases at > journal->position
//@     decreases at > journal->position ? ~(size_t)at : journal->position - at
//@     changes at
//@     changes *slot
//@     changes journal->passed = nondet_bool()
//@     changes e
//@ fault journal.c: return entry->size <= TWILIO_JOURNAL_DATA_MAX && ahead >= length => return entry->size <= TWILIO_JOURNAL_DATA_MAX
//@ fault journal.c: return entry->size <= TWILIO_JOURNAL_DATA_MAX && ahead >= length => return entry->size <= TWILIO_JOURNAL_DATA_MAX + SLOT && ahead >= length
//@ fault journal.c: && sector_of(journal, entry->at + length - 1) == sector_of(journal, entry->at); => ;
//@ fault journal.c: if (at >= size_of(journal)) { => if (at > size_of(journal)) {
//@ fault journal.c: at = 0; => at = SLOT;
//@ fault journal.c: at += SLOT; => at += SLOT - 1;
#include "any_journal.h"

uint32_t ahead_at_first;

#include "journal.c"

#include "any_flash.h"

void prove(void)
{
    uint32_t at = nondet_uint32_t();
    union slot slot;
    int e;

    any_sizes();
    assume(RING_IS_GOOD && at % SLOT == 0);
    ahead_at_first = AHEAD(at);
    e = seek(&the_journal, at, &slot);
    claim(IS_RESULT(e), "it says what it may");
    claim(e != TWILIO_ITEM || IS_RECORD(slot.head.entry), "what is found is a record in the flash");
    claim(e != TWILIO_ITEM || AHEAD(slot.head.entry.at) <= ahead_at_first, "what is found is further on");
}
