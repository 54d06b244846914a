/*
 * prove_journal_begin.c - a journal begins, whatever there is in its flash
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any contents, that fails at any time, and of any sizes that are taken; any journal
//@ unwind 2
//@ replace size_of any_size_of oldest any_oldest seek any_seek follow any_follow is_kept any_is_kept
//@ replace is_usable any_is_usable account any_account
//@ loop journal.c: for (e = seek(journal, 0, &slot); e == TWILIO_ITEM; e = follow(journal, &slot)) {
//@     invariant IS_SECTOR(the_journal.head) && the_journal.used < the_flash.sectors && RING_IS_GOOD
//@     invariant IS_RESULT(e) && (e != TWILIO_ITEM || IS_RECORD(slot.head.entry))
//@     decreases e == TWILIO_ITEM
//@     decreases AHEAD(slot.head.entry.at)
//@     changes e
//@     changes entry = &slot.head.entry
//@     changes slot
//@     changes slot.head.entry
//@     changes the_journal.passed = nondet_bool()
//@     changes the_journal.head
//@     changes the_journal.generation
//@     changes the_journal.used
//@     changes the_journal.last_id
//@ loop journal.c: in count: for (;;) {
//@     invariant JOURNAL_IS_GOOD && !the_journal.erased
//@     invariant IS_RESULT(e) && (e != TWILIO_ITEM || IS_RECORD(slot.head.entry))
//@     decreases e == TWILIO_ITEM
//@     decreases AHEAD(slot.head.entry.at)
//@     changes e
//@     changes slot
//@     changes slot.head.entry
//@     changes the_journal.passed = nondet_bool()
//@     changes the_journal.corrupt
//@     changes the_journal.last_id
//@     changes the_journal.live
//@     changes the_journal.room
//@ meant journal.c: journal->corrupt += journal->passed;
//@ fault journal.c: journal->head = sector_of(journal, entry->at); => journal->head = entry->at;
//@ fault journal.c: journal->position = journal->head + sector; => journal->position = journal->head - sector;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

/* Proved in prove_journal_follow.c. */
void any_account(struct twilio_journal *journal, uint32_t before, uint32_t now)
{
    (void)before;
    (void)now;
    journal->live = nondet_uint32_t();
    journal->room = nondet_uint32_t();
}

/* Proved in prove_journal_sizes.c. */
bool any_is_usable(const struct twilio_flash *flash)
{
    return flash == &the_flash;
}

void prove(void)
{
    struct twilio_journal *journal = nondet_bool() ? NULL : &the_journal;
    int e;

    any_sizes();
    assume((uint64_t)SECTOR * the_flash.sectors == the_size);
    the_journal.flash = nondet_bool() ? NULL : &the_flash;
    e = twilio_journal_begin(journal);
    claim(e == TWILIO_OK || e == TWILIO_ERR_FLASH || e == TWILIO_ERR_ARGUMENT, "it says what it may");
    claim(e == TWILIO_ERR_ARGUMENT ? journal == NULL || the_journal.flash == NULL
                                   : the_journal.begun == (e == TWILIO_OK), "it has begun, or has not");
    claim(e != TWILIO_OK || (JOURNAL_IS_GOOD && !the_journal.erased), "begin makes a good state");
}
