/**
 * A TypeScript program as the image of a process. A signal that ends the process ends the program by an exception out
 * of whatever it called.
 */
import type { Program, SignalInfo } from "../../abi/program.ts";
import { SIGABRT, SIGSEGV, type Sigaction } from "../../abi/signal.ts";
import type { ExitStatus, Image, Task } from "./task.ts";
import { type ProgramState, UserContext, type UserHost } from "./user.ts";

export interface ProgramHost extends UserHost {
  exit(task: Task, status: ExitStatus): void;
  /** The program threw: something for its standard error. */
  crashed(task: Task, error: unknown): void;
}

export class ProgramImage implements Image {
  readonly #host: ProgramHost;
  readonly #task: Task;
  readonly #main: Program;
  readonly #argv: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #state: ProgramState = { handler: null, child: null, resume: null, stop: null, gone: false };

  constructor(
    host: ProgramHost,
    task: Task,
    main: Program,
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    this.#host = host;
    this.#task = task;
    this.#main = main;
    this.#argv = argv;
    this.#env = env;
  }

  start(): void {
    queueMicrotask(() => void this.#run());
  }

  resume(result: number): void {
    const { resume } = this.#state;
    this.#state.resume = null;
    this.#state.stop = null;
    resume?.(result);
  }

  fail(error: unknown): void {
    const { stop } = this.#state;
    this.#state.resume = null;
    this.#state.stop = null;
    stop?.(error);
  }

  ended(): void {
    this.#state.gone = true;
    this.#state.resume = null;
    this.#state.stop = null;
  }

  /** A program without a C library jumps to the handler's number, where there is nothing. */
  deliver(action: Sigaction, info: SignalInfo): void {
    if (this.#state.handler === null) {
      this.#host.exit(this.#task, { signal: SIGSEGV, address: action.sa_handler });
      return;
    }
    const left: unknown = this.#state.handler(action.sa_handler, info);
    // A handler cannot wait, but nothing stops a program from giving an async one; what it throws is the program's.
    if (left instanceof Promise) left.catch((error: unknown) => this.#crash(error));
  }

  fork(child: Task): Image {
    const main = this.#state.child;
    if (main === null) throw new Error("assert: clone of a TypeScript program without a function for the child");
    const image = new ProgramImage(this.#host, child, main, this.#argv, this.#env);
    image.#state.handler = this.#state.handler;
    return image;
  }

  /** Can this process fork now: did the program say what the child runs? */
  get canFork(): boolean {
    return this.#state.child !== null;
  }

  async #run(): Promise<void> {
    const task = this.#task;
    if (this.#isEnded) return;
    const user = new UserContext(this.#host, task, this.#state, this.#argv, this.#env);
    try {
      const code = (await this.#main(user)) ?? 0;
      if (!this.#isEnded) this.#host.exit(task, { code: Number(code) & 0xff });
    } catch (error) {
      this.#crash(error);
    }
  }

  /** An exception that nobody caught is abort(3): a text on standard error, then SIGABRT. */
  #crash(error: unknown): void {
    if (this.#isEnded) return;
    this.#host.crashed(this.#task, error);
    this.#host.exit(this.#task, { signal: SIGABRT, address: 0 });
  }

  /** Asked anew each time: the program may have ended itself since. */
  get #isEnded(): boolean {
    return this.#state.gone || this.#task.state === "zombie";
  }
}
