/*
 * pulse.h - the program's own work from inside a long computation: a watchdog to feed, an input to watch
 *
 * A step of a call (twilio_send_step, twilio_exchange_step) never waits; but the one that verifies a chain of
 * certificates computes for long. At 31 million instructions a second (a Cortex-M3 at some 50 MHz, emulated)
 * a call with a full handshake, the chain being of an intermediate and a leaf, takes
 *
 *                    in all   its longest step   between two beats, at most
 *     RSA-2048       0.8 s        0.3 s               40 ms
 *     RSA-4096       1.8 s        1.0 s               40 ms
 *     ECDSA P-256    4.2 s        2.6 s               40 ms
 *     ECDSA P-384    8.6 s        5.5 s               40 ms
 *
 * and tests/superloop holds it to that. Most beats are 3 ms apart; what is left between some is not of keys.
 *
 * mbedTLS can break off curves and go on (MBEDTLS_ECP_RESTARTABLE), but then takes twice as long for X25519,
 * and breaks off neither that nor RSA, nor a chain whose anchors are looked up one by one: those 5.5 s would
 * stay. With all anchors parsed beforehand (3 KB for four) steps of 0.9 s would remain. So: a pulse.
 *
 *   static void beat(void *panel) { board_watchdog(1000); sample_inputs(panel); }
 *   twilio_pulse(beat, &panel);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PULSE_H
#define TWILIO_PULSE_H

#include <stddef.h>
#include <stdint.h>

/* Call beat with context from now on while a signature is verified or a key agreed on; NULL: nothing. For
 * the whole program. beat runs in the thread that computes, on top of its stack. It may take its time, but
 * may not call anything of the network, TLS or the client. */
void twilio_pulse(void (*beat)(void *context), void *context);

/* Private to port/: something is about to be done with a number of that many bytes. */
void twilio_pulse_work(size_t size);

#endif
