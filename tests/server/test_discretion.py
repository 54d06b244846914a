#!/usr/bin/python3
"""The search for secrets, tested by itself: what tells one is found however it is spelled.

SPDX-License-Identifier: MIT
"""
import base64
import sys
import unittest
from urllib.parse import quote, quote_plus

sys.dont_write_bytecode = True
import discretion  # noqa: E402

SECRET, OTHER = "hush & 9876zyxwvu+/", "fedcba9876543210fedcba9876543210"
SETTINGS = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": OTHER, "TWILIO_API_SECRET": SECRET}


class Discretion(unittest.TestCase):
    def tells(self, output):
        with self.assertRaises(AssertionError, msg=output):
            discretion.must_not_tell(output, {OTHER, SECRET}, "it")

    def test_what_tells(self):
        for text in (SECRET, quote(SECRET, safe=""), quote_plus(SECRET), SECRET.encode().hex(),
                     SECRET.encode().hex().upper(), OTHER):
            self.tells("before " + text + " after")
            self.tells(b"\0\xff" + text.encode() + b"\xff")

    def test_base64_wherever_it_begins(self):
        for login in ("", "A", "AC", "AC0", "AC0123456789abcdef0123456789abcdef:"):
            for after in ("", "x", "xy", "xyz"):
                self.tells("Basic " + base64.b64encode((login + SECRET + after).encode()).decode())

    def test_a_part_is_enough(self):
        for start in range(len(OTHER) - discretion.WINDOW + 1):
            self.tells("token %s..." % OTHER[start:start + discretion.WINDOW])
        self.tells(base64.b64encode(b"AC1:" + OTHER.encode())[12:12 + discretion.WINDOW + 3])

    def test_what_tells_nothing(self):
        login = base64.b64encode(b"AC0123456789abcdef0123456789abcdef:").decode()
        for text in ("", "hush", "Basic " + login, "AC0123456789abcdef0123456789abcdef", SECRET[:11],
                     OTHER[:11] + "x", "\udcff"):
            discretion.must_not_tell(text, {OTHER, SECRET}, "it")
        discretion.must_not_tell(OTHER, set(), "it")

    def test_which_settings_are_secret(self):
        self.assertEqual(discretion.secrets_of(SETTINGS), {OTHER, SECRET})
        wrong = {"TWILIO_AUTH_TOKEN": "wrong", "TWILIO_API_SECRET": None}
        self.assertEqual(discretion.secrets_of(wrong), set())


if __name__ == "__main__":
    unittest.main()
