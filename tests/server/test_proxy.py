#!/usr/bin/python3
"""The proxy, tested by itself: what it must refuse it refuses, and what it lets through is whole.

SPDX-License-Identifier: MIT
"""
import base64
import os
import socket
import sys
import threading
import unittest

sys.dont_write_bytecode = True
import proxy  # noqa: E402

PATTERN = os.urandom(300000)


def echo():
    """A server that sends everything back; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            with listener.accept()[0] as client:
                proxy.pump(client, client)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def ask(made, *pieces):
    client = socket.create_connection(("127.0.0.1", made.listen()), timeout=10)
    for piece in pieces:
        client.sendall(piece)
    return client


def everything(client):
    octets = b""
    while True:
        more = client.recv(65536)
        if not more:
            return octets
        octets += more


def send_pattern(client):
    client.sendall(PATTERN)
    client.shutdown(socket.SHUT_WR)


class Proxy(unittest.TestCase):
    def request(self, more=b""):
        return b"CONNECT a:%d HTTP/1.1\r\nHost: a:%d\r\n%s\r\n" % (ECHO, ECHO, more)

    def test_what_it_refuses(self):
        good = self.request()
        for bad in (good.replace(b"CONNECT", b"GET"), good.replace(b"1.1", b"1.0"), good + b"x",
                    good.replace(b"Host: a", b"Host: b"), good.replace(b"Host", b"Hist"), good[:-1],
                    good.replace(b"\r", b""),
                    self.request(b"Proxy-Authorization: Basic a b\r\n"), self.request(b"X: y\r\n")):
            made = proxy.Proxy()
            client = ask(made, bad)
            client.shutdown(socket.SHUT_WR)
            self.assertTrue(everything(client).startswith(b"HTTP/1.1 400 "), bad)
            self.assertEqual(made.asked, [("", 0, 400)])

    def test_login(self):
        for login, code in ((None, 407), (b"a:b", 407), (b"a:c ", 407), (b"a:c", 200)):
            header = b"Proxy-Authorization: Basic " + base64.b64encode(login) + b"\r\n" if login else b""
            made = proxy.Proxy("a:c")
            client = ask(made, self.request(header))
            self.assertTrue(client.recv(13).startswith(b"HTTP/1.1 %d " % code), login)
            self.assertEqual(made.asked, [("a", ECHO, code)])

    def test_what_passes(self):
        for fault, first in ((None, proxy.ESTABLISHED), ("wordy", proxy.WORDY), ("drip", proxy.ESTABLISHED)):
            client = ask(proxy.Proxy(fault=fault), self.request())
            got = b""
            while len(got) < len(first):
                got += client.recv(65536)
            self.assertEqual(got, first)
            sender = threading.Thread(target=send_pattern, args=(client,))
            sender.start()
            self.assertEqual(everything(client), PATTERN)
            sender.join()


if __name__ == "__main__":
    ECHO = echo()
    unittest.main(warnings="ignore")
