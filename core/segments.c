/*
 * segments.c - what a text costs as SMS, where to cut it, and what makes it cheaper
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "twilio_segments.h"

/* ---- Characters ------------------------------------------------------------- */

/* How many octets follow the first one of a character; 0 too if it begins none. */
static unsigned tails_after(uint32_t c)
{
    return c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
}

/* Read a character of UTF-8. Returns its octets; an octet that begins none is U+FFFD. */
static size_t read_character(const char *text, uint32_t *character)
{
    uint32_t c = (uint8_t)text[0];
    unsigned tails = tails_after(c);

    *character = c < 0x80 ? c : 0xFFFD;
    if (tails == 0) {
        return 1;
    }
    c &= 0x3FU >> tails;
    for (unsigned i = 1; i <= tails; i++) {
        if (((uint8_t)text[i] & 0xC0) != 0x80) {
            return 1;
        }
        c = c << 6 | ((uint8_t)text[i] & 0x3F);
    }
    if (c >> (5 * tails + 1) == 0 || c >> 11 == 0xD800 >> 11 || c > 0x10FFFF) {
        return 1;
    }
    *character = c;
    return tails + 1;
}

/* The basic table of GSM-7, a bit for each character: U+0000 to U+00FF; then U+0380 to U+03BF, for it has
 * those Greek capitals that do not look like Latin ones. */
static const uint32_t basic[] = {
    0x00002400, 0xFFFFFFFF, 0x87FFFFFF, 0x07FFFFFE, 0x00000000, 0x800000BA, 0x914202F0, 0x13461371,
    0x49180000, 0x00000349
};

/* How many septets a character has in GSM-7; 0: it is not in it. */
static unsigned septets(uint32_t c)
{
    uint32_t row = c >> 5;

    if ((c & ~0x20U) - '[' < 4 || c == '\f' || c == 0x20AC) {  /* [ \ ] ^ and { | } ~, the euro sign */
        return 2;
    }
    if (row - 28 < 2) {
        row -= 20;
    } else if (row >= 8) {
        return 0;
    }
    return basic[row] >> (c & 31) & 1;
}

/* ---- Segments --------------------------------------------------------------- */

/* How many units a character has; 0: it is not in the encoding. */
static uint32_t units_of(uint32_t c, bool ucs2)
{
    return !ucs2 ? septets(c) : c > 0xFFFF ? 2 : 1;
}

/* Count the text in one of the encodings, as far as it fits. Returns where it ends, or the first character
 * that is not in the encoding, or is one too many for so many segments. */
static const char *walk(const char *text, bool ucs2, uint32_t most, struct twilio_segments *count)
{
    uint32_t single = ucs2 ? 70 : 160, room = ucs2 ? 67 : 153;  /* of one segment, and of one of several */
    uint32_t several = 1, used = 0;

    *count = (struct twilio_segments){ ucs2, 0, 1 };
    while (*text != '\0') {
        uint32_t c;
        size_t size = read_character(text, &c);
        uint32_t units = units_of(c, ucs2);

        count->units += units;
        used += units;
        if (used > room) {  /* a character is not split: all of it goes into the next segment */
            several++;
            used = units;
        }
        count->segments = count->units <= single ? 1 : several;
        if (units == 0 || count->segments > most) {
            break;
        }
        text += size;
    }
    return text;
}

void twilio_segments_count(const char *text, struct twilio_segments *segments)
{
    if (*walk(text, false, UINT32_MAX, segments) != '\0') {
        walk(text, true, UINT32_MAX, segments);
    }
}

/* UCS-2 never takes fewer segments than GSM-7: the longer piece is the one that counts. */
size_t twilio_segments_cut(const char *text, uint32_t segments)
{
    struct twilio_segments count;
    const char *gsm = walk(text, false, segments, &count);
    const char *ucs2 = walk(text, true, segments, &count);

    return (size_t)((gsm > ucs2 ? gsm : ucs2) - text);
}

/* ---- Smart encoding --------------------------------------------------------- */

/* What replaces: so many of that octet. As a number it is no character's. */
#define AS(times, octet) (0xD800 | (times) << 8 | (octet))
#define IS_AS(number)    (((number) & 0xFC00) == 0xD800)

/* What replaces, then the characters that it does: those of Twilio's list that come from keyboards and word
 * processors, and get no longer. */
static const uint16_t smart[] = {
    AS(1, '"'), 0xAB, 0xBB, 0x2BA, 0x201C, 0x201D, 0x201E, 0x201F, 0x275D, 0x275E, 0x301D, 0x301E,
    AS(1, '\''), '`', 0xB4, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2C8, 0x2CA, 0x2CB, 0x2018, 0x2019, 0x201B, 0x275B,
        0x275C, 0xFF40,
    AS(1, '-'), 0x2010, 0x2013, 0x2014, 0x2015, 0x2022, 0x2043,
    AS(1, ' '), '\t', 0xA0, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009,
        0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
    AS(0, 0), 0x200B, 0x200C, 0x2060, 0xFEFF,
    AS(3, '.'), 0x2026,
    AS(2, '!'), 0x203C,
    AS(1, '*'), 0x204E, 0x2217,
    AS(1, ','), 0x201A, 0x3001, 0xFF64,
    AS(1, '.'), 0x3002, 0xFF61,
    AS(1, '/'), 0xF7, 0x2044, 0x2215,
    AS(1, ':'), 0x2D0,
    AS(1, ';'), 0x204F,
    AS(1, '<'), 0x2039,
    AS(1, '>'), 0x203A,
    AS(1, '^'), 0x2C6,
    AS(1, '_'), 0x2017,
    AS(1, '|'), 0x2223,
    AS(1, '~'), 0x2DC, 0x223C
};

/* What replaces a character; 0: nothing. Most full-width forms stand as ASCII has them. */
static unsigned replacement(uint32_t c)
{
    unsigned as = 0;

    if (c - 0xFF01 < 94 && c != 0xFF40) {
        return AS(1, c - 0xFEE0);
    }
    for (const uint16_t *at = smart; at < smart + sizeof smart / sizeof smart[0]; at++) {
        if (IS_AS(*at)) {
            as = *at;
        } else if (*at == c) {
            return as;
        }
    }
    return 0;
}

/* Whether all of text is GSM-7, or can be made so. */
static bool can_be_gsm(const char *text)
{
    uint32_t c;

    while (*text != '\0') {
        text += read_character(text, &c);
        if (septets(c) == 0 && replacement(c) == 0) {
            return false;
        }
    }
    return true;
}

size_t twilio_segments_smart(char *text)
{
    const char *from = text;
    char *to = text;
    bool replace = can_be_gsm(text);

    while (*from != '\0') {
        uint32_t c;
        const char *next = from + read_character(from, &c);
        unsigned as = replace ? replacement(c) : 0;

        while (as == 0 && from < next) {
            *to++ = *from++;
        }
        for (unsigned times = as >> 8 & 3; times != 0; times--) {
            *to++ = (char)as;
        }
        from = next;
    }
    *to = '\0';
    return (size_t)(to - text);
}
