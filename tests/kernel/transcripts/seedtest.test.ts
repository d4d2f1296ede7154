/**
 * Truth: seedtest.txt, recorded on Linux 6.12 (riscv64) with the same drivers and the same program. Addresses in the
 * driver's log are page numbers from the start of its first mapping.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { KernelCore } from "../../../src/kernel/kernel.ts";
import { bootTestKernel } from "../boot.ts";
import { seedmod } from "./seedmod.ts";
import { seedtest } from "./seedtest.ts";

const recorded = readFileSync(new URL("./seedtest.txt", import.meta.url), "utf8");

/** What the program printed, and after it the kernel's log. */
const END = "exit now\n";
const printed = recorded.slice(recorded.indexOf("A: "), recorded.indexOf(END) + END.length);
const log = recorded.slice(recorded.indexOf(END) + END.length, recorded.indexOf("=== reserve"));

/** The log of seed B, addresses made relative to the mapping that the first "open" names. */
const relativeLog = (text: string): string[] => {
  const base = Number.parseInt(/^B open ([0-9a-f]+)-/m.exec(text)![1]!, 16);
  return text
    .split("\n")
    .filter((line) => /^B (open|close|mremap|release|final)/.test(line))
    .map((line) => line.replace(/\b7ff[0-9a-f]+\b/g, (address) => `m${(Number.parseInt(address, 16) - base) / 4096}`));
};

const run = async (parameters = {}): Promise<{ kernel: KernelCore; output: string }> => {
  const { kernel, output } = await bootTestKernel();
  expect(kernel.insmod(seedmod, parameters)).toBe(0);
  const { exited } = kernel.spawn(seedtest, { argv: ["seedtest"] });
  expect(await exited).toEqual({ code: 0 });
  return { kernel, output: output() };
};

test("both seed drivers: every line that the program printed on Linux", async () => {
  const { output } = await run();
  expect(output).toBe(printed);
});

test("vm_operations are called with the ranges and in the order of Linux", async () => {
  const { kernel } = await run();
  const ours = kernel.log.lines.map((line) => line.text).filter((line) => line.startsWith("B "));
  expect(ours).toEqual(relativeLog(log));
});

test("a remapPfnRange mapping has the flags and counts that Linux gives it", async () => {
  const { kernel } = await run();
  const ours = kernel.log.lines.map((line) => line.text).filter((line) => line.startsWith("seedA"));
  expect(ours).toEqual(log.split("\n").filter((line) => line.startsWith("seedA")));
});

test("pages that are reserved at exit are reported, sixteen of them, and leaked", async () => {
  const { kernel } = await run({ reserve_exit: 1 });
  const before = kernel.pages.available;
  expect(kernel.rmmod("seedmod")).toBe(0);
  const reports = kernel.log.lines.filter((line) => line.text.startsWith("BUG: Bad page state in process rmmod  pfn:"));
  expect(reports).toHaveLength(16);
  expect(kernel.pages.available).toBe(before);
});
