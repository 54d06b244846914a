/*
 * rfc8259.h - a plain reader of JSON, to compare core/json.c with: slow, recursive, and close to the grammar
 *
 * FIELDS says how many paths are wanted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RFC8259_H
#define RFC8259_H

#include "twilio.h"

#include <stdbool.h>
#include <string.h>

#define MOST   16384  /* bytes of a text; of a path, "[]" for each */

/* What stood last at a path, to its end */
struct found {
    char   type, text[MOST];
    size_t size;
    unsigned begun, ended;  /* how often one did */
};

struct reader {
    const uint8_t *at, *end;
    int depth, deepest;
    char closes;           /* what ends the array or object that is open */
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

/* What is wanted of this path; NULL: nothing */
static struct found *wanted(struct reader *r)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strlen(r->names[i]) == r->path_size && memcmp(r->names[i], r->path, r->path_size) == 0) {
            return &r->found[i];
        }
    }
    return NULL;
}

static void find(struct reader *r, char type, const void *text, size_t size)
{
    struct found *found = wanted(r);

    if (found != NULL) {
        found->type = type;
        found->size = size;
        found->ended++;
        memcpy(found->text, text, size);
    }
}

/* A number has ended when something else follows. */
static bool literal(struct reader *r)
{
    const uint8_t *begin = r->at;
    bool is_word = word(r, "true") || word(r, "false") || word(r, "null");

    if (!is_word && !number(r)) {
        return false;
    }
    if (is_word || (r->at < r->end && *r->at != 0
                    && (*r->at == (uint8_t)r->closes || strchr(" \t\r\n,", *r->at) != NULL))) {
        find(r, !is_word ? 'n' : *begin == 'n' ? '0' : (char)*begin, begin, (size_t)(r->at - begin));
    }
    return true;
}

static bool members(struct reader *r, char close, bool named)
{
    bool good = true;
    size_t path_size = r->path_size;
    char outer = r->closes;

    r->closes = close;
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
    r->closes = outer;
    return good;
}

static bool value(struct reader *r)
{
    struct found *found = wanted(r);
    bool good = true;
    char first;

    white(r);
    if (found != NULL) {
        found->begun++;
    }
    first = r->at < r->end ? (char)*r->at : '\0';
    if (r->depth >= 10000) {
        return false;
    }
    if (next_is(r, '{') || next_is(r, '[')) {
        find(r, first, "", 0);
        good = members(r, first == '{' ? '}' : ']', first == '{');
    } else if (next_is(r, '"')) {
        good = string(r);
        if (good) {
            find(r, 's', r->text, r->text_size);
        }
    } else {
        good = literal(r);
    }
    white(r);
    return good;
}

static struct reader reader;

/* Whether that is JSON; reader.found is what stands at the paths, reader.deepest how deep it is nested. */
static bool read_rfc8259(const uint8_t *data, size_t size, const char *const *names)
{
    reader.at = data;
    reader.end = data + size;
    reader.names = names;
    reader.depth = reader.deepest = 0;
    reader.path_size = 0;
    reader.closes = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        struct found *found = &reader.found[i];
        found->type = '\0';
        found->size = found->begun = found->ended = 0;
    }
    return value(&reader) && reader.at == reader.end;
}

#endif
