/** Traps from user mode (arch/riscv/kernel/traps.c, mm/fault.c): which fault is it, what becomes of the process. */
import { SEGV_ACCERR, SIGSEGV } from "../../abi/signal.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  CAUSE_FETCH_PAGE_FAULT,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_PAGE_FAULT,
} from "../../assembly/riscv.ts";
import { type FaultSignal, handleFault } from "./mm/fault.ts";
import type { Mm } from "./mm/mm.ts";

const PAGE_FAULTS = new Map([
  [CAUSE_FETCH_PAGE_FAULT, ACCESS_FETCH],
  [CAUSE_LOAD_PAGE_FAULT, ACCESS_LOAD],
  [CAUSE_STORE_PAGE_FAULT, ACCESS_STORE],
]);

/** Handles the trap of a data access or a fetch: null when it can be tried again, else the signal that it earns. */
export const handleTrap = (mm: Mm, cause: number, address: number): FaultSignal | null => {
  const access = PAGE_FAULTS.get(cause);
  // An access fault: the page table is content, but nothing answers at the physical address.
  if (access === undefined) return { signo: SIGSEGV, code: SEGV_ACCERR, address };
  return handleFault(mm, address, access);
};
