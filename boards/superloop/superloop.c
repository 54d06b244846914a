/*
 * superloop.c - one loop, no operating system, and an SMS that holds nothing up
 *
 * What this board is for is look(): it samples the input every 10 ms, and feeds a watchdog of a second. The
 * loop calls it in each round. When the input goes active (or a 't' is typed) an SMS goes out, a step in each
 * round. No step waits; but to verify a chain of certificates takes a small processor seconds, in one step.
 * So look() is called from within, too, by the pulse: it may do there whatever is not the network's, TLS's or
 * the client's. It notes what is for these, and the loop sees to that.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "client.h"
#include "device.h"
#include "network.h"
#include "print.h"
#include "pulse.h"
#include "twilio_messages.h"

#define PERIOD   10    /* ms between two looks at the input */
#define WATCHDOG 1000  /* ms without a look after which the board is reset */
#define ATTEMPTS 3     /* for each SMS, while it has certainly not been sent */

static uint8_t arena[TWILIO_ARENA_MIN];  /* all memory of TLS */
static uint8_t scratch[512];
static struct device device;
static struct twilio_client client;

/* ---- The board's own work ---------------------------------------------------- */

static struct {
    uint32_t last, longest;  /* board_millis of the last; ms between two, at the most */
    bool active, tripped;    /* the input; it went active, and nobody has seen to that yet */
} looks;

static void look(void *unused)
{
    uint32_t gap = board_millis() - looks.last;

    (void)unused;
    board_watchdog(WATCHDOG);
    if (gap < PERIOD)
        return;
    looks.last += gap;
    looks.longest = gap > looks.longest ? gap : looks.longest;

    bool before = looks.active;
    looks.active = board_input();
    if ((looks.active && !before) || board_console_read() == 't')
        looks.tripped = true;
}

/* ---- The SMS, step by step --------------------------------------------------- */

static struct twilio_message message = { .body = "The input went active." };
static struct twilio_request request;
static char sid[35];
static struct twilio_field fields[] = { TWILIO_FIELD("sid", sid), TWILIO_FIELD_END };
static struct twilio_answer answer = { .fields = fields };
static struct twilio_sending sending;
static unsigned attempts;  /* left */
static bool under_way;
static uint32_t begun, longest_step, rounds;

static void print_ms(const char *what, uint32_t milliseconds)
{
    print(what);
    print_number(milliseconds);
    print(" ms");
}

static void report(int result)
{
    print("SMS: ");
    if (result == TWILIO_OK) {
        print_number((uint32_t)answer.code);
        print(" ");
        print(sid);
    } else {
        print(twilio_explain(result));
        print(answer.committed ? "; outcome unknown" : "; certainly not sent");
    }
    print_ms(", ", board_millis() - begun);
    print_ms("; longest step ", longest_step);
    print_ms(", longest time without a look ", looks.longest);
    print(", rounds ");
    print_number(rounds);
    print("\n");
}

static void begin(void)
{
    print("SMS: under way\n");
    attempts--;
    begun = board_millis();
    longest_step = looks.longest = rounds = 0;
    int result = twilio_send_begin(&client, &request, &answer, &sending);
    under_way = result == TWILIO_OK;
    if (!under_way)
        report(result);
}

static void step(void)
{
    uint32_t start = board_millis();
    int result = twilio_send_step(&sending);
    uint32_t took = board_millis() - start;

    longest_step = took > longest_step ? took : longest_step;
    if (result == TWILIO_AGAIN)
        return;
    under_way = false;
    if (result >= 0 || answer.committed)
        attempts = 0;
    report(result);
}

/* What there is to do for it in this round. */
static void tend(void)
{
    if (under_way) {
        step();
    } else if (attempts > 0) {
        begin();
    } else if (looks.tripped && twilio_network_up()) {
        looks.tripped = false;
        attempts = ATTEMPTS;
    }
}

/* ---- Around it --------------------------------------------------------------- */

/* Set SUPERLOOP_STARVE=1 to see what becomes of a board whose watchdog is fed by the loop alone. */
static bool starve(void)
{
    char value[2];
    return board_setting("SUPERLOOP_STARVE", value, sizeof value) == 1 && value[0] == '1';
}

static void start(void)
{
    board_start();
    print("twilio-mcu " TWILIO_VERSION " superloop\n");
    device_load(&device);
    device_client(&device, &client);
    client.memory = arena;
    client.memory_size = sizeof arena;
    client.scratch = scratch;
    client.scratch_size = sizeof scratch;
    message.to = device.to;
    message.from = device.from;
    request.account = &device.account;
    twilio_message_create(&request, &message);
    device_demand(twilio_request_check(&request));
    device_demand(twilio_client_begin(&client));
    device_demand(device_start(&device));
    if (!starve())
        twilio_pulse(look, NULL);
    looks.last = board_millis();
}

int main(void)
{
    start();
    for (;;) {
        look(NULL);
        twilio_network_wait(0);
        tend();
        rounds++;
    }
}
