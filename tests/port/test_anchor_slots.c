/*
 * test_anchor_slots.c - port/anchor_slots.c in flash that is cut, rots and wraps; and whom TLS trusts then
 *
 * SPDX-License-Identifier: MIT
 */
#include "wire.h"

#include "anchor_slots.h"
#include "mbedtls/sha256.h"
#include "tls.h"

#define HOST "api.twilio.com"
#define ROOM 8192 /* bytes of a slot */

static struct twilio_anchor root, ecdsa, p384, rsa4096, deep, deep1, leaf, any_use, lists, p521, too_short;
static uint8_t flash[2][ROOM], memory[TWILIO_ARENA_MIN];
static struct twilio_arena arena;
static struct twilio_anchor_slots slots;

static int load(void **unused)
{
    (void)unused;
    root = certificate("ZOO", "root");
    ecdsa = certificate("ZOO", "ecdsa-root");
    p384 = certificate("WORK", "p384-root");
    rsa4096 = certificate("WORK", "rsa4096-root");
    deep = certificate("WORK", "deep-root");
    deep1 = certificate("WORK", "deep-1");
    leaf = certificate("WORK", "leaf");
    any_use = certificate("WORK", "p384-leaf");
    lists = certificate("WORK", "lists-root");
    p521 = certificate("WORK", "p521-root");
    too_short = certificate("WORK", "short-root");
    return 0;
}

static void begin(size_t size)
{
    arena = (struct twilio_arena){ .memory = memory, .size = size };
    assert_int_equal(twilio_arena_begin(&arena), TWILIO_OK);
}

static int setup(void **unused)
{
    (void)unused;
    memset(&wire, 0, sizeof wire);
    memset(&board, 0, sizeof board);
    memset(flash, 0xff, sizeof flash);
    slots = (struct twilio_anchor_slots){ .slot = { flash[0], flash[1] }, .size = ROOM };
    begin(sizeof memory);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    assert_int_equal(arena.used, 0);
    return 0;
}

/* ---- Slots, written as the format has them ----------------------------------- */

static size_t join(uint8_t *out, const struct twilio_anchor *const *parts)
{
    size_t size = 0;

    for (; *parts != NULL; parts++) {
        memcpy(out + size, (*parts)->der, (*parts)->size);
        size += (*parts)->size;
    }
    return size;
}

#define JOIN(out, ...) join((out), (const struct twilio_anchor *const[]){ __VA_ARGS__, NULL })

/* Head and digest around the certificates that are in the slot already. Returns the bytes of it all. */
static size_t seal(int slot, uint32_t sequence, size_t size)
{
    uint8_t *at = flash[slot];

    memcpy(at, "TwAnchor", 8);
    for (int i = 0; i < 4; i++) {
        at[8 + i] = (uint8_t)(sequence >> (24 - 8 * i));
        at[12 + i] = (uint8_t)(size >> (24 - 8 * i));
    }
    assert_int_equal(mbedtls_sha256(at, 16 + size, at + 16 + size, 0), 0);
    return 16 + size + 32;
}

static size_t put(int slot, uint32_t sequence, const struct twilio_anchor *anchor)
{
    return seal(slot, sequence, JOIN(flash[slot] + 16, anchor));
}

static void must_choose(int slot, const struct twilio_anchor *anchor)
{
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_OK);
    assert_int_equal(slots.chosen, slot);
    assert_int_equal(slots.anchors.count, 1);
    assert_ptr_equal(slots.anchors.more, slots.more);
    assert_ptr_equal(slots.anchors.anchor[0].der, flash[slot] + 16); /* where it is, not copied */
    assert_int_equal(slots.anchors.anchor[0].size, anchor->size);
    assert_memory_equal(slots.anchors.anchor[0].der, anchor->der, anchor->size);
    assert_int_equal(arena.used, 0);
}

static void must_fall_back(int result)
{
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), result);
    assert_int_equal(slots.chosen, -1);
    assert_memory_equal(&slots.anchors, &twilio_builtin_anchors, sizeof slots.anchors);
    assert_int_equal(slots.anchors.count, 4);
    assert_int_equal(arena.used, 0);
}

/* ---- Choosing ---------------------------------------------------------------- */

static void without_slots_the_built_in(void **unused)
{
    (void)unused;
    must_fall_back(TWILIO_ERR_ANCHORS);
    memset(flash, 0, sizeof flash);
    must_fall_back(TWILIO_ERR_ANCHORS);
    memset(flash, 'A', sizeof flash);
    must_fall_back(TWILIO_ERR_ANCHORS);
}

static void the_newer_is_chosen(void **unused)
{
    (void)unused;
    static const struct { uint32_t first, second; int chosen; } orders[] = {
        { 0, 1, 1 }, { 1, 0, 0 }, { 5, 4, 0 }, { 4, 5, 1 }, { 255, 256, 1 }, { 7, 7, 0 },
        { 0x7fffffff, 0x80000000, 1 }, { 0x80000000, 0x7fffffff, 0 },
        { 0xffffffff, 0, 1 }, { 0, 0xffffffff, 0 }, { 0xfffffffe, 3, 1 }, { 3, 0xfffffffe, 0 },
    };

    for (size_t i = 0; i < COUNT(orders); i++) {
        put(0, orders[i].first, &p384);
        put(1, orders[i].second, &ecdsa);
        must_choose(orders[i].chosen, orders[i].chosen == 0 ? &p384 : &ecdsa);
    }
}

static void one_slot_is_enough(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        setup(NULL);
        put(i, 0, &p384);
        must_choose(i, &p384);
        memset(flash[!i], 0, ROOM);
        must_choose(i, &p384);
    }
}

/* Any bit of the newer one: the older. Of the older one, besides: the built-in. */
static void each_bit_is_watched(void **unused)
{
    (void)unused;
    size_t size = put(1, 2, &ecdsa);

    put(0, 1, &p384);
    for (size_t i = 0; i < size * 8; i++) {
        flash[1][i / 8] ^= (uint8_t)(1 << i % 8);
        must_choose(0, &p384);
        if (i % 8 == i / 8 % 8) {
            flash[0][i / 8] ^= 0x10;
            must_fall_back(TWILIO_ERR_ANCHORS);
            flash[0][i / 8] ^= 0x10;
        }
        flash[1][i / 8] ^= (uint8_t)(1 << i % 8);
    }
    must_choose(1, &ecdsa);
    flash[1][size] ^= 1; /* what lies after it is of no interest */
    must_choose(1, &ecdsa);
}

/* Another program's flash, though its digest is right, or another format */
static void the_mark_counts(void **unused)
{
    (void)unused;
    size_t size = put(0, 1, &p384);

    must_choose(0, &p384);
    flash[0][7] = 'R';
    assert_int_equal(mbedtls_sha256(flash[0], size - 32, flash[0] + size - 32, 0), 0);
    must_fall_back(TWILIO_ERR_ANCHORS);
}

/* What a slot can hold, whole, and yet no anchors: never chosen; nor is it taken for an update. */
static void never(int result, size_t size)
{
    static uint8_t copy[2 * ROOM];
    struct twilio_anchor_update bad = { .certificates = copy, .certificates_size = size, .size = 99 };

    memcpy(copy, flash[1] + 16, size);
    seal(1, 2, size);
    put(0, 1, &p384);
    must_choose(0, &p384);
    assert_int_equal(twilio_anchor_update_begin(&bad, &slots, &arena), result);
    assert_int_equal(bad.size, 0);
    assert_int_equal(twilio_anchor_update_read(&bad, 0, copy, sizeof copy), 0);
    put(0, 3, &p384);
    must_choose(0, &p384);
    memset(flash[0], 0xff, ROOM);
    must_fall_back(TWILIO_ERR_ANCHORS);
}

static void whole_is_not_good(void **unused)
{
    (void)unused;
    uint8_t *at = flash[1] + 16;

    never(TWILIO_ERR_ANCHORS, 0);
    never(TWILIO_ERR_ANCHORS, JOIN(at, &leaf));             /* no CA */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &any_use));          /* nor that, though its key may do anything */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &root, &leaf));
    never(TWILIO_ERR_ANCHORS, JOIN(at, &leaf, &root));
    never(TWILIO_ERR_ANCHORS, JOIN(at, &lists));            /* a CA that may not sign certificates */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &too_short));        /* RSA-1024 */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &p521));             /* a curve that is not built in */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &root) - 1);         /* cut short */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &root) + 1);         /* 0xff after it */
    never(TWILIO_ERR_ANCHORS, JOIN(at, &root, &ecdsa) - 9);
    never(TWILIO_ERR_ANCHORS, 1);
    memset(at, 0x30, 64);
    never(TWILIO_ERR_ANCHORS, 64);
    never(TWILIO_ERR_SIZE, JOIN(at, &p384, &p384, &p384, &p384, &p384, &p384, &p384, &p384, &p384));
}

static void eight_anchors_are(void **unused)
{
    (void)unused;
    const struct twilio_anchor *const all[] = { &root, &ecdsa, &p384, &rsa4096, &deep, &root, &p384, &ecdsa };
    size_t size = JOIN(flash[0] + 16, &root, &ecdsa, &p384, &rsa4096, &deep, &root, &p384, &ecdsa);

    seal(0, 1, size);
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_OK);
    assert_int_equal(slots.anchors.count, TWILIO_SLOT_ANCHORS);
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(slots.anchors.anchor[i].size, all[i]->size);
        assert_memory_equal(slots.anchors.anchor[i].der, all[i]->der, all[i]->size);
    }
}

/* A slot may be full to its last byte, and no size leads out of it. */
static void the_slots_end(void **unused)
{
    (void)unused;
    size_t size = put(1, 1, &p384);
    struct twilio_anchor_update full = { .certificates = p384.der, .certificates_size = p384.size };

    slots.size = size;
    must_choose(1, &p384);
    assert_int_equal(twilio_anchor_update_begin(&full, &slots, &arena), TWILIO_OK);
    assert_int_equal(full.size, size);
    slots.size = size - 1;
    must_fall_back(TWILIO_ERR_ANCHORS);
    assert_int_equal(twilio_anchor_update_begin(&full, &slots, &arena), TWILIO_ERR_SIZE);
    assert_int_equal(full.size, 0);
    slots.size = TWILIO_SLOT_OVERHEAD;
    must_fall_back(TWILIO_ERR_ANCHORS);
    slots.size = ROOM;
    for (int i = 0; i < 4; i++) { /* 0xff... of certificates */
        flash[1][12 + i] = 0xff;
        must_fall_back(TWILIO_ERR_ANCHORS);
    }
}

/* ---- Updates ----------------------------------------------------------------- */

static struct twilio_anchor_update update;

static void prepare(const struct twilio_anchor *anchor)
{
    update = (struct twilio_anchor_update){ .certificates = anchor->der, .certificates_size = anchor->size };
    assert_int_equal(twilio_anchor_update_begin(&update, &slots, &arena), TWILIO_OK);
    assert_int_equal(update.size, anchor->size + TWILIO_SLOT_OVERHEAD);
    assert_int_equal(update.anchors.count, 1);
    assert_ptr_equal(update.anchors.anchor[0].der, anchor->der);
    assert_int_equal(update.anchors.anchor[0].size, anchor->size);
    assert_null(update.anchors.more);
}

/* Write bytes [from, to) of it, a window at a time, as the application would. */
static void write_part(size_t from, size_t to, size_t window)
{
    while (from < to) {
        size_t most = to - from < window ? to - from : window;
        size_t got = twilio_anchor_update_read(&update, from, flash[update.slot] + from, most);
        assert_int_equal(got, most);
        from += got;
    }
}

/* Whether it is there, perhaps because what is missing is 0xff like erased flash. */
static bool is_written(void)
{
    static uint8_t image[ROOM];
    size_t size = twilio_anchor_update_read(&update, 0, image, ROOM);
    return memcmp(flash[update.slot], image, size) == 0;
}

static void renew(int slot, const struct twilio_anchor *anchor)
{
    prepare(anchor);
    assert_int_equal(update.slot, slot);
    memset(flash[slot], 0xff, ROOM);
    write_part(0, update.size, 256);
    must_choose(slot, anchor);
}

static void updates_alternate(void **unused)
{
    (void)unused;
    renew(0, &root);
    renew(1, &p384);
    renew(0, &rsa4096);
    renew(1, &rsa4096);
    put(0, 0xffffffff, &root);
    put(1, 0xfffffffe, &root);
    renew(1, &ecdsa);
    renew(0, &p384);
}

/* Newer than what stays, even if that is not good today: it may be to the next firmware. */
static void an_update_is_newer_than_what_stays(void **unused)
{
    (void)unused;
    put(1, 9, &leaf);
    renew(0, &p384);
    put(1, 9, &root);
    must_choose(0, &p384);
    put(1, 11, &root);
    must_choose(1, &root);
}

static void any_window_of_it(void **unused)
{
    (void)unused;
    uint8_t whole[ROOM], part[ROOM];

    prepare(&p384);
    assert_int_equal(twilio_anchor_update_read(&update, 0, whole, sizeof whole), update.size);
    for (size_t offset = 0; offset <= update.size + 2; offset++) {
        static const size_t windows[] = { 0, 1, 16, 17, 700, ROOM };
        for (size_t i = 0; i < COUNT(windows); i++) {
            size_t left = offset < update.size ? update.size - offset : 0;
            size_t expected = left < windows[i] ? left : windows[i];
            memset(part, 0xA5, sizeof part);
            assert_int_equal(twilio_anchor_update_read(&update, offset, part, windows[i]), expected);
            assert_memory_equal(part, whole + (left > 0 ? offset : 0), expected);
            assert_true(expected == ROOM || part[expected] == 0xA5);
        }
    }
    memcpy(flash[1], whole, update.size);
    must_choose(1, &p384);
}

/* What of it is in flash is not all: so slot is chosen, or the built-in ones for want of one. */
static void must_not_take_it(int slot)
{
    if (is_written()) {
        return;
    }
    if (slot < 0) {
        must_fall_back(TWILIO_ERR_ANCHORS);
    } else {
        must_choose(slot, &p384);
    }
}

static void cut_everywhere(int slot)
{
    size_t size = update.size, missing = 0;

    for (size_t cut = 0; cut < size; cut++) {
        memset(flash[update.slot], 0xff, ROOM);
        write_part(0, cut, 64);
        must_not_take_it(slot);
        missing += !is_written();
        write_part(cut + 1, size, 64); /* a byte is missing */
        must_not_take_it(slot);
        put(update.slot, 0xffffffff, &rsa4096); /* the oldest, which was there, in part */
        write_part(0, cut, 64);
        must_not_take_it(slot);
    }
    assert_true(missing > size - 8);
}

/* The power goes at any byte of the first update, and of a later one. */
static void a_cut_leaves_what_was(void **unused)
{
    (void)unused;
    put(1, 0xffffffff, &leaf);
    prepare(&ecdsa);
    assert_int_equal(update.slot, 0);
    for (size_t cut = 0; cut < update.size; cut++) {
        memset(flash[0], 0xff, ROOM);
        write_part(0, cut, 64);
        must_not_take_it(-1);
    }
    renew(0, &p384);
    prepare(&ecdsa);
    assert_int_equal(update.slot, 1);
    cut_everywhere(0);
}

static void updates_of_nothing(void **unused)
{
    (void)unused;
    update = (struct twilio_anchor_update){ .certificates = NULL };
    assert_int_equal(twilio_anchor_update_begin(NULL, &slots, &arena), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_anchor_update_begin(&update, &slots, &arena), TWILIO_ERR_ARGUMENT);
    update.certificates = p384.der;
    assert_int_equal(twilio_anchor_update_begin(&update, &slots, &arena), TWILIO_ERR_ANCHORS);
    update.certificates_size = p384.size;
    assert_int_equal(twilio_anchor_update_begin(&update, NULL, &arena), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_anchor_update_begin(&update, &slots, NULL), TWILIO_ERR_ARGUMENT);
    update.certificates_size = ROOM;
    assert_int_equal(twilio_anchor_update_begin(&update, &slots, &arena), TWILIO_ERR_SIZE);
    assert_int_equal(update.size, 0);
}

static void slots_that_are_none(void **unused)
{
    (void)unused;
    assert_int_equal(twilio_anchor_slots_choose(NULL, &arena), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_anchor_slots_choose(&slots, NULL), TWILIO_ERR_ARGUMENT);
    slots.size = TWILIO_SLOT_OVERHEAD - 1;
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_ERR_ARGUMENT);
    slots.size = ROOM;
    for (int i = 0; i < 2; i++) {
        slots.slot[i] = NULL;
        assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_ERR_ARGUMENT);
        slots.slot[i] = flash[i];
    }
    assert_int_equal(slots.anchors.count, 0); /* nothing was set */
}

/* ---- Memory ------------------------------------------------------------------ */

/* The arena too small by any number of bytes: told as such, and the built-in anchors serve. */
static void too_little_memory_is_told(void **unused)
{
    (void)unused;
    size_t size = 64;

    put(0, 1, &p384);
    put(1, 2, &rsa4096); /* the larger one: the older would fit before */
    for (;; size += 16) {
        update = (struct twilio_anchor_update){ .certificates = root.der, .certificates_size = root.size };
        begin(size);
        int result = twilio_anchor_slots_choose(&slots, &arena);
        if (result == TWILIO_OK) {
            break;
        }
        must_fall_back(TWILIO_ERR_MEMORY);
        assert_int_equal(twilio_anchor_update_begin(&update, &slots, &arena), TWILIO_ERR_MEMORY);
        assert_int_equal(update.size, 0);
        assert_false(arena.failed); /* a connection in this arena learns nothing of it */
    }
    print_message("           arena: %zu bytes to look at a slot\n", size);
    assert_in_range(size, 512, 2048 * sizeof(void *) / 4);
    must_choose(1, &rsa4096);
    arena.failed = true;
    must_choose(1, &rsa4096);
    assert_true(arena.failed);
}

static void memory_does_not_grow_with_anchors(void **unused)
{
    (void)unused;
    put(0, 1, &rsa4096);
    must_choose(0, &rsa4096);
    size_t peak = arena.peak;
    seal(0, 1, JOIN(flash[0] + 16, &rsa4096, &root, &rsa4096, &p384, &rsa4096));
    begin(sizeof memory);
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_OK);
    assert_int_equal(slots.anchors.count, 5);
    assert_int_equal(arena.peak, peak);
}

/* ---- Whom TLS trusts --------------------------------------------------------- */

static int connect_to(struct twilio_tls *tls, const char *server)
{
    struct twilio_transport https = twilio_tls_transport(tls);
    int result;

    wire.server = server;
    while ((result = https.connect(https.context, HOST)) == TWILIO_AGAIN) {
        twilio_network_wait(1);
    }
    https.close(https.context);
    return result;
}

/* With the arena that is asked for, and no more */
static int knock(const struct twilio_anchors *anchors, const char *server)
{
    begin(TWILIO_ARENA_MIN);
    struct twilio_tls tls = { .below = &below, .arena = &arena, .anchors = anchors };
    int result = connect_to(&tls, server);
    twilio_tls_forget(&tls);
    assert_int_equal(arena.used, 0);
    return result;
}

static void roots_come_and_go(void **unused)
{
    (void)unused;
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_ERR_ANCHORS); /* nothing is chosen yet */
    must_fall_back(TWILIO_ERR_ANCHORS);
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_ERR_UNTRUSTED);
    renew(0, &root);
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_OK);
    assert_int_equal(knock(&slots.anchors, "p384"), TWILIO_ERR_UNTRUSTED);
    renew(1, &p384);
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_ERR_UNTRUSTED);
    assert_int_equal(knock(&slots.anchors, "p384"), TWILIO_OK);
    flash[1][99] ^= 1; /* back to the older */
    must_choose(0, &root);
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_OK);
}

static void more_are_chained(void **unused)
{
    (void)unused;
    const struct twilio_anchors others = { &root, 1, &twilio_builtin_anchors };

    slots.more = &others;
    renew(0, &p384);
    assert_int_equal(knock(&slots.anchors, "p384"), TWILIO_OK);
    assert_int_equal(knock(&slots.anchors, "good"), TWILIO_OK);
    assert_int_equal(knock(&slots.anchors, "ecdsa"), TWILIO_ERR_UNTRUSTED);
}

static void an_update_can_be_tried(void **unused)
{
    (void)unused;
    prepare(&p384);
    assert_int_equal(knock(&update.anchors, "p384"), TWILIO_OK);
    assert_int_equal(knock(&update.anchors, "good"), TWILIO_ERR_UNTRUSTED);
}

/* Choosing between two calls, in the arena that keeps a session */
static void a_session_outlives_its_anchors_unless_forgotten(void **unused)
{
    (void)unused;
    struct twilio_tls tls = { .below = &below, .arena = &arena, .anchors = &slots.anchors };

    renew(0, &root);
    assert_int_equal(connect_to(&tls, "good"), TWILIO_OK);
    put(1, 1, &p384);
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_OK);
    assert_int_equal(slots.chosen, 1);
    assert_int_equal(connect_to(&tls, "good"), TWILIO_OK);
    assert_true(tls.resumed);
    twilio_tls_forget(&tls);
    assert_int_equal(connect_to(&tls, "good"), TWILIO_ERR_UNTRUSTED);
}

static void every_kind_of_chain(void **unused)
{
    (void)unused;
    static const struct { const char *server; int result; } chains[] = {
        { "good", TWILIO_OK },            /* RSA-2048 throughout */
        { "ecdsa", TWILIO_OK },           /* P-256 throughout */
        { "p384", TWILIO_OK },            /* P-384 throughout */
        { "rsa4096", TWILIO_OK },         /* RSA-4096, the leaf RSA-2048 */
        { "rsa4096-whole", TWILIO_OK },   /* RSA-4096 throughout */
        { "deep", TWILIO_OK },            /* four intermediates */
        { "deeper", TWILIO_ERR_UNTRUSTED },
    };
    size_t size = JOIN(flash[0] + 16, &root, &ecdsa, &p384, &rsa4096, &deep);

    seal(0, 1, size);
    assert_int_equal(twilio_anchor_slots_choose(&slots, &arena), TWILIO_OK);
    for (size_t i = 0; i < COUNT(chains); i++) {
        int result = knock(&slots.anchors, chains[i].server);
        if (result != chains[i].result) {
            fail_msg("%s: %d", chains[i].server, result);
        }
        print_message("           arena: %zu bytes for %s\n", arena.peak, chains[i].server);
        assert_true(arena.peak <= TWILIO_ARENA_MIN);
    }
    renew(1, &deep1); /* nearer to the leaf, of which it was nothing but too far */
    assert_int_equal(knock(&slots.anchors, "deeper"), TWILIO_OK);
}

static void the_built_in_ones_are_good(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < twilio_builtin_anchors.count; i++) {
        renew((int)(i % 2), &twilio_builtin_anchors.anchor[i]);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_slots_the_built_in), TEST(the_newer_is_chosen), TEST(one_slot_is_enough),
        TEST(each_bit_is_watched), TEST(the_mark_counts), TEST(whole_is_not_good), TEST(eight_anchors_are),
        TEST(the_slots_end),
        TEST(updates_alternate), TEST(an_update_is_newer_than_what_stays), TEST(any_window_of_it),
        TEST(a_cut_leaves_what_was), TEST(updates_of_nothing), TEST(slots_that_are_none),
        TEST(too_little_memory_is_told), TEST(memory_does_not_grow_with_anchors), TEST(roots_come_and_go),
        TEST(more_are_chained), TEST(an_update_can_be_tried),
        TEST(a_session_outlives_its_anchors_unless_forgotten), TEST(every_kind_of_chain),
        TEST(the_built_in_ones_are_good),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
