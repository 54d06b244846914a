"""The stand-in's products that are not below an account: verify, lookups, messaging, oauth.

Each has a host of its own and answers in JSON only. The code that a verification sends is 246810,
unless CustomCode says otherwise.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import hmac
import json
import re
import time

from shapes import Page, Problem, missing, now_iso

CODE = "246810"
CHECKS_MAX = 5
TOKEN_SIZE = 1200  # of Twilio's, in bytes
TOKEN_LIFE = 3600  # seconds
CHANNELS = ("sms", "call", "whatsapp", "email", "sna", "auto")
E164 = re.compile(r"\+[1-9]\d{6,14}\Z")
ROUTES = [(product, method, re.compile(path.replace("SID", "[0-9a-f]{32}") + r"\Z"), name)
          for product, method, path, name in (
              ("verify", "POST", r"/v2/Services/(VASID)/Verifications", "start"),
              ("verify", "POST", r"/v2/Services/(VASID)/VerificationCheck", "check"),
              ("lookups", "GET", r"/v2/PhoneNumbers/([^/]+)", "lookup"),
              ("messaging", "GET", r"/v1/Services", "services"),
              ("messaging", "POST", r"/v1/Services", "new_service"),
              ("oauth", "POST", r"/v2/token", "token"))]
NAMES = {product for product, *_ in ROUTES}
FACTS = {  # of a number, that a lookup can be asked for, and that cost
    "caller_name": {"caller_name": "JANE DOE", "caller_type": "CONSUMER", "error_code": None},
    "line_type_intelligence": {"type": "mobile", "carrier_name": "Stand-in Mobile", "error_code": None,
                               "mobile_country_code": "310", "mobile_network_code": "456"},
    "sim_swap": None, "call_forwarding": None, "line_status": None, "identity_match": None,
    "reassigned_number": None, "sms_pumping_risk": None, "phone_number_quality_score": None, "pre_fill": None,
}


class Products:
    """What one account has in them. digest(text) makes 32 hexadecimal digits, others each time."""

    def __init__(self, sid, digest):
        self.sid, self.digest = sid, digest
        self.verifications = {}  # by SID, as they are answered; what is not told is beside them
        self.codes, self.checks = {}, {}
        self.service_list = {}
        self.apps = {}    # those that may ask for tokens: client_id to client_secret
        self.tokens = {}  # to (client_id, when it expires)

    def route(self, product, request):
        """request: the stand-in's entry. Returns the HTTP status and the value to answer."""
        method = "GET" if request["method"] == "HEAD" else request["method"]
        fits = [(ours, getattr(self, name), path.match(request["path"]).groups())
                for host, ours, path, name in ROUTES if host == product and path.match(request["path"])]
        if not fits:
            raise missing(request["path"])
        for ours, function, parts in fits:
            if ours == method:
                return function(request, dict(request["form"]), *parts)
        raise Problem(405, 20004, "Method not allowed")

    # ---- verify

    def start(self, request, given, service):
        to, channel = given.get("To", ""), given.get("Channel")
        if channel not in CHANNELS:
            raise Problem(400, 60200, "Invalid parameter: Channel")
        if not (E164.match(to) if channel != "email" else "@" in to):
            raise Problem(400, 60200, "Invalid parameter `To`: %s" % to)
        sid = "VE" + self.digest("verification")
        self.codes[sid], self.checks[sid] = given.get("CustomCode", CODE), 0
        self.verifications[sid] = {
            "sid": sid, "service_sid": service, "account_sid": self.sid, "to": to, "channel": channel,
            "status": "pending", "valid": False, "lookup": {}, "amount": None, "payee": None,
            "send_code_attempts": [{"time": now_iso(), "channel": channel,
                                    "attempt_sid": "VL" + self.digest("attempt")}],
            "date_created": now_iso(), "date_updated": now_iso(), "sna": None,
            "url": "https://verify.twilio.com/v2/Services/%s/Verifications/%s" % (service, sid)}
        return 201, dict(self.verifications[sid])

    def check(self, request, given, service):
        found = [each for sid, each in self.verifications.items()
                 if each["service_sid"] == service and each["status"] == "pending" and
                 (sid == given.get("VerificationSid") or each["to"] == given.get("To"))]
        if not given.get("Code"):
            raise Problem(400, 60200, "Missing required parameter Code")
        if not found:
            raise missing(request["path"])
        one = found[-1]
        if self.checks[one["sid"]] == CHECKS_MAX:
            raise Problem(429, 60202, "Max check attempts reached")
        self.checks[one["sid"]] += 1
        if given["Code"] == self.codes[one["sid"]]:
            one["status"], one["valid"] = "approved", True
        told = ("sid", "service_sid", "account_sid", "to", "channel", "status", "valid", "amount", "payee",
                "date_created", "date_updated")
        return 200, {**{key: one[key] for key in told}, "sna_attempts_error_codes": []}

    # ---- lookups

    def lookup(self, request, _, number):
        given = dict(request["query"])
        wanted = given.get("Fields", "").split(",") if given.get("Fields") else []
        if not set(wanted) <= set(FACTS):
            raise Problem(400, 60600, "Invalid value for parameter Fields: %s" % given["Fields"])
        if number[:1] != "+" and not given.get("CountryCode"):
            raise missing(request["path"])
        valid = bool(E164.match(number)) or number[:1] != "+"
        american = number.startswith("+1")
        return 200, {
            "calling_country_code": "1" if american else None, "country_code": "US" if american else None,
            "phone_number": number, "national_format": "(%s) %s-%s" % (number[2:5], number[5:8], number[8:])
            if american else number, "valid": valid, "validation_errors": [] if valid else ["TOO_SHORT"],
            **{name: fact if name in wanted else None for name, fact in FACTS.items()},
            "url": "https://lookups.twilio.com/v2/PhoneNumbers/" + number}

    # ---- messaging

    def services(self, request, _):
        page = Page(request["path"], request["query"], list(reversed(self.service_list.values())))
        return 200, page.of_product("services", "https://" + request["host"])

    def new_service(self, _, given):
        if not given.get("FriendlyName"):
            raise Problem(400, 20001, "Missing required parameter FriendlyName in the post body")
        sid = "MG" + self.digest("service")
        self.service_list[sid] = {
            "sid": sid, "account_sid": self.sid, "friendly_name": given["FriendlyName"],
            "date_created": now_iso(), "date_updated": now_iso(), "sticky_sender": True,
            "mms_converter": True, "smart_encoding": True,
            "validity_period": int(given.get("ValidityPeriod", "14400")),
            "url": "https://messaging.twilio.com/v1/Services/" + sid}
        return 201, dict(self.service_list[sid])

    # ---- oauth

    def token(self, _, given):
        app, secret = given.get("client_id", ""), given.get("client_secret", "")
        if given.get("grant_type") != "client_credentials":
            raise Problem(400, 20001, "grant_type must be client_credentials")
        if not hmac.compare_digest(self.apps.get(app, "").encode(), secret.encode()) or not secret:
            raise Problem(401, 20003, "Authenticate")
        text = self.jwt(app)
        self.tokens[text] = app, time.time() + TOKEN_LIFE
        return 200, {"access_token": text, "id_token": None, "token_type": "Bearer", "expires_in": TOKEN_LIFE,
                     "refresh_token": None}

    def jwt(self, app):
        """As long as Twilio's and in their alphabet; the signature is none."""
        claims = {"sub": app, "iss": "https://oauth.twilio.com", "exp": int(time.time()) + TOKEN_LIFE}
        text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                        for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        filler = hashlib.shake_256(self.digest("token").encode()).hexdigest(TOKEN_SIZE)
        return (text + "." + filler)[:TOKEN_SIZE]

    def owner(self, token):
        """The client_id of the app that a token was given to."""
        app, expires = self.tokens.get(token, (None, 0))
        if app is None:
            raise Problem(401, 20003, "Authenticate")
        if expires <= time.time():
            raise Problem(401, 20104, "Access Token expired or expiration date invalid")
        return app
