/*
 * prove_segments.c - what a text costs, where it is cut, and whether it can be made GSM-7
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds texts of up to 65,535 octets; any number of segments
//@ replace read_character any_character septets any_septets replacement any_replacement
//@ loop segments.c: in walk: while (*text != '\0') {
//@     invariant IN_TEXT(text) && (ucs2 || !outside)
//@     invariant count->ucs2 == ucs2 && used <= count->units && count->units <= 2 * (AT(text) - start)
//@     invariant used <= room && several >= 1 && several <= TEXT_MAX / 32 && (several == 1 || used >= 1)
//@     invariant count->units - used >= (several - 1) * (room - 1) && count->units - used <= (several - 1) * room
//@     invariant count->segments == (count->units <= single ? 1 : several)
//@     invariant AT(text) == start || count->segments <= most
//@     invariant !IS_PASSED(AT(text)) || ucs2 || marked_septets != 0
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes *count = any_count()
//@     changes several
//@     changes used
//@     changes any_reading()
//@ loop segments.c: in can_be_gsm: while (*text != '\0') {
//@     invariant IN_TEXT(text)
//@     invariant !IS_PASSED(AT(text)) || marked_septets != 0 || marked_replaced != 0
//@     decreases LEFT(text)
//@     changes text = ANY_PLACE(text)
//@     changes c
//@     changes any_reading()
//@ fault segments.c: if (units == 0 || count->segments > most) { => if (count->segments > most) {
//@ fault segments.c: if (units == 0 || count->segments > most) { => if (units == 0 || count->segments >= most) {
//@ fault segments.c: if (used > room) {  /* a character is not split: all of it goes into the next segment */ => if (used >= room + 2) {
//@ fault segments.c: used = units; => used -= room;
//@ fault segments.c: count->segments = count->units <= single ? 1 : several; => count->segments = several;
//@ fault segments.c: text += size; => text++;
//@ fault segments.c: uint32_t single = ucs2 ? 70 : 160, room = ucs2 ? 67 : 153;  /* of one segment, and of one of several */ => uint32_t single = 160, room = 153;
//@ fault segments.c: return (size_t)((gsm > ucs2 ? gsm : ucs2) - text); => return (size_t)(gsm - text);
//@ fault segments.c: if (septets(c) == 0 && replacement(c) == 0) { => if (septets(c) == 0 && replacement(c) == 0 && c != 0xFFFD) {
#include "any_characters.h"
#include "twilio_segments.h"

size_t start;  /* of the text */

#define READ_TO  (last_at + last_size)
#define IN_TEXT(at) \
    (SAME(at, proof_texts) && WITHIN(at) && begins[AT(at)] \
     && (AT(at) == start || (AT(at) > start && AT(at) == READ_TO)))

/* Whether the character of interest is one before that place. */
#define IS_PASSED(at)  (mark >= start && mark < (at) && begins[mark])
#define IS_READ(text)  (*(text) == '\0' || (READ_TO <= TEXT_MAX && proof_texts[READ_TO] == '\0'))

static struct twilio_segments any_count(void)
{
    struct twilio_segments count = { nondet_bool(), nondet_uint32_t(), nondet_uint32_t() };

    return count;
}

#include "segments.c"

/* ---- The proof --------------------------------------------------------------- */

/* As 3GPP has it: so many units in one segment, so many in each of several. One that is full may have room
 * for half a character. */
static void prove_count(const char *text)
{
    struct twilio_segments count;
    uint32_t single, room;

    twilio_segments_count(text, &count);
    single = count.ucs2 ? 70 : 160;
    room = count.ucs2 ? 67 : 153;
    claim(count.units <= 2 * LEFT(text) && (*text == '\0' || count.units != 0), "each character has 1 unit or 2");
    claim(count.units > single || count.segments == 1, "a short text is one segment");
    claim(count.units <= single || (count.segments - 1) * (room - 1) < count.units, "no segment more than it takes");
    claim(count.units <= single || count.segments * room >= count.units, "room for all units");
    claim(!count.ucs2 || outside, "UCS-2 only if a character is not in GSM-7");
    claim(IS_READ(text), "all of it is counted");
    claim(count.ucs2 || *text == '\0' || !IS_PASSED(READ_TO) || marked_septets != 0, "GSM-7 only if all are");
}

static void prove_cut(const char *text)
{
    uint32_t segments = nondet_uint32_t();
    size_t size = twilio_segments_cut(text, segments);

    claim(size <= LEFT(text) && begins[start + size], "it ends at the end of a character");
    claim(size != 0 || *text == '\0' || segments == 0, "something fits in a segment");
    claim(size == 0 || segments != 0, "nothing fits in none");
}

static void prove_can_be(const char *text)
{
    bool can = can_be_gsm(text);

    claim(can || last_at != mark || (marked_septets == 0 && marked_replaced == 0), "it cannot: a character is neither");
    claim(!can || IS_READ(text), "it can: after all of it");
    claim(!can || *text == '\0' || !IS_PASSED(READ_TO) || marked_septets != 0 || marked_replaced != 0,
          "each is in GSM-7, or replaced");
}

void prove(void)
{
    const char *text = any_text();

    any_characters();
    start = AT(text);
    outside = false;
    assume(begins[start]);
    if (nondet_bool()) {
        prove_count(text);
    } else if (nondet_bool()) {
        prove_cut(text);
    } else {
        prove_can_be(text);
    }
}
