/*
 * prove_advice.c - what to do after a request: any result, status and code
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds any result, status and code
//@ unwind 60
//@ meant advice.c: bool success = status - 200 < 100;
//@ meant advice.c: return advice != TWILIO_DONE || success ? advice
//@ meant advice.c: return result >= 0 || status - 300 < 200 ? after_answer(status, code)
//@ meant advice.c: : after_failure(committed, (uint16_t)result);
//@ fault advice.c: bool success = status - 200 < 100; => bool success = status - 200 <= 100;
//@ fault advice.c: if (code != 0 && success) { => if (code > 20000 && success) {
//@ fault advice.c: TWILIO_RETRY_LATER, 408, 425, 429, => TWILIO_RETRY_LATER, 408, 425, 429, 503,
//@ fault advice.c: 60202,                            /* 429, but only a new verification helps */ => 60202, 60204,
//@ fault advice.c: advice = committed ? TWILIO_LOOK_FIRST : find(failures, result); => advice = find(failures, result);
//@ fault advice.c: return advice != TWILIO_DONE ? advice : TWILIO_RETRY_LATER; => return advice;
//@ fault advice.c: TWILIO_RETRY_NOW, R(RESET), R(CLOSED), => TWILIO_RETRY_NOW, R(RESET), R(CLOSED), R(TIMEOUT),
//@ fault advice.c: return result >= 0 || status - 300 < 200 ? after_answer(status, code) => return result >= 0 || status - 300 < 300 ? after_answer(status, code)
//@ fault advice.c: for (; *list != 0; list++) { => for (; ; list++) {
#include "advice.c"

#include "proof.h"

#define STATUS_MAX      999    /* of three digits */
#define CODE_MIN        10000  /* Twilio's have five */
#define IS(code, name)  || (number) == (code)

/* What is said of a status alone. */
static enum twilio_advice of_status(unsigned status)
{
    switch (status) {
    case 401: case 402: case 403: case 407:
        return TWILIO_FIX_CONFIGURATION;
    case 408: case 425: case 429:
        return TWILIO_RETRY_LATER;
    default:
        return status < 200 || status > 499 ? TWILIO_LOOK_FIRST
             : status < 300 ? TWILIO_DONE : status < 400 ? TWILIO_FIX_CONFIGURATION : TWILIO_FIX_PROGRAM;
    }
}

/* What is said of a result, whatever was sent; TWILIO_DONE: nothing. */
static enum twilio_advice of_mistake(int result)
{
    switch (result) {
    case TWILIO_ERR_NUMBER:
        return TWILIO_NEXT_CONTACT;
    case TWILIO_ERR_ACCOUNT: case TWILIO_ERR_CREDENTIALS: case TWILIO_ERR_HOST: case TWILIO_ERR_SENDER:
        return TWILIO_FIX_CONFIGURATION;
    case TWILIO_ERR_PAGE:
        return TWILIO_FIX_PROGRAM;
    default:
        return (result <= TWILIO_ERR_ARGUMENT && result >= TWILIO_ERR_SIZE)
            || (result <= TWILIO_ERR_HEADER && result >= TWILIO_ERR_URL) ? TWILIO_FIX_PROGRAM : TWILIO_DONE;
    }
}

/* What is said of the others, before the whole request was sent. */
static enum twilio_advice of_failure(int result)
{
    switch (result) {
    case TWILIO_ERR_RESET: case TWILIO_ERR_CLOSED:
        return TWILIO_RETRY_NOW;
    case TWILIO_ERR_MEMORY: case TWILIO_ERR_RECORD:
        return TWILIO_FIX_PROGRAM;
    case TWILIO_ERR_ENTROPY: case TWILIO_ERR_ANCHORS: case TWILIO_ERR_PROXY:
        return TWILIO_FIX_CONFIGURATION;
    default:
        return result <= TWILIO_ERR_TLS_MISMATCH && result >= TWILIO_ERR_NOT_YET_VALID
             ? TWILIO_FIX_CONFIGURATION : TWILIO_RETRY_LATER;
    }
}

static bool is_known(uint32_t code)
{
    return find(answers, code) != TWILIO_DONE;
}

static bool is_named(uint32_t number)
{
    return false NAMES(IS);
}

static bool is_repeat(enum twilio_advice advice)
{
    return advice == TWILIO_RETRY_NOW || advice == TWILIO_RETRY_LATER;
}

static void check_answer(enum twilio_advice advice, unsigned status, uint32_t code)
{
    bool success = status >= 200 && status < 300;

    claim(advice != TWILIO_DONE || (success && code == 0), "what is done has succeeded, and has no code");
    claim((code != TWILIO_CODE_MESSAGE_NOT_PERMITTED && code != TWILIO_CODE_CALL_NOT_PERMITTED)
          || advice == TWILIO_FIX_CONFIGURATION, "a country that is not permitted");
    claim(advice != TWILIO_RETRY_NOW, "an answer is never a reason to repeat it at once");
    if (code != 0 && is_known(code)) {
        claim(advice == find(answers, code), "a known code decides");
        claim(code < CODE_MIN || is_named(code), "and has a name");
    } else if (code != 0 && success) {
        claim(advice == TWILIO_USE_VOICE, "a message that failed");
    } else if (status <= STATUS_MAX) {
        claim(advice == of_status(status), "else the status does");
    }
}

static void check_failure(enum twilio_advice advice, int result, bool committed)
{
    enum twilio_advice expected = of_mistake(result);

    if (expected == TWILIO_DONE) {
        expected = committed ? TWILIO_LOOK_FIRST : of_failure(result);
    }
    claim(advice != TWILIO_DONE, "a failure is never done");
    claim(!committed || !is_repeat(advice), "what may have been carried out is not just sent again");
    claim(result < TWILIO_ERR_FULL || advice == expected, "each result has its advice");
}

void prove(void)
{
    int result = nondet_int();
    bool committed = nondet_bool();
    unsigned status = nondet_unsigned();
    uint32_t code = nondet_uint32_t();
    enum twilio_advice advice = twilio_advise(result, committed, status, code);

    claim((unsigned)advice <= TWILIO_FIX_PROGRAM, "it is an advice");
    if (result >= 0 || (status >= 300 && status < 500)) {
        check_answer(advice, status, code);
    } else {
        check_failure(advice, result, committed);
    }
}
