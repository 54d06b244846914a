/*
 * test_journal.c - the journal: entries written, changed, settled; full, worn, rotten and faulty flash
 *
 * SPDX-License-Identifier: MIT
 */
#include "model.h"

static struct flash flash;
static struct model model;
static struct twilio_journal *const journal = &model.journal;

static const struct kind { uint32_t size, unit; uint16_t sectors; } kinds[] = {
    { 512, 8, 3 }, { 512, 32, 5 }, { 1024, 1, 3 }, { 2048, 4, 16 }, { 4096, 2, 3 },
};

static void make(const struct kind *kind)
{
    flash_make(&flash, kind->size, kind->sectors, kind->unit, 7);
    model_make(&model, &flash);
    assert_int_equal(twilio_journal_begin(journal), TWILIO_OK);
}

static void begin_again(void)
{
    memset(journal, CANARY, sizeof *journal);
    journal->flash = &flash.driver;
    assert_int_equal(twilio_journal_begin(journal), TWILIO_OK);
}

static uint32_t capacity(const struct kind *kind)
{
    return (kind->sectors - 1U) * (kind->size / 32 - 11);
}

/* ---- Mistakes --------------------------------------------------------------- */

static void flash_that_cannot_be(void **unused)
{
    static const struct { uint32_t size; uint16_t sectors; int result; } rows[] = {
        { 512, 3, TWILIO_ERR_FLASH }, { 511, 3, TWILIO_ERR_ARGUMENT }, { 480, 3, TWILIO_ERR_ARGUMENT },
        { 512, 2, TWILIO_ERR_ARGUMENT }, { 512, 0, TWILIO_ERR_ARGUMENT }, { 0, 3, TWILIO_ERR_ARGUMENT },
        { 768, 3, TWILIO_ERR_ARGUMENT }, { 1024, 3, TWILIO_ERR_FLASH }, { 256, 3, TWILIO_ERR_ARGUMENT },
        { 0x80000000, 3, TWILIO_ERR_ARGUMENT },
        { 0x10000, 65535, TWILIO_ERR_FLASH }, { 0x20000, 32768, TWILIO_ERR_ARGUMENT },
        { 0x20000, 32767, TWILIO_ERR_FLASH }, { 0x40000000, 3, TWILIO_ERR_FLASH },
    };

    (void)unused;
    make(&kinds[0]);
    for (size_t i = 0; i < COUNT(rows); i++) {
        flash.driver.sector_size = rows[i].size;
        flash.driver.sectors = rows[i].sectors;
        flash.fail_read_at = flash.reads + 1;  /* so those that can be are not read to the end */
        check(twilio_journal_begin(journal) == rows[i].result, "%u sectors of %u bytes", rows[i].sectors,
              rows[i].size);
    }
    for (int i = 0; i < 3; i++) {
        make(&kinds[0]);
        flash.driver.read = i == 0 ? NULL : flash.driver.read;
        flash.driver.program = i == 1 ? NULL : flash.driver.program;
        flash.driver.erase = i == 2 ? NULL : flash.driver.erase;
        assert_int_equal(twilio_journal_begin(journal), TWILIO_ERR_ARGUMENT);
    }
    journal->flash = NULL;
    assert_int_equal(twilio_journal_begin(journal), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_begin(NULL), TWILIO_ERR_ARGUMENT);
}

static void mistakes(void **unused)
{
    uint8_t data[300] = { 1, 2, 3 };
    struct twilio_entry entry = { .size = 3 }, none = { .id = 2 }, settled, zero = { 0 };
    unsigned before;

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);
    settled = (struct twilio_entry){ .settled = 1 };
    assert_int_equal(twilio_journal_write(journal, &settled, NULL), TWILIO_OK);
    assert_int_equal(settled.id, 2);
    before = flash.operations;
    settled.settled = 0;
    assert_int_equal(twilio_journal_write(journal, &settled, data), TWILIO_ERR_ARGUMENT);
    none.id = 3;
    assert_int_equal(twilio_journal_write(journal, &none, data), TWILIO_ERR_ARGUMENT);
    none = (struct twilio_entry){ .size = 257 };
    assert_int_equal(twilio_journal_write(journal, &none, data), TWILIO_ERR_ARGUMENT);
    none.size = 1;
    assert_int_equal(twilio_journal_write(journal, &none, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_write(journal, NULL, data), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_write(NULL, &entry, data), TWILIO_ERR_ARGUMENT);
    entry.size = 257;
    assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_tidy(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_next(NULL, &zero), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_next(journal, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_find(NULL, 1, &entry), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_find(journal, 1, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_find(journal, 0, &zero), TWILIO_OK);
    assert_int_equal(twilio_journal_find(journal, 3, &zero), TWILIO_OK);
    assert_int_equal(twilio_journal_read(journal, NULL, data, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_read(journal, &entry, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_read(NULL, &entry, data, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_read(journal, &zero, data, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(flash.operations, before);
    assert_int_equal(journal->last_id, 2);
    assert_int_equal(journal->live, 1);
}

/* ---- What an entry goes through --------------------------------------------- */

static void flash_without_a_journal(void **unused)
{
    struct twilio_entry entry;

    (void)unused;
    for (unsigned i = 0; i < 200; i++) {
        flash_make(&flash, 512, 3, 8, i);
        for (uint32_t at = 0; i > 0 && at < 3 * 512; at++) {
            flash.bytes[at] = i == 1 ? 0 : i == 2 ? (uint8_t)at : (uint8_t)flash_random(&flash, 256);
        }
        memset(flash.touched, i > 0, sizeof flash.touched);
        model_make(&model, &flash);
        assert_int_equal(twilio_journal_begin(journal), TWILIO_OK);
        assert_int_equal(flash.operations, 0);
        assert_int_equal(journal->corrupt, 0);
        memset(&entry, 0, sizeof entry);
        assert_int_equal(twilio_journal_next(journal, &entry), TWILIO_OK);
        assert_int_equal(journal->room, capacity(&kinds[0]));
        model_check(&model);
        assert_int_equal(model_add(&model, 256), TWILIO_OK);
        assert_int_equal(model.kept[0].id, 1);
        begin_again();
        model_check(&model);
    }
}

static void data_of_every_size(void **unused)
{
    uint8_t data[256], read[260];
    struct twilio_entry entry;

    (void)unused;
    make(&kinds[2]);
    for (uint16_t size = 0; size <= 256; size++) {
        memset(data, size, sizeof data);
        data[0] = 1;
        entry = (struct twilio_entry){ .due = size, .size = size, .state = 2, .priority = 3, .kind = 4 };
        assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);
        assert_int_equal(entry.id, size + 1);
        for (uint32_t i = size; i % SLOT != 0; i++) {
            check(flash.bytes[entry.at + SLOT + i] == 0, "%u bytes, then not zeros", size);
        }
        for (uint16_t room = 0; room <= 258; room = (uint16_t)(room + (room < 70 ? 1 : 31))) {
            memset(read, CANARY, sizeof read);
            assert_int_equal(twilio_journal_read(journal, &entry, read, room), TWILIO_OK);
            assert_memory_equal(read, data, smaller(room, size));
            assert_true(untouched(read + smaller(room, size), sizeof read - smaller(room, size)));
        }
        assert_int_equal(twilio_journal_read(journal, &entry, NULL, 0), TWILIO_OK);  /* only checked */
        assert_int_equal(entry.size, size);
        assert_int_equal(entry.due, size);
        entry.settled = 1;
        assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
        assert_int_equal(entry.size, 0);
        assert_int_equal(twilio_journal_read(journal, &entry, NULL, 0), TWILIO_OK);
        assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);  /* settled again */
        assert_int_equal(entry.size, 0);
        assert_int_equal(journal->live, 0);
        assert_int_equal(journal->room, capacity(&kinds[2]));
    }
}

/* Whatever is done, and after each beginning, it is there. */
static void any_order(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        make(&kinds[i]);
        for (int step = 0; step < 1500; step++) {
            int e = model_step(&model, 256);
            check(e == TWILIO_OK || e == TWILIO_ERR_FULL, "step %d: %d", step, e);
            if (step % 8 == 0) {
                model_check(&model);
                if (step % 64 == 0) {
                    begin_again();
                    model_check(&model);
                    assert_int_equal(journal->corrupt, 0);
                }
            }
        }
    }
}

/* A walk, between whose steps everything is moved */
static void a_walk_with_writes(void **unused)
{
    bool seen[12];

    (void)unused;
    for (unsigned each = 0; each < 40; each++) {
        struct twilio_entry entry = { 0 };
        memset(seen, false, sizeof seen);
        make(&kinds[each % 2]);
        for (unsigned i = 0; i < (each % 2 == 0 ? 5 : 10); i++) {
            assert_int_equal(model_add(&model, 20), TWILIO_OK);
        }
        for (unsigned i = 0; twilio_journal_next(journal, &entry) == TWILIO_ITEM && i < 100; i++) {
            seen[entry.id] = true;
            for (unsigned j = 0; j < each && i < 20; j++) {
                assert_int_equal(model_touch(&model, flash_random(&flash, model.count)), TWILIO_OK);
            }
        }
        for (unsigned i = 0; i < model.count; i++) {
            check(seen[model.kept[i].id], "entry %u was left out, %u writes each", model.kept[i].id, each);
        }
    }
}

/* The sector that a walk stands in is given up: what was settled there is forgotten, and not told. */
static void a_walk_in_a_sector_given_up(void **unused)
{
    struct twilio_entry kept = { 0 }, settled = { .settled = 1 }, walk = { 0 }, found = { 0 };

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &kept, NULL), TWILIO_OK);
    assert_int_equal(twilio_journal_write(journal, &settled, NULL), TWILIO_OK);
    assert_int_equal(twilio_journal_next(journal, &walk), TWILIO_ITEM);
    assert_int_equal(walk.id, kept.id);
    while (journal->generation < 3) {
        assert_int_equal(twilio_journal_find(journal, settled.id, &found), TWILIO_ITEM);
        assert_int_equal(twilio_journal_write(journal, &kept, NULL), TWILIO_OK);
    }
    assert_int_equal(twilio_journal_find(journal, settled.id, &found), TWILIO_OK);
    assert_int_equal(twilio_journal_next(journal, &walk), TWILIO_ITEM);
    assert_int_equal(walk.id, kept.id);
    assert_int_equal(twilio_journal_next(journal, &walk), TWILIO_OK);
}

static void moved_meanwhile(void **unused)
{
    struct twilio_entry entry = { .size = 4 }, other = { .size = 200 };
    uint8_t data[200] = { 1, 2, 3, 4 }, read[4] = { 0 };
    int e = TWILIO_OK;

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);
    for (int i = 0; i < 20 && e == TWILIO_OK; i++) {
        assert_int_equal(twilio_journal_read(journal, &entry, read, 4), TWILIO_OK);
        assert_memory_equal(read, data, 4);
        assert_int_equal(twilio_journal_write(journal, &other, data), TWILIO_OK);
        e = twilio_journal_read(journal, &entry, read, 4);
    }
    assert_int_equal(e, TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_journal_find(journal, 1, &entry), TWILIO_ITEM);
    assert_int_equal(twilio_journal_read(journal, &entry, read, 4), TWILIO_OK);
    assert_memory_equal(read, data, 4);
}

/* ---- What it costs ---------------------------------------------------------- */

static void tidy_is_ahead(void **unused)
{
    unsigned before, erases;

    (void)unused;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        make(&kinds[i]);
        for (int round = 0; round < 100; round++) {
            if (round % 10 == 0) {
                begin_again();
            }
            assert_int_equal(twilio_journal_tidy(journal), TWILIO_OK);
            before = flash.operations;
            assert_int_equal(twilio_journal_tidy(journal), TWILIO_OK);
            assert_int_equal(flash.operations, before);
            erases = flash.programs;
            assert_int_equal(model_add(&model, 256), TWILIO_OK);
            check(flash.operations == before + 9 && flash.programs == erases + 9,
                  "%u operations, where 9 slots are to be programmed", flash.operations - before);
            assert_int_equal(model_settle(&model, 0), TWILIO_OK);
        }
    }
}

/* And, with whatever is left in the newest sector, the next one to be opened is erased already. */
static void tidy_erases_ahead(void **unused)
{
    uint32_t ahead, opened;

    (void)unused;
    make(&kinds[0]);
    for (unsigned round = 0; round < 200; round++) {
        assert_int_equal(model_add(&model, 0), TWILIO_OK);
        for (unsigned i = 0; i < round % 16; i++) {
            assert_int_equal(model_touch(&model, 0), TWILIO_OK);
        }
        assert_int_equal(twilio_journal_tidy(journal), TWILIO_OK);
        ahead = flash.erases[0] + flash.erases[1] + flash.erases[2];
        opened = journal->generation;
        assert_int_equal(model_change(&model, 0, 256), TWILIO_OK);
        check(journal->generation == opened, "round %u: a sector was opened, in spite of tidy", round);
        while (journal->generation == opened) {
            assert_int_equal(model_touch(&model, 0), TWILIO_OK);
        }
        check(flash.erases[0] + flash.erases[1] + flash.erases[2] == ahead, "round %u: and erased", round);
        assert_int_equal(model_settle(&model, 0), TWILIO_OK);
    }
}

static void wear_is_level(void **unused)
{
    struct twilio_entry entry = { .size = 60 }, kept = { .size = 100 };
    uint8_t data[100] = { 0 };
    uint32_t least, most;

    (void)unused;
    make(&kinds[1]);
    for (int i = 0; i < 3; i++) {
        kept.id = 0;
        assert_int_equal(twilio_journal_write(journal, &kept, data), TWILIO_OK);
    }
    for (int i = 0; i < 100000; i++) {
        if (twilio_journal_write(journal, &entry, data) != TWILIO_OK) {
            fail_msg("write %d", i);
        }
    }
    flash_wear(&flash, &least, &most);
    check(most - least <= 1 && least > 1000, "erased %u to %u times", least, most);
    begin_again();
    assert_int_equal(journal->live, 4);
}

static void full(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (unsigned size = 0; size <= 256; size += 32) {
            uint32_t fit = capacity(&kinds[i]) / (size / 32 + 1);

            make(&kinds[i]);
            for (uint32_t n = 0; n < fit; n++) {
                assert_int_equal(model_add(&model, (uint16_t)size), TWILIO_OK);
            }
            check(model_add(&model, (uint16_t)size) == TWILIO_ERR_FULL, "%u of %u bytes", fit, size);
            for (uint32_t n = 0; n < 300 && fit > 0; n++) {
                unsigned which = flash_random(&flash, model.count);
                int e = n % 3 == 0 ? model_change(&model, which, (uint16_t)size) : model_touch(&model, which);
                check(e == TWILIO_OK, "change %u of %u bytes while full: %d", n, size, e);
            }
            begin_again();
            model_check(&model);
            assert_int_equal(model_add(&model, (uint16_t)size), TWILIO_ERR_FULL);
            for (uint32_t n = 0; n < 2 * fit && n < 200; n++) {
                assert_int_equal(model_settle(&model, flash_random(&flash, model.count)), TWILIO_OK);
                assert_int_equal(model_add(&model, (uint16_t)size), TWILIO_OK);
            }
            model_check(&model);
            while (model.count > 0) {
                assert_int_equal(model_settle(&model, 0), TWILIO_OK);
            }
            model_check(&model);
        }
    }
}

/* Nothing but what is asked for is read: a head for each record and slot, and for each entry that is kept. */
static void reading_is_bounded(void **unused)
{
    struct twilio_entry entry;
    unsigned before;

    (void)unused;
    make(&kinds[4]);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(model_add(&model, 10), TWILIO_OK);
        if (model.count > 8) {
            assert_int_equal(model_settle(&model, 0), TWILIO_OK);
        }
    }
    before = flash.reads;
    assert_int_equal(twilio_journal_find(journal, 50, &entry), TWILIO_ITEM);
    assert_true(flash.reads - before <= 3 * 128);
    begin_again();
    before = flash.reads;
    assert_int_equal(twilio_journal_begin(journal), TWILIO_OK);
    assert_true(flash.reads - before <= 2 * 3 * 128 + 100 * 128);
    before = flash.reads;
    assert_int_equal(model_add(&model, 0), TWILIO_OK);
}

/* ---- Bits that change ------------------------------------------------------- */

/* A journal with each kind of record in it: kept, changed, settled; the last id is one of those forgotten. */
static void make_rotten(void)
{
    make(&kinds[0]);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(model_add(&model, (uint16_t)(i * 7 % 40)), TWILIO_OK);
        if (model.count > 3) {
            assert_int_equal(model_settle(&model, (unsigned)i % 3), TWILIO_OK);
        }
        assert_int_equal(model_touch(&model, (unsigned)i % model.count), TWILIO_OK);
    }
    assert_int_equal(model_settle(&model, model.count - 1), TWILIO_OK);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(model_change(&model, (unsigned)i % 2, (uint16_t)(i + 1)), TWILIO_OK);
    }
}

static void any_bit(void **unused)
{
    static uint8_t image[3 * 512];
    unsigned unharmed = 0, older = 0, unread = 0, gone = 0, counted = 0;
    uint32_t last_id;
    uint8_t data[256];

    (void)unused;
    make_rotten();
    last_id = journal->last_id;
    assert_int_equal(model.count, 2);
    memcpy(image, flash.bytes, sizeof image);
    for (uint32_t bit = 0; bit < 8 * sizeof image; bit++) {
        unsigned harmed = 0;

        memcpy(flash.bytes, image, sizeof image);
        flash_flip(&flash, bit);
        begin_again();
        check(journal->last_id == last_id, "bit %u: last id %u, not %u", bit, journal->last_id, last_id);
        for (unsigned i = 0; i < model.count; i++) {
            struct twilio_entry entry = { 0 };
            int found = twilio_journal_find(journal, model.kept[i].id, &entry);
            check(found >= 0 && (found == TWILIO_OK || entry.due <= model.kept[i].due), "bit %u: %d", bit,
                  found);
            if (found == TWILIO_OK) {
                gone++;
                harmed++;
            } else if (entry.due != model.kept[i].due) {
                older++;
                harmed++;
                check(entry.settled == 0, "bit %u: settled", bit);
            } else if (twilio_journal_read(journal, &entry, data, sizeof data) != TWILIO_OK) {
                unread++;
                harmed++;
            } else {
                check(entry.state == (uint8_t)model.kept[i].data && entry.size == model.kept[i].size
                      && entry.priority == (uint8_t)(entry.due * 7)
                      && entry.kind == (uint8_t)(entry.due * 11), "bit %u", bit);
            }
        }
        check(harmed <= 1 && (harmed == 0 || journal->corrupt == 1), "bit %u: %u harmed, %u corrupt", bit,
              harmed, journal->corrupt);
        counted += journal->corrupt;
        unharmed += harmed == 0;
        /* and it can go on */
        memset(flash.touched, true, sizeof flash.touched);
        assert_int_equal(model_add(&model, 30), TWILIO_OK);
        assert_true(model.kept[2].id == last_id + 1);
        model.count = 2;
        model.last_id = last_id;
    }
    assert_true(unharmed > 0 && older > 0 && unread > 0 && counted > 1024);
    check(gone == 0, "%u times an entry had no older version, and was gone", gone);
}

/* Of one head, any two bits, and any three at random; and random words. It is as if it were not there. */
static void bits_of_a_head(void **unused)
{
    struct twilio_entry entry = { .due = 5 };
    uint8_t image[SLOT];
    uint32_t at;

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
    entry.due = 77;
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
    at = 3 * SLOT;  /* after two marks, and the entry as it was */
    memcpy(image, flash.bytes + at, SLOT);
    for (uint32_t i = 0; i < 3 * 32640; i++) {
        uint32_t first = i % 256, second = (first + 1 + i / 256 % 255) % 256;
        struct twilio_entry found = { 0 };

        memcpy(flash.bytes + at, image, SLOT);
        flash_flip(&flash, at * 8 + first);
        flash_flip(&flash, at * 8 + second);
        if (i >= 32640 * 2) {
            flash_flip(&flash, at * 8 + flash_random(&flash, 256));
        }
        if (memcmp(flash.bytes + at, image, SLOT) == 0) {
            continue;
        }
        assert_int_equal(twilio_journal_find(journal, 1, &found), TWILIO_ITEM);
        check(found.due == 5, "bits %u and %u", first, second);
    }
}

/* What stands where no record ends: data made to look like a head are never taken for one. */
static void data_that_looks_like_a_record(void **unused)
{
    struct twilio_entry entry = { .size = 64 }, walk = { 0 };
    uint8_t data[64];
    unsigned count = 0;

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &entry, memset(data, 0, sizeof data)), TWILIO_OK);
    for (int i = 0; i < 2; i++) {  /* heads of records that are there */
        memcpy(data, flash.bytes + 2 * SLOT, SLOT);
        memcpy(data + SLOT, flash.bytes + i * SLOT, SLOT);
        entry = (struct twilio_entry){ .size = 64 };
        assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);
    }
    flash_flip(&flash, 5 * SLOT * 8);  /* the second's head; its data stand free */
    begin_again();
    while (twilio_journal_next(journal, &walk) == TWILIO_ITEM) {
        count++;
        assert_int_not_equal(walk.id, 2);
    }
    assert_int_equal(count, 2);
    assert_int_equal(journal->corrupt, 1);
}

/* What a head is made of, as in journal.c */
struct head {
    struct twilio_entry entry;
    uint32_t data_check, check;
};

static void forge(struct twilio_entry entry, uint32_t at)
{
    struct head head = { .entry = entry, .check = ~0U };
    uint32_t words[8];

    head.entry.at = at;
    memcpy(words, &head, sizeof words);
    for (unsigned i = 0; i < 7; i++) {
        head.check ^= words[i];
        head.check ^= head.check << 13;
        head.check ^= head.check >> 17;
        head.check ^= head.check << 5;
    }
    memcpy(flash.bytes + at, &head, sizeof head);
}

/* What stands in flash is read by later versions: CRC-32 (from 0, not inverted), and heads as above */
static void what_is_in_flash(void **unused)
{
    struct twilio_entry entry = { .size = 9, .due = 0x01020304, .state = 5, .priority = 6, .kind = 7 };
    struct head head;
    uint8_t made[SLOT];

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(twilio_journal_write(journal, &entry, "123456789"), TWILIO_OK);
    memcpy(&head, flash.bytes + 64, sizeof head);
    assert_int_equal(head.data_check, 0x2DFD2D88);
    assert_int_equal(head.entry.due, 0x01020304);
    assert_int_equal(head.entry.at, 64);
    assert_int_equal(head.entry.generation, 1);
    assert_memory_equal(flash.bytes + 96, "123456789", 9);
    assert_memory_equal(flash.bytes + 64 + 8, &(uint16_t){ 9 }, 2);  /* in the processor's order */
    assert_memory_equal(flash.bytes + 64 + 10, ((uint8_t[]){ 0, 5, 6, 7 }), 4);
    memcpy(made, flash.bytes, SLOT);
    forge((struct twilio_entry){ .generation = 1, .used = 1, .due = 1 }, 0);
    assert_memory_equal(made, flash.bytes, SLOT);         /* a mark, and again */
    assert_memory_equal(made, flash.bytes + SLOT, 12);
}

/* Heads that check, and that no journal writes: nothing is read outside, no walk is without an end. */
static void forged_heads(void **unused)
{
    static const struct { struct twilio_entry entry; uint32_t at; unsigned found; } rows[] = {
        { { .id = 9, .generation = 1, .size = 32 }, 128, 2 },
        { { .id = 9, .generation = 1, .size = 256 }, 192, 2 },
        { { .id = 9, .generation = 1, .size = 257 }, 128, 1 },
        { { .id = 9, .generation = 1, .size = 65535 }, 128, 1 },
        { { .id = 9, .generation = 1, .size = 1 }, 480, 1 },    /* into the next sector */
        { { .id = 9, .generation = 1, .size = 0 }, 480, 2 },
        { { .id = 9, .generation = 1, .size = 256 }, 1504, 1 }, /* beyond the flash */
        { { .id = 0, .generation = 9, .used = 3 }, 480, 1 },    /* marks: of more sectors than can be */
        { { .id = 0, .generation = 9, .used = 65535 }, 480, 1 },
        { { .id = 0, .generation = 9, .used = 2 }, 480, 0 },    /* what else there is is of another */
        { { .id = 0, .generation = 9, .used = 0 }, 480, 0 },    /* of none */
        { { .id = 0, .generation = 9, .used = 1 }, 1024, 0 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twilio_entry entry = { 0 };
        unsigned count = 0;

        make(&kinds[0]);
        assert_int_equal(model_add(&model, 0), TWILIO_OK);
        forge(rows[i].entry, rows[i].at);
        begin_again();
        while (twilio_journal_next(journal, &entry) == TWILIO_ITEM) {
            count++;
        }
        check(count == rows[i].found, "row %zu: %u found", i, count);
        memset(flash.touched, true, sizeof flash.touched);
        assert_int_equal(twilio_journal_tidy(journal), TWILIO_OK);
    }
    make(&kinds[0]);
    assert_int_equal(model_add(&model, 256), TWILIO_OK);
    forge((struct twilio_entry){ .id = 9, .generation = 1, .size = 128 }, 352);  /* too much */
    begin_again();
    assert_int_equal(journal->room, 0);
    assert_int_equal(model_add(&model, 0), TWILIO_ERR_FULL);
    make(&kinds[0]);
    assert_int_equal(model_add(&model, 0), TWILIO_OK);
    for (uint32_t at = 7; at < 5000; at += 7) {
        struct twilio_entry entry = { .generation = 1, .at = at };
        assert_int_equal(twilio_journal_read(journal, &entry, NULL, 0), TWILIO_ERR_ARGUMENT);
    }
    assert_int_equal(twilio_journal_read(journal, &(struct twilio_entry){ .generation = 1, .at = 3 * 512 },
                                         NULL, 0), TWILIO_ERR_ARGUMENT);  /* behind the flash */
}

/* In a sector that is not the newest, too, what seems to reach into the next one is none, or beyond the
 * flash. */
static void forged_across_sectors(void **unused)
{
    static const struct { uint32_t older, newer; uint16_t size; int found; } rows[] = {
        { 0, 512, 0, TWILIO_ITEM }, { 0, 512, 1, TWILIO_OK }, { 0, 512, 256, TWILIO_OK },
        { 1024, 0, 0, TWILIO_ITEM }, { 1024, 0, 1, TWILIO_OK }, { 1024, 0, 256, TWILIO_OK },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twilio_entry entry = { 0 };

        make(&kinds[0]);
        forge((struct twilio_entry){ .generation = 1, .used = 1 }, rows[i].older);
        forge((struct twilio_entry){ .generation = 2, .used = 2, .due = 9 }, rows[i].newer);
        forge((struct twilio_entry){ .id = 9, .generation = 1, .size = rows[i].size }, rows[i].older + 480);
        begin_again();
        check(twilio_journal_next(journal, &entry) == rows[i].found, "row %zu", i);
        check(journal->corrupt == (rows[i].found == TWILIO_OK), "row %zu: %u corrupt", i, journal->corrupt);
    }
}

/* Flash is read as it was not before, without a new beginning: what seems to reach behind the last record
 * is none, and a walk comes to its end. */
static void forged_behind_the_last(void **unused)
{
    struct twilio_entry entry = { 0 };

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(model_add(&model, 32), TWILIO_OK);  /* at 64 */
    forge((struct twilio_entry){ .id = 1, .generation = 1, .size = 32 }, 64);
    assert_int_equal(twilio_journal_find(journal, 1, &entry), TWILIO_ITEM);
    flash.fail_read_at = flash.reads + 1000;
    forge((struct twilio_entry){ .id = 1, .generation = 1, .size = 33 }, 64);
    assert_int_equal(twilio_journal_find(journal, 1, &entry), TWILIO_OK);
    assert_int_equal(twilio_journal_next(journal, &entry), TWILIO_OK);
    assert_true(flash.reads < flash.fail_read_at);
}

/* No number is given twice, and 0 is none. */
static void numbers_that_have_run_out(void **unused)
{
    struct twilio_entry entry = { 0 };

    (void)unused;
    make(&kinds[0]);
    assert_int_equal(model_add(&model, 0), TWILIO_OK);
    forge((struct twilio_entry){ .id = UINT32_MAX - 1, .generation = 1 }, 96);
    begin_again();
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
    assert_int_equal(entry.id, UINT32_MAX);
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
    entry.id = 0;
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_ERR_FULL);
    begin_again();
    assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_ERR_FULL);
    assert_int_equal(journal->last_id, UINT32_MAX);
}

static int (*read_as_is)(void *context, uint32_t offset, void *data);
static unsigned rots_at;

static int read_and_rot(void *context, uint32_t offset, void *data)
{
    if (flash.reads + 1 == rots_at) {
        memset(flash.bytes + 64, 0x55, SLOT);
    }
    return read_as_is(context, offset, data);
}

/* A head rots while its entry is written with the data that it has: those of its former record, of
 * another size, at the end of the flash, do not become them. */
static void rotten_meanwhile(void **unused)
{
    const uint8_t data[64] = { 1, 2, 3 };
    unsigned refused = 0;
    int e = TWILIO_ERR_FLASH;

    (void)unused;
    for (unsigned at = 1; at < 60; at++) {
        struct twilio_entry entry = { .id = 1, .size = sizeof data };

        make(&kinds[0]);
        forge((struct twilio_entry){ .generation = 1, .used = 1, .due = 1 }, 1024);
        forge((struct twilio_entry){ .id = 1, .generation = 1 }, 1504);
        begin_again();
        assert_int_equal(twilio_journal_write(journal, &entry, data), TWILIO_OK);
        assert_int_equal(entry.at, 64);
        read_as_is = flash.driver.read;
        flash.driver.read = read_and_rot;
        rots_at = flash.reads + at;
        e = twilio_journal_write(journal, &entry, NULL);
        refused += e == TWILIO_ERR_FLASH;
        check(e == TWILIO_OK || e == TWILIO_ERR_FLASH, "read %u: %d", at, e);
        check(e == TWILIO_ERR_FLASH || entry.size == 0 || entry.size == sizeof data, "read %u", at);
    }
    assert_true(refused > 0);
    assert_int_equal(e, TWILIO_OK);
}

/* A journal in flash that then has fewer sectors, or bigger ones, is perhaps lost, and does not harm. */
static void other_sizes(void **unused)
{
    (void)unused;
    for (uint32_t size = 512; size <= 4096; size *= 2) {
        for (uint16_t sectors = 3; sectors <= 8; sectors++) {
            struct twilio_entry entry = { 0 };

            make(&kinds[1]);
            for (int i = 0; i < 30; i++) {
                assert_int_equal(model_add(&model, 30), TWILIO_OK);
                assert_int_equal(model_settle(&model, model.count - 1), TWILIO_OK);
                assert_int_equal(model.count == 0 ? model_add(&model, 1) : TWILIO_OK, TWILIO_OK);
            }
            flash.driver.sector_size = size;
            flash.driver.sectors = sectors;
            memset(flash.touched, true, sizeof flash.touched);
            begin_again();
            assert_int_equal(twilio_journal_write(journal, &entry, NULL), TWILIO_OK);
            assert_int_equal(twilio_journal_find(journal, entry.id, &entry), TWILIO_ITEM);
        }
    }
}

/* ---- Flash that fails ------------------------------------------------------- */

static void settle_down(void)
{
    flash.fail_read = flash.fail_program = flash.fail_erase = flash.lie = 0;
    begin_again();
    model_check(&model);
}

static void flash_that_fails(void **unused)
{
    static const struct { unsigned read, program, erase, lie; } rates[] = {
        { 0, 3, 0, 0 }, { 0, 20, 0, 0 }, { 0, 0, 2, 0 }, { 0, 0, 0, 2 }, { 0, 0, 0, 1 }, { 500, 0, 0, 0 },
        { 5000, 50, 5, 10 },
    };
    unsigned failed = 0, done = 0;

    (void)unused;
    for (size_t i = 0; i < COUNT(rates) * COUNT(kinds); i++) {
        size_t rate = i / COUNT(kinds);
        make(&kinds[i % COUNT(kinds)]);
        for (int step = 0; step < 300; step++) {
            flash.fail_read = rates[rate].read;
            flash.fail_program = rates[rate].program;
            flash.fail_erase = rates[rate].erase;
            flash.lie = rates[rate].lie;
            int e = model_step(&model, 100);
            check(e == TWILIO_OK || e == TWILIO_ERR_FULL || e == TWILIO_ERR_FLASH, "%d", e);
            failed += e == TWILIO_ERR_FLASH;
            done += e == TWILIO_OK;
            check(rates[rate].lie == 0 || rate == 6 || e != TWILIO_ERR_FLASH, "what is there is written");
            if (e == TWILIO_ERR_FLASH || step % 50 == 0) {
                settle_down();
            }
        }
        settle_down();
    }
    assert_true(failed > 200 && done > 2000);
}

/* Slots that cannot be programmed any more are passed over, with no error. */
static void bad_slots(void **unused)
{
    static bool bad[FLASH_MOST / SLOT];

    (void)unused;
    make(&kinds[2]);
    bad[0] = bad[17] = bad[33] = bad[40] = bad[70] = bad[95] = true;
    flash.bad = bad;
    for (int step = 0; step < 1000; step++) {
        if (model.count > 5) {
            assert_int_equal(model_settle(&model, 0), TWILIO_OK);
        }
        assert_int_equal(model_add(&model, (uint16_t)(step % 50)), TWILIO_OK);
        assert_int_equal(model_touch(&model, (unsigned)step % model.count), TWILIO_OK);
        if (step % 50 == 0) {
            begin_again();
            model_check(&model);
        }
    }
    memset(bad, true, sizeof bad);  /* and now none works */
    assert_int_equal(model_touch(&model, 0), TWILIO_ERR_FLASH);
    assert_int_equal(twilio_journal_tidy(journal), TWILIO_ERR_FLASH);
    memset(bad, false, sizeof bad);
    settle_down();
    assert_int_equal(model_touch(&model, 0), TWILIO_OK);
}

/* Three times as many programs and erasures as there can be, and no more */
static int write_at_length(struct twilio_entry *entry)
{
    if (setjmp(flash.off) != 0) {
        fail_msg("it goes on and on");
    }
    flash_power(&flash, 3 * 3 * (1 + 512 / SLOT), CUT_BEFORE);
    return twilio_journal_write(journal, entry, NULL);
}

/* A record goes where it can be programmed, be that the last sector that is tried. Each is tried once. */
static void the_sector_that_works(void **unused)
{
    static bool bad[FLASH_MOST / SLOT];

    (void)unused;
    for (uint32_t good = 0; good <= 3; good++) {  /* 3: none, but for marks */
        struct twilio_entry entry = { 0 };

        for (uint32_t slot = 0; slot < 3 * 512 / SLOT; slot++) {
            bad[slot] = slot % (512 / SLOT) >= 2 && slot / (512 / SLOT) != good;
        }
        make(&kinds[0]);
        flash.bad = bad;
        assert_int_equal(write_at_length(&entry), good < 3 ? TWILIO_OK : TWILIO_ERR_FLASH);
        for (uint32_t sector = 0; sector < 3; sector++) {
            assert_int_equal(flash.erases[sector], sector <= good);
        }
    }
}

/* Of a sector's two marks one is enough. */
static void a_mark_that_cannot_be_read_back(void **unused)
{
    (void)unused;
    for (unsigned at = 1; at <= 3; at++) {  /* 3: the record itself */
        struct twilio_entry entry = { 0 };

        make(&kinds[0]);
        flash.fail_read_at = flash.reads + at;
        assert_int_equal(twilio_journal_write(journal, &entry, NULL),
                         at <= 2 ? TWILIO_OK : TWILIO_ERR_FLASH);
        assert_int_equal(flash.programs, 3);
    }
}

/* Each reading fails, once, in each function: it says so, and does it when asked again. */
static void each_read_fails(void **unused)
{
    (void)unused;
    for (int what = 0; what < 8; what++) {
        int e = TWILIO_ERR_FLASH;
        for (unsigned at = 1; e == TWILIO_ERR_FLASH; at++) {
            struct twilio_entry entry = { 0 };
            uint8_t data[256];

            make(&kinds[0]);
            assert_int_equal(model_add(&model, 70), TWILIO_OK);
            assert_int_equal(model_add(&model, 0), TWILIO_OK);
            assert_int_equal(model_touch(&model, 1), TWILIO_OK);
            assert_int_equal(twilio_journal_find(journal, 1, &entry), TWILIO_ITEM);
            if (what == 5) {
                begin_again();  /* the next write opens a sector */
            }
            flash.fail_read_at = flash.reads + at;
            e = what == 0 ? twilio_journal_begin(journal)
              : what == 1 ? twilio_journal_next(journal, memset(&entry, 0, sizeof entry))
              : what == 2 ? twilio_journal_find(journal, 1, &entry)
              : what == 3 ? twilio_journal_read(journal, &entry, data, sizeof data)
              : what == 4 ? model_add(&model, 33)
              : what == 5 ? model_touch(&model, 0)
              : what == 6 ? model_settle(&model, 1)
              : twilio_journal_tidy(journal);
            if (e == TWILIO_ERR_FLASH) {
                assert_true(flash.reads >= flash.fail_read_at);
                flash.fail_read_at = 0;
                if (what >= 4 && what < 7) {
                    unsigned pending = model.count;
                    begin_again();
                    model_check(&model);
                    assert_true(model.count + 1 >= pending);
                    continue;
                }
                assert_int_equal(what == 0 ? twilio_journal_begin(journal) : twilio_journal_tidy(journal),
                                 TWILIO_OK);
                model_check(&model);
            } else {
                flash.fail_read_at = 0;
                check(at > 3 || what == 3 || what == 7, "function %d reads %u times", what, at - 1);
                assert_true(e >= 0);
            }
        }
    }
}

/* A journal that was not begun, or failed to, is when it is used. */
static void begun_by_use(void **unused)
{
    (void)unused;
    make(&kinds[0]);
    assert_int_equal(model_add(&model, 5), TWILIO_OK);
    memset(journal, 0, sizeof *journal);
    journal->flash = &flash.driver;
    model_check(&model);
    flash.fail_read_at = flash.reads + 3;
    assert_int_equal(twilio_journal_begin(journal), TWILIO_ERR_FLASH);
    assert_int_equal(model_touch(&model, 0), TWILIO_OK);
    model_check(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_that_cannot_be), cmocka_unit_test(mistakes),
        cmocka_unit_test(flash_without_a_journal), cmocka_unit_test(data_of_every_size),
        cmocka_unit_test(any_order), cmocka_unit_test(a_walk_with_writes),
        cmocka_unit_test(a_walk_in_a_sector_given_up), cmocka_unit_test(moved_meanwhile),
        cmocka_unit_test(tidy_is_ahead), cmocka_unit_test(tidy_erases_ahead),
        cmocka_unit_test(wear_is_level), cmocka_unit_test(full),
        cmocka_unit_test(reading_is_bounded), cmocka_unit_test(any_bit), cmocka_unit_test(bits_of_a_head),
        cmocka_unit_test(data_that_looks_like_a_record), cmocka_unit_test(what_is_in_flash),
        cmocka_unit_test(forged_heads), cmocka_unit_test(forged_across_sectors),
        cmocka_unit_test(forged_behind_the_last),
        cmocka_unit_test(numbers_that_have_run_out), cmocka_unit_test(rotten_meanwhile),
        cmocka_unit_test(other_sizes), cmocka_unit_test(flash_that_fails),
        cmocka_unit_test(bad_slots), cmocka_unit_test(the_sector_that_works),
        cmocka_unit_test(a_mark_that_cannot_be_read_back), cmocka_unit_test(each_read_fails),
        cmocka_unit_test(begun_by_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
