/*
 * alarm.c - an alarm panel: when its input trips, an SMS goes out, then a call that speaks
 *
 * Runs on every board. The input is the board's (board_input); for a test of the way to the
 * phone, type 't' on the console. All memory that it needs, stack apart, is named here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "client.h"
#include "clock.h"
#include "device.h"
#include "network.h"
#include "print.h"
#include "twilio_calls.h"
#include "twilio_messages.h"

#define ALERT        "Alarm: the boiler room is at 95 degrees"
#define VALID        900          /* seconds: an SMS that comes later than that is not sent at all */
#define ATTEMPTS     3            /* for an alert that has certainly not gone out */
#if TWILIO_PPP
#define NETWORK_TIME 180000       /* ms to wait for an address, then start again: a modem takes its time */
#else
#define NETWORK_TIME 30000
#endif
#define CLOCK_TIME   10000        /* ms to wait for the time; without it certificates are judged
                                     by the time of the build */

static uint8_t arena[TWILIO_ARENA_MIN];  /* all memory of TLS */
static uint8_t scratch[512];
static struct device device;
static struct twilio_client client;

/* ---- What goes out --------------------------------------------------------- */

static const struct twilio_twiml spoken[] = {
    TWILIO_SAY(ALERT), TWILIO_PAUSE("1"), TWILIO_SAY(ALERT), TWILIO_TWIML_END
};
static struct twilio_message message;
static struct twilio_call call;
static struct twilio_request message_request, call_request;

static void make_requests(void)
{
    message.to = call.to = device.to;
    message.from = call.from = device.from;
    message.body = ALERT;
    message.validity = VALID;
    call.twiml = spoken;
    message_request.account = call_request.account = &device.account;
    twilio_message_create(&message_request, &message);
    twilio_call_create(&call_request, &call);
}

/* ---- One alert ------------------------------------------------------------- */

/* What Twilio's JSON tells of a message, a call or an error. */
struct told {
    char sid[35], status[16], code[8], message[120];
};

static void print_answer(const struct twilio_answer *answer, const struct told *told)
{
    print_number((uint32_t)answer->code);
    print(" ");
    print(answer->message);
    if (told->sid[0] != '\0') {
        print(", ");
        print(told->sid);
        print(", ");
        print(told->status);
    }
    if (told->code[0] != '\0') {
        print(", Twilio error ");
        print(told->code);
        print(": ");
        print(told->message);
    }
}

/* Post it, and again if it has certainly not been carried out. When the outcome is unknown,
 * repeating might send it twice: that is for somebody to decide who knows how bad that is. */
static bool alert(const char *what, const struct twilio_request *request)
{
    struct told told = { "", "", "", "" };
    struct twilio_field fields[] = {
        TWILIO_FIELD("sid", told.sid), TWILIO_FIELD("status", told.status),
        TWILIO_FIELD("code", told.code), TWILIO_FIELD("message", told.message),
        TWILIO_FIELD_END,
    };
    struct twilio_answer answer = { .fields = fields };
    uint32_t start = board_millis();
    int result, attempts = 0;

    do
        result = twilio_send(&client, request, &answer);
    while (result < 0 && !answer.committed && ++attempts < ATTEMPTS);

    print(what);
    print(": ");
    if (result == TWILIO_OK) {
        print_answer(&answer, &told);
    } else {
        print(twilio_explain(result));
        print(answer.committed ? "; outcome unknown" : "; certainly not sent");
    }
    print(", ");
    print_number(board_millis() - start);
    print(" ms\n");
    return result == TWILIO_OK && answer.code == 201;
}

static bool raise_alarm(void)
{
    bool sent = alert("SMS", &message_request);
    bool called = alert("call", &call_request);
    return sent && called;
}

/* ---- Around it ------------------------------------------------------------- */

/* A board that cannot tell says 0. */
static void print_row(const char *what, size_t used, size_t of)
{
    if (used == 0 && of == 0)
        return;
    print(what);
    print_number((uint32_t)used);
    if (of > 0) {
        print(" of ");
        print_number((uint32_t)of);
    }
    print("\n");
}

static void print_memory(void)
{
    struct board_memory memory;

    board_memory(&memory);
    print("memory, bytes\n");
    print_row("  flash       ", memory.flash, 0);
    print_row("  static RAM  ", memory.ram, 0);
    print_row("  TLS arena   ", client.arena.peak, sizeof arena);
    print_row("  stack       ", memory.stack_peak, memory.stack);
}

/* A panel that cannot send must say so when it is put up, not when it is needed. */
static void demand(int result)
{
    if (result != TWILIO_OK) {
        print(twilio_explain(result));
        print("\n");
        board_exit(1);
    }
}

static void start(void)
{
    board_start();
    print("twilio-mcu " TWILIO_VERSION " alarm panel\n");
    device_load(&device);
    device_client(&device, &client);
    client.memory = arena;
    client.memory_size = sizeof arena;
    client.scratch = scratch;
    client.scratch_size = sizeof scratch;
    make_requests();
    demand(twilio_request_check(&message_request));
    demand(twilio_request_check(&call_request));
    demand(twilio_client_begin(&client));
    demand(device_online(&device, NETWORK_TIME));
    print("network: ");
    print_address(twilio_network_address());

    uint32_t began = board_millis();
    while (!twilio_clock_is_set() && board_millis() - began < CLOCK_TIME)
        twilio_network_wait(1);
    print(twilio_clock_is_set() ? "\nclock: set\n" : "\nclock: not set, going by the time of the build\n");
}

static void wait_for_trip(void)
{
    while (board_input())
        twilio_network_wait(1);
    print("armed\n");
    while (!board_input() && board_console_read() != 't')
        twilio_network_wait(1);
    print("tripped\n");
}

/* Set ALARM_ONCE=1 to see one round and its exit status; only of use in emulation. */
static bool once(void)
{
    char value[2];
    return board_setting("ALARM_ONCE", value, sizeof value) == 1 && value[0] == '1';
}

int main(void)
{
    start();
    for (;;) {
        wait_for_trip();
        bool done = raise_alarm();
        print_memory();
        if (once())
            board_exit(done ? 0 : 1);
    }
}
