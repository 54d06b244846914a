/*
 * clock.c - seconds since 1970, counted on by board_millis from the last time set
 *
 * SPDX-License-Identifier: MIT
 */
#include "clock.h"

#include "board.h"
#include "network.h"

#include "lwip/apps/sntp.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#ifndef TWILIO_BUILD_TIME
#error "TWILIO_BUILD_TIME, the floor of the clock, must be seconds since 1970"
#endif

#define NETWORK_PERIOD 100  /* milliseconds between looks whether there is a network yet */

static struct {
    uint32_t seconds;  /* it was that... */
    uint32_t millis;   /* ...at this board_millis() */
    bool started, set;
} counted;

/* Under SYS_ARCH_PROTECT, as everything that touches the clock. */
static bool set_clock(uint32_t seconds)
{
    if (seconds < TWILIO_BUILD_TIME)
        return false;
    counted.seconds = seconds;
    counted.millis = board_millis();
    counted.set = true;
    return true;
}

static void start(void)
{
    if (counted.started)
        return;
    counted.started = true;
    counted.seconds = TWILIO_BUILD_TIME;
    counted.millis = board_millis();
    (void)set_clock(board_utc());
}

uint32_t twilio_clock_now(void)
{
    uint32_t passed, now;
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    start();
    passed = (board_millis() - counted.millis) / 1000;
    counted.seconds += passed;
    counted.millis += passed * 1000;
    now = counted.seconds;
    SYS_ARCH_UNPROTECT(level);
    return now;
}

bool twilio_clock_set(uint32_t seconds)
{
    bool done;
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    start();
    done = set_clock(seconds);
    SYS_ARCH_UNPROTECT(level);
    return done;
}

bool twilio_clock_is_set(void)
{
    (void)twilio_clock_now();
    return counted.set;
}

/* ---- SNTP ------------------------------------------------------------------ */

void twilio_clock_received(uint32_t seconds)
{
    (void)twilio_clock_set(seconds);
}

/* lwIP's client would meet a network that is not up yet with a wait of 15 s. */
static void ask_once_up(void *unused)
{
    if (twilio_network_up())
        sntp_init();
    else
        sys_timeout(NETWORK_PERIOD, ask_once_up, unused);
}

void twilio_clock_sntp(const char *server)
{
    LOCK_TCPIP_CORE();
    sys_untimeout(ask_once_up, NULL);
    sntp_stop();
    sntp_setoperatingmode(SNTP_OPMODE_POLL);
    sntp_setservername(0, server != NULL ? server : "pool.ntp.org");
    ask_once_up(NULL);
    UNLOCK_TCPIP_CORE();
}
