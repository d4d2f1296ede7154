/**
 * futex(2), set_robust_list(2), set_tid_address(2) (kernel/futex of Linux 6.12).
 *
 * Not modelled: priority inheritance (FUTEX_LOCK_PI and its kin), FUTEX_FD.
 */
import { EAGAIN, EFAULT, EINTR, EINVAL, ENOSYS, ERESTARTSYS, ESRCH, ETIMEDOUT } from "../../abi/errno.ts";
import {
  FUTEX_CLOCK_REALTIME,
  FUTEX_CMP_REQUEUE,
  FUTEX_PRIVATE_FLAG,
  FUTEX_REQUEUE,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  FUTEX_WAKE_BITSET,
  FUTEX_WAKE_OP,
} from "../../abi/sched.ts";
import { SYS_futex, SYS_get_robust_list, SYS_set_robust_list, SYS_set_tid_address } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { type FutexKey, type FutexWaiter, futexKey } from "./futex.ts";
import { isInterrupted } from "./signal.ts";
import { readTimespec, SECOND } from "./time-value.ts";
import { getWord, putDoubleWord, putWord } from "./words.ts";

const FUTEX_BITSET_MATCH_ANY = -1;
const WORD = 4;
/** sizeof(struct robust_list_head). */
const ROBUST_LIST_HEAD = 24;

/** The key of the word at an address; -EINVAL unless it is aligned, -EFAULT. */
const keyOf = (core: Core, va: number, operation: number): FutexKey | number => {
  // "EINVAL: uaddr … does not point to a valid object—that is, the address is not four-byte-aligned."
  if (va % WORD !== 0) return -EINVAL;
  return futexKey(core.current, va, (operation & FUTEX_PRIVATE_FLAG) !== 0);
};

/**
 * Nanoseconds from when the call began; undefined: without end. FUTEX_WAIT's is relative; FUTEX_WAIT_BITSET's "is
 * interpreted as absolute", on CLOCK_MONOTONIC or CLOCK_REALTIME.
 */
const readTimeout = (core: Core, pointer: number, operation: number, absolute: boolean): number | undefined => {
  if (pointer === 0) return undefined;
  const time = readTimespec(core, pointer);
  if (time < 0 || !absolute) return time;
  const { seconds, nanoseconds } = core.realTime();
  const realTime = (operation & FUTEX_CLOCK_REALTIME) !== 0;
  const now = realTime ? seconds * SECOND + nanoseconds : core.ktimeGet();
  const passed = core.ktimeGet() - core.current.call!.started;
  return Math.max(0, time - now + passed);
};

const isWaiter = (state: unknown): state is FutexWaiter => typeof state === "object" && state !== null;

const wait = (core: Core, va: number, operation: number, value: number, timeoutPointer: number, bitset: number) => {
  const { current } = core;
  const call = current.call!;
  if (bitset === 0) return -EINVAL;
  const timeout = readTimeout(core, timeoutPointer, operation, (operation & FUTEX_COMMAND) === FUTEX_WAIT_BITSET);
  if (timeout !== undefined && timeout < 0) return timeout;
  let waiter = isWaiter(call.state) ? call.state : null;
  if (waiter === null) {
    const key = keyOf(core, va, operation);
    if (typeof key === "number") return key;
    const found = getWord(core, va);
    if (found === null) return -EFAULT;
    // "EAGAIN: The value pointed to by uaddr was not equal to the expected value val at the time of the call."
    if (found !== value >>> 0) return -EAGAIN;
    waiter = { task: current, call, bitset, key, woken: false };
    call.state = waiter;
    core.futexes.add(waiter);
  }
  if (waiter.woken) return 0;
  const result = core.sleepOn(null, timeout);
  if (result === -ERESTARTSYS && !isInterrupted(current)) return result;
  core.futexes.remove(waiter);
  call.state = null;
  if (result !== -ERESTARTSYS) return -ETIMEDOUT;
  // With a time-out it is ERESTART_RESTARTBLOCK, which a handler makes EINTR.
  return timeout === undefined ? -ERESTARTSYS : -EINTR;
};

const wake = (core: Core, va: number, operation: number, most: number, bitset: number): number => {
  if (bitset === 0) return -EINVAL;
  const key = keyOf(core, va, operation);
  if (typeof key === "number") return key;
  // "Most commonly, val is specified as either 1 … or INT_MAX"; 0 wakes one, as on Linux.
  return core.futexes.wake(key, Math.max(1, most | 0), bitset);
};

const requeue = (core: Core, from: number, to: number, operation: number, counts: Counts): number => {
  const { wakes, moves, expected } = counts;
  if (wakes < 0 || moves < 0) return -EINVAL;
  const source = keyOf(core, from, operation);
  if (typeof source === "number") return source;
  const target = keyOf(core, to, operation);
  if (typeof target === "number") return target;
  if (expected !== null) {
    const found = getWord(core, from);
    if (found === null) return -EFAULT;
    if (found !== expected) return -EAGAIN;
  }
  const woken = wakes === 0 ? 0 : core.futexes.wake(source, wakes, FUTEX_BITSET_MATCH_ANY);
  // FUTEX_REQUEUE and FUTEX_CMP_REQUEUE count both.
  return woken + core.futexes.requeue(source, target, moves);
};

interface Counts {
  readonly wakes: number;
  readonly moves: number;
  readonly expected: number | null;
}

/** The word of FUTEX_WAKE_OP, taken apart: "op", "cmp", "oparg", "cmparg" of futex(2). */
const FUTEX_OP_OPARG_SHIFT = 8;
const OPERATIONS: readonly ((before: number, argument: number) => number)[] = [
  (_before, argument) => argument,
  (before, argument) => before + argument,
  (before, argument) => before | argument,
  (before, argument) => before & ~argument,
  (before, argument) => before ^ argument,
];
const COMPARISONS: readonly ((before: number, argument: number) => boolean)[] = [
  (before, argument) => before === argument,
  (before, argument) => before !== argument,
  (before, argument) => before < argument,
  (before, argument) => before <= argument,
  (before, argument) => before > argument,
  (before, argument) => before >= argument,
];

/** Changes the second word, wakes on the first, and on the second when it was what is asked for: how many in all. */
const wakeOp = (core: Core, first: number, second: number, operation: number, counts: WakeCounts): number => {
  const one = keyOf(core, first, operation);
  if (typeof one === "number") return one;
  const two = keyOf(core, second, operation);
  if (typeof two === "number") return two;
  const { word } = counts;
  const operate = OPERATIONS[(word >> 28) & 7];
  const compare = COMPARISONS[(word >> 24) & 15];
  const argument = (word << 8) >> 20;
  const shifts = ((word >>> 28) & FUTEX_OP_OPARG_SHIFT) !== 0;
  if (operate === undefined) return -ENOSYS;
  const before = getWord(core, second);
  if (before === null || !putWord(core, second, operate(before | 0, shifts ? 1 << (argument & 31) : argument) | 0)) {
    return -EFAULT;
  }
  // futex_atomic_op_inuser: the comparison is looked at after the operation is done.
  if (compare === undefined) return -ENOSYS;
  const woken = core.futexes.wake(one, Math.max(1, counts.wakes), FUTEX_BITSET_MATCH_ANY);
  if (!compare(before | 0, (word << 20) >> 20)) return woken;
  return woken + core.futexes.wake(two, Math.max(1, counts.more), FUTEX_BITSET_MATCH_ANY);
};

interface WakeCounts {
  readonly wakes: number;
  readonly more: number;
  readonly word: number;
}

const FUTEX_COMMAND = ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);

const sysFutex: SystemCall = (core, va, operationArgument, value, fourth, other, last) => {
  const operation = operationArgument | 0;
  const command = operation & FUTEX_COMMAND;
  // "ENOSYS: The FUTEX_CLOCK_REALTIME option was specified in futex_op, but the accompanying operation is neither …"
  if ((operation & FUTEX_CLOCK_REALTIME) !== 0 && command !== FUTEX_WAIT_BITSET && command !== FUTEX_WAIT)
    return -ENOSYS;
  const counts = { wakes: value | 0, moves: fourth | 0 };
  switch (command) {
    case FUTEX_WAIT:
      return wait(core, va, operation, value, fourth, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAIT_BITSET:
      return wait(core, va, operation, value, fourth, last | 0);
    case FUTEX_WAKE:
      return wake(core, va, operation, value, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAKE_BITSET:
      return wake(core, va, operation, value, last | 0);
    case FUTEX_WAKE_OP:
      return wakeOp(core, va, other, operation, { wakes: value | 0, more: fourth | 0, word: last | 0 });
    case FUTEX_REQUEUE:
      return requeue(core, va, other, operation, { ...counts, expected: null });
    case FUTEX_CMP_REQUEUE:
      return requeue(core, va, other, operation, { ...counts, expected: last >>> 0 });
    default:
      return -ENOSYS;
  }
};

const sysSetRobustList: SystemCall = (core, head, length) => {
  // "EINVAL: len does not equal sizeof(struct robust_list_head)."
  if (length !== ROBUST_LIST_HEAD) return -EINVAL;
  core.current.robustList = head;
  return 0;
};

const sysGetRobustList: SystemCall = (core, pid, headPointer, lengthPointer) => {
  const task = (pid | 0) === 0 ? core.current : core.tasks.get(pid | 0);
  // "ESRCH: No thread with the thread ID pid could be found."
  if (task === undefined) return -ESRCH;
  if (!putDoubleWord(core, lengthPointer, BigInt(ROBUST_LIST_HEAD))) return -EFAULT;
  return putDoubleWord(core, headPointer, BigInt.asUintN(64, BigInt(task.robustList))) ? 0 : -EFAULT;
};

const sysSetTidAddress: SystemCall = (core, pointer) => {
  core.current.clearChildTid = pointer;
  // "set_tid_address() always returns the caller's thread ID."
  return core.current.pid;
};

export const futexSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_futex]: sysFutex,
  [SYS_set_robust_list]: sysSetRobustList,
  [SYS_get_robust_list]: sysGetRobustList,
  [SYS_set_tid_address]: sysSetTidAddress,
};
