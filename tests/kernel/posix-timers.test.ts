/** timer_create(2), timer_settime(2), timer_getoverrun(2), timer_delete(2): the manual pages are the truth. */
import { expect, test } from "vitest";
import { EINVAL, EOPNOTSUPP } from "../../abi/errno.ts";
import type { SignalInfo } from "../../abi/program.ts";
import { SI_TIMER, SIG_BLOCK, SIG_UNBLOCK, SIGALRM, SIGUSR1, sigmask } from "../../abi/signal.ts";
import {
  SYS_rt_sigprocmask,
  SYS_timer_create,
  SYS_timer_delete,
  SYS_timer_getoverrun,
  SYS_timer_gettime,
  SYS_timer_settime,
} from "../../abi/syscalls.ts";
import {
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME,
  itimerspec,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
  sigevent,
  TIMER_ABSTIME,
} from "../../abi/time.ts";
import type { Libc } from "../../guests/libc.ts";
import { Lab } from "./lab.ts";

const MS = 1_000_000;
const at = (nanoseconds: number) => ({ tv_sec: Math.floor(nanoseconds / 1e9), tv_nsec: nanoseconds % 1e9 });

const put = (c: Libc, bytes: Uint8Array): number => {
  const va = c.malloc(bytes.length);
  c.user.write(va, bytes);
  return va;
};

/** The timer's number, or -errno. */
const create = (c: Libc, clock: number, event?: { notify: number; signo?: number; value?: number }): number => {
  const id = put(c, new Uint8Array(4));
  const bytes =
    event &&
    sigevent.encode({ sigev_notify: event.notify, sigev_signo: event.signo ?? 0, sigev_value: event.value ?? 0 });
  const result = c.user.syscall(SYS_timer_create, clock, bytes === undefined ? 0 : put(c, bytes), id) as number;
  return result < 0 ? result : c.user.load32(id);
};

const settime = (c: Libc, id: number, value: number, interval = 0, flags = 0): number =>
  c.user.syscall(
    SYS_timer_settime,
    id,
    flags,
    put(c, itimerspec.encode({ it_value: at(value), it_interval: at(interval) })),
    0,
  ) as number;

const left = (c: Libc, id: number): number => {
  const va = put(c, new Uint8Array(itimerspec.size));
  expect(c.user.syscall(SYS_timer_gettime, id, va)).toBe(0);
  const { it_value } = itimerspec.read(c.user.read(va, itimerspec.size));
  return it_value.tv_sec * 1e9 + it_value.tv_nsec;
};

const mask = (c: Libc, how: number, signo: number): void => {
  const set = new Uint8Array(new BigUint64Array([sigmask(signo)]).buffer);
  expect(c.user.syscall(SYS_rt_sigprocmask, how, put(c, set), 0, 8)).toBe(0);
};

test("it expires once, with its value; si_code is SI_TIMER", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const taken: SignalInfo[] = [];
    c.sigaction(SIGUSR1, (_signo: number, info: SignalInfo) => void taken.push({ ...info }));
    const id = create(c, CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: SIGUSR1, value: 0x1234 });
    // "The timer is initially … disarmed."
    expect(left(c, id)).toBe(0);
    expect(settime(c, id, 30 * MS)).toBe(0);
    expect(left(c, id)).toBe(30 * MS);
    await c.nanosleep({ tv_sec: 1 });
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatchObject({ signo: SIGUSR1, code: SI_TIMER, value: 0x1234 });
    expect(left(c, id)).toBe(0);
    return 0;
  });
});

test('NULL is "SIGEV_SIGNAL, SIGALRM, and the timer ID"; zero disarms', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const taken: SignalInfo[] = [];
    c.sigaction(SIGALRM, (_signo: number, info: SignalInfo) => void taken.push({ ...info }));
    create(c, CLOCK_REALTIME);
    const id = create(c, CLOCK_REALTIME);
    settime(c, id, 10 * MS, 10 * MS);
    for (let i = 0; i < 3; i++) await c.nanosleep({ tv_sec: 1 });
    expect(taken).toHaveLength(3);
    expect(taken[0]?.value).toBe(id);
    settime(c, id, 0, 10 * MS);
    await c.nanosleep({ tv_sec: 1 });
    expect(taken).toHaveLength(3);
    return 0;
  });
});

// timer_getoverrun(2): "only a single signal is queued …, the overrun count … is the number of additional expirations that
// occurred between the time when the signal was generated … and when it was delivered".
test("expiries that find the signal pending are counted", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    let taken = 0;
    c.sigaction(SIGUSR1, () => {
      taken++;
    });
    const id = create(c, CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: SIGUSR1 });
    mask(c, SIG_BLOCK, SIGUSR1);
    settime(c, id, 10 * MS, 10 * MS);
    // At 10, 20, … 90 ms.
    await c.nanosleep({ tv_nsec: 95 * MS });
    expect(c.user.syscall(SYS_timer_getoverrun, id)).toBe(0);
    mask(c, SIG_UNBLOCK, SIGUSR1);
    expect(taken).toBe(1);
    expect(c.user.syscall(SYS_timer_getoverrun, id)).toBe(8);
    return 0;
  });
});

test("an absolute time is of the timer's own clock, and one that is past expires at once", async () => {
  const lab = await Lab.boot({ epoch: 1_000_000_000 });
  await lab.run(async (c) => {
    const id = create(c, CLOCK_REALTIME, { notify: SIGEV_NONE });
    settime(c, id, 1_000_000_005 * 1e9, 0, TIMER_ABSTIME);
    expect(left(c, id)).toBe(5e9);
    await c.nanosleep({ tv_sec: 2 });
    expect(left(c, id)).toBe(3e9);
    let taken = 0;
    c.sigaction(SIGALRM, () => {
      taken++;
    });
    settime(c, create(c, CLOCK_REALTIME), 5, 0, TIMER_ABSTIME);
    await c.nanosleep({ tv_nsec: 1 });
    expect(taken).toBe(1);
    return 0;
  });
});

test('a child has none, "timers are not inherited by the child of a fork(2)"; deleted is gone', async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const id = create(c, CLOCK_MONOTONIC, { notify: SIGEV_NONE });
    c.fork((child) => (child.user.syscall(SYS_timer_getoverrun, id) === -EINVAL ? 7 : 1));
    expect(await c.waitpid(-1)).toMatchObject({ status: 7 << 8 });
    expect(c.user.syscall(SYS_timer_delete, id)).toBe(0);
    expect(c.user.syscall(SYS_timer_delete, id)).toBe(-EINVAL);
    expect(settime(c, id, 1)).toBe(-EINVAL);
    return 0;
  });
});

test("what is refused", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    expect(create(c, 12345)).toBe(-EINVAL);
    expect(create(c, CLOCK_MONOTONIC_RAW)).toBe(-EOPNOTSUPP);
    expect(create(c, CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: 0 })).toBe(-EINVAL);
    expect(create(c, CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: 65 })).toBe(-EINVAL);
    expect(create(c, CLOCK_MONOTONIC, { notify: 9, signo: SIGUSR1 })).toBe(-EINVAL);
    expect(SIGEV_THREAD).toBe(2);
    const id = create(c, CLOCK_MONOTONIC);
    const bad = put(c, itimerspec.encode({ it_value: { tv_sec: 0, tv_nsec: 1e9 } }));
    expect(c.user.syscall(SYS_timer_settime, id, 0, bad, 0)).toBe(-EINVAL);
    expect(c.user.syscall(SYS_timer_settime, id, 0, 0, 0)).toBe(-EINVAL);
    return 0;
  });
});
