/*
 * grammar.h - grammars as tables: what may come in each state, what it does, where it leads
 *
 * A state is the index of its first rule; its rules are tried in order up to one that is LAST.
 * A state without one goes on with the rules of the next state. An octet that no rule allows is
 * an error. Rules are packed into three octets each. Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_GRAMMAR_H
#define TWILIO_GRAMMAR_H

#include <stdint.h>

struct rule {
    uint8_t first;   /* the first octet allowed */
    uint8_t extent;  /* upper half: which of the spans are allowed after it; lower half: the action */
    uint8_t next;    /* the state it leads to; upper bit: the state's last rule */
};

/* How many octets after its first a rule can allow. */
#define SPANS { 0, 1, 2, 5, 8, 9, 15, 25, 28, 29, 31, 47, 63, 94, 127, 255 }
#define SPAN(n) ((n) == 0 ? 0 : (n) == 1 ? 1 : (n) == 2 ? 2 : (n) == 5 ? 3 : (n) == 8 ? 4 : (n) == 9 ? 5 \
               : (n) == 15 ? 6 : (n) == 25 ? 7 : (n) == 28 ? 8 : (n) == 29 ? 9 : (n) == 31 ? 10         \
               : (n) == 47 ? 11 : (n) == 63 ? 12 : (n) == 94 ? 13 : (n) == 127 ? 14 : (n) == 255 ? 15   \
               : 1 / 0)

/* In this state octets first to last lead to the state next, by way of the action (0 to 15). */
#define RULE(first, last, next, action) { (first), SPAN((last) - (first)) << 4 | (action), (next) }
#define LAST(first, last, next, action) { (first), SPAN((last) - (first)) << 4 | (action), (next) | 0x80 }

/* Go from *state to the state that octet leads to. Returns the action, or -1: not allowed. */
int twilio_advance(const struct rule *rules, uint8_t *state, uint8_t octet);

/* The picker's grammar, and its state inside a string: who wants UTF-8, and nothing else, begins and
 * ends there. */
extern const struct rule twilio_json_rules[];
#define TWILIO_JSON_STRING 17

#endif
