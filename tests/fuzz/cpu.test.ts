/**
 * Random instruction streams: registers, fcsr and memory afterwards. Truth: qemu-riscv64 7.2 (-cpu rv64), asked now, or
 * when the fixture was recorded. `npm run fuzz:cpu` is the same with more of them; SCANOUT_SEED chooses others.
 */
import { describe, expect, it } from "vitest";
import { ENCODINGS, mnemonicOf } from "../assembly/hart/encode.ts";
import { expand } from "../assembly/hart/expansion.ts";
import { difference, makeBatch } from "./cpu/batch.ts";
import { fixtures, readFixture } from "./cpu/fixture.ts";
import { fuzz } from "./cpu/fuzz.ts";
import { makeProgram } from "./cpu/program.ts";
import { hasQemu, onScanout, QEMU_MISSING } from "./cpu/run.ts";
import { assemble, lengthOf } from "./cpu/stream.ts";

const SEED = Number(process.env.SCANOUT_SEED ?? 1);
const qemu = hasQemu();
const named = (name: string): string => (qemu ? name : `${name} (skipped: ${QEMU_MISSING})`);

describe("recorded", () => {
  it.each(fixtures())("%s", async (file) => {
    const { elf, output } = readFixture(file);
    const ours = await onScanout(Buffer.from(elf, "base64"));
    expect(ours.end).toBe("exit 0");
    expect(Buffer.from(ours.output).toString("base64")).toBe(output);
  });
});

it.skipIf(!qemu)(named("20,000 random instructions do what they do on qemu-riscv64"), async () => {
  const { failure, instructions } = await fuzz(SEED, 20_000);
  expect(failure && [...failure.disassembly, ...failure.found]).toBeNull();
  expect(instructions).toBeGreaterThanOrEqual(20_000);
});

it.skipIf(!qemu)(named("and so do 5,000 of streams that write their own code"), async () => {
  const batch = makeBatch(SEED, 1, 5000);
  expect(batch.selfModifying).toBe(true);
  expect(await difference(makeProgram(batch.streams, true))).toBeNull();
});

describe("the generator", () => {
  const batch = makeBatch(7, 0, 50_000);
  const words = batch.streams.flatMap(({ items }) => assemble(items));

  it("makes the same streams of the same seed", () => {
    const again = makeBatch(7, 0, 50_000).streams.flatMap(({ items }) => assemble(items));
    expect(again).toEqual(words);
    const other = makeBatch(8, 0, 50_000).streams.flatMap(({ items }) => assemble(items));
    expect(other).not.toEqual(words);
  });

  it("draws nothing that is illegal, and every instruction of user mode", () => {
    const names = new Set(words.map((word) => mnemonicOf(lengthOf(word) === 4 ? word : (expand(word) ?? 0))));
    // The system's; fence.i comes with streams that write their own code.
    const others = ["ECALL", "EBREAK", "SRET", "MRET", "WFI", "SFENCE_VMA", "FENCE_I"];
    expect([...names].sort()).toEqual(
      Object.keys(ENCODINGS)
        .filter((name) => !others.includes(name))
        .sort(),
    );
  });
});
