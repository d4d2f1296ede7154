/** The programs of bench/cpu compute what their models compute, and what programs.json says. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cPrograms } from "../../tools/c-programs.ts";
import { named, noQemu, runElf } from "../guests/c/toolchain.ts";
import { models, RECORDED } from "./cpu-models.ts";

interface Program {
  readonly name: string;
  readonly summary: string;
  readonly once: { readonly checksum: string; readonly instructions: number };
  readonly usual: { readonly repeats: number; readonly checksum: string; readonly instructions: number };
}
const programs: readonly Program[] = JSON.parse(readFileSync("bench/cpu/programs.json", "utf8"));
const elfOf = (name: string): string => `bench/cpu/bin/${name}.elf`;
const hex = (checksum: number): string => checksum.toString(16).padStart(8, "0");

test("the list has every program once, with the repeats that its source has", () => {
  const committed = cPrograms().map(({ elf }) => elf);
  expect(programs.map(({ name }) => elfOf(name)).sort()).toEqual(
    committed.filter((elf) => elf.startsWith("bench/cpu/")).sort(),
  );
  for (const { name, usual } of programs) {
    expect(readFileSync(`bench/cpu/${name}.c`, "utf8")).toContain(`repeatCount(argc, argv, ${usual.repeats})`);
  }
});

test("every program has a model or is said to have none", () => {
  expect([...Object.keys(models), ...RECORDED].sort()).toEqual(programs.map(({ name }) => name).sort());
});

test.each(Object.keys(models))("%s: the model's checksum of one repeat is the recorded one", async (name) => {
  expect(hex(await models[name]!(1))).toBe(programs.find((program) => program.name === name)!.once.checksum);
});

describe.skipIf(noQemu !== null)(named("under qemu-riscv64", noQemu), () => {
  test.each(programs)("$name prints its checksums", async ({ name, once, usual }) => {
    const print = (...args: string[]): string => runElf(elfOf(name), args).out.toString();
    expect(print("1")).toBe(`${once.checksum}\n`);
    expect(print()).toBe(`${usual.checksum}\n`);
    const model = models[name];
    if (model !== undefined) expect(print("3")).toBe(`${hex(await model(3))}\n`);
  });

  test.each(["0", "-1", "x", "12x", ""])("a number of repeats that is none: %j", (argument) => {
    const elf = elfOf("crc32");
    const { status, out, error } = runElf(elf, [argument]);
    expect([status, out.length]).toEqual([2, 0]);
    expect(error).toBe(`${elf}: takes a number of repeats from 1, not "${argument}"\n`);
  });
});
