"""A TLS 1.2 server that does as its script says, within the rules or not.

A script is words, each a method of Scripted below, with numbers as its arguments: "alert:2:40". The good one:

    listen hello certificate exchange done key proof change finished take answer bye

SPDX-License-Identifier: MIT
"""
import hashlib
import os
import select
import socket
import struct
import time

from tls12 import BASE, Gcm, load_rsa, pem_blocks, prf, sign, x25519

CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
GOOD = "listen hello certificate exchange done key proof change finished take answer bye".split()
SUITE, CURVE, SIGNATURE = 0xC02F, 29, 0x0401
BODY = b'{"sid":"SM00000000000000000000000000000001"}'


def vector(octets, width):
    return len(octets).to_bytes(width, "big") + octets


def head(status="201 Created", size=None):
    text = "HTTP/1.1 %s\r\nContent-Type: application/json\r\n" % status
    return (text + ("" if size is None else "Content-Length: %d\r\n" % size) + "\r\n").encode()


class Gone(Exception):
    """The client went away."""


class Keys:
    """One direction's."""

    def __init__(self, key, salt):
        self.gcm, self.salt, self.count = Gcm(key), salt, 0

    def extra(self, kind, size):
        self.count += 1
        return (self.count - 1).to_bytes(8, "big") + struct.pack(">BHH", kind, 0x0303, size)

    def seal(self, kind, data):
        nonce = self.count.to_bytes(8, "big")
        return nonce + self.gcm.seal(self.salt + nonce, self.extra(kind, len(data)), data)

    def unseal(self, kind, data):
        return self.gcm.unseal(self.salt + data[:8], self.extra(kind, len(data) - 24), data[8:])


class Scripted:
    def __init__(self, raw, pem, quiet):
        self.raw, self.pem, self.quiet = raw, pem, quiet
        self.reading = self.writing = None  # Keys
        self.most, self.version, self.bad, self.times, self.slow = 16384, 0x0303, False, 1, False
        self.messages, self.transcript, self.asked = b"", b"", False
        self.random, self.private = os.urandom(32), os.urandom(32)

    def run(self, script):
        try:
            for word in script:
                verb, *arguments = word.split(":")
                getattr(self, verb)(*(int(argument, 0) for argument in arguments))
            self.end()
        except (Gone, OSError):
            pass
        finally:
            self.raw.close()
            self.quiet.set()

    # ---- Records

    def receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.raw.recv(size - len(data))
            if not piece:
                raise Gone
            data += piece
        return data

    def read(self):
        """A record: its kind and what it says."""
        kind, _, size = struct.unpack(">BHH", self.receive(5))
        data = self.receive(size)
        if self.reading:
            data = self.reading.unseal(kind, data)
        if kind == ALERT and data[0] == 2:
            raise Gone
        return kind, data

    def put(self, kind, data):
        for at in range(0, max(len(data), 1), self.most):
            self.put_record(kind, data[at:at + self.most])

    def put_record(self, kind, data):
        if self.writing:
            data = self.writing.seal(kind, data)
        record = struct.pack(">BHH", kind, self.version, len(data)) + data
        if self.bad:
            record = record[:-1] + bytes((record[-1] ^ 1,))
        for _ in range(self.times):
            self.deliver(record)
        self.bad, self.times = False, 1

    def deliver(self, octets):
        for i in range(0, len(octets), 1 if self.slow else len(octets)):
            self.raw.sendall(octets[i:i + 1] if self.slow else octets)
            time.sleep(0.05 if self.slow else 0)  # the fault itself: a server that dawdles

    # ---- How records are made from here on

    def size(self, most):
        self.most = most

    def number(self, version):
        self.version = version

    def drip(self):
        self.slow = True

    def flip(self):
        """A bit of the next record."""
        self.bad = True

    def twice(self):
        """The next record comes twice, by the octet."""
        self.times = 2

    def open(self):
        """In the clear from here on."""
        self.writing = None

    # ---- Messages of the handshake

    def say(self, kind, body=b"", counts=True):
        message = bytes((kind,)) + vector(body, 3)
        self.transcript += message if counts else b""
        self.put(HANDSHAKE, message)

    def hear(self):
        while len(self.messages) < 4 or len(self.messages) < 4 + int.from_bytes(self.messages[1:4], "big"):
            self.messages += self.read()[1]
        size = 4 + int.from_bytes(self.messages[1:4], "big")
        message, self.messages = self.messages[:size], self.messages[size:]
        return message

    def listen(self):
        """To the ClientHello."""
        message = self.hear()
        self.transcript += message
        self.client_random = message[6:38]

    def hello(self, version=0x0303, suite=SUITE, compression=0, extension=None):
        extensions = b"\xff\x01\0\1\0"  # renegotiation is secure
        if extension is not None:
            extensions += struct.pack(">HH", extension, 1) + b"\3"
        self.say(2, struct.pack(">H", version) + self.random + b"\0" +
                 struct.pack(">HB", suite, compression) + vector(extensions, 2))

    def certificate(self, times=1):
        """The leaf, and its intermediate so many times."""
        leaf, *others = pem_blocks(self.pem + ".pem")
        self.say(11, vector(b"".join(vector(der, 3) for der in [leaf] + others * times), 3))

    def nobody(self):
        """A chain of no certificates."""
        self.say(11, vector(b"", 3))

    def nonsense(self, kind):
        """A message of so many octets that mean nothing."""
        self.say(kind, b"\xee" * 40)

    def exchange(self, curve=CURVE, algorithm=SIGNATURE, wrong=0, zero=0):
        public = bytes(32) if zero else x25519(self.private, BASE)
        parameters = struct.pack(">BH", 3, curve) + vector(public, 1)
        signature = sign(load_rsa(self.pem + ".key"), self.client_random + self.random + parameters)
        if wrong:
            signature = signature[:-1] + bytes((signature[-1] ^ 1,))
        self.say(12, parameters + struct.pack(">H", algorithm) + vector(signature, 2))

    def ask(self):
        """For a certificate of the client's."""
        self.asked = True
        self.say(13, b"\1\1" + vector(b"\4\1", 2) + vector(b"", 2))

    def done(self):
        self.say(14)

    def again(self):
        """HelloRequest: let us renegotiate."""
        self.say(0, counts=False)

    def ticket(self):
        self.say(4, bytes(4) + vector(bytes(100), 2))

    def key(self):
        """The client's flight, up to its keys."""
        if self.asked:
            self.transcript += self.hear()
        message = self.hear()
        self.transcript += message
        shared = x25519(self.private, message[5:])
        secret = prf(shared, b"master secret", self.client_random + self.random, 48)
        block = prf(secret, b"key expansion", self.random + self.client_random, 40)
        self.master, self.write_keys = secret, Keys(block[16:32], block[36:40])
        self.read()  # ChangeCipherSpec
        self.reading = Keys(block[:16], block[32:36])

    def verify_data(self, label):
        return prf(self.master, label, hashlib.sha256(self.transcript).digest(), 12)

    def proof(self):
        expected = bytes((20, 0, 0, 12)) + self.verify_data(b"client finished")
        message = self.hear()
        if message != expected:
            raise ValueError("the client's Finished is wrong")
        self.transcript += message

    def change(self):
        self.put(CHANGE, b"\1")
        self.writing = self.write_keys

    def finished(self, wrong=0):
        data = self.verify_data(b"server finished")
        self.say(20, bytes((data[0] ^ wrong,)) + data[1:])

    # ---- After it

    def take(self):
        """The request, all of it."""
        request = b""
        while b"\r\n\r\n" not in request:
            request += self.read()[1]
        text, _, body = request.partition(b"\r\n\r\n")
        lines = text.lower().split(b"\r\n")
        size = sum(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        while len(body) < size:
            body += self.read()[1]

    def answer(self, size=len(BODY)):
        self.put(DATA, head(size=size) + BODY[:size] + bytes(max(size - len(BODY), 0)))

    def half(self):
        """Half an answer."""
        self.put(DATA, head(size=1000) + BODY)

    def endless(self):
        """An answer whose end only the connection's end shows."""
        self.put(DATA, head() + BODY)

    def smtp(self):
        self.put(DATA, b"220 mail.example.com ESMTP\r\n")

    def empty(self, kind):
        self.put_record(kind, b"")

    def record(self, kind, size):
        self.put_record(kind, bytes(size))

    def alert(self, level, code):
        self.put(ALERT, bytes((level, code)))

    def flood(self, level, code):
        """Alerts, until the client goes, as fast as it takes them."""
        many = struct.pack(">BHHBB", ALERT, self.version, 2, level, code) * 10000
        while True:
            self.raw.sendall(many)

    # ---- The end

    def bye(self):
        self.alert(1, 0)

    def silence(self):
        """Until the client goes."""
        while self.raw.recv(4096):
            pass
        raise Gone

    def pause(self):
        """Until the client has sent something, which stays unread."""
        select.select([self.raw], [], [])

    def deaf(self):
        """Until the client goes, and nothing is read meanwhile."""
        gone = select.poll()
        gone.register(self.raw, select.POLLRDHUP)
        gone.poll()
        raise Gone

    def end(self):
        self.raw.shutdown(socket.SHUT_WR)
        self.quiet.set()
        self.silence()

    def reset(self):
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone
