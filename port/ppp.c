/*
 * ppp.c - lwIP's interface over a modem: dials, speaks PPP, and dials again when the line is lost
 *
 * What it wants to know, it asks board_setting:
 *
 *     TWILIO_APN                              the access point of a mobile network; not set: the modem knows
 *     TWILIO_DIAL                             the number; not set: *99#, as mobile networks have it
 *     TWILIO_PPP_USER, TWILIO_PPP_PASSWORD    for PAP; not set: empty, as most mobile networks take it
 *
 * A line is lost when the peer ends PPP, leaves four echo requests unanswered (25 s), or when the
 * modem says NO CARRIER. The pauses between calls grow from one second to a minute; a call that
 * gave an address, and lasted, makes them short again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "chat.h"
#include "link.h"
#include "twilio.h"

#include <string.h>

#include "netif/ppp/magic.h"
#include "netif/ppp/pppos.h"

#define PAUSE_MIN    1000   /* ms */
#define PAUSE_MAX    60000
#define LASTING      10000  /* ms */
#define STALL_MAX    250    /* ms for which the line may take nothing, until a frame is given up */
#define NOTICE_PAUSE 200    /* ms of silence that must follow the notice */
#define NOTICE_SIZE  (sizeof notice - 1)

static const char notice[] = "\r\nNO CARRIER\r\n";

enum state { RESTING, DIALLING, CONNECTED };

static struct {
    ppp_pcb *ppp;
    struct twilio_chat chat;
    const char *trouble;
    uint32_t since;         /* when it began to rest; when connected, the last byte came */
    uint32_t pause;         /* to rest, ms */
    uint32_t up_since;
    bool up;
    uint8_t state;
    uint8_t noticed;        /* characters of notice that have come last */
    char user[65], password[65];
    char apn[96], number[48];  /* as commands */
} line;

/* ---- The call -------------------------------------------------------------- */

/* A modem that is still in a call takes commands only after "+++" between two pauses; one that
 * is not takes that for a command that does not exist. */
#define HANG_UP_STEPS 4
static const struct twilio_chat_step script[] = {
    { "", NULL, 1100 },
    { "+++", NULL, 1100 },
    { "\r", NULL, 200 },
    { "ATH\r", "OK", 3000 },
    { "AT\r", "OK", 1000 },
    { line.apn, "OK", 5000 },
    { line.number, "CONNECT", 60000 },
    TWILIO_CHAT_END
};

static void dial(bool hang_up)
{
    line.state = DIALLING;
    twilio_chat_begin(&line.chat, script + (hang_up ? 0 : HANG_UP_STEPS));
}

static void rest(const char *trouble)
{
    line.trouble = trouble;
    line.state = RESTING;
    line.since = board_millis();
    if (line.up && line.since - line.up_since >= LASTING)
        line.pause = 0;
    line.up = false;
    line.pause = line.pause == 0 ? PAUSE_MIN : line.pause < PAUSE_MAX / 2 ? 2 * line.pause : PAUSE_MAX;
}

static void converse(void)
{
    enum twilio_chat_state state = twilio_chat_step(&line.chat);

    if (state == TWILIO_CHAT_TALKING)
        return;
    if (state != TWILIO_CHAT_DONE) {
        rest(twilio_chat_explain(state));
        return;
    }
    line.state = CONNECTED;
    line.noticed = 0;
    line.trouble = "connected, but no address by PPP";
    line.ppp->err_code = PPPERR_NONE;  /* the last call's */
    ppp_connect(line.ppp, 0);
}

/* ---- In place of lwIP's magic.c -------------------------------------------- */

/* By which PPP knows its own packets when they come back. Our random numbers need no stirring. */
u32_t magic(void)
{
    return LWIP_RAND();
}

void magic_init(void)
{
}

void magic_randomize(void)
{
}

/* ---- PPP ------------------------------------------------------------------- */

static const char *explain(int error)
{
    switch (error) {
    case PPPERR_USER:     return "the modem has lost the carrier";
    case PPPERR_AUTHFAIL: return "user or password of PPP refused";
    case PPPERR_PEERDEAD: return "no more answers by PPP";
    case PPPERR_LOOPBACK: return "the line sends back what is sent";
    default:              return "the peer has ended PPP, or never begun";
    }
}

/* PPP is up, or at an end. */
static void told(ppp_pcb *ppp, int error, void *unused)
{
    (void)ppp, (void)unused;
    if (error != PPPERR_NONE) {
        rest(explain(error));
        return;
    }
    line.up = true;
    line.up_since = board_millis();
}

static u32_t send(ppp_pcb *ppp, const void *data, u32_t size, void *unused)
{
    const char *bytes = data;
    uint32_t sent = 0, since = board_millis();

    (void)ppp, (void)unused;
    while (sent < size) {
        size_t taken = board_serial_write(bytes + sent, size - sent);
        sent += (uint32_t)taken;
        if (taken > 0)
            since = board_millis();
        else if (board_millis() - since >= STALL_MAX)
            break;
        else
            board_idle();
    }
    return sent;
}

/* Follow what may be the modem's notice that the call is over. */
static void listen(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line.noticed < NOTICE_SIZE && bytes[i] == (uint8_t)notice[line.noticed])
            line.noticed++;
        else
            line.noticed = bytes[i] == '\r';
    if (size > 0)
        line.since = board_millis();
}

/* In a frame anybody can send that text, but there the checksum and a flag follow at once. */
static bool hung_up(void)
{
    return line.noticed == NOTICE_SIZE && board_millis() - line.since >= NOTICE_PAUSE;
}

/* ---- The interface --------------------------------------------------------- */

/* Whether it has nothing that would end or change a command. */
static bool fit(const char *text)
{
    while (*text > ' ' && *text <= '~' && *text != '"' && *text != ';')
        text++;
    return *text == '\0';
}

/* A command with a setting in it, or otherwise if that is not set. false: the setting is not fit. */
static bool compose(char *command, size_t size, const char *before, const char *name, const char *after,
                    const char *otherwise)
{
    size_t start = strlen(before), end = strlen(after) + 1;
    int length = board_setting(name, command + start, size - start - end);

    if (length <= 0) {
        memcpy(command, otherwise, strlen(otherwise) + 1);
        return true;
    }
    if (!fit(command + start))
        return false;
    memcpy(command, before, start);
    memcpy(command + start + (size_t)length, after, end);
    return true;
}

static bool load_settings(void)
{
    (void)board_setting("TWILIO_PPP_USER", line.user, sizeof line.user);
    (void)board_setting("TWILIO_PPP_PASSWORD", line.password, sizeof line.password);
    return compose(line.apn, sizeof line.apn, "AT+CGDCONT=1,\"IP\",\"", "TWILIO_APN", "\"\r", "AT\r")
           && compose(line.number, sizeof line.number, "ATD", "TWILIO_DIAL", "\r", "ATD*99#\r");
}

int twilio_link_start(struct netif *netif)
{
    if (!load_settings())
        return TWILIO_ERR_ARGUMENT;
    if (board_serial_start() != 0)
        return TWILIO_ERR_NETWORK;
    line.ppp = pppos_create(netif, send, told, NULL);
    if (line.ppp == NULL)
        return TWILIO_ERR_NETWORK;
    ppp_set_auth(line.ppp, PPPAUTHTYPE_PAP, line.user, line.password);
    ppp_set_usepeerdns(line.ppp, 1);
    line.trouble = twilio_chat_explain(TWILIO_CHAT_TALKING);
    dial(false);
    return TWILIO_OK;
}

void twilio_link_watch(struct netif *netif)
{
    (void)netif;
    if (line.state == RESTING && board_millis() - line.since >= line.pause)
        dial(true);
    else if (line.state == CONNECTED && hung_up() && line.ppp->err_code == PPPERR_NONE)
        ppp_close(line.ppp, 1);
}

bool twilio_link_receive(struct netif *netif)
{
    uint8_t bytes[64];
    size_t size;

    (void)netif;
    if (line.state == DIALLING) {
        converse();
        return false;
    }
    size = board_serial_read(bytes, sizeof bytes);
    if (line.state == CONNECTED) {
        listen(bytes, size);
        pppos_input(line.ppp, bytes, (int)size);
    }
    return size > 0;
}

const char *twilio_link_trouble(struct netif *netif)
{
    (void)netif;
    return line.trouble;
}
