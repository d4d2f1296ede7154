/** Stopping and continuing. Truth: signal(7), wait(2), waitid(2), sigaction(2), _exit(2); kernel/signal.c of Linux 6.12. */
import { expect, test } from "vitest";
import {
  CLD_CONTINUED,
  CLD_STOPPED,
  SA_NOCLDSTOP,
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGKILL,
  SIGSTOP,
  SIGTSTP,
  SIGUSR1,
  siginfoChild,
} from "../../abi/signal.ts";
import { SYS_setpgid, SYS_waitid } from "../../abi/syscalls.ts";
import {
  P_PID,
  WCONTINUED,
  WEXITED,
  WIFCONTINUED,
  WIFSIGNALED,
  WIFSTOPPED,
  WNOHANG,
  WNOWAIT,
  WSTOPPED,
  WSTOPSIG,
  WTERMSIG,
  WUNTRACED,
} from "../../abi/wait.ts";
import type { Libc, Waited } from "../../guests/libc.ts";
import { Lab, named } from "./lab.ts";

const sleepy = async (c: Libc): Promise<number> => {
  for (let i = 0; i < 5; i++) await c.nanosleep({ tv_nsec: 1000 });
  return 7;
};
const wait = async (c: Libc, pid: number, options = 0) => (await c.waitpid(pid, options)) as Waited;

test('WUNTRACED: "also return if a child has stopped", WCONTINUED: "… has been resumed by delivery of SIGCONT"', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, sleepy);
    expect(c.kill(pid, SIGSTOP)).toBe(0);
    const stopped = await wait(c, pid, WUNTRACED);
    expect([stopped.pid, WIFSTOPPED(stopped.status), WSTOPSIG(stopped.status)]).toEqual([pid, true, SIGSTOP]);
    // Told once.
    expect((await wait(c, pid, WUNTRACED | WNOHANG)).pid).toBe(0);
    await c.nanosleep({ tv_sec: 1 });
    expect((await wait(c, pid, WNOHANG)).pid, "a stopped process does not go on").toBe(0);
    c.kill(pid, SIGCONT);
    const continued = await wait(c, pid, WCONTINUED);
    expect([continued.pid, WIFCONTINUED(continued.status)]).toEqual([pid, true]);
    expect((await wait(c, pid)).status).toBe(7 << 8);
    return 0;
  });
});

test("a sleep that is stopped and continued is no shorter and gives no EINTR", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, async (child) => ((await child.nanosleep({ tv_nsec: 5000 })) === 0 ? 0 : 1));
    await c.nanosleep({ tv_nsec: 1000 });
    c.kill(pid, SIGSTOP);
    await wait(c, pid, WUNTRACED);
    c.kill(pid, SIGCONT);
    expect((await wait(c, pid)).status).toBe(0);
    return 0;
  });
});

test("SIGKILL ends a stopped process; other signals wait for SIGCONT", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    for (const signo of [SIGKILL, SIGUSR1]) {
      const pid = lab.fork(c, sleepy);
      c.kill(pid, SIGSTOP);
      await wait(c, pid, WUNTRACED);
      c.kill(pid, signo);
      if (signo === SIGUSR1) {
        await c.nanosleep({ tv_nsec: 1e6 });
        expect((await wait(c, pid, WNOHANG)).pid).toBe(0);
        c.kill(pid, SIGCONT);
      }
      const { status } = await wait(c, pid);
      expect([WIFSIGNALED(status), WTERMSIG(status)]).toEqual([true, signo]);
    }
    return 0;
  });
});

test("SIGSTOP and SIGCONT discard each other while they wait", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, sleepy);
    // The child has not run yet.
    c.kill(pid, SIGSTOP);
    c.kill(pid, SIGCONT);
    expect((await wait(c, pid, WUNTRACED)).status).toBe(7 << 8);
    return 0;
  });
});

test('SIGCHLD tells of both; "SA_NOCLDSTOP: … do not receive notification when child processes stop … or resume"', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    for (const flags of [0, SA_NOCLDSTOP]) {
      const seen: (number | undefined)[][] = [];
      c.sigaction(SIGCHLD, (_signo, info) => seen.push([info.code, info.pid, info.status]), flags);
      const pid = lab.fork(c, sleepy);
      c.kill(pid, SIGSTOP);
      while ((await wait(c, pid, WUNTRACED)).pid !== pid);
      c.kill(pid, SIGCONT);
      c.getpid();
      const expected = [
        [CLD_STOPPED, pid, SIGSTOP],
        [CLD_CONTINUED, pid, SIGCONT],
      ];
      expect(seen).toEqual(flags === 0 ? expected : []);
      while ((await wait(c, pid)).pid !== pid);
    }
    return 0;
  });
});

test("SIGTSTP stops a child in a group of its own, and nobody in an orphaned group (setpgid(2))", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, sleepy);
    expect(await c.syscall(SYS_setpgid, pid, pid)).toBe(0);
    c.kill(pid, SIGTSTP);
    expect(WSTOPSIG((await wait(c, pid, WUNTRACED)).status)).toBe(SIGTSTP);
    c.kill(pid, SIGCONT);
    expect((await wait(c, pid)).status).toBe(7 << 8);
    // In the group of the program that the host started, whose parent is in no group at all.
    const other = lab.fork(c, sleepy);
    c.kill(other, SIGTSTP);
    expect((await wait(c, other, WUNTRACED)).status).toBe(7 << 8);
    return 0;
  });
});

test("a stopped group that becomes orphaned gets SIGHUP and SIGCONT (_exit(2))", async () => {
  const lab = await Lab.boot();
  const ends: unknown[] = [];
  lab.kernel.onExit = (task) => ends.push([task.comm, task.status]);
  await lab.run(async (c) => {
    const parent = lab.fork(c, async (middle) => {
      const pid = lab.fork(middle, sleepy);
      await middle.syscall(SYS_setpgid, pid, pid);
      middle.kill(pid, SIGTSTP);
      await wait(middle, pid, WUNTRACED);
      return 3;
    });
    expect((await wait(c, parent)).status).toBe(3 << 8);
    return 0;
  });
  expect(ends).toContainEqual(["test", { signal: SIGHUP, address: 0 }]);
});

test("waitid: WSTOPPED, WNOWAIT leaves it waitable, siginfo tells which", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, sleepy);
    const info = c.malloc(128);
    const waitid = async (options: number) => {
      const result = (await c.user.syscall(SYS_waitid, P_PID, pid, info, options, 0)) as number;
      const { si_signo, si_code, si_pid, si_status } = siginfoChild.read(c.user.read(info, 128));
      return [named(result), si_signo, si_code, si_pid, si_status];
    };
    expect(await waitid(WSTOPPED | WNOHANG)).toEqual([0, 0, 0, 0, 0]);
    c.kill(pid, SIGSTOP);
    expect(await waitid(WSTOPPED | WNOWAIT)).toEqual([0, SIGCHLD, CLD_STOPPED, pid, SIGSTOP]);
    expect(await waitid(WSTOPPED)).toEqual([0, SIGCHLD, CLD_STOPPED, pid, SIGSTOP]);
    c.kill(pid, SIGCONT);
    expect(await waitid(WEXITED | WCONTINUED)).toEqual([0, SIGCHLD, CLD_CONTINUED, pid, SIGCONT]);
    expect(await waitid(WEXITED)).toEqual([0, SIGCHLD, 1, pid, 7]);
    expect((await waitid(WEXITED))[0]).toBe("ECHILD");
    expect((await waitid(WNOHANG))[0], "none of the three").toBe("EINVAL");
    return 0;
  });
});

test("a machine whose last processes are stopped is a deadlock, which is told and ended", async () => {
  const lab = await Lab.boot();
  expect(
    await lab.end(async (c) => {
      c.kill(c.getpid(), SIGSTOP);
      await c.nanosleep({ tv_nsec: 1 });
      return 0;
    }),
  ).toEqual({ signal: SIGKILL, address: 0 });
});
