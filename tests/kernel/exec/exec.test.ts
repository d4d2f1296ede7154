/** execve(2) and what a new program finds: the riscv64 psABI's initial stack, the auxiliary vector of getauxval(3). */
import { expect, test } from "vitest";
import { SIGILL, SIGSEGV } from "../../../abi/signal.ts";
import { type Booted, bootTestKernel } from "../boot.ts";
import { DUMP_STACK, ECALL, tinyElf } from "./tiny-elf.ts";

interface Run extends Booted {
  readonly bytes: () => Uint8Array;
}

const boot = async (files: Record<string, Uint8Array | string>, mode = 0o755): Promise<Run> => {
  const booted = await bootTestKernel();
  for (const [path, content] of Object.entries(files)) {
    booted.kernel.vfs.writeFile(path, typeof content === "string" ? Buffer.from(content) : content, mode);
  }
  return { ...booted, bytes: () => booted.raw() };
};

/** The words and strings of a dumped stack. */
const parseStack = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (i: number): bigint => view.getBigUint64(8 * i, true);
  const argc = Number(word(0));
  let at = 1;
  const vector = (): bigint[] => {
    const found: bigint[] = [];
    while (word(at) !== 0n) found.push(word(at++));
    at++;
    return found;
  };
  const argv = vector();
  const env = vector();
  const auxv = new Map<number, bigint>();
  while (word(at) !== 0n) {
    auxv.set(Number(word(at)), word(at + 1));
    at += 2;
  }
  return { argc, argv, env, auxv };
};

test("argc, argv, envp and the auxiliary vector lie on the stack as the psABI says", async () => {
  const { kernel, bytes } = await boot({ "/bin/dump": tinyElf(DUMP_STACK) });
  const before = kernel.pages.available;
  const { exited } = kernel.spawnFile("/bin/dump", { argv: ["dump", "one", "zwei"], env: { A: "1", B: "two" } });
  expect(await exited).toEqual({ code: 0 });
  const dump = bytes();
  const { argc, argv, env, auxv } = parseStack(dump);
  const TASK_SIZE = 2n ** 38n;
  // The stack ends with its program; what was dumped begins at sp, which is a multiple of 16.
  const sp = TASK_SIZE - BigInt(dump.length);
  expect(sp % 16n).toBe(0n);
  const text = (pointer: bigint): string => {
    const start = Number(pointer - sp);
    return Buffer.from(dump.subarray(start, dump.indexOf(0, start))).toString();
  };
  expect([argc, argv.map(text), env.map(text)]).toEqual([3, ["dump", "one", "zwei"], ["A=1", "B=two"]]);
  const AT = { PHDR: 3, PHENT: 4, PHNUM: 5, PAGESZ: 6, BASE: 7, ENTRY: 9, UID: 11, HWCAP: 16, CLKTCK: 17, SECURE: 23 };
  expect(auxv.get(AT.PAGESZ)).toBe(4096n);
  expect([auxv.get(AT.PHDR), auxv.get(AT.PHENT), auxv.get(AT.PHNUM)]).toEqual([0x1_0040n, 56n, 1n]);
  expect([auxv.get(AT.ENTRY), auxv.get(AT.BASE), auxv.get(AT.SECURE)]).toEqual([0x1_0078n, 0n, 0n]);
  // A bit for each letter of the ISA string: a c d f i m.
  expect(auxv.get(AT.HWCAP)).toBe([..."acdfim"].reduce((bits, c) => bits | (1n << BigInt(c.charCodeAt(0) - 97)), 0n));
  expect([auxv.get(AT.UID), auxv.get(AT.CLKTCK)]).toEqual([0n, 100n]);
  expect(text(auxv.get(31)!)).toBe("/bin/dump");
  expect(auxv.get(25)! % 16n).toBe(0n);
  expect(kernel.pages.available).toBe(before);
});

test("a position-independent program runs where the kernel puts it", async () => {
  const { kernel, bytes } = await boot({ "/bin/pie": tinyElf(DUMP_STACK, { type: 3 }) });
  const { exited } = kernel.spawnFile("/bin/pie");
  expect(await exited).toEqual({ code: 0 });
  const { auxv } = parseStack(bytes());
  expect(auxv.get(9)! - 0x78n).toBe(auxv.get(3)! - 0x40n);
  expect(auxv.get(9)).toBeGreaterThan(2n ** 37n);
});

test("#! names the program that runs a script, with one argument and the script's path", async () => {
  const { kernel, bytes } = await boot({
    "/bin/dump": tinyElf(DUMP_STACK),
    "/bin/script": "#! /bin/dump  -x y \nrest",
  });
  const { exited } = kernel.spawnFile("/bin/script", { argv: ["script", "last"] });
  expect(await exited).toEqual({ code: 0 });
  const dump = bytes();
  const { argc, argv } = parseStack(dump);
  const sp = 2n ** 38n - BigInt(dump.length);
  const texts = argv.map((p) => Buffer.from(dump.subarray(Number(p - sp), dump.indexOf(0, Number(p - sp)))).toString());
  expect([argc, texts]).toEqual([4, ["/bin/dump", "-x y", "/bin/script", "last"]]);
});

const refused: readonly (readonly [what: string, content: Uint8Array | string, mode: number, reason: string])[] = [
  ["a text", "hello", 0o755, "ENOEXEC"],
  ["an empty file", "", 0o755, "ENOEXEC"],
  ["another machine's program", tinyElf([ECALL], { machine: 62 }), 0o755, "ENOEXEC"],
  ["a relocatable file", tinyElf([ECALL], { type: 1 }), 0o755, "ENOEXEC"],
  ["a header that is cut", tinyElf([ECALL]).subarray(0, 40), 0o755, "ENOEXEC"],
  ["a file nobody may execute", tinyElf([ECALL]), 0o644, "EACCES"],
  ["a segment of 2^62 bytes", tinyElf([ECALL], { memsz: 2 ** 62 }), 0o755, "EINVAL"],
  ["a segment smaller than its file", tinyElf([ECALL], { memsz: 4 }), 0o755, "EINVAL"],
  ["a script of a script of … itself", "#!/bin/it", 0o755, "ELOOP"],
];

test.each(refused)("%s: %#", async (_what, content, mode, reason) => {
  const { kernel } = await boot({ "/bin/it": content }, mode);
  const before = kernel.pages.available;
  expect(() => kernel.spawnFile("/bin/it")).toThrow(reason);
  expect(kernel.pages.available).toBe(before);
});

test("what is not there: ENOENT; a directory: EACCES", async () => {
  const { kernel } = await boot({});
  expect(() => kernel.spawnFile("/bin/nosuch")).toThrow("ENOENT");
  expect(() => kernel.spawnFile("/bin")).toThrow("EACCES");
});

test("an instruction that is none is SIGILL at its address; an entry outside the program SIGSEGV", async () => {
  const { kernel } = await boot({ "/bin/bad": tinyElf([0]) });
  expect(await kernel.spawnFile("/bin/bad").exited).toEqual({ signal: SIGILL, address: 0x1_0078 });
  const wild = tinyElf([ECALL]);
  new DataView(wild.buffer).setBigUint64(24, 0x5000n, true);
  kernel.vfs.writeFile("/bin/wild", wild, 0o755);
  expect(await kernel.spawnFile("/bin/wild").exited).toEqual({ signal: SIGSEGV, address: 0x5000 });
});

test("mutated programs end by an errno, an exit or a signal, and leave nothing behind", async () => {
  const { kernel } = await boot({});
  const before = kernel.pages.available;
  const original = tinyElf(DUMP_STACK, { type: 3 });
  let state = Number(process.env.SCANOUT_SEED ?? 20250301);
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const corners = [0, 1, 0x7f, 0x80, 0xff];
  for (let i = 0; i < Number(process.env.SCANOUT_FUZZ ?? 300); i++) {
    const mutant = original.slice();
    for (let n = random(4); n >= 0; n--) mutant[random(120)] = random(2) === 0 ? random(256) : corners[random(5)]!;
    kernel.vfs.writeFile("/bin/mutant", mutant, 0o755);
    let process: ReturnType<typeof kernel.spawnFile> | null = null;
    try {
      process = kernel.spawnFile("/bin/mutant");
    } catch (error) {
      expect((error as Error).message).toMatch(/^cannot execute \/bin\/mutant: .* \(E[A-Z0-9]+\)$/);
    }
    // A mutant that loops is stopped by a signal from outside.
    if (process !== null) {
      const { pid, exited } = process;
      setTimeout(() => kernel.signal(pid, 9), 50);
      await exited;
    }
  }
  kernel.vfs.writeFile("/bin/mutant", new Uint8Array(0), 0o755);
  expect(kernel.pages.available).toBe(before);
});
