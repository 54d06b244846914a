/*
 * time.c - the dates of HTTP and of Twilio's answers
 *
 * SPDX-License-Identifier: MIT
 */
#include "date.h"

#include <stdbool.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum part { DAY, YEAR, HOUR, MINUTE, SECOND, PARTS };

/* 'd': a digit of the next part; 'm': of the month's name; 'w': of the weekday's, which is
 * not looked at. Returns what follows the layout, or NULL. */
static const char *split(const char *text, uint16_t part[PARTS], char month[3])
{
    static const char layout[] = "www, dd mmm dddd dd:dd:dd ";
    unsigned current = 0, letter = 0;

    for (const char *at = layout; *at != '\0'; at++, text++) {
        if (*at == 'd' && is_digit(*text)) {
            part[current] = (uint16_t)(part[current] * 10 + (*text - '0'));
            current += at[1] != 'd';
        } else if (*at == 'm' && *text != '\0') {
            month[letter++] = *text;
        } else if (*at == 'w' ? *text == '\0' : *text != *at) {
            return NULL;
        }
    }
    return text;
}

/* January is 0; 12: none. */
static unsigned month_number(const char name[3])
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    unsigned month = 0;

    while (month < 12 && memcmp(names + 3 * month, name, 3) != 0) {
        month++;
    }
    return month;
}

/* Days from 1970 to the month's first; the years are 1970 to 2105, of which 2100 is not leap. */
static uint32_t days_before(unsigned year, unsigned month)
{
    static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
    bool leap = year % 4 == 0 && year != 2100;

    return (year - 1970U) * 365U + ((year - 1969U) >> 2) - (year > 2100) + before[month]
         + (leap && month > 1);
}

static bool in_range(const uint16_t part[PARTS], unsigned month)
{
    return month < 12 && part[YEAR] >= 1970 && part[YEAR] <= 2105 && part[DAY] >= 1
        && part[DAY] <= days_before(part[YEAR], month + 1) - days_before(part[YEAR], month)
        && part[HOUR] < 24 && part[MINUTE] < 60 && part[SECOND] <= 60;
}

uint32_t twilio_time(const char *text)
{
    uint16_t part[PARTS] = { 0 };
    char name[3];
    const char *zone = text != NULL ? split(text, part, name) : NULL;
    unsigned month;

    if (zone == NULL || (month = month_number(name), !in_range(part, month))) {
        return 0;
    }
    if (strcmp(zone, "GMT") != 0 && strcmp(zone, "+0000") != 0) {
        return 0;
    }
    return (days_before(part[YEAR], month) + part[DAY] - 1U) * 86400U
         + part[HOUR] * 3600U + part[MINUTE] * 60U + part[SECOND];
}

uint32_t twilio_retry_after(const char *text, uint32_t now)
{
    uint32_t seconds = 0, date = twilio_time(text);

    if (date != 0) {
        return now != 0 && date > now ? date - now : 0;
    }
    for (; text != NULL && *text != '\0'; text++) {
        if (!is_digit(*text)) {
            return 0;
        }
        seconds = seconds > UINT32_MAX / 10 - 1 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0');
    }
    return seconds;
}
