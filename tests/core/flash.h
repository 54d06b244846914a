/*
 * flash.h - NOR flash, emulated: strict, worn, torn by cuts of power, and faulty on demand
 *
 * What flash does not allow fails the test: an offset of no slot, or outside; a slot programmed
 * that has been touched since its sector was last erased to the end, whatever it reads as.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FLASH_H
#define FLASH_H

#include <setjmp.h>

#include "check.h"
#include "twilio_journal.h"

#define SLOT TWILIO_JOURNAL_SLOT
#define FLASH_MOST 65536

/* When power fails, seen from the operation that it fails in. */
enum cut { CUT_BEFORE, CUT_WITHIN, CUT_AFTER, CUTS };

struct flash {
    struct twilio_flash driver;  /* context: this */
    uint32_t unit;               /* what tears as a whole: 1 to 32 bytes */
    uint8_t  bytes[FLASH_MOST];
    bool     touched[FLASH_MOST / SLOT];
    uint32_t erases[FLASH_MOST / 512];
    uint64_t random;

    unsigned operations;  /* programs and erasures so far */
    unsigned cut_at;      /* power fails in this one, the first being 1, or the next that does not
                             fail by itself; 0: never */
    enum cut cut;
    jmp_buf  off;         /* where it goes then */

    unsigned reads, programs;                     /* so far */
    unsigned fail_read, fail_program, fail_erase; /* one in so many fails, at random; 0: none */
    unsigned lie;                                 /* one in so many programs says it failed, and did not */
    unsigned fail_read_at;                        /* this read fails; 0: none */
    const bool *bad;                              /* slots that cannot be programmed; NULL: none */
};

void flash_make(struct flash *flash, uint32_t sector_size, uint16_t sectors, uint32_t unit, uint64_t seed);

uint32_t flash_random(struct flash *flash, uint32_t below);

/* Power is back: the next cut is so many operations away; 0: none. */
void flash_power(struct flash *flash, unsigned cut_in, enum cut cut);

void flash_flip(struct flash *flash, uint32_t bit);

/* Most and least erasures of a sector. */
void flash_wear(const struct flash *flash, uint32_t *least, uint32_t *most);

#endif
