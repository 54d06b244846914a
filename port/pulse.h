/*
 * pulse.h - a sign of life from inside a long computation, to feed a watchdog
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_PULSE_H
#define TWILIO_PULSE_H

#include <stddef.h>
#include <stdint.h>

/* Call beat from now on while a signature is verified or a key agreed on; NULL: nothing. For the whole
 * program. beat may not call anything of the network, TLS or the client. */
void twilio_pulse(void (*beat)(void *context), void *context);

/* Private to port/: something is about to be done with a number of that many bytes. */
void twilio_pulse_work(size_t size);

#endif
