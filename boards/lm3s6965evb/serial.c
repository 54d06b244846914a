/*
 * serial.c - the LM3S6965's second UART, to a modem: received by interrupt, sent by polling
 *
 * Registers are named as in the data sheet. The receiver's FIFO has 16 bytes, 1.4 ms at this speed:
 * the interrupt moves them to a ring while the processor is busy with something else.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#if TWILIO_PPP

#define IRQ_UART1     6
#define NVIC_ISER0    REGISTER(0xE000E100)

#define RCGC1         REGISTER(0x400FE104)
#define RCGC2         REGISTER(0x400FE108)
#define RCGC1_UART1   (1u << 1)
#define RCGC2_GPIOD   (1u << 3)
#define GPIOD_AFSEL   REGISTER(0x40007420)
#define GPIOD_DEN     REGISTER(0x4000751C)
#define PIN_U1RX      (1u << 2)
#define PIN_U1TX      (1u << 3)

#define UARTDR        REGISTER(0x4000D000)
#define UARTFR        REGISTER(0x4000D018)
#define UARTIBRD      REGISTER(0x4000D024)
#define UARTFBRD      REGISTER(0x4000D028)
#define UARTLCRH      REGISTER(0x4000D02C)
#define UARTCTL       REGISTER(0x4000D030)
#define UARTIM        REGISTER(0x4000D038)

#define UARTFR_TXFF   (1u << 5)
#define UARTFR_RXFE   (1u << 4)
#define UARTLCRH_8N1  (3u << 5)
#define UARTLCRH_FEN  (1u << 4)
#define UARTCTL_START 0x301u     /* UART, transmitter, receiver */
#define UARTIM_RT     (1u << 6)  /* less than that, and nothing for 32 bits */
#define UARTIM_RX     (1u << 4)  /* the FIFO is half full */

#define RING          2048u      /* a window of TCP; a power of two */

/* head and tail count bytes, and wrap; only the interrupt writes head, only the reader tail. */
static uint8_t ring[RING];
static volatile uint32_t head, tail;

int board_serial_start(void)
{
    RCGC1 |= RCGC1_UART1;
    RCGC2 |= RCGC2_GPIOD;
    (void)RCGC2;  /* the clocks need some cycles before the first access */
    (void)RCGC2;
    GPIOD_AFSEL |= PIN_U1RX | PIN_U1TX;
    GPIOD_DEN |= PIN_U1RX | PIN_U1TX;
    UARTIBRD = 27;  /* 115,200 baud: 50 MHz / (16 * 115,200) = 27 + 8/64 */
    UARTFBRD = 8;
    UARTLCRH = UARTLCRH_8N1 | UARTLCRH_FEN;
    UARTCTL = UARTCTL_START;
    UARTIM = UARTIM_RX | UARTIM_RT;
    NVIC_ISER0 = 1u << IRQ_UART1;
    return 0;
}

/* An empty FIFO takes back both interrupts. One that must stay full for want of room keeps them:
 * so they are masked until the reader has made some. */
void serial_interrupt(void);
void serial_interrupt(void)
{
    while (!(UARTFR & UARTFR_RXFE)) {
        if (head - tail == RING) {
            UARTIM = 0;
            return;
        }
        ring[head % RING] = (uint8_t)UARTDR;
        head = head + 1;
    }
}

size_t board_serial_read(void *buf, size_t size)
{
    uint8_t *bytes = buf;
    size_t count = 0;

    while (count < size && tail != head) {
        bytes[count++] = ring[tail % RING];
        tail = tail + 1;
    }
    if (count > 0)
        UARTIM = UARTIM_RX | UARTIM_RT;
    return count;
}

size_t board_serial_write(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    size_t count = 0;

    while (count < size && !(UARTFR & UARTFR_TXFF))
        UARTDR = bytes[count++];
    return count;
}

/* What has come since the caller looked is in the ring, or an interrupt that ends the sleep. */
void board_idle(void)
{
    cortex_m_mask();
    if (head == tail)
        __asm__ volatile("dsb\n wfi" ::: "memory");
    cortex_m_unmask();
}

#endif
