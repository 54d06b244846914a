/*
 * xml.h - a strict reader of XML 1.0, and what it should find in a document made from a table of TwiML
 *
 * Both tell an element as "\1name", each attribute as "\2name\3value", then "\4", its text and the elements
 * inside it, and "\5": octets that no XML holds. So a document is right if the two tell the same.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef XML_H
#define XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "percent.h"
#include "twilio_twiml.h"

#define TOLD_MAX  32768
#define XML_DEPTH 16

struct told {
    char text[TOLD_MAX];
    size_t size;
};

static inline void tell_octets(struct told *told, const void *octets, size_t size)
{
    if (size > sizeof told->text - told->size) {
        abort();
    }
    memcpy(told->text + told->size, octets, size);
    told->size += size;
}

static inline bool same_told(const struct told *a, const struct told *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* ---- Characters ----------------------------------------------------------------------------------- */

/* XML 1.0 2.2: Char, in planes that Unicode has */
static inline bool is_xml_char(uint32_t code)
{
    return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF)
        || (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static inline void tell_char(struct told *told, uint32_t code)
{
    uint8_t octets[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = size; i-- > 1; code >>= 6) {
        octets[i] = (uint8_t)(0x80 | (code & 0x3F));
    }
    octets[0] = (uint8_t)(size == 1 ? code : (0xF00U >> size & 0xF0) | code);
    tell_octets(told, octets, size);
}

/* One character of UTF-8 in its shortest form, that XML can hold. Returns its octets; 0: none. */
static inline size_t take_char(const char *at, size_t size, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint8_t lead = (uint8_t)(size > 0 ? *at : 0x80);
    size_t octets = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;

    if (octets == 0 || octets > size) {
        return 0;
    }
    *code = octets == 1 ? lead : lead & (0x7FU >> octets);
    for (size_t i = 1; i < octets; i++) {
        if (((uint8_t)at[i] & 0xC0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | ((uint8_t)at[i] & 0x3F);
    }
    return *code >= least[octets] && is_xml_char(*code) ? octets : 0;
}

/* ---- The reader: as much of XML as TwiML is made of, read to the letter ---------------------------- */

struct xml {
    const char *at, *end;
    struct told *told;
};

static inline bool xml_next_is(struct xml *x, const char *text)
{
    size_t size = strlen(text);

    if ((size_t)(x->end - x->at) < size || memcmp(x->at, text, size) != 0) {
        return false;
    }
    x->at += size;
    return true;
}

/* 2.3: Name, of ASCII */
static inline bool xml_name(struct xml *x, const char **name, size_t *size)
{
    *name = x->at;
    while (x->at < x->end && (is_letter(*x->at) || *x->at == '_' || *x->at == ':'
           || (x->at > *name && ((*x->at >= '0' && *x->at <= '9') || *x->at == '-' || *x->at == '.')))) {
        x->at++;
    }
    *size = (size_t)(x->at - *name);
    return *size > 0;
}

/* 4.1: a reference, after its '&' */
static inline bool xml_reference(struct xml *x)
{
    static const char *const names[] = { "amp;", "lt;", "gt;", "quot;", "apos;" };
    uint32_t code = 0, base = 10;
    const char *first;

    for (size_t i = 0; i < 5; i++) {
        if (xml_next_is(x, names[i])) {
            tell_char(x->told, (uint8_t)"&<>\"'"[i]);
            return true;
        }
    }
    if (!xml_next_is(x, "#")) {
        return false;
    }
    if (xml_next_is(x, "x")) {
        base = 16;
    }
    for (first = x->at; x->at < x->end && *x->at != ';'; x->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = *x->at != '\0' ? strchr(digits, *x->at) : NULL;
        uint32_t value = digit != NULL ? (uint32_t)(digit - digits) % 16 : 16;

        if (value >= base || code > 0x10FFFF) {
            return false;
        }
        code = code * base + value;
    }
    if (x->at == first || !xml_next_is(x, ";") || !is_xml_char(code)) {
        return false;
    }
    tell_char(x->told, code);
    return true;
}

/* 2.4, 2.11, 3.3.3: text up to an octet that ends it. A line's end is read as LF; in an attribute, white
 * space as a space. */
static inline bool xml_text(struct xml *x, char end)
{
    uint32_t code;
    size_t size;

    while (x->at < x->end && *x->at != end) {
        if (*x->at == '<' || (end == '<' && xml_next_is(x, "]]>"))) {
            return false;
        }
        if (xml_next_is(x, "&")) {
            if (!xml_reference(x)) {
                return false;
            }
            continue;
        }
        if ((size = take_char(x->at, (size_t)(x->end - x->at), &code)) == 0) {
            return false;
        }
        x->at += size;
        if (code == '\r') {
            xml_next_is(x, "\n");
            code = '\n';
        }
        tell_char(x->told, end != '<' && (code == '\n' || code == '\t') ? ' ' : code);
    }
    return x->at < x->end;
}

/* 3.1: attributes, each name once */
static inline bool xml_attributes(struct xml *x)
{
    const char *names[64], *name;
    size_t sizes[64], count = 0, size;
    char quote;

    while (xml_next_is(x, " ")) {
        if (!xml_name(x, &name, &size) || count == 64) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            if (sizes[i] == size && memcmp(names[i], name, size) == 0) {
                return false;
            }
        }
        names[count] = name;
        sizes[count++] = size;
        tell_octets(x->told, "\2", 1);
        tell_octets(x->told, name, size);
        tell_octets(x->told, "\3", 1);
        if (!xml_next_is(x, "=") || x->at == x->end || (*x->at != '"' && *x->at != '\'')) {
            return false;
        }
        quote = *x->at++;
        if (!xml_text(x, quote)) {
            return false;
        }
        x->at++;
    }
    return true;
}

static inline bool xml_element(struct xml *x, int depth)
{
    const char *name, *end_name;
    size_t size, end_size;

    if (depth == 0 || !xml_next_is(x, "<") || !xml_name(x, &name, &size)) {
        return false;
    }
    tell_octets(x->told, "\1", 1);
    tell_octets(x->told, name, size);
    if (!xml_attributes(x)) {
        return false;
    }
    tell_octets(x->told, "\4", 1);
    if (!xml_next_is(x, "/>")) {
        if (!xml_next_is(x, ">") || !xml_text(x, '<')) {
            return false;
        }
        while (!xml_next_is(x, "</")) {
            if (!xml_element(x, depth - 1) || !xml_text(x, '<')) {
                return false;
            }
        }
        if (!xml_name(x, &end_name, &end_size) || end_size != size || memcmp(name, end_name, size) != 0
            || !xml_next_is(x, ">")) {
            return false;
        }
    }
    tell_octets(x->told, "\5", 1);
    return true;
}

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

/* Whether it is a well-formed document; and tell it. */
static inline bool xml_read(struct told *told, const char *document, size_t size)
{
    struct xml x = { document, document + size, told };

    told->size = 0;
    xml_next_is(&x, XML_DECLARATION);
    return xml_element(&x, XML_DEPTH) && x.at == x.end;
}

/* ---- The table ------------------------------------------------------------------------------------ */

static inline void tell_text(struct told *told, const char *text, bool latin1)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (latin1) {
            tell_char(told, (uint8_t)*text);
        } else {
            tell_octets(told, text, 1);
        }
    }
}

static inline void tell_table(struct told *told, const struct twilio_twiml *element, bool latin1)
{
    for (; element != NULL && element->name != NULL; element++) {
        tell_octets(told, "\1", 1);
        tell_text(told, element->name, false);
        for (const struct twilio_param *a = element->attributes; a != NULL && a->name != NULL; a++) {
            tell_octets(told, "\2", 1);
            tell_text(told, a->name, false);
            tell_octets(told, "\3", 1);
            tell_text(told, a->value, latin1);
        }
        tell_octets(told, "\4", 1);
        tell_text(told, element->text, latin1);
        tell_table(told, element->inside, latin1);
        tell_octets(told, "\5", 1);
    }
}

/* What its document should be read as */
static inline void tell_response(struct told *told, const struct twilio_twiml *table, bool latin1)
{
    told->size = 0;
    tell_octets(told, "\1Response\4", 10);
    tell_table(told, table, latin1);
    tell_octets(told, "\5", 1);
}

#endif
