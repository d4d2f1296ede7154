/** pselect6(2) (fs/select.c of Linux 6.12). */
import { EBADF, EFAULT, EINTR, EINVAL, ERESTARTSYS } from "../../../abi/errno.ts";
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
} from "../../../abi/poll.ts";
import { SYS_pselect6 } from "../../../abi/syscalls.ts";
import type { Core, SystemCall } from "../core.ts";
import { isInterrupted } from "../signal.ts";
import { setUserMask } from "../signal-mask.ts";
import { putTimespec, readTimespec } from "../time-value.ts";
import { getDoubleWord } from "../words.ts";
import { type PollRequest, pollFiles } from "./poll.ts";

/** POLLIN_SET, POLLOUT_SET, POLLEX_SET. */
const SETS = [
  POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR,
  POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR,
  POLLPRI,
];
const LONG_BITS = 64;

const hasBit = (set: Uint8Array | null, fd: number): boolean => set !== null && (set[fd >> 3]! & (1 << (fd & 7))) !== 0;

/** The three sets, null for one that is not given; -EFAULT. */
const readSets = (core: Core, pointers: readonly number[], length: number): (Uint8Array | null)[] | number => {
  const sets: (Uint8Array | null)[] = [];
  for (const pointer of pointers) {
    const set = pointer === 0 ? null : new Uint8Array(length);
    if (set !== null && core.copyFromUser(set, pointer) !== 0) return -EFAULT;
    sets.push(set);
  }
  return sets;
};

const requestsOf = (sets: readonly (Uint8Array | null)[], count: number): PollRequest[] => {
  const requests: PollRequest[] = [];
  for (let fd = 0; fd < count; fd++) {
    const events = SETS.reduce((all, events, i) => (hasBit(sets[i]!, fd) ? all | events : all), 0);
    if (events !== 0) requests.push({ fd, events, revents: 0 });
  }
  return requests;
};

/** Which bits stay; the result counts them all. */
const answer = (sets: readonly (Uint8Array | null)[], requests: readonly PollRequest[]): number => {
  let count = 0;
  for (const [i, set] of sets.entries()) {
    if (set === null) continue;
    const asked = set.slice();
    set.fill(0);
    for (const { fd, revents } of requests) {
      if (!hasBit(asked, fd) || (revents & SETS[i]!) === 0) continue;
      set[fd >> 3]! |= 1 << (fd & 7);
      count++;
    }
  }
  return count;
};

/** "The final argument … is … a pointer to a structure": the mask's address and its size. */
const putMask = (core: Core, pointer: number): number => {
  if (pointer === 0) return 0;
  const mask = getDoubleWord(core, pointer);
  const size = getDoubleWord(core, pointer + 8);
  return mask === null || size === null ? -EFAULT : setUserMask(core, Number(mask), Number(size));
};

/** "the Linux system call modifies its timeout argument", select(2): to the time not slept. */
const putRemaining = (core: Core, pointer: number, timeout: number | undefined): void => {
  if (timeout === undefined || timeout === 0) return;
  putTimespec(core, pointer, Math.max(0, timeout - (core.ktimeGet() - core.current.call!.started)));
};

const sysPselect6: SystemCall = (core, countArgument, readPointer, writePointer, exceptPointer, timePointer, mask) => {
  const { call } = core.current;
  // The time may have been written already when the call is made again.
  const timeout =
    timePointer === 0 ? undefined : typeof call?.state === "number" ? call.state : readTimespec(core, timePointer);
  if (timeout !== undefined && timeout < 0) return timeout;
  if (call !== null) call.state = timeout;
  const masked = putMask(core, mask);
  if (masked < 0) return masked;
  const wanted = countArgument | 0;
  // "EINVAL: nfds is negative or exceeds the RLIMIT_NOFILE resource limit": Linux looks at no more than are there.
  if (wanted < 0) return -EINVAL;
  const count = Math.min(wanted, core.current.files.size);
  const pointers = [readPointer, writePointer, exceptPointer];
  const sets = readSets(core, pointers, (Math.ceil(count / LONG_BITS) * LONG_BITS) / 8);
  if (typeof sets === "number") return sets;
  const requests = requestsOf(sets, count);
  // "EBADF: An invalid file descriptor was given in one of the sets."
  if (requests.some(({ fd }) => core.current.files.get(fd) === undefined)) return -EBADF;
  const ready = pollFiles(core, requests, timeout);
  if (ready === -ERESTARTSYS && !isInterrupted(core.current)) return ready;
  putRemaining(core, timePointer, timeout);
  if (ready === -ERESTARTSYS) return -EINTR;
  const result = answer(
    sets,
    requests.map((one) => ({ ...one, revents: one.revents & ~POLLNVAL })),
  );
  const written = sets.every((set, i) => set === null || core.copyToUser(pointers[i]!, set) === 0);
  return written ? result : -EFAULT;
};

export const selectSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_pselect6]: sysPselect6 };
