/*
 * main.c - Twilio's REST API from the command line, by the same code as on a microcontroller
 *
 * SPDX-License-Identifier: MIT
 */
#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "board.h"
#include "each.h"
#include "network.h"
#include "pem.h"
#include "twilio_calls.h"
#include "twilio_error.h"
#include "twilio_messages.h"
#include "twilio_proxy.h"
#include "twilio_trace.h"

#define ADDRESS_PATIENCE 10000  /* milliseconds to wait for DHCP */
#define PARAMS_MAX       100
#define ANCHORS_MAX      200
#define ANCHORS_FILE_MAX (1 << 20)

enum { DONE = 0, USAGE = 1, HTTP_ERROR = 2, NOT_SENT = 3, UNKNOWN = 4 };

static const char help[] =
    "twilio - Twilio's REST API from the command line\n"
    "\n"
    "  twilio [OPTION ...] sms TO TEXT [NAME=VALUE ...]\n"
    "  twilio [OPTION ...] call TO TEXT [NAME=VALUE ...]\n"
    "  twilio [OPTION ...] list messages|calls [NAME=VALUE ...]\n"
    "  twilio [OPTION ...] get|head|post|put|patch|delete RESOURCE [NAME=VALUE ...]\n"
    "\n"
    "sms sends TEXT to the number TO. call rings TO and speaks TEXT. list prints all messages or\n"
    "calls, of however many pages, the latest first: SID, status, from, to and date, with tabs between.\n"
    "The others send any request. The body of the answer goes to standard output as it comes.\n"
    "\n"
    "  RESOURCE    below the account:        Messages.json, Calls/CA....json, Balance.json\n"
    "              the account itself:       Accounts (XML), or /2010-04-01/Accounts/AC....json\n"
    "              with a leading '/', the whole path, such as a next_page_uri\n"
    "  NAME=VALUE  a parameter, sent in this order, repeats too; the value may be any text.\n"
    "              With sms and call they come before To, From and Body or Twiml; From=... or\n"
    "              MessagingServiceSid=... takes the place of the default sender, and SendAt=...\n"
    "              schedules an sms\n"
    "\n"
    "Options come first:\n"
    "  -p, --product NAME      another product: verify, lookups, messaging, ... (default: api)\n"
    "  -a, --api-version DATE  in the path (default: 2010-04-01)\n"
    "  -c, --ca FILE           trust the certificates in FILE (PEM or DER) besides the built-in\n"
    "  -t, --timeout SECONDS   for the whole request and answer (default: 30)\n"
    "  -x, --proxy PROXY       go through an HTTP proxy: [http://][USER:SECRET@]HOST[:PORT], port 80\n"
    "                          unless given; %XX in USER and SECRET is that octet\n"
    "  -T, --trace             show on standard error what goes over the wire, but no login\n"
    "  -v, --verbose           say on standard error what happened\n"
    "  -V, --version           print the version\n"
    "  -h, --help              print this\n"
    "\n"
    "Environment:\n"
    "  TWILIO_ACCOUNT_SID      the account, AC...\n"
    "  TWILIO_AUTH_TOKEN       its auth token; or, taking precedence,\n"
    "  TWILIO_API_KEY, TWILIO_API_SECRET      an API key, SK..., and its secret\n"
    "  TWILIO_FROM or TWILIO_PHONE_NUMBER     the sender of sms and call: a number, +1555..., or\n"
    "                          for sms the SID of a messaging service, MG...\n"
    "  TWILIO_EDGE, TWILIO_REGION             sydney, au1, ...\n"
    "  TWILIO_CA_FILE          as --ca\n"
    "  TWILIO_TIMEOUT          as --timeout, but in milliseconds\n"
    "  TWILIO_PROXY            as --proxy\n"
    "  TWILIO_CONNECT_TO       ADDRESS[:PORT] to connect to instead of asking DNS; the certificate\n"
    "                          must name Twilio's host all the same. This PC is 10.0.2.2\n"
    "  TWILIO_DNS_SERVER       address of a DNS server to ask instead of this PC's\n"
    "\n"
    "Exit status:\n"
    "  0  Twilio answered 2xx\n"
    "  1  wrong usage, or a request that cannot be sent: nothing was sent\n"
    "  2  Twilio answered with an error, which the body and standard error tell. 4xx: not carried\n"
    "     out; 429 asks to come back later. 5xx: look, as after 4\n"
    "  3  no answer, and the request was certainly not carried out: safe to repeat\n"
    "  4  the request was sent, but no complete answer came: it may have been carried out.\n"
    "     Look (list messages To=...) before you repeat it\n"
    "\n"
    "Examples:\n"
    "  twilio sms +15551234567 'Boiler at 95 degrees'\n"
    "  twilio call +15551234567 'Water in the cellar' Timeout=20\n"
    "  twilio list messages To=+15551234567\n"
    "  twilio post Messages/SM....json Body=\n"
    "  twilio --product lookups get /v2/PhoneNumbers/+15551234567\n";

static struct options {
    const char *product, *version, *ca, *proxy;
    uint32_t timeout;
    bool verbose, trace;
} options;

/* ---- Messages -------------------------------------------------------------- */

__attribute__((format(printf, 2, 3)))
static _Noreturn void fail(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)fputs("twilio: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputs("\n", stderr);
    va_end(arguments);
    exit(status);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL)
        fail(NOT_SENT, "out of memory");
    return memory;
}

/* ---- Options --------------------------------------------------------------- */

static uint32_t milliseconds(const char *text, uint32_t unit)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (end == text || *end != '\0' || value == 0 || value > 86400000 / unit)
        fail(USAGE, "'%s' is no time to wait", text);
    return (uint32_t)value * unit;
}

static void read_environment(void)
{
    const char *timeout = environment("TWILIO_TIMEOUT");

    options.ca = environment("TWILIO_CA_FILE");
    options.proxy = environment("TWILIO_PROXY");
    options.timeout = timeout != NULL ? milliseconds(timeout, 1) : 0;
}

/* Returns the index of the command in argv. */
static int read_options(int argc, char **argv)
{
    static const struct option names[] = {
        { "product", required_argument, NULL, 'p' }, { "api-version", required_argument, NULL, 'a' },
        { "ca", required_argument, NULL, 'c' },      { "timeout", required_argument, NULL, 't' },
        { "proxy", required_argument, NULL, 'x' },   { "trace", no_argument, NULL, 'T' },
        { "verbose", no_argument, NULL, 'v' },       { "version", no_argument, NULL, 'V' },
        { "help", no_argument, NULL, 'h' },          { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "+p:a:c:t:x:TvVh", names, NULL)) != -1) {
        switch (option) {
        case 'p': options.product = optarg; break;
        case 'a': options.version = optarg; break;
        case 'c': options.ca = optarg; break;
        case 't': options.timeout = milliseconds(optarg, 1000); break;
        case 'x': options.proxy = optarg; break;
        case 'T': options.trace = true; break;
        case 'v': options.verbose = true; break;
        case 'V': (void)puts("twilio " TWILIO_VERSION); exit(DONE);
        case 'h': (void)fputs(help, stdout); exit(DONE);
        default:  (void)fputs("See twilio --help.\n", stderr); exit(USAGE);
        }
    }
    return optind;
}

/* ---- Commands -------------------------------------------------------------- */

/* The rest of the command line; the arguments are cut in two at their '='. */
static struct twilio_param *read_params(char **arguments)
{
    static struct twilio_param params[PARAMS_MAX + 1];

    for (size_t i = 0; arguments[i] != NULL; i++) {
        char *equals = strchr(arguments[i], '=');

        if (i == PARAMS_MAX)
            fail(USAGE, "too many parameters");
        if (equals == NULL || equals == arguments[i])
            fail(USAGE, "'%s' is not of the form NAME=VALUE", arguments[i]);
        *equals = '\0';
        params[i] = (struct twilio_param){ arguments[i], equals + 1 };
    }
    return params;
}

/* What a message or call has a member for is taken out of the further parameters. NULL: it is not there. */
static const char *take(struct twilio_param *params, const char *name)
{
    const char *value;

    while (params->name != NULL && strcmp(params->name, name) != 0)
        params++;
    value = params->value;
    for (; params->name != NULL; params++)
        params[0] = params[1];
    return value;
}

static const char *default_sender(void)
{
    const char *from = environment("TWILIO_FROM");

    if (from == NULL)
        from = environment("TWILIO_PHONE_NUMBER");
    if (from == NULL)
        fail(USAGE, "no sender: set TWILIO_FROM, or add From=... at the end");
    return from;
}

static void make_message(struct twilio_request *request, char **arguments)
{
    static struct twilio_message message;
    struct twilio_param *more = read_params(arguments + 3);

    message.to = arguments[1];
    message.body = arguments[2];
    message.from = take(more, "From");
    message.service = take(more, "MessagingServiceSid");
    if (message.from == NULL && message.service == NULL) {
        const char *from = default_sender();
        *(strncmp(from, "MG", 2) == 0 ? &message.service : &message.from) = from;
    }
    message.send_at = take(more, "SendAt");
    (void)take(more, "ScheduleType");  /* which SendAt brings with it */
    twilio_message_create(request, &message);
    request->params = more;
}

static void make_call(struct twilio_request *request, char **arguments)
{
    static struct twilio_call call;
    static struct twilio_twiml spoken[2];
    struct twilio_param *more = read_params(arguments + 3);

    spoken[0] = (struct twilio_twiml)TWILIO_SAY(arguments[2]);
    call.to = arguments[1];
    call.from = take(more, "From");
    if (call.from == NULL)
        call.from = default_sender();
    call.twiml = spoken;
    twilio_call_create(request, &call);
    request->params = more;
}

/* RESOURCE is given. */
static void make_any(struct twilio_request *request, char **arguments)
{
    request->resource = arguments[1];
    request->params = read_params(arguments + 2);
}

static void make_list(struct twilio_request *request, char **arguments)
{
    if (strcmp(arguments[1], "messages") != 0 && strcmp(arguments[1], "calls") != 0)
        fail(USAGE, "list what? messages, or calls");
    request->resource = arguments[1][0] == 'm' ? "Messages.json" : "Calls.json";
    request->params = read_params(arguments + 2);
}

static const struct command {
    const char *name;
    enum twilio_method method;
    int least;  /* arguments, with the name */
    void (*make)(struct twilio_request *request, char **arguments);
} commands[] = {
    { "sms", TWILIO_POST, 3, make_message },
    { "call", TWILIO_POST, 3, make_call },
    { "list", TWILIO_GET, 2, make_list },
    { "get", TWILIO_GET, 2, make_any },
    { "head", TWILIO_HEAD, 2, make_any },
    { "post", TWILIO_POST, 2, make_any },
    { "put", TWILIO_PUT, 2, make_any },
    { "patch", TWILIO_PATCH, 2, make_any },
    { "delete", TWILIO_DELETE, 2, make_any },
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcasecmp(commands[i].name, name) == 0)
            return &commands[i];
    fail(USAGE, "no command '%s'; see twilio --help", name);
}

static const struct command *make_request(struct twilio_request *request, int argc, char **arguments)
{
    const struct command *command = find_command(arguments[0]);

    if (argc < command->least)
        fail(USAGE, "%s needs %s; see twilio --help", command->name,
             command->least == 3 ? "TO and TEXT" : "to know what");
    request->method = command->method;
    command->make(request, arguments);
    return command;
}

/* ---- Account, trust, network ----------------------------------------------- */

static void read_account(struct twilio_account *account)
{
    account->sid = environment("TWILIO_ACCOUNT_SID");
    account->key = environment("TWILIO_API_KEY");
    account->secret = environment(account->key != NULL ? "TWILIO_API_SECRET" : "TWILIO_AUTH_TOKEN");
    account->edge = environment("TWILIO_EDGE");
    account->region = environment("TWILIO_REGION");
    account->version = options.version;
}

/* The certificates of that file, and after them the built-in ones. */
static const struct twilio_anchors *read_anchors(const char *path)
{
    static struct twilio_anchor table[ANCHORS_MAX];
    static struct twilio_anchors anchors = { table, 0, &twilio_builtin_anchors };
    uint8_t *text = allocate(ANCHORS_FILE_MAX);
    FILE *file = fopen(path, "rb");
    size_t size;
    int count;

    if (file == NULL)
        fail(USAGE, "%s cannot be read", path);
    size = fread(text, 1, ANCHORS_FILE_MAX, file);
    (void)fclose(file);
    count = size < ANCHORS_FILE_MAX ? pem_anchors(text, size, table, ANCHORS_MAX) : -1;
    if (count < 0)
        fail(USAGE, "%s holds no certificates, broken ones, or too many", path);
    anchors.count = (size_t)count;
    return &anchors;
}

/* %XX to octets, in place. */
static void unescape(char *text)
{
    unsigned value;
    char *to = text;

    for (; *text != '\0'; text++) {
        if (text[0] == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2])) {
            (void)sscanf(text + 1, "%2x", &value);
            *to++ = (char)value;
            text += 2;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
}

static uint16_t port_of(const char *text)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || port == 0 || port > UINT16_MAX)
        fail(USAGE, "the proxy's port is no port");
    return (uint16_t)port;
}

/* Sockets that lead to the proxy, a tunnel over them, and TLS over that. What is wrong with the text is not
 * shown: it holds a secret. */
static void use_proxy(struct twilio_client *client, const char *given)
{
    static struct twilio_socket socket = { .port = 80 };
    static struct twilio_proxy proxy;
    static struct twilio_transport tcp, tunnel;
    char *text = strdup(given), *at, *colon;

    if (text == NULL)
        fail(NOT_SENT, "out of memory");
    if (strncmp(text, "http://", 7) == 0)
        text += 7;
    if ((at = strrchr(text, '@')) != NULL) {
        *at = '\0';
        if ((colon = strchr(text, ':')) == NULL)
            fail(USAGE, "the proxy's USER has no SECRET");
        *colon = '\0';
        unescape(text);
        unescape(colon + 1);
        proxy.user = text;
        proxy.secret = colon + 1;
        text = at + 1;
    }
    text[strcspn(text, "/")] = '\0';
    if ((colon = strchr(text, ':')) != NULL) {
        *colon = '\0';
        socket.port = port_of(colon + 1);
    }
    if (*text == '\0')
        fail(USAGE, "the proxy has no host");
    proxy.host = text;
    tcp = twilio_socket_transport(&socket);
    proxy.below = &tcp;
    tunnel = twilio_proxy_transport(&proxy);
    client->below = &tunnel;
}

static void go_online(void)
{
    const char *dns = environment("TWILIO_DNS_SERVER");
    uint32_t start = board_millis();
    int result = twilio_network_start();

    if (result == TWILIO_OK && dns != NULL && twilio_network_dns(dns) != TWILIO_OK)
        fail(USAGE, "TWILIO_DNS_SERVER is not an address");
    while (result == TWILIO_OK && !twilio_network_up()) {
        twilio_network_wait(1);
        if (board_millis() - start >= ADDRESS_PATIENCE)
            result = TWILIO_ERR_NETWORK;
    }
    if (result != TWILIO_OK)
        fail(NOT_SENT, "%s", twilio_explain(result));
}

/* ---- The call -------------------------------------------------------------- */

/* The body of an answer on its way. */
struct output {
    char last;                  /* of what was printed */
    struct twilio_error error;
};

static bool print_body(void *context, const char *data, size_t size)
{
    struct output *output = context;

    (void)fwrite(data, 1, size, stdout);
    output->last = data[size - 1];
    return twilio_error_feed(&output->error, data, size);
}

/* Each piece of these kinds begins a line. */
static bool begins_line(enum twilio_trace_kind kind)
{
    return kind == TWILIO_TRACE_CONNECT || kind == TWILIO_TRACE_SENT;
}

/* What a terminal might obey is shown as '.'. */
static int harmless(char c)
{
    return (unsigned char)c < ' ' && c != '\n' ? '.' : c;
}

/* Each line after the mark of its kind. */
static void show(void *context, enum twilio_trace_kind kind, const char *text, size_t size)
{
    static const char marks[] = "*>=<";
    static char within;  /* the mark of the line that has begun; or 0 */

    (void)context;
    if (within != 0 && (within != marks[kind] || begins_line(kind))) {
        (void)fputc('\n', stderr);
        within = 0;
    }
    for (size_t i = 0; i < size; i++) {
        if (within == 0)
            (void)fprintf(stderr, "%c ", marks[kind]);
        within = text[i] == '\n' ? 0 : marks[kind];
        if (text[i] != '\r')
            (void)fputc(harmless(text[i]), stderr);
    }
}

static void show_request(void *context, struct twilio_request *request, struct twilio_exchange *exchange)
{
    static struct twilio_trace trace = { .show = show };
    static struct twilio_transport transport;

    (void)context;
    trace.below = exchange->transport;
    trace.request = request;
    transport = twilio_trace_transport(&trace);
    exchange->transport = &transport;
}

static void print_facts(const struct twilio_client *client, const struct twilio_answer *answer)
{
    if (answer->code != 0)
        (void)fprintf(stderr, "status %d %s\ntype %s\nlength %u\n", answer->code, answer->message,
                      answer->content_type, (unsigned)answer->length);
    if (answer->retry_after != 0)
        (void)fprintf(stderr, "retry after %u s\n", (unsigned)answer->retry_after);
    (void)fprintf(stderr, "sent %s\nmemory of TLS %zu\n", answer->committed ? "yes" : "no",
                  client->arena.peak);
}

static void print_error(const struct twilio_answer *answer, const struct twilio_error *error)
{
    (void)fprintf(stderr, "twilio: HTTP %d %s", answer->code, answer->message);
    if (error->code != 0)
        (void)fprintf(stderr, ", error %u", (unsigned)error->code);
    (void)fprintf(stderr, "%s%s\n", error->message[0] != '\0' ? ": " : "", error->message);
}

/* An exit code for what ended without an answer. */
static int judge_failure(int result, bool committed)
{
    (void)fprintf(stderr, "twilio: %s\n", twilio_explain(result));
    if (committed) {
        (void)fprintf(stderr, "twilio: the request was sent; whether it was carried out is unknown\n");
        return UNKNOWN;
    }
    if (result <= TWILIO_ERR_ARGUMENT && result >= TWILIO_ERR_SIZE) {  /* the proxy's login, perhaps */
        (void)fprintf(stderr, "twilio: nothing was sent; see twilio --help\n");
        return USAGE;
    }
    (void)fprintf(stderr, "twilio: the request was not carried out: safe to repeat\n");
    return NOT_SENT;
}

static int judge(int result, const struct twilio_answer *answer, const struct twilio_error *error)
{
    if (result == TWILIO_OK && answer->code >= 200 && answer->code <= 299)
        return DONE;
    (void)fflush(stdout);
    if ((result == TWILIO_OK || result == TWILIO_ERR_CONTENT) && answer->code != 0) {
        print_error(answer, error);
        (void)fprintf(stderr, "twilio: advice: %s\n", twilio_advice_name(
                      twilio_advise(TWILIO_OK, true, (unsigned)answer->code, error->code)));
        return HTTP_ERROR;
    }
    return judge_failure(result, answer->committed);
}

static int perform(struct twilio_client *client, struct twilio_request *request)
{
    struct output output = { .last = '\n' };
    struct twilio_answer answer = { .body = print_body, .context = &output };

    twilio_error_begin(&output.error);
    int result = twilio_send(client, request, &answer);
    twilio_error_end(&output.error);
    if (output.last != '\n' && isatty(STDOUT_FILENO))
        (void)putchar('\n');
    if (options.verbose)
        print_facts(client, &answer);
    return judge(result, &answer, &output.error);
}

/* Of each item, in this order; the fields are those after the next page's. */
#define ITEM_FIELDS 5

static bool print_item(void *context)
{
    const struct twilio_field *fields = context;

    for (size_t i = 0; i < ITEM_FIELDS; i++)
        (void)printf("%s%c", fields[i].type == 's' ? fields[i].text : "", i + 1 < ITEM_FIELDS ? '\t' : '\n');
    return true;
}

static int walk(struct twilio_client *client, struct twilio_request *request)
{
    static char next[2048], sid[35], status[24], from[64], to[64], date[40], content[4096];
    const bool calls = request->resource[0] == 'C';
    struct twilio_field fields[] = {
        TWILIO_LIST_NEXT(next),
        TWILIO_FIELD(calls ? "calls[].sid" : "messages[].sid", sid),
        TWILIO_FIELD(calls ? "calls[].status" : "messages[].status", status),
        TWILIO_FIELD(calls ? "calls[].from" : "messages[].from", from),
        TWILIO_FIELD(calls ? "calls[].to" : "messages[].to", to),
        TWILIO_FIELD(calls ? "calls[].date_created" : "messages[].date_created", date),
        TWILIO_FIELD_END,
    };
    struct twilio_list list = { .fields = fields };
    struct twilio_answer answer = { .content = content, .content_size = sizeof content };
    struct twilio_error error;
    int result = twilio_each(client, request, &list, print_item, &fields[2], &answer);

    twilio_error_begin(&error);
    (void)twilio_error_feed(&error, content, strlen(content));
    twilio_error_end(&error);
    if (options.verbose)
        print_facts(client, &answer);
    return judge(result, &answer, &error);
}

static int finish(struct twilio_client *client, int status)
{
    (void)fflush(stdout);
    if (ferror(stdout))
        (void)fprintf(stderr, "twilio: the answer could not be written\n");
    twilio_client_close(client);
    return status;
}

int main(int argc, char **argv)
{
    static uint8_t memory[65536], scratch[1024];
    static struct twilio_client client;
    static struct twilio_account account;
    static struct twilio_request request = { .account = &account };
    const struct command *command;
    int first, result;

    read_environment();
    first = read_options(argc, argv);
    if (first == argc)
        fail(USAGE, "no command; see twilio --help");
    request.product = options.product;
    command = make_request(&request, argc - first, argv + first);
    read_account(&account);
    result = twilio_request_check(&request);
    if (result != TWILIO_OK)
        fail(USAGE, "%s; see twilio --help", twilio_explain(result));

    client.account = &account;
    client.connect_to = environment("TWILIO_CONNECT_TO");
    client.anchors = options.ca != NULL ? read_anchors(options.ca) : NULL;
    client.memory = memory;
    client.memory_size = sizeof memory;
    client.scratch = scratch;
    client.scratch_size = sizeof scratch;
    client.timeout = options.timeout;
    client.hook = options.trace ? show_request : NULL;
    if (options.proxy != NULL)
        use_proxy(&client, options.proxy);
    result = twilio_client_begin(&client);
    if (result != TWILIO_OK)
        fail(USAGE, "%s", twilio_explain(result));
    go_online();
    return finish(&client, (command->make == make_list ? walk : perform)(&client, &request));
}
