/*
 * prove_request.c - the encoder: any window of any request, its checks, its host
 *
 * SPDX-License-Identifier: MIT
 */
//@ texts 1023
//@ bounds any request, of texts of up to 1,023 octets; generators that write anything; any window, its size up to 2^64 - 1; memory for a host's name of up to 2^31 - 1 octets
//@ unwind 4
//@ replace twilio_sink_octet any_octet twilio_sink_params any_params_written twilio_sink_basic any_basic
//@ replace put_text any_put_text twilio_write_number any_number twilio_equal any_equal
//@ loop request.c: while (*at != '\0' && *at != '?') {
//@     invariant WITHIN(at)
//@     decreases LEFT(at)
//@     changes at = ANY_PLACE(at)
//@ fault request.c: if (form_size > TWILIO_BODY_MAX) { => if (form_size > UINT32_MAX) {
//@ fault request.c: if ((buf == NULL && size != 0) || size > INT_MAX) { => if (buf == NULL && size != 0) {
//@ fault request.c: if (request == NULL || request->account == NULL || (unsigned)request->method > TWILIO_DELETE) { => if (request == NULL || request->account == NULL) {
//@ fault request.c: if (request->resource == NULL) { => if (request == NULL) {
//@ fault request.c: while (*at != '\0' && *at != '?') { => while (*at != '?') {
//@ fault request.c: return end <= offset ? 0 : (int)(end - offset < size ? end - offset : size); => return end <= offset ? 0 : (int)(end - offset);
//@ fault request.c: if (sink->position > TWILIO_HOST_MAX) { => if (sink->position > TWILIO_HEAD_MAX) {
#include "any_known.h"
#include "any_request.h"

size_t host_length;  /* the same each time that it is written: its texts stay */

#include "request.c"

/* Proved in prove_callers.c. */
void any_put_text(struct encoder *encoder, const char *text)
{
    size_t before = encoder->sink.position;

    claim(IS_TEXT(text) && encoder->request != NULL, "what is written is a text");
    any_octets(&encoder->sink);
    if (*text == *HOST || *text == *PRODUCT) {
        encoder->sink.position = before + host_length;
    }
}

static void encode(const struct twilio_request *request)
{
    size_t offset = nondet_size_t(), size = nondet_size_t();
    void *buf = any_window(size);
    int n = twilio_encode(request, offset, buf, size);

    claim_told(n, offset, buf, size);
}

static void name_host(const struct twilio_request *request)
{
    size_t size = any_up_to(WINDOW);
    int n = twilio_host(request, (char *)any_window(size), size);

    claim(n < 0 || ((size_t)n < size && n <= TWILIO_HOST_MAX), "a name of a host, with its end");
}

void prove(void)
{
    struct twilio_account account = any_account();
    struct twilio_request request = any_request(nondet_bool() ? &account : NULL);
    const struct twilio_request *any = nondet_bool() ? &request : NULL;

    host_length = any_up_to(IMAGE_MAX);
    if (nondet_bool()) {
        encode(any);
    } else if (nondet_bool()) {
        claim(twilio_request_check(any) <= 0, "fit to send, or the mistake");
    } else {
        name_host(any);
    }
}
