/** What travelled where, counted: the same on every machine and in every run. */
import { COUNTER_PAGE_WALKS, COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import { ACCESS_LOAD, ACCESS_STORE } from "../../assembly/riscv.ts";
import type { Computer } from "../computer.ts";
import type { Task } from "../kernel/task.ts";

const count = (value: number): string => value.toLocaleString("en-US");

/** A line a figure: "name: value". `task` may have ended. */
export const formatStats = (computer: Computer, task: Task): string => {
  const { machine, card } = computer;
  const misses = machine.counter(COUNTER_TLB_MISSES + ACCESS_LOAD) + machine.counter(COUNTER_TLB_MISSES + ACCESS_STORE);
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["instructions retired", count(computer.kernel.hart.instret)],
    ["system calls", count(task.counts.systemCalls)],
    ["page faults", count(task.mm.minorFaults + task.mm.majorFaults)],
    ["signals handled", count(task.counts.signals)],
    ["bytes copied by system calls", count(task.counts.bytesCopied)],
    ["TLB misses (loads and stores)", count(misses)],
    ["page-table walks", count(machine.counter(COUNTER_PAGE_WALKS))],
    ["frames shown", count(card.state.vblankCount)],
    ["virtual time", `${(computer.kernel.clock.now / 1e6).toFixed(3)} ms`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
};
