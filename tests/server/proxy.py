#!/usr/bin/python3
"""An HTTP proxy that knows CONNECT alone (RFC 9110 9.3.6), strict about requests, and faulty on demand.

    proxy.py [--port N] [--login USER:SECRET] [--to PORT] [--fault NAME]

Whatever host it is asked for is this machine, at the port asked for, or --to's. Prints "ready PORT" when
it listens on 127.0.0.1, then a line for each request; the login is compared and never shown. --help
lists the faults.

SPDX-License-Identifier: MIT
"""
import argparse
import base64
import hmac
import re
import signal
import socket
import struct
import threading

FAULTS = {
    "refuse": "502 with a body",
    "close": "closes without an answer",
    "reset": "resets without an answer",
    "silence": "gives no answer",
    "cut": "closes after half of its answer",
    "drip": "gives its answer octet by octet",
    "garbage": "does not speak HTTP",
    "wordy": "two 1xx answers, then a 200 with many headers and a Content-Length that it does not keep to",
    "body": "a body after its 200, which it must not have",
    "together": "holds its 200 back until the server has said something, then gives both at once",
}
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
WORDY = (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
         b"HTTP/1.0 200 OK\r\nVia: 1.1 wall\r\nX-Folded: one\r\n\ttwo\r\nX-Empty:\r\nX-Long: " + b"x" * 1000 +
         b"\r\nContent-Length: 5\r\n\r\n")
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
REFUSALS = {400: b"Bad Request", 407: b"Proxy Authentication Required", 502: b"Bad Gateway"}
REQUEST = re.compile(rb"CONNECT ([A-Za-z0-9._~-]+):(\d{1,5}) HTTP/1\.1\r\nHost: \1:\2\r\n"
                     rb"(?:Proxy-Authorization: Basic ([A-Za-z0-9+/]+=*)\r\n)?\r\n\Z")
HEAD_MAX = 8192


class Proxy:
    """login: "user:secret" that it wants; to: the port that it connects to, whatever it is asked for."""

    def __init__(self, login=None, fault=None, to=None):
        self.login, self.fault, self.to = login and base64.b64encode(login.encode()), fault, to
        self.asked = []  # (host, port, code of the answer)

    def listen(self, port=0):
        """Serve from a thread of its own; returns the port."""
        listener = socket.create_server(("127.0.0.1", port), backlog=16)
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
        return listener.getsockname()[1]

    def accept(self, listener):
        while True:
            threading.Thread(target=self.serve, args=(listener.accept()[0],), daemon=True).start()

    def serve(self, client):
        """One connection, to its end."""
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client:
            try:
                self.answer(client, read_head(client))
            except OSError:
                pass  # one side is gone

    def answer(self, client, head):
        request = REQUEST.match(head)
        if not request:
            return self.refuse(client, "", 0, 400)
        host, port = request[1].decode(), int(request[2])
        if self.login and not hmac.compare_digest(self.login, request[3] or b""):
            return self.refuse(client, host, port, 407)
        if self.fault == "refuse":
            return self.refuse(client, host, port, 502)
        if self.fault in ("close", "reset", "silence", "cut", "garbage"):
            self.note(host, port, 0)
            return misbehave(client, self.fault)
        try:
            server = socket.create_connection(("127.0.0.1", self.to or port))
        except OSError:
            return self.refuse(client, host, port, 502)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.note(host, port, 200)
        with server:
            establish(client, server, self.fault)
            relay(client, server)

    def refuse(self, client, host, port, code):
        self.note(host, port, code)
        more = b'Proxy-Authenticate: Basic realm="wall"\r\n' if code == 407 else b""
        client.sendall(b"HTTP/1.1 %d %s\r\n%sContent-Length: 4\r\n\r\nno.\n" % (code, REFUSALS[code], more))

    def note(self, host, port, code):
        self.asked.append((host, port, code))


def read_head(client):
    """All that the client says before it is answered: its request must be all of it."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < HEAD_MAX:
        more = client.recv(4096)
        if not more:
            break
        head += more
    return head


def misbehave(client, fault):
    if fault == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif fault == "cut":
        client.sendall(ESTABLISHED[:len(ESTABLISHED) // 2])
    elif fault == "garbage":
        client.sendall(b"220 mail.example.com ESMTP\r\n")
        client.recv(1)
    elif fault == "silence":
        client.recv(1)


def establish(client, server, fault):
    if fault == "drip":
        for octet in ESTABLISHED:
            client.sendall(bytes((octet,)))
    else:
        first = server.recv(4096) if fault == "together" else b""
        client.sendall({"wordy": WORDY, "body": BODY}.get(fault, ESTABLISHED) + first)


def relay(client, server):
    """Both ways, until both sides have ended."""
    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join()


def pump(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    except OSError:
        pass
    for side, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            side.shutdown(how)
        except OSError:
            pass


def main():
    faults = "\n".join("  %-10s %s" % item for item in FAULTS.items())
    parser = argparse.ArgumentParser(description=__doc__.partition("SPDX")[0], epilog="faults:\n" + faults,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 or none: any that is free")
    parser.add_argument("--login", metavar="USER:SECRET", help="wanted by Basic authentication")
    parser.add_argument("--to", type=int, metavar="PORT", help="connect there, whatever is asked for")
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME")
    given = parser.parse_args()
    proxy = Proxy(given.login, given.fault, given.to)
    proxy.note = lambda host, port, code: print("%s:%d %s" % (host, port, code or "no answer"), flush=True)
    print("ready %d" % proxy.listen(given.port), flush=True)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pause()


if __name__ == "__main__":
    main()
