/**
 * The kernel of one machine: the one object behind Core (what its rooms see of each other) and behind the driver's
 * Kernel (the exported symbols). It holds the parts together and decides nothing itself.
 */
import { EFAULT } from "../../abi/errno.ts";
import type { Program, SignalInfo } from "../../abi/program.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE_FAULT,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE_FAULT,
  PRV_U,
} from "../../assembly/riscv.ts";
