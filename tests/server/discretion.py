"""What nobody may be told: secrets, in every spelling in which they could leave a device.

SPDX-License-Identifier: MIT
"""
import base64
import urllib.parse

WINDOW = 12  # octets of a secret, or of a spelling of it, that tell too much
SECRETS = ("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET")  # the settings that are


def spellings(secret):
    """As it is, as forms and URLs have it, in hexadecimal, and in base64 wherever in the text it begins."""
    octets = secret.encode()
    found = {octets, urllib.parse.quote(octets, safe="").encode(), urllib.parse.quote_plus(octets).encode(),
             octets.hex().encode(), octets.hex().upper().encode()}
    for before in range(3):
        text = base64.b64encode(bytes(before) + octets)
        found.add(text[(before * 8 + 5) // 6:(before + len(octets)) * 8 // 6])  # what neighbours do not alter
    return found


def windows(secret):
    for spelling in spellings(secret):
        for start in range(max(len(spelling) - WINDOW, 0) + 1):
            yield spelling[start:start + WINDOW]


def secrets_of(settings):
    """A wrong secret of a word or less is no secret, and may be a word of what is said."""
    return {settings[name] for name in SECRETS if len(settings.get(name) or "") >= 8}


def must_not_tell(output, secrets, where):
    """Raise AssertionError if WINDOW octets of any spelling of a secret are in output, text or octets."""
    if isinstance(output, str):
        output = output.encode(errors="surrogateescape")
    for secret in secrets:
        for window in windows(secret):
            if window in output:
                raise AssertionError("%s tells %r of a secret" % (where, window.decode()))
