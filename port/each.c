/*
 * each.c - page after page, each read as it passes
 *
 * SPDX-License-Identifier: MIT
 */
#include "each.h"

struct walk {
    struct twilio_list *list;
    const struct twilio_answer *answer;
    bool (*item)(void *context);
    void *context;
    int result;  /* what ended the walk amid a page; 0: nothing did */
};

/* What is not a page of the list (a 404, say) holds no items. */
static bool take(void *context, const char *data, size_t size)
{
    struct walk *walk = context;

    while (walk->answer->code == 200 && size > 0) {
        int used = twilio_list_feed(walk->list, data, size);
        if (used < 0) {
            walk->result = used;
            return false;
        }
        if (twilio_list_has_item(walk->list) && !walk->item(walk->context)) {
            walk->result = TWILIO_ITEM;
            return false;
        }
        data += used;
        size -= (size_t)used;
    }
    return true;
}

/* Ask for the page that request is for now. TWILIO_AGAIN: it is for the next one then. */
static int turn(struct twilio_client *client, const struct twilio_request *request, struct walk *walk,
                struct twilio_answer *answer)
{
    int result = twilio_send(client, request, answer);

    if (result == TWILIO_OK) {
        return twilio_list_next(walk->list, answer->code);
    }
    return result == TWILIO_ITEM ? walk->result : result;
}

/* From the page that request is for to the last one. */
static int walk_pages(struct twilio_client *client, const struct twilio_request *request, struct walk *walk,
                      struct twilio_answer *answer)
{
    int result;

    answer->item = NULL;
    answer->body = take;
    answer->context = walk;
    do {
        result = turn(client, request, walk, answer);
    } while (result == TWILIO_AGAIN);
    answer->body = NULL;
    answer->context = NULL;
    return result;
}

int twilio_each(struct twilio_client *client, struct twilio_request *request, struct twilio_list *list,
                bool (*item)(void *context), void *context, struct twilio_answer *answer)
{
    struct walk walk = { .list = list, .answer = answer, .item = item, .context = context };
    int result;

    if (client == NULL || request == NULL || list == NULL || item == NULL || answer == NULL) {
        return TWILIO_ERR_ARGUMENT;
    }
    if (request->account == NULL) {
        request->account = client->account;
    }
    result = twilio_list_begin(list, request);
    return result == TWILIO_OK ? walk_pages(client, request, &walk, answer) : result;
}
