/**
 * Random instruction streams: registers, fcsr and memory afterwards. Truth: qemu-riscv64 7.2 (-cpu rv64), asked now, or
 * when the fixture was recorded. `npm run fuzz:cpu` is the same with more of them; SCANOUT_SEED chooses others.
 */
import { describe, expect, it } from "vitest";
import { ENCODINGS, mnemonicOf } from "../assembly/hart/encode.ts";
import { expand } from "../assembly/hart/expansion.ts";
import { compare, difference, makeBatch } from "./cpu/batch.ts";
import { fixtures, readFixture } from "./cpu/fixture.ts";
import { fuzz } from "./cpu/fuzz.ts";
import { makeProgram } from "./cpu/program.ts";
import { hasQemu, onScanout, QEMU_MISSING } from "./cpu/run.ts";
import { shrink } from "./cpu/shrink.ts";
import { ARENA_HALF, BLOCK_SIZE, WORD_F } from "./cpu/state.ts";
import { assemble, type Item, lengthOf } from "./cpu/stream.ts";

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

it("a stream that differs shrinks to what makes it differ, out of its loop", async () => {
  const culprit = 0x02a5_8533;
  const words = (...all: number[]): Item => ({ kind: "words", words: all });
  const others = makeBatch(3, 0, 60).streams[0]!.items;
  const items: Item[] = [
    ...others,
    { kind: "loop", times: 3, body: [words(0x13), words(culprit), words(1)] },
    ...others,
  ];
  const shrunk = await shrink(items, async (some) => assemble(some).includes(culprit));
  expect(shrunk).toEqual([words(culprit)]);
});

it("tells which register differs, in which stream", () => {
  const { streams } = makeBatch(3, 0, 300);
  const output = new Uint8Array(2 * ARENA_HALF + streams.length * BLOCK_SIZE);
  const other = output.slice();
  other[2 * ARENA_HALF + BLOCK_SIZE + 8 * (WORD_F + 3)] = 1;
  const ended = (bytes: Uint8Array) => ({ end: "exit 0", output: bytes });
  expect(compare(ended(output), ended(output), streams.length)).toBeNull();
  expect(compare(ended(output), ended(other), streams.length)).toEqual({
    stream: 1,
    lines: ["f3: scanout 0x0, qemu 0x1"],
  });
});
