"""A device under test: an image in QEMU, or the program of the linux board, by its console.

SPDX-License-Identifier: MIT
"""
import codecs
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import discretion  # noqa: E402

QEMU = {"lm3s6965evb": "stellaris", "mps2-an385": "lan9118"}  # board to the model of its Ethernet


class Answer:
    """What the console printed for one command."""

    def __init__(self, text, seconds):
        self.text, self.seconds = text, seconds
        self.pairs = [tuple(line.split(" ", 1)) for line in text.splitlines() if " " in line]
        self.ok = text.endswith("\nok\n")

    def all(self, key):
        return [value for name, value in self.pairs if name == key]

    def __getitem__(self, key):
        """The last value for key; None when there is none."""
        return (self.all(key) or [None])[-1]

    @property
    def result(self):
        """TWILIO_..."""
        return (self["result"] or "").split(":")[0]

    @property
    def committed(self):
        return {"yes": True, "no": False}[self["committed"]]


class Device:
    """Boots at once. settings: what board_setting tells it; options: more of the emulator's.

    No secret of its settings, nor any other in secrets, may be in anything it ever says, but for the echo
    of a line typed; nor in the emulator's complaints, nor, readable, on the wire. stop() looks."""

    def __init__(self, board, image, settings, options=(), flash=None):
        self.folder = tempfile.TemporaryDirectory(prefix="twilio-")
        if flash:
            os.symlink(flash, os.path.join(self.folder.name, "flash"))
        self.board = board
        self.wire = os.path.join(self.folder.name, "wire.pcap")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
        if board in QEMU:
            with open(os.path.join(self.folder.name, "settings"), "w") as file:
                file.writelines("%s=%s\n" % item for item in settings.items())
            command = ["qemu-system-arm", "-M", board, "-kernel", os.path.abspath(image),
                       "-nic", "user,ipv6-prefix=fd00::,id=net,model=" + QEMU[board],  # not the fec0:: of old
                       "-object", "filter-dump,id=dump,netdev=net,maxlen=4096,file=" + self.wire,
                       "-semihosting-config", "enable=on,target=native",
                       "-display", "none", "-monitor", "none", "-serial", "stdio",
                       "-qmp", "unix:qmp,server=on,wait=off", *options]
        else:
            environment.update(settings)
            command = [os.path.abspath(image)]
        self.errors = open(os.path.join(self.folder.name, "errors"), "w+")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL"] + command, cwd=self.folder.name, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        self.secrets = discretion.secrets_of(settings)
        self.typed = []
        self.said = ""  # all it has said
        self.heard = 0  # up to where that was waited for
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def wait(self, pattern, seconds):
        """Wait until it says something new that matches; returns the match."""
        deadline = time.monotonic() + seconds
        while True:
            found = re.compile(pattern).search(self.said, self.heard)
            if found:
                self.heard = found.end()
                return found
            ready, _, _ = select.select([self.process.stdout], [], [], max(deadline - time.monotonic(), 0))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise AssertionError("%s while waiting for %r. It said:\n%s\n%s" % (
                    "it ended (%s)" % self.process.wait(5) if ready else "nothing for %d s" % seconds,
                    pattern, self.said[-3000:],
                    self.complaints()))
            self.hear(data)

    def hear(self, data):
        self.said += self.decoder.decode(data).replace("\r", "")

    def complaints(self):
        self.errors.seek(0)
        return self.errors.read()

    def type(self, text):
        self.typed.append(text.strip())
        self.process.stdin.write(text.encode(errors="surrogateescape"))  # "\udcff" is an octet, ff
        self.process.stdin.flush()

    def command(self, line, seconds=20):
        """Type a line at the prompt; returns the Answer."""
        began, start = time.monotonic(), self.heard
        self.type(line + "\n")
        found = self.wait(r"(?<=\n)(ok|failed)\n> ", seconds)
        return Answer(self.said[start:found.end() - 2], time.monotonic() - began)

    def trip(self):
        """Press the board's button. One that has none takes a 't' on its console."""
        if self.board == "lm3s6965evb":
            key = {"keys": [{"type": "qcode", "data": "ctrl"}], "hold-time": 100}
            self.monitor(("qmp_capabilities", {}), ("send-key", key), ("send-key", key))  # the first wakes it
        elif self.board in QEMU:
            self.type("t")
        else:
            self.process.send_signal(signal.SIGUSR1)

    def monitor(self, *commands):
        with socket.socket(socket.AF_UNIX) as qmp:
            qmp.connect(os.path.join(self.folder.name, "qmp"))
            answers = qmp.makefile("r")
            answers.readline()  # a greeting
            for name, arguments in commands:
                qmp.sendall(json.dumps({"execute": name, "arguments": arguments}).encode())
                answer = json.loads(answers.readline())
                while "event" in answer:
                    answer = json.loads(answers.readline())
                assert "return" in answer, answer

    def ended(self, seconds):
        """Its exit status, once it has ended."""
        return self.process.wait(seconds)

    def sent(self, text):
        """Whether these bytes were in any frame it sent or got, as far as the emulator has the wire."""
        with open(self.wire, "rb") as file:
            return text in file.read()

    def has_told_nothing(self):
        said = self.said
        for line in self.typed:
            if any(secret in line for secret in self.secrets):
                said = said.replace(line, "", 1)
        discretion.must_not_tell(said, self.secrets, "the console")
        discretion.must_not_tell(self.complaints(), self.secrets, "the emulator")
        if os.path.exists(self.wire):
            with open(self.wire, "rb") as file:
                discretion.must_not_tell(file.read(), self.secrets, "the wire")

    def stop(self):
        self.process.kill()
        self.process.wait()
        try:
            self.hear(self.process.stdout.read())
            self.has_told_nothing()
        finally:
            self.clean_up()

    def clean_up(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()
        self.folder.cleanup()
