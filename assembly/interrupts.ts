import { Clock } from "./clock.ts";
import { CsrFile } from "./csr-file.ts";
import { IRQ_MTI, IRQ_STI, STATUS_MIE, STATUS_SIE } from "./csr-numbers.ts";
import { Hart } from "./hart.ts";
import { PRV_M, PRV_S, PRV_U } from "./riscv.ts";

const MENVCFG_STCE: u64 = 1 << 63;
/** "MEI, MSI, MTI, SEI, SSI, STI": each byte a cause, the first one in the lowest byte. */
const PRIORITIES: u64 = 0x05_01_09_07_03_0b;

/** § "Machine Interrupt (mip and mie) Registers". */
export abstract class Interrupts {
  @inline static get hasSstc(): bool {
    return (CsrFile.record.menvcfg & MENVCFG_STCE) !== 0;
  }

  /** mip: what is written and what the timers say. */
  static pending(): u64 {
    const csrs = CsrFile.record;
    const now = Clock.now();
    let mip = csrs.mip & ~(<u64>IRQ_MTI);
    if (now >= csrs.mtimecmp) mip |= IRQ_MTI;
    if (Interrupts.hasSstc) {
      mip &= ~(<u64>IRQ_STI);
      if (now >= csrs.stimecmp) mip |= IRQ_STI;
    }
    return mip;
  }

  /** The cause of the interrupt to take now, or -1. */
  static next(): i32 {
    const csrs = CsrFile.record;
    const mode = Hart.record.mode;
    const enabled = Interrupts.pending() & csrs.mie;
    if (enabled === 0) return -1;
    let taken: u64 = 0;
    if (mode !== PRV_M || csrs.mstatus & STATUS_MIE) taken = enabled & ~csrs.mideleg;
    if (taken === 0 && (mode === PRV_U || (mode === PRV_S && csrs.mstatus & STATUS_SIE)))
      taken = enabled & csrs.mideleg;
    if (taken === 0) return -1;
    for (let order = PRIORITIES; order !== 0; order >>= 8) {
      if (taken & ((<u64>1) << (order & 63))) return <i32>(order & 63);
    }
    return -1;
  }

  /** The time at which a timer that is enabled in mie becomes pending; all ones: none will. */
  static alarm(): u64 {
    const csrs = CsrFile.record;
    const now = Clock.now();
    let alarm = u64.MAX_VALUE;
    if (csrs.mie & IRQ_MTI && csrs.mtimecmp > now) alarm = csrs.mtimecmp;
    if (csrs.mie & IRQ_STI && Interrupts.hasSstc && csrs.stimecmp > now) alarm = min(alarm, csrs.stimecmp);
    return alarm;
  }
}
