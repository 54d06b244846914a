/*
 * host.c - servers on the PC's loopback, none of which waits
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECONDS_1900_TO_1970 2208988800u

static void must(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
}

/* HOST_OTHER, beside 127.0.0.1 */
static void add_address(int any)
{
    struct ifreq alias;
    struct sockaddr_in at;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = inet_addr(HOST_OTHER);
    memset(&alias, 0, sizeof alias);
    strcpy(alias.ifr_name, "lo:1");
    memcpy(&alias.ifr_addr, &at, sizeof at);
    must(ioctl(any, SIOCSIFADDR, &alias), "a second address");
}

void host_isolate(void)
{
    struct ifreq loopback;
    int any;

    must(unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET), "network namespace");
    any = socket(AF_INET, SOCK_DGRAM, 0);
    memset(&loopback, 0, sizeof loopback);
    strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    must(ioctl(any, SIOCSIFFLAGS, &loopback), "loopback up");
    add_address(any);
    close(any);
}

static int open_at_address(int type, uint32_t address, uint16_t *port)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    int on = 1, descriptor = socket(AF_INET, type | SOCK_NONBLOCK, 0);

    must(descriptor, "socket");
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons(*port);
    at.sin_addr.s_addr = address;
    must(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
    must(bind(descriptor, (struct sockaddr *)&at, sizeof at), "bind");
    must(getsockname(descriptor, (struct sockaddr *)&at, &size), "getsockname");
    *port = ntohs(at.sin_port);
    return descriptor;
}

static int open_at(int type, uint16_t *port)
{
    return open_at_address(type, htonl(INADDR_LOOPBACK), port);
}

/* ---- TCP ------------------------------------------------------------------- */

static int listener = -1, other_listener = -1, connection = -1;
static bool echoing;
static char held[4096];  /* received, and not yet sent back */
static size_t held_size;

uint16_t host_listen(uint16_t port)
{
    listener = open_at(SOCK_STREAM, &port);
    must(listen(listener, 64), "listen");
    return port;
}

void host_listen_other(uint16_t port)
{
    other_listener = open_at_address(SOCK_STREAM, inet_addr(HOST_OTHER), &port);
    must(listen(other_listener, 64), "listen");
}

void host_unlisten_other(void)
{
    close(other_listener);
    other_listener = -1;
}

void host_unlisten(void)
{
    close(listener);
    listener = -1;
}

bool host_accepted(void)
{
    return connection >= 0;
}

void host_echo(bool on)
{
    echoing = on;
}

ssize_t host_send(const void *data, size_t size)
{
    return send(connection, data, size, MSG_NOSIGNAL);
}

void host_close(void)
{
    close(connection);
    connection = -1;
    held_size = 0;
}

void host_reset(void)
{
    struct linger now = { 1, 0 };

    must(setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now), "SO_LINGER");
    host_close();
}

static void echo(void)
{
    ssize_t moved = 0;

    if (held_size == 0) {
        moved = recv(connection, held, sizeof held, 0);
        held_size = moved > 0 ? (size_t)moved : 0;
    }
    if (moved == 0 && held_size == 0) {
        host_close();
        return;
    }
    if (held_size > 0 && (moved = host_send(held, held_size)) > 0) {
        held_size -= (size_t)moved;
        memmove(held, held + moved, held_size);
    }
    if (moved < 0 && errno != EAGAIN)
        host_close();
}

static void tcp_work(void)
{
    int small = 4096;

    if (connection < 0) {
        connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (connection < 0)
            connection = accept4(other_listener, NULL, NULL, SOCK_NONBLOCK);
        if (connection >= 0)
            must(setsockopt(connection, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), "SO_SNDBUF");
    }
    if (connection >= 0 && echoing)
        echo();
}

/* ---- DNS ------------------------------------------------------------------- */

#define DNS_HEADER   12
#define DNS_QUESTION 5   /* after the name: its end, type, class */

static int dns = -1;
static unsigned dns_count;
static struct query {
    uint8_t bytes[512];
    ssize_t size;
    struct sockaddr_in from;
} query, late[2];  /* the last question for what begins with "late", and with "late-first" */

void host_dns_start(void)
{
    uint16_t port = 53;

    dns = open_at(SOCK_DGRAM, &port);
}

unsigned host_dns_queries(void)
{
    return dns_count;
}

static void add_record(struct query *to, uint32_t ttl, const char *address)
{
    uint8_t record[] = { 0xC0, DNS_HEADER, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
    uint32_t number = inet_addr(address);

    ttl = htonl(ttl);
    memcpy(record + 6, &ttl, sizeof ttl);
    memcpy(record + 12, &number, sizeof number);
    memcpy(to->bytes + to->size, record, sizeof record);
    to->size += (ssize_t)sizeof record;
    to->bytes[7]++;
}

static void dns_answer(struct query *to, bool exists, uint32_t ttl, const char *const *addresses)
{
    to->bytes[2] |= 0x80;
    to->bytes[3] = exists ? 0x80 : 0x83;
    for (; exists && *addresses != NULL; addresses++)
        add_record(to, ttl, *addresses);
    (void)sendto(dns, to->bytes, (size_t)to->size, 0, (struct sockaddr *)&to->from, sizeof to->from);
}

static const char *const good[] = { "10.0.2.2", NULL };
static const char *const *many;
static uint32_t many_ttl;

void host_dns_many(uint32_t ttl, const char *const *addresses)
{
    many = addresses;
    many_ttl = ttl;
}

static bool asks_for(const struct query *asked, const char *start)
{
    return memcmp(asked->bytes + DNS_HEADER + 1, start, strlen(start)) == 0;
}

void host_answer_late(bool first)
{
    if (late[first].size > 0)
        dns_answer(&late[first], true, 1, good);
    late[first].size = 0;
}

static void dns_work(void)
{
    socklen_t from_size = sizeof query.from;

    query.size = dns < 0 ? -1 : recvfrom(dns, query.bytes, sizeof query.bytes / 2, 0,
                                         (struct sockaddr *)&query.from, &from_size);
    if (query.size <= DNS_HEADER + DNS_QUESTION)
        return;
    dns_count++;
    if (asks_for(&query, "late"))
        late[asks_for(&query, "late-first")] = query;
    else if (asks_for(&query, "many") && many != NULL)
        dns_answer(&query, true, many_ttl, many);
    else if (!asks_for(&query, "silent"))
        dns_answer(&query, asks_for(&query, "good") || asks_for(&query, "time"), 1, good);
}

/* ---- SNTP ------------------------------------------------------------------ */

#define NTP_SIZE      48
#define NTP_ORIGINATE 24
#define NTP_TRANSMIT  40

static int ntp = -1;
static unsigned ntp_count;
static uint32_t ntp_time;
static bool ntp_forge;

void host_ntp_start(void)
{
    uint16_t port = 123;

    ntp = open_at(SOCK_DGRAM, &port);
}

void host_ntp_time(uint32_t seconds, bool forge)
{
    ntp_time = seconds;
    ntp_forge = forge;
}

unsigned host_ntp_requests(void)
{
    return ntp_count;
}

static void ntp_answer(const uint8_t *request, uint32_t seconds, bool forged, const struct sockaddr_in *to)
{
    uint8_t answer[NTP_SIZE] = { 0x24, 1 };  /* version 4, server; primary */
    uint32_t since_1900 = htonl(seconds + SECONDS_1900_TO_1970);

    memcpy(answer + NTP_ORIGINATE, request + NTP_TRANSMIT, 8);
    answer[NTP_ORIGINATE] ^= forged;
    memcpy(answer + NTP_TRANSMIT, &since_1900, sizeof since_1900);
    (void)sendto(ntp, answer, sizeof answer, 0, (const struct sockaddr *)to, sizeof *to);
}

static void ntp_work(void)
{
    uint8_t request[NTP_SIZE];
    struct sockaddr_in from;
    socklen_t from_size = sizeof from;

    ssize_t size = recvfrom(ntp, request, sizeof request, 0, (struct sockaddr *)&from, &from_size);

    if (size != NTP_SIZE)  /* nothing, most often */
        return;
    ntp_count++;
    ntp_answer(request, ntp_time, ntp_forge, &from);
}

void host_work(void)
{
    tcp_work();
    dns_work();
    ntp_work();
}
