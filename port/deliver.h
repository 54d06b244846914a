/*
 * deliver.h - the alerts of twilio_alerts.h, sent over clients: nothing to do but to raise them
 *
 *   static struct twilio_alerts alerts = { .journal.flash = ..., .accounts = ..., .ladders = ..., ... };
 *   static struct twilio_client *const clients[] = { &client };
 *   static struct twilio_delivery delivery = { .alerts = &alerts, .clients = clients };
 *
 *   demand(twilio_delivery_begin(&delivery));
 *   for (;;) {
 *       if (door_opened())
 *           twilio_delivery_raise(&delivery, &burglary, NULL);
 *       twilio_network_wait(twilio_deliver(&delivery));
 *   }
 *
 * It gives the engine its time, its chance and its connections: board_millis, the clock if it is set
 * (clock.h), the network's random numbers, and the end of the certificate that the server showed. Where there
 * are several paths, a client may serve more than one, over another edge say: the engine's accounts make the
 * difference.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_DELIVER_H
#define TWILIO_DELIVER_H

#include "client.h"
#include "twilio_alerts.h"

/* Set the first group, zero the rest. Not to be moved after begin. */
struct twilio_delivery {
    struct twilio_alerts *alerts;
    struct twilio_client *const *clients;  /* begun; one for each of its paths, and nobody else's */

    /* private */
    struct twilio_sending sending;
    struct twilio_answer  answer;
    bool     busy;            /* a request is under way */
    uint32_t last, fraction;  /* board_millis when it was looked at last; milliseconds over whole seconds */
    uint32_t seconds, due;    /* since begin; when the engine is to be asked again */
};

/* As twilio_alerts_begin. */
int twilio_delivery_begin(struct twilio_delivery *delivery);

/* Do what can be done now, without waiting (flash apart). Returns in how many milliseconds to call it again,
 * 1,000 at most: 1 while a request is under way. Call it at least once in seven weeks. */
uint32_t twilio_deliver(struct twilio_delivery *delivery);

/* As twilio_alerts_raise and twilio_alerts_acknowledge; at any time, but not from an interrupt or another
 * thread. */
int twilio_delivery_raise(struct twilio_delivery *delivery, const struct twilio_alert *alert, uint32_t *id);
int twilio_delivery_acknowledge(struct twilio_delivery *delivery, uint32_t id);

#endif
