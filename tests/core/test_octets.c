/*
 * test_octets.c - small parts that others are made of: each octet in its place, each size
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "field.h"
#include "form.h"
#include "octets.h"
#include "twilio_list.h"
#include "twilio_lookups.h"
#include "twilio_trace.h"
#include "twilio_twiml.h"
#include "twilio_verify.h"

/* ---- SIDs ---------------------------------------------------------------------------------------- */

/* Two letters of the right kind, and 32 hexadecimal digits of any case: no other octet, at no place. */
static void sids(void **state)
{
    static const char hexadecimal[] = "0123456789abcdefABCDEF";
    char sid[] = "SM0123456789abcdef0123456789ABCDEF", longer[] = "SM0123456789abcdef0123456789ABCDEF0";

    (void)state;
    assert_true(twilio_is_sid(sid, SID_OF('S', 'M')));
    assert_false(twilio_is_sid(longer, SID_OF('S', 'M')));
    assert_false(twilio_is_sid(sid, SID_OF('S', 'N')));
    assert_false(twilio_is_sid(sid, SID_OF('R', 'M')));
    for (size_t at = 2; at < 34; at++) {
        char was = sid[at];

        for (int octet = 0; octet < 256; octet++) {
            bool is = octet != 0 && strchr(hexadecimal, octet) != NULL;

            sid[at] = (char)octet;
            check(twilio_is_sid(sid, SID_OF('S', 'M')) == is, "octet %d at %zu", octet, at);
        }
        sid[at] = was;
    }
}

/* A country is two letters, and nothing beside the letters. */
static void countries(void **state)
{
    static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef",
                                                   .secret = "secret" };
    char country[] = "us";

    (void)state;
    for (int octet = 1; octet < 256; octet++) {
        bool is = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
        const struct twilio_lookup lookup = { .number = "4159929960", .country = country };
        struct twilio_request request = { .account = &account };

        country[octet % 2] = (char)octet;
        twilio_lookup_fetch(&request, &lookup);
        check(twilio_request_check(&request) == (is ? TWILIO_OK : TWILIO_ERR_RANGE), "octet %d", octet);
        country[0] = 'u';
        country[1] = 's';
    }
}

/* A code is made of letters and digits, of each of them, and of nothing else. */
static void codes(void **state)
{
    static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef",
                                                   .secret = "secret" };
    char code[] = "1234";

    (void)state;
    for (int octet = 1; octet < 256; octet++) {
        bool is = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z')
               || (octet >= '0' && octet <= '9');
        const struct twilio_verification_check verification = {
            .service = "VA0123456789abcdef0123456789abcdef", .to = "+15558675310", .code = code,
        };
        struct twilio_request request = { .account = &account };

        code[octet % 4] = (char)octet;
        twilio_verification_check(&request, &verification);
        check(twilio_request_check(&request) == (is ? TWILIO_OK : TWILIO_ERR_RANGE), "octet %d", octet);
        code[octet % 4] = '1';
    }
}

/* A set is of the octets 32 to 127; what stands behind it does not matter. */
static void sets(void **state)
{
    static const uint32_t words[] = { ~0U, ~0U, ~0U, ~0U }, none[] = { 0, 0, 0, ~0U };

    (void)state;
    for (unsigned octet = 0; octet < 256; octet++) {
        check(twilio_in_set(words, (uint8_t)octet) == (octet >= 32 && octet < 128), "octet %u", octet);
        assert_false(twilio_in_set(none, (uint8_t)octet));
    }
}

/* ---- Lists -------------------------------------------------------------------------------------------- */

/* The table of a list begins with where the next page is: its two names, with memory that they share. */
static void tables_of_lists(void **state)
{
    static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef",
                                                   .secret = "secret" };
    char memory[300], other[300];
    const struct twilio_field good[] = {
        FIELD("next_page_uri", memory, sizeof memory), FIELD("meta.next_page_url", memory, sizeof memory),
        { .name = NULL },
    };

    (void)state;
    for (unsigned change = 0; change <= 5; change++) {
        struct twilio_field fields[COUNT(good)];
        struct twilio_request request = { .account = &account, .resource = "Messages.json" };
        struct twilio_list list = { .fields = fields };
        int e;

        memcpy(fields, good, sizeof fields);
        fields[0].name = change == 1 ? NULL : fields[0].name;
        fields[1].name = change == 2 ? NULL : fields[1].name;
        fields[0].text = change == 3 || change == 5 ? NULL : fields[0].text;
        fields[1].text = change == 4 ? other : change == 5 ? NULL : fields[1].text;
        e = twilio_list_begin(&list, &request);
        check(e == (change == 0 ? TWILIO_OK : TWILIO_ERR_ARGUMENT), "change %u: %d", change, e);
    }
}

/* ---- Sizes that a result can tell ----------------------------------------------------------------- */

/* Up to INT_MAX octets are taken, for so many can be told; more are a mistake. */
static void sizes(void **state)
{
    static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef",
                                                   .secret = "secret" };
    static char wire[1000], memory[300];
    struct twilio_request request = { .account = &account, .resource = "Messages.json" };
    struct twilio_field fields[] = {
        FIELD("next_page_uri", memory, sizeof memory), FIELD("meta.next_page_url", memory, sizeof memory),
        { .name = NULL },
    };
    struct twilio_list list = { .fields = fields, .limit = 1 };
    struct twilio_json json = { .fields = NULL };
    struct twilio_response response = { .method = TWILIO_GET };
    static const struct twilio_twiml say[] = { TWILIO_SAY("Fire"), TWILIO_TWIML_END };
    int size = twilio_encode(&request, 0, wire, sizeof wire);
    int twiml = twilio_twiml_encode(say, 0, wire, sizeof wire);

    (void)state;
    assert_in_range(twiml, 50, 999);
    assert_int_equal(twilio_twiml_encode(say, 0, wire, INT_MAX), twiml);
    assert_int_equal(twilio_twiml_encode(say, 0, wire, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_in_range(size, 100, 999);
    assert_int_equal(twilio_encode(&request, 0, wire, INT_MAX), size);
    assert_int_equal(twilio_encode(&request, 0, wire, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_encode(&request, (size_t)size, wire, INT_MAX), 0);
    assert_int_equal(twilio_encode(&request, SIZE_MAX, wire, INT_MAX), 0);
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, "x", (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_json_begin(&json), TWILIO_OK);
    assert_int_equal(twilio_json_feed(&json, "x", INT_MAX), TWILIO_ERR_JSON);
    assert_int_equal(twilio_response_begin(&response), TWILIO_OK);
    assert_int_equal(twilio_response_feed(&response, "x", INT_MAX), TWILIO_ERR_HTTP);
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_OK);
    list.count = 1;  /* it is full */
    assert_int_equal(twilio_list_feed(&list, "x", INT_MAX), INT_MAX);
    assert_int_equal(twilio_list_feed(&list, "x", (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
}

/* ---- Traces --------------------------------------------------------------------------------------- */

static int connects(void *context, const char *host)
{
    (void)context;
    (void)host;
    return TWILIO_OK;
}

static void counts_shown(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    (void)text;
    *(size_t *)context += kind == TWILIO_TRACE_REQUEST ? size : 0;
}

/* A request is shown to its last octet, however many stand in the last piece. */
static void shown_to_the_end(void **state)
{
    static const struct twilio_account account = { .sid = "AC0123456789abcdef0123456789abcdef",
                                                   .secret = "secret" };
    static const struct twilio_transport below = { .connect = connects };
    char resource[140] = "", wire[1000];
    size_t shown;

    (void)state;
    for (size_t size = 1; size < sizeof resource; size++) {
        struct twilio_request request = { .account = &account, .resource = resource };
        struct twilio_trace trace = { .below = &below, .request = &request, .show = counts_shown,
                                      .context = &shown };
        struct twilio_transport traced = twilio_trace_transport(&trace);

        resource[size - 1] = 'r';
        shown = 0;
        assert_int_equal(traced.connect(traced.context, "api.twilio.com"), TWILIO_OK);
        request.anonymous = true;
        assert_int_equal(shown, twilio_encode(&request, 0, wire, sizeof wire));
    }
}

/* ---- Values that are cut ---------------------------------------------------------------------------- */

/* A value that did not fit ends before its last character, if that is of several octets: it may be cut. An
 * octet that no character begins with is no beginning, unless it looks like one. */
static void cut_values(void **state)
{
    static const struct {
        const char *value;
        unsigned size;
        const char *text;
    } rows[] = {
        { "abc", 4, "abc" }, { "abcd", 4, "abc" }, { "abcd", 2, "a" }, { "abcd", 1, "" },
        { "ab\xC3\xA9", 5, "ab\xC3\xA9" }, { "ab\xC3\xA9", 4, "ab" }, { "ab\xC3\xA9" "c", 5, "ab" },
        { "a\xC0" "b", 3, "a" }, { "a\xC1" "b", 3, "a" }, { "a\xFF" "b", 3, "a" },
        { "a\x7F" "b", 3, "a\x7F" },
        { "\xBF" "a", 2, "\xBF" }, { "\x80\x80\x80", 3, "\x80" },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        char text[8];
        struct twilio_field field = { .text = text, .size = (uint16_t)rows[i].size };

        memset(text, CANARY, sizeof text);
        twilio_field_start(&field, 's');
        assert_int_equal(field.type, 's');
        for (const char *at = rows[i].value; *at != '\0'; at++) {
            twilio_field_append(&field, (uint8_t)*at);
        }
        twilio_field_finish(&field);
        check(strcmp(text, rows[i].text) == 0, "row %u: '%s'", i, text);
        assert_int_equal(field.length, strlen(rows[i].value));
        assert_true(untouched(text + rows[i].size, sizeof text - rows[i].size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sids),
        cmocka_unit_test(countries),
        cmocka_unit_test(sets),
        cmocka_unit_test(tables_of_lists),
        cmocka_unit_test(sizes),
        cmocka_unit_test(codes),
        cmocka_unit_test(shown_to_the_end),
        cmocka_unit_test(cut_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
