#!/usr/bin/python3
"""The alarm panel loses power again and again, at any moment: each alert arrives, and none twice.

    test_power.py BOARD ALARM ZOO [KILLS [SEED]]

The firmware runs in the emulator over real lwIP and TLS, to a Twilio that keeps what it received; its
flash is a file that outlives the emulator. That is killed without warning, wherever it is: as it starts,
writes its flash, shakes hands, sends, waits for the answer. In each life an alert or two are raised at a
moment by chance. Those which the panel said to have kept must all arrive, each once; one that it had no time
to speak of, once or never. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import collections
import os
import random
import re
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "../e2e"), os.path.join(HERE, "../server")]
import ca  # noqa: E402
import standin  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from device import Device  # noqa: E402

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
FROM, TO = "+15005550010", "+15005550006"
SETTINGS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": FROM, "TWILIO_TO": TO,
            "ALARM_SETTLE": "1", "ALARM_QUIET": "0", "ALARM_PER_HOUR": "0", "ALARM_DEADLINE": "30000"}
LIFE = 1.2        # seconds that a life lasts at most
SENDING = 0.12    # seconds in which a message goes out
REST_AFTER = 40   # lives: then power stays on until all is over
SETTLED = 240     # seconds in which all must be over then


class Panel:
    def __init__(self, board, image, flash):
        self.board, self.image, self.flash = board, image, flash
        self.kept = set()

    def boot(self):
        return Device(self.board, self.image, SETTINGS, flash=self.flash)

    def note(self, device):
        self.kept.update(int(number) for number in re.findall(r"^alert (\d+): kept", device.said, re.M))

    def live_and_die(self, chance):
        """Alerts that are worth an SMS alone are raised: no call hides which was lost."""
        device = self.boot()
        try:
            if chance.random() < 0.5:
                self.die_at_any_moment(device, chance)
            else:
                self.die_while_sending(device, chance)
        finally:
            device.stop()  # SIGKILL
        self.note(device)

    def die_at_any_moment(self, device, chance):
        began, end = time.monotonic(), chance.uniform(0.05, LIFE)
        moments = sorted(chance.uniform(0, LIFE) for _ in range(chance.choice((1, 1, 2))))
        for moment in [moment for moment in moments if moment < end] + [end]:
            time.sleep(max(0, moment - (time.monotonic() - began)))
            if moment != end:
                device.type("b")

    def die_while_sending(self, device, chance):
        device.type("b")
        device.wait("SMS: sending", 30)
        time.sleep(chance.uniform(0, SENDING))

    def rest(self):
        """Power stays on until all is over."""
        device = self.boot()
        try:
            deadline = time.monotonic() + SETTLED
            while True:
                device.type("s")
                live = int(device.wait(r"\nalerts: (\d+) live", 20).group(1))
                if live == 0:
                    break
                assert time.monotonic() < deadline, "alerts do not come to their end:\n" + device.said[-3000:]
                time.sleep(0.5)
        finally:
            device.stop()
        self.note(device)


def tokens(twilio):
    """How often Twilio made a message of each alert."""
    token = re.compile(r"#A1-([0-9A-F]+)(\.[0-9A-F]+)? ")
    return collections.Counter(int(token.match(thing["body"]).group(1), 16)
                               for thing in twilio.things["Messages"].values())


def main():
    board, image, zoo = sys.argv[1:4]
    kills = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
    print("seed %d" % seed, flush=True)
    chance = random.Random(seed)
    names, clock = world.NameServer(), world.TimeServer()
    zoo = ca.make(zoo)
    server = wire.Server(None, os.path.join(zoo, "good"), ("127.0.0.1", 443)).start()
    twilio = standin.Twilio(SID, {SID: TOKEN})
    server.answer = twilio.answer

    with tempfile.TemporaryDirectory(prefix="twilio-") as folder:
        panel = Panel(board, image, os.path.join(folder, "flash"))
        for life in range(1, kills + 1):
            panel.live_and_die(chance)
            if life % REST_AFTER == 0 or life == kills:
                panel.rest()

    made = tokens(twilio)
    looked = [entry for entry in twilio.requests
              if entry["method"] == "GET" and ("To", TO) in entry["query"]]
    print("%d kills: %d alerts kept, %d messages made, %d times looked for one first"
          % (kills, len(panel.kept), sum(made.values()), len(looked)))
    lost = sorted(panel.kept - set(made))
    twice = sorted(number for number, times in made.items() if times > 1)
    assert not lost, "lost: %s" % lost
    assert not twice, "sent more than once: %s" % twice
    assert len(panel.kept) >= kills // 2, "too few alerts: nothing is shown"
    assert len(looked) >= kills // 20, "power was never lost where it matters"
    assert names.asked and clock.asked


if __name__ == "__main__":
    world.enter()
    main()
