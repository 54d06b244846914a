/*
 * test_canary.c - port/canary.c: a client whose next chain is any of peer.py's
 *
 * SPDX-License-Identifier: MIT
 */
#include "no_lwip.h"
#include "wire.h"

#include "canary.h"

#define APPLICATION_DATA 23 /* a type of TLS records */

static struct twilio_anchor ours[2], others[1];
static const struct twilio_anchors anchors = { ours, COUNT(ours), NULL };
static const struct twilio_anchors foreign = { others, COUNT(others), NULL };
static const struct twilio_account account = { .sid = "AC1", .secret = "hush", .host = "api.twilio.com" };
static struct twilio_client client;
static char scratch[512], memory[TWILIO_ARENA_MIN];

static int load(void **unused)
{
    (void)unused;
    ours[0] = certificate("ZOO", "root");
    ours[1] = certificate("WORK", "deep-root");
    others[0] = certificate("WORK", "p384-root");
    return 0;
}

static void begin(size_t size)
{
    client = (struct twilio_client){
        .account = &account, .anchors = &anchors, .memory = memory, .memory_size = size,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &below,
    };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    memset(&board, 0, sizeof board);
    wire.server = "api";
    board.tick = 1;
    begin(sizeof memory);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    twilio_client_close(&client);
    twilio_tls_forget(&client.tls);
    assert_int_equal(client.arena.used, 0);
    assert_int_equal(wire.opened, wire.closed);
    return 0;
}

static void must_call(bool resumed)
{
    struct twilio_answer answer = { 0 };

    wire.server = "api";
    assert_int_equal(twilio_get(&client, "Messages.json", NULL, &answer), TWILIO_OK);
    assert_int_equal(answer.code, 200);
    assert_int_equal(client.tls.resumed, resumed);
}

static int ask(const char *server)
{
    unsigned opened = wire.opened, sent = wire.records[APPLICATION_DATA];

    wire.server = server;
    int result = twilio_canary(&client, NULL, NULL);
    assert_int_equal(wire.opened, opened + 1);
    assert_int_equal(wire.opened, wire.closed);
    assert_string_equal(wire.host, "tls-test.twilio.com");
    assert_int_equal(wire.records[APPLICATION_DATA], sent); /* not a word, and no credentials */
    return result;
}

static void a_good_chain_is_no_warning(void **unused)
{
    (void)unused;
    assert_int_equal(ask("wildcard"), TWILIO_OK);
    assert_false(twilio_canary_warns(TWILIO_OK));
    assert_int_equal(client.arena.used, 0);
    assert_true(wire.records[22] >= 3 && wire.records[20] == 1); /* it was a whole handshake... */
    assert_int_equal(wire.records[21], 1);                       /* ...and a good-bye */
}

static const struct {
    const char *server;
    int result;
    bool warns;
} chains[] = {
    { "deep", TWILIO_OK, false },
    { "unknown", TWILIO_ERR_UNTRUSTED, true },
    { "ecdsa", TWILIO_ERR_UNTRUSTED, true },
    { "missing", TWILIO_ERR_UNTRUSTED, true },
    { "deeper", TWILIO_ERR_UNTRUSTED, true },
    { "expired", TWILIO_ERR_EXPIRED, true },
    { "expired-intermediate", TWILIO_ERR_EXPIRED, true },
    { "notyet", TWILIO_ERR_NOT_YET_VALID, true },
    { "wrongname", TWILIO_ERR_WRONG_NAME, true },
    { "long", TWILIO_ERR_RECORD, true },
    { "tls13", TWILIO_ERR_TLS_MISMATCH, true },
    { "cbc", TWILIO_ERR_TLS_MISMATCH, true },
    { "denied", TWILIO_ERR_TLS_ALERT, true },
    { "garbage", TWILIO_ERR_TLS, true },
    { "silence", TWILIO_ERR_TIMEOUT, false },
    { NULL, TWILIO_ERR_CONNECT, false },
};

/* Whatever comes of it, the client goes on where it was. */
static void each_chain_has_its_result(void **unused)
{
    (void)unused;
    client.timeout = 5000;
    must_call(false);
    for (size_t i = 0; i < COUNT(chains); i++) {
        board.tick = chains[i].result == TWILIO_ERR_TIMEOUT ? 100 : 1;
        int result = ask(chains[i].server);
        if (result != chains[i].result || twilio_canary_warns(result) != chains[i].warns) {
            fail_msg("%s: %d", chains[i].server, result);
        }
        must_call(true);
    }
}

static void the_kept_session_stays(void **unused)
{
    (void)unused;
    must_call(false);
    assert_ptr_not_equal(client.tls.connection, NULL); /* kept alive, until now */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask("wildcard"), TWILIO_OK);
        assert_non_null(client.tls.session);
        assert_true(client.arena.used < 800);
        must_call(true);
    }
    assert_true(client.arena.peak <= TWILIO_ARENA_MIN);
    assert_false(client.arena.failed);
}

static void another_host_with_other_anchors(void **unused)
{
    (void)unused;
    wire.server = "p384";
    assert_int_equal(twilio_canary(&client, "verify.twilio.com", NULL), TWILIO_ERR_UNTRUSTED);
    assert_string_equal(wire.host, "verify.twilio.com");
    assert_int_equal(twilio_canary(&client, "verify.twilio.com", &foreign), TWILIO_OK);
    assert_int_equal(twilio_canary(&client, "api.example.com", &foreign), TWILIO_ERR_WRONG_NAME);
    wire.server = "good";
    assert_int_equal(twilio_canary(&client, NULL, &foreign), TWILIO_ERR_UNTRUSTED);
    must_call(false);
}

static void the_clients_timeout_holds(void **unused)
{
    (void)unused;
    static const uint32_t timeouts[][2] = { { 0, 30000 }, { 700, 700 } };

    board.tick = 100;
    for (size_t i = 0; i < COUNT(timeouts); i++) {
        board.millis = 0xffffff00; /* and through the wrap of the clock */
        client.timeout = timeouts[i][0];
        assert_int_equal(ask("silence"), TWILIO_ERR_TIMEOUT);
        assert_int_equal(board.millis - 0xffffff00, timeouts[i][1]);
        assert_int_equal(client.arena.used, 0);
    }
}

static void too_little_memory_is_a_warning(void **unused)
{
    (void)unused;
    begin(8192);
    assert_int_equal(ask("good"), TWILIO_ERR_MEMORY);
    assert_true(twilio_canary_warns(TWILIO_ERR_MEMORY));
}

static void what_cannot_be_asked(void **unused)
{
    (void)unused;
    static const struct twilio_anchors none = { NULL, 0, NULL };
    struct twilio_client asleep = { 0 };

    assert_int_equal(twilio_canary(NULL, NULL, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_canary(&asleep, NULL, NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_canary(&client, "", NULL), TWILIO_ERR_HOST);
    assert_int_equal(twilio_canary(&client, NULL, &none), TWILIO_ERR_ANCHORS);
    assert_int_equal(wire.opened, 0);
    board.no_entropy = true;
    assert_int_equal(ask("good"), TWILIO_ERR_ENTROPY);
}

/* What says nothing of the other side's certificates is none. */
static void only_failures_of_tls_are_warnings(void **unused)
{
    (void)unused;
    static const int warnings[] = {
        TWILIO_ERR_TLS, TWILIO_ERR_TLS_ALERT, TWILIO_ERR_TLS_MISMATCH, TWILIO_ERR_UNTRUSTED,
        TWILIO_ERR_WRONG_NAME, TWILIO_ERR_EXPIRED, TWILIO_ERR_NOT_YET_VALID, TWILIO_ERR_MEMORY,
        TWILIO_ERR_RECORD,
    };

    for (int result = -60; result <= TWILIO_KEPT; result++) {
        bool warns = false;
        for (size_t i = 0; i < COUNT(warnings); i++) {
            warns |= warnings[i] == result;
        }
        if (twilio_canary_warns(result) != warns) {
            fail_msg("%d", result);
        }
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_chain_is_no_warning), TEST(each_chain_has_its_result), TEST(the_kept_session_stays),
        TEST(another_host_with_other_anchors), TEST(the_clients_timeout_holds),
        TEST(too_little_memory_is_a_warning), TEST(what_cannot_be_asked),
        TEST(only_failures_of_tls_are_warnings),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
