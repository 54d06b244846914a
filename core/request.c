/*
 * request.c - the encoder: any window of a request's wire image, from its description
 *
 * One code path counts and writes: every octet goes through put(), which knows its position
 * in the image and stores the octet only when that lies in the window asked for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "twilio.h"

#include <limits.h>
#include <string.h>

_Static_assert(sizeof(size_t) >= 4, "lengths of up to TWILIO_BODY_MAX are counted in size_t");

/* RFC 3986: what needs no escape anywhere, and what may stand in a path or query as it is. */
static const octet_set unreserved = { 0x03FF6000U, 0x87FFFFFEU, 0x47FFFFFEU };
static const octet_set in_uri     = { 0xAFFFFFF2U, 0xAFFFFFFFU, 0x47FFFFFEU };
static const octet_set in_label   = { 0x03FF2000U, 0x07FFFFFEU, 0x07FFFFFEU };

/* ---- The sink -------------------------------------------------------------- */

struct sink {
    uint8_t *window;
    size_t offset, size;  /* of the window in the image */
    size_t position;      /* of the next octet in the image */
};

static void put(struct sink *sink, uint8_t octet)
{
    size_t at = sink->position++ - sink->offset;  /* before the window it wraps to a huge value */
    if (at < sink->size) {
        sink->window[at] = octet;
    }
}

static void put_text(struct sink *sink, const char *text)
{
    while (*text != '\0') {
        put(sink, (uint8_t)*text++);
    }
}

static void put_escape(struct sink *sink, uint8_t octet)
{
    put(sink, '%');
    for (unsigned nibbles = (unsigned)octet << 8 | octet, n = 0; n < 2; n++, nibbles <<= 4) {
        unsigned digit = nibbles >> 12 & 15U;
        put(sink, (uint8_t)(digit + (digit < 10 ? '0' : 'A' - 10)));
    }
}

static void put_escaped(struct sink *sink, const char *text, const octet_set allowed)
{
    for (; *text != '\0'; text++) {
        uint8_t octet = (uint8_t)*text;
        if (in_set(allowed, octet)) {
            put(sink, octet);
        } else {
            put_escape(sink, octet);
        }
    }
}

/* Without division, which a Cortex-M0+ lacks. number is at most TWILIO_BODY_MAX. */
static void put_decimal(struct sink *sink, uint32_t number)
{
    static const uint32_t powers[] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };
    bool started = false;

    for (unsigned i = 0; i < 7; i++) {
        uint8_t digit = '0';
        for (; number >= powers[i]; number -= powers[i]) {
            digit++;
        }
        started = started || digit != '0' || i == 6;
        if (started) {
            put(sink, digit);
        }
    }
}

/* ---- Authorization --------------------------------------------------------- */

static uint8_t base64_digit(unsigned value)
{
    return (uint8_t)(value < 26 ? value + 'A'
                   : value < 52 ? value - 26 + 'a'
                   : value < 62 ? value - 52 + '0'
                   : value == 62 ? '+' : '/');
}

/* Base64 (RFC 4648) of user:secret, which are never put together anywhere. */
static void put_basic(struct sink *sink, const char *user, const char *secret)
{
    size_t colon = strlen(user), size = colon + 1 + strlen(secret);

    for (size_t i = 0; i < size; i += 3) {
        uint32_t bits = 0;
        for (size_t j = i; j < i + 3; j++) {
            char octet = j < colon ? user[j] : j == colon ? ':' : j < size ? secret[j - colon - 1] : '\0';
            bits = bits << 8 | (uint8_t)octet;
        }
        for (size_t j = i; j < i + 4; j++, bits <<= 6) {
            put(sink, j > size ? '=' : base64_digit(bits >> 18 & 63U));
        }
    }
}

static const char *user_of(const struct twilio_account *account)
{
    return account->key != NULL ? account->key : account->sid;
}

static void put_authorization(struct sink *sink, const struct twilio_account *account)
{
    put_text(sink, "\r\nAuthorization: ");
    if (account->bearer != NULL) {
        put_text(sink, "Bearer ");
        put_text(sink, account->bearer);
    } else {
        put_text(sink, "Basic ");
        put_basic(sink, user_of(account), account->secret);
    }
}

/* ---- Host ------------------------------------------------------------------ */

static void put_label(struct sink *sink, const char *label)
{
    if (label != NULL) {
        put_text(sink, label);
        put(sink, '.');
    }
}

/* As the official libraries build it: an edge without a region is in us1. */
static void put_host(struct sink *sink, const struct twilio_request *request)
{
    const struct twilio_account *account = request->account;

    if (account->host != NULL) {
        put_text(sink, account->host);
        return;
    }
    put_label(sink, request->product != NULL ? request->product : "api");
    put_label(sink, account->edge);
    put_label(sink, account->region != NULL ? account->region : account->edge != NULL ? "us1" : NULL);
    put_text(sink, "twilio.com");
}

/* ---- Target and form ------------------------------------------------------- */

static bool equal(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool under_account(const struct twilio_request *request)
{
    return request->resource[0] != '/' && (request->product == NULL || equal(request->product, "api"));
}

static bool has_params(const struct twilio_request *request)
{
    return request->params != NULL && request->params->name != NULL;
}

/* WWW::Twilio::API puts the parameters of everything but a GET into the body. */
static bool has_form(const struct twilio_request *request)
{
    return has_params(request) && request->method != TWILIO_GET;
}

static void put_form(struct sink *sink, const struct twilio_param *param)
{
    for (bool first = true; param->name != NULL; param++, first = false) {
        if (!first) {
            put(sink, '&');
        }
        put_escaped(sink, param->name, unreserved);
        put(sink, '=');
        if (param->value != NULL) {
            put_escaped(sink, param->value, unreserved);
        }
    }
}

static void put_path(struct sink *sink, const struct twilio_request *request)
{
    const char *resource = request->resource;

    if (under_account(request)) {
        put(sink, '/');
        put_text(sink, request->account->version != NULL ? request->account->version : "2010-04-01");
        put_text(sink, "/Accounts/");
        put_text(sink, request->account->sid);
        if (equal(resource, "Accounts")) {
            return;
        }
    }
    if (resource[0] != '/') {
        put(sink, '/');
    }
    put_escaped(sink, resource, in_uri);
}

static bool has_query(const char *resource)
{
    while (*resource != '\0' && *resource != '?') {
        resource++;
    }
    return *resource == '?';
}

static void put_target(struct sink *sink, const struct twilio_request *request)
{
    put_path(sink, request);
    if (has_params(request) && !has_form(request)) {
        put(sink, has_query(request->resource) ? '&' : '?');
        put_form(sink, request->params);
    }
}

/* ---- The whole ------------------------------------------------------------- */

static void put_head(struct sink *sink, const struct twilio_request *request, uint32_t form_size)
{
    static const char methods[][7] = { "GET", "HEAD", "POST", "PUT", "DELETE" };

    put_text(sink, methods[request->method]);
    put(sink, ' ');
    put_target(sink, request);
    put_text(sink, " HTTP/1.1\r\nHost: ");
    put_host(sink, request);
    put_authorization(sink, request->account);
    put_text(sink, "\r\nUser-Agent: twilio-mcu/" TWILIO_VERSION "\r\nAccept-Encoding: identity");
    if (has_form(request)) {
        put_text(sink, "\r\nContent-Type: application/x-www-form-urlencoded");
    }
    if (has_form(request) || request->method == TWILIO_POST || request->method == TWILIO_PUT) {
        put_text(sink, "\r\nContent-Length: ");
        put_decimal(sink, form_size);
    }
    put_text(sink, "\r\n\r\n");
}

/* ---- The caller's mistakes ------------------------------------------------- */

static bool all_in(const octet_set set, const char *text)
{
    const char *at = text;
    while (in_set(set, (uint8_t)*at)) {
        at++;
    }
    return at != text && *at == '\0';
}

/* Not empty, no control characters, no ':' in a user name (RFC 7617 2). */
static bool is_credential(const char *text, char excluded)
{
    const char *at = text;
    while (!is_control((uint8_t)*at) && *at != excluded) {
        at++;
    }
    return at != text && *at == '\0';
}

static bool has_credentials(const struct twilio_account *account)
{
    if (account->bearer != NULL) {
        return all_in(in_uri, account->bearer);
    }
    return account->secret != NULL && is_credential(user_of(account), ':') && is_credential(account->secret, '\0');
}

/* A DNS name; or, without dots, one label of it: nobody's "region" leads off twilio.com. */
static bool is_host(const char *text, bool dots)
{
    bool label_open = false;

    for (; *text != '\0'; text++) {
        if (in_set(in_label, (uint8_t)*text)) {
            label_open = true;
        } else if (*text == '.' && dots && label_open) {
            label_open = false;
        } else {
            return false;
        }
    }
    return label_open;
}

static bool is_label(const char *text)
{
    return text == NULL || is_host(text, false);
}

static int check_account(const struct twilio_request *request)
{
    const struct twilio_account *account = request->account;
    bool sid_needed = under_account(request) || (account->bearer == NULL && account->key == NULL);

    if (account->sid == NULL ? sid_needed : !all_in(unreserved, account->sid)) {
        return TWILIO_ERR_ACCOUNT;
    }
    if (account->version != NULL && !all_in(unreserved, account->version)) {
        return TWILIO_ERR_VERSION;
    }
    return has_credentials(account) ? TWILIO_OK : TWILIO_ERR_CREDENTIALS;
}

static int check_host(const struct twilio_request *request)
{
    const struct twilio_account *account = request->account;
    struct sink count = { 0 };

    if (account->host != NULL ? !is_host(account->host, true)
                              : !is_label(request->product) || !is_label(account->edge) || !is_label(account->region)) {
        return TWILIO_ERR_HOST;
    }
    put_host(&count, request);
    return count.position > TWILIO_HOST_MAX ? TWILIO_ERR_HOST : TWILIO_OK;
}

static int check_resource(const struct twilio_request *request)
{
    for (const char *at = request->resource; *at != '\0'; at++) {
        if (is_control((uint8_t)*at) || *at == '#') {
            return TWILIO_ERR_RESOURCE;
        }
    }
    for (const struct twilio_param *param = request->params; param != NULL && param->name != NULL; param++) {
        if (param->name[0] == '\0') {
            return TWILIO_ERR_PARAMETER;
        }
    }
    return TWILIO_OK;
}

/* All checks; and, since Content-Length comes before it, the size of the form. */
static int measure(const struct twilio_request *request, uint32_t *form_size)
{
    struct sink form = { 0 }, head = { 0 };
    int e;

    if (request == NULL || request->account == NULL || (unsigned)request->method > TWILIO_DELETE) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (request->resource == NULL) {
        return TWILIO_ERR_RESOURCE;
    }
    if ((e = check_account(request)) != 0 || (e = check_host(request)) != 0 || (e = check_resource(request)) != 0) {
        return e;
    }
    if (has_form(request)) {
        put_form(&form, request->params);
    }
    if (form.position > TWILIO_BODY_MAX) {
        return TWILIO_ERR_SIZE;
    }
    *form_size = (uint32_t)form.position;
    put_head(&head, request, *form_size);
    return head.position > TWILIO_HEAD_MAX ? TWILIO_ERR_SIZE : TWILIO_OK;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_request_check(const struct twilio_request *request)
{
    uint32_t form_size;
    return measure(request, &form_size);
}

int twilio_encode(const struct twilio_request *request, size_t offset, void *buf, size_t size)
{
    struct sink sink = { .window = buf, .offset = offset, .size = size };
    uint32_t form_size;
    int e;

    if ((buf == NULL && size != 0) || size > INT_MAX) {
        return TWILIO_ERR_ARGUMENT;
    }
    if ((e = measure(request, &form_size)) != 0) {
        return e;
    }
    put_head(&sink, request, form_size);
    if (has_form(request)) {
        put_form(&sink, request->params);
    }
    if (offset >= sink.position) {
        return 0;
    }
    return (int)(sink.position - offset < size ? sink.position - offset : size);
}

int twilio_host(const struct twilio_request *request, char *buf, size_t size)
{
    struct sink sink = { .window = (uint8_t *)buf, .size = size };
    int e = twilio_request_check(request);

    if (e != 0) {
        return e;
    }
    put_host(&sink, request);
    if (buf == NULL || sink.position >= size) {
        return TWILIO_ERR_ARGUMENT;
    }
    put(&sink, '\0');
    return (int)sink.position - 1;
}
