#!/usr/bin/python3
"""The gate's own test: what Twilio's documents allow passes, and each thing they do not is refused.

    test_gate.py ZOO NPM     ZOO: where ca.py may put its certificates; NPM: where node_modules is

SPDX-License-Identifier: MIT
"""
import json
import os
import sys
import unittest

import ca
import gate
import test_server
import wire
from test_server import BASE, FORM, SID, TOKEN

NPM = None
MESSAGE = "To=%2B15005550006&From=%2B15005550010&Body=95%20%C2%B0C"
CALL = "To=%2B15005550006&From=%2B15005550010&Twiml=%3CResponse%2F%3E"
ONE = "Messages/SM0123456789abcdef0123456789abcdef.json"
SERVICE = "/v2/Services/VA0123456789abcdef0123456789abcdef"
APP = "OQ0123456789abcdef0123456789abcdef"
GRANT = "grant_type=client_credentials&client_id=%s&client_secret=hush" % APP


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gate = gate.Gate(NPM)
        cls.server = wire.Server(cls.gate.answer, os.path.join(test_server.ZOO, "regional")).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.gate.stop()

    def call(self, method, path, body=None, login=None, host="api", **headers):
        """Send exactly these bytes; returns the status code."""
        client = test_server.Client(self.server.port, host=host + ".twilio.com")
        client.timeout = 20
        client.connect()
        self.addCleanup(client.close)
        path = path if path.startswith("/") else BASE + "/" + path
        login = login or test_server.base64.b64encode((SID + ":" + TOKEN).encode()).decode()
        client.putrequest(method, path, "Host" in headers, skip_accept_encoding=True)
        headers = {"Authorization": "Basic " + login, **headers} if host != "oauth" else headers
        if body is not None:
            headers = {"Content-Type": FORM, "Content-Length": str(len(body)), **headers}
        for name, value in headers.items():
            if value is not None:
                client.putheader(name, value)
        client.endheaders(body.encode("latin-1") if body else None)
        answer = client.getresponse()
        self.body = answer.read().decode()
        return answer.status

    def refused(self, status, words, *request, **headers):
        self.assertEqual(self.call(*request, **headers), status, request)
        self.assertIn(words, self.body)

    def test_accepted(self):
        for code, *request in (
                (201, "POST", "Messages.json", MESSAGE),
                (201, "POST", "Messages.json", MESSAGE + "&MediaUrl=https%3A%2F%2Fexample.com%2F1"),
                (201, "POST", "Messages.json", MESSAGE + "&MediaUrl=https%3A%2F%2Fexample.com%2F1"
                                               "&MediaUrl=https%3A%2F%2Fexample.com%2F2"),
                (200, "GET", "Messages.json"),
                (200, "GET", "Messages.json?To=%2B15005550006&PageSize=2"),
                (200, "GET", "Messages.json?DateSent%3E=2026-01-01T00%3A00%3A00Z"),
                (200, "GET", ONE), (200, "HEAD", ONE), (200, "POST", ONE, "Body="), (204, "DELETE", ONE),
                (201, "POST", "Calls.json",
                 CALL + "&StatusCallbackEvent=ringing&StatusCallbackEvent=answered"),
                (200, "POST", ONE.replace("Messages/SM", "Calls/CA"), "Status=completed"),
                (200, "GET", BASE + ".json"), (200, "GET", "Balance.json")):
            self.assertEqual(self.call(*request), code, (request, self.body))
            self.assertIsNone(self.gate.requests[-1]["fault"])
        self.assertEqual(self.gate.requests[0]["form"],
                         [("To", "+15005550006"), ("From", "+15005550010"), ("Body", "95 °C")])

    def test_other_products(self):
        for code, host, *request in (
                (201, "verify", "POST", SERVICE + "/Verifications", "To=%2B15005550006&Channel=sms"),
                (200, "verify", "POST", SERVICE + "/VerificationCheck", "To=%2B15005550006&Code=1234"),
                (200, "lookups", "GET", "/v2/PhoneNumbers/%2B15005550006?Fields=caller_name"),
                (200, "messaging", "GET", "/v1/Services?PageSize=20"),
                (201, "messaging", "POST", "/v1/Services", "FriendlyName=x"),
                (200, "content", "GET", "/v1/Content"), (200, "oauth", "POST", "/v2/token", GRANT),
                (200, "oauth", "POST", "/v2/token?account_sid=" + SID, GRANT)):
            self.assertEqual(self.call(*request, host=host), code, (request, self.body))
            self.assertIsNone(self.gate.requests[-1]["fault"])
        for host in ("verify.au1", "verify.sydney.us1", "verify.sydney.au1"):
            self.assertEqual(self.call("POST", SERVICE + "/Verifications", "To=%2B1500&Channel=sms",
                                       host=host), 201, host)

    def test_what_other_products_refuse(self):
        for status, words, host, *request in (
                (404, "no path", "api", "POST", SERVICE + "/Verifications", "To=1&Channel=sms"),
                (404, "no path", "messaging", "GET", SERVICE + "/Verifications"),
                (404, "no path", "verify", "GET", "Messages.json"),
                (404, "no path", "lookups", "GET", "/v1/PhoneNumbers/%2B15005550006"),
                (400, "unknown parameter 'Body'", "verify", "POST", SERVICE + "/Verifications",
                 "To=1&Channel=sms&Body=x"),
                (400, "a second 'To'", "verify", "POST", SERVICE + "/Verifications", "To=1&To=2&Channel=sms"),
                (400, "unescaped '+'", "verify", "POST", SERVICE + "/Verifications", "To=+1&Channel=sms"),
                (422, "'Channel'", "verify", "POST", SERVICE + "/Verifications", "To=1"),
                (422, "servicesid", "verify", "POST", "/v2/Services/VA1/Verifications", "To=1&Channel=sms"),
                (400, "unescaped ','", "lookups", "GET", "/v2/PhoneNumbers/1?Fields=a,b"),
                (400, "unknown parameter 'fields'", "lookups", "GET", "/v2/PhoneNumbers/1?fields=a"),
                (422, "FriendlyName", "messaging", "POST", "/v1/Services", "Usecase=x"),
                (400, "unknown parameter 'Language'", "content", "POST", "/v1/Content", "Language=en")):
            self.refused(status, words, *request, host=host)

    def test_hosts(self):
        for host, inside in (("verify", "api.twilio.com"), ("api.au1", "api.twilio.com"),
                             ("api", "www.twilio.com"), ("api", "api.twilio.com.example.com"),
                             ("api", "api.a.b.c.twilio.com"), ("api", "API.twilio.com"),
                             ("iam", "iam.twilio.com")):
            self.refused(400, "Host '%s'" % inside, "GET", "Balance.json", host=host, Host=inside)

    def test_tokens(self):
        self.assertEqual(self.call("POST", "/v2/token", GRANT, host="oauth"), 200)
        told = json.loads(self.body)
        self.assertEqual(told["expires_in"], 3600)
        bearer = {"Authorization": "Bearer " + told["access_token"]}
        self.assertEqual(self.call("GET", "Balance.json", **bearer), 200)
        self.assertEqual(self.call("GET", "/v1/Services", host="messaging", **bearer), 200)
        self.refused(401, "nobody gave", "GET", "Balance.json", Authorization=bearer["Authorization"] + "x")
        self.refused(401, "nobody gave", "GET", "Balance.json", Authorization="Bearer ")

    def test_login_of_an_app(self):
        for status, words, body in (
                (400, "grant_type 'None'", GRANT.replace("grant_type", "scope")),
                (400, "grant_type 'credentials'", GRANT.replace("client_cred", "cred")),
                (401, "no login", GRANT.replace("OQ", "AC")), (401, "no login", GRANT[:-4]),
                (401, "no login", GRANT.partition("&client_secret")[0]),
                (400, "unknown parameter 'ClientId'", GRANT.replace("client_id", "ClientId"))):
            self.refused(status, words, "POST", "/v2/token", body, host="oauth")
        self.refused(400, "where none belongs", "POST", "/v2/token", GRANT, host="oauth",
                     Authorization="Basic eDp5")

    def test_names(self):
        self.refused(400, "unknown parameter 'Text'", "POST", "Messages.json", MESSAGE + "&Text=x")
        self.refused(400, "unknown parameter 'body'", "POST", "Messages.json", MESSAGE + "&body=x")
        self.refused(400, "unknown parameter 'MessageSid'", "GET", "Messages.json?MessageSid=x")
        self.refused(400, "unknown parameter 'To'", "POST", "Messages.json?To=x", MESSAGE)
        self.refused(400, "unknown parameter 'Status'", "DELETE", ONE, "Status=x")
        self.refused(400, "a second 'Body'", "POST", "Messages.json", MESSAGE + "&Body=x")
        self.refused(400, "a second 'To'", "GET", "Messages.json?To=1&To=2")

    def test_octets(self):
        for text, words in (("a+b", "unescaped '+'"), ("a b", "unescaped ' '"), ("a*b", "unescaped '*'"),
                            ("é", "unescaped"), ("a%2", "bad escape '%2'"), ("%zz", "bad escape '%zz'"),
                            ("%c3%a9", "bad escape '%c3'"), ("%41", "needless"), ("%E9", "no UTF-8")):
            self.refused(400, words, "POST", "Messages.json", MESSAGE + "&ContentVariables=" + text)
        self.refused(400, "unescaped '+'", "GET", "Messages.json?To=+15005550006")
        for text in ("&", "&&Body=x", "&Body", "&=x"):
            self.assertEqual(self.call("POST", "Messages.json", "To=1" + text), 400, text)
        self.refused(400, "without a query", "GET", "Messages.json?")

    def test_head(self):
        long = {"Content-Length": None}
        self.refused(411, "no Content-Length", "POST", "Messages.json", **long)
        for kind in (None, "application/json", FORM + "; charset=utf-8"):
            self.refused(415, "Content-Type", "POST", "Messages.json", MESSAGE, **{"Content-Type": kind})

    def test_login(self):
        another = SID.replace("AC0", "AC1")
        for text in ("", "AC:x", SID, SID + ":", ":" + TOKEN, "SK1:x", another + ":" + TOKEN):
            login = test_server.base64.b64encode(text.encode()).decode()
            self.refused(401, "20003", "GET", "Balance.json", None, login or "-")
        key = test_server.base64.b64encode(("SK" + SID[2:] + ":x").encode()).decode()
        self.assertEqual(self.call("GET", "Balance.json", None, key), 200)
        self.refused(401, "no Basic login", "GET", "Balance.json", Authorization=None)

    def test_paths(self):
        self.refused(404, "no path", "GET", "Messages")
        self.refused(404, "no path", "GET", BASE + "//Messages.json")
        self.refused(405, "not for", "PUT", "Messages.json", MESSAGE)

    def test_prism_does_its_part(self):
        self.refused(422, "'To'", "POST", "Messages.json", "From=%2B15005550010&Body=x")
        self.refused(422, "must be integer", "POST", "Messages.json", MESSAGE + "&ValidityPeriod=soon")
        self.refused(422, "allowed values", "POST", ONE, "Status=sent")
        self.refused(422, "sid", "GET", "Messages/SM1.json")
        self.refused(422, "<= 1000", "GET", "Messages.json?PageSize=1001")


if __name__ == "__main__":
    test_server.ZOO, NPM = ca.make(sys.argv.pop(1)), sys.argv.pop(1)
    unittest.main(warnings="ignore")
