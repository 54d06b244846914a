/*
 * fuzz_json.c - any bytes as JSON: whole or in pieces it is the same, and a plain recursive reader
 * of RFC 8259 (rfc8259.h) agrees on what is JSON, and on what stands at each path outside arrays
 *
 * Input: which fields, their memory, two bytes of randomness for the pieces; then the text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#define FIELDS 4
#include "rfc8259.h"

//@ fault json.c: if (octet == '.' || octet == ']' || octet == '\0' || j->path_size > TWILIO_PATH_MAX) { => if (octet == ']' || octet == '\0' || j->path_size > TWILIO_PATH_MAX) {
//@ fault json.c: [TAIL_ED] = LAST(0x80, 0x9F, TAIL_1, OCTET), => [TAIL_ED] = LAST(0x80, 0xBF, TAIL_1, OCTET),
//@ fault json.c: [TAIL_F4] = LAST(0x80, 0x8F, TAIL_2, OCTET), => [TAIL_F4] = LAST(0x80, 0xBF, TAIL_2, OCTET),
//@ fault json.c: if (octet != (in_array(j) ? ']' : '}')) { => if (0) {
//@ fault json.c: if ((j->count == 8) != (low < 0x400)) { => if (j->count == 8 && low >= 0x400) {
//@ fault json.c: if (!in_array(j)) { => if (1) {
//@ fault json.c: put_character(j, 0x10000 + ((j->unicode >> 16) - 0xD800) * 0x400 + low); => put_character(j, ((j->unicode >> 16) - 0xD800) * 0x400 + low);
//@ fault json.c: while (n < size && data[n] >= ' ' && data[n] != '"' && data[n] != '\\' && (uint8_t)data[n] < 0x80) { => while (n < size && data[n] >= ' ' && data[n] != '"' && (uint8_t)data[n] < 0x80) {
//@ fault json.c: take(j, ' ');  /* ends a number */ => ;
//@ fault json.c: [EXPONENT_SIGN] = LAST('0', '9', EXPONENT_DIGITS, OCTET), => [EXPONENT_SIGN] = RULE('0', '9', EXPONENT_DIGITS, OCTET),
//@ fault field.c: if (field->length + 1 < field->size) { => if (field->length < field->size) {

/* ---- The picker ------------------------------------------------------------------------------ */

static const char *const tables[][FIELDS] = {
    { "sid", "meta.next", "messages[].sid", "messages[].tags[]" },
    { "[]", "[].sid", "[][]", "sid" },
    { "messages", "messages[]", "meta", "meta.page" },
    { "a.b.c", "a.b", "a[].b", "\xC3\xA9" },
};

struct outcome {
    int status;
    uint32_t items, hash;  /* what the fields held, at each item and at the end */
};

static void add(struct outcome *o, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        o->hash = (o->hash ^ ((const uint8_t *)bytes)[i]) * 16777619U;
    }
}

static void add_fields(struct outcome *o, const struct twilio_field *fields)
{
    for (const struct twilio_field *f = fields; f->name != NULL; f++) {
        must(memchr(f->text, '\0', f->size) != NULL, "%s is not ended", f->name);
        add(o, &f->type, 1);
        add(o, &f->length, sizeof f->length);
        add(o, f->text, strlen(f->text));
    }
}

/* What is in an array is there until the next element begins: that is not compared. Of a value that is cut,
 * the last character may be missing though it fits. */
static void compare(const struct twilio_field *fields)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const struct twilio_field *f = &fields[i];
        const struct found *found = &reader.found[i];
        size_t fits = f->length < f->size ? f->length : strlen(f->text);

        if (strchr(f->name, '[') == NULL) {
            must(f->type == found->type, "%s: type %d, not %d", f->name, f->type, found->type);
            must(f->length == found->size, "%s: %u octets, not %zu", f->name, f->length, found->size);
            must(memcmp(f->text, found->text, fits) == 0, "%s: %s", f->name, f->text);
            must(f->length < f->size || fits + 5 >= f->size || memchr(found->text, '\0', f->size) != NULL,
                 "%s: cut to %zu", f->name, fits);
        }
    }
}

/* seed 0: whole */
static struct outcome pick(const uint8_t *data, size_t size, uint32_t seed)
{
    struct outcome o = { 0, 0, 2166136261U };
    struct twilio_field fields[FIELDS + 1];
    char texts[FIELDS][64];
    struct twilio_json json = { .fields = fields };
    const char *text = (const char *)data + 4;
    size_t left = size - 4;

    memset(fields, 0, sizeof fields);
    memset(texts, 'C', sizeof texts);
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i].name = tables[data[0] % 4][i];
        fields[i].text = texts[i];
        fields[i].size = (uint16_t)(1 + data[1] % sizeof texts[i]);
    }
    must(twilio_json_begin(&json) == TWILIO_OK, "begin");
    while (left > 0) {
        size_t piece = seed == 0 ? left : 1 + fuzz_random(&seed) % (left < 8 ? left : 8);
        char *copy = malloc(piece);
        int n;

        must(copy != NULL, "memory");
        memcpy(copy, text, piece);
        n = twilio_json_feed(&json, copy, piece);
        free(copy);
        if (n < 0) {
            must(n == json.status, "%d and %d", n, json.status);
            break;
        }
        must((size_t)n == piece || (json.status == TWILIO_ITEM && (size_t)n < piece), "%d of %zu", n, piece);
        if (json.status == TWILIO_ITEM) {
            o.items++;
            add_fields(&o, fields);
        }
        text += n;
        left -= (size_t)n;
    }
    (void)twilio_json_feed(&json, NULL, 0);
    o.status = json.status;
    for (size_t i = 0; i < FIELDS; i++) {
        must(memchr(texts[i], '\0', fields[i].size) != NULL, "%s is not ended", fields[i].name);
    }
    if (o.status == TWILIO_OK) {
        add_fields(&o, fields);
        compare(fields);
    }
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, split;
    int verdict;

    if (size < 4 || size > MOST) {
        return 0;
    }
    verdict = read_rfc8259(data + 4, size - 4, tables[data[0] % 4]) ? TWILIO_OK : TWILIO_ERR_JSON;
    whole = pick(data, size, 0);
    split = pick(data, size, 1 + data[2] + data[3] * 256U);
    must(whole.status == verdict || (reader.deepest > TWILIO_DEPTH_MAX && whole.status == TWILIO_ERR_DEPTH),
        "%d, but %d", whole.status, verdict);
    must(split.status == whole.status, "%d and %d", whole.status, split.status);
    must(whole.items == split.items, "%u and %u items", (unsigned)whole.items, (unsigned)split.items);
    must(whole.hash == split.hash, "different values");
    return 0;
}

const struct seed seeds[] = {
    SEED("{\"sid\":\"SM1\",\"meta\":{\"next\":null,\"page\":0},"
         "\"messages\":[{\"sid\":\"a\",\"tags\":[1,\"x\"]},{}]}"),
    SEED("[{\"sid\":\"\\u0041\\ud83d\\udc4d\"},[1,-2.5e+3],"
         "\"caf\xC3\xA9 \xE2\x98\xBA\xF0\x9F\x91\x8D\",true,false,null]"),
    SEED("{\"a\":{\"b\":{\"c\":1}},\"a\":[{\"b\":\"\"}],\"\xC3\xA9\":-0}"),
    SEED("{\"code\": 21211, \"message\": \"The 'To' number\\n\", \"status\": 400}"),
    SEED("{\"sid\":\"x\\ud83d\\udc4d\\b\\u00e9\",\"meta\":{\"page\":[]}}"),
    SEED("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), SEED("-12.5e-7"),
    SEED("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
    SEED("\"\xED\x9F\xBF\xED\xA0\x80\""), SEED("\"\xF4\x8F\xBF\xBF\xF4\x90\x80\x80\""), SEED("[1e+]"),
    SEED("\"\xE0\xA0\x80\xE0\x9F\xBF\""), SEED("\"\xF0\x90\x80\x80\xF0\x8F\xBF\xBF\""),
    SEED("[0.1e-2,1E5,-0]"),
    SEED("{\"sid\":[1}"), SEED("{\"a.b\":1,\"a\":{\"b\":\"\\ud83d\\u0041\"}}"),
    SEED("{\"a.b\":1,\"a\":{\"b]\":2}}"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("{"), SEED("}"), SEED("["), SEED("]"), SEED(","), SEED(":"), SEED("\""), SEED("\\"), SEED(" "),
    SEED("\n"), SEED("true"), SEED("false"), SEED("null"), SEED("0"), SEED("-"), SEED("1.5"), SEED("e+1"),
    SEED("\\u"), SEED("\\ud83d"), SEED("\\udc4d"), SEED("\\u0000"), SEED("\xC3\xA9"), SEED("\xE2\x98\xBA"),
    SEED("\xF0\x9F\x91\x8D"), SEED("\xED\xA0\x80"), SEED("\xF4\x90\x80\x80"), SEED("\xC0\x80"), SEED("\0"),
    SEED("\"sid\":"), SEED("\"meta\":{"), SEED("\"a\":"), SEED("[{"), SEED("}]"), SEED("},{"),
    SEED("\"messages\":["), SEED("[[[[[[[["), SEED("{}"), SEED("[]"), SEED("\"\""), SEED("\x1F"),
    { NULL, 0 }
};
