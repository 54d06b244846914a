/*
 * fault.c - the last words of an image that went wrong
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include "board.h"
#include "cortex-m.h"
#include "print.h"

#define SCB_ICSR            REGISTER(0xE000ED04)
#define SCB_AIRCR           REGISTER(0xE000ED0C)
#define SCB_CFSR            REGISTER(0xE000ED28)
#define SCB_BFAR            REGISTER(0xE000ED38)
#define ICSR_VECTACTIVE     0x1FFu
#define AIRCR_SYSRESETREQ   0x05FA0004u  /* with the key that makes the write count */
#define FRAME_WORDS         8  /* the processor pushes r0-r3, r12, lr, pc, psr */
#define FRAME_PC            6

__attribute__((used))
static void report(const uint32_t *frame)
{
    print("\nfault: exception ");
    print_number(SCB_ICSR & ICSR_VECTACTIVE);
    if (frame < stack_bottom || frame + FRAME_WORDS > stack_top) {
        print(", stack overflow");
    } else {
        print(" at ");
        print_hex(frame[FRAME_PC]);
    }
    print(", CFSR ");
    print_hex(SCB_CFSR);
    print(", BFAR ");
    print_hex(SCB_BFAR);
    print("\n");
    board_exit(1);
}

/* The fault may be the stack's: go on with an empty one. */
__attribute__((naked))
void cortex_m_fault(void)
{
    __asm__ volatile("mov r0, sp\n"
                     "ldr r1, =stack_top\n"
                     "mov sp, r1\n"
                     "b   %0\n"
                     ".ltorg" :: "i"(report));
}

void cortex_m_reset(void)
{
    SCB_AIRCR = AIRCR_SYSRESETREQ;
    for (;;)
        ;
}
