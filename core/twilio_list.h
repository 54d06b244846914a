/*
 * twilio_list.h - all pages of a list, item by item, in constant memory
 *
 *   char next[300], sid[35], status[16];
 *   struct twilio_field fields[] = {
 *       TWILIO_LIST_NEXT(next), TWILIO_FIELD("messages[].sid", sid), TWILIO_FIELD("messages[].status", status),
 *       TWILIO_FIELD_END };
 *   struct twilio_list list = { .fields = fields, .limit = 200 };
 *   twilio_list_begin(&list, &request);           the first page's, of twilio_message_list perhaps
 *   for each page:
 *       send request; feed each piece of the body to twilio_list_feed; at each TWILIO_ITEM fields hold an item
 *       twilio_list_next(&list, code)             TWILIO_AGAIN: request is now the next page's
 *
 * twilio_each in port/client.h does all that. A server that names a next page elsewhere is not followed: credentials
 * never go to another host.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_LIST_H
#define TWILIO_LIST_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first two entries of the table of fields: where the next page is, as both kinds of Twilio's lists tell it. memory
 * is a char array that holds such an address: 300 is good, for those of Twilio are of 100 to 250 characters. */
#define TWILIO_LIST_NEXT(memory) TWILIO_FIELD("next_page_uri", memory), TWILIO_FIELD("meta.next_page_url", memory)

struct twilio_list {
    struct twilio_field *fields;  /* begins with TWILIO_LIST_NEXT; names one array by [] */
    uint32_t limit;               /* items at most; 0: all */

    uint32_t count;               /* out: items so far */

    /* private */
    struct twilio_request *request;
    struct twilio_json json;
    uint8_t state;
};

/* request is the first page's, a GET, and becomes that of each next page; it must outlive the list.
 * TWILIO_OK or TWILIO_ERR_ARGUMENT. */
int twilio_list_begin(struct twilio_list *list, struct twilio_request *request);

/* Read on in the body of a page; size 0 ends it. Returns the bytes consumed, or what twilio_json_feed returns: when
 * fewer than size are consumed, the fields hold an item. After the last item of the limit all is consumed
 * without a look. */
int twilio_list_feed(struct twilio_list *list, const void *data, size_t size);

/* Whether an item was just completed (after twilio_list_feed). */
bool twilio_list_has_item(const struct twilio_list *list);

/* The page is complete, and its answer had that HTTP status. TWILIO_AGAIN: request is the next page's (same host,
 * account and headers). TWILIO_OK: there is none, or the limit is reached.
 * TWILIO_ERR_PAGE: the next one is elsewhere. TWILIO_ERR_SIZE: its address did not fit.
 * TWILIO_ERR_JSON, TWILIO_ERR_DEPTH: the page was no JSON. TWILIO_ERR_CONTENT: code was not 200. */
int twilio_list_next(struct twilio_list *list, int code);

#ifdef __cplusplus
}
#endif
#endif
