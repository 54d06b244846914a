/*
 * prove_journal_room.c - room is made for a record, and it is put there
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any record
//@ unwind 2
//@ replace find any_find put any_put open_sector any_open_sector
//@ loop journal.c: while (e == TWILIO_OK && left(journal) < length) {
//@     invariant (e == TWILIO_OK && the_journal.begun) || e == TWILIO_ERR_FLASH
//@     invariant the_journal.flash == &the_flash && (!the_journal.begun || JOURNAL_IS_GOOD)
//@     decreases e == TWILIO_OK
//@     decreases turns
//@     changes e
//@     changes turns
//@     changes any_journal()
//@ loop journal.c: do {
//@     invariant turns > 0 && the_journal.begun && JOURNAL_IS_GOOD
//@     invariant slot->head.entry.size <= TWILIO_JOURNAL_DATA_MAX
//@     decreases turns
//@     changes e
//@     changes turns
//@     changes from
//@     changes slot->head.entry.generation
//@     changes slot->head.entry.at
//@     changes slot->head.check
//@     changes any_journal()
//@ meant journal.c: e = turns-- > 0 ? open_sector(journal) : TWILIO_ERR_FLASH;
//@ fault journal.c: while (e == TWILIO_OK && left(journal) < length) { => while (e == TWILIO_OK && left(journal) + SLOT < length) {
//@ fault journal.c: e = turns-- > 0 ? open_sector(journal) : TWILIO_ERR_FLASH; => e = open_sector(journal);
//@ fault journal.c: if (e != TWILIO_ITEM || old.head.entry.size != slot->head.entry.size) { => if (e != TWILIO_ITEM) {
//@ fault journal.c: *from = old.head.entry.at; => *from = old.head.entry.at + 1;
//@ fault journal.c: } while (e == TWILIO_FULL && --turns > 0); => } while (e == TWILIO_FULL);
//@ fault journal.c: return e == TWILIO_FULL ? TWILIO_ERR_FLASH : e; => return e;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

/* Proved in prove_journal_open.c. */
int any_open_sector(struct twilio_journal *journal)
{
    claim(journal == &the_journal && JOURNAL_IS_GOOD && the_journal.begun, "the journal is good");
    any_journal();
    assume(!the_journal.begun || JOURNAL_IS_GOOD);
    return the_journal.begun && nondet_bool() ? TWILIO_OK : TWILIO_ERR_FLASH;
}

void prove(void)
{
    union slot slot;
    uint16_t size = slot.head.entry.size;
    int e;

    any_sizes();
    assume(JOURNAL_IS_GOOD && the_journal.begun && size <= TWILIO_JOURNAL_DATA_MAX);
    if (nondet_bool()) {
        e = make_room(&the_journal, LARGEST);
        claim(e != TWILIO_OK || (the_journal.begun && left(&the_journal) >= LARGEST), "there is room");
    } else {
        e = append(&the_journal, &slot, nondet_bool() ? NULL : (const uint8_t *)proof_texts + TEXT_MAX + 1 - size);
        claim(e != TWILIO_OK || (the_journal.begun && IS_RECORD(slot.head.entry)), "it is a record");
        claim(slot.head.entry.size == size, "of that size");
    }
    claim(e == TWILIO_OK || e == TWILIO_ERR_FLASH, "it says what it may");
    claim(the_journal.flash == &the_flash && (!the_journal.begun || JOURNAL_IS_GOOD),
          "the journal is good, or begins anew");
}
