/*
 * prove_error.c - the reader of errors, whatever it is given
 *
 * SPDX-License-Identifier: MIT
 */
//@ source octets.c
//@ bounds any state; one octet of any shape, then the end; codes of any digits
//@ texts 1023
//@ unwind 13
//@ replace xml_octet any_xml_octet make_line any_line
//@ meant octets.c: value = value * 10 + (uint8_t)*text - '0';
//@ meant octets.c: unsigned at = octet - 32U;
//@ fault error.c: bool owner = !given && field->type == 's'; => bool owner = field->type == 's';
//@ fault error.c: field->size = owner ? size : 0; => field->size = size;
//@ fault error.c: share(fields + MORE_INFO, fields + CODE, error->more_info, sizeof error->more_info); => share(fields + MORE_INFO, fields + STATUS, error->more_info, sizeof error->more_info);
//@ fault error.c: r->of.xml.fields = r->fields; => r->of.xml.fields = NULL;
//@ fault error.c: if (r->shape == '{' && r->of.json.status == TWILIO_AGAIN) { => if (r->of.json.status == TWILIO_AGAIN) {
//@ fault error.c: return r->shape == '<' ? r->of.xml.live : r->of.json.live; => return r->of.xml.live;
//@ fault error.c: r->fields[STATUS].size = sizeof r->status; => r->fields[STATUS].size = sizeof r->code;
#include "any_error.h"

#define XML  the_error.reader.of.xml
#define JSON the_error.reader.of.json

/* What this file sees of the two readers. */
#define XML_IS_GOOD  (XML.fields == the_error.reader.fields && IS_ERROR_FIELD(XML.live))
#define JSON_IS_GOOD (JSON.fields == the_error.reader.fields && IS_ERROR_FIELD(JSON.live))

#include "error.c"

/* Proved in prove_xml.c. */
void any_xml_octet(struct twilio_error_xml *x, uint8_t octet)
{
    claim(x == &XML && the_error.reader.shape == '<' && XML_IS_GOOD, "the reader is in a good state");
    x->live = any_error_field();
    any_error_fields();
    assume(FIELDS_ARE_GOOD);
}

/* Proved in prove_error_feed.c. */
void any_line(char *at)
{
    claim(at == the_error.message || at == the_error.more_info, "it is a text that is told");
    claim(TEXTS_END, "which ends");
}

/* Proved in prove_json.c, as feed. */
int twilio_json_begin(struct twilio_json *json)
{
    claim(json == &JSON && JSON.fields == the_error.reader.fields && FIELDS_ARE_GOOD, "the table is good");
    JSON.live = NULL;
    JSON.status = TWILIO_AGAIN;
    return TWILIO_OK;
}

int twilio_json_feed(struct twilio_json *json, const char *data, size_t size)
{
    claim(json == &JSON && the_error.reader.shape == '{' && JSON_IS_GOOD, "the picker is in a good state");
    claim(size == 0 || __CPROVER_r_ok(data, size), "what it is given is there");
    JSON.live = any_error_field();
    JSON.key = nondet_bool();
    JSON.status = (int)any_up_to(20) - 18;
    return JSON.status < TWILIO_AGAIN ? JSON.status : (int)size;
}

bool twilio_is_url(const char *text)
{
    claim(text == the_error.more_info && TEXTS_END, "it is a text that is told");
    return nondet_bool();
}

/* A state of each shape. */
static void any_error(void)
{
    static const __typeof__(the_error.reader.of) nothing;
    struct twilio_error any;
    char shape;
    struct twilio_error_xml any_xml;
    struct twilio_json any_json;

    the_error = any;
    any_error_fields();
    if (nondet_bool()) {
        any_xml.fields = the_error.reader.fields;
        any_xml.live = any_error_field();
        any_xml.space = nondet_bool();
        XML = any_xml;
        the_error.reader.shape = '<';
    } else if (nondet_bool()) {
        any_json.fields = the_error.reader.fields;
        any_json.live = any_error_field();
        any_json.key = nondet_bool();
        JSON = any_json;
        the_error.reader.shape = '{';
    } else {
        assume(shape != '<' && shape != '{');
        the_error.reader.of = nothing;
        the_error.reader.shape = shape;
    }
    assume(FIELDS_ARE_GOOD && TEXTS_END);
}

#define ERROR_IS_GOOD \
    (FIELDS_ARE_GOOD && TEXTS_END && (the_error.reader.shape != '<' || XML_IS_GOOD) \
     && (the_error.reader.shape != '{' || JSON_IS_GOOD) \
     && (the_error.reader.shape != '\0' || (XML.live == NULL && XML.state == CONTENT && XML.size == 0)))

void prove(void)
{
    char octet;

    if (nondet_bool()) {
        twilio_error_begin(&the_error);
        claim(ERROR_IS_GOOD, "begin makes a good state");
        return;
    }
    any_error();
    if (nondet_bool()) {
        take(&the_error, &octet);
        claim(ERROR_IS_GOOD, "an octet keeps it good");
        return;
    }
    twilio_error_end(&the_error);
    claim(TEXTS_END, "what is told ends");
    claim(the_error.status < 1000, "a status has three digits");
}
