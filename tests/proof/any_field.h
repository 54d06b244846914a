/*
 * any_field.h - a table of up to three fields, of any names and sizes, in the middle of any values
 *
 * Each has its memory at the very end of an object: what is written behind it is found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_FIELD_H
#define TWILIO_ANY_FIELD_H

#include "proof.h"
#include "twilio.h"

#define MEMORY UINT16_MAX
#define FIELDS 3

struct twilio_field the_fields[FIELDS + 1];
extern char memory_0[MEMORY], memory_1[MEMORY], memory_2[MEMORY];

#define IS_GOOD(i, memory) (the_fields[i].size == 0 ? the_fields[i].text == NULL \
                            : the_fields[i].text == memory + MEMORY - the_fields[i].size)

/* One of them, or none. */
#define IS_FIELD(field) \
    ((field) == NULL || (field) == &the_fields[0] || (field) == &the_fields[1] || (field) == &the_fields[2])

static inline bool fields_are_good(void)
{
    return IS_GOOD(0, memory_0) && IS_GOOD(1, memory_1) && IS_GOOD(2, memory_2) && the_fields[FIELDS].name == NULL;
}

/* Values of any length and type. */
static inline void any_lengths(void)
{
    for (unsigned i = 0; i < FIELDS; i++) {
        the_fields[i].length = nondet_uint16_t();
        the_fields[i].type = (char)(nondet_uint8_t() & 127);
    }
}

/* Any octets in their memory: what a loop may change that appends to one. */
static inline void any_memory(void)
{
    __CPROVER_havoc_object(memory_0);
    __CPROVER_havoc_object(memory_1);
    __CPROVER_havoc_object(memory_2);
}

/* One of them, or none. */
static inline struct twilio_field *any_field(void)
{
    size_t i = any_up_to(FIELDS);

    return i < FIELDS ? the_fields + i : NULL;
}

static inline struct twilio_field any_of(char *memory)
{
    uint16_t size = nondet_uint16_t();
    struct twilio_field field = { any_text_or_null(), size != 0 ? memory + MEMORY - size : NULL, size,
                                  nondet_uint16_t(), (char)(nondet_uint8_t() & 127) };

    return field;
}

/* The table, or NULL. */
static inline struct twilio_field *any_fields(void)
{
    the_fields[0] = any_of(memory_0);
    the_fields[1] = any_of(memory_1);
    the_fields[2] = any_of(memory_2);
    the_fields[FIELDS].name = NULL;
    return nondet_bool() ? NULL : the_fields;
}

#endif
