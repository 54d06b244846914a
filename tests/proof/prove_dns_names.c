/*
 * prove_dns_names.c - names in packets of DNS servers: any octets, against any name that was asked for
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds packets of up to 1,535 octets, as the port has no fragments; any name that was asked for, of up to 255
//@ unwind 5
//@ texts 1535
//@ loop dns_answer.c: for (; at < end && lower(*at) == lower(*name); at++, name++) {
//@     invariant IS_PLACE(at) && IS_OF_NAME(name) && left == left_at[name - the_name]
//@     decreases end - at
//@     changes at = any_place()
//@     changes name = any_of_name()
//@     changes left
//@ loop dns_answer.c: while (at < end) {
//@     invariant IS_PLACE(at)
//@     decreases end - at
//@     changes at = any_place()
//@ fault dns_answer.c: for (; at < end && lower(*at) == lower(*name); at++, name++) { => for (; lower(*at) == lower(*name); at++, name++) {
//@ fault dns_answer.c: else if (*name == 0) => else if (*at == ' ')
//@ fault dns_answer.c: return at < end ? at + 1 : NULL; => return at + 1;
//@ fault dns_answer.c: if (size > LABEL_MAX || size > end - at) => if (size > LABEL_MAX)
#include "any_packet.h"

#define NAME_SIZE 255

/* A name is labels with their sizes, and then one of none; left_at: octets of the label we are in that are
 * still to come. */
extern const uint8_t the_name[NAME_SIZE];
extern const uint8_t left_at[NAME_SIZE + 1];
size_t the_name_end;

#define IS_OF_NAME(at) (SAME(at, the_name) && (at) >= the_name && (at) <= the_name + the_name_end)

/* Any place of it. That it is well made is told of this place alone: the loop asks for no other. */
static const uint8_t *any_of_name(void)
{
    size_t i = any_up_to(the_name_end);

    assume(i == the_name_end ? left_at[i] == 0 && the_name[i] == 0 : left_at[i] != 0 || the_name[i] != 0);
    assume(left_at[i + 1] == (left_at[i] != 0 ? left_at[i] - 1 : the_name[i]));
    return the_name + i;
}

#include "dns_answer.c"

void prove(void)
{
    const uint8_t *at, *behind;

    any_packet();
    at = any_place();
    if (nondet_bool()) {
        the_name_end = any_up_to(NAME_SIZE - 1);
        assume(left_at[0] == 0);
        behind = match_name(at, the_packet + the_size, the_name);
    } else {
        behind = skip_name(at, the_packet + the_size);
    }
    claim(behind == NULL || IS_PLACE(behind), "behind a name is in the packet, or its end");
}
