/*
 * prove_journal_open.c - the journal opens a sector: what is kept of the oldest goes into it, and then a mark
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any state of the journal
//@ unwind 2
//@ replace size_of any_size_of oldest any_oldest seek any_seek is_kept any_is_kept put any_put
//@ replace erase_spare any_erase_spare
//@ loop journal.c: in copy_oldest: for (;;) {
//@     invariant PLACES_ARE_GOOD && !the_journal.erased && IS_SECTOR(from) && from != the_journal.head
//@     invariant at % SLOT == 0 && at >= from && at - from <= SECTOR
//@     decreases SECTOR - (at - from)
//@     changes at
//@     changes e
//@     changes slot
//@     changes slot.head.entry
//@     changes the_journal.position
//@     changes the_journal.passed = nondet_bool()
//@     changes is_clean = nondet_bool()
//@     changes slot.head.entry.at
//@     changes slot.head.entry.generation
//@     changes slot.head.check
//@ meant journal.c: journal->generation++;
//@ fault journal.c: if (e != TWILIO_ITEM || sector_of(journal, slot.head.entry.at) != from) { => if (e != TWILIO_ITEM) {
//@ fault journal.c: journal->position = journal->head = spare(journal); => journal->position = journal->head;
//@ fault journal.c: at += length_of(&slot.head.entry); => ;
//@ fault journal.c: e = put(journal, &slot, NULL, at); => e = put(journal, &slot, NULL, at + LARGEST);
//@ fault journal.c: journal->used--; => ;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

void prove(void)
{
    int e;

    any_sizes();
    assume(JOURNAL_IS_GOOD && the_journal.begun);
    e = open_sector(&the_journal);
    claim(e == TWILIO_ERR_FLASH || (e == TWILIO_OK && the_journal.begun), "it is open, or flash has failed");
    claim(the_journal.flash == &the_flash && (!the_journal.begun || JOURNAL_IS_GOOD),
          "the journal is good, or begins anew");
}
