/*
 * test_model.c - exactly once: every way in which a few faults can meet the engine as it is built
 *
 * A run is a list of choices: at each request, each operation of the flash and between any two calls, whether
 * a fault comes, and which. All lists are tried, by replay, that have no more than so many faults. A fault is
 * one of: the request is lost; the answer is lost; a 5xx comes although the message was created, or because
 * it was not; it is created late; lists have it late; power fails.
 *
 *     test_model [faults]      by default as many as ctest has time for
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "world.h"

#define LATE 10U  /* seconds: the longest from a request's arrival to the message's being created */
#define LAG  10U  /* seconds: the longest by which lists are behind */
#define OFF  3U   /* seconds without power */
#define MOST_CHOICES 4096

/* ---- Choices ---------------------------------------------------------------------------------- */

static struct {
    uint8_t  chosen[MOST_CHOICES], of[MOST_CHOICES];
    unsigned depth, known;  /* in this run; taken over from the run before */
    unsigned faults, most;  /* so far; allowed */
} tree;

/* One of so many: 0 is that nothing happens, all others are faults. */
static unsigned choose(unsigned options)
{
    unsigned choice;

    if (tree.faults == tree.most) {
        return 0;
    }
    assert_true(tree.depth < MOST_CHOICES);
    if (tree.depth == tree.known) {
        tree.chosen[tree.depth] = 0;
        tree.of[tree.depth] = (uint8_t)options;
        tree.known++;
    }
    assert_int_equal(tree.of[tree.depth], options);
    choice = tree.chosen[tree.depth++];
    tree.faults += choice != 0;
    return choice;
}

/* The next list of choices. false: that was the last one. */
static bool next_run(void)
{
    tree.known = tree.depth;
    tree.depth = tree.faults = 0;
    while (tree.known != 0 && tree.chosen[tree.known - 1] + 1 == tree.of[tree.known - 1]) {
        tree.known--;
    }
    if (tree.known == 0) {
        return false;
    }
    tree.chosen[tree.known - 1]++;
    return true;
}

/* ---- Flash that fails by choice ----------------------------------------------------------------- */

static struct flash flash;
static struct twilio_flash driver;

static void perhaps_cut(void)
{
    if (choose(2) != 0) {
        flash.cut_at = flash.operations + 1;
        flash.cut = CUT_WITHIN;
    }
}

static int program(void *context, uint32_t offset, const void *data)
{
    perhaps_cut();
    return flash.driver.program(context, offset, data);
}

static int erase(void *context, uint32_t offset)
{
    perhaps_cut();
    return flash.driver.erase(context, offset);
}

/* ---- A run -------------------------------------------------------------------------------------- */

struct result {
    unsigned long runs, cut_short, duplicates, lost, steps;
};

static struct world world;
static struct scenario {
    const char *name;
    unsigned faults, alerts;
    uint16_t settle;
    uint8_t  flags, ladder;
    uint32_t takes;  /* seconds that a request takes */
} scenario;

enum { ANSWERED, LOST, UNANSWERED, BROKEN_AFTER, BROKEN_BEFORE, CUT_BEFORE_IT, CUT_AFTER_IT, FATES };

static void power_off(void)
{
    longjmp(flash.off, 1);
}

static void fate_of_request(void)
{
    bool create = world.alerts.request.method == TWILIO_POST;
    struct fate *fate = &world.fate;
    unsigned choice = choose(create ? FATES : 3);

    if (!create) {
        fate->unanswered = choice == 1;
        if (choice == 2) {
            power_off();
        }
        return;
    }
    fate->lost = choice == LOST;
    fate->unanswered = choice == UNANSWERED || choice == CUT_AFTER_IT;
    fate->code = choice == BROKEN_AFTER || choice == BROKEN_BEFORE ? 500 : 0;
    fate->done = choice == BROKEN_AFTER;
    if (choice == CUT_BEFORE_IT) {
        power_off();
    }
    if (choice != ANSWERED && choice != LOST && choice != BROKEN_BEFORE) {
        fate->late = choose(3) * LATE / 2;
        fate->lag = choose(3) * LAG / 2;
    }
    if (choice == CUT_AFTER_IT) {
        flash.cut_at = 1;  /* in the next operation: before anything of the answer is durable */
        flash.cut = CUT_BEFORE;
    }
}

static const struct twilio_alert alerts[] = {
    { .text = "Fire", .priority = 200, .deadline = 3600 }, { .text = "Door", .kind = 1, .deadline = 3600 }
};

static uint32_t ids[COUNT(alerts)];
static unsigned raised;  /* durably, so far */

/* An alert during whose raising power failed may be durable, or not. */
static void adopt(void)
{
    uint32_t last = world.alerts.journal.last_id;

    if (last != 0 && (raised == 0 || ids[raised - 1] != last) && world_state(&world, last) > 0) {
        assert_true(raised < scenario.alerts);
        ids[raised++] = last;
    }
}

static bool all_over(void)
{
    struct twilio_alert_status status = { 0 };

    for (unsigned i = 0; i < raised; i++) {
        if (twilio_alerts_status(&world.alerts, ids[i], &status) == TWILIO_ITEM && !status.over) {
            return false;
        }
    }
    return raised == scenario.alerts;
}

static void raise_next(void)
{
    struct twilio_alert alert = alerts[raised];

    alert.flags = scenario.flags;
    alert.ladder = scenario.ladder;
    assert_int_equal(world_raise(&world, &alert, &ids[raised]), TWILIO_OK);
    raised++;
}

/* What a device does while it has power. The second alert comes while a request about the first is under
 * way. */
static void live(struct result *result)
{
    assert_int_equal(world_begin(&world), TWILIO_OK);
    adopt();
    while (!all_over()) {
        result->steps++;
        check(world.second < 100000, "it takes for ever: %s, state %d, path of %u", world.asked,
              world_state(&world, 1), tree.depth);
        if (raised == 0) {
            raise_next();
        }
        if (world_next(&world) == TWILIO_OK) {
            if (raised < scenario.alerts) {
                raise_next();
            }
            fate_of_request();
            world_answer(&world);
        } else {
            world.second += world.alerts.wait;
        }
        if (choose(2) != 0) {
            power_off();
        }
    }
}

static void run(struct result *result)
{
    flash_make(&flash, 1024, 3, 8, 1);
    driver = flash.driver;
    driver.program = program;
    driver.erase = erase;
    world_make(&world, &flash);
    world.alerts.journal.flash = &driver;
    world.alerts.settle = scenario.settle;
    world.alerts.supervise = 86400;
    world.takes = scenario.takes;
    raised = 0;
    if (setjmp(flash.off) != 0) {
        flash_power(&flash, 0, CUT_BEFORE);
        world.second += OFF;
    }
    live(result);
    result->runs++;
    for (unsigned i = 0; i < scenario.alerts; i++) {
        result->duplicates += world_copies(&world, alerts[i].text) > 1;
        result->lost += world_copies(&world, alerts[i].text) == 0;
    }
}

static struct result explore(struct scenario what)
{
    struct result result = { 0 };

    memset(&tree, 0, sizeof tree);
    tree.most = what.faults;
    scenario = what;
    do {
        run(&result);
    } while (next_run());
    printf("%-45s up to %u faults: %7lu runs, %8lu steps: %lu lost, %lu twice\n", what.name, what.faults,
           result.runs, result.steps, result.lost, result.duplicates);
    fflush(stdout);
    return result;
}

/* ---- Tests -------------------------------------------------------------------------------------- */

static unsigned faults = 4;

static void test_inside(void **state)
{
    const struct scenario rows[] = {
        { "a message", faults, 1, LATE + LAG, 0, 0, 1 },
        { "two messages", faults - 1, 2, LATE + LAG, 0, 0, 1 },
        { "a message, by requests of 30 s", faults - 1, 1, LATE + LAG, 0, 0, 30 },
        { "two messages, by requests of 30 s", faults - 2, 2, LATE + LAG, 0, 0, 30 },
        { "a call", faults - 1, 1, LATE + LAG, 0, 1, 1 },
        { "two calls", faults - 1, 2, LATE + LAG, 0, 1, 1 },
        { "two calls, by requests of 30 s", faults - 2, 2, LATE + LAG, 0, 1, 30 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct result result = explore(rows[i]);
        check(result.lost == 0 && result.duplicates == 0, "%s", rows[i].name);
    }
}

/* Where duplicates must come, they are seen: the check has eyes. No alert is lost there, either. */
static void test_outside(void **state)
{
    unsigned few = faults < 3 ? faults : 3;
    const struct scenario rows[] = {
        { "a message, settle time 5 s too short", few, 1, LATE + LAG - 5, 0, 0, 1 },
        { "a message, settle time 1 s", few, 1, 1, 0, 0, 1 },
        { "a call, settle time 1 s", few, 1, 1, 0, 1, 1 },
        { "a message, sent again blindly", few, 1, LATE + LAG, TWILIO_ALERT_RESEND, 0, 1 },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct result result = explore(rows[i]);
        check(result.lost == 0 && result.duplicates != 0, "%s", rows[i].name);
    }
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inside),
        cmocka_unit_test(test_outside),
    };

    if (count > 1) {
        faults = (unsigned)atoi(words[1]);
        faults = faults < 2 ? 2 : faults;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
