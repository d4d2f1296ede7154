/**
 * What a process leaves in memory when it gives its address space up, by ending or by execve (mm_release in
 * kernel/fork.c, futex_exit_release): locks it still holds, the word of CLONE_CHILD_CLEARTID, a parent in vfork.
 */
import type { Core } from "./core.ts";
import { futexKey } from "./futex.ts";
import type { Task } from "./task.ts";
import { getDoubleWord, getWord, putWord } from "./words.ts";

const FUTEX_TID_MASK = 0x3fff_ffff;
const FUTEX_OWNER_DIED = 0x4000_0000;
const FUTEX_WAITERS = 0x8000_0000;
/** "ROBUST_LIST_LIMIT 2048": a list may be a circle. */
const LIST_LIMIT = 2048;
const ANY = -1;

export const mmRelease = (core: Core, task: Task): void => {
  if (task.robustList !== 0) releaseRobustList(core, task);
  task.robustList = 0;
  // Only where somebody else still has the memory: "if (atomic_read(&mm->mm_users) > 1)".
  if (task.clearChildTid !== 0 && task.mm.users > 1 && putWord(core, task.clearChildTid, 0)) {
    wake(core, task, task.clearChildTid);
  }
  task.clearChildTid = 0;
  const waiting = task.vforkDone;
  task.vforkDone = null;
  waiting?.wakeUp();
};

const wake = (core: Core, task: Task, va: number): void => {
  for (const isPrivate of [false, true]) {
    const key = futexKey(task, va, isPrivate);
    if (typeof key !== "number") core.futexes.wake(key, 1, ANY);
  }
};

/** exit_robust_list: the list of locks of set_robust_list(2), each marked as left by a dead owner. */
const releaseRobustList = (core: Core, task: Task): void => {
  const head = task.robustList;
  const first = getDoubleWord(core, head);
  const offset = getDoubleWord(core, head + 8);
  const underWay = getDoubleWord(core, head + 16);
  if (first === null || offset === null || underWay === null) return;
  const mark = (entry: bigint): void => markDead(core, task, Number(entry & ~1n) + Number(offset));
  let entry = first;
  for (let i = 0; i < LIST_LIMIT && Number(entry & ~1n) !== head; i++) {
    const next = getDoubleWord(core, Number(entry & ~1n));
    if (entry !== underWay) mark(entry);
    if (next === null) return;
    entry = next;
  }
  if (underWay !== 0n) mark(underWay);
};

/** handle_futex_death. */
const markDead = (core: Core, task: Task, va: number): void => {
  const value = va % 4 === 0 ? getWord(core, va) : null;
  if (value === null || (value & FUTEX_TID_MASK) !== task.pid) return;
  putWord(core, va, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED);
  if ((value & FUTEX_WAITERS) !== 0) wake(core, task, va);
};
