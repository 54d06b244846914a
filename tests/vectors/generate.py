#!/usr/bin/python3
"""Turns the recorded requests of this folder into a C table: generate.py OUTPUT.

perl.json was recorded from WWW::Twilio::API, official.json from Twilio's own Python and
Node libraries. Only what the caller said and what went over the wire is kept.

SPDX-License-Identifier: MIT
"""
import base64
import json
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
PAIRS_MAX = 8

# What Twilio's libraries make of their arguments' names
NAMES = {"to": "To", "from": "From", "body": "Body", "twiml": "Twiml",
         "date_sent_after": "DateSent>", "page_size": "PageSize", "limit": None}


def literal(value):
    """A C string literal of bytes or text; NULL of None."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        value = value.encode()
    plain = lambda byte: 32 <= byte < 127 and chr(byte) not in '"\\?'
    return '"%s"' % "".join(chr(b) if plain(b) else "\\%03o" % b for b in value)


def table(pairs):
    if len(pairs) >= PAIRS_MAX:
        sys.exit("generate.py: raise PAIRS_MAX")
    entries = ["{ %s, %s }" % (literal(name), literal(value)) for name, value in pairs]
    return "{ %s }" % ", ".join(entries + ["{ NULL, NULL }"])


def emit(fields):
    return "    {\n" + "".join("        .%s = %s,\n" % pair for pair in fields.items()) + "    },\n"


def perl(vector):
    unhex = lambda text: None if text is None else bytes.fromhex(text)
    args = [unhex(text) for text in vector["args_hex"]]
    has_body = vector["content_length"] is not None
    return emit({
        "id": literal(vector["id"]),
        "client": literal("perl"),
        "verdict": {"must-match": "MUST_MATCH", "policy": "POLICY",
                    "differs-by-design": "DIFFERS"}[vector["verdict"].split(":")[0]],
        "method": "TWILIO_" + vector["method"],
        "resource": literal(vector["resource"]),
        "sid": literal(vector["account_sid"]),
        "secret": literal(vector["auth_token"]),
        "version": literal(vector["api_version"]),
        "params": table(list(zip(args[::2], args[1::2]))),
        "target": literal(vector["target"]),
        "host": literal("api.twilio.com"),
        "authorization": literal(vector["authorization"]),
        "content_type": literal(vector["content_type"]),
        "content_length": literal(vector["content_length"]),
        "body": literal(vector["body_in_caller_order"] if has_body else ""),
    })


def official(vector):
    (request,) = vector["requests"]
    asked = vector["input"]
    path, _, query = request["target"].partition("?")
    _, version, _, sid, resource = path.split("/", 4)
    login = base64.b64decode(request["authorization"].split()[1]).decode()
    user, _, secret = login.partition(":")
    params = [(NAMES[name], str(value)) for name, value in asked["params"].items() if NAMES[name]]
    recorded = urllib.parse.parse_qsl(query or request["body"], keep_blank_values=True)
    return emit({
        "id": literal(vector["id"]),
        "client": literal(vector["client"].split()[0]),
        "verdict": "MUST_MATCH" if "node" in vector["client"] else "SAME_PAIRS",
        "method": "TWILIO_" + request["method"],
        "resource": literal(resource),
        "sid": literal(sid),
        "key": literal(None if user == sid else user),
        "secret": literal(secret),
        "version": literal(version),
        "edge": literal(asked.get("edge")),
        "region": literal(asked.get("region")),
        "params": table(params),
        "target": literal(request["target"]),
        "host": literal(request["host"]),
        "authorization": literal(request["authorization"]),
        "content_type": literal(request["content_type"]),
        "content_length": literal(request["content_length"]),
        "body": literal(request["body"]),
        "pairs": table(recorded),
    })


def main():
    load = lambda name: json.loads((HERE / (name + ".json")).read_text())[name]
    rows = [perl(v) for v in load("perl")] + [official(v) for v in load("official")]
    pathlib.Path(sys.argv[1]).write_text(
        "/* Made by tests/vectors/generate.py from the recorded requests beside it. */\n"
        "static const struct vector vectors[] = {\n" + "".join(rows) + "};\n")


main()
