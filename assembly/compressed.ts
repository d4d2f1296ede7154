import { SLOT_F } from "./hart-layout.ts";
import {
  OP_ADD,
  OP_ADDI,
  OP_ADDIW,
  OP_ADDW,
  OP_AND,
  OP_ANDI,
  OP_BEQ,
  OP_BNE,
  OP_EBREAK,
  OP_FLD,
  OP_FSD,
  OP_ILLEGAL,
  OP_JAL,
  OP_JALR,
  OP_LD,
  OP_LI,
  OP_LW,
  OP_MV,
  OP_OR,
  OP_SD,
  OP_SHORT,
  OP_SLLI,
  OP_SRAI,
  OP_SRLI,
  OP_SUB,
  OP_SUBW,
  OP_SW,
  OP_XOR,
} from "./ops.ts";
import { Record } from "./record.ts";

const SP: u32 = 2;
const RA: u32 = 1;

/**
 * 16-bit instructions to records: "C" Extension, § "RVC Instruction Set Listings" for RV64. Hints do what they expand
 * to; reserved encodings are illegal.
 */
export abstract class Compressed {
  static instruction(ip: usize, bits: u32): void {
    const done =
      (bits & 3) === 0
        ? Compressed.quadrant0(ip, bits)
        : (bits & 3) === 1
          ? Compressed.quadrant1(ip, bits)
          : Compressed.quadrant2(ip, bits);
    if (!done) Compressed.emit(ip, OP_ILLEGAL, 0, 0, 0, bits);
  }

  private static emit(ip: usize, op: i32, rd: u32, rs1: u32, rs2: u32, imm: i32): bool {
    Record.write(ip, op + OP_SHORT, rd, rs1, rs2, imm);
    return true;
  }

  /** Bits `from` and up, `count` of them, moved to bit `to`. */
  @inline private static field(bits: u32, from: i32, count: i32, to: i32): u32 {
    return ((bits >>> from) & ((1 << count) - 1)) << to;
  }

  /** The six-bit signed immediate of the CI format. */
  private static imm6(bits: u32): i32 {
    return ((<i32>(bits << 19) >> 31) << 5) | Compressed.field(bits, 2, 5, 0);
  }

  private static quadrant0(ip: usize, bits: u32): bool {
    // The three-bit register fields name x8 to x15.
    const rd = 8 + ((bits >>> 2) & 7);
    const rs1 = 8 + ((bits >>> 7) & 7);
    const offset8 = Compressed.field(bits, 10, 3, 3) | Compressed.field(bits, 5, 2, 6);
    const offset4 =
      Compressed.field(bits, 10, 3, 3) | Compressed.field(bits, 6, 1, 2) | Compressed.field(bits, 5, 1, 6);
    switch (bits >>> 13) {
      case 0: {
        const imm =
          Compressed.field(bits, 11, 2, 4) |
          Compressed.field(bits, 7, 4, 6) |
          Compressed.field(bits, 6, 1, 2) |
          Compressed.field(bits, 5, 1, 3);
        return imm !== 0 && Compressed.emit(ip, OP_ADDI, rd, SP, 0, imm);
      }
      case 1:
        return Compressed.emit(ip, OP_FLD, SLOT_F + rd, rs1, 0, offset8);
      case 2:
        return Compressed.emit(ip, OP_LW, rd, rs1, 0, offset4);
      case 3:
        return Compressed.emit(ip, OP_LD, rd, rs1, 0, offset8);
      case 5:
        return Compressed.emit(ip, OP_FSD, 0, rs1, SLOT_F + rd, offset8);
      case 6:
        return Compressed.emit(ip, OP_SW, 0, rs1, rd, offset4);
      case 7:
        return Compressed.emit(ip, OP_SD, 0, rs1, rd, offset8);
      default:
        return false;
    }
  }

  private static quadrant1(ip: usize, bits: u32): bool {
    const rd = (bits >>> 7) & 31;
    const rs1 = 8 + (rd & 7);
    const imm = Compressed.imm6(bits);
    switch (bits >>> 13) {
      case 0:
        return Compressed.emit(ip, OP_ADDI, rd, rd, 0, imm);
      case 1:
        return rd !== 0 && Compressed.emit(ip, OP_ADDIW, rd, rd, 0, imm);
      case 2:
        return Compressed.emit(ip, OP_LI, rd, 0, 0, imm);
      case 3:
        if (imm === 0) return false;
        if (rd === SP) return Compressed.emit(ip, OP_ADDI, SP, SP, 0, Compressed.imm16sp(bits));
        return Compressed.emit(ip, OP_LI, rd, 0, 0, imm << 12);
      case 4:
        return Compressed.arithmetic(ip, bits, rs1, imm);
      case 5:
        return Compressed.emit(ip, OP_JAL, 0, 0, 0, Compressed.jumpOffset(bits));
      case 6:
        return Compressed.emit(ip, OP_BEQ, 0, rs1, 0, Compressed.branchOffset(bits));
      default:
        return Compressed.emit(ip, OP_BNE, 0, rs1, 0, Compressed.branchOffset(bits));
    }
  }

  private static imm16sp(bits: u32): i32 {
    return (
      ((<i32>(bits << 19) >> 31) << 9) |
      Compressed.field(bits, 6, 1, 4) |
      Compressed.field(bits, 5, 1, 6) |
      Compressed.field(bits, 3, 2, 7) |
      Compressed.field(bits, 2, 1, 5)
    );
  }

  private static jumpOffset(bits: u32): i32 {
    return (
      ((<i32>(bits << 19) >> 31) << 11) |
      Compressed.field(bits, 11, 1, 4) |
      Compressed.field(bits, 9, 2, 8) |
      Compressed.field(bits, 8, 1, 10) |
      Compressed.field(bits, 7, 1, 6) |
      Compressed.field(bits, 6, 1, 7) |
      Compressed.field(bits, 3, 3, 1) |
      Compressed.field(bits, 2, 1, 5)
    );
  }

  private static branchOffset(bits: u32): i32 {
    return (
      ((<i32>(bits << 19) >> 31) << 8) |
      Compressed.field(bits, 10, 2, 3) |
      Compressed.field(bits, 5, 2, 6) |
      Compressed.field(bits, 3, 2, 1) |
      Compressed.field(bits, 2, 1, 5)
    );
  }

  private static arithmetic(ip: usize, bits: u32, rd: u32, imm: i32): bool {
    const rs2 = 8 + ((bits >>> 2) & 7);
    switch ((bits >>> 10) & 3) {
      case 0:
        return Compressed.emit(ip, OP_SRLI, rd, rd, 0, imm & 63);
      case 1:
        return Compressed.emit(ip, OP_SRAI, rd, rd, 0, imm & 63);
      case 2:
        return Compressed.emit(ip, OP_ANDI, rd, rd, 0, imm);
    }
    switch (Compressed.field(bits, 12, 1, 2) | Compressed.field(bits, 5, 2, 0)) {
      case 0:
        return Compressed.emit(ip, OP_SUB, rd, rd, rs2, 0);
      case 1:
        return Compressed.emit(ip, OP_XOR, rd, rd, rs2, 0);
      case 2:
        return Compressed.emit(ip, OP_OR, rd, rd, rs2, 0);
      case 3:
        return Compressed.emit(ip, OP_AND, rd, rd, rs2, 0);
      case 4:
        return Compressed.emit(ip, OP_SUBW, rd, rd, rs2, 0);
      case 5:
        return Compressed.emit(ip, OP_ADDW, rd, rd, rs2, 0);
      default:
        return false;
    }
  }

  private static quadrant2(ip: usize, bits: u32): bool {
    const rd = (bits >>> 7) & 31;
    const rs2 = (bits >>> 2) & 31;
    const load8 = Compressed.field(bits, 12, 1, 5) | Compressed.field(bits, 5, 2, 3) | Compressed.field(bits, 2, 3, 6);
    const load4 = Compressed.field(bits, 12, 1, 5) | Compressed.field(bits, 4, 3, 2) | Compressed.field(bits, 2, 2, 6);
    const store8 = Compressed.field(bits, 10, 3, 3) | Compressed.field(bits, 7, 3, 6);
    const store4 = Compressed.field(bits, 9, 4, 2) | Compressed.field(bits, 7, 2, 6);
    switch (bits >>> 13) {
      case 0:
        return Compressed.emit(ip, OP_SLLI, rd, rd, 0, Compressed.imm6(bits) & 63);
      case 1:
        return Compressed.emit(ip, OP_FLD, SLOT_F + rd, SP, 0, load8);
      case 2:
        return rd !== 0 && Compressed.emit(ip, OP_LW, rd, SP, 0, load4);
      case 3:
        return rd !== 0 && Compressed.emit(ip, OP_LD, rd, SP, 0, load8);
      case 4:
        return Compressed.jumpMoveAdd(ip, bits, rd, rs2);
      case 5:
        return Compressed.emit(ip, OP_FSD, 0, SP, SLOT_F + rs2, store8);
      case 6:
        return Compressed.emit(ip, OP_SW, 0, SP, rs2, store4);
      default:
        return Compressed.emit(ip, OP_SD, 0, SP, rs2, store8);
    }
  }

  private static jumpMoveAdd(ip: usize, bits: u32, rd: u32, rs2: u32): bool {
    if (bits & 0x1000) {
      if (rs2 !== 0) return Compressed.emit(ip, OP_ADD, rd, rd, rs2, 0);
      if (rd === 0) return Compressed.emit(ip, OP_EBREAK, 0, 0, 0, 0);
      return Compressed.emit(ip, OP_JALR, RA, rd, 0, 0);
    }
    if (rs2 !== 0) return Compressed.emit(ip, OP_MV, rd, rs2, 0, 0);
    return rd !== 0 && Compressed.emit(ip, OP_JALR, 0, rd, 0, 0);
  }
}
