/** What the API throws, and what a promise of it rejects with. */
import { errnoName, strerror } from "../../abi/errno.ts";

export interface ScanoutErrorDetails {
  /** pc of the guest's instruction, where an instruction is to blame. */
  readonly pc?: number;
  /** The guest's virtual address, where an access is to blame. */
  readonly address?: number;
  readonly cause?: unknown;
}

/**
 * `code` tells the failures apart:
 *
 *   "ENOENT" …      the errno that the guest's kernel gave for what was asked of it (abi/errno.ts has the names)
 *   "ERANGE_OPTION" an option of createMachine is outside its range
 *   "EBUSY_RUN"     run() or start() while the machine runs
 *   "EDISPOSED"     the machine has been disposed of
 *   "EXIT_STATUS"   a program that had to succeed exited with another status than 0
 *   "SIGNAL"        … or was killed by a signal: `pc` and `address` say where, for a fault
 *   "EHOST"         the host cannot do it (no 2D context, no memory); `cause` says more
 */
export class ScanoutError extends Error {
  readonly code: string;
  readonly pc: number | undefined;
  readonly address: number | undefined;

  constructor(code: string, message: string, { pc, address, cause }: ScanoutErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ScanoutError";
    this.code = code;
    this.pc = pc;
    this.address = address;
  }
}

/** The error for a negative errno. `what` is the call and its object: "open /etc/passwd". */
export const errnoError = (what: string, result: number): ScanoutError =>
  new ScanoutError(errnoName(-result), `${errnoName(-result)}: ${strerror(-result)}, ${what}`);
