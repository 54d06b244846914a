#!/usr/bin/python3
"""Make a zoo of certificates: the good chains that a device must accept, the bad ones it must not.

    ca.py DIR        writes to DIR, unless what it would write is there already

For each NAME in CHAINS: DIR/NAME.pem (the chain as a server sends it) and DIR/NAME.key.
DIR/root.der and DIR/ecdsa-root.der are the trust anchors for the device. The good RSA chain is
shaped like Twilio's (RSA-2048 throughout, the extensions and about the size of a public one).
The good ones begin three days before now, or before SOURCE_DATE_EPOCH, so that a device whose
clock starts at the time of its build finds them valid.

SPDX-License-Identifier: MIT
"""
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time

CHAINS = {
    "good": "RSA-2048 leaf and intermediate, api.twilio.com and *.twilio.com",
    "ecdsa": "the same with ECDSA P-256",
    "wildcard": "only *.twilio.com",
    "regional": "the good one's names, and those of hosts at the edge sydney and in the region au1",
    "expired": "the leaf ended in 2021",
    "notyet": "the leaf begins in 2045",
    "expired-intermediate": "a good leaf of an intermediate that ended in 2021",
    "wrongname": "good, but for api.example.com",
    "unknown": "the same names throughout, but the keys of another root",
    "missing": "the good leaf without its intermediate",
    "selfsigned": "a leaf for api.twilio.com that signed itself",
    "notca": "a leaf for api.twilio.com signed by the holder of a good leaf, who is no CA",
}
PAST = ("200101000000Z", "210101000000Z")
FUTURE = ("450101000000Z", "490101000000Z")
AUTHORITY = {
    "rsa": ("/C=US/O=Zoo Inc/OU=www.example.com/CN=Zoo Global Root G2",
            "/C=US/O=Zoo Inc/CN=Zoo Global G2 TLS RSA SHA256 2020 CA1"),
    "ecdsa": ("/C=US/O=Zoo Inc/OU=www.example.com/CN=Zoo Global Root G3",
              "/C=US/O=Zoo Inc/CN=Zoo Global G3 TLS ECC SHA256 2020 CA1"),
}
LEAF = "/C=US/ST=California/L=San Francisco/O=Twilio Stand-in Inc./CN="  # the names are in NAMES
NAMES = "DNS:api.twilio.com,DNS:*.twilio.com"
REGIONAL = NAMES + "".join(",DNS:*.%s.twilio.com" % at for at in ("au1", "sydney.us1", "sydney.au1"))
VERSION = hashlib.sha256(open(__file__, "rb").read()).hexdigest()

# Filler where a public certificate has its signed certificate timestamps.
TIMESTAMPS = "DER:0482016B0482016700" + hashlib.shake_256(b"timestamps").hexdigest(0x166)

CONFIG = """
[ca]
default_ca = zoo
[zoo]
database = {work}/index
new_certs_dir = {work}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
[practice]
policyIdentifier = 2.23.140.1.2.2
CPS = http://www.example.com/CPS/of/this/zoo
[req]
distinguished_name = any
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,digitalSignature,keyCertSign,cRLSign
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://ocsp.example.com,caIssuers;URI:http://ca.example.com/ZooGlobalRootG2.crt
crlDistributionPoints = URI:http://crl3.example.com/ZooGlobalRootG2.crl
certificatePolicies = @practice
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
authorityInfoAccess = OCSP;URI:http://ocsp.example.com,caIssuers;URI:http://cacerts.example.com/{ca}-1.crt
crlDistributionPoints = URI:http://crl3.example.com/{ca}-1.crl,URI:http://crl4.example.com/{ca}-1.crl
certificatePolicies = @practice
1.3.6.1.4.1.11129.2.4.2 = {timestamps}
"""


def openssl(*arguments):
    done = subprocess.run(("openssl",) + arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit("openssl %s failed:\n%s" % (" ".join(arguments), done.stderr))


class Zoo:
    """Keys and certificates in one working directory."""

    def __init__(self, work):
        self.work = work
        start = min(time.time(), int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))) - 3 * 86400
        self.valid = tuple(time.strftime("%y%m%d000000Z", time.gmtime(start + years * 31556952))
                           for years in (0, 10))
        open(self.path("index"), "w").close()

    def path(self, name):
        return os.path.join(self.work, name)

    def text(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def key(self, name, algorithm="rsa"):
        options = {"rsa": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
                   "ecdsa": ("EC", "-pkeyopt", "ec_paramgen_curve:P-256")}
        openssl("genpkey", "-algorithm", *options[algorithm], "-out", self.path(name + ".key"))

    def certificate(self, name, subject, kind, key, issuer=None, dates=None, names=NAMES):
        """Sign name.crt for subject, with issuer's key (None: its own)."""
        config, request = self.path("config"), self.path("request")
        self.write("config", CONFIG.format(work=self.work, names=names, timestamps=TIMESTAMPS,
                                            ca="ZooGlobalG2TLSRSASHA2562020CA1"))
        openssl("req", "-new", "-config", config, "-subj", subject, "-key", self.path(key + ".key"),
                "-out", request)
        signer = ("-cert", self.path(issuer + ".crt")) if issuer else ("-selfsign",)
        start, end = dates or self.valid
        openssl("ca", "-batch", "-notext", "-config", config, "-in", request,
                "-out", self.path(name + ".crt"),
                "-keyfile", self.path((issuer or key) + ".key"), *signer, "-extensions", kind,
                "-startdate", start, "-enddate", end, "-preserveDN")

    def chain(self, name, key, *certificates):
        """What a server sends: name.pem, with its key beside it."""
        self.write(name + ".pem", "".join(self.text(part + ".crt") for part in certificates))
        if name != key:
            self.write(name + ".key", self.text(key + ".key"))

    def authority(self, prefix, algorithm):
        self.key(prefix + "root", algorithm)
        self.key(prefix + "intermediate", algorithm)
        root, intermediate = AUTHORITY[algorithm]
        self.certificate(prefix + "root", root, "root", prefix + "root")
        self.certificate(prefix + "intermediate", intermediate, "intermediate",
                         prefix + "intermediate", prefix + "root")

    def leaf(self, name, issuer="intermediate", key="good", **options):
        self.certificate(name, LEAF + name, "leaf", key, issuer, **options)

    def make(self):
        self.authority("", "rsa")
        self.authority("ecdsa-", "ecdsa")
        self.authority("unknown-", "rsa")
        self.certificate("expired-authority", AUTHORITY["rsa"][1], "intermediate", "intermediate", "root",
                         dates=PAST)
        self.key("good")
        self.key("ecdsa", "ecdsa")
        self.leaf("good")
        self.leaf("ecdsa", "ecdsa-intermediate", "ecdsa")
        self.leaf("wildcard", names="DNS:*.twilio.com")
        self.leaf("regional", names=REGIONAL)
        self.leaf("expired", dates=PAST)
        self.leaf("notyet", dates=FUTURE)
        self.leaf("wrongname", names="DNS:api.example.com,DNS:*.example.com,DNS:api.twilio.com.example.com")
        self.leaf("unknown", "unknown-intermediate")
        self.leaf("notca", "ecdsa", "ecdsa")
        self.certificate("selfsigned", LEAF + "selfsigned", "leaf", "good")

        for name in ("good", "wildcard", "regional", "expired", "notyet", "wrongname"):
            self.chain(name, "good", name, "intermediate")
        self.chain("ecdsa", "ecdsa", "ecdsa", "ecdsa-intermediate")
        self.chain("expired-intermediate", "good", "good", "expired-authority")
        self.chain("unknown", "good", "unknown", "unknown-intermediate")
        self.chain("missing", "good", "good")
        self.chain("selfsigned", "good", "selfsigned")
        self.chain("notca", "ecdsa", "notca", "ecdsa", "ecdsa-intermediate")
        for name in ("root", "ecdsa-root"):
            openssl("x509", "-in", self.path(name + ".crt"), "-outform", "DER",
                    "-out", self.path(name + ".der"))
            os.rename(self.path(name + ".crt"), self.path(name + ".pem"))
        self.tidy()

    def tidy(self):
        """Keep chains, anchors and the keys of servers; no authority's key stays behind."""
        keep = {name + end for name in CHAINS for end in (".pem", ".key")}
        keep |= {name + end for name in ("root", "ecdsa-root") for end in (".pem", ".der")}
        for name in os.listdir(self.work):
            if name not in keep:
                os.unlink(self.path(name))
        self.write("version", VERSION)


def ready(directory):
    """Whether the zoo is there, made by this very script, and all files with it."""
    try:
        with open(os.path.join(directory, "version")) as file:
            return file.read() == VERSION
    except FileNotFoundError:
        return False


def make(directory):
    """Make the zoo in directory. Several processes may ask for it at once."""
    directory = os.path.abspath(directory)
    os.makedirs(os.path.dirname(directory), exist_ok=True)
    with open(directory + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready(directory):
            shutil.rmtree(directory + ".new", ignore_errors=True)
            os.mkdir(directory + ".new", 0o700)
            Zoo(directory + ".new").make()
            shutil.rmtree(directory, ignore_errors=True)
            os.rename(directory + ".new", directory)
    return directory


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    make(sys.argv[1])
