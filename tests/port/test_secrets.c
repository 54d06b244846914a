/*
 * test_secrets.c - after a call, however it went: is anything of the login left in the device's memory?
 *
 * All of the program's own variables are searched, and among them the stack that the call ran on: scratch,
 * arena, client, answer, content, what a trace showed. The login itself is on the heap, which is the caller's
 * part here, and is not searched.
 *
 * SPDX-License-Identifier: MIT
 */
#include "no_lwip.h"
#include "wire.h"

#include <ucontext.h>

#include "client.h"
#include "token.h"
#include "twilio_proxy.h"
#include "twilio_trace.h"

#define WINDOW 12 /* octets of a secret that tell too much */
#define LONG   600
#define PLENTY (1 << 30)
#define ANY    99 /* result */
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* ---- What is looked for --------------------------------------------------------- */

static char *secret, *bearer, *proxy_secret, *fetched; /* on the heap */

/* Of length octets, no twelve of which come twice, here or in another seed's; safe in a header. */
static char *made_up(size_t length, uint32_t seed)
{
    char *text = malloc(length + 1);

    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1103515245 + 12345;
        text[i] = LETTERS[(seed >> 16) % 62];
    }
    text[length] = '\0';
    return text;
}

/* In base64, after that many octets that are others': only what those do not alter. */
static char *base64(const char *text, size_t before)
{
    size_t length = strlen(text), letters = 0;
    char *out = malloc(length * 2);

    assert_non_null(out);
    for (size_t i = (before * 8 + 5) / 6; i < (before + length) * 8 / 6; i++) {
        size_t bit = i * 6 - before * 8, letter = 0;
        for (size_t b = bit; b < bit + 6; b++) {
            letter = letter << 1 | (unsigned)((unsigned char)text[b / 8] >> (7 - b % 8) & 1);
        }
        out[letters++] = LETTERS[letter];
    }
    out[letters] = '\0';
    return out;
}

enum { SECRET, BEARER, PROXY_SECRET, KINDS };

/* What is looked for, on the heap, too: each 12 octets of them, from 1 on; in chains, by a hash of four. */
static struct search {
    size_t count;
    struct needle { const char *text; int kind; } needle[8192];
    uint16_t first[1 << 16], next[8192];
} *search;

static size_t hash(const char *at)
{
    uint32_t four;

    memcpy(&four, at, sizeof four);
    return four * 2654435761u >> 16;
}

static void look_for(const char *text, int kind)
{
    for (size_t i = 0; i + WINDOW <= strlen(text); i++) {
        size_t n = ++search->count, chain = hash(text + i);
        assert_true(n < COUNT(search->needle));
        search->needle[n] = (struct needle){ text + i, kind };
        search->next[n] = search->first[chain];
        search->first[chain] = (uint16_t)n;
    }
}

static void look_for_spellings(const char *text, int kind)
{
    look_for(text, kind);
    for (size_t before = 0; before < 3; before++) {
        look_for(base64(text, before), kind);
    }
}

/* Which begins there; NULL: none. */
static const struct needle *needle_at(const char *at)
{
    for (size_t n = search->first[hash(at)]; n != 0; n = search->next[n]) {
        if (memcmp(at, search->needle[n].text, WINDOW) == 0) {
            return &search->needle[n];
        }
    }
    return NULL;
}

extern char __data_start[], _end[]; /* of all variables, by the linker */

/* Where the first of them is, and what; NULL: nowhere. */
static const char *find(const struct needle **what)
{
    for (const char *at = __data_start; at + WINDOW <= _end; at++) {
        if (*at != '\0' && (*what = needle_at(at)) != NULL) {
            return at;
        }
    }
    return NULL;
}

/* ---- A client, on a stack of its own ---------------------------------------------- */

static struct twilio_anchor root;
static const struct twilio_anchors anchors = { &root, 1, NULL };
static struct twilio_account account;
static struct twilio_client client;
static struct twilio_answer answer;
static struct twilio_proxy proxy;
static struct twilio_transport tunnel, traced;
static struct twilio_trace trace;
static char memory[TWILIO_ARENA_MIN], scratch[512], content[4096], shown[65536], stack[131072];
static size_t shown_size;
static ucontext_t here, there;
static struct { int (*call)(void); int result; } run;

static void on_stack(void)
{
    run.result = run.call();
}

static int call_on_stack(int (*call)(void))
{
    memset(stack, 0, sizeof stack);
    run.call = call;
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, on_stack, 0);
    swapcontext(&here, &there);
    memset(&there, 0, sizeof there);
    return run.result;
}

static void nothing_is_left(const char *what)
{
    static const char *const names[KINDS] = { "secret", "bearer", "proxy's secret" };
    const struct needle *needle;
    const char *found = find(&needle);
    const struct { const char *name, *at; size_t size; } places[] = {
        { "scratch", scratch, sizeof scratch }, { "arena", memory, sizeof memory },
        { "content", content, sizeof content }, { "trace", shown, sizeof shown },
        { "stack", stack, sizeof stack }, { "client", (char *)&client, sizeof client },
        { "answer", (char *)&answer, sizeof answer }, { "proxy", (char *)&proxy, sizeof proxy },
        { "variables", __data_start, (size_t)(_end - __data_start) },
    };

    for (size_t i = 0; i < COUNT(places) && found != NULL; i++) {
        if (found >= places[i].at && found < places[i].at + places[i].size) {
            fail_msg("%s: the %s is in the %s, at %zu: %.12s", what, names[needle->kind], places[i].name,
                     (size_t)(found - places[i].at), found);
        }
    }
}

/* ---- A wire that fails when login is on it ------------------------------------------ */

enum { STUCK = TWILIO_AGAIN, RESET = TWILIO_ERR_RESET }; /* what comes of it */

static struct {
    bool unconnected;  /* nobody ever answers */
    long heard;        /* bytes that come, until the request begins, */
    long said;         /* and that go after it has begun, */
    long answered;     /* and that come then; */
    int  then;         /* and what comes of more */
    bool asks;         /* the request has begun */
} trouble;

/* From now on time flies. */
static int stop(void)
{
    board.tick = 1000;
    return trouble.then;
}

static int trouble_connect(void *context, const char *host)
{
    trouble.asks = false;
    return trouble.unconnected ? stop() : wire_connect(context, host);
}

static int trouble_send(void *context, const void *data, size_t size)
{
    uint8_t first = *(const uint8_t *)data;
    trouble.asks = trouble.asks || first == 23 || first == 'C'; /* application data, or CONNECT of a proxy */
    if (!trouble.asks) {
        return wire_send(context, data, size);
    }
    if (trouble.said <= 0) {
        return stop();
    }
    int sent = wire_send(context, data, (long)size < trouble.said ? size : (size_t)trouble.said);
    trouble.said -= sent > 0 ? sent : 0;
    return sent;
}

static int trouble_recv(void *context, void *data, size_t size)
{
    long *left = trouble.asks ? &trouble.answered : &trouble.heard;

    if (*left <= 0) {
        return stop();
    }
    int got = wire_recv(context, data, (long)size < *left ? size : (size_t)*left);
    *left -= got > 0 ? got : 0;
    return got;
}

static const struct twilio_transport line = {
    trouble_connect, trouble_send, trouble_recv, wire_close, &wire,
};

/* ---- Calls ---------------------------------------------------------------------------- */

static void show(void *unused, enum twilio_trace_kind kind, const char *text, size_t size)
{
    (void)unused, (void)kind;
    assert_true(shown_size + size <= sizeof shown);
    memcpy(shown + shown_size, text, size);
    shown_size += size;
}

static void watch(void *unused, struct twilio_request *request, struct twilio_exchange *exchange)
{
    (void)unused;
    trace = (struct twilio_trace){ .below = exchange->transport, .request = request, .show = show,
                                   .bodies = true };
    traced = twilio_trace_transport(&trace);
    exchange->transport = &traced;
}

static int get(void)
{
    return twilio_get(&client, "Messages.json", NULL, &answer);
}

static int post(void)
{
    return twilio_post(&client, "/outcome/done", TWILIO_PARAMS({ "Body", "K\xe4lte & Feuer" }), &answer);
}

static int long_list(void) /* in more than a record */
{
    return twilio_get(&client, "/v1/Long", NULL, &answer);
}

static int refused(void)
{
    return twilio_get(&client, "/outcome/login", NULL, &answer);
}

static int twice(void)
{
    int result = post();
    return result == TWILIO_OK ? post() : result;
}

static int cut(void)
{
    return twilio_get(&client, "/outcome/Cut?Page=1", NULL, &answer);
}

static bool enough(void *unused, const char *data, size_t size)
{
    (void)unused, (void)data, (void)size;
    return false;
}

static int cancelled(void)
{
    answer.body = enough;
    return get();
}

static int fetch(void)
{
    const struct twilio_client_credentials app = { .id = "OQ1", .secret = secret };
    struct twilio_token token = { .text = fetched, .size = 2048 };
    return twilio_token_fetch(&client, &app, &token, &answer);
}

/* From a sealed store. */
static int unseal(struct twilio_sink *sink, const void *source)
{
    twilio_write(sink, "Bearer ");
    twilio_write(sink, source);
    return 0;
}

static void by_secret(void)
{
}

static void by_bearer(void)
{
    account.bearer = bearer;
}

static void by_generator(void)
{
    account.authorization = (struct twilio_generator){ unseal, bearer };
}

static void by_long_secret(void)
{
    client.scratch_size = TWILIO_SCRATCH_MIN;
}

static void in_latin1(void)
{
    account.latin1 = true;
}

static void with_trace(void)
{
    client.hook = watch;
}

static void by_proxy(void)
{
    proxy = (struct twilio_proxy){ .below = &line, .host = "wall.example.com", .user = "me",
                                   .secret = proxy_secret };
    tunnel = twilio_proxy_transport(&proxy);
    client.below = &tunnel;
}

static void begin(const char *server)
{
    memset(&wire, 0, sizeof wire);
    memset(&board, 0, sizeof board);
    memset(shown, 0, sizeof shown);
    memset(content, 0, sizeof content);
    memset(&trouble, 0, sizeof trouble);
    trouble.heard = trouble.answered = trouble.said = PLENTY;
    shown_size = 0;
    wire.server = server;
    board.tick = 1;
    account = (struct twilio_account){ .sid = "AC1", .secret = secret };
    answer = (struct twilio_answer){ .content = content, .content_size = sizeof content };
    client = (struct twilio_client){
        .account = &account, .anchors = &anchors, .memory = memory, .memory_size = sizeof memory,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &line,
    };
}

static void try(const char *what, void (*login)(void), int (*call)(void), int expected)
{
    login();
    memset(memory, 0xA5, sizeof memory);
    memset(scratch, 0xA5, sizeof scratch);
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    int result = call_on_stack(call);
    if (expected != ANY && result != expected) {
        fail_msg("%s: %d", what, result);
    }
    nothing_is_left(what);
    if (client.tls.reached) {
        twilio_client_close(&client);
        nothing_is_left(what);
    }
    twilio_tls_forget(&client.tls);
    assert_int_equal(client.arena.used, 0);
}

/* ---- Tests ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*login)(void);
} logins[] = {
    { "secret", by_secret }, { "bearer", by_bearer }, { "generator", by_generator },
    { "small windows", by_long_secret }, { "Latin-1", in_latin1 }, { "trace", with_trace },
};

static const struct {
    const char *name;
    int (*call)(void);
    int result, code;
} calls[] = {
    { "get", get, TWILIO_OK, 200 },
    { "post", post, TWILIO_OK, 201 },
    { "twice", twice, TWILIO_OK, 201 },
    { "401", refused, TWILIO_OK, 401 },
    { "cut", cut, TWILIO_ERR_CLOSED, 201 },
    { "cancelled", cancelled, TWILIO_ITEM, 200 },
};

static void after_an_answer(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(logins); i++) {
        for (size_t j = 0; j < COUNT(calls); j++) {
            char what[64];
            snprintf(what, sizeof what, "%s by %s", calls[j].name, logins[i].name);
            begin("api");
            try(what, logins[i].login, calls[j].call, calls[j].result);
            assert_int_equal(answer.code, calls[j].code);
        }
    }
}

static void after_a_refusal_of_ours(void **unused)
{
    (void)unused;
    static const struct { const char *server; int result; } rows[] = {
        { "unknown", TWILIO_ERR_UNTRUSTED }, { "wrongname", TWILIO_ERR_WRONG_NAME },
        { "expired", TWILIO_ERR_EXPIRED }, { "garbage", TWILIO_ERR_TLS },
        { "tls13", TWILIO_ERR_TLS_MISMATCH }, { NULL, TWILIO_ERR_CONNECT },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin(rows[i].server);
        try("a server refused", by_secret, post, rows[i].result);
        assert_false(answer.committed);
    }
}

/* The request breaks off, or gets stuck, after each so many bytes. */
static void in_the_middle_of_the_request(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(logins); i++) {
        unsigned tried = 0;
        do {
            begin("api");
            trouble.said = 97 * tried++;
            trouble.then = tried % 2 == 0 ? STUCK : RESET;
            try(logins[i].name, logins[i].login, post, ANY);
        } while (!answer.committed);
        assert_in_range(tried, 5, 50);
    }
}

static void when_time_runs_out(void **unused)
{
    (void)unused;
    static const struct {
        enum twilio_phase phase;
        bool unconnected;
        long heard, answered;
    } rows[] = {
        { TWILIO_PHASE_CONNECT, true, PLENTY, PLENTY }, { TWILIO_PHASE_HANDSHAKE, false, 0, PLENTY },
        { TWILIO_PHASE_HANDSHAKE, false, 1000, PLENTY }, { TWILIO_PHASE_FIRST_BYTE, false, PLENTY, 0 },
        { TWILIO_PHASE_FIRST_BYTE, false, PLENTY, 100 }, { TWILIO_PHASE_BODY, false, PLENTY, 1100 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin("api");
        trouble.unconnected = rows[i].unconnected;
        trouble.heard = rows[i].heard;
        trouble.answered = rows[i].answered;
        trouble.then = STUCK;
        try("time runs out", by_secret, long_list, TWILIO_ERR_TIMEOUT);
        assert_int_equal(answer.phase, rows[i].phase);
    }
}

/* Its secret is in the form; what it gets is the caller's. */
static void of_a_token(void **unused)
{
    (void)unused;
    begin("api");
    try("a token", with_trace, fetch, TWILIO_ERR_CONTENT); /* for an app that the server does not know */
    assert_int_equal(answer.code, 401);
    assert_true(shown_size > 100);
}

/* It answers as HTTP has it, but no tunnel comes of that. */
static void of_a_proxy(void **unused)
{
    (void)unused;
    begin("garbage");
    try("a proxy", by_proxy, post, TWILIO_ERR_PROXY);
    assert_int_equal(proxy.code, 400);
    begin("silence");
    board.tick = 1000;
    try("a silent proxy", by_proxy, post, TWILIO_ERR_TIMEOUT);
    for (long said = 0; said < 150; said += 23) {
        begin("silence");
        trouble.said = said;
        trouble.then = RESET;
        try("a proxy that hangs up", by_proxy, post, RESET);
    }
}

/* The search itself: a part of a login anywhere is found, in each spelling. */
static void what_is_left_is_found(void **unused)
{
    (void)unused;
    static char place[64];
    const struct needle *needle;
    for (size_t n = 1; n <= search->count; n += 61) {
        memcpy(place + n % 41, search->needle[n].text, WINDOW);
        assert_ptr_equal(find(&needle), place + n % 41);
        assert_int_equal(needle->kind, search->needle[n].kind);
        memset(place, 0, sizeof place);
    }
    assert_null(find(&needle));
}

static int load(void **unused)
{
    (void)unused;
    root = certificate("ZOO", "root");
    secret = made_up(LONG, 1);
    bearer = made_up(LONG, 2);
    proxy_secret = made_up(40, 3);
    fetched = malloc(2048);
    search = calloc(1, sizeof *search);
    assert_true(fetched != NULL && search != NULL);
    look_for_spellings(secret, SECRET);
    look_for_spellings(bearer, BEARER);
    look_for_spellings(proxy_secret, PROXY_SECRET);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_found),        cmocka_unit_test(after_an_answer),
        cmocka_unit_test(after_a_refusal_of_ours),      cmocka_unit_test(in_the_middle_of_the_request),
        cmocka_unit_test(when_time_runs_out),           cmocka_unit_test(of_a_token),
        cmocka_unit_test(of_a_proxy),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
