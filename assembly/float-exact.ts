import { FloatBits, FRACTION64, SIGN64 } from "./float-bits.ts";
import { FFLAG_DZ, FFLAG_NV, RM_RDN } from "./float-flags.ts";
import { FloatRound } from "./float-round.ts";

/** 1.0. */
const ONE: u64 = 0x3ff0_0000_0000_0000;

/**
 * Arithmetic in integers, exact until FloatRound.round: every operand, every mode, every flag. Operands are binary64
 * patterns (a binary32 one is widened first, which is exact); the result is one of format T.
 */
export abstract class FloatExact {
  /** a + b. */
  static add<T>(a: u64, b: u64, rm: u32): u64 {
    return FloatExact.fma<T>(a, ONE, b, rm);
  }

  /** a × b. A zero of the product's own sign changes no product. */
  static multiply<T>(a: u64, b: u64, rm: u32): u64 {
    return FloatExact.fma<T>(a, b, (a ^ b) & SIGN64, rm);
  }

  /** a × b + c, rounded once. */
  static fma<T>(a: u64, b: u64, c: u64, rm: u32): u64 {
    const negative = FloatBits.isNegative64(a ^ b);
    if (!FloatBits.isFinite64(a) || !FloatBits.isFinite64(b) || !FloatBits.isFinite64(c)) {
      return FloatExact.fmaNotFinite<T>(a, b, c);
    }
    if (FloatBits.isZero64(a) || FloatBits.isZero64(b)) {
      if (!FloatBits.isZero64(c)) return FloatExact.convert<T>(c, rm);
      return FloatRound.sign<T>(negative === FloatBits.isNegative64(c) ? negative : rm === RM_RDN);
    }

    // The product, in [1, 4): 128 bits, normalised to bit 127.
    const x = FloatBits.significand(a);
    const y = FloatBits.significand(b);
    let exponent = FloatBits.exponent(a) + FloatBits.exponent(b) + 1;
    let high = FloatBits.multiplyHigh(x, y);
    let low = x * y;
    if (high >>> 63 === 0) {
      high = (high << 1) | (low >>> 63);
      low <<= 1;
      exponent -= 1;
    }
    if (FloatBits.isZero64(c)) return FloatRound.round<T>(negative, exponent, high | <u64>(low !== 0), rm);
    return FloatExact.addProduct<T>(negative, exponent, high, low, c, rm);
  }

  /** ±(high:low / 2^127) × 2^exponent + c, for a product with bit 127 set and 22 zeros at its end, and c finite, not 0. */
  private static addProduct<T>(negative: bool, exponent: i32, high: u64, low: u64, c: u64, rm: u32): u64 {
    const subtracts = negative !== FloatBits.isNegative64(c);
    let otherHigh = FloatBits.significand(c);
    let otherLow: u64 = 0;
    let shift = exponent - FloatBits.exponent(c);
    if (shift < 0 || (shift === 0 && otherHigh > high)) {
      // c is the larger.
      const swapped = high;
      high = otherHigh;
      otherHigh = swapped;
      otherLow = low;
      low = 0;
      exponent -= shift;
      shift = -shift;
      negative = FloatBits.isNegative64(c);
    }

    // Shifted right by 2 or more, the smaller one may lose bits to the sticky bit; then the difference is less than one
    // bit shorter than the larger number, and the sticky bit stays far below the rounding.
    if (shift > 63) {
      // otherHigh is sticky enough: it is not zero.
      otherLow = FloatBits.shiftRightSticky(otherHigh, shift - 64);
      otherHigh = 0;
    } else if (shift > 0) {
      otherLow = FloatBits.shiftRightSticky(otherLow, shift) | (otherHigh << (64 - shift));
      otherHigh >>>= shift;
    }

    if (!subtracts) {
      const sumLow = low + otherLow;
      const sum = high + otherHigh + <u64>(sumLow < low);
      if (sum >= high) return FloatRound.round<T>(negative, exponent, sum | <u64>(sumLow !== 0), rm);
      // The carry is bit 128.
      return FloatRound.round<T>(negative, exponent + 1, SIGN64 | (sum >>> 1) | (sum & 1) | <u64>(sumLow !== 0), rm);
    }
    let difference = high - otherHigh - <u64>(low < otherLow);
    let rest = low - otherLow;
    if (difference === 0) {
      if (rest === 0) return FloatRound.sign<T>(rm === RM_RDN);
      difference = rest;
      rest = 0;
      exponent -= 64;
    }
    const zeros = clz(difference);
    if (zeros !== 0) {
      difference = (difference << zeros) | (rest >>> (64 - zeros));
      rest <<= zeros;
    }
    return FloatRound.round<T>(negative, exponent - <i32>zeros, difference | <u64>(rest !== 0), rm);
  }

  /** At least one of the three is infinite or a NaN. infinity × 0 is invalid even when a quiet NaN is added to it. */
  private static fmaNotFinite<T>(a: u64, b: u64, c: u64): u64 {
    if (FloatBits.isSignaling64(a) || FloatBits.isSignaling64(b) || FloatBits.isSignaling64(c)) {
      return FloatRound.invalid<T>();
    }
    if (FloatBits.isNaN64(a) || FloatBits.isNaN64(b)) return FloatRound.canonicalNaN<T>();
    const negative = FloatBits.isNegative64(a ^ b);
    if (!FloatBits.isFinite64(a) || !FloatBits.isFinite64(b)) {
      if (FloatBits.isZero64(a) || FloatBits.isZero64(b)) return FloatRound.invalid<T>();
      if (FloatBits.isNaN64(c)) return FloatRound.canonicalNaN<T>();
      if (!FloatBits.isFinite64(c) && negative !== FloatBits.isNegative64(c)) return FloatRound.invalid<T>();
      return FloatRound.infinity<T>(negative);
    }
    return FloatExact.convert<T>(c, 0);
  }

  /** a / b. */
  static divide<T>(a: u64, b: u64, rm: u32): u64 {
    const negative = FloatBits.isNegative64(a ^ b);
    if (FloatBits.isNaN64(a) || FloatBits.isNaN64(b)) return FloatExact.nan<T>(a, b);
    if (!FloatBits.isFinite64(a)) {
      return FloatBits.isFinite64(b) ? FloatRound.infinity<T>(negative) : FloatRound.invalid<T>();
    }
    if (FloatBits.isZero64(b)) {
      if (FloatBits.isZero64(a)) return FloatRound.invalid<T>();
      FloatRound.raise(FFLAG_DZ);
      return FloatRound.infinity<T>(negative);
    }
    if (FloatBits.isZero64(a) || !FloatBits.isFinite64(b)) return FloatRound.sign<T>(negative);

    // wasm's quotient of the significands, in (1/2, 2), lies within half a unit of its last place of the true one. So the
    // remainder in units of 2^(exponent - 104) is less than 2^53, and 64 bits of each product are enough for it. Its sign
    // tells on which side of the 53-bit quotient the true one lies: no more is needed to round it.
    const x = FloatBits.significand(a) >>> 11;
    const y = FloatBits.significand(b) >>> 11;
    const quotient = reinterpret<u64>(FloatExact.asFraction(x) / FloatExact.asFraction(y));
    const exponent = FloatBits.exponent(quotient);
    const z = FloatBits.significand(quotient);
    const remainder = (x << (52 - exponent)) - (z >>> 11) * y;
    const sum = FloatBits.exponent(a) - FloatBits.exponent(b) + exponent;
    return FloatRound.round<T>(negative, sum, FloatExact.beside(z, remainder), rm);
  }

  /** The square root of a, in the same way as divide. */
  static squareRoot<T>(a: u64, rm: u32): u64 {
    if (FloatBits.isNaN64(a)) return FloatExact.nan<T>(a, a);
    const negative = FloatBits.isNegative64(a);
    if (FloatBits.isZero64(a)) return FloatRound.sign<T>(negative);
    if (negative) return FloatRound.invalid<T>();
    if (!FloatBits.isFinite64(a)) return FloatRound.infinity<T>(false);

    const exponent = FloatBits.exponent(a);
    const odd = exponent & 1;
    const x = FloatBits.significand(a) >>> 11;
    const root = reinterpret<u64>(sqrt<f64>(FloatExact.asFraction(x) * (1.0 + <f64>odd)));
    const z = FloatBits.significand(root);
    const remainder = (x << (52 + odd)) - (z >>> 11) * (z >>> 11);
    return FloatRound.round<T>(false, exponent >> 1, FloatExact.beside(z, remainder), rm);
  }

  /** a in format T: from binary64 to binary32; or a itself, exactly, when it is widened from T. */
  static convert<T>(a: u64, rm: u32): u64 {
    const negative = FloatBits.isNegative64(a);
    if (FloatBits.isNaN64(a)) return FloatExact.nan<T>(a, a);
    if (!FloatBits.isFinite64(a)) return FloatRound.infinity<T>(negative);
    if (FloatBits.isZero64(a)) return FloatRound.sign<T>(negative);
    return FloatRound.round<T>(negative, FloatBits.exponent(a), FloatBits.significand(a), rm);
  }

  /** At least one of a and b is a NaN. */
  private static nan<T>(a: u64, b: u64): u64 {
    if (FloatBits.isSignaling64(a) || FloatBits.isSignaling64(b)) FloatRound.raise(FFLAG_NV);
    return FloatRound.canonicalNaN<T>();
  }

  /** `x` / 2^52, for x in [2^52, 2^53). */
  @inline private static asFraction(x: u64): f64 {
    return reinterpret<f64>((x & FRACTION64) | ONE);
  }

  /**
   * A number just beside `significand` (whose low 11 bits are clear) on the side of the remainder's sign. Never below
   * 2^63: a quotient below 1 does not round to 1, nor one above 1/2 to 1/2, and no root of a number above 1 is below 1.
   */
  @inline private static beside(significand: u64, remainder: i64): u64 {
    return significand + <u64>((remainder > 0 ? 1 : 0) - (remainder < 0 ? 1 : 0));
  }
}
