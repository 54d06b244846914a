/*
 * memory.c - memory at reset, and how much of it an image takes
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define PAINT 0x57414954u  /* what a word of the stack holds that was never used */

#define MPU_CTRL            REGISTER(0xE000ED94)
#define MPU_RNR             REGISTER(0xE000ED98)
#define MPU_RBAR            REGISTER(0xE000ED9C)
#define MPU_RASR            REGISTER(0xE000EDA0)
#define MPU_CTRL_PRIVDEFENA (1u << 2)   /* what no region covers stays as it is */
#define MPU_CTRL_ENABLE     (1u << 0)
#define MPU_RASR_XN         (1u << 28)  /* and no access at all, by 0 in AP */
#define MPU_RASR_256M       (27u << 1)
#define MPU_RASR_ENABLE     (1u << 0)
#define BELOW_RAM           0x10000000u

static uint32_t bytes(const uint32_t *start, const uint32_t *end)
{
    return (uint32_t)((uintptr_t)end - (uintptr_t)start);
}

/* The stack is the first thing in RAM. Nothing lies in the 256 MB below, so an access there
 * ought to fault of itself; but QEMU ignores it on some machines. */
static void guard_stack(void)
{
    MPU_RNR = 0;
    MPU_RBAR = BELOW_RAM;
    MPU_RASR = MPU_RASR_XN | MPU_RASR_256M | MPU_RASR_ENABLE;
    MPU_CTRL = MPU_CTRL_PRIVDEFENA | MPU_CTRL_ENABLE;
    __asm__ volatile("dsb\n isb" ::: "memory");
}

void cortex_m_memory_start(void)
{
    guard_stack();

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
