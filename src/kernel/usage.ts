/** What processes have used: time on the hart, faults (getrusage(2), times(2)). One instruction is one nanosecond. */
import { rusage } from "../../abi/resource.ts";
import type { Task } from "./task.ts";
import { timevalOf } from "./time-value.ts";

export interface Usage {
  /** Nanoseconds in user mode. System calls take no time here, and a TypeScript program's JavaScript takes none. */
  cpuTime: number;
  minorFaults: number;
  majorFaults: number;
}

export const noUsage = (): Usage => ({ cpuTime: 0, minorFaults: 0, majorFaults: 0 });

/** Of the process itself. */
export const usageOf = ({ cpuTime, mm, earlierFaults }: Task): Usage => ({
  cpuTime,
  minorFaults: mm.minorFaults + earlierFaults.minor,
  majorFaults: mm.majorFaults + earlierFaults.major,
});

/** "RUSAGE_CHILDREN: … all children of the calling process that have terminated and been waited for", with theirs. */
export const addChild = (parent: Task, child: Task): void => {
  for (const used of [usageOf(child), child.childrenUsage]) {
    parent.childrenUsage.cpuTime += used.cpuTime;
    parent.childrenUsage.minorFaults += used.minorFaults;
    parent.childrenUsage.majorFaults += used.majorFaults;
  }
};

/** struct rusage. The largest resident set is not kept. */
export const rusageBytes = ({ cpuTime, minorFaults, majorFaults }: Usage): Uint8Array =>
  rusage.encode({ ru_utime: timevalOf(cpuTime), ru_minflt: minorFaults, ru_majflt: majorFaults });
