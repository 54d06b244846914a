/*
 * request.c - the encoder: any window of a request's wire image, from its description
 *
 * One code path checks, counts and writes. Every octet goes through the sink, which knows its
 * position in the image and stores it only if that lies in the window asked for; the caller's
 * texts are checked as they go by. A first pass, without a window, finds the caller's mistakes
 * and the sizes; a second one writes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "sink.h"

#include <limits.h>
#include <string.h>

/* RFC 3986: what may stand in a URI. */
static const octet_set in_uri = { 0xAFFFFFF2U, 0xAFFFFFFFU, 0x47FFFFFEU };

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

struct encoder {
    struct twilio_sink sink;
    const struct twilio_request *request;
    const char *text[TEXTS];  /* the caller's; none has number 0 */
};

static bool is_item(const struct encoder *encoder, const char *at)
{
    return at[0] == '{' && at[1] == '}' && encoder->request->item != NULL;
}

/* What stands in the place of "{}" in the resource. */
static void put_item(struct encoder *encoder)
{
    if (*encoder->request->item == '\0') {
        encoder->sink.mistake = TWILIO_ERR_RESOURCE;
    }
    encoder->sink.encoding = true;
    twilio_write(&encoder->sink, encoder->request->item);
    encoder->sink.encoding = false;
}

/* A text of the caller's, or what is no such text if it has to be given. NULL: it may be missing, and is. */
static const char *callers(const struct encoder *encoder, unsigned number)
{
    const char *text = encoder->text[number];

    if (text == NULL && number >= EDGE_TEXT) {
        return NULL;
    }
    return text == NULL || (*text == '\0' && number != RESOURCE_TEXT) ? "\n" : text;
}

/* It goes out as it is, checked on the way. After a label of the host there is a dot. */
static void put_callers(struct encoder *encoder, unsigned number)
{
    const char *text = callers(encoder, number);

    if (text == NULL) {
        return;
    }
    for (; *text != '\0'; text++) {
        if (number == RESOURCE_TEXT && is_item(encoder, text)) {
            put_item(encoder);
            text++;
            continue;
        }
        if (!twilio_in_set(number <= BEARER_TEXT ? in_uri : twilio_unreserved, (uint8_t)*text)) {
            encoder->sink.mistake = mistake_in[number];
        }
        twilio_sink_octet(&encoder->sink, (uint8_t)*text);
    }
    if (number >= PRODUCT_TEXT) {
        twilio_sink_octet(&encoder->sink, '.');
    }
}

static void put_text(struct encoder *encoder, const char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < TEXTS) {
            put_callers(encoder, (uint8_t)*text);
        } else {
            twilio_sink_octet(&encoder->sink, (uint8_t)*text);
        }
    }
}

/* ---- Authorization --------------------------------------------------------- */

static void generate(struct twilio_sink *sink, const struct twilio_generator *generator)
{
    int e = generator->write != NULL ? generator->write(sink, generator->source) : 0;

    if (e < 0) {
        sink->mistake = e;
    }
    sink->encoding = false;
}

static void put_authorization(struct encoder *encoder, const struct twilio_account *account)
{
    put_text(encoder, "\r\nAuthorization: ");
    if (account->authorization.write != NULL) {
        generate(&encoder->sink, &account->authorization);
    } else if (account->bearer != NULL) {
        put_text(encoder, "Bearer " BEARER);
    } else {
        const char *user = account->key != NULL ? account->key : account->sid;
        put_text(encoder, "Basic ");
        twilio_sink_basic(&encoder->sink, user, account->secret);
    }
}

/* ---- Target and form ------------------------------------------------------- */

static void put_params(struct encoder *encoder, char separator)
{
    encoder->sink.separator = separator;
    twilio_sink_params(&encoder->sink, encoder->request->params);
    generate(&encoder->sink, &encoder->request->more);
}

/* WWW::Twilio::API puts the parameters of everything but a GET into the body. */
static size_t put_form(struct encoder *encoder)
{
    if (encoder->request->method != TWILIO_GET) {
        put_params(encoder, '\0');
    }
    return encoder->sink.position;
}

static void put_query(struct encoder *encoder)
{
    const char *at = encoder->request->resource;

    while (*at != '\0' && *at != '?') {
        at++;
    }
    if (encoder->request->method == TWILIO_GET) {
        put_params(encoder, *at == '\0' ? '?' : '&');
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

static void put_host(struct encoder *encoder)
{
    put_text(encoder, encoder->text[HOST_TEXT] != NULL ? HOST : PRODUCT EDGE REGION "twilio.com");
}

static void put_head(struct encoder *encoder, size_t form_size)
{
    static const char methods[][8] = { "GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE " };
    const struct twilio_request *request = encoder->request;

    put_text(encoder, methods[request->method]);
    put_text(encoder, path(request));
    put_query(encoder);
    put_text(encoder, " HTTP/1.1\r\nHost: ");
    put_host(encoder);
    if (!request->anonymous) {
        put_authorization(encoder, request->account);
    }
    put_text(encoder, "\r\nAccept-Encoding: identity\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION);
    generate(&encoder->sink, &request->headers);
    if (form_size != 0) {
        put_text(encoder, "\r\nContent-Type: application/x-www-form-urlencoded");
    }
    if (form_size != 0 || (request->method >= TWILIO_POST && request->method <= TWILIO_PATCH)) {
        put_text(encoder, "\r\nContent-Length: ");
        twilio_write_number(&encoder->sink, (uint32_t)form_size);
    }
    put_text(encoder, "\r\n\r\n");
}

/* An edge without a region is in us1, as the official libraries have it. */
static void take_texts(struct encoder *encoder, const struct twilio_request *request)
{
    const struct twilio_account *account = request->account;

    encoder->text[RESOURCE_TEXT] = request->resource;
    encoder->text[BEARER_TEXT] = account->bearer;
    encoder->text[SID_TEXT] = account->sid;
    encoder->text[VERSION_TEXT] = account->version != NULL ? account->version : "2010-04-01";
    encoder->text[HOST_TEXT] = account->host;
    encoder->text[PRODUCT_TEXT] = request->product != NULL ? request->product : "api";
    encoder->text[EDGE_TEXT] = account->edge;
    encoder->text[REGION_TEXT] = account->region != NULL || account->edge == NULL ? account->region : "us1";
}

/* Make an encoder without a window. */
static int begin(struct encoder *encoder, const struct twilio_request *request)
{
    if (request == NULL || request->account == NULL || (unsigned)request->method > TWILIO_DELETE) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (request->resource == NULL) {
        return TWILIO_ERR_RESOURCE;
    }
    memset(encoder, 0, sizeof *encoder);
    encoder->request = request;
    encoder->sink.latin1 = request->account->latin1;
    take_texts(encoder, request);
    return 0;
}

/* Make an encoder without a window; check and count all, the form first, for Content-Length comes
 * before it. Returns the form's size, or the caller's mistake. */
static int measure(struct encoder *encoder, const struct twilio_request *request)
{
    struct twilio_sink *sink = &encoder->sink;
    size_t form_size;
    int e = begin(encoder, request);

    if (e != 0) {
        return e;
    }
    put_host(encoder);
    if (sink->position > TWILIO_HOST_MAX) {
        return TWILIO_ERR_HOST;
    }
    sink->position = 0;
    form_size = put_form(encoder);
    if (form_size > TWILIO_BODY_MAX) {
        return TWILIO_ERR_SIZE;
    }
    put_head(encoder, form_size);
    if (sink->position - form_size > TWILIO_HEAD_MAX) {
        return TWILIO_ERR_SIZE;
    }
    sink->position = 0;
    return sink->mistake != 0 ? sink->mistake : (int)form_size;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_request_check(const struct twilio_request *request)
{
    struct encoder encoder;
    int e = measure(&encoder, request);

    return e < 0 ? e : TWILIO_OK;
}

int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size)
{
    struct encoder encoder;
    int e = measure(&encoder, request);
    size_t end;

    if (e < 0) {
        return e;
    }
    if ((buf == NULL && size != 0) || size > INT_MAX) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (offset > TWILIO_HEAD_MAX + TWILIO_BODY_MAX) {
        return 0;
    }
    encoder.sink.window = buf;
    encoder.sink.offset = offset;
    encoder.sink.size = size;
    put_head(&encoder, (size_t)e);
    end = put_form(&encoder);
    return end <= offset ? 0 : (int)(end - offset < size ? end - offset : size);
}

int twilio_host(const struct twilio_request *request, char *buf, size_t size)
{
    struct encoder encoder;
    int e = measure(&encoder, request);

    if (e < 0 || buf == NULL) {
        return e < 0 ? e : TWILIO_ERR_ARGUMENT;
    }
    encoder.sink.window = (uint8_t *)buf;
    encoder.sink.size = size;
    put_host(&encoder);
    twilio_sink_octet(&encoder.sink, '\0');
    return encoder.sink.position > size ? TWILIO_ERR_ARGUMENT : (int)encoder.sink.position - 1;
}
