/** What the scheduler asks of the kernel, and who may watch. */
import type { SignalInfo } from "../../abi/program.ts";
import type { Clock } from "./clock.ts";
import type { Call, ExitStatus, Task, TaskTable } from "./task.ts";

/** Follows what processes do (strace). */
export interface Tracer {
  returned(task: Task, call: Call, result: number): void;
  sleeps(task: Task, call: Call): void;
  signalled(task: Task, info: SignalInfo): void;
  stopped(task: Task, signo: number): void;
  ended(task: Task, status: ExitStatus): void;
}

export interface SchedulerHost {
  readonly clock: Clock;
  readonly tasks: TaskTable;
  readonly tracer: Tracer | null;
  /** Makes the call: the result, -ERESTARTSYS when the task was put to sleep. */
  invoke(task: Task, call: Call): number;
  switchTo(task: Task): void;
  /** The task is about to end: its mappings and files are still there. */
  exiting(task: Task): void;
  /** The task is gone from the hart. */
  leave(task: Task): void;
  /** A driver, or the kernel itself, threw `error`: for the log. */
  oops(task: Task, error: unknown): void;
  ended(task: Task): void;
  /** All tasks sleep, none for a time. True: the host can still wake one (it may type). */
  canStillWake(): boolean;
  deadlock(): void;
}
