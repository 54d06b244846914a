/*
 * test_segments.c - segments of SMS: the tables of 3GPP TS 23.038, boundaries, and every cut tried
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_segments.h"

/* ---- A plain encoder, to compare with ---------------------------------------------------------- */

/* TS 23.038, 6.2.1: the default alphabet in its order, without ESC (0x1B) */
static const char alphabet[] =
    "@\xC2\xA3$\xC2\xA5\xC3\xA8\xC3\xA9\xC3\xB9\xC3\xAC\xC3\xB2\xC3\x87\n\xC3\x98\xC3\xB8\r\xC3\x85\xC3\xA5"
    "\xCE\x94_\xCE\xA6\xCE\x93\xCE\x9B\xCE\xA9\xCE\xA0\xCE\xA8\xCE\xA3\xCE\x98\xCE\x9E"
    "\xC3\x86\xC3\xA6\xC3\x9F\xC3\x89"
    " !\"#\xC2\xA4%&'()*+,-./0123456789:;<=>?"
    "\xC2\xA1" "ABCDEFGHIJKLMNOPQRSTUVWXYZ\xC3\x84\xC3\x96\xC3\x91\xC3\x9C\xC2\xA7"
    "\xC2\xBF" "abcdefghijklmnopqrstuvwxyz\xC3\xA4\xC3\xB6\xC3\xB1\xC3\xBC\xC3\xA0";

/* 6.2.1.1: the extension table */
static const char extension[] = "\f^{}\\[~]|\xE2\x82\xAC";

static void put_utf8(char *text, uint32_t c)
{
    size_t size = strlen(text);

    if (c < 0x80) {
        text[size++] = (char)c;
    } else if (c < 0x800) {
        text[size++] = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        text[size++] = (char)(0xE0 | c >> 12);
        text[size++] = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        text[size++] = (char)(0xF0 | c >> 18);
        text[size++] = (char)(0x80 | (c >> 12 & 0x3F));
        text[size++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80) {
        text[size++] = (char)(0x80 | (c & 0x3F));
    }
    text[size] = '\0';
}

static int septets_of(uint32_t c)
{
    char text[5] = "";

    put_utf8(text, c);
    return strstr(alphabet, text) != NULL ? 1 : strstr(extension, text) != NULL ? 2 : 0;
}

static bool all_gsm(const uint32_t *characters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (septets_of(characters[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* Segments filled one after another, as a phone's encoder does it */
static struct twilio_segments plain_count(const uint32_t *characters, size_t n)
{
    struct twilio_segments count = { .ucs2 = !all_gsm(characters, n), .segments = 1 };
    uint32_t room = count.ucs2 ? 67 : 153, left = room;

    for (size_t i = 0; i < n; i++) {
        uint32_t utf16 = characters[i] > 0xFFFF ? 2 : 1;
        uint32_t units = count.ucs2 ? utf16 : (uint32_t)septets_of(characters[i]);

        if (units > left) {
            count.segments++;
            left = room;
        }
        left -= units;
        count.units += units;
    }
    if (count.units <= (count.ucs2 ? 70 : 160)) {
        count.segments = 1;
    }
    return count;
}

static struct twilio_segments count_of(const char *text)
{
    struct twilio_segments count;
    char *copy = strdup(text);  /* of just its size, for the sanitizers */

    assert_non_null(copy);
    memset(&count, CANARY, sizeof count);
    twilio_segments_count(copy, &count);
    free(copy);
    return count;
}

/* ---- The alphabet -------------------------------------------------------------------------------- */

static void every_character(void **state)
{
    size_t ones = 0, twos = 0;

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char text[5] = "";
        struct twilio_segments count;
        int septets;

        if (c == 0xD800) {
            c = 0xE000;
        }
        septets = septets_of(c);
        ones += septets == 1;
        twos += septets == 2;
        put_utf8(text, c);
        twilio_segments_count(text, &count);
        check(count.ucs2 == (septets == 0), "U+%04X: UCS-2 %d", (unsigned)c, count.ucs2);
        check(count.units == (septets != 0 ? (unsigned)septets : c > 0xFFFF ? 2U : 1U), "U+%04X: %u units",
              (unsigned)c, (unsigned)count.units);
        check(count.segments == 1, "U+%04X: %u segments", (unsigned)c, (unsigned)count.segments);
    }
    assert_int_equal(ones, 127);
    assert_int_equal(twos, 10);
}

static void not_utf8(void **state)
{
    static const struct {
        const char *text;
        unsigned characters;
        const char *why;
    } table[] = {
        { "\x80", 1, "a tail alone" },
        { "\xBF\xBF", 2, "two tails" },
        { "\xC0\x80", 2, "NUL in two octets" },
        { "\xC1\xBF", 2, "DEL in two octets" },
        { "\xC3", 1, "cut after the first of two" },
        { "\xC3z", 2, "no tail" },
        { "\xE0\x9F\xBF", 3, "U+07FF in three octets" },
        { "\xE2\x82", 2, "cut after the second of three" },
        { "\xE2\x82z", 3, "one tail of two" },
        { "\xE2\x82\xE2\x82\xAC", 3, "broken off by a good one" },
        { "\xED\xA0\x80", 3, "a surrogate" },
        { "\xED\xBF\xBF", 3, "the last surrogate" },
        { "\xEE\x80\x80", 1, "after the surrogates" },
        { "\xF0\x8F\xBF\xBF", 4, "U+FFFF in four octets" },
        { "\xF0\x9F\x91", 3, "cut after the third of four" },
        { "\xF4\x90\x80\x80", 4, "beyond U+10FFFF" },
        { "\xF5\x80\x80\x80", 4, "no first octet" },
        { "\xFF\xFE", 2, "no octets of UTF-8" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct twilio_segments count = count_of(table[i].text);

        check(count.ucs2 && count.units == table[i].characters, "%s: %u units", table[i].why,
              (unsigned)count.units);
    }
}

/* ---- Boundaries ------------------------------------------------------------------------------------ */

struct run {
    unsigned times;
    const char *text;
};

static void build(char *text, const struct run *runs)
{
    text[0] = '\0';
    for (; runs->text != NULL; runs++) {
        for (unsigned i = 0; i < runs->times; i++) {
            strcat(text, runs->text);
        }
    }
}

#define E_ACUTE "\xC3\xA9"
#define EURO    "\xE2\x82\xAC"
#define WORLD   "\xE4\xB8\x96"      /* U+4E16 */
#define THUMB   "\xF0\x9F\x91\x8D"  /* U+1F44D: two units */

static void boundaries(void **state)
{
    static const struct {
        const char *why;
        struct run runs[4];
        bool ucs2;
        unsigned units, segments;
    } table[] = {
        { "nothing", { { 0, "a" } }, false, 0, 1 },
        { "one", { { 1, "a" } }, false, 1, 1 },
        { "one full", { { 160, "a" } }, false, 160, 1 },
        { "one too many", { { 161, "a" } }, false, 161, 2 },
        { "two full", { { 306, "a" } }, false, 306, 2 },
        { "three", { { 307, "a" } }, false, 307, 3 },
        { "two octets, one septet", { { 160, E_ACUTE } }, false, 160, 1 },
        { "80 of two septets", { { 80, EURO } }, false, 160, 1 },
        { "81 of two: 76 in a segment", { { 81, EURO } }, false, 162, 2 },
        { "152 of two: each segment leaves one unused", { { 152, "{" } }, false, 304, 2 },
        { "153 of two: 306 septets, but three segments", { { 153, "{" } }, false, 306, 3 },
        { "a pair that would be split at 153", { { 152, "a" }, { 1, "{" }, { 8, "a" } }, false, 162, 2 },
        { "one unused makes a third", { { 152, "a" }, { 1, "[" }, { 152, "a" } }, false, 306, 3 },
        { "just fits after the unused one", { { 152, "a" }, { 1, "[" }, { 151, "a" } }, false, 305, 2 },
        { "at 159 and 160 in one segment", { { 158, "a" }, { 1, "\\" } }, false, 160, 1 },
        { "70 units", { { 70, WORLD } }, true, 70, 1 },
        { "71 units", { { 71, WORLD } }, true, 71, 2 },
        { "134 units", { { 134, WORLD } }, true, 134, 2 },
        { "135 units", { { 135, WORLD } }, true, 135, 3 },
        { "one makes all of it UCS-2", { { 69, "a" }, { 1, WORLD } }, true, 70, 1 },
        { "and two segments", { { 70, "{" }, { 1, WORLD } }, true, 71, 2 },
        { "35 pairs", { { 35, THUMB } }, true, 70, 1 },
        { "36 pairs: 33 in a segment", { { 36, THUMB } }, true, 72, 2 },
        { "66 pairs", { { 66, THUMB } }, true, 132, 2 },
        { "67 pairs: 134 units, but three segments", { { 67, THUMB } }, true, 134, 3 },
        { "a pair that would be split at 67", { { 66, "a" }, { 1, THUMB }, { 66, "a" } }, true, 134, 3 },
        { "a message of 1,600 characters", { { 1600, "a" } }, false, 1600, 11 },
        { "the same in UCS-2", { { 1600, WORLD } }, true, 1600, 24 },
    };
    static char text[8000];

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct twilio_segments count;

        build(text, table[i].runs);
        count = count_of(text);
        check(count.ucs2 == table[i].ucs2 && count.units == table[i].units
              && count.segments == table[i].segments, "%s: UCS-2 %d, %u units, %u segments", table[i].why,
              count.ucs2, (unsigned)count.units, (unsigned)count.segments);
    }
}

static void cuts(void **state)
{
    static const struct {
        const char *why;
        struct run runs[4];
        unsigned segments;
        size_t bytes;
    } table[] = {
        { "none", { { 5, "a" } }, 0, 0 },
        { "nothing", { { 0, "a" } }, 1, 0 },
        { "all of it", { { 160, "a" } }, 1, 160 },
        { "one too many", { { 161, "a" } }, 1, 160 },
        { "two segments", { { 400, "a" } }, 2, 306 },
        { "not inside an octet pair", { { 161, E_ACUTE } }, 1, 320 },
        { "not inside an extension", { { 159, "a" }, { 1, EURO } }, 1, 159 },
        { "GSM-7 up to a character beyond", { { 100, "a" }, { 1, WORLD }, { 100, "a" } }, 1, 100 },
        { "beyond, but it fits", { { 69, "a" }, { 1, WORLD }, { 1, "a" } }, 1, 72 },
        { "beyond, and does not fit", { { 70, "a" }, { 1, WORLD } }, 1, 70 },
        { "GSM-7 is longer than UCS-2 would be", { { 160, "a" }, { 1, WORLD } }, 1, 160 },
        { "two in UCS-2", { { 100, "a" }, { 1, WORLD }, { 100, "a" } }, 2, 136 },
        { "no half of a pair", { { 69, WORLD }, { 1, THUMB } }, 1, 207 },
        { "not UTF-8", { { 75, "\xFF" } }, 1, 70 },
        { "more than there is", { { 75, WORLD } }, UINT32_MAX, 225 },
    };
    static char text[8000];

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t bytes;

        build(text, table[i].runs);
        bytes = twilio_segments_cut(text, table[i].segments);
        check(bytes == table[i].bytes, "%s: %zu bytes", table[i].why, bytes);
    }
}

/* ---- Random texts ------------------------------------------------------------------------------------ */

static uint32_t seed = 20380, of_text;

static uint32_t random_below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % n;
}

/* Mostly of one kind, so that all kinds of boundaries are met. */
static uint32_t random_character(void)
{
    static const uint32_t some[] = { 'a', ' ', 0xE9, 0x3A9, '{', 0x20AC, '\f', 0x4E16, 0x1F44D, 0x2019, 0xE7,
                                     '`' };

    return random_below(60) == 0 ? some[random_below(COUNT(some))]
         : random_below(200) == 0 ? random_below(0xD7FF) + 1 : some[of_text];
}

/* Every beginning is counted by the plain encoder: the cut is the longest that fits; all shorter ones do. */
static void against_every_cut(void **state)
{
    static uint32_t characters[700];
    static size_t ends[701];
    static char text[4 * 700 + 1];

    (void)state;
    for (unsigned round = 0; round < 600; round++) {
        size_t n = random_below(round % 4 == 0 ? 700 : 330), longest[5] = { 0 };
        struct twilio_segments count, plain = { .segments = 1 };
        bool fits_still[5] = { true, true, true, true, true };

        text[0] = '\0';
        of_text = random_below(9);
        for (size_t i = 0; i < n; i++) {
            characters[i] = random_character();
            put_utf8(text + (i > 0 ? ends[i] : 0), characters[i]);
            ends[i + 1] = strlen(text);
        }
        for (size_t i = 1; i <= n; i++) {
            plain = plain_count(characters, i);
            for (uint32_t most = 1; most < 5; most++) {
                fits_still[most] = plain.segments <= most;
                check(!fits_still[most] || longest[most] == (i > 1 ? ends[i - 1] : 0),
                      "it fits, but a shorter one does not");
                longest[most] = fits_still[most] ? ends[i] : longest[most];
            }
        }
        count = count_of(text);
        check(count.ucs2 == plain.ucs2 && count.units == plain.units && count.segments == plain.segments,
              "round %u, %zu characters: UCS-2 %d, %u units, %u segments; not %d, %u, %u", round, n,
              count.ucs2, (unsigned)count.units, (unsigned)count.segments, plain.ucs2,
              (unsigned)plain.units, (unsigned)plain.segments);
        for (uint32_t most = 0; most < 5; most++) {
            size_t cut = twilio_segments_cut(text, most);

            check(cut == longest[most], "round %u: cut at %zu, not %zu, for %u segments", round, cut,
                  longest[most], (unsigned)most);
        }
    }
}

/* ---- Smart encoding ------------------------------------------------------------------------------ */

static void smart_texts(void **state)
{
    static const struct {
        const char *text, *smart, *why;
    } table[] = {
        { "", "", "nothing" },
        { "Fire", "Fire", "ASCII" },
        { "caf" E_ACUTE " {" EURO "}", "caf" E_ACUTE " {" EURO "}", "GSM-7" },
        { "\xE2\x80\x9CHi\xE2\x80\x9D", "\"Hi\"", "curly double quotes" },
        { "it\xE2\x80\x99s", "it's", "an apostrophe" },
        { "\xE2\x80\x98s\xE2\x80\x9A", "'s,", "single quotes" },
        { "\xC2\xAB" "a\xC2\xBB \xE2\x80\xB9" "b\xE2\x80\xBA", "\"a\" <b>", "guillemets" },
        { "1\xE2\x80\x93" "2\xE2\x80\x94" "3", "1-2-3", "dashes" },
        { "wait\xE2\x80\xA6", "wait...", "an ellipsis" },
        { "no\xC2\xA0" "break\xE2\x80\xAF\xE3\x80\x80", "no break  ", "spaces" },
        { "a\xE2\x80\x8B" "b\xEF\xBB\xBF", "ab", "spaces of width 0" },
        { "a\tb", "a b", "a tab" },
        { "\xEF\xBC\xA1\xEF\xBD\x9A\xEF\xBC\x91\xEF\xBC\x81\xEF\xBD\x9E", "Az1!~", "full-width forms" },
        { "\xEF\xBD\x80`", "''", "grave accents" },
        { "\xE2\x80\xBC", "!!", "two in one" },
        { "\xE2\x80\xA2 one", "- one", "a bullet" },
        { "6\xC3\xB7" "2", "6/2", "a division sign" },
        { "caf" E_ACUTE "\xE2\x80\xA6", "caf" E_ACUTE "...", "what is GSM-7 stays" },
        { "\xE2\x80\x9CHi\xE2\x80\x9D " THUMB, "\xE2\x80\x9CHi\xE2\x80\x9D " THUMB, "no use with an emoji" },
        { WORLD "\xE2\x80\xA6", WORLD "\xE2\x80\xA6", "of no use with a character beyond" },
        { "\xE2\x80\xA6\xFF", "\xE2\x80\xA6\xFF", "not UTF-8" },
        { "\xC2\xBD", "\xC2\xBD", "a half would grow" },
        { "a\xE2\x80\x8D" "b", "a\xE2\x80\x8D" "b", "a joiner is not of width 0 only" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        char *text = strdup(table[i].text);
        size_t length;

        assert_non_null(text);
        length = twilio_segments_smart(text);
        check(strcmp(text, table[i].smart) == 0 && length == strlen(text), "%s: '%s', %zu", table[i].why,
              text, length);
        free(text);
    }
}

/* Of each character alone: what replaces it is GSM-7, is not longer, and stays; GSM-7 stays. */
static void smart_characters(void **state)
{
    size_t replaced = 0;

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char before[5] = "", text[5] = "", again[5];
        size_t length;

        if (c == 0xD800) {
            c = 0xE000;
        }
        put_utf8(before, c);
        strcpy(text, before);
        length = twilio_segments_smart(text);
        check(length == strlen(text) && length <= strlen(before), "U+%04X: %zu", (unsigned)c, length);
        if (strcmp(text, before) != 0) {
            replaced++;
            check(septets_of(c) == 0, "U+%04X was GSM-7", (unsigned)c);
            check(!count_of(text).ucs2, "U+%04X: '%s' is not GSM-7", (unsigned)c, text);
            strcpy(again, text);
            twilio_segments_smart(again);
            assert_string_equal(again, text);
        }
    }
    check(replaced > 150, "%zu characters are replaced", replaced);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character),
        cmocka_unit_test(not_utf8),
        cmocka_unit_test(boundaries),
        cmocka_unit_test(cuts),
        cmocka_unit_test(against_every_cut),
        cmocka_unit_test(smart_texts),
        cmocka_unit_test(smart_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
