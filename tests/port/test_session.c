/*
 * test_session.c - sessions through deep sleep: real servers (peer.py), and blobs with every kind of flaw
 *
 * SPDX-License-Identifier: MIT
 */
#include <poll.h>
#include <time.h>

#include <sys/random.h>

#include "board.h"
#include "clock.h"
#include "mbedtls/md.h"
#include "network.h"
#include "no_lwip.h"
#include "peer.h"
#include "session.h"

#define MAC           32
#define MASTER        (MAC + 50)  /* where mbedTLS writes the master secret, 48 octets, and... */
#define ENDPOINT      (MAC + 6)   /* ...which of the two sides it was */
#define MASTER_LENGTH 48

/* ---- What the port needs of a board ------------------------------------------ */

static struct {
    uint32_t now;  /* by our clock */
    bool set;
} the_clock;

uint32_t board_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

uint32_t twilio_clock_now(void)
{
    return the_clock.now;
}

bool twilio_clock_is_set(void)
{
    return the_clock.set;
}

/* What an answer tells of the time is clock.c's matter; here the time is each test's. */
void twilio_clock_authenticated(uint32_t seconds, bool certified)
{
    (void)seconds;
    (void)certified;
}

void twilio_clock_doubted(void)
{
}

int board_entropy(void *buf, size_t size)
{
    return getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

void twilio_network_wait(uint32_t milliseconds)
{
    struct pollfd look = { .fd = wire.descriptor, .events = POLLIN };
    (void)poll(&look, 1, (int)milliseconds);
}

/* ---- Allocation k fails ------------------------------------------------------- */

static struct twilio_client client;
static long allocations, fail_at = -1;

void *__real_twilio_tls_calloc(size_t count, size_t size);
void *__wrap_twilio_tls_calloc(size_t count, size_t size);
void *__wrap_twilio_tls_calloc(size_t count, size_t size)
{
    if (allocations++ == fail_at) {
        client.arena.failed = true;
        return NULL;
    }
    return __real_twilio_tls_calloc(count, size);
}

/* ---- A device ------------------------------------------------------------------ */

static struct twilio_anchor roots[2];
static const struct twilio_anchors both = { roots, 2, NULL };
static struct twilio_account account;
static struct twilio_answer answer;
static uint8_t memory[TWILIO_ARENA_MIN], blob[TWILIO_SESSION_MAX], copy[TWILIO_SESSION_MAX];
static char scratch[512], content[1024];
static uint8_t key[TWILIO_SESSION_KEY];
static size_t size;  /* of what is in blob */

static int load_roots(void **unused)
{
    (void)unused;
    roots[0] = certificate("ZOO", "root");
    roots[1] = certificate("ZOO", "ecdsa-root");
    return 0;
}

/* After a start of the device: of what was in RAM, nothing is left. */
static void wake(void)
{
    memset(memory, 0xA5, sizeof memory);
    memset(scratch, 0xA5, sizeof scratch);
    client = (struct twilio_client){
        .account = &account, .anchors = &both, .memory = memory, .memory_size = sizeof memory,
        .scratch = scratch, .scratch_size = sizeof scratch, .below = &below, .timeout = 20000,
    };
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
}

static void sleep_deep(void)
{
    twilio_client_close(&client);
    wake();
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    wire.server = "api";
    the_clock.now = (uint32_t)time(NULL);
    the_clock.set = true;
    fail_at = -1;
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(3 + i);
    }
    account = (struct twilio_account){ .sid = "AC1", .key = "SK1", .secret = "secret" };
    answer = (struct twilio_answer){ .content = content, .content_size = sizeof content };
    wake();
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

/* ---- Steps ---------------------------------------------------------------------- */

static int call(void)
{
    return twilio_get(&client, "/echo", NULL, &answer);
}

static void must_call(bool resumed)
{
    assert_int_equal(call(), TWILIO_OK);
    assert_int_equal(answer.code, 200);
    assert_int_equal(client.tls.resumed, resumed);
}

static int export(void)
{
    return twilio_session_export(&client, key, blob, sizeof blob);
}

/* A blob of a session that has been used. */
static void must_export(void)
{
    must_call(client.tls.session != NULL);
    int written = export();
    assert_in_range(written, MASTER + MASTER_LENGTH, sizeof blob);
    size = (size_t)written;
}

static bool is_zero(const uint8_t *data, size_t length)
{
    size_t i = 0;
    while (i < length && data[i] == 0) {
        i++;
    }
    return i == length;
}

/* Import a copy, which must be wiped. */
static int import_of(const uint8_t *from, size_t length)
{
    memcpy(copy, from, length);
    int result = twilio_session_import(&client, key, copy, length);
    assert_true(is_zero(copy, length));
    return result;
}

static int import(void)
{
    return import_of(blob, size);
}

static bool is_as_begun(void)
{
    return client.tls.session == NULL && client.tls.connection == NULL &&
           client.tls.state == 0 && client.arena.used == 0;
}

static void must_refuse(const char *what)
{
    int result = import();
    if (result != TWILIO_SESSION_REFUSED || !is_as_begun()) {
        fail_msg("%s: %d", what, result);
    }
}

/* ---- Kept ------------------------------------------------------------------------ */

static void a_session_outlives_sleep(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        must_export();
        assert_int_equal(client.tls.resumed, i > 0);
        sleep_deep();
        assert_int_equal(import(), TWILIO_OK);
    }
    must_call(true);
    must_call(true);
    assert_int_equal(wire.opened, 4);
}

/* What is exported is whole: the client may go on as if nothing had been. */
static void export_ends_the_connection_alone(void **unused)
{
    (void)unused;
    must_export();
    assert_int_equal(wire.closed, 1);
    memcpy(copy, blob, size);
    assert_int_equal(export(), size);
    assert_memory_equal(blob, copy, size);
    must_call(true);
    assert_int_equal(wire.opened, 2);
}

static int connect_to(const char *server)
{
    int result;
    wire.server = server;
    while ((result = client.https.connect(client.https.context, "api.twilio.com")) == TWILIO_AGAIN) {
        twilio_network_wait(1000);
    }
    return result;
}

static void any_kind_of_session_is_kept(void **unused)
{
    (void)unused;
    static const char *const servers[] = { "good", "ecdsa", "aes256", "byid" };
    for (size_t i = 0; i < COUNT(servers); i++) {
        print_message("%s\n", servers[i]);
        assert_int_equal(connect_to(servers[i]), TWILIO_OK);
        assert_false(client.tls.resumed);
        size = (size_t)export();
        print_message("           %zu bytes\n", size);
        sleep_deep();
        assert_int_equal(import(), TWILIO_OK);
        assert_int_equal(connect_to(servers[i]), TWILIO_OK);
        assert_true(client.tls.resumed);
        sleep_deep();
    }
}

/* The session of the one is nothing to the other: the tickets of servers are under keys of their own. */
static void a_server_may_have_forgotten(void **unused)
{
    (void)unused;
    assert_int_equal(connect_to("good"), TWILIO_OK);
    size = (size_t)export();
    sleep_deep();
    assert_int_equal(import(), TWILIO_OK);
    wire.server = "api";
    must_call(false);
    must_export();
    sleep_deep();
    assert_int_equal(import(), TWILIO_OK);
    must_call(true);
}

static void resumption_trusts_nobody_new(void **unused)
{
    (void)unused;
    static const struct {
        const char *server;
        int result;
    } rows[] = {
        { "unknown", TWILIO_ERR_UNTRUSTED }, { "wrongname", TWILIO_ERR_WRONG_NAME },
        { "garbage", TWILIO_ERR_TLS },
    };
    must_export();
    for (size_t i = 0; i < COUNT(rows); i++) {
        sleep_deep();
        assert_int_equal(import(), TWILIO_OK);
        wire.server = rows[i].server;
        assert_int_equal(call(), rows[i].result);
        assert_false(answer.committed);
        assert_true(is_as_begun());
        assert_int_equal(export(), 0); /* a session that failed does not come back */
        wire.server = "api";
        must_call(false);
        must_export();
    }
}

/* Whatever is open or kept goes, and its memory with it. */
static void import_clears_the_client_first(void **unused)
{
    (void)unused;
    must_export();
    sleep_deep();
    must_call(false);
    assert_int_equal(wire.opened, wire.closed + 1);
    assert_int_equal(import(), TWILIO_OK);
    assert_int_equal(wire.opened, wire.closed);
    must_call(true);

    blob[0] ^= 1;
    must_refuse("while a connection is open");
    assert_int_equal(wire.opened, wire.closed);
    must_call(false);

    twilio_client_close(&client);
    assert_non_null(client.tls.session);
    must_refuse("while a session is kept");
    must_call(false);
}

/* The session lies at the beginning of the arena, so that the handshake has the rest in one piece. */
static void import_leaves_the_arena_whole(void **unused)
{
    (void)unused;
    must_export();
    const void *place = client.tls.session;
    size_t used = client.arena.used;
    sleep_deep();
    assert_int_equal(import(), TWILIO_OK);
    assert_ptr_equal(client.tls.session, place);
    assert_int_equal(client.arena.used, used);
}

/* ---- Refused ---------------------------------------------------------------------- */

static void every_octet_counts(void **unused)
{
    (void)unused;
    must_export();
    sleep_deep();
    for (int bit = 1; bit <= 0x80; bit <<= 7) {
        for (size_t i = 0; i < size; i++) {
            char what[48];
            snprintf(what, sizeof what, "octet %zu ^ %d", i, bit);
            blob[i] ^= (uint8_t)bit;
            must_refuse(what);
            blob[i] ^= (uint8_t)bit;
        }
    }
    must_call(false);
    assert_int_equal(import(), TWILIO_OK);
    must_call(true);
}

static void every_length_counts(void **unused)
{
    (void)unused;
    size_t whole;
    must_export();
    whole = size;
    sleep_deep();
    for (size = 0; size <= sizeof blob; size++) {
        char what[32];
        snprintf(what, sizeof what, "%zu octets", size);
        if (size != whole) {
            must_refuse(what);
        }
    }
    must_call(false);

    /* Memory that nobody has written yet may hold any size. What is not there is not touched. */
    static const size_t sizes[] = { TWILIO_SESSION_MAX + 1, 65536, (size_t)-1, SIZE_MAX / 2 };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        memcpy(copy, blob, sizeof copy);
        assert_int_equal(twilio_session_import(&client, key, copy, sizes[i]), TWILIO_SESSION_REFUSED);
        assert_memory_equal(copy, blob, sizeof copy);
        assert_true(is_as_begun());
    }
}

static void another_key_is_refused(void **unused)
{
    (void)unused;
    must_export();
    sleep_deep();
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] ^= 0x10;
        must_refuse("key");
        key[i] ^= 0x10;
    }
    assert_int_equal(import(), TWILIO_OK);
}

static void another_client_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *what;
        struct twilio_account account;
        const char *product;
        bool same;
    } rows[] = {
        { "the same", { .sid = "AC1", .key = "SK1", .secret = "secret" }, NULL, true },
        { "another secret", { .sid = "AC1", .key = "SK1", .secret = "changed" }, NULL, true },
        { "no secret yet", { .sid = "AC1", .key = "SK1" }, NULL, true },
        { "a bearer", { .sid = "AC1", .key = "SK1", .bearer = "token" }, NULL, true },
        { "the host by name", { .sid = "AC1", .key = "SK1", .host = "api.twilio.com" }, "verify", true },
        { "another account", { .sid = "AC2", .key = "SK1", .secret = "secret" }, NULL, false },
        { "another login", { .sid = "AC1", .key = "SK2", .secret = "secret" }, NULL, false },
        { "no login", { .sid = "AC1", .secret = "secret" }, NULL, false },
        { "no account", { .key = "SK1", .secret = "secret" }, NULL, false },
        { "names run together", { .sid = "AC1S", .key = "K1", .secret = "secret" }, NULL, false },
        { "another product", { .sid = "AC1", .key = "SK1", .secret = "secret" }, "verify", false },
        { "another edge", { .sid = "AC1", .key = "SK1", .secret = "secret", .edge = "sydney" }, NULL, false },
        { "another host", { .sid = "AC1", .key = "SK1", .host = "api.example.com" }, NULL, false },
    };
    must_export();
    for (size_t i = 0; i < COUNT(rows); i++) {
        sleep_deep();
        account = rows[i].account;
        client.product = rows[i].product;
        if (rows[i].same) {
            print_message("%s\n", rows[i].what);
            assert_int_equal(import(), TWILIO_OK);
            assert_int_equal(connect_to("api"), TWILIO_OK);
            assert_true(client.tls.resumed);
        } else {
            must_refuse(rows[i].what);
        }
    }
}

/* Who has no key logs in as the account: that is a name, too. */
static void an_account_is_its_own_login(void **unused)
{
    (void)unused;
    account = (struct twilio_account){ .sid = "AC1", .secret = "secret" };
    must_export();
    sleep_deep();
    account.key = "AC1";
    assert_int_equal(import(), TWILIO_OK);
    account.key = "SK1";
    must_refuse("a key");
}

static void other_anchors_are_refused(void **unused)
{
    (void)unused;
    static uint8_t changed[2048];
    const struct twilio_anchor turned[] = { roots[1], roots[0] };
    const struct twilio_anchor edited[] = { { changed, roots[0].size }, roots[1] };
    const struct twilio_anchor cut[] = { { roots[0].der, roots[0].size - 1 }, roots[1] };
    const struct twilio_anchors second = { roots + 1, 1, NULL };
    const struct {
        const char *what;
        struct twilio_anchors table;
        int result;
    } rows[] = {
        { "both", { roots, 2, NULL }, TWILIO_OK }, { "both, chained", { roots, 1, &second }, TWILIO_OK },
        { "the first", { roots, 1, NULL }, TWILIO_SESSION_REFUSED },
        { "the second", { roots + 1, 1, NULL }, TWILIO_SESSION_REFUSED },
        { "turned", { turned, 2, NULL }, TWILIO_SESSION_REFUSED },
        { "edited", { edited, 2, NULL }, TWILIO_SESSION_REFUSED },
        { "cut", { cut, 2, NULL }, TWILIO_SESSION_REFUSED },
        { "one more", { roots, 2, &second }, TWILIO_SESSION_REFUSED },
        { "none yet", { roots, 0, NULL }, TWILIO_SESSION_REFUSED },
        { "the built-in, too", { roots, 2, &twilio_builtin_anchors }, TWILIO_SESSION_REFUSED },
    };
    memcpy(changed, roots[0].der, roots[0].size);
    changed[roots[0].size - 1] ^= 1;
    must_export();
    for (size_t i = 0; i < COUNT(rows); i++) {
        sleep_deep();
        client.anchors = &rows[i].table;
        assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
        print_message("%s\n", rows[i].what);
        assert_int_equal(import(), rows[i].result);
        assert_int_equal(is_as_begun(), rows[i].result != TWILIO_OK);
    }
    sleep_deep();
    client.anchors = NULL;
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    must_refuse("the built-in");
}

/* A table that is not named is the built-in one. */
static void no_anchors_are_the_built_in(void **unused)
{
    (void)unused;
    must_call(false);
    client.tls.anchors = NULL;
    size = (size_t)export();
    sleep_deep();
    client.anchors = &twilio_builtin_anchors;
    assert_int_equal(twilio_client_begin(&client), TWILIO_OK);
    assert_int_equal(import(), TWILIO_OK);
}

static void age_counts(void **unused)
{
    (void)unused;
    static const struct {
        uint32_t passed;
        int result;
    } rows[] = {
        { 0, TWILIO_OK }, { 1, TWILIO_OK }, { 86400, TWILIO_OK }, { 86401, TWILIO_SESSION_REFUSED },
        { 10 * 365 * 86400u, TWILIO_SESSION_REFUSED }, { 0x7fffffff, TWILIO_SESSION_REFUSED },
        { 0x80000000, TWILIO_SESSION_REFUSED }, { -(10 * 365 * 86400u), TWILIO_SESSION_REFUSED },
        { -86400u, TWILIO_SESSION_REFUSED }, { -1u, TWILIO_SESSION_REFUSED },
    };
    must_export();
    uint32_t then = the_clock.now;
    for (size_t i = 0; i < COUNT(rows); i++) {
        sleep_deep();
        the_clock.now = then + rows[i].passed;
        int result = import();
        if (result != rows[i].result || is_as_begun() != (result != TWILIO_OK)) {
            fail_msg("%u seconds: %d", rows[i].passed, result);
        }
    }
    the_clock.now = then;
    the_clock.set = false;
    must_refuse("the clock is not set");
    the_clock.set = true;
    assert_int_equal(import(), TWILIO_OK);
}

static void resumption_does_not_prolong(void **unused)
{
    (void)unused;
    must_export();
    uint32_t then = the_clock.now;
    for (unsigned hours = 6; hours <= 24; hours += 6) {
        sleep_deep();
        the_clock.now = then + hours * 3600;
        assert_int_equal(import(), TWILIO_OK);
        must_export();
        assert_true(client.tls.resumed);
    }
    sleep_deep();
    the_clock.now++;
    must_refuse("a day and a second after the full handshake");
    must_export();
    assert_false(client.tls.resumed);
    the_clock.now += 86400;
    assert_int_equal(import(), TWILIO_OK);
}

/* A blob of this device's, but what is in it mbedTLS does not read: another build wrote it. */
static void a_session_must_be_one(void **unused)
{
    (void)unused;
    for (size_t i = 0; i <= 6; i++) {
        must_call(false);
        twilio_client_close(&client);
        if (i < 6) {
            ((uint8_t *)client.tls.session)[i] ^= 0x40; /* the version of mbedTLS, its choices, that of TLS */
        } else {
            client.tls.session_size--;
        }
        size = (size_t)export();
        assert_in_range(size, MASTER + MASTER_LENGTH, sizeof blob);
        must_refuse("no session");
    }
}

/* ---- What the HMAC is over, spelled out ------------------------------------------------ */

static uint8_t message[8192];
static size_t message_size;

static void add(const void *data, size_t length)
{
    assert_true(message_size + sizeof length + length <= sizeof message);
    memcpy(message + message_size, &length, sizeof length);
    memcpy(message + message_size + sizeof length, data, length);
    message_size += sizeof length + length;
}

static void the_mac_is_over_all_of_it(void **unused)
{
    (void)unused;
    static const char *const texts[] = {
        "twilio-mcu session " TWILIO_VERSION, "api.twilio.com", "AC1", "SK1",
    };
    uint8_t mac[MAC];
    must_export();
    message_size = 0;
    for (size_t i = 0; i < COUNT(texts); i++) {
        add(texts[i], strlen(texts[i]));
    }
    add(blob + MAC, size - MAC);
    add(roots[0].der, roots[0].size);
    add(roots[1].der, roots[1].size);
    assert_int_equal(mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key, sizeof key, message,
                                     message_size, mac), 0);
    assert_memory_equal(blob, mac, MAC);
}

/* ---- Mistakes, and too little of everything ----------------------------------------- */

static void mistakes_are_told(void **unused)
{
    (void)unused;
    static const uint8_t erased[TWILIO_SESSION_KEY] = { 0 };
    uint8_t unwritten[TWILIO_SESSION_KEY];
    memset(unwritten, 0xFF, sizeof unwritten);
    must_export();
    memcpy(copy, blob, sizeof copy);

    assert_int_equal(twilio_session_export(NULL, key, blob, sizeof blob), TWILIO_ERR_ARGUMENT);
    assert_true(is_zero(blob, sizeof blob));
    assert_int_equal(twilio_session_export(&client, NULL, blob, sizeof blob), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_export(&client, erased, blob, sizeof blob), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_export(&client, unwritten, blob, sizeof blob), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_export(&client, key, NULL, sizeof blob), TWILIO_ERR_ARGUMENT);
    unwritten[TWILIO_SESSION_KEY - 1] = 0;
    assert_int_equal(twilio_session_export(&client, unwritten, blob, sizeof blob), size);

    must_call(true);
    memcpy(blob, copy, sizeof blob);
    unwritten[TWILIO_SESSION_KEY - 1] = 0xFF;
    assert_int_equal(twilio_session_import(NULL, key, blob, size), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_import(&client, NULL, blob, size), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_import(&client, unwritten, blob, size), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_session_import(&client, key, NULL, size), TWILIO_ERR_ARGUMENT);
    account.host = "a b";
    assert_int_equal(twilio_session_import(&client, key, blob, size), TWILIO_ERR_HOST);
    assert_int_equal(export(), TWILIO_ERR_HOST);
    assert_int_equal(wire.opened, wire.closed + 1); /* nothing was done */
    account.host = NULL;
    assert_true(is_zero(blob, sizeof blob));
    memcpy(blob, copy, sizeof blob);
    assert_int_equal(import(), TWILIO_OK);
}

static void no_session_no_blob(void **unused)
{
    (void)unused;
    memset(blob, 1, sizeof blob);
    assert_int_equal(export(), 0);
    assert_true(is_zero(blob, sizeof blob));

    wire.server = "unknown";
    assert_int_equal(call(), TWILIO_ERR_UNTRUSTED);
    assert_int_equal(export(), 0);

    wire.server = "api";
    must_call(false);
    twilio_tls_forget(&client.tls);
    twilio_client_close(&client);
    twilio_tls_forget(&client.tls);
    assert_int_equal(export(), 0);

    /* That session is of another host than the client's. */
    must_call(false);
    client.product = "verify";
    memset(blob, 1, sizeof blob);
    assert_int_equal(export(), 0);
    assert_true(is_zero(blob, sizeof blob));
    client.product = NULL;
    assert_true(export() > 0);
}

static void every_room_but_enough_is_too_little(void **unused)
{
    (void)unused;
    must_export();
    memcpy(copy, blob, size);
    for (size_t room = 0; room < size; room++) {
        memset(blob, 1, sizeof blob);
        assert_int_equal(twilio_session_export(&client, key, blob, room), TWILIO_ERR_SIZE);
        assert_true(is_zero(blob, room));
        assert_int_equal(blob[room], 1);
    }
    memset(blob, 1, sizeof blob);
    assert_int_equal(twilio_session_export(&client, key, blob, size), size);
    assert_memory_equal(blob, copy, size);
    assert_int_equal(blob[size], 1);
}

static void every_allocation_may_fail(void **unused)
{
    (void)unused;
    int result, failed = 0;
    must_export();
    for (long k = 0; allocations = 0, fail_at = k, (result = export()) != (int)size; k++, failed++) {
        assert_int_equal(result, TWILIO_ERR_MEMORY);
        assert_true(is_zero(blob, sizeof blob));
        assert_non_null(client.tls.session);
    }
    assert_int_equal(failed, 2); /* of the hash, and of its key */
    sleep_deep();

    for (long k = failed = 0; allocations = 0, fail_at = k, (result = import()) != TWILIO_OK; k++, failed++) {
        assert_int_equal(result, TWILIO_ERR_MEMORY);
        assert_true(is_as_begun());
        fail_at = -1;
        must_call(false);
        sleep_deep();
    }
    assert_in_range(failed, 4, 5); /* those, what reads the session, and the session */
    fail_at = -1;
    must_call(true);
}

/* ---- Secrets ------------------------------------------------------------------------- */

static bool holds(const void *where, size_t length, const uint8_t *secret)
{
    return memmem(where, length, secret, MASTER_LENGTH) != NULL;
}

static void secrets_do_not_stay(void **unused)
{
    (void)unused;
    uint8_t master[MASTER_LENGTH];
    must_export();
    memcpy(master, blob + MASTER, sizeof master);
    assert_false(is_zero(master, sizeof master));
    assert_true(holds(memory, sizeof memory, master)); /* it is what we take it for */
    assert_null(memmem(blob, size, "secret", 6));
    twilio_tls_forget(&client.tls);
    assert_false(holds(memory, sizeof memory, master));
    for (size_t i = 0; i + 8 <= sizeof key; i++) {
        assert_null(memmem(memory, sizeof memory, key + i, 8));
    }

    blob[ENDPOINT] ^= 1;
    sleep_deep();
    must_refuse("changed");
    blob[ENDPOINT] ^= 1;
    the_clock.now += TWILIO_SESSION_AGE + 1;
    must_refuse("stale");
    assert_false(holds(memory, sizeof memory, master));
    assert_false(holds(&client, sizeof client, master));
    assert_false(holds(scratch, sizeof scratch, master));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_session_outlives_sleep), TEST(export_ends_the_connection_alone),
        TEST(any_kind_of_session_is_kept), TEST(a_server_may_have_forgotten),
        TEST(resumption_trusts_nobody_new), TEST(import_clears_the_client_first),
        TEST(import_leaves_the_arena_whole), TEST(every_octet_counts), TEST(every_length_counts),
        TEST(another_key_is_refused), TEST(another_client_is_refused), TEST(an_account_is_its_own_login),
        TEST(other_anchors_are_refused), TEST(no_anchors_are_the_built_in), TEST(age_counts),
        TEST(resumption_does_not_prolong), TEST(a_session_must_be_one),
        TEST(the_mac_is_over_all_of_it), TEST(mistakes_are_told),
        TEST(no_session_no_blob), TEST(every_room_but_enough_is_too_little),
        TEST(every_allocation_may_fail), TEST(secrets_do_not_stay),
    };
    return cmocka_run_group_tests(tests, load_roots, NULL);
}
