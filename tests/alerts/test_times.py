#!/usr/bin/python3
"""How soon an alert is kept, and how soon Twilio has it, by the clock of an emulated LM3S6965.

    test_times.py ALARM ZOO

The emulator counts instructions, 31 million a second: a Cortex-M3 at some 50 MHz. So what the panel computes
takes the same time on any machine, and what it waits for is no shorter than it is. The emulated flash takes
none: see tests/port/test_deliver.c for how many operations there are. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import concurrent.futures
import os
import re
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "../e2e"), os.path.join(HERE, "../server")]
import ca  # noqa: E402
import standin  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from device import Device  # noqa: E402

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+15005550010",
            "TWILIO_TO": "+15005550006"}
SPEED = ("-icount", "shift=5")  # 32 ns for an instruction
KEPT = 20        # ms of computing until an alert is kept; flash takes 30 more at most: test_deliver
COLD = 10000     # ms from power-on until Twilio has it
LOST = 60000     # the same, if a connection is lost meanwhile
RESTART = 8000   # ms without a beat until the watchdog bites
HALF = 36        # alerts of 4 slots each: they fill half of the journal


class Panel:
    """The panel, and a Twilio of its own; api.twilio.com, unless elsewhere."""

    def __init__(self, fault=None, elsewhere=True, **settings):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        address = ("127.0.0.1", 0 if elsewhere else 443)
        self.server = wire.Server(self.twilio.answer, CHAIN, address).start()
        self.server.behave(CHAIN, fault=fault, times=1)
        if elsewhere:
            settings.setdefault("TWILIO_CONNECT_TO", "%s:%d" % (world.HOST, self.server.port))
        self.device = Device("lm3s6965evb", ALARM, {**SETTINGS, **settings}, options=SPEED)

    def __enter__(self):
        self.device.wait("\narmed\n", 60)
        return self

    def __exit__(self, *_):
        self.device.stop()
        self.server.stop()

    def kept(self, key="b"):
        """Raise an alert; milliseconds until it is kept."""
        self.device.type(key)
        return int(self.device.wait(r"alert \d+: kept, (\d+) ms\n", 60).group(1))

    def up(self):
        """Milliseconds since power-on, when asked; so rather more than when something was said."""
        self.device.type("s")
        return int(self.device.wait(r"up (\d+) ms\n", 60).group(1))

    def accepted(self):
        """Raise an alert; milliseconds from power-on until Twilio has it, and how many messages there are."""
        self.kept()
        self.device.wait("SMS: accepted", 120)
        return self.up(), len(self.twilio.things["Messages"])


class Times(unittest.TestCase):
    def test_kept(self):
        """An empty journal, one that fills, a full sector every few alerts, one half full."""
        with Panel(ALARM_QUIET="0", TWILIO_CONNECT_TO="10.0.2.2:1") as panel:
            times = [panel.kept() for _ in range(HALF)]
            half = panel.kept()
            print("kept, ms of computing: empty %d; while it fills %d at most; half full %d"
                  % (times[0], max(times), half))
            self.assertLess(max(times + [half]), KEPT)

    def test_accepted_cold(self):
        with Panel(elsewhere=False) as panel:
            took, messages = panel.accepted()
            print("accepted, ms from power-on: %d" % took)
            self.assertLess(took, COLD)
            self.assertEqual(messages, 1)
            self.assertIn("api.twilio.com", NAMES.asked)
            self.assertFalse(panel.server.visits[-1].resumed)

    def accepted_with(self, fault):
        with Panel(fault) as panel:
            took, messages = panel.accepted()
            self.assertEqual(panel.server.times, 0, "nothing was lost")
            looked = any(entry["method"] == "GET" and ("To", SETTINGS["TWILIO_TO"]) in entry["query"]
                         for entry in panel.twilio.requests)
            return took, messages, looked

    def test_accepted_with_one_connection_lost(self):
        faults = ("reset-accept", "reset-handshake", "silence", "silence-handshake", "reset-answer",
                  "reset-body", "silence-answer", "silence-body")
        with concurrent.futures.ThreadPoolExecutor(len(faults)) as pool:
            for fault, (took, messages, looked) in zip(faults, pool.map(self.accepted_with, faults)):
                with self.subTest(fault):
                    print("accepted, ms from power-on, %s: %d%s" % (fault, took, ", looked" * looked))
                    self.assertLess(took, LOST)
                    self.assertEqual(messages, 1)
                    self.assertEqual(looked, fault.endswith(("-answer", "-body")))

    def test_the_watchdog_restarts_it(self):
        with Panel() as panel:
            panel.device.type("bh")
            panel.device.wait("\nhangs\n", 20)
            began = time.monotonic()
            panel.device.wait("alarm panel\n", 60)
            self.assertGreater(time.monotonic() - began, RESTART / 1000 / 2)
            panel.device.wait("alert 1, SMS: delivered", 60)
            self.assertEqual(len(panel.twilio.things["Messages"]), 1)


if __name__ == "__main__":
    world.enter()
    ALARM, ZOO = sys.argv.pop(1), sys.argv.pop(1)
    CHAIN = os.path.join(ca.make(ZOO), "good")
    NAMES, CLOCK = world.NameServer(), world.TimeServer()
    unittest.main(warnings="ignore")
