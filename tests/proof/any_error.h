/*
 * any_error.h - the reader of errors, in any state that its fields may be in
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_ERROR_H
#define TWILIO_ANY_ERROR_H

#include "proof.h"
#include "twilio_error.h"

#define ERROR_FIELDS 7

struct twilio_error the_error;

#define FIELD(i)    the_error.reader.fields[i]

/* One of them, or none. */
#define IS_ERROR_FIELD(field) \
    ((field) == NULL || (field) == &FIELD(0) || (field) == &FIELD(1) || (field) == &FIELD(2) \
     || (field) == &FIELD(3) || (field) == &FIELD(4) || (field) == &FIELD(5) || (field) == &FIELD(6))

#define IS_OR_NOT(i, array) \
    (FIELD(i).text == NULL ? FIELD(i).size == 0 : FIELD(i).text == (array) && FIELD(i).size == sizeof (array))
#define OWNS(i) (FIELD(i).text != NULL)

/* Each field has memory of the right size, or none; and no two of them have the same. */
#define FIELDS_ARE_GOOD \
    (IS_OR_NOT(0, the_error.message) && IS_OR_NOT(1, the_error.message) && IS_OR_NOT(2, the_error.message) \
     && OWNS(0) + OWNS(1) + OWNS(2) <= 1 \
     && IS_OR_NOT(3, the_error.more_info) && IS_OR_NOT(4, the_error.more_info) && OWNS(3) + OWNS(4) <= 1 \
     && OWNS(5) && IS_OR_NOT(5, the_error.reader.code) && OWNS(6) && IS_OR_NOT(6, the_error.reader.status) \
     && FIELD(7).name == NULL)

/* Every text ends within its memory: field.c never writes anything else there. */
#define TEXTS_END \
    (the_error.message[sizeof the_error.message - 1] == '\0' \
     && the_error.more_info[sizeof the_error.more_info - 1] == '\0' \
     && the_error.reader.code[sizeof the_error.reader.code - 1] == '\0' \
     && the_error.reader.status[sizeof the_error.reader.status - 1] == '\0')

static inline struct twilio_field *any_error_field(void)
{
    size_t i = any_up_to(ERROR_FIELDS);

    return i < ERROR_FIELDS ? &FIELD(i) : NULL;
}

static inline void any_field_of_error(unsigned i, char *memory, uint16_t size)
{
    bool owner = nondet_bool();

    FIELD(i).text = owner ? memory : NULL;
    FIELD(i).size = owner ? size : 0;
    FIELD(i).length = nondet_uint16_t();
    FIELD(i).type = (char)(nondet_uint8_t() & 127);
    FIELD(i).name = any_text();
}

static inline void any_error_fields(void)
{
    for (unsigned i = 0; i < ERROR_FIELDS; i++) {
        if (i < 3) {
            any_field_of_error(i, the_error.message, sizeof the_error.message);
        } else if (i < 5) {
            any_field_of_error(i, the_error.more_info, sizeof the_error.more_info);
        } else if (i < 6) {
            any_field_of_error(i, the_error.reader.code, sizeof the_error.reader.code);
        } else {
            any_field_of_error(i, the_error.reader.status, sizeof the_error.reader.status);
        }
    }
    FIELD(ERROR_FIELDS).name = NULL;
}

/* Proved in prove_field.c: for any field, at any length. */
void twilio_field_start(struct twilio_field *field, char type)
{
    claim(field != NULL && IS_ERROR_FIELD(field), "the field is one of the table");
    field->type = type;
    field->length = 0;
}

void twilio_field_append(struct twilio_field *field, uint8_t octet)
{
    (void)octet;
    claim(field != NULL && IS_ERROR_FIELD(field), "the field is one of the table");
    field->length = nondet_uint16_t();
}

void twilio_field_finish(struct twilio_field *field)
{
    claim(field != NULL && IS_ERROR_FIELD(field), "the field is one of the table");
}

#endif
