/*
 * test_explain.c - every result has its name and a meaning
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "session.h"

static const struct {
    int result;
    const char *name;
} results[] = {
#include "results.h"
    { TWILIO_SESSION_REFUSED, "TWILIO_SESSION_REFUSED" },
};

#define COUNT (sizeof results / sizeof results[0])

static void every_result_is_explained(void **unused)
{
    (void)unused;
    assert_true(COUNT > 30);
    for (size_t i = 0; i < COUNT; i++) {
        const char *text = twilio_explain(results[i].result);
        size_t length = strlen(results[i].name);
        if (strncmp(text, results[i].name, length) != 0 || strncmp(text + length, ": ", 2) != 0) {
            fail_msg("%s (%d) is explained as \"%s\"", results[i].name, results[i].result, text);
        }
        assert_true(strlen(text) > length + 3);
    }
}

static void anything_else_is_no_result(void **unused)
{
    (void)unused;
    int explained = 0;
    for (int result = -300; result <= 300; result++) {
        explained += strncmp(twilio_explain(result), "TWILIO_", 7) == 0;
    }
    assert_int_equal(explained, COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_is_explained), cmocka_unit_test(anything_else_is_no_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
