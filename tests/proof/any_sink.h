/*
 * any_sink.h - a sink in any state, and what the proofs of sink.c show of writing to one
 *
 * Its window is at the very end of an object: what is written behind it is found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_ANY_SINK_H
#define TWILIO_ANY_SINK_H

#include "any_params.h"
#include "proof.h"

#include <limits.h>

#include "sink.h"

#define WINDOW INT_MAX

struct twilio_sink the_sink;
extern uint8_t the_window[WINDOW];

/* An image has no more octets than half of what can be counted: so no proof has to be of a count that wraps. */
#define IMAGE_MAX (SIZE_MAX / 2)

/* The window is where it should be, and a mistake is one. */
#define IS_SINK(sink) \
    (((sink)->size == 0 || ((sink)->size <= WINDOW && (sink)->window == the_window + WINDOW - (sink)->size)) \
     && (sink)->mistake <= 0)
#define SINK_IS_GOOD  IS_SINK(&the_sink)

size_t end_of_image;  /* written so far, with a window */

/* It goes on from there. */
size_t position;
#define WRITTEN (SINK_IS_GOOD && the_sink.position >= position)

/* All that writing changes. Where the window is, and how it is written, stays. */
static inline void sink_after(struct twilio_sink *sink, size_t least, size_t most)
{
    struct twilio_sink any;

    any.window = sink->window;
    any.offset = sink->offset;
    any.size = sink->size;
    any.latin1 = sink->latin1;
    any.encoding = sink->encoding;
    assume(any.position >= least && any.position <= most && any.mistake <= 0);
    *sink = any;
}

/* Any state that writing can lead to. */
static inline void any_sink(void)
{
    sink_after(&the_sink, 0, SIZE_MAX);
    end_of_image = nondet_size_t();
}

/* A sink for any window. */
static inline struct twilio_sink *new_sink(void)
{
    the_sink.size = any_up_to(WINDOW);
    the_sink.window = the_window + WINDOW - the_sink.size;
    the_sink.offset = nondet_size_t();
    the_sink.latin1 = nondet_bool();
    sink_after(&the_sink, 0, IMAGE_MAX);
    return &the_sink;
}

/* Memory of that size, or none; where no more is to be had, less: it has to be refused. */
static inline uint8_t *any_window(size_t size)
{
    return nondet_bool() ? NULL : size > WINDOW ? the_window : the_window + WINDOW - size;
}

/* What an encoder returns for a window there, of a buffer of that size. */
static inline void claim_told(int n, size_t offset, const void *buf, size_t size)
{
    claim(n <= 0 || ((size_t)n <= size && buf != NULL), "so many octets, of those that were asked for");
    claim(n < 0 || end_of_image <= offset || (size_t)n == size || end_of_image - offset == (size_t)n,
          "all that was written is told of");
}

/* ---- For calls: proved in prove_octets.c ----------------------------------- */

bool any_equal(const char *a, const char *b)
{
    claim(IS_TEXT(a) && IS_TEXT(b), "what is compared are texts");
    return nondet_bool();
}

/* ---- For calls: proved in prove_sink.c ------------------------------------- */

void any_more(struct twilio_sink *sink, size_t least, size_t most)
{
    size_t before = sink->position;

    claim(IS_SINK(sink), "what is written goes to a good sink");
    sink_after(sink, before, IMAGE_MAX);
    assume(sink->position - before >= least && sink->position - before <= most);
    end_of_image = sink->size != 0 ? sink->position : end_of_image;
}

void any_octets(struct twilio_sink *sink)
{
    any_more(sink, 0, IMAGE_MAX);
}

void any_octet(struct twilio_sink *sink, unsigned octet)
{
    (void)octet;
    any_more(sink, 1, 1);
}

void any_write(struct twilio_sink *sink, const char *text)
{
    claim(IS_TEXT(text), "what is written is a text");
    any_octets(sink);
}

void any_write_octet(struct twilio_sink *sink, uint8_t octet)
{
    (void)octet;
    any_octets(sink);
}

void any_number(struct twilio_sink *sink, uint32_t number)
{
    (void)number;
    any_octets(sink);
}

/* ---- For calls: proved in prove_write.c ------------------------------------ */

void any_name(struct twilio_sink *sink, const char *name)
{
    claim(IS_TEXT(name), "a parameter's name is a text");
    any_octets(sink);
    sink->encoding = true;
}

void any_param(struct twilio_sink *sink, const char *name, const char *value)
{
    claim(value == NULL || IS_TEXT(value), "a parameter's value is a text");
    any_name(sink, name);
}

void any_params_written(struct twilio_sink *sink, const struct twilio_param *param)
{
    claim(IS_PARAM(param), "a table, or none");
    any_octets(sink);
    sink->encoding = nondet_bool();
}

void any_basic(struct twilio_sink *sink, const char *user, const char *secret)
{
    claim((user == NULL || IS_TEXT(user)) && (secret == NULL || IS_TEXT(secret)), "a login is made of texts");
    any_octets(sink);
}

#endif
