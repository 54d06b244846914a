/*
 * prove_list.c - the walk through pages: whatever a page says of the next one
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1
//@ bounds addresses of up to 1,022 octets, in memory of any size up to that; any state, status and limit
//@ unwind 2
//@ loop list.c: for (; *prefix != '\0'; text++, prefix++) {
//@     invariant IN_ADDRESS(text) && IS_TEXT(prefix)
//@     decreases LEFT(prefix)
//@     changes text = ANY_PLACE(text)
//@     changes prefix = ANY_PLACE(prefix)
//@ loop list.c: while (*authority != '/' && *authority != '\0') {
//@     invariant IN_ADDRESS(authority)
//@     decreases LEFT(authority)
//@     changes authority = ANY_PLACE(authority)
//@ loop list.c: for (at = field->text; *at != '\0'; at++) {
//@     invariant IN_ADDRESS(at)
//@     decreases LEFT(at)
//@     changes at = ANY_PLACE(at)
//@     changes page
//@ meant list.c: page = (page ^ (uint8_t)*at) * 16777619U;
//@ meant list.c: list->count++;
//@ fault list.c: for (; *prefix != '\0'; text++, prefix++) { => for (; *prefix != '\0'; text += 2, prefix++) {
//@ fault list.c: while (*authority != '/' && *authority != '\0') { => while (*authority != '/') {
//@ fault list.c: for (at = field->text; *at != '\0'; at++) { => for (at = field->text; *at != '/'; at++) {
//@ fault list.c: if (path[0] != '/' || path[1] == '/') { => if (path[1] == '/' || path[0] != '/') {
//@ fault list.c: list->count++; => list->count = 1;
//@ fault list.c: return list->json.status == TWILIO_ITEM; => return list->json.status >= TWILIO_OK;
//@ fault list.c: in twilio_list_feed: json->status = TWILIO_AGAIN; => json->status += 0;
//@ fault list.c: in is_ours: request->account = account; => request->account = &plain;
//@ fault list.c: request->params = NULL; => request->product = NULL;
#include "proof.h"
#include "twilio_list.h"

#define MEMORY 1023

struct twilio_list the_list;
struct twilio_request the_request;
struct twilio_account the_account;
struct twilio_param the_parameter;
struct twilio_field the_fields[3];
char the_memory[MEMORY];  /* of the address, at its end */
size_t the_end;           /* where a NUL is in it */

#define IS_ADDRESS      (the_end < MEMORY && the_memory[the_end] == '\0')
#define IN_ADDRESS(at)  (IS_ADDRESS && SAME(at, the_memory) && AT(at) <= the_end)

/* Whatever a page has put there: a text that ends within its memory, and a length that it had or not. */
static void any_address(void)
{
    size_t size = the_fields[0].size;

    __CPROVER_havoc_object(the_memory);
    the_end = MEMORY - size + any_up_to(size - 1);
    assume(the_memory[the_end] == '\0');
    the_fields[0].type = (char)(nondet_uint8_t() & 0x7F);
    the_fields[1].type = (char)(nondet_uint8_t() & 0x7F);
    the_fields[0].length = nondet_uint16_t();
    the_fields[1].length = nondet_uint16_t();
}

#include "list.c"

/* Proved in prove_json.c: for any octets, from any state. */
int twilio_json_begin(struct twilio_json *json)
{
    claim(json == &the_list.json && json->fields == the_fields, "the list's own reader and fields");
    json->status = nondet_bool() ? TWILIO_AGAIN : TWILIO_ERR_ARGUMENT;
    any_address();
    return json->status == TWILIO_AGAIN ? TWILIO_OK : TWILIO_ERR_ARGUMENT;
}

int twilio_json_feed(struct twilio_json *json, const char *data, size_t size)
{
    int n = nondet_int(), before = json->status;

    claim(json == &the_list.json && (size == 0 || __CPROVER_r_ok(data, size)), "octets for the list's own reader");
    json->status = nondet_int();
    any_address();
    assume(n < 0 ? json->status == n : (size_t)n == size || ((size_t)n <= size && json->status == TWILIO_ITEM));
    assume(size != 0 || (n == json->status && n != TWILIO_AGAIN && n <= TWILIO_OK));  /* whole, or an error */
    assume(before >= TWILIO_AGAIN || (n == before && json->status == n));               /* as it failed before */
    return n;
}

/* Proved in prove_request.c. */
int twilio_host(const struct twilio_request *request, char *buf, size_t size)
{
    claim(__CPROVER_r_ok(request->account, sizeof *request->account), "the request has its account");
    claim(__CPROVER_w_ok(buf, size) && size > TWILIO_HOST_MAX, "a host has room");
    __CPROVER_havoc_object(buf);
    assume(buf[size - 1] == '\0');
    return nondet_bool() ? TWILIO_ERR_ARGUMENT : 1;
}

int twilio_request_check(const struct twilio_request *request)
{
    claim(request->account == &the_account, "the account is the caller's again");
    claim(IN_ADDRESS(request->resource) && request->resource[0] == '/', "it asks for a path in the address");
    claim(request->params == NULL && request->item == NULL && request->more.write == NULL, "and for nothing else");
    return nondet_bool() ? TWILIO_OK : TWILIO_ERR_RESOURCE;
}

/* The next page is another text: of the one before, nothing has failed. */
#define LIST_IS_GOOD (!the_list.turned || the_list.json.status >= TWILIO_AGAIN)

/* As twilio_list_begin leaves it, and all that follows. */
static void any_list(void)
{
    size_t size = 1 + any_up_to(MEMORY - 1);
    bool shared = nondet_bool();

    the_fields[0].name = nondet_bool() ? NULL : "next_page_uri";
    the_fields[1].name = nondet_bool() ? NULL : "meta.next_page_url";
    the_fields[0].text = nondet_bool() ? NULL : the_memory + MEMORY - size;
    the_fields[1].text = shared ? the_fields[0].text : NULL;
    the_fields[0].size = the_fields[1].size = (uint16_t)size;
    any_address();
    the_request.account = &the_account;
    the_request.product = nondet_bool() ? NULL : "verify";
    the_request.item = nondet_bool() ? NULL : "CA";
    the_request.params = nondet_bool() ? NULL : &the_parameter;
    the_request.headers.source = nondet_bool() ? NULL : &the_parameter;
    the_list.fields = nondet_bool() ? NULL : the_fields;
    the_list.limit = nondet_uint32_t();
    the_list.count = nondet_uint32_t();
    the_list.turned = nondet_bool();
    the_list.json.status = nondet_int();
}

static void turn(void)
{
    struct twilio_request first = the_request;
    int e = twilio_list_next(&the_list, nondet_int());

    claim(the_request.account == &the_account && the_request.product == first.product
          && the_request.headers.source == first.headers.source, "account, product and headers are as they were");
    claim(e != TWILIO_AGAIN || IN_ADDRESS(the_request.resource), "a next page is asked for by its address");
    claim(e != TWILIO_AGAIN || !twilio_list_has_item(&the_list), "the fields hold an item no more");
}

static void take_in(void)
{
    static const char octets[MEMORY];
    size_t size = any_up_to(MEMORY);
    uint32_t before = the_list.count;
    int n = twilio_list_feed(&the_list, octets + MEMORY - size, size);
    bool item = twilio_list_has_item(&the_list);

    claim(n < 0 || (size_t)n <= size, "consumed: of what was given");
    claim(n < 0 || (size_t)n == size || item, "all is taken but after an item");
    claim(n >= 0 || !item, "what fails is no item");
    claim(the_list.count == (!item ? before : before == UINT32_MAX ? 0 : before + 1),
          "each item is counted, and no more");
    claim(!item || the_list.limit == 0 || before < the_list.limit, "no item comes after the last of the limit");
}

void prove(void)
{
    int e;

    any_list();
    e = twilio_list_begin(&the_list, nondet_bool() ? NULL : &the_request);
    claim(e == TWILIO_OK || e == TWILIO_ERR_ARGUMENT, "it begins, or says why not");
    if (e != TWILIO_OK) {
        return;
    }
    the_list.count = nondet_uint32_t();
    the_list.turned = nondet_bool();
    the_list.page = nondet_uint32_t();
    the_list.json.status = nondet_int();
    assume(LIST_IS_GOOD);
    any_address();
    if (nondet_bool()) {
        take_in();
    } else {
        turn();
    }
    claim(LIST_IS_GOOD, "what has failed stays so");
}
