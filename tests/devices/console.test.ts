/** /dev/console. Truth: console(4), termios(3), ioctl_tty(2), and what a shell's programs expect of a terminal. */
import { expect, test } from "vitest";
import { EAGAIN, EFAULT, ENOTTY, ESPIPE } from "../../abi/errno.ts";
import { F_SETFL, O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import { FIONREAD, TCGETS, TCSETS, TIOCGWINSZ, winsize } from "../../abi/ioctl.ts";
import { POLLIN, POLLOUT, pollfd } from "../../abi/poll.ts";
import { stat } from "../../abi/stat.ts";
import {
  SYS_fcntl,
  SYS_fstat,
  SYS_ioctl,
  SYS_lseek,
  SYS_munmap,
  SYS_ppoll,
  SYS_pread64,
  SYS_read,
  SYS_write,
} from "../../abi/syscalls.ts";
import { ICANON, termios } from "../../abi/termios.ts";
import { timespec } from "../../abi/time.ts";
import { ConsoleInput } from "../../devices/drivers/console.ts";
import { boot } from "../kernel/guest.ts";

const PG = 4096;

test("descriptors 0, 1 and 2 of a process are one open console, and its bytes reach the host in order", async () => {
  const { run, output } = await boot();
  await run((g) => {
    g.write(1, "to standard output\n");
    g.write(2, "to standard error\n");
    g.sys(SYS_write, 0, "to standard input, which is open for both\n", 42);
    const bytes = new Uint8Array(10_000).map((_, i) => i);
    const at = g.map(bytes.length);
    g.user.write(at, bytes);
    expect(g.sys(SYS_write, 1, at, bytes.length)).toBe(10_000);
    for (const fd of [0, 1, 2]) {
      expect(g.sys(SYS_fstat, fd, g.buffer)).toBe(0);
      // console(4): "A Linux system provides … /dev/console", character device 5, 1.
      expect(stat.read(g.user.read(g.buffer, stat.size)).st_rdev).toBe(0x501);
    }
  });
  expect(output().slice(0, 79)).toBe(
    "to standard output\nto standard error\nto standard input, which is open for both\n",
  );
});

test("a read gets a line; what is longer than its buffer comes with the next", async () => {
  const input = new ConsoleInput();
  const { run } = await boot({ input });
  input.feed("first line\nsecond\n\nun");
  await run(async (g) => {
    expect(g.read(0)).toBe("first line\n");
    expect(g.read(0, 3)).toBe("sec");
    expect(g.read(0)).toBe("ond\n");
    expect(g.read(0)).toBe("\n");
    expect(g.read(0, 0)).toBe("");
    g.sys(SYS_fcntl, 0, F_SETFL, O_NONBLOCK);
    // Half a line is not there yet.
    expect(g.read(0)).toBe(-EAGAIN);
    input.feed("finished\n");
    // A reader whose buffer is not there gets nothing and loses nothing.
    expect(g.sys(SYS_read, 0, 8, 100)).toBe(-EFAULT);
    expect(g.read(0)).toBe("unfinished\n");
  });
});

test("a reader sleeps until the host types, and sees the end", async () => {
  const input = new ConsoleInput();
  const { end, kernel } = await boot({ input });
  kernel.inputOpen = () => input.isOpen;
  const typed = ["hello\n", "wor", "ld\n", "no newline"];
  const typing = setInterval(() => {
    const text = typed.shift();
    if (text !== undefined) input.feed(text);
    else {
      input.end();
      clearInterval(typing);
    }
  }, 2);
  const status = await end(async (g) => {
    expect(await g.waitRead(0)).toBe("hello\n");
    expect(await g.waitRead(0)).toBe("world\n");
    // "end of file … read(2) immediately returns" what there is of the line, then 0.
    expect(await g.waitRead(0)).toBe("no newline");
    expect(await g.waitRead(0)).toBe("");
    expect(await g.waitRead(0)).toBe("");
  });
  expect(status).toEqual({ code: 0 });
  expect(() => input.feed("late")).toThrow("ended");
});

test("without an input there is end of file at once", async () => {
  const { run } = await boot();
  await run((g) => {
    expect(g.read(0)).toBe("");
  });
});

test("it is a terminal: its settings, its size, no position", async () => {
  const input = new ConsoleInput();
  const { run } = await boot({ input, columns: 132, rows: 50 });
  await run((g) => {
    expect(g.sys(SYS_ioctl, 1, TCGETS, g.buffer)).toBe(0);
    const { c_lflag, c_cc } = termios.read(g.user.read(g.buffer, termios.size));
    expect(c_lflag & ICANON).toBe(ICANON);
    // stty(1) of a fresh terminal: intr = ^C, erase = ^?, eof = ^D.
    expect([c_cc[0], c_cc[2], c_cc[4]]).toEqual([3, 127, 4]);
    expect(g.sys(SYS_ioctl, 1, TCSETS, g.buffer)).toBe(-ENOTTY);
    expect(g.sys(SYS_ioctl, 1, TIOCGWINSZ, g.buffer)).toBe(0);
    expect(winsize.read(g.user.read(g.buffer, winsize.size))).toMatchObject({ ws_row: 50, ws_col: 132 });
    expect(g.sys(SYS_ioctl, 1, TIOCGWINSZ, 8)).toBe(-EFAULT);
    input.feed("abc");
    expect(g.sys(SYS_ioctl, 0, FIONREAD, g.buffer)).toBe(0);
    expect(g.user.load32(g.buffer)).toBe(3);
    // "ESPIPE: fd is associated with a pipe, socket, or FIFO" — and, on Linux, a terminal.
    expect(g.sys(SYS_lseek, 0, 0, 1)).toBe(-ESPIPE);
    expect(g.sys(SYS_pread64, 0, g.buffer, 1, 0)).toBe(-ESPIPE);
  });
});

test("a pointer that is not there: EFAULT, and what came before it is written", async () => {
  const { run, output } = await boot();
  await run((g) => {
    // vmprobe: write(1,(void*)8,1) = -1 EFAULT, write(1,(void*)8,0) = 0, write(1,(void*)-8L,1) = -1 EFAULT.
    expect(g.sys(SYS_write, 1, 8, 1)).toBe(-EFAULT);
    expect(g.sys(SYS_write, 1, 8, 0)).toBe(0);
    expect(g.sys(SYS_write, 1, -8, 1)).toBe(-EFAULT);
    expect(g.sys(SYS_read, 0, 8, 0)).toBe(0);
    const m = g.map(2 * PG);
    g.sys(SYS_munmap, m + PG, PG);
    g.user.write(m + PG - 4, new TextEncoder().encode("abcd"));
    // Less than one piece: nothing of it (tty_io.c fetches a piece whole).
    expect(g.sys(SYS_write, 1, m + PG - 4, 8)).toBe(-EFAULT);
    expect(g.sys(SYS_write, 1, m + PG - 2048 - 4, 5000)).toBe(2048);
  });
  expect(output().length).toBe(2048);
});

test("poll tells whether a line is there", async () => {
  const input = new ConsoleInput();
  const { run } = await boot({ input });
  await run(async (g) => {
    const second = g.open("/dev/console", O_RDWR);
    const poll = (): number => {
      g.user.write(g.buffer, pollfd.encode({ fd: second, events: POLLIN | POLLOUT }));
      g.user.write(g.buffer + 8, timespec.encode({}));
      g.sys(SYS_ppoll, g.buffer, 1, g.buffer + 8, 0, 8);
      return pollfd.read(g.user.read(g.buffer, 8)).revents;
    };
    expect(poll()).toBe(POLLOUT);
    input.feed("x");
    expect(poll()).toBe(POLLOUT);
    input.feed("\n");
    expect(poll()).toBe(POLLIN | POLLOUT);
    g.read(0);
    input.end();
    expect(poll()).toBe(POLLIN | POLLOUT);
  });
});

test("what a crashed program leaves is said on its standard error", async () => {
  const { kernel, output } = await boot();
  const main = (): never => {
    throw new Error("on purpose");
  };
  expect(await kernel.spawn(main, { argv: ["crash"] }).exited).toMatchObject({ signal: 6 });
  expect(output()).toContain("crash: uncaught Error: on purpose");
});
