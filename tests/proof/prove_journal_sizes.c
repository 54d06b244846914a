/*
 * prove_journal_sizes.c - the sizes of a journal's flash, and where its sectors are
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes
//@ fault journal.c: return flash->sectors >= 3 && flash->sector_size >= 512 => return flash->sector_size >= 512
//@ fault journal.c: && (flash->sector_size >> 16) * flash->sectors <= 0xFFFF; => && (flash->sector_size >> 16) * flash->sectors <= 0x10000;
//@ fault journal.c: return back <= next ? next - back : next + (size_of(journal) - back); => return next - back;
//@ fault journal.c: return next < size_of(journal) ? next : 0; => return next;
#include "any_journal.h"

#include "journal.c"

static int read_nothing(void *context, uint32_t offset, void *data)
{
    return 0;
}

static int program_nothing(void *context, uint32_t offset, const void *data)
{
    return 0;
}

static int erase_nothing(void *context, uint32_t offset)
{
    return 0;
}

void prove(void)
{
    const struct twilio_flash *flash = nondet_bool() ? NULL : &the_flash;
    uint32_t at;

    the_flash.sector_size = nondet_uint32_t();
    the_flash.sectors = nondet_uint16_t();
    the_flash.read = nondet_bool() ? NULL : read_nothing;
    the_flash.program = nondet_bool() ? NULL : program_nothing;
    the_flash.erase = nondet_bool() ? NULL : erase_nothing;
    any_journal();
    if (!is_usable(flash)) {
        return;
    }
    claim(flash != NULL && the_flash.read != NULL && the_flash.program != NULL && the_flash.erase != NULL,
          "there are functions");
    the_size = size_of(&the_journal);
    claim(the_size == (uint64_t)SECTOR * the_flash.sectors && SIZES_ARE_GOOD, "the sizes are as all proofs have them");
    assume(IS_SECTOR(the_journal.head) && the_journal.used <= the_flash.sectors);
    if (nondet_bool()) {
        at = spare(&the_journal);
        claim(at == SPARE && IS_SECTOR(at) && at != the_journal.head, "the spare sector is another one");
    } else {
        at = oldest(&the_journal);
        claim(IS_SECTOR(at) || (the_journal.used == 0 && at == the_size), "the oldest sector is one, or there is none");
        claim(the_journal.used < 2 || at != the_journal.head, "it is the newest only if there is no other");
    }
}
