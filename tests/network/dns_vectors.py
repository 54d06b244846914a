"""dns_vectors.py FILE - packets, good, bad and spoiled, and what they say by a reading of its own

Each row is for the question of api.twilio.com with the identifier 0x1234: type, packet, and what RFC 1035
and the contract of dns_answer.h make of it. The same every time.

SPDX-License-Identifier: MIT
"""
import ipaddress
import random
import struct
import sys

HOST = "api.twilio.com"
ID = 0x1234
A, NS, CNAME, AAAA, TXT = 1, 2, 5, 28, 16
DAY = 86400


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def record(kind, data, owner=b"\xc0\x0c", group=1, ttl=60):
    return owner + struct.pack(">HHIH", kind, group, ttl, len(data)) + data


def address(text, **more):
    ip = ipaddress.ip_address(text)
    return record(A if ip.version == 4 else AAAA, ip.packed, **more)


def packet(*records, kind=A, host=HOST, flags=0x8180, group=1, number=ID, questions=1, count=None, tail=b""):
    head = struct.pack(">6H", number, flags, questions, len(records) if count is None else count, 0, 0)
    return head + name(host) + struct.pack(">HH", kind, group) + b"".join(records) + tail


# ---- A reading of its own ------------------------------------------------------------------------

class Ends(Exception):
    pass


class Reader:
    def __init__(self, octets):
        self.octets, self.at = octets, 0

    def take(self, size):
        if self.at + size > len(self.octets):
            raise Ends
        self.at += size
        return self.octets[self.at - size:self.at]

    def unpack(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def labels(self):
        found = []
        while True:
            size, = self.take(1)
            if size >= 192:
                self.take(1)
                return found + [None]
            if size > 63:
                raise Ends
            if size == 0:
                return found
            found.append(self.take(size))


def unusable(data):
    ip = ipaddress.ip_address(data)
    if ip.version == 4:
        return any(ip in ipaddress.ip_network(n) for n in
                   ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"))
    return not any(ip in ipaddress.ip_network(n) for n in ("2000::/3", "fc00::/7", "64:ff9b::/32"))


def records(reader, count, kind):
    """The addresses, how many of them cannot be, the ttl, and whether all was there."""
    good, bad, ttl = [], 0, DAY
    try:
        for _ in range(count):
            reader.labels()
            this, group, lives, size = reader.unpack(">HHIH")
            data = reader.take(size)
            if group != 1:
                continue
            ttl = min(ttl, 0 if lives >= 2 ** 31 else lives)
            if this == kind and size == (4 if kind == A else 16):
                bad += unusable(data)
                good += [] if unusable(data) else [data]
    except Ends:
        return good, bad, ttl, False
    return good, bad, ttl, True


def reading(octets, kind):
    reader = Reader(octets)
    try:
        number, flags, questions, answers, _, _ = reader.unpack(">6H")
        asked = reader.labels()
        asked_kind, group = reader.unpack(">HH")
    except Ends:
        return "ASKING", [], 0
    same = None not in asked and b".".join(asked).lower() == HOST.encode() and b"." not in b"".join(asked)
    if not (same and number == ID and questions == 1 and flags & 0xF800 == 0x8000
            and asked_kind == kind and group == 1):
        return "ASKING", [], 0
    if flags & 15:
        return "NO_NAME" if flags & 15 == 3 else "REFUSED", [], 0
    good, bad, ttl, whole = records(reader, answers, kind)
    cut = flags & 0x0200
    if not whole and not cut:
        return "ASKING", [], 0
    if good:
        return "OK", good[:4], ttl
    return ("POISONED" if bad else "REFUSED" if cut else "NO_ADDRESS"), [], 0


# ---- What is read --------------------------------------------------------------------------------

GOOD = packet(record(CNAME, name("x.y.example"), ttl=300), record(CNAME, b"\1z\xc0\x30", owner=b"\xc0\x2c"),
              *(address(f"52.1.2.{i}", owner=b"\xc0\x40", ttl=50 + i) for i in range(8)), tail=b"beyond")
GOOD6 = packet(record(CNAME, name("v6.example")), address("2600:1f18::1", ttl=7), address("2600:1f18::2"),
               kind=AAAA)


def listed():
    yield GOOD
    yield GOOD6
    yield from (packet(flags=f) for f in (
        0x8180, 0x0180, 0x8181, 0x8182, 0x8183, 0x8184, 0x8185, 0x8189, 0x818F, 0x8980, 0xF980, 0x8580,
        0x8380, 0x8383, 0x8000))
    yield from (packet(address("1.2.3.4"), host=h) for h in (
        "API.Twilio.COM", "api.twilio.con", "api.twilio", "api.twilio.com.x", "xapi.twilio.com",
        "api-twilio.com", "ap.itwilio.com", "apitwiliocom"))
    yield from (packet(address("1.2.3.4"), **{k: v}) for k, v in (
        ("number", 0x1235), ("number", 0x3412), ("group", 3), ("group", 255), ("kind", AAAA), ("kind", 255),
        ("questions", 0), ("questions", 2), ("questions", 257), ("count", 0), ("count", 2), ("count", 65535)))
    yield from (packet(address("1.2.3.4", ttl=t)) for t in (
        0, 1, 86399, 86400, 86401, 2**31 - 1, 2**31, 2**32 - 1))
    yield from (packet(address(a)) for a in (
        "0.0.0.0", "0.255.255.255", "1.0.0.0", "126.255.255.255", "127.0.0.1", "128.0.0.0", "169.253.255.255",
        "169.254.0.0", "169.254.255.255", "169.255.0.0", "223.255.255.255", "224.0.0.0", "239.1.1.1",
        "240.0.0.0", "255.255.255.255", "10.0.2.2", "172.16.0.1", "192.168.1.1", "100.64.0.1"))
    yield from (packet(address(a), kind=AAAA) for a in (
        "::", "::1", "::ffff:1.2.3.4", "fe80::1", "febf::1", "fec0::1", "ff02::1", "fc00::1", "fdff::1",
        "fbff::", "1fff::", "2000::", "3fff::1", "4000::", "64:ff9b::1.2.3.4", "64:ff9b:1::1", "64:ff9c::",
        "65:ff9b::", "100::1"))
    yield packet(address("127.0.0.1", ttl=9), address("1.2.3.4", ttl=10))
    yield packet(address("127.0.0.1"), record(CNAME, name("a.example")))
    yield packet(address("1.2.3.4", group=3, ttl=1), record(TXT, b"\3abc", ttl=20),
                 address("2600::1", ttl=30), address("5.6.7.8"), record(A, b"\1\2\3", ttl=40),
                 record(A, b"\1\2\3\4\5"), address("9.9.9.9"))
    yield packet(address("1.2.3.4"), address("5.6.7.8"), count=1)
    yield packet(address("1.2.3.4"), flags=0x8380, count=9)
    yield packet(address("127.0.0.1"), flags=0x8380)
    yield packet(address("1.2.3.4"), flags=0x8380, tail=b"\xc0", count=2)
    yield from (packet(address("1.2.3.4", owner=o)) for o in (
        b"\0", b"\xc0\xff", b"\xff\xff", b"\1a\0", b"\1a\xc0\0", b"\x40a\0", b"\x40" + b"a" * 64 + b"\0",
        b"\x80\0", b"\x3f" + b"x" * 63 + b"\0", (b"\x3f" + b"x" * 63) * 6 + b"\0", b"\x3fshort\0"))


def every():
    for octets in listed():
        yield octets
    for good in GOOD, GOOD6:
        yield from (good[:n] for n in range(len(good)))
        cut = good[:2] + bytes([good[2] | 2]) + good[3:]
        yield from (cut[:n] for n in range(len(cut)))
        for at in range(len(good)):
            for value in {0, 1, 0x20, 0x3F, 0x40, 0x80, 0xC0, 0xFF,
                          good[at] ^ 1, good[at] ^ 0x20, good[at] ^ 0x80}:
                yield good[:at] + bytes([value]) + good[at + 1:]
    dice = random.Random(1035)
    for _ in range(3000):
        spoiled = bytearray(dice.choice((GOOD, GOOD6, packet(address("1.2.3.4")))))
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(spoiled))
            if dice.random() < 0.5:
                spoiled[at] = dice.choice((0, 1, 4, 16, 28, 63, 64, 192, dice.randrange(256)))
            elif dice.random() < 0.5:
                del spoiled[at:at + dice.randint(1, 5)]
            else:
                spoiled[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 5)))
        yield bytes(spoiled)


def literal(octets):
    return '"' + "".join(f"\\{octet:03o}" for octet in octets) + '"'


def main():
    rows = []
    for octets in every():
        for kind in A, AAAA:
            said, found, ttl = reading(octets, kind)
            rows.append(f"{{ {kind}, TWILIO_DNS_{said}, {len(found)}, {ttl}, {literal(b''.join(found))}, "
                        f"{len(octets)}, {literal(octets)} }},\n")
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.writelines(dict.fromkeys(rows))


main()
