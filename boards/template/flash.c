/*
 * flash.c - template: the flash that is the application's own
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "twilio_journal.h"

/* Here: sectors of the processor's flash that the firmware does not use (reserve them in link.ld), or a
 * chip beside it, by three functions: see struct twilio_flash. While its own flash is written, a processor
 * without a second bank stands still, or must run from RAM: see its data sheet. */
const struct twilio_flash *board_flash(void)
{
    return NULL;
}
