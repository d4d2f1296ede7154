/** Standard files that are pipes to the host. Truth: pipe(7), isatty(3), and `prog < file | cmp` on Linux. */
import { expect, test } from "vitest";
import { EAGAIN, EBADF, EFAULT, ENOTTY, ENXIO, ESPIPE } from "../../abi/errno.ts";
import { F_SETFL, O_NONBLOCK, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { FIONREAD, TCGETS, TIOCGWINSZ } from "../../abi/ioctl.ts";
import { POLLHUP, POLLIN, POLLOUT, pollfd } from "../../abi/poll.ts";
import { SIGKILL } from "../../abi/signal.ts";
import { S_ISFIFO, stat } from "../../abi/stat.ts";
import {
  SYS_fcntl,
  SYS_fstat,
  SYS_ioctl,
  SYS_lseek,
  SYS_munmap,
  SYS_ppoll,
  SYS_read,
  SYS_write,
} from "../../abi/syscalls.ts";
import { timespec } from "../../abi/time.ts";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { boot, type Guest } from "./guest.ts";

const PG = 4096;

test("bytes go through as they are: no line ends are made, none are waited for", async () => {
  const input = new HostInput();
  const errors: string[] = [];
  const { run, output } = await boot({ input, onError: (bytes) => errors.push(Buffer.from(bytes).toString()) });
  input.feed(Uint8Array.of(3, 13, 10, 255, 4));
  await run((g) => {
    expect(g.sys(SYS_read, 0, g.buffer, 100)).toBe(5);
    expect([...g.user.read(g.buffer, 5)]).toEqual([3, 13, 10, 255, 4]);
    g.write(1, "a\nb\tc");
    g.write(2, "to standard error\n");
    // Each end goes one way: "EBADF: fd is not open for writing".
    expect(g.write(0, "x")).toBe(-EBADF);
    expect(g.read(1)).toBe(-EBADF);
  });
  expect(output()).toBe("a\nb\tc");
  expect(errors.join("")).toBe("to standard error\n");
});

test("they are pipes and no terminal", async () => {
  const { run } = await boot();
  await run((g) => {
    for (const fd of [0, 1, 2]) {
      g.sys(SYS_fstat, fd, g.buffer);
      expect(S_ISFIFO(stat.read(g.user.read(g.buffer, stat.size)).st_mode)).toBe(true);
      expect(g.sys(SYS_ioctl, fd, TCGETS, g.buffer)).toBe(-ENOTTY);
      expect(g.sys(SYS_ioctl, fd, TIOCGWINSZ, g.buffer)).toBe(-ENOTTY);
      expect(g.sys(SYS_lseek, fd, 0, 1)).toBe(-ESPIPE);
    }
    expect(g.open("/dev/tty", O_RDWR)).toBe(-ENXIO);
    // /proc/self/fd/0 opens it anew.
    expect(g.open("/dev/stdin", O_RDONLY)).toBeGreaterThan(2);
    expect(g.read(0)).toBe("");
  });
});

const events = (g: Guest, fd: number): number => {
  g.user.write(g.buffer, pollfd.encode({ fd, events: POLLIN | POLLOUT }));
  g.user.write(g.buffer + 8, timespec.encode({}));
  g.sys(SYS_ppoll, g.buffer, 1, g.buffer + 8, 0, 8);
  return pollfd.read(g.user.read(g.buffer, 8)).revents;
};

test("a reader asks for input when there is none, sleeps until it comes, and sees the end", async () => {
  const input = new HostInput();
  const { run } = await boot({ input });
  const wanted: string[] = [];
  const coming = ["hello", "wor", "ld\n"];
  input.onWanted = () => {
    wanted.push("wanted");
    setTimeout(() => {
      const text = coming.shift();
      if (text !== undefined) input.feed(text);
      else input.end();
    }, 1);
  };
  await run(async (g) => {
    // Nobody has asked yet: the host need not have read anything.
    expect(wanted).toEqual([]);
    expect(await g.waitRead(0)).toBe("hello");
    expect(await g.waitRead(0, 2)).toBe("wo");
    expect(await g.waitRead(0)).toBe("r");
    expect(events(g, 1)).toBe(POLLOUT);
    expect(await g.waitRead(0)).toBe("ld\n");
    expect(wanted.length).toBe(3);
    expect(await g.waitRead(0)).toBe("");
    // "If all file descriptors referring to the write end of a pipe have been closed": POLLHUP.
    expect(events(g, 0)).toBe(POLLHUP);
  });
  expect(() => input.feed("late")).toThrow("ended");
});

test("a non-blocking read, FIONREAD, pointers that are not there", async () => {
  const input = new HostInput();
  const { run, output } = await boot({ input });
  await run((g) => {
    g.sys(SYS_fcntl, 0, F_SETFL, O_NONBLOCK);
    expect(g.read(0)).toBe(-EAGAIN);
    input.feed("abc");
    input.feed("def");
    expect(g.sys(SYS_ioctl, 0, FIONREAD, g.buffer)).toBe(0);
    expect(g.user.load32(g.buffer)).toBe(6);
    expect(events(g, 0)).toBe(POLLIN);
    // A reader whose buffer is not there gets nothing and loses nothing.
    expect(g.sys(SYS_read, 0, 8, 100)).toBe(-EFAULT);
    expect(g.read(0)).toBe("abcdef");
    const m = g.map(2 * PG);
    g.sys(SYS_munmap, m + PG, PG);
    g.user.write(m + PG - 4, new TextEncoder().encode("abcd"));
    expect(g.sys(SYS_write, 1, m + PG - 4, 8)).toBe(4);
    expect(g.sys(SYS_write, 1, 8, 1)).toBe(-EFAULT);
    expect(g.sys(SYS_write, 1, 8, 0)).toBe(0);
  });
  expect(output()).toBe("abcd");
});

test("who waits for something else than input that may come waits in vain: a deadlock", async () => {
  const input = new HostInput();
  const { end } = await boot({ input });
  const status = await end(async (g) => {
    // ppoll of nothing, without a timeout.
    await g.wait(SYS_ppoll, 0, 0, 0, 0, 8);
  });
  expect(status).toMatchObject({ signal: SIGKILL });
});

test("what a crashed program leaves is said on its standard error", async () => {
  const errors: string[] = [];
  const { kernel, output } = await boot({ onError: (bytes) => errors.push(Buffer.from(bytes).toString()) });
  const main = (): never => {
    throw new Error("on purpose");
  };
  expect(await kernel.spawn(main, { argv: ["crash"] }).exited).toMatchObject({ signal: 6 });
  expect(errors.join("")).toContain("crash: uncaught Error: on purpose");
  expect(output()).toBe("");
});
