/*
 * advice.c - what to do after a request, and what Twilio's codes mean
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_error.h"

/* ---- What to do ------------------------------------------------------------ */

/* Lists: an advice, then what it is for, up to a 0. No code is as small as an advice. */

/* Codes of Twilio's whose status does not say as much, and statuses of HTTP. */
static const uint16_t answers[] = {
    TWILIO_RETRY_LATER, 408, 425, 429,
        10004,                            /* too many calls at a time */
        TWILIO_CODE_TOO_MANY_REQUESTS, TWILIO_CODE_FROM_QUEUE_FULL, TWILIO_CODE_QUEUE_OVERFLOW,
        TWILIO_CODE_HANDSET_UNREACHABLE, TWILIO_CODE_HANDSET_UNKNOWN, TWILIO_CODE_UNKNOWN,
        30022, 63017,                     /* too many messages at a time */
    TWILIO_NEXT_CONTACT,
        13224, 21214, 21216,              /* nobody can be called there */
        21265, 21266, 21268,              /* a short code, the sender itself, a premium number */
        TWILIO_CODE_TO_INVALID, TWILIO_CODE_CALL_TO_INVALID,
    TWILIO_USE_VOICE,
        21612, 21635, 60205,              /* no way for a message from that sender; landlines */
        TWILIO_CODE_OPTED_OUT, TWILIO_CODE_TO_NOT_MOBILE, TWILIO_CODE_DAILY_LIMIT,
    TWILIO_FIX_CONFIGURATION, 401, 402, 403, 407,
        10001,                            /* account inactive */
        21267, 21659, 21660, 21661, 21703, 21704, 21705,  /* sender, or messaging service */
        TWILIO_CODE_LOGIN, TWILIO_CODE_ACCOUNT_INACTIVE, TWILIO_CODE_CALL_FROM_UNVERIFIED,
        TWILIO_CODE_FROM_INVALID, TWILIO_CODE_CALL_NOT_PERMITTED, TWILIO_CODE_CALL_TO_UNVERIFIED,
        TWILIO_CODE_MESSAGE_NOT_PERMITTED, TWILIO_CODE_WITHOUT_FROM, TWILIO_CODE_FROM_INCAPABLE,
        TWILIO_CODE_TO_UNVERIFIED, TWILIO_CODE_ACCOUNT_SUSPENDED,
    TWILIO_FIX_PROGRAM,
        60202,                            /* 429, but only a new verification helps */
    0
};

#define R(result) (TWILIO_ERR_##result & 0xFFFF)

/* Mistakes of the caller's, made before anything was sent; and what is so whatever was sent. */
static const uint16_t mistakes[] = {
    TWILIO_NEXT_CONTACT, R(NUMBER),
    TWILIO_FIX_CONFIGURATION, R(ACCOUNT), R(CREDENTIALS), R(HOST), R(SENDER),
    TWILIO_FIX_PROGRAM, R(ARGUMENT), R(VERSION), R(RESOURCE), R(PARAMETER), R(SIZE), R(HEADER), R(CONTENT),
        R(CONFLICT), R(LENGTH), R(SCHEDULE), R(SID), R(RANGE), R(TWIML), R(URL), R(PAGE),
    0
};

/* What went wrong before the whole request was sent. */
static const uint16_t failures[] = {
    TWILIO_RETRY_NOW, R(RESET), R(CLOSED),
    TWILIO_FIX_CONFIGURATION, R(TLS_MISMATCH), R(UNTRUSTED), R(WRONG_NAME), R(EXPIRED), R(NOT_YET_VALID),
        R(ANCHORS), R(PROXY), R(ENTROPY),
    TWILIO_FIX_PROGRAM, R(MEMORY), R(RECORD),
    0
};

/* The advice that the list has for it; TWILIO_DONE: none. */
static enum twilio_advice find(const uint16_t *list, uint32_t what)
{
    unsigned advice = TWILIO_DONE;

    for (; *list != 0; list++) {
        if (*list <= TWILIO_FIX_PROGRAM) {
            advice = *list;
        } else if (*list == what) {
            return (enum twilio_advice)advice;
        }
    }
    return TWILIO_DONE;
}

static enum twilio_advice after_answer(unsigned status, uint32_t code)
{
    bool success = status - 200 < 100;
    enum twilio_advice advice = find(answers, code);

    if (advice != TWILIO_DONE) {
        return advice;
    }
    if (code != 0 && success) {
        return TWILIO_USE_VOICE;
    }
    advice = find(answers, status);
    return advice != TWILIO_DONE || success ? advice
         : status - 300 < 100 ? TWILIO_FIX_CONFIGURATION
         : status - 400 < 100 ? TWILIO_FIX_PROGRAM : TWILIO_LOOK_FIRST;
}

static enum twilio_advice after_failure(bool committed, uint32_t result)
{
    enum twilio_advice advice = find(mistakes, result);

    if (advice == TWILIO_DONE) {
        advice = committed ? TWILIO_LOOK_FIRST : find(failures, result);
    }
    return advice != TWILIO_DONE ? advice : TWILIO_RETRY_LATER;
}

enum twilio_advice twilio_advise(int result, bool committed, unsigned status, uint32_t code)
{
    return result >= 0 || status - 300 < 200 ? after_answer(status, code)
                                             : after_failure(committed, (uint16_t)result);
}

/* ---- Names ----------------------------------------------------------------- */

/* The text of that number among those that stand one after another. */
static const char *text_at(const char *texts, unsigned number)
{
    while (number-- != 0) {
        while (*texts++ != '\0') {
        }
    }
    return texts;
}

const char *twilio_advice_name(enum twilio_advice advice)
{
    static const char names[] = "done\0retry now\0retry later\0look first\0next contact\0use voice\0"
                                "fix configuration\0fix program";

    return text_at(names, (unsigned)advice <= TWILIO_FIX_PROGRAM ? advice : TWILIO_FIX_PROGRAM);
}

#define NAMES(NAME) \
    NAME(10001, "the account is not active") \
    NAME(10002, "not possible with a trial account") \
    NAME(10004, "too many calls at a time") \
    NAME(13224, "that number cannot be called, or is invalid") \
    NAME(20003, "wrong credentials") \
    NAME(20005, "the account is not active") \
    NAME(20007, "the page size is too large") \
    NAME(20008, "not possible with test credentials") \
    NAME(20404, "there is no such resource") \
    NAME(20429, "too many requests at a time") \
    NAME(21201, "no number to call") \
    NAME(21205, "the URL is invalid") \
    NAME(21210, "the caller's number is not verified") \
    NAME(21211, "the recipient's number is invalid") \
    NAME(21212, "the sender's number is invalid") \
    NAME(21213, "no number to call from") \
    NAME(21214, "that number cannot be reached") \
    NAME(21215, "calls to that country are not permitted") \
    NAME(21216, "calls to that number are blocked") \
    NAME(21217, "the number to call is invalid") \
    NAME(21218, "the application's SID is invalid") \
    NAME(21219, "the number to call is not verified: trial account") \
    NAME(21265, "the recipient is a short code") \
    NAME(21266, "the recipient is the sender") \
    NAME(21267, "no sender's name with a trial account") \
    NAME(21268, "the recipient is a premium number") \
    NAME(21408, "messages to that country are not permitted") \
    NAME(21601, "the sender's number cannot send messages") \
    NAME(21602, "the message has no body") \
    NAME(21603, "the message has no sender") \
    NAME(21604, "the message has no recipient") \
    NAME(21606, "the sender's number cannot send there") \
    NAME(21608, "the recipient is not verified: trial account") \
    NAME(21609, "the status callback's URL is invalid") \
    NAME(21610, "the recipient has opted out") \
    NAME(21611, "the sender's queue is full") \
    NAME(21612, "no way from that sender to that recipient") \
    NAME(21614, "the recipient is not a mobile number") \
    NAME(21617, "the message is longer than 1,600 characters") \
    NAME(21619, "the message has neither body nor media") \
    NAME(21620, "a medium's URL is invalid") \
    NAME(21635, "the recipient is a landline") \
    NAME(21659, "the sender's number is not of Twilio's") \
    NAME(21660, "the sender's number is not the account's") \
    NAME(21661, "the sender's number cannot send SMS") \
    NAME(21703, "the messaging service has no sender for this") \
    NAME(21704, "the messaging service has no sender") \
    NAME(21705, "the messaging service is invalid") \
    NAME(30001, "the queue overflowed") \
    NAME(30002, "the account is suspended") \
    NAME(30003, "the handset cannot be reached") \
    NAME(30004, "the message was blocked") \
    NAME(30005, "the handset is unknown") \
    NAME(30006, "a landline, or a carrier that cannot be reached") \
    NAME(30007, "the message was filtered") \
    NAME(30008, "not delivered, nobody knows why") \
    NAME(30022, "too many messages at a time for the campaign") \
    NAME(30032, "the toll-free sender is not verified") \
    NAME(30034, "the sender is not registered: US A2P 10DLC") \
    NAME(30410, "the carrier did not answer") \
    NAME(30454, "the day's limit of messages is reached") \
    NAME(60200, "a parameter is invalid") \
    NAME(60202, "too many wrong codes: start a new verification") \
    NAME(60203, "too many codes sent to that number") \
    NAME(60205, "landlines get no SMS") \
    NAME(60212, "too many requests at a time for that number") \
    NAME(63017, "too many messages at a time") \
    NAME(63038, "the day's limit of messages is reached")

#define CODE(code, name) (code),
#define TEXT(code, name) name "\0"

const char *twilio_code_name(uint32_t code)
{
    static const uint16_t codes[] = { NAMES(CODE) };
    static const char names[] = NAMES(TEXT);

    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code) {
            return text_at(names, i);
        }
    }
    return NULL;
}
