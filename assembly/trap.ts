import { Hart } from "./hart.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE_FAULT,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
} from "./riscv.ts";

/** Exceptions of the memory system. What the guest did wrong is data: the cause and the address, for who handles it. */
export abstract class Trap {
  static raise(cause: u32, value: u64): void {
    const hart = Hart.record;
    hart.trapPending = 1;
    hart.trapCause = cause;
    hart.trapValue = value;
  }

  /** "a page-fault exception corresponding to the original access type" */
  static pageFault(va: u64, access: i32): void {
    if (access === ACCESS_LOAD) Trap.raise(CAUSE_LOAD_PAGE_FAULT, va);
    else if (access === ACCESS_FETCH) Trap.raise(CAUSE_FETCH_PAGE_FAULT, va);
    else Trap.raise(CAUSE_STORE_PAGE_FAULT, va);
  }

  /** "an access-fault exception corresponding to the original access type" */
  static accessFault(va: u64, access: i32): void {
    if (access === ACCESS_LOAD) Trap.raise(CAUSE_LOAD_ACCESS, va);
    else if (access === ACCESS_FETCH) Trap.raise(CAUSE_FETCH_ACCESS, va);
    else Trap.raise(CAUSE_STORE_ACCESS, va);
  }
}
