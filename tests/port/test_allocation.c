/*
 * test_allocation.c - each allocation of each thing that takes memory, refused: once, and from there on
 *
 * At every allocation this process forks. The child is refused it and goes on alone, cut off from the
 * wire, until what it does has failed: by the one named error, with all memory back. The parent, whose
 * allocation is granted, comes to the next one. So all of a long handshake's are tried in one handshake.
 *
 * SPDX-License-Identifier: MIT
 */
#include "no_lwip.h"
#include "wire.h"

#include <sys/wait.h>

#include "anchor_slots.h"
#include "canary.h"
#include "mbedtls/sha256.h"
#include "session.h"

#define HOST  "api.twilio.com"
#define OFTEN 997 /* of so many children one goes on to the next exchange; all leave what it starts from */

bool twilio_clock_is_set(void)
{
    return true;
}

/* ---- A client ----------------------------------------------------------------- */

static struct twilio_anchor roots[4];
static const struct twilio_anchors anchors = { roots, COUNT(roots), NULL };
static const struct twilio_account account = { .sid = "AC1", .secret = "secret" };
static struct twilio_client client;
static struct twilio_answer answer;
static char memory[TWILIO_ARENA_MIN], fresh[sizeof memory], scratch[512];
static uint8_t key[TWILIO_SESSION_KEY], blob[TWILIO_SESSION_MAX], flash[2][8192];
static struct twilio_anchor_slots slots;
static int size; /* of what is in blob */

/* ---- Refusal ------------------------------------------------------------------- */

static struct {
    const char *what;
    bool on;        /* allocations are watched, */
    long count;     /* and counted, */
    long spared;    /* and those that are done without */
    bool alone;     /* this is a child, which has been refused one, */
    bool for_good;  /* and is refused all that follow, */
    bool more;      /* which it has asked for; */
    bool cut_off;   /* and has no wire, until it connects */
    size_t before;  /* bytes in use at the start */
} trial;

static void *refuse(void)
{
    client.arena.failed = true;
    return NULL;
}

enum { FAILED = 1, ASKED_FOR_MORE = 2, DID_WITHOUT = 4 }; /* in the exit status of a child */

static bool is_child(bool for_good, int *status)
{
    pid_t child = fork();

    if (child == 0) {
        trial.alone = trial.cut_off = true;
        trial.for_good = for_good;
        board.tick = 1000;
        return true;
    }
    assert_true(child > 0 && waitpid(child, status, 0) == child);
    *status = WIFEXITED(*status) ? WEXITSTATUS(*status) : FAILED;
    trial.spared += !for_good && *status & DID_WITHOUT;
    if (*status & FAILED) {
        trial.on = false;
        fail_msg("%s: allocation %ld, refused %s", trial.what, trial.count,
                 for_good ? "from there on" : "once");
    }
    return false;
}

/* True in a child. One that asks for nothing after the first refusal does the same as if all were refused. */
static bool is_refused(void)
{
    int status;

    trial.count++;
    return is_child(false, &status) || ((status & ASKED_FOR_MORE) && is_child(true, &status));
}

void *__real_twilio_tls_calloc(size_t count, size_t bytes);
void *__wrap_twilio_tls_calloc(size_t count, size_t bytes);
void *__wrap_twilio_tls_calloc(size_t count, size_t bytes)
{
    trial.more = trial.more || (trial.on && trial.alone);
    if (trial.on && (trial.alone ? trial.for_good : is_refused())) {
        return refuse();
    }
    return __real_twilio_tls_calloc(count, bytes);
}

static int trial_connect(void *context, const char *host)
{
    trial.cut_off = false;
    board.tick = 1;
    return wire_connect(context, host);
}

/* What a child says is lost, and it hears nothing: the connection is its parent's. */
static int trial_send(void *context, const void *data, size_t bytes)
{
    return trial.cut_off ? (int)bytes : wire_send(context, data, bytes);
}

static int trial_recv(void *context, void *data, size_t bytes)
{
    return trial.cut_off ? TWILIO_AGAIN : wire_recv(context, data, bytes);
}

static const struct twilio_transport line = { trial_connect, trial_send, trial_recv, wire_close, &wire };

/* ---- Steps ---------------------------------------------------------------------- */

static int connect_now(void)
{
    int result;

    while ((result = client.https.connect(client.https.context, HOST)) == TWILIO_AGAIN && !trial.cut_off) {
        twilio_network_wait(1);
    }
    return result;
}

static void must_connect(void)
{
    assert_int_equal(connect_now(), TWILIO_OK);
}

static void must_have_session(void)
{
    must_connect();
    twilio_client_close(&client);
    assert_non_null(client.tls.session);
}

static int post(void)
{
    int result = twilio_post(&client, "/echo", TWILIO_PARAMS({ "Body", "boiler" }), &answer);
    return result == TWILIO_ERR_MEMORY && answer.committed ? TWILIO_ERR_ARGUMENT : result;
}

static void must_post(void)
{
    assert_int_equal(post(), TWILIO_OK);
    assert_int_equal(answer.code, 200);
}

static void must_post_and_close(void)
{
    must_post();
    twilio_client_close(&client);
}

/* The connection is kept here; but the server has closed it. */
static void must_be_left(void)
{
    struct pollfd end = { .events = POLLIN };

    must_connect();
    end.fd = wire.descriptor;
    assert_int_equal(shutdown(wire.descriptor, SHUT_RDWR), 0);
    assert_int_equal(poll(&end, 1, 10000), 1);
}

/* That a session could not be kept is told by the arena alone: the next handshake is a full one. */
static int close_now(void)
{
    client.arena.failed = false;
    twilio_client_close(&client);
    return client.arena.failed ? TWILIO_ERR_MEMORY : TWILIO_OK;
}

static int export_now(void)
{
    size = twilio_session_export(&client, key, blob, sizeof blob);
    return size > 0 ? TWILIO_OK : size < 0 ? size : TWILIO_SESSION_REFUSED;
}

static void must_export(void)
{
    must_connect();
    assert_int_equal(export_now(), TWILIO_OK);
    twilio_tls_forget(&client.tls);
}

static int import_now(void)
{
    return twilio_session_import(&client, key, blob, (size_t)size);
}

static int canary(void)
{
    return twilio_canary(&client, NULL, NULL);
}

/* A slot as its format has it, with two roots. */
static void must_flash(void)
{
    static const uint8_t head[12] = "TwAnchor\0\0\0\1";
    uint8_t *at = flash[0] + 16;

    must_connect();
    memset(flash, 0xff, sizeof flash);
    memcpy(flash[0], head, sizeof head);
    for (size_t i = 0; i < 2; i++) {
        memcpy(at, roots[i].der, roots[i].size);
        at += roots[i].size;
    }
    size_t bytes = (size_t)(at - flash[0]) - 16;
    memcpy(flash[0] + 12, (uint8_t[]){ 0, 0, (uint8_t)(bytes >> 8), (uint8_t)bytes }, 4);
    assert_int_equal(mbedtls_sha256(flash[0], 16 + bytes, at, 0), 0);
    slots = (struct twilio_anchor_slots){ .slot = { flash[0], flash[1] }, .size = sizeof flash[0] };
}

static int choose(void)
{
    return twilio_anchor_slots_choose(&slots, &client.arena);
}

static int update(void)
{
    struct twilio_anchor_update next = { .certificates = roots[2].der, .certificates_size = roots[2].size };
    return twilio_anchor_update_begin(&next, &slots, &client.arena);
}

static void nothing(void)
{
}

/* ---- What a child leaves ---------------------------------------------------------- */

static void begin(void)
{
    client = (struct twilio_client){
        .account = &account, .anchors = &anchors, .memory = memory, .memory_size = sizeof memory,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &line,
    };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
}

/* As after its begin: the arena to the last octet. Nothing can follow otherwise than from a fresh one. */
static bool is_fresh(void)
{
    twilio_client_close(&client);
    twilio_tls_forget(&client.tls);
    return client.arena.used == 0 && wire.opened == wire.closed && client.tls.connection == NULL &&
           client.tls.state == 0 && !client.tls.reached && memcmp(memory, fresh, sizeof memory) == 0;
}

static bool next_works(void)
{
    return trial.count % OFTEN != 1 || (connect_now() == TWILIO_OK && is_fresh());
}

/* The child's end. What was open when it began may stay open; nothing else. */
static void leave(int result, bool keeps)
{
    const char *fault = NULL;

    trial.on = false;
    if (result == TWILIO_OK) {
        twilio_client_close(&client);
    }
    if (result != TWILIO_ERR_MEMORY && result != TWILIO_OK) {
        fault = "another error";
    } else if (keeps ? client.arena.used != trial.before : client.tls.connection != NULL) {
        fault = "memory is left";
    } else if (!keeps && wire.opened != wire.closed) {
        fault = "a connection is left";
    } else if (!is_fresh()) {
        fault = "something is left";
    } else if (!next_works()) {
        fault = "the next does not work";
    }
    if (fault != NULL) {
        fprintf(stderr, "%s: %d, %zu bytes\n", fault, result, client.arena.used);
    }
    _exit((fault != NULL ? FAILED : 0) | (trial.more ? ASKED_FOR_MORE : 0) |
          (result == TWILIO_OK ? DID_WITHOUT : 0));
}

/* ---- What is tried ------------------------------------------------------------------ */

static const struct {
    const char *what, *server;
    void (*before)(void);
    int (*act)(void);
    bool keeps;  /* a connection that was open before, and is no concern of act's */
    bool none;   /* and allocates nothing */
    int  spare;  /* allocations to keep a session: if one fails there is none, and all goes on */
} trials[] = {
    { "handshake, RSA-2048", "good", nothing, connect_now, false, false, 0 },
    { "handshake, RSA-4096 authority", "rsa4096", nothing, connect_now, false, false, 0 },
    { "handshake, all RSA-4096", "rsa4096-whole", nothing, connect_now, false, false, 0 },
    { "handshake, P-256", "ecdsa", nothing, connect_now, false, false, 0 },
    { "handshake, P-384", "p384", nothing, connect_now, false, false, 0 },
    { "handshake, AES-256 and SHA-384", "aes256", nothing, connect_now, false, false, 0 },
    { "handshake, no ticket", "byid", nothing, connect_now, false, false, 0 },
    { "resumed", "good", must_have_session, connect_now, false, false, 0 },
    { "resumed by number", "byid", must_have_session, connect_now, false, false, 0 },
    { "resumed, P-256", "ecdsa", must_have_session, connect_now, false, false, 0 },
    { "session forgotten by the server", "stale", must_have_session, connect_now, false, false, 0 },
    { "exchange", "api", nothing, post, false, false, 0 },
    { "exchange, resumed", "api", must_post_and_close, post, false, false, 0 },
    { "exchange on a connection kept", "api", must_post, post, true, true, 0 },
    { "exchange on one that died", "api", must_be_left, post, false, false, 3 },
    { "close, session kept", "good", must_connect, close_now, false, false, 0 },
    { "export of an open connection", "api", must_connect, export_now, false, false, 0 },
    { "export", "api", must_have_session, export_now, false, false, 0 },
    { "import", "api", must_export, import_now, false, false, 0 },
    { "canary", "wildcard", nothing, canary, false, false, 3 },
    { "anchors chosen from slots", "good", must_flash, choose, true, false, 0 },
    { "anchors of an update", "good", must_flash, update, true, false, 0 },
};

static void try(size_t i)
{
    memset(&wire, 0, sizeof wire);
    memset(&board, 0, sizeof board);
    wire.server = trials[i].server;
    board.tick = 1;
    begin();
    memcpy(fresh, memory, sizeof memory);
    trials[i].before();
    trial.what = trials[i].what;
    trial.count = trial.spared = 0;
    trial.before = client.arena.used;
    trial.on = true;
    int result = trials[i].act();
    if (trial.alone) {
        leave(result, trials[i].keeps);
    }
    trial.on = false;
    print_message("%7ld  %s\n", trial.count, trials[i].what);
    assert_int_equal(result, TWILIO_OK);
    assert_int_equal(trial.count == 0, trials[i].none);
    assert_int_equal(trial.spared, trials[i].spare);
    assert_true(is_fresh());
}

static void every_allocation_may_fail(void **unused)
{
    (void)unused;
    print_message("allocations, each refused once, and from there on:\n");
    for (size_t i = 0; i < COUNT(trials); i++) {
        try(i);
    }
}

/* A child whose assertion failed would go on here. */
static int end(void **unused)
{
    (void)unused;
    if (trial.alone) {
        _exit(FAILED);
    }
    return 0;
}

static int load(void **unused)
{
    (void)unused;
    roots[0] = certificate("ZOO", "root");
    roots[1] = certificate("ZOO", "ecdsa-root");
    roots[2] = certificate("WORK", "p384-root");
    roots[3] = certificate("WORK", "rsa4096-root");
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(3 + i);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_allocation_may_fail, end),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
