/*
 * cc.h - compiler and platform of the far end's lwIP
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FAR_ARCH_CC_H
#define FAR_ARCH_CC_H

#include <stdint.h>
#include <stdlib.h>

uint32_t far_random(void);
#define LWIP_RAND()                   far_random()
#define LWIP_PLATFORM_ASSERT(message) abort()
#define LWIP_PLATFORM_DIAG(message)   do { } while (0)

#endif
