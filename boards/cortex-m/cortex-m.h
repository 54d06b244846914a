/*
 * cortex-m.h - what every Cortex-M3 board needs of the processor itself
 *
 * Registers are named as in the ARMv7-M Architecture Reference Manual. The sections and
 * their boundaries come from sections.ld.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include <stddef.h>
#include <stdint.h>

/* A device register at an address. */
#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

/* ---- Reset and faults ------------------------------------------------------ */

/* Where the processor starts: in each board's start.c. */
void start_reset(void);

/* Guard the stack, fill .data and .bss, paint the stack. The first thing after reset. */
void cortex_m_memory_start(void);

/* Handler of every exception that should not happen: says which, then board_exit(1). */
void cortex_m_fault(void);

/* Restart the chip. */
_Noreturn void cortex_m_reset(void);

/* The vector table as far as it is the processor's own, for start.c to place in ".vectors". Those
 * of the devices may be left out: a device's interrupt is only ever enabled masked, to end a
 * sleep. */
struct cortex_m_vectors {
    const void *stack;
    void (*exception[15])(void);
};

#define CORTEX_M_VECTORS {                                    \
    .stack = stack_top,                                       \
    .exception = {                                            \
        start_reset,                                          \
        cortex_m_fault,        /* non-maskable interrupt */   \
        cortex_m_fault,        /* hard fault */               \
        cortex_m_fault,        /* memory management */        \
        cortex_m_fault,        /* bus fault */                \
        cortex_m_fault,        /* usage fault */              \
        [10] = cortex_m_fault, /* supervisor call */          \
        [11] = cortex_m_fault, /* debug monitor */            \
        [13] = cortex_m_fault, /* pending supervisor call */  \
        [14] = cortex_m_tick,                                 \
    },                                                        \
}

/* ---- Time and sleep -------------------------------------------------------- */

/* Start the tick of 1 ms that board_millis counts. clock is the processor's, in Hz. */
void cortex_m_tick_start(uint32_t clock);

/* Handler of the SysTick exception. */
void cortex_m_tick(void);

static inline void cortex_m_mask(void)   { __asm__ volatile("cpsid i" ::: "memory"); }
static inline void cortex_m_unmask(void) { __asm__ volatile("cpsie i" ::: "memory"); }

/* Sleep until the tick or device interrupt irq; call it masked. The interrupt only wakes: it
 * is enabled for the time of the sleep alone, so it needs no handler. */
void cortex_m_sleep(unsigned irq);

/* ---- Memory, from sections.ld ---------------------------------------------- */

extern uint32_t flash_start[], data_load[], data_start[], data_end[], bss_start[], bss_end[];
extern uint32_t stack_bottom[], stack_top[];

/* ---- The host of an emulated board ----------------------------------------- */

/* Semihosting: ask the emulator for a service. Only with TWILIO_EMULATED. */
int cortex_m_host(int operation, const void *argument);

#define HOST_OPEN          0x01
#define HOST_CLOSE         0x02
#define HOST_WRITE         0x05
#define HOST_READ          0x06
#define HOST_SEEK          0x0A
#define HOST_EXIT_EXTENDED 0x20

#endif
