/*
 * date.c - the dates of HTTP and of Twilio's answers
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_date.h"

#include <stddef.h>

#include "octets.h"

enum part { DAY, YEAR, HOUR, MINUTE, SECOND, MONTH, PARTS };

/* In a layout a digit stands for one of the part of that number; 'm' for a letter of the month's name, 'w'
 * for one of the weekday's, which is not looked at. Returns what follows the layout, or NULL. */
static const char *split(const char *text, const char *layout, uint16_t part[PARTS], char month[3])
{
    unsigned letter = 0;

    for (const char *at = layout; *at != '\0'; at++, text++) {
        if (is_digit((uint8_t)*at) && is_digit((uint8_t)*text)) {
            uint16_t *number = &part[*at - '0'];
            *number = (uint16_t)(*number * 10 + (*text - '0'));
        } else if (*at == 'm' && *text != '\0') {
            month[letter++] = *text;
        } else if (*at == 'w' ? *text == '\0' : *text != *at) {
            return NULL;
        }
    }
    return text;
}

static bool is(const char *text, const char *word)
{
    while (*text != '\0' && *text == *word) {
        text++;
        word++;
    }
    return *text == *word;
}

/* January is 0; 12: none. */
static unsigned month_number(const char name[3])
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    unsigned month = 0;

    for (const char *at = names; month < 12; month++, at += 3) {
        if (at[0] == name[0] && at[1] == name[1] && at[2] == name[2]) {
            break;
        }
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

static uint32_t seconds_to(const uint16_t part[PARTS], unsigned month)
{
    return !in_range(part, month) ? 0
         : (days_before(part[YEAR], month) + part[DAY] - 1U) * 86400U
         + part[HOUR] * 3600U + part[MINUTE] * 60U + part[SECOND];
}

uint32_t twilio_time(const char *text)
{
    uint16_t part[PARTS] = { 0 };
    char name[3];
    const char *zone = text != NULL ? split(text, "www, 00 mmm 1111 22:33:44 ", part, name) : NULL;

    bool gmt = zone != NULL && (is(zone, "GMT") || is(zone, "+0000"));

    return gmt ? seconds_to(part, month_number(name)) : 0;
}

uint32_t twilio_iso_time(const char *text)
{
    uint16_t part[PARTS] = { 0 };
    const char *rest = text != NULL ? split(text, "1111-55-00T22:33:44Z", part, NULL) : NULL;

    return rest != NULL && *rest == '\0' ? seconds_to(part, part[MONTH] - 1U) : 0;
}

uint32_t twilio_seconds(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                        unsigned second)
{
    const uint16_t part[PARTS] = {
        [YEAR] = (uint16_t)year, [DAY] = (uint16_t)day, [HOUR] = (uint16_t)hour, [MINUTE] = (uint16_t)minute,
        [SECOND] = (uint16_t)second,
    };
    unsigned cut_off = (year | day | hour | minute | second) >> 16 << 16;

    return seconds_to(part, (month - 1U) | cut_off);  /* which is no month's number, then */
}

uint32_t twilio_retry_after(const char *text, uint32_t now)
{
    uint32_t seconds = 0, date = twilio_time(text);

    if (date != 0) {
        return now != 0 && date > now ? date - now : 0;
    }
    for (; text != NULL && *text != '\0'; text++) {
        if (!is_digit((uint8_t)*text)) {
            return 0;
        }
        seconds = seconds > UINT32_MAX / 10 - 1 ? UINT32_MAX : seconds * 10 + (uint32_t)(*text - '0');
    }
    return seconds;
}
