/*
 * prove_journal_walk.c - the journal's walks from record to record, each of which comes to its end
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any state of the journal; any record and id
//@ unwind 2
//@ replace oldest any_oldest seek any_seek follow any_follow
//@ loop journal.c: while (e == TWILIO_ITEM) {
//@     invariant IS_RESULT(e) && (e != TWILIO_ITEM || IS_RECORD(later.head.entry))
//@     decreases e == TWILIO_ITEM
//@     decreases AHEAD(later.head.entry.at)
//@     changes e
//@     changes later
//@     changes the_journal.passed = nondet_bool()
//@ loop journal.c: for (e = first(journal, &slot); e == TWILIO_ITEM; e = follow(journal, &slot)) {
//@     invariant IS_RESULT(e) && (e != TWILIO_ITEM || IS_RECORD(slot.head.entry))
//@     invariant result == TWILIO_OK || (result == TWILIO_ITEM && IS_RECORD(found->head.entry))
//@     decreases e == TWILIO_ITEM
//@     decreases AHEAD(slot.head.entry.at)
//@     changes e
//@     changes result
//@     changes slot
//@     changes *found
//@     changes the_journal.passed = nondet_bool()
//@ fault journal.c: result = TWILIO_ITEM; => result = TWILIO_AGAIN;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

void prove(void)
{
    union slot slot;
    int e;

    any_sizes();
    assume(PLACES_ARE_GOOD && the_journal.used <= the_flash.sectors);
    if (nondet_bool()) {
        e = find(&the_journal, nondet_uint32_t(), &slot);
        claim(e != TWILIO_ITEM || IS_RECORD(slot.head.entry), "an entry found is one");
    } else {
        assume(IS_RECORD(slot.head.entry));
        e = is_kept(&the_journal, &slot);
    }
    claim(IS_RESULT(e), "it says what it may");
}
