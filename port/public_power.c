/*
 * public_power.c - a^e mod n, all of it public: what verifies an RSA signature
 *
 * mbedTLS's function is good for secret exponents, too: it multiplies at each of their bits,
 * and it divides to find R^2. This one takes two thirds of the time and a third of the
 * memory, which was the most that a handshake needed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "common.h"

#include "public_power.h"

#include <string.h>

#include "bignum_core.h"
#include "mbedtls/platform.h"

#define LIMB_BITS (8 * sizeof(mbedtls_mpi_uint))

/* Numbers are arrays of that many limbs, lowest first. Montgomery's R is 2^(their bits). */
struct modulus {
    const mbedtls_mpi_uint *n;
    size_t limbs;
    mbedtls_mpi_uint inverse;     /* what mbedtls_mpi_core_montmul wants to know of n */
    mbedtls_mpi_uint *temporary;  /* 2 * limbs + 1 */
};

/* x = x * y / R */
static void multiply(const struct modulus *m, mbedtls_mpi_uint *x, const mbedtls_mpi_uint *y, size_t y_limbs)
{
    mbedtls_mpi_core_montmul(x, x, y, y_limbs, m->n, m->limbs, m->inverse, m->temporary);
}

/* x = 2 * x */
static void twice(const struct modulus *m, mbedtls_mpi_uint *x)
{
    mbedtls_mpi_uint carry = x[m->limbs - 1] >> (LIMB_BITS - 1);

    mbedtls_mpi_core_shift_l(x, m->limbs, 1);
    if (mbedtls_mpi_core_sub(m->temporary, x, m->n, m->limbs) == carry)
        memcpy(x, m->temporary, m->limbs * sizeof *x);
}

/* x, which is all zero, becomes R^2: from the highest power of two below n to 2^k * R by
 * doubling, and on to 2^bits * R by squaring. */
static void square_of_r(const struct modulus *m, mbedtls_mpi_uint *x, size_t bits_of_n)
{
    size_t bits = m->limbs * LIMB_BITS, k = bits, exponent = bits_of_n - 1;

    while (k % 2 == 0 && k > LIMB_BITS)
        k /= 2;
    x[exponent / LIMB_BITS] = (mbedtls_mpi_uint)1 << exponent % LIMB_BITS;
    for (; exponent < bits + k; exponent++)
        twice(m, x);
    for (; k < bits; k *= 2)
        multiply(m, x, x, m->limbs);
}

/* power = base^e; both hold limbs, and base has R in it before and power after. */
static void raise(const struct modulus *m, mbedtls_mpi_uint *power, const mbedtls_mpi_uint *base,
                  const mbedtls_mpi *e)
{
    size_t bit = mbedtls_mpi_bitlen(e) - 1;

    memcpy(power, base, m->limbs * sizeof *power);
    while (bit-- > 0) {
        multiply(m, power, power, m->limbs);
        if (mbedtls_mpi_get_bit(e, bit))
            multiply(m, power, base, m->limbs);
    }
}

int twilio_public_power(mbedtls_mpi *x, const mbedtls_mpi *a, const mbedtls_mpi *e,
                        const mbedtls_mpi *n, mbedtls_mpi *unused)
{
    const mbedtls_mpi_uint one = 1;
    size_t limbs = (mbedtls_mpi_bitlen(n) + LIMB_BITS - 1) / LIMB_BITS;  /* n->n counts zeros, too */

    (void)unused;
    if (mbedtls_mpi_cmp_int(e, 0) <= 0 || mbedtls_mpi_cmp_int(a, 0) < 0 || mbedtls_mpi_cmp_mpi(a, n) >= 0
        || mbedtls_mpi_get_bit(n, 0) == 0)
        return MBEDTLS_ERR_MPI_BAD_INPUT_DATA;
    mbedtls_mpi_uint *base = mbedtls_calloc(4 * limbs + 1, sizeof *base);
    if (base == NULL)
        return MBEDTLS_ERR_MPI_ALLOC_FAILED;

    mbedtls_mpi_uint *power = base + limbs;
    struct modulus m = { n->p, limbs, mbedtls_mpi_core_montmul_init(n->p), power + limbs };
    memcpy(base, a->p, (a->n < limbs ? a->n : limbs) * sizeof *base);
    square_of_r(&m, power, mbedtls_mpi_bitlen(n));
    multiply(&m, base, power, limbs);
    raise(&m, power, base, e);
    multiply(&m, power, &one, 1);

    int result = mbedtls_mpi_lset(x, 0);
    if (result == 0)
        result = mbedtls_mpi_grow(x, limbs);
    if (result == 0)
        memcpy(x->p, power, limbs * sizeof *power);
    mbedtls_free(base);
    return result;
}
