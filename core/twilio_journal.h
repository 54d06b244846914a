/*
 * twilio_journal.h - entries that outlive power, in a ring of flash sectors
 *
 * A log over NOR flash, made for alerts. Each record is the whole of an entry, and of several with the same
 * id the one written last holds: an entry changes by being written again, and is over by being written as
 * settled.
 *
 * Written is durable. What twilio_journal_write has returned TWILIO_OK for is found after any loss of power;
 * what it has not returned for is there as it was before, or as it was to be, and never otherwise. Settled
 * stays settled.
 *
 *   static const struct twilio_flash flash = { read, program, erase, NULL, 4096, 8 };
 *   static struct twilio_journal journal = { .flash = &flash };
 *   struct twilio_entry entry = { .size = sizeof alert, .priority = 1 };
 *   if (twilio_journal_begin(&journal) == TWILIO_OK &&
 *       twilio_journal_write(&journal, &entry, &alert) == TWILIO_OK)
 *       ... entry.id is its number, for ever
 *   for (struct twilio_entry at = { 0 }; twilio_journal_next(&journal, &at) == TWILIO_ITEM; )
 *       ... each entry once
 *
 * RAM does not grow with the entries. Time does: to find an entry is to read 32 bytes of each record, and
 * what is erased; begin and a whole walk do so for each entry. All state is in flash. begin writes nothing:
 * no harm if power fails again meanwhile.
 *
 * Wear is level: sectors are erased in turn, one whenever one is full, and one or two after each begin that a
 * write or tidy follows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_JOURNAL_H
#define TWILIO_JOURNAL_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_JOURNAL_DATA_MAX 256  /* longest data of an entry, bytes */
#define TWILIO_JOURNAL_SLOT     32   /* bytes that are read or programmed at once */

/* How many slots all entries that are not settled can take together: one each, and one for each 32 bytes of
 * its data, the last of them perhaps in part. Of each sector 11 stay free: so there is room for a change. */
#define TWILIO_JOURNAL_ROOM(sector_size, sectors) \
    (((sectors) - 1U) * ((sector_size) / TWILIO_JOURNAL_SLOT - 11U))

/* NOR flash, or a part of it that is the journal's alone. Offsets are from its beginning. read and program do
 * 32 bytes at a multiple of 32, and data is aligned as a uint32_t is. Erased bytes read as 0xff. No byte is
 * programmed twice between two erasures: units of 1 to 32 bytes that divide 32 will do, with ECC or without.
 * The functions return 0, or negative where the flash failed, and when they return, it is done.
 *
 * Power that fails in program or erase may leave anything in that slot or sector, even what seems to be
 * erased; what is elsewhere must not change. */
struct twilio_flash {
    int (*read)(void *context, uint32_t offset, void *data);
    int (*program)(void *context, uint32_t offset, const void *data);
    int (*erase)(void *context, uint32_t offset);  /* the sector that begins there */
    void    *context;
    uint32_t sector_size;  /* bytes: a power of two, at least 512 */
    uint16_t sectors;      /* at least 3; all together less than 4 GB */
};

/* What can be told of an entry without reading its data. */
struct twilio_entry {
    uint32_t id;       /* 1 ...; 0: a new one, write gives it its number. None is given twice */
    uint32_t due;      /* the caller's */
    uint16_t size;     /* of its data, bytes */
    uint8_t  settled;  /* 0: kept. 1: it is over, has no data any more, and is forgotten some time */
    uint8_t  state, priority, kind;  /* the caller's */

    /* private */
    uint16_t used;
    uint32_t generation, at;
};

/* Set flash, then call begin. */
struct twilio_journal {
    const struct twilio_flash *flash;

    /* out */
    uint32_t last_id;  /* of the newest entry ever; 0: there was none */
    uint32_t live;     /* entries that are not settled */
    uint32_t room;     /* slots left for more of them */
    uint32_t corrupt;  /* places found, since begin, that hold what does not check, and so is not believed.
                          A cut of power can leave one until its sector is erased in its turn */

    /* private */
    uint32_t generation, head, position;
    uint16_t used;
    bool     begun, erased, passed;
};

/* Find what is there; flash without a journal is an empty one. Call it at each start; where it failed, again.
 * TWILIO_OK; TWILIO_ERR_ARGUMENT: a NULL, or sizes that cannot be; TWILIO_ERR_FLASH. */
int twilio_journal_begin(struct twilio_journal *journal);

/* Make an entry durable, with its data, entry->size bytes; or, if data is NULL, with the data that it has:
 * then entry->size is set to their size. id 0: a new one, which gets its id. A settled one has no data.
 *
 * The first write after begin, and one whenever a sector is full, moves what is kept in the oldest sector,
 * and erases one: see tidy. All others program what the entry takes, and no more.
 *
 * TWILIO_OK. TWILIO_ERR_FULL: no room for a new entry, or for one to grow, until others are settled; for
 * all else there always is; or all numbers are given. TWILIO_ERR_ARGUMENT: a NULL; data too long; no such
 * entry, or a settled one that was to be kept again. TWILIO_ERR_FLASH: nothing durable is lost; call it
 * again. What could not be read back may have become durable: then a new entry, written again, is there
 * twice, under two ids. */
int twilio_journal_write(struct twilio_journal *journal, struct twilio_entry *entry, const void *data);

/* Move and erase ahead of time, so that the next write need not, whatever its size. Call it when nothing is
 * urgent, after begin above all; where there is nothing to do it does nothing.
 * TWILIO_OK; TWILIO_ERR_FLASH, TWILIO_ERR_ARGUMENT. */
int twilio_journal_tidy(struct twilio_journal *journal);

/* The next entry; after a zeroed one, the first. Each comes once, as it is now: in the order in which they
 * were last written or moved, with those settled that are not forgotten yet. After a write in between, one
 * may come again, and none is left out.
 * TWILIO_ITEM: there it is; TWILIO_OK: that was all; TWILIO_ERR_FLASH, TWILIO_ERR_ARGUMENT. */
int twilio_journal_next(struct twilio_journal *journal, struct twilio_entry *entry);

/* The entry with that id. TWILIO_ITEM: there it is; TWILIO_OK: no such, or forgotten; TWILIO_ERR_FLASH,
 * TWILIO_ERR_ARGUMENT. */
int twilio_journal_find(struct twilio_journal *journal, uint32_t id, struct twilio_entry *entry);

/* The data of an entry, as next or find told it or write left it: as much as fits into size bytes.
 * TWILIO_OK. TWILIO_ERR_FLASH: they do not check, and what was put into data is not to be believed; or the
 * flash failed. TWILIO_ERR_ARGUMENT: a NULL; or a write has moved the entry since: find it again. */
int twilio_journal_read(struct twilio_journal *journal, const struct twilio_entry *entry, void *data,
                        size_t size);

#ifdef __cplusplus
}
#endif
#endif
