/*
 * ours.c - what this library makes of cases that Twilio's own libraries get, too
 *
 * A case is a line of standard input, its answer one of standard output. A case has an operation, then
 * fields after tabs, each name=value, both percent-encoded; a name may come again:
 *
 *   message.create  login.sid=AC...  to=%2B15558675310  media=https%3A...  media=https%3A...  param:Attempt=1
 *
 * Fields are named as the members of the helpers' structs. TwiML is "open" with the name of a verb, its
 * "text", each "attribute:NAME", what is inside it, and "close".
 * Answers are "request", "document" or "text" and octets in hexadecimal; "verdict" and 0 or 1; "count" and
 * numbers; "error" and an enum twilio_result.
 * A field that the operation does not know ends the program: nothing is left out in silence.
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_balance.h"
#include "twilio_calls.h"
#include "twilio_lookups.h"
#include "twilio_messages.h"
#include "twilio_oauth.h"
#include "twilio_segments.h"
#include "twilio_verify.h"
#include "webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX   (1 << 20)
#define MEMORY_MAX (1 << 22)
#define FIELDS_MAX 1024
#define IMAGE_MAX  (TWILIO_HEAD_MAX + TWILIO_BODY_MAX)

static const char *operation;

static struct field {
    char *name, *value;
    size_t size;  /* of value, which may hold NUL */
    bool used;
} fields[FIELDS_MAX];
static size_t count;

static _Alignas(max_align_t) unsigned char memory[MEMORY_MAX];  /* of one case */
static size_t taken;

static void refuse(const char *why, const char *what)
{
    fprintf(stderr, "ours: %s: %s %s\n", operation, why, what);
    exit(2);
}

static void *take(size_t size)
{
    void *piece = memory + taken;

    taken += (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (taken > sizeof memory) {
        refuse("too large:", "raise MEMORY_MAX");
    }
    return memset(piece, 0, size);
}

/* ---- Reading a case -------------------------------------------------------- */

/* Percent-decode in place. Returns the size. */
static size_t decode(char *text)
{
    const char *from = text;
    char *to = text, digits[3] = "";

    while (*from != '\0') {
        if (*from == '%') {
            memcpy(digits, from + 1, 2);
            *to++ = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

static void read_field(char *piece)
{
    struct field *field = &fields[count++];
    char *equals = strchr(piece, '=');

    if (equals == NULL || count == FIELDS_MAX) {
        refuse("bad, or one too many:", piece);
    }
    *equals = '\0';
    field->name = piece;
    field->value = equals + 1;
    field->used = false;
    decode(field->name);
    field->size = decode(field->value);
}

static void read_case(char *line)
{
    char *piece;

    count = taken = 0;
    operation = strtok(line, "\t\n");
    while ((piece = strtok(NULL, "\t\n")) != NULL) {
        read_field(piece);
    }
}

/* ---- Its fields ------------------------------------------------------------ */

static struct field *find(const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (!fields[i].used && strcmp(fields[i].name, name) == 0) {
            fields[i].used = true;
            return &fields[i];
        }
    }
    return NULL;
}

static const char *text(const char *name)
{
    const struct field *field = find(name);

    return field != NULL ? field->value : NULL;
}

static uint32_t number(const char *name)
{
    const char *digits = text(name);

    return digits != NULL ? (uint32_t)strtoul(digits, NULL, 10) : 0;
}

static const char *const *texts(const char *name)
{
    const char **list = take((count + 1) * sizeof *list);
    size_t i = 0;

    while ((list[i] = text(name)) != NULL) {
        i++;
    }
    return i != 0 ? list : NULL;
}

/* The fields "param:NAME", or of another prefix, that follow each other from *at on, which moves past them.
 * NULL: none. */
static const struct twilio_param *params_from(size_t *at, const char *prefix)
{
    struct twilio_param *table = take((count + 1) * sizeof *table);
    size_t size = strlen(prefix), n = 0;

    for (; *at < count && strncmp(fields[*at].name, prefix, size) == 0; (*at)++, n++) {
        table[n].name = fields[*at].name + size;
        table[n].value = fields[*at].value;
        fields[*at].used = true;
    }
    return n != 0 ? table : NULL;
}

static const struct twilio_param *params(const char *prefix)
{
    size_t at = 0;

    while (at < count && strncmp(fields[at].name, prefix, strlen(prefix)) != 0) {
        at++;
    }
    return params_from(&at, prefix);
}

/* ---- TwiML ----------------------------------------------------------------- */

static bool is(size_t i, const char *name)
{
    if (i >= count || strcmp(fields[i].name, name) != 0) {
        return false;
    }
    fields[i].used = true;
    return true;
}

/* How many elements stand side by side from field at on. */
static size_t siblings(size_t at)
{
    size_t n = 0;
    int depth = 0;

    for (; at < count && depth >= 0; at++) {
        if (strcmp(fields[at].name, "open") == 0) {
            n += depth++ == 0;
        } else if (strcmp(fields[at].name, "close") == 0) {
            depth--;
        }
    }
    return n;
}

/* The elements from field *at on, which moves past them. NULL: none. */
static const struct twilio_twiml *tree(size_t *at)
{
    size_t n = siblings(*at);
    struct twilio_twiml *table = take((n + 1) * sizeof *table);

    for (size_t i = 0; i < n; i++) {
        if (!is(*at, "open")) {
            refuse("not an element:", fields[*at].name);
        }
        table[i].name = fields[(*at)++].value;
        if (is(*at, "text")) {
            table[i].text = fields[(*at)++].value;
        }
        table[i].attributes = params_from(at, "attribute:");
        table[i].inside = tree(at);
        if (!is((*at)++, "close")) {
            refuse("not closed:", table[i].name);
        }
    }
    return n != 0 ? table : NULL;
}

/* TwiML comes last in a case. NULL: there is none. */
static const struct twilio_twiml *twiml(void)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, "open") == 0) {
            return tree(&i);
        }
    }
    return NULL;
}

/* ---- Answers --------------------------------------------------------------- */

static void put(const char *kind, const void *octets, int size)
{
    const unsigned char *at = octets;

    if (size < 0) {
        printf("error %d\n", size);
        return;
    }
    printf("%s ", kind);
    for (int i = 0; i < size; i++) {
        printf("%02x", at[i]);
    }
    putchar('\n');
}

static const struct twilio_account *account(void)
{
    struct twilio_account *account = take(sizeof *account);

    account->sid = text("login.sid");
    account->key = text("login.key");
    account->secret = text("login.secret");
    account->edge = text("login.edge");
    account->region = text("login.region");
    return account;
}

static void put_request(struct twilio_request *request)
{
    static unsigned char image[IMAGE_MAX];

    request->account = account();
    request->params = params("param:");
    put("request", image, twilio_encode(request, 0, image, sizeof image));
}

/* ---- Messages -------------------------------------------------------------- */

static void message_create(struct twilio_request *request)
{
    struct twilio_message *message = take(sizeof *message);

    *message = (struct twilio_message){
        .to = text("to"), .from = text("from"), .service = text("service"), .body = text("body"),
        .media = texts("media"), .content = text("content"), .variables = text("variables"),
        .send_at = text("send_at"), .validity = number("validity")
    };
    twilio_message_create(request, message);
}

static void message_fetch(struct twilio_request *request)
{
    twilio_message_fetch(request, text("sid"));
}

static void message_cancel(struct twilio_request *request)
{
    twilio_message_cancel(request, text("sid"));
}

static void message_redact(struct twilio_request *request)
{
    twilio_message_redact(request, text("sid"));
}

static void message_delete(struct twilio_request *request)
{
    twilio_message_delete(request, text("sid"));
}

static void message_list(struct twilio_request *request)
{
    struct twilio_message_filter *filter = take(sizeof *filter);

    *filter = (struct twilio_message_filter){
        .to = text("to"), .from = text("from"), .date_sent = text("date_sent"),
        .sent_after = text("sent_after"), .sent_before = text("sent_before"),
        .page_size = number("page_size")
    };
    twilio_message_list(request, filter);
}

/* ---- Calls ----------------------------------------------------------------- */

static int application(struct twilio_sink *sink, const void *sid)
{
    twilio_write_param(sink, "ApplicationSid", sid);
    return 0;
}

/* What is to be heard, if it is neither TwiML nor just a URL. */
static struct twilio_generator source(void)
{
    const char *sid = text("application");
    const struct twilio_param *query = params("query:");
    struct twilio_url *url = take(sizeof *url);

    if (query != NULL) {
        *url = (struct twilio_url){ "Url", text("url"), query };
        return (struct twilio_generator){ twilio_url, url };
    }
    return (struct twilio_generator){ sid != NULL ? application : NULL, sid };
}

static void call_create(struct twilio_request *request)
{
    struct twilio_call *call = take(sizeof *call);

    call->source = source();
    call->to = text("to");
    call->from = text("from");
    call->url = text("url");
    call->send_digits = text("send_digits");
    call->machine_detection = text("machine_detection");
    call->twiml = twiml();
    call->timeout = number("timeout");
    twilio_call_create(request, call);
}

static void call_fetch(struct twilio_request *request)
{
    twilio_call_fetch(request, text("sid"));
}

static void call_cancel(struct twilio_request *request)
{
    twilio_call_cancel(request, text("sid"));
}

static void call_hang_up(struct twilio_request *request)
{
    twilio_call_hang_up(request, text("sid"));
}

static void call_delete(struct twilio_request *request)
{
    twilio_call_delete(request, text("sid"));
}

static void call_list(struct twilio_request *request)
{
    struct twilio_call_filter *filter = take(sizeof *filter);

    *filter = (struct twilio_call_filter){
        .to = text("to"), .from = text("from"), .status = text("status"),
        .start_time = text("start_time"), .started_after = text("started_after"),
        .started_before = text("started_before"), .page_size = number("page_size")
    };
    twilio_call_list(request, filter);
}

/* ---- Other products -------------------------------------------------------- */

static void verification_start(struct twilio_request *request)
{
    struct twilio_verification *verification = take(sizeof *verification);

    *verification = (struct twilio_verification){
        .service = text("service"), .to = text("to"), .channel = text("channel"),
        .locale = text("locale"), .custom_code = text("custom_code")
    };
    twilio_verification_start(request, verification);
}

static void verification_check(struct twilio_request *request)
{
    struct twilio_verification_check *check = take(sizeof *check);

    *check = (struct twilio_verification_check){
        .service = text("service"), .to = text("to"), .sid = text("sid"), .code = text("code")
    };
    twilio_verification_check(request, check);
}

static void lookup_fetch(struct twilio_request *request)
{
    struct twilio_lookup *lookup = take(sizeof *lookup);

    *lookup = (struct twilio_lookup){
        .number = text("number"), .country = text("country"), .fields = text("fields")
    };
    twilio_lookup_fetch(request, lookup);
}

static void balance_fetch(struct twilio_request *request)
{
    twilio_balance_fetch(request);
}

static void token_create(struct twilio_request *request)
{
    struct twilio_client_credentials *credentials = take(sizeof *credentials);

    *credentials = (struct twilio_client_credentials){
        .id = text("id"), .secret = text("secret"), .account = text("account")
    };
    twilio_token_create(request, credentials);
}

/* Any request: a product's path from the root, and parameters. */
static void any(struct twilio_request *request)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE" };
    const char *method = text("method");

    while (strcmp(methods[request->method], method) != 0) {
        request->method++;
    }
    request->product = text("product");
    request->resource = text("resource");
    request->item = text("item");
}

static const struct maker {
    const char *operation;
    void (*make)(struct twilio_request *request);
} makers[] = {
    { "message.create", message_create }, { "message.fetch", message_fetch },
    { "message.cancel", message_cancel }, { "message.redact", message_redact },
    { "message.delete", message_delete }, { "message.list", message_list },
    { "call.create", call_create }, { "call.fetch", call_fetch }, { "call.cancel", call_cancel },
    { "call.hang_up", call_hang_up }, { "call.delete", call_delete }, { "call.list", call_list },
    { "verification.start", verification_start }, { "verification.check", verification_check },
    { "lookup.fetch", lookup_fetch }, { "balance.fetch", balance_fetch },
    { "token.create", token_create }, { "request", any }
};

/* ---- What are no requests -------------------------------------------------- */

static void document(void)
{
    static unsigned char xml[LINE_MAX];

    put("document", xml, twilio_twiml_encode(twiml(), 0, xml, sizeof xml));
}

static void webhook_form(void)
{
    const char *token = text("token"), *signature = text("signature"), *url = text("url");

    printf("verdict %d\n", twilio_webhook_valid(token, signature, url, params("param:")));
}

static void webhook_body(void)
{
    const char *token = text("token"), *signature = text("signature"), *url = text("url");
    const struct field *body = find("body");

    if (body == NULL) {
        refuse("without", "body");
    }
    printf("verdict %d\n", twilio_webhook_body_valid(token, signature, url, body->value, body->size));
}

static void segments_count(void)
{
    struct twilio_segments segments;

    twilio_segments_count(text("text"), &segments);
    printf("count %d %u %u\n", segments.ucs2, segments.units, segments.segments);
}

static void segments_cut(void)
{
    const char *whole = text("text");

    printf("count %zu\n", twilio_segments_cut(whole, number("segments")));
}

static void segments_smart(void)
{
    const struct field *field = find("text");

    if (field == NULL) {
        refuse("without", "text");
    }
    put("text", field->value, (int)twilio_segments_smart(field->value));
}

static const struct teller {
    const char *operation;
    void (*tell)(void);
} tellers[] = {
    { "document", document }, { "webhook.form", webhook_form }, { "webhook.body", webhook_body },
    { "segments.count", segments_count }, { "segments.cut", segments_cut },
    { "segments.smart", segments_smart }
};

static void answer(void)
{
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (strcmp(makers[i].operation, operation) == 0) {
            struct twilio_request *request = take(sizeof *request);
            makers[i].make(request);
            put_request(request);
            return;
        }
    }
    for (size_t i = 0; i < sizeof tellers / sizeof tellers[0]; i++) {
        if (strcmp(tellers[i].operation, operation) == 0) {
            tellers[i].tell();
            return;
        }
    }
    refuse("unknown", "operation");
}

int main(void)
{
    static char line[LINE_MAX];

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strchr(line, '\n') == NULL) {
            fprintf(stderr, "ours: a line over %d\n", LINE_MAX);
            return 2;
        }
        read_case(line);
        answer();
        for (size_t i = 0; i < count; i++) {
            if (!fields[i].used) {
                refuse("unknown", fields[i].name);
            }
        }
    }
    return 0;
}
