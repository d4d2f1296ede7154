/** The committed ELFs of guests/c, bench/cpu and tests/programs: what they are, and that their sources still make them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as elf from "../../abi/elf.ts";
import { errnoName } from "../../abi/errno.ts";
import * as fb from "../../abi/fb.ts";
import * as fcntl from "../../abi/fcntl.ts";
import * as mman from "../../abi/mman.ts";
import * as signal from "../../abi/signal.ts";
import * as syscalls from "../../abi/syscalls.ts";
import * as wait from "../../abi/wait.ts";
import { compileC, cPrograms } from "../../tools/c-programs.ts";
import { named, noCompiler } from "./c/toolchain.ts";

const programs = cPrograms();

test("each program is committed, and nothing else", () => {
  const committed = ["guests/c/bin", "bench/cpu/bin", "tests/programs/bin"].flatMap((folder) =>
    readdirSync(folder).map((n) => `${folder}/${n}`),
  );
  expect(committed.sort()).toEqual(programs.map((program) => program.elf).sort());
  expect(programs.length).toBeGreaterThanOrEqual(7 + 16 + 3);
});

// Issue: "The compiled ELFs are small (no libc but a tiny one of ours)". ELF header: gABI, chapter 4.
test.each(programs.map((program) => program.elf))("%s is a small static ELF64 for RISC-V", (file) => {
  const bytes = readFileSync(file);
  expect(bytes.length).toBeLessThan(20_000);
  expect(bytes.subarray(0, 6).toString("latin1")).toBe("\x7fELF\x02\x01");
  // ET_EXEC, EM_RISCV.
  expect([bytes.readUInt16LE(16), bytes.readUInt16LE(18)]).toEqual([2, 243]);
  const offset = Number(bytes.readBigUInt64LE(32));
  const types = Array.from({ length: bytes.readUInt16LE(56) }, (_, i) => bytes.readUInt32LE(offset + 56 * i));
  // PT_LOAD but neither PT_DYNAMIC nor PT_INTERP.
  expect(types).toContain(1);
  expect(types).not.toContain(2);
  expect(types).not.toContain(3);
  // No path of the machine that compiled it.
  expect(bytes.toString("latin1")).not.toMatch(/\.[ch]\0|scanout-c-/);
});

test.skipIf(noCompiler !== null)(named("the sources make the committed bytes", noCompiler), async () => {
  const folder = mkdtempSync(join(tmpdir(), "scanout-elf-"));
  try {
    await compileC(programs, folder);
    const differing = programs.filter(({ elf }) => !readFileSync(elf).equals(readFileSync(join(folder, elf))));
    expect(differing.map(({ elf }) => elf)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("the headers", () => {
  const include = "guests/c/include";
  const text = readdirSync(include, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".h"))
    .map((name) => readFileSync(join(include, name), "utf8"))
    .join("\n");

  test("give every number as abi/ does", () => {
    const abi = { ...elf, ...fb, ...fcntl, ...mman, ...signal, ...syscalls, ...wait } as Record<string, unknown>;
    const defined = [...text.matchAll(/^#define (\w+) (-?(?:0[xX])?[0-9a-fA-F]+)$/gm)];
    const common = defined.filter(([, name]) => abi[name!] !== undefined);
    // C's octal has no o.
    const numberOf = (number: string): number => Number(number.replace(/^0(?=[0-7]+$)/, "0o"));
    expect(Object.fromEntries(common.map(([, name, number]) => [name, numberOf(number!)]))).toEqual(
      Object.fromEntries(common.map(([, name]) => [name, abi[name!]])),
    );
    // A reader that finds nothing would pass everything.
    expect(common.length).toBeGreaterThan(35);
  });
});

test("strerrorname_np gives every errno the name that abi/ gives it", () => {
  const source = readFileSync("guests/c/libc/error-names.c", "utf8");
  const names = [...source.matchAll(/^ {2}"(\w*)\\0"/gm)].map(([, name]) => name);
  // strerrorname_np(3): "0" for 0. Linux has no errors 41 and 58.
  const expected = Array.from({ length: 134 }, (_, i) => ([41, 58].includes(i) ? "" : i === 0 ? "0" : errnoName(i)));
  expect(names).toEqual(expected);
});
