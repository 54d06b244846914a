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

#define MINUTE  60U
#define DAY     86400U
#define CEILING (TWILIO_BUILD_TIME + 20U * 31557600U)

_Static_assert(CEILING > TWILIO_BUILD_TIME, "20 years from the build are beyond 32 bits");

static struct {
    uint32_t seconds;  /* it was that... */
    uint32_t millis;   /* ...at this board_millis() */
    uint32_t floor;
    uint32_t moved;    /* while held, modulo 2^32: by SNTP, since the last authenticated time */
    bool started, set, held, doubted;
} counted;

/* ---- Under SYS_ARCH_PROTECT, as everything that touches the clock ----------- */

static bool within(uint32_t reach, uint32_t difference)
{
    return difference + reach <= 2 * reach;
}

static bool believable(uint32_t seconds)
{
    return seconds >= counted.floor && seconds <= CEILING;
}

static void set_clock(uint32_t seconds)
{
    counted.seconds = seconds;
    counted.millis = board_millis();
    counted.set = true;
}

static void count_on(void)
{
    uint32_t passed = (board_millis() - counted.millis) / 1000;

    counted.millis += passed * 1000;
    counted.seconds = passed > UINT32_MAX - counted.seconds ? UINT32_MAX : counted.seconds + passed;
}

static void start(void)
{
    uint32_t seconds = board_utc();

    counted.started = true;
    counted.seconds = counted.floor = TWILIO_BUILD_TIME;
    counted.millis = board_millis();
    if (believable(seconds))
        set_clock(seconds);
}

static uint32_t bring_up_to_date(void)
{
    if (counted.started)
        count_on();
    else
        start();
    return counted.seconds;
}

/* ---- What it says, and who may set it -------------------------------------- */

uint32_t twilio_clock_now(void)
{
    uint32_t now;
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    now = bring_up_to_date();
    SYS_ARCH_UNPROTECT(level);
    return now;
}

bool twilio_clock_is_set(void)
{
    (void)twilio_clock_now();
    return counted.set;
}

uint32_t twilio_clock_mark(void)
{
    (void)twilio_clock_now();
    return counted.floor;
}

bool twilio_clock_set(uint32_t seconds)
{
    bool done;
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    (void)bring_up_to_date();
    done = believable(seconds);
    if (done) {
        set_clock(seconds);
        counted.held = false;
    }
    SYS_ARCH_UNPROTECT(level);
    return done;
}

void twilio_clock_floor(uint32_t seconds)
{
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    (void)bring_up_to_date();
    if (believable(seconds))
        counted.floor = seconds;
    if (counted.seconds < counted.floor) {
        set_clock(counted.floor);
        counted.set = counted.held = false;
    }
    SYS_ARCH_UNPROTECT(level);
}

void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    uint32_t now, proven;
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    now = bring_up_to_date();
    if (believable(seconds)) {
        if (!within(MINUTE, seconds - now))
            set_clock(seconds);
        counted.set = counted.held = true;
        counted.moved = 0;
        proven = (seconds < now ? seconds : now) - DAY;  /* SNTP may go there */
        if (certified && proven > counted.floor)
            counted.floor = proven;
    }
    SYS_ARCH_UNPROTECT(level);
}

void twilio_clock_doubted(void)
{
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    counted.held = false;
    counted.doubted = true;
    SYS_ARCH_UNPROTECT(level);
}

/* ---- SNTP: whom to ask and when, on lwIP's thread --------------------------- */

/* lwIP's client would stay with a server as long as it answers, whatever it answers, and repeat a question to
 * one that does not. So each question is a new start of it, to the next server, at most once in a tick. */

#define NETWORK_PERIOD 100         /* milliseconds between looks whether there is a network yet */
#define TICK           15000       /* milliseconds; the least between two questions (RFC 4330 10) */
#define HOUR           240         /* ticks */
#define RETRY_MAX      16          /* ticks */
#define NTP_ZERO       2085978496  /* what lwIP makes of a server's 0, for "unknown": 2036-02-07 */

static struct {
    const char *const *servers;
    size_t count, next;
    uint8_t ticks, retry;  /* until the next question; then, if that is not answered */
    bool answered;
} asking;

static void ask(void)
{
    sntp_stop();
    sntp_setservername(0, asking.count != 0 ? asking.servers[asking.next] : "pool.ntp.org");
    asking.next = asking.next + 1 < asking.count ? asking.next + 1 : 0;
    asking.ticks = asking.retry;
    asking.retry = (uint8_t)(asking.retry < RETRY_MAX ? 2 * asking.retry : RETRY_MAX);
    asking.answered = false;
    counted.doubted = false;
    sntp_init();
}

static void tick(void *unused)
{
    uint32_t period = NETWORK_PERIOD;

    (void)twilio_clock_now();
    if (twilio_network_up()) {
        period = TICK;
        if (asking.ticks-- <= 1 || counted.doubted)
            ask();
    }
    sys_timeout(period, tick, unused);
}

static bool believe(uint32_t seconds)
{
    uint32_t moved = seconds - bring_up_to_date() + counted.moved;

    if (seconds == NTP_ZERO || !believable(seconds) || (counted.held && !within(DAY, moved)))
        return false;
    set_clock(seconds);
    counted.moved = moved;
    return true;
}

/* What is not believed does not count: the true answer may follow. What is counts once: a copy of it, sent
 * later, would set the clock back. */
void twilio_clock_received(uint32_t seconds)
{
    SYS_ARCH_DECL_PROTECT(level);

    SYS_ARCH_PROTECT(level);
    if (!asking.answered && believe(seconds)) {
        asking.answered = true;
        asking.ticks = HOUR;
        asking.retry = 1;
    }
    SYS_ARCH_UNPROTECT(level);
}

void twilio_clock_sntp(const char *const *servers, size_t count)
{
    LOCK_TCPIP_CORE();
    sys_untimeout(tick, NULL);
    sntp_stop();
    sntp_setoperatingmode(SNTP_OPMODE_POLL);
    asking.servers = servers;
    asking.count = count;
    asking.next = 0;
    asking.ticks = 0;
    asking.retry = 1;
    tick(NULL);
    UNLOCK_TCPIP_CORE();
}
