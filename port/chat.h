/*
 * chat.h - talk a modem into a call: send it lines, wait for the words it must answer
 *
 * A conversation is a table of steps, worked off in order over the board's serial line. Nothing
 * waits, no memory but the caller's is used. What the modem says besides - echoes, empty lines,
 * reports that nobody asked for - is passed over, whatever its length. Not a byte is read beyond
 * the line that ends the last step: what follows CONNECT is PPP's.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CHAT_H
#define TWILIO_CHAT_H

#include <stdint.h>

/* A table of them ends with TWILIO_CHAT_END. */
struct twilio_chat_step {
    const char *send;       /* sent as it is, so with its "\r"; "": nothing */
    const char *expect;     /* the line that must come, of 15 characters at most; more may follow: "CONNECT"
                               is "CONNECT 115200", too. NULL: let that time pass, whatever comes */
    uint16_t milliseconds;  /* for both */
};
#define TWILIO_CHAT_END { NULL, NULL, 0 }

enum twilio_chat_state {
    TWILIO_CHAT_TALKING,      /* go on */
    TWILIO_CHAT_DONE,
    TWILIO_CHAT_SILENT,       /* what must come did not come in time */
    TWILIO_CHAT_REFUSED,      /* "ERROR", "+CME ERROR: 30", "+CMS ERROR: 500" */
    TWILIO_CHAT_NO_CARRIER,
    TWILIO_CHAT_NO_DIALTONE,
    TWILIO_CHAT_NO_ANSWER,
    TWILIO_CHAT_BUSY,
};

/* The caller's; private. */
struct twilio_chat {
    const struct twilio_chat_step *step;
    const char *unsent;
    uint32_t began;
    uint8_t  length;
    char     line[15];
};

/* Begin with the first step of this table, which must live as long as the conversation. */
void twilio_chat_begin(struct twilio_chat *chat, const struct twilio_chat_step *steps);

/* Do what can be done now. To be called again and again, soon, while it is TALKING, and not
 * after that. */
enum twilio_chat_state twilio_chat_step(struct twilio_chat *chat);

/* "the modem does not answer", a constant text for people. */
const char *twilio_chat_explain(enum twilio_chat_state state);

#endif
