/*
 * fuzz_error.c - any bytes as the body of an error: whole or in pieces it is the same, and what comes of it
 * is text that can be shown; of JSON, the picker with fields of its own says the same
 *
 * Input: two bytes not used, two bytes of randomness for the pieces; then the body.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_error.h"

#include <string.h>

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

/* The text of the first of the fields that is a string; "" if none is */
static const char *first(const struct twilio_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fields[i].type == 's') {
            return fields[i].text;
        }
    }
    return "";
}

/* Keys that come twice leave more ways to read them than one, and control characters do not stay: such
 * bodies are not compared. */
static void compare_json(const struct twilio_error *error, const uint8_t *data, size_t size)
{
    static const char *const names[] = { "message", "detail", "title", "more_info", "type", "code",
                                         "status" };
    char texts[7][TWILIO_ERROR_TEXT_SIZE], quoted[16];
    struct twilio_field fields[8] = { { 0 } };
    struct twilio_json json = { .fields = fields };

    for (size_t i = 0; i < 7; i++) {
        const uint8_t *at;
        size_t times = 0, length = (size_t)snprintf(quoted, sizeof quoted, "%s", names[i]);

        for (at = data; at + length <= data + size; at++) {
            times += memcmp(at, names[i], length) == 0;
        }
        if (times > 1) {
            return;
        }
        fields[i] = (struct twilio_field){ .name = names[i], .text = texts[i], .size = sizeof texts[i] };
    }
    if (memchr(data, '\\', size) != NULL || memchr(data, 0x7F, size) != NULL
        || twilio_json_begin(&json) != TWILIO_OK || twilio_json_feed(&json, (const char *)data, size) < 0
        || twilio_json_feed(&json, NULL, 0) < 0) {
        return;
    }
    must(strcmp(error->message, first(fields, 3)) == 0, "'%s', but '%s'", error->message, first(fields, 3));
    must(error->more_info[0] == '\0'
         || strncmp(error->more_info, first(fields + 3, 2), strlen(error->more_info)) == 0, "'%s', but '%s'",
         error->more_info, first(fields + 3, 2));
    must(error->code == 0 || error->code == strtoul(fields[5].text, NULL, 10), "%u, but '%s'",
         (unsigned)error->code, fields[5].text);
    must(error->status == 0 || error->status == strtoul(fields[6].text, NULL, 10), "%u, but '%s'",
         error->status, fields[6].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct twilio_error whole, split;

    if (size < 4) {
        return 0;
    }
    read_body(&whole, data + 4, size - 4, 0);
    read_body(&split, data + 4, size - 4, 1 + data[2] + data[3] * 256U);
    must(whole.code == split.code && whole.status == split.status, "%u and %u, %u and %u",
         (unsigned)whole.code, (unsigned)split.code, whole.status, split.status);
    must(strcmp(whole.message, split.message) == 0, "'%s' and '%s'", whole.message, split.message);
    must(strcmp(whole.more_info, split.more_info) == 0, "'%s' and '%s'", whole.more_info, split.more_info);
    must(whole.status <= 999, "status %u", whole.status);
    can_be_shown(whole.message, sizeof whole.message);
    can_be_shown(whole.more_info, sizeof whole.more_info);
    if (size > 4 && data[4] == '{') {
        compare_json(&whole, data + 4, size - 4);
    } else if (size > 4 && data[4] != '<' && data[4] > ' ' && data[4] < 0x80) {
        must(whole.code == 0 && whole.status == 0 && whole.message[0] == '\0', "made of nothing");
    }
    return 0;
}

const struct seed seeds[] = {
    SEED("{\"code\": 21211, \"message\": \"The 'To' number\", \"more_info\": \"https://a/21211\", "
         "\"status\": 400}"),
    SEED("{\"type\":\"https://a/70002\",\"title\":\"t\",\"status\":400,\"code\":70002,\"detail\":\"Why\"}"),
    SEED("{\"detail\":\"Why\",\"message\":null,\"title\":\"t\",\"type\":\"about:blank\",\"code\":\"30008\"}"),
    SEED("<?xml version='1.0'?>\n<TwilioResponse><RestException><Code>20404</Code><Message>R&amp;D &#xe9;"
         "</Message><MoreInfo>https://a/b</MoreInfo><Status>404</Status></RestException></TwilioResponse>"),
    SEED("<RestException a='>'><!-- c --><Code><![CDATA[1]]>2</Code><x y=\"/\"/><Message> a <b>c</b> d"
         "</Message></RestException>"),
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
