/*
 * client.c - the core's exchange, driven until it is over or a deadline passes
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include "twilio_date.h"

#include <string.h>

#include "board.h"
#include "clock.h"
#include "network.h"

#define FINAL 200 /* the least code of an answer that is not an interim one */

/* ---- Headers: ours, then the caller's, in one table ------------------------- */

#define OURS 4

static int headers_begin(struct twilio_sending *s)
{
    const struct twilio_answer *answer = s->answer;
    const struct twilio_field ours[OURS] = {
        TWILIO_FIELD(":reason", s->answer->message), TWILIO_FIELD("Content-Type", s->answer->content_type),
        TWILIO_FIELD("Date", s->date), TWILIO_FIELD("Retry-After", s->retry_after),
    };
    size_t count = 0;

    _Static_assert(sizeof s->headers == (OURS + TWILIO_HEADERS_MAX + 1) * sizeof *s->headers, "one ends it");
    memcpy(s->headers, ours, sizeof ours);
    while (answer->headers != NULL && answer->headers[count].name != NULL) {
        if (count == TWILIO_HEADERS_MAX) {
            return TWILIO_ERR_SIZE;
        }
        answer->headers[count].type = 0;
        s->headers[OURS + count] = answer->headers[count];
        count++;
    }
    return TWILIO_OK;
}

static void headers_end(const struct twilio_sending *s)
{
    struct twilio_answer *answer = s->answer;

    for (size_t i = 0; s->headers[OURS + i].name != NULL; i++) {
        answer->headers[i] = s->headers[OURS + i];
    }
    answer->date = twilio_time(s->date);
    uint32_t now = answer->date != 0 ? answer->date : twilio_clock_now();
    answer->retry_after = twilio_retry_after(s->retry_after, now);
}

/* ---- The body: copied, and picked from, as it comes ------------------------- */

static int body_begin(struct twilio_sending *s)
{
    const struct twilio_answer *answer = s->answer;

    s->json.fields = answer->fields;
    s->picking = answer->fields != NULL;
    if (answer->content != NULL && answer->content_size > 0) {
        answer->content[0] = '\0';
    }
    return s->picking ? twilio_json_begin(&s->json) : TWILIO_OK;
}

static void copy(struct twilio_sending *s, size_t size)
{
    const struct twilio_answer *answer = s->answer;

    if (answer->content == NULL || answer->content_size == 0) {
        return;
    }
    size_t room = answer->content_size - 1 - s->copied;
    size = size < room ? size : room;
    memcpy(answer->content + s->copied, s->window, size);
    s->copied += size;
    answer->content[s->copied] = '\0';
}

/* size 0 ends the text. TWILIO_ITEM: the caller has seen enough. A body that is no JSON has
 * no fields, but is an answer all the same. */
static int pick(struct twilio_sending *s, size_t size)
{
    const struct twilio_answer *answer = s->answer;
    size_t used = 0;

    do {
        int taken = twilio_json_feed(&s->json, s->window + used, size - used);
        if (taken < 0) {
            s->picking = false;
            return twilio_json_begin(&s->json);
        }
        used += (size_t)taken;
        if (s->json.status == TWILIO_ITEM && answer->item != NULL && !answer->item(answer->context)) {
            return TWILIO_ITEM;
        }
    } while (used < size);
    return TWILIO_OK;
}

static int take(struct twilio_sending *s)
{
    struct twilio_response *response = &s->exchange.response;
    struct twilio_answer *answer = s->answer;
    size_t size = response->body_length;

    response->body_length = 0;
    answer->code = response->code;
    if (size == 0) {
        return TWILIO_OK;
    }
    copy(s, size);
    if (answer->body != NULL && !answer->body(answer->context, s->window, size)) {
        return TWILIO_ITEM;
    }
    return s->picking ? pick(s, size) : TWILIO_OK;
}

/* ---- Deadlines -------------------------------------------------------------- */

static enum twilio_phase phase_of(const struct twilio_sending *s)
{
    const struct twilio_client *client = s->client;

    if (s->exchange.committed) {
        return s->exchange.response.code >= FINAL ? TWILIO_PHASE_BODY : TWILIO_PHASE_FIRST_BYTE;
    }
    if (client->tls.reached) {
        return TWILIO_PHASE_HANDSHAKE;
    }
    return client->socket.resolving ? TWILIO_PHASE_DNS : TWILIO_PHASE_CONNECT;
}

/* Whether time is up, after a step; and in which phase. */
static bool late(struct twilio_sending *s)
{
    const struct twilio_client *client = s->client;
    uint32_t timeout = client->timeout != 0 ? client->timeout : TWILIO_TIMEOUT_DEFAULT;
    uint32_t now = board_millis();
    enum twilio_phase phase = phase_of(s);
    uint32_t limit = client->limit[phase];

    if (phase != s->answer->phase) {
        s->answer->phase = phase;
        s->since = now;
    }
    return now - s->begun >= timeout || (limit != 0 && now - s->since >= limit);
}

/* ---- A call begins ---------------------------------------------------------- */

static void clear(struct twilio_answer *answer)
{
    answer->code = 0;
    answer->message[0] = answer->content_type[0] = '\0';
    answer->length = answer->retry_after = answer->date = 0;
    answer->committed = false;
    answer->phase = TWILIO_PHASE_DNS;
    answer->dns = TWILIO_DNS_ASKING;
}

/* What is left to the client. */
static void complete(struct twilio_request *request, const struct twilio_client *client)
{
    if (request->account == NULL) {
        request->account = client->account;
    }
    if (request->headers.write == NULL) {
        request->headers = client->headers;
    }
}

static void prepare(struct twilio_sending *s)
{
    struct twilio_exchange *x = &s->exchange;

    complete(&s->request, s->client);
    x->request = &s->request;
    x->transport = &s->client->https;
    x->scratch = s->client->scratch;
    x->scratch_size = s->client->scratch_size;
    x->response.headers = s->headers;
    x->response.body = s->window;
    x->response.body_size = sizeof s->window;
}

/* The hook sees what is fit to send; and what it made of that is checked again. */
static int begin(struct twilio_sending *s)
{
    const struct twilio_client *client = s->client;
    bool asked = client->hook == NULL;
    int result;

    while ((result = twilio_exchange_begin(&s->exchange)) == TWILIO_OK && !asked) {
        asked = true;
        client->hook(client->context, &s->request, &s->exchange);
    }
    return result;
}

/* Everything that may be refused before the first step. */
static int begin_all(struct twilio_sending *s)
{
    int result = body_begin(s);

    if (result == TWILIO_OK) {
        result = headers_begin(s);
    }
    return result == TWILIO_OK ? begin(s) : result;
}

/* The client is free for another. */
static int leave(struct twilio_sending *s, int result)
{
    s->client->sending = NULL;
    s->client = NULL;
    return s->result = result;
}

int twilio_send_begin(struct twilio_client *client, const struct twilio_request *request,
                      struct twilio_answer *answer, struct twilio_sending *sending)
{
    struct twilio_sending *s = sending;
    int result;

    if (client == NULL || request == NULL || answer == NULL || s == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    clear(answer);
    if (client->sending != NULL) {
        return TWILIO_ERR_BUSY;
    }
    memset(s, 0, sizeof *s);
    client->sending = s;
    client->socket.dns = TWILIO_DNS_ASKING;
    s->client = client;
    s->answer = answer;
    s->request = *request;
    prepare(s);
    result = begin_all(s);
    if (result != TWILIO_OK) {
        return leave(s, result);
    }
    s->reused = client->tls.reached;
    s->begun = s->since = board_millis();
    return TWILIO_OK;
}

/* ---- It goes on, and ends --------------------------------------------------- */

/* What the call tells about the time. certified: a chain was verified in it. */
static void tell_clock(int result, uint32_t date, bool certified)
{
    if (result == TWILIO_OK && date != 0) {
        twilio_clock_authenticated(date, certified);
    } else if (result == TWILIO_ERR_EXPIRED || result == TWILIO_ERR_NOT_YET_VALID) {
        twilio_clock_doubted();
    }
}

static int end(struct twilio_sending *s, int result)
{
    struct twilio_answer *answer = s->answer;

    headers_end(s);
    answer->length = s->exchange.response.body_total;
    answer->committed = s->exchange.committed;
    if (answer->committed) {
        twilio_socket_proven(&s->client->socket);
    }
    answer->dns = s->client->socket.dns;
    tell_clock(result, answer->date, !s->reused && !s->client->tls.resumed);
    return leave(s, result);
}

static int break_off(struct twilio_sending *s, int error)
{
    twilio_exchange_abort(&s->exchange, error);
    return error;
}

/* Whether a server at another address of the host might do better. */
static bool mendable(int error)
{
    switch (error) {
    case TWILIO_ERR_CLOSED:
    case TWILIO_ERR_RESET:
    case TWILIO_ERR_TLS:
    case TWILIO_ERR_TLS_ALERT:
    case TWILIO_ERR_TLS_MISMATCH:
    case TWILIO_ERR_UNTRUSTED:
    case TWILIO_ERR_WRONG_NAME:
    case TWILIO_ERR_EXPIRED:
    case TWILIO_ERR_NOT_YET_VALID:
    case TWILIO_ERR_RECORD:
        return true;
    default:
        return false;
    }
}

/* A step; where a server is no good, the exchange begins anew with the next. */
static int step(struct twilio_sending *s)
{
    int result = twilio_exchange_step(&s->exchange);

    if (!s->exchange.committed && mendable(result) && twilio_socket_another(&s->client->socket) &&
        twilio_exchange_begin(&s->exchange) == TWILIO_OK) {
        return TWILIO_AGAIN;
    }
    return result;
}

/* TWILIO_AGAIN; TWILIO_FULL: at once again; or how it ended. */
static int advance(struct twilio_sending *s)
{
    int result = step(s);

    if (take(s) == TWILIO_ITEM) {
        (void)break_off(s, TWILIO_ERR_CLOSED);
        return TWILIO_ITEM;
    }
    if (result == TWILIO_OK && s->picking) {
        (void)pick(s, 0);
    }
    if ((result == TWILIO_AGAIN || result == TWILIO_FULL) && late(s)) {
        return break_off(s, TWILIO_ERR_TIMEOUT);
    }
    return result;
}

int twilio_send_step(struct twilio_sending *sending)
{
    int result;

    if (sending == NULL || sending->answer == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (sending->client == NULL) {
        return sending->result;
    }
    do {
        result = advance(sending);
    } while (result == TWILIO_FULL);
    return result == TWILIO_AGAIN ? result : end(sending, result);
}

void twilio_send_cancel(struct twilio_sending *sending)
{
    if (sending != NULL && sending->client != NULL) {
        (void)end(sending, break_off(sending, TWILIO_ERR_CLOSED));
    }
}

int twilio_send(struct twilio_client *client, const struct twilio_request *request,
                struct twilio_answer *answer)
{
    struct twilio_sending sending;
    int result = twilio_send_begin(client, request, answer, &sending);

    if (result != TWILIO_OK) {
        return result;
    }
    while ((result = twilio_send_step(&sending)) == TWILIO_AGAIN) {
        twilio_network_wait(1);
    }
    return result;
}

/* ---- Public ----------------------------------------------------------------- */

int twilio_client_begin(struct twilio_client *client)
{
    if (client == NULL || client->account == NULL || client->scratch == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (client->scratch_size < TWILIO_SCRATCH_MIN) {
        return TWILIO_ERR_SIZE;
    }
    client->socket.connect_to = client->connect_to;
    client->tcp = twilio_socket_transport(&client->socket);
    client->tls.below = client->below != NULL ? client->below : &client->tcp;
    client->tls.arena = &client->arena;
    client->tls.anchors = client->anchors;
    client->https = twilio_tls_transport(&client->tls);
    client->arena.memory = client->memory;
    client->arena.size = client->memory_size;
    return twilio_arena_begin(&client->arena);
}

static int call(struct twilio_client *client, enum twilio_method method, const char *resource,
                const struct twilio_param *params, struct twilio_answer *answer)
{
    if (client == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    const struct twilio_request request = {
        .account = client->account, .method = method, .product = client->product, .resource = resource,
        .params = params,
    };
    return twilio_send(client, &request, answer);
}

int twilio_get(struct twilio_client *client, const char *resource, const struct twilio_param *params,
               struct twilio_answer *answer)
{
    return call(client, TWILIO_GET, resource, params, answer);
}

int twilio_head(struct twilio_client *client, const char *resource, const struct twilio_param *params,
                struct twilio_answer *answer)
{
    return call(client, TWILIO_HEAD, resource, params, answer);
}

int twilio_post(struct twilio_client *client, const char *resource, const struct twilio_param *params,
                struct twilio_answer *answer)
{
    return call(client, TWILIO_POST, resource, params, answer);
}

int twilio_put(struct twilio_client *client, const char *resource, const struct twilio_param *params,
               struct twilio_answer *answer)
{
    return call(client, TWILIO_PUT, resource, params, answer);
}

int twilio_patch(struct twilio_client *client, const char *resource, const struct twilio_param *params,
                 struct twilio_answer *answer)
{
    return call(client, TWILIO_PATCH, resource, params, answer);
}

int twilio_delete(struct twilio_client *client, const char *resource, const struct twilio_param *params,
                  struct twilio_answer *answer)
{
    return call(client, TWILIO_DELETE, resource, params, answer);
}

void twilio_client_close(struct twilio_client *client)
{
    client->https.close(client->https.context);
}
