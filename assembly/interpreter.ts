import { CodeMap } from "./code-map.ts";
import { ExecuteFloat } from "./execute-float.ts";
import { Float } from "./float.ts";
import { SIGN32, SIGN64 } from "./float-bits.ts";
import { FloatCompare } from "./float-compare.ts";
import { RM_RNE } from "./float-flags.ts";
import { Hart } from "./hart.ts";
import {
  OP_ADD,
  OP_ADDI,
  OP_ADDIW,
  OP_ADDW,
  OP_AND,
  OP_ANDI,
  OP_AUIPC,
  OP_BEQ,
  OP_BGE,
  OP_BGEU,
  OP_BLT,
  OP_BLTU,
  OP_BNE,
  OP_DIV,
  OP_DIVU,
  OP_DIVUW,
  OP_DIVW,
  OP_FADD_D,
  OP_FADD_S,
  OP_FCVT_D_L,
  OP_FCVT_D_S,
  OP_FCVT_D_W,
  OP_FCVT_L_D,
  OP_FCVT_S_D,
  OP_FCVT_S_W,
  OP_FCVT_W_D,
  OP_FDIV_D,
  OP_FDIV_S,
  OP_FENCE,
  OP_FEQ_D,
  OP_FLD,
  OP_FLE_D,
  OP_FLT_D,
  OP_FLW,
  OP_FMADD_D,
  OP_FMADD_S,
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
  OP_FSUB_D,
  OP_FSUB_S,
  OP_FSW,
  OP_JAL,
  OP_JALR,
  OP_LB,
  OP_LBU,
  OP_LD,
  OP_LH,
  OP_LHU,
  OP_LI,
  OP_LW,
  OP_LWU,
  OP_MUL,
  OP_MULH,
  OP_MULHSU,
  OP_MULHU,
  OP_MULW,
  OP_MV,
  OP_OR,
  OP_ORI,
  OP_PAGE_END,
  OP_REM,
  OP_REMU,
  OP_REMUW,
  OP_REMW,
  OP_SB,
  OP_SD,
  OP_SH,
  OP_SHORT,
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
  OP_SRL,
  OP_SRLI,
  OP_SRLIW,
  OP_SRLW,
  OP_SUB,
  OP_SUBW,
  OP_SW,
  OP_XOR,
  OP_XORI,
  RECORD_SIZE,
} from "./ops.ts";
import { QuickFloat } from "./quick-float.ts";
import { Record } from "./record.ts";
import { Registers } from "./registers.ts";
import { PAGE_SIZE } from "./riscv.ts";
import { Step } from "./step.ts";
import { Tlb } from "./tlb.ts";

/** Why the loop was left. The budget is used up, and `pc` is the next instruction. */
export const EXIT_BUDGET: u32 = 0;
/** The page of `pc` is not at hand, not in the TLB or has no records. */
export const EXIT_FETCH: u32 = 1;
/** The record at `ip`, counted in `left` already, is for execute.ts. */
export const EXIT_SLOW: u32 = 2;

const HALF: usize = RECORD_SIZE;
const LONG: usize = 2 * RECORD_SIZE;
const PAGE: u64 = PAGE_SIZE;
const TWO31: f64 = 2147483648;
const TWO63: f64 = TWO31 * TWO31 * 2;
/** No address of an instruction. */
const NOWHERE: u64 = 1;

/**
 * The loop over predecoded records. It calls almost nothing (the fused multiply-adds), so that V8 keeps its few
 * variables in machine registers: whatever is not quick ends it, is done by execute.ts, and the loop is entered again. `left`, the instructions left of the
 * budget, is looked at when a jump is taken, and is exact at every exit.
 */
export abstract class Interpreter {
  /** The address of the instruction whose record is at `ip`. */
  @inline static pc(ip: usize, bias: u64): u64 {
    return bias + <u64>(ip >>> 3);
  }

  @inline private static leave(ip: usize, left: i32, bias: u64): u32 {
    const hart = Hart.record;
    hart.ip = ip;
    hart.left = left;
    hart.bias = bias;
    return EXIT_SLOW;
  }

  @inline private static stop(pc: u64, left: i32, exit: u32): u32 {
    const hart = Hart.record;
    hart.pc = pc;
    hart.left = left;
    return exit;
  }

  /** From hart.ip, hart.bias and hart.left on; an EXIT_…. */
  static run(): u32 {
    const hart = Hart.record;
    const bank = hart.bank;
    let ip = hart.ip;
    let left = hart.left;
    let bias = hart.bias;
    let next = NOWHERE;
    let va: u64;
    let entry: usize;
    let x: f64;
    let y: f64;
    let f: f32;
    while (true) {
      while (true) {
        left--;
        // The cases' order, and sums for the compressed ones, are measured: the optimiser then makes a first br_table of
        // the usual instructions and others of the rest. One table of everything runs a quarter slower on V8.
        switch (<i32>load<u16>(ip)) {
          case OP_LI:
            Record.setRd(ip, Record.imm(ip));
            ip += LONG;
            continue;
          case OP_LI + OP_SHORT:
            Record.setRd(ip, Record.imm(ip));
            ip += HALF;
            continue;
          case OP_MV:
            Record.setRd(ip, Record.rs1(ip));
            ip += LONG;
            continue;
          case OP_MV + OP_SHORT:
            Record.setRd(ip, Record.rs1(ip));
            ip += HALF;
            continue;
          case OP_ADDI:
            Step.immediate(ip, OP_ADDI);
            ip += LONG;
            continue;
          case OP_ADDI + OP_SHORT:
            Step.immediate(ip, OP_ADDI);
            ip += HALF;
            continue;
          case OP_ADDIW:
            Step.immediate(ip, OP_ADDIW);
            ip += LONG;
            continue;
          case OP_ADDIW + OP_SHORT:
            Step.immediate(ip, OP_ADDIW);
            ip += HALF;
            continue;
          case OP_ANDI:
            Step.immediate(ip, OP_ANDI);
            ip += LONG;
            continue;
          case OP_ANDI + OP_SHORT:
            Step.immediate(ip, OP_ANDI);
            ip += HALF;
            continue;
          case OP_SLLI:
            Step.immediate(ip, OP_SLLI);
            ip += LONG;
            continue;
          case OP_SLLI + OP_SHORT:
            Step.immediate(ip, OP_SLLI);
            ip += HALF;
            continue;
          case OP_SRLI:
            Step.immediate(ip, OP_SRLI);
            ip += LONG;
            continue;
          case OP_SRLI + OP_SHORT:
            Step.immediate(ip, OP_SRLI);
            ip += HALF;
            continue;
          case OP_SRAI:
            Step.immediate(ip, OP_SRAI);
            ip += LONG;
            continue;
          case OP_SRAI + OP_SHORT:
            Step.immediate(ip, OP_SRAI);
            ip += HALF;
            continue;
          case OP_ADD:
            Step.register(ip, OP_ADD);
            ip += LONG;
            continue;
          case OP_ADD + OP_SHORT:
            Step.register(ip, OP_ADD);
            ip += HALF;
            continue;
          case OP_SUB:
            Step.register(ip, OP_SUB);
            ip += LONG;
            continue;
          case OP_SUB + OP_SHORT:
            Step.register(ip, OP_SUB);
            ip += HALF;
            continue;
          case OP_XOR:
            Step.register(ip, OP_XOR);
            ip += LONG;
            continue;
          case OP_XOR + OP_SHORT:
            Step.register(ip, OP_XOR);
            ip += HALF;
            continue;
          case OP_OR:
            Step.register(ip, OP_OR);
            ip += LONG;
            continue;
          case OP_OR + OP_SHORT:
            Step.register(ip, OP_OR);
            ip += HALF;
            continue;
          case OP_AND:
            Step.register(ip, OP_AND);
            ip += LONG;
            continue;
          case OP_AND + OP_SHORT:
            Step.register(ip, OP_AND);
            ip += HALF;
            continue;
          case OP_ADDW:
            Step.register(ip, OP_ADDW);
            ip += LONG;
            continue;
          case OP_ADDW + OP_SHORT:
            Step.register(ip, OP_ADDW);
            ip += HALF;
            continue;
          case OP_SUBW:
            Step.register(ip, OP_SUBW);
            ip += LONG;
            continue;
          case OP_SUBW + OP_SHORT:
            Step.register(ip, OP_SUBW);
            ip += HALF;
            continue;
          case OP_LW:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<i32>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<i32>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LW + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<i32>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<i32>(Tlb.loadHost(entry, va)));
            ip += HALF;
            continue;
          case OP_LD:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<u64>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LD + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<u64>(Tlb.loadHost(entry, va)));
            ip += HALF;
            continue;
          case OP_SW:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u32>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u32>(Tlb.storeHost(entry, va), <u32>Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_SW + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u32>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u32>(Tlb.storeHost(entry, va), <u32>Record.rs2(ip));
            ip += HALF;
            continue;
          case OP_SD:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u64>(Tlb.storeHost(entry, va), <u64>Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_SD + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u64>(Tlb.storeHost(entry, va), <u64>Record.rs2(ip));
            ip += HALF;
            continue;
          case OP_JAL:
            Record.setRd(ip, Interpreter.pc(ip + LONG, bias));
            break;
          case OP_JAL + OP_SHORT:
            Record.setRd(ip, Interpreter.pc(ip + HALF, bias));
            break;
          case OP_JALR:
            next = Record.address(ip) & ~1;
            Record.setRd(ip, Interpreter.pc(ip + LONG, bias));
            break;
          case OP_JALR + OP_SHORT:
            next = Record.address(ip) & ~1;
            Record.setRd(ip, Interpreter.pc(ip + HALF, bias));
            break;
          case OP_BEQ:
            if (Record.rs1(ip) === Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_BEQ + OP_SHORT:
            if (Record.rs1(ip) === Record.rs2(ip)) break;
            ip += HALF;
            continue;
          case OP_BNE:
            if (Record.rs1(ip) !== Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_BNE + OP_SHORT:
            if (Record.rs1(ip) !== Record.rs2(ip)) break;
            ip += HALF;
            continue;
          case OP_BLT:
            if (<i64>Record.rs1(ip) < <i64>Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_BGE:
            if (<i64>Record.rs1(ip) >= <i64>Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_BLTU:
            if (Record.rs1(ip) < Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_BGEU:
            if (Record.rs1(ip) >= Record.rs2(ip)) break;
            ip += LONG;
            continue;
          case OP_AUIPC:
            Record.setRd(ip, Interpreter.pc(ip, bias) + Record.imm(ip));
            ip += LONG;
            continue;
          case OP_LB:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<i8>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<i8>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LH:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<i16>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<i16>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LBU:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<u8>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<u8>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LHU:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<u16>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<u16>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_LWU:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.loadHits<u32>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>load<u32>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_SB:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u8>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u8>(Tlb.storeHost(entry, va), <u8>Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_SH:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!Tlb.storeHits<u16>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u16>(Tlb.storeHost(entry, va), <u16>Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_SLTI:
            Step.immediate(ip, OP_SLTI);
            ip += LONG;
            continue;
          case OP_SLTIU:
            Step.immediate(ip, OP_SLTIU);
            ip += LONG;
            continue;
          case OP_XORI:
            Step.immediate(ip, OP_XORI);
            ip += LONG;
            continue;
          case OP_ORI:
            Step.immediate(ip, OP_ORI);
            ip += LONG;
            continue;
          case OP_SLLIW:
            Step.immediate(ip, OP_SLLIW);
            ip += LONG;
            continue;
          case OP_SRLIW:
            Step.immediate(ip, OP_SRLIW);
            ip += LONG;
            continue;
          case OP_SRAIW:
            Step.immediate(ip, OP_SRAIW);
            ip += LONG;
            continue;
          case OP_SLL:
            Step.register(ip, OP_SLL);
            ip += LONG;
            continue;
          case OP_SLT:
            Step.register(ip, OP_SLT);
            ip += LONG;
            continue;
          case OP_SLTU:
            Step.register(ip, OP_SLTU);
            ip += LONG;
            continue;
          case OP_SRL:
            Step.register(ip, OP_SRL);
            ip += LONG;
            continue;
          case OP_SRA:
            Step.register(ip, OP_SRA);
            ip += LONG;
            continue;
          case OP_SLLW:
            Step.register(ip, OP_SLLW);
            ip += LONG;
            continue;
          case OP_SRLW:
            Step.register(ip, OP_SRLW);
            ip += LONG;
            continue;
          case OP_SRAW:
            Step.register(ip, OP_SRAW);
            ip += LONG;
            continue;
          case OP_MUL:
            Step.register(ip, OP_MUL);
            ip += LONG;
            continue;
          case OP_MULH:
            Step.register(ip, OP_MULH);
            ip += LONG;
            continue;
          case OP_MULHSU:
            Step.register(ip, OP_MULHSU);
            ip += LONG;
            continue;
          case OP_MULHU:
            Step.register(ip, OP_MULHU);
            ip += LONG;
            continue;
          case OP_DIV:
            Step.register(ip, OP_DIV);
            ip += LONG;
            continue;
          case OP_DIVU:
            Step.register(ip, OP_DIVU);
            ip += LONG;
            continue;
          case OP_REM:
            Step.register(ip, OP_REM);
            ip += LONG;
            continue;
          case OP_REMU:
            Step.register(ip, OP_REMU);
            ip += LONG;
            continue;
          case OP_MULW:
            Step.register(ip, OP_MULW);
            ip += LONG;
            continue;
          case OP_DIVW:
            Step.register(ip, OP_DIVW);
            ip += LONG;
            continue;
          case OP_DIVUW:
            Step.register(ip, OP_DIVUW);
            ip += LONG;
            continue;
          case OP_REMW:
            Step.register(ip, OP_REMW);
            ip += LONG;
            continue;
          case OP_REMUW:
            Step.register(ip, OP_REMUW);
            ip += LONG;
            continue;
          case OP_FENCE:
            ip += LONG;
            continue;
          case OP_PAGE_END:
            left++;
            next = Interpreter.pc(ip, bias);
            break;
          case OP_FLD:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.loadHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, load<u64>(Tlb.loadHost(entry, va)));
            ip += LONG;
            continue;
          case OP_FLD + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.loadHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, load<u64>(Tlb.loadHost(entry, va)));
            ip += HALF;
            continue;
          case OP_FSD:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.storeHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u64>(Tlb.storeHost(entry, va), Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_FSD + OP_SHORT:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.storeHits<u64>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u64>(Tlb.storeHost(entry, va), Record.rs2(ip));
            ip += HALF;
            continue;
          case OP_FLW:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.loadHits<u32>(entry, va)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, ExecuteFloat.box(load<u32>(Tlb.loadHost(entry, va))));
            ip += LONG;
            continue;
          case OP_FSW:
            va = Record.address(ip);
            entry = Tlb.entry(bank, va);
            if (!QuickFloat.isOn() || !Tlb.storeHits<u32>(entry, va)) return Interpreter.leave(ip, left, bias);
            store<u32>(Tlb.storeHost(entry, va), <u32>Record.rs2(ip));
            ip += LONG;
            continue;
          case OP_FADD_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            x = Registers.double1(ip) + Registers.double2(ip);
            if (!QuickFloat.isFinite<f64>(x)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, x);
            ip += LONG;
            continue;
          case OP_FADD_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            f = Registers.single1(ip) + Registers.single2(ip);
            if (!QuickFloat.isFinite<f32>(f)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, f);
            ip += LONG;
            continue;
          case OP_FSUB_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            x = Registers.double1(ip) - Registers.double2(ip);
            if (!QuickFloat.isFinite<f64>(x)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, x);
            ip += LONG;
            continue;
          case OP_FSUB_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            f = Registers.single1(ip) - Registers.single2(ip);
            if (!QuickFloat.isFinite<f32>(f)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, f);
            ip += LONG;
            continue;
          case OP_FMUL_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            x = Registers.double1(ip) * Registers.double2(ip);
            if (!QuickFloat.isNormal<f64>(x)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, x);
            ip += LONG;
            continue;
          case OP_FMUL_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            f = Registers.single1(ip) * Registers.single2(ip);
            if (!QuickFloat.isNormal<f32>(f)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, f);
            ip += LONG;
            continue;
          case OP_FDIV_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            x = Registers.double1(ip) / Registers.double2(ip);
            if (!QuickFloat.isNormal<f64>(x)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, x);
            ip += LONG;
            continue;
          case OP_FDIV_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            f = Registers.single1(ip) / Registers.single2(ip);
            if (!QuickFloat.isNormal<f32>(f)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, f);
            ip += LONG;
            continue;
          case OP_FSQRT_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            x = sqrt<f64>(Registers.double1(ip));
            if (!QuickFloat.isFinite<f64>(x)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, x);
            ip += LONG;
            continue;
          case OP_FSGNJ_D:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, FloatCompare.sgnj64(Record.rs1(ip), Record.rs2(ip)));
            ip += LONG;
            continue;
          case OP_FSGNJ_S:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(
              ip,
              ExecuteFloat.box(
                FloatCompare.sgnj32(ExecuteFloat.unbox(Record.rs1(ip)), ExecuteFloat.unbox(Record.rs2(ip))),
              ),
            );
            ip += LONG;
            continue;
          case OP_FSGNJN_D:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, FloatCompare.sgnjn64(Record.rs1(ip), Record.rs2(ip)));
            ip += LONG;
            continue;
          case OP_FSGNJN_S:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(
              ip,
              ExecuteFloat.box(
                FloatCompare.sgnjn32(ExecuteFloat.unbox(Record.rs1(ip)), ExecuteFloat.unbox(Record.rs2(ip))),
              ),
            );
            ip += LONG;
            continue;
          case OP_FSGNJX_D:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, FloatCompare.sgnjx64(Record.rs1(ip), Record.rs2(ip)));
            ip += LONG;
            continue;
          case OP_FSGNJX_S:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(
              ip,
              ExecuteFloat.box(
                FloatCompare.sgnjx32(ExecuteFloat.unbox(Record.rs1(ip)), ExecuteFloat.unbox(Record.rs2(ip))),
              ),
            );
            ip += LONG;
            continue;
          case OP_FEQ_D:
            x = Registers.double1(ip);
            y = Registers.double2(ip);
            if (!QuickFloat.isOn() || !QuickFloat.areNumbers(x, y)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(x === y));
            ip += LONG;
            continue;
          case OP_FLT_D:
            x = Registers.double1(ip);
            y = Registers.double2(ip);
            if (!QuickFloat.isOn() || !QuickFloat.areNumbers(x, y)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(x < y));
            ip += LONG;
            continue;
          case OP_FLE_D:
            x = Registers.double1(ip);
            y = Registers.double2(ip);
            if (!QuickFloat.isOn() || !QuickFloat.areNumbers(x, y)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(x <= y));
            ip += LONG;
            continue;
          case OP_FMV_X_D:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Record.rs1(ip));
            ip += LONG;
            continue;
          case OP_FMV_D_X:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Record.rs1(ip));
            ip += LONG;
            continue;
          case OP_FCVT_D_W:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, <f64>(<i32>Record.rs1(ip)));
            ip += LONG;
            continue;
          case OP_FCVT_D_L:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, <f64>(<i64>Record.rs1(ip)));
            ip += LONG;
            continue;
          case OP_FCVT_W_D:
            x = Registers.double1(ip);
            if (!QuickFloat.truncates(ip) || !(abs<f64>(x) < TWO31)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(<i32>x));
            ip += LONG;
            continue;
          case OP_FCVT_L_D:
            x = Registers.double1(ip);
            if (!QuickFloat.truncates(ip) || !(abs<f64>(x) < TWO63)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(<i64>x));
            ip += LONG;
            continue;
          case OP_FCVT_D_S:
            f = Registers.single1(ip);
            if (!QuickFloat.isOn() || !QuickFloat.areNumbers(f, f)) return Interpreter.leave(ip, left, bias);
            Registers.setDouble(ip, <f64>f);
            ip += LONG;
            continue;
          case OP_FCVT_S_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            f = <f32>Registers.double1(ip);
            if (!QuickFloat.isNormal<f32>(f)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, f);
            ip += LONG;
            continue;
          case OP_FMV_X_S:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, <u64>(<i32>Record.rs1(ip)));
            ip += LONG;
            continue;
          case OP_FMV_S_X:
            if (!QuickFloat.isOn()) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, ExecuteFloat.box(<u32>Record.rs1(ip)));
            ip += LONG;
            continue;
          case OP_FCVT_S_W:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Registers.setSingle(ip, <f32>(<i32>Record.rs1(ip)));
            ip += LONG;
            continue;
          case OP_FMADD_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Float.fma64(Record.rs1(ip), Record.rs2(ip), Record.rs3(ip), RM_RNE));
            ip += LONG;
            continue;
          case OP_FMSUB_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Float.fma64(Record.rs1(ip), Record.rs2(ip), Record.rs3(ip) ^ SIGN64, RM_RNE));
            ip += LONG;
            continue;
          case OP_FNMSUB_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Float.fma64(Record.rs1(ip) ^ SIGN64, Record.rs2(ip), Record.rs3(ip), RM_RNE));
            ip += LONG;
            continue;
          case OP_FNMADD_D:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            Record.setRd(ip, Float.fma64(Record.rs1(ip) ^ SIGN64, Record.rs2(ip), Record.rs3(ip) ^ SIGN64, RM_RNE));
            ip += LONG;
            continue;
          case OP_FMADD_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            QuickFloat.fma32(ip, 0, 0);
            ip += LONG;
            continue;
          case OP_FMSUB_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            QuickFloat.fma32(ip, 0, SIGN32);
            ip += LONG;
            continue;
          case OP_FNMSUB_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            QuickFloat.fma32(ip, SIGN32, 0);
            ip += LONG;
            continue;
          case OP_FNMADD_S:
            if (!QuickFloat.rounds(ip)) return Interpreter.leave(ip, left, bias);
            QuickFloat.fma32(ip, SIGN32, SIGN32);
            ip += LONG;
            continue;
          default:
            return Interpreter.leave(ip, left, bias);
        }
        // A jump is taken: in the page, or to `next`, or to pc + imm in another page.
        const jump = Record.jump(ip);
        if (jump === 0 || left <= 0) {
          if (next === NOWHERE) next = Interpreter.pc(ip, bias) + Record.imm(ip);
          break;
        }
        ip += jump;
      }
      if (left <= 0) return Interpreter.stop(next, left, EXIT_BUDGET);
      if ((next ^ hart.fetchPage) >= PAGE) {
        entry = Tlb.entry(hart.fetchBank, next);
        if (!Tlb.fetchHits(entry, next)) return Interpreter.stop(next, left, EXIT_FETCH);
        const slot = CodeMap.slot(Tlb.fetchHost(entry, next));
        if (slot === 0) return Interpreter.stop(next, left, EXIT_FETCH);
        hart.fetchPage = next & ~(PAGE - 1);
        hart.fetchRecords = CodeMap.records(slot);
      }
      ip = hart.fetchRecords + ((<usize>next & (PAGE_SIZE - 1)) << 3);
      bias = next - <u64>(ip >>> 3);
      next = NOWHERE;
    }
  }
}
