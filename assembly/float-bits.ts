// IEEE 754's two formats as bit patterns.
//
//   binary64   sign 63 │ exponent 62..52, bias 1023 │ fraction 51..0
//   binary32   sign 31 │ exponent 30..23, bias  127 │ fraction 22..0
//
// The exponent's ones are infinity (fraction 0) or NaN; a NaN whose top fraction bit is clear is signalling. An exponent
// of 0 is zero or a subnormal number: exponent of 1, no hidden bit.
export const SIGN64: u64 = 0x8000_0000_0000_0000;
export const INFINITY64: u64 = 0x7ff0_0000_0000_0000;
export const CANONICAL_NAN64: u64 = 0x7ff8_0000_0000_0000;
export const FRACTION64: u64 = 0x000f_ffff_ffff_ffff;
export const HIDDEN64: u64 = 0x0010_0000_0000_0000;
const QUIET64: u64 = 0x0008_0000_0000_0000;

export const SIGN32: u32 = 0x8000_0000;
export const INFINITY32: u32 = 0x7f80_0000;
export const CANONICAL_NAN32: u32 = 0x7fc0_0000;
export const FRACTION32: u32 = 0x007f_ffff;
const QUIET32: u32 = 0x0040_0000;

export abstract class FloatBits {
  @inline static isNegative64(a: u64): bool {
    return a >>> 63 !== 0;
  }

  @inline static isNaN64(a: u64): bool {
    return (a & ~SIGN64) > INFINITY64;
  }

  @inline static isNaN32(a: u32): bool {
    return (a & ~SIGN32) > INFINITY32;
  }

  @inline static isSignaling64(a: u64): bool {
    return FloatBits.isNaN64(a) && (a & QUIET64) === 0;
  }

  @inline static isSignaling32(a: u32): bool {
    return FloatBits.isNaN32(a) && (a & QUIET32) === 0;
  }

  /** Neither infinite nor a NaN. */
  @inline static isFinite64(a: u64): bool {
    return (a & ~SIGN64) < INFINITY64;
  }

  @inline static isZero64(a: u64): bool {
    return a << 1 === 0;
  }

  /** The binary64 pattern of the same number; a signalling NaN stays one (wasm's promotion would quiet it). */
  @inline static widen(a: u32): u64 {
    if (FloatBits.isNaN32(a)) return ((<u64>(a & SIGN32)) << 32) | INFINITY64 | ((<u64>(a & FRACTION32)) << 29);
    return reinterpret<u64>(<f64>reinterpret<f32>(a));
  }

  /** e, where 2^e <= |a| < 2^(e+1). `a` is finite and not zero. */
  @inline static exponent(a: u64): i32 {
    const field = <i32>(a >>> 52) & 0x7ff;
    return field !== 0 ? field - 1023 : -1011 - <i32>clz(a & FRACTION64);
  }

  /** |a| / 2^exponent(a), a number in [1, 2), with 63 bits after the binary point: bit 63 is set, bits 10..0 are clear. */
  @inline static significand(a: u64): u64 {
    const fraction = a & FRACTION64;
    if (((a >>> 52) & 0x7ff) !== 0) return (fraction | HIDDEN64) << 11;
    return fraction << clz(fraction);
  }

  /** The upper half of the 128-bit product. */
  @inline static multiplyHigh(a: u64, b: u64): u64 {
    const aLow = a & 0xffff_ffff;
    const aHigh = a >>> 32;
    const bLow = b & 0xffff_ffff;
    const bHigh = b >>> 32;
    const middle = aHigh * bLow + ((aLow * bLow) >>> 32);
    return aHigh * bHigh + (middle >>> 32) + (((middle & 0xffff_ffff) + aLow * bHigh) >>> 32);
  }

  /** a / 2^count with what is lost kept as a sticky bit: bit 0 is set when any bit that fell out was. */
  @inline static shiftRightSticky(a: u64, count: u32): u64 {
    if (count === 0) return a;
    if (count > 63) return <u64>(a !== 0);
    return (a >>> count) | <u64>(a << (64 - count) !== 0);
  }
}
