"""Chains of the kinds that the zoo of tests/server/ca.py has not, all under roots of their own.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../server"))
import ca

KINDS = {
    "rsa2048": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "rsa4096": ("RSA", "-pkeyopt", "rsa_keygen_bits:4096"),
    "p256": ("EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "p384": ("EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
}


class Zoo(ca.Zoo):
    """For each kind KIND.pem, leaf and intermediate, KIND.key, and the anchor KIND-root.der."""

    def key(self, name, algorithm="rsa"):
        ca.openssl("genpkey", "-algorithm", *KINDS[algorithm], "-out", self.path(name + ".key"))

    def make(self):
        for kind in KINDS:
            root, intermediate = (subject + kind for subject in ca.AUTHORITY["rsa"])
            for name in (kind + "-root", kind + "-intermediate", kind):
                self.key(name, kind)
            self.certificate(kind + "-root", root, "root", kind + "-root")
            self.certificate(kind + "-intermediate", intermediate, "intermediate", kind + "-intermediate",
                             kind + "-root")
            self.leaf(kind, kind + "-intermediate", kind)
            self.chain(kind, kind, kind, kind + "-intermediate")
            ca.openssl("x509", "-in", self.path(kind + "-root.crt"), "-outform", "DER",
                       "-out", self.path(kind + "-root.der"))


def make(folder):
    """Made once: the roots are in an image."""
    if not os.path.exists(os.path.join(folder, "version")):
        os.makedirs(folder, exist_ok=True)
        zoo = Zoo(folder)
        zoo.make()
        zoo.write("version", ca.VERSION)
    return folder
