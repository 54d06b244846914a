/*
 * pulse.h - a sign of life from inside a long computation, to feed a watchdog
 *
 * twilio_exchange_step returns after some tenths of a second at the most, but for one thing: to verify a
 * chain of elliptic-curve signatures takes a small processor seconds, one of RSA-4096 more than one.
 * Meanwhile the function given here is called: at each 128th multiplication of an elliptic curve, and before
 * each RSA signature. At 31 million instructions a second (a Cortex-M3 at some 50 MHz, emulated) no two beats
 * were further apart than 0.16 s, in a handshake of 4.1 s with ECDSA P-256 and in one of 0.7 s with RSA-2048.
 *
 *   static void feed(void) { WATCHDOG_RELOAD = WATCHDOG_KEY; }
 *   twilio_pulse(feed);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PULSE_H
#define TWILIO_PULSE_H

/* Call beat from now on while a signature is verified or a key agreed on; NULL: nothing. For the whole
 * program. beat may not call anything of the network, TLS or the client. */
void twilio_pulse(void (*beat)(void));

/* Private to port/: now is the time for one. */
void twilio_pulse_beat(void);

#endif
