/*
 * clock.h - the time of day, for the validity of certificates
 *
 * Every certificate is verified, and by this clock: one that is slow lets pass what has expired, one that is
 * wrong either way refuses what is good (TWILIO_ERR_EXPIRED, TWILIO_ERR_NOT_YET_VALID). So each source of
 * time is believed as far as it deserves, none so far that the truth could not prevail later, and nothing
 * that is not proven outlives a restart:
 *
 *   floor       The time of the build, then what twilio_clock_floor and proven answers raise it to. No source
 *               sets the clock below it: a certificate that expired before it stays expired. Without any
 *               other source the clock runs from here; so a clock at 1970 is one at the floor.
 *   ceiling     20 years after the build. Above it all are ignored, too: erased flash (2106), an SNTP server
 *               that has lost its time, a broken battery-backed clock. 20 years, as no root that is built in
 *               lives longer: no warehouse holds a device that could still connect, if it had the time.
 *   board_utc   Is read once, at start, between the two.
 *   SNTP        Is not authenticated. Until the first answer of Twilio it may move the clock anywhere between
 *               the two; a forged answer lasts until the next true one. After that it may move the clock by
 *               a day to either side of where that answer left it, all its steps together: for clocks drift
 *               (2 % is a day in 50), but no certificate expired for more than a day comes back to life.
 *   Date        of an answer over verified TLS is the last word: if the clock is off by more than a minute
 *               (an answer may have been that long under way), it is corrected, in either direction.
 *   application twilio_clock_set is believed like SNTP before the first answer, and puts SNTP back to there:
 *               the application answers for its source.
 *
 * What protects a device must not lock it out. When a certificate is refused for its dates, SNTP is asked
 * again, and believed as before the first answer: this mends a board_millis that stopped in deep sleep, ran
 * fast or jumped, and a Date that was wrong. (Anyone on the path can bring that about with an old certificate
 * of Twilio's; against one whose key was stolen the floor still stands.) The floor rises only when two agree:
 * a chain that was just found valid by the clock, and the Date of an answer over that connection; to the
 * earlier of the two, less a day. A clock or a Date that is wrong alone never gets into it, and so neither
 * into what the application keeps (twilio_clock_mark).
 *
 * What remains: a device without a battery-backed clock, to which neither SNTP nor the application tells the
 * time, finds certificates issued after its floor not yet valid. And an attacker on the path can keep a
 * device from connecting by its time, as he can by dropping its packets, until the next true answer of SNTP.
 *
 * The clock counts by board_millis, across its wrap after 49 days, if it is read once in that time; while
 * SNTP is used, that is done here. The 32 bits end in 2106: there the clock stops, and does not wrap.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CLOCK_H
#define TWILIO_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970, never below the floor. */
uint32_t twilio_clock_now(void);

/* Set the clock. false: below the floor or above the ceiling, and ignored. */
bool twilio_clock_set(uint32_t seconds);

/* Whether it was set (board, SNTP, application, an answer) since start; false: it runs from the floor. */
bool twilio_clock_is_set(void);

/* ---- Across restarts ------------------------------------------------------- */

/* The floor: keep it where it outlives a restart, when it has grown by some days. It is not secret, but
 * whoever can raise what is kept can lock the device out. */
uint32_t twilio_clock_mark(void);

/* Raise the floor to what was kept, at start. Ignored when it lowers the floor or is above the ceiling: so 0
 * and erased flash do no harm. A clock that is below it now was wrong, and runs from it. */
void twilio_clock_floor(uint32_t seconds);

/* ---- SNTP ------------------------------------------------------------------ */

/* Ask these servers (names or IPv4 addresses) for the time from now on, with lwIP's SNTP client; count 0:
 * "pool.ntp.org" (products should ask for a vendor zone there). The network must have been started; table and
 * names must outlive the client. One is asked each hour. If it says nothing, or nothing that is believed, the
 * next one is asked after 15 seconds, then after twice as long each time, up to 4 minutes. */
void twilio_clock_sntp(const char *const *servers, size_t count);

/* ---- For client.c, or whoever drives an exchange over TLS instead ----------- */

/* The Date of a complete answer over verified TLS. certified: its connection's chain was verified for this
 * very answer; it was neither kept from an earlier one nor resumed. */
void twilio_clock_authenticated(uint32_t seconds, bool certified);

/* A certificate was refused for its dates. */
void twilio_clock_doubted(void);

#endif
