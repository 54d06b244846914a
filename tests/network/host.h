/*
 * host.h - the other side of the network tests: servers on the PC's loopback
 *
 * They run in a network namespace of their own, so that any port is theirs, and in the thread
 * of the test, by host_work, so that nothing depends on timing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Enter a network namespace with only a loopback, up. Exits with a message if that fails. */
void host_isolate(void);

/* Let the servers below answer what has come. */
void host_work(void);

/* ---- TCP ------------------------------------------------------------------- */

/* Listen on a port of 127.0.0.1, any free one if 0; returns it. */
uint16_t host_listen(uint16_t port);
void host_unlisten(void);

/* The same at HOST_OTHER, which refuses otherwise. */
#define HOST_OTHER "10.9.0.1"
void host_listen_other(uint16_t port);
void host_unlisten_other(void);

/* The connection accepted last. */
bool    host_accepted(void);          /* there is one now */
void    host_echo(bool on);           /* send back what comes, in host_work */
ssize_t host_send(const void *data, size_t size);
void    host_close(void);             /* in good order */
void    host_reset(void);             /* by RST */

/* ---- DNS, at 127.0.0.1:53 -------------------------------------------------- */

/* What begins with "good" or "time" is 10.0.2.2; queries for what begins with "late" are
 * answered by host_answer_late, the last one for "late-first" or for others; for "silent" never;
 * what begins with "many" has the addresses, in digits, of host_dns_many, NULL after the last; no
 * other name exists. */
void host_dns_start(void);
unsigned host_dns_queries(void);
void host_answer_late(bool first);
void host_dns_many(uint32_t ttl, const char *const *addresses);

/* ---- SNTP, at 127.0.0.1:123 ------------------------------------------------ */

/* Answer with this time (seconds since 1970); forge: as if to a request that was never made. */
void host_ntp_start(void);
void host_ntp_time(uint32_t seconds, bool forge);
unsigned host_ntp_requests(void);

#endif
