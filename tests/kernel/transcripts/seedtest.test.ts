/** Truth: seedtest-truth.ts. */
import { expect, test } from "vitest";
import type { KernelCore } from "../../../src/kernel/kernel.ts";
import { bootTestKernel } from "../boot.ts";
import { seedmod } from "./seedmod.ts";
import { seedtest } from "./seedtest.ts";
import { log, printed, relativeLog } from "./seedtest-truth.ts";

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
