/**
 * Operands on which floating point goes wrong: corners, short and long significands, exponents at their ends, and
 * operands that fit each other, so that sums cancel, ties are met exactly and results fall just around a format's
 * limits. All from one seed.
 */
import { binary32, binary64, type Format } from "./float-reference-round.ts";

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** A whole number in [0, n), n at most 2^32: xorshift32. */
  below(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  bits(count: number): bigint {
    const all = (BigInt(this.below(0x1_0000_0000)) << 32n) | BigInt(this.below(0x1_0000_0000));
    return BigInt.asUintN(count, all);
  }
}

const pack = (f: Format, negative: boolean, field: bigint, fraction: bigint): bigint => {
  const most = 2n * f.emax;
  const clamped = field < 0n ? 0n : field > most ? most : field;
  return (negative ? 1n << (f.width - 1n) : 0n) | (clamped << (f.precision - 1n)) | fraction;
};
const fieldOf = (bits: bigint, f: Format): bigint => (bits >> (f.precision - 1n)) & (2n * f.emax + 1n);

/** Every class of number, both signs; whole numbers at the ends of the integer types; the ends of the other format. */
export const corners = (f: Format): bigint[] => {
  const one = f.emax << (f.precision - 1n);
  const infinity = (2n * f.emax + 1n) << (f.precision - 1n);
  const quiet = 1n << (f.precision - 2n);
  const smallestNormal = 1n << (f.precision - 1n);
  const power = (e: bigint): bigint => (f.emax + e) << (f.precision - 1n);
  const positive = [
    ...[0n, 1n, 2n, 3n, smallestNormal - 1n, smallestNormal, smallestNormal + 1n, smallestNormal * 2n],
    ...[one - 1n, one, one + 1n, one + smallestNormal, one + smallestNormal / 2n, one - smallestNormal],
    ...[infinity - 1n, infinity - 2n, infinity - smallestNormal, infinity],
    ...[
      infinity | quiet,
      infinity | quiet | 5n,
      infinity | 1n,
      infinity | (quiet - 1n),
      infinity | quiet | (quiet - 1n),
    ],
    ...[24n, 31n, 32n, 53n, 63n, 64n].flatMap((e) => [power(e) - 1n, power(e), power(e) + 1n]),
    // Around 1/2, 3/2, 2^31 - 1/2 and the like.
    ...[power(-1n) - 1n, power(-1n), power(-1n) + 1n],
  ];
  if (f === binary64) {
    const fields = [1023n - 150n, 1023n - 149n, 1023n - 127n, 1023n - 126n, 1023n + 127n, 1023n + 128n];
    for (const field of fields) {
      const at = field << 52n;
      // One unit, half a unit and a quarter of a unit of binary32's last place.
      for (const step of [0n, 1n, 1n << 29n, 1n << 28n, 1n << 27n]) positive.push(at - step, at + step);
    }
  }
  return positive.flatMap((bits) => [bits, bits | (1n << (f.width - 1n))]);
};

const CORNERS = new Map([binary32, binary64].map((f) => [f, corners(f)]));

/** A fraction of few bits, of a run of ones, of nothing else, or of any bits. */
const fraction = (random: Random, f: Format): bigint => {
  const length = Number(f.precision) - 1;
  const whole = random.bits(length);
  const short = BigInt(random.below(length + 1));
  switch (random.below(6)) {
    case 0:
      return whole;
    case 1:
      return (whole >> short) << short;
    case 2:
      return 0n;
    case 3:
      return (1n << BigInt(length)) - 1n;
    case 4:
      return BigInt.asUintN(length, ~((1n << short) - 1n));
    default:
      return (1n << short) - 1n;
  }
};

/** One operand. */
export const operand = (random: Random, f: Format): bigint => {
  const kind = random.below(8);
  if (kind < 2) return random.pick(CORNERS.get(f)!);
  if (kind === 2) return random.bits(Number(f.width));
  const negative = random.below(2) === 1;
  const range = 2n * f.emax;
  let field = f.emax + BigInt(random.below(9) - 4);
  if (kind === 3) field = BigInt(random.below(4));
  if (kind === 4) field = range - BigInt(random.below(4));
  if (kind === 5) field = BigInt(random.below(Number(range)));
  if (kind === 6) field = f.emax + BigInt(random.below(140) - 70);
  return pack(f, negative, field, fraction(random, f));
};

/** A neighbour within two units of the last place. */
const near = (random: Random, f: Format, bits: bigint): bigint =>
  BigInt.asUintN(Number(f.width), bits + BigInt(random.below(5) - 2));

/** A number whose exponent is that of `bits` and some. */
const withExponent = (random: Random, f: Format, field: bigint): bigint =>
  pack(f, random.below(2) === 1, field, fraction(random, f));

const numberOf = (bits: bigint, f: Format): number => {
  const view = new DataView(new ArrayBuffer(8));
  if (f === binary64) view.setBigUint64(0, bits);
  else view.setUint32(0, Number(bits));
  return f === binary64 ? view.getFloat64(0) : view.getFloat32(0);
};
export const bitsOf = (x: number, f: Format): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  if (f === binary64) view.setFloat64(0, x);
  else view.setFloat32(0, x);
  return f === binary64 ? view.getBigUint64(0) : BigInt(view.getUint32(0));
};

/** Two operands: half of the time the second is made for the first. */
export const pair = (random: Random, f: Format): [bigint, bigint] => {
  const a = operand(random, f);
  const field = fieldOf(a, f);
  const p = Number(f.precision);
  switch (random.below(10)) {
    case 0: // Nearly opposite: a sum that cancels, a quotient near 1.
      return [a, near(random, f, a ^ (BigInt(random.below(2)) << (f.width - 1n)))];
    case 1: // Below a's last place, where ties are made.
      return [a, withExponent(random, f, field - BigInt(p - 2 + random.below(5)))];
    case 2: // A product at the lower end of the format; a quotient at the upper.
      return [a, withExponent(random, f, f.emax + 1n - field + BigInt(random.below(p + 4) - p - 1))];
    case 3: // A product at the upper end.
      return [a, withExponent(random, f, 3n * f.emax - field + BigInt(random.below(5) - 2))];
    case 4: // A quotient at the lower end.
      return [a, withExponent(random, f, field + f.emax - 1n + BigInt(random.below(p + 4) - 2))];
    case 5: {
      // Nearly a multiple: a quotient of few bits, or just beside it.
      const b = operand(random, f);
      const quotient = numberOf(withExponent(random, f, f.emax), f);
      return [near(random, f, bitsOf(numberOf(b, f) * quotient, f)), b];
    }
    default:
      return [a, operand(random, f)];
  }
};

const tiny = (random: Random, f: Format): bigint => withExponent(random, f, BigInt(random.below(3)));

/**
 * (1 + e) × (1 - e) is 1 - e², which rounds to 1, and 1 is half a unit of the last place of c, or a quarter, or one: the
 * sum is a hair beside a tie, and each of the two steps hides it from the other.
 */
const besideTie = (random: Random, f: Format): [bigint, bigint, bigint] => {
  const p = Number(f.precision);
  const e = 2 ** -(Math.floor(p / 2) + 1 + random.below(Math.floor(p / 2) - 1));
  const scale = random.below(40) - 20;
  const sign = random.below(2) === 0 ? 1 : -1;
  const c = withExponent(random, f, f.emax + BigInt(p - 1 + random.below(4) + scale));
  return [bitsOf(sign * (1 + e) * 2 ** scale, f), bitsOf(1 - e, f), c];
};

/** (1 + d) × (1 + e) with a third number that leaves of the product just its smallest term, or that and 2. */
const residue = (random: Random, f: Format): [bigint, bigint, bigint] => {
  const p = Number(f.precision);
  const d = 2 ** -(Math.floor(p / 2) + random.below(Math.floor(p / 2)));
  const e = 2 ** -(Math.floor(p / 2) + random.below(Math.floor(p / 2)));
  return [bitsOf(1 + d, f), bitsOf(1 + e, f), bitsOf(random.below(2) === 0 ? -1 - d - e : 1 - d - e, f)];
};

/** Three operands: half of the time the third is made for the product of the others. */
export const triple = (random: Random, f: Format): [bigint, bigint, bigint] => {
  const [a, b] = pair(random, f);
  const product = bitsOf(numberOf(a, f) * numberOf(b, f), f);
  const field = fieldOf(product, f);
  const p = Number(f.precision);
  switch (random.below(12)) {
    case 4: // At the lower end, all three.
      return [a, withExponent(random, f, f.emax + 1n - fieldOf(a, f) + BigInt(random.below(4) - 2)), tiny(random, f)];
    case 5:
      return random.below(2) === 0 ? besideTie(random, f) : residue(random, f);
    case 0: // Nearly opposite to the rounded product.
      return [a, b, near(random, f, product ^ (1n << (f.width - 1n)))];
    case 1: // Around the product's own last places, and far below.
      return [a, b, withExponent(random, f, field - BigInt(random.below(2 * p + 6)))];
    case 2: // Far above.
      return [a, b, withExponent(random, f, field + BigInt(random.below(2 * p + 6)))];
    case 3: // Cancels in part.
      return [a, b, withExponent(random, f, field + BigInt(random.below(3) - 1))];
    default:
      return [a, b, operand(random, f)];
  }
};

/** A square, or beside one. */
export const radicand = (random: Random, f: Format): bigint => {
  const a = operand(random, f);
  if (random.below(3) !== 0) return a;
  const root = numberOf(a, f);
  return near(random, f, bitsOf(root * root, f));
};

/** An operand of a conversion to an integer: a small fraction of them is out of range. */
export const fractional = (random: Random, f: Format): bigint => {
  if (random.below(2) === 0) return operand(random, f);
  return withExponent(random, f, f.emax + BigInt(random.below(67) - 2));
};

/** A 64-bit register: ends of the integer types, powers of two and beside them, numbers of every length. */
export const integer = (random: Random): bigint => {
  const power = 1n << BigInt(random.below(64));
  const beside = BigInt.asUintN(64, power + BigInt(random.below(5) - 2));
  const length = random.below(65);
  const short = BigInt(random.below(64));
  const n = random.pick([0n, power, beside, random.bits(length), (random.bits(length) >> short) << short]);
  // A tie of either format, or beside it.
  const tie = BigInt.asUintN(64, (0x80_0000_8000_0000n << BigInt(random.below(9))) + BigInt(random.below(3) - 1));
  const chosen = random.below(8) === 0 ? tie : n;
  return BigInt.asUintN(64, random.below(2) === 0 ? chosen : -chosen);
};
