/**
 * Random system calls by programs on the hart: whatever they do, an errno, a result or a signal comes out; the host never
 * throws, the log has no bug in it, and when they are gone every page is back.
 *
 * A failure names its seed: SCANOUT_SEED=n runs that one alone; SCANOUT_FUZZ=n runs n of them.
 */
import { expect, test } from "vitest";
import { bugsIn, createMachine, testProgram } from "./machine.ts";
import { waker } from "./waker.ts";

const MIB = 0x10_0000;
const FIRST_SEED = 20_251_121;
const CHILDREN = 12;
const CALLS = 250;

const elf = testProgram("fuzz-calls");

const runSeed = async (seed: number): Promise<void> => {
  const machine = await createMachine({ ram: 24 * MIB, seed });
  const { kernel } = machine.computer;
  // A program that may be executed, and written to.
  kernel.vfs.writeFile("/bin/other", testProgram("hostile"), 0o755);
  const before = machine.pagesInUse();
  const argv = ["fuzz-calls", seed, CHILDREN, CALLS].map(String);
  const { pid, exited } = machine.computer.spawnFile("/bin/program", elf, { argv, cwd: "/tmp" });
  const wakerEnds = kernel.spawn(
    waker(kernel, () => pid),
    { argv: ["waker"] },
  ).exited;
  const status = await exited;
  await wakerEnds;
  const name = `SCANOUT_SEED=${seed}`;
  expect([...kernel.tasks], name).toEqual([]);
  // A child may have found a way to kill its parent; a result that is none it must not find.
  expect(status, `${name}\n${machine.takeOutput().slice(-500)}`).not.toEqual({ code: 77 });
  expect(bugsIn(machine.log()), name).toEqual([]);
  expect(machine.pagesInUse(), `pages: ${name}`).toBe(before);
};

test("nothing but errnos, results and signals comes out of a program's random system calls", async () => {
  const only = process.env.SCANOUT_SEED;
  if (only !== undefined) {
    await runSeed(Number(only));
    return;
  }
  const count = Number(process.env.SCANOUT_FUZZ ?? 8);
  for (let i = 0; i < count; i++) await runSeed(FIRST_SEED + i);
}, 600_000);
