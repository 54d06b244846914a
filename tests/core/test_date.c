/*
 * test_date.c - dates and Retry-After, against tables and the host's own calendar
 *
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE
#include "check.h"
#include "twilio_date.h"

#include <time.h>

static void dates(void **state)
{
    static const struct {
        const char *text;
        uint32_t time;
    } table[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "Sun, 06 Nov 1994 08:49:37 +0000", 784111777 },
        { "Thu, 24 Aug 2023 05:01:45 +0000", 1692853305 },
        { "Thu, 01 Jan 1970 00:00:01 GMT", 1 },
        { "Fri, 31 Dec 1999 23:59:59 GMT", 946684799 },
        { "Sat, 01 Jan 2000 00:00:00 GMT", 946684800 },
        { "Tue, 29 Feb 2000 12:00:00 GMT", 951825600 },
        { "Thu, 29 Feb 2024 00:00:00 GMT", 1709164800 },
        { "Tue, 19 Jan 2038 03:14:07 GMT", 2147483647 },
        { "Tue, 19 Jan 2038 03:14:08 GMT", 2147483648 },
        { "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800 },  /* a leap second is the next one */
        { "Thu, 29 Feb 2096 00:00:00 GMT", 3981312000 },
        { "Mon, 01 Mar 2100 00:00:00 GMT", 4107542400 },
        { "Thu, 31 Dec 2105 23:59:59 GMT", 4291747199 },
        /* the weekday is not looked at */
        { "Mon, 06 Nov 1994 08:49:37 GMT", 784111777 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        check(twilio_time(table[i].text) == table[i].time, "%s: %lu", table[i].text,
              (unsigned long)twilio_time(table[i].text));
    }
}

static void iso_dates(void **state)
{
    static const struct {
        const char *text;
        uint32_t time;
    } table[] = {
        { "1994-11-06T08:49:37Z", 784111777 }, { "2023-08-24T05:01:45Z", 1692853305 },
        { "1970-01-01T00:00:01Z", 1 }, { "2000-02-29T12:00:00Z", 951825600 },
        { "2096-02-29T00:00:00Z", 3981312000 }, { "2105-12-31T23:59:59Z", 4291747199 },
        { "2038-01-19T03:14:08Z", 2147483648 },
    };
    static const char *const none[] = {
        "", "now", "1994-11-06", "1994-11-06T08:49:37", "1994-11-06T08:49:37ZZ", "1994-11-06T08:49:37z",
        "1994-11-06 08:49:37Z", "1994-11-06T08:49:37+00:00", "1994-11-06T08:49:37.5Z", "94-11-06T08:49:37Z",
        "1994-00-06T08:49:37Z", "1994-13-06T08:49:37Z", "1994-11-00T08:49:37Z", "1994-11-31T08:49:37Z",
        "1994-12-32T08:49:37Z",
        "1995-02-29T08:49:37Z", "1994-11-06T24:49:37Z", "1994-11-06T08:60:37Z", "1994-11-06T08:49:61Z",
        "1969-12-31T23:59:59Z", "2106-01-01T00:00:00Z", "1994-1a-06T08:49:37Z", "1994-Nov-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        check(twilio_iso_time(table[i].text) == table[i].time, "%s: %lu", table[i].text,
              (unsigned long)twilio_iso_time(table[i].text));
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        check(twilio_iso_time(none[i]) == 0, "'%s' is a date", none[i]);
    }
    assert_int_equal(twilio_iso_time(NULL), 0);
}

static void what_is_no_date(void **state)
{
    static const char *const table[] = {
        "", " ", "now", "0", "784111777",
        /* the two obsolete forms of RFC 9110, and ISO 8601 */
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z",
        /* cut short, and more than a date */
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 ", "Sun, 06 Nov 1994 08:49:37 GM",
        "Sun, 06 Nov 1994 08:49:37 GMTx", "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49", "Sun, 06 Nov 1994", "Sun, 06 Nov", "Sun,",
        "Sun, 06 Nov 1994 08:49:37 +00000",
        /* elsewhere */
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 EST", "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 08:49:37 -0500", "Sun, 06 Nov 1994 08:49:37 +0001", "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37 0000", "Sun, 06 Nov 1994 08:49:37 Z",
        /* names */
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 NOV 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 06 11  1994 08:49:37 GMT",
        /* punctuation */
        "Sun 06 Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT", "Sun, 06 Nov 1994 08:49:37GMT", "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun; 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994T08:49:37 GMT", "Sun, 06 Nov 1994 08:49 37 GMT",
        /* digits */
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun,  6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994  8:49:37 GMT", "Sun, 0x Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 19x4 08:49:37 GMT", "Sun, 06 Nov 1994 08:4x:37 GMT", "Sun, 06 Nov 1994 08:49:x7 GMT",
        "Sun, 06 Nov 1994 x8:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:-7 GMT", "Sun, 06 Nov 1994 08:4/:37 GMT", "Sun, 06 Nov 1994 08:4::37 GMT",
        /* no such day or time */
        "Sun, 00 Nov 1994 08:49:37 GMT", "Thu, 31 Nov 1994 08:49:37 GMT", "Fri, 32 Jan 1994 08:49:37 GMT",
        "Fri, 30 Feb 2024 08:49:37 GMT", "Wed, 29 Feb 2023 08:49:37 GMT", "Mon, 29 Feb 2100 08:49:37 GMT",
        "Sun, 31 Apr 1994 08:49:37 GMT", "Fri, 31 Jun 1994 08:49:37 GMT", "Sat, 31 Sep 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 99 Nov 1994 99:99:99 GMT",
        /* what 32 bits do not hold */
        "Wed, 31 Dec 1969 23:59:59 GMT", "Sun, 06 Nov 1900 08:49:37 GMT", "Sat, 01 Jan 0000 00:00:00 GMT",
        "Fri, 01 Jan 2106 00:00:00 GMT", "Sun, 07 Feb 2106 06:28:16 GMT", "Sun, 07 Feb 2106 23:59:59 GMT",
        "Fri, 01 Jan 2107 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        check(twilio_time(table[i]) == 0, "'%s': %lu", table[i], (unsigned long)twilio_time(table[i]));
    }
}

/* Nothing is read past the NUL: each start of a date, in heap memory that ends where it ends */
static void cut_anywhere(void **state)
{
    static const char *const dates_in_full[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
                                                 "Sun, 06 Nov 1994 08:49:37 +0000" };

    (void)state;
    for (size_t i = 0; i < COUNT(dates_in_full); i++) {
        size_t length = strlen(dates_in_full[i]);

        for (size_t size = 0; size <= length; size++) {
            char *text = calloc(size + 1, 1);

            assert_non_null(text);
            memcpy(text, dates_in_full[i], size);
            assert_int_equal(twilio_time(text), size == length ? 784111777 : 0);
            assert_int_equal(twilio_retry_after(text, 784111770), size == length ? 7 : 0);
            free(text);
        }
    }
}

static void no_text(void **state)
{
    (void)state;
    assert_int_equal(twilio_time(NULL), 0);
    assert_int_equal(twilio_retry_after(NULL, 1), 0);
}

#define DAYS 49673  /* of 1970 ... 2105 */

/* Every day, at an odd second of it, as the C library writes it */
static void every_day(void **state)
{
    (void)state;
    for (uint32_t day = 0; day < DAYS; day++) {
        uint32_t now = day * 86400 + 1 + (uint32_t)((uint64_t)day * 7919 % 86399);
        time_t host = (time_t)now;
        struct tm parts;
        char text[40];

        assert_non_null(gmtime_r(&host, &parts));
        assert_int_equal(timegm(&parts), now);
        assert_true(strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0);
        check(twilio_time(text) == now, "%s: %lu, not %lu", text, (unsigned long)twilio_time(text),
              (unsigned long)now);
        strcpy(strrchr(text, ' '), " +0000");
        check(twilio_time(text) == now, "%s", text);
    }
}

static void every_second_of_a_day(void **state)
{
    (void)state;
    for (unsigned second = 0; second < 86400; second++) {
        char text[40];

        snprintf(text, sizeof text, "Thu, 29 Feb 2024 %02u:%02u:%02u GMT", second / 3600, second / 60 % 60,
                 second % 60);
        assert_int_equal(twilio_time(text), 1709164800 + second);
    }
}

static void retry_after(void **state)
{
    static const struct {
        const char *text;
        uint32_t now, seconds;
    } table[] = {
        { "0", 0, 0 },
        { "1", 0, 1 },
        { "120", 0, 120 },
        { "120", 784111777, 120 },
        { "007", 0, 7 },
        { "86400", 1, 86400 },
        { "2147483648", 0, 2147483648 },
        { "4294967295", 0, 4294967295 },
        { "", 0, 0 },
        { " 1", 0, 0 },
        { "1 ", 0, 0 },
        { "-1", 0, 0 },
        { "+1", 0, 0 },
        { "1.5", 0, 0 },
        { "1s", 0, 0 },
        { "x", 0, 0 },
        { "0x10", 0, 0 },
        { "4294967289", 0, 4294967289 },  /* the most that is told as it is */
        { "4294967290", 0, UINT32_MAX },
        { "1,2", 0, 0 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111776, 1 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777, 0 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111778, 0 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 4294967295, 0 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784108177, 3600 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 1, 784111776 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
        { "Sun, 06 Nov 1994 08:49:37 +0000", 784111770, 7 },
        { "Sun, 06 Nov 1994 08:49:37", 1, 0 },
        { "Thu, 31 Dec 2105 23:59:59 GMT", 1, 4291747198 },
        { "Fri, 01 Jan 2106 00:00:00 GMT", 1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        check(twilio_retry_after(table[i].text, table[i].now) == table[i].seconds, "'%s' at %lu: %lu",
              table[i].text,
              (unsigned long)table[i].now, (unsigned long)twilio_retry_after(table[i].text, table[i].now));
    }
}

/* A wait that 32 bits do not hold must not come out as a short one: a server that says "never"
 * would be asked again at once. */
static void waits_beyond_32_bits(void **state)
{
    static const char *const table[] = { "4294967296", "4294967297", "4294967300", "9999999999",
        "42949672960",
                                         "18446744073709551617", "99999999999999999999999999999999" };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        check(twilio_retry_after(table[i], 0) == UINT32_MAX, "%s: %lu", table[i],
              (unsigned long)twilio_retry_after(table[i], 0));
    }
}

/* The parts of a moment; the same is told of each of its ways to be written. */
static void moments(void **state)
{
    static const struct {
        unsigned year, month, day, hour, minute, second;
        uint32_t seconds;
    } table[] = {
        { 1970, 1, 1, 0, 0, 0, 0 },
        { 1970, 1, 1, 0, 0, 1, 1 },
        { 1994, 11, 6, 8, 49, 37, 784111777 },
        { 2021, 1, 1, 0, 0, 0, 1609459200 },
        { 2024, 2, 29, 23, 59, 59, 1709251199 },
        { 2105, 12, 31, 23, 59, 59, 4291747199 },
        { 2106, 1, 1, 0, 0, 0, 0 },
        { 9999, 12, 31, 23, 59, 59, 0 },
        { 2025, 2, 29, 0, 0, 0, 0 },
        { 2025, 0, 1, 0, 0, 0, 0 },
        { 2025, 13, 1, 0, 0, 0, 0 },
        { 2025, 1, 0, 0, 0, 0, 0 },
        { 2025, 1, 1, 24, 0, 0, 0 },
        { 2025, 1, 1, 0, 60, 0, 0 },
        { 65536 + 2025, 1, 1, 0, 0, 0, 0 },  /* more than 16 bits */
        { 2025, 65536 + 1, 1, 0, 0, 0, 0 },
        { 2025, 1, 65536 + 1, 0, 0, 0, 0 },
        { 2025, 1, 1, 65536, 0, 0, 0 },
        { 2025, 1, 1, 0, 65536, 0, 0 },
        { 2025, 1, 1, 0, 0, 0x80000000U, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        uint32_t seconds = twilio_seconds(table[i].year, table[i].month, table[i].day, table[i].hour,
                                          table[i].minute, table[i].second);
        check(seconds == table[i].seconds, "row %zu: %lu", i, (unsigned long)seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates), cmocka_unit_test(iso_dates),
        cmocka_unit_test(what_is_no_date),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(no_text),
        cmocka_unit_test(every_day),
        cmocka_unit_test(every_second_of_a_day),
        cmocka_unit_test(retry_after), cmocka_unit_test(moments),
        cmocka_unit_test(waits_beyond_32_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
