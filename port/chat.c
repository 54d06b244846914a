/*
 * chat.c - talk a modem into a call
 *
 * SPDX-License-Identifier: MIT
 */
#include "chat.h"

#include <stdbool.h>
#include <stddef.h>

#include "board.h"

#define AT_ONCE 64  /* bytes heard in one step: a line that never falls silent must not hold the device */

/* How a modem says no, to whatever it was asked. */
static const struct {
    char    word[14];
    uint8_t state;
} refusals[] = {
    { "ERROR", TWILIO_CHAT_REFUSED },
    { "+CME ERROR", TWILIO_CHAT_REFUSED },
    { "+CMS ERROR", TWILIO_CHAT_REFUSED },
    { "NO CARRIER", TWILIO_CHAT_NO_CARRIER },
    { "NO DIALTONE", TWILIO_CHAT_NO_DIALTONE },
    { "NO DIAL TONE", TWILIO_CHAT_NO_DIALTONE },
    { "NO ANSWER", TWILIO_CHAT_NO_ANSWER },
    { "BUSY", TWILIO_CHAT_BUSY },
};

const char *twilio_chat_explain(enum twilio_chat_state state)
{
    static const char *const texts[] = {
        [TWILIO_CHAT_TALKING] = "the modem is dialling",
        [TWILIO_CHAT_DONE] = "the modem has connected",
        [TWILIO_CHAT_SILENT] = "the modem does not answer",
        [TWILIO_CHAT_REFUSED] = "the modem refuses a command",
        [TWILIO_CHAT_NO_CARRIER] = "no carrier",
        [TWILIO_CHAT_NO_DIALTONE] = "no dial tone",
        [TWILIO_CHAT_NO_ANSWER] = "the number dialled does not answer",
        [TWILIO_CHAT_BUSY] = "the number dialled is busy",
    };
    return texts[state];
}

static void begin_step(struct twilio_chat *chat, const struct twilio_chat_step *step)
{
    chat->step = step;
    chat->unsent = step->send;
    chat->began = board_millis();
}

void twilio_chat_begin(struct twilio_chat *chat, const struct twilio_chat_step *steps)
{
    chat->length = 0;
    begin_step(chat, steps);
}

static enum twilio_chat_state next_step(struct twilio_chat *chat)
{
    if (chat->step[1].send == NULL)
        return TWILIO_CHAT_DONE;
    begin_step(chat, chat->step + 1);
    return TWILIO_CHAT_TALKING;
}

static void send(struct twilio_chat *chat)
{
    while (*chat->unsent != '\0' && board_serial_write(chat->unsent, 1) == 1)
        chat->unsent++;
}

static bool in_word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether the line is this word, alone or with something after it. */
static bool says(const struct twilio_chat *chat, const char *word)
{
    uint8_t i = 0;

    while (word[i] != '\0') {
        if (i == chat->length || chat->line[i] != word[i])
            return false;
        i++;
    }
    return i == chat->length || !in_word(chat->line[i]);
}

/* A line is complete. While a step only lets time pass, what comes is of no interest. */
static enum twilio_chat_state judge(struct twilio_chat *chat)
{
    if (chat->step->expect == NULL)
        return TWILIO_CHAT_TALKING;
    if (says(chat, chat->step->expect))
        return next_step(chat);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (says(chat, refusals[i].word))
            return refusals[i].state;
    return TWILIO_CHAT_TALKING;
}

static enum twilio_chat_state hear(struct twilio_chat *chat, char c)
{
    enum twilio_chat_state state;

    if (c != '\r' && c != '\n') {
        if (chat->length < sizeof chat->line)
            chat->line[chat->length++] = c;
        return TWILIO_CHAT_TALKING;
    }
    state = judge(chat);
    chat->length = 0;
    return state;
}

enum twilio_chat_state twilio_chat_step(struct twilio_chat *chat)
{
    char c;

    send(chat);
    for (int i = 0; i < AT_ONCE && board_serial_read(&c, 1) == 1; i++) {
        enum twilio_chat_state state = hear(chat, c);
        if (state != TWILIO_CHAT_TALKING)
            return state;
    }
    if (board_millis() - chat->began < chat->step->milliseconds)
        return TWILIO_CHAT_TALKING;
    return chat->step->expect == NULL ? next_step(chat) : TWILIO_CHAT_SILENT;
}
