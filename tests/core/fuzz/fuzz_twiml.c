/*
 * fuzz_twiml.c - any octets as names, texts and attributes, in any nesting: an error if it has a mistake,
 * else a document that a strict reader of XML accepts, and finds the same in; in any window; and in a form,
 * where the texts may be Latin-1
 *
 * Input: Latin-1 or not, a window, one octet not used; then the table: 'E' and a name, 'T' and a text, 'A'
 * with a name and a value, each ended by NUL; '(' begins what is inside, ')' ends it; others pass.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "../xml.h"

//@ fault twiml.c: case '\t': case '\n': case '\r': case '"': case '&': case '<': case '>': => case '\t': case '\n': case '"': case '&': case '<': case '>':
//@ fault twiml.c: if (octet < ' ') { => if (octet < '\t') {
//@ fault twiml.c: if (twilio_made_of(name, in_name) == 0 || *name < 'A') { => if (twilio_made_of(name, in_name) == 0) {
//@ fault twiml.c: if (earlier != param) { => if (earlier + 1 == param) {
//@ fault twiml.c: if (depth > TWILIO_TWIML_DEPTH) { => if (depth > TWILIO_TWIML_DEPTH + 1) {
//@ fault twiml.c: if (twilio_advance(twilio_json_rules, &state, of_utf8) < 0 || last >> 1 << 9 == 0xEFBFBE00U) { => if (twilio_advance(twilio_json_rules, &state, of_utf8) < 0) {
//@ fault twiml.c: return (int)(rest < size ? rest : size); => return (int)size;
//@ fault twiml.c: put_text(sink, '"', param->value); => put_text(sink, '\'', param->value);
//@ fault twiml.c: put_name(sink, '/', element->name); => put_name(sink, '/', open[depth / 2]->name);
//@ fault sink.c: twilio_write_octet(sink, (uint8_t)(0xC0 | octet >> 6)); => twilio_write_octet(sink, 0xC2);

#define ELEMENTS 64
#define PARAMS   64
#define LEVELS   7

/* ---- The table ------------------------------------------------------------------------------------ */

struct builder {
    const uint8_t *at, *end;
    char   texts[4096];
    size_t texts_size, elements_used, params_used;
    struct twilio_twiml elements[ELEMENTS];
    struct twilio_param params[PARAMS];
};

static bool next_is(struct builder *b, uint8_t letter)
{
    if (b->at < b->end && *b->at == letter) {
        b->at++;
        return true;
    }
    return false;
}

static const char *text_of(struct builder *b)
{
    const char *text = b->texts + b->texts_size;

    while (b->at < b->end && *b->at != '\0') {
        b->texts[b->texts_size++] = (char)*b->at++;
    }
    b->texts[b->texts_size++] = '\0';
    next_is(b, '\0');
    return text;
}

/* One after the other, as a table */
static const struct twilio_param *attributes_of(struct builder *b)
{
    const struct twilio_param *first = b->params + b->params_used;

    do {
        struct twilio_param param;

        param.name = text_of(b);
        param.value = text_of(b);
        if (b->params_used < PARAMS - 2) {
            b->params[b->params_used++] = param;
        }
    } while (next_is(b, 'A'));
    b->params_used += b->params_used < PARAMS - 1;
    return first;
}

static void fill(struct builder *b, struct twilio_twiml *element, int levels);

static const struct twilio_twiml *table_of(struct builder *b, int levels)
{
    struct twilio_twiml *table = b->elements + b->elements_used;
    size_t count = 0;

    if (b->elements_used + 8 > ELEMENTS) {
        return NULL;
    }
    b->elements_used += 8;
    while (b->at < b->end && *b->at != ')') {
        if (*b->at++ == 'E' && count < 7) {
            fill(b, &table[count++], levels);
        }
    }
    next_is(b, ')');
    return table;
}

static void fill(struct builder *b, struct twilio_twiml *element, int levels)
{
    element->name = text_of(b);
    while (b->at < b->end && *b->at != ')' && *b->at != 'E') {
        uint8_t letter = *b->at++;

        if (letter == 'T') {
            element->text = text_of(b);
        } else if (letter == 'A') {
            element->attributes = attributes_of(b);
        } else if (letter == '(' && levels > 0) {
            element->inside = table_of(b, levels - 1);
        }
    }
}

/* ---- What may be wrong with it: told otherwise than twiml.c does ------------------------------------- */

static bool is_good_name(const char *name)
{
    bool good = is_letter(*name);

    for (; *name != '\0'; name++) {
        good = good && (is_letter(*name) || strchr("0123456789-:", *name) != NULL);
    }
    return good;
}

static bool is_good_text(const char *text, bool latin1)
{
    size_t size = strlen(text), octets;
    uint32_t code;

    for (; size > 0; text += octets, size -= octets) {
        if (latin1 && (uint8_t)*text >= 0x80) {
            octets = 1;
        } else if ((octets = take_char(text, size, &code)) == 0) {
            return false;
        }
    }
    return true;
}

static bool same_name(const char *a, const char *b)
{
    for (; *a != '\0' || *b != '\0'; a++, b++) {
        if (*a != *b && (!is_letter(*a) || !is_letter(*b) || (*a | 0x20) != (*b | 0x20))) {
            return false;
        }
    }
    return true;
}

static bool are_good_attributes(const struct twilio_param *attributes, bool latin1)
{
    const struct twilio_param *a, *other;

    for (a = attributes; a != NULL && a->name != NULL; a++) {
        if (!is_good_name(a->name) || !is_good_text(a->value, latin1)) {
            return false;
        }
        for (other = attributes; other < a; other++) {
            if (same_name(a->name, other->name)) {
                return false;
            }
        }
    }
    return true;
}

static bool is_good_table(const struct twilio_twiml *element, int levels, bool latin1)
{
    for (; element != NULL && element->name != NULL; element++) {
        if (levels == 0 || !is_good_name(element->name) || !are_good_attributes(element->attributes, latin1)
            || (element->text != NULL && !is_good_text(element->text, latin1))
            || !is_good_table(element->inside, levels - 1, latin1)) {
            return false;
        }
    }
    return true;
}

/* ---- The document ------------------------------------------------------------------------------------- */

static void check_document(const char *document, size_t size, const struct twilio_twiml *table, bool latin1)
{
    static struct told read, expected;

    must(xml_read(&read, document, size), "not well-formed: %.*s", (int)size, document);
    tell_response(&expected, table, latin1);
    must(same_told(&read, &expected), "%.*s", (int)size, document);
}

static void alone(const struct twilio_twiml *table, size_t offset, size_t size)
{
    static char document[TOLD_MAX];
    bool good = is_good_table(table, TWILIO_TWIML_DEPTH, false);
    int n = twilio_twiml_encode(table, 0, document, sizeof document);
    size_t whole = n > 0 ? (size_t)n : 0, expected;
    char *window = malloc(size + 1);
    int in_window;

    must(window != NULL, "memory");
    must(good ? n > 0 : n == TWILIO_ERR_TWIML, "%d, but %d", n, good);
    in_window = twilio_twiml_encode(table, offset, window, size);
    if (n > 0) {
        check_document(document, whole, table, false);
        expected = offset > whole ? 0 : whole - offset < size ? whole - offset : size;
        must(in_window == (int)expected, "%d in the window", in_window);
        must(memcmp(window, document + offset, expected) == 0, "another window");
    } else {
        must(in_window == n, "%d, then %d", n, in_window);
    }
    free(window);
}

static void in_a_form(const struct twilio_twiml *table, bool latin1)
{
    static char wire[3 * TOLD_MAX], value[TOLD_MAX * 3];
    const struct twilio_account account = { .sid = "AC1", .secret = "x", .latin1 = latin1 };
    const struct twilio_twiml_param param = { "T", table };
    const struct twilio_request request = { .account = &account, .method = TWILIO_POST, .resource = "x",
                                            .more = { twilio_twiml_param, &param } };
    bool good = is_good_table(table, TWILIO_TWIML_DEPTH, latin1);
    int n = twilio_encode(&request, 0, wire, sizeof wire - 1);
    const char *body;
    size_t size;

    must(good ? n > 0 : n == TWILIO_ERR_TWIML, "%d in a form, but %d", n, good);
    if (n > 0) {
        wire[n] = '\0';
        body = strstr(wire, "\r\n\r\nT=");
        must(body != NULL, "%s", wire);
        size = percent_decode(value, body + 6, strlen(body + 6));
        must(size != SIZE_MAX, "%s", body);
        check_document(value, size, table, latin1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct builder b;
    const struct twilio_twiml *table;

    if (size < 4 || size > 2048) {
        return 0;
    }
    memset(&b, 0, sizeof b);
    b.at = data + 4;
    b.end = data + size;
    table = table_of(&b, LEVELS - 1);
    alone(table, data[1] * 2U, data[2]);
    in_a_form(table, data[0] % 2 != 0);
    return 0;
}

const struct seed seeds[] = {
    SEED("ESay\0TFire in the <boiler> room & more\0Avoice\0Polly.Amy\0Aloop\0002\0EHangup\0"),
    SEED("EGather\0AnumDigits\0001\0(ESay\0TPress \"1\"\0EPause\0Alength\0001\0)EHangup\0"),
    SEED("ERedirect\0Thttp://x/y?a=b&c=d#e\0EDial\0T+15558675310\0ASay\0A\0"),
    SEED("Ea\0(Eb\0(Ec\0(Ed\0Tcaf\xC3\xA9 \xE2\x98\xBA \xF0\x9F\x91\x8D\r\n\t\0)))EHangup\0"),
    SEED("Ea\0(Eb\0(Ec\0(Ed\0(Ee\0))))"),
    SEED("ESay\0Aa\0x\0Ab\0]]>'\"\0A\x63\0&amp;\0T\xC3\xBF\xED\x9F\xBF\xEF\xBF\xBD\xF4\x8F\xBF\xBF\0"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("E"), SEED("T"), SEED("A"), SEED("("), SEED(")"), SEED("\0"), SEED("ESay\0"),
    SEED("Ttext\0"), SEED("Aa\0b\0"), SEED("(Ea\0)"), SEED("<"), SEED(">"), SEED("&"),
    SEED("\""), SEED("'"),
    SEED("]]>"), SEED("&#38;"), SEED("<!--"), SEED("<![CDATA["), SEED("<?"), SEED("/>"), SEED("#"), SEED("?"),
    SEED("%"), SEED("\t"), SEED("\n"), SEED("\r"), SEED("\1"), SEED("\x1F"), SEED("\x7F"), SEED("\x80"),
    SEED("\xC0"), SEED("\xC3\xA9"), SEED("\xC3"), SEED("\xE2\x98\xBA"), SEED("\xE0\x9F\xBF"),
    SEED("\xED\xA0\x80"),
    SEED("\xEF\xBF\xBE"), SEED("\xEF\xBF\xBF"), SEED("\xEF\xBF\xBD"), SEED("\xF0\x9F\x91\x8D"),
    SEED("\xF0\x8F\xBF\xBF"), SEED("\xF4\x90\x80\x80"), SEED("\xFF"), SEED("xml:lang"), SEED("-"), SEED("9"),
    { NULL, 0 }
};
