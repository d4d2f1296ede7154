/**
 * Who sleeps on which word of memory (kernel/futex of Linux 6.12). A word of shared memory is known by its file and
 * offset, so that processes meet in it wherever they have mapped it; another by its address space and address.
 */
import { EFAULT } from "../../abi/errno.ts";
import { PAGE_SIZE, VM_MAYSHARE } from "../../devices/drivers/vm.ts";
import type { Call, Task } from "./task.ts";

/** What a word is known by: an inode or an address space, and the offset in it. */
export interface FutexKey {
  readonly space: object;
  readonly offset: number;
}

export interface FutexWaiter {
  readonly task: Task;
  /** The call that waits: when the task is in another, it has left this one. */
  readonly call: Call;
  readonly bitset: number;
  key: FutexKey;
  woken: boolean;
}

/** The key of a word in a task's memory; -EFAULT where nothing is mapped. */
export const futexKey = ({ mm }: Task, va: number, isPrivate: boolean): FutexKey | number => {
  if (isPrivate) return { space: mm, offset: va };
  const vma = mm.vmas.lookup(va);
  if (vma === undefined) return -EFAULT;
  if ((vma.flags & VM_MAYSHARE) === 0 || vma.file === null) return { space: mm, offset: va };
  return { space: vma.file.inode, offset: vma.pgoff * PAGE_SIZE + (va - vma.start) };
};

export class FutexTable {
  readonly #spaces = new WeakMap<object, Map<number, FutexWaiter[]>>();

  add(waiter: FutexWaiter): void {
    this.#queue(waiter.key).push(waiter);
  }

  remove(waiter: FutexWaiter): void {
    this.#set(
      waiter.key,
      this.#queue(waiter.key).filter((one) => one !== waiter),
    );
  }

  /** Wakes at most `most` sleepers whose bit sets have a bit of `bitset`, the longest first: how many. */
  wake(key: FutexKey, most: number, bitset: number): number {
    const waiting = this.#alive(key);
    const woken = waiting.filter((waiter) => (waiter.bitset & bitset) !== 0).slice(0, Math.max(0, most));
    this.#set(
      key,
      waiting.filter((waiter) => !woken.includes(waiter)),
    );
    for (const waiter of woken) {
      waiter.woken = true;
      waiter.task.wake();
    }
    return woken.length;
  }

  /** Lets at most `most` sleepers wait for another word: how many. */
  requeue(from: FutexKey, to: FutexKey, most: number): number {
    const waiting = this.#alive(from);
    const moved = waiting.slice(0, Math.max(0, most));
    this.#set(from, waiting.slice(moved.length));
    for (const waiter of moved) {
      waiter.key = to;
      this.add(waiter);
    }
    return moved.length;
  }

  /** Without those that have ended, or left by an exception, in the meantime. */
  #alive(key: FutexKey): FutexWaiter[] {
    return this.#queue(key).filter(({ task, call }) => task.state !== "zombie" && task.call === call);
  }

  #queue({ space, offset }: FutexKey): FutexWaiter[] {
    const offsets = this.#spaces.get(space) ?? new Map<number, FutexWaiter[]>();
    this.#spaces.set(space, offsets);
    const queue = offsets.get(offset) ?? [];
    offsets.set(offset, queue);
    return queue;
  }

  #set({ space, offset }: FutexKey, queue: FutexWaiter[]): void {
    if (queue.length > 0) this.#spaces.get(space)?.set(offset, queue);
    else this.#spaces.get(space)?.delete(offset);
  }
}
