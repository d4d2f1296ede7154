/**
 * User mode of a TypeScript program (abi/program.ts): loads and stores go through the MMU, a trap goes to the kernel
 * and the access is tried again. Nothing of the kernel can be reached from here but by a system call.
 */
import { ENOSYS } from "../../abi/errno.ts";
import type { Pin, Program, SignalInfo, User } from "../../abi/program.ts";
import { SIGCHLD } from "../../abi/signal.ts";
import { SYS_clone } from "../../abi/syscalls.ts";
import { ACCESS_LOAD, ACCESS_STORE, PAGE_SIZE } from "../../assembly/riscv.ts";
import type { MachineExports } from "../machine-exports.ts";
import type { Task } from "./task.ts";

/** Unwinds a program whose process has ended. A program must let it pass. */
export class TaskEnded extends Error {
  constructor(pid: number) {
    super(`process ${pid} has ended`);
    this.name = "TaskEnded";
  }
}

/** What a 64-bit register holds of a number: an integer, modulo 2^64, signed; 0 for what is none. */
const register = (value: number): number => {
  if (Number.isSafeInteger(value)) return value;
  return Number.isFinite(value) ? Number(BigInt.asIntN(64, BigInt(Math.trunc(value)))) : 0;
};

/** What user mode needs of the kernel around it. */
export interface UserHost {
  readonly machine: { readonly exports: MachineExports; readonly u8: Uint8Array };
  /** The task whose address space user accesses go through; null: none, or one that has ended. */
  readonly onHart: Task | null;
  switchTo(task: Task): void;
  /** A system call: its result, or null when the process sleeps. */
  enter(task: Task, nr: number, args: readonly number[]): number | null;
  /** pin_user_pages for a task that is switched in; the process may have ended. */
  pin(task: Task, va: number, length: number, writable: boolean): Pin | number;
  /** The access just tried trapped. Returns when it may be tried again; the process may have ended. */
  userTrap(task: Task): void;
}

/** What user mode and the program's image tell each other. */
export interface ProgramState {
  /** Who runs signal handlers. */
  handler: ((handler: number, info: SignalInfo) => void) | null;
  /** The function that the fork under way gives its child. */
  child: Program | null;
  /**
   * Ends of the promise that a sleeping system call gave. A process that is ended while it sleeps never wakes up: its
   * promise stays open, and nothing of the program runs any more.
   */
  resume: ((result: number) => void) | null;
  stop: ((error: unknown) => void) | null;
  /** The process runs another program now (execve), or has ended. */
  gone: boolean;
}

export class UserContext implements User {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly #host: UserHost;
  readonly #x: MachineExports;
  readonly #task: Task;
  readonly #state: ProgramState;

  constructor(
    host: UserHost,
    task: Task,
    state: ProgramState,
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    this.#host = host;
    this.#x = host.machine.exports;
    this.#task = task;
    this.#state = state;
    this.argv = argv;
    this.env = env;
  }

  syscall(nr: number, ...args: number[]): number | Promise<number> {
    this.#alive();
    const result = this.#host.enter(this.#task, register(nr), args.map(register));
    this.#alive();
    if (result !== null) return result;
    return new Promise<number>((resolve, reject) => {
      this.#state.resume = resolve;
      this.#state.stop = reject;
    });
  }

  load8(va: number): number {
    for (;;) {
      this.#enter();
      const value = this.#x.load8(va);
      if (value >= 0) return value;
      this.#trap();
    }
  }

  load16(va: number): number {
    for (;;) {
      this.#enter();
      const value = this.#x.load16(va);
      if (value >= 0) return value;
      this.#trap();
    }
  }

  load32(va: number): number {
    for (;;) {
      this.#enter();
      const value = this.#x.load32(va);
      if (value >= 0) return value;
      this.#trap();
    }
  }

  load64(va: number): bigint {
    for (;;) {
      this.#enter();
      const value = this.#x.load64(va);
      if (this.#x.trapPending() === 0) return BigInt.asUintN(64, value);
      this.#trap();
    }
  }

  store8(va: number, value: number): void {
    this.#enter();
    while (this.#x.store8(va, value) !== 0) this.#retry();
  }

  store16(va: number, value: number): void {
    this.#enter();
    while (this.#x.store16(va, value) !== 0) this.#retry();
  }

  store32(va: number, value: number): void {
    this.#enter();
    while (this.#x.store32(va, value) !== 0) this.#retry();
  }

  store64(va: number, value: bigint): void {
    const lo = Number(value & 0xffff_ffffn);
    const hi = Number((value >> 32n) & 0xffff_ffffn);
    this.#enter();
    while (this.#x.store64(va, lo, hi) !== 0) this.#retry();
  }

  read(va: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#inPages(va, length, ACCESS_LOAD, (host, done, count) => {
      bytes.set(this.#host.machine.u8.subarray(host, host + count), done);
    });
    return bytes;
  }

  write(va: number, bytes: Uint8Array): void {
    this.#inPages(va, bytes.length, ACCESS_STORE, (host, done, count) => {
      this.#host.machine.u8.set(bytes.subarray(done, done + count), host);
    });
  }

  fill(va: number, byte: number, length: number): void {
    this.#bulk(length, (done) => this.#x.fillUser(va + done, byte, length - done));
  }

  copy(to: number, from: number, length: number): void {
    this.#bulk(length, (done) => this.#x.copyUserToUser(to + done, from + done, length - done));
  }

  pin(va: number, length: number, writable = true): Pin | number {
    this.#enter();
    const pin = this.#host.pin(this.#task, register(va), register(length), writable);
    this.#alive();
    return pin;
  }

  fork(child: Program): number {
    this.#state.child = child;
    const pid = this.syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    this.#state.child = null;
    // clone never sleeps.
    return typeof pid === "number" ? pid : -ENOSYS;
  }

  onSignal(deliver: (handler: number, info: SignalInfo) => void): void {
    this.#state.handler = deliver;
  }

  /** The hart is ours: user mode, our address space. One compare in the usual case. */
  #enter(): void {
    if (this.#host.onHart === this.#task) return;
    this.#alive();
    this.#host.switchTo(this.#task);
  }

  #trap(): void {
    this.#host.userTrap(this.#task);
    this.#alive();
  }

  #retry(): void {
    this.#trap();
    this.#enter();
  }

  #alive(): void {
    if (this.#task.state === "zombie" || this.#state.gone) throw new TaskEnded(this.#task.pid);
  }

  #inPages(
    va: number,
    length: number,
    access: number,
    visit: (host: number, done: number, count: number) => void,
  ): void {
    for (let done = 0; done < length; ) {
      this.#enter();
      const host = this.#x.translate(va + done, access);
      if (host === 0) {
        this.#trap();
        continue;
      }
      const count = Math.min(length - done, PAGE_SIZE - (host % PAGE_SIZE));
      visit(host, done, count);
      done += count;
    }
  }

  #bulk(length: number, step: (done: number) => number): void {
    // Half a byte would never be done.
    for (let done = 0, whole = Math.trunc(length); done < whole; ) {
      this.#enter();
      done += step(done);
      if (done < whole) this.#trap();
    }
  }
}
