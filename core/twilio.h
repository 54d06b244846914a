/*
 * twilio.h - Twilio's REST API for microcontrollers: the core
 *
 * Four pure machines over the caller's memory, each usable alone:
 *
 *   request  --twilio_encode-->   bytes of an HTTP/1.1 request, any window of them
 *   bytes    --twilio_response--> status, headers, body of the answer, as they come
 *   body     --twilio_json-->     the fields you named, as they go by
 *   exchange                      drives the three over a transport, and never waits
 *
 * The core has no heap, no static buffers, no clock, no randomness, no I/O and no
 * recursion. It calls memcpy and memset, and nothing else.
 *
 * Conventions, said once:
 *   - Memory is the caller's. What a struct points to must outlive the struct's use.
 *     Nothing is allocated, so there is nothing to free.
 *   - Sizes and lengths are bytes. Strings are NUL-terminated UTF-8.
 *   - A zeroed member is its default. Members under "private" are not for callers.
 *   - Functions return >= 0, or a negative enum twilio_result. Errors stick: after
 *     one, every further call on that object returns it again.
 *   - HTTP 4xx and 5xx are answers, not errors.
 *   - One object may be used by one thread at a time; objects share nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_H
#define TWILIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_VERSION       "0.1.0"
#define TWILIO_VERSION_MAJOR 0
#define TWILIO_VERSION_MINOR 1
#define TWILIO_VERSION_PATCH 0

/* ---- Limits ---------------------------------------------------------------- */

#define TWILIO_HOST_MAX     100      /* longest host name, without its NUL */
#define TWILIO_HEAD_MAX     8192     /* longest request line and headers */
#define TWILIO_BODY_MAX     65535    /* longest encoded form body */
#define TWILIO_NAME_MAX     31       /* longest header name that can be wanted */
#define TWILIO_DEPTH_MAX    16       /* nesting of a JSON text that is always read; deeper may be refused */
#define TWILIO_PATH_MAX     39       /* longest path of a JSON value that can be wanted */
#define TWILIO_SCRATCH_MIN  (TWILIO_HOST_MAX + 1)  /* least scratch of an exchange */
#define TWILIO_RESPONSE_HEAD_MAX 32768 /* longest head of an answer, with the 1xx before it;
                                        longest line of a chunk's size; longest trailer */

/* ---- Results --------------------------------------------------------------- */

enum twilio_result {
    TWILIO_KEPT  = 3,   /* transport: the connection was open already */
    TWILIO_ITEM  = 2,   /* JSON: an element of an array has been picked */
    TWILIO_FULL  = 1,   /* the body window is full: take it, then go on */
    TWILIO_OK    = 0,   /* done */
    TWILIO_AGAIN = -1,  /* not an error: nothing more can be done right now */

    /* The caller's mistakes. Nothing was written or sent. */
    TWILIO_ERR_ARGUMENT    = -2,  /* NULL where something is needed, or a size that does not fit it;
                                     unknown method */
    TWILIO_ERR_ACCOUNT     = -3,  /* account SID missing, or not made of A-Z a-z 0-9 - . _ ~ */
    TWILIO_ERR_CREDENTIALS = -4,  /* user name or secret missing; a control character in one; ':' in a
                                     user name; what no URI holds in a bearer token */
    TWILIO_ERR_HOST        = -5,  /* host, product, edge or region empty, not made of
                                     A-Z a-z 0-9 - . _ ~, or together over TWILIO_HOST_MAX */
    TWILIO_ERR_VERSION     = -6,  /* API version empty, or not made of A-Z a-z 0-9 - . _ ~ */
    TWILIO_ERR_RESOURCE    = -7,  /* resource NULL, or with an octet that no URI holds, or '#'; item "" */
    TWILIO_ERR_PARAMETER   = -8,  /* a parameter with an empty name */
    TWILIO_ERR_SIZE        = -9,  /* request over TWILIO_HEAD_MAX or TWILIO_BODY_MAX; scratch under
                                     TWILIO_SCRATCH_MIN */
    TWILIO_ERR_HEADER      = -40, /* a further header that cannot be: see twilio_headers */
    TWILIO_ERR_BUSY        = -51, /* the client has a call under way: one at a time */

    /* The caller's mistakes that the helpers find: what Twilio would refuse, or silently twist. */
    TWILIO_ERR_NUMBER      = -41, /* a phone number that is not E.164: "+15558675310" */
    TWILIO_ERR_SENDER      = -42, /* no sender, or none that can be */
    TWILIO_ERR_CONTENT     = -43, /* nothing to send, say or fetch; a list's or token's answer without them */
    TWILIO_ERR_CONFLICT    = -44, /* two that exclude each other: Url and Twiml, SendDigits and
                                     MachineDetection */
    TWILIO_ERR_LENGTH      = -45, /* a text, or a list, longer than Twilio takes */
    TWILIO_ERR_SCHEDULE    = -46, /* SendAt without MessagingServiceSid */
    TWILIO_ERR_SID         = -47, /* not two letters of the right kind and 32 hexadecimal digits */
    TWILIO_ERR_RANGE       = -48, /* a number, a date or a choice that Twilio does not take */
    TWILIO_ERR_TWIML       = -49, /* what cannot be XML: see twilio_twiml.h */
    TWILIO_ERR_URL         = -50, /* not a URL that Twilio can fetch: http:// or https://, what a URI holds */

    /* The peer's. */
    TWILIO_ERR_HTTP   = -10,  /* not an HTTP/1.1 answer as RFC 9112 has it */
    TWILIO_ERR_JSON   = -11,  /* not JSON as RFC 8259 has it */
    TWILIO_ERR_DEPTH  = -12,  /* JSON nested too deep: TWILIO_DEPTH_MAX */
    TWILIO_ERR_CLOSED = -13,  /* the peer ended in the middle: the answer is cut short */
    TWILIO_ERR_PAGE   = -14,  /* the next page of a list is elsewhere: another host, no path, or itself */

    /* The way to the peer: for transports to return; the core passes them on. */
    TWILIO_ERR_RESET         = -20,  /* the connection was reset */
    TWILIO_ERR_TIMEOUT       = -21,  /* a deadline passed */
    TWILIO_ERR_NETWORK       = -22,  /* no link, no address, or no sockets left */
    TWILIO_ERR_DNS           = -23,  /* the host name did not resolve */
    TWILIO_ERR_CONNECT       = -24,  /* nobody answers at that address and port */
    TWILIO_ERR_TLS           = -25,  /* the TLS protocol was broken */
    TWILIO_ERR_TLS_ALERT     = -26,  /* the server ended TLS with an alert */
    TWILIO_ERR_TLS_MISMATCH  = -27,  /* no TLS version or cipher suite in common */
    TWILIO_ERR_UNTRUSTED     = -28,  /* the chain does not end in a trust anchor */
    TWILIO_ERR_WRONG_NAME    = -29,  /* a good certificate, of another host */
    TWILIO_ERR_EXPIRED       = -30,  /* a certificate has expired */
    TWILIO_ERR_NOT_YET_VALID = -31,  /* a certificate is not yet valid: is the clock set? */
    TWILIO_ERR_MEMORY        = -32,  /* the TLS arena is too small */
    TWILIO_ERR_ENTROPY       = -33,  /* the board gave no entropy */
    TWILIO_ERR_ANCHORS       = -34,  /* no trust anchor given, or one that does not parse */
    TWILIO_ERR_RECORD        = -35,  /* a TLS record or certificate chain over TWILIO_TLS_RECORD_MAX */
    TWILIO_ERR_PROXY         = -36,  /* the proxy refused to connect us, or wants another login */

    /* The flash's: see twilio_journal.h. */
    TWILIO_ERR_FLASH         = -52,  /* the flash failed, or holds what does not check */
    TWILIO_ERR_FULL          = -53   /* the journal has no room until entries are settled */
};

/* ---- Fields: what to pick, and where to ------------------------------------ */

/* One value wanted from headers or from JSON. Tables of fields end with a NULL name.
 *
 * Header names match in any case; ":reason" names the reason phrase. A repeated
 * header gives its last value. White space inside a value comes as spaces.
 *
 * JSON names are paths: "sid", "meta.next_page_url", "messages[].sid", "[].sid".
 * A path stands once in a table. A key repeated in one object gives its last value. Keys holding
 * '.' or ']' cannot be named. */
struct twilio_field {
    const char *name;
    char    *text;    /* out: the value, NUL-terminated, cut to fit at a character's end;
                         JSON strings come unescaped, numbers and literals as they stand.
                         NULL: only type and length are wanted */
    uint16_t size;    /* bytes at text, with the NUL; 0 only with NULL text */
    uint16_t length;  /* out: bytes of the whole value; >= size when it was cut; at most 65535 */
    char     type;    /* out: 0 absent, 's' string or header, 'n' number, 't' true,
                         'f' false, '0' null, '{' object, '[' array (the last two without text) */
};

/* An entry for a char array: { TWILIO_FIELD("sid", sid), TWILIO_FIELD_END } */
#define TWILIO_FIELD(name, array) { (name), (array), (uint16_t)sizeof(array), 0, 0 }
#define TWILIO_FIELD_END          { NULL, NULL, 0, 0, 0 }

/* ---- Request --------------------------------------------------------------- */

/* Writes what is made while it is sent; see below. write NULL: none. */
struct twilio_sink;
struct twilio_generator {
    int (*write)(struct twilio_sink *sink, const void *source);
    const void *source;  /* the generator's own; must outlive the request */
};

/* Whose resources, and with which right. Basic authentication is key:secret (RFC 7617). */
struct twilio_account {
    const char *sid;     /* "AC...": the account whose resources these are. May be NULL with a
                            bearer token or key when no resource lies under the account */
    const char *key;     /* "SK...": API key to log in with; NULL: sid */
    const char *secret;  /* the key's secret, or the account's auth token */
    const char *bearer;  /* OAuth access token to use instead of key and secret; NULL: Basic */
    struct twilio_generator authorization; /* writes the header's value, "Basic ...", in place of those three:
                                              from a secure element or a sealed store. Called twice or more
                                              for each window; nothing checks what it writes.
                                              write NULL: none */
    const char *version; /* NULL: "2010-04-01" */
    const char *edge;    /* "sydney"; NULL: none */
    const char *region;  /* "au1"; NULL: none, or "us1" when there is an edge */
    const char *host;    /* the whole host name; NULL: product[.edge][.region].twilio.com */
    bool latin1;         /* parameters are ISO 8859-1, to be sent as UTF-8; false: they are UTF-8 */
};

enum twilio_method { TWILIO_GET, TWILIO_HEAD, TWILIO_POST, TWILIO_PUT, TWILIO_PATCH, TWILIO_DELETE };

struct twilio_param {
    const char *name;   /* sent percent-encoded, as the value is; NULL ends the table */
    const char *value;  /* any bytes; NULL: as "" */
};

/* A table of parameters, ended: TWILIO_PARAMS({"To", to}, {"Body", body}). Inside a function it lives as long
 * as the block around it; a static table there has to be written out. */
#define TWILIO_PARAMS(...) ((const struct twilio_param[]){ __VA_ARGS__, { NULL, NULL } })

/* A request is a description: const, perhaps in flash, never copied.
 *
 * The resource is put under /version/Accounts/sid/, as WWW::Twilio::API does:
 *   "Messages.json"         /2010-04-01/Accounts/AC.../Messages.json
 *   "Accounts"              /2010-04-01/Accounts/AC...
 *   ""                      /2010-04-01/Accounts/AC.../
 *   "/v2/Services/VA..."    a leading '/': the path as it is (next_page_uri, too)
 * With a product other than "api" it is the path from the root, '/' supplied if missing.
 * It may have a query of its own. It goes out as it is: octets that no URI may hold (space, '"',
 * '<', '>', '\', '^', '`', '{', '|', '}', control characters, non-ASCII), and '#', are
 * TWILIO_ERR_RESOURCE; write them as %XX.
 *
 * Parameters, in order and with their repeats, go into the query of a GET and into the
 * form body of anything else (HEAD and DELETE too, as WWW::Twilio::API has it). POST, PUT
 * and PATCH always have a Content-Length; the others when they have parameters. */
struct twilio_request {
    const struct twilio_account *account;
    enum twilio_method method;          /* 0: GET */
    bool anonymous;                     /* without login: the form has one of its own (oauth) */
    const char *product;                /* "verify", "lookups", ...; NULL: "api" */
    const char *resource;
    const char *item;                   /* stands, percent-encoded, in place of each {} in resource:
                                           "CA..." in "Calls/{}.json"; NULL: none */
    const struct twilio_param *params;  /* up to a NULL name; NULL: none */
    struct twilio_generator more;       /* of further parameters, after those: twilio_url, ... */
    struct twilio_generator headers;    /* of further headers: twilio_headers */
};

/* Is this request fit to send? TWILIO_OK, or the error that names the mistake; of several, one. */
int twilio_request_check(const struct twilio_request *request);

/* Write bytes [offset, offset + size) of the request as it goes over the wire to buf.
 * A pure function: the same arguments give the same bytes, whatever came before; what
 * the network did not take is simply asked for again. Needs no memory but buf.
 * Returns the bytes written: size, less at the end, 0 past the end; or an error, with
 * nothing written. buf may be NULL if size is 0. size is at most INT_MAX. */
int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size);

/* Write the name of the host the request goes to, NUL-terminated. Returns its length, at most
 * TWILIO_HOST_MAX, or an error: TWILIO_ERR_ARGUMENT if it does not fit, with part of it written. */
int twilio_host(const struct twilio_request *request, char *buf, size_t size);

/* ---- Generators: what is made while it is sent ------------------------------ */

/* A generator of parameters writes for each its name, by twilio_write_name, then its value, by any number
 * of calls that write a piece of it; what needs to be percent-encoded is. It is called twice or more for
 * each window of the request, and has to write the same each time. It returns 0, or the mistake
 * that it found in its source: then twilio_request_check returns that, and nothing is sent.
 *
 * Each helper for one kind of request (twilio_messages.h, twilio_calls.h, ...) is a generator. */

/* Begin a parameter. name: as in twilio_param. */
void twilio_write_name(struct twilio_sink *sink, const char *name);

/* Write a piece of its value. */
void twilio_write(struct twilio_sink *sink, const char *text);
void twilio_write_octet(struct twilio_sink *sink, uint8_t octet);
void twilio_write_number(struct twilio_sink *sink, uint32_t number);

/* A whole parameter. value NULL: none. */
void twilio_write_param(struct twilio_sink *sink, const char *name, const char *value);

/* A parameter whose value is a URL with a query of its own, which thus is encoded twice:
 *   { "Url", "https://example.com/say", TWILIO_PARAMS({"message", "Rain & wind"}) }
 *   Url=https%3A%2F%2Fexample.com%2Fsay%3Fmessage%3DRain%2520%2526%2520wind
 * base may have a query already; it goes on with '&'. A '#' in base is TWILIO_ERR_URL if query is given. */
struct twilio_url {
    const char *name, *base;
    const struct twilio_param *query;  /* NULL: none */
};

/* The generator of one such parameter; source is a struct twilio_url:
 *   .more = { twilio_url, &url } */
int twilio_url(struct twilio_sink *sink, const void *source);

/* Further headers of a request, and what its User-Agent says after "twilio-mcu/0.1.0". */
struct twilio_headers {
    const char *agent;                /* "my-panel/1.2"; NULL: nothing */
    const struct twilio_param *lines; /* names and values, up to a NULL name; NULL: none */
};

/* Their generator; source is a struct twilio_headers: .headers = { twilio_headers, &headers }.
 * Names are made of A-Z a-z 0-9 - . _ ~; values have no control characters, and are not NULL; headers
 * that the library sends or that say where a message ends are not to be given: TWILIO_ERR_HEADER. */
int twilio_headers(struct twilio_sink *sink, const void *source);

/* ---- Response -------------------------------------------------------------- */

/* The reader of one answer. Set method, headers, body and body_size, call twilio_response_begin,
 * feed. (Octets come first for the sake of code size: Thumb reaches them within 32 bytes.) */
struct twilio_response {
    enum twilio_method method;     /* of the request: an answer to HEAD has no body */
    uint8_t state, flags, header;  /* private */

    struct twilio_field *headers;  /* wanted headers, each once; NULL: none */
    char  *body;                   /* the window that the body is written to; NULL: the body is
                                      checked, counted and dropped */
    size_t body_size;              /* bytes of the window; not 0 unless body is NULL */

    int      status;       /* TWILIO_AGAIN: wants more; TWILIO_FULL: take the window, set body_length
                              to 0, go on; TWILIO_OK: the answer is complete; or the error */
    size_t   body_length;  /* bytes in the window now */
    uint32_t body_total;   /* bytes of the body so far, those taken or dropped included, modulo 2^32 */
    uint16_t code;         /* 100 ... 999, once the status line is read; 0 before. While the head of
                              an interim answer (1xx) passes it is that one's */
    bool     reusable;     /* once complete: another request may follow on this connection */

    /* private */
    uint8_t  word_size;
    uint16_t spaces, head_left;
    uint32_t left;
    struct twilio_field *field;
    char     word[TWILIO_NAME_MAX + 1];
};

/* Returns TWILIO_OK or ERR_ARGUMENT. Clears what the headers table held. */
int twilio_response_begin(struct twilio_response *response);

/* Read on. size 0 says that the peer closed the connection in good order.
 * Returns the bytes consumed: fewer than size when the window is full or the answer is
 * complete (see status); or an error: what was consumed of this piece before the flaw
 * may already be in the window. size is at most INT_MAX. */
int twilio_response_feed(struct twilio_response *response, const void *data, size_t size);

/* ---- JSON ------------------------------------------------------------------ */

/* The picker. Set fields, call twilio_json_begin, feed. Twilio's errors are read alike:
 * "code" and "message" (or "detail" where the body is RFC 9457's problem+json). */
struct twilio_json {
    struct twilio_field *fields;  /* wanted; NULL: none, the text is only checked */

    int status;        /* TWILIO_AGAIN: wants more; TWILIO_ITEM: see feed; TWILIO_OK: the text is
                          complete (white space may follow); or the error */

    /* private */
    struct twilio_field *live;
    uint32_t unicode;
    uint8_t  state, count, path_size;
    bool     key;
    char     path[TWILIO_PATH_MAX + 2 * TWILIO_DEPTH_MAX + 3];
};

/* Returns TWILIO_OK or ERR_ARGUMENT. Clears what the table held. */
int twilio_json_begin(struct twilio_json *json);

/* Read on. size 0 says that the text ends here: status becomes TWILIO_OK or ERR_JSON.
 * Returns the bytes consumed, or an error. Fewer than size are consumed only when status
 * is TWILIO_ITEM: an element of an array that some path names with [] has ended, and the
 * fields hold what it had. They are cleared when the next element begins. */
int twilio_json_feed(struct twilio_json *json, const char *data, size_t size);

/* ---- Transport ------------------------------------------------------------- */

/* A connection to a server, by four functions that never wait. An implementation of
 * connect verifies the server before it returns TWILIO_OK. */
struct twilio_transport {
    /* Open a connection to host, or go on opening it: called until it returns other than
     * TWILIO_AGAIN. TWILIO_OK: open, and new. TWILIO_KEPT: one to this host was still open
     * from before. Otherwise an error. host is valid during the call only. */
    int (*connect)(void *context, const char *host);

    /* Returns the bytes taken, 1 ... size; TWILIO_AGAIN: none, and the same bytes will be
     * offered again, at the same address; or an error, and then the peer cannot have got
     * all of the bytes offered. */
    int (*send)(void *context, const void *data, size_t size);

    /* Returns the bytes received, 1 ... size; 0: the peer closed, in good order; TWILIO_AGAIN:
     * none for now; or an error. */
    int (*recv)(void *context, void *data, size_t size);

    /* Let go of the connection, or of the attempt at one. Called once for each. */
    void (*close)(void *context);

    void *context;  /* the transport's own */
};

/* ---- Exchange -------------------------------------------------------------- */

/* One request and its answer. Set the first group and response.headers, .body and .body_size;
 * then begin, then step until the result is neither TWILIO_AGAIN nor TWILIO_FULL. */
struct twilio_exchange {
    const struct twilio_request   *request;
    const struct twilio_transport *transport;
    void  *scratch;       /* for outgoing and incoming bytes: the exchange's own until it is over,
                             then free of credentials */
    size_t scratch_size;  /* at least TWILIO_SCRATCH_MIN; 512 is good */

    /* Whether the peer may have the whole request. While false, the request was certainly not
     * carried out and can be repeated; once true, without an answer the outcome is unknown. */
    bool committed;

    /* private */
    uint8_t state;
    bool    open, kept;
    size_t  sent, have, used;

    struct twilio_response response;  /* its method is set by begin */
};

/* Returns TWILIO_OK, or the caller's mistake. Touches neither network nor scratch. */
int twilio_exchange_begin(struct twilio_exchange *exchange);

/* Do what can be done without waiting. TWILIO_OK: the answer is complete; TWILIO_FULL: take
 * response.body_length bytes from response.body, set body_length to 0, step again;
 * TWILIO_AGAIN: step again later; or an error.
 * A connection left open by the previous exchange is reused if it is still sound; if it turns
 * out dead before the request is committed, it is replaced once, silently. A complete answer
 * leaves the connection open where the peer allows; everything else closes it. */
int twilio_exchange_step(struct twilio_exchange *exchange);

/* Give up, at a deadline perhaps: closes the connection if the exchange is not over.
 * Further steps return error (which must be negative); committed stays as it was. */
void twilio_exchange_abort(struct twilio_exchange *exchange, int error);

#ifdef __cplusplus
}
#endif
#endif
