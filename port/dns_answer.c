/*
 * dns_answer.c - header, question repeated, records: in that order, and each only as far as it is there
 *
 * SPDX-License-Identifier: MIT
 */
#include "dns_answer.h"

#include <stdbool.h>

#define HEADER       12
#define RECORD       10     /* of a record, behind its name: type, class, ttl, size of its data */
#define ANSWER       0x80   /* third octet: it is an answer, */
#define OPCODE       0x78   /* to a query, if this is 0, */
#define CUT_OFF      0x02   /* and was too big for a packet */
#define RCODE        0x0F   /* fourth octet */
#define NAME_ERROR   3
#define INTERNET     1      /* class */
#define POINTER      0xC0   /* the rest of the name is elsewhere */
#define LABEL_MAX    63
#define TTL_MAX      86400

static uint16_t number(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* RFC 2181 8: one over 2^31 is 0. */
static uint32_t ttl_of(const uint8_t *at)
{
    uint32_t ttl = (uint32_t)number(at) << 16 | number(at + 2);

    return ttl >> 31 != 0 ? 0 : ttl;
}

/* ---- Names ----------------------------------------------------------------- */

/* Sizes of labels are below all letters. */
static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 'a' - 'A') : octet;
}

/* Behind name at that place of the packet; NULL: another name is there. left: of the label we are in. */
static const uint8_t *match_name(const uint8_t *at, const uint8_t *end, const uint8_t *name)
{
    uint8_t left = 0;

    for (; at < end && lower(*at) == lower(*name); at++, name++) {
        if (left > 0)
            left--;
        else if (*name == 0)
            return at + 1;
        else
            left = *name;
    }
    return NULL;
}

/* Behind the name, of whatever kind, at that place; NULL: it does not end. */
static const uint8_t *skip_name(const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        uint8_t size = *at++;

        if (size == 0)
            return at;
        if (size >= POINTER)
            return at < end ? at + 1 : NULL;
        if (size > LABEL_MAX || size > end - at)
            return NULL;
        at += size;
    }
    return NULL;
}

/* ---- Records --------------------------------------------------------------- */

static bool usable4(const uint8_t *address)
{
    bool link_local = address[0] == 169 && address[1] == 254;

    return address[0] != 0 && address[0] != 127 && address[0] < 224 && !link_local;
}

/* Of IPv6 a few blocks are given out: 2000::/3; fc00::/7, private; 64:ff9b::/32, IPv4 behind a translator. */
static bool usable6(const uint8_t *address)
{
    return address[0] >> 5 == 1 || address[0] >> 1 == 0x7E
        || (number(address) == 0x64 && number(address + 2) == 0xFF9B);
}

/* What of the records is wanted, and what has been seen of it */
struct reading {
    struct twilio_dns_answer *answer;
    uint8_t type, size;
    bool poisoned;
};

/* A record of the Internet's from behind its name. */
static void take(struct reading *reading, const uint8_t *record)
{
    struct twilio_dns_answer *answer = reading->answer;
    const uint8_t *address = record + RECORD;
    uint32_t ttl = ttl_of(record + 4);

    if (ttl < answer->ttl)
        answer->ttl = ttl;
    if (number(record) != reading->type || number(record + 8) != reading->size)
        return;
    if (!(reading->type == TWILIO_DNS_A ? usable4(address) : usable6(address)))
        reading->poisoned = true;
    else if (answer->count < TWILIO_ADDRESSES_MAX)
        answer->address[answer->count++] = address;
}

/* Whether count records are there, whole. */
static bool read_records(struct reading *reading, unsigned count, const uint8_t *at, const uint8_t *end)
{
    for (; count > 0; count--) {
        at = skip_name(at, end);
        if (at == NULL || end - at < RECORD || end - at - RECORD < number(at + 8))
            return false;
        if (number(at + 2) == INTERNET)
            take(reading, at);
        at += RECORD + number(at + 8);
    }
    return true;
}

/* ---- The packet ------------------------------------------------------------ */

/* Whether that header is of an answer, with this id, to one question. */
static bool is_answer(const uint8_t *packet, uint16_t id)
{
    return number(packet) == id && (packet[2] & (ANSWER | OPCODE)) == ANSWER && number(packet + 4) == 1;
}

static bool is_cut_off(const uint8_t *packet)
{
    return (packet[2] & CUT_OFF) != 0;
}

/* The records' place, behind the question; NULL: this packet answers something else. */
static const uint8_t *match(const uint8_t *packet, const uint8_t *end, uint16_t id, const uint8_t *name,
                            uint8_t type)
{
    const uint8_t *at;

    if (end - packet < HEADER || !is_answer(packet, id))
        return NULL;
    at = match_name(packet + HEADER, end, name);
    if (at == NULL || end - at < 4 || number(at) != type || number(at + 2) != INTERNET)
        return NULL;
    return at + 4;
}

/* What those records said that are there. */
static enum twilio_dns verdict(const struct reading *reading, const uint8_t *packet)
{
    if (reading->answer->count > 0)
        return TWILIO_DNS_OK;
    if (reading->poisoned)
        return TWILIO_DNS_POISONED;
    return is_cut_off(packet) ? TWILIO_DNS_REFUSED : TWILIO_DNS_NO_ADDRESS;
}

enum twilio_dns twilio_dns_answer(struct twilio_dns_answer *answer, const uint8_t *packet, size_t size,
                                  uint16_t id, const uint8_t *name, uint8_t type)
{
    struct reading reading = { answer, type, type == TWILIO_DNS_A ? 4 : 16, false };
    const uint8_t *end = packet + size, *at = match(packet, end, id, name, type);

    if (at == NULL)
        return TWILIO_DNS_ASKING;
    if ((packet[3] & RCODE) != 0)
        return (packet[3] & RCODE) == NAME_ERROR ? TWILIO_DNS_NO_NAME : TWILIO_DNS_REFUSED;
    answer->count = 0;
    answer->ttl = TTL_MAX;
    if (!read_records(&reading, number(packet + 6), at, end) && !is_cut_off(packet))
        return TWILIO_DNS_ASKING;
    return verdict(&reading, packet);
}
