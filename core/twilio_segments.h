/*
 * twilio_segments.h - what a text costs as SMS: GSM-7 or UCS-2, and in how many segments
 *
 * 3GPP TS 23.038: GSM-7 has 127 characters of 1 unit, and 10 more (^ { } \ [ ] ~ | euro sign, form feed)
 * of 2; a message takes 160 units in one segment, else 153 each, and no character is split. One character
 * beyond makes the whole message UCS-2: UTF-16 units, 70 in one segment, else 67 each, and no pair is split.
 * Twilio charges by segment.
 *
 * Texts are UTF-8. An octet that is none counts as one character U+FFFD.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_SEGMENTS_H
#define TWILIO_SEGMENTS_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

struct twilio_segments {
    bool     ucs2;       /* false: GSM-7 */
    uint32_t units;      /* septets, or UTF-16 units */
    uint32_t segments;   /* 1 for "" */
};

void twilio_segments_count(const char *text, struct twilio_segments *segments);

/* How many bytes of text fit in that many segments: the longest beginning that ends at a character's end
 * and, counted on its own as above, takes no more. So a beginning before the first character beyond GSM-7
 * is GSM-7, whatever follows it. Every shorter beginning fits, too. Not 0 unless text is "" or segments 0. */
size_t twilio_segments_cut(const char *text, uint32_t segments);

/* Replace, in place, typographic characters by those of GSM-7 that look alike, so that a text costs less:
 * curly quotes, dashes, an ellipsis, spaces of other widths (none of width 0), full-width forms ... If a
 * character remains that is neither GSM-7 nor replaced, nothing would be gained, and the text stays as it is;
 * Twilio's SmartEncoded does so, too. The text never grows. Returns its length. */
size_t twilio_segments_smart(char *text);

#ifdef __cplusplus
}
#endif
#endif
