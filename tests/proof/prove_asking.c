/*
 * prove_asking.c - what a proxy is asked, a piece at a time
 *
 * SPDX-License-Identifier: MIT
 */
//@ bounds any state and host; requests of up to 1,048,576 octets
//@ texts 1023
//@ unwind 12
//@ fault proxy.c: sink.size = sizeof proxy->now.out.piece; => sink.size = sizeof proxy->now.out.piece + 1;
//@ fault proxy.c: sink.offset = proxy->now.out.sent; => sink.offset = proxy->now.out.sent + 1;
//@ fault proxy.c: if (proxy->user != NULL) { => if (proxy->secret != NULL) {
//@ fault proxy.c: return sink.mistake != 0 ? sink.mistake : (int)(left < sink.size ? left : sink.size); => return sink.mistake != 0 ? sink.mistake : (int)left;
#include "proof.h"
#include "proxy.c"

#define PARTS 11  /* of the request, at most */

struct twilio_proxy the_proxy;
size_t ends[PARTS];  /* where each part of it ends: the same each time */
unsigned part;
int the_mistake;     /* in the login; 0: none */

/* The sink writes within its window. */
static void any_part(struct twilio_sink *sink)
{
    claim(sink->window == (uint8_t *)the_proxy.now.out.piece, "the window is the proxy's");
    claim(sink->size <= sizeof the_proxy.now.out.piece, "and has room");
    claim(part < PARTS, "the request has so many parts");
    sink->position = ends[part++];
}

void twilio_sink_octet(struct twilio_sink *sink, unsigned octet)
{
    any_part(sink);
}

void twilio_write(struct twilio_sink *sink, const char *text)
{
    claim(text != NULL, "there is a text");
    any_part(sink);
}

void twilio_write_number(struct twilio_sink *sink, uint32_t number)
{
    claim(number != 0, "there is a port");
    any_part(sink);
}

void twilio_sink_basic(struct twilio_sink *sink, const char *user, const char *secret)
{
    claim(user != NULL, "there is a login");
    if (the_mistake != 0) {
        sink->mistake = the_mistake;
    }
    any_part(sink);
}

void prove(void)
{
    size_t end = 0, left;
    int n;

    for (unsigned i = 0; i < PARTS; i++) {
        end += any_up_to(95325);
        ends[i] = end;
    }
    the_proxy.user = any_text_or_null();
    the_proxy.secret = any_text_or_null();
    the_proxy.port = nondet_uint16_t();
    the_mistake = the_proxy.user != NULL && nondet_bool() ? TWILIO_ERR_CREDENTIALS : 0;
    the_proxy.now.out.sent = any_up_to(ends[the_proxy.user != NULL ? 10 : 8]);
    n = write_piece(&the_proxy, any_text());
    left = ends[part - 1] - the_proxy.now.out.sent;
    claim(the_mistake != 0 ? n == the_mistake : n >= 0, "a mistake, and that alone, is told");
    claim(n < 0 || (size_t)n == (left < sizeof the_proxy.now.out.piece ? left : sizeof the_proxy.now.out.piece),
          "a piece is what is left, or full");
}
