import { CANONICAL_NAN64, FloatBits } from "./float-bits.ts";
import { FloatExact } from "./float-exact.ts";
import { FFLAG_NV, FFLAG_NX, RM_RDN, RM_RMM, RM_RNE, RM_RTZ } from "./float-flags.ts";
import { FloatRound } from "./float-round.ts";

const NORMAL32: f32 = 1.1754943508222875e-38;
const TWO31: f64 = 2147483648;
const TWO32: f64 = 4294967296;
const TWO63: f64 = TWO32 * TWO31;
const TWO64: f64 = TWO32 * TWO32;

/**
 * The conversions of F and D, named as their instructions: fcvtWD is fcvt.w.d, from binary64 to a 32-bit integer. An
 * integer is the whole register: results of 32 bits, unsigned ones too, are sign-extended, operands of 32 bits are the
 * register's low half. Out of range and NaN is invalid, not inexact, and gives the nearest integer there is; a NaN the
 * largest ("F" § "Single-Precision Floating-Point Conversion and Move Instructions").
 */
export abstract class FloatConvert {
  @inline static fcvtWD(a: u64, rm: u32): u64 {
    return FloatConvert.toW(reinterpret<f64>(a), rm);
  }

  @inline static fcvtWuD(a: u64, rm: u32): u64 {
    return FloatConvert.toWu(reinterpret<f64>(a), rm);
  }

  @inline static fcvtLD(a: u64, rm: u32): u64 {
    return FloatConvert.toL(reinterpret<f64>(a), rm);
  }

  @inline static fcvtLuD(a: u64, rm: u32): u64 {
    return FloatConvert.toLu(reinterpret<f64>(a), rm);
  }

  @inline static fcvtWS(a: u32, rm: u32): u64 {
    return FloatConvert.toW(<f64>reinterpret<f32>(a), rm);
  }

  @inline static fcvtWuS(a: u32, rm: u32): u64 {
    return FloatConvert.toWu(<f64>reinterpret<f32>(a), rm);
  }

  @inline static fcvtLS(a: u32, rm: u32): u64 {
    return FloatConvert.toL(<f64>reinterpret<f32>(a), rm);
  }

  @inline static fcvtLuS(a: u32, rm: u32): u64 {
    return FloatConvert.toLu(<f64>reinterpret<f32>(a), rm);
  }

  /** Exact in every mode. */
  @inline static fcvtDW(a: u64): u64 {
    return reinterpret<u64>(<f64>(<i32>a));
  }

  @inline static fcvtDWu(a: u64): u64 {
    return reinterpret<u64>(<f64>(<u32>a));
  }

  @inline static fcvtDL(a: u64, rm: u32): u64 {
    if (rm === RM_RNE && FloatRound.inexactIsSet) return reinterpret<u64>(<f64>(<i64>a));
    return FloatConvert.fromInteger<f64>(<i64>a < 0, a, rm);
  }

  @inline static fcvtDLu(a: u64, rm: u32): u64 {
    if (rm === RM_RNE && FloatRound.inexactIsSet) return reinterpret<u64>(<f64>a);
    return FloatConvert.fromInteger<f64>(false, a, rm);
  }

  @inline static fcvtSW(a: u64, rm: u32): u32 {
    return FloatConvert.fcvtSL(<u64>(<i64>(<i32>a)), rm);
  }

  @inline static fcvtSWu(a: u64, rm: u32): u32 {
    return FloatConvert.fcvtSLu(<u64>(<u32>a), rm);
  }

  @inline static fcvtSL(a: u64, rm: u32): u32 {
    if (rm === RM_RNE && FloatRound.inexactIsSet) return reinterpret<u32>(<f32>(<i64>a));
    return <u32>FloatConvert.fromInteger<f32>(<i64>a < 0, a, rm);
  }

  @inline static fcvtSLu(a: u64, rm: u32): u32 {
    if (rm === RM_RNE && FloatRound.inexactIsSet) return reinterpret<u32>(<f32>a);
    return <u32>FloatConvert.fromInteger<f32>(false, a, rm);
  }

  /** Exact in every mode. */
  @inline static fcvtDS(a: u32): u64 {
    const x = reinterpret<f32>(a);
    return F32.isNaN(x) ? FloatConvert.promoteNaN(a) : reinterpret<u64>(<f64>x);
  }

  @inline static fcvtSD(a: u64, rm: u32): u32 {
    const x = reinterpret<f64>(a);
    const result = <f32>x;
    const size = abs(result);
    if (rm === RM_RNE && size < Infinity && ((FloatRound.inexactIsSet && size > NORMAL32) || <f64>result === x)) {
      return reinterpret<u32>(result);
    }
    return <u32>FloatExact.convert<f32>(a, rm);
  }

  private static promoteNaN(a: u32): u64 {
    if (FloatBits.isSignaling32(a)) FloatRound.raise(FFLAG_NV);
    return CANONICAL_NAN64;
  }

  private static toW(x: f64, rm: u32): u64 {
    const whole = FloatConvert.whole(x, rm);
    if (whole >= -TWO31 && whole < TWO31) return FloatConvert.noteInexact(x, whole, <i32>whole);
    return FloatConvert.invalid(x, i32.MIN_VALUE, i32.MAX_VALUE);
  }

  private static toWu(x: f64, rm: u32): u64 {
    const whole = FloatConvert.whole(x, rm);
    if (whole >= 0 && whole < TWO32) return FloatConvert.noteInexact(x, whole, <i32>(<u32>whole));
    return FloatConvert.invalid(x, 0, -1);
  }

  private static toL(x: f64, rm: u32): u64 {
    const whole = FloatConvert.whole(x, rm);
    if (whole >= -TWO63 && whole < TWO63) return FloatConvert.noteInexact(x, whole, <i64>whole);
    return FloatConvert.invalid(x, i64.MIN_VALUE, i64.MAX_VALUE);
  }

  private static toLu(x: f64, rm: u32): u64 {
    const whole = FloatConvert.whole(x, rm);
    if (whole >= 0 && whole < TWO64) return FloatConvert.noteInexact(x, whole, <u64>whole);
    return FloatConvert.invalid(x, 0, -1);
  }

  /** `x` rounded to a whole number: exact, for every format and size. */
  @inline private static whole(x: f64, rm: u32): f64 {
    if (rm === RM_RTZ) return trunc<f64>(x);
    if (rm === RM_RNE) return nearest<f64>(x);
    if (rm === RM_RMM) {
      const down = trunc<f64>(x);
      return abs(x - down) >= 0.5 ? down + copysign<f64>(1, x) : down;
    }
    return rm === RM_RDN ? floor<f64>(x) : ceil<f64>(x);
  }

  @inline private static noteInexact(x: f64, whole: f64, result: i64): u64 {
    if (whole !== x) FloatRound.raise(FFLAG_NX);
    return <u64>result;
  }

  private static invalid(x: f64, least: i64, most: i64): u64 {
    FloatRound.raise(FFLAG_NV);
    return <u64>(x < 0 ? least : most);
  }

  private static fromInteger<T>(negative: bool, a: u64, rm: u32): u64 {
    if (a === 0) return 0;
    const magnitude = negative ? 0 - a : a;
    const zeros = clz(magnitude);
    return FloatRound.round<T>(negative, 63 - <i32>zeros, magnitude << zeros, rm);
  }
}
