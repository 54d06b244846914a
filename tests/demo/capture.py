"""What a capture of Ethernet holds: its TCP streams, and what TLS 1.2 hid in them from who has no keys.

SPDX-License-Identifier: MIT
"""
import hashlib
import hmac
import struct
import subprocess

HANDSHAKE, APPLICATION_DATA = 22, 23
CLIENT_HELLO, SERVER_HELLO = 1, 2
SUITES = {0xC02F: ("sha256", 16), 0xC02B: ("sha256", 16), 0xC030: ("sha384", 32), 0xC02C: ("sha384", 32)}


def frames(path):
    """Of a file as QEMU writes it: microseconds, this machine's octet order, Ethernet."""
    with open(path, "rb") as file:
        head = struct.unpack("=IHHiIII", file.read(24))
        assert head[0] == 0xA1B2C3D4 and head[6] == 1, head
        while True:
            about = file.read(16)
            if not about:
                return
            _, _, kept, length = struct.unpack("=IIII", about)
            assert kept == length, "a frame was cut"
            yield file.read(length)


def streams(path):
    """{(from, from port, to, to port): octets}, one for each way of each TCP connection."""
    found = {}
    for frame in frames(path):
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        packet = frame[14:14 + struct.unpack_from(">H", frame, 16)[0]]
        segment = packet[(packet[0] & 15) * 4:]
        ports = struct.unpack_from(">HH", segment)
        begin, flags, data = segment[4:8], segment[13], segment[(segment[12] >> 4) * 4:]
        way = (packet[12:16], ports[0], packet[16:20], ports[1])
        number, = struct.unpack(">I", begin)
        if flags & 2:  # SYN
            found[way] = (number + 1, {})
        if data and way in found:
            found[way][1].setdefault((number - found[way][0]) & 0xFFFFFFFF, data)
    return {way: join(pieces) for way, (_, pieces) in found.items()}


def join(pieces):
    octets = b""
    for at in sorted(pieces):
        assert at <= len(octets), "a segment is missing"
        octets += pieces[at][len(octets) - at:]
    return octets


def records(octets):
    """(type, content) of each TLS record that is complete."""
    at = 0
    while at + 5 <= len(octets):
        kind, version, length = struct.unpack_from(">BHH", octets, at)
        assert 20 <= kind <= 23 and version >> 8 == 3, "no TLS"
        if at + 5 + length <= len(octets):
            yield kind, octets[at + 5:at + 5 + length]
        at += 5 + length


def hello(octets, kind):
    """(random, what follows the session's number) of a ClientHello or ServerHello, the first record."""
    content = next(records(octets))[1]
    assert content[0] == kind, content[0]
    return content[6:38], content[39 + content[38]:]


def expand(master, seed, size, digest):
    """RFC 5246 5: P_hash of "key expansion"."""
    seed, out = b"key expansion" + seed, b""
    step = seed
    while len(out) < size:
        step = hmac.digest(master, step, digest)
        out += hmac.digest(master, step + seed, digest)
    return out[:size]


def master_secrets(path):
    """{client random: master secret} of an NSS key log."""
    with open(path, encoding="ascii") as file:
        lines = [line.split() for line in file if line.startswith("CLIENT_RANDOM ")]
    return {bytes.fromhex(random): bytes.fromhex(secret) for _, random, secret in lines}


def decrypt(upward, downward, masters):
    """What the client and the server said under AES-GCM, by TLS 1.2."""
    client, (server, suite) = hello(upward, CLIENT_HELLO)[0], hello(downward, SERVER_HELLO)
    digest, size = SUITES[struct.unpack_from(">H", suite)[0]]
    block = expand(masters[client], server + client, 2 * size + 8, digest)
    return (plain(upward, block[:size], block[2 * size:2 * size + 4]),
            plain(downward, block[size:2 * size], block[2 * size + 4:]))


def plain(octets, key, salt):
    """GCM is counter mode, from 2, and a tag, which is not looked at."""
    out = b""
    for kind, content in records(octets):
        if kind == APPLICATION_DATA:
            out += subprocess.run(
                ["openssl", "enc", "-d", "-aes-%d-ctr" % (8 * len(key)), "-K", key.hex(),
                 "-iv", (salt + content[:8] + b"\0\0\0\2").hex()],
                input=content[8:-16], stdout=subprocess.PIPE, check=True).stdout
    return out
