/*
 * prove_segments.c - what a text costs, and where to cut it
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1023
//@ bounds texts of up to 1,023 octets; any number of segments
//@ replace walk any_walk
//@ fault segments.c: if (*walk(text, false, UINT32_MAX, segments) != '\0') { => if (*walk(text, false, 255, segments) != '\0') {
//@ fault segments.c: walk(text, true, UINT32_MAX, segments); => walk(text, true, 255, segments);
//@ fault segments.c: return (size_t)((gsm > ucs2 ? gsm : ucs2) - text); => return (size_t)(gsm - text);
//@ fault segments.c: const char *ucs2 = walk(text, true, segments, &count); => const char *ucs2 = walk(text, false, segments, &count);
#include "proof.h"
#include "twilio_segments.h"

size_t start;                 /* of the text */
size_t ends[2];               /* of its walks: in GSM-7, in UCS-2 */
struct twilio_segments told;  /* by the last one */
bool outside;                 /* a character is not in GSM-7 */

#include "segments.c"

/* Proved in prove_walk.c. */
const char *any_walk(const char *text, bool ucs2, uint32_t most, struct twilio_segments *count)
{
    struct twilio_segments any = { ucs2, nondet_uint32_t(), nondet_uint32_t() };
    const char *end = text + any_up_to(LEFT(text));
    bool is_empty = *text == '\0', is_all = *end == '\0';

    claim(IS_TEXT(text) && AT(text) == start, "a text is gone along from its start");
    assume(!is_empty || end == text);
    assume(!is_all || (any.units == 0) == (end == text));
    assume(!is_all || any.units == 0 || any.segments <= most);
    assume(end != text || is_empty || most == 0 || !ucs2);
    assume(is_all || any.segments > most || !ucs2);
    outside = outside || (!is_all && any.segments <= most);
    ends[ucs2] = AT(end);
    told = *count = any;
    return end;
}

/* ---- The proof --------------------------------------------------------------- */

static void prove_count(const char *text)
{
    struct twilio_segments count;

    twilio_segments_count(text, &count);
    claim(count.ucs2 == told.ucs2 && count.units == told.units && count.segments == told.segments,
          "it is what was counted last");
    claim((count.units == 0) == (*text == '\0'), "each character has its units");
    claim(!count.ucs2 || outside, "in UCS-2 only if it is not GSM-7");
    claim(proof_texts[ends[count.ucs2]] == '\0', "all of it is counted");
}

static void prove_cut(const char *text)
{
    uint32_t segments = nondet_uint32_t();
    size_t size = twilio_segments_cut(text, segments);

    claim(start + size == (ends[0] > ends[1] ? ends[0] : ends[1]), "it ends where the longer piece does");
    claim(size != 0 || *text == '\0' || segments == 0, "something fits in a segment");
}

void prove(void)
{
    const char *text = any_text();

    start = AT(text);
    outside = false;
    if (nondet_bool()) {
        prove_count(text);
    } else {
        prove_cut(text);
    }
}
