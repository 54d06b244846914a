/*
 * any_long.h - any text of up to 65,535 octets, for code that has texts of its own besides
 *
 * CBMC's theory of arrays, which long texts need, knows nothing of what string literals hold. It is used for an object
 * whose size is any, and for no other; so these texts are in one. A harness begins with begin_long_texts().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_LONG_H
#define TWILIO_ANY_LONG_H

#include "proof.h"

#define LONG_TEXT_MAX 65535

const char *long_texts;
size_t long_size;

/* Any octets, but for a NUL at the very end. */
static inline void begin_long_texts(void)
{
    long_size = any_up_to(LONG_TEXT_MAX);
    long_texts = __CPROVER_allocate(long_size + 1, 0);
    assume(long_texts[long_size] == '\0');
}

static inline const char *any_long_text(void)
{
    return long_texts + any_up_to(long_size);
}

static inline const char *any_long_text_or_null(void)
{
    return nondet_bool() ? NULL : any_long_text();
}

#define any_text            any_long_text
#define any_text_or_null    any_long_text_or_null

#define KNOWN_TEXTS         long_texts
#include "any_known.h"

#endif
