/*
 * flash.c - NOR flash, emulated: see there
 *
 * SPDX-License-Identifier: MIT
 */
#include "flash.h"

uint32_t flash_random(struct flash *flash, uint32_t below)
{
    flash->random ^= flash->random << 13;
    flash->random ^= flash->random >> 7;
    flash->random ^= flash->random << 17;
    return (uint32_t)(flash->random >> 32) % below;
}

static bool chance(struct flash *flash, unsigned one_in)
{
    return one_in != 0 && flash_random(flash, one_in) == 0;
}

static uint32_t size_of(const struct flash *flash)
{
    return flash->driver.sector_size * flash->driver.sectors;
}

/* Each unit stays, becomes what it was to be, half so, anything, or seems erased. */
static void tear(struct flash *flash, uint32_t offset, uint32_t size, const uint8_t *new)
{
    uint32_t style = flash_random(flash, 8), kind;

    for (uint32_t at = 0; at < size; at += flash->unit) {
        kind = style < 5 ? style : flash_random(flash, 5);
        for (uint32_t i = at; i < at + flash->unit; i++) {
            uint8_t *byte = &flash->bytes[offset + i], mask = (uint8_t)flash_random(flash, 256);
            uint8_t target = new != NULL ? new[i] : 0xff;

            *byte = kind == 0 ? *byte
                  : kind == 1 ? target
                  : kind == 2 ? (uint8_t)((*byte & mask) | (target & ~mask))
                  : kind == 3 ? mask
                  : 0xff;
        }
    }
}

static bool is_due(const struct flash *flash)
{
    return flash->cut_at != 0 && flash->operations >= flash->cut_at;
}

/* Whether power fails before this operation is done; then some of it may have been. */
static void begin(struct flash *flash, uint32_t offset, uint32_t size, const uint8_t *new)
{
    flash->operations++;
    if (!is_due(flash) || flash->cut == CUT_AFTER) {
        return;
    }
    if (flash->cut == CUT_WITHIN) {
        tear(flash, offset, size, new);
        for (uint32_t i = 0; i < size; i += SLOT) {
            flash->touched[(offset + i) / SLOT] = true;
        }
    }
    longjmp(flash->off, 1);
}

static void end(struct flash *flash)
{
    if (is_due(flash)) {
        longjmp(flash->off, 1);
    }
}

static int flash_read(void *context, uint32_t offset, void *data)
{
    struct flash *flash = context;

    check(offset % SLOT == 0 && offset < size_of(flash), "read at %u", offset);
    flash->reads++;
    if (chance(flash, flash->fail_read) || flash->reads == flash->fail_read_at) {
        return -1;
    }
    memcpy(data, flash->bytes + offset, SLOT);
    return 0;
}

static int flash_program(void *context, uint32_t offset, const void *data)
{
    struct flash *flash = context;

    check(offset % SLOT == 0 && offset < size_of(flash), "program at %u", offset);
    check(!flash->touched[offset / SLOT], "programmed again at %u, operation %u", offset, flash->operations);
    begin(flash, offset, SLOT, data);
    flash->programs++;
    flash->touched[offset / SLOT] = true;
    if (flash->bad != NULL && flash->bad[offset / SLOT]) {
        return flash_random(flash, 2) == 0 ? -1 : 0;
    }
    if (chance(flash, flash->fail_program)) {
        tear(flash, offset, SLOT, data);
        return chance(flash, 2) ? 0 : -1;
    }
    memcpy(flash->bytes + offset, data, SLOT);
    end(flash);
    return chance(flash, flash->lie) ? -1 : 0;
}

static int flash_erase(void *context, uint32_t offset)
{
    struct flash *flash = context;
    uint32_t size = flash->driver.sector_size;

    check(offset % size == 0 && offset < size_of(flash), "erased at %u", offset);
    begin(flash, offset, size, NULL);
    flash->erases[offset / size]++;
    if (chance(flash, flash->fail_erase)) {
        tear(flash, offset, size, NULL);
        memset(flash->touched + offset / SLOT, true, size / SLOT);
        return -1;
    }
    memset(flash->bytes + offset, 0xff, size);
    memset(flash->touched + offset / SLOT, false, size / SLOT);
    end(flash);
    return 0;
}

void flash_make(struct flash *flash, uint32_t sector_size, uint16_t sectors, uint32_t unit, uint64_t seed)
{
    assert_true(sector_size * sectors <= FLASH_MOST);
    memset(flash, 0, sizeof *flash);
    flash->driver = (struct twilio_flash){ flash_read, flash_program, flash_erase, flash, sector_size,
                                           sectors };
    flash->unit = unit;
    flash->random = seed * 0x9E3779B97F4A7C15U + 1;
    memset(flash->bytes, 0xff, sizeof flash->bytes);
}

void flash_power(struct flash *flash, unsigned cut_in, enum cut cut)
{
    flash->cut_at = cut_in == 0 ? 0 : flash->operations + cut_in;
    flash->cut = cut;
}

void flash_flip(struct flash *flash, uint32_t bit)
{
    flash->bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

void flash_wear(const struct flash *flash, uint32_t *least, uint32_t *most)
{
    *least = *most = flash->erases[0];
    for (unsigned i = 1; i < flash->driver.sectors; i++) {
        *least = flash->erases[i] < *least ? flash->erases[i] : *least;
        *most = flash->erases[i] > *most ? flash->erases[i] : *most;
    }
}
