/** Time. Truth: nanosleep(2), clock_nanosleep(2), clock_gettime(2), sched_yield(2); kernel/time of Linux 6.12. */
import { describe, expect, test } from "vitest";
import { MAP_ANONYMOUS, MAP_SHARED } from "../../abi/mman.ts";
import { SA_RESTART, SIGUSR1 } from "../../abi/signal.ts";
import {
  SYS_clock_getres,
  SYS_clock_gettime,
  SYS_clock_nanosleep,
  SYS_gettimeofday,
  SYS_nanosleep,
  SYS_sched_yield,
} from "../../abi/syscalls.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
  CLOCK_THREAD_CPUTIME_ID,
  TIMER_ABSTIME,
  type Timespec,
  timespec,
  timeval,
} from "../../abi/time.ts";
import type { Libc } from "../../guests/libc.ts";
import { Clock } from "../../src/kernel/clock.ts";
import { Lab, named } from "./lab.ts";

const EPOCH = 1_700_000_000;
const SECOND = 1e9;
const put = (c: Libc, time: Partial<Timespec>): number => {
  const va = c.malloc(timespec.size);
  c.user.write(va, timespec.encode(time));
  return va;
};

describe("clocks", () => {
  test("the real one starts at the epoch that the machine is given, the others at 0, and a sleep moves them all", async () => {
    const lab = await Lab.boot({ epoch: EPOCH });
    await lab.run(async (c) => {
      expect(c.clock_gettime(CLOCK_REALTIME)).toEqual({ tv_sec: EPOCH, tv_nsec: 0 });
      expect(c.clock_gettime(CLOCK_MONOTONIC)).toEqual({ tv_sec: 0, tv_nsec: 0 });
      expect(await c.nanosleep({ tv_sec: 3, tv_nsec: 250 })).toBe(0);
      expect(c.clock_gettime(CLOCK_REALTIME)).toEqual({ tv_sec: EPOCH + 3, tv_nsec: 250 });
      for (const clock of [CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME]) {
        expect(c.clock_gettime(clock), `clock ${clock}`).toEqual({ tv_sec: 3, tv_nsec: 250 });
      }
      // A sleep is no time on the processor.
      expect(c.clock_gettime(CLOCK_PROCESS_CPUTIME_ID)).toEqual({ tv_sec: 0, tv_nsec: 0 });
      const va = c.malloc(timeval.size);
      expect(await c.syscall(SYS_gettimeofday, va, 0)).toBe(0);
      expect(timeval.read(c.user.read(va, timeval.size))).toEqual({ tv_sec: EPOCH + 3, tv_usec: 0 });
      return 0;
    });
  });

  test("time stands still while a program runs", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      for (let i = 0; i < 1000; i++) c.getpid();
      expect(c.clock_gettime(CLOCK_MONOTONIC)).toEqual({ tv_sec: 0, tv_nsec: 0 });
      return 0;
    });
  });

  test("errors", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const call = async (...args: [number, ...number[]]) => named((await c.user.syscall(...args)) as number);
      // "EINVAL: The clk_id specified is invalid", before the pointer is looked at.
      expect(await call(SYS_clock_gettime, 99, 8)).toBe("EINVAL");
      expect(await call(SYS_clock_gettime, CLOCK_REALTIME, 8)).toBe("EFAULT");
      expect(await call(SYS_clock_getres, CLOCK_REALTIME, 0)).toBe(0);
      const ms = put(c, { tv_nsec: 1 });
      expect(await call(SYS_clock_nanosleep, 99, 0, ms, 0)).toBe("EINVAL");
      // "ENOTSUP: The kernel does not support sleeping against this clockid."
      for (const clock of [
        CLOCK_MONOTONIC_RAW,
        CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE,
        CLOCK_THREAD_CPUTIME_ID,
      ]) {
        expect(await call(SYS_clock_nanosleep, clock, 0, ms, 0), `clock ${clock}`).toBe("EOPNOTSUPP");
      }
      // "EFAULT: Problem with copying information from user space."
      expect(await call(SYS_nanosleep, 8, 0)).toBe("EFAULT");
      // "EINVAL: The value in the tv_nsec field was not in the range [0, 999999999] or tv_sec was negative."
      for (const bad of [{ tv_nsec: SECOND }, { tv_nsec: -1 }, { tv_sec: -1 }]) {
        expect(await call(SYS_nanosleep, put(c, bad), 0), JSON.stringify(bad)).toBe("EINVAL");
      }
      return 0;
    });
  });
});

describe("sleeping", () => {
  test("who sleeps shorter wakes first, and of two that wake together the first to sleep", async () => {
    const lab = await Lab.boot();
    const order: string[] = [];
    await lab.run(async (c) => {
      for (const [name, tv_sec] of [
        ["b", 2],
        ["c", 2],
        ["a", 1],
        ["d", 3],
      ] as const) {
        lab.fork(c, async (child) => {
          await child.nanosleep({ tv_sec });
          order.push(name);
          return 0;
        });
      }
      for (let i = 0; i < 4; i++) await c.waitpid(-1);
      expect(order).toEqual(["a", "b", "c", "d"]);
      expect(lab.kernel.clock.now).toBe(3 * SECOND);
      return 0;
    });
  });

  test("a sleep of nothing does not sleep", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      expect(c.nanosleep({})).toBe(0);
      return 0;
    });
  });

  test('"if the call is interrupted by a signal handler, nanosleep() returns -1, sets errno to EINTR, and writes the remaining time"', async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const parent = c.getpid();
      let seen = 0;
      c.sigaction(SIGUSR1, () => void seen++, SA_RESTART);
      lab.fork(c, async (child) => {
        await child.nanosleep({ tv_sec: 1, tv_nsec: 300 });
        child.kill(parent, SIGUSR1);
        return 0;
      });
      const remaining: Timespec = { tv_sec: 9, tv_nsec: 9 };
      expect(await c.nanosleep({ tv_sec: 4 }, remaining)).toBe(-1);
      expect(remaining).toEqual({ tv_sec: 2, tv_nsec: SECOND - 300 });
      expect(seen).toBe(1);
      expect(await c.nanosleep(remaining)).toBe(0);
      expect(lab.kernel.clock.now).toBe(4 * SECOND);
      await c.waitpid(-1);
      return 0;
    });
  });

  test("TIMER_ABSTIME: until the clock shows that time; one that is past does not sleep; no remaining time is written", async () => {
    const lab = await Lab.boot({ epoch: EPOCH });
    await lab.run(async (c) => {
      const until = async (clock: number, tv_sec: number, remaining = 0) =>
        named(
          (await c.user.syscall(SYS_clock_nanosleep, clock, TIMER_ABSTIME, put(c, { tv_sec }), remaining)) as number,
        );
      expect(await until(CLOCK_MONOTONIC, 5)).toBe(0);
      expect(c.clock_gettime(CLOCK_MONOTONIC)).toEqual({ tv_sec: 5, tv_nsec: 0 });
      expect(await until(CLOCK_REALTIME, EPOCH + 7)).toBe(0);
      expect(lab.kernel.clock.now).toBe(7 * SECOND);
      expect(await until(CLOCK_MONOTONIC, 3)).toBe(0);
      expect(lab.kernel.clock.now).toBe(7 * SECOND);
      const parent = c.getpid();
      c.sigaction(SIGUSR1, () => {});
      lab.fork(c, async (child) => {
        await child.nanosleep({ tv_sec: 1 });
        child.kill(parent, SIGUSR1);
        return 0;
      });
      const remaining = put(c, { tv_sec: 77 });
      expect(await until(CLOCK_MONOTONIC, 20, remaining)).toBe("EINTR");
      expect(timespec.read(c.user.read(remaining, timespec.size)).tv_sec).toBe(77);
      await c.waitpid(-1);
      return 0;
    });
  });

  test("a bad place for the remaining time is EFAULT in place of EINTR", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const parent = c.getpid();
      c.sigaction(SIGUSR1, () => {});
      lab.fork(c, (child) => child.kill(parent, SIGUSR1));
      expect(named((await c.user.syscall(SYS_nanosleep, put(c, { tv_sec: 1 }), 8)) as number)).toBe("EFAULT");
      await c.waitpid(-1);
      return 0;
    });
  });
});

describe("sched_yield", () => {
  test("lets the others run, also those that wait for a time, and always succeeds", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const shared = c.mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      lab.fork(c, async (child) => {
        await child.nanosleep({ tv_nsec: 20_000 });
        child.user.store8(shared, 1);
        return 0;
      });
      let yields = 0;
      while (c.user.load8(shared) === 0) {
        expect(await c.syscall(SYS_sched_yield)).toBe(0);
        yields++;
      }
      expect(yields).toBeGreaterThan(1);
      c.sigaction(SIGUSR1, () => expect(c.syscall(SYS_sched_yield)).toBe(0));
      c.kill(c.getpid(), SIGUSR1);
      await c.waitpid(-1);
      return 0;
    });
  });
});

describe("the same run gives the same order", () => {
  /** Four programs that compute, sleep, write and yield; each tells what it did. */
  const trace = async (disturb: () => void): Promise<string[]> => {
    const lab = await Lab.boot();
    const seen: string[] = [];
    await lab.run(async (c) => {
      for (const name of ["a", "b", "c", "d"]) {
        lab.fork(c, async (child) => {
          for (let i = 0; i < 20; i++) {
            disturb();
            seen.push(`${name}${i}`);
            if (i % 3 === 0) await child.syscall(SYS_sched_yield);
            else if (i % 3 === 1) await child.nanosleep({ tv_nsec: 1000 });
            else await child.syscall(SYS_clock_gettime, CLOCK_MONOTONIC, child.malloc(16));
          }
          return 0;
        });
      }
      for (let i = 0; i < 4; i++) await c.waitpid(-1);
      return 0;
    });
    return seen;
  };

  test("however slow the host is", async () => {
    const calm = await trace(() => {});
    let count = 0;
    const slow = await trace(() => {
      const until = performance.now() + (++count % 7);
      while (performance.now() < until);
    });
    expect(slow).toEqual(calm);
    expect(calm).toHaveLength(80);
  });
});

describe("Clock", () => {
  test("beats come at multiples of their period, also those that a sleep passes", () => {
    const clock = new Clock();
    const beats: number[] = [];
    clock.beat = { period: 10, wanted: () => false, fire: () => void beats.push(clock.now) };
    const fired: number[] = [];
    clock.at(35, () => void fired.push(clock.now));
    expect(clock.advance()).toBe(true);
    expect([beats, fired, clock.now]).toEqual([[10, 20, 30], [35], 35]);
    expect(clock.advance()).toBe(false);
  });

  test("a beat alone moves time only while somebody wants it", () => {
    const clock = new Clock();
    let wanted = true;
    clock.beat = { period: 10, wanted: () => wanted, fire: () => {} };
    expect([clock.advance(), clock.now]).toEqual([true, 10]);
    wanted = false;
    expect([clock.advance(), clock.now]).toEqual([false, 10]);
  });

  test("a beat that is attached late has missed none, and time never goes back", () => {
    const clock = new Clock();
    clock.at(25, () => {});
    clock.advance();
    const beats: number[] = [];
    clock.beat = { period: 10, wanted: () => true, fire: () => void beats.push(clock.now) };
    clock.advance();
    expect([beats, clock.now]).toEqual([[30], 30]);
  });

  test("a beat may cancel the timer of its own moment", () => {
    const clock = new Clock();
    const fired: number[] = [];
    const cancel = clock.at(10, () => void fired.push(clock.now));
    clock.beat = { period: 10, wanted: () => true, fire: cancel };
    expect(clock.advance()).toBe(true);
    expect([fired, clock.now]).toEqual([[], 10]);
  });
});
