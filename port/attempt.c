/*
 * attempt.c - a request, and the advice on what came of it
 *
 * SPDX-License-Identifier: MIT
 */
#include "attempt.h"

enum twilio_advice twilio_attempt(struct twilio_client *client, const struct twilio_request *request,
                                  struct twilio_answer *answer, struct twilio_attempt *attempt)
{
    struct twilio_error *error = &attempt->error;

    twilio_error_begin(error);
    answer->item = NULL;
    answer->body = twilio_error_feed;
    answer->context = error;
    attempt->result = twilio_send(client, request, answer);
    answer->body = NULL;
    answer->context = NULL;
    twilio_error_end(error);
    attempt->advice = twilio_advise(attempt->result, answer->committed, (unsigned)answer->code, error->code);
    return attempt->advice;
}
