#!/usr/bin/python3
"""The demonstration, as a newcomer starts it: the alarm goes out, and the wire is dumped.

    test_demo.py BOARD

SPDX-License-Identifier: MIT
"""
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BOARDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "boards")
sys.path += [BOARDS, os.path.join(os.path.dirname(BOARDS), "tests", "server")]
sys.dont_write_bytecode = True
import capture  # noqa: E402
import discretion  # noqa: E402
import run as demonstration  # noqa: E402

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
HOST = bytes((10, 0, 2, 2))  # this machine, as the device sees it
LOGIN = base64.b64encode(f"{SID}:{TOKEN}".encode())
BOARD = None


def run(*arguments, folder, **settings):
    """Whatever it prints, of the device or of Twilio: the token is not in it."""
    done = subprocess.run(["/usr/bin/python3", os.path.join(BOARDS, "run.py"), *arguments],
                          cwd=folder, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], **settings}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    discretion.must_not_tell(done.stdout, {TOKEN}, "the demonstration")
    return done


def memory(text):
    """{what: [bytes, and of how many]} of the lines that the device ends with."""
    return {what: [int(number) for number in numbers.split(" of ")] for what, numbers in
            re.findall(r"^device \|   (\w[\w ]*?) {2,}(\d+(?: of \d+)?)$", text, re.M)}


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_the_alarm_and_the_wire(self):
        done = run(BOARD, "--pcap", "a,b.pcap", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertCountEqual(os.listdir(self.folder), ["a,b.pcap", "a,b.pcap.keys"])
        pcap = os.path.join(self.folder, "a,b.pcap")
        self.assertIn("a,b.pcap.keys", done.stdout)
        keys = capture.master_secrets(pcap + ".keys")
        streams = capture.streams(pcap)
        self.assertEqual(len(streams), 2)
        upward, downward = sorted(streams, key=lambda way: way[:1] == (HOST,))
        self.assertEqual(upward[2:], downward[:2])
        self.hidden(pcap)
        asked, answered = capture.decrypt(streams[upward], streams[downward], keys)
        requests = asked.count(b" HTTP/1.1\r\n")
        self.assertGreater(requests, 2)
        self.assertEqual(asked.count(b"\r\nAuthorization: Basic " + LOGIN + b"\r\n"), requests, asked)
        self.assertEqual(answered.count(b"HTTP/1.1 201 Created\r\n"), 2, answered)
        if BOARD == "lm3s6965evb":
            self.memory_as_told(done.stdout)
        if shutil.which("tshark"):
            self.by_wireshark(pcap)

    def memory_as_told(self, printed):
        """The README shows what is printed here; how deep the stack is depends on when interrupts come."""
        with open(os.path.join(BOARDS, "..", "README.md"), encoding="utf-8") as file:
            told = memory(file.read())
        found = memory(printed)
        self.assertEqual(set(found), {"flash", "static RAM", "TLS arena", "stack"})
        self.assertAlmostEqual(found.pop("stack")[0], told.pop("stack")[0], delta=256)
        self.assertEqual(found, told)

    def hidden(self, pcap):
        """Of what TLS is to hide nothing is in the frames."""
        with open(pcap, "rb") as file:
            wire = file.read()
        for clear in (TOKEN.encode(), LOGIN[:-4], SID.encode(), b"Authorization", b"HTTP/1.1", b"boiler"):
            self.assertNotIn(clear, wire)

    def by_wireshark(self, pcap):
        shown = subprocess.run(["tshark", "-r", pcap, "-o", f"tls.keylog_file:{pcap}.keys", "-Y", "http",
                                "-T", "fields", "-e", "http.request.method", "-e", "http.response.code"],
                               stdout=subprocess.PIPE, check=True, text=True).stdout
        self.assertEqual(shown.split()[:2], ["POST", "201"])
        self.assertEqual(shown.split().count("POST"), 2)

    def test_no_dump_where_there_is_no_emulator(self):
        done = run("linux", "--pcap", "wire.pcap", folder=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--pcap", done.stdout)
        self.assertEqual(os.listdir(self.folder), [])

    def test_no_dump_where_none_can_be(self):
        done = run(BOARD, "--pcap", "nowhere/wire.pcap", folder=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere", done.stdout)

    def test_no_keys_of_a_real_session(self):
        pcap = os.path.join(self.folder, "wire.pcap")
        self.assertIsNone(demonstration.start_dump(pcap, live=True))
        self.assertEqual(os.listdir(self.folder), ["wire.pcap"])

    def test_usage(self):
        for arguments in (["--pcap"], ["vax"], [BOARD, "snake"], [BOARD, "alarm", "more"], ["--dead"]):
            done = run(*arguments, folder=self.folder)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn("boards/run [BOARD", done.stdout)
        done = run("--help", folder=self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertIn("--pcap FILE", done.stdout)


if __name__ == "__main__":
    BOARD = sys.argv.pop(1)
    unittest.main()
