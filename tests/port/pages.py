"""What the server "api" of peer.py says over HTTP/1.1: lists, tokens, and what it was asked.

    GET  /.../Messages.json   three pages of five items each, by next_page_uri
    GET  /v1/Services         the same, by meta.next_page_url
    GET  /v1/NAME             a list with something wrong: see LISTS
    POST /v2/token            a token for the client that knows the secret: see token
    any  /echo                the request itself, head and body
    any  /outcome/NAME        what may come of a request: see OUTCOMES

SPDX-License-Identifier: MIT
"""
import json
from urllib.parse import parse_qs, urlsplit

PAGES, ITEMS = 3, 5
HERE = "https://api.twilio.com"
SECRETS = {"right": 200, "cut": 200, "lifeless": 200, "textless": 200, "created": 201}


def item(number):
    return {"sid": "SM%032x" % number, "status": "queued" if number % 2 else "sent", "media": [{"sid": "ME"}]}


def items(page):
    return [item(page * ITEMS + i) for i in range(ITEMS)]


def legacy(path, page):
    following = "%s?Page=%d&PageToken=PA%d" % (path, page + 1, page) if page + 1 < PAGES else None
    return 200, {"page": page, "messages": items(page), "next_page_uri": following}


def modern(path, page, base=HERE, key="services"):
    following = "%s%s?Page=%d" % (base, path, page + 1) if page + 1 < PAGES else None
    return 200, {"meta": {"page": page, "next_page_url": following, "key": key}, key: items(page)}


def not_found():
    """Twilio's error, and what no error should have: an item."""
    return 404, {"code": 20404, "message": "not found", "status": 404, "services": items(7)}


def missing(path, page):
    return modern(path, page) if page == 0 else not_found()


def broken(path, page):
    status, answer = modern(path, page)
    return status, json.dumps(answer).replace('"services": [', '"services": [,') if page == 1 else answer


def long_address(path, page):
    return modern(path + "/" + "x" * 400, page)


LISTS = {
    "Services": modern,
    "Empty": lambda path, page: (200, {"meta": {"next_page_url": None, "key": "services"}, "services": []}),
    "Nowhere": lambda path, page: not_found(),
    "Missing": missing,
    "Foreign": lambda path, page: modern(path, page, base="https://api.twilio.com.example.com"),
    "Broken": broken,
    "Long": long_address,
    "Cut": lambda path, page: modern(path, page),
    "Closing": lambda path, page: modern(path, page),
}


OUTCOMES = {
    "done": (201, {"sid": "SM1", "code": None, "message": None}),
    "landline": (400, {"code": 21614, "message": "'To' is no mobile number", "status": 400,
                       "more_info": "https://www.twilio.com/docs/errors/21614"}),
    "busy": (429, {"type": "https://www.twilio.com/docs/errors/20429", "title": "Too many requests",
                   "detail": "Come back later", "status": 429, "code": 20429}),
    "login": (401, "<?xml version='1.0'?><TwilioResponse><RestException><Code>20003</Code><Message>Who &amp; "
                   "what?</Message><MoreInfo>https://www.twilio.com/docs/errors/20003</MoreInfo>"
                   "<Status>401</Status></RestException></TwilioResponse>"),
    "proxy": (502, "<html><p>Bad gateway</p></html>"),
    "Cut?Page=1": (201, {"sid": "SM1", "code": 20003}),
}


def token(headers, body):
    form = parse_qs(body.decode(), strict_parsing=True)
    secret = form["client_secret"][0]
    if b"authorization:" in headers.lower() or form["grant_type"] != ["client_credentials"]:
        return 400, {"error": "invalid_request"}
    if form["client_id"] != ["OQ1"] or secret not in SECRETS:
        return 401, {"error": "invalid_client", "access_token": "not for you", "expires_in": 3600}
    answer = {"token_type": "Bearer", "expires_in": 3600, "access_token": "eyJ" + "0123456789" * 120}
    answer.pop({"lifeless": "expires_in", "textless": "access_token"}.get(secret), None)
    return SECRETS[secret], answer


def respond(method, target, headers, body):
    if target.startswith("/outcome/"):
        return OUTCOMES[target[len("/outcome/"):]]
    url = urlsplit(target)
    name, page = url.path.split("/")[2 if url.path.startswith("/v1/") else -1], 0
    if url.query:
        page = int(parse_qs(url.query).get("Page", "0")[0])
    if url.path == "/echo":
        return 200, headers.decode() + body.decode()
    if url.path == "/v2/token" and method == "POST":
        return token(headers, body)
    if name == "Messages.json":
        return legacy(url.path, page)
    return LISTS[name](url.path, page)


def read_request(stream):
    """Method, target, head and body; None: there is no further one."""
    head = stream.readline()
    if not head:
        return None
    method, target, _ = head.decode().split()
    length = 0
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        head += line
    return method, target, head, stream.read(length)


def talk(connection):
    stream = connection.makefile("rb")
    while request := read_request(stream):
        target, body = request[1], request[3]
        status, answer = respond(*request)
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        closing = "/Closing" in target
        head = "HTTP/1.1 %d Said\r\nContent-Length: %d\r\n%sDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n" % (
            status, len(data), "Connection: close\r\n" if closing else "")
        if b"client_secret=cut" in body or ("/Cut" in target and "Page=1" in target):
            connection.sendall(head.encode() + data[:len(data) // 2])
            break
        connection.sendall(head.encode() + data)
        if closing:
            break
    connection.unwrap()
