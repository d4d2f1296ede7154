/** Initial register values: the operands at which instructions change their behaviour, and random ones between. */
import { CORNERS } from "../../assembly/hart/reference.ts";
import type { Random } from "./random.ts";

export const integerOperand = (random: Random): bigint => {
  if (random.oneIn(3)) return random.of(CORNERS);
  const width = BigInt(random.of([64, 64, 64, 33, 32, 31, 16, 12, 6]));
  const word = random.word64();
  return random.oneIn(2) ? word >> (64n - width) : BigInt.asUintN(64, BigInt.asIntN(64, word) >> (64n - width));
};

/** A number of a binary format with `exponentBits` and `fractionBits`, its corners often. */
const floatBits = (random: Random, exponentBits: number, fractionBits: number): bigint => {
  const top = 2 ** exponentBits - 1;
  const bias = top >> 1;
  const exponent = random.of([
    0,
    0,
    1,
    random.between(1, fractionBits + 2),
    top - 1,
    top,
    bias + random.between(-2, 2),
    bias + random.between(-2, 66),
    bias + random.between(-fractionBits, fractionBits),
    random.below(top + 1),
  ]);
  const ones = (1n << BigInt(fractionBits)) - 1n;
  const some = random.word64() & ones;
  const fraction = random.of([0n, 0n, 1n, ones, ones - 1n, 1n << BigInt(fractionBits - 1), some, some, some]);
  const kept = random.oneIn(4) ? fraction & (ones << BigInt(random.below(fractionBits))) : fraction;
  return (
    (BigInt(random.below(2)) << BigInt(exponentBits + fractionBits)) |
    (BigInt(exponent) << BigInt(fractionBits)) |
    (kept & ones)
  );
};

const BOX = 0xffff_ffffn << 32n;

export const doubleOperand = (random: Random): bigint => floatBits(random, 11, 52);

/** A single in its NaN box; rarely the box is broken. */
export const singleOperand = (random: Random): bigint => {
  const single = floatBits(random, 8, 23);
  return random.oneIn(16) ? single | (random.word64() & BOX) : single | BOX;
};

export const floatOperand = (random: Random): bigint =>
  random.oneIn(2) ? doubleOperand(random) : singleOperand(random);
