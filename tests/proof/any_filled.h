/*
 * any_filled.h - what the proof of field.c shows, for the readers that fill the caller's fields
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_FILLED_H
#define TWILIO_ANY_FILLED_H

#include "any_field.h"

/* Proved in prove_field.c: for any field, at any length. */
int twilio_fields_begin(struct twilio_field *field)
{
    claim(field == NULL || field == the_fields, "the table is the caller's");
    return nondet_bool() ? TWILIO_OK : TWILIO_ERR_ARGUMENT;
}

void twilio_field_start(struct twilio_field *field, char type)
{
    claim(field != NULL && IS_FIELD(field), "the field is one of the table");
    field->type = type;
    field->length = 0;
}

void twilio_field_append(struct twilio_field *field, uint8_t octet)
{
    (void)octet;
    claim(field != NULL && IS_FIELD(field), "the field is one of the table");
    field->length = nondet_uint16_t();
}

void twilio_field_finish(struct twilio_field *field)
{
    claim(field != NULL && IS_FIELD(field), "the field is one of the table");
}

#endif
