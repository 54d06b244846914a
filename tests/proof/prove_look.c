/*
 * prove_look.c - the picker's path against any names
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any path; names of up to 65,535 octets; 3 wanted fields
//@ texts 1
//@ unwind 4
//@ loop json.c: while (*path != '\0' && *path == *name) {
//@     invariant WITHIN(name) && path >= j->path && path <= end_of_path
//@     decreases end_of_path - path
//@     changes path = j->path + any_up_to(sizeof j->path - 1)
//@     changes name = ANY_PLACE(name)
//@ fault json.c: while (*path != '\0' && *path == *name) { => while (*path == *name) {
//@ fault json.c: j->path[j->path_size] = '\0'; => j->path[j->path_size + 1] = '\0';
//@ fault json.c: const char *path = j->path + (*name != '[');  /* the '.' of the root is not in names */ => const char *path = j->path + 2 * (*name != '[');
//@ fault json.c: in look: twilio_field_start(field, 0); => twilio_field_start(field + 1, 0);
//@ fault json.c: return j->path_size != 0 && j->path[j->path_size - 1] == ']'; => return j->path_size != 1 && j->path[j->path_size - 1] == ']';
#include "any_long.h"
#include "any_field.h"

const char *end_of_path;

#include "json.c"

/* Proved in prove_field.c. */
void twilio_field_start(struct twilio_field *field, char type)
{
    claim(field != NULL && IS_FIELD(field), "the field is one of the table");
    field->type = type;
    field->length = 0;
}

void prove(void)
{
    struct twilio_json json, *j = &json;

    begin_long_texts();
    j->fields = any_fields();
    assume(j->path_size < sizeof j->path && (j->path_size != 0 || j->path[1] == '\0'));
    end_of_path = j->path + (j->path_size != 0 ? j->path_size : 1);
    look(j, nondet_bool());
    claim(IS_FIELD(j->live), "found is one of the table, or none");
}
