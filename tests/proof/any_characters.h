/*
 * any_characters.h - a text's characters: what prove_characters.c shows of them, for the functions that go
 * along a text
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_CHARACTERS_H
#define TWILIO_ANY_CHARACTERS_H

#include "proof.h"
#include "twilio_segments.h"

#define IS_SCALAR(c)  ((c) <= 0xD7FF || ((c) >= 0xE000 && (c) <= 0x10FFFF))

/* What replaces a character: 0, nothing does; or, as segments.c has it, so many times that octet of ASCII. */
#define TIMES(as)           ((as) >> 8 & 3)
#define IS_REPLACEMENT(as) \
    ((as) == 0 || (((as) & ~0x37FU) == 0xD800 && (TIMES(as) != 0) == (((as) & 0x7F) != 0)))

/* Where characters begin when the text is read from its start; its end, too. */
extern const bool begins[TEXT_MAX + 1];

/* Any one of the places in the text: what holds of it, whichever it is, holds of all. */
size_t mark;
uint32_t marked;           /* the character that begins there, if one does */
unsigned marked_septets;
unsigned marked_replaced;  /* by this */

/* The one that was read last. */
uint32_t last;
size_t last_at, last_size;
unsigned last_septets;

bool outside;  /* one that was asked about is not in GSM-7 */

static inline uint32_t any_scalar(void)
{
    uint32_t c = nondet_uint32_t();

    assume(IS_SCALAR(c));
    return c;
}

static inline void any_reading(void)
{
    last = any_scalar();
    last_at = any_up_to(TEXT_MAX);
    last_size = 1 + any_up_to(3);
    last_septets = (unsigned)any_up_to(2);
}

/* ---- For calls: proved in prove_characters.c --------------------------------- */

size_t any_character(const char *text, uint32_t *character)
{
    size_t at = AT(text), size = 1 + any_up_to(3);

    claim(IS_TEXT(text) && *text != '\0' && begins[at], "a character is read where one begins");
    assume(size <= LEFT(text) && begins[at + size]);
    assume(size < 2 || (!begins[at + 1] && text[1] != '\0'));
    assume(size < 3 || (!begins[at + 2] && text[2] != '\0'));
    assume(size < 4 || (!begins[at + 3] && text[3] != '\0'));
    last = at == mark ? marked : any_scalar();
    last_at = at;
    last_size = size;
    *character = last;
    return size;
}

unsigned any_septets(uint32_t c)
{
    claim(c == last, "asked about is what was read");
    last_septets = c == marked ? marked_septets : (unsigned)any_up_to(2);
    outside = outside || last_septets == 0;
    return last_septets;
}

static inline unsigned any_as(void)
{
    unsigned as = nondet_unsigned();

    assume(IS_REPLACEMENT(as));
    return as;
}

/* No longer than what it replaces. */
unsigned any_replacement(uint32_t c)
{
    unsigned as = c == marked ? marked_replaced : any_as();

    claim(c == last, "asked about is what was read");
    assume(TIMES(as) <= last_size);
    return as;
}

/* Any text, and any place to look at. */
static inline void any_characters(void)
{
    mark = any_up_to(TEXT_MAX);
    marked = any_scalar();
    marked_septets = (unsigned)any_up_to(2);
    marked_replaced = any_as();
    any_reading();
}

#endif
