/** Processes that the host starts: they have no parent, and the host hears of their end. */
import { errnoName, strerror } from "../../abi/errno.ts";
import type { Program } from "../../abi/program.ts";
import type { Clock } from "./clock.ts";
import type { Core } from "./core.ts";
import { commOf } from "./exec/run-file.ts";
import { FdTable } from "./fs/fd-table.ts";
import type { OpenFile } from "./fs/file.ts";
import { FsState } from "./fs/path.ts";
import { ResourceLimits } from "./limits.ts";
import { Mm } from "./mm/mm.ts";
import type { KernelMmHost } from "./mm-host.ts";
import { type ProgramHost, ProgramImage } from "./program.ts";
import { type ExitStatus, Task } from "./task.ts";

export interface SpawnOptions {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. Default "/root". */
  readonly cwd?: string;
  /** Standard input, output and error, each with a reference for the process. Default: the console, three times. */
  readonly files?: readonly OpenFile[];
}

/** A process that the host started. */
export interface Process {
  readonly pid: number;
  readonly task: Task;
  readonly exited: Promise<ExitStatus>;
}

export interface SpawnHost extends Core, Omit<ProgramHost, keyof Core> {
  readonly clock: Clock;
  readonly mmHost: KernelMmHost;
  readonly openStdio: (task: Task) => void;
  /** Runs `work` in the name of a task. */
  asCurrent(task: Task, work: () => void): void;
}

export class Spawner {
  readonly #host: SpawnHost;
  readonly #exits = new Map<Task, (status: ExitStatus) => void>();

  constructor(host: SpawnHost) {
    this.#host = host;
  }

  spawn(program: Program, options: SpawnOptions): Process {
    const argv = options.argv ?? ["program"];
    const task = this.#newTask(argv[0] ?? "program", options);
    task.argv = argv;
    const process = this.#processOf(task);
    this.#host.start(task, new ProgramImage(this.#host, task, program, argv, options.env ?? {}));
    return process;
  }

  spawnFile(path: string, options: SpawnOptions): Process {
    const argv = options.argv ?? [path];
    const task = this.#newTask(path, options);
    const process = this.#processOf(task);
    const encoder = new TextEncoder();
    const env = Object.entries(options.env ?? {}).map(([name, value]) => encoder.encode(`${name}=${value}`));
    const error = this.#host.exec(task, { path, argv: argv.map((text) => encoder.encode(text)), env });
    if (error < 0) {
      this.#host.exit(task, { code: 127 });
      throw new Error(`cannot execute ${path}: ${strerror(-error)} (${errnoName(-error)})`);
    }
    this.#host.start(task, task.image!);
    return process;
  }

  ended(task: Task): void {
    this.#exits.get(task)?.(task.status!);
    this.#exits.delete(task);
  }

  #processOf(task: Task): Process {
    const exited = new Promise<ExitStatus>((resolve) => {
      this.#exits.set(task, resolve);
    });
    return { pid: task.pid, task, exited };
  }

  #newTask(path: string, { cwd = "/root", files }: SpawnOptions): Task {
    const { tasks, vfs, limits, clock, mmHost } = this.#host;
    const pid = tasks.nextPid();
    const mm = pid === 0 ? null : Mm.create(mmHost);
    if (mm === null) throw new Error(`cannot start ${path}: too many processes, or no memory`);
    const task = new Task(pid, commOf(path), null, mm, new FdTable(), FsState.root(vfs));
    task.limits = ResourceLimits.initial(limits);
    task.applyLimits();
    task.started = clock.now;
    vfs.enter(task.fs, cwd);
    if (files === undefined) this.#host.asCurrent(task, () => this.#host.openStdio(task));
    else for (const file of files) task.files.install(file, false);
    return task;
  }
}
