/*
 * request.c - the encoder: any window of a request's wire image, from its description
 *
 * One code path checks, counts and writes. Every octet goes through put(), which knows its
 * position in the image and stores it only if that lies in the window asked for; the caller's
 * texts are checked as they go by. A first pass, without a window, finds the caller's mistakes
 * and the sizes; a second one writes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "twilio.h"

#include <limits.h>
#include <string.h>

/* RFC 3986: what never needs an escape, and what may stand in a URI. */
static const octet_set unreserved = { 0x03FF6000U, 0x87FFFFFEU, 0x47FFFFFEU };
static const octet_set in_uri     = { 0xAFFFFFF2U, 0xAFFFFFFFU, 0x47FFFFFEU };

/* The caller's texts, and the octets that stand for them in the texts below. */
#define RESOURCE "\1"
#define BEARER   "\2"
#define SID      "\3"
#define VERSION  "\4"
#define HOST     "\5"
#define PRODUCT  "\6"
#define EDGE     "\7"
#define REGION   "\10"

enum text {
    NO_TEXT, RESOURCE_TEXT, BEARER_TEXT, SID_TEXT, VERSION_TEXT, HOST_TEXT, PRODUCT_TEXT, EDGE_TEXT,
    REGION_TEXT, TEXTS
};

static const int8_t mistake_in[TEXTS] = {
    0, TWILIO_ERR_RESOURCE, TWILIO_ERR_CREDENTIALS, TWILIO_ERR_ACCOUNT, TWILIO_ERR_VERSION,
    TWILIO_ERR_HOST, TWILIO_ERR_HOST, TWILIO_ERR_HOST, TWILIO_ERR_HOST
};

struct sink {
    uint8_t *window;
    size_t offset, size;      /* of the window in the image */
    size_t position;          /* of the next octet in the image */
    int mistake;              /* of the caller's, the last one found; 0: none */
    uint32_t bits, count;     /* octets waiting for Base64, and how many bits of them */
    const char *text[TEXTS];  /* the caller's; none has number 0 */
};

static void put(struct sink *sink, unsigned octet)
{
    size_t at = sink->position++ - sink->offset;  /* before the window it wraps to a huge value */
    if (at < sink->size) {
        sink->window[at] = (uint8_t)octet;
    }
}

/* A text of the caller's, checked on the way. A label of the host may be missing, or has a dot after it. */
static void put_callers(struct sink *sink, unsigned number)
{
    const char *text = sink->text[number];

    if (text == NULL && number >= EDGE_TEXT) {
        return;
    }
    if (text == NULL || (*text == '\0' && number != RESOURCE_TEXT)) {
        text = "\n";
    }
    for (; *text != '\0'; text++) {
        if (!in_set(number <= BEARER_TEXT ? in_uri : unreserved, (uint8_t)*text)) {
            sink->mistake = mistake_in[number];
        }
        put(sink, (uint8_t)*text);
    }
    if (number >= PRODUCT_TEXT) {
        put(sink, '.');
    }
}

static void put_text(struct sink *sink, const char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < TEXTS) {
            put_callers(sink, (uint8_t)*text);
        } else {
            put(sink, (uint8_t)*text);
        }
    }
}

/* ---- Numbers --------------------------------------------------------------- */

_Static_assert(TWILIO_BODY_MAX <= 81919, "the tenth is exact up to there, and five digits are enough");

/* number is at most TWILIO_BODY_MAX. A tenth is taken by multiplying: a Cortex-M0+ cannot divide. */
static void put_decimal(struct sink *sink, size_t number)
{
    char digits[6], *at = digits + sizeof digits - 1;

    *at = '\0';
    do {
        size_t tenth = number * 52429U >> 19;
        *--at = (char)('0' + (number - tenth * 10));
        number = tenth;
    } while (number != 0);
    put_text(sink, at);
}

static void put_hexadecimal(struct sink *sink, unsigned digit)
{
    put(sink, digit < 10 ? digit + '0' : digit - 10 + 'A');
}

static void put_base64(struct sink *sink, unsigned digit)
{
    digit &= 63;
    put(sink, digit < 26 ? digit + 'A'
            : digit < 52 ? digit - 26 + 'a'
            : digit < 62 ? digit - 52 + '0'
            : digit == 62 ? '+' : '/');
}

/* ---- Authorization --------------------------------------------------------- */

/* Base64 (RFC 4648) of part of user:secret. RFC 7617 2: no control characters, and no ':' in a
 * user name. */
static void put_credential(struct sink *sink, const char *text, char excluded)
{
    if (text == NULL || *text == '\0') {
        text = "\n";
    }
    for (; *text != '\0'; text++) {
        if (is_control((uint8_t)*text) || *text == excluded) {
            sink->mistake = TWILIO_ERR_CREDENTIALS;
        }
        sink->bits = sink->bits << 8 | (uint8_t)*text;
        for (sink->count += 8; sink->count >= 6; ) {
            sink->count -= 6;
            put_base64(sink, sink->bits >> sink->count);
        }
    }
}

static void put_authorization(struct sink *sink, const struct twilio_account *account)
{
    if (account->bearer != NULL) {
        put_text(sink, "\r\nAuthorization: Bearer " BEARER);
        return;
    }
    put_text(sink, "\r\nAuthorization: Basic ");
    put_credential(sink, account->key != NULL ? account->key : account->sid, ':');
    put_credential(sink, ":", '\0');
    put_credential(sink, account->secret, '\0');
    if (sink->count != 0) {
        put_base64(sink, sink->bits << (6 - sink->count));
        put_text(sink, sink->count == 2 ? "==" : "=");
        sink->count = 0;
    }
}

/* ---- Target and form ------------------------------------------------------- */

static void put_escaped(struct sink *sink, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        uint8_t octet = (uint8_t)*text;
        if (in_set(unreserved, octet)) {
            put(sink, octet);
        } else {
            put(sink, '%');
            put_hexadecimal(sink, octet >> 4);
            put_hexadecimal(sink, octet & 15);
        }
    }
}

static void put_params(struct sink *sink, const struct twilio_param *param, unsigned separator)
{
    for (; param != NULL && param->name != NULL; param++, separator = '&') {
        if (separator != 0) {
            put(sink, separator);
        }
        if (param->name[0] == '\0') {
            sink->mistake = TWILIO_ERR_PARAMETER;
        }
        put_escaped(sink, param->name);
        put(sink, '=');
        put_escaped(sink, param->value);
    }
}

/* WWW::Twilio::API puts the parameters of everything but a GET into the body. */
static size_t put_form(struct sink *sink, const struct twilio_request *request)
{
    if (request->method != TWILIO_GET) {
        put_params(sink, request->params, 0);
    }
    return sink->position;
}

static void put_query(struct sink *sink, const struct twilio_request *request)
{
    const char *at = request->resource;

    while (*at != '\0' && *at != '?') {
        at++;
    }
    if (request->method == TWILIO_GET) {
        put_params(sink, request->params, *at == '\0' ? '?' : '&');
    }
}

static const char *path(const struct twilio_request *request)
{
    return request->resource[0] == '/' ? RESOURCE
         : request->product != NULL && !twilio_equal(request->product, "api") ? "/" RESOURCE
         : twilio_equal(request->resource, "Accounts") ? "/" VERSION "/Accounts/" SID
         : "/" VERSION "/Accounts/" SID "/" RESOURCE;
}

/* ---- The whole ------------------------------------------------------------- */

static void put_host(struct sink *sink)
{
    put_text(sink, sink->text[HOST_TEXT] != NULL ? HOST : PRODUCT EDGE REGION "twilio.com");
}

static void put_head(struct sink *sink, const struct twilio_request *request, size_t form_size)
{
    static const char methods[][8] = { "GET ", "HEAD ", "POST ", "PUT ", "DELETE " };

    put_text(sink, methods[request->method]);
    put_text(sink, path(request));
    put_query(sink, request);
    put_text(sink, " HTTP/1.1\r\nHost: ");
    put_host(sink);
    put_authorization(sink, request->account);
    put_text(sink, "\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION "\r\nAccept-Encoding: identity");
    if (form_size != 0) {
        put_text(sink, "\r\nContent-Type: application/x-www-form-urlencoded");
    }
    if (form_size != 0 || request->method == TWILIO_POST || request->method == TWILIO_PUT) {
        put_text(sink, "\r\nContent-Length: ");
        put_decimal(sink, form_size);
    }
    put_text(sink, "\r\n\r\n");
}

/* Make a sink without a window; check and count all, the form first, for Content-Length comes
 * before it. Returns the form's size, or the caller's mistake. An edge without a region is in
 * us1, as the official libraries have it. */
static int measure(struct sink *sink, const struct twilio_request *request)
{
    const struct twilio_account *account;
    size_t form_size;

    if (request == NULL || request->account == NULL || (unsigned)request->method > TWILIO_DELETE) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (request->resource == NULL) {
        return TWILIO_ERR_RESOURCE;
    }
    account = request->account;
    memset(sink, 0, sizeof *sink);
    sink->text[RESOURCE_TEXT] = request->resource;
    sink->text[BEARER_TEXT] = account->bearer;
    sink->text[SID_TEXT] = account->sid;
    sink->text[VERSION_TEXT] = account->version != NULL ? account->version : "2010-04-01";
    sink->text[HOST_TEXT] = account->host;
    sink->text[PRODUCT_TEXT] = request->product != NULL ? request->product : "api";
    sink->text[EDGE_TEXT] = account->edge;
    sink->text[REGION_TEXT] = account->region != NULL || account->edge == NULL ? account->region : "us1";
    put_host(sink);
    if (sink->position > TWILIO_HOST_MAX) {
        return TWILIO_ERR_HOST;
    }
    sink->position = 0;
    form_size = put_form(sink, request);
    if (form_size > TWILIO_BODY_MAX) {
        return TWILIO_ERR_SIZE;
    }
    put_head(sink, request, form_size);
    if (sink->position - form_size > TWILIO_HEAD_MAX) {
        return TWILIO_ERR_SIZE;
    }
    sink->position = 0;
    return sink->mistake != 0 ? sink->mistake : (int)form_size;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_request_check(const struct twilio_request *request)
{
    struct sink sink;
    int e = measure(&sink, request);

    return e < 0 ? e : TWILIO_OK;
}

int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size)
{
    struct sink sink;
    int e = measure(&sink, request);
    size_t end;

    if (e < 0) {
        return e;
    }
    if ((buf == NULL && size != 0) || size > INT_MAX) {
        return TWILIO_ERR_ARGUMENT;
    }
    sink.window = buf;
    sink.offset = offset;
    sink.size = size;
    put_head(&sink, request, (size_t)e);
    end = put_form(&sink, request);
    return end <= offset ? 0 : (int)(end - offset < size ? end - offset : size);
}

int twilio_host(const struct twilio_request *request, char *buf, size_t size)
{
    struct sink sink;
    int e = measure(&sink, request);

    if (e < 0 || buf == NULL) {
        return e < 0 ? e : TWILIO_ERR_ARGUMENT;
    }
    sink.window = (uint8_t *)buf;
    sink.size = size;
    put_host(&sink);
    put(&sink, '\0');
    return sink.position > size ? TWILIO_ERR_ARGUMENT : (int)sink.position - 1;
}
