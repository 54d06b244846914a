#!/usr/bin/python3
"""Serve TLS on loopback while a command runs: good servers, bad ones, and worse.

    peer.py ZOO WORK COMMAND [ARGUMENT ...]

ZOO is (or becomes) a directory of tests/server/ca.py's certificates; in WORK some more are made.
The command finds the port of each server NAME in its environment as PEER_NAME and the two
directories as ZOO and WORK. Exits with its exit status.

Once TLS is up, a server obeys lines: "send N" sends N bytes, "take N" reads N and answers "ok",
"close" ends TLS in good order, "drop" closes TCP without a word, "reset" resets it. The server "api"
speaks HTTP instead: see pages.py.

SPDX-License-Identifier: MIT
"""
import hashlib
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "server"))
sys.dont_write_bytecode = True
import ca  # noqa: E402
import pages  # noqa: E402

VERSION = ca.VERSION + hashlib.sha256(open(__file__, "rb").read()).hexdigest()
warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, which is the point
PATTERN = bytes(i * 7 % 251 for i in range(65536))
SUBJECT = "/C=US/ST=California/L=San Francisco/O=Zoo Inc/CN="


def openssl(*arguments):
    subprocess.run(("openssl",) + arguments, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def join(out, *parts):
    with open(out, "w") as file:
        for part in parts:
            with open(part) as text:
                file.write(text.read())


def make_key(path, *algorithm):
    openssl("genpkey", "-algorithm", *algorithm, "-out", path + ".key")


def certify(path, name, issuer, digest, extensions):
    """PATH.pem: name's certificate, signed by issuer."""
    with open(path + ".ext", "w") as file:
        file.write(extensions)
    openssl("req", "-new", "-key", path + ".key", "-subj", SUBJECT + name, "-out", path + ".csr")
    openssl("x509", "-req", "-in", path + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key",
            "-set_serial", "1", "-days", "3000", "-" + digest, "-extfile", path + ".ext",
            "-out", path + ".pem")


def to_der(pem, der):
    openssl("x509", "-in", pem + ".pem", "-outform", "DER", "-out", der + ".der")


def make_root(path, name, *algorithm, usage="keyCertSign"):
    """The anchor PATH-root.der, with PATH-root.pem and .key"""
    make_key(path + "-root", *algorithm)
    openssl("req", "-x509", "-key", path + "-root.key", "-out", path + "-root.pem", "-days", "3000",
            "-subj", SUBJECT + name + " Root", "-sha256", "-addext", "keyUsage=critical," + usage)
    to_der(path + "-root", path + "-root")


def make_leaf(path, leaf, issuer, digest, *others):
    """PATH.pem: a leaf of issuer's, which follows, and others after it; PATH.key"""
    make_key(path, *leaf)
    certify(path, "api.twilio.com", issuer, digest,
            "subjectAltName=DNS:api.twilio.com,DNS:*.twilio.com\nextendedKeyUsage=serverAuth,clientAuth\n")
    os.rename(path + ".pem", path + "-leaf.pem")
    join(path + ".pem", path + "-leaf.pem", issuer + ".pem", *[other + ".pem" for other in others])


def make_chain(work, name, authority, leaf, digest):
    """WORK/NAME.pem, leaf and intermediate, with WORK/NAME.key, and its anchor NAME-root.der."""
    path = os.path.join(work, name)
    make_root(path, name, *authority)
    make_key(path + "-intermediate", *authority)
    certify(path + "-intermediate", name + " TLS 2021 CA1", path + "-root", digest,
            "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n")
    make_leaf(path, leaf, path + "-intermediate", digest)


def make_deep(work, algorithm):
    """WORK/deep.pem: four intermediates between leaf and deep-root.der; WORK/deeper.pem: five."""
    issuers = [os.path.join(work, "deep-root")]
    make_root(os.path.join(work, "deep"), "deep", *algorithm)
    for depth in range(1, 6):
        path = os.path.join(work, "deep-%d" % depth)
        make_key(path, *algorithm)
        certify(path, "Deep CA%d" % depth, issuers[0], "sha256",
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
        issuers.insert(0, path)
    make_leaf(os.path.join(work, "deep"), algorithm, issuers[1], "sha256", *issuers[2:-1])
    make_leaf(os.path.join(work, "deeper"), algorithm, issuers[0], "sha256", *issuers[1:-1])
    to_der(issuers[-2], issuers[-2])


def make_chains(work):
    version = os.path.join(work, "version")
    if os.path.exists(version) and open(version).read() == VERSION:
        return
    os.makedirs(work, exist_ok=True)
    p384 = ("EC", "-pkeyopt", "ec_paramgen_curve:P-384")
    rsa = {bits: ("RSA", "-pkeyopt", "rsa_keygen_bits:%d" % bits) for bits in (1024, 2048, 4096)}
    make_chain(work, "p384", p384, p384, "sha384")
    make_chain(work, "rsa4096", rsa[4096], rsa[2048], "sha384")
    make_chain(work, "weak", rsa[2048], rsa[1024], "sha256")
    make_chain(work, "sha1", rsa[2048], rsa[2048], "sha1")
    make_leaf(os.path.join(work, "rsa4096-whole"), rsa[4096], os.path.join(work, "rsa4096-intermediate"),
              "sha384")
    make_deep(work, ("EC", "-pkeyopt", "ec_paramgen_curve:P-256"))
    make_root(os.path.join(work, "short"), "short", *rsa[1024])
    make_root(os.path.join(work, "lists"), "lists", *p384, usage="cRLSign")
    make_root(os.path.join(work, "p521"), "p521", "EC", "-pkeyopt", "ec_paramgen_curve:P-521")
    with open(version, "w") as file:
        file.write(VERSION)


def make_more(zoo, work):
    """What ca.py does not: other kinds of keys, weak ones, a chain longer than it need be."""
    make_chains(work)
    join(os.path.join(work, "long.pem"), os.path.join(zoo, "good.pem"),
         *[os.path.join(work, "rsa4096-root.pem")] * 3)
    join(os.path.join(work, "long.key"), os.path.join(zoo, "good.key"))
    to_der(os.path.join(zoo, "good"), os.path.join(work, "leaf"))
    to_der(*[os.path.join(work, "p384-leaf")] * 2)


def context(pem, version=ssl.TLSVersion.TLSv1_2, ciphers=None, curve=None, tickets=True, only=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = made.maximum_version = version
    made.set_ciphers(ciphers or "ECDHE+AESGCM:@SECLEVEL=0")
    made.load_cert_chain(pem + ".pem", pem + ".key")
    if curve:
        made.set_ecdh_curve(curve)
    if not tickets:
        made.options |= ssl.OP_NO_TICKET
    if only:  # whoever asks for another name is turned away
        made.sni_callback = lambda _, name, __: None if name == only else ssl.ALERT_DESCRIPTION_ACCESS_DENIED
    return made


def drop(connection, reset):
    raw = socket.socket(fileno=connection.detach())
    if reset:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


def obey(connection):
    stream = connection.makefile("rb")
    for line in stream:
        verb, *number = line.split()
        size = int(number[0]) if number else 0
        if verb == b"send":
            connection.sendall(PATTERN[:size])
        elif verb == b"take":
            connection.sendall(b"ok" if stream.read(size) == PATTERN[:size] else b"no")
        elif verb == b"close":
            connection.unwrap()
            return
        else:
            drop(connection, verb == b"reset")
            return
    connection.unwrap()  # or the session could not be resumed by its number


def serve_tls(make_context, talk=obey):
    def serve(raw):
        try:
            with make_context().wrap_socket(raw, server_side=True) as connection:
                talk(connection)
        except (OSError, ValueError):  # the device refused us, or has had enough
            raw.close()
    return serve


def serve_garbage(raw):
    raw.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    serve_silence(raw)


def serve_huge(raw):
    raw.sendall(b"\x16\x03\x03\x40\x00" + bytes(16384))
    serve_silence(raw)


def serve_silence(raw):
    try:
        while raw.recv(4096):
            pass
    except OSError:
        pass
    raw.close()


def accept_all(listener, serve):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def listen(serve):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    threading.Thread(target=accept_all, args=(listener, serve), daemon=True).start()
    return listener.getsockname()[1]


def fixed(*arguments, talk=obey, **options):
    made = context(*arguments, **options)
    return serve_tls(lambda: made, talk)


def servers(zoo, work):
    good = os.path.join(zoo, "good")
    made = {name: fixed(os.path.join(zoo, name)) for name in ca.CHAINS}
    made.update({name: fixed(os.path.join(work, name))
                 for name in ("p384", "rsa4096", "rsa4096-whole", "weak", "sha1", "long", "deep", "deeper")})
    made.update({
        "aes256": fixed(good, ciphers="ECDHE-RSA-AES256-GCM-SHA384"),
        "p256": fixed(good, curve="prime256v1"),
        "secp384r1": fixed(good, curve="secp384r1"),
        "byid": fixed(good, tickets=False),
        "stale": serve_tls(lambda: context(good)),
        "tls11": fixed(good, version=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0"),
        "tls13": fixed(good, version=ssl.TLSVersion.TLSv1_3),
        "cbc": fixed(good, ciphers="ECDHE-RSA-AES128-SHA256"),
        "static": fixed(good, ciphers="AES128-GCM-SHA256"),
        "named": fixed(good, only="api.twilio.com"),
        "denied": fixed(good, only="api.example.com"),
        "api": fixed(good, talk=pages.talk),
        "garbage": serve_garbage,
        "huge": serve_huge,
        "silence": serve_silence,
    })
    return made


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    zoo, work = ca.make(sys.argv[1]), sys.argv[2]
    make_more(zoo, work)
    environment = dict(os.environ, ZOO=zoo, WORK=work)
    for name, serve in servers(zoo, work).items():
        environment["PEER_" + name] = str(listen(serve))
    sys.exit(subprocess.run(sys.argv[3:], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
