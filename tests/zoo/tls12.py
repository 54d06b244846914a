"""The cryptography of one suite of TLS 1.2, by the book and slow: ECDHE (x25519), RSA, AES-128-GCM, SHA-256.

For servers that break rules no library would let them break.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import hmac

# ---- AES-128, GCM (FIPS 197, SP 800-38D) -----------------------------------------


def _double(octet):
    return (octet << 1) ^ (0x11B if octet & 0x80 else 0)


def _make_sbox():
    powers, x = [], 1
    for _ in range(255):
        powers.append(x)
        x ^= _double(x)
    inverse = {power: powers[-i % 255] for i, power in enumerate(powers)}
    sbox = []
    for i in range(256):
        b = inverse.get(i, 0)
        b |= b << 8
        sbox.append((b ^ b >> 4 ^ b >> 5 ^ b >> 6 ^ b >> 7) & 0xFF ^ 0x63)
    return sbox


SBOX = _make_sbox()
DOUBLE = [_double(b) for b in range(256)]
TRIPLE = [_double(b) ^ b for b in range(256)]


class Gcm:
    """One direction's key."""

    def __init__(self, key):
        words = [list(key[i:i + 4]) for i in range(0, 16, 4)]
        constant = 1
        while len(words) < 44:
            word = list(words[-1])
            if len(words) % 4 == 0:
                word = [SBOX[b] for b in word[1:] + word[:1]]
                word[0] ^= constant
                constant = _double(constant)
            words.append([a ^ b for a, b in zip(word, words[-4])])
        self.rounds = [sum(words[i:i + 4], []) for i in range(0, 44, 4)]
        self.hash_key = int.from_bytes(self.block(bytes(16)), "big")

    def block(self, data):
        state = [a ^ b for a, b in zip(data, self.rounds[0])]
        for key in self.rounds[1:-1]:
            shifted = [SBOX[state[i * 5 % 16]] for i in range(16)]
            state = []
            for c in range(0, 16, 4):
                s = shifted[c:c + 4]
                state += [DOUBLE[s[r]] ^ TRIPLE[s[(r + 1) % 4]] ^ s[(r + 2) % 4] ^ s[(r + 3) % 4] ^ key[c + r]
                          for r in range(4)]
        return bytes(SBOX[state[i * 5 % 16]] ^ self.rounds[-1][i] for i in range(16))

    def multiply(self, x):
        product, y = 0, self.hash_key
        for i in range(127, -1, -1):
            if x >> i & 1:
                product ^= y
            y = (y >> 1) ^ (0xE1 << 120 if y & 1 else 0)
        return product

    def counter_mode(self, nonce, data):
        blocks = (len(data) + 15) // 16
        stream = b"".join(self.block(nonce + (2 + i).to_bytes(4, "big")) for i in range(blocks))
        return bytes(a ^ b for a, b in zip(data, stream))

    def tag(self, nonce, extra, sealed):
        x = 0
        padded = b"".join(part + bytes(-len(part) % 16) for part in (extra, sealed))
        padded += (len(extra) * 8).to_bytes(8, "big") + (len(sealed) * 8).to_bytes(8, "big")
        for i in range(0, len(padded), 16):
            x = self.multiply(x ^ int.from_bytes(padded[i:i + 16], "big"))
        return (x ^ int.from_bytes(self.block(nonce + b"\0\0\0\1"), "big")).to_bytes(16, "big")

    def seal(self, nonce, extra, data):
        sealed = self.counter_mode(nonce, data)
        return sealed + self.tag(nonce, extra, sealed)

    def unseal(self, nonce, extra, data):
        if self.tag(nonce, extra, data[:-16]) != data[-16:]:
            raise ValueError("the client's record does not authenticate")
        return self.counter_mode(nonce, data[:-16])


# ---- x25519 (RFC 7748) -------------------------------------------------------------

P = 2 ** 255 - 19
BASE = (9).to_bytes(32, "little")


def x25519(scalar, point):
    k = int.from_bytes(scalar, "little") & ~7 & (2 ** 255 - 1) | 2 ** 254
    u = int.from_bytes(point, "little") & (2 ** 255 - 1)
    x2, z2, x3, z3 = 1, 0, u, 1
    for i in range(254, -1, -1):
        bit = k >> i & 1
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


# ---- RSA, PEM and DER ----------------------------------------------------------------

DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # SHA-256


def pem_blocks(path):
    with open(path) as file:
        parts = file.read().split("-----")
    return [base64.b64decode(part) for part in parts[2::4]]


def _read(der, at):
    """The value at `at`, and where the next one begins."""
    size, at = der[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(der[at:at + count], "big"), at + count
    return der[at:at + size], at + size


def _values(der):
    at = 0
    while at < len(der):
        value, at = _read(der, at)
        yield value


def load_rsa(path):
    """Modulus and private exponent of a PKCS #8 file."""
    outer = next(_values(pem_blocks(path)[0]))
    inner = next(_values(list(_values(outer))[2]))
    numbers = [int.from_bytes(value, "big") for value in _values(inner)]
    return numbers[1], numbers[3]


def sign(rsa, data):
    modulus, exponent = rsa
    size = (modulus.bit_length() + 7) // 8
    info = DIGEST_INFO + hashlib.sha256(data).digest()
    padded = b"\0\1" + b"\xff" * (size - 3 - len(info)) + b"\0" + info
    return pow(int.from_bytes(padded, "big"), exponent, modulus).to_bytes(size, "big")


# ---- The pseudorandom function (RFC 5246) -----------------------------------------------


def prf(secret, label, seed, size):
    seed, a, out = label + seed, label + seed, b""
    while len(out) < size:
        a = hmac.digest(secret, a, "sha256")
        out += hmac.digest(secret, a + seed, "sha256")
    return out[:size]
