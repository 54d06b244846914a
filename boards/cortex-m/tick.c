/*
 * tick.c - milliseconds by SysTick, and sleep
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define SYST_CSR      REGISTER(0xE000E010)
#define SYST_RVR      REGISTER(0xE000E014)
#define SYST_CVR      REGISTER(0xE000E018)
#define SYST_CSR_RUN  0x7u  /* enabled, with interrupt, from the processor's clock */
#define NVIC_ISER(n)  REGISTER(0xE000E100 + 4 * (n))  /* set enable */
#define NVIC_ICER(n)  REGISTER(0xE000E180 + 4 * (n))  /* clear enable */
#define NVIC_ICPR(n)  REGISTER(0xE000E280 + 4 * (n))  /* clear pending */

static volatile uint32_t milliseconds;

void cortex_m_tick_start(uint32_t clock)
{
    SYST_RVR = clock / 1000 - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_RUN;
}

void cortex_m_tick(void)
{
    milliseconds = milliseconds + 1;
}

uint32_t board_millis(void)
{
    return milliseconds;
}

void cortex_m_sleep(unsigned irq)
{
    unsigned word = irq / 32;
    uint32_t bit = 1u << irq % 32;

    /* An interrupt that is pending ends WFI though it is masked: one that comes between the
     * caller's last look and WFI is not missed. */
    NVIC_ISER(word) = bit;
    __asm__ volatile("dsb\n wfi" ::: "memory");
    NVIC_ICER(word) = bit;
    __asm__ volatile("dsb" ::: "memory");
    NVIC_ICPR(word) = bit;
}
