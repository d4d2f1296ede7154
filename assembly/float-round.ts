import { CANONICAL_NAN32, CANONICAL_NAN64, FloatBits, INFINITY32, INFINITY64 } from "./float-bits.ts";
import { FFLAG_NV, FFLAG_NX, FFLAG_OF, FFLAG_UF, RM_RDN, RM_RMM, RM_RNE, RM_RUP } from "./float-flags.ts";
import { HART_FFLAGS } from "./hart-layout.ts";
import { HART } from "./layout.ts";

/** What the exact paths share. T is f32 or f64, the format of the result; its pattern travels in the low bits of a u64. */
export abstract class FloatRound {
  /** ORs FFLAG_… into the hart's fflags. */
  @inline static raise(flags: u32): void {
    store<u32>(HART, load<u32>(HART, HART_FFLAGS) | flags, HART_FFLAGS);
  }

  /** Inexact was raised before: whether a result is exact no longer matters. */
  @inline static get inexactIsSet(): bool {
    return (load<u32>(HART, HART_FFLAGS) & FFLAG_NX) !== 0;
  }

  @inline static canonicalNaN<T>(): u64 {
    return sizeof<T>() === 4 ? <u64>CANONICAL_NAN32 : CANONICAL_NAN64;
  }

  @inline static infinity<T>(negative: bool): u64 {
    return FloatRound.sign<T>(negative) | (sizeof<T>() === 4 ? <u64>INFINITY32 : INFINITY64);
  }

  /** Zero, or the sign bit alone. */
  @inline static sign<T>(negative: bool): u64 {
    return (<u64>negative) << (sizeof<T>() === 4 ? 31 : 63);
  }

  static invalid<T>(): u64 {
    FloatRound.raise(FFLAG_NV);
    return FloatRound.canonicalNaN<T>();
  }

  /** 1 when the bits of `significand` below the result's last one, `dropped` of them, round it away from zero. */
  @inline static roundsUp(negative: bool, significand: u64, dropped: u64, rm: u32): u64 {
    const rest = significand & ((1 << dropped) - 1);
    const half: u64 = 1 << (dropped - 1);
    if (rm === RM_RNE) return <u64>(rest > half || (rest === half && ((significand >>> dropped) & 1) !== 0));
    if (rm === RM_RMM) return <u64>(rest >= half);
    return <u64>(rest !== 0 && rm === (negative ? RM_RDN : RM_RUP));
  }

  /**
   * The one rounding: ±(significand / 2^63) × 2^exponent in format T, its flags raised. Bit 63 of `significand` is set,
   * its bit 0 is sticky. |exponent| is below 2^30.
   * Tininess is detected after rounding ("F" § "Floating-Point Control and Status Register").
   */
  static round<T>(negative: bool, exponent: i32, significand: u64, rm: u32): u64 {
    const digits: u64 = sizeof<T>() === 4 ? 24 : 53;
    const dropped: u64 = 64 - digits;
    const infinityField: i32 = sizeof<T>() === 4 ? 0xff : 0x7ff;
    let field = exponent + (infinityField >> 1);
    let tiny = false;
    if (field >= infinityField) return FloatRound.overflow<T>(negative, rm);
    if (field <= 0) {
      // With an exponent of no limit, only a number just below the smallest normal one could round up to it.
      const rounded = (significand >>> dropped) + FloatRound.roundsUp(negative, significand, dropped, rm);
      tiny = field < 0 || rounded >>> digits === 0;
      significand = FloatBits.shiftRightSticky(significand, 1 - field);
      field = 1;
    }
    const rounded = (significand >>> dropped) + FloatRound.roundsUp(negative, significand, dropped, rm);
    // The hidden bit adds one to the field; so does the carry of a significand that rounds up to 2.
    const bits = ((<u64>(field - 1)) << (digits - 1)) + rounded;
    if (bits >= FloatRound.infinity<T>(false)) return FloatRound.overflow<T>(negative, rm);
    if (significand << digits !== 0) FloatRound.raise(tiny ? FFLAG_NX | FFLAG_UF : FFLAG_NX);
    return FloatRound.sign<T>(negative) | bits;
  }

  /** IEEE 754 § 7.4: infinity where the mode rounds that way, else the largest finite number. */
  private static overflow<T>(negative: bool, rm: u32): u64 {
    FloatRound.raise(FFLAG_OF | FFLAG_NX);
    const up = rm === RM_RNE || rm === RM_RMM || rm === (negative ? RM_RDN : RM_RUP);
    return FloatRound.infinity<T>(negative) - <u64>!up;
  }
}
