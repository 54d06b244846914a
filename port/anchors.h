/*
 * anchors.h - trust anchors: the roots that Twilio's certificate chains may end in
 *
 * Built in, as DER in flash: DigiCert Global Root G2 (today's root of *.twilio.com) and the
 * fallbacks Global Root G3, TLS RSA4096 Root G5 and TLS ECC P384 Root G5. port/anchors
 * regenerates the data from Debian's ca-certificates. They are parsed on demand, one at a
 * time: RAM does not grow with their number. An application may give its own table instead.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANCHORS_H
#define TWILIO_ANCHORS_H

#include <stddef.h>
#include <stdint.h>

struct twilio_anchor {
    const uint8_t *der;  /* one X.509 certificate, DER */
    size_t size;         /* bytes of it */
};

/* A table of anchors. More than one table can be chained: extra anchors, then the built-in. */
struct twilio_anchors {
    const struct twilio_anchor *anchor;
    size_t count;                       /* 0 is refused: TWILIO_ERR_ANCHORS */
    const struct twilio_anchors *more;  /* NULL: no more */
};

extern const struct twilio_anchors twilio_builtin_anchors;

#endif
