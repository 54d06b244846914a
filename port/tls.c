/*
 * tls.c - mbedTLS between two transports, and what went wrong told apart
 *
 * mbedTLS answers most failures with one of a few codes; so the callbacks below note what
 * really happened (no entropy, a bad anchor, an error of the transport below) and the arena
 * tells whether memory ran out. outcome() weighs them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tls.h"

#include <string.h>
#include <time.h>

#include "board.h"
#include "clock.h"
#include "mbedtls/error.h"
#include "mbedtls/hmac_drbg.h"
#include "mbedtls/ssl.h"
#include "mbedtls/x509_crt.h"
#include "twilio_date.h"

#ifndef TWILIO_MBEDTLS_CONFIG_H
#error "build with -DMBEDTLS_CONFIG_FILE=<mbedtls_config.h> (angle brackets) and port/ in the include path"
#endif
#if !defined(MBEDTLS_HAVE_TIME_DATE) || !defined(MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK) || \
    defined(MBEDTLS_SSL_CLI_ALLOW_WEAK_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME)
#error "mbedTLS is configured to verify less than all of a chain, its dates and the host's name"
#endif

#define STEP_LONG 10 /* milliseconds of work after which the network, and the deadline, get their turn */

enum { CLOSED, CONNECTING, HANDSHAKE, OPEN };

struct twilio_tls_connection {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_hmac_drbg_context random;
    uint32_t begun;   /* board_millis when mbedTLS was called to read */
    size_t offered;   /* bytes in a record that is not all sent: mbedTLS must see them again */
    int below;        /* the error of the transport below; 0: none */
    int result;       /* how it ended, once over; 0: in good order */
    bool over;
    bool offers;      /* a session to be resumed */
    bool certified;   /* a chain was looked at in this handshake */
    bool no_entropy;
    bool bad_anchor;
};

/* ---- What mbedTLS calls ---------------------------------------------------- */

uint32_t twilio_tls_time(uint32_t *seconds)
{
    uint32_t now = twilio_clock_now();
    if (seconds != NULL) {
        *seconds = now;
    }
    return now;
}

static int days_of_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

static int days_of_month(int month, int year)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 1 ? days_of_year(year) - 365 + 28 : days[month];
}

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *time, struct tm *tm)
{
    int second = (int)(*time % 86400), day = (int)(*time / 86400), year = 1970, month = 0;

    for (; day >= days_of_year(year); year++) {
        day -= days_of_year(year);
    }
    for (; day >= days_of_month(month, year); month++) {
        day -= days_of_month(month, year);
    }
    *tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month, .tm_mday = day + 1,
                       .tm_hour = second / 3600, .tm_min = second / 60 % 60, .tm_sec = second % 60 };
    return tm;
}

static int seed(void *context, unsigned char *buf, size_t size)
{
    struct twilio_tls_connection *c = context;
    c->no_entropy = board_entropy(buf, size) != 0;
    return c->no_entropy ? MBEDTLS_ERR_HMAC_DRBG_ENTROPY_SOURCE_FAILED : 0;
}

static int send_below(void *context, const unsigned char *data, size_t size)
{
    struct twilio_tls *tls = context;
    int sent = tls->below->send(tls->below->context, data, size);
    if (sent == TWILIO_AGAIN) {
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    }
    if (sent < 0) {
        tls->connection->below = sent;
    }
    return sent;
}

/* mbedTLS reads on by itself over what it ignores, such as warnings: a flood of them must not hold us. */
static int recv_below(void *context, unsigned char *data, size_t size)
{
    struct twilio_tls *tls = context;
    if (board_millis() - tls->connection->begun >= STEP_LONG) {
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    int got = tls->below->recv(tls->below->context, data, size);
    if (got == TWILIO_AGAIN) {
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    if (got < 0) {
        tls->connection->below = got;
    }
    return got;
}

/* Read one anchor, in place. NULL: out of memory, or it is no certificate. */
static mbedtls_x509_crt *parse(struct twilio_tls_connection *c, const struct twilio_anchor *anchor)
{
    mbedtls_x509_crt *certificate = twilio_tls_calloc(1, sizeof *certificate);
    if (certificate == NULL) {
        return NULL;
    }
    mbedtls_x509_crt_init(certificate);
    if (mbedtls_x509_crt_parse_der_nocopy(certificate, anchor->der, anchor->size) == 0) {
        return certificate;
    }
    c->bad_anchor = true;
    twilio_tls_free(certificate);
    return NULL;
}

static bool is_issuer(const mbedtls_x509_crt *anchor, const mbedtls_x509_crt *child)
{
    return anchor->subject_raw.len == child->issuer_raw.len &&
           memcmp(anchor->subject_raw.p, child->issuer_raw.p, anchor->subject_raw.len) == 0;
}

/* The chain is judged link by link, the server's own certificate first. */
static void note_end(struct twilio_tls *tls, const mbedtls_x509_crt *child)
{
    const mbedtls_x509_time *to = &child->valid_to;
    uint32_t ends = twilio_seconds((unsigned)to->year, (unsigned)to->mon, (unsigned)to->day,
                                   (unsigned)to->hour, (unsigned)to->min, (unsigned)to->sec);

    if (!tls->connection->certified || ends - 1 < tls->expires - 1) { /* 0: after 2105, the latest */
        tls->expires = ends;
    }
    tls->connection->certified = true;
}

/* Give mbedTLS the anchors that may have signed child; it checks and frees them. */
static int find_issuers(void *context, const mbedtls_x509_crt *child, mbedtls_x509_crt **issuers)
{
    struct twilio_tls *tls = context;

    note_end(tls, child);
    for (const struct twilio_anchors *table = tls->anchors; table != NULL; table = table->more) {
        for (size_t i = 0; i < table->count; i++) {
            mbedtls_x509_crt *anchor = parse(tls->connection, &table->anchor[i]);
            if (anchor == NULL) {
                return MBEDTLS_ERR_X509_FATAL_ERROR;
            }
            if (is_issuer(anchor, child)) {
                anchor->next = *issuers;
                *issuers = anchor;
            } else {
                mbedtls_x509_crt_free(anchor);
                twilio_tls_free(anchor);
            }
        }
    }
    return 0;
}

/* ---- What went wrong ------------------------------------------------------- */

static int outcome_of_flags(uint32_t flags)
{
    if (flags & ~(uint32_t)(MBEDTLS_X509_BADCERT_CN_MISMATCH | MBEDTLS_X509_BADCERT_EXPIRED |
                            MBEDTLS_X509_BADCERT_FUTURE)) {
        return TWILIO_ERR_UNTRUSTED; /* then nothing else in it can be believed */
    }
    if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) {
        return TWILIO_ERR_WRONG_NAME;
    }
    return (flags & MBEDTLS_X509_BADCERT_EXPIRED) ? TWILIO_ERR_EXPIRED : TWILIO_ERR_NOT_YET_VALID;
}

/* Whether versions and cipher suites are still being agreed on */
static bool is_greeting(const mbedtls_ssl_context *ssl)
{
    return ssl->MBEDTLS_PRIVATE(state) <= MBEDTLS_SSL_SERVER_HELLO;
}

static int outcome_of_alert(const mbedtls_ssl_context *ssl)
{
    if (!is_greeting(ssl)) {
        return TWILIO_ERR_TLS_ALERT;
    }
    switch (ssl->MBEDTLS_PRIVATE(in_msg)[1]) {
    case MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE:
    case MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION:
    case MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY:
        return TWILIO_ERR_TLS_MISMATCH;
    default:
        return TWILIO_ERR_TLS_ALERT;
    }
}

static int outcome_of_code(const mbedtls_ssl_context *ssl, int code)
{
    switch (code) {
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return outcome_of_alert(ssl);
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
    case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE:
        return is_greeting(ssl) ? TWILIO_ERR_TLS_MISMATCH : TWILIO_ERR_TLS;
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        return TWILIO_ERR_CLOSED;
    case MBEDTLS_ERR_SSL_BAD_INPUT_DATA:
        if (is_greeting(ssl) && ssl->MBEDTLS_PRIVATE(in_hslen) != 0) {
            return TWILIO_ERR_TLS; /* a ServerHello with a suite that we did not offer */
        }
        return TWILIO_ERR_RECORD;
    case MBEDTLS_ERR_ERROR_CORRUPTION_DETECTED: /* a message in fragments that has no room */
        return TWILIO_ERR_RECORD;
    default:
        return TWILIO_ERR_TLS;
    }
}

/* Our result for a code of mbedTLS's: first what the code cannot tell, then what it can. */
static int outcome(struct twilio_tls *tls, int code)
{
    const struct twilio_tls_connection *c = tls->connection;
    uint32_t flags = mbedtls_ssl_get_verify_result(&c->ssl);

    if (tls->arena->failed) {
        return TWILIO_ERR_MEMORY;
    }
    if (c->no_entropy) {
        return TWILIO_ERR_ENTROPY;
    }
    if (c->bad_anchor) {
        return TWILIO_ERR_ANCHORS;
    }
    if (c->certified && flags != 0) {
        tls->verify = flags;
        return outcome_of_flags(flags);
    }
    if (c->below != 0) {
        return c->below;
    }
    return outcome_of_code(&c->ssl, code);
}

/* ---- Sessions -------------------------------------------------------------- */

void twilio_tls_forget(struct twilio_tls *tls)
{
    twilio_arena_use(tls->arena);
    twilio_tls_free(tls->session);
    tls->session = NULL;
}

/* Hand the kept session over to a new connection. If that fails it is gone, and the next
 * attempt makes a full handshake: a server that chokes on it cannot lock us out. */
static void offer_session(struct twilio_tls *tls)
{
    struct twilio_tls_connection *c = tls->connection;
    mbedtls_ssl_session session;

    if (tls->session == NULL) {
        return;
    }
    mbedtls_ssl_session_init(&session);
    c->offers = mbedtls_ssl_session_load(&session, tls->session, tls->session_size) == 0 &&
                mbedtls_ssl_set_session(&c->ssl, &session) == 0;
    mbedtls_ssl_session_free(&session);
    twilio_tls_forget(tls);
}

static void keep_session(struct twilio_tls *tls, const mbedtls_ssl_session *session)
{
    size_t size = 0;

    mbedtls_ssl_session_save(session, NULL, 0, &size);
    if (size <= TWILIO_TLS_SESSION_MAX && (tls->session = twilio_tls_calloc(1, size)) != NULL) {
        mbedtls_ssl_session_save(session, tls->session, size, &size);
        tls->session_size = (uint16_t)size;
    }
}

/* ---- A connection ---------------------------------------------------------- */

static void free_connection(struct twilio_tls *tls)
{
    struct twilio_tls_connection *c = tls->connection;

    mbedtls_ssl_free(&c->ssl);
    mbedtls_ssl_config_free(&c->config);
    mbedtls_hmac_drbg_free(&c->random);
    twilio_tls_free(c);
    tls->connection = NULL;
}

/* Say good-bye if there is room for it; nobody waits. Not with a record half sent: the rest of it would go
 * out first, and complete at the server a request that we take for not sent. True: there is a session to
 * keep. */
static bool hang_up(struct twilio_tls_connection *c, mbedtls_ssl_session *session)
{
    if (c->result == 0 && c->offered == 0) {
        (void)mbedtls_ssl_close_notify(&c->ssl);
    }
    return c->result != TWILIO_ERR_TLS && c->result != TWILIO_ERR_TLS_ALERT &&
           mbedtls_ssl_get_session(&c->ssl, session) == 0;
}

static void tls_close(void *context)
{
    struct twilio_tls *tls = context;
    mbedtls_ssl_session session;

    twilio_arena_use(tls->arena);
    if (tls->state == CLOSED) {
        return;
    }
    mbedtls_ssl_session_init(&session);
    bool keep = tls->state == OPEN && hang_up(tls->connection, &session);
    if (tls->connection != NULL) {
        free_connection(tls);
    }
    if (keep) {
        keep_session(tls, &session); /* only now, so that it lies at the arena's beginning */
    }
    mbedtls_ssl_session_free(&session);
    tls->state = CLOSED;
    tls->reached = false;
    tls->below->close(tls->below->context);
}

static int configure(struct twilio_tls *tls)
{
    static const uint16_t groups[] = {
        MBEDTLS_SSL_IANA_TLS_GROUP_X25519, MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
        MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_NONE,
    };
    struct twilio_tls_connection *c = tls->connection;
    int code;

    code = mbedtls_hmac_drbg_seed(&c->random, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), seed, c,
                                  NULL, 0);
    if (code != 0) {
        return code;
    }
    code = mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                       MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0) {
        return code;
    }
    mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_cb(&c->config, find_issuers, tls);
    mbedtls_ssl_conf_rng(&c->config, mbedtls_hmac_drbg_random, &c->random);
    mbedtls_ssl_conf_groups(&c->config, groups);
#if TWILIO_TLS_RECORD_MAX < 16384
    _Static_assert(TWILIO_TLS_SEND_MAX == 1024, "ask for records of the size we send");
    code = mbedtls_ssl_conf_max_frag_len(&c->config, MBEDTLS_SSL_MAX_FRAG_LEN_1024);
    if (code != 0) {
        return code;
    }
#endif
    code = mbedtls_ssl_setup(&c->ssl, &c->config);
    return code != 0 ? code : mbedtls_ssl_set_hostname(&c->ssl, tls->host);
}

/* Below is connected: make ready for the handshake. */
static int start(struct twilio_tls *tls)
{
    struct twilio_tls_connection *c = twilio_tls_calloc(1, sizeof *c);
    if (c == NULL) {
        return TWILIO_ERR_MEMORY;
    }
    tls->connection = c;
    mbedtls_ssl_init(&c->ssl);
    mbedtls_ssl_config_init(&c->config);
    mbedtls_hmac_drbg_init(&c->random);
    int code = configure(tls);
    if (code != 0) {
        return outcome(tls, code);
    }
    mbedtls_ssl_set_bio(&c->ssl, tls, send_below, recv_below, NULL);
    offer_session(tls);
    return TWILIO_OK;
}

/* Go on with the handshake until it must wait or has computed for long. */
static int handshake(struct twilio_tls *tls)
{
    struct twilio_tls_connection *c = tls->connection;

    while (!mbedtls_ssl_is_handshake_over(&c->ssl)) {
        c->begun = board_millis();
        int code = mbedtls_ssl_handshake_step(&c->ssl);
        if (tls->arena->failed) { /* mbedTLS goes on without memory for the session hash */
            return TWILIO_ERR_MEMORY;
        }
        if (code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE) {
            return TWILIO_AGAIN;
        }
        if (code != 0) {
            return outcome(tls, code);
        }
        if (board_millis() - c->begun >= STEP_LONG) {
            return TWILIO_AGAIN;
        }
    }
    /* mbedTLS has refused anything else already; this is what must hold, once more. */
    if (mbedtls_ssl_get_verify_result(&c->ssl) != 0 || !(c->certified || c->offers)) {
        return TWILIO_ERR_UNTRUSTED;
    }
    tls->resumed = !c->certified;
    return TWILIO_OK;
}

/* ---- The transport --------------------------------------------------------- */

static int begin(struct twilio_tls *tls, const char *host)
{
    size_t length = strlen(host);

    if (tls->anchors == NULL) {
        tls->anchors = &twilio_builtin_anchors;
    }
    for (const struct twilio_anchors *table = tls->anchors; table != NULL; table = table->more) {
        if (table->count == 0) {
            return TWILIO_ERR_ANCHORS;
        }
    }
    if (length == 0 || length > TWILIO_HOST_MAX) {
        return TWILIO_ERR_HOST;
    }
    if (strcmp(host, tls->host) != 0) {
        twilio_tls_forget(tls);
        memcpy(tls->host, host, length + 1);
    }
    tls->arena->failed = false;
    tls->resumed = false;
    tls->verify = 0;
    tls->state = CONNECTING;
    return TWILIO_OK;
}

/* Go on from CONNECTING or HANDSHAKE, to OPEN if nothing stops us. */
static int advance(struct twilio_tls *tls)
{
    int result;

    if (tls->state == CONNECTING) {
        result = tls->below->connect(tls->below->context, tls->host);
        if (result < 0) {
            return result;
        }
        tls->reached = true;
        if ((result = start(tls)) != TWILIO_OK) {
            return result;
        }
        tls->state = HANDSHAKE;
    }
    result = handshake(tls);
    if (result == TWILIO_OK) {
        tls->state = OPEN;
    }
    return result;
}

static int tls_connect(void *context, const char *host)
{
    struct twilio_tls *tls = context;
    int result;

    twilio_arena_use(tls->arena);
    if (tls->state == OPEN && strcmp(host, tls->host) == 0 && !tls->connection->over) {
        return TWILIO_KEPT;
    }
    if (tls->state == OPEN || strcmp(host, tls->host) != 0) {
        tls_close(tls);
    }
    if (tls->state == CLOSED && (result = begin(tls, host)) != TWILIO_OK) {
        return result;
    }
    result = advance(tls);
    if (result < 0 && result != TWILIO_AGAIN) {
        tls_close(tls);
    }
    return result;
}

static int end(struct twilio_tls_connection *c, int result)
{
    c->over = true;
    c->result = result;
    return result;
}

static int tls_send(void *context, const void *data, size_t size)
{
    struct twilio_tls *tls = context;
    struct twilio_tls_connection *c = tls->connection;

    twilio_arena_use(tls->arena);
    if (tls->state != OPEN) {
        return TWILIO_ERR_CLOSED;
    }
    if (c->over) {
        return c->result != 0 ? c->result : TWILIO_ERR_CLOSED;
    }
    if (c->offered == 0) {
        c->offered = size;
    }
    int sent = mbedtls_ssl_write(&c->ssl, data, c->offered);
    if (sent == MBEDTLS_ERR_SSL_WANT_WRITE) {
        return TWILIO_AGAIN;
    }
    c->offered = 0;
    return sent >= 0 ? sent : end(c, outcome(tls, sent));
}

static int tls_recv(void *context, void *data, size_t size)
{
    struct twilio_tls *tls = context;
    struct twilio_tls_connection *c = tls->connection;

    twilio_arena_use(tls->arena);
    if (tls->state != OPEN) {
        return TWILIO_ERR_CLOSED;
    }
    if (c->over) {
        return c->result;
    }
    c->begun = board_millis();
    int got = mbedtls_ssl_read(&c->ssl, data, size);
    switch (got) {
    case MBEDTLS_ERR_SSL_WANT_READ:
        return TWILIO_AGAIN;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        return end(c, 0);
    case 0: /* the transport below ended without TLS saying so: the data may be cut short */
        return end(c, TWILIO_ERR_CLOSED);
    default:
        return got > 0 ? got : end(c, outcome(tls, got));
    }
}

struct twilio_transport twilio_tls_transport(struct twilio_tls *tls)
{
    return (struct twilio_transport){ tls_connect, tls_send, tls_recv, tls_close, tls };
}
