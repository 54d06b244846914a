#!/usr/bin/python3
"""A board without Ethernet: the console and the alarm panel over PPP and a modem (peer.py).

    test_ppp.py BOARD CONSOLE ALARM ZOO [CLASS[.TEST] ...]

Behind the modem is all the network there is (e2e/world.py). What must hold: a line that is bad, silent,
or lost in the midst of a request costs time, never a wrong result; the device dials again by itself; and
why it is not on the network it can tell. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import base64
import os
import sys
import tempfile
import time
import unittest

for folder in ("../server", "../e2e"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), folder))
import ca
import peer
import standin
import wire
import world
from device import Answer, Device

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
LOGIN = base64.b64encode((SID + ":" + TOKEN).encode())
FROM, TO = "+15005550010", "+15005550006"
APN, USER, PASSWORD = "internet.example", "panel@example", "open+sesame!~}"
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM, "TWILIO_TO": TO,
            "TWILIO_APN": APN, "TWILIO_PPP_USER": USER, "TWILIO_PPP_PASSWORD": PASSWORD}
BOARD = CONSOLE = ALARM = ZOO = NAMES = CLOCK = SERVER = TWILIO = None


class Panel:
    """A device with its modem."""

    def __init__(self, image, settings=None, prepare=None, password=PASSWORD, **options):
        self.folder = tempfile.TemporaryDirectory(prefix="twilio-")
        self.peer = peer.Peer(self.folder.name, USER, password, **options)
        if prepare:
            prepare(self.peer)
        self.device = Device(BOARD, image, {**SETTINGS, **(settings or {})},
                             ["-serial", "unix:" + self.peer.path])
        self.command = self.device.command
        self.prompted = False

    def ready(self):
        """Wait for its first prompt, which comes when it is on the network, or has given that up."""
        if not self.prompted:
            self.device.wait("\n> ", 30)
            self.prompted = True
        return self

    def until(self, condition, seconds):
        """Ask for the state of the network until it is as condition has it; returns the Answer."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.command("net")
            if condition(answer):
                return answer
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)

    def stop(self):
        """No credential was ever readable on the line, the password of PPP apart."""
        try:
            assert self.peer.failure is None, self.peer.failure
            carried = b"".join(self.peer.carried)
            for secret in (TOKEN.encode(), SID.encode(), LOGIN, PASSWORD.encode()):
                assert secret not in carried, "a credential was on the line, readable"
        finally:
            self.device.stop()
            self.peer.stop()
            self.folder.cleanup()


def says(pattern, answer):
    def prepare(modem):
        modem.says[pattern] = answer
    return prepare


def unplugged(modem):
    modem.dead = True


def silent(modem):
    modem.silent = True


# Those that take their time do so while other tests run: what is wrong, and what the device must say.
TROUBLES = {
    "mute": (dict(prepare=unplugged), "the modem does not answer"),
    "no carrier": (dict(prepare=says("ATD.*", "NO CARRIER")), "no carrier"),
    "busy": (dict(prepare=says("ATD.*", "BUSY")), "the number dialled is busy"),
    "no such access point": (dict(prepare=says(r"AT\+CGDCONT.*", "+CME ERROR: 30")),
                             "the modem refuses a command"),
    "wrong password": (dict(password="other"), "user or password of PPP refused"),
    "no PPP": (dict(prepare=silent), "connected, but no address by PPP"),
}
troubled, lost, mute_alarm = {}, None, None


def setUpModule():
    global lost, mute_alarm
    for name, (arguments, _) in TROUBLES.items():
        troubled[name] = Panel(CONSOLE, **arguments)
        unittest.addModuleCleanup(troubled[name].stop)
    mute_alarm = Panel(ALARM, prepare=unplugged)
    unittest.addModuleCleanup(mute_alarm.stop)
    lost = Panel(CONSOLE)
    unittest.addModuleCleanup(lost.stop)
    lost.ready()
    lost.began = time.monotonic()
    lost.peer.hang_up_without_a_word()


class Case(unittest.TestCase):
    def setUp(self):
        TWILIO.requests.clear()
        SERVER.behave(os.path.join(ZOO, "good"))

    def good(self, panel, line, code=200):
        answer = panel.command(line, 60)
        self.assertEqual((answer.result, answer["code"]), ("TWILIO_OK", str(code)), answer.text)
        self.assertTrue(answer.committed)


class Alarm(Case):
    def test_both_arrive(self):
        """Not a segment twice: no byte was lost, not even while the device was busy with public keys."""
        mark = len(SERVER.visits)
        panel = Panel(ALARM, {"ALARM_ONCE": "1", "ALARM_PATIENCE": "1"})
        try:
            panel.device.wait("network: 10.0.2.15\n", 20)
            panel.device.trip()
            panel.device.wait(r"\n  TLS [^\n]*\n", 60)
            self.assertEqual(panel.device.ended(10), 0, panel.device.said)
            self.assertIn("\nclock: set\n", panel.device.said)
            commands = [command for _, command in panel.peer.commands]
            self.assertEqual(commands, ["AT", 'AT+CGDCONT=1,"IP","%s"' % APN, "ATD*99#"])
            self.assertEqual((panel.peer.logins, panel.peer.refused), ([(USER, PASSWORD)], []))
            self.assertTrue({"api.twilio.com", "pool.ntp.org"} <= set(NAMES.asked), NAMES.asked)
            self.assertEqual([entry["path"].rsplit("/", 1)[1] for entry in TWILIO.requests
                              if entry["method"] == "POST"], ["Messages.json", "Calls.json"])
            self.assertEqual(len(SERVER.visits[mark:]), 1)
            segments = [packet[12:20] + packet[20:34] for packet in panel.peer.carried
                        if packet[9] == 6 and len(packet) > 20 + 4 * (packet[32] >> 4)]
            self.assertGreater(len(segments), 10)
            self.assertEqual(len(segments), len(set(segments)))
        finally:
            panel.stop()


class Line(Case):
    """One console and its modem, from test to test."""

    @classmethod
    def setUpClass(cls):
        cls.panel = Panel(CONSOLE, {"TWILIO_TIMEOUT": "40000"})
        cls.addClassCleanup(cls.panel.stop)
        cls.panel.ready()

    def setUp(self):
        super().setUp()
        self.modem = self.panel.peer
        self.panel.until(lambda answer: answer.ok and self.modem.up, 20)
        self.calls = self.modem.calls
        self.panel.command("close")

    def tearDown(self):
        self.modem.noise, self.modem.address, self.modem.speed = 0, "10.0.2.15", peer.SPEED

    def test_noise(self):
        self.modem.noise = 250  # about every fourth frame of 600 bytes
        bodies = []
        while self.modem.bad == 0 or self.modem.spoilt < 4:
            bodies.append(str(len(bodies)))
            self.good(self.panel, "sms %s %s" % (TO, bodies[-1]), 201)
            self.panel.command("close")
        self.assertEqual([dict(entry["form"])["Body"] for entry in TWILIO.requests], bodies)

    def loses(self, lose):
        """The line is lost while the answer is awaited."""
        SERVER.behave(os.path.join(ZOO, "good"), fault="silence-answer")
        device = self.panel.device
        start = device.heard
        device.type("sms %s x\n" % TO)
        deadline = time.monotonic() + 20
        while not TWILIO.requests:
            self.assertLess(time.monotonic(), deadline, "the request has not come: " + device.said)
            time.sleep(0.01)
        began = time.monotonic()
        lose()
        end = device.wait(r"(?<=\n)failed\n> ", 60).end()
        answer = Answer(device.said[start:end - 2], 0)
        self.assertLess(time.monotonic() - began, 14, "not told that the line is lost")
        self.assertEqual((answer.result, answer.committed), ("TWILIO_ERR_RESET", True), answer.text)
        SERVER.behave(os.path.join(ZOO, "good"))

    def comes_back(self, address="10.0.2.15"):
        answer = self.panel.until(lambda answer: answer.ok and self.modem.up, 20)
        self.assertEqual((answer["address"], answer["trouble"]), (address, None))
        self.assertEqual(self.modem.calls, self.calls + 1)
        self.good(self.panel, "get Balance.json")

    def test_no_carrier(self):
        self.modem.address = "10.0.2.16"  # from the next call on
        self.loses(self.modem.hang_up)
        answer = self.panel.command("net")
        self.assertEqual(answer["address"], "0.0.0.0")
        self.assertEqual(answer["trouble"], "the modem has lost the carrier")
        self.comes_back("10.0.2.16")

    def test_terminated(self):
        self.loses(self.modem.terminate)
        self.panel.until(lambda answer: answer["trouble"] == "the peer has ended PPP, or never begun", 10)
        self.comes_back()

    def test_no_carrier_in_a_packet(self):
        """Which anybody can send."""
        self.modem.fill_a_packet(b"\r\nNO CARRIER\r\n")
        self.good(self.panel, "get Balance.json")
        time.sleep(1)  # that long nothing must happen
        self.good(self.panel, "get Balance.json")
        self.assertEqual(self.modem.calls, self.calls)

    def test_nonsense(self):
        """Faster than the device can take it: nothing is held up for good."""
        self.modem.speed = 1000000
        self.modem.babble(400)
        self.panel.until(lambda answer: self.modem.babbled and not self.modem.out, 20)
        self.modem.hang_up()
        self.panel.until(lambda answer: not answer.ok, 20)
        self.panel.until(lambda answer: answer.ok, 60)
        self.good(self.panel, "get Balance.json")


class Start(Case):
    def test_reset_in_a_call(self):
        panel = Panel(CONSOLE, in_call=True)
        try:
            panel.ready().until(lambda answer: answer.ok, 20)
            self.assertIn("ATH", [command for _, command in panel.peer.commands])
            self.good(panel, "get Balance.json")
        finally:
            panel.stop()

    def test_chap_is_asked_for(self):
        """PAP is proposed instead."""
        panel = Panel(CONSOLE, prepare=lambda modem: setattr(modem, "wants", peer.CHAP_WANTED))
        try:
            self.assertTrue(panel.ready().command("net").ok)
            self.assertEqual(panel.peer.logins, [(USER, PASSWORD)])
        finally:
            panel.stop()

    def test_number(self):
        panel = Panel(CONSOLE, {"TWILIO_APN": "", "TWILIO_DIAL": "*99***1#"})
        try:
            panel.ready()
            self.assertEqual([command for _, command in panel.peer.commands], ["AT", "AT", "ATD*99***1#"])
        finally:
            panel.stop()

    def test_setting_with_a_command_in_it(self):
        for setting in ({"TWILIO_APN": 'x"'}, {"TWILIO_DIAL": "1;+CPWROFF"}):
            panel = Panel(CONSOLE, setting)
            try:
                panel.device.wait("TWILIO_ERR_ARGUMENT.*\n> ", 20)
                self.assertEqual(panel.peer.commands, [])
            finally:
                panel.stop()


class Trouble(Case):
    """Comes last, so that what setUpModule began has had its time."""

    def test_is_told(self):
        for name, (_, trouble) in TROUBLES.items():
            with self.subTest(name):
                panel = troubled[name].ready()
                answer = panel.until(lambda answer: answer["trouble"] == trouble, 30)
                self.assertFalse(answer.ok)
                self.assertEqual(answer["address"], "0.0.0.0")
                answer = panel.command("get Balance.json")
                self.assertEqual(answer.result, "TWILIO_ERR_NETWORK", answer.text)
                self.assertFalse(answer.committed)

    def test_pauses_grow(self):
        panel = troubled["no carrier"].ready()
        panel.until(lambda answer: len(panel.peer.dialled()) >= 4, 60)
        times = panel.peer.dialled()
        pauses = [after - before for before, after in zip(times, times[1:])]
        for pause, least in zip(pauses, (3, 4, 6)):  # 1, 2 and 4 s, and 2.4 to hang up
            self.assertGreater(pause, least, pauses)

    def test_is_told_by_the_alarm(self):
        mute_alarm.device.wait("network: the modem does not answer\n", 40)

    def test_silent_line(self):
        """Lost without a word: found out by echo requests that nobody answers."""
        lost.until(lambda answer: lost.peer.calls == 2 and answer.ok, 80)
        self.assertGreater(lost.peer.dialled()[1] - lost.began, 15)
        self.assertLess(lost.peer.dialled()[1] - lost.began, 60)
        self.good(lost, "get Balance.json")


if __name__ == "__main__":
    world.enter()
    BOARD, CONSOLE, ALARM, ZOO = (sys.argv.pop(1) for _ in range(4))
    ZOO = ca.make(ZOO)
    NAMES, CLOCK = world.NameServer(), world.TimeServer()
    SERVER = wire.Server(None, os.path.join(ZOO, "good"), ("127.0.0.1", 443)).start()
    TWILIO = standin.Twilio(SID, {SID: TOKEN})
    SERVER.answer = TWILIO.answer
    unittest.main(warnings="ignore")
