/*
 * every_number.c - the tenth of each number there is: what prove_number.c takes it to be
 *
 * No solver divides by multiplying in a reasonable time; there are but 2^32 of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sink.c"

#include <stdio.h>

int main(void)
{
    uint32_t number = 0, wrong = 0;

    do {
        wrong += tenth_of(number) != number / 10;
    } while (++number != 0);
    printf("4,294,967,296 numbers, %u of them wrong\n", (unsigned)wrong);
    return wrong != 0;
}
