/*
 * test_advice.c - what to do: every result, every status, every code of Twilio's that a device meets
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_error.h"

static const char *advise(int result, bool committed, unsigned status, uint32_t code)
{
    return twilio_advice_name(twilio_advise(result, committed, status, code));
}

/* ---- Twilio's codes ------------------------------------------------------------------------------ */

static const struct code {
    uint32_t code;
    unsigned status;       /* that it comes with; 200: it is the error_code of a message that failed later */
    const char *advice, *why;
} codes[] = {
    /* the account */
    { 20003, 401, "fix configuration", "stop, raise a fault, do not hammer" },
    { 20005, 403, "fix configuration", "the account is inactive" },
    { 10001, 403, "fix configuration", "the account is inactive" },
    { 20008, 403, "fix configuration", "test credentials" },
    { 20404, 404, "fix program", "permanent: no such resource" },
    { 20429, 429, "retry later", "always safe" },
    { 20429, 503, "retry later", "the code decides" },
    { 20007, 400, "fix program", "a page size" },

    /* messages refused */
    { 21211, 400, "next contact", "permanent for this contact" },
    { 21614, 400, "use voice", "not a mobile number" },
    { 21635, 400, "use voice", "a landline" },
    { 21265, 400, "next contact", "a short code" },
    { 21268, 400, "next contact", "a premium number" },
    { 21212, 400, "fix configuration", "the sender" },
    { 21606, 400, "fix configuration", "the sender" },
    { 21603, 400, "fix configuration", "the sender" },
    { 21659, 400, "fix configuration", "the sender" },
    { 21660, 400, "fix configuration", "the sender" },
    { 21661, 400, "fix configuration", "the sender" },
    { 21703, 400, "fix configuration", "the messaging service" },
    { 21408, 400, "fix configuration", "a country's permission" },
    { 21608, 400, "fix configuration", "a trial account" },
    { 21610, 400, "use voice", "opted out" },
    { 21610, 200, "use voice", "opted out, found later" },
    { 21611, 429, "retry later", "the queue is full" },
    { 21611, 400, "retry later", "the queue is full" },
    { 21612, 400, "use voice", "no way for a message" },
    { 21602, 400, "fix program", "no body" },
    { 21604, 400, "fix program", "no recipient" },
    { 21617, 400, "fix program", "too long" },
    { 21620, 400, "fix program", "a media URL" },

    /* calls refused */
    { 21201, 400, "fix program", "nobody to call" },
    { 21205, 400, "fix program", "a URL" },
    { 21210, 400, "fix configuration", "the caller is not verified" },
    { 21214, 400, "next contact", "cannot be reached" },
    { 21215, 400, "fix configuration", "a country's permission" },
    { 21216, 400, "next contact", "blocked" },
    { 21217, 400, "next contact", "invalid" },
    { 21219, 400, "fix configuration", "a trial account" },
    { 13224, 200, "next contact", "no such number" },
    { 10004, 429, "retry later", "too many calls" },

    /* messages that failed later */
    { 30001, 200, "retry later", "queue overflow" },
    { 30002, 200, "fix configuration", "the account is suspended" },
    { 30003, 200, "retry later", "unreachable: once more, then call" },
    { 30004, 200, "use voice", "blocked" },
    { 30005, 200, "retry later", "unknown: once more, then call" },
    { 30006, 200, "use voice", "a landline" },
    { 30007, 200, "use voice", "filtered" },
    { 30008, 200, "retry later", "unknown error: once more, then call" },
    { 30022, 200, "retry later", "too fast" },
    { 30032, 200, "use voice", "toll-free, not verified" },
    { 30034, 200, "use voice", "not registered" },
    { 30410, 200, "use voice", "the carrier may have delivered it" },
    { 30454, 200, "use voice", "the day's limit" },
    { 63038, 429, "use voice", "the day's limit: no repeat today" },
    { 63038, 200, "use voice", "the day's limit" },

    /* Verify */
    { 60200, 400, "fix program", "a parameter" },
    { 60202, 429, "fix program", "no more checks of this one" },
    { 60203, 429, "retry later", "too many sends" },
    { 60205, 403, "use voice", "a landline" },
    { 60212, 429, "retry later", "too many at a time" },

    /* not known here */
    { 30500, 200, "use voice", "some failure of delivery" },
    { 30409, 400, "fix program", "refused, as the status says: no failure of delivery" },
    { 30999, 503, "look first", "no failure of delivery, either" },
    { 29999, 400, "fix program", "before them" },
    { 31000, 400, "fix program", "after them" },
    { 63016, 200, "use voice", "a message failed, who knows why" },
    { 12345, 429, "retry later", "by its status" },
    { 12345, 404, "fix program", "by its status" },
    { 12345, 403, "fix configuration", "by its status" },
    { 12345, 500, "look first", "by its status" },
    { 4294967295U, 400, "fix program", "the largest" },
    { 65536 + 20429, 400, "fix program", "no 16 bits of it" },
    { 65536 + 30001, 500, "look first", "no 16 bits of it" },
    { 65536 - 20, 400, "fix program", "not a result" },
    { 401, 500, "fix configuration", "a status as code" },
    { 1, 500, "look first", "as small as an advice" },
    { 5, 400, "fix program", "as small as an advice" },
    { 7, 429, "retry later", "as small as an advice" },
};

static void every_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        const struct code *c = &codes[i];
        const char *advice = advise(TWILIO_OK, true, c->status, c->code);

        check(strcmp(advice, c->advice) == 0, "%u with %u, %s: %s", (unsigned)c->code, c->status, c->why,
              advice);
    }
}

/* ---- Statuses -------------------------------------------------------------------------------------- */

static void every_status(void **state)
{
    static const struct {
        unsigned first, last;
        const char *advice;
    } ranges[] = {  /* the first that holds it counts */
        { 200, 299, "done" },
        { 300, 399, "fix configuration" },
        { 401, 403, "fix configuration" },
        { 407, 407, "fix configuration" },
        { 408, 408, "retry later" },
        { 425, 425, "retry later" },
        { 429, 429, "retry later" },
        { 400, 499, "fix program" },
        { 0, 1100, "look first" },
    };

    (void)state;
    for (unsigned status = 0; status <= 1100; status++) {
        size_t i = 0;

        while (status < ranges[i].first || status > ranges[i].last) {
            i++;
        }
        for (int result = TWILIO_OK; result <= TWILIO_KEPT; result++) {  /* ITEM: that was enough */
            const char *advice = advise(result, true, status, 0);

            check(strcmp(advice, ranges[i].advice) == 0, "%u: %s", status, advice);
        }
    }
}

/* ---- Results ---------------------------------------------------------------------------------------- */

static const struct result {
    int result;
    const char *before, *after;  /* the request was committed */
} results[] = {
    { TWILIO_ERR_ARGUMENT, "fix program", "fix program" },
    { TWILIO_ERR_ACCOUNT, "fix configuration", "fix configuration" },
    { TWILIO_ERR_CREDENTIALS, "fix configuration", "fix configuration" },
    { TWILIO_ERR_HOST, "fix configuration", "fix configuration" },
    { TWILIO_ERR_VERSION, "fix program", "fix program" },
    { TWILIO_ERR_RESOURCE, "fix program", "fix program" },
    { TWILIO_ERR_PARAMETER, "fix program", "fix program" },
    { TWILIO_ERR_SIZE, "fix program", "fix program" },
    { TWILIO_ERR_HEADER, "fix program", "fix program" },
    { TWILIO_ERR_NUMBER, "next contact", "next contact" },
    { TWILIO_ERR_SENDER, "fix configuration", "fix configuration" },
    { TWILIO_ERR_CONTENT, "fix program", "fix program" },
    { TWILIO_ERR_CONFLICT, "fix program", "fix program" },
    { TWILIO_ERR_LENGTH, "fix program", "fix program" },
    { TWILIO_ERR_SCHEDULE, "fix program", "fix program" },
    { TWILIO_ERR_SID, "fix program", "fix program" },
    { TWILIO_ERR_RANGE, "fix program", "fix program" },
    { TWILIO_ERR_TWIML, "fix program", "fix program" },
    { TWILIO_ERR_URL, "fix program", "fix program" },
    { TWILIO_ERR_PAGE, "fix program", "fix program" },

    { TWILIO_ERR_HTTP, "retry later", "look first" },
    { TWILIO_ERR_JSON, "retry later", "look first" },
    { TWILIO_ERR_DEPTH, "retry later", "look first" },
    { TWILIO_ERR_CLOSED, "retry now", "look first" },
    { TWILIO_ERR_RESET, "retry now", "look first" },
    { TWILIO_ERR_TIMEOUT, "retry later", "look first" },
    { TWILIO_ERR_NETWORK, "retry later", "look first" },
    { TWILIO_ERR_DNS, "retry later", "look first" },
    { TWILIO_ERR_CONNECT, "retry later", "look first" },
    { TWILIO_ERR_TLS, "retry later", "look first" },
    { TWILIO_ERR_TLS_ALERT, "retry later", "look first" },
    { TWILIO_ERR_TLS_MISMATCH, "fix configuration", "look first" },
    { TWILIO_ERR_UNTRUSTED, "fix configuration", "look first" },
    { TWILIO_ERR_WRONG_NAME, "fix configuration", "look first" },
    { TWILIO_ERR_EXPIRED, "fix configuration", "look first" },
    { TWILIO_ERR_NOT_YET_VALID, "fix configuration", "look first" },
    { TWILIO_ERR_MEMORY, "fix program", "look first" },
    { TWILIO_ERR_ENTROPY, "fix configuration", "look first" },
    { TWILIO_ERR_ANCHORS, "fix configuration", "look first" },
    { TWILIO_ERR_RECORD, "fix program", "look first" },
    { TWILIO_ERR_PROXY, "fix configuration", "look first" },
    { -99, "retry later", "look first" },  /* a transport's own */
};

static void every_result(void **state)
{
    /* what is known of an answer that broke off, or was interim */
    static const unsigned no_verdict[] = { 0, 100, 103, 199, 200, 201, 299, 500, 503, 599, 999 };

    (void)state;
    for (size_t i = 0; i < COUNT(results); i++) {
        const struct result *r = &results[i];
        const char *advice = advise(r->result, false, 0, 0);

        check(strcmp(advice, r->before) == 0, "%d, not committed: %s", r->result, advice);
        for (size_t j = 0; j < COUNT(no_verdict); j++) {
            advice = advise(r->result, true, no_verdict[j], 0);
            check(strcmp(advice, r->after) == 0, "%d, committed, %u: %s", r->result, no_verdict[j], advice);
        }
    }
}

/* The server's refusal counts, though its explanation broke off. */
static void refusals_cut_short(void **state)
{
    (void)state;
    assert_string_equal(advise(TWILIO_ERR_CLOSED, true, 401, 0), "fix configuration");
    assert_string_equal(advise(TWILIO_ERR_CLOSED, true, 400, 21211), "next contact");
    assert_string_equal(advise(TWILIO_ERR_TIMEOUT, true, 429, 0), "retry later");
    assert_string_equal(advise(TWILIO_ERR_JSON, true, 404, 0), "fix program");
    assert_string_equal(advise(TWILIO_ERR_RESET, true, 302, 0), "fix configuration");
    assert_string_equal(advise(TWILIO_ERR_RESET, true, 499, 0), "fix program");
}

/* Nothing that may have been carried out is ever sent again without a look: the promise that matters most. */
static void never_twice(void **state)
{
    (void)state;
    for (int result = -120; result < 0; result++) {
        for (unsigned status = 0; status < 700; status++) {
            enum twilio_advice advice = twilio_advise(result, true, status, 0);

            check((advice != TWILIO_RETRY_NOW && advice != TWILIO_RETRY_LATER)
                  || status == 408 || status == 425 || status == 429, "%d, %u: %s", result, status,
                  twilio_advice_name(advice));
            check(advice != TWILIO_DONE, "%d, %u: done", result, status);
        }
    }
    for (unsigned status = 500; status < 700; status++) {
        assert_int_equal(twilio_advise(TWILIO_OK, true, status, 0), TWILIO_LOOK_FIRST);
    }
}

/* ---- Names ------------------------------------------------------------------------------------------ */

static void names_of_advice(void **state)
{
    static const char *const names[] = { "done", "retry now", "retry later", "look first", "next contact",
                                         "use voice", "fix configuration", "fix program" };

    (void)state;
    for (unsigned i = 0; i < COUNT(names); i++) {
        assert_string_equal(twilio_advice_name((enum twilio_advice)i), names[i]);
    }
    assert_int_equal(COUNT(names) - 1, TWILIO_FIX_PROGRAM);
    assert_string_equal(twilio_advice_name((enum twilio_advice)99), "fix program");
}

static void names_of_codes(void **state)
{
    static const uint32_t named[] = {  /* all of enum twilio_code */
        TWILIO_CODE_LOGIN, TWILIO_CODE_ACCOUNT_INACTIVE, TWILIO_CODE_PAGE_SIZE, TWILIO_CODE_NOT_FOUND,
        TWILIO_CODE_TOO_MANY_REQUESTS, TWILIO_CODE_CALL_WITHOUT_TO, TWILIO_CODE_CALL_FROM_UNVERIFIED,
        TWILIO_CODE_TO_INVALID, TWILIO_CODE_FROM_INVALID, TWILIO_CODE_CALL_NOT_PERMITTED,
        TWILIO_CODE_CALL_TO_INVALID, TWILIO_CODE_CALL_TO_UNVERIFIED, TWILIO_CODE_MESSAGE_NOT_PERMITTED,
        TWILIO_CODE_WITHOUT_BODY, TWILIO_CODE_WITHOUT_FROM, TWILIO_CODE_WITHOUT_TO,
        TWILIO_CODE_FROM_INCAPABLE, TWILIO_CODE_TO_UNVERIFIED, TWILIO_CODE_OPTED_OUT,
        TWILIO_CODE_FROM_QUEUE_FULL, TWILIO_CODE_TO_NOT_MOBILE, TWILIO_CODE_BODY_TOO_LONG,
        TWILIO_CODE_QUEUE_OVERFLOW, TWILIO_CODE_ACCOUNT_SUSPENDED, TWILIO_CODE_HANDSET_UNREACHABLE,
        TWILIO_CODE_BLOCKED, TWILIO_CODE_HANDSET_UNKNOWN, TWILIO_CODE_LANDLINE, TWILIO_CODE_FILTERED,
        TWILIO_CODE_UNKNOWN, TWILIO_CODE_TOLL_FREE_UNVERIFIED, TWILIO_CODE_FROM_UNREGISTERED,
        TWILIO_CODE_DAILY_CAP, TWILIO_CODE_DAILY_LIMIT,
    };
    size_t known = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(named); i++) {
        check(twilio_code_name(named[i]) != NULL, "%u has no name", (unsigned)named[i]);
    }
    for (uint32_t code = 0; code < 70000; code++) {
        const char *name = twilio_code_name(code);

        known += name != NULL;
        check(name == NULL || (strlen(name) > 5 && strlen(name) < 60), "%u: '%s'", (unsigned)code, name);
    }
    check(known > COUNT(named), "%zu codes have names", known);
    /* the first, the last, and some between: each text belongs to its code */
    assert_string_equal(twilio_code_name(10001), "the account is not active");
    assert_string_equal(twilio_code_name(20003), "wrong credentials");
    assert_string_equal(twilio_code_name(21610), "the recipient has opted out");
    assert_string_equal(twilio_code_name(30006), "a landline, or a carrier that cannot be reached");
    assert_string_equal(twilio_code_name(63038), "the day's limit of messages is reached");
    assert_null(twilio_code_name(0));
    assert_null(twilio_code_name(65536 + 21610));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code),
        cmocka_unit_test(every_status),
        cmocka_unit_test(every_result),
        cmocka_unit_test(refusals_cut_short),
        cmocka_unit_test(never_twice),
        cmocka_unit_test(names_of_advice),
        cmocka_unit_test(names_of_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
