/*
 * board.c - template: time, console, entropy, settings, input
 *
 * Compiles and does nothing: copy the folder, then fill in each function by what board.h
 * says of it. Without entropy there is no TLS: until board_entropy is true, every call ends
 * with TWILIO_ERR_ENTROPY.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define CLOCK 8000000u  /* the processor's, in Hz, once board_start is done */

/* Here: clocks up, pins to their functions, UART on. On a Cortex-M the last line gives
 * board_millis; elsewhere start a timer and write board_millis yourself. */
void board_start(void)
{
    cortex_m_tick_start(CLOCK);
}

/* Here: read the battery-backed clock, if there is one. 0 is a good answer: then SNTP and
 * the time of the build have to do. */
uint32_t board_utc(void)
{
    return 0;
}

/* Here: the hardware's random number generator, checked as its data sheet demands; else a
 * secure element; else a generator seeded from a secret provisioned per device, whose state
 * outlives a reset. Not a clock, not an unconnected pin, not a serial number. */
int board_entropy(void *buf, size_t size)
{
    (void)buf;
    (void)size;
    return -1;
}

/* Here: find the setting in flash, where provisioning has put it. */
int board_setting(const char *name, char *value, size_t size)
{
    (void)name;
    if (size > 0)
        value[0] = '\0';
    return -1;
}

/* Here: wait while the UART's transmitter is full, then give it a character, size times. */
void board_console_write(const char *text, size_t size)
{
    (void)text;
    (void)size;
}

/* Here: what the UART has received, or -1. */
int board_console_read(void)
{
    return -1;
}

/* With PPP only. Here: pins and clock of the modem's UART, and its receive interrupt or DMA. */
int board_serial_start(void)
{
    return -1;
}

/* Here: take them out of the ring that the interrupt or the DMA fills. */
size_t board_serial_read(void *buf, size_t size)
{
    (void)buf;
    (void)size;
    return 0;
}

/* Here: give the UART's transmitter what fits. */
size_t board_serial_write(const void *data, size_t size)
{
    (void)data;
    (void)size;
    return 0;
}

/* Here: the contact or button of the alarm panel. */
bool board_input(void)
{
    return false;
}
