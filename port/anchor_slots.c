/*
 * anchor_slots.c - two slots of certificates, and which of them is trusted
 *
 * A slot is "TwAnchor", its sequence number, the size of its certificates, these, and the SHA-256 of all
 * that. Numbers have 4 octets, the highest first. Sequence numbers wrap: of two, that one is newer which is
 * less than half the circle ahead.
 *
 * SPDX-License-Identifier: MIT
 */
#include "anchor_slots.h"

#include <stdbool.h>
#include <string.h>

#include "mbedtls/sha256.h"
#include "mbedtls/x509_crt.h"
#include "twilio.h"

#define MARK   8   /* octets of mark[] */
#define HEAD   16
#define DIGEST 32

_Static_assert(HEAD + DIGEST == TWILIO_SLOT_OVERHEAD, "as the header says");

static const char mark[MARK + 1] = "TwAnchor";

/* ---- Numbers and digests --------------------------------------------------- */

static uint32_t number_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_number(uint8_t *at, uint32_t number)
{
    for (int i = 3; i >= 0; i--) {
        at[i] = (uint8_t)number;
        number >>= 8;
    }
}

static uint32_t sequence_of(const uint8_t *slot)
{
    return number_at(slot + MARK);
}

static uint32_t size_of(const uint8_t *slot)
{
    return number_at(slot + MARK + 4);
}

/* By software alone, which cannot fail. */
static void digest(const uint8_t *head, const void *certificates, size_t size, uint8_t out[DIGEST])
{
    mbedtls_sha256_context sha256;

    mbedtls_sha256_init(&sha256);
    (void)mbedtls_sha256_starts(&sha256, 0);
    (void)mbedtls_sha256_update(&sha256, head, HEAD);
    (void)mbedtls_sha256_update(&sha256, certificates, size);
    (void)mbedtls_sha256_finish(&sha256, out);
    mbedtls_sha256_free(&sha256);
}

/* ---- Certificates ---------------------------------------------------------- */

/* What mbedTLS asks of whoever signed a chain: otherwise this anchor would be one in name only. */
static bool can_sign(const mbedtls_x509_crt *certificate)
{
    return mbedtls_x509_crt_get_ca_istrue(certificate) == 1 &&
           mbedtls_x509_crt_check_key_usage(certificate, MBEDTLS_X509_KU_KEY_CERT_SIGN) == 0 &&
           (mbedtls_pk_get_type(&certificate->pk) != MBEDTLS_PK_RSA ||
            mbedtls_pk_get_bitlen(&certificate->pk) >= mbedtls_x509_crt_profile_default.rsa_min_bitlen);
}

/* Bytes of the certificate at der, which others may follow; 0: it is none that we can use. */
static size_t measure(const uint8_t *der, size_t size)
{
    mbedtls_x509_crt *certificate = twilio_tls_calloc(1, sizeof *certificate);
    size_t length = 0;

    if (certificate == NULL) {
        return 0;
    }
    mbedtls_x509_crt_init(certificate);
    if (mbedtls_x509_crt_parse_der_nocopy(certificate, der, size) == 0 && can_sign(certificate)) {
        length = certificate->raw.len;
    }
    mbedtls_x509_crt_free(certificate);
    twilio_tls_free(certificate);
    return length;
}

/* Make a table, in room, of the certificates that der is made of. */
static int list(const uint8_t *der, size_t size, struct twilio_anchor room[TWILIO_SLOT_ANCHORS],
                struct twilio_anchors *table)
{
    size_t count = 0, length;

    for (; size > 0; der += length, size -= length) {
        if (count == TWILIO_SLOT_ANCHORS) {
            return TWILIO_ERR_SIZE;
        }
        length = measure(der, size);
        if (length == 0) {
            return TWILIO_ERR_ANCHORS;
        }
        room[count++] = (struct twilio_anchor){ der, length };
    }
    *table = (struct twilio_anchors){ room, count, NULL };
    return count > 0 ? TWILIO_OK : TWILIO_ERR_ANCHORS;
}

/* The same, in an arena that may be a connection's: whether that ran out of memory is its own affair. */
static int list_in(struct twilio_arena *arena, const uint8_t *der, size_t size, struct twilio_anchor *room,
                   struct twilio_anchors *table)
{
    bool before = arena->failed;

    twilio_arena_use(arena);
    arena->failed = false;
    int result = list(der, size, room, table);
    if (arena->failed) {
        result = TWILIO_ERR_MEMORY;
    }
    arena->failed = before;
    return result;
}

/* ---- Slots ----------------------------------------------------------------- */

static bool is_whole(const uint8_t *slot, size_t room)
{
    size_t size = size_of(slot);
    uint8_t found[DIGEST];

    if (memcmp(slot, mark, MARK) != 0 || size > room - HEAD - DIGEST) {
        return false;
    }
    digest(slot, slot + HEAD, size, found);
    return memcmp(found, slot + HEAD + size, DIGEST) == 0;
}

static int take(struct twilio_anchor_slots *slots, int i, struct twilio_arena *arena)
{
    const uint8_t *slot = slots->slot[i];
    struct twilio_anchors table;

    if (!is_whole(slot, slots->size)) {
        return TWILIO_ERR_ANCHORS;
    }
    int result = list_in(arena, slot + HEAD, size_of(slot), slots->anchor, &table);
    if (result != TWILIO_OK) {
        return result == TWILIO_ERR_MEMORY ? result : TWILIO_ERR_ANCHORS;
    }
    table.more = slots->more;
    slots->anchors = table;
    slots->chosen = i;
    return TWILIO_OK;
}

int twilio_anchor_slots_choose(struct twilio_anchor_slots *slots, struct twilio_arena *arena)
{
    if (slots == NULL || arena == NULL || slots->slot[0] == NULL || slots->slot[1] == NULL ||
        slots->size < TWILIO_SLOT_OVERHEAD) {
        return TWILIO_ERR_ARGUMENT;
    }
    slots->anchors = twilio_builtin_anchors;
    slots->chosen = -1;
    int newer = (int32_t)(sequence_of(slots->slot[1]) - sequence_of(slots->slot[0])) > 0;
    int result = take(slots, newer, arena);
    return result == TWILIO_ERR_ANCHORS ? take(slots, !newer, arena) : result;
}

/* ---- Updates --------------------------------------------------------------- */

int twilio_anchor_update_begin(struct twilio_anchor_update *update, struct twilio_anchor_slots *slots,
                               struct twilio_arena *arena)
{
    if (update == NULL || update->certificates == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    size_t size = update->certificates_size;
    update->size = 0;
    int result = twilio_anchor_slots_choose(slots, arena);
    if (result != TWILIO_OK && result != TWILIO_ERR_ANCHORS) {
        return result;
    }
    if (size > slots->size - TWILIO_SLOT_OVERHEAD) {
        return TWILIO_ERR_SIZE;
    }
    result = list_in(arena, update->certificates, size, update->anchor, &update->anchors);
    if (result != TWILIO_OK) {
        return result;
    }
    update->slot = slots->chosen == 0;
    memcpy(update->head, mark, MARK);
    put_number(update->head + MARK, sequence_of(slots->slot[!update->slot]) + 1); /* newer than what stays */
    put_number(update->head + MARK + 4, (uint32_t)size);
    digest(update->head, update->certificates, size, update->digest);
    update->size = size + TWILIO_SLOT_OVERHEAD;
    return TWILIO_OK;
}

size_t twilio_anchor_update_read(const struct twilio_anchor_update *update, size_t offset, void *buf,
                                 size_t size)
{
    const struct { const void *from; size_t size; } part[] = {
        { update->head, HEAD }, { update->certificates, update->certificates_size },
        { update->digest, DIGEST },
    };
    size_t done = 0;

    for (size_t i = 0; i < sizeof part / sizeof part[0] && update->size != 0; i++) {
        if (offset >= part[i].size) {
            offset -= part[i].size;
            continue;
        }
        size_t most = part[i].size - offset, more = size - done < most ? size - done : most;
        memcpy((uint8_t *)buf + done, (const uint8_t *)part[i].from + offset, more);
        done += more;
        offset = 0;
    }
    return done;
}
