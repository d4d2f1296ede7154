/**
 * A TypeScript program as the image of a process. A signal that ends the process ends the program by an exception out
 * of whatever it called.
 */
import type { Program, SignalInfo } from "../../abi/program.ts";
import { type Sigaction, SIGABRT, SIGSEGV } from "../../abi/signal.ts";
import type { ExitStatus, Image, Task } from "./task.ts";
import { type ProgramState, TaskEnded, UserContext, type UserHost } from "./user.ts";

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
  readonly #state: ProgramState = { handler: null, child: null, resume: null, stop: null };

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
    this.fail(new TaskEnded(this.#task.pid));
  }

  /** A program without a C library jumps to the handler's number, where there is nothing. */
  deliver(action: Sigaction, info: SignalInfo): void {
    if (this.#state.handler === null) this.#host.exit(this.#task, { signal: SIGSEGV, address: action.sa_handler });
    else this.#state.handler(action.sa_handler, info);
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
    if (task.state === "zombie") return;
    const user = new UserContext(this.#host, task, this.#state, this.#argv, this.#env);
    try {
      const code = (await this.#main(user)) ?? 0;
      if ((task.state as string) !== "zombie") this.#host.exit(task, { code: code & 0xff });
    } catch (error) {
      if ((task.state as string) === "zombie") return;
      this.#host.crashed(task, error);
      this.#host.exit(task, { signal: SIGABRT, address: 0 });
    }
  }
}
