/*
 * alerts.h - what the files of the delivery engine share
 *
 * Private to the core. alerts.c chooses what to do; alerts_request.c makes the request for it,
 * alerts_answer.c judges the answer. alerts_record.c keeps what is durable, and moves it from state to state.
 * alerts_token.c is about what messages are recognised by, alerts_link.c about time, paths and faults.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ALERTS_PRIVATE_H
#define TWILIO_ALERTS_PRIVATE_H

#include "twilio_alerts.h"
#include "twilio_error.h"

#define ROUND_MIN 2  /* seconds from when something was accepted to when it is followed first */

/* What a request is for. */
enum {
    NOTHING,
    BALANCE,
    CREATE,  /* sends the alert */
    FOLLOW,  /* what became of what was accepted */
    LOOK,    /* whether it was created: a list; */
    LISTEN   /* whether somebody replied: another. Lists come last */
};

/* States in the journal besides enum twilio_alert_state. */
#define WAITING 10    /* queued, but not before it is due */
#define OVER    0x80  /* that state is its last one: it is settled, or kept only for its kind to be known */

/* Flags of a record besides enum twilio_alert_flags. */
#define RESENT   0x10  /* TWILIO_ALERT_RESEND has been made use of in this attempt */
#define RETRIED  0x20  /* this rung is tried a second time */
#define MENDABLE 0x40  /* a rung failed for what may be mended: climb again */
#define ARRIVED  0x80  /* something of it was delivered */

#define KEEP_CALL 600U  /* seconds for which the SID of a call is remembered when its alert is over */

/* The due of an entry. Queued: its deadline. Sending, unknown: when to look; 0: send again without. Accepted,
 * delivered: when the rung's time is over. Waiting, over: the end of that. Settled: when it was settled. */

/* ---- alerts_link.c ----------------------------------------------------------- */

/* Count the time that has passed. */
void twilio_alerts_clock(struct twilio_alerts *a, const struct twilio_moment *moment);

/* A random number from 0 to limit, which is below 65,536. */
uint32_t twilio_alerts_random(const struct twilio_alerts *a, uint32_t limit);

/* The level of the budget as records keep it: in 4,096 of its units, to the nearest. */
static inline uint8_t twilio_alerts_level(const struct twilio_alerts *a)
{
    return (uint8_t)((a->level + 2048) >> 12);
}

/* Whether the budget allows an alert of that priority to be sent now. */
bool twilio_alerts_affordable(const struct twilio_alerts *a, unsigned priority);

/* What a request's outcome tells of the link. Returns what to do about the request. code: Twilio's */
enum twilio_advice twilio_alerts_heard(struct twilio_alerts *a, const struct twilio_outcome *outcome,
                                       uint32_t code);

/* Whether a request is to be repeated, later and later. */
static inline bool is_failing(const struct twilio_outcome *outcome, enum twilio_advice advice)
{
    return outcome->code == 0 || (advice != TWILIO_DONE && advice < TWILIO_NEXT_CONTACT);
}

/* Raise a fault, or clear it. */
void twilio_alerts_fault(struct twilio_alerts *a, unsigned fault, bool on);

/* Raise the fault that goes with an advice. */
void twilio_alerts_blame(struct twilio_alerts *a, enum twilio_advice advice, bool access);

/* The answer to BALANCE. */
void twilio_alerts_balance(struct twilio_alerts *a, const char *text);

/* ---- alerts_record.c --------------------------------------------------------- */

/* Whether that can be an alert, of so many bytes. TWILIO_OK, or the mistake. */
int twilio_alerts_check(const struct twilio_alerts *a, const struct twilio_alert *alert, unsigned length);

/* Read an entry's record. false: it cannot be read, or is none: another program's, say. */
bool twilio_alerts_read(struct twilio_alerts *a, const struct twilio_entry *entry,
                        struct twilio_alert_record *record);

/* Make an entry the one that is worked on. false: its record cannot be read, and is taken to be of zeros. */
bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry);

/* Make its new state durable, and tell of it. */
int twilio_alerts_save(struct twilio_alerts *a, unsigned state, uint32_t due);

/* Make it durable that it is about to be sent; that it was sent perhaps. */
int twilio_alerts_intend(struct twilio_alerts *a);
int twilio_alerts_doubt(struct twilio_alerts *a, unsigned state);

/* It is queued again, after delay seconds. */
int twilio_alerts_queue(struct twilio_alerts *a, uint32_t delay);

/* This attempt has failed, or its time is over: the next rung, or the end in that state. */
int twilio_alerts_climb(struct twilio_alerts *a, enum twilio_advice advice, unsigned state);

/* It is over. */
int twilio_alerts_end(struct twilio_alerts *a, unsigned state);

/* Its rung; whether it is the last. */
const struct twilio_rung *twilio_alerts_rung(const struct twilio_alerts *a);
bool twilio_alerts_is_last(const struct twilio_alerts *a);

/* Engine's time of its deadline; seconds that are left until then. */
uint32_t twilio_alerts_deadline(const struct twilio_alerts *a);
uint32_t twilio_alerts_left(const struct twilio_alerts *a);

/* Its state as it is told. */
void twilio_alerts_describe(const struct twilio_alerts *a, struct twilio_alert_status *status);

/* ---- alerts_request.c --------------------------------------------------------- */

/* Make alerts.request one for that. TWILIO_OK, or TWILIO_ERR_FLASH. */
int twilio_alerts_ask(struct twilio_alerts *a, unsigned what);

/* Make it one that sends that to a rung: body as a message, or text spoken. */
void twilio_alerts_compose(struct twilio_alerts *a, const struct twilio_rung *rung, const char *body,
                           const char *text, uint32_t validity);

/* ---- alerts_token.c ----------------------------------------------------------- */

#define TWILIO_ALERTS_TOKEN_MAX 24  /* "#DEVICE12-FFFFFFFF.FFFF " */

/* Write what its body begins with before end, without a NUL: "#A7-1F.9C2 ", or, of attempt 0, "#A7-1F ".
 * Returns where it begins. */
char *twilio_alerts_token(const struct twilio_alerts *a, char *end);

#endif
