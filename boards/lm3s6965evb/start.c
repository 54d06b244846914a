/*
 * start.c - the LM3S6965's vector table, and what happens at reset
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

int main(void);

void start_reset(void)
{
    cortex_m_memory_start();
    board_exit(main());
}

__attribute__((section(".vectors"), used))
static const struct cortex_m_vectors vectors = CORTEX_M_VECTORS;
