/** System calls of a C program with the C library of Debian: line by line what qemu-riscv64 makes of the same file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMPILER } from "../../tools/c-programs.ts";
import { named, noCompiler, noQemu, runElf } from "../guests/c/toolchain.ts";
import { bugsIn, createMachine } from "./machine.ts";

const MIB = 0x10_0000;
const missing = noCompiler ?? noQemu;

const compile = (name: string, directory: string): string => {
  const elf = join(directory, name);
  const source = fileURLToPath(new URL(`c/${name}.c`, import.meta.url));
  execFileSync(COMPILER, ["-static", "-O1", "-Wall", "-Werror", "-o", elf, source]);
  return elf;
};

const withProgram = async (name: string, work: (elf: string) => Promise<void>): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), "scanout-"));
  try {
    await work(compile(name, directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

test.skipIf(missing !== null)(
  named("calls.c prints what it prints under qemu-riscv64", missing),
  async () => {
    await withProgram("calls", async (elf) => {
      const expected = runElf(elf);
      expect(expected.status, expected.error).toBe(0);
      const machine = await createMachine({ ram: 64 * MIB });
      const status = await machine.run(readFileSync(elf), { argv: ["calls"] });
      expect(machine.takeOutput()).toBe(expected.out.toString());
      expect(status).toEqual({ code: 0 });
      expect(bugsIn(machine.log())).toEqual([]);
    });
  },
  60_000,
);

test.skipIf(noCompiler !== null)(
  named("vfork, posix_spawn, fexecve as their pages say", noCompiler),
  async () => {
    await withProgram("vfork", async (elf) => {
      const machine = await createMachine({ ram: 64 * MIB });
      const status = await machine.run(readFileSync(elf), { argv: ["vfork"] });
      expect(machine.takeOutput().split("\n")).toEqual([
        "shared 2",
        "status 3",
        "child spawned",
        "spawn 0 status 5",
        "spawn ENOENT",
        "child spawned",
        "status 5",
        "child spawned",
        "fexecve status 5",
        "cpu 1 1",
        "[heap]",
        "[vdso]",
        "[stack]",
        "",
      ]);
      expect(status).toEqual({ code: 0 });
      expect(bugsIn(machine.log())).toEqual([]);
    });
  },
  60_000,
);
