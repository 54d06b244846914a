#!/usr/bin/python3
"""The alarm panel loses power again and again, at any moment: each alert arrives, and none twice.

    test_power.py BOARD ALARM ZOO [KILLS [SEED]]

The firmware runs in the emulator over real lwIP and TLS, to a Twilio that keeps what it received, and that
fails by chance: it answers 500 to what it carried out or did not, cuts its answers, says nothing. The flash
is a file that outlives the emulator. That is killed without warning, wherever it is: as it starts, writes its
flash, shakes hands, sends, waits for the answer, or between a message and the call that follows it.

A low battery is worth a message. Those alerts which the panel said to have kept must all arrive, each once;
one that it had no time to speak of, once or never. A fire is worth a message, then a call, which a person
takes: each once, too. Of calls only numbers and time tell which alert they are of, so there is one fire at a
time, and some minutes pass, by all clocks, until the next.

Several panels lose power side by side, for they mostly wait. Needs root (see world.py).

SPDX-License-Identifier: MIT
"""
import collections
import concurrent.futures
import email.utils
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
            "ALARM_SETTLE": "1", "ALARM_QUIET": "0", "ALARM_PER_HOUR": "0", "ALARM_DEADLINE": "30000",
            "ALARM_PATIENCE": "1"}
HOUSES = 4        # panels side by side
LIFE = 1.2        # seconds that a life lasts at most that ends at any moment
SENDING = 0.12    # seconds in which a message goes out
REST_AFTER = 20   # kills: then power stays on until all is over
SETTLED = 240     # seconds in which all must be over then
FIRES = 0.25      # of what begins, so much is a fire
BETWEEN = 180     # seconds from one fire to the next
FAULTS = ("500", "500", "500-after", "500-after", "503", "reset-answer", "reset-answer", "reset-body", "cut",
          "truncated", "reset-handshake", "reset-open", "silence-answer")
STAGES = ("SMS: sending", "SMS: accepted", "call: sending", "call: sending", "call: accepted")


class Clock(world.TimeServer):
    """Time of day, for the panels and for Twilio, may leap ahead."""

    def __init__(self):
        super().__init__()
        formatdate = email.utils.formatdate
        email.utils.formatdate = lambda **how: formatdate(time.time() + self.offset, **how)

    def leap(self):
        self.offset += BETWEEN


class House:
    """A panel with its flash, and a Twilio of its own."""

    def __init__(self, number, chance, board, image, zoo, flash):
        self.number, self.chance = number, chance
        self.board, self.image, self.flash = board, image, flash
        self.chain = os.path.join(zoo, "good")
        self.twilio = standin.Twilio(SID, {SID: TOKEN})
        address = ("127.0.0.1", 0 if number else 443)
        self.server = wire.Server(self.twilio.answer, self.chain, address).start()
        self.settings = dict(SETTINGS)
        if number:  # the first one has to ask for api.twilio.com
            self.settings["TWILIO_CONNECT_TO"] = "%s:%d" % (world.HOST, self.server.port)
        self.kept, self.fires, self.kills = set(), set(), 0
        self.lives = []  # what was said in each, after how it was

    def boot(self):
        return Device(self.board, self.image, self.settings, flash=self.flash)

    def fail(self, fault, times=1):
        of_answer = fault in standin.ANSWER_FAULTS
        self.twilio.fault, self.twilio.times = (fault, times) if of_answer else (None, None)
        self.server.behave(self.chain, fault=None if of_answer else fault, times=times)

    def fail_by_chance(self):
        fault = self.chance.choice(FAULTS) if self.chance.random() < 0.5 else None
        self.fail(fault, self.chance.choice((1, 1, 2)))
        return fault

    def live(self, how):
        """Power on; how(device) goes on until there is none."""
        device, fault = self.boot(), self.server.fault or self.twilio.fault
        try:
            how(device)
        finally:
            device.stop()  # SIGKILL
            self.lives.append(("fault %s, %s" % (fault, how.__name__), device.said))
            self.kept.update(int(number) for number in re.findall(r"^alert (\d+): kept", device.said, re.M))

    def live_and_die(self, how):
        self.fail_by_chance()
        self.live(how)
        self.kills += 1

    # ---- A low battery

    def die_at_any_moment(self, device):
        began, end = time.monotonic(), self.chance.uniform(0.05, LIFE)
        moments = sorted(self.chance.uniform(0, LIFE) for _ in range(self.chance.choice((1, 1, 2))))
        for moment in [moment for moment in moments if moment < end] + [end]:
            time.sleep(max(0, moment - (time.monotonic() - began)))
            if moment != end:
                device.type("b")

    def die_while_sending(self, device):
        device.type("b")
        device.wait("SMS: sending", 60)
        time.sleep(self.chance.uniform(0, SENDING))

    # ---- A fire

    def fire(self):
        """From the input until there is a call, with power failing some times in between."""
        before, known = len(self.twilio.things["Calls"]), set(self.kept)
        CLOCK.leap()
        self.live_and_die(self.trip_and_die)
        self.fires |= self.kept - known
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            self.live_and_die(self.die_on_the_ladder)
        self.fail(None)
        self.live(self.see_it_called)
        calls = len(self.twilio.things["Calls"]) - before
        assert calls == 1, "%d calls for fire %d" % (calls, max(self.fires))

    def trip_and_die(self, device):
        device.type("t")
        device.wait(r"\nalert \d+: kept", 60)
        self.die_on_the_ladder(device)

    def die_on_the_ladder(self, device):
        """At a stage, if it comes to that; else at any moment."""
        try:
            device.wait(self.chance.choice(STAGES), self.chance.uniform(0.3, 6))
        except AssertionError:
            if device.process.poll() is not None:
                raise
        time.sleep(self.chance.uniform(0, SENDING))

    def see_it_called(self, device):
        """Power stays on until there is a call, and the panel knows of it."""
        deadline = time.monotonic() + SETTLED
        called = re.compile(r"^alert %d, call: (accepted|acknowledged)" % max(self.fires), re.M)
        while not called.search(self.lives_of(max(self.fires)) + device.said):
            device.type("s")
            device.wait(r"alerts: \d+ live", 60)
            assert time.monotonic() < deadline, "no call for fire %d" % max(self.fires)
            time.sleep(0.1)

    # ---- The end

    def rest(self):
        self.fail(None)
        self.live(self.settle)

    def settle(self, device):
        """Power stays on until all is over; those with calls are then remembered for some minutes."""
        deadline = time.monotonic() + SETTLED
        while True:
            device.type("s")
            if int(device.wait(r"\nalerts: (\d+) live", 60).group(1)) <= len(self.fires):
                break
            assert time.monotonic() < deadline, "alerts do not come to their end"
            time.sleep(0.5)

    def lives_of(self, alert):
        """What was said in all lives that had to do with an alert."""
        return "".join("---- life %d, %s:\n%s\n" % (number, how, said)
                       for number, (how, said) in enumerate(self.lives, 1)
                       if re.search(r"^alert %d\b" % alert, said, re.M))

    def messages(self):
        """How many Twilio made of each alert."""
        token = re.compile(r"#A1-([0-9A-F]+)(\.[0-9A-F]+)? ")
        return collections.Counter(int(token.match(thing["body"]).group(1), 16)
                                   for thing in self.twilio.things["Messages"].values())

    def looked(self):
        return sum(entry["method"] == "GET" and ("To", TO) in entry["query"]
                   for entry in self.twilio.requests)

    def check(self):
        made = self.messages()
        wrong = {alert: made[alert] for alert in self.kept | set(made) if made[alert] != 1}
        assert not wrong, "of alerts so many messages were made: %s" % wrong
        assert len(self.twilio.things["Calls"]) == len(self.fires), "calls"

    def run(self, kills):
        rested = 0
        try:
            while self.kills < kills:
                if self.chance.random() < FIRES:
                    self.fire()
                else:
                    self.live_and_die(self.chance.choice((self.die_at_any_moment, self.die_while_sending)))
                if self.kills - rested >= REST_AFTER or self.kills >= kills:
                    rested = self.kills
                    self.rest()
            self.check()
        except AssertionError as error:
            made = self.messages()
            wrong = [alert for alert in sorted(self.kept | set(made)) if made[alert] != 1]
            said = "".join(map(self.lives_of, wrong)) or "".join(said for _, said in self.lives[-4:])
            return "panel %d: %s\n%s" % (self.number, error, said)
        return None


def main():
    board, image, zoo = sys.argv[1:4]
    kills = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
    print("seed %d" % seed, flush=True)
    zoo = ca.make(zoo)
    standin.PROGRESS.update(Messages=["queued", "delivered"], Calls=["queued", "in-progress", "completed"])
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="twilio-") as folder, \
            concurrent.futures.ThreadPoolExecutor(HOUSES) as pool:
        houses = [House(number, random.Random("%d %d" % (seed, number)), board, image, zoo,
                        os.path.join(folder, "flash%d" % number)) for number in range(HOUSES)]
        failures = [failure for failure in pool.map(lambda house: house.run(-(-kills // HOUSES)), houses)
                    if failure]
    total = {what: sum(len(getattr(house, what)) for house in houses) for what in ("kept", "fires")}
    looked, killed = sum(house.looked() for house in houses), sum(house.kills for house in houses)
    calls = sum(len(house.twilio.things["Calls"]) for house in houses)
    print("%d kills in %d s: %d alerts kept, %d messages; %d fires, %d calls; %d times looked first"
          % (killed, time.monotonic() - began, total["kept"],
             sum(sum(house.messages().values()) for house in houses), total["fires"], calls, looked))
    if failures:
        sys.exit("\n".join(failures) + "\nseed %d" % seed)
    assert total["kept"] >= kills // 2 and total["fires"] >= kills // 20, "too few alerts: nothing is shown"
    assert looked >= kills // 10, "power was never lost where it matters"
    assert NAMES.asked and CLOCK.asked


if __name__ == "__main__":
    world.enter()
    NAMES, CLOCK = world.NameServer(), Clock()
    main()
