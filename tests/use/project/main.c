/*
 * main.c - the smallest use of the core: the bytes of one request
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include <twilio.h>

int main(void)
{
    static const struct twilio_account account = { .sid = "AC1", .secret = "s" };
    static const struct twilio_request request = { .account = &account, .resource = "Messages.json" };
    static const char expected[] = "GET /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n";
    char line[sizeof expected - 1];

    if (twilio_encode(&request, 0, line, sizeof line) != (int)sizeof line
        || memcmp(line, expected, sizeof line) != 0) {
        fprintf(stderr, "another request than expected\n");
        return 1;
    }
    return 0;
}
