/*
 * alerts_token.c - the delivery engine: what a message or call is recognised by: its token, its SID
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "form.h"
#include "octets.h"

/* ---- SIDs ------------------------------------------------------------------ */

void twilio_alerts_sid(const struct twilio_alerts *a, char text[35])
{
    const uint8_t *sid = a->record.sid;
    unsigned at = 2;

    text[0] = (char)sid[0];
    text[1] = (char)sid[1];
    for (unsigned i = 2; i < sizeof a->record.sid; i++) {
        text[at++] = (char)(to_hex(sid[i] >> 4) | 0x20);
        text[at++] = (char)(to_hex(sid[i] & 15U) | 0x20);
    }
    text[at] = '\0';
}

bool twilio_alerts_take_sid(struct twilio_alerts *a)
{
    const char *text = a->scratch->sid;
    uint8_t *sid = a->record.sid;

    if (!twilio_is_sid(text, SID_OF(text[0], text[1]))) {
        return false;
    }
    *sid++ = (uint8_t)*text++;
    *sid++ = (uint8_t)*text++;
    for (; *text != '\0'; text += 2) {
        *sid++ = (uint8_t)(hex_value((uint8_t)text[0]) << 4 | hex_value((uint8_t)text[1]));
    }
    return true;
}

/* ---- The token ------------------------------------------------------------- */

/* Backwards: the digits end where end points to. Returns where they begin. */
static char *hex_before(char *end, uint32_t number)
{
    do {
        *--end = (char)to_hex(number & 15U);
        number >>= 4;
    } while (number != 0);
    return end;
}

char *twilio_alerts_token(const struct twilio_alerts *a, char *end)
{
    const char *name = a->name;

    *--end = ' ';
    if (a->record.attempt != 0) {
        end = hex_before(end, a->record.attempt);
        *--end = '.';
    }
    end = hex_before(end, a->entry.id);
    *--end = '-';
    while (*name != '\0') {
        name++;
    }
    while (name != a->name) {
        *--end = *--name;
    }
    *--end = '#';
    return end;
}
