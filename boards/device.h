/*
 * device.h - what every application does first: read its settings, get on the network
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "client.h"

/* As provisioned (board_setting). What is not set is NULL. */
struct device {
    struct twilio_account account;  /* TWILIO_ACCOUNT_SID; TWILIO_API_KEY and TWILIO_API_SECRET, or
                                       TWILIO_AUTH_TOKEN; TWILIO_EDGE, TWILIO_REGION */
    const char *from, *to;          /* TWILIO_FROM, TWILIO_TO: numbers as "+15551234567" */
    const char *connect_to;         /* TWILIO_CONNECT_TO: see sockets.h */
    const char *ntp_server;         /* TWILIO_NTP_SERVER */
    const char *dns_server;         /* TWILIO_DNS_SERVER */
    uint32_t timeout;               /* TWILIO_TIMEOUT: milliseconds for a whole call; 0: the default */

    /* private: the texts that the above point to */
    char sid_text[35], key_text[35], secret_text[65], edge_text[17], region_text[9];
    char from_text[33], to_text[33], ntp_text[65];
    char connect_text[IPADDR_STRLEN_MAX + 8], dns_text[IPADDR_STRLEN_MAX];  /* "[fd00::2]:65535" */
};

void device_load(struct device *device);

/* Set what of the client the settings tell. Its memory is the application's to set. */
void device_client(const struct device *device, struct twilio_client *client);

/* A setting that is a whole number of at most nine digits; 0: it is none; otherwise, if it is not set. */
uint32_t device_number(const char *name, uint32_t otherwise);

/* Unless result is TWILIO_OK, say what is wrong, and end. A device that cannot work must say so when it is
 * put up, not when it is needed. */
void device_demand(int result);

/* Start the network and ask for the time, both of which come later: twilio_network_up,
 * twilio_clock_is_set. TWILIO_OK, or what is wrong. Once. */
int device_start(const struct device *device);

/* The same, and wait for an address, so many milliseconds; TWILIO_ERR_NETWORK: none came. What keeps it from
 * coming is printed every 10 s. */
int device_online(const struct device *device, uint32_t timeout);

#endif
