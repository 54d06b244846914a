/*
 * prove_journal_read.c - an entry is found, and its data are read into the caller's memory
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds flash of any sizes and contents, that fails at any time; any entry, memory of up to 65,535 octets
//@ unwind 10
//@ replace size_of any_size_of read_slot any_read_slot check_of any_check_of crc any_crc
//@ replace twilio_journal_begin any_begin find any_find
//@ loop journal.c: for (i = 0; i < whole; i += SLOT) {
//@     invariant i % SLOT == 0 && i < whole + SLOT
//@     decreases whole + SLOT - i
//@     changes i
//@     changes n
//@     changes e
//@     changes check
//@     changes slot
//@     changes slot.octets[0]
//@ meant journal.c: uint32_t ahead = journal->position - entry->at;  /* wraps, if that place is behind */
//@ meant journal.c: journal->corrupt++;
//@ fault journal.c: if (i < size) { => {
//@ fault journal.c: memcpy(data + i, &slot, size - i < n ? size - i : n); => memcpy(data + i, &slot, n);
//@ fault journal.c: return offset < size_of(journal) && offset % SLOT == 0; => return offset < size_of(journal);
//@ fault journal.c: e = read_slot(journal, head->head.entry.at + SLOT + i, &slot); => e = read_slot(journal, head->head.entry.at + LARGEST + i, &slot);
//@ fault journal.c: n = whole - i < SLOT ? whole - i : SLOT; => n = SLOT + 1;
#include "any_journal.h"

#include "journal.c"

#include "any_flash.h"

extern uint8_t the_memory[UINT16_MAX];

/* Proved in prove_journal_flash.c. */
uint32_t any_check_of(const union slot *slot)
{
    (void)slot;
    return nondet_uint32_t();
}

/* Proved in prove_journal_follow.c. */
uint32_t any_crc(uint32_t so_far, const uint8_t *octets, size_t size)
{
    (void)so_far;
    claim(size == 0 || __CPROVER_r_ok(octets, size), "what is checked is there");
    return nondet_uint32_t();
}

/* Only whether it stays within bounds counts. */
void *memcpy(void *to, const void *from, size_t size)
{
    claim(__CPROVER_w_ok(to, size) && __CPROVER_r_ok(from, size), "what is copied is there, and has room");
    return to;
}

void prove(void)
{
    struct twilio_journal *journal = nondet_bool() ? NULL : &the_journal;
    struct twilio_entry any, *entry = nondet_bool() ? NULL : &any;
    size_t size = any_up_to(UINT16_MAX);
    int e;

    any_sizes();
    the_journal.flash = nondet_bool() ? NULL : &the_flash;
    assume(!the_journal.begun || JOURNAL_IS_GOOD);
    if (nondet_bool()) {
        e = twilio_journal_find(journal, nondet_uint32_t(), entry);
        claim(IS_RESULT(e) || e == TWILIO_ERR_ARGUMENT, "it says what it may");
        claim(e != TWILIO_ITEM || IS_RECORD(any), "what is found is a record");
        return;
    }
    e = twilio_journal_read(journal, entry, nondet_bool() ? NULL : the_memory + UINT16_MAX - size, size);
    claim(e == TWILIO_OK || e == TWILIO_ERR_FLASH || e == TWILIO_ERR_ARGUMENT, "it says what it may");
    claim(journal == NULL || !the_journal.begun || JOURNAL_IS_GOOD, "the journal is good, or begins anew");
}
