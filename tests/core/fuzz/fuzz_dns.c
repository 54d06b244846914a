/*
 * fuzz_dns.c - any octets as a DNS server's packet: it says what another reader finds, straight from RFC 1035
 *
 * Input: options, which name is asked for, an id; then the packet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "dns_answer.h"

#include <stdbool.h>
#include <string.h>

//@ fault dns_answer.c: if (ttl < answer->ttl) => if (ttl > answer->ttl)
//@ fault dns_answer.c: return ttl >> 31 != 0 ? 0 : ttl; => return ttl;
//@ fault dns_answer.c: if (left > 0) => if (left > 1)
//@ fault dns_answer.c: if (size > LABEL_MAX || size > end - at) => if (size > end - at)
//@ fault dns_answer.c: bool link_local = address[0] == 169 && address[1] == 254; => bool link_local = address[0] == 169 && address[1] == 255;
//@ fault dns_answer.c: return address[0] != 0 && address[0] != 127 && address[0] < 224 && !link_local; => return address[0] != 0 && address[0] != 127 && address[0] <= 224 && !link_local;
//@ fault dns_answer.c: return address[0] >> 5 == 1 || address[0] >> 1 == 0x7E => return address[0] >> 5 == 1 || address[0] >> 1 == 0x7F
//@ fault dns_answer.c: if (number(record) != reading->type || number(record + 8) != reading->size) => if (number(record) != reading->type)
//@ fault dns_answer.c: else if (answer->count < TWILIO_ADDRESSES_MAX) => else if (answer->count <= TWILIO_ADDRESSES_MAX)
//@ fault dns_answer.c: if (at == NULL || end - at < RECORD || end - at - RECORD < number(at + 8)) => if (at == NULL || end - at < RECORD)
//@ fault dns_answer.c: if (number(at + 2) == INTERNET) => if (true)
//@ fault dns_answer.c: return number(packet) == id && (packet[2] & (ANSWER | OPCODE)) == ANSWER && number(packet + 4) == 1; => return number(packet) == id && (packet[2] & (ANSWER | OPCODE)) == ANSWER;
//@ fault dns_answer.c: if (at == NULL || end - at < 4 || number(at) != type || number(at + 2) != INTERNET) => if (at == NULL || end - at < 4 || number(at + 2) != INTERNET)
//@ fault dns_answer.c: return number(packet) == id && (packet[2] & (ANSWER | OPCODE)) == ANSWER && number(packet + 4) == 1; => return number(packet) == id && (packet[2] & ANSWER) == ANSWER && number(packet + 4) == 1;
//@ fault dns_answer.c: return number(packet) == id && (packet[2] & (ANSWER | OPCODE)) == ANSWER && number(packet + 4) == 1; => return (packet[2] & (ANSWER | OPCODE)) == ANSWER && number(packet + 4) == 1;
//@ fault dns_answer.c: return (packet[3] & RCODE) == NAME_ERROR ? TWILIO_DNS_NO_NAME : TWILIO_DNS_REFUSED; => return TWILIO_DNS_NO_NAME;
//@ fault dns_answer.c: if (reading->poisoned) => if (false)
//@ fault dns_answer.c: return is_cut_off(packet) ? TWILIO_DNS_REFUSED : TWILIO_DNS_NO_ADDRESS; => return TWILIO_DNS_NO_ADDRESS;

/* ---- Another reader ------------------------------------------------------------------------------ */

struct packet {
    const uint8_t *octets;
    size_t size, at;
    bool   broken;  /* more was asked of it than it has */
};

struct record {
    unsigned type, class;
    uint32_t ttl;
    size_t   data, size;
};

static uint32_t take(struct packet *packet, unsigned octets)
{
    uint32_t number = 0;

    for (; octets > 0; octets--) {
        packet->broken = packet->broken || packet->at >= packet->size;
        number = number << 8 | (packet->broken ? 0U : packet->octets[packet->at++]);
    }
    return number;
}

/* RFC 1035 4.1.4. What the compression stands for is of no interest here. */
static void take_any_name(struct packet *packet)
{
    uint32_t size;

    do {
        size = take(packet, 1);
        if ((size & 0xC0) == 0xC0) {
            (void)take(packet, 1);
            return;
        }
        packet->broken = packet->broken || size > 63;
        for (uint32_t i = 0; i < size && !packet->broken; i++) {
            (void)take(packet, 1);
        }
    } while (size != 0 && !packet->broken);
}

static uint32_t small(uint32_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

static bool take_this_name(struct packet *packet, const char *name)
{
    size_t size = strlen(name) + 1;

    for (size_t i = 0; i < size; i++) {
        if (small(take(packet, 1)) != small((uint8_t)name[i]) || packet->broken) {
            return false;
        }
    }
    return true;
}

static bool take_record(struct packet *packet, struct record *record)
{
    take_any_name(packet);
    record->type = take(packet, 2);
    record->class = take(packet, 2);
    record->ttl = take(packet, 4);
    record->size = take(packet, 2);
    record->data = packet->at;
    packet->broken = packet->broken || packet->size - packet->at < record->size;
    packet->at += packet->broken ? 0 : record->size;
    return !packet->broken;
}

struct block {
    uint8_t type, bits;
    bool    good;
    uint8_t octets[4];
};

/* RFC 6890: the first that an address is in. */
static const struct block blocks[] = {
    { TWILIO_DNS_A, 8, false, { 0 } }, { TWILIO_DNS_A, 8, false, { 127 } },
    { TWILIO_DNS_A, 16, false, { 169, 254 } },
    { TWILIO_DNS_A, 4, false, { 224 } }, { TWILIO_DNS_A, 4, false, { 240 } },
    { TWILIO_DNS_A, 0, true, { 0 } },
    { TWILIO_DNS_AAAA, 3, true, { 0x20 } }, { TWILIO_DNS_AAAA, 7, true, { 0xFC } },
    { TWILIO_DNS_AAAA, 32, true, { 0x00, 0x64, 0xFF, 0x9B } }, { TWILIO_DNS_AAAA, 0, false, { 0 } },
};

static bool is_in(const struct block *block, unsigned type, const uint8_t *address)
{
    bool is = type == block->type;

    for (unsigned bit = 0; is && bit < block->bits; bit++) {
        is = ((address[bit / 8] ^ block->octets[bit / 8]) & 0x80 >> bit % 8) == 0;
    }
    return is;
}

static bool is_good(unsigned type, const uint8_t *address)
{
    const struct block *block = blocks;

    while (!is_in(block, type, address)) {
        block++;
    }
    return block->good;
}

/* What is said by records, count of them if they are all there. */
static enum twilio_dns read_records(struct packet *packet, unsigned count, bool cut, unsigned type,
                                    struct twilio_dns_answer *answer)
{
    bool bad = false;

    *answer = (struct twilio_dns_answer){ .ttl = 86400 };
    for (; count > 0; count--) {
        struct record record;
        if (!take_record(packet, &record)) {
            if (!cut) {
                return TWILIO_DNS_ASKING;
            }
            break;
        }
        if (record.class != 1) {
            continue;
        }
        record.ttl = record.ttl > 0x7FFFFFFF ? 0 : record.ttl;
        answer->ttl = record.ttl < answer->ttl ? record.ttl : answer->ttl;
        if (record.type == type && record.size == (type == TWILIO_DNS_A ? 4 : 16)) {
            const uint8_t *address = packet->octets + record.data;
            if (!is_good(type, address)) {
                bad = true;
            } else if (answer->count < TWILIO_ADDRESSES_MAX) {
                answer->address[answer->count++] = address;
            }
        }
    }
    return answer->count > 0 ? TWILIO_DNS_OK : bad ? TWILIO_DNS_POISONED
         : cut ? TWILIO_DNS_REFUSED : TWILIO_DNS_NO_ADDRESS;
}

static enum twilio_dns read_packet(struct packet *packet, unsigned id, const char *name, unsigned type,
                                   struct twilio_dns_answer *answer)
{
    bool     ours = take(packet, 2) == id;
    uint32_t flags = take(packet, 2), questions = take(packet, 2), answers = take(packet, 2);

    (void)take(packet, 4);
    ours = ours && flags >> 15 == 1 && (flags >> 11 & 15) == 0 && questions == 1;
    if (!ours || !take_this_name(packet, name) || take(packet, 2) != type || take(packet, 2) != 1
        || packet->broken) {
        return TWILIO_DNS_ASKING;
    }
    if ((flags & 15) != 0) {
        return (flags & 15) == 3 ? TWILIO_DNS_NO_NAME : TWILIO_DNS_REFUSED;
    }
    return read_records(packet, answers, (flags >> 9 & 1) != 0, type, answer);
}

/* ---- Both ---------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "\3api\6twilio\3com", "\3api\6twilio\3com", "\1a", "" };
    struct twilio_dns_answer answer, other;
    const char *name;
    uint8_t *copy, type;
    uint16_t id;
    enum twilio_dns is, expected;
    struct packet packet;

    if (size < 6) {
        return 0;
    }
    name = names[data[1] % 4];
    type = (data[0] & 3) != 0 ? TWILIO_DNS_A : TWILIO_DNS_AAAA;
    type = (data[0] & 4) != 0 && size > 37 ? data[37] : type;  /* as the packet has it, if the name is long */
    type = type == TWILIO_DNS_A ? TWILIO_DNS_A : TWILIO_DNS_AAAA;
    id = (uint16_t)((data[0] & 56) != 0 ? data[4] << 8 | data[5] : data[2] << 8 | data[3]);
    copy = malloc(size - 4);
    must(copy != NULL, "memory");
    memcpy(copy, data + 4, size - 4);
    memset(&answer, 'C', sizeof answer);

    is = twilio_dns_answer(&answer, copy, size - 4, id, (const uint8_t *)name, type);
    packet = (struct packet){ copy, size - 4, 0, false };
    expected = read_packet(&packet, id, name, type, &other);
    must(is == expected, "%d, but %d", (int)is, (int)expected);
    if (is == TWILIO_DNS_OK) {
        must(answer.count == other.count, "%u addresses, but %u", answer.count, other.count);
        must(answer.ttl == other.ttl, "for %u s, but %u", (unsigned)answer.ttl, (unsigned)other.ttl);
        for (unsigned i = 0; i < answer.count; i++) {
            must(answer.address[i] == other.address[i], "address %u", i);
        }
    }
    free(copy);
    return 0;
}

#define NAME "\3api\6twilio\3com\0"
#define HEAD(flags, answers) "\1\2" flags "\0\1\0" answers "\0\0\0\0" NAME
#define IN(type) "\0" type "\0\1"
#define RECORD(type, ttl, size) "\300\14" IN(type) ttl "\0" size
#define A(octets) RECORD("\1", "\0\0\1\54", "\4") octets
#define SIX(octets) RECORD("\34", "\0\0\0\74", "\20") octets "\0\0\0\0\0\0\0\0\0\1"
#define ALIAS RECORD("\5", "\0\0\0\12", "\4") "\1b\300\20"

const struct seed seeds[] = {
    SEED(HEAD("\201\200", "\1") IN("\1") A("\66\1\2\3")),
    SEED(HEAD("\201\200", "\3") IN("\1") ALIAS A("\66\1\2\3") A("\66\1\2\4")),
    SEED(HEAD("\201\200", "\6") IN("\1") A("\1\1\1\1") A("\2\1\1\1") A("\3\1\1\1") A("\4\1\1\1")
         A("\5\1\1\1") A("\6\1\1\1")),
    SEED(HEAD("\201\200", "\2") IN("\1") A("\177\0\0\1") A("\251\376\1\1")),
    SEED(HEAD("\201\200", "\1") IN("\1") A("\340\0\0\1")), SEED(HEAD("\201\200", "\1") IN("\1") ALIAS),
    SEED(HEAD("\203\200", "\3") IN("\1") A("\12\0\0\1")), SEED(HEAD("\203\200", "\3") IN("\1")),
    SEED(HEAD("\201\203", "\0") IN("\1")), SEED(HEAD("\201\205", "\0") IN("\1")),
    SEED(HEAD("\211\200", "\1") IN("\1") A("\66\1\2\3")), SEED(HEAD("\1\0", "\0") IN("\1")),
    SEED(HEAD("\201\200", "\1") IN("\1") RECORD("\1", "\200\0\0\0", "\4") "\66\1\2\3"),
    SEED(HEAD("\201\200", "\1") IN("\1") RECORD("\1", "\0\1\121\201", "\5") "\66\1\2\3\4"),
    SEED(HEAD("\201\200", "\1") IN("\1") "\300\14\0\1\0\3\0\0\0\1\0\4\66\1\2\3"),
    SEED(HEAD("\201\200", "\1") IN("\1") "\100" NAME "\0\1\0\1\0\0\0\1\0\4\66\1\2\3"),
    SEED(HEAD("\201\200", "\1") IN("\34") SIX("\40\1\15\270\0\0")),
    SEED(HEAD("\201\200", "\3") IN("\34") ALIAS SIX("\375\0\0\1\0\0") SIX("\0\144\377\233\0\1")),
    SEED(HEAD("\201\200", "\2") IN("\34") SIX("\376\200\0\0\0\0") SIX("\377\2\0\0\0\0")),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\0"), SEED("\1"), SEED("\3"), SEED("\4"), SEED("\20"), SEED("\34"), SEED("\300\14"), SEED("\77"),
    SEED("\100"), SEED("\377\377"), SEED(NAME), SEED("\3API"), SEED(IN("\1")), SEED(IN("\34")), SEED(ALIAS),
    SEED(A("\66\1\2\3")), SEED(A("\251\376\1\1")), SEED(A("\337\0\0\1")), SEED(SIX("\40\1\0\0\0\0")),
    SEED("\200\0\0\0"), SEED("\0\1\121\200"), SEED("\177\0\0\1"), SEED("\203"), SEED("\201"),
    { NULL, 0 }
};
