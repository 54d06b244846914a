/*
 * prove_journal_write.c - an entry is written, and room made for it ahead of time
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any entry and data
//@ unwind 2
//@ replace find any_find erase_spare any_erase_spare twilio_journal_begin any_begin crc any_crc
//@ replace make_room any_make_room append any_append
//@ meant journal.c: slot.head.entry.id = journal->last_id + 1;
//@ meant journal.c: if (e == TWILIO_OK && (slot.head.entry.id == 0 || now > before + journal->room)) {
//@ meant journal.c: journal->live += now != 0;
//@ meant journal.c: before += journal->room;
//@ fault journal.c: return !was->settled && entry->size <= TWILIO_JOURNAL_DATA_MAX => return !was->settled
//@ fault journal.c: if (data != NULL || entry->settled) { => {
//@ fault journal.c: if (needed == NULL) { => if (journal == NULL) {
//@ fault journal.c: if (e == TWILIO_OK && (slot.head.entry.id == 0 || now > before + journal->room)) { => if (e == TWILIO_OK && now > before + journal->room) {
//@ fault journal.c: in twilio_journal_write: *entry = slot.head.entry; => entry->size = slot.head.entry.size;
//@ fault journal.c: return e == TWILIO_OK ? erase_spare(journal) : e; => return e;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

/* Proved in prove_journal_room.c, as the next. */
static int any_room(void)
{
    claim(JOURNAL_IS_GOOD && the_journal.begun, "the journal is good");
    any_journal();
    assume(!the_journal.begun || JOURNAL_IS_GOOD);
    return the_journal.begun && nondet_bool() ? TWILIO_OK : TWILIO_ERR_FLASH;
}

int any_make_room(struct twilio_journal *journal, uint32_t length)
{
    claim(journal == &the_journal && length <= LARGEST, "so much can be in a sector");
    return any_room();
}

int any_append(struct twilio_journal *journal, union slot *slot, const uint8_t *data)
{
    int e;

    claim(journal == &the_journal && slot->head.entry.size <= TWILIO_JOURNAL_DATA_MAX
          && (data == NULL || __CPROVER_r_ok(data, slot->head.entry.size)), "there is a record to be put");
    slot->head.entry.generation = nondet_uint32_t();
    slot->head.entry.at = nondet_uint32_t();
    slot->head.check = nondet_uint32_t();
    e = any_room();
    assume(e != TWILIO_OK || IS_RECORD(slot->head.entry));
    return e;
}

/* Proved in prove_journal_follow.c. */
uint32_t any_crc(uint32_t so_far, const uint8_t *octets, size_t size)
{
    (void)so_far;
    claim(size == 0 || __CPROVER_r_ok(octets, size), "what is checked is there");
    return nondet_uint32_t();
}

void prove(void)
{
    struct twilio_journal *journal = nondet_bool() ? NULL : &the_journal;
    struct twilio_entry entry;
    const char *data = nondet_bool() ? NULL : proof_texts + TEXT_MAX + 1 - entry.size;
    uint32_t id = entry.id;
    int e;

    any_sizes();
    the_journal.flash = nondet_bool() ? NULL : &the_flash;
    assume(!the_journal.begun || JOURNAL_IS_GOOD);
    if (nondet_bool()) {
        e = twilio_journal_tidy(journal);
        claim(e == TWILIO_OK || e == TWILIO_ERR_FLASH || e == TWILIO_ERR_ARGUMENT, "it says what it may");
        claim(e != TWILIO_OK || the_journal.erased, "the spare sector is erased ahead");
    } else {
        e = twilio_journal_write(journal, nondet_bool() ? NULL : &entry, data);
        claim(e == TWILIO_OK || e == TWILIO_ERR_FULL || e == TWILIO_ERR_FLASH || e == TWILIO_ERR_ARGUMENT,
              "it says what it may");
        claim(e != TWILIO_OK || (IS_RECORD(entry) && entry.id != 0 && (id == 0 || entry.id == id)),
              "it is there, by its number");
    }
    claim(journal == NULL || !the_journal.begun || JOURNAL_IS_GOOD, "the journal is good, or begins anew");
    claim(e != TWILIO_OK || the_journal.begun, "what is done is done in a journal that has begun");
}
