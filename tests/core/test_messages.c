/*
 * test_messages.c - requests about messages: their exact octets, and each refusal
 *
 * SPDX-License-Identifier: MIT
 */
#include "typed.h"

#include "twilio_messages.h"

#define LIST    "/2010-04-01/Accounts/" SID "/Messages.json"
#define SERVICE "MG" HEX32
#define CONTENT "HX" HEX32
#define TO      "+15558675310"
#define FROM    "+15017122661"
#define TO_FROM "To=%2B15558675310&From=%2B15017122661"

#define URLS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* What is needed, and further members */
#define MESSAGE(...) { .to = TO, .from = FROM, .body = "Fire", __VA_ARGS__ }

static void message_sends(const char *row, const struct twilio_message *message, const char *form)
{
    struct twilio_request request = used(&account);

    twilio_message_create(&request, message);
    sends(row, &request, "POST " LIST, form);
}

static void message_refuses(const char *row, const struct twilio_message *message, int mistake)
{
    struct twilio_request request = used(&account);

    twilio_message_create(&request, message);
    refuses(row, &request, mistake);
}

/* ---- Members --------------------------------------------------------------------------------- */

static void members_alone(void **state)
{
    const struct {
        const char *name;
        struct twilio_message message;
        const char *form;
    } rows[] = {
        { "needed", { .to = TO, .from = FROM, .body = "Fire" }, TO_FROM "&Body=Fire" },
        { "service", { .to = TO, .service = SERVICE, .body = "Fire" },
          "To=%2B15558675310&MessagingServiceSid=" SERVICE "&Body=Fire" },
        { "from of a service", MESSAGE(.service = SERVICE),
          TO_FROM "&MessagingServiceSid=" SERVICE "&Body=Fire" },
        { "body", { .to = TO, .from = FROM, .body = " +&=%~\xE2\x98\xBA\n" },
          TO_FROM "&Body=%20%2B%26%3D%25~%E2%98%BA%0A" },
        { "media alone", { .to = TO, .from = FROM, .media = URLS("https://x.org/a?b=c&d") },
          TO_FROM "&MediaUrl=https%3A%2F%2Fx.org%2Fa%3Fb%3Dc%26d" },
        { "media, empty body", { .to = TO, .from = FROM, .body = "", .media = URLS("http://a") },
          TO_FROM "&Body=&MediaUrl=http%3A%2F%2Fa" },
        { "media, body", MESSAGE(.media = URLS("http://a", "http://b")),
          TO_FROM "&Body=Fire&MediaUrl=http%3A%2F%2Fa&MediaUrl=http%3A%2F%2Fb" },
        { "content", { .to = TO, .from = FROM, .content = CONTENT }, TO_FROM "&ContentSid=" CONTENT },
        { "variables", { .to = TO, .from = FROM, .content = CONTENT, .variables = "{\"1\":\"Anna\"}" },
          TO_FROM "&ContentSid=" CONTENT "&ContentVariables=%7B%221%22%3A%22Anna%22%7D" },
        { "send_at", MESSAGE(.service = SERVICE, .send_at = "2026-11-30T20:36:27Z"),
          TO_FROM "&MessagingServiceSid=" SERVICE
          "&SendAt=2026-11-30T20%3A36%3A27Z&Body=Fire&ScheduleType=fixed" },
        { "send_at elsewhere",
          { .to = TO, .service = SERVICE, .body = "Fire", .send_at = "2026-11-30T20:36:27+01:00" },
          "To=%2B15558675310&MessagingServiceSid=" SERVICE
          "&SendAt=2026-11-30T20%3A36%3A27%2B01%3A00&Body=Fire&ScheduleType=fixed" },
        { "validity", MESSAGE(.validity = 1), TO_FROM "&Body=Fire&ValidityPeriod=1" },
        { "longest validity", MESSAGE(.validity = TWILIO_MESSAGE_VALID_MAX),
          TO_FROM "&Body=Fire&ValidityPeriod=36000" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        message_sends(rows[i].name, &rows[i].message, rows[i].form);
    }
}

static void members_together(void **state)
{
    const struct twilio_message message = {
        .to = "whatsapp:" TO, .from = "whatsapp:" FROM, .service = SERVICE, .body = "Fire",
        .media = URLS("http://a", "http://b"), .send_at = "2026-11-30T20:36:27Z", .validity = 900,
    };
    const struct twilio_message template = {
        .to = TO, .from = FROM, .service = SERVICE, .content = CONTENT, .variables = "{}",
        .send_at = "2026-11-30T20:36:27Z", .validity = 900,
    };

    (void)state;
    message_sends("message", &message,
                  "To=whatsapp%3A%2B15558675310&From=whatsapp%3A%2B15017122661&MessagingServiceSid=" SERVICE
                  "&SendAt=2026-11-30T20%3A36%3A27Z&Body=Fire&ScheduleType=fixed"
                  "&MediaUrl=http%3A%2F%2Fa&MediaUrl=http%3A%2F%2Fb&ValidityPeriod=900");
    message_sends("template", &template,
                  TO_FROM "&MessagingServiceSid=" SERVICE "&ContentSid=" CONTENT "&ContentVariables=%7B%7D"
                  "&SendAt=2026-11-30T20%3A36%3A27Z&ScheduleType=fixed&ValidityPeriod=900");
}

/* What has no member goes before those that have, as it is, with its repeats. */
static void further_params(void **state)
{
    static const struct twilio_message message = MESSAGE(.validity = 900);
    static const struct {
        const char *name;
        struct twilio_param params[4];
        const char *form;
    } rows[] = {
        { "none", { { NULL, NULL } }, TO_FROM "&Body=Fire&ValidityPeriod=900" },
        { "one", { { "StatusCallback", "https://x.org/?a=b" }, { NULL, NULL } },
          "StatusCallback=https%3A%2F%2Fx.org%2F%3Fa%3Db&" TO_FROM "&Body=Fire&ValidityPeriod=900" },
        { "repeats", { { "Tag", "a b" }, { "SmartEncoded", "true" }, { "Tag", NULL }, { NULL, NULL } },
          "Tag=a%20b&SmartEncoded=true&Tag=&" TO_FROM "&Body=Fire&ValidityPeriod=900" },
        { "a member's name", { { "Body", "Smoke" }, { NULL, NULL } },
          "Body=Smoke&" TO_FROM "&Body=Fire&ValidityPeriod=900" },
    };
    struct twilio_request request = used(&account);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        twilio_message_create(&request, &message);
        assert_null(request.params);
        request.params = rows[i].params;
        sends(rows[i].name, &request, "POST " LIST, rows[i].form);
    }
    request.params = TWILIO_PARAMS({ "Tag", "1" }, { "", "2" });
    refuses("an empty name", &request, TWILIO_ERR_PARAMETER);
    twilio_message_list(&request, &(struct twilio_message_filter){ .to = TO, .page_size = 20 });
    request.params = TWILIO_PARAMS({ "Page", "1" }, { "PageToken", "a&b" });
    sends("list", &request, "GET " LIST "?Page=1&PageToken=a%26b&To=%2B15558675310&PageSize=20", NULL);
    request.params = TWILIO_PARAMS({ "", NULL });
    refuses("an empty name in a list", &request, TWILIO_ERR_PARAMETER);
    twilio_message_cancel(&request, "SM" HEX32);
    request.params = TWILIO_PARAMS({ "Tag", "1" });
    sends("cancel", &request, "POST /2010-04-01/Accounts/" SID "/Messages/SM" HEX32 ".json",
          "Tag=1&Status=canceled");
}

/* ---- Refusals ---------------------------------------------------------------------------------- */

static void refusals(void **state)
{
    static const char *const no_media[] = { NULL };
    const struct {
        const char *name;
        struct twilio_message message;
        int mistake;
    } rows[] = {
        { "no to", { .from = FROM, .body = "Fire" }, TWILIO_ERR_NUMBER },
        { "neither from nor service", { .to = TO, .body = "Fire" }, TWILIO_ERR_SENDER },
        { "bad from, good service", { .to = TO, .body = "Fire", .from = "", .service = SERVICE },
          TWILIO_ERR_SENDER },
        { "nothing to send", { .to = TO, .from = FROM }, TWILIO_ERR_CONTENT },
        { "an empty body", { .to = TO, .from = FROM, .body = "" }, TWILIO_ERR_CONTENT },
        { "variables alone", MESSAGE(.variables = "{}"), TWILIO_ERR_CONFLICT },
        { "variables of nothing", { .to = TO, .from = FROM, .variables = "" }, TWILIO_ERR_CONFLICT },
        { "body and content", MESSAGE(.content = CONTENT), TWILIO_ERR_CONFLICT },
        { "empty body and content", { .to = TO, .from = FROM, .body = "", .content = CONTENT },
          TWILIO_ERR_CONFLICT },
        { "media and content", { .to = TO, .from = FROM, .media = URLS("http://a"), .content = CONTENT },
          TWILIO_ERR_CONFLICT },
        { "body, media, content and variables",
          MESSAGE(.media = URLS("http://a"), .content = CONTENT, .variables = "{}"), TWILIO_ERR_CONFLICT },
        { "send_at without service", MESSAGE(.send_at = "2026-11-30T20:36:27Z"), TWILIO_ERR_SCHEDULE },
        { "send_at with an empty service", MESSAGE(.service = "", .send_at = "2026-11-30T20:36:27Z"),
          TWILIO_ERR_SCHEDULE },
        { "send_at of a template without service",
          { .to = TO, .from = FROM, .content = CONTENT, .send_at = "2026-11-30T20:36:27Z" },
          TWILIO_ERR_SCHEDULE },
        { "no media", { .to = TO, .from = FROM, .media = no_media }, TWILIO_ERR_LENGTH },
        { "a body, no media", MESSAGE(.media = no_media), TWILIO_ERR_LENGTH },
        { "validity", MESSAGE(.validity = TWILIO_MESSAGE_VALID_MAX + 1), TWILIO_ERR_RANGE },
        { "most validity", MESSAGE(.validity = UINT32_MAX), TWILIO_ERR_RANGE },
        { "validity of 16 bits more", MESSAGE(.validity = 65536 + 900), TWILIO_ERR_RANGE },
    };

    (void)state;
    assert_int_equal(TWILIO_MESSAGE_VALID_MAX, 36000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        message_refuses(rows[i].name, &rows[i].message, rows[i].mistake);
    }
    message_refuses("no message", NULL, TWILIO_ERR_ARGUMENT);
}

/* ---- Lengths ---------------------------------------------------------------------------------- */

static void longest_body(void **state)
{
    static const struct {
        const char *character, *encoded;
        const struct twilio_account *of;
    } rows[] = {
        { "a", "a", &account },
        { "&", "%26", &account },
        { "\xC3\xA9", "%C3%A9", &account },
        { "\xE2\x98\xBA", "%E2%98%BA", &account },
        { "\xF0\x9F\x91\x8D", "%F0%9F%91%8D", &account },
        { "a", "a", &latin1 },
        { "\xE9", "%C3%A9", &latin1 },
        { "\xA3", "%C2%A3", &latin1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *encoded = repeated(rows[i].encoded, 1600);
        struct twilio_message message = { .to = TO, .from = FROM, .body = repeated(rows[i].character, 1600) };
        struct twilio_request request = used(rows[i].of);

        assert_int_equal(TWILIO_MESSAGE_BODY_MAX, 1600);
        twilio_message_create(&request, &message);
        assert_int_equal(twilio_request_check(&request), TWILIO_OK);
        assert_true(twilio_encode(&request, 0, wire, sizeof wire - 1) > 0);
        check(strncmp(strstr(wire, "&Body=") + 6, encoded, strlen(encoded)) == 0, "%s", rows[i].encoded);
        message.body = repeated(rows[i].character, 1601);
        refuses(rows[i].encoded, &request, TWILIO_ERR_LENGTH);
        message.body = repeated(rows[i].character, 5000);
        refuses(rows[i].encoded, &request, TWILIO_ERR_LENGTH);
    }
}

/* Only the body's characters are counted, whatever comes before or after it. */
static void long_others(void **state)
{
    char variables[5001], url[5001];
    struct twilio_message template = { .to = TO, .from = FROM, .content = CONTENT, .variables = variables };
    struct twilio_message message = MESSAGE(.service = SERVICE, .send_at = variables, .media = URLS(url));
    struct twilio_request request = used(&account);

    (void)state;
    strcpy(variables, repeated("v", sizeof variables - 1));
    strcpy(url, repeated("u", sizeof url - 1));
    twilio_message_create(&request, &template);
    assert_int_equal(twilio_request_check(&request), TWILIO_OK);
    message.body = repeated("b", 1600);
    twilio_message_create(&request, &message);
    assert_int_equal(twilio_request_check(&request), TWILIO_OK);
    message.body = repeated("b", 1601);
    assert_int_equal(twilio_request_check(&request), TWILIO_ERR_LENGTH);
    message.body = NULL;
    assert_int_equal(twilio_request_check(&request), TWILIO_OK);
}

static void most_media(void **state)
{
    const char *media[TWILIO_MESSAGE_MEDIA_MAX + 3] = { NULL };
    struct twilio_message message = MESSAGE(.media = media);
    char form[1000] = TO_FROM "&Body=Fire";

    (void)state;
    assert_int_equal(TWILIO_MESSAGE_MEDIA_MAX, 10);
    for (size_t i = 0; i < 12; i++) {
        media[i] = "https://m";
        strcat(form, "&MediaUrl=https%3A%2F%2Fm");
        if (i < 10) {
            message_sends("media", &message, form);
        } else {
            message_refuses("media", &message, TWILIO_ERR_LENGTH);
        }
    }
}

/* ---- Addresses --------------------------------------------------------------------------------- */

static int check_to(const char *to)
{
    struct twilio_request request = used(&account);
    struct twilio_message message = { .from = FROM, .body = "Fire", .to = to };

    twilio_message_create(&request, &message);
    return twilio_request_check(&request);
}

static int check_from(const char *from)
{
    struct twilio_request request = used(&account);
    struct twilio_message message = { .to = TO, .body = "Fire", .from = from };

    twilio_message_create(&request, &message);
    return twilio_request_check(&request);
}

static void recipients(void **state)
{
    static const char *const good[] = {
        "+12", "+123456789012345", "+99999999", "whatsapp:+12", "whatsapp:+123456789012345",
        "messenger:1234567890", "rcs:+15558675310", "rcs:brand_agent", "x:y", "channel:a:b", "whatsap:x",
        "whatsappp:x", "telegram:x", "client:+1",
    };
    static const char *const bad[] = {
        "", "+", "+1", "+1234567890123456", "+01", "+0123456789", "15558675310", "++15558675310",
        " +15558675310", "+15558675310 ", "+1 5558675310", "+1-555-867-5310", "+1555867531O", "0015558675310",
        "12345", "Alarm",
        "whatsapp:", "whatsapp:+1", "whatsapp:15558675310", "whatsapp:+1234567890123456", "whatsapp:+012",
        "whatsapp:alice", "whatsapp: +15558675310", "whatsapp:whatsapp:+15558675310", "WhatsApp:+15558675310",
        "messenger:", "messenger", ":", ":x", ":+15558675310", "a b:c", "rcs: x", "rcs:\n", "1x:y", "x1:y",
        "x",
        "+15558675310,+15558675311",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        check(check_to(good[i]) == TWILIO_OK, "%s", good[i]);
        check(check_from(good[i]) == TWILIO_OK, "%s", good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct twilio_message message = { .from = FROM, .body = "Fire", .to = bad[i] };

        message_refuses(bad[i], &message, TWILIO_ERR_NUMBER);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct twilio_message_filter filter = { .to = bad[i] };
        struct twilio_request request = used(&account);

        twilio_message_list(&request, &filter);
        check(twilio_request_check(&request) == TWILIO_ERR_NUMBER, "a list to %s", bad[i]);
    }
    for (size_t digits = 0; digits <= 40; digits++) {
        char number[64] = "+", whatsapp[80] = "whatsapp:";

        strcat(whatsapp, strcat(number, repeated("4", digits)));
        check(check_to(number) == (digits >= 2 && digits <= 15 ? TWILIO_OK : TWILIO_ERR_NUMBER), "%s",
              number);
        check(check_to(whatsapp) == check_to(number), "%s", whatsapp);
        check(check_from(number) == (check_to(number) == TWILIO_OK ? TWILIO_OK : TWILIO_ERR_SENDER),
              "from %s", number);
    }
}

/* Every octet, as one of a number, of a channel's name and of its address */
static void octets_of_recipients(void **state)
{
    (void)state;
    for (int octet = 1; octet < 256; octet++) {
        char number[] = "+4912345", first[] = "+4912", channel[] = "abc:d", address[] = "ab:cd";
        bool digit = octet >= '0' && octet <= '9';

        number[4] = first[1] = channel[1] = address[3] = (char)octet;
        check(check_to(number) == (digit ? TWILIO_OK : TWILIO_ERR_NUMBER), "digit %d", octet);
        check(check_to(first) == (digit && octet != '0' ? TWILIO_OK : TWILIO_ERR_NUMBER), "first %d", octet);
        check(check_to(channel) == ((octet >= 'a' && octet <= 'z') || octet == ':' ? TWILIO_OK
                                    : TWILIO_ERR_NUMBER), "channel %d", octet);
        check(check_to(address) == (octet > ' ' ? TWILIO_OK : TWILIO_ERR_NUMBER), "address %d", octet);
    }
}

/* Anything that is not "" is one, but what begins with a '+' is a number. */
static void senders(void **state)
{
    static const char *const good[] = {
        FROM, "+12", "+123456789012345", "123", "12345", "Fire Alarm", "ABCDEFGHIJK", "a1234567890",
        "F\xC3\xBCr", "whatsapp:+15558675310", "messenger:1", " +A",
    };
    static const char *const bad[] = {
        "", "+", "+1", "+A", "+1A", "+12 34", "+012", "+1234567890123456", "++12",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        check(check_from(good[i]) == TWILIO_OK, "%s", good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct twilio_message message = { .to = TO, .body = "Fire", .from = bad[i] };
        struct twilio_message_filter filter = { .from = bad[i] };
        struct twilio_request request = used(&account);

        message_refuses(bad[i], &message, TWILIO_ERR_SENDER);
        twilio_message_list(&request, &filter);
        refuses(bad[i], &request, TWILIO_ERR_SENDER);
    }
    for (int octet = 1; octet < 256; octet++) {
        const char one[] = { (char)octet, '\0' };

        check(check_from(one) == (octet == '+' ? TWILIO_ERR_SENDER : TWILIO_OK), "%d alone", octet);
    }
}

/* ---- Times ------------------------------------------------------------------------------------- */

/* What all three members of a filter say of it. */
static int check_time(const char *time)
{
    const struct twilio_message_filter filters[] = {
        { .date_sent = time }, { .sent_after = time }, { .sent_before = time }
    };
    int e[COUNT(filters)];

    for (size_t i = 0; i < COUNT(filters); i++) {
        struct twilio_request request = used(&account);

        twilio_message_list(&request, &filters[i]);
        e[i] = twilio_request_check(&request);
        check(e[i] == e[0], "%s, in member %zu", time, i);
    }
    return e[0];
}

static void times(void **state)
{
    static const char good[] = "2026-11-30T20:36:27Z";
    static const struct {
        size_t at;
        int least, most;
    } parts[] = {
        { 0, 0, 99 }, { 2, 0, 99 }, { 5, 1, 12 }, { 8, 1, 31 }, { 11, 0, 23 }, { 14, 0, 59 }, { 17, 0, 59 }
    };
    char text[32], day[32];

    (void)state;
    assert_int_equal(check_time(good), TWILIO_OK);
    for (size_t i = 0; i < COUNT(parts); i++) {
        for (int value = 0; value < 100; value++) {
            const char digits[] = { (char)('0' + value / 10), (char)('0' + value % 10) };
            int verdict = value >= parts[i].least && value <= parts[i].most ? TWILIO_OK : TWILIO_ERR_RANGE;

            memcpy(strcpy(text, good) + parts[i].at, digits, 2);
            check(check_time(text) == verdict, "%s", text);
            memcpy(day, text, 10);
            day[10] = '\0';
            check(check_time(day) == (parts[i].at < 10 ? verdict : TWILIO_OK), "%s", day);
        }
    }
    for (size_t i = 0; i < sizeof good - 1; i++) {
        for (int octet = 0; octet < 256; octet++) {
            bool both_digits = good[i] >= '0' && good[i] <= '9' && octet >= '0' && octet <= '9';
            bool ends_a_day = i == 10 && octet == '\0';

            strcpy(text, good)[i] = (char)octet;
            check(both_digits || check_time(text) == (octet == good[i] || ends_a_day ? TWILIO_OK
                                                      : TWILIO_ERR_RANGE), "%d in place of %zu", octet, i);
        }
    }
    assert_int_equal(check_time("2026-11-30T20:36:27Z "), TWILIO_ERR_RANGE);
    assert_int_equal(check_time("2026-11-30T20:36:27+00:00"), TWILIO_ERR_RANGE);
    assert_int_equal(check_time("2026-11-30T20:36:27.000Z"), TWILIO_ERR_RANGE);
    assert_int_equal(check_time("2026-11-30 "), TWILIO_ERR_RANGE);
    assert_int_equal(check_time("02026-11-30"), TWILIO_ERR_RANGE);
}

/* ---- One ----------------------------------------------------------------------------------------- */

#define ONE "/2010-04-01/Accounts/" SID "/Messages/SM" HEX32 ".json"

static const struct {
    const char *name;
    void (*make)(struct twilio_request *request, const char *sid);
    const char *line, *form;
} requests[] = {
    { "fetch", twilio_message_fetch, "GET " ONE, NULL },
    { "cancel", twilio_message_cancel, "POST " ONE, "Status=canceled" },
    { "redact", twilio_message_redact, "POST " ONE, "Body=" },
    { "delete", twilio_message_delete, "DELETE " ONE, NULL },
};

static void one(void **state)
{
    static const char *const bad[] = {
        NULL, "", "S", "SM", "SM0123456789abcdef0123456789abcde", "SM" HEX32 "0", "SM" HEX32 "\n", "CA" HEX32,
        "MG" HEX32, "SX" HEX32, "sm" HEX32, "M", "MS" HEX32, "SM0123456789abcdef0123456789abcdeg",
        "SM0123456789abcdef0123456789abcde/", "SM-123456789abcdef0123456789abcdef", "-",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct twilio_request request = used(&account);
        char sid[] = "SM" HEX32;

        requests[i].make(&request, sid);
        sends(requests[i].name, &request, requests[i].line, requests[i].form);
        sid[0] = 'M';
        assert_int_equal(twilio_request_check(&request), TWILIO_OK);
        assert_true(twilio_encode(&request, 0, wire, sizeof wire) > 0);
        assert_non_null(strstr(wire, "/Messages/MM" HEX32 ".json HTTP/1.1\r\n"));
        for (size_t j = 0; j < COUNT(bad); j++) {
            requests[i].make(&request, bad[j]);
            refuses(bad[j] != NULL ? bad[j] : "no SID", &request, TWILIO_ERR_SID);
        }
    }
}

/* ---- List ----------------------------------------------------------------------------------------- */

static void list(void **state)
{
    const struct {
        const char *line;
        struct twilio_message_filter filter;
    } rows[] = {
        { "GET " LIST, { .to = NULL } },
        { "GET " LIST "?To=%2B15558675310", { .to = TO } },
        { "GET " LIST "?From=Fire%20Alarm", { .from = "Fire Alarm" } },
        { "GET " LIST "?DateSent=2026-11-23", { .date_sent = "2026-11-23" } },
        { "GET " LIST "?DateSent%3E=2026-11-23", { .sent_after = "2026-11-23" } },
        { "GET " LIST "?DateSent%3C=2026-11-23T20%3A36%3A27Z", { .sent_before = "2026-11-23T20:36:27Z" } },
        { "GET " LIST "?PageSize=1", { .page_size = 1 } },
        { "GET " LIST "?PageSize=1000", { .page_size = 1000 } },
        { "GET " LIST "?To=whatsapp%3A%2B15558675310&From=12345&DateSent=2026-01-01&DateSent%3E=2026-12-31"
          "&DateSent%3C=0000-10-09&PageSize=20",
          { .to = "whatsapp:" TO, .from = "12345", .date_sent = "2026-01-01", .sent_after = "2026-12-31",
            .sent_before = "0000-10-09", .page_size = 20 } },
    };
    const struct {
        const char *name;
        struct twilio_message_filter filter;
        int mistake;
    } bad[] = {
        { "to", { .to = "5558675310" }, TWILIO_ERR_NUMBER },
        { "empty to", { .to = "" }, TWILIO_ERR_NUMBER },
        { "from", { .from = "+" }, TWILIO_ERR_SENDER },
        { "empty from", { .from = "" }, TWILIO_ERR_SENDER },
        { "date_sent", { .date_sent = "" }, TWILIO_ERR_RANGE },
        { "last of three", { .date_sent = "2026-11-23", .sent_after = "2026-11-23", .sent_before = "" },
          TWILIO_ERR_RANGE },
        { "a month", { .date_sent = "2026-11" }, TWILIO_ERR_RANGE },
        { "a month of none", { .sent_after = "2026-13-01" }, TWILIO_ERR_RANGE },
        { "a day of none", { .sent_before = "2026-11-32" }, TWILIO_ERR_RANGE },
        { "half a time", { .sent_before = "2026-11-23T20:36" }, TWILIO_ERR_RANGE },
        { "a comparison", { .date_sent = ">=2026-11-23" }, TWILIO_ERR_RANGE },
        { "page_size", { .page_size = 1001 }, TWILIO_ERR_RANGE },
        { "most page_size", { .page_size = UINT32_MAX }, TWILIO_ERR_RANGE },
    };
    struct twilio_request request = used(&account);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        twilio_message_list(&request, &rows[i].filter);
        sends(rows[i].line, &request, rows[i].line, NULL);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        twilio_message_list(&request, &bad[i].filter);
        refuses(bad[i].name, &request, bad[i].mistake);
    }
    twilio_message_list(&request, NULL);
    sends("all", &request, "GET " LIST, NULL);
}

/* ---- The rest ------------------------------------------------------------------------------------ */

/* Twilio's own libraries make the same of the same. Python writes a space as '+'. */
static void recorded(void **state)
{
    int creates = 0, lists = 0;

    (void)state;
    for (const struct vector *v = vectors; v < vectors + COUNT(vectors); v++) {
        const char *size = given(v, "PageSize");
        const struct twilio_message message = { .to = given(v, "To"), .from = given(v, "From"),
                                                .body = given(v, "Body") };
        const struct twilio_message_filter filter = { .to = given(v, "To"), .from = given(v, "From"),
            .sent_after = given(v, "DateSent>"), .page_size = size != NULL ? (uint32_t)atoi(size) : 0 };
        struct twilio_request request = used(&account);
        char line[512];

        if (strncmp(v->client, "twilio-", 7) != 0 || strcmp(v->resource, "Messages.json") != 0) {
            continue;
        }
        if (v->method == TWILIO_POST) {
            creates++;
            twilio_message_create(&request, &message);
        } else {
            lists++;
            twilio_message_list(&request, &filter);
        }
        snprintf(line, sizeof line, "%s %s", v->method == TWILIO_POST ? "POST" : "GET", v->target);
        sends(v->id, &request, line, v->method == TWILIO_POST ? replaced(v->body, '+', "%20") : NULL);
    }
    assert_int_equal(creates, 10);
    assert_int_equal(lists, 2);
}

/* What a request points to is looked at when it is checked or encoded, not when it is made. */
static void looked_at_late(void **state)
{
    struct twilio_message message = { .to = NULL };
    struct twilio_request request = used(&account);

    (void)state;
    twilio_message_create(&request, &message);
    assert_null(request.item);
    refuses("not yet", &request, TWILIO_ERR_NUMBER);
    message = (struct twilio_message){ .to = TO, .from = FROM, .body = "now" };
    sends("now", &request, "POST " LIST, TO_FROM "&Body=now");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_alone),
        cmocka_unit_test(members_together),
        cmocka_unit_test(further_params),
        cmocka_unit_test(refusals),
        cmocka_unit_test(longest_body),
        cmocka_unit_test(long_others),
        cmocka_unit_test(most_media),
        cmocka_unit_test(recipients),
        cmocka_unit_test(octets_of_recipients),
        cmocka_unit_test(senders),
        cmocka_unit_test(times),
        cmocka_unit_test(one),
        cmocka_unit_test(list),
        cmocka_unit_test(recorded),
        cmocka_unit_test(looked_at_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
