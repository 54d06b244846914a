/*
 * prove_dns_record.c - a record in a packet of a DNS server: any octets, after any others
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any record of up to 1,535 octets; any answer so far
//@ unwind 5
//@ texts 1535
//@ fault dns_answer.c: if (number(record) != reading->type || number(record + 8) != reading->size) => if (number(record) != reading->type)
//@ fault dns_answer.c: else if (answer->count < TWILIO_ADDRESSES_MAX) => else if (answer->count <= TWILIO_ADDRESSES_MAX)
#include "any_packet.h"

#include "dns_answer.c"

void prove(void)
{
    struct reading reading = { &the_answer, TWILIO_DNS_A, 4, nondet_bool() };

    any_packet();
    if (the_type != TWILIO_DNS_A) {
        reading.type = TWILIO_DNS_AAAA;
        reading.size = 16;
    }
    assume(answer_is_good() && the_size >= RECORD && the_size >= (size_t)(RECORD + number(the_packet + 8)));
    take(&reading, the_packet);
    claim(answer_is_good(), "addresses are in the packet, whole");
}
