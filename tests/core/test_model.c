/*
 * test_model.c - exactly once: every way in which a few faults can meet the engine as it is built
 *
 * A run is a list of choices: at each request, each operation of the flash and between any two calls, whether
 * a fault comes, and which. All lists are tried, by replay, that have no more than so many faults. A fault is
 * one of: the request is lost; the answer is lost; a 5xx comes although the message was created, or because it
 * was not; it is created late; lists have it late; power fails.
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
static struct {
    uint16_t settle;
    uint8_t  flags;
    unsigned alerts;
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

/* What a device does while it has power. */
static void live(struct result *result)
{
    struct twilio_alert alert;

    assert_int_equal(world_begin(&world), TWILIO_OK);
    adopt();
    while (!all_over()) {
        result->steps++;
        check(world.second < 100000, "it takes for ever: %s, state %d, path of %u", world.asked,
              world_state(&world, 1), tree.depth);
        if (raised < scenario.alerts) {
            alert = alerts[raised];
            alert.flags = scenario.flags;
            assert_int_equal(world_raise(&world, &alert, &ids[raised]), TWILIO_OK);
            raised++;
        }
        if (world_next(&world) == TWILIO_OK) {
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
    raised = 0;
    if (setjmp(flash.off) != 0) {
        flash_power(&flash, 0, CUT_BEFORE);
        world.second += OFF;
    }
    live(result);
    result->runs++;
    for (unsigned i = 0; i < scenario.alerts; i++) {
        char token[16];
        snprintf(token, sizeof token, "#A7-%X ", ids[i]);
        result->duplicates += world_copies(&world, token) > 1;
        result->lost += world_copies(&world, token) == 0;
    }
}

static struct result explore(unsigned faults, uint16_t settle, uint8_t flags, unsigned count)
{
    struct result result = { 0 };

    memset(&tree, 0, sizeof tree);
    tree.most = faults;
    scenario.settle = settle;
    scenario.flags = flags;
    scenario.alerts = count;
    do {
        run(&result);
    } while (next_run());
    printf("%u alert%s, up to %u faults, settle %u s%s: %lu runs, %lu steps: %lu lost, %lu twice\n", count,
           count > 1 ? "s" : "", faults, settle, flags != 0 ? ", sent again blindly" : "", result.runs,
           result.steps, result.lost, result.duplicates);
    return result;
}

/* ---- Tests -------------------------------------------------------------------------------------- */

static unsigned faults = 4;

static void test_inside(void **state)
{
    struct result one = explore(faults, LATE + LAG, 0, 1);
    struct result two = explore(faults - 1, LATE + LAG, 0, 2);

    (void)state;
    check(one.lost == 0 && one.duplicates == 0, "one alert");
    check(two.lost == 0 && two.duplicates == 0, "two alerts");
}

/* Where duplicates must come, they are seen: the check has eyes. No alert is lost there, either. */
static void test_outside(void **state)
{
    struct result shorter = explore(faults < 3 ? faults : 3, LATE + LAG - 5, 0, 1);
    struct result hasty = explore(faults < 3 ? faults : 3, 1, 0, 1);
    struct result blind = explore(faults < 3 ? faults : 3, LATE + LAG, TWILIO_ALERT_RESEND, 1);

    (void)state;
    check(shorter.lost == 0 && shorter.duplicates != 0, "a settle time that is too short");
    check(hasty.lost == 0 && hasty.duplicates > shorter.duplicates, "none to speak of");
    check(blind.lost == 0 && blind.duplicates != 0, "sent again blindly");
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inside),
        cmocka_unit_test(test_outside),
    };

    if (count > 1) {
        faults = (unsigned)atoi(words[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
