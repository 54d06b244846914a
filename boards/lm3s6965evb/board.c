/*
 * board.c - Stellaris LM3S6965 evaluation board: clocks, console, button
 *
 * Registers are named as in the LM3S6965 data sheet. A peripheral whose clock is off faults
 * when touched, so all that this image uses are switched on here, at once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#if !TWILIO_EMULATED && !TWILIO_BOARD_ENTROPY
#error "The LM3S6965 has no true random source. A product must supply board_entropy() - a noise \
source on the ADC, a secure element, or a seed provisioned per device - and board_setting(), \
then build with -DTWILIO_BOARD_ENTROPY=1. In QEMU: -DTWILIO_EMULATED=1."
#endif

#define CLOCK 50000000u

/* System control */
#define LDOPCTL REGISTER(0x400FE034)
#define RIS     REGISTER(0x400FE050)
#define RCC     REGISTER(0x400FE060)
#define RCGC1   REGISTER(0x400FE104)
#define RCGC2   REGISTER(0x400FE108)

#define LDOPCTL_2V75    0x1Bu
#define RIS_PLLLRIS     (1u << 6)
#define RCC_SYSDIV_4    (3u << 23)  /* of the PLL's 200 MHz */
#define RCC_SYSDIV_MASK (15u << 23)
#define RCC_USESYSDIV   (1u << 22)
#define RCC_PWRDN       (1u << 13)
#define RCC_BYPASS      (1u << 11)
#define RCC_XTAL_8MHZ   (14u << 6)
#define RCC_XTAL_MASK   (15u << 6)
#define RCC_OSCSRC_MASK (3u << 4)   /* 0: the main oscillator */
#define RCC_MOSCDIS     (1u << 0)
#define RCGC1_UART0     (1u << 0)
#define RCGC2_EPHY0     (1u << 30)
#define RCGC2_EMAC0     (1u << 28)
#define RCGC2_GPIOF     (1u << 5)
#define RCGC2_GPIOA     (1u << 0)

/* Ports: A for the console, F for the button. The address of GPIODATA masks its bits. */
#define GPIOA_AFSEL     REGISTER(0x40004420)
#define GPIOA_DEN       REGISTER(0x4000451C)
#define GPIOF_DATA(pin) REGISTER(0x40025000 + 4 * (pin))
#define GPIOF_PUR       REGISTER(0x40025510)
#define GPIOF_DEN       REGISTER(0x4002551C)

#define PIN_U0RX        (1u << 0)
#define PIN_U0TX        (1u << 1)
#define PIN_SELECT      (1u << 1)  /* the button "select", to ground when pressed */

/* UART0 */
#define UARTDR          REGISTER(0x4000C000)
#define UARTFR          REGISTER(0x4000C018)
#define UARTIBRD        REGISTER(0x4000C024)
#define UARTFBRD        REGISTER(0x4000C028)
#define UARTLCRH        REGISTER(0x4000C02C)
#define UARTCTL         REGISTER(0x4000C030)

#define UARTFR_TXFF     (1u << 5)
#define UARTFR_RXFE     (1u << 4)
#define UARTLCRH_8N1    (3u << 5)
#define UARTLCRH_FEN    (1u << 4)
#define UARTCTL_ENABLE  0x301u     /* UART, transmitter, receiver */

/* 50 MHz by the PLL from the board's 8 MHz crystal. */
static void clock_start(void)
{
    /* Erratum: the PLL is not stable at the core voltage that reset chooses, 2.5 V. */
    LDOPCTL = LDOPCTL_2V75;

    /* Not from the PLL while it changes. */
    uint32_t rcc = (RCC | RCC_BYPASS) & ~RCC_USESYSDIV;
    RCC = rcc;
    rcc &= ~(RCC_MOSCDIS | RCC_OSCSRC_MASK | RCC_XTAL_MASK | RCC_PWRDN | RCC_SYSDIV_MASK);
    rcc |= RCC_XTAL_8MHZ | RCC_SYSDIV_4 | RCC_USESYSDIV;
    RCC = rcc;
    while (!(RIS & RIS_PLLLRIS))
        ;
    RCC = rcc & ~RCC_BYPASS;
}

/* 115,200 baud, 8N1: 50 MHz / (16 * 115,200) = 27 + 8/64. */
static void console_start(void)
{
    GPIOA_AFSEL |= PIN_U0RX | PIN_U0TX;
    GPIOA_DEN |= PIN_U0RX | PIN_U0TX;
    UARTIBRD = 27;
    UARTFBRD = 8;
    UARTLCRH = UARTLCRH_8N1 | UARTLCRH_FEN;
    UARTCTL = UARTCTL_ENABLE;
}

void board_start(void)
{
    clock_start();
    RCGC1 |= RCGC1_UART0;
    RCGC2 |= RCGC2_GPIOA | RCGC2_GPIOF | RCGC2_EMAC0 | RCGC2_EPHY0;
    (void)RCGC2;  /* the clocks need some cycles before the first access */
    (void)RCGC2;

    console_start();
    GPIOF_PUR |= PIN_SELECT;
    GPIOF_DEN |= PIN_SELECT;
    cortex_m_tick_start(CLOCK);
}

/* The part has no battery-backed clock. */
uint32_t board_utc(void)
{
    return 0;
}

void board_console_write(const char *text, size_t size)
{
    while (size-- > 0) {
        while (UARTFR & UARTFR_TXFF)
            ;
        UARTDR = (uint8_t)*text++;
    }
}

int board_console_read(void)
{
    return UARTFR & UARTFR_RXFE ? -1 : (int)(UARTDR & 0xFF);
}

/* A button that has not been seen at rest yet is not an input but a fault. (In QEMU "select"
 * is the control key, and the pin reads as pressed until that key has been released once.) */
bool board_input(void)
{
    static bool rested;
    bool pressed = !(GPIOF_DATA(PIN_SELECT) & PIN_SELECT);

    rested = rested || !pressed;
    return rested && pressed;
}
