/*
 * test_clock.c - which source of time is believed, how far, and whom SNTP asks when
 *
 * Board and lwIP are played by a script here; test_network.c has the real lwIP. clock.c is taken in whole, so
 * that each test begins with a device that was just switched on.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../port/clock.c"

#define BUILD  ((uint32_t)TWILIO_BUILD_TIME)
#define YEAR   31557600U
#define LATEST (BUILD + 20 * YEAR)

void twilio_clock_received(uint32_t seconds);

/* ---- Board and lwIP -------------------------------------------------------- */

static struct {
    uint32_t millis, utc;
    bool network;

    sys_timeout_handler timer;  /* the one there is; NULL: none */
    void *timer_argument;
    uint32_t timer_period;

    bool asking;                /* lwIP's client runs */
    const char *server;         /* that it asks */
    unsigned asked;
} world;

uint32_t board_millis(void)
{
    return world.millis;
}

uint32_t board_utc(void)
{
    return world.utc;
}

bool twilio_network_up(void)
{
    return world.network;
}

void sys_timeout(u32_t period, sys_timeout_handler handler, void *argument)
{
    assert_null(world.timer);
    world.timer = handler;
    world.timer_argument = argument;
    world.timer_period = period;
}

void sys_untimeout(sys_timeout_handler handler, void *argument)
{
    if (world.timer == handler && world.timer_argument == argument)
        world.timer = NULL;
}

void sntp_stop(void)
{
    world.asking = false;
}

void sntp_setoperatingmode(u8_t mode)
{
    assert_false(world.asking);
    assert_int_equal(mode, SNTP_OPMODE_POLL);
}

void sntp_setservername(u8_t index, const char *server)
{
    assert_false(world.asking);
    assert_int_equal(index, 0);
    world.server = server;
}

void sntp_init(void)
{
    assert_false(world.asking);
    world.asking = true;
    world.asked++;
}

sys_mutex_t lock_tcpip_core;

/* ---- A device -------------------------------------------------------------- */

/* What restarts has nothing but what the application gives back. */
static void restart(uint32_t utc)
{
    memset(&counted, 0, sizeof counted);
    memset(&asking, 0, sizeof asking);
    memset(&world, 0, sizeof world);
    world.utc = utc;
    world.network = true;
}

static int setup(void **state)
{
    (void)state;
    restart(0);
    return 0;
}

static void pass(uint32_t seconds)
{
    world.millis += seconds * 1000;
}

/* lwIP's timer fires, when it is due. */
static void fire(void)
{
    sys_timeout_handler timer = world.timer;

    assert_non_null(timer);
    world.millis += world.timer_period;
    world.timer = NULL;
    timer(world.timer_argument);
}

/* An answer to a question of now. */
static void sntp_says(uint32_t seconds)
{
    twilio_clock_sntp(NULL, 0);
    twilio_clock_received(seconds);
}

static void check_time(uint32_t seconds)
{
    assert_int_equal(twilio_clock_now(), seconds);
}

/* ---- Floor and ceiling ----------------------------------------------------- */

static void boards_that_do_not_know_the_time(void **state)
{
    static const uint32_t utc[] = { 0, 1, 86400, BUILD - 1, LATEST + 1, UINT32_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof utc / sizeof utc[0]; i++) {
        restart(utc[i]);
        check_time(BUILD);
        assert_false(twilio_clock_is_set());
        pass(10);
        check_time(BUILD + 10);
    }
}

static void boards_that_do(void **state)
{
    static const uint32_t utc[] = { BUILD, BUILD + YEAR, LATEST };

    (void)state;
    for (size_t i = 0; i < sizeof utc / sizeof utc[0]; i++) {
        restart(utc[i]);
        assert_true(twilio_clock_is_set());
        world.utc = BUILD + 5 * YEAR;  /* it jumps: but is read no more */
        pass(10);
        check_time(utc[i] + 10);
    }
}

static void applications_set_it_between_floor_and_ceiling(void **state)
{
    static const struct { uint32_t seconds; bool done; } row[] = {
        { 0, false }, { BUILD - 1, false }, { LATEST + 1, false }, { UINT32_MAX, false },
        { BUILD, true }, { LATEST, true }, { BUILD + 1, true },
    };
    uint32_t before = BUILD;

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        assert_int_equal(twilio_clock_set(row[i].seconds), row[i].done);
        before = row[i].done ? row[i].seconds : before;
        check_time(before);
        assert_int_equal(twilio_clock_is_set(), i >= 4);
    }
}

static void the_floor_is_raised_only(void **state)
{
    static const struct { uint32_t seconds, floor; } row[] = {
        { 0, BUILD }, { BUILD - 1, BUILD }, { UINT32_MAX, BUILD }, { LATEST + 1, BUILD },
        { BUILD + YEAR, BUILD + YEAR }, { BUILD, BUILD + YEAR }, { LATEST, LATEST },
    };

    (void)state;
    assert_int_equal(twilio_clock_mark(), BUILD);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        twilio_clock_floor(row[i].seconds);
        assert_int_equal(twilio_clock_mark(), row[i].floor);
        check_time(row[i].floor);
    }
}

static void nothing_sets_it_below_the_floor(void **state)
{
    uint32_t floor = BUILD + YEAR;

    (void)state;
    twilio_clock_floor(floor);
    assert_false(twilio_clock_set(floor - 1));
    sntp_says(floor - 1);
    check_time(floor);
    twilio_clock_authenticated(floor - 1, true);
    twilio_clock_doubted();
    sntp_says(floor - 1);
    check_time(floor);
    assert_false(twilio_clock_is_set());
    assert_int_equal(twilio_clock_mark(), floor);
}

static void a_clock_below_a_new_floor_was_wrong(void **state)
{
    (void)state;
    restart(BUILD + YEAR);
    twilio_clock_floor(BUILD + 2 * YEAR);
    assert_false(twilio_clock_is_set());
    check_time(BUILD + 2 * YEAR);
    restart(BUILD + YEAR);
    twilio_clock_floor(BUILD + YEAR - 1);
    assert_true(twilio_clock_is_set());
    check_time(BUILD + YEAR);
}

/* ---- Counting -------------------------------------------------------------- */

static void fractions_of_a_second_add_up(void **state)
{
    (void)state;
    check_time(BUILD);
    world.millis += 999;
    check_time(BUILD);
    for (uint32_t i = 1; i <= 1000; i++) {
        world.millis += 1500;
        check_time(BUILD + (999 + i * 1500) / 1000);
    }
}

static void it_counts_across_the_wrap_of_milliseconds(void **state)
{
    (void)state;
    world.millis = UINT32_MAX - 1500;
    check_time(BUILD);
    pass(3);
    check_time(BUILD + 3);
    world.millis += UINT32_MAX;  /* the most between two looks: 49.7 days */
    check_time(BUILD + 3 + UINT32_MAX / 1000);
}

static void it_stops_at_the_end_of_32_bits(void **state)
{
    (void)state;
    assert_true(twilio_clock_set(LATEST));
    for (uint32_t i = 0, before = 0; i < 1000; i++) {
        world.millis += UINT32_MAX / 2;
        assert_true(twilio_clock_now() >= before);
        before = twilio_clock_now();
    }
    check_time(UINT32_MAX);
    twilio_clock_authenticated(BUILD + YEAR, true);
    check_time(BUILD + YEAR);
}

/* An application that is asleep for long, or never asks */
static void sntp_keeps_it_counting(void **state)
{
    enum { DAYS = 120 };

    (void)state;
    twilio_clock_sntp(NULL, 0);
    for (uint32_t i = 0; i < DAYS * DAY / 15; i++)
        fire();
    check_time(BUILD + DAYS * DAY);
}

/* ---- Answers over TLS ------------------------------------------------------ */

static void an_answer_corrects_it_both_ways(void **state)
{
    static const struct { uint32_t date, expected; } row[] = {
        { BUILD + YEAR + MINUTE, BUILD + YEAR }, { BUILD + YEAR - MINUTE, BUILD + YEAR },
        { BUILD + YEAR + MINUTE + 1, BUILD + YEAR + MINUTE + 1 },
        { BUILD + YEAR - MINUTE - 1, BUILD + YEAR - MINUTE - 1 },
        { BUILD, BUILD }, { LATEST, LATEST },
        { BUILD - 1, BUILD + YEAR }, { LATEST + 1, BUILD + YEAR }, { 0, BUILD + YEAR },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        restart(BUILD + YEAR);
        twilio_clock_authenticated(row[i].date, false);
        check_time(row[i].expected);
    }
}

static void a_clock_at_the_floor_is_set_by_an_answer(void **state)
{
    (void)state;
    twilio_clock_authenticated(BUILD + 10, true);
    assert_true(twilio_clock_is_set());
    restart(0);
    twilio_clock_authenticated(BUILD - 1, true);
    assert_false(twilio_clock_is_set());
}

static void the_floor_follows_what_two_agree_on(void **state)
{
    static const struct { uint32_t clock, date; bool certified; uint32_t mark; } row[] = {
        { BUILD + YEAR, BUILD + YEAR, true, BUILD + YEAR - DAY },
        { BUILD + YEAR, BUILD + YEAR + 30, true, BUILD + YEAR - DAY },
        { BUILD + YEAR, BUILD + YEAR - 30, true, BUILD + YEAR - 30 - DAY },
        { BUILD + YEAR, BUILD + 9 * YEAR, true, BUILD + YEAR - DAY },   /* one of them */
        { BUILD + 9 * YEAR, BUILD + YEAR, true, BUILD + YEAR - DAY },   /* is wrong */
        { BUILD + YEAR, BUILD + YEAR, false, BUILD },
        { BUILD + 9 * YEAR, BUILD + 9 * YEAR, false, BUILD },
        { BUILD + DAY, BUILD + DAY, true, BUILD },
        { BUILD, BUILD + YEAR, true, BUILD },
        { BUILD + YEAR, LATEST + 1, true, BUILD },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        restart(row[i].clock);
        twilio_clock_authenticated(row[i].date, row[i].certified);
        assert_int_equal(twilio_clock_mark(), row[i].mark);
    }
}

static void the_floor_never_falls_again(void **state)
{
    (void)state;
    restart(BUILD + 2 * YEAR);
    twilio_clock_authenticated(BUILD + 2 * YEAR, true);
    twilio_clock_authenticated(BUILD + YEAR, true);
    twilio_clock_authenticated(BUILD + 2 * YEAR - 100, true);
    assert_int_equal(twilio_clock_mark(), BUILD + 2 * YEAR - DAY);
}

/* ---- How far SNTP is believed ---------------------------------------------- */

static void before_an_answer_anywhere(void **state)
{
    static const uint32_t said[] = { LATEST, BUILD, BUILD + 7 * YEAR, BUILD + 1 };

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        sntp_says(said[i]);
        check_time(said[i]);
        assert_true(twilio_clock_is_set());
    }
}

static void never_outside_floor_and_ceiling(void **state)
{
    static const uint32_t said[] = { 0, BUILD - 1, LATEST + 1, UINT32_MAX, 2085978496 };

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        sntp_says(said[i]);
        check_time(BUILD);
        assert_false(twilio_clock_is_set());
    }
    assert_true(2085978496 < LATEST);  /* the last is a server's 0, and would be believed */
    sntp_says(2085978497);
    check_time(2085978497);
}

static void after_an_answer_a_day(void **state)
{
    static const struct { uint32_t said; bool believed; } row[] = {
        { BUILD + YEAR + DAY, true }, { BUILD + YEAR - DAY, true },
        { BUILD + YEAR + DAY + 1, false }, { BUILD + YEAR - DAY - 1, false },
        { BUILD, false }, { LATEST, false }, { BUILD + YEAR + 5, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        restart(0);
        sntp_says(BUILD + 5 * YEAR);
        twilio_clock_authenticated(BUILD + YEAR, false);
        sntp_says(row[i].said);
        check_time(row[i].believed ? row[i].said : BUILD + YEAR);
    }
}

static void all_steps_together_a_day(void **state)
{
    uint32_t now = BUILD + YEAR;

    (void)state;
    twilio_clock_authenticated(now, false);
    sntp_says(now - DAY / 2);
    sntp_says(now - DAY);
    check_time(now - DAY);
    sntp_says(now - DAY - 1);
    check_time(now - DAY);
    pass(1000);
    now += 1000;
    sntp_says(now - DAY - 1);
    check_time(now - DAY);
    sntp_says(now + DAY);
    check_time(now + DAY);
    sntp_says(now + DAY + 1);
    check_time(now + DAY);
    twilio_clock_authenticated(now + DAY, false);  /* and anew */
    sntp_says(now + 2 * DAY);
    check_time(now + 2 * DAY);
}

static void an_answer_counts_once(void **state)
{
    (void)state;
    twilio_clock_sntp(NULL, 0);
    twilio_clock_received(BUILD - 5);     /* forged, and first */
    twilio_clock_received(BUILD + YEAR);
    check_time(BUILD + YEAR);
    pass(30);
    twilio_clock_received(BUILD + YEAR);  /* a copy */
    check_time(BUILD + YEAR + 30);
}

/* ---- Nothing locks a device out -------------------------------------------- */

static void the_word_of_the_application_frees_sntp(void **state)
{
    (void)state;
    twilio_clock_authenticated(BUILD + YEAR, false);
    assert_true(twilio_clock_set(BUILD + 2 * YEAR));
    sntp_says(BUILD + 3 * YEAR);
    check_time(BUILD + 3 * YEAR);
    twilio_clock_authenticated(BUILD + YEAR, false);
    assert_false(twilio_clock_set(BUILD - 1));
    sntp_says(BUILD + 3 * YEAR);
    check_time(BUILD + YEAR);
    twilio_clock_floor(BUILD + 2 * YEAR);
    sntp_says(BUILD + 3 * YEAR);
    check_time(BUILD + 3 * YEAR);
}

static void doubt_frees_sntp_above_the_floor(void **state)
{
    uint32_t seen = BUILD + YEAR;

    (void)state;
    sntp_says(seen);
    twilio_clock_authenticated(seen, true);
    twilio_clock_doubted();
    check_time(seen);  /* in itself it moves nothing */
    sntp_says(seen - DAY - 1);
    check_time(seen);
    sntp_says(seen + 10 * YEAR);
    check_time(seen + 10 * YEAR);
    sntp_says(seen);
    check_time(seen);
}

/* In deep sleep board_millis stops: the clock is 300 days late when a certificate is too young for it. */
static void a_clock_that_stopped_recovers(void **state)
{
    uint32_t slept = BUILD + YEAR, awake = slept + 300 * DAY;

    (void)state;
    sntp_says(slept);
    twilio_clock_authenticated(slept, true);
    sntp_says(awake);
    check_time(slept);
    twilio_clock_doubted();
    sntp_says(awake);
    check_time(awake);
    twilio_clock_authenticated(awake, true);
    assert_int_equal(twilio_clock_mark(), awake - DAY);
}

/* Backwards by a little is forwards by 49 days. */
static void a_clock_that_jumped_recovers(void **state)
{
    uint32_t now = BUILD + YEAR;

    (void)state;
    sntp_says(now);
    twilio_clock_authenticated(now, true);
    world.millis -= 5;
    assert_true(twilio_clock_now() > now + 49 * DAY);
    twilio_clock_authenticated(now, false);
    check_time(now);
    world.millis -= 5;
    assert_true(twilio_clock_now() > now + 49 * DAY);
    twilio_clock_doubted();
    sntp_says(now);
    check_time(now);
    assert_int_equal(twilio_clock_mark(), now - DAY);
}

/* Twilio is wrong by years, twice on one connection. Then its certificates look expired. */
static void a_wrong_date_is_not_kept(void **state)
{
    uint32_t now = BUILD + YEAR, wrong = BUILD + 15 * YEAR, mark;

    (void)state;
    sntp_says(now);
    twilio_clock_authenticated(wrong, true);
    twilio_clock_authenticated(wrong, false);
    check_time(wrong);
    twilio_clock_doubted();
    sntp_says(now);
    check_time(now);
    mark = twilio_clock_mark();
    assert_int_equal(mark, now - DAY);
    restart(now);
    twilio_clock_floor(mark);
    check_time(now);
}

static void a_forged_answer_is_not_kept(void **state)
{
    uint32_t mark;

    (void)state;
    sntp_says(LATEST);
    twilio_clock_doubted();
    pass(3600);
    mark = twilio_clock_mark();
    assert_int_equal(mark, BUILD);
    sntp_says(BUILD + YEAR);
    check_time(BUILD + YEAR);
}

static void a_device_from_a_warehouse(void **state)
{
    (void)state;
    sntp_says(BUILD + 19 * YEAR);
    twilio_clock_authenticated(BUILD + 19 * YEAR, true);
    assert_int_equal(twilio_clock_mark(), BUILD + 19 * YEAR - DAY);
    restart(0);
    twilio_clock_floor(BUILD + 19 * YEAR - DAY);
    check_time(BUILD + 19 * YEAR - DAY);
}

/* ---- Whom SNTP asks, and when ---------------------------------------------- */

static const char *const servers[] = { "one.test", "two.test", "three.test" };

/* Ticks until the next question. */
static unsigned ticks_to_question(void)
{
    unsigned asked = world.asked, ticks = 0;

    for (; world.asked == asked; ticks++) {
        assert_int_equal(world.timer_period, 15000);
        assert_true(ticks < 1000);
        fire();
    }
    assert_int_equal(world.asked, asked + 1);
    return ticks;
}

static void servers_that_say_nothing(void **state)
{
    static const unsigned ticks[] = { 1, 2, 4, 8, 16, 16, 16 };

    (void)state;
    twilio_clock_sntp(servers, 3);
    assert_int_equal(world.asked, 1);
    assert_string_equal(world.server, servers[0]);
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        assert_int_equal(ticks_to_question(), ticks[i]);
        assert_string_equal(world.server, servers[(i + 1) % 3]);
    }
}

static void servers_that_lie(void **state)
{
    (void)state;
    twilio_clock_sntp(servers, 2);
    twilio_clock_received(BUILD - 1);
    assert_int_equal(ticks_to_question(), 1);
    assert_string_equal(world.server, "two.test");
    twilio_clock_received(BUILD + YEAR);
    assert_int_equal(ticks_to_question(), 240);
    assert_string_equal(world.server, "one.test");
    twilio_clock_received(LATEST + 1);
    assert_int_equal(ticks_to_question(), 1);
    assert_string_equal(world.server, "two.test");
    twilio_clock_received(BUILD + YEAR + 3600);
    check_time(BUILD + YEAR + 3600);
}

static void a_single_server_and_none(void **state)
{
    (void)state;
    twilio_clock_sntp(servers, 1);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(world.server, "one.test");
        (void)ticks_to_question();
    }
    twilio_clock_sntp(NULL, 0);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(world.server, "pool.ntp.org");
        (void)ticks_to_question();
    }
}

static void without_a_network_nobody_is_asked(void **state)
{
    (void)state;
    world.network = false;
    twilio_clock_sntp(servers, 3);
    for (int i = 0; i < 500; i++) {
        assert_int_equal(world.timer_period, 100);
        fire();
    }
    assert_int_equal(world.asked, 0);
    world.network = true;
    fire();
    assert_int_equal(world.asked, 1);
    assert_string_equal(world.server, "one.test");
    world.network = false;
    for (int i = 0; i < 500; i++)
        fire();
    assert_int_equal(world.asked, 1);
}

static void doubt_asks_at_the_next_tick(void **state)
{
    (void)state;
    twilio_clock_sntp(servers, 2);
    twilio_clock_received(BUILD + YEAR);
    twilio_clock_doubted();
    twilio_clock_doubted();
    assert_int_equal(world.asked, 1);
    assert_int_equal(ticks_to_question(), 1);
    assert_string_equal(world.server, "two.test");
    twilio_clock_received(BUILD + YEAR);
    assert_int_equal(ticks_to_question(), 240);
}

static void asked_anew_it_begins_anew(void **state)
{
    (void)state;
    twilio_clock_sntp(servers, 3);
    for (int i = 0; i < 4; i++)
        (void)ticks_to_question();
    twilio_clock_sntp(servers + 1, 2);  /* there is one timer yet: sys_timeout sees to it */
    assert_string_equal(world.server, "two.test");
    assert_int_equal(ticks_to_question(), 1);
    assert_string_equal(world.server, "three.test");
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(boards_that_do_not_know_the_time), TEST(boards_that_do),
        TEST(applications_set_it_between_floor_and_ceiling), TEST(the_floor_is_raised_only),
        TEST(nothing_sets_it_below_the_floor), TEST(a_clock_below_a_new_floor_was_wrong),
        TEST(fractions_of_a_second_add_up), TEST(it_counts_across_the_wrap_of_milliseconds),
        TEST(it_stops_at_the_end_of_32_bits), TEST(sntp_keeps_it_counting),
        TEST(an_answer_corrects_it_both_ways), TEST(a_clock_at_the_floor_is_set_by_an_answer),
        TEST(the_floor_follows_what_two_agree_on), TEST(the_floor_never_falls_again),
        TEST(before_an_answer_anywhere), TEST(never_outside_floor_and_ceiling), TEST(after_an_answer_a_day),
        TEST(all_steps_together_a_day), TEST(an_answer_counts_once),
        TEST(the_word_of_the_application_frees_sntp), TEST(doubt_frees_sntp_above_the_floor),
        TEST(a_clock_that_stopped_recovers), TEST(a_clock_that_jumped_recovers),
        TEST(a_wrong_date_is_not_kept), TEST(a_forged_answer_is_not_kept), TEST(a_device_from_a_warehouse),
        TEST(servers_that_say_nothing), TEST(servers_that_lie), TEST(a_single_server_and_none),
        TEST(without_a_network_nobody_is_asked), TEST(doubt_asks_at_the_next_tick),
        TEST(asked_anew_it_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
