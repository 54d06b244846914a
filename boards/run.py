#!/usr/bin/python3
"""Build and run an application on an emulated board, and show what the device and Twilio say.

    boards/run [BOARD [APP]] [--live] [--pcap FILE]

BOARD   lm3s6965evb (64 KB RAM, the default), mps2-an385, or linux: this machine, natively
APP     alarm (the default): the input trips, an SMS goes out and, when nobody answers it, a call;
        exit status 0 when a person has answered one of them
        console: commands typed here, "help" lists them, "exit" ends it
--live  talk to Twilio itself, with the credentials and numbers in the environment:
        TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET),
        TWILIO_FROM, TWILIO_TO. It sends a real SMS and makes a real call.
        Without it: a stand-in on this machine, whose authority the device trusts instead.
--pcap FILE
        write all that goes over the emulated board's Ethernet to FILE, for Wireshark; and, without --live,
        what decrypts it to FILE.keys: Preferences, Protocols, TLS, (Pre)-Master-Secret log filename, or
        tshark -r FILE -o tls.keylog_file:FILE.keys -Y http

SPDX-License-Identifier: MIT
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ZOO = os.path.join(ROOT, "build", "zoo")  # certificates of the stand-in's own authority
QEMU = {
    "lm3s6965evb": ["-M", "lm3s6965evb", "-nic", "user,id=net,model=stellaris"],
    "mps2-an385": ["-M", "mps2-an385", "-nic", "user,id=net,model=lan9118"],
}
BOARDS = ("lm3s6965evb", "mps2-an385", "linux")
APPS = ("alarm", "console")
HOST = "10.0.2.2"   # this machine, as the device sees it
PATIENCE = "2"      # seconds for an answer to the SMS, of which the stand-in has none; then the call
TIME_LIMIT = 1000   # seconds for the alarm to be acknowledged
SINCE_1900 = 2208988800
HARMLESS = re.compile("Timer with period zero|terminating on signal 2")  # of the emulator's complaints

NAMES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_EDGE",
         "TWILIO_REGION", "TWILIO_FROM", "TWILIO_TO", "TWILIO_CONNECT_TO", "TWILIO_NTP_SERVER",
         "TWILIO_DNS_SERVER")
STAND_IN = {
    "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
    "TWILIO_AUTH_TOKEN": "fedcba9876543210" * 2,
    "TWILIO_FROM": "+15005550006",
    "TWILIO_TO": "+15558675310",
}


def arguments():
    usage = __doc__.partition("\nSPDX")[0]
    parser = argparse.ArgumentParser()
    parser.format_help = lambda: usage + "\n"
    parser.error = lambda _: sys.exit(usage)
    parser.add_argument("board", nargs="?", default="lm3s6965evb", choices=BOARDS)
    parser.add_argument("app", nargs="?", default="alarm", choices=APPS)
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--pcap", type=os.path.abspath)
    given = parser.parse_args()
    if given.pcap and given.board not in QEMU:
        sys.exit("boards/run: it is the emulator that writes --pcap, and linux has none: "
                 f"take {' or '.join(QEMU)}")
    return given


def quietly(*command):
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout[-4000:]}\nboards/run: {os.path.basename(command[0])} failed")


def build(board, app, live):
    """The image, with the built-in trust anchors for Twilio itself, else the stand-in's authority's."""
    preset = board if live else f"standin-{board}"
    if not live:
        quietly("/usr/bin/python3", "tests/server/ca.py", ZOO)
    made = os.path.join(ROOT, "build", preset, "build.ninja")
    presets = os.path.join(ROOT, "CMakePresets.json")
    if not os.path.exists(made) or os.path.getmtime(made) < os.path.getmtime(presets):
        quietly("cmake", "--preset", preset)
    quietly("cmake", "--build", "--preset", preset, "--target", app)
    return os.path.join(ROOT, "build", preset, app if board == "linux" else app + ".elf")


# ---- Twilio, or its stand-in ---------------------------------------------------


def say(who, lines):
    """Print what one side says, as it comes."""
    for line in lines:
        print(f"{who:<6} | {line.rstrip()}", flush=True)


@contextlib.contextmanager
def stand_in(folder, keys):
    """Twilio's stand-in, which writes the keys of its TLS sessions to that file, if any. Gives the settings
    for it, and the file that it notes the requests in."""
    record = os.path.join(folder, "requests")
    command = ["/usr/bin/python3", "tests/server/standin.py", "--chain", f"{ZOO}/good", "--json", record]
    server = subprocess.Popen(
        command + (["--keys", keys] if keys else []), cwd=ROOT, env=clean_environment() | STAND_IN,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
    ready = server.stdout.readline().split()
    if ready[:1] != ["ready"]:
        sys.exit("boards/run: the stand-in for Twilio did not start")
    shown = threading.Thread(target=say, args=("Twilio", server.stdout))
    shown.start()
    try:
        here = {"TWILIO_CONNECT_TO": f"{HOST}:{ready[1]}", "ALARM_PATIENCE": PATIENCE}
        yield STAND_IN | here | time_server(), record
    finally:
        server.terminate()
        shown.join()
        server.wait()


def time_server():
    """Answer SNTP on this machine, if the port is ours to have; else the device asks the Internet."""
    try:
        port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port.bind(("127.0.0.1", 123))
    except OSError:
        return {}

    def serve():
        while True:
            request, client = port.recvfrom(512)
            if len(request) >= 48:
                now = struct.pack(">Q", int((time.time() + SINCE_1900) * 2**32))
                port.sendto(b"\x24\x01" + bytes(22) + request[40:48] + now + now, client)

    threading.Thread(target=serve, daemon=True).start()
    return {"TWILIO_NTP_SERVER": HOST}


def from_environment(app):
    """The settings of --live."""
    settings = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
    secret = "TWILIO_API_SECRET" if "TWILIO_API_KEY" in settings else "TWILIO_AUTH_TOKEN"
    wanted = ["TWILIO_ACCOUNT_SID", secret]
    wanted += ["TWILIO_FROM", "TWILIO_TO"] if app == "alarm" else []
    missing = [name for name in wanted if name not in settings]
    if missing:
        sys.exit(f"boards/run: --live wants {', '.join(missing)} in the environment")
    return settings


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}


# ---- The device ----------------------------------------------------------------


def write_settings(folder, settings):
    """Where an emulated board looks for them; never on a command line, which all can read."""
    path = os.path.join(folder, "settings")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())


def dump_to(pcap):
    """What tells the emulator to write all frames to that file."""
    return ["-object", "filter-dump,id=dump,netdev=net,file=" + pcap.replace(",", ",,")] if pcap else []


def start_device(board, image, settings, folder, pcap, **streams):
    environment = clean_environment()
    if board == "linux":
        command, environment = [image], environment | settings
    else:
        write_settings(folder, settings)
        command = ["qemu-system-arm", *QEMU[board], *dump_to(pcap), "-kernel", image, "-display", "none",
                   "-monitor", "none", "-serial", "stdio", "-qmp", "unix:qmp,server=on,wait=off",
                   "-semihosting-config", "enable=on,target=native"]
    with open(os.path.join(folder, "errors"), "w", encoding="utf-8") as errors:
        return subprocess.Popen(command, cwd=folder, env=environment, stderr=errors, **streams)


def show_errors(folder):
    """What the emulator, or the program for this machine, complained about."""
    with open(os.path.join(folder, "errors"), encoding="utf-8") as errors:
        say("host", [line for line in errors if not HARMLESS.search(line)])


def trip(board, device, folder):
    """Press the board's button; the one that has none takes a 't' on its console."""
    if board == "linux":
        device.send_signal(signal.SIGUSR1)
    elif board == "lm3s6965evb":
        select = {"keys": [{"type": "qcode", "data": "ctrl"}], "hold-time": 100}
        press = {"execute": "send-key", "arguments": select}
        with socket.socket(socket.AF_UNIX) as qmp:
            qmp.connect(os.path.join(folder, "qmp"))
            answers = qmp.makefile("r")
            answers.readline()  # a greeting
            for command in ({"execute": "qmp_capabilities"}, press, press):  # the first press wakes the pin
                qmp.sendall(json.dumps(command).encode())
                if "error" in answers.readline():
                    sys.exit("boards/run: the emulator takes no key")
    else:
        device.stdin.write("t")
        device.stdin.flush()


def run_alarm(board, image, settings, folder, pcap):
    """Start the panel, trip it, show what it prints; whether it says that all went well."""
    device = start_device(board, image, settings | {"ALARM_ONCE": "1"}, folder, pcap,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    limit = threading.Timer(TIME_LIMIT, device.kill)
    limit.start()
    try:
        for line in device.stdout:
            say("device", [line])
            if line.startswith("armed"):
                trip(board, device, folder)
        return device.wait() == 0
    finally:
        limit.cancel()
        device.kill()
        device.wait()


def run_console(board, image, settings, folder, pcap):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the device's; we tidy up after it
    device = start_device(board, image, settings, folder, pcap,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    return device.wait() == 0


def sent(record):
    """Whether the stand-in has taken one message and one call."""
    with open(record, encoding="utf-8") as file:
        requests = [json.loads(line) for line in file]
    made = [request["path"].rsplit("/", 1)[1] for request in requests if request["code"] == 201]
    return made == ["Messages.json", "Calls.json"]


def start_dump(pcap, live):
    """Make the file of the dump, and of its keys if there are to be any, empty. Returns the latter."""
    keys = None if live else pcap + ".keys"
    try:
        for path in (pcap, keys) if keys else (pcap,):
            open(path, "wb").close()
    except OSError as error:
        sys.exit(f"boards/run: --pcap: {error}")
    return keys


def main():
    given = arguments()
    settings = from_environment(given.app) if given.live else None
    keys = start_dump(given.pcap, given.live) if given.pcap else None
    print(f"building {given.app} for {given.board} ...", flush=True)
    image = build(given.board, given.app, given.live)
    run = {"alarm": run_alarm, "console": run_console}[given.app]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="twilio-mcu-")
    try:
        if given.live:
            done = run(given.board, image, settings, folder, given.pcap)
        else:
            with stand_in(folder, keys) as (settings, record):
                done = run(given.board, image, settings, folder, given.pcap)
            done = done and (given.app != "alarm" or sent(record))
        show_errors(folder)
    finally:
        shutil.rmtree(folder)
    if given.pcap:
        print(f"the wire is in {given.pcap}" + (f", what decrypts it in {keys}" if keys else ""))
    if given.app == "alarm":
        print("the SMS and the call went out" if done else "the alarm did not go out as it should")
    sys.exit(0 if done else 1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
