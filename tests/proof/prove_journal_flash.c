/*
 * prove_journal_flash.c - the journal and its flash, which does anything: it reads any octets, and says that it
 * has failed, or that it has not, whatever it has done
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any flash, slot, octets and results
//@ unwind 10
//@ replace spare any_spare
//@ fault journal.c: journal->flash->program(journal->flash->context, at, slot); => journal->flash->program(journal->flash->context, at + 1, slot);
//@ fault journal.c: for (i = 0; i < WORDS && e == TWILIO_OK; i++) { => for (i = 0; i <= WORDS && e == TWILIO_OK; i++) {
//@ fault journal.c: journal->erased = journal->erased || flash->erase(flash->context, spare(journal)) >= 0; => journal->erased = flash->erase(flash->context, spare(journal)) < 0;
//@ fault journal.c: for (i = 0; i < WORDS - 1; i++) { => for (i = 0; i < WORDS + 1; i++) {
#include "any_journal.h"

#include "journal.c"

/* Any octets, at each reading. */
static int read_any(void *context, uint32_t offset, void *data)
{
    union slot any, *slot = data;

    (void)context;
    claim(IS_SLOT(offset), "what is read is a slot of the flash");
    *slot = any;
    return nondet_int();
}

/* No slot is programmed twice between two erasures. */
static int program_any(void *context, uint32_t offset, const void *data)
{
    (void)context;
    claim(IS_SLOT(offset), "what is programmed is a slot of the flash");
    claim(__CPROVER_r_ok(data, SLOT_SIZE), "what is programmed is there");
    claim(offset != watched || is_clean, "what is programmed has been erased since");
    is_clean = is_clean && offset != watched;
    return nondet_int();
}

static int erase_any(void *context, uint32_t offset)
{
    int e = nondet_int();

    (void)context;
    claim(IS_SECTOR(offset), "what is erased is a sector of the flash");
    is_clean = IN_SECTOR(watched, offset) ? e >= 0 : is_clean;
    return e;
}

/* Proved in prove_journal_sizes.c. */
uint32_t any_spare(const struct twilio_journal *journal)
{
    claim(PLACES_ARE_GOOD, "the newest sector is one");
    return SPARE;
}

void prove(void)
{
    bool was_clean;
    union slot slot;
    uint32_t at = nondet_uint32_t();
    int e;

    any_sizes();
    the_flash.read = read_any;
    the_flash.program = program_any;
    the_flash.erase = erase_any;
    assume(PLACES_ARE_GOOD && IS_SLOT(at));
    was_clean = is_clean;
    if (nondet_bool()) {
        e = read_slot(&the_journal, at, &slot);
        claim(e == TWILIO_OK || e == TWILIO_ERR_FLASH, "a reading succeeds, or fails");
        claim(is_clean == was_clean, "a reading programs nothing");
        check_of(&slot);
        is_erased(&slot);
    } else if (nondet_bool()) {
        assume(at != watched || is_clean);
        e = program(&the_journal, at, &slot);
        claim(e == TWILIO_OK || e == TWILIO_AGAIN || e == TWILIO_ERR_FLASH, "it says what it may");
        claim(is_clean == (was_clean && at != watched), "one slot is programmed");
    } else {
        e = erase_spare(&the_journal);
        claim(e == (the_journal.erased ? TWILIO_OK : TWILIO_ERR_FLASH), "it says whether it is erased");
        claim(PLACES_ARE_GOOD, "the journal stays good");
    }
}
