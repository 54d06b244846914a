/*
 * journal.c - the journal: records in a ring of sectors, of which one is always spare
 *
 * A sector is opened by erasing the spare one, copying into it what is kept of the oldest, and then, last, a
 * mark. The newest mark says which sectors are in use: it is what makes the copies hold and the oldest
 * sector the spare one. Until it is there, a new beginning finds all as it was before. Of each mark there
 * are two, for one bit may change in flash some day.
 *
 * A record is programmed from behind: its data first, then the slot that makes it one. So what that slot
 * stands for is whole. Every slot is read back; where it is not as it should be, the record is put once more
 * behind that place.
 *
 * After a beginning nothing is added to the sectors that were found, for what a cut of power has left may
 * look erased. Only sectors erased since are programmed.
 *
 * Why there is room for every change: all sectors but one are in use. If what is kept would fit in them with
 * 11 slots of each to spare, one of them holds that little, and when the opening has come round to it, two
 * marks and the largest record (9 slots) find room beside what is kept of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_journal.h"

#include <string.h>

#define SLOT  TWILIO_JOURNAL_SLOT
#define WORDS (SLOT / 4)
#define LARGEST (SLOT + TWILIO_JOURNAL_DATA_MAX)

/* What is programmed at once: the head of a record, which stands before its data, or 32 bytes of these. A
 * mark is a record with id 0 and no data. used: so many sectors are in use, with its own; due: the last
 * id. */
union slot {
    struct {
        struct twilio_entry entry;  /* at: where this is */
        uint32_t data_check;        /* CRC-32, from 0, not inverted */
        uint32_t check;             /* of all that */
    } head;
    uint32_t words[WORDS];
    uint8_t  octets[SLOT];
};

_Static_assert(sizeof(union slot) == SLOT, "a head is a slot");

/* ---- Checks ---------------------------------------------------------------- */

/* Heads are read often, so by words: a linear code, as a CRC is. What differs from a head in up to three
 * bits, or within one word, does not check. */
static uint32_t check_of(const union slot *slot)
{
    uint32_t check = ~0U;
    unsigned i;

    for (i = 0; i < WORDS - 1; i++) {
        check ^= slot->words[i];
        check ^= check << 13;
        check ^= check >> 17;
        check ^= check << 5;
    }
    return check;
}

static uint32_t crc(uint32_t so_far, const uint8_t *octets, size_t size)
{
    unsigned bit;

    for (; size > 0; size--) {
        so_far ^= *octets++;
        for (bit = 0; bit < 8; bit++) {
            so_far = so_far >> 1 ^ (0xEDB88320U & (0U - (so_far & 1)));
        }
    }
    return so_far;
}

/* ---- Where what is --------------------------------------------------------- */

static uint32_t length_of(const struct twilio_entry *entry)
{
    return SLOT + ((SLOT - 1U + entry->size) & ~(SLOT - 1U));
}

/* The start of the sector that an offset is in. */
static uint32_t sector_of(const struct twilio_journal *journal, uint32_t offset)
{
    return offset & ~(journal->flash->sector_size - 1);
}

static uint32_t size_of(const struct twilio_journal *journal)
{
    return journal->flash->sector_size * journal->flash->sectors;
}

static uint32_t spare(const struct twilio_journal *journal)
{
    uint32_t next = journal->head + journal->flash->sector_size;

    return next < size_of(journal) ? next : 0;
}

static uint32_t oldest(const struct twilio_journal *journal)
{
    uint32_t next = journal->head + journal->flash->sector_size;
    uint32_t back = journal->flash->sector_size * journal->used;

    return back <= next ? next - back : next + (size_of(journal) - back);
}

static uint32_t left(const struct twilio_journal *journal)
{
    return journal->head + journal->flash->sector_size - journal->position;
}

/* ---- Reading --------------------------------------------------------------- */

static int read_slot(const struct twilio_journal *journal, uint32_t at, union slot *slot)
{
    return journal->flash->read(journal->flash->context, at, slot) < 0 ? TWILIO_ERR_FLASH : TWILIO_OK;
}

/* Whether there is room for a record where it says that it is: in its sector, and before the place of the
 * next one, which a walk would miss otherwise, and never end. */
static bool fits(const struct twilio_journal *journal, const struct twilio_entry *entry)
{
    uint32_t length = length_of(entry);
    uint32_t ahead = journal->position - entry->at;  /* wraps, if that place is behind */

    return entry->size <= TWILIO_JOURNAL_DATA_MAX && ahead >= length
        && sector_of(journal, entry->at + length - 1) == sector_of(journal, entry->at);
}

/* Whether a record begins there: TWILIO_ITEM, TWILIO_OK (none), or the error. */
static int load(const struct twilio_journal *journal, uint32_t at, union slot *slot)
{
    const struct twilio_entry *entry = &slot->head.entry;
    int e = read_slot(journal, at, slot);

    if (e == TWILIO_OK && slot->head.check == check_of(slot) && entry->at == at && fits(journal, entry)) {
        e = TWILIO_ITEM;
    }
    return e;
}

static bool is_erased(const union slot *slot)
{
    uint32_t all = ~0U;
    unsigned i;

    for (i = 0; i < WORDS; i++) {
        all &= slot->words[i];
    }
    return all == ~0U;
}

/* The first record from there on, round the ring to where the next one will be put. As load. */
static int seek(struct twilio_journal *journal, uint32_t at, union slot *slot)
{
    int e;

    journal->passed = false;
    while (at != journal->position) {
        if (at >= size_of(journal)) {
            at = 0;
            continue;
        }
        e = load(journal, at, slot);
        if (e != TWILIO_OK) {
            return e;
        }
        journal->passed |= !is_erased(slot);
        at += SLOT;
    }
    return TWILIO_OK;
}

static int follow(struct twilio_journal *journal, union slot *slot)
{
    return seek(journal, slot->head.entry.at + length_of(&slot->head.entry), slot);
}

/* Whether an entry is so still: TWILIO_ITEM, TWILIO_OK (there is a later record of it), or the error. */
static int is_latest(struct twilio_journal *journal, const union slot *slot)
{
    union slot later = *slot;
    int e = TWILIO_ITEM;

    while (e == TWILIO_ITEM) {
        e = follow(journal, &later);
        if (e == TWILIO_ITEM && later.head.entry.id == slot->head.entry.id) {
            return TWILIO_OK;
        }
    }
    return e < 0 ? e : TWILIO_ITEM;
}

/* The same of an entry that is to be kept. */
static int is_kept(struct twilio_journal *journal, const union slot *slot)
{
    return slot->head.entry.id == 0 || slot->head.entry.settled ? TWILIO_OK : is_latest(journal, slot);
}

/* The first of all. */
static int first(struct twilio_journal *journal, union slot *slot)
{
    return seek(journal, oldest(journal), slot);
}

static int find(struct twilio_journal *journal, uint32_t id, union slot *found)
{
    union slot slot;
    int e, result = TWILIO_OK;

    for (e = first(journal, &slot); e == TWILIO_ITEM; e = follow(journal, &slot)) {
        if (slot.head.entry.id == id) {
            *found = slot;
            result = TWILIO_ITEM;
        }
    }
    return e < 0 ? e : result;
}

/* ---- Writing --------------------------------------------------------------- */

/* TWILIO_AGAIN: it has not become what it should. What program says of that does not matter. */
static int program(const struct twilio_journal *journal, uint32_t at, const union slot *slot)
{
    union slot back;
    unsigned i;
    int e;

    journal->flash->program(journal->flash->context, at, slot);
    e = read_slot(journal, at, &back);
    for (i = 0; i < WORDS && e == TWILIO_OK; i++) {
        if (back.words[i] != slot->words[i]) {
            e = TWILIO_AGAIN;
        }
    }
    return e;
}

/* Program data behind the head; NULL: those of the record at from. */
static int put_data(const struct twilio_journal *journal, const struct twilio_entry *entry,
                    const uint8_t *data, uint32_t from)
{
    union slot slot;
    uint32_t i;
    int e = TWILIO_OK;

    for (i = 0; i < entry->size && e == TWILIO_OK; i += SLOT) {
        if (data == NULL) {
            e = read_slot(journal, from + SLOT + i, &slot);
        } else {
            memset(&slot, 0, SLOT);
            memcpy(&slot, data + i, entry->size - i < SLOT ? entry->size - i : SLOT);
        }
        if (e == TWILIO_OK) {
            e = program(journal, entry->at + SLOT + i, &slot);
        }
    }
    return e;
}

/* Write a record behind the last one. TWILIO_FULL: it does not fit in this sector. */
static int put(struct twilio_journal *journal, union slot *slot, const uint8_t *data, uint32_t from)
{
    struct twilio_entry *entry = &slot->head.entry;
    uint32_t length = length_of(entry);
    int e = TWILIO_AGAIN;

    while (e == TWILIO_AGAIN) {
        if (left(journal) < length) {
            return TWILIO_FULL;
        }
        entry->generation = journal->generation;
        entry->at = journal->position;
        slot->head.check = check_of(slot);
        journal->position += length;
        e = put_data(journal, entry, data, from);
        if (e == TWILIO_OK) {
            e = program(journal, entry->at, slot);
        }
    }
    return e;
}

/* ---- Sectors --------------------------------------------------------------- */

static int erase_spare(struct twilio_journal *journal)
{
    const struct twilio_flash *flash = journal->flash;

    journal->erased = journal->erased || flash->erase(flash->context, spare(journal)) >= 0;
    return journal->erased ? TWILIO_OK : TWILIO_ERR_FLASH;
}

/* Copy what is kept of the oldest sector. */
static int copy_oldest(struct twilio_journal *journal)
{
    uint32_t from = oldest(journal), at = from;
    union slot slot;
    int e;

    for (;;) {
        e = seek(journal, at, &slot);
        if (e != TWILIO_ITEM || sector_of(journal, slot.head.entry.at) != from) {
            return e < 0 ? e : TWILIO_OK;
        }
        at = slot.head.entry.at;
        e = is_kept(journal, &slot);
        if (e == TWILIO_ITEM) {
            e = put(journal, &slot, NULL, at);
        }
        if (e != TWILIO_OK) {
            return e;
        }
        at += length_of(&slot.head.entry);
    }
}

static int put_mark(struct twilio_journal *journal)
{
    union slot mark = { { { .due = journal->last_id, .used = journal->used }, 0, 0 } };

    return put(journal, &mark, NULL, 0);
}

/* Make the spare sector the newest. What fails on the way is begun anew: if a mark could not be read back,
 * whether it is there decides which sector is spare. */
static int open_sector(struct twilio_journal *journal)
{
    int e = erase_spare(journal), second;

    if (e < 0) {
        return e;
    }
    journal->begun = journal->erased = false;
    journal->position = journal->head = spare(journal);
    journal->generation++;
    journal->used++;
    if (journal->used == journal->flash->sectors) {
        e = copy_oldest(journal);
        journal->used--;
    }
    if (e == TWILIO_OK) {
        e = put_mark(journal);
        second = put_mark(journal);
        if (e == TWILIO_OK || second == TWILIO_OK) {
            journal->begun = true;
            return TWILIO_OK;
        }
    }
    return TWILIO_ERR_FLASH;
}

/* Open sectors until so much fits in the newest. */
static int make_room(struct twilio_journal *journal, uint32_t length)
{
    unsigned turns = journal->flash->sectors;
    int e = TWILIO_OK;

    while (e == TWILIO_OK && left(journal) < length) {
        e = turns-- > 0 ? open_sector(journal) : TWILIO_ERR_FLASH;
    }
    return e;
}

/* ---- Beginning ------------------------------------------------------------- */

/* Find the newest mark. Without any, no sector is in use, and the first is the spare one. */
static int find_mark(struct twilio_journal *journal)
{
    const struct twilio_entry *entry;
    uint32_t sector = journal->flash->sector_size;
    union slot slot;
    int e;

    journal->position = size_of(journal);
    journal->head = journal->position - sector;
    journal->generation = 0;
    journal->used = 0;
    journal->last_id = 0;
    for (e = seek(journal, 0, &slot); e == TWILIO_ITEM; e = follow(journal, &slot)) {
        entry = &slot.head.entry;
        if (entry->id == 0 && entry->generation > journal->generation
            && entry->used < journal->flash->sectors) {
            journal->head = sector_of(journal, entry->at);
            journal->generation = entry->generation;
            journal->used = entry->used;
            journal->last_id = entry->due;
        }
    }
    journal->position = journal->head + sector;
    return e;
}

/* So many slots are taken now, where before so many were. */
static void account(struct twilio_journal *journal, uint32_t before, uint32_t now)
{
    journal->live -= before != 0 && journal->live != 0;
    journal->live += now != 0;
    before += journal->room;
    journal->room = now < before ? before - now : 0;
}

static uint32_t slots_of(const struct twilio_entry *entry)
{
    return entry->id == 0 || entry->settled ? 0 : length_of(entry) / SLOT;
}

/* Count what is kept, and what does not check, once for each place. */
static int count(struct twilio_journal *journal)
{
    union slot slot;
    int e = first(journal, &slot);

    for (;;) {
        journal->corrupt += journal->passed;
        if (e != TWILIO_ITEM) {
            return e;
        }
        if (slot.head.entry.id > journal->last_id) {
            journal->last_id = slot.head.entry.id;
        }
        e = is_kept(journal, &slot);
        if (e < 0) {
            return e;
        }
        if (e == TWILIO_ITEM) {
            account(journal, 0, slots_of(&slot.head.entry));
        }
        e = follow(journal, &slot);
    }
}

static bool has_sizes(const struct twilio_flash *flash)
{
    return flash->sectors >= 3 && flash->sector_size >= 512
        && (flash->sector_size & (flash->sector_size - 1)) == 0
        && (flash->sector_size >> 16) * flash->sectors <= 0xFFFF;
}

static bool is_usable(const struct twilio_flash *flash)
{
    return flash != NULL && flash->read != NULL && flash->program != NULL && flash->erase != NULL
        && has_sizes(flash);
}

int twilio_journal_begin(struct twilio_journal *journal)
{
    const struct twilio_flash *flash;
    int e;

    if (journal == NULL || !is_usable(journal->flash)) {
        return TWILIO_ERR_ARGUMENT;
    }
    flash = journal->flash;
    journal->begun = journal->erased = false;
    journal->live = journal->corrupt = 0;
    journal->room = TWILIO_JOURNAL_ROOM(flash->sector_size, flash->sectors);
    e = find_mark(journal);
    if (e == TWILIO_OK) {
        e = count(journal);
    }
    journal->begun = e == TWILIO_OK;
    return e;
}

/* ---- Public ---------------------------------------------------------------- */

/* TWILIO_OK, if there are a journal, begun anew where something failed, and what else is needed. */
static int ready(struct twilio_journal *journal, const void *needed)
{
    if (needed == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    return journal != NULL && journal->begun ? TWILIO_OK : twilio_journal_begin(journal);
}

/* Whether an entry may become that, which is not over. */
static bool may_be_kept(const struct twilio_entry *was, const struct twilio_entry *entry, const void *data)
{
    return !was->settled && entry->size <= TWILIO_JOURNAL_DATA_MAX
        && (data != NULL || entry->size == was->size);
}

/* Make slot the head of what entry is to become, where it is that of what it has been, or zeroed. TWILIO_OK,
 * or the caller's mistake. */
static int change(union slot *slot, struct twilio_entry *entry, const void *data)
{
    if (entry->settled) {
        entry->size = 0;
    } else if (data == NULL && entry->id != 0) {
        entry->size = slot->head.entry.size;
    }
    if (!entry->settled && !may_be_kept(&slot->head.entry, entry, data)) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (data != NULL || entry->settled) {
        slot->head.data_check = crc(0, data, entry->size);
    }
    slot->head.entry = *entry;
    return TWILIO_OK;
}

/* Where its data are: not those of another, should its head not be read as it was. */
static int locate(struct twilio_journal *journal, const union slot *slot, uint32_t *from)
{
    union slot old;
    int e = find(journal, slot->head.entry.id, &old);

    if (e != TWILIO_ITEM || old.head.entry.size != slot->head.entry.size) {
        return TWILIO_ERR_FLASH;
    }
    *from = old.head.entry.at;
    return TWILIO_OK;
}

/* Write it where there is room. The data that it has may have been moved for that. */
static int append(struct twilio_journal *journal, union slot *slot, const uint8_t *data)
{
    unsigned turns = journal->flash->sectors;
    uint32_t from = 0;
    int e;

    do {
        e = make_room(journal, length_of(&slot->head.entry));
        if (e == TWILIO_OK && data == NULL && slot->head.entry.size != 0) {
            e = locate(journal, slot, &from);
        }
        if (e == TWILIO_OK) {
            e = put(journal, slot, data, from);
        }
    } while (e == TWILIO_FULL && --turns > 0);
    return e == TWILIO_FULL ? TWILIO_ERR_FLASH : e;
}

/* Find the head of what it has been; for a new one, zeroed. */
static int look_back(struct twilio_journal *journal, const struct twilio_entry *entry, union slot *slot)
{
    int e = ready(journal, entry);

    memset(slot, 0, SLOT);
    if (e == TWILIO_OK && entry->id != 0) {
        e = find(journal, entry->id, slot);
        e = e == TWILIO_OK ? TWILIO_ERR_ARGUMENT : e;
    }
    return e;
}

int twilio_journal_write(struct twilio_journal *journal, struct twilio_entry *entry, const void *data)
{
    union slot slot;
    uint32_t before, now;
    int e = look_back(journal, entry, &slot);

    if (e < 0) {
        return e;
    }
    before = slots_of(&slot.head.entry);
    e = change(&slot, entry, data);
    if (entry->id == 0) {
        slot.head.entry.id = journal->last_id + 1;
    }
    now = slots_of(&slot.head.entry);
    if (e == TWILIO_OK && (slot.head.entry.id == 0 || now > before + journal->room)) {
        e = TWILIO_ERR_FULL;
    }
    if (e == TWILIO_OK) {
        journal->last_id += entry->id == 0;
        e = append(journal, &slot, data);
    }
    if (e == TWILIO_OK) {
        account(journal, before, now);
        *entry = slot.head.entry;
    }
    return e;
}

int twilio_journal_tidy(struct twilio_journal *journal)
{
    int e = ready(journal, journal);

    if (e == TWILIO_OK) {
        e = make_room(journal, LARGEST);
    }
    return e == TWILIO_OK ? erase_spare(journal) : e;
}

/* Whether the sector is in use that it was put in. */
static bool is_in_use(const struct twilio_journal *journal, const struct twilio_entry *entry)
{
    return journal->generation - entry->generation < journal->used;
}

/* If the sector of an entry is not in use any more, all that has not been told is behind it. Only what is in
 * use is told, so that a walk comes to its end whatever is found. */
int twilio_journal_next(struct twilio_journal *journal, struct twilio_entry *entry)
{
    union slot slot;
    int e = ready(journal, entry), found;

    if (e < 0) {
        return e;
    }
    slot.head.entry = *entry;
    e = is_in_use(journal, entry) ? follow(journal, &slot) : first(journal, &slot);
    for (; e == TWILIO_ITEM; e = follow(journal, &slot)) {
        found = slot.head.entry.id == 0 || !is_in_use(journal, &slot.head.entry) ? TWILIO_OK
              : is_latest(journal, &slot);
        if (found != TWILIO_OK) {
            *entry = slot.head.entry;
            return found;
        }
    }
    return e;
}

int twilio_journal_find(struct twilio_journal *journal, uint32_t id, struct twilio_entry *entry)
{
    union slot slot;
    int e = ready(journal, entry);

    if (e == TWILIO_OK && id != 0) {
        e = find(journal, id, &slot);
    }
    if (e == TWILIO_ITEM) {
        *entry = slot.head.entry;
    }
    return e;
}

/* Copy the data of the record with that head, as much as fits; all are checked. */
static int read_data(struct twilio_journal *journal, const union slot *head, uint8_t *data, size_t size)
{
    uint32_t check = 0, whole = head->head.entry.size, i, n;
    union slot slot;
    int e;

    for (i = 0; i < whole; i += SLOT) {
        n = whole - i < SLOT ? whole - i : SLOT;
        e = read_slot(journal, head->head.entry.at + SLOT + i, &slot);
        if (e < 0) {
            return e;
        }
        check = crc(check, slot.octets, n);
        if (i < size) {
            memcpy(data + i, &slot, size - i < n ? size - i : n);
        }
    }
    if (check != head->head.data_check) {
        journal->corrupt++;
        return TWILIO_ERR_FLASH;
    }
    return TWILIO_OK;
}

/* Whether a record may begin there. */
static bool is_place(const struct twilio_journal *journal, uint32_t offset)
{
    return offset < size_of(journal) && offset % SLOT == 0;
}

int twilio_journal_read(struct twilio_journal *journal, const struct twilio_entry *entry, void *data,
                        size_t size)
{
    union slot slot;
    int e = ready(journal, data == NULL && size != 0 ? NULL : entry);

    if (e < 0) {
        return e;
    }
    e = is_place(journal, entry->at) ? load(journal, entry->at, &slot) : TWILIO_OK;
    if (e == TWILIO_ITEM && slot.head.entry.generation == entry->generation) {
        return read_data(journal, &slot, data, size);
    }
    return e < 0 ? e : TWILIO_ERR_ARGUMENT;
}
