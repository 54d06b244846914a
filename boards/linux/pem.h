/*
 * pem.h - trust anchors out of a file of certificates, PEM or DER
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PEM_H
#define PEM_H

#include <stddef.h>
#include <stdint.h>

#include "anchors.h"

/* Make a table of the certificates in size bytes at text: every PEM block "CERTIFICATE", or,
 * where there is none, the whole as one DER certificate. The certificates are decoded in
 * place, so text must outlive the table. At most max go to anchors.
 * Returns their number; -1: none at all, a broken block, or more than max. */
int pem_anchors(uint8_t *text, size_t size, struct twilio_anchor *anchors, size_t max);

#endif
