/** System calls on time (kernel/time of Linux 6.12). */
import { EFAULT, EINTR, EINVAL, EOPNOTSUPP } from "../../abi/errno.ts";
import {
  SYS_clock_getres,
  SYS_clock_gettime,
  SYS_clock_nanosleep,
  SYS_gettimeofday,
  SYS_nanosleep,
} from "../../abi/syscalls.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
  CLOCK_TAI,
  CLOCK_THREAD_CPUTIME_ID,
  TIMER_ABSTIME,
  type Timespec,
  timespec,
  timeval,
} from "../../abi/time.ts";
import type { Core, SystemCall } from "./core.ts";
import { isInterrupted } from "./signal.ts";

const SECOND = 1e9;
const WALL_CLOCKS = new Set([CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI]);
const MACHINE_CLOCKS = new Set([CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME]);
/** Time on the hart: of the process, which is its one thread. */
const CPU_CLOCKS = new Set([CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID]);

/** Clocks that nobody can sleep on (k_clock.nsleep of kernel/time/posix-timers.c). */
const NO_SLEEP = new Set([
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME_COARSE,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_THREAD_CPUTIME_ID,
]);

/** Seconds and nanoseconds that a clock shows, or null: no such clock. */
const readClock = (core: Core, clock: number): { seconds: number; nanoseconds: number } | null => {
  if (WALL_CLOCKS.has(clock)) return core.realTime();
  if (!MACHINE_CLOCKS.has(clock) && !CPU_CLOCKS.has(clock)) return null;
  const now = CPU_CLOCKS.has(clock) ? core.current.cpuTime : core.ktimeGet();
  return { seconds: Math.floor(now / SECOND), nanoseconds: Math.floor(now % SECOND) };
};

const timespecBytes = (tv_sec: number, tv_nsec: number): Uint8Array => timespec.encode({ tv_sec, tv_nsec });

const sysClockGettime: SystemCall = (core, clock, pointer) => {
  const time = readClock(core, clock | 0);
  if (time === null) return -EINVAL;
  return core.copyToUser(pointer, timespecBytes(time.seconds, time.nanoseconds)) === 0 ? 0 : -EFAULT;
};

/** The clocks tick in nanoseconds. */
const sysClockGetres: SystemCall = (core, clock, pointer) => {
  if (readClock(core, clock | 0) === null) return -EINVAL;
  return pointer === 0 || core.copyToUser(pointer, timespecBytes(0, 1)) === 0 ? 0 : -EFAULT;
};

const sysGettimeofday: SystemCall = (core, pointer, zone) => {
  const { seconds, nanoseconds } = core.realTime();
  const bytes = timeval.encode({ tv_sec: seconds, tv_usec: Math.floor(nanoseconds / 1000) });
  if (pointer !== 0 && core.copyToUser(pointer, bytes) !== 0) return -EFAULT;
  return zone !== 0 && core.clearUser(zone, 8) !== 0 ? -EFAULT : 0;
};

/** A struct timespec in user memory, or -errno. */
const readTimespec = (core: Core, pointer: number): Timespec | number => {
  const bytes = new Uint8Array(timespec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const time = timespec.read(bytes);
  // "EINVAL: The value in the tv_nsec field was not in the range [0, 999999999] or tv_sec was negative."
  return time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= SECOND ? -EINVAL : time;
};

/** KTIME_SEC_MAX, as far as a number counts nanoseconds exactly: 104 days. */
const MOST_SECONDS = 9_000_000;
const nanoseconds = (seconds: number, rest: number): number => Math.min(seconds, MOST_SECONDS) * SECOND + rest;

/** Sleeps for nanoseconds; a handler ends the sleep whatever its SA_RESTART, and the time that is left is told. */
const sleep = (core: Core, duration: number, remaining: number): number => {
  const result = core.sleepOn(null, duration);
  if (result === 0 || !isInterrupted(core.current)) return result;
  const left = duration - (core.ktimeGet() - core.current.call!.started);
  if (remaining === 0) return -EINTR;
  const missed = core.copyToUser(remaining, timespecBytes(Math.floor(left / SECOND), left % SECOND));
  return missed === 0 ? -EINTR : -EFAULT;
};

const sysNanosleep: SystemCall = (core, request, remaining) => {
  const time = readTimespec(core, request);
  return typeof time === "number" ? time : sleep(core, nanoseconds(time.tv_sec, time.tv_nsec), remaining);
};

const sysClockNanosleep: SystemCall = (core, clock, flags, request, remaining) => {
  const now = readClock(core, clock | 0);
  if (now === null) return -EINVAL;
  // "ENOTSUP: The kernel does not support sleeping against this clockid."
  if (NO_SLEEP.has(clock | 0)) return -EOPNOTSUPP;
  const time = readTimespec(core, request);
  if (typeof time === "number") return time;
  if ((flags & TIMER_ABSTIME) === 0) return sleep(core, nanoseconds(time.tv_sec, time.tv_nsec), remaining);
  const fromNow = nanoseconds(time.tv_sec - now.seconds, time.tv_nsec - now.nanoseconds);
  // The call may be on its second try: a time-out counts from the first.
  return sleep(core, Math.max(0, fromNow + (core.ktimeGet() - core.current.call!.started)), 0);
};

export const timeSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_clock_gettime]: sysClockGettime,
  [SYS_clock_getres]: sysClockGetres,
  [SYS_gettimeofday]: sysGettimeofday,
  [SYS_nanosleep]: sysNanosleep,
  [SYS_clock_nanosleep]: sysClockNanosleep,
};
