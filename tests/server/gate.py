#!/usr/bin/python3
"""Twilio's own OpenAPI documents as a server over TLS: Prism validates and answers, a gate looks closer.

    gate.py --npm DIR --chain ZOO/good [--port 8443]

DIR holds node_modules with what package.json asks for. Prints "ready PORT" when it listens on
127.0.0.1, then a line for each request.

Each product has its document, and the host says which counts: verify.twilio.com, or, at an edge or
in a region, verify.sydney.au1.twilio.com. No path is in two of them, so one Prism serves them all.

Prism checks required parameters, types, formats and enumerations, but lets pass unknown parameter
names, bad %-escapes and repeats, and refuses all array parameters, because the documents do not
say how a form writes them. So they are corrected on load, and this gate checks the rest
against the same documents: names, repeats, lengths, content type, login, and that every octet that
is not unreserved in RFC 3986 is escaped as the library promises. What fails is answered 400 in
Twilio's shape, with a message that names the fault; what passes is Prism's to judge.

SPDX-License-Identifier: MIT
"""
import argparse
import http.client
import json
import os
import re
import subprocess
import tempfile
import threading
import urllib.parse

import standin
import wire

DOCUMENT = "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_%s_%s.json"
PRODUCTS = {"api": "v2010", "content": "v1", "lookups": "v2", "messaging": "v1", "oauth": "v2",
            "verify": "v2"}
PRISM = "node_modules/@stoplight/prism-cli/dist/index.js"
FORM = "application/x-www-form-urlencoded"
HOST = re.compile(r"([a-z]+)(?:\.[a-z0-9-]+){0,2}\.twilio\.com(?::\d+)?\Z")


class Fault(Exception):
    """What is wrong with the request, and the HTTP status for it."""

    def __init__(self, text, status=400):
        super().__init__(text)
        self.status = status


class Document:
    """The OpenAPI document of a product, corrected, and what it says of parameters."""

    def __init__(self, npm, product):
        with open(os.path.join(npm, DOCUMENT % (product, PRODUCTS[product]))) as file:
            text = re.sub(r'("#/components/\w+/)', r"\1%s." % product, file.read())
        content = json.loads(text)
        self.items = content["paths"]
        self.components = {kind: {"%s.%s" % (product, name): value for name, value in named.items()}
                           for kind, named in content["components"].items()}
        self.paths = []
        for path, item in self.items.items():
            pattern = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path))
            self.paths.append((re.compile(pattern + r"\Z"), item))
            for method in ("get", "post", "put", "delete"):
                if method in item:
                    self.correct(item[method])
        self.paths.sort(key=lambda entry: entry[0].groups)  # fixed names before variable ones

    def correct(self, operation):
        """Arrays in forms are repeated names. The login is the gate's to judge, who knows of tokens."""
        operation["x-anonymous"] = operation.pop("security", None) == []
        content = operation.get("requestBody", {"content": {}})["content"].get(FORM, {"schema": {}})
        arrays = [name for name, schema in content["schema"].get("properties", {}).items()
                  if schema.get("type") == "array"]
        if arrays:
            content["encoding"] = {name: {"style": "form", "explode": True} for name in arrays}

    def operation(self, method, path):
        for pattern, item in self.paths:
            if pattern.match(path):
                if method.lower() not in item:
                    raise Fault("%s is not for %s" % (method, path), 405)
                return item, item[method.lower()]
        raise Fault("the document has no path %s" % path, 404)

    @staticmethod
    def query_names(item, operation):
        """Name to whether it may repeat."""
        both = item.get("parameters", []) + operation.get("parameters", [])
        return {each["name"]: each["schema"].get("type") == "array" for each in both if each["in"] == "query"}

    @staticmethod
    def form_names(operation):
        content = operation.get("requestBody", {"content": {}})["content"]
        properties = content.get(FORM, {"schema": {}})["schema"].get("properties", {})
        return {name: schema.get("type") == "array" for name, schema in properties.items()}


def check_text(text, where):
    """Raise Fault unless text is UTF-8 with exactly what must be escaped escaped, as %XX."""
    bad = re.search(r"%(?![0-9A-F]{2}).{0,2}", text)
    if bad:
        raise Fault("bad escape '%s' in %s" % (bad[0], where))
    bad = re.search(r"[^A-Za-z0-9._~%-]", text)
    if bad:
        raise Fault("unescaped '%s' in %s" % (bad[0], where))
    plain = urllib.parse.unquote_to_bytes(text)
    if urllib.parse.quote(plain, safe="") != text:
        raise Fault("needless escapes in %s" % where)
    try:
        return plain.decode()
    except UnicodeDecodeError:
        raise Fault("no UTF-8 in %s" % where)


def check_pairs(text, allowed, where):
    """The decoded pairs of a query or form, all of whose names the document knows."""
    pairs = []
    for pair in text.split("&") if text else ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise Fault("'%s' in the %s is no Name=value" % (pair, where))
        name = check_text(name, "a name in the " + where)
        if name not in allowed:
            raise Fault("unknown parameter '%s' in the %s" % (name, where))
        if not allowed[name] and name in dict(pairs):
            raise Fault("a second '%s' in the %s" % (name, where))
        pairs.append((name, check_text(value, "%s's value" % name)))
    return pairs


def whole(documents):
    """All of them in one, for Prism. Names of components begin with the product, lest they meet."""
    made = {"openapi": "3.0.1", "info": {"title": "Twilio", "version": "1"}, "paths": {}, "components": {}}
    for document in documents:
        assert not made["paths"].keys() & document.items.keys()
        made["paths"].update(document.items)
        for kind, named in document.components.items():
            made["components"].setdefault(kind, {}).update(named)
    answer = made["paths"]["/v2/token"]["post"]["responses"]["200"]["content"]["application/json"]
    answer["examples"]["create"]["value"]["expires_in"] = 3600  # theirs is a date of 2015, in milliseconds
    return made


def check_basic(header, path):
    user, password = standin.user_of(header)
    if not user or not password:
        raise Fault("no Basic login", 401)
    if not re.match(r"(AC|SK)[0-9a-fA-F]{32}\Z", user):
        raise Fault("a user that is no account or key SID", 401)
    if user.startswith("AC") and "/Accounts/" in path and "/Accounts/%s" % user not in path:
        raise Fault("the login of another account", 401)


def check_app(form):
    """The login of an OAuth app, which is in the form."""
    given = dict(form)
    if given.get("grant_type") != "client_credentials":
        raise Fault("grant_type '%s'" % given.get("grant_type"))
    if not re.match(r"OQ[0-9a-fA-F]{32}\Z", given.get("client_id", "")) or not given.get("client_secret"):
        raise Fault("no login of an app", 401)


def product_of(request):
    """The product of the host, which is the one that TLS was told of."""
    host = request.header("host")
    found = HOST.match(host)
    if not found or found[1] not in PRODUCTS:
        raise Fault("Host '%s'" % host)
    if host.partition(":")[0] != request.visit.server_name:
        raise Fault("Host '%s', but '%s' in TLS" % (host, request.visit.server_name))
    return found[1]


def check_head(request):
    if request.method in ("POST", "PUT") and request.header("content-length") is None:
        raise Fault("no Content-Length", 411)
    if request.body and request.header("content-type") != FORM:
        raise Fault("Content-Type '%s'" % request.header("content-type"), 415)


class Gate:
    """Prism, and the gate before it. Start the gate, give answer() to a wire.Server, then stop it."""

    def __init__(self, npm, log=None):
        self.documents = {product: Document(npm, product) for product in PRODUCTS}
        self.log = log
        self.requests = []  # as dicts: method, host, path, query, form, code, fault
        self.tokens = set()  # that Prism has given
        self.file = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(whole(self.documents.values()), self.file)
        self.file.flush()
        self.prism = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "node", os.path.join(npm, PRISM), "mock",
             "--multiprocess", "false", "--host", "127.0.0.1", "--port", "0", self.file.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.port = self.wait()
        threading.Thread(target=self.prism.stdout.read, daemon=True).start()  # lest it wait

    def wait(self):
        said = ""
        for line in self.prism.stdout:
            said += line
            found = re.search(r"Prism is listening on \S+:(\d+)", line)
            if found:
                return int(found[1])
        raise SystemExit("Prism did not start:\n" + said)

    def stop(self):
        self.prism.kill()
        self.prism.wait()
        self.file.close()

    def answer(self, request):
        path, mark, query = request.target.partition("?")
        entry = {"method": request.method, "host": request.header("host"), "path": path, "query": [],
                 "form": [], "fault": None, "connection": request.visit.number,
                 "resumed": request.visit.resumed}
        try:
            document = self.documents[product_of(request)]
            check_head(request)
            method = "GET" if request.method == "HEAD" else request.method
            item, operation = document.operation(method, path)
            if not operation["x-anonymous"]:
                self.check_login(request.header("authorization"), path)
            elif request.header("authorization") is not None:
                raise Fault("a login where none belongs")
            if mark and not query:
                raise Fault("'?' without a query")
            entry["query"] = check_pairs(query, document.query_names(item, operation), "query")
            body = request.body.decode("latin-1")
            entry["form"] = check_pairs(body, document.form_names(operation), "form")
            if operation["x-anonymous"]:
                check_app(entry["form"])
            answer = self.ask(method, request)
            if operation["x-anonymous"] and answer.code == 200:
                self.tokens.add(json.loads(answer.body)["access_token"])
        except Fault as fault:
            entry["fault"] = str(fault)
            answer = self.refusal(fault)
        entry["code"] = answer.code
        self.requests.append(entry)
        if self.log:
            self.log("{method} {host}{path}: {code} {}".format(entry["fault"] or "", **entry).rstrip())
        return answer

    def check_login(self, header, path):
        scheme, _, token = (header or "").partition(" ")
        if scheme != "Bearer":
            check_basic(header, path)
        elif token not in self.tokens:
            raise Fault("a token that nobody gave", 401)

    def ask(self, method, request):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        names = ("authorization", "content-type", "accept", "user-agent")
        headers = {name: request.header(name) for name in names if request.header(name) is not None}
        connection.request(method, request.target, request.body or None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kind = [("Content-Type", answer.getheader("Content-Type"))] if body else []
        return wire.Answer(answer.status, answer.reason, kind, body)

    @staticmethod
    def refusal(fault):
        code = {401: 20003, 404: 20404, 405: 20004}.get(fault.status, 20001)
        body = {"code": code, "message": str(fault), "status": fault.status,
                "more_info": "https://www.twilio.com/docs/errors/%d" % code}
        return wire.Answer(fault.status, standin.REASONS[fault.status],
                           [("Content-Type", "application/json;charset=utf-8")], json.dumps(body).encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("SPDX")[0],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npm", required=True, help="the folder that holds node_modules")
    parser.add_argument("--chain", required=True, help="certificates and key, DIR/NAME of ca.py")
    parser.add_argument("--port", type=int, default=0, help="0 or none: any that is free")
    given = parser.parse_args()
    gate = Gate(given.npm, lambda text: print(text, flush=True))
    try:
        server = wire.Server(gate.answer, given.chain, ("127.0.0.1", given.port)).start()
        print("ready %d" % server.port, flush=True)
        gate.prism.wait()  # or until we are ended, and Prism with us
    finally:
        gate.stop()


if __name__ == "__main__":
    main()
