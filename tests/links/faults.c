/*
 * faults.c - what the linker puts in the place of lwIP's socket calls (--wrap)
 *
 * SPDX-License-Identifier: MIT
 */
#include "faults.h"

#include <stddef.h>
#include <string.h>

#include "lwip/errno.h"
#include "lwip/sockets.h"

#define STORM 50

const char *const fault_names[FAULT_CALLS] = { "socket", "fcntl", "connect", "send", "recv", "close" };

static const struct fault *fault;
static unsigned first, counts[FAULT_CALLS];
static bool happened;
static int open_descriptors;

int __real_lwip_socket(int domain, int type, int protocol);
int __wrap_lwip_socket(int domain, int type, int protocol);
int __real_lwip_fcntl(int descriptor, int command, int value);
int __wrap_lwip_fcntl(int descriptor, int command, int value);
int __real_lwip_connect(int descriptor, const struct sockaddr *name, socklen_t size);
int __wrap_lwip_connect(int descriptor, const struct sockaddr *name, socklen_t size);
ssize_t __real_lwip_send(int descriptor, const void *data, size_t size, int flags);
ssize_t __wrap_lwip_send(int descriptor, const void *data, size_t size, int flags);
ssize_t __real_lwip_recv(int descriptor, void *data, size_t size, int flags);
ssize_t __wrap_lwip_recv(int descriptor, void *data, size_t size, int flags);
int __real_lwip_close(int descriptor);
int __wrap_lwip_close(int descriptor);

void fault_at(const struct fault *wanted, unsigned occurrence)
{
    fault = wanted;
    first = occurrence;
    happened = false;
    memset(counts, 0, sizeof counts);
}

bool fault_happened(void)
{
    return happened;
}

unsigned fault_count(enum fault_call call)
{
    return counts[call];
}

int fault_open(void)
{
    return open_descriptors;
}

/* ---- Is it this call? ------------------------------------------------------- */

static unsigned lasts(enum fault_manner manner)
{
    switch (manner) {
    case FAULT_ONCE:
    case FAULT_END:
        return 1;
    case FAULT_STORM:
        return STORM;
    default:
        return UINT32_MAX;
    }
}

static bool is_now(enum fault_call call)
{
    unsigned number = ++counts[call];

    if (fault == NULL || fault->call != call || number < first || number - first >= lasts(fault->manner))
        return false;
    happened = true;
    return true;
}

/* Whether the call is to return *result instead of what it would. */
static bool fails(enum fault_call call, int *result)
{
    if (!is_now(call) || fault->manner == FAULT_ONE_BYTE)
        return false;
    errno = fault->error;
    *result = fault->manner == FAULT_END ? 0 : -1;
    return true;
}

static size_t shortened(enum fault_call call, size_t size)
{
    bool is_short = fault != NULL && fault->call == call && fault->manner == FAULT_ONE_BYTE && happened;

    return is_short && size > 1 ? 1 : size;
}

/* ---- The calls -------------------------------------------------------------- */

int __wrap_lwip_socket(int domain, int type, int protocol)
{
    int result;

    if (fails(FAULT_SOCKET, &result))
        return result;
    result = __real_lwip_socket(domain, type, protocol);
    open_descriptors += result >= 0;
    return result;
}

int __wrap_lwip_fcntl(int descriptor, int command, int value)
{
    int result;

    return fails(FAULT_FCNTL, &result) ? result : __real_lwip_fcntl(descriptor, command, value);
}

int __wrap_lwip_connect(int descriptor, const struct sockaddr *name, socklen_t size)
{
    int result;

    return fails(FAULT_CONNECT, &result) ? result : __real_lwip_connect(descriptor, name, size);
}

ssize_t __wrap_lwip_send(int descriptor, const void *data, size_t size, int flags)
{
    int result;

    if (fails(FAULT_SEND, &result))
        return result;
    return __real_lwip_send(descriptor, data, shortened(FAULT_SEND, size), flags);
}

ssize_t __wrap_lwip_recv(int descriptor, void *data, size_t size, int flags)
{
    int result;

    if (fails(FAULT_RECV, &result))
        return result;
    return __real_lwip_recv(descriptor, data, shortened(FAULT_RECV, size), flags);
}

int __wrap_lwip_close(int descriptor)
{
    int result = __real_lwip_close(descriptor), instead;

    open_descriptors -= result == 0;
    return fails(FAULT_CLOSE, &instead) ? instead : result;
}
