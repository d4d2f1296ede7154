/** ppoll(2) (fs/select.c of Linux 6.12). */
import { EFAULT, EINTR, EINVAL, ERESTARTSYS } from "../../../abi/errno.ts";
import { pollfd } from "../../../abi/poll.ts";
import { RLIMIT_NOFILE } from "../../../abi/resource.ts";
import { SYS_ppoll } from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import type { Core, SystemCall } from "../core.ts";
import { isInterrupted } from "../signal.ts";
import { setUserMask } from "../signal-mask.ts";
import { type PollRequest, pollFiles } from "./poll.ts";

const SECOND = 1e9;
/** As far as a number counts nanoseconds exactly: 104 days. */
const MOST_SECONDS = 9_000_000;

/** Nanoseconds; undefined: without end; -errno. */
const readTimeout = (core: Core, pointer: number): { nanoseconds: number | undefined } | number => {
  // "Specifying … a null pointer … means an infinite timeout", ppoll(2).
  if (pointer === 0) return { nanoseconds: undefined };
  const bytes = new Uint8Array(timespec.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  const { tv_sec, tv_nsec } = timespec.read(bytes);
  if (tv_sec < 0 || tv_nsec < 0 || tv_nsec >= SECOND) return -EINVAL;
  return { nanoseconds: Math.min(tv_sec, MOST_SECONDS) * SECOND + tv_nsec };
};

/** "The Linux system call modifies its timeout argument", ppoll(2): to the time not slept. */
const putRemaining = (core: Core, pointer: number, timeout: number | undefined): void => {
  if (timeout === undefined || timeout === 0) return;
  const started = core.current.call?.started ?? core.ktimeGet();
  const left = Math.max(0, timeout - (core.ktimeGet() - started));
  core.copyToUser(pointer, timespec.encode({ tv_sec: Math.floor(left / SECOND), tv_nsec: left % SECOND }));
};

const readRequests = (core: Core, pointer: number, count: number): PollRequest[] | null => {
  const bytes = new Uint8Array(count * pollfd.size);
  if (core.copyFromUser(bytes, pointer) !== 0) return null;
  return Array.from({ length: count }, (_, i) => pollfd.read(bytes, i * pollfd.size));
};

const putRevents = (core: Core, pointer: number, requests: readonly PollRequest[]): boolean =>
  requests.every(({ revents }, i) => {
    const bytes = new Uint8Array(new Int16Array([revents]).buffer);
    return core.copyToUser(pointer + i * pollfd.size + pollfd.offsets.revents, bytes) === 0;
  });

const sysPpoll: SystemCall = (core, pointer, countArgument, timeoutPointer, mask, maskSize) => {
  const timeout = readTimeout(core, timeoutPointer);
  if (typeof timeout === "number") return timeout;
  const masked = setUserMask(core, mask, maskSize);
  if (masked < 0) return masked;
  const count = countArgument >>> 0;
  // "EINVAL: The nfds value exceeds the RLIMIT_NOFILE value."
  if (count > core.current.limits.soft(RLIMIT_NOFILE)) return -EINVAL;
  const requests = readRequests(core, pointer, count);
  if (requests === null) return -EFAULT;
  const ready = pollFiles(core, requests, timeout.nanoseconds);
  if (ready === -ERESTARTSYS) return isInterrupted(core.current) ? -EINTR : ready;
  const written = putRevents(core, pointer, requests);
  putRemaining(core, timeoutPointer, timeout.nanoseconds);
  return written ? ready : -EFAULT;
};

export const pollSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_ppoll]: sysPpoll };
