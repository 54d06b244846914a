/*
 * canary.h - would this device trust the certificates that Twilio is about to use?
 *
 * Twilio puts a new chain on tls-test.twilio.com a month or more before it comes to the API. Connect there
 * once a day, and a change that would cut the device off becomes a warning, weeks ahead:
 *
 *   int result = twilio_canary(&client, NULL, NULL);
 *   if (twilio_canary_warns(result))
 *       report(twilio_explain(result));   // "...: the chain does not end in a trust anchor"
 *
 * The best moment is just after a call to Twilio that worked: then clock, memory and the way there are good,
 * and nothing but that host's chain can be at fault. What to do about it: anchor_slots.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CANARY_H
#define TWILIO_CANARY_H

#include "client.h"

#define TWILIO_CANARY_HOST "tls-test.twilio.com"

/* Connect to host as the client does, within its timeout, verified like any other; hang up after the
 * handshake. No request is made, so no login and no header of the client's can reach that host.
 * host NULL: TWILIO_CANARY_HOST. anchors NULL: the client's; others: would these do?
 * A connect_to of the client's stands for this host, too: then it is the chain of that address that is seen.
 *
 * The client must have begun. Its memory serves, so a connection that it kept is closed first; its session
 * stays: the next call makes a new connection, but resumes. TWILIO_ARENA_MIN is enough.
 *
 * TWILIO_OK: trusted. Otherwise any error of sockets.h and tls.h. */
int twilio_canary(struct twilio_client *client, const char *host, const struct twilio_anchors *anchors);

/* Whether this result is a warning: the host answered, and TLS with it failed. False: all is well, or
 * nothing was learnt, because the host could not be reached (no network, no name, nobody there, no answer in
 * time, cut off) or because of this device itself (no entropy, no anchors, an argument): ask again later. */
bool twilio_canary_warns(int result);

#endif
