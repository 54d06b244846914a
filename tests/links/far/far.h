/*
 * far.h - the far end of the line: a gateway with DHCP and DNS, and the API's stand-in over TLS
 *
 * It is a shared library with an lwIP of its own inside, unknown to the one that is tested; its
 * TLS is OpenSSL's. Nothing in it waits, its time is told it, and all its chance comes from a seed.
 * All of it is at 10.0.2.2. DHCP gives 10.0.2.X; any name is 10.0.2.2.
 *
 * Requests are numbered, and of each number the stand-in knows how the request must look, octet for
 * octet, and counts how often it came in whole.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FAR_H
#define FAR_H

#include <stddef.h>
#include <stdint.h>

#define FAR_API     __attribute__((visibility("default")))
#define FAR_NUMBERS 65536
#define FAR_TEXT    2400  /* bytes of a text in a request: fewer */
#define FAR_ANSWER  2900  /* bytes of the longest answer's body */
#define FAR_BEGAN   1772323200u  /* 2026-03-01: the certificates are valid around it */

struct far {
    void (*send)(const uint8_t *frame, size_t size);  /* towards the device */
    uint32_t seed;
    uint8_t  address;  /* the X that DHCP gives from now on; renewing any other is refused */
    uint32_t lease;    /* seconds */
    uint32_t stall;    /* milliseconds from a whole request to its answer */

    /* out */
    unsigned leases, refusals;         /* given by DHCP */
    unsigned connections;              /* TCP's, open now */
    unsigned handshakes, resumptions;  /* of TLS, completed; and those of them that were short */
    unsigned spoiled;                  /* requests that came in whole, but not as they were sent */
    uint8_t  seen[FAR_NUMBERS];        /* how often each request came in whole */
};

/* What request and answer look like: this letter at this place of the text; so many of them. Every
 * seventh answer is the connection's last. */
FAR_API char far_letter(unsigned number, size_t place);
FAR_API size_t far_request_size(unsigned number);
FAR_API size_t far_answer_size(unsigned number);

/* far is the caller's, zeroed but for the first group, and outlives all of it. */
FAR_API void far_start(struct far *far);

/* The root certificate, DER; size is set. */
FAR_API const uint8_t *far_root(size_t *size);

/* A frame from the device; and what time it is, in milliseconds. */
FAR_API void far_receive(const uint8_t *frame, size_t size);
FAR_API void far_work(uint32_t now);

#endif
