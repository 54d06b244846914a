/*
 * twilio_date.h - the dates of HTTP headers and of Twilio's answers
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_DATE_H
#define TWILIO_DATE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7, RFC 5322; also with
 * "+0000"), as in Date headers and the date_sent of messages. The weekday is not looked at. 0 when text
 * is NULL or anything else, or the year is not 1970 ... 2105. */
uint32_t twilio_time(const char *text);

/* The same of "1994-11-06T08:49:37Z" (ISO 8601, RFC 3339: in UTC, without fractions), as Twilio's other
 * products, Verify and so on, have it. */
uint32_t twilio_iso_time(const char *text);

/* Seconds since 1970 of a moment in UTC: year 1970 ... 2105, month and day from 1. 0: there is no such. */
uint32_t twilio_seconds(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                        unsigned second);

/* Seconds to wait as the value of Retry-After (RFC 9110 10.2.3) tells: delta-seconds, or a date
 * after now (seconds since 1970; 0: unknown). 0 when it is NULL or tells nothing; at most
 * UINT32_MAX. */
uint32_t twilio_retry_after(const char *text, uint32_t now);

#ifdef __cplusplus
}
#endif
#endif
