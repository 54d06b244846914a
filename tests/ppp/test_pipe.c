/*
 * test_pipe.c - a whole call over a byte pipe of four functions, as a modem with TCP of its own gives one
 *
 * No lwIP here: client.below is all that lies under TLS. The pipe to a real server (port/peer.py) takes and
 * gives as little as it may, has nothing ready at every other call, or breaks at any of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "no_lwip.h"
#include "wire.h"

#include "client.h"

/* ---- The pipe ---------------------------------------------------------------- */

enum call { CONNECT, SEND, RECV, CALLS };

static struct {
    size_t piece;           /* most that send takes and recv gives; 0: as it comes */
    unsigned refusals;      /* how often each call says TWILIO_AGAIN, before it does anything */
    unsigned breaks[CALLS]; /* it breaks at the n-th of those that do something; 0: never */

    unsigned refused[CALLS], done[CALLS], again[CALLS];
    const void *offered;    /* what send has refused, which must be offered again */
    size_t offered_size;
    size_t short_sends, short_recvs;
    bool broken;
} line;

/* TWILIO_OK: do it; otherwise the result. */
static int admit(enum call call)
{
    assert_false(line.broken);
    if (line.refused[call] < line.refusals) {
        line.refused[call]++;
        line.again[call]++;
        return TWILIO_AGAIN;
    }
    line.refused[call] = 0;
    line.broken = ++line.done[call] == line.breaks[call];
    return line.broken ? (call == CONNECT ? TWILIO_ERR_CONNECT : TWILIO_ERR_RESET) : TWILIO_OK;
}

static size_t portion(size_t size)
{
    return line.piece > 0 && line.piece < size ? line.piece : size;
}

static int pipe_connect(void *context, const char *host)
{
    int result = admit(CONNECT);
    assert_string_equal(host, "api.twilio.com");
    return result == TWILIO_OK ? wire_connect(context, host) : result;
}

static int pipe_send(void *context, const void *data, size_t size)
{
    assert_true(size > 0);
    if (line.offered != NULL) {
        assert_ptr_equal(data, line.offered);
        assert_true(size >= line.offered_size);
    }
    int result = admit(SEND);
    line.offered = result == TWILIO_AGAIN ? data : NULL;
    line.offered_size = size;
    if (result != TWILIO_OK)
        return result;
    line.short_sends += portion(size) < size;
    return wire_send(context, data, portion(size));
}

static int pipe_recv(void *context, void *data, size_t size)
{
    assert_true(size > 0);
    int result = admit(RECV);
    if (result != TWILIO_OK)
        return result;
    line.short_recvs += portion(size) < size;
    return wire_recv(context, data, portion(size));
}

static void pipe_close(void *context)
{
    line.broken = false;
    line.offered = NULL;
    wire_close(context);
}

static const struct twilio_transport pipe_below = { pipe_connect, pipe_send, pipe_recv, pipe_close, &wire };

/* ---- A client ---------------------------------------------------------------- */

static struct twilio_anchor roots[2];
static const struct twilio_anchors anchors = { roots, COUNT(roots), NULL };
static const struct twilio_account account = { .sid = "AC1", .secret = "hush" };
static const struct twilio_request request = {
    .method = TWILIO_POST, .resource = "/echo",
    .params = TWILIO_PARAMS({ "Body", "Boiler room: 95 degrees" }),
};
static struct twilio_client client;
static struct twilio_answer answer;
static char memory[65536], scratch[512], content[2048];

static int load(void **unused)
{
    (void)unused;
    roots[0] = certificate("ZOO", "root");
    roots[1] = certificate("WORK", "sha1-root");
    return 0;
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    memset(&board, 0, sizeof board);
    memset(&line, 0, sizeof line);
    wire.server = "api";
    board.tick = 1;
    client = (struct twilio_client){
        .account = &account, .anchors = &anchors, .memory = memory, .memory_size = sizeof memory,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &pipe_below, .timeout = 600000,
    };
    answer = (struct twilio_answer){ .content = content, .content_size = sizeof content };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    twilio_client_close(&client);
    assert_int_equal(wire.opened, wire.closed);
    return 0;
}

/* What the server says it was asked is what was to be asked. */
static void call_succeeds(void)
{
    assert_int_equal(twilio_send(&client, &request, &answer), TWILIO_OK);
    assert_int_equal(answer.code, 200);
    assert_true(answer.committed);
    assert_memory_equal(content, "POST /echo HTTP/1.1\r\nHost: api.twilio.com\r\n", 43);
    assert_non_null(strstr(content, "\r\n\r\nBody=Boiler%20room%3A%2095%20degrees"));
}

/* ---- Tests ------------------------------------------------------------------- */

static void a_call_over_a_pipe(void **unused)
{
    (void)unused;
    call_succeeds();
    call_succeeds();
    assert_int_equal(wire.opened, 1);
}

static void a_pipe_of_small_pieces(void **unused)
{
    static const size_t pieces[] = { 1, 2, 3, 5, 7, 64, 500 };

    (void)unused;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        line.piece = pieces[i];
        line.short_sends = line.short_recvs = 0;
        call_succeeds();
        call_succeeds();
        assert_true(line.short_sends > 0 || pieces[i] >= 500);
        assert_true(line.short_recvs > 0);
        twilio_client_close(&client);
        twilio_tls_forget(&client.tls);
    }
}

static void a_pipe_that_is_never_ready_at_once(void **unused)
{
    (void)unused;
    for (unsigned refusals = 1; refusals <= 3; refusals++) {
        line.refusals = refusals;
        line.piece = refusals * 11;
        call_succeeds();
        for (enum call call = CONNECT; call < CALLS; call++) {
            assert_true(line.again[call] > 0);
            assert_true(line.again[call] >= refusals * line.done[call]);
            line.again[call] = line.done[call] = 0;
        }
        twilio_client_close(&client);
        twilio_tls_forget(&client.tls);
    }
}

/* At each call in turn. The error has its name, "not committed" is never said of a request that the
 * server got, and the next call works. Returns how many calls of that kind there were to break at. */
static unsigned breaks_at_each(enum call call, int error)
{
    bool was_committed = false;

    for (unsigned n = 1;; n++) {
        memset(&line, 0, sizeof line);
        line.piece = 700;
        line.breaks[call] = n;
        int result = twilio_send(&client, &request, &answer);
        if (result == TWILIO_OK)
            return n - 1;
        assert_int_equal(result, error);
        assert_true(answer.committed >= was_committed);
        assert_true(!answer.committed || call == RECV);
        was_committed = answer.committed;
        assert_int_equal(wire.opened + (call == CONNECT), wire.closed);
        wire.closed -= call == CONNECT;
        memset(&line, 0, sizeof line);
        call_succeeds();
        twilio_client_close(&client);
        twilio_tls_forget(&client.tls);
    }
}

static void a_pipe_that_cannot_connect(void **unused)
{
    (void)unused;
    assert_int_equal(breaks_at_each(CONNECT, TWILIO_ERR_CONNECT), 1);
}

static void a_pipe_that_breaks_in_sending(void **unused)
{
    (void)unused;
    assert_in_range(breaks_at_each(SEND, TWILIO_ERR_RESET), 3, 20);
}

static void a_pipe_that_breaks_in_receiving(void **unused)
{
    (void)unused;
    assert_in_range(breaks_at_each(RECV, TWILIO_ERR_RESET), 5, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_over_a_pipe, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pipe_of_small_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pipe_that_is_never_ready_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pipe_that_cannot_connect, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pipe_that_breaks_in_sending, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pipe_that_breaks_in_receiving, setup, teardown),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
