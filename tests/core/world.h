/*
 * world.h - what the delivery engine lives in, simulated: a device with flash and clocks, a line, and Twilio
 *
 * Twilio here does what it says it does: what is posted is created, perhaps late, and listed, perhaps late.
 * The line and the server fail as they are told to. Time passes only where somebody lets it pass.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORLD_H
#define WORLD_H

#include "flash.h"
#include "twilio_alerts.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define SETTLE 30

/* A message or call that was created. */
struct sent {
    bool     call;
    char     to[40], from[40], body[1024], status[16], answered[16], sid[35];
    char     detection[20];
    uint32_t created, listed;  /* seconds of Twilio's clock: when it exists; when lists have it */
    uint32_t validity;
    unsigned error;
};

struct reply {
    char     to[40], from[40], body[64];
    uint32_t date;
};

/* What befalls a request. Zeroed: nothing, it is carried out and answered. */
struct fate {
    bool     lost;         /* it never arrives: certainly not carried out */
    bool     unanswered;   /* carried out, but the answer is lost */
    int      result;       /* with lost or unanswered; 0: TWILIO_ERR_TIMEOUT */
    uint16_t code;         /* instead of Twilio's own; what was asked is done only if */
    bool     done;
    const char *body;      /* of the answer with code; NULL: an error's of no code */
    uint32_t retry_after;
    uint32_t late;         /* what it creates exists so many seconds later, */
    uint32_t lag;          /* and is in lists so many after that */
    uint32_t cut;          /* the answer breaks off after so many bytes of its body; 0: does not */
};

struct world {
    struct twilio_alerts alerts;
    struct twilio_alerts_scratch scratch;
    struct flash *flash;
    uint32_t second;            /* true time since the world began */
    uint32_t offset;            /* of moment.now */
    bool     no_utc;            /* the device does not know the date */
    uint32_t utc_error;         /* what it believes it to be is off by so much */
    uint32_t random;
    uint32_t chance;            /* the lowest 12 bits of moment.random: the number of a first attempt */
    uint32_t takes;             /* seconds that each request takes */

    struct sent  sent[256];
    unsigned     count;
    struct reply replies[8];
    unsigned     reply_count;
    const char  *balance;
    const char  *status;        /* of what is created; NULL: "delivered" from the first look on */
    unsigned     error;         /* its error_code */
    const char  *answered;      /* by whom calls are */
    uint32_t     expires;       /* the certificate */
    unsigned     page_size;     /* of lists, whatever was asked; 0: as asked */

    struct fate fate;           /* of the next request; then none again */
    char     asked[1200];       /* what it was: "POST Messages +15550000001 #A7-1 Fire" */
    unsigned requests;
    int      code;              /* how it was answered; 0: not */

    struct twilio_alert_status told[64];
    unsigned tellings;
};

extern const struct twilio_account world_account;
extern const struct twilio_ladder world_ladders[];

#define MINE  "+15550000009"
#define ANNA  "+15550000001"
#define BERT  "+15550000002"

/* All zero but flash, and the alerts' settings: account, ladders, name, scratch. */
void world_make(struct world *world, struct flash *flash);

uint32_t world_utc(const struct world *world);  /* Twilio's clock */
struct twilio_moment world_moment(struct world *world);

/* Power on: the engine begins, with what was set, and nothing else but flash. */
int world_begin(struct world *world);

int world_raise(struct world *world, const struct twilio_alert *alert, uint32_t *id);

/* What the engine wants to do now is done. false: it wants to wait, alerts.wait seconds. */
bool world_step(struct world *world);

/* The two halves of a step. */
int  world_next(struct world *world);
void world_answer(struct world *world);

/* Let the engine work for so many seconds. */
void world_run(struct world *world, uint32_t seconds);

/* How many messages or calls exist whose text has that in it. */
unsigned world_copies(const struct world *world, const char *text);

int world_state(struct world *world, uint32_t id);

#endif
