/*
 * test_public.c - our X25519 and our power of public numbers, against RFC 7748 and mbedTLS's own
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../port/x25519.c" /* whole, for the functions inside */

#include "mbedtls/ecp.h"
#include "public_power.h"

#define OK(call) assert_int_equal(call, 0)

/* ---- Memory and chance for mbedTLS ------------------------------------------ */

static bool no_memory;

void *twilio_tls_calloc(size_t count, size_t size)
{
    return no_memory ? NULL : calloc(count, size);
}

void twilio_tls_free(void *block)
{
    free(block);
}

static uint32_t state; /* a small generator: the same sequence at every run */

static int draw(void *unused, unsigned char *to, size_t size)
{
    (void)unused;
    while (size-- > 0) {
        state = state * 1664525U + 1013904223U;
        *to++ = (unsigned char)(state >> 24);
    }
    return 0;
}

static int start(void **unused)
{
    (void)unused;
    state = 1;
    no_memory = false;
    return 0;
}

/* ---- X25519: arithmetic at its edges ----------------------------------------- */

static mbedtls_mpi prime; /* 2^255 - 19 */

static void read_element(mbedtls_mpi *x, const element a)
{
    uint8_t bytes[32];

    store(bytes, a);
    OK(mbedtls_mpi_read_binary_le(x, bytes, sizeof bytes));
}

/* Is out congruent to want, modulo the prime? */
static void assert_congruent(const element out, mbedtls_mpi *want)
{
    mbedtls_mpi have;

    mbedtls_mpi_init(&have);
    read_element(&have, out);
    OK(mbedtls_mpi_mod_mpi(&have, &have, &prime));
    OK(mbedtls_mpi_mod_mpi(want, want, &prime));
    assert_int_equal(mbedtls_mpi_cmp_mpi(&have, want), 0);
    mbedtls_mpi_free(&have);
}

static void check_pair(const element a, const element b)
{
    mbedtls_mpi x, y, want;
    element out;

    mbedtls_mpi_init(&x), mbedtls_mpi_init(&y), mbedtls_mpi_init(&want);
    read_element(&x, a);
    read_element(&y, b);
    add(out, a, b);
    OK(mbedtls_mpi_add_mpi(&want, &x, &y));
    assert_congruent(out, &want);
    subtract(out, a, b);
    OK(mbedtls_mpi_sub_mpi(&want, &x, &y));
    assert_congruent(out, &want);
    multiply(out, a, b);
    OK(mbedtls_mpi_mul_mpi(&want, &x, &y));
    assert_congruent(out, &want);

    memcpy(out, a, sizeof out);
    reduce(out);
    OK(mbedtls_mpi_mod_mpi(&want, &x, &prime));
    read_element(&x, out);
    assert_int_equal(mbedtls_mpi_cmp_mpi(&x, &want), 0);
    mbedtls_mpi_free(&x), mbedtls_mpi_free(&y), mbedtls_mpi_free(&want);
}

/* Around 0, p, 2^255, 2p and 2^256, at the borders of words, and anywhere. */
static size_t edges(element *to)
{
    static const uint32_t top[][2] = { { 0, 0 }, { 0x7FFFFFFF, 0xFFFFFFFF }, { 0x80000000, 0 },
                                       { 0xFFFFFFFF, 0xFFFFFFFF } }; /* highest word, those between */
    size_t count = 0;

    for (size_t i = 0; i < sizeof top / sizeof top[0]; i++)
        for (uint32_t low = 0; low < 160; low += low % 20 < 2 || low % 20 > 17 ? 1 : 4)
            for (int near = 0; near < 2; near++, count++) {
                for (int word = 1; word < WORDS - 1; word++)
                    to[count][word] = top[i][1];
                to[count][WORDS - 1] = top[i][0];
                to[count][0] = near ? 0u - low : low;
            }
    for (int word = 0; word < WORDS; word++, count += 2) {
        memset(to[count], 0, sizeof to[count]);
        memset(to[count + 1], 0xFF, sizeof to[count]);
        to[count][word] = 0xFFFFFFFF;
        to[count + 1][word] = 0;
    }
    for (int i = 0; i < 32; i++, count++)
        draw(NULL, (unsigned char *)to[count], sizeof to[count]);
    return count;
}

static void x25519_calculates_right_at_every_edge(void **unused)
{
    static element values[1024];
    size_t count = edges(values);

    (void)unused;
    assert_in_range(count, 200, 1024);
    mbedtls_mpi_init(&prime);
    OK(mbedtls_mpi_lset(&prime, 1));
    OK(mbedtls_mpi_shift_l(&prime, 255));
    OK(mbedtls_mpi_sub_int(&prime, &prime, 19));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            check_pair(values[i], values[j]);
    mbedtls_mpi_free(&prime);
}

/* ---- X25519: the whole ------------------------------------------------------- */

static void from_hex(uint8_t bytes[32], const char *hex)
{
    mbedtls_mpi x;

    mbedtls_mpi_init(&x);
    OK(mbedtls_mpi_read_string(&x, 16, hex));
    OK(mbedtls_mpi_write_binary(&x, bytes, 32));
    mbedtls_mpi_free(&x);
}

static void check_hex(const uint8_t bytes[32], const char *hex)
{
    uint8_t want[32];

    from_hex(want, hex);
    assert_memory_equal(bytes, want, 32);
}

static void vector(const char *scalar, const char *point, const char *product)
{
    uint8_t k[32], u[32], out[32];

    from_hex(k, scalar);
    from_hex(u, point);
    Hacl_Curve25519_crypto_scalarmult(out, k, u);
    check_hex(out, product);
}

static void x25519_gives_what_rfc_7748_gives(void **unused)
{
    uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];

    (void)unused;
    vector("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
           "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
           "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    vector("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
           "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
           "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    for (int i = 1; i <= 1000; i++) {
        Hacl_Curve25519_crypto_scalarmult(out, k, u);
        memcpy(u, k, sizeof u);
        memcpy(k, out, sizeof k);
        if (i == 1)
            check_hex(k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    check_hex(k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

/* The same point written otherwise: with p added, with its unused bit set. */
static void x25519_takes_a_point_in_any_form(void **unused)
{
    uint8_t k[32], u[32], other[32], want[32], have[32];

    (void)unused;
    draw(NULL, k, sizeof k);
    for (uint8_t low = 0; low < 19; low++) {
        memset(u, 0, sizeof u);
        u[0] = low;
        Hacl_Curve25519_crypto_scalarmult(want, k, u);
        memset(other, 0xFF, sizeof other);
        other[0] = (uint8_t)(0xED + low);
        for (int unused_bit = 0; unused_bit < 2; unused_bit++) {
            other[31] = unused_bit ? 0xFF : 0x7F;
            Hacl_Curve25519_crypto_scalarmult(have, k, other);
            assert_memory_equal(have, want, sizeof want);
        }
    }
}

static void x25519_agrees_with_the_general_code(void **unused)
{
    mbedtls_ecp_group group;
    mbedtls_ecp_point point, product;
    mbedtls_mpi scalar;
    uint8_t k[32], u[32], have[32], want[32];
    size_t length;

    (void)unused;
    mbedtls_ecp_group_init(&group);
    mbedtls_ecp_point_init(&point), mbedtls_ecp_point_init(&product);
    mbedtls_mpi_init(&scalar);
    OK(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519));
    for (int i = 0; i < 50; i++) {
        draw(NULL, k, sizeof k);
        draw(NULL, u, sizeof u);
        Hacl_Curve25519_crypto_scalarmult(have, k, u);
        k[0] &= 248;
        k[31] = (k[31] & 127) | 64;
        OK(mbedtls_mpi_read_binary_le(&scalar, k, sizeof k));
        OK(mbedtls_ecp_point_read_binary(&group, &point, u, sizeof u));
        OK(mbedtls_ecp_mul(&group, &product, &scalar, &point, draw, NULL));
        OK(mbedtls_ecp_point_write_binary(&group, &product, MBEDTLS_ECP_PF_UNCOMPRESSED, &length, want,
                                          sizeof want));
        assert_int_equal(length, sizeof want);
        assert_memory_equal(have, want, sizeof want);
    }
    mbedtls_mpi_free(&scalar);
    mbedtls_ecp_point_free(&point), mbedtls_ecp_point_free(&product);
    mbedtls_ecp_group_free(&group);
}

/* ---- The power ---------------------------------------------------------------- */

struct power_numbers {
    mbedtls_mpi a, e, n, want, have;
};

static void begin(struct power_numbers *p)
{
    mbedtls_mpi_init(&p->a), mbedtls_mpi_init(&p->e), mbedtls_mpi_init(&p->n);
    mbedtls_mpi_init(&p->want), mbedtls_mpi_init(&p->have);
}

static void end(struct power_numbers *p)
{
    mbedtls_mpi_free(&p->a), mbedtls_mpi_free(&p->e), mbedtls_mpi_free(&p->n);
    mbedtls_mpi_free(&p->want), mbedtls_mpi_free(&p->have);
}

static void check_power(struct power_numbers *p)
{
    OK(mbedtls_mpi_exp_mod(&p->want, &p->a, &p->e, &p->n, NULL));
    OK(twilio_public_power(&p->have, &p->a, &p->e, &p->n, NULL));
    assert_int_equal(mbedtls_mpi_cmp_mpi(&p->have, &p->want), 0);
    OK(mbedtls_mpi_copy(&p->have, &p->a));
    OK(twilio_public_power(&p->have, &p->have, &p->e, &p->n, NULL)); /* in place */
    assert_int_equal(mbedtls_mpi_cmp_mpi(&p->have, &p->want), 0);
}

/* An odd number of that many bits. */
static void draw_modulus(mbedtls_mpi *n, size_t bits)
{
    OK(mbedtls_mpi_fill_random(n, (bits + 7) / 8, draw, NULL));
    OK(mbedtls_mpi_shift_r(n, mbedtls_mpi_bitlen(n) > bits ? mbedtls_mpi_bitlen(n) - bits : 0));
    OK(mbedtls_mpi_set_bit(n, bits - 1, 1));
    OK(mbedtls_mpi_set_bit(n, 0, 1));
}

static void power_agrees_with_the_general_code(void **unused)
{
    static const size_t sizes[] = { 2, 3, 31, 32, 33, 63, 64, 65, 127, 129, 192, 256, 384, 521, 1023, 1024,
                                    1025, 1088, 2047, 2048, 2049, 3072, 4096 };
    static const int exponents[] = { 1, 2, 3, 17, 0x10001 };
    struct power_numbers p;

    (void)unused;
    begin(&p);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        draw_modulus(&p.n, sizes[i]);
        for (int j = 0; j < 4; j++) { /* 0, 1, n - 1, any */
            OK(mbedtls_mpi_lset(&p.a, j & 1));
            if (j == 2)
                OK(mbedtls_mpi_sub_int(&p.a, &p.n, 1));
            if (j == 3)
                OK(mbedtls_mpi_random(&p.a, 0, &p.n, draw, NULL));
            for (size_t k = 0; k < sizeof exponents / sizeof exponents[0]; k++) {
                OK(mbedtls_mpi_lset(&p.e, exponents[k]));
                check_power(&p);
            }
        }
        OK(mbedtls_mpi_fill_random(&p.e, 16, draw, NULL));
        check_power(&p);
    }
    end(&p);
}

/* All ones is where each doubling and each product overflows. */
static void power_of_the_largest_modulus(void **unused)
{
    struct power_numbers p;

    (void)unused;
    begin(&p);
    for (size_t bits = 32; bits <= 2048; bits *= 2) {
        OK(mbedtls_mpi_lset(&p.n, 1));
        OK(mbedtls_mpi_shift_l(&p.n, bits));
        OK(mbedtls_mpi_sub_int(&p.n, &p.n, 1));
        OK(mbedtls_mpi_sub_int(&p.a, &p.n, 2));
        OK(mbedtls_mpi_lset(&p.e, 0x10001));
        check_power(&p);
    }
    end(&p);
}

static int power(struct power_numbers *p, int a, int e, int n)
{
    OK(mbedtls_mpi_lset(&p->a, a));
    OK(mbedtls_mpi_lset(&p->e, e));
    OK(mbedtls_mpi_lset(&p->n, n));
    return twilio_public_power(&p->have, &p->a, &p->e, &p->n, NULL);
}

static void power_refuses(void **unused)
{
    struct power_numbers p;

    (void)unused;
    begin(&p);
    OK(power(&p, 14, 3, 15));
    assert_int_equal(mbedtls_mpi_cmp_int(&p.have, 14), 0);
    assert_int_equal(power(&p, 15, 3, 15), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    assert_int_equal(power(&p, -1, 3, 15), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    assert_int_equal(power(&p, 3, 0, 15), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    assert_int_equal(power(&p, 3, -1, 15), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    assert_int_equal(power(&p, 3, 3, 16), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    assert_int_equal(power(&p, 0, 3, 0), MBEDTLS_ERR_MPI_BAD_INPUT_DATA);
    OK(power(&p, 2, 3, 15));
    no_memory = true;
    assert_int_equal(twilio_public_power(&p.have, &p.a, &p.e, &p.n, NULL), MBEDTLS_ERR_MPI_ALLOC_FAILED);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(x25519_calculates_right_at_every_edge, start),
        cmocka_unit_test_setup(x25519_gives_what_rfc_7748_gives, start),
        cmocka_unit_test_setup(x25519_takes_a_point_in_any_form, start),
        cmocka_unit_test_setup(x25519_agrees_with_the_general_code, start),
        cmocka_unit_test_setup(power_agrees_with_the_general_code, start),
        cmocka_unit_test_setup(power_of_the_largest_modulus, start),
        cmocka_unit_test_setup(power_refuses, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
