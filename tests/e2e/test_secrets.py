#!/usr/bin/python3
"""All the RAM of a board, after calls that went well and calls that did not: where is the login?

    test_secrets.py BOARD CONSOLE ZOO

The console keeps the auth token once, in what it has of the settings; so that is where it is, and in no
other place, nor any part of it, in no spelling. BOARD is one of QEMU's. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import ca
import discretion
import standin
import wire
import world
from device import Device

RAM = {"val": 0x20000000, "size": 0x10000}  # as link.ld of either has it
SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "qZ7wXk2VbN9mLs4RtY6uHj1PgF3dCx8e"
TO = "+15005550006"
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+15005550010",
            "TWILIO_TO": TO, "TWILIO_TIMEOUT": "3000"}
BOARD = CONSOLE = ZOO = NAMES = CLOCK = SERVER = None


def chain(name):
    return os.path.join(ZOO, name)


class Secrets(unittest.TestCase):
    def setUp(self):
        SERVER.behave(chain("good"))
        SERVER.answer = standin.Twilio(SID, {SID: TOKEN}).answer
        self.device = Device(BOARD, CONSOLE, SETTINGS)
        self.addCleanup(self.device.stop)
        self.device.wait("\n> ", 20)

    def ram(self):
        """All of it, while the board stands still."""
        name = os.path.join(self.device.folder.name, "ram")
        self.device.monitor(("qmp_capabilities", {}), ("stop", {}),
                            ("pmemsave", {**RAM, "filename": name}), ("cont", {}))
        with open(name, "rb") as file:
            return file.read()

    def must_be_kept_once(self, when):
        octets = self.ram()
        kept = [found.start() for found in re.finditer(re.escape(TOKEN.encode()), octets)]
        self.assertEqual(len(kept), 1, when)
        octets = octets.replace(TOKEN.encode(), bytes(len(TOKEN)))
        discretion.must_not_tell(octets, {TOKEN}, "the board's RAM, " + when)

    def call(self, line, result, code):
        answer = self.device.command(line)
        self.assertEqual((answer.result, answer["code"]), (result, code), answer.text)
        self.must_be_kept_once("after " + line + ": " + result)

    def test_after_answers(self):
        self.must_be_kept_once("before any call")
        self.call("sms %s Fire" % TO, "TWILIO_OK", "201")
        self.call("get Balance.json", "TWILIO_OK", "200")  # on the connection that was kept
        self.call("get Nothing.json", "TWILIO_OK", "404")
        SERVER.answer = standin.Twilio(SID, {SID: "another"}).answer
        self.call("balance", "TWILIO_OK", "401")
        self.device.command("close")
        self.must_be_kept_once("after its close")

    def test_after_failures(self):
        for name, result in (("unknown", "UNTRUSTED"), ("wrongname", "WRONG_NAME"), ("expired", "EXPIRED")):
            SERVER.behave(chain(name))
            self.call("balance", "TWILIO_ERR_" + result, None)
        for fault, result in (("reset-handshake", "RESET"), ("silence-handshake", "TIMEOUT"),
                              ("reset-answer", "RESET"), ("silence-answer", "TIMEOUT"),
                              ("reset-body", "RESET"), ("silence-body", "TIMEOUT")):
            SERVER.behave(chain("good"), fault=fault)
            answer = self.device.command("sms %s Fire" % TO)
            self.assertEqual(answer.result, "TWILIO_ERR_" + result, answer.text)
            self.must_be_kept_once("after " + fault)

    def test_with_trace(self):
        self.device.command("trace on")
        self.call("sms %s Fire" % TO, "TWILIO_OK", "201")


if __name__ == "__main__":
    world.enter()
    BOARD, CONSOLE, ZOO = (sys.argv.pop(1) for _ in range(3))
    ZOO = ca.make(ZOO)
    NAMES, CLOCK = world.NameServer(), world.TimeServer()
    SERVER = wire.Server(None, chain("good"), ("127.0.0.1", 443)).start()
    unittest.main(warnings="ignore")
