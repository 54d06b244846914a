/*
 * session.h - a TLS session kept through deep sleep, so that the first call after it has the short handshake
 *
 *   static uint8_t blob[TWILIO_SESSION_MAX];  // in memory that deep sleep keeps, or written to flash
 *   static int size;
 *
 *   size = twilio_session_export(&client, key, blob, sizeof blob);  // after the last call, before deep sleep
 *
 *   if (size > 0)  // after it: when the client has begun, and its anchors and the clock are set
 *       twilio_session_import(&client, key, blob, (size_t)size);
 *
 * The blob holds the session's master secret, in clear: who reads it can read what was and will be sent in
 * that session, your credentials included. Store it as you store those. HMAC-SHA256 keeps others from
 * putting a session of theirs in its place. Its key is the device's own: 32 octets of board_entropy, drawn
 * once and kept.
 *
 * A blob is bound to the host, to the account's SID and login name (never to its secret), to the trust
 * anchors and to the version of this library: with one of them changed it is refused. The anchors are those
 * of the export: who changes them while a client lives calls twilio_client_close, then twilio_tls_forget.
 *
 * It is good for TWILIO_SESSION_AGE seconds from the last full handshake, which is when a certificate was
 * last looked at; resuming prolongs nothing. By a clock that is not set, or earlier than that handshake,
 * its age is not known, and it is refused. So a clock that jumps costs a full handshake and no more. By one
 * that stands still, a session lives as long as the server likes; but only a server that was verified can
 * resume it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_SESSION_H
#define TWILIO_SESSION_H

#include "client.h"

#define TWILIO_SESSION_KEY 32                             /* octets of the device's key */
#define TWILIO_SESSION_MAX (32 + TWILIO_TLS_SESSION_MAX)  /* octets of the largest blob: 800 */

#ifndef TWILIO_SESSION_AGE
#define TWILIO_SESSION_AGE 86400  /* seconds */
#endif

/* What import returns besides enum twilio_result, and twilio_explain knows as well. No error: the next call
 * does without. */
enum { TWILIO_SESSION_REFUSED = 4 };

/* Close the connection if one was kept, and write the session of the client's host to blob. The client can
 * go on. What was in blob is wiped first. Returns the octets written; 0: there is no session;
 * TWILIO_ERR_SIZE: it does not fit; TWILIO_ERR_MEMORY: none was left to keep it in, or to sign it. Caller's
 * mistakes: TWILIO_ERR_ARGUMENT: a NULL, or a key whose octets are all alike (flash that was never written);
 * or what is wrong with the host's name. */
int twilio_session_export(struct twilio_client *client, const uint8_t key[TWILIO_SESSION_KEY], void *blob,
                          size_t size);

/* Give a client that has begun the session of a blob. An open connection is closed, a kept session dropped.
 * TWILIO_OK: the next connection to the host offers it. TWILIO_SESSION_REFUSED: it is stale, not of this
 * device or client, cut, or changed. Then, and with TWILIO_ERR_MEMORY, the client is as after its begin,
 * and makes a full handshake; as it does when the server has forgotten the session. Caller's mistakes as of
 * export: nothing was done.
 * blob is wiped, unless that was a mistake or size is over TWILIO_SESSION_MAX: a session is offered once,
 * so that one which a server chokes on cannot lock the device out. A copy in flash is for the caller to
 * erase, before. */
int twilio_session_import(struct twilio_client *client, const uint8_t key[TWILIO_SESSION_KEY], void *blob,
                          size_t size);

#endif
