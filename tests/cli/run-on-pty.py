"""Runs a program on a new pseudoterminal: python3 run-on-pty.py '{"argv": [...], "size": [columns, rows], "steps": [...]}'

A step is ["wait", text] (for what comes out after what was waited for last), ["type", text], ["resize", columns, rows],
["signal", number] (to the program) or ["sleep", seconds]. Prints JSON: "output", "code" (a shell's: 128 + a signal's
number), "cooked" (does the terminal echo, edit lines and make line ends again after the program's end?), and "missed", the text that did
not come in time, or null.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 20


def main():
    plan = json.loads(sys.argv[1])
    master, slave = pty.openpty()
    resize(master, *plan["size"])
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in range(3):
            if fd not in plan.get("pipes", []):
                os.dup2(slave, fd)
            else:
                os.dup2(os.open(os.devnull, os.O_RDWR), fd)
        os.closerange(3, 256)
        os.execvp(plan["argv"][0], plan["argv"])
    seen = b""
    place = 0
    missed = None

    def listen(until):
        nonlocal seen
        if select.select([master], [], [], max(0, until - time.time()))[0]:
            seen += os.read(master, 65536)

    for kind, *arguments in plan["steps"]:
        if kind == "wait":
            text = arguments[0].encode()
            until = time.time() + PATIENCE
            while text not in seen[place:] and time.time() < until:
                listen(until)
            if text not in seen[place:]:
                missed = arguments[0]
                os.kill(pid, 9)
                break
            place = seen.index(text, place) + len(text)
        elif kind == "type":
            os.write(master, arguments[0].encode())
        elif kind == "resize":
            resize(master, *arguments)
        elif kind == "signal":
            os.kill(pid, arguments[0])
        elif kind == "sleep":
            until = time.time() + arguments[0]
            while time.time() < until:
                listen(until)
    until = time.time() + PATIENCE
    status = None
    while time.time() < until:
        listen(time.time() + 0.05)
        done, status = os.waitpid(pid, os.WNOHANG)
        if done != 0:
            break
    else:
        missed = "the end of the program"
        os.kill(pid, 9)
        _, status = os.waitpid(pid, 0)
    listen(time.time() + 0.05)
    both = termios.ICANON | termios.ECHO
    after = termios.tcgetattr(slave)
    print(json.dumps({
        "output": seen.decode("utf-8", "replace"),
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status),
        "cooked": after[3] & both == both and after[1] & termios.OPOST != 0,
        "missed": missed,
    }))


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


main()
