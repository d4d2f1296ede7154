/** Stock Debian programs for tests: where their root directory is, and how they run on the machine and under qemu. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { NodeDirectory } from "../../src/host/node-directory.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";
import { bugsIn, createMachine } from "./machine.ts";

const MIB = 0x10_0000;
const WANTED = resolve(process.env.SCANOUT_DEBIAN_ROOT ?? "build/debian-root");
const ROOT = existsSync(join(WANTED, "usr/bin/busybox")) ? WANTED : null;

/** What both the machine and qemu give a program. */
const ENVIRONMENT = {
  PATH: "/usr/bin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
  TERM: "dumb",
  // Under qemu the root is the host's own directory.
  PYTHONDONTWRITEBYTECODE: "1",
};

/** A test that needs the root directory: skipped by name where there is none. */
export const stockTest = (name: string, work: () => Promise<void>): void => {
  if (ROOT !== null) test(name, work, 30_000);
  else test.skip(`${name} (no Debian root: npm run debian-root -- build/debian-root)`, work);
};

export interface Ran {
  readonly status: ExitStatus;
  readonly output: string;
}

export interface RunOptions {
  /** Directories of the host, by where they are mounted; written through. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Runs a program of the root on a machine of its own. Standard output and error come as one. */
export const runStock = async (argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> => {
  const machine = await createMachine({ ram: 128 * MIB, root: new NodeDirectory(ROOT!) });
  const { kernel } = machine.computer;
  for (const [at, directory] of Object.entries(options.mounts ?? {})) {
    kernel.vfs.mountHost(at, new NodeDirectory(directory), true);
  }
  const before = machine.pagesInUse();
  const status = await kernel.spawnFile(argv[0], { argv, env: ENVIRONMENT, cwd: "/tmp" }).exited;
  while ([...kernel.tasks].length > 0) await new Promise((done) => setImmediate(done));
  expect(machine.pagesInUse(), "pages in use after the program, and before it").toBe(before);
  expect(bugsIn(machine.log())).toEqual([]);
  return { status, output: machine.takeOutput().replaceAll("\r\n", "\n") };
};

/** What a shell script prints; it must succeed. */
export const shell = async (script: string, options: RunOptions = {}): Promise<string> => {
  const { status, output } = await runStock(["/bin/sh", "-c", script], options);
  expect(status, output).toEqual({ code: 0 });
  return output;
};

/** The same program under qemu's user emulation; null where there is no qemu-riscv64. For programs that start no other. */
export const runQemu = ([path, ...args]: readonly [string, ...string[]]): Ran | null => {
  const argv = ["-L", ROOT!, join(ROOT!, path), ...args];
  const { error, status, signal, stdout } = spawnSync("qemu-riscv64", argv, {
    env: { ...ENVIRONMENT, PATH: process.env.PATH },
    encoding: "utf8",
    timeout: 20_000,
  });
  if (error !== undefined || status === null || signal !== null) return null;
  return { status: { code: status }, output: stdout };
};
