/*
 * test_alerts.c - the delivery engine: each of its rules, in a simulated world
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "world.h"

static struct flash flash;
static struct world world;

static void begin(void)
{
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    assert_int_equal(world_begin(&world), TWILIO_OK);
}


static const struct twilio_alert fire = { .text = "Fire" };

static uint32_t raise_alert(const struct twilio_alert *alert)
{
    uint32_t id = 0;

    assert_int_equal(world_raise(&world, alert, &id), TWILIO_OK);
    return id;
}

/* Wait for the next request, and see that it is this one. Returns the seconds that were waited. */
static uint32_t ask(const char *expected)
{
    uint32_t from = world.second;

    for (unsigned i = 0; i < 1000; i++) {
        uint32_t waited = world.second - from;
        if (world_step(&world)) {
            check(strcmp(world.asked, expected) == 0, "asked: %s; expected: %s", world.asked, expected);
            return waited;
        }
        world.second += world.alerts.wait;
    }
    fail_msg("never asked: %s", expected);
    return 0;
}

static void expect_state(uint32_t id, int state)
{
    int is = world_state(&world, id);

    check(is == state, "alert %u is %d, not %d, after %s", id, is, state, world.asked);
}

static void power_cycle(uint32_t off)
{
    world.second += off;
    assert_int_equal(world_begin(&world), TWILIO_OK);
}

#define POST  "POST Messages " ANNA " #A7-1 Fire"
#define LOOK  "GET Messages " ANNA
#define FETCH "GET Messages/SM00000000000000000000000000abcd00"
#define CALLED "GET Calls/CA00000000000000000000000000abcd00"

/* ---- Sending ---------------------------------------------------------------------------------- */

static void test_healthy(void **state)
{
    uint32_t id;

    (void)state;
    begin();
    id = raise_alert(&fire);
    assert_int_equal(id, 1);
    assert_int_equal(world.requests, 0);
    expect_state(id, TWILIO_ALERT_QUEUED);
    assert_int_equal(ask(POST), 0);
    assert_int_equal(world.sent[0].validity, 3600);
    assert_string_equal(world.sent[0].from, MINE);
    expect_state(id, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(ask(FETCH), 2);
    expect_state(id, TWILIO_ALERT_DELIVERED);
    assert_int_equal(world.count, 1);
    assert_int_equal(world.tellings, 3);
    assert_int_equal(world.told[0].state, TWILIO_ALERT_SENDING);
    assert_int_equal(world.told[1].state, TWILIO_ALERT_ACCEPTED);
    assert_string_equal(world.told[1].sid, world.sent[0].sid);
    assert_false(world.told[1].over);
    assert_int_equal(world.told[2].state, TWILIO_ALERT_DELIVERED);
    assert_true(world.told[2].over);
    assert_string_equal(world.told[2].sid, world.sent[0].sid);
    assert_int_equal(world.alerts.faults, 0);
}

/* What was raised is durable before anything is sent: power fails at once. */
static void test_durable(void **state)
{
    static const struct twilio_alert door = { .text = "Door\tz\xC3\xBC", .kind = 3, .priority = 9 };
    struct twilio_alert_status status;

    (void)state;
    begin();
    raise_alert(&fire);
    assert_int_equal(raise_alert(&door), 2);
    power_cycle(86400 * 2);
    world.no_utc = true;
    ask("POST Messages " ANNA " #A7-2 Door\tz\xC3\xBC");
    ask(POST);
    assert_int_equal(twilio_alerts_status(&world.alerts, 2, &status), TWILIO_ITEM);
    assert_int_equal(status.kind, 3);
    assert_int_equal(world_state(&world, 3), TWILIO_OK);
}

/* Certainly not sent: again at once, then later and later by chance, but never later than 300 seconds. Flash
 * is not touched for that. */
static void test_backoff(void **state)
{
    uint32_t most = 2, waited, longest[24] = { 0 }, programs = 0;

    (void)state;
    for (unsigned seed = 0; seed < 40; seed++) {
        begin();
        world.random = seed * 7919;
        raise_alert(&fire);
        world.fate = (struct fate){ .lost = true };
        assert_int_equal(ask(POST), 0);
        world.fate = (struct fate){ .lost = true, .result = TWILIO_ERR_DNS };
        if (seed % 2 != 0) {
            world.fate.result = TWILIO_ERR_CLOSED;
        }
        assert_int_equal(ask(POST), 0);
        programs = flash.programs;
        most = 2;
        for (unsigned i = 0; i < 9; i++) {
            world.fate = (struct fate){ .lost = true };
            waited = ask(POST);
            check(waited <= most, "waited %u of at most %u", waited, most);
            longest[i] = waited > longest[i] ? waited : longest[i];
            most = most * 2 < 300 ? most * 2 : 300;
        }
        check(flash.programs == programs, "written for nothing");
        expect_state(1, TWILIO_ALERT_SENDING);
        ask(POST);
        assert_int_equal(world.count, 1);
        assert_int_equal(world.alerts.failures, 0);
    }
    assert_int_equal(longest[0], 2);
    for (unsigned i = 2; i < 9; i++) {
        most = 2U << i < 300 ? 2U << i : 300;
        check(longest[i] > most / 2, "jitter is not full: %u of %u", longest[i], most);
    }
}

static void test_paths(void **state)
{
    static const struct twilio_account accounts[] = {
        { .sid = "AC" HEX32, .secret = "one" }, { .sid = "AC" HEX32, .secret = "two", .edge = "dublin" }
    };

    (void)state;
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    world.alerts.accounts = accounts;
    world.alerts.paths = 2;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    raise_alert(&fire);
    for (unsigned i = 0; i < 4; i++) {
        world.fate.lost = i < 2;
        assert_int_equal(world_next(&world), TWILIO_OK);
        check(world.alerts.path == i / 2, "%u: path %u", i, world.alerts.path);
        assert_ptr_equal(world.alerts.request.account, accounts + i / 2);
        world_answer(&world);
        if (i == 2) {
            break;
        }
    }
    world_run(&world, 880);
    assert_int_equal(world.alerts.path, 1);
    world_run(&world, 130);
    assert_int_equal(world.alerts.path, 0);
}

/* A certificate that is not trusted is the way's fault, and not the number's. */
static void test_trust(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    world.fate = (struct fate){ .lost = true, .result = TWILIO_ERR_EXPIRED };
    ask(POST);
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_ACCESS);
    assert_int_equal(world.alerts.last_result, TWILIO_ERR_EXPIRED);
    ask(POST);
    assert_int_equal(world.alerts.faults, 0);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
}

/* ---- Unknown ---------------------------------------------------------------------------------- */

/* Whatever leaves the outcome open: whether it was carried out is found out, after the settle time. */
static void test_unknown(void **state)
{
    static const struct fate fates[] = {
        { .unanswered = true }, { .code = 500, .done = true }, { .code = 500 },
        { .code = 503, .retry_after = 7 }, { .unanswered = true, .result = TWILIO_ERR_RESET },
        { .unanswered = true, .result = TWILIO_ERR_CLOSED },
        { .code = 201, .body = "{\"status\": \"queued\"}", .done = true },
        { .code = 201, .body = "{\"sid\": \"SM0123\"}", .done = true },
        { .code = 201, .body = "<html>" }, { .code = 502, .body = "<html>" }, { .cut = 20 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(fates); i++) {
        bool created = fates[i].unanswered || fates[i].done || fates[i].cut != 0;
        uint32_t waited;

        begin();
        raise_alert(&fire);
        world.fate = fates[i];
        ask(POST);
        expect_state(1, TWILIO_ALERT_UNKNOWN);
        waited = ask(LOOK);
        check(waited > SETTLE && waited < SETTLE + 3, "row %u: looked after %u s", i, waited);
        if (created) {
            expect_state(1, TWILIO_ALERT_ACCEPTED);
            ask(FETCH);
        } else {
            ask(POST);
        }
        world_run(&world, 60);
        expect_state(1, TWILIO_ALERT_DELIVERED);
        check(world.count == 1, "row %u: %u of it", i, world.count);
    }
}

/* An answer that breaks off after its SID was complete is one; and a SID counts for more than a code. */
static void test_sid(void **state)
{
    static const struct fate fates[] = {
        { .cut = 60 }, { .code = 201, .body = "{\"code\": 20429, \"sid\": \"SM" HEX32 "\"}" },
        { .code = 202, .body = "{\"sid\": \"MM" HEX32 "\"" }
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(fates); i++) {
        begin();
        raise_alert(&fire);
        world.fate = fates[i];
        ask(POST);
        expect_state(1, TWILIO_ALERT_ACCEPTED);
        check(strlen(world.told[1].sid) == 34, "row %u: %s", i, world.told[1].sid);
    }
}

/* What the token has to be told from. */
static void test_token(void **state)
{
    static const struct {
        const char *body;
        bool found;
    } rows[] = {
        { "#A7-1 Fire", true }, { "Sent from your Twilio trial account - #A7-1 Fire", true },
        { "#A7-10 Fire", false }, { "#A7-1.1 Fire", false }, { "#B7-1 Fire", false }, { "#a7-1 Fire", false },
        { "Fire #A7-1 ", false }, { "#A7-1", false }, { "", false }, { "Fire", false },
        { "A7-1 Fire", false },
        { "Sent from your Twilio trial account - Fire", false }, { "#A7-1\\u0020x", true },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        raise_alert(&fire);
        world.fate.unanswered = true;
        ask(POST);
        snprintf(world.sent[0].body, sizeof world.sent[0].body, "%s", rows[i].body);
        ask(LOOK);
        ask(rows[i].found ? FETCH : POST);
    }
}

/* Its number has many digits; its name is as long as can be. */
static void test_long_token(void **state)
{
    static const struct twilio_rung rungs[] = { { ANNA, MINE, false, 0 }, { BERT, MINE, false, 0 } };
    static const struct twilio_ladder ladder = { rungs, 2 };
    struct twilio_entry entry = { .settled = 1 };

    (void)state;
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    world.alerts.name = "Kitchen9";
    world.alerts.ladders = &ladder;
    world.alerts.ladder_count = 1;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    for (unsigned i = 0; i < 0x1234; i++) {
        entry.id = 0;
        assert_int_equal(twilio_journal_write(&world.alerts.journal, &entry, NULL), TWILIO_OK);
    }
    raise_alert(&fire);
    world.fate = (struct fate){ .code = 400, .body = "{\"code\": 21610}" };
    ask("POST Messages " ANNA " #Kitchen9-1235 Fire");
    world.fate.unanswered = true;
    ask("POST Messages " BERT " #Kitchen9-1235.1 Fire");
    ask("GET Messages " BERT);
    expect_state(0x1235, TWILIO_ALERT_ACCEPTED);
}

/* Pages are walked while something newer may be there, one request each. */
static void test_pages(void **state)
{
    static const struct {
        unsigned newer;   /* of others, since */
        uint32_t ago;     /* seconds since the intent when the first of the others came */
        unsigned requests;
    } rows[] = { { 0, 0, 1 }, { 3, 0, 2 }, { 7, 0, 3 } };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.page_size = 3;
        raise_alert(&fire);
        world.fate.unanswered = true;
        ask(POST);
        for (unsigned k = 0; k < rows[i].newer; k++) {
            world.sent[world.count] = world.sent[0];
            snprintf(world.sent[world.count++].body, 20, "another %u", k);
        }
        for (unsigned k = 0; k < rows[i].requests; k++) {
            expect_state(1, TWILIO_ALERT_UNKNOWN);
            ask(LOOK);
        }
        expect_state(1, TWILIO_ALERT_ACCEPTED);
        assert_int_equal(world.told[world.tellings - 1].state, TWILIO_ALERT_ACCEPTED);
        assert_string_equal(world.told[world.tellings - 1].sid, world.sent[0].sid);
    }
}

/* A device whose flash was erased counts its alerts anew, but its attempts begin by chance. */
static void test_erased(void **state)
{
    (void)state;
    begin();
    world.sent[world.count++] = (struct sent){ .to = ANNA, .from = MINE, .body = "#A7-1 Fire",
                                               .created = world_utc(&world), .sid = "SM" HEX32 };
    world.chance = 0x9C2;
    raise_alert(&fire);
    world.fate.code = 500;
    ask("POST Messages " ANNA " #A7-1.9C2 Fire");
    ask(LOOK);
    world.fate.unanswered = true;
    ask("POST Messages " ANNA " #A7-1.9C2 Fire");
    ask(LOOK);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(world.count, 2);
}

/* What is over an hour older than the intent ends the walk; with a date that is unknown, nothing does. */
static void test_enough(void **state)
{
    (void)state;
    for (unsigned known = 0; known < 2; known++) {
        begin();
        world.page_size = 3;
        world.no_utc = !known;
        for (unsigned k = 0; k < 10; k++) {
            world.sent[world.count++] = (struct sent){ .to = ANNA, .from = MINE, .body = "old",
                                                       .created = world_utc(&world) - 3700,
                                                       .sid = "SM" HEX32 };
        }
        raise_alert(&fire);
        world.fate.code = 500;
        ask(POST);
        for (unsigned k = 0; k < (known ? 1 : 4); k++) {
            ask(LOOK);
        }
        ask(POST);
    }
}

/* A list may be out of order by less than an hour. */
static void test_disorder(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    world.fate.unanswered = true;
    ask(POST);
    world.sent[world.count++] = (struct sent){ .to = ANNA, .from = MINE, .body = "old",
                                               .created = world_utc(&world) - 3500, .sid = "SM" HEX32 };
    ask(LOOK);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
}

/* Nothing is sent again without a look that was completed. */
static void test_failed_look(void **state)
{
    static const struct fate fates[] = {
        { .lost = true }, { .unanswered = true }, { .code = 500 }, { .code = 401 }, { .code = 404 },
        { .code = 429, .retry_after = 3 }, { .code = 200, .body = "{}" }, { .code = 200, .body = "" },
        { .code = 200, .body = "{\"messages\": null}" }, { .code = 200, .body = "{\"messages\": []" },
        { .code = 200, .body = "{\"messages\": [], \"next_page_uri\": \"https://example.com/\"}" },
        { .code = 200, .body = "{\"messages\": [{\"sid\": \"SM1\", \"body\": \"#A7-1 F\"}]}" },
        { .code = 500, .body = "{\"messages\": [{\"sid\": \"SM" HEX32 "\", \"body\": \"#A7-1 F\"}]}" },
        { .cut = 30 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(fates); i++) {
        begin();
        raise_alert(&fire);
        world.fate = (struct fate){ .unanswered = true };
        ask(POST);
        world.sent[0].listed += 3000;
        for (unsigned k = 0; k < 5; k++) {
            uint32_t waited;
            bool answered = fates[i].code / 100 == 2 || fates[i].code == 401 || fates[i].code == 404;

            world.fate = fates[i];
            waited = ask(LOOK);
            check(waited > SETTLE || (k != 0 && !answered), "row %u: looked again after %u s", i, waited);
            expect_state(1, TWILIO_ALERT_UNKNOWN);
        }
        world.sent[0].listed = 0;
        ask(LOOK);
        check(world_state(&world, 1) == TWILIO_ALERT_ACCEPTED, "row %u", i);
        check(world.count == 1, "row %u: sent again", i);
    }
}

static void test_resend(void **state)
{
    static const struct twilio_alert panic = { .text = "Fire", .flags = TWILIO_ALERT_RESEND };

    (void)state;
    begin();
    raise_alert(&panic);
    world.fate.unanswered = true;
    ask(POST);
    world.fate.unanswered = true;
    assert_int_equal(ask(POST), 0);
    assert_true(ask(LOOK) > SETTLE);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(world.count, 2);

    begin();  /* the same after a cut of power */
    raise_alert(&panic);
    assert_int_equal(world_next(&world), TWILIO_OK);
    power_cycle(1);
    assert_int_equal(world_next(&world), TWILIO_OK);
    assert_int_equal(world.alerts.request.method, TWILIO_POST);
    power_cycle(1);
    assert_true(ask(LOOK) > SETTLE);

    begin();  /* and when the journal fails before the second one: not a third time without a look */
    raise_alert(&panic);
    world.fate.unanswered = true;
    ask(POST);
    flash.fail_program = 1;
    assert_int_equal(world_next(&world), TWILIO_AGAIN);
    flash.fail_program = 0;
    world.second += world.alerts.wait;
    world.fate.unanswered = true;
    ask(POST);
    assert_true(ask(LOOK) > SETTLE);
    assert_int_equal(world.count, 2);
}

/* What was perhaps sent is not told to have expired, though its repetition certainly was not. */
static void test_perhaps_once(void **state)
{
    static const struct twilio_alert alerts[] = {
        { .text = "Fire", .flags = TWILIO_ALERT_RESEND, .deadline = 100 },
        { .text = "Fire", .ladder = 1, .deadline = 100 }
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(alerts); i++) {
        begin();
        world.no_utc = true;
        raise_alert(&alerts[i]);
        world.fate.unanswered = true;
        assert_true(world_step(&world));
        while (world.second < 700) {
            world.fate = (struct fate){ .lost = true };
            world_run(&world, 1);
        }
        expect_state(1, TWILIO_ALERT_UNKNOWN);
        assert_true(world.told[world.tellings - 1].over);
        assert_int_equal(world.count, 1);
    }
}

/* After a cut of power the settle time runs from the start. */
static void test_cut(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    assert_int_equal(world_next(&world), TWILIO_OK);
    power_cycle(5);
    expect_state(1, TWILIO_ALERT_SENDING);
    world.second += SETTLE - 1;
    assert_true(ask(LOOK) >= 1);
    ask(POST);
    assert_int_equal(world.count, 1);

    begin();  /* and when it is too late then to find out, nobody knows */
    raise_alert(&(const struct twilio_alert){ .text = "Fire", .deadline = 20 });
    assert_int_equal(world_next(&world), TWILIO_OK);
    power_cycle(5);
    world_run(&world, SETTLE + 5);
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    assert_int_equal(world.requests, 0);
}

/* ---- Calls ------------------------------------------------------------------------------------- */

static const struct twilio_alert call = { .text = "Fire & flood", .ladder = 1 };
static const struct twilio_alert other = { .text = "Flood", .ladder = 1, .priority = 200 };

#define DIAL "POST Calls " ANNA " <Response><Say loop=\"2\">Fire &#38; flood</Say></Response>"
#define DIAL_OTHER "POST Calls " ANNA " <Response><Say loop=\"2\">Flood</Say></Response>"
#define CALLS "GET Calls " ANNA

static void test_call(void **state)
{
    (void)state;
    begin();
    raise_alert(&call);
    ask(DIAL);
    assert_string_equal(world.sent[0].detection, "");
    ask(CALLED);
    expect_state(1, TWILIO_ALERT_DELIVERED);
    world.alerts.voice = TWILIO_PARAMS({ "voice", "Polly.Amy" });
    raise_alert(&call);
    ask("POST Calls " ANNA " <Response><Say voice=\"Polly.Amy\">Fire &#38; flood</Say></Response>");
}

/* Calls are recognised by date, and are not the one before. */
static void test_unknown_call(void **state)
{
    static const struct {
        uint32_t off;     /* of the device's clock, seconds */
        int      before;  /* the call that is found was created so many seconds before the intent */
        bool     no_utc, found;
    } rows[] = {
        { 0, 0, false, true }, { 0, 59, false, true }, { 0, 62, false, false }, { 50, 0, false, true },
        { (uint32_t)-50, 0, false, true }, { 0, -500, false, true },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.second += 4000;
        world.utc_error = rows[i].off;
        raise_alert(&call);
        world.fate.unanswered = true;
        ask(DIAL);
        world.sent[0].created = world.sent[0].created - (uint32_t)rows[i].before;
        ask(CALLS);
        ask(rows[i].found ? CALLED : DIAL);
    }
    begin();
    world.no_utc = true;
    raise_alert(&call);
    world.fate.unanswered = true;
    ask(DIAL);
    assert_true(ask(DIAL) > SETTLE);
}

static void test_call_again(void **state)
{
    static const struct twilio_rung rungs[] = { { ANNA, MINE, true, 0 }, { ANNA, MINE, true, 0 } };
    static const struct twilio_ladder ladder = { rungs, 2 };
    static const struct twilio_alert alert = { .text = "Fire & flood" };

    (void)state;
    begin();
    world.alerts.ladders = &ladder;
    world.alerts.ladder_count = 1;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    raise_alert(&alert);
    ask(DIAL);
    world.status = "busy";
    ask(CALLED);
    world.fate.code = 500;  /* the second was not placed; the list has the first */
    ask(DIAL);
    ask(CALLS);
    ask(DIAL);
    assert_int_equal(world.count, 2);
}

/* Another alert's call is not this one's, whether it is over already or not. */
static void test_two_calls(void **state)
{
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        begin();
        world.status = over != 0 ? "completed" : "in-progress";
        raise_alert(&call);
        ask(DIAL);
        ask(CALLED);
        raise_alert(&other);
        world.fate.code = 500;
        ask(DIAL_OTHER);
        do {
            world_run(&world, 1);
        } while (strcmp(world.asked, CALLS) != 0);
        expect_state(2, TWILIO_ALERT_UNKNOWN);
        ask(DIAL_OTHER);
        assert_int_equal(world.count, 2);
        world.status = NULL;
        world_run(&world, 100);
        assert_true(world.alerts.journal.live > 0);
        world_run(&world, 700);
        assert_int_equal(world.alerts.journal.live, 0);
    }
}

/* While it is not known whether a number was called, it is not called about something else: for lists could
 * not tell the two. But it is, if that is not to be found out. */
static void test_calls_in_turn(void **state)
{
    uint32_t begun;

    (void)state;
    begin();
    raise_alert(&call);
    world.fate.unanswered = true;
    ask(DIAL);
    raise_alert(&other);
    ask(CALLS);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    ask(DIAL_OTHER);
    begin();
    raise_alert(&call);
    assert_int_equal(world_next(&world), TWILIO_OK);
    power_cycle(1);
    expect_state(1, TWILIO_ALERT_SENDING);
    raise_alert(&other);
    ask(CALLS);
    ask(DIAL);
    begin();
    raise_alert(&call);
    world.fate.unanswered = true;
    ask(DIAL);
    begun = world.second;
    raise_alert(&other);
    do {
        world.fate.code = 403;
        expect_state(2, TWILIO_ALERT_QUEUED);
        check(world.second - begun < 1800 + 2 * SETTLE, "it waits for ever");
        world.second += world_step(&world) ? 0 : world.alerts.wait;
    } while (strcmp(world.asked, DIAL_OTHER) != 0);
    check(world.second - begun >= 1800, "after %u s", (unsigned)(world.second - begun));
}

/* A number is called that nobody else is asked about; a message to it can be recognised. */
static void test_not_in_turn(void **state)
{
    static const struct twilio_rung bert[] = { { BERT, MINE, true, 0 } };
    static const struct twilio_rung anna[] = { { ANNA, MINE, true, 0 } };
    static const struct twilio_rung message[] = { { ANNA, MINE, false, 0 } };
    static const struct twilio_ladder ladders[] = { { anna, 1 }, { bert, 1 }, { message, 1 } };
    static const struct {
        unsigned first, second;
        const char *asked;
    } rows[] = { { 0, 1, "POST Calls " BERT " <Response><Say loop=\"2\">Fire</Say></Response>" },
                 { 0, 2, "POST Messages " ANNA " #A7-2 Fire" },
                 { 2, 0, "POST Calls " ANNA " <Response><Say loop=\"2\">Fire</Say></Response>" } };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct twilio_alert alert = { .text = "Fire", .ladder = (uint8_t)rows[i].first };

        begin();
        world.alerts.ladders = ladders;
        world.alerts.ladder_count = COUNT(ladders);
        assert_int_equal(world_begin(&world), TWILIO_OK);
        raise_alert(&alert);
        world.fate.unanswered = true;
        assert_true(world_step(&world));
        alert.ladder = (uint8_t)rows[i].second;
        raise_alert(&alert);
        ask(rows[i].asked);
    }
}

/* A call that is over is known for as long as another one might be taken for it. */
static void test_call_known(void **state)
{
    (void)state;
    begin();
    raise_alert(&call);
    ask(DIAL);
    raise_alert(&other);
    world.fate.code = 500;
    ask(DIAL_OTHER);
    ask(CALLED);
    expect_state(1, TWILIO_ALERT_DELIVERED);
    while (world.second < 2000) {
        world.fate.lost = true;
        world.second += world_step(&world) ? 0 : world.alerts.wait;
    }
    world.fate.lost = false;
    ask(CALLS);
    ask(DIAL_OTHER);
    world_run(&world, 1300);
    assert_int_equal(world.alerts.journal.live, 0);
}

/* ---- Refused ------------------------------------------------------------------------------------ */

static void test_later(void **state)
{
    static const struct {
        uint16_t code;
        uint32_t asked, least, most;
    } rows[] = { { 429, 5, 6, 8 }, { 429, 1, 2, 4 }, { 429, 0, 1, 4 }, { 429, 3601, 3601, 3603 },
                 { 429, UINT32_MAX, 3601, 3603 }, { 408, 9, 10, 12 }, { 425, 2, 3, 5 } };
    static const struct twilio_alert patient = { .text = "Fire", .deadline = 36000 };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        uint32_t waited = 0;

        begin();
        world.alerts.supervise = 86400;
        assert_int_equal(world_begin(&world), TWILIO_OK);
        raise_alert(&patient);
        world.fate = (struct fate){ .code = rows[i].code, .retry_after = rows[i].asked };
        ask(POST);
        waited = ask(POST);
        check(waited >= rows[i].least && waited <= rows[i].most, "row %u: after %u s", i, waited);
        assert_int_equal(world.count, 1);
    }
}

#define FIRST "POST Messages " ANNA " #A7-1 Fire"
#define WHATS "POST Messages whatsapp:" ANNA " #A7-1.1 Fire"

/* The ladder is: a message to Anna, WhatsApp to Anna, a call to Anna, a message to Bert. */
static void test_refused(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2 };
    static const struct {
        uint16_t code;
        const char *body;
        uint16_t faults;
        uint32_t why;
    } rows[] = {
        { 400, "{\"code\": 21610, \"message\": \"x\"}", 0, 21610 }, { 400, "{\"code\": 21211}", 0, 21211 },
        { 400, "{\"code\": 21606}", TWILIO_FAULT_CONFIGURATION, 21606 },
        { 401, "{\"code\": 20003}", TWILIO_FAULT_ACCESS, 20003 },
        { 403, "", TWILIO_FAULT_CONFIGURATION, 403 },
        { 400, "{\"code\": 21602}", TWILIO_FAULT_PROGRAM, 21602 },
        { 404, "<html>", TWILIO_FAULT_PROGRAM, 404 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        raise_alert(&alert);
        world.fate = (struct fate){ .code = rows[i].code, .body = rows[i].body };
        ask(FIRST);
        expect_state(1, TWILIO_ALERT_QUEUED);
        check(world.alerts.faults == rows[i].faults, "row %u: faults %x", i, world.alerts.faults);
        assert_int_equal(world.told[world.tellings - 1].code, rows[i].why);
        assert_int_equal(world.told[world.tellings - 1].rung, 1);
        assert_int_equal(world.alerts.last_code, rows[i].why);
        assert_int_equal(ask(WHATS), 0);
        check(world.alerts.faults == (rows[i].faults & ~TWILIO_FAULT_ACCESS), "row %u: masked", i);
        raise_alert(&fire);
        ask("POST Messages " ANNA " #A7-2 Fire");
        check(world.alerts.faults == 0, "row %u: faults %x", i, world.alerts.faults);
    }
}

/* Who gets no messages is called; a number that does not exist is not tried again. */
static void test_ways(void **state)
{
    static const struct twilio_rung rungs[] = {
        { ANNA, MINE, false, 0 }, { ANNA, MINE, false, 0 }, { BERT, MINE, false, 0 }, { ANNA, MINE, true, 0 },
        { BERT, MINE, false, 0 }, { BERT, MINE, true, 0 }
    };
    static const struct twilio_ladder both = { rungs, 4 }, anna = { rungs, 2 };
    static const struct {
        const struct twilio_ladder *ladder;
        const char *body, *next;
    } rows[] = {
        { &both, "{\"code\": 21614}", "POST Messages " BERT " #A7-1.1 Fire" },
        { &both, "{\"code\": 21211}", "POST Messages " BERT " #A7-1.1 Fire" },
        { &both, "{\"code\": 21602}", "POST Messages " ANNA " #A7-1.1 Fire" },
        { &anna, "{\"code\": 21614}", NULL }, { &anna, "{\"code\": 21211}", NULL },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.alerts.ladders = rows[i].ladder;
        world.alerts.ladder_count = 1;
        assert_int_equal(world_begin(&world), TWILIO_OK);
        raise_alert(&fire);
        world.fate = (struct fate){ .code = 400, .body = rows[i].body };
        ask(FIRST);
        if (rows[i].next != NULL) {
            ask(rows[i].next);
        } else {
            expect_state(1, TWILIO_ALERT_FAILED);
            assert_int_equal(world.alerts.faults, TWILIO_FAULT_UNSENT);
        }
    }
    begin();
    world.alerts.ladders = &(const struct twilio_ladder){ rungs + 4, 2 };
    world.alerts.ladder_count = 1;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    raise_alert(&fire);
    world.fate = (struct fate){ .code = 400, .body = "{\"code\": 21614}" };
    ask("POST Messages " BERT " #A7-1 Fire");
    ask("POST Calls " BERT " <Response><Say loop=\"2\">Fire</Say></Response>");
}

/* What may be mended is tried anew every five minutes, until the deadline. */
static void test_mended(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .deadline = 700 };
    static const struct fate refused = { .code = 401, .body = "{\"code\": 20003}" };

    (void)state;
    begin();
    raise_alert(&alert);
    world.fate = refused;
    ask(FIRST);
    expect_state(1, TWILIO_ALERT_QUEUED);
    world.alerts.balance_at += 10000;
    world.fate = refused;
    assert_int_equal(ask("POST Messages " ANNA " #A7-1.1 Fire"), 300);
    assert_int_equal(world.sent[0].validity, 0);
    world.alerts.balance_at += 10000;
    assert_int_equal(ask("POST Messages " ANNA " #A7-1.2 Fire"), 300);
    assert_int_equal(world.sent[0].validity, 700 - 602);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(world.alerts.faults, 0);

    begin();  /* what cannot be mended is not */
    raise_alert(&alert);
    world.fate = refused;
    ask(FIRST);
    world.alerts.balance_at += 10000;
    world.fate = (struct fate){ .code = 400, .body = "{\"code\": 21610}" };
    ask("POST Messages " ANNA " #A7-1.1 Fire");
    expect_state(1, TWILIO_ALERT_FAILED);

    begin();
    raise_alert(&alert);
    for (unsigned i = 0; i < 800; i++) {
        world.fate = refused;
        world_run(&world, 1);
    }
    expect_state(1, TWILIO_ALERT_EXPIRED);
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_UNSENT | TWILIO_FAULT_ACCESS);
}

/* ---- Followed ---------------------------------------------------------------------------------- */

static void test_follow(void **state)
{
    static const struct {
        const char *status;
        unsigned ladder, error;
        int state;
        uint16_t faults;
    } rows[] = {
        { "delivered", 0, 0, TWILIO_ALERT_DELIVERED, 0 }, { "read", 0, 0, TWILIO_ALERT_DELIVERED, 0 },
        { "completed", 1, 0, TWILIO_ALERT_DELIVERED, 0 }, { "queued", 0, 0, TWILIO_ALERT_ACCEPTED, 0 },
        { "sent", 0, 0, TWILIO_ALERT_ACCEPTED, 0 }, { "in-progress", 1, 0, TWILIO_ALERT_ACCEPTED, 0 },
        { "undelivered", 0, 30006, TWILIO_ALERT_UNDELIVERED, TWILIO_FAULT_UNSENT },
        { "undelivered", 0, 0, TWILIO_ALERT_UNDELIVERED, TWILIO_FAULT_UNSENT },
        { "failed", 0, 30007, TWILIO_ALERT_FAILED, TWILIO_FAULT_UNSENT },
        { "canceled", 0, 0, TWILIO_ALERT_FAILED, TWILIO_FAULT_UNSENT },
        { "busy", 1, 0, TWILIO_ALERT_FAILED, TWILIO_FAULT_UNSENT },
        { "no-answer", 1, 0, TWILIO_ALERT_FAILED, TWILIO_FAULT_UNSENT },
        { "failed", 1, 0, TWILIO_ALERT_FAILED, TWILIO_FAULT_UNSENT },
        { "failed", 0, 30002, TWILIO_ALERT_QUEUED, TWILIO_FAULT_CONFIGURATION },
        { "undelivered", 0, 30003, TWILIO_ALERT_QUEUED, 0 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct twilio_alert alert = { .text = "Fire", .ladder = (uint8_t)rows[i].ladder };

        begin();
        raise_alert(&alert);
        world.status = rows[i].status;
        world.error = rows[i].error;
        ask(rows[i].ladder == 0 ? POST
                                : "POST Calls " ANNA " <Response><Say loop=\"2\">Fire</Say></Response>");
        ask(rows[i].ladder == 0 ? FETCH : CALLED);
        check(world_state(&world, 1) == rows[i].state, "%s: %d", rows[i].status, world_state(&world, 1));
        check(world.alerts.faults == rows[i].faults, "%s: faults %x", rows[i].status, world.alerts.faults);
        check(world.told[world.tellings - 1].code == rows[i].error, "%s: code", rows[i].status);
    }
}

static const struct twilio_rung two_rungs[] = { { ANNA, MINE, false, 0 }, { BERT, MINE, false, 0 } };
static const struct twilio_ladder two = { two_rungs, 2 };

/* Unreachable for a time: once more, as another message; then not again. */
static void test_unreachable(void **state)
{
    (void)state;
    begin();
    world.status = "undelivered";
    world.error = 30003;
    raise_alert(&fire);
    ask(POST);
    ask(FETCH);
    world.alerts.balance_at += 10000;
    assert_int_equal(ask("POST Messages " ANNA " #A7-1.1 Fire"), 60);
    ask("GET Messages/SM00000000000000000000000000abcd01");
    expect_state(1, TWILIO_ALERT_UNDELIVERED);

    begin();  /* so it is with each rung */
    world.alerts.ladders = &two;
    world.alerts.ladder_count = 1;
    world_begin(&world);
    world.status = "undelivered";
    world.error = 30003;
    raise_alert(&fire);
    world_run(&world, 600);
    assert_int_equal(world.count, 4);
    assert_string_equal(world.sent[1].to, ANNA);
    assert_string_equal(world.sent[2].to, BERT);
}

/* An attempt at another number may be resent, too. */
static void test_resend_each(void **state)
{
    static const struct twilio_alert panic = { .text = "Fire", .flags = TWILIO_ALERT_RESEND };

    (void)state;
    begin();
    world.alerts.ladders = &two;
    world.alerts.ladder_count = 1;
    world_begin(&world);
    raise_alert(&panic);
    world.fate.unanswered = true;
    ask(FIRST);
    world.fate = (struct fate){ .code = 400, .body = "{\"code\": 21610}" };
    ask(FIRST);
    world.fate.unanswered = true;
    ask("POST Messages " BERT " #A7-1.1 Fire");
    assert_true(ask("POST Messages " BERT " #A7-1.1 Fire") <= 2);
}

/* A program that was updated has other ladders, perhaps. */
static void test_updated(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 1 };

    (void)state;
    begin();
    raise_alert(&alert);
    world.alerts.ladder_count = 1;
    power_cycle(1);
    ask(FIRST);

    begin();
    world.alerts.ladders = &two;
    world.alerts.ladder_count = 1;
    world_begin(&world);
    raise_alert(&fire);
    world.fate = (struct fate){ .code = 400, .body = "{\"code\": 21610}" };
    ask(FIRST);
    world.alerts.ladders = world_ladders;
    power_cycle(1);
    ask("POST Messages " ANNA " #A7-1.1 Fire");
}

/* Nor whose replies would be due on the rungs that it lost. */
static void test_shorter(void **state)
{
    static const struct twilio_rung one_rung[] = { { ANNA, MINE, false, 0 } };
    static const struct twilio_ladder one = { one_rung, 1 };
    static const struct twilio_alert alert = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    begin();
    world.alerts.ladders = &two;
    world.alerts.ladder_count = 1;
    world_begin(&world);
    raise_alert(&alert);
    world.status = "undelivered";
    world.error = 30006;
    ask(FIRST);
    ask(FETCH);
    world.status = "sent";
    ask("POST Messages " BERT " #A7-1.1 Fire");
    world.alerts.ladders = &one;
    power_cycle(1);
    for (unsigned i = 0; i < 6; i++) {
        ask(i % 2 == 0 ? "GET Messages/SM00000000000000000000000000abcd01" : "GET Messages " MINE);
    }
}

/* What the engine counts goes on after a start from the last record. */
static void test_count(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2 };

    (void)state;
    begin();
    world.no_utc = true;
    world.status = "sent";
    raise_alert(&alert);
    world_run(&world, 125);
    assert_int_equal(world.count, 2);
    power_cycle(1000);
    assert_in_range(world.alerts.time, 122, 130);
}

/* Polling backs off to once a minute. */
static void test_polling(void **state)
{
    static const uint32_t pauses[] = { 2, 2, 4, 8, 16, 32, 60, 60, 60 };

    (void)state;
    begin();
    world.alerts.supervise = 86400;
    world.status = "sent";
    world.takes = 0;
    raise_alert(&fire);
    ask(POST);
    for (unsigned i = 0; i < COUNT(pauses); i++) {
        uint32_t waited = ask(FETCH);
        check(waited == pauses[i], "poll %u after %u s", i, waited);
    }
    power_cycle(1);
    ask(FETCH);
    assert_int_equal(ask(FETCH), 2);
    assert_int_equal(ask(FETCH), 4);
}

/* What is accepted anew is looked after as often as if it were alone; but not before what is to be sent. */
static void test_rounds(void **state)
{
    static const struct twilio_alert panic = { .text = "Fire", .priority = 200 };

    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&fire);
    world_run(&world, 1000);
    raise_alert(&panic);
    ask("POST Messages " ANNA " #A7-2 Fire");
    assert_int_equal(ask(FETCH), 2);
    assert_int_equal(ask("GET Messages/SM00000000000000000000000000abcd01"), 0);
    assert_int_equal(ask(FETCH), 2);
    assert_int_equal(ask("GET Messages/SM00000000000000000000000000abcd01"), 0);
    ask(FETCH);
    raise_alert(&fire);
    ask("POST Messages " ANNA " #A7-3 Fire");
}

/* How long a ladder's last rung waits does not matter: there is nothing to wait for but the deadline. */
static void test_last_rung(void **state)
{
    static const struct twilio_rung rung = { ANNA, MINE, false, 60 };
    static const struct twilio_ladder ladder = { &rung, 1 };

    (void)state;
    begin();
    world.alerts.ladders = &ladder;
    world.alerts.ladder_count = 1;
    world.status = "sent";
    assert_int_equal(world_begin(&world), TWILIO_OK);
    raise_alert(&fire);
    world_run(&world, 300);
    assert_false(world.told[world.tellings - 1].over);
    world.status = "delivered";
    world_run(&world, 61);
    expect_state(1, TWILIO_ALERT_DELIVERED);
}

static void test_escalation(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2 };

    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&alert);
    ask(FIRST);
    world_run(&world, 118);
    assert_int_equal(world.count, 1);
    world_run(&world, 5);
    assert_int_equal(world.count, 2);
    assert_string_equal(world.sent[1].to, "whatsapp:" ANNA);
    assert_string_equal(world.sent[1].from, "whatsapp:" MINE);
    world_run(&world, 122);
    assert_int_equal(world.count, 3);
    assert_true(world.sent[2].call);
    world_run(&world, 64);
    assert_int_equal(world.count, 4);
    assert_string_equal(world.sent[3].to, BERT);
    world_run(&world, 4000);
    assert_int_equal(world.count, 4);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    assert_int_equal(world.alerts.faults, 0);
}

/* ---- Acknowledged ------------------------------------------------------------------------------- */

static void test_reply(void **state)
{
    static const struct {
        const char *body, *wanted;
        int seconds;  /* after the message was created */
        bool is;
    } rows[] = {
        { "OK", NULL, 10, true }, { "ok, coming", NULL, 1, true }, { "Okay", NULL, 3, true },
        { "I am driving", NULL, 10, false }, { "O", NULL, 10, false }, { "OK", NULL, -1, false },
        { "OK", NULL, 0, false }, { "yes", "YES", 10, true }, { "OK", "YES", 10, false },
        { "what?", "", 10, true },
    };
    static const struct twilio_alert alert = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.alerts.reply = rows[i].wanted;
        raise_alert(&alert);
        ask(POST);
        ask(FETCH);
        expect_state(1, TWILIO_ALERT_DELIVERED);
        assert_false(world.told[world.tellings - 1].over);
        world.replies[0] = (struct reply){ .to = MINE, .from = ANNA,
                                           .date = world.sent[0].created + (uint32_t)rows[i].seconds };
        snprintf(world.replies[0].body, sizeof world.replies[0].body, "%s", rows[i].body);
        world.reply_count = 1;
        ask("GET Messages " MINE);
        if (!rows[i].is) {
            ask("GET Messages " MINE);
        }
        world_run(&world, 30);
        check((world_state(&world, 1) == TWILIO_ALERT_ACKNOWLEDGED) == rows[i].is, "row %u", i);
        if (!rows[i].is) {
            world_run(&world, 4000);
            assert_true(world.told[world.tellings - 1].over);
            expect_state(1, TWILIO_ALERT_DELIVERED);
        }
        assert_int_equal(world.count, 1);
    }
}

/* A reply may be on any page. */
static void test_reply_page(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    begin();
    world.page_size = 1;
    raise_alert(&alert);
    ask(POST);
    world.replies[0] = (struct reply){ MINE, ANNA, "ok", world_utc(&world) + 1 };
    world.replies[1] = (struct reply){ MINE, ANNA, "who?", world_utc(&world) + 1 };
    world.reply_count = 2;
    ask(FETCH);
    ask("GET Messages " MINE);
    expect_state(1, TWILIO_ALERT_DELIVERED);
    assert_int_equal(ask("GET Messages " MINE), 0);
    expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
}

/* A reply to an earlier rung is one, too. */
static void test_late_reply(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2,
                                               .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&alert);
    world_run(&world, 130);
    assert_int_equal(world.count, 2);
    world.replies[0] = (struct reply){ MINE, ANNA, "ok", world.sent[1].created - 1 };
    world.reply_count = 1;
    world_run(&world, 60);
    expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(world.count, 2);
}

static void test_person(void **state)
{
    static const struct {
        const char *answered;
        int state;
    } rows[] = {
        { "human", TWILIO_ALERT_ACKNOWLEDGED }, { "machine_start", TWILIO_ALERT_DELIVERED },
        { "machine_end_beep", TWILIO_ALERT_DELIVERED }, { "unknown", TWILIO_ALERT_DELIVERED },
        { "fax", TWILIO_ALERT_DELIVERED }, { NULL, TWILIO_ALERT_DELIVERED },
    };
    static const struct twilio_alert alert = { .text = "Fire & flood", .ladder = 1,
                                               .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.answered = rows[i].answered;
        raise_alert(&alert);
        ask(DIAL);
        assert_string_equal(world.sent[0].detection, "Enable");
        world_run(&world, 20);
        expect_state(1, rows[i].state);
        assert_true(world.told[world.tellings - 1].over);
    }
}

static void test_keypad(void **state)
{
    struct twilio_moment moment;

    (void)state;
    begin();
    raise_alert(&fire);
    raise_alert(&call);
    raise_alert(&fire);
    moment = world_moment(&world);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 2), TWILIO_OK);
    expect_state(1, TWILIO_ALERT_QUEUED);
    expect_state(2, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(world.tellings, 1);
    assert_int_equal(world.told[0].id, 2);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 0), TWILIO_OK);
    expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
    expect_state(3, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(world.tellings, 3);
    world_run(&world, 50);
    assert_int_equal(world.count, 0);
    power_cycle(1);
    expect_state(2, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(world.alerts.faults, 0);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 0), TWILIO_OK);
    assert_int_equal(world.tellings, 3);
}

/* What was acknowledged while it was followed leaves nothing behind. */
static void test_turns(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };
    struct twilio_moment moment;

    (void)state;
    begin();
    world.status = "sent";
    raise_alert(&alert);
    ask(POST);
    ask(FETCH);
    moment = world_moment(&world);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_OK);
    raise_alert(&fire);
    ask("POST Messages " ANNA " #A7-2 Fire");
    ask("GET Messages/SM00000000000000000000000000abcd01");
}

/* Between next and done anything else may be called. */
static void test_meanwhile(void **state)
{
    struct twilio_moment moment;

    (void)state;
    begin();
    raise_alert(&fire);
    raise_alert(&call);
    assert_int_equal(world_next(&world), TWILIO_OK);
    assert_int_equal(world_next(&world), TWILIO_ERR_BUSY);
    expect_state(2, TWILIO_ALERT_QUEUED);
    raise_alert(&fire);
    moment = world_moment(&world);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 2), TWILIO_OK);
    world.fate.unanswered = true;
    world_answer(&world);
    assert_string_equal(world.asked, POST);
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    ask("POST Messages " ANNA " #A7-3 Fire");
    ask("GET Messages/SM00000000000000000000000000abcd01");
    world.second += SETTLE;
    assert_int_equal(world_next(&world), TWILIO_OK);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 3), TWILIO_OK);
    expect_state(2, TWILIO_ALERT_ACKNOWLEDGED);
    world_answer(&world);
    expect_state(1, TWILIO_ALERT_ACCEPTED);

    for (unsigned quiet = 0; quiet < 2; quiet++) {  /* acknowledged while it is sent: over all the same */
        begin();
        world.alerts.quiet = quiet != 0 ? 1000 : 0;
        raise_alert(&call);
        assert_int_equal(world_next(&world), TWILIO_OK);
        moment = world_moment(&world);
        assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_OK);
        world.fate.unanswered = true;
        world_answer(&world);
        expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
        assert_int_equal(world.alerts.faults, 0);
        world_run(&world, 100);
        expect_state(1, TWILIO_ALERT_ACKNOWLEDGED);
        assert_int_equal(world.count, 1);
    }
}

/* Nor does it touch the memory of a request, or of a list between its pages. */
static void test_memory(void **state)
{
    static const struct twilio_alert door = { .text = "Door", .kind = 1 };
    static const struct twilio_alert gate = { .text = "Gate", .kind = 2 };
    static const struct twilio_alert tree = { .text = "Tree", .kind = 3 };
    struct twilio_moment moment;

    (void)state;
    begin();
    world.alerts.quiet = 1000;
    world.page_size = 1;
    raise_alert(&fire);
    raise_alert(&door);
    raise_alert(&gate);
    assert_int_equal(world_next(&world), TWILIO_OK);
    moment = world_moment(&world);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 2), TWILIO_OK);
    world.fate.unanswered = true;
    world_answer(&world);
    assert_string_equal(world.asked, POST);
    ask("POST Messages " ANNA " #A7-3 Gate");
    world.second += 2;
    assert_int_equal(world_next(&world), TWILIO_OK);
    assert_int_equal(raise_alert(&door), 2);  /* it looks at others, too */
    world_answer(&world);
    expect_state(3, TWILIO_ALERT_DELIVERED);
    raise_alert(&tree);
    world.status = "sent";
    while (strcmp(world.asked, LOOK) != 0) {
        world_run(&world, 1);
    }
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 4), TWILIO_OK);
    expect_state(4, TWILIO_ALERT_ACKNOWLEDGED);
    ask(LOOK);
    ask(LOOK);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    power_cycle(1);
    expect_state(2, TWILIO_ALERT_ACKNOWLEDGED);
    expect_state(4, TWILIO_ALERT_ACKNOWLEDGED);
    assert_int_equal(world.count, 3);
}

/* ---- Deadlines ---------------------------------------------------------------------------------- */

static void test_deadline(void **state)
{
    static const struct twilio_alert alert = { .text = "Fire", .deadline = 100 };

    (void)state;
    begin();
    raise_alert(&alert);
    for (unsigned i = 0; i < 500 && world_state(&world, 1) <= TWILIO_ALERT_SENDING; i++) {
        world.fate.lost = true;
        world_run(&world, 1);
    }
    expect_state(1, TWILIO_ALERT_EXPIRED);
    assert_true(world.second >= 100 && world.second < 101 + 300);
    assert_true((world.alerts.faults & TWILIO_FAULT_UNSENT) != 0);

    begin();
    raise_alert(&alert);
    world.status = "sent";
    ask(POST);
    assert_int_equal(world.sent[0].validity, 100);
    world_run(&world, 105);
    expect_state(1, TWILIO_ALERT_ACCEPTED);
    assert_true(world.told[world.tellings - 1].over);

    begin();
    raise_alert(&alert);
    world.fate.code = 500;
    ask(POST);
    for (unsigned i = 0; i < 200; i++) {
        world.fate.code = 401;
        world_run(&world, 1);
    }
    expect_state(1, TWILIO_ALERT_UNKNOWN);
    assert_true(world.told[world.tellings - 1].over);
    assert_true((world.alerts.faults & TWILIO_FAULT_UNSENT) != 0);
}

/* After a long time without power: too late, if the date tells; otherwise what is left of the deadline, of
 * which each start takes a second. */
static void test_outage(void **state)
{
    static const struct {
        uint32_t off;
        bool before, after;  /* the date was known when it was raised, and when power came back */
        bool sent;
        uint32_t validity;
    } rows[] = {
        { 10, true, true, true, 3590 }, { 3599, true, true, true, 1 }, { 3600, true, true, false, 0 },
        { 90000, true, true, false, 0 }, { 90000, false, true, true, 3598 },
        { 90000, true, false, true, 3598 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.no_utc = !rows[i].before;
        raise_alert(&fire);
        world.no_utc = !rows[i].after;
        world.second++;
        power_cycle(rows[i].off - 1);
        world_run(&world, 1);
        check(world.count == rows[i].sent, "row %u", i);
        if (rows[i].sent) {
            check(world.sent[0].validity == rows[i].validity, "row %u: %u", i, world.sent[0].validity);
        } else {
            expect_state(1, TWILIO_ALERT_EXPIRED);
        }
    }
}

/* ---- Order, repeats, budget --------------------------------------------------------------------- */

static void test_order(void **state)
{
    static const struct twilio_alert alerts[] = {
        { .text = "low", .priority = 1 }, { .text = "panic", .priority = 255 },
        { .text = "door", .priority = 7 }, { .text = "gate", .priority = 7 }
    };

    (void)state;
    begin();
    for (unsigned i = 0; i < COUNT(alerts); i++) {
        raise_alert(&alerts[i]);
    }
    ask("POST Messages " ANNA " #A7-2 panic");
    ask("POST Messages " ANNA " #A7-3 door");
    ask("POST Messages " ANNA " #A7-4 gate");
    ask("POST Messages " ANNA " #A7-1 low");
}

/* While one is tried in vain, a more important one is raised: both come once. */
static void test_overtaken(void **state)
{
    static const struct twilio_alert panic = { .text = "panic", .priority = 255 };
    struct twilio_alert_status status;

    (void)state;
    begin();
    raise_alert(&fire);
    world.fate.lost = true;
    ask(POST);
    raise_alert(&panic);
    ask("POST Messages " ANNA " #A7-2 panic");
    world_run(&world, 200);
    assert_int_equal(world.count, 2);
    expect_state(1, TWILIO_ALERT_DELIVERED);
    expect_state(2, TWILIO_ALERT_DELIVERED);
    assert_int_equal(twilio_alerts_status(&world.alerts, 1, &status), TWILIO_ITEM);
    assert_true(status.over);
    assert_string_equal(status.sid, "");  /* forgotten */
}

/* RAM does not grow with them: as many as the journal holds, each once, each followed. */
static void test_many(void **state)
{
    unsigned count = 0;

    (void)state;
    begin();
    while (world_raise(&world, &fire, NULL) == TWILIO_OK) {
        count++;
    }
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_ERR_FULL);
    assert_true(count > 30);
    world_run(&world, 3000);
    assert_int_equal(world.count, count);
    assert_int_equal(world.alerts.journal.live, 0);
    for (unsigned id = 1; id <= count; id++) {
        char token[16];
        snprintf(token, sizeof token, "#A7-%X ", id);
        assert_int_equal(world_copies(&world, token), 1);
    }
}

static void test_repeats(void **state)
{
    static const struct twilio_alert door = { .text = "Door", .kind = 1 };
    struct twilio_alert_status status;
    struct twilio_moment moment;

    (void)state;
    begin();
    world.alerts.quiet = 600;
    assert_int_equal(raise_alert(&fire), 1);
    assert_int_equal(raise_alert(&door), 2);
    assert_int_equal(raise_alert(&fire), 1);
    assert_int_equal(raise_alert(&fire), 1);
    assert_int_equal(world.alerts.repeats, 2);
    assert_int_equal(twilio_alerts_status(&world.alerts, 1, &status), TWILIO_ITEM);
    assert_int_equal(status.repeats, 2);
    assert_int_equal(twilio_alerts_status(&world.alerts, 2, &status), TWILIO_ITEM);
    assert_int_equal(status.repeats, 0);
    assert_int_equal(raise_alert(&door), 2);
    assert_int_equal(twilio_alerts_status(&world.alerts, 2, &status), TWILIO_ITEM);
    assert_int_equal(status.repeats, 1);
    assert_int_equal(world.alerts.repeats, 3);
    world_run(&world, 590);
    assert_int_equal(world.count, 2);
    expect_state(1, TWILIO_ALERT_DELIVERED);
    moment = world_moment(&world);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 0), TWILIO_OK);
    expect_state(1, TWILIO_ALERT_DELIVERED);  /* it is over already */
    power_cycle(1);  /* what had passed since the last record does not count */
    assert_int_equal(raise_alert(&fire), 1);
    world_run(&world, 590);
    assert_int_equal(raise_alert(&fire), 1);
    world_run(&world, 20);
    assert_int_equal(raise_alert(&fire), 3);
    assert_int_equal(world.alerts.journal.live, 1);

    begin();  /* not accepted for longer than that: still the same */
    world.alerts.quiet = 10;
    raise_alert(&fire);
    for (unsigned i = 0; i < 60; i++) {
        world.fate.lost = true;
        world_run(&world, 1);
    }
    assert_int_equal(raise_alert(&fire), 1);

    begin();  /* accepted, and raised longer ago: another one */
    world.alerts.quiet = 10;
    world.status = "sent";
    raise_alert(&fire);
    world_run(&world, 8);
    assert_int_equal(raise_alert(&fire), 1);
    assert_int_equal(raise_alert(&door), 2);
    world_run(&world, 4);
    assert_int_equal(raise_alert(&door), 2);
    assert_int_equal(raise_alert(&fire), 3);
}

static void test_budget(void **state)
{
    static const struct twilio_alert urgent = { .text = "panic", .priority = TWILIO_ALERT_URGENT },
                                     brief = { .text = "brief", .deadline = 50 };

    (void)state;
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    world.alerts.per_hour = 3;
    world.alerts.reserve = 1;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    for (unsigned i = 0; i < 5; i++) {
        raise_alert(&fire);
    }
    world_run(&world, 60);
    assert_int_equal(world.count, 2);
    assert_int_equal(world.alerts.held, 3);
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_HELD);
    raise_alert(&urgent);
    raise_alert(&brief);
    world_run(&world, 40);
    assert_int_equal(world.count, 3);
    expect_state(6, TWILIO_ALERT_DELIVERED);
    power_cycle(1);  /* the level outlives that */
    world_run(&world, 60);
    expect_state(7, TWILIO_ALERT_EXPIRED);
    assert_int_equal(world.count, 3);
    world_run(&world, 3600);
    assert_in_range(world.count, 4, 5);
    assert_int_equal(world.alerts.held, 0);
    assert_int_equal(world.alerts.faults & TWILIO_FAULT_HELD, 0);
    assert_int_equal(world_copies(&world, "#A7-3 "), 1);

    world_make(&world, &flash);  /* of what is over, too */
    flash_make(&flash, 1024, 8, 8, 1);
    world.alerts.per_hour = 2;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    for (unsigned i = 0; i < 3; i++) {
        raise_alert(&fire);
        power_cycle(1);
        world_run(&world, 30);
        assert_int_equal(world.alerts.held, i == 2);
        assert_int_equal(world.alerts.journal.live, i == 2);
        power_cycle(1);
    }
    assert_int_equal(world.count, 2);
    world_run(&world, 5 * 3600);  /* nothing is saved up */
    assert_int_equal(world.count, 3);
    for (unsigned i = 0; i < 5; i++) {
        raise_alert(&fire);
    }
    world_run(&world, 30);
    assert_int_equal(world.count, 5);
}

/* ---- Supervision -------------------------------------------------------------------------------- */

static void test_supervision(void **state)
{
    static const uint32_t times[] = { 0, 10, 180, 3600, 86400 };

    (void)state;
    for (unsigned i = 0; i < COUNT(times); i++) {
        uint32_t within = times[i] != 0 ? times[i] : 180, waited;

        flash_make(&flash, 1024, 8, 8, 1);
        world_make(&world, &flash);
        world.alerts.supervise = times[i];
        assert_int_equal(world_begin(&world), TWILIO_OK);
        waited = ask("GET Balance");
        check(waited >= within / 4 && waited <= within / 2, "%u: asked after %u", within, waited);
        while ((world.alerts.faults & TWILIO_FAULT_LINK) == 0 && world.second < 200000) {
            world.fate.lost = true;
            if (!world_step(&world) && (world.alerts.faults & TWILIO_FAULT_LINK) == 0) {
                world.second += world.alerts.wait;
            }
        }
        waited = world.second - waited - 1;
        check(waited >= within && waited <= within + 1, "%u: fault after %u", within, waited);
        world.fate.lost = false;
        ask("GET Balance");
        assert_int_equal(world.alerts.faults, 0);
    }
}

/* Devices that start together do not ask together. */
static void test_spread(void **state)
{
    uint32_t least = UINT32_MAX, most = 0;

    (void)state;
    for (unsigned seed = 0; seed < 60; seed++) {
        flash_make(&flash, 1024, 8, 8, 1);
        world_make(&world, &flash);
        world.random = seed * 7919;
        world_begin(&world);
        uint32_t waited = ask("GET Balance");
        least = waited < least ? waited : least;
        most = waited > most ? waited : most;
    }
    check(least < 50 && most > 85, "from %u to %u", least, most);
}

static void test_money(void **state)
{
    static const struct {
        const char *balance;
        uint32_t least;
        bool fault;
    } rows[] = {
        { "12.34", 12, false }, { "12.34", 13, true }, { "11.99", 12, true }, { "12", 12, false },
        { "-3.50", 1, true }, { "-3.50", 0, false }, { "0", 1, true }, { "99999999999999", 100, false },
        { "0.99", 1, true }, { "1.00", 1, false }, { "4294967297", 100, false },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        flash_make(&flash, 1024, 8, 8, 1);
        world_make(&world, &flash);
        world.alerts.least_balance = rows[i].least;
        assert_int_equal(world_begin(&world), TWILIO_OK);
        world.balance = rows[i].balance;
        ask("GET Balance");
        check(world.alerts.faults == (rows[i].fault ? TWILIO_FAULT_MONEY : 0), "row %u", i);
        world.fate = (struct fate){ .code = 200, .body = "{}" };  /* tells nothing */
        ask("GET Balance");
        check(world.alerts.faults == (rows[i].fault ? TWILIO_FAULT_MONEY : 0), "row %u, nothing", i);
        world.fate = (struct fate){ .code = 500 };
        ask("GET Balance");
        check(world.alerts.faults == (rows[i].fault ? TWILIO_FAULT_MONEY : 0), "row %u, an error", i);
        world.balance = "1000.00";
        ask("GET Balance");
        assert_int_equal(world.alerts.faults, 0);
    }
}

static void test_certificate(void **state)
{
    static const struct {
        uint32_t left;  /* seconds; 0: not told */
        bool no_utc, fault;
    } rows[] = { { 15 * 86400, false, false }, { 13 * 86400, false, true }, { 0, false, false },
                 { 13 * 86400, true, false } };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.no_utc = rows[i].no_utc;
        world.expires = rows[i].left != 0 ? world_utc(&world) + rows[i].left : 0;
        ask("GET Balance");
        check(world.alerts.faults == (rows[i].fault ? TWILIO_FAULT_CERTIFICATE : 0), "row %u", i);
        world.no_utc = true;
        ask("GET Balance");
        check(world.alerts.faults == (rows[i].fault ? TWILIO_FAULT_CERTIFICATE : 0), "row %u, no date", i);
        world.no_utc = false;
        world.expires = world_utc(&world) + 90 * 86400;
        ask("GET Balance");
        assert_int_equal(world.alerts.faults, 0);
    }
}

/* ---- Flash that fails --------------------------------------------------------------------------- */

static void test_flash(void **state)
{
    uint32_t id = 99;

    (void)state;
    begin();
    flash.fail_program = 1;
    assert_int_equal(world_raise(&world, &fire, &id), TWILIO_ERR_FLASH);
    flash.fail_program = 0;
    id = raise_alert(&fire);
    flash.fail_program = 1;
    world_run(&world, 100);
    assert_int_equal(world.requests, 0);  /* not without the intent */
    assert_true((world.alerts.faults & TWILIO_FAULT_FLASH) != 0);
    flash.fail_program = 0;
    world_run(&world, 60);
    expect_state(id, TWILIO_ALERT_DELIVERED);
    assert_int_equal(world.count, 1);
    assert_int_equal(world.alerts.faults, 0);

    flash.fail_read = 1;
    assert_int_equal(world_next(&world), TWILIO_AGAIN);
    assert_int_equal(world.alerts.wait, 10);
    assert_true((world.alerts.faults & TWILIO_FAULT_FLASH) != 0);
    flash.fail_read = 0;
}

/* One read that fails, whichever it is, is read again. */
static void test_flash_once(void **state)
{
    (void)state;
    for (unsigned at = 1; at < 400; at++) {
        begin();
        world_next(&world);
        flash.fail_read_at = flash.reads + at;
        if (world_raise(&world, &fire, NULL) != TWILIO_OK) {
            continue;
        }
        world_run(&world, 200);
        flash.fail_read_at = 0;
        check(world.count == 1, "read %u: %u of it", at, world.count);
        expect_state(1, TWILIO_ALERT_DELIVERED);
    }
}

/* Entries that another program left in the journal are none of alerts: they are reported, and the engine goes
 * on. */
static void test_foreign(void **state)
{
    static const uint16_t sizes[] = { 0, 1, 67, 68, 69, 228, 229, 256 };
    uint8_t data[TWILIO_JOURNAL_DATA_MAX];

    (void)state;
    for (unsigned i = 0; i < COUNT(sizes); i++) {
        for (unsigned octet = 0; octet < 256; octet += 0xA5) {
            struct twilio_entry entry = { .size = sizes[i], .state = TWILIO_ALERT_QUEUED, .due = 9000 };

            begin();
            memset(data, (int)octet, sizeof data);
            assert_int_equal(twilio_journal_write(&world.alerts.journal, &entry, data), TWILIO_OK);
            raise_alert(&fire);
            world_run(&world, 100);
            expect_state(1, octet == 0 && sizes[i] > 68 && sizes[i] <= 228 ? TWILIO_ALERT_EXPIRED
                                                                          : TWILIO_ALERT_FAILED);
            assert_true((world.alerts.faults & TWILIO_FAULT_UNSENT) != 0 || world.told[0].over);
            expect_state(2, TWILIO_ALERT_DELIVERED);
            assert_int_equal(world.count, 1);
        }
    }
}

/* The journal fails just when the answer has come: it is looked for. */
static void test_flash_after(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    assert_int_equal(world_next(&world), TWILIO_OK);
    flash.fail_program = 1;
    world_answer(&world);
    flash.fail_program = 0;
    expect_state(1, TWILIO_ALERT_SENDING);
    assert_true(ask(LOOK) >= SETTLE - 1);
    ask(FETCH);
    assert_int_equal(world.count, 1);
}

/* ---- Clocks ------------------------------------------------------------------------------------- */

/* Whatever clocks do at any moment: each alert comes once, and is told of. */
static void test_clocks(void **state)
{
    static const uint32_t leaps[] = { 0, 1, 0xFFFFFFFF, 3600, (uint32_t)-3600, 86400 * 365U,
                                      0x7FFFFFFF, 0x80000000 };

    (void)state;
    for (unsigned i = 0; i < COUNT(leaps); i++) {
        for (unsigned at = 0; at < 8; at++) {
            for (unsigned of_utc = 0; of_utc < 2; of_utc++) {
                begin();
                world.offset = 0xFFFFFFF0;
                assert_int_equal(world_begin(&world), TWILIO_OK);
                raise_alert(&fire);
                world.fate.unanswered = true;
                for (unsigned k = 0; k < 12; k++) {
                    if (k == at) {
                        *(of_utc ? &world.utc_error : &world.offset) += leaps[i];
                    }
                    if (!world_step(&world)) {
                        world.second += world.alerts.wait < 5 ? world.alerts.wait : 5;
                    }
                }
                world_run(&world, 4200);
                check(world.count == 1, "leap %x at %u: %u of it", leaps[i], at, world.count);
                expect_state(1, TWILIO_ALERT_DELIVERED);
            }
        }
    }
}

static void test_time(void **state)
{
    static const struct {
        uint32_t step, counted;
    } rows[] = { { 0, 0 }, { 7, 7 }, { 150, 150 }, { 200, 90 }, { (uint32_t)-5, 0 }, { 0x7FFFFFFF, 90 },
                 { 0x80000000, 0 }, { 86400, 90 } };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        world.alerts.supervise = 360;
        world_begin(&world);
        world_next(&world);
        world.alerts.wait = 90;
        uint32_t before = world.alerts.time;
        world.second += rows[i].step;
        world_next(&world);
        check(world.alerts.time - before == rows[i].counted, "row %u: %u", i, world.alerts.time - before);
    }
}

static void test_access(void **state)
{
    (void)state;
    begin();
    world.fate = (struct fate){ .code = 401, .body = "{\"code\": 20003}" };
    ask("GET Balance");
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_ACCESS);
    world.fate.code = 503;
    ask("GET Balance");
    assert_int_equal(world.alerts.faults, TWILIO_FAULT_ACCESS);
    ask("GET Balance");
    assert_int_equal(world.alerts.faults, 0);
}

/* A clock that leaps while a request is under way does not make the alert too old. */
static void test_leap(void **state)
{
    (void)state;
    begin();
    raise_alert(&fire);
    assert_int_equal(world_next(&world), TWILIO_OK);
    world.offset += 86400;
    world.fate.lost = true;
    world_answer(&world);
    ask(POST);
    assert_int_equal(world.sent[0].validity, 3000);
}

/* ---- Hostile answers ---------------------------------------------------------------------------- */

/* Whatever is answered: nothing breaks, and each alert is over some time after its deadline, and told of. */
static void test_hostile(void **state)
{
    static const char *const pieces[] = {
        "{", "}", "[", "]", ",", ":", "\"", "\"sid\":", "\"SM" HEX32 "\"", "\"CA" HEX32 "\"",
        "\"XX" HEX32 "\"", "\"messages\":[", "\"calls\":[", "\"body\":\"#A7-1 \"",
        "\"status\":\"delivered\"", "\"status\":\"failed\"",
        "\"date_created\":\"Thu, 24 Aug 2023 05:01:45 +0000\"", "\"next_page_uri\":\"/x\"", "null",
        "4294967296", "\"code\":", "\"error_code\":", "30003", "-1", "\\u0000", "\xff",
        "\"next_page_uri\":\"https://example.com/\"",
        "\"balance\":\"-\"", "\"answered_by\":\"human\"", " ", "{\"sid\":\"SM" HEX32 "\"}",
        "{\"messages\":[{\"sid\":\"SM1\",\"body\":\"#A7-1 x\"}],\"next_page_uri\":null}"
    };
    static const uint16_t codes[16] = { 200, 200, 200, 201, 201, 204, 301, 400, 401, 404, 408, 429, 500, 503,
                                        999, 100 };
    static const struct twilio_alert alert = { .text = "Fire", .ladder = 2, .deadline = 900 };
    uint32_t random = 1;
    char body[400];

    (void)state;
    for (unsigned round = 0; round < 150; round++) {
        struct twilio_alert it = alert;
        begin();
        it.flags = (uint8_t)(round % 4);
        it.ladder = (uint8_t)(round % 3);
        raise_alert(&it);
        for (unsigned i = 0; i < 3000 && world.second < 6000; i++) {
            random = random * 1664525 + 1013904223;
            body[0] = '\0';
            for (unsigned n = random >> 28; n > 0; n--) {
                random = random * 1664525 + 1013904223;
                strcat(body, pieces[(random >> 16) % COUNT(pieces)]);
                body[300] = '\0';
            }
            world.fate = (struct fate){ .code = codes[random >> 28], .body = body,
                                        .retry_after = random >> 20, .unanswered = (random >> 13 & 1) != 0 };
            if (!world_step(&world)) {
                world.second += world.alerts.wait;
            }
        }
        assert_true(world.told[(world.tellings - 1) % COUNT(world.told)].over);
    }
}

/* ---- Mistakes ----------------------------------------------------------------------------------- */

static void test_mistakes(void **state)
{
    static const struct twilio_rung bad[] = { { "5550001", MINE, false, 0 }, { ANNA, "+0", true, 0 } };
    static const struct twilio_ladder bad_to = { bad, 1 }, bad_from = { bad + 1, 1 }, empty = { bad, 0 };
    struct twilio_moment moment = { 0 };
    struct twilio_alert_status status;
    char text[163];

#define BEGIN(result, ...) \
    begin(); \
    __VA_ARGS__; \
    check(world_begin(&world) == (result), "%s", #__VA_ARGS__)

    (void)state;
    BEGIN(TWILIO_OK, world.alerts.name = "ABcd1234");
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.name = NULL);
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.name = "");
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.name = "ABcd12345");
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.name = "A-1");
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.accounts = NULL);
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.ladders = NULL);
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.ladder_count = 0);
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.ladders = &empty; world.alerts.ladder_count = 1);
    BEGIN(TWILIO_ERR_NUMBER, world.alerts.ladders = &bad_to; world.alerts.ladder_count = 1);
    BEGIN(TWILIO_ERR_SENDER, world.alerts.ladders = &bad_from; world.alerts.ladder_count = 1);
    BEGIN(TWILIO_ERR_ARGUMENT, world.alerts.journal.flash = NULL);
    BEGIN(TWILIO_ERR_RANGE, world.alerts.supervise = 9);
    BEGIN(TWILIO_ERR_RANGE, world.alerts.supervise = 86401);
    BEGIN(TWILIO_ERR_RANGE, world.alerts.per_hour = 4; world.alerts.reserve = 4);
    begin();
    assert_int_equal(twilio_alerts_begin(NULL, &moment), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_begin(&world.alerts, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_next(NULL, &moment), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_next(&world.alerts, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_raise(NULL, &moment, &fire, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_raise(&world.alerts, NULL, &fire, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(world_raise(&world, NULL, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_acknowledge(NULL, &moment, 0), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, NULL, 0), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_status(NULL, 1, &status), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_alerts_status(&world.alerts, 1, NULL), TWILIO_ERR_ARGUMENT);
    twilio_alerts_done(&world.alerts, &moment, &(const struct twilio_outcome){ 0 });
    assert_true(twilio_alerts_feed(&world.alerts, "{}", 2));

#define RAISE(result, ...) \
    check(world_raise(&world, &(const struct twilio_alert){ __VA_ARGS__ }, NULL) == (result), "%s", \
          #__VA_ARGS__)

    memset(text, 'x', sizeof text);
    text[160] = '\0';
    RAISE(TWILIO_OK, .text = text);
    text[160] = 'x';
    text[161] = '\0';
    RAISE(TWILIO_ERR_LENGTH, .text = text);
    RAISE(TWILIO_ERR_LENGTH, .text = "");
    RAISE(TWILIO_ERR_ARGUMENT, .text = NULL);
    RAISE(TWILIO_ERR_TWIML, .text = "\x1b");
    RAISE(TWILIO_ERR_TWIML, .text = "\xff");
    RAISE(TWILIO_ERR_ARGUMENT, .text = "x", .ladder = 3);
    RAISE(TWILIO_OK, .text = "x", .deadline = 36000);
    RAISE(TWILIO_ERR_RANGE, .text = "x", .deadline = 36001);
    assert_int_equal(world.alerts.journal.live, 2);
    world_run(&world, 10);
    assert_int_equal(world.count, 2);
    assert_int_equal(world.sent[1].validity, 35999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_healthy),
        cmocka_unit_test(test_durable),
        cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_trust),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_sid),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_long_token),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_erased),
        cmocka_unit_test(test_enough),
        cmocka_unit_test(test_disorder),
        cmocka_unit_test(test_failed_look),
        cmocka_unit_test(test_resend),
        cmocka_unit_test(test_perhaps_once),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_unknown_call),
        cmocka_unit_test(test_call_again),
        cmocka_unit_test(test_two_calls),
        cmocka_unit_test(test_calls_in_turn),
        cmocka_unit_test(test_not_in_turn),
        cmocka_unit_test(test_call_known),
        cmocka_unit_test(test_later),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_mended),
        cmocka_unit_test(test_follow),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_resend_each),
        cmocka_unit_test(test_updated),
        cmocka_unit_test(test_shorter),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_polling),
        cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_last_rung),
        cmocka_unit_test(test_escalation),
        cmocka_unit_test(test_reply),
        cmocka_unit_test(test_reply_page),
        cmocka_unit_test(test_late_reply),
        cmocka_unit_test(test_person),
        cmocka_unit_test(test_keypad),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_meanwhile),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_outage),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_overtaken),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_supervision),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_flash),
        cmocka_unit_test(test_flash_once),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_flash_after),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_leap),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
