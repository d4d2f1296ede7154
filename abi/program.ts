/**
 * What a TypeScript program has in place of a processor: its own address space, reached through the MMU as user mode
 * reaches it, and one instruction to enter the kernel. Types only. guests/libc.ts builds a C library on it.
 *
 * An access that the program may not make does what it does on Linux: the kernel handles the fault, or a signal comes.
 * A signal without a handler ends the program (the access never returns).
 */
export interface User {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;

  /**
   * The ecall: a system call by number (abi/syscalls.ts). A result in -4095 … -1 is a negative errno. A call that
   * sleeps gives a promise; one that does not gives the number itself.
   */
  syscall(nr: number, ...args: number[]): number | Promise<number>;

  /** Loads and stores of 1, 2, 4, 8 bytes at any alignment, little-endian, unsigned. */
  load8(va: number): number;
  load16(va: number): number;
  load32(va: number): number;
  load64(va: number): bigint;
  store8(va: number, value: number): void;
  store16(va: number, value: number): void;
  store32(va: number, value: number): void;
  store64(va: number, value: bigint): void;

  /** What a memcpy loop of loads, or of stores, does: a fault in the middle leaves the part before it done. */
  read(va: number, length: number): Uint8Array;
  write(va: number, bytes: Uint8Array): void;
  fill(va: number, byte: number, length: number): void;
  /** memcpy between two ranges of the program's own memory. */
  copy(to: number, from: number, length: number): void;

  /**
   * Pins the pages of [va, va + length) and gives views on them (Linux: pin_user_pages with FOLL_WRITE). A negative
   * errno when a page is not there or may not be written. Writable video memory counts as damaged in every frame until
   * the pin ends; munmap of any part ends it.
   */
  pin(va: number, length: number, writable?: boolean): Pin | number;

  /** clone(2) with SIGCHLD: the child runs `child` in a copy of this address space. The child's pid, or -errno. */
  fork(child: Program): number;

  /** Who is called for a signal whose handler (a number the C library chose) is not SIG_DFL or SIG_IGN. */
  onSignal(deliver: (handler: number, info: SignalInfo) => void): void;
}

/** siginfo_t, as far as a handler sees it. */
export interface SignalInfo {
  readonly signo: number;
  readonly code: number;
  /** si_addr of a fault, else 0. */
  readonly address: number;
  /** si_pid: who sent it, or which child it is about. */
  readonly pid?: number;
  /** si_uid. */
  readonly uid?: number;
  /** si_value of sigqueue(3) and of timers. */
  readonly value?: number;
  /** si_status of SIGCHLD: the exit status, or the signal that ended the child. */
  readonly status?: number;
}

/** Pinned pages. Every getter throws a PinEnded error after unpin(), munmap or exit. */
export interface Pin {
  /** One view for each physically contiguous run, in the order of addresses. */
  readonly runs: readonly Uint8Array[];
  /** The whole range as one view; throws when the pages are not contiguous. */
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  unpin(): void;
}

/** A program: its value, or 0 for none, is the exit status. */
export type Program = (user: User) => Promise<number | void> | number | void;
