import { FloatBits, HIDDEN64, SIGN32, SIGN64 } from "./float-bits.ts";
import { FloatExact } from "./float-exact.ts";
import { RM_RNE } from "./float-flags.ts";
import { FloatRound } from "./float-round.ts";

/** The smallest normal numbers. At a larger magnitude nothing underflows. */
const NORMAL64: f64 = 2.2250738585072014e-308;
const NORMAL32: f32 = 1.1754943508222875e-38;
/** 2^-960: the smallest product whose rounding error fma64 computes exactly, with room to spare. */
const FMA_NORMAL: f64 = 1.026342416448983e-289;
/** Splits a significand of 53 bits, rounded to its upper 26 bits, from the rest, which then has 26 and a sign. */
const SPLIT_HALF: u64 = 0x0400_0000;
const SPLIT_MASK: u64 = 0xffff_ffff_f800_0000;
/** Of the bits of a binary64 that a binary32 has no room for: all, and the value of a tie. */
const NARROW_MASK: u64 = 0x1fff_ffff;
const NARROW_TIE: u64 = 0x1000_0000;

/**
 * The arithmetic of RISC-V's F and D, exact to the bit. Operands and results are bit patterns without NaN boxes: u32
 * binary32, u64 binary64. `rm` is RM_… of float-flags.ts, never "dynamic". Flags are ORed into HART_FFLAGS. Every NaN
 * that comes out is the canonical one ("F" § "NaN Generation and Propagation").
 *
 * Each operation is wasm's own where that is provably all there is to do: round to nearest, a finite result that
 * cannot have underflowed, and inexact either raised already or known to be false. Else FloatExact takes it.
 * float-compare.ts and float-convert.ts have the other instructions.
 */
export abstract class Float {
  /** fadd.d */
  @inline static add64(a: u64, b: u64, rm: u32): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const sum = x + y;
    if (rm === RM_RNE && abs(sum) < Infinity && (FloatRound.inexactIsSet || Float.sumError<f64>(x, y, sum) === 0)) {
      return reinterpret<u64>(sum);
    }
    return FloatExact.add<f64>(a, b, rm);
  }

  /** fsub.d */
  @inline static sub64(a: u64, b: u64, rm: u32): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const sum = x - y;
    if (rm === RM_RNE && abs(sum) < Infinity && (FloatRound.inexactIsSet || Float.sumError<f64>(x, -y, sum) === 0)) {
      return reinterpret<u64>(sum);
    }
    return Float.subtractExactly64(a, b, rm);
  }

  /** fmul.d */
  @inline static mul64(a: u64, b: u64, rm: u32): u64 {
    const product = reinterpret<f64>(a) * reinterpret<f64>(b);
    const size = abs(product);
    if (rm === RM_RNE && size > NORMAL64 && size < Infinity && (FloatRound.inexactIsSet || Float.fit64(a, b))) {
      return reinterpret<u64>(product);
    }
    return FloatExact.multiply<f64>(a, b, rm);
  }

  /** fdiv.d */
  @inline static div64(a: u64, b: u64, rm: u32): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const quotient = x / y;
    const size = abs(quotient);
    if (rm === RM_RNE && size > NORMAL64 && size < Infinity) {
      if (FloatRound.inexactIsSet || Float.dividesExactly64(x, y, quotient)) return reinterpret<u64>(quotient);
    }
    return FloatExact.divide<f64>(a, b, rm);
  }

  /** fsqrt.d */
  @inline static sqrt64(a: u64, rm: u32): u64 {
    const x = reinterpret<f64>(a);
    const root = sqrt<f64>(x);
    if (rm === RM_RNE && root < Infinity && (FloatRound.inexactIsSet || Float.dividesExactly64(x, root, root))) {
      return reinterpret<u64>(root);
    }
    return FloatExact.squareRoot<f64>(a, rm);
  }

  /**
   * fmadd.d: a × b + c, rounded once. The others flip signs first, which NaNs do not mind: fmsub.d is c ^ SIGN64,
   * fnmsub.d a ^ SIGN64, fnmadd.d both.
   *
   * Error-free transforms: a × b = product + low exactly (Dekker), product + c = sum + error exactly (Knuth), so the
   * result is sum + (error + low), if only `rest`, the rounded second sum, lies on the same side of every midpoint
   * between two results as the unrounded one. Where product and c cancel, error is 0 and rest is low. Else |sum| is at
   * least half of |product|, so |rest| is at most 1.5 units of sum's last place, and a midpoint lies a multiple of 1/4
   * of that unit away: three significant bits. Rounding is monotonic, so it can only have moved `rest` *onto* such a
   * number, and then the lower half of its pattern is zero: that is left to integers, as are products so small that
   * `low` might not be a number, and all that leaves the finite numbers.
   */
  static fma64(a: u64, b: u64, c: u64, rm: u32): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    const z = reinterpret<f64>(c);
    const product = x * y;
    const xHigh = reinterpret<f64>((a + SPLIT_HALF) & SPLIT_MASK);
    const yHigh = reinterpret<f64>((b + SPLIT_HALF) & SPLIT_MASK);
    const xLow = x - xHigh;
    const yLow = y - yHigh;
    const low = xHigh * yHigh - product + xHigh * yLow + xLow * yHigh + xLow * yLow;
    const sum = product + z;
    const error = Float.sumError<f64>(product, z, sum);
    const rest = error + low;
    const result = sum + rest;
    if (
      rm === RM_RNE &&
      abs(product) > FMA_NORMAL &&
      abs(result) < Infinity &&
      (rest === 0 || (FloatRound.inexactIsSet && (<u32>reinterpret<u64>(rest) !== 0 || error === 0 || low === 0)))
    ) {
      return reinterpret<u64>(result);
    }
    return FloatExact.fma<f64>(a, b, c, rm);
  }

  /** fadd.s */
  @inline static add32(a: u32, b: u32, rm: u32): u32 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    const sum = x + y;
    if (rm === RM_RNE && abs(sum) < Infinity && (FloatRound.inexactIsSet || Float.sumError<f32>(x, y, sum) === 0)) {
      return reinterpret<u32>(sum);
    }
    return Float.addExactly32(a, b, rm);
  }

  /** fsub.s */
  @inline static sub32(a: u32, b: u32, rm: u32): u32 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    const sum = x - y;
    if (rm === RM_RNE && abs(sum) < Infinity && (FloatRound.inexactIsSet || Float.sumError<f32>(x, -y, sum) === 0)) {
      return reinterpret<u32>(sum);
    }
    return Float.subtractExactly32(a, b, rm);
  }

  /** fmul.s: the product in binary64 is exact. */
  @inline static mul32(a: u32, b: u32, rm: u32): u32 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    const product = x * y;
    const size = abs(product);
    if (rm === RM_RNE && size > NORMAL32 && size < Infinity) {
      if (FloatRound.inexactIsSet || <f64>x * <f64>y === <f64>product) return reinterpret<u32>(product);
    }
    return Float.multiplyExactly32(a, b, rm);
  }

  /** fdiv.s */
  @inline static div32(a: u32, b: u32, rm: u32): u32 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    const quotient = x / y;
    const size = abs(quotient);
    if (rm === RM_RNE && size > NORMAL32 && size < Infinity) {
      if (FloatRound.inexactIsSet || <f64>quotient * <f64>y === <f64>x) return reinterpret<u32>(quotient);
    }
    return Float.divideExactly32(a, b, rm);
  }

  /** fsqrt.s */
  @inline static sqrt32(a: u32, rm: u32): u32 {
    const x = reinterpret<f32>(a);
    const root = sqrt<f32>(x);
    if (rm === RM_RNE && root < Infinity && (FloatRound.inexactIsSet || <f64>root * <f64>root === <f64>x)) {
      return reinterpret<u32>(root);
    }
    return <u32>FloatExact.squareRoot<f32>(FloatBits.widen(a), rm);
  }

  /**
   * fmadd.s. The product is exact in binary64; the sum is rounded there first, which the second rounding can only mind
   * when the sum is a tie of binary32 and was not exact.
   */
  @inline static fma32(a: u32, b: u32, c: u32, rm: u32): u32 {
    const product = <f64>reinterpret<f32>(a) * <f64>reinterpret<f32>(b);
    const z = <f64>reinterpret<f32>(c);
    const sum = product + z;
    const result = <f32>sum;
    const size = abs(result);
    if (rm === RM_RNE && size < Infinity && (size > NORMAL32 || sum === 0)) {
      if (FloatRound.inexactIsSet && (reinterpret<u64>(sum) & NARROW_MASK) !== NARROW_TIE) {
        return reinterpret<u32>(result);
      }
      if ((FloatRound.inexactIsSet || <f64>result === sum) && Float.sumError<f64>(product, z, sum) === 0) {
        return reinterpret<u32>(result);
      }
    }
    return Float.fmaExactly32(a, b, c, rm);
  }

  /** x + y - sum exactly, where sum is x + y rounded to nearest (Knuth). Not a number when a step overflows. */
  @inline private static sumError<T>(x: T, y: T, sum: T): T {
    const ySeen = sum - x;
    return x - (sum - ySeen) + (y - ySeen);
  }

  /** The product of the significands fits into 53 bits. (Not the other way round: it may fit where this says no.) */
  @inline private static fit64(a: u64, b: u64): bool {
    return ctz(a | HIDDEN64) + ctz(b | HIDDEN64) > 52;
  }

  /** x = y × quotient. May say no where it is. */
  private static dividesExactly64(x: f64, y: f64, quotient: f64): bool {
    return abs(x) > NORMAL64 && Float.fit64(reinterpret<u64>(y), reinterpret<u64>(quotient)) && y * quotient === x;
  }

  private static subtractExactly64(a: u64, b: u64, rm: u32): u64 {
    return FloatExact.add<f64>(a, b ^ SIGN64, rm);
  }

  private static addExactly32(a: u32, b: u32, rm: u32): u32 {
    return <u32>FloatExact.add<f32>(FloatBits.widen(a), FloatBits.widen(b), rm);
  }

  private static subtractExactly32(a: u32, b: u32, rm: u32): u32 {
    return Float.addExactly32(a, b ^ SIGN32, rm);
  }

  private static multiplyExactly32(a: u32, b: u32, rm: u32): u32 {
    return <u32>FloatExact.multiply<f32>(FloatBits.widen(a), FloatBits.widen(b), rm);
  }

  private static divideExactly32(a: u32, b: u32, rm: u32): u32 {
    return <u32>FloatExact.divide<f32>(FloatBits.widen(a), FloatBits.widen(b), rm);
  }

  private static fmaExactly32(a: u32, b: u32, c: u32, rm: u32): u32 {
    return <u32>FloatExact.fma<f32>(FloatBits.widen(a), FloatBits.widen(b), FloatBits.widen(c), rm);
  }
}
