#!/usr/bin/python3
"""The client visits every server of cases.py, and after each a good one.

    test_zoo.py RECORD ZOO WORK DEVICE     RECORD: what DEVICE was built with

SPDX-License-Identifier: MIT
"""
import os
import select
import subprocess
import sys
import unittest
from dataclasses import dataclass

sys.dont_write_bytecode = True
import servers  # noqa: E402
import discretion  # noqa: E402
from cases import CASES  # noqa: E402

FULL = 16384
SLACK = 1000  # milliseconds; the machine may be busy
STUCK = 5000
SECRET = "8b2f1c6d9e7a4035"  # device.c's
USUAL = {"timeout": 10000, "fresh": 1, "body": 10, "ballast": 0, "now": 0, "entropy": 1, "anchors": 1}


@dataclass
class Visit:
    """What DEVICE says of one."""
    result: str
    committed: int
    code: int
    opened: int   # connections
    left: int     # bytes of the arena, and sockets, when it has failed
    took: int     # milliseconds
    secret: int   # 1: the credentials are still in memory
    resumed: int


class Device:
    def __init__(self, program, roots):
        self.command = [program, *roots]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def visit(self, port, **options):
        order = {**USUAL, **options}
        self.process.stdin.write("%d %s\n" % (port, " ".join(str(order[name]) for name in USUAL)))
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], (order["timeout"] + STUCK) / 1000)[0]:
            self.process.kill()
        told = self.process.stdout.readline()
        discretion.must_not_tell(told, {SECRET}, "the device")
        answer = told.split()
        if not answer:
            self.end()
            self.start()
            raise AssertionError("the device has crashed, or does not come back")
        return Visit(answer[0].replace("TWILIO_ERR_", "").replace("TWILIO_", ""), *map(int, answer[1:]))

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()


class Zoo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = servers.Servers(ZOO, WORK)
        cls.device = Device(DEVICE, ROOTS)
        cls.good = cls.servers.chain("good")
        cls.addClassCleanup(cls.servers.stop)
        cls.addClassCleanup(cls.good.close)

    @classmethod
    def tearDownClass(cls):
        if cls.device.end() != 0:
            raise AssertionError("the device has lost memory, a socket or its life")

    def holds(self, case, visit, expected, sent, timeout):
        self.assertEqual((visit.result, visit.committed), (expected, int(sent)), visit)
        self.assertEqual((visit.left, visit.secret), (0, 0), visit)
        self.assertLess(visit.took, timeout + SLACK, visit)
        if expected == "OK":
            self.assertEqual(visit.code, case.code, visit)

    def is_well(self):
        visit = self.device.visit(self.good.port)
        self.assertEqual((visit.result, visit.code, visit.opened), ("OK", 201, 1), visit)

    def check(self, case):
        server = self.servers.make(*case.server)
        self.addCleanup(server.close)
        expected = case.full if RECORD == FULL and case.full else case.result
        sent = case.sent or expected == "OK"
        timeout = case.device.get("timeout", USUAL["timeout"])
        if case.device.get("fresh") == 2:
            self.is_well()
        visit = self.device.visit(server.port, **case.device)
        opened = visit.opened
        self.holds(case, visit, expected, sent, timeout)
        if case.kept:
            if case.server[0] == "script":
                self.assertTrue(case.opened == 1 or server.quiet.wait(10))
            visit = self.device.visit(server.port, **{**case.device, "fresh": 0})
            opened += visit.opened
            self.holds(case, visit, case.kept, True, timeout)
        self.assertEqual((opened, visit.resumed), (case.opened, int(case.resumed)))
        self.is_well()


def name_of(case):
    return "test_" + "".join(c if c.isalnum() else "_" for c in case.name)


for one in CASES:
    assert not hasattr(Zoo, name_of(one)), one.name
    setattr(Zoo, name_of(one), lambda self, case=one: self.check(case))


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    RECORD, ZOO, WORK, DEVICE = int(sys.argv[1]), servers.ca.make(sys.argv[2]), sys.argv[3], sys.argv[4]
    servers.make_more(ZOO, WORK)
    ROOTS = [os.path.join(ZOO, name) for name in ("root.der", "ecdsa-root.der")]
    ROOTS += [os.path.join(WORK, name + "-root.der")
              for name in ("p384", "rsa4096", "weak", "sha1", "nested", "bottomless")]
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
