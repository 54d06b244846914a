/*
 * memory.c - memory at reset, and how much of it an image takes
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define PAINT 0x57414954u  /* what a word of the stack holds that was never used */

static uint32_t bytes(const uint32_t *start, const uint32_t *end)
{
    return (uint32_t)((uintptr_t)end - (uintptr_t)start);
}

void cortex_m_memory_start(void)
{
    const uint32_t *load = data_load;
    for (uint32_t *to = data_start; to < data_end; to++)
        *to = *load++;
    for (uint32_t *to = bss_start; to < bss_end; to++)
        *to = 0;

    /* Volatile, so that no call to memset is made of it, whose own frame would be painted. */
    const uint32_t *used;
    __asm__ volatile("mov %0, sp" : "=r"(used));
    for (volatile uint32_t *to = stack_bottom; to < used; to++)
        *to = PAINT;
}

void board_memory(struct board_memory *memory)
{
    const uint32_t *deepest = stack_bottom;
    while (deepest < stack_top && *deepest == PAINT)
        deepest++;

    uint32_t data = bytes(data_start, data_end);
    memory->flash = bytes(flash_start, data_load) + data;
    memory->ram = data + bytes(bss_start, bss_end);
    memory->stack = bytes(stack_bottom, stack_top);
    memory->stack_peak = bytes(deepest, stack_top);
}
