/*
 * flash.c - the application's flash of an emulated board: a file of the host, "flash"
 *
 * It outlives the emulator as flash outlives power. It is as hard to please as the real thing: what is
 * programmed must be erased, and both happen piece by piece, so that an emulator that is
 * killed in the middle leaves them half done.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"
#include "twilio_journal.h"

#if TWILIO_EMULATED

#define SECTOR  1024u  /* as the flash of the lm3s6965 has them */
#define SECTORS 16u
#define WORD    4u
#define SLOT    TWILIO_JOURNAL_SLOT

#define MODE_UPDATE 3  /* as "r+b" */
#define MODE_CREATE 7  /* as "w+b" */

static int file = -1;

static int host_open(uintptr_t mode)
{
    static const char path[] = "flash";
    const uintptr_t block[] = { (uintptr_t)path, mode, sizeof path - 1 };
    return cortex_m_host(HOST_OPEN, block);
}

static int host_seek(uint32_t offset)
{
    const uintptr_t block[] = { (uintptr_t)file, offset };
    return cortex_m_host(HOST_SEEK, block);
}

/* Both services return how many bytes they did not move. */
static int host_move(int service, uint32_t offset, uintptr_t memory, size_t size)
{
    const uintptr_t block[] = { (uintptr_t)file, memory, size };
    return host_seek(offset) == 0 && cortex_m_host(service, block) == 0 ? 0 : -1;
}

static bool inside(uint32_t offset, size_t size)
{
    return file >= 0 && offset % size == 0 && offset < SECTOR * SECTORS;
}

static int flash_read(void *context, uint32_t offset, void *data)
{
    (void)context;
    return inside(offset, SLOT) ? host_move(HOST_READ, offset, (uintptr_t)data, SLOT) : -1;
}

static bool all_erased(const uint8_t *slot)
{
    for (size_t i = 0; i < SLOT; i++)
        if (slot[i] != 0xFF)
            return false;
    return true;
}

static int flash_program(void *context, uint32_t offset, const void *data)
{
    uint8_t before[SLOT];

    (void)context;
    if (flash_read(NULL, offset, before) != 0 || !all_erased(before))
        return -1;
    for (uint32_t i = 0; i < SLOT; i += WORD)
        if (host_move(HOST_WRITE, offset + i, (uintptr_t)data + i, WORD) != 0)
            return -1;
    return 0;
}

static int flash_erase(void *context, uint32_t offset)
{
    uint8_t blank[SLOT];

    (void)context;
    if (!inside(offset, SECTOR))
        return -1;
    for (size_t i = 0; i < SLOT; i++)
        blank[i] = 0xFF;
    for (uint32_t i = 0; i < SECTOR; i += SLOT)
        if (host_move(HOST_WRITE, offset + i, (uintptr_t)blank, SLOT) != 0)
            return -1;
    return 0;
}

/* A new chip, erased. It is one when its last slot is there. */
static void host_create(void)
{
    file = host_open(MODE_CREATE);
    for (uint32_t sector = 0; sector < SECTORS; sector++)
        if (flash_erase(NULL, sector * SECTOR) != 0)
            file = -1;
}

const struct twilio_flash *board_flash(void)
{
    static const struct twilio_flash flash = {
        .read = flash_read, .program = flash_program, .erase = flash_erase,
        .sector_size = SECTOR, .sectors = SECTORS,
    };
    uint8_t last[SLOT];

    if (file < 0)
        file = host_open(MODE_UPDATE);
    if (file < 0 || flash_read(NULL, SECTOR * SECTORS - SLOT, last) != 0)
        host_create();
    return file >= 0 ? &flash : NULL;
}

#endif
