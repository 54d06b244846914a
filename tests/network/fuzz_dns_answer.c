/*
 * fuzz_dns_answer.c - any bytes as the packet of a DNS server: nothing is believed that does not repeat the
 * question, and what is believed is in the packet, and is an address that can be
 *
 * Input: the type asked for, three bytes unused; then the packet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "dns_answer.h"

#include <stdbool.h>
#include <string.h>

#define HEADER "\x12\x34\x81\x80\0\1\0\2\0\0\0\0"
#define NAME   "\3api\6twilio\3com\0"
#define AT     (sizeof HEADER - 1)
#define END    (AT + sizeof NAME - 1 + 4)

static bool repeats_the_question(const uint8_t *packet, size_t size, uint8_t type)
{
    uint8_t folded[END];

    if (size < END)
        return false;
    memcpy(folded, packet, END);
    for (size_t i = AT; i < END - 4; i++) {
        if (folded[i] >= 'A' && folded[i] <= 'Z')
            folded[i] |= 0x20;
    }
    return memcmp(folded, HEADER, 2) == 0 && (folded[2] & 0xF8) == 0x80 && folded[4] == 0 && folded[5] == 1
        && memcmp(folded + AT, NAME, sizeof NAME - 1) == 0
        && folded[END - 4] == 0 && folded[END - 3] == type && folded[END - 2] == 0 && folded[END - 1] == 1;
}

/* The address is the data of a record of that type: what stands before it says so. */
static void check_address(const uint8_t *packet, size_t size, const uint8_t *address, uint8_t type)
{
    const uint8_t each = type == TWILIO_DNS_A ? 4 : 16, head[] = { 0, type, 0, 1 }, length[] = { 0, each };
    size_t at = (size_t)(address - packet);

    must(at >= END + 11 && at + each <= size, "at %zu of %zu", at, size);
    must(memcmp(address - 10, head, 4) == 0 && memcmp(address - 2, length, 2) == 0, "no such record");
    must(type != TWILIO_DNS_A || (address[0] != 0 && address[0] != 127 && address[0] < 224), "%u",
         address[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t type = size > 0 && data[0] % 4 == 0 ? TWILIO_DNS_AAAA : TWILIO_DNS_A;
    const uint8_t *packet = data + 4;
    struct twilio_dns_answer answer;
    enum twilio_dns said;
    uint8_t *copy;

    if (size < 4)
        return 0;
    size -= 4;
    copy = malloc(size + (size == 0));
    must(copy != NULL, "memory");
    memcpy(copy, packet, size);
    said = twilio_dns_answer(&answer, copy, size, 0x1234, (const uint8_t *)NAME, type);
    must(said != TWILIO_DNS_NO_SERVER && said != TWILIO_DNS_SILENT && said <= TWILIO_DNS_NO_NAME, "%d", said);
    must(said == TWILIO_DNS_ASKING || repeats_the_question(copy, size, type), "%d to another question", said);
    if (said == TWILIO_DNS_OK) {
        must(answer.count >= 1 && answer.count <= TWILIO_ADDRESSES_MAX && answer.ttl <= 86400, "%u for %u s",
             answer.count, (unsigned)answer.ttl);
        for (unsigned i = 0; i < answer.count; i++)
            check_address(copy, size, answer.address[i], type);
    }
    free(copy);
    return 0;
}

#define ASKED(type) HEADER NAME "\0" type "\0\1"

const struct seed seeds[] = {
    SEED(ASKED("\1") "\xC0\x0C\0\5\0\1\0\0\1\0\0\4\1x\xC0\x10" "\xC0\x2C\0\1\0\1\0\0\0\x3C\0\4\x34\1\2\3"),
    SEED(ASKED("\1") "\xC0\x0C\0\1\0\1\0\0\0\x3C\0\4\x7F\0\0\1" "\xC0\x0C\0\1\0\1\0\0\0\x3C\0\4\x34\1\2\3"),
    SEED(ASKED("\x1C") "\xC0\x0C\0\x1C\0\1\0\0\0\x3C\0\x10\x26\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
         "\3api\0\0\1\0\1\0\0\0\x3C\0\4\x34\1\2\3"),
    SEED("\x12\x34\x83\x83\0\1\0\0\0\0\0\0" NAME "\0\1\0\1"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("\xC0\x0C"), SEED("\xC0\x0C\0\1\0\1\0\0\0\x3C\0\4\x34\1\2\4"), SEED("\0\1\0\1"), SEED("\xFF\xFF"),
    SEED("\0\0\0\0"), SEED("\x80"), SEED("\x40"), SEED("\x3F"), SEED("\1a\0"), SEED(NAME), SEED("\0\4"),
    SEED("\xC0\x0C\0\x1C\0\1\0\0\0\x3C\0\x10\x26\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
    SEED("\x83\x80"), SEED("API"),
    { NULL, 0 }
};
