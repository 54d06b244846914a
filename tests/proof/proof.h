/*
 * proof.h - what the harnesses have in common: any value, any text, where a pointer is
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PROOF_H
#define TWILIO_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any value: CBMC's own functions of these names give one. */
bool nondet_bool(void);
int nondet_int(void);
unsigned nondet_unsigned(void);
size_t nondet_size_t(void);
uint8_t nondet_uint8_t(void);
uint16_t nondet_uint16_t(void);
uint32_t nondet_uint32_t(void);

#define assume(what)        __CPROVER_assume(what)
#define claim(what, why)    __CPROVER_assert(what, why)

/* An index of an array: put into the code by prove, for CBMC checks it against the end of the whole struct. Of
 * a pointer it is any: what that points to is checked. */
#define INDEX(array, index) \
    ({ __typeof__(index) i_ = (index); \
       __CPROVER_assert(__builtin_types_compatible_p(__typeof__(array), __typeof__(&(array)[0])) \
                        || (i_ >= 0 && (size_t)i_ < sizeof(array) / sizeof((array)[0])), \
                        "an index is within its array"); \
       i_; })

/* In notes on loops: where a pointer is in its object, how far it may go, and any place in that object. */
#define AT(pointer)         __CPROVER_POINTER_OFFSET(pointer)
#define SAME(a, b)          __CPROVER_same_object(a, b)
#define END(pointer)        (__CPROVER_OBJECT_SIZE(pointer) - 1)
#define WITHIN(pointer)     (AT(pointer) <= END(pointer))
#define LEFT(pointer)       (END(pointer) - AT(pointer))
#define ANY_PLACE(pointer)  ((pointer) - AT(pointer) / sizeof *(pointer) + any_up_to(END(pointer) / sizeof *(pointer)))

/* A text ends in its object: so does any that ends at all, being in a smaller one. */
#define IS_TEXT(text)       ((text) != NULL && WITHIN(text) && (text)[LEFT(text)] == '\0')

static inline size_t any_up_to(size_t most)
{
    size_t any = nondet_size_t();

    assume(any <= most);
    return any;
}

/* Any text: these octets are anything, but for a NUL at the end; texts may overlap, since nobody
 * writes here. So all texts of up to TEXT_MAX octets are in it, and all pairs of them. */
extern const char proof_texts[TEXT_MAX + 1];

static inline const char *any_text(void)
{
    size_t at = nondet_size_t();

    assume(proof_texts[TEXT_MAX] == '\0' && at <= TEXT_MAX);
    return proof_texts + at;
}

static inline const char *any_text_or_null(void)
{
    return nondet_bool() ? NULL : any_text();
}

#endif
