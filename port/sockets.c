/*
 * sockets.c - lwIP sockets that never wait: name, addresses, connection, bytes
 *
 * SPDX-License-Identifier: MIT
 */
#include "sockets.h"

#include "clock.h"
#include "network.h"

#include <string.h>

#include "board.h"
#include "lwip/api.h"
#include "lwip/errno.h"
#include "lwip/inet.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/sockets.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"

#define PORT_DEFAULT 443

enum state {
    IDLE,        /* no attempt, no descriptor */
    SEEKING,     /* an address to try, and perhaps waiting for DNS */
    CONNECTING,  /* from here on there is a descriptor */
    OPEN,
    ENDED,       /* the peer sends no more */
    BROKEN
};

/* ---- Which address ----------------------------------------------------------
 *
 * All of this is under the core lock: DNS answers in another thread. connect_to is as an answer of DNS
 * with one address, to a host of no name. */

static bool knows(const struct twilio_socket *socket)
{
    return socket->host != 0 && socket->known.host == socket->host;
}

/* Whether it is among the question's addresses that have had their turn. */
static bool told(const struct twilio_socket *socket, const ip_addr_t *address)
{
    for (unsigned i = 0; i < socket->told; i++)
        if (ip_addr_eq(address, &socket->question.address[i]))
            return true;
    return false;
}

/* Seconds for which DNS need not be asked for the known address; none if the clock went back. */
static uint32_t known_left(const struct twilio_socket *socket)
{
    uint32_t age = twilio_clock_now() - socket->known.proven;

    return knows(socket) && age < socket->known.ttl ? socket->known.ttl - age : 0;
}

static bool asking(const struct twilio_socket *socket)
{
    return socket->asked && socket->question.state == TWILIO_DNS_ASKING;
}

/* The address whose turn it is: in the question, or the known one. NULL: none, or none yet. If the known one
 * was tried before DNS was asked, and DNS has no other, it is tried again: it may have been a bad moment. */
static const ip_addr_t *candidate(const struct twilio_socket *socket)
{
    const struct twilio_question *question = &socket->question;
    const ip_addr_t *known = &socket->known.address;

    if (!knows(socket) || !socket->known_due || told(socket, known))
        known = NULL;
    if (!socket->asked)
        return known_left(socket) > 0 ? known : NULL;
    if (asking(socket))
        return board_millis() - socket->asked_at >= TWILIO_KNOWN_AFTER ? known : NULL;
    for (unsigned i = socket->told; question->state == TWILIO_DNS_OK && i < question->count; i++)
        if (!told(socket, &question->address[i]) &&
            !(socket->known_tried && ip_addr_eq(&question->address[i], &socket->known.address)))
            return &question->address[i];
    return known;
}

static void take(struct twilio_socket *socket, const ip_addr_t *address)
{
    socket->address = *address;
    socket->tried_at = board_millis();
    socket->unproven = true;
    if (address == &socket->known.address) {
        socket->known_left = known_left(socket);
        socket->known.ttl = 0;
        socket->known_tried = true;
        socket->known_due = false;
    } else {
        socket->known_due &= !socket->known_tried;  /* DNS has another: once is enough */
        socket->told = (uint8_t)(address - socket->question.address + 1);
    }
}

static void ask(struct twilio_socket *socket, const char *host)
{
    socket->asked = true;
    socket->asked_at = board_millis();
    socket->told = 0;
    socket->known_due = true;
    socket->failure = TWILIO_ERR_DNS;
    (void)twilio_resolve(&socket->question, host);  /* its state says it, too */
}

static void end_question(struct twilio_socket *socket)
{
    if (socket->asked && socket->host != 0)
        socket->dns = asking(socket) ? TWILIO_DNS_SILENT : socket->question.state;
    if (asking(socket))
        twilio_resolve_end(&socket->question);
}

/* Whether there is another address, or DNS may have one. */
static bool more(const struct twilio_socket *socket)
{
    bool yes;

    LOCK_TCPIP_CORE();
    yes = socket->host != 0 && (!socket->asked || candidate(socket) != NULL);
    UNLOCK_TCPIP_CORE();
    return yes;
}

/* ---- What is given ---------------------------------------------------------- */

/* FNV-1a. 0 is no host. */
static uint32_t hash(const char *text)
{
    uint32_t value = 2166136261U;

    for (; *text != '\0'; text++)
        value = (value ^ (uint8_t)*text) * 16777619U;
    return value != 0 ? value : 1;
}

/* ":8443", or nothing: the port stays as it is. */
static bool parse_port(const char *text, uint16_t *port)
{
    uint32_t value = 0;

    if (*text == '\0')
        return true;
    if (*text++ != ':')
        return false;
    for (; *text >= '0' && *text <= '9' && value <= UINT16_MAX; text++)
        value = 10 * value + (uint32_t)(*text - '0');
    *port = (uint16_t)value;
    return *text == '\0' && value >= 1 && value <= UINT16_MAX;
}

/* An address in so many characters; not the one that stands for any. */
static bool parse_number(const char *text, size_t length, ip_addr_t *address)
{
    char number[IPADDR_STRLEN_MAX];

    if (length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    return ipaddr_aton(number, address) && !ip_addr_isany(address);
}

/* "10.0.2.2:8443", "10.0.2.2", "[fd00::2]:8443" */
static bool parse_address(const char *text, ip_addr_t *address, uint16_t *port)
{
    bool bracket = LWIP_IPV6 && *text == '[';
    const char *end;
    size_t length;

    text += bracket;
    end = strchr(text, bracket ? ']' : ':');
    length = end != NULL ? (size_t)(end - text) : strlen(text);
    if ((bracket && end == NULL) || !parse_number(text, length, address) || bracket != IP_IS_V6(address))
        return false;
    return parse_port(text + length + bracket, port);
}

static int start(struct twilio_socket *socket, const char *host)
{
    uint32_t name = socket->connect_to != NULL ? 0 : hash(host);

    socket->to_port = socket->port != 0 ? socket->port : PORT_DEFAULT;
    if (!socket->again || socket->host != name) {
        socket->asked = socket->known_tried = false;
        socket->known_due = true;
        socket->told = 0;
        socket->dns = TWILIO_DNS_ASKING;
    }
    socket->again = false;
    socket->host = name;
    if (socket->connect_to != NULL) {
        if (!parse_address(socket->connect_to, &socket->question.address[0], &socket->to_port))
            return TWILIO_ERR_ARGUMENT;
        socket->question.state = TWILIO_DNS_OK;
        socket->question.count = 1;
        socket->asked = true;
    }
    socket->state = SEEKING;
    return twilio_network_up() ? TWILIO_OK : TWILIO_ERR_NETWORK;
}

/* ---- Connection ------------------------------------------------------------- */

/* Under the core lock. NULL once the connection has failed. */
static struct tcp_pcb *pcb_of(const struct twilio_socket *socket)
{
    struct lwip_sock *sock = lwip_socket_dbg_get_socket(socket->descriptor);

    return sock != NULL && sock->conn != NULL ? sock->conn->pcb.tcp : NULL;
}

/* Waits for nothing. A connection that failed, whose peer has stopped to acknowledge, or that has more to
 * send than TLS's good-bye, is reset: what is queued must not go out any more, and the next connection
 * needs the room. Any other is ended in good order, but makes room as soon as a new one needs it. */
static void close_descriptor(struct twilio_socket *socket)
{
    struct tcp_pcb *pcb;

    LOCK_TCPIP_CORE();
    pcb = pcb_of(socket);
    if (pcb != NULL && (socket->state == BROKEN || pcb->nrtx > 0 || pcb->snd_queuelen > 1))
        tcp_abort(pcb);
    else if (pcb != NULL)
        tcp_setprio(pcb, TCP_PRIO_MIN);
    UNLOCK_TCPIP_CORE();
    (void)lwip_close(socket->descriptor);  /* fails for one only that is none, or in use elsewhere */
}

static int open_descriptor(struct twilio_socket *socket)
{
    struct tcp_pcb *pcb;

    socket->descriptor = lwip_socket(IP_IS_V6(&socket->address) ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (socket->descriptor < 0)
        return TWILIO_ERR_NETWORK;
    socket->state = CONNECTING;
    if (lwip_fcntl(socket->descriptor, F_SETFL, O_NONBLOCK) != 0)
        return TWILIO_ERR_NETWORK;
    /* A request goes out in several pieces: the last must not wait for the acknowledgement
     * of the first. lwip_setsockopt does the same with a kilobyte of code. */
    LOCK_TCPIP_CORE();
    pcb = pcb_of(socket);
    if (pcb != NULL)
        tcp_nagle_disable(pcb);
    UNLOCK_TCPIP_CORE();
    return TWILIO_OK;
}

/* TWILIO_OK: there is an address to connect to. */
static int seek(struct twilio_socket *socket, const char *host)
{
    const ip_addr_t *address;
    bool waiting;

    LOCK_TCPIP_CORE();
    if (!socket->asked && candidate(socket) == NULL)
        ask(socket, host);
    address = candidate(socket);
    if (address != NULL)
        take(socket, address);
    waiting = asking(socket);
    UNLOCK_TCPIP_CORE();
    if (address != NULL)
        return open_descriptor(socket);
    return waiting ? TWILIO_AGAIN : socket->failure;
}

static int connect_descriptor(const struct twilio_socket *socket)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
#if LWIP_IPV6
        struct sockaddr_in6 in6;
#endif
    } to;

    memset(&to, 0, sizeof to);
#if LWIP_IPV6
    if (IP_IS_V6(&socket->address)) {
        to.in6.sin6_family = AF_INET6;
        to.in6.sin6_port = lwip_htons(socket->to_port);
        inet6_addr_from_ip6addr(&to.in6.sin6_addr, ip_2_ip6(&socket->address));
        return lwip_connect(socket->descriptor, &to.any, sizeof to.in6);
    }
#endif
    to.in.sin_family = AF_INET;
    to.in.sin_port = lwip_htons(socket->to_port);
    to.in.sin_addr.s_addr = ip4_addr_get_u32(ip_2_ip4(&socket->address));
    return lwip_connect(socket->descriptor, &to.any, sizeof to.in);
}

/* TWILIO_OK: it is open, or another address is to be sought. */
static int try_connect(struct twilio_socket *socket)
{
    if (connect_descriptor(socket) == 0 || errno == EISCONN) {
        socket->state = OPEN;
        return TWILIO_OK;
    }
    socket->failure = TWILIO_ERR_CONNECT;
    switch (errno) {
    case EINPROGRESS:
    case EALREADY:
        if (board_millis() - socket->tried_at < TWILIO_CONNECT_PATIENCE || !more(socket))
            return TWILIO_AGAIN;
        break;
    case ENOMEM:
    case ENOBUFS:
        return TWILIO_ERR_NETWORK;
    case EHOSTUNREACH:  /* there is no route there: no address of ours of its kind */
        socket->failure = TWILIO_ERR_NETWORK;
        break;
    default:
        break;
    }
    close_descriptor(socket);
    socket->state = SEEKING;
    return TWILIO_OK;
}

static int advance(struct twilio_socket *socket, const char *host)
{
    int result = socket->state == IDLE ? start(socket, host) : TWILIO_OK;

    while (result == TWILIO_OK && socket->state != OPEN)
        result = socket->state == SEEKING ? seek(socket, host) : try_connect(socket);
    return result;
}

/* ---- Transport -------------------------------------------------------------- */

static void socket_close(void *context)
{
    struct twilio_socket *socket = context;

    LOCK_TCPIP_CORE();
    end_question(socket);
    UNLOCK_TCPIP_CORE();
    if (socket->state >= CONNECTING)
        close_descriptor(socket);
    socket->state = IDLE;
    socket->resolving = false;
}

static int socket_connect(void *context, const char *host)
{
    struct twilio_socket *socket = context;
    int result;

    if (socket->state >= OPEN)
        socket_close(socket);
    result = advance(socket, host);
    if (result < 0 && result != TWILIO_AGAIN) {
        if (result != TWILIO_ERR_ARGUMENT && !twilio_network_up())
            result = TWILIO_ERR_NETWORK;
        socket_close(socket);
    }
    socket->resolving = result == TWILIO_AGAIN && socket->state == SEEKING;
    return result;
}

/* What a negative return of lwip_send or lwip_recv means. */
static int failure(struct twilio_socket *socket)
{
    if (errno == EWOULDBLOCK)
        return TWILIO_AGAIN;
    socket->state = BROKEN;
    return TWILIO_ERR_RESET;
}

static int socket_send(void *context, const void *data, size_t size)
{
    struct twilio_socket *socket = context;
    ssize_t sent;

    if (socket->state != OPEN && socket->state != ENDED)
        return TWILIO_ERR_RESET;
    sent = lwip_send(socket->descriptor, data, size, MSG_DONTWAIT);
    return sent < 0 ? failure(socket) : (int)sent;
}

static int socket_recv(void *context, void *data, size_t size)
{
    struct twilio_socket *socket = context;
    ssize_t received;

    if (socket->state == ENDED)
        return 0;
    if (socket->state != OPEN)
        return TWILIO_ERR_RESET;
    received = lwip_recv(socket->descriptor, data, size, MSG_DONTWAIT);
    if (received == 0)
        socket->state = ENDED;
    return received < 0 ? failure(socket) : (int)received;
}

struct twilio_transport twilio_socket_transport(struct twilio_socket *socket)
{
    struct twilio_transport transport = {
        socket_connect, socket_send, socket_recv, socket_close, socket
    };

    return transport;
}

/* ---- What TLS found out ------------------------------------------------------ */

/* Under the core lock. Seconds for which DNS need not be asked for the address connected to. */
static uint32_t proven_ttl(const struct twilio_socket *socket)
{
    const struct twilio_question *question = &socket->question;

    for (unsigned i = 0; socket->asked && question->state == TWILIO_DNS_OK && i < question->count; i++)
        if (ip_addr_eq(&socket->address, &question->address[i]))
            return question->ttl;
    return socket->known_left;
}

void twilio_socket_proven(struct twilio_socket *socket)
{
    if (!socket->unproven || socket->host == 0)
        return;
    socket->unproven = false;
    LOCK_TCPIP_CORE();
    socket->known.ttl = proven_ttl(socket);
    socket->known.proven = twilio_clock_now();
    socket->known.address = socket->address;
    socket->known.host = socket->host;
    end_question(socket);
    UNLOCK_TCPIP_CORE();
}

bool twilio_socket_another(struct twilio_socket *socket)
{
    socket->again = more(socket);
    return socket->again;
}
