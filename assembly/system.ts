import { Csr } from "./csr.ts";
import { CsrFile } from "./csr-file.ts";
import { CSR_CYCLE, CSR_FCSR, STATUS_TSR, STATUS_TVM, STATUS_TW } from "./csr-numbers.ts";
import { Fetch } from "./fetch.ts";
import { Hart } from "./hart.ts";
import { Interrupts } from "./interrupts.ts";
import { OP_CSRRC, OP_CSRRCI, OP_CSRRS, OP_CSRRSI, OP_CSRRW, OP_CSRRWI, RECORD_RS1, RECORD_RS2 } from "./ops.ts";
import { Record } from "./record.ts";
import { CAUSE_ILLEGAL_INSTRUCTION, CAUSE_USER_ECALL, PRV_M, PRV_S, PRV_U } from "./riscv.ts";
import { Status } from "./status.ts";
import { FENCE_ADDRESS, FENCE_ASID, Tlb } from "./tlb.ts";
import { Trap } from "./trap.ts";

/** The SYSTEM instructions. hart.pc is the instruction's address. Each answers false after a trap. */
export abstract class System {
  static illegal(): bool {
    Trap.raise(CAUSE_ILLEGAL_INSTRUCTION, Fetch.bits(Hart.record.pc));
    return false;
  }

  static csr(ip: usize, op: i32): bool {
    const number = <i32>Record.imm(ip);
    const source: u64 = load<u16>(ip, RECORD_RS1);
    // csrrs and csrrc "shall not write to the CSR at all" when rs1 is x0, csrrsi and csrrci when the immediate is 0.
    const writes = op === OP_CSRRW || op === OP_CSRRWI || source !== 0;
    if (!Csr.permits(number, writes) || !Csr.exists(number)) return System.illegal();
    const operand = op >= OP_CSRRWI ? source >> 3 : Record.rs1(ip);
    const old = Csr.read(number);
    if (writes) {
      if (op === OP_CSRRS || op === OP_CSRRSI) Csr.write(number, old | operand);
      else if (op === OP_CSRRC || op === OP_CSRRCI) Csr.write(number, old & ~operand);
      else Csr.write(number, operand);
    }
    Record.setRd(ip, old);
    return true;
  }

  /** Registers of user mode and counters: no interrupt and no translation depends on them. */
  @inline static changesLittle(number: i32): bool {
    return number <= CSR_FCSR || number >= CSR_CYCLE;
  }

  static ecall(): bool {
    Trap.raise(CAUSE_USER_ECALL + Hart.record.mode, 0);
    return false;
  }

  static mret(): bool {
    const hart = Hart.record;
    if (hart.mode !== PRV_M) return System.illegal();
    hart.pc = CsrFile.record.mepc;
    Status.leaveM();
    return true;
  }

  static sret(): bool {
    const hart = Hart.record;
    if (hart.mode === PRV_U || (hart.mode === PRV_S && Status.has(STATUS_TSR))) return System.illegal();
    hart.pc = CsrFile.record.sepc;
    Status.leaveS();
    return true;
  }

  /** Whether the hart may wait: in U, and in S with TW, it would wait too long. */
  static mayWait(): bool {
    const mode = Hart.record.mode;
    return mode === PRV_M || (mode === PRV_S && !Status.has(STATUS_TW));
  }

  /** "WFI … even if the interrupts are disabled globally": it resumes for what mie has. */
  @inline static isWoken(): bool {
    return (Interrupts.pending() & CsrFile.record.mie) !== 0;
  }

  static sfenceVma(ip: usize): bool {
    const mode = Hart.record.mode;
    if (mode === PRV_U || (mode === PRV_S && Status.has(STATUS_TVM))) return System.illegal();
    let flags: u32 = 0;
    if (load<u16>(ip, RECORD_RS1) !== 0) flags |= FENCE_ADDRESS;
    if (load<u16>(ip, RECORD_RS2) !== 0) flags |= FENCE_ASID;
    Tlb.fence(Record.rs1(ip), <u32>Record.rs2(ip), flags);
    return true;
  }
}
