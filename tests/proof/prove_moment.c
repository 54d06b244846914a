/*
 * prove_moment.c - seconds since 1970: of any numbers for year, month, day and time
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds any numbers
//@ replace days_before any_days
//@ meant date.c: const uint16_t part[PARTS] = {
//@ meant date.c: return seconds_to(part, (month - 1U) | cut_off);  /* which is no month's number, then */
//@ fault date.c: return month < 12 && part[YEAR] >= 1970 && part[YEAR] <= 2105 && part[DAY] >= 1 => return month < 12 && part[YEAR] >= 1970 && part[YEAR] <= 2106 && part[DAY] >= 1
//@ fault date.c: && part[HOUR] < 24 && part[MINUTE] < 60 && part[SECOND] <= 60; => && part[HOUR] < 24 && part[MINUTE] < 60 && part[SECOND] <= 61;
//@ fault date.c: : (days_before(part[YEAR], month) + part[DAY] - 1U) * 86400U => : (days_before(part[YEAR], month) + part[DAY]) * 86400U
//@ fault date.c: unsigned cut_off = (year | day | hour | minute | second) >> 16 << 16; => unsigned cut_off = (year | day | hour | second) >> 16 << 16;
//@ fault date.c: return seconds_to(part, (month - 1U) | cut_off);  /* which is no month's number, then */ => return seconds_to(part, (month - 1U) & 15);
#include "date.c"

#include "proof.h"

unsigned the_year, the_month;      /* which are asked for; January is 1 */
uint32_t the_days, days_of_month;  /* before it, and in it */

/* Proved in prove_days.c. */
uint32_t any_days(unsigned year, unsigned month)
{
    claim(year >= 1970 && year <= 2105 && month <= 12, "a month of those years, or what follows it");
    claim(year == the_year && (month == the_month || month == the_month - 1), "the one that is asked for");
    return the_days + (month == the_month ? days_of_month : 0);
}

void prove(void)
{
    unsigned day = nondet_unsigned(), hour = nondet_unsigned(), minute = nondet_unsigned();
    unsigned second = nondet_unsigned();
    uint32_t told;

    the_year = nondet_unsigned();
    the_month = nondet_unsigned();
    days_of_month = 28 + (uint32_t)any_up_to(3);
    the_days = (uint32_t)any_up_to(49673 - days_of_month);
    told = twilio_seconds(the_year, the_month, day, hour, minute, second);
    if (the_year < 1970 || the_year > 2105 || the_month < 1 || the_month > 12 || day < 1
        || day > days_of_month || hour > 23 || minute > 59 || second > 60) {
        claim(told == 0, "what is no moment is told from one");
    } else {
        claim(told == (the_days + day - 1) * 86400 + hour * 3600 + minute * 60 + second,
              "a moment's seconds");
    }
}
