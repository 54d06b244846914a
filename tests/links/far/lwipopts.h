/*
 * lwipopts.h - the configuration of the far end's lwIP: callbacks only, and all the memory it wants
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FAR_LWIPOPTS_H
#define FAR_LWIPOPTS_H

#define NO_SYS                 1
#define SYS_LIGHTWEIGHT_PROT   0
#define LWIP_NETCONN           0
#define LWIP_SOCKET            0
#define LWIP_STATS             0

#define MEM_LIBC_MALLOC        1
#define MEMP_MEM_MALLOC        1
#define MEM_ALIGNMENT          8
#define TCP_MSS                1460
#define TCP_WND                (8 * TCP_MSS)
#define TCP_SND_BUF            (8 * TCP_MSS)
#define TCP_SND_QUEUELEN       64
#define MEMP_NUM_TCP_SEG       TCP_SND_QUEUELEN

/* A DHCP server is asked by those who have no address yet. */
#define LWIP_IP_ACCEPT_UDP_PORT(port) ((port) == PP_NTOHS(67))

#endif
