/*
 * test_verify.c - verify, lookups, balance, oauth: the exact octets of every request, and each refusal
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_balance.h"
#include "twilio_lookups.h"
#include "twilio_oauth.h"
#include "twilio_verify.h"

#define HEX32   "0123456789abcdef0123456789abcdef"
#define SERVICE "VA" HEX32
#define TO      "+15558675310"

static const struct twilio_account account = { .sid = "AC" HEX32, .secret = "secret" };

/* ---- What goes out ------------------------------------------------------------------------- */

#define LOGIN  "Authorization: Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpzZWNyZXQ=\r\n"
#define COMMON "Accept-Encoding: identity\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION "\r\n"
#define FORM   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "

/* All members of it that a helper sets hold something before: none may survive. */
static struct twilio_request used(void)
{
    return (struct twilio_request){
        .account = &account, .method = TWILIO_DELETE, .anonymous = true, .product = "other", .resource = "{}",
        .item = "item", .params = TWILIO_PARAMS({ "Old", "1" }), .more = { twilio_url, "nothing" },
    };
}

/* The request, at once and octet by octet, is that head without a form's headers, and that form. */
static void sends(const struct twilio_request *request, const char *head, const char *form)
{
    char expected[1024], wire[1024];
    int size = twilio_encode(request, 0, wire, sizeof wire), length;

    length = form == NULL
           ? snprintf(expected, sizeof expected, "%s" COMMON "\r\n", head)
           : snprintf(expected, sizeof expected, "%s" COMMON FORM "%zu\r\n\r\n%s", head, strlen(form), form);
    check(size == length && memcmp(wire, expected, (size_t)size) == 0, "%d: %.*s\nnot\n%s", size,
          size > 0 ? size : 0, wire, expected);
    assert_int_equal(twilio_request_check(request), TWILIO_OK);
    for (int i = 0; i <= size; i++) {
        char octet = '\0';

        check(twilio_encode(request, (size_t)i, &octet, 1) == (i < size) && octet == expected[i],
              "octet %d of %s", i, expected);
    }
}

/* The request is refused, and nothing of it is written. */
static void refuses(const char *row, const struct twilio_request *request, int mistake)
{
    unsigned char wire[1024];
    int e = twilio_request_check(request);

    check(e == mistake, "%s: %d, not %d", row, e, mistake);
    memset(wire, CANARY, sizeof wire);
    assert_int_equal(twilio_encode(request, 0, wire, sizeof wire), mistake);
    assert_true(untouched(wire, sizeof wire));
}

/* ---- Verify: start ------------------------------------------------------------------------- */

#define START \
    "POST /v2/Services/" SERVICE "/Verifications HTTP/1.1\r\nHost: verify.twilio.com\r\n" LOGIN

#define CHECK \
    "POST /v2/Services/" SERVICE "/VerificationCheck HTTP/1.1\r\nHost: verify.twilio.com\r\n" LOGIN

static void verification_started(void **state)
{
    static const struct {
        struct twilio_verification verification;
        const char *form;
    } rows[] = {
        { { .service = SERVICE, .to = TO }, "To=%2B15558675310&Channel=sms" },
        { { .service = SERVICE, .to = TO, .channel = "whatsapp" },
          "To=%2B15558675310&Channel=whatsapp" },
        { { .service = SERVICE, .to = TO, .channel = "call", .locale = "pt-BR", .custom_code = "7A3b" },
          "To=%2B15558675310&Channel=call&Locale=pt-BR&CustomCode=7A3b" },
        { { .service = SERVICE, .to = "a+b@example.com", .channel = "email", .custom_code = "0123456789" },
          "To=a%2Bb%40example.com&Channel=email&CustomCode=0123456789" },
        { { .service = SERVICE, .to = "+99", .channel = "sna" }, "To=%2B99&Channel=sna" },
        { { .service = SERVICE, .to = "+999999999999999", .channel = "auto" },
          "To=%2B999999999999999&Channel=auto" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twilio_request request = used();

        twilio_verification_start(&request, &rows[i].verification);
        sends(&request, START, rows[i].form);
    }
}

/* What has no member goes before those that have. */
static void verification_with_params(void **state)
{
    static const struct twilio_verification verification = { .service = SERVICE, .to = TO, .channel = "sms" };
    static const struct twilio_verification_check code = { SERVICE, TO, NULL, "123456" };
    struct twilio_request request = used();

    (void)state;
    twilio_verification_start(&request, &verification);
    assert_null(request.params);
    request.params = TWILIO_PARAMS({ "CustomFriendlyName", "Smoke & fire" }, { "Amount", NULL });
    sends(&request, START, "CustomFriendlyName=Smoke%20%26%20fire&Amount=&To=%2B15558675310&Channel=sms");
    request.params = TWILIO_PARAMS({ "", "x" });
    refuses("a parameter without a name", &request, TWILIO_ERR_PARAMETER);
    twilio_verification_check(&request, &code);
    assert_null(request.params);
    request.params = TWILIO_PARAMS({ "Amount", "1" });
    sends(&request, CHECK, "Amount=1&To=%2B15558675310&Code=123456");
}

static void verification_refused(void **state)
{
    static const struct {
        const char *service, *to, *channel, *custom_code;
        int mistake;
    } rows[] = {
        { NULL, TO, NULL, NULL, TWILIO_ERR_SID },
        { "", TO, NULL, NULL, TWILIO_ERR_SID },
        { "VE" HEX32, TO, NULL, NULL, TWILIO_ERR_SID },
        { "va" HEX32, TO, NULL, NULL, TWILIO_ERR_SID },
        { SERVICE "0", TO, NULL, NULL, TWILIO_ERR_SID },
        { "VA0123456789abcdef0123456789abcde", TO, NULL, NULL, TWILIO_ERR_SID },
        { "VA0123456789abcdef0123456789abcdeg", TO, NULL, NULL, TWILIO_ERR_SID },
        { "VA/../../../../../../../../../../x", TO, NULL, NULL, TWILIO_ERR_SID },
        { SERVICE, NULL, NULL, NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "", NULL, NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "15558675310", NULL, NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "+05558675310", "sms", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "+1", "call", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "+1234567890123456", "call", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "+1 555 867 5310", "whatsapp", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "whatsapp:" TO, "whatsapp", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "anna@example.com", NULL, NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "anna@example.com", "sms", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, TO, "email", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, NULL, "email", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, "", "email", NULL, TWILIO_ERR_NUMBER },
        { SERVICE, TO, "", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, "SMS", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, "sm", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, "smss", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, "Channel", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, "fax", NULL, TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "", TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "123", TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "12345678901", TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "12 34", TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "12-34", TWILIO_ERR_RANGE },
        { SERVICE, TO, NULL, "12\xC3\xA9" "34", TWILIO_ERR_RANGE },
    };
    struct twilio_request request = used();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct twilio_verification verification = {
            .service = rows[i].service, .to = rows[i].to, .channel = rows[i].channel,
            .custom_code = rows[i].custom_code,
        };
        char row[16];

        snprintf(row, sizeof row, "row %zu", i);
        request = used();
        twilio_verification_start(&request, &verification);
        refuses(row, &request, rows[i].mistake);
    }
    twilio_verification_start(&request, NULL);
    refuses("NULL", &request, TWILIO_ERR_ARGUMENT);
}

/* ---- Verify: check ------------------------------------------------------------------------- */

static void code_checked(void **state)
{
    static const struct {
        struct twilio_verification_check check;
        const char *form;
    } rows[] = {
        { { SERVICE, TO, NULL, "123456" }, "To=%2B15558675310&Code=123456" },
        { { SERVICE, NULL, "VE" HEX32, "1234" },
          "VerificationSid=VE" HEX32 "&Code=1234" },
        { { SERVICE, "anna@example.com", NULL, "abcdEFGH12" },
          "To=anna%40example.com&Code=abcdEFGH12" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twilio_request request = used();

        twilio_verification_check(&request, &rows[i].check);
        sends(&request, CHECK, rows[i].form);
    }
}

static void check_refused(void **state)
{
    static const struct {
        struct twilio_verification_check check;
        int mistake;
    } rows[] = {
        { { NULL, TO, NULL, "123456" }, TWILIO_ERR_SID },
        { { "", TO, NULL, "123456" }, TWILIO_ERR_SID },
        { { "VE" HEX32, TO, NULL, "123456" }, TWILIO_ERR_SID },
        { { SERVICE, NULL, "VA" HEX32, "123456" }, TWILIO_ERR_SID },
        { { SERVICE, NULL, "", "123456" }, TWILIO_ERR_SID },
        { { SERVICE, NULL, NULL, "123456" }, TWILIO_ERR_CONFLICT },
        { { SERVICE, TO, "VE" HEX32, "123456" }, TWILIO_ERR_CONFLICT },
        { { SERVICE, "15558675310", NULL, "123456" }, TWILIO_ERR_NUMBER },
        { { SERVICE, "", NULL, "123456" }, TWILIO_ERR_NUMBER },
        { { SERVICE, TO, NULL, NULL }, TWILIO_ERR_RANGE },
        { { SERVICE, TO, NULL, "" }, TWILIO_ERR_RANGE },
        { { SERVICE, TO, NULL, "123" }, TWILIO_ERR_RANGE },
        { { SERVICE, TO, NULL, "12345678901" }, TWILIO_ERR_RANGE },
        { { SERVICE, TO, NULL, "123456 " }, TWILIO_ERR_RANGE },
        { { SERVICE, TO, NULL, "1234&To=" }, TWILIO_ERR_RANGE },
    };
    struct twilio_request request;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char row[16];

        snprintf(row, sizeof row, "row %zu", i);
        request = used();
        twilio_verification_check(&request, &rows[i].check);
        refuses(row, &request, rows[i].mistake);
    }
    twilio_verification_check(&request, NULL);
    refuses("NULL", &request, TWILIO_ERR_ARGUMENT);
}

/* ---- Lookups ------------------------------------------------------------------------------- */

#define LOOKUP(target) \
    "GET /v2/PhoneNumbers/" target " HTTP/1.1\r\nHost: lookups.twilio.com\r\n" LOGIN

static void looked_up(void **state)
{
    static const struct {
        struct twilio_lookup lookup;
        const char *head;
    } rows[] = {
        { { TO, NULL, NULL }, LOOKUP("%2B15558675310") },
        { { TO, "US", NULL }, LOOKUP("%2B15558675310?CountryCode=US") },
        { { "5558675310", "us", NULL }, LOOKUP("5558675310?CountryCode=us") },
        { { "0", "DE", NULL }, LOOKUP("0?CountryCode=DE") },
        { { "012345678901234", "DE", NULL }, LOOKUP("012345678901234?CountryCode=DE") },
        { { TO, NULL, "line_type_intelligence,sim_swap" },
          LOOKUP("%2B15558675310?Fields=line_type_intelligence%2Csim_swap") },
        { { "5558675310", "US", "caller_name" },
          LOOKUP("5558675310?CountryCode=US&Fields=caller_name") },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct twilio_request request = used();

        twilio_lookup_fetch(&request, &rows[i].lookup);
        sends(&request, rows[i].head, NULL);
    }
}

static void lookup_refused(void **state)
{
    static const struct {
        struct twilio_lookup lookup;
        int mistake;
    } rows[] = {
        { { NULL, NULL, NULL }, TWILIO_ERR_NUMBER },
        { { NULL, "US", NULL }, TWILIO_ERR_NUMBER },
        { { "", NULL, NULL }, TWILIO_ERR_NUMBER },
        { { "", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "5558675310", NULL, NULL }, TWILIO_ERR_NUMBER },
        { { "0123456789012345", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "555 867 5310", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "../Accounts", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "+", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "+1", "US", NULL }, TWILIO_ERR_NUMBER },
        { { "+05558675310", "US", NULL }, TWILIO_ERR_NUMBER },
        { { TO, "", NULL }, TWILIO_ERR_RANGE },
        { { TO, "U", NULL }, TWILIO_ERR_RANGE },
        { { TO, "USA", NULL }, TWILIO_ERR_RANGE },
        { { TO, "49", NULL }, TWILIO_ERR_RANGE },
        { { TO, "\xC3\x9C", NULL }, TWILIO_ERR_RANGE },
    };
    struct twilio_request request;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char row[16];

        snprintf(row, sizeof row, "row %zu", i);
        request = used();
        twilio_lookup_fetch(&request, &rows[i].lookup);
        refuses(row, &request, rows[i].mistake);
    }
    twilio_lookup_fetch(&request, NULL);
    refuses("NULL", &request, TWILIO_ERR_ARGUMENT);
}

/* ---- Balance ------------------------------------------------------------------------------- */

static void balance(void **state)
{
    struct twilio_request request = used();

    (void)state;
    twilio_balance_fetch(&request);
    sends(&request, "GET /2010-04-01/Accounts/AC" HEX32 "/Balance.json HTTP/1.1\r\nHost: api.twilio.com\r\n"
          LOGIN, NULL);
}

/* ---- OAuth --------------------------------------------------------------------------------- */

#define TOKEN(query) "POST /v2/token" query " HTTP/1.1\r\nHost: oauth.twilio.com\r\n"

static void token_asked_for(void **state)
{
    static const struct twilio_account nobody = { 0 };
    struct twilio_client_credentials credentials = { .id = "OQ" HEX32, .secret = "s3cr&t /+%" };
    struct twilio_request request = used();

    (void)state;
    request.account = &nobody;
    twilio_token_create(&request, &credentials);
    sends(&request, TOKEN(""),
          "grant_type=client_credentials&client_id=OQ" HEX32 "&client_secret=s3cr%26t%20%2F%2B%25");
    credentials.account = "AC" HEX32;
    twilio_token_create(&request, &credentials);
    sends(&request, TOKEN("?account_sid=AC" HEX32),
          "grant_type=client_credentials&client_id=OQ" HEX32 "&client_secret=s3cr%26t%20%2F%2B%25");
}

/* Edge, region and host of the account count; its credentials, whatever they are, go nowhere. */
static void token_from_elsewhere(void **state)
{
    const struct twilio_account regional = {
        .sid = "AC" HEX32, .key = "SKkey", .secret = "do not tell", .bearer = "nor this", .edge = "sydney",
    };
    const struct twilio_client_credentials credentials = { .id = "OQ1", .secret = "x" };
    struct twilio_request request = { .account = &regional };

    (void)state;
    twilio_token_create(&request, &credentials);
    sends(&request, "POST /v2/token HTTP/1.1\r\nHost: oauth.sydney.us1.twilio.com\r\n",
          "grant_type=client_credentials&client_id=OQ1&client_secret=x");
}

static void token_refused(void **state)
{
    static const struct {
        struct twilio_client_credentials credentials;
        int mistake;
    } rows[] = {
        { { NULL, "x", NULL }, TWILIO_ERR_CREDENTIALS },
        { { "", "x", NULL }, TWILIO_ERR_CREDENTIALS },
        { { "OQ1", NULL, NULL }, TWILIO_ERR_CREDENTIALS },
        { { "OQ1", "", NULL }, TWILIO_ERR_CREDENTIALS },
        { { "OQ1", NULL, "AC" HEX32 }, TWILIO_ERR_CREDENTIALS },
        { { "OQ1", "x", "" }, TWILIO_ERR_SID },
        { { "OQ1", "x", "AC" }, TWILIO_ERR_SID },
        { { "OQ1", "x", "SK" HEX32 }, TWILIO_ERR_SID },
    };
    struct twilio_request request;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char row[16];

        snprintf(row, sizeof row, "row %zu", i);
        request = used();
        twilio_token_create(&request, &rows[i].credentials);
        refuses(row, &request, rows[i].mistake);
    }
    twilio_token_create(&request, NULL);
    refuses("NULL", &request, TWILIO_ERR_ARGUMENT);
}

/* The answer's JSON, as it comes, to the time when the token has to be replaced. */
static uint32_t expires(const char *answer, uint32_t now)
{
    char text[12], life[11];
    struct twilio_field fields[] = { TWILIO_TOKEN_FIELDS(text, life), TWILIO_FIELD_END };
    struct twilio_json json = { .fields = fields };

    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, answer, strlen(answer)), strlen(answer));
    assert_int_equal(twilio_json_feed(&json, NULL, 0), 0);
    return twilio_token_expires(fields, now);
}

static void when_a_token_expires(void **state)
{
    static const uint32_t day = 1795392000;  /* 2026-11-23 */
    static const struct {
        const char *answer;
        uint32_t now, expires;
    } rows[] = {
        { "{\"access_token\":\"eyJ.x.y\",\"id_token\":null,\"token_type\":\"Bearer\",\"expires_in\":3600}",
          day, day + 3570 },
        { "{\"expires_in\":86400,\"access_token\":\"eleven-long\"}", day, day + 86370 },
        { "{\"access_token\":\"x\",\"expires_in\":\"3600\"}", day, day + 3570 },
        { "{\"access_token\":\"x\",\"expires_in\":3600}", 0, 3570 },
        { "{\"access_token\":\"x\",\"expires_in\":31}", day, day + 1 },
        /* a life too short, or none */
        { "{\"access_token\":\"x\",\"expires_in\":30}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":29}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":0}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":-3600}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":3600.5}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":1e9}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":null}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":{}}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":\"\"}", day, 0 },
        { "{\"access_token\":\"x\"}", day, 0 },
        /* more seconds than there are */
        { "{\"access_token\":\"x\",\"expires_in\":3600}", UINT32_MAX - 3571, UINT32_MAX - 1 },
        { "{\"access_token\":\"x\",\"expires_in\":3600}", UINT32_MAX - 3570, UINT32_MAX },
        { "{\"access_token\":\"x\",\"expires_in\":3600}", UINT32_MAX - 3569, UINT32_MAX },
        { "{\"access_token\":\"x\",\"expires_in\":3600}", UINT32_MAX, UINT32_MAX },
        { "{\"access_token\":\"x\",\"expires_in\":4294967285}", 0, 4294967255 },
        { "{\"access_token\":\"x\",\"expires_in\":4294967285}", day, UINT32_MAX },
        { "{\"access_token\":\"x\",\"expires_in\":4294967296}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":9999999999}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":10000000000}", day, 0 },
        { "{\"access_token\":\"x\",\"expires_in\":1438315200000}", day, 0 },
        /* no token */
        { "{\"access_token\":\"twelve-is-12\",\"expires_in\":3600}", day, 0 },
        { "{\"access_token\":\"this one is far too long\",\"expires_in\":3600}", day, 0 },
        { "{\"access_token\":\"\",\"expires_in\":3600}", day, 0 },
        { "{\"access_token\":null,\"expires_in\":3600}", day, 0 },
        { "{\"access_token\":17,\"expires_in\":3600}", day, 0 },
        { "{\"access_token\":[\"x\"],\"expires_in\":3600}", day, 0 },
        { "{\"expires_in\":3600}", day, 0 },
        { "{\"code\":20001,\"message\":\"invalid client\"}", day, 0 },
        { "[]", day, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t found = expires(rows[i].answer, rows[i].now);

        check(found == rows[i].expires, "%s: %u, not %u", rows[i].answer, (unsigned)found,
              (unsigned)rows[i].expires);
    }
}

/* A table without memory for them holds no token, and no life. */
static void token_without_memory(void **state)
{
    char text[] = "token", life[] = "3600";
    struct twilio_field fields[] = {
        { "access_token", text, sizeof text, 5, 's' }, { "expires_in", life, sizeof life, 4, 'n' },
    };

    (void)state;
    assert_int_equal(twilio_token_expires(fields, 1000), 4570);
    fields[1] = (struct twilio_field){ "expires_in", NULL, 0, 4, 'n' };
    assert_int_equal(twilio_token_expires(fields, 1000), 0);
    fields[1] = (struct twilio_field){ "expires_in", life, sizeof life, 4, 'n' };
    fields[0] = (struct twilio_field){ "access_token", NULL, 0, 5, 's' };
    assert_int_equal(twilio_token_expires(fields, 1000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verification_started),
        cmocka_unit_test(verification_with_params),
        cmocka_unit_test(verification_refused),
        cmocka_unit_test(code_checked),
        cmocka_unit_test(check_refused),
        cmocka_unit_test(looked_up),
        cmocka_unit_test(lookup_refused),
        cmocka_unit_test(balance),
        cmocka_unit_test(token_asked_for),
        cmocka_unit_test(token_from_elsewhere),
        cmocka_unit_test(token_refused),
        cmocka_unit_test(when_a_token_expires),
        cmocka_unit_test(token_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
