/*
 * test_chat.c - dialling, against a modem that is a script: what it answers, and when
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
#include "chat.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- The line ---------------------------------------------------------------- */

static struct {
    uint32_t now;
    const char *incoming;  /* what the modem says, from now on */
    size_t room;           /* bytes that the line takes until the next millisecond */
    char sent[200];
    size_t sent_size;
    size_t reads;          /* bytes read */
} line;

uint32_t board_millis(void)
{
    return line.now;
}

size_t board_serial_read(void *buf, size_t size)
{
    size_t count = 0;
    while (count < size && *line.incoming != '\0') {
        ((char *)buf)[count++] = *line.incoming++;
        line.reads++;
    }
    return count;
}

size_t board_serial_write(const void *data, size_t size)
{
    size_t count = size < line.room ? size : line.room;
    assert_true(line.sent_size + count < sizeof line.sent);
    memcpy(line.sent + line.sent_size, data, count);
    line.sent_size += count;
    line.room -= count;
    return count;
}

static void reset(void)
{
    memset(&line, 0, sizeof line);
    line.now = UINT32_MAX - 100;  /* wraps within the first step */
    line.incoming = "";
}

/* ---- Dialogues --------------------------------------------------------------- */

static const struct twilio_chat_step script[] = {
    { "AT\r", "OK", 1000 },
    { "ATD*99#\r", "CONNECT", 5000 },
    TWILIO_CHAT_END
};

/* Answers to AT and to ATD, what the conversation comes to, and what is left for PPP. */
static const struct {
    const char *first, *second;
    enum twilio_chat_state state;
    const char *left;
} dialogues[] = {
    { "\r\nOK\r\n", "\r\nCONNECT\r\n", TWILIO_CHAT_DONE, "\n" },
    { "\r\nOK\r\n", "\r\nCONNECT 115200\r~frame~", TWILIO_CHAT_DONE, "~frame~" },
    { "AT\r\r\nOK\r\n", "ATD*99#\r\r\nCONNECT 150000000\r\n~", TWILIO_CHAT_DONE, "\n~" },
    { "OK\r", "CONNECT\n~", TWILIO_CHAT_DONE, "~" },
    { "\r\nRING\r\n+CREG: 1,\"00A1\",\"0000C3B5\"\r\nOK\r\n", "CONNECT\r", TWILIO_CHAT_DONE, "" },
    { "a line that is longer than any that matters, with OK\r\nOK\r\n", "CONNECT\r", TWILIO_CHAT_DONE, "" },
    { "\r\nERROR\r\n", "", TWILIO_CHAT_REFUSED, "\n" },
    { "\r\n+CME ERROR: SIM not inserted\r\n", "", TWILIO_CHAT_REFUSED, "\n" },
    { "\r\n+CMS ERROR: 500\r", "", TWILIO_CHAT_REFUSED, "" },
    { "OK\r", "\r\nNO CARRIER\r", TWILIO_CHAT_NO_CARRIER, "" },
    { "OK\r", "\r\nNO DIALTONE\r", TWILIO_CHAT_NO_DIALTONE, "" },
    { "OK\r", "\r\nNO DIAL TONE\r", TWILIO_CHAT_NO_DIALTONE, "" },
    { "OK\r", "\r\nNO ANSWER\r", TWILIO_CHAT_NO_ANSWER, "" },
    { "OK\r", "\r\nBUSY\r", TWILIO_CHAT_BUSY, "" },
    { "", "", TWILIO_CHAT_SILENT, "" },
    { "OK\r", "", TWILIO_CHAT_SILENT, "" },
    { "OK", "", TWILIO_CHAT_SILENT, "" },                 /* no end of the line */
    { "O\rK\r", "", TWILIO_CHAT_SILENT, "" },
    { "OKAY\r", "", TWILIO_CHAT_SILENT, "" },             /* another word */
    { "NOT OK\r", "", TWILIO_CHAT_SILENT, "" },
    { "ERRORS\rOK\r", "CONNECTED\rCONNECT\r", TWILIO_CHAT_DONE, "" },
    { "OK\r", "OK\r", TWILIO_CHAT_SILENT, "" },           /* the word of another step */
    { "CONNECT\r", "", TWILIO_CHAT_SILENT, "" },
};

/* A modem that answers each command once it is complete. Its words come as fast as slowness lets
 * them: 0, at once; otherwise a byte each so many milliseconds. The line takes room bytes a millisecond. */
static enum twilio_chat_state converse(const char *first, const char *second, uint32_t slowness, size_t room)
{
    struct twilio_chat chat;
    enum twilio_chat_state state;
    const char *all[] = { first, second };
    const char *answer = "";
    static char drop[2];
    unsigned commands = 0, heard = 0;

    reset();
    twilio_chat_begin(&chat, script);
    do {
        line.room = room;
        state = twilio_chat_step(&chat);
        for (; heard < line.sent_size; heard++)
            if (line.sent[heard] == '\r')
                answer = all[commands++];
        if (slowness == 0 && *line.incoming == '\0') {
            line.incoming = answer;
            answer = "";
        } else if (slowness > 0 && line.now % slowness == 0 && *line.incoming == '\0' && *answer != '\0') {
            drop[0] = *answer++;
            line.incoming = drop;
        }
        line.now++;
    } while (state == TWILIO_CHAT_TALKING);
    return state;
}

static void what_the_modem_says_is_understood(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(dialogues); i++) {
        const char *first = dialogues[i].first, *second = dialogues[i].second;
        for (uint32_t slowness = 0; slowness <= 3; slowness++) {
            enum twilio_chat_state state = converse(first, second, slowness, slowness == 0 ? 100 : 1);
            if (state != dialogues[i].state)
                fail_msg("'%s', '%s', %u ms a byte: %s", first, second, slowness, twilio_chat_explain(state));
            if (slowness == 0)
                assert_string_equal(line.incoming, dialogues[i].left);
        }
    }
}

/* Not a byte of a command is lost or sent twice, and the second only after the first was answered. */
static void commands_are_sent_whole(void **unused)
{
    (void)unused;
    for (size_t room = 1; room <= 10; room++) {
        assert_int_equal(converse("OK\r", "CONNECT\r", 0, room), TWILIO_CHAT_DONE);
        assert_string_equal(line.sent, "AT\rATD*99#\r");
    }
    assert_int_equal(converse("", "", 0, 100), TWILIO_CHAT_SILENT);
    assert_string_equal(line.sent, "AT\r");
}

/* ---- Time -------------------------------------------------------------------- */

static void each_step_has_its_time(void **unused)
{
    struct twilio_chat chat;

    (void)unused;
    reset();
    line.room = 100;
    twilio_chat_begin(&chat, script);
    for (int i = 0; i < 1000; i++, line.now++)
        assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_TALKING);
    line.incoming = "OK\r";  /* just in time; what comes first is heard first */
    assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_TALKING);
    for (int i = 0; i < 5000; i++, line.now++)
        assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_TALKING);
    assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_SILENT);
}

/* A line that takes nothing is as bad as a modem that says nothing. */
static void a_dead_line_is_noticed(void **unused)
{
    (void)unused;
    assert_int_equal(converse("OK\r", "CONNECT\r", 0, 0), TWILIO_CHAT_SILENT);
    assert_int_equal(line.sent_size, 0);
}

static void a_step_may_only_let_time_pass(void **unused)
{
    static const struct twilio_chat_step pause[] = {
        { "", NULL, 100 }, { "+++", NULL, 200 }, { "ATH\r", "OK", 300 }, TWILIO_CHAT_END
    };
    struct twilio_chat chat;

    (void)unused;
    reset();
    line.room = 100;
    twilio_chat_begin(&chat, pause);
    for (int i = 0; i < 300; i++, line.now++) {
        line.incoming = "ERROR\rNO CARRIER\rOK\r";
        assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_TALKING);
        assert_int_equal(line.sent_size, i < 101 ? 0 : 3);
        assert_string_equal(line.incoming, "");
    }
    assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_TALKING);
    line.incoming = "OK\r";
    assert_int_equal(twilio_chat_step(&chat), TWILIO_CHAT_DONE);
    assert_memory_equal(line.sent, "+++ATH\r", 7);
}

/* A line on which something always comes lets go of the device, soon, and does not stop its clock. */
static void a_babbling_line_is_left(void **unused)
{
    static char babble[100001];
    struct twilio_chat chat;
    int steps = 0;

    (void)unused;
    memset(babble, 'x', sizeof babble - 1);
    reset();
    line.incoming = babble;
    twilio_chat_begin(&chat, script);
    for (size_t before = 0; twilio_chat_step(&chat) == TWILIO_CHAT_TALKING; before = line.reads, line.now++) {
        assert_true(line.reads - before <= 100);
        steps++;
    }
    assert_int_equal(steps, 1000);
}

static void every_end_has_a_text(void **unused)
{
    (void)unused;
    for (int i = TWILIO_CHAT_TALKING; i <= TWILIO_CHAT_BUSY; i++)
        for (int j = TWILIO_CHAT_TALKING; j < i; j++)
            assert_string_not_equal(twilio_chat_explain((enum twilio_chat_state)i),
                                    twilio_chat_explain((enum twilio_chat_state)j));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_modem_says_is_understood),
        cmocka_unit_test(commands_are_sent_whole),
        cmocka_unit_test(each_step_has_its_time),
        cmocka_unit_test(a_dead_line_is_noticed),
        cmocka_unit_test(a_step_may_only_let_time_pass),
        cmocka_unit_test(a_babbling_line_is_left),
        cmocka_unit_test(every_end_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
