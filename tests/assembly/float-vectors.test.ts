/**
 * Truth: vectors/float.txt, what vectors/float.c printed under qemu-riscv64 7.2, a dozen lines an instruction. Operands
 * are those of float-operands.ts.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FloatInstance } from "./float-instance.ts";
import { operations } from "./float-operations.ts";

const lines = readFileSync("tests/assembly/vectors/float.txt", "utf8").trimEnd().split("\n");
const float = await FloatInstance.compile();

it("has lines for every instruction", () => {
  expect([...new Set(lines.map((line) => line.split(" ")[0]))].sort()).toEqual(float.names.sort());
});

it.each(operations)("$name as recorded", ({ name, rounds }) => {
  const recorded = lines.filter((line) => line.startsWith(`${name} `));
  const ours = recorded.map((line) => {
    const words = line.split(" ").slice(0, 6);
    const [rm, fflags] = words.slice(1, 3).map((word) => Number.parseInt(word, 16));
    const operands = words.slice(3).map((word) => BigInt(`0x${word}`));
    const result = float.run(
      name,
      operands.slice(0, float.arity(name) - (rounds ? 1 : 0)),
      rounds ? rm : undefined,
      fflags!,
    );
    return [...words, result.bits.toString(16), result.flags.toString(16)].join(" ");
  });
  expect(ours).toEqual(recorded);
});
