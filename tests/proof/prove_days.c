/*
 * prove_days.c - days since 1970: of each month, by a calendar that is turned leaf by leaf
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds each month of the years 1970 to 2105, and what follows it
//@ unwind 137
//@ fault date.c: bool leap = year % 4 == 0 && year != 2100; => bool leap = year % 4 == 0;
//@ fault date.c: + (leap && month > 1); => + (leap && month > 2);
//@ fault date.c: return (year - 1970U) * 365U + ((year - 1969U) >> 2) - (year > 2100) + before[month] => return (year - 1970U) * 365U + ((year - 1969U) >> 2) + before[month]
//@ fault date.c: static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 }; => static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
#include "date.c"

#include "proof.h"

/* As Gregory has it. */
static unsigned days_of(unsigned year, unsigned month)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 ? 28U + leap : 30U + (month % 2 == (month < 8));
}

void prove(void)
{
    uint32_t days = 0;

    for (unsigned year = 1970; year <= 2105; year++) {
        for (unsigned month = 1; month <= 12; month++) {
            claim(days_before(year, month - 1) == days, "so many days have gone before a month");
            days += days_of(year, month);
            claim(days_before(year, month) == days, "and before what follows it");
        }
    }
    claim(days == 49673, "so many there are");
}
