#!/usr/bin/python3
"""A stand-in for Twilio: keeps messages and calls, answers in Twilio's shape, shows what it got.

    standin.py --chain DIR/good [--port 8443] [--json FILE] [--keys FILE] [--fault NAME[:COUNT]] [--tls 1.1]

The account is TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or TWILIO_API_KEY with TWILIO_API_SECRET,
from the environment. Prints "ready PORT" when it listens on 127.0.0.1, then each request, decoded.
Secrets are compared and never shown. --json appends the same as one JSON object a line.
--help lists the faults. The products that have a host of their own are in products.py.

Shapes and sizes follow Twilio's OpenAPI document and captured answers; messages and calls advance
by one status each time they are fetched. Magic numbers as Twilio's test credentials have them.

SPDX-License-Identifier: MIT
"""
import argparse
import base64
import email.utils
import hashlib
import hmac
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse

import wire
from products import NAMES, Products
from shapes import Page, Problem, camel, element, missing, now, xml

REASONS = {200: "OK", 201: "Created", 204: "No Content", 307: "Temporary Redirect", 400: "Bad Request",
           401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed", 411: "Length Required",
           415: "Unsupported Media Type", 429: "Too Many Requests", 500: "Internal Server Error",
           503: "Service Unavailable"}
ANSWER_FAULTS = {
    "429": "429 Too Many Requests, code 20429, Retry-After: 7; nothing is carried out",
    "500": "500, code 20500; nothing is carried out",
    "500-after": "500, but the request has been carried out",
    "503": "503 with a body that is no JSON; nothing is carried out",
    "redirect": "307 to another host",
    "problem": "400 in the shape of RFC 9457; nothing is carried out",
    "elsewhere": "the next page of a list is at another host",
}
PROGRESS = {"Messages": ["queued", "sent", "delivered"],
            "Calls": ["queued", "ringing", "in-progress", "completed"]}
E164 = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}\Z")
MESSAGE_PROBLEMS = {
    "From": {"+15005550001": (21212, "The 'From' number %s is not a valid phone number."),
             "+15005550007": (21606, "The 'From' phone number provided (%s) is not a valid sender."),
             "+15005550008": (21611, "This 'From' number %s has exceeded its queue of messages.")},
    "To": {"+15005550001": (21211, "The 'To' number %s is not a valid phone number."),
           "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region of %s."),
           "+15005550004": (21610, "Attempt to send to unsubscribed recipient %s"),
           "+15005550009": (21614, "'To' number %s is not a valid mobile number")},
}
CALL_PROBLEMS = {
    "From": {"+15005550001": (21212, "The 'From' number %s is not a valid phone number.")},
    "To": {"+15005550001": (21217, "The phone number %s is not a valid phone number."),
           "+15005550003": (21215, "Account not authorized to call %s."),
           "+15005550004": (21216, "Call blocked: %s is on the block list.")},
}
CALL_FRAME = ["Notifications", "Recordings", "Payments", "Events", "Siprec", "Streams", "Transcriptions",
              "UserDefinedMessageSubscriptions", "UserDefinedMessages"]


def decode(text):
    """The pairs of a query or form. Twilio takes '+' for a space, as forms have it."""
    return [tuple(urllib.parse.unquote_plus(side, errors="replace") for side in (name, value))
            for name, _, value in (pair.partition("=") for pair in text.split("&") if pair)]


def user_of(header):
    """The user and password of a Basic Authorization header; a pair of None when there is none."""
    scheme, _, code = (header or "").partition(" ")
    try:
        user, colon, password = base64.b64decode(code, validate=True).decode().partition(":")
    except ValueError:
        return None, None
    return (user, password) if scheme.lower() == "basic" and colon else (None, None)


class Twilio:
    """One account and what was sent from it."""

    def __init__(self, sid, secrets, log=None, record=None):
        self.sid, self.secrets = sid, secrets  # secrets: user name to password
        self.things = {"Messages": {}, "Calls": {}}
        self.to_detect = set()  # calls that are to tell who answered
        self.products = Products(sid, self.digest)
        self.requests = []  # each as a dict: see note
        self.log, self.record = log, record
        self.fault, self.times = None, None
        self.count = 0
        self.lock = threading.Lock()

    # ---- from HTTP and back

    def answer(self, request):
        path, _, query = request.target.partition("?")
        entry = {"time": int(time.time()), "method": request.method, "path": urllib.parse.unquote(path),
                 "query": decode(query), "form": [], "user": None, "connection": request.visit.number,
                 "request": request.visit.requests, "resumed": request.visit.resumed,
                 "tls": request.visit.version, "host": request.header("host")}
        with self.lock:
            try:
                code, value = self.handle(request, entry)
            except Problem as problem:
                code = problem.status
                value = {"code": problem.code, "message": problem.message, "status": problem.status,
                         "more_info": "https://www.twilio.com/docs/errors/%d" % problem.code}
                entry["error"] = problem.code
            answer = self.render(code, value, entry)
            entry["code"] = code
            if isinstance(value, dict) and code < 300 and "sid" in value:
                entry["sid"] = value["sid"]
            self.note(entry)
        return answer

    def handle(self, request, entry):
        product = request.header("host").partition(".")[0]
        if product != "oauth":  # which has the login in its form
            entry["user"] = self.login(request.header("authorization"))
        elif request.header("authorization") is not None:
            raise Problem(400, 20001, "A login where none belongs")
        if request.method in ("POST", "PUT") and request.header("content-length") is None:
            raise Problem(411, 20001, "A Content-Length is required")
        if request.body:
            kind = (request.header("content-type") or "").partition(";")[0]
            if kind != "application/x-www-form-urlencoded":
                raise Problem(415, 20415, "Unsupported media type '%s'" % kind)
            entry["form"] = decode(request.body.decode("latin-1"))
        fault = self.strike()
        if fault == "429":
            raise Problem(429, 20429, "Too Many Requests")
        if fault == "500":
            raise Problem(500, 20500, "An internal server error has occurred")
        if fault == "503":
            return 503, b"<html><body>upstream connect error</body></html>\n"
        if fault == "redirect":
            return 307, b""
        if fault == "problem":
            return 400, {"type": "https://www.twilio.com/docs/errors/20001", "title": "Invalid parameter",
                         "status": 400, "code": 20001, "detail": "Body is not as it should be"}
        if product in NAMES:
            done = self.products.route(product, entry)
        else:
            done = self.route(request.method, entry["path"], entry["query"], entry["form"])
        if fault == "500-after":
            raise Problem(500, 20500, "An internal server error has occurred")
        if fault == "elsewhere":
            self.send_elsewhere(done[1])
        return done

    def login(self, header):
        """Who that is."""
        scheme, _, token = (header or "").partition(" ")
        if scheme == "Bearer":
            return self.products.owner(token)
        user, password = user_of(header)
        if user in self.secrets and hmac.compare_digest(self.secrets[user].encode(), password.encode()):
            return user
        raise Problem(401, 20003, "Authenticate")

    @staticmethod
    def send_elsewhere(page):
        away = "https://elsewhere.example.com"
        if page.get("next_page_uri"):
            page["next_page_uri"] = away + page["next_page_uri"]
        meta = page.get("meta", {})
        if meta.get("next_page_url"):
            meta["next_page_url"] = re.sub(r"https://[^/]+", away, meta["next_page_url"])

    def strike(self):
        if self.fault is None or self.times == 0:
            return None
        if self.times is not None:
            self.times -= 1
        return self.fault

    def render(self, code, value, entry):
        self.count += 1
        path, product = entry["path"], (entry["host"] or "").partition(".")[0]
        if isinstance(value, bytes):
            kind, body = "text/html", value
        elif value is None:
            kind, body = None, b""
        elif path.endswith(".json") or product in NAMES or "title" in value:
            kind = "problem+json" if "title" in value else "json;charset=utf-8"
            kind, body = "application/" + kind, json.dumps(value).encode()
        else:
            kind = "application/xml;charset=utf-8"
            body = "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>%s</TwilioResponse>"
            body = (body % xml(element(value), value)).encode()
        headers = [("Content-Type", kind)] if body else []
        headers += [
            ("Date", email.utils.formatdate(usegmt=True)),
            ("Twilio-Concurrent-Requests", "1"),
            ("Twilio-Request-Id", "RQ" + self.digest("request")),
            ("Twilio-Request-Duration", "0.104"),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-Match,"
             " If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key"),
            ("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, OPTIONS"),
            ("Access-Control-Expose-Headers", "ETag, Twilio-Request-Id"),
            ("Access-Control-Allow-Credentials", "true"),
            ("X-Powered-By", "AT-5000"),
            ("X-Shenanigans", "none"),
            ("X-Home-Region", "us1"),
            ("X-API-Domain", "%s.twilio.com" % product),
            ("Strict-Transport-Security", "max-age=31536000"),
        ]
        if code == 401:
            headers.append(("WWW-Authenticate", 'Basic realm="Twilio API"'))
        if code == 429:
            headers.append(("Retry-After", "7"))
        if code == 307:
            headers.append(("Location", "https://elsewhere.example.com" + path))
        return wire.Answer(code, REASONS[code], headers, body)

    def note(self, entry):
        entry["form"] = [(name, "***" if name == "client_secret" else value) for name, value in entry["form"]]
        self.requests.append(entry)
        if self.record:
            self.record.write(json.dumps(entry) + "\n")
            self.record.flush()
        if self.log:
            self.log(readable(entry))

    # ---- the resources

    def route(self, method, path, query, form):
        base = "/2010-04-01/Accounts"
        under = re.match(base + r"/([^/.]+)(?:\.json)?(?:/(.*))?\Z", path)
        if not under or under[1] != self.sid:
            raise missing(path)
        resource = re.sub(r"\.json\Z", "", under[2] or "")
        if resource in ("", "Balance"):
            if method not in ("GET", "HEAD") and (resource or method != "POST"):
                raise Problem(405, 20004, "Method not allowed")
            return 200, self.balance() if resource else self.account(dict(form).get("FriendlyName"))
        kind, _, sid = resource.partition("/")
        if kind not in self.things or "/" in sid:
            raise missing(path)
        if not sid:
            return self.collection(kind, method, path, query, form)
        if sid not in self.things[kind]:
            raise missing(path)
        return self.member(kind, sid, method, form)

    def collection(self, kind, method, path, query, form):
        if method == "POST":
            make = self.new_message if kind == "Messages" else self.new_call
            return 201, make(form)
        if method in ("GET", "HEAD"):
            return 200, self.page(kind, path, query)
        raise Problem(405, 20004, "Method not allowed")

    def member(self, kind, sid, method, form):
        thing = self.things[kind][sid]
        if method == "DELETE":
            del self.things[kind][sid]
            return 204, None
        if method == "POST":
            self.update(kind, thing, dict(form))
        elif method in ("GET", "HEAD"):
            steps = PROGRESS[kind]
            if thing["status"] in steps[:-1]:
                thing["status"] = steps[steps.index(thing["status"]) + 1]
                if thing["status"] == "in-progress" and thing["sid"] in self.to_detect:
                    thing["answered_by"] = "human"
                thing["date_updated"] = now()
        else:
            raise Problem(405, 20004, "Method not allowed")
        return 200, dict(thing)

    def new_message(self, form):
        given = dict(form)
        self.need(given, "To", 21604, "A 'To' phone number is required.")
        if "MessagingServiceSid" not in given:
            self.need(given, "From", 21603, "A 'From' phone number is required.")
        if not given.get("Body") and not given.get("MediaUrl") and not given.get("ContentSid"):
            raise Problem(400, 21602, "Message body is required.")
        if len(given.get("Body", "")) > 1600:
            raise Problem(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        self.numbers(given, MESSAGE_PROBLEMS)
        text = given.get("Body", "")
        wide, narrow = (70, 67) if any(ord(letter) > 127 for letter in text) else (160, 153)
        segments = 1 if len(text) <= wide else -(-len(text) // narrow)
        media = [value for name, value in form if name == "MediaUrl"]
        scheduled = all(given.get(name) for name in ("ScheduleType", "SendAt", "MessagingServiceSid"))
        sid = ("MM" if media else "SM") + self.digest("message")
        uri = "/2010-04-01/Accounts/%s/Messages/%s" % (self.sid, sid)
        return self.keep("Messages", {
            "account_sid": self.sid, "api_version": "2010-04-01", "body": text, "date_created": now(),
            "date_sent": None, "date_updated": now(), "direction": "outbound-api", "error_code": None,
            "error_message": None, "from": given.get("From"),
            "messaging_service_sid": given.get("MessagingServiceSid"), "num_media": str(len(media)),
            "num_segments": str(segments), "price": None, "price_unit": "USD", "sid": sid,
            "status": "scheduled" if scheduled else "queued",
            "subresource_uris": {"media": uri + "/Media.json"},
            "to": given["To"], "uri": uri + ".json"})

    def new_call(self, form):
        given = dict(form)
        self.need(given, "To", 21201, "No 'To' number is specified")
        self.need(given, "From", 21213, "Caller phone number is required")
        if not any(given.get(name) for name in ("Url", "Twiml", "ApplicationSid")):
            raise Problem(400, 21205, "Url parameter is required.")
        if len(given.get("Twiml", "")) > 4000:
            raise Problem(400, 21243, "Twiml exceeds 4000 characters")
        self.numbers(given, CALL_PROBLEMS)
        sid = "CA" + self.digest("call")
        if given.get("MachineDetection"):
            self.to_detect.add(sid)
        uri = "/2010-04-01/Accounts/%s/Calls/%s" % (self.sid, sid)
        return self.keep("Calls", {
            "account_sid": self.sid, "annotation": None, "answered_by": None, "api_version": "2010-04-01",
            "caller_name": None, "date_created": now(), "date_updated": now(), "direction": "outbound-api",
            "duration": None, "end_time": None, "forwarded_from": None, "from": given["From"],
            "from_formatted": given["From"], "group_sid": None, "parent_call_sid": None,
            "phone_number_sid": "PN" + self.digest("number"), "price": None, "price_unit": "USD", "sid": sid,
            "start_time": None, "status": "queued",
            "subresource_uris": {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): uri + "/%s.json" % name
                                 for name in CALL_FRAME},
            "to": given["To"], "to_formatted": given["To"], "trunk_sid": None, "uri": uri + ".json",
            "queue_time": "0"})

    def update(self, kind, thing, given):
        if kind == "Messages" and given.get("Status") not in (None, "canceled"):
            raise Problem(400, 20001, "Status '%s' is not valid" % given["Status"])
        if kind == "Messages" and given.get("Status") and thing["status"] != "scheduled":
            raise Problem(400, 30409, "This message cannot be canceled")
        if kind == "Calls" and given.get("Status") not in (None, "canceled", "completed"):
            raise Problem(400, 21218, "Invalid status '%s'" % given["Status"])
        if "Body" in given and kind == "Messages":
            thing["body"] = given["Body"]
        thing["status"] = given.get("Status", thing["status"])
        thing["date_updated"] = now()

    def page(self, kind, path, query):
        given = dict(query)
        found = [thing for thing in reversed(list(self.things[kind].values()))
                 if all(thing[name.lower()] == given[name]
                        for name in ("To", "From", "Status") if name in given)]
        return Page(path, query, found).of_account(kind.lower())

    def balance(self):
        return {"currency": "USD", "balance": "12.3456", "account_sid": self.sid}

    def account(self, name):
        uri = "/2010-04-01/Accounts/" + self.sid
        parts = ("addresses available_phone_numbers applications authorized_connect_apps calls conferences"
                 " connect_apps incoming_phone_numbers keys messages notifications outgoing_caller_ids queues"
                 " recordings recording_transcriptions sandbox signing_keys sip sms_messages sms_short_codes"
                 " transcriptions usage").split()
        return {"auth_token": "not told", "date_created": "Thu, 30 Jul 2015 20:00:00 +0000",
                "date_updated": now(), "friendly_name": name or "Stand-in", "owner_account_sid": self.sid,
                "sid": self.sid, "status": "active", "type": "Full", "uri": uri + ".json",
                "subresource_uris": {part: uri + "/%s.json" % camel(part) for part in parts}}

    # ---- small things

    def digest(self, what):
        self.count += 1
        return hashlib.md5(("%s %s %d" % (self.sid, what, self.count)).encode()).hexdigest()

    def keep(self, kind, thing):
        self.things[kind][thing["sid"]] = thing
        return dict(thing)

    @staticmethod
    def need(given, name, code, message):
        if not given.get(name):
            raise Problem(400, code, message)

    @staticmethod
    def numbers(given, problems):
        for name in ("From", "To"):
            number = given.get(name, "+15005550006")
            code, message = problems[name].get(number, (None, None))
            if not code and name == "To" and not E164.match(number):
                code, message = problems[name]["+15005550001"]
            if code:
                raise Problem(400, code, message % number)


def readable(entry):
    """A request as people like to read it."""
    lines = ["%s %s" % (entry["method"], entry["path"])]
    lines += ["    %-20s %s" % pair for pair in entry["query"] + entry["form"]]
    done = "%d %s" % (entry["code"], REASONS[entry["code"]])
    done += ", error %d" % entry["error"] if "error" in entry else ""
    done += ", " + entry["sid"] if "sid" in entry else ""
    lines.append("    %s  (as %s; %s, connection %d%s, request %d on it)" % (
        done, entry["user"] or "nobody", entry["tls"], entry["connection"],
        " resumed" if entry["resumed"] else "", entry["request"]))
    return "\n".join(lines)


def options():
    faults = "\n".join("  %-18s %s" % item for item in {**wire.FAULTS, **ANSWER_FAULTS}.items())
    parser = argparse.ArgumentParser(description=__doc__.partition("SPDX")[0], epilog="faults:\n" + faults,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chain", required=True, help="certificates and key, DIR/NAME of ca.py")
    parser.add_argument("--port", type=int, default=0, help="0 or none: any that is free")
    parser.add_argument("--json", help="append each request to this file")
    parser.add_argument("--keys", help="append the keys of each TLS session to this file, for Wireshark")
    parser.add_argument("--fault", default="", metavar="NAME[:COUNT]", help="fail so, always or COUNT times")
    parser.add_argument("--tls", default="1.2", choices=("1.1", "1.2", "1.3"), help="newest version spoken")
    given = parser.parse_args()
    given.fault, _, times = given.fault.partition(":")
    given.times = int(times) if times else None
    if given.fault and given.fault not in wire.FAULTS and given.fault not in ANSWER_FAULTS:
        parser.error("no such fault: " + given.fault)
    return given


def main():
    given, env = options(), os.environ
    if not env.get("TWILIO_ACCOUNT_SID"):
        sys.exit("TWILIO_ACCOUNT_SID is not set")
    pairs = (("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"), ("TWILIO_API_KEY", "TWILIO_API_SECRET"))
    secrets = {env[user]: env[secret] for user, secret in pairs if env.get(user) and env.get(secret)}
    if not secrets:
        sys.exit("neither TWILIO_AUTH_TOKEN nor TWILIO_API_KEY and TWILIO_API_SECRET are set")
    record = open(given.json, "a") if given.json else None
    twilio = Twilio(env["TWILIO_ACCOUNT_SID"], secrets, lambda text: print(text, flush=True), record)
    server = wire.Server(twilio.answer, given.chain, ("127.0.0.1", given.port), given.tls)
    if given.keys:
        server.context.keylog_filename = given.keys
    target = server if given.fault in wire.FAULTS else twilio
    target.fault, target.times = given.fault or None, given.times
    server.start()
    print("ready %d" % server.port, flush=True)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pause()


if __name__ == "__main__":
    main()
