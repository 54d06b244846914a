"""All of the network that a device under test can reach: name server, time server, api.twilio.com.

enter() moves this process to a network and mount namespace of its own, where ports 53, 123 and 443
of 127.0.0.1 are ours and /etc/resolv.conf names 127.0.0.1. QEMU and libslirp show 127.0.0.1 to the
device as 10.0.2.2, and pass its DNS questions on to that name server. So the device needs no
setting to find us: it believes that it is on the Internet.

SPDX-License-Identifier: MIT
"""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HOST = "10.0.2.2"
NTP_EPOCH = 2208988800  # 1970 in seconds since 1900


def enter():
    """Start this program again in namespaces of its own. Needs root."""
    if os.environ.get("TWILIO_TEST_WORLD") == str(os.getpid()):
        return settle()
    os.environ["TWILIO_TEST_WORLD"] = str(os.getpid())
    os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable] + sys.argv)


def settle():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:  # ip link set lo up
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack_from("H", fcntl.ioctl(sock, 0x8913, request), 16)[0]
        fcntl.ioctl(sock, 0x8914, struct.pack("16sH14x", b"lo", flags | 1))
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("nameserver 127.0.0.1\n")
        file.flush()
        os.chmod(file.name, 0o644)
        subprocess.run(["mount", "--bind", file.name, os.path.realpath("/etc/resolv.conf")], check=True)


class Datagrams:
    """A UDP server on 127.0.0.1: answer(data) gives the reply, or None."""

    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            data, peer = self.sock.recvfrom(2048)
            reply = self.answer(data)
            if reply:
                self.sock.sendto(reply, peer)


class NameServer(Datagrams):
    """Knows names under twilio.com and ntp.org, which all are HOST."""

    def __init__(self):
        self.asked = []
        self.mode = "good"  # "unknown": no such name; "silent": no answer
        super().__init__(53)

    def answer(self, data):
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode().lower())
            at += 1 + data[at]
        name, question = ".".join(labels), data[12:at + 5]
        self.asked.append(name)
        if self.mode == "silent":
            return None
        known = self.mode == "good" and name.endswith((".twilio.com", ".ntp.org"))
        record = b""
        if known and question[-4:] == b"\0\1\0\1":  # A, IN
            record = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 0, 4) + socket.inet_aton(HOST)  # TTL 0
        return (data[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, bool(record), 0, 0)
                + question + record)


class TimeServer(Datagrams):
    """SNTP, RFC 5905. Set offset to be wrong by that many seconds; None: to be silent."""

    def __init__(self):
        self.asked = 0
        self.offset = 0
        super().__init__(123)

    def answer(self, data):
        self.asked += 1
        if self.offset is None:
            return None
        stamp = struct.pack(">II", (int(time.time()) + self.offset + NTP_EPOCH) & 0xFFFFFFFF, 0)
        return struct.pack(">BBbb8x4s", 0x24, 1, 6, -20, b"TEST") + stamp + data[40:48] + stamp + stamp
