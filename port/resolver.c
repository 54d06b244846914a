/*
 * resolver.c - questions to DNS servers, each with a UDP port of its own until it is answered
 *
 * SPDX-License-Identifier: MIT
 */
#include "resolver.h"

#include <stdbool.h>
#include <string.h>

#include "lwip/dns.h"
#include "lwip/udp.h"

#define SERVER_PORT  53
#define OWN_PORT_MIN 1024
#define LABEL_MAX    63
#define RECURSE      1   /* third octet of a packet */
#define ROOM         (TWILIO_ADDRESSES_MAX / TWILIO_DNS_KINDS)  /* addresses of a kind */
#define TTL_MAX      86400

/* Ticks of lwIP's timer. The first may come at once, so one more waits for as long at least. */
#define TICKS(milliseconds) ((milliseconds) / DNS_TMR_INTERVAL + 1)
#define OTHER_KIND   TICKS(2000)

_Static_assert(TICKS(TWILIO_DNS_PATIENCE) <= UINT8_MAX, "TWILIO_DNS_PATIENCE is too long");

static const uint8_t types[TWILIO_DNS_KINDS] = {
#if LWIP_IPV4
    TWILIO_DNS_A,
#endif
#if LWIP_IPV6
    TWILIO_DNS_AAAA,
#endif
};

static ip_addr_t servers[DNS_MAX_SERVERS];
static struct twilio_question *questions;  /* that are being asked */

/* ---- The end of a question ------------------------------------------------- */

void twilio_resolve_end(struct twilio_question *question)
{
    struct twilio_question **link = &questions;

    while (*link != NULL && *link != question)
        link = &(*link)->next;
    if (*link == NULL)
        return;
    *link = question->next;
    if (question->pcb != NULL)
        udp_remove(question->pcb);
}

static void settle(struct twilio_question *question)
{
    twilio_resolve_end(question);
    question->pending = 0;
    question->state = question->count > 0 ? TWILIO_DNS_OK : question->verdict;
}

static void learn(struct twilio_question *question, enum twilio_dns said)
{
    if (said > question->verdict)
        question->verdict = (uint8_t)said;
}

/* No more is to come of this kind. */
static void close_kind(struct twilio_question *question, int kind, enum twilio_dns said)
{
    learn(question, said);
    question->pending &= (uint8_t)~(1U << kind);
    if (question->pending == 0 || said == TWILIO_DNS_NO_NAME)
        settle(question);
    else if (question->count > 0 && question->patience > OTHER_KIND)
        question->patience = OTHER_KIND;
}

/* The last that is done with a question: it may be asked anew in there. */
static void tell(struct twilio_question *question)
{
    if (question->state != TWILIO_DNS_ASKING && question->answered != NULL)
        question->answered(question);
}

/* ---- Packets to servers ---------------------------------------------------- */

static void send(const struct twilio_question *question, int kind, const ip_addr_t *server)
{
    const uint16_t id = (uint16_t)(question->id + kind);
    const uint8_t header[] = { (uint8_t)(id >> 8), (uint8_t)id, RECURSE, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    const uint8_t end[] = { 0, types[kind], 0, 1 };
    const size_t name = strlen((const char *)question->name) + 1;
    struct pbuf *packet;
    uint8_t *at;

    packet = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(sizeof header + name + sizeof end), PBUF_RAM);
    if (packet == NULL)
        return;
    at = packet->payload;
    memcpy(at, header, sizeof header);
    memcpy(at + sizeof header, question->name, name);
    memcpy(at + sizeof header + name, end, sizeof end);
    (void)udp_sendto(question->pcb, packet, server, SERVER_PORT);
    pbuf_free(packet);
}

/* The next one in turn that has not refused; -1: there is none. */
static int next_server(const struct twilio_question *question, int kind)
{
    for (unsigned i = 0; i < DNS_MAX_SERVERS; i++) {
        unsigned server = (question->askings + i) % DNS_MAX_SERVERS;

        if (!ip_addr_isany(&servers[server]) && (question->refused[kind] >> server & 1) == 0)
            return (int)server;
    }
    return -1;
}

static void ask_kind(struct twilio_question *question, int kind)
{
    int server = next_server(question, kind);

    if (server < 0) {
        close_kind(question, kind, TWILIO_DNS_NO_SERVER);
    } else if (question->pcb != NULL) {
        question->asked[kind] |= (uint8_t)(1U << server);
        send(question, kind, &servers[server]);
    }
}

/* ---- Packets from servers -------------------------------------------------- */

static void put_address(ip_addr_t *to, int kind, const uint8_t *from)
{
#if LWIP_IPV6
    if (types[kind] == TWILIO_DNS_AAAA) {
        ip_addr_set_zero_ip6(to);
        memcpy(ip_2_ip6(to)->addr, from, sizeof ip_2_ip6(to)->addr);
        return;
    }
#endif
    (void)kind;
#if LWIP_IPV4
    ip_addr_set_zero_ip4(to);
    memcpy(&ip_2_ip4(to)->addr, from, sizeof ip_2_ip4(to)->addr);
#endif
}

/* The first kind before what there is of the other. */
static void keep(struct twilio_question *question, int kind, const struct twilio_dns_answer *answer)
{
    uint8_t count = answer->count < ROOM ? answer->count : ROOM;
    ip_addr_t *to = question->address;

    if (kind > 0)
        to += question->count;
    else if (question->count > 0)
        memmove(to + count, to, question->count * sizeof *to);
    for (int i = 0; i < count; i++)
        put_address(&to[i], kind, answer->address[i]);
    question->count = (uint8_t)(question->count + count);
    if (question->ttl > answer->ttl)
        question->ttl = answer->ttl;
}

/* Once for each server, lest one that refuses each asking makes one of each refusal. */
static void refuse(struct twilio_question *question, int kind, unsigned server)
{
    if ((server & ~(unsigned)question->refused[kind]) == 0)
        return;
    question->refused[kind] |= (uint8_t)server;
    learn(question, TWILIO_DNS_REFUSED);
    ask_kind(question, kind);
}

static void hear(struct twilio_question *question, unsigned server, const struct pbuf *packet)
{
    struct twilio_dns_answer answer;

    for (int kind = 0; kind < TWILIO_DNS_KINDS; kind++) {
        enum twilio_dns said = TWILIO_DNS_ASKING;

        if ((question->pending >> kind & 1) != 0 && (question->asked[kind] & server) != 0)
            said = twilio_dns_answer(&answer, packet->payload, packet->len, (uint16_t)(question->id + kind),
                                     question->name, types[kind]);
        if (said == TWILIO_DNS_OK)
            keep(question, kind, &answer);
        if (said == TWILIO_DNS_REFUSED)
            refuse(question, kind, server);
        else if (said != TWILIO_DNS_ASKING)
            close_kind(question, kind, said);
    }
}

/* Bits: the same server may be known twice. */
static unsigned servers_at(const ip_addr_t *address)
{
    unsigned found = 0;

    for (unsigned i = 0; i < DNS_MAX_SERVERS; i++)
        found |= (unsigned)ip_addr_cmp(address, &servers[i]) << i;
    return found;
}

/* Of a packet too big for one buffer, and for the heap, the first buffer is read, and found cut off. */
static void received(void *context, struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *address,
                     u16_t port)
{
    struct twilio_question *question = context;

    (void)pcb;
    packet = pbuf_coalesce(packet, PBUF_RAW);
    if (port == SERVER_PORT)
        hear(question, servers_at(address), packet);
    pbuf_free(packet);
    tell(question);
}

/* ---- Askings --------------------------------------------------------------- */

/* Of the port we know only that we have none: another will be tried at the next asking. */
static void open_port(struct twilio_question *question)
{
    uint32_t random = LWIP_RAND();
    uint16_t port = (uint16_t)(random >> 16);
    struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_ANY);

    if (pcb == NULL)
        return;
    if (port < OWN_PORT_MIN)
        port |= 0x8000;
    if (udp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
        udp_remove(pcb);
        return;
    }
    udp_recv(pcb, received, question);
    question->pcb = pcb;
    question->id = (uint16_t)random;
}

/* And again after 1, 2, 3, 4, 10, 10 ... ticks */
static void ask(struct twilio_question *question)
{
    if (question->pcb == NULL)
        open_port(question);
    for (int kind = 0; kind < TWILIO_DNS_KINDS; kind++) {
        if ((question->pending >> kind & 1) != 0)
            ask_kind(question, kind);
    }
    question->askings++;
    question->wait = question->askings < 5 ? question->askings : 10;
}

/* "api.twilio.com" to 3 api 6 twilio 3 com 0, from its end on, where the size of a label is known. */
static bool put_name(uint8_t *name, const char *host)
{
    size_t at = strlen(host);
    uint8_t label = 0;

    if (at > TWILIO_HOST_MAX)
        return false;
    name[at + 1] = 0;
    for (; at > 0; at--) {
        bool dot = host[at - 1] == '.';

        if (dot ? label == 0 : label == LABEL_MAX)
            return false;
        name[at] = dot ? label : (uint8_t)host[at - 1];
        label = dot ? 0 : (uint8_t)(label + 1);
    }
    name[0] = label;
    return label > 0;
}

static void begin(struct twilio_question *question)
{
    question->pending = (1U << TWILIO_DNS_KINDS) - 1;
    question->patience = TICKS(TWILIO_DNS_PATIENCE);
    question->next = questions;
    questions = question;
    ask(question);
    question->wait++;
}

int twilio_resolve(struct twilio_question *question, const char *host)
{
    void (*answered)(struct twilio_question *) = question->answered;

    twilio_resolve_end(question);
    memset(question, 0, sizeof *question);
    question->answered = answered;
    question->ttl = TTL_MAX;
    if (ipaddr_aton(host, &question->address[0])) {
        question->count = 1;
        question->state = TWILIO_DNS_OK;
    } else if (put_name(question->name, host)) {
        begin(question);
    } else {
        question->state = TWILIO_DNS_NO_NAME;
        return TWILIO_ERR_DNS;
    }
    return TWILIO_OK;
}

/* ---- What lwIP calls ------------------------------------------------------- */

static struct twilio_question *first_due(void)
{
    struct twilio_question *question = questions;

    while (question != NULL && question->wait > 0 && question->patience > 0)
        question = question->next;
    return question;
}

static void act(struct twilio_question *question)
{
    if (question->patience > 0) {
        ask(question);
    } else {
        learn(question, TWILIO_DNS_SILENT);
        settle(question);
    }
    tell(question);
}

/* Whoever is told may change the list: it is read anew after each. */
void dns_tmr(void)
{
    struct twilio_question *question;

    for (question = questions; question != NULL; question = question->next) {
        question->patience--;
        question->wait--;
    }
    while ((question = first_due()) != NULL)
        act(question);
}

void dns_init(void)
{
}

void dns_setserver(u8_t number, const ip_addr_t *server)
{
    if (number < DNS_MAX_SERVERS)
        servers[number] = server != NULL ? *server : *IP_ADDR_ANY;
}

const ip_addr_t *dns_getserver(u8_t number)
{
    return number < DNS_MAX_SERVERS ? &servers[number] : IP_ADDR_ANY;
}
