import { NO_RESERVATION } from "./atomic.ts";
import { CsrFile } from "./csr-file.ts";
import { Hart } from "./hart.ts";
import { PRV_M, PRV_U } from "./riscv.ts";
import { Status } from "./status.ts";

const INTERRUPT: u64 = 1 << 63;

/** What the hart does with a trap: § "Machine Trap Delegation Registers", "…Trap-Vector Base-Address Register". */
export abstract class TrapEntry {
  /** The exception in hart.trapCause and trapValue, at hart.pc. False when it is the host's to handle. */
  static exception(): bool {
    const hart = Hart.record;
    hart.reservation = NO_RESERVATION;
    if (hart.hostKernel !== 0 && hart.mode === PRV_U) return false;
    const cause: u64 = hart.trapCause;
    const delegated = (CsrFile.record.medeleg >> cause) & 1;
    TrapEntry.enter(cause, hart.trapValue, hart.mode !== PRV_M && delegated !== 0);
    hart.trapPending = 0;
    return true;
  }

  static interrupt(cause: u32): void {
    Hart.record.reservation = NO_RESERVATION;
    TrapEntry.enter(INTERRUPT | cause, 0, ((CsrFile.record.mideleg >> cause) & 1) !== 0);
  }

  private static enter(cause: u64, value: u64, toS: bool): void {
    const hart = Hart.record;
    const csrs = CsrFile.record;
    if (toS) {
      csrs.sepc = hart.pc;
      csrs.scause = cause;
      csrs.stval = value;
      hart.pc = TrapEntry.vector(csrs.stvec, cause);
      Status.enterS();
    } else {
      csrs.mepc = hart.pc;
      csrs.mcause = cause;
      csrs.mtval = value;
      hart.pc = TrapEntry.vector(csrs.mtvec, cause);
      Status.enterM();
    }
  }

  /** "Vectored: Asynchronous interrupts set pc to BASE+4×cause." */
  private static vector(tvec: u64, cause: u64): u64 {
    const base = tvec & ~3;
    return tvec & 1 && cause & INTERRUPT ? base + 4 * (cause & ~INTERRUPT) : base;
  }
}
