/*
 * twilio_balance.h - the account's balance: the smallest answer Twilio has, 91 bytes
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_BALANCE_H
#define TWILIO_BALANCE_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a request, all of it but account and headers. 200, with "balance", "12.34", and "currency", "USD".
 * An answer proves at once link, trust, clock, credentials and money. */
void twilio_balance_fetch(struct twilio_request *request);

#ifdef __cplusplus
}
#endif
#endif
