/*
 * board.h - what port/ and the applications need of a board
 *
 * A board is four files: start.c (vectors, reset), board.c (time, console, entropy,
 * settings), ethernet.c or serial.c, link.ld; and, for applications that want them, flash.c and
 * watchdog.c. boards/template compiles and does nothing: start there.
 *
 * Conventions: called from one thread, never from an interrupt, unless said otherwise.
 * No function waits longer than it says. Sizes are bytes. 0 is success, -1 is failure;
 * a failure is reported upwards, so a board need neither print nor retry.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pbuf; /* lwIP's packet buffer */

/* ---- Life ------------------------------------------------------------------ */

/* Set up clocks, console and the tick. Called once, first, by the application. */
void board_start(void);

/* The application is over. Emulation: end it with this exit status. Silicon: reset. */
_Noreturn void board_exit(int status);

/* The watchdog: the first call starts it, each feeds it. Unless it is called again within that time
 * (1 ... 60,000 milliseconds) the board is reset, whatever it does. It cannot be stopped. Never waits. May be
 * called from interrupts; but one that is fed by a timer alone guards nothing. */
void board_watchdog(uint32_t milliseconds);

/* ---- Time ------------------------------------------------------------------ */

/* Milliseconds since start; wraps at 2^32. May be called from interrupts. */
uint32_t board_millis(void);

/* Seconds since 1970 from a battery-backed clock; 0: there is none, or it is not set. */
uint32_t board_utc(void);

/* There is nothing to do: sleep until an interrupt, for 1 ms at most. May return at once.
 * Must not miss a frame that arrived just before (mask, look again, then wait). */
void board_idle(void);

/* ---- Entropy --------------------------------------------------------------- */

/* Fill buf with bytes from a true random source, never from a constant or a clock.
 * -1: none to be had now; nothing may be assumed of buf. size is at most 128. */
int board_entropy(void *buf, size_t size);

/* ---- Ethernet -------------------------------------------------------------- */

/* Start the MAC and its PHY; write the station address to mac. With IPv6 (LWIP_IPV6) frames to groups must
 * be let in, too. -1: no hardware. */
int board_ethernet_start(uint8_t mac[6]);

/* Whether a cable (or its emulation) is connected. */
bool board_ethernet_link(void);

/* The next frame received, without its checksum, in a new pbuf (PBUF_RAW, PBUF_POOL) that
 * is now the caller's; NULL: none. A frame with errors, or for which no pbuf is to be had,
 * is dropped. Never waits. */
struct pbuf *board_ethernet_receive(void);

/* Send the frame (without checksum) in this chain, which stays the caller's. Waits for the
 * transmitter for 2 ms at most. -1: not sent. */
int board_ethernet_send(const struct pbuf *frame);

/* ---- Serial line to a modem; only a build for PPP calls these -------------- */

/* Start it, at the speed and with the flow control that the modem wants. -1: no hardware. */
int board_serial_start(void);

/* The bytes received, in order, size of them at most; how many. Never waits. The processor may be
 * busy with public keys for seconds between two calls: an interrupt or DMA must keep what comes
 * meanwhile, 2 KB of it (a window of TCP); what is more may be lost, or held back by flow control. */
size_t board_serial_read(void *buf, size_t size);

/* Begin to send bytes; how many of them were taken, 0 if the line is busy. Never waits. */
size_t board_serial_write(const void *data, size_t size);

/* ---- Flash ----------------------------------------------------------------- */

struct twilio_flash;  /* core/twilio_journal.h */

/* The flash that is the application's own, for what must outlive power; no update of the firmware
 * touches it. NULL: there is none. */
const struct twilio_flash *board_flash(void);

/* ---- Console --------------------------------------------------------------- */

/* Write size characters; may wait for the line. */
void board_console_write(const char *text, size_t size);

/* The next character typed, 0 ... 255; -1: none. Never waits. */
int board_console_read(void);

/* ---- Application ----------------------------------------------------------- */

/* Whether the alarm input is active now (a button, a contact). */
bool board_input(void);

/* Copy the provisioned setting of that name ("TWILIO_ACCOUNT_SID") to value, NUL-terminated.
 * Returns its length; -1: not set, or too long for size, and value is "" then. In emulation
 * settings are NAME=value lines of the host's file "settings"; on silicon, a page of flash;
 * on a PC, the environment. */
int board_setting(const char *name, char *value, size_t size);

/* The memory of this image in bytes; 0 where a board cannot tell. */
struct board_memory {
    uint32_t flash;       /* code, constants and initial values */
    uint32_t ram;         /* .data and .bss, the application's buffers included, the stack not */
    uint32_t stack;       /* reserved for the stack */
    uint32_t stack_peak;  /* most of it ever used (painted at reset) */
};
void board_memory(struct board_memory *memory);

#endif
