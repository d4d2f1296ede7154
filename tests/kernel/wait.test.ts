/** wait4(2), exit(2), process groups. Truth: wait(2), wait4(2), _exit(2), setpgid(2); kernel/exit.c of Linux 6.12. */
import { describe, expect, test } from "vitest";
import { MAP_ANONYMOUS, MAP_PRIVATE } from "../../abi/mman.ts";
import { rusage } from "../../abi/resource.ts";
import {
  CLD_EXITED,
  CLD_KILLED,
  SA_NOCLDWAIT,
  SIG_DFL,
  SIG_IGN,
  SIGABRT,
  SIGCHLD,
  SIGKILL,
  SIGTERM,
  SIGUSR1,
} from "../../abi/signal.ts";
import {
  SYS_exit,
  SYS_getpgid,
  SYS_getppid,
  SYS_getsid,
  SYS_kill,
  SYS_mmap,
  SYS_pipe2,
  SYS_setpgid,
  SYS_setsid,
  SYS_wait4,
} from "../../abi/syscalls.ts";
import { __WALL, __WCLONE, WEXITSTATUS, WIFEXITED, WNOHANG, WNOWAIT } from "../../abi/wait.ts";
import { type Libc, program, type Waited } from "../../guests/libc.ts";
import { Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const later = (c: Libc) => c.nanosleep({ tv_nsec: 1000 });
const sleeper = async (c: Libc): Promise<number> => {
  await c.nanosleep({ tv_sec: 1 });
  return 0;
};

describe("the status word", () => {
  test('"the least significant 8 bits of the status argument that the child specified in a call to exit(3)"', async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      for (const [code, seen] of [
        [0, 0],
        [7, 7],
        [255, 255],
        [256, 0],
        [-1, 255],
        [0x1_2345, 0x45],
      ] as const) {
        const status = await lab.child(c, (child) => child.exit(code));
        expect([WIFEXITED(status), WEXITSTATUS(status), status]).toEqual([true, seen, seen << 8]);
        expect(await lab.child(c, () => code)).toBe(status);
      }
      return 0;
    });
  });

  test("SYS_exit ends a process of one thread as exit_group does", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      expect(await lab.child(c, async (child) => await child.syscall(SYS_exit, 5))).toBe(5 << 8);
      return 0;
    });
  });

  test("a signal: its number in the low seven bits, no core", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      expect(await lab.child(c, (child) => child.kill(child.getpid(), SIGKILL))).toBe(SIGKILL);
      expect(await lab.child(c, (child) => child.user.load8(0))).toBe(11);
      return 0;
    });
  });
});

describe("whom wait4 waits for", () => {
  test("pid > 0, -1, and options", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const first = lab.fork(c, async (child) => {
        await child.nanosleep({ tv_sec: 2 });
        return 1;
      });
      const second = lab.fork(c, async (child) => {
        await child.nanosleep({ tv_sec: 1 });
        return 2;
      });
      // "WNOHANG: return immediately if no child has exited": 0, and the status is left alone.
      const va = c.malloc(8);
      c.user.store32(va, 99);
      expect(await c.syscall(SYS_wait4, -1, va, WNOHANG, 0)).toBe(0);
      expect(c.user.load32(va)).toBe(99);
      expect(await c.waitpid(first)).toEqual({ pid: first, status: 1 << 8 });
      expect(await c.waitpid(-1)).toEqual({ pid: second, status: 2 << 8 });
      expect(result(c, (await c.waitpid(-1)) as number)).toBe("ECHILD");
      return 0;
    });
  });

  test("errors", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const pid = lab.fork(c, sleeper);
      const call = async (...args: number[]) => named((await c.user.syscall(SYS_wait4, ...args)) as number);
      // "ECHILD: The process specified by pid … does not exist or is not a child of the calling process."
      expect(await call(pid + 1, 0, 0, 0)).toBe("ECHILD");
      expect(await call(c.getpid(), 0, 0, 0)).toBe("ECHILD");
      expect(await call(-12345, 0, 0, 0)).toBe("ECHILD");
      // "EINVAL: The options argument was invalid."
      expect(await call(-1, 0, 0x10, 0)).toBe("EINVAL");
      expect(await call(-1, 0, WNOWAIT, 0)).toBe("EINVAL");
      expect(await call(-0x8000_0000, 0, 0, 0)).toBe("ESRCH");
      // "__WCLONE: Wait for "clone" children only": there is none; __WALL is all of them.
      expect(await call(-1, 0, __WCLONE, 0)).toBe("ECHILD");
      // The child is gone even when its status cannot be told (kernel_wait4).
      expect(await call(pid, 8, __WALL, 0)).toBe("EFAULT");
      expect(await call(pid, 0, 0, 0)).toBe("ECHILD");
      return 0;
    });
  });

  test("the usage of the child: faults, and no time", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const va = c.malloc(rusage.size);
      c.user.fill(va, 0xff, rusage.size);
      lab.fork(c, (child) => {
        const m = child.mmap(0, 20 * PAGE, 3, PRIVATE, -1, 0);
        child.user.fill(m, 1, 20 * PAGE);
        return 0;
      });
      await c.syscall(SYS_wait4, -1, 0, 0, va);
      const usage = rusage.read(c.user.read(va, rusage.size));
      expect(usage.ru_minflt).toBeGreaterThanOrEqual(20);
      expect(usage.ru_minflt).toBeLessThan(40);
      expect([usage.ru_utime.tv_sec, usage.ru_nivcsw]).toEqual([0, 0]);
      return 0;
    });
  });

  test("a child that ended before it was waited for is a zombie: in the table, without memory or files", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      c.user.store8(c.malloc(8), 0);
      const before = lab.pagesInUse();
      const pid = lab.fork(c, () => 3);
      await later(c);
      const task = lab.kernel.tasks.get(pid)!;
      expect([task.state, lab.pagesInUse(), task.files.open()]).toEqual(["zombie", before, []]);
      // "kill() … If the process is a zombie": it exists, and nothing happens to it.
      expect(c.kill(pid, SIGKILL)).toBe(0);
      expect(await c.waitpid(pid)).toEqual({ pid, status: 3 << 8 });
      expect(lab.kernel.tasks.get(pid)).toBeUndefined();
      return 0;
    });
  });
});

describe("SIGCHLD", () => {
  test("comes when a child ends, and says how", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const codes: number[] = [];
      c.sigaction(SIGCHLD, (_signo, info) => void codes.push(info.code));
      lab.fork(c, () => 0);
      await later(c);
      lab.fork(c, (child) => child.kill(child.getpid(), SIGTERM));
      await later(c);
      expect(codes).toEqual([CLD_EXITED, CLD_KILLED]);
      await c.waitpid(-1);
      await c.waitpid(-1);
      return 0;
    });
  });

  test.each<[string, (c: Libc, seen: () => void) => void, number]>([
    ["SIG_IGN", (c) => void c.sigaction(SIGCHLD, SIG_IGN), 0],
    ["SA_NOCLDWAIT", (c, seen) => void c.sigaction(SIGCHLD, seen, SA_NOCLDWAIT), 1],
    ["SA_NOCLDWAIT without a handler", (c) => void c.sigaction(SIGCHLD, SIG_DFL, SA_NOCLDWAIT), 0],
  ])(
    '%s: "children that terminate do not become zombies and a call to wait() will block until all children have terminated, and then fail with errno set to ECHILD"',
    async (_how, prepare, signals) => {
      const lab = await Lab.boot();
      await lab.run(async (c) => {
        let seen = 0;
        prepare(c, () => seen++);
        const pid = lab.fork(c, sleeper);
        const before = lab.kernel.clock.now;
        expect(result(c, (await c.waitpid(-1)) as number)).toBe("ECHILD");
        expect(lab.kernel.clock.now - before).toBe(1e9);
        expect(lab.kernel.tasks.get(pid)).toBeUndefined();
        expect(seen).toBe(signals);
        return 0;
      });
    },
  );
});

describe("orphans", () => {
  test("a child outlives its parent, and nobody has to wait for it", async () => {
    const lab = await Lab.boot();
    let parentSeen = -1;
    const before = lab.pagesInUse();
    const parent = program((c) => {
      c.fork(async (child) => {
        await child.nanosleep({ tv_sec: 1 });
        parentSeen = child.getppid();
        return 0;
      });
      return 4;
    });
    expect(await lab.kernel.spawn(parent).exited).toEqual({ code: 4 });
    expect([...lab.kernel.tasks]).toHaveLength(1);
    while ([...lab.kernel.tasks].length > 0) await new Promise((resolve) => setImmediate(resolve));
    // Linux gives orphans to process 1; here there is no init, and 0 stands for it.
    expect(parentSeen).toBe(0);
    expect(lab.pagesInUse()).toBe(before);
  });

  test("a zombie whose parent ends goes with it", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const status = await lab.child(c, async (child) => {
        lab.fork(child, () => 1);
        await later(child);
        expect([...lab.kernel.tasks]).toHaveLength(3);
        return 0;
      });
      expect(status).toBe(0);
      expect([...lab.kernel.tasks]).toHaveLength(1);
      return 0;
    });
  });
});

describe("process groups", () => {
  test("a child is in its parent's group; setpgid(0, 0) makes it a leader; wait4 and kill go by group", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const call = (who: Libc, nr: number, ...args: number[]) => named(who.user.syscall(nr, ...args) as number);
      const me = c.getpid();
      const same = lab.fork(c, sleeper);
      const own = lab.fork(c, async (child) => {
        expect(call(child, SYS_getpgid, 0)).toBe(me);
        expect(call(child, SYS_setpgid, 0, 0)).toBe(0);
        expect(call(child, SYS_getpgid, 0)).toBe(child.getpid());
        return sleeper(child);
      });
      await later(c);
      expect(call(c, SYS_getpgid, same)).toBe(me);
      expect(call(c, SYS_getpgid, own)).toBe(own);
      // "-1 … < -1: wait for any child process whose process group ID is equal to the absolute value of pid."
      expect(call(c, SYS_wait4, -own, 0, WNOHANG, 0)).toBe(0);
      expect(call(c, SYS_kill, -own, SIGUSR1)).toBe(0);
      expect(await c.waitpid(-own)).toEqual({ pid: own, status: SIGUSR1 });
      expect(result(c, (await c.waitpid(-own)) as number)).toBe("ECHILD");
      // "0: … whose process group ID is equal to that of the calling process".
      expect(((await c.waitpid(0)) as Waited).pid).toBe(same);
      return 0;
    });
  });

  test("kill(0, …) reaches the caller's group and nobody else", async () => {
    const lab = await Lab.boot();
    const sleeps = program(async (c) => {
      await c.nanosleep({ tv_sec: 1 });
      return 9;
    });
    const bystander = lab.kernel.spawn(sleeps, { argv: ["bystander"] });
    const { exited } = lab.kernel.spawn((user) => void user.syscall(SYS_kill, 0, SIGTERM), { argv: ["killer"] });
    expect(await exited).toEqual({ signal: SIGTERM, address: 0 });
    expect(await bystander.exited).toEqual({ code: 9 });
  });

  test("errors of setpgid(2), setsid(2), getsid(2)", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const call = (nr: number, ...args: number[]) => named(c.user.syscall(nr, ...args) as number);
      const child = lab.fork(c, async (one) => {
        expect(named(one.user.syscall(SYS_setsid) as number)).toBe(one.getpid());
        expect(named(one.user.syscall(SYS_setsid) as number)).toBe("EPERM");
        return sleeper(one);
      });
      await later(c);
      expect(call(SYS_setpgid, 0, -1)).toBe("EINVAL");
      expect(call(SYS_setpgid, 12345, 0)).toBe("ESRCH");
      expect(call(SYS_getpgid, 12345)).toBe("ESRCH");
      // A session leader cannot move, nor a process of another session be moved.
      expect(call(SYS_setpgid, 0, 0)).toBe("EPERM");
      expect(call(SYS_setpgid, child, 0)).toBe("EPERM");
      expect(call(SYS_getsid, child)).toBe(child);
      expect(call(SYS_setsid)).toBe("EPERM");
      await c.waitpid(-1);
      return 0;
    });
  });
});

describe("a program that throws", () => {
  test("is ended by SIGABRT, and what it threw is on its standard error", async () => {
    const lab = await Lab.boot();
    const { exited } = lab.kernel.spawn(
      () => {
        throw new TypeError("no such thing");
      },
      { argv: ["bad"] },
    );
    expect(await exited).toEqual({ signal: SIGABRT, address: 0 });
    expect(lab.output()).toMatch(/^bad: uncaught TypeError: no such thing\n/);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["an object without a prototype", Object.create(null)],
    [
      "an object whose text throws",
      {
        toString() {
          throw new Error("no");
        },
      },
    ],
  ])("is ended by it when that is %s", async (_what, thrown) => {
    const lab = await Lab.boot();
    const { exited } = lab.kernel.spawn(() => Promise.reject(thrown), { argv: ["bad"] });
    expect(await exited).toEqual({ signal: SIGABRT, address: 0 });
    expect(lab.output()).toMatch(/^bad: uncaught /);
  });

  test("without a standard error, or with a full pipe for one, its text is in the kernel's log", async () => {
    const lab = await Lab.boot();
    const closed = (c: Libc) => void c.close(2);
    const full = async (c: Libc) => {
      const ends = c.malloc(8);
      await c.syscall(SYS_pipe2, ends, 0);
      const [input, output] = [c.user.load32(ends), c.user.load32(ends + 4)];
      await c.write(output, c.malloc(2 ** 16), 2 ** 16);
      c.dup3(output, 2, 0);
      expect(input).toBeGreaterThan(2);
    };
    for (const prepare of [closed, full]) {
      const bad = program(async (c) => {
        await prepare(c);
        throw new Error("unheard");
      });
      expect(await lab.kernel.spawn(bad).exited).toEqual({ signal: SIGABRT, address: 0 });
    }
    expect(lab.log().filter((text) => text.includes("unheard"))).toHaveLength(2);
  });

  test("an async signal handler that throws ends it too, and not the host", async () => {
    const lab = await Lab.boot();
    const bad = program(async (c) => {
      c.sigaction(SIGUSR1, async () => {
        await null;
        throw new Error("late");
      });
      c.kill(c.getpid(), SIGUSR1);
      await c.nanosleep({ tv_sec: 1 });
      return 0;
    });
    expect(await lab.kernel.spawn(bad).exited).toEqual({ signal: SIGABRT, address: 0 });
  });
});

describe("a program that has ended", () => {
  test("cannot go on, whatever it catches: every access and every call throws", async () => {
    const lab = await Lab.boot();
    const thrown: string[] = [];
    let m = 0;
    const attempt = (work: () => unknown): void => {
      try {
        work();
        thrown.push("went on");
      } catch (error) {
        thrown.push((error as Error).name);
      }
    };
    const { exited } = lab.kernel.spawn((user) => {
      m = user.syscall(SYS_mmap, 0, PAGE, 3, PRIVATE, -1, 0) as number;
      user.store8(m, 1);
      for (const work of [
        () => user.syscall(SYS_exit, 6),
        () => user.load8(m),
        () => user.load64(m),
        () => user.store32(m, 1),
        () => user.read(m, 1),
        () => user.write(m, new Uint8Array(1)),
        () => user.fill(m, 0, 1),
        () => user.copy(m, m + 8, 1),
        () => user.pin(m, 1),
        () => user.fork(() => 0),
        () => user.syscall(SYS_getppid),
      ]) {
        attempt(work);
      }
      return 1;
    });
    expect(await exited).toEqual({ code: 6 });
    expect(thrown).toEqual(Array.from({ length: 11 }, () => "TaskEnded"));
  });

  test("does not go on where it slept: what stands behind the await never runs", async () => {
    const lab = await Lab.boot();
    let ranOn = false;
    await lab.run(async (c) => {
      const pid = c.fork(async (child) => {
        try {
          await child.nanosleep({ tv_sec: 5 });
        } finally {
          ranOn = true;
        }
        return 0;
      });
      await later(c);
      c.kill(pid, SIGKILL);
      await c.waitpid(pid);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 0;
    });
    expect(ranOn).toBe(false);
  });
});

test("a second call while the first one sleeps is the program's mistake: no thread of Linux can make it", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const sleeping = c.nanosleep({ tv_sec: 1 });
    expect(() => c.getpid()).toThrow(/await that one first/);
    expect(await sleeping).toBe(0);
    expect(c.getpid()).toBeGreaterThan(0);
    return 0;
  });
});

test("when all sleep and nothing can wake them, each is reported and ended", async () => {
  const lab = await Lab.boot();
  const end = await lab.end(async (c) => {
    const ends = c.malloc(8);
    await c.syscall(SYS_pipe2, ends, 0);
    lab.fork(c, async (child) => {
      await child.read(child.user.load32(ends), child.malloc(1), 1);
      return 0;
    });
    await c.waitpid(-1);
    return 0;
  }, "stuck");
  expect(end).toEqual({ signal: SIGKILL, address: 0 });
  const reports = lab.log().filter((text) => text.startsWith("INFO: task stuck:"));
  expect(reports).toHaveLength(2);
  // The machine goes on.
  await lab.run(() => 0);
});
