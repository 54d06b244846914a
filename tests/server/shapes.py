"""The shapes in which Twilio answers: errors, dates, XML, and the pages of lists.

SPDX-License-Identifier: MIT
"""
import email.utils
import time
import urllib.parse


class Problem(Exception):
    """A Twilio error: HTTP status, Twilio's code and its message."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def missing(path):
    return Problem(404, 20404, "The requested resource %s was not found" % path)


def now():
    """As resources of an account have it."""
    return email.utils.formatdate().replace("-0000", "+0000")


def now_iso():
    """As all others have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def xml(name, value):
    if isinstance(value, dict):
        inner = "".join(xml(camel(key), item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(xml(name[:-1], item) for item in value)
    else:
        inner = "" if value is None else str(value)
        inner = inner.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<%s>%s</%s>" % (name, inner, name) if inner else "<%s/>" % name


def element(value):
    """The XML element for what JSON has no name for."""
    if "sid" in value:
        return {"AC": "Account", "CA": "Call"}.get(value["sid"][:2], "Message")
    for key, name in (("more_info", "RestException"), ("balance", "Balance"), ("calls", "Calls")):
        if key in value:
            return name
    return "Messages"


class Page:
    """The part of what was found that a query asks for, and the addresses of its neighbours."""

    def __init__(self, path, query, found):
        given = dict(query)
        self.size, self.number = (int(given.get(name, default)) if given.get(name, default).isdigit() else -1
                                  for name, default in (("PageSize", "50"), ("Page", "0")))
        if not 1 <= self.size <= 1000 or self.number < 0:
            raise Problem(400, 20007, "Page size must be a number of 1 to 1000")
        self.path = path
        self.kept = [(name, value) for name, value in query if name not in ("Page", "PageSize", "PageToken")]
        self.start = self.number * self.size
        self.items = [dict(thing) for thing in found[self.start:self.start + self.size]]
        token = [("PageToken", "PA" + self.items[-1]["sid"])] if self.items else []
        self.first, self.this = self.link(0), self.link(self.number)
        self.previous = self.link(self.number - 1) if self.number else None
        self.next = self.link(self.number + 1, token) if self.start + self.size < len(found) else None

    def link(self, number, token=()):
        pairs = self.kept + [("PageSize", self.size), ("Page", number)] + list(token)
        return self.path + "?" + urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote)

    def of_account(self, key):
        """As lists of an account's resources have it: addresses without host."""
        return {"first_page_uri": self.first, "end": max(self.start + len(self.items) - 1, 0),
                "previous_page_uri": self.previous, key: self.items, "next_page_uri": self.next,
                "uri": self.this, "page": self.number, "page_size": self.size, "start": self.start}

    def of_product(self, key, origin):
        """As all others have it: whole addresses, apart from the items."""
        def whole(link):
            return link and origin + link
        return {"meta": {"page": self.number, "page_size": self.size, "first_page_url": whole(self.first),
                         "previous_page_url": whole(self.previous), "url": whole(self.this),
                         "next_page_url": whole(self.next), "key": key}, key: self.items}
