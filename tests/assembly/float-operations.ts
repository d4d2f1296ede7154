/** The instructions under test: their name in tests/assembly/wasm/float.ts, their operands, their reference. */
import { fractional, integer, operand, pair, type Random, radicand, triple } from "./float-operands.ts";
import {
  add,
  classify,
  convert,
  div,
  eq,
  fma,
  fromInteger,
  type Integer,
  le,
  lt,
  max,
  min,
  mul,
  sgnj,
  sgnjn,
  sgnjx,
  sqrt,
  sub,
  toInteger,
} from "./float-reference.ts";
import { binary32, binary64, type Format, type Result } from "./float-reference-round.ts";

export interface Operation {
  readonly name: string;
  /** Whether the instruction has a rounding mode. */
  readonly rounds: boolean;
  operands(random: Random): bigint[];
  reference(operands: readonly bigint[], rm: number): Result;
}

const FORMATS: [suffix: string, letter: string, f: Format][] = [
  ["32", "S", binary32],
  ["64", "D", binary64],
];
const INTEGERS: [name: string, type: Integer][] = [
  ["W", { bits: 32, signed: true }],
  ["Wu", { bits: 32, signed: false }],
  ["L", { bits: 64, signed: true }],
  ["Lu", { bits: 64, signed: false }],
];

const arithmetic = ([suffix, , f]: (typeof FORMATS)[number]): Operation[] => [
  ...Object.entries({ add, sub, mul, div }).map(([name, compute]) => ({
    name: name + suffix,
    rounds: true,
    operands: (random: Random) => pair(random, f),
    reference: ([a, b]: readonly bigint[], rm: number) => compute(a!, b!, f, rm),
  })),
  {
    name: `sqrt${suffix}`,
    rounds: true,
    operands: (random) => [radicand(random, f)],
    reference: ([a], rm) => sqrt(a!, f, rm),
  },
  {
    name: `fma${suffix}`,
    rounds: true,
    operands: (random) => triple(random, f),
    reference: ([a, b, c], rm) => fma(a!, b!, c!, f, rm),
  },
];

const comparisons = ([suffix, , f]: (typeof FORMATS)[number]): Operation[] => [
  ...Object.entries({ eq, lt, le, min, max, sgnj, sgnjn, sgnjx }).map(([name, compute]) => ({
    name: name + suffix,
    rounds: false,
    operands: (random: Random) => pair(random, f),
    reference: ([a, b]: readonly bigint[]) => compute(a!, b!, f),
  })),
  {
    name: `classify${suffix}`,
    rounds: false,
    operands: (random) => [operand(random, f)],
    reference: ([a]) => classify(a!, f),
  },
];

const integers = ([, letter, f]: (typeof FORMATS)[number]): Operation[] =>
  INTEGERS.flatMap(([name, type]) => [
    {
      name: `fcvt${name}${letter}`,
      rounds: true,
      operands: (random: Random) => [fractional(random, f)],
      reference: ([a]: readonly bigint[], rm: number) => toInteger(a!, f, type, rm),
    },
    {
      name: `fcvt${letter}${name}`,
      // Every 32-bit integer is a binary64.
      rounds: type.bits === 64 || f === binary32,
      operands: (random: Random) => [integer(random)],
      reference: ([a]: readonly bigint[], rm: number) => fromInteger(a!, type, f, rm),
    },
  ]);

export const operations: readonly Operation[] = [
  ...FORMATS.flatMap(arithmetic),
  ...FORMATS.flatMap(comparisons),
  ...FORMATS.flatMap(integers),
  {
    name: "fcvtDS",
    rounds: false,
    operands: (random) => [operand(random, binary32)],
    reference: ([a]) => convert(a!, binary32, binary64, 0),
  },
  {
    name: "fcvtSD",
    rounds: true,
    operands: (random) => [operand(random, binary64)],
    reference: ([a], rm) => convert(a!, binary64, binary32, rm),
  },
];
