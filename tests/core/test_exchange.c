/*
 * test_exchange.c - the exchange over a scripted transport that fails at every call and every byte
 *
 * The transport holds the exchange to its contract as it goes: who is connected to whom, which
 * bytes are offered, what "committed" says, and that nothing waits.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#define ANSWER "HTTP/1.1 201 Created\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz"
#define BODY   "abcdefghijklmnopqrstuvwxyz"
#define SECRET "0123456789abcdef0123456789abcdef"

static const struct twilio_account account = { .sid = "AC0123456789abcdef", .secret = SECRET };
static const struct twilio_request post = {
    .account = &account, .method = TWILIO_POST, .resource = "Messages.json",
    .params = (const struct twilio_param[]){
        { "To", "+15558675310" }, { "Body", "Boiler at 95 \xC2\xB0" "C" }, { NULL, NULL }
    },
};

/* ---- The scripted transport ----------------------------------------------------------------- */

#define NO_FAULT 1    /* a fault is a transport's return value: TWILIO_AGAIN, an error, or: */
#define END      0    /* recv: the peer closed */
#define CALLS    16384

struct script {
    const char *answer;
    size_t answer_size;
    size_t send_max, recv_max;  /* bytes that one call takes or gives */
    bool kept;                  /* the first connection was open before */
    bool early;                 /* the answer comes before the request has been taken */
    bool halting;               /* every other call answers TWILIO_AGAIN */
    size_t fault_call[2];       /* call number, from 0 ... */
    int fault[2];               /* ... and what it returns */
};

enum call { NONE, CONNECT, SEND, RECV };

static struct {
    struct script script;
    bool open, opening;
    int opens, closes;
    size_t calls, taken, given;
    bool again;              /* this step was told to come again: no call may follow in it */
    int last;                /* what the last call returned */
    enum call log[CALLS];    /* which calls were made */
    const void *offered;     /* to send, when it said again */
    size_t offered_size;
} net;

static char wire[8192];
static size_t wire_size;
static char host[TWILIO_HOST_MAX + 1];
static struct twilio_exchange x;

static int finish_call(enum call call, int result)
{
    net.log[net.calls - 1] = call;
    net.last = result;
    net.again = result == TWILIO_AGAIN;
    return result;
}

/* The fault that is due at this call; NO_FAULT otherwise */
static int fault(void)
{
    size_t call = net.calls++;

    assert_false(net.again);
    assert_true(net.calls <= CALLS);
    for (size_t i = 0; i < COUNT(net.script.fault); i++) {
        if (net.script.fault[i] != NO_FAULT && net.script.fault_call[i] == call) {
            return net.script.fault[i];
        }
    }
    return net.script.halting && call % 2 == 0 ? TWILIO_AGAIN : NO_FAULT;
}

static int fake_connect(void *context, const char *to)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_string_equal(to, host);
    assert_false(net.open);
    if (!net.opening) {
        net.opening = true;
        net.opens++;
        net.taken = net.given = 0;
        net.offered = NULL;
    }
    if (result < 0) {
        return finish_call(CONNECT, result);
    }
    net.opening = false;
    net.open = true;
    return finish_call(CONNECT, net.script.kept && net.opens == 1 ? TWILIO_KEPT : TWILIO_OK);
}

static int fake_send(void *context, const void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open);
    assert_true(size > 0 && size <= wire_size - net.taken);
    check(memcmp(data, wire + net.taken, size) == 0, "bytes %zu, +%zu of the request", net.taken, size);
    if (net.offered != NULL) {
        assert_ptr_equal(data, net.offered);
        assert_int_equal(size, net.offered_size);
    }
    net.offered = NULL;
    if (result < 0) {
        net.offered = result == TWILIO_AGAIN ? data : NULL;
        net.offered_size = size;
        return finish_call(SEND, result);
    }
    size = smaller(size, net.script.send_max);
    net.taken += size;
    return finish_call(SEND, (int)size);
}

static int fake_recv(void *context, void *data, size_t size)
{
    int result = fault();

    assert_ptr_equal(context, &net);
    assert_true(net.open);
    assert_true(size > 0);
    if (result == NO_FAULT && net.taken < wire_size && !net.script.early) {
        result = TWILIO_AGAIN;  /* nobody answers what was not yet asked */
    }
    if (result <= 0) {
        finish_call(RECV, result);
        net.again = net.again && net.taken == wire_size;  /* a look at a kept connection waits for nothing */
        return result;
    }
    size = smaller(smaller(size, net.script.recv_max), net.script.answer_size - net.given);
    memcpy(data, net.script.answer + net.given, size);
    net.given += size;
    return finish_call(RECV, (int)size);
}

static void fake_close(void *context)
{
    assert_ptr_equal(context, &net);
    assert_true(net.open || net.opening);
    net.open = net.opening = false;
    net.closes++;
}

static const struct twilio_transport transport = { fake_connect, fake_send, fake_recv, fake_close, &net };

/* ---- One exchange ------------------------------------------------------------------------------ */

static char *scratch, *window;
static size_t scratch_size, window_size;
static char body[1024];
static size_t body_size;

static void memory(size_t of_scratch, size_t of_window)
{
    free(scratch);
    free(window);
    scratch_size = of_scratch;
    window_size = of_window;
    scratch = malloc(scratch_size);
    window = malloc(window_size + 1);
    assert_true(scratch != NULL && window != NULL);
}

static int release_memory(void **state)
{
    (void)state;
    free(scratch);
    free(window);
    scratch = window = NULL;
    return 0;
}

static void begin(const struct twilio_request *request, struct script script)
{
    int n = twilio_encode(request, 0, wire, sizeof wire);

    assert_true(n > 0);
    wire_size = (size_t)n;
    assert_true(twilio_host(request, host, sizeof host) > 0);
    memset(&net, 0, sizeof net);
    net.script = script;
    memset(scratch, CANARY, scratch_size);
    window[window_size] = (char)CANARY;
    memset(&x, CANARY, sizeof x);
    x.have++;  /* as if something of the answer before were left */
    x.request = request;
    x.transport = &transport;
    x.scratch = scratch;
    x.scratch_size = scratch_size;
    x.response.headers = NULL;
    x.response.body = window_size > 0 ? window : NULL;
    x.response.body_size = window_size;
    body_size = 0;
    assert_int_equal(twilio_exchange_begin(&x), TWILIO_OK);
    assert_false(x.committed);
    assert_int_equal(net.calls, 0);
    assert_true(untouched(scratch, scratch_size));
}

static void take_window(void)
{
    assert_true(x.response.body_length <= window_size);
    assert_true(body_size + x.response.body_length <= sizeof body);
    if (window_size > 0) {
        memcpy(body + body_size, window, x.response.body_length);
    }
    body_size += x.response.body_length;
    x.response.body_length = 0;
    assert_true(untouched(window + window_size, 1));
}

/* One step, held to what the transport saw */
static int step(void)
{
    size_t calls = net.calls;
    int result;

    net.again = false;
    result = twilio_exchange_step(&x);
    check(x.committed == (net.taken == wire_size), "committed %d, %zu of %zu taken", x.committed, net.taken,
          wire_size);
    if (result == TWILIO_AGAIN) {
        check(net.calls > calls && net.last == TWILIO_AGAIN, "again, of its own accord");
    }
    if (result == TWILIO_FULL) {
        assert_int_equal(x.response.body_length, window_size);
    }
    return result;
}

static bool holds(const void *memory_of, size_t size, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp((const char *)memory_of + i, text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* No eight octets of the login are left in scratch. */
static void check_clean(void)
{
    const char *value = strstr(wire, "Authorization: Basic ");
    char piece[9] = "";

    assert_non_null(value);
    for (value += strlen("Authorization: Basic "); value[7] != '\r' && value[7] != '='; value++) {
        memcpy(piece, value, 8);
        check(!holds(scratch, scratch_size, piece), "'%s' of the login is in scratch", piece);
    }
    assert_false(holds(scratch, scratch_size, "01234567"));
}

/* It is over: the connection is closed as often as it was opened, or kept; nothing goes on. */
static void check_over(int result)
{
    size_t calls = net.calls;
    bool kept = result == TWILIO_OK && x.response.reusable;
    bool committed = x.committed;

    check(net.opens - net.closes == (kept ? 1 : 0), "%d: opened %d times, closed %d times", result, net.opens,
          net.closes);
    assert_true(net.open == kept && !net.opening);
    check_clean();
    for (int i = 0; i < 3; i++) {
        int closes = net.closes;

        assert_int_equal(twilio_exchange_step(&x), result);
        assert_int_equal(net.calls, calls);
        assert_int_equal(net.closes, closes);
        assert_int_equal(x.committed, committed);
    }
}

static int run(const struct twilio_request *request, struct script script)
{
    int result;
    size_t steps = 0;

    begin(request, script);
    while ((result = step()) == TWILIO_AGAIN || result == TWILIO_FULL) {
        assert_true(++steps < 20000);
        take_window();
    }
    take_window();
    check_over(result);
    return result;
}

static struct script smooth(void)
{
    struct script s = { ANSWER, sizeof ANSWER - 1, SIZE_MAX, SIZE_MAX, false, false, false, { 0, 0 },
                        { NO_FAULT, NO_FAULT } };

    return s;
}

static void check_answered(int result)
{
    assert_int_equal(result, TWILIO_OK);
    assert_true(x.committed);
    assert_int_equal(x.response.code, 201);
    assert_int_equal(x.response.status, TWILIO_OK);
    assert_int_equal(x.response.body_total, 26);
    assert_int_equal(body_size, window_size > 0 ? 26 : 0);
    assert_memory_equal(body, BODY, body_size);
}

/* Sizes of scratch, of the window, and of what one call moves */
static const size_t sizes[][4] = {
    { 512, 64, SIZE_MAX, SIZE_MAX }, { 512, 64, 1, 1 }, { TWILIO_SCRATCH_MIN, 1, 7, 5 }, { 4000, 0, 64, 3 },
    { 128, 26, 127, SIZE_MAX }, { 128, 25, SIZE_MAX, 1 }, { 300, 27, 3, 40 }, { 102, 7, 1, SIZE_MAX },
};

static struct script script_of(const size_t size[4])
{
    struct script s = smooth();

    memory(size[0], size[1]);
    s.send_max = size[2];
    s.recv_max = size[3];
    return s;
}

/* ---- Without faults -------------------------------------------------------------------------------- */

static void nothing_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);

        for (int how = 0; how < 4; how++) {
            s.kept = how % 2 == 1;
            s.halting = how / 2 == 1;
            check_answered(run(&post, s));
            assert_int_equal(net.opens, 1);
            assert_int_equal(net.closes, 0);
        }
    }
}

/* With a transport that never makes it wait, one step is enough; each full window is one more. */
static void it_stops_only_to_wait(void **state)
{
    (void)state;
    memory(512, 64);
    begin(&post, smooth());
    assert_int_equal(step(), TWILIO_OK);
    memory(512, 10);
    begin(&post, smooth());
    assert_int_equal(step(), TWILIO_FULL);
    take_window();
    assert_int_equal(step(), TWILIO_FULL);
    take_window();
    assert_int_equal(step(), TWILIO_OK);
    assert_int_equal(x.response.body_length, 6);
}

static void a_full_window_waits(void **state)
{
    (void)state;
    memory(512, 10);
    begin(&post, smooth());
    assert_int_equal(step(), TWILIO_FULL);
    for (int i = 0; i < 3; i++) {
        size_t calls = net.calls;

        assert_int_equal(step(), TWILIO_FULL);
        assert_int_equal(net.calls, calls);
        assert_memory_equal(window, BODY, 10);
    }
    twilio_exchange_abort(&x, TWILIO_ERR_TIMEOUT);
    check_over(TWILIO_ERR_TIMEOUT);
}

static void answers_of_every_kind(void **state)
{
    static const struct {
        enum twilio_method method;
        const char *answer, *body;
        int code, result;
        bool kept;
    } table[] = {
        { TWILIO_GET, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", 200, TWILIO_OK, true },
        { TWILIO_GET, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", "hi", 200,
          TWILIO_OK, false },
        { TWILIO_GET, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", 200, TWILIO_OK, false },
        { TWILIO_GET, "HTTP/1.1 200 OK\r\n\r\nhi", "hi", 200, TWILIO_OK, false },
        { TWILIO_HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "", 200, TWILIO_OK, true },
        { TWILIO_DELETE, "HTTP/1.1 204 No Content\r\n\r\n", "", 204, TWILIO_OK, true },
        { TWILIO_PUT, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "1\r\nh\r\n1\r\ni\r\n0\r\n\r\n", "hi", 200, TWILIO_OK, true },
        /* HTTP errors and redirects are answers */
        { TWILIO_POST, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", "no", 401, TWILIO_OK,
          true },
        { TWILIO_POST, "HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n", "", 429, TWILIO_OK, true },
        { TWILIO_POST, "HTTP/1.1 500 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "", 500, TWILIO_OK,
          false },
        { TWILIO_GET, "HTTP/1.1 302 x\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n", "", 302,
          TWILIO_OK, true },
        /* no answers */
        { TWILIO_GET, "", "", 0, TWILIO_ERR_CLOSED, false },
        { TWILIO_GET, "HTTP/1.1 100 Continue\r\n\r\n", "", 0, TWILIO_ERR_CLOSED, false },
        { TWILIO_GET, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", "hi", 200, TWILIO_ERR_CLOSED, false },
        { TWILIO_GET, "<html>", "", 0, TWILIO_ERR_HTTP, false },
        { TWILIO_GET, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhi", "", 200, TWILIO_ERR_HTTP, false },
        { TWILIO_GET, "HTTP/1.1 101 x\r\n\r\n", "", 0, TWILIO_ERR_HTTP, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct twilio_request request = {
            .account = &account, .method = table[i].method, .resource = "Calls.json",
        };

        for (size_t j = 0; j < 2 * COUNT(sizes); j++) {
            struct script s = script_of(sizes[j / 2]);

            s.answer = table[i].answer;
            s.answer_size = strlen(s.answer);
            s.halting = j % 2 == 1;
            check(run(&request, s) == table[i].result, "%s", s.answer);
            assert_true(x.committed);
            assert_int_equal(net.open, table[i].kept);
            if (table[i].result == TWILIO_OK) {
                assert_int_equal(x.response.code, table[i].code);
                check(window_size == 0 || (body_size == strlen(table[i].body)
                                           && memcmp(body, table[i].body, body_size) == 0), "body of\n%s",
                                               s.answer);
            }
        }
    }
}

static void wanted_headers_come_through(void **state)
{
    char reason[16], length[4];
    struct twilio_field fields[] = { TWILIO_FIELD(":reason", reason), TWILIO_FIELD("content-LENGTH", length),
                                     TWILIO_FIELD_END };

    (void)state;
    memory(512, 64);
    begin(&post, smooth());
    x.response.headers = fields;
    assert_int_equal(twilio_exchange_begin(&x), TWILIO_OK);
    assert_int_equal(step(), TWILIO_OK);
    assert_string_equal(reason, "Created");
    assert_string_equal(length, "26");
}

/* A request of many scratchfuls, and one that a scratch holds exactly */
static void requests_of_every_size(void **state)
{
    static char text[3001];
    const struct twilio_param params[] = { { "Body", text }, { NULL, NULL } };
    const struct twilio_request request = {
        .account = &account, .method = TWILIO_POST, .resource = "Messages.json", .params = params,
    };

    (void)state;
    memset(text, ' ', 2000);
    for (size_t length = 1; length < 200; length += 13) {
        text[length] = '\0';
        for (size_t i = 0; i < COUNT(sizes); i++) {
            check_answered(run(&request, script_of(sizes[i])));
        }
        text[length] = ' ';
    }
    text[2000] = '\0';
    for (size_t i = 0; i < COUNT(sizes); i++) {
        check_answered(run(&request, script_of(sizes[i])));
    }
    for (size_t size = wire_size - 2; size <= wire_size + 2; size++) {
        memory(size, 64);
        check_answered(run(&request, smooth()));
    }
}

/* ---- Faults at every call, which with one-byte calls is every byte ----------------------------------- */

static const int faults[] = {
    TWILIO_ERR_RESET, TWILIO_ERR_TIMEOUT, TWILIO_ERR_NETWORK, TWILIO_ERR_TLS_ALERT, TWILIO_ERR_CLOSED,
};

static enum call last_call(void)
{
    return net.log[net.calls - 1];
}

/* What must come of a fault at the call that was the last one made */
static void check_fault(int result, int error)
{
    if (error == END) {
        error = TWILIO_ERR_CLOSED;
    }
    check(result == error, "%d, not %d", result, error);
    assert_int_equal(x.committed, last_call() == RECV);
    assert_int_equal(net.opens, net.closes);
}

/* A run without fault: how many calls there are, and the last one before the request is committed */
static size_t calls_without_fault(struct script s, size_t *last_send)
{
    check_answered(run(&post, s));
    for (size_t i = 0; i < net.calls; i++) {
        *last_send = net.log[i] == SEND ? i : *last_send;
    }
    assert_true(*last_send > 0);
    return net.calls;
}

static void each_call_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);
        size_t last_send = 0, calls = calls_without_fault(s, &last_send);

        for (size_t call = 0; call < calls; call++) {
            s.fault_call[0] = call;
            s.fault[0] = faults[call % COUNT(faults)];
            check_fault(run(&post, s), s.fault[0]);
            assert_int_equal(net.calls, call + 1);
            assert_int_equal(net.opens, 1);
            assert_int_equal(x.committed, call > last_send);
        }
    }
}

static void the_peer_closes_at_each_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);
        size_t last_send = 0, calls = calls_without_fault(s, &last_send);

        for (size_t call = last_send + 1; call < calls; call++) {  /* each recv */
            s.fault_call[0] = call;
            s.fault[0] = END;
            check_fault(run(&post, s), END);
            assert_int_equal(net.calls, call + 1);
        }
    }
}

static void each_call_would_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);
        size_t last_send = 0, calls = calls_without_fault(s, &last_send);

        for (size_t call = 0; call < calls; call++) {
            s.fault_call[0] = call;
            s.fault[0] = TWILIO_AGAIN;
            check_answered(run(&post, s));
            s.fault_call[1] = call + 1;  /* and again */
            s.fault[1] = TWILIO_AGAIN;
            check_answered(run(&post, s));
            s.fault[1] = faults[call % COUNT(faults)];  /* and then fails */
            check_fault(run(&post, s), s.fault[1]);
            s.fault[1] = NO_FAULT;
        }
    }
}

static void every_error_is_passed_on(void **state)
{
    (void)state;
    memory(512, 64);
    for (int error = TWILIO_ERR_RESET; error >= TWILIO_ERR_ANCHORS; error--) {
        struct script s = smooth();

        for (s.fault_call[0] = 0; s.fault_call[0] < 3; s.fault_call[0]++) {
            s.fault[0] = error;
            check_fault(run(&post, s), error);
        }
    }
}

/* ---- Connections that were open before ---------------------------------------------------------------- */

/* Dead before the last byte was taken: another connection, all from the start, and no word of it */
static void a_stale_connection_is_replaced(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);
        size_t last_send = 0, calls;

        s.kept = true;
        calls = calls_without_fault(s, &last_send);
        for (size_t call = 1; call <= last_send; call++) {
            bool look = net.log[call] == RECV;  /* may be the peer's end, too; then it is no wait */

            s.fault_call[0] = call;
            s.fault[0] = look && call % 2 == 1 ? END : faults[call % COUNT(faults)];
            check_answered(run(&post, s));
            assert_int_equal(net.opens, 2);
            assert_int_equal(net.closes, 1);
            /* would-block first */
            s.fault[1] = look ? NO_FAULT : s.fault[0];
            s.fault_call[1] = call + 1;
            s.fault[0] = TWILIO_AGAIN;
            check_answered(run(&post, s));
            assert_int_equal(net.opens, look ? 1 : 2);
            s.fault[1] = NO_FAULT;
        }
        /* after it: never */
        for (size_t call = last_send + 1; call < calls; call++) {
            s.fault_call[0] = call;
            s.fault[0] = call % 2 == 0 ? TWILIO_ERR_RESET : END;
            check_fault(run(&post, s), s.fault[0]);
            assert_int_equal(net.opens, 1);
        }
    }
}

/* What nobody asked for came on it while it was idle: a late answer, or an announced end. */
static void a_kept_connection_with_something_on_it_is_replaced(void **state)
{
    struct script s = smooth();

    (void)state;
    memory(512, 64);
    s.kept = s.early = true;
    check_answered(run(&post, s));
    assert_int_equal(net.opens, 2);
    assert_int_equal(net.closes, 1);
}

static void replaced_once_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct script s = script_of(sizes[i]);

        s.kept = true;
        for (size_t first = 1; first < 5; first++) {
            size_t calls;

            s.fault_call[0] = first;
            s.fault[0] = TWILIO_ERR_RESET;
            s.fault[1] = NO_FAULT;
            if (run(&post, s) != TWILIO_OK) {
                break;  /* so many sends there are not */
            }
            calls = net.calls;
            /* where calls are many, they are alike: not every pair of them */
            for (size_t second = first + 1; second < calls; second += 1 + calls / 100) {
                s.fault_call[1] = second;
                s.fault[1] = faults[second % COUNT(faults)];
                check_fault(run(&post, s), s.fault[1]);
                assert_int_equal(net.opens, 2);
                assert_int_equal(net.calls, second + 1);
                s.fault[1] = TWILIO_AGAIN;
                check_answered(run(&post, s));
                assert_int_equal(net.opens, 2);
            }
        }
    }
}

/* Bytes that nobody asked for follow the answer: what comes next cannot be told from them. */
static void a_connection_with_more_on_it_is_not_kept(void **state)
{
    (void)state;
    memory(512, 64);
    for (size_t extra = 1; extra < 4; extra++) {
        struct script s = smooth();

        s.answer = ANSWER "HTTP/1.1 200 OK\r\n";
        s.answer_size += extra;
        begin(&post, s);
        assert_int_equal(step(), TWILIO_OK);
        assert_int_equal(x.response.code, 201);
        assert_false(net.open);
        assert_int_equal(net.closes, 1);
        assert_int_equal(twilio_exchange_step(&x), TWILIO_OK);
        assert_int_equal(net.closes, 1);
    }
}

/* The server answers before it has read all: the request goes on to its end, then the answer counts. */
static void an_early_answer(void **state)
{
    (void)state;
    memory(512, 64);
    for (size_t call = 1; call <= 3; call++) {
        struct script s = smooth();

        s.early = true;
        s.answer = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        s.answer_size = strlen(s.answer);
        s.send_max = 100;
        assert_int_equal(run(&post, s), TWILIO_OK);
        assert_int_equal(x.response.code, 413);
        assert_true(x.committed);
        assert_false(net.open);
        /* it hangs up on the request: not committed, and never mistaken for an answer to all of it */
        s.fault_call[0] = call;
        s.fault[0] = TWILIO_ERR_RESET;
        assert_true(run(&post, s) <= TWILIO_AGAIN || x.response.code == 413);
        assert_false(x.committed);
    }
}

/* ---- Giving up ------------------------------------------------------------------------------ */

static void abort_at_every_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
        struct script s = script_of(sizes[i / 2]);
        bool over = false;

        s.halting = true;
        s.kept = i % 2 == 1;
        for (size_t steps = 0; !over; steps++) {
            bool committed, kept;

            begin(&post, s);
            for (size_t j = 0; j < steps && !over; j++) {
                over = step() == TWILIO_OK;
                take_window();
            }
            committed = x.committed;
            kept = over && x.response.reusable;
            twilio_exchange_abort(&x, TWILIO_ERR_TIMEOUT);
            assert_int_equal(x.committed, committed);
            assert_int_equal(net.opens - net.closes, kept);
            check_clean();
            if (!over) {
                check_over(TWILIO_ERR_TIMEOUT);
                twilio_exchange_abort(&x, TWILIO_ERR_TIMEOUT);  /* twice is not two closes */
                check_over(TWILIO_ERR_TIMEOUT);
            }
        }
    }
}

static void abort_before_anything(void **state)
{
    (void)state;
    memory(512, 64);
    begin(&post, smooth());
    twilio_exchange_abort(&x, TWILIO_ERR_NETWORK);
    assert_int_equal(net.opens + net.closes, 0);
    assert_int_equal(twilio_exchange_step(&x), TWILIO_ERR_NETWORK);
    assert_int_equal(net.calls, 0);
    assert_false(x.committed);
}

static void abort_after_a_failure(void **state)
{
    struct script s = smooth();

    (void)state;
    memory(512, 64);
    s.fault_call[0] = 1;
    s.fault[0] = TWILIO_ERR_RESET;
    assert_int_equal(run(&post, s), TWILIO_ERR_RESET);
    twilio_exchange_abort(&x, TWILIO_ERR_TIMEOUT);
    assert_int_equal(net.closes, 1);
    assert_true(twilio_exchange_step(&x) < TWILIO_AGAIN);
    assert_int_equal(net.calls, 2);
}

/* An exchange that is over can be begun anew; the connection may have been kept. */
static void one_after_another(void **state)
{
    (void)state;
    memory(200, 5);
    for (int i = 0; i < 5; i++) {
        struct script s = smooth();

        s.kept = i > 0;
        check_answered(run(&post, s));
        assert_int_equal(net.closes, 0);
    }
}

/* ---- Mistakes ------------------------------------------------------------------------------- */

static void check_refused(int error)
{
    assert_int_equal(twilio_exchange_begin(&x), error);
    assert_int_equal(net.calls, 0);
    assert_true(untouched(scratch, scratch_size));
    assert_int_equal(twilio_exchange_step(&x), error);
    assert_int_equal(net.calls, 0);
    assert_int_equal(net.closes, 0);
    assert_true(untouched(scratch, scratch_size));
    assert_false(x.committed);
}

static void mistakes(void **state)
{
    static const struct twilio_account odd = { .sid = "A C", .key = "SK1", .secret = "x" };
    static const struct twilio_request bad = { .account = &odd, .method = TWILIO_GET, .resource = "Calls" };
    static const struct twilio_request no_resource = {
        .account = &account, .method = TWILIO_GET, .resource = NULL,
    };
    char text[4];
    struct twilio_field fields[] = { FIELD("x", text, 0), TWILIO_FIELD_END };

    (void)state;
    memory(512, 64);
    assert_int_equal(twilio_exchange_begin(NULL), TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.request = NULL;
    check_refused(TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.transport = NULL;
    check_refused(TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.scratch = NULL;
    check_refused(TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.response.body_size = 0;
    check_refused(TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.response.headers = fields;
    check_refused(TWILIO_ERR_ARGUMENT);
    begin(&post, smooth());
    x.scratch_size = TWILIO_SCRATCH_MIN - 1;
    check_refused(TWILIO_ERR_SIZE);
    begin(&post, smooth());
    x.scratch_size = 1;
    check_refused(TWILIO_ERR_SIZE);
    begin(&post, smooth());
    x.request = &bad;
    check_refused(TWILIO_ERR_ACCOUNT);
    begin(&post, smooth());
    x.request = &no_resource;
    check_refused(TWILIO_ERR_RESOURCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_fails),
        cmocka_unit_test(it_stops_only_to_wait),
        cmocka_unit_test(a_full_window_waits),
        cmocka_unit_test(answers_of_every_kind),
        cmocka_unit_test(wanted_headers_come_through),
        cmocka_unit_test(requests_of_every_size),
        cmocka_unit_test(each_call_fails),
        cmocka_unit_test(the_peer_closes_at_each_call),
        cmocka_unit_test(each_call_would_block),
        cmocka_unit_test(every_error_is_passed_on),
        cmocka_unit_test(a_stale_connection_is_replaced),
        cmocka_unit_test(a_kept_connection_with_something_on_it_is_replaced),
        cmocka_unit_test(replaced_once_only),
        cmocka_unit_test(a_connection_with_more_on_it_is_not_kept),
        cmocka_unit_test(an_early_answer),
        cmocka_unit_test(abort_at_every_step),
        cmocka_unit_test(abort_before_anything),
        cmocka_unit_test(abort_after_a_failure),
        cmocka_unit_test(one_after_another),
        cmocka_unit_test(mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, release_memory);
}
