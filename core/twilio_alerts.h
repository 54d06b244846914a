/*
 * twilio_alerts.h - alerts that are never lost, and never sent twice
 *
 * When twilio_alerts_raise returns TWILIO_OK the alert is durable (twilio_journal.h). From then on, whatever
 * happens to power and network, it is sent; followed until it is delivered; taken to the next number when it
 * is not; and told of truthfully, until it is over. The engine does nothing but that: it says which request
 * to send, or how long to wait, and is told what came of it. port/deliver.h is this loop, ready made:
 *
 *   twilio_alerts_begin(&alerts, &moment);
 *   for (;;) {
 *       if (twilio_alerts_next(&alerts, &moment) == TWILIO_OK) {
 *           answer.body = twilio_alerts_feed, answer.context = &alerts;
 *           outcome.result = twilio_send(&clients[alerts.path], &alerts.request, &answer);
 *           twilio_alerts_done(&alerts, &moment, &outcome);
 *       } else {
 *           wait alerts.wait seconds, or until something is raised
 *       }
 *   }
 *
 * Exactly once. To create a message or call is not idempotent, and a lost answer leaves its outcome unknown.
 * So that it will be sent is durable before the first octet leaves. A failure before the request was
 * committed is repeated. After anything else that is no answer - it was lost, it was a 5xx, power failed -
 * the alert is unknown: the engine waits for the settle time, then lists what was sent from that number to
 * that number, looks for the token that its body begins with, and either has found it, or sends it again. The
 * token is "#A7-1F.9C2 ": the device's name, the alert's id, and the attempt's number; attempts are counted
 * from a random number on. No alert is then lost, and none is sent twice, if
 *
 *     settle >= the longest time from a request's arrival to the message's being created
 *             + the longest time by which lists are behind.
 *
 * With a shorter one it may come twice; it is lost never. Calls have no body: one from that number to that
 * number, not older than the intent, with a minute for the difference of clocks, that no other alert knows
 * for its own, is taken for it. So give each device a number of its own to call from, and moment.utc: without
 * it a call cannot be recognised, and is placed again. While a call is in doubt, no other alert calls that
 * number; but it waits for half of its time at most. Of an alert's calls the last one is known. So an alert
 * whose call is in doubt can take another's, of the minute before, for its own - then one call stands for
 * both - if that one has gone on to its next rung, was sent by TWILIO_ALERT_RESEND, was over while in doubt
 * itself, or has waited for half of its time.
 * An alert with TWILIO_ALERT_RESEND is sent a second time at once, without looking: it may come twice, but is
 * not delayed. After that it is as any other.
 *
 * Time. The engine counts the seconds for which the device was on, by moment.now, and keeps that count in the
 * journal; after a start it goes on from the last record. A clock that goes back counts nothing. More than a
 * minute over what the engine had told to wait - while a request is under way, over 600 seconds - is a leap,
 * and counts as just that. moment.utc decides whether an alert from before the last start is too old, which
 * call is meant, and how far back a list is read: it has to be right to a minute, or 0. One that is not costs
 * duplicates, or alerts that expire; silence never.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ALERTS_H
#define TWILIO_ALERTS_H

#include "twilio.h"
#include "twilio_calls.h"
#include "twilio_journal.h"
#include "twilio_list.h"
#include "twilio_messages.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TWILIO_ALERT_TEXT_MAX     160    /* bytes */
#define TWILIO_ALERT_DEADLINE_MAX 36000  /* seconds: what Twilio's ValidityPeriod can be */
#define TWILIO_ALERT_URGENT       128    /* priorities from here on may use the budget's reserve */

/* ---- Whom to tell ------------------------------------------------------------ */

/* One number, one way to reach it. */
struct twilio_rung {
    const char *to, *from;  /* as of a message or a call: "+15558675310", "whatsapp:+15558675310" (which takes
                               free text for a day after the person's last message only) */
    bool     call;          /* true: a call that speaks the text; false: a message */
    uint16_t wait;          /* seconds from when Twilio accepted this one to when the next is begun, too,
                               unless the alert is over. 0: the next comes only when this one has failed */
};

/* Rungs, climbed from the first. */
struct twilio_ladder {
    const struct twilio_rung *rungs;
    uint8_t count;          /* at least 1 */
};

/* ---- An alert ---------------------------------------------------------------- */

enum twilio_alert_flags {
    TWILIO_ALERT_RESEND      = 1,  /* outcome unknown: send it once more at once. It may come twice */
    TWILIO_ALERT_ACKNOWLEDGE = 2   /* it is not over when delivered, but when acknowledged: by a reply, by a
                                      person who answers a call, by twilio_alerts_acknowledge; else at its
                                      deadline */
};

struct twilio_alert {
    const char *text;       /* 1 to 160 bytes of UTF-8, no control characters but tab, line feed, return */
    uint16_t deadline;      /* seconds for which it is worth sending, at most 36,000; 0: 3,600 */
    uint8_t  ladder;        /* the number of its ladder */
    uint8_t  kind;          /* alerts of one kind mean the same: see quiet */
    uint8_t  priority;      /* the higher, the sooner */
    uint8_t  flags;
};

enum twilio_alert_state {
    TWILIO_ALERT_QUEUED = 1,   /* certainly not sent yet */
    TWILIO_ALERT_SENDING,      /* about to be sent, or sent just now */
    TWILIO_ALERT_UNKNOWN,      /* perhaps sent. When over: nobody could find out before its deadline */
    TWILIO_ALERT_ACCEPTED,     /* Twilio has it, see sid. When over: nobody knows whether it arrived */
    TWILIO_ALERT_DELIVERED,    /* it arrived; a call: it was answered */
    TWILIO_ALERT_UNDELIVERED,  /* over: the last rung's did not arrive */
    TWILIO_ALERT_FAILED,       /* over: the last rung's was refused, or its call not answered */
    TWILIO_ALERT_EXPIRED,      /* over: never sent, for its deadline passed */
    TWILIO_ALERT_ACKNOWLEDGED  /* over: a person knows */
};

struct twilio_alert_status {
    uint32_t id;
    uint32_t code;     /* Twilio's, or the HTTP status, why an attempt failed last; 0: none did */
    uint32_t repeats;  /* how often it was raised again: see quiet. Known of the one that was so last */
    uint8_t  state;    /* enum twilio_alert_state */
    uint8_t  kind;
    uint8_t  rung;     /* which one is tried, or was last, from 0 */
    bool     over;     /* nothing more will be done about it */
    char     sid[35];  /* of the last message or call that Twilio accepted; "": none, or forgotten */
};

/* ---- Faults ------------------------------------------------------------------ */

/* For a lamp and a buzzer: what keeps alerts from arriving, in alerts.faults. Each goes out by itself. */
enum twilio_alert_fault {
    TWILIO_FAULT_LINK          = 0x01,  /* no answer for `supervise` seconds. Out: an answer */
    TWILIO_FAULT_ACCESS        = 0x02,  /* certificate, clock or credentials: see last_result, last_code.
                                           Out: a 2xx */
    TWILIO_FAULT_CONFIGURATION = 0x04,  /* a number or a permission: see last_code. Out: an alert
                                           is accepted at its first attempt */
    TWILIO_FAULT_PROGRAM       = 0x08,  /* a request is wrong, or memory is short. Out: so, too */
    TWILIO_FAULT_MONEY         = 0x10,  /* the balance is below least_balance. Out: it is not */
    TWILIO_FAULT_CERTIFICATE   = 0x20,  /* the server's ends within 14 days. Out: it has another */
    TWILIO_FAULT_FLASH         = 0x40,  /* the journal failed. Out: something was written */
    TWILIO_FAULT_HELD          = 0x80,  /* alerts wait for the budget: held. Out: none does */
    TWILIO_FAULT_UNSENT        = 0x100  /* an alert is over, and nobody may know of it: expired, failed,
                                           undelivered or unknown. Out: one arrives; or clear it yourself */
};

/* ---- The engine -------------------------------------------------------------- */

/* Of the caller's clocks, at a call. */
struct twilio_moment {
    uint32_t now;     /* seconds, whatever their beginning; they may wrap */
    uint32_t utc;     /* seconds since 1970; 0: not known */
    uint32_t random;  /* of a good source, another one each time: for who sends again when */
};

/* What came of a request: of twilio_send and its answer. */
struct twilio_outcome {
    int      result;
    bool     committed;
    uint16_t code;         /* HTTP status; 0: there was no answer */
    uint32_t retry_after;  /* seconds; 0: not told */
    uint32_t expires;      /* when the server's certificate ends, seconds since 1970; 0: not known */
};

/* Private: what is durable of an alert, before its text. */
struct twilio_alert_record {
    uint32_t written;               /* engine's time of this record */
    uint32_t created, created_utc;  /* when it was raised */
    uint32_t intent_utc;            /* when it was about to be sent */
    uint32_t accepted;              /* when the first one was created, by Twilio's clock; 0: none was */
    uint32_t code;
    uint16_t deadline, attempt;     /* attempt: its number, in the token */
    uint8_t  ladder, rung, flags;
    uint8_t  level;                 /* of the budget, when this was written: about so many messages */
    char     sid[35];               /* of what was accepted last; "": nothing was */
    uint8_t  ended;                 /* the state in which the attempt before ended */
};

/* Memory for one request and its answer: private, but yours to place. Nothing else may use it between
 * twilio_alerts_next and twilio_alerts_done. */
struct twilio_alerts_scratch {
    struct twilio_field fields[10];
    union {
        struct twilio_json json;
        struct twilio_list list;
    } reader;
    union {
        char next[280];                             /* of a list: the next page's address */
        struct twilio_alert_stored {                /* of what is sent: a token ends where the text begins */
            struct twilio_alert_record record;
            char text[TWILIO_ALERT_TEXT_MAX + 1];
        } stored;
        char sid[35];                               /* of what is fetched */
    } of;
    char sid[35], text[64], date[32], code[8], error[8], answered[8];
};

/* Set what is to be set, and journal.flash, zero the rest, and call twilio_alerts_begin. (The order is for
 * the sake of code size: Thumb reaches octets within 32 bytes, words within 128.) */
struct twilio_alerts {
    /* private */
    uint8_t  asked, walk;               /* what the request under way is for; a list's next page */
    bool     found, enough;             /* in that list; nothing older is of interest */
    uint8_t  failures;                  /* of requests, since the last good one */
    uint8_t  round, turn;               /* seconds between rounds of following; whose replies are due */

    /* out */
    uint8_t  path;           /* which client sends the request, from 0 */
    uint16_t faults;         /* of enum twilio_alert_fault */
    uint16_t held;           /* alerts that wait for the budget now */
    uint32_t wait;           /* seconds, at least 1 */

    /* to be set */
    uint8_t  ladder_count;
    uint8_t  paths;          /* how many; 0: 1 */
    uint8_t  per_hour;       /* messages and calls on average, each attempt counted; 0: no limit. As many may
                                go at once, after a quiet time; what is more is held back until it may go,
                                or expires. Second sendings of TWILIO_ALERT_RESEND count, but are not held */
    uint8_t  reserve;        /* how many of them only alerts of TWILIO_ALERT_URGENT and above may use */
    uint16_t settle;         /* seconds, see above; 0: 30 */
    uint16_t quiet;          /* what is raised again is counted, and not sent, while an alert of the same kind
                                was not accepted yet, or was raised less than so many seconds ago. 0: each is
                                an alert of its own */
    uint32_t supervise;      /* seconds without an answer after which TWILIO_FAULT_LINK is raised, 10 to
                                86,400; 0: 180. After about half of them the engine asks for the balance */
    uint32_t least_balance;  /* TWILIO_FAULT_MONEY below so many units of the account's currency; 0: not
                                watched */
    const char *name;        /* of this device, in its tokens: 1 to 8 of A-Z a-z 0-9; no other that sends
                                from the same number may have it */
    const struct twilio_account *accounts;  /* one for each path, in order of preference: the same account,
                                               over another bearer, or with another edge */
    const struct twilio_ladder *ladders;
    struct twilio_alerts_scratch *scratch;
    const struct twilio_param *voice;  /* attributes of the Say of calls; NULL: {"loop", "2"} */
    const char *reply;       /* how a message that acknowledges begins, in any case of its letters. NULL:
                                "OK"; "": any does */
    void (*told)(void *context, const struct twilio_alert_status *status);
                             /* called when the state of an alert has changed, and is durable. Must not
                                call the engine. If power fails before it is called, it is not: ask for the
                                status at start. NULL: none */
    void    *context;        /* of told */

    /* private */
    uint32_t now, time, began;          /* caller's and engine's time; engine's at begin */
    uint32_t utc, random;
    uint32_t hold, prefer;              /* no request before hold; the preferred path again at prefer */
    uint32_t heard, balance_at;
    uint32_t cursor, round_at;          /* followed in this round: ids up to that; when the next begins */
    uint32_t worked;                    /* id of the alert that the request under way is about */
    uint32_t unsent;                    /* id of what is durable as perhaps sent, but certainly was not; or,
                                           of what is sent a second time at once, was not that time */
    uint32_t level;                     /* of the budget: 1/3,600 of a message */
    uint32_t again, again_id;           /* repeats of the alert that was raised again last */
    struct twilio_entry entry;          /* the alert that is worked on, */
    struct twilio_alert_record record;
    struct twilio_journal journal;      /* its flash is to be set */

    /* out */
    struct twilio_request request;
    uint32_t repeats;        /* raised again, and counted only, since begin */
    int      last_result;    /* why a request failed last; */
    uint32_t last_code;      /* Twilio's code, else the HTTP status */

    /* private */
    union {
        struct twilio_message message;
        struct twilio_call call;
        struct twilio_message_filter messages;
        struct twilio_call_filter calls;
    } what;
    struct twilio_twiml say[2];
};

/* Find the alerts in the journal, and go on with them. TWILIO_OK; TWILIO_ERR_FLASH; or what is set wrong:
 * TWILIO_ERR_ARGUMENT: a NULL, a name, no ladder or an empty one; TWILIO_ERR_RANGE: supervise, or a reserve
 * above per_hour; or what twilio_request_check says of a rung. Then nothing else may be called. */
int twilio_alerts_begin(struct twilio_alerts *alerts, const struct twilio_moment *moment);

/* Make an alert durable, or count it to one that is (see quiet). May be called between next and done. Sends
 * nothing: call twilio_alerts_next soon.
 * TWILIO_OK: it is. id, unless NULL, is its number, or that of the one that it repeats.
 * TWILIO_ERR_ARGUMENT: a NULL, no such ladder. TWILIO_ERR_LENGTH, TWILIO_ERR_TWIML: its text.
 * TWILIO_ERR_RANGE: its deadline. TWILIO_ERR_FULL: it is not kept, and will not be sent. TWILIO_ERR_FLASH:
 * nobody knows whether it is. Tell somebody otherwise. */
int twilio_alerts_raise(struct twilio_alerts *alerts, const struct twilio_moment *moment,
                        const struct twilio_alert *alert, uint32_t *id);

/* What to do now. TWILIO_OK: send alerts.request, as it is, over alerts.path, once; let twilio_alerts_feed
 * have the body of its answer; then call twilio_alerts_done. TWILIO_AGAIN: call this again after alerts.wait
 * seconds, or when something was raised. TWILIO_ERR_BUSY: what came of the last request was not told. */
int twilio_alerts_next(struct twilio_alerts *alerts, const struct twilio_moment *moment);

/* The callback for the body of the answer (port/client.h): .body = twilio_alerts_feed, .context = &alerts.
 * Returns true. */
bool twilio_alerts_feed(void *alerts, const char *data, size_t size);

/* What came of the request. To say that it failed, though nothing is known, is safe: result
 * TWILIO_ERR_TIMEOUT, committed true. Without a request under way it does nothing. */
void twilio_alerts_done(struct twilio_alerts *alerts, const struct twilio_moment *moment,
                        const struct twilio_outcome *outcome);

/* A person at the device knows of the alert; id 0: of all. It is over; what was not sent yet is not sent. May
 * be called between next and done. TWILIO_OK; TWILIO_ERR_FLASH: not durable, perhaps not for all;
 * TWILIO_ERR_ARGUMENT: a NULL. */
int twilio_alerts_acknowledge(struct twilio_alerts *alerts, const struct twilio_moment *moment, uint32_t id);

/* TWILIO_ITEM: how it stands with that alert; TWILIO_OK: it was never raised, or is over and forgotten;
 * TWILIO_ERR_FLASH, TWILIO_ERR_ARGUMENT. Of one that is over, code, rung and sid may be forgotten before. */
int twilio_alerts_status(struct twilio_alerts *alerts, uint32_t id, struct twilio_alert_status *status);

#ifdef __cplusplus
}
#endif
#endif
