/*
 * list.c - the walk through the pages of a list: items counted, the next page's address judged
 *
 * The address stays in the caller's memory, where the picker put it, as the next request's resource. So the
 * picker, which clears that memory, is begun only when the first octet of the next page has come.
 *
 * SPDX-License-Identifier: MIT
 */
#include "octets.h"
#include "twilio_list.h"

#include <limits.h>

static bool is_full(const struct twilio_list *list)
{
    return list->limit != 0 && list->count >= list->limit;
}

static void open_page(struct twilio_list *list)
{
    if (list->turned) {
        list->turned = false;
        twilio_json_begin(&list->json);
    }
}

/* ---- The next page's address ----------------------------------------------- */

/* How text begins, in any case of its letters: the rest of it, after prefix; or NULL. */
static const char *after(const char *text, const char *prefix)
{
    for (; *prefix != '\0'; text++, prefix++) {
        if (to_lower((uint8_t)*text) != to_lower((uint8_t)*prefix)) {
            return NULL;
        }
    }
    return text;
}

/* Whether what follows "https://" begins with the request's host, and then the path comes. */
static bool is_host_of(const struct twilio_request *request, const char *authority)
{
    char host[TWILIO_HOST_MAX + 1];
    const char *rest, *port;

    if (twilio_host(request, host, sizeof host) < 0) {
        return false;
    }
    rest = after(authority, host);
    port = rest != NULL ? after(rest, ":443") : NULL;
    return rest != NULL && *(port != NULL ? port : rest) == '/';
}

/* Twilio's own libraries put edge and region into the addresses they follow: so these may be without. */
static bool is_ours(struct twilio_request *request, const char *authority)
{
    const struct twilio_account *account = request->account;
    struct twilio_account plain = *account;
    bool ours;

    plain.edge = NULL;
    plain.region = NULL;
    ours = is_host_of(request, authority);
    request->account = &plain;
    ours = ours || is_host_of(request, authority);
    request->account = account;
    return ours;
}

static const char *path_after(const char *authority)
{
    while (*authority != '/' && *authority != '\0') {
        authority++;
    }
    return authority;
}

/* Make the request that of the page at that address. */
static int ask_for(struct twilio_request *request, const char *address)
{
    const char *authority = after(address, "https://");
    const char *path = authority != NULL ? path_after(authority) : address;

    if (path[0] != '/' || path[1] == '/') {
        return TWILIO_ERR_PAGE;
    }
    request->resource = path;
    request->item = NULL;
    request->params = NULL;
    request->more = (struct twilio_generator){ NULL, NULL };
    return (authority == NULL || is_ours(request, authority)) && twilio_request_check(request) == TWILIO_OK
         ? TWILIO_AGAIN : TWILIO_ERR_PAGE;
}

/* Whether the page has this kind of address; the last page's is null, or "". What is no text begins as no
 * address does. */
static bool is_given(const struct twilio_field *field)
{
    return field->type == 's' ? field->length != 0 : field->type != 0 && field->type != '0';
}

/* The two kinds share their memory: an address that is not as long as it should be has been overwritten by
 * the other, or has a NUL in it. Of the page before, only a hash of its address is left (FNV-1a). */
static int turn_page(struct twilio_list *list)
{
    const struct twilio_field *field = list->fields + is_given(list->fields + 1);
    uint32_t page = 2166136261U;
    const char *at;

    if (!is_given(field)) {
        return TWILIO_OK;
    }
    if (field->length >= field->size) {
        return TWILIO_ERR_SIZE;
    }
    for (at = field->text; *at != '\0'; at++) {
        page = (page ^ (uint8_t)*at) * 16777619U;
    }
    if (at != field->text + field->length || page == list->page) {
        return TWILIO_ERR_PAGE;
    }
    list->page = page;
    return ask_for(list->request, field->text);
}

/* Whether the table begins with TWILIO_LIST_NEXT. */
static bool wants_next(const struct twilio_field *fields)
{
    return fields != NULL && fields[0].name != NULL && fields[0].text != NULL
        && fields[1].name != NULL && fields[1].text == fields[0].text;
}

/* ---- Public ---------------------------------------------------------------- */

int twilio_list_begin(struct twilio_list *list, struct twilio_request *request)
{
    if (list == NULL || !wants_next(list->fields)
        || request == NULL || request->account == NULL || request->method != TWILIO_GET) {
        return TWILIO_ERR_ARGUMENT;
    }
    list->count = 0;
    list->request = request;
    list->page = 0;
    list->turned = false;
    list->json.fields = list->fields;
    return twilio_json_begin(&list->json);
}

int twilio_list_feed(struct twilio_list *list, const void *data, size_t size)
{
    struct twilio_json *json = &list->json;
    int n;

    if ((size == 0 || is_full(list)) && size <= INT_MAX && json->status >= TWILIO_AGAIN) {
        json->status = TWILIO_AGAIN;
        return (int)size;
    }
    open_page(list);
    n = twilio_json_feed(json, data, size);
    if (n >= 0 && json->status == TWILIO_ITEM) {
        list->count++;
    }
    return n;
}

bool twilio_list_has_item(const struct twilio_list *list)
{
    return list->json.status == TWILIO_ITEM;
}

int twilio_list_next(struct twilio_list *list, int code)
{
    int e;

    if (code != 200) {
        return TWILIO_ERR_CONTENT;
    }
    open_page(list);
    if (is_full(list)) {
        return TWILIO_OK;
    }
    e = twilio_json_feed(&list->json, NULL, 0);
    if (e == TWILIO_OK) {
        e = turn_page(list);
    }
    list->turned = e == TWILIO_AGAIN;
    if (e < TWILIO_AGAIN) {
        list->json.status = e;
    }
    return e;
}
