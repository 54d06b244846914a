/*
 * test_links.c - exchanges over bad lines: recovered or reported, and nothing leaks
 *
 *     test_links [EXCHANGES [SEED]]     so many in the soak
 *
 * The tests are one story, told in order: lwIP starts once in a process. Whatever the line does, of
 * each exchange holds what judge() asserts; and after each kind of line an exchange over a good one
 * succeeds, and lwIP and the arena have all they had at first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "board.h"
#include "client.h"
#include "far/far.h"
#include "faults.h"
#include "left.h"
#include "link.h"
#include "network.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECONDS      1000
#define SETTLE       (400 * SECONDS) /* all that is open or on its way is gone by then */
#define RESULTS      64

static uint32_t seed = 1;
static unsigned exchanges = 10000;

/* One kind of line after the other; what they are told and what they came to. */
static struct {
    const char *what;
    bool tricked;                   /* TLS, too, may find that something is wrong */
    bool reached;                   /* no frame is lost: the far end is always reached */
    unsigned made, twice, results[RESULTS];
    uint32_t worst;                 /* milliseconds of the longest exchange */
    uint32_t begun;                 /* the exchange that is on */
    unsigned number;                /* of the next exchange, in all of the story */
    uint8_t committed[FAR_NUMBERS];
} story;

static void report(void)
{
    print_message("%-30s %5u exchanges: %5u answered, %u twice, longest %6.2f s", story.what, story.made,
                  story.results[0], story.twice, story.worst / 1e3);
    for (int i = 1; i < RESULTS; i++)
        if (story.results[i] != 0)
            print_message(", %u %.*s", story.results[i],
                          (int)strcspn(twilio_explain(-i), ":"), twilio_explain(-i));
    print_message("\n");
}

#define check(condition, ...) \
    do { \
        if (!(condition)) { \
            print_message("%s, seed %u, exchange %u: ", story.what, (unsigned)seed, story.number); \
            print_message(__VA_ARGS__); \
            print_message("\n"); \
            report(); \
            fail(); \
        } \
    } while (0)

static struct far far_end = { .send = link_send_down, .address = 15, .lease = 86400 };

static void pass(uint32_t milliseconds)
{
    twilio_network_wait(milliseconds);
}

/* Milliseconds of the exchange that is on. */
static uint32_t passed(void)
{
    return board_millis() - story.begun;
}

/* ---- The client -------------------------------------------------------------- */

static struct twilio_anchor root;
static const struct twilio_anchors anchors = { &root, 1, NULL };
static const struct twilio_account account = { .sid = "AC1", .secret = "secret" };
static uint8_t memory[TWILIO_ARENA_MIN];
static char scratch[512];
static struct twilio_client client = {
    .account = &account, .anchors = &anchors, .memory = memory, .memory_size = sizeof memory,
    .scratch = scratch, .scratch_size = sizeof scratch
};

static bool is_open(void)
{
    return client.tls.connection != NULL;
}

/* The answer to the next exchange leaves the connection open. */
static void skip_last_ones(void)
{
    while (story.number % 7 == 6)
        story.number++;
}

/* Without a connection; a session may be left. */
static void close_client(void)
{
    twilio_client_close(&client);
}

/* With neither. */
static void close_and_forget(void)
{
    close_client();
    twilio_tls_forget(&client.tls);
}

/* ---- What each exchange must come to ------------------------------------------ */

static struct left whole;
static size_t arena_empty, arena_open;  /* bytes taken: by nothing; by an open connection, at most */

struct request {
    char number[8], text[FAR_TEXT + 1];
    struct twilio_param params[3];
};

static void make_request(struct request *r, unsigned number)
{
    size_t size = far_request_size(number);

    (void)snprintf(r->number, sizeof r->number, "%u", number % FAR_NUMBERS);
    for (size_t i = 0; i < size; i++)
        r->text[i] = far_letter(number, i);
    r->text[size] = '\0';
    r->params[0] = (struct twilio_param){ "Number", r->number };
    r->params[1] = (struct twilio_param){ "Text", r->text };
    r->params[2] = (struct twilio_param){ NULL, NULL };
}

struct outcome {
    int result, code;
    bool committed;
    enum twilio_phase phase;
    size_t length;
    char content[FAR_ANSWER + 1];
};

static bool is_named(int result)
{
    switch (result) {
    case TWILIO_ERR_RESET:
    case TWILIO_ERR_TIMEOUT:
    case TWILIO_ERR_CLOSED:
        return true;
    case TWILIO_ERR_NETWORK:
    case TWILIO_ERR_DNS:
    case TWILIO_ERR_CONNECT:
        return !story.reached;
    case TWILIO_ERR_TLS:
    case TWILIO_ERR_TLS_ALERT:
    case TWILIO_ERR_TLS_MISMATCH:
    case TWILIO_ERR_RECORD:
    case TWILIO_ERR_UNTRUSTED:
        return story.tricked;
    default:
        return false;
    }
}

static void judge_answer(const struct outcome *o, unsigned number)
{
    size_t size = far_answer_size(number);

    check(o->code == 201 && o->committed && far_end.seen[number] == 1, "code %d, committed %d, seen %u",
          o->code, o->committed, far_end.seen[number]);
    check(o->length == size, "%zu bytes of %zu", o->length, size);
    for (size_t i = 0; i < size; i++)
        check(o->content[i] == far_letter(number + 1, i), "octet %zu", i);
}

/* No matter what became of the exchange, nothing is left of it but the connection that is kept. */
static void judge_remains(const struct outcome *o)
{
    int open = is_open() ? 1 : 0;

    check(o->result == TWILIO_OK || open == 0, "a connection is open after an error");
    check(left_sockets_in_use(&whole) == open && fault_open() == open,
          "%d sockets and %d descriptors, not %d", left_sockets_in_use(&whole), fault_open(), open);
    check(left_udp_in_use(&whole) == 0, "DNS is still asked");
    check(client.arena.used <= (open ? arena_open : arena_empty + TWILIO_TLS_SESSION_MAX), "arena: %zu",
          client.arena.used);
}

/* What is said to have been carried out, perhaps, was on its way at least; what is said not to have been, was
 * not. */
static void judge_commitment(const struct outcome *o, unsigned number)
{
    bool nowhere = o->result == TWILIO_ERR_DNS || o->result == TWILIO_ERR_CONNECT ||
                   o->result == TWILIO_ERR_NETWORK ||
                   (o->result == TWILIO_ERR_TIMEOUT && o->phase < TWILIO_PHASE_FIRST_BYTE);

    check(!o->committed || !nowhere, "committed, in phase %d: %s", o->phase, twilio_explain(o->result));
    check(o->committed || far_end.seen[number] == 0, "was carried out");
    check(far_end.seen[number] <= 1, "was carried out %u times", far_end.seen[number]);
}

/* Whatever the line does: a right answer, or a named error, in time. */
static void judge(const struct outcome *o, unsigned number, uint32_t took, uint32_t timeout)
{
    story.committed[number] = o->committed;
    story.results[-o->result]++;
    story.twice += far_end.seen[number] > 1;
    story.made++;
    if (took > story.worst)
        story.worst = took;
    check(took <= timeout + LINK_IDLE, "took %u ms", (unsigned)took);
    if (o->result == TWILIO_OK)
        judge_answer(o, number);
    else
        check(is_named(o->result), "not to be expected: %s", twilio_explain(o->result));
    judge_commitment(o, number);
    check(far_end.spoiled == 0, "came in as something else");
    judge_remains(o);
}

/* ---- Exchanges ---------------------------------------------------------------- */

static void conclude(struct outcome *o, const struct twilio_answer *answer, unsigned number, uint32_t timeout)
{
    o->code = answer->code;
    o->committed = answer->committed;
    o->phase = answer->phase;
    o->length = answer->length;
    judge(o, number, passed(), timeout);
}

static int exchange(uint32_t timeout)
{
    unsigned number = story.number++ % FAR_NUMBERS;
    struct request request;
    struct outcome o = { 0 };
    struct twilio_answer answer = { .content = o.content, .content_size = sizeof o.content };

    make_request(&request, number);
    client.timeout = timeout;
    story.begun = board_millis();
    o.result = twilio_post(&client, "Messages.json", request.params, &answer);
    conclude(&o, &answer, number, timeout);
    return o.result;
}

#define LINGER 300  /* milliseconds from the last step to giving up, at most */

/* By steps, of an application that has had enough after a while: at any moment. */
static void exchange_given_up(uint32_t patience)
{
    unsigned number = story.number++ % FAR_NUMBERS;
    struct request request;
    struct outcome o = { 0 };
    struct twilio_answer answer = { .content = o.content, .content_size = sizeof o.content };
    struct twilio_sending sending;
    struct twilio_request post = {
        .method = TWILIO_POST, .resource = "Messages.json", .params = request.params
    };

    make_request(&request, number);
    client.timeout = 60 * SECONDS;
    story.begun = board_millis();
    assert_int_equal(twilio_send_begin(&client, &post, &answer, &sending), TWILIO_OK);
    while ((o.result = twilio_send_step(&sending)) == TWILIO_AGAIN && passed() < patience)
        twilio_network_wait(1);
    if (o.result == TWILIO_AGAIN) {
        twilio_network_wait(link_random(LINGER));
        twilio_send_cancel(&sending);
        o.result = twilio_send_step(&sending);
    }
    conclude(&o, &answer, number, patience + LINGER + LINK_IDLE);
}

/* ---- What must be there in the end -------------------------------------------- */

/* Of requests that were on their way, those that ever arrive have. */
static void check_commitments(void)
{
    for (unsigned i = 0; i < FAR_NUMBERS; i++) {
        check(story.committed[i] || far_end.seen[i] == 0, "%u was carried out later", i);
        check(far_end.seen[i] <= 1, "%u was carried out %u times", i, far_end.seen[i]);
    }
}

static void check_all_given_back(void)
{
    const char *missing;

    close_and_forget();
    check(client.arena.used == arena_empty, "arena: %zu bytes, not %zu", client.arena.used, arena_empty);
    pass(SETTLE);
    missing = left_missing(&whole);
    check(missing == NULL, "not all given back: %s", missing);
    check(left_pcbs() == 0, "%u connections are left", left_pcbs());
    check(far_end.connections == 0, "the far end has %u connections", far_end.connections);
    check_commitments();
}

static void heal(void)
{
    memset(&wire.faults, 0, sizeof wire.faults);
    wire.cable = true;
    wire.gone = false;
    wire.mtu = 1500;
    wire.meddle = NULL;
    far_end.stall = 0;
}

static void begin(const char *what)
{
    heal();
    story.what = what;
    story.tricked = story.reached = false;
    story.made = story.twice = story.worst = 0;
    memset(story.results, 0, sizeof story.results);
    memset(&wire.count, 0, sizeof wire.count);
}

/* Whatever it was, once the line is good again so is all the rest. */
static void finish(void)
{
    report();
    heal();
    pass(5 * SECONDS);  /* the cable is seen, DHCP asked */
    check(exchange(30 * SECONDS) == TWILIO_OK, "no exchange afterwards");
    check_all_given_back();
}

/* ---- Lines that are bad all the time ------------------------------------------- */

struct kind {
    const char *what;
    struct link_faults faults;
    size_t mtu;
    unsigned exchanges;
    uint32_t timeout;
    unsigned least;  /* percent of them that are answered at least */
};

static void check_faults(const struct link_faults *f)
{
    check(f->loss == 0 || wire.count.lost > 10, "but nothing was lost");
    check(f->reorder == 0 || wire.count.reordered > 10, "but all was in order");
    check(f->duplicate == 0 || wire.count.duplicated > 10, "but nothing came twice");
    check(f->corrupt == 0 || wire.count.corrupted > 10, "but nothing was corrupted");
    check(f->cunning == 0 || wire.count.tricked > 10, "but nothing was exchanged");
    check(wire.count.too_long == 0, "%u packets were too long", wire.count.too_long);
}

/* On connections that are kept, that resume a session, and that are all new. */
static void exchanges_over(const struct kind *kind)
{
    begin(kind->what);
    wire.faults = kind->faults;
    wire.mtu = kind->mtu;
    story.tricked = kind->faults.cunning != 0;
    story.reached = kind->faults.loss == 0 && kind->faults.corrupt == 0;
    for (unsigned i = 0; i < kind->exchanges; i++) {
        (void)exchange(kind->timeout);
        if (i % 4 == 1)
            close_client();
        else if (i % 4 == 3)
            close_and_forget();
    }
    check_faults(&kind->faults);
    check(story.results[-TWILIO_ERR_DNS] * 50 <= story.made, "DNS is repeated more often than that");
    check(story.results[0] * 100 >= kind->least * story.made, "too few answers: %u of %u", story.results[0],
          story.made);
    finish();
}

static void bad_lines(void **state)
{
    static const struct kind kinds[] = {
        { "a good line", { 0 }, 1500, 80, 10 * SECONDS, 100 },
        { "packets of 576 bytes", { 0 }, 576, 80, 10 * SECONDS, 100 },
        { "20 % loss", { .loss = 20 }, 1500, 80, 120 * SECONDS, 80 },
        { "reordering", { .reorder = 30, .jitter = 20 }, 1500, 80, 60 * SECONDS, 100 },
        { "duplication", { .duplicate = 30 }, 1500, 80, 60 * SECONDS, 100 },
        { "corruption of bits", { .corrupt = 10 }, 1500, 80, 120 * SECONDS, 90 },
        { "corruption that only TLS sees", { .cunning = 2 }, 1500, 160, 60 * SECONDS, 20 },
        { "round trips of 2 s", { .delay = 1000 }, 1500, 12, 60 * SECONDS, 100 },
        { "round trips of 30 s", { .delay = 15000 }, 1500, 6, 400 * SECONDS, 0 },
        { "all of it", { 5, 10, 10, 5, 0, 150, 300 }, 576, 60, 120 * SECONDS, 80 },
        { "all of it, and cunning", { 5, 10, 10, 5, 2, 50, 100 }, 576, 160, 120 * SECONDS, 40 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        exchanges_over(&kinds[i]);
}

/* ---- Lines that change under way ------------------------------------------------ */

/* A round trip of 30 s is no hindrance once there is a connection. */
static void far_away_while_connected(void **state)
{
    (void)state;
    begin("30 s, once connected");
    for (int i = 0; i < 8; i++) {
        wire.faults.delay = i == 0 ? 0 : 15 * SECONDS;
        skip_last_ones();
        check(exchange(400 * SECONDS) == TWILIO_OK, "no answer");
    }
    finish();
}

static void flap(void)
{
    wire.cable = passed() % 3000 < 2000;
}

/* The cable is out a second of every three, and the answer takes ten. */
static void cable_that_flaps(void **state)
{
    (void)state;
    begin("a cable that flaps");
    far_end.stall = 10 * SECONDS;
    wire.meddle = flap;
    for (int i = 0; i < 20; i++)
        (void)exchange(120 * SECONDS);
    check(story.results[0] >= 16, "%u answered", story.results[0]);
    finish();
}

static uint32_t moment;  /* of the exchange, in milliseconds, when it happens */

static void pull(void)
{
    wire.cable = passed() < moment;
}

static void disappear(void)
{
    wire.gone = passed() >= moment;
}

/* Each at every moment of an exchange, in which nothing takes less than 5 ms. */
static void lost_for_good(const char *what, void (*meddle)(void))
{
    begin(what);
    for (moment = 0; moment < 80; moment += 2) {
        heal();
        pass(5 * SECONDS);
        close_client();
        wire.faults.delay = 5;
        wire.meddle = meddle;
        (void)exchange(30 * SECONDS);
    }
    check(story.results[0] > 0 && story.results[0] < story.made, "%u answered", story.results[0]);
    finish();
}

static void cable_pulled(void **state)
{
    (void)state;
    lost_for_good("a cable pulled", pull);
}

static void gateway_gone(void **state)
{
    (void)state;
    lost_for_good("a gateway gone", disappear);
}

static void come_back(void)
{
    wire.gone = passed() > moment && passed() < 20 * SECONDS;
}

static void gateway_gone_for_a_while(void **state)
{
    (void)state;
    begin("a gateway gone for 20 s");
    for (moment = 10; moment < 100; moment += 10) {
        close_client();
        wire.faults.delay = 5;
        wire.meddle = come_back;
        (void)exchange(120 * SECONDS);
    }
    check(story.results[0] >= 7, "%u answered", story.results[0]);
    finish();
}

/* ---- Given up at any moment ------------------------------------------------------ */

/* Whether the request is a bit longer than the device's send buffer: its last record waits, half sent. */
static bool waits(unsigned number)
{
    return far_request_size(number) > 700 && far_request_size(number) < 1400;
}

/* What is said not to have been sent must not be completed by what still is, in the course of giving up. */
static void given_up(void **state)
{
    (void)state;
    begin("given up at any moment");
    for (unsigned i = 0; i < 1000; i++) {
        while (i % 2 == 0 && !waits(story.number))
            story.number++;
        wire.faults = (struct link_faults){ .delay = 5 + link_random(100), .jitter = link_random(100),
                                            .loss = i % 4 == 3 ? 10 : 0 };
        exchange_given_up(link_random(i % 4 == 1 ? 3000 : 1000));
    }
    check(story.results[0] > 100 && story.results[-TWILIO_ERR_CLOSED] > 100, "%u answered", story.results[0]);
    finish();
    check(story.results[-TWILIO_ERR_NETWORK] == 0, "the dead take the place of the living");
}

/* ---- Addresses -------------------------------------------------------------------- */

static uint8_t own_address(void)
{
    return (uint8_t)(twilio_network_address() >> 24);
}

static void use_lease(uint8_t address, uint32_t seconds)
{
    far_end.address = address;
    far_end.lease = seconds;
    wire.cable = false;
    pass(1 * SECONDS);
    wire.cable = true;
    pass(20 * SECONDS);
    check(twilio_network_up() && own_address() == address, "address %u", own_address());
}

/* An answer that takes longer than the lease, which is renewed meanwhile. */
static void lease_renewed(void **state)
{
    (void)state;
    begin("a lease renewed under way");
    use_lease(15, 240);
    far_end.leases = 0;
    far_end.stall = 300 * SECONDS;
    assert_int_equal(exchange(600 * SECONDS), TWILIO_OK);
    check(far_end.leases >= 2, "%u leases", far_end.leases);
    finish();
    use_lease(15, 86400);
}

/* The renewal is refused, another address given: the connections of the old one are lost. */
static void address_changed(void **state)
{
    (void)state;
    begin("an address changed under way");
    use_lease(15, 240);
    far_end.refusals = 0;
    for (unsigned i = 1; i <= 3; i++) {
        far_end.stall = 300 * SECONDS;
        far_end.address++;
        check(exchange(400 * SECONDS) == TWILIO_ERR_RESET, "no reset");
        check(far_end.refusals == i && own_address() == far_end.address, "address %u", own_address());
        far_end.stall = 0;
        check(exchange(30 * SECONDS) == TWILIO_OK, "no exchange from the new address");
    }
    finish();
    use_lease(15, 86400);
}

/* A connection kept over the change of address is replaced, and nobody is told. */
static void address_changed_between(void **state)
{
    (void)state;
    begin("an address changed between");
    assert_int_equal(exchange(30 * SECONDS), TWILIO_OK);
    use_lease(20, 86400);
    assert_int_equal(exchange(30 * SECONDS), TWILIO_OK);
    use_lease(15, 86400);
    finish();
}

/* ---- Socket calls that fail --------------------------------------------------------- */

#define OK      TWILIO_OK
#define NETWORK TWILIO_ERR_NETWORK
#define CONNECT TWILIO_ERR_CONNECT
#define RESET   TWILIO_ERR_RESET
#define TIMEOUT TWILIO_ERR_TIMEOUT

static const struct fault faults[] = {
    { FAULT_SOCKET, FAULT_ONCE, ENFILE, NETWORK },      { FAULT_SOCKET, FAULT_ONCE, EMFILE, NETWORK },
    { FAULT_SOCKET, FAULT_ONCE, ENOBUFS, NETWORK },     { FAULT_SOCKET, FAULT_ONCE, ENOMEM, NETWORK },
    { FAULT_SOCKET, FAULT_ONCE, EACCES, NETWORK },      { FAULT_SOCKET, FAULT_FOR_EVER, ENFILE, NETWORK },

    { FAULT_FCNTL, FAULT_ONCE, EBADF, NETWORK },        { FAULT_FCNTL, FAULT_ONCE, EINVAL, NETWORK },
    { FAULT_FCNTL, FAULT_ONCE, ENOSYS, NETWORK },       { FAULT_FCNTL, FAULT_ONCE, EIO, NETWORK },
    { FAULT_FCNTL, FAULT_ONCE, EPERM, NETWORK },        { FAULT_FCNTL, FAULT_FOR_EVER, EBADF, NETWORK },

    { FAULT_CONNECT, FAULT_ONCE, ECONNRESET, CONNECT }, { FAULT_CONNECT, FAULT_ONCE, ECONNABORTED, CONNECT },
    { FAULT_CONNECT, FAULT_ONCE, ETIMEDOUT, CONNECT },  { FAULT_CONNECT, FAULT_ONCE, EHOSTUNREACH, NETWORK },
    { FAULT_CONNECT, FAULT_ONCE, ENOMEM, NETWORK },     { FAULT_CONNECT, FAULT_ONCE, ENOBUFS, NETWORK },
    { FAULT_CONNECT, FAULT_STORM, EALREADY, OK },
    { FAULT_CONNECT, FAULT_FOR_EVER, EALREADY, TIMEOUT },

    { FAULT_SEND, FAULT_ONCE, ECONNRESET, RESET },      { FAULT_SEND, FAULT_ONCE, ECONNABORTED, RESET },
    { FAULT_SEND, FAULT_ONCE, ENOTCONN, RESET },        { FAULT_SEND, FAULT_ONCE, EHOSTUNREACH, RESET },
    { FAULT_SEND, FAULT_ONCE, ENOMEM, RESET },          { FAULT_SEND, FAULT_ONCE, ENOBUFS, RESET },
    { FAULT_SEND, FAULT_STORM, EWOULDBLOCK, OK },       { FAULT_SEND, FAULT_FOR_EVER, EWOULDBLOCK, TIMEOUT },
    { FAULT_SEND, FAULT_ONE_BYTE, 0, OK },

    { FAULT_RECV, FAULT_ONCE, ECONNRESET, RESET },      { FAULT_RECV, FAULT_ONCE, ECONNABORTED, RESET },
    { FAULT_RECV, FAULT_ONCE, ENOTCONN, RESET },        { FAULT_RECV, FAULT_ONCE, ENOMEM, RESET },
    { FAULT_RECV, FAULT_STORM, EWOULDBLOCK, OK },       { FAULT_RECV, FAULT_FOR_EVER, EWOULDBLOCK, TIMEOUT },
    { FAULT_RECV, FAULT_ONE_BYTE, 0, OK },              { FAULT_RECV, FAULT_END, 0, TWILIO_ERR_CLOSED },

    { FAULT_CLOSE, FAULT_ONCE, EBADF, OK },             { FAULT_CLOSE, FAULT_ONCE, EIO, OK },
    { FAULT_CLOSE, FAULT_ONCE, EINTR, OK },             { FAULT_CLOSE, FAULT_ONCE, ENOTCONN, OK },
    { FAULT_CLOSE, FAULT_ONCE, ENOBUFS, OK },           { FAULT_CLOSE, FAULT_FOR_EVER, EBADF, OK },
};

enum start { RESUMED, FULL, KEPT, STARTS };
static const char *const start_names[STARTS] = { "resumed", "full", "kept" };

/* The next exchange begins so, and its answer leaves the connection open. */
static void prepare(enum start start)
{
    skip_last_ones();
    if (!is_open())
        check(exchange(30 * SECONDS) == TWILIO_OK, "no exchange");
    skip_last_ones();
    if (start == FULL) {
        close_and_forget();
        pass(2 * SECONDS);  /* what DNS said is good for one */
    } else if (start == RESUMED) {
        close_client();
    }
}

/* What fails on a connection that was kept, or at an address that was known, is mended by another, unless
 * the request is committed; where all is new there is no other. */
static bool as_expected(const struct fault *fault, enum start start, int result, bool committed)
{
    if (result == fault->expected)
        return result == TWILIO_OK || start != KEPT || committed || fault->manner == FAULT_FOR_EVER;
    return result == TWILIO_OK && start != FULL &&
           (fault->manner == FAULT_ONCE || fault->manner == FAULT_END);
}

/* False: there is no such occurrence in an exchange that begins so. */
static bool fail_call(const struct fault *fault, enum start start, unsigned occurrence)
{
    unsigned number;
    bool happened;
    int result;

    prepare(start);
    fault_at(fault, occurrence);
    number = story.number;
    result = exchange(30 * SECONDS);
    if (fault->call == FAULT_CLOSE)
        close_client();
    happened = fault_happened();
    fault_at(NULL, 0);
    check(happened ? as_expected(fault, start, result, story.committed[number]) : result == TWILIO_OK,
          "%s, %s, call %u, errno %d: %s", start_names[start], fault_names[fault->call], occurrence,
          fault->error, twilio_explain(result));
    check(exchange(30 * SECONDS) == TWILIO_OK, "the next fails");
    return happened;
}

static void every_call_fails_every_way(void **state)
{
    unsigned most[FAULT_CALLS] = { 0 };

    (void)state;
    begin("socket calls that fail");
    for (const struct fault *fault = faults; fault < faults + COUNT(faults); fault++) {
        for (enum start start = RESUMED; start < STARTS; start++) {
            unsigned occurrence = 1;
            while (fail_call(fault, start, occurrence))
                occurrence++;
            if (occurrence - 1 > most[fault->call])
                most[fault->call] = occurrence - 1;
        }
    }
    for (enum fault_call call = 0; call < FAULT_CALLS; call++)
        check(most[call] > 0, "%s was not called", fault_names[call]);
    finish();
}

/* ---- Soak --------------------------------------------------------------------------- */

static uint32_t returns_at;

static void disappear_for_a_while(void)
{
    wire.gone = passed() >= moment && passed() < returns_at;
}

static void flap_for_a_while(void)
{
    wire.cable = passed() < moment || passed() >= returns_at;
}

static void make_line(void)
{
    bool bad = link_random(10) == 0, meddled = link_random(50) == 0;

    wire.faults = !bad ? (struct link_faults){ 0 } : (struct link_faults){
        .loss = link_random(20), .reorder = link_random(30), .duplicate = link_random(30),
        .corrupt = link_random(10), .cunning = link_random(10) == 0 ? 1 : 0,
        .delay = link_random(300), .jitter = link_random(100)
    };
    wire.mtu = link_random(2) == 0 ? 576 : 1500;
    wire.meddle = !meddled ? NULL : link_random(2) == 0 ? disappear_for_a_while : flap_for_a_while;
    moment = link_random(40);
    returns_at = moment + link_random(20 * SECONDS);
}

/* Most connections are kept; some are not, or are lost between two exchanges. */
static void change_connection(void)
{
    uint32_t lot = link_random(1000);

    wire.cable = true;
    wire.gone = false;
    if (lot < 10)
        close_and_forget();
    else if (lot < 100)
        close_client();
    else if (lot < 103)
        pass(200 * SECONDS);  /* the far end ends it */
    else if (lot < 105)
        use_lease((uint8_t)(15 + link_random(100)), 86400);
}

/* Once nothing is on its way any more: as many numbers as one likes. */
static void begin_numbers_anew(void)
{
    story.number = 0;
    memset(story.committed, 0, sizeof story.committed);
    memset(far_end.seen, 0, sizeof far_end.seen);
}

static void soak(void **state)
{
    (void)state;
    begin("soak");
    story.tricked = true;
    for (unsigned i = 0; i < exchanges; i++) {
        change_connection();
        make_line();
        if (link_random(100) == 0)
            exchange_given_up(link_random(500));
        else
            (void)exchange(60 * SECONDS);
        if (i % 1000 == 999) {
            heal();
            pass(5 * SECONDS);
            check_all_given_back();
            begin_numbers_anew();
        }
    }
    check(story.results[0] * 100 >= 95 * exchanges, "too few answers: %u", story.results[0]);
    check(story.results[-TWILIO_ERR_DNS] * 200 <= exchanges + 200, "DNS is repeated more often than that");
    finish();
    print_message("%u handshakes, %u of them resumed a session; digest of the line %08x\n",
                  far_end.handshakes, far_end.resumptions, (unsigned)wire.digest);
}

/* ---- Start -------------------------------------------------------------------------- */

/* What lwIP has once all is closed, with the neighbours known; what TLS takes while it is open. */
static void measure(void)
{
    arena_empty = client.arena.used;
    arena_open = sizeof memory;
    whole = left_now();
    check(exchange(30 * SECONDS) == TWILIO_OK && is_open(), "no first exchange");
    size_t full = client.arena.used;
    close_client();
    check(exchange(30 * SECONDS) == TWILIO_OK && is_open() && client.tls.resumed, "not resumed");
    arena_open = client.arena.used > full ? client.arena.used : full;
    close_and_forget();
    pass(SETTLE);
    whole = left_now();
}

static void start(void **state)
{
    (void)state;
    begin("a first exchange");
    assert_int_equal(twilio_network_start(), TWILIO_OK);
    pass(5 * SECONDS);
    assert_true(twilio_network_up());
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    measure();
    finish();
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(start),
        cmocka_unit_test(bad_lines),
        cmocka_unit_test(far_away_while_connected),
        cmocka_unit_test(cable_that_flaps),
        cmocka_unit_test(cable_pulled),
        cmocka_unit_test(gateway_gone),
        cmocka_unit_test(gateway_gone_for_a_while),
        cmocka_unit_test(given_up),
        cmocka_unit_test(lease_renewed),
        cmocka_unit_test(address_changed),
        cmocka_unit_test(address_changed_between),
        cmocka_unit_test(every_call_fails_every_way),
        cmocka_unit_test(soak),
    };

    if (argc > 1)
        exchanges = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = (uint32_t)strtoul(argv[2], NULL, 10);
    (void)printf("seed %u, %u exchanges of soak\n", (unsigned)seed, exchanges);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    link_seed(seed);
    far_end.seed = seed;
    far_start(&far_end);
    root.der = far_root(&root.size);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
