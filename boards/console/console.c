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
#include "network.h"
#include "print.h"

#define END_OF_TEXT '\x04'  /* Ctrl-D */
#define LINE_SIZE    2048         /* a command */
#define CONTENT_SIZE 1024         /* what is shown of a body */
#define PARAMS_MAX   16           /* of one request */
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
        char *end = strchr(text, '\n');
        if (end != NULL)
            *end++ = '\0';
        print_text("content", text);
        text = end != NULL ? end : "";
    }
}

/* ---- Requests -------------------------------------------------------------- */

enum { SID, STATUS, CODE, MESSAGE, DETAIL, NEXT, IN_MESSAGES, IN_CALLS };

/* Lists are walked as they pass: nothing of them is kept. */
static bool print_item(void *context)
{
    const struct twilio_field *fields = context;

    print_found("item", &fields[IN_MESSAGES]);
    print_found("item", &fields[IN_CALLS]);
    return true;
}

static bool print_answer(int result, const struct twilio_answer *answer)
{
    const struct twilio_field *fields = answer->fields;

    if (answer->code != 0) {
        print_count("code", (size_t)answer->code);
        print_text("message", answer->message);
        print_text("type", answer->content_type);
        print_count("length", answer->length);
        print_found("sid", &fields[SID]);
        print_found("status", &fields[STATUS]);
        print_found("error", &fields[CODE]);
        print_found("detail", &fields[MESSAGE]);
        print_found("detail", &fields[DETAIL]);
        print_found("next", &fields[NEXT]);
        print_content(answer->content);
    }
    print_text("result", twilio_explain(result));
    print_flag("committed", answer->committed);
    print_flag("resumed", client.tls.resumed);
    print("arena ");
    print_number((uint32_t)client.arena.used);
    print_count("", client.arena.peak);
    return result == TWILIO_OK && answer->code >= 200 && answer->code < 300;
}

static bool request(enum twilio_method method, const char *resource, const struct twilio_param *params)
{
    static char sid[35], status[24], code[8], message[160], detail[160], next[200];
    static char in_messages[35], in_calls[35];
    static struct twilio_field fields[] = {
        [SID] = TWILIO_FIELD("sid", sid),
        [STATUS] = TWILIO_FIELD("status", status),
        [CODE] = TWILIO_FIELD("code", code),
        [MESSAGE] = TWILIO_FIELD("message", message),
        [DETAIL] = TWILIO_FIELD("detail", detail),
        [NEXT] = TWILIO_FIELD("next_page_uri", next),
        [IN_MESSAGES] = TWILIO_FIELD("messages[].sid", in_messages),
        [IN_CALLS] = TWILIO_FIELD("calls[].sid", in_calls),
        TWILIO_FIELD_END,
    };
    struct twilio_request wanted = {
        .account = &device.account, .method = method, .resource = resource, .params = params,
    };
    struct twilio_answer answer = {
        .content = content, .content_size = sizeof content, .fields = fields,
        .item = print_item, .context = fields,
    };
    int result = twilio_send(&client, &wanted, &answer);

    return print_answer(result, &answer);
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

/* RESOURCE [Name=value ...] */
static bool any(enum twilio_method method, char *rest)
{
    struct twilio_param params[PARAMS_MAX + 1] = { { NULL, NULL } };
    const char *resource = word(&rest);
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
    return request(method, resource, params);
}

/* TO TEXT...: the text is the rest of the line, as it is */
static bool sms(char *rest)
{
    const char *to = word(&rest);
    return request(TWILIO_POST, "Messages.json",
                   TWILIO_PARAMS({"To", to}, {"From", device.from}, {"Body", rest}));
}

static char *put(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length + 1);
    return to + length;
}

/* Wrap the text, which ends the line, in TwiML: moved to the end of the buffer first, then
 * written out from its beginning, with what XML would mistake escaped. NULL: too long. */
static const char *say(char *text)
{
    static const char before[] = "<Response><Say>", after[] = "</Say></Response>";
    size_t length = strlen(text);
    const char *from = memmove(line + sizeof line - sizeof after - length, text, length);
    const char *end = from + length;
    char *to = text;

    if (to + sizeof before - 1 > from)
        return NULL;
    to = put(to, before);
    for (; from < end; from++) {
        char plain[2] = { *from, '\0' };
        const char *piece = *from == '&' ? "&amp;" : *from == '<' ? "&lt;" : plain;
        if (to + strlen(piece) > from + 1)
            return NULL;
        to = put(to, piece);
    }
    put(to, after);
    return text;
}

/* TO TEXT...: the text is spoken */
static bool call(char *rest)
{
    const char *to = word(&rest);
    const char *twiml = say(rest);

    if (twiml == NULL) {
        print_text("error", "the text is too long");
        return false;
    }
    return request(TWILIO_POST, "Calls.json",
                   TWILIO_PARAMS({"To", to}, {"From", device.from}, {"Twiml", twiml}));
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
    print_flag("link", board_ethernet_link());
    print("address ");
    print_address(twilio_network_address());
    print("\n");
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
    int status = 0;
    for (; digit(*rest) >= 0 && digit(*rest) < 10 && status < 100; rest++)
        status = status * 10 + digit(*rest);
    board_exit(status);
}

static bool get(char *rest)    { return any(TWILIO_GET, rest); }
static bool head(char *rest)   { return any(TWILIO_HEAD, rest); }
static bool post(char *rest)   { return any(TWILIO_POST, rest); }
static bool update(char *rest) { return any(TWILIO_PUT, rest); }
static bool delete(char *rest) { return any(TWILIO_DELETE, rest); }
static bool help(char *rest);

static const struct command {
    const char *name, *usage;
    bool (*run)(char *rest);
} commands[] = {
    { "get",    "RESOURCE [Name=value ...]   (%20 for a space in a value)", get },
    { "head",   "RESOURCE [Name=value ...]", head },
    { "post",   "RESOURCE [Name=value ...]", post },
    { "put",    "RESOURCE [Name=value ...]", update },
    { "delete", "RESOURCE [Name=value ...]", delete },
    { "sms",    "TO TEXT...", sms },
    { "call",   "TO TEXT...", call },
    { "time",   "", print_time },
    { "memory", "", print_memory },
    { "net",    "", print_network },
    { "close",  "", disconnect },
    { "help",   "", help },
    { "exit",   "[STATUS]", leave },
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
