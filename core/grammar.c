/*
 * grammar.c - one step through a grammar
 *
 * SPDX-License-Identifier: MIT
 */
#include "grammar.h"

int twilio_advance(const struct rule *rules, uint8_t *state, uint8_t octet)
{
    static const uint8_t spans[] = SPANS;
    const struct rule *rule = rules + *state;

    for (; (uint8_t)(octet - rule->first) > spans[rule->extent >> 4]; rule++) {
        if (rule->next >= 0x80) {
            return -1;
        }
    }
    *state = rule->next & 0x7F;
    return rule->extent & 15;
}
