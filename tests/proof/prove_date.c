/*
 * prove_date.c - the dates of HTTP and of ISO 8601: any texts
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 31
//@ bounds texts of any length, as nothing is read behind their first 32 octets; or none
//@ unwind 33
//@ replace seconds_to any_seconds
//@ meant date.c: return rest != NULL && *rest == '\0' ? seconds_to(part, part[MONTH] - 1U) : 0;
//@ fault date.c: for (const char *at = layout; *at != '\0'; at++, text++) { => for (const char *at = layout; *text != '\0'; at++, text++) {
//@ fault date.c: if (is_digit((uint8_t)*at) && is_digit((uint8_t)*text)) { => if (is_digit((uint8_t)*at)) {
//@ fault date.c: *number = (uint16_t)(*number * 10 + (*text - '0')); => *number = (uint16_t)(*number * 16 + (*text - '0'));
//@ fault date.c: } else if (*at == 'm' && *text != '\0') { => } else if (*at == 'm') {
//@ fault date.c: } else if (*at == 'w' ? *text == '\0' : *text != *at) { => } else if (*at != 'w' && *text != *at) {
//@ fault date.c: while (*text != '\0' && *text == *word) { => while (*text == *word) {
//@ fault date.c: return *text == *word; => return *word == '\0';
//@ fault date.c: if (at[0] == name[0] && at[1] == name[1] && at[2] == name[2]) { => if (at[0] == name[0] && at[2] == name[2]) {
//@ fault date.c: const char *rest = text != NULL ? split(text, "1111-55-00T22:33:44Z", part, NULL) : NULL; => const char *rest = text != NULL ? split(text, "1111-mm-00T22:33:44Z", part, NULL) : NULL;
//@ fault date.c: return rest != NULL && *rest == '\0' ? seconds_to(part, part[MONTH] - 1U) : 0; => return rest != NULL ? seconds_to(part, part[MONTH] - 1U) : 0;
#include "date.c"

#include "proof.h"

char the_text[TEXT_MAX + 1];  /* that is read, as far as that goes */
bool is_date, of_http;        /* it is one; of HTTP, or else of ISO 8601 */
bool asked;                   /* for the seconds to what was read */
uint32_t the_seconds;         /* that it is told */

/* What the digits say that stand there. */
static unsigned digits(unsigned at, unsigned count)
{
    unsigned number = 0;

    for (; count != 0; count--, at++) {
        number = number * 10 + (unsigned)(the_text[at] - '0');
    }
    return number;
}

/* Whether the text is like the model: '#' for a digit, '?' for anything. */
static bool is_like(const char *model)
{
    unsigned i = 0;

    for (; model[i] != '\0'; i++) {
        char octet = the_text[i];

        if (octet == '\0'
            || (model[i] == '#' ? octet < '0' || octet > '9' : model[i] != '?' && model[i] != octet)) {
            return false;
        }
    }
    return the_text[i] == '\0';
}

/* Proved in prove_moment.c: of any numbers. */
uint32_t any_seconds(const uint16_t part[PARTS], unsigned month)
{
    static const char names[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    unsigned any = (unsigned)any_up_to(11);
    const char *name = names[any], *read = the_text + 8;

    asked = true;
    claim(is_date, "it is a date");
    if (of_http) {
        claim(part[DAY] == digits(5, 2) && part[YEAR] == digits(12, 4), "its day");
        claim(part[HOUR] == digits(17, 2) && part[MINUTE] == digits(20, 2) && part[SECOND] == digits(23, 2),
              "its time");
        claim((month == any) == (read[0] == name[0] && read[1] == name[1] && read[2] == name[2]),
              "a month's number, where there is its name");
        claim(month <= 12, "else none");
    } else {
        claim(part[YEAR] == digits(0, 4) && part[DAY] == digits(8, 2), "its day");
        claim((month < 99 ? month + 1 : 0) == digits(5, 2), "its month");
        claim(part[HOUR] == digits(11, 2) && part[MINUTE] == digits(14, 2) && part[SECOND] == digits(17, 2),
              "its time");
    }
    return the_seconds;
}

/* A text of up to 31 octets, or the first 32 of a longer one. */
static const char *any_beginning(void)
{
    size_t at = any_up_to(TEXT_MAX);

    assume(at == 0 || proof_texts[TEXT_MAX] == '\0');
    for (unsigned i = 0; i <= TEXT_MAX; i++) {
        the_text[i] = at + i <= TEXT_MAX ? proof_texts[at + i] : '\0';
    }
    return proof_texts + at;
}

void prove(void)
{
    const char *text = any_beginning();

    of_http = nondet_bool();
    the_seconds = nondet_uint32_t();
    is_date = of_http ? is_like("???, ## ??? #### ##:##:## GMT") || is_like("???, ## ??? #### ##:##:## +0000")
                      : is_like("####-##-##T##:##:##Z");
    if (nondet_bool()) {
        claim((of_http ? twilio_time(NULL) : twilio_iso_time(NULL)) == 0 && !asked, "no text is no date");
        return;
    }
    claim((of_http ? twilio_time(text) : twilio_iso_time(text)) == (is_date ? the_seconds : 0),
          "a date's seconds are told");
    claim(asked == is_date, "what is a date is read, and nothing else");
}
