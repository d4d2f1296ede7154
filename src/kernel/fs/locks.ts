/**
 * Locks on files (fs/locks.c of Linux 6.12): fcntl(2)'s on ranges of bytes, which belong to a process (its table of
 * descriptors) or to an open file (OFD), and flock(2)'s on the whole file, which belong to an open file.
 */
import type { Call, Task } from "../task.ts";
import { WaitQueueHead } from "../wait-queue.ts";

/** Who holds a lock: a table of descriptors, or an open file. */
export type LockOwner = object;

export interface RangeLock {
  readonly owner: LockOwner;
  /** l_pid of F_GETLK: -1 for an open file's. */
  readonly pid: number;
  readonly exclusive: boolean;
  /** Bytes [start, end); end is Infinity for "to the end of the file, however far it grows". */
  readonly start: number;
  readonly end: number;
}

const overlaps = (a: RangeLock, b: RangeLock): boolean => a.start < b.end && b.start < a.end;
const conflicts = (a: RangeLock, b: RangeLock): boolean =>
  a.owner !== b.owner && overlaps(a, b) && (a.exclusive || b.exclusive);

/** The locks of one file. */
export class FileLocks {
  #ranges: RangeLock[] = [];
  readonly #whole = new Map<LockOwner, boolean>();
  /** Told when a lock goes. */
  readonly changed = new WaitQueueHead();

  /** The first lock that stands against a wanted one. */
  conflict(wanted: RangeLock): RangeLock | undefined {
    return this.#ranges.find((one) => conflicts(one, wanted));
  }

  /** Puts a lock, or with null nothing, in place of what the owner has of a range. */
  set(range: Omit<RangeLock, "exclusive">, exclusive: boolean | null): void {
    const { owner, start, end } = range;
    const kept = this.#ranges.flatMap((one) => {
      if (one.owner !== owner || one.start >= end || start >= one.end) return [one];
      const pieces = [
        { ...one, end: start },
        { ...one, start: end },
      ];
      return pieces.filter((piece) => piece.start < piece.end);
    });
    if (exclusive !== null) kept.push({ ...range, exclusive });
    this.#ranges = merged(kept);
    this.changed.wakeUp();
  }

  /** "a process's locks … are released … when the process closes any file descriptor for a file", fcntl(2). */
  release(owner: LockOwner): void {
    const whole = this.#whole.delete(owner);
    if (!whole && !this.#ranges.some((one) => one.owner === owner)) return;
    this.#ranges = this.#ranges.filter((one) => one.owner !== owner);
    this.changed.wakeUp();
  }

  /** flock(2): does another open file's lock stand against it? */
  wholeConflict(owner: LockOwner, exclusive: boolean): boolean {
    for (const [other, itsExclusive] of this.#whole) if (other !== owner && (exclusive || itsExclusive)) return true;
    return false;
  }

  wholeLock(owner: LockOwner): boolean | undefined {
    return this.#whole.get(owner);
  }

  setWhole(owner: LockOwner, exclusive: boolean | null): void {
    if (exclusive === null) this.#whole.delete(owner);
    else this.#whole.set(owner, exclusive);
    this.changed.wakeUp();
  }
}

/** Neighbours of one owner and one kind are one lock: an owner has no more of them than it needs. */
const merged = (locks: readonly RangeLock[]): RangeLock[] => {
  const result: RangeLock[] = [];
  for (const lock of locks.toSorted((a, b) => a.start - b.start)) {
    const index = result.findLastIndex((one) => one.owner === lock.owner && one.exclusive === lock.exclusive);
    const before = result[index];
    if (before !== undefined && before.end >= lock.start)
      result[index] = { ...before, end: Math.max(before.end, lock.end) };
    else result.push(lock);
  }
  return result;
};

interface Wait {
  readonly task: Task;
  readonly call: Call;
  readonly forOwner: LockOwner;
}

/** Who waits for whom in F_SETLKW: a circle is a deadlock (posix_locks_deadlock). */
export class LockWaits {
  readonly #waits = new Map<LockOwner, Wait>();

  /** "EDEADLK: It was detected that the specified F_SETLKW operation would cause a deadlock." */
  wouldDeadlock(owner: LockOwner, forOwner: LockOwner): boolean {
    const seen = new Set<LockOwner>();
    for (let at: LockOwner | undefined = forOwner; at !== undefined && !seen.has(at); at = this.#next(at)) {
      if (at === owner) return true;
      seen.add(at);
    }
    return false;
  }

  begin(owner: LockOwner, task: Task, forOwner: LockOwner): void {
    this.#waits.set(owner, { task, call: task.call!, forOwner });
  }

  end(owner: LockOwner): void {
    this.#waits.delete(owner);
  }

  /** A wait that its call has left, by a signal, is none. */
  #next(owner: LockOwner): LockOwner | undefined {
    const wait = this.#waits.get(owner);
    return wait !== undefined && wait.task.call === wait.call ? wait.forOwner : undefined;
  }
}
