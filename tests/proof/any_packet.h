/*
 * any_packet.h - any packet, at the very end of an object: what is read behind it is found
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_PACKET_H
#define TWILIO_ANY_PACKET_H

#include "dns_answer.h"

#include "proof.h"

const uint8_t *the_packet;
size_t the_size;
uint8_t the_type;
struct twilio_dns_answer the_answer;

/* Any place in it, or its end. */
#define IS_PLACE(at) (SAME(at, the_packet) && (at) >= the_packet && (at) <= the_packet + the_size)

static inline const uint8_t *any_place(void)
{
    return the_packet + any_up_to(the_size);
}

/* Each address is in the packet, whole. */
static inline bool answer_is_good(void)
{
    bool good = the_answer.count <= TWILIO_ADDRESSES_MAX && the_answer.ttl <= 86400;

    for (unsigned i = 0; i < TWILIO_ADDRESSES_MAX; i++) {
        good = good && (i >= the_answer.count
                        || (IS_PLACE(the_answer.address[i])
                            && the_packet + the_size - the_answer.address[i] >= (the_type == TWILIO_DNS_A ? 4 : 16)));
    }
    return good;
}

static inline void any_answer(void)
{
    for (unsigned i = 0; i < TWILIO_ADDRESSES_MAX; i++) {
        the_answer.address[i] = any_place();
    }
    the_answer.count = nondet_uint8_t();
    the_answer.ttl = nondet_uint32_t();
}

static inline void any_packet(void)
{
    the_size = any_up_to(TEXT_MAX);
    the_packet = (const uint8_t *)proof_texts + TEXT_MAX + 1 - the_size;
    the_type = nondet_bool() ? TWILIO_DNS_A : TWILIO_DNS_AAAA;
    any_answer();
}

#endif
