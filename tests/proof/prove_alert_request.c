/*
 * prove_alert_request.c - the delivery engine: its requests
 *
 * SPDX-License-Identifier: MIT
 */
//@ source alerts_record.c
//@ bounds any state of the engine, any entries and records in the journal, which may fail
//@ texts 1023
//@ unwind 11
//@ unwind has_end.0 162
//@ meant alerts_record.c: uint32_t passed = a->time - record->created;
//@ fault alerts_request.c: stored->text[length] = '\0'; => stored->text[length + 1] = '\0';
//@ fault alerts_request.c: unsigned length = a->entry.size - (unsigned)sizeof stored->record; => unsigned length = a->entry.size;
//@ fault alerts_request.c: WANT("code", code), WANT("error_code", error), WANT("answered_by", answered), WANT_END => WANT("code", code), WANT("error_code", error), WANT("answered_by", answered), WANT("a", sid), WANT("b", sid), WANT("c", sid), WANT_END
//@ fault alerts_request.c: sizeof ((struct twilio_alerts_scratch *)0)->member } => sizeof ((struct twilio_alerts_scratch *)0)->member + 1 }
//@ fault alerts_request.c: const struct twilio_rung *rung = twilio_alerts_rung(a) - a->record.rung + (a->turn - 1); => const struct twilio_rung *rung = twilio_alerts_rung(a) + a->turn;
//@ fault alerts_request.c: field->text = want->size != 0 ? (char *)s + want->at : NULL; => field->text = (char *)s + want->at;
//@ fault alerts_request.c: a->request.account = &a->accounts[a->path]; => a->request.account = NULL;
//@ fault alerts_request.c: if (what >= LOOK) { => if (what > LOOK) {
#include "any_alerts.h"

#include "alerts_request.c"

void *memset(void *to, int octet, size_t size)
{
    claim(to == &the_alerts.what && size == sizeof the_alerts.what && octet == 0, "what is to be described");
    the_alerts.what.call = (struct twilio_call){ 0 };
    the_alerts.what.message = (struct twilio_message){ 0 };
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    claim(__CPROVER_w_ok(to, size) && __CPROVER_r_ok(from, size), "what is copied is there, and has room");
    return to;
}

/* ---- What makes requests ----------------------------------------------------- */

static unsigned creations, lists;

static void any_request(struct twilio_request *request)
{
    claim(request == &the_alerts.request, "the engine's request");
    request->method = TWILIO_GET;
    request->resource = any_text();
}

void twilio_message_create(struct twilio_request *request, const struct twilio_message *message)
{
    any_request(request);
    claim(message == &the_alerts.what.message && message->body != NULL, "a message");
    creations++;
}

void twilio_call_create(struct twilio_request *request, const struct twilio_call *call)
{
    any_request(request);
    claim(call == &the_alerts.what.call && the_alerts.say[0].name != NULL, "a call");
    creations++;
}

void twilio_message_fetch(struct twilio_request *request, const char *sid)
{
    any_request(request);
    claim(sid == the_scratch.of.sid && the_alerts.record.sid[34] == '\0', "a SID");
}

void twilio_call_fetch(struct twilio_request *request, const char *sid)
{
    twilio_message_fetch(request, sid);
}

void twilio_message_list(struct twilio_request *request, const struct twilio_message_filter *filter)
{
    any_request(request);
    claim(filter == &the_alerts.what.messages, "a filter");
}

void twilio_call_list(struct twilio_request *request, const struct twilio_call_filter *filter)
{
    any_request(request);
    claim(filter == &the_alerts.what.calls, "a filter");
}

void twilio_balance_fetch(struct twilio_request *request)
{
    any_request(request);
}

/* Proved in prove_alert_token.c. */
char *twilio_alerts_token(const struct twilio_alerts *a, char *end)
{
    claim(end == the_scratch.of.stored.text, "there is room for a token before the text");
    claim(end[a->entry.size - sizeof a->record] == '\0', "the text has an end");
    return end - 1 - any_up_to(TWILIO_ALERTS_TOKEN_MAX - 1);
}

/* ---- What reads answers ------------------------------------------------------ */

/* Its memory is one of the scratch's, and none that the text takes. */
#define IS_OF(field, member) ((field)->text == the_scratch.member && (field)->size == sizeof the_scratch.member)

/* It begins without texts. */
static void any_begin(const struct twilio_field *fields)
{
    unsigned n = 0;

    claim(fields == the_scratch.fields, "a table of fields");
    for (; n < 9 && fields[n].name != NULL; n++) {
        const struct twilio_field *field = &fields[n];
        claim((field->text == NULL && field->size == 0) || IS_OF(field, sid) || IS_OF(field, text)
              || IS_OF(field, date) || IS_OF(field, code) || IS_OF(field, error) || IS_OF(field, answered)
              || IS_OF(field, of.next), "a field's memory is there");
    }
    claim(fields[n].name == NULL, "the table ends");
    the_scratch.sid[0] = the_scratch.text[0] = the_scratch.date[0] = '\0';
    the_scratch.code[0] = the_scratch.error[0] = the_scratch.answered[0] = '\0';
}

int twilio_json_begin(struct twilio_json *json)
{
    claim(json == &the_scratch.reader.json, "the reader");
    any_begin(json->fields);
    return TWILIO_OK;
}

int twilio_list_begin(struct twilio_list *list, struct twilio_request *request)
{
    claim(list == &the_scratch.reader.list && request->account != NULL && list->limit != 0, "the list");
    any_begin(list->fields);
    lists++;
    claim(list->fields[0].text == the_scratch.of.next && list->fields[1].text == the_scratch.of.next, "its next page");
    return TWILIO_OK;
}

/* ---- Claims ------------------------------------------------------------------ */

static void prove_ask(struct twilio_alerts *a, unsigned what)
{
    if (twilio_alerts_ask(a, what) == TWILIO_OK) {
        claim(a->asked == what && a->worked == a->entry.id, "this is asked, of that alert");
        claim(creations == (what == CREATE), "nothing else creates anything");
        claim(lists == (what >= LOOK), "its answer is read as what it is");
        claim(a->request.account == &the_accounts[a->path], "over its path");
    } else {
        claim(a->asked == NOTHING && what == CREATE, "only what is to be sent has to be read");
    }
    claim(ALERTS_ARE_GOOD && writes == 0, "the engine is in a good state");
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();

    assume(a->asked == NOTHING && a->walk == NOTHING);
    switch (any_up_to(4)) {
    case 0:
        assume(a->entry.size > sizeof a->record && a->entry.size <= sizeof a->record + TWILIO_ALERT_TEXT_MAX);
        prove_ask(a, CREATE);
        break;
    case 1:
        assume(a->turn >= 1 && a->turn <= a->record.rung + 1);
        prove_ask(a, LISTEN);
        break;
    case 2:
        prove_ask(a, LOOK);
        break;
    case 3:
        prove_ask(a, FOLLOW);
        break;
    default:
        prove_ask(a, BALANCE);
        break;
    }
}
