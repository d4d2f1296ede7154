/**
 * What the rooms of the kernel see of each other: the driver's view plus the kernel's own state. The one object behind
 * it is made in kernel.ts. Rooms take `Core` as an argument, so that none imports another in a circle.
 */
import type { SignalInfo } from "../../abi/program.ts";
import type { File, Inode, Kernel, Page, WaitQueue } from "../../devices/drivers/driver.ts";
import type { Machine } from "../machine.ts";
import type { ExecRequest } from "./exec/exec.ts";
import type { Vfs } from "./fs/vfs.ts";
import type { FutexTable } from "./futex.ts";
import type { KernelLimits } from "./kernel-limits.ts";
import type { Mm } from "./mm/mm.ts";
import type { PageAllocator } from "./mm/pages.ts";
import type { ExitStatus, Image, Task, TaskTable } from "./task.ts";
import type { UtsName } from "./uts.ts";

export interface Core extends Kernel {
  readonly machine: Machine;
  readonly pages: PageAllocator;
  readonly tasks: TaskTable;
  readonly vfs: Vfs;
  readonly futexes: FutexTable;
  readonly limits: KernelLimits;
  readonly uts: UtsName;
  /** The log as dmesg(1) shows it. */
  dmesg(): string;
  /** The task that made the system call, or that is switched in. */
  readonly current: Task;

  /** A NUL-terminated string from user memory: -EFAULT, or -ENAMETOOLONG when it is not shorter than `limit`. */
  strncpyFromUser(from: number, limit: number): string | number;
  /** Between user memory and linear memory (a page of a file): the number of bytes that could NOT be copied. */
  copyHostToUser(to: number, host: number, length: number): number;
  copyUserToHost(host: number, from: number, length: number): number;
  /** Removes the mappings of a file's bytes [start, end) from every address space (truncate). `end` Infinity = to the end. */
  unmapMappingRange(inode: Inode, start: number, end: number): void;
  /** The next store through a shared mapping of the file is a fault again (page_mkclean). */
  cleanMappings(inode: Inode): void;
  /** Seconds since the epoch, and nanoseconds in the second (CLOCK_REALTIME). */
  realTime(): { seconds: number; nanoseconds: number };

  /** As in driver.ts; `null` sleeps for the time alone. */
  sleepOn(queue: WaitQueue | null, timeout?: number): number;
  /** Does the call come from a signal handler? Such a one must not sleep: it gets EINTR. */
  readonly inHandler: boolean;
  send(task: Task, info: SignalInfo): void;
  exit(task: Task, status: ExitStatus): void;
  /** Sets a new process going. */
  start(task: Task, image: Image): void;
  /** Calls `fire` when CLOCK_MONOTONIC shows `deadline`; what comes back cancels it. */
  at(deadline: number, fire: () => void): () => void;
  /** Runs `work` with user accesses going to another address space. */
  withMm<T>(mm: Mm, work: () => T): T;
  /** execve(2): 0, or -errno with nothing changed. */
  exec(task: Task, request: ExecRequest): number;
}

export type { File, Inode, Page };

/** A system call: arguments are the registers a0 … a5 as signed numbers; the result a0. */
export type SystemCall = (core: Core, a0: number, a1: number, a2: number, a3: number, a4: number, a5: number) => number;
