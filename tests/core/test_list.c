/*
 * test_list.c - lists, walked through a simulated server that answers what is on the wire
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_list.h"
#include "twilio_messages.h"

#define HEX32   "0123456789abcdef0123456789abcdef"
#define ACCOUNT "/2010-04-01/Accounts/AC" HEX32
#define MEMORY  300

static const struct twilio_account account = { .sid = "AC" HEX32, .secret = "secret" };

/* ---- What a request asks for, as a server sees it ------------------------------------------- */

struct asked {
    char target[1024], host[TWILIO_HOST_MAX + 1];
};

static struct asked ask(const struct twilio_request *request)
{
    struct asked asked;
    char wire[2048];
    int size = twilio_encode(request, 0, wire, sizeof wire - 1);

    check(size > 0, "%s: %d", request->resource, size);
    wire[size] = '\0';
    check(sscanf(wire, "GET %1023s HTTP/1.1\r\nHost: %100s\r\n", asked.target, asked.host) == 2, "%s", wire);
    assert_non_null(strstr(wire, "\r\nAuthorization: Basic QUM"));
    assert_null(strstr(wire, "Content-Length"));
    return asked;
}

/* ---- A simulated server --------------------------------------------------------------------- */

/* Where lists of the two APIs tell the next page: before the items, or after them */
enum shape { URI_FIRST, URI_LAST, META_FIRST, META_LAST, SHAPES };

struct server {
    enum shape shape;
    unsigned items, page_size;
    unsigned pages;      /* asked for so far */
    char body[32768];    /* of the answer */
};

static const char *const paths[SHAPES] = {
    ACCOUNT "/Messages.json", ACCOUNT "/Messages.json", "/v2/Services", "/v2/Services"
};

static bool is_v2(enum shape shape)
{
    return shape >= META_FIRST;
}

/* The member that tells the next page: "next_page_uri":"/2010..." */
static void next_page(const struct server *server, unsigned page, char *text, size_t size)
{
    const char *path = paths[server->shape];
    bool last = (page + 1) * server->page_size >= server->items;

    if (is_v2(server->shape)) {
        snprintf(text, size, last ? "\"meta\":{\"page\":%u,\"next_page_url\":null,\"key\":\"services\"}"
                                  : "\"meta\":{\"page\":%u,\"next_page_url\":\"https:\\/\\/verify.twilio.com"
                                    "%s?PageSize=%u&Page=%u\",\"key\":\"services\"}",
                 page, path, server->page_size, page + 1);
    } else {
        snprintf(text, size, last ? "\"page\":%u,\"next_page_uri\":null"
                                  : "\"page\":%u,\"next_page_uri\":"
                                    "\"%s?PageSize=%u&Page=%u&PageToken=PASM%u\"",
                 page, path, server->page_size, page + 1, page + 1);
    }
}

/* Items have a number, and things inside that are none of the list's. */
static void items_of(const struct server *server, unsigned page, char *text, size_t size)
{
    unsigned first = page * server->page_size, end = first + server->page_size;

    *text = '\0';
    for (unsigned i = first; i < end && i < server->items; i++) {
        size_t used = strlen(text);

        check(used + 200 < size, "a page too large");
        snprintf(text + used, size - used,
                 "%s{\"sid\":\"SM%u\",\"tags\":[{\"sid\":\"no\"},[\"}\"]],\"next_page_uri\":\"/no\","
                 "\"meta\":{\"next_page_url\":\"/no\"},\"error\":%s}",
                 i > first ? "," : "", i, i % 3 == 0 ? "null" : "30003");
    }
}

static void answer(struct server *server, const struct twilio_request *request)
{
    static char items[sizeof server->body / 2];
    bool v2 = is_v2(server->shape), first = server->shape == URI_FIRST || server->shape == META_FIRST;
    struct asked asked = ask(request);
    const char *number = strstr(asked.target, "&Page=");
    unsigned page = number != NULL ? (unsigned)strtoul(number + 6, NULL, 10) : 0;
    char next[512];

    assert_string_equal(asked.host, v2 ? "verify.twilio.com" : "api.twilio.com");
    check(strncmp(asked.target, paths[server->shape], strlen(paths[server->shape])) == 0, "%s", asked.target);
    check(page == server->pages, "page %u after %u", page, server->pages);
    server->pages++;
    next_page(server, page, next, sizeof next);
    items_of(server, page, items, sizeof items);
    snprintf(server->body, sizeof server->body, "{%s%s\"%s\":[%s]%s%s}", first ? next : "", first ? "," : "",
             v2 ? "services" : "messages", items, first ? "" : ",", first ? "" : next);
}

/* ---- A walk --------------------------------------------------------------------------------- */

struct walk {
    char next[MEMORY], sid[16], error[16];
    struct twilio_field fields[5];
    struct twilio_request request;
    struct twilio_list list;
    unsigned items;
};

/* Begin with a request that has all that a first page's may have. */
static void begin(struct walk *walk, bool v2, uint32_t limit)
{
    static const struct twilio_param params[] = { { "PageSize", "50" }, { NULL, NULL } };
    static const struct twilio_url url = { "Url", "https://example.com", NULL };
    const struct twilio_field fields[] = {
        TWILIO_LIST_NEXT(walk->next), TWILIO_FIELD(v2 ? "services[].sid" : "messages[].sid", walk->sid),
        TWILIO_FIELD(v2 ? "services[].error" : "messages[].error", walk->error), TWILIO_FIELD_END
    };

    memset(walk, CANARY, sizeof *walk);
    memcpy(walk->fields, fields, sizeof fields);
    walk->items = 0;
    walk->request = (struct twilio_request){
        .account = &account, .product = v2 ? "verify" : NULL, .resource = v2 ? "/v2/{}" : "{}.json",
        .item = v2 ? "Services" : "Messages", .params = params, .more = { twilio_url, &url },
    };
    walk->list.fields = walk->fields;
    walk->list.limit = limit;
    assert_int_equal(twilio_list_begin(&walk->list, &walk->request), TWILIO_OK);
    assert_int_equal(walk->list.count, 0);
    assert_false(twilio_list_has_item(&walk->list));
}

/* Items come in order, each once, and whole. */
static void see(struct walk *walk)
{
    char sid[16];

    snprintf(sid, sizeof sid, "SM%u", walk->items);
    assert_string_equal(walk->sid, sid);
    assert_string_equal(walk->error, walk->items % 3 == 0 ? "null" : "30003");
    assert_int_equal(walk->list.count, ++walk->items);
}

/* Feed one piece, from heap memory of just its size. Returns TWILIO_OK, or the error. */
static int feed_piece(struct walk *walk, const char *bytes, size_t size)
{
    char *piece = malloc(size);
    size_t used = 0;
    int n;

    assert_non_null(piece);
    memcpy(piece, bytes, size);
    do {
        n = twilio_list_feed(&walk->list, piece + used, size - used);
        if (n < 0) {
            break;
        }
        used += (size_t)n;
        check(used == size || twilio_list_has_item(&walk->list), "%zu of %zu consumed", used, size);
        if (twilio_list_has_item(&walk->list)) {
            see(walk);
        }
    } while (used < size);
    free(piece);
    return n < 0 ? n : TWILIO_OK;
}

/* A body in pieces: the first of so many octets, then others of so many, with an empty one after each. */
static int feed(struct walk *walk, const char *body, size_t first, size_t others)
{
    size_t size = strlen(body), piece = first;
    int e = TWILIO_OK;

    for (size_t at = 0; at < size && e == TWILIO_OK; at += piece, piece = others) {
        piece = smaller(piece, size - at);
        e = feed_piece(walk, body + at, piece);
        assert_int_equal(twilio_list_feed(&walk->list, "", 0), e);
        assert_false(twilio_list_has_item(&walk->list));
    }
    return e;
}

static int walk_all(struct walk *walk, struct server *server, size_t first, size_t others)
{
    int e;

    do {
        answer(server, &walk->request);
        assert_int_equal(feed(walk, server->body, first, others), TWILIO_OK);
        e = twilio_list_next(&walk->list, 200);
    } while (e == TWILIO_AGAIN);
    return e;
}

/* Walk the whole of such a list, and see that so many items come out of so many pages. */
static void walks(struct server server, uint32_t limit, size_t first, size_t others, unsigned items,
                  unsigned pages)
{
    struct walk walk;
    int e;

    begin(&walk, is_v2(server.shape), limit);
    e = walk_all(&walk, &server, first, others);
    check(e == TWILIO_OK && walk.items == items && walk.list.count == items && server.pages == pages,
          "shape %d, %u by %u, limit %u, pieces of %zu and %zu: %d, %u items on %u pages", server.shape,
          server.items, server.page_size, (unsigned)limit, first, others, e, walk.items, server.pages);
    assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_OK);
    assert_false(twilio_list_has_item(&walk.list));
}

/* ---- All of a list -------------------------------------------------------------------------- */

static void lists_of_any_length(void **state)
{
    static const struct {
        unsigned items, page_size, pages;
    } rows[] = {
        { 0, 50, 1 }, { 1, 50, 1 }, { 1, 1, 1 }, { 2, 1, 2 }, { 5, 5, 1 }, { 6, 5, 2 }, { 10, 5, 2 },
        { 11, 5, 3 },
    };

    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        for (size_t i = 0; i < COUNT(rows); i++) {
            struct server server = { .shape = shape, .items = rows[i].items, .page_size = rows[i].page_size };

            walks(server, 0, SIZE_MAX, 0, rows[i].items, rows[i].pages);
            walks(server, 0, 1, 1, rows[i].items, rows[i].pages);
            walks(server, 0, 7, 64, rows[i].items, rows[i].pages);
        }
    }
}

static void split_at_every_octet(void **state)
{
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        const struct server server = { .shape = shape, .items = 3, .page_size = 2 };

        for (size_t first = 1; first < 500; first++) {
            walks(server, 0, first, SIZE_MAX, 3, 2);
        }
    }
}

static void a_thousand_items_on_twenty_pages(void **state)
{
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        const struct server server = { .shape = shape, .items = 1000, .page_size = 50 };

        walks(server, 0, 512, 512, 1000, 20);
    }
}

static void limits(void **state)
{
    static const struct {
        uint32_t limit;
        unsigned items, pages;
    } rows[] = {
        { 1, 1, 1 }, { 4, 4, 1 }, { 5, 5, 1 }, { 6, 6, 2 }, { 10, 10, 2 }, { 11, 11, 3 }, { 12, 12, 3 },
        { 13, 12, 3 }, { UINT32_MAX, 12, 3 },
    };

    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        const struct server server = { .shape = shape, .items = 12, .page_size = 5 };

        for (size_t i = 0; i < COUNT(rows); i++) {
            walks(server, rows[i].limit, SIZE_MAX, 0, rows[i].items, rows[i].pages);
            walks(server, rows[i].limit, 1, 1, rows[i].items, rows[i].pages);
        }
    }
}

/* What comes after the last item of the limit is not looked at, whatever it is. */
static void after_the_limit(void **state)
{
    static const char body[] = "{\"messages\":[{\"sid\":\"SM0\",\"error\":null},";
    struct walk walk;

    (void)state;
    begin(&walk, false, 1);
    assert_int_equal(feed(&walk, body, SIZE_MAX, 0), TWILIO_OK);
    assert_int_equal(feed(&walk, "]]]}\"\x01", 1, 1), TWILIO_OK);
    assert_int_equal(twilio_list_feed(&walk.list, body, (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_OK);
    assert_int_equal(walk.items, 1);
}

/* Elements of any type are items. A number ends only with the octet after it, which may come later. */
static void items_that_are_no_objects(void **state)
{
    static const char body[] = "{\"next_page_uri\":null,\"ids\":[1,22,\"x\",null,[3],{}]}";
    static const char *const values[] = { "1", "22", "x", "null", "", "" };
    char next[8], id[8];
    struct twilio_field fields[] = { TWILIO_LIST_NEXT(next), TWILIO_FIELD("ids[]", id), TWILIO_FIELD_END };
    struct twilio_request request = { .account = &account, .resource = "x" };
    struct twilio_list list = { .fields = fields };

    (void)state;
    for (size_t piece = 1; piece < sizeof body; piece++) {
        assert_int_equal(twilio_list_begin(&list, &request), TWILIO_OK);
        for (size_t at = 0, end; at < sizeof body - 1; at = end) {
            end = at + smaller(piece, sizeof body - 1 - at);
            while (at < end) {
                int n = twilio_list_feed(&list, body + at, end - at);

                assert_true(n >= 0);
                at += (size_t)n;
                if (twilio_list_has_item(&list)) {
                    assert_true(list.count <= COUNT(values));
                    assert_string_equal(id, values[list.count - 1]);
                }
            }
        }
        assert_int_equal(list.count, COUNT(values));
        assert_int_equal(twilio_list_next(&list, 200), TWILIO_OK);
    }
}

/* ---- The next page's address ---------------------------------------------------------------- */

/* One page, and what twilio_list_next makes of it */
struct turn {
    const char *body;
    int result;
    const char *target;  /* of the next request, if there is one */
};

static void turns(const struct turn *row, const struct twilio_account *its, bool v2)
{
    struct asked before, asked;
    struct walk walk;
    int e;

    begin(&walk, v2, 0);
    walk.request.account = its;
    before = ask(&walk.request);
    assert_int_equal(feed(&walk, row->body, SIZE_MAX, 0), TWILIO_OK);
    e = twilio_list_next(&walk.list, 200);
    check(e == row->result, "%s: %d, not %d", row->body, e, row->result);
    if (e == TWILIO_AGAIN) {
        asked = ask(&walk.request);
        check(strcmp(asked.target, row->target) == 0, "%s: %s", row->body, asked.target);
        check(strcmp(asked.host, before.host) == 0, "%s: at %s", row->body, asked.host);
        check(walk.request.resource >= walk.next && walk.request.resource < walk.next + MEMORY,
              "%s is elsewhere", asked.target);
    } else {
        e = twilio_list_feed(&walk.list, " ", 1);
        check(e == (row->result == TWILIO_OK ? 1 : row->result), "%s: %d, does not stick", row->body, e);
        e = twilio_list_next(&walk.list, 200);
        check(e == row->result, "%s: %d, does not stick", row->body, e);
    }
}

#define URI(address) "{\"messages\":[],\"next_page_uri\":" address "}"
#define URL(address) "{\"meta\":{\"next_page_url\":" address "},\"services\":[]}"
#define HERE         "https://verify.twilio.com"

static void next_addresses(void **state)
{
    static const struct turn rows[] = {
        /* the last page */
        { URI("null"), TWILIO_OK, NULL }, { URL("null"), TWILIO_OK, NULL },
        { URI("\"\""), TWILIO_OK, NULL }, { URL("\"\""), TWILIO_OK, NULL },
        { "{}", TWILIO_OK, NULL }, { "{\"meta\":{}}", TWILIO_OK, NULL },
        { "{\"meta\":null}", TWILIO_OK, NULL },
        { "[]", TWILIO_OK, NULL }, { "\"/x\"", TWILIO_OK, NULL }, { "17", TWILIO_OK, NULL },
        { "{\"a\":{\"next_page_uri\":\"/x\"}}", TWILIO_OK, NULL },
        { "{\"next_page_url\":\"/x\",\"meta\":{\"next_page_uri\":\"/x\"}}", TWILIO_OK, NULL },
        { "{\"next_page_uri\":\"/x\",\"next_page_uri\":null}", TWILIO_OK, NULL },
        { "{\"next_page_uri\":null,\"meta\":{\"next_page_url\":null}}", TWILIO_OK, NULL },
        /* a path */
        { URI("\"/x\""), TWILIO_AGAIN, "/x" }, { URI("\"/\""), TWILIO_AGAIN, "/" },
        { URI("\"" ACCOUNT "/Messages.json?PageSize=50&Page=1&PageToken=PASM1\""), TWILIO_AGAIN,
          ACCOUNT "/Messages.json?PageSize=50&Page=1&PageToken=PASM1" },
        { URI("\"\\/x\\u003f\\u0061=%20&b=https:\\/\\/evil.example\\/\""), TWILIO_AGAIN,
          "/x?a=%20&b=https://evil.example/" },
        { URL("\"/x\""), TWILIO_AGAIN, "/x" },
        { "{\"next_page_uri\":null,\"meta\":{\"next_page_url\":\"/x\"}}", TWILIO_AGAIN, "/x" },
        { "{\"meta\":{\"next_page_url\":null},\"next_page_uri\":\"/x\"}", TWILIO_AGAIN, "/x" },
        { "{\"next_page_uri\":\"/long\",\"next_page_uri\":\"/x\"}", TWILIO_AGAIN, "/x" },
        /* a whole address */
        { URL("\"" HERE "/v2/Services?Page=1\""), TWILIO_AGAIN, "/v2/Services?Page=1" },
        { URL("\"" HERE ":443/v2/Services?Page=1\""), TWILIO_AGAIN, "/v2/Services?Page=1" },
        { URL("\"HTTPS://VERIFY.Twilio.COM/v2\""), TWILIO_AGAIN, "/v2" },
        { URL("\"" HERE "/\""), TWILIO_AGAIN, "/" },
        { URI("\"" HERE "/x\""), TWILIO_AGAIN, "/x" },
        /* another host */
        { URL("\"https://evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://api.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://verify.sydney.us1.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://averify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://verify.twilio.co/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE ".evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "x/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "./v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https:///v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://:443/v2\""), TWILIO_ERR_PAGE, NULL },
        /* somebody there */
        { URL("\"https://verify.twilio.com@evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://verify.twilio.com:443@evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://user@verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://user:secret@verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://@verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        /* another port */
        { URL("\"" HERE ":80/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE ":4430/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE ":44/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE ":/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE ":0443/v2\""), TWILIO_ERR_PAGE, NULL },
        /* another scheme, or none */
        { URL("\"http://verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"ftp://verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https:/verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https:verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\" " HERE "/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"//verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"//evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "//evil.example/v2\""), TWILIO_ERR_PAGE, NULL },
        /* no path */
        { URL("\"" HERE "\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "?Page=1\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "?Page=/1\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "#/1\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"x\""), TWILIO_ERR_PAGE, NULL }, { URI("\"?Page=1\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"./x\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"\\\\\\\\evil.example/\""), TWILIO_ERR_PAGE, NULL },
        /* no text */
        { URI("true"), TWILIO_ERR_PAGE, NULL }, { URI("false"), TWILIO_ERR_PAGE, NULL },
        { URI("17"), TWILIO_ERR_PAGE, NULL }, { URI("{}"), TWILIO_ERR_PAGE, NULL },
        { URI("[\"/x\"]"), TWILIO_ERR_PAGE, NULL }, { URL("0"), TWILIO_ERR_PAGE, NULL },
        /* what no request can be made of */
        { URL("\"" HERE "/x y\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"/x y\""), TWILIO_ERR_PAGE, NULL }, { URI("\"/x#y\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"/x\\r\\nX: y\""), TWILIO_ERR_PAGE, NULL }, { URI("\"/\xC3\xA9\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"/{}\""), TWILIO_ERR_PAGE, NULL }, { URI("\"/\\u007f\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"/\\\\x\""), TWILIO_ERR_PAGE, NULL }, { URI("\"/\\\"\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"/x\\u0000\""), TWILIO_ERR_PAGE, NULL }, { URI("\"/x\\u0000y\""), TWILIO_ERR_PAGE, NULL },
        { URI("\"\\u0000/x\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"" HERE "\\u0000.evil.example/\""), TWILIO_ERR_PAGE, NULL },
        /* both, one over the other */
        { "{\"next_page_uri\":\"/x\",\"meta\":{\"next_page_url\":null}}", TWILIO_ERR_PAGE, NULL },
        { "{\"next_page_uri\":\"/x\",\"meta\":{\"next_page_url\":\"\"}}", TWILIO_ERR_PAGE, NULL },
        { "{\"meta\":{\"next_page_url\":\"/xyz\"},\"next_page_uri\":\"/x\"}", TWILIO_ERR_PAGE, NULL },
        { "{\"meta\":{\"next_page_url\":\"/x\"},\"next_page_uri\":null}", TWILIO_ERR_PAGE, NULL },
        { "{\"next_page_uri\":\"/x\",\"meta\":{\"next_page_url\":1}}", TWILIO_ERR_PAGE, NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        turns(&rows[i], &account, true);
    }
}

/* With an edge or a region, the server may name its host with or without them. */
static void addresses_with_edge_and_region(void **state)
{
    static const struct twilio_account there = {
        .sid = "AC" HEX32, .secret = "secret", .edge = "sydney", .region = "au1"
    };
    static const struct twilio_account own = {
        .sid = "AC" HEX32, .secret = "secret", .host = "Proxy.example"
    };
    static const struct turn at_there[] = {
        { URL("\"https://verify.sydney.au1.twilio.com/v2\""), TWILIO_AGAIN, "/v2" },
        { URL("\"https://VERIFY.SYDNEY.AU1.TWILIO.COM:443/v2\""), TWILIO_AGAIN, "/v2" },
        { URL("\"https://verify.twilio.com/v2\""), TWILIO_AGAIN, "/v2" },
        { URL("\"https://verify.au1.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://verify.dublin.au1.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
        { URL("\"https://api.sydney.au1.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
    };
    static const struct turn at_own[] = {
        { URL("\"https://proxy.EXAMPLE/v2\""), TWILIO_AGAIN, "/v2" },
        { URL("\"https://verify.twilio.com/v2\""), TWILIO_ERR_PAGE, NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(at_there); i++) {
        turns(&at_there[i], &there, true);
    }
    for (size_t i = 0; i < COUNT(at_own); i++) {
        turns(&at_own[i], &own, true);
    }
}

/* A host of the longest name is no other than itself. */
static void addresses_at_long_hosts(void **state)
{
    (void)state;
    for (size_t length = TWILIO_HOST_MAX - 2; length <= TWILIO_HOST_MAX; length++) {
        char host[TWILIO_HOST_MAX + 1] = "", same[sizeof host + 60], other[sizeof same];
        struct twilio_account own = { .sid = "AC" HEX32, .secret = "secret", .host = host };

        memset(host, 'h', length);
        snprintf(same, sizeof same, URL("\"https://%s/v2\""), host);
        snprintf(other, sizeof other, URL("\"https://%sh/v2\""), host);
        turns(&(struct turn){ same, TWILIO_AGAIN, "/v2" }, &own, true);
        turns(&(struct turn){ other, TWILIO_ERR_PAGE, NULL }, &own, true);
    }
}

/* An address that just fits, and one that does not. */
static void addresses_of_any_length(void **state)
{
    (void)state;
    for (size_t length = MEMORY - 3; length < MEMORY + 3; length++) {
        char target[MEMORY + 4] = "/", uri[sizeof target + 100], url[sizeof uri];
        struct turn row = { uri, length < MEMORY ? TWILIO_AGAIN : TWILIO_ERR_SIZE, target };

        memset(target + 1, 'x', length - 1);
        target[length] = '\0';
        snprintf(uri, sizeof uri, URI("\"%s\""), target);
        turns(&row, &account, false);
        target[length - (sizeof HERE - 1)] = '\0';
        snprintf(url, sizeof url, URL("\"" HERE "%s\""), target);
        row.body = url;
        turns(&row, &account, true);
    }
}

/* An address may fit into the caller's memory, and yet be longer than a request's head can be. */
static void address_too_long_for_a_request(void **state)
{
    static char next[TWILIO_HEAD_MAX + 10], body[TWILIO_HEAD_MAX + 100];
    struct twilio_field fields[] = { TWILIO_LIST_NEXT(next), TWILIO_FIELD_END };
    struct twilio_request request = { .account = &account, .resource = "x" };
    struct twilio_list list = { .fields = fields };

    (void)state;
    snprintf(body, sizeof body, "{\"next_page_uri\":\"/%0*d\"}", TWILIO_HEAD_MAX, 0);
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_OK);
    assert_int_equal(twilio_list_feed(&list, body, strlen(body)), strlen(body));
    assert_int_equal(twilio_list_next(&list, 200), TWILIO_ERR_PAGE);
}

/* ---- The next request ----------------------------------------------------------------------- */

#define HEAD_OF(target, host, more) \
    "GET " target " HTTP/1.1\r\nHost: " host "\r\n" \
    "Authorization: Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpzZWNyZXQ=\r\n" \
    "Accept-Encoding: identity\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION more "\r\n\r\n"

/* It can be made again and again, until its answer's body begins; its item and parameters are gone, its
 * headers stay. */
static void the_next_request(void **state)
{
    static const char expected[] = HEAD_OF("/v2/Services?Page=1", "verify.twilio.com", " panel/1\r\nX-A: b");
    const struct twilio_headers headers = { "panel/1", TWILIO_PARAMS({ "X-A", "b" }) };
    char wire[sizeof expected];
    struct walk walk;

    (void)state;
    begin(&walk, true, 0);
    walk.request.headers = (struct twilio_generator){ twilio_headers, &headers };
    assert_int_equal(feed(&walk, URL("\"" HERE "/v2/Services?Page=1\""), 1, 1), TWILIO_OK);
    assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
    for (int i = 0; i < 3; i++) {
        memset(wire, 0, sizeof wire);
        assert_int_equal(twilio_encode(&walk.request, 0, wire, sizeof wire), sizeof expected - 1);
        assert_string_equal(wire, expected);
        assert_int_equal(twilio_list_feed(&walk.list, "", 0), 0);
    }
    assert_ptr_equal(walk.request.account, &account);
    assert_null(walk.request.item);
    assert_null(walk.request.params);
    assert_null(walk.request.more.write);
    assert_string_equal(walk.request.product, "verify");
    assert_int_equal(feed(&walk, URL("\"/v2/Services?Page=2\""), 1, 1), TWILIO_OK);
    assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
    assert_string_equal(ask(&walk.request).target, "/v2/Services?Page=2");
}

/* As in the header: a list of messages, walked page by page. */
static void the_list_of_messages(void **state)
{
    static const char pages[2][100] = {
        "{\"next_page_uri\":\"" ACCOUNT "/x\"}", "{\"messages\":[{\"sid\":\"SM1\"}]}",
    };
    char next[300], sid[35];
    struct twilio_field fields[] = {
        TWILIO_LIST_NEXT(next), TWILIO_FIELD("messages[].sid", sid), TWILIO_FIELD_END
    };
    struct twilio_list list = { .fields = fields, .limit = 200 };
    struct twilio_request request = { .account = &account };

    (void)state;
    twilio_message_list(&request, &(struct twilio_message_filter){ .page_size = 20 });
    assert_string_equal(ask(&request).target, ACCOUNT "/Messages.json?PageSize=20");
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_OK);
    assert_int_equal(twilio_list_feed(&list, pages[0], strlen(pages[0])), strlen(pages[0]));
    assert_int_equal(twilio_list_next(&list, 200), TWILIO_AGAIN);
    assert_string_equal(ask(&request).target, ACCOUNT "/x");
    assert_string_equal(ask(&request).host, "api.twilio.com");
    assert_int_equal(twilio_list_feed(&list, pages[1], strlen(pages[1])), strlen(pages[1]) - 2);
    assert_true(twilio_list_has_item(&list));
    assert_string_equal(sid, "SM1");
    assert_int_equal(twilio_list_feed(&list, "]}", 2), 2);
    assert_int_equal(twilio_list_next(&list, 200), TWILIO_OK);
}

/* ---- Pages that are none -------------------------------------------------------------------- */

static void bad_pages(void **state)
{
    static const struct {
        const char *body;
        int fed, result;
        unsigned items;
    } rows[] = {
        { "", TWILIO_OK, TWILIO_ERR_JSON, 0 },
        { " ", TWILIO_OK, TWILIO_ERR_JSON, 0 },
        { "{", TWILIO_OK, TWILIO_ERR_JSON, 0 },
        { "{\"messages\":[{\"sid\":\"SM0\",\"error\":null}", TWILIO_OK, TWILIO_ERR_JSON, 1 },
        { "{\"messages\":[{\"sid\":\"SM0\",\"error\":null}]", TWILIO_OK, TWILIO_ERR_JSON, 1 },
        { "{\"next_page_uri\":\"/y\",\"messages\":[]", TWILIO_OK, TWILIO_ERR_JSON, 0 },
        { "<html>", TWILIO_ERR_JSON, TWILIO_ERR_JSON, 0 },
        { "{\"messages\":[{\"sid\":\"SM0\",\"error\":null},]}", TWILIO_ERR_JSON, TWILIO_ERR_JSON, 1 },
        { "{\"messages\":[],\"next_page_uri\":\"/y\"}}", TWILIO_ERR_JSON, TWILIO_ERR_JSON, 0 },
        { "{\"next_page_uri\":\"/y\xFF\"}", TWILIO_ERR_JSON, TWILIO_ERR_JSON, 0 },
        { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", TWILIO_ERR_DEPTH,
          TWILIO_ERR_DEPTH, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int second = 0; second < 2; second++) {
            struct walk walk;
            int e;

            begin(&walk, false, 0);
            if (second) {
                assert_int_equal(feed(&walk, URI("\"/x\""), SIZE_MAX, 0), TWILIO_OK);
                assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
            }
            e = feed(&walk, rows[i].body, 3, 5);
            check(e == rows[i].fed, "%s: %d", rows[i].body, e);
            e = twilio_list_next(&walk.list, 200);
            check(e == rows[i].result && walk.items == rows[i].items, "%s: %d, %u items", rows[i].body, e,
                  walk.items);
            assert_int_equal(twilio_list_feed(&walk.list, "{}", 2), rows[i].result);
            assert_int_equal(twilio_list_feed(&walk.list, NULL, 0), rows[i].result);
            assert_int_equal(twilio_list_next(&walk.list, 200), rows[i].result);
        }
    }
}

/* An answer other than 200 is no page: the same one can be asked for again, as long as it was not fed. */
static void other_codes(void **state)
{
    static const int codes[] = {
        0, 100, 199, 201, 204, 206, 301, 302, 304, 400, 401, 404, 429, 500, 503, -200
    };
    struct walk walk;

    (void)state;
    begin(&walk, false, 0);
    for (int page = 0; page < 3; page++) {
        struct asked asked = ask(&walk.request);
        char body[100];

        for (size_t i = 0; i < COUNT(codes); i++) {
            assert_int_equal(twilio_list_next(&walk.list, codes[i]), TWILIO_ERR_CONTENT);
            assert_string_equal(ask(&walk.request).target, asked.target);
        }
        snprintf(body, sizeof body,
                 "{\"messages\":[{\"sid\":\"SM%d\",\"error\":%s}],\"next_page_uri\":\"/x%d\"}",
                 page, page == 0 ? "null" : "30003", page);
        assert_int_equal(feed(&walk, body, 10, 10), TWILIO_OK);
        assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
    }
    assert_int_equal(walk.items, 3);
    assert_string_equal(ask(&walk.request).target, "/x2");

    /* though the body was fed: the code is what counts */
    assert_int_equal(feed(&walk, "<html>", 10, 10), TWILIO_ERR_JSON);
    assert_int_equal(twilio_list_next(&walk.list, 503), TWILIO_ERR_CONTENT);
    assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_ERR_JSON);
}

/* Whether empty or not, it would be walked for ever. */
static void a_page_that_names_itself(void **state)
{
    static const char *const bodies[] = {
        URI("\"/x?Page=1\""),
        "{\"messages\":[{\"sid\":\"SM0\",\"error\":null}],\"next_page_uri\":\"/x?Page=1\"}"
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct walk walk;

        begin(&walk, false, 0);
        assert_int_equal(feed(&walk, URI("\"/x?Page=1\""), 1, 1), TWILIO_OK);
        assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
        assert_int_equal(feed(&walk, bodies[i], 1, 1), TWILIO_OK);
        assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_ERR_PAGE);
        assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_ERR_PAGE);
    }
}

/* Empty pages are walked through, and addresses that differ in one octet are different. */
static void empty_pages(void **state)
{
    static const char *const addresses[] = { "/a", "/b", "/a", "/aa", "/ab", "/bb", "/ba", "/b", "/ba" };
    struct walk walk;

    (void)state;
    begin(&walk, false, 0);
    for (size_t i = 0; i < COUNT(addresses); i++) {
        char body[100];

        snprintf(body, sizeof body, URI("\"%s\""), addresses[i]);
        assert_int_equal(feed(&walk, body, SIZE_MAX, 0), TWILIO_OK);
        assert_int_equal(twilio_list_next(&walk.list, 200), TWILIO_AGAIN);
        assert_string_equal(ask(&walk.request).target, addresses[i]);
    }
    assert_int_equal(walk.list.count, 0);
}

/* ---- Mistakes, and lists used again --------------------------------------------------------- */

static void mistakes(void **state)
{
    char next[8], other[8], sid[8];
    struct twilio_field good[] = { TWILIO_LIST_NEXT(next), TWILIO_FIELD("a[].sid", sid), TWILIO_FIELD_END };
    struct twilio_field none[] = { TWILIO_FIELD_END };
    struct twilio_field one[] = { TWILIO_FIELD("next_page_uri", next), TWILIO_FIELD_END };
    struct twilio_field two[] = {
        TWILIO_FIELD("next_page_uri", next), TWILIO_FIELD("meta.next_page_url", other), TWILIO_FIELD_END
    };
    struct twilio_field nowhere[] = {
        { "next_page_uri", NULL, 0, 0, 0 }, { "meta.next_page_url", NULL, 0, 0, 0 }, TWILIO_FIELD_END
    };
    struct twilio_field no_size[] = { TWILIO_LIST_NEXT(next), { "a[].sid", sid, 0, 0, 0 }, TWILIO_FIELD_END };
    struct twilio_field *const tables[] = { NULL, none, one, two, nowhere, no_size };
    struct twilio_request request = { .account = &account, .resource = "x" };
    struct twilio_list list;

    (void)state;
    for (size_t i = 0; i < COUNT(tables); i++) {
        list.fields = tables[i];
        check(twilio_list_begin(&list, &request) == TWILIO_ERR_ARGUMENT, "table %zu", i);
    }
    list.fields = good;
    assert_int_equal(twilio_list_begin(NULL, &request), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_list_begin(&list, NULL), TWILIO_ERR_ARGUMENT);
    request.method = TWILIO_POST;
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_ERR_ARGUMENT);
    request.method = TWILIO_GET;
    request.account = NULL;
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_ERR_ARGUMENT);
    request.account = &account;
    list.limit = 0;
    assert_int_equal(twilio_list_begin(&list, &request), TWILIO_OK);
    assert_int_equal(twilio_list_feed(&list, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_list_feed(&list, "{}", (size_t)INT_MAX + 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(twilio_list_feed(&list, "{\"a\":[{}", 8), 8);
    assert_int_equal(list.count, 1);
    assert_int_equal(twilio_list_feed(&list, NULL, 1), TWILIO_ERR_ARGUMENT);
    assert_int_equal(list.count, 1);
    assert_int_equal(twilio_list_feed(&list, "]}", 2), 2);
    assert_int_equal(twilio_list_next(&list, 200), TWILIO_OK);
    assert_int_equal(list.count, 1);
}

/* What the table held is gone, and a list that ended badly can begin anew. */
static void a_list_used_again(void **state)
{
    struct server server = { .shape = URI_LAST, .items = 3, .page_size = 2 };
    struct walk walk;

    (void)state;
    begin(&walk, false, 0);
    assert_int_equal(walk.fields[0].type, 0);
    assert_int_equal(walk.next[0], '\0');
    assert_int_equal(feed(&walk, "{]", SIZE_MAX, 0), TWILIO_ERR_JSON);
    assert_int_equal(twilio_list_begin(&walk.list, &walk.request), TWILIO_OK);
    assert_int_equal(walk_all(&walk, &server, SIZE_MAX, 0), TWILIO_OK);
    assert_int_equal(walk.items, 3);
    assert_int_equal(server.pages, 2);
    walk.items = 0;
    walk.request.resource = "Messages.json";
    server.pages = 0;
    assert_int_equal(twilio_list_begin(&walk.list, &walk.request), TWILIO_OK);
    assert_int_equal(walk.list.count, 0);
    assert_int_equal(walk_all(&walk, &server, 1, 1), TWILIO_OK);
    assert_int_equal(walk.list.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_any_length),
        cmocka_unit_test(split_at_every_octet),
        cmocka_unit_test(a_thousand_items_on_twenty_pages),
        cmocka_unit_test(limits),
        cmocka_unit_test(after_the_limit),
        cmocka_unit_test(items_that_are_no_objects),
        cmocka_unit_test(next_addresses),
        cmocka_unit_test(addresses_with_edge_and_region),
        cmocka_unit_test(addresses_at_long_hosts),
        cmocka_unit_test(addresses_of_any_length),
        cmocka_unit_test(address_too_long_for_a_request),
        cmocka_unit_test(the_next_request),
        cmocka_unit_test(the_list_of_messages),
        cmocka_unit_test(bad_pages),
        cmocka_unit_test(other_codes),
        cmocka_unit_test(a_page_that_names_itself),
        cmocka_unit_test(empty_pages),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(a_list_used_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
