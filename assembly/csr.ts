import { Clock } from "./clock.ts";
import { CsrFile } from "./csr-file.ts";
import {
  CSR_CYCLE,
  CSR_FCSR,
  CSR_FFLAGS,
  CSR_FRM,
  CSR_INSTRET,
  CSR_MARCHID,
  CSR_MCAUSE,
  CSR_MCONFIGPTR,
  CSR_MCOUNTEREN,
  CSR_MCOUNTINHIBIT,
  CSR_MCYCLE,
  CSR_MEDELEG,
  CSR_MENVCFG,
  CSR_MEPC,
  CSR_MHARTID,
  CSR_MHPMCOUNTER3,
  CSR_MHPMEVENT3,
  CSR_MIDELEG,
  CSR_MIE,
  CSR_MIMPID,
  CSR_MINSTRET,
  CSR_MIP,
  CSR_MISA,
  CSR_MSCRATCH,
  CSR_MSTATUS,
  CSR_MTVAL,
  CSR_MTVEC,
  CSR_MVENDORID,
  CSR_PMP_END,
  CSR_PMPADDR0,
  CSR_PMPCFG0,
  CSR_SATP,
  CSR_SCAUSE,
  CSR_SCOUNTEREN,
  CSR_SENVCFG,
  CSR_SEPC,
  CSR_SIE,
  CSR_SIP,
  CSR_SSCRATCH,
  CSR_SSTATUS,
  CSR_STIMECMP,
  CSR_STVAL,
  CSR_STVEC,
  CSR_TIME,
  IRQ_MEI,
  IRQ_MSI,
  IRQ_MTI,
  IRQ_SEI,
  IRQ_SSI,
  IRQ_STI,
  STATUS_TVM,
} from "./csr-numbers.ts";
import { Hart } from "./hart.ts";
import { Interrupts } from "./interrupts.ts";
import { PRV_M, PRV_S, PRV_U, SATP_MODE_BARE, SATP_MODE_SV39 } from "./riscv.ts";
import { Status } from "./status.ts";
import { Tlb } from "./tlb.ts";

/** RV64 with A, C, D, F, I, M, S and U; writes change nothing. */
const MISA: u64 = (2 << 62) | 0x14_112d;
const MEDELEG: u64 = 0xb3ff;
const SUPERVISOR_IRQS: u64 = IRQ_SSI | IRQ_STI | IRQ_SEI;
const ALL_IRQS: u64 = SUPERVISOR_IRQS | IRQ_MSI | IRQ_MTI | IRQ_MEI;
const COUNTERS: u64 = 7;
const COUNTER_TM: u64 = 2;
/** FIOM, and STCE in menvcfg: the others are of extensions that are not there. */
const SENVCFG: u64 = 1;
const MENVCFG: u64 = (1 << 63) | 1;
/** The interrupt bit and the codes that there are. */
const CAUSE: u64 = (1 << 63) | 0x3f;
const FS_DIRTY: u32 = 3;

/**
 * The control and status registers. Every field is WARL: what is not legal is made legal or left as it was. There are
 * no physical-memory protection entries (all read as zero), no counters but cycle, time and instret, and nothing
 * inhibits those.
 */
export abstract class Csr {
  /** Whether the hart's mode may use the register, for reading or for writing; and not whether it exists. */
  static permits(number: i32, write: bool): bool {
    const hart = Hart.record;
    if (hart.mode < <u32>((number >> 8) & 3) || (write && number >> 10 === 3)) return false;
    const csrs = CsrFile.record;
    if (number >= CSR_CYCLE && number <= CSR_INSTRET) return Csr.counts((<u64>1) << (number - CSR_CYCLE));
    if (number >= CSR_FFLAGS && number <= CSR_FCSR) return hart.fs !== 0;
    if (number === CSR_SATP) return !(hart.mode === PRV_S && Status.has(STATUS_TVM));
    if (number === CSR_STIMECMP) {
      return hart.mode === PRV_M || (Interrupts.hasSstc && (csrs.mcounteren & COUNTER_TM) !== 0);
    }
    return true;
  }

  private static counts(bit: u64): bool {
    const csrs = CsrFile.record;
    const mode = Hart.record.mode;
    if (mode === PRV_M) return true;
    return (csrs.mcounteren & bit) !== 0 && (mode !== PRV_U || (csrs.scounteren & bit) !== 0);
  }

  /** The number of the registers that are there and are always zero, or one that is not there. */
  private static isZero(number: i32): bool {
    if (number >= CSR_PMPCFG0 && number < CSR_PMPADDR0) return (number & 1) === 0;
    if (number >= CSR_PMPADDR0 && number < CSR_PMP_END) return true;
    if (number >= CSR_MHPMEVENT3 && number < CSR_MHPMEVENT3 + 29) return true;
    if (number >= CSR_MHPMCOUNTER3 && number < CSR_MHPMCOUNTER3 + 29) return true;
    return number === CSR_MCOUNTINHIBIT || (number >= CSR_MVENDORID && number <= CSR_MCONFIGPTR);
  }

  static exists(number: i32): bool {
    switch (number) {
      case CSR_MISA:
      case CSR_CYCLE:
      case CSR_TIME:
      case CSR_INSTRET:
        return true;
      default:
        return Csr.isZero(number) || Csr.field(number) !== 0 || Csr.isSpecial(number);
    }
  }

  /** Registers that are more than a word of the file. */
  private static isSpecial(number: i32): bool {
    switch (number) {
      case CSR_FFLAGS:
      case CSR_FRM:
      case CSR_FCSR:
      case CSR_SSTATUS:
      case CSR_SIE:
      case CSR_SIP:
      case CSR_SATP:
      case CSR_MSTATUS:
      case CSR_MIP:
      case CSR_MCYCLE:
      case CSR_MINSTRET:
        return true;
      default:
        return false;
    }
  }

  /** Where the word of a register that is just a word lies, 0: nowhere. */
  private static field(number: i32): usize {
    const file = changetype<usize>(CsrFile.record);
    switch (number) {
      case CSR_STVEC:
        return file + offsetof<CsrFile>("stvec");
      case CSR_SCOUNTEREN:
        return file + offsetof<CsrFile>("scounteren");
      case CSR_SENVCFG:
        return file + offsetof<CsrFile>("senvcfg");
      case CSR_SSCRATCH:
        return file + offsetof<CsrFile>("sscratch");
      case CSR_SEPC:
        return file + offsetof<CsrFile>("sepc");
      case CSR_SCAUSE:
        return file + offsetof<CsrFile>("scause");
      case CSR_STVAL:
        return file + offsetof<CsrFile>("stval");
      case CSR_STIMECMP:
        return file + offsetof<CsrFile>("stimecmp");
      case CSR_MEDELEG:
        return file + offsetof<CsrFile>("medeleg");
      case CSR_MIDELEG:
        return file + offsetof<CsrFile>("mideleg");
      case CSR_MIE:
        return file + offsetof<CsrFile>("mie");
      case CSR_MTVEC:
        return file + offsetof<CsrFile>("mtvec");
      case CSR_MCOUNTEREN:
        return file + offsetof<CsrFile>("mcounteren");
      case CSR_MENVCFG:
        return file + offsetof<CsrFile>("menvcfg");
      case CSR_MSCRATCH:
        return file + offsetof<CsrFile>("mscratch");
      case CSR_MEPC:
        return file + offsetof<CsrFile>("mepc");
      case CSR_MCAUSE:
        return file + offsetof<CsrFile>("mcause");
      case CSR_MTVAL:
        return file + offsetof<CsrFile>("mtval");
      default:
        return 0;
    }
  }

  /** The value of a register that exists. */
  static read(number: i32): u64 {
    const hart = Hart.record;
    const csrs = CsrFile.record;
    switch (number) {
      case CSR_FFLAGS:
        return hart.fflags;
      case CSR_FRM:
        return hart.frm;
      case CSR_FCSR:
        return (hart.frm << 5) | hart.fflags;
      case CSR_SSTATUS:
        return Status.sstatus;
      case CSR_SIE:
        return csrs.mie & csrs.mideleg;
      case CSR_SIP:
        return Interrupts.pending() & csrs.mideleg;
      case CSR_SATP:
        return hart.satp;
      case CSR_MSTATUS:
        return Status.mstatus;
      case CSR_MISA:
        return MISA;
      case CSR_MIP:
        return Interrupts.pending();
      case CSR_CYCLE:
      case CSR_MCYCLE:
        return hart.instret + csrs.cycleOffset;
      case CSR_TIME:
        return Clock.now();
      case CSR_INSTRET:
      case CSR_MINSTRET:
        return hart.instret + csrs.instretOffset;
      default: {
        const field = Csr.field(number);
        return field === 0 ? 0 : load<u64>(field);
      }
    }
  }

  /** Writes a register that exists and is not read-only. */
  static write(number: i32, value: u64): void {
    const hart = Hart.record;
    const csrs = CsrFile.record;
    switch (number) {
      case CSR_FFLAGS:
        hart.fflags = <u32>value & 31;
        hart.fs = FS_DIRTY;
        return;
      case CSR_FRM:
        hart.frm = <u32>value & 7;
        hart.fs = FS_DIRTY;
        return;
      case CSR_FCSR:
        hart.fflags = <u32>value & 31;
        hart.frm = (<u32>value >>> 5) & 7;
        hart.fs = FS_DIRTY;
        return;
      case CSR_SSTATUS:
        Status.sstatus = value;
        return;
      case CSR_MSTATUS:
        Status.mstatus = value;
        return;
      case CSR_SIE:
        csrs.mie = (csrs.mie & ~csrs.mideleg) | (value & csrs.mideleg);
        return;
      case CSR_SIP: {
        // "SSIP is writable in sip"; STIP and SEIP "are read-only".
        const mask = csrs.mideleg & IRQ_SSI;
        csrs.mip = (csrs.mip & ~mask) | (value & mask);
        return;
      }
      case CSR_MIP: {
        const mask = Interrupts.hasSstc ? SUPERVISOR_IRQS & ~(<u64>IRQ_STI) : SUPERVISOR_IRQS;
        csrs.mip = (csrs.mip & ~mask) | (value & mask);
        return;
      }
      case CSR_SATP:
        Csr.writeSatp(value);
        return;
      // "the write will take precedence": the register reads as written in the instruction that follows.
      case CSR_MCYCLE:
        csrs.cycleOffset = value - (hart.instret + 1);
        return;
      case CSR_MINSTRET:
        csrs.instretOffset = value - (hart.instret + 1);
        return;
      default: {
        const field = Csr.field(number);
        if (field !== 0) store<u64>(field, value & Csr.writable(number));
      }
    }
  }

  static writeSatp(value: u64): void {
    const mode = value >> 60;
    // "if satp is written with an unsupported MODE, the entire write has no effect"
    if (mode !== SATP_MODE_BARE && mode !== SATP_MODE_SV39) return;
    Hart.record.satp = value;
    Tlb.enter();
  }

  /** The bits of a plain register that can be set. */
  private static writable(number: i32): u64 {
    switch (number) {
      case CSR_STVEC:
      case CSR_MTVEC:
        // Direct and vectored; 2 and 3 are reserved.
        return ~(<u64>2);
      case CSR_SCOUNTEREN:
      case CSR_MCOUNTEREN:
        return COUNTERS;
      case CSR_SENVCFG:
        return SENVCFG;
      case CSR_MENVCFG:
        return MENVCFG;
      case CSR_SEPC:
      case CSR_MEPC:
        // "the low bit … is always zero"
        return ~(<u64>1);
      case CSR_SCAUSE:
      case CSR_MCAUSE:
        return CAUSE;
      case CSR_MEDELEG:
        return MEDELEG;
      case CSR_MIDELEG:
        return SUPERVISOR_IRQS;
      case CSR_MIE:
        return ALL_IRQS;
      default:
        return u64.MAX_VALUE;
    }
  }
}

if (CSR_MHARTID !== CSR_MVENDORID + 3 || CSR_MARCHID !== CSR_MVENDORID + 1 || CSR_MIMPID !== CSR_MVENDORID + 2) {
  ERROR("the machine information registers are not in a row");
}
