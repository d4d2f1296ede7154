/** prlimit(2): the limits that the kernel holds. They are the same for all, and nobody can change them. */
import { EFAULT, EINVAL, EPERM, ESRCH } from "../../abi/errno.ts";
import {
  RLIM_INFINITY,
  RLIM_NLIMITS,
  RLIMIT_CORE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_STACK,
  rlimit,
} from "../../abi/resource.ts";
import { SYS_prlimit64 } from "../../abi/syscalls.ts";
import type { SystemCall } from "./core.ts";
import { STACK_SIZE } from "./exec/exec.ts";
import { OPEN_MAX } from "./fs/fd-table.ts";
import { MAX_TASKS } from "./task.ts";

const LIMITS: ReadonlyMap<number, number> = new Map([
  [RLIMIT_STACK, STACK_SIZE],
  [RLIMIT_NOFILE, OPEN_MAX],
  [RLIMIT_NPROC, MAX_TASKS],
  [RLIMIT_CORE, 0],
]);

const sysPrlimit64: SystemCall = (core, pid, resource, newLimit, oldLimit) => {
  // "EINVAL: The value specified in resource is not valid", getrlimit(2).
  if (resource < 0 || resource >= RLIM_NLIMITS) return -EINVAL;
  const limit = BigInt(LIMITS.get(resource) ?? -1);
  const value = limit < 0n ? RLIM_INFINITY : limit;
  if (newLimit !== 0) {
    const bytes = new Uint8Array(rlimit.size);
    if (core.copyFromUser(bytes, newLimit) !== 0) return -EFAULT;
    const { rlim_cur, rlim_max } = rlimit.read(bytes);
    if (rlim_cur > rlim_max) return -EINVAL;
    if (rlim_cur !== value || rlim_max !== value) return -EPERM;
  }
  if (pid !== 0 && core.tasks.get(pid) === undefined) return -ESRCH;
  if (oldLimit === 0) return 0;
  return core.copyToUser(oldLimit, rlimit.encode({ rlim_cur: value, rlim_max: value })) === 0 ? 0 : -EFAULT;
};

export const limitSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_prlimit64]: sysPrlimit64 };
