#!/usr/bin/python3
"""Twilio's own libraries, twilio-python and twilio for Node, get what our helpers get; what comes out is the same.

    test_peers.py OURS NPM [SEED]     OURS: the program of ours.c; NPM: where node_modules is

Compared is what was meant, not how it was written: requests decoded, TwiML as canonical XML. Where the libraries
differ with reason is told below, in tables; an entry that is no longer needed fails, too.

SPDX-License-Identifier: MIT
"""
import base64
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import unittest
import urllib.parse
import xml.etree.ElementTree as ET

import cases
import peer_python

HERE = pathlib.Path(__file__).resolve().parent
OURS = NPM = None
SEED = 1
FORM = "application/x-www-form-urlencoded"
REFUSED = "error -49"  # TWILIO_ERR_TWIML


def canonical(document):
    return ET.canonicalize(document)


def as_python_writes(document):
    """Canonical, without the carriage returns of texts: twilio-python leaves them as they are, and so XML's
    readers take them for line feeds."""
    root = ET.fromstring(document)
    for element in root.iter():
        for place in ("text", "tail"):
            said = getattr(element, place)
            setattr(element, place, said and said.replace("\r\n", "\n").replace("\r", "\n"))
    return canonical(ET.tostring(root, encoding="unicode"))


def as_url(value):
    base, _, query = value.partition("?")
    return base, urllib.parse.parse_qsl(query, keep_blank_values=True, errors="strict")


# ---- Justified differences -------------------------------------------------------------------------

# Of a parameter's value: who, which, as what to compare it, why
VALUES = [
    ("python", "SmartEncoded", str.lower, "a bool goes out as Python prints it, True; Twilio's documents have true"),
    ("python", "Record", str.lower, "the same"),
    ("python", "Twiml", as_python_writes, "XML is compared as such; ours has no <?xml ...?>, which a form needs not"),
    ("node", "Twiml", canonical, "the same"),
    ("node", "Url", as_url, "encodeURIComponent leaves ! ' ( ) * as they are"),
]

# Of a parameter's place: who, operation, which, why. They have it in the form, we in the query.
PLACES = [
    ("node", "token.create", "account_sid", "in the query, Twilio's OpenAPI document says"),
]

# What a library cannot do: who, operation, with which member (None: at all), why
CANNOT = [
    ("python", "lookup.fetch", None, "Debian's twilio-python 7.7.1 has version 1 of Lookup alone"),
    ("python", "token.create", None, "it has no OAuth"),
    ("python", "message.create", "content", "it has no content templates"),
]

# JavaScript sorts by units of UTF-16, Python and we by code points; Twilio's own names are ASCII
def sorts_alike(texts):
    return sorted(texts) == sorted(texts, key=lambda text: text.encode("utf-16-be"))


# twilio-python 7.7.1 signs no parameter that comes twice
def python_signs(pairs):
    return len({name for name, value in pairs}) == len(pairs)


# Twilio's calculator never splits a grapheme, which may be many characters; the air interface does, and so do we.
# So its count is ours for texts of graphemes of one character each, and no less than ours for the others.

# Of smart encoding: characters that we replace otherwise than Twilio's calculator, and why
SMART = {}


# ---- The three -------------------------------------------------------------------------------------

def octets(text):
    return text if isinstance(text, bytes) else str(text).encode()


def field(name, value):
    return b"%s=%s" % tuple(urllib.parse.quote_from_bytes(octets(part)).encode() for part in (name, value))


def tree(elements):
    for name, words, attributes, inside in elements:
        yield "open", name
        if words is not None:
            yield "text", words
        for attribute in attributes:
            yield "attribute:" + attribute[0], attribute[1]
        yield from tree(inside)
        yield "close", ""


def fields(case):
    """As ours.c reads them: TwiML last."""
    for name, value in case.items():
        if name == "login":
            yield from (("login." + member, text) for member, text in value.items())
        elif name in ("param", "query", "more"):
            yield from ((octets(name) + b":" + octets(one[0]), one[1]) for one in value)
        elif isinstance(value, bool):
            yield name, int(value)
        elif isinstance(value, list) and name != "twiml":
            yield from ((name, one) for one in value)
        elif name not in ("op", "kind", "twiml"):
            yield name, value
    yield from tree(case.get("twiml", []))


def ours(asked):
    """What ours.c prints for each case."""
    lines = [b"\t".join([case["op"].encode()] + [field(*one) for one in fields(case)]) for case in asked]
    done = subprocess.run([OURS], input=b"\n".join(lines) + b"\n", stdout=subprocess.PIPE, check=True, timeout=60)
    answers = done.stdout.decode().splitlines()
    assert len(answers) == len(asked), "ours: %d answers to %d cases" % (len(answers), len(asked))
    return answers


def node(asked):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    done = subprocess.run(["node", HERE / "peer_node.js", NPM], input=json.dumps(asked).encode(),
                          stdout=subprocess.PIPE, check=True, timeout=60, env=plain)
    answers = json.loads(done.stdout)
    assert len(answers) == len(asked), "node: %d answers to %d cases" % (len(answers), len(asked))
    return answers


class Case(unittest.TestCase):
    maxDiff = None

    def none(self, differences):
        """Fail with the first few of them."""
        if differences:
            self.fail("%d differences, seed %s:\n%s" % (len(differences), SEED, "\n".join(differences[:5])))


# ---- Requests --------------------------------------------------------------------------------------

def grouped(encoded):
    """Names with their values, each name's in order."""
    pairs = collections.defaultdict(list)
    for name, value in urllib.parse.parse_qsl(encoded, keep_blank_values=True, errors="strict"):
        pairs[name].append(value)
    return dict(pairs)


def decoded(method, url, authorization, content_type, body):
    parts = urllib.parse.urlsplit(url)
    assert parts.scheme == "https", url
    kind, _, login = (authorization or "").partition(" ")
    return {"method": method, "host": parts.netloc, "path": urllib.parse.unquote(parts.path, errors="strict"),
            "query": grouped(parts.query), "form": grouped(body), "login": (kind, base64.b64decode(login)),
            "type": content_type if body else None}


def read(answer):
    """Our wire image as a request of the others."""
    kind, _, image = answer.partition(" ")
    if kind != "request":
        return answer
    head, _, body = bytes.fromhex(image).decode().partition("\r\n\r\n")
    line, *headers = head.split("\r\n")
    headers = dict(header.split(": ", 1) for header in headers)
    method, target, version = line.split(" ")
    assert version == "HTTP/1.1" and int(headers.get("Content-Length", 0)) == len(body), head
    return decoded(method, "https://" + headers["Host"] + target, headers.get("Authorization"),
                   headers.get("Content-Type"), body)


class Requests(Case):
    @classmethod
    def setUpClass(cls):
        cls.asked = cases.requests(random.Random("requests %s" % SEED))
        cls.ours = [read(answer) for answer in ours(cls.asked)]

    def able(self, who, case):
        for entry in CANNOT:
            if entry[:2] == (who, case["op"]) and (entry[2] is None or entry[2] in case):
                self.used.add(entry)
                return False
        return True

    def meant(self, who, op, theirs, mine):
        """Both requests, without what may differ."""
        for entry in PLACES:
            if entry[:2] == (who, op) and entry[2] in theirs["form"]:
                theirs["query"][entry[2]] = theirs["form"].pop(entry[2])
                self.used.add(entry)
        mine = dict(mine, form=dict(mine["form"]))
        for entry in VALUES:
            _, name, alike, _ = entry
            if entry[0] == who and theirs["form"].get(name) != mine["form"].get(name):
                for request in (theirs, mine):
                    request["form"][name] = [alike(value) for value in request["form"].get(name, [])]
                self.used.add(entry)
        return theirs, mine

    def compare(self, who, ask):
        self.used, differences = set(), []
        known = [(case, mine) for case, mine in zip(self.asked, self.ours) if self.able(who, case)]
        for (case, mine), answer in zip(known, ask([case for case, mine in known])):
            theirs = decoded(**answer)
            if isinstance(mine, dict):
                theirs, mine = self.meant(who, case["op"], theirs, mine)
            if theirs != mine:
                differences.append("%s\n  %s: %s\n  ours: %s" % (json.dumps(case), who, theirs, mine))
        self.none(differences)
        unused = [entry for entry in VALUES + PLACES + CANNOT if entry[0] == who and entry not in self.used]
        self.assertEqual(unused, [], "these are no differences")

    def test_as_python(self):
        self.compare("python", lambda asked: [peer_python.request(case) for case in asked])

    def test_as_node(self):
        self.compare("node", node)


# ---- TwiML -----------------------------------------------------------------------------------------

class Documents(Case):
    @classmethod
    def setUpClass(cls):
        cls.asked = cases.documents(random.Random("documents %s" % SEED))
        cls.ours = ours(cls.asked)

    def documents(self):
        for case, answer in zip(self.asked, self.ours):
            kind, _, document = answer.partition(" ")
            yield case, bytes.fromhex(document).decode() if kind == "document" else None, answer

    def test_as_node(self):
        differences = []
        for (case, mine, answer), theirs in zip(self.documents(), node(self.asked)):
            if mine is None or not isinstance(theirs, str):
                alike = answer == REFUSED and not isinstance(theirs, str)
            else:
                alike = canonical(mine) == canonical(theirs)
            if not alike:
                differences.append("%s\n  node: %s\n  ours: %s" % (json.dumps(case), theirs, mine or answer))
        self.none(differences)

    def test_as_python(self):
        differences = []
        for case, mine, answer in self.documents():
            if answer == REFUSED:  # which twilio-python does not look for; test_as_node does
                continue
            theirs = peer_python.document(case)
            if mine is None or as_python_writes(mine) != canonical(theirs):
                differences.append("%s\n  python: %s\n  ours: %s" % (json.dumps(case), theirs, mine or answer))
        self.none(differences)


# ---- Signatures ------------------------------------------------------------------------------------

def changed(rng, text):
    """The text with another octet in one place."""
    text = bytearray(octets(text))
    at = rng.randrange(len(text))
    text[at] = rng.choice([octet for octet in range(1, 256) if octet != text[at]])
    return bytes(text)


def forgeries(rng, webhook):
    """Each with one octet changed, or something left out."""
    for name in ("token", "signature", "body"):
        if webhook.get(name):
            yield dict(webhook, **{name: changed(rng, webhook[name])})
    host, port, path = re.match("(.*?//[^/]*?)(:[0-9]+)?(/.*)$", webhook["url"]).groups(default="")
    url = changed(rng, host + path)  # for the port see test_ports
    yield dict(webhook, url=url[:len(host)] + octets(port) + url[len(host):])
    yield dict(webhook, signature=webhook["signature"][:-1])
    yield dict(webhook, signature=webhook["signature"] + "=")
    yield dict(webhook, signature="")
    pairs = webhook.get("param", [])
    if pairs:
        at = rng.randrange(len(pairs))
        name, value = pairs[at]
        others = pairs[:at], pairs[at + 1:]
        yield dict(webhook, param=others[0] + [[changed(rng, name), value]] + others[1])
        yield dict(webhook, param=pairs + [["Another", value]])
        if value:
            yield dict(webhook, param=others[0] + [[name, changed(rng, value)]] + others[1])
        if pairs.count([name, value]) == 1:
            yield dict(webhook, param=others[0] + others[1])


class Signatures(Case):
    """What the libraries sign is accepted, under either address; what differs in one octet is not."""

    @classmethod
    def setUpClass(cls):
        cls.rng = random.Random("signatures %s" % SEED)
        cls.asked = cases.webhooks(cls.rng)
        bodies = [case for case in cls.asked if "body" in case]
        for case, by_node in zip(bodies, node([dict(case, op="hash") for case in bodies])):
            by_python = peer_python.body_hash(case["body"])
            assert by_python == by_node, case
            case["url"] += by_node
        # by each library, under each address that the same request may be signed with
        signed = [(case, url) for case in cls.asked for url in (case["url"], case["port"]) if url]
        by_node = node([dict(case, url=url) for case, url in signed])
        cls.genuine = []
        for (case, url), theirs in zip(signed, by_node):
            names = {name for name, value in case["param"]}
            repeats = [value for name, value in case["param"] if sum(name == n for n, v in case["param"]) > 1]
            signatures = [theirs] if sorts_alike(names) and sorts_alike(repeats) else []
            if python_signs(case["param"]):
                signatures.append(peer_python.sign(case["token"], url, dict(case["param"])))
            for signature in signatures:
                cls.genuine += [cls.webhook(case, seen, signature) for seen in (case["url"], case["port"]) if seen]

    @staticmethod
    def webhook(case, url, signature):
        webhook = {"token": case["token"], "signature": signature, "url": url}
        if "body" in case:
            return dict(webhook, op="webhook.body", body=case["body"])
        return dict(webhook, op="webhook.form", param=case["param"])

    def verdicts(self, asked, expected):
        self.assertGreater(len(asked), 200)
        self.none(["%s: %s" % (answer, case) for case, answer in zip(asked, ours(asked)) if answer != expected])

    def test_accepted(self):
        self.verdicts(self.genuine, "verdict 1")

    def test_in_any_order(self):
        self.verdicts([dict(case, param=self.rng.sample(case["param"], len(case["param"])))
                       for case in self.genuine if "param" in case], "verdict 1")

    def test_forged(self):
        self.verdicts([forged for case in self.genuine for forged in forgeries(self.rng, case)], "verdict 0")

    def test_ports(self):
        """Addresses that differ in the port alone: we take for the same what both libraries take for it."""
        token, path = "secret", "/path?a=b%20c"
        for scheme in ("http://", "https://"):
            urls = [scheme + "example.com" + port + path for port in ("", ":80", ":443", ":8443", ":1")]
            asked = [self.webhook({"token": token, "param": []}, url, peer_python.sign(token, signed, {}))
                     for url in urls for signed in urls]
            by_node = node([dict(case, op="validate") for case in asked])
            for case, answer, valid in zip(asked, ours(asked), by_node):
                self.assertEqual(valid, peer_python.validate(token, case["url"], case["signature"]), case)
                self.assertEqual(answer, "verdict %d" % valid, case)

    def test_body_forged_with_its_hash(self):
        """The signature is right, the hash in the address is that of another body."""
        asked = []
        for case in self.asked:
            if "body" in case:
                for body in (case["body"] + " ", case["body"][1:] + "x", "" if case["body"] else "{}"):
                    signature = peer_python.sign(case["token"], case["url"], {})
                    asked += [dict(self.webhook(case, case["url"], signature), body=body)] * (body != case["body"])
        self.assertGreater(len(asked), 100)
        self.none(["%s" % case for case, answer in zip(asked, ours(asked)) if answer != "verdict 0"])


# ---- Segments --------------------------------------------------------------------------------------

class Segments(Case):
    @classmethod
    def setUpClass(cls):
        cls.asked = cases.messages_to_count(random.Random("segments %s" % SEED))
        cls.theirs = node(cls.asked)

    def test_count(self):
        differences = []
        for case, theirs, answer in zip(self.asked, self.theirs,
                                        ours([dict(case, op="segments.count") for case in self.asked])):
            ucs2, units, segments = map(int, answer.split(" ")[1:])
            alike = segments == theirs["segments"] if theirs["single"] else segments <= theirs["segments"]
            if not alike or (bool(ucs2), units) != (theirs["ucs2"], theirs["units"]):
                differences.append("%s\n  node: %s\n  ours: %s" % (json.dumps(case), theirs, answer))
        self.none(differences)

    def test_cut(self):
        """What we cut off fits, by their count, and one character more does not."""
        asked = [dict(case, op="segments.cut", segments=segments) for case, theirs in zip(self.asked, self.theirs)
                 for segments in (1, 2, 3) if theirs["single"] and len(case["text"]) > 60]
        pieces, longer = [], []
        for case, answer in zip(asked, ours(asked)):
            piece = case["text"].encode()[:int(answer.split(" ")[1])].decode()
            pieces.append({"op": "segments", "text": piece})
            longer.append({"op": "segments", "text": case["text"][:len(piece) + 1]})
        differences = []
        for case, piece, more, fits, over in zip(asked, pieces, longer, node(pieces), node(longer)):
            whole = piece["text"] == case["text"]
            if fits["segments"] > case["segments"] or not (whole or over["segments"] > case["segments"]):
                differences.append("%s: %d of %d characters" % (json.dumps(case), len(piece["text"]), len(case["text"])))
        self.none(differences)

    def test_smart(self):
        """What smart encoding replaces, it replaces as Twilio does."""
        asked = [{"text": chr(code)} for code in [*range(1, 0x3100), *range(0xA700, 0xA800), *range(0xFE00, 0x10000)]]
        differences, replaced = [], 0
        theirs = node([dict(case, op="segments", smart=True) for case in asked])
        for case, answer, by_node in zip(asked, ours([dict(case, op="segments.smart") for case in asked]), theirs):
            mine = bytes.fromhex(answer.partition(" ")[2]).decode()
            expected = SMART.get(case["text"], by_node["text"])
            replaced += mine != case["text"]
            if mine not in (case["text"], expected):
                differences.append("U+%04X: node %r, ours %r" % (ord(case["text"]), by_node["text"], mine))
        self.none(differences)
        self.assertGreater(replaced, 20)


if __name__ == "__main__":
    OURS, NPM = sys.argv[1:3]
    SEED = sys.argv[3] if len(sys.argv) > 3 else SEED
    print("seed", SEED)
    unittest.main(argv=sys.argv[:1])
