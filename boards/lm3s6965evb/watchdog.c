/*
 * watchdog.c - the LM3S6965's watchdog
 *
 * It counts down twice: at the end of the first time it asks for an interrupt, at the end of the second, if
 * that was not cleared, it resets. So each has half of the time; the interrupt goes nowhere.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define HALF_MILLISECOND 25000u  /* in cycles of the processor's 50 MHz */

#define RCGC0   REGISTER(0x400FE100)
#define WDTLOAD REGISTER(0x40000000)
#define WDTCTL  REGISTER(0x40000008)
#define WDTICR  REGISTER(0x4000000C)

#define RCGC0_WDT     (1u << 3)
#define WDTCTL_RESEN  (1u << 1)
#define WDTCTL_INTEN  (1u << 0)  /* and the watchdog: until a reset */

void board_watchdog(uint32_t milliseconds)
{
    RCGC0 |= RCGC0_WDT;
    (void)RCGC0;  /* the clock needs some cycles before the first access */
    (void)RCGC0;
    WDTLOAD = milliseconds * HALF_MILLISECOND;
    WDTICR = 0;   /* whatever is written */
    WDTCTL = WDTCTL_RESEN | WDTCTL_INTEN;
}
