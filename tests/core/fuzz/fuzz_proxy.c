/*
 * fuzz_proxy.c - any names, logins and answers: the proxy is asked as RFC 9110 has it; what it answers means
 * what another reader says (rfc9112.h), and not an octet more of it is read; nothing of the login stays
 *
 * Input: options, the call that fails, two octets of randomness; then host, user, secret and what the proxy
 * sends, each but the last ended by \x1E.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "rfc9112.h"
#include "twilio_proxy.h"

//@ fault proxy.c: n = response->code < 300 ? TWILIO_OK : TWILIO_ERR_PROXY; => n = response->code <= 300 ? TWILIO_OK : TWILIO_ERR_PROXY;
//@ fault proxy.c: proxy->code = 0; => ;
//@ fault proxy.c: proxy->now.response.method = TWILIO_HEAD;  /* whose answers, too, end with their head: RFC 9112 6.3 */ => proxy->now.response.method = TWILIO_GET;
//@ fault proxy.c: memset(&proxy->now, 0, sizeof proxy->now); => memset(&proxy->now, 0, sizeof proxy->now.out.sent);
//@ fault proxy.c: return n > 0 ? TWILIO_ERR_ARGUMENT : n; => return n > 0 ? TWILIO_OK : n;
//@ fault proxy.c: proxy->now.out.sent += (size_t)n; => proxy->now.out.sent += sizeof proxy->now.out.piece;
//@ fault proxy.c: sink->encoding = true; => sink->encoding = false;
//@ fault proxy.c: int n = proxy->below->recv(proxy->below->context, &octet, 1); => char octets[2]; int n = proxy->below->recv(proxy->below->context, octets, 2); octet = octets[0];
//@ fault proxy.c: if (n < TWILIO_AGAIN) { => if (n < TWILIO_ERR_ARGUMENT) {
//@ fault proxy.c: twilio_write_number(sink, proxy->port != 0 ? proxy->port : PORT_DEFAULT); => twilio_write_number(sink, PORT_DEFAULT);
//@ fault proxy.c: if (proxy->user != NULL) { => if (proxy->user != NULL && proxy->secret[0] != ' ') {
//@ fault proxy.c: return sink.mistake != 0 ? sink.mistake : (int)(left < sink.size ? left : sink.size); => return (int)(left < sink.size ? left : sink.size);
//@ fault sink.c: twilio_write(sink, count == 2 ? "==" : "="); => twilio_write(sink, "=");
//@ fault sink.c: return is_control(octet) || (in_user && octet == ':'); => return is_control(octet);

#define TEXT_MAX 1600

enum option { HALTING = 1, KEPT = 2, LOGIN = 4, OTHER_PORT = 8, FAILS = 48, AGAIN_OPENED = 64 };

struct script {
    const uint8_t *options, *answer;
    size_t   answer_size, given, taken, calls;
    uint32_t random;
    int      opens, closes;
    bool     failed;        /* a call has failed, by */
    int      error;
    char     sent[8 * TEXT_MAX];
};

static char expected[8 * TEXT_MAX];

/* ---- Below --------------------------------------------------------------------------------------- */

/* Which error this call returns; 0: none */
static int fault(struct script *s)
{
    if ((s->options[0] & FAILS) == FAILS && ++s->calls == s->options[1] + 1U) {
        s->failed = true;
        s->error = TWILIO_ERR_RESET;
        return s->error;
    }
    return (s->options[0] & HALTING) != 0 && fuzz_random(&s->random) % 2 == 0 ? TWILIO_AGAIN : 0;
}

static int below_connect(void *context, const char *host)
{
    struct script *s = context;
    int e = fault(s);

    must(strcmp(host, "wall") == 0, "connected to %s", host);
    if (s->opens == s->closes) {
        s->opens++;
    }
    return e != 0 ? e : (s->options[0] & KEPT) != 0 ? TWILIO_KEPT : TWILIO_OK;
}

static int below_send(void *context, const void *data, size_t size)
{
    struct script *s = context;
    int e = fault(s);

    must(s->opens == s->closes + 1, "not open");
    must(size > 0 && size <= 64, "%zu octets are sent", size);
    must(s->taken + size < sizeof s->sent, "it sends for ever");
    if (e != 0) {
        return e;
    }
    size = (s->options[0] & HALTING) != 0 ? 1 + fuzz_random(&s->random) % size : size;
    memcpy(s->sent + s->taken, data, size);
    s->taken += size;
    s->sent[s->taken] = '\0';
    return (int)size;
}

static int below_recv(void *context, void *data, size_t size)
{
    struct script *s = context;
    int e = fault(s);
    size_t left = s->answer_size - s->given;

    must(s->opens == s->closes + 1, "not open");
    must(strcmp(s->sent, expected) == 0, "asked: %s", s->sent);
    if (e != 0) {
        return e;
    }
    size = size < left ? size : left;
    memcpy(data, s->answer + s->given, size);
    s->given += size;
    return (int)size;
}

static void below_close(void *context)
{
    struct script *s = context;

    s->closes++;
    must(s->closes == s->opens, "closed %d times", s->closes);
}

/* ---- What is to be asked ------------------------------------------------------------------------- */

static void add(const char *format, const char *text)
{
    size_t used = strlen(expected);

    (void)snprintf(expected + used, sizeof expected - used, format, text);
}

static void add_authority(const char *host, const char *port)
{
    for (; *host != '\0'; host++) {
        uint8_t octet = (uint8_t)*host;
        char as_it_is[2] = { *host, '\0' }, coded[4] = { '%', "0123456789ABCDEF"[octet >> 4],
                                                         "0123456789ABCDEF"[octet & 15], '\0' };
        bool plain = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z')
                  || (octet >= '0' && octet <= '9') || strchr("-._~", octet) != NULL;
        add("%s", plain ? as_it_is : coded);
    }
    add(":%s", port);
}

/* RFC 4648 4, bit by bit */
static void add_base64(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t bits = 8 * strlen(text);

    for (size_t bit = 0; bit < bits; bit += 6) {
        unsigned digit = 0;
        for (size_t i = bit; i < bit + 6; i++) {
            digit = digit << 1 | (i < bits ? (unsigned)(uint8_t)text[i / 8] >> (7 - i % 8) & 1U : 0U);
        }
        add("%s", (const char[]){ digits[digit], '\0' });
    }
    add("%s", bits % 24 == 8 ? "==" : bits % 24 == 16 ? "=" : "");
}

/* False: the login cannot be sent. */
static bool expect(const struct twilio_proxy *proxy, const char *host)
{
    static char login[2 * TEXT_MAX + 2];
    const char *port = proxy->port != 0 ? "3128" : "443";

    expected[0] = '\0';
    add("CONNECT %s", "");
    add_authority(host, port);
    add(" HTTP/1.1\r\nHost: %s", "");
    add_authority(host, port);
    if (proxy->user != NULL) {
        (void)snprintf(login, sizeof login, "%s:%s", proxy->user, proxy->secret);
        add("\r\nProxy-Authorization: Basic %s", "");
        add_base64(login);
    }
    add("%s", "\r\n\r\n");
    if (proxy->user == NULL) {
        return true;
    }
    for (const char *at = login; *at != '\0'; at++) {
        if ((uint8_t)*at < ' ' || *at == 0x7F) {
            return false;
        }
    }
    return *proxy->user != '\0' && *proxy->secret != '\0' && strchr(proxy->user, ':') == NULL;
}

/* ---- One tunnel ---------------------------------------------------------------------------------- */

static struct answer answer = { .to_head = true };

static int expected_result(const struct script *s, bool sendable)
{
    return !sendable ? TWILIO_ERR_CREDENTIALS : s->failed ? s->error
         : (s->options[0] & KEPT) != 0 ? TWILIO_ERR_ARGUMENT : answer.verdict == REFUSED ? TWILIO_ERR_HTTP
         : answer.verdict == CUT ? TWILIO_ERR_CLOSED : answer.code >= 300 ? TWILIO_ERR_PROXY : TWILIO_OK;
}

static void check_clean(const struct twilio_proxy *proxy)
{
    const uint8_t *octet = (const uint8_t *)&proxy->now;

    for (size_t i = 0; i < sizeof proxy->now; i++) {
        must(octet[i] == 0, "octet %zu of the last attempt stays", i);
    }
}

static void check_tunnel(const struct twilio_proxy *proxy, const struct script *s, int e, bool sendable)
{
    int should = expected_result(s, sendable);
    bool answered = should == TWILIO_OK || should == TWILIO_ERR_PROXY;

    must(e == should, "%d, but %d", e, should);
    must(proxy->code == (answered ? answer.code : 0), "code %u", proxy->code);
    must(!answered || s->given == answer.end, "%zu octets were read, but %zu", s->given, answer.end);
    must(sendable || s->opens == 0, "opened for nothing");
    must(s->closes == s->opens - (e == TWILIO_OK), "opened %d times, closed %d", s->opens, s->closes);
    if (e < 0) {
        check_clean(proxy);
    }
}

static void tunnel(struct twilio_proxy *proxy, struct script *s, const char *host)
{
    struct twilio_transport below = { below_connect, below_send, below_recv, below_close, s };
    struct twilio_transport through = twilio_proxy_transport(proxy);
    bool sendable = expect(proxy, host);
    unsigned patience = 40000;
    int e;

    proxy->below = &below;
    do {
        e = through.connect(through.context, host);
        must(--patience > 0, "it goes on for ever");
    } while (e == TWILIO_AGAIN);
    check_tunnel(proxy, s, e, sendable);
    through.close(through.context);
    must(s->closes == s->opens, "closed %d times of %d", s->closes, s->opens);
    check_clean(proxy);
}

/* The next text of the input, ended; what follows it. */
static const uint8_t *next_text(char *text, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *stop = at < end ? memchr(at, 0x1E, (size_t)(end - at)) : NULL;
    size_t size = stop != NULL ? (size_t)(stop - at) : 0;

    memcpy(text, at, size);
    text[size] = '\0';
    return stop != NULL ? stop + 1 : at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char host[TEXT_MAX], user[TEXT_MAX], secret[TEXT_MAX];
    static struct script script;
    static struct twilio_proxy proxy;
    const uint8_t *at = data + 4, *end = data + size;

    if (size < 4 || size > TEXT_MAX) {
        return 0;
    }
    at = next_text(host, at, end);
    at = next_text(user, at, end);
    at = next_text(secret, at, end);
    memset(&proxy, 0, sizeof proxy);
    proxy.host = "wall";
    proxy.port = (data[0] & OTHER_PORT) != 0 ? 3128 : 0;
    if ((data[0] & LOGIN) != 0) {
        proxy.user = user;
        proxy.secret = secret;
    }
    for (unsigned i = 0; i < ((data[0] & AGAIN_OPENED) != 0 ? 2 : 1); i++) {
        at = i > 0 ? end : at;  /* the second time nothing is answered */
        read_rfc9112(&answer, at, (size_t)(end - at));
        memset(&script, 0, offsetof(struct script, sent) + 1);
        script.options = data;
        script.answer = at;
        script.answer_size = (size_t)(end - at);
        script.random = 1 + data[2] + data[3] * 256U;
        tunnel(&proxy, &script, host);
    }
    return 0;
}

#define TO "api.twilio.com\x1E" "Aladdin\x1E" "open sesame\x1E"

const struct seed seeds[] = {
    SEED(TO "HTTP/1.1 200 Connection established\r\n\r\n\x16\x03\x03"),
    SEED(TO "HTTP/1.0 200 OK\r\nVia: 1.1 wall\r\nContent-Length: 5\r\n\r\nhello"),
    SEED(TO "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"),
    SEED(TO "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 299 Fine\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    SEED(TO "HTTP/1.1 300 Many\r\n\r\n"), SEED(TO "HTTP/1.1 502 Bad Gateway\r\nContent-Le"),
    SEED("a b:c\r\nX: y\x1E" "u\x1Es\x1E" "HTTP/1.1 200 OK\r\n\r\n"),
    SEED("h\x1E" "us\x1E se\x1E" "HTTP/1.1 200 \r\n\r\n"),
    SEED("h\x1E\x1Es\x1EHTTP/1.1 200 OK\r\n\r\n"), SEED("h\x1Eu:v\x1Es\x1EHTTP/1.1 200 OK\r\n\r\n"),
    SEED("h\x1Eu\x1Es\n\x1EHTTP/1.1 200 OK\r\n\r\n"),
    SEED("h\x1Eu\xC3\xA9\x1Es:s\x1EHTTP/1.1 204 OK\r\n\r\nrest"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\x1E"), SEED("\r\n"), SEED("\r\n\r\n"), SEED(": "), SEED(" "), SEED(":"),
    SEED("HTTP/1.1 200 OK\r\n"),
    SEED("HTTP/1.1 300 x\r\n"), SEED("HTTP/1.1 101 x\r\n\r\n"), SEED("HTTP/1.1 103 x\r\n\r\n"), SEED("407"),
    SEED("300"),
    SEED("299"), SEED("Content-Length: 5\r\n"), SEED("Transfer-Encoding: chunked\r\n"),
    SEED("Connection: close\r\n"),
    SEED("%"), SEED("\x7F"), SEED("\xFF"), SEED("/"), SEED("api.twilio.com"), SEED("x: y\r\n"), SEED("\0"),
    { NULL, 0 }
};
