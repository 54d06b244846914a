/*
 * each.h - walk a list of any length: page after page over one connection, in constant memory
 *
 *   char next[300], sid[35], status[16];
 *   struct twilio_field fields[] = {
 *       TWILIO_LIST_NEXT(next), TWILIO_FIELD("messages[].sid", sid),
 *       TWILIO_FIELD("messages[].status", status), TWILIO_FIELD_END };
 *   struct twilio_list list = { .fields = fields, .limit = 200 };
 *   struct twilio_request request = { 0 };
 *   twilio_message_list(&request, &(struct twilio_message_filter){ .to = "+15558675310" });
 *   result = twilio_each(&client, &request, &list, item, context, &answer);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_EACH_H
#define TWILIO_EACH_H

#include "client.h"
#include "twilio_list.h"

/* Ask for request, a GET, and all the pages that follow it, and call item(context) at each item, when the
 * list's fields hold it; false ends the walk there. The client's timeout is for each page. request is changed
 * on the way. A page is read to its end, so a page size above the limit costs more than it gives.
 *
 * answer is of the last page, as twilio_send sets it. Of its first group, item, body and context are not for
 * callers; content and fields can take what an error has to say.
 *
 * TWILIO_OK: all of the list, or its limit, was seen. TWILIO_ITEM: item ended it. TWILIO_ERR_CONTENT: a page
 * was answered with answer.code, other than 200. Otherwise an error of twilio_send or twilio_list_next. */
int twilio_each(struct twilio_client *client, struct twilio_request *request, struct twilio_list *list,
                bool (*item)(void *context), void *context, struct twilio_answer *answer);

#endif
