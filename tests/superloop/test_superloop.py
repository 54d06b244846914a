#!/usr/bin/python3
"""The super-loop on an emulated LM3S6965, at 31 million instructions a second: a Cortex-M3 at some 50 MHz.

    test_superloop.py WORK [CLASS[.TEST] ...]

In WORK the image is built, with the certificates that it trusts. Time is the emulated processor's own
(-icount), so what the image measures does not depend on this machine. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import contextlib
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../..")
sys.path[:0] = [os.path.join(HERE, "../e2e"), os.path.join(HERE, "../server")]
import chains
import standin
import wire
import world
from device import Device

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
FROM, TO = "+15005550010", "+15005550006"
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM, "TWILIO_TO": TO}
SPEED = ("-icount", "shift=5")  # 32 ns for an instruction
BANNER = " superloop\n"
UNDER_WAY = "SMS: under way\n"
REPORT = (r"SMS: (\d+ SM\w+|TWILIO_[^,]*), (\d+) ms; longest step (\d+) ms, "
          r"longest time without a look (\d+) ms, rounds (\d+)\n")
BLIND = 60  # ms: the longest time without a look that pulse.h allows, and some
WORK = IMAGE = NAMES = CLOCK = SERVER = None

# Full handshakes: the most milliseconds that a step may take; and the least, or it was no such handshake
STEPS = {"rsa2048": (400, 200), "rsa4096": (1200, 700), "p256": (3000, 1500), "p384": (6500, 3000)}


def build():
    """The image, trusting the root of each kind."""
    zoo = chains.make(os.path.join(WORK, "chains"))
    anchors = ";".join(os.path.join(zoo, kind + "-root.der") for kind in chains.KINDS)
    configure = ("-S", ROOT, "-B", WORK, "-G", "Ninja", "-DBOARD=lm3s6965evb", "-DTWILIO_ANCHORS=" + anchors)
    for command in (configure, ("--build", WORK, "--target", "superloop")):
        done = subprocess.run(("cmake",) + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode:
            sys.exit(done.stdout[-5000:])
    return os.path.join(WORK, "superloop.elf")


class Superloop(unittest.TestCase):
    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        SERVER.answer = self.twilio.answer
        NAMES.mode = "good"
        NAMES.asked.clear()

    @contextlib.contextmanager
    def booted(self, kind, **settings):
        SERVER.behave(os.path.join(WORK, "chains", kind))
        device = Device("lm3s6965evb", IMAGE, {**SETTINGS, **settings}, options=SPEED)
        try:
            device.wait(BANNER, 20)
            yield device
        finally:
            device.stop()  # it would never idle

    def report(self, device):
        """What came of the SMS; ms for all of it, for the longest step, without a look; rounds."""
        what, *figures = device.wait(REPORT + "|" + BANNER, 60).groups()
        self.assertIsNotNone(what, "it was reset")
        return (what, *map(int, figures))

    def test_no_handshake_holds_it_up(self):
        for kind, (most, least) in STEPS.items():
            self.setUp()
            with self.subTest(kind), self.booted(kind) as device:
                device.type("t")
                what, whole, step, blind, _ = self.report(device)
                print("%s: %d ms, longest step %d ms, longest time without a look %d ms" % (
                    kind, whole, step, blind))
                self.assertRegex(what, "^201 SM")
                self.assertEqual([dict(entry["form"])["To"] for entry in self.twilio.requests], [TO])
                self.assertIn("api.twilio.com", NAMES.asked)
                self.assertFalse(SERVER.visits[-1].resumed)
                self.assertLess(blind, BLIND)
                self.assertLess(step, most)
                self.assertGreater(step, least)

    def test_the_watchdog_bites(self):
        with self.booted("p256", SUPERLOOP_STARVE="1") as device:
            device.type("t")
            device.wait(UNDER_WAY, 20)
            device.wait(BANNER, 20)
            self.assertEqual(self.twilio.requests, [])

    def test_the_watchdog_does_not_bite_too_early(self):
        with self.booted("rsa2048", SUPERLOOP_STARVE="1") as device:
            device.type("t")
            what, _, step, blind, _ = self.report(device)
            self.assertRegex(what, "^201 SM")
            self.assertGreater(min(step, blind), 200)

    def test_the_input_is_seen_while_it_computes(self):
        with self.booted("p256") as device:
            device.trip()
            device.wait(UNDER_WAY, 20)
            device.trip()  # a tenth of a second, twice, of the four that the first SMS takes
            for _ in range(2):
                self.assertRegex(self.report(device)[0], "^201 SM")
            self.assertEqual(len(self.twilio.requests), 2)

    def test_nobody_answers(self):
        for mode, result in (("unknown", "TWILIO_ERR_DNS"), ("silent", "TWILIO_ERR_(DNS|TIMEOUT)")):
            NAMES.mode = mode
            with self.subTest(mode), self.booted("rsa2048", TWILIO_TIMEOUT="5000") as device:
                device.type("t")
                for _ in range(3):
                    what, whole, step, blind, rounds = self.report(device)
                    self.assertRegex(what, result)
                    self.assertIn("certainly not sent", what)
                    self.assertLess(max(step, blind), BLIND)
                    self.assertLessEqual(whole, 5000 + BLIND)
                    self.assertGreater(rounds, 5 * whole - 100, "it idled")


if __name__ == "__main__":
    world.enter()
    WORK = os.path.abspath(sys.argv.pop(1))
    IMAGE = build()
    NAMES, CLOCK = world.NameServer(), world.TimeServer()
    SERVER = wire.Server(None, os.path.join(WORK, "chains", "rsa2048"), ("127.0.0.1", 443)).start()
    unittest.main(warnings="ignore")
