/*
 * fuzz_encode.c - any octets in any part of a request: the mistake in it is named, or it reads back, by a
 * decoder that knows HTTP, forms and base64 alone, as what was asked for; any window of it is the same
 *
 * Input: method, options, a window's size, an offset; then the parts: a letter and a text, some two, each
 * ended by NUL. S sid, K key, s secret, B bearer, R resource, I item, P product, E edge, G region, H host,
 * V version, a agent; h header, p parameter, q of the URL's query: a name and a value; u the URL.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "../percent.h"
#include "twilio.h"

#include <strings.h>

//@ fault request.c: const char *user = account->key != NULL ? account->key : account->sid; => const char *user = account->sid;
//@ fault request.c: if (sink->position > TWILIO_HOST_MAX) { => if (sink->position > TWILIO_HOST_MAX + 1) {
//@ fault request.c: put_params(encoder, *at == '\0' ? '?' : '&'); => put_params(encoder, '?');
//@ fault request.c: if (number >= PRODUCT_TEXT) { => if (number > PRODUCT_TEXT) {
//@ fault request.c: if (form_size != 0) { => if (1) {
//@ fault request.c: encoder->text[REGION_TEXT] = account->region != NULL || account->edge == NULL ? account->region : "us1"; => encoder->text[REGION_TEXT] = account->region;
//@ fault request.c: if (*encoder->request->item == '\0') { => if (0) {
//@ fault request.c: return end <= offset ? 0 : (int)(end - offset < size ? end - offset : size); => return end <= offset ? 0 : (int)(end - offset < size ? end - offset - 1 : size);
//@ fault headers.c: if (is_control((uint8_t)*text)) { => if (*text == '\n') {
//@ fault headers.c: return at != name && *at == '\0' && !is_ours(name); => return at != name && *at == '\0';
//@ fault url.c: separator = '&'; => separator = '?';
//@ fault url.c: if (*query->name == '\0') { => if (0) {
//@ fault sink.c: return is_control(octet) || (in_user && octet == ':'); => return is_control(octet);
//@ fault sink.c: : digit == 62 ? '+' : '/'); => : digit == 62 ? '-' : '_');

#define MOST 24
#define WIRE (TWILIO_HEAD_MAX + TWILIO_BODY_MAX)

/* ---- The request -------------------------------------------------------------------------------- */

struct asked {
    const uint8_t *at, *end;
    char   texts[4096], *free;
    struct twilio_account account;
    struct twilio_request request;
    struct twilio_param params[MOST + 1], query[MOST + 1], lines[MOST + 1];
    struct twilio_url url;
    struct twilio_headers headers;
};

static const char *text_of(struct asked *a)
{
    const char *text = a->free;

    while (a->at < a->end && *a->at != '\0') {
        *a->free++ = (char)*a->at++;
    }
    a->at += a->at < a->end;
    *a->free++ = '\0';
    return text;
}

static void pair_of(struct asked *a, struct twilio_param *table)
{
    size_t n = 0;
    const char *name = text_of(a), *value = text_of(a);

    while (table[n].name != NULL) {
        n++;
    }
    if (n < MOST) {
        table[n] = (struct twilio_param){ name, strcmp(value, "NULL") == 0 ? NULL : value };
    }
}

static void part_of(struct asked *a)
{
    struct { char letter; const char **text; } parts[] = {
        { 'S', &a->account.sid }, { 'K', &a->account.key }, { 's', &a->account.secret },
        { 'B', &a->account.bearer }, { 'R', &a->request.resource }, { 'I', &a->request.item },
        { 'P', &a->request.product }, { 'E', &a->account.edge }, { 'G', &a->account.region },
        { 'H', &a->account.host }, { 'V', &a->account.version }, { 'a', &a->headers.agent },
        { 'u', &a->url.base },
    };
    char letter = (char)*a->at++;

    if (letter == 'p' || letter == 'q' || letter == 'h') {
        pair_of(a, letter == 'p' ? a->params : letter == 'q' ? a->query : a->lines);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (letter == parts[i].letter) {
            *parts[i].text = text_of(a);
        }
    }
}

static void make_request(struct asked *a, const uint8_t *data, size_t size)
{
    memset(a, 0, sizeof *a);
    a->at = data + 4;
    a->end = data + size;
    a->free = a->texts;
    a->account = (struct twilio_account){ .sid = "AC1", .secret = "x", .latin1 = (data[1] & 1) != 0 };
    a->request = (struct twilio_request){ .account = &a->account, .method = (enum twilio_method)(data[0] % 7),
                                          .resource = "R", .params = a->params,
                                          .anonymous = (data[1] & 6) == 6 };
    a->url = (struct twilio_url){ .name = "Url", .query = (data[1] & 8) != 0 ? a->query : NULL };
    a->headers.lines = (data[1] & 16) != 0 ? a->lines : NULL;
    while (a->at < a->end) {
        part_of(a);
    }
    if (a->url.base != NULL) {
        a->request.more = (struct twilio_generator){ twilio_url, &a->url };
    }
    if ((data[1] & 32) == 0) {
        a->request.headers = (struct twilio_generator){ twilio_headers, &a->headers };
    }
}

/* ---- Its mistakes: a set of them, told otherwise than the encoder does -------------------------- */

static uint64_t mistake(int e, bool is)
{
    return is ? (uint64_t)1 << -e : 0;
}

static bool is_made_of(const char *text, bool (*good)(char))
{
    while (*text != '\0' && good(*text)) {
        text++;
    }
    return *text == '\0';
}

static bool in_uri(char c)
{
    return is_unreserved(c) || strchr(":/?[]@!$&'()*+,;=%", c) != NULL;
}

static bool in_url(char c)
{
    return in_uri(c) || c == '#';
}

static bool in_line(char c)
{
    return (uint8_t)c >= ' ' && c != 0x7F;
}

static bool in_user(char c)
{
    return in_line(c) && c != ':';
}

static bool is_some(const char *text, bool (*good)(char))
{
    return text != NULL && *text != '\0' && is_made_of(text, good);
}

static bool is_label(const char *text)
{
    return text == NULL || is_some(text, is_unreserved);
}

static size_t length_of(const char *label)
{
    return label != NULL ? strlen(label) + 1 : 0;
}

static bool is_host(const struct asked *a)
{
    const struct twilio_account *c = &a->account;
    const char *product = a->request.product != NULL ? a->request.product : "api";
    const char *region = c->region == NULL && c->edge != NULL ? "us1" : c->region;

    if (c->host != NULL) {
        return is_some(c->host, is_unreserved) && strlen(c->host) <= TWILIO_HOST_MAX;
    }
    return is_label(product) && is_label(c->edge) && is_label(region)
        && length_of(product) + length_of(c->edge) + length_of(region) + 10 <= TWILIO_HOST_MAX;
}

static uint64_t in_login(const struct asked *a)
{
    const struct twilio_account *c = &a->account;
    bool good = a->request.anonymous
        || (c->bearer != NULL ? is_some(c->bearer, in_uri)
            : is_some(c->key != NULL ? c->key : c->sid, in_user) && is_some(c->secret, in_line));

    return mistake(TWILIO_ERR_CREDENTIALS, !good);
}

static bool is_under_account(const struct asked *a)
{
    return a->request.resource[0] != '/'
        && (a->request.product == NULL || strcasecmp(a->request.product, "api") == 0);
}

static uint64_t in_path(const struct asked *a)
{
    const char *at = a->request.resource;
    uint64_t set = 0;
    bool good = true;

    if (is_under_account(a)) {
        set |= mistake(TWILIO_ERR_ACCOUNT, !is_some(a->account.sid, is_unreserved));
        set |= mistake(TWILIO_ERR_VERSION, !is_label(a->account.version));
        if (strcasecmp(at, "Accounts") == 0) {
            return set;
        }
    }
    for (; *at != '\0'; at++) {
        if (a->request.item != NULL && strncmp(at, "{}", 2) == 0) {
            good = good && a->request.item[0] != '\0';
            at++;
        } else {
            good = good && in_uri(*at);
        }
    }
    return set | mistake(TWILIO_ERR_RESOURCE, !good);
}

static uint64_t in_headers(const struct asked *a)
{
    static const char *const ours[] = { "host", "authorization", "user-agent", "accept-encoding",
        "content-type", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te" };
    const struct twilio_headers *h = &a->headers;
    bool good = h->agent == NULL || is_made_of(h->agent, in_line);

    if (a->request.headers.write == NULL) {
        return 0;
    }
    for (const struct twilio_param *line = h->lines; line != NULL && line->name != NULL; line++) {
        good = good && is_some(line->name, is_unreserved) && line->value != NULL
            && is_made_of(line->value, in_line);
        for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
            good = good && strcasecmp(ours[i], line->name) != 0;
        }
    }
    return mistake(TWILIO_ERR_HEADER, !good);
}

static bool has_nameless(const struct twilio_param *p)
{
    while (p != NULL && p->name != NULL && *p->name != '\0') {
        p++;
    }
    return p != NULL && p->name != NULL;
}

static uint64_t in_params(const struct asked *a)
{
    const char *base = a->url.base;
    bool good = true, nameless = has_nameless(a->params);

    if (base != NULL) {
        const char *rest = strncasecmp(base, "http://", 7) == 0 ? base + 7
                         : strncasecmp(base, "https://", 8) == 0 ? base + 8 : "";
        good = is_some(rest, in_url) && (a->url.query == NULL || strchr(base, '#') == NULL);
        nameless = nameless || (good && has_nameless(a->url.query));
    }
    return mistake(TWILIO_ERR_URL, !good) | mistake(TWILIO_ERR_PARAMETER, nameless);
}

static uint64_t mistakes_of(const struct asked *a)
{
    if ((unsigned)a->request.method > TWILIO_DELETE) {
        return mistake(TWILIO_ERR_ARGUMENT, true);
    }
    return mistake(TWILIO_ERR_HOST, !is_host(a)) | in_login(a) | in_path(a) | in_headers(a) | in_params(a);
}

/* ---- The decoder -------------------------------------------------------------------------------- */

static const char *wire_end;

static void expect(const char **at, const char *text)
{
    size_t size = strlen(text);

    must((size_t)(wire_end - *at) >= size && memcmp(*at, text, size) == 0, "'%s' is not at %.60s", text, *at);
    *at += size;
}

/* What was meant: in UTF-8. */
static size_t as_utf8(char *to, const char *text, bool latin1)
{
    size_t n = 0;

    for (; text != NULL && *text != '\0'; text++) {
        if (latin1 && (uint8_t)*text >= 0x80) {
            to[n++] = (char)((uint8_t)*text >= 0xC0 ? 0xC3 : 0xC2);
            to[n++] = (char)(0x80 + (uint8_t)*text % 0x40);
        } else {
            to[n++] = *text;
        }
    }
    return n;
}

static bool decodes_to(const char *from, size_t size, const char *text, bool latin1)
{
    static char is[WIRE], meant[WIRE];
    size_t wanted = as_utf8(meant, text, latin1);

    return percent_decode(is, from, size) == wanted && memcmp(is, meant, wanted) == 0;
}

/* Until one of those octets */
static size_t span(const char *at, const char *end, const char *stops)
{
    size_t n = 0;

    while (at + n < end && strchr(stops, at[n]) == NULL) {
        n++;
    }
    return n;
}

/* Parameters from there on: a separator, '\0' for none; a name; '='; a value. */
static void read_pair(const char **at, const char *end, char separator, const char *name, const char **value,
                      bool latin1)
{
    size_t size;

    if (separator != '\0') {
        must(*at < end && **at == separator, "no '%c' at %.60s", separator, *at);
        ++*at;
    }
    size = span(*at, end, "=");
    must(decodes_to(*at, size, name, latin1), "name '%s' at %.60s", name, *at);
    *at += size;
    must(*at < end && **at == '=', "no '=' at %.60s", *at);
    *value = ++*at;
    *at += span(*at, end, "& ");
}

static const char *read_params(const char *at, const char *end, char separator, const struct twilio_param *p,
                               bool latin1)
{
    const char *value;

    for (; p != NULL && p->name != NULL; p++, separator = '&') {
        read_pair(&at, end, separator, p->name, &value, latin1);
        must(decodes_to(value, (size_t)(at - value), p->value, latin1), "value '%s' at %.60s", p->value,
             value);
    }
    return at;
}

static const char *read_url(const char *at, const char *end, char separator, const struct asked *a)
{
    static char url[WIRE];
    size_t size, base = strlen(a->url.base);
    const char *value;

    read_pair(&at, end, separator, a->url.name, &value, a->account.latin1);
    size = percent_decode(url, value, (size_t)(at - value));
    must(size != SIZE_MAX && size >= base && memcmp(url, a->url.base, base) == 0, "base at %.60s", value);
    separator = strchr(a->url.base, '?') != NULL ? '&' : '?';
    must(read_params(url + base, url + size, separator, a->url.query, a->account.latin1) == url + size,
        "more in the URL: %.*s", (int)size, url);
    return at;
}

static const char *read_all_params(const char *at, const char *end, char separator, const struct asked *a)
{
    at = read_params(at, end, separator, a->params, a->account.latin1);
    return a->url.base == NULL ? at
         : read_url(at, end, a->params[0].name != NULL ? '&' : separator, a);
}

static void read_resource(const char **at, const struct asked *a)
{
    static char meant[WIRE];

    for (const char *r = a->request.resource; *r != '\0'; r++) {
        if (a->request.item != NULL && strncmp(r, "{}", 2) == 0) {
            size_t octets = as_utf8(meant, a->request.item, a->account.latin1), size = 0;

            for (; octets > 0; octets--) {
                size += (*at)[size] == '%' ? 3 : 1;
            }
            must(decodes_to(*at, size, a->request.item, a->account.latin1), "item at %.60s", *at);
            *at += size;
            r++;
        } else {
            expect(at, (char[]){ *r, '\0' });
        }
    }
}

static void read_target(const char **at, const struct asked *a)
{
    bool account_itself = is_under_account(a) && strcasecmp(a->request.resource, "Accounts") == 0;

    if (is_under_account(a)) {
        expect(at, "/");
        expect(at, a->account.version != NULL ? a->account.version : "2010-04-01");
        expect(at, "/Accounts/");
        expect(at, a->account.sid);
        expect(at, account_itself ? "" : "/");
    } else if (a->request.resource[0] != '/') {
        expect(at, "/");
    }
    if (!account_itself) {
        read_resource(at, a);
    }
    if (a->request.method == TWILIO_GET) {
        *at = read_all_params(*at, wire_end, strchr(a->request.resource, '?') != NULL ? '&' : '?', a);
    }
}

static void read_host(const char **at, const struct twilio_account *c, const char *product)
{
    const char *parts[] = { product != NULL ? product : "api", c->edge,
                            c->region != NULL || c->edge == NULL ? c->region : "us1" };

    if (c->host != NULL) {
        expect(at, c->host);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        if (parts[i] != NULL) {
            expect(at, parts[i]);
            expect(at, ".");
        }
    }
    expect(at, "twilio.com");
}

/* RFC 4648 4, with its padding, and no bits after the end */
static size_t read_base64(const char **at, char *to)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0, count = 0, octets = 0, over;

    for (; *at < wire_end && memchr(digits, **at, 64) != NULL; ++*at, count++) {
        bits = bits << 6 | (uint32_t)((const char *)memchr(digits, **at, 64) - digits);
        if (count % 4 != 0) {
            to[octets++] = (char)(bits >> (6 - count % 4 * 2));
        }
    }
    over = (0U - count) % 4;
    must(over != 3 && (bits & ((1U << 2 * over) - 1)) == 0, "base64");
    for (; over > 0; over--) {
        expect(at, "=");
    }
    return octets;
}

static void read_login(const char **at, const struct twilio_account *c)
{
    static char is[4096], meant[4096];
    int size;

    expect(at, "\r\nAuthorization: ");
    if (c->bearer != NULL) {
        expect(at, "Bearer ");
        expect(at, c->bearer);
        return;
    }
    expect(at, "Basic ");
    size = snprintf(meant, sizeof meant, "%s:%s", c->key != NULL ? c->key : c->sid, c->secret);
    must(read_base64(at, is) == (size_t)size && memcmp(is, meant, (size_t)size) == 0, "not %s", meant);
}

static void read_headers(const char **at, const struct asked *a)
{
    expect(at, "\r\nAccept-Encoding: identity\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION);
    if (a->request.headers.write != NULL) {
        if (a->headers.agent != NULL) {
            expect(at, " ");
            expect(at, a->headers.agent);
        }
        for (const struct twilio_param *line = a->headers.lines; line != NULL && line->name != NULL; line++) {
            expect(at, "\r\n");
            expect(at, line->name);
            expect(at, ": ");
            expect(at, line->value);
        }
    }
}

static void read_body(const char **at, const struct asked *a)
{
    enum twilio_method method = a->request.method;
    bool some = method != TWILIO_GET && (a->params[0].name != NULL || a->url.base != NULL);
    bool always = method == TWILIO_POST || method == TWILIO_PUT || method == TWILIO_PATCH;
    size_t length = 0;

    expect(at, some ? "\r\nContent-Type: application/x-www-form-urlencoded" : "");
    if (some || always) {
        expect(at, "\r\nContent-Length: ");
        must(**at != '0' || !some, "a zero first");
        while (**at >= '0' && **at <= '9') {
            length = length * 10 + (size_t)(*(*at)++ - '0');
        }
    }
    expect(at, "\r\n\r\n");
    must(length == (size_t)(wire_end - *at), "length %zu of %zu", length, (size_t)(wire_end - *at));
    if (some) {
        *at = read_all_params(*at, wire_end, '\0', a);
    }
}

static void read_wire(const char *wire, size_t size, const struct asked *a)
{
    static const char *const methods[] = { "GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE " };
    const char *at = wire;

    wire_end = wire + size;
    expect(&at, methods[a->request.method]);
    read_target(&at, a);
    expect(&at, " HTTP/1.1\r\nHost: ");
    read_host(&at, &a->account, a->request.product);
    if (!a->request.anonymous) {
        read_login(&at, &a->account);
    }
    read_headers(&at, a);
    read_body(&at, a);
    must(at == wire_end, "more: %.60s", at);
}

/* ---- Windows ------------------------------------------------------------------------------------ */

static void check_window(const struct asked *a, const char *wire, size_t whole, size_t offset, size_t size)
{
    size_t expected = offset > whole ? 0 : whole - offset < size ? whole - offset : size;
    char *window = malloc(size + 1);
    int n;

    must(window != NULL, "memory");
    memset(window, 'C', size + 1);
    n = twilio_encode(&a->request, offset, window, size);
    must(n == (int)expected, "%d octets at %zu, not %zu", n, offset, expected);
    must(memcmp(window, wire + (expected > 0 ? offset : 0), expected) == 0, "others at %zu", offset);
    must(window[expected] == 'C', "written beyond");
    free(window);
}

static void check_wire(const struct asked *a, const char *wire, size_t size, const uint8_t *data)
{
    size_t step = size / 16 + 1 + data[2] % 64U;

    read_wire(wire, size, a);
    for (size_t offset = 0; offset < size; offset += step) {
        check_window(a, wire, size, offset, step);
    }
    check_window(a, wire, size, data[3] * (size_t)(1 + data[2] % 8), data[2]);
    check_window(a, wire, size, size - data[3] % (size + 1), data[2]);
}

/* Each {} of a resource stands for another text of the input. */
static size_t placeholders(const char *resource)
{
    size_t n = 0;

    while (resource != NULL && (resource = strstr(resource, "{}")) != NULL) {
        resource += 2;
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct asked a;
    static char wire[WIRE];
    uint64_t mistakes;
    int n;

    if (size < 4 || size > 2048) {
        return 0;
    }
    make_request(&a, data, size);
    mistakes = mistakes_of(&a);
    n = twilio_encode(&a.request, 0, wire, sizeof wire);
    must(twilio_request_check(&a.request) == (n < 0 ? n : TWILIO_OK), "checked otherwise than %d", n);
    if (n == TWILIO_ERR_SIZE && 6 * size * (1 + placeholders(a.request.resource)) > TWILIO_HEAD_MAX / 2) {
        return 0;  /* so much may be too long */
    }
    must(n < 0 ? (mistakes >> -n & 1) != 0 : mistakes == 0, "%d, of %llx", n, (unsigned long long)mistakes);
    if (n >= 0) {
        check_wire(&a, wire, (size_t)n, data);
    }
    return 0;
}

const struct seed seeds[] = {
    SEED("SAC0123456789abcdef0123456789abcdef\0ssecret\0RMessages.json\0pTo\0+15558675310\0pBody\0a&b=c d\0"),
    SEED("RCalls/{}.json\0ICA1/\xE9\0uhttps://example.com/say?x=1\0qmessage\0Rain & wind\0qcaf\xE9\0NULL\0"),
    SEED("R/v2/Services?PageSize=20\0Pverify\0KSK1\0s:\xC3\xA9:\0pPage\0001\0amy-panel/1.2\0hX-Y\0z z\0"),
    SEED("RAccounts\0V2008-08-01\0Esydney\0Gau1\0Btoken-_~+/==\0hIf-Match\0\"x\"\0p\xFF\xFE\0\x80\x01\0"),
    SEED("Hown.example\0R/a?b={}&c={}#\0I?\0p\0x\0uhttp://x/y\0hHost\0x\0"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\0"), SEED("S"), SEED("KSK2\0"), SEED("s"), SEED("Bx\0"), SEED("Rx/{}\0"), SEED("Ia b\0"),
    SEED("Pverify\0"), SEED("Edublin\0"), SEED("Gie1\0"), SEED("Hh.example\0"), SEED("V1\0"), SEED("aa\0"),
    SEED("hA\0b\0"), SEED("pa\0b\0"), SEED("qc\0d\0"), SEED("uhttp://e/\0"), SEED("NULL"), SEED("%"),
    SEED("+"),
    SEED("&"), SEED("="), SEED("?"), SEED("#"), SEED("{}"), SEED("/"), SEED(" "), SEED("\r\n"), SEED("\x7F"),
    SEED("\x80"), SEED("\xBF"), SEED("\xC0"), SEED("\xFF"), SEED("\xC3\xA9"),
    SEED("\xF0\x9F\x91\x8D"), SEED(":"),
    SEED("te\0"), SEED("api"), SEED("RAccounts\0"), SEED("~"), SEED("https://"),
    { NULL, 0 }
};
