/*
 * test_deliver.c - the loop around the alert engine: the real engine and journal, clients that are played
 *
 * Time is virtual. All that goes between the loop and the engine is looked at on its way.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "board.h"
#include "clock.h"
#include "deliver.h"
#include "flash.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define SID   "SM" HEX32
#define UTC   1700000000U
#define DAY   86400000U  /* milliseconds */
#define CREATED "{\"sid\": \"" SID "\", \"date_created\": \"Tue, 14 Nov 2023 22:13:20 +0000\", " \
                "\"status\": \"queued\", \"error_code\": null}"

/* ---- The world --------------------------------------------------------------- */

static struct {
    uint64_t millis;     /* since it began; the board's clock has the lower half */
    uint32_t start;      /* of the board's clock at begin */
    uint32_t random;
    bool     clock_set;
} world;

uint32_t board_millis(void)
{
    return (uint32_t)world.millis + world.start;
}

uint32_t twilio_clock_now(void)
{
    return UTC + (uint32_t)(world.millis / 1000);
}

bool twilio_clock_is_set(void)
{
    return world.clock_set;
}

uint32_t twilio_network_random(void)
{
    return world.random = world.random * 1664525 + 1013904223;
}

/* ---- Clients ----------------------------------------------------------------- */

static struct twilio_client first, second;
static struct twilio_client *const clients[] = { &first, &second };
static struct twilio_alerts alerts;
static struct twilio_delivery delivery;

/* How requests fare, and what came of that. */
static struct {
    int         begin, result;  /* of send_begin; of the last step */
    unsigned    takes;          /* steps before that one */
    int         code;
    const char *body;
    bool        committed;
    uint32_t    retry_after;

    unsigned    begun, steps;
    struct twilio_client *client;    /* that the last one went to */
    struct twilio_answer *answer;
    struct twilio_sending *sending;  /* NULL: none is under way */
} line;

int twilio_send_begin(struct twilio_client *client, const struct twilio_request *request,
                      struct twilio_answer *answer, struct twilio_sending *sending)
{
    assert_null(line.sending);
    assert_ptr_equal(request, &alerts.request);
    assert_int_equal(twilio_request_check(request), TWILIO_OK);
    assert_true(answer->body == twilio_alerts_feed && answer->context == &alerts);
    assert_true(answer->content == NULL && answer->fields == NULL && answer->item == NULL);
    assert_true(answer->headers == NULL && answer->code == 0 && answer->retry_after == 0);
    assert_false(answer->committed);
    line.begun++;
    line.client = client;
    line.answer = answer;
    line.steps = 0;
    if (line.begin == TWILIO_OK) {
        line.sending = sending;
    }
    return line.begin;
}

static void feed(const char *body)
{
    for (size_t at = 0, size = strlen(body); at < size; at += 7) {
        assert_true(line.answer->body(line.answer->context, body + at, smaller(7, size - at)));
    }
}

int twilio_send_step(struct twilio_sending *sending)
{
    assert_non_null(sending);
    assert_ptr_equal(sending, line.sending);
    if (line.steps++ < line.takes) {
        return TWILIO_AGAIN;
    }
    line.sending = NULL;
    line.answer->code = line.code;
    line.answer->committed = line.committed;
    line.answer->retry_after = line.retry_after;
    feed(line.body);
    return line.result;
}

/* ---- Between the loop and the engine ----------------------------------------- */

static struct {
    unsigned nexts, dones;
    struct twilio_moment moment;    /* of the last call */
    struct twilio_outcome outcome;  /* of the last done */
} seen;

static void look(const struct twilio_moment *moment)
{
    assert_int_equal(moment->now, world.millis / 1000);
    assert_int_equal(moment->utc, world.clock_set ? twilio_clock_now() : 0);
    assert_int_equal(moment->random, world.random);
    assert_true(seen.nexts + seen.dones == 0 || moment->random != seen.moment.random);
    seen.moment = *moment;
}

int __real_twilio_alerts_begin(struct twilio_alerts *, const struct twilio_moment *);
int __wrap_twilio_alerts_begin(struct twilio_alerts *, const struct twilio_moment *);
int __wrap_twilio_alerts_begin(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    look(moment);
    return __real_twilio_alerts_begin(a, moment);
}

int __real_twilio_alerts_next(struct twilio_alerts *, const struct twilio_moment *);
int __wrap_twilio_alerts_next(struct twilio_alerts *, const struct twilio_moment *);
int __wrap_twilio_alerts_next(struct twilio_alerts *a, const struct twilio_moment *moment)
{
    look(moment);
    seen.nexts++;
    return __real_twilio_alerts_next(a, moment);
}

void __real_twilio_alerts_done(struct twilio_alerts *, const struct twilio_moment *,
                               const struct twilio_outcome *);
void __wrap_twilio_alerts_done(struct twilio_alerts *, const struct twilio_moment *,
                               const struct twilio_outcome *);
void __wrap_twilio_alerts_done(struct twilio_alerts *a, const struct twilio_moment *moment,
                               const struct twilio_outcome *outcome)
{
    look(moment);
    seen.dones++;
    seen.outcome = *outcome;
    __real_twilio_alerts_done(a, moment, outcome);
}

int __real_twilio_alerts_raise(struct twilio_alerts *, const struct twilio_moment *,
                               const struct twilio_alert *, uint32_t *);
int __wrap_twilio_alerts_raise(struct twilio_alerts *, const struct twilio_moment *,
                               const struct twilio_alert *, uint32_t *);
int __wrap_twilio_alerts_raise(struct twilio_alerts *a, const struct twilio_moment *moment,
                               const struct twilio_alert *alert, uint32_t *id)
{
    look(moment);
    return __real_twilio_alerts_raise(a, moment, alert, id);
}

int __real_twilio_alerts_acknowledge(struct twilio_alerts *, const struct twilio_moment *, uint32_t);
int __wrap_twilio_alerts_acknowledge(struct twilio_alerts *, const struct twilio_moment *, uint32_t);
int __wrap_twilio_alerts_acknowledge(struct twilio_alerts *a, const struct twilio_moment *moment, uint32_t id)
{
    look(moment);
    return __real_twilio_alerts_acknowledge(a, moment, id);
}

/* ---- The device ---------------------------------------------------------------- */

static const struct twilio_account accounts[] = {
    { .sid = "AC" HEX32, .secret = "secret" }, { .sid = "AC" HEX32, .secret = "secret", .edge = "dublin" },
};
static const struct twilio_rung rungs[] = { { "+15550000001", "+15550000009", false, 0 } };
static const struct twilio_ladder ladders[] = { { rungs, 1 } };
static struct twilio_alerts_scratch scratch;
static struct flash flash;
static const struct twilio_alert fire = { .text = "Fire", .deadline = 30000 };

static void start_at(uint32_t board_clock)
{
    memset(&seen, 0, sizeof seen);
    memset(&world, 0, sizeof world);
    world.start = board_clock;
    world.random = 88172645;
    world.clock_set = true;
    alerts = (struct twilio_alerts){
        .accounts = accounts, .ladders = ladders, .ladder_count = 1, .name = "A1", .scratch = &scratch,
        .journal.flash = &flash.driver,
    };
    delivery = (struct twilio_delivery){ .alerts = &alerts, .clients = clients };
}

static int setup(void **unused)
{
    (void)unused;
    flash_make(&flash, 1024, 8, 4, 1);
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    memset(&line, 0, sizeof line);
    line.code = 201;
    line.body = CREATED;
    line.committed = true;
    start_at(0);
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_OK);
    return 0;
}

/* One turn of the caller's loop. */
static uint32_t turn(void)
{
    uint32_t wait = twilio_deliver(&delivery);

    check(wait >= 1 && wait <= 1000, "told to wait %u ms", wait);
    assert_true(line.sending == NULL || wait == 1);
    return wait;
}

static void run(uint64_t milliseconds)
{
    uint64_t end = world.millis + milliseconds;

    while (world.millis < end) {
        uint32_t wait = turn();
        world.millis += wait < end - world.millis ? wait : end - world.millis;
    }
}

static uint32_t raise(void)
{
    uint32_t id = 0;

    assert_int_equal(twilio_delivery_raise(&delivery, &fire, &id), TWILIO_OK);
    assert_int_not_equal(id, 0);
    return id;
}

static struct twilio_alert_status status_of(uint32_t id)
{
    struct twilio_alert_status status = { 0 };

    assert_int_equal(twilio_alerts_status(&alerts, id, &status), TWILIO_ITEM);
    return status;
}

/* A request fails, so that it is certain that it was not carried out. */
static void nothing_answers(void)
{
    line.result = TWILIO_ERR_CONNECT;
    line.committed = false;
    line.code = 0;
    line.body = "";
}

static void raise_and_answer(void)
{
    unsigned before = seen.dones;

    raise();
    while (seen.dones == before) {
        world.millis += turn();
    }
}

/* ---- Begin ------------------------------------------------------------------- */

static void test_begin(void **unused)
{
    (void)unused;
    start_at(0);
    assert_int_equal(twilio_delivery_begin(NULL), TWILIO_ERR_ARGUMENT);
    delivery.alerts = NULL;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_ERR_ARGUMENT);
    delivery.alerts = &alerts;
    delivery.clients = NULL;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_ERR_ARGUMENT);
    delivery.clients = clients;
    alerts.name = "no name";
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_ERR_ARGUMENT);
    alerts.name = "A1";
    alerts.supervise = 9;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_ERR_RANGE);
    alerts.supervise = 10;
    flash.fail_read = 1;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_ERR_FLASH);
    flash.fail_read = 0;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_OK);
}

/* ---- Requests ------------------------------------------------------------------ */

static void test_an_alert_goes_out(void **unused)
{
    uint32_t id;

    (void)unused;
    id = raise();
    assert_int_equal(line.begun, 0);
    line.takes = 3;
    assert_int_equal(turn(), 1);
    assert_int_equal(line.begun, 1);
    assert_ptr_equal(line.client, &first);
    assert_int_equal(status_of(id).state, TWILIO_ALERT_SENDING);
    for (unsigned i = 0; i < 3; i++) {
        world.millis++;
        assert_int_equal(turn(), 1);
        assert_int_equal(line.steps, i + 1);
        assert_int_equal(seen.dones, 0);
    }
    world.millis++;
    assert_int_equal(turn(), 1);  /* there may be more to be done */
    assert_int_equal(seen.dones, 1);
    assert_int_equal(status_of(id).state, TWILIO_ALERT_ACCEPTED);
    assert_string_equal(status_of(id).sid, SID);
    assert_int_equal(turn(), 996);
    assert_int_equal(line.begun, 1);
}

static void test_what_came_of_it_is_told_as_it_was(void **unused)
{
    static const struct {
        int result, code;
        bool committed;
        uint32_t retry_after, expires;
    } cases[] = {
        { TWILIO_OK, 201, true, 0, 0 },
        { TWILIO_OK, 429, true, 77, UTC + 1 },
        { TWILIO_OK, 503, true, 0, UTC + 2 },
        { TWILIO_ERR_TIMEOUT, 0, true, 0, UINT32_MAX },
        { TWILIO_ERR_CLOSED, 200, true, 3600, 5 },
        { TWILIO_ERR_DNS, 0, false, 0, 6 },
        { TWILIO_ERR_UNTRUSTED, 0, false, 0, 0 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        setup(NULL);
        line.result = cases[i].result;
        line.code = cases[i].code;
        line.committed = cases[i].committed;
        line.retry_after = cases[i].retry_after;
        first.tls.expires = cases[i].expires;
        second.tls.expires = 99;
        line.body = "{}";
        raise_and_answer();
        check(seen.outcome.result == cases[i].result && seen.outcome.code == cases[i].code
              && seen.outcome.committed == cases[i].committed
              && seen.outcome.retry_after == cases[i].retry_after
              && seen.outcome.expires == cases[i].expires, "case %zu", i);
        assert_int_equal(alerts.last_result, cases[i].result);
    }
}

static void test_the_path_is_the_engines(void **unused)
{
    (void)unused;
    start_at(0);
    alerts.paths = 2;
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_OK);
    first.tls.expires = UTC + 1;
    second.tls.expires = UTC + 365 * 86400;
    nothing_answers();
    raise_and_answer();
    assert_ptr_equal(line.client, &first);
    assert_int_equal(seen.outcome.expires, first.tls.expires);
    while (line.begun < 3) {
        world.millis += turn();
    }
    assert_ptr_equal(line.client, &second);
    assert_string_equal(alerts.request.account->edge, "dublin");
    while (seen.dones < 3) {
        world.millis += turn();
    }
    assert_int_equal(seen.outcome.expires, second.tls.expires);
}

static void test_what_cannot_begin_is_told(void **unused)
{
    (void)unused;
    line.code = 429;
    line.retry_after = 5;
    line.body = "{}";
    raise_and_answer();
    nothing_answers();
    line.begin = TWILIO_ERR_BUSY;
    while (seen.dones < 2) {
        world.millis += turn();
    }
    assert_int_equal(seen.outcome.result, TWILIO_ERR_BUSY);
    assert_int_equal(seen.outcome.code, 0);
    assert_int_equal(seen.outcome.retry_after, 0);
    assert_false(seen.outcome.committed);
    line.begun = 0;
    run(600000);
    check(line.begun < 60, "%u attempts in ten minutes", line.begun);
}

/* ---- Time ---------------------------------------------------------------------- */

static void test_asked_when_the_engine_said(void **unused)
{
    (void)unused;
    world.millis = 123;
    line.code = 429;
    line.retry_after = 77;
    line.body = "{}";
    raise_and_answer();
    turn();
    assert_true(alerts.wait >= 77);
    uint64_t due = (world.millis / 1000 + alerts.wait) * 1000;
    while (line.begun < 2) {
        world.millis += turn();
    }
    check(world.millis - due <= 1, "%d ms late", (int)(world.millis - due));
}

static void test_no_busy_loop(void **unused)
{
    unsigned turns = 0;

    (void)unused;
    line.code = 200;
    line.body = "{\"balance\": \"12.34\"}";
    run(2000);  /* the first look */
    seen.nexts = 0;
    line.begun = 0;
    for (uint64_t end = world.millis + 3600000; world.millis < end; turns++) {
        world.millis += turn();
    }
    check(line.begun >= 3600 / 90 && line.begun <= 3600 / 45, "%u polls of the balance", line.begun);
    assert_int_equal(seen.nexts, 2 * line.begun);
    check(turns <= 3600 + 4 * line.begun, "%u turns in an hour", turns);
}

/* Looked at again and again, at odd times, the seconds never go astray: look() compares them. */
static void test_no_drift(void **unused)
{
    uint32_t chance = 1;

    (void)unused;
    setup(NULL);
    start_at(UINT32_MAX - 5000);
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_OK);
    line.code = 200;
    line.body = "{\"balance\": \"12.34\"}";
    while (world.millis < 6 * 3600000) {
        chance = chance * 1664525 + 1013904223;
        uint32_t wait = turn();
        world.millis += 1 + (chance >> 16) % (wait + 3);
    }
    assert_true(seen.nexts >= 6 * 3600 / 90 * 2);
}

static void test_seven_weeks(void **unused)
{
    (void)unused;
    world.millis = 999;
    run(1);
    world.millis += 49ULL * DAY - 1;
    raise();
    world.millis += 49ULL * DAY;
    raise();
    assert_int_equal(seen.moment.now, 2 * 49 * 86400);
    turn();
    assert_int_equal(line.begun, 1);
}

/* Waiting goes on over the point where the board's clock wraps; millis 0 is as good as any. */
static void test_the_clock_wraps_while_it_waits(void **unused)
{
    (void)unused;
    start_at(UINT32_MAX - 40000);
    assert_int_equal(twilio_delivery_begin(&delivery), TWILIO_OK);
    line.code = 429;
    line.retry_after = 77;
    line.body = "{}";
    raise_and_answer();
    turn();
    run((alerts.wait - 1) * 1000);
    assert_int_equal(line.begun, 1);
    run(1000);
    turn();
    assert_int_equal(line.begun, 2);
}

static void test_the_date_once_it_is_known(void **unused)
{
    (void)unused;
    world.clock_set = false;
    raise_and_answer();
    assert_int_equal(seen.moment.utc, 0);
    world.clock_set = true;
    raise_and_answer();
    assert_int_equal(seen.moment.utc, twilio_clock_now());
}

/* ---- Alerts meanwhile ---------------------------------------------------------- */

static void test_raised_while_it_waits(void **unused)
{
    (void)unused;
    run(10500);
    assert_int_equal(line.begun, 0);
    assert_true(alerts.wait > 5);
    raise();
    turn();
    assert_int_equal(line.begun, 1);
}

static void test_raised_while_a_request_is_under_way(void **unused)
{
    uint32_t one, two;

    (void)unused;
    line.takes = 2500;
    one = raise();
    run(100);
    two = raise();
    run(2500);
    assert_int_equal(status_of(one).state, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(line.begun, 2);
    assert_int_equal(status_of(two).state, TWILIO_ALERT_SENDING);
    run(2600);
    assert_int_equal(status_of(two).state, TWILIO_ALERT_ACCEPTED);
}

static void test_acknowledged_while_it_waits(void **unused)
{
    uint32_t id, other;
    unsigned before;

    (void)unused;
    id = raise();
    other = raise();
    line.code = 429;
    line.retry_after = 77;
    line.body = "{}";
    run(5500);
    before = seen.nexts;
    assert_int_equal(twilio_delivery_acknowledge(&delivery, id), TWILIO_OK);
    assert_true(status_of(id).over);
    assert_false(status_of(other).over);
    turn();
    assert_int_equal(seen.nexts, before + 1);
    run(100000);
    assert_int_equal(status_of(id).state, TWILIO_ALERT_ACKNOWLEDGED);
}

static void test_acknowledged_while_a_request_is_under_way(void **unused)
{
    uint32_t one, two;

    (void)unused;
    line.takes = 500;
    one = raise();
    run(100);
    two = raise();
    assert_int_equal(twilio_delivery_acknowledge(&delivery, 0), TWILIO_OK);
    assert_non_null(line.sending);  /* what is on its way is seen through */
    run(600);
    assert_null(line.sending);
    assert_int_equal(seen.dones, 1);
    run(5000);
    assert_int_equal(line.begun, 1);
    assert_int_equal(status_of(one).state, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(status_of(two).state, TWILIO_ALERT_ACKNOWLEDGED);
}

static void test_what_is_not_kept_is_told(void **unused)
{
    struct twilio_alert alert = fire;
    uint32_t id;

    (void)unused;
    alert.ladder = 1;
    assert_int_equal(twilio_delivery_raise(&delivery, &alert, &id), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_delivery_raise(&delivery, NULL, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_delivery_raise(&delivery, &fire, NULL), TWILIO_OK);
    flash.fail_program = flash.fail_read = 1;
    assert_int_equal(twilio_delivery_raise(&delivery, &fire, &id), TWILIO_ERR_FLASH);
    assert_int_equal(twilio_delivery_acknowledge(&delivery, 0), TWILIO_ERR_FLASH);
}

/* Programs of 32 bytes take 0.7 ms at most, to erase a sector takes 45 ms: to be kept in 50 ms, an alert that
 * is raised when nothing is urgent must erase nothing, however full the journal is. */
static void test_an_alert_erases_nothing(void **unused)
{
    const unsigned slots = 1 + (sizeof(struct twilio_alert_record) + 4 + SLOT - 1) / SLOT;

    (void)unused;
    nothing_answers();
    run(5000);
    for (unsigned i = 0; i < 60; i++) {
        unsigned programs = flash.programs, operations = flash.operations;
        raise();
        assert_int_equal(flash.programs - programs, slots);
        assert_int_equal(flash.operations - operations, slots);
        if (i % 2 == 1) {
            assert_int_equal(twilio_delivery_acknowledge(&delivery, 0), TWILIO_OK);
        }
        run(400000);
    }
    assert_true(flash.erases[0] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_begin, setup),
        cmocka_unit_test_setup(test_an_alert_goes_out, setup),
        cmocka_unit_test_setup(test_what_came_of_it_is_told_as_it_was, setup),
        cmocka_unit_test_setup(test_the_path_is_the_engines, setup),
        cmocka_unit_test_setup(test_what_cannot_begin_is_told, setup),
        cmocka_unit_test_setup(test_asked_when_the_engine_said, setup),
        cmocka_unit_test_setup(test_no_busy_loop, setup),
        cmocka_unit_test_setup(test_no_drift, setup),
        cmocka_unit_test_setup(test_seven_weeks, setup),
        cmocka_unit_test_setup(test_the_clock_wraps_while_it_waits, setup),
        cmocka_unit_test_setup(test_the_date_once_it_is_known, setup),
        cmocka_unit_test_setup(test_raised_while_it_waits, setup),
        cmocka_unit_test_setup(test_raised_while_a_request_is_under_way, setup),
        cmocka_unit_test_setup(test_acknowledged_while_it_waits, setup),
        cmocka_unit_test_setup(test_acknowledged_while_a_request_is_under_way, setup),
        cmocka_unit_test_setup(test_what_is_not_kept_is_told, setup),
        cmocka_unit_test_setup(test_an_alert_erases_nothing, setup),
    };

    return cmocka_run_group_tests_name("deliver", tests, NULL, NULL);
}
