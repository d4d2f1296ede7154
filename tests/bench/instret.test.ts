/**
 * The programs of bench/cpu on the hart: the checksum that qemu-riscv64 gives, and to the instruction the count that a
 * plugin of qemu gave. An ecall does not retire ("ECALL … not considered to retire", privileged specification), so the
 * counts differ by the system calls made.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Computer } from "../../src/computer.ts";

interface Recorded {
  readonly name: string;
  readonly once: { readonly checksum: string; readonly instructions: number };
}

const programs = JSON.parse(readFileSync("bench/cpu/programs.json", "utf8")) as Recorded[];

test.each(programs)("$name", async ({ name, once }) => {
  const pieces: Uint8Array[] = [];
  const computer = await Computer.create({ ram: 128 * 0x10_0000, onOutput: (bytes) => pieces.push(bytes.slice()) });
  const program = readFileSync(`bench/cpu/bin/${name}.elf`);
  const { exited, task } = computer.spawnFile(`/bin/${name}`, program, { argv: [name, "1"] });
  expect(await exited).toEqual({ code: 0 });
  expect(Buffer.concat(pieces).toString().trim()).toBe(once.checksum);
  expect(computer.kernel.hart.instret + task.counts.systemCalls).toBe(once.instructions);
});
