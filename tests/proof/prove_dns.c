/*
 * prove_dns.c - packets of DNS servers: any octets, as the answer to a question
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds packets of up to 1,535 octets, as the port has no fragments; any id and name
//@ unwind 5
//@ texts 1535
//@ replace match_name any_match_name skip_name any_skip_name take any_take
//@ loop dns_answer.c: for (; count > 0; count--) {
//@     invariant IS_PLACE(at) && answer_is_good()
//@     decreases count
//@     changes at = any_place()
//@     changes count
//@     changes reading->poisoned = nondet_bool()
//@     changes any_answer()
//@ fault dns_answer.c: if (at == NULL || end - at < RECORD || end - at - RECORD < number(at + 8)) => if (at == NULL || end - at < RECORD)
//@ fault dns_answer.c: if (end - packet < HEADER || !is_answer(packet, id)) => if (!is_answer(packet, id))
//@ fault dns_answer.c: if (at == NULL || end - at < 4 || number(at) != type || number(at + 2) != INTERNET) => if (at == NULL || end - at < 3 || number(at) != type || number(at + 2) != INTERNET)
//@ fault dns_answer.c: answer->count = 0; => ;
#include "any_packet.h"

#include "dns_answer.c"

/* Proved in prove_dns_names.c, as the next. */
const uint8_t *any_skip_name(const uint8_t *at, const uint8_t *end)
{
    claim(IS_PLACE(at) && end == the_packet + the_size, "a name begins in the packet");
    return nondet_bool() ? any_place() : NULL;
}

const uint8_t *any_match_name(const uint8_t *at, const uint8_t *end, const uint8_t *name)
{
    (void)name;
    return any_skip_name(at, end);
}

/* Proved in prove_dns_record.c. */
void any_take(struct reading *reading, const uint8_t *record)
{
    claim(IS_PLACE(record) && the_packet + the_size - record >= RECORD + number(record + 8), "a record is whole");
    claim(reading->answer == &the_answer && reading->type == the_type && answer_is_good(), "the answer is good");
    any_answer();
    assume(answer_is_good());
    reading->poisoned = nondet_bool();
}

void prove(void)
{
    enum twilio_dns said;

    any_packet();
    said = twilio_dns_answer(&the_answer, the_packet, the_size, nondet_uint16_t(), NULL, the_type);
    claim(said != TWILIO_DNS_OK || (answer_is_good() && the_answer.count > 0), "addresses are in the packet, whole");
    claim(said <= TWILIO_DNS_NO_NAME && said != TWILIO_DNS_NO_SERVER && said != TWILIO_DNS_SILENT,
          "it says what it may");
}
