/*
 * prove_alert_token.c - the delivery engine: what messages are recognised by
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any name, number and attempt; what stands before the token stays
//@ texts 15
//@ unwind 10
//@ fault alerts_token.c: *--end = '#'; => *--end = '#'; *--end = '#';
//@ fault alerts_token.c: } while (number != 0); => } while (number > 0x20000000);
//@ fault alerts_token.c: while (*name != '\0') { => while (name != a->name + 8) {
//@ fault alerts_token.c: *--end = '-'; => ;
#include "any_alerts.h"

#include "alerts_token.c"

#define BEFORE 8

static bool is_hex(char octet)
{
    return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'F');
}

/* Read a number back, which ends before that octet. Returns what follows it. */
static const char *read_back(const char *text, uint32_t number, char end)
{
    uint32_t value = 0;

    claim(is_hex(*text), "a number has digits");
    for (unsigned digits = 0; digits < 8 && is_hex(*text); digits++) {
        value = value * 16 % 0x100000000U + hex_value((uint8_t)*text);
        text++;
    }
    claim(value == number && *text == end, "the number, and its end");
    return text + 1;
}

void prove(void)
{
    struct twilio_alerts a;
    char name[8 + 1], memory[BEFORE + TWILIO_ALERTS_TOKEN_MAX];
    size_t length = 1 + any_up_to(7), i = any_up_to(BEFORE - 1);
    char before = memory[i];
    const char *token;

    for (unsigned n = 0; n < 8; n++) {
        assume(n < length ? name[n] != '\0' : name[n] == '\0');
    }
    name[8] = '\0';
    a.name = name;
    token = twilio_alerts_token(&a, memory + sizeof memory);
    claim(token >= memory + BEFORE && memory[i] == before, "no more than its place");
    claim(*token++ == '#', "its mark");
    for (unsigned n = 0; n < 8 && n < length; n++) {
        claim(*token++ == name[n], "the device");
    }
    claim(*token++ == '-', "then the alert");
    token = read_back(token, a.entry.id, a.record.attempt != 0 ? '.' : ' ');
    if (a.record.attempt != 0) {
        token = read_back(token, a.record.attempt, ' ');
    }
    claim(token == memory + sizeof memory, "and nothing more");
}
