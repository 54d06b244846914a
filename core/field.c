/*
 * field.c - the caller's fields: one value each, cut to fit, with its true length
 *
 * SPDX-License-Identifier: MIT
 */
#include "field.h"

#include "octets.h"

void twilio_field_start(struct twilio_field *field, char type)
{
    field->type = type;
    field->length = 0;
    if (field->text != NULL) {
        field->text[0] = '\0';
    }
}

int twilio_fields_begin(struct twilio_field *fields)
{
    unsigned count = 0;

    for (struct twilio_field *field = fields; field != NULL && field->name != NULL; field++) {
        if ((field->text == NULL) != (field->size == 0)) {
            return TWILIO_ERR_ARGUMENT;
        }
        if (++count > TWILIO_FIELDS_MAX) {
            return TWILIO_ERR_SIZE;
        }
        twilio_field_start(field, 0);
        field->matched = 0;
    }
    return TWILIO_OK;
}

void twilio_field_put(struct twilio_field *field, size_t at, uint8_t octet)
{
    if (at + 1 < field->size) {
        field->text[at] = (char)octet;
    }
}

/* The UTF-8 character that ends at text + size may lack octets: then the start of it. */
static size_t whole_characters(const char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && ((uint8_t)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return size;
    }
    uint8_t lead = (uint8_t)text[start - 1];
    size_t needs = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    return size - start < needs ? start - 1 : size;
}

void twilio_field_finish(struct twilio_field *field)
{
    size_t end = field->length;

    if (field->text == NULL) {
        return;
    }
    if (end >= field->size) {
        end = whole_characters(field->text, (size_t)field->size - 1);
    }
    field->text[end] = '\0';
}

int32_t twilio_field_number(const struct twilio_field *field, int32_t otherwise)
{
    int32_t number = 0;

    if (field->type != 'n' || field->text == NULL || field->length >= field->size) {
        return otherwise;
    }
    for (const char *at = field->text; *at != '\0'; at++) {
        int32_t digit = *at - '0';
        if (!is_digit((uint8_t)*at) || number > (INT32_MAX - digit) / 10) {
            return otherwise;
        }
        number = number * 10 + digit;
    }
    return number;
}
