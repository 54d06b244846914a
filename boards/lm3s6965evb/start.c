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

#if TWILIO_PPP
void serial_interrupt(void);  /* serial.c */

__attribute__((section(".vectors"), used))
static const struct {
    struct cortex_m_vectors processor;
    void (*device[7])(void);
} vectors = { CORTEX_M_VECTORS, { [6] = serial_interrupt } };
#else
__attribute__((section(".vectors"), used))
static const struct cortex_m_vectors vectors = CORTEX_M_VECTORS;
#endif
