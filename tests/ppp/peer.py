"""What is at the other end of a modem's serial line: the modem, a PPP peer, and the network behind it.

Knows nothing of lwIP: framing by RFC 1662, LCP by RFC 1661, PAP by RFC 1334, IPCP by RFC 1332 and 1877.
Behind it is QEMU's user-mode network, in a process of its own that is joined by a socket, so that
nothing here needs privileges: IP packets out of PPP frames go there in Ethernet frames, and back.

SPDX-License-Identifier: MIT
"""
import os
import random
import re
import select
import socket
import struct
import subprocess
import threading
import time

IP, IPCP, LCP, PAP = 0x0021, 0x8021, 0xC021, 0xC023
REQUEST, ACK, NAK, REJECT, TERMINATE, TERMINATED, _, REJECTED, ECHO, ECHOED = range(1, 11)  # codes
MRU, ACCM, AUTH, MAGIC, PFC, ACFC = 1, 2, 3, 5, 7, 8  # options of LCP
PAP_WANTED, CHAP_WANTED = b"\xc0\x23", b"\xc2\x23\x05"
ADDRESS, DNS1, DNS2 = 3, 129, 131                     # options of IPCP
FLAG, ESCAPE = 0x7E, 0x7D
GATEWAY, OUR_MAC = b"\x52\x55\x0a\x00\x02\x02", b"\x52\x54\x00\x50\x50\x50"
SPEED = 11520      # bytes a second: 115,200 baud
GUARD = 0.5        # seconds of silence around "+++"; modems want one, but this one may have been busy
PATIENCE = 1.0     # seconds for an answer, then the request is repeated


def fcs(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


def encode(protocol, payload, all_escaped):
    """A frame. all_escaped: control characters, too, as before LCP has agreed on anything else."""
    data = struct.pack(">BBH", 0xFF, 3, protocol) + payload
    out = bytearray([FLAG])
    for byte in data + struct.pack("<H", fcs(data)):
        if byte in (FLAG, ESCAPE) or (all_escaped and byte < 0x20):
            out += bytes([ESCAPE, byte ^ 0x20])
        else:
            out.append(byte)
    return bytes(out) + bytes([FLAG])


class Decoder:
    """Bytes to frames. bad: how many were not what was sent."""

    def __init__(self):
        self.data, self.escaped, self.bad = bytearray(), False, 0

    def feed(self, data):
        for byte in data:
            if byte == FLAG:
                yield from self.complete(bytes(self.data))
                self.data, self.escaped = bytearray(), False
            elif byte == ESCAPE:
                self.escaped = True
            else:
                self.data.append(byte ^ 0x20 if self.escaped else byte)
                self.escaped = False

    def complete(self, data):
        if not data:
            return
        if len(data) < 4 or fcs(data[:-2]) != struct.unpack("<H", data[-2:])[0]:
            self.bad += 1
            return
        data = data[2:-2] if data[:2] == b"\xff\x03" else data[:-2]
        length = 1 if data[0] & 1 else 2  # PFC
        yield int.from_bytes(data[:length], "big"), data[length:]


def options(data):
    """[(type, value), ...]"""
    found = []
    while data:
        kind, length = data[0], data[1]
        assert 2 <= length <= len(data), "an option of a wrong length"
        found.append((kind, data[2:length]))
        data = data[length:]
    return found


def pack(found):
    return b"".join(bytes([kind, 2 + len(value)]) + value for kind, value in found)


class Network:
    """QEMU's user-mode network; we are a host on it, with any address."""

    def __init__(self, folder):
        path = os.path.join(folder, "network")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path)
            door.listen()
            door.settimeout(30)
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL",
                 "qemu-system-arm", "-M", "none", "-nodefaults", "-display", "none",
                 "-netdev", "user,id=user", "-netdev", "hubport,id=a,hubid=0,netdev=user",
                 "-netdev", "stream,id=peer,server=off,addr.type=unix,addr.path=" + path,
                 "-netdev", "hubport,id=b,hubid=0,netdev=peer"], stderr=subprocess.DEVNULL)  # "no nics"
            self.sock = door.accept()[0]
        self.pending = b""

    def send(self, packet):
        self.frame(GATEWAY, 0x0800, packet)

    def frame(self, to, kind, payload):
        data = to + OUR_MAC + struct.pack(">H", kind) + payload
        self.sock.sendall(struct.pack(">I", len(data)) + data)

    def receive(self):
        """The IP packets that have come. ARP is answered here, for every address that is asked for."""
        self.pending += self.sock.recv(65536)
        packets = []
        while len(self.pending) >= 4:
            length, = struct.unpack(">I", self.pending[:4])
            if len(self.pending) < 4 + length:
                break
            frame, self.pending = self.pending[4:4 + length], self.pending[4 + length:]
            kind, payload = frame[12:14], frame[14:]
            if kind == b"\x08\x00":
                packets.append(payload[:struct.unpack(">H", payload[2:4])[0]])  # without Ethernet's padding
            elif kind == b"\x08\x06" and payload[6:8] == b"\0\1":
                asked, asker = payload[24:28], payload[8:18]
                self.frame(frame[6:12], 0x0806, payload[:6] + b"\0\2" + OUR_MAC + asked + asker)
        return packets

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.sock.close()


class Peer:
    """Waits at .path for the emulator's serial line. Attributes may be set at any time. in_call: as
    when the device was reset in the middle of a call."""

    def __init__(self, folder, user="", password="", in_call=False, seed=1):
        self.folder = folder
        self.path = os.path.join(folder, "modem")
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(self.path)
        self.door.listen()
        self.door.settimeout(30)
        self.network = None       # from the first call on
        self.login = (user.encode(), password.encode())

        self.says = {}            # a pattern of a command: what the modem says to it; None: nothing
        self.address = "10.0.2.15"  # to be given in the next call
        self.noise = 0            # of how many bytes, in a million, is one lost and one changed, each way
        self.wants = PAP_WANTED
        self.speed = SPEED
        self.dead = False         # nothing comes back any more, as if the modem had been unplugged
        self.silent = False       # the modem connects, but to nobody

        self.commands = []        # (when, command), all there were
        self.logins = []          # (user, password), all there were
        self.carried = []         # IP packets, both ways
        self.bad = 0              # frames from the device that were damaged
        self.spoilt = 0           # bytes
        self.echoes = 0           # requests answered
        self.refused = []         # what the device would not have of our options of LCP
        self.failure = None       # of the device to keep to the protocols, or of ours; nothing is done then
        self.calls = 0            # that came as far as IPCP
        self.babbled = 0          # frames of nonsense sent
        self.up = False

        self.random = random.Random(seed)
        self.in_call = in_call
        self.lock = threading.Lock()
        self.todo = []
        self.stopped = False
        self.thread = threading.Thread(target=self.guard, daemon=True)
        self.thread.start()

    # ---- The line ----------------------------------------------------------

    def guard(self):
        try:
            self.run()
        except (AssertionError, IndexError, OSError, struct.error) as failure:
            self.failure = failure

    def run(self):
        self.line = self.door.accept()[0]
        self.out, self.due, self.heard = b"", time.monotonic(), 0
        began_in_call = self.in_call
        self.to_command_mode()
        if began_in_call:
            self.connect()
        while not self.stopped:
            now = time.monotonic()
            wait = [self.line, self.network.sock] if self.network else [self.line]
            send = [self.line] if self.out and now >= self.due else []
            ready, writable, _ = select.select(wait, send, [], 0.002 if self.out else 0.02)
            if self.line in ready and not self.take():
                break
            if self.network and self.network.sock in ready:
                for packet in self.network.receive():
                    self.to_device(packet)
            if writable:
                self.give()
            self.tick(time.monotonic())
        self.line.close()

    def take(self):
        try:
            data = self.line.recv(4096)
        except ConnectionError:
            data = b""
        now = time.monotonic()
        if data and not self.dead:
            self.hear(self.spoil(data), now - self.heard)
        self.heard = now
        return bool(data)

    def give(self):
        """As many bytes as the line's speed has let through since the last time."""
        size = max(1, int(self.speed * 0.004))
        data, self.out = self.out[:size], self.out[size:]
        self.due = time.monotonic() + len(data) / self.speed
        try:
            self.line.sendall(data)
        except OSError:
            self.stopped = True

    def spoil(self, data):
        if not self.noise or not self.in_call:
            return data
        out = bytearray()
        for byte in data:
            chance = self.random.randrange(1000000)
            if chance < 2 * self.noise:
                self.spoilt += 1
            if chance >= self.noise:
                out.append(byte ^ 1 << self.random.randrange(8) if chance < 2 * self.noise else byte)
        return bytes(out)

    def say(self, data):
        if not self.dead:
            self.out += self.spoil(data)

    def tick(self, now):
        with self.lock:
            todo, self.todo = self.todo, []
        for act in todo:
            act()
        if self.in_call and self.plus == b"+++" and now - self.heard > GUARD:
            self.to_command_mode()
            self.say(b"\r\nOK\r\n")
        if self.in_call and not self.silent and now > self.again:
            self.again = now + PATIENCE
            self.repeat()

    # ---- The modem ---------------------------------------------------------

    def to_command_mode(self):
        self.in_call, self.up, self.typed = False, False, b""

    def hear(self, data, silence):
        if self.in_call:
            self.plus = (data if silence > GUARD else self.plus + data)[:4]
            for protocol, payload in self.decoder.feed(data):
                self.frame(protocol, payload)
                if not self.in_call:
                    break
            self.bad, self.decoder.bad = self.bad + self.decoder.bad, 0
            return
        for byte in data:
            if byte == 13:
                command, self.typed = self.typed.decode("latin-1"), b""
                self.say(b"%s\r" % command.encode("latin-1"))  # it echoes, as most do when switched on
                self.obey(command)
            else:
                self.typed += bytes([byte])

    def obey(self, command):
        self.commands.append((time.monotonic(), command))
        for pattern, answer in self.says.items():
            if re.fullmatch(pattern, command):
                break
        else:
            known = re.fullmatch(r'(AT|ATH|AT\+CGDCONT=1,"IP","[^"]*"|ATD[*0-9#]+)', command)
            answer = "ERROR" if not known else "CONNECT 115200" if command.startswith("ATD") else "OK"
        if answer is not None:
            self.say(b"\r\n%s\r\n" % answer.encode())
        if answer and answer.startswith("CONNECT"):
            self.connect()

    def connect(self):
        self.in_call, self.decoder, self.again = True, Decoder(), 0
        self.id, self.given, self.plus = 0, self.address, b"what came since the line was silent"
        self.ours = {MRU: b"\x05\xdc", ACCM: bytes(4), AUTH: self.wants,
                     MAGIC: self.random.randbytes(4), PFC: b"", ACFC: b""}
        self.agreed = dict.fromkeys(("LCP ours", "LCP theirs", "PAP", "IPCP ours", "IPCP theirs"), False)

    # ---- PPP ---------------------------------------------------------------

    def packet(self, protocol, code, number, payload):
        self.say(encode(protocol, struct.pack(">BBH", code, number, 4 + len(payload)) + payload,
                        not self.agreed["LCP theirs"] or protocol == LCP))

    def repeat(self):
        """Our requests, until they are agreed to."""
        if not self.agreed["LCP ours"]:
            self.packet(LCP, REQUEST, self.id, pack(self.ours.items()))
        elif self.agreed["PAP"] and not self.agreed["IPCP ours"]:
            self.packet(IPCP, REQUEST, self.id, pack([(ADDRESS, socket.inet_aton("10.64.64.64"))]))

    def frame(self, protocol, payload):
        if self.silent:
            return
        if protocol == IP:
            if self.up:
                self.carried.append(payload)
                self.network.send(payload)
            return
        code, number, length = struct.unpack(">BBH", payload[:4])
        assert 4 <= length <= len(payload), "a packet of a wrong length"
        data = payload[4:length]
        if protocol == LCP:
            self.lcp(code, number, data)
        elif protocol == PAP and code == REQUEST and self.agreed["LCP ours"] and self.agreed["LCP theirs"]:
            self.pap(number, data)
        elif protocol == IPCP and self.agreed["PAP"]:
            self.ipcp(code, number, data)

    def lcp(self, code, number, data):
        if code == REQUEST:
            unknown = [item for item in options(data) if item[0] not in (MRU, ACCM, MAGIC, PFC, ACFC)]
            self.packet(LCP, REJECT if unknown else ACK, number, pack(unknown) if unknown else data)
            self.agreed["LCP theirs"] = not unknown
        elif code == ACK and number == self.id:
            self.agreed["LCP ours"] = True
        elif code == ECHO:
            self.echoes += 1
            self.packet(LCP, ECHOED, number, self.ours[MAGIC] + data[4:])
        elif code == TERMINATE:
            self.packet(LCP, TERMINATED, number, b"")
            self.hang_up_now()
        elif code == TERMINATED:
            self.to_command_mode()
        elif code == NAK and dict(options(data)).get(AUTH) == PAP_WANTED:
            self.ours[AUTH], self.id, self.again = PAP_WANTED, self.id + 1, 0
        elif code in (NAK, REJECT):
            self.refused.append(data)

    def pap(self, number, data):
        user = data[1:1 + data[0]]
        rest = data[1 + data[0]:]
        password = rest[1:1 + rest[0]]
        self.logins.append((user.decode(), password.decode()))
        self.agreed["PAP"] = (user, password) == self.login
        self.packet(PAP, ACK if self.agreed["PAP"] else NAK, number, b"\0")
        if not self.agreed["PAP"]:
            self.packet(LCP, TERMINATE, self.id, b"")

    def ipcp(self, code, number, data):
        if code == REQUEST:
            right = {ADDRESS: self.given, DNS1: "10.0.2.3", DNS2: "10.0.2.4"}
            right = {kind: socket.inet_aton(value) for kind, value in right.items()}
            asked = options(data)
            unknown = [item for item in asked if item[0] not in right]
            wrong = [(kind, right[kind]) for kind, value in asked if kind in right and value != right[kind]]
            if unknown or wrong:
                self.packet(IPCP, REJECT if unknown else NAK, number, pack(unknown or wrong))
            else:
                self.packet(IPCP, ACK, number, data)
                self.agreed["IPCP theirs"] = True
        elif code == ACK:
            self.agreed["IPCP ours"] = True
        if self.agreed["IPCP ours"] and self.agreed["IPCP theirs"] and not self.up:
            self.network = self.network or Network(self.folder)
            self.calls += 1
            self.up = True

    def to_device(self, packet):
        if self.up and packet[16:20] == socket.inet_aton(self.given):
            self.carried.append(packet)
            self.say(encode(IP, packet, False))

    # ---- What a test may do ------------------------------------------------

    def act(self, what):
        with self.lock:
            self.todo.append(what)

    def hang_up_now(self):
        self.to_command_mode()
        self.out = b""
        self.say(b"\r\nNO CARRIER\r\n")

    def hang_up(self):
        """The carrier is lost, and the modem says so."""
        self.act(self.hang_up_now)

    def terminate(self):
        """The peer ends PPP in good order, and the modem adds nothing."""
        self.act(lambda: self.packet(LCP, TERMINATE, self.id, b""))

    def hang_up_without_a_word(self):
        """The carrier is lost, and the modem takes commands again, but says nothing."""
        self.act(self.to_command_mode)

    def babble(self, count):
        """Frames in good order, but of nonsense."""
        def now():
            for _ in range(count):
                any_other = self.random.randrange(65536)
                protocol = self.random.choice((LCP, LCP, PAP, IPCP, IPCP, IP, 0xC223, any_other))
                body = self.random.randbytes(self.random.randrange(40))
                if protocol in (LCP, PAP, IPCP) and self.random.random() < 0.8:
                    length = len(body) + 4 if self.random.random() < 0.8 else self.random.randrange(65536)
                    body = struct.pack(">BBH", self.random.randrange(13), self.id, length) + body
                self.out += encode(protocol, body, True)
            self.babbled += count
        self.act(now)

    def fill_a_packet(self, text):
        """Something on its way to the device has this text in it."""
        self.act(lambda: self.say(encode(IP, bytes(20) + text, False)))

    def dialled(self):
        """When."""
        return [when for when, command in self.commands if command.startswith("ATD")]

    def stop(self):
        self.stopped = True
        self.thread.join(5)
        if self.network:
            self.network.stop()
        self.door.close()
