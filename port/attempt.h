/*
 * attempt.h - send, read what Twilio says is wrong, and say what to do about it
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ATTEMPT_H
#define TWILIO_ATTEMPT_H

#include "client.h"
#include "twilio_error.h"

/* What came of it. */
struct twilio_attempt {
    int result;                 /* of twilio_send */
    enum twilio_advice advice;  /* TWILIO_DONE: the request was carried out */
    struct twilio_error error;  /* Twilio's code and texts; code 0: none */
};

/* twilio_send, with the body of the answer read by twilio_error: answer.body and answer.context are set for
 * it, and NULL afterwards. answer.item is not called. Returns attempt.advice, as twilio_advise has it. */
enum twilio_advice twilio_attempt(struct twilio_client *client, const struct twilio_request *request,
                                  struct twilio_answer *answer, struct twilio_attempt *attempt);

#endif
