/*
 * field.c - the caller's fields: one value each, cut to fit, with its true length
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"

void twilio_field_start(struct twilio_field *field, char type)
{
    field->type = type;
    field->length = 0;
    if (field->text != NULL) {
        field->text[0] = '\0';
    }
}

int twilio_fields_begin(struct twilio_field *field)
{
    for (; field != NULL && field->name != NULL; field++) {
        if ((field->text == NULL) != (field->size == 0)) {
            return TWILIO_ERR_ARGUMENT;
        }
        twilio_field_start(field, 0);
    }
    return TWILIO_OK;
}

void twilio_field_append(struct twilio_field *field, uint8_t octet)
{
    if (field->length + 1 < field->size) {
        field->text[field->length] = (char)octet;
        field->text[field->length + 1] = '\0';
    }
    if (field->length < UINT16_MAX) {
        field->length++;
    }
}

/* A value that was cut may end in the middle of a character: leave out its last one. */
void twilio_field_finish(struct twilio_field *field)
{
    unsigned end = field->size;

    if (end <= 1 || field->length < end) {
        return;
    }
    do {
        end--;
    } while (end > 1 && ((uint8_t)field->text[end - 1] & 0xC0) == 0x80);
    field->text[(uint8_t)field->text[end - 1] >= 0xC0 ? end - 1 : end] = '\0';
}
