/** Resource limits of a process (getrlimit(2)): soft and hard, Infinity for RLIM_INFINITY. */
import {
  RLIM_NLIMITS,
  RLIMIT_AS,
  RLIMIT_CORE,
  RLIMIT_DATA,
  RLIMIT_MEMLOCK,
  RLIMIT_MSGQUEUE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_RTPRIO,
  RLIMIT_SIGPENDING,
  RLIMIT_STACK,
} from "../../abi/resource.ts";

import type { KernelLimits } from "./kernel-limits.ts";
import type { MmLimits } from "./mm/mm.ts";

export interface Limit {
  readonly soft: number;
  readonly hard: number;
}

const NONE: Limit = { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY };

/** _STK_LIM, INR_OPEN_CUR, MLOCK_LIMIT, MQ_BYTES_MAX of include/uapi/linux/resource.h and its kin. */
const STACK = 0x80_0000;
const OPEN = 1024;
const MEMLOCK = 0x80_0000;
const MSGQUEUE = 819_200;
/** What a process may have waiting in signals. */
export const SIGNALS_PENDING = 1024;

export class ResourceLimits {
  readonly #limits: Limit[];

  constructor(limits: readonly Limit[]) {
    this.#limits = [...limits];
  }

  /** Of a first process (INIT_RLIMITS). */
  static initial({ processes, openFiles }: KernelLimits): ResourceLimits {
    const limits = Array.from({ length: RLIM_NLIMITS }, () => NONE);
    const set = (resource: number, soft: number, hard = soft): void => {
      limits[resource] = { soft, hard };
    };
    set(RLIMIT_STACK, STACK, Number.POSITIVE_INFINITY);
    set(RLIMIT_CORE, 0, Number.POSITIVE_INFINITY);
    set(RLIMIT_NPROC, processes);
    set(RLIMIT_NOFILE, Math.min(OPEN, openFiles), openFiles);
    set(RLIMIT_MEMLOCK, MEMLOCK);
    set(RLIMIT_SIGPENDING, SIGNALS_PENDING);
    set(RLIMIT_MSGQUEUE, MSGQUEUE);
    set(RLIMIT_NICE, 0);
    set(RLIMIT_RTPRIO, 0);
    return new ResourceLimits(limits);
  }

  get(resource: number): Limit {
    return this.#limits[resource]!;
  }

  soft(resource: number): number {
    return this.#limits[resource]!.soft;
  }

  set(resource: number, limit: Limit): void {
    this.#limits[resource] = limit;
  }

  /** What its address space holds. */
  get memory(): MmLimits {
    return { stack: this.soft(RLIMIT_STACK), data: this.soft(RLIMIT_DATA), addressSpace: this.soft(RLIMIT_AS) };
  }

  clone(): ResourceLimits {
    return new ResourceLimits(this.#limits);
  }
}
