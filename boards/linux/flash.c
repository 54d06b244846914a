/*
 * flash.c - the application's flash on a PC: the file that TWILIO_FLASH names
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "twilio_journal.h"

#define SECTOR  4096u
#define SECTORS 16u
#define SIZE    (SECTOR * SECTORS)
#define UNIT    8u

static int file = -1;

static bool inside(uint32_t offset, size_t size)
{
    return offset <= SIZE && size <= SIZE - offset;
}

static int flash_read(void *context, uint32_t offset, void *data, size_t size)
{
    (void)context;
    return inside(offset, size) && pread(file, data, size, (off_t)offset) == (ssize_t)size ? 0 : -1;
}

/* As strict as a chip: once programmed, a unit must be erased first. */
static int program_unit(uint32_t offset, const uint8_t *unit)
{
    uint8_t before[UNIT], blank[UNIT];

    memset(blank, 0xFF, sizeof blank);
    if (flash_read(NULL, offset, before, UNIT) != 0 || memcmp(before, blank, UNIT) != 0)
        return -1;
    return pwrite(file, unit, UNIT, (off_t)offset) == UNIT ? 0 : -1;
}

static int flash_program(void *context, uint32_t offset, const void *data, size_t size)
{
    const uint8_t *units = data;

    (void)context;
    if (offset % UNIT != 0 || size % UNIT != 0 || !inside(offset, size))
        return -1;
    for (size_t i = 0; i < size; i += UNIT)
        if (program_unit(offset + (uint32_t)i, units + i) != 0)
            return -1;
    return 0;
}

static int flash_erase(void *context, uint32_t offset)
{
    uint8_t blank[SECTOR];

    (void)context;
    if (offset % SECTOR != 0 || !inside(offset, SECTOR))
        return -1;
    memset(blank, 0xFF, sizeof blank);
    return pwrite(file, blank, SECTOR, (off_t)offset) == SECTOR ? 0 : -1;
}

static bool open_file(const char *path)
{
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    if (lseek(file, 0, SEEK_END) >= (off_t)SIZE)
        return true;
    for (uint32_t sector = 0; sector < SECTORS; sector++)
        if (flash_erase(NULL, sector * SECTOR) != 0)
            return false;
    return true;
}

const struct twilio_flash *board_flash(void)
{
    static const struct twilio_flash flash = {
        .read = flash_read, .program = flash_program, .erase = flash_erase,
        .sector_size = SECTOR, .sectors = SECTORS, .unit = UNIT,
    };
    const char *path = getenv("TWILIO_FLASH");

    return file >= 0 || (path != NULL && open_file(path)) ? &flash : NULL;
}
