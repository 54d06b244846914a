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
import discretion
import proxy
import standin
import wire
import world

DONE, USAGE, HTTP_ERROR, NOT_SENT, UNKNOWN = range(5)
SID, TOKEN, SECRET = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210", "hushhushhush"
PROXY_SECRET = "a secret@%"
FROM, TO = "+15005550010", "+15005550006"
SERVICE = "MG0123456789abcdef0123456789abcdef"
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
        secrets = discretion.secrets_of(settings) | {TOKEN, SECRET, PROXY_SECRET}
        discretion.must_not_tell(self.out + self.err, secrets, "the command")
        return done.returncode

    def form(self):
        return self.twilio.requests[-1]["form"]

    def test_sms(self):
        text = "95 °C & rising + 100% <sure?>\n\u20ac"
        self.assertEqual(self.run_it("sms", TO, text, "ValidityPeriod=900"), DONE, self.err)
        self.assertEqual(json.loads(self.out)["sid"], self.twilio.requests[0]["sid"])
        self.assertEqual(self.form(), [("ValidityPeriod", "900"), ("To", TO), ("From", FROM), ("Body", text)])
        self.assertEqual(self.run_it("-v", "sms", TO, "x", "From=" + TO), DONE)
        self.assertEqual(self.form(), [("To", TO), ("From", TO), ("Body", "x")])
        self.assertIn("status 201 Created", self.err)

    def test_call(self):
        self.assertEqual(self.run_it("call", TO, "Fire & <smoke>", "Timeout=20"), DONE, self.err)
        self.assertEqual(self.form(), [
            ("Timeout", "20"), ("To", TO), ("From", FROM),
            ("Twiml", "<Response><Say>Fire &#38; &#60;smoke&#62;</Say></Response>")])

    def test_scheduled(self):
        when = "SendAt=2026-12-24T18:00:00Z"
        for arguments in ((when, "MessagingServiceSid=" + SERVICE),
                          ("ScheduleType=fixed", "MessagingServiceSid=" + SERVICE, when)):
            self.assertEqual(self.run_it("sms", TO, "x", *arguments), DONE, self.err)
            self.assertEqual(json.loads(self.out)["status"], "scheduled")
            self.assertEqual(dict(self.form()), {"To": TO, "MessagingServiceSid": SERVICE, "Body": "x",
                                                 "SendAt": "2026-12-24T18:00:00Z", "ScheduleType": "fixed"})
        self.assertEqual(self.run_it("sms", TO, "x", TWILIO_FROM=SERVICE), DONE, self.err)
        self.assertEqual(self.form(), [("To", TO), ("MessagingServiceSid", SERVICE), ("Body", "x")])

    def test_refused_before_anything_is_sent(self):
        mark, asked = len(SERVER.visits), len(NAMES.asked)
        for mistake, *arguments in (
                ("NUMBER", "sms", "5005550006", "x"), ("NUMBER", "sms", "", "x"),
                ("SENDER", "sms", TO, "x", "From=+"), ("CONTENT", "sms", TO, ""),
                ("LENGTH", "sms", TO, "x" * 1601),
                ("SCHEDULE", "sms", TO, "x", "SendAt=2026-12-24T18:00:00Z"),
                ("NUMBER", "call", "911", "x"), ("SENDER", "call", TO, "x", "From=" + SERVICE),
                ("TWIML", "call", TO, "a\x01b"), ("LENGTH", "call", TO, "x" * 4000)):
            self.assertEqual(self.run_it(*arguments), USAGE, arguments)
            self.assertIn("TWILIO_ERR_%s:" % mistake, self.err)
        self.assertEqual((len(SERVER.visits), len(NAMES.asked)), (mark, asked))

    def test_list(self):
        for number in range(120):
            self.twilio.new_message([("To", TO), ("From", FROM), ("Body", "%d" % number)])
            self.twilio.new_call([("To", TO), ("From", FROM), ("Twiml", "<Response/>")])
        for kind in ("Messages", "Calls"):
            made = list(reversed(self.twilio.things[kind].values()))
            mark = len(SERVER.visits)
            self.assertEqual(self.run_it("list", kind.lower(), "To=" + TO), DONE, self.err)
            self.assertEqual([line.split("\t") for line in self.out.splitlines()], [
                [each["sid"], "queued", FROM, TO, each["date_created"]] for each in made])
            self.assertEqual([visit.requests for visit in SERVER.visits[mark:]], [3])
        self.assertEqual([dict(entry["query"]).get("Page") for entry in self.twilio.requests],
                         [None, "1", "2"] * 2)
        self.assertEqual((self.run_it("list", "messages", "To=+15005550099"), self.out), (DONE, ""))
        self.assertEqual(self.run_it("list", "messages", "PageSize=1001"), HTTP_ERROR)
        self.assertIn("error 20007", self.err)
        self.twilio.fault = "elsewhere"
        mark = len(NAMES.asked)
        self.assertEqual(self.run_it("list", "messages"), UNKNOWN)
        self.assertIn("TWILIO_ERR_PAGE", self.err)
        self.assertEqual(set(NAMES.asked[mark:]) - {"pool.ntp.org"}, {"api.twilio.com"})

    def test_trace(self):
        self.assertEqual(self.run_it("--trace", "sms", TO, "95 °C", "ValidityPeriod=900"), DONE, self.err)
        lines = self.err.splitlines()
        self.assertEqual(lines[0], "* new")
        self.assertIn("> POST /2010-04-01/Accounts/%s/Messages.json HTTP/1.1" % SID, lines)
        self.assertIn("> Host: api.twilio.com", lines)
        self.assertIn("> ValidityPeriod=900&To=%2B15005550006&From=%2B15005550010&Body=95%20%C2%B0C", lines)
        self.assertIn("< HTTP/1.1 201 Created", lines)
        self.assertGreater(sum(int(line[2:]) for line in lines if line.startswith("= ")), 300)
        self.assertNotIn("> Authorization", self.err)
        self.assertEqual(json.loads(self.out)["body"], "95 °C")

    def test_proxy(self):
        wall = proxy.Proxy("m@e:" + PROXY_SECRET, to=443)
        at = "m%%40e:a%%20secret%%40%%25@10.0.2.2:%d" % wall.listen()
        for given in (at, "http://" + at, "http://%s/" % at):
            asked = len(NAMES.asked)
            self.assertEqual(self.run_it("get", "Balance.json", TWILIO_PROXY=given), DONE, self.err)
            self.assertEqual(wall.asked.pop(), ("api.twilio.com", 443, 200))
            self.assertNotIn("api.twilio.com", NAMES.asked[asked:])
        self.assertEqual(self.run_it("-x", at, "-p", "verify", "get", "/v2/Services"), HTTP_ERROR)
        self.assertEqual(wall.asked.pop(), ("verify.twilio.com", 443, 200))
        self.assertEqual(self.run_it("-x", at.replace("%20", ""), "sms", TO, "x"), NOT_SENT)
        self.assertIn("TWILIO_ERR_PROXY", self.err)
        self.assertNotIn("asecret", self.err)
        self.assertEqual(wall.asked.pop()[2], 407)
        wall.fault = "refuse"
        self.assertEqual(self.run_it("-x", at, "sms", TO, "x"), NOT_SENT)
        wall.fault = None
        SERVER.behave(chain("wrongname"))  # the proxy is no authority
        self.assertEqual(self.run_it("-x", at, "sms", TO, "x"), NOT_SENT)
        self.assertIn("TWILIO_ERR_WRONG_NAME", self.err)
        for given in ("me@10.0.2.2", "me:x@", "10.0.2.2:", "10.0.2.2:65536", "10.0.2.2:8a", ":80",
                      ":x@10.0.2.2"):
            self.assertEqual(self.run_it("--proxy", given, "get", "Balance.json"), USAGE, given)
        self.assertEqual(self.twilio.things["Messages"], {})

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
        self.assertIn("error 21211: The 'To' number", self.err)
        self.assertIn("advice: ", self.err)
        self.assertEqual(json.loads(self.out)["code"], 21211)
        self.assertEqual(self.run_it("get", "Balance.json", TWILIO_AUTH_TOKEN="wrong"), HTTP_ERROR)
        self.assertIn("20003", self.err)
        self.assertEqual(self.run_it("get", "Nothing"), HTTP_ERROR)  # in XML
        self.assertIn("error 20404: The requested resource", self.err)
        for fault in ("429", "500", "503", "redirect", "problem"):
            self.twilio.fault = fault
            self.assertEqual(self.run_it("get", "Balance.json"), HTTP_ERROR, fault)
        self.assertIn("error 20001: Body is not as it should be", self.err)

    def test_certainly_not_sent(self):
        for name in set(ca.CHAINS) - {"good", "wildcard", "regional"}:  # ecdsa has another root
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
        self.assertEqual(self.run_it("-p", "lookups", "get", "/v2/PhoneNumbers/" + TO), DONE)
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
                          ("get", "a\nb"), ("-c", "/nowhere", "get", "Balance.json"), ("list",),
                          ("list", "recordings"), ("list", "calls", "To")):
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
