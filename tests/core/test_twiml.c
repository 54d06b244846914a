/*
 * test_twiml.c - TwiML, black-box: tables against documents, and a strict reader of XML that finds in them
 * what the tables say
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"
#include "sink.h"
#include "twilio_twiml.h"
#include "xml.h"

#define TABLE(...) TWILIO_TWIML(__VA_ARGS__)
#define NOUN(name, text, inside) { (name), (text), NULL, (inside) }

static char document[TOLD_MAX];
static size_t document_size;

/* Encode at once, in heap memory of just its size. Returns its size, or the error. */
static int encode(const struct twilio_twiml *table)
{
    int size = twilio_twiml_encode(table, 0, document, sizeof document);
    char *exact;
    int n;

    document_size = size > 0 ? (size_t)size : 0;
    check(twilio_twiml_encode(table, 0, NULL, 0) == (size < 0 ? size : 0), "%d at once", size);
    exact = malloc(document_size + 1);
    assert_non_null(exact);
    memset(exact, CANARY, document_size + 1);
    n = twilio_twiml_encode(table, 0, exact, document_size);
    check(n == size, "%d, then %d", size, n);
    check(memcmp(exact, document, document_size) == 0, "different documents");
    check(untouched(exact + document_size, 1), "wrote past the end");
    free(exact);
    return size;
}

/* It has just this document, and a reader gets back just what the table says. */
static void check_document(const struct twilio_twiml *table, const char *name)
{
    static struct told read, expected;

    check(encode(table) > 0, "%s: %d", name, twilio_twiml_encode(table, 0, NULL, 0));
    check(xml_read(&read, document, document_size), "%s: not well-formed: %.*s", name, (int)document_size,
          document);
    tell_response(&expected, table, false);
    check(same_told(&read, &expected), "%s:\n  %.*s, not\n  %.*s", name, (int)read.size, read.text,
          (int)expected.size, expected.text);
}

static void check_refused(const struct twilio_twiml *table, int error, const char *name)
{
    char memory[64];
    int n;

    memset(memory, CANARY, sizeof memory);
    n = twilio_twiml_encode(table, 0, memory, sizeof memory);
    check(n == error, "%s: %d, not %d", name, n, error);
    check(untouched(memory, sizeof memory), "%s: something was written", name);
    n = twilio_twiml_encode(table, 100000, memory, sizeof memory);
    check(n == error, "%s: past the end %d, not %d", name, n, error);
}

/* ---- Documents ------------------------------------------------------------------------------------ */

static const struct twilio_twiml fire[] = {
    TWILIO_SAY_AS("Fire in the boiler room", {"voice", "Polly.Amy"}, {"loop", "2"}),
    TWILIO_PAUSE("1"),
    TWILIO_GATHER(TWILIO_TWIML(TWILIO_SAY("Press 1 to acknowledge")), {"numDigits", "1"}),
    TWILIO_HANGUP,
    TWILIO_TWIML_END
};
static const struct twilio_twiml nothing[] = { TWILIO_TWIML_END };
static const struct twilio_twiml verbs[] = {
    TWILIO_VERB("Leave", NULL),
    TWILIO_VERB_AS("Enqueue", "support", {"waitUrl", "https://example.com/wait"}),
    TWILIO_SAY("Hi"),
    TWILIO_PLAY("https://example.com/a.mp3"),
    TWILIO_PLAY_AS("https://example.com/b.mp3", {"loop", "0"}),
    TWILIO_REDIRECT("https://example.com/next"),
    TWILIO_DIAL("+15558675310"),
    TWILIO_RECORD({"maxLength", "30"}, {"playBeep", "true"}),
    TWILIO_REJECT,
    TWILIO_MESSAGE("Hello"),
    TWILIO_MESSAGE_AS("Hello", {"to", "+15558675310"}),
    TWILIO_TWIML_END
};
static const struct twilio_twiml nested[] = {
    NOUN("Say", "Bon", TABLE({"lang", "jour", TWILIO_PARAMS({"xml:lang", "fr-FR"}), NULL},
                             NOUN("break", NULL, NULL))),
    NOUN("Dial", NULL, TABLE(NOUN("Number", "1", nothing), NOUN("Number", "2", NULL))),
    NOUN("a", NULL, TABLE(NOUN("b", NULL, TABLE(NOUN("c", "3", TABLE(NOUN("d", "4", NULL))))))),
    TWILIO_TWIML_END
};
static const struct twilio_twiml special[] = {
    TWILIO_SAY_AS("<&>\"' ]]> &amp; \t\n\r\r\n. ", {"a", "<&>\"' &lt; \t\n\r\r\n. "}, {"b", ""}, {"c", NULL}),
    TWILIO_SAY("caf\xC3\xA9 \xE2\x98\xBA \xF0\x9F\x91\x8D \x7F"),
    TWILIO_SAY(""),
    TWILIO_TWIML_END
};

static const struct {
    const char *name;
    const struct twilio_twiml *table;
    const char *xml;  /* of the Response */
} documents[] = {
    { "fire", fire,
      "<Response><Say voice=\"Polly.Amy\" loop=\"2\">Fire in the boiler room</Say>"
      "<Pause length=\"1\"></Pause><Gather numDigits=\"1\"><Say>Press 1 to acknowledge</Say></Gather>"
      "<Hangup></Hangup></Response>" },
    { "nothing", nothing, "<Response></Response>" },
    { "verbs", verbs,
      "<Response><Leave></Leave><Enqueue waitUrl=\"https://example.com/wait\">support</Enqueue><Say>Hi</Say>"
      "<Play>https://example.com/a.mp3</Play><Play loop=\"0\">https://example.com/b.mp3</Play>"
      "<Redirect>https://example.com/next</Redirect><Dial>+15558675310</Dial>"
      "<Record maxLength=\"30\" playBeep=\"true\"></Record><Reject></Reject><Message>Hello</Message>"
      "<Message to=\"+15558675310\">Hello</Message></Response>" },
    { "nested", nested,
      "<Response><Say>Bon<lang xml:lang=\"fr-FR\">jour</lang><break></break></Say>"
      "<Dial><Number>1</Number><Number>2</Number></Dial>"
      "<a><b><c>3<d>4</d></c></b></a></Response>" },
    { "special", special,
      "<Response><Say a=\"&#60;&#38;&#62;&#34;' &#38;lt; &#9;&#10;&#13;&#13;&#10;. \" b=\"\" c=\"\">"
      "&#60;&#38;&#62;&#34;' ]]&#62; &#38;amp; &#9;&#10;&#13;&#13;&#10;. </Say>"
      "<Say>caf\xC3\xA9 \xE2\x98\xBA \xF0\x9F\x91\x8D \x7F</Say><Say></Say></Response>" },
};

static void exact_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        const size_t head = strlen(XML_DECLARATION);

        check_document(documents[i].table, documents[i].name);
        check(memcmp(document, XML_DECLARATION, head) == 0, "%s: no declaration", documents[i].name);
        check(document_size == head + strlen(documents[i].xml)
              && memcmp(document + head, documents[i].xml, document_size - head) == 0,
              "%s:\n  %.*s, not\n  %s", documents[i].name, (int)(document_size - head), document + head,
              documents[i].xml);
    }
}

/* The reader that all this rests on refuses what XML does. */
static void the_reader(void **state)
{
    static const struct {
        const char *document, *told;  /* NULL: not well-formed */
    } table[] = {
        { "<a/>", "\1a\4\5" }, { "<a></a>", "\1a\4\5" },
        { "<a b='1' c=\"'2\">x</a>", "\1a\2b\3""1\2c\3'2\4x\5" }, { "<a>x<b/>y</a>", "\1a\4x\1b\4\5y\5" },
        { "<a>&lt;&#x41;&#65;&apos;</a>", "\1a\4<AA'\5" },
        { "<a b=\"\t\n\r\n&#9;\">\t\r\n\r</a>", "\1a\2b\3   \t\4\t\n\n\5" },
        { XML_DECLARATION "<a/>", "\1a\4\5" }, { "<a>\xC3\xA9&#233;</a>", "\1a\4\xC3\xA9\xC3\xA9\5" },
        { "", NULL }, { "a", NULL }, { "<a>", NULL }, { "<a></b>", NULL }, { "<a/><b/>", NULL },
        { "<a/>x", NULL }, { "x<a/>", NULL }, { "<a b/>", NULL }, { "<a b=1/>", NULL },
        { "<a b=\"1/>", NULL }, { "<a b=\"<\"/>", NULL }, { "<a b=\"&\"/>", NULL },
        { "<a b=\"1\"c=\"2\"/>", NULL }, { "<a b=\"1\" b=\"2\"/>", NULL }, { "<1/>", NULL },
        { "<-/>", NULL }, { "< a/>", NULL }, { "<a>&</a>", NULL }, { "<a>&amp</a>", NULL },
        { "<a>&#;</a>", NULL }, { "<a>&#0;</a>", NULL }, { "<a>&#8;</a>", NULL },
        { "<a>&#55296;</a>", NULL }, { "<a>&#xFFFE;</a>", NULL }, { "<a>&#1114112;</a>", NULL },
        { "<a>]]></a>", NULL }, { "<a>\1</a>", NULL }, { "<a>\xC3</a>", NULL },
        { "<a>\xEF\xBF\xBE</a>", NULL }, { "<a>\xED\xA0\x80</a>", NULL }, { "<a>\xC0\x80</a>", NULL },
        { "<a>\xF4\x90\x80\x80</a>", NULL }, { "<a><b></a></b>", NULL }, { "<a>\xE0\x9F\xBF</a>", NULL },
        { "<a>\xF0\x8F\xBF\xBF</a>", NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        static struct told told;
        bool good = xml_read(&told, table[i].document, strlen(table[i].document));

        check(good == (table[i].told != NULL), "%s: %d", table[i].document, good);
        check(!good || (told.size == strlen(table[i].told)
                        && memcmp(told.text, table[i].told, told.size) == 0),
              "%s: %.*s", table[i].document, (int)told.size, told.text);
    }
}

/* ---- Characters ----------------------------------------------------------------------------------- */

/* Whether XML can hold it; told otherwise than twiml.c does. */
static bool is_good_text(const char *text)
{
    size_t size = strlen(text), octets;
    uint32_t code;

    for (; size > 0; text += octets, size -= octets) {
        if ((octets = take_char(text, size, &code)) == 0) {
            return false;
        }
    }
    return true;
}

static void check_text(const char *text, bool good)
{
    const struct twilio_param attribute[] = { { "a", text }, { NULL, NULL } };
    const struct twilio_twiml in_text[] = { TWILIO_SAY(text), TWILIO_TWIML_END };
    const struct twilio_twiml in_value[] = { { "Say", NULL, attribute, NULL }, TWILIO_TWIML_END };
    char name[64] = "", *at = name;

    for (size_t i = 0; text[i] != '\0' && i < 20; i++) {
        at += snprintf(at, 4, "%02X ", (unsigned char)text[i]);
    }
    if (good) {
        check_document(in_text, name);
        check_document(in_value, name);
    } else {
        check_refused(in_text, TWILIO_ERR_TWIML, name);
        check_refused(in_value, TWILIO_ERR_TWIML, name);
    }
}

static void every_octet(void **state)
{
    (void)state;
    for (unsigned octet = 1; octet < 256; octet++) {
        const char c = (char)octet, alone[] = { c, '\0' }, twice[] = { c, c, '\0' };
        const char first[] = { c, 'b', '\0' }, last[] = { 'a', c, '\0' }, inside[] = { 'a', c, 'b', '\0' };
        bool good = octet == '\t' || octet == '\n' || octet == '\r' || (octet >= 0x20 && octet <= 0x7F);

        check_text(alone, good);
        check_text(first, good);
        check_text(last, good);
        check_text(inside, good);
        check_text(twice, good);
    }
}

/* Not UTF-8; or U+FFFE and U+FFFF, which XML does not have. All of it is good as Latin-1. */
static const char *const bad_texts[] = {
    "\x80", "\xBF", "\xC0\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2\x41", "\xC2\xC2\x80", "\xDF\xC0",
    "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x98", "\xE2\x98z", "\xE2z\xBA", "\xED\xA0\x80",
    "\xED\xAF\xBF", "\xED\xB0\x80", "\xED\xBF\xBF", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xEF\xBF", "\xEF",
    "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x91", "\xF0\x9F", "\xF0", "\xF4\x90\x80\x80",
    "\xF5\x80\x80\x80", "\xF7\xBF\xBF\xBF", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
    "\xED\xA0\xBD\xED\xB1\x8D", "a\xE9", "\xE9z", "\xC3\xA9\xA9", "\xF0\x9F\x91\x8D\x8D",
    "\xC3\xA9\xC3", "a\xEF\xBF\xBEz", "\xEF\xBF\xBD\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE\xEF\xBF\xBE",
};

static void utf8(void **state)
{
    static const char *const good[] = {
        "\xC2\x80", "\xC3\xA9", "\xDF\xBF", "\xE0\xA0\x80", "\xE2\x98\xBA", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBC", "\xEF\xBF\xBD", "\xEF\xBE\xBE", "\xEF\xBE\xBF", "\xEF\x80\x80", "\xEF\xBB\xBF",
        "\xF0\x90\x80\x80", "\xF0\x9F\x91\x8D", "\xF3\xBF\xBF\xBF", "\xF4\x80\x80\x80", "\xF4\x8F\xBF\xBF",
        "\xF0\x9F\xBF\xBE", "\xF0\x9F\xBF\xBF", "\xE1\xBF\xBE", "\xF0\xAF\xBF\xBF",
        "\xEF\xBF\xBD\xEF\xBF\xBD", "\xEF\xBE\xBF\xC2\xBE", "\xF1\xBF\xBF\xBE",
        "a\xC3\xA9z\xE2\x98\xBA<\xF0\x9F\x91\x8D&",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        check_text(good[i], true);
    }
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        check_text(bad_texts[i], false);
    }
}

/* Every lead and second octet, and what may follow them, against the reader's own idea of a character */
static void utf8_in_all_forms(void **state)
{
    static const char after[] = { 'a', (char)0x80, (char)0xBD, (char)0xBE, (char)0xBF };
    size_t good = 0;

    (void)state;
    for (unsigned n = 0x80 * 256; n < 0x10000; n++) {
        for (size_t i = 0; i < COUNT(after) * COUNT(after); i++) {
            const char text[] = { (char)(n >> 8), (char)(n & 255), after[i / COUNT(after)],
                                  after[i % COUNT(after)], '\0' };
            const struct twilio_twiml table[] = { TWILIO_SAY(text), TWILIO_TWIML_END };
            bool is_good = (n & 255) >= 0x20 && is_good_text(text);
            int e = twilio_twiml_encode(table, 0, NULL, 0);

            good += is_good;
            check((n & 255) < 0x20 || e == (is_good ? 0 : TWILIO_ERR_TWIML), "%04X %02X %02X: %d", n,
                  (unsigned char)text[2], (unsigned char)text[3], e);
        }
    }
    /* two octets and "aa"; three, without U+FFFE and U+FFFF, and 'a'; four */
    assert_int_equal(good, 30 * 64 + ((32 + 12 * 64 + 32 + 64 + 64) * 4 - 2) + (48 + 3 * 64 + 16) * 4 * 4);
}

static void every_character(void **state)
{
    static char text[256 * 4 + 1];
    size_t count = 0;

    (void)state;
    for (uint32_t block = 0; block < 0x110000; block += 256) {
        struct told told = { .size = 0 };
        uint32_t code;

        for (code = block; code < block + 256; code++) {
            if (is_xml_char(code)) {
                tell_char(&told, code);
                count++;
            }
        }
        memcpy(text, told.text, told.size);
        text[told.size] = '\0';
        if (block % 0x1000 == 0 || block < 0x1000 || (block >= 0xD700 && block <= 0x10100)) {
            check_text(text, true);
        }
    }
    assert_int_equal(count, 0x110000 - 0x20 + 3 - 0x800 - 2);
}

/* ---- Names ---------------------------------------------------------------------------------------- */

static void check_name(const char *name, bool good)
{
    const struct twilio_param attribute[] = { { name, "1" }, { NULL, NULL } };
    const struct twilio_twiml element[] = { TWILIO_VERB(name, NULL), TWILIO_TWIML_END };
    const struct twilio_twiml open[] = { TWILIO_VERB(name, "x"), TWILIO_TWIML_END };
    const struct twilio_twiml attributes[] = { { "Say", NULL, attribute, NULL }, TWILIO_TWIML_END };

    if (good) {
        check_document(element, name);
        check_document(open, name);
        check_document(attributes, name);
    } else {
        check_refused(element, TWILIO_ERR_TWIML, name);
        check_refused(open, TWILIO_ERR_TWIML, name);
        check_refused(attributes, TWILIO_ERR_TWIML, name);
    }
}

static void names(void **state)
{
    (void)state;
    check_name("Say", true);
    check_name("say-as", true);
    check_name("xml:lang", true);
    check_name("z9-", true);
    check_name("", false);
    check_name("Say ", false);
    check_name("caf\xC3\xA9", false);
    for (unsigned octet = 1; octet < 256; octet++) {
        const char c = (char)octet, first[] = { c, 'b', '\0' }, last[] = { 'a', c, '\0' };
        const char inside[] = { 'a', c, 'b', '\0' };
        bool more = (octet >= '0' && octet <= '9') || octet == '-' || octet == ':';

        check_name(first, is_letter(c));
        check_name(last, is_letter(c) || more);
        check_name(inside, is_letter(c) || more);
    }
}

static void attributes_once(void **state)
{
    const struct twilio_twiml good[] = {
        TWILIO_SAY_AS("x", {"a", "1"}, {"ab", "1"}, {"b", "1"}, {"ba", "1"}), TWILIO_TWIML_END };
    const struct twilio_twiml bad[][2] = {
        { TWILIO_SAY_AS("x", {"loop", "1"}, {"loop", "1"}), TWILIO_TWIML_END },
        { TWILIO_SAY_AS("x", {"loop", "1"}, {"voice", "x"}, {"Loop", "2"}), TWILIO_TWIML_END },
        { TWILIO_SAY_AS("x", {"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}, {"b", "1"}), TWILIO_TWIML_END },
    };

    (void)state;
    check_document(good, "different attributes");
    for (size_t i = 0; i < COUNT(bad); i++) {
        check_refused(bad[i], TWILIO_ERR_TWIML, "an attribute twice");
    }
}

/* ---- Depth ---------------------------------------------------------------------------------------- */

static void depth(void **state)
{
    struct twilio_twiml levels[TWILIO_TWIML_DEPTH + 2][3];

    (void)state;
    for (size_t deepest = 1; deepest <= TWILIO_TWIML_DEPTH + 1; deepest++) {
        for (size_t kind = 0; kind < 8; kind++) {
            size_t at = kind >> 1 & 1;  /* inside the first, or the second of two */

            memset(levels, 0, sizeof levels);
            for (size_t i = 0; i < deepest; i++) {
                levels[i][0].name = "first";
                levels[i][at].name = "deep";
                levels[i][at].text = (kind & 1) != 0 ? "x" : NULL;
                levels[i][at].inside = i + 1 < deepest ? levels[i + 1] : (kind & 4) != 0 ? nothing : NULL;
            }
            if (deepest <= TWILIO_TWIML_DEPTH) {
                check_document(levels[0], "deep");
            } else {
                check_refused(levels[0], TWILIO_ERR_TWIML, "too deep");
            }
        }
    }
    /* a table inside itself comes to an end */
    memset(levels, 0, sizeof levels);
    levels[0][0].name = levels[0][1].name = "again";
    levels[0][0].inside = levels[0][1].inside = levels[0];
    check_refused(levels[0], TWILIO_ERR_TWIML, "inside itself");
}

/* ---- Windows -------------------------------------------------------------------------------------- */

static void check_window(const struct twilio_twiml *table, size_t offset, size_t size)
{
    size_t expected = offset < document_size ? smaller(size, document_size - offset) : 0;
    char *memory = malloc(size + 2);
    int n;

    assert_non_null(memory);
    memset(memory, CANARY, size + 2);
    n = twilio_twiml_encode(table, offset, memory + 1, size);
    check(n == (int)expected, "[%zu, +%zu): %d, not %zu", offset, size, n, expected);
    check(memcmp(memory + 1, document + offset, expected) == 0, "[%zu, +%zu) differs", offset, size);
    check(untouched(memory, 1) && untouched(memory + 1 + n, size - expected + 1), "wrote outside");
    free(memory);
}

static void windows(void **state)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 5, 8, 13, 64, 255, 1000 };

    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        assert_true(encode(documents[i].table) > 0);
        for (size_t offset = 0; offset <= document_size + 2; offset++) {
            for (size_t j = 0; j < COUNT(sizes); j++) {
                check_window(documents[i].table, offset, sizes[j]);
            }
            check_window(documents[i].table, offset, document_size - smaller(offset, document_size));
        }
    }
}

static void arguments(void **state)
{
    static const struct twilio_twiml bad[] = { TWILIO_SAY("\1"), TWILIO_TWIML_END };
    char memory[16];

    (void)state;
    memset(memory, CANARY, sizeof memory);
    check_refused(NULL, TWILIO_ERR_ARGUMENT, "no table");
    assert_int_equal(twilio_twiml_encode(fire, 0, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_twiml_encode(fire, 0, memory, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_twiml_encode(fire, 0, memory, SIZE_MAX), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_twiml_encode(bad, 0, NULL, 0), TWILIO_ERR_TWIML);
    assert_true(untouched(memory, sizeof memory));
    assert_int_equal(twilio_twiml_encode(fire, 0, NULL, 0), 0);
    assert_int_equal(twilio_twiml_encode(fire, 5, NULL, 0), 0);
}

/* ---- In a form ------------------------------------------------------------------------------------ */

static struct twilio_account account = { .sid = "AC1", .secret = "x" };
static char wire[65536];
static size_t wire_size;

/* The body of a request that has this, in wire. */
static const char *form(struct twilio_generator generator, int *error)
{
    const struct twilio_request request = {
        .account = &account, .method = TWILIO_POST, .resource = "Calls.json", .more = generator
    };
    int n = twilio_encode(&request, 0, wire, sizeof wire - 1);
    const char *body;

    *error = n < 0 ? n : 0;
    assert_int_equal(twilio_request_check(&request), *error);
    wire_size = n < 0 ? 0 : (size_t)n;
    wire[wire_size] = '\0';
    body = strstr(wire, "\r\n\r\n");
    return body != NULL ? body + 4 : "";
}

static void check_form(const struct twilio_twiml *table, const char *name)
{
    const struct twilio_twiml_param param = { "Twiml", table };
    static char value[sizeof wire];
    static struct told read, expected;
    const char *body;
    size_t size;
    int e;

    body = form((struct twilio_generator){ twilio_twiml_param, &param }, &e);
    check(e == 0, "%s: %d", name, e);
    check(strncmp(body, "Twiml=", 6) == 0, "%s: %s", name, body);
    size = percent_decode(value, body + 6, strlen(body + 6));
    check(size != SIZE_MAX, "%s: not encoded as it should be: %s", name, body);
    check(size > 10 && memcmp(value, "<Response>", 10) == 0, "%s: %.*s", name, (int)size, value);
    check(xml_read(&read, value, size), "%s: not well-formed: %.*s", name, (int)size, value);
    tell_response(&expected, table, account.latin1);
    check(same_told(&read, &expected), "%s:\n  %.*s, not\n  %.*s", name, (int)read.size, read.text,
          (int)expected.size, expected.text);
    if (!account.latin1) {
        assert_true(encode(table) > 0);
        check(size == document_size - strlen(XML_DECLARATION)
              && memcmp(value, document + strlen(XML_DECLARATION), size) == 0, "%s: %.*s", name, (int)size,
              value);
    }
}

static void in_a_form(void **state)
{
    static const struct twilio_twiml url[] = {
        TWILIO_REDIRECT("http://x?a=b&m=Rain%20%26%20wind"), TWILIO_HANGUP, TWILIO_TWIML_END };
    const struct twilio_twiml_param param = { "a Twiml", url };
    int e;

    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        check_form(documents[i].table, documents[i].name);
    }
    check_form(url, "URL");
    assert_string_equal(form((struct twilio_generator){ twilio_twiml_param, &param }, &e),
        "a%20Twiml=%3CResponse%3E%3CRedirect%3Ehttp%3A%2F%2Fx%3Fa%3Db%26%2338%3Bm%3DRain%2520%2526%2520wind"
        "%3C%2FRedirect%3E%3CHangup%3E%3C%2FHangup%3E%3C%2FResponse%3E");
    assert_int_equal(e, 0);
}

static void latin1(void **state)
{
    (void)state;
    account.latin1 = true;
    for (unsigned octet = 1; octet < 256; octet++) {
        const char text[] = { (char)octet, '\0' }, name[] = { 'a', (char)octet, '\0' };
        const struct twilio_twiml table[] = { TWILIO_SAY_AS(text, {"a", text}), TWILIO_TWIML_END };
        const struct twilio_twiml named[] = { TWILIO_VERB(name, NULL), TWILIO_TWIML_END };
        const struct twilio_twiml_param param = { "Twiml", table }, bad_name = { "Twiml", named };
        int e;

        if (octet >= 0x20 || octet == '\t' || octet == '\n' || octet == '\r') {
            check_form(table, "Latin-1");
        } else {
            (void)form((struct twilio_generator){ twilio_twiml_param, &param }, &e);
            check(e == TWILIO_ERR_TWIML, "%02X: %d", octet, e);
        }
        if (octet >= 0x80) {
            (void)form((struct twilio_generator){ twilio_twiml_param, &bad_name }, &e);
            check(e == TWILIO_ERR_TWIML, "a name with %02X: %d", octet, e);
        }
    }
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        const struct twilio_twiml table[] = { TWILIO_SAY_AS(bad_texts[i], {"a", bad_texts[i]}),
                                              TWILIO_TWIML_END };

        check_form(table, "Latin-1 that would be wrong as UTF-8");
    }
    account.latin1 = false;
}

static void mistakes_in_a_form(void **state)
{
    static const struct twilio_twiml bad[] = { TWILIO_SAY("\xFF"), TWILIO_TWIML_END };
    static const struct {
        struct twilio_twiml_param param;
        int error;
    } table[] = {
        { { "Twiml", bad }, TWILIO_ERR_TWIML },
        { { "Twiml", NULL }, TWILIO_ERR_ARGUMENT },
        { { NULL, fire }, TWILIO_ERR_ARGUMENT },
        { { "", fire }, TWILIO_ERR_PARAMETER },
    };
    int e;

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        (void)form((struct twilio_generator){ twilio_twiml_param, &table[i].param }, &e);
        check(e == table[i].error, "%zu: %d, not %d", i, e, table[i].error);
    }
    (void)form((struct twilio_generator){ twilio_twiml_param, NULL }, &e);
    assert_int_equal(e, TWILIO_ERR_ARGUMENT);
}

/* A generator that has made a mistake before it writes TwiML is told so. */
static int told_by_twiml;

static int mistaken(struct twilio_sink *sink, const void *source)
{
    twilio_write_param(sink, source, "x");
    twilio_write_name(sink, "Twiml");
    told_by_twiml = twilio_write_twiml(sink, fire);
    return 0;
}

static void mistakes_before(void **state)
{
    int e;

    (void)state;
    form((struct twilio_generator){ mistaken, "a" }, &e);
    assert_int_equal(e, 0);
    assert_int_equal(told_by_twiml, 0);
    form((struct twilio_generator){ mistaken, "" }, &e);
    assert_int_equal(e, TWILIO_ERR_PARAMETER);
    assert_int_equal(told_by_twiml, TWILIO_ERR_PARAMETER);
}

/* A generator that counts: what Twilio limits is characters of XML, however they are encoded. */
static uint32_t characters;

static int counting(struct twilio_sink *sink, const void *source)
{
    int e;

    twilio_write_name(sink, "Twiml");
    e = twilio_write_twiml(sink, source);
    characters = sink->characters;
    return e;
}

static void counted(void **state)
{
    static const struct twilio_twiml text[] = {
        TWILIO_SAY("caf\xC3\xA9 \xF0\x9F\x91\x8D <"), TWILIO_TWIML_END };
    static const struct twilio_twiml high[] = { TWILIO_SAY("caf\xE9 <"), TWILIO_TWIML_END };
    const struct twilio_twiml elements[] = {
        TWILIO_PAUSE("\xC3\xA9\""), TWILIO_GATHER(TWILIO_TWIML(TWILIO_HANGUP), {"a", ""}), TWILIO_TWIML_END };
    int e;

    (void)state;
    form((struct twilio_generator){ counting, text }, &e);
    assert_int_equal(e, 0);
    assert_int_equal(characters, strlen("<Response><Say>cafe t &#60;</Say></Response>"));
    form((struct twilio_generator){ counting, elements }, &e);
    assert_int_equal(e, 0);
    assert_int_equal(characters, strlen("<Response><Pause length=\"e&#34;\"></Pause>"
                                        "<Gather a=\"\"><Hangup></Hangup></Gather></Response>"));
    account.latin1 = true;
    form((struct twilio_generator){ counting, high }, &e);
    assert_int_equal(characters, strlen("<Response><Say>cafe &#60;</Say></Response>"));
    account.latin1 = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reader),
        cmocka_unit_test(exact_documents),
        cmocka_unit_test(every_octet),
        cmocka_unit_test(utf8),
        cmocka_unit_test(utf8_in_all_forms),
        cmocka_unit_test(every_character),
        cmocka_unit_test(names),
        cmocka_unit_test(attributes_once),
        cmocka_unit_test(depth),
        cmocka_unit_test(windows),
        cmocka_unit_test(arguments),
        cmocka_unit_test(in_a_form),
        cmocka_unit_test(latin1),
        cmocka_unit_test(mistakes_in_a_form),
        cmocka_unit_test(mistakes_before),
        cmocka_unit_test(counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
