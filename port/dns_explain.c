/*
 * dns_explain.c - what came of a question to DNS, in words, its name first
 *
 * SPDX-License-Identifier: MIT
 */
#include "resolver.h"

#define EXPLAIN(name, words) case TWILIO_DNS_##name: return #name ": " words

const char *twilio_dns_explain(enum twilio_dns state)
{
    switch (state) {
    EXPLAIN(ASKING, "no answer yet");
    EXPLAIN(OK, "the name has an address");
    EXPLAIN(NO_SERVER, "no DNS server is known");
    EXPLAIN(SILENT, "no DNS server answers");
    EXPLAIN(NO_ADDRESS, "the name has no address of a kind that this build uses");
    EXPLAIN(REFUSED, "the DNS server will not, or cannot, answer");
    EXPLAIN(POISONED, "the DNS server gives addresses that no server can have");
    EXPLAIN(NO_NAME, "there is no such name");
    default:
        return "not a state of a question";
    }
}
