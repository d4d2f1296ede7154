import { Atomic } from "./atomic.ts";
import { CodeCache } from "./code-cache.ts";
import { ExecuteFloat } from "./execute-float.ts";
import { Fetch } from "./fetch.ts";
import { Hart } from "./hart.ts";
import { Interpreter } from "./interpreter.ts";
import { Mmu } from "./mmu.ts";
import {
  OP_AMOMAXU_D,
  OP_CSRRCI,
  OP_CSRRW,
  OP_EBREAK,
  OP_ECALL,
  OP_FADD_D,
  OP_FCVT_S_D,
  OP_FENCE_I,
  OP_FLD,
  OP_FLW,
  OP_FSD,
  OP_FSW,
  OP_ILLEGAL,
  OP_LB,
  OP_LBU,
  OP_LD,
  OP_LH,
  OP_LHU,
  OP_LR_W,
  OP_LW,
  OP_LWU,
  OP_MRET,
  OP_SB,
  OP_SD,
  OP_SFENCE_VMA,
  OP_SH,
  OP_SHORT,
  OP_SRET,
  OP_STRADDLE,
  OP_SW,
  OP_UNDECODED,
  OP_WFI,
  RECORD_SIZE,
} from "./ops.ts";
import { Record } from "./record.ts";
import { CAUSE_BREAKPOINT, CAUSE_ILLEGAL_INSTRUCTION } from "./riscv.ts";
import { System } from "./system.ts";
import { Trap } from "./trap.ts";

/** What execute() answers. The loop goes on at hart.ip. */
export const DONE_NEXT: u32 = 0;
/** hart.pc is to be fetched. */
export const DONE_JUMP: u32 = 1;
/** The same, and an interrupt may have become possible. */
export const DONE_POLL: u32 = 2;
/** The instruction at hart.pc, not retired, has raised what is in hart.trapCause and trapValue. */
export const DONE_TRAP: u32 = 3;
/** wfi, retired, waits. */
export const DONE_WAIT: u32 = 4;

/** The record at hart.ip, which the interpreter's loop has left: whatever is rare, or needs more than memory. */
export abstract class Execute {
  static record(): u32 {
    const hart = Hart.record;
    const ip = hart.ip;
    let op: i32 = load<u16>(ip);
    if (op === OP_UNDECODED) {
      // Not an instruction yet: it was counted too early.
      hart.left++;
      CodeCache.decode(ip);
      return DONE_NEXT;
    }
    hart.pc = Interpreter.pc(ip, hart.bias);
    if (op === OP_STRADDLE) {
      hart.left++;
      return Fetch.straddle() ? DONE_NEXT : DONE_TRAP;
    }
    hart.instret = hart.deadline - hart.left - 1;
    hart.trapPending = 0;
    let length: usize = 4;
    if (op > OP_SHORT && op <= 2 * OP_SHORT) {
      op -= OP_SHORT;
      length = 2;
    }
    if (op >= OP_FENCE_I) return Execute.control(ip, op);
    if (!Execute.plain(ip, op)) return Execute.trapped();
    hart.ip = ip + length * (RECORD_SIZE / 2);
    return DONE_NEXT;
  }

  private static trapped(): u32 {
    Hart.record.left++;
    return DONE_TRAP;
  }

  /** Instructions after which the next one follows in any case. False after a trap. */
  private static plain(ip: usize, op: i32): bool {
    if (op >= OP_LR_W && op <= OP_AMOMAXU_D) return Atomic.execute(ip, op);
    if (op >= OP_FADD_D && op <= OP_FCVT_S_D) return ExecuteFloat.compute(ip, op);
    const va = Record.address(ip);
    switch (op) {
      case OP_LB:
        return Execute.load<i8>(ip, va);
      case OP_LH:
        return Execute.load<i16>(ip, va);
      case OP_LW:
        return Execute.load<i32>(ip, va);
      case OP_LD:
        return Execute.load<u64>(ip, va);
      case OP_LBU:
        return Execute.load<u8>(ip, va);
      case OP_LHU:
        return Execute.load<u16>(ip, va);
      case OP_LWU:
        return Execute.load<u32>(ip, va);
      case OP_SB:
        return Mmu.store<u8>(va, <u8>Record.rs2(ip));
      case OP_SH:
        return Mmu.store<u16>(va, <u16>Record.rs2(ip));
      case OP_SW:
        return Mmu.store<u32>(va, <u32>Record.rs2(ip));
      case OP_SD:
        return Mmu.store<u64>(va, Record.rs2(ip));
      case OP_FLW:
      case OP_FLD:
      case OP_FSW:
      case OP_FSD:
        return ExecuteFloat.memory(ip, op, va);
      case OP_EBREAK:
        Trap.raise(CAUSE_BREAKPOINT, Hart.record.pc);
        return false;
      case OP_ILLEGAL:
        Trap.raise(CAUSE_ILLEGAL_INSTRUCTION, <u32>Record.imm(ip));
        return false;
      default:
        unreachable();
        return false;
    }
  }

  @inline private static load<T>(ip: usize, va: u64): bool {
    const value = Mmu.load<T>(va);
    if (Hart.record.trapPending) return false;
    Record.setRd(ip, <u64>value);
    return true;
  }

  /** Instructions after which another may follow, or the same be fetched anew. All are 4 bytes long. */
  private static control(ip: usize, op: i32): u32 {
    const hart = Hart.record;
    if (op >= OP_CSRRW && op <= OP_CSRRCI) {
      if (!System.csr(ip, op)) return Execute.trapped();
      if (!System.changesLittle(<i32>Record.imm(ip))) return Execute.follow(true, DONE_POLL);
      hart.ip = ip + 2 * RECORD_SIZE;
      return DONE_NEXT;
    }
    switch (op) {
      case OP_FENCE_I:
        return Execute.follow(true, DONE_JUMP);
      case OP_SFENCE_VMA:
        return Execute.follow(System.sfenceVma(ip), DONE_JUMP);
      case OP_ECALL:
        return Execute.follow(System.ecall(), DONE_JUMP);
      case OP_MRET:
        return System.mret() ? DONE_POLL : Execute.trapped();
      case OP_SRET:
        return System.sret() ? DONE_POLL : Execute.trapped();
      case OP_WFI:
        if (!System.mayWait()) return Execute.follow(System.illegal(), DONE_JUMP);
        hart.pc += 4;
        return System.isWoken() ? DONE_POLL : DONE_WAIT;
      default:
        unreachable();
        return 0;
    }
  }

  private static follow(done: bool, how: u32): u32 {
    if (!done) return Execute.trapped();
    Hart.record.pc += 4;
    return how;
  }
}
