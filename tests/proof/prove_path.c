/*
 * prove_path.c - where the picker is, as a text: from any good path to a good one
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any path
//@ texts 1023
//@ unwind 4
//@ unwind path_is_good.0 75
//@ loop json.c: while (j->path[j->path_size - 1] != '.') {
//@     invariant path_is_good() && IN_OBJECT && the_json.path_size <= before
//@     decreases j->path_size
//@     changes j->path_size
//@ replace look any_look
//@ fault json.c: if (j->path_size >= sizeof j->path - 3) { => if (j->path_size >= sizeof j->path) {
//@ fault json.c: if (octet == '.' || octet == ']' || octet == '\0' || j->path_size > TWILIO_PATH_MAX) { => if (octet == '.' || octet == '\0' || j->path_size > TWILIO_PATH_MAX) {
//@ fault json.c: if (octet != (in_array(j) ? ']' : '}')) { => if (octet == ' ') {
//@ fault json.c: j->path_size = (uint8_t)(j->path_size - 2); => j->path_size = (uint8_t)(j->path_size - 1);
#include "any_field.h"

struct twilio_json the_json;
uint8_t before;  /* the size of its path */

/* The path is made of "." with a key, and of "[]": so what is open can always be closed again. */
static bool path_is_good(void)
{
    const char *path = the_json.path;
    unsigned size = the_json.path_size;
    bool good = size <= sizeof the_json.path - 2
             && (size < sizeof the_json.path - 2 || path[size - 1] == '\n' || path[size - 1] == ']')
             && (size == 0 || path[0] == '.' || path[0] == '[');

    for (unsigned i = 0; good && i < size; i++) {
        bool begins = i == 0 || path[i - 1] == ']';

        good = (path[i] != ']' || (i != 0 && path[i - 1] == '['))
            && (!begins || path[i] == '.' || (path[i] == '[' && i + 1 < size && path[i + 1] == ']'));
    }
    return good;
}

#define IN_OBJECT   (the_json.path_size != 0 && the_json.path[the_json.path_size - 1] != ']')

#include "json.c"

/* Proved in prove_look.c. */
bool any_look(struct twilio_json *j, bool empty)
{
    claim(j->path_size < sizeof j->path, "the path has room for its end");
    j->live = any_field();
    (void)empty;
    return nondet_bool();
}

/* Proved in prove_field.c. */
void twilio_field_start(struct twilio_field *field, char type)
{
    field->type = type;
    field->length = 0;
}

void twilio_field_finish(struct twilio_field *field)
{
    claim(field != NULL && IS_FIELD(field), "the field is one of the table");
}

void prove(void)
{
    struct twilio_json any, *j = &the_json;
    uint8_t octet = nondet_uint8_t();
    int which = (int)any_up_to(3);

    any.key = nondet_bool();
    any.live = any_field();
    any.status = TWILIO_AGAIN;
    the_json = any;
    before = the_json.path_size;
    assume(path_is_good());
    if (which == 0) {
        assume(IN_OBJECT);
        key_octet(j, octet);
        claim(IN_OBJECT, "a key is in its object");
    } else if (which == 1) {
        assume(IN_OBJECT);
        key_forget(j);
        claim(IN_OBJECT && j->path_size <= before, "a key is in its object");
    } else if (which == 2) {
        container_begins(j, octet);
        claim(j->status < 0 && (j->status != TWILIO_AGAIN || (octet == '{' ? IN_OBJECT : in_array(j))), "it is open");
    } else {
        assume(before != 0);
        container_ends(j, octet);
        claim(j->status == TWILIO_ERR_JSON || j->path_size < before, "it is closed");
    }
    claim(which != 0 || path_is_good(), "a key's octet keeps the path good");
    claim(which != 1 || path_is_good(), "a key forgotten keeps the path good");
    claim(which != 2 || path_is_good(), "what begins keeps the path good");
    claim(which <= 2 || path_is_good(), "what ends keeps the path good");
}
