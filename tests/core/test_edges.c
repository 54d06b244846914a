/*
 * test_edges.c - the delivery engine at the last second, the last message, the last number that still holds
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include <time.h>

#include "world.h"

static struct flash flash;
static struct world world;

static const struct twilio_alert fire = { .text = "Fire", .kind = 3 };
static const struct twilio_alert call = { .text = "Flood", .kind = 4, .ladder = 1 };
static const struct twilio_alert person = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };

/* Requests take no time here: all of it passes where the test says so. */
static void begin(void)
{
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    world.takes = 0;
    assert_int_equal(world_begin(&world), TWILIO_OK);
}

static void power_cycle(void)
{
    assert_int_equal(world_begin(&world), TWILIO_OK);
}

static uint32_t raise_alert(const struct twilio_alert *alert)
{
    uint32_t id = 0;

    assert_int_equal(world_raise(&world, alert, &id), TWILIO_OK);
    return id;
}

static void acknowledge(uint32_t id)
{
    struct twilio_moment moment = world_moment(&world);

    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, id), TWILIO_OK);
}

static void wait_for_request(void)
{
    while (world_next(&world) != TWILIO_OK) {
        world.second += world.alerts.wait;
    }
}

/* The next request meets with that. */
static void answer_next(struct fate fate)
{
    wait_for_request();
    world.fate = fate;
    world_answer(&world);
}

static void expect_next(const char *asked)
{
    answer_next((struct fate){ 0 });
    assert_string_equal(world.asked, asked);
}

/* Do all that can be done in this second. */
static void exhaust(void)
{
    while (world_step(&world)) {
    }
}

/* Until the engine's time is that. What is asked for meanwhile is answered. */
static void run_until(uint32_t time)
{
    while (world.alerts.time < time) {
        if (!world_step(&world)) {
            world.second += (uint32_t)smaller(world.alerts.wait, time - world.alerts.time);
        }
    }
    assert_int_equal(world.alerts.time, time);
}

static void expect_state(uint32_t id, int state)
{
    int is = world_state(&world, id);

    check(is == state, "alert %u is %d, not %d, after %s", id, is, state, world.asked);
}

static unsigned times_told(uint32_t id, bool over)
{
    unsigned times = 0;

    for (unsigned i = 0; i < world.tellings; i++) {
        times += world.told[i].id == id && world.told[i].over == over;
    }
    return times;
}

#define FETCH  "GET Messages/SM00000000000000000000000000abcd00"
#define FETCH2 "GET Messages/SM00000000000000000000000000abcd01"

/* ---- Seconds ----------------------------------------------------------------------------------- */

/* What was perhaps sent is looked for a second after the settle time, neither sooner nor later; but not after
 * its deadline, though that is not in the journal's head. */
static void settle_time(void **state)
{
    static const struct twilio_alert minute = { .text = "Fire", .deadline = 60 };
    static const struct twilio_alert hurried = { .text = "Fire", .deadline = 20 };

    (void)state;
    begin();
    world_run(&world, 200);
    raise_alert(&minute);
    answer_next((struct fate){ .unanswered = true });
    assert_int_equal(world_next(&world), TWILIO_AGAIN);
    assert_int_equal(world.alerts.wait, SETTLE + 1);

    begin();
    raise_alert(&fire);
    wait_for_request();  /* and then power is lost */
    power_cycle();
    assert_int_equal(world_next(&world), TWILIO_AGAIN);
    assert_int_equal(world.alerts.wait, SETTLE + 1);

    begin();
    raise_alert(&hurried);
    answer_next((struct fate){ .unanswered = true });
    assert_int_equal(world_next(&world), TWILIO_AGAIN);
    assert_int_equal(world.alerts.wait, 20);
    world.second += 20;
    exhaust();
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    assert_int_equal(times_told(1, true), 1);
}

/* At the second at which a rung's time is over the next one is climbed to, before what is less urgent. */
static void end_of_a_rung(void **state)
{
    static const struct twilio_alert high = { .text = "Fire", .ladder = 2, .priority = 9 };
    static const struct twilio_alert low = { .text = "Flood", .priority = 8 };

    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&high);
    exhaust();
    run_until(world.alerts.time + 119);
    exhaust();
    assert_int_equal(world.count, 1);
    world.second++;
    raise_alert(&low);
    expect_next("POST Messages whatsapp:" ANNA " #A7-1.1 Fire");
}

/* Who is told to wait in the middle of a round goes on with it, and does not begin anew. */
static void round_goes_on(void **state)
{
    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&fire);
    raise_alert(&fire);
    exhaust();
    assert_int_equal(world.count, 2);
    answer_next((struct fate){ .code = 429, .retry_after = 5 });
    assert_string_equal(world.asked, FETCH);
    expect_next(FETCH2);
    expect_next(FETCH);
}

/* Two wait for the same second: the urgent one comes first, though it is younger, and was written first. */
static void urgent_first(void **state)
{
    static const struct twilio_alert urgent = { .text = "Flood", .priority = 200 };
    static const struct fate refused = { .code = 401, .body = "{\"code\": 20003}" };

    (void)state;
    begin();
    raise_alert(&fire);
    raise_alert(&urgent);
    answer_next(refused);
    assert_string_equal(world.asked, "POST Messages " ANNA " #A7-2 Flood");
    answer_next(refused);
    assert_string_equal(world.asked, "POST Messages " ANNA " #A7-1 Fire");
    world.alerts.balance_at += 10000;
    expect_next("POST Messages " ANNA " #A7-2.1 Flood");
    expect_next("POST Messages " ANNA " #A7-1.1 Fire");
}

/* The preferred path is tried again 900 seconds after it was left, not one later. */
static void preferred_path(void **state)
{
    struct twilio_account accounts[] = { world_account, world_account };
    uint32_t back;

    (void)state;
    begin();
    world.alerts.accounts = accounts;
    world.alerts.paths = 2;
    power_cycle();
    answer_next((struct fate){ .lost = true });
    assert_int_equal(world.alerts.path, 0);
    answer_next((struct fate){ .lost = true });
    assert_int_equal(world.alerts.path, 1);
    back = world.alerts.time + 900;
    run_until(back - 1);
    world_next(&world);
    assert_int_equal(world.alerts.path, 1);
    if (world.alerts.asked != 0) {
        world_answer(&world);
    }
    world.second++;
    world_next(&world);
    assert_int_equal(world.alerts.time, back);
    assert_int_equal(world.alerts.path, 0);
}

/* Quiet lasts as many seconds as are set; and as long as nobody knows whether it was sent. */
static void quiet_time(void **state)
{
    uint32_t from;

    (void)state;
    begin();
    world.alerts.quiet = 100;
    power_cycle();
    raise_alert(&fire);
    from = world.alerts.time;
    run_until(from + 99);
    assert_int_equal(raise_alert(&fire), 1);
    world.second++;
    assert_int_equal(raise_alert(&fire), 2);
    run_until(from + 600);
    assert_int_equal(times_told(1, true), 1);

    begin();
    world.alerts.quiet = 20;
    power_cycle();
    raise_alert(&fire);
    answer_next((struct fate){ .unanswered = true });
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    world.second += 25;
    assert_int_equal(raise_alert(&fire), 1);
}

/* What is over is settled at once, if nothing of it is needed any more. */
static void settled_at_once(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    acknowledge(1);
    assert_int_equal(world.alerts.journal.live, 0);

    begin();
    world.alerts.quiet = 50;
    power_cycle();
    raise_alert(&fire);
    world.second += 50;
    acknowledge(1);
    assert_int_equal(world.alerts.journal.live, 0);
}

/* What is left of a deadline: by the date only if that says that more has passed. It may be set back. */
static void date_set_back(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .deadline = 700 };
    uint32_t from, left;

    (void)state;
    begin();
    from = world.second;
    raise_alert(&alert);
    answer_next((struct fate){ .lost = true });
    power_cycle();
    while (world.second < from + 200) {
        answer_next((struct fate){ .lost = true });
    }
    world.utc_error = 0U - (world.second - from - 10);
    while (world.count == 0) {
        answer_next((struct fate){ 0 });
    }
    left = 700 - (world.second - from);
    assert_in_range(world.sent[0].validity, left - 5, left + 5);
}

/* ---- The budget --------------------------------------------------------------------------------- */

/* As many as may go in an hour go at once, and not one more, whatever their priority; a cut of power does not
 * change it. */
static void budget(void **state)
{
    struct twilio_alert alert = { .text = "Fire" };

    (void)state;
    for (unsigned urgent = 0; urgent < 2; urgent++) {
        alert.priority = urgent ? TWILIO_ALERT_URGENT : 0;
        for (unsigned cut = 0; cut < 4; cut++) {
            begin();
            world.alerts.per_hour = 3;
            power_cycle();
            for (unsigned i = 0; i < 5; i++) {
                raise_alert(&alert);
                if (cut == 1 && i == 0) {
                    power_cycle();
                }
            }
            exhaust();
            check(world.count == 3, "%u sent, cut %u", world.count, cut);
            assert_int_equal(world.alerts.level, 0);
            if (cut == 3) {
                world_run(&world, 10);  /* delivered, and settled */
            }
            if (cut >= 2) {
                power_cycle();
                exhaust();
                check(world.count == 3, "%u sent after cut %u", world.count, cut);
            }
        }
    }
}

/* Second sendings are not held; they take what there is. */
static void second_sending(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .flags = TWILIO_ALERT_RESEND };

    (void)state;
    begin();
    world.alerts.per_hour = 2;
    power_cycle();
    raise_alert(&alert);
    answer_next((struct fate){ .unanswered = true });
    world.alerts.level = 3599;
    assert_int_equal(world_next(&world), TWILIO_OK);
    assert_int_equal(world.alerts.level, 0);
}

/* ---- Lists ---------------------------------------------------------------------------------------- */

static const char *date_text(uint32_t seconds)
{
    static char text[40];
    time_t at = (time_t)seconds;

    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", gmtime(&at));
    return text;
}

/* A list is read until an item is older than what is looked for by more than an hour; one that tells no date
 * ends nothing. */
static void old_enough(void **state)
{
    static const struct {
        uint32_t older;
        bool dated, found;
    } rows[] = { { 3600, true, true }, { 3601, true, false }, { 0, false, true } };
    char body[512];

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        uint32_t intent;

        begin();
        raise_alert(&fire);
        intent = world_utc(&world);
        answer_next((struct fate){ .code = 500 });
        snprintf(body, sizeof body, "{\"messages\": [{\"body\": \"x\", \"date_created\": \"%s\", "
                 "\"sid\": \"SM" HEX32 "\"}, {\"body\": \"#A7-1 Fire\", \"date_created\": \"\", "
                 "\"sid\": \"SM" HEX32 "\"}], \"next_page_uri\": null}",
                 rows[i].dated ? date_text(intent - rows[i].older) : "");
        answer_next((struct fate){ .code = 200, .body = body });
        assert_string_equal(world.asked, "GET Messages " ANNA);
        wait_for_request();
        world_answer(&world);
        check((strncmp(world.asked, "POST", 4) != 0) == rows[i].found, "row %u: %s", i, world.asked);
    }
}

/* A call that was created a minute before it was meant to be, by our clock, is it; an older one is not. */
static void clocks_differ(void **state)
{
    (void)state;
    for (uint32_t error = 60; error <= 61; error++) {
        begin();
        world.utc_error = error;
        raise_alert(&call);
        answer_next((struct fate){ .unanswered = true });
        world_run(&world, 120);
        assert_int_equal(world.count, error - 59);
    }
}

/* Replies are listened for before it is known that it was delivered, too; and what an earlier list ended with
 * does not end the next one. */
static void reply_before_delivery(void **state)
{
    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&person);
    exhaust();
    world.replies[0] = (struct reply){ MINE, ANNA, "Hello", world_utc(&world) - 7200 };
    world.reply_count = 1;
    world_run(&world, 60);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    world.replies[1] = (struct reply){ MINE, ANNA, "ok", world_utc(&world) + 1 };
    world.reply_count = 2;
    world_run(&world, 200);
    expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
}

/* Each rung that was tried is listened to. */
static void reply_on_a_rung(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2, .deadline = 220,
                                               .flags = TWILIO_ALERT_ACKNOWLEDGE };
    static const struct reply replies[] = { { MINE, ANNA, "ok", 0 },
                                            { "whatsapp:" MINE, "whatsapp:" ANNA, "ok", 0 } };

    (void)state;
    for (unsigned i = 0; i < COUNT(replies); i++) {
        begin();
        world.status = "sent";
        raise_alert(&alert);
        world_run(&world, 125);
        assert_int_equal(world.count, 2);
        world.replies[0] = replies[i];
        world.replies[0].date = world_utc(&world);
        world.reply_count = 1;
        world_run(&world, 80);
        expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
    }
}

/* ---- Answers ------------------------------------------------------------------------------------ */

static void success(void **state)
{
    static const struct {
        uint16_t code;
        int state;
    } rows[] = {
        { 199, TWILIO_ALERT_UNKNOWN }, { 200, TWILIO_ALERT_ACCEPTED }, { 299, TWILIO_ALERT_ACCEPTED },
        { 300, TWILIO_ALERT_QUEUED },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        raise_alert(&fire);
        answer_next((struct fate){ .code = rows[i].code, .body = "{\"sid\": \"SM" HEX32 "\"}" });
        expect_state(1, rows[i].state);
        begin();
        world.alerts.faults = TWILIO_FAULT_ACCESS;
        answer_next((struct fate){ .code = rows[i].code, .body = "{}" });
        check((world.alerts.faults & TWILIO_FAULT_ACCESS) == (rows[i].code < 300 ? 0 : TWILIO_FAULT_ACCESS),
              "%u: %x", rows[i].code, world.alerts.faults);
    }
}

/* Why a message was not delivered nobody knows: not by another message to that number. */
static void unknown_reason(void **state)
{
    static const struct twilio_rung rungs[] = {
        { ANNA, MINE, false, 0 }, { ANNA, "+15550000008", false, 0 }, { BERT, MINE, false, 0 },
    };
    static const struct twilio_ladder ladder = { rungs, COUNT(rungs) };

    (void)state;
    begin();
    world.alerts.ladders = &ladder;
    world.alerts.ladder_count = 1;
    power_cycle();
    world.status = "undelivered";
    world.error = 31999;
    raise_alert(&fire);
    exhaust();
    expect_next(FETCH);
    expect_next("POST Messages " BERT " #A7-1.1 Fire");
}

/* A rung has failed, and the next one was never tried: what is known is told. */
static void failed_then_expired(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .deadline = 100 };
    static const struct twilio_rung rungs[] = { { ANNA, MINE, false, 0 }, { BERT, MINE, false, 0 } };
    static const struct twilio_ladder ladder = { rungs, COUNT(rungs) };

    (void)state;
    begin();
    world.alerts.ladders = &ladder;
    world.alerts.ladder_count = 1;
    power_cycle();
    world.status = "undelivered";
    world.error = 30007;
    raise_alert(&alert);
    exhaust();
    expect_next(FETCH);
    while (times_told(1, true) == 0) {
        wait_for_request();
        world.fate.lost = true;
        world_answer(&world);
    }
    assert_int_equal(world.count, 1);
    assert_int_equal(world.told[world.tellings - 1].state, TWILIO_ALERT_UNDELIVERED);
}

/* A ladder whose rungs all failed for what may be mended is climbed again from its first. */
static void mended_from_the_first(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2 };

    (void)state;
    begin();
    raise_alert(&alert);
    for (unsigned i = 0; i < 4; i++) {
        answer_next((struct fate){ .code = 401, .body = "{\"code\": 20003}" });
    }
    world.alerts.balance_at += 10000;
    expect_next("POST Messages " ANNA " #A7-1.4 Fire");
}

/* ---- The link ------------------------------------------------------------------------------------- */

static uint32_t chosen(uint32_t limit)
{
    return (world.alerts.random >> 16) * (limit + 1) >> 16;
}

/* What is told of the credentials by one answer is not told again by the next one, a list. */
static void code_of_another_answer(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    answer_next((struct fate){ .code = 500 });
    world.alerts.hold = world.alerts.balance_at = world.alerts.time;
    answer_next((struct fate){ .code = 401, .body = "{\"code\": 20003}" });
    assert_string_equal(world.asked, "GET Balance");
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_ACCESS);
    expect_next("GET Messages " ANNA);
    assert_int_equal(world.alerts.faults, 0);
}

/* A list that does not end is read up to 1,000 items. */
static void endless_list(void **state)
{
    static char body[4096];
    unsigned pages = 0;
    size_t used;

    (void)state;
    begin();
    raise_alert(&fire);
    answer_next((struct fate){ .code = 500 });
    for (;; pages++) {
        used = (size_t)snprintf(body, sizeof body, "{\"messages\": [");
        for (unsigned i = 0; i < 20; i++) {
            used += (size_t)snprintf(body + used, sizeof body - used,
                                     "%s{\"body\": \"x\", \"sid\": \"SM" HEX32 "\"}", i == 0 ? "" : ", ");
        }
        snprintf(body + used, sizeof body - used, "], \"next_page_uri\": \"/2010-04-01/Accounts/AC" HEX32
                 "/Messages.json?Page=%u\"}", pages + 1);
        answer_next((struct fate){ .code = 200, .body = body });
        if (strncmp(world.asked, "GET Messages", 12) != 0) {
            break;
        }
        assert_true(pages < 60);
    }
    assert_int_equal(pages, 50);
}

/* Each failure in a row doubles the time that the next attempt is chosen from, up to five minutes. */
static void backs_off(void **state)
{
    static const uint32_t limits[] = { 2, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300 };

    (void)state;
    for (unsigned retry_after = 0; retry_after < 8; retry_after += 7) {
        begin();
        for (unsigned i = 0; i < COUNT(limits); i++) {
            answer_next((struct fate){ .code = 500, .retry_after = retry_after });
            check(world.alerts.hold - world.alerts.time == retry_after + chosen(limits[i]) + 1,
                  "failure %u: %u s", i, world.alerts.hold - world.alerts.time);
        }
    }
}

/* However long it lasts, paths take turns, two failures each, and the time in between stays long. */
static void fails_for_long(void **state)
{
    struct twilio_account accounts[] = { world_account, world_account };

    (void)state;
    begin();
    world.alerts.accounts = accounts;
    world.alerts.paths = 2;
    power_cycle();
    for (unsigned i = 1; i <= 600; i++) {
        answer_next((struct fate){ .lost = true });
        check(world.alerts.path == i / 2 % 2, "failure %u: path %u", i, world.alerts.path);
        check(i < 14 || world.alerts.hold - world.alerts.time == chosen(300), "failure %u: %u s", i,
              world.alerts.hold - world.alerts.time);
    }
}

/* The next proof of the link is due after half of what is set, less up to a quarter of it, by chance. */
static void next_proof(void **state)
{
    (void)state;
    begin();
    world.alerts.supervise = 400;
    power_cycle();
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(world.alerts.balance_at - world.alerts.time, 200 - chosen(100));
        expect_next("GET Balance");
    }
}

static void certificate(void **state)
{
    (void)state;
    begin();
    wait_for_request();
    world.expires = world_utc(&world) + 1209600;
    world_answer(&world);
    assert_int_equal(world.alerts.faults, 0);
    wait_for_request();
    world.expires = world_utc(&world) + 1209599;
    world_answer(&world);
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_CERTIFICATE);
}

/* ---- Settings ------------------------------------------------------------------------------------ */

static void names(void **state)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    (void)state;
    begin();
    for (int octet = 1; octet < 256; octet++) {
        char name[] = { (char)octet, '\0' };
        bool is = strchr(allowed, octet) != NULL;

        world.alerts.name = name;
        check(world_begin(&world) == (is ? TWILIO_OK : TWILIO_ERR_ARGUMENT), "octet %d", octet);
    }
}

/* Each rung of each ladder is looked at. */
static void ladders(void **state)
{
    static const struct twilio_rung good[] = { { ANNA, MINE, false, 0 } };
    static const struct twilio_rung bad[] = { { ANNA, MINE, false, 0 }, { "12", MINE, false, 0 } };
    static const struct twilio_ladder second_rung[] = { { bad, 2 } };
    static const struct twilio_ladder second_ladder[] = { { good, 1 }, { bad, 2 } };

    (void)state;
    begin();
    world.alerts.supervise = 0;
    power_cycle();
    assert_int_equal(world.alerts.supervise, 180);
    world.alerts.ladders = second_rung;
    world.alerts.ladder_count = 1;
    assert_int_equal(world_begin(&world), TWILIO_ERR_NUMBER);
    world.alerts.ladders = second_ladder;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    world.alerts.ladder_count = 2;
    assert_int_equal(world_begin(&world), TWILIO_ERR_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settle_time),
        cmocka_unit_test(end_of_a_rung),
        cmocka_unit_test(round_goes_on),
        cmocka_unit_test(urgent_first),
        cmocka_unit_test(preferred_path),
        cmocka_unit_test(quiet_time),
        cmocka_unit_test(settled_at_once),
        cmocka_unit_test(date_set_back),
        cmocka_unit_test(budget),
        cmocka_unit_test(second_sending),
        cmocka_unit_test(old_enough),
        cmocka_unit_test(clocks_differ),
        cmocka_unit_test(reply_before_delivery),
        cmocka_unit_test(reply_on_a_rung),
        cmocka_unit_test(success),
        cmocka_unit_test(unknown_reason),
        cmocka_unit_test(failed_then_expired),
        cmocka_unit_test(mended_from_the_first),
        cmocka_unit_test(code_of_another_answer),
        cmocka_unit_test(endless_list),
        cmocka_unit_test(backs_off),
        cmocka_unit_test(fails_for_long),
        cmocka_unit_test(next_proof),
        cmocka_unit_test(certificate),
        cmocka_unit_test(names),
        cmocka_unit_test(ladders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
