/*
 * sockets.c - lwIP sockets that never wait: name, connection, bytes
 *
 * SPDX-License-Identifier: MIT
 */
#include "sockets.h"

#include "network.h"

#include <string.h>

#include "lwip/api.h"
#include "lwip/dns.h"
#include "lwip/errno.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/sockets.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"

#define PORT_DEFAULT 443
#define ADDRESS_SIZE 16  /* "255.255.255.255" */

enum state {
    IDLE,        /* no attempt, no descriptor */
    RESOLVING,   /* in the list below, and waiting for DNS */
    UNRESOLVED,
    RESOLVED,
    CONNECTING,  /* from here on there is a descriptor */
    OPEN,
    ENDED,       /* the peer sends no more */
    BROKEN
};

/* Those that wait for DNS. lwIP cannot be told to forget a query, so its answer carries a
 * ticket, not an address: an answer to an attempt given up finds nobody here. */
static struct twilio_socket *waiting;
static uint32_t last_ticket;

/* ---- Name to address ------------------------------------------------------- */

/* Under the core lock. */
static void stop_waiting(struct twilio_socket *socket)
{
    struct twilio_socket **link = &waiting;

    while (*link != NULL && *link != socket)
        link = &(*link)->next;
    if (*link != NULL)
        *link = socket->next;
}

static void resolved(const char *name, const ip_addr_t *address, void *ticket)
{
    struct twilio_socket *socket = waiting;

    (void)name;
    while (socket != NULL && socket->ticket != (uintptr_t)ticket)
        socket = socket->next;
    if (socket == NULL)
        return;
    stop_waiting(socket);
    if (address != NULL)
        socket->address = ip4_addr_get_u32(ip_2_ip4(address));
    socket->state = address != NULL ? RESOLVED : UNRESOLVED;
}

/* Under the core lock. */
static int ask(struct twilio_socket *socket, const char *host)
{
    ip_addr_t address;
    err_t error;

    socket->ticket = ++last_ticket;
    socket->state = RESOLVING;
    socket->next = waiting;
    waiting = socket;
    error = dns_gethostbyname(host, &address, resolved, (void *)(uintptr_t)socket->ticket);
    if (error == ERR_INPROGRESS)
        return TWILIO_AGAIN;
    if (error == ERR_OK) {
        resolved(host, &address, (void *)(uintptr_t)socket->ticket);
        return TWILIO_AGAIN;
    }
    stop_waiting(socket);
    socket->state = IDLE;
    return error == ERR_MEM ? TWILIO_AGAIN : TWILIO_ERR_DNS;  /* too many queries: later */
}

/* "10.0.2.2:8443", "10.0.2.2" */
static bool parse_address(const char *text, uint32_t *address, uint16_t *port)
{
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    char number[ADDRESS_SIZE];
    uint32_t value = 0;

    if (length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    *address = ipaddr_addr(number);
    if (*address == IPADDR_NONE || *address == IPADDR_ANY)
        return false;
    if (colon == NULL)
        return true;
    for (text = colon + 1; *text >= '0' && *text <= '9' && value <= UINT16_MAX; text++)
        value = 10 * value + (uint32_t)(*text - '0');
    *port = (uint16_t)value;
    return *text == '\0' && value >= 1 && value <= UINT16_MAX;
}

static int start(struct twilio_socket *socket, const char *host)
{
    int result;

    socket->to_port = socket->port != 0 ? socket->port : PORT_DEFAULT;
    if (socket->connect_to != NULL) {
        if (!parse_address(socket->connect_to, &socket->address, &socket->to_port))
            return TWILIO_ERR_ARGUMENT;
        socket->state = RESOLVED;
    }
    if (!twilio_network_up())
        return TWILIO_ERR_NETWORK;
    if (socket->state == RESOLVED)
        return TWILIO_AGAIN;
    LOCK_TCPIP_CORE();
    result = ask(socket, host);
    UNLOCK_TCPIP_CORE();
    return result;
}

/* ---- Connection ------------------------------------------------------------ */

/* Under the core lock. NULL once the connection has failed. */
static struct tcp_pcb *pcb_of(const struct twilio_socket *socket)
{
    struct lwip_sock *sock = lwip_socket_dbg_get_socket(socket->descriptor);

    return sock != NULL && sock->conn != NULL ? sock->conn->pcb.tcp : NULL;
}

static int open_descriptor(struct twilio_socket *socket)
{
    socket->descriptor = lwip_socket(AF_INET, SOCK_STREAM, 0);
    if (socket->descriptor < 0)
        return TWILIO_ERR_NETWORK;
    socket->state = CONNECTING;
    (void)lwip_fcntl(socket->descriptor, F_SETFL, O_NONBLOCK);
    /* A request goes out in several pieces: the last must not wait for the acknowledgement
     * of the first. lwip_setsockopt does the same with a kilobyte of code. */
    LOCK_TCPIP_CORE();
    tcp_nagle_disable(pcb_of(socket));
    UNLOCK_TCPIP_CORE();
    return TWILIO_AGAIN;
}

static int try_connect(struct twilio_socket *socket)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = lwip_htons(socket->to_port);
    to.sin_addr.s_addr = socket->address;
    if (lwip_connect(socket->descriptor, (struct sockaddr *)&to, sizeof to) == 0 || errno == EISCONN) {
        socket->state = OPEN;
        return TWILIO_OK;
    }
    switch (errno) {
    case EINPROGRESS:
    case EALREADY:
        return TWILIO_AGAIN;
    case EHOSTUNREACH:
    case ENOMEM:
    case ENOBUFS:
        return TWILIO_ERR_NETWORK;
    default:
        return TWILIO_ERR_CONNECT;
    }
}

/* With threads DNS answers in another one: see all that it wrote, or nothing. */
static enum state state_of(const struct twilio_socket *socket)
{
    enum state state;

    LOCK_TCPIP_CORE();
    state = socket->state;
    UNLOCK_TCPIP_CORE();
    return state;
}

static int advance(struct twilio_socket *socket, const char *host)
{
    int result = TWILIO_AGAIN;

    if (state_of(socket) == IDLE)
        result = start(socket, host);
    if (result == TWILIO_AGAIN && state_of(socket) == UNRESOLVED)
        result = TWILIO_ERR_DNS;
    if (result == TWILIO_AGAIN && state_of(socket) == RESOLVED)
        result = open_descriptor(socket);
    if (result == TWILIO_AGAIN && state_of(socket) == CONNECTING)
        result = try_connect(socket);
    return result;
}

/* ---- Transport ------------------------------------------------------------- */

/* Waits for nothing. A connection that failed, or whose peer has stopped to acknowledge, is
 * reset: what is queued must not go out any more. Any other is ended in good order, but
 * makes room as soon as a new one needs it. */
static void socket_close(void *context)
{
    struct twilio_socket *socket = context;
    struct tcp_pcb *pcb;

    LOCK_TCPIP_CORE();
    stop_waiting(socket);
    pcb = socket->state >= CONNECTING ? pcb_of(socket) : NULL;
    if (pcb != NULL && (socket->state == BROKEN || pcb->nrtx > 0))
        tcp_abort(pcb);
    else if (pcb != NULL)
        tcp_setprio(pcb, TCP_PRIO_MIN);
    UNLOCK_TCPIP_CORE();
    if (socket->state >= CONNECTING)
        (void)lwip_close(socket->descriptor);
    socket->state = IDLE;
    socket->resolving = false;
}

static int socket_connect(void *context, const char *host)
{
    struct twilio_socket *socket = context;
    int result;

    if (state_of(socket) >= OPEN)
        socket_close(socket);
    result = advance(socket, host);
    if (result < 0 && result != TWILIO_AGAIN) {
        if (result != TWILIO_ERR_ARGUMENT && !twilio_network_up())
            result = TWILIO_ERR_NETWORK;
        socket_close(socket);
    }
    socket->resolving = result == TWILIO_AGAIN && state_of(socket) < RESOLVED;
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
