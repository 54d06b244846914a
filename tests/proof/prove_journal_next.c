/*
 * prove_journal_next.c - entries are told, one after another
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any slot of it as the entry before
//@ unwind 2
//@ replace first any_first follow any_follow is_latest any_is_kept ready any_ready
//@ loop journal.c: for (; e == TWILIO_ITEM; e = follow(journal, &slot)) {
//@     invariant IS_RESULT(e) && (e != TWILIO_ITEM || IS_RECORD(slot.head.entry))
//@     decreases e == TWILIO_ITEM
//@     decreases AHEAD(slot.head.entry.at)
//@     changes e
//@     changes found
//@     changes slot
//@     changes slot.head.entry
//@     changes *entry
//@     changes the_journal.passed = nondet_bool()
//@ meant journal.c: return journal->generation - entry->generation < journal->used;
//@ fault journal.c: e = is_in_use(journal, entry) ? follow(journal, &slot) : first(journal, &slot); => e = TWILIO_ITEM;
//@ fault journal.c: for (; e == TWILIO_ITEM; e = follow(journal, &slot)) { => for (; e == TWILIO_ITEM; e = first(journal, &slot)) {
//@ fault journal.c: return found; => return e < 0 ? e : TWILIO_FULL;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

/* Proved in prove_journal_walk.c. */
int any_first(struct twilio_journal *journal, union slot *slot)
{
    return any_seek(journal, any_oldest(journal), slot);
}

/* Proved in prove_journal_write.c, as part of each function that calls it. */
int any_ready(struct twilio_journal *journal, const void *needed)
{
    claim(journal == &the_journal && needed != NULL, "journal and entry are there");
    if (nondet_bool()) {
        return TWILIO_ERR_FLASH;
    }
    assume(JOURNAL_IS_GOOD);
    return TWILIO_OK;
}

void prove(void)
{
    struct twilio_entry entry;
    int e;

    any_sizes();
    assume(CAN_BE_FOLLOWED(entry));
    e = twilio_journal_next(&the_journal, &entry);
    claim(IS_RESULT(e), "it says what it may");
    claim(e != TWILIO_ITEM || IS_RECORD(entry), "what is told is a record");
    claim(e == TWILIO_ERR_FLASH || JOURNAL_IS_GOOD, "the journal is good");
}
