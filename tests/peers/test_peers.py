#!/usr/bin/python3
"""Twilio's own libraries, for Python and for Node, get what our helpers get, and make the same of it.

    test_peers.py OURS NPM [SEED]     OURS: the program of ours.c; NPM: where node_modules is

Compared is what is meant, not how it is written: requests decoded, TwiML as canonical XML. Where a library
differs with reason, a table below says so; an entry that is not needed fails, too.

SPDX-License-Identifier: MIT
"""
import base64
import collections
import json
import os
import pathlib
import random
import re
import string
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
REFUSED = "error -49"  # TWILIO_ERR_TWIML


def canonical(document):
    try:
        return ET.canonicalize(document)
    except ET.ParseError as mistake:
        return "no XML, %s: %s" % (mistake, document)


def as_python_writes(document):
    """Canonical, without the carriage returns of texts: twilio-python leaves them as they are, and so XML's
    readers take them for line feeds."""
    try:
        root = ET.fromstring(document)
    except ET.ParseError:
        return canonical(document)
    for element in root.iter():
        for place in ("text", "tail"):
            said = getattr(element, place)
            setattr(element, place, said and said.replace("\r\n", "\n").replace("\r", "\n"))
    return canonical(ET.tostring(root, encoding="unicode"))


# ---- Justified differences -------------------------------------------------------------------------

# Of parameters' values: whose, which, as what they are compared, why
VALUES = [
    ("python", ("SmartEncoded", "ProvideFeedback", "Record", "AsyncAmd"), str.lower,
     "Python prints a bool as True; Twilio's documents have true"),
    ("python", ("Twiml",), as_python_writes, "ours is without <?xml ...?>, which a form does not need"),
    ("node", ("Twiml",), canonical, "the same"),
]

# Of a parameter's place: whose, of which operation, which, why. They have it in the form, we in the query.
PLACES = [
    ("node", "token.create", "account_sid", "in the query, says Twilio's OpenAPI document"),
]

# What a library cannot do: which, what, with which member (None: at all), why
CANNOT = [
    ("python", "lookup.fetch", None, "Debian's twilio-python 7.7.1 has version 1 of Lookup alone"),
    ("python", "token.create", None, "it has no OAuth"),
    ("python", "message.create", "content", "it has no content templates"),
]

# What smart encoding replaces otherwise than Twilio's calculator of segments does, and why
SMART = {
    # it writes two spaces for each of these, seven for a tab; one does, and makes no text longer
    **dict.fromkeys("\t\u00a0\u202f\u205f\u3000\u2000" + "".join(map(chr, range(0x2002, 0x200B))), " "),
    # of letters of full width it has the capitals alone
    **{chr(0xFEE0 + ord(letter)): letter for letter in string.ascii_lowercase}, "\uff40": "'",
}


def node_sorts(texts):
    """Whether JavaScript, which sorts by units of UTF-16, sorts these as Python and we do, by code points."""
    return sorted(texts) == sorted(texts, key=lambda text: text.encode("utf-16-be"))


def python_signs(form):
    """twilio-python 7.7.1 has no signatures of parameters that come twice."""
    return all(len(values) == 1 for values in form.values())


def expected_segments(mine, theirs):
    """Twilio's calculator never splits a grapheme, which may be many characters; the 3GPP knows of none, nor
    do we. So the counts are the same where each grapheme is one character; elsewhere ours may be less."""
    return theirs["segments"] if theirs["single"] else min(mine, theirs["segments"])


# ---- The three -------------------------------------------------------------------------------------

def octets(text):
    return text if isinstance(text, bytes) else str(text).encode()


def written(name, value):
    return b"%s=%s" % tuple(urllib.parse.quote_from_bytes(octets(part)).encode() for part in (name, value))


def tree(elements):
    for name, words, attributes, inside in elements:
        yield "open", name
        if words is not None:
            yield "text", words
        yield from (("attribute:" + pair[0], pair[1]) for pair in attributes)
        yield from tree(inside)
        yield "close", ""


def fields(case):
    """As ours.c reads them: TwiML last."""
    for name, value in case.items():
        if name == "login":
            yield from (("login." + member, text) for member, text in value.items())
        elif name in ("param", "query"):
            yield from ((octets(name) + b":" + octets(pair[0]), pair[1]) for pair in value)
        elif isinstance(value, list) and name != "twiml":
            yield from ((name, one) for one in value)
        elif name not in ("op", "kind", "twiml"):
            yield name, value
    yield from tree(case.get("twiml", []))


def run(command, asked, **options):
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True, timeout=60, **options)
    return done.stdout.decode()


def ours(asked):
    """What ours.c prints for each case."""
    lines = [b"\t".join([octets(case["op"])] + [written(*field) for field in fields(case)]) for case in asked]
    answers = run([OURS], b"".join(line + b"\n" for line in lines)).splitlines()
    assert len(answers) == len(asked), "ours: %d answers to %d cases" % (len(answers), len(asked))
    return answers


def node(asked):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    answers = json.loads(run(["node", HERE / "peer_node.js", NPM], json.dumps(asked).encode(), env=plain))
    assert len(answers) == len(asked), "node: %d answers to %d cases" % (len(answers), len(asked))
    return answers


class Case(unittest.TestCase):
    def alike(self, who, triples):
        """Fail with the first few cases where theirs and ours are not equal."""
        wrong = [triple for triple in triples if triple[1] != triple[2]]
        if wrong:
            first = ["%s\n  %s: %s\n  ours: %s" % (case, who, *answers) for case, *answers in wrong[:5]]
            self.fail("%d differences, seed %s:\n%s" % (len(wrong), SEED, "\n".join(first)))


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
    """Our wire image as such a request; or our error."""
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

    def can(self, who, case):
        for entry in CANNOT:
            if entry[:2] == (who, case["op"]) and (entry[2] is None or entry[2] in case):
                self.needed.add(entry)
                return False
        return True

    def without_differences(self, who, op, theirs, mine):
        for entry in PLACES:
            if entry[:2] == (who, op) and entry[2] in theirs["form"]:
                theirs["query"][entry[2]] = theirs["form"].pop(entry[2])
                self.needed.add(entry)
        mine = dict(mine, form=dict(mine["form"]))
        for entry in VALUES:
            whose, names, alike, _ = entry
            for name in names if whose == who else ():
                if theirs["form"].get(name) != mine["form"].get(name):
                    for request in (theirs, mine):
                        request["form"][name] = [alike(value) for value in request["form"].get(name, [])]
                    self.needed.add(entry)
        return theirs, mine

    def compare(self, who, ask):
        self.needed, triples = set(), []
        known = [(case, mine) for case, mine in zip(self.asked, self.ours) if self.can(who, case)]
        for (case, mine), answer in zip(known, ask([case for case, mine in known])):
            theirs = decoded(**answer)
            if isinstance(mine, dict):
                theirs, mine = self.without_differences(who, case["op"], theirs, mine)
            triples.append((case, theirs, mine))
        self.alike(who, triples)
        tables = [entry for entry in VALUES + PLACES + CANNOT if entry[0] == who]
        self.assertEqual([entry for entry in tables if entry not in self.needed], [], "not needed")

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

    @staticmethod
    def read(answer, alike):
        kind, _, document = answer.partition(" ")
        return alike(bytes.fromhex(document).decode()) if kind == "document" else answer

    def test_as_node(self):
        theirs = [canonical(answer) if isinstance(answer, str) else REFUSED for answer in node(self.asked)]
        mine = [self.read(answer, canonical) for answer in self.ours]
        self.assertTrue(20 < theirs.count(REFUSED) < len(theirs) / 2)
        self.alike("node", zip(self.asked, theirs, mine))

    def test_as_python(self):
        """It lets pass what XML cannot hold; the other test looks at that."""
        taken = [(case, self.read(answer, as_python_writes))
                 for case, answer in zip(self.asked, self.ours) if answer != REFUSED]
        self.alike("python", [(case, canonical(peer_python.document(case)), mine) for case, mine in taken])


# ---- Signatures ------------------------------------------------------------------------------------

def changed(rng, text):
    """The text with another octet in one place."""
    text = bytearray(octets(text))
    at = rng.randrange(len(text))
    text[at] = rng.choice([octet for octet in range(1, 256) if octet != text[at]])
    return bytes(text)


def forgeries(rng, case):
    """Each with one octet changed, or with more or less of something."""
    for name in ("token", "signature", "body"):
        if case.get(name):
            yield dict(case, **{name: changed(rng, case[name])})
    host, port, path = re.match("(.*?//[^/]*?)(:[0-9]+)?(/.*)$", case["url"]).groups(default="")
    url = changed(rng, host + path)  # ports: test_ports
    yield dict(case, url=url[:len(host)] + octets(port) + url[len(host):])
    for signature in ("", case["signature"][:-1], case["signature"] + "="):
        yield dict(case, signature=signature)
    pairs = case.get("param")
    if pairs:
        at = rng.randrange(len(pairs))
        name, value = pairs[at]
        before, after = pairs[:at], pairs[at + 1:]
        yield dict(case, param=before + [[changed(rng, name), value]] + after)
        yield dict(case, param=pairs + [["Another", value]])
        if value:
            yield dict(case, param=before + [[name, changed(rng, value)]] + after)
        if pairs.count([name, value]) == 1:
            yield dict(case, param=before + after)


class Signatures(Case):
    """What the libraries sign is accepted, under either address; what differs in one octet is not."""

    @classmethod
    def setUpClass(cls):
        cls.rng = random.Random("signatures %s" % SEED)
        cls.asked = cases.webhooks(cls.rng)
        cls.bodies = [case for case in cls.asked if "body" in case]
        for case, by_node in zip(cls.bodies, node([dict(case, op="hash") for case in cls.bodies])):
            assert peer_python.body_hash(case["body"]) == by_node, case
            case["url"] += by_node
        signed = [(case, url) for case in cls.asked for url in cls.urls(case)]
        cls.genuine = []
        for (case, url), by_node in zip(signed, node([dict(case, url=url) for case, url in signed])):
            for signature in cls.signatures(case, url, by_node):
                cls.genuine += [cls.webhook(case, seen, signature) for seen in cls.urls(case)]

    @staticmethod
    def urls(case):
        return [url for url in (case["url"], case["port"]) if url]

    @staticmethod
    def signatures(case, url, by_node):
        form = collections.defaultdict(list)
        for name, value in case["param"]:
            form[name].append(value)
        if node_sorts(form) and all(map(node_sorts, form.values())):
            yield by_node
        if python_signs(form):
            yield peer_python.sign(case["token"], url, dict(case["param"]))

    @staticmethod
    def webhook(case, url, signature):
        given = {"body": case["body"]} if "body" in case else {"param": case["param"]}
        return dict(given, op="webhook." + ("body" if "body" in case else "form"), token=case["token"],
                    signature=signature, url=url)

    def verdicts(self, expected, asked):
        self.assertGreater(len(asked), 100)
        self.alike("expected", [(case, expected, answer) for case, answer in zip(asked, ours(asked))])

    def sign(self, case):
        return peer_python.sign(case["token"], case["url"], {})

    def test_accepted(self):
        self.verdicts("verdict 1", self.genuine)

    def test_in_any_order(self):
        self.verdicts("verdict 1", [dict(case, param=self.rng.sample(case["param"], len(case["param"])))
                                    for case in self.genuine if "param" in case])

    def test_forged(self):
        self.verdicts("verdict 0", [forged for case in self.genuine for forged in forgeries(self.rng, case)])

    def test_another_body(self):
        """The signature is right, and the hash in the address that it signs is of another body."""
        others = [(case, body) for case in self.bodies
                  for body in (case["body"] + " ", "{}" + case["body"], case["body"][1:] or "x")]
        self.verdicts("verdict 0", [dict(self.webhook(case, case["url"], self.sign(case)), body=body)
                                    for case, body in others])

    def test_ports(self):
        """Addresses that differ in the port alone: we take for the same what both libraries take for it."""
        case = {"token": "secret", "param": []}
        urls = [scheme + "example.com" + port + "/path?a=b%20c" for scheme in ("http://", "https://")
                for port in ("", ":80", ":443", ":8443", ":1")]
        asked = [self.webhook(case, url, self.sign(dict(case, url=other))) for url in urls for other in urls]
        by_node = node([dict(case, op="validate") for case in asked])
        for case, answer, valid in zip(asked, ours(asked), by_node):
            self.assertEqual(valid, peer_python.validate(case["token"], case["url"], case["signature"]), case)
            self.assertEqual(answer, "verdict %d" % valid, case)


# ---- Segments --------------------------------------------------------------------------------------

class Segments(Case):
    @classmethod
    def setUpClass(cls):
        cls.asked = cases.messages_to_count(random.Random("segments %s" % SEED))
        cls.theirs = node(cls.asked)

    def test_count(self):
        triples = []
        for case, theirs, answer in zip(self.asked, self.theirs,
                                        ours([dict(case, op="segments.count") for case in self.asked])):
            ucs2, units, segments = map(int, answer.split(" ")[1:])
            expected = theirs["ucs2"], theirs["units"], expected_segments(segments, theirs)
            triples.append((case, expected, (bool(ucs2), units, segments)))
        self.alike("node", triples)

    def test_cut(self):
        """What we cut off fits, by their count, and with one character more it would not."""
        long = [case for case, theirs in zip(self.asked, self.theirs)
                if theirs["single"] and theirs["units"] > 60]
        asked = [dict(case, op="segments.cut", segments=segments) for case in long for segments in (1, 2, 3)]
        pieces = []
        for case, answer in zip(asked, ours(asked)):
            piece = case["text"].encode()[:int(answer.split(" ")[1])].decode()
            pieces += [piece, case["text"][:len(piece) + 1]]
        theirs = node([{"op": "segments", "text": piece} for piece in pieces])
        counts = [one["segments"] for one in theirs]
        for case, piece, fits, over in zip(asked, pieces[::2], counts[::2], counts[1::2]):
            self.assertTrue(fits <= case["segments"], (case, piece))
            self.assertTrue(piece == case["text"] or over > case["segments"], (case, piece))

    def test_smart(self):
        """What smart encoding replaces, it replaces as Twilio does; in a text of many, too."""
        codes = [*range(1, 0x3100), *range(0xA700, 0xA800), *range(0xFE00, 0x10000)]
        asked = [{"op": "segments.smart", "text": chr(code)} for code in codes]
        theirs = {case["text"]: answer["text"] for case, answer in
                  zip(asked, node([dict(case, op="segments", smart=True) for case in asked]))}
        self.assertEqual([one for one in SMART if SMART[one] == theirs[one]], [], "not needed")
        theirs.update(SMART)
        replaced = [(case["text"], theirs[case["text"]], mine) for case, mine in zip(asked, self.smart(asked))
                    if mine != case["text"]]
        self.assertGreater(len(replaced), 100)
        self.alike("node", replaced)

        rng = random.Random("smart %s" % SEED)
        mixed = cases.GSM + "".join(one for one, _, _ in replaced)
        asked = [{"op": "segments.smart", "text": cases.spread(rng, mixed, 80)} for _ in range(100)]
        texts = ["".join(theirs.get(one, one) for one in case["text"]) for case in asked]
        self.alike("node", zip(asked, texts, self.smart(asked)))

    def smart(self, asked):
        return [bytes.fromhex(answer.partition(" ")[2]).decode() for answer in ours(asked)]


if __name__ == "__main__":
    OURS, NPM = sys.argv[1:3]
    SEED = sys.argv[3] if len(sys.argv) > 3 else SEED
    print("seed", SEED, flush=True)
    unittest.main(argv=sys.argv[:1])
