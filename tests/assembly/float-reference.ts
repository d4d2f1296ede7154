/**
 * Floating point as IEEE 754-2019 and the RISC-V unprivileged specification define it: compute the true result as a
 * rational number, then round it once (float-reference-round.ts).
 */
import {
  bitLength,
  canonicalNaN,
  type Datum,
  type Dyadic,
  DZ,
  decode,
  type Format,
  infinity,
  magnitude,
  NV,
  NX,
  nan,
  RDN,
  type Result,
  round,
  roundDyadic,
  roundToWhole,
  signBit,
  signed,
  zero,
} from "./float-reference-round.ts";

export interface Integer {
  readonly bits: number;
  readonly signed: boolean;
}

const isSignaling = (...data: Datum[]): boolean => data.some((datum) => datum.kind === "nan" && datum.signaling);
const anyNaN = (...data: Datum[]): boolean => data.some((datum) => datum.kind === "nan");

const negate = (datum: Datum): Datum => {
  if (datum.kind === "nan") return datum;
  const negative = !datum.negative;
  if (datum.kind !== "number") return { ...datum, negative };
  return { ...datum, negative, value: { numerator: -datum.value.numerator, scale: datum.value.scale } };
};

const sumOf = (a: Dyadic, b: Dyadic): Dyadic => {
  const difference = a.scale - b.scale;
  const scale = difference > 0n ? a.scale : b.scale;
  return { numerator: (a.numerator << (scale - a.scale)) + (b.numerator << (scale - b.scale)), scale };
};

/** The sum of two data that are no NaN. § 6.3: the zero of x + (-x) is positive, but for rounding down. */
const addData = (x: Datum, y: Datum, f: Format, rm: number): Result => {
  if (x.kind === "nan" || y.kind === "nan") throw new Error("NaN");
  if (x.kind === "infinity" && y.kind === "infinity" && x.negative !== y.negative) return nan(f, true);
  if (x.kind === "infinity") return infinity(f, x.negative);
  if (y.kind === "infinity") return infinity(f, y.negative);
  if (x.kind === "zero" && y.kind === "zero") return zero(f, x.negative === y.negative ? x.negative : rm === RDN);
  if (x.kind === "zero") return y.kind === "number" ? roundDyadic(y.value, f, rm) : zero(f, y.negative);
  if (y.kind === "zero") return roundDyadic(x.value, f, rm);
  const sum = sumOf(x.value, y.value);
  return sum.numerator === 0n ? zero(f, rm === RDN) : roundDyadic(sum, f, rm);
};

/** The exact product, or undefined where there is none (0 × infinity). No NaNs. */
const product = (x: Datum, y: Datum): Datum | undefined => {
  if (x.kind === "nan" || y.kind === "nan") throw new Error("NaN");
  const negative = x.negative !== y.negative;
  if (x.kind === "infinity") return y.kind === "zero" ? undefined : { kind: "infinity", negative };
  if (y.kind === "infinity") return x.kind === "zero" ? undefined : { kind: "infinity", negative };
  if (x.kind === "zero" || y.kind === "zero") return { kind: "zero", negative };
  const numerator = x.value.numerator * y.value.numerator;
  return { kind: "number", negative, value: { numerator, scale: x.value.scale + y.value.scale } };
};

const roundDatum = (datum: Datum, f: Format, rm: number): Result => {
  if (datum.kind === "nan") return nan(f, datum.signaling);
  if (datum.kind === "infinity") return infinity(f, datum.negative);
  return datum.kind === "zero" ? zero(f, datum.negative) : roundDyadic(datum.value, f, rm);
};

export const add = (a: bigint, b: bigint, f: Format, rm: number): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  return anyNaN(x, y) ? nan(f, isSignaling(x, y)) : addData(x, y, f, rm);
};

export const sub = (a: bigint, b: bigint, f: Format, rm: number): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  return anyNaN(x, y) ? nan(f, isSignaling(x, y)) : addData(x, negate(y), f, rm);
};

export const mul = (a: bigint, b: bigint, f: Format, rm: number): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  if (anyNaN(x, y)) return nan(f, isSignaling(x, y));
  const exact = product(x, y);
  return exact === undefined ? nan(f, true) : roundDatum(exact, f, rm);
};

/** a × b + c. RISC-V: infinity × 0 + quiet NaN raises invalid. */
export const fma = (a: bigint, b: bigint, c: bigint, f: Format, rm: number): Result => {
  const [x, y, z] = [decode(a, f), decode(b, f), decode(c, f)];
  if (anyNaN(x, y)) return nan(f, isSignaling(x, y, z));
  const exact = product(x, y);
  if (exact === undefined) return nan(f, true);
  return anyNaN(z) ? nan(f, isSignaling(z)) : addData(exact, z, f, rm);
};

export const div = (a: bigint, b: bigint, f: Format, rm: number): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  if (x.kind === "nan" || y.kind === "nan") return nan(f, isSignaling(x, y));
  const negative = x.negative !== y.negative;
  if (x.kind === "infinity") return y.kind === "infinity" ? nan(f, true) : infinity(f, negative);
  if (y.kind === "infinity") return zero(f, negative);
  if (y.kind === "zero") return x.kind === "zero" ? nan(f, true) : infinity(f, negative, DZ);
  if (x.kind === "zero") return zero(f, negative);
  const numerator = magnitude(x.value.numerator) << y.value.scale;
  return round(negative, numerator, magnitude(y.value.numerator) << x.value.scale, f, rm);
};

/** floor(sqrt(n)), Newton's iteration from above. */
const integerRoot = (n: bigint): bigint => {
  let root = 1n << (bitLength(n) / 2n + 1n);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
};

export const sqrt = (a: bigint, f: Format, rm: number): Result => {
  const x = decode(a, f);
  if (x.kind === "nan") return nan(f, x.signaling);
  if (x.kind === "zero") return zero(f, x.negative);
  if (x.negative) return nan(f, true);
  if (x.kind === "infinity") return infinity(f, false);
  // An even scale that leaves the root 100 bits or more: far below every midpoint, so a root between two whole
  // numbers may stand in for what is between them.
  const extra = 200n + (x.value.scale & 1n);
  const radicand = x.value.numerator << extra;
  const root = integerRoot(radicand);
  const numerator = root * root === radicand ? 2n * root : 2n * root + 1n;
  return round(false, numerator, 2n << ((x.value.scale + extra) / 2n), f, rm);
};

export const convert = (a: bigint, from: Format, to: Format, rm: number): Result => roundDatum(decode(a, from), to, rm);

/** Out of range: the nearest integer of the range and invalid alone; a NaN counts as +infinity. As a 64-bit register. */
export const toInteger = (a: bigint, f: Format, { bits, signed }: Integer, rm: number): Result => {
  const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const least = signed ? -most - 1n : 0n;
  const register = (n: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(bits, n));
  const x = decode(a, f);
  if (x.kind === "zero") return { bits: 0n, flags: 0 };
  if (x.kind === "nan") return { bits: register(most), flags: NV };
  if (x.kind === "infinity") return { bits: register(x.negative ? least : most), flags: NV };
  const { whole, inexact } = roundToWhole(x.negative, magnitude(x.value.numerator), 1n << x.value.scale, rm);
  const n = x.negative ? -whole : whole;
  if (n < least || n > most) return { bits: register(x.negative ? least : most), flags: NV };
  return { bits: register(n), flags: inexact ? NX : 0 };
};

/** From a 64-bit register, of which 32-bit operands are the low half. */
export const fromInteger = (a: bigint, { bits, signed }: Integer, f: Format, rm: number): Result => {
  const n = signed ? BigInt.asIntN(bits, a) : BigInt.asUintN(bits, a);
  return n === 0n ? zero(f, false) : roundDyadic({ numerator: n, scale: 0n }, f, rm);
};

/** -1, 0, 1; no NaNs. Zeros are equal. */
const order = (x: Datum, y: Datum): number => {
  const rank = (datum: Datum): Dyadic => {
    if (datum.kind === "number") return datum.value;
    const huge = datum.kind === "infinity" ? 1n << 2000n : 0n;
    return { numerator: datum.kind === "infinity" && datum.negative ? -huge : huge, scale: 0n };
  };
  const [p, q] = [rank(x), rank(y)];
  const difference = sumOf(p, { numerator: -q.numerator, scale: q.scale }).numerator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const compare = (a: bigint, b: bigint, f: Format, quiet: boolean, holds: (order: number) => boolean): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  if (anyNaN(x, y)) return { bits: 0n, flags: !quiet || isSignaling(x, y) ? NV : 0 };
  return { bits: holds(order(x, y)) ? 1n : 0n, flags: 0 };
};
export const eq = (a: bigint, b: bigint, f: Format): Result => compare(a, b, f, true, (o) => o === 0);
export const lt = (a: bigint, b: bigint, f: Format): Result => compare(a, b, f, false, (o) => o < 0);
export const le = (a: bigint, b: bigint, f: Format): Result => compare(a, b, f, false, (o) => o <= 0);

/** § 9.6 minimumNumber (`wanted` -1) and maximumNumber (1). */
const extremum = (a: bigint, b: bigint, f: Format, wanted: number): Result => {
  const [x, y] = [decode(a, f), decode(b, f)];
  const flags = isSignaling(x, y) ? NV : 0;
  if (x.kind === "nan") return { bits: y.kind === "nan" ? canonicalNaN(f) : b, flags };
  if (y.kind === "nan") return { bits: a, flags };
  const o = order(x, y);
  if (o !== 0) return { bits: o === wanted ? a : b, flags };
  return { bits: x.negative === wanted < 0 ? a : b, flags };
};
export const min = (a: bigint, b: bigint, f: Format): Result => extremum(a, b, f, -1);
export const max = (a: bigint, b: bigint, f: Format): Result => extremum(a, b, f, 1);

const withSign = (a: bigint, f: Format, negative: boolean): Result => ({
  bits: signed(f, negative, a & (signBit(f) - 1n)),
  flags: 0,
});
const isNegative = (a: bigint, f: Format): boolean => (a & signBit(f)) !== 0n;
export const sgnj = (a: bigint, b: bigint, f: Format): Result => withSign(a, f, isNegative(b, f));
export const sgnjn = (a: bigint, b: bigint, f: Format): Result => withSign(a, f, !isNegative(b, f));
export const sgnjx = (a: bigint, b: bigint, f: Format): Result => withSign(a, f, isNegative(a, f) !== isNegative(b, f));

/** The table of "F" § "Single-Precision Floating-Point Classify Instruction". */
export const classify = (a: bigint, f: Format): Result => {
  const x = decode(a, f);
  const bit = (n: number): Result => ({ bits: 1n << BigInt(n), flags: 0 });
  if (x.kind === "nan") return bit(x.signaling ? 8 : 9);
  if (x.kind === "infinity") return bit(x.negative ? 0 : 7);
  if (x.kind === "zero") return bit(x.negative ? 3 : 4);
  const { numerator, scale } = x.value;
  // Normal: at least 2^emin.
  const normal = magnitude(numerator) << (f.emax - 1n) >= 1n << scale;
  if (x.negative) return bit(normal ? 1 : 2);
  return bit(normal ? 6 : 5);
};
