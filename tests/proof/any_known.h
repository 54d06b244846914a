/*
 * any_known.h - whether something is a text, where any text is one of any_text: its end is known
 *
 * Nobody writes there, and nothing else is there. So a claim does not look for the NUL, which is what takes long.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_KNOWN_H
#define TWILIO_ANY_KNOWN_H

#include "proof.h"

#ifndef KNOWN_TEXTS
#define KNOWN_TEXTS proof_texts
#endif

#undef IS_TEXT
#define IS_TEXT(text) \
    ((text) != NULL && WITHIN(text) && (SAME(text, KNOWN_TEXTS) || (text)[LEFT(text)] == '\0'))

#endif
