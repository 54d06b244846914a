/*
 * watchdog.c - the watchdog of the Cortex-M System Design Kit
 *
 * It counts down twice: at the end of the first time comes the non-maskable interrupt, whose handler says so
 * and restarts the board (cortex_m_fault); should even that fail, it resets at the end of the second.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#define MILLISECOND 25000u  /* in cycles of 25 MHz */

#define WDOGLOAD    REGISTER(0x40008000)
#define WDOGCONTROL REGISTER(0x40008008)
#define WDOGINTCLR  REGISTER(0x4000800C)

#define WDOGCONTROL_RESEN (1u << 1)
#define WDOGCONTROL_INTEN (1u << 0)  /* and the watchdog */

void board_watchdog(uint32_t milliseconds)
{
    WDOGLOAD = milliseconds * MILLISECOND;
    WDOGINTCLR = 0;  /* whatever is written */
    WDOGCONTROL = WDOGCONTROL_RESEN | WDOGCONTROL_INTEN;
}
