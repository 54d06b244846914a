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

/* The vector table, which link.ld puts first. Add your device's interrupts, from index 15 on,
 * if any of them does more than wake the processor. */
__attribute__((section(".vectors"), used))
static const struct {
    const void *stack;
    void (*exception[15])(void);
} vectors = {
    .stack = stack_top,
    .exception = {
        start_reset,
        cortex_m_fault, /* non-maskable interrupt */
        cortex_m_fault, /* hard fault */
        cortex_m_fault, /* memory management */
        cortex_m_fault, /* bus fault */
        cortex_m_fault, /* usage fault */
        [10] = cortex_m_fault, /* supervisor call */
        [11] = cortex_m_fault, /* debug monitor */
        [13] = cortex_m_fault, /* pending supervisor call */
        [14] = cortex_m_tick,
    },
};
