import {
  HART_BANK,
  HART_BANK_RECORD_SIZE,
  HART_BANKS,
  HART_COUNTERS,
  HART_FFLAGS,
  HART_FRM,
  HART_FS,
  HART_HOST_KERNEL,
  HART_INSTRET,
  HART_MODE,
  HART_MXR,
  HART_PC,
  HART_PRIVILEGE,
  HART_RAM_SIZE,
  HART_RESERVATION,
  HART_SATP,
  HART_SUM,
  HART_TRAP_CAUSE,
  HART_TRAP_PENDING,
  HART_TRAP_VALUE,
  HART_VRAM_SIZE,
} from "./hart-layout.ts";
import { HART } from "./layout.ts";
import { PRV_M, SATP_MODE_SV39 } from "./riscv.ts";

// The hart record: the state of the one hardware thread, in linear memory, so that a snapshot is a slice of bytes and
// the code of a TLB hit finds every word at a constant address.
//
//   HART      ┌───────────────────────────────┬───────────────┬───────────────┐
//    +0x000   │ satp                          │ bank          │ privilege     │
//             ├───────────────┬───────────────┼───────────────┼───────────────┤
//    +0x010   │ sum           │ mxr           │ trapPending   │ trapCause     │
//             ├───────────────┴───────────────┼───────────────┼───────────────┤
//    +0x020   │ trapValue                     │ ramSize       │ vramSize      │
//             ├───────────────────────────────┼───────────────┼───────────────┤
//    +0x030   │ leaf                          │ leafHost      │ leafLevel     │  the walk's result, until the access
//             ├───────────────┬───────────────┼───────────────┴───────────────┤  is known to happen
//    +0x040   │ videoEntries  │ clock         │ mode          │ fetchBank     │
//             ├───────────────┴───────────────┼───────────────┴───────────────┤
//    +0x050   │ pc                            │ instret                       │
//             ├───────────────────────────────┼───────────────────────────────┤
//    +0x060   │ reservation                   │ reservationValue              │
//             ├───────────────┬───────────────┼───────────────┬───────────────┤
//    +0x070   │ frm           │ fs            │ fflags        │ hostKernel    │
//             ├───────────────┼───────────────┼───────────────┴───────────────┤
//    +0x080   │ ip            │ left          │ bias                          │  the interpreter between two entries
//             ├───────────────┴───────────────┼───────────────┬───────────────┤  of its loop (interpreter.ts)
//    +0x090   │ fetchPage                     │ fetchRecords  │ nextSlot      │
//             ├───────────────────────────────┼───────────────┴───────────────┤
//    +0x0a0   │ deadline                      │ free                          │
//             ├───────────────────────────────┴───────────────────────────────┤
//    +0x100   │ counters, u64 each (hart-layout.ts)                           │
//             ├───────────────────────────────────────────────────────────────┤
//    +0x200   │ TLB_CONTEXTS × TlbContext, 32 bytes each (tlb.ts)             │
//             ├───────────────────────────────────────────────────────────────┤
//    +0x400   │ x registers, the sink, f registers (hart-layout.ts)           │
//             ├───────────────────────────────────────────────────────────────┤
//    +0x800   │ CSRs (csr-file.ts)                                            │
//             └───────────────────────────────────────────────────────────────┘
//   4 bytes a column.
@unmanaged
export class Hart {
  /** The CSR as written: MODE 63..60, ASID 59..44, PPN 43..0. */
  satp: u64;
  /** Linear-memory address of the TLB bank of the current translation context. */
  bank: usize;
  /** PRV_U, PRV_S or PRV_M: the effective privilege of loads and stores. */
  privilege: u32;
  /** sstatus.SUM and sstatus.MXR: 0 or 1. */
  sum: u32;
  mxr: u32;
  /** 1 after a trap, until whoever takes it clears it. */
  trapPending: u32;
  trapCause: u32;
  trapValue: u64;
  /** Bytes. */
  ramSize: u32;
  vramSize: u32;
  /** The leaf PTE of the last walk with the A and D bits the access needs; where it lies (0: no leaf); its level. */
  leaf: u64;
  leafHost: usize;
  leafLevel: i32;
  /** Store entries that point into video memory: how many are in DAMAGE_LIST, or more than fit. */
  videoEntries: u32;
  /** Counts changes of context: the TLB's notion of "least recently used". */
  clock: u32;
  /** The mode the hart runs in, and the TLB bank of its fetches. */
  mode: u32;
  fetchBank: usize;
  pc: u64;
  instret: u64;
  /** Host address and loaded value of the last LR; NO_RESERVATION when it has ended. */
  reservation: u64;
  reservationValue: u64;
  frm: u32;
  /** mstatus.FS. */
  fs: u32;
  fflags: u32;
  hostKernel: u32;
  /** The record to be executed next; instructions left of the budget; pc - (ip >> 3). */
  ip: usize;
  left: i32;
  bias: u64;
  /** The page at hand: its virtual address and its records. */
  fetchPage: u64;
  fetchRecords: usize;
  /** The slot of the code pool that the next new page takes. */
  nextSlot: u32;
  /** What instret will be when `left` is 0. */
  deadline: u64;

  @inline static get record(): Hart {
    return changetype<Hart>(HART);
  }

  /** Sv39 is in force: § "Supervisor Address Translation and Protection (satp) Register". */
  @inline get translates(): bool {
    return this.satp >> 60 === SATP_MODE_SV39 && this.privilege !== PRV_M;
  }

  @inline static count(counter: i32, amount: u64): void {
    const address: usize = HART + HART_COUNTERS + (counter << 3);
    store<u64>(address, load<u64>(address) + amount);
  }
}

/** What a TLB bank holds: the translations of one context, so that a switch between contexts flushes nothing. */
@unmanaged
export class TlbContext {
  /** The whole register, address-space identifier included; 0 where nothing is translated. */
  satp: u64;
  /** First and last address of the superpages that have entries in the bank; first > last: none. */
  superFirst: u64;
  superLast: u64;
  /** CONTEXT_USED, and what else decides about permissions: privilege, SUM, MXR. 0: the bank is free. */
  status: u32;
  /** Hart.clock when the context was last entered. */
  used: u32;

  @inline static at(index: i32): TlbContext {
    return changetype<TlbContext>(HART + HART_BANKS + index * HART_BANK_RECORD_SIZE);
  }
}

if (offsetof<Hart>("satp") !== HART_SATP) ERROR("Hart.satp");
if (offsetof<Hart>("bank") !== HART_BANK) ERROR("Hart.bank");
if (offsetof<Hart>("privilege") !== HART_PRIVILEGE) ERROR("Hart.privilege");
if (offsetof<Hart>("sum") !== HART_SUM) ERROR("Hart.sum");
if (offsetof<Hart>("mxr") !== HART_MXR) ERROR("Hart.mxr");
if (offsetof<Hart>("trapPending") !== HART_TRAP_PENDING) ERROR("Hart.trapPending");
if (offsetof<Hart>("trapCause") !== HART_TRAP_CAUSE) ERROR("Hart.trapCause");
if (offsetof<Hart>("trapValue") !== HART_TRAP_VALUE) ERROR("Hart.trapValue");
if (offsetof<Hart>("ramSize") !== HART_RAM_SIZE) ERROR("Hart.ramSize");
if (offsetof<Hart>("vramSize") !== HART_VRAM_SIZE) ERROR("Hart.vramSize");
if (offsetof<Hart>("mode") !== HART_MODE) ERROR("Hart.mode");
if (offsetof<Hart>("pc") !== HART_PC) ERROR("Hart.pc");
if (offsetof<Hart>("instret") !== HART_INSTRET) ERROR("Hart.instret");
if (offsetof<Hart>("reservation") !== HART_RESERVATION) ERROR("Hart.reservation");
if (offsetof<Hart>("frm") !== HART_FRM) ERROR("Hart.frm");
if (offsetof<Hart>("fflags") !== HART_FFLAGS) ERROR("Hart.fflags");
if (offsetof<Hart>("fs") !== HART_FS) ERROR("Hart.fs");
if (offsetof<Hart>("hostKernel") !== HART_HOST_KERNEL) ERROR("Hart.hostKernel");
if (offsetof<Hart>() > <usize>HART_COUNTERS) ERROR("Hart runs into the counters");
if (offsetof<TlbContext>() > <usize>HART_BANK_RECORD_SIZE) ERROR("TlbContext is longer than its record");
