/** A program for tests of system calls: raw calls by number, with strings and bytes put where they can be pointed at. */

import { AT_FDCWD } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import type { Program, User } from "../../abi/program.ts";
import {
  SYS_close,
  SYS_ftruncate,
  SYS_mmap,
  SYS_openat,
  SYS_pread64,
  SYS_pwrite64,
  SYS_read,
  SYS_write,
} from "../../abi/syscalls.ts";
import { mem } from "../../devices/drivers/mem.ts";
import { ttyDriver } from "../../devices/drivers/tty-driver.ts";
import { KernelCore, type KernelOptions } from "../../src/kernel/kernel.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";
import { Machine } from "../../src/machine.ts";
import { attachStandardFiles, type StandardFileOptions, serialTerminal } from "../../src/standard-files.ts";

const MIB = 0x10_0000;
const SCRATCH_SIZE = 0x4_0000;

export class Guest {
  readonly user: User;
  /** SCRATCH_SIZE bytes for whatever a call reads or writes. */
  readonly buffer: number;
  readonly #strings: number;

  constructor(user: User) {
    this.user = user;
    this.buffer = this.map(2 * SCRATCH_SIZE);
    this.#strings = this.buffer + SCRATCH_SIZE;
  }

  /** A call that does not sleep. */
  sys(nr: number, ...args: (number | string)[]): number {
    const result = this.user.syscall(nr, ...this.#place(args));
    if (typeof result !== "number") throw new Error(`system call ${nr} sleeps`);
    return result;
  }

  async wait(nr: number, ...args: (number | string)[]): Promise<number> {
    return await this.user.syscall(nr, ...this.#place(args));
  }

  open(path: string, flags: number, mode = 0o666): number {
    return this.sys(SYS_openat, AT_FDCWD, path, flags, mode);
  }

  close(fd: number): number {
    return this.sys(SYS_close, fd);
  }

  write(fd: number, text: string): number {
    return this.sys(SYS_write, fd, text, text.length);
  }

  /** At most `count` bytes as text, or -errno. */
  read(fd: number, count = SCRATCH_SIZE): string | number {
    return this.#text(this.sys(SYS_read, fd, this.buffer, count));
  }

  async waitRead(fd: number, count = SCRATCH_SIZE): Promise<string | number> {
    return this.#text(await this.wait(SYS_read, fd, this.buffer, count));
  }

  pread(fd: number, count: number, offset: number): string | number {
    return this.#text(this.sys(SYS_pread64, fd, this.buffer, count, offset));
  }

  pwrite(fd: number, text: string, offset: number): number {
    return this.sys(SYS_pwrite64, fd, text, text.length, offset);
  }

  truncate(fd: number, size: number): number {
    return this.sys(SYS_ftruncate, fd, size);
  }

  /** A mapping, private and anonymous unless a file is given. */
  map(length: number, fd = -1, flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, offset = 0): number {
    return this.sys(SYS_mmap, 0, length, PROT_READ | PROT_WRITE, flags, fd, offset);
  }

  text(va: number, length: number): string {
    return new TextDecoder().decode(this.user.read(va, length));
  }

  #text(count: number): string | number {
    return count < 0 ? count : this.text(this.buffer, count);
  }

  #place(args: readonly (number | string)[]): number[] {
    let at = this.#strings;
    return args.map((argument) => {
      if (typeof argument === "number") return argument;
      const bytes = new TextEncoder().encode(`${argument}\0`);
      this.user.write(at, bytes);
      at += bytes.length;
      return at - bytes.length;
    });
  }
}

export interface Booted {
  readonly kernel: KernelCore;
  /** What was written to the console so far. */
  output(): string;
  /** Runs a program to its end, however it ends; what it throws is thrown here. */
  end(main: Main): Promise<ExitStatus>;
  /** The same for a program that exits with 0; anything else is an error. */
  run(main: Main): Promise<void>;
}

type Main = (guest: Guest) => Promise<void> | void;

/** A kernel with its memory devices, its serial terminal, and standard files as the options say. */
export const boot = async (given: StandardFileOptions & KernelOptions = {}): Promise<Booted> => {
  const kernel = KernelCore.boot(await Machine.create({ ram: 16 * MIB, videoMemory: MIB }), given);
  const pieces: Uint8Array[] = [];
  const options = { onOutput: (bytes: Uint8Array) => void pieces.push(bytes.slice()), ...given };
  for (const driver of [mem, ttyDriver([serialTerminal(options)])]) {
    if (kernel.insmod(driver) !== 0) throw new Error(`${driver.name} did not load`);
  }
  attachStandardFiles(kernel, options);
  const end = async (main: Main): Promise<ExitStatus> => {
    let failure: unknown;
    const program: Program = async (user) => {
      try {
        await main(new Guest(user));
      } catch (error) {
        failure ??= error;
        throw error;
      }
    };
    const status = await kernel.spawn(program, { argv: ["test"], cwd: "/tmp" }).exited;
    // A process that was killed unwinds by an exception of the kernel's own: its status tells.
    if (failure !== undefined && "signal" in status && status.signal === 6) throw failure;
    return status;
  };
  const run = async (main: Main): Promise<void> => {
    const status = await end(main);
    if (!("code" in status) || status.code !== 0) {
      throw new Error(`the program ended with ${JSON.stringify(status)}\n${kernel.log.dmesg()}`);
    }
  };
  return { kernel, end, run, output: () => Buffer.concat(pieces).toString("utf8") };
};
