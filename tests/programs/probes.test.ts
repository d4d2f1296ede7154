/**
 * The probes whose lines a real Linux printed, compiled and run on the hart. Truth: the transcripts of
 * tests/kernel/transcripts, with the same lists of intended differences as their ports to TypeScript.
 */
import { expect, test } from "vitest";
import * as fbprobe from "../kernel/transcripts/fbprobe-truth.ts";
import { seedmod } from "../kernel/transcripts/seedmod.ts";
import * as seedtest from "../kernel/transcripts/seedtest-truth.ts";
import * as vmprobe from "../kernel/transcripts/vmprobe-truth.ts";
import { bugsIn, createMachine, testProgram } from "./machine.ts";

const MIB = 0x10_0000;

test("fbprobe: every line that it printed on Linux", async () => {
  // vfb's sizes, so that the figures are its own.
  const machine = await createMachine({ videoMemory: 8 * MIB, display: { width: 1024, height: 768 } });
  expect(await machine.run(testProgram("fbprobe"))).toEqual({ code: 0 });
  const lines = machine.takeOutput().split("\n");
  expect(fbprobe.withoutPlace(lines)).toEqual(fbprobe.withoutPlace(fbprobe.expected));
  expect(bugsIn(machine.log())).toEqual([]);
});

test("vmprobe: every line that it printed on Linux, jumps into its mappings included", async () => {
  // As it was recorded: one of its lines maps standard input.
  const machine = await createMachine({ atTerminal: true });
  expect(await machine.run(testProgram("vmprobe"))).toEqual({ code: 0 });
  const ours = vmprobe.linesOf(machine.takeOutput());
  const compared = (lines: readonly string[]): string[] => lines.filter((line) => !vmprobe.isHint(line));
  expect(compared(ours)).toEqual(compared(vmprobe.expected));
  expect(vmprobe.addressIn(ours)).toBeGreaterThan(2 ** 37);
  expect(bugsIn(machine.log())).toEqual([]);
});

test("seedtest: every line that it printed on Linux, and the drivers' log", async () => {
  const machine = await createMachine();
  expect(machine.computer.kernel.insmod(seedmod)).toBe(0);
  expect(await machine.run(testProgram("seedtest"))).toEqual({ code: 0 });
  expect(machine.takeOutput()).toBe(seedtest.printed);
  const log = machine.log();
  expect(log.filter((line) => line.startsWith("B "))).toEqual(seedtest.relativeLog(seedtest.log));
  expect(log.filter((line) => line.startsWith("seedA"))).toEqual(
    seedtest.log.split("\n").filter((line) => line.startsWith("seedA")),
  );
  expect(bugsIn(log)).toEqual([]);
});
