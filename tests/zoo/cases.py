"""The zoo: what each server does, and what has to come of it.

CASES drives test_zoo.py; the table of faults in README.md is made of it by ./faults.

SPDX-License-Identifier: MIT
"""
from dataclasses import dataclass, field

from scripted import GOOD


@dataclass
class Case:
    name: str
    fault: str               # as the README tells it; "": none, all goes well
    result: str              # without TWILIO_ERR_; "OK"
    server: tuple            # (kind, what it takes): a method of servers.Servers
    sent: bool = False       # committed: the server may have the whole request
    full: str = None         # the result when records of 16 KB fit; None: the same
    code: int = 201          # of an answer
    resumed: bool = False    # the last request's connection
    kept: str = None         # a second request, on the connection kept: its result
    opened: int = 1          # connections made, both requests together
    device: dict = field(default_factory=dict)  # other than as usual: see test_zoo.Device.visit


CASES = []
BROKEN = "the server breaks the rules of TLS, or speaks none"


def case(name, fault, result, server, **more):
    more.setdefault("sent", result == "OK")
    CASES.append(Case(name, fault, result, server, **more))


def script(name, fault, result, words, **more):
    case(name, fault, result, ("script", words), **more)


# ---- Scripts: the good one, edited

def split(word):
    at = GOOD.index(word)
    return GOOD[:at], GOOD[at + 1:]


def before(word, more):
    head, tail = split(word)
    return head + more.split() + [word] + tail


def instead(word, more):
    head, tail = split(word)
    return head + more.split() + tail


def until(word, more):
    """Up to word, then other things, and then nothing."""
    return split(word)[0] + more.split()


# ---- Whom to believe: OpenSSL with all kinds of certificates

for chain in ("good", "ecdsa", "wildcard", "regional", "p384", "rsa4096"):
    case("chain " + chain, "", "OK", ("chain", chain))
EXPIRED = "a certificate of the chain has expired"
case("expired", EXPIRED, "EXPIRED", ("chain", "expired"))
case("expired intermediate", EXPIRED, "EXPIRED", ("chain", "expired-intermediate"))
case("not yet", "a certificate is not valid yet, or our clock is wrong", "NOT_YET_VALID", ("chain", "notyet"))
case("clock at 1970", "a certificate is not valid yet, or our clock is wrong", "NOT_YET_VALID",
     ("chain", "good"), device={"now": 1})
case("clock at 2106", EXPIRED, "EXPIRED", ("chain", "good"), device={"now": 2 ** 32 - 1})
case("wrong name", "the certificate is another host's", "WRONG_NAME", ("chain", "wrongname"))
case("unknown root", "the chain ends in an unknown root, or lacks its intermediate", "UNTRUSTED",
     ("chain", "unknown"))
case("no intermediate", "the chain ends in an unknown root, or lacks its intermediate", "UNTRUSTED",
     ("chain", "missing"))
case("self-signed", "a certificate signed by itself, or by one who is no authority", "UNTRUSTED",
     ("chain", "selfsigned"))
case("no authority", "a certificate signed by itself, or by one who is no authority", "UNTRUSTED",
     ("chain", "notca"))
case("weak key", "a key of under 2048 bits, a signature by SHA-1", "UNTRUSTED", ("chain", "weak"))
case("SHA-1", "a key of under 2048 bits, a signature by SHA-1", "UNTRUSTED", ("chain", "sha1"))
case("deep chain", "a chain of too many intermediates", "UNTRUSTED", ("chain", "bottomless"))
case("three deep", "", "OK", ("chain", "nested"))
case("expired and wrong name", "the certificate is another host's", "WRONG_NAME", ("chain", "wrongname"),
     device={"now": 2 ** 32 - 1})
LARGE = "a record or a chain is over `TWILIO_TLS_RECORD_MAX`"
case("large chain", LARGE, "RECORD", ("chain", "long"), full="OK")
script("larger chain", LARGE, "RECORD", instead("certificate", "certificate:14"))
for most in (100, 1000):
    script("larger chain in records of %d" % most, LARGE, "RECORD",
           ["size:%d" % most] + instead("certificate", "certificate:14"))

# ---- What to speak

MISMATCH = "the server speaks other versions of TLS than 1.2, or none of our cipher suites"
for name, options in {
        "TLS 1.0": {"version": "TLSv1"}, "TLS 1.1": {"version": "TLSv1_1"}, "TLS 1.3": {"version": "TLSv1_3"},
        "CBC": {"ciphers": "ECDHE-RSA-AES128-SHA256"}, "RSA key exchange": {"ciphers": "AES128-GCM-SHA256"},
        "DHE": {"ciphers": "DHE-RSA-AES128-GCM-SHA256"}, "ChaCha": {"ciphers": "ECDHE-RSA-CHACHA20-POLY1305"},
        "P-521": {"curve": "secp521r1"}}.items():
    case(name, MISMATCH, "TLS_MISMATCH", ("openssl", options))
for name, options in {"AES-256": {"ciphers": "ECDHE-RSA-AES256-GCM-SHA384"}, "P-256": {"curve": "prime256v1"},
                      "P-384": {"curve": "secp384r1"}, "no tickets": {"tickets": False}}.items():
    case(name, "", "OK", ("openssl", options))
for name, words in {"says SSL 3.0": "hello:0x0300", "says TLS 1.1": "hello:0x0302",
                    "says TLS 1.3": "hello:0x0304"}.items():
    script(name, MISMATCH, "TLS_MISMATCH", instead("hello", words))
for alert in (40, 70, 71):
    script("alert %d to our hello" % alert, MISMATCH, "TLS_MISMATCH", until("hello", "alert:2:%d" % alert))

# ---- Alerts

ALERT = "the server ends TLS with an alert"
KINDS = (10, 20, 21, 22, 30, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 80, 86, 90, 100, 109, 110, 111, 112,
         113, 114, 115, 116, 120, 255)
for alert in KINDS:
    script("alert %d to our hello" % alert, ALERT, "TLS_ALERT", until("hello", "alert:2:%d" % alert))
for alert in KINDS + (40, 70, 71):
    script("alert %d to our request" % alert, ALERT, "TLS_ALERT", until("answer", "alert:2:%d" % alert),
           sent=True)
for word in ("certificate", "exchange", "done", "change"):
    script("alert before " + word, ALERT, "TLS_ALERT", until(word, "alert:2:80"))
script("alert in mid-answer", ALERT, "TLS_ALERT", until("answer", "half alert:2:80"), sent=True)
script("alert encrypted at once", ALERT, "TLS_ALERT", until("take", "alert:2:80"), sent=True)
case("other name only", ALERT, "TLS_ALERT", ("openssl", {"only": "api.example.com"}))
for word in GOOD[1:]:
    if word not in ("key", "proof", "take"):
        script("warning before " + word, "", "OK", before(word, "alert:1:112"))

# ---- Certificates of the client's

script("asks for a certificate", "", "OK", before("done", "ask"))
script("misses our certificate", ALERT, "TLS_ALERT", before("done", "ask")[:-5] + ["alert:2:40"])

# ---- Records and fragments

CRUMBS = "a message of the handshake in fragments of under 4 octets"
for most in (4, 5, 100, 1024, 4096):
    script("records of %d" % most, "", "OK", ["size:%d" % most] + GOOD)
for most in (1, 2, 3):
    script("records of %d" % most, "", "OK", before("take", "size:%d" % most))
    script("handshake records of %d" % most, CRUMBS, "TLS", ["size:%d" % most] + GOOD)
script("empty records of data", "", "OK", before("answer", "empty:23 empty:23"))
script("answer of 4 KB", LARGE, "RECORD", instead("answer", "answer:4096"), full="OK", sent=True)
script("answer of 16 KB", LARGE, "RECORD", instead("answer", "answer:16000"), full="OK", sent=True)
script("answer in small records", "", "OK", instead("answer", "size:1024 answer:16000"))

# ---- Renegotiation

script("renegotiation refused", "", "OK", before("answer", "again"))
script("renegotiation before the request", "", "OK", before("take", "again"))
script("renegotiation in the handshake", BROKEN, "TLS", before("hello", "again"))

# ---- Rules broken: one that does no harm, and others

script("unknown extension", "", "OK", instead("hello", "hello:0x0303:0xC02F:0:42"))
for kind, words in {
        "suite that we did not offer": instead("hello", "hello:0x0303:0x009C"),
        "no such suite": instead("hello", "hello:0x0303:0"),
        "compression": instead("hello", "hello:0x0303:0xC02F:1"),
        "no hello": instead("hello", ""), "two hellos": before("certificate", "hello"),
        "no certificate": instead("certificate", ""), "empty chain": instead("certificate", "nobody"),
        "nonsense for a certificate": instead("certificate", "nonsense:11"),
        "no key exchange": instead("exchange", ""), "nonsense for a key": instead("exchange", "nonsense:12"),
        "curve that we did not offer": instead("exchange", "exchange:25"),
        "hash that we did not offer": instead("exchange", "exchange:29:0x0201"),
        "wrong signature": instead("exchange", "exchange:29:0x0401:1"),
        "key of zeroes": instead("exchange", "exchange:29:0x0401:0:1"),
        "unknown message": before("done", "nonsense:77"),
        "no change of keys": instead("change", ""),
        "early change of keys": before("certificate", "record:20:1"),
        "long change of keys": before("change", "record:20:2"),
        "wrong proof": instead("finished", "finished:1"),
        "proof in the clear": before("finished", "open"),
        "data in the handshake": before("certificate", "record:23:10"),
        "unknown record": before("certificate", "record:99:10"),
        "record of another version": before("certificate", "number:0x0505"),
        "empty record": before("certificate", "empty:22"),
        "alert of one octet": before("certificate", "record:21:1"),
        "alert of three octets": before("certificate", "record:21:3"),
        "flipped proof": before("finished", "flip"),
        "certificate twice": before("certificate", "twice")}.items():
    script(kind, BROKEN, "TLS", words)
script("proof twice", BROKEN, "TLS", before("finished", "twice"), sent=True)
script("answer repeated", BROKEN, "TLS", instead("answer", "twice half"), sent=True)
for kind, more in {"flipped answer": "flip", "answer in the clear": "open",
                   "unknown record with the answer": "record:99:10", "key change again": "record:20:1",
                   "hello instead of an answer": "nonsense:1", "ticket late": "ticket"}.items():
    script(kind, BROKEN, "TLS", before("answer", more), sent=True)
case("plain HTTP", BROKEN, "TLS", ("plain", "HTTP/1.1 400 Bad Request\r\n\r\n"))
case("mail", BROKEN, "TLS", ("plain", "220 mail.example.com ESMTP\r\n"))
case("endless record", LARGE, "RECORD", ("plain", "\x16\x03\x03\x40\x00" + "\0" * 16384), full="TLS")

# ---- Early ends

CLOSED = "the server ends the connection too early, or without a good-bye of TLS"
for word in GOOD[1:]:
    if word not in ("proof", "take", "answer", "bye"):
        script("ends before " + word, CLOSED, "CLOSED", until(word, ""))
        script("good-bye before " + word, CLOSED, "CLOSED", until(word, "bye"))
script("ends in mid-answer", CLOSED, "CLOSED", until("answer", "half"), sent=True)
script("good-bye in mid-answer", CLOSED, "CLOSED", until("answer", "half bye"), sent=True)
script("no answer", CLOSED, "CLOSED", until("answer", ""), sent=True)
script("good-bye for an answer", CLOSED, "CLOSED", until("answer", "bye"), sent=True)
script("end without good-bye", CLOSED, "CLOSED", until("answer", "endless"), sent=True)
script("end with good-bye", "", "OK", until("answer", "endless bye"))
RESET = "the connection is reset"
for word in ("hello", "certificate", "change", "finished"):
    script("reset before " + word, RESET, "RESET", until(word, "reset"))
script("reset instead of an answer", RESET, "RESET", until("answer", "reset"), sent=True)
case("unread request reset", RESET, "RESET", ("script", until("take", "pause reset")), device={"body": 60000})

# ---- Silence

LATE = "silence, or a trickle: the deadline passes"
SHORT = {"timeout": 300}
script("silence", LATE, "TIMEOUT", until("hello", "silence"), device=SHORT)
script("dripping handshake", LATE, "TIMEOUT", before("hello", "drip"), device=SHORT)
script("warnings without end", LATE, "TIMEOUT", until("hello", "flood:1:112"), device=SHORT)
script("unread request", LATE, "TIMEOUT", until("take", "deaf"), device={"timeout": 1500, "body": 60000})
script("silence for an answer", LATE, "TIMEOUT", until("answer", "silence"), sent=True,
       device={"timeout": 1500})
script("dripping answer", LATE, "TIMEOUT", before("answer", "drip"), sent=True, device={"timeout": 1500})

# ---- Not HTTP

script("mail in TLS", "what comes is not HTTP/1.1", "HTTP", instead("answer", "smtp"), sent=True)

# ---- Ours

case("nobody there", "nobody answers at the address", "CONNECT", ("nobody", None))
for free in (500, 5000, 11000):
    case("%d bytes of memory" % free, "the arena is too small", "MEMORY", ("chain", "good"),
         device={"ballast": 131072 - free})
case("no entropy", "the board gives no entropy", "ENTROPY", ("chain", "good"),
     device={"entropy": 0}, opened=1)
case("no anchors", "no trust anchors, or broken ones", "ANCHORS", ("chain", "good"),
     device={"anchors": 0}, opened=0)
case("broken anchor", "no trust anchors, or broken ones", "ANCHORS", ("chain", "good"), device={"anchors": 2})

# ---- Connections kept: what happens to one while it idles is made good

for name, more in {"good-bye": "bye", "end": "", "reset": "reset", "alert": "alert:2:80", "data": "smtp",
                   "broken record": "flip smtp", "renegotiation": "again"}.items():
    script("idle, then " + name, "", "OK", until("bye", more), kept="OK", opened=2)
script("kept", "", "OK", until("bye", "take answer bye"), kept="OK")
script("second answer missing", CLOSED, "OK", until("bye", "take"), kept="CLOSED")
script("second answer broken", BROKEN, "OK", until("bye", "take flip answer"), kept="TLS")

# ---- nginx

case("nginx", "", "OK", ("nginx", "good"), kept="OK")
case("nginx, small records", "", "OK", ("nginx", "small"))
case("nginx asks for a certificate", "", "OK", ("nginx", "asks"), code=400)
case("nginx, no ticket", "", "OK", ("nginx", "stateless"))
case("nginx resumes", "", "OK", ("nginx", "once"), kept="OK", opened=2, resumed=True)
case("nginx does not resume", "", "OK", ("nginx", "stateless"), device={"fresh": 2})
script("session ignored", "", "OK", GOOD, device={"fresh": 2})
script("session refused", ALERT, "TLS_ALERT", until("hello", "alert:2:80"), device={"fresh": 2})
case("resumed by its number", "", "OK", ("nginx", "numbered"), kept="OK", opened=2, resumed=True)
case("nginx, TLS 1.3", MISMATCH, "TLS_MISMATCH", ("nginx", "tls13"))
case("nginx, CBC", MISMATCH, "TLS_MISMATCH", ("nginx", "cbc"))
case("nginx without TLS", BROKEN, "TLS", ("nginx", "plain"))
case("nginx rejects the name", ALERT, "TLS_ALERT", ("nginx", "rejects"))
case("nginx hangs up", CLOSED, "CLOSED", ("nginx", "hangsup"), sent=True)
case("nginx, expired", EXPIRED, "EXPIRED", ("nginx", "expired"))
case("nginx dawdles", LATE, "TIMEOUT", ("nginx", "dawdles"), sent=True, device={"timeout": 1500, "body": 0})
case("nginx, too large a request", "", "OK", ("nginx", "narrow"), code=413, device={"body": 500})

# ---- openssl s_server

case("s_server", "", "OK", ("s_server", []), code=200, device={"body": 0})
case("s_server, small records", "", "OK", ("s_server", ["-max_send_frag", "512"]), code=200,
     device={"body": 0})
case("s_server asks for a certificate", "", "OK", ("s_server", ["-verify", "1"]), code=200,
     device={"body": 0})
case("s_server insists on a certificate", ALERT, "TLS_ALERT",
     ("s_server", ["-Verify", "1"]), device={"body": 0})

# ---- Told and tested elsewhere: fault, result, the test

ELSEWHERE = [
    ("no such host", "DNS", "network/test_network.c"),
    ("no link, no address, no socket left", "NETWORK", "network/test_network.c"),
    ("the proxy refuses, or wants another login", "PROXY", "port/test_tunnel.c"),
]
