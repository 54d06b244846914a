/*
 * field.h - writing into the caller's fields. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_FIELD_H
#define TWILIO_FIELD_H

#include "twilio.h"

/* Empty every field of the table (NULL: none). TWILIO_OK or ERR_ARGUMENT. */
int twilio_fields_begin(struct twilio_field *field);

/* Start a value of that type, forgetting what the field held. */
void twilio_field_start(struct twilio_field *field, char type);

/* Another octet of the value, stored if there is room. */
void twilio_field_append(struct twilio_field *field, uint8_t octet);

/* The value is complete: end it, at a character's end if cut. */
void twilio_field_finish(struct twilio_field *field);

#endif
