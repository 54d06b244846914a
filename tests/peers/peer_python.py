"""What twilio-python makes of a case: the request as its HTTP library would send it, a document, a signature.

SPDX-License-Identifier: MIT
"""
import datetime
import re
import urllib.parse

import requests.adapters
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse


class Sent(Exception):
    """In place of an answer: what was sent."""


class Recorder(requests.adapters.BaseAdapter):
    def send(self, request, **_):
        body = request.body or b""
        raise Sent({"method": request.method, "url": request.url,
                    "authorization": request.headers.get("Authorization"),
                    "content_type": request.headers.get("Content-Type"),
                    "body": body if isinstance(body, str) else body.decode()})

    def close(self):
        pass


def client(login):
    http = TwilioHttpClient()
    http.session.trust_env = False
    http.session.mount("https://", Recorder())
    return Client(login.get("key", login["sid"]), login["secret"], login["sid"], http_client=http,
                  edge=login.get("edge"), region=login.get("region"), environment={"": ""})


def snake(name):
    """StatusCallbackMethod: status_callback_method"""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def given(case, **names):
    """Arguments by this library's names and types: those members that the case has, and its parameters."""
    arguments = {name: typed(case[member]) for name, member in names.items() if case.get(member)}
    more = {}
    for name, value in case.get("param", []):
        more.setdefault(snake(name), []).append(typed(value))
    return dict(arguments, **{name: value if len(value) > 1 else value[0] for name, value in more.items()})


def typed(value):
    """As users of this library have it: dates with a time, and true."""
    if isinstance(value, str) and re.fullmatch("[-0-9]{10}T[:0-9]{8}Z", value):
        return datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
    return True if value == "true" else value


# ---- Requests --------------------------------------------------------------------------------------

def message_create(twilio, case):
    arguments = given(case, to="to", from_="from", messaging_service_sid="service", body="body",
                      media_url="media", validity_period="validity", send_at="send_at")
    if "send_at" in case:
        arguments["schedule_type"] = "fixed"
    twilio.messages.create(**arguments)


def call_create(twilio, case):
    arguments = given(case, to="to", from_="from", url="url", application_sid="application",
                      timeout="timeout", send_digits="send_digits", machine_detection="machine_detection")
    if "twiml" in case:
        arguments["twiml"] = build(VoiceResponse(), case["twiml"]).to_xml()
    if "query" in case:
        query = [tuple(pair) for pair in case["query"]]
        arguments["url"] += "&" if "?" in case["url"] else "?"
        arguments["url"] += urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="")
    twilio.calls.create(**arguments)


def verification_start(twilio, case):
    arguments = given(case, to="to", channel="channel", locale="locale", custom_code="custom_code")
    twilio.verify.services(case["service"]).verifications.create(**arguments)


def verification_check(twilio, case):
    arguments = given(case, to="to", verification_sid="sid", code="code")
    twilio.verify.services(case["service"]).verification_checks.create(**arguments)


def any_request(twilio, case):
    url = "https://%s.twilio.com/%s" % (case["product"], case["resource"].lstrip("/"))
    params = {}
    for name, value in case["param"]:
        params.setdefault(name, []).append(value)
    where = "params" if case["method"] == "GET" else "data"
    twilio.request(case["method"], url.replace("{}", urllib.parse.quote(case.get("item", ""), safe="")),
                   **{where: params})


REQUESTS = {
    "message.create": message_create,
    "message.fetch": lambda twilio, case: twilio.messages(case["sid"]).fetch(),
    "message.cancel": lambda twilio, case: twilio.messages(case["sid"]).update(status="canceled"),
    "message.redact": lambda twilio, case: twilio.messages(case["sid"]).update(body=""),
    "message.delete": lambda twilio, case: twilio.messages(case["sid"]).delete(),
    "message.list": lambda twilio, case: twilio.messages.page(**given(
        case, to="to", from_="from", date_sent="date_sent", date_sent_after="sent_after",
        date_sent_before="sent_before", page_size="page_size")),
    "call.create": call_create,
    "call.fetch": lambda twilio, case: twilio.calls(case["sid"]).fetch(),
    "call.cancel": lambda twilio, case: twilio.calls(case["sid"]).update(status="canceled"),
    "call.hang_up": lambda twilio, case: twilio.calls(case["sid"]).update(status="completed"),
    "call.delete": lambda twilio, case: twilio.calls(case["sid"]).delete(),
    "call.list": lambda twilio, case: twilio.calls.page(**given(
        case, to="to", from_="from", status="status", start_time="start_time",
        start_time_after="started_after", start_time_before="started_before", page_size="page_size")),
    "verification.start": verification_start,
    "verification.check": verification_check,
    "balance.fetch": lambda twilio, case: twilio.balance.fetch(),
    "request": any_request,
}


def request(case):
    try:
        REQUESTS[case["op"]](client(case["login"]), case)
    except Sent as sent:
        return sent.args[0]
    raise AssertionError("nothing was sent")


# ---- TwiML and signatures --------------------------------------------------------------------------

METHODS = {"break": "break_", "say-as": "say_as"}


def build(parent, elements):
    for name, words, attributes, inside in elements:
        method = getattr(parent, METHODS.get(name, name.lower()), None)
        said = () if words is None else (words,)
        if method is not None:
            child = method(*said, **dict(attributes))
        else:
            child = parent.add_child(name, words, **dict(attributes))
        build(child, inside)
    return parent


def document(case):
    return build(VoiceResponse() if case["kind"] == "voice" else MessagingResponse(), case["twiml"]).to_xml()


def sign(token, url, form):
    return RequestValidator(token).compute_signature(url, form)


def validate(token, url, signature):
    return RequestValidator(token).validate(url, {}, signature)


def body_hash(body):
    return RequestValidator("").compute_hash(body)
