/*
 * fuzz_date.c - any text as a date or a Retry-After: it says what counting days from 1970 on, one at a time,
 * says
 *
 * Input: four octets, from which numbers and the time now are made; then the text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_date.h"

#include <stdbool.h>
#include <string.h>

//@ fault date.c: bool leap = year % 4 == 0 && year != 2100; => bool leap = year % 4 == 0;
//@ fault date.c: return (year - 1970U) * 365U + ((year - 1969U) >> 2) - (year > 2100) + before[month] => return (year - 1970U) * 365U + ((year - 1969U) >> 2) - (year >= 2100) + before[month]
//@ fault date.c: + (leap && month > 1); => + (leap && month > 2);
//@ fault date.c: bool gmt = zone != NULL && (is(zone, "GMT") || is(zone, "+0000")); => bool gmt = zone != NULL;
//@ fault date.c: while (*text != '\0' && *text == *word) { => while (*text != '\0' && *word != '\0' && *text != ' ') {
//@ fault date.c: } else if (*at == 'm' && *text != '\0') { => } else if (*at == 'm') {
//@ fault date.c: } else if (*at == 'w' ? *text == '\0' : *text != *at) { => } else if (*at != 'w' && *text != *at) {
//@ fault date.c: if (at[0] == name[0] && at[1] == name[1] && at[2] == name[2]) { => if (at[0] == name[0] && at[2] == name[2]) {
//@ fault date.c: return rest != NULL && *rest == '\0' ? seconds_to(part, part[MONTH] - 1U) : 0; => return rest != NULL ? seconds_to(part, part[MONTH] - 1U) : 0;
//@ fault date.c: return now != 0 && date > now ? date - now : 0; => return date > now ? date - now : 0;
//@ fault date.c: seconds = seconds > UINT32_MAX / 10 - 1 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0'); => seconds = seconds * 10 + (uint32_t)(*text - '0');

/* ---- Another calendar ---------------------------------------------------------------------------- */

struct moment {
    unsigned year, month, day, hour, minute, second;
};

static unsigned days_in(unsigned year, unsigned month)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 ? 28 + leap : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* There is a second 60 in any minute: who knows which of them are long? */
static uint32_t seconds_to(const struct moment *to)
{
    struct moment at = { .year = 1970, .month = 1, .day = 1 };
    uint32_t days = 0;

    if (to->year < 1970 || to->year > 2105 || to->month < 1 || to->month > 12 || to->day < 1
        || to->day > days_in(to->year, to->month) || to->hour > 23 || to->minute > 59 || to->second > 60) {
        return 0;
    }
    for (; at.year < to->year; at.year++) {
        for (at.month = 1; at.month <= 12; at.month++) {
            days += days_in(at.year, at.month);
        }
    }
    for (at.month = 1; at.month < to->month; at.month++) {
        days += days_in(at.year, at.month);
    }
    return ((days + to->day - 1) * 24 + to->hour) * 3600 + to->minute * 60 + to->second;
}

/* ---- Another reader ------------------------------------------------------------------------------ */

/* The number at that place, of so many digits; a huge one: it is none. */
static unsigned number_at(const char *text, size_t at, unsigned digits)
{
    unsigned number = 0;

    for (; digits > 0; digits--, at++) {
        if (text[at] < '0' || text[at] > '9') {
            return 100000;
        }
        number = number * 10 + (unsigned)(text[at] - '0');
    }
    return number;
}

/* Whether the text is as long as the pattern, and has its octets where it has no '*'. */
static bool looks_like(const char *text, const char *pattern)
{
    bool does = strlen(text) == strlen(pattern);

    for (size_t i = 0; does && pattern[i] != '\0'; i++) {
        does = pattern[i] == '*' || pattern[i] == text[i];
    }
    return does;
}

static uint32_t read_http(const char *text)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                                          "Oct", "Nov", "Dec" };
    struct moment moment = { 0 };

    if (!looks_like(text, "***, ** *** **** **:**:** GMT")
        && !looks_like(text, "***, ** *** **** **:**:** +0000")) {
        return 0;
    }
    for (unsigned i = 0; i < 12; i++) {
        moment.month = memcmp(text + 8, months[i], 3) == 0 ? i + 1 : moment.month;
    }
    moment.day = number_at(text, 5, 2);
    moment.year = number_at(text, 12, 4);
    moment.hour = number_at(text, 17, 2);
    moment.minute = number_at(text, 20, 2);
    moment.second = number_at(text, 23, 2);
    return seconds_to(&moment);
}

static uint32_t read_iso(const char *text)
{
    struct moment moment;

    if (!looks_like(text, "****-**-**T**:**:**Z")) {
        return 0;
    }
    moment = (struct moment){ number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2),
                              number_at(text, 11, 2), number_at(text, 14, 2), number_at(text, 17, 2) };
    return seconds_to(&moment);
}

/* Of what has 32 bits, or nearly so, all is the most there can be. */
static uint32_t read_retry(const char *text, uint32_t now)
{
    uint32_t date = read_http(text);
    uint64_t seconds = 0;

    if (date != 0) {
        return now == 0 || date < now ? 0 : date - now;
    }
    if (strspn(text, "0123456789") != strlen(text)) {
        return 0;
    }
    for (; *text != '\0'; text++) {
        seconds = seconds > UINT32_MAX ? seconds : seconds * 10 + (unsigned)(*text - '0');
    }
    return seconds >= UINT32_MAX - 5U ? UINT32_MAX : (uint32_t)seconds;
}

/* ---- Both ---------------------------------------------------------------------------------------- */

static void check_numbers(const uint8_t *data)
{
    struct moment m = { 1970 + data[0] % 140U, data[1] % 14U, data[2] % 33U, data[3] % 25U, data[0] % 62U,
                        data[1] % 62U };
    unsigned *const parts[] = { &m.year, &m.month, &m.day, &m.hour, &m.minute, &m.second };

    if (data[3] >= 224) {  /* numbers have more than 16 bits */
        *parts[data[3] % 6] += 0x10000U << data[2] % 16;
    }
    must(twilio_seconds(m.year, m.month, m.day, m.hour, m.minute, m.second) == seconds_to(&m),
         "%u-%u-%u %u:%u:%u", m.year, m.month, m.day, m.hour, m.minute, m.second);
}

static void compare(const char *what, uint32_t is, uint32_t expected)
{
    must(is == expected, "%s: %u, but %u", what, (unsigned)is, (unsigned)expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t now;
    char *text;

    if (size < 4) {
        return 0;
    }
    text = malloc(size - 3);  /* and not an octet more */
    must(text != NULL, "memory");
    memcpy(text, data + 4, size - 4);
    text[size - 4] = '\0';
    now = data[0] < 64 ? 0 : (uint32_t)(data[0] - 64) << 24 | (uint32_t)data[1] << 16 | data[2];
    compare("date", twilio_time(text), read_http(text));
    compare("ISO date", twilio_iso_time(text), read_iso(text));
    compare("Retry-After", twilio_retry_after(text, now), read_retry(text, now));
    check_numbers(data);
    free(text);
    return 0;
}

const struct seed seeds[] = {
    SEED("Sun, 06 Nov 1994 08:49:37 GMT"), SEED("Sun, 06 Nov 1994 08:49:37 +0000"),
    SEED("1994-11-06T08:49:37Z"),
    SEED("Tue, 29 Feb 2000 23:59:60 GMT"), SEED("Sun, 28 Feb 2100 00:00:00 GMT"),
    SEED("Mon, 29 Feb 2100 00:00:00 GMT"), SEED("Mon, 01 Mar 2100 00:00:00 GMT"),
    SEED("Thu, 31 Dec 2105 23:59:59 GMT"), SEED("Fri, 01 Jan 2106 00:00:00 GMT"),
    SEED("Thu, 01 Jan 1970 00:00:01 GMT"), SEED("2101-03-01T00:00:00Z"), SEED("2099-02-29T00:00:00Z"),
    SEED("120"), SEED("4294967295"), SEED("4294967289"), SEED("99999999999"), SEED("1.5"), SEED("0"),
    SEED("Sun, 06 Now 1994 08:49:37 GMT"), SEED("Sun, 06 Nov 1994 08:49:37 GMT+1"),
    SEED("1994-11-06T08:49:37Z0"),
    SEED("Sun, 06 N"), SEED("S"), SEED("2105-12-31T23:59:59Z"), SEED("Sun, 06 Nov 1994 08:49:37 GM"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("Jan"), SEED("Feb"), SEED("Mar"), SEED("Apr"), SEED("May"), SEED("Jun"), SEED("Jul"), SEED("Aug"),
    SEED("Sep"), SEED("Oct"), SEED("Dec"), SEED("29"), SEED("30"), SEED("31"), SEED("00"), SEED("24"),
    SEED("60"),
    SEED("1969"), SEED("1970"), SEED("2000"), SEED("2096"), SEED("2100"), SEED("2104"), SEED("2105"),
    SEED("2106"), SEED(" GMT"), SEED(" +0000"), SEED("-"), SEED(":"), SEED("T"), SEED("Z"), SEED(" "),
    SEED("\0"),
    SEED("429496729"), SEED("0"), SEED(", "),
    { NULL, 0 }
};
