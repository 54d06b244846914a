#!/usr/bin/python3
"""End to end: hosts with several addresses, good and bad, old and new; DNS servers that lie or are silent.

    test_addresses.py BOARD CONSOLE ZOO [CLASS[.TEST] ...]

CONSOLE is built with TWILIO_IPV6 and trusts ZOO (ca.py). The device sees the world of world.py, but
api.twilio.com is wherever the test says: at HOST and at HOST6, which are this machine's 127.0.0.1 and
::1, and at two addresses more. What must hold: a server that is the host is found wherever it is, and
no other gets anything but a handshake. Needs root, and IPv6 on the loopback: without, it fails.

SPDX-License-Identifier: MIT
"""
import fcntl
import os
import socket
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import ca
import standin
import wire
import world
from device import QEMU, Device

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
FROM, TO = "+15005550010", "+15005550006"
HOST, HOST6 = world.HOST, "fd00::2"
OTHER, REFUSES = "10.9.0.1", "10.9.0.2"
NOBODY = "10.0.2.99"  # has that address: silence
POISON = {"A": ["127.0.0.1", "0.0.0.0"], "AAAA": ["::1", "::"]}
PATIENCE = 5  # seconds for an address, and for DNS, if there is another
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM, "TWILIO_TO": TO,
            "TWILIO_TIMEOUT": "8000"}
BOARD = CONSOLE = ZOO = NAMES = None
SERVERS = {}  # by the address that the device sees


class Names(world.NameServer):
    """What is under twilio.com is at the addresses of records; another name at HOST."""

    def __init__(self):
        self.records, self.ttl = {}, 0
        super().__init__()

    def answer(self, data):
        end = data.index(b"\0", 12) + 1
        kind = {1: "A", 28: "AAAA"}.get(struct.unpack_from(">H", data, end)[0])
        if b"\6twilio\3com\0" not in data[12:end].lower() or self.mode != "good":
            return super().answer(data)
        self.asked.append("api.twilio.com")
        found = [socket.inet_pton(socket.AF_INET6 if kind == "AAAA" else socket.AF_INET, address)
                 for address in self.records.get(kind, [])]
        answer = data[:2] + struct.pack(">HHHHH", 0x8180, 1, len(found), 0, 0) + data[12:end + 4]
        for address in found:
            answer += b"\xc0\x0c" + data[end:end + 4] + struct.pack(">IH", self.ttl, len(address)) + address
        return answer


def add_address(name, address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:  # ip address add
        at = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(sock, 0x8916, struct.pack("16s16s", name, at))


def listen():
    """A server for each address, none of which knows of the others."""
    with open("/proc/net/if_inet6") as file:
        if "0" * 31 + "1 " not in file.read():
            raise SystemExit("test_addresses.py: no IPv6 on this machine's loopback (::1), which it needs")
    add_address(b"lo:1", OTHER)
    add_address(b"lo:2", REFUSES)
    for seen, ours in ((HOST, "127.0.0.1"), (HOST6, "::1"), (OTHER, OTHER)):
        SERVERS[seen] = wire.Server(None, os.path.join(ZOO, "good"), (ours, 443)).start()


class Case(unittest.TestCase):
    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        for server in SERVERS.values():
            server.answer = self.twilio.answer
            server.behave(os.path.join(ZOO, "good"))
        self.marks = {seen: len(server.visits) for seen, server in SERVERS.items()}
        NAMES.mode, NAMES.records, NAMES.ttl = "good", {"A": [HOST], "AAAA": [HOST6]}, 0
        self.device = self.boot()

    def boot(self, **settings):
        """A device that knows nothing, but has addresses of both kinds."""
        device = Device(BOARD, CONSOLE, {**SETTINGS, **settings})
        self.addCleanup(device.stop)
        device.wait("\n> ", 20)
        return device

    def wear(self, seen, chain, fault=None):
        SERVERS[seen].behave(os.path.join(ZOO, chain), fault=fault)

    def visits(self, seen):
        return SERVERS[seen].visits[self.marks[seen]:]

    def sms(self, result="TWILIO_OK", dns=None, device=None, seconds=0):
        """One, over a new connection."""
        device = device or self.device
        device.command("close")
        answer = device.command("sms %s x" % TO)
        self.assertEqual(answer.result, result, answer.text)
        self.assertEqual(answer.committed, result == "TWILIO_OK", answer.text)
        self.assertEqual((answer["dns"] or "").split(":")[0], dns or "", answer.text)
        self.assertGreaterEqual(answer.seconds, seconds)
        if result == "TWILIO_OK":
            self.assertEqual(answer["code"], "201")
        return answer

    def know_ip6(self):
        """Of the device: it hears of it a second or two after it has an IPv4 address."""
        deadline = time.monotonic() + 20
        NAMES.records = {"AAAA": [HOST6]}
        while self.device.command("sms %s x" % TO).result == "TWILIO_ERR_NETWORK":
            self.assertLess(time.monotonic(), deadline, "no IPv6 address")
        self.device.command("close")


class Ip6(Case):
    def test_a_given_address(self):
        device = self.boot(TWILIO_CONNECT_TO="[%s]:443" % HOST6)
        asked, deadline = len(NAMES.asked), time.monotonic() + 20
        while device.command("sms %s x" % TO).result == "TWILIO_ERR_NETWORK":  # no IPv6 address yet
            self.assertLess(time.monotonic(), deadline)
        sent = len(self.twilio.things["Messages"])
        self.sms(device=device)
        self.assertEqual(len(self.twilio.things["Messages"]), sent + 1)
        self.assertTrue(self.visits(HOST6))
        self.assertNotIn("api.twilio.com", NAMES.asked[asked:])

    def test_ip6_alone(self):
        self.know_ip6()
        mark = len(self.visits(HOST6))
        self.sms(dns="OK")
        self.assertEqual(len(self.visits(HOST6)), mark + 1)
        self.assertEqual(self.visits(HOST6)[-1].server_name, "api.twilio.com")

    def test_ip4_is_dead(self):
        self.know_ip6()
        for address, seconds in ((REFUSES, 0), (NOBODY, PATIENCE)):
            device_mark = len(self.visits(HOST6))
            NAMES.records = {"A": [address], "AAAA": [HOST6]}
            self.sms(dns="OK", seconds=seconds)
            self.assertEqual(len(self.visits(HOST6)), device_mark + 1)

    def test_ip6_is_dead(self):
        self.know_ip6()
        SERVERS[HOST6].stop()
        try:
            NAMES.records = {"A": [HOST], "AAAA": [HOST6]}
            self.sms(dns="OK")
        finally:
            SERVERS[HOST6].listen()
            SERVERS[HOST6].start()
        self.assertEqual(len(self.visits(HOST)), 1)


class Addresses(Case):
    def test_the_first_is_dead(self):
        NAMES.records = {"A": [REFUSES, HOST]}
        self.sms(dns="OK")
        NAMES.records = {"A": [NOBODY, OTHER]}
        self.sms(dns="OK", seconds=PATIENCE)
        self.assertEqual([len(self.visits(seen)) for seen in (HOST, OTHER)], [1, 1])

    def test_the_first_is_not_the_host(self):
        NAMES.records = {"A": [OTHER, HOST]}
        for chain in ("wrongname", "unknown", "selfsigned", "expired"):
            mark = len(self.twilio.things["Messages"])
            self.wear(OTHER, chain)
            self.sms(dns="OK")
            self.assertEqual(len(self.twilio.things["Messages"]), mark + 1)
        for fault in ("reset-accept", "reset-handshake"):
            self.wear(OTHER, "good", fault)
            self.sms(dns="OK")
        self.assertEqual([visit.requests for visit in self.visits(OTHER)], [0] * 6)
        self.assertEqual([visit.requests for visit in self.visits(HOST)], [1] * 6)

    def test_none_is_the_host(self):
        NAMES.records = {"A": [OTHER, HOST]}
        self.wear(OTHER, "unknown")
        self.wear(HOST, "wrongname")
        self.sms("TWILIO_ERR_WRONG_NAME", dns="OK")
        self.wear(HOST, "good")
        self.sms(dns="OK")
        self.assertEqual([visit.requests for visit in self.visits(OTHER)], [0] * 2)


class Known(Case):
    def test_dns_is_asked_as_often_as_it_says(self):
        NAMES.records, NAMES.ttl = {"A": [HOST]}, 3600
        self.sms(dns="OK")
        asked = len(NAMES.asked)
        self.sms()
        self.assertNotIn("api.twilio.com", NAMES.asked[asked:])
        NAMES.records = {"A": [OTHER]}
        self.wear(HOST, "wrongname")  # it has moved
        self.sms(dns="OK")
        self.assertEqual([visit.requests for visit in self.visits(OTHER)], [1])

    def test_dns_is_no_help(self):
        for known in (False, True):
            for records, mode, dns in ((POISON, "good", "POISONED"), ({}, "unknown", "NO_NAME"),
                                       ({}, "good", "NO_ADDRESS")):
                NAMES.records, NAMES.mode = records, mode
                self.sms("TWILIO_OK" if known else "TWILIO_ERR_DNS", dns=dns)
            NAMES.mode = "silent"
            if known:
                self.sms(dns="SILENT", seconds=PATIENCE)
            else:
                self.sms("TWILIO_ERR_TIMEOUT", dns="SILENT", seconds=7)
            NAMES.mode, NAMES.records = "good", {"A": [HOST]}
            self.sms(dns="OK")

    def test_dns_leads_to_another(self):
        """As a captive portal does."""
        NAMES.records = {"A": [HOST]}
        self.sms(dns="OK")
        NAMES.records = {"A": [OTHER]}
        self.wear(OTHER, "selfsigned")
        self.sms(dns="OK")
        self.assertEqual([visit.requests for visit in self.visits(OTHER)], [0])
        self.assertEqual([visit.requests for visit in self.visits(HOST)], [1, 1])


if __name__ == "__main__":
    world.enter()
    BOARD, CONSOLE, ZOO = (sys.argv.pop(1) for _ in range(3))
    ZOO = ca.make(ZOO)
    NAMES = Names()
    CLOCK = world.TimeServer()
    listen()
    unittest.main(warnings="ignore")
