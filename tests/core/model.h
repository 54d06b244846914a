/*
 * model.h - what a journal should hold, and whether it does
 *
 * The model knows the entries that are kept, and the one change that is under way. A journal that has failed
 * or lost power may hold that change or not; whichever it is, from then on it must stay so.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MODEL_H
#define MODEL_H

#include "flash.h"

#define MODEL_MOST 2048

struct kept {
    uint32_t id, due;
    uint32_t data;  /* which: they are made of this */
    uint16_t size;
    bool     seen;
};

struct model {
    struct flash *flash;
    struct twilio_journal journal;
    struct kept kept[MODEL_MOST];
    unsigned count;
    uint32_t last_id;      /* that the journal has told */
    uint32_t changes;
    enum { NOTHING, ADD, CHANGE, SETTLE } pending;
    unsigned which;        /* in kept: what is changed or settled */
    struct kept will;      /* what is added, or what it is changed to */
};

void model_make(struct model *model, struct flash *flash);

/* Each does it, or tries to, and returns what the journal did. */
int model_add(struct model *model, uint16_t size);
int model_change(struct model *model, unsigned which, uint16_t size);
int model_touch(struct model *model, unsigned which);  /* the same with the data that it has */
int model_settle(struct model *model, unsigned which);

/* One of these at random, or tidy; new ones have up to most bytes. TWILIO_ERR_FULL must come when it must. */
int model_step(struct model *model, uint16_t most);

/* After a beginning: all that is kept is there once, as it was, and nothing else but what is settled. */
void model_check(struct model *model);

/* Slots that the entries kept take */
uint32_t model_slots(const struct model *model);

#endif
