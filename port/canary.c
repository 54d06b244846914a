/*
 * canary.c - a handshake, and nothing after it
 *
 * TLS of its own in the client's arena: the session that the client keeps there is not touched.
 *
 * SPDX-License-Identifier: MIT
 */
#include "canary.h"

#include "board.h"
#include "network.h"

static int shake_hands(const struct twilio_transport *https, const char *host, uint32_t timeout)
{
    uint32_t begun = board_millis();
    int result;

    while ((result = https->connect(https->context, host)) == TWILIO_AGAIN) {
        if (board_millis() - begun >= timeout) {
            return TWILIO_ERR_TIMEOUT;
        }
        twilio_network_wait(1);
    }
    return result;
}

int twilio_canary(struct twilio_client *client, const char *host, const struct twilio_anchors *anchors)
{
    if (client == NULL || client->tls.below == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    twilio_client_close(client);
    struct twilio_tls tls = {
        .below = client->tls.below, .arena = &client->arena,
        .anchors = anchors != NULL ? anchors : client->tls.anchors,
    };
    const struct twilio_transport https = twilio_tls_transport(&tls);
    int result = shake_hands(&https, host != NULL ? host : TWILIO_CANARY_HOST,
                             client->timeout != 0 ? client->timeout : TWILIO_TIMEOUT_DEFAULT);
    https.close(https.context);
    twilio_tls_forget(&tls);
    return result;
}

bool twilio_canary_warns(int result)
{
    switch (result) {
    case TWILIO_ERR_TLS:
    case TWILIO_ERR_TLS_ALERT:
    case TWILIO_ERR_TLS_MISMATCH:
    case TWILIO_ERR_UNTRUSTED:
    case TWILIO_ERR_WRONG_NAME:
    case TWILIO_ERR_EXPIRED:
    case TWILIO_ERR_NOT_YET_VALID:
    case TWILIO_ERR_MEMORY: /* such a chain may need more */
    case TWILIO_ERR_RECORD:
        return true;
    default:
        return false;
    }
}
