/*
 * fuzz_list.c - any bytes as the pages of a list: whole or in pieces it is the same walk; a plain judge of
 * addresses agrees on which pages can be next; and no request ever goes to another host
 *
 * Input: whose list and how much memory; the limit; two bytes of randomness for the pieces; then pages, each
 * ended by \x1E. A page that begins with '!' is an answer other than 200, and not fed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "twilio_list.h"

#define FIELDS 1
#include "rfc8259.h"

#include <strings.h>

//@ fault list.c: if (path[0] != '/' || path[1] == '/') { => if (path[0] != '/') {
//@ fault list.c: return rest != NULL && *(port != NULL ? port : rest) == '/'; => return rest != NULL;
//@ fault list.c: plain.edge = NULL; => plain.host = NULL;
//@ fault list.c: if (at != field->text + field->length || page == list->page) { => if (page == list->page) {
//@ fault list.c: if (at != field->text + field->length || page == list->page) { => if (at != field->text + field->length) {
//@ fault list.c: if (field->length >= field->size) { => if (0) {
//@ fault list.c: return list->limit != 0 && list->count >= list->limit; => return list->limit != 0 && list->count > list->limit;
//@ fault list.c: request->params = NULL; => ;
//@ fault list.c: list->turned = e == TWILIO_AGAIN; => list->turned = false;
//@ fault list.c: if (code != 200) { => if (code >= 400) {
//@ fault list.c: return field->type == 's' ? field->length != 0 : field->type != 0 && field->type != '0'; => return field->type == 's' && field->length != 0;

#define END_OF_PAGE 0x1E

static const struct twilio_account accounts[] = {
    { .sid = "AC1", .secret = "secret" },
    { .sid = "AC1", .secret = "secret", .edge = "sydney", .region = "au1" },
    { .sid = "AC1", .secret = "secret", .host = "own.example" },
};

/* The hosts that a next page's address may name */
static const char *const hosts[][2] = {
    { "verify.twilio.com", "verify.twilio.com" },
    { "verify.sydney.au1.twilio.com", "verify.twilio.com" },
    { "own.example", "own.example" },
};

/* ---- The judge ------------------------------------------------------------------------------- */

/* The path of an address that can be asked for at one of these hosts; or NULL. */
static const char *judged(const char *address, const char *const host[2])
{
    static const char uri[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                              "-._~:/?[]@!$&'()*+,;=%";
    const char *path = address;

    if (strncasecmp(address, "https://", 8) == 0) {
        path = address + 8 + strcspn(address + 8, "/");
        for (int i = 0; ; i++) {
            size_t size = i < 2 ? strlen(host[i]) : 0, left = (size_t)(path - address) - 8 - size;

            if (i == 2) {
                return NULL;
            }
            if (strncasecmp(address + 8, host[i], size) == 0
                && (left == 0 || (left == 4 && strncmp(path - 4, ":443", 4) == 0))) {
                break;
            }
        }
    }
    return path[0] == '/' && path[1] != '/' && strspn(path, uri) == strlen(path) ? path : NULL;
}

static bool says_nothing(const struct twilio_field *field)
{
    return field->type == 0 || field->type == '0' || (field->type == 's' && field->length == 0);
}

/* Whether the result is what the fields have in them; previous: the address of the page before */
static void judge(const struct twilio_field *fields, const char *previous, int result,
                  const char *const host[2])
{
    const struct twilio_field *only = says_nothing(&fields[1]) ? &fields[0] : &fields[1];
    bool whole = only->type == 's' && only->length < only->size && strlen(only->text) == only->length;
    bool good = whole && judged(only->text, host) != NULL && strcmp(only->text, previous) != 0;

    must((result == TWILIO_AGAIN) == good, "%d after %s: '%s'", result, previous, only->text);
    must((result == TWILIO_OK) == says_nothing(only), "%d, %s", result, only->name);
    must((result == TWILIO_ERR_SIZE) == (!says_nothing(only) && only->length >= only->size), "%d of %d",
         only->length, only->size);
    must(result == TWILIO_AGAIN || result == TWILIO_OK || result == TWILIO_ERR_SIZE
         || result == TWILIO_ERR_PAGE, "%d", result);
}

/* ---- The walk -------------------------------------------------------------------------------- */

struct outcome {
    int result;
    uint32_t count, pages, hash;  /* the last of what the fields held at each item, and of all paths */
};

static void add(struct outcome *o, const char *text)
{
    do {
        o->hash = (o->hash ^ (uint8_t)*text) * 16777619U;
    } while (*text++ != '\0');
}

/* Feed a page. TWILIO_OK, or the error. */
static int feed(struct twilio_list *list, struct outcome *o, const uint8_t *page, size_t size, uint32_t *seed)
{
    while (size > 0) {
        size_t piece = *seed == 0 ? size : 1 + fuzz_random(seed) % (size < 8 ? size : 8);
        uint8_t *copy = malloc(piece);
        uint32_t before = list->count;
        int n;

        must(copy != NULL, "memory");
        memcpy(copy, page, piece);
        n = twilio_list_feed(list, copy, piece);
        free(copy);
        if (n < 0) {
            return n;
        }
        must(list->count == before + twilio_list_has_item(list), "%u items", (unsigned)list->count);
        must((size_t)n == piece || ((size_t)n < piece && twilio_list_has_item(list)), "%d of %zu", n, piece);
        must(list->limit == 0 || list->count <= list->limit, "%u items", (unsigned)list->count);
        if (twilio_list_has_item(list)) {
            add(o, list->fields[2].text);
        }
        page += n;
        size -= (size_t)n;
    }
    return TWILIO_OK;
}

/* The request goes to the host that the first one went to, and asks for just that path. */
static void asks(const struct twilio_request *request, const char *path, const char *host)
{
    char wire[1024], expected[512];
    int size = twilio_encode(request, 0, wire, sizeof wire - 1);

    must(size > 0, "%d", size);
    wire[size] = '\0';
    snprintf(expected, sizeof expected, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Basic ", path, host);
    must(strncmp(wire, expected, strlen(expected)) == 0, "%s", wire);
}

struct state {
    struct twilio_list list;
    struct outcome outcome;
    const char *const *host;
    char previous[200];  /* the address of the page that was asked for; "": the first */
    uint32_t seed;       /* of the pieces; 0: whole */
};

/* Feed a page, turn it, and see that the result is right. */
static void turn(struct state *s, const uint8_t *page, size_t size)
{
    struct twilio_list *list = &s->list;
    struct outcome *o = &s->outcome;
    static const char *const nothing[] = { "\n" };
    bool is_json = read_rfc8259(page, size, nothing);
    int e = feed(list, o, page, size, &s->seed);
    bool full = list->limit != 0 && list->count == list->limit;

    o->result = twilio_list_next(list, 200);
    must(full || reader.deepest > TWILIO_DEPTH_MAX || is_json == (o->result != TWILIO_ERR_JSON),
         "%d, JSON: %d", o->result, is_json);
    must(e == TWILIO_OK || o->result == e, "%d and %d", e, o->result);
    must(!full || e != TWILIO_OK || o->result == TWILIO_OK, "%d, but full", o->result);
    if (!full && o->result != TWILIO_ERR_JSON && o->result != TWILIO_ERR_DEPTH) {
        judge(list->fields, s->previous, o->result, s->host);
    }
    if (o->result == TWILIO_AGAIN) {
        strcpy(s->previous, list->fields[0].text);
        add(o, s->previous);
    }
}

static void answer(struct state *s, const uint8_t *page, size_t size)
{
    s->outcome.pages++;
    if (size > 0 && *page == '!') {
        must(twilio_list_next(&s->list, 503) == TWILIO_ERR_CONTENT, "503");
        must(twilio_list_next(&s->list, 204) == TWILIO_ERR_CONTENT, "204");
    } else {
        turn(s, page, size);
    }
    if (s->outcome.result == TWILIO_AGAIN && s->previous[0] != '\0') {
        asks(s->list.request, judged(s->previous, s->host), s->host[0]);
    }
}

static struct outcome walk(const uint8_t *data, size_t size, uint32_t seed)
{
    uint16_t room = data[0] & 4 ? 40 : 200;
    char *next = malloc(room), sid[8];
    struct twilio_field fields[] = {
        { "next_page_uri", next, room, 0, 0 }, { "meta.next_page_url", next, room, 0, 0 },
        TWILIO_FIELD(data[0] & 8 ? "items[]" : "items[].sid", sid), TWILIO_FIELD_END
    };
    struct twilio_request request = {
        .account = &accounts[data[0] % 3], .product = "verify", .resource = "/v2/{}", .item = "Services",
        .params = TWILIO_PARAMS({ "PageSize", "2" })
    };
    struct state s = {
        .list = { .fields = fields, .limit = data[1] % 8 }, .outcome = { TWILIO_AGAIN, 0, 0, 2166136261U },
        .host = hosts[data[0] % 3], .seed = seed,
    };
    const uint8_t *end = data + size, *page = data + 4, *stop;

    must(next != NULL && twilio_list_begin(&s.list, &request) == TWILIO_OK, "begin");
    for (; page < end && s.outcome.result == TWILIO_AGAIN; page = stop + (stop < end)) {
        stop = memchr(page, END_OF_PAGE, (size_t)(end - page));
        stop = stop == NULL ? end : stop;
        answer(&s, page, (size_t)(stop - page));
    }
    s.outcome.count = s.list.count;
    free(next);
    return s.outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, split;

    if (size < 4 || size > MOST) {
        return 0;
    }
    whole = walk(data, size, 0);
    split = walk(data, size, 1 + data[2] + data[3] * 256U);
    must(whole.result == split.result, "%d and %d", whole.result, split.result);
    must(whole.count == split.count, "%u and %u items", (unsigned)whole.count, (unsigned)split.count);
    must(whole.pages == split.pages && whole.hash == split.hash, "different values");
    return 0;
}

const struct seed seeds[] = {
    SEED("{\"next_page_uri\":\"/2010-04-01/x?Page=1\",\"items\":[{\"sid\":\"a\"},{\"sid\":\"b\"}]}\x1E"
         "{\"items\":[{\"sid\":\"c\"}],\"next_page_uri\":null}"),
    SEED("{\"items\":[{\"sid\":\"a\"}],\"meta\":{\"next_page_url\":"
         "\"https://verify.sydney.au1.twilio.com/v2?Page=1\"}}\x1E!\x1E{\"meta\":{\"next_page_url\":"
         "\"https://verify.twilio.com:443/v2?Page=2\",\"key\":\"items\"},\"items\":[]}\x1E{\"items\":[]}"),
    SEED("{\"items\":[1,2],\"next_page_uri\":\"https://own.example/1\"}\x1E"
         "{\"items\":[3,4],\"next_page_uri\":\"/2\"}\x1E{}"),
    SEED("{\"next_page_uri\":\"/a\",\"meta\":{\"next_page_url\":\"/b\"}}\x1E"
         "{\"next_page_uri\":\"/a\"}"),
    SEED("{\"items\":[1,\"x\",null,[],{}],\"next_page_uri\":\"/1\"}\x1E"
         "{\"next_page_uri\":\"/1\"}"),
    SEED("{\"next_page_uri\":\"/a\\u0000b\"}\x1E{}"), SEED("{\"next_page_uri\":7}\x1E{}"),
    SEED("{\"meta\":{\"next_page_url\":true}}\x1E{}"), SEED("!{}\x1E{\"next_page_uri\":\"//b/c\"}"),
    SEED("{\"next_page_uri\":\"/2345678901234567890123456789012345678901234567890\"}\x1E{}"),
    { NULL, 0 }
};

const struct seed pieces[] = {
    SEED("{"), SEED("}"), SEED("["), SEED("]"), SEED(","), SEED(":"), SEED("\""), SEED("/"), SEED("//"),
    SEED("\x1E"), SEED("\x1E!"), SEED("null"), SEED("\"\""), SEED("\"/1\""), SEED("\"/2\""), SEED("\\u0000"),
    SEED("\"next_page_uri\":"), SEED("\"next_page_uri\":\"/1\","), SEED("\"meta\":{\"next_page_url\":"),
    SEED("\"https://"), SEED("verify.twilio.com"), SEED("verify.sydney.au1.twilio.com"), SEED("own.example"),
    SEED("HTTPS://OWN.EXAMPLE"), SEED(":443"), SEED(":80"), SEED("@"), SEED(".evil.example"), SEED("http://"),
    SEED("?Page=3"), SEED("#"), SEED("%20"), SEED(" "), SEED("\xC3\xA9"), SEED("\\/"), SEED("\"items\":["),
    SEED("{\"sid\":\"x\"},"), SEED("1,"), SEED("{}"), SEED("[]"),
    SEED("0123456789012345678901234567890123456789"),
    { NULL, 0 }
};
