#!/usr/bin/env python3
"""Records what a pseudoterminal of a real Linux does with typed bytes: one line of JSON for each case.

    python3 tests/devices/record-tty.py > tests/devices/transcripts/tty.jsonl

A case is a terminal's settings and a list of steps, each done on a new pty whose slave is the recorder's controlling
terminal: ["feed", hex] types, ["read", count] and ["write", hex] are made on the slave without blocking, ["set", settings]
is TCSETS. Recorded after each step: "result" (hex, a number, or an errno's name), "out" (what came out at the master, hex),
"signals" (their numbers, each once), "queued" (FIONREAD) and "events" (poll's POLLIN and POLLOUT).
"""
import errno
import fcntl
import json
import os
import random
import select
import signal
import struct
import sys
import termios
import time

IFLAGS = {"ISTRIP": 0x20, "INLCR": 0x40, "IGNCR": 0x80, "ICRNL": 0x100, "IUCLC": 0x200, "IXON": 0x400, "IXANY": 0x800,
          "IUTF8": 0x4000, "PARMRK": 8}
OFLAGS = {"OPOST": 1, "OLCUC": 2, "ONLCR": 4, "OCRNL": 8, "ONOCR": 0x10, "ONLRET": 0x20, "XTABS": 0x1800}
LFLAGS = {"ISIG": 1, "ICANON": 2, "ECHO": 8, "ECHOE": 0x10, "ECHOK": 0x20, "ECHONL": 0x40, "NOFLSH": 0x80,
          "ECHOCTL": 0x200, "ECHOPRT": 0x400, "ECHOKE": 0x800, "IEXTEN": 0x8000, "EXTPROC": 0x10000}
SANE = {"i": 0x500, "o": 5, "l": 0x8a3b}
CC = [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0]
SIGNALS = []


def settings(i=SANE["i"], o=SANE["o"], l=SANE["l"], **cc):
    names = {"EOF": 4, "TIME": 5, "MIN": 6, "EOL": 11, "EOL2": 16}
    table = list(CC)
    for name, value in cc.items():
        table[names[name]] = value
    return {"i": i, "o": o, "l": l, "cc": table}


def apply(slave, wanted):
    fmt = "<IIIIB19s"
    _, _, cflag, _, line, _ = struct.unpack(fmt, fcntl.ioctl(slave, 0x5401, bytes(36)))
    fcntl.ioctl(slave, 0x5402, struct.pack(fmt, wanted["i"], wanted["o"], cflag, wanted["l"], line, bytes(wanted["cc"])))


def drain(master):
    """Until nothing has come for a while."""
    got = b""
    quiet = 0
    while quiet < 3:
        if select.select([master], [], [], 0.0015)[0]:
            got += os.read(master, 65536)
            quiet = 0
        else:
            quiet += 1
    return got


def attempt(work):
    try:
        return work()
    except OSError as error:
        return errno.errorcode[error.errno]


def record(name, first, steps):
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 1)
    os.set_blocking(slave, False)
    apply(slave, first)
    done = []
    poll = select.poll()
    poll.register(slave, select.POLLIN | select.POLLOUT)
    for step in steps:
        kind, argument = step
        SIGNALS.clear()
        result = 0
        if kind == "feed":
            os.write(master, bytes.fromhex(argument))
        elif kind == "set":
            apply(slave, argument)
        elif kind == "read":
            result = attempt(lambda: os.read(slave, argument).hex())
        elif kind == "write":
            result = attempt(lambda: os.write(slave, bytes.fromhex(argument)))
        out = drain(master).hex()
        queued = struct.unpack("<i", fcntl.ioctl(slave, termios.FIONREAD, bytes(4)))[0]
        events = dict(poll.poll(0)).get(slave, 0)
        done.append({"do": step, "result": result, "out": out, "signals": sorted(set(SIGNALS)), "queued": queued,
                     "events": events})
    fcntl.ioctl(slave, termios.TIOCNOTTY)
    os.close(slave)
    os.close(master)
    SIGNALS.clear()
    print(json.dumps({"name": name, "settings": first, "steps": done}, separators=(",", ":")))


def feed(text):
    return ["feed", (text if isinstance(text, bytes) else text.encode()).hex()]


def typed(text, *reads):
    return [feed(bytes([byte])) for byte in text] + [["read", count] for count in reads]


L = LFLAGS
CANON = SANE["l"]
RAW = {"i": 0, "o": 0, "l": 0}
FIXED = [
    ("a line", settings(), typed(b"hello\n", 100, 100)),
    ("a line in pieces", settings(), [feed("one\ntwo\nthr"), ["read", 2], ["read", 100], ["read", 100], ["read", 9], feed("ee\n"), ["read", 100]]),
    ("ERASE", settings(), typed(b"abc\x7f\x7f\x7f\x7fd\n", 9)),
    ("ERASE of control characters and tabs", settings(), typed(b"\x01a\tb\t\t\x7f\x7f\x7f\x7f\x7f\x7f\n", 9)),
    ("ERASE without ECHOE", settings(l=CANON & ~L["ECHOE"]), typed(b"abc\x7f\x7fd\n", 9)),
    ("ERASE without ECHOCTL", settings(l=CANON & ~L["ECHOCTL"]), typed(b"a\x01\tb\x7f\x7f\x7f\x7fd\n", 9)),
    ("ERASE with ECHOPRT", settings(l=CANON | L["ECHOPRT"]), typed(b"abc\x7f\x7fd\x15e\n", 9)),
    ("ERASE of UTF-8", settings(i=SANE["i"] | 0x4000), typed("aé€😀\x7f\x7f\x7f\x7f\n".encode(), 9)),
    ("ERASE of UTF-8 bytes without IUTF8", settings(), typed("aé\x7f\x7f\n".encode(), 9)),
    ("KILL", settings(), typed(b"abc\x15d\n", 9)),
    ("KILL without ECHOKE", settings(l=CANON & ~L["ECHOKE"]), typed(b"abc\x15d\n", 9)),
    ("KILL without ECHOK", settings(l=CANON & ~L["ECHOK"]), typed(b"abc\x15d\n", 9)),
    ("KILL without ECHO", settings(l=CANON & ~L["ECHO"]), typed(b"abc\x15d\n", 9)),
    ("WERASE", settings(), typed(b"one two_2 (3)  \x17\x17\x17x\n", 99)),
    ("LNEXT", settings(), typed(b"a\x16\x03\x16\n\x16\x04b\x7f\n", 99)),
    ("REPRINT", settings(), typed(b"ab\x01c\x12d\n", 99)),
    ("EOF", settings(), typed(b"ab\x04", 99) + typed(b"\x04", 99) + typed(b"c\n\x04", 99, 99, 99)),
    ("EOF behind a full buffer", settings(), typed(b"abc\x04", 3, 3)),
    ("EOL and EOL2", settings(EOL=0x3b, EOL2=0x2e), typed(b"a;b.c\n", 99, 99, 99)),
    ("a changed EOF", settings(EOF=0x78), typed(b"ax\x04\n", 99, 99)),
    ("INTR flushes", settings(), [feed("abc\ndef"), feed(b"g\x03h\n"), ["read", 99]]),
    ("INTR with NOFLSH", settings(l=CANON | L["NOFLSH"]), [feed("abc\ndef"), feed(b"g\x03h\n"), ["read", 99], ["read", 99]]),
    ("QUIT and SUSP", settings(), typed(b"a\x1cb\x1a\n", 99)),
    ("INTR without ISIG", settings(l=CANON & ~L["ISIG"]), typed(b"a\x03b\n", 99)),
    ("carriage return", settings(i=0), typed(b"a\rb\n", 99)),
    ("IGNCR", settings(i=0x180), typed(b"a\rb\n", 99)),
    ("INLCR", settings(i=0x40), typed(b"a\nb", 99) + typed(b"\x04", 99)),
    ("ISTRIP", settings(i=0x520), typed(b"\xe1\xe2\n", 99)),
    ("IUCLC", settings(i=0x700), typed(b"AbC\xc0\n", 99)),
    ("PARMRK", settings(i=0x508), typed(b"\xff\n", 99)),
    ("stop and start", settings(), [feed(b"a\x13b"), ["write", b"out".hex()], feed(b"c\x11d\n"), ["write", b"out".hex()], ["read", 99]]),
    ("IXANY", settings(i=0xd00), [feed(b"a\x13"), ["write", b"out".hex()], feed(b"c"), ["write", b"out".hex()]]),
    ("^S held, then IXON goes", settings(), [feed(b"a\x13b"), ["set", settings(i=0x100)], ["write", b"out".hex()]]),
    ("ONLCR, tabs, columns", settings(), [["write", b"a\tb\nc\rd\x08\te".hex()], feed("x\ty\x7f\x7f\x7f")]),
    ("XTABS", settings(o=0x1805), [["write", b"a\tb\n\tc".hex()], feed("x\ty\x7f\x7f\x7f")]),
    ("OCRNL, ONOCR, ONLRET", settings(o=0x39), [["write", b"\rab\r\rc\nd\r\te".hex()]]),
    ("OLCUC", settings(o=7), [["write", b"abc\xe4\xff\xdf1".hex()]]),
    ("no OPOST", settings(o=0), [["write", b"a\tb\n".hex()], feed("x\t\x7fy\n"), ["read", 9]]),
    ("no echo but ECHONL", settings(l=(CANON & ~L["ECHO"]) | L["ECHONL"]), typed(b"secret\n", 99)),
    ("raw", settings(**RAW), [["read", 9], feed(b"a\x03\x04\r\n\x00\xff"), ["read", 3], ["read", 99], ["read", 9]]),
    ("raw with MIN 0", settings(**RAW, MIN=0), [["read", 9], feed("ab"), ["read", 1], ["read", 9], ["read", 9]]),
    ("raw with MIN 3", settings(**RAW, MIN=3), [feed("ab"), ["read", 9], feed("c"), ["read", 9], feed("defgh"), ["read", 2], ["read", 9]]),
    ("cbreak", settings(l=CANON & ~L["ICANON"]), typed(b"a\x7f\x15\x03b\n\t\x01\r", 99)),
    ("canonical to raw with a line typed", settings(), [feed("abc"), ["read", 9], ["set", settings(**RAW)], ["read", 9]]),
    ("canonical to raw with a line and a half", settings(), [feed("abc\nde"), ["set", settings(**RAW)], ["read", 99]]),
    ("raw to canonical with bytes there", settings(**RAW), [feed("abc"), ["set", settings()], ["read", 9], feed("d\n"), ["read", 9]]),
    ("an overfull line", settings(l=CANON & ~L["ECHO"]), [["feed", b"x".hex() * 3000], ["feed", b"y".hex() * 3000], feed("z"), feed("\n"), ["read", 3000], ["read", 3000], ["read", 3000]]),
    ("an overfull line, erased", settings(l=CANON & ~L["ECHO"]), [["feed", b"x".hex() * 3000], ["feed", b"y".hex() * 3000], feed("\x15a\n"), ["read", 3000]]),
    ("a full raw buffer", settings(**RAW), [["feed", b"x".hex() * 3000], ["feed", b"y".hex() * 3000], ["read", 5000], ["read", 5000], ["read", 5000]]),
    ("EXTPROC", settings(l=CANON | L["EXTPROC"]), typed(b"a\x7f\x03\n", 99)),
]

ALPHABET = (b"abcXYZ019_ ;.-" * 2 + b"\t\t\x7f\x7f\x7f\x15\x17\x16\x12\x04\n\n\n\r\r\x03\x1c\x1a\x11\x11\x13\x08\x01\x1b\x00"
            + b"\xc3\xa9\xe2\x82\xac\xff\x80\x81\x82\xd7\xf7")


def some(rng, flags, chance):
    return sum(bit for bit in flags.values() if rng.random() < chance)


def random_settings(rng):
    cc = {"MIN": rng.randrange(4), "EOL": rng.choice([0, 0, 0x3b, 0xff]), "EOL2": rng.choice([0, 0x2e])}
    if rng.random() < 0.6:
        return settings(SANE["i"] ^ some(rng, IFLAGS, 0.12), SANE["o"] ^ some(rng, OFLAGS, 0.12),
                        CANON ^ some(rng, LFLAGS, 0.12), **cc)
    return settings(some(rng, IFLAGS, 0.4), some(rng, OFLAGS, 0.4), some(rng, LFLAGS, 0.5), **cc)


def random_case(number):
    rng = random.Random(number)
    some_bytes = lambda: bytes(rng.choice(ALPHABET) for _ in range(rng.randrange(1, 14)))
    steps = []
    for _ in range(rng.randrange(6, 14)):
        dice = rng.random()
        if dice < 0.55:
            steps.append(["feed", some_bytes().hex()])
        elif dice < 0.82:
            steps.append(["read", rng.choice([1, 2, 3, 5, 99])])
        elif dice < 0.94:
            steps.append(["write", some_bytes().hex()])
        else:
            steps.append(["set", random_settings(rng)])
    record(f"random {number}", random_settings(rng), steps)


def main():
    os.setsid()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, lambda got, _frame: SIGNALS.append(got))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for name, first, steps in FIXED:
        record(name, first, steps)
    for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 250):
        random_case(number)


if __name__ == "__main__":
    if os.fork() == 0:
        main()
    else:
        os.wait()
