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

static void test_healthy(void **state)
{
    uint32_t id;

    (void)state;
    begin();
    assert_int_equal(world_raise(&world, &fire, &id), TWILIO_OK);
    assert_int_equal(id, 1);
    assert_int_equal(world_state(&world, id), TWILIO_ALERT_QUEUED);
    assert_true(world_step(&world));
    assert_string_equal(world.asked, "POST Messages " ANNA " #A7-1 Fire");
    assert_int_equal(world_state(&world, id), TWILIO_ALERT_ACCEPTED);
    world_run(&world, 10);
    assert_int_equal(world_state(&world, id), TWILIO_ALERT_DELIVERED);
    assert_int_equal(world.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_healthy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
