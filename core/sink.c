/*
 * sink.c - the way of every octet: encoded, counted, kept if it lies in the window
 *
 * SPDX-License-Identifier: MIT
 */
#include "sink.h"

#include "octets.h"

void twilio_sink_octet(struct twilio_sink *sink, unsigned octet)
{
    size_t at = sink->position++ - sink->offset;  /* before the window it wraps to a huge value */
    if (at < sink->size) {
        sink->window[at] = (uint8_t)octet;
    }
}

void twilio_write_octet(struct twilio_sink *sink, uint8_t octet)
{
    sink->characters += (octet & 0xC0) != 0x80;  /* the others go on with one, in UTF-8 */
    if (!sink->encoding || twilio_in_set(twilio_unreserved, octet)) {
        twilio_sink_octet(sink, octet);
        return;
    }
    twilio_sink_octet(sink, '%');
    twilio_sink_octet(sink, to_hex(octet >> 4));
    twilio_sink_octet(sink, to_hex(octet & 15));
}

void twilio_write(struct twilio_sink *sink, const char *text)
{
    for (; *text != '\0'; text++) {
        uint8_t octet = (uint8_t)*text;
        if (sink->latin1 && octet >= 0x80) {
            twilio_write_octet(sink, (uint8_t)(0xC0 | octet >> 6));
            octet &= 0xBF;
        }
        twilio_write_octet(sink, octet);
    }
}

/* A tenth of a number, without its fraction: by multiplying, for a Cortex-M0+ cannot divide. Exact for all of
 * 32 bits (Hacker's Delight 10-3). */
static uint32_t tenth_of(uint32_t number)
{
    uint32_t tenth = (number >> 1) + (number >> 2);

    tenth += tenth >> 4;
    tenth += tenth >> 8;
    tenth += tenth >> 16;
    tenth >>= 3;
    return tenth + (number - tenth * 10 >= 10);
}

void twilio_write_number(struct twilio_sink *sink, uint32_t number)
{
    char digits[11], *at = digits + sizeof digits - 1;

    *at = '\0';
    do {
        uint32_t tenth = tenth_of(number);

        *--at = (char)('0' + (number - tenth * 10));
        number = tenth;
    } while (number != 0);
    twilio_write(sink, at);
}

/* ---- Parameters ------------------------------------------------------------ */

void twilio_write_name(struct twilio_sink *sink, const char *name)
{
    if (sink->separator != 0) {
        twilio_sink_octet(sink, (uint8_t)sink->separator);
    }
    sink->separator = '&';
    if (*name == '\0') {
        sink->mistake = TWILIO_ERR_PARAMETER;
    }
    sink->encoding = true;
    twilio_write(sink, name);
    twilio_sink_octet(sink, '=');
    sink->characters = 0;
}

void twilio_write_param(struct twilio_sink *sink, const char *name, const char *value)
{
    if (value != NULL) {
        twilio_write_name(sink, name);
        twilio_write(sink, value);
    }
}

void twilio_sink_params(struct twilio_sink *sink, const struct twilio_param *param)
{
    for (; param != NULL && param->name != NULL; param++) {
        twilio_write_param(sink, param->name, param->value != NULL ? param->value : "");
    }
}

/* ---- Base64 ---------------------------------------------------------------- */

static void put_base64(struct twilio_sink *sink, unsigned digit)
{
    digit &= 63;
    twilio_sink_octet(sink, digit < 26 ? digit + 'A'
                          : digit < 52 ? digit - 26 + 'a'
                          : digit < 62 ? digit - 52 + '0'
                          : digit == 62 ? '+' : '/');
}

static bool is_missing(const char *text)
{
    return text == NULL || *text == '\0';
}

/* No control characters, and no ':' in a user name. */
static bool is_wrong(uint8_t octet, bool in_user)
{
    return is_control(octet) || (in_user && octet == ':');
}

void twilio_sink_basic(struct twilio_sink *sink, const char *user, const char *secret)
{
    const char *const texts[] = { user, ":", secret };
    uint32_t bits = 0;   /* waiting for more */
    unsigned count = 0;  /* of them */
    unsigned i;

    for (i = 0; i < 3; i++) {
        const char *text = texts[i];
        if (is_missing(text)) {
            text = "\n";
        }
        for (; *text != '\0'; text++) {
            if (is_wrong((uint8_t)*text, i == 0)) {
                sink->mistake = TWILIO_ERR_CREDENTIALS;
            }
            bits = bits << 8 | (uint8_t)*text;
            for (count += 8; count >= 6; ) {
                count -= 6;
                put_base64(sink, bits >> count);
            }
        }
    }
    if (count != 0) {
        put_base64(sink, bits << (6 - count));
        twilio_write(sink, count == 2 ? "==" : "=");
    }
}
