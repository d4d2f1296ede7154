/**
 * The one table of system calls: number, name, function, support. Every number of abi/syscalls.ts is in it; one without
 * a function, and a number that Linux does not have, answers ENOSYS. docs/syscalls.md is made from it, and strace takes
 * its names from it.
 */
import * as numbers from "../../abi/syscalls.ts";
import type { SystemCall } from "./core.ts";
import { fileSystemCalls } from "./fs/sys-file.ts";
import { adjtimeSystemCalls } from "./sys-adjtime.ts";
import { capabilitySystemCalls } from "./sys-capability.ts";
import { cloneSystemCalls } from "./sys-clone.ts";
import { execSystemCalls } from "./sys-exec.ts";
import { futexSystemCalls } from "./sys-futex.ts";
import { identitySystemCalls } from "./sys-identity.ts";
import { itimerSystemCalls } from "./sys-itimer.ts";
import { limitSystemCalls } from "./sys-limits.ts";
import { memorySystemCalls } from "./sys-mm.ts";
import { prctlSystemCalls } from "./sys-prctl.ts";
import { processSystemCalls } from "./sys-process.ts";
import { processGroupSystemCalls } from "./sys-process-group.ts";
import { processVmSystemCalls } from "./sys-process-vm.ts";
import { schedSystemCalls } from "./sys-sched.ts";
import { signalSystemCalls } from "./sys-signal.ts";
import { signalWaitSystemCalls } from "./sys-signal-wait.ts";
import { machineSystemCalls } from "./sys-system.ts";
import { timeSystemCalls } from "./sys-time.ts";
import { timerSystemCalls } from "./sys-timer.ts";
import { usageSystemCalls } from "./sys-usage.ts";
import { waitSystemCalls } from "./sys-wait.ts";
import { partialSupport } from "./syscall-support.ts";

export interface SystemCallEntry {
  readonly nr: number;
  /** As in man2: "openat". */
  readonly name: string;
  /** null: ENOSYS. */
  readonly call: SystemCall | null;
  /** What is missing of it; null: nothing that its manual page promises, or all of it. */
  readonly missing: string | null;
}

/** The functions by number. */
export const systemCalls: Readonly<Record<number, SystemCall>> = {
  ...fileSystemCalls,
  ...memorySystemCalls,
  ...processSystemCalls,
  ...processGroupSystemCalls,
  ...signalSystemCalls,
  ...timeSystemCalls,
  ...execSystemCalls,
  ...limitSystemCalls,
  ...waitSystemCalls,
  ...cloneSystemCalls,
  ...futexSystemCalls,
  ...itimerSystemCalls,
  ...timerSystemCalls,
  ...adjtimeSystemCalls,
  ...capabilitySystemCalls,
  ...processVmSystemCalls,
  ...signalWaitSystemCalls,
  ...identitySystemCalls,
  ...usageSystemCalls,
  ...prctlSystemCalls,
  ...schedSystemCalls,
  ...machineSystemCalls,
};

const PREFIX = "SYS_";

/** In the order of the numbers. */
export const systemCallTable: readonly SystemCallEntry[] = Object.entries(numbers)
  .map(([constant, nr]) => ({
    nr,
    name: constant.slice(PREFIX.length),
    call: systemCalls[nr] ?? null,
    missing: partialSupport[nr] ?? null,
  }))
  .sort((a, b) => a.nr - b.nr);

const NAMES: ReadonlyMap<number, string> = new Map(systemCallTable.map(({ nr, name }) => [nr, name]));

/** "openat"; "syscall_0x1f4" for a number that Linux does not have, as strace(1) shows it. */
export const systemCallName = (nr: number): string => NAMES.get(nr) ?? `syscall_0x${nr.toString(16)}`;
