#!/usr/bin/python3
"""The command-line program, end to end: what it sends, what it prints, and what its exit status says.

    test_command.py PROGRAM ZOO      PROGRAM as it is installed, with its built-in trust anchors

Runs in the network of world.py, and needs root for it.

SPDX-License-Identifier: MIT
"""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import ca
import standin
import wire
import world

DONE, USAGE, HTTP_ERROR, NOT_SENT, UNKNOWN = range(5)
SID, TOKEN, SECRET = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210", "hushhushhush"
FROM, TO = "+15005550010", "+15005550006"
PROGRAM = ZOO = NAMES = SERVER = None


def chain(name):
    return os.path.join(ZOO, name)


class Command(unittest.TestCase):
    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN, "SK1": SECRET})
        SERVER.answer = self.twilio.answer
        SERVER.behave(chain("good"))
        NAMES.mode = "good"

    def run_it(self, *arguments, **changes):
        """Returns the exit status; self.out and self.err are what it printed."""
        settings = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM,
                    "TWILIO_CA_FILE": chain("root.pem"), "TWILIO_TIMEOUT": "3000", **changes}
        settings = {name: value for name, value in settings.items() if value is not None}
        done = subprocess.run([PROGRAM] + list(arguments), env=settings, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=30)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        for secret in (TOKEN, SECRET):
            self.assertNotIn(secret, self.out + self.err)
        return done.returncode

    def form(self):
        return self.twilio.requests[-1]["form"]

    def test_sms(self):
        text = "95 °C & rising + 100% <sure?>\n\u20ac"
        self.assertEqual(self.run_it("sms", TO, text, "ValidityPeriod=900"), DONE, self.err)
        self.assertEqual(json.loads(self.out)["sid"], self.twilio.requests[0]["sid"])
        self.assertEqual(self.form(), [("To", TO), ("From", FROM), ("Body", text), ("ValidityPeriod", "900")])
        self.assertEqual(self.run_it("-v", "sms", TO, "x", "From=" + TO), DONE)
        self.assertEqual(self.form(), [("To", TO), ("Body", "x"), ("From", TO)])
        self.assertIn("status 201 Created", self.err)

    def test_call(self):
        self.assertEqual(self.run_it("call", TO, "Fire & <smoke>", "Timeout=20"), DONE, self.err)
        self.assertEqual(self.form(), [
            ("To", TO), ("From", FROM),
            ("Twiml", "<Response><Say>Fire &amp; &lt;smoke&gt;</Say></Response>"), ("Timeout", "20")])

    def test_any_request(self):
        self.run_it("sms", TO, "x")
        path = "Messages/%s.json" % json.loads(self.out)["sid"]
        self.assertEqual(self.run_it("get", path), DONE)
        self.assertEqual(json.loads(self.out)["status"], "sent")
        self.assertEqual((self.run_it("head", path), self.out), (DONE, ""))
        self.assertEqual(self.run_it("post", path, "Body="), DONE)
        self.assertEqual((self.run_it("delete", path), self.out), (DONE, ""))
        self.assertEqual(self.run_it("put", path, "Body=x"), HTTP_ERROR)
        self.assertEqual(self.run_it("get", "Messages.json", "DateSent>=2026-01-01", "PageSize=1"), DONE)
        self.assertEqual(self.twilio.requests[-1]["query"], [("DateSent>", "2026-01-01"), ("PageSize", "1")])
        self.assertEqual(self.run_it("get", "Accounts"), DONE)
        self.assertTrue(self.out.startswith("<?xml"))

    def test_a_long_answer_is_whole(self):
        for number in range(200):
            self.twilio.new_message([("To", TO), ("From", FROM), ("Body", "%d" % number)])
        self.assertEqual(self.run_it("get", "Messages.json", "PageSize=200"), DONE)
        self.assertEqual([item["body"] for item in json.loads(self.out)["messages"]],
                         [str(number) for number in reversed(range(200))])

    def test_twilio_says_no(self):
        self.assertEqual(self.run_it("sms", "+15005550001", "x"), HTTP_ERROR)
        self.assertIn("21211", self.err)
        self.assertEqual(json.loads(self.out)["code"], 21211)
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_AUTH_TOKEN="wrong"), HTTP_ERROR)
        self.assertIn("20003", self.err)
        for fault in ("429", "500", "503", "redirect"):
            self.twilio.fault = fault
            self.assertEqual(self.run_it("get", "Balance.json"), HTTP_ERROR, fault)

    def test_certainly_not_sent(self):
        for name in set(ca.CHAINS) - {"good", "wildcard"}:  # root.pem is no anchor of the ECDSA chain
            SERVER.behave(chain(name))
            self.assertEqual(self.run_it("sms", TO, "x"), NOT_SENT, name)
            self.assertIn("safe to repeat", self.err)
        SERVER.behave(chain("good"), tls="1.1")
        self.assertEqual(self.run_it("sms", TO, "x"), NOT_SENT)
        for fault in ("reset-accept", "reset-handshake", "silence", "silence-handshake"):
            SERVER.behave(chain("good"), fault=fault)
            self.assertEqual(self.run_it("sms", TO, "x"), NOT_SENT, fault)
        for visit in SERVER.visits:
            if not visit.accepted:
                self.assertNotIn(wire.APPLICATION_DATA, [kind for kind, _ in visit.records()])
        NAMES.mode = "unknown"
        self.assertEqual(self.run_it("sms", TO, "x"), NOT_SENT)
        self.assertIn("TWILIO_ERR_DNS", self.err)
        self.assertEqual(self.twilio.requests, [])

    def test_nobody_knows(self):
        faults = "reset-answer reset-body silence-answer silence-body truncated cut garbage".split()
        for fault in faults:
            SERVER.behave(chain("good"), fault=fault)
            self.assertEqual(self.run_it("sms", TO, "x"), UNKNOWN, fault)
            self.assertIn("unknown", self.err)
        self.assertEqual(len(self.twilio.requests), len(faults))

    def test_trust(self):
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_CA_FILE=None), NOT_SENT)
        self.assertIn("TWILIO_ERR_UNTRUSTED", self.err)
        for file in ("root.pem", "root.der"):
            status = self.run_it("--ca", chain(file), "get", "Balance.json", TWILIO_CA_FILE=None)
            self.assertEqual(status, DONE, self.err)
        SERVER.behave(chain("ecdsa"))
        self.assertEqual(self.run_it("--ca", chain("ecdsa-root.pem"), "get", "Balance.json"), DONE)

    def test_who_and_where(self):
        key = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": SECRET}
        self.assertEqual(self.run_it("get", "Balance.json", **key), DONE)
        self.assertEqual(self.twilio.requests[-1]["user"], "SK1")
        self.assertEqual(self.run_it("-p", "lookups", "get", "/v2/PhoneNumbers/" + TO), HTTP_ERROR)
        self.assertEqual([self.twilio.requests[-1][key] for key in ("host", "path")],
                         ["lookups.twilio.com", "/v2/PhoneNumbers/" + TO])
        self.assertEqual(SERVER.visits[-1].server_name, "lookups.twilio.com")
        self.run_it("-a", "2008-08-01", "get", "Calls")
        self.assertEqual(self.twilio.requests[-1]["path"], "/2008-08-01/Accounts/%s/Calls" % SID)
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_EDGE="sydney"), NOT_SENT)
        self.assertIn("TWILIO_ERR_WRONG_NAME", self.err)
        self.assertIn("api.sydney.us1.twilio.com", NAMES.asked)
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_DNS_SERVER="10.0.2.2"), DONE)
        NAMES.mode = "unknown"
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_CONNECT_TO="10.0.2.2"), DONE)

    def test_usage(self):
        for arguments in ((), ("sms",), ("sms", TO), ("fax", TO, "x"), ("get",), ("post", "Calls.json", "To"),
                          ("--nonsense",), ("get", "a#b"), ("-t", "soon", "get", "Balance.json"),
                          ("get", "a\nb"), ("-c", "/nowhere", "get", "Balance.json")):
            self.assertEqual(self.run_it(*arguments), USAGE, arguments)
            self.assertIn("twilio", self.err)
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"):
            self.assertEqual(self.run_it("sms", TO, "x", **{name: None}), USAGE, name)
        self.assertEqual(self.run_it("sms", TO, "x", TWILIO_ACCOUNT_SID="AC\n"), USAGE)
        self.assertEqual(self.run_it("--help"), DONE)
        self.assertIn("Exit status", self.out)
        self.assertEqual(self.twilio.requests, [])


if __name__ == "__main__":
    world.enter()
    PROGRAM, ZOO = os.path.abspath(sys.argv.pop(1)), ca.make(sys.argv.pop(1))
    NAMES = world.NameServer()
    SERVER = wire.Server(None, chain("good"), ("127.0.0.1", 443)).start()
    unittest.main(warnings="ignore")
