/**
 * IEEE 754's formats and its one rounding of an exact rational number: what float-reference.ts computes with. Slow and
 * plain. Bit patterns are bigints, without NaN boxes.
 */
export const NX = 1;
export const UF = 2;
export const OF = 4;
export const DZ = 8;
export const NV = 16;

export const RNE = 0;
export const RTZ = 1;
export const RDN = 2;
export const RUP = 3;
export const RMM = 4;

/** An interchange format, IEEE 754 § 3.6: storage width, precision p, emax; emin = 1 - emax. */
export interface Format {
  readonly width: bigint;
  readonly precision: bigint;
  readonly emax: bigint;
}
export const binary32: Format = { width: 32n, precision: 24n, emax: 127n };
export const binary64: Format = { width: 64n, precision: 53n, emax: 1023n };

export interface Result {
  readonly bits: bigint;
  readonly flags: number;
}

/** numerator / 2^scale, exactly. */
export interface Dyadic {
  readonly numerator: bigint;
  readonly scale: bigint;
}

export type Datum =
  | { readonly kind: "nan"; readonly signaling: boolean }
  | { readonly kind: "infinity"; readonly negative: boolean }
  | { readonly kind: "zero"; readonly negative: boolean }
  | { readonly kind: "number"; readonly negative: boolean; readonly value: Dyadic };

export const signBit = (f: Format): bigint => 1n << (f.width - 1n);
export const infinityBits = (f: Format): bigint => (2n * f.emax + 1n) << (f.precision - 1n);
export const magnitude = (n: bigint): bigint => (n < 0n ? -n : n);
export const signed = (f: Format, negative: boolean, bits: bigint): bigint => (negative ? signBit(f) | bits : bits);

/** "F" § "NaN Generation and Propagation": positive, quiet, no payload. */
export const canonicalNaN = (f: Format): bigint => infinityBits(f) | (1n << (f.precision - 2n));

export const nan = (f: Format, invalid: boolean): Result => ({ bits: canonicalNaN(f), flags: invalid ? NV : 0 });
export const infinity = (f: Format, negative: boolean, flags = 0): Result => ({
  bits: signed(f, negative, infinityBits(f)),
  flags,
});
export const zero = (f: Format, negative: boolean): Result => ({ bits: signed(f, negative, 0n), flags: 0 });

/** IEEE 754 § 3.4. */
export const decode = (bits: bigint, f: Format): Datum => {
  const negative = (bits & signBit(f)) !== 0n;
  const fraction = bits & ((1n << (f.precision - 1n)) - 1n);
  const field = (bits & ~signBit(f)) >> (f.precision - 1n);
  if (field === 2n * f.emax + 1n) {
    if (fraction === 0n) return { kind: "infinity", negative };
    return { kind: "nan", signaling: fraction >> (f.precision - 2n) === 0n };
  }
  if (field === 0n && fraction === 0n) return { kind: "zero", negative };
  const significand = field === 0n ? fraction : fraction | (1n << (f.precision - 1n));
  const exponent = (field === 0n ? 1n : field) - f.emax - (f.precision - 1n);
  const numerator = negative ? -significand : significand;
  const value = exponent >= 0n ? { numerator: numerator << exponent, scale: 0n } : { numerator, scale: -exponent };
  return { kind: "number", negative, value };
};

export const bitLength = (n: bigint): bigint => {
  const hex = n.toString(16);
  return BigInt(hex.length * 4 - (Math.clz32(Number.parseInt(hex[0]!, 16)) - 28));
};

/** e with 2^e <= numerator / denominator < 2^(e+1). */
const exponentOf = (numerator: bigint, denominator: bigint): bigint => {
  const guess = bitLength(numerator) - bitLength(denominator);
  const below = guess >= 0n ? numerator < denominator << guess : numerator << -guess < denominator;
  return below ? guess - 1n : guess;
};

/** numerator / denominator, positive, as a whole number rounded by § 4.3 for a number of the given sign. */
export const roundToWhole = (negative: boolean, numerator: bigint, denominator: bigint, rm: number) => {
  const below = numerator / denominator;
  const rest = numerator % denominator;
  const twice = 2n * rest;
  let up = false;
  if (rm === RNE) up = twice > denominator || (twice === denominator && (below & 1n) === 1n);
  else if (rm === RMM) up = twice >= denominator;
  else if (rm === RUP) up = rest !== 0n && !negative;
  else if (rm === RDN) up = rest !== 0n && negative;
  return { whole: up ? below + 1n : below, inexact: rest !== 0n };
};

/** The same, in units of 2^quantum. */
const roundToQuantum = (negative: boolean, numerator: bigint, denominator: bigint, quantum: bigint, rm: number) =>
  quantum >= 0n
    ? roundToWhole(negative, numerator, denominator << quantum, rm)
    : roundToWhole(negative, numerator << -quantum, denominator, rm);

/** ±numerator / denominator (both positive) in a format, with the flags of § 7.4 to 7.6; tininess after rounding. */
export const round = (negative: boolean, numerator: bigint, denominator: bigint, f: Format, rm: number): Result => {
  const emin = 1n - f.emax;
  const exponent = exponentOf(numerator, denominator);
  const quantum = (exponent > emin ? exponent : emin) - (f.precision - 1n);
  const { whole, inexact } = roundToQuantum(negative, numerator, denominator, quantum, rm);

  const largest = ((1n << f.precision) - 1n) << (f.emax - (f.precision - 1n));
  if (quantum >= 0n ? whole << quantum > largest : whole > largest << -quantum) {
    const toInfinity = rm === RNE || rm === RMM || rm === (negative ? RDN : RUP);
    return infinityOrLargest(f, negative, toInfinity);
  }
  let tiny = false;
  if (exponent < emin) {
    // § 7.5 b): rounded as though the exponent range were unbounded, is it strictly between ±2^emin?
    const free = exponent - (f.precision - 1n);
    tiny = roundToQuantum(negative, numerator, denominator, free, rm).whole < 1n << (emin - free);
  }
  // `whole` has at most p bits, or is 2^p, which the addition carries into the exponent.
  const field = quantum + (f.precision - 1n) + f.emax - 1n;
  const bits = (field << (f.precision - 1n)) + whole;
  return { bits: signed(f, negative, bits), flags: inexact ? (tiny ? NX | UF : NX) : 0 };
};

const infinityOrLargest = (f: Format, negative: boolean, toInfinity: boolean): Result => ({
  bits: signed(f, negative, toInfinity ? infinityBits(f) : infinityBits(f) - 1n),
  flags: OF | NX,
});

export const roundDyadic = ({ numerator, scale }: Dyadic, f: Format, rm: number): Result =>
  round(numerator < 0n, magnitude(numerator), 1n << scale, f, rm);
