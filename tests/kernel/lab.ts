/**
 * A booted machine for tests of the kernel by programs on the C library: what an expectation in a program throws is
 * thrown in the test, and after each program every page must be back.
 */
import { expect } from "vitest";
import { errnoName } from "../../abi/errno.ts";
import { O_RDONLY } from "../../abi/fcntl.ts";
import type { SignalInfo } from "../../abi/program.ts";
import { SA_NODEFER, SIGBUS, SIGSEGV } from "../../abi/signal.ts";
import type { FileOperations, Kernel, Module } from "../../devices/drivers/driver.ts";
import { mem } from "../../devices/drivers/mem.ts";
import { ttyDriver } from "../../devices/drivers/tty-driver.ts";
import { type Libc, libc, type Main, type Waited } from "../../guests/libc.ts";
import { KernelCore, type KernelOptions } from "../../src/kernel/kernel.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";
import { Machine } from "../../src/machine.ts";
import { attachStandardFiles, type StandardFileOptions, serialTerminal } from "../../src/standard-files.ts";

const MIB = 0x10_0000;
export const PAGE = 4096;

/** A signal handler that leaves by siglongjmp. */
export class Jump extends Error {
  readonly info: SignalInfo;
  constructor(info: SignalInfo) {
    super("siglongjmp");
    this.info = info;
  }
}

export class Lab {
  readonly kernel: KernelCore;
  readonly #pieces: Uint8Array[] = [];
  /** What went wrong in a program, in the order of time. */
  readonly #failures: unknown[] = [];

  static async boot(options: KernelOptions & StandardFileOptions & { ram?: number } = {}): Promise<Lab> {
    const machine = await Machine.create({ ram: options.ram ?? 16 * MIB, videoMemory: MIB });
    return new Lab(KernelCore.boot(machine, options), options);
  }

  private constructor(kernel: KernelCore, given: StandardFileOptions) {
    this.kernel = kernel;
    const options = { onOutput: (bytes: Uint8Array) => void this.#pieces.push(bytes.slice()), ...given };
    for (const driver of [mem, ttyDriver([serialTerminal(options)])]) {
      if (kernel.insmod(driver) !== 0) throw new Error(`assert: ${driver.name} did not load`);
    }
    attachStandardFiles(kernel, options);
  }

  /** What was written to the console. */
  output(): string {
    return Buffer.concat(this.#pieces).toString("utf8");
  }

  /** The texts of the kernel's log. */
  log(): string[] {
    return this.kernel.log.lines.map(({ text }) => text);
  }

  /** Pages that somebody has, but for those that hold the content of files. */
  pagesInUse(): number {
    const { pages, vfs } = this.kernel;
    const cached = [...vfs.mounts, vfs.shmem].reduce((sum, { superBlock }) => sum + superBlock.usedPages, 0);
    return pages.total - pages.available - cached;
  }

  /** Runs a program to its end, however it ends. Checks that it and its children gave every page back. */
  async end(main: Main, name = "test"): Promise<ExitStatus> {
    const before = this.pagesInUse();
    const { exited } = this.kernel.spawn((user) => this.#watched(main)(libc(user)), { argv: [name], cwd: "/tmp" });
    const status = await exited;
    // Orphans may live on for a while.
    while ([...this.kernel.tasks].length > 0) await new Promise((resolve) => setImmediate(resolve));
    const [failure] = this.#failures.splice(0);
    if (failure !== undefined) throw failure;
    expect(this.pagesInUse(), "pages in use after the program, and before it").toBe(before);
    return status;
  }

  /** A program that must exit with 0. */
  async run(main: Main): Promise<void> {
    expect(await this.end(main), this.log().join("\n")).toEqual({ code: 0 });
  }

  /** Forks a child of `c`: its pid. */
  fork(c: Libc, main: Main): number {
    return c.fork(this.#watched(main));
  }

  /** Forks a child and waits for it: its status word. */
  async child(c: Libc, main: Main): Promise<number> {
    const pid = this.fork(c, main);
    const waited = (await c.waitpid(pid)) as Waited;
    expect(waited.pid).toBe(pid);
    return waited.status;
  }

  #watched(main: Main): Main {
    return async (c) => {
      try {
        return await main(c);
      } catch (error) {
        // A process that was ended unwinds by an exception of its own.
        if (!(error instanceof Error && error.name === "TaskEnded")) this.#failures.push(error);
        throw error;
      }
    };
  }
}

/** A text file as a program reads it. */
export const readText = async (c: Libc, path: string): Promise<string> => {
  const fd = await c.open(path, O_RDONLY);
  if (fd < 0) throw new Error(`${path}: ${errnoName(c.errno)}`);
  let text = "";
  for (;;) {
    const bytes = (await c.readBytes(fd, PAGE)) as Uint8Array;
    if (bytes.length === 0) break;
    text += new TextDecoder().decode(bytes);
  }
  c.close(fd);
  return text;
};

/** The result of a call that fails with -1: the number, or errno's name. */
export const result = (c: Libc, value: number): number | string => (value === -1 ? errnoName(c.errno) : value);

/** The same of a raw system call: -errno as its name. */
export const named = (value: number): number | string => (value < 0 && value > -4096 ? errnoName(-value) : value);

/** From now on a fault is an exception. */
export const catchFaults = (c: Libc): void => {
  for (const signo of [SIGSEGV, SIGBUS]) {
    c.sigaction(
      signo,
      (_signo, info) => {
        throw new Jump(info);
      },
      SA_NODEFER,
    );
  }
};

/** The fault that an access earns, after catchFaults; null: none. */
export const faultOf = (access: () => unknown): SignalInfo | null => {
  try {
    access();
    return null;
  } catch (error) {
    if (error instanceof Jump) return error.info;
    throw error;
  }
};

/** A module with one character device /dev/`name`. */
export const deviceModule = (name: string, make: (kernel: Kernel) => FileOperations & { unload?(): void }): Module => ({
  name,
  create(kernel) {
    const ops = make(kernel);
    const cdev = kernel.cdevInit(ops);
    let dev = 0;
    return {
      init() {
        dev = kernel.allocChrdevRegion(0, 1, name);
        kernel.deviceCreate(name, dev, 0o666);
        return kernel.cdevAdd(cdev, dev, 1);
      },
      exit() {
        kernel.deviceDestroy(dev);
        kernel.cdevDel(cdev);
        kernel.unregisterChrdevRegion(dev, 1);
        ops.unload?.();
      },
    };
  },
});
