/**
 * Program files that are wrong: an errno or a signal comes out, the host throws nothing else, the machine's memory does
 * not grow, and every page is back. Truth of the errnos: execve(2), elf(5), and load_elf_binary, load_script of Linux 6.12.
 *
 * A failure names its seed: SCANOUT_SEED=n makes that mutant alone; SCANOUT_FUZZ=n makes 100 n of them.
 */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { elf64Ehdr, elf64Phdr } from "../../abi/elf.ts";
import { SIGSEGV } from "../../abi/signal.ts";
import type { ExitStatus } from "../../src/kernel/task.ts";
import { ECALL, tinyElf } from "../kernel/exec/tiny-elf.ts";
import { bugsIn, createMachine, type ProgramMachine, testProgram } from "./machine.ts";
import { Random } from "./random.ts";
import { waker } from "./waker.ts";

const MIB = 0x10_0000;
const FIRST_SEED = 20_251_122;

/** Two instructions of a program: exit(0). addi a7, zero, 93; ecall. */
const EXIT = [0x05d0_0893, ECALL];
const small = tinyElf(EXIT);
const originals = [
  small,
  tinyElf(EXIT, { type: 3 }),
  testProgram("hostile"),
  readFileSync(new URL("../../guests/c/bin/fbinfo.elf", import.meta.url)),
];

let machine: ProgramMachine;
beforeAll(async () => {
  machine = await createMachine({ ram: 32 * MIB });
});

/** How the program in a file ends: the errno's name when it cannot be executed, else its status. */
const outcome = async (file: Uint8Array, path = "/bin/mutant"): Promise<string | ExitStatus> => {
  const { computer } = machine;
  const { kernel } = computer;
  const before = machine.pagesInUse();
  const bytes = computer.machine.memory.buffer.byteLength;
  let result: string | ExitStatus;
  try {
    const { exited } = computer.spawnFile(path, file, { argv: ["mutant"] });
    const ended = kernel.spawn(
      waker(kernel, () => -1, 3),
      { argv: ["waker"] },
    ).exited;
    result = await exited;
    await ended;
  } catch (error) {
    const found = /^cannot execute \S+: .* \((E[A-Z0-9]+)\)$/.exec((error as Error).message);
    if (found === null) throw error;
    result = found[1]!;
  }
  expect(machine.pagesInUse(), "pages").toBe(before);
  expect(computer.machine.memory.buffer.byteLength).toBe(bytes);
  expect(bugsIn(machine.log())).toEqual([]);
  return result;
};

type Header = Parameters<typeof elf64Ehdr.encode>[0];
type Segment = Parameters<typeof elf64Phdr.encode>[0];

/** The small program with other headers, and further segments behind it. */
const changed = (header: Header, segment: Segment = {}, more: readonly Segment[] = []): Uint8Array => {
  const headers = elf64Ehdr.size + elf64Phdr.size;
  const bytes = new Uint8Array(small.length + more.length * elf64Phdr.size);
  bytes.set(small);
  const table = more.length === 0 ? elf64Ehdr.size : small.length;
  const first = elf64Phdr.read(small.subarray(elf64Ehdr.size, headers));
  const all = [{ ...first, ...segment }, ...more];
  const grown = new Uint8Array(table + all.length * elf64Phdr.size);
  grown.set(bytes.subarray(0, Math.min(bytes.length, grown.length)));
  const result = grown.length < small.length ? small.slice() : grown;
  const before = elf64Ehdr.read(small.subarray(0, elf64Ehdr.size));
  elf64Ehdr.write(result, 0, { ...before, e_phoff: table, e_phnum: all.length, ...header });
  all.forEach((one, i) => {
    elf64Phdr.write(result, table + i * elf64Phdr.size, one);
  });
  return result;
};

const PT_INTERP = 3;
const LOAD = { p_type: 1, p_flags: 6 };

/** The small program with an interpreter's path behind it. */
const interpreted = (path: string, length = path.length + 1): Uint8Array => {
  const place = small.length + 2 * elf64Phdr.size;
  const base = changed({}, {}, [{ p_type: PT_INTERP, p_flags: 4, p_offset: place, p_filesz: length, p_memsz: length }]);
  const bytes = new Uint8Array(place + path.length + 1);
  bytes.set(base.subarray(0, place));
  bytes.set(Buffer.from(path), place);
  return bytes;
};

const NO_ENTRY = { signal: SIGSEGV, address: 0x5000 };
const cases: readonly (readonly [what: string, file: () => Uint8Array, expected: string | ExitStatus])[] = [
  ["the program itself", () => changed({}), { code: 0 }],
  ["entry where nothing is", () => changed({ e_entry: 0x5000 }), NO_ENTRY],
  // A program counter has no bit 0 (privileged spec, sepc).
  ["an odd entry", () => changed({ e_entry: 0x1_0079 }), { code: 0 }],
  ["p_memsz 2^63", () => changed({}, { p_memsz: 2 ** 63 }), "EINVAL"],
  ["p_memsz 2^64 - 2048", () => changed({}, { p_memsz: 2 ** 64 - 2048 }), "EINVAL"],
  ["p_filesz more than p_memsz", () => changed({}, { p_filesz: 8192, p_memsz: 4096 }), "EINVAL"],
  // What is mapped beyond the end of the file is SIGBUS when it is touched, and this program does not.
  ["p_filesz more than the file", () => changed({}, { p_filesz: 1 << 20, p_memsz: 1 << 20 }), { code: 0 }],
  ["p_vaddr that wraps", () => changed({}, {}, [{ ...LOAD, p_vaddr: 2 ** 64 - 4096, p_memsz: 8192 }]), "EINVAL"],
  ["a segment over the end", () => changed({}, {}, [{ ...LOAD, p_vaddr: 2 ** 38 - 4096, p_memsz: 8192 }]), "EINVAL"],
  ["all of the address space", () => changed({}, {}, [{ ...LOAD, p_vaddr: 0x2_0000, p_memsz: 2 ** 38 }]), "EINVAL"],
  ["p_offset 2^62", () => changed({}, {}, [{ ...LOAD, p_vaddr: 0x4_0000, p_offset: 2 ** 62, p_memsz: 1 }]), "EINVAL"],
  // vm.mmap_min_addr is not for who has CAP_SYS_RAWIO: all programs here are root's.
  ["a segment in the first page", () => changed({}, {}, [{ ...LOAD, p_vaddr: 0, p_memsz: 1 }]), { code: 0 }],
  ["p_align 2^63", () => changed({}, { p_align: 2 ** 63 }), { code: 0 }],
  ["p_align 3", () => changed({}, { p_align: 3 }), { code: 0 }],
  ["no headers", () => changed({ e_phnum: 0 }), "ENOEXEC"],
  ["65,535 headers", () => changed({ e_phnum: 65_535 }), "ENOEXEC"],
  ["headers behind the file", () => changed({ e_phoff: 2 ** 40 }), "ENOEXEC"],
  ["headers at 2^63", () => changed({ e_phoff: 2 ** 63 }), "ENOEXEC"],
  ["headers of another size", () => changed({ e_phentsize: 57 }), "ENOEXEC"],
  ["an interpreter that is not there", () => interpreted("/lib/ld.so"), "ENOENT"],
  ["an interpreter that is a directory", () => interpreted("/bin"), "EACCES"],
  ["an interpreter that is no program", () => interpreted("/bin/text"), "ELIBBAD"],
  ["an interpreter's path without an end", () => interpreted("/bin/text", 9), "ENOEXEC"],
  ["an interpreter's path of 5,000 bytes", () => interpreted("/".repeat(5000)), "ENOEXEC"],
  ["an interpreter's path of no bytes", () => interpreted("", 1), "ENOEXEC"],
];

test.each(cases)("%s: %#", async (_what, file, expected) => {
  machine.computer.kernel.vfs.writeFile("/bin/text", Buffer.from("text"), 0o755);
  expect(await outcome(file())).toEqual(expected);
});

test("a program that is its own interpreter, and one whose interpreter wants it", async () => {
  // Both lie at 0x10000: the interpreter is mapped over the program, and exits.
  expect(await outcome(interpreted("/bin/mutant"))).toEqual({ code: 0 });
  machine.computer.kernel.vfs.writeFile("/bin/second", interpreted("/bin/mutant"), 0o755);
  expect(await outcome(interpreted("/bin/second"))).toEqual({ code: 0 });
});

test("segments over each other: the later one lies on top", async () => {
  const over = { ...LOAD, p_vaddr: 0x1_0000, p_memsz: 8192 };
  // Zeros where the entry was, not executable.
  expect(await outcome(changed({}, {}, [over]))).toEqual({ signal: SIGSEGV, address: 0x1_0078 });
});

test("a file that ends anywhere", async () => {
  const file = testProgram("hostile");
  for (let length = 0; length < 400; length += 7) {
    const result = await outcome(file.subarray(0, length));
    if (length < 64 + 56) expect(result, `${length}`).toBe("ENOEXEC");
  }
  for (let length = 400; length < file.length; length += 1201) await outcome(file.subarray(0, length));
});

const line = (text: string): Uint8Array => Buffer.from(text);
test("scripts: loops and long lines", async () => {
  const { vfs } = machine.computer.kernel;
  vfs.writeFile("/bin/ok", small, 0o755);
  vfs.writeFile("/bin/other", line("#!/bin/mutant\n"), 0o755);
  expect(await outcome(line("#!/bin/mutant\n"))).toBe("ELOOP");
  expect(await outcome(line("#!/bin/other\n"))).toBe("ELOOP");
  // "If there is no later space/tab/NUL we must assume the interpreter path is truncated": load_script.
  expect(await outcome(line(`#!/${"x".repeat(10_000)}`))).toBe("ENOEXEC");
  expect(await outcome(line(`#!${" ".repeat(10_000)}/bin/ok\n`))).toBe("ENOEXEC");
  // execve(2): "on Linux … a maximum of 255 characters", the rest of an argument is cut.
  expect(await outcome(line(`#!/bin/ok ${"y".repeat(10_000)}`))).toEqual({ code: 0 });
  expect(await outcome(line("#!/bin/ok"))).toEqual({ code: 0 });
  expect(await outcome(line("#!/bin/ok\0rubbish\n"))).toEqual({ code: 0 });
  expect(await outcome(line("#!\n"))).toBe("ENOEXEC");
  expect(await outcome(line("#!/bin\n"))).toBe("EACCES");
});

const CORNERS = [0n, 1n, 0xffn, 0x1000n, 0xfffn, 0x1_0000n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 38n - 4096n, 2n ** 38n]
  .concat([2n ** 38n + 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n])
  .concat([2n ** 64n - 4096n, 2n ** 64n - 1n]);

/** Some bytes, words or fields of the headers changed; at times some of the code too, or the end cut off. */
const mutate = (random: Random): Uint8Array => {
  const original = random.pick(originals);
  const length = random.below(8) === 0 ? random.below(original.length) + 1 : original.length;
  // A copy: a Buffer's slice is none.
  const mutant = new Uint8Array(original.subarray(0, length));
  const view = new DataView(mutant.buffer, mutant.byteOffset, mutant.byteLength);
  const headers = Math.max(65, Math.min(mutant.length, 64 + 56 * 4));
  // Mostly the program headers: what is wrong in the first 64 bytes ends the matter too soon.
  const from = random.below(6) === 0 ? 0 : 64;
  for (let n = random.below(5); n >= 0; n--) {
    const at = random.below(4) === 0 ? random.below(mutant.length) : from + random.below(headers - from);
    const word = from + 8 * random.below(Math.max(1, Math.floor((headers - from) / 8)));
    if (random.below(2) === 0 && at >= from) mutant[at] = random.below(256);
    else if (word + 8 <= mutant.length) view.setBigUint64(word, random.pick(CORNERS), true);
  }
  return mutant;
};

test("mutants", async () => {
  const run = async (seed: number): Promise<void> => {
    const random = new Random(seed);
    try {
      await outcome(mutate(random));
    } catch (error) {
      throw new Error(`SCANOUT_SEED=${seed}: ${(error as Error).message}`, { cause: error });
    }
  };
  const only = process.env.SCANOUT_SEED;
  const count = 100 * Number(process.env.SCANOUT_FUZZ ?? 10);
  if (only !== undefined) await run(Number(only));
  else for (let i = 0; i < count; i++) await run(FIRST_SEED + i);
}, 600_000);
