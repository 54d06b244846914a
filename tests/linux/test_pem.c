/*
 * test_pem.c - certificates out of PEM and DER: RFC 4648's vectors, and what is no PEM
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pem.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
#define MOST  3

static struct twilio_anchor anchors[MOST];
static uint8_t *text;  /* of the very size, so that a byte read beyond is seen */

static int parse(const char *pem)
{
    size_t size = strlen(pem);

    free(text);
    text = malloc(size + (size == 0));
    assert_non_null(text);
    memcpy(text, pem, size);
    return pem_anchors(text, size, anchors, MOST);
}

static void assert_anchor(int index, const char *expected)
{
    assert_int_equal(anchors[index].size, strlen(expected));
    assert_memory_equal(anchors[index].der, expected, strlen(expected));
}

static void vectors(void **state)
{
    static const char *const pairs[][2] = {
        { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" }, { "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
        { "Zm9vYmFy", "foobar" }, { "Zm9v\nYmFy\r\n", "foobar" }, { " Z\tm9v", "foo" },
        { "+/+/", "\xfb\xff\xbf" },
    };
    char pem[200];

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        (void)strcpy(pem, BEGIN);
        (void)strcat(pem, pairs[i][0]);
        (void)strcat(pem, "\n" END);
        assert_int_equal(parse(pem), 1);
        assert_anchor(0, pairs[i][1]);
    }
}

static void several_with_text_between(void **state)
{
    (void)state;
    assert_int_equal(parse("subject: one\n" BEGIN "Zm9v\n" END "and\n" BEGIN "YmFy\n" END "the end"), 2);
    assert_anchor(0, "foo");
    assert_anchor(1, "bar");
    assert_int_equal(parse(BEGIN "Zg==\n" END BEGIN "Zg==\n" END BEGIN "Zg==\n" END), MOST);
    assert_int_equal(parse(BEGIN "Zg==\n" END BEGIN "Zg==\n" END BEGIN "Zg==\n" END BEGIN "Zg==\n" END), -1);
}

static void der_is_taken_as_it_is(void **state)
{
    (void)state;
    assert_int_equal(parse("\x30\x01\x02"), 1);
    assert_anchor(0, "\x30\x01\x02");
    assert_int_equal(pem_anchors(text, 3, anchors, 0), -1);
}

static void what_is_no_certificate(void **state)
{
    static const char *const bad[] = {
        "", "hello", BEGIN, BEGIN "Zm9v\n", BEGIN END, BEGIN "Zm9\n" END, BEGIN "Z\n" END, BEGIN "Z===\n" END,
        BEGIN "Zm9vY===\n" END,
        BEGIN "Zm=v\n" END, BEGIN "Zm9*\n" END, BEGIN "Zg==Zg==\n" END, BEGIN "====\n" END,
        "-----BEGIN PRIVATE KEY-----\n", BEGIN "Zm9v\n" END BEGIN "Zm9v\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(parse(bad[i]), -1);
}

static int release(void **state)
{
    (void)state;
    free(text);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(several_with_text_between),
        cmocka_unit_test(der_is_taken_as_it_is),
        cmocka_unit_test(what_is_no_certificate),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
