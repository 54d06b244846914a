/*
 * any_request.h - a request of any texts, with generators that may write anything
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_REQUEST_H
#define TWILIO_ANY_REQUEST_H

#include "any_sink.h"

/* A generator writes what it likes, by the functions of twilio.h, and finds mistakes. */
int any_generator(struct twilio_sink *sink, const void *source)
{
    (void)source;
    any_octets(sink);
    sink->encoding = nondet_bool();
    return nondet_int();
}

static inline struct twilio_generator a_generator(void)
{
    struct twilio_generator generator = { nondet_bool() ? any_generator : NULL, NULL };

    return generator;
}

static inline struct twilio_account any_account(void)
{
    struct twilio_account account = { any_text_or_null(), any_text_or_null(), any_text_or_null(),
        any_text_or_null(), a_generator(), any_text_or_null(), any_text_or_null(), any_text_or_null(),
        any_text_or_null(), nondet_bool() };

    return account;
}

static inline struct twilio_request any_request(const struct twilio_account *account)
{
    struct twilio_request request = { account, TWILIO_GET, nondet_bool(), any_text_or_null(), any_text_or_null(),
        any_text_or_null(), any_params(), a_generator(), a_generator() };

    *(unsigned *)&request.method = nondet_unsigned();
    return request;
}

#endif
