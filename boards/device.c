/*
 * device.c - what every application does first: read its settings, get on the network
 *
 * SPDX-License-Identifier: MIT
 */
#include "device.h"

#include "board.h"
#include "clock.h"
#include "network.h"
#include "print.h"

#define PATIENCE 10000  /* ms to wait for an address without a word */

static const char *setting(const char *name, char *text, size_t size)
{
    return board_setting(name, text, size) > 0 ? text : NULL;
}

#define SETTING(name, array) setting(name, array, sizeof(array))

uint32_t device_number(const char *name, uint32_t otherwise)
{
    char text[10];
    uint32_t value = 0;

    if (board_setting(name, text, sizeof text) <= 0)
        return otherwise;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            return 0;
        value = value * 10 + (uint32_t)(*c - '0');
    }
    return value;
}

void device_load(struct device *device)
{
    struct twilio_account *account = &device->account;

    account->sid = SETTING("TWILIO_ACCOUNT_SID", device->sid_text);
    account->key = SETTING("TWILIO_API_KEY", device->key_text);
    account->secret = account->key != NULL ? SETTING("TWILIO_API_SECRET", device->secret_text)
                                           : SETTING("TWILIO_AUTH_TOKEN", device->secret_text);
    account->edge = SETTING("TWILIO_EDGE", device->edge_text);
    account->region = SETTING("TWILIO_REGION", device->region_text);
    device->from = SETTING("TWILIO_FROM", device->from_text);
    device->to = SETTING("TWILIO_TO", device->to_text);
    device->connect_to = SETTING("TWILIO_CONNECT_TO", device->connect_text);
    device->ntp_server = SETTING("TWILIO_NTP_SERVER", device->ntp_text);
    device->dns_server = SETTING("TWILIO_DNS_SERVER", device->dns_text);
    device->timeout = device_number("TWILIO_TIMEOUT", 0);
}

void device_client(const struct device *device, struct twilio_client *client)
{
    client->account = &device->account;
    client->connect_to = device->connect_to;
    client->timeout = device->timeout;
}

void device_demand(int result)
{
    if (result != TWILIO_OK) {
        print(twilio_explain(result));
        print("\n");
        board_exit(1);
    }
}

int device_start(const struct device *device)
{
    int result = twilio_network_start();

    if (result == TWILIO_OK && device->dns_server != NULL)
        result = twilio_network_dns(device->dns_server);
    if (result == TWILIO_OK)
        twilio_clock_sntp(&device->ntp_server, device->ntp_server != NULL);
    return result;
}

/* There may be none any more: the network works meanwhile where it has a thread. */
static void print_trouble(void)
{
    const char *trouble = twilio_network_trouble();

    if (trouble == NULL)
        return;
    print("network: ");
    print(trouble);
    print("\n");
}

int device_online(const struct device *device, uint32_t timeout)
{
    uint32_t start = board_millis(), told = 0;
    int result = device_start(device);

    while (result == TWILIO_OK && !twilio_network_up()) {
        uint32_t waited = board_millis() - start;
        if (waited >= timeout)
            return TWILIO_ERR_NETWORK;
        if (waited - told >= PATIENCE) {
            print_trouble();
            told = waited;
        }
        twilio_network_wait(1);
    }
    return result;
}
