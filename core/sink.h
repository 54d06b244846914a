/*
 * sink.h - where all that is written goes: counted, and kept if it lies in the window asked for
 *
 * Private to the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_SINK_H
#define TWILIO_SINK_H

#include "twilio.h"

struct twilio_sink {
    uint8_t *window;
    size_t   offset, size;  /* of the window in the image */
    size_t   position;      /* of the next octet in the image */
    int      mistake;       /* of the caller's, the last one found; 0: none */
    uint32_t characters;    /* of the value so far, before it was percent-encoded */
    char     separator;     /* before the next parameter; 0: none */
    bool     encoding;      /* twilio_write writes percent-encoded; false: as it is */
    bool     latin1;        /* the caller's texts are; they go out as UTF-8 */
};

/* Write an octet as it is. */
void twilio_sink_octet(struct twilio_sink *sink, unsigned octet);

/* Write parameters of a query or form. NULL: none. */
void twilio_sink_params(struct twilio_sink *sink, const struct twilio_param *param);

/* Write user:secret in Base64, as RFC 7617 has it. What it does not allow is ERR_CREDENTIALS. */
void twilio_sink_basic(struct twilio_sink *sink, const char *user, const char *secret);

#endif
