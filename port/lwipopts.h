/*
 * lwipopts.h - lwIP's configuration: IPv4, perhaps IPv6, one TLS connection at a time, 64 KB of RAM
 *
 * Sizes may be raised with -D by boards that have more memory; the rules that tie them
 * together are checked by lwIP's init.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_LWIPOPTS_H
#define TWILIO_LWIPOPTS_H

/* ---- The operating system, or none ----------------------------------------- */

/* Sockets need NO_SYS 0. Without threads sys_polled.c provides the rest; with them
 * (TWILIO_THREADS) any sys_arch does. */
#define NO_SYS                      0
#define LWIP_TCPIP_CORE_LOCKING     1
#define LWIP_TCPIP_CORE_LOCKING_INPUT 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define TCPIP_MBOX_SIZE             4
#define DEFAULT_TCP_RECVMBOX_SIZE   8
#define DEFAULT_UDP_RECVMBOX_SIZE   4
#define DEFAULT_ACCEPTMBOX_SIZE     4
#ifdef TWILIO_THREADS
#define SYS_LIGHTWEIGHT_PROT        1
#else
#define SYS_LIGHTWEIGHT_PROT        0
#define TCPIP_THREAD_TEST           1   /* gives tcpip_thread_poll_one */
#endif

/* ---- What is in ------------------------------------------------------------ */

#define LWIP_IPV4                   1
#ifdef TWILIO_IPV6
#define LWIP_IPV6                   1
#else
#define LWIP_IPV6                   0
#endif
#ifdef TWILIO_PPP                           /* instead of Ethernet */
#define PPP_SUPPORT                 1
#define PAP_SUPPORT                 1
#define LWIP_PPP_API                0
#define LWIP_ARP                    0
#define LWIP_DHCP                   0
#else
#define LWIP_ARP                    1
#define LWIP_DHCP                   1
#endif
#define LWIP_ICMP                   1
#define LWIP_UDP                    1
#define LWIP_TCP                    1
#define LWIP_DNS                    1
#define LWIP_SOCKET                 1
#define LWIP_NETIF_STATUS_CALLBACK  1
#define SO_REUSE                    0

/* ---- What is not ----------------------------------------------------------- */

#define IP_FRAG                     0
#define IP_REASSEMBLY               0
#define LWIP_RAW                    0
#define LWIP_IGMP                   0
#define LWIP_ACD                    0
#define LWIP_DHCP_DOES_ACD_CHECK    0   /* the server has checked; it would cost seconds */
#define LWIP_NETIF_LOOPBACK         0
#define LWIP_HAVE_LOOPIF            0
#define LWIP_COMPAT_SOCKETS         0
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_SOCKET_SELECT          0
#define LWIP_SOCKET_POLL            0
#define LWIP_STATS                  0

/* ---- Memory ---------------------------------------------------------------- */

#if __SIZEOF_POINTER__ == 8
#define MEM_ALIGNMENT               8
#else
#define MEM_ALIGNMENT               4
#endif
#ifndef MEM_SIZE
#define MEM_SIZE                    (2048 * __SIZEOF_POINTER__ / 4)
#endif

/* Small segments, and frames in small buffers, several each: three segments of ours take nine,
 * and one of 1,440 bytes, from a peer that does not heed our size (QEMU's network), six. */
#ifndef TCP_MSS
#define TCP_MSS                     536
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE              10
#endif
#define PBUF_POOL_BUFSIZE           256

#ifndef TCP_WND
#define TCP_WND                     (3 * TCP_MSS)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF                 (2 * TCP_MSS)
#endif
#define TCP_OVERSIZE                0   /* a short write takes from the heap what it is long */
#define TCP_SND_QUEUELEN            8
#define MEMP_NUM_TCP_SEG            TCP_SND_QUEUELEN
#define TCP_OOSEQ_MAX_PBUFS         6   /* leaves buffers for the segment that is missing */

/* One connection in use. The others are closing: sockets.c lowers their priority so that a
 * new one always finds room. A lossy line was seen to use up three. */
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB            5
#endif
#define MEMP_NUM_TCP_PCB_LISTEN     1
#ifndef MEMP_NUM_NETCONN
#define MEMP_NUM_NETCONN            2
#endif
#define MEMP_NUM_NETBUF             1
#define MEMP_NUM_NETDB              0   /* getaddrinfo, which nobody calls */
#define MEMP_NUM_PBUF               2
#define MEMP_NUM_UDP_PCB            5   /* DHCP, SNTP, two of DNS, one of the application's */
#define MEMP_NUM_TCPIP_MSG_API      4
#define MEMP_NUM_TCPIP_MSG_INPKT    1
#define MEMP_NUM_SYS_TIMEOUT        (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 4)  /* link, SNTP's three */
#define ARP_TABLE_SIZE              4

/* ---- Protocols ------------------------------------------------------------- */

/* A SYN each 3 s for 40 s: a peer 30 s away can be reached. Before that a call's deadline ends the attempt,
 * or sockets.c does, which has another address to try. */
#define TCP_SYNMAXRTX               12

/* Sequence numbers by chance instead of by count. */
#define LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port) LWIP_RAND()

/* IPv6 on one interface: addresses of router advertisements, tables as small as ARP's. The name server that
 * an advertisement tells takes the place of DHCP's, and the other way round: the last one told counts. */
#if LWIP_IPV6
#define LWIP_IPV6_SCOPES            0
#define LWIP_IPV6_FRAG              0
#define LWIP_IPV6_REASS             0
#define LWIP_IPV6_MLD               0   /* what is to reach us is sent to all, or to our address's group */
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 1
#define LWIP_ND6_NUM_NEIGHBORS      4
#define LWIP_ND6_NUM_DESTINATIONS   4
#define LWIP_ND6_NUM_PREFIXES       2
#define LWIP_ND6_NUM_ROUTERS        2
#define MEMP_NUM_ND6_QUEUE          4
#endif

/* A modem's line: asked whether it is alive every 5 s, given up when it is silent for 4 times. The
 * peer is the modem or not far beyond: it needs no more than 3 s for an answer. */
#define LCP_ECHOINTERVAL            5
#define LCP_MAXECHOFAILS            4
#define FSM_DEFTIMEOUT              3
#define UPAP_DEFTIMEOUT             3
#define PPP_FCS_TABLE               0   /* 512 bytes that would save what a slow line has to spare */
#define MAXNAMELEN                  64
#define MAXSECRETLEN                64

#define DNS_MAX_REQUESTS            2   /* at once, by gethostbyname.c: SNTP's, one of the application's */

#define SNTP_SERVER_DNS             1
#define SNTP_CHECK_RESPONSE         2   /* from that server, to that request */
#define SNTP_STARTUP_DELAY          0
#define SNTP_UPDATE_DELAY           7200000 /* never: clock.c asks again before, and tells whom */
#define SNTP_RECV_TIMEOUT           SNTP_UPDATE_DELAY
#define SNTP_RETRY_TIMEOUT_EXP      0
#define SNTP_MONITOR_SERVER_REACHABILITY 0

#endif
