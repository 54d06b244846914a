/*
 * alarm.c - an alarm panel: when its input trips, somebody learns of it, whatever power and network do
 *
 * The alert is in flash before anything else is done; an SMS goes out; who has not answered it with "OK"
 * after a while is called; a person who takes the call has acknowledged it. A low battery is worth an SMS.
 * The console tells each step; type 't' to trip the panel, 'b' for the battery, 'a' to acknowledge all, 's'
 * to see how it stands, 'h' to have it hang: the watchdog restarts it, and it goes on. All memory that it
 * needs, stack apart, is named here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "client.h"
#include "clock.h"
#include "deliver.h"
#include "device.h"
#include "network.h"
#include "print.h"
#include "pulse.h"

#define DEADLINE     900    /* seconds: what comes later than that is of no use */
#define PATIENCE     60     /* seconds for an answer to the SMS, then the call */
#define PER_HOUR     20     /* messages and calls at most, whatever the input does */
#define QUIET        60     /* seconds in which the same again is no news */
#define ANSWER_TIME  15000  /* ms for an answer to begin, and to end: then it is lost */
#define PERIOD       10     /* ms between two looks at the inputs */
#define START_TIME   10000  /* ms in which network and time may come without a fault being told */
#define WATCHDOG     8000   /* ms without a beat after which the board is reset; its alerts are in flash */

static uint8_t arena[TWILIO_ARENA_MIN];  /* all memory of TLS */
static uint8_t scratch[512];
static struct twilio_alerts_scratch alerts_scratch;
static struct device device;
static struct twilio_client client;
static struct twilio_client *const clients[] = { &client };
static struct twilio_rung rungs[2];
static const struct twilio_ladder ladders[] = { { rungs, 2 }, { rungs, 1 } };
static void tell(void *context, const struct twilio_alert_status *status);
static struct twilio_alerts alerts = {
    .accounts = &device.account, .ladders = ladders, .ladder_count = 2, .name = "A1",
    .scratch = &alerts_scratch, .told = tell,
};
static struct twilio_delivery delivery = { .alerts = &alerts, .clients = clients };

/* ---- What is told ------------------------------------------------------------ */

static const char *const states[] = {
    "", "queued", "sending", "unknown", "accepted", "delivered", "undelivered", "failed", "expired",
    "acknowledged",
};

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

/* Set ALARM_ONCE=1 to see one alert through and its exit status; only of use in emulation. */
static bool once;
static int  exit_status = -1;

static void tell(void *context, const struct twilio_alert_status *status)
{
    (void)context;
    print("alert ");
    print_number(status->id);
    print(status->rung == 0 ? ", SMS: " : ", call: ");
    print(states[status->state]);
    if (status->sid[0] != '\0') {
        print(", ");
        print(status->sid);
    }
    if (status->code != 0) {
        print(", Twilio error ");
        print_number(status->code);
    }
    print(status->over ? ", over\n" : "\n");
    if (status->over && once)
        exit_status = status->state == TWILIO_ALERT_ACKNOWLEDGED ? 0 : 1;
}

/* The lamp: each fault when it comes, and when there is none any more. */
static void show_faults(void)
{
    static const struct { uint16_t fault; const char *name; } names[] = {
        { TWILIO_FAULT_LINK, " link" }, { TWILIO_FAULT_ACCESS, " access" },
        { TWILIO_FAULT_CONFIGURATION, " configuration" }, { TWILIO_FAULT_PROGRAM, " program" },
        { TWILIO_FAULT_MONEY, " money" }, { TWILIO_FAULT_CERTIFICATE, " certificate" },
        { TWILIO_FAULT_FLASH, " flash" }, { TWILIO_FAULT_HELD, " held" }, { TWILIO_FAULT_UNSENT, " unsent" },
    };
    static uint16_t shown;
    uint16_t faults = alerts.faults;

    if (faults == shown)
        return;
    shown = faults;
    print("faults:");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (faults & names[i].fault)
            print(names[i].name);
    print(faults == 0 ? " none\n" : alerts.last_result < 0 ? "; " : "\n");
    if (faults != 0 && alerts.last_result < 0) {
        print(twilio_explain(alerts.last_result));
        print("\n");
    }
}

/* What keeps the network from being up, when that changes; at last its address. */
static void show_network(void)
{
    static const char *shown = "";
    const char *trouble = twilio_network_trouble();

    if (trouble == shown)
        return;
    shown = trouble;
    print("network: ");
    if (trouble == NULL)
        print_address(twilio_network_address());
    else
        print(trouble);
    print("\n");
}

/* ---- An alert ---------------------------------------------------------------- */

static struct twilio_alert fire = {
    .text = "Alarm: the boiler room is at 95 degrees", .kind = 1, .ladder = 0,
    .priority = TWILIO_ALERT_URGENT, .flags = TWILIO_ALERT_ACKNOWLEDGE,
};
static struct twilio_alert battery = { .text = "The panel's battery is low", .kind = 2, .ladder = 1 };

static void raise_alert(const struct twilio_alert *alert)
{
    uint32_t began = board_millis(), id;
    int result = twilio_delivery_raise(&delivery, alert, &id);

    if (result != TWILIO_OK) {
        print("not kept: ");  /* here: the siren */
        print(twilio_explain(result));
        print("\n");
        return;
    }
    print("alert ");
    print_number(id);
    print(": kept, ");
    print_number(board_millis() - began);
    print(" ms\n");
}

static void print_status(void)
{
    print("alerts: ");
    print_number(alerts.journal.live);
    print(" live, ");
    print_number(alerts.held);
    print(" held back, ");
    print_number(alerts.repeats);
    print(" repeated; up ");
    print_number(board_millis());
    print(" ms\n");
}

/* From the loop, and from within the long computations of a handshake. */
static void beat(void *unused)
{
    (void)unused;
    board_watchdog(WATCHDOG);
}

static _Noreturn void hang(void)
{
    print("hangs\n");
    for (;;)
        board_idle();
}

/* The input as it was seen last; what it is when the panel starts, is no news. */
static bool was_active;

static void look_at_inputs(void)
{
    bool active = board_input();
    int typed = board_console_read();

    if ((active && !was_active) || typed == 't')
        raise_alert(&fire);
    else if (typed == 'b')
        raise_alert(&battery);
    else if (typed == 'a')
        (void)twilio_delivery_acknowledge(&delivery, 0);
    else if (typed == 's')
        print_status();
    else if (typed == 'h')
        hang();
    was_active = active;
}

/* ---- Around it ------------------------------------------------------------- */

/* For a trial of the panel all may be set in other ways: ALARM_PATIENCE=5 */
static uint16_t number(const char *name, uint16_t otherwise)
{
    return (uint16_t)device_number(name, otherwise);
}

static void configure(void)
{
    once = number("ALARM_ONCE", 0) != 0;
    fire.deadline = battery.deadline = number("ALARM_DEADLINE", DEADLINE);
    rungs[0].to = rungs[1].to = device.to;
    rungs[0].from = rungs[1].from = device.from;
    rungs[0].wait = number("ALARM_PATIENCE", PATIENCE);
    rungs[1].call = true;
    alerts.quiet = number("ALARM_QUIET", QUIET);
    alerts.per_hour = (uint8_t)number("ALARM_PER_HOUR", PER_HOUR);
    alerts.settle = number("ALARM_SETTLE", 0);
    alerts.journal.flash = board_flash();
    client.memory = arena;
    client.memory_size = sizeof arena;
    client.scratch = scratch;
    client.scratch_size = sizeof scratch;
    client.limit[TWILIO_PHASE_FIRST_BYTE] = client.limit[TWILIO_PHASE_BODY] = ANSWER_TIME;
}

static uint32_t armed_at;  /* board_millis */

static void start(void)
{
    board_start();
    beat(NULL);
    twilio_pulse(beat, NULL);
    print("twilio-mcu " TWILIO_VERSION " alarm panel\n");
    device_load(&device);
    device_client(&device, &client);
    configure();
    device_demand(twilio_client_begin(&client));
    device_demand(twilio_delivery_begin(&delivery));
    device_demand(device_start(&device));
    was_active = board_input();
    armed_at = board_millis();
    print("armed\n");
}

/* Nothing is sent before the network is up and the time is known, unless that takes too long. */
static bool is_ready(void)
{
    static bool ready;

    if (!ready && twilio_network_up() && twilio_clock_is_set()) {
        ready = true;
        print("clock: set\n");
    } else if (!ready && board_millis() - armed_at >= START_TIME) {
        ready = true;
        print("clock: not set, going by the time of the build\n");
    }
    return ready;
}

int main(void)
{
    start();
    while (exit_status < 0) {
        beat(NULL);
        uint32_t wait = is_ready() ? twilio_deliver(&delivery) : PERIOD;
        look_at_inputs();
        show_network();
        show_faults();
        twilio_network_wait(wait < PERIOD ? wait : PERIOD);
    }
    print_memory();
    board_exit(exit_status);
}
