/**
 * strace(1) for all processes of the machine, as `strace -f` writes it:
 *
 *     [pid     2] read(3,  <unfinished ...>
 *     [pid     1] write(4, "x", 1)            = 1
 *     [pid     2] <... read resumed>"x", 1)   = 1
 *     --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
 *     +++ killed by SIGSEGV +++
 *
 * Differences: a program in TypeScript returns from a signal handler without a system call; where the handler ended a
 * sleeping call, its EINTR is shown as the rt_sigreturn that a C program makes. Signals that are ignored are not shown.
 * A page that is not there is not brought in to be shown: its address is.
 */
import { EINTR, ERESTARTNOHAND, ERESTARTSYS } from "../../abi/errno.ts";
import type { SignalInfo } from "../../abi/program.ts";
import { signalName } from "../../abi/signal.ts";
import {
  SYS_clone,
  SYS_clone3,
  SYS_exit,
  SYS_exit_group,
  SYS_ppoll,
  SYS_pselect6,
  SYS_rt_sigreturn,
  SYS_rt_sigsuspend,
} from "../../abi/syscalls.ts";
import type { Tracer } from "./scheduler-host.ts";
import { type CallText, callText, withResult } from "./strace/format.ts";
import { mmReader } from "./strace/mm-reader.ts";
import { resultText } from "./strace/result.ts";
import { formatExit, formatSignal } from "./strace/signal-text.ts";
import type { MemoryReader } from "./strace/text.ts";
import { systemCallName } from "./syscall-table.ts";
import type { Call, ExitStatus, Task } from "./task.ts";

export interface StraceOptions {
  /** Gets each line without its newline. */
  write(line: string): void;
  /** The memory of a task that has not ended. Default: its address space. */
  readerOf?(task: Task): MemoryReader;
}

/** A call that has been shown up to here. */
interface Sleeping {
  readonly call: Call;
  readonly entry: string;
  /** Was its line ended by "<unfinished ...>", because somebody else had something to say? */
  interrupted: boolean;
}

const NO_MEMORY: MemoryReader = { read: () => null };

/** How a handler's return is shown that ends a sleeping call. */
const SIGRETURN: CallText = {
  entry: `${systemCallName(SYS_rt_sigreturn)}(`,
  rest: "{mask=[]})",
  result: resultText(-EINTR)!,
};

/** Calls that end with EINTR after a handler whatever its SA_RESTART. */
const NEVER_RESTARTED = new Set([SYS_ppoll, SYS_pselect6, SYS_rt_sigsuspend]);

export class Strace implements Tracer {
  readonly #write: (line: string) => void;
  readonly #readerOf: (task: Task) => MemoryReader;
  readonly #alive = new Set<number>();
  readonly #sleeping = new Map<Task, Sleeping>();
  /** Calls that a signal has interrupted: their lines have ended. */
  readonly #signalled = new Map<Task, Call>();
  /** Whose line is begun, and what it says so far. */
  #open: { readonly task: Task; readonly text: string } | null = null;

  constructor(options: StraceOptions) {
    this.#write = options.write;
    this.#readerOf = options.readerOf ?? ((task) => mmReader(task.mm));
  }

  sleeps(task: Task, call: Call): void {
    // A call that was woken for nothing, or made again after a handler, is still the same line.
    if (this.#sleeping.get(task)?.call === call) return;
    const { entry } = callText(this.#readerOf(task), call.nr, call.args, null);
    this.#interrupt();
    this.#sleeping.set(task, { call, entry, interrupted: false });
    this.#open = { task, text: this.#prefix(task) + entry };
  }

  returned(task: Task, call: Call, result: number): void {
    if (this.#signalled.get(task) === call) {
      this.#signalled.delete(task);
      if (result === -EINTR) {
        this.#returnLine(task, SIGRETURN);
        return;
      }
    }
    this.#finish(task, call, callText(this.#readerOf(task), call.nr, call.args, result));
    if ((call.nr === SYS_clone || call.nr === SYS_clone3) && result > 0) {
      this.#alive.add(result);
      this.#interrupt();
      this.#write(`strace: Process ${result} attached`);
    }
  }

  signalled(task: Task, info: SignalInfo): void {
    const call = this.#underWay(task);
    if (call !== null) {
      const restart = NEVER_RESTARTED.has(call.nr) ? -ERESTARTNOHAND : -ERESTARTSYS;
      this.#finish(task, call, callText(this.#readerOf(task), call.nr, call.args, restart));
      this.#signalled.set(task, call);
    }
    this.#emit(this.#prefix(task) + formatSignal(info));
  }

  stopped(task: Task, signo: number): void {
    this.#emit(`${this.#prefix(task)}--- stopped by ${signalName(signo)} ---`);
  }

  ended(task: Task, status: ExitStatus): void {
    const call = this.#underWay(task);
    if (call !== null) this.#unreturned(task, call);
    this.#emit(this.#prefix(task) + formatExit(status));
    this.#alive.delete(task.pid);
    this.#sleeping.delete(task);
    this.#signalled.delete(task);
  }

  /** The call that the task is in, unless its line has ended. */
  #underWay(task: Task): Call | null {
    const { call } = task;
    if (call === null || this.#sleeping.get(task)?.call === call) return call;
    return this.#signalled.get(task) === call ? null : call;
  }

  /** exit_group, or a call inside of which the process was killed. Its address space is gone. */
  #unreturned(task: Task, call: Call): void {
    const text = callText(NO_MEMORY, call.nr, call.args, null);
    const exits = call.nr === SYS_exit || call.nr === SYS_exit_group;
    const entry = this.#sleeping.get(task)?.entry ?? text.entry;
    this.#finish(task, call, exits ? text : { entry, rest: " <unfinished ...>)", result: "?" });
  }

  /** The rest of a call's line, or all of it. */
  #finish(task: Task, call: Call, text: CallText): void {
    const sleeping = this.#sleeping.get(task);
    this.#sleeping.delete(task);
    if (sleeping === undefined || sleeping.call !== call) {
      this.#returnLine(task, text);
    } else if (sleeping.interrupted) {
      this.#returnLine(task, { ...text, entry: `<... ${systemCallName(call.nr)} resumed>` });
    } else {
      const begun = this.#open?.text ?? "";
      this.#open = null;
      this.#write(withResult(begun + text.rest, text.result));
    }
  }

  #returnLine(task: Task, { entry, rest, result }: CallText): void {
    this.#emit(withResult(this.#prefix(task) + entry + rest, result));
  }

  /** A whole line. */
  #emit(text: string): void {
    this.#interrupt();
    this.#write(text);
  }

  /** Ends the line that a sleeping task has begun. */
  #interrupt(): void {
    if (this.#open === null) return;
    const { task, text } = this.#open;
    this.#open = null;
    const sleeping = this.#sleeping.get(task);
    if (sleeping !== undefined) sleeping.interrupted = true;
    this.#write(`${text} <unfinished ...>`);
  }

  /** "[pid     2] " while there are several processes. */
  #prefix(task: Task): string {
    this.#alive.add(task.pid);
    return this.#alive.size > 1 ? `[pid ${String(task.pid).padStart(5)}] ` : "";
  }
}
