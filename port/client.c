/*
 * client.c - the core's exchange, driven until it is over or a deadline passes
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include "date.h"

#include <string.h>

#include "board.h"
#include "clock.h"
#include "network.h"

#define WINDOW   64  /* bytes of a body that are handed over at a time */
#define FINAL    200 /* the least code of an answer that is not an interim one */
#define DATE_MAX 30  /* "Sun, 06 Nov 1994 08:49:37 GMT" */

/* ---- Headers: ours, then the caller's, in one table ------------------------- */

#define OURS 4

struct headers {
    char date[DATE_MAX], retry_after[DATE_MAX];
    struct twilio_field fields[OURS + TWILIO_HEADERS_MAX + 1];
};

static int headers_begin(struct headers *h, struct twilio_answer *answer)
{
    const struct twilio_field ours[OURS] = {
        TWILIO_FIELD(":reason", answer->message), TWILIO_FIELD("Content-Type", answer->content_type),
        TWILIO_FIELD("Date", h->date), TWILIO_FIELD("Retry-After", h->retry_after),
    };
    size_t count = 0;

    memset(h, 0, sizeof *h);
    memcpy(h->fields, ours, sizeof ours);
    while (answer->headers != NULL && answer->headers[count].name != NULL) {
        if (count == TWILIO_HEADERS_MAX) {
            return TWILIO_ERR_SIZE;
        }
        answer->headers[count].type = 0;
        h->fields[OURS + count] = answer->headers[count];
        count++;
    }
    return TWILIO_OK;
}

static void headers_end(const struct headers *h, struct twilio_answer *answer)
{
    for (size_t i = 0; h->fields[OURS + i].name != NULL; i++) {
        answer->headers[i] = h->fields[OURS + i];
    }
    answer->date = twilio_time(h->date);
    uint32_t now = answer->date != 0 ? answer->date : twilio_clock_now();
    answer->retry_after = twilio_retry_after(h->retry_after, now);
}

/* ---- The body: copied, and picked from, as it comes ------------------------- */

struct body {
    struct twilio_answer *answer;
    struct twilio_json json;
    size_t copied;
    bool picking;
    char window[WINDOW];
};

static int body_begin(struct body *b, struct twilio_answer *answer)
{
    memset(b, 0, sizeof *b);
    b->answer = answer;
    b->json.fields = answer->fields;
    b->picking = answer->fields != NULL;
    if (answer->content != NULL && answer->content_size > 0) {
        answer->content[0] = '\0';
    }
    return b->picking ? twilio_json_begin(&b->json) : TWILIO_OK;
}

static void copy(struct body *b, size_t size)
{
    const struct twilio_answer *answer = b->answer;

    if (answer->content == NULL || answer->content_size == 0) {
        return;
    }
    size_t room = answer->content_size - 1 - b->copied;
    size = size < room ? size : room;
    memcpy(answer->content + b->copied, b->window, size);
    b->copied += size;
    answer->content[b->copied] = '\0';
}

/* size 0 ends the text. TWILIO_ITEM: the caller has seen enough. A body that is no JSON has
 * no fields, but is an answer all the same. */
static int pick(struct body *b, size_t size)
{
    const struct twilio_answer *answer = b->answer;
    size_t used = 0;

    do {
        int taken = twilio_json_feed(&b->json, b->window + used, size - used);
        if (taken < 0) {
            b->picking = false;
            return twilio_json_begin(&b->json);
        }
        used += (size_t)taken;
        if (b->json.status == TWILIO_ITEM && answer->item != NULL && !answer->item(answer->context)) {
            return TWILIO_ITEM;
        }
    } while (used < size);
    return TWILIO_OK;
}

static int take(struct body *b, struct twilio_response *response)
{
    struct twilio_answer *answer = b->answer;
    size_t size = response->body_length;

    response->body_length = 0;
    answer->code = response->code;
    if (size == 0) {
        return TWILIO_OK;
    }
    copy(b, size);
    if (answer->body != NULL && !answer->body(answer->context, b->window, size)) {
        return TWILIO_ITEM;
    }
    return b->picking ? pick(b, size) : TWILIO_OK;
}

/* ---- Deadlines -------------------------------------------------------------- */

static enum twilio_phase phase_of(const struct twilio_client *client, const struct twilio_exchange *x)
{
    if (x->committed) {
        return x->response.code >= FINAL ? TWILIO_PHASE_BODY : TWILIO_PHASE_FIRST_BYTE;
    }
    if (client->tls.reached) {
        return TWILIO_PHASE_HANDSHAKE;
    }
    return client->socket.resolving ? TWILIO_PHASE_DNS : TWILIO_PHASE_CONNECT;
}

struct watch {
    uint32_t begun;  /* the call */
    uint32_t since;  /* the phase that answer tells */
};

/* Whether time is up, after a step; and in which phase. */
static bool late(const struct twilio_client *client, const struct twilio_exchange *x, struct watch *watch,
                 struct twilio_answer *answer)
{
    uint32_t timeout = client->timeout != 0 ? client->timeout : TWILIO_TIMEOUT_DEFAULT;
    uint32_t now = board_millis();
    enum twilio_phase phase = phase_of(client, x);
    uint32_t limit = client->limit[phase];

    if (phase != answer->phase) {
        answer->phase = phase;
        watch->since = now;
    }
    return now - watch->begun >= timeout || (limit != 0 && now - watch->since >= limit);
}

/* ---- A call ----------------------------------------------------------------- */

static int run(const struct twilio_client *client, struct twilio_exchange *x, struct body *b)
{
    struct watch watch;

    watch.begun = watch.since = board_millis();
    for (;;) {
        int result = twilio_exchange_step(x);
        if (take(b, &x->response) == TWILIO_ITEM) {
            twilio_exchange_abort(x, TWILIO_ERR_CLOSED);
            return TWILIO_ITEM;
        }
        if (result == TWILIO_OK && b->picking) {
            (void)pick(b, 0);
        }
        if (result != TWILIO_AGAIN && result != TWILIO_FULL) {
            return result;
        }
        if (late(client, x, &watch, b->answer)) {
            twilio_exchange_abort(x, TWILIO_ERR_TIMEOUT);
            return TWILIO_ERR_TIMEOUT;
        }
        if (result == TWILIO_AGAIN) {
            twilio_network_wait(1);
        }
    }
}

static void clear(struct twilio_answer *answer)
{
    answer->code = 0;
    answer->message[0] = answer->content_type[0] = '\0';
    answer->length = answer->retry_after = answer->date = 0;
    answer->committed = false;
    answer->phase = TWILIO_PHASE_DNS;
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

/* The hook sees what is fit to send; and what it made of that is checked again. */
static int begin(const struct twilio_client *client, struct twilio_request *request,
                 struct twilio_exchange *x)
{
    bool asked = client->hook == NULL;
    int result;

    while ((result = twilio_exchange_begin(x)) == TWILIO_OK && !asked) {
        asked = true;
        client->hook(client->context, request, x);
    }
    return result;
}

/* What the call tells about the time. certified: a chain was verified in it. */
static void tell_clock(int result, uint32_t date, bool certified)
{
    if (result == TWILIO_OK && date != 0) {
        twilio_clock_authenticated(date, certified);
    } else if (result == TWILIO_ERR_EXPIRED || result == TWILIO_ERR_NOT_YET_VALID) {
        twilio_clock_doubted();
    }
}

int twilio_send(struct twilio_client *client, const struct twilio_request *request,
                struct twilio_answer *answer)
{
    struct headers headers;
    struct body body;
    int result;

    if (client == NULL || request == NULL || answer == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    clear(answer);
    struct twilio_request whole = *request;
    complete(&whole, client);
    struct twilio_exchange x = {
        .request = &whole, .transport = &client->https,
        .scratch = client->scratch, .scratch_size = client->scratch_size,
        .response = { .headers = headers.fields, .body = body.window, .body_size = WINDOW },
    };
    if ((result = body_begin(&body, answer)) != TWILIO_OK ||
        (result = headers_begin(&headers, answer)) != TWILIO_OK ||
        (result = begin(client, &whole, &x)) != TWILIO_OK) {
        return result;
    }
    bool open = client->tls.reached;
    result = run(client, &x, &body);
    headers_end(&headers, answer);
    answer->length = x.response.body_total;
    answer->committed = x.committed;
    tell_clock(result, answer->date, !open && !client->tls.resumed);
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
