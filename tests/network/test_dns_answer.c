/*
 * test_dns_answer.c - packets of DNS servers, against a reading of them in another language
 *
 * Each packet is in memory of just its size, so that the sanitizers see an octet read too many.
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

#include "dns_answer.h"

#define ID 0x1234

static const uint8_t name[] = "\3api\6twilio\3com";  /* and the 0 of the literal */

static const struct row {
    uint8_t type;
    enum twilio_dns said;
    uint8_t count;
    uint32_t ttl;
    const char *addresses;
    size_t size;
    const char *packet;
} rows[] = {
#include "dns_vectors.h"
};

#define ROWS (sizeof rows / sizeof rows[0])

static enum twilio_dns ask(const char *octets, size_t size, uint8_t type, struct twilio_dns_answer *answer,
                           uint8_t *copy)
{
    memset(answer, 0xA5, sizeof *answer);
    memcpy(copy, octets, size);
    return twilio_dns_answer(answer, copy, size, ID, name, type);
}

static void check_row(const struct row *row, size_t number)
{
    size_t each = row->type == TWILIO_DNS_A ? 4 : 16;
    uint8_t *copy = malloc(row->size == 0 ? 1 : row->size);
    struct twilio_dns_answer answer;
    enum twilio_dns said;

    assert_non_null(copy);
    said = ask(row->packet, row->size, row->type, &answer, row->size == 0 ? copy + 1 : copy);
    if (said != row->said)
        fail_msg("row %zu: %d, not %d", number, said, row->said);
    if (said == TWILIO_DNS_OK) {
        if (answer.count != row->count || answer.ttl != row->ttl)
            fail_msg("row %zu: %u addresses for %u s", number, answer.count, (unsigned)answer.ttl);
        for (size_t i = 0; i < answer.count; i++)
            assert_memory_equal(answer.address[i], row->addresses + i * each, each);
    }
    free(copy);
}

static void every_packet(void **state)
{
    unsigned seen[TWILIO_DNS_NO_NAME + 1] = { 0 };

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        check_row(&rows[i], i);
        seen[rows[i].said]++;
    }
    assert_true(ROWS > 5000);
    assert_int_equal(seen[TWILIO_DNS_NO_SERVER] + seen[TWILIO_DNS_SILENT], 0);
    assert_true(seen[TWILIO_DNS_ASKING] > 100 && seen[TWILIO_DNS_OK] > 100 && seen[TWILIO_DNS_REFUSED] > 20
                && seen[TWILIO_DNS_POISONED] > 20 && seen[TWILIO_DNS_NO_NAME] > 0
                && seen[TWILIO_DNS_NO_ADDRESS] > 20);
}

/* All values of all octets of the first row: where the question is another, nothing is accepted. */
static void every_octet_of_a_good_one(void **state)
{
    const struct row *good = &rows[0];
    size_t question_end = 12 + sizeof name + 4;
    struct twilio_dns_answer answer;
    char octets[512];
    uint8_t *copy = malloc(good->size);

    (void)state;
    assert_int_equal(good->said, TWILIO_DNS_OK);
    assert_non_null(copy);
    memcpy(octets, good->packet, good->size);
    for (size_t at = 0; at < good->size; at++) {
        for (int value = 0; value < 256; value++) {
            bool letter = at > 12 && at < question_end - 5 && octets[at] >= 'a' && octets[at] <= 'z';
            bool same = value == (uint8_t)good->packet[at] || (letter && value == good->packet[at] - 0x20);
            enum twilio_dns said;

            octets[at] = (char)value;
            said = ask(octets, good->size, TWILIO_DNS_A, &answer, copy);
            if ((at < 2 || (at >= 12 && at < question_end)) && (said != TWILIO_DNS_ASKING) != same)
                fail_msg("octet %zu as %d: %d", at, value, said);
            octets[at] = good->packet[at];
        }
    }
    free(copy);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet), cmocka_unit_test(every_octet_of_a_good_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
