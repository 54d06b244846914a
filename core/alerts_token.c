/*
 * alerts_token.c - the delivery engine: what a message is recognised by
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "octets.h"

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
