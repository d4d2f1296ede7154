/**
 * A riscv64 program as the image of a process: its registers, and slices of time on the hart. An ecall enters the same
 * kernel as a TypeScript program's call; another trap becomes a page or a signal.
 */
import type { SignalInfo } from "../../../abi/program.ts";
import {
  BUS_ADRALN,
  ILL_ILLOPC,
  SI_KERNEL,
  SIGBUS,
  SIGILL,
  SIGSEGV,
  SIGTRAP,
  type Sigaction,
  TRAP_BRKPT,
} from "../../../abi/signal.ts";
import {
  CAUSE_BREAKPOINT,
  CAUSE_ILLEGAL_INSTRUCTION,
  CAUSE_MISALIGNED_LOAD,
  CAUSE_MISALIGNED_STORE,
  CAUSE_USER_ECALL,
} from "../../../assembly/riscv.ts";
import type { FaultSignal } from "../mm/fault.ts";
import { UNBLOCKABLE } from "../signal.ts";
import type { ExitStatus, HartSide, Image, Task } from "../task.ts";
import { handleTrap } from "../trap.ts";
import { type HartContext, REG_A0, REG_A7, REG_SP } from "./context.ts";
import { type AlternateStack, type FrameMemory, popSignalFrame, pushSignalFrame } from "./signal-frame.ts";

/** Why a slice ended. */
export interface HartTrap {
  readonly cause: number;
  readonly value: number;
}

/** The hart, as a process uses it. */
export interface HartPort {
  /** Instructions retired so far. */
  readonly instret: number;
  /** Puts a process's registers on the hart, unless they are there. */
  load(context: HartContext): void;
  /** Takes them off it. */
  save(context: HartContext): void;
  /** Runs user code for at most `budget` instructions: the trap that ended it, or null, the budget did. */
  run(budget: number): HartTrap | null;
  /** The same, and not one instruction more. */
  runExactly(budget: number): HartTrap | null;
}

export interface HartHost {
  readonly hart: HartPort;
  readonly user: FrameMemory;
  readonly scheduler: { kick(): void };
  switchTo(task: Task): void;
  enter(task: Task, nr: number, args: readonly number[]): number | null;
  exit(task: Task, status: ExitStatus): void;
  /** A slice begins: the time CSR is set. How many instructions it may have before something is due. */
  beginSlice(): number;
  /** The task has a timer on its own time, which has gone on. */
  cpuTimePassed(task: Task): void;
  /** Virtual time goes on by so many instructions. */
  elapse(instructions: number): void;
  force(task: Task, signal: FaultSignal): void;
  /** Runs kernel work in the task's name; an Oops ends the task. */
  guard<T>(task: Task, otherwise: T, work: () => T): T;
}

/** A signal's frame cannot be written or read: force_sig(SIGSEGV). */
const BAD_FRAME: FaultSignal = { signo: SIGSEGV, code: SI_KERNEL, address: 0 };
/** Instructions in one slice: short enough for V8 to swap in optimised code, long enough that a slice costs nothing. */
const SLICE = 500_000;
/** A slice may be longer than asked for by the rest of a straight line, which ends with its page. */
const LINE_MAX = 2050;
/** ecall and ebreak are 4 bytes; c.ebreak leaves pc where it is, as ebreak does. */
const ECALL_LENGTH = 4;

export class HartImage implements Image, HartSide {
  context: HartContext;
  /** Where handlers return to. */
  trampoline: number;
  alternateStack: AlternateStack = { start: 0, size: 0 };
  readonly #host: HartHost;
  readonly #task: Task;
  /** Instructions left of a slice that was cut, and those that it has had. */
  #left = 0;
  #spent = 0;

  constructor(host: HartHost, task: Task, context: HartContext, trampoline: number) {
    this.#host = host;
    this.#task = task;
    this.context = context;
    this.trampoline = trampoline;
  }

  get onHart(): HartSide {
    return this;
  }

  get canFork(): boolean {
    return true;
  }

  start(): void {
    this.#host.scheduler.kick();
  }

  /** The child goes on behind the same ecall with 0 in a0. */
  fork(child: Task): HartImage {
    const context = this.context.clone();
    context.set(REG_A0, 0);
    const image = new HartImage(this.#host, child, context, this.trampoline);
    image.alternateStack = this.alternateStack;
    return image;
  }

  /** The result is in place already: see `returned`. */
  resume(): void {}

  returned(result: number): void {
    this.context.set(REG_A0, result);
  }

  setStack(sp: number): void {
    this.context.set(REG_SP, sp);
  }

  rewind(): void {
    this.context.pc -= ECALL_LENGTH;
  }

  fail(error: unknown): void {
    throw error;
  }

  ended(): void {}

  deliver(action: Sigaction, info: SignalInfo, blocked: bigint): void {
    const { user } = this.#host;
    const task = this.#task;
    // A signal is taken before the process's slice: another address space may be switched in, or none.
    this.#host.switchTo(task);
    const pushed = pushSignalFrame(user, this.context, action, info, blocked, this.trampoline, this.alternateStack);
    if (pushed) return;
    // force_sigsegv: a SIGSEGV whose own frame finds no room kills; another signal becomes one.
    if (info.signo === SIGSEGV) this.#host.exit(task, { signal: SIGSEGV, address: 0 });
    else this.#host.force(task, BAD_FRAME);
  }

  /** execve: another program in the same process. */
  replace(context: HartContext, trampoline: number): void {
    this.context = context;
    this.trampoline = trampoline;
    this.alternateStack = { start: 0, size: 0 };
  }

  /** rt_sigreturn: everything is as it was before the handler. What comes back is a0, which the call's result is. */
  sigreturn(): number {
    const blocked = popSignalFrame(this.#host.user, this.context);
    if (blocked === null) this.#host.force(this.#task, BAD_FRAME);
    // Whatever lies in the frame (set_current_blocked).
    else this.#task.blocked = blocked & ~UNBLOCKABLE;
    return this.context.number(REG_A0);
  }

  get isCut(): boolean {
    return this.#left > 0;
  }

  /** To the machine a cut slice is one slice: time stands still, no signal comes, and a reservation lives on. */
  slice(allowance: number): number {
    const { hart } = this.#host;
    this.#host.switchTo(this.#task);
    if (this.#left === 0) {
      hart.load(this.context);
      this.#left = Math.min(SLICE, this.#host.beginSlice());
      this.#spent = 0;
    }
    const before = hart.instret;
    const isClose = allowance < this.#left + LINE_MAX;
    const trap = isClose ? hart.runExactly(Math.min(this.#left, allowance)) : hart.run(this.#left);
    hart.save(this.context);
    const retired = hart.instret - before;
    this.#spent += retired;
    this.#left = trap === null ? Math.max(0, this.#left - retired) : 0;
    if (this.#left > 0) return retired;
    this.#task.cpuTime += this.#spent;
    this.#host.elapse(this.#spent);
    const { timers, posixTimers } = this.#task;
    if (timers.countsCpuTime || posixTimers.size > 0) this.#host.cpuTimePassed(this.#task);
    if (trap?.cause === CAUSE_USER_ECALL) this.#ecall();
    else if (trap !== null) this.#fault(trap);
    return retired;
  }

  #ecall(): void {
    const { context } = this;
    context.pc += ECALL_LENGTH;
    const nr = context.number(REG_A7);
    const args = Array.from({ length: 6 }, (_, i) => context.number(REG_A0 + i));
    this.#host.enter(this.#task, nr, args);
  }

  #fault({ cause, value }: HartTrap): void {
    const task = this.#task;
    const signal = this.#host.guard(task, null, () => this.#signalOf(cause, value));
    if (signal !== null) this.#host.force(task, signal);
  }

  #signalOf(cause: number, value: number): FaultSignal | null {
    const address = this.context.pc;
    switch (cause) {
      case CAUSE_ILLEGAL_INSTRUCTION:
        return { signo: SIGILL, code: ILL_ILLOPC, address };
      case CAUSE_BREAKPOINT:
        return { signo: SIGTRAP, code: TRAP_BRKPT, address };
      case CAUSE_MISALIGNED_LOAD:
      case CAUSE_MISALIGNED_STORE:
        return { signo: SIGBUS, code: BUS_ADRALN, address: value };
      default:
        return handleTrap(this.#task.mm, cause, value);
    }
  }
}
