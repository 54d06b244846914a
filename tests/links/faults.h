/*
 * faults.h - lwIP's socket calls, as port/sockets.c makes them, to fail when told
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

enum fault_call {
    FAULT_SOCKET, FAULT_FCNTL, FAULT_CONNECT, FAULT_SEND, FAULT_RECV, FAULT_CLOSE, FAULT_CALLS
};
extern const char *const fault_names[FAULT_CALLS];

enum fault_manner {
    FAULT_ONCE,      /* -1 and the error, instead of the call; a close has closed all the same */
    FAULT_STORM,     /* the same, 50 times in a row */
    FAULT_FOR_EVER,  /* the same, from now on */
    FAULT_END,       /* 0, once */
    FAULT_ONE_BYTE   /* from now on one byte at a time */
};

struct fault {
    enum fault_call call;
    enum fault_manner manner;
    int error;     /* errno */
    int expected;  /* what the exchange comes to */
};

/* That fault, at that call of its kind from now on, the first being 1; NULL: none. */
void fault_at(const struct fault *fault, unsigned occurrence);

/* Whether it has come to that; and how many of each call there were since fault_at. */
bool fault_happened(void);
unsigned fault_count(enum fault_call call);

/* Descriptors that are open. */
int fault_open(void);

#endif
