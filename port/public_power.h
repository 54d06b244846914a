/*
 * public_power.h - a^e mod n, all of it public: what verifies an RSA signature
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PUBLIC_POWER_H
#define TWILIO_PUBLIC_POWER_H

#include "mbedtls/bignum.h"

/* x = a^e mod n, as mbedtls_mpi_exp_mod, whose last argument it ignores. e is above 0, n is
 * odd, a is below n: otherwise MBEDTLS_ERR_MPI_BAD_INPUT_DATA. x may be a. Time tells
 * everything about a, e and n. */
int twilio_public_power(mbedtls_mpi *x, const mbedtls_mpi *a, const mbedtls_mpi *e,
                        const mbedtls_mpi *n, mbedtls_mpi *unused);

#endif
