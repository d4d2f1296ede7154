import { SLOT_F } from "./hart-layout.ts";
import { Instruction } from "./instruction.ts";
import {
  OP_FADD_D,
  OP_FADD_S,
  OP_FCLASS_D,
  OP_FCVT_D_S,
  OP_FCVT_D_W,
  OP_FCVT_W_D,
  OP_FDIV_D,
  OP_FEQ_D,
  OP_FLE_D,
  OP_FLT_D,
  OP_FMADD_D,
  OP_FMIN_D,
  OP_FMUL_D,
  OP_FMV_D_X,
  OP_FMV_X_D,
  OP_FSGNJ_D,
  OP_FSQRT_D,
  OP_FSUB_D,
  OP_ILLEGAL,
  RECORD_RS3,
} from "./ops.ts";
import { Record } from "./record.ts";

/** From an operation on doubles to the same one on singles. */
const SINGLE = OP_FADD_S - OP_FADD_D;

/** The F and D extensions' computations. The rounding mode is the record's immediate. */
export abstract class DecodeFloat {
  static instruction(ip: usize, bits: u32): bool {
    const format = (bits >>> 25) & 3;
    const opcode = bits & 0x7f;
    const op = format > 1 ? 0 : opcode === 0x53 ? DecodeFloat.computation(bits) : DecodeFloat.fused(bits, opcode);
    if (op === 0) {
      Record.write(ip, OP_ILLEGAL, 0, 0, 0, bits);
      return false;
    }
    const toInteger = opcode === 0x53 && DecodeFloat.writesInteger(bits >>> 27);
    const fromInteger = opcode === 0x53 && (bits >>> 27 === 0x1a || bits >>> 27 === 0x1e);
    const rd = Instruction.rd(bits) + (toInteger ? 0 : SLOT_F);
    const rs1 = Instruction.rs1(bits) + (fromInteger ? 0 : SLOT_F);
    const rm = Instruction.funct3(bits);
    Record.write(ip, format === 1 ? op : op + SINGLE, rd, rs1, SLOT_F + Instruction.rs2(bits), rm);
    if (opcode !== 0x53) store<u16>(ip, (SLOT_F + (bits >>> 27)) << 3, RECORD_RS3);
    return true;
  }

  private static fused(bits: u32, opcode: u32): i32 {
    return DecodeFloat.rounds(bits) ? OP_FMADD_D + ((opcode - 0x43) >>> 2) : 0;
  }

  /** Modes 5 and 6 are "reserved for future use"; 7 is frm's. */
  private static rounds(bits: u32): bool {
    const rm = Instruction.funct3(bits);
    return rm < 5 || rm === 7;
  }

  /** Comparisons, classifications, conversions and moves to integer registers. */
  private static writesInteger(funct5: u32): bool {
    return funct5 === 0x14 || funct5 === 0x18 || funct5 === 0x1c;
  }

  private static computation(bits: u32): i32 {
    const rm = Instruction.funct3(bits);
    const rs2 = Instruction.rs2(bits);
    const rounds = DecodeFloat.rounds(bits);
    switch (bits >>> 27) {
      case 0x00:
        return rounds ? OP_FADD_D : 0;
      case 0x01:
        return rounds ? OP_FSUB_D : 0;
      case 0x02:
        return rounds ? OP_FMUL_D : 0;
      case 0x03:
        return rounds ? OP_FDIV_D : 0;
      case 0x0b:
        return rounds && rs2 === 0 ? OP_FSQRT_D : 0;
      case 0x04:
        return rm < 3 ? OP_FSGNJ_D + rm : 0;
      case 0x05:
        return rm < 2 ? OP_FMIN_D + rm : 0;
      case 0x08:
        // From the other format: rs2 is its number.
        return rounds && rs2 === 1 - ((bits >>> 25) & 3) ? OP_FCVT_D_S : 0;
      case 0x14:
        return rm === 2 ? OP_FEQ_D : rm === 1 ? OP_FLT_D : rm === 0 ? OP_FLE_D : 0;
      case 0x18:
        return rounds && rs2 < 4 ? OP_FCVT_W_D + rs2 : 0;
      case 0x1a:
        return rounds && rs2 < 4 ? OP_FCVT_D_W + rs2 : 0;
      case 0x1c:
        return rs2 !== 0 ? 0 : rm === 0 ? OP_FMV_X_D : rm === 1 ? OP_FCLASS_D : 0;
      case 0x1e:
        return rs2 === 0 && rm === 0 ? OP_FMV_D_X : 0;
      default:
        return 0;
    }
  }
}
