/*
 * test_request.c - the request encoder, black-box: recorded clients, every window, every mistake
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#define SID    "AC0123456789abcdef0123456789abcdef"
#define SECRET "0123456789abcdef0123456789abcdef"
#define ROOT   "/2010-04-01/Accounts/" SID
#define FORM   "application/x-www-form-urlencoded"

static const struct twilio_account account = { .sid = SID, .secret = SECRET };

/* ---- The wire image, taken apart -------------------------------------------------------- */

#define GUARD 64
#define LINES 24

static char wire[TWILIO_HEAD_MAX + TWILIO_BODY_MAX + GUARD];
static size_t wire_size, head_size;

static struct {
    char text[TWILIO_HEAD_MAX + 1];  /* the head, cut into strings */
    char *method, *target;
    char *name[LINES], *value[LINES];
    size_t lines;
    const char *body;
    size_t body_size;
} got;

/* Encode into wire at once; the bytes after the request must stay as they were. */
static int encode(const struct twilio_request *request)
{
    int n;

    memset(wire, CANARY, sizeof wire);
    n = twilio_encode(request, 0, wire, sizeof wire);
    wire_size = n < 0 ? 0 : (size_t)n;
    check(wire_size <= sizeof wire - GUARD, "%d bytes", n);
    check(untouched(wire + wire_size, GUARD), "wrote past the end");
    return n;
}

static bool is_token(const char *text)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789"
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return *text != '\0' && text[strspn(text, token)] == '\0';
}

static void take_header(char *line)
{
    char *colon = strchr(line, ':');

    assert_non_null(colon);
    *colon = '\0';
    check(is_token(line), "header name '%s'", line);
    check(colon[1] == ' ' && colon[2] != ' ', "one space after '%s:'", line);
    for (char *c = colon + 1; *c != '\0'; c++) {
        check((unsigned char)*c >= 32 && *c != 127, "control character in %s", line);
    }
    for (size_t i = 0; i < got.lines; i++) {
        check(strcmp(got.name[i], line) != 0, "%s twice", line);
    }
    assert_true(got.lines < LINES);
    got.name[got.lines] = line;
    got.value[got.lines++] = colon + 2;
}

/* Cut the request in wire into its parts, strictly as RFC 9112 has them. */
static void dissect(void)
{
    char *line, *end;

    wire[wire_size] = '\0';
    end = strstr(wire, "\r\n\r\n");
    assert_non_null(end);
    head_size = (size_t)(end - wire) + 4;
    assert_true(head_size <= TWILIO_HEAD_MAX);
    memset(&got, 0, sizeof got);
    memcpy(got.text, wire, head_size);
    got.body = wire + head_size;
    got.body_size = wire_size - head_size;

    line = got.text;
    for (size_t i = 0; (end = strstr(line, "\r\n")) != line; i++) {
        *end = '\0';
        if (i == 0) {
            char *space = strchr(line, ' ');
            char *version = strrchr(line, ' ');

            assert_true(space != NULL && space < version);
            *space = *version = '\0';
            got.method = line;
            got.target = space + 1;
            check(got.target[strcspn(got.target, " ")] == '\0', "space in %s", got.target);
            assert_string_equal(version + 1, "HTTP/1.1");
        } else {
            take_header(line);
        }
        line = end + 2;
    }
}

static const char *header(const char *name)
{
    for (size_t i = 0; i < got.lines; i++) {
        if (strcmp(got.name[i], name) == 0) {
            return got.value[i];
        }
    }
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *const method_names[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };

/* Headers that every request must have, may have, and may not have */
static void check_headers(const struct twilio_request *request, const char *name)
{
    char length[16];
    const char *text;

    snprintf(length, sizeof length, "%zu", got.body_size);
    check(same(got.name[0], "Host"), "%s: Host comes first", name);
    check(same(got.method, method_names[request->method]), "%s: method %s", name, got.method);
    if ((text = header("Content-Length")) != NULL) {
        check(same(text, length), "%s: Content-Length %s, body %s", name, text, length);
    } else {
        check(got.body_size == 0, "%s: a body without Content-Length", name);
    }
    check(same(header("Content-Type"), got.body_size > 0 ? FORM : NULL), "%s: Content-Type", name);
    check((text = header("Accept-Encoding")) == NULL || same(text, "identity"),
          "%s: compressed answers cannot be read", name);
    check((text = header("Connection")) == NULL || same(text, "keep-alive"), "%s: %s", name, text);
    check(header("TE") == NULL && header("Transfer-Encoding") == NULL && header("Expect") == NULL
              && header("Upgrade") == NULL,
          "%s: a header that asks for what is not understood", name);
}

/* Encode, take apart, and compare what is known of the request. */
static void check_request(const struct twilio_request *request, const char *name, const char *host,
                          const char *target, const char *body)
{
    char buf[TWILIO_HOST_MAX + 1];

    check(twilio_request_check(request) == TWILIO_OK, "%s: %d", name, twilio_request_check(request));
    check(encode(request) > 0, "%s: not encoded", name);
    dissect();
    check_headers(request, name);
    check(twilio_host(request, buf, sizeof buf) == (int)strlen(host), "%s: host length", name);
    check(same(buf, host) && same(header("Host"), host), "%s: host %s, Host: %s, not %s", name, buf,
          header("Host"), host);
    check(same(got.target, target), "%s:\n  %s, not\n  %s", name, got.target, target);
    check(same(got.body, body), "%s:\n  %s, not\n  %s", name, got.body, body);
}

/* ---- Recorded clients -------------------------------------------------------------------- */

enum verdict {
    MUST_MATCH,  /* byte for byte */
    POLICY,      /* a choice: see decided[] */
    DIFFERS,     /* on purpose: see decided[] */
    SAME_PAIRS   /* twilio-python writes a space as '+': the decoded pairs are the same */
};

struct vector {
    const char *id, *client;
    enum verdict verdict;
    enum twilio_method method;
    const char *resource, *sid, *key, *secret, *version, *edge, *region;
    struct twilio_param params[8];
    const char *target, *host, *authorization, *content_type, *content_length, *body;
    struct twilio_param pairs[8];
};

#include "vectors.h"

/* Where WWW::Twilio::API is not followed, or a choice was open: what twilio.h says. */
static const struct {
    const char *id, *target, *content_type, *content_length, *body;
} decided[] = {
    /* Perl puts a second '?'. A server splits the query at the first one only, so the parameters
     * would become part of the first one's value: they are joined by '&'. */
    { "get-query-both", ROOT "/Calls.json?Page=2&Status=busy", NULL, NULL, "" },
    /* LWP sends no Content-Length. RFC 9110 8.6: one should be sent, and some servers say 411. */
    { "post-noargs", ROOT "/Calls.json", NULL, "0", "" },
    /* Perl's hash keeps the last. Twilio reads repeats as a list, so all are sent, in order. */
    { "post-dup", ROOT "/Calls.json", FORM, "57",
      "StatusCallbackEvent=ringing&StatusCallbackEvent=completed" },
    /* Text here is UTF-8 bytes: there are no Latin-1 character strings to encode. */
    { "post-utf8-off-latin1", ROOT "/Messages.json", FORM, "14", "Body=caf%C3%A9" },
    /* As Perl: a form body on DELETE. */
    { "delete-params", ROOT "/Recordings/RE1", FORM, "9", "Soft=true" },
    /* The policy of these three concerns the answer (test_response.c: a 3xx is handed back,
     * truncation and HTTP/0.9 are errors); the request is Perl's. */
    { "reply-r302", ROOT "/reply/r302", NULL, NULL, "" },
    { "reply-trunc", ROOT "/reply/trunc", NULL, NULL, "" },
    { "reply-garbage", ROOT "/reply/garbage", NULL, NULL, "" },
};

static struct twilio_account account_of(const struct vector *v)
{
    struct twilio_account a = { .sid = v->sid, .key = v->key, .secret = v->secret,
                                .version = v->version, .edge = v->edge, .region = v->region };

    return a;
}

/* Undo form encoding of one name or value, up to the delimiter; returns where it stopped. */
static const char *decode(const char *text, char *out)
{
    while (*text != '\0' && *text != '&' && *text != '=') {
        if (*text == '%') {
            const char hex[3] = { text[1], text[2], '\0' };

            *out++ = (char)strtol(hex, NULL, 16);
            text += 3;
        } else {
            *out++ = *text == '+' ? ' ' : *text;
            text++;
        }
    }
    *out = '\0';
    return text;
}

static void check_pairs(const char *encoded, const struct twilio_param *pairs, const char *id)
{
    char name[128], value[1024];

    for (; pairs->name != NULL; pairs++) {
        encoded = decode(encoded, name);
        check(*encoded == '=', "%s: no '='", id);
        encoded = decode(encoded + 1, value);
        check(same(name, pairs->name) && same(value, pairs->value), "%s: %s=%s", id, name, value);
        encoded += *encoded == '&';
    }
    check(*encoded == '\0', "%s: more than the pairs: %s", id, encoded);
}

static void check_vector(const struct vector *v, const char *target, const char *type,
                         const char *length, const char *body)
{
    const struct twilio_account a = account_of(v);
    const struct twilio_request request = {
        .account = &a, .method = v->method, .resource = v->resource, .params = v->params,
    };

    check_request(&request, v->id, v->host, target, body);
    check(same(header("Authorization"), v->authorization), "%s: Authorization", v->id);
    check(same(header("Content-Type"), type), "%s: Content-Type", v->id);
    check(same(header("Content-Length"), length), "%s: Content-Length", v->id);
}

static void check_decided(const struct vector *v)
{
    for (size_t i = 0; i < COUNT(decided); i++) {
        if (same(decided[i].id, v->id)) {
            check_vector(v, decided[i].target, decided[i].content_type, decided[i].content_length,
                         decided[i].body);
            return;
        }
    }
    fail_msg("%s: nothing decided", v->id);
}

static void check_same_pairs(const struct vector *v)
{
    const struct twilio_account a = account_of(v);
    const struct twilio_request request = {
        .account = &a, .method = v->method, .resource = v->resource, .params = v->params,
    };
    char *query;

    assert_true(encode(&request) > 0);
    dissect();
    check(same(header("Host"), v->host), "%s: %s", v->id, header("Host"));
    check(same(header("Authorization"), v->authorization), "%s: Authorization", v->id);
    check(same(header("Content-Type"), v->content_type), "%s: Content-Type", v->id);
    query = strchr(got.target, '?');
    check_pairs(query != NULL ? query + 1 : got.body, v->pairs, v->id);
    got.target[strcspn(got.target, "?")] = '\0';
    check(strncmp(got.target, v->target, strlen(got.target)) == 0, "%s: %s", v->id, got.target);
}

static void recorded_clients(void **state)
{
    size_t rows[4] = { 0, 0, 0, 0 };

    (void)state;
    for (const struct vector *v = vectors; v < vectors + COUNT(vectors); v++) {
        if (v->verdict == MUST_MATCH) {
            check_vector(v, v->target, v->content_type, v->content_length, v->body);
        } else if (v->verdict == SAME_PAIRS) {
            check_same_pairs(v);
        } else {
            check_decided(v);
        }
        rows[v->verdict]++;
    }
    /* none got lost on the way from the recordings to here */
    assert_int_equal(rows[MUST_MATCH], 31 + 7);
    assert_int_equal(rows[SAME_PAIRS], 7);
    assert_int_equal(rows[POLICY] + rows[DIFFERS], COUNT(decided));
}

/* ---- Windows ------------------------------------------------------------------------------ */

/* One window, in heap memory that ends where the window ends: a sanitizer sees every overrun. */
static void check_window(const struct twilio_request *request, size_t offset, size_t size)
{
    size_t expected = offset < wire_size ? smaller(size, wire_size - offset) : 0;
    char *memory = malloc(size + 1);
    int n;

    assert_non_null(memory);
    memset(memory, CANARY, size + 1);
    n = twilio_encode(request, offset, memory + 1, size);
    check(n == (int)expected, "[%zu, +%zu): %d, not %zu", offset, size, n, expected);
    check(memcmp(memory + 1, wire + offset, expected) == 0, "[%zu, +%zu) differs", offset, size);
    check(untouched(memory, 1) && untouched(memory + 1 + n, size - expected), "wrote outside");
    free(memory);
}

static void every_window_of(const struct twilio_request *request)
{
    assert_true(encode(request) > 0);
    for (size_t size = 1; size <= wire_size + 1; size++) {
        for (size_t offset = 0; offset <= wire_size; offset += size) {
            check_window(request, offset, size);
        }
    }
    for (size_t offset = 0; offset <= wire_size + 2; offset++) {
        check_window(request, offset, 7);
        check_window(request, offset, wire_size);
    }
    assert_int_equal(twilio_encode(request, 0, NULL, 0), 0);
    for (size_t offset = SIZE_MAX; offset > SIZE_MAX - 4; offset--) {  /* the sink's position wraps there */
        memset(wire + wire_size, CANARY, 8);
        assert_int_equal(twilio_encode(request, offset, wire + wire_size, 8), 0);
        assert_true(untouched(wire + wire_size, 8));
    }
}

static void every_window_of_the_vectors(void **state)
{
    (void)state;
    for (const struct vector *v = vectors; v < vectors + COUNT(vectors); v++) {
        const struct twilio_account a = account_of(v);
        const struct twilio_request request = {
            .account = &a, .method = v->method, .resource = v->resource, .params = v->params,
        };

        every_window_of(&request);
    }
}

static void every_size_at_every_offset(void **state)
{
    static const struct twilio_account bearer = { .sid = "AC1", .bearer = "eyJ.x-y_z" };
    const struct twilio_request requests[] = {
        { .account = &account, .method = TWILIO_POST, .resource = "Messages.json",
          .params = TWILIO_PARAMS({ "T o", "+1 2" }, { "To", NULL }, { "\xC3\xA9", "&=%" }) },
        { .account = &bearer, .product = "verify", .resource = "v2/a?x=1",
          .params = TWILIO_PARAMS({ "k<", "\xFF" }) },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        assert_true(encode(&requests[i]) > 0);
        for (size_t offset = 0; offset <= wire_size; offset++) {
            for (size_t size = 1; size <= wire_size; size++) {
                check_window(&requests[i], offset, size);
            }
        }
    }
}

/* ---- Methods, parameters, resources -------------------------------------------------------- */

static void methods_and_where_parameters_go(void **state)
{
    const struct {
        enum twilio_method method;
        const struct twilio_param *params;
        const char *target, *content_length, *body;
    } table[] = {
        { TWILIO_GET, NULL, ROOT "/Calls.json", NULL, "" },
        { TWILIO_HEAD, NULL, ROOT "/Calls.json", NULL, "" },
        { TWILIO_POST, NULL, ROOT "/Calls.json", "0", "" },
        { TWILIO_PUT, NULL, ROOT "/Calls.json", "0", "" },
        { TWILIO_PATCH, NULL, ROOT "/Calls.json", "0", "" },
        { TWILIO_DELETE, NULL, ROOT "/Calls.json", NULL, "" },
        { TWILIO_GET, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json?a=1&b=2", NULL, "" },
        { TWILIO_HEAD, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json", "7", "a=1&b=2" },
        { TWILIO_POST, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json", "7", "a=1&b=2" },
        { TWILIO_PUT, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json", "7", "a=1&b=2" },
        { TWILIO_PATCH, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json", "7", "a=1&b=2" },
        { TWILIO_DELETE, TWILIO_PARAMS({ "a", "1" }, { "b", "2" }), ROOT "/Calls.json", "7", "a=1&b=2" },
        /* a table of nothing is no table */
        { TWILIO_GET, (const struct twilio_param[]){ { NULL, NULL } }, ROOT "/Calls.json", NULL, "" },
        { TWILIO_POST, (const struct twilio_param[]){ { NULL, NULL } }, ROOT "/Calls.json", "0", "" },
        { TWILIO_DELETE, (const struct twilio_param[]){ { NULL, NULL } }, ROOT "/Calls.json", NULL, "" },
        /* repeats and empty values, in the caller's order */
        { TWILIO_POST, TWILIO_PARAMS({ "M", "2" }, { "M", "1" }, { "A", "" }, { "M", NULL }, { "A", "2" }),
          ROOT "/Calls.json", "17", "M=2&M=1&A=&M=&A=2" },
        { TWILIO_GET, TWILIO_PARAMS({ "M", "2" }, { "M", "1" }, { "A", NULL }, { "M", "2" }),
          ROOT "/Calls.json?M=2&M=1&A=&M=2", NULL, "" },
        /* names that WWW::Twilio::API stumbled over are names like any other */
        { TWILIO_POST, TWILIO_PARAMS({ "METHOD", "PUT" }, { "API", "x" }), ROOT "/Calls.json", "16",
          "METHOD=PUT&API=x" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = {
            .account = &account, .method = table[i].method, .resource = "Calls.json",
            .params = table[i].params,
        };
        char name[32];

        snprintf(name, sizeof name, "row %zu", i);
        check_request(&request, name, "api.twilio.com", table[i].target, table[i].body);
        check((header("Content-Length") == NULL) == (table[i].content_length == NULL),
              "%s: Content-Length", name);
    }
}

static void resources(void **state)
{
    static const struct {
        const char *product, *resource, *target;
    } table[] = {
        { NULL, "Messages.json", ROOT "/Messages.json" },
        { NULL, "Messages", ROOT "/Messages" },
        { NULL, "Calls.csv", ROOT "/Calls.csv" },
        { NULL, "Recordings.html", ROOT "/Recordings.html" },
        { NULL, "Recordings/RE1/Transcriptions", ROOT "/Recordings/RE1/Transcriptions" },
        { NULL, "Accounts", ROOT },
        { NULL, "", ROOT "/" },
        { "api", "Accounts", ROOT },
        { "api", "", ROOT "/" },
        { "api", "Calls", ROOT "/Calls" },
        { NULL, "Accounts.json", ROOT "/Accounts.json" },
        { NULL, "Accounts/x", ROOT "/Accounts/x" },
        { NULL, "Account", ROOT "/Account" },
        { NULL, "/", "/" },
        { NULL, "/v2/Services/VA1", "/v2/Services/VA1" },
        { NULL, "/Accounts", "/Accounts" },
        { NULL, "/2010-04-01/Accounts.json", "/2010-04-01/Accounts.json" },
        { NULL, "/2010-04-01/Accounts/AC1/Messages.json?PageSize=2&Page=1&PageToken=PAMM1",
          "/2010-04-01/Accounts/AC1/Messages.json?PageSize=2&Page=1&PageToken=PAMM1" },
        { NULL, "Calls.json?Page=1", ROOT "/Calls.json?Page=1" },
        { NULL, "Calls.json?q=a/b?c:@!$'()*,;", ROOT "/Calls.json?q=a/b?c:@!$'()*,;" },
        { "verify", "v2/Services/VA1/Verifications", "/v2/Services/VA1/Verifications" },
        { "verify", "/v2/Services/VA1/Verifications", "/v2/Services/VA1/Verifications" },
        { "lookups", "v2/PhoneNumbers/+15558675310?Fields=caller_name",
          "/v2/PhoneNumbers/+15558675310?Fields=caller_name" },
        { "verify", "", "/" },
        { "verify", "/", "/" },
        { "verify", "Accounts", "/Accounts" },
        /* it goes out as it is: escapes are left alone, dots are not resolved */
        { NULL, "a%20b%2f%", ROOT "/a%20b%2f%" },
        { NULL, "a/../b/./c//d", ROOT "/a/../b/./c//d" },
        { NULL, "[]~_-.", ROOT "/[]~_-." },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = {
            .account = &account, .method = TWILIO_GET, .product = table[i].product,
            .resource = table[i].resource,
        };
        char host[64];

        snprintf(host, sizeof host, "%s.twilio.com", table[i].product ? table[i].product : "api");
        check_request(&request, table[i].resource, host, table[i].target, "");
    }
}

static void a_query_of_its_own_and_parameters(void **state)
{
    static const struct {
        const char *product, *resource, *target;
    } table[] = {
        { NULL, "Calls.json", ROOT "/Calls.json?a%20b=%26&c=" },
        { NULL, "Calls.json?Page=1", ROOT "/Calls.json?Page=1&a%20b=%26&c=" },
        { NULL, "Accounts", ROOT "?a%20b=%26&c=" },
        { NULL, "", ROOT "/?a%20b=%26&c=" },
        { NULL, "/v2/x?y=z&y=z", "/v2/x?y=z&y=z&a%20b=%26&c=" },
        { NULL, "/v2/x?y=z?", "/v2/x?y=z?&a%20b=%26&c=" },
        { "lookups", "v2/PhoneNumbers/+1", "/v2/PhoneNumbers/+1?a%20b=%26&c=" },
        { "lookups", "v2/PhoneNumbers/+1?Fields=x", "/v2/PhoneNumbers/+1?Fields=x&a%20b=%26&c=" },
        /* an escaped question mark begins no query */
        { NULL, "Calls%3F", ROOT "/Calls%3F?a%20b=%26&c=" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request get = {
            .account = &account, .method = TWILIO_GET, .product = table[i].product,
            .resource = table[i].resource, .params = TWILIO_PARAMS({ "a b", "&" }, { "c", NULL }),
        };
        struct twilio_request post = get;
        char host[64], target[128];

        snprintf(host, sizeof host, "%s.twilio.com", table[i].product ? table[i].product : "api");
        check_request(&get, table[i].resource, host, table[i].target, "");

        /* the same by POST: the query stays where it is, the parameters are the body */
        post.method = TWILIO_POST;
        snprintf(target, sizeof target, "%s", table[i].target);
        *(strstr(target, "a%20b") - 1) = '\0';
        check_request(&post, table[i].resource, host, target, "a%20b=%26&c=");
    }
}

static void every_octet_of_a_resource(void **state)
{
    (void)state;
    for (int octet = 1; octet < 256; octet++) {
        char resource[] = { 'x', (char)octet, '\0' }, target[128];
        const struct twilio_request request = {
            .account = &account, .method = TWILIO_GET, .resource = resource,
        };

        if (octet < 32 || octet > 126 || strchr("# \"<>\\^`{|}", octet) != NULL) {
            check(twilio_request_check(&request) == TWILIO_ERR_RESOURCE, "octet %d", octet);
            continue;
        }
        snprintf(target, sizeof target, ROOT "/x%c", octet);
        check_request(&request, "octet", "api.twilio.com", target, "");
    }
}

static void every_octet_of_a_parameter(void **state)
{
    static const char unreserved[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    (void)state;
    for (int octet = 1; octet < 256; octet++) {
        char text[] = { (char)octet, '\0' }, one[4], body[32], target[128];
        const struct twilio_param params[] = { { text, text }, { "x", text }, { NULL, NULL } };
        struct twilio_request request = {
            .account = &account, .method = TWILIO_POST, .resource = "M", .params = params,
        };

        snprintf(one, sizeof one, strchr(unreserved, octet) != NULL ? "%c" : "%%%02X", (unsigned)octet);
        snprintf(body, sizeof body, "%s=%s&x=%s", one, one, one);
        check_request(&request, "octet", "api.twilio.com", ROOT "/M", body);
        snprintf(target, sizeof target, ROOT "/M?%s", body);
        request.method = TWILIO_GET;
        check_request(&request, "octet", "api.twilio.com", target, "");
    }
}

static void golden_encodings(void **state)
{
    static const struct {
        const char *name, *value, *body;
    } table[] = {
        { "k", " a&b=c+d%/?#~!*'()-_.,;:@$[]{}|\\^`\"<>\xE9\r\n\t",
          "k=%20a%26b%3Dc%2Bd%25%2F%3F%23~%21%2A%27%28%29-_.%2C%3B%3A%40%24%5B%5D%7B%7D%7C%5C%5E%60"
          "%22%3C%3E%E9%0D%0A%09" },
        { "a b[]>", "1", "a%20b%5B%5D%3E=1" },
        { "StartTime>", "2024-01-01", "StartTime%3E=2024-01-01" },
        { "Body", "\xC3\xA9\xE2\x82\xAC", "Body=%C3%A9%E2%82%AC" },
        { "Url", "http://www.google.com?message=this+should+work",
          "Url=http%3A%2F%2Fwww.google.com%3Fmessage%3Dthis%2Bshould%2Bwork" },
        { "Url", "http://h/x?message=a%20b", "Url=http%3A%2F%2Fh%2Fx%3Fmessage%3Da%2520b" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_param params[] = { { table[i].name, table[i].value }, { NULL, NULL } };
        const struct twilio_request request = {
            .account = &account, .method = TWILIO_POST, .resource = "Calls", .params = params,
        };

        check_request(&request, table[i].name, "api.twilio.com", ROOT "/Calls", table[i].body);
    }
}

/* ---- Who asks, and whom --------------------------------------------------------------------- */

/* Base64 as RFC 4648 tells it, bit by bit */
static void base64(const char *text, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t bits = 8 * strlen(text);

    for (size_t bit = 0; bit < (bits + 23) / 24 * 24; bit += 6) {
        unsigned digit = 0;

        for (size_t i = bit; i < bit + 6; i++) {
            digit = digit * 2 + (i < bits && ((unsigned char)text[i / 8] >> (7 - i % 8) & 1) != 0);
        }
        *out++ = bit < bits ? digits[digit] : '=';
    }
    *out = '\0';
}

static void check_basic(const struct twilio_account *a, const char *login)
{
    const struct twilio_request request = { .account = a, .method = TWILIO_GET, .resource = "/x" };
    char expected[600] = "Basic ";

    base64(login, expected + 6);
    check_request(&request, login, "api.twilio.com", "/x", "");
    check(same(header("Authorization"), expected), "%s: %s", login, header("Authorization"));
}

static void credentials(void **state)
{
    char login[300], secret[160];

    (void)state;
    for (int user = 1; user <= 7; user++) {
        for (int size = 1; size <= 7; size++) {
            char sid[8], token[8];
            const struct twilio_account by_sid = { .sid = sid, .secret = token };
            const struct twilio_account by_key = { .sid = "AC1", .key = sid, .secret = token };
            const struct twilio_account key_only = { .key = sid, .secret = token };

            snprintf(sid, sizeof sid, "%.*s", user, "AC3.-_~");
            snprintf(token, sizeof token, "%.*s", size, ":p\xC3\xB6?\\\"");
            snprintf(login, sizeof login, "%s:%s", sid, token);
            check_basic(&by_sid, login);
            check_basic(&by_key, login);
            check_basic(&key_only, login);
        }
    }
    /* every octet that is no control character */
    for (int octet = 32, i = 0; octet < 256; octet++) {
        secret[i++] = (char)octet;
        secret[i] = '\0';
        if (octet == 127) {
            secret[--i] = '\0';
        }
        if (i == 57 || octet == 255) {
            const struct twilio_account a = { .sid = "AC1", .secret = secret };

            snprintf(login, sizeof login, "AC1:%s", secret);
            check_basic(&a, login);
            i = 0;
        }
    }
}

static void the_sid_is_in_the_path_and_the_key_in_the_login(void **state)
{
    static const struct twilio_account a = { .sid = SID, .key = "SK1", .secret = "s" };
    const struct twilio_request request = { .account = &a, .method = TWILIO_GET, .resource = "Calls" };

    (void)state;
    check_request(&request, "key", "api.twilio.com", ROOT "/Calls", "");
    assert_string_equal(header("Authorization"), "Basic U0sxOnM=");
}

static void bearer_tokens(void **state)
{
    static const struct twilio_account accounts[] = {
        { .sid = SID, .bearer = "eyJhbGciOi.J9-_~+/=" },
        { .sid = SID, .secret = SECRET, .bearer = "eyJhbGciOi.J9-_~+/=" },
        { .sid = SID, .key = "SK1", .secret = SECRET, .bearer = "eyJhbGciOi.J9-_~+/=" },
    };
    static const struct twilio_account alone = { .bearer = "t" };
    const struct twilio_request product = {
        .account = &alone, .method = TWILIO_GET, .product = "verify", .resource = "v2/Services",
    };
    const struct twilio_request rooted = { .account = &alone, .method = TWILIO_GET, .resource = "/v1/x" };

    (void)state;
    for (size_t i = 0; i < COUNT(accounts); i++) {
        const struct twilio_request request = {
            .account = &accounts[i], .method = TWILIO_GET, .resource = "Calls",
        };

        check_request(&request, "bearer", "api.twilio.com", ROOT "/Calls", "");
        assert_string_equal(header("Authorization"), "Bearer eyJhbGciOi.J9-_~+/=");
    }
    check_request(&product, "bearer", "verify.twilio.com", "/v2/Services", "");
    assert_string_equal(header("Authorization"), "Bearer t");
    check_request(&rooted, "bearer", "api.twilio.com", "/v1/x", "");
}

static void versions(void **state)
{
    static const char *const table[] = { "2010-04-01", "2008-08-01", "v1", "a.B_c~9-" };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_account a = { .sid = "AC1", .secret = "s", .version = table[i] };
        const struct twilio_request under = { .account = &a, .method = TWILIO_GET, .resource = "Calls" };
        const struct twilio_request root = { .account = &a, .method = TWILIO_GET, .resource = "/v2/x" };
        char target[64];

        snprintf(target, sizeof target, "/%s/Accounts/AC1/Calls", table[i]);
        check_request(&under, table[i], "api.twilio.com", target, "");
        check_request(&root, table[i], "api.twilio.com", "/v2/x", "");
    }
}

static void hosts(void **state)
{
    static const struct {
        const char *product, *edge, *region, *host, *expected;
    } table[] = {
        { NULL, NULL, NULL, NULL, "api.twilio.com" },
        { NULL, "sydney", NULL, NULL, "api.sydney.us1.twilio.com" },
        { NULL, NULL, "au1", NULL, "api.au1.twilio.com" },
        { NULL, "sydney", "au1", NULL, "api.sydney.au1.twilio.com" },
        { "api", "sydney", "au1", NULL, "api.sydney.au1.twilio.com" },
        { "verify", NULL, NULL, NULL, "verify.twilio.com" },
        { "verify", "dublin", NULL, NULL, "verify.dublin.us1.twilio.com" },
        { "verify", NULL, "ie1", NULL, "verify.ie1.twilio.com" },
        { "lookups", "dublin", "ie1", NULL, "lookups.dublin.ie1.twilio.com" },
        { "tls-test", NULL, NULL, NULL, "tls-test.twilio.com" },
        { NULL, "ashburn-ix", "us2", NULL, "api.ashburn-ix.us2.twilio.com" },
        { NULL, NULL, NULL, "twilio.example", "twilio.example" },
        { "verify", "sydney", "au1", "twilio.example", "twilio.example" },
        { NULL, NULL, NULL, "localhost", "localhost" },
        { NULL, NULL, NULL, "A.b-c.9_~", "A.b-c.9_~" },
        { NULL, NULL, NULL, "10.0.2.2", "10.0.2.2" },
        { NULL, NULL, NULL, "a", "a" },
        { NULL, NULL, NULL, "3com.example", "3com.example" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_account a = { .sid = "AC1", .secret = "s", .edge = table[i].edge,
                                          .region = table[i].region, .host = table[i].host };
        const struct twilio_request request = {
            .account = &a, .method = TWILIO_GET, .product = table[i].product, .resource = "/x",
        };
        size_t length = strlen(table[i].expected);
        char buf[TWILIO_HOST_MAX + 8];

        check_request(&request, table[i].expected, table[i].expected, "/x", "");
        /* memory: exactly enough is enough, less gets nothing */
        for (size_t size = 0; size <= length + 1; size++) {
            int n;

            memset(buf, CANARY, sizeof buf);
            n = twilio_host(&request, buf, size);
            check(size == length + 1 ? n == (int)length : n < TWILIO_AGAIN, "size %zu: %d", size, n);
            check(untouched(buf + size, 6), "size %zu: wrote outside", size);
        }
        assert_true(twilio_host(&request, NULL, 0) < TWILIO_AGAIN);
        assert_int_equal(twilio_host(&request, NULL, 100), TWILIO_ERR_ARGUMENT);
    }
}

#define EITHER 1  /* no sid: neither an account nor, without a key, a user name: two mistakes */

/* ---- Mistakes --------------------------------------------------------------------------------- */

static void check_refused(const struct twilio_request *request, int error, const char *name)
{
    int n = twilio_request_check(request);

    if (error == EITHER) {
        check(n == TWILIO_ERR_ACCOUNT || n == TWILIO_ERR_CREDENTIALS, "%s: check gives %d", name, n);
        error = n;
    }
    check(n == error, "%s: check gives %d, not %d", name, n, error);
    memset(wire, CANARY, sizeof wire);
    n = twilio_encode(request, 0, wire, sizeof wire);
    check(n == error, "%s: encode gives %d, not %d", name, n, error);
    n = twilio_encode(request, 1, wire, 8);
    check(n == error, "%s: a later window gives %d, not %d", name, n, error);
    n = twilio_encode(request, SIZE_MAX - 1, wire, 1);
    check(n == error, "%s: past the end gives %d, not %d", name, n, error);
    n = twilio_encode(request, 0, NULL, 0);
    check(n == error, "%s: no window gives %d, not %d", name, n, error);
    check(untouched(wire, sizeof wire), "%s: something was written", name);
}

#define OTHERS .sid = SID, .secret = SECRET
#define LABEL63 "a23456789-123456789-123456789-123456789-123456789-123456789-123"

static void mistakes(void **state)
{
    const struct {
        const char *name;
        int error;
        struct twilio_account account;
        struct twilio_request request;  /* resource NULL is written here as "NULL" */
    } table[] = {
        { "method 6", TWILIO_ERR_ARGUMENT, { OTHERS }, { .method = (enum twilio_method)6 } },
        { "method -1", TWILIO_ERR_ARGUMENT, { OTHERS }, { .method = (enum twilio_method)-1 } },
        { "method 256", TWILIO_ERR_ARGUMENT, { OTHERS },  /* or what an enum of one octet has room for */
          { .method = (enum twilio_method)(sizeof(enum twilio_method) > 1 ? 256 : 255) } },

        { "sid NULL", EITHER, { .secret = "s" }, { .resource = "Calls" } },
        { "sid empty", EITHER, { .sid = "", .secret = "s" }, { .resource = "Calls" } },
        { "sid NULL, no key", TWILIO_ERR_CREDENTIALS, { .secret = "s" }, { .resource = "/x" } },
        { "sid NULL, key, under the account", TWILIO_ERR_ACCOUNT, { .key = "SK1", .secret = "s" },
          { .resource = "Calls" } },
        { "sid NULL, bearer, under the account", TWILIO_ERR_ACCOUNT, { .bearer = "t" },
          { .resource = "Calls" } },
        { "sid NULL, key, Accounts", TWILIO_ERR_ACCOUNT, { .key = "SK1", .secret = "s" },
          { .resource = "Accounts" } },
        { "sid NULL, bearer, empty", TWILIO_ERR_ACCOUNT, { .bearer = "t" }, { .resource = "" } },
        { "sid slash", TWILIO_ERR_ACCOUNT, { .sid = "AC1/../AC2", .secret = "s" }, { .resource = "C" } },
        { "sid space", TWILIO_ERR_ACCOUNT, { .sid = "AC 1", .secret = "s" }, { .resource = "C" } },
        { "sid line", EITHER, { .sid = "AC1\r\n", .secret = "s" }, { .resource = "C" } },
        { "sid colon", EITHER, { .sid = "AC1:", .secret = "s" }, { .resource = "C" } },
        { "sid percent", TWILIO_ERR_ACCOUNT, { .sid = "AC%31", .secret = "s" }, { .resource = "C" } },
        { "sid query", TWILIO_ERR_ACCOUNT, { .sid = "AC1?", .secret = "s" }, { .resource = "C" } },
        { "sid UTF-8", TWILIO_ERR_ACCOUNT, { .sid = "AC\xC3\xA9", .secret = "s" }, { .resource = "C" } },
        { "sid with key", TWILIO_ERR_ACCOUNT, { .sid = "A/C", .key = "SK1", .secret = "s" },
          { .resource = "C" } },

        { "secret NULL", TWILIO_ERR_CREDENTIALS, { .sid = SID }, { .resource = "C" } },
        { "secret NULL with key", TWILIO_ERR_CREDENTIALS, { .sid = SID, .key = "SK1" },
          { .resource = "C" } },
        { "secret NULL, /x", TWILIO_ERR_CREDENTIALS, { .key = "SK1" }, { .resource = "/x" } },
        { "secret empty", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "" }, { .resource = "C" } },
        { "key empty", TWILIO_ERR_CREDENTIALS, { .sid = SID, .key = "", .secret = "s" },
          { .resource = "C" } },
        { "bearer empty", TWILIO_ERR_CREDENTIALS, { .sid = SID, .bearer = "", .secret = "s" },
          { .resource = "C" } },
        { "secret CR", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "a\rb" }, { .resource = "C" } },
        { "secret LF", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "ab\n" }, { .resource = "C" } },
        { "secret TAB", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "\tab" }, { .resource = "C" } },
        { "secret 1", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "\001" }, { .resource = "C" } },
        { "secret DEL", TWILIO_ERR_CREDENTIALS, { .sid = SID, .secret = "\177" }, { .resource = "C" } },
        { "key colon", TWILIO_ERR_CREDENTIALS, { .sid = SID, .key = "S:K", .secret = "s" },
          { .resource = "C" } },
        { "key line", TWILIO_ERR_CREDENTIALS, { .sid = SID, .key = "SK\n", .secret = "s" },
          { .resource = "C" } },
        { "key DEL", TWILIO_ERR_CREDENTIALS, { .sid = SID, .key = "\177SK", .secret = "s" },
          { .resource = "C" } },
        { "bearer line", TWILIO_ERR_CREDENTIALS, { .sid = SID, .bearer = "a\r\nX: y" },
          { .resource = "C" } },
        { "bearer space", TWILIO_ERR_CREDENTIALS, { .sid = SID, .bearer = "a b" }, { .resource = "C" } },
        { "bearer DEL", TWILIO_ERR_CREDENTIALS, { .sid = SID, .bearer = "a\177" }, { .resource = "C" } },

        { "version empty", TWILIO_ERR_VERSION, { OTHERS, .version = "" }, { .resource = "C" } },
        { "version slash", TWILIO_ERR_VERSION, { OTHERS, .version = "1/2" }, { .resource = "C" } },
        { "version space", TWILIO_ERR_VERSION, { OTHERS, .version = "1 2" }, { .resource = "C" } },
        { "version line", TWILIO_ERR_VERSION, { OTHERS, .version = "1\r\n" }, { .resource = "C" } },
        { "version percent", TWILIO_ERR_VERSION, { OTHERS, .version = "1%2F" }, { .resource = "C" } },
        { "version query", TWILIO_ERR_VERSION, { OTHERS, .version = "1?" }, { .resource = "C" } },
        { "version UTF-8", TWILIO_ERR_VERSION, { OTHERS, .version = "\xC3\xA9" }, { .resource = "C" } },

        { "resource NULL", TWILIO_ERR_RESOURCE, { OTHERS }, { .resource = "NULL" } },
        { "resource line", TWILIO_ERR_RESOURCE, { OTHERS }, { .resource = "C\r\nX: y" } },
        { "resource fragment", TWILIO_ERR_RESOURCE, { OTHERS }, { .resource = "C?x=1#y" } },
        { "resource TAB", TWILIO_ERR_RESOURCE, { OTHERS }, { .resource = "/x\ty" } },
        { "resource DEL", TWILIO_ERR_RESOURCE, { OTHERS }, { .product = "verify", .resource = "\177" } },

        { "name empty", TWILIO_ERR_PARAMETER, { OTHERS },
          { .resource = "C", .params = TWILIO_PARAMS({ "", "x" }) } },
        { "second name empty", TWILIO_ERR_PARAMETER, { OTHERS },
          { .resource = "C", .method = TWILIO_POST, .params = TWILIO_PARAMS({ "a", "x" }, { "", "" }) } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct twilio_request request = table[i].request;

        request.account = &table[i].account;
        if (request.resource == NULL) {
            request.resource = "Calls";
        } else if (same(request.resource, "NULL")) {
            request.resource = NULL;
        }
        check_refused(&request, table[i].error, table[i].name);
    }
}

static void hosts_that_are_none(void **state)
{
    static const char *const names[] = {
        "", "a b", " a", "a ", "a:8443", "a/b", "a@b", "a\r\nX: y", "a\n", "\ta", "a\177", "a%41", "\xC3\xA9",
        "a,b", "*",
        "[::1]", "a?b", "a#b", "a;b", "a\\b", "\"a\"", "a=b", "a&b", "a+b", "a!b", "(a)",
        LABEL63 "." LABEL63,  /* too long, alone and in any place */
    };
    char buf[TWILIO_HOST_MAX + 1];

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct twilio_account accounts[] = {
            { OTHERS, .host = names[i] },
            { OTHERS, .edge = names[i] },
            { OTHERS, .region = names[i] },
            { OTHERS, .edge = "sydney", .region = names[i] },
            { OTHERS },
        };

        for (size_t j = 0; j < COUNT(accounts); j++) {
            const struct twilio_request request = {
                .account = &accounts[j], .method = TWILIO_GET, .product = j == 4 ? names[i] : NULL,
                .resource = "/x",
            };
            int n;

            check_refused(&request, TWILIO_ERR_HOST, names[i]);
            memset(buf, CANARY, sizeof buf);
            n = twilio_host(&request, buf, sizeof buf);
            check(n == TWILIO_ERR_HOST, "'%s' as %zu: %d", names[i], j, n);
            check(untouched(buf, sizeof buf), "'%s' as %zu: wrote", names[i], j);
        }
    }
}

static void the_longest_host(void **state)
{
    char host[2 * TWILIO_HOST_MAX], edge[64] = "";
    struct twilio_account by_host = { OTHERS, .host = host };
    struct twilio_account by_edge = { OTHERS, .edge = edge, .region = LABEL63 };
    const struct twilio_request whole = { .account = &by_host, .method = TWILIO_GET, .resource = "/x" };
    const struct twilio_request parts = { .account = &by_edge, .method = TWILIO_GET, .resource = "/x" };

    (void)state;
    memset(host, 'a', sizeof host);
    host[50] = '.';
    host[TWILIO_HOST_MAX] = '\0';
    check_request(&whole, "100", host, "/x", "");
    host[TWILIO_HOST_MAX] = 'a';
    host[TWILIO_HOST_MAX + 1] = '\0';
    check_refused(&whole, TWILIO_ERR_HOST, "101");

    /* api.<edge>.<63>.twilio.com */
    memset(edge, 'e', TWILIO_HOST_MAX - strlen("api..." LABEL63 "twilio.com"));
    snprintf(host, sizeof host, "api.%s.%s.twilio.com", edge, LABEL63);
    assert_int_equal(strlen(host), TWILIO_HOST_MAX);
    check_request(&parts, "parts of 100", host, "/x", "");
    strcat(edge, "e");
    check_refused(&parts, TWILIO_ERR_HOST, "parts of 101");
}

static void missing_memory(void **state)
{
    static const struct twilio_request good = {
        .account = &account, .method = TWILIO_GET, .resource = "Calls",
    };
    static const struct twilio_request nobody = { .method = TWILIO_GET, .resource = "Calls" };
    char buf[TWILIO_HOST_MAX + 1];

    (void)state;
    assert_int_equal(twilio_request_check(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_encode(NULL, 0, buf, sizeof buf), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_encode(&good, 0, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_encode(&good, 0, buf, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_encode(&good, 0, buf, SIZE_MAX), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_host(NULL, buf, sizeof buf), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_host(&nobody, buf, sizeof buf), TWILIO_ERR_ARGUMENT);
    check_refused(&nobody, TWILIO_ERR_ARGUMENT, "no account");
}

/* ---- Limits -------------------------------------------------------------------------------------- */

static char big[1100000];

static const char *letters(char letter, size_t count)
{
    assert_true(count < sizeof big);
    memset(big, letter, count);
    big[count] = '\0';
    return big;
}

static void the_longest_head(void **state)
{
    static const struct twilio_param param[] = { { big, NULL }, { NULL, NULL } };
    static const struct twilio_account loose = { .sid = SID, .bearer = big };
    const struct {
        const char *name;
        struct twilio_request request;
        char letter;
        size_t each;  /* bytes that a letter takes */
    } table[] = {
        { "resource", { .account = &account, .method = TWILIO_GET, .resource = big }, 'r', 1 },
        { "query", { .account = &account, .method = TWILIO_GET, .resource = "C",
            .params = param }, 'q', 1 },
        { "escaped query", { .account = &account, .method = TWILIO_GET, .resource = "C",
            .params = param }, '=', 3 },
        { "with a body", { .account = &account, .method = TWILIO_POST, .resource = big,
            .params = TWILIO_PARAMS({ "a", "b" }) }, 'r', 1 },
        { "bearer", { .account = &loose, .method = TWILIO_GET, .resource = "C" }, 'b', 1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t count, left;

        letters(table[i].letter, 1);
        assert_true(encode(&table[i].request) > 0);
        dissect();
        left = TWILIO_HEAD_MAX - head_size;
        count = 1 + left / table[i].each;
        letters(table[i].letter, count);
        if (left % table[i].each == 1) {
            strcat(big, "x");
        } else if (left % table[i].each == 2) {
            strcat(big, "xx");
        }
        check(encode(&table[i].request) > 0, "%s: just fits", table[i].name);
        dissect();
        assert_int_equal(head_size, TWILIO_HEAD_MAX);
        strcat(big, "x");
        check_refused(&table[i].request, TWILIO_ERR_SIZE, table[i].name);
        letters(table[i].letter, 70000);  /* a 16-bit counter would come round */
        check_refused(&table[i].request, TWILIO_ERR_SIZE, table[i].name);
    }
}

static void the_longest_body(void **state)
{
    static const struct twilio_param one[] = { { "B", big }, { NULL, NULL } };
    static const struct twilio_param two[] = { { "B", big }, { "Body", "12345" }, { NULL, NULL } };
    static const struct {
        const struct twilio_param *params;
        char letter;
        size_t count;
        const char *more;
        int error;
    } table[] = {
        { one, 'b', TWILIO_BODY_MAX - 2, "", TWILIO_OK },
        { one, 'b', TWILIO_BODY_MAX - 1, "", TWILIO_ERR_SIZE },
        { one, ' ', (TWILIO_BODY_MAX - 2) / 3, "x", TWILIO_OK },
        { one, ' ', (TWILIO_BODY_MAX - 2) / 3, "xx", TWILIO_ERR_SIZE },
        { two, 'b', TWILIO_BODY_MAX - 2 - 11, "", TWILIO_OK },
        { two, 'b', TWILIO_BODY_MAX - 2 - 10, "", TWILIO_ERR_SIZE },
        { one, ' ', TWILIO_BODY_MAX, "", TWILIO_ERR_SIZE },
        /* where counters of 16 bits come round, and where decimals grow longer */
        { one, 'b', 65536 - 2, "", TWILIO_ERR_SIZE },
        { one, 'b', 65536 + 100, "", TWILIO_ERR_SIZE },
        { one, 'b', 81920, "", TWILIO_ERR_SIZE },
        { one, 'b', 99997, "", TWILIO_ERR_SIZE },
        { one, 'b', 99998, "", TWILIO_ERR_SIZE },
        { one, 'b', 131072 + 100, "", TWILIO_ERR_SIZE },
        { one, 'b', 999998, "", TWILIO_ERR_SIZE },
        { one, ' ', 1048576, "", TWILIO_ERR_SIZE },
    };
    static const enum twilio_method methods[] = {
        TWILIO_HEAD, TWILIO_POST, TWILIO_PUT, TWILIO_PATCH, TWILIO_DELETE
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = {
            .account = &account, .method = methods[i % COUNT(methods)], .resource = "C",
            .params = table[i].params,
        };

        letters(table[i].letter, table[i].count);
        strcat(big, table[i].more);
        if (table[i].error != TWILIO_OK) {
            check_refused(&request, table[i].error, "body too long");
            continue;
        }
        assert_int_equal(twilio_request_check(&request), TWILIO_OK);
        assert_true(encode(&request) > 0);
        dissect();
        assert_int_equal(got.body_size, TWILIO_BODY_MAX);
        for (size_t offset = 0; offset < wire_size; offset += wire_size / 16) {
            check_window(&request, offset, 1000);
        }
        check_window(&request, wire_size - 1, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_clients),
        cmocka_unit_test(every_window_of_the_vectors),
        cmocka_unit_test(every_size_at_every_offset),
        cmocka_unit_test(methods_and_where_parameters_go),
        cmocka_unit_test(resources),
        cmocka_unit_test(a_query_of_its_own_and_parameters),
        cmocka_unit_test(every_octet_of_a_resource),
        cmocka_unit_test(every_octet_of_a_parameter),
        cmocka_unit_test(golden_encodings),
        cmocka_unit_test(credentials),
        cmocka_unit_test(the_sid_is_in_the_path_and_the_key_in_the_login),
        cmocka_unit_test(bearer_tokens),
        cmocka_unit_test(versions),
        cmocka_unit_test(hosts),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(hosts_that_are_none),
        cmocka_unit_test(the_longest_host),
        cmocka_unit_test(missing_memory),
        cmocka_unit_test(the_longest_head),
        cmocka_unit_test(the_longest_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
