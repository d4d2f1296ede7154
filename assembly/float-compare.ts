import { CANONICAL_NAN32, CANONICAL_NAN64, FloatBits, INFINITY32, INFINITY64, SIGN32, SIGN64 } from "./float-bits.ts";
import { FFLAG_NV } from "./float-flags.ts";
import { FloatRound } from "./float-round.ts";

/** fclass: the bit of each class, "F" § "Single-Precision Floating-Point Classify Instruction". */
const CLASS_NEGATIVE_INFINITY: u64 = 1 << 0;
const CLASS_NEGATIVE_NORMAL: u64 = 1 << 1;
const CLASS_NEGATIVE_SUBNORMAL: u64 = 1 << 2;
const CLASS_NEGATIVE_ZERO: u64 = 1 << 3;
const CLASS_POSITIVE_ZERO: u64 = 1 << 4;
const CLASS_POSITIVE_SUBNORMAL: u64 = 1 << 5;
const CLASS_POSITIVE_NORMAL: u64 = 1 << 6;
const CLASS_POSITIVE_INFINITY: u64 = 1 << 7;
const CLASS_SIGNALING_NAN: u64 = 1 << 8;
const CLASS_QUIET_NAN: u64 = 1 << 9;

/**
 * Instructions of F and D that compare, choose or look, and so never round. Bit patterns as in float.ts; comparisons and
 * classes answer the value of the integer register.
 */
export abstract class FloatCompare {
  /** feq.d: quiet, invalid for a signalling NaN alone. */
  @inline static eq64(a: u64, b: u64): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    if (F64.isNaN(x) || F64.isNaN(y)) FloatCompare.signal64(a, b);
    return <u64>(x === y);
  }

  /** flt.d: invalid for every NaN. */
  @inline static lt64(a: u64, b: u64): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    if (F64.isNaN(x) || F64.isNaN(y)) FloatRound.raise(FFLAG_NV);
    return <u64>(x < y);
  }

  /** fle.d */
  @inline static le64(a: u64, b: u64): u64 {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    if (F64.isNaN(x) || F64.isNaN(y)) FloatRound.raise(FFLAG_NV);
    return <u64>(x <= y);
  }

  /** fmin.d: minimumNumber of IEEE 754-2019. -0 is below +0; a number goes before a NaN. */
  @inline static min64(a: u64, b: u64): u64 {
    const least = min<f64>(reinterpret<f64>(a), reinterpret<f64>(b));
    return F64.isNaN(least) ? FloatCompare.number64(a, b) : reinterpret<u64>(least);
  }

  /** fmax.d: maximumNumber. */
  @inline static max64(a: u64, b: u64): u64 {
    const most = max<f64>(reinterpret<f64>(a), reinterpret<f64>(b));
    return F64.isNaN(most) ? FloatCompare.number64(a, b) : reinterpret<u64>(most);
  }

  /** fsgnj.d, fsgnjn.d, fsgnjx.d: b's sign on a, its opposite, the product of the signs. Bits are only moved. */
  @inline static sgnj64(a: u64, b: u64): u64 {
    return (a & ~SIGN64) | (b & SIGN64);
  }

  @inline static sgnjn64(a: u64, b: u64): u64 {
    return (a & ~SIGN64) | (~b & SIGN64);
  }

  @inline static sgnjx64(a: u64, b: u64): u64 {
    return a ^ (b & SIGN64);
  }

  /** fclass.d: exactly one bit of ten. */
  static classify64(a: u64): u64 {
    return FloatCompare.classOf(
      FloatBits.isNegative64(a),
      FloatBits.isNaN64(a),
      FloatBits.isSignaling64(a),
      (a & ~SIGN64) === INFINITY64,
      FloatBits.isZero64(a),
      (a & INFINITY64) === 0,
    );
  }

  /** feq.s */
  @inline static eq32(a: u32, b: u32): u64 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    if (F32.isNaN(x) || F32.isNaN(y)) FloatCompare.signal32(a, b);
    return <u64>(x === y);
  }

  /** flt.s */
  @inline static lt32(a: u32, b: u32): u64 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    if (F32.isNaN(x) || F32.isNaN(y)) FloatRound.raise(FFLAG_NV);
    return <u64>(x < y);
  }

  /** fle.s */
  @inline static le32(a: u32, b: u32): u64 {
    const x = reinterpret<f32>(a);
    const y = reinterpret<f32>(b);
    if (F32.isNaN(x) || F32.isNaN(y)) FloatRound.raise(FFLAG_NV);
    return <u64>(x <= y);
  }

  /** fmin.s */
  @inline static min32(a: u32, b: u32): u32 {
    const least = min<f32>(reinterpret<f32>(a), reinterpret<f32>(b));
    return F32.isNaN(least) ? FloatCompare.number32(a, b) : reinterpret<u32>(least);
  }

  /** fmax.s */
  @inline static max32(a: u32, b: u32): u32 {
    const most = max<f32>(reinterpret<f32>(a), reinterpret<f32>(b));
    return F32.isNaN(most) ? FloatCompare.number32(a, b) : reinterpret<u32>(most);
  }

  /** fsgnj.s, fsgnjn.s, fsgnjx.s */
  @inline static sgnj32(a: u32, b: u32): u32 {
    return (a & ~SIGN32) | (b & SIGN32);
  }

  @inline static sgnjn32(a: u32, b: u32): u32 {
    return (a & ~SIGN32) | (~b & SIGN32);
  }

  @inline static sgnjx32(a: u32, b: u32): u32 {
    return a ^ (b & SIGN32);
  }

  /** fclass.s */
  static classify32(a: u32): u64 {
    return FloatCompare.classOf(
      a >>> 31 !== 0,
      FloatBits.isNaN32(a),
      FloatBits.isSignaling32(a),
      (a & ~SIGN32) === INFINITY32,
      a << 1 === 0,
      (a & INFINITY32) === 0,
    );
  }

  @inline private static classOf(
    negative: bool,
    nan: bool,
    signaling: bool,
    infinite: bool,
    zero: bool,
    subnormal: bool,
  ): u64 {
    if (nan) return signaling ? CLASS_SIGNALING_NAN : CLASS_QUIET_NAN;
    if (infinite) return negative ? CLASS_NEGATIVE_INFINITY : CLASS_POSITIVE_INFINITY;
    if (zero) return negative ? CLASS_NEGATIVE_ZERO : CLASS_POSITIVE_ZERO;
    if (subnormal) return negative ? CLASS_NEGATIVE_SUBNORMAL : CLASS_POSITIVE_SUBNORMAL;
    return negative ? CLASS_NEGATIVE_NORMAL : CLASS_POSITIVE_NORMAL;
  }

  private static signal64(a: u64, b: u64): void {
    if (FloatBits.isSignaling64(a) || FloatBits.isSignaling64(b)) FloatRound.raise(FFLAG_NV);
  }

  private static signal32(a: u32, b: u32): void {
    if (FloatBits.isSignaling32(a) || FloatBits.isSignaling32(b)) FloatRound.raise(FFLAG_NV);
  }

  /** The one of the two that is a number, if any is: at least one is a NaN. */
  private static number64(a: u64, b: u64): u64 {
    FloatCompare.signal64(a, b);
    if (!FloatBits.isNaN64(a)) return a;
    return FloatBits.isNaN64(b) ? CANONICAL_NAN64 : b;
  }

  private static number32(a: u32, b: u32): u32 {
    FloatCompare.signal32(a, b);
    if (!FloatBits.isNaN32(a)) return a;
    return FloatBits.isNaN32(b) ? CANONICAL_NAN32 : b;
  }
}
