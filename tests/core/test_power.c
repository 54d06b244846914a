/*
 * test_power.c - power that fails before, within and after any operation of the journal, and then again
 *
 *   test_power [cuts [seed]]
 *
 * SPDX-License-Identifier: MIT
 */
#include "model.h"

static unsigned cuts_wanted = 110000, seed = 1;
static unsigned made[CUTS], again;

/* ---- One cut, or none ------------------------------------------------------- */

/* Go on, once power is back: whatever the cut before has left, here is what was there. */
static void begin(struct model *model)
{
    int e = twilio_journal_begin(&model->journal);

    check(e == TWILIO_OK, "begin: %d", e);
    model_check(model);
}

/* Power fails in the operation that is so many away; is it reached in work? If so, it is off then, and RAM
 * with it. */
static bool fails_in(struct model *model, void (*work)(struct model *), unsigned cut_in, enum cut cut)
{
    flash_power(model->flash, cut_in, cut);
    if (setjmp(model->flash->off) == 0) {
        work(model);
        flash_power(model->flash, 0, cut);
        return false;
    }
    made[cut]++;
    flash_power(model->flash, 0, cut);
    memset(&model->journal, CANARY, sizeof model->journal);
    model->journal.flash = &model->flash->driver;
    return true;
}

/* ---- Two cuts, wherever they can be ----------------------------------------- */

static void expect(int e)
{
    check(e == TWILIO_OK, "%d", e);
}

/* Small, and with all that there is: the sectors come round three times. */
static void story(struct model *model)
{
    begin(model);
    for (unsigned i = 0; i < 12; i++) {
        expect(model_add(model, (uint16_t)(i * 13 % 60)));
        expect(model_touch(model, 0));
        if (i % 4 == 1) {
            expect(model_change(model, 0, (uint16_t)(i * 5)));
        }
        if (i % 5 == 4) {
            expect(twilio_journal_tidy(&model->journal));
        }
        if (model->count > 1) {
            expect(model_settle(model, i % 2));
        }
    }
}

/* What is done after a cut: with the first write, all that is to be put in order. */
static void recovery(struct model *model)
{
    begin(model);
    if (model->count > 0) {
        expect(model_touch(model, 0));
        expect(model_settle(model, model->count - 1));
    }
    expect(model_add(model, 40));
    expect(twilio_journal_tidy(&model->journal));
}

static void every_second_cut(struct model *model)
{
    static struct flash flash;
    static struct model first;
    struct flash *after = model->flash;

    first = *model;
    for (enum cut cut = CUT_BEFORE; cut < CUTS; cut++) {
        bool reached = true;
        for (unsigned at = 1; reached; at++) {
            flash = *after;
            *model = first;
            model->flash = &flash;
            flash.driver.context = &flash;
            model->journal.flash = &flash.driver;
            flash.random += at * 3 + cut;
            reached = fails_in(model, recovery, at, cut);
            again += reached;
            begin(model);
            recovery(model);
            begin(model);
        }
    }
    model->flash = after;
}

static void every_two_cuts(void **unused)
{
    static struct flash flash;
    static struct model model;
    static const struct { uint32_t size, unit; uint16_t sectors; } kinds[] = {
        { 512, 8, 3 }, { 512, 1, 4 }, { 512, 32, 3 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (enum cut cut = CUT_BEFORE; cut < CUTS; cut++) {
            bool reached = true;
            for (unsigned at = 1; reached; at++) {
                flash_make(&flash, kinds[i].size, kinds[i].sectors, kinds[i].unit, seed + at);
                model_make(&model, &flash);
                reached = fails_in(&model, story, at, cut);
                if (reached) {
                    every_second_cut(&model);
                }
            }
        }
    }
    printf("every two cuts: %u cuts, %u of them again, within what followed the first\n",
           made[0] + made[1] + made[2], again);
}

/* ---- A long life ------------------------------------------------------------ */

static unsigned full;

static void live(struct model *model)
{
    for (;;) {
        int e = model_step(model, model->flash->driver.sector_size > 512 ? 256 : 150);
        check(e == TWILIO_OK || e == TWILIO_ERR_FULL, "%d", e);
        full += e == TWILIO_ERR_FULL;
    }
}

/* Cut by cut, a few operations after one another, and now and then many. */
static void live_with_cuts(struct model *model, unsigned cuts)
{
    struct flash *flash = model->flash;

    begin(model);
    while (cuts-- > 0) {
        unsigned away = 1 + flash_random(flash, flash_random(flash, 8) == 0 ? 200 : 12);
        fails_in(model, live, away, (enum cut)flash_random(flash, CUTS));
        begin(model);
    }
}

static void a_long_life(void **unused)
{
    static struct flash flash;
    static struct model model;
    static const struct { uint32_t size, unit; uint16_t sectors; } kinds[] = {
        { 512, 8, 3 }, { 1024, 1, 3 }, { 512, 32, 4 }, { 2048, 2, 3 }, { 512, 4, 16 }, { 1024, 16, 5 },
        { 4096, 8, 3 }, { 1024, 32, 7 },
    };
    unsigned before = made[0] + made[1] + made[2], left = before < cuts_wanted ? cuts_wanted - before : 0;

    (void)unused;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        uint32_t least, most;
        flash_make(&flash, kinds[i].size, kinds[i].sectors, kinds[i].unit, seed + i);
        model_make(&model, &flash);
        live_with_cuts(&model, left / COUNT(kinds) + 1);
        flash_wear(&flash, &least, &most);
        printf("%2u sectors of %4u bytes, unit %2u: %u entries, erased %u to %u times each\n",
               kinds[i].sectors, kinds[i].size, kinds[i].unit, model.last_id, least, most);
    }
    printf("a long life: %u cuts; %u times full\n", made[0] + made[1] + made[2] - before, full);
}

/* ---- On flash that fails besides --------------------------------------------- */

static unsigned failures;

/* What has failed may be there or not: that is looked at while nothing fails. */
static void live_with_failures(struct model *model)
{
    struct flash *flash = model->flash;

    for (;;) {
        int e;
        flash->fail_program = 30;
        flash->fail_erase = 10;
        flash->fail_read = 3000;
        flash->lie = 10;
        e = model_step(model, 150);
        flash->fail_program = flash->fail_erase = flash->fail_read = flash->lie = 0;
        check(e == TWILIO_OK || e == TWILIO_ERR_FULL || e == TWILIO_ERR_FLASH, "%d", e);
        if (e == TWILIO_ERR_FLASH) {
            failures++;
            begin(model);
        }
    }
}

static void a_hard_life(void **unused)
{
    static struct flash flash;
    static struct model model;
    unsigned before = made[0] + made[1] + made[2];

    (void)unused;
    flash_make(&flash, 1024, 4, 8, seed + 99);
    model_make(&model, &flash);
    begin(&model);
    for (int i = 0; i < 10000; i++) {
        unsigned away = 1 + flash_random(&flash, 40);
        fails_in(&model, live_with_failures, away, (enum cut)flash_random(&flash, CUTS));
        flash.fail_program = flash.fail_erase = flash.fail_read = flash.lie = 0;
        begin(&model);
    }
    printf("a hard life: %u cuts; the flash has failed %u writes\n", made[0] + made[1] + made[2] - before,
           failures);
    assert_true(failures > 500);
}

static void all_that_was_to_be(void **unused)
{
    unsigned all = made[0] + made[1] + made[2];

    (void)unused;
    printf("%u cuts: %u before, %u within, %u after an operation; seed %u; none lost, none resurrected\n",
           all, made[0], made[1], made[2], seed);
    assert_true(all >= cuts_wanted && full > 0 && again > 0);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_two_cuts), cmocka_unit_test(a_long_life), cmocka_unit_test(a_hard_life),
        cmocka_unit_test(all_that_was_to_be),
    };

    cuts_wanted = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : cuts_wanted;
    seed = count > 2 ? (unsigned)strtoul(arguments[2], NULL, 10) : seed;
    printf("seed %u\n", seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
