/*
 * balance.c - the request for the account's balance
 *
 * SPDX-License-Identifier: MIT
 */
#include "twilio_balance.h"

#include "form.h"

void twilio_balance_fetch(struct twilio_request *request)
{
    twilio_form_request(request, TWILIO_GET, "Balance.json", NULL, NULL);
}
