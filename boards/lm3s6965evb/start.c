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

/* Sixteen entries are the processor's own. Those of the devices may be left out: a device's
 * interrupt is only ever enabled masked, to end a sleep. */
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
