/*
 * api.c - the API's stand-in: HTTP over OpenSSL over lwIP's callbacks
 *
 * SPDX-License-Identifier: MIT
 */
#include "inside.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "lwip/priv/tcp_priv.h"

#define PORT         443
#define CONNECTIONS  64
#define IDLE_TIMEOUT 180000  /* milliseconds: the other end may be gone without a word */
#define TEXT_SIZE    4096

static SSL_CTX *tls;

static struct connection {
    struct tcp_pcb *pcb;  /* NULL: a free place */
    SSL *ssl;
    BIO *in, *out;
    uint32_t active;      /* when something came last */
    bool greeted, answering, ended, over;  /* ended: by the peer */
    bool last;            /* over after this answer */
    uint32_t answer_at;
    size_t size;
    char text[TEXT_SIZE]; /* the request, then the answer */
} connections[CONNECTIONS];

/* ---- What it must look like ------------------------------------------------ */

char far_letter(unsigned number, size_t place)
{
    return (char)('a' + (number * 7 + place * 3 + place / 26) % 26);
}

/* Some do not fit into the device's send buffer. */
size_t far_request_size(unsigned number)
{
    return number * 37 % (number % 4 == 0 ? FAR_TEXT : 500);
}

/* Most of them small, as Twilio's are. */
size_t far_answer_size(unsigned number)
{
    return number * 53 % (number % 8 == 0 ? FAR_ANSWER + 1 : 500);
}

static bool as_sent(unsigned number, const char *text, size_t size)
{
    bool good = size == far_request_size(number);

    for (size_t i = 0; good && i < size; i++)
        good = text[i] == far_letter(number, i);
    return good;
}

/* Of a whole request: its number; or -1. */
static long read_request(const char *text)
{
    static const char line[] = "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n";
    const char *body = strstr(text, "\r\n\r\n") + 4;
    unsigned number;
    int skip = 0;

    if (strncmp(text, line, sizeof line - 1) != 0 || sscanf(body, "Number=%u&Text=%n", &number, &skip) != 1 ||
        skip == 0 || number >= FAR_NUMBERS || !as_sent(number, body + skip, strlen(body + skip)))
        return -1;
    return (long)number;
}

/* Bytes of the request when its head is there; 0 before. */
static size_t whole_size(const char *text)
{
    const char *body = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");

    if (body == NULL)
        return 0;
    return (size_t)(body + 4 - text) + (length != NULL && length < body ? strtoul(length + 16, NULL, 10) : 0);
}

/* ---- Requests and answers -------------------------------------------------- */

static void make_answer(struct connection *c, unsigned number)
{
    size_t size = far_answer_size(number);

    c->last = number % 7 == 6;
    c->size = (size_t)snprintf(c->text, TEXT_SIZE, "HTTP/1.1 201 Created\r\nContent-Length: %zu\r\n%s\r\n",
                               size, c->last ? "Connection: close\r\n" : "");
    for (size_t i = 0; i < size; i++)
        c->text[c->size++] = far_letter(number + 1, i);
    c->answering = true;
    c->answer_at = far_now + far_end->stall;
}

/* What came so far. */
static void consider(struct connection *c)
{
    size_t whole;
    long number;

    c->text[c->size] = '\0';
    whole = whole_size(c->text);
    if (whole == 0 || c->size < whole) {
        c->over = c->size == TEXT_SIZE - 1;
        return;
    }
    number = c->size == whole ? read_request(c->text) : -1;
    if (number < 0) {
        far_end->spoiled++;
        c->over = true;
        return;
    }
    far_end->seen[number]++;
    make_answer(c, (unsigned)number);
}

static void note_handshake(struct connection *c)
{
    if (c->greeted || !SSL_is_init_finished(c->ssl))
        return;
    c->greeted = true;
    far_end->handshakes++;
    far_end->resumptions += SSL_session_reused(c->ssl) ? 1 : 0;
}

static void take(struct connection *c)
{
    ERR_clear_error();
    int got = SSL_read(c->ssl, c->text + c->size, (int)(TEXT_SIZE - 1 - c->size));
    note_handshake(c);
    if (got > 0) {
        c->size += (size_t)got;
        consider(c);
    } else if (SSL_get_error(c->ssl, got) != SSL_ERROR_WANT_READ) {
        c->over = true;
    }
}

static void take_all(struct connection *c)
{
    while (!c->answering && !c->over && BIO_ctrl_pending(c->in) > 0)
        take(c);
}

static void give(struct connection *c)
{
    c->answering = false;
    if (SSL_write(c->ssl, c->text, (int)c->size) <= 0 || c->last)
        c->over = true;
    c->size = 0;
    if (c->over)
        (void)SSL_shutdown(c->ssl);
}

/* ---- Connections ----------------------------------------------------------- */

static void forget(struct connection *c)
{
    SSL_free(c->ssl);
    memset(c, 0, sizeof *c);
    far_end->connections--;
}

static void hang_up(struct connection *c)
{
    struct tcp_pcb *pcb = c->pcb;

    forget(c);
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    must(tcp_close(pcb) == ERR_OK, "close");
}

/* What TLS has to say, as far as there is room. */
static void flush(struct connection *c)
{
    char *data;
    long size = BIO_get_mem_data(c->out, &data);
    size_t room = tcp_sndbuf(c->pcb), count = (size_t)size < room ? (size_t)size : room;

    if (count == 0 || tcp_write(c->pcb, data, (u16_t)count, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return;
    while (count > 0) {
        char away[256];
        count -= (size_t)BIO_read(c->out, away, count < sizeof away ? (int)count : (int)sizeof away);
    }
    (void)tcp_output(c->pcb);
}

static void serve(struct connection *c)
{
    if (c->answering && (int32_t)(far_now - c->answer_at) >= 0)
        give(c);
    take_all(c);
    if (BIO_ctrl_pending(c->out) > 0)
        flush(c);
    if (c->ended || (c->over && BIO_ctrl_pending(c->out) == 0))
        hang_up(c);
}

/* At once: what came before a reset has come. */
static err_t received(void *context, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct connection *c = context;

    (void)error;
    c->ended = data == NULL;
    if (c->ended)
        return ERR_OK;
    for (const struct pbuf *piece = data; piece != NULL; piece = piece->next)
        (void)BIO_write(c->in, piece->payload, piece->len);
    tcp_recved(pcb, data->tot_len);
    (void)pbuf_free(data);
    c->active = far_now;
    take_all(c);
    return ERR_OK;
}

static void lost(void *context, err_t error)
{
    (void)error;
    forget(context);
}

static err_t accepted(void *unused, struct tcp_pcb *pcb, err_t error)
{
    struct connection *c = connections;

    (void)unused;
    if (error != ERR_OK)
        return error;
    while (c < connections + CONNECTIONS && c->pcb != NULL)
        c++;
    must(c < connections + CONNECTIONS, "too many connections");
    c->pcb = pcb;
    c->active = far_now;
    c->ssl = SSL_new(tls);
    c->in = BIO_new(BIO_s_mem());
    c->out = BIO_new(BIO_s_mem());
    (void)BIO_set_mem_eof_return(c->in, -1);
    SSL_set_bio(c->ssl, c->in, c->out);
    SSL_set_accept_state(c->ssl);
    tcp_arg(pcb, c);
    tcp_recv(pcb, received);
    tcp_err(pcb, lost);
    far_end->connections++;
    return ERR_OK;
}

/* lwIP gives up a half-open connection after 20 s; the servers of the Internet do not. */
static void be_patient(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next)
        if (pcb->state == SYN_RCVD)
            pcb->tmr = tcp_ticks;
}

void api_work(void)
{
    be_patient();
    for (struct connection *c = connections; c < connections + CONNECTIONS; c++) {
        if (c->pcb != NULL)
            serve(c);
        if (c->pcb != NULL && far_now - c->active > IDLE_TIMEOUT + far_end->stall)
            hang_up(c);
    }
}

void api_begin(SSL_CTX *context)
{
    struct tcp_pcb *listener = tcp_new();

    tls = context;
    (void)SSL_CTX_set_timeout(tls, 86400);
    must(listener != NULL && tcp_bind(listener, IP_ADDR_ANY, PORT) == ERR_OK, "bind");
    listener = tcp_listen(listener);
    must(listener != NULL, "listen");
    tcp_accept(listener, accepted);
}
