import { ExecuteFloat } from "./execute-float.ts";
import { Float } from "./float.ts";
import { FFLAG_NX, RM_RNE } from "./float-flags.ts";
import { Hart } from "./hart.ts";
import { HART_FRM, HART_FS } from "./hart-layout.ts";
import { HART } from "./layout.ts";
import { RECORD_IMM } from "./ops.ts";
import { Record } from "./record.ts";

const RM_RTZ: i32 = 1;
const RM_DYN: i32 = 7;
/** frm and FS as one word: round to nearest, and dirty already. */
const NEAREST_DIRTY: u64 = 3 << 32;
const NORMAL64: f64 = 2.2250738585072014e-308;
const NORMAL32: f32 = 1.1754943508222875e-38;

if (HART_FS !== HART_FRM + 4) ERROR("FS does not follow frm");

/**
 * When a floating-point instruction is what wasm computes and nothing else happens: FS is dirty already, the mode is
 * round to nearest, inexact is set already and no other flag can be raised. In all other cases it is execute-float's.
 */
export abstract class QuickFloat {
  /** Nothing to note about an instruction that does not round. */
  @inline static isOn(): bool {
    return Hart.record.fs === 3;
  }

  /** Nothing to note about rounding: the usual case. */
  @inline static rounds(ip: usize): bool {
    return (
      load<u64>(HART + HART_FRM) === NEAREST_DIRTY &&
      load<i32>(ip, RECORD_IMM) === RM_DYN &&
      (Hart.record.fflags & FFLAG_NX) !== 0
    );
  }

  /** The same for a conversion to an integer, as C does it: towards zero. */
  @inline static truncates(ip: usize): bool {
    return Hart.record.fs === 3 && load<i32>(ip, RECORD_IMM) === RM_RTZ && (Hart.record.fflags & FFLAG_NX) !== 0;
  }

  /** Neither is a NaN. */
  @inline static areNumbers(x: f64, y: f64): bool {
    return x < y || x >= y;
  }

  /** Neither a NaN nor an infinity. */
  @inline static isFinite<T>(x: T): bool {
    return abs<T>(x) < <T>Infinity;
  }

  /** Nor zero, nor so small that it may have underflowed. */
  @inline static isNormal<T>(x: T): bool {
    const size = abs<T>(x);
    return size > (sizeof<T>() === 8 ? <T>NORMAL64 : <T>NORMAL32) && size < <T>Infinity;
  }

  /** A fused multiply-add of singles; `signA` and `signC` are SIGN32 where a or c is negated. */
  static fma32(ip: usize, signA: u32, signC: u32): void {
    const a = ExecuteFloat.unbox(Record.rs1(ip)) ^ signA;
    const c = ExecuteFloat.unbox(Record.rs3(ip)) ^ signC;
    Record.setRd(ip, ExecuteFloat.box(Float.fma32(a, ExecuteFloat.unbox(Record.rs2(ip)), c, RM_RNE)));
  }
}
