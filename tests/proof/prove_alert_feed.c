/*
 * prove_alert_feed.c - the delivery engine: answers, whatever they say
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state of the engine, any octets in pieces of up to 1,023, any entries in the journal, which may fail
//@ texts 1023
//@ unwind 3
//@ unwind has_end.0 65
//@ replace begins any_begins has_token any_token
//@ loop alerts_answer.c: while (twilio_journal_next(&a->journal, &entry) == TWILIO_ITEM) {
//@     invariant to_come <= UINT16_MAX
//@     decreases to_come
//@     changes entry
//@     changes record
//@     changes to_come
//@ loop alerts_answer.c: while (size != 0 && !a->found && !a->enough) {
//@     invariant size <= TEXT_MAX && data == proof_texts + TEXT_MAX - size && ALERTS_ARE_GOOD && a->asked >= LOOK
//@     decreases size
//@     decreases number_open
//@     changes size = any_up_to(TEXT_MAX)
//@     changes data = proof_texts + TEXT_MAX - size
//@     changes used
//@     changes number_open
//@     changes to_come = any_up_to(UINT16_MAX)
//@     changes any_fed()
//@ fault alerts_answer.c: if (used < 0) { => if (used < -TEXT_MAX) {
//@ fault alerts_answer.c: if (a->asked >= LOOK) { => if (a->asked > LOOK) {
//@ fault alerts_answer.c: size -= (size_t)used; => ;
//@ fault alerts_answer.c: data += used; => data += used + 1;
//@ fault alerts_answer.c: while (size != 0 && !a->found && !a->enough) { => while (!a->found && !a->enough) {
#include "any_alerts.h"

/* The list's text is in the middle of a number. */
static bool number_open;

/* Any item in the fields' memory. */
static void any_texts(void)
{
    char *sid = the_scratch.sid, *text = the_scratch.text, *date = the_scratch.date;

    __CPROVER_havoc_slice(sid, sizeof the_scratch.sid);
    __CPROVER_havoc_slice(text, sizeof the_scratch.text);
    __CPROVER_havoc_slice(date, sizeof the_scratch.date);
    assume(HAS_END(the_scratch.sid) && HAS_END(the_scratch.text) && HAS_END(the_scratch.date));
}

/* What feeding changes. */
static void any_fed(void)
{
    any_load();
    the_alerts.found = nondet_bool();
    the_alerts.enough = nondet_bool();
    any_texts();
}

#include "alerts_answer.c"

/* ---- What other proofs show -------------------------------------------------- */

bool any_begins(const char *text, const char *prefix)
{
    claim(text == the_scratch.text && prefix[0] == prefix[0], "a reply, and how one begins");
    return nondet_bool();
}

bool any_token(const struct twilio_alerts *a, const char *body)
{
    (void)a;
    claim(body == the_scratch.text, "a message");
    return nondet_bool();
}

bool twilio_equal(const char *a, const char *b)
{
    (void)a;
    claim(b == the_scratch.sid, "a SID");
    return nondet_bool();
}

/* Up to the end of the year 2105. */
uint32_t twilio_time(const char *text)
{
    claim(text == the_scratch.date, "a date");
    return (uint32_t)any_up_to(4291747200U);
}

int twilio_json_feed(struct twilio_json *json, const char *data, size_t size)
{
    claim(json == &the_scratch.reader.json && __CPROVER_r_ok(data, size), "the reader, and octets");
    claim(the_alerts.asked < LOOK, "a list is read as one");
    any_texts();
    return nondet_int();
}

/* An item ends with an octet; or, if it is a number, before one. */
int twilio_list_feed(struct twilio_list *list, const void *data, size_t size)
{
    bool in_number = number_open;

    claim(list == &the_scratch.reader.list && __CPROVER_r_ok(data, size) && size != 0,
          "the reader, and octets");
    any_texts();
    number_open = nondet_bool();
    if (in_number && !number_open && nondet_bool()) {
        return 0;
    }
    return nondet_bool() ? any_error() : (int)(1 + any_up_to(size - 1));
}

bool twilio_list_has_item(const struct twilio_list *list)
{
    claim(list == &the_scratch.reader.list, "the reader");
    return nondet_bool();
}

bool twilio_alerts_read(struct twilio_alerts *a, const struct twilio_entry *entry,
                        struct twilio_alert_record *record)
{
    (void)a, (void)entry;
    *record = any_record();
    return nondet_bool();
}

bool twilio_alerts_load(struct twilio_alerts *a, const struct twilio_entry *entry)
{
    struct twilio_alert_record any = any_record();

    a->entry = *entry;
    a->record = any;
    a->faults = nondet_uint16_t();
    assume(RECORD_IS_GOOD);
    return nondet_bool();
}

const struct twilio_rung *twilio_alerts_rung(const struct twilio_alerts *a)
{
    return &the_rungs[a->record.rung];
}

void prove(void)
{
    struct twilio_alerts *a = any_alerts();
    size_t size = any_up_to(TEXT_MAX);
    unsigned asked = a->asked, walk = a->walk;
    uint32_t unsent = a->unsent, worked = a->worked;

    the_alerts.reply = any_text_or_null();
    asked_about = asked;
    number_open = nondet_bool();
    to_come = any_up_to(UINT16_MAX);
    claim(twilio_alerts_feed(a, proof_texts + TEXT_MAX - size, size), "it is taken");
    claim(ALERTS_ARE_GOOD, "the engine is in a good state");
    claim(a->asked == asked && a->walk == walk && a->worked == worked && a->unsent == unsent && writes == 0,
          "to read an answer decides nothing");
}
