/*
 * prove_characters.c - the characters of a text: read, as GSM-7, and what replaces them
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds texts of up to 65,535 octets; any character
//@ unwind 5
//@ unwind replacement.0 120
//@ unwind in_gsm.0 128
//@ meant segments.c: if ((c & ~0x20U) - '[' < 4 || c == '\f' || c == 0x20AC) {  /* [ \ ] ^ and { | } ~, the euro sign */
//@ meant segments.c: if (row - 28 < 2) {
//@ meant segments.c: if (c - 0xFF01 < 94 && c != 0xFF40) {
//@ fault segments.c: if (((uint8_t)text[i] & 0xC0) != 0x80) { => if (((uint8_t)text[i] & 0x80) != 0x80) {
//@ fault segments.c: return c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3; => return c < 0xC2 || c >= 0xF4 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
//@ fault segments.c: if (c >> (5 * tails + 1) == 0 || c >> 11 == 0xD800 >> 11 || c > 0x10FFFF) { => if (c >> (5 * tails + 1) == 0 || c > 0x10FFFF) {
//@ fault segments.c: if (c >> (5 * tails + 1) == 0 || c >> 11 == 0xD800 >> 11 || c > 0x10FFFF) { => if (c >> 11 == 0xD800 >> 11 || c > 0x10FFFF) {
//@ fault segments.c: } else if (row >= 8) { => } else if (row >= 10) {
//@ fault segments.c: if (row - 28 < 2) { => if (row - 28 < 3) {
//@ fault segments.c: AS(1, '-'), 0x2010, 0x2013, 0x2014, 0x2015, 0x2022, 0x2043, => AS(1, '-'), 0x2010, 0x2013, 0x2014, 0x2015, 0x2022, 0x2043, '_',
//@ fault segments.c: AS(1, '/'), 0xF7, 0x2044, 0x2215, => AS(3, '/'), 0xF7, 0x2044, 0x2215,
//@ fault segments.c: if (c - 0xFF01 < 94 && c != 0xFF40) { => if (c - 0xFF01 < 94) {
//@ fault segments.c: 0x49180000, 0x00000349 => 0x49180000, 0x00000348
#include "any_characters.h"

#include "segments.c"

/* The characters of GSM-7, in the order of 3GPP TS 23.038, 6.2.1; without the escape to the others. */
static const uint16_t gsm[127] = {
    '@', 0xA3, '$', 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, '\n', 0xD8, 0xF8, '\r', 0xC5, 0xE5,
    0x394, '_', 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9,
    ' ', '!', '"', '#', 0xA4, '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    0xA1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
    0xBF, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xE4, 0xF6, 0xF1, 0xFC, 0xE0
};

/* How many septets a character has there. */
static unsigned in_gsm(uint32_t c)
{
    for (unsigned i = 0; i < 127; i++) {
        if (gsm[i] == c) {
            return 1;
        }
    }
    return c == '\f' || c == '^' || c == '{' || c == '}' || c == '\\' || c == '[' || c == '~' || c == ']'
        || c == '|' || c == 0x20AC ? 2 : 0;
}

/* Octet i of a character in UTF-8 (RFC 3629), and how many it has. */
#define SIZE_OF(c)      ((c) < 0x80 ? 1U : (c) < 0x800 ? 2U : (c) < 0x10000 ? 3U : 4U)
#define FIRST_OF(c)     ((c) < 0x80 ? (c) : (c) < 0x800 ? 0xC0 | (c) >> 6 : (c) < 0x10000 ? 0xE0 | (c) >> 12 \
                                                                                          : 0xF0 | (c) >> 18)
#define TAIL_OF(c, i)   (0x80 | ((c) >> 6 * (SIZE_OF(c) - 1 - (i)) & 0x3F))

/* Whether a text begins with that character. */
static bool begins_with(const char *text, uint32_t c)
{
    for (unsigned i = 0; i < SIZE_OF(c); i++) {
        if ((unsigned)(text[i] & 0xFF) != (i == 0 ? FIRST_OF(c) : TAIL_OF(c, i))) {
            return false;
        }
    }
    return true;
}

void prove(void)
{
    const char *text = any_text();
    uint32_t c, any = nondet_uint32_t();
    size_t size, at = any_up_to(3);
    unsigned as;

    assume(*text != '\0' && any != 0 && IS_SCALAR(any));
    size = read_character(text, &c);
    claim(size >= 1 && size <= 4 && size <= LEFT(text), "octets of the text");
    claim(at >= size || text[at] != '\0', "none of them is the end of the text");
    claim(IS_SCALAR(c), "read is a character");
    claim(begins_with(text, c) ? size == SIZE_OF(c) : size == 1 && c == 0xFFFD,
          "that of the text, or U+FFFD");
    claim(!begins_with(text, any) || (c == any && size == SIZE_OF(any)), "each character is read");

    claim(septets(any) == in_gsm(any), "GSM-7 is as in 3GPP TS 23.038");
    as = replacement(any);
    claim(IS_REPLACEMENT(as) && (as == 0 || IS_AS(as)), "some ASCII replaces it, or nothing");
    claim(as == 0 || septets(any) == 0, "what is in GSM-7 stays");
    claim(as == 0 || TIMES(as) == 0 || septets(as & 0xFF) != 0, "what replaces it is in GSM-7");
    claim(TIMES(as) <= SIZE_OF(any), "and no longer");
    claim(c != 0xFFFD || replacement(c) == 0, "an octet that is none is not replaced");
}
