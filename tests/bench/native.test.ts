/** The benchmark's programs for other processors: the C scenes on the host, and v86's kernel. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { named } from "../guests/c/toolchain.ts";

const folder = mkdtempSync(join(tmpdir(), "scanout-native-"));
afterAll(() => rmSync(folder, { recursive: true }));

const compiles = (...flags: string[]): boolean => {
  try {
    const args = [...flags, "-x", "assembler", "-nostdlib", "-static", "-o", join(folder, "probe"), "-"];
    execFileSync("gcc", args, { input: ".globl _start\n_start: ret\n", stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
};
const noNative =
  process.platform !== "linux" ? "memfd_create is Linux's" : compiles() ? null : "no gcc (Debian: gcc libc6-dev)";

test.skipIf(noNative !== null)(named("the C scenes run on the host by every method", noNative), () => {
  const program = join(folder, "native");
  const sources = readdirSync("guests/c/bench").filter((name) => name.endsWith(".c") && name !== "main.c");
  const flags = ["-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover"];
  execFileSync("gcc", [...flags, "-o", program, ...sources.map((name) => join("guests/c/bench", name))]);
  for (const scene of ["fill", "plasma", "scroll", "text", "sprites", "pixel", "window", "sweep", "nothing"]) {
    for (const method of ["direct", "write", "rows", "memcpy", "shadow", "poke"]) {
      // WIDTH HEIGHT BYTES SWEEP_WIDTH SWEEP_HEIGHT SAMPLES BATCH
      const args = [scene, method, "64", "48", "4", "6", "5", "3", "5"];
      const lines = execFileSync(program, args, { encoding: "utf8" }).trim().split("\n");
      expect(lines.map((line) => Number(line) > 0)).toEqual([true, true, true]);
    }
  }
});

/** The bytes of the first PT_LOAD segment of a 32-bit ELF (gABI, chapters 4 and 5). */
const segment = (file: string): Buffer => {
  const bytes = readFileSync(file);
  const header = bytes.readUInt32LE(28);
  expect(bytes.readUInt32LE(header), "PT_LOAD").toBe(1);
  const offset = bytes.readUInt32LE(header + 4);
  return bytes.subarray(offset, offset + bytes.readUInt32LE(header + 16));
};

// Multiboot specification 0.6.96, § 3.1.1: magic, flags and checksum add up to 0, in the first 8192 bytes.
test("v86's kernel has a multiboot header", () => {
  const text = segment("bench/peers/lfb.elf");
  const words = [0, 4, 8].map((at) => text.readUInt32LE(at));
  expect(words[0]).toBe(0x1bad_b002);
  expect(words.reduce((sum, word) => (sum + word) >>> 0, 0)).toBe(0);
});

const no32 = compiles("-m32") ? null : "no gcc that assembles for i386 (Debian: gcc on amd64)";

test.skipIf(no32 !== null)(named("its source makes the committed kernel", no32), () => {
  const made = join(folder, "lfb.elf");
  const flags = "-m32 -nostdlib -static -Wl,-Ttext=0x100000,--build-id=none,-n -s -o".split(" ");
  execFileSync("gcc", [...flags, made, "bench/peers/lfb.S"]);
  expect(segment(made)).toEqual(segment("bench/peers/lfb.elf"));
});
