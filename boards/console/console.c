/*
 * console.c - Twilio's REST API by hand, over the board's console
 *
 * A line is a command; "help" lists them. What comes back are lines that begin with a key
 * and end with "ok" or "failed", so that a program can hold the other end as well.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "board.h"
#include "client.h"
#include "clock.h"
#include "device.h"
#include "each.h"
#include "network.h"
#include "print.h"
#include "token.h"
#include "twilio_balance.h"
#include "twilio_calls.h"
#include "twilio_error.h"
#include "twilio_lookups.h"
#include "twilio_messages.h"
#include "twilio_segments.h"
#include "twilio_trace.h"
#include "twilio_verify.h"

#define END_OF_TEXT '\x04'  /* Ctrl-D */
#define LINE_SIZE    2048         /* a command */
#define CONTENT_SIZE 1024         /* what is shown of a body */
#define TOKEN_SIZE   1536         /* Twilio's are of about 1,200 */
#define NEXT_SIZE    300          /* the address of a list's next page */
#define PARAMS_MAX   16           /* of one request */
#define PAGE_SIZE    20           /* short pages: the deadline is for each */
#define NETWORK_TIME 10000        /* ms to wait for an address */

static uint8_t arena[TWILIO_ARENA_MIN];  /* all memory of TLS */
static uint8_t scratch[512];
static char line[LINE_SIZE];
static char content[CONTENT_SIZE];
static struct device device;
static struct twilio_client client;

/* ---- Lines out ------------------------------------------------------------- */

static void print_text(const char *key, const char *text)
{
    print(key);
    print(" ");
    print(text);
    print("\n");
}

static void print_count(const char *key, size_t count)
{
    print(key);
    print(" ");
    print_number((uint32_t)count);
    print("\n");
}

static void print_flag(const char *key, bool flag)
{
    print_text(key, flag ? "yes" : "no");
}

static void print_found(const char *key, const struct twilio_field *field)
{
    if (field->type == 's' || field->type == 'n')
        print_text(key, field->text);
}

/* Each line of the body by itself; what a terminal might obey is shown as '.'. */
static void print_content(char *text)
{
    for (char *end = text; *end != '\0'; end++)
        if ((unsigned char)*end < ' ' && *end != '\n')
            *end = '.';
    while (*text != '\0') {
        char *end = text;
        while (*end != '\0' && *end != '\n')
            end++;
        if (*end != '\0')
            *end++ = '\0';
        print_text("content", text);
        text = end;
    }
}

/* ---- Requests -------------------------------------------------------------- */

enum { SID, STATUS, ERROR_CODE };
static char sid[35], status[24], error_code[8];
static struct twilio_field picked[] = {
    [SID] = TWILIO_FIELD("sid", sid),
    [STATUS] = TWILIO_FIELD("status", status),
    [ERROR_CODE] = TWILIO_FIELD("error_code", error_code),
    TWILIO_FIELD_END,
};
static struct twilio_error error;

/* A whole number, up to what is none. */
static uint32_t number(const char *text)
{
    uint32_t value = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (uint32_t)(*text - '0');
    return value;
}

/* Twilio's error of the request, else that of the message or call that it tells of. */
static uint32_t print_error(const struct twilio_answer *answer)
{
    if (answer->code < 300)
        return picked[ERROR_CODE].type == 'n' ? number(error_code) : 0;
    if (error.code != 0)
        print_count("error", error.code);
    if (error.message[0] != '\0')
        print_text("detail", error.message);
    return error.code;
}

static bool print_answer(int result, const struct twilio_answer *answer)
{
    uint32_t code = 0;

    if (answer->code != 0) {
        print_count("code", (size_t)answer->code);
        print_text("message", answer->message);
        print_text("type", answer->content_type);
        print_count("length", answer->length);
        print_found("sid", &picked[SID]);
        print_found("status", &picked[STATUS]);
        code = print_error(answer);
        if (answer->retry_after != 0)
            print_count("retry_after", answer->retry_after);
        if (answer->content != NULL)
            print_content(answer->content);
    }
    print_text("result", twilio_explain(result));
    print_flag("committed", answer->committed);
    if (answer->dns != TWILIO_DNS_ASKING)
        print_text("dns", twilio_dns_explain(answer->dns));
    print_text("advice", twilio_advice_name(
        twilio_advise(result, answer->committed, (unsigned)answer->code, code)));
    print_flag("resumed", client.tls.resumed);
    print("arena ");
    print_number((uint32_t)client.arena.used);
    print_count("", client.arena.peak);
    return result == TWILIO_OK && answer->code >= 200 && answer->code < 300;
}

/* A request that picks nothing. */
static void pick_nothing(void)
{
    for (struct twilio_field *field = picked; field->name != NULL; field++)
        field->type = 0;
}

static bool send(const struct twilio_request *request)
{
    struct twilio_answer answer = {
        .content = content, .content_size = sizeof content, .fields = picked,
        .body = twilio_error_feed, .context = &error,
    };

    twilio_error_begin(&error);
    int result = twilio_send(&client, request, &answer);
    twilio_error_end(&error);
    return print_answer(result, &answer);
}

/* Lists are walked as they pass: nothing of them is kept. */
static bool print_item(void *context)
{
    print_found("item", context);
    return true;
}

/* Of a page only an error is of interest as it stands. */
static bool walk(struct twilio_request *request, const char *path, uint32_t limit)
{
    static char next[NEXT_SIZE];
    static struct twilio_list walked;
    struct twilio_field fields[] = {
        TWILIO_LIST_NEXT(next), { path, sid, sizeof sid, 0, 0 }, TWILIO_FIELD_END,
    };
    struct twilio_answer answer = { .content = content, .content_size = sizeof content };

    walked = (struct twilio_list){ .fields = fields, .limit = limit };
    pick_nothing();
    int result = twilio_each(&client, request, &walked, print_item, &fields[2], &answer);
    if (answer.code == 200)
        content[0] = '\0';
    twilio_error_begin(&error);
    (void)twilio_error_feed(&error, content, strlen(content));
    twilio_error_end(&error);
    print_count("items", walked.count);
    return print_answer(result, &answer);
}

/* ---- What goes over the wire ------------------------------------------------ */

/* What a terminal might obey is shown as '.'. */
static void show_character(char c)
{
    if (c == '\n')
        print("\n");
    else if (c != '\r')
        board_console_write((unsigned char)c < ' ' ? "." : &c, 1);
}

/* Each line after the mark of its kind. A piece may begin and end within one. */
static void show(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    static const char *const marks[] = { "* ", "> ", "= ", "< " };
    static enum twilio_trace_kind last;
    static bool within;

    (void)context;
    if (within && (kind != last || kind == TWILIO_TRACE_CONNECT || kind == TWILIO_TRACE_SENT)) {
        print("\n");
        within = false;
    }
    last = kind;
    for (size_t i = 0; i < size; i++) {
        if (!within)
            print(marks[kind]);
        within = text[i] != '\n';
        show_character(text[i]);
    }
}

/* Before each request: it goes over a transport that shows it. */
static void show_request(void *context, struct twilio_request *request, struct twilio_exchange *exchange)
{
    static struct twilio_trace shown = { .show = show };
    static struct twilio_transport transport;

    (void)context;
    shown.below = exchange->transport;
    shown.request = request;
    transport = twilio_trace_transport(&shown);
    exchange->transport = &transport;
}

/* ---- Commands -------------------------------------------------------------- */

/* Cut the next word off the line: up to a space. "" when there is none. */
static char *word(char **rest)
{
    char *start = *rest;
    while (*start == ' ')
        start++;
    char *end = start;
    while (*end != ' ' && *end != '\0')
        end++;
    *rest = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return start;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX to bytes, in place: how a space, or anything else, is typed into a value. */
static void unescape(char *text)
{
    char *to = text;
    for (; *text != '\0'; text++, to++) {
        *to = *text;
        if (*text == '%' && digit(text[1]) >= 0 && digit(text[2]) >= 0) {
            *to = (char)(digit(text[1]) * 16 + digit(text[2]));
            text += 2;
        }
    }
    *to = '\0';
}

/* "verify:/v2/..." is a resource of another product. */
static const char *cut_product(char **resource)
{
    char *product = *resource, *end = product;

    while (*end >= 'a' && *end <= 'z')
        end++;
    if (*end != ':')
        return NULL;
    *end = '\0';
    *resource = end + 1;
    return product;
}

/* RESOURCE [Name=value ...] */
static bool any(enum twilio_method method, char *rest)
{
    struct twilio_param params[PARAMS_MAX + 1] = { { NULL, NULL } };
    char *resource = word(&rest);
    size_t count = 0;

    for (char *name = word(&rest); *name != '\0'; name = word(&rest)) {
        char *value = strchr(name, '=');
        if (value == NULL || count == PARAMS_MAX) {
            print_text("error", value == NULL ? "Name=value is wanted" : "too many parameters");
            return false;
        }
        *value++ = '\0';
        unescape(name);
        unescape(value);
        params[count++] = (struct twilio_param){ name, value };
    }
    const char *product = cut_product(&resource);
    const struct twilio_request request = {
        .method = method, .product = product, .resource = resource, .params = params,
    };
    return send(&request);
}

/* TO TEXT...: the text is the rest of the line, as it is */
static bool sms(char *rest)
{
    struct twilio_request request = { 0 };
    const char *to = word(&rest);
    const struct twilio_message message = { .to = to, .from = device.from, .body = rest };

    twilio_message_create(&request, &message);
    return send(&request);
}

/* TO TEXT...: the text is spoken */
static bool call(char *rest)
{
    struct twilio_request request = { 0 };
    const char *to = word(&rest);
    const struct twilio_call spoken = {
        .to = to, .from = device.from, .twiml = TWILIO_TWIML(TWILIO_SAY(rest)),
    };

    twilio_call_create(&request, &spoken);
    return send(&request);
}

static const char *option(char **rest)
{
    const char *text = word(rest);
    return *text != '\0' ? text : NULL;
}

/* SERVICE TO [CHANNEL] */
static bool verify(char *rest)
{
    struct twilio_request request = { 0 };
    struct twilio_verification verification = { .service = word(&rest) };

    verification.to = word(&rest);
    verification.channel = option(&rest);
    twilio_verification_start(&request, &verification);
    return send(&request);
}

/* SERVICE TO CODE */
static bool check(char *rest)
{
    struct twilio_request request = { 0 };
    struct twilio_verification_check typed = { .service = word(&rest) };

    typed.to = word(&rest);
    typed.code = word(&rest);
    twilio_verification_check(&request, &typed);
    return send(&request);
}

/* NUMBER [FIELDS] */
static bool lookup(char *rest)
{
    struct twilio_request request = { 0 };
    struct twilio_lookup wanted = { .number = word(&rest) };

    wanted.fields = option(&rest);
    twilio_lookup_fetch(&request, &wanted);
    return send(&request);
}

static bool balance(char *rest)
{
    struct twilio_request request = { 0 };

    (void)rest;
    twilio_balance_fetch(&request);
    return send(&request);
}

/* messages|calls|services [LIMIT [TO]] */
static bool list(char *rest)
{
    struct twilio_request request = { 0 };
    const char *kind = word(&rest);
    uint32_t limit = number(word(&rest));
    const char *to = option(&rest);
    const struct twilio_message_filter messages = { .to = to, .page_size = PAGE_SIZE };
    const struct twilio_call_filter calls = { .to = to, .page_size = PAGE_SIZE };

    if (strcmp(kind, "messages") == 0) {
        twilio_message_list(&request, &messages);
        return walk(&request, "messages[].sid", limit);
    }
    if (strcmp(kind, "calls") == 0) {
        twilio_call_list(&request, &calls);
        return walk(&request, "calls[].sid", limit);
    }
    if (strcmp(kind, "services") == 0) {
        request.product = "messaging";
        request.resource = "/v1/Services?PageSize=20";
        return walk(&request, "services[].sid", limit);
    }
    print_text("error", "messages, calls or services?");
    return false;
}

/* SID: of a message, or of a call */
static bool one(char *rest, void (*of_message)(struct twilio_request *request, const char *sid),
                void (*of_call)(struct twilio_request *request, const char *sid))
{
    struct twilio_request request = { 0 };
    const char *which = word(&rest);

    (which[0] == 'C' ? of_call : of_message)(&request, which);
    return send(&request);
}

/* [ID SECRET]: log in with a token of that app from now on; without, as before. The line is wiped after. */
static bool token(char *rest)
{
    static char text[TOKEN_SIZE];
    struct twilio_token fetched = { .text = text, .size = sizeof text };
    struct twilio_answer answer = { .body = twilio_error_feed, .context = &error };
    struct twilio_client_credentials app = { .id = word(&rest) };

    device.account.bearer = NULL;
    if (*app.id == '\0')
        return true;
    app.secret = word(&rest);
    pick_nothing();
    twilio_error_begin(&error);
    int result = twilio_token_fetch(&client, &app, &fetched, &answer);
    twilio_error_end(&error);
    memset(line, 0, sizeof line);
    if (result == TWILIO_OK) {
        device.account.bearer = text;
        print_count("expires", fetched.expires);
    }
    return print_answer(result, &answer);
}

static bool trace(char *rest)
{
    client.hook = strcmp(word(&rest), "on") == 0 ? show_request : NULL;
    return true;
}

/* TEXT...: what it costs as SMS */
static bool segments(char *rest)
{
    struct twilio_segments cost;

    twilio_segments_count(rest, &cost);
    print_flag("ucs2", cost.ucs2);
    print_count("units", cost.units);
    print_count("segments", cost.segments);
    return true;
}

static bool print_time(char *rest)
{
    (void)rest;
    print_count("time", twilio_clock_now());
    print_flag("set", twilio_clock_is_set());
    return true;
}

static bool print_memory(char *rest)
{
    struct board_memory memory;

    (void)rest;
    board_memory(&memory);
    print_count("flash", memory.flash);
    print_count("ram", memory.ram);
    print_count("stack", memory.stack);
    print_count("stack_peak", memory.stack_peak);
    print_count("arena", sizeof arena);
    print_count("arena_peak", client.arena.peak);
    return true;
}

static bool print_network(char *rest)
{
    (void)rest;
    print("address ");
    print_address(twilio_network_address());
    print("\n");
    if (twilio_network_trouble() != NULL)
        print_text("trouble", twilio_network_trouble());
    return twilio_network_up();
}

static bool disconnect(char *rest)
{
    (void)rest;
    twilio_client_close(&client);
    return true;
}

static bool leave(char *rest)
{
    board_exit((int)(number(rest) & 0xFF));
}

static bool get(char *rest)    { return any(TWILIO_GET, rest); }
static bool head(char *rest)   { return any(TWILIO_HEAD, rest); }
static bool post(char *rest)   { return any(TWILIO_POST, rest); }
static bool update(char *rest) { return any(TWILIO_PUT, rest); }
static bool delete(char *rest)
{
    return strchr(rest, '/') != NULL ? any(TWILIO_DELETE, rest)
                                     : one(rest, twilio_message_delete, twilio_call_delete);
}
static bool fetch(char *rest)  { return one(rest, twilio_message_fetch, twilio_call_fetch); }
static bool cancel(char *rest) { return one(rest, twilio_message_cancel, twilio_call_cancel); }
static bool redact(char *rest) { return one(rest, twilio_message_redact, twilio_message_redact); }
static bool hangup(char *rest) { return one(rest, twilio_call_hang_up, twilio_call_hang_up); }
static bool help(char *rest);

static const struct command {
    const char *name, *usage;
    bool (*run)(char *rest);
} commands[] = {
    { "sms",      "TO TEXT...", sms },
    { "call",     "TO TEXT...", call },
    { "verify",   "SERVICE TO [CHANNEL]        (sends a code)", verify },
    { "check",    "SERVICE TO CODE", check },
    { "lookup",   "NUMBER [FIELDS]", lookup },
    { "balance",  "", balance },
    { "list",     "messages|calls|services [LIMIT [TO]]", list },
    { "fetch",    "SM...|CA...", fetch },
    { "cancel",   "SM...|CA...                 (what is scheduled, or still rings)", cancel },
    { "redact",   "SM...", redact },
    { "hangup",   "CA...", hangup },
    { "delete",   "SM...|CA...|RESOURCE [Name=value ...]", delete },
    { "get",      "RESOURCE [Name=value ...]   (%20: a space; verify:/v2/...: of a product)", get },
    { "head",     "RESOURCE [Name=value ...]", head },
    { "post",     "RESOURCE [Name=value ...]", post },
    { "put",      "RESOURCE [Name=value ...]", update },
    { "token",    "[ID SECRET]                 (of an OAuth app, to log in with; none: as before)", token },
    { "segments", "TEXT...                   (what it costs)", segments },
    { "trace",    "on|off", trace },
    { "time",     "", print_time },
    { "memory",   "", print_memory },
    { "net",      "", print_network },
    { "close",    "", disconnect },
    { "help",     "", help },
    { "exit",     "[STATUS]", leave },
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static bool help(char *rest)
{
    (void)rest;
    for (size_t i = 0; i < COMMANDS; i++)
        print_text(commands[i].name, commands[i].usage);
    return true;
}

static bool run(char *rest)
{
    const char *name = word(&rest);

    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(rest);
    print_text("error", "no such command; try help");
    return false;
}

/* ---- Lines in -------------------------------------------------------------- */

/* The network works while we wait. */
static char read_key(void)
{
    int c;
    while ((c = board_console_read()) < 0)
        twilio_network_wait(1);
    return (char)c;
}

/* Take one character, of however many bytes of UTF-8, off the line. */
static size_t erase(size_t length)
{
    if (length == 0)
        return 0;
    print("\b \b");
    do
        length--;
    while (length > 0 && (line[length] & 0xC0) == 0x80);
    return length;
}

/* A line with its echo, ended by CR, LF or both; Ctrl-D in its place is the command exit.
 * false: it was too long. */
static bool read_line(void)
{
    static char last;
    size_t length = 0;
    bool fits = true;

    for (;;) {
        char previous = last, c = last = read_key();
        if (c == '\n' && previous == '\r')
            continue;
        if (c == '\r' || c == '\n')
            break;
        if (c == END_OF_TEXT && length == 0)
            board_exit(0);
        if (c == '\b' || c == '\x7f') {
            length = erase(length);
        } else if (length == sizeof line - 1) {
            fits = false;
        } else if ((unsigned char)c >= ' ') {
            board_console_write(&c, 1);
            line[length++] = c;
        }
    }
    line[length] = '\0';
    print("\n");
    return fits;
}

int main(void)
{
    board_start();
    print("twilio-mcu " TWILIO_VERSION " console\n");
    device_load(&device);
    device_client(&device, &client);
    client.memory = arena;
    client.memory_size = sizeof arena;
    client.scratch = scratch;
    client.scratch_size = sizeof scratch;

    int result = twilio_client_begin(&client);
    if (result == TWILIO_OK)
        result = device_online(&device, NETWORK_TIME);
    print_text("result", twilio_explain(result));
    for (;;) {
        print("> ");
        bool fits = read_line();
        if (!fits)
            print_text("error", "the line is too long");
        if (!fits || line[0] != '\0')
            print(fits && run(line) ? "ok\n" : "failed\n");
    }
}
