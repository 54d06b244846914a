/*
 * inside.h - what the parts of the far end know of each other
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FAR_INSIDE_H
#define FAR_INSIDE_H

#include "far.h"

#include <openssl/ssl.h>

extern struct far *far_end;
extern uint32_t far_now;

uint32_t far_random(void);

/* Seeds OpenSSL, too; a chain of root and leaf for api.twilio.com is made by it. */
SSL_CTX *certificates_begin(void);

void api_begin(SSL_CTX *tls);
void api_work(void);

void must(int good, const char *what);

#endif
