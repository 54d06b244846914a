/*
 * model.c - what a journal should hold: see there
 *
 * SPDX-License-Identifier: MIT
 */
#include "model.h"

static uint32_t slots(uint32_t size)
{
    return 1 + (size + SLOT - 1) / SLOT;
}

uint32_t model_slots(const struct model *model)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < model->count; i++) {
        sum += slots(model->kept[i].size);
    }
    return sum;
}

static void make_data(const struct kept *kept, uint8_t data[TWILIO_JOURNAL_DATA_MAX])
{
    uint32_t x = kept->data * 2654435761U;

    for (unsigned i = 0; i < TWILIO_JOURNAL_DATA_MAX; i++) {
        x = x * 1664525U + 1013904223U;
        data[i] = kept->data % 8 == 0 ? 0xff : (uint8_t)(x >> 24);  /* some seem erased */
    }
}

static struct twilio_entry entry_of(const struct kept *kept)
{
    return (struct twilio_entry){ .id = kept->id, .due = kept->due, .size = kept->size,
                                  .state = (uint8_t)kept->data, .priority = (uint8_t)(kept->due * 7),
                                  .kind = (uint8_t)(kept->due * 11) };
}

/* Whether an entry, told by next or find, is this, with its data. id 0 stands for any. */
static bool is(struct model *model, const struct twilio_entry *entry, const struct kept *kept)
{
    struct kept same = *kept;
    struct twilio_entry want;
    uint8_t data[TWILIO_JOURNAL_DATA_MAX] = { 0 }, wanted[TWILIO_JOURNAL_DATA_MAX];

    same.id = kept->id == 0 ? entry->id : kept->id;
    want = entry_of(&same);
    make_data(&same, wanted);
    return entry->id == want.id && entry->due == want.due && entry->size == want.size && entry->settled == 0
        && entry->state == want.state && entry->priority == want.priority && entry->kind == want.kind
        && twilio_journal_read(&model->journal, entry, data, sizeof data) == TWILIO_OK
        && memcmp(data, wanted, entry->size) == 0;
}

static void commit(struct model *model)
{
    if (model->pending == SETTLE) {
        model->kept[model->which] = model->kept[--model->count];
    } else if (model->pending == CHANGE) {
        model->kept[model->which] = model->will;
    } else if (model->pending == ADD) {
        assert_true(model->count < MODEL_MOST);
        model->kept[model->count++] = model->will;
        model->last_id = model->will.id;
    }
    model->pending = NOTHING;
}

/* A result that leaves it open whether it is done; the next check tells. */
static int outcome(struct model *model, const struct twilio_entry *entry, int e)
{
    if (e == TWILIO_OK) {
        struct twilio_entry found = { 0 };
        check(model->pending != ADD || entry->id > model->last_id, "id %u after %u", entry->id,
              model->last_id);
        model->will.id = entry->id;
        if (model->pending == SETTLE) {
            e = entry->settled && entry->size == 0 ? e : -1000;
        } else if (model->flash->fail_read == 0 && model->flash->fail_read_at == 0) {
            check(is(model, entry, &model->will), "entry %u is not what has been written", entry->id);
            assert_int_equal(twilio_journal_find(&model->journal, entry->id, &found), TWILIO_ITEM);
            assert_memory_equal(&found, entry, sizeof found);
        }
        commit(model);
    } else if (e != TWILIO_ERR_FLASH) {
        model->pending = NOTHING;
    }
    return e;
}

int model_add(struct model *model, uint16_t size)
{
    struct twilio_entry entry;
    uint8_t data[TWILIO_JOURNAL_DATA_MAX];

    model->pending = ADD;
    model->will = (struct kept){ .due = ++model->changes, .size = size, .data = model->changes };
    entry = entry_of(&model->will);
    make_data(&model->will, data);
    return outcome(model, &entry, twilio_journal_write(&model->journal, &entry, size != 0 ? data : NULL));
}

int model_change(struct model *model, unsigned which, uint16_t size)
{
    struct twilio_entry entry;
    uint8_t data[TWILIO_JOURNAL_DATA_MAX];

    model->pending = CHANGE;
    model->which = which;
    model->will = (struct kept){ .id = model->kept[which].id, .due = ++model->changes, .size = size,
                                 .data = model->changes };
    entry = entry_of(&model->will);
    make_data(&model->will, data);
    return outcome(model, &entry, twilio_journal_write(&model->journal, &entry, data));
}

int model_touch(struct model *model, unsigned which)
{
    struct twilio_entry entry;

    model->pending = CHANGE;
    model->which = which;
    model->will = model->kept[which];
    model->will.due = ++model->changes;
    entry = entry_of(&model->will);
    entry.size = 99;  /* of no matter */
    return outcome(model, &entry, twilio_journal_write(&model->journal, &entry, NULL));
}

int model_settle(struct model *model, unsigned which)
{
    struct twilio_entry entry = entry_of(&model->kept[which]);

    model->pending = SETTLE;
    model->which = which;
    entry.settled = 1;
    return outcome(model, &entry, twilio_journal_write(&model->journal, &entry, NULL));
}

int model_step(struct model *model, uint16_t most)
{
    const struct twilio_flash *driver = &model->flash->driver;
    uint32_t room = TWILIO_JOURNAL_ROOM(driver->sector_size, driver->sectors), used = model_slots(model), now;
    uint32_t what = flash_random(model->flash, 16);
    uint16_t size = (uint16_t)flash_random(model->flash, most + 1U);
    unsigned which = model->count > 0 ? flash_random(model->flash, model->count) : 0;
    int e;

    if (what == 0) {
        return twilio_journal_tidy(&model->journal);
    }
    if (what <= 5 || model->count == 0) {
        e = model_add(model, size);
        check(e == TWILIO_ERR_FLASH || (e == TWILIO_ERR_FULL) == (used + slots(size) > room),
              "added %u bytes to %u of %u slots: %d", size, used, room, e);
        return e;
    }
    if (what <= 8) {
        now = used - slots(model->kept[which].size) + slots(size);
        e = model_change(model, which, size);
        check(e == TWILIO_ERR_FLASH || (e == TWILIO_ERR_FULL) == (now > used && now > room),
              "changed to %u bytes, %u of %u slots: %d", size, used, room, e);
        return e;
    }
    e = what <= 11 ? model_touch(model, which) : model_settle(model, which);
    check(e == TWILIO_OK || e == TWILIO_ERR_FLASH, "touched or settled: %d", e);
    return e;
}

/* An entry that is found: one of those kept, what it was to be, or a settled one. */
static void see(struct model *model, const struct twilio_entry *entry)
{
    struct kept *kept = model->kept;
    bool added = entry->id > model->last_id, here = false;

    while (kept < model->kept + model->count && kept->id != entry->id) {
        kept++;
    }
    here = kept < model->kept + model->count;
    if (added) {
        check(model->pending == ADD && is(model, entry, &model->will), "entry %u from nowhere", entry->id);
        model->will.id = entry->id;
        model->will.seen = true;
        commit(model);
    } else if (entry->settled) {
        check(entry->size == 0, "settled, with %u bytes", entry->size);
        check(!here || (model->pending == SETTLE && kept == model->kept + model->which),
              "entry %u is settled, by nobody", entry->id);
        if (here) {
            commit(model);
        }
    } else if (here && is(model, entry, kept)) {
        check(!kept->seen, "entry %u twice", entry->id);
        kept->seen = true;
    } else {
        check(here && model->pending == CHANGE && kept == model->kept + model->which
              && is(model, entry, &model->will), "entry %u of %u is %s", entry->id, model->last_id,
              here ? "not as it was" : "resurrected");
        model->will.seen = true;
        commit(model);
    }
}

void model_check(struct model *model)
{
    const struct twilio_flash *driver = &model->flash->driver;
    struct twilio_entry entry = { 0 }, found;
    int e;

    for (unsigned i = 0; i < model->count; i++) {
        model->kept[i].seen = false;
    }
    while ((e = twilio_journal_next(&model->journal, &entry)) == TWILIO_ITEM) {
        see(model, &entry);
        memset(&found, 0, sizeof found);
        check(twilio_journal_find(&model->journal, entry.id, &found) == TWILIO_ITEM
              && memcmp(&found, &entry, sizeof found) == 0, "entry %u found otherwise", entry.id);
    }
    assert_int_equal(e, TWILIO_OK);
    model->pending = NOTHING;
    for (unsigned i = 0; i < model->count; i++) {
        check(model->kept[i].seen, "entry %u of %u is lost", model->kept[i].id, model->last_id);
    }
    check(model->journal.live == model->count, "%u are kept, not %u", model->journal.live, model->count);
    check(model->journal.last_id >= model->last_id, "last id %u, not %u", model->journal.last_id,
          model->last_id);
    check(model->journal.room + model_slots(model)
          == TWILIO_JOURNAL_ROOM(driver->sector_size, driver->sectors),
          "room for %u slots, %u are taken", model->journal.room, model_slots(model));
}

void model_make(struct model *model, struct flash *flash)
{
    memset(model, 0, sizeof *model);
    model->flash = flash;
    model->journal.flash = &flash->driver;
}
