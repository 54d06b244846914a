/*
 * flash.c - the application's flash on a PC: the file that TWILIO_FLASH names, else "flash"
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
#define SLOT    TWILIO_JOURNAL_SLOT

static int file = -1;

static int flash_read(void *context, uint32_t offset, void *data)
{
    (void)context;
    return offset < SIZE && pread(file, data, SLOT, (off_t)offset) == SLOT ? 0 : -1;
}

/* As strict as a chip: what was programmed must be erased first. */
static int flash_program(void *context, uint32_t offset, const void *data)
{
    uint8_t before[SLOT], blank[SLOT];

    (void)context;
    memset(blank, 0xFF, sizeof blank);
    if (flash_read(NULL, offset, before) != 0 || memcmp(before, blank, sizeof blank) != 0)
        return -1;
    return pwrite(file, data, SLOT, (off_t)offset) == SLOT ? 0 : -1;
}

static int flash_erase(void *context, uint32_t offset)
{
    uint8_t blank[SECTOR];

    (void)context;
    memset(blank, 0xFF, sizeof blank);
    return offset < SIZE && pwrite(file, blank, SECTOR, (off_t)offset) == SECTOR ? 0 : -1;
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
        .sector_size = SECTOR, .sectors = SECTORS,
    };
    const char *path = getenv("TWILIO_FLASH");

    return file >= 0 || open_file(path != NULL ? path : "flash") ? &flash : NULL;
}
