/*
 * test_arena.c - the arena against a model of it that keeps everything in plain tables
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "twilio.h"

#define HEADER (2 * sizeof(void *))
#define BLOCKS 64

static unsigned char memory[16384];

static uint32_t state; /* a small generator: the same sequence at every run */

static uint32_t draw(uint32_t below)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
}

static struct twilio_arena begun(size_t size)
{
    struct twilio_arena arena = { .memory = memory, .size = size };
    memset(memory, 0xA5, sizeof memory);
    assert_int_equal(twilio_arena_begin(&arena), TWILIO_OK);
    return arena;
}

/* The size of the largest block to be had. */
static size_t largest(struct twilio_arena *arena)
{
    for (size_t size = arena->size; size > 0; size--) {
        void *block = twilio_arena_calloc(arena, 1, size);
        if (block != NULL) {
            twilio_arena_free(arena, block);
            return size;
        }
    }
    return 0;
}

static void refuses_what_holds_no_block(void **unused)
{
    (void)unused;
    struct twilio_arena none = { .memory = NULL, .size = 100 };
    assert_int_equal(twilio_arena_begin(NULL), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_arena_begin(&none), TWILIO_ERR_ARGUMENT);
    for (size_t size = 0; size < 2 * HEADER; size++) {
        struct twilio_arena small = { .memory = memory, .size = size };
        assert_int_equal(twilio_arena_begin(&small), TWILIO_ERR_ARGUMENT);
    }
}

static void any_alignment_and_size(void **unused)
{
    (void)unused;
    for (size_t skip = 0; skip < 32; skip++) {
        for (size_t size = 4 * HEADER; size < 8 * HEADER; size++) {
            memset(memory, 0xA5, sizeof memory);
            struct twilio_arena arena = { .memory = memory + skip, .size = size };
            assert_int_equal(twilio_arena_begin(&arena), TWILIO_OK);
            size_t most = largest(&arena);
            unsigned char *block = twilio_arena_calloc(&arena, most, 1);
            assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
            assert_true(block >= memory + skip + HEADER && block + most <= memory + skip + size);
            assert_true(most + 2 * HEADER + _Alignof(max_align_t) > size);
            memset(block, 1, most);
            twilio_arena_free(&arena, block);
            for (size_t i = 0; i < skip; i++) {
                assert_int_equal(memory[i], 0xA5);
            }
            assert_int_equal(memory[skip + size], 0xA5);
        }
    }
}

static void overflow_is_refused(void **unused)
{
    (void)unused;
    struct twilio_arena arena = begun(1024);
    assert_null(twilio_arena_calloc(&arena, SIZE_MAX, 2));
    assert_null(twilio_arena_calloc(&arena, SIZE_MAX / 2 + 1, 2));
    assert_null(twilio_arena_calloc(&arena, 1, SIZE_MAX));
    assert_null(twilio_arena_calloc(&arena, 1, SIZE_MAX - HEADER));
    assert_true(arena.failed);
    assert_int_equal(arena.used, 0);
    assert_non_null(twilio_arena_calloc(&arena, 0, SIZE_MAX));
}

static void failing_says_so_and_changes_nothing(void **unused)
{
    (void)unused;
    struct twilio_arena arena = begun(1024);
    void *half = twilio_arena_calloc(&arena, 1, 512);
    size_t used = arena.used, peak = arena.peak;

    assert_false(arena.failed);
    assert_null(twilio_arena_calloc(&arena, 1, 512));
    assert_true(arena.failed);
    assert_int_equal(arena.used, used);
    assert_int_equal(arena.peak, peak);
    arena.failed = false;
    twilio_arena_free(&arena, half);
    twilio_arena_free(&arena, NULL);
    assert_int_equal(largest(&arena), 1024 - HEADER);
}

static void nothing_in_use_means_no_memory(void **unused)
{
    (void)unused;
    struct twilio_arena arena = begun(1024);
    twilio_arena_use(NULL);
    assert_null(twilio_tls_calloc(1, 1));
    twilio_arena_use(&arena);
    void *block = twilio_tls_calloc(1, 1);
    assert_non_null(block);
    assert_true(arena.used > 0);
    twilio_tls_free(block);
    assert_int_equal(arena.used, 0);
    twilio_arena_use(NULL);
}

/* ---- Against the model ----------------------------------------------------- */

static struct {
    unsigned char *block;
    size_t size;
    unsigned char mark;
} model[BLOCKS];

static void check_marks(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        for (size_t at = 0; model[i].block != NULL && at < model[i].size; at++) {
            assert_int_equal(model[i].block[at], model[i].mark);
        }
    }
}

static void allocate(struct twilio_arena *arena, int i)
{
    size_t size = draw(4) == 0 ? draw(2000) : draw(100);
    unsigned char *block = twilio_arena_calloc(arena, 1, size);
    if (block == NULL) {
        return;
    }
    assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
    assert_true(block >= memory && block + size <= memory + arena->size);
    assert_true(block + size <= memory + arena->peak);
    for (size_t at = 0; at < size; at++) {
        assert_int_equal(block[at], 0);
    }
    model[i].block = block;
    model[i].size = size;
    model[i].mark = (unsigned char)(1 + draw(255));
    memset(block, model[i].mark, size);
}

static void release(struct twilio_arena *arena, int i)
{
    twilio_arena_free(arena, model[i].block);
    model[i].block = NULL;
}

static size_t used_by_model(void)
{
    size_t used = 0;
    for (int i = 0; i < BLOCKS; i++) {
        if (model[i].block != NULL) {
            used += HEADER + (model[i].size + HEADER - 1) / HEADER * HEADER;
        }
    }
    return used;
}

static void random_life(uint32_t seed, size_t size)
{
    struct twilio_arena arena = begun(size);
    state = seed;
    for (int turn = 0; turn < 3000; turn++) {
        int i = (int)draw(BLOCKS);
        if (model[i].block == NULL) {
            allocate(&arena, i);
        } else {
            release(&arena, i);
        }
        assert_true(arena.used >= used_by_model() && arena.used <= used_by_model() + BLOCKS * HEADER);
        if (turn % 100 == 0) {
            check_marks();
        }
    }
    check_marks();
    for (int i = 0; i < BLOCKS; i++) {
        if (model[i].block != NULL) {
            release(&arena, i);
        }
    }
    assert_int_equal(arena.used, 0);
    assert_int_equal(largest(&arena), size / HEADER * HEADER - HEADER); /* all merged again */
}

static void random_lives(void **unused)
{
    (void)unused;
    for (uint32_t seed = 1; seed <= 40; seed++) {
        random_life(seed, 500 + 100 * seed);
    }
}

/* arena.peak promises the smallest size that would have done. */
static void peak_is_exact(void **unused)
{
    (void)unused;
    int lives = 0;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct twilio_arena arena = begun(sizeof memory);
        void *blocks[20];
        size_t peak = 0;
        for (int pass = 0; pass < 3; pass++) {
            state = seed;
            for (int i = 0; i < 20; i++) {
                blocks[i] = twilio_arena_calloc(&arena, 1, draw(500));
                if (i >= 10 && draw(2) == 0) {
                    twilio_arena_free(&arena, blocks[i - 10]);
                }
            }
            if (pass == 0) {
                assert_false(arena.failed);
                peak = arena.peak;
                arena = begun(peak);
            } else if (pass == 1) {
                assert_false(arena.failed);
                assert_int_equal(arena.peak, peak);
                arena = begun(peak - 1);
            } else {
                assert_true(arena.failed);
                lives++;
            }
        }
    }
    assert_int_equal(lives, 60);
}

/* After free nothing of it is left anywhere: what remains is headers, which hold no secrets. */
static void freed_memory_is_wiped(void **unused)
{
    (void)unused;
    struct twilio_arena arena = begun(4096);
    unsigned char *blocks[10];
    for (int i = 0; i < 10; i++) {
        blocks[i] = twilio_arena_calloc(&arena, 1, 100 + (size_t)i);
        memset(blocks[i], 0xEE, 100 + (size_t)i);
    }
    for (int i = 0; i < 10; i++) {
        twilio_arena_free(&arena, blocks[i * 7 % 10]);
    }
    for (size_t at = HEADER; at < 4096; at++) {
        assert_int_equal(memory[at], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_holds_no_block), cmocka_unit_test(any_alignment_and_size),
        cmocka_unit_test(overflow_is_refused), cmocka_unit_test(failing_says_so_and_changes_nothing),
        cmocka_unit_test(nothing_in_use_means_no_memory), cmocka_unit_test(random_lives),
        cmocka_unit_test(peak_is_exact), cmocka_unit_test(freed_memory_is_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
