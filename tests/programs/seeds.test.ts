/**
 * The seeds' user programs as their authors wrote them, compiled with Debian's C library and run on the hart, against
 * guests/c/mmap-test and mmap-example, which print and do the same in our words. Mended is only what no compiler takes:
 * blanks that are U+00A0, and a missing <unistd.h>.
 *
 * The texts are not part of this project. Where they do not lie beside it, and where nothing compiles them, these tests
 * are skipped by name.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { O_RDONLY } from "../../abi/fcntl.ts";
import { makedev, S_IFCHR } from "../../abi/stat.ts";
import { mmapFault } from "../../devices/drivers/mmap-fault.ts";
import { mmapVmalloc } from "../../devices/drivers/mmap-vmalloc.ts";
import { program } from "../../guests/libc.ts";
import { COMPILER, COMPILER_PACKAGE } from "../../tools/c-programs.ts";
import { named } from "../guests/c/toolchain.ts";
import { bugsIn, createMachine, type ProgramMachine } from "./machine.ts";

const LIBC_PACKAGE = "libc6-dev-riscv64-cross";
const seedFile = (name: string): URL => new URL(`../../../shared/seeds/${name}`, import.meta.url);
const ours = (name: string): Uint8Array => readFileSync(new URL(`../../guests/c/bin/${name}.elf`, import.meta.url));

/** A C program linked statically with Debian's C library. @throws Error when it cannot be made. */
const compile = (source: string): Uint8Array => {
  const folder = mkdtempSync(join(tmpdir(), "scanout-seed-"));
  try {
    writeFileSync(join(folder, "seed.c"), source);
    execFileSync(COMPILER, ["-w", "-static", "-o", join(folder, "seed"), join(folder, "seed.c")], { stdio: "pipe" });
    return readFileSync(join(folder, "seed"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const whyNot = (): string | null => {
  if (!existsSync(seedFile("seed-1-mmap-vmalloc.txt"))) return "no texts of the seeds in ../shared/seeds";
  try {
    compile("int main(void) { return 0; }");
    return null;
  } catch {
    return `no ${COMPILER} with a static C library: apt-get install ${COMPILER_PACKAGE} ${LIBC_PACKAGE}`;
  }
};

/** The program in a seed's text: from the first header of C's library to the end of main. */
const userProgram = (name: string): string => {
  const text = readFileSync(seedFile(name), "utf8").replaceAll("\u00a0", " ");
  const source = /#include <stdio\.h>[\s\S]*?\breturn ?\(?0\)?;\n\}\n/.exec(text)?.[0];
  if (source === undefined) throw new Error(`${name}: no program of C's library in it`);
  return source.includes("<unistd.h>") ? source : `#include <unistd.h>\n${source}`;
};

const run = async (machine: ProgramMachine, elf: Uint8Array): Promise<string> => {
  expect(await machine.run(elf, { cwd: "/root" })).toEqual({ code: 0 });
  return machine.takeOutput();
};

/** insmod mmap_seed.ko; mknod node c MAJOR 0, as its text says. */
const withNode = async (): Promise<ProgramMachine> => {
  const machine = await createMachine();
  const { kernel } = machine.computer;
  expect(kernel.insmod(mmapVmalloc, { fixed: 1 })).toBe(0);
  const shell = program(async (c) => {
    const bytes = await c.readBytes(await c.open("/proc/devices", O_RDONLY), 4096);
    const devices = bytes === -1 ? "" : new TextDecoder().decode(bytes);
    const major = Number(/^ *(\d+) mmap$/m.exec(devices)?.[1]);
    return c.mknod("/root/node", S_IFCHR | 0o600, makedev(major, 0));
  });
  expect(await kernel.spawn(shell).exited).toEqual({ code: 0 });
  return machine;
};

const reason = whyNot();

test.skipIf(reason !== null)(named("the first seed's program prints and stores what ours does", reason), async () => {
  const seed = compile(userProgram("seed-1-mmap-vmalloc.txt"));
  const [theirs, mine] = [await withNode(), await withNode()];
  const twice = async (machine: ProgramMachine, elf: Uint8Array) => [await run(machine, elf), await run(machine, elf)];
  const printed = await twice(theirs, seed);
  expect(printed).toEqual(await twice(mine, ours("mmap-test")));
  // What its port printed on Linux 6.12.
  const said = "The contents of the virtual address space in user space is ";
  expect(printed).toEqual([`${said} ------This is from kernel space\n`, `${said}This is from user space\n`]);
  for (const { computer, log } of [theirs, mine]) {
    expect(computer.kernel.rmmod("mmap_seed")).toBe(0);
    expect(bugsIn(log())).toEqual([]);
  }
});

test.skipIf(reason !== null)(named("the second seed's program prints and stores what ours does", reason), async () => {
  const seed = compile(userProgram("seed-2-mmap-fault.txt"));
  const machine = await createMachine();
  expect(machine.computer.kernel.insmod(mmapFault)).toBe(0);
  const printed = await run(machine, seed);
  expect(printed).toBe(await run(machine, ours("mmap-example")));
  expect(printed).toBe(
    "initial message: hello from kernel this is file: mmap_example\n" +
      "changed message: hello from *user* this is file: mmap_example\n",
  );
  expect(machine.computer.kernel.rmmod(mmapFault.name)).toBe(0);
  expect(bugsIn(machine.log())).toEqual([]);
});
