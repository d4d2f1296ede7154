/**
 * Floating point, bit by bit and flag by flag, against IEEE 754's definition in exact rational arithmetic
 * (float-reference.ts) and against this computer's own arithmetic. Each case runs with inexact raised before and not:
 * the first is the fast path wherever there is one, the second the exact one.
 * SCANOUT_FUZZ multiplies the number of cases; SCANOUT_SEED replays a run.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { FloatInstance } from "./float-instance.ts";
import { bitsOf, corners, operand, Random } from "./float-operands.ts";
import { type Operation, operations } from "./float-operations.ts";
import { binary32, binary64, NX, RNE } from "./float-reference-round.ts";

const FUZZ = Number(process.env.SCANOUT_FUZZ ?? 1);
const SEED = Number(process.env.SCANOUT_SEED ?? 20260401);
const MODES = [0, 1, 2, 3, 4];

let float: FloatInstance;
beforeAll(async () => {
  float = await FloatInstance.compile();
});

const hex = (bits: bigint): string => `0x${bits.toString(16)}`;

/** What differs from the reference, as text. */
const differences = ({ name, rounds, reference }: Operation, operands: bigint[], random: Random): string[] => {
  const found: string[] = [];
  for (const rm of rounds ? MODES : [RNE]) {
    const truth = reference(operands, rm);
    for (const preset of [0, NX, random.below(32)]) {
      const { bits, flags } = float.run(name, operands, rounds ? rm : undefined, preset);
      if (bits === truth.bits && flags === (truth.flags | preset)) continue;
      const call = `${name}(${operands.map(hex).join(", ")}) rm ${rm} fflags ${preset}`;
      found.push(`${call}: ${hex(bits)} fflags ${flags}, not ${hex(truth.bits)} fflags ${truth.flags | preset}`);
    }
  }
  return found;
};

it("has a reference for every instruction", () => {
  expect(operations.map(({ name }) => name).sort()).toEqual(float.names.sort());
});

describe(`against the reference, seed ${SEED}`, () => {
  it.each(operations)("$name", (operation) => {
    const random = new Random(SEED);
    const found: string[] = [];
    for (let i = 0; i < 2000 * FUZZ && found.length < 10; i++) {
      found.push(...differences(operation, operation.operands(random), random));
    }
    expect(found).toEqual([]);
  });

  it.each(["add32", "mul32", "div32", "add64", "mul64", "div64", "lt64", "min64", "eq32"])(
    "%s, all corners",
    (name) => {
      const operation = operations.find((candidate) => candidate.name === name)!;
      const list = corners(name.endsWith("32") ? binary32 : binary64);
      const random = new Random(SEED);
      const found: string[] = [];
      // A third of all pairs.
      for (const a of list) {
        for (const b of list) if (random.below(3) < FUZZ) found.push(...differences(operation, [a, b], random));
      }
      expect(found.slice(0, 10)).toEqual([]);
    },
  );
});

describe("against this computer, to nearest", () => {
  const random = new Random(SEED);
  const view = new DataView(new ArrayBuffer(8));
  const number64 = (bits: bigint): number => {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  };
  const number32 = (bits: bigint): number => {
    view.setUint32(0, Number(bits));
    return view.getFloat32(0);
  };
  const arithmetic: [name: string, (x: number, y: number) => number][] = [
    ["add", (x, y) => x + y],
    ["sub", (x, y) => x - y],
    ["mul", (x, y) => x * y],
    ["div", (x, y) => x / y],
    ["sqrt", (x) => Math.sqrt(x)],
  ];

  it.each(arithmetic)("%s", (name, compute) => {
    for (let i = 0; i < 5000 * FUZZ; i++) {
      const preset = random.below(32);
      // Rounding a binary64 result to binary32 rounds once in effect: 53 bits are more than 2 × 24 + 2.
      for (const [suffix, f, number] of [
        ["64", binary64, number64],
        ["32", binary32, number32],
      ] as const) {
        const operands = [operand(random, f), operand(random, f)];
        const truth = compute(number(operands[0]!), number(operands[1]!));
        const { bits } = float.run(name + suffix, name === "sqrt" ? operands.slice(0, 1) : operands, RNE, preset);
        if (Number.isNaN(truth)) expect(Number.isNaN(number(bits))).toBe(true);
        else if (bits !== bitsOf(truth, f)) expect([operands.map(hex), hex(bits)]).toEqual(hex(bitsOf(truth, f)));
      }
    }
  });
});
