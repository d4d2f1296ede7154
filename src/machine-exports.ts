/**
 * The machine's raw exports: hot calls that take and return numbers only. An address is a JavaScript number, the
 * sign-extended value of the 64-bit address (so a kernel-half address is negative); every canonical Sv39 address is
 * exact. A host address is an offset into the wasm instance's linear memory.
 *
 * What the guest does wrong is data: a load that traps returns -1, a store 1, a translation 0, and the reason is in
 * trapCause() and trapValue() (mcause and mtval of the privileged specification) until the next trap.
 */
export interface MachineExports {
  /** Empties TLBs, damage and registers. Sizes in bytes, as the memory map allows them. Called once, after memory.grow. */
  reset(ramSize: number, vramSize: number): void;

  /** Writes satp as its two halves; a MODE that is neither Bare nor Sv39 leaves it unchanged (WARL). */
  setSatp(lo: number, hi: number): void;
  /** PRV_U, PRV_S or PRV_M. */
  setPrivilege(prv: number): void;
  /** sstatus.SUM and sstatus.MXR as 0 or 1. */
  setStatus(sum: number, mxr: number): void;

  /** Unsigned value, or -1 after a trap. Any alignment, across a page border too. */
  load8(va: number): number;
  load16(va: number): number;
  load32(va: number): number;
  /** The value as wasm gives an i64, a signed BigInt; 0n after a trap, which trapPending() tells from a loaded zero. */
  load64(va: number): bigint;
  /** 0, or 1 after a trap; a trap leaves nothing written, not even on the first of two pages. */
  store8(va: number, value: number): number;
  store16(va: number, value: number): number;
  store32(va: number, value: number): number;
  store64(va: number, lo: number, hi: number): number;

  /**
   * The host address of one byte for an access of kind ACCESS_LOAD, ACCESS_STORE or ACCESS_FETCH, valid to the end of
   * its page; 0 after a trap, and for a register page (a device has no host address: cause is an access fault).
   * A store translation sets D and marks damage as a store would.
   */
  translate(va: number, access: number): number;

  /** 1 when the last load64 trapped. */
  trapPending(): number;
  /** The cause of the last trap: CAUSE_…. */
  trapCause(): number;
  /** The faulting virtual address of the last trap, as a signed number. */
  trapValue(): number;

  /**
   * Bytes copied before a trap, page by page: `length` when there was none. The host's end lies in STAGING, video
   * memory or RAM, all of it: anything else is the caller's mistake, a WebAssembly.RuntimeError, and nothing is copied.
   */
  copyToUser(va: number, host: number, length: number): number;
  copyFromUser(host: number, va: number, length: number): number;
  copyUserToUser(to: number, from: number, length: number): number;
  fillUser(va: number, byte: number, length: number): number;

  /** sfence.vma: flags bit 0 = only this address, bit 1 = only this address-space identifier. */
  sfenceVma(va: number, asid: number, flags: number): void;

  /**
   * Runs the hart until `budget` instructions (1 to 2^30) are retired, or a few more (a straight line is finished), or
   * something ends it earlier: a RUN_… of assembly/run-reasons.ts. pc and the count of retired instructions are then
   * in the hart record (HART_PC, HART_INSTRET), and the registers behind HART_X and HART_F; the host may write them. A
   * call of a fraction of a second at a time lets the engine compile the loop.
   */
  run(budget: number): number;
  /** As run, but never an instruction more than `budget` (0 to 2^30). The last few thousand of them run slowly. */
  runExactly(budget: number): number;
  /**
   * 1: traps of user mode end run() with RUN_ECALL or RUN_TRAP, for a kernel that lives in the host; the hart is then in
   * user mode, with its floating point on and cycle, time and instret readable. 0: the hart handles its traps itself.
   */
  setHostKernel(on: number): void;
  /** A CSR as M mode reads and writes it: numbers of assembly/csr-numbers.ts. What does not exist is zero. */
  readCsr(number: number): bigint;
  writeCsr(number: number, lo: number, hi: number): void;
  /**
   * The time CSR is `ticks` now, and one more after every `instructionsPerTick` retired instructions; with 0 it stands
   * still until the next call (wall time). After reset(): 0 and 10.
   */
  setTime(ticks: number, instructionsPerTick: number): void;
  time(): number;
  /** Ticks until a timer interrupt that mie enables becomes pending; Infinity: none will. For a hart that waits. */
  timerDelay(): number;
  /** The CLINT's mtimecmp. */
  setTimer(ticks: number): void;
  /** Sets (level 1) or clears bits of mip that a device drives: IRQ_MSI, IRQ_MEI, IRQ_SEI. */
  setInterrupt(mask: number, level: number): void;
  /**
   * After the host wrote guest memory on its own (a view, a pinned page): code predecoded from it is forgotten. Copies
   * by the calls above do so themselves.
   */
  invalidateCode(pa: number, length: number): void;

  /** Collects and clears the damage bits, drops the store entries that point into video memory; the number of pages. */
  takeDamage(): number;
  /** Marks a byte range of video memory as damaged (a store that did not go through the MMU). */
  markDamage(offset: number, length: number): void;

  /**
   * Turns video memory into RGBA in PICTURE: `format` as in assembly/scanout-format.ts, `stride` in bytes, `start` the
   * byte offset of pixel (0,0). Converts the rows touched by the pages of the last takeDamage(), or all when `all`
   * is 1. Returns the number of rows converted.
   */
  scanout(format: number, width: number, height: number, stride: number, start: number, all: number): number;
  /** First and one-past-last row of the last scanout (0 and 0 when there was none). */
  scanoutTop(): number;
  scanoutBottom(): number;
}

/** What the machine calls: register devices live in the host. */
export interface MachineImports {
  bus: {
    /** The low 32 bits of what a device answers, or -1: nobody answers there at this width (access fault). */
    read(pa: number, width: number): number;
    /** The upper 32 bits of the last read of width 8. */
    high(): number;
    /** 1, or 0: nobody takes it (access fault). */
    write(pa: number, width: number, lo: number, hi: number): number;
  };
}
