/** A process (struct task_struct), and the table of them. */
import type { SignalInfo } from "../../abi/program.ts";
import { RLIMIT_NOFILE } from "../../abi/resource.ts";
import { _NSIG, SIG_DFL, type Sigaction } from "../../abi/signal.ts";
import { Credentials } from "./credentials.ts";
import type { FdTable } from "./fs/fd-table.ts";
import type { OpenFile } from "./fs/file.ts";
import type { FsState } from "./fs/path.ts";
import { IntervalTimers } from "./interval-timers.ts";
import { DEFAULT_LIMITS } from "./kernel-limits.ts";
import { ResourceLimits } from "./limits.ts";
import type { Mm } from "./mm/mm.ts";
import { PosixTimers } from "./posix-timers.ts";
import { noUsage, type Usage } from "./usage.ts";
import { type Sleeper, WaitQueueHead } from "./wait-queue.ts";

/** How a process ended. */
export type ExitStatus = { readonly code: number } | { readonly signal: number; readonly address: number };

/** What wait(2) with WUNTRACED or WCONTINUED tells. */
export interface JobEvent {
  readonly kind: "stopped" | "continued";
  readonly signo: number;
}

/** What runs in a process: a TypeScript program now, a hart's registers later. */
export interface Image {
  /**
   * Runs a handler of this process: now, if it is a function that the process is inside of; else before it goes on.
   * `blocked` is the signal mask to go back to after the handler.
   */
  deliver(action: Sigaction, info: SignalInfo, blocked: bigint): void;
  /** The system call that slept is over. */
  resume(result: number): void;
  /** A signal handler that ran while the process slept left by an exception. */
  fail(error: unknown): void;
  /** The process has ended while it slept. */
  ended(): void;
  /** The image of a child that begins as a copy of this process. */
  fork(child: Task): Image;
  /** Can this process fork now (a TypeScript program says first what its child runs)? */
  readonly canFork: boolean;
  /** Sets the child's image going. */
  start(): void;
  /** What a program on the hart has besides; a TypeScript program runs by itself. */
  readonly onHart?: HartSide;
}

/** A program that the scheduler gives slices of time on the hart. */
export interface HartSide {
  /** Runs until the slice, or the program's luck, is over, or `allowance` instructions are: how many retired. */
  slice(allowance: number): number;
  /** Did the last allowance end in the middle of a slice? The next call goes on with it. */
  readonly isCut: boolean;
  /** A system call's result, before signals put their frames on the stack. */
  returned(result: number): void;
  /** The interrupted call is to be made again, after the handler. */
  rewind(): void;
  /** A child begins on a stack of its own. */
  setStack(sp: number): void;
}

/** What prctl(2), setpriority(2), sched_setscheduler(2), personality(2) set; a child inherits all but deathSignal. */
export interface TaskAttributes {
  deathSignal: number;
  dumpable: number;
  noNewPrivs: boolean;
  keepCaps: boolean;
  childSubreaper: boolean;
  timerSlack: number;
  /** -20 … 19. */
  nice: number;
  policy: number;
  schedPriority: number;
  resetOnFork: boolean;
  personality: number;
}

const INITIAL_ATTRIBUTES: TaskAttributes = {
  deathSignal: 0,
  dumpable: 1,
  noNewPrivs: false,
  keepCaps: false,
  childSubreaper: false,
  timerSlack: 50_000,
  nice: 0,
  policy: 0,
  schedPriority: 0,
  resetOnFork: false,
  personality: 0,
};

/** A system call under way. */
export interface Call {
  readonly nr: number;
  readonly args: readonly number[];
  /** When it was made: a sleep's time-out counts from here, however often the call is tried again. */
  readonly started: number;
  /** Bytes that a transfer moved before it slept in the middle; what it returns if a signal ends it there. */
  moved: number;
  /** What the call must remember when it is made again after a sleep. */
  state?: unknown;
}

export interface TaskCounts {
  systemCalls: number;
  /** Bytes that system calls copied between user memory and the kernel or a device. */
  bytesCopied: number;
  signals: number;
}

export class Task implements Sleeper {
  readonly pid: number;
  /** Process group and session: a process that the host starts leads its own, a child has its parent's. */
  pgid: number;
  sid: number;
  parent: Task | null;
  comm: string;
  /** As /proc/<pid>/cmdline shows it. */
  argv: readonly string[] = [];
  mm: Mm;
  files: FdTable;
  fs: FsState;
  image: Image | null = null;
  /** The program file that runs (exe_file); null for a TypeScript program. */
  executable: OpenFile | null = null;
  state: "running" | "sleeping" | "stopped" | "zombie" = "running";
  status: ExitStatus | null = null;
  call: Call | null = null;
  /** Handlers by signal number; index 0 is not used. */
  readonly actions: Sigaction[] = Array.from({ length: _NSIG + 1 }, () => ({
    sa_handler: SIG_DFL,
    sa_flags: 0,
    sa_mask: 0n,
  }));
  /** Signal n is bit n - 1. */
  blocked = 0n;
  /** The mask to go back to when the call is over that has put another into force (sigsuspend, ppoll, pselect6). */
  savedMask: bigint | null = null;
  /** Told of every signal that is queued, a blocked one too (signalfd_wqh). */
  readonly signalArrived = new WaitQueueHead();
  /** Signals sent and not taken yet, in order of arrival. */
  readonly pending: SignalInfo[] = [];
  readonly children = new Set<Task>();
  /** Wakes a parent that waits for a child. */
  readonly childEnded = new WaitQueueHead();
  cred: Credentials;
  limits: ResourceLimits;
  /** Nanoseconds on the hart. */
  cpuTime = 0;
  /** Of address spaces that execve has replaced. */
  readonly earlierFaults = { minor: 0, major: 0 };
  /** Of children that have been waited for, and theirs. */
  readonly childrenUsage: Usage = noUsage();
  /** When it began, on the machine's clock. */
  started = 0;
  readonly attributes: TaskAttributes;
  /** Where a word is to be cleared and a futex woken at the end (set_tid_address); 0: nowhere. */
  clearChildTid = 0;
  robustList = 0;
  /** A parent waits in vfork until this child has a program, or has ended; null: it need not. */
  vforkDone: WaitQueueHead | null = null;
  readonly timers = new IntervalTimers();
  readonly posixTimers = new PosixTimers();
  readonly counts: TaskCounts = { systemCalls: 0, bytesCopied: 0, signals: 0 };
  /** That it stopped, by which signal, or went on (SIGCONT): until its parent has waited for it. */
  jobEvent: JobEvent | null = null;
  /** Takes the task off what it sleeps on. */
  cancelSleep: (() => void) | null = null;
  /** Told when the task is to look at its condition again. Set by the scheduler. */
  onWake: (() => void) | null = null;

  constructor(pid: number, comm: string, parent: Task | null, mm: Mm, files: FdTable, fs: FsState) {
    this.pid = pid;
    this.pgid = parent?.pgid ?? pid;
    this.sid = parent?.sid ?? pid;
    this.comm = comm;
    this.parent = parent;
    this.mm = mm;
    this.files = files;
    this.fs = fs;
    this.cred = parent?.cred.clone() ?? new Credentials();
    this.limits = parent?.limits.clone() ?? ResourceLimits.initial(DEFAULT_LIMITS);
    this.attributes = { ...(parent?.attributes ?? INITIAL_ATTRIBUTES) };
    this.attributes.deathSignal = 0;
    this.applyLimits();
  }

  wake(): void {
    this.onWake?.();
  }

  /** Puts limits into force that are not looked up in the task itself. */
  applyLimits(): void {
    this.files.max = this.limits.soft(RLIMIT_NOFILE);
    this.mm.limits = this.limits.memory;
  }
}

/** Process identifiers go up to here and then begin again (pid_max). */
const PID_MAX = 32768;

export class TaskTable {
  /** Processes that may live at once. */
  max = DEFAULT_LIMITS.processes;
  readonly #tasks = new Map<number, Task>();
  #last = 0;

  /** The next free identifier, or 0: too many processes. */
  nextPid(): number {
    if (this.#tasks.size >= this.max) return 0;
    do {
      this.#last = this.#last >= PID_MAX ? 1 : this.#last + 1;
    } while (this.#tasks.has(this.#last));
    return this.#last;
  }

  add(task: Task): void {
    this.#tasks.set(task.pid, task);
    task.parent?.children.add(task);
  }

  /** Forgets a process that was waited for (release_task). */
  remove(task: Task): void {
    this.#tasks.delete(task.pid);
    task.parent?.children.delete(task);
  }

  get isEmpty(): boolean {
    return this.#tasks.size === 0;
  }

  get(pid: number): Task | undefined {
    return this.#tasks.get(pid);
  }

  [Symbol.iterator](): IterableIterator<Task> {
    return this.#tasks.values();
  }
}
