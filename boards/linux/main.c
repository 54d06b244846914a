/*
 * main.c - Twilio's REST API from the command line, by the same code as on a microcontroller
 *
 * SPDX-License-Identifier: MIT
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "board.h"
#include "client.h"
#include "network.h"
#include "pem.h"

#define ADDRESS_PATIENCE 10000  /* milliseconds to wait for DHCP */
#define ANCHORS_MAX      200
#define ANCHORS_FILE_MAX (1 << 20)

enum { DONE = 0, USAGE = 1, HTTP_ERROR = 2, NOT_SENT = 3, UNKNOWN = 4 };

static const char help[] =
    "twilio - Twilio's REST API from the command line\n"
    "\n"
    "  twilio [OPTION ...] sms TO TEXT [NAME=VALUE ...]\n"
    "  twilio [OPTION ...] call TO TEXT [NAME=VALUE ...]\n"
    "  twilio [OPTION ...] get|head|post|put|delete RESOURCE [NAME=VALUE ...]\n"
    "\n"
    "sms sends TEXT to the number TO. call rings TO and speaks TEXT. The others send any\n"
    "request. The body of the answer goes to standard output as it comes.\n"
    "\n"
    "  RESOURCE    below the account:        Messages.json, Calls/CA....json, Balance.json\n"
    "              the account itself:       Accounts (XML), or /2010-04-01/Accounts/AC....json\n"
    "              with a leading '/', the whole path, such as a next_page_uri\n"
    "  NAME=VALUE  a parameter, sent in this order, repeats too; the value may be any text.\n"
    "              With sms and call they come after To, From and Body or Twiml; From=... or\n"
    "              MessagingServiceSid=... takes the place of the default sender\n"
    "\n"
    "Options come first:\n"
    "  -p, --product NAME      another product: verify, lookups, messaging, ... (default: api)\n"
    "  -a, --api-version DATE  in the path (default: 2010-04-01)\n"
    "  -c, --ca FILE           trust the certificates in FILE (PEM or DER) besides the built-in\n"
    "  -t, --timeout SECONDS   for the whole request and answer (default: 30)\n"
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
    "  TWILIO_CONNECT_TO       ADDRESS[:PORT] to connect to instead of asking DNS; the certificate\n"
    "                          must name Twilio's host all the same. This PC is 10.0.2.2\n"
    "  TWILIO_DNS_SERVER       IPv4 address of a DNS server to ask instead of this PC's\n"
    "\n"
    "Exit status:\n"
    "  0  Twilio answered 2xx\n"
    "  1  wrong usage, or a request that cannot be sent: nothing was sent\n"
    "  2  Twilio answered with an error, which the body and standard error tell. 4xx: not carried\n"
    "     out; 429 asks to come back later. 5xx: look, as after 4\n"
    "  3  no answer, and the request was certainly not carried out: safe to repeat\n"
    "  4  the request was sent, but no complete answer came: it may have been carried out.\n"
    "     Look (get Messages.json To=...) before you repeat it\n"
    "\n"
    "Examples:\n"
    "  twilio sms +15551234567 'Boiler at 95 degrees'\n"
    "  twilio call +15551234567 'Water in the cellar' Timeout=20\n"
    "  twilio get Messages.json To=+15551234567 PageSize=5\n"
    "  twilio post Messages/SM....json Body=\n"
    "  twilio --product lookups get /v2/PhoneNumbers/+15551234567\n";

static struct options {
    const char *product, *version, *ca;
    uint32_t timeout;
    bool verbose;
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
    options.timeout = timeout != NULL ? milliseconds(timeout, 1) : 0;
}

/* Returns the index of the command in argv. */
static int read_options(int argc, char **argv)
{
    static const struct option names[] = {
        { "product", required_argument, NULL, 'p' }, { "api-version", required_argument, NULL, 'a' },
        { "ca", required_argument, NULL, 'c' },      { "timeout", required_argument, NULL, 't' },
        { "verbose", no_argument, NULL, 'v' },       { "version", no_argument, NULL, 'V' },
        { "help", no_argument, NULL, 'h' },          { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "+p:a:c:t:vVh", names, NULL)) != -1) {
        switch (option) {
        case 'p': options.product = optarg; break;
        case 'a': options.version = optarg; break;
        case 'c': options.ca = optarg; break;
        case 't': options.timeout = milliseconds(optarg, 1000); break;
        case 'v': options.verbose = true; break;
        case 'V': (void)puts("twilio " TWILIO_VERSION); exit(DONE);
        case 'h': (void)fputs(help, stdout); exit(DONE);
        default:  (void)fputs("See twilio --help.\n", stderr); exit(USAGE);
        }
    }
    return optind;
}

/* ---- Commands -------------------------------------------------------------- */

static void add(struct twilio_param **last, const char *name, const char *value)
{
    (*last)->name = name;
    (*last)->value = value;
    (*last)++;
}

/* The rest of the command line; the arguments are cut in two at their '='. */
static void add_arguments(struct twilio_param **last, char **arguments)
{
    for (; *arguments != NULL; arguments++) {
        char *equals = strchr(*arguments, '=');

        if (equals == NULL || equals == *arguments)
            fail(USAGE, "'%s' is not of the form NAME=VALUE", *arguments);
        *equals = '\0';
        add(last, *arguments, equals + 1);
    }
}

static bool has_sender(char *const *arguments)
{
    for (; *arguments != NULL; arguments++)
        if (strncmp(*arguments, "From=", 5) == 0 || strncmp(*arguments, "MessagingServiceSid=", 20) == 0)
            return true;
    return false;
}

static void add_sender(struct twilio_param **last, char *const *arguments)
{
    const char *from = environment("TWILIO_FROM");

    if (has_sender(arguments))
        return;
    if (from == NULL)
        from = environment("TWILIO_PHONE_NUMBER");
    if (from == NULL)
        fail(USAGE, "no sender: set TWILIO_FROM, or add From=... at the end");
    add(last, strncmp(from, "MG", 2) == 0 ? "MessagingServiceSid" : "From", from);
}

/* What XML 1.0 cannot hold becomes a space. */
static const char *escape(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    default:  return (unsigned char)c < ' ' ? " " : NULL;
    }
}

static const char *say(const char *text)
{
    static const char begin[] = "<Response><Say>", end[] = "</Say></Response>";
    char *twiml = allocate(sizeof begin + strlen("&amp;") * strlen(text) + sizeof end), *at = twiml;

    at = stpcpy(at, begin);
    for (; *text != '\0'; text++) {
        if (escape(*text) != NULL)
            at = stpcpy(at, escape(*text));
        else
            *at++ = *text;
    }
    (void)stpcpy(at, end);
    return twiml;
}

struct command {
    const char *name;
    enum twilio_method method;
    const char *resource;   /* NULL: the first argument */
    const char *text_name;  /* the parameter that TEXT becomes */
};

static const struct command commands[] = {
    { "sms", TWILIO_POST, "Messages.json", "Body" },
    { "call", TWILIO_POST, "Calls.json", "Twiml" },
    { "get", TWILIO_GET, NULL, NULL },
    { "head", TWILIO_HEAD, NULL, NULL },
    { "post", TWILIO_POST, NULL, NULL },
    { "put", TWILIO_PUT, NULL, NULL },
    { "delete", TWILIO_DELETE, NULL, NULL },
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcasecmp(commands[i].name, name) == 0)
            return &commands[i];
    fail(USAGE, "no command '%s'; see twilio --help", name);
}

static void make_request(struct twilio_request *request, int argc, char **arguments)
{
    const struct command *command = find_command(arguments[0]);
    struct twilio_param *params = allocate(((size_t)argc + 3) * sizeof *params), *last = params;

    request->method = command->method;
    request->params = params;
    if (command->resource == NULL) {
        if (arguments[1] == NULL)
            fail(USAGE, "%s which RESOURCE? See twilio --help", command->name);
        request->resource = arguments[1];
        add_arguments(&last, arguments + 2);
        return;
    }
    if (arguments[1] == NULL || arguments[2] == NULL)
        fail(USAGE, "%s needs TO and TEXT; see twilio --help", command->name);
    request->resource = command->resource;
    add(&last, "To", arguments[1]);
    add_sender(&last, arguments + 3);
    add(&last, command->text_name, strcmp(command->name, "call") == 0 ? say(arguments[2]) : arguments[2]);
    add_arguments(&last, arguments + 3);
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

static void go_online(void)
{
    const char *dns = environment("TWILIO_DNS_SERVER");
    uint32_t start = board_millis();
    int result = twilio_network_start();

    if (result == TWILIO_OK && dns != NULL && twilio_network_dns(dns) != TWILIO_OK)
        fail(USAGE, "TWILIO_DNS_SERVER is not an IPv4 address");
    while (result == TWILIO_OK && !twilio_network_up()) {
        twilio_network_wait(1);
        if (board_millis() - start >= ADDRESS_PATIENCE)
            result = TWILIO_ERR_NETWORK;
    }
    if (result != TWILIO_OK)
        fail(NOT_SENT, "%s", twilio_explain(result));
}

/* ---- The call -------------------------------------------------------------- */

static bool print_body(void *last, const char *data, size_t size)
{
    (void)fwrite(data, 1, size, stdout);
    *(char *)last = data[size - 1];
    return true;
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

/* Twilio's errors, legacy and RFC 9457. */
static void print_error(const struct twilio_answer *answer)
{
    const struct twilio_field *code = &answer->fields[0], *message = &answer->fields[1];

    if (message->type != 's')
        message = &answer->fields[2];
    (void)fprintf(stderr, "twilio: HTTP %d %s%s%s%s%s\n", answer->code, answer->message,
                  code->type == 'n' ? ", error " : "", code->type == 'n' ? code->text : "",
                  message->type == 's' ? ": " : "", message->type == 's' ? message->text : "");
}

static int judge(int result, const struct twilio_answer *answer)
{
    if (result == TWILIO_OK && answer->code >= 200 && answer->code <= 299)
        return DONE;
    if (result == TWILIO_OK) {
        print_error(answer);
        return HTTP_ERROR;
    }
    (void)fprintf(stderr, "twilio: %s\n", twilio_explain(result));
    if (answer->committed) {
        (void)fprintf(stderr, "twilio: the request was sent; whether it was carried out is unknown\n");
        return UNKNOWN;
    }
    if (result <= TWILIO_ERR_ARGUMENT && result >= TWILIO_ERR_SIZE) {
        (void)fprintf(stderr, "twilio: nothing was sent; see twilio --help\n");
        return USAGE;
    }
    (void)fprintf(stderr, "twilio: the request was not carried out: safe to repeat\n");
    return NOT_SENT;
}

static int perform(struct twilio_client *client, const struct twilio_request *request)
{
    char code[12] = "", message[400] = "", detail[400] = "", last = '\n';
    struct twilio_field fields[] = {
        TWILIO_FIELD("code", code), TWILIO_FIELD("message", message), TWILIO_FIELD("detail", detail),
        TWILIO_FIELD_END
    };
    struct twilio_answer answer;
    int result, status;

    memset(&answer, 0, sizeof answer);
    answer.fields = fields;
    answer.body = print_body;
    answer.context = &last;
    result = twilio_send(client, request, &answer);
    if (last != '\n' && isatty(STDOUT_FILENO))
        (void)putchar('\n');
    (void)fflush(stdout);
    if (options.verbose)
        print_facts(client, &answer);
    status = judge(result, &answer);
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
    struct twilio_request request = { .account = &account };
    int command, result;

    read_environment();
    command = read_options(argc, argv);
    if (command == argc)
        fail(USAGE, "no command; see twilio --help");
    request.product = options.product;
    make_request(&request, argc, argv + command);
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
    result = twilio_client_begin(&client);
    if (result != TWILIO_OK)
        fail(USAGE, "%s", twilio_explain(result));
    go_online();
    return perform(&client, &request);
}
