import { Float } from "./float.ts";
import { CANONICAL_NAN32, SIGN32, SIGN64 } from "./float-bits.ts";
import { FloatCompare } from "./float-compare.ts";
import { FloatConvert } from "./float-convert.ts";
import { RM_RMM } from "./float-flags.ts";
import { Hart } from "./hart.ts";
import { Mmu } from "./mmu.ts";
import {
  OP_FADD_D,
  OP_FADD_S,
  OP_FCLASS_D,
  OP_FCLASS_S,
  OP_FCVT_D_L,
  OP_FCVT_D_LU,
  OP_FCVT_D_S,
  OP_FCVT_D_W,
  OP_FCVT_D_WU,
  OP_FCVT_L_D,
  OP_FCVT_L_S,
  OP_FCVT_LU_D,
  OP_FCVT_LU_S,
  OP_FCVT_S_D,
  OP_FCVT_S_L,
  OP_FCVT_S_LU,
  OP_FCVT_S_W,
  OP_FCVT_S_WU,
  OP_FCVT_W_D,
  OP_FCVT_W_S,
  OP_FCVT_WU_D,
  OP_FCVT_WU_S,
  OP_FDIV_D,
  OP_FDIV_S,
  OP_FEQ_D,
  OP_FEQ_S,
  OP_FLD,
  OP_FLE_D,
  OP_FLE_S,
  OP_FLT_D,
  OP_FLT_S,
  OP_FMADD_D,
  OP_FMADD_S,
  OP_FMAX_D,
  OP_FMAX_S,
  OP_FMIN_D,
  OP_FMIN_S,
  OP_FMSUB_D,
  OP_FMSUB_S,
  OP_FMUL_D,
  OP_FMUL_S,
  OP_FMV_D_X,
  OP_FMV_S_X,
  OP_FMV_X_D,
  OP_FMV_X_S,
  OP_FNMADD_D,
  OP_FNMADD_S,
  OP_FNMSUB_D,
  OP_FNMSUB_S,
  OP_FSD,
  OP_FSGNJ_D,
  OP_FSGNJ_S,
  OP_FSGNJN_D,
  OP_FSGNJN_S,
  OP_FSGNJX_D,
  OP_FSGNJX_S,
  OP_FSQRT_D,
  OP_FSQRT_S,
  OP_FSUB_D,
  OP_FSUB_S,
  OP_FSW,
} from "./ops.ts";
import { Record } from "./record.ts";
import { System } from "./system.ts";

/** The rounding mode of an instruction that leaves it to frm. */
const RM_DYN: u32 = 7;
const FS_DIRTY: u32 = 3;
const BOX: u64 = 0xffff_ffff_0000_0000;

/**
 * The instructions of F and D: the registers and what float.ts computes. A binary32 lies in its register below 32 ones;
 * without them it is read as the canonical NaN ("D" § "NaN Boxing of Narrower Values").
 */
export abstract class ExecuteFloat {
  @inline static unbox(a: u64): u32 {
    return a >= BOX ? <u32>a : CANONICAL_NAN32;
  }

  @inline static box(a: u32): u64 {
    return BOX | a;
  }

  @inline private static single1(ip: usize): u32 {
    return ExecuteFloat.unbox(Record.rs1(ip));
  }

  @inline private static single2(ip: usize): u32 {
    return ExecuteFloat.unbox(Record.rs2(ip));
  }

  @inline private static single3(ip: usize): u32 {
    return ExecuteFloat.unbox(Record.rs3(ip));
  }

  /** Loads and stores. A load writes all of the register: flw boxes. False after a trap. */
  static memory(ip: usize, op: i32, va: u64): bool {
    const hart = Hart.record;
    if (hart.fs === 0) return System.illegal();
    if (op === OP_FSD) return Mmu.store<u64>(va, Record.rs2(ip));
    if (op === OP_FSW) return Mmu.store<u32>(va, <u32>Record.rs2(ip));
    const value = op === OP_FLD ? Mmu.load<u64>(va) : BOX | Mmu.load<u32>(va);
    if (hart.trapPending) return false;
    Record.setRd(ip, value);
    hart.fs = FS_DIRTY;
    return true;
  }

  /** Everything else. False after a trap. */
  static compute(ip: usize, op: i32): bool {
    const hart = Hart.record;
    if (hart.fs === 0) return System.illegal();
    let rm: u32 = <u32>Record.imm(ip);
    if (ExecuteFloat.rounds(op)) {
      if (rm === RM_DYN) rm = hart.frm;
      if (rm > <u32>RM_RMM) return System.illegal();
    }
    const value = op < OP_FADD_S ? ExecuteFloat.double(ip, op, rm) : ExecuteFloat.single(ip, op, rm);
    Record.setRd(ip, value);
    hart.fs = FS_DIRTY;
    return true;
  }

  /** Whether the operation has a rounding mode, used or not. */
  private static rounds(op: i32): bool {
    const doubled = op < OP_FADD_S ? op : op - (OP_FADD_S - OP_FADD_D);
    if (doubled < OP_FSGNJ_D || doubled === OP_FCVT_D_S) return true;
    return doubled >= OP_FCVT_W_D && doubled <= OP_FCVT_D_LU;
  }

  private static double(ip: usize, op: i32, rm: u32): u64 {
    const a = Record.rs1(ip);
    const b = Record.rs2(ip);
    switch (op) {
      case OP_FADD_D:
        return Float.add64(a, b, rm);
      case OP_FSUB_D:
        return Float.sub64(a, b, rm);
      case OP_FMUL_D:
        return Float.mul64(a, b, rm);
      case OP_FDIV_D:
        return Float.div64(a, b, rm);
      case OP_FSQRT_D:
        return Float.sqrt64(a, rm);
      case OP_FMADD_D:
        return Float.fma64(a, b, Record.rs3(ip), rm);
      case OP_FMSUB_D:
        return Float.fma64(a, b, Record.rs3(ip) ^ SIGN64, rm);
      case OP_FNMSUB_D:
        return Float.fma64(a ^ SIGN64, b, Record.rs3(ip), rm);
      case OP_FNMADD_D:
        return Float.fma64(a ^ SIGN64, b, Record.rs3(ip) ^ SIGN64, rm);
      case OP_FSGNJ_D:
        return FloatCompare.sgnj64(a, b);
      case OP_FSGNJN_D:
        return FloatCompare.sgnjn64(a, b);
      case OP_FSGNJX_D:
        return FloatCompare.sgnjx64(a, b);
      case OP_FMIN_D:
        return FloatCompare.min64(a, b);
      case OP_FMAX_D:
        return FloatCompare.max64(a, b);
      case OP_FEQ_D:
        return FloatCompare.eq64(a, b);
      case OP_FLT_D:
        return FloatCompare.lt64(a, b);
      case OP_FLE_D:
        return FloatCompare.le64(a, b);
      case OP_FCLASS_D:
        return FloatCompare.classify64(a);
      case OP_FCVT_W_D:
        return FloatConvert.fcvtWD(a, rm);
      case OP_FCVT_WU_D:
        return FloatConvert.fcvtWuD(a, rm);
      case OP_FCVT_L_D:
        return FloatConvert.fcvtLD(a, rm);
      case OP_FCVT_LU_D:
        return FloatConvert.fcvtLuD(a, rm);
      case OP_FCVT_D_W:
        return FloatConvert.fcvtDW(a);
      case OP_FCVT_D_WU:
        return FloatConvert.fcvtDWu(a);
      case OP_FCVT_D_L:
        return FloatConvert.fcvtDL(a, rm);
      case OP_FCVT_D_LU:
        return FloatConvert.fcvtDLu(a, rm);
      case OP_FMV_X_D:
      case OP_FMV_D_X:
        return a;
      case OP_FCVT_D_S:
        return FloatConvert.fcvtDS(ExecuteFloat.unbox(a));
      default:
        unreachable();
        return 0;
    }
  }

  private static single(ip: usize, op: i32, rm: u32): u64 {
    const a = ExecuteFloat.single1(ip);
    const b = ExecuteFloat.single2(ip);
    switch (op) {
      case OP_FADD_S:
        return ExecuteFloat.box(Float.add32(a, b, rm));
      case OP_FSUB_S:
        return ExecuteFloat.box(Float.sub32(a, b, rm));
      case OP_FMUL_S:
        return ExecuteFloat.box(Float.mul32(a, b, rm));
      case OP_FDIV_S:
        return ExecuteFloat.box(Float.div32(a, b, rm));
      case OP_FSQRT_S:
        return ExecuteFloat.box(Float.sqrt32(a, rm));
      case OP_FMADD_S:
        return ExecuteFloat.box(Float.fma32(a, b, ExecuteFloat.single3(ip), rm));
      case OP_FMSUB_S:
        return ExecuteFloat.box(Float.fma32(a, b, ExecuteFloat.single3(ip) ^ SIGN32, rm));
      case OP_FNMSUB_S:
        return ExecuteFloat.box(Float.fma32(a ^ SIGN32, b, ExecuteFloat.single3(ip), rm));
      case OP_FNMADD_S:
        return ExecuteFloat.box(Float.fma32(a ^ SIGN32, b, ExecuteFloat.single3(ip) ^ SIGN32, rm));
      case OP_FSGNJ_S:
        return ExecuteFloat.box(FloatCompare.sgnj32(a, b));
      case OP_FSGNJN_S:
        return ExecuteFloat.box(FloatCompare.sgnjn32(a, b));
      case OP_FSGNJX_S:
        return ExecuteFloat.box(FloatCompare.sgnjx32(a, b));
      case OP_FMIN_S:
        return ExecuteFloat.box(FloatCompare.min32(a, b));
      case OP_FMAX_S:
        return ExecuteFloat.box(FloatCompare.max32(a, b));
      case OP_FEQ_S:
        return FloatCompare.eq32(a, b);
      case OP_FLT_S:
        return FloatCompare.lt32(a, b);
      case OP_FLE_S:
        return FloatCompare.le32(a, b);
      case OP_FCLASS_S:
        return FloatCompare.classify32(a);
      case OP_FCVT_W_S:
        return FloatConvert.fcvtWS(a, rm);
      case OP_FCVT_WU_S:
        return FloatConvert.fcvtWuS(a, rm);
      case OP_FCVT_L_S:
        return FloatConvert.fcvtLS(a, rm);
      case OP_FCVT_LU_S:
        return FloatConvert.fcvtLuS(a, rm);
      case OP_FCVT_S_W:
        return ExecuteFloat.box(FloatConvert.fcvtSW(Record.rs1(ip), rm));
      case OP_FCVT_S_WU:
        return ExecuteFloat.box(FloatConvert.fcvtSWu(Record.rs1(ip), rm));
      case OP_FCVT_S_L:
        return ExecuteFloat.box(FloatConvert.fcvtSL(Record.rs1(ip), rm));
      case OP_FCVT_S_LU:
        return ExecuteFloat.box(FloatConvert.fcvtSLu(Record.rs1(ip), rm));
      case OP_FMV_X_S:
        return <u64>(<i32>Record.rs1(ip));
      case OP_FMV_S_X:
        return ExecuteFloat.box(<u32>Record.rs1(ip));
      case OP_FCVT_S_D:
        return ExecuteFloat.box(FloatConvert.fcvtSD(Record.rs1(ip), rm));
      default:
        unreachable();
        return 0;
    }
  }
}
