/** Sessions, foreground and background. Truth: ioctl_tty(2), tty(4), credentials(7), setsid(2), and POSIX's chapter 11.1. */
import { expect, test } from "vitest";
import { EINVAL, EIO, ENOTTY, ENXIO, EPERM, ESRCH } from "../../abi/errno.ts";
import { O_NOCTTY, O_RDWR } from "../../abi/fcntl.ts";
import { TCSETS2, TIOCGPGRP, TIOCGSID, TIOCNOTTY, TIOCSCTTY, TIOCSPGRP } from "../../abi/ioctl.ts";
import { SIG_BLOCK, SIG_IGN, SIGCONT, SIGHUP, SIGINT, SIGTSTP, SIGTTIN, SIGTTOU, sigmask } from "../../abi/signal.ts";
import { SYS_setpgid, SYS_setsid } from "../../abi/syscalls.ts";
import { TOSTOP, termios2 } from "../../abi/termios.ts";
import { W_EXITCODE, WIFSTOPPED, WSTOPSIG, WTERMSIG, WUNTRACED } from "../../abi/wait.ts";
import type { Libc, Main, Waited } from "../../guests/libc.ts";
import { Lab } from "../kernel/lab.ts";
import { bootTerminal, int, readText, set, settingsOf } from "./terminal.ts";

const setpgid = (c: Libc, pid: number, group: number): number => c.syscall(SYS_setpgid, pid, group) as number;
const wait = async (c: Libc, pid: number): Promise<Waited> => (await c.waitpid(pid, WUNTRACED)) as Waited;
const foreground = async (c: Libc, group: number): Promise<number> =>
  (await c.ioctlStruct(0, TIOCSPGRP, int, { value: group })) === -1 ? -c.errno : 0;

/** A child in a process group of its own, in the background. */
const background = (lab: Lab, c: Libc, main: Main): number => {
  const pid = lab.fork(c, main);
  expect(setpgid(c, pid, pid)).toBe(0);
  return pid;
};

/** Lets children run as far as they come. */
const letRun = (c: Libc): unknown => c.nanosleep({ tv_nsec: 1000 });

test("the first program leads the session that the terminal controls, in the foreground", async () => {
  const { lab } = await bootTerminal();
  await lab.run(async (c) => {
    const pid = c.getpid();
    expect(c.ioctlStruct(0, TIOCGSID, int)).toEqual({ value: pid });
    expect(c.ioctlStruct(0, TIOCGPGRP, int)).toEqual({ value: pid });
    // tty(4): "/dev/tty … is a synonym for the controlling terminal of a process, if any".
    const fd = (await c.open("/dev/tty", O_RDWR)) as number;
    expect(c.ioctlStruct(fd, TIOCGSID, int)).toEqual({ value: pid });
    await c.writeBytes(fd, new TextEncoder().encode("x"));
    return 0;
  });
});

test('"ENXIO": a process without a controlling terminal opens /dev/tty', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    expect([await c.open("/dev/tty", O_RDWR), c.errno]).toEqual([-1, ENXIO]);
    // open(2): "O_NOCTTY: If pathname refers to a terminal device, it will not become the process's controlling terminal".
    const fd = (await c.open("/dev/ttyS0", O_RDWR | O_NOCTTY)) as number;
    expect([c.ioctlStruct(fd, TIOCGSID, int), c.errno]).toEqual([-1, ENOTTY]);
    expect([await c.open("/dev/tty", O_RDWR), c.errno]).toEqual([-1, ENXIO]);
    // Without it, it does, for the leader of a session; and TIOCNOTTY gives it up, with SIGHUP and SIGCONT.
    const signals: number[] = [];
    for (const signo of [SIGHUP, SIGCONT]) c.sigaction(signo, (got) => signals.push(got));
    c.close((await c.open("/dev/ttyS0", O_RDWR)) as number);
    expect(await c.open("/dev/tty", O_RDWR)).toBeGreaterThan(0);
    expect(c.ioctl(fd, TIOCNOTTY)).toBe(0);
    expect(signals.sort()).toEqual([SIGHUP, SIGCONT]);
    expect([await c.open("/dev/tty", O_RDWR), c.errno]).toEqual([-1, ENXIO]);
    // /dev/console never becomes a controlling terminal (tty_io.c).
    await c.open("/dev/console", O_RDWR);
    expect([await c.open("/dev/tty", O_RDWR), c.errno]).toEqual([-1, ENXIO]);
    return 0;
  });
});

test("a background read stops the group by SIGTTIN; brought to the foreground it goes on", async () => {
  const { lab, type } = await bootTerminal();
  await lab.run(async (c) => {
    const child = background(lab, c, async (own) => ((await readText(own)) === "typed\n" ? 5 : 1));
    const stopped = await wait(c, child);
    expect([stopped.pid, WIFSTOPPED(stopped.status), WSTOPSIG(stopped.status)]).toEqual([child, true, SIGTTIN]);
    expect(await foreground(c, child)).toBe(0);
    expect(c.ioctlStruct(0, TIOCGPGRP, int)).toEqual({ value: child });
    type("typed\n");
    c.kill(-child, SIGCONT);
    expect((await wait(c, child)).status).toBe(W_EXITCODE(5, 0));
    // Now the parent is in the background: with SIGTTOU ignored it may take the terminal back, as shells do.
    c.sigaction(SIGTTOU, SIG_IGN);
    expect(await foreground(c, c.getpid())).toBe(0);
    return 0;
  });
});

test("a background read fails with EIO when SIGTTIN is blocked or ignored, or the group is orphaned", async () => {
  const { lab } = await bootTerminal();
  await lab.run(async (c) => {
    const blocking: Main = async (own) => {
      own.sigprocmask(SIG_BLOCK, sigmask(SIGTTIN));
      return (await readText(own)) === -1 && own.errno === EIO ? 0 : 1;
    };
    const ignoring: Main = async (own) => {
      own.sigaction(SIGTTIN, SIG_IGN);
      return (await readText(own)) === -1 && own.errno === EIO ? 0 : 1;
    };
    for (const main of [blocking, ignoring]) {
      const child = background(lab, c, main);
      expect((await wait(c, child)).status).toBe(0);
    }
    // Nobody could continue the first program's own group.
    c.sigaction(SIGTTOU, SIG_IGN);
    const child = background(lab, c, async (own) => {
      await own.nanosleep({ tv_sec: 1 });
      return 0;
    });
    await foreground(c, child);
    expect([await readText(c), c.errno]).toEqual([-1, EIO]);
    await wait(c, child);
    return 0;
  });
});

test("TOSTOP: a background write stops the group; without it, it does not; a change of settings always does", async () => {
  const { lab, shown } = await bootTerminal();
  await lab.run(async (c) => {
    const writing: Main = async (own) => {
      await own.print("x");
      return 0;
    };
    expect((await wait(c, background(lab, c, writing))).status).toBe(0);
    expect(shown()).toBe("x");
    set(c, { c_lflag: settingsOf(c).c_lflag | TOSTOP });
    const writer = background(lab, c, writing);
    expect(WSTOPSIG((await wait(c, writer)).status)).toBe(SIGTTOU);
    expect(shown()).toBe("");
    await foreground(c, writer);
    c.kill(-writer, SIGCONT);
    expect((await wait(c, writer)).status).toBe(0);
    expect(shown()).toBe("x");
    c.sigaction(SIGTTOU, SIG_IGN);
    await foreground(c, c.getpid());
    const changer = background(lab, c, async (own) => {
      own.sigaction(SIGTTOU, 0);
      await own.ioctlStruct(0, TCSETS2, termios2, settingsOf(own));
      return 0;
    });
    expect(WSTOPSIG((await wait(c, changer)).status)).toBe(SIGTTOU);
    await foreground(c, changer);
    c.kill(-changer, SIGCONT);
    expect((await wait(c, changer)).status).toBe(0);
    await foreground(c, c.getpid());
    return 0;
  });
});

test("INTR and SUSP go to the foreground group alone", async () => {
  const { lab, type } = await bootTerminal();
  await lab.run(async (c) => {
    c.sigaction(SIGTTOU, SIG_IGN);
    const sleeper: Main = async (own) => {
      own.sigaction(SIGINT, 0);
      await readText(own);
      return 1;
    };
    const job = background(lab, c, sleeper);
    await wait(c, job);
    await foreground(c, job);
    c.kill(-job, SIGCONT);
    await letRun(c);
    type("\x1a");
    expect(WSTOPSIG((await wait(c, job)).status)).toBe(SIGTSTP);
    c.kill(-job, SIGCONT);
    await letRun(c);
    type("\x03");
    expect(WTERMSIG((await wait(c, job)).status)).toBe(SIGINT);
    await foreground(c, c.getpid());
    return 0;
  });
});

test("TIOCSPGRP's refusals", async () => {
  const { lab } = await bootTerminal();
  await lab.run(async (c) => {
    // "EINVAL"/"ESRCH"/"EPERM": tcsetpgrp(3): "pgrp has an unsupported value", "not a process group in the same session".
    expect(await foreground(c, -1)).toBe(-EINVAL);
    expect(await foreground(c, 9999)).toBe(-ESRCH);
    const other = lab.fork(c, async (own) => {
      expect(own.syscall(SYS_setsid)).toBe(own.getpid());
      // setsid(2): "Initially, the new session has no controlling terminal."
      expect([own.ioctlStruct(0, TIOCGPGRP, int), own.errno]).toEqual([-1, ENOTTY]);
      expect(await foreground(own, own.getpid())).toBe(-ENOTTY);
      // "If this terminal is already the controlling terminal of a different session group, then … EPERM".
      expect([own.ioctl(0, TIOCSCTTY, 0), own.errno]).toEqual([-1, EPERM]);
      // Out of the terminal's session, nobody is in the background.
      await own.nanosleep({ tv_sec: 1 });
      return 0;
    });
    await letRun(c);
    expect(await foreground(c, other)).toBe(-EPERM);
    expect((await wait(c, other)).status).toBe(0);
    return 0;
  });
});

test('TIOCSCTTY with 1: "the terminal is stolen, and all processes that had it as controlling terminal lose it"', async () => {
  const { lab } = await bootTerminal();
  await lab.run(async (c) => {
    const thief = lab.fork(c, async (own) => {
      own.syscall(SYS_setsid);
      expect(own.ioctl(0, TIOCSCTTY, 1)).toBe(0);
      expect(own.ioctlStruct(0, TIOCGSID, int)).toEqual({ value: own.getpid() });
      return 0;
    });
    expect((await wait(c, thief)).status).toBe(0);
    expect([c.ioctlStruct(0, TIOCGSID, int), c.errno]).toEqual([-1, ENOTTY]);
    return 0;
  });
});

test("the end of a session's leader: SIGHUP to the foreground group, and the terminal is free", async () => {
  const { lab } = await bootTerminal();
  await lab.run(async (c) => {
    let hangUps = 0;
    const leader = lab.fork(c, async (own) => {
      own.syscall(SYS_setsid);
      own.ioctl(0, TIOCSCTTY, 1);
      lab.fork(own, async (member) => {
        member.sigaction(SIGHUP, () => {
          hangUps++;
        });
        await member.nanosleep({ tv_sec: 5 });
        // setsid's terminal is nobody's now: this is no background read, and nothing is typed.
        expect([member.ioctlStruct(0, TIOCGSID, int), member.errno]).toEqual([-1, ENOTTY]);
        return 0;
      });
      await own.nanosleep({ tv_nsec: 1000 });
      return 0;
    });
    expect((await wait(c, leader)).status).toBe(0);
    await c.nanosleep({ tv_sec: 10 });
    expect(hangUps).toBe(1);
    return 0;
  });
});
