/*
 * board.c - Arm MPS2 with the AN385 image (a Cortex-M3 in an FPGA): console, button
 *
 * Registers are named as in Arm's application note AN385 and the Cortex-M System Design Kit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#if !TWILIO_EMULATED && !TWILIO_BOARD_ENTROPY
#error "The AN385 has no true random source. A product must supply board_entropy() - a noise \
source in the FPGA, a secure element, or a seed provisioned per device - and board_setting(), \
then build with -DTWILIO_BOARD_ENTROPY=1. In QEMU: -DTWILIO_EMULATED=1."
#endif

#define CLOCK 25000000u
#define BAUD  115200u

/* UART0 of the CMSDK: one character deep each way */
#define UART_DATA      REGISTER(0x40004000)
#define UART_STATE     REGISTER(0x40004004)
#define UART_CTRL      REGISTER(0x40004008)
#define UART_BAUDDIV   REGISTER(0x40004010)

#define UART_STATE_RXBF (1u << 1)
#define UART_STATE_TXBF (1u << 0)
#define UART_CTRL_RXEN  (1u << 1)
#define UART_CTRL_TXEN  (1u << 0)

/* Input and output of the FPGA. QEMU has no buttons there: the register reads 0. */
#define FPGAIO_BUTTON   REGISTER(0x40028008)
#define BUTTON_0        (1u << 0)

void board_start(void)
{
    UART_BAUDDIV = CLOCK / BAUD;
    UART_CTRL = UART_CTRL_RXEN | UART_CTRL_TXEN;
    cortex_m_tick_start(CLOCK);
}

/* AN385 has no battery-backed clock. */
uint32_t board_utc(void)
{
    return 0;
}

void board_console_write(const char *text, size_t size)
{
    while (size-- > 0) {
        while (UART_STATE & UART_STATE_TXBF)
            ;
        UART_DATA = (uint8_t)*text++;
    }
}

int board_console_read(void)
{
    return UART_STATE & UART_STATE_RXBF ? (int)(UART_DATA & 0xFF) : -1;
}

bool board_input(void)
{
    return FPGAIO_BUTTON & BUTTON_0;
}
