/*
 * prove_walk.c - along a text: its units counted, as far as they fit; and whether it can be made GSM-7
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 6400
//@ bounds texts of up to 6,400 octets; any number of segments
//@ replace read_character any_character septets any_septets replacement any_replacement
//@ loop segments.c: in walk: while (*text != '\0') {
//@     invariant IN_TEXT(text) && (AT(text) == start || proof_texts[start] != '\0') && (ucs2 || !outside)
//@     invariant count->ucs2 == ucs2 && used <= count->units && count->units <= 2 * (AT(text) - start)
//@     invariant used <= room && several >= 1 && several <= TEXT_MAX / 32 && (several == 1 || used >= 1)
//@     invariant count->units - used >= LEAST(ucs2, several - 1) && count->units - used <= MOST(ucs2, several - 1)
//@     invariant count->segments == (count->units <= single ? 1 : several)
//@     invariant AT(text) == start || used >= (!ucs2 ? last_septets : last > 0xFFFF ? 2 : 1)
//@     invariant AT(text) == start || (count->units != 0 && count->segments <= most)
//@     invariant !IS_PASSED(AT(text)) || ucs2 || marked_septets != 0
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes *count = any_count()
//@     changes several
//@     changes used
//@     changes any_reading()
//@     changes outside
//@ loop segments.c: in can_be_gsm: while (*text != '\0') {
//@     invariant IN_TEXT(text)
//@     invariant !IS_PASSED(AT(text)) || marked_septets != 0 || marked_replaced != 0
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes c
//@     changes any_reading()
//@     changes outside
//@ fault segments.c: if (units == 0 || count->segments > most) { => if (count->segments > most) {
//@ fault segments.c: if (units == 0 || count->segments > most) { => if (units == 0 || count->segments >= most) {
//@ fault segments.c: if (units == 0 || count->segments > most) { => if (units == 0 || count->segments > (most | 1)) {
//@ fault segments.c: if (used > room) {  /* a character is not split: all of it goes into the next segment */ => if (used >= room + 2) {
//@ fault segments.c: used = units; => used -= room;
//@ fault segments.c: count->segments = count->units <= single ? 1 : several; => count->segments = several;
//@ fault segments.c: text += size; => text++;
//@ fault segments.c: uint32_t single = ucs2 ? 70 : 160, room = ucs2 ? 67 : 153;  /* of one segment, and of one of several */ => uint32_t single = 160, room = 153;
//@ fault segments.c: return !ucs2 ? septets(c) : c > 0xFFFF ? 2 : 1; => return !ucs2 ? septets(c) : c > 0xFFFF ? 2 : 0;
//@ fault segments.c: if (septets(c) == 0 && replacement(c) == 0) { => if (septets(c) == 0 && replacement(c) == 0 && c != 0xFFFD) {
#include "any_characters.h"

size_t start;  /* of the text */

#define READ_TO  (last_at + last_size)
#define IN_TEXT(at) \
    (SAME(at, proof_texts) && WITHIN(at) && begins[AT(at)] \
     && (AT(at) == start || (AT(at) > start && AT(at) == READ_TO)))

/* Units in so many of several segments, below 512: one that is full may have room for half a character. */
#define LEAST(ucs2, segments)  (((segments) & 511) * ((ucs2) ? 66 : 152))
#define MOST(ucs2, segments)   (((segments) & 511) * ((ucs2) ? 67 : 153))

/* So many segments as so many units take: no fewer, and none that is not needed. */
#define COUNT_IS_GOOD(count) \
    ((count).units <= ((count).ucs2 ? 70 : 160) ? (count).segments == 1 \
     : (count).segments < 512 && (count).units <= MOST((count).ucs2, (count).segments) \
       && (count).units > LEAST((count).ucs2, (count).segments - 1))

/* Whether the character of interest is one before that place. */
#define IS_PASSED(at)  (mark >= start && mark < (at) && begins[mark])

static struct twilio_segments any_count(void)
{
    struct twilio_segments count = { nondet_bool(), nondet_uint32_t(), nondet_uint32_t() };

    return count;
}

#include "segments.c"

/* ---- The proof --------------------------------------------------------------- */

static void prove_walk(const char *text)
{
    struct twilio_segments count;
    bool ucs2 = nondet_bool();
    uint32_t most = nondet_uint32_t();
    const char *end = walk(text, ucs2, most, &count);

    claim(SAME(end, text) && WITHIN(end) && AT(end) >= start && begins[AT(end)],
          "it ends where a character does");
    claim(count.ucs2 == ucs2, "it counts what was asked for");
    claim(*text != '\0' || end == text, "nor goes on behind its end");
    claim(*end != '\0' || COUNT_IS_GOOD(count), "so many segments as it takes");
    claim(*end != '\0' || count.units <= 2 * (AT(end) - start), "an octet has at most 2 units");
    claim(*end != '\0' || (count.units == 0) == (end == text), "and at least one");
    claim(*end != '\0' || count.units == 0 || count.segments <= most, "no more segments than were allowed");
    claim(*end == '\0' || count.segments > most || (!ucs2 && outside),
          "what ends it is one too many, or not in it");
    claim(end != text || *text == '\0' || most == 0 || !ucs2, "one character fits");
    claim(ucs2 || !IS_PASSED(AT(end)) || marked_septets != 0, "what it goes along is in GSM-7");
}

static void prove_can_be(const char *text)
{
    bool can = can_be_gsm(text);

    claim(can || last_at != mark || (marked_septets == 0 && marked_replaced == 0),
          "it cannot: one is neither");
    if (can && *text != '\0') {
        claim(READ_TO <= TEXT_MAX && proof_texts[READ_TO] == '\0', "all of it has been looked at");
        claim(!IS_PASSED(READ_TO) || marked_septets != 0 || marked_replaced != 0,
              "each is in GSM-7, or replaced");
    }
}

void prove(void)
{
    const char *text = any_text();

    any_characters();
    start = AT(text);
    outside = false;
    assume(begins[start]);
    if (nondet_bool()) {
        prove_walk(text);
    } else {
        prove_can_be(text);
    }
}
