/** What a frame costs that does not depend on the computer it is measured on: the same numbers everywhere. */
import { COUNTER_LOADS, COUNTER_PAGE_WALKS, COUNTER_STORES, COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import { ACCESS_LOAD, ACCESS_STORE } from "../../assembly/riscv.ts";
import type { Computer } from "../computer.ts";
import type { Task } from "../kernel/task.ts";

export interface Counts {
  /** Retired by the hart; null for a TypeScript program, which is not on it. */
  readonly instructions: number | null;
  /**
   * Done through the MMU, one for each access of 1 to 8 bytes. What a program does to a view, and what moves ranges at
   * once (fill, write, copy), is not in them: the first goes past the MMU, the second is bulk.
   */
  readonly loads: number;
  readonly stores: number;
  /** Loads, stores and ranges that the TLB did not know. */
  readonly tlbMisses: number;
  readonly pageWalks: number;
  readonly pageFaults: number;
  readonly systemCalls: number;
  /** By system calls. */
  readonly bytesCopied: number;
}

export const countsOf = ({ machine, kernel }: Computer, task: Task, onHart: boolean): Counts => ({
  instructions: onHart ? kernel.hart.instret : null,
  loads: machine.counter(COUNTER_LOADS),
  stores: machine.counter(COUNTER_STORES),
  tlbMisses: machine.counter(COUNTER_TLB_MISSES + ACCESS_LOAD) + machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE),
  pageWalks: machine.counter(COUNTER_PAGE_WALKS),
  pageFaults: task.mm.minorFaults + task.mm.majorFaults,
  systemCalls: task.counts.systemCalls,
  bytesCopied: task.counts.bytesCopied,
});

/** What came to pass between two looks. */
export const countsBetween = (before: Counts, after: Counts): Counts => ({
  instructions:
    after.instructions === null || before.instructions === null ? null : after.instructions - before.instructions,
  loads: after.loads - before.loads,
  stores: after.stores - before.stores,
  tlbMisses: after.tlbMisses - before.tlbMisses,
  pageWalks: after.pageWalks - before.pageWalks,
  pageFaults: after.pageFaults - before.pageFaults,
  systemCalls: after.systemCalls - before.systemCalls,
  bytesCopied: after.bytesCopied - before.bytesCopied,
});
