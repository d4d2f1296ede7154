/** A computer for tests of riscv64 programs: what they print, how they end, and whether every page is back. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { TtyPort } from "../../devices/drivers/tty-port.ts";
import { Computer, type ComputerOptions } from "../../src/computer.ts";
import type { SpawnOptions } from "../../src/kernel/spawn.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";

/** A committed ELF of tests/programs/c. */
export const testProgram = (name: string): Uint8Array => readFileSync(new URL(`./bin/${name}.elf`, import.meta.url));

export interface ProgramMachine {
  readonly computer: Computer;
  /** What was printed since the last call. */
  takeOutput(): string;
  /** The kernel's log. */
  log(): string[];
  /** Pages in use, but for those of the tree's files. */
  pagesInUse(): number;
  /** Runs a program to its end, and waits for its orphans. Every page must be back. */
  run(elf: Uint8Array, options?: SpawnOptions): Promise<ExitStatus>;
}

/** `atTerminal`: the standard files are a terminal, open for reading and writing, and not pipes. */
export const createMachine = async (
  options: ComputerOptions & { readonly atTerminal?: boolean } = {},
): Promise<ProgramMachine> => {
  let output = "";
  const decoder = new TextDecoder();
  const onOutput = (bytes: Uint8Array): void => {
    output += decoder.decode(bytes, { stream: true });
  };
  const size = { columns: 80, rows: 24 };
  const computer = await Computer.create({
    display: { width: 64, height: 48 },
    ...(options.atTerminal === true ? { terminal: new TtyPort({ write: onOutput, size }) } : {}),
    ...options,
    onOutput,
  });
  const { kernel } = computer;
  const takeOutput = (): string => {
    // A terminal begins a new line with both.
    const taken = output.replaceAll("\r\n", "\n");
    output = "";
    return taken;
  };
  const pagesInUse = (): number => {
    const { pages, vfs } = kernel;
    const cached = [...vfs.mounts, vfs.shmem].reduce((sum, { superBlock }) => sum + superBlock.usedPages, 0);
    return pages.total - pages.available - cached;
  };
  const run = async (elf: Uint8Array, spawn: SpawnOptions = {}): Promise<ExitStatus> => {
    const before = pagesInUse();
    const status = await computer.spawnFile("/bin/program", elf, { argv: ["program"], cwd: "/tmp", ...spawn }).exited;
    while ([...kernel.tasks].length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(pagesInUse(), "pages in use after the program, and before it").toBe(before);
    return status;
  };
  return { computer, takeOutput, pagesInUse, run, log: () => kernel.log.lines.map(({ text }) => text) };
};

/** Lines of the log that no program may cause. */
export const bugsIn = (log: readonly string[]): string[] => log.filter((text) => /BUG|Oops|assert|Unable/.test(text));
