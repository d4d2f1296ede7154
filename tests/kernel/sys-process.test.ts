/** Identity, prctl, scheduling, time used: each expectation is a sentence of the call's manual page. */
import { describe, expect, test } from "vitest";
import { EACCES, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import * as pr from "../../abi/prctl.ts";
import { rusage } from "../../abi/resource.ts";
import { SIGHUP, SIGUSR1 } from "../../abi/signal.ts";
import * as sys from "../../abi/syscalls.ts";
import { itimerval, timespec } from "../../abi/time.ts";
import { WTERMSIG } from "../../abi/wait.ts";
import type { Libc, Waited } from "../../guests/libc.ts";
import { bootTestKernel } from "./boot.ts";
import { ECALL, tinyElf } from "./exec/tiny-elf.ts";
import { Lab, named } from "./lab.ts";

const call = (c: Libc, nr: number, ...args: number[]) => named(c.user.syscall(nr, ...args) as number);

describe("identity", () => {
  test("setresuid: an unprivileged process may take only an ID it has; getresuid tells all three", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const at = c.malloc(12);
      const ids = () => {
        expect(call(c, sys.SYS_getresuid, at, at + 4, at + 8)).toBe(0);
        return [0, 4, 8].map((offset) => c.user.load32(at + offset));
      };
      expect(ids()).toEqual([0, 0, 0]);
      expect(call(c, sys.SYS_setresuid, 1000, 1001, 1002)).toBe(0);
      expect(ids()).toEqual([1000, 1001, 1002]);
      expect(call(c, sys.SYS_setuid, 0)).toBe("EPERM");
      expect(call(c, sys.SYS_setresuid, -1, 1002, -1)).toBe(0);
      expect(call(c, sys.SYS_geteuid)).toBe(1002);
      expect(call(c, sys.SYS_setresuid, 5, -1, -1)).toBe("EPERM");
      // "setfsuid: On both success and failure, this call returns the previous filesystem user ID of the caller."
      expect(call(c, sys.SYS_setfsuid, 77)).toBe(1002);
      expect(call(c, sys.SYS_setfsuid, -1)).toBe(1002);
      expect(call(c, sys.SYS_setgroups, 0, 0)).toBe("EPERM");
      expect(call(c, sys.SYS_sethostname, at, 1)).toBe("EPERM");
      return 0;
    });
  });

  test("groups are told in order, and counted when the size is 0", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const at = c.malloc(16);
      for (const [i, group] of [30, 10, 20].entries()) c.user.store32(at + 4 * i, group);
      expect(call(c, sys.SYS_setgroups, 3, at)).toBe(0);
      expect(call(c, sys.SYS_getgroups, 0, 0)).toBe(3);
      expect(call(c, sys.SYS_getgroups, 2, at)).toBe("EINVAL");
      expect(call(c, sys.SYS_getgroups, 3, at)).toBe(3);
      expect([0, 4, 8].map((offset) => c.user.load32(at + offset))).toEqual([10, 20, 30]);
      return 0;
    });
  });

  test('kill: "the real or effective user ID of the sending process must equal the real or saved set-user-ID"', async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const victim = lab.fork(c, async (child) => {
        await child.nanosleep({ tv_sec: 1 });
        return 0;
      });
      const status = await lab.child(c, (child) => {
        child.user.syscall(sys.SYS_setuid, 1000);
        return child.user.syscall(sys.SYS_kill, victim, SIGUSR1) === -EPERM ? 0 : 1;
      });
      expect(status).toBe(0);
      c.kill(victim, SIGUSR1);
      expect(WTERMSIG(((await c.waitpid(victim)) as Waited).status)).toBe(SIGUSR1);
      return 0;
    });
  });
});

describe("prctl", () => {
  test("each option's errors", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const prctl = (...args: number[]) => call(c, sys.SYS_prctl, ...args);
      expect(prctl(pr.PR_SET_DUMPABLE, 2)).toBe("EINVAL");
      expect(prctl(pr.PR_GET_DUMPABLE)).toBe(1);
      expect(prctl(pr.PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0)).toBe("EINVAL");
      expect(prctl(pr.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)).toBe(0);
      expect(prctl(pr.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)).toBe(1);
      expect(prctl(pr.PR_SET_PDEATHSIG, 65)).toBe("EINVAL");
      expect(prctl(pr.PR_SET_NAME, 8)).toBe("EFAULT");
      expect(prctl(9999)).toBe("EINVAL");
      return 0;
    });
  });

  test('PR_SET_PDEATHSIG: "the signal that the calling process will get when its parent dies"', async () => {
    const lab = await Lab.boot();
    const ends: unknown[] = [];
    lab.kernel.onExit = (task) => ends.push(task.status);
    await lab.run(async (c) => {
      await lab.child(c, async (middle) => {
        lab.fork(middle, async (child) => {
          child.user.syscall(sys.SYS_prctl, pr.PR_SET_PDEATHSIG, SIGHUP);
          await child.nanosleep({ tv_sec: 100 });
          return 0;
        });
        await middle.nanosleep({ tv_nsec: 1000 });
        return 0;
      });
      return 0;
    });
    expect(ends).toContainEqual({ signal: SIGHUP, address: 0 });
  });
});

test("scheduling: what is set is told; what makes no sense is EINVAL", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const at = c.malloc(64);
    expect(call(c, sys.SYS_sched_getaffinity, 0, 4, at)).toBe("EINVAL");
    // The system call returns the bytes that it wrote (sched_getaffinity(2), C library/kernel differences).
    expect(call(c, sys.SYS_sched_getaffinity, 0, 64, at)).toBe(8);
    expect(c.user.load64(at)).toBe(1n);
    c.user.store64(at, 2n);
    expect(call(c, sys.SYS_sched_setaffinity, 0, 8, at)).toBe("EINVAL");
    expect(call(c, sys.SYS_sched_getaffinity, 999, 64, at)).toBe("ESRCH");
    // "The raw getpriority() system call returns … 20 - nice".
    expect(call(c, sys.SYS_getpriority, 0, 0)).toBe(20);
    expect(call(c, sys.SYS_setpriority, 0, 0, 5)).toBe(0);
    expect(call(c, sys.SYS_getpriority, 0, 0)).toBe(15);
    expect(call(c, sys.SYS_getpriority, 3, 0)).toBe("EINVAL");
    c.user.store32(at, 0);
    expect(call(c, sys.SYS_sched_setscheduler, 0, 1, at), "FIFO wants 1 to 99").toBe("EINVAL");
    c.user.store32(at, 50);
    expect(call(c, sys.SYS_sched_setscheduler, 0, 1, at)).toBe(0);
    expect(call(c, sys.SYS_sched_getscheduler, 0)).toBe(1);
    expect(call(c, sys.SYS_sched_get_priority_max, 2)).toBe(99);
    call(c, sys.SYS_setuid, 1);
    expect(c.user.syscall(sys.SYS_setpriority, 0, 0, -5)).toBe(-EACCES);
    return 0;
  });
});

test("clone3: the checks of its arguments, clone(2)", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const at = c.malloc(128);
    c.user.fill(at, 0, 128);
    expect(c.user.syscall(sys.SYS_clone3, at, 63)).toBe(-EINVAL);
    expect(named(c.user.syscall(sys.SYS_clone3, at, 5000) as number)).toBe("E2BIG");
    c.user.store64(at + 32, 100n);
    expect(c.user.syscall(sys.SYS_clone3, at, 88), "no signal 100").toBe(-EINVAL);
    c.user.store64(at + 32, 17n);
    c.user.store64(at + 40, 0x1000n);
    expect(c.user.syscall(sys.SYS_clone3, at, 88), "a stack without a size").toBe(-EINVAL);
    c.user.store8(at + 100, 1);
    expect(named(c.user.syscall(sys.SYS_clone3, at, 104) as number), "what the kernel does not know").toBe("E2BIG");
    return 0;
  });
});

test("ITIMER_REAL: the interval, the time left, and the old value (setitimer(2))", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    let alarms = 0;
    c.sigaction(14, () => alarms++);
    const at = c.malloc(itimerval.size);
    const period = { tv_usec: 1000 };
    c.user.write(at, itimerval.encode({ it_interval: period, it_value: period }));
    expect(call(c, sys.SYS_setitimer, 0, at, 0)).toBe(0);
    for (let i = 0; i < 3; i++) await c.nanosleep({ tv_sec: 1 });
    expect(alarms).toBe(3);
    c.user.fill(at, 0, itimerval.size);
    expect(call(c, sys.SYS_setitimer, 0, at, at)).toBe(0);
    const { it_interval, it_value } = itimerval.read(c.user.read(at, itimerval.size));
    expect(it_interval).toEqual({ tv_sec: 0, tv_usec: 1000 });
    expect(it_value).toEqual({ tv_sec: 0, tv_usec: 1000 });
    expect(await c.nanosleep({ tv_sec: 1 })).toBe(0);
    expect(call(c, sys.SYS_getitimer, 3, at)).toBe("EINVAL");
    return 0;
  });
});

test("a TypeScript program becomes a program on the hart: same process, its JavaScript ends there", async () => {
  const { kernel } = await bootTestKernel();
  // addi a0, zero, 7; addi a7, zero, 93 (exit); ecall.
  kernel.vfs.writeFile("/bin/seven", tinyElf([0x0070_0513, 0x05d0_0893, ECALL]), 0o755);
  let after = false;
  let error = 0;
  const { libc } = await import("../../guests/libc.ts");
  const { exited, task } = kernel.spawn(async (user) => {
    const c = libc(user);
    const path = c.malloc(64);
    c.strcpy(path, "/bin/none");
    error = user.syscall(sys.SYS_execve, path, 0, 0) as number;
    c.strcpy(path, "/bin/seven");
    await user.syscall(sys.SYS_execve, path, 0, 0);
    after = true;
    return 1;
  });
  expect(await exited).toEqual({ code: 7 });
  expect([error, after, task.comm]).toEqual([-2, false, "seven"]);
  // An ecall traps and does not retire (privileged specification, 3.3.1).
  expect(task.cpuTime).toBe(2);
});

test("getrusage of children counts those that were waited for", async () => {
  const { kernel } = await bootTestKernel();
  // addi t0, zero, 1000; addi t0, t0, -1; bne t0, zero, -4; addi a7, zero, 93; ecall: 1 + 2·1000 + 1 instructions.
  const loop = [0x3e80_0293, 0xfff2_8293, 0xfe02_9ee3, 0x05d0_0893, ECALL];
  kernel.vfs.writeFile("/bin/loop", tinyElf(loop), 0o755);
  const { libc } = await import("../../guests/libc.ts");
  const seen: unknown[] = [];
  const { exited } = kernel.spawn(async (user) => {
    const c = libc(user);
    const at = c.malloc(rusage.size);
    const used = () => {
      user.syscall(sys.SYS_getrusage, -1, at);
      return rusage.read(user.read(at, rusage.size)).ru_utime;
    };
    const pid = c.fork(async (child) => {
      const path = child.malloc(64);
      child.strcpy(path, "/bin/loop");
      await child.user.syscall(sys.SYS_execve, path, 0, 0);
      return 1;
    });
    seen.push(used());
    await c.waitpid(pid);
    seen.push(used());
    seen.push(user.syscall(sys.SYS_getrusage, 2, at));
    return 0;
  });
  expect(await exited).toEqual({ code: 0 });
  expect(seen).toEqual([{ tv_sec: 0, tv_usec: 0 }, { tv_sec: 0, tv_usec: 2 }, -EINVAL]);
});

test("CPU clocks stand still while nothing runs on the hart; nobody can sleep on them", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const at = c.malloc(timespec.size);
    c.user.fill(at, 0, timespec.size);
    expect(call(c, sys.SYS_clock_nanosleep, 3, 0, at, 0)).toBe("EOPNOTSUPP");
    expect(call(c, sys.SYS_clock_settime, 0, at)).toBe("EPERM");
    expect(c.user.syscall(sys.SYS_get_robust_list, 999, at, at)).toBe(-ESRCH);
    return 0;
  });
});
