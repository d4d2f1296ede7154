/**
 * A terminal as programs see it. Truth: the sentences of termios(3), ioctl_tty(2), tty(4), console(4). What typed bytes
 * become is compared with a real Linux in tty-transcript.test.ts.
 */
import { describe, expect, test } from "vitest";
import { EAGAIN, EFAULT, EINTR, EINVAL, EIO, ENOTTY, ESPIPE } from "../../abi/errno.ts";
import { F_SETFL, O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import {
  FIONREAD,
  TCFLSH,
  TCGETS,
  TCSBRK,
  TCSETS,
  TCSETSF,
  TCXONC,
  TIOCGETD,
  TIOCGWINSZ,
  TIOCSPGRP,
  TIOCSTI,
  TIOCSWINSZ,
  winsize,
} from "../../abi/ioctl.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../abi/poll.ts";
import { SIGHUP, SIGINT, SIGWINCH } from "../../abi/signal.ts";
import { makedev } from "../../abi/stat.ts";
import { B38400, CREAD, CS5, CS8, CSIZE, PARENB, TCIFLUSH, TCOOFF, TCOON, termios } from "../../abi/termios.ts";
import type { Libc } from "../../guests/libc.ts";
import { bootTerminal, int, readText, set, setRaw, settingsOf, type Terminal } from "./terminal.ts";

const now = ({ lab }: Terminal): number => lab.kernel.clock.now;
const TENTH = 1e8;

test("a program's standard files are one open terminal", async () => {
  const terminal = await bootTerminal({ columns: 132, rows: 50 });
  await terminal.lab.run(async (c) => {
    for (const fd of [0, 1, 2]) {
      // devices.txt: "4 char, 64 = /dev/ttyS0, First UART serial port".
      expect(c.fstat(fd)).toMatchObject({ st_rdev: makedev(4, 64) });
      expect(c.ioctlStruct(fd, TIOCGWINSZ, winsize)).toMatchObject({ ws_row: 50, ws_col: 132 });
      expect(c.lseek(fd, 0, 1)).toBe(-1);
      expect(c.errno).toBe(ESPIPE);
    }
    await c.print("one\n");
    await c.writeBytes(2, new TextEncoder().encode("two\n"));
    return 0;
  });
  expect(terminal.shown()).toBe("one\r\ntwo\r\n");
});

describe("noncanonical reads, termios(3)", () => {
  test('"MIN == 0, TIME == 0 (polling read)": what there is, or 0 at once', async () => {
    const terminal = await bootTerminal();
    await terminal.lab.run(async (c) => {
      setRaw(c, 0, 0);
      const begin = now(terminal);
      expect(await readText(c)).toBe("");
      terminal.type("ab");
      expect(await readText(c)).toBe("ab");
      // A non-blocking read too: 0, not EAGAIN.
      c.fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK);
      expect(await readText(c)).toBe("");
      expect(now(terminal)).toBe(begin);
      return 0;
    });
  });

  test('"MIN > 0, TIME == 0 (blocking read): read(2) blocks until MIN bytes are available"', async () => {
    const terminal = await bootTerminal();
    await terminal.lab.run(async (c) => {
      setRaw(c, 3, 0);
      terminal.type("ab");
      setTimeout(() => terminal.type("c"), 1);
      setTimeout(() => terminal.type("defgh"), 20);
      expect(await readText(c)).toBe("abc");
      // "… and returns up to the number of bytes requested", but no more than are asked for.
      expect(await readText(c, 0, 2)).toBe("de");
      expect(await readText(c)).toBe("fgh");
      c.fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK);
      expect([await readText(c), c.errno]).toEqual([-1, EAGAIN]);
      terminal.type("x");
      expect(await readText(c)).toBe("x");
      return 0;
    });
  });

  test('"MIN == 0, TIME > 0 (read with timeout)": "a timer that is started when read(2) is called"', async () => {
    const terminal = await bootTerminal();
    await terminal.lab.run(async (c) => {
      setRaw(c, 0, 5);
      const begin = now(terminal);
      // "If no data is available before the timeout, read() returns 0".
      expect(await readText(c)).toBe("");
      expect(now(terminal) - begin).toBe(5 * TENTH);
      terminal.type("a");
      // "read(2) returns either when at least one byte of data is available …"
      expect(await readText(c)).toBe("a");
      expect(now(terminal) - begin).toBe(5 * TENTH);
      return 0;
    });
  });

  test('"MIN > 0, TIME > 0 (read with interbyte timeout)"', async () => {
    const terminal = await bootTerminal();
    await terminal.lab.run(async (c) => {
      setRaw(c, 4, 2);
      // "Because the timer is started only after the initial byte is received, at least one byte will be read."
      setTimeout(() => terminal.type("a"), 1);
      const begin = now(terminal);
      expect(await readText(c)).toBe("a");
      expect(now(terminal) - begin).toBe(2 * TENTH);
      // "… MIN bytes have been received …"
      terminal.type("bcde");
      expect(await readText(c)).toBe("bcde");
      expect(now(terminal) - begin).toBe(2 * TENTH);
      // "… The number of bytes requested by read(2) has been received."
      terminal.type("fg");
      expect(await readText(c, 0, 2)).toBe("fg");
      return 0;
    });
  });

  test("what a signal interrupts gives the bytes that had come", async () => {
    const terminal = await bootTerminal();
    await terminal.lab.run(async (c) => {
      setRaw(c, 3, 0);
      c.sigaction(SIGWINCH, () => {});
      terminal.type("ab");
      setTimeout(() => terminal.port.resize({ columns: 10, rows: 10 }), 1);
      expect(await readText(c)).toBe("ab");
      setTimeout(() => terminal.port.resize({ columns: 11, rows: 10 }), 1);
      expect([await readText(c), c.errno]).toEqual([-1, EINTR]);
      return 0;
    });
  });
});

test("TCGETS and TCSETS: what is set is kept, but for what a line without wires cannot do", async () => {
  const { lab } = await bootTerminal();
  await lab.run((c) => {
    // stty(1) of a fresh terminal: 38400 baud; cs8 hupcl cread.
    expect(settingsOf(c)).toMatchObject({ c_cflag: B38400 | CS8 | CREAD | 0x400, c_ispeed: 38400, c_ospeed: 38400 });
    const cflag = (0xd & ~CSIZE) | CS5 | PARENB;
    set(c, { c_cflag: cflag, c_oflag: 5 });
    // pty_set_termios(): "tty->termios.c_cflag &= ~(CSIZE | PARENB); tty->termios.c_cflag |= (CS8 | CREAD)"; B9600 is 0xd.
    expect(settingsOf(c)).toMatchObject({ c_cflag: 0xd | CS8 | CREAD, c_ospeed: 9600 });
    // BOTHER: the speed is the number in c_ospeed.
    set(c, { c_cflag: 0x1000, c_ospeed: 12345 });
    expect(settingsOf(c).c_ospeed).toBe(12345);
    for (const command of [TCGETS, TCSETS, TIOCGWINSZ, TIOCSWINSZ, FIONREAD, TIOCSPGRP]) {
      expect([c.ioctl(0, command, 8), c.errno]).toEqual([-1, EFAULT]);
    }
    expect(c.ioctlStruct(0, TIOCGETD, int)).toEqual({ value: 0 });
    // "TIOCSTI: … EIO", and what no terminal knows is ENOTTY.
    expect([c.ioctl(0, TIOCSTI, 8), c.errno]).toEqual([-1, EIO]);
    expect([c.ioctl(0, 0x5499, 0), c.errno]).toEqual([-1, ENOTTY]);
    return 0;
  });
});

test("TCSETSF and TCFLSH forget what was typed and not read", async () => {
  const { lab, type } = await bootTerminal();
  await lab.run(async (c) => {
    type("lost\n");
    expect(c.ioctlStruct(0, FIONREAD, int)).toEqual({ value: 5 });
    expect(c.ioctl(0, TCFLSH, TCIFLUSH)).toBe(0);
    expect(c.ioctlStruct(0, FIONREAD, int)).toEqual({ value: 0 });
    type("lost too\n");
    const { c_ispeed: _in, c_ospeed: _out, ...settings } = settingsOf(c);
    c.ioctlStruct(0, TCSETSF, termios, settings);
    type("kept\n");
    expect(await readText(c)).toBe("kept\n");
    // "EINVAL" for an argument that is none of the three; tcdrain(3) has nothing to wait for.
    expect([c.ioctl(0, TCFLSH, 3), c.errno]).toEqual([-1, EINVAL]);
    expect(c.ioctl(0, TCSBRK, 1)).toBe(0);
    return 0;
  });
});

test("^S holds what programs write until ^Q; TCXONC does the same", async () => {
  const terminal = await bootTerminal();
  await terminal.lab.run(async (c) => {
    terminal.type("\x13");
    const fds = [{ fd: 1, events: POLLOUT, revents: 0 }];
    expect(await c.poll(fds, 0)).toBe(0);
    setTimeout(() => {
      expect(terminal.shown()).toBe("");
      terminal.type("\x11");
    }, 5);
    await c.print("held\n");
    expect(terminal.shown()).toBe("held\r\n");
    expect(c.ioctl(0, TCXONC, TCOOFF)).toBe(0);
    c.fcntl(1, F_SETFL, O_RDWR | O_NONBLOCK);
    expect([await c.writeBytes(1, Uint8Array.of(65)), c.errno]).toEqual([-1, EAGAIN]);
    // ^Q does not undo what tcflow(3) did.
    terminal.type("\x11");
    expect([await c.writeBytes(1, Uint8Array.of(65)), c.errno]).toEqual([-1, EAGAIN]);
    expect(c.ioctl(0, TCXONC, TCOON)).toBe(0);
    expect(await c.writeBytes(1, Uint8Array.of(65))).toBe(1);
    return 0;
  });
});

test('"If the window size changes, the foreground process group is sent SIGWINCH", ioctl_tty(2)', async () => {
  const { lab, port } = await bootTerminal();
  await lab.run(async (c) => {
    let told = 0;
    c.sigaction(SIGWINCH, () => {
      told++;
    });
    const size = { ws_row: 25, ws_col: 81, ws_xpixel: 1, ws_ypixel: 2 };
    c.ioctlStruct(0, TIOCSWINSZ, winsize, size);
    expect(c.ioctlStruct(1, TIOCGWINSZ, winsize)).toEqual(size);
    expect(told).toBe(1);
    // The same size again is no change.
    c.ioctlStruct(0, TIOCSWINSZ, winsize, size);
    expect(told).toBe(1);
    setTimeout(() => port.resize({ columns: 100, rows: 40 }), 1);
    expect([await readText(c), c.errno]).toEqual([-1, EINTR]);
    expect(c.ioctlStruct(0, TIOCGWINSZ, winsize)).toMatchObject({ ws_row: 40, ws_col: 100 });
    expect(told).toBe(2);
    return 0;
  });
});

test("^C ends a program that has no handler", async () => {
  const { lab, type, shown } = await bootTerminal();
  const status = await lab.end(async (c) => {
    setTimeout(() => type("\x03"), 1);
    await readText(c);
    return 0;
  });
  expect(status).toMatchObject({ signal: SIGINT });
  expect(shown()).toBe("^C");
});

test("a terminal that is gone: SIGHUP, then end of file for readers, EIO for writers", async () => {
  const { lab, port } = await bootTerminal();
  await lab.run(async (c) => {
    let hangUps = 0;
    c.sigaction(SIGHUP, () => {
      hangUps++;
    });
    setTimeout(() => port.hangUp(), 1);
    // n_tty_read() looks for the hang-up before it looks for a signal.
    expect(await readText(c)).toBe("");
    expect(hangUps).toBe(1);
    expect(await readText(c)).toBe("");
    expect([await c.writeBytes(1, Uint8Array.of(65)), c.errno]).toEqual([-1, EIO]);
    // tty_io.c: hung_up_tty_ioctl(), hung_up_tty_poll().
    expect([c.ioctl(0, TIOCGWINSZ, 8), c.errno]).toEqual([-1, EIO]);
    expect([c.ioctl(0, TIOCSPGRP, 8), c.errno]).toEqual([-1, ENOTTY]);
    const fds = [{ fd: 0, events: POLLIN, revents: 0 }];
    await c.poll(fds, 0);
    expect(fds[0]!.revents).toBe(POLLIN | POLLERR | POLLHUP);
    return 0;
  });
});

test("a pointer that is not there: EFAULT, and what came before it is written", async () => {
  const { lab, shown, type } = await bootTerminal();
  await lab.run(async (c: Libc) => {
    // vmprobe: write(1,(void*)8,1) = -1 EFAULT, write(1,(void*)8,0) = 0.
    expect([await c.write(1, 8, 1), c.errno]).toEqual([-1, EFAULT]);
    expect(await c.write(1, 8, 0)).toBe(0);
    expect(await c.read(0, 8, 0)).toBe(0);
    type("lost\nkept\n");
    expect([await c.read(0, 8, 100), c.errno]).toEqual([-1, EFAULT]);
    // n_tty has taken the line from its buffer when the copy fails.
    expect(await readText(c)).toBe("kept\n");
    return 0;
  });
  expect(shown()).toBe("lost\r\nkept\r\n");
});
