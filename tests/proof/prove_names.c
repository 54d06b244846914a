/*
 * prove_names.c - what advice and codes are called: any advice, any code
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds any number as advice, any code
//@ unwind 70
//@ loop advice.c: for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
//@     invariant i <= the_row
//@     decreases sizeof codes / sizeof codes[0] - i
//@     changes i
//@ loop advice.c: while (number-- != 0) {
//@     invariant number <= the_row && IN_NAMES(texts) && AT(texts) == place_of(the_row - number)
//@     decreases number
//@     changes number
//@     changes texts = ANY_PLACE(texts)
//@ loop advice.c: while (*texts++ != '\0') {
//@     invariant IN_NAMES(texts) && AT(texts) >= place_of(the_row - number - 1)
//@     invariant AT(texts) < place_of(the_row - number)
//@     decreases LEFT(texts)
//@     changes texts = ANY_PLACE(texts)
//@ meant advice.c: while (number-- != 0) {
//@ meant advice.c: return text_at(names, (unsigned)advice <= TWILIO_FIX_PROGRAM ? advice : TWILIO_FIX_PROGRAM);
//@ fault advice.c: while (*texts++ != '\0') { => while (*++texts != '\0') {
//@ fault advice.c: "fix configuration\0fix program"; => "fix configuration";
//@ fault advice.c: return text_at(names, (unsigned)advice <= TWILIO_FIX_PROGRAM ? advice : TWILIO_FIX_PROGRAM); => return text_at(names, advice);
//@ fault advice.c: #define TEXT(code, name) name "\0" => #define TEXT(code, name) name
//@ fault advice.c: for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) { => for (unsigned i = 0; i <= sizeof codes / sizeof codes[0]; i++) {
//@ fault advice.c: if (codes[i] == code) { => if (codes[i] == (code & 0xFFFF)) {
//@ fault advice.c: return NULL; => return names;
//@ fault advice.c: return text_at(names, i); => return text_at(names, i + 1);
#include "proof.h"

unsigned the_row;  /* of what is asked for, within its table */
bool of_a_code;    /* that is what is asked for; else an advice */
size_t the_last;   /* place of that table */

#define IN_NAMES(text) (END(text) == the_last && WITHIN(text))

static size_t place_of(unsigned row);

#include "advice.c"

/* The tables told in another way: where each name begins, if all stand one after another. */
#define MEMBER(code, name)  char of_##code[sizeof name];
#define PLACE(code, name)   offsetof(struct names, of_##code),
#define ROWS                (sizeof listed / sizeof listed[0])

struct names {
    NAMES(MEMBER)
};

static const uint32_t listed[] = { NAMES(CODE) };
static const uint16_t places[] = { NAMES(PLACE) sizeof(struct names) };

#define ADVICES(NAME) \
    NAME(DONE, "done") NAME(RETRY_NOW, "retry now") NAME(RETRY_LATER, "retry later") \
    NAME(LOOK_FIRST, "look first") NAME(NEXT_CONTACT, "next contact") NAME(USE_VOICE, "use voice") \
    NAME(FIX_CONFIGURATION, "fix configuration") NAME(FIX_PROGRAM, "fix program")

struct advice_names {
    ADVICES(MEMBER)
};

#define ADVICE_PLACE(advice, name) [TWILIO_##advice] = offsetof(struct advice_names, of_##advice),

static const uint16_t advice_places[] = {
    ADVICES(ADVICE_PLACE) [TWILIO_FIX_PROGRAM + 1] = sizeof(struct advice_names)
};

static size_t place_of(unsigned row)
{
    return of_a_code ? places[row] : advice_places[row];
}

static unsigned row_of(uint32_t code)
{
    unsigned row = 0;

    while (row < ROWS && listed[row] != code) {
        row++;
    }
    return row;
}

static void ask_for_code(void)
{
    uint32_t code = nondet_uint32_t();
    const char *name;

    the_row = row_of(code);
    the_last = sizeof(struct names);
    name = twilio_code_name(code);
    claim((name != NULL) == (the_row < ROWS), "what is listed has a name, and nothing else");
    claim(name == NULL || (AT(name) == places[the_row] && *name != '\0'), "its own");
}

#pragma CPROVER check push
#pragma CPROVER check disable "enum-range"

/* What is no advice is called in some way, too. */
static void ask_for_advice(void)
{
    unsigned number = nondet_unsigned();
    const char *name;

    the_row = number <= TWILIO_FIX_PROGRAM ? number : TWILIO_FIX_PROGRAM;
    the_last = sizeof(struct advice_names) - 1;
    name = twilio_advice_name(*(const enum twilio_advice *)&number);
    claim(AT(name) == advice_places[the_row] && *name != '\0', "every advice has its name");
}

#pragma CPROVER check pop

void prove(void)
{
    of_a_code = nondet_bool();
    if (of_a_code) {
        ask_for_code();
    } else {
        ask_for_advice();
    }
}
