/*
 * field.h - writing into the caller's fields. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_FIELD_H
#define TWILIO_FIELD_H

#include "twilio.h"

/* Empty every field of the table (NULL: none). TWILIO_OK, ERR_ARGUMENT or ERR_SIZE. */
int twilio_fields_begin(struct twilio_field *fields);

/* Start a value of that type, forgetting what the field held. */
void twilio_field_start(struct twilio_field *field, char type);

/* Store the value's octet number at (from 0), if there is room. */
void twilio_field_put(struct twilio_field *field, size_t at, uint8_t octet);

/* The value, of field->length octets, is complete: end it, at a character's end if cut. */
void twilio_field_finish(struct twilio_field *field);

#endif
