/*
 * cmocka.h - as much of cmocka as the core's tests use, of C and its library alone: it runs anywhere
 *
 * The first failure is told and ends the program.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVERYWHERE_CMOCKA_H
#define EVERYWHERE_CMOCKA_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

#define cmocka_unit_test(function) { #function, function }
#define cmocka_run_group_tests(tests, setup, teardown) \
    run_tests((tests), sizeof(tests) / sizeof((tests)[0]), (setup), (teardown))

#define fail_msg(...) \
    do { \
        printf("%s:%d: ", __FILE__, __LINE__); \
        printf(__VA_ARGS__); \
        printf("\n"); \
        exit(1); \
    } while (0)

#define hold(condition, what) \
    do { \
        if (!(condition)) { \
            fail_msg("not so: %s", what); \
        } \
    } while (0)

#define assert_true(c)               hold(c, #c)
#define assert_false(c)              hold(!(c), "!(" #c ")")
#define assert_null(p)               hold((p) == NULL, #p " == NULL")
#define assert_non_null(p)           hold((p) != NULL, #p " != NULL")
#define assert_ptr_equal(a, b)       hold((const void *)(a) == (const void *)(b), #a " == " #b)
#define assert_ptr_not_equal(a, b)   hold((const void *)(a) != (const void *)(b), #a " != " #b)
#define assert_string_equal(a, b)    hold(strcmp((a), (b)) == 0, #a " equal " #b)
#define assert_memory_equal(a, b, n) hold(memcmp((a), (b), (n)) == 0, #a " equal " #b)
#define assert_int_equal(a, b)       hold((unsigned long long)(a) == (unsigned long long)(b), #a " == " #b)
#define assert_int_not_equal(a, b)   hold((unsigned long long)(a) != (unsigned long long)(b), #a " != " #b)
#define assert_in_range(n, low, high) hold((n) >= (low) && (n) <= (high), #low " <= " #n " <= " #high)

static int run_tests(const struct CMUnitTest *tests, size_t count, int (*setup)(void **),
                     int (*teardown)(void **))
{
    void *state = NULL;

    hold(setup == NULL || setup(&state) == 0, "setup");
    for (size_t i = 0; i < count; i++) {
        tests[i].test(&state);
    }
    hold(teardown == NULL || teardown(&state) == 0, "teardown");
    printf("%u tests passed\n", (unsigned)count);
    return 0;
}

#endif
