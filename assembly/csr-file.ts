import { HART_CSRS } from "./hart-layout.ts";
import { HART } from "./layout.ts";

// The CSRs behind HART + HART_CSRS, 8 bytes each, in the order of the fields. fcsr, FS and satp are in the hart record.
@unmanaged
export class CsrFile {
  /** mstatus without FS and SD, which are hart.fs, and without the constant UXL and SXL. */
  mstatus: u64;
  medeleg: u64;
  mideleg: u64;
  mie: u64;
  /** The bits that are written, by software or by a device; Interrupts.pending adds the timers'. */
  mip: u64;
  mtvec: u64;
  mscratch: u64;
  mepc: u64;
  mcause: u64;
  mtval: u64;
  mcounteren: u64;
  menvcfg: u64;
  stvec: u64;
  sscratch: u64;
  sepc: u64;
  scause: u64;
  stval: u64;
  scounteren: u64;
  senvcfg: u64;
  /** Sstc. */
  stimecmp: u64;
  /** The CLINT's register: all ones after reset. */
  mtimecmp: u64;
  /** What a write of mcycle and minstret added to the count of instructions. */
  cycleOffset: u64;
  instretOffset: u64;
  /** time is timeBase + (instret - timeMark) / instructionsPerTick; 0 instructions: timeBase alone. */
  timeBase: u64;
  timeMark: u64;
  instructionsPerTick: u64;

  @inline static get record(): CsrFile {
    return changetype<CsrFile>(HART + HART_CSRS);
  }
}

if (HART_CSRS + offsetof<CsrFile>() > 0x1000) ERROR("CsrFile");
