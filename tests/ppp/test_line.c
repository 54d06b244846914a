/*
 * test_line.c - port/ppp.c by itself, at its own pace: when it dials, what it sends, when it gives up
 *
 * lwIP's PPP, the modem and the clock are played here; the rest of the suite has the real ones.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "board.h"
#include "link.h"
#include "twilio.h"

#include "netif/ppp/pppos.h"

#define WATCH 250  /* ms between two calls of twilio_link_watch, as in network.c */

/* ---- Board and modem --------------------------------------------------------- */

static struct {
    uint32_t now;
    const char *apn, *dial;     /* settings; NULL: not set */
    size_t room, refill;        /* bytes that the line takes until the next millisecond, and then */

    char sent[4096];            /* since it was last looked at */
    size_t sent_size;
    char incoming[4096];
    size_t incoming_size, read;
    unsigned dialled;
    bool answers;               /* the modem does, to commands */
} line;

uint32_t board_millis(void)
{
    return line.now;
}

void board_idle(void)
{
    line.now++;
    line.room = line.refill;
}

int board_serial_start(void)
{
    return 0;
}

int board_setting(const char *name, char *value, size_t size)
{
    const char *text = strcmp(name, "TWILIO_APN") == 0 ? line.apn
                       : strcmp(name, "TWILIO_DIAL") == 0 ? line.dial : NULL;
    value[0] = '\0';
    return text == NULL || strlen(text) >= size ? -1 : snprintf(value, size, "%s", text);
}

static void say(const char *bytes, size_t size)
{
    assert_true(line.incoming_size + size <= sizeof line.incoming);
    memcpy(line.incoming + line.incoming_size, bytes, size);
    line.incoming_size += size;
}

size_t board_serial_read(void *buf, size_t size)
{
    size_t left = line.incoming_size - line.read, count = size < left ? size : left;
    memcpy(buf, line.incoming + line.read, count);
    line.read += count;
    if (line.read == line.incoming_size)
        line.read = line.incoming_size = 0;
    return count;
}

static void obey(void)
{
    bool dials = line.sent_size > 3 && memcmp(line.sent, "ATD", 3) == 0;

    if (dials)
        line.dialled++;
    if (line.answers && line.sent[0] == 'A')
        say(dials ? "CONNECT\r" : "OK\r", dials ? 8 : 3);
}

size_t board_serial_write(const void *data, size_t size)
{
    size_t count = size < line.room ? size : line.room;
    assert_true(line.sent_size + count <= sizeof line.sent);
    memcpy(line.sent + line.sent_size, data, count);
    line.sent_size += count;
    line.room -= count;
    if (count > 0 && line.answers && line.sent[line.sent_size - 1] == '\r') {
        obey();
        line.sent_size = 0;
    }
    return count;
}

/* ---- lwIP -------------------------------------------------------------------- */

static struct {
    ppp_pcb pcb;
    pppos_output_cb_fn send;
    ppp_link_status_cb_fn told;
    unsigned connects, closes;
    char input[256];
    size_t input_size;
} ppp;

ppp_pcb *pppos_create(struct netif *netif, pppos_output_cb_fn send, ppp_link_status_cb_fn told, void *context)
{
    (void)netif, (void)context;
    ppp.send = send;
    ppp.told = told;
    return &ppp.pcb;
}

void ppp_set_auth(ppp_pcb *pcb, u8_t kinds, const char *user, const char *password)
{
    assert_ptr_equal(pcb, &ppp.pcb);
    assert_int_equal(kinds, PPPAUTHTYPE_PAP);
    assert_string_equal(user, "");
    assert_string_equal(password, "");
}

err_t ppp_connect(ppp_pcb *pcb, u16_t holdoff)
{
    assert_int_equal(pcb->err_code, PPPERR_NONE);
    assert_int_equal(holdoff, 0);
    ppp.connects++;
    return ERR_OK;
}

err_t ppp_close(ppp_pcb *pcb, u8_t no_carrier)
{
    assert_int_equal(no_carrier, 1);
    pcb->err_code = PPPERR_USER;
    ppp.closes++;
    return ERR_OK;
}

void pppos_input(ppp_pcb *pcb, const void *bytes, int size)
{
    assert_ptr_equal(pcb, &ppp.pcb);
    assert_true(ppp.input_size + (size_t)size <= sizeof ppp.input);
    memcpy(ppp.input + ppp.input_size, bytes, (size_t)size);
    ppp.input_size += (size_t)size;
}

uint32_t twilio_network_random(void)
{
    return 4;
}

_Noreturn void twilio_network_failed(void)
{
    fail();
    for (;;)
        ;
}

/* ---- Course of events -------------------------------------------------------- */

static void let(uint32_t milliseconds)
{
    for (uint32_t i = 0; i < milliseconds; i++) {
        while (twilio_link_receive(NULL))
            ;
        if (line.now % WATCH == 0)
            twilio_link_watch(NULL);
        board_idle();
    }
}

static void lose(int error)
{
    ppp.pcb.err_code = (u8_t)error;
    ppp.told(&ppp.pcb, error, NULL);
}

/* Milliseconds until the modem has connected again. */
static uint32_t until_connected(void)
{
    unsigned before = ppp.connects;
    uint32_t start = line.now;

    while (ppp.connects == before) {
        let(1);
        assert_true(line.now - start < 100000);
    }
    return line.now - start;
}

/* The state of ppp.c is static and outlives a test: each begins with a call that lasts, and is lost,
 * so that what follows is as after the first. */
static int setup(void **unused)
{
    (void)unused;
    memset(&line, 0, sizeof line);
    memset(&ppp, 0, sizeof ppp);
    line.now = UINT32_MAX - 20000;
    line.answers = true;
    line.room = line.refill = 100;
    assert_int_equal(twilio_link_start(NULL), TWILIO_OK);
    until_connected();
    ppp.told(&ppp.pcb, PPPERR_NONE, NULL);
    let(10000);
    lose(PPPERR_CONNECT);
    until_connected();
    line.answers = false;
    line.sent_size = 0;
    ppp.input_size = 0;
    return 0;
}

/* ---- Tests ------------------------------------------------------------------- */

static void frames_are_sent_whole(void **unused)
{
    char frame[600];

    (void)unused;
    for (size_t i = 0; i < sizeof frame; i++)
        frame[i] = (char)(i * 7);
    for (size_t refill = 1; refill <= 16; refill += 5)
        for (u32_t size = 1; size <= sizeof frame; size += 37) {
            line.refill = refill;
            line.room = line.sent_size = 0;
            assert_int_equal(ppp.send(&ppp.pcb, frame, size, NULL), size);
            assert_int_equal(line.sent_size, size);
            assert_memory_equal(line.sent, frame, size);
        }
}

/* However long a slow line takes; but one that has stopped is not waited for. */
static void a_line_that_stops_is_given_up(void **unused)
{
    char frame[600] = { 0 };
    uint32_t start = line.now;

    (void)unused;
    line.refill = 0;
    line.room = 10;
    assert_int_equal(ppp.send(&ppp.pcb, frame, sizeof frame, NULL), 10);
    assert_in_range(line.now - start, 200, 300);
    line.refill = 1;
    assert_int_equal(ppp.send(&ppp.pcb, frame, sizeof frame, NULL), sizeof frame);
}

/* The pause, and at most a look at the clock, and hanging up. */
static void comes_after(uint32_t pause)
{
    uint32_t taken;

    line.answers = true;
    taken = until_connected();
    if (taken < pause + 2400 || taken > pause + 2400 + WATCH + 20)
        fail_msg("%u ms instead of %u and those to hang up", (unsigned)taken, (unsigned)pause);
    line.answers = false;
}

static void pauses_grow_until_a_call_lasts(void **unused)
{
    static const uint32_t pauses[] = { 2000, 4000, 8000, 16000, 32000, 60000, 60000 };

    (void)unused;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        lose(i % 2 != 0 ? PPPERR_CONNECT : PPPERR_AUTHFAIL);
        comes_after(pauses[i]);
    }
    ppp.told(&ppp.pcb, PPPERR_NONE, NULL);
    let(9000);
    lose(PPPERR_PEERDEAD);
    comes_after(60000);
    let(11000);  /* without an address */
    lose(PPPERR_PEERDEAD);
    comes_after(60000);
    ppp.told(&ppp.pcb, PPPERR_NONE, NULL);
    let(10000);
    lose(PPPERR_PEERDEAD);
    comes_after(1000);
    lose(PPPERR_PEERDEAD);
    comes_after(2000);
}

static void bytes_are_given_to_whom_they_are_for(void **unused)
{
    (void)unused;
    say("~one~", 5);
    let(10);
    assert_int_equal(ppp.input_size, 5);
    lose(PPPERR_CONNECT);
    let(10);
    say("RING\r~late~", 11);  /* to nobody */
    let(10);
    assert_int_equal(ppp.input_size, 5);
    line.answers = true;
    until_connected();
    say("\n~two~", 6);
    let(10);
    assert_int_equal(ppp.input_size, 11);
    assert_memory_equal(ppp.input, "~one~\n~two~", 11);
}

static void the_notice_counts_when_silence_follows(void **unused)
{
    static const char notice[] = "~part of a frame\r\r\nNO CARRIER\r\n";

    (void)unused;
    for (const char *c = notice; *c != '\0'; c++) {
        assert_int_equal(ppp.closes, 0);
        say(c, 1);
        let(300);
    }
    let(200);
    assert_int_equal(ppp.closes, 1);
    let(2000);  /* PPP takes its time; it is not told again */
    assert_int_equal(ppp.closes, 1);
}

static void the_notice_in_a_frame_does_not_count(void **unused)
{
    (void)unused;
    for (uint32_t offset = 0; offset < WATCH; offset += 10) {
        ppp.input_size = 0;
        say("~frame\r\nNO CARRIER\r\n", 20);
        let(100);
        say("xx~", 3);
        let(WATCH * 2 + offset);
    }
    assert_int_equal(ppp.closes, 0);
}

static void causes_have_their_texts(void **unused)
{
    static const int errors[] = {
        PPPERR_USER, PPPERR_AUTHFAIL, PPPERR_PEERDEAD, PPPERR_LOOPBACK, PPPERR_CONNECT
    };
    const char *texts[5];

    (void)unused;
    for (int i = 0; i < 5; i++) {
        lose(errors[i]);
        texts[i] = twilio_link_trouble(NULL);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(texts[i], texts[j]);
    }
}

#define TEXT_90 "a-name-of-an-access-point-or-a-number-to-be-dialled-that-is-longer-than-any-that-exists-yet"

static const struct {
    const char *apn, *dial;
    int result;
    const char *sent;
} settings[] = {
    { NULL, NULL, TWILIO_OK, "AT\rAT\rATD*99#\r" },
    { "", "", TWILIO_OK, "AT\rAT\rATD*99#\r" },
    { "iot.example-1.net", "*99***1#", TWILIO_OK,
      "AT\rAT+CGDCONT=1,\"IP\",\"iot.example-1.net\"\rATD*99***1#\r" },
    { TEXT_90, TEXT_90, TWILIO_OK, "AT\rAT\rATD*99#\r" },  /* board_setting has no room for so much */
    { "a\"b", NULL, TWILIO_ERR_ARGUMENT, "" },
    { "a\rAT+X", NULL, TWILIO_ERR_ARGUMENT, "" },
    { "a b", NULL, TWILIO_ERR_ARGUMENT, "" },
    { "a\x7f", NULL, TWILIO_ERR_ARGUMENT, "" },
    { NULL, "1;+X", TWILIO_ERR_ARGUMENT, "" },
    { NULL, "1\n", TWILIO_ERR_ARGUMENT, "" },
};

static void settings_become_commands(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        memset(&line, 0, sizeof line);
        line.room = line.refill = 200;
        line.apn = settings[i].apn;
        line.dial = settings[i].dial;
        assert_int_equal(twilio_link_start(NULL), settings[i].result);
        for (int answers = 0; settings[i].result == TWILIO_OK && answers < 2; answers++) {
            let(3);
            say("OK\r", 3);
        }
        let(3);
        assert_int_equal(line.sent_size, settings[i].result == TWILIO_OK ? strlen(settings[i].sent) : 0);
        assert_memory_equal(line.sent, settings[i].sent, line.sent_size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_are_sent_whole, setup),
        cmocka_unit_test_setup(a_line_that_stops_is_given_up, setup),
        cmocka_unit_test_setup(pauses_grow_until_a_call_lasts, setup),
        cmocka_unit_test_setup(bytes_are_given_to_whom_they_are_for, setup),
        cmocka_unit_test_setup(the_notice_counts_when_silence_follows, setup),
        cmocka_unit_test_setup(the_notice_in_a_frame_does_not_count, setup),
        cmocka_unit_test_setup(causes_have_their_texts, setup),
        cmocka_unit_test_setup(settings_become_commands, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
