"""An HTTPS/1.1 server for tests: strict about requests, faulty on demand, and every byte on record.

TLS is pumped by hand between OpenSSL and the TCP socket, for two reasons: what a client put on the
wire is kept as it came (Visit), and a server can be made to fail at any byte (FAULTS).

SPDX-License-Identifier: MIT
"""
import re
import socket
import ssl
import struct
import threading
import time

FAULTS = {
    # of a connection
    "reset-accept": "resets as soon as the client has said something",
    "reset-handshake": "resets after half of its first flight",
    "silence": "accepts and says nothing",
    "silence-handshake": "says nothing after half of its first flight",
    "reset-open": "resets once the handshake is complete",
    # of an answer, the request having been carried out
    "silence-answer": "says nothing",
    "silence-body": "says nothing after half of the body",
    "reset-answer": "resets before the answer",
    "reset-body": "resets after half of the body",
    "truncated": "ends in good order after half of the body",
    "cut": "ends TCP after half of the body, without close_notify",
    "close": "says Connection: close, and closes",
    "rough-close": "says Connection: close, and ends TCP without close_notify",
    "until-close": "no Content-Length: the body ends with the connection",
    "until-close-cut": "the same, ended without close_notify: anybody could have cut it",
    "drop-idle": "closes after each answer, having promised keep-alive",
    "reset-idle": "resets after each answer, having promised keep-alive",
    "chunked": "Transfer-Encoding: chunked with extensions and trailers, in odd sizes",
    "continue": "two 1xx answers before the real one",
    "records": "each byte in a TLS record of its own",
    "drip": "a byte every 50 ms",
    "garbage": "does not speak HTTP",
    "bare-lf": "ends its header lines with LF only",
}
OF_CONNECTION = ("reset-accept", "reset-handshake", "silence", "silence-handshake", "reset-open")
CLOSING = ("close", "rough-close", "until-close", "until-close-cut")
APPLICATION_DATA = 23
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
HEAD_MAX = 16384


class Gone(Exception):
    """The connection is over; the text says how."""


class Refused(Exception):
    """The request is not HTTP/1.1 as RFC 9112 has it."""


class Visit:
    """One connection, as the server saw it."""

    def __init__(self, number, sock):
        self.number = number
        self.sock = sock
        self.received = bytearray()  # all that the client sent, as it was on the wire
        self.accepted = False        # whether the client completed the handshake
        self.resumed = False
        self.version = None
        self.server_name = None
        self.requests = 0
        self.ending = None           # how it ended
        self.over = threading.Event()

    def read(self):
        try:
            data = self.sock.recv(65536)
        except OSError as error:
            raise Gone("%s" % error)
        if not data:
            raise Gone("client closed")
        self.received += data
        return data

    def write(self, data):
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Gone("%s" % error)

    def listen_on(self):
        """Put on record what still comes, until the client is gone."""
        while True:
            self.read()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone("server reset")

    def reset_later(self):
        """A user-mode network makes a mere FIN of data and reset that come together."""
        time.sleep(0.1)
        self.reset()

    def records(self):
        """The (type, length) of each TLS record the client sent; type None: that was not TLS."""
        found, at = [], 0
        while at + 5 <= len(self.received):
            kind, version, length = struct.unpack_from(">BHH", self.received, at)
            if not 20 <= kind <= 24 or version >> 8 != 3:
                return found + [(None, len(self.received) - at)]
            found.append((kind, length))
            at += 5 + length
        return found


class Tls:
    """TLS of one visit."""

    def __init__(self, visit, context):
        self.visit = visit
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.engine = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def flush(self):
        if self.outgoing.pending:
            self.visit.write(self.outgoing.read())

    def pump(self, work, *arguments):
        while True:
            try:
                done = work(*arguments)
                self.flush()
                return done
            except ssl.SSLWantReadError:
                self.flush()
                self.incoming.write(self.visit.read())
            except ssl.SSLError as error:
                self.flush()
                raise Gone(error.reason or str(error))

    def handshake(self, fault):
        if fault in ("reset-handshake", "silence-handshake"):
            self.half_flight(fault)
        self.pump(self.engine.do_handshake)
        self.visit.accepted = True
        self.visit.resumed = self.engine.session_reused
        self.visit.version = self.engine.version()

    def half_flight(self, fault):
        flight = b""
        while not flight:
            self.incoming.write(self.visit.read())
            try:
                self.engine.do_handshake()
            except ssl.SSLWantReadError:
                flight = self.outgoing.read()
        self.visit.write(flight[:len(flight) // 2])
        if fault == "reset-handshake":
            self.visit.reset_later()
        self.visit.listen_on()

    def read(self):
        """Some bytes; none when the client closed in good order."""
        try:
            return self.pump(self.engine.read, 16384)
        except ssl.SSLZeroReturnError:
            return b""

    def write(self, data, record=16384):
        """Write data in records of that many bytes at most."""
        for at in range(0, len(data), record):
            self.engine.write(data[at:at + record])
        self.flush()

    def notify(self):
        try:
            self.engine.unwrap()
        except ssl.SSLError:
            pass  # ours is written; the client's answer to it is not waited for
        self.flush()


class Request:
    """One request: method, target as it came, headers with lower-case names, body."""

    def __init__(self, method, target, headers, visit):
        self.method, self.target, self.headers, self.visit = method, target, headers, visit
        self.body = b""

    def header(self, name):
        return self.headers.get(name)


class Answer:
    def __init__(self, code, reason, headers, body):
        self.code, self.reason, self.headers, self.body = code, reason, headers, body


def read_request(tls, rest, visit):
    """The next request and the bytes that came after it; None when there is none."""
    while b"\r\n\r\n" not in rest:
        more = tls.read()
        if not more and not rest:
            return None, b""
        if not more:
            raise Gone("client closed in the middle of a request")
        rest += more
        if len(rest) > HEAD_MAX:
            raise Refused("the head is too long")
    head, rest = rest.split(b"\r\n\r\n", 1)
    request = parse_head(head, visit)
    length = int(request.headers.get("content-length", "0"))
    while len(rest) < length:
        more = tls.read()
        if not more:
            raise Gone("client closed in the middle of a request")
        rest += more
    request.body = rest[:length]
    return request, rest[length:]


def parse_head(head, visit):
    try:
        lines = head.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise Refused("the head is not ASCII")
    line = re.match(r"([A-Z]+) (/[!-~]*) HTTP/1\.1\Z", lines[0])
    if not line or "#" in line[2]:
        raise Refused("request line %r" % lines[0])
    headers = {}
    for text in lines[1:]:
        name, colon, value = text.partition(":")
        if not colon or not TOKEN.match(name) or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            raise Refused("header %r" % text)
        if name.lower() in headers:
            raise Refused("a second %s header" % name)
        headers[name.lower()] = value.strip(" \t")
    if not re.match(r"[A-Za-z0-9.-]+(:\d+)?\Z", headers.get("host", "")):
        raise Refused("Host header %r" % headers.get("host"))
    if "transfer-encoding" in headers or not re.match(r"\d{1,7}\Z", headers.get("content-length", "0")):
        raise Refused("the length of the body cannot be told")
    return Request(line[1], line[2], headers, visit)


def context(chain, tls="1.2"):
    """A TLS context for that chain (DIR/NAME) of ca.py, with that version of TLS at most."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(chain + ".pem", chain + ".key")
    versions = {"1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
    if tls == "1.1":  # nothing newer; OpenSSL must be told that it may
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.TLSv1
    made.maximum_version = versions[tls]
    return made


class Server:
    """Serves answer(request) over TLS from threads of its own. Bind, then start."""

    def __init__(self, answer, chain, address=("127.0.0.1", 0), tls="1.2"):
        self.answer = answer
        self.contexts = {}  # kept, for with them the keys of session tickets are
        self.behave(chain, tls)
        self.visits = []
        self.changed = threading.Condition()
        self.names = {}
        self.address = address
        self.listen()

    def behave(self, chain, tls="1.2", fault=None, times=None):
        """From the next connection on. times: how often the fault strikes; None: always."""
        if (chain, tls) not in self.contexts:
            self.contexts[chain, tls] = context(chain, tls)
            self.contexts[chain, tls].sni_callback = self.note_name
        self.context, self.fault, self.times = self.contexts[chain, tls], fault, times

    def listen(self):
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        self.listener = socket.create_server(self.address, family=family)
        self.port = self.listener.getsockname()[1]

    def start(self):
        threading.Thread(target=self.serve, args=(self.listener,), daemon=True).start()
        return self

    def stop(self):
        """Accept no more, until listen and start. Visits under way end by themselves."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def note_name(self, engine, name, _):
        self.names[engine] = name

    def serve(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.changed:
                visit = Visit(len(self.visits) + 1, sock)
                self.visits.append(visit)
                self.changed.notify_all()
            threading.Thread(target=self.receive, args=(visit,), daemon=True).start()

    def wait(self, condition, seconds=10):
        """Wait until condition() holds; it is looked at whenever something has happened here."""
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def strike(self, of_connection):
        """The fault that strikes now, if any."""
        with self.changed:
            if self.fault is None or (self.fault in OF_CONNECTION) != of_connection or self.times == 0:
                return None
            if self.times is not None:
                self.times -= 1
            return self.fault

    def receive(self, visit):
        try:
            self.converse(visit, self.strike(True))
        except Gone as gone:
            visit.ending = str(gone)
            if not visit.accepted and visit.sock.fileno() >= 0 and visit.ending != "server reset":
                try:
                    visit.listen_on()
                except Gone:
                    pass
        finally:
            visit.sock.close()
            visit.over.set()
            with self.changed:
                self.changed.notify_all()

    def converse(self, visit, fault):
        if fault == "silence":
            visit.listen_on()
        if fault == "reset-accept":
            visit.read()
            visit.reset()
        tls = Tls(visit, self.context)
        try:
            tls.handshake(fault)
        finally:
            visit.server_name = self.names.pop(tls.engine, None)
        if fault == "reset-open":
            visit.reset()
        rest = b""
        while True:
            try:
                request, rest = read_request(tls, rest, visit)
                if request is None:
                    raise Gone("client closed")
                visit.requests += 1
                answer, open_after = self.answer(request), request.header("connection") != "close"
            except Refused as why:
                answer, open_after = Answer(400, "Bad Request", [], ("%s\n" % why).encode()), False
                request = Request("GET", "", {}, visit)
            with self.changed:
                self.changed.notify_all()
            self.deliver(tls, request, answer, self.strike(False), open_after)

    def deliver(self, tls, request, answer, fault, open_after):
        """Send the answer as the fault has it. Raises Gone when the connection ends by it."""
        visit, body = tls.visit, answer.body
        if fault == "reset-answer":
            visit.reset()
        if fault == "silence-answer":
            visit.listen_on()
        if fault == "garbage":
            tls.write(b"220 mail.example.com ESMTP\r\n250 HELP\r\n")
            visit.listen_on()
        open_after = open_after and fault not in CLOSING
        head = self.head(answer, fault, open_after)
        if fault == "chunked" and body:
            body = chunked(body)
        if request.method == "HEAD" or answer.code in (204, 304):
            body = b""
        if fault in ("silence-body", "reset-body", "truncated", "cut"):
            body = body[:len(body) // 2]
        if fault == "drip":
            for byte in head + body:
                tls.write(bytes((byte,)))
                time.sleep(0.05)
        else:
            tls.write(head + body, 1 if fault == "records" else 16384)
        if fault == "silence-body":
            visit.listen_on()
        if fault == "reset-idle":
            visit.reset()
        if fault == "reset-body":
            visit.reset_later()
        if fault in ("cut", "rough-close", "until-close-cut"):
            raise Gone("server closed without close_notify")
        if fault in ("truncated", "drop-idle") or not open_after:
            tls.notify()
            raise Gone("server closed")

    def head(self, answer, fault, open_after):
        lines = ["HTTP/1.1 %d %s" % (answer.code, answer.reason)]
        lines += ["%s: %s" % header for header in answer.headers]
        if fault == "chunked" and answer.body:
            lines += ["Transfer-Encoding: chunked", "Trailer: X-Trailer"]
        elif fault not in ("until-close", "until-close-cut") and answer.code not in (204, 304):
            lines.append("Content-Length: %d" % len(answer.body))
        lines.append("Connection: " + ("keep-alive" if open_after else "close"))
        end = "\n" if fault == "bare-lf" else "\r\n"
        text = end.join(lines) + end + end
        if fault == "continue":
            text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + text
        return text.encode("latin-1")


def chunked(body):
    pieces, at, size = [], 0, 1
    while at < len(body):
        piece = body[at:at + size]
        pieces.append(b"%x;note=\"a;b\"\r\n%s\r\n" % (len(piece), piece))
        at, size = at + size, size * 2 + 1
    return b"".join(pieces) + b"0\r\nX-Trailer: last\r\n\r\n"
