/** Pipes between processes, and sleeping for them. Truth: pipe(7), poll(2). */
import { expect, test } from "vitest";
import { EAGAIN } from "../../abi/errno.ts";
import { F_SETFL, O_CLOEXEC, O_NONBLOCK, O_RDONLY } from "../../abi/fcntl.ts";
import { POLLHUP, POLLIN, pollfd } from "../../abi/poll.ts";
import { SIGPIPE } from "../../abi/signal.ts";
import {
  SYS_clock_gettime,
  SYS_fcntl,
  SYS_pipe2,
  SYS_ppoll,
  SYS_wait4,
  SYS_write,
  SYS_writev,
} from "../../abi/syscalls.ts";
import { CLOCK_MONOTONIC, timespec } from "../../abi/time.ts";
import { iovec } from "../../abi/uio.ts";
import { boot, Guest } from "./guest.ts";

const pipe = (g: Guest, flags = 0): [number, number] => {
  expect(g.sys(SYS_pipe2, g.buffer, flags)).toBe(0);
  return [g.user.load32(g.buffer), g.user.load32(g.buffer + 4)];
};

test("a reader sleeps until somebody writes, and sees the end when the last writer closes", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const [reading, writing] = pipe(g);
    const child = g.user.fork(async (user) => {
      const c = new Guest(user);
      c.close(reading);
      await c.wait(SYS_write, writing, "hello", 5);
    });
    g.close(writing);
    expect(await g.waitRead(reading)).toBe("hello");
    // "If all file descriptors referring to the write end of a pipe have been closed, then an attempt to read(2) … will
    // see end-of-file (read(2) will return 0)."
    expect(await g.waitRead(reading)).toBe("");
    expect(await g.wait(SYS_wait4, child, 0, 0, 0)).toBe(child);
  });
});

test("a writer sleeps until all that it writes has gone through", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const [reading, writing] = pipe(g);
    const size = 200_000;
    const child = g.user.fork(async (user) => {
      const c = new Guest(user);
      const data = c.map(0x4_0000);
      for (let i = 0; i < size; i += 1000) c.user.store32(data + i, i);
      // One call, three times the size of the pipe.
      const written = await c.wait(SYS_write, writing, data, size);
      return written === size ? 0 : 1;
    });
    g.close(writing);
    let got = 0;
    for (;;) {
      const piece = await g.wait(63, reading, g.buffer, 7777);
      if (piece === 0) break;
      for (let i = Math.ceil(got / 1000) * 1000; i + 4 <= got + piece; i += 1000) {
        expect(g.user.load32(g.buffer + i - got)).toBe(i);
      }
      got += piece;
    }
    expect(got).toBe(size);
    await g.wait(SYS_wait4, child, g.buffer, 0, 0);
    expect(g.user.load32(g.buffer)).toBe(0);
  });
});

test("writev through a full pipe keeps its place", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const [reading, writing] = pipe(g);
    g.user.fork(async (user) => {
      const c = new Guest(user);
      const data = c.map(0x3_0000);
      c.user.fill(data, 0x61, 0x1_0000);
      c.user.fill(data + 0x1_0000, 0x62, 0x1_0000);
      c.user.write(c.buffer, iovec.encode({ iov_base: data, iov_len: 0x1_0000 }));
      c.user.write(c.buffer + 16, iovec.encode({ iov_base: data + 0x1_0000, iov_len: 0x1_0000 }));
      const written = await c.wait(SYS_writev, writing, c.buffer, 2);
      await c.wait(SYS_write, writing, String(written), 6);
    });
    g.close(writing);
    let all = "";
    for (let text = await g.waitRead(reading); text !== ""; text = await g.waitRead(reading)) all += text;
    expect(all).toBe(`${"a".repeat(0x1_0000)}${"b".repeat(0x1_0000)}131072`);
  });
});

test("without a reader: SIGPIPE, which kills", async () => {
  const { end } = await boot();
  const status = await end((g) => {
    const [reading, writing] = pipe(g);
    g.close(reading);
    g.write(writing, "x");
  });
  expect(status).toMatchObject({ signal: SIGPIPE });
});

test("small writes are all or nothing", async () => {
  const { run } = await boot();
  await run((g) => {
    const [reading, writing] = pipe(g, O_NONBLOCK);
    expect(g.sys(SYS_write, writing, g.buffer, 65_536 - 10)).toBe(65_526);
    // "O_NONBLOCK enabled, n <= PIPE_BUF: If there is not room to write n bytes immediately, write(2) fails, with errno
    // set to EAGAIN … n > PIPE_BUF: If there is room … a partial write may occur".
    expect(g.sys(SYS_write, writing, g.buffer, 4096)).toBe(-EAGAIN);
    expect(g.sys(SYS_write, writing, g.buffer, 4097)).toBe(10);
    expect(g.sys(SYS_write, writing, g.buffer, 4097)).toBe(-EAGAIN);
    expect((g.read(reading, 5) as string).length).toBe(5);
    expect(g.sys(SYS_write, writing, g.buffer, 6)).toBe(-EAGAIN);
    expect(g.sys(SYS_write, writing, g.buffer, 5)).toBe(5);
  });
});

test("the ring goes round", async () => {
  const { run } = await boot();
  await run((g) => {
    const [reading, writing] = pipe(g);
    for (let round = 0; round < 40; round++) {
      const text = `${round}:`.padEnd(5000, "x");
      expect(g.write(writing, text)).toBe(5000);
      expect(g.read(reading)).toBe(text);
    }
  });
});

test("ppoll sleeps on several files and tells which woke it", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const [first] = pipe(g);
    const [second, writing] = pipe(g);
    g.user.fork((user) => {
      new Guest(user).write(writing, "x");
    });
    for (const [i, fd] of [first, second].entries()) {
      g.user.write(g.buffer + 8 * i, pollfd.encode({ fd, events: POLLIN }));
    }
    expect(await g.wait(SYS_ppoll, g.buffer, 2, 0, 0, 8)).toBe(1);
    const revents = [0, 1].map((i) => pollfd.read(g.user.read(g.buffer, 16), 8 * i).revents);
    expect(revents).toEqual([0, POLLIN]);
  });
});

test("ppoll gives up when its time is over, and says how much was left", async () => {
  const { run } = await boot();
  await run(async (g) => {
    const now = (): number => {
      g.sys(SYS_clock_gettime, CLOCK_MONOTONIC, g.buffer + 64);
      const { tv_sec, tv_nsec } = timespec.read(g.user.read(g.buffer + 64, timespec.size));
      return tv_sec * 1e9 + tv_nsec;
    };
    const [reading, writing] = pipe(g);
    g.user.write(g.buffer, pollfd.encode({ fd: reading, events: POLLIN }));
    g.user.write(g.buffer + 16, timespec.encode({ tv_sec: 1, tv_nsec: 500 }));
    const before = now();
    expect(await g.wait(SYS_ppoll, g.buffer, 1, g.buffer + 16, 0, 8)).toBe(0);
    expect(now() - before).toBe(1e9 + 500);
    expect(timespec.read(g.user.read(g.buffer + 16, 16))).toEqual({ tv_sec: 0, tv_nsec: 0 });
    // "If none of the events requested … has occurred", with nothing to wait for: a sleep.
    g.user.write(g.buffer + 16, timespec.encode({ tv_sec: 2 }));
    expect(await g.wait(SYS_ppoll, 0, 0, g.buffer + 16, 0, 8)).toBe(0);
    expect(now() - before).toBe(3e9 + 500);
    g.close(writing);
    expect(await g.wait(SYS_ppoll, g.buffer, 1, g.buffer + 16, 0, 8)).toBe(1);
    expect(pollfd.read(g.user.read(g.buffer, 8)).revents).toBe(POLLHUP);
  });
});

test("a pipe in /proc/self/fd", async () => {
  const { run } = await boot();
  await run((g) => {
    const [reading] = pipe(g, O_CLOEXEC);
    const size = g.sys(78, -100, `/proc/self/fd/${reading}`, g.buffer, 100);
    expect(g.text(g.buffer, size)).toMatch(/^pipe:\[\d+\]$/);
  });
});

test("closing one of two reading ends leaves the other", async () => {
  const { run } = await boot();
  await run((g) => {
    const [reading, writing] = pipe(g);
    g.sys(SYS_fcntl, reading, F_SETFL, O_NONBLOCK | O_RDONLY);
    const copy = g.sys(23, reading);
    g.close(reading);
    expect(g.write(writing, "x")).toBe(1);
    expect(g.read(copy)).toBe("x");
    expect(g.read(copy)).toBe(-EAGAIN);
  });
});
