"""What the three libraries are asked: fixed cases, one for each member and each corner, and random ones.

A case is a dict: "op", for a request "login" too, and the members of the helper's struct as twilio_*.h
name them; "param" is further parameters. Those are lists of pairs; TwiML is a list of [name, text or None,
attributes, inside].
All are such as our helpers take: what they refuse is not for the others to judge.

SPDX-License-Identifier: MIT
"""
import random
import string
import urllib.parse

HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
SID = "AC" + HEX + HEX
LOGIN = {"sid": SID, "secret": HEX + HEX}
TO, FROM = "+15558675310", "+15017122661"

EVENTS = ["initiated", "ringing", "answered", "completed"]
MORE_OF_MESSAGE = {
    "StatusCallback": ["https://example.com/?to=%2B1&x=a+b"], "SmartEncoded": ["true"], "Attempt": ["3"],
    "ContentRetention": ["retain"], "AddressRetention": ["obfuscate"], "ProvideFeedback": ["true"],
    "MaxPrice": ["0.05"], "ApplicationSid": ["AP" + HEX * 2], "PersistentAction": ["geo:1,2|a b", "geo:3,4"]}
MORE_OF_CALL = {
    "Method": ["GET"], "FallbackUrl": ["http://example.com/?a=b&c=%20"], "FallbackMethod": ["GET"],
    "StatusCallback": ["https://user:pass@example.com/3"], "StatusCallbackMethod": ["POST"],
    "StatusCallbackEvent": EVENTS, "TimeLimit": ["86400"], "MachineDetectionTimeout": ["59"],
    "Record": ["true"], "RecordingChannels": ["dual"], "RecordingTrack": ["both"], "Trim": ["do-not-trim"],
    "CallerId": [FROM], "AsyncAmd": ["true"], "CallReason": ["Fire & smoke"], "SipAuthUsername": ["alice"],
    "SipAuthPassword": ["a+b c"]}
MORE_OF_VERIFICATION = {
    "CustomFriendlyName": ["Boiler & Co"], "SendDigits": ["1www2"], "Amount": ["39.99 €"], "Payee": ["Anna"],
    "AppHash": ["a+b/c="], "TemplateSid": ["HJ" + HEX * 2]}
LOOKUPS = ["line_type_intelligence", "sim_swap", "caller_name", "call_forwarding", "identity_match"]


# ---- Texts -----------------------------------------------------------------------------------------

def character(rng, kind):
    if kind == "plain":
        return rng.choice(ALNUM + "    ")
    if kind == "special":
        return rng.choice("&=+%?#;/\\\"'<>`~!*()[]{}|^$@,:._- \t")
    if kind == "control":  # NUL ends a text in C
        return chr(rng.choice([*range(1, 32), 127, *range(128, 160)]))
    if kind == "latin":
        return chr(rng.randrange(0xA0, 0x250))
    if kind == "bmp":
        return chr(rng.choice([rng.randrange(0x250, 0xD800), rng.randrange(0xE000, 0x10000)]))
    return chr(rng.randrange(0x10000, 0x110000))


KINDS = ["plain", "special", "control", "latin", "bmp", "astral"]


def text(rng, most=120, kinds=None, least=1):
    """Mostly of one kind, or of a mixture of all."""
    kinds = kinds or rng.choice([["plain"], ["plain", "special"], ["plain", "latin"], ["bmp"], ["astral"],
                                 ["special", "control"], KINDS])
    return "".join(character(rng, rng.choice(kinds)) for _ in range(rng.randint(least, most)))


def in_xml(words):
    """As much of a text as an XML document can hold (https://www.w3.org/TR/xml/#charsets)."""
    return "".join(c for c in words if (c >= " " or c in "\t\n\r") and c not in "\uFFFE\uFFFF")


def number(rng):
    return "+%d%s" % (rng.randint(1, 9), "".join(rng.choices(string.digits, k=rng.randint(6, 14))))


def sid(rng, letters):
    return letters + "".join(rng.choices(HEX, k=32))


def url(rng):
    host = rng.choice(["example.com", "demo.twilio.com:8443", "[2001:db8::1]", "user:pass@example.org",
                       "10.0.0.1"])
    path = "".join("/" + text(rng, 8, ["plain"]).replace(" ", "-") for _ in range(rng.randint(0, 3)))
    query = rng.choice(["", "", "?a=1&b=%20+%26", "?x=" + urllib.parse.quote(text(rng, 12), safe="")])
    return rng.choice(["http://", "https://"]) + host + path + query


def day(rng):
    return "20%02d-%02d-%02d" % (rng.randint(10, 40), rng.randint(1, 12), rng.randint(1, 28))


def moment(rng):
    return day(rng) + "T%02d:%02d:%02dZ" % tuple(rng.randint(0, most) for most in (23, 59, 59))


def when(rng):
    return rng.choice([day, moment])(rng)


def some(rng, chance=0.5):
    return rng.random() < chance


def some_of(rng, case):
    return {name: value for name, value in case.items() if some(rng, 0.4)}


def pairs(table, names):
    return [[name, value] for name in names for value in table[name]]


def more(rng, table):
    return pairs(table, rng.sample(sorted(table), rng.randint(0, 4)))


def login(rng):
    """All that getHostname tells apart, and both ways to log in."""
    case = {"sid": sid(rng, "AC"), "secret": text(rng, 40, ["plain"])}
    if some(rng):
        case.update(key=sid(rng, "SK"), secret=rng.choice([sid(rng, ""), "a:b&c=d+e%20/?#@\"'"]))
    if some(rng, 0.4):
        case["edge"] = rng.choice(["sydney", "dublin", "ashburn-ix", "x"])
    if some(rng, 0.4):
        case["region"] = rng.choice(["us1", "ie1", "au1", "stage-us1"])
    return case


# ---- Requests --------------------------------------------------------------------------------------

def message(rng):
    case = {"to": rng.choice([number(rng), "whatsapp:" + number(rng), "messenger:12345678901234567"])}
    if some(rng):
        case["from"] = rng.choice([number(rng), "whatsapp:" + number(rng), "12345", "12345678", "My Alarm",
                                   "Fire_1 & 2"])
    if "from" not in case or some(rng, 0.3):
        case["service"] = sid(rng, "MG")
    if "service" in case and some(rng):
        case["send_at"] = moment(rng)
    if some(rng, 0.2):
        case["content"] = sid(rng, "HX")
        if some(rng):
            case["variables"] = '{"1":"%s","2":"%s"}' % (text(rng, 9, ["plain"]),
                                                         text(rng, 9, ["latin", "astral"]))
    else:
        case["media"] = [url(rng) for _ in range(rng.choice([0, 0, 0, 1, 2, 10]))]
        if not case["media"] or some(rng):
            case["body"] = text(rng)
    if some(rng):
        case["validity"] = rng.choice([1, 900, 36000, rng.randint(1, 36000)])
    return dict(case, param=more(rng, MORE_OF_MESSAGE))


def message_filter(rng):
    return some_of(rng, {"to": number(rng), "from": number(rng), "date_sent": when(rng),
                         "sent_after": when(rng), "sent_before": when(rng),
                         "page_size": rng.randint(1, 1000)})


def call(rng):
    case = {"to": rng.choice([number(rng), "client:alice", "sip:alice@example.com"]),
            "from": rng.choice([number(rng), "client:bob"]), "param": more(rng, MORE_OF_CALL)}
    what = rng.choice(["url", "twiml", "application"])
    if what == "url":
        case["url"] = url(rng)
        if some(rng):
            case["query"] = [[text(rng, 9), text(rng, 30, least=0)] for _ in range(rng.randint(1, 3))]
    elif what == "twiml":
        case["twiml"] = voice(rng, 2)
        while len(repr(case["twiml"])) > 600:  # of the 4,000 allowed, were each character an escape
            case["twiml"] = voice(rng, 2)
    else:
        case["application"] = sid(rng, "AP")
    if some(rng):
        case["timeout"] = rng.choice([1, 60, 600])
    if some(rng):
        case["send_digits"] = "".join(rng.choices("0123456789#*wW", k=rng.randint(1, 32)))
    elif some(rng):
        case["machine_detection"] = rng.choice(["Enable", "DetectMessageEnd"])
    return case


def call_filter(rng):
    return some_of(rng, {"to": number(rng), "from": number(rng), "start_time": when(rng),
                         "status": rng.choice(["queued", "in-progress", "no-answer", "canceled"]),
                         "started_after": when(rng), "started_before": when(rng),
                         "page_size": rng.randint(1, 1000)})


def verification(rng):
    case = {"service": sid(rng, "VA"), "to": number(rng), "param": more(rng, MORE_OF_VERIFICATION),
            "channel": rng.choice(["sms", "call", "whatsapp", "email", "sna", "auto"])}
    if case["channel"] == "email":
        case["to"] = rng.choice(["anna+alarm@example.com", "o'brien@example.org", "jörg@example.de"])
    if some(rng):
        case["locale"] = rng.choice(["de", "pt-BR"])
    if some(rng):
        case["custom_code"] = "".join(rng.choices(ALNUM, k=rng.randint(4, 10)))
    return case


def verification_check(rng):
    case = {"service": sid(rng, "VA"), "code": "".join(rng.choices(ALNUM, k=rng.randint(4, 10)))}
    case.update({"to": number(rng)} if some(rng) else {"sid": sid(rng, "VE")})
    return case


def lookup(rng):
    case = {"number": number(rng)}
    if some(rng):
        case.update(number="".join(rng.choices(string.digits, k=10)), country=rng.choice(["US", "DE", "GB"]))
    if some(rng):
        case["fields"] = ",".join(rng.sample(LOOKUPS, rng.randint(1, 4)))
    return case


def token(rng):
    case = {"id": sid(rng, "OQ"), "secret": text(rng, 40)}
    if some(rng):
        case["account"] = sid(rng, "AC")
    return case


def any_request(rng):
    product, path = rng.choice([
        ("messaging", "v1/Services"), ("content", "v1/Content"), ("api", "/2010-04-01/Accounts.json"),
        ("conversations", "v1/Conversations/{}/Messages"), ("sync", "v1/Services/default/Maps/{}")])
    case = {"method": rng.choice(["GET", "POST", "PUT"]), "product": product, "resource": path,
            "param": [[text(rng, 12), text(rng, least=0)] for _ in range(rng.randint(1, 6))]}
    if "{}" in path:
        case["item"] = rng.choice([sid(rng, "CH"), "a name?with/all#of it%20",
                                   text(rng, 20, ["plain", "bmp", "astral"])])
    if some(rng):  # repeats
        case["param"] += [[name, text(rng)] for name, value in case["param"][:2]]
    return case


def nothing(rng):
    return {}


def one(letters):
    return lambda rng: {"sid": sid(rng, letters)}


REQUESTS = {
    "message.create": (message, 400), "message.list": (message_filter, 80), "message.fetch": (one("SM"), 8),
    "message.cancel": (one("SM"), 8), "message.redact": (one("MM"), 8), "message.delete": (one("SM"), 8),
    "call.create": (call, 400), "call.list": (call_filter, 80), "call.fetch": (one("CA"), 8),
    "call.cancel": (one("CA"), 8), "call.hang_up": (one("CA"), 8), "call.delete": (one("CA"), 8),
    "verification.start": (verification, 100), "verification.check": (verification_check, 40),
    "lookup.fetch": (lookup, 60), "balance.fetch": (nothing, 40), "token.create": (token, 40),
    "request": (any_request, 200),
}

START = ("verification.start", {"service": "VA" + HEX * 2, "to": TO, "channel": "sms"})
LOOKUP = ("lookup.fetch", {"number": TO})

# Each member of each struct once alone, and the values at the ends of what is allowed
FIXED = [
    ("message.create", {"to": TO, "from": FROM, "body": "Fire"}),
    ("message.create", {"to": TO, "from": FROM, "body": "\U0001F525" * 1600}),
    ("message.create", {"to": TO, "from": FROM, "body": "".join(map(chr, range(1, 0x180)))}),
    ("message.create", {"to": TO, "from": FROM, "body": "\u2028\u2029\ufeff\ufffd\ufffe\uffff\U0010ffff"}),
    ("message.create", {"to": TO, "from": FROM, "body": " leading, trailing, + and %20 "}),
    ("message.create", {"to": TO, "from": FROM, "body": "To=x&Body=y"}),
    ("message.create", {"to": TO, "service": "MG" + HEX * 2, "body": "x",
                        "send_at": "2026-11-30T20:36:27Z"}),
    ("message.create", {"to": TO, "service": "MG" + HEX * 2, "from": FROM, "body": "x", "validity": 36000}),
    ("message.create", {"to": TO, "from": FROM,
                        "media": ["https://example.com/%d.png" % n for n in range(10)]}),
    ("message.create", {"to": TO, "from": FROM, "media": ["http://a/?b=c&d=%20"], "body": "x",
                        "param": pairs(MORE_OF_MESSAGE, MORE_OF_MESSAGE)}),
    ("message.create", {"to": "whatsapp:" + TO, "from": "whatsapp:" + FROM, "content": "HX" + HEX * 2,
                        "variables": '{"1":"12/1","2":"3 pm & \u00e9"}'}),
    ("message.create", {"to": TO, "from": "12345", "body": "x"}),
    ("call.create", {"to": TO, "from": FROM, "url": "https://example.com/?a=b",
                     "query": [["message", "Rain & wind = 100 %"], ["message", ""],
                               ["caf\u00e9", "\U0001F525"]]}),
    ("call.create", {"to": TO, "from": FROM, "url": "http://example.com", "timeout": 600,
                     "machine_detection": "DetectMessageEnd",
                     "param": pairs(MORE_OF_CALL, MORE_OF_CALL)}),
    ("call.create", {"to": TO, "from": FROM, "application": "AP" + HEX * 2,
                     "send_digits": "wW12#*" * 5 + "00"}),
    ("call.create", {"to": TO, "from": FROM,
                     "twiml": [["Say", "a < b & c > \"d\" 'e' ]]>", [["voice", "\"<&'>"]], []]]}),
    ("call.create", {"to": TO, "from": FROM, "twiml": [["Hangup", None, [], []]]}),
    ("message.list", {}), ("call.list", {}),
    ("message.list", {"to": TO, "from": FROM, "date_sent": "2026-11-23", "sent_after": "2026-11-22",
                      "sent_before": "2026-11-24", "page_size": 1000}),
    ("call.list", {"to": TO, "from": FROM, "status": "completed", "start_time": "2024-02-29",
                   "started_after": "2026-11-22", "started_before": "2026-11-24", "page_size": 1}),
    START, LOOKUP,
    ("verification.check", {"service": "VA" + HEX * 2, "to": TO, "code": "1234"}),
    ("verification.check", {"service": "VA" + HEX * 2, "to": "anna+1@example.com", "code": "12345678"}),
    ("lookup.fetch", {"number": "4155552671", "country": "US", "fields": ",".join(LOOKUPS)}),
]

# Products, edges and regions: getHostname's whole truth table
HOSTS = [(op, dict(members), {"edge": edge, "region": region})
         for op, members in [("balance.fetch", {}), START, LOOKUP,
                             ("token.create", {"id": "OQ1", "secret": "s"}),
                             ("request", {"method": "GET", "product": "messaging", "resource": "v1/Services",
                                          "param": []})]
         for edge in (None, "sydney") for region in (None, "us1", "au1")]


def requests(rng):
    cases = [dict(members, op=op, login=LOGIN) for op, members in FIXED]
    for op, members, where in HOSTS:
        where = {name: value for name, value in where.items() if value}
        cases.append(dict(members, op=op, login=dict(LOGIN, **where)))
    for op, (make, times) in REQUESTS.items():
        cases += [dict(make(rng), op=op, login=login(rng)) for _ in range(times)]
    return cases


# ---- TwiML -----------------------------------------------------------------------------------------

ATTRIBUTES = {"Say": ["voice", "language", "loop"], "Play": ["loop", "digits"], "Pause": ["length"],
              "Gather": ["numDigits", "timeout", "action", "method", "finishOnKey", "input", "hints"],
              "Redirect": ["method"], "Hangup": [], "Reject": ["reason"], "Response": [],
              "Dial": ["callerId", "timeout", "record", "action", "hangupOnStar"],
              "Record": ["maxLength", "playBeep", "transcribe", "action"], "Number": ["sendDigits", "url"],
              "Client": ["url"], "Conference": ["beep", "startConferenceOnEnter"],
              "Message": ["to", "from", "action"], "Body": [], "Media": [], "break": ["strength", "time"],
              "emphasis": ["level"], "p": [], "s": [], "prosody": ["rate", "pitch", "volume"],
              "say-as": ["interpret-as", "role"], "lang": ["xml:lang"]}
INSIDE = {"Gather": ["Say", "Play", "Pause"], "Dial": ["Number", "Client", "Conference"],
          "Message": ["Body", "Media"], "Say": ["break", "emphasis", "lang", "p", "prosody", "say-as"],
          "prosody": ["s", "break", "emphasis"],
          "p": ["s", "emphasis", "break"], "Stranger": ["Stranger", "Say"]}
TEXTLESS = ["Pause", "Gather", "Hangup", "Reject", "Record", "break"]
VOICE = ["Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Dial", "Record", "Reject", "Stranger"]


def words(rng):
    end = rng.choice(["", "", "]]>", "&amp;", "<!--", " \n\t ", "\r\n", "\r", "&#13;"])
    return in_xml(text(rng, 60, least=0) + end)


def element(rng, name, depth, most):
    known = ATTRIBUTES.get(name, ["x-1", "y", "Z9"])
    attributes = rng.sample(known, rng.randint(0, len(known)))
    inside = []
    if depth > 1 and name in INSIDE:
        names = rng.choices(INSIDE[name], k=rng.randint(0, most))
        inside = [element(rng, inner, depth - 1, most) for inner in names]
    said = None if name in TEXTLESS else words(rng)
    if name in ("Redirect", "Play") and (not said or some(rng)):
        said = url(rng)
    return [name, said, [[attribute, words(rng)] for attribute in attributes], inside]


def voice(rng, most):
    return [element(rng, name, 4, most) for name in rng.choices(VOICE, k=rng.randint(1, most))]


def messaging(rng):
    names = rng.choices(["Message", "Message", "Redirect"], k=rng.randint(1, 3))
    return [element(rng, name, 4, 3) for name in names]


def documents(rng):
    ends = "\u2028\ud7ff\ue000\ufffd\ufffe\uffff\U00010000\U0001ffff\U0010ffff"
    each = ["", *map(chr, range(1, 0x100)), *ends]
    cases = [{"op": "document", "kind": "voice", "twiml": [["Say", said, [["voice", said]], []]]}
             for said in each]
    cases += [{"op": "document", "kind": "voice", "twiml": voice(rng, 4)} for _ in range(400)]
    cases += [{"op": "document", "kind": "messaging", "twiml": messaging(rng)} for _ in range(200)]
    return cases


# ---- Signatures ------------------------------------------------------------------------------------

def with_port(address):
    """The address with the port that its scheme implies, where it has none."""
    scheme, rest = address.split("://")
    host, slash, path = rest.partition("/")
    return "%s://%s:%d%s%s" % (scheme, host, 443 if scheme == "https" else 80, slash, path)


def webhooks(rng):
    """Requests to sign: of forms, and of JSON. In "port" is the same address with the port, or None."""
    cases = []
    for _ in range(150):
        address = rng.choice(["http://", "https://"])
        address += rng.choice(["example.com", "u:p@example.org", "[::1]:8443"])
        address += "/" + text(rng, 12, ["plain"]).replace(" ", "_")
        address += rng.choice(["", "?a=b&c=%20", "?x=y%2Fz+1"])
        port = None if "8443" in address else with_port(address)
        form = {}
        for _ in range(rng.randint(0, 12)):
            name = rng.choice(["Body", "From", "To", "body", "Z", "a", text(rng, 8)])
            times = rng.choice([1, 1, 1, 2, 4])
            form.setdefault(name, []).extend(text(rng, 40, least=0) for _ in range(times))
        cases.append({"op": "sign", "token": text(rng, 32, ["plain"]), "url": address, "port": port,
                      "param": [[name, value] for name in form for value in form[name]]})
    for _ in range(60):
        cases.append({"op": "sign", "token": sid(rng, ""), "param": [], "port": None,
                      "body": text(rng, 200, least=0),
                      "url": "https://example.com/json" + rng.choice(["?", "?a=b&"]) + "bodySHA256="})
    return cases


# ---- Segments --------------------------------------------------------------------------------------

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà" + ALNUM
EXTENDED = "^{}\\[]~|€\f"


def spread(rng, alphabet, length):
    return "".join(rng.choice(alphabet) for _ in range(length))


def messages_to_count(rng):
    """Texts at the edges of segments, and each character once."""
    cases = [chr(code) for code in range(1, 0x3000) if not 0xD800 <= code < 0xE000] + list(EXTENDED) + [""]
    for length in [1, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 200, 201, 202, 305, 306, 307]:
        cases += [spread(rng, GSM, length), spread(rng, GSM + EXTENDED * 8, length),
                  spread(rng, EXTENDED, length), spread(rng, GSM, length) + "Ж", "漢" * length, "😀" * length,
                  "a" * length + "😀", spread(rng, "a漢😀", length)]
    cases += [text(rng, 500) for _ in range(300)]
    return [{"op": "segments", "text": words} for words in cases]
