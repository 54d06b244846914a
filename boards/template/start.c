/*
 * start.c - template: what happens at reset
 *
 * This one is for a Cortex-M, where boards/cortex-m does nearly all of it. On another
 * processor: set the stack pointer, fill .data and .bss, call main, and board_exit with
 * what it returns; let the linker script's ENTRY name the function.
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

/* link.ld puts it first. If one of your device's interrupts does more than wake the processor, make
 * it a struct of this and the device's vectors. */
__attribute__((section(".vectors"), used))
static const struct cortex_m_vectors vectors = CORTEX_M_VECTORS;
