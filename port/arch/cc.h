/*
 * cc.h - what lwIP needs to know about compiler and platform
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ARCH_CC_H
#define TWILIO_ARCH_CC_H

#include <stdint.h>
#include <sys/time.h>

/* lwIP's struct timeval would clash with the C library's. */
#define LWIP_TIMEVAL_PRIVATE 0

/* A hosted system has an errno of its own; on bare metal it is one int, in sys_polled.c,
 * instead of newlib's, which would bring in its whole reentrancy structure. */
#ifdef __linux__
#define LWIP_ERRNO_STDINCLUDE 1
#include <limits.h>
#include <sys/types.h>
#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX
#endif
#else
#define LWIP_PROVIDE_ERRNO 1
#endif

#define LWIP_NO_CTYPE_H 1

#if defined(TWILIO_THREADS) && defined(__linux__)
typedef unsigned int sys_prot_t;  /* which lwIP's sys_arch.h for POSIX threads leaves to us */
#endif

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#endif
#ifndef LITTLE_ENDIAN
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#endif
#ifndef BIG_ENDIAN
#define BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif

/* Unpredictable to those who see earlier values; from the board's entropy (network.c). */
uint32_t twilio_network_random(void);
#define LWIP_RAND() twilio_network_random()

/* Assertions stay, their texts do not: a broken stack must stop, but need not say why. */
_Noreturn void twilio_network_failed(void);
#define LWIP_PLATFORM_ASSERT(message) twilio_network_failed()
#define LWIP_PLATFORM_DIAG(message)   do { } while (0)

/* lwIP's SNTP client sets the clock (clock.c). In place of the time, which nobody needs to
 * know, a request carries 64 random bits, which the answer must repeat. */
void twilio_clock_received(uint32_t seconds);
#define SNTP_SET_SYSTEM_TIME(seconds) twilio_clock_received(seconds)
#define SNTP_GET_SYSTEM_TIME_NTP(seconds, fraction) \
    do { \
        (seconds) = (int32_t)twilio_network_random(); \
        (fraction) = twilio_network_random(); \
    } while (0)

#endif
