import { DecodeFloat } from "./decode-float.ts";
import { SLOT_F } from "./hart-layout.ts";
import { Instruction } from "./instruction.ts";
import {
  OP_ADD,
  OP_ADDI,
  OP_ADDIW,
  OP_ADDW,
  OP_AMOADD_W,
  OP_AMOAND_W,
  OP_AMOMAX_W,
  OP_AMOMAXU_W,
  OP_AMOMIN_W,
  OP_AMOMINU_W,
  OP_AMOOR_W,
  OP_AMOSWAP_W,
  OP_AMOXOR_W,
  OP_AND,
  OP_ANDI,
  OP_AUIPC,
  OP_BEQ,
  OP_BGE,
  OP_BGEU,
  OP_BLT,
  OP_BLTU,
  OP_BNE,
  OP_CSRRC,
  OP_CSRRCI,
  OP_CSRRS,
  OP_CSRRSI,
  OP_CSRRW,
  OP_CSRRWI,
  OP_DIVUW,
  OP_DIVW,
  OP_EBREAK,
  OP_ECALL,
  OP_FENCE,
  OP_FENCE_I,
  OP_FLD,
  OP_FLW,
  OP_FSD,
  OP_FSW,
  OP_ILLEGAL,
  OP_JAL,
  OP_JALR,
  OP_LB,
  OP_LBU,
  OP_LD,
  OP_LH,
  OP_LHU,
  OP_LI,
  OP_LR_D,
  OP_LR_W,
  OP_LW,
  OP_LWU,
  OP_MRET,
  OP_MUL,
  OP_MULW,
  OP_MV,
  OP_OR,
  OP_ORI,
  OP_REMUW,
  OP_REMW,
  OP_SB,
  OP_SC_W,
  OP_SD,
  OP_SFENCE_VMA,
  OP_SH,
  OP_SLL,
  OP_SLLI,
  OP_SLLIW,
  OP_SLLW,
  OP_SLT,
  OP_SLTI,
  OP_SLTIU,
  OP_SLTU,
  OP_SRA,
  OP_SRAI,
  OP_SRAIW,
  OP_SRAW,
  OP_SRET,
  OP_SRL,
  OP_SRLI,
  OP_SRLIW,
  OP_SRLW,
  OP_SUB,
  OP_SUBW,
  OP_SW,
  OP_WFI,
  OP_XOR,
  OP_XORI,
} from "./ops.ts";
import { Record } from "./record.ts";

/**
 * 32-bit instructions to records: the unprivileged specification's "RV32/64G Instruction Set Listings". What the
 * listings do not have becomes OP_ILLEGAL.
 */
export abstract class Decode {
  static instruction(ip: usize, bits: u32): bool {
    const rd = Instruction.rd(bits);
    const rs1 = Instruction.rs1(bits);
    const rs2 = Instruction.rs2(bits);
    const funct3 = Instruction.funct3(bits);
    switch (bits & 0x7f) {
      case 0x03:
        return Decode.immediate(ip, bits, Decode.loadOp(funct3), rd);
      case 0x07:
        return Decode.immediate(ip, bits, funct3 === 2 ? OP_FLW : funct3 === 3 ? OP_FLD : 0, SLOT_F + rd);
      case 0x0f:
        return Decode.emit(ip, bits, funct3 === 0 ? OP_FENCE : funct3 === 1 ? OP_FENCE_I : 0, 0, 0, 0, 0);
      case 0x13:
        return Decode.opImm(ip, bits, funct3, rd, rs1);
      case 0x17:
        return Decode.emit(ip, bits, OP_AUIPC, rd, 0, 0, bits & 0xfffff000);
      case 0x1b:
        return Decode.opImm32(ip, bits, funct3, rd, rs1);
      case 0x23:
        return Decode.emit(ip, bits, Decode.storeOp(funct3), 0, rs1, rs2, Instruction.immS(bits));
      case 0x27: {
        const op = funct3 === 2 ? OP_FSW : funct3 === 3 ? OP_FSD : 0;
        return Decode.emit(ip, bits, op, 0, rs1, SLOT_F + rs2, Instruction.immS(bits));
      }
      case 0x2f:
        return Decode.emit(ip, bits, Decode.atomicOp(bits, funct3, rs2), rd, rs1, rs2, 0);
      case 0x33:
        return Decode.emit(ip, bits, Decode.registerOp(bits >>> 25, funct3), rd, rs1, rs2, 0);
      case 0x37:
        return Decode.emit(ip, bits, OP_LI, rd, 0, 0, bits & 0xfffff000);
      case 0x3b:
        return Decode.emit(ip, bits, Decode.registerOp32(bits >>> 25, funct3), rd, rs1, rs2, 0);
      case 0x43:
      case 0x47:
      case 0x4b:
      case 0x4f:
      case 0x53:
        return DecodeFloat.instruction(ip, bits);
      case 0x63:
        return Decode.emit(ip, bits, Decode.branchOp(funct3), 0, rs1, rs2, Instruction.immB(bits));
      case 0x67:
        return Decode.immediate(ip, bits, funct3 === 0 ? OP_JALR : 0, rd);
      case 0x6f:
        return Decode.emit(ip, bits, OP_JAL, rd, 0, 0, Instruction.immJ(bits));
      case 0x73:
        return Decode.system(ip, bits, funct3, rd, rs1);
      default:
        return Decode.emit(ip, bits, 0, 0, 0, 0, 0);
    }
  }

  /** A record, or an illegal instruction when `op` is 0: whether it is legal. */
  private static emit(ip: usize, bits: u32, op: i32, rd: u32, rs1: u32, rs2: u32, imm: i32): bool {
    if (op === 0) Record.write(ip, OP_ILLEGAL, 0, 0, 0, bits);
    else Record.write(ip, op, rd, rs1, rs2, imm);
    return op !== 0;
  }

  private static immediate(ip: usize, bits: u32, op: i32, rd: u32): bool {
    return Decode.emit(ip, bits, op, rd, Instruction.rs1(bits), 0, Instruction.immI(bits));
  }

  private static loadOp(funct3: u32): i32 {
    switch (funct3) {
      case 0:
        return OP_LB;
      case 1:
        return OP_LH;
      case 2:
        return OP_LW;
      case 3:
        return OP_LD;
      case 4:
        return OP_LBU;
      case 5:
        return OP_LHU;
      case 6:
        return OP_LWU;
      default:
        return 0;
    }
  }

  private static storeOp(funct3: u32): i32 {
    switch (funct3) {
      case 0:
        return OP_SB;
      case 1:
        return OP_SH;
      case 2:
        return OP_SW;
      case 3:
        return OP_SD;
      default:
        return 0;
    }
  }

  private static branchOp(funct3: u32): i32 {
    switch (funct3) {
      case 0:
        return OP_BEQ;
      case 1:
        return OP_BNE;
      case 4:
        return OP_BLT;
      case 5:
        return OP_BGE;
      case 6:
        return OP_BLTU;
      case 7:
        return OP_BGEU;
      default:
        return 0;
    }
  }

  private static opImm(ip: usize, bits: u32, funct3: u32, rd: u32, rs1: u32): bool {
    let imm = Instruction.immI(bits);
    let op = 0;
    switch (funct3) {
      case 0:
        op = rs1 === 0 ? OP_LI : imm === 0 ? OP_MV : OP_ADDI;
        break;
      case 1:
        op = bits >>> 26 === 0 ? OP_SLLI : 0;
        break;
      case 2:
        op = OP_SLTI;
        break;
      case 3:
        op = OP_SLTIU;
        break;
      case 4:
        op = OP_XORI;
        break;
      case 5:
        op = bits >>> 26 === 0 ? OP_SRLI : bits >>> 26 === 0x10 ? OP_SRAI : 0;
        break;
      case 6:
        op = OP_ORI;
        break;
      case 7:
        op = OP_ANDI;
        break;
    }
    if (funct3 === 1 || funct3 === 5) imm &= 63;
    return Decode.emit(ip, bits, op, rd, rs1, 0, imm);
  }

  private static opImm32(ip: usize, bits: u32, funct3: u32, rd: u32, rs1: u32): bool {
    const funct7 = bits >>> 25;
    if (funct3 === 0) return Decode.emit(ip, bits, OP_ADDIW, rd, rs1, 0, Instruction.immI(bits));
    let op = 0;
    if (funct3 === 1 && funct7 === 0) op = OP_SLLIW;
    if (funct3 === 5 && funct7 === 0) op = OP_SRLIW;
    if (funct3 === 5 && funct7 === 0x20) op = OP_SRAIW;
    return Decode.emit(ip, bits, op, rd, rs1, 0, Instruction.rs2(bits));
  }

  private static registerOp(funct7: u32, funct3: u32): i32 {
    if (funct7 === 1) return OP_MUL + funct3;
    if (funct7 === 0x20) return funct3 === 0 ? OP_SUB : funct3 === 5 ? OP_SRA : 0;
    if (funct7 !== 0) return 0;
    switch (funct3) {
      case 0:
        return OP_ADD;
      case 1:
        return OP_SLL;
      case 2:
        return OP_SLT;
      case 3:
        return OP_SLTU;
      case 4:
        return OP_XOR;
      case 5:
        return OP_SRL;
      case 6:
        return OP_OR;
      default:
        return OP_AND;
    }
  }

  private static registerOp32(funct7: u32, funct3: u32): i32 {
    switch ((funct7 << 3) | funct3) {
      case 0x000:
        return OP_ADDW;
      case 0x001:
        return OP_SLLW;
      case 0x005:
        return OP_SRLW;
      case 0x100:
        return OP_SUBW;
      case 0x105:
        return OP_SRAW;
      case 0x008:
        return OP_MULW;
      case 0x00c:
        return OP_DIVW;
      case 0x00d:
        return OP_DIVUW;
      case 0x00e:
        return OP_REMW;
      case 0x00f:
        return OP_REMUW;
      default:
        return 0;
    }
  }

  private static atomicOp(bits: u32, funct3: u32, rs2: u32): i32 {
    if (funct3 !== 2 && funct3 !== 3) return 0;
    const op = Decode.atomicOpW(bits >>> 27, rs2);
    return op === 0 || funct3 === 2 ? op : op + (OP_LR_D - OP_LR_W);
  }

  private static atomicOpW(funct5: u32, rs2: u32): i32 {
    switch (funct5) {
      case 0x00:
        return OP_AMOADD_W;
      case 0x01:
        return OP_AMOSWAP_W;
      case 0x02:
        return rs2 === 0 ? OP_LR_W : 0;
      case 0x03:
        return OP_SC_W;
      case 0x04:
        return OP_AMOXOR_W;
      case 0x08:
        return OP_AMOOR_W;
      case 0x0c:
        return OP_AMOAND_W;
      case 0x10:
        return OP_AMOMIN_W;
      case 0x14:
        return OP_AMOMAX_W;
      case 0x18:
        return OP_AMOMINU_W;
      case 0x1c:
        return OP_AMOMAXU_W;
      default:
        return 0;
    }
  }

  private static system(ip: usize, bits: u32, funct3: u32, rd: u32, rs1: u32): bool {
    const csr: i32 = bits >>> 20;
    switch (funct3) {
      case 0: {
        const op = Decode.privilegedOp(bits);
        if (op !== OP_SFENCE_VMA) return Decode.emit(ip, bits, op, 0, 0, 0, 0);
        return Decode.emit(ip, bits, op, 0, rs1, Instruction.rs2(bits), 0);
      }
      case 1:
        return Decode.emit(ip, bits, OP_CSRRW, rd, rs1, 0, csr);
      case 2:
        return Decode.emit(ip, bits, OP_CSRRS, rd, rs1, 0, csr);
      case 3:
        return Decode.emit(ip, bits, OP_CSRRC, rd, rs1, 0, csr);
      case 5:
        return Decode.emit(ip, bits, OP_CSRRWI, rd, rs1, 0, csr);
      case 6:
        return Decode.emit(ip, bits, OP_CSRRSI, rd, rs1, 0, csr);
      case 7:
        return Decode.emit(ip, bits, OP_CSRRCI, rd, rs1, 0, csr);
      default:
        return Decode.emit(ip, bits, 0, 0, 0, 0, 0);
    }
  }

  private static privilegedOp(bits: u32): i32 {
    switch (bits) {
      case 0x00000073:
        return OP_ECALL;
      case 0x00100073:
        return OP_EBREAK;
      case 0x10200073:
        return OP_SRET;
      case 0x30200073:
        return OP_MRET;
      case 0x10500073:
        return OP_WFI;
      default:
        return (bits & 0xfe007fff) === 0x12000073 ? OP_SFENCE_VMA : 0;
    }
  }
}
