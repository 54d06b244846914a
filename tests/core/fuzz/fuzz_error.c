/*
 * fuzz_error.c - any bytes as the body of an error: whole or in pieces it is the same, and what comes of it
 * is text that can be shown: of JSON, what a plain reader finds (rfc8259.h), to where it breaks off; of XML
 * that is well-formed, what a strict one finds (../xml.h); of anything else nothing
 *
 * Input: two bytes not used, two bytes of randomness for the pieces; then the body.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_error.h"

#define FIELDS 7
#include "rfc8259.h"

#include "../xml.h"

#include <strings.h>

//@ fault error.c: enum { MESSAGE, DETAIL, TITLE, MORE_INFO, TYPE, CODE, STATUS, FIELDS }; => enum { DETAIL, MESSAGE, TITLE, MORE_INFO, TYPE, CODE, STATUS, FIELDS };
//@ fault error.c: if (field->length < field->size) { => if (1) {
//@ fault error.c: if (is_control((uint8_t)*at)) { => if ((uint8_t)*at < ' ') {
//@ fault error.c: if (!twilio_is_url(error->more_info)) { => if (error->more_info[0] != 'h') {
//@ fault error.c: bool owner = !given && field->type == 's'; => bool owner = !given && field->type != 0;
//@ fault error.c: if (lost != NULL) { => if (lost != NULL && r->shape == '<') {
//@ fault error.c: if (x->depth == 0 && !twilio_equal(x->name, "RestException")) { => if (x->depth == 0 && !twilio_equal(x->name, "RestException") && !twilio_equal(x->name, "TwilioResponse")) {
//@ fault error.c: if (++x->depth != 2) { => if (++x->depth < 2) {
//@ fault error.c: x->space = x->live->length != 0; => x->space = true;
//@ fault error.c: tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; => tails = c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
//@ fault error.c: while (action-- != TEXT) { => while (action-- != TEXT + 1) {
//@ fault error.c: default: => case AMPERSAND: put(x, '+'); break; default:
//@ fault error.c: [COMMENT_2] = RULE('>', '>', CONTENT, PASS), RULE('-', '-', COMMENT_2, PASS), ANY(COMMENT, PASS), => [COMMENT_2] = RULE('>', '>', CONTENT, PASS), RULE('-', '-', COMMENT, PASS), ANY(COMMENT, PASS),
//@ fault error.c: [QUOTED] = RULE('"', '"', ATTRIBUTES, PASS), ANY(QUOTED, PASS), => [QUOTED] = RULE('"', '"', ATTRIBUTES, PASS), ANY(ATTRIBUTES, PASS),
//@ fault error.c: [SLASH] = RULE('>', '>', CONTENT, PASS), => [SLASH] = RULE('>', '>', CONTENT, TAG_ENDS),
//@ fault error.c: [HEXADECIMAL] = RULE('0', '9', HEXADECIMAL, HEX_DIGIT), RULE('A', 'F', HEXADECIMAL, HEX_DIGIT), => [HEXADECIMAL] = RULE('0', '9', HEXADECIMAL, DIGIT), RULE('A', 'F', HEXADECIMAL, HEX_DIGIT),
//@ fault error.c: if (is_white((uint8_t)c) || c == '\xEF' || c == '\xBB' || c == '\xBF') {  /* or the byte order mark's */ => if (is_white((uint8_t)c)) {

enum { MESSAGE, DETAIL, TITLE, MORE_INFO, TYPE, CODE, STATUS };

static const struct twilio_error *read_body(struct twilio_error *error, const uint8_t *data, size_t size,
                                            uint32_t seed)
{
    memset(error, 'C', sizeof *error);
    twilio_error_begin(error);
    while (size > 0) {
        size_t piece = seed == 0 ? size : 1 + fuzz_random(&seed) % (size < 8 ? size : 8);
        char *copy = malloc(piece);

        must(copy != NULL, "memory");
        memcpy(copy, data, piece);
        must(twilio_error_feed(error, copy, piece), "it stopped");
        free(copy);
        data += piece;
        size -= piece;
    }
    twilio_error_end(error);
    return error;
}

static void can_be_shown(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);

    must(end != NULL, "not ended");
    for (; text < end; text++) {
        must((uint8_t)*text >= ' ' && *text != 0x7F, "octet %02X", (uint8_t)*text);
    }
}

/* ---- What should come of it ---------------------------------------------------------------------- */

#define LONGEST 24000  /* escaped, a text is longer */

/* Of each field: its text; "": none, or it is none. */
struct values {
    bool is_text[FIELDS];
    char text[FIELDS][LONGEST];
};

static struct values values;

/* Only what a line can hold */
static void make_line(char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < ' ' || *text == 0x7F) {
            *text = ' ';
        }
    }
}

/* The number, up to so many digits; 0: it is none */
static uint32_t number_in(const char *text, size_t most)
{
    size_t size = strlen(text);
    bool is_number = size <= most && strspn(text, "0123456789") == size;
    unsigned long long value = is_number ? strtoull(text, NULL, 10) : 0;

    return value < 4294967290U ? (uint32_t)value : 0;
}

/* The first of count fields that is text */
static const char *first_text(unsigned field, unsigned count)
{
    for (; count > 0; count--, field++) {
        if (values.is_text[field]) {
            return values.text[field];
        }
    }
    return "";
}

/* Text, cut to fit at a character's end if it has to be */
static void compare_text(const char *is, const char *should, size_t room)
{
    size_t size = strlen(is), whole = strlen(should);

    must(size <= whole && memcmp(is, should, size) == 0, "'%s', but '%s'", is, should);
    if (size < whole) {
        must(whole >= room, "'%s' need not be cut", should);
        while (size < room - 1 && (uint8_t)should[size] >= 0x80) {
            size++;
        }
        must(size == room - 1, "cut to '%s'", is);
    }
}

static bool is_link(const char *text)
{
    size_t scheme = strncasecmp(text, "http://", 7) == 0 ? 7 : strncasecmp(text, "https://", 8) == 0 ? 8 : 0;

    return scheme != 0 && text[scheme] != '\0'
        && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                        "-._~:/?#[]@!$&'()*+,;=%") == strlen(text);
}

static void compare_link(const char *is, const char *should)
{
    char cut[TWILIO_ERROR_LINK_SIZE];

    (void)snprintf(cut, sizeof cut, "%s", should);
    for (const char *at = cut; *at != '\0'; at++) {
        if ((uint8_t)*at >= 0x80) {  /* where it was cut is another question */
            return;
        }
    }
    must(strcmp(is, is_link(cut) ? cut : "") == 0, "'%s', but '%s'", is, cut);
}

/* A field that was begun twice, or not ended, leaves more ways to read it than one. */
static void compare_values(const struct twilio_error *error, const bool *unclear)
{
    for (unsigned i = 0; i < FIELDS; i++) {
        make_line(values.text[i]);
    }
    if (!unclear[MESSAGE] && !unclear[DETAIL] && !unclear[TITLE]) {
        compare_text(error->message, first_text(MESSAGE, 3), sizeof error->message);
    }
    if (!unclear[MORE_INFO] && !unclear[TYPE]) {
        compare_link(error->more_info, first_text(MORE_INFO, 2));
    }
    must(unclear[CODE] || error->code == number_in(values.text[CODE], 10), "code %u, not '%s'",
         (unsigned)error->code, values.text[CODE]);
    must(unclear[STATUS] || error->status == number_in(values.text[STATUS], 3), "status %u, not '%s'",
         error->status, values.text[STATUS]);
}

/* ---- JSON ---------------------------------------------------------------------------------------- */

static void compare_json(const struct twilio_error *error, const uint8_t *data, size_t size)
{
    static const char *const names[] = { "message", "detail", "title", "more_info", "type", "code",
                                         "status" };
    bool unclear[FIELDS];

    (void)read_rfc8259(data, size, names);
    if (reader.deepest > TWILIO_DEPTH_MAX) {
        return;
    }
    for (unsigned i = 0; i < FIELDS; i++) {
        const struct found *found = &reader.found[i];
        unclear[i] = found->begun > 1 || (found->begun != found->ended && found->type != '{'
                                          && (i < CODE || reader.at < reader.end));
        unclear[i] = unclear[i] || (i >= CODE && memchr(found->text, '\0', found->size) != NULL);
        values.is_text[i] = found->type == 's';
        memcpy(values.text[i], found->text, found->size);
        values.text[i][found->size] = '\0';
    }
    compare_values(error, unclear);
}

/* ---- XML ----------------------------------------------------------------------------------------- */

static char document[LONGEST];

static size_t put_text(char *to, const char *text)
{
    memcpy(to, text, strlen(text));
    return strlen(text);
}

/* The document without what the strict reader does not know: comments and instructions left out, sections of
 * characters escaped. Returns its size; 0: one does not end, or stands within something else. */
static size_t simplify(const char *at, size_t size)
{
    static const char *const begins[] = { "<!--", "<?", "<![CDATA[" }, *const ends[] = { "-->", "?>", "]]>" };
    const char *end = at + size;
    size_t used = 0;
    bool in_tag = false, in_reference = false;

    while (at < end && *at != '\0') {  /* which no document has */
        unsigned kind = 0;
        while (kind < 3 && ((size_t)(end - at) < strlen(begins[kind])
                            || memcmp(at, begins[kind], strlen(begins[kind])) != 0)) {
            kind++;
        }
        if (kind == 3) {
            in_tag = *at == '<' || (in_tag && *at != '>');
            in_reference = *at == '&' || (in_reference && *at != ';');
            document[used++] = *at++;
            continue;
        }
        at += strlen(begins[kind]);
        while ((size_t)(end - at) >= 3 && *at != '\0' && memcmp(at, ends[kind], strlen(ends[kind])) != 0) {
            const char escape[2] = { *at++, '\0' };
            used += kind == 2 ? put_text(document + used, *escape == '<' ? "&lt;" : *escape == '>' ? "&gt;"
                                         : *escape == '&' ? "&amp;" : escape) : 0;
        }
        if ((size_t)(end - at) < 3 || *at == '\0' || in_tag || in_reference) {
            return 0;
        }
        at += strlen(ends[kind]);
    }
    while (used > 0 && strchr(" \t\r\n", document[used - 1]) != NULL) {
        used--;
    }
    return at == end ? used : 0;
}

static void add_octet(unsigned field, char octet)
{
    char *text = values.text[field];
    size_t size = strlen(text);

    if (octet > 0 && octet <= ' ') {  /* one space between words */
        octet = ' ';
        if (size == 0 || text[size - 1] == ' ') {
            return;
        }
    }
    text[size] = octet;
    text[size + 1] = '\0';
}

/* The field of that name; FIELDS: none */
static unsigned field_of(const char *name, size_t size)
{
    static const char *const names[] = { "Message", "Detail", "Title", "MoreInfo", "Type", "Code", "Status" };
    unsigned field = 0;

    while (field < FIELDS && (strlen(names[field]) != size || strncasecmp(names[field], name, size) != 0)) {
        field++;
    }
    return field;
}

/* The children of each RestException: what is told of a document, see ../xml.h */
static void collect(const struct told *told, bool *unclear)
{
    unsigned depth = 0, live = FIELDS;
    bool in_text = false;

    for (const char *at = told->text, *end = at + told->size; at < end; at++) {
        if (*at == '\1') {
            const char *name = ++at;
            while (*at > '\4') {
                at++;
            }
            if (depth > 0 || ((size_t)(at - name) == 13 && strncasecmp(name, "RestException", 13) == 0)) {
                depth++;
            }
            live = depth == 2 ? field_of(name, (size_t)(at - name)) : live;
            if (depth == 2 && live < FIELDS) {
                unclear[live] = unclear[live] || values.is_text[live];
                values.is_text[live] = true;
            }
            in_text = false;
        }
        if (*at == '\5') {
            live = depth == 2 ? FIELDS : live;
            depth -= depth > 0;
        } else if (*at <= '\4' && *at > 0 && *at != '\3') {
            in_text = *at == '\4';
        }
        in_text = in_text || *at == '\5';
        if (live < FIELDS && in_text && ((uint8_t)*at > 5)) {
            add_octet(live, *at);
        }
    }
}

static void compare_xml(const struct twilio_error *error, const uint8_t *data, size_t size)
{
    static struct told told;
    bool unclear[FIELDS] = { false };

    memset(values.is_text, 0, sizeof values.is_text);
    for (unsigned i = 0; i < FIELDS; i++) {
        values.text[i][0] = '\0';
    }
    size = simplify((const char *)data, size);
    if (size == 0 || !xml_read(&told, document, size)) {
        return;
    }
    collect(&told, unclear);
    for (unsigned i = 0; i < FIELDS; i++) {
        size_t length = strlen(values.text[i]);
        if (length > 0 && values.text[i][length - 1] == ' ') {
            values.text[i][length - 1] = '\0';
        }
        unclear[i] = unclear[i] || (values.is_text[i] && length == 0);  /* an empty tag is as none */
    }
    compare_values(error, unclear);
}

/* ---- Both ---------------------------------------------------------------------------------------- */

static void compare_reading(const struct twilio_error *error, const uint8_t *data, size_t size)
{
    for (; size > 0 && (*data <= ' ' || *data == 0xEF || *data == 0xBB || *data == 0xBF); size--) {
        data++;
    }
    if (size > 0 && *data == '{') {
        compare_json(error, data, size);
    } else if (size > 0 && *data == '<') {
        compare_xml(error, data, size);
    } else {
        must(error->code == 0 && error->status == 0, "numbers made of nothing");
        must(error->message[0] == '\0' && error->more_info[0] == '\0', "texts made of nothing");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct twilio_error whole, split;

    if (size < 4 || size > 4096) {
        return 0;
    }
    read_body(&whole, data + 4, size - 4, 0);
    read_body(&split, data + 4, size - 4, 1 + data[2] + data[3] * 256U);
    must(whole.code == split.code, "%u and %u", (unsigned)whole.code, (unsigned)split.code);
    must(whole.status == split.status, "%u and %u", whole.status, split.status);
    must(strcmp(whole.message, split.message) == 0, "'%s' and '%s'", whole.message, split.message);
    must(strcmp(whole.more_info, split.more_info) == 0, "'%s' and '%s'", whole.more_info, split.more_info);
    must(whole.status <= 999, "status %u", whole.status);
    can_be_shown(whole.message, sizeof whole.message);
    can_be_shown(whole.more_info, sizeof whole.more_info);
    compare_reading(&whole, data + 4, size - 4);
    return 0;
}

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xC3\xA9xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

const struct seed seeds[] = {
    SEED("{\"code\": 21211, \"message\": \"The 'To' number\", \"more_info\": \"https://a/21211\", "
         "\"status\": 400}"),
    SEED("{\"type\":\"https://a/70002\",\"title\":\"t\",\"status\":400,\"code\":70002,\"detail\":\"Why\"}"),
    SEED("{\"detail\":\"Why\",\"message\":null,\"title\":\"t\",\"type\":\"about:blank\",\"code\":\"30008\"}"),
    SEED("<?xml version='1.0'?>\n<TwilioResponse><RestException><Code>20404</Code><Message>R&amp;D &#xe9;"
         "</Message><MoreInfo>https://a/b</MoreInfo><Status>404</Status></RestException></TwilioResponse>"),
    SEED("<RestException a='>'><!-- c --><Code><![CDATA[1]]>2</Code><x y=\"/\"/><Message> a <b>c</b> d"
         "</Message></RestException>"),
    SEED("{\"code\":21211,"), SEED("{\"message\":\"m\"x"),
    SEED("{\"message\":\"a\\u0001\x7F\",\"code\":12345678901}"),
    SEED("{\"status\":1000,\"code\":4294967289,\"message\":7,\"detail\":\"d\",\"more_info\":\"hyper://x\"}"),
    SEED("{\"more_info\":\"https://a b\",\"type\":\"HTTPS://b/c\",\"title\":\"t\"} x"),
    SEED("\xEF\xBB\xBF <TwilioResponse><Code>1</Code><RestException><a><Code>2</Code></a><Status>404</Status>"
         "<Message> &amp;&#233;&#x1F44D;<![CDATA[a]b]]c]]]]> </Message></RestException></TwilioResponse>"),
    SEED("<RestException><Message/><Detail a=\"/>\" b='>'>d<!-- - --- --><?x?></Detail><Code>0021</Code>"
         "</RestException>"),
    SEED("\xEF\xBB\xBF{\"code\": 1, \"detail\": \"" X64 X64 X64 "\", \"type\": \"http://a/" X64 "\"}"),
    SEED("<html><head><title>502 Bad Gateway</title></head></html>"), SEED("Too many requests"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("<"), SEED(">"), SEED("/"), SEED("&"), SEED(";"), SEED("\""), SEED("'"), SEED("-"), SEED("]"),
    SEED("?"), SEED("<!--"), SEED("-->"), SEED("<![CDATA["), SEED("]]>"), SEED("<?x"), SEED("?>"),
    SEED("&lt;"), SEED("&#x1F44D;"), SEED("&#1114112;"), SEED("&quot;"), SEED("&apos;"), SEED("&#xD800;"),
    SEED("<Code>"), SEED("</Code>"), SEED("<Message>"), SEED("</Message>"), SEED("<Status>400</Status>"),
    SEED("<a>"), SEED("</a>"), SEED("<a/>"), SEED("<RestException>"), SEED("</RestException>"),
    SEED("<!DOCTYPE a>"), SEED("\xEF\xBB\xBF"), SEED("{"), SEED("}"), SEED(","), SEED(":"), SEED("null"),
    SEED("\"message\":"), SEED("\"detail\":\"d\","), SEED("\"code\":"), SEED("9999999999"),
    SEED("\"more_info\":\"http://x\","), SEED("\\u0000"), SEED("\\n"), SEED("\xF0\x9F\x91\x8D"), SEED("\0"),
    SEED("\x7F"), SEED(" "), SEED("\xFF"),
    SEED("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    { NULL, 0 }
};
