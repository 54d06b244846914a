/*
 * gethostbyname.c - lwIP's way to ask for an address: one, told to a callback; SNTP's, mostly
 *
 * SPDX-License-Identifier: MIT
 */
#include "resolver.h"

#include <string.h>

#include "lwip/dns.h"

/* Seconds. As long as lwIP's own: SNTP must have given up when clock.c asks anew, which is after 15 s. */
#define PATIENCE 14

static struct call {
    struct twilio_question question;
    dns_found_callback found;  /* NULL: free */
    void *argument;
    u8_t preference;
} calls[DNS_MAX_REQUESTS];

/* The first address of the kind wanted; else, where another will do, any. NULL: there is none. */
static const ip_addr_t *choose(const struct call *call)
{
    const struct twilio_question *question = &call->question;
#if LWIP_IPV4 && LWIP_IPV6
    bool six = call->preference == LWIP_DNS_ADDRTYPE_IPV6 || call->preference == LWIP_DNS_ADDRTYPE_IPV6_IPV4;

    for (int i = 0; i < question->count; i++) {
        if (IP_IS_V6(&question->address[i]) == six)
            return &question->address[i];
    }
    if (call->preference == LWIP_DNS_ADDRTYPE_IPV4 || call->preference == LWIP_DNS_ADDRTYPE_IPV6)
        return NULL;
#endif
    return question->count > 0 ? &question->address[0] : NULL;
}

/* Back from 3 api 6 twilio 3 com 0: the text begins at the second octet. */
static const char *text_of(uint8_t *name)
{
    for (uint8_t *size = name + 1 + name[0]; *size != 0; ) {
        uint8_t *next = size + 1 + *size;

        *size = '.';
        size = next;
    }
    return (const char *)name + 1;
}

static void answered(struct twilio_question *question)
{
    struct call *call = (struct call *)question;  /* its first member */

    call->found(text_of(question->name), choose(call), call->argument);
    call->found = NULL;
}

static struct call *free_call(void)
{
    for (int i = 0; i < DNS_MAX_REQUESTS; i++) {
        if (calls[i].found == NULL)
            return &calls[i];
    }
    return NULL;
}

err_t dns_gethostbyname_addrtype(const char *host, ip_addr_t *address, dns_found_callback found,
                                 void *argument, u8_t preference)
{
    struct call *call = free_call();

    if (host == NULL || address == NULL || found == NULL)
        return ERR_ARG;
    if (ipaddr_aton(host, address))
        return ERR_OK;
    if (call == NULL)
        return ERR_MEM;
    call->question.answered = answered;
    if (twilio_resolve(&call->question, host) != TWILIO_OK)
        return ERR_ARG;
    if (call->question.state != TWILIO_DNS_ASKING)
        return ERR_VAL;  /* no server */
    call->question.patience = PATIENCE;
    call->found = found;
    call->argument = argument;
    call->preference = preference;
    return ERR_INPROGRESS;
}

err_t dns_gethostbyname(const char *host, ip_addr_t *address, dns_found_callback found, void *argument)
{
    return dns_gethostbyname_addrtype(host, address, found, argument, LWIP_DNS_ADDRTYPE_DEFAULT);
}
