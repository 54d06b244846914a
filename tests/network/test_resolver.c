/*
 * test_resolver.c - whom the resolver asks when, what it believes, and what it makes of it
 *
 * lwIP's UDP and its timer are played by the test, which lets servers answer, or others in their place, at
 * any moment; test_network.c has the real ones. Built twice: for IPv4, and for IPv4 and IPv6.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "resolver.h"

#include "lwip/dns.h"
#include "lwip/ip4.h"
#include "lwip/ip6.h"
#include "lwip/udp.h"

#define PORTS   4      /* that lwIP has for us */
#define SENT    1000
#define HOST    "api.twilio.com"
#define WIRE    "\3api\6twilio\3com"  /* and the 0 of the literal */
#define KINDS   TWILIO_DNS_KINDS

/* ---- lwIP ------------------------------------------------------------------ */

static struct udp_pcb ports[PORTS];
static bool used[PORTS];
static unsigned ports_allowed, buffers;  /* buffers: not given back */
static bool no_buffers, no_coalescing, bind_fails;

static struct sent {
    struct udp_pcb *from;
    uint16_t port, id;
    uint8_t kind;
    uint32_t server, tick;  /* the server's last octet */
    uint8_t octets[300];
    size_t size;
} sent[SENT];
static size_t sent_count, seen;  /* seen: by the test */
static uint32_t ticks, random_calls, fixed_random;

uint32_t twilio_network_random(void)
{
    uint32_t x = ++random_calls * 0x9E3779B9u;

    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    return fixed_random != 0 ? fixed_random : x * 0xC2B2AE35u;
}

_Noreturn void twilio_network_failed(void)
{
    abort();
}

struct udp_pcb *udp_new_ip_type(u8_t type)
{
    assert_int_equal(type, IPADDR_TYPE_ANY);
    for (unsigned i = 0; i < ports_allowed; i++) {
        if (!used[i]) {
            used[i] = true;
            memset(&ports[i], 0, sizeof ports[i]);
            return &ports[i];
        }
    }
    return NULL;
}

void udp_remove(struct udp_pcb *pcb)
{
    assert_true(used[pcb - ports]);
    used[pcb - ports] = false;
}

err_t udp_bind(struct udp_pcb *pcb, const ip_addr_t *address, u16_t port)
{
    assert_ptr_equal(address, IP_ANY_TYPE);
    if (bind_fails)
        return ERR_USE;
    pcb->local_port = port;
    return ERR_OK;
}

void udp_recv(struct udp_pcb *pcb, udp_recv_fn receive, void *context)
{
    pcb->recv = receive;
    pcb->recv_arg = context;
}

struct pbuf *pbuf_alloc(pbuf_layer layer, u16_t size, pbuf_type type)
{
    struct pbuf *packet;

    (void)layer;
    (void)type;
    if (no_buffers)
        return NULL;
    packet = calloc(1, sizeof *packet);
    assert_non_null(packet);
    packet->payload = malloc(size == 0 ? 1 : size);
    packet->len = packet->tot_len = size;
    buffers++;
    return packet;
}

u8_t pbuf_free(struct pbuf *packet)
{
    buffers--;
    if (packet->next != NULL)
        (void)pbuf_free(packet->next);
    free(packet->payload);
    free(packet);
    return 1;
}

struct pbuf *pbuf_coalesce(struct pbuf *packet, pbuf_layer layer)
{
    struct pbuf *whole;

    if (packet->next == NULL || no_coalescing)
        return packet;
    whole = pbuf_alloc(layer, packet->tot_len, PBUF_RAM);
    memcpy(whole->payload, packet->payload, packet->len);
    memcpy((uint8_t *)whole->payload + packet->len, packet->next->payload, packet->next->len);
    (void)pbuf_free(packet);
    return whole;
}

#if LWIP_IPV6  /* ip.c has ipaddr_aton, and more */
err_t ip4_input(struct pbuf *packet, struct netif *netif)
{
    (void)packet;
    (void)netif;
    return ERR_OK;
}

err_t ip6_input(struct pbuf *packet, struct netif *netif)
{
    return ip4_input(packet, netif);
}
#endif

static uint32_t last_octet(const ip_addr_t *address)
{
    return lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(address))) & 0xFF;
}

/* A query is what RFC 1035 wants, whatever it asks for. */
err_t udp_sendto(struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *server, u16_t port)
{
    struct sent *to = &sent[sent_count++];
    const uint8_t *octets = packet->payload;

    assert_true(sent_count <= SENT && used[pcb - ports]);
    assert_in_range(packet->len, 17, sizeof to->octets);
    assert_int_equal(port, 53);
    assert_memory_equal(octets + 2, "\1\0\0\1\0\0\0\0\0\0", 10);
    assert_memory_equal(octets + packet->len - 2, "\0\1", 2);
    assert_int_equal(octets[packet->len - 4], 0);
    assert_int_equal(octets[packet->len - 5], 0);
    memcpy(to->octets, octets, packet->len);
    to->from = pcb;
    to->port = pcb->local_port;
    to->id = (uint16_t)(octets[0] << 8 | octets[1]);
    to->kind = octets[packet->len - 3];
    to->server = last_octet(server);
    to->tick = ticks;
    to->size = packet->len;
    return ERR_OK;
}

/* ---- Servers --------------------------------------------------------------- */

static ip_addr_t server(uint8_t last)
{
    ip_addr_t address = IPADDR4_INIT_BYTES(10, 0, 2, last);

    return address;
}

static void use_servers(uint8_t first, uint8_t second)
{
    ip_addr_t one = server(first), two = server(second);

    dns_setserver(0, first != 0 ? &one : NULL);
    dns_setserver(1, second != 0 ? &two : NULL);
}

static void deliver(const struct sent *to, const void *octets, size_t size, uint8_t from, uint16_t port)
{
    ip_addr_t address = server(from);
    struct pbuf *packet = pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_POOL);

    memcpy(packet->payload, octets, size);
    if (to->from->recv != NULL && used[to->from - ports] && to->from->local_port == to->port)
        to->from->recv(to->from->recv_arg, to->from, packet, &address, port);
    else
        (void)pbuf_free(packet);  /* nobody is at that port */
}

static size_t make_answer(const struct sent *to, uint8_t rcode, const char *records, size_t size,
                          uint8_t count, uint8_t *octets)
{
    memcpy(octets, to->octets, to->size);
    octets[2] = 0x81;
    octets[3] = (uint8_t)(0x80 | rcode);
    octets[7] = count;
    memcpy(octets + to->size, records, size);
    return to->size + size;
}

static void answer(const struct sent *to, uint8_t rcode, const char *records, size_t size, uint8_t count)
{
    uint8_t octets[512];
    size_t length = make_answer(to, rcode, records, size, count, octets);

    deliver(to, octets, length, (uint8_t)to->server, 53);
}

#define A_RECORD(ttl, d) "\xC0\x0C\0\1\0\1\0\0\0" ttl "\0\4\x34\1\2" d
#define AAAA_RECORD(ttl, d) "\xC0\x0C\0\x1C\0\1\0\0\0" ttl "\0\x10\x26\0\0\0\0\0\0\0\0\0\0\0\0\0\0" d
#define SAY(to, rcode, count, records) answer(to, rcode, records, sizeof(records) - 1, count)
#define GOOD(to) SAY(to, 0, 1, A_RECORD("\x09", "\1"))

/* The next query, which must be there; of IPv6's nothing is said in tests that do not care. */
static const struct sent *next_query(uint8_t kind)
{
    while (seen < sent_count && sent[seen].kind != kind)
        seen++;
    assert_true(seen < sent_count);
    return &sent[seen++];
}

static const struct sent *query_a(void)
{
    return next_query(TWILIO_DNS_A);
}

/* How many queries for IPv4 there were. */
static unsigned queries(void)
{
    unsigned found = 0;

    for (size_t i = 0; i < sent_count; i++)
        found += sent[i].kind == TWILIO_DNS_A;
    return found;
}

static void pass(unsigned seconds)
{
    while (seconds-- > 0) {
        ticks++;
        dns_tmr();
    }
}

/* ---- A question ------------------------------------------------------------ */

static struct twilio_question question;
static unsigned told;

static void count_told(struct twilio_question *of)
{
    assert_ptr_equal(of, &question);
    assert_int_not_equal(of->state, TWILIO_DNS_ASKING);
    told++;
}

static void ask(void)
{
    question.answered = count_told;
    told = 0;
    seen = sent_count;
    assert_int_equal(twilio_resolve(&question, HOST), TWILIO_OK);
}

/* IPv6 has nothing to say. */
static void without_ipv6(void)
{
    for (size_t i = 0; KINDS > 1 && i < sent_count; i++) {
        if (sent[i].kind == TWILIO_DNS_AAAA)
            answer(&sent[i], 0, "", 0, 0);
    }
}

static void check_address(const struct twilio_question *of, int i, uint8_t d)
{
    uint32_t expected = lwip_htonl(0x34010200u | d);

    assert_true(i < of->count);
    assert_true(IP_IS_V4(&of->address[i]));
    assert_int_equal(ip4_addr_get_u32(ip_2_ip4(&of->address[i])), expected);
}

#define check_state(expected, times) \
    do { \
        assert_int_equal(question.state, expected); \
        assert_int_equal(told, times); \
    } while (0)

static bool all_given_back(void)
{
    for (int i = 0; i < PORTS; i++) {
        if (used[i])
            return false;
    }
    return buffers == 0;
}

static int setup(void **state)
{
    (void)state;
    memset(&question, 0, sizeof question);
    memset(used, 0, sizeof used);
    memset(sent, 0, sizeof sent);
    sent_count = seen = 0;
    told = 0;
    ports_allowed = PORTS;
    no_buffers = no_coalescing = bind_fails = false;
    fixed_random = 0;
    use_servers(3, 4);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    twilio_resolve_end(&question);
    pass(60);
    return all_given_back() ? 0 : -1;
}

/* ---- Answers --------------------------------------------------------------- */

static void one_address(void **state)
{
    const struct sent *to;

    (void)state;
    ask();
    check_state(TWILIO_DNS_ASKING, 0);
    to = query_a();
    assert_memory_equal(to->octets + 12, WIRE, sizeof WIRE);
    assert_int_equal(to->size, 12 + sizeof WIRE + 4);
    without_ipv6();
    GOOD(to);
    check_state(TWILIO_DNS_OK, 1);
    assert_int_equal(question.count, 1);
    assert_int_equal(question.ttl, 9);
    check_address(&question, 0, 1);
    assert_true(all_given_back());
    GOOD(to);
    pass(60);
    check_state(TWILIO_DNS_OK, 1);
    assert_int_equal(queries(), 1);
}

static void addresses_in_order_behind_aliases(void **state)
{
    (void)state;
    ask();
    without_ipv6();
    SAY(query_a(), 0, 9, "\xC0\x0C\0\5\0\1\0\0\0\x08\0\4\1x\xC0\x10"
        A_RECORD("\x20", "\x08") A_RECORD("\x09", "\x07") A_RECORD("\x20", "\x06") A_RECORD("\x20", "\x05")
        A_RECORD("\x20", "\x04") A_RECORD("\x20", "\x03") A_RECORD("\x20", "\x02") A_RECORD("\x20", "\x01"));
    check_state(TWILIO_DNS_OK, 1);
    assert_int_equal(question.count, TWILIO_ADDRESSES_MAX / KINDS);
    assert_int_equal(question.ttl, 8);
    for (uint8_t i = 0; i < question.count; i++)
        check_address(&question, i, (uint8_t)(8 - i));
}

static void no_name_is_final(void **state)
{
    (void)state;
    ask();
    SAY(query_a(), 3, 0, "");
    check_state(TWILIO_DNS_NO_NAME, 1);
    assert_int_equal(queries(), 1);
}

static void no_address_and_poisoned(void **state)
{
    static const char poison[] = "\xC0\x0C\0\1\0\1\0\0\0\x20\0\4\x7F\0\0\1";

    (void)state;
    ask();
    without_ipv6();
    SAY(query_a(), 0, 0, "");
    check_state(TWILIO_DNS_NO_ADDRESS, 1);
    ask();
    without_ipv6();
    answer(query_a(), 0, poison, sizeof poison - 1, 1);
    check_state(TWILIO_DNS_POISONED, 1);
    assert_int_equal(question.count, 0);
}

static void in_pieces(void **state)
{
    for (int lost = 0; lost < 2; lost++) {
        uint8_t octets[512];
        struct pbuf *head, *tail;
        const struct sent *to;
        ip_addr_t from = server(3);
        size_t size;

        (void)state;
        ask();
        without_ipv6();
        to = query_a();
        size = make_answer(to, 0, A_RECORD("\x09", "\1"), 16, 1, octets);
        head = pbuf_alloc(PBUF_RAW, 20, PBUF_POOL);
        tail = pbuf_alloc(PBUF_RAW, (u16_t)(size - 20), PBUF_POOL);
        memcpy(head->payload, octets, 20);
        memcpy(tail->payload, octets + 20, size - 20);
        head->next = tail;
        head->tot_len = (u16_t)size;
        no_coalescing = lost;
        to->from->recv(to->from->recv_arg, to->from, head, &from, 53);
        check_state(lost ? TWILIO_DNS_ASKING : TWILIO_DNS_OK, lost ? 0 : 1);
    }
}

/* ---- Servers that refuse --------------------------------------------------- */

static void refused_by_all(void **state)
{
    static const uint8_t rcodes[] = { 1, 2, 4, 5, 9, 15 };

    (void)state;
    for (size_t i = 0; i < sizeof rcodes; i++) {
        const struct sent *first, *second;

        ask();
        without_ipv6();
        first = query_a();
        SAY(first, rcodes[i], 0, "");
        check_state(TWILIO_DNS_ASKING, 0);
        second = query_a();  /* at once */
        assert_int_equal(first->server, 3);
        assert_int_equal(second->server, 4);
        assert_int_equal(first->tick, second->tick);
        SAY(first, rcodes[i], 0, "");
        check_state(TWILIO_DNS_ASKING, 0);
        SAY(second, rcodes[i], 0, "");
        check_state(TWILIO_DNS_REFUSED, 1);
        assert_int_equal(queries(), 2 * (i + 1));
    }
}

static void refused_by_the_only_one(void **state)
{
    (void)state;
    use_servers(0, 4);
    ask();
    without_ipv6();
    SAY(query_a(), 5, 0, "");
    check_state(TWILIO_DNS_REFUSED, 1);
    use_servers(3, 3);  /* told twice */
    ask();
    without_ipv6();
    SAY(query_a(), 5, 0, "");
    check_state(TWILIO_DNS_REFUSED, 1);
}

static void refused_by_one(void **state)
{
    const struct sent *first;

    (void)state;
    ask();
    without_ipv6();
    first = query_a();
    SAY(first, 2, 0, "");
    pass(41);
    check_state(TWILIO_DNS_REFUSED, 1);  /* the other is silent */
    for (size_t i = seen; i < sent_count; i++)
        assert_true(sent[i].server == 4 || sent[i].kind != TWILIO_DNS_A);
    ask();
    without_ipv6();
    first = query_a();
    SAY(first, 2, 0, "");
    GOOD(query_a());
    check_state(TWILIO_DNS_OK, 1);
    ask();
    without_ipv6();
    first = query_a();
    SAY(first, 2, 0, "");
    GOOD(first);  /* changed its mind */
    check_state(TWILIO_DNS_OK, 1);
}

/* ---- When ------------------------------------------------------------------ */

/* The timer's first tick may come right after the question: each asking is at a tick, and not early. */
static void silence(void **state)
{
    static const uint32_t at[] = { 0, 2, 4, 7, 11, 21, 31 };
    uint32_t start = ticks;

    (void)state;
    ask();
    pass(40);
    check_state(TWILIO_DNS_ASKING, 0);
    pass(1);
    check_state(TWILIO_DNS_SILENT, 1);
    assert_int_equal(queries(), sizeof at / sizeof at[0]);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        const struct sent *to = query_a();

        assert_int_equal(to->tick - start, at[i]);
        assert_int_equal(to->server, 3 + i % 2);
        assert_int_equal(to->port, sent[0].port);
        assert_int_equal(to->id, sent[0].id);
    }
    assert_true(all_given_back());
    pass(100);
    check_state(TWILIO_DNS_SILENT, 1);
}

static void an_answer_to_any_asking(void **state)
{
    (void)state;
    for (int late = 0; late < 7; late++) {
        const struct sent *first;

        ask();
        without_ipv6();
        first = query_a();
        while (late > 0 && queries() < (unsigned)late * (unsigned)(late + 1) / 2 + (unsigned)late + 1)
            pass(1);
        without_ipv6();
        seen = sent_count;
        check_state(TWILIO_DNS_ASKING, 0);
        GOOD(first);
        check_state(TWILIO_DNS_OK, 1);
    }
}

static void no_server(void **state)
{
    (void)state;
    use_servers(0, 0);
    ask();
    check_state(TWILIO_DNS_NO_SERVER, 0);  /* known before it returned */
    assert_int_equal(sent_count, 0);
    use_servers(3, 0);
    ask();
    use_servers(0, 0);  /* lost */
    pass(2);
    check_state(TWILIO_DNS_NO_SERVER, 1);
    use_servers(3, 0);
    ask();
    use_servers(7, 0);  /* another network */
    pass(2);
    seen = sent_count - KINDS;
    assert_int_equal(sent[seen].server, 7);
    GOOD(query_a());
    without_ipv6();
    check_state(TWILIO_DNS_OK, 1);
}

static void servers_told_and_read(void **state)
{
    ip_addr_t other = server(9);

    (void)state;
    assert_int_equal(last_octet(dns_getserver(0)), 3);
    assert_int_equal(last_octet(dns_getserver(1)), 4);
    assert_true(ip_addr_isany(dns_getserver(2)));
    dns_setserver(2, &other);
    dns_setserver(255, &other);
    assert_true(ip_addr_isany(dns_getserver(255)));
    dns_setserver(1, NULL);
    assert_true(ip_addr_isany(dns_getserver(1)));
}

/* ---- Forgeries ------------------------------------------------------------- */

static void forged(void **state)
{
    const struct sent *to;
    uint8_t octets[512];
    size_t size;

    (void)state;
    ask();
    without_ipv6();
    to = query_a();
    size = make_answer(to, 0, A_RECORD("\x09", "\1"), 16, 1, octets);
    deliver(to, octets, size, 5, 53);    /* of nobody asked */
    deliver(to, octets, size, 4, 53);    /* of the server that is asked later */
    deliver(to, octets, size, 3, 5353);
    deliver(to, octets, 0, 3, 53);
    for (size_t at = 0; at < to->size; at++) {
        bool counts = at < 2 || at >= 12;

        octets[at] ^= 0x10;
        if (counts)
            deliver(to, octets, size, 3, 53);
        octets[at] ^= 0x10;
    }
    for (size_t shorter = 0; shorter < size; shorter++)
        deliver(to, octets, shorter, 3, 53);
    check_state(TWILIO_DNS_ASKING, 0);
    octets[13] = 'A';
    deliver(to, octets, size, 3, 53);
    check_state(TWILIO_DNS_OK, 1);
}

static void no_two_questions_are_alike(void **state)
{
    enum { QUESTIONS = 400 };
    unsigned same_port = 0, same_id = 0;

    (void)state;
    for (int i = 0; i < QUESTIONS; i++) {
        ask();
        twilio_resolve_end(&question);
    }
    assert_int_equal(queries(), QUESTIONS);
    for (size_t i = KINDS; i < sent_count; i += KINDS) {
        assert_true(sent[i].port >= 1024);
        same_port += sent[i].port == sent[i - KINDS].port;
        same_id += sent[i].id == sent[i - KINDS].id;
    }
    assert_true(same_port < 2 && same_id < 2);
}

static void ports_that_are_others(void **state)
{
    static const struct { uint32_t random; uint16_t port, id; } row[] = {
        { 0x0000ABCD, 0x8000, 0xABCD }, { 0x03FF0000, 0x83FF, 0 }, { 0x0400FFFF, 0x0400, 0xFFFF },
        { 0xFFFF0001, 0xFFFF, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const struct sent *to;

        fixed_random = row[i].random;
        ask();
        to = query_a();
        assert_int_equal(to->port, row[i].port);
        assert_int_equal(to->id, row[i].id);
        without_ipv6();
        GOOD(to);
        check_state(TWILIO_DNS_OK, 1);
    }
}

/* ---- Ends ------------------------------------------------------------------ */

static void ended_while_asking(void **state)
{
    const struct sent *to;

    (void)state;
    ask();
    to = query_a();
    twilio_resolve_end(&question);
    assert_true(all_given_back());
    twilio_resolve_end(&question);
    GOOD(to);
    pass(100);
    check_state(TWILIO_DNS_ASKING, 0);
    assert_int_equal(queries(), 1);
}

static void asked_anew_while_asking(void **state)
{
    const struct sent *old, *new;

    (void)state;
    ask();
    old = query_a();
    ask();
    new = query_a();
    GOOD(old);
    check_state(TWILIO_DNS_ASKING, 0);
    without_ipv6();
    GOOD(new);
    check_state(TWILIO_DNS_OK, 1);
}

static void several_at_once(void **state)
{
    struct twilio_question more[2];

    (void)state;
    memset(more, 0, sizeof more);
    ask();
    assert_int_equal(twilio_resolve(&more[0], HOST), TWILIO_OK);
    assert_int_equal(twilio_resolve(&more[1], "b.example"), TWILIO_OK);
    SAY(query_a(), 3, 0, "");
    check_state(TWILIO_DNS_NO_NAME, 1);
    without_ipv6();
    GOOD(query_a());
    assert_int_equal(more[0].state, TWILIO_DNS_OK);
    assert_int_equal(more[1].state, TWILIO_DNS_ASKING);
    pass(41);
    assert_int_equal(more[1].state, TWILIO_DNS_SILENT + (KINDS > 1));  /* IPv6 said that it has none */
}

static struct twilio_question *also_ended;

static void ask_again(struct twilio_question *of)
{
    told++;
    twilio_resolve_end(also_ended);
    if (told < 3)
        assert_int_equal(twilio_resolve(of, HOST), TWILIO_OK);
}

static void whoever_is_told_may_ask_and_end(void **state)
{
    struct twilio_question other = { 0 };

    (void)state;
    also_ended = &other;
    assert_int_equal(twilio_resolve(&other, HOST), TWILIO_OK);
    question.answered = ask_again;
    assert_int_equal(twilio_resolve(&question, HOST), TWILIO_OK);
    pass(41);
    assert_int_equal(told, 1);
    assert_int_equal(question.state, TWILIO_DNS_ASKING);
    assert_int_equal(other.state, TWILIO_DNS_ASKING);  /* ended before it was late */
    pass(82);
    check_state(TWILIO_DNS_SILENT, 3);
}

/* ---- Want ------------------------------------------------------------------ */

static void no_port_no_buffer(void **state)
{
    (void)state;
    ports_allowed = 0;
    ask();
    check_state(TWILIO_DNS_ASKING, 0);
    pass(1);
    ports_allowed = PORTS;
    bind_fails = true;
    pass(1);
    assert_true(all_given_back());
    bind_fails = false;
    no_buffers = true;
    pass(2);
    no_buffers = false;
    assert_int_equal(sent_count, 0);
    pass(3);
    without_ipv6();
    GOOD(query_a());
    check_state(TWILIO_DNS_OK, 1);
}

/* ---- Names ----------------------------------------------------------------- */

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void names(void **state)
{
    static const struct { const char *host; size_t size; const char *wire; } row[] = {
        { "a", 3, "\1a" }, { "a.b.c", 7, "\1a\1b\1c" }, { "A-1.x_y", 9, "\3A-1\3x_y" },
        { SIXTY "abc", 65, "\x3f" SIXTY "abc" }, { SIXTY "." TEN TEN TEN "abcdefghi", 102, NULL },
    };
    static const char *const bad[] = {
        "", ".", "a.", ".a", "a..b", "..", SIXTY "abcd", "a." SIXTY "abcd", SIXTY "abcd.a",
        SIXTY "." TEN TEN TEN TEN,
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        assert_int_equal(twilio_resolve(&question, row[i].host), TWILIO_OK);
        assert_int_equal(sent[sent_count - 1].size, 12 + row[i].size + 4);
        if (row[i].wire != NULL)
            assert_memory_equal(sent[sent_count - 1].octets + 12, row[i].wire, row[i].size);
        twilio_resolve_end(&question);
    }
    sent_count = 0;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(twilio_resolve(&question, bad[i]), TWILIO_ERR_DNS);
        assert_int_equal(question.state, TWILIO_DNS_NO_NAME);
        assert_int_equal(question.count, 0);
    }
    assert_int_equal(sent_count, 0);
}

static void digits(void **state)
{
    (void)state;
    use_servers(0, 0);
    question.answered = count_told;
    assert_int_equal(twilio_resolve(&question, "52.1.2.77"), TWILIO_OK);
    check_state(TWILIO_DNS_OK, 0);
    check_address(&question, 0, 77);
    assert_int_equal(question.count, 1);
    assert_int_equal(question.ttl, 86400);
}

static void explained(void **state)
{
    static const char *const name[] = {
        "ASKING: ", "OK: ", "NO_SERVER: ", "SILENT: ", "NO_ADDRESS: ", "REFUSED: ", "POISONED: ", "NO_NAME: "
    };

    (void)state;
    for (unsigned i = 0; i <= TWILIO_DNS_NO_NAME; i++)
        assert_memory_equal(twilio_dns_explain((enum twilio_dns)i), name[i], strlen(name[i]));
    assert_null(strchr(twilio_dns_explain((enum twilio_dns)(TWILIO_DNS_NO_NAME + 1)), ':'));
}

/* ---- lwIP's callers -------------------------------------------------------- */

static char found_name[3][TWILIO_HOST_MAX + 1];
static bool found_address[3], found_six, ask_in_callback;
static unsigned found_times[3];

static void found(const char *name, const ip_addr_t *address, void *argument)
{
    size_t which = (size_t)(uintptr_t)argument;
    ip_addr_t unused;

    found_times[which]++;
    strcpy(found_name[which], name);
    found_address[which] = address != NULL;
    if (ask_in_callback)
        assert_int_equal(dns_gethostbyname("again.example", &unused, found, argument), ERR_INPROGRESS);
    if (address == NULL)
        return;
    found_six = IP_IS_V6(address);
    assert_true(found_six || lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(address))) == 0x34010201);
}

static err_t call(const char *host, size_t which)
{
    ip_addr_t address;

    found_times[which] = 0;
    return dns_gethostbyname(host, &address, found, (void *)(uintptr_t)which);
}

static void two_calls_at_once(void **state)
{
    const struct sent *first, *second;

    (void)state;
    assert_int_equal(call("time.example", 0), ERR_INPROGRESS);
    assert_int_equal(call("time.example", 1), ERR_INPROGRESS);
    assert_int_equal(call("more.example", 2), ERR_MEM);
    first = query_a();
    second = query_a();
    assert_true(first->id != second->id && first->port != second->port);
    without_ipv6();
    GOOD(second);
    assert_int_equal(found_times[0], 0);
    assert_int_equal(found_times[1], 1);
    assert_true(found_address[1]);
    assert_string_equal(found_name[1], "time.example");
    assert_int_equal(call("more.example", 2), ERR_INPROGRESS);
    SAY(first, 3, 0, "");
    assert_int_equal(found_times[0], 1);
    assert_false(found_address[0]);
    pass(13);
    assert_int_equal(found_times[2], 0);
    pass(1);
    assert_int_equal(found_times[2], 1);  /* before the clock asks anew */
    assert_false(found_address[2]);
}

static void a_callback_may_call(void **state)
{
    (void)state;
    assert_int_equal(call("time.example", 0), ERR_INPROGRESS);
    ask_in_callback = true;
    pass(14);
    assert_int_equal(found_times[0], 1);
    assert_string_equal(found_name[0], "time.example");
    ask_in_callback = false;
    pass(14);
    assert_int_equal(found_times[0], 2);
    assert_string_equal(found_name[0], "again.example");
}

static void calls_that_are_answered_at_once(void **state)
{
    ip_addr_t address;

    (void)state;
    assert_int_equal(dns_gethostbyname("52.1.2.1", &address, found, NULL), ERR_OK);
    assert_int_equal(lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&address))), 0x34010201);
    assert_int_equal(dns_gethostbyname("a..b", &address, found, NULL), ERR_ARG);
    assert_int_equal(dns_gethostbyname(NULL, &address, found, NULL), ERR_ARG);
    assert_int_equal(dns_gethostbyname("a", NULL, found, NULL), ERR_ARG);
    assert_int_equal(dns_gethostbyname("a", &address, NULL, NULL), ERR_ARG);
    use_servers(0, 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(dns_gethostbyname("a", &address, found, NULL), ERR_VAL);
}

/* ---- IPv6 ------------------------------------------------------------------ */

#if LWIP_IPV6
static void check_six(int i, uint8_t d)
{
    assert_true(i < question.count && IP_IS_V6(&question.address[i]));
    assert_int_equal(ip_2_ip6(&question.address[i])->addr[0], lwip_htonl(0x26000000));
    assert_int_equal(ip_2_ip6(&question.address[i])->addr[3], lwip_htonl(d));
}

/* IPv4's are first, whichever comes first. */
static void both_kinds(void **state)
{
    (void)state;
    for (int six_first = 0; six_first < 2; six_first++) {
        const struct sent *four, *six;

        ask();
        four = query_a();
        six = next_query(TWILIO_DNS_AAAA);
        assert_int_equal(six->id, (uint16_t)(four->id + 1));
        assert_ptr_equal(six->from, four->from);
        if (six_first)
            SAY(six, 0, 3, AAAA_RECORD("\x05", "\1") AAAA_RECORD("\x20", "\2") AAAA_RECORD("\x20", "\3"));
        SAY(four, 0, 3, A_RECORD("\x09", "\1") A_RECORD("\x20", "\2") A_RECORD("\x20", "\3"));
        if (!six_first) {
            check_state(TWILIO_DNS_ASKING, 0);
            SAY(six, 0, 3, AAAA_RECORD("\x05", "\1") AAAA_RECORD("\x20", "\2") AAAA_RECORD("\x20", "\3"));
        }
        check_state(TWILIO_DNS_OK, 1);
        assert_int_equal(question.count, 4);
        assert_int_equal(question.ttl, 5);
        check_address(&question, 0, 1);
        check_address(&question, 1, 2);
        check_six(2, 1);
        check_six(3, 2);
    }
}

static void the_other_kind_has_two_seconds(void **state)
{
    (void)state;
    ask();
    pass(20);
    SAY(next_query(TWILIO_DNS_AAAA), 0, 1, AAAA_RECORD("\x05", "\1"));
    pass(2);
    check_state(TWILIO_DNS_ASKING, 0);
    pass(1);
    check_state(TWILIO_DNS_OK, 1);
    assert_int_equal(question.count, 1);
    check_six(0, 1);
    ask();
    pass(39);
    SAY(next_query(TWILIO_DNS_AAAA), 0, 1, AAAA_RECORD("\x05", "\1"));
    pass(1);
    check_state(TWILIO_DNS_ASKING, 0);
    pass(1);
    check_state(TWILIO_DNS_OK, 1);  /* but not beyond its patience */
}

/* Of what two kinds say the more telling is told. */
static void neither_kind(void **state)
{
    static const struct { uint8_t four, six; enum twilio_dns told; } row[] = {
        { 0, 0, TWILIO_DNS_NO_ADDRESS }, { 0, 2, TWILIO_DNS_REFUSED }, { 2, 0, TWILIO_DNS_REFUSED },
        { 2, 3, TWILIO_DNS_NO_NAME },
    };

    (void)state;
    use_servers(3, 0);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        ask();
        SAY(query_a(), row[i].four, 0, "");
        check_state(TWILIO_DNS_ASKING, 0);
        SAY(next_query(TWILIO_DNS_AAAA), row[i].six, 0, "");
        check_state(row[i].told, 1);
    }
}

static void a_kind_that_is_refused_does_not_harm_the_other(void **state)
{
    (void)state;
    use_servers(3, 0);
    ask();
    SAY(next_query(TWILIO_DNS_AAAA), 2, 0, "");
    seen = 0;
    GOOD(query_a());
    check_state(TWILIO_DNS_OK, 1);
    assert_int_equal(question.count, 1);
}

static void callers_choose_the_kind(void **state)
{
    static const struct { uint8_t type; bool has_four, has_six, some, six; } row[] = {
        { LWIP_DNS_ADDRTYPE_IPV4, true, true, true, false },
        { LWIP_DNS_ADDRTYPE_IPV4, false, true, false, false },
        { LWIP_DNS_ADDRTYPE_IPV6, true, true, true, true },
        { LWIP_DNS_ADDRTYPE_IPV6, true, false, false, false },
        { LWIP_DNS_ADDRTYPE_IPV4_IPV6, true, true, true, false },
        { LWIP_DNS_ADDRTYPE_IPV4_IPV6, false, true, true, true },
        { LWIP_DNS_ADDRTYPE_IPV6_IPV4, true, true, true, true },
        { LWIP_DNS_ADDRTYPE_IPV6_IPV4, true, false, true, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        ip_addr_t address;
        const struct sent *four, *six;

        found_times[0] = 0;
        assert_int_equal(dns_gethostbyname_addrtype("a", &address, found, NULL, row[i].type), ERR_INPROGRESS);
        four = query_a();
        six = next_query(TWILIO_DNS_AAAA);
        SAY(four, 0, row[i].has_four, A_RECORD("\x05", "\1"));
        SAY(six, 0, row[i].has_six, AAAA_RECORD("\x05", "\1"));
        assert_int_equal(found_times[0], 1);
        assert_int_equal(found_address[0], row[i].some);
        assert_true(!row[i].some || found_six == row[i].six);
    }
}
#endif

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(one_address), TEST(addresses_in_order_behind_aliases), TEST(no_name_is_final),
        TEST(no_address_and_poisoned), TEST(in_pieces), TEST(refused_by_all), TEST(refused_by_the_only_one),
        TEST(refused_by_one), TEST(silence), TEST(an_answer_to_any_asking), TEST(no_server),
        TEST(servers_told_and_read), TEST(forged), TEST(no_two_questions_are_alike),
        TEST(ports_that_are_others), TEST(ended_while_asking), TEST(asked_anew_while_asking),
        TEST(several_at_once), TEST(whoever_is_told_may_ask_and_end), TEST(no_port_no_buffer), TEST(names),
        TEST(digits), TEST(explained), TEST(two_calls_at_once), TEST(a_callback_may_call),
        TEST(calls_that_are_answered_at_once),
#if LWIP_IPV6
        TEST(both_kinds), TEST(the_other_kind_has_two_seconds), TEST(neither_kind),
        TEST(a_kind_that_is_refused_does_not_harm_the_other), TEST(callers_choose_the_kind),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
