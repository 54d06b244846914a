/*
 * fuzz_journal.c - any history of a journal, and any octets in its flash: what it tells is what was written
 * once, with its data; undamaged, it is just what was written last; what is written after any damage is
 * found; no slot is programmed twice, and no call reads for ever
 *
 * Input: sectors and their size, three octets not used; then what happens: a letter and its octets. w size:
 * a new entry; c which size: it changes (size 255: its data stay); s which: it is settled; b: begun again;
 * t: tidy; x where(2) mask: damage; e where(2): a sector of one octet; m where(2) where(2): a slot is at
 * another place, too; h where(2) 20 octets: a head of these that checks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_journal.h"

#include <string.h>

//@ fault journal.c: if (e == TWILIO_ITEM && later.head.entry.id == slot->head.entry.id) { => if (0) {
//@ fault journal.c: if (e == TWILIO_OK && slot->head.check == check_of(slot) && entry->at == at && fits(journal, entry)) { => if (e == TWILIO_OK && slot->head.check == check_of(slot) && fits(journal, entry)) {
//@ fault journal.c: if (e == TWILIO_OK && slot->head.check == check_of(slot) && entry->at == at && fits(journal, entry)) { => if (e == TWILIO_OK && entry->at == at && fits(journal, entry)) {
//@ fault journal.c: if (slot.head.entry.id > journal->last_id) { => if (0) {
//@ fault journal.c: if (e == TWILIO_OK && (slot.head.entry.id == 0 || now > before + journal->room)) { => if (0) {
//@ fault journal.c: at += SLOT; => at += 2 * SLOT;
//@ fault journal.c: e = is_in_use(journal, entry) ? follow(journal, &slot) : first(journal, &slot); => e = first(journal, &slot);
//@ fault journal.c: e = put(journal, &slot, NULL, at); => e = TWILIO_OK;

#define SLOT     TWILIO_JOURNAL_SLOT
#define VERSIONS 512
#define FLASH    (8 * 1024)

struct version {
    uint32_t id, due;   /* no two have the same due */
    uint32_t data;      /* what they are made of: the due of the one that they were written with */
    uint16_t size;
    bool     settled, over;  /* over: a later one holds */
};

struct world {
    const uint8_t *at, *end;
    struct twilio_flash driver;
    struct twilio_journal journal;
    _Alignas(4) uint8_t bytes[FLASH];
    bool     touched[FLASH / SLOT];
    uint32_t reads;
    bool     begun, damaged, forged;
    unsigned harms;  /* places that were damaged; no more than an entry is lost by the first */
    struct version versions[VERSIONS];
    unsigned count;
};

/* ---- Flash -------------------------------------------------------------------------------------- */

static uint32_t size_of(const struct world *w)
{
    return w->driver.sector_size * w->driver.sectors;
}

static int read_slot(void *context, uint32_t offset, void *data)
{
    struct world *w = context;

    must(offset % SLOT == 0 && offset < size_of(w), "read at %u", (unsigned)offset);
    must(++w->reads < 300000, "it reads for ever");
    memcpy(data, w->bytes + offset, SLOT);
    return 0;
}

static int program_slot(void *context, uint32_t offset, const void *data)
{
    struct world *w = context;

    must(offset % SLOT == 0 && offset < size_of(w), "programmed at %u", (unsigned)offset);
    must(!w->touched[offset / SLOT], "programmed again at %u", (unsigned)offset);
    w->touched[offset / SLOT] = true;
    memcpy(w->bytes + offset, data, SLOT);
    return 0;
}

static int erase_sector(void *context, uint32_t offset)
{
    struct world *w = context;

    must(offset % w->driver.sector_size == 0 && offset < size_of(w), "erased at %u", (unsigned)offset);
    memset(w->bytes + offset, 0xFF, w->driver.sector_size);
    memset(w->touched + offset / SLOT, false, w->driver.sector_size / SLOT);
    return 0;
}

/* ---- What was written --------------------------------------------------------------------------- */

static void make_data(uint32_t from, uint8_t data[TWILIO_JOURNAL_DATA_MAX])
{
    for (unsigned i = 0; i < TWILIO_JOURNAL_DATA_MAX; i++) {
        data[i] = from % 8 == 0 ? 0xFF : (uint8_t)(from * 31 + i * 7 + i * i);
    }
}

static struct twilio_entry entry_of(const struct version *v)
{
    return (struct twilio_entry){ .id = v->id, .due = v->due, .size = v->size, .settled = v->settled,
                                  .state = (uint8_t)v->due, .priority = (uint8_t)(v->due * 3),
                                  .kind = (uint8_t)(v->due * 5) };
}

/* What an entry is that was told, or NULL. */
static struct version *version_of(struct world *w, const struct twilio_entry *entry)
{
    for (struct version *v = w->versions + w->count; v-- > w->versions; ) {
        struct twilio_entry is = entry_of(v);

        if (is.id == entry->id && is.due == entry->due && is.size == entry->size
            && is.settled == entry->settled && is.state == entry->state && is.priority == entry->priority
            && is.kind == entry->kind) {
            return v;
        }
    }
    return NULL;
}

static bool is_whole(struct world *w, const struct twilio_entry *entry, const struct version *v)
{
    uint8_t data[TWILIO_JOURNAL_DATA_MAX + 1], wanted[TWILIO_JOURNAL_DATA_MAX];
    int e;

    memset(data, 'C', sizeof data);
    w->reads = 0;
    e = twilio_journal_read(&w->journal, entry, data, entry->size);
    must(e == TWILIO_OK || e == TWILIO_ERR_FLASH, "read: %d", e);
    must(data[entry->size] == 'C', "more than %u octets", entry->size);
    if (e == TWILIO_OK && v != NULL) {
        make_data(v->data, wanted);
        must(memcmp(data, wanted, v->size) == 0, "entry %u has other data", (unsigned)v->id);
    }
    return e == TWILIO_OK;
}

/* Settled ones may be forgotten. */
static unsigned kept(const struct world *w)
{
    unsigned n = 0;

    for (unsigned i = 0; i < w->count; i++) {
        n += !w->versions[i].over && !w->versions[i].settled;
    }
    return n;
}

static void walk(struct world *w)
{
    struct twilio_entry entry = { 0 }, found;
    unsigned live = 0, told = 0, same = 0;
    int e;

    for (w->reads = 0; (e = twilio_journal_next(&w->journal, &entry)) == TWILIO_ITEM; w->reads = 0) {
        struct version *v = version_of(w, &entry);
        bool whole;

        must(++told <= size_of(w) / SLOT, "entries for ever");
        must(entry.size <= TWILIO_JOURNAL_DATA_MAX && (w->forged || entry.id != 0), "id %u",
             (unsigned)entry.id);
        must(w->forged || v != NULL, "entry %u was never written", (unsigned)entry.id);
        whole = is_whole(w, &entry, v);
        must(w->damaged || whole, "entry %u is broken", (unsigned)entry.id);
        must(w->damaged || !v->over, "entry %u is an old one", (unsigned)entry.id);
        must(twilio_journal_find(&w->journal, entry.id, &found) == TWILIO_ITEM
             && memcmp(&found, &entry, sizeof found) == 0, "entry %u is found otherwise", (unsigned)entry.id);
        live += !entry.settled;
        same += !entry.settled && whole && v != NULL && !v->over;
    }
    must(e == TWILIO_OK, "next: %d", e);
    must(w->journal.live == live || w->forged, "%u live, not %u", (unsigned)w->journal.live, live);
    must(w->damaged || live == kept(w), "%u live, not %u", live, kept(w));
    must(w->forged || w->harms > 1 || same + 1 >= kept(w), "%u as they were, of %u", same, kept(w));
    must(w->damaged || w->journal.corrupt == 0, "%u corrupt", (unsigned)w->journal.corrupt);
}

/* ---- What happens ------------------------------------------------------------------------------- */

static unsigned next_octet(struct world *w)
{
    return w->at < w->end ? *w->at++ : 0;
}

static void begin(struct world *w)
{
    int e;

    w->journal = (struct twilio_journal){ .flash = &w->driver };
    w->reads = 0;
    e = twilio_journal_begin(&w->journal);
    must(e == TWILIO_OK, "begin: %d", e);
    w->begun = true;
    walk(w);
}

/* That it was written is true at once, and after a new beginning. */
static void found_again(struct world *w, const struct version *v)
{
    struct twilio_entry entry = { 0 };

    w->reads = 0;
    must(twilio_journal_find(&w->journal, v->id, &entry) == TWILIO_ITEM, "entry %u is lost", (unsigned)v->id);
    must(version_of(w, &entry) == v, "entry %u is another", (unsigned)v->id);
    must(is_whole(w, &entry, v) || (w->damaged && v->data != v->due), "entry %u is broken", (unsigned)v->id);
}

/* data false: those that it has */
static void write_version(struct world *w, struct version v, bool data)
{
    struct twilio_entry entry = entry_of(&v);
    uint8_t octets[TWILIO_JOURNAL_DATA_MAX];
    bool is_new = v.id == 0;
    int e;

    if (w->count == VERSIONS) {
        return;
    }
    make_data(v.data, octets);
    w->reads = 0;
    e = twilio_journal_write(&w->journal, &entry, data ? octets : NULL);
    must(e == TWILIO_OK || e == TWILIO_ERR_FULL || (w->damaged && e == TWILIO_ERR_ARGUMENT), "write: %d", e);
    must(e != TWILIO_ERR_FULL || (!v.settled && data), "full");
    if (e == TWILIO_OK) {
        must(!is_new || entry.id != 0 || w->forged, "no id");
        v.id = entry.id;
        v.size = entry.size;
        for (unsigned i = 0; i < w->count; i++) {
            must(!is_new || w->damaged || w->versions[i].id < v.id, "id %u again", (unsigned)v.id);
            w->versions[i].over = w->versions[i].over || w->versions[i].id == v.id;
        }
        w->versions[w->count++] = v;
        if (!w->forged) {
            found_again(w, &w->versions[w->count - 1]);
        }
    }
}

/* Change one that is there. */
static void change(struct world *w, uint16_t size, bool settle)
{
    uint32_t due = w->count + 1;
    struct version v = w->count > 0 ? w->versions[next_octet(w) % w->count] : (struct version){ 0 };
    struct twilio_entry entry = { 0 };

    w->reads = 0;
    if (v.id == 0 || twilio_journal_find(&w->journal, v.id, &entry) != TWILIO_ITEM || entry.settled
        || version_of(w, &entry) == NULL) {
        return;
    }
    v = *version_of(w, &entry);
    v.due = due;
    v.settled = settle;
    if (settle || size > TWILIO_JOURNAL_DATA_MAX) {
        v.size = settle ? 0 : v.size;
        write_version(w, v, false);
    } else {
        v.data = due;
        v.size = size;
        write_version(w, v, true);
    }
}

static uint32_t place(struct world *w)
{
    uint32_t high = next_octet(w);

    w->begun = false;
    w->damaged = true;
    w->harms++;
    return (high << 8 | next_octet(w)) % size_of(w);
}

/* The check that journal.c speaks of: told again here */
static void forge(struct world *w)
{
    uint32_t at = place(w) / SLOT * SLOT, words[8], check = 0xFFFFFFFF;

    for (unsigned i = 0; i < 20; i++) {
        ((uint8_t *)words)[i] = (uint8_t)next_octet(w);
    }
    words[5] = at;
    words[6] = 0;
    for (unsigned i = 0; i < 7; i++) {
        check ^= words[i];
        check = check ^ check << 13;
        check = check ^ check >> 17;
        check = check ^ check << 5;
    }
    words[7] = check;
    memcpy(w->bytes + at, words, SLOT);
    w->touched[at / SLOT] = w->forged = true;
}

static void damage(struct world *w, unsigned letter)
{
    uint32_t at = place(w), size = w->driver.sector_size;

    if (letter == 'x') {
        w->bytes[at] ^= (uint8_t)next_octet(w);
        w->touched[at / SLOT] = true;
    } else if (letter == 'm') {
        size = place(w) / SLOT * SLOT;
        memmove(w->bytes + size, w->bytes + at / SLOT * SLOT, SLOT);
        w->touched[size / SLOT] = true;
    } else {
        w->harms++;
        at = at / size * size;
        memset(w->bytes + at, (int)next_octet(w), size);
        memset(w->touched + at / SLOT, true, size / SLOT);
    }
}

static void happens(struct world *w, unsigned letter)
{
    if (letter == 'x' || letter == 'e' || letter == 'm') {
        damage(w, letter);
    } else if (letter == 'h') {
        forge(w);
    } else if (!w->begun || letter == 'b') {
        begin(w);
    }
    if (letter == 'w') {
        uint32_t due = w->count + 1;
        write_version(w, (struct version){ .due = due, .data = due, .size = (uint16_t)next_octet(w) }, true);
    } else if (letter == 'c') {
        unsigned size = next_octet(w);
        change(w, (uint16_t)(size == 255 ? 999 : size), false);
    } else if (letter == 's') {
        change(w, 0, true);
    } else if (letter == 't') {
        w->reads = 0;
        must(twilio_journal_tidy(&w->journal) == TWILIO_OK, "tidy");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world w;

    if (size < 4 || size > 700) {
        return 0;
    }
    memset(&w, 0, sizeof w);
    memset(w.bytes, 0xFF, sizeof w.bytes);
    w.driver = (struct twilio_flash){ read_slot, program_slot, erase_sector, &w,
                                      data[0] % 2 == 0 ? 512 : 1024, (uint16_t)(3 + data[1] % 6) };
    w.at = data + 4;
    w.end = data + size;
    while (w.at < w.end) {
        happens(&w, *w.at++);
    }
    begin(&w);
    write_version(&w, (struct version){ .due = 9999, .data = 9999, .size = 40 }, true);
    begin(&w);
    if (!w.forged && w.count > 0 && w.versions[w.count - 1].due == 9999) {
        found_again(&w, &w.versions[w.count - 1]);
    }
    return 0;
}

const struct seed seeds[] = {
    SEED("w\40w\1c\377\0c\100\1s\0bw\200w\377"), SEED("w\110w\40s\0w\60w\70s\1tw\0c\12\2w\177bs\3w\50"),
    SEED("w\40w\40x\0\124\1bw\40x\2\43\377b"), SEED("w\40w\100w\200e\0\0bw\40e\2\377\377w\40"),
    SEED("w\100c\77\0c\76\0c\75\0c\74\0c\73\0c\72\0c\71\0c\70\0c\67\0c\66\0w\20c\40\1"),
    SEED("w\40h\0\0\5\0\0\0\0\0\0\0\40\0\0\0\0\0\0\0\1\0\0\0bw\40s\0b"),
    SEED("w\40h\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\5\0\0\0bw\40w\40"),
    SEED("w\40w\40h\1\0\5\0\0\0\0\0\0\0\40\1\0\0\0\0\0\0\1\0\0\0bw\40s\0b"),
    SEED("w\40w\40m\0\120\1\140bw\40m\0\40\3\0bw\40"), SEED("w\40w\40w\40x\0\5\1b"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("w\40"), SEED("w\377"), SEED("w\0"), SEED("c\40\0"), SEED("c\377\0"), SEED("c\200\1"),
    SEED("s\0"), SEED("s\1"),
    SEED("s\2"), SEED("b"), SEED("t"), SEED("x\0\0\1"), SEED("x\2\12\200"), SEED("x\4\74\377"),
    SEED("e\0\0\0"),
    SEED("e\2\0\377"), SEED("e\4\0\125"), SEED("m\0\100\2\0"), SEED("h\0\0"), SEED("h\2\0"),
    SEED("w\20w\20w\20w\20w\20"), SEED("\377\377\377\377"),
    SEED("c\50\0c\51\0c\52\0c\53\0"), SEED("\0\0\0\0"),
    { NULL, 0 }
};
