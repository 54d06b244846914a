#!/usr/bin/python3
"""The stand-in's own test: it accepts what Twilio accepts, refuses the rest, and fails as it is told.

    test_server.py ZOO       ZOO: where ca.py may put its certificates

SPDX-License-Identifier: MIT
"""
import base64
import http.client
import json
import os
import re
import socket
import ssl
import struct
import sys
import time
import unittest
import urllib.parse
import xml.etree.ElementTree

import ca
import standin
import wire

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
BASE = "/2010-04-01/Accounts/" + SID
FORM = "application/x-www-form-urlencoded"
ZOO = None


def trust(root="root"):
    made = ssl.create_default_context(cafile=os.path.join(ZOO, root + ".pem"))
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    return made


class Client(http.client.HTTPSConnection):
    """Connects to 127.0.0.1 but asks for a host of Twilio's."""

    def __init__(self, port, context=None, session=None, host="api.twilio.com"):
        self.trust, self.session = context or trust(), session
        super().__init__(host, port, timeout=5, context=self.trust)

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.port), 5)
        self.sock = self.trust.wrap_socket(sock, server_hostname=self.host, session=self.session)

    def call(self, method, path, form=None, user=SID, password=TOKEN, **headers):
        login = base64.b64encode(("%s:%s" % (user, password)).encode()).decode()
        headers = {"Authorization": "Basic " + login, **headers} if user is not None else headers
        body = None
        if form is not None:
            headers.setdefault("Content-Type", FORM)
            body = urllib.parse.urlencode(form, quote_via=urllib.parse.quote)
        self.request(method, path if path.startswith("/") else BASE + "/" + path, body, headers)
        answer = self.getresponse()
        self.body = answer.read()
        self.answer = answer
        return answer.status

    def json(self):
        return json.loads(self.body)


class Case(unittest.TestCase):
    def serve(self, chain="good", tls="1.2", fault=None, times=None):
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        server = wire.Server(self.twilio.answer, os.path.join(ZOO, chain), tls=tls)
        target = server if fault in wire.FAULTS else self.twilio
        target.fault, target.times = fault, times
        self.addCleanup(server.stop)
        return server.start()

    def client(self, server, *arguments, **options):
        client = Client(server.port, *arguments, **options)
        self.addCleanup(client.close)
        return client


class Resources(Case):
    def setUp(self):
        self.server = self.serve()
        self.c = self.client(self.server)

    def message(self, **changes):
        given = {"To": "+15005550006", "From": "+15005550010", "Body": "95 °C + rising & more", **changes}
        return [(name, value) for name, value in given.items() if value is not None]

    def test_message_from_create_to_delete(self):
        self.assertEqual(self.c.call("POST", "Messages.json", self.message()), 201)
        made = self.c.json()
        self.assertEqual((made["status"], made["body"]), ("queued", "95 °C + rising & more"))
        self.assertTrue(700 <= len(self.c.body) <= 900, len(self.c.body))
        path = "Messages/%s.json" % made["sid"]
        for status in ("sent", "delivered", "delivered"):
            self.assertEqual(self.c.call("GET", path), 200)
            self.assertEqual(self.c.json()["status"], status)
        self.assertEqual(self.c.call("POST", path, [("Body", "")]), 200)
        self.assertEqual(self.c.json()["body"], "")
        self.assertEqual(self.c.call("DELETE", path), 204)
        self.assertEqual(self.c.body, b"")
        self.assertEqual(self.c.call("GET", path), 404)
        self.assertEqual(self.c.json()["code"], 20404)
        self.assertEqual([entry["method"] for entry in self.twilio.requests],
                         ["POST", "GET", "GET", "GET", "POST", "DELETE", "GET"])
        self.assertEqual(self.twilio.requests[0]["form"], self.message())
        self.assertEqual(len(self.server.visits), 1)

    def test_call_from_create_to_delete(self):
        form = [("To", "+15005550006"), ("From", "+15005550010"),
                ("Twiml", "<Response><Say>Hi</Say></Response>")]
        self.assertEqual(self.c.call("POST", "Calls.json", form), 201)
        self.assertTrue(2000 <= len(self.c.body) <= 2250, len(self.c.body))
        path = "Calls/%s.json" % self.c.json()["sid"]
        self.assertEqual(self.c.call("POST", path, [("Status", "completed")]), 200)
        self.assertEqual(self.c.json()["status"], "completed")
        self.assertEqual(self.c.call("POST", path, [("Status", "forgotten")]), 400)
        self.assertEqual(self.c.call("DELETE", path), 204)

    def test_pages(self):
        for number in range(5):
            self.c.call("POST", "Messages.json", self.message(Body=str(number)))
        self.c.call("POST", "Messages.json", self.message(To="+15005550077"))
        bodies, path = [], "Messages.json?To=%2B15005550006&PageSize=2"
        while path and len(bodies) < 9:
            self.assertEqual(self.c.call("GET", path), 200)
            bodies += [item["body"] for item in self.c.json()["messages"]]
            path = self.c.json()["next_page_uri"]
        self.assertEqual(bodies, ["4", "3", "2", "1", "0"])
        self.assertEqual(self.c.call("GET", "Messages.json?PageSize=1001"), 400)

    def test_the_next_page_may_be_elsewhere(self):
        for number in range(2):
            self.c.call("POST", "Messages.json", self.message(Body=str(number)))
        self.twilio.fault = "elsewhere"
        self.c.call("GET", "Messages.json?PageSize=1")
        self.assertIn("https://elsewhere.example.com/2010-04-01/", self.c.json()["next_page_uri"])
        self.c.call("GET", "Messages.json")
        self.assertIsNone(self.c.json()["next_page_uri"])

    def test_scheduled_messages_can_be_cancelled(self):
        service = "MG" + "0" * 32
        when = {"ScheduleType": "fixed", "SendAt": "2026-12-24T18:00:00Z"}
        self.c.call("POST", "Messages.json", self.message(MessagingServiceSid=service, **when))
        path = "Messages/%s.json" % self.c.json()["sid"]
        self.assertEqual(self.c.json()["status"], "scheduled")
        self.c.call("GET", path)
        self.assertEqual(self.c.json()["status"], "scheduled")
        self.assertEqual(self.c.call("POST", path, [("Status", "canceled")]), 200)
        self.assertEqual(self.c.json()["status"], "canceled")
        self.assertEqual(self.c.call("POST", path, [("Status", "canceled")]), 400)
        self.assertEqual(self.c.json()["code"], 30409)
        self.c.call("POST", "Messages.json", self.message(**when))  # without a service it goes out at once
        self.assertEqual(self.c.json()["status"], "queued")

    def test_errors_are_twilios(self):
        for change, code in (({"To": "+15005550001"}, 21211), ({"To": "12"}, 21211), ({"To": None}, 21604),
                             ({"From": None}, 21603), ({"Body": None}, 21602), ({"Body": "x" * 1601}, 21617)):
            self.assertEqual(self.c.call("POST", "Messages.json", self.message(**change)), 400)
            error = self.c.json()
            self.assertEqual((error["code"], error["status"]), (code, 400), change)
            self.assertIn("/%d" % code, error["more_info"])
        self.assertEqual(self.c.call("POST", "Calls.json", [("From", "+15005550010")]), 400)
        self.assertEqual(self.c.json()["code"], 21201)
        self.assertEqual(self.twilio.things, {"Messages": {}, "Calls": {}})

    def test_xml_without_suffix(self):
        self.assertEqual(self.c.call("POST", "Messages", self.message(Body="a<b & c")), 201)
        tree = xml.etree.ElementTree.fromstring(self.c.body)
        self.assertEqual((tree.tag, tree.findtext("Message/Body")), ("TwilioResponse", "a<b & c"))
        self.assertEqual(self.c.call("POST", "Messages", self.message(To=None)), 400)
        tree = xml.etree.ElementTree.fromstring(self.c.body)
        self.assertEqual(tree.findtext("RestException/Code"), "21604")

    def test_account_and_balance(self):
        self.assertEqual(self.c.call("GET", "Balance.json"), 200)
        self.assertTrue(85 <= len(self.c.body) <= 95)
        self.assertEqual(self.c.call("HEAD", "Balance.json"), 200)
        self.assertEqual(self.c.body, b"")
        for path, kind in ((BASE + ".json", "json"), (BASE, "xml")):
            self.assertEqual(self.c.call("GET", path), 200)
            self.assertIn(kind, self.c.answer.getheader("Content-Type"))

    def test_who_may_not(self):
        for user, password in ((SID, "wrong"), ("AC" + "0" * 32, TOKEN), ("", ""), (SID, "")):
            self.assertEqual(self.c.call("GET", "Balance.json", user=user, password=password), 401)
            self.assertEqual(self.c.json()["code"], 20003)
        self.assertEqual(self.c.call("GET", "Balance.json", Authorization="Bearer " + TOKEN), 401)
        self.assertEqual(self.c.call("GET", BASE.replace("AC0", "AC1") + "/Balance.json"), 404)
        self.assertNotIn(TOKEN, json.dumps(self.twilio.requests) + "".join(map(standin.readable,
                                                                              self.twilio.requests)))

    def test_key_instead_of_token(self):
        self.twilio.secrets["SK1"] = "hush"
        self.assertEqual(self.c.call("GET", "Balance.json", user="SK1", password="hush"), 200)
        self.assertEqual(self.twilio.requests[-1]["user"], "SK1")

    def test_headers_are_twilios(self):
        self.c.call("GET", "Balance.json")
        head = sum(len(name) + len(value) + 4 for name, value in self.c.answer.getheaders())
        self.assertTrue(600 <= head <= 900, head)

    def test_what_is_not_http(self):
        for text in ("GET / HTTP/1.0\r\n\r\n", "GET /\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n",
                     "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                     "GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", "GET /é HTTP/1.1\r\nHost: a\r\n\r\n",
                     "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nb : c\r\n\r\n",
                     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"):
            client = self.client(self.server)
            client.connect()
            client.sock.sendall(text.encode())
            self.assertTrue(client.sock.recv(100).startswith(b"HTTP/1.1 400 "), text)
        self.assertEqual(self.twilio.requests, [])

    def test_form_must_be_declared(self):
        code = self.c.call("POST", "Messages.json", self.message(), **{"Content-Type": "text/plain"})
        self.assertEqual(code, 415)


class Products(Case):
    """Those with a host of their own."""

    SERVICE = "/v2/Services/VA" + "0" * 32
    APP, SECRET = "OQ" + "0" * 32, "hushhush"

    def setUp(self):
        self.server = self.serve()
        self.twilio.products.apps[self.APP] = self.SECRET

    def at(self, product):
        return self.client(self.server, host=product + ".twilio.com")

    def ask_token(self, secret=SECRET, user=None, **changes):
        client = self.at("oauth")
        form = {"grant_type": "client_credentials", "client_id": self.APP, "client_secret": secret, **changes}
        return client.call("POST", "/v2/token", list(form.items()), user=user), client.json()

    def test_each_has_its_own(self):
        for product, path in (("api", "/v2/PhoneNumbers/%2B15005550006"), ("lookups", "Balance.json"),
                              ("verify", "/v1/Services"), ("messaging", self.SERVICE + "/Verifications")):
            client = self.at(product)
            self.assertEqual(client.call("GET", path), 404, product)
            self.assertIn(b"20404", client.body)
        client = self.at("lookups")
        self.assertEqual(client.call("POST", "/v2/PhoneNumbers/%2B15005550006", []), 405)
        self.assertEqual(client.call("GET", "/v2/PhoneNumbers/%2B15005550006", password="wrong"), 401)

    def test_verification(self):
        c, number = self.at("verify"), ("To", "+15005550006")
        self.assertEqual(c.call("POST", self.SERVICE + "/Verifications", [number, ("Channel", "sms")]), 201)
        made = c.json()
        self.assertEqual((made["status"], made["sid"][:2]), ("pending", "VE"))
        self.assertNotIn("246810", c.body.decode())
        self.assertTrue(500 <= len(c.body) <= 700, len(c.body))
        check = self.SERVICE + "/VerificationCheck"
        for code, status in (("111111", "pending"), ("246810", "approved")):
            self.assertEqual(c.call("POST", check, [number, ("Code", code)]), 200)
            self.assertEqual((c.json()["status"], c.json()["valid"]), (status, status == "approved"))
        self.assertEqual(c.call("POST", check, [number, ("Code", "246810")]), 404)  # it is over
        c.call("POST", self.SERVICE + "/Verifications", [number, ("Channel", "call"), ("CustomCode", "55aa")])
        for code, expected in (("1", 200),) * 5 + (("55aa", 429),):
            self.assertEqual(c.call("POST", check, [("VerificationSid", c.json()["sid"]), ("Code", code)]),
                             expected)
        self.assertEqual(c.json()["code"], 60202)
        for form in ([number], [("To", "1"), ("Channel", "sms")], [number, ("Channel", "email")],
                     [number, ("Channel", "pigeon")]):
            self.assertEqual(c.call("POST", self.SERVICE + "/Verifications", form), 400, form)

    def test_lookup(self):
        c, path = self.at("lookups"), "/v2/PhoneNumbers/%2B15005550006"
        self.assertEqual(c.call("GET", path), 200)
        self.assertEqual((c.json()["valid"], c.json()["line_type_intelligence"]), (True, None))
        c.call("GET", path + "?Fields=line_type_intelligence%2Ccaller_name")
        self.assertEqual(c.json()["line_type_intelligence"]["type"], "mobile")
        self.assertEqual(c.call("GET", path + "?Fields=shoe_size"), 400)
        self.assertEqual(c.call("GET", "/v2/PhoneNumbers/5005550006"), 404)
        self.assertEqual(c.call("GET", "/v2/PhoneNumbers/5005550006?CountryCode=US"), 200)

    def test_pages(self):
        c = self.at("messaging")
        for number in range(5):
            self.assertEqual(c.call("POST", "/v1/Services", [("FriendlyName", str(number))]), 201)
        names, path, pages = [], "/v1/Services?PageSize=2", 0
        while path and pages < 9:
            c.call("GET", path)
            meta = c.json()["meta"]
            names += [item["friendly_name"] for item in c.json()[meta["key"]]]
            path, pages = meta["next_page_url"], pages + 1
            if path:
                host, path = re.match(r"https://([^/]+)(/v1/Services\?.*)", path).groups()
                self.assertEqual(host.partition(":")[0], "messaging.twilio.com")
        self.assertEqual((names, pages), (["4", "3", "2", "1", "0"], 3))

    def test_token(self):
        code, told = self.ask_token()
        self.assertEqual((code, told["token_type"], told["expires_in"]), (200, "Bearer", 3600))
        token = told["access_token"]
        self.assertRegex(token, r"\A[\w-]+\.[\w-]+\.[\w-]+\Z")
        self.assertEqual(len(token), 1200)
        api = self.client(self.server)
        self.assertEqual(api.call("GET", "Balance.json", Authorization="Bearer " + token), 200)
        self.assertEqual(self.twilio.requests[-1]["user"], self.APP)
        self.assertNotEqual(self.ask_token()[1]["access_token"], token)
        self.twilio.products.tokens[token] = self.APP, time.time() - 1
        self.assertEqual(api.call("GET", "Balance.json", Authorization="Bearer " + token), 401)
        self.assertEqual(api.json()["code"], 20104)
        self.assertNotIn(self.SECRET, json.dumps(self.twilio.requests))

    def test_who_gets_no_token(self):
        for expected, changes in ((401, {"secret": "wrong"}), (401, {"secret": ""}),
                                  (401, {"client_id": "OQ" + "1" * 32}), (400, {"grant_type": "password"}),
                                  (400, {"user": SID})):
            self.assertEqual(self.ask_token(**changes)[0], expected, changes)
        self.assertEqual(self.twilio.products.tokens, {})


class Certificates(Case):
    def test_only_the_good_are_accepted(self):
        for name in ca.CHAINS:
            server = self.serve(name)
            client = self.client(server, trust("ecdsa-root" if name in ("ecdsa", "notca") else "root"))
            if name in ("good", "ecdsa", "wildcard", "regional"):
                self.assertEqual(client.call("GET", "Balance.json"), 200, name)
                continue
            with self.assertRaises(ssl.SSLCertVerificationError, msg=name):
                client.call("GET", "Balance.json")
            visit = server.visits[0]
            self.assertTrue(visit.over.wait(5), name)
            self.assertFalse(visit.accepted, name)
            self.assertNotIn(wire.APPLICATION_DATA, [kind for kind, _ in visit.records()], name)

    def test_who_does_not_look_is_caught(self):
        careless = ssl._create_unverified_context()
        careless.maximum_version = ssl.TLSVersion.TLSv1_2
        server = self.serve("expired")
        self.assertEqual(self.client(server, careless).call("GET", "Balance.json"), 200)
        self.assertIn(wire.APPLICATION_DATA, [kind for kind, _ in server.visits[0].records()])

    def test_old_tls_only(self):
        server = self.serve(tls="1.1")
        with self.assertRaises(ssl.SSLError):
            self.client(server).call("GET", "Balance.json")
        old = trust()
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = ssl.TLSVersion.TLSv1
        client = self.client(server, old)
        self.assertEqual((client.call("GET", "Balance.json"), client.sock.version()), (200, "TLSv1.1"))

    def test_resumption(self):
        server, context = self.serve(), trust()
        first = self.client(server, context)
        self.assertEqual(first.call("GET", "Balance.json"), 200)
        second = self.client(server, context, first.sock.session)
        self.assertEqual(second.call("GET", "Balance.json"), 200)
        self.assertEqual([visit.resumed for visit in server.visits], [False, True])
        self.assertEqual(server.visits[0].server_name, "api.twilio.com")

    def test_half_a_record_is_not_one(self):
        visit = wire.Visit(1, None)
        visit.received += struct.pack(">BHH", 22, 0x0303, 2) + b"ab"
        visit.received += struct.pack(">BHH", 23, 0x0303, 9) + b"a"
        self.assertEqual(visit.records(), [(22, 2), (23, 9)])
        visit.received = bytearray(b"GET / HTTP/1.1\r\n")
        self.assertEqual(visit.records(), [(None, 16)])


class Faults(Case):
    def outcome(self, fault, context=None):
        """What a plain client makes of that fault."""
        server = self.serve(fault=fault)
        client = self.client(server, context)
        client.timeout = 1
        connect = client.connect
        client.connect = lambda: (connect(), client.sock.settimeout(1))
        try:
            return client.call("GET", "Balance.json")
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            self.visit = server.visits[0]

    def test_each(self):
        gone = ("ConnectionResetError", "RemoteDisconnected", "SSLEOFError")  # Python has three names for it
        cut, late, good = ("IncompleteRead",), ("TimeoutError",), (200,)
        expected = {
            "reset-accept": gone, "reset-handshake": gone, "reset-open": gone, "reset-answer": gone,
            "reset-body": ("ConnectionResetError", "IncompleteRead"), "truncated": cut, "cut": cut,
            "silence-answer": late, "silence-body": late, "garbage": ("BadStatusLine",), "close": good,
            "rough-close": good, "until-close": good, "until-close-cut": good, "drop-idle": good,
            "reset-idle": good, "chunked": good, "continue": (103,), "records": good, "bare-lf": good,
            "429": (429,), "500": (500,), "500-after": (500,), "503": (503,), "redirect": (307,),
            "problem": (400,), "elsewhere": good,
        }
        for fault, outcomes in expected.items():
            self.assertIn(self.outcome(fault), outcomes, fault)
        # the other three have tests of their own
        self.assertEqual(set(wire.FAULTS) | set(standin.ANSWER_FAULTS),
                         set(expected) | {"silence", "silence-handshake", "drip"})

    def test_silence(self):
        for fault in ("silence", "silence-handshake"):
            server = self.serve(fault=fault)
            with socket.create_connection(("127.0.0.1", server.port), 5) as sock:
                out = ssl.MemoryBIO()
                engine = trust().wrap_bio(ssl.MemoryBIO(), out, server_hostname="api.twilio.com")
                with self.assertRaises(ssl.SSLWantReadError):
                    engine.do_handshake()
                sock.sendall(out.read())
                sock.settimeout(0.5)
                heard = b""
                with self.assertRaises(TimeoutError):
                    while True:
                        heard += sock.recv(65536)
                self.assertEqual(len(heard) > 1000, fault == "silence-handshake")

    def test_drip(self):
        server = self.serve(fault="drip")
        client = self.client(server)
        client.connect()
        client.sock.sendall(b"GET / HTTP/1.1\r\nHost: api.twilio.com\r\n\r\n")
        began = time.monotonic()
        self.assertEqual(b"".join(client.sock.recv(100) for _ in range(9)), b"HTTP/1.1 ")
        self.assertTrue(0.35 < time.monotonic() - began < 2)

    def test_a_fault_ends(self):
        server = self.serve(fault="429", times=2)
        client = self.client(server)
        codes = [client.call("GET", "Balance.json") for _ in range(3)]
        self.assertEqual(codes, [429, 429, 200])
        server = self.serve(fault="reset-handshake", times=1)
        with self.assertRaises(ConnectionResetError):
            self.client(server).call("GET", "Balance.json")
        self.assertEqual(self.client(server).call("GET", "Balance.json"), 200)

    def test_carried_out_or_not(self):
        for fault, kept in (("429", 0), ("500", 0), ("503", 0), ("500-after", 1), ("reset-answer", 1)):
            server = self.serve(fault=fault)
            try:
                self.client(server).call("POST", "Messages.json", [("To", "+15005550006"), ("Body", "x"),
                                                                   ("From", "+15005550010")])
            except OSError:
                pass
            self.assertEqual(len(self.twilio.things["Messages"]), kept, fault)


if __name__ == "__main__":
    ZOO = ca.make(sys.argv.pop(1))
    unittest.main(warnings="ignore")
