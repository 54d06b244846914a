/*
 * client.h - calls as in Perl: twilio_post(&client, "Messages.json", params, &answer)
 *
 * A client ties the core to lwIP sockets and mbedTLS. A call gives up when a deadline has passed: one for the
 * whole of it, from name resolution to the last byte, and one for each of its phases that is given a limit.
 * No progress prolongs any. Between two looks at the clock lies a step of the exchange: a deadline that
 * passes while a public-key operation is computed is noticed right after it.
 *
 * twilio_get ... twilio_send wait by twilio_network_wait, so the network goes on working. In a program with a
 * loop of its own nothing needs to wait: twilio_send_begin, then twilio_send_step in each round.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_CLIENT_H
#define TWILIO_CLIENT_H

#include "sockets.h"
#include "tls.h"
#include "twilio.h"

#define TWILIO_HEADERS_MAX     8      /* headers that a call can ask for */
#define TWILIO_TIMEOUT_DEFAULT 30000  /* milliseconds */

/* What a call does in turn. It is committed when HANDSHAKE is over. A connection that was kept is spared all
 * before, but for the request's sending; if it turns out dead and is replaced, once at most, the phases begin
 * anew, and the whole call's time runs on. So it is when a server breaks off, or cannot prove to be the host,
 * before the call is committed, and the host has another address (sockets.h): that is tried. */
enum twilio_phase {
    TWILIO_PHASE_DNS,         /* until the host's address is known; none if below or connect_to is set */
    TWILIO_PHASE_CONNECT,     /* until TCP, or what is below, is connected */
    TWILIO_PHASE_HANDSHAKE,   /* until TLS is, the server verified, and the request sent */
    TWILIO_PHASE_FIRST_BYTE,  /* until the code of the answer is read; interim ones (1xx) are none */
    TWILIO_PHASE_BODY,        /* until the answer is complete: the rest of its headers, and its body */
    TWILIO_PHASES
};

/* Set the first group, zero the rest, call twilio_client_begin. Not to be moved after that. */
struct twilio_client {
    const struct twilio_account *account;
    const char *product;                   /* NULL: "api" */
    const char *connect_to;                /* as in sockets.h; NULL: ask DNS */
    const struct twilio_anchors *anchors;  /* NULL: the built-in ones */
    void    *memory;                       /* for TLS: TWILIO_ARENA_MIN or more */
    size_t   memory_size;
    void    *scratch;                      /* TWILIO_SCRATCH_MIN or more; 512 is good */
    size_t   scratch_size;
    uint32_t timeout;                      /* milliseconds for a whole call; 0: 30,000 */
    uint32_t limit[TWILIO_PHASES];         /* milliseconds for each phase; 0: only the whole call's */
    const struct twilio_transport *below;  /* what TLS runs over: a proxy's (twilio_proxy.h), a modem's; NULL:
                                              TCP sockets of lwIP, which connect_to is for */
    struct twilio_generator headers;       /* of requests that have none of their own */

    /* Called before each request, as LWP_Callback in Perl, unless that is not fit to send. May change what is
     * sent, which is checked again; the transport it goes over (twilio_trace.h); and the client's timeout and
     * limits. request is a copy, which exchange points to. NULL: none. */
    void (*hook)(void *context, struct twilio_request *request, struct twilio_exchange *exchange);
    void  *context;                        /* of hook */

    /* out */
    struct twilio_arena arena;             /* arena.peak: the most that TLS has taken */

    /* private, but for socket.known, which may be kept and set again as sockets.h has it */
    struct twilio_sending *sending;        /* the call under way; NULL: none */
    struct twilio_socket socket;
    struct twilio_tls tls;
    struct twilio_transport tcp, https;
};

/* What came back. Set the first group (all may be zero) before a call; the rest is set by it. */
struct twilio_answer {
    char  *content;               /* the body, NUL-terminated, cut to fit; NULL: not wanted */
    size_t content_size;          /* bytes at content, with the NUL */
    struct twilio_field *fields;  /* picked out of a JSON body as it passes; NULL: none */
    bool (*item)(void *context);  /* called at each TWILIO_ITEM; false: end the call there, with
                                     TWILIO_ITEM as its result; NULL: not called */
    bool (*body)(void *context, const char *data, size_t size);
                                  /* called with each piece of the body, of any length; false: end the call
                                     there, with TWILIO_ITEM as its result; NULL: not called */
    void  *context;               /* of item and body; when they are called, code is known */
    struct twilio_field *headers; /* at most TWILIO_HEADERS_MAX, others than those told below;
                                     NULL: none */

    int      code;            /* HTTP status, 201; 0: there was no answer */
    char     message[32];     /* its reason phrase, "Created" */
    uint32_t length;          /* bytes of the whole body; content was cut if >= content_size */
    uint32_t retry_after;     /* seconds to wait, as the server asks; 0: it does not */
    uint32_t date;            /* the server's clock, seconds since 1970; 0: not told */
    char     content_type[40];
    bool     committed;       /* false: certainly not carried out, safe to repeat. true with a
                                 result < 0: the outcome is unknown */
    enum twilio_phase phase;  /* TWILIO_ERR_TIMEOUT: where time ran out, the phase's or the call's */
    enum twilio_dns dns;      /* what came of asking DNS for the host, whatever the result: with TWILIO_OK it
                                 is TWILIO_DNS_SILENT if the address known from before did. ..._ASKING: it
                                 was not asked. Texts: twilio_dns_explain */
};

/* TWILIO_OK, TWILIO_ERR_ARGUMENT or TWILIO_ERR_SIZE. */
int twilio_client_begin(struct twilio_client *client);

/* TWILIO_OK: there is an answer, whatever its code. Negative: there is none (see committed),
 * or it broke off: what came of it is in answer. The connection is kept for the next call
 * where the server allows. params NULL: none. */
int twilio_get(struct twilio_client *, const char *resource, const struct twilio_param *params,
               struct twilio_answer *);
int twilio_head(struct twilio_client *, const char *resource, const struct twilio_param *params,
                struct twilio_answer *);
int twilio_post(struct twilio_client *, const char *resource, const struct twilio_param *params,
                struct twilio_answer *);
int twilio_put(struct twilio_client *, const char *resource, const struct twilio_param *params,
               struct twilio_answer *);
int twilio_patch(struct twilio_client *, const char *resource, const struct twilio_param *params,
                 struct twilio_answer *);
int twilio_delete(struct twilio_client *, const char *resource, const struct twilio_param *params,
                  struct twilio_answer *);

/* The same for any request, of any product and method. Its account may be NULL: the client's. */
int twilio_send(struct twilio_client *, const struct twilio_request *request, struct twilio_answer *);

/* ---- The same without waiting ----------------------------------------------- */

/* One call under way: what twilio_send has on its stack. The caller's to place, zeroed if it might be stepped
 * before it was begun; not to be moved or used for anything else until the call is over. All is private, some
 * 600 bytes on a 32-bit processor. */
struct twilio_sending {
    struct twilio_client *client;  /* NULL: over */
    struct twilio_answer *answer;  /* NULL: never begun */
    int      result;               /* when over */
    bool     reused;               /* a connection was there already */
    bool     picking;              /* the body is JSON so far, and fields of it are wanted */
    uint32_t begun;                /* board_millis: the call, */
    uint32_t since;                /* the phase that answer tells */
    size_t   copied;               /* bytes of the body, to answer's content */
    struct twilio_request request; /* completed */
    struct twilio_exchange exchange;
    struct twilio_json json;
    struct twilio_field headers[4 + TWILIO_HEADERS_MAX + 1];
    char date[30], retry_after[30];  /* "Sun, 06 Nov 1994 08:49:37 GMT" */
    char window[64];                 /* of the body, on its way to content, fields and callbacks */
};

/* Begin a call; nothing is computed or sent yet, but the deadlines run from now on, stepped or not.
 * TWILIO_OK: it is under way; otherwise it is over, with the caller's mistake, as of twilio_send. A client
 * has one call at a time: another, by whichever function, from a callback too, is TWILIO_ERR_BUSY.
 * request itself is copied; what it points to (texts, params, account), answer with what that points to, and
 * sending must stay as they are until the call is over. */
int twilio_send_begin(struct twilio_client *, const struct twilio_request *request, struct twilio_answer *,
                      struct twilio_sending *);

/* Do what can be done without waiting: some milliseconds' work, but seconds where a small processor verifies
 * the server's certificates (figures, and how to do other work meanwhile: pulse.h).
 * TWILIO_AGAIN: step again, after twilio_network_wait(0) or more has let the network work. Otherwise the call
 * is over, result and answer are as of twilio_send, and further steps return the same. Until then
 * answer.phase tells where it stands. */
int twilio_send_step(struct twilio_sending *);

/* Give up a call: the connection is closed, answer tells what came, and whether it is committed; further
 * steps return TWILIO_ERR_CLOSED. Does nothing if it is over. Not from its own callbacks: they end it by
 * returning false. */
void twilio_send_cancel(struct twilio_sending *);

/* ---- Besides ---------------------------------------------------------------- */

/* Close the connection if one was kept. The session for resumption stays. Not while a call is under way. */
void twilio_client_close(struct twilio_client *client);

/* The name and meaning of a result: "TWILIO_ERR_DNS: the host name did not resolve". */
const char *twilio_explain(int result);

#endif
