/*
 * any_params.h - a table of up to three parameters, of any names and values
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_PARAMS_H
#define TWILIO_ANY_PARAMS_H

#include "proof.h"
#include "twilio.h"

#define PARAMS 3

struct twilio_param any_table[PARAMS + 1];

/* Where it can be in the table. */
#define IS_PARAM(param) \
    ((param) == NULL || (SAME(param, any_table) && WITHIN(param) && AT(param) % sizeof any_table[0] == 0))

/* A table, or NULL. It begins anywhere: so it has any number of them, up to those. */
static inline const struct twilio_param *any_params(void)
{
    for (unsigned i = 0; i < PARAMS; i++) {
        any_table[i].name = any_text();
        any_table[i].value = any_text_or_null();
    }
    any_table[PARAMS].name = NULL;
    return nondet_bool() ? NULL : any_table + any_up_to(PARAMS);
}

#endif
