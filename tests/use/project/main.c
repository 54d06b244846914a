/*
 * main.c - the smallest uses of the core: the bytes of two requests, one by hand, one by a helper
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include <twilio.h>
#include <twilio_calls.h>

static int begins(const struct twilio_request *request, const char *expected)
{
    char line[64];

    if (twilio_encode(request, 0, line, sizeof line) != (int)sizeof line
        || memcmp(line, expected, strlen(expected)) != 0) {
        fprintf(stderr, "another request than %s\n", expected);
        return 0;
    }
    return 1;
}

int main(void)
{
    static const struct twilio_account account = { .sid = "AC1", .secret = "s" };
    static const struct twilio_request list = { .account = &account, .resource = "Messages.json" };
    static const struct twilio_twiml said[] = { TWILIO_SAY("Fire"), TWILIO_TWIML_END };
    static const struct twilio_call fire = { .to = "+15558675310", .from = "+15017122661", .twiml = said };
    struct twilio_request call = { .account = &account };

    twilio_call_create(&call, &fire);
    return begins(&list, "GET /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n")
        && begins(&call, "POST /2010-04-01/Accounts/AC1/Calls.json HTTP/1.1\r\n") ? 0 : 1;
}
