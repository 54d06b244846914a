#!/usr/bin/python3
"""End to end: the applications on a board, against all the network there is (world.py).

    test_e2e.py BOARD CONSOLE ALARM ZOO NPM [CLASS[.TEST] ...]

BOARD is a board of boards/, CONSOLE and ALARM its two images, built to trust ZOO (ca.py). The device
finds its name server, clock and api.twilio.com as on the Internet. Needs root (see world.py).

What must hold whatever a server does: the result has its own name and comes within the deadline;
"committed" is never "no" when the server got the request; nothing but the handshake leaves the
device before the server has proven who it is; no credential is ever readable on the wire; and
afterwards, without a restart, the next request works.

SPDX-License-Identifier: MIT
"""
import base64
import json
import os
import sys
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import ca
import gate
import standin
import wire
import world
from device import QEMU, Device

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
LOGIN = base64.b64encode((SID + ":" + TOKEN).encode())
FROM, TO = "+15005550010", "+15005550006"
APP, SECRET = "OQ0123456789abcdef0123456789abcdef", "hush+hush&hush"  # of an OAuth app
SERVICE, SENDERS = "VA0123456789abcdef0123456789abcdef", "MG0123456789abcdef0123456789abcdef"
ONE_MESSAGE, ONE_CALL = "SM0123456789abcdef0123456789abcdef", "CA0123456789abcdef0123456789abcdef"
YEAR = 31556952  # seconds
TIMEOUT = 3000  # ms for a whole call
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM, "TWILIO_TO": TO,
            "TWILIO_TIMEOUT": str(TIMEOUT)}
BOARD = CONSOLE = ALARM = ZOO = NPM = NAMES = CLOCK = SERVER = None


def chain(name):
    return os.path.join(ZOO, name)


def quote(text):
    """A value as the console wants it typed."""
    return "".join("%%%02X" % byte if byte in b" %" or byte < 32 else chr(byte) if byte < 128 else
                   "%%%02X" % byte for byte in text.encode())


class Case(unittest.TestCase):
    """A console that stays on from test to test, and a Twilio that forgets in between."""

    @classmethod
    def setUpClass(cls):
        cls.visits_before = len(SERVER.visits)
        SERVER.behave(chain("good"))
        NAMES.mode, CLOCK.offset = "good", 0
        cls.device = cls.boot()
        cls.addClassCleanup(cls.device.stop)

    @staticmethod
    def boot(**settings):
        device = Device(BOARD, CONSOLE, {**SETTINGS, **settings})
        device.secrets.add(SECRET)
        device.wait("\n> ", 20)
        return device

    @classmethod
    def tearDownClass(cls):
        cls.device.type("exit 7\n")
        assert cls.device.ended(10) == 7
        cls.nothing_readable(cls.device)

    @classmethod
    def nothing_readable(cls, device):
        """No credential went over the wire but inside TLS."""
        sent = b"".join(bytes(visit.received) for visit in SERVER.visits[cls.visits_before:])
        for secret in (TOKEN.encode(), SID.encode(), LOGIN, SECRET.encode()):
            assert secret not in sent, "a credential left the device readable"
            assert BOARD not in QEMU or not device.sent(secret), "a credential was on the wire, readable"
        assert BOARD not in QEMU or device.sent(b"api.twilio.com") or device.sent(b"\3api\6twilio\3com")

    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        self.twilio.products.apps[APP] = SECRET
        SERVER.answer = self.twilio.answer
        SERVER.behave(chain("good"))
        NAMES.mode = "good"
        self.device.command("close")
        self.mark = len(SERVER.visits)

    def visits(self):
        return SERVER.visits[self.mark:]

    def good(self, line, code=200):
        """A command that must succeed with that code."""
        answer = self.device.command(line)
        self.assertEqual((answer.result, answer["code"]), ("TWILIO_OK", str(code)), answer.text)
        self.assertTrue(answer.committed)
        return answer

    def know_the_time(self):
        """Of the device, once it has asked the time server."""
        answer = self.device.command("time")
        while answer["set"] == "no" or not CLOCK.asked:  # the time server may not have answered yet
            answer = self.device.command("time")
        return int(answer["time"])

    def bad(self, line, code, error, advice):
        """A command that Twilio must answer with that error. Returns the answer."""
        answer = self.device.command(line)
        self.assertEqual((answer.result, answer["code"], answer["error"], answer["advice"]),
                         ("TWILIO_OK", str(code), error and str(error), advice), answer.text)
        self.assertFalse(answer.ok)
        return answer


class Exchange(Case):
    """With nothing wrong: what goes out, what comes back, and by which connection."""

    def test_boot(self):
        self.assertEqual(self.device.command("net")["address"], "10.0.2.15")
        self.assertLess(abs(self.know_the_time() - time.time()), 3)
        self.good("get Balance.json")
        self.assertTrue({"api.twilio.com", "pool.ntp.org"} <= set(NAMES.asked), NAMES.asked)
        self.assertEqual(self.visits()[0].server_name, "api.twilio.com")

    def test_sms_and_call(self):
        text = "Kessel: 95 °C & rising + 100% <sure?> \u20ac \U0001f525"
        answer = self.good("sms %s %s" % (TO, text), 201)
        self.assertEqual((answer["message"], answer["status"]), ("Created", "queued"))
        self.assertIn(answer["sid"], self.twilio.things["Messages"])
        self.assertEqual(dict(self.twilio.requests[0]["form"]), {"To": TO, "From": FROM, "Body": text})
        answer = self.good("call %s Fire & smoke" % TO, 201)
        self.assertIn(answer["sid"], self.twilio.things["Calls"])
        self.assertEqual(dict(self.twilio.requests[1]["form"]), {
            "To": TO, "From": FROM, "Twiml": "<Response><Say>Fire &#38; smoke</Say></Response>"})
        self.assertEqual([visit.requests for visit in self.visits()], [2])  # one connection for both
        self.assertEqual([entry["user"] for entry in self.twilio.requests], [SID, SID])
        self.assertEqual({entry["host"] for entry in self.twilio.requests}, {"api.twilio.com"})

    def test_resumption(self):
        self.good("get Balance.json")
        self.device.command("close")
        answer = self.good("get Balance.json")
        self.assertEqual(answer["resumed"], "yes")
        self.assertTrue(self.visits()[-1].resumed)
        self.assertEqual(len(self.visits()), 2)

    def test_every_verb(self):
        path = "Messages/%s.json" % self.good("sms %s x" % TO, 201)["sid"]
        self.assertEqual(self.good("get " + path)["status"], "sent")
        self.assertIsNone(self.good("head " + path)["content"])
        self.assertEqual(self.good("post %s Body=" % path)["code"], "200")
        self.assertEqual(self.good("delete " + path, 204)["length"], "0")
        answer = self.device.command("get " + path)
        self.assertEqual((answer["code"], answer["error"], answer.result), ("404", "20404", "TWILIO_OK"))
        self.assertFalse(answer.ok)
        self.assertEqual(self.device.command("put %s Body=x" % path)["code"], "404")
        self.assertEqual([entry["method"] for entry in self.twilio.requests],
                         ["POST", "GET", "HEAD", "POST", "DELETE", "GET", "PUT"])

    def test_xml_and_account(self):
        self.assertEqual(self.good("get Accounts")["type"], "application/xml;charset=utf-8")
        self.assertIn("<Sid>%s</Sid>" % SID, self.good("get /2010-04-01/Accounts/" + SID)["content"])

    def test_parameters_as_they_are(self):
        values = [("To", TO), ("Body", "a+b=c&d %2B ~é"), ("MediaUrl", "https://x/?a=1&b=2"),
                  ("MediaUrl", "2"), ("From", FROM), ("StatusCallback", "")]
        typed = ["%s=%s" % (name, quote(value)) for name, value in values]
        self.good("post Messages.json " + " ".join(typed), 201)
        self.assertEqual(self.twilio.requests[0]["form"], values)
        self.good("get Messages.json PageSize=5 DateSent>=2026-01-01 To=" + TO)
        self.assertEqual(self.twilio.requests[1]["query"],
                         [("PageSize", "5"), ("DateSent>", "2026-01-01"), ("To", TO)])

    def test_the_longest_message(self):
        for text in ("x" * 1600, "é" * 800):
            self.good("post Messages.json To=%s From=%s Body=%s" % (TO, FROM, text), 201)
        self.assertEqual([len(dict(entry["form"])["Body"]) for entry in self.twilio.requests], [1600, 800])

    def test_lists_of_any_length(self):
        for number in range(50):
            self.twilio.new_message([("To", TO), ("From", FROM), ("Body", "%d" % number)])
        answer = self.good("get Messages.json")
        self.assertGreater(int(answer["length"]), 35000)
        self.assertEqual(self.good("list messages")["items"], "50")

    def test_whatever_http_allows(self):
        balance = json.dumps(self.twilio.balance())
        kept = ("chunked", "continue", "records")
        closed = ("close", "rough-close", "until-close", "drop-idle", "reset-idle")
        for fault in kept + closed:
            SERVER.behave(chain("good"), fault=fault)
            for _ in range(3):
                self.assertEqual(self.good("get Balance.json")["content"], balance, fault)
                if fault in closed:
                    self.assertTrue(self.visits()[-1].over.wait(5), fault)
                    for _ in range(10):  # at each prompt the device looks whether it has heard of it
                        self.device.command("net")
            self.device.command("close")
        self.assertEqual([visit.requests for visit in self.visits()], [3] * 3 + [1] * 3 * 5)

    def test_other_good_chains(self):
        for name in ("ecdsa", "wildcard"):
            SERVER.behave(chain(name))
            self.good("get Balance.json")
            self.device.command("close")
            self.assertFalse(self.visits()[-1].resumed)

    def test_memory(self):
        self.good("get Balance.json")
        told = self.device.command("memory")
        for part in ("flash", "ram", "stack", "stack_peak", "arena", "arena_peak"):
            self.assertTrue(BOARD not in QEMU or int(told[part]) > 0, told.text)
        self.assertLess(int(told["arena_peak"]), int(told["arena"]))
        print("%s: flash %s, static RAM %s, TLS arena %s of %s, stack %s of %s" % (
            BOARD, *(told[part] for part in ("flash", "ram", "arena_peak", "arena", "stack_peak", "stack"))))


class Helpers(Case):
    """What the typed helpers send, and what becomes of it."""

    def test_a_message_from_create_to_delete(self):
        sid = self.good("sms %s Fire" % TO, 201)["sid"]
        self.assertEqual(self.good("fetch " + sid)["status"], "sent")
        self.good("redact " + sid)
        self.assertEqual(self.twilio.things["Messages"][sid]["body"], "")
        self.assertEqual(self.device.command("cancel " + sid)["error"], "30409")
        self.good("delete " + sid, 204)
        self.bad("fetch " + sid, 404, 20404, "fix program")
        self.assertEqual([(each["method"], each["path"].rsplit("/", 1)[1]) for each in self.twilio.requests],
                         [("POST", "Messages.json")] + [(method, sid + ".json") for method in
                                                        ("GET", "POST", "POST", "DELETE", "GET")])

    def test_a_scheduled_message_is_cancelled(self):
        sid = self.good("post Messages.json To=%s MessagingServiceSid=%s Body=x ScheduleType=fixed"
                        " SendAt=2026-12-24T18:00:00Z" % (TO, SENDERS), 201)["sid"]
        self.assertEqual(self.good("cancel " + sid)["status"], "canceled")

    def test_a_message_that_failed_later(self):
        sid = self.good("sms %s Fire" % TO, 201)["sid"]
        for code, advice in ((30006, "use voice"), (30003, "retry later"), (30002, "fix configuration")):
            self.twilio.things["Messages"][sid].update(status="undelivered", error_code=code)
            answer = self.good("fetch " + sid)
            self.assertEqual((answer["status"], answer["advice"]), ("undelivered", advice), answer.text)

    def test_a_call_from_create_to_delete(self):
        sid = self.good("call %s Fire" % TO, 201)["sid"]
        self.assertEqual(self.good("fetch " + sid)["status"], "ringing")
        self.assertEqual(self.good("cancel " + sid)["status"], "canceled")
        self.assertEqual(self.good("hangup " + sid)["status"], "completed")
        self.good("delete " + sid, 204)
        self.assertEqual(self.twilio.things["Calls"], {})

    def test_verification(self):
        answer = self.good("verify %s %s" % (SERVICE, TO), 201)
        self.assertEqual((answer["status"], answer["sid"][:2]), ("pending", "VE"))
        self.assertEqual(self.good("check %s %s 111111" % (SERVICE, TO))["status"], "pending")
        self.assertEqual(self.good("check %s %s 246810" % (SERVICE, TO))["status"], "approved")
        self.assertEqual(self.device.command("check %s %s 246810" % (SERVICE, TO))["code"], "404")
        self.good("verify %s a@example.com email" % SERVICE, 201)
        self.assertEqual(dict(self.twilio.requests[0]["form"]), {"To": TO, "Channel": "sms"})
        self.assertEqual({entry["host"] for entry in self.twilio.requests}, {"verify.twilio.com"})
        self.assertEqual({visit.server_name for visit in self.visits()}, {"verify.twilio.com"})

    def test_lookup_and_balance(self):
        told = json.loads(self.good("lookup " + TO)["content"])
        self.assertEqual((told["phone_number"], told["valid"], told["caller_name"]), (TO, True, None))
        told = json.loads(self.good("lookup %s caller_name,line_type_intelligence" % TO)["content"])
        self.assertEqual(told["line_type_intelligence"]["type"], "mobile")
        self.assertIn("12.3456", self.good("balance")["content"])
        self.assertEqual([entry["host"] for entry in self.twilio.requests],
                         ["lookups.twilio.com"] * 2 + ["api.twilio.com"])

    def test_segments(self):
        for text, expected in (("x" * 160, ("no", "160", "1")), ("x" * 161, ("no", "161", "2")),
                               ("[\u20ac]", ("no", "6", "1")), ("\u201cx\u201d", ("yes", "3", "1")),
                               ("\U0001f525" * 36, ("yes", "72", "2"))):
            answer = self.device.command("segments " + text)
            self.assertEqual((answer["ucs2"], answer["units"], answer["segments"]), expected, text)


class Lists(Case):
    """Page after page, over one connection, in no more memory than an item takes."""

    def setUp(self):
        super().setUp()
        for number in range(45):
            self.twilio.new_message([("To", TO), ("From", FROM), ("Body", "%d" % number)])
            self.twilio.new_call([("To", TO), ("From", FROM), ("Twiml", "<Response/>")])
            self.twilio.products.new_service(None, {"FriendlyName": "%d" % number})
        self.twilio.new_message([("To", FROM), ("From", TO), ("Body", "back")])

    def walk(self, line, made, pages):
        mark = len(SERVER.visits)
        asked = len(self.twilio.requests)
        answer = self.good(line)
        self.assertEqual(answer.all("item"), made)
        self.assertEqual(answer["items"], str(len(made)))
        self.assertEqual([dict(entry["query"]).get("Page") for entry in self.twilio.requests[asked:]],
                         [None, "1", "2"][:pages])
        self.assertEqual([visit.requests for visit in SERVER.visits[mark:]], [pages])
        self.device.command("close")

    def test_of_an_account(self):
        messages, calls = (list(reversed(self.twilio.things[kind])) for kind in ("Messages", "Calls"))
        self.walk("list messages", messages, 3)
        self.walk("list messages 0 " + TO, messages[1:], 3)
        self.walk("list messages 20", messages[:20], 1)
        self.walk("list messages 25", messages[:25], 2)
        self.walk("list messages 1 " + FROM, messages[:1], 1)
        self.walk("list messages 9 +15005550099", [], 1)
        self.walk("list calls", calls, 3)

    def test_of_a_product(self):
        self.walk("list services", list(reversed(self.twilio.products.service_list)), 3)
        self.assertEqual(self.visits()[-1].server_name, "messaging.twilio.com")

    def test_the_next_page_is_elsewhere(self):
        asked = len(NAMES.asked)
        self.twilio.fault = "elsewhere"
        for kind in ("messages", "services"):
            answer = self.device.command("list " + kind)
            self.assertEqual((answer.result, answer["items"]), ("TWILIO_ERR_PAGE", "20"), answer.text)
        self.assertLessEqual(set(NAMES.asked[asked:]),
                             {"api.twilio.com", "messaging.twilio.com", "pool.ntp.org"})
        self.assertEqual(len(self.twilio.requests), 2)

    def test_a_page_that_is_none(self):
        self.twilio.fault = "429"
        answer = self.device.command("list messages")
        self.assertEqual((answer.result, answer["code"], answer["error"], answer["items"], answer["advice"]),
                         ("TWILIO_ERR_CONTENT", "429", "20429", "0", "retry later"), answer.text)
        self.assertFalse(answer.ok)


class Tokens(Case):
    """Logged in with a token instead of a secret."""

    def tearDown(self):
        self.device.command("trace off")
        self.device.command("token")
        self.device.secrets.update(self.twilio.products.tokens)

    def test_from_fetch_to_end(self):
        now = self.know_the_time()
        answer = self.good("token %s %s" % (APP, SECRET))
        self.assertIn(int(answer["expires"]) - now, range(3570, 3575))
        self.good("sms %s Fire" % TO, 201)
        self.good("verify %s %s" % (SERVICE, TO), 201)
        self.good("list messages")
        self.device.command("token")
        self.good("balance")
        self.assertEqual([entry["user"] for entry in self.twilio.requests], [None, APP, APP, APP, SID])
        self.assertEqual(self.twilio.requests[0]["host"], "oauth.twilio.com")
        self.assertEqual(dict(self.twilio.requests[0]["form"]), {
            "grant_type": "client_credentials", "client_id": APP, "client_secret": "***"})

    def test_expired(self):
        self.good("token %s %s" % (APP, SECRET))
        for text in self.twilio.products.tokens:
            self.twilio.products.tokens[text] = APP, time.time() - 1
        self.assertEqual(self.device.command("balance")["code"], "401")

    def test_none_for_the_wrong(self):
        answer = self.device.command("token %s wrong" % APP)
        self.assertEqual((answer.result, answer["code"], answer["error"], answer["expires"]),
                         ("TWILIO_ERR_CONTENT", "401", "20003", None), answer.text)
        self.good("balance")  # with what it had before
        self.assertEqual(self.twilio.requests[-1]["user"], SID)

    def test_trace_shows_no_login(self):
        self.device.command("trace on")
        for line, connection in (("token %s %s" % (APP, SECRET), ["new"]), ("balance", ["new"]),
                                 ("token", []), ("sms %s Fire & smoke" % TO, ["kept"])):
            answer = self.device.command(line)
            self.assertEqual(answer.all("*"), connection)
            told = answer.text.partition("\n")[2]  # after the echo of what was typed
            token = list(self.twilio.products.tokens)[0]
            for secret in (SECRET, "hush", TOKEN, LOGIN.decode(), token, token[:20], "Authorization:"):
                self.assertNotIn(secret, told, line)
        self.assertIn("POST /2010-04-01/Accounts/%s/Messages.json HTTP/1.1" % SID, answer.all(">"))
        self.assertIn("To=%2B15005550006&From=%2B15005550010&Body=Fire%20%26%20smoke", answer.all(">"))
        self.assertIn("HTTP/1.1 201 Created", answer.all("<"))
        self.assertGreater(sum(map(int, answer.all("="))), 400)
        self.device.command("trace off")
        self.assertEqual(self.good("balance").all(">"), [])


class Errors(Case):
    """Each named, with what to do about it; and what is wrong here is refused here."""

    def test_twilios(self):
        for number, error, advice in (("+15005550001", 21211, "next contact"),
                                      ("+15005550003", 21408, "fix configuration"),
                                      ("+15005550004", 21610, "use voice"),
                                      ("+15005550009", 21614, "use voice")):
            answer = self.bad("sms %s x" % number, 400, error, advice)
            self.assertIn(number, answer["detail"])
        self.bad("post Messages To=%s From=%s" % (TO, FROM), 400, 21602, "fix program")  # in XML
        self.bad("get Nothing", 404, 20404, "fix program")
        self.twilio.fault = "problem"
        answer = self.bad("balance", 400, 20001, "fix program")
        self.assertEqual((answer["type"], answer["detail"]),
                         ("application/problem+json", "Body is not as it should be"))
        for code, error, advice in ((429, 20429, "retry later"), (500, 20500, "look first"),
                                    (503, None, "look first")):
            self.twilio.fault = str(code)
            answer = self.bad("sms %s x" % TO, code, error, advice)
            self.assertEqual(answer["retry_after"], "7" if code == 429 else None)
        self.assertEqual(self.twilio.things["Messages"], {})

    def test_a_redirect_is_not_followed(self):
        asked = len(NAMES.asked)
        self.twilio.fault = "redirect"
        for line in ("balance", "sms %s x" % TO, "list messages"):
            answer = self.device.command(line)
            self.assertEqual((answer["code"], answer["advice"]), ("307", "fix configuration"), answer.text)
            self.assertFalse(answer.ok)
        self.assertEqual([entry["host"] for entry in self.twilio.requests], ["api.twilio.com"] * 3)
        self.assertLessEqual(set(NAMES.asked[asked:]), {"api.twilio.com", "pool.ntp.org"})
        self.assertEqual([visit.requests for visit in self.visits()], [3])

    def test_the_network(self):
        SERVER.behave(chain("unknown"))
        self.assertEqual(self.device.command("balance")["advice"], "fix configuration")
        SERVER.behave(chain("good"), fault="reset-handshake")
        self.assertEqual(self.device.command("balance")["advice"], "retry now")
        SERVER.behave(chain("good"), fault="reset-answer")
        self.assertEqual(self.device.command("sms %s x" % TO)["advice"], "look first")

    def test_refused_before_anything_is_sent(self):
        asked = len(NAMES.asked)
        for mistake, line in (
                ("NUMBER", "sms 5005550006 x"), ("NUMBER", "sms +1500555000a x"), ("CONTENT", "sms " + TO),
                ("LENGTH", "sms %s %s" % (TO, "x" * 1601)), ("NUMBER", "call 911 x"),
                ("TWIML", "call %s \udcff" % TO), ("SID", "fetch SM12"),
                ("SID", "fetch CA12"), ("SID", "redact " + ONE_CALL), ("SID", "hangup " + ONE_MESSAGE),
                ("SID", "cancel CA" + "g" * 32), ("SID", "delete XX" + "0" * 32), ("SID", "verify VA1 " + TO),
                ("NUMBER", "verify %s 911" % SERVICE), ("RANGE", "verify %s %s pigeon" % (SERVICE, TO)),
                ("NUMBER", "verify %s a@example.com" % SERVICE), ("RANGE", "check %s %s 1" % (SERVICE, TO)),
                ("NUMBER", "check %s 1 123456" % SERVICE), ("NUMBER", "lookup 5005550006"),
                ("NUMBER", "list messages 0 911"), ("CREDENTIALS", "token " + APP),
                ("RESOURCE", "get a^b"), ("HOST", "get :/v2/Services")):
            answer = self.device.command(line)
            advice = {"NUMBER": "next contact", "CREDENTIALS": "fix configuration",
                      "HOST": "fix configuration"}.get(mistake, "fix program")
            self.assertEqual((answer.result, answer.committed, answer["code"], answer["advice"], answer.ok),
                             ("TWILIO_ERR_" + mistake, False, None, advice, False), line)
        self.assertEqual((self.visits(), self.twilio.requests), ([], []))
        self.assertLessEqual(set(NAMES.asked[asked:]), {"pool.ntp.org"})


class Faults(Case):
    """Each fault its own name, within the deadline, committed right, and nothing said too early."""

    def strike(self, name, result, committed, tls="1.2", fault=None):
        """One request to a server that is so. committed None: either will do, if it is true."""
        with self.subTest(name, fault=fault):
            mark, asked = len(SERVER.visits), len(self.twilio.requests)
            SERVER.behave(chain(name), tls, fault)
            self.device.command("close")
            answer = self.device.command("sms %s %s" % (TO, fault or name), TIMEOUT / 1000 + 10)
            self.assertEqual(answer.result, "TWILIO_ERR_" + result, answer.text)
            self.assertFalse(answer.ok)
            late = TIMEOUT / 1000 if result == "TIMEOUT" else 0
            self.assertLess(answer.seconds, late + 2.5, answer.text)
            self.assertGreaterEqual(answer.seconds, late - 0.2, answer.text)
            arrived = len(self.twilio.requests) > asked
            self.assertLessEqual(arrived, answer.committed, "committed no, but the server has it")
            if committed is not None:
                self.assertEqual((answer.committed, arrived), (committed, committed), answer.text)
            self.device.command("close")
            visits = SERVER.visits[mark:]
            for visit in visits:
                self.assertTrue(visit.over.wait(5))
                records = [kind for kind, _ in visit.records()]
                self.assertTrue(records and None not in records, records)
                if committed is False:  # then it was in the handshake
                    self.assertFalse(visit.accepted)
                    self.assertNotIn(wire.APPLICATION_DATA, records)
            self.assertTrue(visits)
            SERVER.behave(chain("good"))
            self.good("get Balance.json")

    def test_certificates(self):
        for name, result in (("expired", "EXPIRED"), ("expired-intermediate", "EXPIRED"),
                             ("notyet", "NOT_YET_VALID"), ("wrongname", "WRONG_NAME"),
                             ("unknown", "UNTRUSTED"), ("missing", "UNTRUSTED"),
                             ("selfsigned", "UNTRUSTED"), ("notca", "UNTRUSTED")):
            self.strike(name, result, False)

    def test_a_resumable_session_excuses_nothing(self):
        self.good("get Balance.json")
        self.strike("unknown", "UNTRUSTED", False)
        self.device.command("close")
        self.assertEqual(self.good("get Balance.json")["resumed"], "yes")

    def test_old_tls(self):
        self.strike("good", "TLS_MISMATCH", False, tls="1.1")

    def test_handshake(self):
        for fault, result in (("reset-accept", "RESET"), ("reset-handshake", "RESET"),
                              ("silence", "TIMEOUT"), ("silence-handshake", "TIMEOUT")):
            self.strike("good", result, False, fault=fault)

    def test_answers(self):
        for fault, result in (("reset-answer", "RESET"), ("reset-body", "RESET"),
                              ("silence-answer", "TIMEOUT"), ("silence-body", "TIMEOUT"),
                              ("drip", "TIMEOUT"), ("truncated", "CLOSED"), ("cut", "CLOSED"),
                              ("until-close-cut", "CLOSED"), ("garbage", "HTTP")):
            self.strike("good", result, True, fault=fault)
        self.assertEqual(len(self.twilio.things["Messages"]), 9)  # each once: nothing was sent again

    def test_reset_once_open(self):
        self.strike("good", "RESET", None, fault="reset-open")
        self.assertEqual(self.twilio.things["Messages"], {})

    def test_names(self):
        """Of a host of which nothing is known (test_addresses.py has others)."""
        mark = len(SERVER.visits)
        for mode, result, dns in (("unknown", "TWILIO_ERR_DNS", "NO_NAME"),
                                  ("silent", "TWILIO_ERR_TIMEOUT", "SILENT")):
            NAMES.mode = mode
            answer = self.device.command("lookup " + TO)
            self.assertEqual((answer.result, answer["dns"].split(":")[0]), (result, dns), answer.text)
            self.assertFalse(answer.committed)
            self.assertLess(answer.seconds, TIMEOUT / 1000 + 2.5)
        self.assertEqual(len(SERVER.visits), mark)
        NAMES.mode = "good"
        self.good("get Balance.json")

    def test_nobody_listens(self):
        SERVER.stop()
        try:
            answer = self.device.command("sms %s x" % TO)
        finally:
            SERVER.listen()
            SERVER.start()
        self.assertEqual((answer.result, answer.committed), ("TWILIO_ERR_CONNECT", False))
        self.assertLess(answer.seconds, 2.5)
        self.good("get Balance.json")


class Boot(Case):
    """What depends on how it was provisioned, and on the time of day."""

    @classmethod
    def setUpClass(cls):
        cls.visits_before = len(SERVER.visits)

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN, "SK1": "hushhushhush"})
        SERVER.answer = self.twilio.answer
        SERVER.behave(chain("good"))
        NAMES.mode, CLOCK.offset = "good", 0

    def ask(self, offset=0, believed=False, **settings):
        """Boot where the time server is wrong by offset. Ask Twilio when the device has asked the time
        server, and if it is to be believed has heard it, too; then ask the device for the time: by
        then any answer has come. The answers to time and to the request."""
        CLOCK.offset = offset
        asked = CLOCK.asked
        device = self.boot(**settings)
        try:
            told = device.command("time")
            deadline = time.monotonic() + 20
            while CLOCK.asked == asked or (believed and told["set"] != "yes"):
                self.assertLess(time.monotonic(), deadline, told.text)
                told = device.command("time")
            answer = device.command("get Balance.json")
            return device.command("time"), answer
        finally:
            device.stop()

    def test_time_server_far_ahead(self):
        told, answer = self.ask(12 * YEAR, believed=True)
        self.assertEqual((told["set"], answer.result), ("yes", "TWILIO_ERR_EXPIRED"), told.text + answer.text)
        self.assertEqual(self.twilio.requests, [])

    def test_time_server_comes_to_its_senses(self):
        CLOCK.offset = 12 * YEAR
        device = self.boot()
        try:
            deadline = time.monotonic() + 60
            while int(device.command("time")["time"]) < time.time() + YEAR:
                self.assertLess(time.monotonic(), deadline)
            CLOCK.offset = 0
            self.assertEqual(device.command("get Balance.json").result, "TWILIO_ERR_EXPIRED")
            while (answer := device.command("get Balance.json")).result != "TWILIO_OK":
                self.assertEqual(answer.result, "TWILIO_ERR_EXPIRED", answer.text)
                self.assertLess(time.monotonic(), deadline)
                time.sleep(1)  # what is waited for is a quarter of a minute away
            self.assertLess(abs(int(device.command("time")["time"]) - time.time()), 60)
        finally:
            device.stop()

    def test_time_server_before_the_build(self):  # the answer's Date sets the clock
        told, answer = self.ask(-12 * YEAR)
        self.assertEqual((told["set"], answer.result), ("yes", "TWILIO_OK"), told.text + answer.text)
        self.assertLess(time.time() - YEAR, int(told["time"]))

    def test_time_server_is_silent(self):
        told, answer = self.ask(None)
        self.assertEqual((told["set"], answer.result), ("yes", "TWILIO_OK"), told.text + answer.text)

    def test_api_key(self):
        _, answer = self.ask(TWILIO_API_KEY="SK1", TWILIO_API_SECRET="hushhushhush")
        self.assertEqual(answer["code"], "200", answer.text)
        self.assertEqual(self.twilio.requests[-1]["user"], "SK1")

    def test_address_instead_of_name(self):
        _, answer = self.ask(TWILIO_CONNECT_TO="10.0.2.2")
        self.assertEqual(answer["code"], "200", answer.text)
        SERVER.behave(chain("wrongname"))
        _, answer = self.ask(TWILIO_CONNECT_TO="10.0.2.2:443")
        self.assertEqual(answer.result, "TWILIO_ERR_WRONG_NAME", answer.text)

    def test_edges_and_regions(self):
        for edge, region, at in (("sydney", "", "sydney.us1."), ("", "au1", "au1."),
                                 ("sydney", "au1", "sydney.au1.")):
            device = self.boot(TWILIO_EDGE=edge, TWILIO_REGION=region)
            try:
                for line, product in (("balance", "api"), ("verify %s %s" % (SERVICE, TO), "verify")):
                    host = "%s.%stwilio.com" % (product, at)
                    SERVER.behave(chain("good"))  # whose certificate is for one label alone
                    answer = device.command(line)
                    self.assertEqual(answer.result, "TWILIO_ERR_WRONG_NAME", host)
                    SERVER.behave(chain("regional"))
                    self.assertTrue(device.command(line).ok, host)
                    self.assertEqual(SERVER.visits[-1].server_name, host)
                    self.assertEqual(self.twilio.requests[-1]["host"], host)
                    self.assertIn(host, NAMES.asked)
            finally:
                device.stop()
        self.assertEqual(len(self.twilio.requests), 6)

    def test_not_provisioned(self):
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
            _, answer = self.ask(**{name: ""})
            self.assertIn(answer.result, ("TWILIO_ERR_ACCOUNT", "TWILIO_ERR_CREDENTIALS"), answer.text)
            self.assertFalse(answer.committed)
        self.assertEqual(self.twilio.requests, [])


class Prism(Case):
    """Twilio's own documents judge the requests."""

    @classmethod
    def setUpClass(cls):
        cls.gate = gate.Gate(NPM)
        cls.addClassCleanup(cls.gate.stop)
        super().setUpClass()

    def setUp(self):
        super().setUp()
        SERVER.answer = self.gate.answer
        self.gate.requests.clear()

    def accepted(self, line, code):
        self.good(line, code)
        self.assertIsNone(self.gate.requests[-1]["fault"])

    def test_messages(self):
        one = "Messages/%s.json" % ONE_MESSAGE
        text = "Kessel: 95 °C & rising + 100% <sure?> \u20ac *!'()"
        self.accepted("sms %s %s" % (TO, text), 201)
        self.assertEqual(self.gate.requests[-1]["form"], [("To", TO), ("From", FROM), ("Body", text)])
        self.accepted("post Messages.json To=%s From=%s Body=x ValidityPeriod=900 SmartEncoded=true MediaUrl="
                      "https://example.com/1?a=b&c=d MediaUrl=https://example.com/2" % (TO, FROM), 201)
        self.accepted("get Messages.json", 200)
        self.accepted("get Messages.json To=%s PageSize=2 DateSent>=2026-01-01T00:00:00Z" % TO, 200)
        self.accepted("get " + one, 200)
        self.accepted("head " + one, 200)
        self.accepted("post %s Body=" % one, 200)
        self.accepted("post %s Status=canceled" % one, 200)
        self.accepted("delete " + one, 204)
        for command, code in (("fetch", 200), ("redact", 200), ("cancel", 200), ("delete", 204)):
            self.accepted("%s %s" % (command, ONE_MESSAGE), code)
        self.accepted("list messages 1 " + TO, 200)

    def test_calls(self):
        one = "Calls/%s.json" % ONE_CALL
        self.accepted("call %s Fire & smoke + 100%% <sure>" % TO, 201)
        self.accepted("post Calls.json To=%s From=%s Url=https://example.com/a.xml Method=GET Timeout=30"
                      " StatusCallbackEvent=initiated StatusCallbackEvent=completed" % (TO, FROM), 201)
        self.accepted("get Calls.json Status=in-progress StartTime>=2026-01-01T00:00:00Z", 200)
        self.accepted("get " + one, 200)
        self.accepted("post %s Status=completed" % one, 200)
        self.accepted("post %s Twiml=<Response><Hangup/></Response>" % one, 200)
        self.accepted("delete " + one, 204)
        for command, code in (("fetch", 200), ("cancel", 200), ("hangup", 200), ("delete", 204)):
            self.accepted("%s %s" % (command, ONE_CALL), code)
        self.accepted("list calls 1 " + TO, 200)

    def test_products(self):
        self.accepted("verify %s %s" % (SERVICE, TO), 201)
        self.accepted("verify %s %s whatsapp" % (SERVICE, TO), 201)
        self.accepted("check %s %s 123456" % (SERVICE, TO), 200)
        self.accepted("lookup " + TO, 200)
        self.accepted("lookup %s line_type_intelligence,sim_swap" % TO, 200)
        self.assertEqual(self.gate.requests[-1]["query"], [("Fields", "line_type_intelligence,sim_swap")])
        self.accepted("get messaging:/v1/Services PageSize=20", 200)
        self.accepted("post messaging:/v1/Services FriendlyName=Alarms%20&%20more ValidityPeriod=900", 201)
        self.accepted("list services 1", 200)
        self.accepted("get content:/v1/Content", 200)
        self.accepted("delete content:/v1/Content/HX0123456789abcdef0123456789abcdef", 204)
        self.assertEqual({entry["host"].partition(".")[0] for entry in self.gate.requests},
                         {"verify", "lookups", "messaging", "content"})

    def test_token(self):
        self.accepted("token %s %s" % (APP, SECRET), 200)
        self.assertEqual(self.gate.requests[-1]["form"], [
            ("grant_type", "client_credentials"), ("client_id", APP), ("client_secret", SECRET)])
        for line, code in (("balance", 200), ("sms %s x" % TO, 201), ("lookup " + TO, 200)):
            self.accepted(line, code)  # with that token: the gate knows no other
        self.device.command("token")
        self.accepted("balance", 200)

    def test_account(self):
        self.accepted("get /2010-04-01/Accounts/%s.json" % SID, 200)
        self.accepted("balance", 200)
        self.accepted("get Usage/Records/Today.json Category=sms", 200)

    def test_it_bites(self):
        one = "Calls/CA0123456789abcdef0123456789abcdef.json"
        for line, code, words in (
                ("post Messages.json To=%s From=%s Text=x" % (TO, FROM), "400", "unknown parameter 'Text'"),
                ("post Messages.json To=%s From=%s Body=x Body=y" % (TO, FROM), "400", "a second 'Body'"),
                ("get Messages.json Sender=%s" % TO, "400", "unknown parameter 'Sender'"),
                ("get Message.json", "404", "no path"),
                ("post Messages.json From=%s Body=x" % FROM, "422", "'To'"),
                ("post %s Status=dropped" % one, "422", "allowed values")):
            answer = self.device.command(line)
            self.assertEqual((answer.result, answer["code"]), ("TWILIO_OK", code), answer.text)
            self.assertIn(words, answer.text)


class Alarm(Case):
    """The alarm panel: its input trips, and somebody gets to know of it."""

    @classmethod
    def setUpClass(cls):
        cls.visits_before = len(SERVER.visits)

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        SERVER.answer = self.twilio.answer
        NAMES.mode, CLOCK.offset = "good", 0

    def trip(self, name="good", settings={}, **behaviour):
        """One alert, from beginning to end. Returns its exit status and what the panel said."""
        SERVER.behave(chain(name), **behaviour)
        device = Device(BOARD, ALARM, {**SETTINGS, "ALARM_ONCE": "1", "ALARM_PATIENCE": "1",
                                       "ALARM_SETTLE": "1", **settings})
        try:
            device.wait("\nclock: set\n", 20)
            device.trip()
            device.wait(r"\n  TLS [^\n]*\n", 60)
            status = device.ended(10)
            self.nothing_readable(device)
            return status, device.said
        finally:
            device.stop()

    def posted(self):
        return [entry["path"].rsplit("/", 1)[1] for entry in self.twilio.requests
                if entry["method"] == "POST"]

    def looked(self):
        """How often it looked for its message among what was sent to that number."""
        return sum(entry["method"] == "GET" and ("To", TO) in entry["query"]
                   for entry in self.twilio.requests)

    def test_message_then_call(self):
        mark = len(SERVER.visits)
        status, said = self.trip()
        self.assertEqual((status, self.posted(), self.looked()),
                         (0, ["Messages.json", "Calls.json"], 0), said)
        sms, call = (dict(entry["form"]) for entry in self.twilio.requests if entry["method"] == "POST")
        token, text = sms.pop("Body").split(" ", 1)
        self.assertRegex(token, r"\A#A1-1(\.[0-9A-F]+)?\Z")
        self.assertIn("95 degrees", text)
        self.assertLess(int(sms.pop("ValidityPeriod")), 901)
        self.assertEqual(sms, {"To": TO, "From": FROM})
        spoken = xml.etree.ElementTree.fromstring(call.pop("Twiml"))
        self.assertEqual([(verb.tag, verb.attrib, verb.text) for verb in spoken],
                         [("Say", {"loop": "2"}, text)])
        self.assertEqual(call, {"To": TO, "From": FROM, "MachineDetection": "Enable"})
        for thing in [*self.twilio.things["Messages"], *self.twilio.things["Calls"]]:
            self.assertIn("accepted, " + thing, said)
        self.assertRegex(said, "alert 1: kept, [0-9]{1,2} ms")
        self.assertIn("alert 1, call: acknowledged", said)
        self.assertEqual(len(SERVER.visits[mark:]), 1)

    def test_again_when_certainly_not_sent(self):
        status, said = self.trip(fault="reset-handshake", times=2)
        self.assertEqual((status, self.posted(), self.looked()),
                         (0, ["Messages.json", "Calls.json"], 0), said)

    def test_looks_first_when_unknown(self):
        status, said = self.trip(fault="reset-answer", times=1)
        self.assertEqual((status, self.posted(), self.looked()),
                         (0, ["Messages.json", "Calls.json"], 1), said)
        self.assertIn("alert 1, SMS: unknown\n", said)

    def test_again_when_it_looked_and_there_was_none(self):
        self.twilio.fault, self.twilio.times = "500", 1  # which is not carried out; but the panel cannot know
        status, said = self.trip()
        self.assertEqual((status, self.posted(), self.looked()),
                         (0, ["Messages.json", "Messages.json", "Calls.json"], 1), said)
        self.assertEqual(len(self.twilio.things["Messages"]), 1)

    def test_nothing_for_an_impostor(self):
        status, said = self.trip("unknown", {"ALARM_DEADLINE": "5"})
        self.assertEqual((status, self.posted()), (1, []), said)
        self.assertRegex(said, "faults: access.*TWILIO_ERR_UNTRUSTED")
        self.assertIn("alert 1, SMS: expired, over", said)


if __name__ == "__main__":
    world.enter()
    BOARD, CONSOLE, ALARM, ZOO, NPM = (sys.argv.pop(1) for _ in range(5))
    ZOO = ca.make(ZOO)
    NAMES, CLOCK = world.NameServer(), world.TimeServer()
    SERVER = wire.Server(None, chain("good"), ("127.0.0.1", 443)).start()
    unittest.main(warnings="ignore")
