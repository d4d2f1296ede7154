/** Times as user space writes them, and as nanoseconds. */
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import { type Timespec, type Timeval, timespec } from "../../abi/time.ts";
import type { Core } from "./core.ts";

export const SECOND = 1e9;
const MICROSECOND = 1000;
/** KTIME_SEC_MAX, as far as a number counts nanoseconds exactly: 104 days. */
const MOST_SECONDS = 9_000_000;

/** Nanoseconds of seconds and a rest, cut at 104 days. */
export const nanosecondsOf = (seconds: number, rest: number): number => Math.min(seconds, MOST_SECONDS) * SECOND + rest;

export const timespecOf = (nanoseconds: number): Timespec => ({
  tv_sec: Math.floor(nanoseconds / SECOND),
  tv_nsec: Math.floor(nanoseconds % SECOND),
});

export const timevalOf = (nanoseconds: number): Timeval => ({
  tv_sec: Math.floor(nanoseconds / SECOND),
  tv_usec: Math.floor((nanoseconds % SECOND) / MICROSECOND),
});

/** "tv_nsec … not in the range [0, 999999999] or tv_sec was negative" is EINVAL, nanosleep(2). */
export const isTime = ({ tv_sec, tv_nsec }: Timespec): boolean => tv_sec >= 0 && tv_nsec >= 0 && tv_nsec < SECOND;

/** A struct timespec in user memory; -EFAULT, -EINVAL. */
export const readTime = (core: Core, pointer: number): Timespec | number => {
  const bytes = new Uint8Array(timespec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const time = timespec.read(bytes);
  return isTime(time) ? time : -EINVAL;
};

/** The same as nanoseconds. */
export const readTimespec = (core: Core, pointer: number): number => {
  const time = readTime(core, pointer);
  return typeof time === "number" ? time : nanosecondsOf(time.tv_sec, time.tv_nsec);
};

/** The same of a struct timeval. */
export const timevalNanoseconds = ({ tv_sec, tv_usec }: Timeval): number =>
  tv_sec < 0 || tv_usec < 0 || tv_usec >= SECOND / MICROSECOND ? -EINVAL : nanosecondsOf(tv_sec, tv_usec * MICROSECOND);

export const putTimespec = (core: Core, pointer: number, nanoseconds: number): boolean =>
  core.copyToUser(pointer, timespec.encode(timespecOf(nanoseconds))) === 0;
