/*
 * fuzz_json.c - any bytes as JSON: whole or in pieces it is the same, and a plain recursive reader
 * of RFC 8259 agrees on what is JSON, and on what stands at each path outside arrays
 *
 * Input: which fields, their memory, two bytes of randomness for the pieces; then the text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio.h"

#include <stdbool.h>
#include <string.h>

/* ---- The plain reader: slow, recursive, and close to the grammar ------------------------------ */

#define FIELDS 4
#define MOST   16384  /* bytes of a text; of a path, "[]" for each */

/* What stood last at a path */
struct found {
    char   type, text[MOST];
    size_t size;
};

struct reader {
    const uint8_t *at, *end;
    int depth, deepest;
    char   text[MOST], path[2 * MOST];  /* of the string that was read last; of the value that is read */
    size_t text_size, path_size;
    const char *const *names;
    struct found found[FIELDS];
};

static bool value(struct reader *r);

static bool next_is(struct reader *r, char c)
{
    if (r->at < r->end && *r->at == (uint8_t)c) {
        r->at++;
        return true;
    }
    return false;
}

static bool any_of(struct reader *r, const char *set)
{
    if (r->at < r->end && *r->at != 0 && strchr(set, *r->at) != NULL) {
        r->at++;
        return true;
    }
    return false;
}

static void white(struct reader *r)
{
    while (any_of(r, " \t\r\n")) {
    }
}

static bool word(struct reader *r, const char *text)
{
    size_t size = strlen(text);

    if ((size_t)(r->end - r->at) >= size && memcmp(r->at, text, size) == 0) {
        r->at += size;
        return true;
    }
    return false;
}

static bool digits(struct reader *r)
{
    bool some = false;

    while (any_of(r, "0123456789")) {
        some = true;
    }
    return some;
}

static bool number(struct reader *r)
{
    next_is(r, '-');
    if (!next_is(r, '0') && !(any_of(r, "123456789") && (digits(r), true))) {
        return false;
    }
    if (next_is(r, '.') && !digits(r)) {
        return false;
    }
    if (any_of(r, "eE")) {
        any_of(r, "+-");
        return digits(r);
    }
    return true;
}

static int32_t hex4(struct reader *r)
{
    int32_t code = 0;

    for (int i = 0; i < 4; i++) {
        const char *hex = "0123456789abcdef0123456789ABCDEF", *found;

        if (r->at == r->end || *r->at == 0 || (found = strchr(hex, *r->at)) == NULL) {
            return -1;
        }
        code = code * 16 + (int32_t)(found - hex) % 16;
        r->at++;
    }
    return code;
}

static void put(struct reader *r, uint32_t octet)
{
    r->text[r->text_size++] = (char)octet;
}

/* As UTF-8 */
static void put_code(struct reader *r, uint32_t code)
{
    if (code < 0x80) {
        put(r, code);
    } else if (code < 0x800) {
        put(r, 0xC0 + code / 64);
        put(r, 0x80 + code % 64);
    } else if (code < 0x10000) {
        put(r, 0xE0 + code / 4096);
        put(r, 0x80 + code / 64 % 64);
        put(r, 0x80 + code % 64);
    } else {
        put(r, 0xF0 + code / 262144);
        put(r, 0x80 + code / 4096 % 64);
        put(r, 0x80 + code / 64 % 64);
        put(r, 0x80 + code % 64);
    }
}

static bool escape(struct reader *r)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    int32_t code, high = 0;

    if (any_of(r, letters)) {
        put(r, (uint8_t)meant[strchr(letters, r->at[-1]) - letters]);
        return true;
    }
    if (!next_is(r, 'u') || (code = hex4(r)) < 0 || (code >= 0xDC00 && code < 0xE000)) {
        return false;
    }
    if (code >= 0xD800 && code < 0xDC00) {
        high = code - 0xD800;
        code = word(r, "\\u") ? hex4(r) : -1;
        if (code < 0xDC00 || code >= 0xE000) {
            return false;
        }
        code = 0x10000 + high * 1024 + (code - 0xDC00);
    }
    put_code(r, (uint32_t)code);
    return true;
}

/* One character of UTF-8, decoded, and encoded again to see whether it was the shortest form */
static bool character(struct reader *r)
{
    static const uint32_t least[] = { 0x20, 0x80, 0x800, 0x10000 };
    uint32_t lead = *r->at++;
    unsigned more = lead < 0x80 ? 0 : lead >= 0xC0 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2
                  : lead >= 0xF0 && lead < 0xF8 ? 3 : 9;
    uint32_t code = more == 0 ? lead : lead & (0x3FU >> more);

    if (more == 9 || (size_t)(r->end - r->at) < more) {
        return false;
    }
    for (unsigned i = 0; i < more; i++, r->at++) {
        if ((*r->at & 0xC0) != 0x80) {
            return false;
        }
        code = code << 6 | (*r->at & 0x3FU);
    }
    if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return false;
    }
    put_code(r, code);
    return true;
}

static bool string(struct reader *r)
{
    r->text_size = 0;
    while (r->at < r->end) {
        if (next_is(r, '"')) {
            return true;
        }
        if (next_is(r, '\\') ? !escape(r) : !character(r)) {
            return false;
        }
    }
    return false;
}

/* Go to what has that name, or to an element. Names that would look like a path match none. */
static void descend(struct reader *r, bool named)
{
    bool nameable = memchr(r->text, '.', r->text_size) == NULL && memchr(r->text, ']', r->text_size) == NULL
        && memchr(r->text, '\0', r->text_size) == NULL;

    if (!named) {
        memcpy(r->path + r->path_size, "[]", 2);
        r->path_size += 2;
        return;
    }
    if (r->depth > 1) {
        r->path[r->path_size++] = '.';
    }
    if (nameable) {
        memcpy(r->path + r->path_size, r->text, r->text_size);
        r->path_size += r->text_size;
    } else {
        r->path[r->path_size++] = '\n';
    }
}

static void find(struct reader *r, char type, const void *text, size_t size)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strlen(r->names[i]) == r->path_size && memcmp(r->names[i], r->path, r->path_size) == 0) {
            r->found[i].type = type;
            r->found[i].size = size;
            memcpy(r->found[i].text, text, size);
        }
    }
}

static bool members(struct reader *r, char close, bool named)
{
    bool good = true;
    size_t path_size = r->path_size;

    if (++r->depth > r->deepest) {
        r->deepest = r->depth;
    }
    white(r);
    if (!next_is(r, close)) {
        do {
            if (named) {
                white(r);
                good = next_is(r, '"') && string(r);
                white(r);
                good = good && next_is(r, ':');
            }
            if (good) {
                descend(r, named);
                good = value(r);
            }
            r->path_size = path_size;
        } while (good && next_is(r, ','));
        good = good && next_is(r, close);
    }
    r->depth--;
    return good;
}

static bool value(struct reader *r)
{
    const uint8_t *begin;
    bool good = true;
    char first;

    white(r);
    begin = r->at;
    first = r->at < r->end ? (char)*r->at : '\0';
    if (r->depth >= 10000) {
        return false;
    }
    if (next_is(r, '{') || next_is(r, '[')) {
        find(r, first, "", 0);
        good = members(r, first == '{' ? '}' : ']', first == '{');
    } else if (next_is(r, '"')) {
        good = string(r);
        find(r, 's', r->text, r->text_size);
    } else {
        good = word(r, "true") || word(r, "false") || word(r, "null") || number(r);
        find(r, first == 't' || first == 'f' ? first : first == 'n' ? '0' : 'n', begin,
             (size_t)(r->at - begin));
    }
    white(r);
    return good;
}

static struct reader reader;

/* TWILIO_OK or TWILIO_ERR_JSON; *deep says whether it may also be refused for its depth. */
static int plain_verdict(const uint8_t *data, size_t size, const char *const *names, bool *deep)
{
    bool good;

    memset(&reader, 0, sizeof reader);
    reader.at = data;
    reader.end = data + size;
    reader.names = names;
    good = value(&reader) && reader.at == reader.end;
    *deep = reader.deepest > TWILIO_DEPTH_MAX;
    return good ? TWILIO_OK : TWILIO_ERR_JSON;
}

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
    bool deep;

    if (size < 4 || size > MOST) {
        return 0;
    }
    verdict = plain_verdict(data + 4, size - 4, tables[data[0] % 4], &deep);
    whole = pick(data, size, 0);
    split = pick(data, size, 1 + data[2] + data[3] * 256U);
    must(whole.status == verdict || (deep && whole.status == TWILIO_ERR_DEPTH), "%d, but %d", whole.status,
        verdict);
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
