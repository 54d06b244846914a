/*
 * twilio_list.h - all pages of a list, item by item, in constant memory
 *
 *   char next[300], sid[35], status[16];
 *   struct twilio_field fields[] = {
 *       TWILIO_LIST_NEXT(next), TWILIO_FIELD("messages[].sid", sid),
 *       TWILIO_FIELD("messages[].status", status), TWILIO_FIELD_END };
 *   struct twilio_list list = { .fields = fields, .limit = 200 };
 *
 *   twilio_message_list(&request, NULL);               a GET of the first page
 *   e = twilio_list_begin(&list, &request);
 *   do {
 *       send request;
 *       for each piece of the body, data and size, if the answer is a 200:
 *           for (size_t at = 0; at < size; at += (size_t)n) {
 *               n = twilio_list_feed(&list, data + at, size - at);
 *               if (n < 0) give up;
 *               if (twilio_list_has_item(&list)) the fields hold an item;
 *           }
 *       e = twilio_list_next(&list, code);
 *   } while (e == TWILIO_AGAIN);                       request is now the next page's
 *
 * twilio_each in port/each.h does all that. A server that names a next page elsewhere is not followed:
 * credentials never go to another host.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_LIST_H
#define TWILIO_LIST_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first two entries of the table of fields: where the next page is, as both kinds of Twilio's lists
 * tell it. memory is a char array that holds such an address: 300 is good, for those of Twilio are of 100
 * to 250 characters. */
#define TWILIO_LIST_NEXT(memory) \
    TWILIO_FIELD("next_page_uri", memory), TWILIO_FIELD("meta.next_page_url", memory)

struct twilio_list {
    struct twilio_field *fields;  /* begins with TWILIO_LIST_NEXT; names one array by [] */
    uint32_t limit;               /* items at most; 0: all */

    uint32_t count;               /* out: items so far */

    /* private */
    struct twilio_request *request;
    uint32_t page;
    bool     turned;
    struct twilio_json json;
};

/* request is the first page's: a GET, with its account. It becomes that of each next page, and must outlive
 * the list; so must the fields, for then its resource lies in the memory of the next page's address.
 * Clears what the table held. TWILIO_OK or TWILIO_ERR_ARGUMENT. */
int twilio_list_begin(struct twilio_list *list, struct twilio_request *request);

/* Read on in the body of a page; size 0 does nothing. Returns the bytes consumed, or an error of
 * twilio_json_feed. Fewer than size are consumed only when an item has ended. After the last item of the
 * limit all is consumed without a look.
 * The first octet of a page overwrites its own address: from then on request cannot be sent again. */
int twilio_list_feed(struct twilio_list *list, const void *data, size_t size);

/* Whether the last twilio_list_feed ended an item, which the fields hold now. */
bool twilio_list_has_item(const struct twilio_list *list);

/* The page is complete, and its answer had that HTTP status.
 * TWILIO_AGAIN: request is the next page's. It has another resource, no item and no parameters; product,
 * account and headers are as they were.
 * TWILIO_OK: there is no further page, or the limit is reached.
 * TWILIO_ERR_CONTENT: code was not 200. If nothing of that answer's body was fed, request can be sent again,
 * after a 429 perhaps. TWILIO_ERR_JSON, TWILIO_ERR_DEPTH: the page was no JSON.
 * TWILIO_ERR_SIZE: the next page's address did not fit.
 * TWILIO_ERR_PAGE: it is neither a path nor https:// at the host of the request, with or without edge and
 * region; or no request can be made of it; or the page names itself as the next. A longer circle of pages
 * is walked until the limit. */
int twilio_list_next(struct twilio_list *list, int code);

#ifdef __cplusplus
}
#endif
#endif
