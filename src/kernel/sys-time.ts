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
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME_COARSE,
  CLOCK_THREAD_CPUTIME_ID,
  TIMER_ABSTIME,
  timespec,
  timeval,
} from "../../abi/time.ts";
import { readClock } from "./clocks.ts";
import type { Core, SystemCall } from "./core.ts";
import { isInterrupted } from "./signal.ts";
import { nanosecondsOf, putTimespec, readTime, readTimespec } from "./time-value.ts";

/** Clocks that nobody can sleep on (k_clock.nsleep of kernel/time/posix-timers.c). */
const NO_SLEEP = new Set([
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_MONOTONIC_RAW,
  CLOCK_REALTIME_COARSE,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_THREAD_CPUTIME_ID,
]);

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

/** Sleeps for nanoseconds; a handler ends the sleep whatever its SA_RESTART, and the time that is left is told. */
const sleep = (core: Core, duration: number, remaining: number): number => {
  const result = core.sleepOn(null, duration);
  if (result === 0 || !isInterrupted(core.current)) return result;
  const left = duration - (core.ktimeGet() - core.current.call!.started);
  if (remaining === 0) return -EINTR;
  return putTimespec(core, remaining, left) ? -EINTR : -EFAULT;
};

const sysNanosleep: SystemCall = (core, request, remaining) => {
  const time = readTimespec(core, request);
  return time < 0 ? time : sleep(core, time, remaining);
};

const sysClockNanosleep: SystemCall = (core, clock, flags, request, remaining) => {
  const now = readClock(core, clock | 0);
  if (now === null) return -EINVAL;
  // "ENOTSUP: The kernel does not support sleeping against this clockid."
  if (NO_SLEEP.has(clock | 0)) return -EOPNOTSUPP;
  const time = readTime(core, request);
  if (typeof time === "number") return time;
  if ((flags & TIMER_ABSTIME) === 0) return sleep(core, nanosecondsOf(time.tv_sec, time.tv_nsec), remaining);
  const fromNow = nanosecondsOf(time.tv_sec - now.seconds, time.tv_nsec - now.nanoseconds);
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
