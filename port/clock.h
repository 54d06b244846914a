/*
 * clock.h - the time of day, for the validity of certificates
 *
 * The clock starts at the board's (board_utc), but never below the time of the build, which
 * is the floor: nothing can set it lower. SNTP is not authenticated: the worst that a forged
 * answer can do is to make a good certificate look expired or a not yet valid one good.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CLOCK_H
#define TWILIO_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970, never below the time of the build. Goes on from the last value set
 * with board_millis; call it at least once in 49 days. */
uint32_t twilio_clock_now(void);

/* Set the clock. A value below the floor is ignored, and false returned. */
bool twilio_clock_set(uint32_t seconds);

/* Whether it was set (board, SNTP, application) since start; false: it runs from the floor. */
bool twilio_clock_is_set(void);

/* Ask this server (a name or an IPv4 address) for the time from now on, with lwIP's SNTP
 * client; NULL: "pool.ntp.org" (products should ask for a vendor zone there). The network
 * must have been started. server must outlive the client. */
void twilio_clock_sntp(const char *server);

#endif
